"""Shapes of an OSM extract: points that stand for objects, administrative areas, and the area it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]
_GRID_M = 500.0
_GAP_M = 1500.0
_ENOUGH_NODES = 20


def centre_of_line(points: Sequence[Point]) -> Point:
    """The point (degrees) that stands for a way: centre of the area if it is closed, else the middle of the line.

    A closed way without area, and a way of one known node, fall back to the mean of the nodes.
    """
    if len(points) >= 4 and points[0] == points[-1]:
        ring = np.asarray(points, dtype=np.float64)
        origin = ring[0]
        x, y = (ring - origin).T
        cross = x[:-1] * y[1:] - x[1:] * y[:-1]
        area = cross.sum() / 2
        if abs(area) > 1e-14:
            cx = ((x[:-1] + x[1:]) * cross).sum() / (6 * area) + origin[0]
            cy = ((y[:-1] + y[1:]) * cross).sum() / (6 * area) + origin[1]
            return float(cx), float(cy)
        points = points[:-1]
    if len(points) >= 2 and len(set(points)) >= 2:
        middle = LineString(points).interpolate(0.5, normalized=True)
        return float(middle.x), float(middle.y)
    return mean_point(points)


def mean_point(points: Sequence[Point]) -> Point:
    """Mean of points (degrees)."""
    lon, lat = np.asarray(points, dtype=np.float64).mean(axis=0)
    return float(lon), float(lat)


def area_of_members(
    members: Sequence[tuple[int, str]], lines: Mapping[int, Sequence[Point]]
) -> Polygon | MultiPolygon | None:
    """The area of a boundary or multipolygon relation (degrees); None if its ring is not closed.

    Parameters
    ----------
    members
        Way ids and roles (``outer``, ``inner`` or empty for outer).
    lines
        Points of the ways that are in the extract.
    """
    outer = [LineString(lines[way]) for way, role in members if role != "inner" and len(lines.get(way, ())) >= 2]
    missing = [way for way, role in members if role in ("outer", "") and len(lines.get(way, ())) < 2]
    if missing or not outer:
        return None
    polygons, cuts, dangles, invalid = shapely.polygonize_full(shapely.get_parts(shapely.union_all(outer)))
    if not len(polygons.geoms) or len(cuts.geoms) or len(dangles.geoms) or len(invalid.geoms):
        return None
    area: BaseGeometry = shapely.union_all(list(polygons.geoms))
    inner = [LineString(lines[way]) for way, role in members if role == "inner" and len(lines.get(way, ())) >= 2]
    if inner:
        holes, *_ = shapely.polygonize_full(shapely.get_parts(shapely.union_all(inner)))
        area = area.difference(shapely.union_all(list(holes.geoms)))
    return area if isinstance(area, Polygon | MultiPolygon) and not area.is_empty else None


def covered_area(streets: NDArray[np.float64], lone_nodes: NDArray[np.float64]) -> Polygon | MultiPolygon | None:
    """The area that an extract covers, from the nodes in it.

    The street nodes are sorted into squares of 500 m; gaps up to 3 km between squares (woods, lakes) are closed, holes
    are filled, strips thinner than a kilometre are cut off, and half a square is taken from the edge. Complete ways
    leave an extract, nodes of their own do not: what lies more than 500 m outside the hull of the lone nodes is cut off
    too.

    Parameters
    ----------
    streets
        Nodes of streets, shape (n, 2), metres.
    lone_nodes
        Nodes that are no part of a way, shape (m, 2), metres; used from 20 on.

    Returns
    -------
    Polygon, MultiPolygon or None
        None without street nodes; the hull of the street nodes where they cover less than a square kilometre or two.
    """
    if not len(streets):
        return None
    corners = np.unique(np.floor(streets / _GRID_M), axis=0) * _GRID_M
    boxes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + _GRID_M, corners[:, 1] + _GRID_M)
    closed = shapely.union_all(boxes).buffer(_GAP_M, join_style="mitre").buffer(-_GAP_M, join_style="mitre")
    filled = shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(closed)])
    area = filled.buffer(-_GRID_M - 1, join_style="mitre").buffer(_GRID_M / 2 + 1, join_style="mitre")
    if area.is_empty:
        area = shapely.convex_hull(shapely.multipoints(streets))
    if len(lone_nodes) >= _ENOUGH_NODES:
        area = area.intersection(shapely.convex_hull(shapely.multipoints(lone_nodes)).buffer(_GRID_M))
    return area if isinstance(area, Polygon | MultiPolygon) and not area.is_empty else None
