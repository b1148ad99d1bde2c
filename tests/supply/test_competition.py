"""Scores: conservation of supply, the formulas written out, and PySAL's `access`."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns
from ankerort.supply.competition import METHODS, Method, Pairs, access_scores, columns_of_pairs, huff_shares
from ankerort.supply.decay import DECAY_KINDS, Decay, DecayKind, calibrated, zone_decay
from reference.access import dense_ways, slow_scores

SLOW = ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22))


def _decay(kind: DecayKind, limit: float = 30.0) -> Decay:
    if kind in ("exponential", "power", "logistic"):
        return calibrated(kind, limit, 0.01, shortest_min=1.0)
    return zone_decay(SLOW, limit) if kind == "zones" else Decay(kind, limit)


def _world(seed: int, cells: int = 30, sites: int = 6) -> tuple[SparseColumns, NDArray, NDArray]:
    """Ways of 0 to 40 minutes in seconds for two thirds of all pairs; a few cells and sites without people or places."""
    rng = np.random.default_rng(seed)
    pair = np.flatnonzero(rng.random(cells * sites) < 0.67).astype(np.int32)
    rng.shuffle(pair)
    value = rng.integers(-1, 2400, len(pair)).astype(np.int32)
    columns = columns_of_pairs(Pairs(pair // sites, pair % sites, value), cells=cells, sites=sites)
    demand = rng.integers(0, 40, cells).astype(float)
    capacity = np.where(rng.random(sites) < 0.2, 0.0, rng.uniform(0.5, 40.0, sites))
    return columns, demand, capacity


def _weights(method: Method, decay: Decay, columns: SparseColumns, cells: int) -> NDArray:
    ways = dense_ways(columns, cells) / 60.0
    weight = decay.weights(np.where(np.isinf(ways), 1e9, ways))
    return (ways <= decay.limit_min).astype(float) if method == "2sfca" else weight


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(DECAY_KINDS))
@settings(max_examples=25)
def test_scores_are_those_of_the_formulas(method: Method, seed: int, kind: DecayKind) -> None:
    """Each method with each decay gives what its formula gives, written out loop by loop."""
    columns, demand, capacity = _world(seed)
    found = access_scores(method, columns, demand, capacity, _decay(kind))
    expected = slow_scores(method, _weights(method, _decay(kind), columns, len(demand)), demand, capacity)
    np.testing.assert_allclose(found.score, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=10)
def test_pairs_in_any_order_give_the_same_scores(method: Method, seed: int) -> None:
    """Unsorted pairs need no columns; a pair beyond the cells or sites is refused."""
    columns, demand, capacity = _world(seed)
    order = np.random.default_rng(seed).permutation(len(columns.home))
    site = np.repeat(np.arange(len(capacity), dtype=np.int32), np.diff(columns.ptr))
    pairs = Pairs(columns.home[order], site[order], columns.value[order])
    found, expected = (access_scores(method, w, demand, capacity, _decay("gaussian")) for w in (pairs, columns))
    for one, other in ((found.score, expected.score), (found.ratio, expected.ratio), (found.demand, expected.demand)):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    for short, few in ((demand[:-1], capacity), (demand, capacity[:-1])):
        with pytest.raises(ValueError):
            access_scores(
                method,
                Pairs(
                    *(
                        np.append(a, b)
                        for a, b in (
                            (pairs.cell, np.int32(len(demand) - 1)),
                            (pairs.site, np.int32(len(capacity) - 1)),
                            (pairs.value, np.int32(0)),
                        )
                    )
                ),
                short,
                few,
                _decay("gaussian"),
            )


@pytest.mark.parametrize("method", ["gravity_competition", "2sfca", "e2sfca", "3sfca"])
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(DECAY_KINDS))
@settings(max_examples=25)
def test_supply_is_conserved(method: Method, seed: int, kind: DecayKind) -> None:
    """sum P_i A_i = sum S_j over the sites that somebody with demand reaches (domain rule for 2SFCA, E2SFCA, 3SFCA)."""
    columns, demand, capacity = _world(seed)
    found = access_scores(method, columns, demand, capacity, _decay(kind))
    reached = found.demand > 0
    assert (np.isnan(found.ratio) == ~reached).all()
    assert demand @ found.score == pytest.approx(capacity[reached].sum(), rel=1e-9)


@given(seed=st.integers(0, 10_000), kind=st.sampled_from([k for k in DECAY_KINDS if k != "power"]))
@settings(max_examples=25)
def test_mh3sfca_gives_no_more_than_there_is(seed: int, kind: DecayKind) -> None:
    """MH3SFCA weighs the way once only: sum P_i A_i <= sum S_j for weights up to 1, and the demand of all sites is all demand."""
    columns, demand, capacity = _world(seed)
    found = access_scores("mh3sfca", columns, demand, capacity, _decay(kind))
    assert demand @ found.score <= capacity.sum() * (1 + 1e-9)
    weight = _weights("mh3sfca", _decay(kind), columns, len(demand))
    anywhere = (weight * capacity).sum(axis=1) > 0
    assert found.demand.sum() == pytest.approx(demand[anywhere].sum())


@given(seed=st.integers(0, 10_000), kind=st.sampled_from(DECAY_KINDS), alpha=st.sampled_from([0.0, 1.0, 2.5]))
@settings(max_examples=25)
def test_huff_probabilities_sum_to_one(seed: int, kind: DecayKind, alpha: float) -> None:
    """Each cell that reaches a site with attraction divides itself wholly among them; the sites' demand is all of it."""
    columns, demand, capacity = _world(seed)
    shares = huff_shares(columns, demand, capacity, _decay(kind), alpha=alpha)
    of_cell = np.bincount(columns.home, weights=shares.probability, minlength=len(demand))
    anywhere = of_cell > 0
    np.testing.assert_allclose(of_cell[anywhere], 1.0)
    assert shares.demand.sum() == pytest.approx(demand[anywhere].sum())
    site = np.repeat(np.arange(len(capacity)), np.diff(columns.ptr))
    by_pair = np.bincount(site, weights=shares.probability * demand[columns.home], minlength=len(capacity))
    np.testing.assert_allclose(shares.demand, by_pair, atol=1e-12)


def test_huff_by_hand() -> None:
    """200 m2 at 2 minutes against 100 m2 at 1 minute, lambda 2: 200/4 = 50 against 100: a third and two thirds of 90 people."""
    columns = columns_of_pairs(Pairs(np.array([0, 0]), np.array([0, 1]), np.array([120, 60])), cells=1, sites=2)
    shares = huff_shares(
        columns, np.array([90.0]), np.array([200.0, 100.0]), Decay("power", 30.0, beta=2.0, shortest_min=1.0)
    )
    assert shares.demand == pytest.approx([30.0, 60.0])


def test_nobody_and_no_way_are_no_errors() -> None:
    """A site that nobody reaches has no ratio and adds nothing; a region without people has scores of 0 or none, and no mean."""
    columns = columns_of_pairs(Pairs(np.array([0]), np.array([0]), np.array([0])), cells=2, sites=2)
    found = access_scores("e2sfca", columns, np.array([10.0, 5.0]), np.array([2.0, 9.0]), _decay("zones"))
    assert found.score.tolist() == [0.2, 0.0]
    assert found.ratio[0] == 0.2 and np.isnan(found.ratio[1])
    assert found.spar.tolist() == pytest.approx([1.5, 0.0])
    empty = access_scores("e2sfca", columns, np.zeros(2), np.array([2.0, 9.0]), _decay("zones"))
    assert np.isnan(empty.ratio).all() and np.isnan(empty.spar).all() and not empty.score.any()


def test_a_way_of_no_time_counts_as_the_shortest() -> None:
    """Power decay at 0 minutes is not infinite: ways below the shortest count as it."""
    columns = columns_of_pairs(Pairs(np.array([0, 1]), np.array([0, 0]), np.array([0, 60])), cells=2, sites=1)
    found = access_scores("gravity", columns, np.ones(2), np.array([4.0]), _decay("power"))
    assert found.score.tolist() == [4.0, 4.0]


def test_metres_are_turned_into_minutes() -> None:
    """750 m at 1.25 m/s are 10 minutes: weight 1 in the first zone; 751 m lie in the second."""
    columns = columns_of_pairs(Pairs(np.array([0, 1]), np.array([0, 0]), np.array([750, 751])), cells=2, sites=1)
    found = access_scores(
        "gravity", columns, np.ones(2), np.array([1.0]), _decay("zones"), minutes_per_unit=1 / (60 * 1.25)
    )
    assert found.score.tolist() == [1.0, 0.68]


@pytest.mark.parametrize("bad", [np.array([np.nan]), np.array([-1.0]), np.array([1.0, 2.0])])
def test_unknown_capacity_is_refused(bad: NDArray) -> None:
    """Unknown, negative or misplaced capacities never enter a score."""
    columns = columns_of_pairs(Pairs(np.array([0]), np.array([0]), np.array([60])), cells=1, sites=1)
    with pytest.raises(ValueError):
        access_scores("2sfca", columns, np.ones(1), bad, _decay("binary"))


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_pairs_are_sorted_as_numpy_sorts_them(seed: int) -> None:
    """Columns hold the pairs by site, then cell."""
    rng = np.random.default_rng(seed)
    cell, site, value = (rng.integers(0, n, 200).astype(np.int32) for n in (50, 7, 900))
    columns = columns_of_pairs(Pairs(cell, site, value), cells=50, sites=7)
    order = np.lexsort((cell, site))
    assert columns.home.tolist() == cell[order].tolist() and columns.value.tolist() == value[order].tolist()
    assert np.diff(columns.ptr).tolist() == np.bincount(site, minlength=7).tolist()
    with pytest.raises(ValueError):
        columns_of_pairs(Pairs(cell, site, value), cells=3, sites=7)


@pytest.mark.parametrize("method", ["gravity", "2sfca", "e2sfca", "3sfca"])
@pytest.mark.parametrize("seed", range(4))
def test_equal_to_pysal_access(method: Method, seed: int) -> None:
    """PySAL `access`: weighted_catchment, two_stage_fca without and with weights, three_stage_fca give the same numbers."""
    from access import fca
    from access.weights import step_fn

    columns, demand, capacity = _world(seed)
    decay = _decay("zones")
    site = np.repeat(np.arange(len(capacity)), np.diff(columns.ptr))
    use = (columns.value >= 0) & (columns.value <= 1800)
    cost = pd.DataFrame({"origin": columns.home[use], "dest": site[use], "cost": columns.value[use] / 60.0})
    people = pd.DataFrame({"geoid": np.arange(len(demand)), "demand": demand}).set_index("geoid", drop=False)
    places = pd.DataFrame({"geoid": np.arange(len(capacity)), "supply": capacity}).set_index("geoid", drop=False)
    people.index.name = places.index.name = None
    step = step_fn(dict(SLOW))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if method == "gravity":
            theirs = fca.weighted_catchment(
                places, cost, 30.0, cost_source="dest", cost_dest="origin", loc_value="supply", weight_fn=step
            )
        elif method == "3sfca":
            theirs = fca.three_stage_fca(people, places[["supply"]], cost, 30.0, weight_fn=step)
        else:
            weight = step if method == "e2sfca" else None
            theirs = fca.two_stage_fca(people, places[["supply"]], cost, 30.0, weight_fn=weight)
    ours = access_scores(method, columns, demand, capacity, decay).score
    np.testing.assert_allclose(ours[theirs.index], theirs.to_numpy(), rtol=1e-9, atol=1e-12)
    assert not ours[np.setdiff1d(np.arange(len(demand)), theirs.index)].any()
