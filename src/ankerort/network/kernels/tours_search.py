"""Search over whole plans: take stops out that lie together, put stops in where they help most, accept by simulated annealing."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.tours import Day, TourData
from ankerort.network.kernels.tours_insert import Work, below, draw, insert_best, penalty
from ankerort.network.kernels.tours_state import (
    COVERED,
    POINTS,
    Plan,
    absent,
    copy_rows,
    drop,
    money,
    resum,
    settle,
    take,
)


@njit(nogil=True, cache=True)
def judge(data: TourData, plan: Plan, weight: NDArray[np.float64]) -> tuple[float, float]:
    """Objective to be made small, and the penalties for broken rules in it (0 = none)."""
    cost, fixed = money(data, plan)
    fine = penalty(data, plan, cost, fixed, absent(data, plan), weight)
    if fine < 1e-7 * max(1.0, cost):
        fine = 0.0
    value = cost + (fixed if data.fixed_counts else 0.0) - data.point_eur * plan.total[POINTS]
    return value + fine, fine


@njit(nogil=True, cache=True)
def _ruin(data: TourData, plan: Plan, work: Work, most: float) -> int:
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
        row = below(work.random, plan.count.size)
        share = 0.5 if draw(work.random) < 0.5 else 1.0
        for i in range(plan.count[row] - 1, -1, -1):
            if i < plan.count[row] and draw(work.random) < share:
                work.order[out] = plan.seq[row, i]
                drop(data, plan, work.order[out], work.stale)
                out += 1
        return out
    wanted = min(served, 1 + int(draw(work.random) * most * 2.0))
    if way < 0.25:
        for _ in range(4 * wanted):
            stop = below(work.random, stops)
            if plan.pattern[stop] >= 0 and out < wanted:
                work.order[out] = stop
                drop(data, plan, stop, work.stale)
                out += 1
        return out
    if way < 0.45:
        # All near one place.
        for k in range(data.near.shape[1]):
            stop = data.near[seed, k]
            if out < wanted and plan.pattern[stop] >= 0 and draw(work.random) < 0.8:
                work.order[out] = stop
                drop(data, plan, stop, work.stale)
                out += 1
        return out
    # Strings of neighbouring weekdays (slack induction by string removals).
    used = np.zeros(plan.count.size, np.bool_)
    longest = max(1.0, min(10.0, most))
    strings = 1 + int(draw(work.random) * max(1.0, 4.0 * most / (1.0 + longest) - 1.0))
    for k in range(data.near.shape[1]):
        if strings == 0:
            break
        stop = data.near[seed, k]
        if plan.pattern[stop] < 0:
            continue
        parts = data.part_ptr[plan.pattern[stop] + 1] - data.part_ptr[plan.pattern[stop]]
        part = below(work.random, parts)
        row = plan.vehicle[stop, part] * data.weekdays + data.part_day[data.part_ptr[plan.pattern[stop]] + part]
        if used[row]:
            continue
        used[row] = True
        strings -= 1
        length = 1 + below(work.random, int(min(longest, float(plan.count[row]))))
        at = 0
        while plan.seq[row, at] != stop:
            at += 1
        begin = max(0, min(at - below(work.random, length), plan.count[row] - length))
        # With some luck a middle piece of the string stays.
        kept = below(work.random, length) if draw(work.random) < 0.3 else 0
        skip = begin + below(work.random, length - kept + 1) if kept else -1
        for i in range(begin + length - 1, begin - 1, -1):
            if kept and skip <= i < skip + kept:
                continue
            work.order[out] = plan.seq[row, i]
            drop(data, plan, work.order[out], work.stale)
            out += 1
    return out


@njit(nogil=True, cache=True)
def _sort(data: TourData, work: Work, count: int) -> None:
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
            for pair in range(data.pair_ptr[stop], data.pair_ptr[stop + 1]):
                rank[i] -= data.points[data.pair_group[pair]] * data.pair_factor[pair]
        elif way < 0.75:
            rank[i] = -data.travel_s[0, data.depot[0], stop]
        elif way < 0.8:
            rank[i] = data.travel_s[0, data.depot[0], stop]
        else:
            # The less choice, the sooner; the more it takes, the sooner.
            most = 0.0
            for pattern in range(data.rhythm.size):
                if data.pattern_ok[stop, pattern]:
                    rank[i] += 1.0
                    most = max(
                        most, data.load[stop, data.rhythm[pattern]] + data.stay_s[stop, data.rhythm[pattern]] / 3600.0
                    )
            rank[i] -= most * 1e-3
    order = np.argsort(rank, kind="mergesort")
    copy = work.order[:count].copy()
    for i in range(count):
        work.order[i] = copy[order[i]]


@njit(nogil=True, cache=True)
def _recreate(
    data: TourData, plan: Plan, work: Work, out: int, weight: NDArray[np.float64], blink: float, room: Day
) -> None:
    """Put in the stops taken out, and some that are not served, as long as each improves the objective."""
    stops = plan.pattern.size
    fresh = 0
    tries = min(stops, 6)
    for _ in range(tries):
        stop = below(work.random, stops)
        if plan.pattern[stop] < 0:
            known = False
            for k in range(out + fresh):
                known = known or work.order[k] == stop
            if not known:
                work.order[out + fresh] = stop
                fresh += 1
    if out:
        # Places nearest to those taken out may serve the same people better.
        anchor = work.order[below(work.random, out)]
        for k in range(min(4, data.near.shape[1])):
            stop = data.near[anchor, k]
            if plan.pattern[stop] < 0:
                known = False
                for j in range(out + fresh):
                    known = known or work.order[j] == stop
                if not known:
                    work.order[out + fresh] = stop
                    fresh += 1
    if data.must.any() and out + fresh < stops:
        for stop in range(stops):
            if data.must[stop] and plan.pattern[stop] < 0 and draw(work.random) < 0.5:
                known = False
                for j in range(out + fresh):
                    known = known or work.order[j] == stop
                if not known:
                    work.order[out + fresh] = stop
                    fresh += 1
    _sort(data, work, out + fresh)
    for k in range(out + fresh):
        stop = work.order[k]
        if plan.pattern[stop] < 0:
            insert_best(data, plan, work, stop, weight, blink, room)
    settle(data, plan, work.stale, room)


@njit(nogil=True, cache=True)
def anneal(
    data: TourData,
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
        float64 (6,): penalties (see `insert_best`), adjusted to how often rules are broken; then those at the beginning.
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
    every = np.ones(plan.count.size, np.bool_)
    found = 0
    broken = 0
    current, _ = judge(data, plan, weight)
    for step in range(first, first + steps):
        heat = hot * (cold / hot) ** (step / max(all_steps, 1))
        plan.dirty[:] = False
        out = _ruin(data, plan, work, most)
        settle(data, plan, work.stale, room)
        _recreate(data, plan, work, out, weight, 0.01 if draw(work.random) < 0.5 else 0.08, room)
        value, fine = judge(data, plan, weight)
        if value < current - heat * np.log(max(draw(work.random), 1e-300)):
            current = value
            copy_rows(plan, backup, plan.dirty)
            if fine > 0:
                fine = _first_fine(data, plan, weight)
            better = (fine == 0 and (record[1] > 0 or value < record[0] - 1e-7)) or (
                fine > 0 and record[1] > 0 and fine < record[1] - 1e-7
            )
            if better:
                resum(data, plan)
                record[0], record[1] = value, fine
                copy_rows(plan, best, every)
                found += 1
            broken += fine > 0
        else:
            take(data, plan, backup, False)
            broken += _broken(data, plan)
        if (step + 1) % 200 == 0:
            # Penalties grow while rules stay broken and fall slowly once they are kept.
            change = 1.15 if broken > 60 else 1.0 if broken > 10 else 0.93
            for k in range(3):
                weight[k] = min(max(weight[k] * change, weight[3 + k] * 0.02), weight[3 + k] * 1e4)
            broken = 0
            resum(data, plan)
            current, _ = judge(data, plan, weight)
    return found


@njit(nogil=True, cache=True)
def _first_fine(data: TourData, plan: Plan, weight: NDArray[np.float64]) -> float:
    cost, fixed = money(data, plan)
    return penalty(data, plan, cost, fixed, absent(data, plan), weight[3:])


@njit(nogil=True, cache=True)
def _broken(data: TourData, plan: Plan) -> int:
    if absent(data, plan) > 0 or data.cover_persons > plan.total[COVERED] + 1e-9:
        return 1
    cost, fixed = money(data, plan)
    return 1 if cost + fixed > data.budget_eur else 0
