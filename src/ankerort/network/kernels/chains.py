"""Chains of street segments between junctions: the edges of the contracted graph."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def trace_chains(
    nodes: int,
    start: NDArray[np.int32],
    end: NDArray[np.int32],
    ahead: NDArray[np.bool_],
    back: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Join segments at nodes where nothing branches and the permitted directions go on unchanged.

    Parameters
    ----------
    nodes
        Number of nodes.
    start, end
        int32 (segments,), never equal.
    ahead, back
        bool (segments,): usable from start to end, from end to start; at least one of them.

    Returns
    -------
    tuple
        `order` int32 (segments,): segments chain by chain; `turned` bool: the chain runs against the segment; `chain_ptr` int32
        (chains + 1,); `chain_from`, `chain_to` int32 (chains,): end nodes. Chains begin at junctions in node order, rings without a
        junction at the start of their first segment.
    """
    segments = start.size
    ptr = np.zeros(nodes + 1, np.int32)
    for s in range(segments):
        ptr[start[s] + 1] += 1
        ptr[end[s] + 1] += 1
    for n in range(nodes):
        ptr[n + 1] += ptr[n]
    fill = ptr[:-1].copy()
    incident = np.empty(2 * segments, np.int32)
    for s in range(segments):
        incident[fill[start[s]]] = s
        fill[start[s]] += 1
        incident[fill[end[s]]] = s
        fill[end[s]] += 1

    passing = np.zeros(nodes, np.bool_)
    for n in range(nodes):
        if ptr[n + 1] - ptr[n] != 2:
            continue
        one = incident[ptr[n]]
        two = incident[ptr[n] + 1]
        # Arriving on `one` and leaving on `two`, and the other way round.
        one_in = ahead[one] if end[one] == n else back[one]
        one_out = back[one] if end[one] == n else ahead[one]
        two_in = ahead[two] if end[two] == n else back[two]
        two_out = back[two] if end[two] == n else ahead[two]
        passing[n] = one_in == two_out and one_out == two_in

    order = np.empty(segments, np.int32)
    turned = np.zeros(segments, np.bool_)
    chain_ptr = np.zeros(segments + 1, np.int32)
    chain_from = np.empty(segments, np.int32)
    chain_to = np.empty(segments, np.int32)
    done = np.zeros(segments, np.bool_)
    chains = 0
    filled = 0
    for step in range(nodes + segments):
        # First from every junction in node order, then rings without one in segment order.
        if step < nodes:
            origin = step
            if passing[origin]:
                continue
            low, high = ptr[origin], ptr[origin + 1]
        else:
            ring = step - nodes
            if done[ring]:
                continue
            origin = start[ring]
            low, high = 0, 1
        for k in range(low, high):
            segment = incident[k] if step < nodes else np.int32(step - nodes)
            if done[segment]:
                continue
            chain_from[chains] = origin
            node = np.int32(origin)
            while True:
                done[segment] = True
                against = end[segment] == node
                order[filled] = segment
                turned[filled] = against
                filled += 1
                node = start[segment] if against else end[segment]
                if not passing[node] or node == origin:
                    break
                first = incident[ptr[node]]
                segment = first if first != segment else incident[ptr[node] + 1]
            chain_to[chains] = node
            chains += 1
            chain_ptr[chains] = filled
    return order, turned, chain_ptr[: chains + 1].copy(), chain_from[:chains].copy(), chain_to[:chains].copy()
