"""What the boundaries of the inbox say of the study area: its name, how far east it lies, which districts there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyogrio

from ankerort.region.inbox.recognise import Found
from ankerort.region.vector_files import text_column
from ankerort.text import say

WEST, EAST = "EPSG:25832", "EPSG:25833"
BORDER_LON = 12.0
# Laender that lie in UTM zone 33 for the most part: until boundaries tell better.
_EASTERN = ("11", "12", "13", "14")
_MOST_NAMES = 3


@dataclass(frozen=True)
class Areas:
    """Districts by key (sorted), municipalities by key, and the longitude of the middle of the study area (or None)."""

    districts: dict[str, str]
    municipalities: dict[str, str]
    lon: float | None


def read_areas(found: Sequence[Found], study_ags: tuple[str, ...]) -> Areas:
    """Names and keys of the boundaries that were recognised; nothing is said of files that cannot be read."""
    districts: dict[str, str] = {}
    municipalities: dict[str, str] = {}
    spans: list[tuple[float, float]] = []
    for one in found:
        if one.kind != "boundaries" or one.role not in ("district", "municipality"):
            continue
        layer = str(one.options.get("layer", "")) or None
        try:
            frame = pyogrio.read_dataframe(one.file.path, layer=layer, read_geometry=False)
            keys, names = _keys(frame), _names(frame)
            (districts if one.role == "district" else municipalities).update(
                (key[:5] if one.role == "district" else key, name)
                for key, name in zip(keys, names, strict=True)
                if len(key) >= 5
            )
            if one.role == "municipality" and study_ags:
                inside = [k for k, key in enumerate(keys) if key.startswith(study_ags)]
                spans += _span(one, layer, inside)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError, RuntimeError):
            continue
    lon = (min(s[0] for s in spans) + max(s[1] for s in spans)) / 2 if spans else None
    return Areas(dict(sorted(districts.items())), dict(sorted(municipalities.items())), lon)


def _keys(frame: pd.DataFrame) -> list[str]:
    ags = text_column(frame, "ags", "schluessel", "gemeindeschluessel", "ags_gem")
    rs = text_column(frame, "rs", "ars", "regionalschluessel").str.replace(" ", "")
    ags = ags.where(~ags.str.len().isin([4, 7]), "0" + ags)
    long = rs.str.len() == 12
    ags = ags.where(ags.str.fullmatch(r"\d+"), (rs.str[:5] + rs.str[9:12]).where(long, rs))
    return [key if key.isdigit() else "" for key in ags]


def _names(frame: pd.DataFrame) -> list[str]:
    """``Landkreis Börde``, but ``Salzlandkreis`` and ``Magdeburg``."""
    names, kinds = text_column(frame, "name", "gen"), text_column(frame, "kind", "bez")
    return [
        f"{kind} {name}" if kind in ("Landkreis", "Kreis") and "kreis" not in name.lower() else name
        for name, kind in zip(names, kinds, strict=True)
    ]


def _span(one: Found, layer: str | None, rows: Sequence[int]) -> list[tuple[float, float]]:
    if not rows:
        return []
    shapes = pyogrio.read_dataframe(one.file.path, layer=layer, columns=[])
    picked = shapes.iloc[list(rows)]
    if picked.crs is not None:
        picked = picked.to_crs("EPSG:4326")
    west, _, east, _ = picked.total_bounds
    return [(float(west), float(east))]


def crs_of(areas: Areas, study_ags: tuple[str, ...]) -> str:
    """UTM zone 32 west of 12 degrees, 33 east of it; without boundaries by Land."""
    if areas.lon is not None:
        return EAST if areas.lon >= BORDER_LON else WEST
    return EAST if study_ags and all(key[:2] in _EASTERN for key in study_ags) else WEST


def name_of(areas: Areas, study_ags: tuple[str, ...]) -> str:
    """Names of districts and municipalities of the study area; empty if the boundaries do not tell them."""
    names = [
        areas.districts.get(key, "") if len(key) == 5 else areas.municipalities.get(key, "").strip()
        for key in study_ags
        if len(key) in (5, 8)
    ]
    # A town that is its own district stands among the municipalities, too.
    names = [n or areas.municipalities.get(f"{k}000", "") for n, k in zip(names, study_ags, strict=False)]
    if not names or not all(names):
        return ""
    if len(names) > _MOST_NAMES:
        return say("inbox.name.more", "de", names=", ".join(names[:_MOST_NAMES]))
    return say("inbox.name.and", "de", first=", ".join(names[:-1]), last=names[-1]) if names[1:] else names[0]
