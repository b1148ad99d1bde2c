"""Search, day tours, integer program and bound together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.problem import Objective
from ankerort.mobile.search import find
from ankerort.mobile.solve import solve
from reference.mobile import check
from worlds.mobile_small import NEED, small_world


def test_a_solution_says_what_it_is_worth_and_how_good_it_is() -> None:
    """Value and rules are the verifier's; the bound is not below the value, the gap their distance."""
    problem = small_world(11, stops=10)
    found = solve(problem, NEED, seconds=4.0)
    assert found.decision is not None
    checked = check(problem, found.decision, NEED)
    assert not checked.faults
    assert found.value == pytest.approx(checked.value)
    assert found.bound >= found.value
    assert found.gap == pytest.approx((found.bound - found.value) / max(abs(found.bound), 1e-9), abs=1e-6)
    assert found.status == ("optimal" if found.gap <= 1e-6 else "feasible")


def test_a_solution_is_not_worse_than_the_plan_it_begins_with() -> None:
    """A plan that a person wrote stays if nothing better is found."""
    problem = small_world(12, stops=12)
    start = find(problem, NEED, seconds=1e4, steps=1000, seed=5).decision
    found = solve(problem, NEED, seconds=2.0, start=start)
    assert found.value >= evaluate(problem, start, NEED).value - 1e-6


def test_a_target_is_reached_where_it_can_be() -> None:
    """Least cost with four fifths of the target group covered; a higher target costs no less."""
    problem = small_world(13, stops=10, plain=True)
    cost = []
    for share in (0.4, 0.8):
        found = solve(problem, Objective("cover", cover_share=share), seconds=3.0)
        assert found.status in ("feasible", "optimal")
        assert found.decision is not None
        assert evaluate(problem, found.decision, Objective("cover", cover_share=share)).covered_share >= share
        cost.append(-found.value)
    assert cost[1] >= cost[0] - 1e-6


def test_what_cannot_be_kept_is_infeasible_with_the_nearest_plan() -> None:
    """A stop that no vehicle may serve but must be served: the plan serves others, and the fault names the stop."""
    problem = small_world(14, stops=6)
    closed = problem.vehicle_ok.copy()
    closed[:, 2] = False
    problem = replace(problem, vehicle_ok=closed, must=np.arange(6) == 2)
    found = solve(problem, NEED, seconds=2.0)
    assert found.status == "infeasible"
    assert found.decision is not None
    assert {(fault.rule, fault.stop) for fault in evaluate(problem, found.decision, NEED).faults} == {("must", 2)}
