"""Demands that contradict each other: the named set is a smallest one, and what is proposed works."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anchors.explain_worlds import line_world, named
from ankerort.anchors.conflict import Conflict, Demand, demands_of, find_conflict
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import CoreSlot, Level, Limits
from ankerort.anchors.solve import solve
from ankerort.text.problems import describe_problem, repair_of
from worlds.anchors import random_problem


def _found(prepared: Prepared) -> Conflict:
    return find_conflict(prepared, names={"P0": "Anfang"}, seconds=5.0)


def _kinds(conflict: Conflict) -> list[str]:
    return [d.kind for d in conflict.demands]


def _params(conflict: Conflict, code: str) -> dict[str, object]:
    return dict(next(p.params for p in conflict.problems if p.code == code))


def test_budget_against_cover() -> None:
    """Four homes of 100, 1,000 EUR each: half of the people cost 2,000 EUR, not 1,500; for 1,500 a quarter can be reached."""
    prepared = line_world(
        (100.0,) * 4, cost_eur=(1000.0,) * 4, limits=Limits(budget_eur=1500.0, min_people=0.5, max_anchors=4)
    )
    found = _found(prepared)
    assert found.proven
    assert _kinds(found) == ["cover", "budget"]
    assert _params(found, "anchors_conflict_budget")["eur"] == "2.000"
    assert _params(found, "anchors_conflict_cover")["share"] == "25 %"


def test_kept_places_against_their_number() -> None:
    """Three given anchors and at most two: all three and the number are named, and three anchors work."""
    prepared = line_world((100.0,) * 4, limits=Limits(max_anchors=2, keep=(0, 1, 3)))
    found = _found(prepared)
    assert _kinds(found) == ["keep", "keep", "keep", "max"]
    assert _params(found, "anchors_conflict_max")["count"] == 3
    assert "Anfang" in describe_problem(found.problems[0], "de")


def test_kept_places_against_the_distance() -> None:
    """Places 1 km apart and 4 km asked for: only those two are named, not the third far away; 1 km works."""
    prepared = line_world((100.0,) * 9, limits=Limits(keep=(0, 1, 8), spacing_m=4000.0))
    found = _found(prepared)
    assert [(d.kind, d.detail) for d in found.demands] == [("spacing", "4,0 km"), ("keep", "Anfang"), ("keep", "P1")]
    assert _params(found, "anchors_conflict_spacing")["km"] == "1,0"


def test_a_share_that_nobody_can_reach_stands_alone() -> None:
    """A function that needs 200 people cannot open for 100: cover and viability contradict each other, whatever the budget."""
    prepared = line_world((100.0, 100.0), viable=200.0, limits=Limits(min_people=0.5, budget_eur=1e9, max_anchors=2))
    found = _found(prepared)
    assert _kinds(found) == ["viability", "cover"]


def test_a_given_place_without_the_core_is_told_with_what_it_lacks() -> None:
    """P0 must be an anchor, whose core asks for a second function that stands nowhere: core and place are named, and what is missing."""
    prepared = line_world((100.0,) * 3, limits=Limits(max_anchors=2, keep=(0,)))
    bank = prepared.problem.functions[0]
    level = Level("basic", (CoreSlot((0,), required=False), CoreSlot((1,), required=True)), 1)
    problem = replace(
        prepared.problem, functions=(bank, replace(bank, id="core:fire_station", need=bank.need * 0)), levels=(level,)
    )
    prepared = replace(prepared, problem=problem)
    found = find_conflict(prepared, names={"P0": "Anfang"}, labels={"core:fire_station": "Feuerwehr"}, seconds=5.0)
    assert _kinds(found) == ["keep", "core"]
    assert _params(found, "anchors_conflict_core") == {"place": "Anfang", "functions": "Feuerwehr"}
    assert _params(found, "anchors_conflict_keep")["place"] == "Anfang"
    for problem_told in found.problems:
        assert repair_of(problem_told, "de") and repair_of(problem_told, "en")
    fewer = replace(prepared, problem=replace(problem, levels=(replace(level, core=(level.core[0],)),)))
    assert not _found(fewer).proven


def test_what_can_be_met_is_not_called_a_conflict() -> None:
    """Where there is a plan nothing is called impossible."""
    found = _found(line_world((100.0,) * 3, limits=Limits(max_anchors=1)))
    assert not found.proven
    assert [p.code for p in found.problems] == ["anchors_no_plan"]


@pytest.mark.parametrize("seed", range(12))
def test_without_any_one_demand_there_is_a_plan(seed: int) -> None:
    """Random problems made impossible: all named demands together have no plan; without any one of them the relaxation has one."""
    features = frozenset({"cores", "budget", "removable", "unit_costs", "pairs", "area_share"})
    problem, objective, limits = random_problem(seed, features=features)
    tight = replace(limits, budget_eur=-1e6 if seed % 2 else 0.0, min_people=0.999, max_anchors=1, keep=(0, 1))
    prepared = named(problem, objective, tight)
    if solve(problem, objective, tight, seconds=5.0).status != "infeasible":
        pytest.skip("these demands can be met")
    found = _found(prepared)
    assert found.proven
    assert found.demands
    for left_out in range(len(found.demands)):
        less = (problem, tight)
        every = {d.kind + d.detail for d in found.demands} - {
            found.demands[left_out].kind + found.demands[left_out].detail
        }
        # demands that are not named are gone too: only the named ones contradict each other
        for demand in _all_demands(prepared):
            if demand.kind + demand.detail not in every:
                less = demand.drop(*less)
        assert solve(less[0], objective, less[1], seconds=5.0).status != "infeasible"


def _all_demands(prepared: Prepared) -> list[Demand]:
    return demands_of(prepared, {"P0": "Anfang"}, "de")


def test_every_sentence_is_complete_in_both_languages() -> None:
    """All problems and repairs of a conflict can be said."""
    prepared = line_world(
        (100.0,) * 4,
        cost_eur=(1000.0,) * 4,
        limits=Limits(budget_eur=1500.0, min_people=0.5, max_anchors=1, area_share=0.9, spacing_m=500.0),
    )
    for problem in _found(prepared).problems:
        for lang in ("de", "en"):
            assert describe_problem(problem, lang)
            repair_of(problem, lang)
