"""Indicators of an age structure, and ranges of small places."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.region.forecast.indicators import indicators
from ankerort.region.forecast.ranges import draw_ranges


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


def _ranges(persons: np.ndarray, *, years: int = 10, seed: int = 0) -> tuple[np.ndarray, ...]:
    return draw_ranges(persons, years_ahead=years, drift_per_year=0.02, share=0.8, draws=400, seed=(seed,))


def test_ranges_are_reproducible_and_hold_the_expected_number() -> None:
    """The same seed gives the same limits, another one others; the expected number lies between; without time there is no range."""
    persons = np.array([[30.0, 60.0, 0.0], [3.0, 5.0, 90.0]])
    one, two, other = _ranges(persons), _ranges(persons), _ranges(persons, seed=1)
    assert all((a == b).all() for a, b in zip(one, two, strict=True))
    assert any((a != b).any() for a, b in zip(one, other, strict=True))
    low, high, total_low, total_high = one
    assert (low <= persons).all() and (persons <= high).all()
    assert low[0, 2] == high[0, 2] == 0.0
    assert (total_low < persons.sum(axis=1)).all() and (persons.sum(axis=1) < total_high).all()
    now = _ranges(persons, years=0)
    assert (now[0] == persons).all() and (now[3] == persons.sum(axis=1)).all()


def test_the_range_widens_with_time() -> None:
    """A place drifts the farther the longer."""
    persons = np.array([[400.0]])
    widths = [float((r[3] - r[2])[0]) for r in (_ranges(persons, years=y) for y in (1, 10, 25))]
    assert widths[0] < widths[1] < widths[2]
