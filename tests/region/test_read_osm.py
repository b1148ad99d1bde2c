"""Features of OSM extracts: facilities, places, areas, stops, footprint."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import numpy as np
import osmium
import pytest
from shapely.geometry import Point

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.merge import merge_facilities
from ankerort.region.read_osm import OsmExtract, read_osm
from ankerort.region.schema import FACILITIES, REGISTERED_STOPS

CRS = "EPSG:25832"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


class World:
    """A small .osm file, written object by object."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.ways: list[str] = []
        self.relations: list[str] = []

    def node(self, id: int, lon: float, lat: float, day: str = "2024-05-01", **tags: str) -> World:
        self.nodes.append(self._item("node", id, tags, day, f'lon="{lon}" lat="{lat}"', ""))
        return self

    def way(self, id: int, refs: list[int], **tags: str) -> World:
        self.ways.append(self._item("way", id, tags, "2024-05-02", "", "".join(f'<nd ref="{r}"/>' for r in refs)))
        return self

    def relation(self, id: int, members: list[tuple[str, int, str]], **tags: str) -> World:
        inner = "".join(f'<member type="{t}" ref="{r}" role="{role}"/>' for t, r, role in members)
        self.relations.append(self._item("relation", id, tags, "2024-05-03", "", inner))
        return self

    def square(self, id: int, lon: float, lat: float, size: float, **tags: str) -> World:
        """A closed way; its nodes take the ids 100 * id and following."""
        corners = [(0, 0), (size, 0), (size, size), (0, size)]
        for k, (dx, dy) in enumerate(corners):
            self.node(100 * id + k, lon + dx, lat + dy)
        return self.way(id, [100 * id + k for k in (0, 1, 2, 3, 0)], **tags)

    @staticmethod
    def _item(kind: str, id: int, tags: dict[str, str], day: str, attributes: str, inner: str) -> str:
        # Colons cannot stand in a keyword, so the tests write two underscores.
        written = "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())
        return f'<{kind} id="{id}" version="1" timestamp="{day}T10:00:00Z" {attributes}>{inner}{written}</{kind}>'

    def text(self, bounds: str = "") -> str:
        body = "".join([*self.nodes, *self.ways, *self.relations])
        return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{bounds}{body}</osm>'

    def write(self, folder: Path, bounds: str = "") -> Path:
        path = folder / "world.osm"
        path.write_text(self.text(bounds), encoding="utf-8")
        return path


def read(path: Path, catalogue: Catalogue) -> tuple[OsmExtract, Problems]:
    problems = Problems()
    return read_osm(path, catalogue=catalogue, source_id="osm", crs=CRS, problems=problems), problems


def one(extract: OsmExtract, service: str) -> dict[str, object]:
    rows = extract.facilities[extract.facilities["service"] == service]
    assert len(rows) == 1
    return rows.iloc[0].to_dict()


def test_node_way_and_relation_become_facilities_at_their_centre(tmp_path: Path, catalogue: Catalogue) -> None:
    """A facility lies at its node, at the centre of its way's area, or at the centre of its relation's area."""
    world = World().node(1, 11.0, 52.0, shop="bakery", name="Müller")
    world.square(2, 11.1, 52.0, 0.002, amenity="school", school__de="Grundschule", name="Grundschule Dorf")
    world.square(3, 11.2, 52.0, 0.004)
    world.relation(4, [("way", 3, "outer")], type="multipolygon", landuse="cemetery")
    extract, problems = read(world.write(tmp_path), catalogue)
    assert len(problems) == 0
    place = {
        service: (one(extract, service)["lon"], one(extract, service)["lat"])
        for service in ("bakery", "primary_school", "cemetery")
    }
    assert place["bakery"] == pytest.approx((11.0, 52.0))
    assert place["primary_school"] == pytest.approx((11.101, 52.001), abs=1e-6)
    assert place["cemetery"] == pytest.approx((11.202, 52.002), abs=1e-6)
    assert one(extract, "cemetery")["source_ref"] == "r4"
    assert list(extract.facilities.columns) == FACILITIES.names
    assert one(extract, "bakery")["x"] == pytest.approx(637278, abs=1000)


def test_opening_hours_that_cannot_be_read_are_told_once(tmp_path: Path, catalogue: Catalogue) -> None:
    """An object with unreadable hours is named once, whatever its services; the text stays. So are hours that replace others."""
    world = World().node(1, 11.0, 52.0, amenity="bank", atm="yes", opening_hours="werktags")
    world.node(2, 11.1, 52.0, shop="bakery", opening_hours="Mo-Fr 08:00-12:00; Mo 14:00-17:00")
    world.node(3, 11.2, 52.0, shop="butcher", opening_hours="nach Vereinbarung", toilets__wheelchair="limited")
    extract, problems = read(world.write(tmp_path), catalogue)
    found = [(p.code, p.severity, p.params["ref"]) for p in problems]
    assert found == [("osm_hours_unreadable", "warning", "n1"), ("osm_hours_replaced", "note", "n2")]
    assert one(extract, "bank_branch")["opening_hours"] == "werktags"
    assert one(extract, "butcher")["toilets_wheelchair"] == "limited"


def test_relation_without_area_lies_amid_its_members(tmp_path: Path, catalogue: Catalogue) -> None:
    """A site relation lies at the mean of its members' centres; members outside the extract are passed over."""
    world = World().node(1, 11.0, 52.0).node(2, 11.2, 52.2)
    world.relation(
        9,
        [("node", 1, ""), ("node", 2, ""), ("way", 77, "")],
        type="site",
        amenity="community_centre",
        name="Bürgerhaus",
    )
    extract, _ = read(world.write(tmp_path), catalogue)
    hall = one(extract, "village_hall")
    assert (hall["lon"], hall["lat"]) == pytest.approx((11.1, 52.1))


def test_described_fields_are_taken_over(tmp_path: Path, catalogue: Catalogue) -> None:
    """Operator, hours, wheelchair, newest check date, capacity and the object's date stand in the row."""
    world = World().node(
        1,
        11.0,
        52.0,
        amenity="kindergarten",
        name="Kita Sonnenschein",
        operator="Gemeinde Dorf",
        operator__type="municipality",
        opening_hours="Mo-Fr 06:00-17:00",
        wheelchair="limited",
        check_date="2023-02",
        survey__date="2022-07-09",
        capacity="45",
    )
    world.node(2, 11.0, 52.0, shop="bakery", wheelchair="maybe", capacity="many", check_date="gestern")
    extract, _ = read(world.write(tmp_path), catalogue)
    kita = one(extract, "kindergarten")
    assert (kita["operator"], kita["operator_kind"], kita["wheelchair"]) == ("Gemeinde Dorf", "Gemeinde", "limited")
    assert (kita["opening_hours"], kita["capacity"]) == ("Mo-Fr 06:00-17:00", 45)
    assert (kita["check_date"], kita["source_date"]) == ("2023-02-01", "2024-05-01")
    bakery = one(extract, "bakery")
    assert (bakery["wheelchair"], bakery["check_date"], bakery["operator_kind"]) == ("", "", "")
    assert np.isnan(bakery["capacity"])


def test_operator_kind_is_guessed_only_where_clear(tmp_path: Path, catalogue: Catalogue) -> None:
    """``operator:type=public`` may be Land, district or municipality, so it stays empty; a Sparkasse is one."""
    world = World().node(1, 11.0, 52.0, amenity="library", operator__type="public")
    world.node(2, 11.0, 52.0, amenity="bank", name="Filiale", operator="Kreissparkasse Börde", opening_hours="Mo 9-12")
    extract, _ = read(world.write(tmp_path), catalogue)
    assert one(extract, "library")["operator_kind"] == ""
    assert one(extract, "bank_branch")["operator_kind"] == "Sparkasse"


@pytest.mark.parametrize("prefix", ["disused", "abandoned", "was"])
def test_prefixed_keys_become_closed_facilities(tmp_path: Path, catalogue: Catalogue, prefix: str) -> None:
    """``disused:shop=bakery`` is a closed bakery with the year where one is known."""
    world = World().node(1, 11.0, 52.0, **{f"{prefix}__shop": "bakery", "name": "Alt", "end_date": "2019-03"})
    extract, _ = read(world.write(tmp_path), catalogue)
    bakery = one(extract, "bakery")
    assert (bakery["state"], bakery["closed_year"], bakery["name"]) == ("closed", "2019", "Alt")
    assert extract.counts["closed"] == 1
    assert extract.counts["facilities"] == 0


def test_disused_yes_closes_what_the_object_is(tmp_path: Path, catalogue: Catalogue) -> None:
    """``disused=yes`` beside ``railway=station`` is a closed station, and no registered stop."""
    extract, _ = read(World().node(1, 11.0, 52.0, railway="station", disused="yes").write(tmp_path), catalogue)
    station = one(extract, "rail_station")
    assert (station["state"], station["closed_year"]) == ("closed", "")
    assert len(extract.registered_stops) == 0


def test_today_lends_the_former_use_neither_name_nor_hours(tmp_path: Path, catalogue: Catalogue) -> None:
    """A bakery in a former pub is an open bakery and a closed inn of another, unknown name."""
    world = World().node(1, 11.0, 52.0, shop="bakery", name="Müller", disused__amenity="pub", opening_hours="24/7")
    extract, _ = read(world.write(tmp_path), catalogue)
    assert one(extract, "bakery")["state"] == "open"
    inn = one(extract, "restaurant")
    assert (inn["state"], inn["name"], inn["opening_hours"]) == ("closed", "", "")


def test_one_object_offers_several_services(tmp_path: Path, catalogue: Catalogue) -> None:
    """A bank with a cash machine is two rows of one object."""
    world = World().node(1, 11.0, 52.0, amenity="bank", atm="yes", opening_hours="Mo 09:00-12:00", name="Volksbank")
    extract, _ = read(world.write(tmp_path), catalogue)
    assert set(extract.facilities["service"]) == {"atm", "bank_branch"}
    assert set(extract.facilities["object_id"]) == {"osm:n1"}
    assert extract.facilities["facility_id"].is_unique


def test_a_stop_called_music_school_is_no_music_school(tmp_path: Path, catalogue: Catalogue) -> None:
    """Rules that go by the name alone say nothing about stops, streets and settlements."""
    world = World().node(1, 11.0, 52.0, highway="bus_stop", name="Musikschule")
    world.node(2, 11.1, 52.0).node(3, 11.2, 52.0).way(4, [2, 3], highway="residential", name="An der Musikschule")
    extract, _ = read(world.write(tmp_path), catalogue)
    assert set(extract.facilities["service"]) == {"bus_stop"}


def test_settlements_are_the_five_kinds_with_a_name(tmp_path: Path, catalogue: Catalogue) -> None:
    """Localities, isolated dwellings and unnamed places are no settlements."""
    world = World()
    kinds = ("city", "town", "suburb", "village", "hamlet", "locality", "isolated_dwelling", "region", "municipality")
    for k, kind in enumerate(kinds):
        world.node(k + 1, 11 + k / 10, 52.0, place=kind, name=kind.title(), population="1.234")
    world.node(50, 11.0, 52.5, place="hamlet")
    extract, problems = read(world.write(tmp_path), catalogue)
    assert sorted(extract.places["kind"]) == ["city", "hamlet", "suburb", "town", "village"]
    assert [p.code for p in problems] == ["osm_unnamed_places"]


def test_area_of_a_settlement_with_a_node_counts_once(tmp_path: Path, catalogue: Catalogue) -> None:
    """The node tells the centre of a settlement that is mapped as an area too; without a node the area does."""
    world = World().node(1, 11.0, 52.0, place="village", name="Altdorf")
    world.square(2, 11.0, 52.0, 0.01, place="village", name="Altdorf")
    world.square(3, 11.2, 52.0, 0.01, place="hamlet", name="Neudorf")
    world.node(9, 11.6, 52.0, place="village", name="Altdorf")
    extract, _ = read(world.write(tmp_path), catalogue)
    assert list(extract.places["ref"]) == ["n1", "n9", "w3"]
    assert extract.places.loc[2, "lon"] == pytest.approx(11.205)


def test_administrative_areas_are_closed_rings_with_holes(tmp_path: Path, catalogue: Catalogue) -> None:
    """Levels 8 to 10 from several ways and with an enclave; other levels are passed over."""
    world = World()
    for k, (lon, lat) in enumerate([(11.0, 52.0), (11.2, 52.0), (11.2, 52.2), (11.0, 52.2)]):
        world.node(k + 1, lon, lat)
    world.way(10, [1, 2, 3]).way(11, [3, 4, 1])
    world.square(12, 11.05, 52.05, 0.05)
    members = [("way", 10, "outer"), ("way", 11, "outer"), ("way", 12, "inner")]
    key = {"de__amtlicher_gemeindeschluessel": "15 083 040"}
    world.relation(1, members, type="boundary", boundary="administrative", admin_level="8", name="Dorf", **key)
    world.relation(2, members, type="boundary", boundary="administrative", admin_level="6", name="Kreis")
    extract, problems = read(world.write(tmp_path), catalogue)
    assert len(problems) == 0
    (area,) = extract.admin_areas.to_dict("records")
    assert (area["name"], area["admin_level"], area["ags_tagged"]) == ("Dorf", 8, "15083040")
    assert extract.admin_areas.crs == CRS
    to_m2 = 6371**2 * np.radians(0.1) ** 2 * np.cos(np.radians(52.1)) * 1e6
    assert area["geometry"].area == pytest.approx((4 - 0.25) * to_m2, rel=0.01)


def test_broken_boundary_is_a_warning(tmp_path: Path, catalogue: Catalogue) -> None:
    """A ring with a missing piece, as at the edge of every extract, is named and left out; the rest is used."""
    world = World().node(1, 11.0, 52.0, shop="bakery").node(2, 11.1, 52.0).way(10, [1, 2])
    world.relation(
        1,
        [("way", 10, "outer"), ("way", 11, "outer")],
        type="boundary",
        boundary="administrative",
        admin_level="9",
        name="Rand",
    )
    extract, problems = read(world.write(tmp_path), catalogue)
    assert len(extract.admin_areas) == 0
    (problem,) = problems
    assert (problem.code, problem.severity, problem.params["names"]) == ("osm_broken_areas", "warning", "Rand")
    assert extract.counts["facilities"] == 1


def test_stops_and_stations_are_registered(tmp_path: Path, catalogue: Catalogue) -> None:
    """Bus stops and stations are facilities and rows of the stop register."""
    world = World().node(1, 11.0, 52.0, highway="bus_stop", name="Kirche")
    world.node(2, 11.1, 52.0, railway="halt", name="Dorf")
    extract, _ = read(world.write(tmp_path), catalogue)
    assert dict(zip(extract.registered_stops["stop_id"], extract.registered_stops["kind"], strict=True)) == {
        "n1": "stop",
        "n2": "station",
    }
    assert list(extract.registered_stops.columns) == REGISTERED_STOPS.names
    assert len(extract.facilities) == 2


def grid_of_streets(size: int) -> World:
    """Streets every 500 m over `size` times `size` squares of about 5.5 km, and a lone tree on each crossing."""
    world = World()
    for row in range(size):
        for column in range(size):
            world.node(1000 * row + column + 1, 11 + column * 0.007, 52 + row * 0.0045, shop="bakery")
    for row in range(size):
        refs = [1000 * row + column + 1 for column in range(size)]
        for k in range(size - 1):
            world.way(10_000 * (row + 1) + k, refs[k : k + 2], highway="residential")
    return world


def test_footprint_is_derived_without_fingers(tmp_path: Path, catalogue: Catalogue) -> None:
    """What lies amid the streets is known; a way that leaves the extract does not carry the knowledge with it."""
    world = grid_of_streets(20)
    for k in range(30):
        world.node(900_000 + k, 11.14 + k * 0.007, 52.04)
    for k in range(29):
        world.way(900_000 + k, [900_000 + k, 900_001 + k], highway="primary")
    extract, _ = read(world.write(tmp_path), catalogue)
    assert extract.footprint_rule == "derived"
    assert extract.footprint is not None
    middle, finger = (read_point(lon, 52.04) for lon in (11.06, 11.30))
    assert extract.footprint.contains(middle)
    assert not extract.footprint.contains(finger)


def read_point(lon: float, lat: float) -> Point:
    from pyproj import Transformer

    return Point(*Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(lon, lat))


def test_box_of_the_header_is_the_footprint_if_it_fits(tmp_path: Path, catalogue: Catalogue) -> None:
    """The box is believed where it fits the content; that of the world, left by a tool, is not."""
    world = grid_of_streets(20)
    fits = '<bounds minlon="11.0" minlat="52.0" maxlon="11.2" maxlat="52.1"/>'
    extract, _ = read(world.write(tmp_path, fits), catalogue)
    assert extract.footprint_rule == "given"
    assert extract.footprint is not None
    assert extract.footprint.area == pytest.approx(13.7e3 * 11.1e3, rel=0.02)
    extract, _ = read(world.write(tmp_path, '<bounds minlon="0" minlat="0" maxlon="180" maxlat="90"/>'), catalogue)
    assert extract.footprint_rule == "derived"


def test_all_formats_give_the_same(tmp_path: Path, catalogue: Catalogue) -> None:
    """.osm, .osm.gz, .osm.bz2 and .osm.pbf of the same content give equal tables."""
    world = World().node(1, 11.0, 52.0, shop="bakery", name="Müller").node(2, 11.0, 52.1, place="village", name="Dorf")
    path = world.write(tmp_path)
    (tmp_path / "a.osm.gz").write_bytes(gzip.compress(path.read_bytes()))
    (tmp_path / "a.osm.bz2").write_bytes(bz2.compress(path.read_bytes()))
    with osmium.SimpleWriter(str(tmp_path / "a.osm.pbf")) as writer:
        for item in osmium.FileProcessor(str(path)):
            writer.add(item)
    expected, _ = read(path, catalogue)
    assert len(expected.facilities) == 1
    for name in ("a.osm.gz", "a.osm.bz2", "a.osm.pbf"):
        extract, problems = read(tmp_path / name, catalogue)
        assert len(problems) == 0
        assert extract.facilities.equals(expected.facilities)
        assert extract.places.equals(expected.places)
        assert extract.date == "2024-05-01"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.osm.pbf", b"no protocol buffer at all" * 20, "osm_broken"),
        ("a.osm.pbf", b"", "osm_broken"),
        ("a.osm", b"", "osm_broken"),
        ("a.osm", b"<osm version='0.6'><node id='1' lat=", "osm_broken"),
        ("a.osm", b"<osm version='0.6'></osm>", "osm_empty"),
        ("a.osm.gz", b"not compressed", "osm_broken"),
        ("a.shp", b"anything", "osm_format"),
    ],
)
def test_unusable_file_is_one_error(tmp_path: Path, catalogue: Catalogue, name: str, content: bytes, code: str) -> None:
    """A broken, empty or foreign file is named as an error, and the tables stay empty with their columns."""
    (tmp_path / name).write_bytes(content)
    extract, problems = read(tmp_path / name, catalogue)
    assert [(p.code, p.severity) for p in problems] == [(code, "error")]
    assert len(extract.facilities) == len(extract.places) == len(extract.admin_areas) == 0
    assert list(extract.facilities.columns) == FACILITIES.names


def test_missing_file_is_an_error(tmp_path: Path, catalogue: Catalogue) -> None:
    """A file that is not there is an error, no crash."""
    _, problems = read(tmp_path / "none.osm.pbf", catalogue)
    assert [p.code for p in problems] == ["osm_missing"]


def test_objects_without_nodes_are_counted(tmp_path: Path, catalogue: Catalogue) -> None:
    """A way whose nodes are not in the file cannot be placed: a warning with the number."""
    extract, problems = read(World().way(1, [5, 6, 7, 5], shop="bakery").write(tmp_path), catalogue)
    assert [(p.code, p.severity, p.params) for p in problems] == [("osm_without_position", "warning", {"count": 1})]
    assert len(extract.facilities) == 0


@pytest.mark.golden
def test_truncated_stockheim_is_an_error(tmp_path: Path, shared_data: Path, catalogue: Catalogue) -> None:
    """A download that broke off is an error, not half a region."""
    content = (shared_data / "stockheim" / "osm" / "stockheim.osm.pbf").read_bytes()
    (tmp_path / "half.osm.pbf").write_bytes(content[: len(content) // 2])
    extract, problems = read(tmp_path / "half.osm.pbf", catalogue)
    assert [p.code for p in problems] == ["osm_broken"]
    assert len(extract.facilities) == 0


@pytest.mark.golden
def test_stockheim_counts(shared_data: Path, catalogue: Catalogue) -> None:
    """The reviewed rules find in stockheim what a reading by hand found."""
    extract, problems = read(shared_data / "stockheim" / "osm" / "stockheim.osm.pbf", catalogue)
    assert {p.code for p in problems} == {"osm_broken_areas", "osm_hours_unreadable", "osm_hours_replaced"}
    merged = merge_facilities(extract.facilities, catalogue=catalogue, source_rank={"osm": 2})
    rows = merged[(merged["merged_into"] == "") & (merged["state"] == "open")]
    found = rows.groupby(["service", "certainty"]).size().to_dict()
    assert found["general_practitioner", "certain"] == 2
    assert found["general_practitioner", "probable"] == 1
    assert found["secondary_school", "certain"] == 2
    assert not any(service == "after_school" for service, _ in found)
    assert (found["post_office", "certain"], found["post_office", "probable"]) == (2, 6)
    assert (found["bank_branch", "certain"], found["bank_branch", "probable"]) == (4, 2)
    stops = rows[rows["service"] == "bus_stop"]
    assert stops.loc[stops["name"] != "", "name"].nunique() == 69
    assert extract.places["kind"].value_counts().to_dict() == {"village": 29, "hamlet": 3}
    assert extract.places["ref"].str.startswith("n").all()
    assert extract.date == "2022-12-14"
    assert len(extract.admin_areas) == 21
    assert extract.footprint is not None
    # SOURCE.txt: the roads reach over 8.899-9.053 / 50.249-50.384, about 11 by 15 km.
    assert extract.footprint.area / 1e6 == pytest.approx(165, rel=0.06)
    assert extract.footprint.contains(read_point(8.98, 50.32))
