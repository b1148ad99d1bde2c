"""``schwerpunktorte.xlsx`` and ``schwerpunktorte.gpkg``: sheets, layers, styles, and that they are documented."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from ankerort.documents.anchors_geopackage import LAYERS, write_anchor_geopackage
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_sheets import catchments_sheet, costs_sheet, functions_sheet
from ankerort.documents.anchors_words import WHAT
from ankerort.documents.anchors_workbook import MATRIX, ORDER, write_anchor_workbook
from ankerort.documents.anchors_write import FILES
from ankerort.text import say
from worlds import anchor_plan

OUTPUTS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "outputs.md"


@pytest.fixture(scope="module", params=["de", "en"])
def parts(request, assessment) -> AnchorParts:
    """The made-up plan in both languages."""
    return AnchorParts(anchor_plan.made_up(assessment), request.param)


@pytest.fixture(scope="module")
def book(parts, tmp_path_factory) -> openpyxl.Workbook:
    """Its workbook."""
    path = tmp_path_factory.mktemp("plan") / "schwerpunktorte.xlsx"
    write_anchor_workbook(parts, path)
    return openpyxl.load_workbook(path)


def test_all_sheets_are_there_and_none_is_cut(parts, book) -> None:
    """Reading aid and every sheet in order, with tabs of at most 31 characters; every row of the tables arrives."""
    assert book.sheetnames == [say("sheet.aid", parts.lang), *(say(f"sheet.{s}", parts.lang) for s in ORDER)]
    assert all(len(name) <= 31 for name in book.sheetnames)
    for name, frame in (("anchor_functions", functions_sheet(parts)), ("anchor_costs", costs_sheet(parts))):
        assert book[say(f"sheet.{name}", parts.lang)].max_row == len(frame) + 1


def test_the_matrix_has_letter_and_colour(parts, book) -> None:
    """Each change stands at its place and function, with the letter and the colour of what happens."""
    sheet = book[say(f"sheet.{MATRIX}", parts.lang)]
    head = {sheet.cell(1, c).value: c for c in range(1, sheet.max_column + 1)}
    rows = {sheet.cell(r, 1).value: r for r in range(2, sheet.max_row + 1)}
    for place, function, what in (
        (anchor_plan.ALT, "citizen_office", "new"),
        (anchor_plan.ALT, "primary_school", "kept"),
        (anchor_plan.SUE, "village_shop", "moved"),
        (anchor_plan.HUE, "village_shop", "closed"),
    ):
        cell = sheet.cell(rows[parts.words.place(place)], head[parts.words.function(function)])
        assert cell.value == say(f"anchors.letter.{what}", parts.lang)
        assert cell.fill.fgColor.rgb.lower().endswith(WHAT[what][0].removeprefix("#"))
    assert len({say(f"anchors.letter.{w}", parts.lang) for w in WHAT}) == len(WHAT)


def test_costs_have_three_ends_mark_and_source(parts) -> None:
    """Each item keeps low, mid and high, its task, who decides, and the source of its record."""
    frame = costs_sheet(parts)
    assert frame[["cost_low", "cost_mid", "cost_high"]].sum().to_list() == pytest.approx(
        [parts.cost.low, parts.cost.mid, parts.cost.high]
    )
    with_record = frame[frame["cost_record"] == "anchors.cost_frame_share"]
    assert set(with_record["cost_mark"]) == {"[M]"}
    assert with_record["cost_source"].str.contains("DIN 276").all()


def test_catchments_by_municipality_sum_up(parts) -> None:
    """Persons by anchor and municipality are those of the catchments, rounded; people without an anchor have a row too."""
    frame = catchments_sheet(parts)
    assert len(frame) == len(parts.catchments.persons) + len(parts.catchments.without)
    total = parts.catchments.persons["persons"].sum() + parts.catchments.without["persons"].sum()
    assert abs(frame["persons"].sum() - total) <= 5 * len(frame)


@pytest.fixture(scope="module")
def package(parts, tmp_path_factory) -> Path:
    """Its geopackage."""
    path = tmp_path_factory.mktemp("plan") / "schwerpunktorte.gpkg"
    path.touch()
    write_anchor_geopackage(parts, path)
    return path


def test_layers_have_their_rows_and_coordinates(parts, package) -> None:
    """Four layers in the coordinate system of the region; a pair has two points; every function has one."""
    listed = {str(name): kind for name, kind in pyogrio.list_layers(package)}
    assert set(listed) - {"layer_styles"} == set(LAYERS)
    counts = {layer: pyogrio.read_info(package, layer=layer)["features"] for layer in LAYERS}
    assert counts["anchors"] == len(parts.anchor_places)
    assert counts["anchor_catchments"] == len(parts.plan.anchors)
    assert counts["anchor_functions"] == len(parts.plan.functions)
    assert counts["anchor_links"] > 0
    assert all(
        pyogrio.read_info(package, layer=layer)["crs"] == parts.documents.region.settings.crs for layer in LAYERS
    )


def test_catchments_cross_borders(parts, package) -> None:
    """Persons and those of other municipalities are the sums by municipality; the area holds the homes counted."""
    frame = pyogrio.read_dataframe(package, layer="anchor_catchments").set_index("letter")
    found = parts.catchments
    for k, letter in enumerate(("A", "B")):
        assert frame.at[letter, "persons"] == round(found.total(k))
        cells = parts.documents.region.cells[(found.of_cell == k)]
        inside = frame.at[letter, "geometry"].buffer(1.0)
        points = [inside.contains(_point(x, y)) for x, y in zip(cells["x"], cells["y"], strict=True)]
        assert all(points) and points
    # Both municipalities of the pair are its own.
    assert frame.at["B", "persons_others"] == 0


def _point(x: float, y: float):
    import shapely

    return shapely.Point(x, y)


def test_links_lead_to_an_anchor(parts, package) -> None:
    """Each line begins at its place and ends at a place of the anchor with its letter; crossing a border is told."""
    frame = pyogrio.read_dataframe(package, layer="anchor_links")
    names = {parts.words.place(p) for p in parts.anchor_places}
    assert set(frame["anchor"]) <= names and not set(frame["place"]) & names
    assert set(frame["across"]) <= {say("word.yes", parts.lang), say("word.no", parts.lang)}


def test_styles_are_well_formed_and_fit_their_columns(package) -> None:
    """Each layer has one default style, which is XML and paints a column of the layer."""
    with closing(sqlite3.connect(package)) as database:
        styles = database.execute("SELECT f_table_name, styleQML, useAsDefault FROM layer_styles").fetchall()
    assert sorted(layer for layer, _, default in styles if default) == sorted(LAYERS)
    for layer, qml, _ in styles:
        root = ET.fromstring(qml.split(">", 1)[1])
        column = root.find(".//renderer-v2").get("attr")
        assert column in pyogrio.read_info(package, layer=layer)["fields"]


def test_files_sheets_and_layers_are_documented(parts) -> None:
    """outputs.md names every file, every sheet in both languages, and every layer."""
    text = OUTPUTS.read_text(encoding="utf-8")
    for name in FILES:
        assert f"`{name}`" in text, name
    section = text.split("## schwerpunktorte.xlsx", 1)[1].split("\n## ", 1)[0]
    for sheet in ORDER:
        assert f"| {say(f'sheet.{sheet}', 'de')} | {say(f'sheet.{sheet}', 'en')} |" in section, sheet
    layers = text.split("## schwerpunktorte.gpkg", 1)[1].split("\n## ", 1)[0]
    for layer in LAYERS:
        assert f"`{layer}`" in layers, layer
