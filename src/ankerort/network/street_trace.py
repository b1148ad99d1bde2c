"""One way on streets in detail: its line, metres and seconds, walked back over the distances of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from ankerort.network.contract import UNITS
from ankerort.network.kernels.columns import along_edge
from ankerort.network.kernels.streets import FAR
from ankerort.network.model import Direction, Trace
from ankerort.network.snap import StreetPoints

if TYPE_CHECKING:
    from ankerort.network.streets import Csr, StreetWays

Line = list[tuple[float, float]]


def lay_trace(
    ways: StreetWays,
    distance: NDArray[np.int32],
    onward: Csr,
    targets: StreetPoints,
    target: int,
    homes: StreetPoints,
    home: int,
    direction: Direction,
) -> Trace | None:
    """Walk from the home to the target down the distances.

    Parameters
    ----------
    distance
        int32 (nodes,): units between the node and the target, from a search that began at the target.
    onward
        The graph against the direction of that search.

    Returns
    -------
    Trace or None
        None if no way exists.
    """
    to_target = direction == "to_target"
    chains = ways.chains
    own = homes.leave[home] if to_target else homes.arrive[home]
    seed = targets.arrive[target] if to_target else targets.leave[target]
    best, side = int(FAR), -1
    for k in range(2):
        node = homes.node[home, k]
        if own[k] >= 0 and distance[node] != FAR and int(own[k]) + int(distance[node]) < best:
            best, side = int(own[k]) + int(distance[node]), k
    direct = int(FAR)
    if homes.edge[home] == targets.edge[target]:
        e = homes.edge[home]
        one, two = (
            (homes.place[home], targets.place[target]) if to_target else (targets.place[target], homes.place[home])
        )
        links = float(one[2] + two[2])
        direct = along_edge(one[0], one[1], two[0], two[1], bool(chains.ahead[e]), bool(chains.back[e]), links)
    if min(best, direct) == FAR:
        return None

    h_m, t_m = _metres_on_edge(ways, homes, home), _metres_on_edge(ways, targets, target)
    metres = float(homes.connector_m[home] + targets.connector_m[target])
    line = [_on_street(ways, homes, home)]
    if direct <= best:
        metres += abs(h_m - t_m)
        line += _points_between(ways, int(homes.edge[home]), h_m, t_m)
    else:
        edge = int(homes.edge[home])
        end_m = _length(ways, edge) if side else 0.0
        metres += abs(end_m - h_m)
        line += _points_between(ways, edge, h_m, end_m)
        node = int(homes.node[home, side])
        while (entry := _entry(targets, target, seed, node, int(distance[node]))) < 0:
            node, via = _next(onward, distance, node)
            edge, against = via >> 1, (via & 1) == (1 if to_target else 0)
            metres += _length(ways, edge)
            line += _whole(ways, edge, against)
        edge = int(targets.edge[target])
        begin_m = _length(ways, edge) if entry else 0.0
        metres += abs(begin_m - t_m)
        line += _points_between(ways, edge, begin_m, t_m)
    line.append(_on_street(ways, targets, target))

    back = Transformer.from_crs(ways.crs, "EPSG:4326", always_xy=True)
    ends = [(homes.x[home], homes.y[home]), (targets.x[target], targets.y[target])]
    (h_lon, h_lat), (t_lon, t_lat) = (back.transform(*xy) for xy in ends)
    line = [(float(h_lon), float(h_lat)), *line, (float(t_lon), float(t_lat))]
    line = [p for k, p in enumerate(line) if k == 0 or p != line[k - 1]]
    if not to_target:
        line.reverse()
    units = min(best, direct)
    seconds = units / ways.units_per_s + ways.extra_s
    return Trace(metres=metres, seconds=seconds, line=tuple(line), value=-(-units // UNITS) + ways.extra_s)


def _entry(points: StreetPoints, k: int, seed: NDArray[np.int32], node: int, distance: int) -> int:
    """Side of the target's edge at which the way enters it here, -1 if it goes on."""
    for side in range(2):
        if points.node[k, side] == node and seed[side] == distance:
            return side
    return -1


def _next(onward: Csr, distance: NDArray[np.int32], node: int) -> tuple[int, int]:
    ptr, adjacency, via = onward
    for k in range(ptr[node], ptr[node + 1]):
        head, cost = int(adjacency[k, 0]), int(adjacency[k, 1])
        if distance[head] != FAR and int(distance[head]) + cost == int(distance[node]):
            return head, int(via[k])
    raise AssertionError("the distances do not belong to this graph")


def _length(ways: StreetWays, edge: int) -> float:
    return float(ways.chains.point_m[ways.chains.point_ptr[edge + 1] - 1])


def _metres_on_edge(ways: StreetWays, points: StreetPoints, k: int) -> float:
    p = points.leg_point[k]
    m = ways.chains.point_m
    return float(m[p] + points.share[k] * (m[p + 1] - m[p]))


def _on_street(ways: StreetWays, points: StreetPoints, k: int) -> tuple[float, float]:
    p, t = points.leg_point[k], points.share[k]
    lon, lat = ways.point_lon, ways.point_lat
    return float(lon[p] + t * (lon[p + 1] - lon[p])), float(lat[p] + t * (lat[p + 1] - lat[p]))


def _whole(ways: StreetWays, edge: int, backwards: bool) -> Line:
    points = range(ways.chains.point_ptr[edge], ways.chains.point_ptr[edge + 1])
    line = [(float(ways.point_lon[p]), float(ways.point_lat[p])) for p in points]
    return line[::-1] if backwards else line


def _points_between(ways: StreetWays, edge: int, from_m: float, to_m: float) -> Line:
    """Corners of the edge between two positions on it, in the order of the way."""
    first, last = ways.chains.point_ptr[edge], ways.chains.point_ptr[edge + 1]
    low, high = min(from_m, to_m), max(from_m, to_m)
    inside = [p for p in range(first, last) if low <= ways.chains.point_m[p] <= high]
    line = [(float(ways.point_lon[p]), float(ways.point_lat[p])) for p in inside]
    return line if from_m <= to_m else line[::-1]
