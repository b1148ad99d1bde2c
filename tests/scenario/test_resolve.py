"""Resolution and application: each kind does what it says, contradictions are told all at once, the rest stays the same object."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ankerort.base.problems import InputError
from ankerort.network.straight import StraightWays
from ankerort.region.model import Region
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import (
    KINDS,
    AddLine,
    AddService,
    AddStop,
    AddStreet,
    AddTrip,
    AddVisit,
    Change,
    ChangeHours,
    ChangeQuality,
    ChangeRate,
    ChangeStandard,
    CloseFacility,
    MoveFacility,
    OpenFacility,
    RemoveLine,
    RemoveStop,
    RemoveTrip,
    ResizeFacility,
    UsePopulation,
)
from ankerort.scenario.edits import SOURCE_ID
from ankerort.scenario.resolve import _RESOLVERS, resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.world import Projection, Touched, World
from ankerort.text.problems import describe_problem, repair_of
from worlds import tiny_region


def _apply(world: World, *changes: Change) -> tuple[World, Touched]:
    return apply_scenario(world, resolve(Scenario("Plan", changes), world))


def _told(world: World, *changes: Change) -> list[tuple[int, str]]:
    """(number of the change, code) of each problem; every one can be printed with its repair."""
    with pytest.raises(InputError) as caught:
        resolve(Scenario("Plan", changes), world)
    for problem in caught.value.problems:
        assert describe_problem(problem, "de")
        assert repair_of(problem, "de")
    return [(int(str(p.params["change"])), p.code) for p in caught.value.problems]


def _same_but(before: World, after: World, *changed: str) -> None:
    """All tables of the region but these are the same objects; so are network and catalogue unless named."""
    for one in fields(Region):
        same = getattr(before.region, one.name) is getattr(after.region, one.name)
        assert same == (one.name not in changed), one.name
    assert (before.network is after.network) == ("network" not in changed)
    assert (before.catalogue is after.catalogue) == ("catalogue" not in changed)


def _row(world: World, facility_id: str) -> pd.Series:
    rows = world.region.facilities
    (found,) = rows[rows["facility_id"] == facility_id].to_dict("records")
    return pd.Series(found)


def _degrees(x: float, y: float) -> tuple[float, float]:
    found = tiny_region.positions([x], [y])
    return float(found["lon"][0]), float(found["lat"][0])  # type: ignore[index]


def test_every_kind_can_be_resolved() -> None:
    """There is a resolver for each kind of the file."""
    assert set(_RESOLVERS) == set(KINDS.values())


def test_opening_adds_one_row_at_the_end(world: World) -> None:
    """The rows before stay; id, place, municipality and source are set; only the service is touched."""
    lon, lat = _degrees(5100.0, 100.0)
    after, touched = _apply(world, OpenFacility("Supermarkt", name="Markt", lon=lon, lat=lat, step_free="yes"))
    _same_but(world, after, "facilities", "sources")
    assert touched == Touched(frozenset({"supermarket"}))
    pd.testing.assert_frame_equal(after.region.facilities.iloc[:-1], world.region.facilities)
    row = after.region.facilities.iloc[-1]
    assert row["facility_id"] == "scenario:1:supermarket"
    assert (row["ags"], row["place_id"], row["in_study"]) == ("15001000", "b", True)
    assert (row["state"], row["certainty"], row["wheelchair"]) == ("open", "certain", "yes")
    assert row["x"] == pytest.approx(tiny_region.ORIGIN[0] + 5100.0, abs=0.01)
    assert after.region.sources["source_id"].tolist() == ["osm", "list", "census", SOURCE_ID]


def test_at_the_centre_of_a_place(world: World) -> None:
    """Without coordinates a facility stands at the centre of its place, which it belongs to."""
    after, _ = _apply(world, OpenFacility("bakery", place="adorf"))
    row, place = after.region.facilities.iloc[-1], world.region.places.iloc[0]
    assert (row["x"], row["y"], row["place_id"], row["ags"]) == (place["x"], place["y"], "a", "15001000")


def test_closing_keeps_the_row(world: World) -> None:
    """State closed and the year; nothing else differs in any row."""
    after, touched = _apply(world, CloseFacility(facility="market", year=2027))
    _same_but(world, after, "facilities")
    assert touched == Touched(frozenset({"supermarket"}))
    assert (_row(after, "market")["state"], _row(after, "market")["closed_year"]) == ("closed", "2027")
    others = world.region.facilities["facility_id"] != "market"
    pd.testing.assert_frame_equal(after.region.facilities[others], world.region.facilities[others])


def test_moving_keeps_the_id_and_changes_the_place(world: World) -> None:
    """The market moves from Cstadt to Adorf: its position, place and municipality follow."""
    after, _ = _apply(world, MoveFacility(service="supermarket", to_place="Adorf"))
    assert [_row(after, "market")[c] for c in ("place_id", "ags", "x")] == ["a", "15001000", tiny_region.ORIGIN[0]]
    assert after.region.facilities["facility_id"].tolist() == world.region.facilities["facility_id"].tolist()


def test_capacity_now_and_from_a_year_on(world: World) -> None:
    """Now: the facility's own capacity. From a year on: two periods, the present one ends the year before."""
    now, _ = _apply(world, ResizeFacility(facility="market", capacity=800.0))
    _same_but(world, now, "facilities", "sources")
    assert _row(now, "market")["capacity"] == 800.0
    later, _ = _apply(
        world,
        ResizeFacility(facility="market", capacity=800.0),
        ResizeFacility(facility="market", capacity=1200.0, from_year=2030),
    )
    rows = later.region.capacities[["capacity", "from_year", "to_year"]].to_numpy(float)
    np.testing.assert_array_equal(rows, [[800.0, np.nan, 2029.0], [1200.0, 2030.0, np.nan]])


def test_hours_quality_and_one_more_service(world: World) -> None:
    """Hours and quality stand in the row; a further service is a row of the same object at the same spot."""
    after, touched = _apply(
        world,
        ChangeHours(facility="pharmacy", opening_hours="Mo-Fr 08:00-18:00"),
        ChangeQuality(facility="pharmacy", step_free="yes", condition=2.0, assortment="full_range"),
        AddService(facility="pharmacy", new_service="parcel_station"),
    )
    row, new = _row(after, "pharmacy"), after.region.facilities.iloc[-1]
    assert [row[c] for c in ("opening_hours", "wheelchair", "condition", "assortment")] == [
        "Mo-Fr 08:00-18:00",
        "yes",
        2.0,
        "full_range",
    ]
    assert (new["service"], new["x"], new["place_id"]) == ("parcel_station", row["x"], "c")
    assert new["object_id"] == "pharmacy"
    assert new["opening_hours"] == "Mo-Fr 08:00-18:00"
    assert touched == Touched(frozenset({"pharmacy", "parcel_station"}))


def test_a_visit_is_a_row_of_the_visits(world: World) -> None:
    """Weekday, rhythm and hours stand in the table; facilities stay the same object."""
    after, touched = _apply(world, AddVisit("bakery", "Bdorf", weekday="Tu", from_time="09:00", to_time="09:30"))
    _same_but(world, after, "mobile_visits", "sources")
    row = after.region.mobile_visits.iloc[-1]
    assert [row[c] for c in ("service", "place_id", "weekday", "rhythm_weeks", "from_time")] == [
        "bakery",
        "b",
        "Tu",
        1.0,
        "09:00",
    ]
    assert touched == Touched(frozenset({"bakery"}))


def test_a_standard_and_a_figure_change_the_catalogue_only(world: World) -> None:
    """The new values are dated records with who agreed them; tables and network stay the same objects."""
    after, touched = _apply(
        world,
        ChangeStandard("supermarket", "car", 8.0, agreed_by="AG Nahversorgung", agreed_on="2026-11-01", reason="r"),
        ChangeRate("state.reached_share", 0.9),
    )
    _same_but(world, after, "catalogue")
    value = after.catalogue.services["supermarket"].standards["car"].minimum
    assert (value.value, value.unit, value.agreed_by, value.agreed_on) == (8.0, "min", "AG Nahversorgung", "2026-11-01")
    assert after.catalogue.value("state.reached_share") == 0.9
    assert world.catalogue.value("state.reached_share") == 0.8
    assert touched.services == frozenset(world.catalogue.facility_services())
    assert not touched.streets
    assert not touched.timetable


def test_a_speed_touches_the_streets(world: World) -> None:
    """A detour figure makes the ways be built again, a walking speed the timetable's walks be made again."""
    after, touched = _apply(world, ChangeRate("detour.car", 2.0))
    assert touched.streets
    assert after.network.car is not world.network.car
    assert _apply(world, ChangeRate("walk_speed.all", 1.0))[1].timetable


def test_trips_lines_and_stops(world: World) -> None:
    """A trip more, a trip less, a line less, a stop more and one less: counted in the connections of the day."""
    before = world.network.timetable
    assert before is not None
    day = _apply(world, AddTrip(line="7", stops=("Adorf", "Cstadt"), times=("10:00", "10:20")))[0].network.timetable
    assert day is not None
    assert len(day.dep_s) == len(before.dep_s) + 1
    assert (np.diff(day.dep_s) >= 0).all()
    assert day.trips["route"].iloc[-1] == "7"
    less = _apply(world, RemoveTrip(line="1", stop="Bdorf", time="09:00"))[0].network.timetable
    assert less is not None
    assert len(less.dep_s) == len(before.dep_s) - 1
    assert not ((less.dep_s == 9 * 3600) & (less.from_stop == 1)).any()
    none, touched = _apply(world, RemoveLine(line="1"))
    assert none.network.timetable is not None
    assert not len(none.network.timetable.dep_s)
    assert touched == Touched(timetable=True)
    _same_but(world, none, "network")
    ddorf, touched = _apply(
        world,
        AddStop("Ddorf", lon=_degrees(7000.0, 0.0)[0], lat=_degrees(7000.0, 0.0)[1]),
        AddTrip(line="9", stops=("Ddorf", "Cstadt"), times=("10:00", "10:05")),
    )
    assert ddorf.network.timetable is not None
    assert ddorf.network.timetable.stops["name"].iloc[-1] == "Ddorf"
    assert ddorf.network.timetable.stops["departures"].iloc[-1] == 1
    assert ddorf.region.facilities.iloc[-1][["service", "name"]].tolist() == ["bus_stop", "Ddorf"]
    assert touched == Touched(frozenset({"bus_stop"}), timetable=True)
    silent = _apply(world, RemoveStop("Cstadt"))[0].network.timetable
    assert silent is not None
    assert not ((silent.from_stop == 2) | (silent.to_stop == 2)).any()


def test_a_bridge_in_straight_lines_is_a_crossing(world: World) -> None:
    """A river between Bdorf and Cstadt: the new street adds a crossing where it meets the river, and ways are built anew."""
    river = gpd.GeoDataFrame(
        {"kind": ["barrier"]},
        geometry=[shapely.LineString([(657500.0, 5740000.0), (657500.0, 5760000.0)])],
        crs=tiny_region.CRS,
    )
    wet = replace(world, region=replace(world.region, barriers=river))
    line = (_degrees(7400.0, 100.0), _degrees(7600.0, 100.0))
    after, touched = _apply(wet, AddStreet(line=line))
    assert touched == Touched(streets=True)
    assert after.region.barriers["kind"].tolist() == ["barrier", "crossing"]
    assert after.region.barriers.geometry.iloc[1].distance(shapely.Point(657500.0, 5750100.0)) < 0.1
    assert isinstance(after.network.foot, StraightWays)
    assert after.network.foot is not wet.network.foot
    assert _told(world, AddStreet(line=line)) == [(1, "scenario_no_barrier")]


def test_the_population_of_another_year(world: World) -> None:
    """Persons come from the projection; facilities opened before stay; years and variants outside are told."""

    def moved(region: Region, year: int, variant: str) -> Region:
        return replace(region, cells=region.cells.assign(persons=region.cells["persons"] * 0.5))

    known = replace(world, projection=Projection(2025, 2040, ("trend", "natural"), moved))
    after, touched = _apply(known, OpenFacility("bakery", place="Adorf"), UsePopulation(2035))
    assert after.region.cells["persons"].sum() == world.region.cells["persons"].sum() / 2
    assert len(after.region.facilities) == len(world.region.facilities) + 1
    assert touched == Touched(frozenset({"bakery"}), population=True)
    assert _told(known, UsePopulation(2050, "boom")) == [(1, "scenario_variant_unknown"), (1, "scenario_year_outside")]
    assert _told(known, UsePopulation(2035), UsePopulation(2036)) == [(2, "scenario_population_twice")]
    assert _told(world, UsePopulation(2035)) == [(1, "scenario_no_projection")]


def test_all_problems_of_a_scenario_are_told_together(world: World) -> None:
    """Contradictions, unknown names, impossible values: one list, in order, with the number of the change."""
    lon, lat = _degrees(5000.0, 0.0)
    told = _told(
        world,
        CloseFacility(facility="market"),
        CloseFacility(facility="market"),
        MoveFacility(facility="market", to_place="Adorf"),
        MoveFacility(facility="nowhere", to_place="Atlantis"),
        OpenFacility("bakery", name="B", place="Adorf"),
        OpenFacility("bakery", name="B", place="Adorf"),
        OpenFacility("bakry", place="Adorff"),
        OpenFacility("bakery", lon=lat, lat=lon),
        OpenFacility("bakery", lon=9.0, lat=48.0),
        OpenFacility("bakery", place="Adorf", opening_hours="immer wenn Licht brennt"),
        ResizeFacility(service="pharmacy", capacity=3.0),
        ChangeStandard("supermarket", "car", 5.0, unit="min"),
        ChangeStandard("fire_station", "pt", 5.0),
        ChangeRate("walk_speed.al", 1.0),
        ChangeRate("walk_speed.all", 1.0, unit="km/h"),
        ChangeRate("state.reached_share", 80.0),
        ChangeRate("merge.distance_m", 80.0),
        RemoveLine(line="99"),
        AddTrip(line="1", stops=("Adorf", "Xdorf"), times=("8:00", "8:10")),
        RemoveTrip(line="1", stop="Bdorf", time="09:07"),
        RemoveTrip(trip="t999"),
        RemoveStop("Xdorf"),
        AddStop("Adorf", place="Adorf"),
        AddLine(gtfs="fehlt.zip"),
        AddService(facility="pharmacy", new_service="pharmacy"),
    )
    assert told == [
        (2, "scenario_facility_closed"),
        (3, "scenario_facility_closed"),
        (4, "scenario_facility_unknown"),
        (4, "scenario_place_unknown"),
        (6, "scenario_facility_there"),
        (7, "scenario_service_unknown"),
        (7, "scenario_place_unknown"),
        (8, "scenario_position_swapped"),
        (9, "scenario_position_outside"),
        (10, "scenario_hours"),
        (11, "scenario_facility_ambiguous"),
        (13, "scenario_standard_missing"),
        (14, "scenario_figure_unknown"),
        (15, "scenario_unit"),
        (16, "scenario_range"),
        (17, "scenario_figure_read"),
        (18, "scenario_line_unknown"),
        (19, "scenario_stop_unknown"),
        (20, "scenario_trip_unknown"),
        (21, "scenario_trip_unknown"),
        (22, "scenario_stop_unknown"),
        (23, "scenario_stop_there"),
        (24, "scenario_line_file_missing"),
        (25, "scenario_service_there"),
    ]


def test_the_nearest_names_are_told(world: World) -> None:
    """What might have been meant stands in the problem: places, services, departures, facilities with their ids."""
    with pytest.raises(InputError) as caught:
        resolve(
            Scenario(
                "Plan",
                (
                    OpenFacility("supermarket", place="Adorff"),
                    RemoveTrip(line="1", stop="Bdorf", time="09:07"),
                    CloseFacility(service="pharmacy"),
                ),
            ),
            world,
        )
    place, trip, pharmacy = caught.value.problems
    assert place.params["near"] == "Adorf, Bdorf"
    assert str(trip.params["near"]).startswith("07:00, 08:00, 09:00")
    assert "[maybe]" in str(pharmacy.params["facilities"])
    assert "[pharmacy]" in str(pharmacy.params["facilities"])
    assert pharmacy.params["count"] == 2


def test_without_a_timetable_no_trip_can_change(world: World) -> None:
    """The problem says that there is none, for each such change."""
    still = replace(world, network=tiny_region.network(with_timetable=False))
    assert _told(still, RemoveLine(line="1"), AddStop("X", place="Adorf")) == [
        (1, "scenario_no_timetable"),
        (2, "scenario_no_timetable"),
    ]


def test_warnings_do_not_stop(world: World) -> None:
    """A capacity where the catalogue has no rule, and a move to where it stands, are warnings of the resolved scenario."""
    found = resolve(
        Scenario("Plan", (OpenFacility("church", place="Adorf", capacity=5.0), ChangeRate("state.reached_share", 0.8))),
        world,
    )
    assert [(p.code, p.severity) for p in found.problems] == [
        ("scenario_no_capacity_rule", "warning"),
        ("scenario_value_same", "warning"),
    ]


def test_applying_again_gives_the_same_and_leaves_the_base(world: World, tmp_path: Path) -> None:
    """A resolved scenario is applied as often as one likes; the base world has what it had."""
    rows = world.region.facilities.copy()
    scenario = Scenario("Plan", (OpenFacility("bakery", place="Adorf"), CloseFacility(facility="market")))
    resolved = resolve(scenario, world)
    one, two = apply_scenario(world, resolved)[0], apply_scenario(world, resolved)[0]
    pd.testing.assert_frame_equal(one.region.facilities, two.region.facilities)
    pd.testing.assert_frame_equal(world.region.facilities, rows)
