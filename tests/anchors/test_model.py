"""The relaxation admits every plan, and equals the exact problem where neither viability nor capacity binds."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import pytest

from ankerort.anchors import model
from ankerort.anchors.complete import complete
from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.model import relaxed_bound, solve_relaxation
from ankerort.anchors.model_rows import build_model
from ankerort.anchors.problem import AnchorProblem, Decision, Limits, Objective
from reference.anchors import brute_force, check
from worlds.anchors import FEATURES, RELAXED, random_problem

_ONE = [frozenset({f}) for f in FEATURES if f != "order"]


def _many(seed: int) -> frozenset[str]:
    rng = np.random.default_rng(seed)
    names = [f for f in FEATURES if f not in ("order", "exactly")]
    return frozenset(rng.permutation(names)[: rng.integers(2, 9)].tolist())


def _compare(seed: int, features: frozenset[str]) -> None:
    problem, objective, limits = random_problem(seed, places=3, rows=12, features=features)
    best, value, _ = brute_force(problem, objective, limits)
    found = solve_relaxation(problem, objective, limits, seconds=30)
    if best is None:
        assert features & RELAXED or found.status == "infeasible"
        return
    assert found.status == "optimal"
    assert found.bound >= value - 1e-5
    assert relaxed_bound(problem, objective, limits).bound >= found.value - 1e-5
    if not features & RELAXED:
        assert found.value == pytest.approx(value, abs=1e-5)
        assert found.decision is not None
        mine, _, faults = check(problem, found.decision, objective, limits)
        assert not faults
        assert mine == pytest.approx(value, abs=1e-5)
    # The best plan itself is a solution of the relaxation with at least its value.
    built = build_model(problem, objective, limits)
    columns = complete(built, best)
    assert (columns >= -1e-9).all() and (columns <= built.upper + 1e-9).all()
    if "capacity" not in features:  # there the completion takes one share for all, which need not keep limits by area
        rows = built.matrix @ columns
        assert (rows >= built.row_lower - 1e-6).all() and (rows <= built.row_upper + 1e-6).all()
        assert built.offset + built.cost @ columns >= value - 1e-5


@pytest.mark.parametrize("features", [frozenset(), *_ONE], ids=lambda f: "-".join(sorted(f)) or "plain")
def test_each_rule_alone_gives_the_bound_of_the_enumeration(features: frozenset[str]) -> None:
    """Rule: the bound is at least the exact optimum; equal to it (and the decision keeps every rule) without viability and capacity."""
    for seed in range(6):
        _compare(seed, features)


@pytest.mark.parametrize("seed", range(60))
def test_rules_together_give_the_bound_of_the_enumeration(seed: int) -> None:
    """Rule: the same with several rules at once."""
    _compare(100 + seed, _many(seed))


def test_open_bounds_are_the_solvers_own_infinity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule: no row has a large number in the place of infinity."""
    problem, objective, limits = random_problem(1, features={"cores", "viability", "subsidy", "budget", "keep"})
    built = build_model(problem, objective, limits)
    solver = model._solver(built, np.zeros(built.layout.count), built.upper, integer=True)
    lp = solver.getLp()
    for bounds in (np.asarray(lp.row_lower_), np.asarray(lp.row_upper_)):
        assert ((np.abs(bounds) < 1e8) | (np.abs(bounds) == highspy.kHighsInf)).all()
    assert (np.isinf(np.asarray(lp.row_lower_)) | np.isinf(np.asarray(lp.row_upper_))).any()


def test_a_start_counts_even_without_time() -> None:
    """Rule: a plan given as start is never lost: the result is at least as good, and the bound not below it."""
    problem, objective, limits = random_problem(7, places=4, rows=20, features={"variants", "cores", "bundles"})
    best, value, _ = brute_force(problem, objective, limits)
    assert best is not None
    found = solve_relaxation(problem, objective, limits, start=best, seconds=0.1)
    assert found.decision is not None
    assert found.value >= value - 1e-6
    assert found.bound >= found.value


def test_two_runs_give_the_same() -> None:
    """Rule: equal arguments, equal decision."""
    problem, objective, limits = random_problem(
        9, places=5, rows=40, features={"variants", "cores", "bundles", "viability"}
    )
    first = solve_relaxation(problem, objective, limits, seed=3)
    second = solve_relaxation(problem, objective, limits, seed=3)
    assert first.decision is not None and second.decision is not None
    assert (first.decision.open == second.decision.open).all()
    assert (first.decision.units == second.decision.units).all()
    assert (first.value, first.bound) == (second.value, second.bound)


@pytest.mark.parametrize("seed", range(8))
def test_in_steps_gives_the_same_optimum(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule: the steps of large models change no optimum."""
    problem, objective, limits = random_problem(
        seed, places=6, rows=40, features={"variants", "cores", "bundles", "levels", "budget", "spacing"}
    )
    direct = solve_relaxation(problem, objective, limits)
    monkeypatch.setattr(model, "_DIRECT", 0)
    steps = solve_relaxation(problem, objective, limits)
    assert steps.status == direct.status
    assert steps.value == pytest.approx(direct.value, abs=1e-5)
    assert steps.bound == pytest.approx(direct.bound, abs=1e-4)


def test_demands_that_contradict_each_other_are_told() -> None:
    """Rule: keep and forbid of one place is infeasible, in the linear relaxation too."""
    problem, objective, limits = random_problem(1)
    both = replace(limits, keep=(0,), forbid=(0,))
    assert solve_relaxation(problem, objective, both).status == "infeasible"
    assert relaxed_bound(problem, objective, both).status == "infeasible"


def test_a_component_held_is_kept() -> None:
    """Rule: with `held` the component is at least (cost: at most) the value."""
    problem, _, limits = random_problem(11, places=4, rows=25, features={"variants", "budget", "minutes"})
    people = solve_relaxation(problem, Objective(people=1.0, together=0.0), limits)
    assert people.decision is not None
    cheap = solve_relaxation(
        problem, Objective(people=0.0, together=0.0, cost=1.0), limits, held={"people": people.value}
    )
    assert cheap.decision is not None
    both = evaluate(problem, cheap.decision, Objective(), limits)
    before = evaluate(problem, people.decision, Objective(), limits)
    assert both.people == pytest.approx(people.value, abs=1e-4)
    assert both.cost_eur[1] <= before.cost_eur[1] + 1e-6
    spent = solve_relaxation(problem, Objective(together=0.0), limits, held={"cost": float(both.cost_eur[1])})
    assert spent.value == pytest.approx(people.value, abs=1e-4)


def test_negative_factors_are_refused() -> None:
    """Rule: covering rows bound benefit from above only, so a factor below 0 is an error."""
    problem, _, limits = random_problem(1)
    with pytest.raises(ValueError, match="negative"):
        solve_relaxation(problem, Objective(people=-1.0), limits)


def test_an_empty_problem_is_solved() -> None:
    """Rule: nothing to decide is an answer, not an error."""
    problem, objective, limits = random_problem(1, places=2, rows=5)
    closed = Limits(max_anchors=0)
    found = solve_relaxation(problem, objective, closed)
    assert found.status == "optimal" and found.decision is not None
    _value_is_exact(problem, objective, closed, found.decision, found.value)
    assert limits.max_anchors != 0


def _value_is_exact(
    problem: AnchorProblem, objective: Objective, limits: Limits, decision: Decision, value: float
) -> None:
    assert check(problem, decision, objective, limits)[0] == pytest.approx(value)


@pytest.mark.parametrize("seed", range(6))
def test_columns_fixed_by_reduced_cost_lose_no_better_plan(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule: from a start that is not the best plan the steps still end at the optimum of the enumeration."""
    monkeypatch.setattr(model, "_DIRECT", 0)
    problem, objective, limits = random_problem(seed, places=4, rows=20, features={"variants", "removable", "minutes"})
    _, value, _ = brute_force(problem, objective, limits)
    today = Decision(problem.offers.state < 2, np.zeros(len(problem.units), dtype=bool))
    for first_gap in (0.0, 10.0):  # 10: every start counts as near, so that only the last step looks for a plan
        monkeypatch.setattr(model, "_FIRST_GAP", first_gap)
        found = solve_relaxation(problem, objective, limits, start=today)
        assert found.status == "optimal"
        assert found.value == pytest.approx(value, abs=1e-5)
        assert found.bound == pytest.approx(value, abs=1e-4)
