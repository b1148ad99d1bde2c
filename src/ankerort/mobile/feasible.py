"""What can be reached at all: the coverage that vehicles allow, who lives too far from every candidate, how many vehicles a target needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.progress import SILENT, Progress
from ankerort.mobile.evaluate import evaluate
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


def coverable(prepared: Prepared, region: Region) -> Coverable:
    """Persons of the target who need a visit and whom some candidate is near enough to, and where the others live.

    Who walks to a fixed office needs none and counts on neither side. Counted in cells: a person counts once, whatever services come.
    """
    needs = prepared.problem.needs
    stop_of = np.repeat(np.arange(prepared.problem.stops), np.diff(needs.ptr))
    often: NDArray[np.bool_] = np.asarray(needs.target_rhythm)[prepared.problem.patterns.rhythm]
    possible: NDArray[np.bool_] = np.asarray((prepared.problem.pattern_ok & often[None, :]).any(axis=1))
    counts: NDArray[np.bool_] = needs.target & needs.target_group[needs.group] & possible[stop_of]
    near = np.zeros(len(needs.persons), bool)
    near[needs.group[counts]] = True
    wanted_cells = _by_cell(prepared, needs.target_group, len(region.cells))
    near_cells = np.minimum(_by_cell(prepared, near, len(region.cells)), wanted_cells)
    left = pd.DataFrame({"place_id": region.cells["place_id"].astype(str), "persons": wanted_cells - near_cells})
    far = left.groupby("place_id", sort=True)["persons"].sum().reset_index()
    far = far[(far["persons"] >= 0.5) & (far["place_id"] != "")]
    names = dict(zip(region.places["place_id"].astype(str), region.places["print_name"].astype(str), strict=True))
    far = far.assign(print_name=far["place_id"].map(names).fillna(far["place_id"]))
    far = far.sort_values(["persons", "place_id"], ascending=[False, True], kind="stable").reset_index(drop=True)
    return Coverable(float(wanted_cells.sum()), float(near_cells.sum()), far)


def _by_cell(prepared: Prepared, groups: NDArray[np.bool_], cells: int) -> NDArray[np.float64]:
    """Persons of some groups per cell, float64 (cells,): groups of one service are parts of a cell, those of several services overlap."""
    need = prepared.need
    found = np.zeros(cells)
    for service in sorted(set(need.service)):
        mine = groups & np.array([s == service for s in need.service])
        found = np.maximum(found, np.bincount(need.cell[mine], weights=need.persons[mine], minlength=cells))
    return found


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


def far_places(found: Coverable) -> str:
    """Names of the places with most persons too far from every candidate, as printed."""
    names = found.far["print_name"].astype(str).tolist()
    return ", ".join(names[:_TOLD]) + (" ..." if len(names) > _TOLD else "")
