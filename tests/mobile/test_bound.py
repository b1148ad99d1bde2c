"""Tests of the bound: no plan is better, whatever the plan."""

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile import bound_data
from ankerort.mobile.bound import upper_bound
from ankerort.mobile.classic import LEAST_DISTANCE, periodic
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.hand_rule import hand_rule
from ankerort.mobile.problem import Objective
from reference.mobile import brute_force
from worlds.mobile import random_features, tiny, tiny_objective
from worlds.mobile_small import NEED, small_world

QUICK = [seed for seed in range(60) if seed not in (17, 27, 37)]


@pytest.mark.parametrize("seed", QUICK)
def test_no_plan_of_a_tiny_world_is_better_than_the_bound(seed: int) -> None:
    """The best of all plans, found by trying them all, is worth no more than the bound; worlds and questions of every kind."""
    features = random_features(seed)
    problem = tiny(seed, **features)
    objective = tiny_objective(seed, problem, **features)
    best = brute_force(problem, objective)
    bound, rule = upper_bound(problem, objective, seconds=2.0)
    assert rule == "tours"
    if best is not None:
        assert best[0] <= bound + 1e-6


@pytest.mark.parametrize("seed", [0, 2, 4])
def test_weekdays_and_half_days_told_apart_only_tighten_the_bound(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many choices, the program without weekdays and half-days has a bound that is no smaller."""
    problem = small_world(seed, stops=8, vehicles=1, weekdays=3, plain=True)
    objective = replace(NEED, point_eur=30.0)
    apart = upper_bound(problem, objective, seconds=3.0)[0]
    monkeypatch.setattr(bound_data, "MOST_CHOICES", 0)
    assert upper_bound(problem, objective, seconds=3.0)[0] >= apart - 1e-3 * abs(apart)


@pytest.mark.parametrize("seed", range(2))
def test_no_plan_by_hand_is_better_than_the_bound(seed: int) -> None:
    """On worlds too large to try all plans, feasible plans keep below; half-drives stand for far neighbours."""
    problem = small_world(seed, stops=12, vehicles=1, weekdays=3, plain=seed % 2 == 0)
    for objective in (NEED, Objective("cover", cover_share=0.4)):
        found = evaluate(problem, hand_rule(problem, objective), objective)
        if not found.faults:
            assert found.value <= upper_bound(problem, objective, seconds=2.0)[0]


def test_fewer_single_drives_never_tighten_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half-drives to anywhere are a relaxation: the bound with them is no smaller than with all drives."""
    problem = small_world(4, stops=12, vehicles=2, weekdays=3, plain=True)
    problem = replace(problem, must=np.ones(12, bool))
    exact = upper_bound(problem, Objective("cost"), seconds=3.0)[0]
    monkeypatch.setattr(bound_data, "NEIGHBOURS", 3)
    assert upper_bound(problem, Objective("cost"), seconds=3.0)[0] >= exact - 1e-3 * abs(exact)


def test_the_bound_of_a_single_tour_is_its_length() -> None:
    """Five places on a circle around a depot on it, one day, one vehicle: the bound is the way around."""
    angle = 2 * np.pi * np.arange(6) / 6
    xy = np.column_stack([np.cos(angle), np.sin(angle)])
    distance = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    problem = periodic(distance, depot=[5], days=1, day_sets=[[1]] * 5, load=1.0, capacity=5.0)
    assert upper_bound(problem, LEAST_DISTANCE)[0] == pytest.approx(-6.0, rel=1e-4)
    two = periodic(distance, depot=[5], days=2, day_sets=[[1, 2]] * 5, load=1.0, capacity=3.0)
    # The best two tours take three and two places: 1 + 1 + 1 + 2 and 1 + 1 + the root of 3.
    assert upper_bound(two, LEAST_DISTANCE)[0] == pytest.approx(-7.0 - 3**0.5, rel=1e-4)


def test_what_cannot_be_served_has_no_bound() -> None:
    """A stop that must be served and that no vehicle may serve: no plan is feasible."""
    problem = small_world(1, stops=4, vehicles=1, weeks=2, weekdays=2, plain=True)
    problem = replace(problem, must=np.array([True, False, False, False]), vehicle_ok=np.zeros((1, 4), bool))
    assert upper_bound(problem, Objective("cost"))[0] == -np.inf
