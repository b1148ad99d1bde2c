"""Search for a plan of mobile services: all decisions at once, by taking stops out and in (kernels in ``ankerort.network.kernels.tours*``).

The method is slack induction by string removals (Christiaens and Vanden Berghe, Transportation Science 54 (2020)), extended by patterns, common clock
times, breaks, optional stops and who serves whom; acceptance by simulated annealing.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ankerort.base.progress import SILENT, Progress
from ankerort.mobile.evaluate import best_factor
from ankerort.mobile.problem import Decision, MobileProblem, Objective
from ankerort.mobile.state import decision_of, empty_plan, most_parts, plan_of, room_for, tour_data
from ankerort.network.kernels.tours_insert import new_work
from ankerort.network.kernels.tours_search import anneal, judge
from ankerort.network.kernels.tours_state import copy_rows, resum, take

if TYPE_CHECKING:
    from ankerort.mobile.columns import ColumnPool

CHUNK = 200
_CANDIDATES = 4
_ENOUGH = 600  # steps per stop ** 1.5 after which small problems get no better


@dataclass(frozen=True)
class Found:
    """What a search found.

    Parameters
    ----------
    decision
        The best plan that keeps all rules; if there is none, the one that breaks must, target and budget least.
    feasible
        Whether it keeps all rules.
    value
        Of the objective, more is better.
    steps
        Steps of the search.
    """

    decision: Decision
    feasible: bool
    value: float
    steps: int


def solo_eur(problem: MobileProblem) -> NDArray[np.float64]:
    """Cost per year of each stop if a vehicle drove to it alone, with the pattern of the fewest visits; NaN where none may."""
    patterns, vehicles = problem.patterns, problem.vehicles
    visits = np.array(
        [
            sum(int(w).bit_count() for w in patterns.weeks[patterns.ptr[p] : patterns.ptr[p + 1]])
            for p in range(patterns.count)
        ],
        np.float64,
    )
    result = np.full(problem.stops, np.nan)
    for stop in range(problem.stops):
        allowed = np.flatnonzero(problem.pattern_ok[stop])
        for vehicle in np.flatnonzero(problem.vehicle_ok[:, stop]).tolist():
            if not len(allowed):
                break
            kind, depot = int(vehicles.kind[vehicle]), int(vehicles.depot[vehicle])
            there, back = problem.travel_s[kind, depot, stop], problem.travel_s[kind, stop, depot]
            if there < 0 or back < 0:
                continue
            pattern = int(allowed[np.argmin(visits[allowed])])
            stay = int(problem.stay_s[stop, patterns.rhythm[pattern]])
            hours = (int(there) + int(back) + stay + int(vehicles.paid_extra_s[vehicle])) / 3600
            eur = float(problem.drive_eur[kind, depot, stop] + problem.drive_eur[kind, stop, depot])
            eur += hours * float(vehicles.eur_per_h[vehicle]) + float(vehicles.eur_per_day[vehicle])
            result[stop] = np.fmin(result[stop], eur * visits[pattern] * problem.cycles_per_year)
    return result


def _worth_eur(problem: MobileProblem, objective: Objective) -> NDArray[np.float64]:
    """What each stop is worth by itself at the best rhythm and hour, EUR per year."""
    needs = problem.needs
    stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
    points = needs.points[needs.group] * needs.factor * best_factor(problem)[stop_of, needs.kind[needs.group]]
    worth = objective.point_eur if objective.kind == "need" else 0.0
    return np.asarray(worth * np.bincount(stop_of, weights=points, minlength=problem.stops))


def _weights(problem: MobileProblem, objective: Objective, solo: NDArray[np.float64]) -> NDArray[np.float64]:
    """First penalties: of a stop left out that must be served, of a person of the target, of a EUR over the budget; again; slack."""
    most = float(np.nanmax(solo, initial=1.0)) if np.isfinite(solo).any() else 1.0
    fixed = float(problem.vehicles.eur_per_year.max(initial=0.0))
    # only persons of the target count for it: a penalty spread over all of them would be too small to open a stop for a few
    needs = problem.needs
    counted = needs.target_group if needs.target_group.any() else np.ones(len(needs.persons), bool)
    per_stop = float(needs.persons[counted].sum()) / max(problem.stops, 1)
    # A EUR over the budget must cost more than the best stop brings per EUR.
    per_eur = (
        np.nanmax(_worth_eur(problem, objective) / np.maximum(solo, 1e-9), initial=0.0)
        if np.isfinite(solo).any()
        else 0.0
    )
    first = np.array([2.0 * most + fixed, 2.0 * (most + fixed) / max(per_stop, 1e-6), 2.0 + float(per_eur)])
    return np.concatenate([first, first, [most + fixed]])


def step_count(problem: MobileProblem, seconds: float) -> int:
    """Steps of a search of so many seconds on a slow computer: the limit that makes two runs alike."""
    rows = problem.vehicles.count * problem.weekdays
    clock = 1.0 if len(problem.halves_s) == 1 and problem.weeks == 1 else 8.0
    per_step_us = 150.0 + clock * (2.0 * rows + 1.5 * problem.stops) + 0.02 * len(problem.needs.group)
    enough = int(_ENOUGH * max(problem.stops, 1) ** 1.5)
    return max(CHUNK, min(int(seconds * 0.6e6 / per_step_us), enough) // CHUNK * CHUNK)


def find(
    problem: MobileProblem,
    objective: Objective,
    *,
    start: Decision | None = None,
    seed: int = 1,
    seconds: float = 30.0,
    steps: int | None = None,
    heat: float = 1.0,
    most_out: float = 10.0,
    pool: ColumnPool | None = None,
    progress: Progress = SILENT,
) -> Found:
    """Search for the best plan.

    Parameters
    ----------
    problem, objective
        What is asked.
    start
        Plan to begin with; its order by clock time is kept, its clock times are found anew.
    seed, steps, seconds
        Two runs of the same seed and steps give the same plan, unless `seconds` end them. `steps` None = as many as fit `seconds`.
    heat
        Temperature at the beginning, as a multiple of the usual one; small values stay near `start`.
    most_out
        About how many stops a step takes out at most.
    pool
        Takes the days of the good plans passed through.
    progress
        Told of each chunk.
    """
    begin = time.perf_counter()
    data = tour_data(problem, objective)
    kernel = (data.clock, data.need, data.choice)
    steps = step_count(problem, seconds) if steps is None else steps
    plan = plan_of(problem, data, start) if start is not None else empty_plan(problem)
    backup, best, room = empty_plan(problem), empty_plan(problem), room_for(problem)
    rows = np.ones(len(plan.filled), bool)
    copy_rows(plan, backup, rows)
    copy_rows(plan, best, rows)
    solo = solo_eur(problem)
    weight = _weights(problem, objective, solo)
    value, fine = judge(*kernel, plan, weight)
    record = np.array([value, fine])
    work = new_work(
        problem.stops,
        len(plan.filled),
        problem.weeks,
        most_parts(problem),
        max(len(data.choice.sort), 1),
        data.choice.keys,
        _CANDIDATES,
        seed,
    )
    typical = float(np.nanmean(solo)) if np.isfinite(solo).any() else 1.0
    hot = 0.15 * typical * heat
    most = min(most_out, max(2.0, 0.15 * problem.stops))
    done = 0
    with progress.task("progress.mobile_search", total=steps) as task:
        while done < steps and problem.stops and problem.patterns.count:
            size = min(CHUNK, steps - done)
            better = anneal(
                *kernel,
                plan,
                backup,
                best,
                work,
                room,
                weight,
                record,
                done,
                size,
                steps,
                hot,
                min(hot, 0.0015 * typical),
                most,
            )
            done += size
            task.advance(size)
            if pool is not None:
                if better and record[1] == 0:
                    pool.add(problem, decision_of(problem, best))
                if judge(*kernel, plan, weight)[1] == 0:
                    pool.add(problem, decision_of(problem, plan))
            if time.perf_counter() - begin > seconds:
                break
    take(data.need, data.choice, plan, best, True)
    resum(data.need, plan)
    value, fine = judge(*kernel, plan, weight)
    return Found(decision_of(problem, plan), fine == 0, math.nan if fine else -value, done)


def search(
    problem: MobileProblem,
    objective: Objective,
    *,
    start: Decision | None = None,
    seed: int = 1,
    seconds: float = 30.0,
    pool: ColumnPool | None = None,
    progress: Progress = SILENT,
) -> Decision | None:
    """Return the best plan found that keeps all rules, or None; parameters as in `find`."""
    found = find(problem, objective, start=start, seed=seed, seconds=seconds, pool=pool, progress=progress)
    return found.decision if found.feasible else None
