"""Searches on a graph whose small junctions were eliminated beforehand: fewer labels wait in the queue, the same distances come out.

Eliminating a node puts a shortcut between each pair of its neighbours; distances among the others stay (Geisberger et al. 2008,
contraction hierarchies, here without witness searches and only while the graph does not grow denser). A search climbs from its seeds to
the core, searches the core with buckets, and descends level by level (Delling et al. 2011, PHAST); a search that reaches much of the
core descends by one linear sweep instead.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.streets import search

_FAR = 2147483647


@njit(nogil=True, cache=True)
def cheapest_csr(
    nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32], cost: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """CSR (ptr, adjacency with head and cost) without loops, heads ascending, of parallel arcs the cheapest; two counting sorts."""
    order = np.arange(tail.size)
    for key in (head, tail):
        start = np.zeros(nodes + 1, np.int64)
        for k in range(key.size):
            start[key[k] + 1] += 1
        for n in range(nodes):
            start[n + 1] += start[n]
        after = np.empty_like(order)
        for k in range(order.size):
            arc = order[k]
            after[start[key[arc]]] = arc
            start[key[arc]] += 1
        order = after
    ptr = np.zeros(nodes + 1, np.int32)
    adjacency = np.empty((tail.size, 2), np.int32)
    size = 0
    last_tail, last_head = -1, -1
    for k in range(order.size):
        arc = order[k]
        t, h = tail[arc], head[arc]
        if t == h:
            continue
        if t == last_tail and h == last_head:
            adjacency[size - 1, 1] = min(adjacency[size - 1, 1], cost[arc])
            continue
        adjacency[size, 0] = h
        adjacency[size, 1] = cost[arc]
        size += 1
        ptr[t + 1] += 1
        last_tail, last_head = t, h
    for n in range(nodes):
        ptr[n + 1] += ptr[n]
    return ptr, adjacency[:size].copy()


@njit(nogil=True, cache=True)
def independent_set(ptr: NDArray[np.int32], adjacency: NDArray[np.int32], most: int) -> NDArray[np.bool_]:
    """Nodes without a common edge, small degrees first, then small numbers; only with 1 to `most` neighbours.

    `ptr`, `adjacency`: undirected CSR, every neighbour once.
    """
    nodes = ptr.size - 1
    chosen = np.zeros(nodes, np.bool_)
    closed = np.zeros(nodes, np.bool_)
    for degree in range(1, most + 1):
        for node in range(nodes):
            if closed[node] or ptr[node + 1] - ptr[node] != degree:
                continue
            chosen[node] = True
            closed[node] = True
            for k in range(ptr[node], ptr[node + 1]):
                closed[adjacency[k, 0]] = True
    return chosen


@njit(nogil=True, cache=True)
def shortcuts(
    chosen: NDArray[np.bool_],
    in_ptr: NDArray[np.int32],
    in_adjacency: NDArray[np.int32],
    out_ptr: NDArray[np.int32],
    out_adjacency: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Arcs (tail, head, cost) from every neighbour to every other one over each chosen node."""
    count = 0
    for node in range(chosen.size):
        if chosen[node]:
            count += (in_ptr[node + 1] - in_ptr[node]) * (out_ptr[node + 1] - out_ptr[node])
    tail = np.empty(count, np.int32)
    head = np.empty(count, np.int32)
    cost = np.empty(count, np.int32)
    size = 0
    for node in range(chosen.size):
        if not chosen[node]:
            continue
        for i in range(in_ptr[node], in_ptr[node + 1]):
            for j in range(out_ptr[node], out_ptr[node + 1]):
                if in_adjacency[i, 0] != out_adjacency[j, 0]:
                    tail[size] = in_adjacency[i, 0]
                    head[size] = out_adjacency[j, 0]
                    cost[size] = in_adjacency[i, 1] + out_adjacency[j, 1]
                    size += 1
    return tail[:size], head[:size], cost[:size]


@njit(nogil=True, cache=True)
def _fall(
    node: int,
    down_ptr: NDArray[np.int32],
    down_adjacency: NDArray[np.int32],
    level: NDArray[np.uint8],
    limit: int,
    distance: NDArray[np.int32],
    touched: NDArray[np.int32],
    following: NDArray[np.int32],
    first: NDArray[np.int32],
    count: int,
) -> int:
    """Descend from one node to its lower neighbours; those reached for the first time join the list of their level."""
    here = distance[node]
    for j in range(np.uint64(down_ptr[node]), np.uint64(down_ptr[node + np.uint64(1)])):
        head = down_adjacency[j, 0]
        to = np.uint64(head)
        longer = here + down_adjacency[j, 1]
        old = distance[to]
        better = (longer < old) & (longer <= limit)
        distance[to] = longer if better else old
        new = better & (old == _FAR)
        touched[np.uint64(count)] = head
        count += new
        own = level[to]
        before = first[own]
        following[to] = before if new else following[to]
        first[own] = head if new else before
    return count


@njit(nogil=True, cache=True)
def search_hierarchy(
    core: int,
    level: NDArray[np.uint8],
    levels: int,
    core_ptr: NDArray[np.int32],
    core_adjacency: NDArray[np.int32],
    up_ptr: NDArray[np.int32],
    up_adjacency: NDArray[np.int32],
    pull_ptr: NDArray[np.int32],
    pull_adjacency: NDArray[np.int32],
    down_ptr: NDArray[np.int32],
    down_adjacency: NDArray[np.int32],
    seed_node: NDArray[np.int32],
    seed_cost: NDArray[np.int32],
    limit: int,
    shift: int,
    bucket: NDArray[np.int32],
    pool: NDArray[np.int32],
    distance: NDArray[np.int32],
    touched: NDArray[np.int32],
    following: NDArray[np.int32],
) -> tuple[int, NDArray[np.int32]]:
    """One bounded search, the same distances as `ankerort.network.kernels.streets.search` on the whole graph.

    Parameters
    ----------
    core
        Nodes ``0 .. core - 1`` are the core; the others follow, highest level first.
    level
        uint8 (nodes,): round in which the node was eliminated; the core has `levels`.
    core_ptr, core_adjacency
        CSR of the core.
    up_*, pull_*, down_*
        CSR over all nodes in search direction: arcs to higher nodes; arcs from higher nodes, by their lower end; the same by their
        higher end.
    seed_node, seed_cost, limit, shift, bucket, pool, distance, touched
        As for `search`.
    following
        int32 (nodes,): scratch for the lists of each level.

    Returns
    -------
    tuple
        Number of touched nodes, and the pool for the next search.
    """
    first = np.full(levels + 1, -1, np.int32)
    climbed = np.empty(64, np.int32)
    climbs = 0
    gates = np.empty(16, np.int32)
    gate_count = 0
    for k in range(seed_node.size):
        node = seed_node[k]
        cost = seed_cost[k]
        if cost < 0 or cost > limit or cost >= distance[node]:
            continue
        if distance[node] == _FAR:
            following[node] = first[level[node]]
            first[level[node]] = node
        distance[node] = cost
    for rank in range(levels):
        node = first[rank]
        first[rank] = -1
        while node >= 0:
            if climbs == climbed.size:
                climbed = np.append(climbed, np.empty_like(climbed))
            climbed[climbs] = node
            climbs += 1
            for k in range(up_ptr[node], up_ptr[node + 1]):
                head = up_adjacency[k, 0]
                longer = distance[node] + up_adjacency[k, 1]
                if longer <= limit and longer < distance[head]:
                    if distance[head] == _FAR:
                        following[head] = first[level[head]]
                        first[level[head]] = head
                    distance[head] = longer
            node = following[node]
    node = first[levels]
    while node >= 0:
        if gate_count == gates.size:
            gates = np.append(gates, np.empty_like(gates))
        gates[gate_count] = node
        gate_count += 1
        node = following[node]
    gate_cost = np.empty(gate_count, np.int32)
    for k in range(gate_count):
        gate_cost[k] = distance[gates[k]]
        distance[gates[k]] = _FAR
    in_core, pool = search(
        core_ptr, core_adjacency, gates[:gate_count], gate_cost, limit, shift, bucket, pool, distance, touched
    )
    count = in_core

    # As in `search`: everything is written, and counted only where it improves, because processors guess wrong.
    if in_core * 4 > core:
        for node in range(np.uint64(core), np.uint64(level.size)):
            best = np.int64(distance[node])
            for k in range(np.uint64(pull_ptr[node]), np.uint64(pull_ptr[node + np.uint64(1)])):
                best = min(best, np.int64(distance[np.uint64(pull_adjacency[k, 0])]) + pull_adjacency[k, 1])
            within = best <= limit
            distance[node] = best if within else _FAR
            touched[np.uint64(count)] = node
            count += within
        return count, pool

    first[:] = -1
    for k in range(climbs):
        node = climbed[k]
        touched[count] = node
        count += 1
        following[node] = first[level[node]]
        first[level[node]] = node
    for k in range(in_core):
        count = _fall(
            np.uint64(touched[k]), down_ptr, down_adjacency, level, limit, distance, touched, following, first, count
        )
    for rank in range(levels - 1, 0, -1):
        node = first[rank]
        while node >= 0:
            count = _fall(
                np.uint64(node), down_ptr, down_adjacency, level, limit, distance, touched, following, first, count
            )
            node = following[node]
    return count, pool
