"""Indicators of an age structure, and ranges of small places."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ankerort.region.forecast.indicators import indicators
from ankerort.region.forecast.ranges import ranges_of


def test_indicators_by_hand() -> None:
    """10 of 10, 20 women and 10 men of 30, 5 of 50, 8 of 70 and 2 of 85 years."""
    persons = np.zeros((2, 2, 101))
    persons[0, 0, [10, 30, 50, 70, 85]] = 10.0, 20.0, 5.0, 8.0, 2.0
    persons[0, 1, 30] = 10.0
    found = indicators(persons)
    assert found["youth_ratio"][0] == pytest.approx(100 * 10 / 35)
    assert found["old_age_ratio"][0] == pytest.approx(100 * 10 / 35)
    assert found["greying"][0] == pytest.approx(20.0)
    assert found["billeter"][0] == pytest.approx((10 - 15) / 30)
    assert found["women_per_100_men"][0] == pytest.approx(200.0)
    assert all(np.isnan(v[1]) for v in found.values())


def test_ranges_are_what_many_draws_would_give() -> None:
    """The limits are the quantiles of the drift (gamma) and of chance (Poisson), here drawn 200,000 times; also for sums."""
    persons = np.array([30.0, 60.0, 3.0])
    rng = np.random.default_rng(1)
    variance = 0.02**2 * 20
    factor = rng.gamma(1 / variance, variance, size=200_000)
    drawn = rng.poisson(factor[:, None] * persons[None, :])
    low, high = ranges_of(persons, years_ahead=20, drift_per_year=0.02, share=0.8)
    np.testing.assert_allclose([low, high], np.quantile(drawn, (0.1, 0.9), axis=0), atol=1)
    total = ranges_of(persons.sum(keepdims=True), years_ahead=20, drift_per_year=0.02, share=0.8)
    np.testing.assert_allclose(np.ravel(total), np.quantile(drawn.sum(axis=1), (0.1, 0.9)), atol=1)


@pytest.mark.parametrize("drift", [0.0, 0.005, 0.05])
def test_ranges_equal_the_library(drift: float) -> None:
    """For small and large numbers the limits are the quantiles that SciPy gives."""
    persons = np.concatenate([np.linspace(0.001, 99.0, 400), [101.0, 480.0]])
    found = ranges_of(persons, years_ahead=9, drift_per_year=drift, share=0.8)
    size = 1 / (drift**2 * 9) if drift else np.nan
    for limit, tail, bound in zip(found, (0.1, 0.9), (np.minimum, np.maximum), strict=True):
        expected = stats.nbinom.ppf(tail, size, size / (size + persons)) if drift else stats.poisson.ppf(tail, persons)
        np.testing.assert_array_equal(limit, bound(expected, persons))


def test_ranges_hold_the_expected_number() -> None:
    """Also where less than one person is expected; nobody stays nobody; without time there is no range; no drift is chance alone."""
    persons = np.array([400.0, 0.05, 0.0])
    low, high = ranges_of(persons, years_ahead=10, drift_per_year=0.02, share=0.8)
    assert (low <= persons).all() and (persons <= high).all() and high[2] == 0.0
    now = ranges_of(persons, years_ahead=0, drift_per_year=0.02, share=0.8)
    assert (now[0] == persons).all() and (now[1] == persons).all()
    chance = ranges_of(persons, years_ahead=10, drift_per_year=0.0, share=0.8)
    assert low[0] < chance[0][0] < persons[0] < chance[1][0] < high[0]


def test_the_range_widens_with_time() -> None:
    """A place drifts the farther the longer."""
    persons = np.array([400.0])
    limits = [ranges_of(persons, years_ahead=y, drift_per_year=0.02, share=0.8) for y in (1, 10, 25)]
    widths = [float((high - low)[0]) for low, high in limits]
    assert widths[0] < widths[1] < widths[2]
