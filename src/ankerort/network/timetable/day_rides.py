"""The rides of one feed on the service day, with trips of the evening before and bookable parts kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.network.timetable.connections import Rides, in_order, rides_between_stops
from ankerort.network.timetable.feed import Feed
from ankerort.network.timetable.on_demand import PART, DemandTrips, first_and_last

_DAY_S = 86_400
TRIP_COLUMNS = {
    "trip_ix": "int32",
    "source_id": "str",
    "trip_id": "str",
    "route": "str",
    "route_type": "int32",
    "headsign": "str",
    "on_demand": "bool",
    "booking_lead_min": "float64",
    "on_demand_rule": "str",
}


@dataclass(frozen=True)
class DayRides:
    """Rides and the trips that they name; columns of `trips` as in `Timetable`."""

    trips: pd.DataFrame
    rides: Rides

    @staticmethod
    def joined(parts: Sequence[DayRides]) -> DayRides:
        """Several feeds as one, trips numbered on, rides in the order of the timetable."""
        offsets = np.cumsum([0, *(len(p.trips) for p in parts)]).astype(np.int32)
        rides = _concatenated([replace(p.rides, trip=p.rides.trip + o) for p, o in zip(parts, offsets, strict=False)])
        frames = [p.trips for p in parts if len(p.trips)]
        empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in TRIP_COLUMNS.items()})
        trips = pd.concat(frames, ignore_index=True) if frames else empty
        trips["trip_ix"] = np.arange(len(trips), dtype=np.int32)
        return DayRides(trips.astype(TRIP_COLUMNS), rides.take(in_order(rides)))


def rides_of_day(
    feed: Feed,
    demand: DemandTrips,
    earliest_s: NDArray[np.int32],
    day: np.datetime64,
    *,
    stop_row: NDArray[np.int32],
) -> DayRides:
    """All rides of a feed that begin on the service day or later on its trips.

    Trips of earlier dates that run past midnight take part with what they depart after 24:00, 24 h subtracted. A fixed trip with
    some stops by arrangement stands in up to three rows, so that each ride belongs to exactly one of them: rides without
    arrangement (fixed); rides that board by arrangement; rides that board freely and alight by arrangement (both on demand, rule
    `part_by_arrangement`).

    Parameters
    ----------
    earliest_s
        Per stop event, from `earliest_alighting_s`.
    stop_row
        Row of each of the feed's stops among the merged stops.
    """
    latest = int(feed.times.dep_s.max(initial=0))
    parts = []
    for before in range(latest // _DAY_S + 1):
        runs = feed.runs_on(day - np.timedelta64(before, "D"))
        part = _rides_of_trips(feed, demand, earliest_s, runs, from_s=before * _DAY_S)
        parts.append(part)
    joined = DayRides.joined(parts)
    rides = joined.rides
    moved = replace(rides, from_stop=stop_row[rides.from_stop], to_stop=stop_row[rides.to_stop])
    return DayRides(joined.trips, moved)


def _rides_of_trips(
    feed: Feed, demand: DemandTrips, earliest_s: NDArray[np.int32], runs: NDArray[np.bool_], *, from_s: int
) -> DayRides:
    events = np.flatnonzero(runs[feed.times.trip])
    times = feed.times.take(events)
    rides = rides_between_stops(times, earliest_s[events])
    _, last = first_and_last(times)
    start = np.flatnonzero(~last)
    by_booking = np.isin(times.pickup[start], (2, 3)) | times.booked[start]
    off_booking = np.isin(times.drop_off[start + 1], (2, 3))
    kept = rides.dep_s >= from_s
    rides = rides.take(kept)
    rides = replace(rides, dep_s=rides.dep_s - np.int32(from_s), arr_s=rides.arr_s - np.int32(from_s))
    by_booking, off_booking = by_booking[kept], off_booking[kept]

    whole = demand.on_demand[rides.trip]
    boards_booked = rides.can_board & by_booking & ~whole
    alights_booked = rides.can_alight & off_booking & ~whole
    count = len(feed.trips)
    has_in = np.bincount(rides.trip[boards_booked], minlength=count) > 0
    has_out = np.bincount(rides.trip[alights_booked], minlength=count) > 0
    variants = [
        replace(rides, can_board=rides.can_board & ~boards_booked, can_alight=rides.can_alight & ~alights_booked),
        replace(rides, can_board=boards_booked).take(has_in[rides.trip]),
        replace(rides, can_board=rides.can_board & ~boards_booked, can_alight=alights_booked).take(has_out[rides.trip]),
    ]
    # row of a trip in a variant: the three follow one another
    keys = [v.trip.astype(np.int64) * 3 + k for k, v in enumerate(variants)]
    present, row = np.unique(np.concatenate(keys), return_inverse=True)
    joined = replace(_concatenated(variants), trip=row.astype(np.int32))
    source, part = present // 3, present % 3 > 0
    trips = feed.trips.iloc[source].reset_index(drop=True)
    on_demand = demand.on_demand[source] | part
    table = pd.DataFrame(
        {
            "trip_ix": np.arange(len(source), dtype=np.int32),
            "source_id": feed.source_id,
            "trip_id": trips["trip_id"],
            "route": trips["route"],
            "route_type": trips["route_type"],
            "headsign": trips["headsign"],
            "on_demand": on_demand,
            "booking_lead_min": np.where(on_demand, demand.lead_min[source], np.nan),
            "on_demand_rule": np.where(part, PART, demand.rule[source]).astype(object),
        }
    )
    return DayRides(table.astype(TRIP_COLUMNS), joined)


def _concatenated(parts: Sequence[Rides]) -> Rides:
    number, flag = np.zeros(0, np.int32), np.zeros(0, bool)
    everything = [*parts, Rides(number, number, number, number, number, number, flag, flag)]
    return Rides(
        dep_s=np.concatenate([p.dep_s for p in everything]),
        arr_s=np.concatenate([p.arr_s for p in everything]),
        from_stop=np.concatenate([p.from_stop for p in everything]),
        to_stop=np.concatenate([p.to_stop for p in everything]),
        trip=np.concatenate([p.trip for p in everything]),
        position=np.concatenate([p.position for p in everything]),
        can_board=np.concatenate([p.can_board for p in everything]),
        can_alight=np.concatenate([p.can_alight for p in everything]),
    )
