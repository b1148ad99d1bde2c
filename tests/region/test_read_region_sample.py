"""The generated district goes through the same readers as real data, and its facts come out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from ankerort.region.check import check_region
from ankerort.region.model import Region
from ankerort.region.project import load_region, save_region
from ankerort.sample import write_sample


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    folder = tmp_path_factory.mktemp("musterkreis")
    write_sample(folder)
    check = check_region(folder)
    assert not check.has_errors
    assert check.region is not None
    return check.region


def test_places_of_the_district(region: Region) -> None:
    """One town and twelve villages and hamlets in the study area; the two Neudorf are told apart."""
    own = region.places[region.places["in_study"] & (region.places["rule"] == "osm_place")]
    assert len(own) == 13
    assert {"Neudorf (Mühlenstedt)", "Neudorf (Sülzberg)"} <= set(own["print_name"])


def test_rows_of_the_template_find_their_places(region: Region) -> None:
    """Absences, visits and buildings of the workbook name places; each is known."""
    known = set(region.places["place_id"])
    for table in (region.absences, region.mobile_visits, region.buildings):
        assert len(table) > 0
        assert set(table["place_id"]) <= known


def test_stops_come_from_the_timetable(region: Region) -> None:
    """Where the timetable tells the stops, OSM's do not count twice; the municipality's list beats OSM."""
    stops = region.facilities[region.facilities["service"] == "bus_stop"]
    assert (stops["source_id"] != "osm").sum() == len(region.registered_stops)
    merged = region.facilities[region.facilities["merged_into"] != ""]
    winner = region.facilities.set_index("facility_id")["source_id"]
    lists = merged[merged["source_id"] == "osm"]["merged_into"].map(winner)
    assert (lists == "gemeinden_liste").any()
    assert not (merged[merged["source_id"] == "gemeinden_liste"]["merged_into"].map(winner) == "osm").any()


def test_streets_survive_the_project_folder(region: Region, tmp_path: Path) -> None:
    """Street arrays are mapped back as they were."""
    save_region(region, tmp_path)
    loaded = load_region(tmp_path).streets
    assert loaded is not None and region.streets is not None
    assert np.array_equal(loaded.segment_to, region.streets.segment_to)
    assert np.array_equal(loaded.foot, region.streets.foot)
    assert loaded.surface_names == region.streets.surface_names


def test_a_problem_of_the_template_names_its_sheet(tmp_path: Path) -> None:
    """Row 3 exists on every sheet: the sheet is told with it."""
    write_sample(tmp_path)
    path = tmp_path / "eingang" / "einrichtungen.xlsx"
    book = openpyxl.load_workbook(path)
    book["Nicht vorhanden"].cell(3, 2, "Nirgendwo")
    book.save(path)
    (problem,) = [p for p in check_region(tmp_path).problems if p.code == "place_unknown"]
    assert (problem.table, problem.row) == ("einrichtungen.xlsx/Nicht vorhanden", 3)
