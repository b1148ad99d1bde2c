"""The best way to take a stop into a plan: pattern, vehicles, positions, half-days."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.tours import (
    BACK,
    BREAK,
    DRIVE,
    EUR_DAY,
    EUR_H,
    EUR_YEAR,
    EXTRA,
    LEAVE,
    TOUR,
    WORK_BREAK,
    Day,
    TourData,
    schedule,
)
from ankerort.network.kernels.tours_state import COVERED, Plan, factor_of, money, part_of, put, refresh, reschedule

_FAR = 1e17
RANKS = 3


class Work(NamedTuple):
    """Scratch of the search: the random state, insertion tables by (row, class of parts, rank), trial rows by part, candidates."""

    random: NDArray[np.uint64]
    price: NDArray[np.float64]
    place: NDArray[np.int64]
    detour_s: NDArray[np.int64]
    detour_m: NDArray[np.float64]
    detour_eur: NDArray[np.float64]
    wanted: NDArray[np.bool_]
    gain: NDArray[np.float64]
    seq: NDArray[np.int64]
    mask: NDArray[np.int64]
    rhythm: NDArray[np.int64]
    low: NDArray[np.int64]
    halves: NDArray[np.int64]
    trial_at: NDArray[np.int64]
    trial_low: NDArray[np.int64]
    trial_vehicle: NDArray[np.int64]
    best_at: NDArray[np.int64]
    best_low: NDArray[np.int64]
    best_half: NDArray[np.int64]
    best_vehicle: NDArray[np.int64]
    candidate_value: NDArray[np.float64]
    candidate_pattern: NDArray[np.int64]
    candidate_vehicle: NDArray[np.int64]
    stale: NDArray[np.bool_]
    order: NDArray[np.int64]


@njit(nogil=True, cache=True)
def new_work(
    stops: int, rows: int, weeks: int, parts: int, classes: int, keys: int, candidates: int, seed: int
) -> Work:
    """Return scratch with a random state from `seed`."""
    i, f = np.int64, np.float64
    n = max(stops, 1)
    state = np.zeros(1, np.uint64)
    state[0] = np.uint64(seed) * np.uint64(2654435769) + np.uint64(88172645463325252)
    return Work(
        state,
        np.zeros((rows, classes, RANKS), f),
        np.zeros((rows, classes, RANKS), i),
        np.zeros((n + 1, weeks), i),
        np.zeros((n + 1, weeks), f),
        np.zeros((n + 1, weeks), f),
        np.zeros((rows, classes), np.bool_),
        np.zeros(keys, f),
        np.zeros(n + 1, i),
        np.zeros(n + 1, i),
        np.zeros(n + 1, i),
        np.zeros(n + 1, i),
        np.zeros(parts, i),
        np.zeros(parts, i),
        np.zeros(parts, i),
        np.zeros(parts, i),
        np.zeros(parts, i),
        np.zeros(parts, i),
        np.zeros(parts, i),
        np.zeros(parts, i),
        np.zeros(candidates, f),
        np.zeros(candidates, i),
        np.zeros(candidates, i),
        np.zeros(rows, np.bool_),
        np.zeros(n, i),
    )


@njit(nogil=True, cache=True)
def draw(random: NDArray[np.uint64]) -> float:
    """Uniform random number in [0, 1) by xorshift64."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return np.float64(x >> np.uint64(11)) / 9007199254740992.0


@njit(nogil=True, cache=True)
def below(random: NDArray[np.uint64], count: int) -> int:
    """Uniform random integer in [0, count)."""
    return min(int(draw(random) * count), count - 1)


@njit(nogil=True, cache=True)
def penalty(data: TourData, plan: Plan, cost: float, fixed: float, missing: int, weight: NDArray[np.float64]) -> float:
    """Weighted breach of must, coverage target and budget."""
    short = max(0.0, data.cover_persons - plan.total[COVERED])
    over = max(0.0, cost + fixed - data.budget_eur)
    return weight[0] * missing + weight[1] * short + weight[2] * over


@njit(nogil=True, cache=True)
def _table(data: TourData, plan: Plan, work: Work, row: int, stop: int, blink: float) -> None:
    """Cheapest positions of the stop in a row by class of parts: extra cost per year by detour, without waiting."""
    vehicle = row // data.weekdays
    kind, depot, limits = data.kind[vehicle], data.depot[vehicle], data.limits_s[vehicle]
    count, weeks = plan.count[row], data.weeks
    wage = data.eur[vehicle, EUR_H] / 3600.0
    for week in range(weeks):
        last = depot
        for i in range(count + 1):
            work.detour_s[i, week] = last
            if i < count and plan.mask[row, i] >> week & 1:
                last = plan.seq[row, i]
        following = depot
        for i in range(count, -1, -1):
            if i < count and plan.mask[row, i] >> week & 1:
                following = plan.seq[row, i]
            a = work.detour_s[i, week]
            there, on = data.travel_s[kind, a, stop], data.travel_s[kind, stop, following]
            if there < 0 or on < 0:
                work.detour_s[i, week] = -1
                work.detour_eur[i, week] = _FAR
                continue
            direct = max(data.travel_s[kind, a, following], 0)
            work.detour_s[i, week] = there + on - direct
            work.detour_m[i, week] = (
                data.travel_m[kind, a, stop] + data.travel_m[kind, stop, following] - data.travel_m[kind, a, following]
            )
            work.detour_eur[i, week] = (
                data.drive_eur[kind, a, stop]
                + data.drive_eur[kind, stop, following]
                - data.drive_eur[kind, a, following]
            )
    room_s = min(limits[TOUR], limits[BACK] - limits[LEAVE])
    for c in range(data.class_weeks.size):
        for rank in range(RANKS):
            work.price[row, c, rank] = _FAR
        if not work.wanted[row, c]:
            continue
        stay = data.stay_s[stop, data.class_rhythm[c]]
        load = data.load[stop, data.class_rhythm[c]]
        for i in range(count + 1):
            if blink > 0 and draw(work.random) < blink:
                continue
            total = 0.0
            for week in range(weeks):
                if not data.class_weeks[c] >> week & 1:
                    continue
                eur = work.detour_eur[i, week]
                if eur >= _FAR:
                    total = _FAR
                    break
                extra_s = work.detour_s[i, week] + stay
                drive = plan.drive[row, week] + work.detour_s[i, week]
                busy = drive + plan.stays[row, week] + stay
                if busy + limits[EXTRA] > limits[WORK_BREAK]:
                    busy += limits[BREAK]
                if (
                    drive > limits[DRIVE]
                    or busy > room_s
                    or plan.loads[row, week] + load > data.capacity[vehicle] + 1e-6
                    or plan.metres[row, week] + work.detour_m[i, week] > data.range_m[vehicle] + 1e-6
                ):
                    total = _FAR
                    break
                total += eur + wage * extra_s
                if plan.drive[row, week] + plan.stays[row, week] == 0:
                    total += wage * limits[EXTRA] + data.eur[vehicle, EUR_DAY]
            if total >= _FAR:
                continue
            total *= data.cycles
            for rank in range(RANKS):
                if total < work.price[row, c, rank]:
                    for k in range(RANKS - 1, rank, -1):
                        work.price[row, c, k] = work.price[row, c, k - 1]
                        work.place[row, c, k] = work.place[row, c, k - 1]
                    work.price[row, c, rank] = total
                    work.place[row, c, rank] = i
                    break


@njit(nogil=True, cache=True)
def _gain(data: TourData, plan: Plan, stop: int, factor: NDArray[np.float64]) -> float:
    """Points that the stop would add with these factors per kind."""
    gain = 0.0
    for pair in range(data.pair_ptr[stop], data.pair_ptr[stop + 1]):
        group = data.pair_group[pair]
        more = data.points[group] * data.pair_factor[pair] * factor[data.need_kind[group]] - plan.best[group]
        if more > 0:
            gain += more
    return gain


@njit(nogil=True, cache=True)
def _hopeful(data: TourData, stop: int, pattern: int, factor: NDArray[np.float64]) -> None:
    """Factors per kind if every part lies in its best half-day."""
    rhythm, first, end = data.rhythm[pattern], data.part_ptr[pattern], data.part_ptr[pattern + 1]
    for kind in range(data.benefit.shape[0]):
        total = 0.0
        for part in range(first, end):
            day, best = data.part_day[part], 0.0
            for half in range(data.begin_s.shape[1]):
                if data.allowed[stop, day, half]:
                    best = max(best, data.preference[kind, day, half] * data.slot_factor[stop, day, half])
            total += best
        factor[kind] = data.benefit[kind, rhythm] * data.served_share[stop, rhythm] * total / (end - first)


@njit(nogil=True, cache=True)
def _others(data: TourData, plan: Plan, work: Work, row: int, count: int, stop: int, room: Day) -> float:
    """Points that other stops of a trial row lose (negative: win) because their half-days change, each by itself."""
    lost = 0.0
    day = row % data.weekdays
    for i in range(count):
        other = work.seq[i]
        if other == stop:
            continue
        part = part_of(data, plan.pattern[other], day)
        if plan.part_half[other, part] == room.half[i]:
            continue
        halves = plan.part_half[other].copy()
        halves[part] = room.half[i]
        for pair in range(data.pair_ptr[other], data.pair_ptr[other + 1]):
            group = data.pair_group[pair]
            kind = data.need_kind[group]
            now = data.points[group] * data.pair_factor[pair] * plan.factor[other, kind]
            if now < plan.best[group] - 1e-9:
                continue
            then = (
                data.points[group] * data.pair_factor[pair] * factor_of(data, other, plan.pattern[other], halves, kind)
            )
            lost += now - then
    return lost


@njit(nogil=True, cache=True)
def _trial(
    data: TourData, plan: Plan, work: Work, row: int, at: int, stop: int, weeks: int, rhythm: int, low: int, room: Day
) -> float:
    """Extra cost of a row with the stop at a position, points lost by others included; `_FAR` if no times are found."""
    count = plan.count[row]
    for i in range(count + 1):
        if i == at:
            work.seq[i], work.mask[i], work.rhythm[i], work.low[i] = stop, weeks, rhythm, low
        else:
            k = i if i < at else i - 1
            work.seq[i], work.mask[i] = plan.seq[row, k], plan.mask[row, k]
            work.rhythm[i], work.low[i] = plan.rhythm[row, k], plan.low[row, k]
    cost = schedule(
        data,
        row // data.weekdays,
        row % data.weekdays,
        count + 1,
        work.seq,
        work.mask,
        work.rhythm,
        work.low,
        room,
    )
    if cost < 0:
        return _FAR
    if data.point_eur > 0:
        cost += data.point_eur * _others(data, plan, work, row, count + 1, stop, room)
    return cost - (plan.cost[row] if count else 0.0)


@njit(nogil=True, cache=True)
def _fixed_of(data: TourData, plan: Plan, vehicle: int) -> float:
    for row in range(vehicle * data.weekdays, (vehicle + 1) * data.weekdays):
        if plan.count[row]:
            return 0.0
    return data.eur[vehicle, EUR_YEAR]


@njit(nogil=True, cache=True)
def _candidate(work: Work, value: float, pattern: int, vehicle: int) -> None:
    """Keep the candidates with the smallest values, best first."""
    size = work.candidate_value.size
    if value >= work.candidate_value[size - 1]:
        return
    at = size - 1
    while at > 0 and work.candidate_value[at - 1] > value:
        work.candidate_value[at] = work.candidate_value[at - 1]
        work.candidate_pattern[at] = work.candidate_pattern[at - 1]
        work.candidate_vehicle[at] = work.candidate_vehicle[at - 1]
        at -= 1
    work.candidate_value[at], work.candidate_pattern[at], work.candidate_vehicle[at] = value, pattern, vehicle


@njit(nogil=True, cache=True)
def insert_best(
    data: TourData, plan: Plan, work: Work, stop: int, weight: NDArray[np.float64], blink: float, room: Day
) -> bool:
    """Take a stop into the plan in the way that improves the objective most, if any does.

    Parameters
    ----------
    weight
        float64 (3,): worth of a stop that must be served, of a person of the target, of a EUR over the budget.
    blink
        Share of the positions and patterns overlooked at random.

    Returns
    -------
    bool
        Whether the stop is served now.

    Notes
    -----
    All positions are judged by their detour; the most promising patterns and vehicles are then scheduled with clock times, at several positions
    and, where they have two half-days, in each.
    """
    parts = data.part_ptr
    work.wanted[:] = False
    for pattern in range(data.rhythm.size):
        if data.pattern_ok[stop, pattern]:
            for part in range(parts[pattern], parts[pattern + 1]):
                for vehicle in range(data.kind.size):
                    if data.vehicle_ok[vehicle, stop]:
                        work.wanted[vehicle * data.weekdays + data.part_day[part], data.part_class[part]] = True
    for row in range(plan.count.size):
        _table(data, plan, work, row, stop, blink)
    factor = np.zeros(data.benefit.shape[0])
    cost, fixed = money(data, plan)
    worth = 0.0
    if data.must[stop]:
        worth += weight[0]
    target = 0.0
    if data.cover_persons > plan.total[COVERED]:
        for pair in range(data.pair_ptr[stop], data.pair_ptr[stop + 1]):
            for k in range(data.group_ptr[data.pair_group[pair]], data.group_ptr[data.pair_group[pair] + 1]):
                if data.group_stop[k] == stop and data.group_target[k] and not plan.covered[data.pair_group[pair]]:
                    target += data.persons[data.pair_group[pair]]
        target = weight[1] * min(target, data.cover_persons - plan.total[COVERED])
    over = max(0.0, cost + fixed - data.budget_eur)
    work.gain[:] = -1.0
    work.candidate_value[:] = _FAR
    for pattern in range(data.rhythm.size):
        if not data.pattern_ok[stop, pattern] or (blink > 0 and draw(work.random) < blink):
            continue
        hope = worth + (target if data.target_rhythm[data.rhythm[pattern]] else 0.0)
        if data.point_eur > 0:
            key = data.key[pattern]
            if work.gain[key] < 0:
                _hopeful(data, stop, pattern, factor)
                work.gain[key] = _gain(data, plan, stop, factor)
            hope += data.point_eur * work.gain[key]
        first, end = parts[pattern], parts[pattern + 1]
        cheapest = 0.0
        for part in range(first, end):
            least = _FAR
            for vehicle in range(data.kind.size):
                row = vehicle * data.weekdays + data.part_day[part]
                if work.wanted[row, data.part_class[part]]:
                    least = min(least, work.price[row, data.part_class[part], 0])
            cheapest += least
        if cheapest >= _FAR or cheapest - hope >= work.candidate_value[work.candidate_value.size - 1]:
            continue
        for vehicle in range(data.kind.size):
            total, first_use = 0.0, _fixed_of(data, plan, vehicle)
            for part in range(first, end):
                row = vehicle * data.weekdays + data.part_day[part]
                if not work.wanted[row, data.part_class[part]]:
                    total = _FAR
                    break
                total += work.price[row, data.part_class[part], 0]
            if total >= _FAR:
                continue
            total += first_use if data.fixed_counts else 0.0
            total += weight[2] * (max(0.0, cost + fixed + total - data.budget_eur) - over)
            _candidate(work, total - hope, pattern, vehicle)
        if not data.one_vehicle and end - first > 1:
            total = cheapest + weight[2] * (max(0.0, cost + fixed + cheapest - data.budget_eur) - over)
            _candidate(work, total - hope, pattern, -1)
    best = 0.0
    chosen = -1
    for c in range(work.candidate_value.size):
        if work.candidate_value[c] >= min(best, _FAR / 2):
            break
        pattern = work.candidate_pattern[c]
        value = _exact(
            data, plan, work, stop, pattern, work.candidate_vehicle[c], worth, target, weight, cost, fixed, room
        )
        if value < best:
            best, chosen = value, pattern
            n = parts[pattern + 1] - parts[pattern]
            work.best_at[:n] = work.trial_at[:n]
            work.best_low[:n] = work.trial_low[:n]
            work.best_half[:n] = work.halves[:n]
            work.best_vehicle[:n] = work.trial_vehicle[:n]
    if chosen < 0:
        return False
    return _commit(data, plan, work, stop, chosen, room)


@njit(nogil=True, cache=True)
def _exact(
    data: TourData,
    plan: Plan,
    work: Work,
    stop: int,
    pattern: int,
    only_vehicle: int,
    worth: float,
    target: float,
    weight: NDArray[np.float64],
    cost: float,
    fixed: float,
    room: Day,
) -> float:
    """Change of the objective (less is better) if the stop is taken in so, with clock times; the choice stands in the trial arrays."""
    first, end = data.part_ptr[pattern], data.part_ptr[pattern + 1]
    rhythm = data.rhythm[pattern]
    factor = np.zeros(data.benefit.shape[0])
    for part in range(first, end):
        # Until it is known, the half-day is the first allowed.
        work.halves[part - first] = 0
        for half in range(data.begin_s.shape[1] - 1, -1, -1):
            if data.allowed[stop, data.part_day[part], half]:
                work.halves[part - first] = half
    extra, more_fixed = 0.0, 0.0
    for part in range(first, end):
        vehicle = only_vehicle
        if vehicle < 0:
            least = _FAR
            for v in range(data.kind.size):
                row = v * data.weekdays + data.part_day[part]
                if work.wanted[row, data.part_class[part]] and work.price[row, data.part_class[part], 0] < least:
                    least, vehicle = work.price[row, data.part_class[part], 0], v
        if only_vehicle < 0 or part == first:
            more_fixed += _fixed_of(data, plan, vehicle)
        row = vehicle * data.weekdays + data.part_day[part]
        k, c = part - first, data.part_class[part]
        work.trial_vehicle[k] = vehicle
        if data.plain:
            extra += work.price[row, c, 0]
            work.trial_at[k], work.trial_low[k] = work.place[row, c, 0], 0
            continue
        best, best_cost, best_half = _FAR, _FAR, 0
        for low in range(data.begin_s.shape[1]):
            for rank in range(RANKS):
                if work.price[row, c, rank] >= _FAR:
                    break
                at = work.place[row, c, rank]
                trial = _trial(data, plan, work, row, at, stop, data.class_weeks[c], rhythm, low, room)
                if trial >= _FAR:
                    continue
                value = trial
                if data.point_eur > 0 and data.begin_s.shape[1] > 1:
                    work.halves[k] = room.half[at]
                    for kind in range(factor.size):
                        factor[kind] = factor_of(data, stop, pattern, work.halves, kind)
                    value -= data.point_eur * _gain(data, plan, stop, factor)
                if value < best:
                    best, best_cost, best_half = value, trial, room.half[at]
                    work.trial_at[k], work.trial_low[k] = at, low
        if best >= _FAR:
            return _FAR
        work.halves[k] = best_half
        extra += best_cost
    value = extra - worth - (target if data.target_rhythm[rhythm] else 0.0)
    if data.point_eur > 0:
        for kind in range(factor.size):
            factor[kind] = factor_of(data, stop, pattern, work.halves, kind)
        value -= data.point_eur * _gain(data, plan, stop, factor)
    if data.fixed_counts:
        value += more_fixed
    before = max(0.0, cost + fixed - data.budget_eur)
    after = max(0.0, cost + fixed + extra + more_fixed - data.budget_eur)
    return value + weight[2] * (after - before)


@njit(nogil=True, cache=True)
def _commit(data: TourData, plan: Plan, work: Work, stop: int, pattern: int, room: Day) -> bool:
    first, end = data.part_ptr[pattern], data.part_ptr[pattern + 1]
    plan.pattern[stop] = pattern
    for part in range(first, end):
        k = part - first
        plan.vehicle[stop, k], plan.part_half[stop, k] = work.best_vehicle[k], work.best_half[k]
        row = work.best_vehicle[k] * data.weekdays + data.part_day[part]
        put(plan, row, work.best_at[k], stop, data.part_weeks[part], data.rhythm[pattern], work.best_low[k])
    refresh(data, plan, stop)
    for part in range(first, end):
        row = work.best_vehicle[part - first] * data.weekdays + data.part_day[part]
        if not reschedule(data, plan, row, room):
            work.stale[row] = True
    return True
