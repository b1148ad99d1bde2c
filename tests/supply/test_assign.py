"""Places given out: never over capacity, nobody lost, the same as one queue of all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns
from ankerort.supply.assign import assign_places
from ankerort.supply.competition import Pairs, columns_of_pairs
from reference.access import dense_ways, slow_places

LIMIT = 20


def _world(seed: int) -> tuple[SparseColumns, NDArray, NDArray, NDArray]:
    """25 cells, 5 sites, values of -1 to 30 with many ties, whole people and places (so sums are exact)."""
    rng = np.random.default_rng(seed)
    pair = np.flatnonzero(rng.random(125) < 0.7)
    value = rng.integers(-1, 31, len(pair))
    columns = columns_of_pairs(Pairs(pair // 5, pair % 5, value), cells=25, sites=5)
    capacity = np.where(rng.random(5) < 0.2, np.inf, rng.integers(0, 90, 5)).astype(float)
    return columns, rng.integers(0, 30, 25).astype(float), capacity, rng.permutation(5)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60)
def test_one_queue_of_all_pairs(seed: int) -> None:
    """The kernel gives what a sorted queue of (value, site, cell) gives, place by place."""
    columns, demand, capacity, _ = _world(seed)
    found = assign_places(columns, demand, capacity, limit=LIMIT)
    site = np.repeat(np.arange(5), np.diff(columns.ptr))
    flows = {(int(s), int(c)): f for s, c, f in zip(site, columns.home, found.flow, strict=True) if f > 0}
    assert flows == slow_places(columns, LIMIT, demand, capacity)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60)
def test_never_over_capacity_and_nobody_is_lost(seed: int) -> None:
    """assigned <= capacity; assigned + without a place = demand, per cell; a site that turned somebody away is full."""
    columns, demand, capacity, order = _world(seed)
    found = assign_places(columns, demand, capacity, limit=LIMIT, site_order=order)
    assert (found.assigned <= capacity).all()
    of_cell = np.bincount(columns.home, weights=found.flow, minlength=25)
    np.testing.assert_allclose(of_cell + found.unserved, demand)
    assert found.assigned.sum() == pytest.approx(of_cell.sum())
    assert (found.assigned[found.turned_away > 0] == capacity[found.turned_away > 0]).all()
    assert not ((found.no_place > 0) & (found.beyond > 0)).any()
    reaches = (dense_ways(columns, 25) <= LIMIT).any(axis=1)
    assert (found.beyond == np.where(reaches, 0.0, demand)).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_nobody_could_go_nearer_without_displacing_one_who_lives_nearer(seed: int) -> None:
    """Stable: where somebody goes farther than to a site (or nowhere), that site is full of people at most as far from it."""
    columns, demand, capacity, _ = _world(seed)
    found = assign_places(columns, demand, capacity, limit=LIMIT)
    ways = dense_ways(columns, 25)
    flow = np.zeros_like(ways)
    flow[columns.home, np.repeat(np.arange(5), np.diff(columns.ptr))] = found.flow
    for i, j in np.argwhere(ways <= LIMIT):
        farther = (flow[i] > 0) & (ways[i] > ways[i, j])
        if farther.any() or found.unserved[i] > 0:
            assert found.assigned[j] == capacity[j]
            assert ways[flow[:, j] > 0, j].max(initial=0) <= ways[i, j]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_without_limits_everybody_is_at_the_nearest(seed: int) -> None:
    """Infinite capacity: each cell goes wholly to its nearest site, ties by the order of sites; nobody is turned away."""
    columns, demand, _, order = _world(seed)
    found = assign_places(columns, demand, np.full(5, np.inf), limit=LIMIT, site_order=order)
    ways = dense_ways(columns, 25)
    for cell in range(25):
        if ways[cell].min() > LIMIT or demand[cell] == 0:
            assert np.isnan(found.value[cell])
            continue
        nearest = order[np.argmin(ways[cell, order])]
        homes, _ = columns.column(nearest)
        assert found.flow[columns.ptr[nearest] + np.searchsorted(homes, cell)] == demand[cell]
        assert found.value[cell] == ways[cell].min()
    assert not found.turned_away.any() and not found.no_place.any()


@given(seed=st.integers(0, 10_000), site=st.integers(0, 4), less=st.integers(0, 24))
@settings(max_examples=60)
def test_a_place_more_or_a_person_less_leaves_nobody_worse_off(seed: int, site: int, less: int) -> None:
    """The bounds rest on it: with more places, or with fewer people elsewhere, no other cell has more people without a place."""
    columns, demand, capacity, _ = _world(seed)
    before = assign_places(columns, demand, capacity, limit=LIMIT).unserved
    more = capacity.copy()
    more[site] += 7
    assert (assign_places(columns, demand, more, limit=LIMIT).unserved <= before + 1e-9).all()
    fewer = demand.copy()
    fewer[less] = 0.0
    assert (assign_places(columns, fewer, capacity, limit=LIMIT).unserved <= before + 1e-9).all()


def test_overflow_by_hand() -> None:
    """Site 0 has 10 places: cell 0 (2 min, 6 people) and 4 of cell 1's 8 (3 min) get them; 4 go on to site 1 (9 min), which has 3: one is
    left. Cell 2 reaches nothing within 20."""
    columns = columns_of_pairs(
        Pairs(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.array([2, 3, 9, 21])), cells=3, sites=2
    )
    found = assign_places(columns, np.array([6.0, 8.0, 5.0]), np.array([10.0, 3.0]), limit=LIMIT)
    assert found.assigned.tolist() == [10.0, 3.0]
    assert found.turned_away.tolist() == [4.0, 1.0]
    assert found.no_place.tolist() == [0.0, 1.0, 0.0]
    assert found.beyond.tolist() == [0.0, 0.0, 5.0]
    assert found.value[1] == pytest.approx((4 * 3 + 3 * 9) / 7)


@pytest.mark.parametrize(
    ("demand", "capacity", "limit"),
    [([np.nan], [1.0], 5), ([1.0], [np.nan], 5), ([1.0], [-1.0], 5), ([1.0], [1.0, 2.0], 5), ([1.0], [1.0], -1)],
)
def test_what_is_not_known_is_refused(demand: list[float], capacity: list[float], limit: int) -> None:
    """Unknown or negative numbers are no zero."""
    columns = columns_of_pairs(Pairs(np.array([0]), np.array([0]), np.array([1])), cells=1, sites=1)
    with pytest.raises(ValueError):
        assign_places(columns, np.array(demand), np.array(capacity), limit=limit)
