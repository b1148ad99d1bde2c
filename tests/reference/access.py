"""Accessibility with competition and places given out, as the formulas stand in the papers: dense, loop by loop."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns


def dense_ways(columns: SparseColumns, cells: int) -> NDArray[np.float64]:
    """Values by (cell, site); infinity where there is no way."""
    sites = len(columns.ptr) - 1
    ways = np.full((cells, sites), np.inf)
    for j in range(sites):
        for i, value in zip(*columns.column(j), strict=True):
            if value >= 0:
                ways[i, j] = value
    return ways


def slow_scores(
    method: str, weight: NDArray[np.float64], demand: NDArray[np.float64], capacity: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A_i from a dense weight matrix W (cells, sites)."""
    cells, sites = weight.shape
    score = np.zeros(cells)
    share = np.ones((cells, sites))
    again = weight
    if method == "gravity":
        return np.array([sum(capacity[j] * weight[i, j] for j in range(sites)) for i in range(cells)])
    if method in ("3sfca", "mh3sfca"):
        pull = np.ones(sites) if method == "3sfca" else capacity
        for i in range(cells):
            total = sum(pull[j] * weight[i, j] for j in range(sites))
            for j in range(sites):
                share[i, j] = pull[j] * weight[i, j] / total if total > 0 else 0.0
        again = weight if method == "3sfca" else np.ones((cells, sites))
    for j in range(sites):
        asked = sum(share[k, j] * demand[k] * again[k, j] for k in range(cells))
        if asked <= 0:
            continue
        for i in range(cells):
            score[i] += share[i, j] * capacity[j] / asked * weight[i, j]
    return score


def slow_places(
    columns: SparseColumns, limit: int, demand: NDArray[np.float64], capacity: NDArray[np.float64]
) -> dict[tuple[int, int], float]:
    """Demand by (site, cell) that gets a place: everybody stands in one queue by (value, site, cell)."""
    queue = []
    for site in range(len(capacity)):
        for cell, value in zip(*columns.column(site), strict=True):
            if 0 <= value <= limit:
                queue.append((int(value), site, int(cell)))
    left, free = list(demand), list(capacity)
    taken: dict[tuple[int, int], float] = {}
    for _, site, cell in sorted(queue):
        part = min(left[cell], free[site])
        if part > 0:
            taken[site, cell] = part
            left[cell] -= part
            free[site] -= part if not math.isinf(free[site]) else 0.0
    return taken
