"""Collects stops, calendars and trips of one feed and freezes them as GTFS tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ankerort.sample.world import Feed, lonlat

# One call of a trip: stop id, arrival and departure in seconds after midnight, pickup_type, drop_off_type.
Call = tuple[str, int, int, int, int]
_Rows = tuple[tuple[object, ...], ...]

_COLUMNS: dict[str, tuple[str, ...]] = {
    "agency.txt": ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang", "agency_phone"),
    "feed_info.txt": (
        "feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date", "feed_version",
    ),
    "stops.txt": (
        "stop_id", "stop_code", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station",
        "wheelchair_boarding", "platform_code",
    ),
    "routes.txt": ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
    "calendar.txt": (
        "service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "start_date",
        "end_date",
    ),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
    "trips.txt": ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id"),
    "stop_times.txt": (
        "trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type", "drop_off_type",
        "pickup_booking_rule_id",
    ),
    "frequencies.txt": ("trip_id", "start_time", "end_time", "headway_secs", "exact_times"),
    "transfers.txt": ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time"),
    "booking_rules.txt": ("booking_rule_id", "booking_type", "prior_notice_duration_min", "message", "phone_number"),
}  # fmt: skip

EVERY_DAY = (1, 1, 1, 1, 1, 1, 1)
WEEKDAYS = (1, 1, 1, 1, 1, 0, 0)
NEVER = (0, 0, 0, 0, 0, 0, 0)


def clock(seconds: int) -> str:
    """Seconds after midnight as GTFS text, with a one-digit hour below ten: ``8:05:00``, ``24:10:00``."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def hm(text: str) -> int:
    """Seconds after midnight of ``HH:MM`` (hours may pass 24)."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


class FeedBuilder:
    """Collects one feed.

    Parameters
    ----------
    name
        File name without ending.
    agency_id, agency_name
        The operator.
    first_day, last_day
        Period of the calendar.
    """

    def __init__(self, name: str, agency_id: str, agency_name: str, first_day: date, last_day: date) -> None:
        self.name = name
        self._agency = (agency_id, agency_name)
        self._period = (first_day, last_day)
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _COLUMNS}

    def stop(
        self, stop_id: str, name: str, x_m: float, y_m: float, *, station: str = "", is_station: bool = False,
        platform: str = "",
    ) -> str:  # fmt: skip
        """Add a stop, or a station that stops name as their parent; returns `stop_id`."""
        lon, lat = lonlat(x_m, y_m)
        row = (stop_id, "", name, f"{lat:.7f}", f"{lon:.7f}", 1 if is_station else 0, station, 0, platform)
        self._rows["stops.txt"].append(row)
        return stop_id

    def service(
        self, service_id: str, days: Sequence[int], *, added: Iterable[date] = (), removed: Iterable[date] = ()
    ) -> str:
        """Add a service with its weekly pattern and its exceptions; returns `service_id`."""
        first, last = (f"{d:%Y%m%d}" for d in self._period)
        self._rows["calendar.txt"].append((service_id, *days, int(first), int(last)))
        exceptions = [(d, 1) for d in added] + [(d, 2) for d in removed]
        for day, kind in sorted(exceptions):
            self._rows["calendar_dates.txt"].append((service_id, int(f"{day:%Y%m%d}"), kind))
        return service_id

    def route(self, route_id: str, short_name: str, long_name: str, *, route_type: int = 3) -> str:
        """Add a line; returns `route_id`."""
        self._rows["routes.txt"].append((route_id, self._agency[0], short_name, long_name, route_type))
        return route_id

    def trip(
        self, route_id: str, service_id: str, trip_id: str, headsign: str, calls: Iterable[Call], *, direction: int = 0,
        booking_rule: str = "",
    ) -> str:  # fmt: skip
        """Add a trip with its calls; returns `trip_id`."""
        self._rows["trips.txt"].append((route_id, service_id, trip_id, headsign, direction))
        for sequence, (stop_id, arrival, departure, pickup, drop_off) in enumerate(calls):
            self._rows["stop_times.txt"].append(
                (trip_id, clock(arrival), clock(departure), stop_id, sequence, pickup, drop_off, booking_rule)
            )
        return trip_id

    def transfer(self, from_stop: str, to_stop: str, kind: int, min_s: int | None = None) -> None:
        """Add a row of ``transfers.txt``."""
        self._rows["transfers.txt"].append((from_stop, to_stop, kind, "" if min_s is None else min_s))

    def frequency(self, trip_id: str, start_s: int, end_s: int, headway_s: int, *, exact: bool = True) -> None:
        """Repeat a trip every `headway_s` from `start_s` to before `end_s`."""
        self._rows["frequencies.txt"].append((trip_id, clock(start_s), clock(end_s), headway_s, int(exact)))

    def booking_rule(self, rule_id: str, lead_min: int, message: str, phone: str = "") -> str:
        """Add a rule: to be booked the same day at least `lead_min` before."""
        self._rows["booking_rules.txt"].append((rule_id, 1, lead_min, message, phone))
        return rule_id

    def build(self, *, version: str = "2026-07-31") -> Feed:
        """Freeze the feed; ``frequencies.txt`` stands there even when empty, as in real feeds."""
        agency_id, agency_name = self._agency
        url = "https://beispiel.invalid/"
        first, last = (int(f"{d:%Y%m%d}") for d in self._period)
        self._rows["agency.txt"] = [(agency_id, agency_name, url, "Europe/Berlin", "de", "")]
        self._rows["feed_info.txt"] = [(agency_name, url, "de", first, last, version)]
        keep = {"frequencies.txt", "calendar_dates.txt", "transfers.txt"}
        tables: dict[str, tuple[tuple[str, ...], _Rows]] = {
            table: (_COLUMNS[table], tuple(rows)) for table, rows in self._rows.items() if rows or table in keep
        }
        if "booking_rules.txt" not in tables:
            columns, rows = tables["stop_times.txt"]
            tables["stop_times.txt"] = (columns[:-1], tuple(row[:-1] for row in rows))
        return Feed(self.name, tables)


def evenly(stops: Sequence[str], minutes: Sequence[int], start_s: int) -> list[Call]:
    """Calls along `stops` from `start_s`, `minutes[k]` minutes from stop k to stop k + 1, without standing time."""
    calls: list[Call] = []
    now = start_s
    for k, stop in enumerate(stops):
        calls.append((stop, now, now, 0, 0))
        if k < len(minutes):
            now += minutes[k] * 60
    return calls
