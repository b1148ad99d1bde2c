"""A plan becomes a scenario that step 2 can read, resolve and apply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from ankerort.anchors.schema import PLAN_FUNCTIONS
from ankerort.anchors.to_scenario import plan_scenario
from ankerort.catalogue import read_catalogue
from ankerort.documents.comparison_rows import change_line
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import AddVisit, CloseFacility, MoveFacility, OpenFacility
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario_file import read_scenario, write_scenario
from ankerort.scenario.world import World
from worlds.anchor_planned import planned
from worlds.anchor_region import provision, record, sample_world, variant


def _world() -> World:
    w = sample_world()
    return World(w.region, w.network, w.catalogue)


def test_every_change_of_the_plan_resolves(tmp_path: Path) -> None:
    """The scenario of a plan is written, read back the same, resolves without a fault, and opens what the plan opens."""
    w, plan = sample_world(), planned()
    scenario = plan_scenario(plan, w.region, w.catalogue)
    path = tmp_path / "plan.toml"
    write_scenario(scenario, path)
    assert read_scenario(path) == scenario
    resolved = resolve(read_scenario(path), _world())
    changed, _ = apply_scenario(_world(), resolved)
    opened = plan.functions[plan.functions["what"] == "new"]
    distinct = opened.drop_duplicates(["place_id", "service"])
    added = changed.region.facilities.iloc[len(w.region.facilities) :]
    assert sorted(zip(added["place_id"], added["service"], strict=True)) == sorted(
        zip(distinct["place_id"], distinct["service"], strict=True)
    )


def test_each_kind_of_row_becomes_its_kind_of_change() -> None:
    """new opens, a mobile visit comes, moved moves, closed closes, kept changes nothing; hours of a week plan stand in the facility."""
    w = sample_world()
    bus = replace(variant("citizen_office", "visit"), every_weeks=record("weeks", 2.0))
    catalogue = replace(w.catalogue, provision=replace(provision(), variants={**provision().variants, bus.id: bus}))
    place = str(planned().anchors["place_id"].iloc[0])
    rows = pd.DataFrame(
        [
            (place, "library", "library", "new", "", "library_branch"),
            (place, "citizen_office", "citizen_office", "new", "", bus.id),
            (place, "core:meeting_place", "village_hall", "moved", "village_hall:x", "village_hall_branch"),
            ("", "library", "library", "closed", "library:x", ""),
            (place, "pharmacy", "pharmacy", "kept", "pharmacy:x", ""),
            (place, "library", "library", "new", "", "library_branch"),
        ],
        columns=["place_id", "function", "service", "what", "facility_id", "variant"],
    )
    plan = replace(planned(), functions=PLAN_FUNCTIONS.conform(rows))
    hours = {(place, "library_branch"): "Mo 08:00-12:00"}
    changes = plan_scenario(plan, w.region, catalogue, hours=hours).changes
    assert [type(c) for c in changes] == [OpenFacility, AddVisit, MoveFacility, CloseFacility]
    assert isinstance(changes[0], OpenFacility)
    assert changes[0].opening_hours == "Mo 08:00-12:00"
    assert changes[0].capacity is None  # not known is not none
    assert isinstance(changes[1], AddVisit)
    assert changes[1].every_weeks == 2.0


def test_places_and_rhythm_reach_the_comparison(tmp_path: Path) -> None:
    """A small day care opens with 10 places and a book bus comes every 3 weeks, in the file, in its words and in the tables that step 2 reads."""
    w = sample_world()
    shipped = read_catalogue()
    place = str(planned().anchors["place_id"].iloc[0])
    rows = pd.DataFrame(
        [
            (place, "core:kindergarten", "kindergarten", "new", "", "kindergarten_10"),
            (place, "library", "library", "new", "", "library_visit"),
            (place, "core:citizen_office", "citizen_office", "new", "", "citizen_office_visit"),
        ],
        columns=["place_id", "function", "service", "what", "facility_id", "variant"],
    )
    plan = replace(planned(), functions=PLAN_FUNCTIONS.conform(rows))
    path = tmp_path / "plan.toml"
    write_scenario(plan_scenario(plan, w.region, shipped), path)
    scenario = read_scenario(path)
    world = World(w.region, w.network, shipped)
    changed, _ = apply_scenario(world, resolve(scenario, world))
    assert changed.region.facilities["capacity"].iloc[-1] == 10.0
    assert changed.region.mobile_visits["rhythm_weeks"].tolist()[-2:] == [3.0, 2.0]
    told = [change_line(c, shipped, "de") for c in scenario.changes]
    assert "Kapazität 10" in told[0]
    assert told[1].endswith("alle 3 Wochen")
    assert told[2].endswith("alle 14 Tage")


def test_the_year_of_the_plan_stands_in_the_note() -> None:
    """A plan for people of another year says so in its scenario, in both languages."""
    w = sample_world()
    plan = replace(planned(), request=replace(planned().request, year=2035, variant="natural"))
    assert "2035" in plan_scenario(plan, w.region, w.catalogue, lang="de").note
    assert "natural" in plan_scenario(plan, w.region, w.catalogue, lang="en").note
