"""The classic problems against values that spopt found with its own solver CBC, and generated p-median problems proven optimal.

The values were made by benchmarks/make_spopt_answers.py; instances are made again from their seeds. The well-known instances pmed1 to pmed10
are not part of this repository (they are files of others), so graphs of their kind are generated here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from ankerort.anchors.classic import Located, lscp, mclp, p_center, p_median

ANSWERS = json.loads((Path(__file__).parent / "data" / "spopt_values.json").read_text(encoding="utf-8"))


def instance(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Whole metres (points, sites) and weights, as benchmarks/make_spopt_answers.py makes them."""
    rng = np.random.default_rng([5, seed])
    points, sites = rng.uniform(0, 1000, (60 + 5 * seed, 2)), rng.uniform(0, 1000, (20 + seed, 2))
    metres = np.round(np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)))
    return metres, rng.integers(1, 50, len(points)).astype(float)


def solved(kind: str, metres: NDArray[np.float64], weights: NDArray[np.float64], radius: int, sites: int) -> Located:
    """By the problem's name."""
    if kind == "mclp":
        return mclp(metres, radius, weights, sites)
    if kind == "lscp":
        return lscp(metres, radius)
    return p_median(metres, weights, sites) if kind == "p_median" else p_center(metres, sites)


@pytest.mark.parametrize("kind", ["mclp", "lscp", "p_median", "p_center"])
def test_equals_spopt(kind: str) -> None:
    """The proven optimum is the value that spopt found."""
    rows = [r for r in ANSWERS["values"] if r["kind"] == kind]
    assert len(rows) >= 10
    for row in rows:
        found = solved(kind, *instance(row["seed"]), row["radius"], row["sites"])
        assert found.status == "optimal"
        assert found.value == pytest.approx(row["value"], rel=1e-6), row


def graph(seed: int, nodes: int = 100) -> NDArray[np.float64]:
    """Ways between the nodes of a connected random graph with whole lengths from 1 to 100, two edges per node beside a ring."""
    rng = np.random.default_rng([40, seed])
    a = np.concatenate([np.arange(nodes), rng.integers(0, nodes, nodes)])
    b = np.concatenate([(np.arange(nodes) + 1) % nodes, rng.integers(0, nodes, nodes)])
    length = rng.integers(1, 101, len(a)).astype(float)
    apart = a != b
    return np.asarray(shortest_path(csr_array((length[apart], (a[apart], b[apart])), (nodes, nodes)), directed=False))


@pytest.mark.parametrize(("seed", "sites"), [(1, 5), (2, 10), (3, 10), (4, 20), (5, 33)])
def test_p_median_of_100_nodes(seed: int, sites: int) -> None:
    """Problems of the kind of pmed1 to pmed5 (100 nodes, 5 to 33 medians) are proven optimal; the sum is that of the chosen sites."""
    ways = graph(seed)
    found = p_median(ways, np.ones(100), sites)
    assert found.status == "optimal"
    assert len(found.sites) == sites
    assert found.value == pytest.approx(ways[:, found.sites].min(axis=1).sum())
    for out in found.sites.tolist():  # no exchange of one site makes it shorter
        rest = ways[:, [k for k in found.sites.tolist() if k != out]].min(axis=1)
        assert np.minimum(rest[:, None], ways).sum(axis=0).min() >= found.value - 1e-6
