"""Spots of an OSM extract where a vehicle may stop: halls, churches, squares, car parks, bus stops, with what helps those who wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree

from ankerort.base.problems import Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.region.schema_mobile import FEATURES, SPOTS
from ankerort.region.settings import RegionSettings
from ankerort.region.street_tags import PAVED, UNPAVED, parse_length_m

Tags = Mapping[str, str]

_KEYS = ("amenity", "place", "highway", "public_transport", "building")
_CLOSED = frozenset({"no", "private", "customers", "permit", "residents", "employees", "delivery", "members"})
_NO_STAND = frozenset(
    {
        *("underground", "multi-storey", "rooftop", "carports", "garage_boxes", "garage", "sheds"),
        *("lane", "on_kerb", "half_on_kerb", "shoulder", "street_side", "layby"),
    }
)
_LOW_M = 2.8  # car parks under a lower bar are for cars only
_HALLS = frozenset({"community_centre", "social_centre"})
_TOWN_HALLS = frozenset({"townhall"})
_CHURCHES = frozenset({"church", "chapel", "cathedral"})


@dataclass
class _Found:
    rows: list[dict[str, object]] = field(default_factory=list)
    shapes: list[shapely.Geometry] = field(default_factory=list)
    shelters: list[tuple[float, float]] = field(default_factory=list)
    toilets: list[tuple[float, float]] = field(default_factory=list)


def spots_of(
    settings: RegionSettings, catalogue: Catalogue, *, problems: Problems, progress: Progress = SILENT
) -> pd.DataFrame:
    """Spots of all OSM extracts of a project.

    Parameters
    ----------
    settings
        Its inputs of kind ``osm``.
    catalogue
        Figures ``mobile.stand_length_m``, ``mobile.stand_width_m``, ``mobile.feature_near_m``.
    problems
        Collects: an extract that cannot be read (warning; the region's own reader has told it as an error).

    Returns
    -------
    DataFrame
        SPOTS, of an object that stands in two extracts the first; empty without an extract.
    """
    parts = [
        read_spots(path, catalogue=catalogue, source_id=one.source_id, crs=settings.crs, problems=problems, progress=progress)
        for one in settings.inputs_of("osm")
        for path in one.files
    ]  # fmt: skip
    filled = [part for part in parts if len(part)]
    if not filled:
        return SPOTS.empty()
    together = pd.concat(filled, ignore_index=True).drop_duplicates(["source_ref"])
    return SPOTS.conform(together.sort_values("spot_id", kind="stable"))


def read_spots(
    path: Path,
    *,
    catalogue: Catalogue,
    source_id: str,
    crs: str,
    problems: Problems,
    progress: Progress = SILENT,
) -> pd.DataFrame:
    """Read the spots of one OSM file.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm.gz``, ``.osm.bz2`` or ``.osm``.
    catalogue, problems
        As in `spots_of`.
    source_id
        Id of the source; part of the ids.
    crs
        Projected system.

    Returns
    -------
    DataFrame
        SPOTS sorted by id. Halls, town halls, churches, squares (``place=square``, named pedestrian areas, market places), car parks
        that are open to all and not roofed, bus stops. Of an area its inner point. Features only as far as tags or a shelter or a public
        toilet within ``mobile.feature_near_m`` tell them.
    """
    found = _Found()
    to_crs = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    try:
        with progress.task("progress.read_spots"):
            _read(path, found)
    except (RuntimeError, OSError, ValueError) as error:
        problems.add("mobile_spots_unreadable", "warning", path.name, reason=str(error))
        return SPOTS.empty()
    if not found.rows:
        return SPOTS.empty()
    table = pd.DataFrame(found.rows)
    points = shapely.point_on_surface(np.array(found.shapes, dtype=object))
    table["lon"], table["lat"] = shapely.get_x(points), shapely.get_y(points)
    table["x"], table["y"] = to_crs.transform(table["lon"].to_numpy(), table["lat"].to_numpy())
    shapes = [shapely.transform(s, lambda c: np.column_stack(to_crs.transform(c[:, 0], c[:, 1]))) for s in found.shapes]
    stand = (catalogue.value("mobile.stand_length_m"), catalogue.value("mobile.stand_width_m"))
    table["area_m2"] = [float(shape.area) if shape.area > 0 else np.nan for shape in shapes]
    table["level_stand"] = [
        _level_stand(surface, shape, stand) for surface, shape in zip(table["surface"], shapes, strict=True)
    ]
    near_m = catalogue.value("mobile.feature_near_m")
    for feature, spots in (("shelter", found.shelters), ("toilet", found.toilets)):
        near = _near(table, spots, to_crs, near_m) & (table[feature] == "").to_numpy(bool)
        table.loc[near, feature] = "yes"
    table["source_id"] = source_id
    table["spot_id"] = [f"{source_id}:{ref}" for ref in table["source_ref"]]
    table = table.drop(columns="surface").sort_values("spot_id", kind="stable")
    return SPOTS.conform(table)


def _read(path: Path, found: _Found) -> None:
    """All objects of interest; areas are put together by osmium, so that squares and car parks know their size."""
    keys = osmium.filter.KeyFilter(*_KEYS)
    factory = osmium.geom.WKBFactory()
    # an open way is never an area, and its nodes are of no interest here
    for item in osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys):
        if item.is_node():
            tags = {t.k: t.v for t in item.tags}
            if item.location.valid():
                _take(found, tags, f"n{item.id}", _day(item), shapely.Point(item.location.lon, item.location.lat))
        elif item.is_area():
            tags = {t.k: t.v for t in item.tags}
            if _kind(tags) or _is_shelter(tags) or _is_toilet(tags):
                ref = f"{'w' if item.from_way() else 'r'}{item.orig_id()}"
                shape = shapely.from_wkb(factory.create_multipolygon(item))
                _take(found, tags, ref, _day(item), shape)


def _take(found: _Found, tags: Tags, ref: str, day: str, shape: shapely.Geometry) -> None:
    if _is_shelter(tags):
        found.shelters.append((shape.centroid.x, shape.centroid.y))
    if _is_toilet(tags):
        found.toilets.append((shape.centroid.x, shape.centroid.y))
    kind = _kind(tags)
    if not kind:
        return
    open_air = kind in ("square", "car_park")
    found.shapes.append(shape)
    found.rows.append(
        {
            "name": tags.get("name", ""),
            "kind": kind,
            "surface": tags.get("surface", "") if open_air else "",
            "step_free": {"yes": "yes", "designated": "yes", "no": "no"}.get(tags.get("wheelchair", ""), ""),
            "power": _yes_or_no(tags, "power_supply"),
            "shelter": _yes_or_no(tags, "shelter") or ("yes" if tags.get("covered") == "yes" else ""),
            "toilet": _yes_or_no(tags, "toilets"),
            "hours": tags.get("opening_hours", "") if open_air and tags.get("opening_hours", "") != "24/7" else "",
            "source_ref": ref,
            "source_date": day,
        }
    )


def _kind(tags: Tags) -> str:
    """Kind of spot; empty if a vehicle may not stop there or the object is none."""
    if tags.get("access") in _CLOSED or "disused" in tags or "abandoned" in tags:
        return ""
    amenity = tags.get("amenity", "")
    if amenity in _HALLS:
        return "hall"
    if amenity in _TOWN_HALLS:
        return "town_hall"
    if amenity == "place_of_worship":
        return "church"
    if amenity == "marketplace" or tags.get("place") == "square":
        return "square"
    if tags.get("highway") == "pedestrian" and tags.get("name"):
        return "square"
    if amenity == "parking":
        low = parse_length_m(tags.get("maxheight", "")) < _LOW_M
        return "" if tags.get("parking") in _NO_STAND or low else "car_park"
    if tags.get("highway") == "bus_stop" or (tags.get("public_transport") == "platform" and tags.get("bus") == "yes"):
        return "bus_stop"
    return "church" if tags.get("building") in _CHURCHES and not amenity else ""


def _is_shelter(tags: Tags) -> bool:
    return tags.get("amenity") == "shelter" and tags.get("access") not in _CLOSED


def _is_toilet(tags: Tags) -> bool:
    return tags.get("amenity") == "toilets" and tags.get("access") not in _CLOSED


def _yes_or_no(tags: Tags, key: str) -> str:
    value = tags.get(key, "")
    return "" if not value or value == "unknown" else "no" if value == "no" else "yes"


def _level_stand(surface: str, shape: shapely.Geometry, stand_m: tuple[float, float]) -> str:
    """Whether a vehicle stands on firm ground: known only where the surface is, and the area is drawn."""
    if surface in UNPAVED:
        return "no"
    if not shape.area > 0:
        return ""
    box = np.asarray(shapely.get_coordinates(shapely.oriented_envelope(shape)))
    sides = sorted(np.hypot(*np.diff(box, axis=0)[:2].T).tolist())
    if shape.area < stand_m[0] * stand_m[1] or sides[1] < stand_m[0] or sides[0] < stand_m[1]:
        return "no"
    return "yes" if surface in PAVED else ""


def _near(table: pd.DataFrame, spots: list[tuple[float, float]], to_crs: Transformer, within_m: float) -> np.ndarray:
    if not spots:
        return np.zeros(len(table), bool)
    lon, lat = np.array(spots).T
    tree = cKDTree(np.column_stack(to_crs.transform(lon, lat)))
    distance, _ = tree.query(table[["x", "y"]].to_numpy(float))
    near: np.ndarray = distance <= within_m
    return near


def _day(item: osmium.osm.OSMObject) -> str:
    day = item.timestamp.date()
    return "" if day.year <= 1970 else day.isoformat()


__all__ = ["FEATURES", "read_spots", "spots_of"]
