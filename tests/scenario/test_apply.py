"""What a scenario makes is a world like any other: its answer is that of the full run, kind by kind and all together."""

from __future__ import annotations

import pytest

from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import (
    AddService,
    AddStop,
    AddTrip,
    AddVisit,
    Change,
    ChangeHours,
    ChangeRate,
    ChangeStandard,
    CloseFacility,
    MoveFacility,
    OpenFacility,
    RemoveStop,
    RemoveTrip,
)
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import World

from .full_run import assert_as_full_run

CASES: dict[str, tuple[Change, ...]] = {
    "open": (OpenFacility("bakery", place="Bdorf", opening_hours="Mo-Fr 06:00-12:00"),),
    "close_and_move": (CloseFacility(facility="market"), MoveFacility(facility="pharmacy", to_place="Adorf")),
    "hours_and_service": (
        ChangeHours(facility="market", opening_hours="Mo-Fr 08:00-09:00"),
        AddService(facility="market", new_service="post_office"),
    ),
    "visit_and_standard": (AddVisit("bakery", "Bdorf"), ChangeStandard("supermarket", "car", 5.0)),
    "rate": (ChangeRate("state.reached_share", 0.5),),
    "speed": (ChangeRate("detour.foot", 1.5),),
    "timetable": (
        AddStop("Ddorf", place="Adorf", lon=None, lat=None),
        AddTrip(line="9", stops=("Ddorf", "Cstadt"), times=("10:00", "10:20")),
        RemoveTrip(line="1", stop="Bdorf", time="09:00"),
    ),
    "all": (
        OpenFacility("supermarket", place="Bdorf"),
        CloseFacility(service="pharmacy", place="Cstadt"),
        RemoveStop("Adorf"),
        ChangeStandard("pharmacy", "car", 5.0),
    ),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_answer_is_that_of_the_full_run(case: str, world: World, workspace: Workspace) -> None:
    """Every table and array of travel times and supply equals that of a computation from scratch on the changed world."""
    changed, touched = apply_scenario(world, resolve(Scenario(case, CASES[case]), world))
    assert_as_full_run(workspace.answer(changed, touched), changed)
