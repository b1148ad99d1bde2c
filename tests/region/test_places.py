"""Places: which settlements there are, which cells belong to each, how they are called."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.base.problems import Problems
from ankerort.region.assign import assign_municipality, assign_place
from ankerort.region.place_names import PlaceNames, place_ids, print_names
from ankerort.region.places import PlaceInputs, PlaceSet, build_places, finish_places, report_unnamed_people
from ankerort.region.stop_places import place_key, place_of_stop_name, places_from_stops

CRS = "EPSG:25832"
SHAPES = gpd.GeoDataFrame(
    {"ags": ["15001000", "15001001"]},
    geometry=[shapely.box(0, 0, 10_000, 10_000), shapely.box(10_000, 0, 20_000, 10_000)],
    crs=CRS,
)
MUNICIPALITIES = pd.DataFrame(
    {
        "ags": ["15001000", "15001001"],
        "name": ["Ahausen", "Halle (Saale)"],
        "district_name": ["Kreis", "Kreis"],
        "in_study": [True, False],
    }
)


def cells(*rows: tuple[float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["x", "y", "persons"]).astype(float)
    frame["cell_id"] = [f"c{k}" for k in range(len(frame))]
    frame["size_m"] = 100.0
    for band in ("p_65_74", "p_75_84", "p_85_plus"):
        frame[band] = frame["persons"] / 10
    frame["ags"] = assign_municipality(frame["x"].to_numpy(), frame["y"].to_numpy(), SHAPES)
    return frame


def listed(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["name", "x", "y"]).astype({"x": float, "y": float, "name": "str"})
    return frame.assign(ags="", source_id="list", row=range(2, len(frame) + 2), file="orte.csv")


def osm(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["name", "kind", "x", "y"]).astype({"x": float, "y": float})
    return frame.astype({"name": "str", "kind": "str"}).assign(source_id="osm")


def stops(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["name", "x", "y"]).astype({"x": float, "y": float, "name": "str"})
    frame["ags"] = assign_municipality(frame["x"].to_numpy(), frame["y"].to_numpy(), SHAPES)
    return frame.assign(source_id="register")


def areas(*rows: tuple[str, bool, shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": [r[0] for r in rows], "ags": "", "source_id": "areas", "by_user": [r[1] for r in rows]},
        geometry=[r[2] for r in rows],
        crs=CRS,
    )


def overrides(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["cell_id", "x", "y", "name"]).astype({"x": float, "y": float})
    return frame.assign(ags="", row=range(2, len(frame) + 2), file="zellen.csv")


def build(
    people: pd.DataFrame, *, problems: Problems | None = None, **given_inputs: pd.DataFrame | gpd.GeoDataFrame
) -> tuple[PlaceSet, pd.DataFrame]:
    inputs = {"listed": listed(), "osm": osm(), "areas": areas(), "stops": stops(), "overrides": overrides()}
    found = build_places(
        PlaceInputs(**{**inputs, **given_inputs}),  # type: ignore[arg-type]
        municipalities=MUNICIPALITIES,
        shapes=SHAPES,
        cells=people,
        min_persons=30,
        stop_radius_m=750,
        nearest_m=2000,
        problems=Problems() if problems is None else problems,
    )
    people["place_id"] = found.cell_place
    return found, finish_places(found, people, set(), MUNICIPALITIES)


def test_nearest_place_within_two_kilometres_else_outlying() -> None:
    """A cell belongs to the nearest place of its own municipality within 2 km, else to the outlying place."""
    people = cells((1000, 1000, 10), (1900, 1000, 20), (3100, 1000, 5), (9900, 5000, 7), (10_100, 5000, 3))
    _, table = build(people, osm=osm(("A", "village", 1000, 1000), ("B", "hamlet", 2500, 1000)))
    assert people["place_id"].tolist() == [
        "15001000-a",
        "15001000-b",
        "15001000-b",
        "15001000-ahausen-uebriges-gebiet",
        "15001001-halle-saale",
    ]
    by_id = table.set_index("place_id")
    assert by_id.loc["15001000-b", "persons"] == 25
    assert by_id.loc["15001000-b", "persons_65_plus"] == pytest.approx(7.5)
    assert by_id["kind"].to_dict() == {
        "15001000-a": "village",
        "15001000-ahausen-uebriges-gebiet": "outlying",
        "15001000-b": "hamlet",
        "15001001-halle-saale": "whole_municipality",
    }
    assert by_id["in_study"].tolist() == [True, True, True, False]


def test_place_next_door_does_not_take_cells_over_the_border() -> None:
    """A nearer place of another municipality does not count."""
    people = cells((9900, 5000, 40))
    build(people, osm=osm(("A", "village", 8000, 5000), ("B", "village", 10_100, 5000)))
    assert people["place_id"].tolist() == ["15001000-a"]


def test_only_settlements_count() -> None:
    """Locality, region, municipality and isolated dwelling are no places."""
    wrong = [(kind, kind, 1000.0, 1000.0) for kind in ("locality", "region", "municipality", "isolated_dwelling")]
    _, table = build(cells((1000, 1000, 10)), osm=osm(*wrong))
    assert set(table["kind"]) == {"whole_municipality"}


def test_list_goes_before_osm_before_stop_names() -> None:
    """In each municipality the first source that names a place counts alone."""
    people = cells((1000, 1000, 50), (5000, 5000, 50), (15_000, 5000, 50))
    _, table = build(
        people,
        listed=listed(("Listed", 1000, 1000)),
        osm=osm(("Osm", "village", 5000, 5000), ("East", "village", 15_000, 5000)),
        stops=stops(("Stop, X", 5000, 5000), ("Stop, X", 15_000, 5000)),
    )
    assert set(table.loc[table["kind"] != "outlying", "name"]) == {"Listed", "East"}


@pytest.mark.parametrize(
    ("stop", "place", "comma"),
    [
        ("Abbendorf (Diesdorf), Abzweig", "Abbendorf", True),
        ("Magdeburg,Alter Markt", "Magdeburg", True),
        ("Neinstedt", "Neinstedt", False),
        ("Wernigerode Hbf (HSB)", "Wernigerode", False),
        ("Roßlau(Elbe)", "Roßlau", False),
        ("Abzweig Gimmel (Altkirchen)", "Gimmel", False),
        ("Harzgerode Sib_Strh 007 P7", "", False),
    ],
)
def test_place_of_stop_name(stop: str, place: str, comma: bool) -> None:
    """Text before the comma, brackets cut off; names without comma lose words of a stop; codes are no places."""
    assert place_of_stop_name(stop) == (place, comma)


def test_stop_names_need_thirty_people_of_the_municipality() -> None:
    """29 people within 750 m are too few, 30 are enough; people of another municipality or farther away do not count."""
    people = cells((1000, 1000, 30), (5000, 5000, 29), (5000, 5751, 99), (9900, 8000, 10), (10_100, 8000, 90))
    _, table = build(people, stops=stops(("A, X", 1000, 1000), ("B, X", 5000, 5000), ("Grenze, X", 9950, 8000)))
    assert set(table.loc[table["rule"] == "stop_names", "name"]) == {"A"}


def test_position_is_a_stop_in_the_middle_of_the_people() -> None:
    """Of three stops the one nearest to the mean weighted with the people around each."""
    people = cells((1000, 1000, 100), (3000, 1000, 40))
    _, table = build(people, stops=stops(("A, 1", 1000, 1000), ("A, 2", 1600, 1000), ("A, 3", 3000, 1000)))
    row = table.set_index("name").loc["A"]
    # weights 100, 100, 40 -> mean 1583 -> the stop at 1600
    assert (row["x"], row["y"]) == (1600, 1000)


def test_name_without_comma_joins_the_place_it_begins_with() -> None:
    """ "Blankenburg Westend" is a stop of Blankenburg if a comma name says that there is a Blankenburg."""
    people = cells((1000, 1000, 100))
    _, table = build(people, stops=stops(("Blankenburg, Markt", 1000, 1000), ("Blankenburg Westend", 1100, 1000)))
    assert table.loc[table["rule"] == "stop_names", "name"].tolist() == ["Blankenburg"]


def test_bracket_that_is_part_of_the_municipality_s_name_stays() -> None:
    """Halle in the municipality Halle (Saale) is called Halle (Saale)."""
    people = cells((15_000, 5000, 100))
    _, table = build(people, stops=stops(("Halle (Saale), Markt", 15_000, 5000)))
    assert "Halle (Saale)" in set(table.loc[table["rule"] == "stop_names", "name"])


def test_polygon_is_the_area_of_the_place_of_its_name() -> None:
    """Cells inside go to the place even if another is nearer; cells outside do not go to it while others are near."""
    people = cells((1000, 1000, 10), (2400, 1000, 10), (3500, 1000, 10))
    found, _ = build(
        people,
        osm=osm(("A", "village", 1000, 1000), ("B", "village", 2500, 1000)),
        areas=areas(("A", False, shapely.box(0, 0, 2450, 5000))),
    )
    assert people["place_id"].tolist() == ["15001000-a", "15001000-a", "15001000-b"]
    assert found.areas["place_id"].tolist() == ["15001000-a"]


def test_a_polygon_around_two_villages_is_shared_by_them() -> None:
    """OSM draws Lindheim's boundary around Enzheim too: Enzheim keeps the people beside it."""
    people = cells((1000, 1000, 10), (2400, 1000, 10), (2600, 1200, 10), (1600, 1000, 10))
    build(
        people,
        osm=osm(("A", "village", 1000, 1000), ("B", "village", 2500, 1000)),
        areas=areas(("A", False, shapely.box(0, 0, 5000, 5000))),
    )
    assert people["place_id"].tolist() == ["15001000-a", "15001000-b", "15001000-b", "15001000-a"]


def test_polygon_of_the_user_becomes_a_place_and_replaces_stop_names_inside() -> None:
    """An inhabited Stadtteil without a place of its name is a place; an uninhabited one is none."""
    people = cells((1000, 1000, 40), (4500, 1000, 5))
    _, table = build(
        people,
        stops=stops(("Ahausen, Markt", 1000, 1000)),
        areas=areas(("Mitte", True, shapely.box(0, 0, 2000, 2000)), ("Hafen", True, shapely.box(0, 8000, 900, 9000))),
    )
    settled = table[table["kind"] == "listed"]
    assert settled["name"].tolist() == ["Mitte"]
    assert settled["rule"].tolist() == ["boundary"]
    assert (settled["x"].iloc[0], settled["y"].iloc[0]) == (1000, 1000)  # the cell in the middle of its people
    assert "Ahausen" not in set(table["name"])


def test_node_and_outline_of_one_settlement_are_one_place() -> None:
    """Same name and municipality nearer than 2 km is one place; farther apart two, with a number."""
    people = cells((1000, 1000, 10))
    _, table = build(
        people,
        osm=osm(("Neu", "village", 1000, 1000), ("Neu", "hamlet", 1500, 1000), ("Neu", "hamlet", 8000, 8000)),
    )
    names = table[table["name"] == "Neu"]
    assert names["place_id"].tolist() == ["15001000-neu", "15001000-neu-2"]
    assert names["print_name"].tolist() == ["Neu (Ahausen) 1", "Neu (Ahausen) 2"]


def test_override_has_the_last_word() -> None:
    """By cell id or position; unknown place or cell is a warning that suggests a name."""
    people = cells((1000, 1000, 10), (1200, 1000, 10))
    problems = Problems()
    nan = float("nan")
    build(
        people,
        problems=problems,
        osm=osm(("Berge", "village", 1000, 1000), ("Tal", "village", 2000, 1000)),
        overrides=overrides(
            ("c0", nan, nan, "Tal"), ("", 1210, 990, "Tal"), ("c1", nan, nan, "Bergen"), ("c9", nan, nan, "Tal")
        ),
    )
    assert people["place_id"].tolist() == ["15001000-tal", "15001000-tal"]
    assert [(p.code, p.row) for p in problems] == [("place_unknown", 4), ("override_cell", 5)]
    assert next(iter(problems)).params["suggestion"] == "Berge"


def test_listed_place_outside_is_named() -> None:
    """A place of the list in no municipality is a warning with its row."""
    problems = Problems()
    build(cells((1000, 1000, 10)), problems=problems, listed=listed(("Weit", 90_000, 0)))
    assert [(p.code, p.row) for p in problems] == [("place_outside", 2)]


def test_a_list_that_names_too_few_places_is_a_warning() -> None:
    """The list replaces the places of OSM in its municipality: 50 people of the place left out are told, 20 in the listed one are not.
    With the place back in the list nothing is told."""
    people = cells((1000, 1000, 20), (6000, 6000, 50))
    short, whole = Problems(), Problems()
    village = osm(("Osm", "village", 6000, 6000))
    _, table = build(people, listed=listed(("Listed", 1000, 1000)), osm=village)
    report_unnamed_people(table, short)
    assert [(p.code, p.severity, p.params["persons"]) for p in short] == [("place_people_unnamed", "warning", 50)]
    _, table = build(people, listed=listed(("Listed", 1000, 1000), ("Osm", 6000, 6000)), osm=village)
    report_unnamed_people(table, whole)
    assert not len(whole)


def test_same_names_are_told_apart_in_print() -> None:
    """Municipality in brackets, then the district, then a number; a single name stays as it is."""
    municipalities = pd.DataFrame(
        {"ags": ["1", "2", "3"], "name": ["Gardelegen", "Neustadt", "Neustadt"], "district_name": ["K", "L", "M"]}
    )
    places = pd.DataFrame({"name": ["Berge", "Berge", "Solo", "Berge", "Berge"], "ags": ["1", "2", "1", "3", "3"]})
    assert print_names(places, municipalities) == [
        "Berge (Gardelegen)",
        "Berge (Neustadt, L)",
        "Solo",
        "Berge (Neustadt, M) 1",
        "Berge (Neustadt, M) 2",
    ]


def test_names_are_found_as_people_write_them() -> None:
    """Name, print name, id; case, umlauts and hyphens do not matter; the key tells same names apart."""
    places = pd.DataFrame(
        {
            "place_id": ["1-gross-boerde", "2-berge", "3-berge"],
            "name": ["Groß Börde", "Berge", "Berge"],
            "print_name": ["Groß Börde", "Berge (A)", "Berge (B)"],
            "ags": ["1", "2", "3"],
        }
    )
    names = PlaceNames(places)
    assert names.find("gross-boerde") == ["1-gross-boerde"]
    assert names.find("Berge") == ["2-berge", "3-berge"]
    assert names.find("Berge", "3") == ["3-berge"]
    assert names.find("Berge (A)") == ["2-berge"]
    assert names.find("") == []
    assert place_key("Groß-Börde") == "gross boerde"


def test_ids_are_stable() -> None:
    """Key and name in plain letters; a second place of the name gets a number."""
    assert place_ids(pd.Series(["Süd-Wald", "Süd Wald"]), pd.Series(["1", "1"])) == ["1-sued-wald", "1-sued-wald-2"]


def test_municipality_by_polygon_borders_gaps_and_the_outer_edge() -> None:
    """A border point goes to the smaller key, a lake inside to the nearest, a point outside to none."""
    lake = shapely.box(4000, 4000, 5000, 5000)
    shapes = gpd.GeoDataFrame(
        {"ags": ["2", "1"]},
        geometry=[shapely.box(0, 0, 9000, 9000).difference(lake), shapely.box(9000, 0, 9500, 9000)],
        crs=CRS,
    )
    x = np.array([9000.0, 4100.0, -10.0, np.nan])
    y = np.array([100.0, 4500.0, 100.0, 5.0])
    assert assign_municipality(x, y, shapes).tolist() == ["1", "2", "", ""]


def test_no_stops_no_places() -> None:
    """Stops without municipality or name make no place."""
    empty = places_from_stops(
        stops(("X, Y", 90_000, 0)),
        municipality_names={},
        cell_xy=np.zeros((0, 2)),
        cell_persons=np.zeros(0),
        cell_ags=np.zeros(0, dtype=object),
        min_persons=30,
        radius_m=750,
    )
    assert empty.empty


@settings(max_examples=40, deadline=None)
@given(
    points=st.lists(st.tuples(st.integers(0, 19_999), st.integers(0, 9_999)), min_size=1, max_size=30),
    spots=st.lists(st.tuples(st.integers(0, 19_999), st.integers(0, 9_999)), min_size=1, max_size=6, unique=True),
)
def test_every_point_has_exactly_the_place_that_a_plain_search_finds(
    points: list[tuple[int, int]], spots: list[tuple[int, int]]
) -> None:
    """The grouped tree search equals a loop over all places, and no point of a known municipality stays without place."""
    xy = np.array(points, dtype=float)
    sx, sy = np.array(spots, dtype=float).T
    place_ags = assign_municipality(sx, sy, SHAPES)
    frame = pd.DataFrame({"place_id": [f"p{k}" for k in range(len(spots))], "ags": place_ags, "kind": "village"})
    frame = frame.assign(x=sx, y=sy)
    rest = pd.DataFrame({"place_id": ["r0", "r1"], "ags": SHAPES["ags"], "kind": "outlying", "x": 0.0, "y": 0.0})
    ags = assign_municipality(xy[:, 0], xy[:, 1], SHAPES)
    none = gpd.GeoDataFrame({"place_id": []}, geometry=[], crs=CRS)
    found = assign_place(
        xy[:, 0], xy[:, 1], ags, places=pd.concat([frame, rest], ignore_index=True), areas=none, nearest_m=2000
    )
    for k, (x, y) in enumerate(points):
        own = frame[frame["ags"] == ags[k]]
        distance = np.hypot(own["x"] - x, own["y"] - y)
        near = distance.min() if len(distance) else np.inf
        if near <= 2000:
            assert distance[own["place_id"] == found[k]].iloc[0] == pytest.approx(near)
        else:
            assert found[k] == ("r0" if ags[k] == "15001000" else "r1")


def test_municipality_s_own_bracket_is_left_out_in_print() -> None:
    """No bracket within a bracket: Aderstedt (Bernburg)."""
    municipalities = pd.DataFrame({"ags": ["1", "2"], "name": ["Bernburg (Saale)", "Huy"], "district_name": ["K", "L"]})
    places = pd.DataFrame({"name": ["Aderstedt", "Aderstedt"], "ags": ["1", "2"]})
    assert print_names(places, municipalities) == ["Aderstedt (Bernburg)", "Aderstedt (Huy)"]
