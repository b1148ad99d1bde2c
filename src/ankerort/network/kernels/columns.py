"""Columns and nearest targets of points that lie on edges: searches, connectors and ways along one edge put together."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ankerort.network.kernels.hierarchy import search_hierarchy
from ankerort.network.kernels.streets import search

_FAR = 2147483647


@njit(nogil=True, cache=True)
def along_edge(
    from_a: float, from_b: float, to_a: float, to_b: float, ahead: bool, back: bool, connectors: float
) -> int:
    """Cost between two points on one edge without leaving it, in whole units rounded up; FAR where one-way forbids it.

    ``*_a`` = cost from the edge's start forward to the point, ``*_b`` = cost from its end backward to the point.
    """
    best = _FAR
    if ahead and to_a >= from_a:
        best = int(np.ceil(to_a - from_a + connectors - 1e-4))
    if back and to_b >= from_b:
        best = min(best, int(np.ceil(to_b - from_b + connectors - 1e-4)))
    return best


@njit(nogil=True, cache=True)
def _room(values: NDArray[np.int32], needed: int) -> NDArray[np.int32]:
    if needed <= values.size:
        return values
    bigger = np.empty(max(needed, 2 * values.size), np.int32)
    bigger[: values.size] = values
    return bigger


@njit(nogil=True, cache=True)
def columns_chunk(
    plain: NDArray[np.bool_],
    plain_ptr: NDArray[np.int32],
    plain_adjacency: NDArray[np.int32],
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
    node_of: NDArray[np.int32],
    rank_of: NDArray[np.int32],
    edge_ahead: NDArray[np.bool_],
    edge_back: NDArray[np.bool_],
    first: int,
    last: int,
    target_edge: NDArray[np.int32],
    target_node: NDArray[np.int32],
    target_cost: NDArray[np.int32],
    target_place: NDArray[np.float64],
    limit: NDArray[np.int64],
    home_place: NDArray[np.float64],
    at_node_ptr: NDArray[np.int32],
    at_node_home: NDArray[np.int32],
    at_node_cost: NDArray[np.int32],
    on_edge_ptr: NDArray[np.int32],
    on_edge_home: NDArray[np.int32],
    homes_first: bool,
    extra: int,
    per_value: int,
    shift: int,
    bucket: NDArray[np.int32],
    pool: NDArray[np.int32],
    distance: NDArray[np.int32],
    touched: NDArray[np.int32],
    following: NDArray[np.int32],
    home_cost: NDArray[np.int32],
    home_touched: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Columns of the targets ``first .. last - 1``.

    Parameters
    ----------
    plain
        bool (targets,): search the graph itself for this target, else the one whose small junctions were eliminated.
    plain_ptr, plain_adjacency
        The graph in search direction (reversed for ways to the target), as for `ankerort.network.kernels.streets.search`.
    core ... down_adjacency
        The same graph, as for `search_hierarchy`; may be empty where all targets are plain.
    node_of, rank_of
        int32: node of the graph by its number in search order, and the other way round.
    edge_ahead, edge_back
        bool (edges,): the edge may be used in its direction, against it.
    target_edge, target_node, target_cost, target_place
        Attachment of targets: edge (-1 = unknown), (targets, 2) end nodes and costs (-1 = forbidden), (targets, 3) cost from the edge's
        start, cost from its end, cost of the connector.
    limit
        int64 (targets,), in cost units, `extra` included.
    home_place, at_node_*, on_edge_*
        Attachment of homes: as `target_place`; CSR over nodes with costs; CSR over edges.
    homes_first
        True: the way goes from the home to the target.
    extra
        Units added to every value (parking).
    per_value
        Units per whole metre or second.

    Returns
    -------
    tuple
        int64 counts per target; int32 homes (ascending per target); int32 values, rounded up; the pool.
    """
    counts = np.zeros(last - first, np.int64)
    out_home = np.empty(1024, np.int32)
    out_value = np.empty(1024, np.int32)
    size = 0
    homes = home_cost.size
    seeds = np.empty(2, np.int32)
    for target in range(first, last):
        edge = target_edge[target]
        bound = min(limit[target] - extra, _FAR - 1)
        if edge < 0 or bound < 0:
            continue
        if plain[target]:
            count, pool = search(
                plain_ptr,
                plain_adjacency,
                target_node[target],
                target_cost[target],
                bound,
                shift,
                bucket,
                pool,
                distance,
                touched,
            )
        else:
            seeds[0], seeds[1] = rank_of[target_node[target, 0]], rank_of[target_node[target, 1]]
            count, pool = search_hierarchy(
                core,
                level,
                levels,
                core_ptr,
                core_adjacency,
                up_ptr,
                up_adjacency,
                pull_ptr,
                pull_adjacency,
                down_ptr,
                down_adjacency,
                seeds,
                target_cost[target],
                bound,
                shift,
                bucket,
                pool,
                distance,
                touched,
                following,
            )
        reached = 0
        for k in range(count):
            here = distance[touched[k]]
            distance[touched[k]] = _FAR
            node = touched[k] if plain[target] else node_of[touched[k]]
            for j in range(at_node_ptr[node], at_node_ptr[node + 1]):
                total = here + at_node_cost[j]
                home = at_node_home[j]
                if total <= bound and total < home_cost[home]:
                    if home_cost[home] == _FAR:
                        home_touched[reached] = home
                        reached += 1
                    home_cost[home] = total
        a, b, connector = target_place[target, 0], target_place[target, 1], target_place[target, 2]
        for j in range(on_edge_ptr[edge], on_edge_ptr[edge + 1]):
            home = on_edge_home[j]
            ha, hb, links = home_place[home, 0], home_place[home, 1], home_place[home, 2] + connector
            if homes_first:
                total = along_edge(ha, hb, a, b, edge_ahead[edge], edge_back[edge], links)
            else:
                total = along_edge(a, b, ha, hb, edge_ahead[edge], edge_back[edge], links)
            if total <= bound and total < home_cost[home]:
                if home_cost[home] == _FAR:
                    home_touched[reached] = home
                    reached += 1
                home_cost[home] = total
        out_home = _room(out_home, size + reached)
        out_value = _room(out_value, size + reached)
        counts[target - first] = reached
        if reached * 8 > homes:
            for home in range(homes):
                if home_cost[home] != _FAR:
                    out_home[size] = home
                    out_value[size] = (home_cost[home] + extra + per_value - 1) // per_value
                    home_cost[home] = _FAR
                    size += 1
        else:
            home_touched[:reached].sort()
            for k in range(reached):
                home = home_touched[k]
                out_home[size] = home
                out_value[size] = (home_cost[home] + extra + per_value - 1) // per_value
                home_cost[home] = _FAR
                size += 1
    return counts, out_home[:size].copy(), out_value[:size].copy(), pool


@njit(nogil=True, cache=True)
def nearest_homes(
    distance: NDArray[np.int32],
    label: NDArray[np.int32],
    edge_ahead: NDArray[np.bool_],
    edge_back: NDArray[np.bool_],
    target_edge: NDArray[np.int32],
    target_place: NDArray[np.float64],
    home_node: NDArray[np.int32],
    home_cost: NDArray[np.int32],
    home_edge: NDArray[np.int32],
    home_place: NDArray[np.float64],
    on_edge_ptr: NDArray[np.int32],
    on_edge_home: NDArray[np.int32],
    homes_first: bool,
    bound: int,
    extra: int,
    per_value: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Nearest target of every home after `search_labelled`: index and value, -1 where none is within `bound` units."""
    homes = home_edge.size
    best = np.full(homes, _FAR, np.int64)
    who = np.full(homes, -1, np.int32)
    for home in range(homes):
        if home_edge[home] < 0:
            continue
        for side in range(2):
            node = home_node[home, side]
            if home_cost[home, side] < 0 or distance[node] == _FAR:
                continue
            total = np.int64(distance[node]) + home_cost[home, side]
            if total < best[home] or (total == best[home] and label[node] < who[home]):
                best[home] = total
                who[home] = label[node]
    for target in range(target_edge.size):
        edge = target_edge[target]
        if edge < 0:
            continue
        a, b, connector = target_place[target, 0], target_place[target, 1], target_place[target, 2]
        for j in range(on_edge_ptr[edge], on_edge_ptr[edge + 1]):
            home = on_edge_home[j]
            ha, hb, links = home_place[home, 0], home_place[home, 1], home_place[home, 2] + connector
            if homes_first:
                total = along_edge(ha, hb, a, b, edge_ahead[edge], edge_back[edge], links)
            else:
                total = along_edge(a, b, ha, hb, edge_ahead[edge], edge_back[edge], links)
            if total < best[home] or (total == best[home] and total != _FAR and target < who[home]):
                best[home] = total
                who[home] = target
    value = np.full(homes, -1, np.int32)
    for home in range(homes):
        if who[home] >= 0 and best[home] <= bound:
            value[home] = (best[home] + extra + per_value - 1) // per_value
        else:
            who[home] = -1
    return who, value
