"""One GTFS feed as read: frozen tables and arrays, the same for every source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RAIL_TYPES = frozenset({2, *range(100, 200)})
"""Route types of railways: the basic one and the extended block 100 to 199."""


@dataclass(frozen=True)
class StopTimes:
    """All stop events of a feed, sorted by trip and sequence; every array has one entry per event.

    Parameters
    ----------
    trip, stop
        int32: row in `Feed.trips` and `Feed.stops`.
    arr_s, dep_s
        int32 seconds after midnight, blanks already filled.
    pickup, drop_off
        int8: 0 regular, 1 none, 2 and 3 by arrangement.
    booked
        bool: the pickup stands under a rule of booking_rules.txt.
    lead_min
        float32: notice that this rule asks for; NaN = not known.
    """

    trip: NDArray[np.int32]
    stop: NDArray[np.int32]
    arr_s: NDArray[np.int32]
    dep_s: NDArray[np.int32]
    pickup: NDArray[np.int8]
    drop_off: NDArray[np.int8]
    booked: NDArray[np.bool_]
    lead_min: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.trip)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> StopTimes:
        """The stop events of these rows, in their order."""
        return StopTimes(
            self.trip[rows],
            self.stop[rows],
            self.arr_s[rows],
            self.dep_s[rows],
            self.pickup[rows],
            self.drop_off[rows],
            self.booked[rows],
            self.lead_min[rows],
        )

    def starts(self, trips: int) -> NDArray[np.int64]:
        """int64, shape (trips + 1,): the events of trip `k` stand in ``[starts[k], starts[k + 1])``."""
        return np.searchsorted(self.trip, np.arange(trips + 1)).astype(np.int64)


@dataclass(frozen=True)
class Feed:
    """One GTFS feed.

    Parameters
    ----------
    source_id, file
        Whose it is and how the file is called.
    stops
        stop_id, name (that of the parent station where there is one), lon, lat.
    trips
        trip_id, route_id, route (short name), route_type, headsign, service (row of `active`, -1 = never runs).
        A trip of frequencies.txt stands once per run.
    times
        The stop events.
    first_day
        Day of column 0 of `active`.
    active
        bool, shape (services, days): the calendars with their exceptions.
    transfers
        from_stop, to_stop (rows of `stops`), kind, min_s; one row per ordered pair.
    """

    source_id: str
    file: str
    stops: pd.DataFrame
    trips: pd.DataFrame
    times: StopTimes
    first_day: np.datetime64
    active: NDArray[np.bool_]
    transfers: pd.DataFrame

    def runs_on(self, day: np.datetime64) -> NDArray[np.bool_]:
        """Per trip: whether it runs on the calendar date."""
        column = int((day - self.first_day) / np.timedelta64(1, "D"))
        service = self.trips["service"].to_numpy(np.int64)
        if not 0 <= column < self.active.shape[1] or not len(self.active):
            return np.zeros(len(service), bool)
        return (service >= 0) & self.active[np.maximum(service, 0), column]

    def trips_per_day(self) -> NDArray[np.int64]:
        """int64, shape (days,): trips on each day from `first_day` on."""
        service = self.trips["service"].to_numpy(np.int64)
        weight = np.bincount(service[service >= 0], minlength=len(self.active)).astype(np.int64)
        return weight @ self.active.astype(np.int64)
