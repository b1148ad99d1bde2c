"""The journeys behind one figure of public transport: which trips, changes and walks make it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns
from ankerort.reach.model import PtDirection, PtRules
from ankerort.reach.transit import Access, Worker, home_access
from ankerort.reach.transit_day import TransitDay, walk_seconds


@dataclass(frozen=True)
class Leg:
    """One part of a journey, in the order of time.

    Parameters
    ----------
    kind
        ``walk`` (to the first stop, between stops, from the last stop, or all the way) or ``ride``.
    from_stop, to_stop
        Row in ``Timetable.stops``; -1 at the home or the target.
    start_s, end_s
        Seconds after midnight of the service day; for a walk all the way 0 and its duration.
    metres
        Whole metres of a walk; -1 for a ride.
    trip
        Row in ``Timetable.trips``; -1 for a walk.
    on_demand
        The ride must be booked.
    """

    kind: Literal["walk", "ride"]
    from_stop: int
    to_stop: int
    start_s: int
    end_s: int
    metres: int = -1
    trip: int = -1
    on_demand: bool = False


@dataclass(frozen=True)
class Journey:
    """One journey from door to door.

    `leave_s` and `arrive_s` are seconds after midnight; for a walk all the way, which can start at any moment, 0 and its
    duration, and `changes` is -1. `booking_lead_min` is the longest lead of its rides on demand, None where none is
    known or nothing must be booked.
    """

    leave_s: int
    arrive_s: int
    legs: tuple[Leg, ...]
    changes: int
    on_demand: bool = False
    booking_lead_min: float | None = None

    @property
    def duration_s(self) -> int:
        """Seconds from door to door."""
        return self.arrive_s - self.leave_s


@dataclass(frozen=True)
class JourneyTrace:
    """The evidence behind the columns of one home and one target.

    Parameters
    ----------
    typical
        Journey of the typical duration (the first such of the window, or the walk); None if there is none.
    fastest
        Journey of the shortest duration, chosen likewise.
    departures
        (leave, arrive) of all useful journeys by vehicle that leave in the window, in the order of time.
    """

    typical: Journey | None
    fastest: Journey | None
    departures: tuple[tuple[int, int], ...]


def trace_journey(
    day: TransitDay,
    *,
    direction: PtDirection,
    target_stops: tuple[NDArray[np.int32], NDArray[np.int32]],
    home_stops: tuple[NDArray[np.int32], NDArray[np.int32]],
    walk_m: int | None,
    rules: PtRules,
) -> JourneyTrace:
    """Rebuild the journeys behind the figures of one home and one target (docs/decisions/0002).

    Parameters
    ----------
    day
        The service day made ready for the group (`prepare_transit`).
    direction
        ``out`` = home to target, ``home`` = target to home.
    target_stops, home_stops
        Stops of the target and of the home, and whole metres to them.
    walk_m
        Metres of walking all the way; None where not known.
    rules
        Rules of the group.
    """
    stop, metres = home_stops
    worker = Worker(day.side(direction), direction, one_home_access(day, home_stops, rules), rules)
    worker.scan(*target_stops)
    worker.profiles()
    walk_all = None if walk_m is None else int(walk_seconds(walk_m, rules.walk_speed_ms))
    found = useful_found(worker, walk_all)
    inside = [f for f in found if rules.window_start_s <= f.leave_s < rules.window_end_s]
    ranked = sorted(inside, key=lambda f: (f.arrive_s - f.leave_s, f.leave_s))
    on_foot = None
    if walk_m is not None and walk_all is not None and walk_m <= rules.walk_limit_m and walk_all <= rules.max_journey_s:
        on_foot = walk_journey(0, walk_all, walk_m)
    egress = dict(zip(target_stops[0].tolist(), target_stops[1].tolist(), strict=True))
    home_m = dict(zip(stop.tolist(), metres.tolist(), strict=True))

    def pick(place: int) -> Journey | None:
        if place < len(ranked):
            return rebuild_journey(day, worker, ranked[place], home_m, egress)
        return on_foot

    count = len(ranked) + (on_foot is not None)
    return JourneyTrace(
        typical=pick((count - 1) // 2) if count else None,
        fastest=pick(0) if count else None,
        departures=tuple((f.leave_s, f.arrive_s) for f in inside),
    )


def one_home_access(day: TransitDay, home_stops: tuple[NDArray[np.int32], NDArray[np.int32]], rules: PtRules) -> Access:
    """The cell-stop table of one home: its stops and whole metres to them."""
    stop, metres = home_stops
    near = metres <= rules.walk_limit_m
    stop, metres = stop[near], metres[near]
    order = np.argsort(stop, kind="stable")
    stop_ptr = np.searchsorted(stop[order], np.arange(day.n_stops + 1)).astype(np.int64)
    columns = SparseColumns(stop_ptr, np.zeros(len(stop), np.int32), metres[order].astype(np.int32))
    return home_access(columns, n_homes=1, rules=rules)


def walk_journey(leave_s: int, arrive_s: int, metres: int) -> Journey:
    """Walking all the way."""
    return Journey(leave_s, arrive_s, (Leg("walk", -1, -1, leave_s, arrive_s, metres=metres),), changes=-1)


@dataclass(frozen=True)
class Found:
    """A useful journey before it is rebuilt: real times, and where the search boards it."""

    leave_s: int
    arrive_s: int
    stop: int
    moment_s: int
    value_s: int


def useful_found(worker: Worker, walk_all_s: int | None) -> list[Found]:
    """Useful journeys by vehicle of the worker's only home, in the order of time, after `scan` and `profiles`."""
    longest = worker.rules.max_journey_s if walk_all_s is None else min(worker.rules.max_journey_s, walk_all_s - 1)
    pairs: list[tuple[int, int, int, int]] = []
    for stop, walk in zip(worker.access.stop.tolist(), worker.access.walk_s.tolist(), strict=True):
        for k in range(worker.prof_ptr[stop], worker.prof_ptr[stop + 1]):
            moment, value = int(worker.prof_dep[k]), int(worker.prof_arr[k])
            if value - moment + walk <= longest:
                pairs.append((value, -(moment - walk), stop, moment))
    found: list[Found] = []
    latest: int | None = None
    for value, less_leave, stop, moment in sorted(pairs):
        leave = -less_leave
        if latest is None or leave > latest:
            latest = leave
            real = (-value, -leave) if worker.mirrored else (leave, value)
            found.append(Found(*real, stop, moment, value))
    return found[::-1] if worker.mirrored else found


def rebuild_journey(
    day: TransitDay, worker: Worker, found: Found, home_m: dict[int, int], egress_m: dict[int, int]
) -> Journey:
    """The rides, changes and walks of a useful journey; `home_m`, `egress_m`: metres by stop."""
    side, value, suffix, goal = worker.side, worker.value, worker.suffix, found.value_s
    rides: list[tuple[int, int]] = []  # (first, last connection) of each vehicle, in the order of the search
    event = int(side.ev_ptr[found.stop])
    while side.dep[side.ev_conn[event]] != found.moment_s or value[side.ev_conn[event]] != goal:
        event += 1
    board = c = int(side.ev_conn[event])
    while True:
        end = int(side.to_stop[c])
        if side.alight[c] and side.arr[c] + worker.egress_s[end] == goal:
            rides.append((board, c))
            break
        if value[side.nxt[c]] == goal:
            c = int(side.nxt[c])
            continue
        rides.append((board, c))
        arcs = side.arc_event[side.arc_ptr[c] : side.arc_ptr[c + 1]]
        event = int(arcs[suffix[arcs] == goal][0])
        while value[side.ev_conn[event]] != goal:
            event += 1
        board = c = int(side.ev_conn[event])

    # In the order of time: on the way home the search went backwards, and times are negated.
    if worker.mirrored:
        rides = [(last, first) for first, last in reversed(rides)]
        start, stop = -side.arr, -side.dep
        from_stop, to_stop = side.to_stop, side.from_stop
        first_m, last_m = egress_m, home_m
    else:
        start, stop, from_stop, to_stop = side.dep, side.arr, side.from_stop, side.to_stop
        first_m, last_m = home_m, egress_m
    legs: list[Leg] = []
    here, moment = -1, found.leave_s
    for first, last in rides:
        there = int(from_stop[first])
        if here < 0:
            legs.append(Leg("walk", -1, there, moment, int(start[first]), metres=first_m[there]))
        elif here != there:
            metres = _change_metres(day, here, there)
            arrive = moment + int(walk_seconds(metres, day.rules.walk_speed_ms))
            legs.append(Leg("walk", here, there, moment, min(arrive, int(start[first])), metres=metres))
        row, end = int(side.row[first]), int(to_stop[last])
        legs.append(_ride(day, row, there, end, int(start[first]), int(stop[last])))
        here, moment = int(to_stop[last]), int(stop[last])
    legs.append(Leg("walk", here, -1, moment, found.arrive_s, metres=last_m[here]))
    booked = [leg.trip for leg in legs if leg.on_demand]
    lead_min = day.timetable.trips["booking_lead_min"].to_numpy(float)[booked]
    known = lead_min[~np.isnan(lead_min)]
    return Journey(
        found.leave_s,
        found.arrive_s,
        tuple(legs),
        changes=len(rides) - 1,
        on_demand=bool(booked),
        booking_lead_min=float(known.max()) if len(known) else None,
    )


def _change_metres(day: TransitDay, a: int, b: int) -> int:
    changes = day.changes
    part = slice(*np.searchsorted(changes.from_stop, [a, a + 1]))
    at = np.flatnonzero(changes.to_stop[part] == b)
    return int(changes.metres[part][at[0]])


def _ride(day: TransitDay, row: int, from_stop: int, to_stop: int, start_s: int, end_s: int) -> Leg:
    timetable = day.timetable
    trip = int(timetable.trip[row])
    booked = bool(timetable.trips["on_demand"].iloc[trip])
    return Leg("ride", from_stop, to_stop, start_s, end_s, trip=trip, on_demand=booked)
