"""Explanations of anchors against worlds worked out by hand, and against solving anew by brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from anchors.explain_worlds import homes_by_row, line_world, random_prepared, solved
from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.explain import Effort, PlaceExplanation, explain_places
from ankerort.anchors.explain_compare import Comparer
from ankerort.anchors.explain_flip import flips, with_people
from ankerort.anchors.explain_rows import Rows
from ankerort.anchors.explain_search import best_plan, chosen_places, limits_forbidding, limits_without, places_of
from ankerort.anchors.problem import Limits
from reference.anchors import brute_force

EXACT = Effort(seconds=10.0, exact=True)


def _told(prepared, **options) -> PlaceExplanation:
    told = explain_places(prepared, solved(prepared), homes_by_row(prepared, 3), effort=EXACT, **options)
    return told.places[0]


def test_marginal_value_and_runner_up_by_hand() -> None:
    """100, 60 and 50 people, two anchors: P0 and P1 are chosen.

    Without P0 and with none in its stead 100 lose the bank (they live in H0), 60 points of 160 stay. With P0 forbidden P2 takes its stead:
    110 points, 50 fewer (31.25 %): 100 lose, 50 gain.
    """
    told = _told(line_world((100.0, 60.0, 50.0), limits=Limits(max_anchors=2)), places=["P0"])
    assert (told.place_id, told.chosen, told.level) == ("P0", True, "basic")
    assert told.drop is not None and told.drop.found
    assert told.drop.points == pytest.approx(100.0)
    assert [(f.function, f.persons, f.places) for f in told.drop.loses.functions] == [
        ("bank_branch", 100.0, (("H0", 100.0),))
    ]
    assert told.exchange.comes == ("P2",) and told.exchange.proven
    assert told.exchange.points == pytest.approx(50.0)
    assert told.exchange.share == pytest.approx(50.0 / 160.0)
    assert (told.exchange.loses.summed, told.exchange.gains.summed) == (100.0, 50.0)


def test_gain_and_reach_by_hand() -> None:
    """P0 serves 100 people who have no bank today: 100 gain; kind 0 is young without a car; P0 lies in M0 as they do: nobody from elsewhere.

    Cost 10, 20, 40: the offer's. The table's longest time is 300 s, so that nobody's way gets shorter.
    """
    told = _told(line_world((100.0, 60.0), cost_eur=(20.0, 1.0), limits=Limits(max_anchors=1)), places=["P0"])
    assert told.gain is not None
    assert (told.gain.served.anyone, told.gain.served.without_car, told.gain.served.old) == (100.0, 100.0, 0.0)
    assert told.gain.new == ("bank_branch",) and told.gain.kept == ()
    assert told.gain.cost_eur == (10.0, 20.0, 40.0)
    assert told.gain.person_minutes == 0.0
    assert (told.reach.persons, told.reach.others_persons) == (100.0, 0.0)


def test_flips_by_hand() -> None:
    """100 against 80 people, one anchor, 0.5 points per EUR, costs 10 and 20 EUR: 95 against 70 points.

    P1 is as good with 105 people in its home; at -30 EUR; with the factor of people 5 / -20 below nothing: none; cost: F* = 0.5 - 25 / 10
    (cost counts against, P0 is 10 cheaper) below nothing: none; the weight of the bank: 1 - 25/20 below nothing: none.
    """
    told = _told(
        line_world((100.0, 80.0), cost_eur=(10.0, 20.0), cost_factor=0.5, limits=Limits(max_anchors=1)), places=["P0"]
    )
    assert [(f.kind, f.id) for f in told.flips] == [("persons", ""), ("cost", "")]
    persons, cost = told.flips
    assert (persons.now, persons.then) == (pytest.approx(80.0), pytest.approx(105.0))
    assert persons.places == (("H1", 80.0),)
    assert (cost.now, cost.then) == (pytest.approx(20.0), pytest.approx(-30.0))


def test_weights_flip_by_hand() -> None:
    """100 people at 60 EUR against 90 at 10 EUR, 0.1 points per EUR: 94 against 89 points.

    The factor of people must fall to 1 - 5/10 = 0.5, that of cost rise to 0.1 + 5/50 = 0.2, the weight of the bank fall to 0.5.
    """
    told = _told(
        line_world((100.0, 90.0), cost_eur=(60.0, 10.0), cost_factor=0.1, limits=Limits(max_anchors=1)), places=["P0"]
    )
    weights = {(f.kind, f.id): f.then for f in told.flips if f.kind in ("component", "function")}
    assert weights == {
        ("component", "people"): pytest.approx(0.5),
        ("component", "cost"): pytest.approx(0.2),
        ("function", "bank_branch"): pytest.approx(0.5),
    }


def test_one_more_anchor_binds_by_hand() -> None:
    """100, 60 and 50 people, one anchor: a second one is worth 60 points and is P1."""
    prepared = line_world((100.0, 60.0, 50.0), limits=Limits(max_anchors=1))
    told = explain_places(prepared, solved(prepared), homes_by_row(prepared, 3), effort=EXACT)
    assert [(b.rule, b.points, b.persons, b.places) for b in told.binding] == [
        ("max_anchors", pytest.approx(60.0), pytest.approx(60.0), ("P1",))
    ]


def test_budget_binds_by_hand() -> None:
    """Costs 60, 50, 45 EUR for 100, 60, 50 people, budget 100, two anchors: P0 alone, or P1 and P2 (95 EUR, 110 people): the latter.

    10 % more (110 EUR) buys P0 and P1: 160 people, 50 more.
    """
    prepared = line_world(
        (100.0, 60.0, 50.0), cost_eur=(60.0, 50.0, 45.0), limits=Limits(max_anchors=2, budget_eur=100.0)
    )
    told = explain_places(prepared, solved(prepared), homes_by_row(prepared, 3), effort=EXACT)
    assert [p.place_id for p in told.places] == ["P1", "P2"]
    assert [(b.rule, b.persons, b.eur) for b in told.binding] == [("budget", pytest.approx(50.0), pytest.approx(10.0))]


def test_viability_tells_how_many_people_are_missing() -> None:
    """A bank needs 70 people; the 60 of P1 are 10 too few, so that it opens at P0 only; as a place not chosen P1 misses 10."""
    prepared = line_world((100.0, 60.0), viable=70.0, limits=Limits(max_anchors=2))
    told = explain_places(prepared, solved(prepared), homes_by_row(prepared, 2), others=["P1"], effort=EXACT)
    other = next(p for p in told.places if p.place_id == "P1")
    missing = [b for b in other.binding if b.rule == "viability"]
    assert [(b.function, b.persons) for b in missing] == [("bank_branch", pytest.approx(10.0))]


def test_a_place_that_is_not_chosen_by_hand() -> None:
    """100, 60 and 50 people, one anchor P0; with P2 instead 50 points are lost, P0 leaves; as one more anchor it brings 50."""
    prepared = line_world((100.0, 60.0, 50.0), limits=Limits(max_anchors=1))
    told = explain_places(prepared, solved(prepared), homes_by_row(prepared, 3), others=["P2"], effort=EXACT)
    other = told.places[-1]
    assert (other.place_id, other.chosen, other.drop) == ("P2", False, None)
    assert (other.exchange.points, other.exchange.leaves) == (pytest.approx(50.0), ("P0",))
    assert [(b.rule, b.points) for b in other.binding] == [("max_anchors", pytest.approx(50.0))]


def test_spacing_and_forbidding_stand_against_a_place() -> None:
    """Places lie 1,000 m apart; with 1,500 m asked for P1 is too near to P0; P2 is forbidden."""
    prepared = line_world((100.0, 60.0, 50.0), limits=Limits(max_anchors=2, spacing_m=1500.0, forbid=(2,)))
    told = explain_places(prepared, solved(prepared), homes_by_row(prepared, 3), others=["P1", "P2"], effort=EXACT)
    rules = {p.place_id: [(b.rule, b.places, b.amount) for b in p.binding] for p in told.places if not p.chosen}
    assert rules["P1"][0] == ("spacing", ("P0",), pytest.approx(1000.0))
    assert rules["P2"][0][0] == "forbid"


def test_an_anchor_that_is_needed_names_the_rule() -> None:
    """90 % of the people must be served; without P0 nothing serves so many: the rule is named."""
    prepared = line_world((100.0, 5.0), limits=Limits(max_anchors=2, min_people=0.9))
    told = _told(prepared, places=["P0"])
    assert told.drop is not None and not told.drop.found
    assert told.drop.broken == ("min_people",)
    assert not told.exchange.found


def test_unknown_places_and_missing_plans_are_refused() -> None:
    """A name that is no candidate, and a solution without a plan, cannot be explained."""
    prepared = line_world((100.0,), limits=Limits(max_anchors=1))
    with pytest.raises(ValueError, match="X"):
        explain_places(prepared, solved(prepared), homes_by_row(prepared, 1), places=["X"])
    with pytest.raises(ValueError, match="no plan"):
        explain_places(prepared, replace(solved(prepared), decision=None), homes_by_row(prepared, 1))


FEATURES = [
    set(),
    {"cores", "levels", "together"},
    {"pairs", "minutes", "unit_costs"},
    {"removable", "moved", "budget"},
    {"variants", "bundles", "worst"},
    {"spacing", "buffer_people", "legal_priced"},
    {"viability"},
    {"capacity", "minutes"},
    {"backup", "variants", "removable"},
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("features", FEATURES, ids=lambda f: "+".join(sorted(f)) or "plain")
def test_exchanges_equal_solving_anew_by_brute_force(seed: int, features: set[str]) -> None:
    """Drop and runner-up have the value of the best plan under their rules, by trying all plans; without proof never more than it."""
    prepared = random_prepared(seed, features)
    problem, objective, limits = prepared.problem, prepared.objective, prepared.limits
    decision, value, _ = brute_force(problem, objective, limits)
    if decision is None or not decision.units.any():
        return
    plan = replace(solved(prepared), decision=decision)
    unit = int(np.flatnonzero(decision.units)[0])
    places = places_of(problem, unit)
    told = explain_places(
        prepared, plan, homes_by_row(prepared, 3), places=[prepared.place_ids[places[0]]], effort=EXACT
    ).places[0]
    for exchange, rules in (
        (told.exchange, limits_forbidding(limits, places)),
        (told.drop, limits_without(problem, limits, decision, places)),
    ):
        assert exchange is not None
        best, best_value, _ = brute_force(problem, objective, rules)
        if not exchange.found:
            assert best is None or not exchange.proven
            continue
        assert best is not None
        other = value - exchange.points
        assert other <= best_value + 1e-6
        if exchange.proven:
            assert other == pytest.approx(best_value, abs=1e-5)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("features", FEATURES, ids=lambda f: "+".join(sorted(f)) or "plain")
def test_rows_add_up_to_the_evaluation(seed: int, features: set[str]) -> None:
    """People, minutes and people served, summed over rows, are those of the evaluation."""
    prepared = random_prepared(seed, features)
    plan = solved(prepared).decision
    if plan is None:
        return
    rows = Rows(prepared.problem)
    state = rows.state(plan)
    exact = evaluate(prepared.problem, plan, prepared.objective, prepared.limits)
    assert rows.people_points(state).sum() == pytest.approx(exact.people)
    assert rows.minutes_points(state).sum() == pytest.approx(exact.minutes)
    assert (rows.need * state.covered).sum(axis=1) == pytest.approx(exact.served)


@pytest.mark.parametrize("seed", range(6))
def test_every_flip_makes_both_plans_equal(seed: int) -> None:
    """Applied alone, each told change makes the runner-up worth as much as the plan, by the exact evaluation of both."""
    prepared = random_prepared(seed, {"minutes", "unit_costs", "together", *(["backup"] if seed % 2 else [])})
    plan = solved(prepared)
    assert plan.decision is not None
    homes = homes_by_row(prepared, 3)
    places = tuple(sorted(chosen_places(prepared.problem, plan.decision)))[:1]
    comparer = Comparer(prepared, plan.decision, homes, EXACT)
    rules = limits_forbidding(prepared.limits, places)
    other = best_plan(prepared.problem, prepared.objective, rules, (), EXACT)
    if other is None:
        return
    found = flips(
        comparer.rows,
        homes,
        prepared.objective,
        prepared.limits,
        (plan.decision, comparer.evaluation),
        (other.decision, other.evaluation),
    )
    before = comparer.rows.row_points(comparer.state, prepared.objective)
    after = comparer.rows.row_points(comparer.rows.state(other.decision), prepared.objective)
    for flip in found:
        problem, objective, less = prepared.problem, prepared.objective, 0.0
        if flip.kind == "persons":
            problem = with_people(problem, after - before > 1e-9, flip.then / flip.now)
        elif flip.kind == "cost":
            less = (flip.now - flip.then) * objective.cost
        elif flip.kind == "component":
            objective = replace(objective, **{flip.id: flip.then})
        else:
            changed = tuple(replace(f, weight=flip.then) if f.id == flip.id else f for f in problem.functions)
            problem = replace(problem, functions=changed)
        one, two = (evaluate(problem, d, objective, prepared.limits).value for d in (plan.decision, other.decision))
        assert two + less == pytest.approx(one, rel=1e-5, abs=1e-4), flip


def test_explaining_twice_gives_the_same() -> None:
    """The heuristic's explanation of a random plan is the same when asked again."""
    prepared = random_prepared(2, {"cores", "unit_costs"})
    plan, homes = solved(prepared), homes_by_row(prepared, 3)
    first, second = (explain_places(prepared, plan, homes, others=["P0"]) for _ in range(2))
    assert first == second or repr(first) == repr(second)  # NaN is not equal to itself
