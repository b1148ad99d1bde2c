"""Eliminating small junctions once, so that every later search is faster; distances stay exactly the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.network.kernels.hierarchy import cheapest_csr, independent_set, shortcuts

Csr = tuple[NDArray[np.int32], NDArray[np.int32]]
# Found with benchmarks/bench_streets.py; no result depends on them.
DEGREES = (3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10)  # most neighbours of an eliminated node, by round
_GROWTH = 1.05  # a round may add this many arcs at most
_SMALL_CORE = 64


@dataclass(frozen=True)
class SearchGraph:
    """Arrays of `ankerort.network.kernels.hierarchy.search_hierarchy` in one direction, in its own node order."""

    core: Csr
    up: Csr
    pull: Csr
    down: Csr
    levels: int

    @property
    def largest_climb(self) -> int:
        """No climb from a seed to the core costs more: as many steps as levels, each at most the dearest."""
        return int(self.up[1][:, 1].max(initial=0)) * self.levels

    @property
    def largest_cost(self) -> int:
        """Largest cost of a core arc."""
        return int(self.core[1][:, 1].max(initial=0))


@dataclass(frozen=True)
class Hierarchy:
    """A graph with its small junctions eliminated.

    Parameters
    ----------
    rank
        int32 (nodes,): number of each node of the graph in the search order (core first, then the later eliminated first).
    node
        int32 (nodes,): the node of the graph with that number.
    core_nodes, levels
        Size of the core; rounds of elimination.
    level
        uint8 (nodes,), in search order.
    forward, reverse
        Arrays for searches along the arcs and against them.
    """

    rank: NDArray[np.int32]
    node: NDArray[np.int32]
    core_nodes: int
    levels: int
    level: NDArray[np.uint8]
    forward: SearchGraph
    reverse: SearchGraph


def build_hierarchy(ptr: NDArray[np.int32], adjacency: NDArray[np.int32]) -> Hierarchy:
    """Eliminate independent sets of nodes with few neighbours, round by round, while the number of arcs does not rise.

    Parameters
    ----------
    ptr, adjacency
        CSR without loops and parallel arcs (`ankerort.network.contract.build_csr`); its node order is kept within each level.

    Returns
    -------
    Hierarchy
    """
    nodes = ptr.size - 1
    tail = np.repeat(np.arange(nodes, dtype=np.int32), np.diff(ptr))
    head, cost = adjacency[:, 0].copy(), adjacency[:, 1].copy()
    level = np.full(nodes, 255, np.uint8)
    climbing: list[tuple[NDArray[np.int32], ...]] = []
    falling: list[tuple[NDArray[np.int32], ...]] = []
    levels = 0
    for most in DEGREES:
        if int((level == 255).sum()) <= _SMALL_CORE:
            break
        both = cheapest_csr(nodes, np.concatenate([tail, head]), np.concatenate([head, tail]), np.tile(cost, 2))
        chosen = independent_set(*both, most)
        bridges = shortcuts(chosen, *cheapest_csr(nodes, head, tail, cost), *cheapest_csr(nodes, tail, head, cost))
        stays = ~(chosen[tail] | chosen[head])
        arcs = tuple(np.concatenate([a[stays], b]) for a, b in zip((tail, head, cost), bridges, strict=True))
        new_ptr, new_adjacency = cheapest_csr(nodes, *arcs)
        if not chosen.any() or new_adjacency.shape[0] > _GROWTH * tail.size:
            break
        up, down = chosen[tail], chosen[head]
        climbing.append((tail[up], head[up], cost[up]))
        falling.append((tail[down], head[down], cost[down]))
        level[chosen] = levels
        levels += 1
        tail = np.repeat(np.arange(nodes, dtype=np.int32), np.diff(new_ptr))
        head, cost = new_adjacency[:, 0].copy(), new_adjacency[:, 1].copy()

    in_core = level == 255
    level[in_core] = levels
    node = np.lexsort((np.arange(nodes), -level.astype(np.int16))).astype(np.int32)
    rank = np.empty(nodes, np.int32)
    rank[node] = np.arange(nodes, dtype=np.int32)
    core = int(in_core.sum())

    def renamed(parts: list[tuple[NDArray[np.int32], ...]]) -> tuple[NDArray[np.int32], ...]:
        empty = np.zeros(0, np.int32)
        t, h, c = (np.concatenate([empty, *(p[k] for p in parts)]) for k in range(3))
        return rank[t], rank[h], c

    up_tail, up_head, up_cost = renamed(climbing)
    low_tail, low_head, low_cost = renamed(falling)
    out_up = cheapest_csr(nodes, up_tail, up_head, up_cost)
    up_out = cheapest_csr(nodes, up_head, up_tail, up_cost)
    in_low = cheapest_csr(nodes, low_head, low_tail, low_cost)
    low_in = cheapest_csr(nodes, low_tail, low_head, low_cost)
    core_tail, core_head = rank[tail], rank[head]
    forward = SearchGraph(cheapest_csr(core, core_tail, core_head, cost), out_up, in_low, low_in, levels)
    reverse = SearchGraph(cheapest_csr(core, core_head, core_tail, cost), in_low, out_up, up_out, levels)
    return Hierarchy(rank, node, core, levels, level[node], forward, reverse)


_NO_ARCS = (np.zeros(1, np.int32), np.zeros((0, 2), np.int32))
_NO_GRAPH = SearchGraph(_NO_ARCS, _NO_ARCS, _NO_ARCS, _NO_ARCS, 0)
# Stands in where no target needs the eliminated graph, so that it is not built for nothing.
NOTHING_ELIMINATED = Hierarchy(
    np.zeros(0, np.int32), np.zeros(0, np.int32), 0, 0, np.zeros(0, np.uint8), _NO_GRAPH, _NO_GRAPH
)
