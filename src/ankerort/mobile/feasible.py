"""What can be reached at all: the coverage that vehicles allow, who lives too far from every candidate, stops that no shift can serve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problem, Severity
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.people_near import OLD_COLUMNS
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import MobileProblem, Objective, Solution
from ankerort.mobile.solve import solve
from ankerort.region.model import Region

_POINT_EUR = 1e6  # a covered person outweighs any drive
_TOLD = 8


@dataclass(frozen=True)
class Coverable:
    """Who could be covered by the candidates.

    Parameters
    ----------
    persons
        Persons of the target groups in the area.
    near
        Of them those with a candidate within the target's walk.
    far
        place_id, print_name, persons: of those without, most first.
    """

    persons: float
    near: float
    far: pd.DataFrame

    @property
    def share(self) -> float:
        """Most that can be covered, share of all persons of the target; 1 if there are none."""
        return self.near / self.persons if self.persons > 0 else 1.0


def coverable(prepared: Prepared, region: Region, catalogue: Catalogue) -> Coverable:
    """Persons of the target's group that some candidate is near enough to, and where the others live.

    Counted in cells: a person counts once, whatever services come.
    """
    needs, need = prepared.problem.needs, prepared.need
    stop_of = np.repeat(np.arange(prepared.problem.stops), np.diff(needs.ptr))
    often: NDArray[np.bool_] = np.asarray(needs.target_rhythm)[prepared.problem.patterns.rhythm]
    possible: NDArray[np.bool_] = np.asarray((prepared.problem.pattern_ok & often[None, :]).any(axis=1))
    counts: NDArray[np.bool_] = needs.target & needs.target_group[needs.group] & possible[stop_of]
    near_groups = np.unique(needs.group[counts])
    wanted = _target_persons(prepared, region, catalogue)
    near_cells = np.zeros(len(region.cells))
    # groups of one service are parts of a cell, of several services they overlap
    by_service: dict[str, NDArray[np.float64]] = {}
    for g in near_groups.tolist():
        row = by_service.setdefault(need.service[g], np.zeros(len(region.cells)))
        row[need.cell[g]] += need.persons[g]
    for row in by_service.values():
        near_cells = np.maximum(near_cells, row)
    near_cells = np.minimum(near_cells, wanted)
    left = pd.DataFrame({"place_id": region.cells["place_id"].astype(str), "persons": wanted - near_cells})
    far = left.groupby("place_id", sort=True)["persons"].sum().reset_index()
    far = far[(far["persons"] >= 0.5) & (far["place_id"] != "")]
    names = dict(zip(region.places["place_id"].astype(str), region.places["print_name"].astype(str), strict=True))
    far = far.assign(print_name=far["place_id"].map(names).fillna(far["place_id"]))
    far = far.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable").reset_index(drop=True)
    return Coverable(float(wanted.sum()), float(near_cells.sum()), far)


def _target_persons(prepared: Prepared, region: Region, catalogue: Catalogue) -> NDArray[np.float64]:
    """Persons of the target's group per cell of the area, float64 (cells,)."""
    group = catalogue.groups.get(prepared.request.cover_group)
    shares = dict(group.band_shares) if group is not None else dict.fromkeys(OLD_COLUMNS, 1.0)
    persons = np.zeros(len(region.cells))
    for column, share in shares.items():
        persons += region.cells[column].to_numpy(np.float64) * share
    inside = np.zeros(len(region.cells), bool)
    inside[prepared.area_cells] = True
    return np.where(inside, persons, 0.0)


def coverage_problem(problem: MobileProblem) -> MobileProblem:
    """The same stops, vehicles and rules, where a covered person of the target is worth one point and nothing else counts."""
    needs = problem.needs
    counted = np.where(needs.target_group, needs.persons, 0.0)
    kinds, rhythms = needs.benefit.shape
    often = np.broadcast_to(needs.target_rhythm.astype(np.float64), (kinds, rhythms)).copy()
    keep = needs.target
    stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))[keep]
    ptr = np.concatenate([[0], np.cumsum(np.bincount(stop_of, minlength=problem.stops))]).astype(np.int64)
    return replace(
        problem,
        slot_factor=np.ones_like(problem.slot_factor),
        served_share=np.ones_like(problem.served_share),
        needs=replace(
            needs,
            points=counted,
            benefit=often,
            preference=np.ones_like(needs.preference),
            ptr=ptr,
            group=needs.group[keep],
            factor=np.ones(int(keep.sum())),
            target=np.ones(int(keep.sum()), bool),
        ),
    )


def most_covered(
    prepared: Prepared, *, seed: int, seconds: float, progress: Progress = SILENT
) -> tuple[float, Solution]:
    """The largest share of the target's persons that the vehicles (and the budget) reach, as far as the search finds it.

    Returns
    -------
    tuple
        Share over the persons that some candidate is near, and the plan found (its value is in persons).
    """
    problem = coverage_problem(prepared.problem)
    objective = Objective("need", _POINT_EUR, prepared.objective.budget_eur, 0.0)
    found = solve(problem, objective, seed=seed, seconds=seconds, progress=progress)
    if found.decision is None:
        return 0.0, found
    return evaluate(prepared.problem, found.decision, prepared.objective).covered_share, found


def least_vehicles(
    prepare_for: Callable[[int], Prepared], *, most: int, seconds: float, progress: Progress = SILENT
) -> tuple[Prepared, Solution, int]:
    """The fewest vehicles with which the target is met, tried one after the other; the last try where none of them suffices.

    Parameters
    ----------
    prepare_for
        The problem with so many vehicles.
    most
        Vehicles after which no more are tried.
    seconds
        Of each search.
    """
    count = 1
    while True:
        prepared = prepare_for(count)
        found = solve(
            prepared.problem, prepared.objective, seed=prepared.request.seed, seconds=seconds, progress=progress
        )
        if kept(prepared, found) or count >= most:
            return prepared, found, count
        count += 1


def kept(prepared: Prepared, found: Solution) -> bool:
    """Whether a solution breaks no rule of its problem, the target included."""
    if found.decision is None:
        return False
    return not evaluate(prepared.problem, found.decision, prepared.objective).faults


def unservable(prepared: Prepared) -> tuple[Problem, ...]:
    """Stops whose hours no shift can serve, all at once: errors where the stop must be served, else warnings."""
    problem = prepared.problem
    problems = []
    reason_of = _shift_fits(problem)
    for stop in np.flatnonzero(~reason_of).tolist():
        name = str(prepared.stops["name"].iat[stop])
        hours = str(prepared.stops["hours"].iat[stop]) or "–"
        severity: Severity = "error" if problem.must[stop] else "warning"
        problems.append(Problem("mobile_stop_no_shift", severity, "mobile", params={"stop": name, "hours": hours}))
    return tuple(problems)


def _shift_fits(problem: MobileProblem) -> NDArray[np.bool_]:
    """bool (stops,): some vehicle reaches the stop in its shift, within some half-day of its hours, for the shortest stay of a pattern."""
    fits = np.zeros(problem.stops, bool)
    vehicles = problem.vehicles
    for stop in range(problem.stops):
        rhythms = np.unique(problem.patterns.rhythm[problem.pattern_ok[stop]])
        if not len(rhythms):
            continue
        stay = int(problem.stay_s[stop, rhythms].min())
        for v in np.flatnonzero(problem.vehicle_ok[:, stop]).tolist():
            depot, kind = int(vehicles.depot[v]), int(vehicles.kind[v])
            out, home = int(problem.travel_s[kind, depot, stop]), int(problem.travel_s[kind, stop, depot])
            if out < 0 or home < 0 or out + stay + home > vehicles.tour_max_s[v]:
                continue
            begin = np.maximum(problem.halves_s[:, 0], problem.window_s[stop, :, 0])
            begin = np.maximum(begin, int(vehicles.leave_from_s[v]) + out)
            begin = -(-begin // problem.grid_s) * problem.grid_s
            end = np.minimum(problem.halves_s[:, 1], problem.window_s[stop, :, 1])
            end = np.minimum(end, int(vehicles.back_until_s[v]) - home)
            allowed = problem.slot_ok[stop].any(axis=0)
            if bool(((begin + stay <= end) & allowed).any()):
                fits[stop] = True
                break
    return fits


def far_places(found: Coverable) -> str:
    """Names of the places with most persons too far from every candidate, as printed."""
    names = found.far["print_name"].astype(str).tolist()
    return ", ".join(names[:_TOLD]) + (" ..." if len(names) > _TOLD else "")
