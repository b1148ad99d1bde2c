"""Generated road graphs for benchmarks: as large as wanted, planar, with realistic lengths and classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.network.contract import build_csr, hilbert_order, largest_component

Graph = tuple[NDArray[np.int32], NDArray[np.int32]]


def road_graph(
    nodes: int, *, seed: int = 1, reorder: bool = True
) -> tuple[Graph, Graph, NDArray[np.float64], NDArray[np.float64]]:
    """A jittered grid of junctions, a quarter of its streets missing, every 8th line a fast road, some one-ways.

    Parameters
    ----------
    nodes
        About how many junctions.
    seed
        Same seed, same graph.
    reorder
        Number the nodes along a Hilbert curve, as `ankerort.network.contract` does; else at random.

    Returns
    -------
    tuple
        Forward and reversed graph (ptr, adjacency with cost in 0.1 s) of the largest strongly connected component, x and y in metres.
    """
    rng = np.random.default_rng(seed)
    side = round(nodes**0.5)
    row, column = np.divmod(np.arange(side * side), side)
    x = column * 220.0 + rng.uniform(-80, 80, row.size)
    y = row * 220.0 + rng.uniform(-80, 80, row.size)
    right = np.flatnonzero(column < side - 1)
    up = np.flatnonzero(row < side - 1)
    tail = np.concatenate([right, up])
    head = np.concatenate([right + 1, up + side])
    line = np.concatenate([row[right], column[up]])
    fast = line % 8 == 0
    kept = fast | (rng.random(tail.size) > 0.3)
    tail, head, fast = tail[kept], head[kept], fast[kept]
    metres = np.hypot(x[head] - x[tail], y[head] - y[tail]) * rng.uniform(1.0, 1.4, tail.size)
    kmh = np.where(fast, rng.choice([60.0, 72.0, 80.0], tail.size), rng.choice([15.0, 30.0, 30.0, 50.0], tail.size))
    cost = np.ceil(metres / kmh * 36).astype(np.int32)
    both = rng.random(tail.size) > 0.06
    a = np.concatenate([tail, head[both]])
    b = np.concatenate([head, tail[both]])
    c = np.concatenate([cost, cost[both]])
    main = np.flatnonzero(largest_component(row.size, a.astype(np.int32), b.astype(np.int32)))
    main = main[hilbert_order(x[main], y[main])] if reorder else rng.permutation(main)
    number = np.full(row.size, -1, np.int32)
    number[main] = np.arange(main.size)
    inside = (number[a] >= 0) & (number[b] >= 0)
    t, h, w = number[a][inside], number[b][inside], c[inside].astype(np.int32)
    via = np.arange(w.size, dtype=np.int32)
    forward, reverse = build_csr(main.size, t, h, w, via), build_csr(main.size, h, t, w, via)
    return forward[:2], reverse[:2], x[main], y[main]
