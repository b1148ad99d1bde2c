"""One GTFS feed, from a zip archive or a folder, with all its problems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.base.text_table import TextTable
from ankerort.network.timetable.feed import Feed, StopTimes
from ankerort.network.timetable.feed_files import FeedFiles, report_rows
from ankerort.network.timetable.read_calendar import Calendars, read_calendars
from ankerort.network.timetable.read_stop_times import read_stop_times
from ankerort.network.timetable.read_stops import BoundingBox, Stops, read_stops
from ankerort.network.timetable.read_transfers import read_transfers

__all__ = ["BoundingBox", "read_gtfs"]


def read_gtfs(path: Path, *, source_id: str, problems: Problems, bbox: BoundingBox | None = None) -> Feed | None:
    """Read a GTFS feed.

    Parameters
    ----------
    path
        Zip archive or folder.
    source_id
        Id of the source, kept in the feed.
    problems
        Takes up everything that is wrong: errors where the feed is of no use, warnings where it is used in part.
    bbox
        West, south, east, north in degrees: where stops are expected.

    Returns
    -------
    Feed or None
        None if nothing of it can be used; there is an error among the problems then.
    """
    files = FeedFiles(path, problems)
    if not files.usable:
        return None
    try:
        stops = read_stops(files, bbox)
        routes = files.read("routes.txt", required=("route_id", "route_type"))
        trips = files.read("trips.txt", required=("trip_id", "route_id", "service_id"))
        calendars = read_calendars(files)
        if trips is None:
            files.read("stop_times.txt", required=("trip_id", "stop_id", "arrival_time", "departure_time"))
            return None
        trip_table = _trips(files, trips, routes, calendars)
        times = read_stop_times(files, pd.Index(trip_table["trip_id"]), stops or _no_stops())
        if stops is None or routes is None or times is None or calendars is None:
            return None
        if not len(times):
            # A feed of on-demand areas only is lawful: its loss is told, but it does not stop the others.
            areas_only = any(p.code == "gtfs_flex_zone" and p.table.startswith(f"{path.name}/") for p in problems)
            problems.add("gtfs_nothing_usable", "warning" if areas_only else "error", path.name)
            return None
        trip_table, times = _without_unused_trips(trip_table, times)
        trip_table, times = _expand_frequencies(files, trip_table, times)
        transfers = read_transfers(files, stops.members, stops.stations)
    finally:
        files.close()
    platforms, times, transfers = _without_idle_stations(stops.platforms, times, transfers)
    return Feed(source_id, path.name, platforms, trip_table, times, calendars.first_day, calendars.active, transfers)


def _no_stops() -> Stops:
    return Stops(pd.DataFrame(), {}, {}, frozenset(), frozenset())


def _trips(files: FeedFiles, trips: TextTable, routes: TextTable | None, calendars: Calendars | None) -> pd.DataFrame:
    problems = files.problems
    ids = trips.strings("trip_id")
    blank = ids == ""
    report_rows(problems, "gtfs_id_missing", "warning", trips, blank, column="trip_id")
    double = pd.Series(ids).duplicated().to_numpy(bool) & ~blank
    report_rows(problems, "gtfs_duplicate_id", "warning", trips, double, column="trip_id")
    route_ids = trips.strings("route_id")
    names: dict[str, str] = {}
    kinds: dict[str, int] = {}
    if routes is not None:
        keys = routes.strings("route_id")
        again = pd.Series(keys).duplicated().to_numpy(bool)
        report_rows(problems, "gtfs_duplicate_id", "warning", routes, again, column="route_id")
        types = routes.whole("route_type", blank=-1, bad=-1)
        report_rows(problems, "gtfs_route_type", "warning", routes, types < 0, column="route_type")
        short, long = routes.strings("route_short_name"), routes.strings("route_long_name")
        for k in np.flatnonzero(~again):
            names[keys[k]] = short[k] or long[k]
            kinds[keys[k]] = int(types[k])
        strange = np.array([r not in names for r in route_ids], dtype=bool)
        report_rows(problems, "gtfs_unknown_route", "warning", trips, strange, column="route_id")
    service = np.full(len(trips), -1, np.int64)
    if calendars is not None:
        service = calendars.services.get_indexer(trips.strings("service_id")).astype(np.int64)
        report_rows(problems, "gtfs_unknown_service", "warning", trips, service < 0, column="service_id")
    frame = pd.DataFrame(
        {
            "trip_id": ids.astype("str"),
            "route_id": route_ids.astype("str"),
            "route": [names.get(r, "") for r in route_ids],
            "route_type": np.array([kinds.get(r, -1) for r in route_ids], dtype=np.int32),
            "headsign": trips.strings("trip_headsign").astype("str"),
            "service": service,
        }
    )
    return frame[~blank & ~double].reset_index(drop=True)


def _without_unused_trips(trips: pd.DataFrame, times: StopTimes) -> tuple[pd.DataFrame, StopTimes]:
    used = np.unique(times.trip)
    row = np.full(len(trips), -1, np.int32)
    row[used] = np.arange(len(used), dtype=np.int32)
    return trips.iloc[used].reset_index(drop=True), replace(times, trip=row[times.trip])


def _without_idle_stations(
    platforms: pd.DataFrame, times: StopTimes, transfers: pd.DataFrame
) -> tuple[pd.DataFrame, StopTimes, pd.DataFrame]:
    """Stations are no stops unless stop times name them."""
    served = np.zeros(len(platforms), bool)
    served[times.stop] = True
    keep = served | ~platforms["station"].to_numpy(bool)
    row = (np.cumsum(keep) - 1).astype(np.int32)
    transfers = transfers[keep[transfers["from_stop"]] & keep[transfers["to_stop"]]]
    transfers = transfers.assign(from_stop=row[transfers["from_stop"]], to_stop=row[transfers["to_stop"]])
    moved = replace(times, stop=row[times.stop])
    return platforms[keep].drop(columns="station").reset_index(drop=True), moved, transfers.reset_index(drop=True)


def _expand_frequencies(files: FeedFiles, trips: pd.DataFrame, times: StopTimes) -> tuple[pd.DataFrame, StopTimes]:
    """Each run of a trip of frequencies.txt becomes a trip; also where only the headway is promised (exact_times 0)."""
    table = files.read("frequencies.txt", required=("trip_id", "start_time", "end_time", "headway_secs"), optional=True)
    if table is None or not len(table):  # a file with its header only is common and means nothing
        return trips, times
    problems = files.problems
    row_of = {t: k for k, t in enumerate(trips["trip_id"])}
    trip = table.mapped("trip_id", lambda v: row_of.get(v, -1), "int64")
    report_rows(problems, "gtfs_unknown_trip", "warning", table, trip < 0, column="trip_id")
    start, end = table.times_s("start_time"), table.times_s("end_time")
    headway = table.whole("headway_secs", blank=0, bad=0)
    for column, bad in (
        ("start_time", start < 0),
        ("end_time", end < 0),
        ("headway_secs", headway <= 0),
    ):
        report_rows(problems, "gtfs_frequency", "warning", table, bad, column=column)
    starts = times.starts(len(trips))
    runs: set[tuple[int, int]] = set()
    for k in np.flatnonzero((trip >= 0) & (start >= 0) & (end >= 0) & (headway > 0)):
        runs.update((int(trip[k]), moment) for moment in range(int(start[k]), int(end[k]), int(headway[k])))
    if not runs:
        return trips, times
    repeated = {t for t, _ in runs}
    # (trip, first departure or -1 for the trip as written), in the order of the trips
    wanted = sorted(runs | {(t, -1) for t in range(len(trips)) if t not in repeated})
    source = np.array([t for t, _ in wanted], dtype=np.int64)
    moments = np.array([m for _, m in wanted], dtype=np.int64)
    length = np.diff(starts)[source]
    new_trip = np.repeat(np.arange(len(wanted)), length)
    offset = np.arange(len(new_trip)) - np.repeat(np.cumsum(length) - length, length)
    events = times.take(starts[source][new_trip] + offset)
    shift = np.where(moments < 0, 0, moments - times.dep_s[starts[source]])[new_trip].astype(np.int32)
    ids = trips["trip_id"].to_numpy(object)[source]
    ids = [
        i if m < 0 else f"{i}#{m // 3600:02d}:{m // 60 % 60:02d}:{m % 60:02d}"
        for i, m in zip(ids, moments, strict=True)
    ]
    expanded = trips.iloc[source].reset_index(drop=True).assign(trip_id=ids)
    shifted = replace(events, trip=new_trip.astype(np.int32), arr_s=events.arr_s + shift, dep_s=events.dep_s + shift)
    return expanded, shifted
