"""From street segments to the graph of one mode: chains become edges, the largest strongly connected component stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ankerort.network.kernels.chains import trace_chains

UNITS = 10  # search units per metre or second (decision 0001)
_TINY = 1e-4  # sums of floats that are a whole number but for noise are not rounded up


def ceil_units(value: NDArray[np.float64]) -> NDArray[np.int32]:
    """Whole search units, rounded up."""
    return np.ceil(value - _TINY).astype(np.int32)


@dataclass(frozen=True)
class StreetCounts:
    """What became of the mode's segments: printed and tested."""

    segments: int
    edges: int
    nodes: int
    edges_used: int
    nodes_used: int

    @property
    def share_used(self) -> float:
        """Share of the contracted edges in the largest strongly connected component."""
        return self.edges_used / self.edges if self.edges else 0.0


@dataclass(frozen=True)
class Chains:
    """Contracted edges of the largest component, with the points along them.

    `edge_node` (edges, 2) start and end; `edge_cost` int32 (edges, 2) forward and backward; `ahead`, `back` permitted directions.
    Points of edge e are ``point_ptr[e]:point_ptr[e+1]``: `point_node` raw node, `point_a` cost from the start forward, `point_b`
    cost from the end backward, `point_m` metres from the start; `leg_ok` whether one may join the street between this point and
    the next. `node` raw node per graph node.
    """

    node: NDArray[np.int32]
    edge_node: NDArray[np.int32]
    edge_cost: NDArray[np.int32]
    ahead: NDArray[np.bool_]
    back: NDArray[np.bool_]
    point_ptr: NDArray[np.int64]
    point_node: NDArray[np.int32]
    point_a: NDArray[np.float64]
    point_b: NDArray[np.float64]
    point_m: NDArray[np.float64]
    leg_ok: NDArray[np.bool_]
    counts: StreetCounts


def build_csr(
    nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32], cost: NDArray[np.int32], via: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """CSR without loops; of parallel edges the cheapest stays, of equally cheap ones the smallest `via`.

    Returns
    -------
    tuple
        `ptr` int32 (nodes + 1,), `adjacency` int32 (edges, 2) with (head, cost), `via` int32 (edges,).
    """
    order = np.lexsort((via, cost, head, tail))
    order = order[tail[order] != head[order]]
    t, h = tail[order], head[order]
    first = np.ones(order.size, bool)
    first[1:] = (t[1:] != t[:-1]) | (h[1:] != h[:-1])
    order = order[first]
    ptr = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(tail[order], minlength=nodes), out=ptr[1:])
    adjacency = np.column_stack([head[order], cost[order]]).astype(np.int32)
    return ptr, np.ascontiguousarray(adjacency), via[order].astype(np.int32)


def largest_component(nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Nodes of the largest strongly connected component; of equally large ones the one with the smallest node."""
    if nodes == 0:
        return np.zeros(0, bool)
    # scipy never returns on parallel edges: every pair of nodes stands in the matrix once.
    pair = np.unique(tail.astype(np.int64) * nodes + head)
    graph = csr_matrix((np.ones(pair.size, np.int8), (pair // nodes, pair % nodes)), shape=(nodes, nodes))
    _, member = connected_components(graph, directed=True, connection="strong")
    size = np.bincount(member)
    largest = np.flatnonzero(size == size.max())
    smallest_node = np.full(size.size, nodes)
    np.minimum.at(smallest_node, member, np.arange(nodes))
    return member == largest[np.argmin(smallest_node[largest])]


def hilbert_order(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order of points along a Hilbert curve (16 bits a side), so that neighbours lie near each other in memory."""
    if x.size == 0:
        return np.zeros(0, np.int64)
    span = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9)
    a = ((x - x.min()) / span * 65535).astype(np.int64)
    b = ((y - y.min()) / span * 65535).astype(np.int64)
    key = np.zeros(x.size, np.int64)
    side = 1 << 15
    while side > 0:
        right, up = (a & side) > 0, (b & side) > 0
        key += side * side * ((3 * right) ^ up)
        # Turn the quadrant so that the curve goes on without a jump.
        flip = ~up & right
        a, b = np.where(flip, 65535 - a, a), np.where(flip, 65535 - b, b)
        a, b = np.where(~up, b, a), np.where(~up, a, b)
        side >>= 1
    return np.argsort(key, kind="stable")


def contract(
    node_x: NDArray[np.float64],
    node_y: NDArray[np.float64],
    start: NDArray[np.int32],
    end: NDArray[np.int32],
    cost_ahead: NDArray[np.float64],
    cost_back: NDArray[np.float64],
    length_m: NDArray[np.float64],
    joinable: NDArray[np.bool_],
    blocked: NDArray[np.bool_],
) -> Chains:
    """Contract the segments of one mode.

    Parameters
    ----------
    node_x, node_y
        Projected metres, shape (nodes,).
    start, end
        int32 (segments,).
    cost_ahead, cost_back
        float64 (segments,) in search units; infinite where the direction is not permitted.
    length_m
        float64 (segments,).
    joinable
        bool (segments,): points may attach here (not on ferries and motorways).
    blocked
        bool (nodes,): nobody passes; streets end on both sides of it.

    Returns
    -------
    Chains
    """
    usable = (np.isfinite(cost_ahead) | np.isfinite(cost_back)) & (start != end)
    start, end, joinable = start[usable].copy(), end[usable].copy(), joinable[usable]
    cost_ahead, cost_back, length_m = cost_ahead[usable], cost_back[usable], length_m[usable]
    raw = _split_blocked(start, end, blocked)
    nodes = raw.size
    order, turned, chain_ptr, chain_from, chain_to = trace_chains(
        nodes, start, end, np.isfinite(cost_ahead), np.isfinite(cost_back)
    )
    forward = np.where(turned, cost_back[order], cost_ahead[order])
    backward = np.where(turned, cost_ahead[order], cost_back[order])
    first = chain_ptr[:-1]
    ahead, back = np.isfinite(forward[first]), np.isfinite(backward[first])

    junction = np.zeros(nodes, bool)
    junction[chain_from] = junction[chain_to] = True
    tail = np.concatenate([chain_from[ahead], chain_to[back]])
    head = np.concatenate([chain_to[ahead], chain_from[back]])
    kept_node = np.flatnonzero(junction)
    compact = np.full(nodes, -1, np.int64)
    compact[kept_node] = np.arange(kept_node.size)
    in_main = np.zeros(nodes, bool)
    in_main[kept_node] = largest_component(kept_node.size, compact[tail], compact[head])

    main = np.flatnonzero(in_main)
    main = main[hilbert_order(node_x[raw[main]], node_y[raw[main]])]
    number = np.full(nodes, -1, np.int32)
    number[main] = np.arange(main.size)
    used = in_main[chain_from] & in_main[chain_to]
    counts = StreetCounts(order.size, chain_from.size, kept_node.size, int(used.sum()), main.size)

    # Edges in the order of their nodes, so that neighbours in space are neighbours in memory.
    edge = np.flatnonzero(used)
    edge = edge[np.lexsort((edge, number[chain_to[edge]], number[chain_from[edge]]))]
    legs = (chain_ptr[1:] - chain_ptr[:-1])[edge].astype(np.int64)
    leg = _ranges(chain_ptr[:-1][edge].astype(np.int64), legs)
    leg_edge = np.repeat(np.arange(edge.size), legs)
    point_ptr = np.zeros(edge.size + 1, np.int64)
    np.cumsum(legs + 1, out=point_ptr[1:])
    leg_point = np.arange(leg.size) + leg_edge

    segment = order[leg]
    point_node = np.empty(point_ptr[-1], np.int32)
    point_node[leg_point] = raw[np.where(turned[leg], end[segment], start[segment])]
    point_node[point_ptr[1:] - 1] = raw[chain_to[edge]]
    leg_ok = np.zeros(point_ptr[-1], bool)
    leg_ok[leg_point] = joinable[segment]
    step_f = np.where(np.isfinite(forward[leg]), forward[leg], 0.0)
    step_b = np.where(np.isfinite(backward[leg]), backward[leg], 0.0)
    point_a = _running(step_f, leg_point, point_ptr)
    total_b = np.bincount(leg_edge, weights=step_b, minlength=edge.size)
    point_b = np.maximum(np.repeat(total_b, legs + 1) - _running(step_b, leg_point, point_ptr), 0.0)
    point_b[point_ptr[1:] - 1] = 0.0
    point_m = _running(length_m[segment], leg_point, point_ptr)
    total = np.column_stack([point_a[point_ptr[1:] - 1], total_b])
    return Chains(
        node=raw[main].astype(np.int32),
        edge_node=np.column_stack([number[chain_from[edge]], number[chain_to[edge]]]).astype(np.int32),
        edge_cost=np.maximum(ceil_units(total), 1),
        ahead=ahead[edge],
        back=back[edge],
        point_ptr=point_ptr,
        point_node=point_node,
        point_a=point_a,
        point_b=point_b,
        point_m=point_m,
        leg_ok=leg_ok,
        counts=counts,
    )


def _split_blocked(start: NDArray[np.int32], end: NDArray[np.int32], blocked: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Give every segment end at a blocked node a node of its own (in place); return the raw node of each node."""
    at_start, at_end = np.flatnonzero(blocked[start]), np.flatnonzero(blocked[end])
    raw = np.concatenate([np.arange(blocked.size), start[at_start], end[at_end]]).astype(np.int32)
    start[at_start] = blocked.size + np.arange(at_start.size)
    end[at_end] = blocked.size + at_start.size + np.arange(at_end.size)
    return raw


def _ranges(first: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.int64]:
    """``first[0], first[0]+1, ...`` of every range, one after the other."""
    if count.size == 0:
        return np.zeros(0, np.int64)
    offset = np.repeat(first - (np.cumsum(count) - count), count)
    return np.arange(int(count.sum())) + offset


def _running(
    step: NDArray[np.float64], leg_point: NDArray[np.int64], point_ptr: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Running sum along every edge: 0 at its first point."""
    values = np.zeros(int(point_ptr[-1]))
    values[leg_point + 1] = step
    sums = np.cumsum(values)
    result: NDArray[np.float64] = sums - np.repeat(sums[point_ptr[:-1]], np.diff(point_ptr))
    return result
