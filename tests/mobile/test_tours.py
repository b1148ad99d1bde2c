"""Tests of the day tours by PyVRP."""

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.hand_day import Visit
from ankerort.mobile.hand_rule import empty_decision, hand_rule
from ankerort.mobile.problem import Objective
from ankerort.mobile.tours import day_tours, improve_days, week_tours
from reference.mobile import check
from worlds.mobile_small import NEED, small_world

COST = Objective("cost")


def _week(stops: int, seed: int = 1):  # type: ignore[no-untyped-def]
    problem = small_world(seed, stops=stops, vehicles=2, weeks=1, weekdays=3, plain=True)
    return replace(problem, grid_s=300, must=np.ones(stops, bool))


def test_a_week_of_tours_keeps_all_rules_and_serves_all() -> None:
    """Windows, breaks, shifts and grid hold by the independent verifier; all stops are served."""
    problem = _week(24)
    found = week_tours(problem, [(stop, 1) for stop in range(24)], iterations=300)
    assert found is not None
    assert not check(problem, found, COST).faults


def test_a_week_of_tours_is_shorter_than_the_sweep_by_hand() -> None:
    """PyVRP's week costs less than the sectors of the hand rule; the same seed and iterations give the same plan."""
    problem = _week(20, seed=4)
    serve = [(stop, 1) for stop in range(20)]
    first, again = (week_tours(problem, serve, iterations=300, seed=7) for _ in range(2))
    assert first is not None and again is not None
    assert np.array_equal(first.start_s, again.start_s)
    by_hand = hand_rule(problem, COST, serve=serve)
    assert evaluate(problem, first, COST).cost_eur <= evaluate(problem, by_hand, COST).cost_eur


def test_a_visit_lies_in_one_half_day() -> None:
    """A stop that opens in the afternoon only is visited then; one with too long a stay for any half has no tour."""
    problem = _week(6)
    slot_ok = problem.slot_ok.copy()
    slot_ok[2, :, 0] = False
    problem = replace(problem, slot_ok=slot_ok)
    found = week_tours(problem, [(stop, 1) for stop in range(6)], iterations=200)
    assert found is not None
    assert found.start_s[2, 0] >= problem.halves_s[1, 0]
    long = problem.stay_s.copy()
    long[2] = 6 * 3600
    assert week_tours(replace(problem, stay_s=long), [(stop, 1) for stop in range(6)], iterations=50) is None


def test_a_prize_says_what_is_left_out() -> None:
    """A visit whose prize is less than its cost is left out, the dear one is made."""
    problem = _week(2)
    visits = [Visit(stop, 0, 1, int(problem.stay_s[stop, 1]), 0.0) for stop in range(2)]
    tours = day_tours(problem, visits, [(0, 0)], prizes={0: 0.01, 1: 10_000.0}, iterations=50)
    assert tours is not None
    assert [visit.stop for tour in tours for visit in tour.visits] == [1]


def test_without_vehicles_that_fit_there_is_no_tour() -> None:
    """A stop that no vehicle may serve: no tours; without any stop, none are needed."""
    problem = _week(3)
    allowed = problem.vehicle_ok.copy()
    allowed[:, 1] = False
    assert week_tours(replace(problem, vehicle_ok=allowed), [(1, 1)], iterations=20) is None
    assert day_tours(problem, [], [(0, 0)]) == ()


@pytest.mark.parametrize("seed", [0, 1])
def test_improved_days_are_never_worse(seed: int) -> None:
    """Over four weeks, what comes out serves the same stops, keeps all rules and is worth no less; here it is worth more."""
    problem = small_world(seed, stops=14, vehicles=2, weekdays=3, plain=True)
    decision = hand_rule(problem, replace(NEED, point_eur=40.0))
    before = evaluate(problem, decision, NEED)
    after = improve_days(problem, NEED, decision, seed=1, seconds=3.0)
    checked = check(problem, after, NEED)
    assert not checked.faults
    assert checked.value >= before.value
    assert np.array_equal(after.pattern >= 0, decision.pattern >= 0)


def test_nothing_to_improve_stays_as_it_is() -> None:
    """A plan without visits comes back."""
    problem = small_world(0, stops=4, vehicles=1, weekdays=2, weeks=2)
    empty = empty_decision(problem)
    assert improve_days(problem, NEED, empty, seconds=1.0) is empty


def test_more_weeks_than_one_are_refused() -> None:
    """week_tours plans one week only."""
    with pytest.raises(ValueError, match="one week"):
        week_tours(small_world(0), [(0, 1)])
