"""Sums over pairs and places given out: the kernels against plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.network.kernels.access import give_places, sort_pairs, sum_pairs, sum_to_cells, sum_to_sites


def _sorted(cell, site, value, cells: int, sites: int):
    home, found = np.empty_like(cell), np.empty_like(value)
    return sort_pairs(cell, site, value, cells, sites, home, found), home, found


SEEDS = st.integers(0, 10_000)


def _pairs(seed: int, cells: int = 700, sites: int = 9, count: int = 400):
    rng = np.random.default_rng(seed)
    pair = rng.permutation(cells * sites)[:count]
    value = rng.integers(-2, 60, count).astype(np.int32)
    return rng, (pair // sites).astype(np.int32), (pair % sites).astype(np.int32), value


@given(seed=SEEDS)
@settings(max_examples=25)
def test_sums_are_those_of_plain_loops(seed: int) -> None:
    """Sorted by columns or in any order, each site and cell gets factor x weight of its pairs; negative and far values the last weight."""
    rng, cell, site, value = _pairs(seed)
    weight = np.append(rng.random(50), 0.0)
    people, places = rng.random(700), np.where(rng.random(9) < 0.3, 0.0, rng.random(9))
    to_sites, to_cells = np.zeros(9), np.zeros(700)
    for c, s, v in zip(cell, site, value, strict=True):
        w = weight[v] if 0 <= v < 50 else 0.0
        to_sites[s] += people[c] * w
        to_cells[c] += places[s] * w
    columns = _sorted(cell, site, value, 700, 9)
    np.testing.assert_allclose(sum_to_sites(*columns, weight, people), to_sites)
    np.testing.assert_allclose(sum_to_cells(*columns, weight, places, 700), to_cells)
    np.testing.assert_allclose(sum_pairs(site, cell, value, weight, people, 9), to_sites)
    np.testing.assert_allclose(sum_pairs(cell, site, value, weight, places, 700), to_cells)


@given(seed=SEEDS, cells=st.sampled_from([1, 2, 3, 4, 5, 63, 64, 65, 700, 5000]))
@settings(max_examples=30)
def test_pairs_are_sorted_for_any_number_of_cells(seed: int, cells: int) -> None:
    """By site, then cell, pairs given twice in the order given; any number of cells, also where it is no power of two."""
    rng = np.random.default_rng(seed)
    cell, site = rng.integers(0, cells, 300).astype(np.int32), rng.integers(0, 4, 300).astype(np.int32)
    value = np.arange(300, dtype=np.int32) - 5
    ptr, home, found = _sorted(cell, site, value, cells, 4)
    order = np.lexsort((np.arange(300), cell, site))
    assert home.tolist() == cell[order].tolist() and found.tolist() == value[order].tolist()
    assert ptr.tolist() == np.searchsorted(site[order], np.arange(5)).tolist()


def test_pairs_out_of_range_give_nothing() -> None:
    """A cell or site beyond its number, or negative, is told by empty arrays."""
    one, bad, value = np.zeros(1, np.int32), np.array([3], np.int32), np.zeros(1, np.int32)
    for cell, site in ((bad, one), (one, bad), (-bad, one), (one, -bad)):
        assert not len(_sorted(cell, site, value, 3, 3)[0])
        assert not len(sum_pairs(site, cell, value, np.ones(2), np.ones(3), 3))


def test_nothing_to_give() -> None:
    """No pairs, no sites: everybody is left."""
    empty = np.empty(0, np.int32)
    flow, left, away = give_places(np.zeros(1, np.int64), empty, empty, 10, np.array([4.0]), np.empty(0))
    assert (flow.size, left.tolist(), away.size) == (0, [4.0], 0)
