"""Cohorts grow older, die, move and have children."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.region.forecast.cohort import next_year, run_cohorts
from ankerort.region.forecast.rates import Rates
from reference import cohorts as reference

AGES = 101


def _rates(deaths: float = 0.0, births: float = 0.0) -> Rates:
    fertile = np.zeros(AGES)
    fertile[15:50] = births
    flat = np.full((2, AGES), deaths)
    return Rates(flat, fertile, np.zeros((2, AGES)), np.ones((2, AGES)), 0.513)


def test_tiny_population_by_hand() -> None:
    """100 women of 30 and 50 men of 99: a tenth dies, a woman has 0.2 children a year, men of 99 join the open group."""
    persons = np.zeros((1, 2, AGES))
    persons[0, 0, 30] = 100.0
    persons[0, 1, 99] = 50.0
    persons[0, 1, 100] = 10.0
    later = next_year(persons, _rates(0.1, 0.2), np.zeros((2, AGES)))[0]
    assert later[0, 31] == pytest.approx(90.0)
    assert later[1, 100] == pytest.approx(0.9 * 60.0)
    # mothers: 100 of 30 at the start and 90 of 31 at the end, half each
    births = 0.2 * (100.0 + 90.0) / 2
    assert later[0, 0] == pytest.approx(births * 0.487 * 0.9)
    assert later[1, 0] == pytest.approx(births * 0.513 * 0.9)
    assert later.sum() == pytest.approx(90.0 + 54.0 + births * 0.9)


def test_half_of_those_who_move_are_exposed_to_dying() -> None:
    """``(P + M / 2)(1 - q) + M / 2`` with P = 100, M = 20, q = 0.1: 99 + 10 = 109."""
    persons = np.zeros((1, 2, AGES))
    persons[0, 0, 60] = 100.0
    moves = np.full((2, AGES), 0.2)
    assert next_year(persons, _rates(0.1), moves)[0, 0, 61] == pytest.approx(109.0)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_equals_the_slow_reference(seed: int) -> None:
    """Any population, rates and moves give what the loops of the reference give, and nothing negative."""
    rng = np.random.default_rng(seed)
    persons = rng.uniform(0, 50, (3, 2, AGES)) * (rng.random((3, 2, AGES)) < 0.7)
    rates = Rates(rng.random((2, AGES)), rng.random(AGES) / 5, np.zeros((2, AGES)), np.ones((2, AGES)), 0.513)
    moves = rng.uniform(-1.5, 0.5, (3, 2, AGES))
    found = next_year(persons, rates, moves)
    assert (found >= 0).all()
    for place in range(3):
        expected = reference.next_year(
            persons[place].tolist(), rates.deaths.tolist(), rates.births.tolist(), moves[place].tolist(), 0.513
        )
        np.testing.assert_allclose(found[place], expected, rtol=1e-12, atol=1e-9)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_without_births_and_moves_people_only_become_fewer(seed: int) -> None:
    """Natural change without fertility never adds anybody, in any place and year."""
    rng = np.random.default_rng(seed)
    persons = rng.uniform(0, 50, (2, 2, AGES))
    path = run_cohorts(persons, _rates(rng.uniform(0.001, 0.3)), np.zeros((2, AGES)), first_year=0, years=range(31))
    totals = np.array([path[y].sum(axis=(1, 2)) for y in range(31)])
    assert (np.diff(totals, axis=0) < 0).all()


def test_years_before_the_stock_are_refused() -> None:
    """A cohort cannot be run backwards."""
    with pytest.raises(ValueError, match="2010 lies before 2022"):
        run_cohorts(np.zeros((1, 2, AGES)), _rates(), np.zeros((2, AGES)), first_year=2022, years=[2010])
