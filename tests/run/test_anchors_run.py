"""The whole way from a question to a plan with robustness and front: which numbers come out, not only that some do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.plan_file import read_plan
from ankerort.anchors.problem import Objective
from ankerort.anchors.resolve_request import AskedAnchors
from ankerort.anchors.robust import RunsMade, plan_keys, robust_runs, runs_made, solve_run
from ankerort.anchors.solve import solve, today
from ankerort.anchors_desk import Desk
from ankerort.anchors_run import AnchorsResult, plan_anchors
from ankerort.base.progress import SILENT
from ankerort.catalogue.demography import variants_by_id
from ankerort.cli.anchors_summary import plan_lines
from ankerort.sample import write_sample

_ASKED = AskedAnchors(
    max_anchors=2,
    services=("core:food_market", "core:bakery_village_shop", "pharmacy", "core:bank_cash"),
    assume_complete=True,  # so that there are gaps to close
    robust=True,
    pareto="cost:coverage",
    seconds=20.0,
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample region."""
    folder = tmp_path_factory.mktemp("robust") / "musterkreis"
    write_sample(folder, seed=1)
    return folder


@pytest.fixture(scope="module")
def result(project: Path) -> AnchorsResult:
    """Two anchors for a few functions, with robustness on two processes and a front."""
    return plan_anchors(project, _ASKED, name="Geprüft", threads=2)


@pytest.fixture(scope="module")
def desk(project: Path, result: AnchorsResult) -> Desk:
    """The same problem once more, in this process."""
    assert result.plan_file.is_file()
    return Desk.asked(project, _ASKED, 1, SILENT)


def test_runs_are_those_of_the_design(result: AnchorsResult, desk: Desk) -> None:
    """24 runs: as planned, five forecasts, two ends of the costs, four draws, twelve joint ones; the forecasts are all variants of 2040."""
    robust = result.documents.plan.robust
    assert runs_made(robust) == RunsMade(24, 5, 2, 4, 12)
    variants = variants_by_id(desk.stages.catalogue.forecast_variants)
    assert robust["variant"].tolist()[1:6] == [f"2040 {v}" for v in variants]
    assert set(robust["costs"]) == {"low", "mid", "high"}


def test_the_run_of_the_plan_itself_has_its_value_and_no_regret(result: AnchorsResult) -> None:
    """With nothing varied the best is the proposal: value of the proof, same anchors, regret 0; elsewhere regret is never negative."""
    plan = result.documents.plan
    first = plan.robust.iloc[0]
    assert plan.proof.status == "optimal"
    assert first["value"] == pytest.approx(plan.proof.value, rel=1e-6)
    assert first["regret"] == pytest.approx(0.0, abs=1e-6)
    held = [p for c in ("place_id", "partner_id") for p in plan.anchors[c] if p]
    assert sorted(str(first["anchors"]).split(";")) == sorted(held)
    assert plan.robust["proven"].all()
    assert (plan.robust["regret"].dropna() >= -1e-9).all()


def test_dearer_means_never_better(result: AnchorsResult) -> None:
    """With all else as recorded, low costs give at least the points of the mid ones, and those at least the points of high ones."""
    robust = result.documents.plan.robust
    alone = robust[(robust["variant"] == robust["variant"].iloc[0]) & (robust["weights"] == "recorded")]
    value = alone.set_index("costs")["value"]
    assert value["low"] >= value["mid"] - 1e-6 >= value["high"] - 2e-6


def test_robustness_of_an_anchor_is_the_share_of_runs_that_choose_it(result: AnchorsResult) -> None:
    """The table of anchors and the terminal tell what the runs say; the plan file gives it back."""
    plan = result.documents.plan
    chosen = [set(str(a).split(";")) for a in plan.robust["anchors"]]
    for _, row in plan.anchors.iterrows():
        places = [p for p in (row["place_id"], row["partner_id"]) if p]
        share = max(np.mean([p in run for run in chosen]) for p in places)
        assert row["robustness"] == pytest.approx(share)
    told = "\n".join(plan_lines(result.documents, "de"))
    assert "Unter anderen Annahmen geprüft in 24 Rechnungen:" in told
    names = result.documents.region.places.set_index("place_id")["print_name"]
    for place in {str(p) for c in ("place_id", "partner_id") for p in plan.anchors[c] if p}:
        n = sum(place in run for run in chosen)
        assert f"{names[place]}: gewählt in {n} von 24" in told
    again = read_plan(result.plan_file)
    assert again.robust.equals(plan.robust)


def test_runs_on_processes_are_those_of_one_process(result: AnchorsResult, desk: Desk) -> None:
    """The runs without forecast, solved once more in this process, give the same anchors and points."""
    robust, catalogue = result.documents.plan.robust, desk.stages.catalogue
    spread = catalogue.value("anchors.weight_spread")
    assert result.documents.solution.decision is not None
    keys = plan_keys(desk.prepared, result.documents.solution.decision)
    own = robust[(robust["variant"] == robust["variant"].iloc[0])].set_index(["weights", "costs"])
    for run in robust_runs([("", desk.prepared)], draws=2):
        again = solve_run(run, keys, spread, desk.request.seed, 60.0)
        row = own.loc[(run.weights, run.costs)]
        assert ";".join(again.anchors) == row["anchors"]
        assert again.value == row["value"]
        assert again.plan_value == row["plan_value"]


def test_the_front_begins_with_today_and_ends_with_the_best_for_people(result: AnchorsResult, desk: Desk) -> None:
    """Number 0 is what is there today, at no cost; then each plan costs more and serves more, up to the most that can be served at all."""
    front = result.documents.plan.front
    problem, limits = desk.prepared.problem, desk.prepared.limits
    now = evaluate(problem, today(problem), desk.prepared.objective, limits)
    assert front["number"].tolist() == list(range(len(front)))
    assert len(front) >= 3
    assert front["people_share"].iloc[0] == pytest.approx(now.people / now.people_possible)
    assert front["cost_mid"].iloc[0] == pytest.approx(0.0, abs=1e-6)
    plans = front.iloc[1:]
    assert (np.diff(plans["cost_mid"]) > 0).all()
    assert (np.diff(plans["people_share"]) > 0).all()
    assert (plans["cost_low"] <= plans["cost_mid"]).all() and (plans["cost_mid"] <= plans["cost_high"]).all()
    most = solve(problem, Objective(order=("people", "cost")), limits, seconds=20.0)
    assert most.status == "optimal" and most.decision is not None
    best = evaluate(problem, most.decision, desk.prepared.objective, limits)
    assert plans["people_share"].iloc[-1] == pytest.approx(best.people / best.people_possible, rel=1e-5)
    assert plans["cost_mid"].iloc[-1] == pytest.approx(best.cost_eur[1], rel=1e-4, abs=1.0)
    assert (plans["gap"] <= 1e-4).all()
