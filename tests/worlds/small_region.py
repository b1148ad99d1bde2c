"""A region of three municipalities in a row, written as real files; small enough to know every answer by heart.

In metres from the origin (EPSG:25832, 650000 / 5750000): municipality 15001000 "Ahausen" x 0 to 4000, 15001001
"Bedorf" x 4000 to 8000, 15002002 "Cestadt" x 8000 to 12000, all y 0 to 4000. Cells of 100 m at the named points.
"""

from __future__ import annotations

import json
from pathlib import Path

from pyproj import Transformer

ORIGIN_X, ORIGIN_Y = 650_000.0, 5_750_000.0
CRS = "EPSG:25832"
_TO_DEGREES = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)

MUNICIPALITIES = (
    ("15001000", "150010000000", "Ahausen", 0.0),
    ("15001001", "150015001001", "Bedorf", 4000.0),
    ("15002002", "150020002002", "Cestadt", 8000.0),
)
# x, y, persons
CELLS = (
    (1000.0, 1000.0, 100),
    (1100.0, 1000.0, 20),
    (3500.0, 3500.0, 10),
    (5000.0, 1000.0, 40),
    (5000.0, 3900.0, 5),
    (9000.0, 1000.0, 60),
    (9000.0, 3000.0, 35),
    (13000.0, 1000.0, 7),
)
STOPS = (
    ("s1", "Ahausen, Kirche", 1000.0, 1050.0, "15001000"),
    ("s2", "Ahausen, Schule", 1100.0, 1050.0, "15001000"),
    ("s3", "Einsam (Ahausen), Abzweig", 3500.0, 3450.0, "15001000"),
    ("s4", "Berge (Bedorf), Ort", 5000.0, 1050.0, "15001001"),
    ("s5", "Berge (Cestadt), Ort", 9000.0, 1050.0, "15002002"),
    ("s6", "Cestadt Bahnhof", 9000.0, 3050.0, "15002002"),
)


def lon_lat(x: float, y: float) -> tuple[float, float]:
    """Degrees of a point given from the origin."""
    lon, lat = _TO_DEGREES.transform(ORIGIN_X + x, ORIGIN_Y + y)
    return round(lon, 7), round(lat, 7)


def square(x: float, y: float, width: float, height: float) -> list[list[tuple[float, float]]]:
    """A GeoJSON polygon in degrees."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    return [[lon_lat(*c) for c in corners]]


def feature(properties: dict[str, object], polygon: list[list[tuple[float, float]]]) -> dict[str, object]:
    """One GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": polygon}}


def write_geojson(path: Path, features: list[dict[str, object]]) -> Path:
    """A GeoJSON file in degrees."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def write_boundaries(path: Path) -> Path:
    """The three municipalities in the layout of VG250."""
    return write_geojson(
        path,
        [
            feature({"ADE": 6, "GF": 4, "AGS": ags, "RS": rs, "GEN": name, "BEZ": "Gemeinde"}, square(x, 0, 4000, 4000))
            for ags, rs, name, x in MUNICIPALITIES
        ],
    )


def write_small_region(folder: Path, *, extra: str = "", study: str = '["15001"]', buffer_km: float = 2.0) -> Path:
    """All inputs and ``region.toml``; `extra` is added to its end.

    The buffer of 2 km about Ahausen and Bedorf ends in the middle of Cestadt at x = 10000.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_boundaries(folder / "grenzen.geojson")
    rows = [f"{lon};{lat};{n}" for x, y, n in CELLS for lon, lat in [lon_lat(x, y)]]
    (folder / "zensus.csv").write_text("lon;lat;persons\n" + "\n".join(rows) + "\n", encoding="utf-8")
    stops = [f"{i};{n};{lon};{lat};{ags}" for i, n, x, y, ags in STOPS for lon, lat in [lon_lat(x, y)]]
    (folder / "haltestellen.csv").write_text("stop_id;name;lon;lat;ags\n" + "\n".join(stops) + "\n", encoding="utf-8")
    (folder / "region.toml").write_text(
        f"""format = 1
name = "Kleine Welt"
study_area = {study}
buffer_km = {buffer_km}

[[input]]
kind = "boundaries"
file = "grenzen.geojson"

[[input]]
kind = "census"
file = "zensus.csv"
[input.columns]
lon = "lon"
lat = "lat"
persons = "persons"

[[input]]
kind = "stop_register"
file = "haltestellen.csv"
[input.columns]
stop_id = "stop_id"
name = "name"
lon = "lon"
lat = "lat"
ags = "ags"
{extra}
""",
        encoding="utf-8",
    )
    return folder
