"""A line from a GTFS snippet, put onto the stops of a timetable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DayType, Timetable
from ankerort.network.timetable.connections import earliest_alighting_s
from ankerort.network.timetable.day_rides import rides_of_day
from ankerort.network.timetable.day_types import find_day_types, kinds_of_days
from ankerort.network.timetable.edit import SCENARIO_SOURCE, add_rides, add_stop
from ankerort.network.timetable.feed import Feed
from ankerort.network.timetable.merge_stops import normalise_stop_name
from ankerort.network.timetable.on_demand import DemandTrips, find_demand_trips
from ankerort.network.timetable.read_gtfs import read_gtfs
from ankerort.network.timetable.service_day import school_tuesdays_thursdays

_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class LineSnippet:
    """A line as read: its feed, which trips run on demand, and its stops with projected metres."""

    feed: Feed
    demand: DemandTrips
    earliest_s: NDArray[np.int32]
    stops: pd.DataFrame


def read_line(
    path: Path, *, catalogue: Catalogue, crs: str, problems: Problems, source_id: str = SCENARIO_SOURCE
) -> LineSnippet | None:
    """Read a GTFS file or folder that holds the trips to add, with the reader of the feeds.

    Returns
    -------
    LineSnippet or None
        None if it cannot be used; there is an error among the problems then.
    """
    feed = read_gtfs(path, source_id=source_id, problems=problems)
    if feed is None:
        return None
    demand = find_demand_trips(
        feed,
        hops=int(catalogue.value("pt.on_demand_hops")),
        hop_s=int(catalogue.value("pt.on_demand_hop_s")),
        problems=problems,
    )
    project = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = project.transform(feed.stops["lon"].to_numpy(float), feed.stops["lat"].to_numpy(float))
    earliest = earliest_alighting_s(
        feed.times, x, y, max_speed_ms=catalogue.value("pt.max_vehicle_speed_ms"), direct=demand.on_demand
    )
    return LineSnippet(feed, demand, earliest, feed.stops.assign(x=x, y=y))


def line_date(
    line: LineSnippet, day_type: DayType, date: str, *, land: str, catalogue: Catalogue
) -> np.datetime64 | None:
    """The date that the line runs by on a day type.

    The date of the timetable where the line's calendar covers it; else (a line planned for a later year) the line's own date of the
    type, found as for a feed; None where its calendar has no day of the type.
    """
    feed, wanted = line.feed, np.datetime64(date, "D")
    days = feed.active.shape[1]
    if feed.first_day <= wanted < feed.first_day + days * _ONE_DAY:
        return wanted
    # holidays of a year that nobody has on record cannot be told from school: its weekdays count as school days
    weekdays = school_tuesdays_thursdays(feed.first_day, days, lambda d: True)
    kinds, _ = kinds_of_days(feed.first_day, days, weekdays, land, catalogue)
    of = {**kinds, "school": weekdays & ~kinds["holiday"]}
    plans = find_day_types(
        feed.trips_per_day()[None, :],
        np.ones((1, days), bool),
        feed.first_day,
        of,
        [feed.source_id],
        near_share=catalogue.value("day.hollow_share"),
        typical_share=catalogue.value("day.typical_share"),
        holiday_share=catalogue.value("day.holiday_min_share"),
    )
    (found,) = [p.date for p in plans if p.day_type == day_type]
    return np.datetime64(found, "D") if found else None


def place_line(timetable: Timetable, line: LineSnippet, *, max_m: float) -> tuple[Timetable, NDArray[np.int32]]:
    """The timetable with the stops of a line, and the row of each.

    A stop of the line is one of the timetable if it lies within `max_m` (figure ``pt.stop_merge_m``) and has the same id or the same
    normalised name, each with at most one: same ids first, then the nearest. The others stand at the end.
    """
    row = _match(timetable.stops, line.stops, max_m)
    for k in np.flatnonzero(row < 0):
        stop = line.stops.iloc[k]
        row[k] = len(timetable.stops)
        timetable = add_stop(
            timetable,
            name=str(stop["name"]),
            stop_id=str(stop["stop_id"]),
            lon=float(stop["lon"]),
            lat=float(stop["lat"]),
            x=float(stop["x"]),
            y=float(stop["y"]),
            source_id=line.feed.source_id,
        )
    return timetable, row


def add_line(timetable: Timetable, line: LineSnippet, stop_row: NDArray[np.int32], date: np.datetime64) -> Timetable:
    """The timetable with the trips of the line that run on the date, those of the evening before included.

    Parameters
    ----------
    stop_row
        From `place_line`, made on this timetable or on another with the same stops.
    """
    return add_rides(timetable, rides_of_day(line.feed, line.demand, line.earliest_s, date, stop_row=stop_row))


def _match(stops: pd.DataFrame, new: pd.DataFrame, max_m: float) -> NDArray[np.int32]:
    """Row in `stops` of each new stop; -1 where it has none."""
    row = np.full(len(new), -1, np.int32)
    if not len(stops) or not len(new):
        return row
    tree = cKDTree(stops[["x", "y"]].to_numpy(float))
    xy = new[["x", "y"]].to_numpy(float)
    ids = [set(str(i).split(";")) for i in stops["stop_ids"]]
    pairs = []
    for k, near in enumerate(tree.query_ball_point(xy, max_m)):
        name = normalise_stop_name(str(new["name"].iloc[k]))
        for s in near:
            same_id = str(new["stop_id"].iloc[k]) in ids[s]
            if same_id or normalise_stop_name(str(stops["name"].iloc[s])) == name:
                metres = float(np.hypot(*(xy[k] - tree.data[s])))
                pairs.append((not same_id, metres, s, k))
    taken: set[int] = set()
    for _, _, s, k in sorted(pairs):
        if row[k] < 0 and s not in taken:
            row[k] = s
            taken.add(s)
    return row
