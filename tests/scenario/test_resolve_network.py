"""Lines from GTFS files and streets on a real street graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ankerort.base.problems import InputError
from ankerort.region.model import RawStreets
from ankerort.region.read_osm_streets import segment_length_m
from ankerort.region.street_tags import CLASS_NAMES, SURFACE_NAMES
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import AddLine, AddStreet
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.world import Touched, World
from reference.gtfs import write_feed
from reference.small_feed import calendar, events, tables
from worlds import tiny_region


def _degrees(x: float, y: float) -> tuple[float, float]:
    found = tiny_region.positions([x], [y])
    return float(found["lon"][0]), float(found["lat"][0])  # type: ignore[index]


def _with_streets(world: World) -> World:
    """Two streets of 1 km from west to east in Bdorf, 500 m apart."""
    points = [_degrees(x, y) for x, y in ((4500, 0), (5500, 0), (4500, 500), (5500, 500))]
    lon, lat = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    start, end = np.array([0, 2], np.int32), np.array([1, 3], np.int32)
    yes, no, none = np.ones(2, bool), np.zeros(4, bool), np.full(2, np.nan, np.float32)
    streets = RawStreets(
        lon,
        lat,
        no,
        no,
        no,
        start,
        end,
        segment_length_m(lon[start], lat[start], lon[end], lat[end]).astype(np.float32),
        np.full(2, CLASS_NAMES.index("residential"), np.uint8),
        np.zeros(2, np.uint8),
        np.array([1, 2]),
        yes,
        yes,
        yes,
        yes,
        yes,
        none,
        none,
        none,
        CLASS_NAMES,
        SURFACE_NAMES,
    )
    return replace(world, region=replace(world.region, streets=streets))


def test_a_new_street_joins_two_streets(world: World) -> None:
    """Before, one street cannot be reached from the other; after, 250 + 500 + 250 m lead from end to end, in new ways."""
    streets = _with_streets(world)
    change = AddStreet(line=(_degrees(4750, 5), _degrees(4750, 495)))
    after, touched = apply_scenario(streets, resolve(Scenario("Plan", (change,)), streets))
    assert touched == Touched(streets=True)
    assert after.region.cells is streets.region.cells
    assert after.network.timetable is streets.network.timetable
    ways = after.network.foot
    east = ways.prepare(*(np.array([v]) for v in (tiny_region.ORIGIN[0] + 4500.0, tiny_region.ORIGIN[1])))
    north = ways.prepare(*(np.array([v]) for v in (tiny_region.ORIGIN[0] + 4500.0, tiny_region.ORIGIN[1] + 500.0)))
    assert ways.columns(east, north, limit=5000).value.tolist() == [pytest.approx(1000, abs=3)]


def test_a_street_that_hangs_loose_is_told(world: World) -> None:
    """Each loose end, an unknown class and a class nobody may use are told."""
    streets = _with_streets(world)
    loose = AddStreet(line=(_degrees(4750, 200), _degrees(4750, 300)))
    unknown = AddStreet(line=(_degrees(4750, 0), _degrees(4750, 500)), street_class="residentail")
    with pytest.raises(InputError) as caught:
        resolve(Scenario("Plan", (loose, unknown)), streets)
    assert [(p.code, p.params["change"]) for p in caught.value.problems] == [
        ("scenario_street_loose", 1),
        ("scenario_street_loose", 1),
        ("scenario_street_class", 2),
    ]
    assert "residential" in str(caught.value.problems[2].params["near"])


def _line(folder: Path, **other: object) -> Path:
    lon, lat = _degrees(5000.0, 0.0)
    far = _degrees(7000.0, 0.0)
    stops = [
        {"stop_id": "n1", "stop_name": "Bdorf", "stop_lon": lon, "stop_lat": lat},
        {"stop_id": "n2", "stop_name": "Ddorf", "stop_lon": far[0], "stop_lat": far[1]},
    ]
    feed = tables(
        **{
            "stops": stops,
            "routes": [{"route_id": "r7", "route_short_name": "7", "route_type": 3}],
            "trips": [{"trip_id": "x", "route_id": "r7", "service_id": "s"}],
            "stop_times": events("x", ("n1", "10:00:00"), ("n2", "10:06:00")),
            "calendar": [calendar(start="20261101", end="20261231")],
            **other,
        }
    )
    path = folder / "linie.zip"
    write_feed(path, feed)
    return path


def test_a_line_from_a_file(world: World, tmp_path: Path) -> None:
    """One stop of the file is Bdorf of the timetable, the other is new and a facility; the trip runs on the day."""
    _line(tmp_path)
    scenario = Scenario("Plan", (AddLine(gtfs="linie.zip"),), path=tmp_path / "plan.toml")
    after, touched = apply_scenario(world, resolve(scenario, world))
    before, now = world.network.timetable, after.network.timetable
    assert before is not None
    assert now is not None
    assert now.stops["name"].tolist() == [*before.stops["name"], "Ddorf"]
    assert len(now.dep_s) == len(before.dep_s) + 1
    added = int(np.flatnonzero(now.to_stop == 3)[0])
    assert (int(now.from_stop[added]), int(now.dep_s[added])) == (1, 10 * 3600)
    assert now.trips["route"].iloc[-1] == "7"
    assert after.region.facilities.iloc[-1][["service", "name"]].tolist() == ["bus_stop", "Ddorf"]
    assert touched == Touched(frozenset({"bus_stop"}), timetable=True)
