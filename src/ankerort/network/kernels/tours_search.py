"""Search over whole plans: take stops out that lie together, put stops in where they help most, accept by simulated annealing."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.tours import DEPOT, STOP, Clock, Day
from ankerort.network.kernels.tours_insert import Work, below, draw, insert_best
from ankerort.network.kernels.tours_state import (
    COVERED,
    P_END,
    P_FIRST,
    P_RHYTHM,
    POINTS,
    T_DAY,
    Choice,
    Need,
    Plan,
    absent,
    copy_rows,
    drop,
    resum,
    settle,
    spent,
    take,
)


@njit(nogil=True, cache=True)
def _fine(clock: Clock, need: Need, choice: Choice, plan: Plan, weight: NDArray[np.float64]) -> float:
    """Weighted breach of must, coverage target and budget."""
    cost, fixed = spent(clock, plan)
    short = max(0.0, need.cover_persons - plan.total[COVERED])
    over = max(0.0, cost + fixed - choice.budget_eur)
    fine = weight[0] * absent(choice.must, plan) + weight[1] * short + weight[2] * over
    return fine if fine > 1e-7 * max(1.0, cost) else 0.0


@njit(nogil=True, cache=True)
def judge(clock: Clock, need: Need, choice: Choice, plan: Plan, weight: NDArray[np.float64]) -> tuple[float, float]:
    """Objective to be made small, and the penalties for broken rules in it (0 = none)."""
    cost, fixed = spent(clock, plan)
    fine = _fine(clock, need, choice, plan, weight)
    return cost + (fixed if choice.fixed_counts else 0.0) - need.point_eur * plan.total[POINTS] + fine, fine


@njit(nogil=True, cache=True)
def _ruin(weekdays: int, need: Need, choice: Choice, plan: Plan, work: Work, most: float) -> int:
    """Take out stops; returns how many, their numbers stand first in `work.order`."""
    stops = plan.pattern.size
    served = 0
    for stop in range(stops):
        served += plan.pattern[stop] >= 0
    if served == 0:
        return 0
    out = 0
    way = draw(work.random)
    seed = below(work.random, stops)
    if way < 0.1:
        # A whole weekday of a vehicle, or half of it.
        row = below(work.random, plan.filled.size)
        share = 0.5 if draw(work.random) < 0.5 else 1.0
        for i in range(plan.filled[row] - 1, -1, -1):
            if i < plan.filled[row] and draw(work.random) < share:
                work.order[out] = plan.cell[row, i, STOP]
                drop(need, choice, plan, work.order[out], weekdays, work.stale)
                out += 1
        return out
    wanted = min(served, 1 + int(draw(work.random) * most * 2.0))
    if way < 0.25:
        for _ in range(4 * wanted):
            stop = below(work.random, stops)
            if plan.pattern[stop] >= 0 and out < wanted:
                work.order[out] = stop
                drop(need, choice, plan, stop, weekdays, work.stale)
                out += 1
        return out
    if way < 0.45:
        # All near one place.
        for k in range(choice.near.shape[1]):
            stop = choice.near[seed, k]
            if out < wanted and plan.pattern[stop] >= 0 and draw(work.random) < 0.8:
                work.order[out] = stop
                drop(need, choice, plan, stop, weekdays, work.stale)
                out += 1
        return out
    # Strings of neighbouring weekdays (slack induction by string removals).
    used = np.zeros(plan.filled.size, np.bool_)
    longest = max(1.0, min(10.0, most))
    strings = 1 + int(draw(work.random) * max(1.0, 4.0 * most / (1.0 + longest) - 1.0))
    for k in range(choice.near.shape[1]):
        if strings == 0:
            break
        stop = choice.near[seed, k]
        if plan.pattern[stop] < 0:
            continue
        first = choice.pattern[plan.pattern[stop], P_FIRST]
        part = first + below(work.random, choice.pattern[plan.pattern[stop], P_END] - first)
        row = plan.vehicle[stop, part - first] * weekdays + choice.part[part, T_DAY]
        if used[row]:
            continue
        used[row] = True
        strings -= 1
        length = 1 + below(work.random, int(min(longest, float(plan.filled[row]))))
        at = 0
        while plan.cell[row, at, STOP] != stop:
            at += 1
        begin = max(0, min(at - below(work.random, length), plan.filled[row] - length))
        # With some luck a middle piece of the string stays.
        kept = below(work.random, length) if draw(work.random) < 0.3 else 0
        skip = begin + below(work.random, length - kept + 1) if kept else -1
        for i in range(begin + length - 1, begin - 1, -1):
            if kept and skip <= i < skip + kept:
                continue
            work.order[out] = plan.cell[row, i, STOP]
            drop(need, choice, plan, work.order[out], weekdays, work.stale)
            out += 1
    return out


@njit(nogil=True, cache=True)
def _sort(clock: Clock, need: Need, choice: Choice, work: Work, count: int) -> None:
    """Order the stops to be put in: at random, by what they need or by how far they lie."""
    way = draw(work.random)
    for i in range(count - 1, 0, -1):
        k = below(work.random, i + 1)
        work.order[i], work.order[k] = work.order[k], work.order[i]
    if way < 0.5:
        return
    rank = np.zeros(count)
    for i in range(count):
        stop = work.order[i]
        if way < 0.65:
            for pair in range(need.pair_ptr[stop], need.pair_ptr[stop + 1]):
                rank[i] -= need.group[need.pair_group[pair], 0] * need.pair_factor[pair]
        elif way < 0.75:
            rank[i] = -clock.travel_s[0, clock.limits[0, DEPOT], stop]
        elif way < 0.8:
            rank[i] = clock.travel_s[0, clock.limits[0, DEPOT], stop]
        else:
            # The less choice, the sooner; the more it takes, the sooner.
            most = 0.0
            for pattern in range(choice.pattern.shape[0]):
                if choice.pattern_ok[stop, pattern]:
                    rhythm = choice.pattern[pattern, P_RHYTHM]
                    rank[i] += 1.0
                    most = max(most, clock.load[stop, rhythm] + clock.stay_s[stop, rhythm] / 3600.0)
            rank[i] -= most * 1e-3
    order = np.argsort(rank, kind="mergesort")
    copy = work.order[:count].copy()
    for i in range(count):
        work.order[i] = copy[order[i]]


@njit(nogil=True, cache=True)
def _add(plan: Plan, work: Work, count: int, stop: int) -> int:
    """Add an unserved stop to the list of those to be put in, once."""
    if plan.pattern[stop] >= 0:
        return count
    for k in range(count):
        if work.order[k] == stop:
            return count
    work.order[count] = stop
    return count + 1


@njit(nogil=True, cache=True)
def _recreate(
    clock: Clock,
    need: Need,
    choice: Choice,
    plan: Plan,
    work: Work,
    out: int,
    weight: NDArray[np.float64],
    blink: float,
    room: Day,
) -> None:
    """Put in the stops taken out, and some that are not served, as long as each improves the objective."""
    stops = plan.pattern.size
    count = out
    for _ in range(min(stops, 6)):
        count = _add(plan, work, count, below(work.random, stops))
    if out:
        # Places nearest to those taken out may serve the same people better.
        anchor = work.order[below(work.random, out)]
        for k in range(min(4, choice.near.shape[1])):
            count = _add(plan, work, count, choice.near[anchor, k])
    for stop in range(stops):
        if choice.must[stop] and draw(work.random) < 0.5:
            count = _add(plan, work, count, stop)
    slack = 0.0
    if draw(work.random) < 0.2:
        # Stops near one another may pay for a day, or a vehicle, only together.
        slack = weight[6] * draw(work.random) * 1.5
        seed = below(work.random, stops)
        for k in range(min(12, choice.near.shape[1])):
            count = _add(plan, work, count, choice.near[seed, k])
    _sort(clock, need, choice, work, count)
    for k in range(count):
        stop = work.order[k]
        if plan.pattern[stop] < 0:
            insert_best(clock, need, choice, plan, work, stop, weight, blink, slack, room)
    settle(clock, need, choice, plan, work.stale, room)


@njit(nogil=True, cache=True)
def anneal(
    clock: Clock,
    need: Need,
    choice: Choice,
    plan: Plan,
    backup: Plan,
    best: Plan,
    work: Work,
    room: Day,
    weight: NDArray[np.float64],
    record: NDArray[np.float64],
    first: int,
    steps: int,
    all_steps: int,
    hot: float,
    cold: float,
    most: float,
) -> int:
    """Search `steps` steps on.

    Parameters
    ----------
    plan, backup, best
        Current plan; the same again, to go back to; best plan so far. `plan` and `backup` are equal at begin and end.
    weight
        float64 (7,): penalties (see `insert_best`), adjusted to how often rules are broken; those at the beginning; what opening a day or a
        vehicle may cost at first.
    record
        float64 (2,): value and penalty of `best`, by the penalties of the beginning.
    first, all_steps
        Number of the first step and of all steps, which set the temperature between `hot` and `cold`.
    most
        About how many stops are taken out at once.

    Returns
    -------
    int
        How often a better plan was found.
    """
    every = np.ones(plan.filled.size, np.bool_)
    found = 0
    broken = 0
    current, _ = judge(clock, need, choice, plan, weight)
    for step in range(first, first + steps):
        heat = hot * (cold / hot) ** (step / max(all_steps, 1))
        plan.dirty[:] = False
        out = _ruin(clock.weekdays, need, choice, plan, work, most)
        settle(clock, need, choice, plan, work.stale, room)
        blink = 0.01 if draw(work.random) < 0.5 else 0.08
        _recreate(clock, need, choice, plan, work, out, weight, blink, room)
        value, fine = judge(clock, need, choice, plan, weight)
        if value < current - heat * np.log(max(draw(work.random), 1e-300)):
            current = value
            copy_rows(plan, backup, plan.dirty)
            if fine > 0:
                fine = _fine(clock, need, choice, plan, weight[3:6])
            better = (fine == 0 and (record[1] > 0 or value < record[0] - 1e-7)) or (
                fine > 0 and record[1] > 0 and fine < record[1] - 1e-7
            )
            if better:
                resum(need, plan)
                record[0], record[1] = value, fine
                copy_rows(plan, best, every)
                found += 1
            broken += fine > 0
        else:
            take(need, choice, plan, backup, False)
            broken += _fine(clock, need, choice, plan, weight) > 0
        if (step + 1) % 50 == 0:
            # Penalties grow while rules stay broken and fall slowly once they are kept.
            change = 1.3 if broken > 30 else 1.0 if broken > 10 else 0.93
            for k in range(3):
                weight[k] = min(max(weight[k] * change, weight[3 + k] * 0.05), weight[3 + k] * 1e4)
            broken = 0
            resum(need, plan)
            current, _ = judge(clock, need, choice, plan, weight)
    return found
