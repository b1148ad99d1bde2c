"""The heuristic finds plans that keep every rule, the same ones each time, and near the best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.anchors.evaluate import Evaluator, evaluate
from ankerort.anchors.heuristic import construct, improve
from ankerort.anchors.heuristic_gain import Gains
from ankerort.anchors.heuristic_judge import Judge
from ankerort.anchors.problem import FIXED, MOVED, REMOVABLE, Decision, Limits, Objective
from reference import anchors as reference
from worlds.anchor_line import Of, line_problem
from worlds.anchors import FEATURES, random_problem


def features_of(seed: int) -> set[str]:
    """Up to eight features, by seed."""
    rng = np.random.default_rng(seed)
    return set(np.array(FEATURES)[rng.permutation(len(FEATURES))[: seed % 9]].tolist())


def test_the_unit_with_its_whole_bundle_wins_over_the_place_with_more_people() -> None:
    """At 0 km 50 people can get one function (50 points), at 10 km 40 people two (80): one anchor goes to 10 km."""
    problem = line_problem([0, 10], [0, 10], [50, 40], [Of(0, 0), Of(0, 1), Of(1, 1)], functions=2)
    out = construct(problem, Objective(), Limits(max_anchors=1))
    assert out is not None
    assert out.units.tolist() == [False, True]
    assert out.open.tolist() == [False, True, True]


def test_money_goes_where_it_does_most() -> None:
    """Budget 100. One offer serves 60 people for 100 EUR, two others 40 each for 50: the two serve 80."""
    problem = line_problem(
        [0, 10, 20], [0, 10, 20], [60, 40, 40], [Of(0, 0, cost=100), Of(0, 1, cost=50), Of(0, 2, cost=50)]
    )
    out = construct(problem, Objective(), Limits(budget_eur=100))
    assert out is not None
    assert out.open.tolist() == [False, True, True]


def test_a_bundle_pays_for_what_alone_does_not() -> None:
    """Each of two functions costs 12 for 10 people; together they save 8: 20 - 24 + 8 = 4."""
    problem = line_problem(
        [0], [0], [10], [Of(0, 0, cost=12), Of(1, 0, cost=12)], functions=2, bundles=[(0, 8.0, 0.0, [[0], [1]])]
    )
    first = construct(problem, Objective(cost=1), Limits(keep=(0,)))
    assert first is not None
    assert first.open.tolist() == [True, True]


def test_least_cost_where_a_share_of_people_is_asked_for() -> None:
    """60 of 100 people are to be served, cost alone counts: 60 people for 7 EUR, not 100 people for 16."""
    problem = line_problem([0, 10], [0, 10], [60, 40], [Of(0, 0, cost=7), Of(0, 1, cost=9)])
    objective, limits = Objective(people=0, together=0, cost=1), Limits(min_people=0.6)
    first = construct(problem, objective, limits)
    assert first is not None
    out = improve(problem, objective, limits, first)
    assert out.open.tolist() == [True, False]


def test_a_facility_moves_where_more_people_reach_it() -> None:
    """A REMOVABLE offer at 0 km serves 10 people; moved to 10 km it serves 50 at the same cost."""
    problem = line_problem(
        [0, 10], [0, 10], [10, 50], [Of(0, 0, REMOVABLE, cost=30), Of(0, 1, MOVED, cost=30, origin=0)]
    )
    out = construct(problem, Objective(cost=1), Limits(max_anchors=1))
    assert out is not None
    assert out.open.tolist() == [False, True]


def test_plans_keep_every_rule_and_come_out_the_same_twice() -> None:
    """With random features on: no faults by the independent checker; equal inputs give equal plans; improving never loses."""
    built = 0
    for seed in range(45):
        problem, objective, limits = random_problem(seed, functions=2, places=5, rows=15, features=features_of(seed))
        first = construct(problem, objective, limits)
        if first is None:
            continue
        built += 1
        assert not reference.check(problem, first, objective, limits)[2]
        better, again = (improve(problem, objective, limits, first, seed=3) for _ in range(2))
        assert np.array_equal(better.open, again.open)
        assert np.array_equal(better.units, again.units)
        assert not reference.check(problem, better, objective, limits)[2]
        if not objective.order:
            now, before = (evaluate(problem, d, objective, limits).value for d in (better, first))
            assert now >= before - 1e-9
    assert built >= 35


def test_the_heuristic_alone_comes_near_the_best() -> None:
    """On small instances with an optimum above 0 it loses less than 2 % on average against brute force."""
    losses = []
    for seed in range(25):
        features = (
            {"variants", "cores", "bundles", "unit_costs", "viability"} if seed % 2 else {"levels", "minutes", "rooms"}
        )
        problem, objective, limits = random_problem(seed, functions=2, places=4, rows=15, features=features)
        best, value, _ = reference.brute_force(problem, objective, limits)
        first = construct(problem, objective, limits)
        assert (best is None) <= (first is None)
        if first is not None and value > 0:
            found = evaluate(problem, improve(problem, objective, limits, first), objective, limits).value
            losses.append((value - found) / value)
    assert len(losses) >= 15
    assert np.mean(losses) < 0.02


def test_the_judge_agrees_with_the_evaluator() -> None:
    """On random decisions the quick judge has the evaluator's value, and breaks nothing exactly where the evaluator finds no fault."""
    clean = 0
    for seed in range(80):
        rng = np.random.default_rng(seed)
        problem, objective, limits = random_problem(seed, functions=2, places=4, rows=12, features=features_of(seed))
        judge, evaluator = Judge(problem, objective, limits), Evaluator(problem, objective, limits)
        built = construct(problem, objective, limits)
        trial = judge.start(built)
        if not objective.order:
            assert (trial.violation == 0) == (not evaluator.evaluate(trial.decision()).faults)
        clean += trial.violation == 0
        for _ in range(5):
            flips = rng.permutation(np.flatnonzero(~judge.fixed))[:2]
            units = rng.permutation(len(problem.units))[:1]
            trial = judge.change(
                trial,
                flips[~trial.open[flips]],
                flips[trial.open[flips]],
                units[~trial.units[units]],
                units[trial.units[units]],
            )
            found = evaluator.evaluate(trial.decision())
            assert trial.value == pytest.approx(found.value, rel=1e-9, abs=1e-7)
            assert (trial.violation == 0) == (not found.faults)
    assert clean >= 60


def test_the_heuristic_sees_what_a_second_offer_counts() -> None:
    """50 people have one offer at 0 km; one more may open beside it (2 km, backup 0.6 of 50 = 30 points) or for 20 people at 10 km.

    With backup the heuristic takes the former, without it the latter; a second variant at the site of the first is no second site.
    """
    problem = line_problem([0, 2, 10], [0, 10], [50, 20], [Of(0, 0, FIXED), Of(0, 1), Of(0, 2), Of(0, 0, quality=0.9)])
    limits = Limits(max_anchors=1)
    alone = construct(problem, Objective(), limits)
    assert alone is not None and alone.open.tolist() == [True, False, True, False]
    backed = replace(problem, functions=(replace(problem.functions[0], backup_share=0.6),))
    out = construct(backed, Objective(), limits)
    assert out is not None and out.open.tolist() == [True, True, False, False]
    judge = Judge(backed, Objective(), limits)
    points, _, _ = Gains(judge).offers(judge.start())
    assert points[1:].tolist() == pytest.approx([30.0, 20.0, 0.0])


@pytest.mark.parametrize("backup", [False, True])
def test_estimated_gains_are_exact_for_people_and_minutes(backup: bool) -> None:
    """What opening an offer adds to people and minutes, and its catchment, equal the judge's difference where no capacity is limited.

    With backup, too, where its site holds nothing yet (two offers of one site exclude one another).
    """
    for seed in range(20):
        features = {"variants", "minutes", *(["backup"] if backup else [])}
        problem, _, limits = random_problem(seed, functions=2, places=4, rows=15, features=features)
        judge = Judge(problem, Objective(people=1.0, minutes=2.0, together=0.0), limits)
        trial = judge.start(
            Decision(np.random.default_rng(seed).random(len(problem.offers)) < 0.3, np.zeros(len(problem.units), bool))
        )
        points, catchment, _ = Gains(judge).offers(trial)
        offers = problem.offers
        for o in np.flatnonzero(np.isfinite(points)):
            held = (offers.function == offers.function[o]) & (offers.site == offers.site[o]) & trial.open
            if backup and held.any():
                continue
            after = judge.change(trial, (int(o),))
            assert after.value - trial.value == pytest.approx(points[o], abs=1e-6)
            assert after.catchment[o] == pytest.approx(catchment[o])
