"""The street searches against slow references and outside libraries."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra as scipy_dijkstra

from ankerort.network.contract import build_csr
from ankerort.network.kernels.streets import FAR, mark_dead_ends, search, search_labelled
from ankerort.network.streets import Workspace
from reference.streets import csr_of, dijkstra

NODES = 12
COSTS = st.one_of(st.integers(0, 3), st.integers(0, 60), st.integers(900, 1000))
ARCS = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), COSTS), max_size=40)
SEEDS = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(-1, 80)), min_size=1, max_size=4)
LIMITS = st.one_of(st.integers(0, 120), st.just(int(FAR) - 1))


def run(ptr, adjacency, seeds, limit, shift, space=None):
    """One search; returns the distances as a mapping and leaves the workspace clean."""
    largest = max(int(adjacency[:, 1].max(initial=0)), *(c for _, c in seeds), 0)
    w = space or Workspace.of(ptr.size - 1, 0, largest, shift=shift)
    nodes = np.array([n for n, _ in seeds], np.int32)
    costs = np.array([c for _, c in seeds], np.int32)
    count, w.pool = search(ptr, adjacency, nodes, costs, limit, shift, w.bucket, w.pool, w.distance, w.touched)
    found = {int(n): int(w.distance[n]) for n in w.touched[:count]}
    assert len(found) == count
    w.distance[w.touched[:count]] = FAR
    assert (w.distance == FAR).all()
    assert (w.bucket == -1).all()
    return found


@settings(max_examples=300, deadline=None)
@given(ARCS, SEEDS, LIMITS, st.integers(0, 8))
def test_search_equals_the_heap(arcs, seeds, limit, shift):
    """Any bucket width, bound, parallel arc, loop and arc of cost 0: exactly the distances of a plain Dijkstra."""
    ptr, adjacency = csr_of(NODES, arcs)
    assert run(ptr, adjacency, seeds, limit, shift) == dijkstra(arcs, seeds, limit)
    marked = mark_dead_ends(ptr, adjacency)
    assert run(ptr, marked, seeds, limit, shift) == dijkstra(arcs, seeds, limit)


def test_dead_ends_are_marked():
    """Only an arc whose head leads nowhere but back is marked: 1 hangs on 0, 3 has no way on, 2 leads on to 3."""
    ptr, adjacency = csr_of(4, [(0, 1, 5), (1, 0, 5), (0, 2, 5), (2, 0, 5), (2, 3, 5)])
    assert sorted(mark_dead_ends(ptr, adjacency)[:, 0].tolist()) == sorted([~1, 0, 2, 0, ~3])


@settings(max_examples=50, deadline=None)
@given(ARCS, st.lists(SEEDS, min_size=2, max_size=5), LIMITS)
def test_workspace_is_clean_for_the_next_search(arcs, many, limit):
    """Searches that share a workspace and a tiny pool give the same as searches of their own."""
    ptr, adjacency = csr_of(NODES, arcs)
    space = Workspace.of(NODES, 0, 1000, shift=3)
    space.pool = np.empty((1, 3), np.int32)
    for seeds in many:
        assert run(ptr, adjacency, seeds, limit, 3, space) == dijkstra(arcs, seeds, limit)


@settings(max_examples=300, deadline=None)
@given(ARCS, SEEDS, LIMITS, st.integers(0, 8))
def test_labels_are_the_smallest_of_the_nearest(arcs, seeds, limit, shift):
    """Every node carries the nearest seed's label; of equally near ones the smallest, also over arcs of cost 0."""
    ptr, adjacency = csr_of(NODES, arcs)
    w = Workspace.of(NODES, 0, 1000, shift=shift)
    label = np.full(NODES, FAR, np.int32)
    nodes, costs = np.array(seeds, np.int32).T.copy()
    labels = np.arange(len(seeds), dtype=np.int32)
    search_labelled(ptr, adjacency, nodes, costs, labels, limit, shift, w.bucket, w.pool, w.distance, label)
    each = [dijkstra(arcs, [seed], limit) for seed in seeds]
    for node in range(NODES):
        best = min(((d[node], k) for k, d in enumerate(each) if node in d), default=(int(FAR), int(FAR)))
        assert (int(w.distance[node]), int(label[node])) == best


@settings(max_examples=100, deadline=None)
@given(ARCS, st.integers(0, NODES - 1))
def test_search_equals_networkx_and_scipy(arcs, source):
    """Unbounded on the cleaned graph: the distances of networkx and of scipy (which takes no arc of cost 0)."""
    arcs = [(a, b, c + 1) for a, b, c in arcs]
    t, h, c = (np.array([a[k] for a in arcs], np.int32) for k in range(3))
    ptr, adjacency, _ = build_csr(NODES, t, h, c, np.arange(len(arcs), dtype=np.int32))
    own = run(ptr, adjacency, [(source, 0)], int(FAR) - 1, 5)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(NODES))
    graph.add_weighted_edges_from(arcs)
    assert own == nx.single_source_dijkstra_path_length(graph, source)
    from scipy.sparse import csr_matrix

    matrix = csr_matrix((adjacency[:, 1].astype(float), adjacency[:, 0], ptr), shape=(NODES, NODES))
    peer = scipy_dijkstra(matrix, indices=source)
    assert own == {n: d for n, d in enumerate(peer) if np.isfinite(d)}


def test_a_bounded_search_touches_only_what_it_reaches():
    """On a line of 1,000 nodes a search bounded at 5 steps names 11 nodes."""
    arcs = [(k, k + 1, 10) for k in range(999)] + [(k + 1, k, 10) for k in range(999)]
    ptr, adjacency = csr_of(1000, arcs)
    found = run(ptr, adjacency, [(500, 0)], 50, 2)
    assert found == {500 + k: 10 * abs(k) for k in range(-5, 6)}
