"""A small correct feed that tests spoil in one point each, and shorthands round it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.network.model import Timetable
from ankerort.network.timetable import build_timetable
from ankerort.region.settings import InputSettings
from reference.gtfs import WEEKDAYS, Rows, write_feed

DAY = "2026-06-09"  # a school Tuesday in Sachsen-Anhalt
STOPS = {"A": (11.50, 52.10), "B": (11.52, 52.10), "C": (11.54, 52.10), "D": (11.56, 52.12)}


def events(trip: str, *stops: tuple[str, str] | tuple[str, str, str, str]) -> list[dict[str, object]]:
    """Stop times of one trip: (stop, time) or (stop, time, pickup, drop-off)."""
    rows = []
    for k, (stop, time, *kinds) in enumerate(stops):
        row: dict[str, object] = {"trip_id": trip, "stop_id": stop, "stop_sequence": k}
        row |= {"arrival_time": time, "departure_time": time}
        row |= dict(zip(("pickup_type", "drop_off_type"), kinds, strict=False))
        rows.append(row)
    return rows


def calendar(
    service: str = "s", days: str = "1111100", start: str = "20260601", end: str = "20260630"
) -> dict[str, object]:
    """A row of calendar.txt."""
    flags = dict(zip(WEEKDAYS, days, strict=True))
    return {"service_id": service, **flags, "start_date": start, "end_date": end}


def tables(**other: Rows | str | None) -> dict[str, Rows | str]:
    """The small feed: one line, trips t1 (A B C) and t2 (C B A); tables given replace its own, None removes them."""
    feed: dict[str, Any] = {
        "stops": [
            {"stop_id": s, "stop_name": f"Ort, {s}", "stop_lat": lat, "stop_lon": lon}
            for s, (lon, lat) in STOPS.items()
        ],
        "routes": [{"route_id": "r", "route_short_name": "610", "route_type": 3}],
        "trips": [
            {"route_id": "r", "service_id": "s", "trip_id": "t1", "trip_headsign": "C"},
            {"route_id": "r", "service_id": "s", "trip_id": "t2", "trip_headsign": "A"},
        ],
        "stop_times": events("t1", ("A", "6:05:00"), ("B", "6:10:00"), ("C", "6:20:00"))
        + events("t2", ("C", "16:00:00"), ("B", "16:10:00"), ("A", "16:15:00")),
        "calendar": [calendar()],
    }
    feed |= other
    return {name: rows for name, rows in feed.items() if rows is not None}


def build(
    folder: Path,
    *feeds: Mapping[str, Rows | str],
    day: str = DAY,
    options: Mapping[str, object] | None = None,
    **more: Any,
) -> tuple[Timetable, Problems]:
    """Write the feeds and build the timetable of a day."""
    problems = Problems()
    inputs = []
    for k, feed in enumerate(feeds):
        path = write_feed(folder / f"feed{k}.zip", feed)
        inputs.append(InputSettings("gtfs", (path,), f"f{k}", options=options or {}))
    more = {"catalogue": read_catalogue(), "land": "ST", "crs": "EPSG:25832"} | more
    return build_timetable(inputs, day=day, problems=problems, **more), problems


def codes(problems: Problems) -> dict[str, str]:
    """Severity by problem code, without the note about rail."""
    return {p.code: p.severity for p in problems if p.code != "gtfs_no_rail"}


def rides(timetable: Timetable) -> Counter[tuple[str, str, str, int, int, bool]]:
    """Every ride the connections allow: (trip, from stop, to stop, departure, arrival, only when booked)."""
    of_trip = defaultdict(list)
    for k, trip in enumerate(timetable.trip.tolist()):
        of_trip[trip].append(k)
    ids = timetable.stops["stop_ids"].tolist()
    found: Counter[tuple[str, str, str, int, int, bool]] = Counter()
    for trip, rows in of_trip.items():
        row = timetable.trips.iloc[trip]
        for i, board in enumerate(rows):
            for alight in rows[i:]:
                if timetable.can_board[board] and timetable.can_alight[alight]:
                    a, b = ids[timetable.from_stop[board]], ids[timetable.to_stop[alight]]
                    moments = (int(timetable.dep_s[board]), int(timetable.arr_s[alight]))
                    found[(row["trip_id"], a, b, *moments, bool(row["on_demand"]))] += 1
    return found
