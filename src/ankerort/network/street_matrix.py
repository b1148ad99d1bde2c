"""Times and metres between all pairs of some points on streets, along the same ways."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.network.contract import UNITS
from ankerort.network.kernels.columns import along_edge
from ankerort.network.kernels.down_tree import metres_down
from ankerort.network.kernels.streets import FAR, search
from ankerort.network.snap import StreetPoints
from ankerort.network.streets import BUCKET_SHIFT, StreetWays, Workspace

_NO_WAY = int(FAR)


def street_matrix(ways: StreetWays, points: StreetPoints) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Value and metres from every point to every point.

    Parameters
    ----------
    ways
        Streets of one mode.
    points
        From `StreetWays.prepare`.

    Returns
    -------
    tuple
        int32 and float64, shape (points, points), from row to column: what `StreetWays.trace` gives as `value` and `metres`; -1 where
        there is no way or a point is not attached; 0 from a point to itself.
    """
    count = points.edge.size
    value = np.full((count, count), -1, np.int32)
    metres = np.full((count, count), -1.0)
    attached = points.edge >= 0
    if not attached.any():
        return value, metres
    chains = ways.chains
    edge_m = chains.point_m[chains.point_ptr[1:] - 1]
    seeds = max(int(points.arrive.max(initial=0)), 1)
    w = Workspace.of(chains.node.size, 0, max(int(ways.forward[1][:, 1].max(initial=0)), seeds))
    memory = np.full(chains.node.size, -1.0)
    on_m = _metres_on_edges(ways, points)
    # metres from the point to the start and to the end of its edge
    to_end_m = np.column_stack([on_m, np.where(attached, edge_m[np.maximum(points.edge, 0)] - on_m, 0.0)])
    for j in np.flatnonzero(attached).tolist():
        ends, costs = points.node[j].copy(), points.arrive[j].copy()
        touched, w.pool = search(
            *ways.reverse[:2], ends, costs, _NO_WAY - 1, BUCKET_SHIFT, w.bucket, w.pool, w.distance, w.touched
        )
        far = w.distance[points.node].astype(np.int64)
        far[(points.leave < 0) | (far == _NO_WAY) | ~attached[:, None]] = _NO_WAY
        units = np.where(far < _NO_WAY, far + points.leave, _NO_WAY)
        side = np.argmin(units, axis=1)
        best = units[np.arange(count), side]
        start = np.where(best < _NO_WAY, points.node[np.arange(count), side], -1).astype(np.int32)
        way = metres_down(*ways.forward, edge_m, w.distance, ends, costs, to_end_m[j], start, memory)
        way += to_end_m[np.arange(count), side]
        for i in np.flatnonzero(points.edge == points.edge[j]).tolist():
            direct = _along(points, ways, i, j)
            if direct <= best[i]:
                best[i], way[i] = direct, abs(on_m[i] - on_m[j])
        known = best < _NO_WAY
        value[known, j] = -(-best[known] // UNITS) + ways.extra_s
        metres[known, j] = (way + points.connector_m + points.connector_m[j])[known]
        value[j, j], metres[j, j] = 0, 0.0
        w.distance[w.touched[:touched]] = FAR
    return value, metres


def _metres_on_edges(ways: StreetWays, points: StreetPoints) -> NDArray[np.float64]:
    """Metres from the start of its edge per point; 0 where it is not attached."""
    found = np.zeros(points.edge.size)
    rows = np.flatnonzero(points.edge >= 0)
    p, m = points.leg_point[rows], ways.chains.point_m
    found[rows] = m[p] + points.share[rows] * (m[p + 1] - m[p])
    return found


def _along(points: StreetPoints, ways: StreetWays, i: int, j: int) -> int:
    """Cost from point i to point j on the edge that both lie on."""
    edge = points.edge[i]
    one, two = points.place[i], points.place[j]
    ahead, back = bool(ways.chains.ahead[edge]), bool(ways.chains.back[edge])
    return int(along_edge(one[0], one[1], two[0], two[1], ahead, back, float(one[2] + two[2])))
