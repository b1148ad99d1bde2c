"""The search of mobile plans against evaluation, verifier and brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.columns import ColumnPool
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.problem import Decision, MobileProblem, Objective
from ankerort.mobile.search import find, search, solo_eur, step_count
from ankerort.mobile.state import decision_of, empty_decision, plan_of, tour_data
from reference.mobile import brute_force, check
from worlds.mobile import random_features, tiny, tiny_objective
from worlds.mobile_small import NEED, small_world

LONG = 1e4
"""Seconds that never end a search of a test: its steps do."""


def _same(a: Decision, b: Decision) -> bool:
    return all(np.array_equal(getattr(a, n), getattr(b, n)) for n in ("pattern", "vehicle", "start_s", "break_after"))


def _found(problem: MobileProblem, objective: Objective, *, steps: int = 400, seed: int = 1) -> Decision:
    found = find(problem, objective, seed=seed, seconds=LONG, steps=steps)
    assert found.feasible
    return found.decision


@pytest.mark.parametrize("seed", range(25))
def test_the_search_keeps_all_rules_and_knows_its_value(seed: int) -> None:
    """What the kernels take for the value of a plan is what evaluation and verifier find, and neither finds a broken rule."""
    features = random_features(seed)
    problem = tiny(seed, **features)
    objective = tiny_objective(seed, problem, **features)
    found = find(problem, objective, seconds=LONG, steps=200)
    seen, checked = evaluate(problem, found.decision, objective), check(problem, found.decision, objective)
    assert {fault.rule for fault in seen.faults} <= {"must", "cover", "budget"}
    assert found.feasible == (not seen.faults) == (not checked.faults)
    if found.feasible:
        assert found.value == pytest.approx(seen.value, rel=1e-9, abs=1e-6)
        assert found.value == pytest.approx(checked.value, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_the_search_keeps_all_rules_of_larger_worlds(seed: int) -> None:
    """Breaks, half-days, four weeks and two vehicles: value and rules of larger plans are those of evaluation and verifier."""
    problem = small_world(seed, stops=20, weekdays=4, must=0.1 if seed % 2 else 0.0)
    decision = find(problem, NEED, seconds=LONG, steps=200, seed=seed).decision
    seen, checked = evaluate(problem, decision, NEED), check(problem, decision, NEED)
    assert {fault.rule for fault in seen.faults} <= {"must"}
    assert seen.value == pytest.approx(checked.value)


@pytest.mark.parametrize("seed", [*range(12), 83, 89, 157])
def test_small_problems_are_solved_as_by_brute_force(seed: int) -> None:
    """With three or four stops the search finds the best plan of all; 83, 89 and 157 need breaks, late starts, a tight budget."""
    features = random_features(seed)
    problem = tiny(seed, **features)
    objective = tiny_objective(seed, problem, **features)
    best = brute_force(problem, objective)
    found = find(problem, objective, seconds=LONG, steps=5000)
    assert found.feasible == (best is not None)
    if best is not None:
        assert found.value == pytest.approx(best[0], rel=1e-7, abs=1e-5)


def test_the_same_seed_gives_the_same_plan() -> None:
    """Two runs with the same seed and steps are alike to the second; another seed goes another way."""
    problem = small_world(3, stops=25, weekdays=5)
    first, second = _found(problem, NEED), _found(problem, NEED)
    assert _same(first, second)
    assert not _same(first, _found(problem, NEED, seed=2))


def test_a_search_from_a_plan_is_never_worse_than_the_plan() -> None:
    """The plan to begin with stays the best until a better one is found."""
    problem = small_world(5, stops=25, weekdays=5)
    start = _found(problem, NEED, steps=600)
    before = evaluate(problem, start, NEED).value
    for seed in range(3):
        found = find(problem, NEED, start=start, seconds=LONG, steps=200, seed=seed, heat=5.0)
        assert found.value >= before - 1e-6


def test_a_plan_survives_the_way_through_the_kernels() -> None:
    """A decision turned into rows of the search and back keeps patterns, vehicles and order; its clock times are no more costly."""
    problem = small_world(7, stops=25, weekdays=5)
    decision = _found(problem, NEED)
    again = decision_of(problem, plan_of(problem, tour_data(problem, NEED), decision))
    assert np.array_equal(again.pattern, decision.pattern)
    assert np.array_equal(again.vehicle, decision.vehicle)
    assert evaluate(problem, again, NEED).cost_eur <= evaluate(problem, decision, NEED).cost_eur + 1e-6


def test_stops_that_a_plan_may_not_serve_so_are_left_out() -> None:
    """A plan with a forbidden pattern or vehicle begins the search without these stops, not with a broken rule."""
    problem = small_world(7, stops=12)
    decision = _found(problem, NEED)
    served = np.flatnonzero(decision.pattern >= 0)
    allowed = problem.pattern_ok.copy()
    allowed[served[0], decision.pattern[served[0]]] = False
    closed = replace(problem, pattern_ok=allowed)
    again = decision_of(closed, plan_of(closed, tour_data(closed, NEED), decision))
    assert again.pattern[served[0]] == -1
    assert not evaluate(closed, again, NEED).faults


def test_a_budget_that_allows_nothing_gives_the_empty_plan() -> None:
    """With a budget of 0 nothing is served, and that is feasible; with a stop that must be served nothing is found."""
    problem = small_world(1)
    objective = Objective("need", point_eur=12.0, budget_eur=0.0)
    found = search(problem, objective, seconds=1.0)
    assert found is not None and (found.pattern == -1).all()
    kept = replace(problem, must=np.arange(problem.stops) == 0)
    assert search(kept, objective, seconds=1.0) is None
    told = {fault.rule for fault in evaluate(kept, find(kept, objective, seconds=1.0).decision, objective).faults}
    assert told and told <= {"must", "budget"}


def test_problems_without_stops_or_patterns_end_at_once() -> None:
    """Nothing to decide is no error."""
    problem = small_world(1)
    closed = replace(problem, pattern_ok=np.zeros_like(problem.pattern_ok))
    assert _same(_found(closed, NEED), empty_decision(closed))
    assert np.isnan(solo_eur(closed)).all()


def test_a_day_that_pays_only_with_several_stops_is_found() -> None:
    """Of four stops side by side, an hour away, none pays for the way alone; some of them together do."""
    problem = small_world(2, stops=4, vehicles=1, weeks=1, weekdays=1, groups_per_stop=1, plain=True)
    nodes = problem.travel_s.shape[1]
    seconds = np.full((1, nodes, nodes), 60, np.int32)
    seconds[0, problem.stops :, : problem.stops] = seconds[0, : problem.stops, problem.stops :] = 3600
    needs = replace(problem.needs, points=np.full(4, 100.0), preference=np.ones_like(problem.needs.preference))
    problem = replace(problem, travel_s=seconds, drive_eur=np.zeros_like(problem.drive_eur), needs=needs)
    alone = solo_eur(problem).min()
    objective = Objective("need", point_eur=0.8 * alone / 100.0)
    found = find(problem, objective, seconds=LONG, steps=600)
    assert (found.decision.pattern >= 0).sum() >= 2
    assert found.value > 0


def test_the_pool_gets_days_of_plans_that_keep_all_rules() -> None:
    """Every column of the pool is a day that stands alone without a broken rule."""
    problem = small_world(4, stops=15)
    pool = ColumnPool()
    find(problem, NEED, seconds=LONG, steps=600, pool=pool)
    assert len(pool) > 0
    for column in pool.columns[:50]:
        assert column.cost_eur > 0


def test_steps_grow_with_time_and_fall_with_size() -> None:
    """The limit of steps follows from seconds and size alone, so that two computers search alike."""
    small, large = small_world(1, stops=20), small_world(1, stops=60, weekdays=5)
    assert step_count(large, 60.0) > step_count(large, 10.0)
    assert step_count(large, 5.0) < step_count(small, 5.0)
