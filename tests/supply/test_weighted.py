"""Weighted sums and quantiles by area against a slow walk through the people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankerort.supply.weighted import quantile_order, sum_by, weighted_quantiles
from reference.weighted import slow_quantile

# whole persons, so that both ways of adding up are exact
_ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.one_of(st.integers(0, 9).map(float), st.just(float("nan"))), st.integers(0, 5)),
    max_size=30,
)


@given(_ROWS, st.sampled_from([0.1, 0.25, 0.5, 0.8, 0.9, 1.0]), st.booleans())
def test_quantiles_equal_a_slow_walk_through_the_people(
    rows: list[tuple[int, float, int]], share: float, missing_is_far: bool
) -> None:
    """In each area the quantile is the value of the person at which the share of the weight is reached; areas without weight
    have none."""
    area = np.array([r[0] for r in rows], np.int32)
    value = np.array([r[1] for r in rows], float)
    weight = np.array([r[2] for r in rows], float)
    found = weighted_quantiles(area, 4, value, weight, (share,), missing_is_far=missing_is_far)[0]
    for one in range(4):
        of_area = area == one
        expected = slow_quantile(list(value[of_area]), list(weight[of_area]), share, missing_is_far=missing_is_far)
        assert found[one] == pytest.approx(expected, nan_ok=True)


def test_the_median_person_may_live_where_there_is_no_value() -> None:
    """10 people at 5 minutes and 11 without value: the median person has none; left out, the median is 5."""
    area, value, weight = np.zeros(2, np.int32), np.array([5.0, np.nan]), np.array([10.0, 11.0])
    assert np.isnan(weighted_quantiles(area, 1, value, weight, (0.5,), missing_is_far=True)[0, 0])
    assert weighted_quantiles(area, 1, value, weight, (0.5,))[0, 0] == 5.0


def test_an_order_made_once_serves_other_weights() -> None:
    """Two groups share the order of the cells: 3, 7, 9 minutes with weights 1, 1, 1 and 0, 0, 4 have medians 7 and 9."""
    area, value = np.zeros(3, np.int32), np.array([9.0, 3.0, 7.0])
    order = quantile_order(area, value)
    medians = [
        weighted_quantiles(area, 1, value, np.array(w), (0.5,), order=order)[0, 0] for w in ([1.0, 1, 1], [4.0, 0, 0])
    ]
    assert medians == [7.0, 9.0]


def test_sums_by_area_keep_empty_areas() -> None:
    """Area 1 of three has no cell: its sum is 0."""
    assert sum_by(np.array([0, 2, 0], np.int32), 3, np.array([1.0, 2.0, 0.5])).tolist() == [1.5, 0.0, 2.0]
