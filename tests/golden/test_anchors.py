"""Three anchors for stockheim from its files: the plan keeps every rule by code that shares nothing with the solver, and its values must not drift."""

from __future__ import annotations

from pathlib import Path

import pytest

import reference.anchors as reference
from ankerort.anchors.plan_decision import decision_of
from ankerort.anchors.resolve_request import AskedAnchors
from ankerort.anchors_run import AnchorsResult, check_plan, plan_anchors
from reference.golden import assert_golden, copy_of_region

pytestmark = [pytest.mark.golden, pytest.mark.slow]


@pytest.fixture(scope="module")
def planned(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, AnchorsResult]:
    """At most three anchors, all functions with data."""
    folder = copy_of_region("stockheim", shared_data, tmp_path_factory.mktemp("stockheim"))
    return folder, plan_anchors(folder, AskedAnchors(max_anchors=3, seconds=60.0), name="Drei", threads=2)


def test_the_plan_keeps_every_rule_of_an_independent_checker(planned: tuple[Path, AnchorsResult]) -> None:
    """No fault, the value that the plan tells, and a bound above it."""
    documents = planned[1].documents
    prepared, plan = documents.prepared, documents.plan
    decision, problems = decision_of(plan, prepared, "Drei")
    assert not problems
    value, _, faults = reference.check(prepared.problem, decision, prepared.objective, prepared.limits)
    assert not faults
    assert value == pytest.approx(documents.solution.value, rel=1e-9)
    assert plan.proof.value == pytest.approx(
        value, rel=1e-9
    )  # no two rooms of one building: the true prices are those of the search
    assert plan.proof.bound >= value * (1 - 1e-9)


def test_the_file_of_the_plan_says_the_same(planned: tuple[Path, AnchorsResult]) -> None:
    """Read again and worked out again it has no fault and the same points."""
    checked = check_plan(planned[0], "drei", threads=2)
    assert not checked.evaluation.faults
    assert checked.evaluation.value == pytest.approx(planned[1].documents.solution.value, rel=1e-9)


def test_values_of_the_plan(planned: tuple[Path, AnchorsResult]) -> None:
    """Anchors, what opens, cost and proof; read a difference as a user would before it is taken over."""
    plan, prepared = planned[1].documents.plan, planned[1].documents.prepared
    opened = plan.functions[plan.functions["what"] == "new"]
    own = plan.cases.set_index("case")
    assert_golden(
        "stockheim_anchors",
        {
            "anchors": [
                "+".join(p for p in (r.place_id, r.partner_id) if p) + f" {r.level}" for r in plan.anchors.itertuples()
            ],
            "core": [[int(r.core_today), int(r.core_presumed), int(r.core_plan)] for r in plan.anchors.itertuples()],
            "opened": sorted(f"{r.place_id} {r.variant} {r.evidence}" for r in opened.itertuples()),
            "cost_all": [round(float(own.at["all", f"cost_{end}"])) for end in ("low", "mid", "high")],
            "served_more": [round(float(own.at[case, "served_more"])) for case in ("own", "joint", "all")],
            "left_out": sorted(plan.left_out["function"]),
            "no_centre": list(prepared.no_centre),
            "gap": round(plan.proof.gap, 3),
            "offers": len(prepared.problem.offers),
            "units": len(prepared.problem.units),
        },
    )
