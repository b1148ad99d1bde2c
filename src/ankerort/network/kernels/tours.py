"""Clock times of one weekday of one vehicle: the same in all weeks, with breaks, found in one pass over a common order of the stops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

_NEVER = 1e18


class TourData(NamedTuple):
    """A mobile problem as flat arrays; names and meaning as in ``ankerort.mobile.problem`` (this room knows no upper floor).

    `begin_s` and `until_s` are half-day and hours of the stop intersected; `near` lists per stop the others by driving time. A class of parts has
    the same weeks and rhythm; patterns with the same `key` have the same rhythm and weekdays, so that they bring the same points. `plain` problems
    have neither hours nor breaks that bind.
    """

    weeks: int
    weekdays: int
    cycles: float
    grid_s: int
    thorough: bool
    plain: bool
    begin_s: NDArray[np.int64]
    until_s: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    slot_factor: NDArray[np.float64]
    pattern_ok: NDArray[np.bool_]
    must: NDArray[np.bool_]
    stay_s: NDArray[np.int64]
    served_share: NDArray[np.float64]
    load: NDArray[np.float64]
    vehicle_ok: NDArray[np.bool_]
    one_vehicle: bool
    travel_s: NDArray[np.int64]
    travel_m: NDArray[np.float64]
    drive_eur: NDArray[np.float64]
    rhythm: NDArray[np.int64]
    part_ptr: NDArray[np.int64]
    part_day: NDArray[np.int64]
    part_weeks: NDArray[np.int64]
    part_class: NDArray[np.int64]
    class_weeks: NDArray[np.int64]
    class_rhythm: NDArray[np.int64]
    key: NDArray[np.int64]
    keys: int
    kind: NDArray[np.int64]
    depot: NDArray[np.int64]
    limits_s: NDArray[np.int64]
    range_m: NDArray[np.float64]
    capacity: NDArray[np.float64]
    eur: NDArray[np.float64]
    points: NDArray[np.float64]
    persons: NDArray[np.float64]
    need_kind: NDArray[np.int64]
    benefit: NDArray[np.float64]
    preference: NDArray[np.float64]
    pair_ptr: NDArray[np.int64]
    pair_group: NDArray[np.int64]
    pair_factor: NDArray[np.float64]
    group_ptr: NDArray[np.int64]
    group_stop: NDArray[np.int64]
    group_factor: NDArray[np.float64]
    group_target: NDArray[np.bool_]
    target_rhythm: NDArray[np.bool_]
    near: NDArray[np.int64]
    point_eur: float
    budget_eur: float
    cover_persons: float
    fixed_counts: bool


# Columns of `TourData.limits_s` and `TourData.eur`.
LEAVE, BACK, TOUR, DRIVE, DRIVE_BREAK, WORK_BREAK, BREAK, LONG_WORK, LONG_BREAK, BREAK_FROM, BREAK_UNTIL, EXTRA = range(
    12
)
EUR_H, EUR_DAY, EUR_YEAR = range(3)


class Day(NamedTuple):
    """Room for one weekday of one vehicle: positions of the common order, then weeks.

    `start`, `half`, `low` (least clock time) per position; `after` (position of the break, -1 = none) and `rest` (its length) per week; the others
    are scratch.
    """

    start: NDArray[np.int64]
    half: NDArray[np.int64]
    low: NDArray[np.int64]
    after: NDArray[np.int64]
    rest: NDArray[np.int64]
    want: NDArray[np.int64]
    ready: NDArray[np.int64]
    last: NDArray[np.int64]
    first: NDArray[np.int64]
    drive: NDArray[np.int64]
    before: NDArray[np.int64]
    best_start: NDArray[np.int64]
    best_after: NDArray[np.int64]
    best_rest: NDArray[np.int64]
    need: NDArray[np.int64]
    metres: NDArray[np.float64]
    load: NDArray[np.float64]
    drive_eur: NDArray[np.float64]


@njit(nogil=True, cache=True)
def new_day(stops: int, weeks: int) -> Day:
    """Room for a weekday with up to `stops` stops."""
    i, w = np.int64, max(weeks, 1)
    n = max(stops, 1)
    return Day(
        np.zeros(n, i),
        np.zeros(n, i),
        np.zeros(n, i),
        np.full(w, -1, i),
        np.zeros(w, i),
        np.zeros(w, i),
        np.zeros(w, i),
        np.zeros(w, i),
        np.zeros(w, i),
        np.zeros(w, i),
        np.zeros(w, i),
        np.zeros(n, i),
        np.full(w, -1, i),
        np.zeros(w, i),
        np.zeros(w, i),
        np.zeros(w, np.float64),
        np.zeros(w, np.float64),
        np.zeros(w, np.float64),
    )


@njit(nogil=True, cache=True)
def _needed(data: TourData, vehicle: int, work: int) -> int:
    if work > data.limits_s[vehicle, LONG_WORK]:
        return max(data.limits_s[vehicle, LONG_BREAK], data.limits_s[vehicle, BREAK])
    return data.limits_s[vehicle, BREAK] if work > data.limits_s[vehicle, WORK_BREAK] else 0


@njit(nogil=True, cache=True)
def _demanded(data: TourData, vehicle: int, span: int) -> int:
    """Shortest break inside a day of `span` with which the rest demands none that is longer."""
    if _needed(data, vehicle, span) == 0:
        return 0
    short = min(data.limits_s[vehicle, BREAK], data.limits_s[vehicle, LONG_BREAK])
    if _needed(data, vehicle, span - short) <= short:
        return short
    return max(data.limits_s[vehicle, BREAK], data.limits_s[vehicle, LONG_BREAK])


@njit(nogil=True, cache=True)
def _fit(data: TourData, stop: int, stay: int, day: int, low_half: int, time: int) -> tuple[int, int]:
    """Earliest allowed clock time at or after `time` and its half-day; (-1, -1) if there is none."""
    best, found = -1, -1
    for half in range(low_half, data.begin_s.shape[1]):
        if not data.allowed[stop, day, half]:
            continue
        start = max(time, data.begin_s[stop, half])
        over = start % data.grid_s
        if over:
            start += data.grid_s - over
        if start + stay <= data.until_s[stop, half] and (best < 0 or start < best):
            best, found = start, half
    return best, found


@njit(nogil=True, cache=True)
def _forward(
    data: TourData,
    vehicle: int,
    day: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    low_half: NDArray[np.int64],
    room: Day,
) -> bool:
    """Earliest clock times of all weeks at once, not before `room.low`; False if some visit finds none."""
    kind, depot, limits = data.kind[vehicle], data.depot[vehicle], data.limits_s[vehicle]
    for week in range(data.weeks):
        room.ready[week] = limits[LEAVE]
        room.last[week] = depot
    for i in range(count):
        stop = seq[i]
        stay = data.stay_s[stop, rhythm[i]]
        time = room.low[i]
        for week in range(data.weeks):
            if mask[i] >> week & 1:
                drive = data.travel_s[kind, room.last[week], stop]
                if drive < 0:
                    return False
                time = max(time, room.ready[week] + drive)
        start, half = _fit(data, stop, stay, day, low_half[i], time)
        if start < 0:
            return False
        room.start[i], room.half[i] = start, half
        for week in range(data.weeks):
            if mask[i] >> week & 1:
                room.last[week] = stop
                room.ready[week] = start + stay
                if room.after[week] == i:
                    end = max(start + stay, limits[BREAK_FROM]) + room.rest[week]
                    if end > limits[BREAK_UNTIL]:
                        return False
                    room.ready[week] = end
    for week in range(data.weeks):
        if room.last[week] != depot:
            drive = data.travel_s[kind, room.last[week], depot]
            if drive < 0 or room.ready[week] + drive > limits[BACK]:
                return False
    return True


@njit(nogil=True, cache=True)
def _push(
    data: TourData,
    vehicle: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    room: Day,
) -> None:
    """Move visits later within their half-days where no return gets later in sum, so that the days begin later and cost less."""
    kind, depot, limits = data.kind[vehicle], data.depot[vehicle], data.limits_s[vehicle]
    for week in range(data.weeks):
        room.first[week] = -1
        room.last[week] = -1
    for i in range(count):
        for week in range(data.weeks):
            if mask[i] >> week & 1 and room.first[week] < 0:
                room.first[week] = i
    for i in range(count - 1, -1, -1):
        stop = seq[i]
        stay = data.stay_s[stop, rhythm[i]]
        latest = data.until_s[stop, room.half[i]] - stay
        gain = 0
        at_end = False
        for week in range(data.weeks):
            if not mask[i] >> week & 1:
                continue
            rest = room.rest[week] if room.after[week] == i else 0
            if room.after[week] == i:
                latest = min(latest, limits[BREAK_UNTIL] - rest - stay)
            following = room.last[week]
            if following >= 0:
                drive = data.travel_s[kind, stop, seq[following]]
                latest = min(latest, room.start[following] - drive - rest - stay)
                if room.first[week] == i:
                    gain += 1
            else:
                at_end = True
                latest = min(latest, limits[BACK] - data.travel_s[kind, stop, depot] - rest - stay)
                if room.first[week] != i:
                    gain -= 1
            room.last[week] = i
        latest -= latest % data.grid_s
        if latest > room.start[i] and (gain > 0 or not at_end):
            room.start[i] = latest


@njit(nogil=True, cache=True)
def _price(
    data: TourData,
    vehicle: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    room: Day,
) -> tuple[int, float]:
    """Check the limits of the days and add up their cost per cycle.

    Returns 1 and the cost; 0 if a limit is broken; 2 if breaks of other lengths are needed, which then stand in `room.want`.
    """
    kind, depot, limits = data.kind[vehicle], data.depot[vehicle], data.limits_s[vehicle]
    for week in range(data.weeks):
        room.first[week] = -1
        room.last[week] = -1
        room.drive[week] = 0
        room.before[week] = 0
        room.metres[week] = 0.0
        room.load[week] = 0.0
        room.drive_eur[week] = 0.0
    for i in range(count):
        stop = seq[i]
        for week in range(data.weeks):
            if not mask[i] >> week & 1:
                continue
            if room.first[week] < 0:
                room.first[week] = i
            a = depot if room.last[week] < 0 else seq[room.last[week]]
            room.drive[week] += data.travel_s[kind, a, stop]
            room.metres[week] += data.travel_m[kind, a, stop]
            room.drive_eur[week] += data.drive_eur[kind, a, stop]
            room.load[week] += data.load[stop, rhythm[i]]
            if room.after[week] == i:
                room.before[week] = room.drive[week]
            room.last[week] = i
    retry = False
    cost = 0.0
    for week in range(data.weeks):
        room.want[week] = room.rest[week]
        final = room.last[week]
        if final < 0:
            continue
        stop, first = seq[final], room.first[week]
        home = data.travel_s[kind, stop, depot]
        room.drive[week] += home
        room.metres[week] += data.travel_m[kind, stop, depot]
        room.drive_eur[week] += data.drive_eur[kind, stop, depot]
        if room.drive[week] > limits[DRIVE] or room.metres[week] > data.range_m[vehicle] + 1e-6:
            return 0, 0.0
        if room.load[week] > data.capacity[vehicle] + 1e-6:
            return 0, 0.0
        leave = room.start[first] - data.travel_s[kind, depot, seq[first]]
        end = room.start[final] + data.stay_s[stop, rhythm[final]]
        rest = room.rest[week]
        if room.after[week] == final:
            end = max(end, limits[BREAK_FROM])
            span = end + home - leave
            need = _needed(data, vehicle, span + limits[EXTRA])
            back = end + home + rest
            if need != rest:
                room.want[week] = need
                retry = True
        else:
            back = end + home
            span = back - leave
            need = _demanded(data, vehicle, span + limits[EXTRA])
            # A shorter break than planned is as good: the rest of the gap is waiting.
            if need > rest:
                room.want[week] = need
                retry = True
            elif need < rest:
                room.rest[week] = need
                if need == 0:
                    room.after[week] = -1
                    room.before[week] = 0
                rest = need
        if back > limits[BACK] or back - leave > limits[TOUR]:
            return 0, 0.0
        if not retry:
            if max(room.before[week], room.drive[week] - room.before[week]) > limits[DRIVE_BREAK]:
                return 0, 0.0
            paid = back - leave - rest + limits[EXTRA]
            cost += room.drive_eur[week] + paid / 3600.0 * data.eur[vehicle, EUR_H] + data.eur[vehicle, EUR_DAY]
    if retry:
        return 2, 0.0
    return 1, cost


@njit(nogil=True, cache=True)
def _keep(room: Day, count: int, weeks: int) -> None:
    for i in range(count):
        room.best_start[i] = room.start[i]
    for week in range(weeks):
        room.best_after[week] = room.after[week]
        room.best_rest[week] = room.rest[week]


@njit(nogil=True, cache=True)
def _settled(
    data: TourData,
    vehicle: int,
    day: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    low_half: NDArray[np.int64],
    room: Day,
) -> tuple[int, float]:
    """Clock times with breaks after the positions in `room.after`, whose lengths are adjusted to what the work demands."""
    for _ in range(3):
        if not _forward(data, vehicle, day, count, seq, mask, rhythm, low_half, room):
            return 0, 0.0
        _push(data, vehicle, count, seq, mask, rhythm, room)
        state, cost = _price(data, vehicle, count, seq, mask, rhythm, room)
        if state != 2:
            return state, cost
        for week in range(data.weeks):
            if room.want[week] != room.rest[week]:
                if room.after[week] < 0:
                    return 2, 0.0
                room.rest[week] = room.want[week]
                if room.want[week] == 0:
                    room.after[week] = -1
    return 0, 0.0


@njit(nogil=True, cache=True)
def _try_breaks(
    data: TourData,
    vehicle: int,
    day: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    low_half: NDArray[np.int64],
    position: NDArray[np.int64],
    room: Day,
) -> tuple[int, float]:
    for week in range(data.weeks):
        room.after[week] = position[week]
        room.rest[week] = room.need[week] if position[week] >= 0 else 0
    return _settled(data, vehicle, day, count, seq, mask, rhythm, low_half, room)


@njit(nogil=True, cache=True)
def schedule(
    data: TourData,
    vehicle: int,
    day: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    low_half: NDArray[np.int64],
    room: Day,
) -> float:
    """Find clock times and breaks of a weekday of a vehicle.

    Parameters
    ----------
    data
        The problem.
    vehicle, day
        Which weekday of which vehicle.
    count, seq, mask, rhythm, low_half
        Number of stops; stops in their common order (each week visits a subsequence), weeks as bits, rhythms, first half-day that may be used.
    room
        Takes the result: `start`, `half`, `after`, `rest`.

    Returns
    -------
    float
        Cost per year (drives, paid hours, days); negative = no times keep all rules.

    Notes
    -----
    A clock time is the largest of the earliest times of all weeks that contain the stop, so that no week ends later than it must. Then visits
    move later where that shortens paid time. A break is tried after every stop, at the same place of the order in all weeks that need one, and
    with `data.thorough` in each week by itself.
    """
    if count == 0:
        return 0.0
    weeks = data.weeks
    for i in range(count):
        room.low[i] = 0
    for week in range(weeks):
        room.after[week] = -1
        room.rest[week] = 0
    if not _forward(data, vehicle, day, count, seq, mask, rhythm, low_half, room):
        return -1.0
    _push(data, vehicle, count, seq, mask, rhythm, room)
    state, best = _price(data, vehicle, count, seq, mask, rhythm, room)
    if state == 0:
        return -1.0
    if state == 2:
        best = _place_breaks(data, vehicle, day, count, seq, mask, rhythm, low_half, room)
        if best < 0:
            return -1.0
    if data.thorough:
        best = _push_more(data, vehicle, day, count, seq, mask, rhythm, low_half, room, best)
    return best * data.cycles


@njit(nogil=True, cache=True)
def _place_breaks(
    data: TourData,
    vehicle: int,
    day: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    low_half: NDArray[np.int64],
    room: Day,
) -> float:
    weeks, limits = data.weeks, data.limits_s[vehicle]
    position = np.full(weeks, -1, np.int64)
    chosen = np.full(weeks, -1, np.int64)
    early = room.start[:count].copy()
    for week in range(weeks):
        room.need[week] = room.want[week]
    best, found = _NEVER, False
    for cut in range(count):
        end = early[cut] + data.stay_s[seq[cut], rhythm[cut]]
        if not data.thorough and cut + 1 < count:
            following = early[cut + 1] + data.stay_s[seq[cut + 1], rhythm[cut + 1]]
            # Waiting for the hours of the break while one more visit would fit in is no gain.
            if following <= limits[BREAK_FROM] and end < following:
                continue
        for week in range(weeks):
            if room.need[week] == 0:
                continue
            if mask[cut] >> week & 1:
                position[week] = cut
            elif position[week] < 0:
                for i in range(cut + 1, count):
                    if mask[i] >> week & 1:
                        position[week] = i
                        break
            else:
                for i in range(cut, -1, -1):
                    if mask[i] >> week & 1:
                        position[week] = i
                        break
        state, cost = _try_breaks(data, vehicle, day, count, seq, mask, rhythm, low_half, position, room)
        if state == 2:
            # A week that needed no break needs one now.
            for week in range(weeks):
                if room.need[week] == 0 and room.want[week] > 0:
                    room.need[week] = room.want[week]
                    for i in range(cut, -1, -1):
                        if mask[i] >> week & 1:
                            position[week] = i
                            break
            state, cost = _try_breaks(data, vehicle, day, count, seq, mask, rhythm, low_half, position, room)
        if state == 1 and cost < best:
            best, found = cost, True
            chosen[:] = position
            _keep(room, count, weeks)
    if data.thorough:
        for week in range(weeks):
            for i in range(count):
                if room.need[week] == 0 or not mask[i] >> week & 1:
                    continue
                position[:] = chosen
                position[week] = i
                state, cost = _try_breaks(data, vehicle, day, count, seq, mask, rhythm, low_half, position, room)
                if state == 1 and cost < best:
                    best, found = cost, True
                    chosen[:] = position
                    _keep(room, count, weeks)
    if not found:
        return -1.0
    _restore(data, day, count, seq, mask, rhythm, room)
    return best


@njit(nogil=True, cache=True)
def _restore(
    data: TourData,
    day: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    room: Day,
) -> None:
    """Bring back the kept times and breaks, with the half-days they lie in."""
    for week in range(data.weeks):
        room.after[week] = room.best_after[week]
        room.rest[week] = room.best_rest[week]
    for i in range(count):
        room.start[i] = room.best_start[i]
        stay = data.stay_s[seq[i], rhythm[i]]
        for half in range(data.begin_s.shape[1]):
            inside = data.begin_s[seq[i], half] <= room.start[i] and room.start[i] + stay <= data.until_s[seq[i], half]
            if inside and data.allowed[seq[i], day, half]:
                room.half[i] = half
                break


@njit(nogil=True, cache=True)
def _push_more(
    data: TourData,
    vehicle: int,
    day: int,
    count: int,
    seq: NDArray[np.int64],
    mask: NDArray[np.int64],
    rhythm: NDArray[np.int64],
    low_half: NDArray[np.int64],
    room: Day,
    best: float,
) -> float:
    """Move single visits later, with all that must follow them, as long as that makes the days cheaper."""
    weeks = data.weeks
    after, rest, half = room.after.copy(), room.rest.copy(), room.half[:count].copy()
    _keep(room, count, weeks)
    better = True
    while better:
        better = False
        for i in range(count):
            for step in (16, 4, 1):
                for k in range(count):
                    room.low[k] = room.best_start[k]
                room.low[i] += step * data.grid_s
                room.after[:], room.rest[:] = after, rest
                if not _forward(data, vehicle, day, count, seq, mask, rhythm, low_half, room):
                    continue
                same = True
                for k in range(count):
                    same = same and room.half[k] == half[k]
                if not same:
                    continue
                state, cost = _price(data, vehicle, count, seq, mask, rhythm, room)
                if state == 1 and cost < best - 1e-9:
                    best, better = cost, True
                    after[:], rest[:] = room.after, room.rest
                    _keep(room, count, weeks)
    _restore(data, day, count, seq, mask, rhythm, room)
    return best
