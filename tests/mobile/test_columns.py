"""Tests of the integer program over weekday tours."""

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.columns import ColumnPool, recombine, vehicle_classes
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.hand_rule import hand_rule
from ankerort.mobile.problem import Objective
from reference.mobile import check
from worlds.mobile_small import NEED, small_world


def _pool(problem, objective, seeds=(1, 2, 3)):  # type: ignore[no-untyped-def]
    pool, best = ColumnPool(), -np.inf
    for seed in seeds:
        decision = hand_rule(problem, objective, seed=seed)
        found = evaluate(problem, decision, objective)
        if not found.faults:
            pool.add(problem, decision)
            best = max(best, found.value)
    return pool, best


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_program_is_no_worse_than_each_plan_that_it_is_made_of(seed: int) -> None:
    """What comes out keeps all rules by the independent verifier, and is worth no less than the best plan in the pool."""
    problem = small_world(seed, stops=10, vehicles=2, weekdays=3, weeks=2, plain=seed != 1)
    objective = replace(NEED, point_eur=30.0)
    pool, best = _pool(problem, objective)
    found = recombine(problem, objective, pool, seconds=5.0)
    assert found is not None
    checked = check(problem, found, objective)
    assert not checked.faults
    assert checked.value >= best - 1e-6


def test_the_program_takes_the_better_half_of_two_plans() -> None:
    """Two plans that are each bad on one weekday give one that is good on both."""
    problem = small_world(3, stops=8, vehicles=1, weekdays=2, weeks=2, plain=True)
    objective = replace(NEED, point_eur=60.0)
    full = hand_rule(problem, objective)
    days = np.where(full.pattern >= 0, problem.patterns.day[problem.patterns.ptr[full.pattern]], -1)
    assert {0, 1} <= set(days.tolist())
    pool = ColumnPool()
    for day in (0, 1):
        keep = days == day
        half = replace(
            full,
            pattern=np.where(keep, full.pattern, -1).astype(np.int32),
            vehicle=np.where(keep[:, None], full.vehicle, -1).astype(np.int32),
            start_s=np.where(keep[:, None], full.start_s, -1).astype(np.int32),
            break_after=np.where((np.arange(2) == day)[None, :, None], full.break_after, -1).astype(np.int32),
        )
        pool.add(problem, half)
    found = recombine(problem, objective, pool, seconds=5.0)
    assert found is not None
    best = evaluate(problem, found, objective).value
    assert best == pytest.approx(evaluate(problem, full, objective).value)


def test_a_target_and_a_budget_hold() -> None:
    """The program keeps the target of persons and the budget of the question, at least cost or most worth."""
    problem = small_world(7, stops=10, vehicles=2, weekdays=3, weeks=2, plain=True)
    pool, _ = _pool(problem, Objective("cover", cover_share=0.9))
    target = Objective("cover", cover_share=0.6)
    found = recombine(problem, target, pool, seconds=5.0)
    assert found is not None
    assert evaluate(problem, found, target).covered_share >= 0.6
    spent = -evaluate(problem, found, target).value
    budget = Objective("need", point_eur=50.0, budget_eur=spent)
    cheaper = recombine(problem, budget, pool, seconds=5.0)
    assert cheaper is not None
    seen = evaluate(problem, cheaper, budget)
    assert seen.cost_eur + seen.fixed_eur <= spent + 1e-6


def test_the_pool_keeps_the_newest() -> None:
    """A pool with little room forgets the oldest tours first."""
    problem = small_world(0, stops=10, vehicles=2, weekdays=3, weeks=2, plain=True)
    pool = ColumnPool(most=2)
    pool.add(problem, hand_rule(problem, replace(NEED, point_eur=60.0)))
    assert len(pool) == 2
    kept = pool.columns
    pool.add(problem, hand_rule(problem, Objective("cover", cover_share=0.3)))
    assert len(pool) == 2
    assert pool.columns != kept


def test_alike_vehicles_stand_for_one_another() -> None:
    """Vehicles with the same numbers are of one class, unless their days are bound together."""
    problem = small_world(0, stops=4, vehicles=2, weekdays=5, plain=True)
    crews = replace(problem.vehicles, depot=np.array([4, 4], np.int32))
    assert vehicle_classes(replace(problem, vehicles=crews, one_vehicle=False)) == (0, 0)
    assert vehicle_classes(replace(problem, vehicles=crews)) == (0, 1)
    assert vehicle_classes(replace(problem, one_vehicle=False)) == (0, 1)
