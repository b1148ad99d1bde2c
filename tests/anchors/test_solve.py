"""Plans are the best ones, their bounds hold, and a front holds what none dominates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.anchors import model, solve_run
from ankerort.anchors.evaluate import Evaluator, evaluate
from ankerort.anchors.problem import REMOVABLE, AnchorProblem, Decision, Limits, Objective
from ankerort.anchors.solve import ORDER_TOLERANCE, WrongValueError, pareto_front, solve, today
from reference import anchors as reference
from worlds.anchor_line import Of, line_problem
from worlds.anchors import FEATURES, random_problem

Instance = tuple[AnchorProblem, Objective, Limits]


def instance(seed: int, features: set[str]) -> Instance:
    """Small enough for the brute force."""
    for functions in (1 + seed % 3, 2, 1):
        made = random_problem(seed, functions=functions, places=3 + seed % 2, rows=8 + seed % 12, features=features)
        if reference.work(*made) < (5_000 if made[1].order else 30_000):
            break
    return made


def test_the_best_of_two_overlapping_sites_and_one_alone() -> None:
    """Homes 0, 2, 4 km with 30, 40, 30 people, standard 2 km: the middle serves all 100, any other at most 70; bound and value are 100."""
    problem = line_problem([0, 2, 4], [0, 2, 4], [30, 40, 30], [Of(0, 0), Of(0, 1), Of(0, 2)])
    out = solve(problem, Objective(), Limits(max_anchors=1))
    assert out.decision is not None
    assert out.decision.units.tolist() == [False, True, False]
    assert (out.value, out.bound, out.status, out.relaxed) == (pytest.approx(100), pytest.approx(100), "optimal", False)


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_equals_brute_force(feature: str) -> None:
    """With one feature on (and its companions) the plan is as good as the best of all decisions, and the bound is not below it."""
    for seed in range(2):
        check_against_brute_force(*instance(seed, {feature}))


def test_mixed_features_equal_brute_force() -> None:
    """With up to nine features on at once, too."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        features = set(np.array(FEATURES)[rng.permutation(len(FEATURES))[: seed % 10]].tolist())
        check_against_brute_force(*instance(seed, features))


def check_against_brute_force(problem: AnchorProblem, objective: Objective, limits: Limits) -> None:
    """Plan, value, bound and status of `solve` against all decisions."""
    best, value, rank = reference.brute_force(problem, objective, limits)
    out = solve(problem, objective, limits, seconds=30)
    assert (out.decision is None) == (best is None)
    if out.decision is None:
        assert out.status == "infeasible"
        return
    assert not reference.check(problem, out.decision, objective, limits)[2]
    if objective.order:
        found = evaluate(problem, out.decision, objective, limits)
        mine = [round((-1 if n == "cost" else 1) * found.component(n), 3) for n in objective.order]
        # sums of the brute force differ in the last bits, which decide an order: so not worse, after rounding
        assert mine >= [round(float(r), 3) for r in rank]
        return
    close = 1e-6 * max(1.0, abs(value))
    assert out.value == pytest.approx(value, abs=close)
    assert out.bound >= value - close
    if out.status == "optimal":
        assert out.bound == pytest.approx(out.value, abs=1e-5 * max(1.0, abs(value)))
    else:
        assert out.relaxed


def test_an_order_holds_each_component_at_its_best_before_the_next() -> None:
    """People first: both sites serve all 100 people; then cost: the site for 5 EUR and not that for 8."""
    problem = line_problem([0, 1], [0, 1], [40, 60], [Of(0, 0, cost=8), Of(0, 1, cost=5)])
    out = solve(problem, Objective(order=("people", "cost")), Limits())
    assert out.decision is not None
    assert out.decision.open.tolist() == [False, True]
    assert (out.status, out.value) == ("optimal", pytest.approx(100))
    other = solve(problem, Objective(order=("cost", "people")), Limits())
    assert other.decision is not None
    assert not other.decision.open.any()


def test_viability_is_exact_in_the_plan_and_relaxed_in_the_bound() -> None:
    """An optimum of the relaxation that keeps the exact rule is optimal; else the bound may be above the value and says that it is relaxed."""
    problem = line_problem([0, 10], [0, 10], [30, 80], [Of(0, 0, viable=50), Of(0, 1, viable=50)])
    out = solve(problem, Objective(), Limits())
    assert out.decision is not None
    assert out.decision.open.tolist() == [False, True]
    assert (out.value, out.status, out.relaxed) == (pytest.approx(80), "optimal", False)


def test_what_contradicts_itself_is_infeasible() -> None:
    """Keep and forbid of one place: no plan, proven."""
    problem = line_problem([0], [0], [10], [Of(0, 0)])
    out = solve(problem, Objective(), Limits(keep=(0,), forbid=(0,)), seconds=10)
    assert (out.decision, out.status, out.bound) == (None, "infeasible", -np.inf)


def test_a_start_is_never_made_worse() -> None:
    """From a start, whatever the seconds, the plan is at least worth as much."""
    problem, objective, limits = random_problem(3, functions=3, places=6, rows=30, features={"variants", "viability"})
    good = solve(problem, objective, limits, seconds=20)
    again = solve(problem, objective, limits, seconds=0.5, start=good.decision)
    assert again.value >= good.value - 1e-9


def test_equal_inputs_give_equal_plans() -> None:
    """Two runs that end before their time give the same decision."""
    problem, objective, limits = random_problem(
        8, functions=3, places=6, rows=30, features={"variants", "viability", "bundles", "budget"}
    )
    one, two = (solve(problem, objective, limits, seconds=60, seed=5) for _ in range(2))
    assert one.decision is not None
    assert two.decision is not None
    assert np.array_equal(one.decision.open, two.decision.open)
    assert (one.value, one.bound) == (two.value, two.bound)


def test_a_wrong_value_of_the_model_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the solver calls a worse or an impossible value its proven optimum, the run stops instead of passing it on."""
    problem = line_problem([0, 9], [0, 9], [30, 40], [Of(0, 0), Of(0, 1)])
    honest = model.solve_relaxation

    def lies(value: float, bound: float) -> None:
        def solver(*args: object, **kwargs: object) -> model.MipResult:
            return replace(honest(*args, **kwargs), value=value, bound=bound)  # type: ignore[arg-type]

        monkeypatch.setattr(solve_run.model, "solve_relaxation", solver)

    lies(99.0, 99.0)
    with pytest.raises(WrongValueError):
        solve(problem, Objective(), Limits(max_anchors=1))
    lies(40.0, 30.0)
    with pytest.raises(WrongValueError):
        solve(problem, Objective(), Limits(max_anchors=1))


def test_a_front_begins_with_today_and_holds_what_none_dominates() -> None:
    """Sites with 60, 30 and 10 people for 10 EUR each: with 0, 10, 20 and 30 EUR the best are 0, 60, 90 and 100 people."""
    problem = line_problem([0, 9, 18], [0, 9, 18], [60, 30, 10], [Of(0, j, cost=10) for j in range(3)])
    evaluator = Evaluator(problem, Objective(), Limits())
    front = pareto_front(problem, Objective(), Limits(), ("cost", "people"), points=4, seconds=30)
    assert front[0].decision is not None
    assert np.array_equal(front[0].decision.open, today(problem).open)
    told = [evaluator.evaluate(s.decision) for s in front[1:] if s.decision is not None]
    assert [(t.cost_eur[1], t.people) for t in told] == [(0, 0), (10, 60), (20, 90), (30, 100)]
    assert [s.value for s in front[1:]] == pytest.approx([0, 60, 90, 100])
    assert all(s.gap < 1e-4 for s in front)


def test_today_keeps_what_may_close() -> None:
    """Doing nothing leaves REMOVABLE offers open and new ones closed."""
    problem = line_problem([0, 9], [0, 9], [60, 30], [Of(0, 0, REMOVABLE, cost=3), Of(0, 1)])
    now = today(problem)
    assert now.open.tolist() == [True, False]
    assert evaluate(problem, now, Objective(), Limits()).cost_eur.tolist() == [0, 0, 0]


def test_no_front_point_is_dominated_in_random_problems() -> None:
    """Of any two plans of a front one is better in the first and worse in the second component; each keeps every rule."""
    for seed in range(3):
        problem, objective, limits = random_problem(
            seed, functions=2, places=4, rows=15, features={"unit_costs", "variants", "viability"}
        )
        evaluator = Evaluator(problem, objective, limits)
        front = pareto_front(problem, objective, limits, ("cost", "worst"), points=4, seconds=20)
        told = [evaluator.evaluate(s.decision) for s in front[1:] if isinstance(s.decision, Decision)]
        assert not any(t.faults for t in told)
        cost, worst = [t.cost_eur[1] for t in told], [t.worst for t in told]
        assert cost == sorted(cost)
        assert np.all(np.diff(worst) > -ORDER_TOLERANCE)


def test_a_front_needs_two_components() -> None:
    """One component, the same twice or an unknown one is refused."""
    problem = line_problem([0], [0], [1], [Of(0, 0)])
    for names in (("cost",), ("cost", "cost"), ("cost", "beauty")):
        with pytest.raises(ValueError, match="two different components"):
            pareto_front(problem, Objective(), Limits(), names)
