"""One timetable under a definition that both programs share, as `Timetable` and as a GTFS archive."""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from ankerort.network.model import Timetable


def without_named_changes(timetable: Timetable) -> Timetable:
    """Departures not before the earliest alighting of the same vehicle; no transfers.txt; everybody may board and alight."""
    order = np.lexsort((np.arange(len(timetable.dep_s)), timetable.trip))
    dep, arr, trip = timetable.dep_s[order].copy(), timetable.arr_s[order], timetable.trip[order]
    follows = np.concatenate([[False], trip[1:] == trip[:-1]])
    dep[follows] = np.maximum(dep[follows], arr[:-1][follows[1:]])
    again = np.lexsort((np.arange(len(dep)), trip, dep))
    rows = order[again]
    none = np.empty(0, np.int32)
    return dataclasses.replace(
        timetable,
        dep_s=dep[again],
        arr_s=arr[again],
        trip=trip[again],
        from_stop=timetable.from_stop[rows],
        to_stop=timetable.to_stop[rows],
        can_board=np.ones(len(rows), bool),
        can_alight=np.ones(len(rows), bool),
        transfer_from=none,
        transfer_to=none,
        transfer_kind=none.astype(np.int8),
        transfer_min_s=none,
    )


def write_gtfs(timetable: Timetable, path: Path) -> None:
    """The day as a GTFS archive; stop ids are the rows of the timetable."""

    def clock(seconds: int) -> str:
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

    day = timetable.date.replace("-", "")
    order = np.lexsort((np.arange(len(timetable.dep_s)), timetable.trip))
    rows = []
    previous, count = -1, 0
    for c in order:
        trip = int(timetable.trip[c])
        if trip != previous:
            rows.append(
                [trip, 0, clock(int(timetable.dep_s[c])), clock(int(timetable.dep_s[c])), int(timetable.from_stop[c])]
            )
            previous, count = trip, 0
        count += 1
        rows[-1][3] = clock(int(timetable.dep_s[c]))
        at = clock(int(timetable.arr_s[c]))
        rows.append([trip, count, at, at, int(timetable.to_stop[c])])
    stops, trips = timetable.stops, sorted(set(timetable.trip.tolist()))
    tables = {
        "agency.txt": pd.DataFrame({"agency_id": ["a"], "agency_name": ["a"], "agency_url": ["https://example.org"], "agency_timezone": ["Europe/Berlin"]}),
        "stops.txt": pd.DataFrame({"stop_id": stops["stop_ix"], "stop_name": stops["stop_ix"], "stop_lat": stops["lat"], "stop_lon": stops["lon"]}),
        "routes.txt": pd.DataFrame({"route_id": ["r"], "agency_id": ["a"], "route_short_name": ["r"], "route_type": [3]}),
        "trips.txt": pd.DataFrame({"route_id": "r", "service_id": "s", "trip_id": trips}),
        "stop_times.txt": pd.DataFrame(rows, columns=["trip_id", "stop_sequence", "arrival_time", "departure_time", "stop_id"]),
        "calendar_dates.txt": pd.DataFrame({"service_id": ["s"], "date": [day], "exception_type": [1]}),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for name, table in tables.items():
            archive.writestr(name, table.to_csv(index=False))
