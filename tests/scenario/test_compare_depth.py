"""Capacity, quality and hours before and after; where nothing can be told, the reason stands there."""

from __future__ import annotations

import pandas as pd
import pytest

from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import Change, ChangeHours, ChangeQuality, ChangeRate, OpenFacility, ResizeFacility
from ankerort.scenario.compare import Comparison, compare
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Answer
from ankerort.supply.capacity import area_capacity, assess_capacity

PRACTICE = OpenFacility("general_practitioner", name="Praxis", place="Adorf", capacity=0.1)


def _answer(workspace: Workspace, *changes: Change) -> Answer:
    world, touched = apply_scenario(workspace.world, resolve(Scenario("Plan", changes), workspace.world))
    return workspace.answer(world, touched)


def _study(found: Comparison) -> pd.Series:
    rows = found.depth.capacity
    (row,) = rows[rows["level"] == "study"].to_dict("records")
    return pd.Series(row)


@pytest.fixture(scope="module")
def with_practice(workspace: Workspace) -> Answer:
    """A small practice in Adorf."""
    return _answer(workspace, PRACTICE)


def test_capacity_is_that_of_the_full_run_on_each_side(workspace: Workspace, with_practice: Answer) -> None:
    """Twice the seats: before and after are the rows of `area_capacity` of the two worlds, of areas in which they differ."""
    bigger = _answer(workspace, PRACTICE, ResizeFacility(service="general_practitioner", name="Praxis", capacity=0.2))
    found = compare(with_practice, bigger)
    row = _study(found)
    assert (row["capacity_before"], row["capacity_after"]) == (0.1, 0.2)
    assert row["capacity_per_100_after"] == pytest.approx(2 * row["capacity_per_100_before"])
    assert row["unserved_high_after"] < row["unserved_high_before"]
    for when, answer in (("before", with_practice), ("after", bigger)):
        world, parts = answer.world, answer.parts
        edge_m = parts.knowledge().edge_m["general_practitioner"]
        own = assess_capacity("general_practitioner", world.region, answer.reach, world.catalogue, edge_m)
        full = area_capacity(own, world.region, parts.areas, world.catalogue).set_index(["level", "area_id"])
        for one in found.depth.capacity.to_dict("records"):
            assert one[f"unserved_low_{when}"] == full.at[(one["level"], one["area_id"]), "unserved_low"]
    assert "general_practitioner" in found.services


def test_other_rates_tell_their_demand(workspace: Workspace, with_practice: Answer) -> None:
    """Half the demand per head: less demand for the same seats."""
    less = _answer(workspace, PRACTICE, ChangeRate("demand.general_practitioner.0.all", 0.5))
    row = _study(compare(with_practice, less))
    assert row["demand_after"] < row["demand_before"]
    assert row["capacity_after"] == row["capacity_before"]


def test_better_quality_tells_facility_and_places(workspace: Workspace, today: Answer) -> None:
    """The market becomes step-free and new: its bounds rise; whoever uses it is told."""
    better = _answer(
        workspace, ChangeQuality(service="supermarket", step_free="yes", condition=1.0, assortment="full_range")
    )
    found = compare(today, better)
    (row,) = found.depth.quality.to_dict("records")
    assert row["facility_id"] == "market"
    assert row["score_low_after"] > row["score_low_before"]
    assert found.depth.not_told.empty
    assert "supermarket" in found.services


def test_what_cannot_be_told_says_why(workspace: Workspace, today: Answer) -> None:
    """Capacity from a later year on; other hours without a stay; each with its reason."""
    later = _answer(
        workspace,
        ResizeFacility(service="supermarket", capacity=900.0, from_year=2030),
        ChangeHours(service="supermarket", opening_hours="Mo-Sa 06:00-22:00"),
    )
    rows = compare(today, later).depth.not_told.set_index("topic")["reason"].to_dict()
    assert rows == {"capacity": "no_unit", "hours": "no_timetable"}


def test_nothing_changed_tells_nothing(today: Answer) -> None:
    """A world against itself has no row in any table."""
    found = compare(today, today).depth
    assert not any(len(t) for t in (found.capacity, found.quality, found.adequate, found.not_told))
