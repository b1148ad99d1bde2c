"""Street searches over integer CSR graphs: bounded bucket-queue (Dial) searches, one per target, or one for all.

Method: labels wait in buckets of ``2 ** shift`` cost units on a ring (Dial 1969); within a bucket they are corrected until it is
empty (Denardo and Fox 1979), so results are exact for any width and for edges of cost 0. Adjacency is interleaved (head, cost in one
row), waiting labels come from a pool with a free list, so that the pool stays as small as the search front, and only what was touched
is reset afterwards. All functions are pure array code and release the GIL.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FAR = np.int32(2147483647)  # not reached
_FAR = 2147483647


@njit(nogil=True, cache=True)
def _grown(pool: NDArray[np.int32]) -> NDArray[np.int32]:
    bigger = np.empty((2 * pool.shape[0], 3), np.int32)
    bigger[: pool.shape[0]] = pool
    return bigger


@njit(nogil=True, cache=True)
def search(
    ptr: NDArray[np.int32],
    adjacency: NDArray[np.int32],
    seed_node: NDArray[np.int32],
    seed_cost: NDArray[np.int32],
    limit: int,
    shift: int,
    bucket: NDArray[np.int32],
    pool: NDArray[np.int32],
    distance: NDArray[np.int32],
    touched: NDArray[np.int32],
) -> tuple[int, NDArray[np.int32]]:
    """One bounded search from weighted seeds.

    Parameters
    ----------
    ptr, adjacency
        CSR: int32 (nodes + 1,) and int32 (edges, 2) with (head, cost).
    seed_node, seed_cost
        int32; a cost below 0 means that the seed may not be used.
    limit
        Largest cost that is searched.
    shift
        Buckets are ``2 ** shift`` units wide.
    bucket
        int32, power-of-two size above (largest cost of an edge or seed >> shift) + 1, all -1; is so again afterwards.
    pool
        int32 (any, 3): (node, cost, next); a larger one is returned where it did not suffice.
    distance, touched
        int32 (nodes,): `FAR` everywhere before; the first returned number of `touched` names the nodes that were reached.

    Returns
    -------
    tuple
        Number of touched nodes, and the pool for the next search.
    """
    mask = bucket.size - 1
    free = -1
    used = 0
    live = 0
    count = 0
    current = _FAR
    for k in range(seed_node.size):
        node = seed_node[k]
        cost = seed_cost[k]
        if cost < 0 or cost > limit or cost >= distance[node]:
            continue
        if distance[node] == _FAR:
            touched[count] = node
            count += 1
        distance[node] = cost
        if used == pool.shape[0]:
            pool = _grown(pool)
        slot = (cost >> shift) & mask
        pool[used, 0] = node
        pool[used, 1] = cost
        pool[used, 2] = bucket[slot]
        bucket[slot] = used
        used += 1
        live += 1
        current = min(current, cost >> shift)
    while live > 0:
        here = current & mask
        entry = bucket[here]
        while entry == -1:
            current += 1
            here = current & mask
            entry = bucket[here]
        node = pool[entry, 0]
        cost = pool[entry, 1]
        bucket[here] = pool[entry, 2]
        pool[entry, 2] = free
        free = entry
        live -= 1
        if distance[node] != cost:
            continue  # was improved after this label was set down
        for k in range(ptr[node], ptr[node + 1]):
            head = adjacency[k, 0]
            longer = cost + adjacency[k, 1]
            old = distance[head]
            if longer < old and longer <= limit:
                if old == _FAR:
                    touched[count] = head
                    count += 1
                distance[head] = longer
                if free >= 0:
                    entry = free
                    free = pool[entry, 2]
                else:
                    if used == pool.shape[0]:
                        pool = _grown(pool)
                    entry = used
                    used += 1
                slot = (longer >> shift) & mask
                pool[entry, 0] = head
                pool[entry, 1] = longer
                pool[entry, 2] = bucket[slot]
                bucket[slot] = entry
                live += 1
    return count, pool


@njit(nogil=True, cache=True)
def search_labelled(
    ptr: NDArray[np.int32],
    adjacency: NDArray[np.int32],
    seed_node: NDArray[np.int32],
    seed_cost: NDArray[np.int32],
    seed_label: NDArray[np.int32],
    limit: int,
    shift: int,
    bucket: NDArray[np.int32],
    pool: NDArray[np.int32],
    distance: NDArray[np.int32],
    label: NDArray[np.int32],
) -> None:
    """One search from the seeds of many targets; every node keeps its smallest (cost, label).

    As `search`, and `seed_label`: target of each seed. Fills `distance` and `label` (`FAR` before). Of targets at equal cost the
    smaller label wins, also across edges of cost 0.
    """
    mask = bucket.size - 1
    free = -1
    used = 0
    live = 0
    current = _FAR
    for k in range(seed_node.size):
        node = seed_node[k]
        cost = seed_cost[k]
        if cost < 0 or cost > limit or cost > distance[node]:
            continue
        if cost == distance[node] and seed_label[k] >= label[node]:
            continue
        distance[node] = cost
        label[node] = seed_label[k]
        if used == pool.shape[0]:
            pool = _grown(pool)
        slot = (cost >> shift) & mask
        pool[used, 0] = node
        pool[used, 1] = cost
        pool[used, 2] = bucket[slot]
        bucket[slot] = used
        used += 1
        live += 1
        current = min(current, cost >> shift)
    while live > 0:
        here = current & mask
        entry = bucket[here]
        while entry == -1:
            current += 1
            here = current & mask
            entry = bucket[here]
        node = pool[entry, 0]
        cost = pool[entry, 1]
        bucket[here] = pool[entry, 2]
        pool[entry, 2] = free
        free = entry
        live -= 1
        if distance[node] != cost:
            continue
        own = label[node]
        for k in range(ptr[node], ptr[node + 1]):
            head = adjacency[k, 0]
            longer = cost + adjacency[k, 1]
            old = distance[head]
            if longer > limit or longer > old or (longer == old and own >= label[head]):
                continue
            distance[head] = longer
            label[head] = own
            if free >= 0:
                entry = free
                free = pool[entry, 2]
            else:
                if used == pool.shape[0]:
                    pool = _grown(pool)
                entry = used
                used += 1
            slot = (longer >> shift) & mask
            pool[entry, 0] = head
            pool[entry, 1] = longer
            pool[entry, 2] = bucket[slot]
            bucket[slot] = entry
            live += 1


@njit(nogil=True, cache=True)
def _along(from_a: float, from_b: float, to_a: float, to_b: float, ahead: bool, back: bool, connectors: float) -> int:
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
    ptr: NDArray[np.int32],
    adjacency: NDArray[np.int32],
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
    home_cost: NDArray[np.int32],
    home_touched: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Columns of the targets ``first .. last - 1``.

    Parameters
    ----------
    ptr, adjacency
        The graph in search direction: reversed for ways to the target.
    edge_ahead, edge_back
        bool (edges,): the edge may be used in its direction, against it.
    target_edge, target_node, target_cost, target_place
        Attachment of targets: edge (-1 = unknown), (targets, 2) end nodes and costs (-1 = forbidden), (targets, 3) cost from the
        edge's start, cost from its end, cost of the connector.
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
    for target in range(first, last):
        edge = target_edge[target]
        bound = min(limit[target] - extra, _FAR - 1)
        if edge < 0 or bound < 0:
            continue
        count, pool = search(
            ptr, adjacency, target_node[target], target_cost[target], bound, shift, bucket, pool, distance, touched
        )
        reached = 0
        for k in range(count):
            node = touched[k]
            here = distance[node]
            distance[node] = _FAR
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
                total = _along(ha, hb, a, b, edge_ahead[edge], edge_back[edge], links)
            else:
                total = _along(a, b, ha, hb, edge_ahead[edge], edge_back[edge], links)
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
                total = _along(ha, hb, a, b, edge_ahead[edge], edge_back[edge], links)
            else:
                total = _along(a, b, ha, hb, edge_ahead[edge], edge_back[edge], links)
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
