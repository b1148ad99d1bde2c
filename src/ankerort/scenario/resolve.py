"""Resolution: what a scenario names is looked up, contradictions are found, all problems are told together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ankerort.base.problems import Problem, Problems
from ankerort.scenario import resolve_facility, resolve_population, resolve_rules, resolve_streets, resolve_timetable
from ankerort.scenario.change import Change
from ankerort.scenario.changes import (
    AddLine,
    AddService,
    AddStop,
    AddStreet,
    AddTrip,
    AddVisit,
    ChangeHours,
    ChangeQuality,
    ChangeRate,
    ChangeStandard,
    CloseFacility,
    MoveFacility,
    OpenFacility,
    RemoveLine,
    RemoveStop,
    RemoveTrip,
    ResizeFacility,
    UsePopulation,
)
from ankerort.scenario.edits import Edit
from ankerort.scenario.lookup import Draft
from ankerort.scenario.scenario import Origin, Scenario
from ankerort.scenario.world import Touched, World

# Each gives the edits of a change, or None after it has told the problems of the draft.
_RESOLVERS: Mapping[type[Change], Callable[[Draft, Any], tuple[Edit, ...] | None]] = {
    OpenFacility: resolve_facility.open_facility,
    CloseFacility: resolve_facility.close_facility,
    MoveFacility: resolve_facility.move_facility,
    ResizeFacility: resolve_facility.resize_facility,
    ChangeHours: resolve_facility.change_hours,
    ChangeQuality: resolve_facility.change_quality,
    AddService: resolve_facility.add_service,
    AddVisit: resolve_facility.add_visit,
    ChangeStandard: resolve_rules.change_standard,
    ChangeRate: resolve_rules.change_rate,
    UsePopulation: resolve_population.use_population,
    AddTrip: resolve_timetable.add_trip,
    RemoveTrip: resolve_timetable.remove_trip,
    AddLine: resolve_timetable.add_line,
    RemoveLine: resolve_timetable.remove_line,
    AddStop: resolve_timetable.add_stop,
    RemoveStop: resolve_timetable.remove_stop,
    AddStreet: resolve_streets.add_street,
}


@dataclass(frozen=True)
class ResolvedChange:
    """A change whose names are looked up: its number over all files, where it stands, and what it does."""

    number: int
    change: Change
    origin: Origin
    edits: tuple[Edit, ...]

    @property
    def touched(self) -> Touched:
        """What its edits touch."""
        found = Touched()
        for edit in self.edits:
            found = found | edit.touched
        return found


@dataclass(frozen=True)
class ResolvedScenario:
    """A scenario that can be applied to the world that it was resolved for; `problems` holds warnings only."""

    scenario: Scenario
    changes: tuple[ResolvedChange, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def touched(self) -> Touched:
        """What all changes touch together."""
        found = Touched()
        for one in self.changes:
            found = found | one.touched
        return found


def resolve(scenario: Scenario, world: World) -> ResolvedScenario:
    """Look up what every change names, in order; a later change sees what the earlier ones did.

    Parameters
    ----------
    scenario
        With what it builds on.
    world
        The base world.

    Raises
    ------
    InputError
        With all problems of all changes, if any is an error. A change with an error is passed over for those after it.
    """
    problems = Problems()
    now = world
    done: list[ResolvedChange] = []
    rates: list[tuple[ChangeRate, Origin, bool]] = []
    for number, (change, origin) in enumerate(scenario.all_changes(), start=1):
        draft = Draft(now, problems, origin, number, tuple(d.change for d in done))
        edits = _RESOLVERS[type(change)](draft, change)
        if isinstance(change, ChangeRate):
            rates.append((change, origin, edits is not None))
        if edits is None:
            continue
        for edit in edits:
            now = edit.apply(now)
        done.append(ResolvedChange(number, change, origin, edits))
    resolve_rules.check_sums(world, now, rates, problems)
    problems.raise_errors()
    return ResolvedScenario(scenario, tuple(done), problems.sorted())
