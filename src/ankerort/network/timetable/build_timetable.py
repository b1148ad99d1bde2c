"""From GTFS feeds to one service day of connections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue import is_school_day, school_holidays_known
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import FeedReport, Timetable
from ankerort.network.timetable.connections import earliest_alighting_s
from ankerort.network.timetable.day_rides import DayRides, rides_of_day
from ankerort.network.timetable.feed import RAIL_TYPES, Feed
from ankerort.network.timetable.merge_stops import merge_stops
from ankerort.network.timetable.on_demand import DemandTrips, find_demand_trips
from ankerort.network.timetable.read_gtfs import BoundingBox, read_gtfs
from ankerort.network.timetable.service_day import (
    DayChoice,
    align_trips_per_day,
    choose_day,
    school_tuesdays_thursdays,
    trips_per_week,
)
from ankerort.region.settings import InputSettings

_ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_ONE_DAY = np.timedelta64(1, "D")


def build_timetable(
    feeds: Sequence[InputSettings],
    *,
    day: str,
    land: str,
    catalogue: Catalogue,
    crs: str,
    problems: Problems,
    bbox: BoundingBox | None = None,
    progress: Progress = SILENT,
) -> Timetable:
    """Read all feeds, recognise trips on demand, choose the service day and build its connections.

    Parameters
    ----------
    feeds
        Inputs of kind ``gtfs``. Options: ``on_demand_routes`` (short names or ids of lines that run only when booked) and
        ``booking_lead_min`` (minutes before which to book).
    day
        ISO date asked for, or empty: chosen by `choose_day`.
    land
        Land of the school holidays.
    crs
        Projected system for all metres.
    problems
        Takes up everything that is wrong with the feeds; with errors the timetable may be empty.
    bbox
        West, south, east, north in degrees: where stops are expected.

    Returns
    -------
    Timetable
        Without connections if no feed can be used.
    """
    read: list[tuple[Feed, DemandTrips]] = []
    with progress.task("progress.read_gtfs", total=len(feeds)) as task:
        for settings in feeds:
            read += _read_input(settings, catalogue, bbox, problems)
            task.advance()
    if not read:
        return _empty(day)
    choice, reports = _choose(read, day, land, catalogue, problems)
    if choice is None:
        return _empty(day, reports)
    project = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    tables = []
    for feed, _ in read:
        x, y = project.transform(feed.stops["lon"].to_numpy(float), feed.stops["lat"].to_numpy(float))
        tables.append(feed.stops.assign(x=x, y=y))
    stops, rows = merge_stops(tables, [f.source_id for f, _ in read], max_m=catalogue.value("pt.stop_merge_m"))
    speed = catalogue.value("pt.max_vehicle_speed_ms")
    parts = []
    for (feed, demand), table, row in zip(read, tables, rows, strict=True):
        x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
        earliest = earliest_alighting_s(feed.times, x, y, max_speed_ms=speed, direct=demand.on_demand)
        parts.append(rides_of_day(feed, demand, earliest, choice.day, stop_row=row))
    return _assemble(choice, stops, DayRides.joined(parts), _transfers(read, rows), reports)


def _read_input(
    settings: InputSettings, catalogue: Catalogue, bbox: BoundingBox | None, problems: Problems
) -> list[tuple[Feed, DemandTrips]]:
    routes, lead_min = _options(settings, problems)
    read = []
    for number, path in enumerate(settings.files, start=1):
        source_id = settings.source_id if len(settings.files) == 1 else f"{settings.source_id}.{number}"
        feed = read_gtfs(Path(path), source_id=source_id, problems=problems, bbox=bbox)
        if feed is None:
            continue
        demand = find_demand_trips(
            feed,
            hops=int(catalogue.value("pt.on_demand_hops")),
            hop_s=int(catalogue.value("pt.on_demand_hop_s")),
            routes=routes,
            lead_min=lead_min,
            problems=problems,
        )
        read.append((feed, demand))
    return read


def _options(settings: InputSettings, problems: Problems) -> tuple[tuple[str, ...], float]:
    routes = settings.options.get("on_demand_routes", ())
    if isinstance(routes, str):
        routes = [r.strip() for r in routes.split(",") if r.strip()]
    if not isinstance(routes, list | tuple):
        problems.add("gtfs_option", "error", "region.toml", column="on_demand_routes", value=routes)
        routes = ()
    lead = settings.options.get("booking_lead_min", np.nan)
    if isinstance(lead, bool) or not isinstance(lead, int | float) or lead < 0:
        problems.add("gtfs_option", "error", "region.toml", column="booking_lead_min", value=lead)
        lead = np.nan
    return tuple(str(r) for r in routes), float(lead)


def _choose(
    read: Sequence[tuple[Feed, DemandTrips]], day: str, land: str, catalogue: Catalogue, problems: Problems
) -> tuple[DayChoice | None, tuple[FeedReport, ...]]:
    first, trips = align_trips_per_day([f.first_day for f, _ in read], [f.trips_per_day() for f, _ in read])
    eligible = _school_days(first, trips, land, catalogue, problems)
    asked = _asked_day(day, problems)
    if not trips.any():
        for feed, _ in read:
            problems.add("gtfs_no_service", "error", feed.file)
        return None, ()
    choice = choose_day(trips, first, eligible, whole_share=catalogue.value("day.hollow_share"), asked=asked)
    running = np.flatnonzero(trips.sum(axis=0))
    begin, end = (str(first + running[k] * _ONE_DAY) for k in (0, -1))
    if choice.rule == "given" and not choice.trips.any():
        problems.add("day_without_service", "error", "region.toml", column="day", day=day, first=begin, last=end)
    elif choice.rule == "no_school_day":
        problems.add(
            "day_no_school_day", "warning", "region.toml", column="day", day=str(choice.day), first=begin, last=end
        )
    elif choice.rule == "given" and not _is_school_day(choice.day, land, catalogue):
        problems.add("day_free_of_school", "warning", "region.toml", column="day", day=day)
    if not school_holidays_known(catalogue, land, choice.day.astype(date)):
        problems.add("day_holidays_unknown", "warning", "region.toml", column="land", land=land, day=str(choice.day))
    reports = []
    for k, (feed, demand) in enumerate(read):
        days = np.flatnonzero(trips[k])
        report = FeedReport(
            source_id=feed.source_id,
            file=feed.file,
            first_date=str(first + days[0] * _ONE_DAY) if len(days) else "",
            last_date=str(first + days[-1] * _ONE_DAY) if len(days) else "",
            stops=len(feed.stops),
            trips=len(feed.trips),
            on_demand_trips=int(demand.on_demand.sum()),
            day_trips=int(choice.trips[k]),
            peak_date=str(choice.peak_day[k]) if choice.peak_trips[k] else "",
            peak_trips=int(choice.peak_trips[k]),
            hollow=bool(choice.hollow[k]),
            trips_per_week=trips_per_week(trips[k], first, eligible),
            has_rail=bool(feed.trips["route_type"].isin(RAIL_TYPES).any()),
        )
        reports.append(report)
        if report.hollow:
            problems.add(
                "gtfs_hollow",
                "warning",
                feed.file,
                day=str(choice.day),
                trips=report.day_trips,
                peak_trips=report.peak_trips,
                peak_day=report.peak_date,
            )
    if not any(r.has_rail for r in reports):
        problems.add("gtfs_no_rail", "note", ", ".join(r.file for r in reports))
    return choice, tuple(reports)


def _school_days(
    first: np.datetime64, trips: NDArray[np.int64], land: str, catalogue: Catalogue, problems: Problems
) -> NDArray[np.bool_]:
    """Days to choose from: only where holidays are on record, unless there are none at all."""
    days = trips.shape[1]
    try:
        eligible = school_tuesdays_thursdays(first, days, lambda d: is_school_day(catalogue, land, d))
    except NotImplementedError:
        problems.add("day_land_unknown", "error", "region.toml", column="land", land=land)
        return school_tuesdays_thursdays(first, days, lambda d: True)
    on_record = school_tuesdays_thursdays(first, days, lambda d: school_holidays_known(catalogue, land, d))
    served = trips.sum(axis=0) > 0
    return eligible & on_record if (eligible & on_record & served).any() else eligible


def _is_school_day(day: np.datetime64, land: str, catalogue: Catalogue) -> bool:
    try:
        return is_school_day(catalogue, land, day.astype(date))
    except NotImplementedError:  # an unknown Land is told by `_school_days`
        return True


def _asked_day(day: str, problems: Problems) -> np.datetime64 | None:
    if not day:
        return None
    try:
        if _ISO_DAY.match(day):
            return np.datetime64(day, "D")
    except ValueError:
        pass
    problems.add("day_format", "error", "region.toml", column="day", day=day)
    return None


@dataclass(frozen=True)
class _Transfers:
    origin: NDArray[np.int32]
    target: NDArray[np.int32]
    kind: NDArray[np.int8]
    min_s: NDArray[np.int32]


def _transfers(read: Sequence[tuple[Feed, DemandTrips]], rows: Sequence[NDArray[np.int32]]) -> _Transfers:
    """All pairs in the numbers of the merged stops; where feeds differ about a pair, the first feed holds."""
    parts = [
        f.transfers.assign(from_stop=row[f.transfers["from_stop"]], to_stop=row[f.transfers["to_stop"]])
        for (f, _), row in zip(read, rows, strict=True)
    ]
    pairs = pd.concat(parts, ignore_index=True).drop_duplicates(["from_stop", "to_stop"])
    pairs = pairs.sort_values(["from_stop", "to_stop"], kind="stable")
    return _Transfers(
        pairs["from_stop"].to_numpy(np.int32),
        pairs["to_stop"].to_numpy(np.int32),
        pairs["kind"].to_numpy(np.int8),
        pairs["min_s"].to_numpy(np.int32),
    )


def _assemble(
    choice: DayChoice, stops: pd.DataFrame, day: DayRides, transfers: _Transfers, reports: tuple[FeedReport, ...]
) -> Timetable:
    rides = day.rides
    demand = day.trips["on_demand"].to_numpy(bool)[rides.trip] if len(day.trips) else np.zeros(0, bool)
    counts = {}
    for name, chosen in (("departures", ~demand), ("demand_departures", demand)):
        chosen = chosen & rides.can_board
        pairs = np.unique(rides.trip[chosen].astype(np.int64) * len(stops) + rides.from_stop[chosen])
        counts[name] = np.bincount(pairs % max(len(stops), 1), minlength=len(stops)).astype(np.int32)
    return Timetable(
        date=str(choice.day),
        stops=stops.assign(**counts),
        trips=day.trips,
        dep_s=rides.dep_s,
        arr_s=rides.arr_s,
        from_stop=rides.from_stop,
        to_stop=rides.to_stop,
        trip=rides.trip,
        can_board=rides.can_board,
        can_alight=rides.can_alight,
        transfer_from=transfers.origin,
        transfer_to=transfers.target,
        transfer_kind=transfers.kind,
        transfer_min_s=transfers.min_s,
        reports=reports,
    )


def _empty(day: str, reports: tuple[FeedReport, ...] = ()) -> Timetable:
    number, text, flag = np.zeros(0, np.int32), pd.Series(dtype="str"), np.zeros(0, bool)
    real = pd.Series(dtype="float64")
    stops = pd.DataFrame(
        {
            "stop_ix": pd.Series(dtype="int32"),
            "name": text,
            **dict.fromkeys(("lon", "lat", "x", "y"), real),
            **dict.fromkeys(("feeds", "stop_ids"), text),
            **dict.fromkeys(("departures", "demand_departures"), pd.Series(dtype="int32")),
        }
    )
    return Timetable(
        date=day,
        stops=stops,
        trips=DayRides.joined([]).trips,
        dep_s=number,
        arr_s=number,
        from_stop=number,
        to_stop=number,
        trip=number,
        can_board=flag,
        can_alight=flag,
        transfer_from=number,
        transfer_to=number,
        transfer_kind=np.zeros(0, np.int8),
        transfer_min_s=number,
        reports=reports,
    )
