"""School districts drawn as areas: every inhabited cell goes to the school of the area in which its point lies."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ankerort.base.problems import InputError, Problems
from ankerort.catalogue import read_catalogue
from ankerort.documents.evidence import evidence_lines
from ankerort.region.inbox.listing import list_inbox
from ankerort.region.inbox.recognise import recognise_files
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from ankerort.run import explain_project
from ankerort.text import LANGUAGES, say
from worlds.small_region import CRS, ORIGIN_X, ORIGIN_Y, lon_lat, write_small_region

EXTRA = """
[[input]]
kind = "facilities"
file = "schulen.csv"
id = "schulen"
preset = "school_plan"
title = "Schulentwicklungsplan"
date = "2024-03-01"

[[input]]
kind = "facilities"
file = "{file}"
id = "karte"
preset = "school_districts"
title = "Karte der Schulbezirke"
date = "2023-08-01"
"""
SCHOOLS = [
    ("Grundschule Ahausen", "Ahausen", 1000.0, 1000.0),
    ("Grundschule Am Teich", "Berge (Bedorf)", 5000.0, 1000.0),
]
# x from, x to (all y): the border at 3000 cuts the municipality of Ahausen in two; (3500, 3500) is its cell in the east
WEST, EAST = (0.0, 3000.0), (3000.0, 8000.0)


def strip(ends: tuple[float, float]) -> shapely.Polygon:
    return shapely.box(ORIGIN_X + ends[0], ORIGIN_Y, ORIGIN_X + ends[1], ORIGIN_Y + 4000.0)


def project(
    folder: Path, areas: list[tuple[str, tuple[float, float]]], *, file: str = "bezirke.gpkg", head: str = "schule",
    extra: str = "",
) -> Path:  # fmt: skip
    """A region with two schools and a map of districts: (school, from and to in metres from the origin)."""
    write_small_region(folder, extra=EXTRA.format(file=file) + extra)
    rows = ["Schule;Ort;lon;lat;Kapazität;Klasse 1"]
    for name, place, x, y in SCHOOLS:
        lon, lat = lon_lat(x, y)
        rows.append(f"{name};{place};{lon};{lat};80;20")
    (folder / "schulen.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    frame = gpd.GeoDataFrame({head: [name for name, _ in areas]}, geometry=[strip(e) for _, e in areas], crs=CRS)
    if file.endswith("json"):
        frame = frame.to_crs("EPSG:4326")
    frame.to_file(folder / file)
    return folder


def schools_of_cells(region: Region) -> dict[tuple[int, int], str]:
    """(x, y) of each cell from the origin -> school, for the cells that have one."""
    names = region.facilities.set_index("facility_id")["name"]
    rows = region.assigned.set_index("cell_id")["facility_id"]
    cells = region.cells[region.cells["cell_id"].isin(rows.index)]
    return {
        (round(x - ORIGIN_X), round(y - ORIGIN_Y)): str(names[rows[cell]])
        for x, y, cell in zip(cells["x"], cells["y"], cells["cell_id"], strict=True)
    }


BY_HAND = {
    (1000, 1000): "Grundschule Ahausen",
    (1100, 1000): "Grundschule Ahausen",
    (3500, 3500): "Grundschule Am Teich",
    (5000, 1000): "Grundschule Am Teich",
    (5000, 3900): "Grundschule Am Teich",
}


@pytest.mark.parametrize(
    ("file", "head"),
    [("bezirke.gpkg", "schule"), ("bezirke.geojson", "Name_Schule"), ("bezirke.shp", "SCHULBEZIR")],
)
def test_cells_go_to_the_school_of_their_area(tmp_path: Path, file: str, head: str) -> None:
    """The point of the cell decides, not its municipality; names need not be written as in the list."""
    folder = project(tmp_path / "p", [("GS Ahausen", WEST), ("GS am Teich", EAST)], file=file, head=head)
    region = read_region(folder)
    assert schools_of_cells(region) == BY_HAND
    assert set(region.assigned["rule"]) == {"area"}
    assert set(region.assigned["source_ref"]) == {"1", "2"}
    assert not [p for p in region.problems if p.code.startswith("district_")]
    assert region.sources.set_index("source_id")["rows"]["karte"] == 2


def test_the_number_of_the_school_goes_before_its_name(tmp_path: Path) -> None:
    """A column with the number of the school as in the list of schools names it, whatever the name beside it says."""
    folder = project(tmp_path / "p", [("GS Ahausen", WEST), ("GS am Teich", EAST)])
    text = (folder / "schulen.csv").read_text(encoding="utf-8").splitlines()
    read = read_region(folder).facilities.set_index("name")["facility_id"]
    keys = [read[name].rpartition(":")[2] for name in ("Grundschule Am Teich", "Grundschule Ahausen")]
    assert len(text) == 3
    frame = gpd.read_file(folder / "bezirke.gpkg").assign(Schulnummer=keys)
    frame.to_file(folder / "bezirke.gpkg")
    turned = {cell: SCHOOLS[1 if name == SCHOOLS[0][0] else 0][0] for cell, name in BY_HAND.items()}
    assert schools_of_cells(read_region(folder)) == turned


@pytest.mark.parametrize(
    ("areas", "code", "row", "told"),
    [
        ([("GS Hinterwald", WEST), ("GS am Teich", EAST)], "district_area_unknown", 1, "Grundschule Ahausen"),
        ([("Nirgendheim", EAST), ("GS Ahausen", WEST)], "district_area_unknown", 1, "Grundschule Am Teich"),
        ([("", WEST), ("GS am Teich", EAST)], "district_area_nameless", 1, ""),
        ([("Grundschule", (0.0, 8000.0))], "district_area_several", 1, "Grundschule Ahausen"),
        ([("GS Ahausen", (0.0, 4000.0)), ("GS am Teich", EAST)], "district_areas_overlap", 2, ""),
        ([("GS am Teich", EAST)], "district_areas_gap", None, ""),
    ],
)
def test_what_is_not_clear_is_said(
    tmp_path: Path, areas: list[tuple[str, tuple[float, float]]], code: str, row: int | None, told: str
) -> None:
    """Unknown, unclear, nameless, overlapping and missing areas are told with their row; the school in the area comes first."""
    region = read_region(project(tmp_path / "p", areas))
    found = [p for p in region.problems if p.code == code]
    assert [(p.table, p.row) for p in found] == [("bezirke.gpkg", row)]
    for lang in LANGUAGES:
        assert told in say(f"problem.{code}", lang, **found[0].params)
        assert say(f"repair.{code}", lang, **found[0].params)
    if told and code == "district_area_unknown":
        assert str(found[0].params["similar"]).startswith(told)
    if code == "district_areas_overlap":
        assert found[0].params["count"] == 10  # the people of the cell at (3500, 3500)
        assert schools_of_cells(region) == BY_HAND | {(3500, 3500): "Grundschule Ahausen"}
    if code == "district_areas_gap":
        assert found[0].params["count"] == 120
        assert found[0].severity == "note"


def test_a_word_that_tells_no_school_means_the_one_in_the_area(tmp_path: Path) -> None:
    """``Grundschule`` is the only school in the area; with two in it nothing would be assigned."""
    folder = project(tmp_path / "p", [("Grundschule", WEST), ("Grundschule", EAST)])
    assert schools_of_cells(read_region(folder)) == BY_HAND


def test_a_map_without_a_column_of_schools_stops(tmp_path: Path) -> None:
    """Areas that name nothing cannot be used; the columns that are there stand in the problem."""
    with pytest.raises(InputError) as raised:
        read_region(project(tmp_path / "p", [("GS Ahausen", WEST)], head="farbe"))
    told = [p for p in raised.value.problems if p.code == "district_area_columns"]
    assert [(p.table, p.params["known"]) for p in told] == [("bezirke.gpkg", "farbe")]


def test_layers_name_the_kind_of_school(tmp_path: Path) -> None:
    """Of several layers those that name schools are read; what a layer is called tells which kind of school is meant."""
    folder = project(tmp_path / "p", [("Ahausen", WEST)], head="farbe")
    for layer in ("Grundschulen", "Sekundarschulen"):
        frame = gpd.GeoDataFrame({"school": ["Ahausen"]}, geometry=[strip(WEST)], crs=CRS)
        frame.to_file(folder / "bezirke.gpkg", layer=layer)
    region = read_region(folder)
    assert set(region.assigned["service"]) == {"primary_school"}
    unknown = [p for p in region.problems if p.code == "district_area_unknown"]
    assert len(unknown) == 1  # no secondary school is known there


def test_an_area_goes_before_a_table_and_the_evidence_names_it(tmp_path: Path) -> None:
    """Where a map and a table differ, the map counts, as it is finer; explain names the map and the nearest school."""
    extra = """
[[input]]
kind = "facilities"
file = "tabelle.csv"
id = "tabelle"
preset = "school_districts"
title = "Satzung über die Schulbezirke"
date = "2020-08-01"
"""
    folder = project(tmp_path / "p", [("GS am Teich", WEST), ("GS am Teich", EAST)], extra=extra)
    (folder / "tabelle.csv").write_text("Ort;zuständige Schule\nAhausen;Grundschule Ahausen\n", encoding="utf-8")
    found = explain_project(folder, place="Ahausen", service="primary_school", threads=1)
    text = "\n".join(evidence_lines(found, "de"))
    assert (
        "Zugewiesen nach Schulbezirk (Karte der Schulbezirke, 01.08.2023): Grundschule Am Teich (Berge (Bedorf))."
        in text
    )
    assert "Die nächste wäre Grundschule Ahausen (Ahausen): " in text


def test_the_inbox_knows_a_map_of_districts(tmp_path: Path) -> None:
    """Areas with a column for the school are recognised by that column, whatever the file is called."""
    folder = project(tmp_path / "p", [("GS Ahausen", WEST)], file="karte1.gpkg", head="Schulbezirk")
    inbox = tmp_path / "eingang"
    inbox.mkdir()
    (folder / "karte1.gpkg").rename(inbox / "karte1.gpkg")
    problems = Problems()
    files = list_inbox(inbox, problems=problems)
    found = recognise_files(files, catalogue=read_catalogue(), this_year=2024, problems=problems)
    assert [(one.kind, one.preset) for one in found] == [("facilities", "school_districts")]
