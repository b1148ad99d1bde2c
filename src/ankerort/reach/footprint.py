"""How far each cell is from the edge of what is known about a service."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ankerort.region.model import Region

# Kinds of sources that can name facilities; the footprint of a population grid or of boundaries says nothing about them.
FACILITY_SOURCES = ("osm", "facilities", "stop_register", "gtfs", "user")


def edge_distances(
    footprints: gpd.GeoDataFrame,
    services: tuple[str, ...],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    ignore: tuple[str, ...] = (),
    complete: bool = False,
    within: shapely.Geometry | None = None,
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
        Source ids whose footprint says nothing about facilities (population, boundaries).
    complete
        Only the sources that are declared complete.
    within
        Study area with its buffer: what lies outside was not read, so derived footprints end there. A footprint that the user gave
        is taken at his word, also beyond.

    Returns
    -------
    dict
        Metres per service, shape (cells,); 0 outside every footprint (nothing is known there).
    """
    points = shapely.points(x, y)
    by_sources: dict[tuple[int, ...], NDArray[np.float64]] = {}
    out: dict[str, NDArray[np.float64]] = {}
    usable = ~footprints["source_id"].isin(ignore).to_numpy(bool) if len(footprints) else np.zeros(0, bool)
    if complete and len(footprints):
        usable &= footprints["complete"].to_numpy(bool)
    named = [set(s.split(";")) for s in footprints["services"]] if len(footprints) else []
    areas = footprints.geometry.to_numpy()
    if within is not None and len(areas):
        given = (footprints["rule"] == "given").to_numpy(bool)
        areas = np.where(given, areas, shapely.intersection(areas, within))
    for service in services:
        rows = tuple(k for k, names in enumerate(named) if usable[k] and ("*" in names or service in names))
        if rows not in by_sources:
            by_sources[rows] = _distance_to_edge(areas[list(rows)], points)
        out[service] = by_sources[rows]
    return out


def facility_edge_distances(
    region: Region, services: tuple[str, ...], *, complete: bool = False
) -> dict[str, NDArray[np.float64]]:
    """`edge_distances` of a region's cells: the sources of facilities, derived ones cut to the study area with its buffer."""
    kinds = dict(zip(region.sources["source_id"], region.sources["kind"], strict=True))
    silent = tuple(s for s, kind in kinds.items() if kind not in FACILITY_SOURCES)
    read = shapely.union_all(region.study_area.geometry.to_numpy())
    if region.settings.buffer_km:
        read = shapely.buffer(read, region.settings.buffer_km * 1000.0)
    x, y = region.cells["x"].to_numpy(float), region.cells["y"].to_numpy(float)
    return edge_distances(
        region.footprints, services, x, y, ignore=silent, complete=complete, within=read if not read.is_empty else None
    )


def _distance_to_edge(areas: NDArray[np.object_], points: NDArray[np.object_]) -> NDArray[np.float64]:
    distance = np.zeros(len(points))
    area = shapely.union_all(areas)
    if area.is_empty:
        return distance
    shapely.prepare(area)
    inside = shapely.contains(area, points)
    edge = shapely.boundary(area)
    shapely.prepare(edge)
    distance[inside] = shapely.distance(points[inside], edge)
    return distance
