"""Reads house coordinates: official ones (HK-DE and its open relatives), and any table of addresses with positions."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.region.schema import ADDRESSES
from ankerort.region.settings import InputSettings
from ankerort.region.table_cells import parse_number

# The exchange format of the Zentrale Stelle Hauskoordinaten (HK-DE up to version 4), which has no head of its own.
HK_FIELDS = ("nba", "oi", "qua", "lan", "rbz", "krs", "gmd", "ott", "sss", "hnr", "adz", "east", "north", "stn")
_HK_POSTAL = ("plz", "onm", "zon", "pot")
_QUALITIES = frozenset("ABCR")
# Ankerort's name -> heads that mean it, lower case, the first one found counts.
_HEADS: Mapping[str, tuple[str, ...]] = {
    "street": ("str", "stn", "strasse", "straße", "strassenname", "straßenname", "street", "addr:street", "stra_name"),
    "number": ("hnr", "hausnummer", "hausnr", "hausnr.", "nummer", "housenumber", "addr:housenumber"),
    "addition": ("adz", "hausnummernzusatz", "adressierungszusatz", "zusatz", "hausnummer_zusatz"),
    "postcode": ("postplz", "plz", "postleitzahl", "postcode", "addr:postcode"),
    "town": ("postonm", "onm", "ort", "ortsname", "ortsnamepost", "gmd_name", "gemeinde", "city", "addr:city"),
    "district": ("ott_name", "postott", "pot", "ortsteil", "ortsteilname", "gemeindeteil", "addr:suburb", "district"),
    "ags": ("ags", "gemeindeschlüssel", "gemeindeschluessel", "ags8"),
    "lon": ("lon", "longitude", "länge", "laenge"),
    "lat": ("lat", "latitude", "breite"),
    "east": ("ostwert", "east", "x", "rechtswert", "eeeeeeee,eee", "eeeeeeee_eee", "zzeeeeee,eee", "utm_ost", "e"),
    "north": ("nordwert", "north", "y", "hochwert", "nnnnnnn,nnn", "nnnnnnn_nnn", "utm_nord", "n"),
    "zone": ("zone",),
    "quality": ("qua", "qualitaet", "qualität", "qualitaetsangabe"),
}
_KEYS = {
    "land": ("landschl", "lan", "land_schluessel"),
    "rbz": ("regbezschl", "rbz"),
    "krs": ("kreisschl", "kreissch", "krs"),
    "gmd": ("gmdschl", "gmd"),
}


def read_addresses(inputs: Sequence[InputSettings], *, crs: str, problems: Problems) -> pd.DataFrame:
    """Read all inputs of kind ``addresses``.

    Parameters
    ----------
    inputs
        Text files, separated by ``;``, tab or ``,``, in UTF-8 or Windows-1252: HK-DE with or without head, or a table with
        street, house number and a position (lon and lat in degrees, else east and north in the system that the option
        ``crs`` names, by default the one of the project or the UTM zone that the numbers begin with).
        ``[input.columns]`` maps other heads.
    crs
        Projected system of the project.
    problems
        Collects: missing columns (error), rows without a position (warning with their count), files without rows (error).

    Returns
    -------
    DataFrame
        ADDRESSES in the order of the files. Addresses whose Ortsteil is not named have an empty `district`.
    """
    frames = [_read_file(path, source, crs, problems) for source in inputs for path in source.files]
    frames = [f for f in frames if len(f)]
    return pd.concat(frames, ignore_index=True) if frames else ADDRESSES.empty()


def _read_file(path: Path, source: InputSettings, crs: str, problems: Problems) -> pd.DataFrame:
    if not path.is_file():
        problems.add("facility_file_missing", "error", path.name)
        return ADDRESSES.empty()
    table = _raw(path, source, problems)
    if table is None:
        return ADDRESSES.empty()
    frame, first_row = table
    text = {name: _column(frame, heads, source.columns.get(name, "")) for name, heads in _HEADS.items()}
    # From version 5 on names and keys stand side by side; before, ott and gmd were keys.
    for name, head in (("district", "ott"), ("town", "gmd")):
        if f"{head}schl" in frame and head in frame and not source.columns.get(name):
            told, postal = frame[head].str.strip(), _texts(text[name], len(frame))
            text[name] = told.where(told != "", postal) if name == "district" else postal.where(postal != "", told)
    missing = [name for name in ("street", "number") if text[name] is None]
    has_degrees = text["lon"] is not None and text["lat"] is not None
    if not has_degrees and (text["east"] is None or text["north"] is None):
        missing.append("lon, lat")
    if missing:
        problems.add(
            "addresses_columns", "error", path.name, row=1, missing=", ".join(missing), known=", ".join(frame.columns)
        )
        return ADDRESSES.empty()
    lon, lat = _degrees(frame, text, source, crs, path, problems)
    known = np.isfinite(lon) & np.isfinite(lat)
    if not known.all():
        rows = np.flatnonzero(~known)
        problems.add("addresses_position", "warning", path.name, row=int(rows[0]) + first_row, count=len(rows))
    x, y = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    x[known], y[known] = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon[known], lat[known])
    quality = _texts(text["quality"], len(frame))
    out = pd.DataFrame(
        {
            "street": _texts(text["street"], len(frame)),
            "number": _texts(text["number"], len(frame)) + _texts(text["addition"], len(frame)),
            "postcode": _texts(text["postcode"], len(frame)),
            "town": _texts(text["town"], len(frame)),
            "district": _texts(text["district"], len(frame)),
            "ags": _ags(frame, text["ags"]),
            "lon": lon,
            "lat": lat,
            "x": x,
            "y": y,
            "in_building": ~quality.isin(["B", "C", "b", "c"]),
            "source_id": source.source_id,
        }
    )
    named = (out["street"] != "") & known
    return ADDRESSES.conform(out[named].reset_index(drop=True))


def _raw(path: Path, source: InputSettings, problems: Problems) -> tuple[pd.DataFrame, int] | None:
    """All cells as text with heads in lower case, and the line of the first row."""
    content = path.read_bytes()
    encoding = str(source.options.get("encoding", ""))
    try:
        text = content.decode(encoding or "utf-8-sig")
    except (UnicodeDecodeError, LookupError):
        problems.add("facility_encoding_guessed", "note", path.name, encoding="Windows-1252")
        text = content.decode("cp1252", errors="replace")
    lines = text.splitlines()
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if not first:
        problems.add("facility_file_empty", "error", path.name)
        return None
    delimiter = str(source.options.get("delimiter", "")) or max(";\t|,", key=first.count)
    cells = next(csv.reader([first], delimiter=delimiter))
    headless = is_headless(cells)
    names = _headless_names(len(cells)) if headless else [c.strip().lower() for c in cells]
    body = "\n".join(line for line in lines if not line.startswith("#"))
    frame = pd.read_csv(
        io.StringIO(body),
        sep=delimiter,
        header=None,
        names=names,
        skiprows=0 if headless else 1,
        dtype="str",
        keep_default_na=False,
        quoting=csv.QUOTE_NONE if headless else csv.QUOTE_MINIMAL,
        on_bad_lines="skip",
        index_col=False,
    )
    if frame.empty:
        problems.add("facility_file_empty", "error", path.name)
        return None
    return frame, 1 if headless else 2


def has_address_heads(heads: Sequence[str]) -> bool:
    """Whether these are the heads of a table of addresses and of nothing else: street, number, position, hardly more."""
    names = {h.strip().lower() for h in heads if h.strip()}
    known = {h for group in (*_HEADS.values(), *_KEYS.values()) for h in group} | set(HK_FIELDS) | set(_HK_POSTAL)
    there = {field for field, group in _HEADS.items() if names & set(group)}
    placed = {"lon", "lat"} <= there or {"east", "north"} <= there
    # A list of shops with addresses has names and hours, too.
    return {"street", "number"} <= there and placed and "name" not in names and len(names - known) <= len(names) / 3


def is_headless(cells: Sequence[str]) -> bool:
    """Whether a line is a record of HK-DE without head: quality letter third, Land, numbers where the coordinates stand."""
    if len(cells) < len(HK_FIELDS):
        return False
    east, north = parse_number(cells[11]), parse_number(cells[12])
    return cells[2].strip().upper() in _QUALITIES and cells[3].strip().isdigit() and bool(east) and bool(north)


def _headless_names(width: int) -> list[str]:
    names = [*HK_FIELDS, *_HK_POSTAL][:width]
    return names + [f"field_{k}" for k in range(len(names), width)]


def _column(frame: pd.DataFrame, heads: Sequence[str], given: str) -> pd.Series | None:
    if given:
        return frame[given.lower()].str.strip() if given.lower() in frame else None
    return next((frame[h].str.strip() for h in heads if h in frame), None)


def _texts(column: pd.Series | None, rows: int) -> pd.Series:
    return pd.Series([""] * rows, dtype="str") if column is None else column.fillna("").astype("str")


def _ags(frame: pd.DataFrame, given: pd.Series | None) -> pd.Series:
    """The key as given, else put together from Land, Regierungsbezirk, Kreis and Gemeinde."""
    if given is not None:
        return given.str.zfill(8).where(given != "", "")
    parts = {name: next((frame[h].str.strip() for h in heads if h in frame), None) for name, heads in _KEYS.items()}
    land, rbz, krs, gmd = (parts[name] for name in ("land", "rbz", "krs", "gmd"))
    if land is None or krs is None or gmd is None:
        return pd.Series([""] * len(frame), dtype="str")
    digits = gmd.str.fullmatch(r"\d{1,3}")
    middle = pd.Series(["0"] * len(frame), dtype="str") if rbz is None else rbz.where(rbz != "", "0")
    key = land.str.zfill(2) + middle.str[-1:] + krs.str.zfill(2).str[-2:] + gmd.str.zfill(3)
    return key.where(digits, "")


def _degrees(
    frame: pd.DataFrame,
    text: Mapping[str, pd.Series | None],
    source: InputSettings,
    crs: str,
    path: Path,
    problems: Problems,
) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of each row, NaN where there is none."""
    if text["lon"] is not None and text["lat"] is not None:
        return _numbers(text["lon"]), _numbers(text["lat"])
    east, north = _numbers(text["east"]), _numbers(text["north"])
    # HK-DE writes the zone before the east value: 32349925,060
    before = np.where(east >= 1e7, east // 1e6, 0)
    zone = _numbers(text["zone"]) if text["zone"] is not None else before
    zone = np.where(np.isin(zone, (32, 33)), zone, before)
    east = np.where(east >= 1e7, east - before * 1e6, east)
    given = str(source.options.get("crs", "")) or crs
    lon, lat = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    for value in np.unique(zone[np.isfinite(zone)]):
        system = f"EPSG:{25800 + int(value)}" if value in (32, 33) else given
        rows = (zone == value) & np.isfinite(east) & np.isfinite(north)
        lon[rows], lat[rows] = Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(
            east[rows], north[rows]
        )
    outside = np.isfinite(lon) & ~((lon > 3) & (lon < 18) & (lat > 45) & (lat < 57))
    if outside.any():
        problems.add("addresses_outside", "error", path.name, count=int(outside.sum()), crs=given)
        lon[outside], lat[outside] = np.nan, np.nan
    return lon, lat


def _numbers(column: pd.Series | None) -> np.ndarray:
    if column is None:
        return np.empty(0)
    return pd.to_numeric(column.str.replace(",", ".", regex=False), errors="coerce").to_numpy(dtype=np.float64)
