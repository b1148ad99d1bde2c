"""The Musterkreis keeps its promises: same bytes, right size, true facts, through the real readers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path

import networkx as nx
import osmium
import pandas as pd
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from ankerort.sample import SampleFacts, write_sample
from ankerort.sample.buses import SHARED, STOPS
from ankerort.sample.design import RIVER_KM
from ankerort.sample.district import build_district
from ankerort.sample.settlement import crossing

OTHER_SEEDS = (2, 3, 7, 11, 42)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleFacts]:
    """The sample of seed 1."""
    folder = tmp_path_factory.mktemp("sample")
    return folder, write_sample(folder, seed=1)


@pytest.fixture(scope="module")
def region(written: tuple[Path, SampleFacts]) -> Region:
    """The sample, read by the readers of real data."""
    return read_region(written[0])


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file())


def _place_ids(region: Region, facts: SampleFacts) -> dict[str, str]:
    named = {(n, a): i for n, a, i in region.places[["name", "ags", "place_id"]].itertuples(index=False)}
    return {key: named[name, ags] for key, (name, ags) in facts.place_names.items()}


def test_same_seed_gives_same_bytes(written: tuple[Path, SampleFacts], tmp_path: Path) -> None:
    """The same seed writes the same bytes in every file, PBF, XLSX and zip included."""
    write_sample(tmp_path, seed=1)
    first = {p.relative_to(written[0]): p.read_bytes() for p in _files(written[0])}
    second = {p.relative_to(tmp_path): p.read_bytes() for p in _files(tmp_path)}
    assert first.keys() == second.keys()
    assert [str(p) for p in first if first[p] != second[p]] == []
    assert sorted(str(p) for p in first) == sorted(written[1].files)


def test_another_seed_moves_people_and_streets(written: tuple[Path, SampleFacts], tmp_path: Path) -> None:
    """Another seed gives another district with the same names."""
    facts = write_sample(tmp_path, seed=2)
    assert facts.persons != written[1].persons
    assert facts.place_names == written[1].place_names
    osm = "eingang/musterkreis.osm.pbf"
    assert (tmp_path / osm).read_bytes() != (written[0] / osm).read_bytes()


@pytest.mark.parametrize("seed", [1, *OTHER_SEEDS])
def test_promises_hold_for_every_seed(seed: int) -> None:
    """6,000 to 12,000 people in all and in the district; twelve villages; exactly two bridges and no other crossing."""
    district = build_district(seed)
    total = sum(len(c.ages) for c in district.world.cells)
    inside = [p for p in district.places if p.ags.startswith("15999")]
    assert 6000 <= sum(p.persons for p in inside) <= total <= 12_000
    assert sum(p.kind in ("village", "hamlet") for p in inside) == 12
    osm = district.world.osm
    at = {n.id: (n.x_m, n.y_m) for n in osm.nodes}
    river = [(x * 1000, y * 1000) for x, y in RIVER_KM]
    crossings = [
        way.tags.get("bridge", "")
        for way in osm.ways
        if "highway" in way.tags and crossing([at[n] for n in way.nodes], river) is not None
    ]
    assert crossings == ["yes", "yes"]


@pytest.mark.parametrize("seed", [1, 7])
def test_road_facts_are_shortest_ways(seed: int) -> None:
    """The stated length of a road is the shortest way between the two centres, as networkx finds it."""
    district = build_district(seed)
    osm = district.world.osm
    at = {n.id: (n.x_m, n.y_m) for n in osm.nodes}
    graph = nx.Graph()
    for way in osm.ways:
        if way.tags.get("highway") in (None, "track"):
            continue
        for a, b in pairwise(way.nodes):
            graph.add_edge(a, b, metres=hypot(at[a][0] - at[b][0], at[a][1] - at[b][1]))
    places = {(n.tags["name"], n.tags["population"]): n for n in osm.nodes if "population" in n.tags}
    by_key = {p.key: places[p.name, str(p.persons)] for p in district.places}

    def centre(key: str) -> int:
        node = by_key[key]
        # The place node stands 4 m east and 6 m north of the centre of the main street.
        return min(graph, key=lambda n: hypot(at[n][0] - node.x_m + 4, at[n][1] - node.y_m + 6))

    assert len(district.roads) >= 10
    for road in district.roads:
        found = nx.dijkstra_path_length(graph, centre(road.start), centre(road.end), weight="metres")
        assert found == pytest.approx(road.metres, rel=0.002), road


def test_osm_file_is_sorted_and_has_a_box(written: tuple[Path, SampleFacts]) -> None:
    """The PBF holds nodes, ways and relations in order, version 1, and a header box round all nodes."""
    path = written[0] / "eingang" / "musterkreis.osm.pbf"
    rank = {"n": 0, "w": 1, "r": 2}
    keys = [(rank[o.type_str()], o.id, o.version) for o in osmium.FileProcessor(str(path))]
    assert keys == sorted(keys)
    assert {k[2] for k in keys} == {1}
    assert {k[0] for k in keys} == {0, 1, 2}
    box = osmium.io.Reader(str(path)).header().box()
    assert box.valid()
    assert box.contains(osmium.osm.Location(11.63, 52.0))


def test_everything_is_read_without_errors_or_warnings(region: Region) -> None:
    """The sample is clean input: no reader finds a fault in it."""
    assert [p for p in region.problems if p.severity != "note"] == []


def test_places_have_their_people(region: Region, written: tuple[Path, SampleFacts]) -> None:
    """Suppressed and perturbed counts bring back each place's inhabitants and its older people."""
    facts = written[1]
    ids = _place_ids(region, facts)
    places = region.places.set_index("place_id")
    assert len(places) == len(facts.place_names) + 1  # and the land around the lonely farm
    for key, place_id in ids.items():
        assert places.loc[place_id, "persons"] == pytest.approx(facts.persons[key], abs=4), key
        older = facts.persons_65_plus[key]
        assert places.loc[place_id, "persons_65_plus"] == pytest.approx(older, rel=0.06, abs=3), key
    outlying = places[places["kind"] == "outlying"]
    assert outlying["persons"].sum() == pytest.approx(facts.outlying_persons, abs=2)
    inside = region.cells.loc[region.cells["in_study"], "persons"].sum()
    assert inside == pytest.approx(facts.district_persons, abs=10)


def test_same_names_are_told_apart(region: Region) -> None:
    """The two villages called Neudorf lie in two municipalities and print differently."""
    names = region.places.loc[region.places["name"] == "Neudorf", "print_name"]
    assert sorted(names) == ["Neudorf (Mühlenstedt)", "Neudorf (Sülzberg)"]


def test_municipalities_know_their_association(region: Region) -> None:
    """One Einheitsgemeinde, one Verbandsgemeinde with three Mitgliedsgemeinden, one town in the next district."""
    found = region.municipalities.set_index("name")
    kinds = found["association_kind"].to_dict()
    assert kinds["Mühlenstedt"] == "Einheitsgemeinde"
    assert [n for n, a in found["association_name"].items() if a == "Mührebogen"] == [
        "Langenwörden",
        "Sülzberg",
        "Höhenziepel",
    ]
    assert found["district_ags"].to_dict()["Werbenau"] == "15998"
    assert not found["in_study"].to_dict()["Werbenau"]


def test_services_stand_as_stated(region: Region, written: tuple[Path, SampleFacts]) -> None:
    """Open, closed, confirmed to be none, not mentioned: as the hand-made list of facts says."""
    facts = written[1]
    ids = _place_ids(region, facts)
    rows = region.facilities[region.facilities["merged_into"] == ""]
    states = rows.groupby(["place_id", "service"])["state"].agg(set).to_dict()
    absences = set(region.absences[["place_id", "service"]].itertuples(index=False, name=None))
    for (key, service), expected in facts.services.items():
        pair = (ids[key], service)
        known = states.get(pair, set())
        found = (
            "open" if "open" in known else "confirmed_none" if pair in absences else "closed" if known else "unknown"
        )
        assert found == expected, (key, service)


def test_one_object_counts_once(region: Region) -> None:
    """Node and building of a shop, two doctors of a practice, both poles of a stop: one facility each."""
    rows = region.facilities[region.facilities["merged_into"] == ""]
    assert (rows["name"] == "EDEKA Mühlenstedt").sum() == 1
    assert rows["name"].str.startswith("Gemeinschaftspraxis am Markt").sum() == 1
    shop = rows[(rows["service"] == "village_shop") & (rows["name"] == "Dorfladen Langenwörden")]
    assert shop["source_id"].tolist() == ["gemeinden_liste"]
    stops = rows[rows["service"] == "bus_stop"]
    assert len(stops) == len(STOPS)
    assert sorted(stops["name"]) == sorted(s.name for s in STOPS)


def test_visits_and_buildings_come_along(region: Region) -> None:
    """The bank bus comes every second Thursday to three places; five buildings stand empty or can be shared."""
    bank = region.mobile_visits[region.mobile_visits["service"] == "bank_branch"]
    assert len(bank) == 3
    assert set(bank["weekday"]) == {"Th"}
    assert set(bank["rhythm_weeks"]) == {2.0}
    assert (region.mobile_visits["place_id"] != "").all()
    assert len(region.buildings) == 5
    assert region.buildings["use"].value_counts().to_dict() == {"vacant": 3, "shareable": 2}


def test_feeds_hold_the_traps(written: tuple[Path, SampleFacts]) -> None:
    """The feeds hold what real feeds hold: one-digit hours, 24:xx, empty and real frequencies, all kinds of transfers, parents."""

    def table(feed: str, name: str) -> pd.DataFrame:
        with zipfile.ZipFile(written[0] / "eingang" / feed) as archive, archive.open(name) as stream:
            return pd.read_csv(stream, dtype=str)

    times = table("gtfs_kvm.zip", "stop_times.txt")
    assert times["departure_time"].str.match(r"^\d:").any()
    assert times["departure_time"].str.startswith("24:").any()
    assert set(times["pickup_type"]) == {"0", "1", "2"}
    assert set(table("gtfs_kvm.zip", "transfers.txt")["transfer_type"]) == {"0", "1", "2", "3"}
    assert table("gtfs_kvm.zip", "frequencies.txt").empty
    assert len(table("gtfs_svw.zip", "frequencies.txt")) == 2
    assert (table("gtfs_svw.zip", "stops.txt")["location_type"] == "1").sum() == 1
    names = [set(table(f, "stops.txt")["stop_name"]) for f in ("gtfs_kvm.zip", "gtfs_svw.zip")]
    assert names[0] & names[1] == {s.name for s in STOPS if s.key in SHARED}
    flat = times[times["trip_id"] == "612-01"]["departure_time"].map(
        lambda t: sum(int(v) * f for v, f in zip(t.split(":"), (3600, 60, 1), strict=True))
    )
    assert (flat.diff().dropna() <= 2).sum() >= 10


def test_school_bus_runs_on_school_days_only(written: tuple[Path, SampleFacts]) -> None:
    """The school line's calendar leaves out holidays and keeps an ordinary Tuesday."""
    with zipfile.ZipFile(written[0] / "eingang" / "gtfs_kvm.zip") as archive:
        with archive.open("calendar_dates.txt") as stream:
            dates = pd.read_csv(stream, dtype=str)
        with archive.open("trips.txt") as stream:
            trips = pd.read_csv(stream, dtype=str)
    school = trips.loc[trips["route_id"] == written[1].school_line, "service_id"].unique().tolist()
    assert school == ["S"]
    off = set(dates.loc[(dates["service_id"] == "S") & (dates["exception_type"] == "2"), "date"])
    free = [h for h in read_catalogue(land="ST").school_holidays if h.land == "ST" and h.first_day >= "2026-10-01"]
    assert free[0].first_day.replace("-", "") in off
    assert "20261222" in off  # Christmas holidays
    assert "20261124" not in off
