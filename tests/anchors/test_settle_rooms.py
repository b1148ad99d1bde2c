"""What opens in one place shares its buildings: the finished plan tells the true prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.problem import Decision, Objective, Solution
from ankerort.anchors.result import make_plan
from ankerort.anchors.settle_rooms import dearer, settled
from ankerort.anchors.solve import solve
from ankerort.anchors.solve_rooms import solve_with_rooms
from worlds.anchor_house import CATALOGUE, PERSONS, prepared, region

BOTH = Decision(np.ones(2, bool), np.ones(1, bool))
RATE = CATALOGUE.value("anchors.interest_rate")
ENDS = ("low", "mid", "high")


def annuity(eur: float, years: int) -> float:
    """Yearly payments for an investment."""
    growth = (1 + RATE) ** years
    return eur * RATE * growth / (growth - 1)


# The building has condition 1: 100 EUR/m2 over 25 years; new rooms: 1.4 m2 gross at 3,200 EUR over 50 years; running cost is the same.
IN_BUILDING = annuity(30 * 100, 25)
NEW_ROOMS = annuity(30 * 1.4 * 3_200, 50)
MORE = NEW_ROOMS - IN_BUILDING  # what the desks (30 m2) cost more a year where the hall has taken the building


def solution(p: object, decision: Decision = BOTH) -> Solution:
    """A decision as the solver tells it, proven."""
    found = evaluate(p.problem, decision, p.objective, p.limits)  # type: ignore[attr-defined]
    return Solution(decision, found.value, found.value, 0.0, 1.0, 1, "optimal", False)


def test_the_second_offer_is_priced_as_new() -> None:
    """100 m2 hold the hall (80), not the desks (30) too: they cost new rooms, in functions, items, cases and their sum alike."""
    here = region(100)
    p = prepared(here)
    plan = make_plan(p, solution(p), here, CATALOGUE, name="Plan")
    functions = plan.functions.set_index("service")
    assert functions["building_id"].to_dict() == {"village_hall": "b", "coworking": ""}
    assert functions.at["coworking", "invest_once_mid"] == pytest.approx(15_000 + 30 * 1.4 * 3_200)
    alone = p.problem.offers.cost_eur[:, 1]
    assert functions.at["village_hall", "cost_mid"] == pytest.approx(alone[0])
    assert functions.at["coworking", "cost_mid"] == pytest.approx(alone[1] + MORE)
    whole = [plan.functions[f"cost_{e}"].sum() for e in ENDS]
    assert plan.costs[[f"cost_{e}" for e in ENDS]].sum().tolist() == pytest.approx(whole)
    cases = plan.cases.set_index("case")
    assert cases.loc["all", [f"cost_{e}" for e in ENDS]].tolist() == pytest.approx(whole)
    assert plan.front.empty
    (told,) = plan.rooms_short
    assert (told.place_id, told.variants) == ("p1", ("coworking_house",))
    assert told.more_mid == pytest.approx(MORE)


def test_what_fits_keeps_its_price() -> None:
    """110 m2 hold both: nothing changes, and nothing is told."""
    here = region(110)
    p = prepared(here)
    assert dearer(p, settled(p, BOTH, here, CATALOGUE), BOTH) == pytest.approx(np.zeros(3))
    plan = make_plan(p, solution(p), here, CATALOGUE, name="Plan")
    assert set(plan.functions["building_id"]) == {"b"}
    assert plan.rooms_short == ()
    assert plan.proof.status == "optimal"


def test_another_building_goes_before_new_rooms() -> None:
    """The desks take the worn building (condition 5: 2,800 EUR/m2 or what the catalogue says) if that is cheaper than new rooms."""
    here = region(100, ("worn", 30))
    p = prepared(here)
    rate = CATALOGUE.provision.rooms["vacant_5", "invest_eur_m2"].mid
    plan = make_plan(p, solution(p), here, CATALOGUE, name="Plan")
    desks = plan.functions.set_index("service").loc["coworking"]
    worn = annuity(30 * rate, 25)
    assert desks["building_id"] == ("worn" if worn < NEW_ROOMS else "")
    assert plan.rooms_short[0].more_mid == pytest.approx(min(worn, NEW_ROOMS) - IN_BUILDING)


def test_settling_again_changes_nothing() -> None:
    """Settled prices stay; a decision that opens one of the two alone pays the building's price."""
    here = region(100)
    p = prepared(here)
    once = settled(p, BOTH, here, CATALOGUE)
    again = settled(once, BOTH, here, CATALOGUE)
    assert (again.problem.offers.cost_eur == once.problem.offers.cost_eur).all()
    one = Decision(np.array([False, True]), BOTH.units)
    assert dearer(p, settled(p, one, here, CATALOGUE), one) == pytest.approx(np.zeros(3))


def test_the_proof_counts_the_true_cost() -> None:
    """Where cost counts, the plan is worth less by the price of the rooms, the bound stays, and the distance is told."""
    here = region(100)
    p = replace(prepared(here), objective=Objective(people=1.0, cost=0.01))
    made = make_plan(p, solution(p), here, CATALOGUE, name="Plan").proof
    asked = solution(p)
    assert made.value == pytest.approx(asked.value - 0.01 * MORE)
    assert made.bound == asked.bound
    assert made.gap == pytest.approx(0.01 * MORE / asked.bound)
    assert made.status == "feasible"
    free = prepared(here)
    assert make_plan(free, solution(free), here, CATALOGUE, name="Plan").proof.status == "optimal"


def test_each_point_of_the_front_has_its_own_rooms() -> None:
    """Today costs nothing, the desks alone have the building, both together do not fit."""
    here = region(100)
    p = prepared(here)
    one = Decision(np.array([False, True]), BOTH.units)
    plan = make_plan(p, solution(p), here, CATALOGUE, name="Plan", front=(solution(p, one), solution(p)))
    alone = p.problem.offers.cost_eur[:, 1]
    assert plan.front["cost_mid"].tolist() == pytest.approx([0.0, alone[1], alone.sum() + MORE])


def test_the_budget_holds_at_true_prices() -> None:
    """A budget for both in the building, not for new rooms: the plan takes the hall, whose people weigh more, and keeps the budget."""
    here = region(100)
    budget = float(prepared(here).problem.offers.cost_eur[:, 1].sum()) + MORE / 2
    p = prepared(here, budget_eur=budget)
    assert solve(p.problem, p.objective, p.limits, seconds=5.0).decision.open.all()  # type: ignore[union-attr]
    found = solve_with_rooms(p, here, CATALOGUE, seconds=5.0)
    assert found.decision is not None
    assert found.decision.open.tolist() == [True, False]
    assert found.bound == pytest.approx(3 * PERSONS)
    assert found.value == pytest.approx(2 * PERSONS)
    assert found.status == "feasible"
    plan = make_plan(p, found, here, CATALOGUE, name="Plan")
    assert plan.over_budget_eur == 0.0
    assert plan.costs["cost_mid"].sum() <= budget


def test_a_budget_that_cannot_hold_is_told() -> None:
    """The core needs both: the plan is the only one, and says by how much it is above the budget."""
    here = region(100)
    alone = float(prepared(here).problem.offers.cost_eur[:, 1].sum())
    p = prepared(here, budget_eur=alone + MORE / 2, required=True)
    found = solve_with_rooms(p, here, CATALOGUE, seconds=5.0)
    plan = make_plan(p, found, here, CATALOGUE, name="Plan")
    assert plan.over_budget_eur == pytest.approx(MORE / 2)
    assert make_plan(prepared(here), solution(prepared(here)), here, CATALOGUE, name="Plan").over_budget_eur == 0.0


def test_a_dearer_plan_is_exchanged_for_a_better_one() -> None:
    """Where a point costs less than the desks' new rooms are worth, they are left out; where it may cost more, they stay."""
    here = region(100)
    for eur_per_point, opened in ((alone_points(), [True, False]), (50.0, [True, True])):
        p = replace(prepared(here), objective=Objective(people=1.0, cost=1.0 / eur_per_point))
        found = solve_with_rooms(p, here, CATALOGUE, seconds=5.0)
        assert found.decision is not None
        assert found.decision.open.tolist() == opened


def alone_points() -> float:
    """EUR per point at which the desks pay in the building, and not in new rooms."""
    desks = float(prepared(region(100)).problem.offers.cost_eur[1, 1])
    return (desks + MORE / 2) / PERSONS


def test_without_buildings_nothing_is_solved_twice() -> None:
    """All rooms are new: the plan and its proof are those of the solver."""
    here = region(10)
    p = prepared(here)
    found, plain = (
        solve_with_rooms(p, here, CATALOGUE, seconds=5.0),
        solve(p.problem, p.objective, p.limits, seconds=5.0),
    )
    assert (found.value, found.bound, found.status) == (plain.value, plain.bound, plain.status)
    assert settled(p, BOTH, here, CATALOGUE) is p


def test_no_true_price_is_lower() -> None:
    """Whatever stands in a place, the mid price of each offer is at least that of it alone: so bounds hold."""
    rng = np.random.default_rng(5)
    for _ in range(40):
        more = [(f"c{k}", float(rng.integers(20, 120))) for k in range(rng.integers(0, 3))]
        here = region(float(rng.integers(20, 130)), *more)
        p = prepared(here)
        assert (
            settled(p, BOTH, here, CATALOGUE).problem.offers.cost_eur[:, 1] >= p.problem.offers.cost_eur[:, 1]
        ).all()
