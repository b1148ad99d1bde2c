"""Points attached to streets: on which edge, where on it, at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ankerort.network.contract import Chains, ceil_units
from ankerort.network.kernels.snap import grid_of_segments, snap_points

_CELL_M = 128.0  # a few streets per cell
_MOST_CELLS = 4_000_000
_AT_END_M = 0.01


@dataclass(frozen=True)
class SnapGrid:
    """A grid over the legs of all edges that points may join."""

    point: NDArray[np.int64]  # first point of each leg
    x0: NDArray[np.float64]
    y0: NDArray[np.float64]
    x1: NDArray[np.float64]
    y1: NDArray[np.float64]
    ptr: NDArray[np.int64]
    member: NDArray[np.int32]
    west: float
    south: float
    cell_m: float
    columns: int
    rows: int

    def snap(
        self, x: NDArray[np.float64], y: NDArray[np.float64], within_m: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """First point of the nearest leg (-1 = none within `within_m`), share of the leg, distance in metres."""
        legs = (self.x0, self.y0, self.x1, self.y1)
        box = (self.west, self.south, self.cell_m, self.columns, self.rows)
        leg, share, distance = snap_points(x, y, *legs, self.ptr, self.member, *box, within_m)
        point = np.full(x.size, -1, np.int64)
        point[leg >= 0] = self.point[leg[leg >= 0]]
        return point, share, distance


def build_grid(chains: Chains, x: NDArray[np.float64], y: NDArray[np.float64]) -> SnapGrid:
    """Grid over the legs; `x`, `y` projected metres per point of the chains."""
    point = np.flatnonzero(chains.leg_ok)
    x0, y0, x1, y1 = x[point], y[point], x[point + 1], y[point + 1]
    if point.size:
        west, south = float(min(x0.min(), x1.min())), float(min(y0.min(), y1.min()))
        width, height = float(max(x0.max(), x1.max())) - west, float(max(y0.max(), y1.max())) - south
    else:
        west = south = width = height = 0.0
    cell_m = max(_CELL_M, (width * height / _MOST_CELLS) ** 0.5)
    columns, rows = int(width // cell_m) + 1, int(height // cell_m) + 1
    ptr, member = grid_of_segments(x0, y0, x1, y1, west, south, cell_m, columns, rows)
    return SnapGrid(point, x0, y0, x1, y1, ptr, member, west, south, cell_m, columns, rows)


@dataclass(frozen=True)
class StreetPoints:
    """Points attached to one mode's streets.

    Parameters
    ----------
    x, y
        Projected metres, shape (points,).
    edge
        int32: edge of the contracted graph, -1 = unknown (no usable street within reach).
    leg_point, share, connector_m
        First point of the leg, share of the leg (0 to 1), straight line to it in metres.
    node
        int32 (points, 2): start and end node of the edge.
    leave, arrive
        int32 (points, 2): search units from the point to the node and from the node to the point, connector included, rounded up
        once; -1 where a one-way street forbids it.
    place
        float64 (points, 3): cost from the edge's start forward, from its end backward, and of the connector.
    graph_nodes, graph_edges
        Size of the graph.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    edge: NDArray[np.int32]
    leg_point: NDArray[np.int64]
    share: NDArray[np.float64]
    connector_m: NDArray[np.float64]
    node: NDArray[np.int32]
    leave: NDArray[np.int32]
    arrive: NDArray[np.int32]
    place: NDArray[np.float64]
    graph_nodes: int
    graph_edges: int

    @cached_property
    def leaving(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """CSR over nodes: points that reach the node first when they leave, and the cost."""
        return self._at_nodes(self.leave)

    @cached_property
    def arriving(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """CSR over nodes: points that are reached from the node, and the cost."""
        return self._at_nodes(self.arrive)

    @cached_property
    def on_edge(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """CSR over edges: the points on them."""
        point = np.flatnonzero(self.edge >= 0).astype(np.int32)
        ptr, order = _csr(self.edge[point], self.graph_edges)
        return ptr, point[order]

    def _at_nodes(self, cost: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        point, side = np.nonzero(cost >= 0)
        ptr, order = _csr(self.node[point, side], self.graph_nodes)
        return ptr, point[order].astype(np.int32), cost[point, side][order]


def _csr(key: NDArray[np.int32], size: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    ptr = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(key, minlength=size), out=ptr[1:])
    return ptr, np.argsort(key, kind="stable")


def attach(
    chains: Chains,
    grid: SnapGrid,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    within_m: float,
    connector_units_per_m: float,
) -> StreetPoints:
    """Attach points to the nearest point of a street within `within_m`; see `StreetPoints`."""
    px, py = np.ascontiguousarray(x, dtype=np.float64), np.ascontiguousarray(y, dtype=np.float64)
    point, share, distance = grid.snap(px, py, within_m)
    known = point >= 0
    edge = np.full(px.size, -1, np.int32)
    edge[known] = np.searchsorted(chains.point_ptr, point[known], side="right") - 1
    node = np.zeros((px.size, 2), np.int32)
    place = np.zeros((px.size, 3), np.float64)
    leave = np.full((px.size, 2), -1, np.int32)
    arrive = np.full((px.size, 2), -1, np.int32)

    p, e, t = point[known], edge[known], share[known]
    node[known] = chains.edge_node[e]
    a = chains.point_a[p] + t * (chains.point_a[p + 1] - chains.point_a[p])
    b = chains.point_b[p] + t * (chains.point_b[p + 1] - chains.point_b[p])
    link = distance[known] * connector_units_per_m
    place[known] = np.column_stack([a, b, link])
    first, last = chains.point_ptr[e], chains.point_ptr[e + 1] - 1
    to_start, to_end = chains.point_b[first] - b, chains.point_a[last] - a
    ahead, back = chains.ahead[e], chains.back[e]
    # At its very end a one-way street is the junction itself: there one may turn into any other street.
    along_m = chains.point_m[p] + t * (chains.point_m[p + 1] - chains.point_m[p])
    at_start, at_end = along_m <= _AT_END_M, chains.point_m[last] - along_m <= _AT_END_M
    leave[known] = np.column_stack([_if(back | at_start, to_start + link), _if(ahead | at_end, to_end + link)])
    arrive[known] = np.column_stack([_if(ahead | at_start, a + link), _if(back | at_end, b + link)])
    size = (chains.ahead.size, chains.node.size)
    return StreetPoints(px, py, edge, point, share, distance, node, leave, arrive, place, size[1], size[0])


def _if(allowed: NDArray[np.bool_], cost: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.where(allowed, ceil_units(cost), np.int32(-1)).astype(np.int32)
