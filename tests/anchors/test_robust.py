"""Robustness over people, weights and costs: by hand, repeatable, the same on every executor."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from anchors.explain_worlds import line_world, random_prepared, solved
from ankerort.anchors.explain_flip import with_people
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import Limits
from ankerort.anchors.robust import (
    Robustness,
    RunsMade,
    carry_over,
    plan_keys,
    robust_runs,
    robustness,
    runs_made,
    varied,
)


def _with_people(prepared: Prepared, row: int, factor: float) -> Prepared:
    rows = np.arange(len(prepared.problem.demand)) == row
    return replace(prepared, problem=with_people(prepared.problem, rows, factor))


def _robust(
    prepared: Prepared, populations, *, executor: Executor | None = None, draws: int = 0, joint: int = 0
) -> Robustness:
    plan = solved(prepared).decision
    assert plan is not None
    runs = robust_runs(populations, draws=draws, joint=joint)
    return robustness(runs, plan, prepared, spread=0.3, no_regret_share=0.9, seconds=10.0, seed=1, executor=executor)


def test_share_and_regret_by_hand() -> None:
    """100, 80 and 50 people, two anchors: P0 and P1. Where 50 become 150 (factor 3), P2 and P0 are best: 250 points against 180.

    Four runs: as planned, the other people, low and high costs (all 0). P0 is in all four, P1 in three, P2 with the other people only; regret
    there is 70 / 250. All is proven.
    """
    prepared = line_world((100.0, 80.0, 50.0), limits=Limits(max_anchors=2))
    found = _robust(prepared, [("read", prepared), ("2040", _with_people(prepared, 2, 3.0))])
    assert dict(found.share) == {"P0": 1.0, "P1": 0.75, "P2": 0.25}
    assert found.no_regret == ("P0",)
    assert (found.unsolved, found.unproven) == (0, 0)
    assert found.table["variant"].tolist() == ["read", "2040", "read", "read"]
    assert found.table["costs"].tolist() == ["mid", "mid", "low", "high"]
    assert found.table["anchors"].tolist() == ["P0;P1", "P0;P2", "P0;P1", "P0;P1"]
    assert found.table["value"].tolist() == pytest.approx([180.0, 250.0, 180.0, 180.0])
    assert found.table["plan_value"].tolist() == pytest.approx([180.0] * 4)
    assert found.table["regret"].tolist() == pytest.approx([0.0, 70.0 / 250.0, 0.0, 0.0])
    assert found.table["proven"].all()


def test_runs_vary_one_thing_then_all() -> None:
    """Three populations, two draws, nine joint runs: 1 + 2 + 2 + 2 + 9. In the joint ones each forecast meets each end of the costs once.

    With the people of the plan low and high costs take turns, so that never only the weights are other. Counting gives the same numbers.
    """
    prepared = line_world((100.0,), limits=Limits(max_anchors=1))
    runs = robust_runs([(label, prepared) for label in ("", "2040 trend", "2040 closure")], draws=2, joint=9)
    assert [(r.variant, r.weights, r.costs) for r in runs[:7]] == [
        ("", "recorded", "mid"),
        ("2040 trend", "recorded", "mid"),
        ("2040 closure", "recorded", "mid"),
        ("", "recorded", "low"),
        ("", "recorded", "high"),
        ("", "1", "mid"),
        ("", "2", "mid"),
    ]
    last = runs[7:]
    assert [r.weights for r in last] == [str(k) for k in range(3, 12)]
    for variant in ("2040 trend", "2040 closure"):
        assert sorted(r.costs for r in last if r.variant == variant) == ["high", "low", "mid"]
    assert [r.costs for r in last if not r.variant] == ["low", "high", "low"]
    assert [r.number for r in runs] == list(range(1, 17))
    rows = pd.DataFrame([{"run": r.number, "variant": r.variant, "weights": r.weights, "costs": r.costs} for r in runs])
    assert runs_made(rows) == RunsMade(16, 2, 2, 2, 9)
    assert runs_made(rows.iloc[:0]) == RunsMade(0, 0, 0, 0, 0)


def test_without_a_forecast_there_are_fewer_runs() -> None:
    """Costs and weights are varied all the same, alone and together."""
    prepared = line_world((100.0,), limits=Limits(max_anchors=1))
    runs = robust_runs([("", prepared)], draws=4, joint=4)
    assert [(r.weights, r.costs) for r in runs[3:]] == [
        ("1", "mid"), ("2", "mid"), ("3", "mid"), ("4", "mid"), ("5", "low"), ("6", "high"), ("7", "low"), ("8", "high"),
    ]  # fmt: skip


def test_a_plan_whose_anchors_cannot_stay_has_no_value() -> None:
    """Two anchors of 40 and 50 EUR each, budget 100, at high cost twice as dear: both cannot stay, so value and regret are not known.

    The run's own plan takes one of them, which is proven.
    """
    prepared = line_world((100.0, 60.0), cost_eur=(0.0, 0.0), limits=Limits(max_anchors=2, budget_eur=100.0))
    units = replace(prepared.problem.units, cost_eur=np.array([[20.0, 40.0, 80.0], [25.0, 50.0, 100.0]]))
    prepared = replace(prepared, problem=replace(prepared.problem, units=units))
    table = _robust(prepared, [("read", prepared)]).table.set_index("costs")
    assert np.isnan(table.at["high", "plan_value"])
    assert np.isnan(table.at["high", "regret"])
    assert table.at["high", "value"] == pytest.approx(100.0)
    assert table.at["high", "anchors"] == "P0"
    assert table["proven"].all()


def test_the_plan_is_fitted_to_the_budget_of_a_run() -> None:
    """100 and 60 people, 40 and 50 EUR (high: twice, low: half), budget 100: at high cost only one of them can open.

    The plan keeps both anchors and opens the bank at P0 only: 100 points, as the best there is: no regret.
    """
    prepared = line_world((100.0, 60.0), cost_eur=(40.0, 50.0), limits=Limits(max_anchors=2, budget_eur=100.0))
    found = _robust(prepared, [("read", prepared)])
    assert found.table.set_index("costs")["plan_value"].to_dict() == pytest.approx(
        {"low": 160.0, "mid": 160.0, "high": 100.0}
    )
    assert found.table["regret"].tolist() == pytest.approx([0.0, 0.0, 0.0])


def test_costs_of_a_run_are_one_end_of_the_range() -> None:
    """The mid estimate of a run is the low, mid or high end; the ends themselves stay."""
    prepared = line_world((100.0,), cost_eur=(10.0,), limits=Limits(max_anchors=1))
    made = [
        varied(prepared, weights="recorded", costs=end, spread=0.3, seed=1).problem.offers.cost_eur.tolist()
        for end in ("low", "mid", "high")
    ]
    assert made == [[[5.0, 5.0, 20.0]], [[5.0, 10.0, 20.0]], [[5.0, 20.0, 20.0]]]


def test_weights_of_a_draw_lie_within_the_spread_and_depend_on_names_only() -> None:
    """Each factor lies in 0.7 to 1.3; the same draw gives a function the same factor in another problem, another draw another one."""
    one, other = random_prepared(3, set()), random_prepared(4, set())
    factors = []
    for prepared, draw in ((one, "1"), (other, "1"), (one, "2")):
        drawn = varied(prepared, weights=draw, costs="mid", spread=0.3, seed=7)
        pairs = zip(drawn.problem.functions, prepared.problem.functions, strict=True)
        factors.append([a.weight / b.weight for a, b in pairs])
    assert factors[0] == pytest.approx(factors[1])
    assert factors[0] != pytest.approx(factors[2])
    assert all(0.7 <= f <= 1.3 for some in factors for f in some)


def test_weights_as_recorded_stay() -> None:
    """A run with recorded weights and mid costs is the problem itself; a spread of 1 or more is refused."""
    prepared = random_prepared(3, {"unit_costs"})
    assert varied(prepared, weights="recorded", costs="mid", spread=0.3, seed=1).problem is prepared.problem
    with pytest.raises(ValueError, match="spread"):
        varied(prepared, weights="1", costs="mid", spread=1.0, seed=1)


@pytest.mark.parametrize("seed", range(5))
def test_a_plan_by_names_is_the_plan(seed: int) -> None:
    """Names carry a plan over to the same problem without loss, moved and removable offers and pairs too."""
    prepared = random_prepared(seed, {"moved", "pairs", "levels", "variants"})
    plan = solved(prepared).decision
    if plan is None:
        pytest.skip("no plan in this world")
    again = carry_over(prepared, plan_keys(prepared, plan))
    assert again.open.tolist() == plan.open.tolist()
    assert again.units.tolist() == plan.units.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_regret_is_never_below_nothing(seed: int) -> None:
    """A run's own best is at least as good as the proposed plan in it; in the run of the plan itself there is no regret."""
    prepared = random_prepared(seed, {"unit_costs", "budget"})
    if solved(prepared).decision is None:
        pytest.skip("no plan in this world")
    table = _robust(prepared, [("read", prepared), ("more", _with_people(prepared, 0, 4.0))], draws=1, joint=4).table
    known = table["regret"].dropna()
    assert (known >= -1e-9).all()
    own = table[(table["variant"] == "read") & (table["weights"] == "recorded") & (table["costs"] == "mid")]
    assert own["regret"].tolist() == pytest.approx([0.0], abs=1e-6)


def test_the_same_on_every_executor() -> None:
    """One after the other, on threads and on spawned processes, with one worker or two: the same table and shares."""
    prepared = random_prepared(1, {"unit_costs", "cores"})
    populations = [("read", prepared)]
    alone = _robust(prepared, populations, draws=1, joint=2)
    with ThreadPoolExecutor(2) as threads:
        in_threads = _robust(prepared, populations, executor=threads, draws=1, joint=2)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        in_processes = _robust(prepared, populations, executor=processes, draws=1, joint=2)
    for other in (in_threads, in_processes):
        assert other.table.equals(alone.table)
        assert dict(other.share) == dict(alone.share)
        assert other.no_regret == alone.no_regret


def test_no_runs_are_refused() -> None:
    """A share of no runs is no share."""
    prepared = line_world((100.0,), limits=Limits(max_anchors=1))
    with pytest.raises(ValueError, match="at least one run"):
        _robust(prepared, [])
