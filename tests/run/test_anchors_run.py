"""The whole way from a question to a plan with robustness and front: which numbers come out, not only that some do."""

from __future__ import annotations

import shutil
from dataclasses import replace
from importlib.resources import files
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
from ankerort.base.problems import InputError
from ankerort.base.progress import SILENT
from ankerort.catalogue.demography import variants_by_id
from ankerort.cli.anchors_summary import plan_lines
from ankerort.sample import write_sample
from ankerort.text.problems import describe_problem

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


_OFFICE = "citizen_office,{mode},minimum,{value},{unit},,Erfundene Verordnung,law,S,,2026-11-22,Kreistag Musterkreis,2026-11-22,Probe"


def test_a_budget_below_the_legal_minimum_is_told_with_what_would_work(project: Path, tmp_path: Path) -> None:
    """An own catalogue makes the citizen office a legal minimum: 1 EUR and --legal hard contradict each other; both are named, and a budget that works.

    Where new functions open in anchors only, no budget suffices, since not every place may be one: then --new-anywhere is proposed.
    """
    folder = tmp_path / "pflicht"
    shutil.copytree(project, folder)
    before = sorted(folder.glob("plaene/*"))
    rows = [
        _OFFICE.format(mode=mode, value=value, unit="m" if mode == "walk" else "min")
        for mode, value in (("walk", 800), ("bike", 3), ("car", 3), ("pt", 8))
    ]
    own = folder / "katalog"
    own.mkdir()
    shipped = files("ankerort.catalogue") / "data" / "standards.csv"
    head = shipped.read_text(encoding="utf-8").splitlines()[0]
    (own / "standards.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    with (folder / "region.toml").open("a", encoding="utf-8") as file:
        file.write('\n[options]\ncatalogue = "katalog"\n')
    asked = AskedAnchors(budget="1", legal="hard", services=("citizen_office",), assume_complete=True, seconds=10.0)
    with pytest.raises(InputError) as caught:
        plan_anchors(folder, replace(asked, budget="10 Mio. €"), threads=1)
    assert [p.code for p in caught.value.problems] == [
        "anchors_conflict_one", "anchors_conflict_legal", "anchors_conflict_legal_anywhere",
    ]  # fmt: skip
    asked = replace(asked, new_anywhere=True)
    with pytest.raises(InputError) as caught:
        plan_anchors(folder, asked, threads=1)
    told = {p.code: p for p in caught.value.problems}
    assert "gesetzliche Mindestwerte" in describe_problem(told["anchors_conflict"], "de")
    assert "Budget (1 EUR)" in describe_problem(told["anchors_conflict"], "de")
    assert "anchors_conflict_legal" in told
    enough = Desk.asked(
        folder, replace(asked, budget=str(told["anchors_conflict_budget"].params["eur"])), 1, SILENT
    ).prepared
    assert any(f.legal for f in enough.problem.functions)
    assert solve(enough.problem, enough.objective, enough.limits, seconds=10.0).decision is not None
    assert sorted(folder.glob("plaene/*")) == before


def test_legal_minimums_that_nothing_has_are_told(project: Path) -> None:
    """With the shipped catalogue no function has one: --legal hard has no effect, and that is said; without it nothing is."""
    asked = AskedAnchors(max_anchors=1, services=("pharmacy",), legal="hard")
    assert [p.code for p in Desk.asked(project, asked, 1, SILENT).notes()] == ["anchors_legal_none"]
    assert not Desk.asked(project, replace(asked, legal="priced"), 1, SILENT).notes()
