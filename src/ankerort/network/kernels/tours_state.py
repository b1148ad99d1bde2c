"""A whole plan while the search changes it: weekdays of vehicles, who serves whom, and what it costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.tours import EUR_YEAR, Day, TourData, schedule


class Plan(NamedTuple):
    """A plan; a row is a weekday of a vehicle, row = vehicle * weekdays + weekday.

    By row and position: `seq` (stop), `mask` (weeks), `rhythm`, `low` (first half-day that may be used), `start`, `half`. By row and week:
    `after` (position of the break), `rest`, and the sums `drive`, `stays`, `metres`, `loads`. By stop: `pattern`, per part `vehicle` and
    `part_half`, per kind of need `factor`. By group: `best` (points), `covered`. `total`: points, covered persons.
    """

    count: NDArray[np.int64]
    seq: NDArray[np.int64]
    mask: NDArray[np.int64]
    rhythm: NDArray[np.int64]
    low: NDArray[np.int64]
    start: NDArray[np.int64]
    half: NDArray[np.int64]
    after: NDArray[np.int64]
    rest: NDArray[np.int64]
    drive: NDArray[np.int64]
    stays: NDArray[np.int64]
    metres: NDArray[np.float64]
    loads: NDArray[np.float64]
    cost: NDArray[np.float64]
    dirty: NDArray[np.bool_]
    pattern: NDArray[np.int64]
    vehicle: NDArray[np.int64]
    part_half: NDArray[np.int64]
    factor: NDArray[np.float64]
    best: NDArray[np.float64]
    covered: NDArray[np.bool_]
    total: NDArray[np.float64]


POINTS, COVERED = range(2)


@njit(nogil=True, cache=True)
def new_plan(stops: int, rows: int, weeks: int, parts: int, kinds: int, groups: int) -> Plan:
    """Return an empty plan."""
    i, f = np.int64, np.float64
    n = max(stops, 1)
    return Plan(
        np.zeros(rows, i),
        np.zeros((rows, n), i),
        np.zeros((rows, n), i),
        np.zeros((rows, n), i),
        np.zeros((rows, n), i),
        np.zeros((rows, n), i),
        np.zeros((rows, n), i),
        np.full((rows, weeks), -1, i),
        np.zeros((rows, weeks), i),
        np.zeros((rows, weeks), i),
        np.zeros((rows, weeks), i),
        np.zeros((rows, weeks), f),
        np.zeros((rows, weeks), f),
        np.zeros(rows, f),
        np.zeros(rows, np.bool_),
        np.full(n, -1, i),
        np.full((n, parts), -1, i),
        np.full((n, parts), -1, i),
        np.zeros((n, max(kinds, 1)), f),
        np.zeros(max(groups, 1), f),
        np.zeros(max(groups, 1), np.bool_),
        np.zeros(2, f),
    )


@njit(nogil=True, cache=True)
def copy_rows(source: Plan, target: Plan, which: NDArray[np.bool_]) -> None:
    """Copy some rows and the decisions of all stops; not the groups."""
    for row in range(source.count.size):
        if not which[row]:
            continue
        target.count[row] = source.count[row]
        target.cost[row] = source.cost[row]
        for i in range(source.count[row]):
            target.seq[row, i] = source.seq[row, i]
            target.mask[row, i] = source.mask[row, i]
            target.rhythm[row, i] = source.rhythm[row, i]
            target.low[row, i] = source.low[row, i]
            target.start[row, i] = source.start[row, i]
            target.half[row, i] = source.half[row, i]
        for week in range(source.after.shape[1]):
            target.after[row, week] = source.after[row, week]
            target.rest[row, week] = source.rest[row, week]
            target.drive[row, week] = source.drive[row, week]
            target.stays[row, week] = source.stays[row, week]
            target.metres[row, week] = source.metres[row, week]
            target.loads[row, week] = source.loads[row, week]
    for stop in range(source.pattern.size):
        target.pattern[stop] = source.pattern[stop]
        for part in range(source.vehicle.shape[1]):
            target.vehicle[stop, part] = source.vehicle[stop, part]
            target.part_half[stop, part] = source.part_half[stop, part]


@njit(nogil=True, cache=True)
def factor_of(data: TourData, stop: int, pattern: int, halves: NDArray[np.int64], kind: int) -> float:
    """Factor of a kind of need at a stop with a pattern whose parts lie in `halves`."""
    rhythm, first, end = data.rhythm[pattern], data.part_ptr[pattern], data.part_ptr[pattern + 1]
    total = 0.0
    for part in range(first, end):
        day, half = data.part_day[part], halves[part - first]
        total += data.preference[kind, day, half] * data.slot_factor[stop, day, half]
    return data.benefit[kind, rhythm] * data.served_share[stop, rhythm] * total / (end - first)


@njit(nogil=True, cache=True)
def refresh(data: TourData, plan: Plan, stop: int) -> None:
    """Work out anew what the stop gives, and which stop serves best each group near it."""
    pattern = plan.pattern[stop]
    for kind in range(data.benefit.shape[0]):
        plan.factor[stop, kind] = factor_of(data, stop, pattern, plan.part_half[stop], kind) if pattern >= 0 else 0.0
    for pair in range(data.pair_ptr[stop], data.pair_ptr[stop + 1]):
        group = data.pair_group[pair]
        kind = data.need_kind[group]
        best, covered = 0.0, False
        for k in range(data.group_ptr[group], data.group_ptr[group + 1]):
            other = data.group_stop[k]
            if plan.pattern[other] >= 0:
                best = max(best, data.group_factor[k] * plan.factor[other, kind])
                if data.group_target[k] and data.target_rhythm[data.rhythm[plan.pattern[other]]]:
                    covered = True
        best *= data.points[group]
        plan.total[POINTS] += best - plan.best[group]
        plan.best[group] = best
        if covered != plan.covered[group]:
            plan.total[COVERED] += data.persons[group] if covered else -data.persons[group]
            plan.covered[group] = covered


@njit(nogil=True, cache=True)
def resum(data: TourData, plan: Plan) -> None:
    """Add up points and covered persons afresh, so that rounding errors do not pile up."""
    plan.total[:] = 0.0
    for group in range(data.points.size):
        plan.total[POINTS] += plan.best[group]
        if plan.covered[group]:
            plan.total[COVERED] += data.persons[group]


@njit(nogil=True, cache=True)
def take(data: TourData, plan: Plan, source: Plan, all_rows: bool) -> None:
    """Make `plan` equal to `source`: its changed rows (or all), and the groups near stops that differ."""
    differs = np.zeros(plan.pattern.size, np.bool_)
    for stop in range(plan.pattern.size):
        differs[stop] = plan.pattern[stop] != source.pattern[stop]
        for part in range(plan.part_half.shape[1]):
            differs[stop] |= plan.part_half[stop, part] != source.part_half[stop, part]
    if all_rows:
        plan.dirty[:] = True
    copy_rows(source, plan, plan.dirty)
    for stop in range(plan.pattern.size):
        if differs[stop]:
            refresh(data, plan, stop)
    plan.dirty[:] = False


@njit(nogil=True, cache=True)
def part_of(data: TourData, pattern: int, day: int) -> int:
    """Number of the part of a pattern on a weekday."""
    for part in range(data.part_ptr[pattern], data.part_ptr[pattern + 1]):
        if data.part_day[part] == day:
            return part - data.part_ptr[pattern]
    return -1


@njit(nogil=True, cache=True)
def reschedule(data: TourData, plan: Plan, row: int, room: Day) -> bool:
    """Find clock times of a row and note its cost; False if there are none (then only the sums of the row are new)."""
    vehicle, day = row // data.weekdays, row % data.weekdays
    count = plan.count[row]
    plan.dirty[row] = True
    _sums(data, plan, row, vehicle)
    cost = schedule(data, vehicle, day, count, plan.seq[row], plan.mask[row], plan.rhythm[row], plan.low[row], room)
    if cost < 0:
        return False
    plan.cost[row] = cost
    for week in range(data.weeks):
        plan.after[row, week] = room.after[week] if count else -1
        plan.rest[row, week] = room.rest[week] if count else 0
    for i in range(count):
        stop = plan.seq[row, i]
        plan.start[row, i] = room.start[i]
        plan.half[row, i] = room.half[i]
        part = part_of(data, plan.pattern[stop], day)
        if plan.part_half[stop, part] != room.half[i]:
            plan.part_half[stop, part] = room.half[i]
            refresh(data, plan, stop)
    return True


@njit(nogil=True, cache=True)
def _sums(data: TourData, plan: Plan, row: int, vehicle: int) -> None:
    kind, depot = data.kind[vehicle], data.depot[vehicle]
    for week in range(data.weeks):
        drive, stays, metres, load = 0, 0, 0.0, 0.0
        last = depot
        for i in range(plan.count[row]):
            if plan.mask[row, i] >> week & 1:
                stop = plan.seq[row, i]
                drive += data.travel_s[kind, last, stop]
                metres += data.travel_m[kind, last, stop]
                stays += data.stay_s[stop, plan.rhythm[row, i]]
                load += data.load[stop, plan.rhythm[row, i]]
                last = stop
        if last != depot:
            drive += data.travel_s[kind, last, depot]
            metres += data.travel_m[kind, last, depot]
        plan.drive[row, week], plan.stays[row, week] = drive, stays
        plan.metres[row, week], plan.loads[row, week] = metres, load


@njit(nogil=True, cache=True)
def put(plan: Plan, row: int, at: int, stop: int, weeks: int, rhythm: int, low: int) -> None:
    """Put a stop at a position of a row; times come with `reschedule`."""
    for i in range(plan.count[row], at, -1):
        plan.seq[row, i] = plan.seq[row, i - 1]
        plan.mask[row, i] = plan.mask[row, i - 1]
        plan.rhythm[row, i] = plan.rhythm[row, i - 1]
        plan.low[row, i] = plan.low[row, i - 1]
        plan.start[row, i] = plan.start[row, i - 1]
        plan.half[row, i] = plan.half[row, i - 1]
    plan.seq[row, at], plan.mask[row, at], plan.rhythm[row, at], plan.low[row, at] = stop, weeks, rhythm, low
    plan.count[row] += 1
    plan.dirty[row] = True


@njit(nogil=True, cache=True)
def drop(data: TourData, plan: Plan, stop: int, stale: NDArray[np.bool_]) -> None:
    """Take a stop out of the plan; its rows become `stale`, to be scheduled anew."""
    pattern = plan.pattern[stop]
    for part in range(data.part_ptr[pattern], data.part_ptr[pattern + 1]):
        row = plan.vehicle[stop, part - data.part_ptr[pattern]] * data.weekdays + data.part_day[part]
        at = 0
        while plan.seq[row, at] != stop:
            at += 1
        for i in range(at, plan.count[row] - 1):
            plan.seq[row, i] = plan.seq[row, i + 1]
            plan.mask[row, i] = plan.mask[row, i + 1]
            plan.rhythm[row, i] = plan.rhythm[row, i + 1]
            plan.low[row, i] = plan.low[row, i + 1]
            plan.start[row, i] = plan.start[row, i + 1]
            plan.half[row, i] = plan.half[row, i + 1]
        plan.count[row] -= 1
        plan.dirty[row] = True
        stale[row] = True
    plan.pattern[stop] = -1
    plan.vehicle[stop, :] = -1
    plan.part_half[stop, :] = -1
    refresh(data, plan, stop)


@njit(nogil=True, cache=True)
def settle(data: TourData, plan: Plan, stale: NDArray[np.bool_], room: Day) -> None:
    """Schedule stale rows; a row for which no times are found loses its last stop until there are some."""
    again = True
    while again:
        again = False
        for row in range(plan.count.size):
            if not stale[row]:
                continue
            stale[row] = False
            while not reschedule(data, plan, row, room):
                drop(data, plan, plan.seq[row, plan.count[row] - 1], stale)
                stale[row] = False
                again = True


@njit(nogil=True, cache=True)
def money(data: TourData, plan: Plan) -> tuple[float, float]:
    """Cost per year without and fixed cost of the vehicles used."""
    cost, fixed = 0.0, 0.0
    for vehicle in range(data.kind.size):
        used = False
        for row in range(vehicle * data.weekdays, (vehicle + 1) * data.weekdays):
            cost += plan.cost[row] if plan.count[row] else 0.0
            used = used or plan.count[row] > 0
        if used:
            fixed += data.eur[vehicle, EUR_YEAR]
    return cost, fixed


@njit(nogil=True, cache=True)
def absent(data: TourData, plan: Plan) -> int:
    """Number of stops that must be served and are not."""
    count = 0
    for stop in range(data.must.size):
        if data.must[stop] and plan.pattern[stop] < 0:
            count += 1
    return count
