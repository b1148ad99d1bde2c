"""The tables of a plan say what the decision is and what the exact evaluation finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.problem import FIXED, MOVED, NEW, OWN, RECRUIT, REMOVABLE, Decision
from ankerort.anchors.result import decided_by, make_plan
from ankerort.anchors.schema import PLAN_TABLES
from ankerort.anchors.solve import today
from worlds.anchor_planned import planned, prepared, solution
from worlds.anchor_region import sample_world

ENDS = ("low", "mid", "high")


def _decision() -> Decision:
    found = solution().decision
    assert found is not None
    return found


def _paid(decision: Decision) -> np.ndarray:
    p = prepared()
    return evaluate(p.problem, decision, p.objective, replace(p.limits, legal="off")).cost_eur


def test_all_tables_have_their_declared_columns() -> None:
    """Each table of a plan has exactly the columns of its schema."""
    plan = planned()
    tables = (plan.anchors, plan.functions, plan.costs, plan.cases, plan.left_out, plan.front, plan.robust)
    for schema, table in zip(PLAN_TABLES, tables, strict=True):
        assert list(table.columns) == schema.names
    assert len(plan.anchors)
    assert {"new", "kept"} <= set(plan.functions["what"])


def test_cost_items_and_functions_sum_to_the_evaluated_cost() -> None:
    """Items sum to the cost of the decision at each end; functions sum to it but for anchors and bundles."""
    plan = planned()
    whole = _paid(_decision())
    assert plan.costs[[f"cost_{e}" for e in ENDS]].sum().to_numpy() == pytest.approx(whole)
    other = plan.costs[plan.costs["item"].isin(("anchor", "bundle"))][[f"cost_{e}" for e in ENDS]].sum().to_numpy()
    assert plan.functions[[f"cost_{e}" for e in ENDS]].sum().to_numpy() == pytest.approx(whole - other)
    assert plan.cases.set_index("case").loc["all", [f"cost_{e}" for e in ENDS]].to_numpy(float) == pytest.approx(whole)


def test_every_opening_and_closing_stands_once() -> None:
    """Rows new and moved are the open NEW and MOVED offers; closed ones are what is shut and opens nowhere else."""
    p, decision, plan = prepared(), _decision(), planned()
    state = p.problem.offers.state
    counts = plan.functions["what"].value_counts()
    assert counts.get("new", 0) == (decision.open & (state == NEW)).sum()
    moved = (decision.open & (state == MOVED)).sum()
    assert counts.get("moved", 0) == moved
    assert counts.get("closed", 0) == (~decision.open & (state == REMOVABLE)).sum() - moved


def test_gained_persons_are_those_who_lose_it_without_the_offer() -> None:
    """Dropping one open offer leaves exactly `gained_persons` fewer people served with its function."""
    p, decision, plan = prepared(), _decision(), planned()
    before = evaluate(p.problem, decision, p.objective, p.limits).served
    opened = np.flatnonzero(decision.open & (p.problem.offers.state == NEW))
    for o in opened:
        less = decision.open.copy()
        less[o] = False
        after = evaluate(p.problem, Decision(less, decision.units), p.objective, p.limits).served
        row = plan.functions[
            (plan.functions["place_id"] == p.place_ids[p.problem.offers.place[o]])
            & (plan.functions["function"] == p.problem.functions[p.problem.offers.function[o]].id)
            & (plan.functions["what"] == "new")
        ]
        assert row["gained_persons"].iloc[0] == pytest.approx((before - after).sum(), abs=1e-6)


def test_what_remains_grows_with_those_who_take_part() -> None:
    """Today, own, joint, all: each case keeps what the one before has; without those to be recruited nothing of theirs opens."""
    p, decision = prepared(), _decision()
    offers = p.problem.offers
    own = decided_by(offers.decides <= OWN, decision, p)
    assert not (own.open & (offers.state == NEW) & (offers.decides == RECRUIT)).any()
    assert (own.open & (offers.state == FIXED)).sum() == (offers.state == FIXED).sum()
    assert (decided_by(offers.decides <= RECRUIT, decision, p).open == decision.open).all()
    cases = planned().cases.set_index("case")
    assert list(cases.index) == ["today", "own", "joint", "all"]
    assert cases["new_functions"].is_monotonic_increasing
    assert cases.loc["today", ["served_more", "shorter_persons", "person_minutes"]].tolist() == [0.0, 0.0, 0.0]
    assert cases.loc["all", "shorter_persons"] >= cases.loc["all", "served_more"] > 0.0


def test_a_move_that_others_decide_stays_where_it_was() -> None:
    """Where a moved offer falls away, its origin is open again; where its origin stays, nothing opens elsewhere."""
    p = prepared()
    offers = p.problem.offers
    moved = np.flatnonzero(offers.state == MOVED)
    assert len(moved)
    o = int(moved[0])
    decision = Decision(today(p.problem).open.copy(), today(p.problem).units)
    decision.open[o], decision.open[offers.origin[o]] = True, False
    left = decided_by(np.zeros(len(offers), bool), decision, p)
    assert left.open[offers.origin[o]]
    assert not left.open[o]


def test_anchors_tell_their_core_and_those_within_reach() -> None:
    """The core of the plan is at least that of today; people within reach are those of the anchor's rows."""
    p, plan = prepared(), planned()
    assert (plan.anchors["core_plan"] >= plan.anchors["core_today"]).all()
    assert (plan.anchors["core_items"] >= plan.anchors["core_plan"]).all()
    assert (plan.anchors["reach_persons_others"] <= plan.anchors["reach_persons"]).all()
    unit = int(np.flatnonzero(_decision().units)[0])
    travel, first = p.problem.anchor_travel, int(p.problem.units.first[unit])
    part = travel.site(first)
    reached = p.problem.demand.persons[travel.row[part][travel.within[part]]].sum()
    told = plan.anchors["reach_persons"].iloc[0]
    assert told == pytest.approx(reached) if p.problem.units.second[unit] < 0 else told <= reached + 1e-9


def test_the_front_begins_with_today_and_a_plan_needs_a_decision() -> None:
    """Number 0 is what is there today at no cost; without a decision there is no plan."""
    w, p = sample_world(), prepared()
    plan = make_plan(p, solution(), w.region, w.catalogue, name="Front", front=(solution(),))
    assert plan.front["number"].tolist() == [0, 1]
    assert plan.front["anchors"].iloc[0] == ""
    assert plan.front["cost_mid"].tolist() == pytest.approx([0.0, float(_paid(_decision())[1])])
    assert len(plan.front["anchors"].iloc[1].split(";")) == len(plan.anchors)
    with pytest.raises(ValueError, match="decision"):
        make_plan(p, replace(solution(), decision=None), w.region, w.catalogue, name="none")
