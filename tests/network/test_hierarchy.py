"""Eliminating junctions changes no distance."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.network.contract import build_csr
from ankerort.network.hierarchy import build_hierarchy
from ankerort.network.kernels.hierarchy import cheapest_csr, search_hierarchy
from ankerort.network.kernels.streets import FAR
from ankerort.network.streets import Workspace
from reference.streets import dijkstra


def run(tree, graph, seeds, limit, shift, space):
    """One search on the eliminated graph; leaves the workspace clean."""
    nodes = tree.rank[np.array([n for n, _ in seeds])]
    costs = np.array([c for _, c in seeds], np.int32)
    parts = (*graph.core, *graph.up, *graph.pull, *graph.down)
    w = space
    count, w.pool = search_hierarchy(
        tree.core_nodes,
        tree.level,
        tree.levels,
        *parts,
        nodes,
        costs,
        limit,
        shift,
        w.bucket,
        w.pool,
        w.distance,
        w.touched,
        w.following,
    )
    found = {int(tree.node[n]): int(w.distance[n]) for n in w.touched[:count]}
    assert len(found) == count
    w.distance[w.touched[:count]] = FAR
    assert (w.distance == FAR).all()
    assert (w.bucket == -1).all()
    return found


def check(seed, nodes, arcs_per_node):
    rng = np.random.default_rng(seed)
    count = int(nodes * arcs_per_node)
    tail = rng.integers(0, nodes, count).astype(np.int32)
    # Mostly near neighbours, as streets have them, so that the elimination goes through several rounds.
    head = ((tail + rng.integers(-3, 4, count)) % nodes).astype(np.int32)
    cost = rng.choice([0, 1, 2, 7, 30, 500], count).astype(np.int32)
    both = rng.random(count) < 0.8
    arcs = np.column_stack([np.r_[tail, head[both]], np.r_[head, tail[both]], np.r_[cost, cost[both]]])
    t, h, c = (arcs[:, k].astype(np.int32) for k in range(3))
    ptr, adjacency, _ = build_csr(nodes, t, h, c, np.arange(t.size, dtype=np.int32))
    again = cheapest_csr(nodes, t, h, c)
    assert np.array_equal(ptr, again[0])
    assert np.array_equal(adjacency, again[1])
    tree = build_hierarchy(ptr, adjacency)
    assert sorted(tree.node.tolist()) == list(range(nodes))
    listed = [tuple(int(v) for v in a) for a in arcs]
    turned = [(b, a, c) for a, b, c in listed]
    for graph, plain in ((tree.forward, listed), (tree.reverse, turned)):
        largest = max(graph.largest_cost, 600 + graph.largest_climb)
        space = Workspace.of(nodes, 0, largest, shift=3)
        for limit in (0, 15, 100, 2000, int(FAR) - 1):
            seeds = [(int(n), int(k)) for n, k in zip(rng.integers(0, nodes, 2), rng.integers(-1, 600, 2), strict=True)]
            assert run(tree, graph, seeds, limit, 3, space) == dijkstra(plain, seeds, limit)
    return tree


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.floats(0.5, 3))
def test_small_graphs(seed, nodes, arcs_per_node):
    """Graphs too small to be eliminated are searched all the same: the distances of a plain Dijkstra."""
    check(seed, nodes, arcs_per_node)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(100, 400), st.floats(0.5, 2.5))
def test_eliminated_graphs(seed, nodes, arcs_per_node):
    """Both directions, any bound, one-ways, parts without connection, arcs of cost 0: the distances of a plain Dijkstra."""
    check(seed, nodes, arcs_per_node)


def test_elimination_takes_place():
    """On a road-like graph most nodes leave the core, and no label is lost by it."""
    tree = check(1, 400, 1.2)
    assert tree.levels >= 3
    assert tree.core_nodes < 200
