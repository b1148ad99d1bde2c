"""From GTFS feeds to one service day of connections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from ankerort.network.model import DayTimetable, DayType, FeedReport, Timetable
from ankerort.network.timetable.assemble import Transfers, assemble, empty_timetable, join_transfers
from ankerort.network.timetable.connections import earliest_alighting_s
from ankerort.network.timetable.day_rides import DayRides, rides_of_day
from ankerort.network.timetable.day_types import DayTypePlan, find_day_types, kinds_of_days, report_day_types
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


@dataclass(frozen=True)
class TimetableDays:
    """The timetable of the default day, and those of the day types that the feeds know."""

    timetable: Timetable
    day_types: Mapping[DayType, DayTimetable]


@dataclass(frozen=True)
class _Joined:
    """Feeds on common stops, ready for any day: nothing here depends on the date."""

    feeds: list[tuple[Feed, DemandTrips]]
    stops: pd.DataFrame
    rows: list[NDArray[np.int32]]
    earliest_s: list[NDArray[np.int32]]
    transfers: Transfers

    def rides_on(self, days: Sequence[np.datetime64 | None]) -> DayRides:
        """Rides of all feeds, each on its own date; None = without this feed."""
        return DayRides.joined(
            [
                rides_of_day(feed, demand, earliest, day, stop_row=row)
                for (feed, demand), earliest, row, day in zip(self.feeds, self.earliest_s, self.rows, days, strict=True)
                if day is not None
            ]
        )


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
    return build_timetables(
        feeds,
        day=day,
        land=land,
        catalogue=catalogue,
        crs=crs,
        problems=problems,
        bbox=bbox,
        progress=progress,
        with_day_types=False,
    ).timetable


def build_timetables(
    feeds: Sequence[InputSettings],
    *,
    day: str,
    land: str,
    catalogue: Catalogue,
    crs: str,
    problems: Problems,
    bbox: BoundingBox | None = None,
    progress: Progress = SILENT,
    with_day_types: bool = True,
) -> TimetableDays:
    """The timetable of the default day and of each day type (docs/method/day-types.md); every feed is read once.

    Parameters
    ----------
    feeds, day, land, catalogue, crs, problems, bbox
        As in `build_timetable`. `day` concerns the default day only.
    with_day_types
        False leaves the day types out, with what there is to tell about them.

    Returns
    -------
    TimetableDays
        No day types if no feed can be used, and without a day type that no feed knows.
    """
    read: list[tuple[Feed, DemandTrips]] = []
    with progress.task("progress.read_gtfs", total=len(feeds)) as task:
        for settings in feeds:
            read += _read_input(settings, catalogue, bbox, problems)
            task.advance()
    if not read:
        return TimetableDays(empty_timetable(day), {})
    choice, reports, eligible = _choose(read, day, land, catalogue, problems)
    if choice is None:
        return TimetableDays(empty_timetable(day, reports), {})
    joined = _join(read, crs, catalogue)
    rides = joined.rides_on([choice.day] * len(read))
    timetable = assemble(str(choice.day), joined.stops, rides, joined.transfers, reports)
    if not with_day_types:
        return TimetableDays(timetable, {})
    plans = _plan_day_types(read, eligible, land, catalogue, problems)
    return TimetableDays(timetable, {plan.day_type: _day_timetable(plan, joined, timetable) for plan in plans})


def _join(read: list[tuple[Feed, DemandTrips]], crs: str, catalogue: Catalogue) -> _Joined:
    project = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    tables = []
    for feed, _ in read:
        x, y = project.transform(feed.stops["lon"].to_numpy(float), feed.stops["lat"].to_numpy(float))
        tables.append(feed.stops.assign(x=x, y=y))
    stops, rows = merge_stops(tables, [f.source_id for f, _ in read], max_m=catalogue.value("pt.stop_merge_m"))
    speed = catalogue.value("pt.max_vehicle_speed_ms")
    earliest = []
    for (feed, demand), table in zip(read, tables, strict=True):
        x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
        earliest.append(earliest_alighting_s(feed.times, x, y, max_speed_ms=speed, direct=demand.on_demand))
    return _Joined(read, stops, rows, earliest, join_transfers([f for f, _ in read], rows))


def _plan_day_types(
    read: Sequence[tuple[Feed, DemandTrips]],
    eligible: NDArray[np.bool_],
    land: str,
    catalogue: Catalogue,
    problems: Problems,
) -> list[DayTypePlan]:
    first, trips = align_trips_per_day([f.first_day for f, _ in read], [f.trips_per_day() for f, _ in read])
    _, covered = align_trips_per_day(
        [f.first_day for f, _ in read], [np.ones(f.active.shape[1], np.int64) for f, _ in read]
    )
    kinds, holidays_known = kinds_of_days(first, trips.shape[1], eligible, land, catalogue)
    plans = find_day_types(
        trips,
        covered > 0,
        first,
        kinds,
        [f.source_id for f, _ in read],
        near_share=catalogue.value("day.hollow_share"),
        typical_share=catalogue.value("day.typical_share"),
        holiday_share=catalogue.value("day.holiday_min_share"),
    )
    files = {f.source_id: f.file for f, _ in read}
    report_day_types(plans, files, problems, land=land, holidays_known=holidays_known)
    return [p for p in plans if p.date]


def _day_timetable(plan: DayTypePlan, joined: _Joined, default: Timetable) -> DayTimetable:
    """The connections of a day type; where that is the default day, the default timetable itself."""
    dates = {f.source_id: f.date for f in plan.feeds}
    if plan.day_type == "school" and plan.common and plan.date == default.date:
        timetable = default
    else:
        days = [np.datetime64(f.date, "D") if f.date else None for f in plan.feeds]
        reports = tuple(
            replace(report, day_trips=feed.trips, hollow=not feed.date)
            for report, feed in zip(default.reports, plan.feeds, strict=True)
        )
        timetable = assemble(plan.date, joined.stops, joined.rides_on(days), joined.transfers, reports)
    return DayTimetable(plan.day_type, timetable, plan.date, dates, plan.common, plan.feeds)


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
) -> tuple[DayChoice | None, tuple[FeedReport, ...], NDArray[np.bool_]]:
    """The default day, a report per feed, and the school Tuesdays and Thursdays."""
    first, trips = align_trips_per_day([f.first_day for f, _ in read], [f.trips_per_day() for f, _ in read])
    eligible = _school_days(first, trips, land, catalogue, problems)
    asked = _asked_day(day, problems)
    if not trips.any():
        for feed, _ in read:
            problems.add("gtfs_no_service", "error", feed.file)
        return None, (), eligible
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
    return choice, tuple(reports), eligible


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
