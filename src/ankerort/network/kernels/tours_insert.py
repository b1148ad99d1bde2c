"""The best way to take a stop into a plan: pattern, vehicles, positions, half-days."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.tours import (
    A_HALF,
    BACK,
    BREAK,
    CAPACITY,
    DEPOT,
    DRIVE,
    EUR,
    EUR_DAY,
    EUR_H,
    EUR_YEAR,
    EXTRA,
    KIND,
    LEAVE,
    LOW,
    METRES,
    RANGE,
    RHYTHM,
    STOP,
    TOUR,
    WEEKS,
    WORK_BREAK,
    Clock,
    Day,
    schedule,
)
from ankerort.network.kernels.tours_state import (
    COVERED,
    P_END,
    P_FIRST,
    P_KEY,
    P_RHYTHM,
    T_DAY,
    T_SORT,
    T_WEEKS,
    W_DROVE,
    W_STAYS,
    Choice,
    Need,
    Plan,
    factor_of,
    part_of,
    put,
    refresh,
    reschedule,
    spent,
)

_FAR = 1e17
RANKS = 3
# Columns of `Work.pick` (tried, then best) and `Work.hope`.
TRY_AT, TRY_LOW, TRY_CAR, BEST_AT, BEST_LOW, BEST_CAR = range(6)
H_WORTH, H_TARGET, H_COST, H_FIXED = range(4)


class Work(NamedTuple):
    """Scratch of the search.

    `random` is the random state. `price` and `place` are the cheapest positions by (row, sort of part, rank), `wanted` says where they are asked for;
    `detour_s` and `detour` (metres, EUR) by (position, week). `cell` is a row on trial, `pick` and the halves what is chosen per part, `value` and
    `which` (pattern, vehicle) the candidates. `stale` rows await new times. `order` lists stops.
    """

    random: NDArray[np.uint64]
    price: NDArray[np.float64]
    place: NDArray[np.int64]
    wanted: NDArray[np.bool_]
    detour_s: NDArray[np.int64]
    detour: NDArray[np.float64]
    gain: NDArray[np.float64]
    hope: NDArray[np.float64]
    cell: NDArray[np.int64]
    pick: NDArray[np.int64]
    half: NDArray[np.int64]
    best_half: NDArray[np.int64]
    value: NDArray[np.float64]
    which: NDArray[np.int64]
    stale: NDArray[np.bool_]
    order: NDArray[np.int64]


@njit(nogil=True, cache=True)
def new_work(stops: int, rows: int, weeks: int, parts: int, sorts: int, keys: int, candidates: int, seed: int) -> Work:
    """Return scratch with a random state from `seed`."""
    i = np.int64
    n = max(stops, 1)
    state = np.zeros(1, np.uint64)
    state[0] = np.uint64(seed) * np.uint64(2654435769) + np.uint64(88172645463325252)
    return Work(
        state,
        np.zeros((rows, sorts, RANKS)),
        np.zeros((rows, sorts, RANKS), i),
        np.zeros((rows, sorts), np.bool_),
        np.zeros((n + 1, weeks), i),
        np.zeros((n + 1, weeks, 2)),
        np.zeros(keys),
        np.zeros(4),
        np.zeros((n + 1, 6), i),
        np.zeros((parts, 6), i),
        np.zeros(parts, i),
        np.zeros(parts, i),
        np.zeros(candidates),
        np.zeros((candidates, 2), i),
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
def _detours(clock: Clock, plan: Plan, work: Work, row: int, stop: int) -> None:
    """Seconds, metres and EUR that the stop adds at each position of a row in each week; negative EUR = no way."""
    vehicle = row // clock.weekdays
    kind, depot = clock.limits[vehicle, KIND], clock.limits[vehicle, DEPOT]
    count = plan.filled[row]
    for week in range(clock.weeks):
        last = depot
        for i in range(count + 1):
            work.detour_s[i, week] = last
            if i < count and plan.cell[row, i, WEEKS] >> week & 1:
                last = plan.cell[row, i, STOP]
        following = depot
        for i in range(count, -1, -1):
            if i < count and plan.cell[row, i, WEEKS] >> week & 1:
                following = plan.cell[row, i, STOP]
            a = work.detour_s[i, week]
            there, on = clock.travel_s[kind, a, stop], clock.travel_s[kind, stop, following]
            if there < 0 or on < 0:
                work.detour[i, week, EUR] = _FAR
                continue
            work.detour_s[i, week] = there + on - max(clock.travel_s[kind, a, following], 0)
            for k in range(2):
                way = clock.way[kind, a, stop, k] + clock.way[kind, stop, following, k]
                work.detour[i, week, k] = way - clock.way[kind, a, following, k]


@njit(nogil=True, cache=True)
def _table(clock: Clock, choice: Choice, plan: Plan, work: Work, row: int, stop: int, blink: float) -> None:
    """Cheapest positions of the stop in a row by sort of part: extra cost per year by detour, without waiting."""
    vehicle = row // clock.weekdays
    limits, count, weeks = clock.limits, plan.filled[row], clock.weeks
    wage = clock.money[vehicle, EUR_H] / 3600.0
    room_s = min(limits[vehicle, TOUR], limits[vehicle, BACK] - limits[vehicle, LEAVE])
    for c in range(choice.sort.shape[0]):
        for rank in range(RANKS):
            work.price[row, c, rank] = _FAR
        if not work.wanted[row, c]:
            continue
        mask, rhythm = choice.sort[c, 0], choice.sort[c, 1]
        stay, load = clock.stay_s[stop, rhythm], clock.load[stop, rhythm]
        for i in range(count + 1):
            if blink > 0 and draw(work.random) < blink:
                continue
            total = 0.0
            for week in range(weeks):
                if not mask >> week & 1:
                    continue
                eur = work.detour[i, week, EUR]
                if eur >= _FAR:
                    total = _FAR
                    break
                before = plan.week[row, week, W_DROVE] + plan.week[row, week, W_STAYS]
                drive = plan.week[row, week, W_DROVE] + work.detour_s[i, week]
                busy = before + work.detour_s[i, week] + stay
                if busy + limits[vehicle, EXTRA] > limits[vehicle, WORK_BREAK]:
                    busy += limits[vehicle, BREAK]
                if (
                    drive > limits[vehicle, DRIVE]
                    or busy > room_s
                    or plan.sums[row, week, 2] + load > clock.money[vehicle, CAPACITY] + 1e-6
                    or plan.sums[row, week, 0] + work.detour[i, week, METRES] > clock.money[vehicle, RANGE] + 1e-6
                ):
                    total = _FAR
                    break
                total += eur + wage * (work.detour_s[i, week] + stay)
                if before == 0:
                    total += wage * limits[vehicle, EXTRA] + clock.money[vehicle, EUR_DAY]
            if total >= _FAR:
                continue
            total *= clock.cycles
            for rank in range(RANKS):
                if total < work.price[row, c, rank]:
                    for k in range(RANKS - 1, rank, -1):
                        work.price[row, c, k] = work.price[row, c, k - 1]
                        work.place[row, c, k] = work.place[row, c, k - 1]
                    work.price[row, c, rank] = total
                    work.place[row, c, rank] = i
                    break


@njit(nogil=True, cache=True)
def _gain(need: Need, best: NDArray[np.float64], stop: int, factor: NDArray[np.float64]) -> float:
    """Points that the stop would add with these factors per kind."""
    gain = 0.0
    for pair in range(need.pair_ptr[stop], need.pair_ptr[stop + 1]):
        group = need.pair_group[pair]
        more = need.group[group, 0] * need.pair_factor[pair] * factor[need.kind[group]] - best[group]
        if more > 0:
            gain += more
    return gain


@njit(nogil=True, cache=True)
def _gain_with(need: Need, choice: Choice, plan: Plan, work: Work, stop: int, pattern: int) -> float:
    """Points that the stop would add with its parts in the half-days ``work.half``."""
    rhythm, first, end = (
        choice.pattern[pattern, P_RHYTHM],
        choice.pattern[pattern, P_FIRST],
        choice.pattern[pattern, P_END],
    )
    factor = np.empty(need.benefit.shape[0])
    for kind in range(factor.size):
        factor[kind] = factor_of(need, stop, first, end, rhythm, choice.part, work.half, kind)
    return _gain(need, plan.best, stop, factor)


@njit(nogil=True, cache=True)
def _hopeful(clock: Clock, need: Need, choice: Choice, plan: Plan, stop: int, pattern: int) -> float:
    """Points that the stop would add if every part lay in its best half-day."""
    rhythm, first, end = (
        choice.pattern[pattern, P_RHYTHM],
        choice.pattern[pattern, P_FIRST],
        choice.pattern[pattern, P_END],
    )
    factor = np.empty(need.benefit.shape[0])
    for kind in range(factor.size):
        total = 0.0
        for part in range(first, end):
            day, best = choice.part[part, T_DAY], 0.0
            for half in range(clock.hours.shape[1]):
                if clock.allowed[stop, day, half]:
                    best = max(best, need.preference[kind, day, half] * need.slot_factor[stop, day, half])
            total += best
        factor[kind] = need.benefit[kind, rhythm] * need.served_share[stop, rhythm] * total / (end - first)
    return _gain(need, plan.best, stop, factor)


@njit(nogil=True, cache=True)
def _others(need: Need, choice: Choice, plan: Plan, work: Work, day: int, count: int, stop: int, room: Day) -> float:
    """Points that other stops of a trial row lose (negative: win) because their half-days change, each by itself."""
    lost = 0.0
    for i in range(count):
        other = work.cell[i, STOP]
        if other == stop:
            continue
        pattern = plan.pattern[other]
        part = part_of(choice, pattern, day)
        if plan.half[other, part] == room.at[i, A_HALF]:
            continue
        halves = plan.half[other].copy()
        halves[part] = room.at[i, A_HALF]
        rhythm, first, end = (
            choice.pattern[pattern, P_RHYTHM],
            choice.pattern[pattern, P_FIRST],
            choice.pattern[pattern, P_END],
        )
        for pair in range(need.pair_ptr[other], need.pair_ptr[other + 1]):
            group = need.pair_group[pair]
            kind = need.kind[group]
            size = need.group[group, 0] * need.pair_factor[pair]
            now = size * plan.factor[other, kind]
            if now >= plan.best[group] - 1e-9:
                lost += now - size * factor_of(need, other, first, end, rhythm, choice.part, halves, kind)
    return lost


@njit(nogil=True, cache=True)
def _trial(
    clock: Clock, plan: Plan, work: Work, row: int, at: int, stop: int, mask: int, rhythm: int, low: int, room: Day
) -> float:
    """Cost of a row with the stop at a position; negative if no times are found."""
    count = plan.filled[row]
    for i in range(count + 1):
        if i != at:
            k = i if i < at else i - 1
            for c in range(4):
                work.cell[i, c] = plan.cell[row, k, c]
    work.cell[at, STOP], work.cell[at, WEEKS], work.cell[at, RHYTHM], work.cell[at, LOW] = stop, mask, rhythm, low
    return schedule(clock, row // clock.weekdays, row % clock.weekdays, count + 1, work.cell, room)


@njit(nogil=True, cache=True)
def _fixed_of(clock: Clock, plan: Plan, vehicle: int) -> float:
    for row in range(vehicle * clock.weekdays, (vehicle + 1) * clock.weekdays):
        if plan.filled[row]:
            return 0.0
    return clock.money[vehicle, EUR_YEAR]


@njit(nogil=True, cache=True)
def _candidate(work: Work, value: float, pattern: int, vehicle: int) -> None:
    """Keep the candidates with the smallest values, best first."""
    size = work.value.size
    if value >= work.value[size - 1]:
        return
    at = size - 1
    while at > 0 and work.value[at - 1] > value:
        work.value[at] = work.value[at - 1]
        work.which[at, 0], work.which[at, 1] = work.which[at - 1, 0], work.which[at - 1, 1]
        at -= 1
    work.value[at], work.which[at, 0], work.which[at, 1] = value, pattern, vehicle


@njit(nogil=True, cache=True)
def _hopes(
    clock: Clock, need: Need, choice: Choice, plan: Plan, work: Work, stop: int, weight: NDArray[np.float64]
) -> None:
    """What serving the stop is worth beside points, and what the plan costs now."""
    work.hope[H_COST], work.hope[H_FIXED] = spent(clock, plan)
    work.hope[H_WORTH] = weight[0] if choice.must[stop] else 0.0
    short = need.cover_persons - plan.total[COVERED]
    target = 0.0
    if short > 0:
        for pair in range(need.pair_ptr[stop], need.pair_ptr[stop + 1]):
            group = need.pair_group[pair]
            if plan.covered[group]:
                continue
            for k in range(need.group_ptr[group], need.group_ptr[group + 1]):
                if need.by_group[k, 0] == stop and need.by_group[k, 1]:
                    target += need.group[group, 1]
        target = weight[1] * min(target, short)
    work.hope[H_TARGET] = target


@njit(nogil=True, cache=True)
def _candidates(
    clock: Clock,
    need: Need,
    choice: Choice,
    plan: Plan,
    work: Work,
    stop: int,
    weight: NDArray[np.float64],
    blink: float,
) -> None:
    """The most promising patterns and vehicles, judged by detours."""
    cars = clock.money.shape[0]
    spent_now = work.hope[H_COST] + work.hope[H_FIXED]
    over = max(0.0, spent_now - choice.budget_eur)
    work.gain[:] = -1.0
    work.value[:] = _FAR
    size = work.value.size
    for pattern in range(choice.pattern.shape[0]):
        if not choice.pattern_ok[stop, pattern] or (blink > 0 and draw(work.random) < blink):
            continue
        hope = work.hope[H_WORTH]
        if choice.target_rhythm[choice.pattern[pattern, P_RHYTHM]]:
            hope += work.hope[H_TARGET]
        first, end = choice.pattern[pattern, P_FIRST], choice.pattern[pattern, P_END]
        cheapest = 0.0
        for part in range(first, end):
            least = _FAR
            for vehicle in range(cars):
                least = min(
                    least, work.price[vehicle * clock.weekdays + choice.part[part, T_DAY], choice.part[part, T_SORT], 0]
                )
            cheapest += least
        if cheapest >= _FAR:
            continue
        if need.point_eur > 0:
            key = choice.pattern[pattern, P_KEY]
            if work.gain[key] < 0:
                work.gain[key] = _hopeful(clock, need, choice, plan, stop, pattern)
            hope += need.point_eur * work.gain[key]
        if cheapest - hope >= work.value[size - 1]:
            continue
        for vehicle in range(cars):
            total = 0.0
            for part in range(first, end):
                total += work.price[vehicle * clock.weekdays + choice.part[part, T_DAY], choice.part[part, T_SORT], 0]
            if total >= _FAR:
                continue
            first_use = _fixed_of(clock, plan, vehicle)
            fine = weight[2] * (max(0.0, spent_now + total + first_use - choice.budget_eur) - over)
            _candidate(work, total + (first_use if choice.fixed_counts else 0.0) + fine - hope, pattern, vehicle)
        if not choice.one_vehicle and end - first > 1:
            fine = weight[2] * (max(0.0, spent_now + cheapest - choice.budget_eur) - over)
            _candidate(work, cheapest + fine - hope, pattern, -1)


@njit(nogil=True, cache=True)
def insert_best(
    clock: Clock,
    need: Need,
    choice: Choice,
    plan: Plan,
    work: Work,
    stop: int,
    weight: NDArray[np.float64],
    blink: float,
    slack: float,
    room: Day,
) -> bool:
    """Take a stop into the plan in the way that improves the objective most, or makes it worse by less than `slack`.

    Parameters
    ----------
    weight
        float64 (3 or more,): worth of a stop that must be served, of a person of the target, of a EUR over the budget.
    blink
        Share of the positions and patterns overlooked at random.
    slack
        What the stop may cost at first: a day may pay only when it has several stops.

    Returns
    -------
    bool
        Whether the stop is served now.

    Notes
    -----
    All positions are judged by their detour; the most promising patterns and vehicles are then scheduled with clock times, at several positions
    and, where they have two half-days, in each.
    """
    work.wanted[:] = False
    for pattern in range(choice.pattern.shape[0]):
        if choice.pattern_ok[stop, pattern]:
            for part in range(choice.pattern[pattern, P_FIRST], choice.pattern[pattern, P_END]):
                for vehicle in range(clock.money.shape[0]):
                    if choice.vehicle_ok[vehicle, stop]:
                        work.wanted[vehicle * clock.weekdays + choice.part[part, T_DAY], choice.part[part, T_SORT]] = (
                            True
                        )
    for row in range(plan.filled.size):
        _detours(clock, plan, work, row, stop)
        _table(clock, choice, plan, work, row, stop, blink)
    _hopes(clock, need, choice, plan, work, stop, weight)
    _candidates(clock, need, choice, plan, work, stop, weight, blink)
    best, chosen = slack, -1
    for c in range(work.value.size):
        if work.value[c] >= min(best, _FAR / 2):
            break
        pattern = work.which[c, 0]
        value = _exact(clock, need, choice, plan, work, stop, pattern, work.which[c, 1], weight, room)
        if value < best:
            best, chosen = value, pattern
            for k in range(work.pick.shape[0]):
                work.best_half[k] = work.half[k]
                for col in range(3):
                    work.pick[k, BEST_AT + col] = work.pick[k, TRY_AT + col]
    if chosen < 0:
        return False
    plan.pattern[stop] = chosen
    first, end = choice.pattern[chosen, P_FIRST], choice.pattern[chosen, P_END]
    for part in range(first, end):
        k = part - first
        plan.vehicle[stop, k], plan.half[stop, k] = work.pick[k, BEST_CAR], work.best_half[k]
        row = work.pick[k, BEST_CAR] * clock.weekdays + choice.part[part, T_DAY]
        put(
            plan,
            row,
            work.pick[k, BEST_AT],
            stop,
            choice.part[part, T_WEEKS],
            choice.pattern[chosen, P_RHYTHM],
            work.pick[k, BEST_LOW],
        )
    refresh(need, choice, plan, stop)
    for part in range(first, end):
        row = work.pick[part - first, BEST_CAR] * clock.weekdays + choice.part[part, T_DAY]
        if not reschedule(clock, need, choice, plan, row, room):
            work.stale[row] = True
    return True


@njit(nogil=True, cache=True)
def _exact(
    clock: Clock,
    need: Need,
    choice: Choice,
    plan: Plan,
    work: Work,
    stop: int,
    pattern: int,
    only_vehicle: int,
    weight: NDArray[np.float64],
    room: Day,
) -> float:
    """Change of the objective (less is better) if the stop is taken in so, with clock times; the choice stands in ``work.pick``."""
    rhythm, first, end = (
        choice.pattern[pattern, P_RHYTHM],
        choice.pattern[pattern, P_FIRST],
        choice.pattern[pattern, P_END],
    )
    halves = clock.hours.shape[1]
    for part in range(first, end):
        # Until it is known, the half-day is the first allowed.
        work.half[part - first] = 0
        for half in range(halves - 1, -1, -1):
            if clock.allowed[stop, choice.part[part, T_DAY], half]:
                work.half[part - first] = half
    extra, lost, more_fixed = 0.0, 0.0, 0.0
    for part in range(first, end):
        k, day, c = part - first, choice.part[part, T_DAY], choice.part[part, T_SORT]
        vehicle = only_vehicle
        if vehicle < 0:
            least = _FAR
            for v in range(clock.money.shape[0]):
                if work.price[v * clock.weekdays + day, c, 0] < least:
                    least, vehicle = work.price[v * clock.weekdays + day, c, 0], v
        if only_vehicle < 0 or part == first:
            more_fixed += _fixed_of(clock, plan, vehicle)
        row = vehicle * clock.weekdays + day
        work.pick[k, TRY_CAR] = vehicle
        if choice.plain:
            extra += work.price[row, c, 0]
            work.pick[k, TRY_AT], work.pick[k, TRY_LOW] = work.place[row, c, 0], 0
            continue
        before = plan.cost[row] if plan.filled[row] else 0.0
        best, best_cost, best_lost, best_half = _FAR, 0.0, 0.0, 0
        late = False
        for low in range(halves):
            for rank in range(RANKS):
                if work.price[row, c, rank] >= _FAR or (low > 0 and (late or rank > 0)):
                    break
                at = work.place[row, c, rank]
                cost = _trial(clock, plan, work, row, at, stop, choice.part[part, T_WEEKS], rhythm, low, room)
                if cost < 0:
                    continue
                half = room.at[at, A_HALF]
                late |= half > low and rank == 0
                gone = 0.0
                value = cost - before
                if need.point_eur > 0 and halves > 1:
                    gone = _others(need, choice, plan, work, day, plan.filled[row] + 1, stop, room)
                    work.half[k] = half
                    value += need.point_eur * (gone - _gain_with(need, choice, plan, work, stop, pattern))
                if value < best:
                    best, best_cost, best_lost, best_half = value, cost - before, gone, half
                    work.pick[k, TRY_AT], work.pick[k, TRY_LOW] = at, low
        if best >= _FAR:
            return _FAR
        work.half[k] = best_half
        extra += best_cost
        lost += best_lost
    value = extra - work.hope[H_WORTH] - (work.hope[H_TARGET] if choice.target_rhythm[rhythm] else 0.0)
    if need.point_eur > 0:
        value += need.point_eur * (lost - _gain_with(need, choice, plan, work, stop, pattern))
    if choice.fixed_counts:
        value += more_fixed
    spent_now = work.hope[H_COST] + work.hope[H_FIXED]
    over = max(0.0, spent_now - choice.budget_eur)
    return value + weight[2] * (max(0.0, spent_now + extra + more_fixed - choice.budget_eur) - over)
