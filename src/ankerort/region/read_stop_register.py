"""Registers of stops and stations: which stops there should be, whether or not a timetable serves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.base.text_table import TextTable, read_text_table
from ankerort.region.schema import REGISTERED_STOPS
from ankerort.region.settings import InputSettings


@dataclass(frozen=True)
class _Preset:
    columns: Mapping[str, str]
    kind: str  # stop or station


_OWN_NAMES = {"stop_id": "stop_id", "name": "name", "lon": "lon", "lat": "lat", "ags": "ags", "kind": "kind"}
PRESETS: Mapping[str, _Preset] = {
    "": _Preset({}, "stop"),
    "nasa_register": _Preset(
        {
            "stop_id": "Globale ID",
            "name": "Haltestelle Name",
            "lon": "X-Koordinate",
            "lat": "Y-Koordinate",
            "ags": "AGS Gemeinde",
        },
        "stop",
    ),
    "db_stations": _Preset({"stop_id": "eva"}, "station"),
}
_REQUIRED = ("stop_id", "name", "lon", "lat")
_KINDS = ("stop", "station")


def read_stop_register(settings: InputSettings, *, crs: str, problems: Problems) -> pd.DataFrame:
    """Read registers of stops (CSV with comma, semicolon or tab; decimal point or comma).

    Parameters
    ----------
    settings
        Input of kind ``stop_register``. Presets: ``nasa_register`` (register of Sachsen-Anhalt: DHID, AGS), ``db_stations``
        (railway stations). Otherwise, or on top of it, `columns` maps stop_id, name, lon, lat, ags, kind; the option ``kind``
        (stop, station) holds for rows that do not say.
    crs
        Projected system for `x`, `y`.
    problems
        Takes up missing files and columns (errors), rows without position and duplicate ids (warnings, left out).

    Returns
    -------
    pandas.DataFrame
        Table `REGISTERED_STOPS`; empty if nothing could be read.
    """
    preset = PRESETS.get(settings.preset)
    if preset is None:
        known = ", ".join(p for p in PRESETS if p)
        problems.add(
            "stop_register_preset", "error", "region.toml", column="preset", preset=settings.preset, known=known
        )
        return REGISTERED_STOPS.empty()
    kind = settings.options.get("kind", preset.kind)
    if kind not in _KINDS:
        problems.add("stop_register_kind", "error", "region.toml", column="kind", value=kind, count=1)
        kind = preset.kind
    names = {**_OWN_NAMES, **preset.columns, **settings.columns}
    parts = []
    for path in settings.files:
        table = _read(Path(path), [names[c] for c in _REQUIRED], problems)
        if table is not None:
            parts.append(_stops(table, names, str(kind), crs, settings.source_id, problems))
    if not parts:
        return REGISTERED_STOPS.empty()
    return REGISTERED_STOPS.conform(pd.concat(parts, ignore_index=True))


def _read(path: Path, required: list[str], problems: Problems) -> TextTable | None:
    if not path.is_file():
        problems.add("stop_register_not_found", "error", path.name)
        return None
    table = read_text_table(path.read_bytes(), path.name, problems)
    if table is None:
        return None
    missing = [c for c in required if not table.has(c)]
    for column in missing:
        problems.add("stop_register_column", "error", path.name, row=1, column=column)
    if not missing and not len(table):
        problems.add("stop_register_without_rows", "error", path.name)
        return None
    return None if missing else table


def _stops(
    table: TextTable, names: Mapping[str, str], kind: str, crs: str, source_id: str, problems: Problems
) -> pd.DataFrame:
    def report(code: str, bad: np.ndarray, column: str) -> None:
        rows = np.flatnonzero(bad)
        if len(rows):
            value = table.strings(column)[rows[0]]
            line = int(table.lines[rows[0]])
            problems.add(code, "warning", table.table, row=line, column=column, count=len(rows), value=value)

    ids = table.strings(names["stop_id"])
    lon, lat = table.numbers(names["lon"]), table.numbers(names["lat"])
    nowhere = ~(np.isfinite(lon) & np.isfinite(lat)) | ((np.abs(lon) < 0.01) & (np.abs(lat) < 0.01))
    nowhere |= (np.abs(lon) > 180) | (np.abs(lat) > 90)
    report("stop_register_position", nowhere, names["lon"])
    # One id may stand for several poles: only what is the same throughout is a double row.
    called = table.strings(names["name"])
    double = pd.DataFrame({"id": ids, "name": called, "lon": lon, "lat": lat}).duplicated().to_numpy(bool) & ~nowhere
    report("stop_register_duplicate", double, names["stop_id"])
    keep = ~nowhere & ~double
    kinds = np.full(len(table), kind, dtype=object)
    if table.has(names["kind"]):
        own = table.strings(names["kind"])
        strange = (own != "") & ~np.isin(own.astype(str), _KINDS)
        report("stop_register_kind", strange, names["kind"])
        kinds = np.where((own == "") | strange, kind, own)
    ags = table.strings(names["ags"]) if table.has(names["ags"]) else np.full(len(table), "", dtype=object)
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon[keep], lat[keep])
    return pd.DataFrame(
        {
            "stop_id": ids[keep],
            "name": called[keep],
            "lon": lon[keep],
            "lat": lat[keep],
            "x": x,
            "y": y,
            "ags": ags[keep],
            "kind": kinds[keep],
            "source_id": source_id,
        }
    )
