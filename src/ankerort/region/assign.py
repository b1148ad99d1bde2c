"""To which municipality and which place a cell, facility or stop belongs."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

# A point in a gap between municipalities (a lake, a boundary drawn coarsely) belongs to the nearest one. Beyond the outer
# edge nothing is drawn in: there the people of the next Land live (86 cells along the border in the magdeburg data).
GAP_M = 500.0


def assign_municipality(
    x: NDArray[np.float64], y: NDArray[np.float64], boundaries: gpd.GeoDataFrame
) -> NDArray[np.object_]:
    """AGS of the municipality in which each point lies.

    Parameters
    ----------
    x, y
        Metres in the system of `boundaries`.
    boundaries
        Columns ags, geometry.

    Returns
    -------
    ndarray of str, shape (points,)
        Empty outside all municipalities. On a shared border the smaller AGS wins; in a gap between municipalities the nearest
        one within 500 m.
    """
    points = shapely.points(x, y)  # NaN makes an empty point, which lies nowhere
    tree = shapely.STRtree(boundaries.geometry.to_numpy())
    ags = boundaries["ags"].to_numpy(dtype=object)
    result = np.full(len(points), "", dtype=object)
    order = np.argsort(ags, kind="stable")
    rank = np.empty(len(ags), dtype=np.int64)
    rank[order] = np.arange(len(ags))
    point, shape = tree.query(points, predicate="intersects")
    _take_first(result, point, shape, rank, ags)
    outside = np.flatnonzero(result == "")
    if len(outside):
        gaps = _gaps(boundaries)
        outside = outside[shapely.intersects(gaps, points[outside])]
        point, shape = tree.query_nearest(points[outside], max_distance=GAP_M, all_matches=True)
        _take_first(result, outside[point], shape, rank, ags)
    return result


def _gaps(boundaries: gpd.GeoDataFrame) -> shapely.Geometry:
    """What the municipalities enclose without covering it."""
    parts = shapely.get_parts(shapely.union_all(boundaries.geometry.to_numpy()))
    holes = [shapely.get_interior_ring(part, k) for part in parts for k in range(shapely.get_num_interior_rings(part))]
    gaps = shapely.union_all(shapely.polygons(holes)) if holes else shapely.Polygon()
    shapely.prepare(gaps)
    return gaps


def _take_first(
    result: NDArray[np.object_],
    point: NDArray[np.int64],
    shape: NDArray[np.int64],
    rank: NDArray[np.int64],
    ags: NDArray[np.object_],
) -> None:
    order = np.lexsort((rank[shape], point))
    point, shape = point[order], shape[order]
    first = np.append(True, point[1:] != point[:-1]) if len(point) else np.zeros(0, dtype=bool)
    result[point[first]] = ags[shape[first]]


def assign_place(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    ags: NDArray[np.object_],
    *,
    places: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    nearest_m: float,
) -> NDArray[np.object_]:
    """The place of each point: its area, else the nearest place of the same municipality, else the outlying place.

    An area in which another place without an area lies is shared with it.

    Parameters
    ----------
    x, y, ags
        Points and the municipality each lies in ("" = none).
    places
        Columns place_id, ags, kind, x, y. Each municipality has an ``outlying`` or ``whole_municipality`` place, or none
        where its places leave nothing over.
    areas
        Columns place_id, geometry: Ortsteil polygons.
    nearest_m
        A place reaches so far where it has no polygon.

    Returns
    -------
    ndarray of str, shape (points,)
        Empty where `ags` is empty or its municipality has neither a place near enough nor one for the rest.
    """
    result = np.full(len(x), "", dtype=object)
    ids = places["place_id"].to_numpy(dtype=object)
    if len(areas):
        area_place = areas["place_id"].to_numpy(dtype=object)
        area_ags = areas["place_id"].map(dict(zip(ids, places["ags"], strict=True))).to_numpy(dtype=object)
        point, shape = shapely.STRtree(areas.geometry.to_numpy()).query(shapely.points(x, y), predicate="intersects")
        same = area_ags[shape] == ags[point]
        rank = np.argsort(np.argsort(area_place, kind="stable"), kind="stable")
        _take_first(result, point[same], shape[same], rank, area_place)
        _share_areas(result, x, y, places, areas)
    kind = places["kind"].to_numpy(dtype=object)
    settled = ~np.isin(kind, ["outlying", "whole_municipality"])
    with_area = np.isin(ids, areas["place_id"].to_numpy(dtype=object)) if len(areas) else np.zeros(len(ids), dtype=bool)
    xy = places[["x", "y"]].to_numpy()
    place_ags = places["ags"].to_numpy(dtype=object)
    rows_of = pd.Series(np.arange(len(ids))).groupby(place_ags).indices
    open_points = pd.Series(np.flatnonzero(result == ""))
    for key, where in open_points.groupby(ags[open_points.to_numpy()]).indices.items():
        if key == "" or key not in rows_of:
            continue
        rows = rows_of[key]
        points = open_points.to_numpy()[where]
        # A place with a polygon ends there; it takes strays only where no place without polygon is near.
        for candidates in (rows[settled[rows] & ~with_area[rows]], rows[settled[rows] & with_area[rows]]):
            points = points[result[points] == ""]
            if len(candidates) and len(points):
                distance, nearest = cKDTree(xy[candidates]).query(np.column_stack([x[points], y[points]]))
                near = distance <= nearest_m
                result[points[near]] = ids[candidates[nearest[near]]]
        rest = rows[~settled[rows]]
        points = points[result[points] == ""]
        if len(rest) and len(points):
            result[points] = ids[rest[0]]
    return result


def _share_areas(
    result: NDArray[np.object_],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    places: pd.DataFrame,
    areas: gpd.GeoDataFrame,
) -> None:
    """A polygon drawn around several settlements (Lindheim with Enzheim) is shared by them: the nearest takes the point."""
    settled = places[~places["kind"].isin(["outlying", "whole_municipality"])]
    free = settled[~settled["place_id"].isin(areas["place_id"])]
    if free.empty:
        return
    inside, area = shapely.STRtree(areas.geometry.to_numpy()).query(
        shapely.points(free["x"].to_numpy(), free["y"].to_numpy()), predicate="intersects"
    )
    spots = settled.set_index("place_id")
    owners = areas["place_id"].to_numpy(dtype=object)
    for number in np.unique(area):
        owner = owners[number]
        guests = free.iloc[np.sort(inside[area == number])]
        guests = guests[guests["ags"] == spots.loc[owner, "ags"]]
        points = np.flatnonzero(result == owner)
        if guests.empty or not len(points):
            continue
        ids = np.array([owner, *guests["place_id"]], dtype=object)
        xy = spots.loc[ids, ["x", "y"]].to_numpy(dtype=float)
        _, nearest = cKDTree(xy).query(np.column_stack([x[points], y[points]]))
        result[points] = ids[nearest]
