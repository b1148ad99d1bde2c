"""A stop-to-stop matrix of travel times, where there is no timetable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.base.text_table import TextTable, read_text_table
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import SparseColumns, StopMatrix
from ankerort.network.timetable.connections import SHORTEST_RIDE_S
from ankerort.network.timetable.feed_files import report_rows
from ankerort.region.settings import InputSettings

STOP_COLUMNS = ("stop_id", "name", "lon", "lat")
TIME_COLUMNS = ("from", "to", "minutes")
PRESETS: Mapping[str, Mapping[str, str]] = {
    "": {},
    "daviplan_matrix": {"stop_id": "hst_nr", "from": "von", "to": "nach", "minutes": "minuten"},
}
_TINY_S = 1e-6  # 96.12 min are 5767.2 s; without this the binary fraction could round 60.0 s up to 61


def read_stop_matrix(
    settings: InputSettings, *, crs: str, catalogue: Catalogue, problems: Problems
) -> StopMatrix | None:
    """Read stops and times between them.

    Minutes become seconds, rounded up, at least three. Left out: values over ``pt.matrix_max_min`` (counted in a note), times from
    a stop to itself. Of several values for one pair the smallest holds.

    Parameters
    ----------
    settings
        Input of kind ``stop_matrix`` with two files: stops (stop_id, name, lon, lat) and times (from, to, minutes). `columns` and
        `preset` say how the columns are called in the files.
    crs
        Projected system for all metres.

    Returns
    -------
    StopMatrix or None
        None if it cannot be used; there is an error among the problems then.
    """
    if settings.preset not in PRESETS:
        problems.add(
            "stop_matrix_preset", "error", "region.toml", column="preset", preset=settings.preset, known=_known()
        )
        return None
    names = {**{c: c for c in (*STOP_COLUMNS, *TIME_COLUMNS)}, **PRESETS[settings.preset], **settings.columns}
    if len(settings.files) != 2:
        problems.add("stop_matrix_files", "error", "region.toml", column="files", count=len(settings.files))
        return None
    stops_file = _read(Path(settings.files[0]), [names[c] for c in STOP_COLUMNS], problems)
    times_file = _read(Path(settings.files[1]), [names[c] for c in TIME_COLUMNS], problems)
    if stops_file is None or times_file is None:
        return None
    stops = _stops(stops_file, names, crs, problems)
    limit_min = catalogue.value("pt.matrix_max_min")
    times = _times(times_file, names, {s: k for k, s in enumerate(stops["stop_ids"])}, limit_min, problems)
    if times is None:
        return None
    return StopMatrix(stops.assign(feeds=settings.source_id), times, settings.source_id)


def _known() -> str:
    return ", ".join(p for p in PRESETS if p)


def _read(path: Path, required: list[str], problems: Problems) -> TextTable | None:
    if not path.is_file():
        problems.add("stop_matrix_not_found", "error", path.name)
        return None
    table = read_text_table(path.read_bytes(), path.name, problems)
    if table is None:
        return None
    missing = [c for c in required if not table.has(c)]
    for column in missing:
        problems.add("stop_matrix_column", "error", path.name, row=1, column=column)
    return None if missing else table


def _stops(table: TextTable, names: Mapping[str, str], crs: str, problems: Problems) -> pd.DataFrame:
    ids = table.strings(names["stop_id"])
    lon, lat = table.numbers(names["lon"]), table.numbers(names["lat"])
    nowhere = ~(np.isfinite(lon) & np.isfinite(lat)) | ((np.abs(lon) < 0.01) & (np.abs(lat) < 0.01))
    nowhere |= (np.abs(lon) > 180) | (np.abs(lat) > 90)
    report_rows(
        problems, "stop_matrix_position", "warning", table, nowhere, column=names["lon"], shown=names["stop_id"]
    )
    double = pd.Series(ids).duplicated().to_numpy(bool)
    report_rows(problems, "stop_matrix_duplicate", "warning", table, double, column=names["stop_id"])
    keep = ~nowhere & ~double
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon[keep], lat[keep])
    return pd.DataFrame(
        {
            "stop_ix": np.arange(int(keep.sum()), dtype=np.int32),
            "name": table.strings(names["name"])[keep].astype("str"),
            "lon": lon[keep],
            "lat": lat[keep],
            "x": x,
            "y": y,
            "stop_ids": ids[keep].astype("str"),
        }
    )


def _times(
    table: TextTable, names: Mapping[str, str], row_of: Mapping[str, int], limit_min: float, problems: Problems
) -> SparseColumns | None:
    origin = table.mapped(names["from"], lambda v: row_of.get(v, -1), "int64")
    target = table.mapped(names["to"], lambda v: row_of.get(v, -1), "int64")
    minutes = table.numbers(names["minutes"])
    for column, rows in ((names["from"], origin), (names["to"], target)):
        report_rows(problems, "stop_matrix_unknown_stop", "warning", table, rows < 0, column=column)
    bad = ~(minutes >= 0)
    report_rows(problems, "stop_matrix_value", "warning", table, bad, column=names["minutes"])
    long = ~bad & (minutes > limit_min)
    if long.any():
        problems.add(
            "stop_matrix_long", "note", table.table, column=names["minutes"], count=int(long.sum()), limit_min=limit_min
        )
    keep = np.flatnonzero((origin >= 0) & (target >= 0) & ~bad & ~long & (origin != target))
    if not len(keep):
        problems.add("stop_matrix_nothing", "error", table.table)
        return None
    seconds = np.maximum(SHORTEST_RIDE_S, np.ceil(minutes[keep] * 60 - _TINY_S)).astype(np.int32)
    order = np.lexsort((seconds, origin[keep], target[keep]))
    a, b, seconds = origin[keep][order], target[keep][order], seconds[order]
    first = np.ones(len(a), bool)
    first[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    if not first.all():
        problems.add("stop_matrix_repeated", "warning", table.table, count=int((~first).sum()))
    ptr = np.searchsorted(b[first], np.arange(len(row_of) + 1)).astype(np.int64)
    return SparseColumns(ptr, a[first].astype(np.int32), seconds[first])
