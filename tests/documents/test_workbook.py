"""``balance.xlsx`` opens, colours its letters, and runs nothing that stands in the data."""

from __future__ import annotations

import dataclasses

import openpyxl

from ankerort.documents import tables
from ankerort.documents.labels import LETTERS
from ankerort.documents.sheets import FURTHER_SHEETS
from ankerort.documents.workbook import write_workbook
from ankerort.text import say

SHEETS = ("aid", "core", "core_no_car", "core_demand", "all", "all_no_car", "ways", "shares", "facilities", "mobile",
          "municipalities", "five", *(s.name for s in FURTHER_SHEETS), "recording", "feeds", "silent_stops", "standards", "figures", "sources", "problems")  # fmt: skip


def test_all_sheets_are_there_and_named_in_the_reading_aid(written) -> None:
    """Each sheet stands in its order, prints on A4, and the reading aid links to it."""
    book = openpyxl.load_workbook(written.out / "balance.xlsx")
    names = [say(f"sheet.{s}", written.lang) for s in SHEETS]
    assert book.sheetnames == names
    aid = book[names[0]]
    text = "\n".join(str(c.value) for row in aid.iter_rows() for c in row if c.value is not None)
    for name in names[1:]:
        assert f"{name}:" in text
        assert book[name].page_setup.paperSize == 9
        assert book[name].freeze_panes
    assert "tables/area_service.parquet" in text
    links = {c.hyperlink.location for row in aid.iter_rows() for c in row if c.hyperlink}
    assert links == {f"'{name}'!A1" for name in names[1:]}


def test_letters_are_coloured_and_equal_the_tables(written) -> None:
    """Each letter has the fill of its meaning, and the sheet holds the letters of the run."""
    book = openpyxl.load_workbook(written.out / "balance.xlsx")
    sheet = book[say("sheet.core_no_car", written.lang)]
    frame = tables.letters(written.assessment, "state_no_car", core=True)
    assert sheet.max_row == len(frame) + 1
    for row, values in enumerate(frame.itertuples(index=False), start=2):
        assert sheet.cell(row, 1).value == values[0]
        for column in range(4, len(values) + 1):
            cell = sheet.cell(row, column)
            assert cell.value == values[column - 1]
            assert cell.fill.fgColor.rgb[2:].lower() == LETTERS[cell.value][0][1:]


def test_unknown_minutes_are_empty_cells(written) -> None:
    """A way without a value is an empty cell, so that no mean counts it as zero."""
    book = openpyxl.load_workbook(written.out / "balance.xlsx", read_only=True)
    frame = tables.ways(written.assessment, written.lang)
    rows = list(book[say("sheet.ways", written.lang)].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(frame)
    column = list(frame.columns).index("pt_min")
    for got, expected in zip((r[column] for r in rows), frame["pt_min"], strict=True):
        assert (got is None) == (expected != expected)
        assert got is None or got == expected


def test_a_name_that_looks_like_a_formula_stays_text(assessment, tmp_path) -> None:
    """A facility or a place called ``=1+1`` is written as text: a workbook must not run what a data file says."""
    facilities = assessment.region.facilities.copy()
    facilities.loc[facilities.index[0], "name"] = "=1+1"
    places = assessment.region.places.copy()
    row = places.index[places["in_study"]][0]
    places.loc[row, ["name", "print_name"]] = '=HYPERLINK("http://x","y")'
    region = dataclasses.replace(assessment.region, facilities=facilities, places=places)
    path = tmp_path / "b.xlsx"
    write_workbook(dataclasses.replace(assessment, region=region), path, "de")
    book = openpyxl.load_workbook(path)
    kinds = {
        (c.value, c.data_type)
        for sheet in book
        for r in sheet.iter_rows()
        for c in r
        if isinstance(c.value, str) and c.value.startswith("=")
    }
    assert kinds <= {("=1+1", "s"), ('=HYPERLINK("http://x","y")', "s")}
    found = [c for r in book["Einrichtungen"].iter_rows() for c in r if c.value == "=1+1"]
    assert found and not any(c.hyperlink for c in found)
