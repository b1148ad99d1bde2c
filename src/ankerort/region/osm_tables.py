"""Tables made of what was found in an OSM extract: settlements, administrative areas, stops, covered area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon

from ankerort.region import osm_geometry
from ankerort.region.schema import REGISTERED_STOPS

PLACE_COLUMNS = ("ref", "name", "kind", "lon", "lat", "x", "y", "persons_tagged", "ags_tagged", "source_id")
Box = tuple[float, float, float, float]
_SAME_PLACE_M = 3000.0
_BOX_FACTOR = 3.0
_BOX_DEGREES = 20.0


def add_metres(frame: pd.DataFrame, to_crs: Transformer) -> pd.DataFrame:
    """Fill x and y of a table with lon and lat."""
    if not frame.empty:
        frame["x"], frame["y"] = to_crs.transform(frame["lon"].to_numpy(), frame["lat"].to_numpy())
    return frame


def places_table(rows: list[dict[str, object]], to_crs: Transformer) -> pd.DataFrame:
    """Settlements; an area of the same name near a node is the same settlement, and the node tells its centre."""
    if not rows:
        return pd.DataFrame(columns=list(PLACE_COLUMNS))
    frame = add_metres(pd.DataFrame(rows), to_crs)
    is_node = frame["ref"].str.startswith("n")
    frame = frame.assign(is_area=~is_node).sort_values(["name", "is_area", "ref"], kind="stable")
    kept: list[int] = []
    for _, same_name in frame.groupby("name", sort=True):
        chosen: list[tuple[float, float]] = []
        for row in same_name.itertuples():
            known = any(np.hypot(row.x - x, row.y - y) <= _SAME_PLACE_M for x, y in chosen)
            if row.is_area and known:
                continue
            chosen.append((row.x, row.y))
            kept.append(row.Index)
    return frame.loc[sorted(kept), list(PLACE_COLUMNS)].sort_values("ref", kind="stable").reset_index(drop=True)


def admin_areas_table(rows: list[dict[str, object]], crs: str, to_crs: Transformer) -> gpd.GeoDataFrame:
    """Administrative areas in metres, sorted by level and reference."""
    columns = ["ref", "name", "admin_level", "ags_tagged"]
    frame = pd.DataFrame(rows, columns=[*columns, "geometry"]).sort_values(["admin_level", "ref"], kind="stable")
    shapes = [_shape_in_metres(shape, to_crs) for shape in frame["geometry"]]
    return gpd.GeoDataFrame(frame[columns].reset_index(drop=True), geometry=shapes, crs=crs)


def footprint_of(
    box: Box | None,
    street_points: list[tuple[float, float]],
    lone_points: list[tuple[float, float]],
    to_crs: Transformer,
) -> tuple[Polygon | MultiPolygon | None, str]:
    """Area that the extract covers, in metres, and the rule: ``given`` (header) or ``derived`` (nodes)."""
    if box is not None and _is_plausible(box, street_points):
        west, south, east, north = box
        edge = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return _shape_in_metres(Polygon(edge).segmentize(0.01), to_crs), "given"
    streets, lone = (_metres(points, to_crs) for points in (street_points, lone_points))
    return osm_geometry.covered_area(streets, lone), "derived"


def _is_plausible(box: Box, points: list[tuple[float, float]]) -> bool:
    """Whether a header's box fits the content; cut-out extracts keep the box of the whole country or of the world."""
    if not points:
        return max(box[2] - box[0], box[3] - box[1]) <= _BOX_DEGREES
    span = np.ptp(np.asarray(points), axis=0)
    return bool(box[2] - box[0] <= _BOX_FACTOR * span[0] and box[3] - box[1] <= _BOX_FACTOR * span[1])


def _shape_in_metres(shape: Polygon | MultiPolygon, to_crs: Transformer) -> Polygon | MultiPolygon:
    return shapely.transform(shape, lambda points: np.column_stack(to_crs.transform(points[:, 0], points[:, 1])))


def _metres(points: list[tuple[float, float]], to_crs: Transformer) -> NDArray[np.float64]:
    lon, lat = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
    return np.column_stack(to_crs.transform(lon, lat))


def stops_table(facilities: pd.DataFrame) -> pd.DataFrame:
    """Living stops and stations as rows of the stop register."""
    rows = facilities[facilities["service"].isin(["bus_stop", "rail_station"]) & (facilities["state"] == "open")]
    return REGISTERED_STOPS.conform(
        pd.DataFrame(
            {
                "stop_id": rows["source_ref"],
                "name": rows["name"],
                "lon": rows["lon"],
                "lat": rows["lat"],
                "x": rows["x"],
                "y": rows["y"],
                "kind": np.where(rows["service"] == "rail_station", "station", "stop"),
                "source_id": rows["source_id"],
            }
        )
    )
