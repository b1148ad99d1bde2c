"""Tests of candidate stops, on three places in a row (tests/worlds/tiny_region.py) where every choice can be derived by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ankerort.base.problems import Problem
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.stop_names import StopNames, told_apart
from ankerort.mobile.stops import candidate_stops, suitability
from ankerort.network.build_ways import build_ways
from ankerort.network.model import Network
from ankerort.region.model import Region
from ankerort.region.schema import BUILDINGS, REGISTERED_STOPS
from ankerort.region.schema_mobile import SPOTS, STOP_TABLE
from reference.streets import raw_streets
from worlds import tiny_region

ASK = MobileRequest(services=("citizen_office",))
# (id, kind, x, y) and features
Spot = tuple[str, str, float, float] | tuple[str, str, float, float, dict[str, str]]


def _spots(*spots: Spot) -> pd.DataFrame:
    rows = [
        {"spot_id": f"osm:{s[0]}", "source_id": "osm", "source_ref": s[0], "kind": s[1], "name": s[0]}
        | (s[4] if len(s) > 4 else {})
        for s in spots
    ]
    table = pd.DataFrame(rows).assign(**tiny_region.positions([s[2] for s in spots], [s[3] for s in spots]))
    return SPOTS.conform(table)


def _table(*rows: dict[str, Any]) -> pd.DataFrame:
    if not rows:
        return STOP_TABLE.empty()
    table = pd.DataFrame([{"allowed": True, "kind": "table", "place_id": ""} | r for r in rows])
    where = tiny_region.positions([r["at"][0] for r in rows], [r["at"][1] for r in rows])
    return STOP_TABLE.conform(table.drop(columns="at").assign(**where))


def _catalogue(**figures: float) -> Catalogue:
    """The shipped catalogue with other figures."""
    catalogue = read_catalogue()
    known = dict(catalogue.figures)
    for name, value in figures.items():
        known[f"mobile.{name}"] = replace(known[f"mobile.{name}"], value=value)
    return replace(catalogue, figures=known)


def _choose(
    spots: pd.DataFrame,
    table: pd.DataFrame | None = None,
    *,
    region: Region | None = None,
    request: MobileRequest = ASK,
    catalogue: Catalogue | None = None,
    area: tuple[int, ...] = (0, 1, 2, 3, 4, 5),
) -> tuple[pd.DataFrame, dict[str, Problem]]:
    stops, problems = candidate_stops(
        region or tiny_region.region(),
        catalogue or read_catalogue(),
        spots=spots,
        table=_table() if table is None else table,
        area_cells=np.array(area, np.int32),
        request=request,
        network=tiny_region.network(with_timetable=False),
    )
    return stops.set_index("stop_id"), {p.code: p for p in problems}


def test_each_place_gets_the_stop_that_reaches_most_of_its_old_people() -> None:
    """In Bdorf 10 old people live at (5000, 0) and 5 at (5000, 600): with a walk of 400 m the square in the middle reaches both."""
    spots = _spots(
        ("A", "hall", 0, 0),
        ("B south", "hall", 5000, -300),
        ("B middle", "square", 5000, 300),
        ("B north", "hall", 5000, 900),
        ("C", "church", 10_000, 900),
    )
    stops, problems = _choose(spots)
    assert stops["place_id"].to_dict() == {"osm:A": "a", "osm:B middle": "b", "osm:C": "c"}
    assert stops.loc["osm:B middle", ["name", "kind", "ags"]].tolist() == ["B middle", "square", "15001000"]
    assert problems["mobile_stops_thinned"].params == {"kept": 3, "found": 5, "merged": 0, "left": 2}
    assert problems["mobile_stops_reach"].params == {"near": 65, "old": 65, "walk": 400}


def test_further_stops_join_while_they_reach_enough_people() -> None:
    """Two halls at the ends of Bdorf reach 10 and 5: the second joins if 5 people are enough, and not if they are too few."""
    spots = _spots(("south", "hall", 5000, 0), ("north", "hall", 5000, 600))
    assert _choose(spots, catalogue=_catalogue(stop_gain_min=5))[0].index.tolist() == ["osm:north", "osm:south"]
    assert _choose(spots, catalogue=_catalogue(stop_gain_min=6))[0].index.tolist() == ["osm:south"]
    assert _choose(spots, catalogue=_catalogue(stops_per_place=1))[0].index.tolist() == ["osm:south"]


def test_the_suitable_spot_is_preferred_where_both_reach_the_same() -> None:
    """A level stand counts; of equals the better known kind; a bus stop counts less than another spot."""
    level = {"level_stand": "yes"}
    both = _spots(("hall", "hall", 5000, 100), ("car park", "car_park", 5000, -100, level))
    one = _catalogue(stops_per_place=1)
    assert _choose(both, catalogue=one)[0].index.tolist() == ["osm:car park"]
    equal = _spots(("a car park", "car_park", 5000, -100), ("hall", "hall", 5000, 100))
    assert _choose(equal, catalogue=one)[0].index.tolist() == ["osm:hall"]
    bus = _spots(("bus", "bus_stop", 5000, 100, level), ("church", "church", 5000, -100))
    assert _choose(bus, catalogue=one)[0].index.tolist() == ["osm:church"]


def test_neighbours_are_one_stop_with_what_all_of_them_have() -> None:
    """Within 60 m the hall stands for the car park and takes its level stand and toilet over, but not its way without steps."""
    spots = _spots(
        ("hall", "hall", 5000, 0, {"level_stand": "no", "step_free": ""}),
        ("car park", "car_park", 5050, 0, {"level_stand": "yes", "step_free": "yes", "power": "no"}),
        ("bus", "bus_stop", 5000, 50, {"shelter": "yes"}),
        ("other", "church", 5000, 70),
    )
    stops, problems = _choose(spots, catalogue=_catalogue(stops_per_place=1))
    assert stops.index.tolist() == ["osm:hall"]
    features = ["level_stand", "step_free", "power", "shelter", "toilet"]
    assert stops.loc["osm:hall", features].tolist() == ["yes", "", "", "yes", ""]
    assert problems["mobile_stops_thinned"].params == {"kept": 1, "found": 4, "merged": 2, "left": 1}


def test_poles_of_one_name_are_one_stop_and_stop_names_lose_their_place() -> None:
    """ "Ort (Gemeinde), Stop" names no place: position decides, the part after the comma is the name, platforms are one stop."""
    names = ["Xdorf (Ygemeinde), Kirche", "Xdorf (Ygemeinde), Kirche", "Bdorf", "Bdorf, Ersatzhaltestelle"]
    table = pd.DataFrame(
        {"stop_id": ["de:1:0:1", "de:1:0:2", "de:2", "de:3"], "name": names, "kind": "stop", "source_id": "reg"}
    )
    table = table.assign(
        ags="99999999", **tiny_region.positions([5000.0, 5150.0, 5000.0, 5300.0], [0.0, 0.0, 600.0, 600.0])
    )
    region = replace(tiny_region.region(), registered_stops=REGISTERED_STOPS.conform(table))
    stops, _ = _choose(_spots(("far", "hall", 0, 0)), region=region)
    own = stops[stops["source_id"] == "reg"]
    assert own["name"].to_dict() == {"reg:de:1:0:1": "Kirche", "reg:de:2": "Bdorf"}
    assert own["place_id"].unique().tolist() == ["b"]
    assert own["ags"].unique().tolist() == ["15001000"]


@pytest.mark.parametrize(
    ("name", "stop"),
    [
        ("Bdorf, Bahnhof", "Bahnhof"),
        ("Bdorf (Ahausen), Kirche", "Kirche"),
        ("Fremdort (Fern), Kirche", "Kirche"),  # nobody knows the place: it stands before the comma
        ("Kirche, Ahausen (Börde)", "Kirche"),  # the other way round, as in Hessen
        ("Bdorf Am Anger, Ahausen", "Am Anger"),
        ("Bdorf, Ahausen", "Bdorf"),  # a stop that is called as its place
        ("Ahausen, Bdorf", "Bdorf"),
        ("Waldsiedlung Eichbaumstraße am Gewerbegebiet, Ahau", "Waldsiedlung Eichbaumstraße am Gewerbegebiet"),
        (" Bdorf  Mitte ", "Bdorf Mitte"),
        ("Bdorf,", "Bdorf"),
    ],
)
def test_stop_names_lose_their_place_on_either_side_of_the_comma(name: str, stop: str) -> None:
    """The region's places and municipalities tell which side of the comma names the place."""
    region = tiny_region.region()
    region = replace(region, municipalities=region.municipalities.assign(name=["Ahausen", "Cestadt"]))
    assert StopNames(region).of(name) == stop


@pytest.mark.parametrize(
    ("name", "stop"),
    [
        ("Rodenbach, Altenstadt (Hessen)", "Rodenbach"),
        ("Altenstadt, Rodenbach", "Rodenbach"),
        ("Kirche, Rodenbach", "Kirche"),
    ],
)
def test_the_own_place_of_a_stop_decides_where_names_stand_twice(name: str, stop: str) -> None:
    """Rodenbach is a village of Altenstadt and a municipality elsewhere: the stop's own place tells which is meant."""
    region = tiny_region.region()
    region = replace(
        region,
        municipalities=region.municipalities.assign(name=["Altenstadt", "Rodenbach"]),
        places=region.places.assign(name=["Altenstadt", "Rodenbach", "Cstadt"]),
    )
    assert StopNames(region).of(name, "b", "15001000") == stop


def test_the_users_table_wins() -> None:
    """His stop is kept though it reaches nobody, stands for its neighbours and keeps his cells; what he rules out is gone."""
    spots = _spots(("hall", "hall", 5000, 0, {"toilet": "yes", "power": "yes"}), ("closed", "hall", 5000, 600))
    table = _table(
        {"stop_id": "own", "name": "Schmiede", "at": (5030.0, 0.0), "toilet": "no", "place_id": "b"},
        {"stop_id": "lonely", "name": "Weg", "at": (1200.0, 0.0), "place_id": "b"},
        {"stop_id": "never", "name": "Hof", "at": (5000.0, 630.0), "allowed": False},
    )
    stops, problems = _choose(spots, table)
    assert stops.index.tolist() == ["lonely", "own"]
    assert stops.loc["own", ["name", "kind", "toilet", "power"]].tolist() == ["Schmiede", "table", "no", "yes"]
    assert stops.loc["lonely", "place_id"] == "b"  # as he wrote, though Adorf is nearer
    assert problems["mobile_stops_forbidden"].params == {"n": 1}


def test_asked_for_and_forbidden_stops() -> None:
    """A stop that is to be kept is never left out, by id or by name; a forbidden one never takes part, nor a forbidden place."""
    spots = _spots(("best", "hall", 5000, 300), ("Kapelle", "church", 5000, -350), ("A", "hall", 0, 0))
    keep = replace(ASK, keep=("kapelle",))
    assert "osm:Kapelle" in _choose(spots, request=keep)[0].index
    assert "osm:Kapelle" not in _choose(spots)[0].index
    without = _choose(spots, request=replace(ASK, forbid=("osm:best",)))[0]
    assert without.index.tolist() == ["osm:A", "osm:Kapelle"]
    _, problems = _choose(_spots(("A", "hall", 0, 0)), request=replace(ASK, forbid=("b",)))
    assert "Bdorf" not in str(problems["mobile_places_without_stop"].params["names"])


def test_places_without_a_stop_are_named() -> None:
    """Bdorf has none: its 15 old people are told. Where no house lies within the walk the nearest stop stays, and that is told."""
    stops, problems = _choose(_spots(("A", "hall", 0, 0), ("C", "hall", 10_000, 2000)))
    assert stops.index.tolist() == ["osm:A", "osm:C"]
    assert problems["mobile_places_without_stop"].params == {"n": 1, "old": 15, "names": "Bdorf"}
    assert problems["mobile_places_far_stop"].params == {"n": 1, "old": 40, "names": "Cstadt", "walk": 400}
    assert problems["mobile_stops_reach"].params["near"] == 10


def test_the_most_stops_go_to_the_places_with_most_old_people() -> None:
    """Of three places two stops go to Cstadt (40) and Bdorf (15); Adorf (10) is told."""
    spots = _spots(("A", "hall", 0, 0), ("B", "hall", 5000, 300), ("C", "hall", 10_000, 900))
    stops, problems = _choose(spots, catalogue=_catalogue(stops_most=2))
    assert stops.index.tolist() == ["osm:B", "osm:C"]
    assert problems["mobile_places_beyond_most"].params == {"n": 1, "old": 10, "names": "Adorf"}


def test_only_the_area_counts() -> None:
    """Stops whose nearest inhabited cell lies outside the area take no part, nor what lies far from all houses."""
    spots = _spots(("A", "hall", 0, 0), ("B", "hall", 5000, 300), ("wood", "car_park", 2500, 0))
    stops, problems = _choose(spots, area=(2, 3))
    assert stops.index.tolist() == ["osm:B"]
    assert "mobile_places_without_stop" not in problems


def test_facilities_and_buildings_are_spots_but_for_internal_lists() -> None:
    """A hall of a list and a room that others may use are spots; what an internal list alone knows stands in no plan."""
    base = tiny_region.region(
        facilities=(
            ("h", "village_hall", "b", 5000.0, 300.0, "certain"),
            ("s", "supermarket", "b", 5000.0, 0.0, "certain"),
        )
    )
    rooms = pd.DataFrame(
        {"building_id": ["r", "i"], "name": ["Schule", "Geheim"], "use": "shareable", "step_free": "limited"}
    )
    rooms = rooms.assign(source_id=["list", "secret"], **tiny_region.positions([0.0, 10_000.0], [0.0, 900.0]))
    sources = pd.concat([base.sources, base.sources[:1].assign(source_id="secret", internal=True)], ignore_index=True)
    region = replace(base, buildings=BUILDINGS.conform(rooms), sources=sources)
    stops, _ = _choose(SPOTS.empty(), region=region)
    assert stops["kind"].to_dict() == {"r": "building", "h": "hall"}
    assert stops.loc["r", ["shelter", "step_free"]].tolist() == ["yes", ""]


def test_spots_without_a_name_are_called_after_what_is_near() -> None:
    """A car park after the nearest spot with a name, else after its place; two of one name are told apart."""
    spots = _spots(
        ("1", "car_park", 5000, 0, {"name": ""}),
        ("2", "church", 5000, 100, {"name": "St. Anna"}),
        ("3", "car_park", 5000, 600, {"name": ""}),
        ("4", "hall", 0, 0, {"name": ""}),
        ("5", "hall", 300, 0, {"name": ""}),
    )
    stops, _ = _choose(spots, request=replace(ASK, keep=tuple(f"osm:{k}" for k in range(1, 6))))
    assert stops["name"].to_dict() == {
        "osm:1": "Parkplatz bei „St. Anna“",
        "osm:2": "St. Anna",
        "osm:3": "Parkplatz in Bdorf",
        "osm:4": "Dorfgemeinschaftshaus Adorf (West)",
        "osm:5": "Dorfgemeinschaftshaus Adorf (Ost)",
    }


def test_spots_of_one_name_are_told_apart_by_where_they_lie() -> None:
    """Each gets its direction from their middle; two in one direction get a number; the same name in another place stays."""
    names = pd.Series(["P", "P", "P", "P", "P", "Q"])
    place = pd.Series(["a", "a", "a", "a", "b", "a"])
    xy = np.array([[0.0, 400.0], [0.0, 500.0], [0.0, -400.0], [0.0, -500.0], [0.0, 0.0], [0.0, 0.0]])
    assert told_apart(names, place, xy) == ["P (Nord)", "P (Nord 2)", "P (Süd)", "P (Süd 2)", "P", "Q"]
    ring = np.array([[np.sin(k * np.pi / 4), np.cos(k * np.pi / 4)] for k in range(8)])
    words = [n[3:-1] for n in told_apart(pd.Series(["P"] * 8), pd.Series(["a"] * 8), 100 * ring)]
    assert words == ["Nord", "Nordost", "Ost", "Südost", "Süd", "Südwest", "West", "Nordwest"]


def test_suitability_counts_what_is_not_known_half() -> None:
    """Weighted share of what is there and of what is known; all unknown is one half, of which nothing is known."""
    features = read_catalogue().mobile.features
    weight = {f.id: f.weight.value for f in features}
    table = pd.DataFrame([dict.fromkeys(weight, ""), dict.fromkeys(weight, "yes"), dict.fromkeys(weight, "no")])
    table.loc[3] = dict.fromkeys(weight, "") | {"level_stand": "yes", "toilet": "no"}
    there, known = suitability(table, features)
    share = {k: w / sum(weight.values()) for k, w in weight.items()}
    expected = 0.5 + share["level_stand"] / 2 - share["toilet"] / 2
    assert there == pytest.approx([0.5, 1.0, 0.0, expected])
    assert known == pytest.approx([0.0, 1.0, 1.0, share["level_stand"] + share["toilet"]])


def test_without_streets_on_foot_the_straight_line_stands_in() -> None:
    """Without a network a walk is the line times the detour figure: 300 m beside are 390 m at a detour of 1.3, 320 m are too far."""
    region = tiny_region.region()
    figures = dict(read_catalogue().figures)
    figures["detour.foot"] = replace(figures["detour.foot"], value=1.3)
    catalogue = replace(read_catalogue(), figures=figures)
    for x, near in ((300.0, 10), (320.0, 0)):
        _, problems = candidate_stops(
            region,
            catalogue,
            spots=_spots(("A", "hall", -x, 0)),
            table=_table(),
            area_cells=np.array([0], np.int32),
            request=ASK,
        )
        assert next(p for p in problems if p.code == "mobile_stops_reach").params["near"] == near


def test_stops_of_the_timetable_are_spots() -> None:
    """Every place has a bus stop of the timetable, so each has a candidate, named by its feed."""
    stops, problems = candidate_stops(
        tiny_region.region(),
        read_catalogue(),
        spots=SPOTS.empty(),
        table=_table(),
        area_cells=np.arange(6, dtype=np.int32),
        request=ASK,
        network=tiny_region.network(),
    )
    assert stops["stop_id"].tolist() == ["gtfs:Adorf", "gtfs:Bdorf", "gtfs:Cstadt"]
    assert [p.code for p in problems] == ["mobile_stops_reach"]


def test_another_stop_takes_part_where_the_vehicle_cannot_come() -> None:
    """A hall at a street for light vehicles only is left out for the church at a sound one, unless the planner asks for it."""
    base = tiny_region.region()
    ends = tiny_region.positions([4000.0, 5000.0, 6000.0, 5000.0], [0.0, 0.0, 0.0, 600.0])
    raw = raw_streets([(0.0, 0.0)] * 4, [{"a": 0, "b": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 3}])
    raw = replace(
        raw,
        node_lon=np.asarray(ends["lon"]),
        node_lat=np.asarray(ends["lat"]),
        segment_m=np.array([1000, 1000, 600], np.float32),
        max_weight_t=np.array([np.nan, np.nan, 2.0], np.float32),
    )
    region = replace(base, streets=raw)
    catalogue = read_catalogue()
    foot, bike, car = build_ways(region, catalogue=catalogue)
    spots = _spots(("hall", "hall", 5000, 300), ("church", "church", 5000, 30))

    def chosen(request: MobileRequest) -> tuple[list[str], list[str]]:
        stops, problems = candidate_stops(
            region,
            catalogue,
            spots=spots,
            table=_table(),
            area_cells=np.array([2, 3], np.int32),
            request=request,
            network=Network(foot, bike, car, None, None),
        )
        return stops["stop_id"].tolist(), [p.code for p in problems]

    stops, codes = chosen(ASK)
    assert stops == ["osm:church"]
    assert "mobile_stops_unreached" in codes
    stops, codes = chosen(replace(ASK, keep=("osm:hall",)))
    assert "osm:hall" in stops
    assert "mobile_stops_unreached" not in codes
