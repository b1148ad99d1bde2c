"""People of a cell stand where its inhabited addresses stand, not in its middle."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.region.schema import CELLS

_PEOPLE = ("persons", *(name for name, _, _ in AGE_BANDS))


@dataclass(frozen=True)
class Homes:
    """Points where people live: metres in the project's system, shape (homes,), and how many share them (weight > 0)."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class SpreadReport:
    """People whose cell has addresses (`placed`) and those who stay in the middle of their cell (`unplaced`), persons."""

    placed_persons: float
    unplaced_persons: float
    points: int


def homes_of(
    addresses: pd.DataFrame, outlines: gpd.GeoDataFrame | None, *, least_m2: float, storey_default: float
) -> Homes:
    """Inhabited points of house coordinates, of building outlines, or of both.

    Parameters
    ----------
    addresses
        ADDRESSES; each address is one home.
    outlines
        Columns `residential` (True, False or missing = not said), `storeys` (NaN = not known) and polygons in the
        project's system; None without outlines.
    least_m2
        A smaller building is no home (sheds, garages).
    storey_default
        Storeys of a building that does not say.

    Returns
    -------
    Homes
        With both: addresses that stand in a building for living (or in one that does not say what it is for), each with weight 1, and
        addresses in no building at all. Without addresses: the middle of each building for living, weighted with its floor area in
        units of 100 m2. Buildings for something else have no homes.
    """
    x, y = addresses["x"].to_numpy(np.float64), addresses["y"].to_numpy(np.float64)
    if outlines is None or outlines.empty:
        return Homes(x, y, np.ones(len(x)))
    shapes = outlines.geometry.to_numpy()
    lived_in = (outlines["residential"].to_numpy() != False) & (shapely.area(shapes) >= least_m2)  # noqa: E712 - may be missing
    if len(x):
        tree = shapely.STRtree(shapes)
        point, building = tree.query(shapely.points(x, y), predicate="intersects")
        inside = np.zeros(len(x), dtype=bool)
        home = np.zeros(len(x), dtype=bool)
        inside[point] = True
        home[point[lived_in[building]]] = True
        keep = home | ~inside
        return Homes(x[keep], y[keep], np.ones(int(keep.sum())))
    middle = shapely.point_on_surface(shapes[lived_in])
    storeys = outlines["storeys"].to_numpy(np.float64)[lived_in]
    area = shapely.area(shapes[lived_in]) * np.where(np.isfinite(storeys) & (storeys > 0), storeys, storey_default)
    return Homes(shapely.get_x(middle), shapely.get_y(middle), area / 100.0)


def spread_over_homes(
    cells: pd.DataFrame, homes: Homes, *, cluster_m: float, crs_to_degrees: Transformer
) -> tuple[pd.DataFrame, SpreadReport]:
    """Divide each cell over the homes in it.

    Parameters
    ----------
    cells
        CELLS; `size_m` is the edge length of a cell, 0 for points, which stay as they are.
    homes
        Inhabited points.
    cluster_m
        Homes of one cell that share a square of this edge length (counted from the cell's lower left corner) are one point,
        at their weighted middle: a cell of 1 km becomes at most (1000 / cluster_m)^2 points, one of 100 m is only moved.
    crs_to_degrees
        `pyproj.Transformer` from the project's system to degrees.

    Returns
    -------
    cells
        A cell with homes is replaced by its points, in their order from lower left to upper right; ids get ``/1``, ``/2`` ... where
        there are several. People are divided by weight: ``persons_p = persons * weight_p / weight_cell``; sums over a cell stay exact
        up to floating point. Split counts are estimated. A cell without homes stays as it is: its people are not lost.
    SpreadReport
        How many people could be placed.
    """
    table = cells.reset_index(drop=True)
    size = table["size_m"].to_numpy(np.float64)
    owner = _owner(table, homes)
    inside = owner >= 0
    if not inside.any():
        return cells, SpreadReport(0.0, float(table["persons"].sum()), 0)
    cell = owner[inside]
    x, y, weight = homes.x[inside], homes.y[inside], homes.weight[inside]
    left = table["x"].to_numpy(np.float64)[cell] - size[cell] / 2
    low = table["y"].to_numpy(np.float64)[cell] - size[cell] / 2
    most = np.maximum(np.ceil(size[cell] / cluster_m).astype(np.int64) - 1, 0)
    column = np.clip(np.floor((x - left) / cluster_m).astype(np.int64), 0, most)
    row = np.clip(np.floor((y - low) / cluster_m).astype(np.int64), 0, most)
    homes_table = pd.DataFrame(
        {"cell": cell, "row": row, "column": column, "wx": x * weight, "wy": y * weight, "weight": weight}
    )
    points = homes_table.groupby(["cell", "row", "column"], sort=True, as_index=False)[["wx", "wy", "weight"]].sum()
    of_cell = points["cell"].to_numpy()
    total = points.groupby("cell")["weight"].transform("sum").to_numpy()
    several = points.groupby("cell")["weight"].transform("size").to_numpy() > 1
    number = points.groupby("cell").cumcount().to_numpy() + 1
    new = table.iloc[of_cell].reset_index(drop=True)
    share = points["weight"].to_numpy() / total
    for name in _PEOPLE:
        new[name] = new[name].to_numpy(np.float64) * share
    new["x"], new["y"] = points["wx"] / points["weight"], points["wy"] / points["weight"]
    lon, lat = crs_to_degrees.transform(new["x"].to_numpy(), new["y"].to_numpy())
    new["lon"], new["lat"] = lon, lat
    new["cell_id"] = [
        f"{name}/{k}" if split else name for name, k, split in zip(new["cell_id"], number, several, strict=True)
    ]
    new["size_m"] = np.where(several, np.minimum(cluster_m, new["size_m"]), new["size_m"])
    new["persons_rule"] = np.where(several & (new["persons_rule"] == "counted"), "estimated", new["persons_rule"])
    placed = np.zeros(len(table), dtype=bool)
    placed[of_cell] = True
    order = np.concatenate([of_cell, np.flatnonzero(~placed)])
    together = pd.concat([new, table[~placed]], ignore_index=True)
    together = together.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    persons = table["persons"].to_numpy(np.float64)
    report = SpreadReport(float(persons[placed].sum()), float(persons[~placed].sum()), len(new))
    return CELLS.conform(together[[c for c in CELLS.names if c in together]]), report


def _owner(table: pd.DataFrame, homes: Homes) -> NDArray[np.int64]:
    """Row of the inhabited cell that a home lies in, -1 outside all; of overlapping cells the smaller one.

    The census raster stands a few degrees askew in the project's system, so a home belongs to the cell whose middle is nearest by the
    larger of both coordinate differences, if that is at most half an edge and five per cent.
    """
    size = table["size_m"].to_numpy(np.float64)
    people = table["persons"].to_numpy(np.float64) > 0
    middle = table[["x", "y"]].to_numpy(np.float64)
    spots = np.column_stack([homes.x, homes.y])
    owner = np.full(len(spots), -1, dtype=np.int64)
    for edge in sorted({float(s) for s in size[(size > 0) & people]}):
        rows = np.flatnonzero((size == edge) & people)
        free = np.flatnonzero(owner < 0)
        apart_m, nearest = cKDTree(middle[rows]).query(spots[free], p=np.inf, distance_upper_bound=edge * 0.525)
        found = np.isfinite(apart_m)
        owner[free[found]] = rows[nearest[found]]
    return owner
