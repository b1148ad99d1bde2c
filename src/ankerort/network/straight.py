"""`StraightWays`: straight line times a detour figure, where there are no streets; rivers are crossed at their bridges."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from ankerort.catalogue.model import Catalogue
from ankerort.network.kernels.snap import grid_of_segments
from ankerort.network.kernels.straight import (
    Grid,
    legs_to_crossings,
    line_m,
    over_crossings,
    straight_columns,
    straight_nearest,
)
from ankerort.network.model import Direction, Mode, SparseColumns, Trace
from ankerort.network.parallel import Part, columns_of_chunks, worker_count

_CELL_M = 500.0
_MOST_CELLS = 1_000_000
_MARGIN_M = 1.0


@dataclass(frozen=True)
class Barriers:
    """Barrier segments in a grid, and crossing points with the free lines between them.

    `segments` float64 (segments, 4) x0, y0, x1, y1; `crossing_x`, `crossing_y`; `between` float64 (crossings, crossings), infinite
    where a barrier lies between two crossing points; `crossing_m`: how far a bridge's point may lie beside the line that it crosses.
    """

    segments: NDArray[np.float64]
    crossing_x: NDArray[np.float64]
    crossing_y: NDArray[np.float64]
    between: NDArray[np.float64]
    ptr: NDArray[np.int64]
    member: NDArray[np.int32]
    west: float
    south: float
    cell_m: float
    columns: int
    rows: int
    crossing_m: float

    @property
    def grid(self) -> Grid:
        """Arguments of the kernels."""
        box = (self.west, self.south, self.cell_m, self.columns, self.rows)
        return (self.segments, self.ptr, self.member, *box)


def build_barriers(barriers: gpd.GeoDataFrame | None, *, crossing_m: float = 0.0) -> Barriers:
    """Barriers from a region's table: ``kind`` barrier (lines or areas) or crossing (points), projected metres.

    Parameters
    ----------
    crossing_m
        A barrier nearer than this to a crossing point does not stop a way over it; figure ``straight.crossing_m``.
    """
    lines, points = np.zeros((0, 4)), np.zeros((0, 2))
    if barriers is not None and len(barriers):
        kind = barriers["kind"].to_numpy()
        geometry = np.asarray(barriers.geometry.array, dtype=object)
        usable = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
        lines = _segments(geometry[usable & (kind == "barrier")])
        points = shapely.get_coordinates(shapely.centroid(geometry[usable & (kind == "crossing")]))
    west = south = width = height = 0.0
    if len(lines):
        west, south = lines[:, [0, 2]].min() - 2 * _MARGIN_M, lines[:, [1, 3]].min() - 2 * _MARGIN_M
        width = lines[:, [0, 2]].max() - west + 2 * _MARGIN_M
        height = lines[:, [1, 3]].max() - south + 2 * _MARGIN_M
    cell_m = max(_CELL_M, (width * height / _MOST_CELLS) ** 0.5)
    columns, rows = int(width // cell_m) + 1, int(height // cell_m) + 1
    pieces, owner = _pieces(lines, cell_m)
    low, high = np.minimum(pieces[:, :2], pieces[:, 2:]), np.maximum(pieces[:, :2], pieces[:, 2:])
    low, high = low - _MARGIN_M, high + _MARGIN_M
    ptr, member = grid_of_segments(
        low[:, 0].copy(), low[:, 1].copy(), high[:, 0].copy(), high[:, 1].copy(), west, south, cell_m, columns, rows
    )
    box = (float(west), float(south), float(cell_m), columns, rows)
    segments, member = np.ascontiguousarray(lines), owner[member].astype(np.int32)
    cx, cy = points[:, 0].copy(), points[:, 1].copy()
    between = legs_to_crossings(cx, cy, cx, cy, True, crossing_m, (segments, ptr, member, *box))
    return Barriers(segments, cx, cy, between, ptr, member, *box, crossing_m)


def _segments(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """Straight segments of lines and of the outlines of areas."""
    parts = shapely.get_parts(geometry)
    area = shapely.get_dimensions(parts) == 2
    parts = shapely.get_parts(np.where(area, shapely.boundary(parts), parts))
    parts = parts[shapely.get_dimensions(parts) == 1]
    corner, line = shapely.get_coordinates(parts, return_index=True)
    same = line[:-1] == line[1:]
    return np.hstack([corner[:-1][same], corner[1:][same]]) if len(corner) else np.zeros((0, 4))


def _pieces(lines: NDArray[np.float64], longest_m: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cut long segments for the grid only, so that a diagonal one does not fill its whole bounding box."""
    length = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    count = np.maximum(np.ceil(length / longest_m), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), count)
    k = np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)
    start, step = lines[owner, :2], (lines[owner, 2:] - lines[owner, :2]) / count[owner, None]
    return np.hstack([start + step * k[:, None], start + step * (k + 1)[:, None]]), owner


@dataclass(frozen=True)
class StraightPoints:
    """Points with their free lines to the crossing points (`legs`) and over one further crossing point (`over`)."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    legs: NDArray[np.float64]
    over: NDArray[np.float64]


@dataclass(frozen=True)
class StraightWays:
    """Ways of one mode in straight lines; implements `ankerort.network.model.Ways`, marked as estimated.

    Parameters
    ----------
    mode
        foot, bike (metres) or car (seconds, parking included).
    crs
        Projected system of the points.
    detour
        Length of a way over its straight line.
    speed_ms
        General speed of the mode in metres per second: turns metres into seconds.
    extra_s
        Seconds added to every car value: parking.
    barriers
        From `build_barriers`.

    Notes
    -----
    Foot, bike: ``ceil(line x detour)`` metres; car: ``ceil(line x detour / speed + parking)`` seconds. A line that meets a barrier
    is replaced by the shortest way over one or two crossing points whose parts meet no barrier, but within
    `Barriers.crossing_m` of the crossing point; if there is none, there is no value.
    """

    mode: Mode
    crs: str
    detour: float
    speed_ms: float
    extra_s: int
    barriers: Barriers
    estimated: bool = field(default=True, init=False)

    @property
    def _per_m(self) -> float:
        return self.detour / self.speed_ms if self.mode == "car" else self.detour

    @property
    def _extra(self) -> float:
        return float(self.extra_s) if self.mode == "car" else 0.0

    def prepare(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> StraightPoints:
        """Points (projected metres) with their lines to the crossing points."""
        px, py = np.ascontiguousarray(x, dtype=np.float64), np.ascontiguousarray(y, dtype=np.float64)
        b = self.barriers
        legs = legs_to_crossings(px, py, b.crossing_x, b.crossing_y, False, b.crossing_m, b.grid)
        return StraightPoints(px, py, legs, over_crossings(legs, b.between))

    def known(self, prepared: StraightPoints) -> NDArray[np.bool_]:
        """Every point with coordinates."""
        known: NDArray[np.bool_] = np.isfinite(prepared.x) & np.isfinite(prepared.y)
        return known

    def columns(
        self,
        targets: StraightPoints,
        homes: StraightPoints,
        *,
        limit: NDArray[np.int32] | int,
        direction: Direction = "to_target",
        threads: int = 0,
    ) -> SparseColumns:
        """Value between every home and every target up to `limit`; the same in both directions."""
        count = targets.x.size
        limits = np.broadcast_to(np.asarray(limit, np.int64), (count,)).copy()

        def chunk(first: int, last: int) -> Part:
            places = (targets.x, targets.y, targets.over, homes.x, homes.y, homes.legs)
            part: Part = straight_columns(first, last, *places, limits, self._per_m, self._extra, self.barriers.grid)
            return part

        return columns_of_chunks(chunk, count, worker_count(threads, count))

    def nearest(
        self, targets: StraightPoints, homes: StraightPoints, *, limit: int, direction: Direction = "to_target"
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Per home the target of the smallest value (ties: smaller index) and the value; -1 and -1 where none is within `limit`."""
        places = (targets.x, targets.y, targets.over, homes.x, homes.y, homes.legs)
        return straight_nearest(*places, limit, self._per_m, self._extra, self.barriers.grid)

    def trace(
        self,
        targets: StraightPoints,
        target: int,
        homes: StraightPoints,
        home: int,
        *,
        direction: Direction = "to_target",
    ) -> Trace | None:
        """The straight line, or the way over crossing points."""
        ends = (targets.x[target], targets.y[target], homes.x[home], homes.y[home])
        over, legs = targets.over[target], homes.legs[home]
        length = line_m(*ends, over, legs, np.inf, self.barriers.grid)
        if not np.isfinite(length):
            return None
        middle: list[int] = []
        if length > np.hypot(ends[0] - ends[2], ends[1] - ends[3]) + 1e-9:
            first = int(np.argmin(legs + over))
            middle = [first]
            if over[first] < targets.legs[target, first]:
                middle.append(int(np.argmin(self.barriers.between[first] + targets.legs[target])))
        xs = [ends[2], *self.barriers.crossing_x[middle], ends[0]]
        ys = [ends[3], *self.barriers.crossing_y[middle], ends[1]]
        lon, lat = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True).transform(xs, ys)
        line = tuple((float(a), float(b)) for a, b in zip(lon, lat, strict=True))
        metres = length * self.detour
        value = int(np.ceil(length * self._per_m + self._extra - 1e-6))
        seconds = metres / self.speed_ms + self._extra
        return Trace(metres, seconds, line if direction == "to_target" else line[::-1], value)


def build_straight_ways(
    barriers: gpd.GeoDataFrame | None, *, catalogue: Catalogue, crs: str
) -> dict[Mode, StraightWays]:
    """Straight-line ways of every mode: figures ``detour.<mode>``, ``straight_speed.car``, ``straight.crossing_m``, ``car_park_s``, speeds."""
    shared = build_barriers(barriers, crossing_m=catalogue.value("straight.crossing_m"))
    speeds: dict[Mode, float] = {
        "foot": catalogue.value("walk_speed.all"),
        "bike": catalogue.value("bike_speed.all") / 3.6,
        "car": catalogue.value("straight_speed.car") / 3.6,
    }
    park_s = round(catalogue.value("car_park_s"))
    return {
        mode: StraightWays(mode, crs, catalogue.value(f"detour.{mode}"), speed, park_s if mode == "car" else 0, shared)
        for mode, speed in speeds.items()
    }
