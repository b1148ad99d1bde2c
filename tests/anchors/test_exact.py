"""Evaluation and solution of small random problems against the checker and the brute force that were written from the method page."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.model import solve_relaxation
from ankerort.anchors.problem import FIXED, REMOVABLE, AnchorProblem, Decision, Limits, Objective
from ankerort.anchors.solve import solve
from reference import anchors as reference
from worlds.anchors import FEATURES, RELAXED, random_problem

Instance = tuple[AnchorProblem, Objective, Limits]


def mixed(seed: int) -> frozenset[str]:
    """Up to nine features, by seed."""
    rng = np.random.default_rng(seed)
    return frozenset(np.array(FEATURES)[rng.permutation(len(FEATURES))[: seed % 10]].tolist())


def instance(seed: int, features: frozenset[str]) -> Instance:
    """One of many sizes; one function less where the brute force would take too long."""
    for functions in (1 + seed % 3, 2, 1):
        made = random_problem(seed, functions=functions, places=3 + seed % 3, rows=8 + seed % 15, features=features)
        if reference.work(*made) < (5_000 if made[1].order else 100_000):
            break
    return made


def random_decision(rng: np.random.Generator, problem: AnchorProblem) -> Decision:
    """Mostly sensible: existing offers stay in most cases, few units; so that single rules break."""
    state = problem.offers.state
    share = np.where(state == FIXED, 0.98, np.where(state == REMOVABLE, 0.7, rng.choice([0.1, 0.3, 0.6])))
    return Decision(rng.random(len(state)) < share, rng.random(len(problem.units)) < rng.choice([0.1, 0.3]))


def assert_same(problem: AnchorProblem, decision: Decision, objective: Objective, limits: Limits) -> set[int]:
    """Value, components and broken rules of both agree; returns the rules."""
    value, parts, faults = reference.check(problem, decision, objective, limits)
    found = evaluate(problem, decision, objective, limits)
    assert found.value == pytest.approx(value, rel=1e-9, abs=1e-7)
    for name in reference.COMPONENTS:
        assert found.component(name) == pytest.approx(parts[name], rel=1e-9, abs=1e-7), name
    assert {f.rule for f in found.faults} == faults
    return faults


class TestEvaluate:
    """`evaluate` against the checker."""

    @pytest.mark.parametrize("feature", FEATURES)
    def test_each_feature(self, feature: str) -> None:
        """With one feature switched on, value, components and broken rules of random decisions are those of the method page."""
        for seed in range(6):
            rng = np.random.default_rng(seed)
            problem, objective, limits = random_problem(seed, functions=2, places=4, rows=12, features={feature})
            for _ in range(4):
                assert_same(problem, random_decision(rng, problem), objective, limits)

    def test_mixed_features(self) -> None:
        """With many features at once too; and the decisions break every rule of the page somewhere."""
        seen: set[int] = set()
        for seed in range(150):
            rng = np.random.default_rng(seed)
            problem, objective, limits = random_problem(
                seed, functions=1 + seed % 3, places=3 + seed % 3, rows=8 + seed % 20, features=mixed(seed)
            )
            for _ in range(4):
                seen |= assert_same(problem, random_decision(rng, problem), objective, limits)
        assert seen == set(range(1, 12))

    def test_best_decisions_have_no_faults(self) -> None:
        """The decision that the brute force calls best breaks no rule and has its value by `evaluate` too."""
        found = 0
        for seed in range(80):
            problem, objective, limits = instance(seed, mixed(seed))
            decision, value, _ = reference.brute_force(problem, objective, limits)
            if decision is not None:
                found += 1
                assert not assert_same(problem, decision, objective, limits)
                assert evaluate(problem, decision, objective, limits).value == pytest.approx(value)
        assert found > 50


def close(a: float, b: float) -> bool:
    """Equal to six digits."""
    return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))


def assert_solved(made: Instance, features: frozenset[str]) -> str:
    """The rules for one instance; says how it went: best, behind (only where something is relaxed) or infeasible."""
    problem, objective, limits = made
    best, value, rank = reference.brute_force(problem, objective, limits)
    found = solve(problem, objective, limits, seconds=20.0)
    relaxed = bool(features & RELAXED)
    if best is None:
        assert found.decision is None
        assert found.status == "infeasible" or (relaxed and found.status == "none")
        return "infeasible"
    if found.decision is None:
        assert relaxed
        return "behind"
    reached, parts, faults = reference.check(problem, found.decision, objective, limits)
    assert not faults
    if objective.order:
        got = reference.Reference(problem, objective, limits).rank(reached, parts)
        at_best = all(abs(a - b) <= 2e-5 * max(1.0, abs(b)) for a, b in zip(got, rank, strict=True))
        assert found.bound >= rank[0] - 1e-6 * max(1.0, abs(rank[0]))
    else:
        at_best = close(reached, value)
        assert close(reached, found.value)
        assert reached <= value or close(reached, value)
        assert value <= found.bound or close(value, found.bound)
        assert found.status != "optimal" or at_best
    assert at_best or relaxed
    return "best" if at_best else "behind"


class TestSolve:
    """`solve` against the brute force."""

    @pytest.mark.parametrize("feature", FEATURES)
    def test_each_feature(self, feature: str) -> None:
        """With one feature switched on the plan is the best one, keeps every rule, and no plan is better than the bound."""
        for seed in range(5):
            features = frozenset({feature})
            assert assert_solved(instance(seed, features), features) in {"best", "infeasible"}

    def test_mixed_features(self) -> None:
        """With many at once too; where viability or capacity are relaxed in the model nine of ten small plans still are the best."""
        told = {"best": 0, "behind": 0, "infeasible": 0}
        for seed in range(120):
            if mixed(seed) & RELAXED:
                continue
            assert_solved(instance(seed, mixed(seed)), mixed(seed))
        for seed in range(1000, 1140):
            features = mixed(seed) | {sorted(RELAXED)[seed % 3]}
            told[assert_solved(instance(seed, features), features)] += 1
        assert told["best"] >= 0.9 * (told["best"] + told["behind"])
        assert told["best"] > 80

    @pytest.mark.parametrize(
        "others",
        [
            set(),
            {"variants", "new_anywhere"},
            {"removable", "moved", "unit_costs", "budget"},
            {"variants", "worst", "area_share", "buffer_people"},
            {"removable", "variants", "min_people", "minutes"},
            {"levels", "pairs", "cores", "hosts", "order"},
        ],
        ids=lambda others: "-".join(sorted(others)) or "alone",
    )
    def test_backup_with_others(self, others: set[str]) -> None:
        """Second offers make nothing relaxed: next to grades, closures, limits and areas the plan is still the best and the bound its value."""
        features = frozenset({"backup", *others})
        proven = 0
        for seed in range(300, 312):
            made = instance(seed, features)
            told = assert_solved(made, features)
            assert told in {"best", "infeasible"}
            if told == "best" and not made[1].order:
                _, value, _ = reference.brute_force(*made)
                assert close(solve_relaxation(*made, seconds=20.0).bound, value)
                proven += 1
        assert proven > 6 or "order" in others

    def test_one_offer_fills_both_of_two_equal_required_items(self) -> None:
        """A core that names the same functions twice asks for one of them, not for two."""
        made = instance(86, frozenset({"cores", "hosts", "moved", "rooms"}))
        slots = [slot.functions for slot in made[0].levels[0].core if slot.required]
        assert len(slots) > len(set(slots)) or len({frozenset(s) for s in slots}) < len(slots)
        assert assert_solved(made, frozenset()) == "best"

    def test_relaxation_bounds_every_plan(self) -> None:
        """No plan that keeps the exact rules is better than the relaxation; where nothing is relaxed it is the optimum itself."""
        tight = 0
        for seed in range(150):
            problem, objective, limits = instance(seed, mixed(seed) - {"order"})
            _, value, _ = reference.brute_force(problem, objective, limits)
            found = solve_relaxation(problem, objective, limits, seconds=20.0)
            assert value <= found.bound or close(value, found.bound)
            if not mixed(seed) & RELAXED:
                assert found.status in {"optimal", "infeasible"}
                assert close(found.bound, value) or (found.bound == value)
                tight += 1
        assert tight > 50
