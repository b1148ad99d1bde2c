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
def _grown(pool: NDArray[np.int32], needed: int) -> NDArray[np.int32]:
    bigger = np.empty((max(needed, 2 * pool.shape[0]), 3), np.int32)
    bigger[: pool.shape[0]] = pool
    return bigger


@njit(nogil=True, cache=True)
def mark_dead_ends(ptr: NDArray[np.int32], adjacency: NDArray[np.int32]) -> NDArray[np.int32]:
    """A copy of `adjacency` with the head written as ``~head`` where the only way on from it leads back along the arc."""
    marked = adjacency.copy()
    for node in range(ptr.size - 1):
        for k in range(ptr[node], ptr[node + 1]):
            head = adjacency[k, 0]
            dead_end = True
            for j in range(ptr[head], ptr[head + 1]):
                dead_end &= adjacency[j, 0] == node
            if dead_end:
                marked[k, 0] = ~head
    return marked


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
        CSR: int32 (nodes + 1,) and int32 (edges, 2) with (head, cost). The head of an arc into a dead end may be given as ``~head``
        (`ankerort.network.kernels.streets.mark_dead_ends`): from there nothing can be improved, so it need not wait in a bucket.
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
    distance
        int32 (nodes,): `FAR` everywhere before.
    touched
        int32 (nodes + 1,): the first returned number of it names the nodes that were reached.

    Returns
    -------
    tuple
        Number of touched nodes, and the pool for the next search.
    """
    mask = bucket.size - 1
    used = 0
    live = 0
    count = 0
    current = _FAR
    if pool.shape[0] < seed_node.size:
        pool = _grown(pool, seed_node.size)
    for k in range(seed_node.size):
        node = seed_node[k]
        cost = seed_cost[k]
        if cost < 0 or cost > limit or cost >= distance[node]:
            continue
        if distance[node] == _FAR:
            touched[count] = node
            count += 1
        distance[node] = cost
        slot = (cost >> shift) & mask
        pool[used, 0] = node
        pool[used, 1] = cost
        pool[used, 2] = bucket[slot]
        bucket[slot] = used
        used += 1
        live += 1
        current = min(current, cost >> shift)
    while live > 0:
        here = np.uint64(current & mask)
        entry = bucket[here]
        while entry == -1:
            current += 1
            here = np.uint64(current & mask)
            entry = bucket[here]
        label = np.uint64(entry)
        node = np.uint64(pool[label, 0])
        cost = pool[label, 1]
        bucket[here] = pool[label, 2]
        live -= 1
        if distance[node] != cost:
            continue  # was improved after this label was set down
        first, last = ptr[node], ptr[node + np.uint64(1)]
        if used + last - first > pool.shape[0]:
            pool = _grown(pool, used + last - first)
        # Whether an arc improves its head is a coin toss that processors guess wrong: everything is written, and counted
        # only where it improves. Unsigned indices spare the test for negative ones.
        for k in range(np.uint64(first), np.uint64(last)):
            head = adjacency[k, 0]
            dead_end = head >> 31  # -1 or 0
            head ^= dead_end
            to = np.uint64(head)
            longer = cost + adjacency[k, 1]
            old = distance[to]
            better = (longer < old) & (longer <= limit)
            distance[to] = longer if better else old
            touched[np.uint64(count)] = head
            count += better & (old == _FAR)
            better &= dead_end == 0
            slot = np.uint64((longer >> shift) & mask)
            before = bucket[slot]
            label = np.uint64(used)
            pool[label, 0] = head
            pool[label, 1] = longer
            pool[label, 2] = before
            bucket[slot] = used if better else before
            used += better
            live += better
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
            pool = _grown(pool, used + 1)
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
                    pool = _grown(pool, used + 1)
                entry = used
                used += 1
            slot = (longer >> shift) & mask
            pool[entry, 0] = head
            pool[entry, 1] = longer
            pool[entry, 2] = bucket[slot]
            bucket[slot] = entry
            live += 1
