"""Demand rates and weights of quality: changed by their id, sums held after all changes, everything wrong told together."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.base.problems import InputError
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import Change, ChangeRate, CloseFacility
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Touched, World
from ankerort.supply.demand import demand_of
from ankerort.text.problems import describe_problem, repair_of

from .full_run import assert_as_full_run


def _apply(world: World, *changes: Change) -> tuple[World, Touched]:
    return apply_scenario(world, resolve(Scenario("Plan", changes), world))


def _told(world: World, *changes: Change) -> list[tuple[int, str]]:
    with pytest.raises(InputError) as caught:
        resolve(Scenario("Plan", changes), world)
    for problem in caught.value.problems:
        assert describe_problem(problem, "de")
        assert repair_of(problem, "de")
    return [(int(str(p.params["change"])), p.code) for p in caught.value.problems]


def test_a_demand_rate_changes_the_demand_of_its_service_only(world: World) -> None:
    """Half the rate of all ages is half the demand; only the service is touched; the record says who agreed it."""
    changes = [
        ChangeRate(r.value.id, r.value.value / 2, agreed_by="AG", agreed_on="2026-11-01", reason="Beschluss")
        for r in world.catalogue.demand_rates
        if r.service == "kindergarten"
    ]
    after, touched = _apply(world, *changes)
    assert touched == Touched(frozenset({"kindergarten"}))
    before = demand_of(world.region.cells, world.catalogue, "kindergarten").per_cell
    np.testing.assert_allclose(demand_of(after.region.cells, after.catalogue, "kindergarten").per_cell, before / 2)
    changed = next(r for r in after.catalogue.demand_rates if r.service == "kindergarten")
    assert (changed.value.agreed_by, changed.value.mark, changed.value.source) == ("AG", "D", "Plan")
    assert after.region is world.region


def test_an_answer_with_other_rates_is_that_of_the_full_run(workspace: Workspace) -> None:
    """Rates and weights change no way: nothing but the touched service is computed, and everything is as in a full run."""
    changed, touched = _apply(
        workspace.world, ChangeRate("demand.kindergarten.0.all", 0.4), ChangeRate("quality.pharmacy.hours", 0.5)
    )
    answer = workspace.answer(changed, touched)
    assert set(answer.services) <= {"kindergarten", "pharmacy"}
    assert_as_full_run(answer, changed)


def test_shares_of_a_market_must_sum_to_1_after_all_changes(world: World) -> None:
    """Pupils who leave the one school go to the other: together they are a valid change, alone they are told at the last one."""
    less, more = ChangeRate("demand.secondary_school.10.all", 0.50), ChangeRate("demand.grammar_school.10.all", 0.46)
    after, _ = _apply(world, less, more)
    assert sorted(
        r.value.value for r in after.catalogue.demand_rates if r.market == "school" and r.first_age == 10
    ) == [0.46, 0.5]
    assert _told(world, less) == [(1, "scenario_market_sum")]
    with pytest.raises(InputError) as caught:
        resolve(Scenario("Plan", (less,)), world)
    repair = repair_of(caught.value.problems[0], "de")
    assert "demand.grammar_school.10.all" in repair


def test_weights_of_all_services_must_sum_to_1(world: World) -> None:
    """A weight taken from one criterion is given to another; a weight of 0 takes the criterion out; others are scaled."""
    after, touched = _apply(world, ChangeRate("quality.*.capacity", 0.0), ChangeRate("quality.*.hours", 0.4))
    weights = after.catalogue.quality.weights["supermarket"]
    assert "capacity" not in weights
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["hours"] / weights["step_free"] == pytest.approx(2.0)
    assert "supermarket" in touched.services
    assert _told(world, ChangeRate("quality.*.hours", 0.4)) == [(1, "scenario_weights_sum")]


def test_a_service_gets_a_weight_of_its_own(world: World) -> None:
    """Only that service is weighed differently; its weights are scaled to 1, those of all others stay."""
    after, touched = _apply(world, ChangeRate("quality.pharmacy.step_free", 0.6))
    old, new = world.catalogue.quality, after.catalogue.quality
    assert touched == Touched(frozenset({"pharmacy"}))
    assert new.weights["pharmacy"]["step_free"] > old.weights["pharmacy"]["step_free"]
    assert sum(new.weights["pharmacy"].values()) == pytest.approx(1.0)
    assert all(new.weights[s] == old.weights[s] for s in old.weights if s != "pharmacy")


def test_everything_wrong_with_rates_is_told_together(world: World) -> None:
    """A quota over 1, another unit, a car rate, an unknown id, a sum that does not hold and a facility that is not there."""
    car = world.catalogue.car_rates[0].rate.id
    told = _told(
        world,
        ChangeRate("demand.kindergarten.0.all", 57.0),
        ChangeRate("demand.nursing_home.65.all", 0.1, unit="share"),
        ChangeRate(car, 0.5),
        ChangeRate("demand.kindergarden.0.all", 0.5),
        CloseFacility(service="bakery"),
        ChangeRate("demand.primary_school.6.all", 0.9),
        ChangeRate("quality.*.hours", 0.9),
    )
    assert told == [
        (1, "scenario_range"),
        (2, "scenario_unit"),
        (3, "scenario_figure_car"),
        (4, "scenario_figure_unknown"),
        (5, "scenario_facility_unknown"),
        (6, "scenario_market_sum"),
        (7, "scenario_weights_sum"),
    ]
