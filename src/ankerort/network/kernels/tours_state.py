"""A whole plan while the search changes it: weekdays of vehicles, who serves whom, and what it costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.tours import (
    A_HALF,
    A_START,
    AFTER,
    DROVE,
    EUR_YEAR,
    HALF,
    LOW,
    REST,
    RHYTHM,
    START,
    STAYS,
    STOP,
    WEEKS,
    Clock,
    Day,
    schedule,
)

# Columns of `Choice.pattern`, `Choice.part` and `Choice.sort`.
P_RHYTHM, P_FIRST, P_END, P_KEY = range(4)
T_DAY, T_WEEKS, T_SORT = range(3)


class Need(NamedTuple):
    """Who needs what: groups (columns points, persons), pairs by stop and by group; names as in ``ankerort.mobile.problem.Needs``.

    `by_group` has the columns stop and whether the pair counts for the target.
    """

    point_eur: float
    cover_persons: float
    group: NDArray[np.float64]
    kind: NDArray[np.int64]
    benefit: NDArray[np.float64]
    preference: NDArray[np.float64]
    slot_factor: NDArray[np.float64]
    served_share: NDArray[np.float64]
    pair_ptr: NDArray[np.int64]
    pair_group: NDArray[np.int64]
    pair_factor: NDArray[np.float64]
    group_ptr: NDArray[np.int64]
    by_group: NDArray[np.int64]
    group_factor: NDArray[np.float64]


class Choice(NamedTuple):
    """What may be chosen.

    Parameters
    ----------
    plain
        Neither hours nor breaks bind: the detour says what a visit costs.
    one_vehicle, fixed_counts, budget_eur
        All parts by one vehicle; the objective has the fixed cost of vehicles; most cost per year.
    pattern
        int64 (patterns, 4): rhythm, first part, end of its parts, key (patterns of one rhythm and weekdays bring the same points).
    part
        int64 (parts, 3): weekday, weeks as bits, sort.
    sort
        int64 (sorts, 2): weeks and rhythm of each sort of part.
    pattern_ok, must, vehicle_ok, target_rhythm
        As in the problem.
    near
        int64 (stops, stops): per stop all stops by driving time, itself first.
    """

    plain: bool
    one_vehicle: bool
    fixed_counts: bool
    budget_eur: float
    keys: int
    pattern: NDArray[np.int64]
    part: NDArray[np.int64]
    sort: NDArray[np.int64]
    pattern_ok: NDArray[np.bool_]
    must: NDArray[np.bool_]
    vehicle_ok: NDArray[np.bool_]
    target_rhythm: NDArray[np.bool_]
    near: NDArray[np.int64]


# Columns of `Plan.week`, `Plan.sums`, `Plan.total`.
W_AFTER, W_REST, W_DROVE, W_STAYS = range(4)
POINTS, COVERED = range(2)


class Plan(NamedTuple):
    """A plan; a row is a weekday of a vehicle, row = vehicle * weekdays + weekday.

    Parameters
    ----------
    filled
        int64 (rows,): stops of the row.
    cell
        int64 (rows, positions, 6): STOP, WEEKS, RHYTHM, LOW, START, HALF.
    week
        int64 (rows, weeks, 4): position of the break and its length, driving, stays.
    sums
        float64 (rows, weeks, 3): metres, EUR of the drives, load.
    cost
        float64 (rows,): per year.
    dirty
        bool (rows,): changed since it was last equal to its backup.
    pattern
        int64 (stops,).
    vehicle, half
        int64 (stops, parts).
    factor
        float64 (stops, kinds): what the stop gives a group at its door.
    best, covered
        float64, bool (groups,): points; whether the target counts them.
    total
        float64 (2,): points, covered persons.
    """

    filled: NDArray[np.int64]
    cell: NDArray[np.int64]
    week: NDArray[np.int64]
    sums: NDArray[np.float64]
    cost: NDArray[np.float64]
    dirty: NDArray[np.bool_]
    pattern: NDArray[np.int64]
    vehicle: NDArray[np.int64]
    half: NDArray[np.int64]
    factor: NDArray[np.float64]
    best: NDArray[np.float64]
    covered: NDArray[np.bool_]
    total: NDArray[np.float64]


@njit(nogil=True, cache=True)
def new_plan(stops: int, rows: int, weeks: int, parts: int, kinds: int, groups: int) -> Plan:
    """Return an empty plan."""
    i = np.int64
    n = max(stops, 1)
    week = np.zeros((rows, weeks, 4), i)
    week[:, :, W_AFTER] = -1
    return Plan(
        np.zeros(rows, i),
        np.zeros((rows, n, 6), i),
        week,
        np.zeros((rows, weeks, 3)),
        np.zeros(rows),
        np.zeros(rows, np.bool_),
        np.full(n, -1, i),
        np.full((n, parts), -1, i),
        np.full((n, parts), -1, i),
        np.zeros((n, max(kinds, 1))),
        np.zeros(max(groups, 1)),
        np.zeros(max(groups, 1), np.bool_),
        np.zeros(2),
    )


@njit(nogil=True, cache=True)
def copy_rows(source: Plan, target: Plan, which: NDArray[np.bool_]) -> None:
    """Copy some rows and the decisions of all stops; not the groups."""
    for row in range(source.filled.size):
        if which[row]:
            count = source.filled[row]
            target.filled[row] = count
            target.cost[row] = source.cost[row]
            target.cell[row, :count] = source.cell[row, :count]
            target.week[row] = source.week[row]
            target.sums[row] = source.sums[row]
    target.pattern[:] = source.pattern
    target.vehicle[:] = source.vehicle
    target.half[:] = source.half


@njit(nogil=True, cache=True)
def factor_of(
    need: Need,
    stop: int,
    first: int,
    end: int,
    rhythm: int,
    part: NDArray[np.int64],
    halves: NDArray[np.int64],
    kind: int,
) -> float:
    """Factor of a kind of need at a stop whose parts ``first:end`` lie in `halves`."""
    total = 0.0
    for k in range(first, end):
        day, half = part[k, T_DAY], halves[k - first]
        total += need.preference[kind, day, half] * need.slot_factor[stop, day, half]
    return need.benefit[kind, rhythm] * need.served_share[stop, rhythm] * total / (end - first)


@njit(nogil=True, cache=True)
def refresh(need: Need, choice: Choice, plan: Plan, stop: int) -> None:
    """Work out anew what the stop gives, and which stop serves best each group near it."""
    pattern = plan.pattern[stop]
    if pattern >= 0:
        rhythm, first, end = (
            choice.pattern[pattern, P_RHYTHM],
            choice.pattern[pattern, P_FIRST],
            choice.pattern[pattern, P_END],
        )
        for kind in range(need.benefit.shape[0]):
            plan.factor[stop, kind] = factor_of(need, stop, first, end, rhythm, choice.part, plan.half[stop], kind)
    else:
        plan.factor[stop, :] = 0.0
    for pair in range(need.pair_ptr[stop], need.pair_ptr[stop + 1]):
        group = need.pair_group[pair]
        kind = need.kind[group]
        best, covered = 0.0, False
        for k in range(need.group_ptr[group], need.group_ptr[group + 1]):
            other = need.by_group[k, 0]
            if plan.pattern[other] >= 0:
                best = max(best, need.group_factor[k] * plan.factor[other, kind])
                if need.by_group[k, 1] and choice.target_rhythm[choice.pattern[plan.pattern[other], P_RHYTHM]]:
                    covered = True
        best *= need.group[group, 0]
        plan.total[POINTS] += best - plan.best[group]
        plan.best[group] = best
        if covered != plan.covered[group]:
            plan.total[COVERED] += need.group[group, 1] if covered else -need.group[group, 1]
            plan.covered[group] = covered


@njit(nogil=True, cache=True)
def resum(need: Need, plan: Plan) -> None:
    """Add up points and covered persons afresh, so that rounding errors do not pile up."""
    plan.total[:] = 0.0
    for group in range(need.group.shape[0]):
        plan.total[POINTS] += plan.best[group]
        if plan.covered[group]:
            plan.total[COVERED] += need.group[group, 1]


@njit(nogil=True, cache=True)
def take(need: Need, choice: Choice, plan: Plan, source: Plan, all_rows: bool) -> None:
    """Make `plan` equal to `source`: its changed rows (or all), and the groups near stops that differ."""
    differs = np.zeros(plan.pattern.size, np.bool_)
    for stop in range(plan.pattern.size):
        differs[stop] = plan.pattern[stop] != source.pattern[stop]
        for k in range(plan.half.shape[1]):
            differs[stop] |= plan.half[stop, k] != source.half[stop, k]
    if all_rows:
        plan.dirty[:] = True
    copy_rows(source, plan, plan.dirty)
    for stop in range(plan.pattern.size):
        if differs[stop]:
            refresh(need, choice, plan, stop)
    plan.dirty[:] = False


@njit(nogil=True, cache=True)
def part_of(choice: Choice, pattern: int, day: int) -> int:
    """Number of the part of a pattern on a weekday."""
    for part in range(choice.pattern[pattern, P_FIRST], choice.pattern[pattern, P_END]):
        if choice.part[part, T_DAY] == day:
            return part - choice.pattern[pattern, P_FIRST]
    return -1


@njit(nogil=True, cache=True)
def reschedule(clock: Clock, need: Need, choice: Choice, plan: Plan, row: int, room: Day) -> bool:
    """Find clock times of a row and note its cost; False, with nothing changed, if there are none."""
    vehicle, day = row // clock.weekdays, row % clock.weekdays
    count = plan.filled[row]
    plan.dirty[row] = True
    cost = schedule(clock, vehicle, day, count, plan.cell[row], room)
    if cost < 0:
        return False
    plan.cost[row] = cost
    for week in range(clock.weeks):
        plan.week[row, week, W_AFTER], plan.week[row, week, W_REST] = room.week[week, AFTER], room.week[week, REST]
        plan.week[row, week, W_DROVE], plan.week[row, week, W_STAYS] = room.week[week, DROVE], room.week[week, STAYS]
        plan.sums[row, week] = room.sums[week]
    for i in range(count):
        stop = plan.cell[row, i, STOP]
        plan.cell[row, i, START], plan.cell[row, i, HALF] = room.at[i, A_START], room.at[i, A_HALF]
        part = part_of(choice, plan.pattern[stop], day)
        if plan.half[stop, part] != room.at[i, A_HALF]:
            plan.half[stop, part] = room.at[i, A_HALF]
            refresh(need, choice, plan, stop)
    return True


@njit(nogil=True, cache=True)
def put(plan: Plan, row: int, at: int, stop: int, weeks: int, rhythm: int, low: int) -> None:
    """Put a stop at a position of a row; times come with `reschedule`."""
    for i in range(plan.filled[row], at, -1):
        for c in range(6):
            plan.cell[row, i, c] = plan.cell[row, i - 1, c]
    cell = plan.cell[row, at]
    cell[STOP], cell[WEEKS], cell[RHYTHM], cell[LOW], cell[START], cell[HALF] = stop, weeks, rhythm, low, 0, low
    plan.filled[row] += 1
    plan.dirty[row] = True


@njit(nogil=True, cache=True)
def drop(need: Need, choice: Choice, plan: Plan, stop: int, weekdays: int, stale: NDArray[np.bool_]) -> None:
    """Take a stop out of the plan; its rows become `stale`, to be scheduled anew."""
    pattern = plan.pattern[stop]
    first = choice.pattern[pattern, P_FIRST]
    for part in range(first, choice.pattern[pattern, P_END]):
        row = plan.vehicle[stop, part - first] * weekdays + choice.part[part, T_DAY]
        at = 0
        while plan.cell[row, at, STOP] != stop:
            at += 1
        for i in range(at, plan.filled[row] - 1):
            for c in range(6):
                plan.cell[row, i, c] = plan.cell[row, i + 1, c]
        plan.filled[row] -= 1
        plan.dirty[row] = True
        stale[row] = True
    plan.pattern[stop] = -1
    plan.vehicle[stop, :] = -1
    plan.half[stop, :] = -1
    refresh(need, choice, plan, stop)


@njit(nogil=True, cache=True)
def settle(clock: Clock, need: Need, choice: Choice, plan: Plan, stale: NDArray[np.bool_], room: Day) -> None:
    """Schedule stale rows; a row for which no times are found loses its last stop until there are some."""
    again = True
    while again:
        again = False
        for row in range(plan.filled.size):
            if not stale[row]:
                continue
            stale[row] = False
            while not reschedule(clock, need, choice, plan, row, room):
                drop(need, choice, plan, plan.cell[row, plan.filled[row] - 1, STOP], clock.weekdays, stale)
                stale[row] = False
                again = True


@njit(nogil=True, cache=True)
def spent(clock: Clock, plan: Plan) -> tuple[float, float]:
    """Cost per year without and fixed cost of the vehicles used."""
    cost, fixed = 0.0, 0.0
    for vehicle in range(clock.money.shape[0]):
        used = False
        for row in range(vehicle * clock.weekdays, (vehicle + 1) * clock.weekdays):
            if plan.filled[row]:
                cost += plan.cost[row]
                used = True
        if used:
            fixed += clock.money[vehicle, EUR_YEAR]
    return cost, fixed


@njit(nogil=True, cache=True)
def absent(must: NDArray[np.bool_], plan: Plan) -> int:
    """Number of stops that must be served and are not."""
    count = 0
    for stop in range(must.size):
        if must[stop] and plan.pattern[stop] < 0:
            count += 1
    return count
