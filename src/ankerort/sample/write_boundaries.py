"""Writes administrative areas as GeoJSON with the attribute names of VG250."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from ankerort.base.files import replacing
from ankerort.sample.world import Area, Point, lonlat

_ADE = {"district": 4, "association": 5, "municipality": 6}


def write_boundaries(areas: Iterable[Area], path: Path) -> None:
    """Write `areas` (longitude, latitude, WGS 84) to `path`.

    GF = 4 marks land area as in VG250; an association that is no municipality has no AGS there but dashes.
    """
    features: list[dict[str, object]] = []
    for area in areas:
        ring = [[round(v, 6) for v in lonlat(x, y)] for x, y in area.ring]
        properties = {
            "ADE": _ADE[area.level],
            "GF": 4,
            "BSG": 1,
            "RS": area.rs,
            "AGS": area.ags or "--------",
            "GEN": area.name,
            "BEZ": area.kind,
            "SN_L": area.rs[:2],
            "SN_R": area.rs[2:3],
            "SN_K": area.rs[3:5],
            "RS_0": area.rs.ljust(12, "0"),
            "AGS_0": area.ags.ljust(8, "0") if area.ags else "--------",
            "WSK": "2026/01/01",
        }
        features.append(
            {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    _write(features, path)


def write_outline(ring: Sequence[Point], path: Path, *, name: str) -> None:
    """Write one polygon (closed ring in world metres) to `path`: the area that a map covers.

    Its column ``footprint`` says for which kind of input, so that the inbox recognises it.
    """
    points = [[round(v, 6) for v in lonlat(x, y)] for x, y in ring]
    geometry = {"type": "Polygon", "coordinates": [points]}
    _write([{"type": "Feature", "properties": {"name": name, "footprint": "osm"}, "geometry": geometry}], path)


def _write(features: list[dict[str, object]], path: Path) -> None:
    document = {
        "type": "FeatureCollection",
        "name": path.stem,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
        "features": features,
    }
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
