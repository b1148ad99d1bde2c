"""A mobile plan as a scenario that step 2 can read and resolve."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from ankerort.mobile.to_scenario import mobile_scenario
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import AddVisit
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario_file import read_scenario, write_scenario
from ankerort.scenario.world import World
from worlds import tiny_region
from worlds.mobile_planned import planned, region


def test_each_visit_is_a_change_that_reads_back(tmp_path: Path) -> None:
    """Adorf weekly, Bdorf every two weeks, with hours, stop and position; the file gives the same scenario back."""
    scenario = mobile_scenario(planned(), region(), tiny_region.catalogue())
    visits = [c for c in scenario.changes if isinstance(c, AddVisit)]
    assert [(v.service, v.place, v.weekday, v.every_weeks, v.from_time, v.to_time, v.stop_name) for v in visits] == [
        ("citizen_office", "Adorf", "Tu", 1.0, "09:00", "10:00", "Dorfgemeinschaftshaus"),
        ("citizen_office", "Bdorf", "Tu", 2.0, "10:30", "11:30", "Kirche"),
    ]
    write_scenario(scenario, tmp_path / "plan.toml")
    again = read_scenario(tmp_path / "plan.toml")
    assert again.changes == scenario.changes


def test_the_visits_stand_in_the_region_after_the_changes() -> None:
    """Resolved without a problem and applied, the region has two visits more, in a rhythm that counts as coming to the village."""
    world = World(region(), tiny_region.network(), tiny_region.catalogue())
    resolved = resolve(mobile_scenario(planned(), region(), tiny_region.catalogue()), world)
    assert not resolved.problems
    changed, _ = apply_scenario(world, resolved)
    visits = changed.region.mobile_visits
    new = visits[visits["service"] == "citizen_office"]
    assert new["place_id"].tolist() == ["a", "b"]
    assert (new["rhythm_weeks"] <= tiny_region.catalogue().value("state.mobile_weeks")).all()


def test_two_weekdays_are_two_visits_and_two_services_of_one_kind_one() -> None:
    """Twice a week is two weekly visits; a service on board that provides the same as another gives no second visit."""
    plan = planned()
    first = plan.visits.iloc[[0]]
    twice = pd.concat([first, first.assign(part=2, weekday="Fr")], ignore_index=True)
    scenario = mobile_scenario(replace(plan, visits=twice), region(), tiny_region.catalogue())
    assert [(c.weekday, c.every_weeks) for c in scenario.changes if isinstance(c, AddVisit)] == [
        ("Tu", 1.0),
        ("Fr", 1.0),
    ]
    both = first.assign(services="citizen_office;bank;citizen_office")
    scenario = mobile_scenario(replace(plan, visits=both), region(), tiny_region.catalogue())
    assert [c.service for c in scenario.changes if isinstance(c, AddVisit)] == ["citizen_office", "bank_branch"]
