"""stops.txt: platforms with position, and the stations above them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Severity
from ankerort.base.text_table import TextTable
from ankerort.network.timetable.feed_files import FeedFiles, report_rows

BoundingBox = tuple[float, float, float, float]  # west, south, east, north in degrees
_FAR_DEGREE = 3.0  # beyond this (200 km and more) no journey of the region can end
_STATION, _PLATFORM_KINDS = 1, (0, 4)


@dataclass(frozen=True)
class Stops:
    """`platforms`: stop_id, name, lon, lat; `members`: rows of `platforms` by the id of a platform or its station."""

    platforms: pd.DataFrame
    members: dict[str, list[int]]
    row_of: dict[str, int]
    stations: frozenset[str]
    dropped: frozenset[str]  # ids that stand in the file but have no usable position


def read_stops(files: FeedFiles, bbox: BoundingBox | None) -> Stops | None:
    """Read the platforms of a feed; a platform takes the name of its station.

    Parameters
    ----------
    bbox
        West, south, east, north in degrees: where stops are expected. Stops far beyond it are left out.

    Returns
    -------
    Stops or None
        None if the file cannot be used; the problems are noted.
    """
    table = files.read("stops.txt", required=("stop_id", "stop_lat", "stop_lon"))
    if table is None:
        return None
    problems = files.problems
    ids = table.strings("stop_id")
    blank = ids == ""
    report_rows(problems, "gtfs_id_missing", "warning", table, blank, column="stop_id")
    double = pd.Series(ids).duplicated().to_numpy(bool) & ~blank
    report_rows(problems, "gtfs_duplicate_id", "warning", table, double, column="stop_id")
    kinds = table.whole("location_type", blank=0, bad=0)
    candidate = ~blank & ~double & (np.isin(kinds, _PLATFORM_KINDS) | (kinds == _STATION))
    lon, lat = table.numbers("stop_lon"), table.numbers("stop_lat")
    placed = candidate & _placed(files, table, lon, lat, candidate & (kinds != _STATION), bbox)
    parents, names = table.strings("parent_station"), table.strings("stop_name")
    row_in_file = {ids[k]: int(k) for k in np.flatnonzero(candidate)}
    orphan = candidate & np.array([bool(p) and p not in row_in_file for p in parents])
    report_rows(problems, "gtfs_unknown_parent", "warning", table, orphan, column="parent_station")

    # A station may be named by stop times against the standard; it is a stop then, so it stays among the platforms.
    chosen = np.flatnonzero(placed)
    own_name = [names[k] or ids[k] for k in chosen]
    station_name = [names[row_in_file[parents[k]]] if parents[k] in row_in_file else "" for k in chosen]
    platforms = pd.DataFrame(
        {
            "stop_id": ids[chosen].astype("str"),
            "name": [s or o for s, o in zip(station_name, own_name, strict=True)],
            "lon": lon[chosen],
            "lat": lat[chosen],
            "station": kinds[chosen] == _STATION,
        }
    )
    row_of = {ids[k]: row for row, k in enumerate(chosen)}
    members: dict[str, list[int]] = {ids[k]: [] for k in np.flatnonzero(candidate)}
    for row, k in enumerate(chosen):
        if kinds[k] != _STATION:
            members[ids[k]].append(row)
            if parents[k] in row_in_file:
                members[parents[k]].append(row)
    dropped = frozenset(ids[k] for k in np.flatnonzero(candidate & ~placed))
    stations = frozenset(ids[k] for k in np.flatnonzero(candidate & (kinds == _STATION)))
    return Stops(platforms, members, row_of, stations, dropped)


def _placed(
    files: FeedFiles,
    table: TextTable,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    asked: NDArray[np.bool_],
    bbox: BoundingBox | None,
) -> NDArray[np.bool_]:
    problems = files.problems

    def severity(bad: NDArray[np.bool_]) -> Severity:
        return "error" if 2 * bad.sum() > asked.sum() else "warning"

    unread = np.isnan(lon) | np.isnan(lat) | (np.abs(lon) > 180) | (np.abs(lat) > 90)
    report_rows(problems, "gtfs_stop_position", severity(asked & unread), table, asked & unread, shown="stop_id")
    zero = ~unread & (np.abs(lon) < 0.01) & (np.abs(lat) < 0.01)
    report_rows(problems, "gtfs_stop_at_zero", severity(asked & zero), table, asked & zero, shown="stop_id")
    placed = ~unread & ~zero
    if bbox is None:
        return placed
    west, south, east, north = bbox
    beyond = np.maximum.reduce([west - lon, lon - east, south - lat, lat - north])
    if (asked & placed).any() and not (asked & placed & (beyond <= 0)).any():
        swapped = asked & placed & (lat > west) & (lat < east) & (lon > south) & (lon < north)
        code = "gtfs_stops_swapped" if swapped.any() else "gtfs_feed_outside"
        report_rows(problems, code, "error", table, asked & placed, shown="stop_id")
        return placed
    far = placed & (beyond > _FAR_DEGREE)
    report_rows(problems, "gtfs_stop_far", "warning", table, asked & far, shown="stop_id")
    return placed & ~far
