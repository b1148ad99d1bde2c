"""Tests of the plan made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.hand_rule import hand_rule, served_pairs
from ankerort.mobile.problem import NEVER, Objective
from reference.mobile import check
from worlds.mobile_small import NEED, small_world


@pytest.mark.parametrize("seed", range(12))
def test_the_hand_rule_keeps_every_rule_of_a_day(seed: int) -> None:
    """Without duties, the independent verifier finds nothing wrong with the plan, and it is worth no less than to do nothing."""
    problem = small_world(seed, stops=14, vehicles=2, weekdays=5, plain=seed % 2 == 0)
    decision = hand_rule(problem, NEED)
    checked = check(problem, decision, NEED)
    assert not checked.faults
    assert checked.value >= 0.0


def test_the_hand_rule_serves_the_list_that_it_is_given() -> None:
    """All stops of the list are served with their rhythm if there is room, no others, with every rule kept."""
    problem = small_world(3, stops=16, vehicles=2, weekdays=5, plain=True)
    serve = [(stop, 1 + stop % 3) for stop in range(0, 16, 2)]
    decision = hand_rule(problem, NEED, serve=serve)
    assert sorted(served_pairs(problem, decision)) == serve
    assert not evaluate(problem, decision, NEED).faults


def test_neighbours_come_on_one_day_and_in_one_week() -> None:
    """Two villages of one corner far from a third, all monthly: the two share a day, and the way is that of two outings."""
    problem = small_world(5, stops=3, vehicles=1, weekdays=5, plain=True)
    far = np.array([[0.0, 60.0], [1.0, 60.0], [0.0, -60.0], [0.0, 0.0]]) * 1000
    metres = np.hypot(*(far[:, None] - far[None]).transpose(2, 0, 1))
    problem = replace(problem, travel_m=metres[None], travel_s=np.round(metres / 20).astype(np.int32)[None])
    decision = hand_rule(problem, NEED, serve=[(0, 3), (1, 3), (2, 3)])
    assert (decision.pattern != NEVER).all()
    assert decision.pattern[0] == decision.pattern[1] != decision.pattern[2]
    assert evaluate(problem, decision, NEED).drive_m == pytest.approx(
        metres[3, 0] + metres[0, 1] + metres[1, 3] + 2 * 60_000.0
    )


def test_the_cover_target_is_met_with_fewest_stops_by_need() -> None:
    """With a target of persons, the plan covers it and costs no more than the plan that covers everybody."""
    problem = small_world(7, stops=12, vehicles=2, weekdays=5, plain=True)
    half, all_ = (Objective("cover", cover_share=share) for share in (0.5, 1.0))
    some = evaluate(problem, hand_rule(problem, half), half)
    full = evaluate(problem, hand_rule(problem, all_), all_)
    assert not some.faults
    assert some.covered_share >= 0.5
    assert some.value >= full.value


def test_two_runs_give_one_plan_and_the_seed_turns_the_sweep() -> None:
    """The same seed gives the same clock times."""
    problem = small_world(9, stops=14, vehicles=2, weekdays=5)
    first, again = hand_rule(problem, NEED), hand_rule(problem, NEED)
    assert np.array_equal(first.start_s, again.start_s)
    assert not evaluate(problem, hand_rule(problem, NEED, seed=2), NEED).faults
