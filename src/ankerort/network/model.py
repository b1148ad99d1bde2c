"""The network: ways of each mode and one service day of the timetable, as frozen arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problem

Mode = Literal["foot", "bike", "car"]
Direction = Literal["to_target", "from_target"]
DayType = Literal["school", "holiday", "saturday", "sunday"]
DAY_TYPES: tuple[DayType, ...] = ("school", "holiday", "saturday", "sunday")


@dataclass(frozen=True)
class SparseColumns:
    """One column per target, only the homes (or stops) within the target's limit.

    Parameters
    ----------
    ptr
        int64, shape (targets + 1,): column `k` is ``home[ptr[k]:ptr[k+1]]``.
    home
        int32, ascending within a column: index of the home.
    value
        int32: metres (foot, bike) or seconds (car), rounded up.
    """

    ptr: NDArray[np.int64]
    home: NDArray[np.int32]
    value: NDArray[np.int32]

    def column(self, target: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Homes and values of one target."""
        part = slice(self.ptr[target], self.ptr[target + 1])
        return self.home[part], self.value[part]


@dataclass(frozen=True)
class Trace:
    """One way in detail, for evidence: metres and seconds along it, and its line as (lon, lat) pairs.

    `value` is the number of the column: metres (foot, bike; ferries converted) or seconds (car, parking included), rounded up.
    """

    metres: float
    seconds: float
    line: tuple[tuple[float, float], ...]
    value: int = -1


class Ways(Protocol):
    """How one mode moves: on a street graph (`StreetWays`) or in straight lines (`StraightWays`)."""

    @property
    def mode(self) -> Mode:
        """Which mode moves so."""

    @property
    def estimated(self) -> bool:
        """True where straight lines stand in for streets."""

    def prepare(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Any:
        """Attach points (projected metres) to the mode's graph; pass the result to the other methods."""

    def known(self, prepared: Any) -> NDArray[np.bool_]:
        """Which prepared points lie within 500 m of the mode's usable streets; the others are unknown."""

    def columns(
        self,
        targets: Any,
        homes: Any,
        *,
        limit: NDArray[np.int32] | int,
        direction: Direction = "to_target",
        threads: int = 0,
    ) -> SparseColumns:
        """Value from each home to each target (or back) up to `limit` (metres or seconds; per target or one for all)."""

    def nearest(
        self, targets: Any, homes: Any, *, limit: int, direction: Direction = "to_target"
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Per home the index of the nearest target and its value, in one search; -1 and -1 where none is within `limit`."""

    def trace(
        self, targets: Any, target: int, homes: Any, home: int, *, direction: Direction = "to_target"
    ) -> Trace | None:
        """The way between one home and one target in detail; None if there is none."""


@dataclass(frozen=True)
class FeedReport:
    """What one GTFS feed runs: for the check and the report.

    `trips_per_week` holds (ISO Monday, trips on its school Tuesday/Thursday mean), the activity curve; `peak_date`,
    `peak_trips` its busiest school Tuesday or Thursday; `day_trips` its trips on the chosen day; `hollow` whether that is below
    90 % of the peak.
    """

    source_id: str
    file: str
    first_date: str
    last_date: str
    stops: int
    trips: int
    on_demand_trips: int
    day_trips: int
    peak_date: str
    peak_trips: int
    hollow: bool
    trips_per_week: tuple[tuple[str, float], ...]
    has_rail: bool


@dataclass(frozen=True)
class Timetable:
    """One service day as connections sorted by departure (then trip, then position in the trip).

    Parameters
    ----------
    date
        ISO date of the service day.
    stops
        stop_ix (= row), name, lon, lat, x, y, feeds (';'-joined source ids), stop_ids (';'-joined), departures (fixed
        trips that can be boarded there on the day), demand_departures (trips on demand).
    trips
        trip_ix (= row), source_id, trip_id, route (short name), route_type, headsign, on_demand (bool),
        booking_lead_min (float, NaN = not known), on_demand_rule (how it was recognised). A trip with some stops by
        arrangement has up to three rows, so that each ride belongs to exactly one (docs/method/timetable.md).
    dep_s, arr_s
        int32 seconds after midnight of the service day (over 86,400 after midnight). ``arr_s`` is the earliest moment at
        which one can step out: at least 3 s after the departure and never faster than the fastest vehicle.
    from_stop, to_stop, trip
        int32.
    can_board, can_alight
        bool: boarding at ``from_stop`` and alighting at ``to_stop`` are allowed.
    transfer_from, transfer_to
        int32 stop pairs of transfers.txt (from may equal to).
    transfer_kind, transfer_min_s
        int8 GTFS type (0 allowed, 1 without change time, 2 its own time, 3 forbidden) and int32 seconds (type 2).
    reports
        One per feed.
    """

    date: str
    stops: pd.DataFrame
    trips: pd.DataFrame
    dep_s: NDArray[np.int32]
    arr_s: NDArray[np.int32]
    from_stop: NDArray[np.int32]
    to_stop: NDArray[np.int32]
    trip: NDArray[np.int32]
    can_board: NDArray[np.bool_]
    can_alight: NDArray[np.bool_]
    transfer_from: NDArray[np.int32]
    transfer_to: NDArray[np.int32]
    transfer_kind: NDArray[np.int8]
    transfer_min_s: NDArray[np.int32]
    reports: tuple[FeedReport, ...] = ()

    @property
    def on_demand(self) -> NDArray[np.bool_]:
        """Per connection: its trip runs only when booked."""
        return self.trips["on_demand"].to_numpy(bool)[self.trip]


@dataclass(frozen=True)
class StopMatrix:
    """Stop-to-stop times without a timetable: columns by destination stop.

    `stops` as in `Timetable` (stop_ix, name, lon, lat, x, y); `times` = one column per destination stop, `home` the origin
    stop, `value` seconds; values over 180 minutes are dropped by the reader.
    """

    stops: pd.DataFrame
    times: SparseColumns
    source_id: str


@dataclass(frozen=True)
class FeedDay:
    """What one feed runs on a day type: for the check and the report (docs/method/day-types.md).

    Parameters
    ----------
    source_id
        The feed.
    date
        Its date (ISO); empty = it has no day of this type (silent).
    trips
        Trips on `date`; 0 without a date.
    normal_trips
        What it normally runs on a day of the type: its busiest school Tuesday or Thursday, else the lower median of the days that
        count; 0 = it normally runs nothing. Of a silent feed the lower median of the days in doubt.
    share
        `trips` over `normal_trips`; NaN where either is not defined.
    days, served_days
        Days of the type that count for the feed, and those of them with trips.
    state
        served, no_service (its calendar covers days of the type, and it runs nothing: known), outside (its calendar covers none),
        hollow (its calendar covers some, but it does not run near its own level in these weeks).
    """

    source_id: str
    date: str
    trips: int
    normal_trips: int
    share: float
    days: int
    served_days: int
    state: Literal["served", "no_service", "outside", "hollow"]


@dataclass(frozen=True)
class DayTimetable:
    """The timetable of one day type: school weekday, holiday weekday, Saturday or Sunday.

    Parameters
    ----------
    day_type
        Which type.
    timetable
        Its connections; `stops` is the same table, in the same order, for all day types and for ``Network.timetable`` (only the
        departures differ). `Timetable.date` is `date`.
    date
        The representative date (ISO) for opening hours and print: the common date, or the date of the feed with most trips.
    feed_dates
        Feed (source_id) -> its own date (ISO), all equal to `date` if every feed runs near its own normal on one day;
        empty = the feed has no day of this type: its stops are silent, and nothing is known near them.
    common
        Whether all feeds that have a day of this type share one date.
    feeds
        Per feed its date, its trips on it and its normal.
    """

    day_type: DayType
    timetable: Timetable
    date: str
    feed_dates: Mapping[str, str]
    common: bool
    feeds: tuple[FeedDay, ...] = ()

    @property
    def silent_feeds(self) -> tuple[str, ...]:
        """Feeds that have no day of this type."""
        return tuple(sorted(f for f, day in self.feed_dates.items() if not day))


@dataclass(frozen=True)
class Network:
    """Ways per mode and the public transport of one day (a timetable, a stop matrix, or neither).

    `timetable` is the default day (docs/method/timetable.md); `day_types` holds the timetable of each day type that the feeds
    know, and is empty without a timetable.
    """

    foot: Ways
    bike: Ways
    car: Ways
    timetable: Timetable | None
    stop_matrix: StopMatrix | None
    problems: tuple[Problem, ...] = field(default=())
    day_types: Mapping[DayType, DayTimetable] = field(default_factory=dict)
