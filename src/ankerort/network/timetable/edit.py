"""Edits of a timetable for scenarios: trips, lines and stops added or removed; everything else stays as it is.

Every edit is a pure function of a `Timetable` and keeps its promises: connections sorted by departure, trip and position, the rule of
the earliest alighting, departures counted anew, stops numbered as before (a new stop stands at the end). Transfers and feed
reports are not touched. See docs/method/day-types.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.network.model import Timetable
from ankerort.network.timetable.assemble import count_departures
from ankerort.network.timetable.connections import Rides, earliest_alighting_s, rides_between_stops
from ankerort.network.timetable.day_rides import DayRides
from ankerort.network.timetable.feed import StopTimes
from ankerort.network.timetable.on_demand import NAMED

SCENARIO_SOURCE = "scenario"
_DAY_S = 86_400
_BUS = 3
_REGULAR, _NONE = 0, 1


@dataclass(frozen=True)
class NewTrip:
    """A trip that somebody adds.

    Parameters
    ----------
    trip_id, route, headsign
        As printed; `route` is the short name of the line.
    stop_ix
        Rows of `Timetable.stops`, in the order of the ride.
    arr_s, dep_s
        Published seconds after midnight of the service day at each stop; over 86,400 after midnight.
    can_board, can_alight
        Per stop; empty = everywhere.
    on_demand, booking_lead_min
        Whether it runs only when booked, and how long before; NaN = not known.
    route_type
        GTFS type, 3 = bus.
    source_id
        Whose trip it is.
    """

    trip_id: str
    route: str
    stop_ix: tuple[int, ...]
    arr_s: tuple[int, ...]
    dep_s: tuple[int, ...]
    can_board: tuple[bool, ...] = ()
    can_alight: tuple[bool, ...] = ()
    on_demand: bool = False
    booking_lead_min: float = float("nan")
    route_type: int = _BUS
    headsign: str = ""
    source_id: str = SCENARIO_SOURCE

    def __post_init__(self) -> None:
        calls = len(self.stop_ix)
        if calls < 2 or len(self.arr_s) != calls or len(self.dep_s) != calls:
            raise ValueError("a trip has at least two stops, each with arrival and departure")
        if any(len(flags) not in (0, calls) for flags in (self.can_board, self.can_alight)):
            raise ValueError("one flag per stop, or none")
        moments = np.ravel(np.column_stack([self.arr_s, self.dep_s]))
        if moments[0] < 0 or (np.diff(moments) < 0).any():
            raise ValueError("times run backwards")


def simple_trip(
    stop_ix: Sequence[int], times_s: Sequence[int], *, trip_id: str, route: str, on_demand: bool = False
) -> NewTrip:
    """A trip that leaves every stop at the moment it arrives (one time per stop)."""
    moments = tuple(int(t) for t in times_s)
    return NewTrip(trip_id, route, tuple(int(s) for s in stop_ix), moments, moments, on_demand=on_demand)


def add_trip(timetable: Timetable, trip: NewTrip, *, max_speed_ms: float, day_before: bool = False) -> Timetable:
    """The timetable with one more trip.

    Parameters
    ----------
    trip
        The trip; its stops must be rows of ``timetable.stops``.
    max_speed_ms
        Figure ``pt.max_vehicle_speed_ms``: nobody alights earlier than the fastest vehicle arrives.
    day_before
        The trip also ran on the day before: what it departs after 24:00 takes part, 24 h subtracted.

    Raises
    ------
    IndexError
        If a stop is no row of the timetable.
    """
    stops = timetable.stops
    if min(trip.stop_ix) < 0 or max(trip.stop_ix) >= len(stops):
        raise IndexError("no such stop")
    calls = len(trip.stop_ix)
    board = np.array(trip.can_board or (True,) * calls)
    alight = np.array(trip.can_alight or (True,) * calls)
    times = StopTimes(
        trip=np.zeros(calls, np.int32),
        stop=np.array(trip.stop_ix, np.int32),
        arr_s=np.array(trip.arr_s, np.int32),
        dep_s=np.array(trip.dep_s, np.int32),
        pickup=np.where(board, _REGULAR, _NONE).astype(np.int8),
        drop_off=np.where(alight, _REGULAR, _NONE).astype(np.int8),
        booked=np.zeros(calls, bool),
        lead_min=np.full(calls, np.nan, np.float32),
    )
    x, y = stops["x"].to_numpy(float), stops["y"].to_numpy(float)
    earliest = earliest_alighting_s(times, x, y, max_speed_ms=max_speed_ms, direct=np.array([trip.on_demand]))
    rides = rides_between_stops(times, earliest)
    runs = [rides]
    if day_before and (rides.dep_s >= _DAY_S).any():
        late = rides.take(rides.dep_s >= _DAY_S)
        runs.append(replace(late, dep_s=late.dep_s - np.int32(_DAY_S), arr_s=late.arr_s - np.int32(_DAY_S)))
    row = {
        "trip_ix": 0,
        "source_id": trip.source_id,
        "trip_id": trip.trip_id,
        "route": trip.route,
        "route_type": trip.route_type,
        "headsign": trip.headsign,
        "on_demand": trip.on_demand,
        "booking_lead_min": trip.booking_lead_min if trip.on_demand else np.nan,
        "on_demand_rule": NAMED if trip.on_demand else "",
    }
    return add_rides(timetable, DayRides.joined([DayRides(pd.DataFrame([row]), r) for r in runs]))


def add_rides(timetable: Timetable, day: DayRides) -> Timetable:
    """The timetable with further trips, numbered after those it has; `day.rides` stands in the order of a timetable."""
    rides, before = day.rides, len(timetable.trips)
    columns = dict(timetable.trips.dtypes)
    added = day.trips.assign(trip_ix=np.arange(before, before + len(day.trips)))[list(columns)].astype(columns)
    trips = pd.concat([timetable.trips, added], ignore_index=True) if before else added
    # a new trip has a higher number than all others: at equal departure it stands after them
    at = np.searchsorted(timetable.dep_s, rides.dep_s, side="right")
    together = replace(
        timetable,
        trips=trips,
        dep_s=np.insert(timetable.dep_s, at, rides.dep_s),
        arr_s=np.insert(timetable.arr_s, at, rides.arr_s),
        from_stop=np.insert(timetable.from_stop, at, rides.from_stop),
        to_stop=np.insert(timetable.to_stop, at, rides.to_stop),
        trip=np.insert(timetable.trip, at, rides.trip + np.int32(before)),
        can_board=np.insert(timetable.can_board, at, rides.can_board),
        can_alight=np.insert(timetable.can_alight, at, rides.can_alight),
    )
    return _counted(together)


def find_trips(
    timetable: Timetable,
    *,
    trip_id: str = "",
    line: str = "",
    source_id: str = "",
    stop_ix: Sequence[int] = (),
    dep_s: int | None = None,
) -> NDArray[np.int64]:
    """Rows of ``timetable.trips`` that fit all that is given.

    A trip of frequencies.txt is found by its own id (``t#07:30:00``, one run) or by that of the file (``t``, all runs). A trip in
    several rows (stops by arrangement, the run of the evening before) is found with all of them.

    Parameters
    ----------
    trip_id, line, source_id
        Id of the trip, short name of the line, feed; empty = any.
    stop_ix, dep_s
        It departs from one of these stops (rows of ``timetable.stops``), at this second.
    """
    trips = timetable.trips
    found = np.ones(len(trips), bool)
    if trip_id:
        ids = trips["trip_id"].astype("str")
        found &= ((ids == trip_id) | ids.str.startswith(f"{trip_id}#")).to_numpy(bool)
    if line:
        found &= (trips["route"] == line).to_numpy(bool)
    if source_id:
        found &= (trips["source_id"] == source_id).to_numpy(bool)
    if len(stop_ix):
        departs = np.isin(timetable.from_stop, np.asarray(stop_ix))
        if dep_s is not None:
            departs &= timetable.dep_s == dep_s
        there = np.zeros(len(trips), bool)
        there[timetable.trip[departs]] = True
        # all rows of the same trip, also those that hold another part of it
        named = set(zip(trips["source_id"][found & there], trips["trip_id"][found & there], strict=True))
        keys = zip(trips["source_id"], trips["trip_id"], strict=True)
        found &= np.fromiter((key in named for key in keys), bool, len(trips))
    return np.flatnonzero(found)


def remove_trips(timetable: Timetable, rows: Sequence[int] | NDArray[np.int64]) -> Timetable:
    """The timetable without these rows of its trips; the others are numbered on in their order."""
    keep = np.ones(len(timetable.trips), bool)
    keep[np.asarray(rows, dtype=np.int64)] = False
    if keep.all():
        return timetable
    return _with_rides(timetable, _rides(timetable).take(keep[timetable.trip]), keep)


def add_stop(
    timetable: Timetable,
    *,
    name: str,
    stop_id: str,
    lon: float,
    lat: float,
    x: float,
    y: float,
    source_id: str = SCENARIO_SOURCE,
) -> Timetable:
    """The timetable with one more stop, at the end of its stops; nothing calls there yet."""
    stops = timetable.stops
    row = {
        "stop_ix": len(stops),
        "name": name,
        "lon": lon,
        "lat": lat,
        "x": x,
        "y": y,
        "feeds": source_id,
        "stop_ids": stop_id,
        "departures": 0,
        "demand_departures": 0,
    }
    columns = dict(stops.dtypes)
    added = pd.DataFrame([row])[list(columns)].astype(columns)
    return replace(timetable, stops=pd.concat([stops, added], ignore_index=True) if len(stops) else added)


def remove_stops(timetable: Timetable, stop_ix: Sequence[int]) -> Timetable:
    """The timetable without the calls at these stops: whoever is on board rides through.

    The stops stay in the table without departures, so that the others keep their numbers. A trip that called there first begins at its next
    stop, one that called there last ends at the stop before; a trip with one call left is gone. Times at the other stops stay as
    they are: no vehicle becomes faster because it passes a stop.
    """
    gone = np.zeros(len(timetable.stops), bool)
    gone[np.asarray(stop_ix, dtype=np.int64)] = True
    count = len(timetable.dep_s)
    if not count or not (gone[timetable.from_stop] | gone[timetable.to_stop]).any():
        return timetable
    # rides trip by trip; within a trip the order of the timetable is that of its calls
    by_trip = np.argsort(timetable.trip, kind="stable")
    trip = timetable.trip[by_trip]
    starts, ends = ~gone[timetable.from_stop[by_trip]], ~gone[timetable.to_stop[by_trip]]
    # a ride that begins at a call that stays ends at the next call that stays
    until = np.where(ends, np.arange(count), count)
    until = np.minimum.accumulate(until[::-1])[::-1]
    reaches = starts & (until < count)
    reaches[reaches] = trip[until[reaches]] == trip[reaches]
    end_row = np.zeros(count, np.int64)
    end_row[by_trip[reaches]] = by_trip[until[reaches]]
    kept = np.zeros(count, bool)
    kept[by_trip[reaches]] = True
    rows = np.flatnonzero(kept)
    rides = _rides(timetable).take(rows)
    last = end_row[rows]
    rides = replace(
        rides,
        arr_s=timetable.arr_s[last],
        to_stop=timetable.to_stop[last],
        can_alight=timetable.can_alight[last],
    )
    runs = np.zeros(len(timetable.trips), bool)
    runs[rides.trip] = True
    called = np.zeros(len(timetable.trips), bool)
    called[timetable.trip] = True
    return _with_rides(timetable, rides, runs | ~called)


def _rides(timetable: Timetable) -> Rides:
    """The connections as rides; their position in the trip is not needed where their order stays."""
    return Rides(
        timetable.dep_s,
        timetable.arr_s,
        timetable.from_stop,
        timetable.to_stop,
        timetable.trip,
        np.zeros(len(timetable.dep_s), np.int32),
        timetable.can_board,
        timetable.can_alight,
    )


def _with_rides(timetable: Timetable, rides: Rides, keep: NDArray[np.bool_]) -> Timetable:
    """The timetable with these rides, in their order, and the trips of `keep`."""
    number = (np.cumsum(keep) - 1).astype(np.int32)
    trips = timetable.trips[keep].reset_index(drop=True)
    trips = trips.assign(trip_ix=np.arange(len(trips)).astype(trips["trip_ix"].dtype))
    left = replace(
        timetable,
        trips=trips,
        dep_s=rides.dep_s,
        arr_s=rides.arr_s,
        from_stop=rides.from_stop,
        to_stop=rides.to_stop,
        trip=number[rides.trip],
        can_board=rides.can_board,
        can_alight=rides.can_alight,
    )
    return _counted(left)


def _counted(timetable: Timetable) -> Timetable:
    counts = count_departures(timetable.trips, _rides(timetable), len(timetable.stops))
    kinds = {name: timetable.stops[name].dtype for name in counts}
    return replace(timetable, stops=timetable.stops.assign(**{n: c.astype(kinds[n]) for n, c in counts.items()}))
