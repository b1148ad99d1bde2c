"""How far each cell is from the edge of what is known about a service."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray


def edge_distances(
    footprints: gpd.GeoDataFrame,
    services: tuple[str, ...],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    ignore: tuple[str, ...] = (),
) -> dict[str, NDArray[np.float64]]:
    """Straight-line distance from each cell to the edge of the area that any source for the service covers.

    Parameters
    ----------
    footprints
        FOOTPRINTS rows with geometry in projected metres.
    services
        Services asked for.
    x, y
        Cell centres, shape (cells,), projected metres.
    ignore
        Source ids whose footprint says nothing about facilities (timetables, population).

    Returns
    -------
    dict
        Metres per service, shape (cells,); 0 outside every footprint (nothing is known there).
    """
    points = shapely.points(x, y)
    by_sources: dict[tuple[int, ...], NDArray[np.float64]] = {}
    out: dict[str, NDArray[np.float64]] = {}
    usable = ~footprints["source_id"].isin(ignore).to_numpy(bool) if len(footprints) else np.zeros(0, bool)
    named = [set(s.split(";")) for s in footprints["services"]] if len(footprints) else []
    for service in services:
        rows = tuple(k for k, names in enumerate(named) if usable[k] and ("*" in names or service in names))
        if rows not in by_sources:
            by_sources[rows] = _distance_to_edge(footprints.geometry.iloc[list(rows)].to_numpy(), points)
        out[service] = by_sources[rows]
    return out


def _distance_to_edge(areas: NDArray, points: NDArray) -> NDArray[np.float64]:
    if not len(areas):
        return np.zeros(len(points))
    area = shapely.union_all(areas)
    shapely.prepare(area)
    inside = shapely.contains(area, points)
    edge = shapely.boundary(area)
    shapely.prepare(edge)
    distance = np.zeros(len(points))
    distance[inside] = shapely.distance(points[inside], edge)
    return distance
