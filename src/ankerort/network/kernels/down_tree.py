"""Metres along the ways that a finished search found, for many starts at once."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

_FAR = 2147483647


@njit(nogil=True, cache=True)
def metres_down(
    ptr: NDArray[np.int32],
    adjacency: NDArray[np.int32],
    via: NDArray[np.int32],
    edge_m: NDArray[np.float64],
    distance: NDArray[np.int32],
    end_node: NDArray[np.int32],
    end_cost: NDArray[np.int32],
    end_m: NDArray[np.float64],
    start: NDArray[np.int32],
    metres: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Metres from each start to the target, by the way that `ankerort.network.street_trace.lay_trace` walks.

    Parameters
    ----------
    ptr, adjacency, via
        Graph against the direction of the search; ``via >> 1`` is the edge.
    edge_m
        float64 (edges,): length of each edge.
    distance
        int32 (nodes,): units from the node to the target, `FAR` where there is no way.
    end_node, end_cost, end_m
        (2,): ends of the target's edge, cost from there to the target (negative = not allowed), metres from there to it.
    start
        int32 (starts,): nodes; -1 = none.
    metres
        float64 (nodes,): memory, -1 everywhere before and after.

    Returns
    -------
    float64 (starts,); -1 where there is no way.
    """
    found = np.full(start.size, -1.0)
    seen = np.empty(metres.size, np.int32)
    known = 0
    for s in range(start.size):
        node = start[s]
        if node < 0 or distance[node] == _FAR:
            continue
        # down to the target or to a node whose metres are known, then back up again
        first = known
        below = 0.0
        while metres[node] < 0.0:
            entry = -1
            for side in range(1, -1, -1):
                if end_node[side] == node and end_cost[side] == distance[node]:
                    entry = side
            if entry >= 0:
                metres[node] = end_m[entry]
                seen[known] = node
                known += 1
                break
            seen[known] = node
            known += 1
            metres[node] = 0.0  # is set on the way back
            for k in range(ptr[node], ptr[node + 1]):
                head = adjacency[k, 0]
                if distance[head] != _FAR and distance[head] + adjacency[k, 1] == distance[node]:
                    node = head
                    break
        below = metres[node]
        for j in range(known - 1, first - 1, -1):
            here = seen[j]
            if here == node:
                continue
            for k in range(ptr[here], ptr[here + 1]):
                head = adjacency[k, 0]
                if distance[head] != _FAR and distance[head] + adjacency[k, 1] == distance[here]:
                    below += edge_m[via[k] >> 1]
                    break
            metres[here] = below
        found[s] = metres[start[s]]
    for j in range(known):
        metres[seen[j]] = -1.0
    return found
