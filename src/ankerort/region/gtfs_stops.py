"""Stops of timetable feeds, as far as places and stop facilities need them (``stops.txt`` only)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from pyproj import Transformer

from ankerort.region.schema import REGISTERED_STOPS
from ankerort.region.settings import InputSettings
from ankerort.region.tables_in import decimal_numbers
from ankerort.region.vector_files import GERMANY

_NEEDED = ("stop_id", "stop_name", "stop_lat", "stop_lon")


def read_gtfs_stops(inputs: Sequence[InputSettings], *, crs: str) -> pd.DataFrame:
    """REGISTERED_STOPS of all feeds: platforms and stations, without entrances; AGS not filled.

    Silent: what is wrong with a feed is told by the timetable's own reader (`ankerort.network.timetable`), once.

    Parameters
    ----------
    inputs
        Of kind ``gtfs``.
    crs
        The project's projected system.
    """
    parts: list[pd.DataFrame] = []
    for source in inputs:
        for path in source.files:
            table = _stops_table(path)
            if table is None:
                continue
            kind = table.get("location_type", pd.Series("", index=table.index))
            table = table[kind.isin(["", "0", "1"])]
            lon, lat = decimal_numbers(table["stop_lon"]), decimal_numbers(table["stop_lat"])
            inside = lon.between(GERMANY[0], GERMANY[2]) & lat.between(GERMANY[1], GERMANY[3])
            table, lon, lat = table[inside], lon[inside], lat[inside]
            x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon.to_numpy(), lat.to_numpy())
            frame = pd.DataFrame({"stop_id": table["stop_id"], "name": table["stop_name"], "lon": lon, "lat": lat})
            parts.append(frame.assign(x=x, y=y, kind="stop", source_id=source.source_id))
    if not parts:
        return REGISTERED_STOPS.empty()
    return REGISTERED_STOPS.conform(pd.concat(parts, ignore_index=True))


def _stops_table(path: Path) -> pd.DataFrame | None:
    try:
        if path.is_dir():
            content = (path / "stops.txt").read_bytes()
        else:
            with zipfile.ZipFile(path) as feed:
                name = next((n for n in feed.namelist() if n.rsplit("/", 1)[-1] == "stops.txt"), "stops.txt")
                content = feed.read(name)
    except (zipfile.BadZipFile, KeyError, FileNotFoundError):
        return None
    table = pd.read_csv(io.BytesIO(content), dtype="str", encoding="utf-8-sig", encoding_errors="replace")
    table = table.rename(columns=str.strip).fillna("").apply(lambda column: column.str.strip())
    return table if set(_NEEDED) <= set(table.columns) else None
