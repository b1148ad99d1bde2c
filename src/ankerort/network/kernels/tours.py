"""Clock times of one weekday of one vehicle: the same in all weeks, with breaks, found in one pass over a common order of the stops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

_NEVER = 1e18

# Few wide arrays instead of many narrow ones: a kernel that is handed a hundred arrays compiles for minutes and loses time at every call.
(
    LEAVE,
    BACK,
    TOUR,
    DRIVE,
    DRIVE_BREAK,
    WORK_BREAK,
    BREAK,
    LONG_WORK,
    LONG_BREAK,
    BREAK_FROM,
    BREAK_UNTIL,
    EXTRA,
    KIND,
    DEPOT,
) = range(14)
EUR_H, EUR_DAY, EUR_YEAR, RANGE, CAPACITY = range(5)
METRES, EUR = range(2)
STOP, WEEKS, RHYTHM, LOW, START, HALF = range(6)


class Clock(NamedTuple):
    """What clock times and their cost depend on; names as in ``ankerort.mobile.problem``.

    Parameters
    ----------
    thorough
        Try the break of each week by itself, and shifts of single visits.
    hours
        int64 (stops, halves, 2): half-day and hours of the stop intersected.
    allowed
        bool (stops, weekdays, halves).
    stay_s, load
        int64, float64 (stops, rhythms).
    travel_s
        int64 (kinds, nodes, nodes); negative = no way.
    way
        float64 (kinds, nodes, nodes, 2): METRES and EUR.
    limits
        int64 (vehicles, 14): LEAVE ... DEPOT.
    money
        float64 (vehicles, 5): EUR_H ... CAPACITY.
    """

    weeks: int
    weekdays: int
    cycles: float
    grid_s: int
    thorough: bool
    hours: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    stay_s: NDArray[np.int64]
    load: NDArray[np.float64]
    travel_s: NDArray[np.int64]
    way: NDArray[np.float64]
    limits: NDArray[np.int64]
    money: NDArray[np.float64]


# Columns of `Day.at` and `Day.week`.
A_START, A_HALF, A_LOW, A_KEPT, A_FREE = range(5)
AFTER, REST, DROVE, STAYS, WANT, READY, FIRST, LAST, NEXT, KEPT_AFTER, KEPT_REST, NEED, PLACE, CHOSEN = range(14)


class Day(NamedTuple):
    """Room for one weekday of one vehicle.

    Parameters
    ----------
    at
        int64 (positions, 5): clock time, half-day, least clock time, kept clock time, end without breaks.
    week
        int64 (weeks, 14): position of the break (-1 = none) and its length, driving, stays; the rest is scratch.
    leg
        int64 (positions, weeks): driving seconds from the visit before in that week.
    sums
        float64 (weeks, 3): metres, EUR of the drives, load.
    """

    at: NDArray[np.int64]
    week: NDArray[np.int64]
    leg: NDArray[np.int64]
    sums: NDArray[np.float64]


@njit(nogil=True, cache=True)
def new_day(stops: int, weeks: int) -> Day:
    """Room for a weekday with up to `stops` stops."""
    n, w = max(stops, 1), max(weeks, 1)
    i = np.int64
    return Day(np.zeros((n, 5), i), np.zeros((w, 14), i), np.zeros((n, w), i), np.zeros((w, 3)))


@njit(nogil=True, cache=True)
def _needed(limits: NDArray[np.int64], vehicle: int, work: int) -> int:
    if work > limits[vehicle, LONG_WORK]:
        return max(limits[vehicle, LONG_BREAK], limits[vehicle, BREAK])
    return limits[vehicle, BREAK] if work > limits[vehicle, WORK_BREAK] else 0


@njit(nogil=True, cache=True)
def _demanded(limits: NDArray[np.int64], vehicle: int, span: int) -> int:
    """Shortest break inside a day of `span` with which the rest demands none that is longer."""
    if _needed(limits, vehicle, span) == 0:
        return 0
    short = min(limits[vehicle, BREAK], limits[vehicle, LONG_BREAK])
    if _needed(limits, vehicle, span - short) <= short:
        return short
    return max(limits[vehicle, BREAK], limits[vehicle, LONG_BREAK])


@njit(nogil=True, cache=True)
def _legs(clock: Clock, vehicle: int, count: int, cell: NDArray[np.int64], room: Day) -> bool:
    """What does not depend on clock times: legs, driving, way, load of each week, and whether they keep the limits."""
    kind, depot = clock.limits[vehicle, KIND], clock.limits[vehicle, DEPOT]
    for week in range(clock.weeks):
        last, first = -1, -1
        node = depot
        drive, stays, metres, eur, load = 0, 0, 0.0, 0.0, 0.0
        for i in range(count):
            if not cell[i, WEEKS] >> week & 1:
                continue
            stop = cell[i, STOP]
            leg = clock.travel_s[kind, node, stop]
            if leg < 0:
                return False
            room.leg[i, week] = leg
            drive += leg
            stays += clock.stay_s[stop, cell[i, RHYTHM]]
            metres += clock.way[kind, node, stop, METRES]
            eur += clock.way[kind, node, stop, EUR]
            load += clock.load[stop, cell[i, RHYTHM]]
            if first < 0:
                first = i
            last, node = i, stop
        if last >= 0:
            home = clock.travel_s[kind, node, depot]
            if home < 0:
                return False
            drive += home
            metres += clock.way[kind, node, depot, METRES]
            eur += clock.way[kind, node, depot, EUR]
            if (
                drive > clock.limits[vehicle, DRIVE]
                or metres > clock.money[vehicle, RANGE] + 1e-6
                or load > clock.money[vehicle, CAPACITY] + 1e-6
                or drive + stays > clock.limits[vehicle, TOUR]
            ):
                return False
        room.week[week, FIRST], room.week[week, LAST] = first, last
        room.week[week, DROVE], room.week[week, STAYS] = drive, stays
        room.sums[week, 0], room.sums[week, 1], room.sums[week, 2] = metres, eur, load
    return True


@njit(nogil=True, cache=True)
def _forward(clock: Clock, vehicle: int, day: int, count: int, cell: NDArray[np.int64], room: Day) -> bool:
    """Earliest clock times of all weeks at once, not before ``room.at[:, A_LOW]``; False if some visit finds none."""
    kind, depot, weeks = clock.limits[vehicle, KIND], clock.limits[vehicle, DEPOT], clock.weeks
    grid, halves = clock.grid_s, clock.hours.shape[1]
    for week in range(weeks):
        room.week[week, READY] = clock.limits[vehicle, LEAVE]
    for i in range(count):
        stop, mask = cell[i, STOP], cell[i, WEEKS]
        stay = clock.stay_s[stop, cell[i, RHYTHM]]
        time = room.at[i, A_LOW]
        for week in range(weeks):
            if mask >> week & 1:
                time = max(time, room.week[week, READY] + room.leg[i, week])
        start, found = -1, -1
        for half in range(cell[i, LOW], halves):
            if not clock.allowed[stop, day, half]:
                continue
            begin = max(time, clock.hours[stop, half, 0])
            over = begin % grid
            if over:
                begin += grid - over
            if begin + stay <= clock.hours[stop, half, 1] and (start < 0 or begin < start):
                start, found = begin, half
        if start < 0:
            return False
        room.at[i, A_START], room.at[i, A_HALF] = start, found
        for week in range(weeks):
            if mask >> week & 1:
                ready = start + stay
                if room.week[week, AFTER] == i:
                    ready = max(ready, clock.limits[vehicle, BREAK_FROM]) + room.week[week, REST]
                    if ready > clock.limits[vehicle, BREAK_UNTIL]:
                        return False
                room.week[week, READY] = ready
    for week in range(weeks):
        last = room.week[week, LAST]
        if last >= 0:
            home = clock.travel_s[kind, cell[last, STOP], depot]
            if room.week[week, READY] + home > clock.limits[vehicle, BACK]:
                return False
    return True


@njit(nogil=True, cache=True)
def _push(clock: Clock, vehicle: int, count: int, cell: NDArray[np.int64], room: Day) -> None:
    """Move visits later within their half-days where no return gets later in sum, so that the days begin later and cost less."""
    kind, depot, weeks = clock.limits[vehicle, KIND], clock.limits[vehicle, DEPOT], clock.weeks
    for week in range(weeks):
        room.week[week, NEXT] = -1
    for i in range(count - 1, -1, -1):
        stop, mask = cell[i, STOP], cell[i, WEEKS]
        stay = clock.stay_s[stop, cell[i, RHYTHM]]
        latest = clock.hours[stop, room.at[i, A_HALF], 1] - stay
        gain, free, leads = 0, latest, False
        for week in range(weeks):
            if not mask >> week & 1:
                continue
            rest = 0
            if room.week[week, AFTER] == i:
                rest = room.week[week, REST]
                latest = min(latest, clock.limits[vehicle, BREAK_UNTIL] - rest - stay)
            following = room.week[week, NEXT]
            if following >= 0:
                leads = True
                latest = min(latest, room.at[following, A_START] - room.leg[following, week] - rest - stay)
                if room.week[week, FIRST] == i:
                    gain += 1
            else:
                end = room.at[i, A_START] + stay
                if room.week[week, FIRST] != i:
                    # While the driver waits for the hours of the break, the last visit may move for nothing.
                    waits = room.week[week, AFTER] == i and end < clock.limits[vehicle, BREAK_FROM]
                    free = min(free, clock.limits[vehicle, BREAK_FROM] - stay if waits else end - stay)
                    gain -= 1
                latest = min(latest, clock.limits[vehicle, BACK] - clock.travel_s[kind, stop, depot] - rest - stay)
            room.week[week, NEXT] = i
        if gain <= 0:
            latest = min(latest, free)
        latest -= latest % clock.grid_s
        # A visit after which nothing comes in any week stays early, unless the driver waits for a break.
        if latest > room.at[i, A_START] and (leads or gain < 0):
            room.at[i, A_START] = latest


@njit(nogil=True, cache=True)
def _price(clock: Clock, vehicle: int, count: int, cell: NDArray[np.int64], room: Day) -> tuple[int, float]:
    """Check the limits of the days and add up their cost per cycle.

    Returns 1 and the cost; 0 if a limit is broken; 2 if breaks of other lengths are needed, which then stand in column WANT of ``room.week``.
    """
    limits = clock.limits
    kind, depot = limits[vehicle, KIND], limits[vehicle, DEPOT]
    retry = False
    cost = 0.0
    for week in range(clock.weeks):
        rest = room.week[week, REST]
        room.week[week, WANT] = rest
        final = room.week[week, LAST]
        if final < 0:
            continue
        stop, first = cell[final, STOP], room.week[week, FIRST]
        home = clock.travel_s[kind, stop, depot]
        leave = room.at[first, A_START] - room.leg[first, week]
        end = room.at[final, A_START] + clock.stay_s[stop, cell[final, RHYTHM]]
        if room.week[week, AFTER] == final:
            end = max(end, limits[vehicle, BREAK_FROM])
            need = _needed(limits, vehicle, end + home - leave + limits[vehicle, EXTRA])
            back = end + home + rest
            if need != rest:
                room.week[week, WANT] = need
                retry = True
        else:
            back = end + home
            need = _demanded(limits, vehicle, back - leave + limits[vehicle, EXTRA])
            # A shorter break than planned is as good: the rest of the gap is waiting.
            if need > rest:
                room.week[week, WANT] = need
                retry = True
            elif need < rest:
                room.week[week, REST], room.week[week, WANT] = need, need
                if need == 0:
                    room.week[week, AFTER] = -1
                rest = need
        if back > limits[vehicle, BACK] or back - leave > limits[vehicle, TOUR]:
            return 0, 0.0
        if not retry:
            before = 0
            for i in range(room.week[week, AFTER] + 1):
                if cell[i, WEEKS] >> week & 1:
                    before += room.leg[i, week]
            if max(before, room.week[week, DROVE] - before) > limits[vehicle, DRIVE_BREAK]:
                return 0, 0.0
            paid = back - leave - rest + limits[vehicle, EXTRA]
            cost += room.sums[week, 1] + paid / 3600.0 * clock.money[vehicle, EUR_H] + clock.money[vehicle, EUR_DAY]
    if retry:
        return 2, 0.0
    return 1, cost


@njit(nogil=True, cache=True)
def _keep(room: Day, count: int, weeks: int) -> None:
    for i in range(count):
        room.at[i, A_KEPT] = room.at[i, A_START]
    for week in range(weeks):
        room.week[week, KEPT_AFTER], room.week[week, KEPT_REST] = room.week[week, AFTER], room.week[week, REST]


@njit(nogil=True, cache=True)
def _try_breaks(
    clock: Clock, vehicle: int, day: int, count: int, cell: NDArray[np.int64], room: Day
) -> tuple[int, float]:
    """Clock times with breaks after the positions in column PLACE, whose lengths are adjusted to what the work demands."""
    for week in range(clock.weeks):
        room.week[week, AFTER] = room.week[week, PLACE]
        room.week[week, REST] = room.week[week, NEED] if room.week[week, PLACE] >= 0 else 0
    for _ in range(3):
        if not _forward(clock, vehicle, day, count, cell, room):
            return 0, 0.0
        _push(clock, vehicle, count, cell, room)
        state, cost = _price(clock, vehicle, count, cell, room)
        if state != 2:
            return state, cost
        for week in range(clock.weeks):
            want = room.week[week, WANT]
            if want != room.week[week, REST]:
                if room.week[week, AFTER] < 0:
                    return 2, 0.0
                room.week[week, REST] = want
                if want == 0:
                    room.week[week, AFTER] = -1
    return 0, 0.0


@njit(nogil=True, cache=True)
def _place_breaks(clock: Clock, vehicle: int, day: int, count: int, cell: NDArray[np.int64], room: Day) -> float:
    """Try the break after every stop, at the same place of the order in all weeks that need one; the least cost per cycle, negative = none."""
    weeks = clock.weeks
    best, found = _NEVER, False
    for week in range(weeks):
        room.week[week, NEED] = room.week[week, WANT]
        room.week[week, PLACE] = -1
    for i in range(count):
        room.at[i, A_FREE] = room.at[i, A_START] + clock.stay_s[cell[i, STOP], cell[i, RHYTHM]]
    for cut in range(count):
        # Waiting for the hours of the break while one more visit would fit in is no gain.
        if not clock.thorough and cut + 1 < count and room.at[cut + 1, A_FREE] <= clock.limits[vehicle, BREAK_FROM]:
            continue
        for week in range(weeks):
            if room.week[week, NEED]:
                room.week[week, PLACE] = _place(cell, week, cut, room)
        state, cost = _try_breaks(clock, vehicle, day, count, cell, room)
        if state == 2:
            # A week that needed no break needs one now.
            for week in range(weeks):
                if room.week[week, NEED] == 0 and room.week[week, WANT] > 0:
                    room.week[week, NEED] = room.week[week, WANT]
                    room.week[week, PLACE] = _place(cell, week, cut, room)
            state, cost = _try_breaks(clock, vehicle, day, count, cell, room)
        if state == 1 and cost < best:
            best, found = cost, True
            _keep(room, count, weeks)
            room.week[:, CHOSEN] = room.week[:, PLACE]
    if clock.thorough:
        for week in range(weeks):
            for i in range(count):
                if room.week[week, NEED] == 0 or not cell[i, WEEKS] >> week & 1:
                    continue
                if found:
                    room.week[:, PLACE] = room.week[:, CHOSEN]
                room.week[week, PLACE] = i
                state, cost = _try_breaks(clock, vehicle, day, count, cell, room)
                if state == 1 and cost < best:
                    best, found = cost, True
                    _keep(room, count, weeks)
                    room.week[:, CHOSEN] = room.week[:, PLACE]
    if not found:
        return -1.0
    _restore(clock, day, count, cell, room)
    return best


@njit(nogil=True, cache=True)
def _place(cell: NDArray[np.int64], week: int, cut: int, room: Day) -> int:
    """Last position of a week up to `cut`, else its first."""
    for i in range(cut, -1, -1):
        if cell[i, WEEKS] >> week & 1:
            return i
    return room.week[week, FIRST]


@njit(nogil=True, cache=True)
def _restore(clock: Clock, day: int, count: int, cell: NDArray[np.int64], room: Day) -> None:
    """Bring back the kept times and breaks, with the half-days they lie in."""
    for week in range(clock.weeks):
        room.week[week, AFTER], room.week[week, REST] = room.week[week, KEPT_AFTER], room.week[week, KEPT_REST]
    for i in range(count):
        stop, start = cell[i, STOP], room.at[i, A_KEPT]
        end = start + clock.stay_s[stop, cell[i, RHYTHM]]
        room.at[i, A_START] = start
        for half in range(clock.hours.shape[1]):
            inside = clock.hours[stop, half, 0] <= start and end <= clock.hours[stop, half, 1]
            if inside and clock.allowed[stop, day, half]:
                room.at[i, A_HALF] = half
                break


@njit(nogil=True, cache=True)
def _push_more(
    clock: Clock, vehicle: int, day: int, count: int, cell: NDArray[np.int64], room: Day, best: float
) -> float:
    """Move single visits later, with all that must follow them, as long as that makes the days cheaper."""
    weeks = clock.weeks
    week_kept, half = room.week.copy(), room.at[:count, A_HALF].copy()
    _keep(room, count, weeks)
    better = True
    while better:
        better = False
        for i in range(count):
            for step in (16, 4, 1):
                room.at[:count, A_LOW] = room.at[:count, A_KEPT]
                room.at[i, A_LOW] += step * clock.grid_s
                room.week[:, AFTER], room.week[:, REST] = week_kept[:, AFTER], week_kept[:, REST]
                if not _forward(clock, vehicle, day, count, cell, room):
                    continue
                if (room.at[:count, A_HALF] != half).any():
                    continue
                state, cost = _price(clock, vehicle, count, cell, room)
                if state == 1 and cost < best - 1e-9:
                    best, better = cost, True
                    week_kept[:] = room.week
                    _keep(room, count, weeks)
    _restore(clock, day, count, cell, room)
    return best


@njit(nogil=True, cache=True)
def schedule(clock: Clock, vehicle: int, day: int, count: int, cell: NDArray[np.int64], room: Day) -> float:
    """Find clock times and breaks of a weekday of a vehicle.

    Parameters
    ----------
    clock
        Hours, ways, limits.
    vehicle, day
        Which weekday of which vehicle.
    count, cell
        Number of stops; int64 (positions, 6): stop, weeks as bits, rhythm and first half-day that may be used (columns STOP, WEEKS, RHYTHM, LOW)
        of the stops in their common order, of which each week visits a subsequence.
    room
        Takes the result: columns A_START and A_HALF of `at`, AFTER, REST, DROVE and STAYS of `week`, and `sums`.

    Returns
    -------
    float
        Cost per year (drives, paid hours, days); negative = no times keep all rules.

    Notes
    -----
    A clock time is the largest of the earliest times of all weeks that contain the stop, so that no week ends later than it must. Then visits
    move later where that shortens paid time. A break is tried after every stop, at the same place of the order in all weeks that need one, and
    with `Clock.thorough` in each week by itself.
    """
    room.week[:, AFTER] = -1
    room.week[:, REST] = 0
    if count == 0:
        room.week[:, DROVE] = 0
        room.week[:, STAYS] = 0
        room.sums[:] = 0.0
        return 0.0
    room.at[:count, A_LOW] = 0
    if not _legs(clock, vehicle, count, cell, room) or not _forward(clock, vehicle, day, count, cell, room):
        return -1.0
    _push(clock, vehicle, count, cell, room)
    state, best = _price(clock, vehicle, count, cell, room)
    if state == 0:
        return -1.0
    if state == 2:
        best = _place_breaks(clock, vehicle, day, count, cell, room)
        if best < 0:
            return -1.0
    if clock.thorough:
        best = _push_more(clock, vehicle, day, count, cell, room, best)
    return best * clock.cycles
