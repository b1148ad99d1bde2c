"""What does not find its people is closed, exchanged or subsidised, whichever loses least."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.problem import FIXED, Decision, Limits, Objective
from ankerort.anchors.viability import repair
from reference import anchors as reference
from worlds.anchor_line import Of, line_problem
from worlds.anchors import FEATURES, random_problem


def all_open(offers: int, units: int) -> Decision:
    """Everything open and chosen."""
    return Decision(np.ones(offers, bool), np.ones(units, bool))


def test_of_two_that_starve_one_another_the_better_one_stays() -> None:
    """At 0 and 2 km live 30 and 40 people, each offer needs 60, the standard is 3 km: both starve.

    With one of them all 70 people go there; closing either serves 70. The offer at 0 km costs 5, that at 2 km 9: the dear one closes.
    Value 70 - 5 = 65.
    """
    problem = line_problem(
        [0, 2], [0, 2], [30, 40], [Of(0, 0, cost=5, viable=60), Of(0, 1, cost=9, viable=60)], within_km=3
    )
    objective, limits = Objective(cost=1), Limits()
    out = repair(problem, objective, limits, all_open(2, 2))
    assert out is not None
    assert out.open.tolist() == [True, False]
    assert evaluate(problem, out, objective, limits).value == pytest.approx(65)


def test_a_smaller_variant_takes_the_place_of_one_that_starves() -> None:
    """50 people; the full branch needs 80, the smaller one of quality 0.6 needs 40: exchange keeps 30 points, closing none."""
    problem = line_problem([0], [0], [50], [Of(0, 0, viable=80), Of(0, 0, quality=0.6, viable=40)])
    out = repair(problem, Objective(), Limits(), Decision(np.array([True, False]), np.array([True])))
    assert out is not None
    assert out.open.tolist() == [False, True]


def test_the_anchor_moves_where_the_core_finds_its_people() -> None:
    """An existing offer at 0 km takes all but 10 people from the anchor at 1 km; at 6 km live 80 and the core item needs 50: the anchor moves."""
    problem = line_problem(
        [0, 1, 6],
        [0, 1.1, 6],
        [90, 10, 80],
        [Of(0, 0, FIXED), Of(0, 1, viable=50), Of(0, 2, viable=50)],
        core=[((0,), True)],
        together=[0.1],
    )
    start = Decision(np.array([True, True, False]), np.array([False, True, False]))
    out = repair(problem, Objective(), Limits(max_anchors=1), start)
    assert out is not None
    assert out.units.tolist() == [False, False, True]
    assert out.open.tolist() == [True, False, True]


@pytest.mark.parametrize(("subsidy", "stays"), [(0.5, True), (4.0, False)])
def test_a_subsidy_is_paid_where_it_is_worth_it(subsidy: float, stays: bool) -> None:
    """30 people, 10 short of 40. As a core item at 0.5 EUR a person the offer gains 30 - 5; at 4 EUR it would lose 10: nothing opens."""
    problem = line_problem([0], [0], [30], [Of(0, 0, viable=40, subsidy=subsidy)], core=[((0,), False)])
    out = repair(problem, Objective(cost=1), Limits(), all_open(1, 1))
    assert out is not None
    assert out.open.tolist() == [stays]


def test_nothing_is_returned_where_nothing_keeps_the_rules() -> None:
    """Keep and forbid of the same place contradict each other."""
    problem = line_problem([0], [0], [30], [Of(0, 0)])
    assert repair(problem, Objective(), Limits(keep=(0,), forbid=(0,)), all_open(1, 1), seconds=2) is None


def test_repaired_decisions_have_no_faults_by_the_independent_checker() -> None:
    """From random decisions that break rules, whatever comes back breaks none; and it does come back in most cases that have a plan."""
    mended = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        features = set(np.array(FEATURES)[rng.permutation(len(FEATURES))[: 2 + seed % 7]].tolist()) | {"viability"}
        problem, objective, limits = random_problem(seed, functions=2, places=5, rows=15, features=features)
        start = Decision(rng.random(len(problem.offers)) < 0.5, rng.random(len(problem.units)) < 0.5)
        out = repair(problem, objective, limits, start, seconds=5)
        if out is not None:
            mended += 1
            assert not reference.check(problem, out, objective, limits)[2]
    assert mended >= 40
