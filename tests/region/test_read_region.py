"""The assembly: every row finds its municipality and place, sources and footprints are told, problems come together."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ankerort.base.problems import InputError, Problem, Problems
from ankerort.region.check import RegionCheck, check_region
from ankerort.region.model import Region
from ankerort.region.project import LAYERS, TABLES, load_region, save_region
from ankerort.region.read_region import assemble, read_inputs, read_region
from ankerort.text import say
from worlds.small_region import ORIGIN_X, ORIGIN_Y, feature, lon_lat, square, write_geojson, write_small_region


def facilities_csv(folder: Path, *rows: str) -> str:
    (folder / "einrichtungen.csv").write_text(
        "service;name;lon;lat;ags;place_name\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    return """
[[input]]
kind = "facilities"
id = "liste"
file = "einrichtungen.csv"
attribution = "Landkreis"
[input.columns]
service = "service"
name = "name"
lon = "lon"
lat = "lat"
ags = "ags"
place_name = "place_name"
"""


def row(service: str, name: str, x: float, y: float, ags: str = "", place: str = "") -> str:
    lon, lat = lon_lat(x, y)
    return f"{service};{name};{lon};{lat};{ags};{place}"


def told(problems: tuple[Problem, ...]) -> dict[str, list[Problem]]:
    """Problems by code; each has its sentences."""
    by_code: dict[str, list[Problem]] = {}
    for p in problems:
        say(f"problem.{p.code}", "de", **p.params)
        say(f"repair.{p.code}", "en", **p.params)
        by_code.setdefault(p.code, []).append(p)
    return by_code


def test_small_region_by_hand(tmp_path: Path) -> None:
    """Places, persons, study area and buffer as derived by hand (see worlds/small_region)."""
    region = read_region(write_small_region(tmp_path))
    table = region.places.set_index("place_id")
    assert table["persons"].to_dict() == {
        "15001000-ahausen": 120,
        "15001000-ahausen-uebriges-gebiet": 10,
        "15001001-bedorf-uebriges-gebiet": 5,
        "15001001-berge": 40,
        "15002002-berge": 60,
        "15002002-cestadt": 35,
    }
    assert table.loc["15001001-berge", "print_name"] == "Berge (Bedorf)"
    assert table.loc["15002002-berge", "print_name"] == "Berge (Cestadt)"
    assert table["in_study"].to_dict()["15002002-berge"] is False
    # The cell at x = 13000 lies beyond the buffer of 2 km and is left out.
    assert region.cells["persons"].sum() == 270
    assert region.cells.loc[region.cells["in_study"], "persons"].sum() == 175
    assert region.municipalities.set_index("ags")["persons"].to_dict() == {
        "15001000": 130,
        "15001001": 45,
        "15002002": 95,
    }
    assert (region.cells["place_id"] != "").all()
    assert (region.facilities["place_id"] != "").all()
    assert region.facilities["service"].unique().tolist() == ["bus_stop"]
    assert region.study_area.geometry.area.iloc[0] == pytest.approx(32e6, rel=1e-3)


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    """The same files give equal tables and problems."""
    folder = write_small_region(tmp_path)
    first, second = read_region(folder), read_region(folder)
    for schema in TABLES:
        pd.testing.assert_frame_equal(getattr(first, schema.name), getattr(second, schema.name))
    assert first.problems == second.problems


def test_facilities_find_their_place(tmp_path: Path) -> None:
    """By position; by place name where there is none; outside area and buffer they are counted and left out."""
    extra = facilities_csv(
        tmp_path,
        row("pharmacy", "Löwen", 1000, 1200),
        row("pharmacy", "Weit weg", 60_000, 0),
        "pharmacy;Ohne Lage;;;15001001;Berge",
        row("pharmacy", "Streit", 5000, 1000, ags="15001000"),
    )
    region = read_region(write_small_region(tmp_path, extra=extra))
    found = region.facilities[region.facilities["service"] == "pharmacy"].set_index("name")
    assert found["place_id"].to_dict() == {
        "Löwen": "15001000-ahausen",
        "Ohne Lage": "15001001-berge",
        "Streit": "15001001-berge",
    }
    centre = region.places.set_index("place_id").loc["15001001-berge"]
    assert (found.loc["Ohne Lage", "x"], found.loc["Ohne Lage", "y"]) == (centre["x"], centre["y"])
    assert found.loc["Ohne Lage", "note"] != ""
    problems = told(region.problems)
    (outside,) = problems["facilities_outside"]
    assert (outside.params["count"], outside.params["total"]) == (1, 4)
    (other,) = problems["facility_other_municipality"]
    assert (other.params["told"], other.params["found"]) == ("15001000", "15001001")


def test_a_row_known_by_place_only_is_one_with_the_located_one(tmp_path: Path) -> None:
    """A pharmacy listed once with coordinates and once with its place alone is one pharmacy, at the known position."""
    extra = facilities_csv(
        tmp_path, row("pharmacy", "Löwen-Apotheke", 5600, 1700), "pharmacy;Löwenapotheke;;;15001001;Berge"
    )
    region = read_region(write_small_region(tmp_path, extra=extra))
    pharmacies = region.facilities[region.facilities["service"] == "pharmacy"]
    counting = pharmacies[pharmacies["merged_into"] == ""]
    assert len(pharmacies) == 2
    assert len(counting) == 1
    assert (counting["x"].iloc[0], counting["y"].iloc[0]) == pytest.approx((655_600, 5_751_700), abs=0.1)


def test_same_name_in_two_municipalities_needs_the_key(tmp_path: Path) -> None:
    """ "Berge" alone names two places: the row is named with both, and does not count; a misspelt name gets a suggestion."""
    extra = facilities_csv(tmp_path, "pharmacy;A;;;;Berge", "pharmacy;B;;;;Ahaussen", "pharmacy;C;;;;Berge (Cestadt)")
    region = read_region(write_small_region(tmp_path, extra=extra))
    problems = told(region.problems)
    assert problems["place_several"][0].params["where"] == "Berge (Bedorf), Berge (Cestadt)"
    assert problems["place_unknown"][0].params["suggestion"] == "Ahausen"
    found = region.facilities[region.facilities["service"] == "pharmacy"]
    assert found["place_id"].tolist() == ["15002002-berge"]


def test_complete_list_has_the_study_area_as_footprint(tmp_path: Path) -> None:
    """`complete = true` covers the study area; a list of keys or a file says otherwise; else it is the hull."""
    base = facilities_csv(tmp_path, row("pharmacy", "A", 1000, 1200), row("pharmacy", "B", 5000, 1000))

    def footprint(options: str) -> pd.Series:
        region = read_region(write_small_region(tmp_path, extra=base + options))
        return region.footprints.set_index("source_id").loc["liste"]

    given = footprint("[input.options]\ncomplete = true\n")
    assert given["complete"] and given["rule"] == "given" and given["services"] == "pharmacy"
    assert given["geometry"].area == pytest.approx(32e6, rel=1e-3)
    one = footprint('[input.options]\ncomplete = true\nfootprint = ["15001001"]\n')
    assert one["geometry"].area == pytest.approx(16e6, rel=1e-3)
    write_geojson(tmp_path / "gebiet.geojson", [feature({}, square(0, 0, 1000, 1000))])
    drawn = footprint('[input.options]\nfootprint = "gebiet.geojson"\nservices = ["pharmacy", "bakery"]\n')
    assert drawn["geometry"].area == pytest.approx(1e6, rel=1e-3)
    assert (drawn["services"], drawn["complete"]) == ("pharmacy;bakery", False)
    derived = footprint("")
    assert derived["rule"] == "derived" and not derived["complete"]
    assert derived["geometry"].area < 1e6


def test_sources_carry_hash_and_credit(tmp_path: Path) -> None:
    """Each input has a row; census has its credit line; files are named relative to region.toml."""
    region = read_region(write_small_region(tmp_path))
    table = region.sources.set_index("source_id")
    assert table.index.tolist() == ["boundaries", "census", "stop_register"]
    assert table.loc["census", "attribution"].startswith("Statistische Ämter des Bundes und der Länder, Zensus")
    assert table["sha256"].str.len().eq(64).all()
    assert table["file"].tolist() == ["grenzen.geojson", "zensus.csv", "haltestellen.csv"]
    assert table["rows"].tolist() == [3, 7, 6]
    assert {p.table for p in told(region.problems)["source_without_attribution"]} == {
        "grenzen.geojson",
        "haltestellen.csv",
    }


def test_gtfs_stops_stand_in_for_a_register(tmp_path: Path) -> None:
    """Without a register the stops of the timetable name the places; entrances are no stops."""
    folder = write_small_region(tmp_path)
    toml = (folder / "region.toml").read_text(encoding="utf-8")
    toml = toml[: toml.index('[[input]]\nkind = "stop_register"')] + '[[input]]\nkind = "gtfs"\nfile = "feed.zip"\n'
    (folder / "region.toml").write_text(toml, encoding="utf-8")
    lon, lat = lon_lat(1000, 1000)
    lines = [
        "stop_id,stop_name,stop_lat,stop_lon,location_type",
        f'a,"Feldheim, Kirche",{lat},{lon},',
        f'b,"Feldheim, Eingang",{lat},{lon},2',
        'c,"Null, Null",0,0,0',
    ]
    with zipfile.ZipFile(folder / "feed.zip", "w") as feed:
        feed.writestr("stops.txt", "\ufeff" + "\n".join(lines))
    region = read_region(folder)
    assert "15001000-feldheim" in set(region.places["place_id"])
    assert region.registered_stops["stop_id"].tolist() == ["a"]


def test_a_feed_may_be_a_folder(tmp_path: Path) -> None:
    """An unpacked feed is read like its archive and hashed by its files; a folder of any other kind stays an error."""
    folder = write_small_region(tmp_path)
    toml = (folder / "region.toml").read_text(encoding="utf-8")
    toml = (
        toml[: toml.index('[[input]]\nkind = "stop_register"')]
        + '[[input]]\nkind = "gtfs"\nid = "bus"\nfile = "feed"\n'
    )
    (folder / "region.toml").write_text(toml, encoding="utf-8")
    lon, lat = lon_lat(1000, 1000)
    (folder / "feed").mkdir()
    (folder / "feed" / "stops.txt").write_text(
        f'stop_id,stop_name,stop_lat,stop_lon\na,"Feldheim, Kirche",{lat},{lon}\n', encoding="utf-8"
    )
    region = read_region(folder)
    assert region.registered_stops["stop_id"].tolist() == ["a"]
    assert len(region.sources.set_index("source_id").loc["bus", "sha256"]) == 64


def test_timetable_stops_fill_what_the_register_does_not_hold(tmp_path: Path) -> None:
    """A stop 10 m beside a registered one is that stop; one far from all of them counts too, under its feed and the feed's date.
    A register of stations alone says nothing about bus stops: then all of the timetable count."""
    folder = write_small_region(tmp_path)
    toml = (folder / "region.toml").read_text(encoding="utf-8")
    toml += '[[input]]\nkind = "gtfs"\nid = "bus"\nfile = "feed.zip"\ndate = "2026-06-05"\n'
    (folder / "region.toml").write_text(toml, encoding="utf-8")
    (near_lon, near_lat), (far_lon, far_lat) = lon_lat(1010, 1050), lon_lat(3900, 3900)
    lines = [
        "stop_id,stop_name,stop_lat,stop_lon",
        f'near,"Nebenan",{near_lat},{near_lon}',
        f'far,"Weit, Feuerwehr",{far_lat},{far_lon}',
    ]
    with zipfile.ZipFile(folder / "feed.zip", "w") as feed:
        feed.writestr("stops.txt", "\n".join(lines))
    region = read_region(folder)
    added = region.registered_stops[region.registered_stops["source_id"] == "bus"]
    assert added["stop_id"].tolist() == ["far"]
    assert len(region.registered_stops) == 6 + 1
    stop = region.facilities[region.facilities["name"] == "Weit, Feuerwehr"].iloc[0]
    assert (stop["source_id"], stop["source_date"]) == ("bus", "2026-06-05")

    toml = toml.replace('kind = "stop_register"', 'kind = "stop_register"\noptions = { kind = "station" }')
    (folder / "region.toml").write_text(toml, encoding="utf-8")
    stops = read_region(folder).registered_stops
    assert sorted(stops.loc[stops["kind"] == "stop", "stop_id"]) == ["far", "near"]
    assert (stops["kind"] == "station").sum() == 6


def test_errors_of_all_inputs_come_together(tmp_path: Path) -> None:
    """A wrong key and an unusable census file are told in one go; nothing is assembled. Feeds are the timetable room's."""
    folder = write_small_region(
        tmp_path, study='["15001", "15999"]', extra='\n[[input]]\nkind = "gtfs"\nfile = "zensus.csv"\n'
    )
    (folder / "zensus.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_region(folder)
    codes = {p.code for p in error.value.problems if p.severity == "error"}
    assert "boundaries_ags_missing" in codes
    assert any(p.table == "zensus.csv" and p.code.startswith("census") for p in error.value.problems)
    check = check_region(folder)
    assert check.has_errors and check.region is None and not check.facts
    assert {p.code for p in check.problems if p.severity == "error"} == codes


@pytest.mark.parametrize(("x", "code"), [(9000.0, "cells_outside"), (90_000.0, "census_no_persons")])
def test_cells_outside_the_area_are_an_error(tmp_path: Path, x: float, code: str) -> None:
    """Population of the buffer only, or of another part of Germany (a wrong projection), is named."""
    folder = write_small_region(tmp_path)
    lon, lat = lon_lat(x, 1000)
    (folder / "zensus.csv").write_text(f"lon;lat;persons\n{lon};{lat};10\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_region(folder)
    assert {p.code for p in error.value.problems if p.severity == "error"} == {code}


def test_scaling_to_totals(tmp_path: Path) -> None:
    """Cells of a municipality wholly within reach are scaled; one that the buffer cuts keeps its counts."""
    extra = '\n[[input]]\nkind = "census"\nid = "zahlen"\nfile = "zahlen.csv"\n[input.options]\ntotals = true\n'
    folder = write_small_region(tmp_path, extra=extra)
    (folder / "zahlen.csv").write_text("ags;name;einwohner\n15001000;A;143\n15002002;C;190\n", encoding="utf-8")
    path = folder / "region.toml"
    text = path.read_text(encoding="utf-8").replace(
        "\n\n[[input]]", "\n[options]\nscale_to_totals = true\n\n[[input]]", 1
    )
    path.write_text(text, encoding="utf-8")
    region = read_region(folder)
    persons = region.municipalities.set_index("ags")["persons"]
    assert persons["15001000"] == pytest.approx(143)
    assert persons["15002002"] == pytest.approx(95)
    facts = {f.code: f.params for f in check_region(folder).facts}
    assert facts["totals"] == {"cells": 143, "official": 143}


def test_check_tells_facts_and_counts(tmp_path: Path) -> None:
    """What the region holds, as data; every fact has its sentence."""
    check: RegionCheck = check_region(write_small_region(tmp_path))
    facts = {f.code: f.params for f in check.facts}
    for f in check.facts:
        say(f"fact.{f.code}", "de", **f.params)
    assert facts["study_area"] == {"persons": 175, "cells": 5, "municipalities": 2, "places": 2}
    assert facts["buffer"] == {"persons": 95, "km": "2"}
    assert facts["outlying"]["persons"] == 15
    assert check.tables["cells"] == 7
    sources = check.sources.set_index("source_id")
    assert sources.loc["census", "persons_outside"] == 0
    assert sources.loc["stop_register", "facilities"] == 6


def test_buffer_without_people_is_named(tmp_path: Path) -> None:
    """Data that end at the study area leave the buffer empty."""
    check = check_region(write_small_region(tmp_path, study='["15"]'))
    assert "buffer_without_people" not in told(check.problems)  # the cell at 13000 lies in the buffer
    folder = write_small_region(tmp_path, study='["15"]', buffer_km=0.5)
    assert "buffer_without_people" in told(check_region(folder).problems)


def test_project_folder_round_trip(tmp_path: Path) -> None:
    """What is saved is loaded: tables, shapes, settings, problems; also after the folder has moved."""
    folder = write_small_region(tmp_path / "alt")
    region = read_region(folder)
    save_region(region, folder)
    save_region(region, folder)  # replaces itself
    _assert_equal(load_region(folder), region)
    moved = folder.rename(tmp_path / "neu")
    assert load_region(moved).settings.inputs[0].files[0] == moved / "grenzen.geojson"


def _assert_equal(loaded: Region, region: Region) -> None:
    for schema in TABLES:
        pd.testing.assert_frame_equal(getattr(loaded, schema.name), getattr(region, schema.name))
    for name in LAYERS:
        ours: gpd.GeoDataFrame = getattr(region, name)
        theirs: gpd.GeoDataFrame = getattr(loaded, name)
        assert theirs.crs == ours.crs and len(theirs) == len(ours)
        assert shapely.equals_exact(theirs.geometry.to_numpy(), ours.geometry.to_numpy()).all()
    assert loaded.settings == region.settings
    assert [(p.code, dict(p.params)) for p in loaded.problems] == [(p.code, dict(p.params)) for p in region.problems]
    assert loaded.gtfs_files == region.gtfs_files


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda f: (f / "tables" / "region.json").unlink(), "project_missing"),
        (lambda f: (f / "tables" / "region.json").write_text("{", encoding="utf-8"), "project_broken"),
        (lambda f: (f / "tables" / "region.json").write_text('{"format": 99}', encoding="utf-8"), "project_format"),
        (lambda f: (f / "tables" / "cells.parquet").unlink(), "project_broken"),
        (lambda f: (f / "tables" / "places.parquet").write_bytes(b"x"), "project_broken"),
    ],
)
def test_damaged_project_folder(tmp_path: Path, damage: object, code: str) -> None:
    """A missing, broken or newer project folder is an `InputError`, never a half-read region."""
    folder = write_small_region(tmp_path)
    save_region(read_region(folder), folder)
    damage(folder)  # type: ignore[operator]
    with pytest.raises(InputError) as error:
        load_region(folder)
    assert [p.code for p in error.value.problems] == [code]
    told(error.value.problems)


def test_addresses_place_people_and_facilities(tmp_path: Path) -> None:
    """House coordinates move people to their houses and give a facility with an address only its position; both are told."""
    folder = write_small_region(tmp_path)
    before = read_region(folder)
    cell = before.cells.iloc[0]
    lon, lat = lon_lat(cell["x"] - ORIGIN_X + 20, cell["y"] - ORIGIN_Y - 30)
    (folder / "haus.csv").write_text(f"strasse;hausnummer;lon;lat\nHauptstraße;3;{lon};{lat}\n", encoding="utf-8")
    (folder / "praxen.csv").write_text(
        f"service;name;address;ags\npharmacy;Adler;Hauptstr. 3;{cell['ags']}\npharmacy;Bär;Weg 9;{cell['ags']}\n",
        encoding="utf-8",
    )
    with (folder / "region.toml").open("a", encoding="utf-8") as toml:
        toml.write(
            '\n[[input]]\nkind = "addresses"\nfile = "haus.csv"\nattribution = "GeoBasis"\n'
            '\n[[input]]\nkind = "facilities"\nid = "praxen"\nfile = "praxen.csv"\nattribution = "Kreis"\n'
        )
    problems = Problems()
    raw = read_inputs(folder, problems=problems)
    raw.cells["size_m"] = 100.0  # the small region has points, which stay where they are
    region = assemble(raw, problems=problems)
    moved = region.cells.set_index("cell_id").loc[cell["cell_id"]]
    assert (round(moved["x"] - cell["x"], 1), round(moved["y"] - cell["y"], 1)) == (20.0, -30.0)
    assert region.cells["persons"].sum() == pytest.approx(before.cells["persons"].sum())
    found = region.facilities[region.facilities["name"] == "Adler"].iloc[0]
    assert (found["position_rule"], round(found["x"] - moved["x"], 1)) == ("house", 0.0)
    # an address that is not found, and no place: never put into the middle of the municipality
    assert "Bär" not in set(region.facilities["name"])
    codes = told(problems.sorted())
    assert codes.keys() >= {"people_at_homes", "address_not_found", "addresses_found", "place_unknown"}
