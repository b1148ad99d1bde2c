"""Typing invented answers into exported workbooks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ankerort.base.problems import InputError
from ankerort.region.inquiry.layout import ASKED, CLUBS, FORMAT, HIDDEN_SHEET, Block, line_key
from ankerort.sample.answers import _TABLE, write_sample_answers
from ankerort.sample.typed_answers import COVER, TypedCell, read_typed_cells, type_into
from ankerort.text import say

AGS = "15999010"
ANSWER = TypedCell(AGS, "Altenröde", "asked", "bakery:2", "answer", "stimmt")


def _row(block: Block, **texts: str) -> list[str]:
    return [texts.get(f.id, "") for f in block.fields]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A workbook with two bakeries, the head repeated between them, one listed club and two free lines."""
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "Anleitung"
    cover.append([say("inquiry_label.office", "de")])
    cover.append([say("inquiry_label.filled_on", "de")])
    sheet = book.create_sheet("Altenröde")
    bakery = line_key(place_id="p", service="bakery", ids=["a"])
    sheet.append([f.head("asked", "de") for f in ASKED.fields])
    sheet.append(_row(ASKED, number="1", service="Bäckerei", key=bakery))
    sheet.append([f.head("asked", "de") for f in ASKED.fields])
    sheet.append(_row(ASKED, number="2", service="Bäckerei", key=bakery))
    sheet.append([f.head("clubs", "de") for f in CLUBS.fields])
    sheet.append(_row(CLUBS, number="1", name="Sportverein"))
    sheet.append(_row(CLUBS, number="2"))
    sheet.append(_row(CLUBS, number="3"))
    hidden = book.create_sheet(HIDDEN_SHEET)
    for cells in (["format", FORMAT], ["ags", AGS], ["sheet", "Altenröde", "p"]):
        hidden.append(cells)
    path = tmp_path / "abfrage" / f"abfrage-Mühlenstedt-{AGS}.xlsx"
    path.parent.mkdir()
    book.save(path)
    return path


def test_cells_are_found_by_service_number_and_free_line(sent: Path) -> None:
    """The second line of a service, a listed line by its number, the second free line, and the cover; all else stays, the original too."""
    before = sent.read_bytes()
    target = sent.parent.parent / "antworten" / sent.name
    type_into(
        sent,
        target,
        [
            ANSWER,
            TypedCell(AGS, "Altenröde", "clubs", "1", "rooms", "Turnhalle"),
            TypedCell(AGS, "Altenröde", "clubs", "+2", "name", "Chor"),
            TypedCell(AGS, "", COVER, "", "filled_on", "12.11.2026"),
        ],
    )
    assert sent.read_bytes() == before
    old, new = (openpyxl.load_workbook(p) for p in (sent, target))
    found = {
        (title, cell.coordinate): cell.value
        for title in ("Anleitung", "Altenröde")
        for row in new[title].iter_rows()
        for cell in row
        if cell.value != old[title][cell.coordinate].value
    }
    answer = openpyxl.utils.get_column_letter([f.id for f in ASKED.fields].index("answer") + 1)
    assert found == {
        ("Altenröde", f"{answer}4"): "stimmt",
        ("Altenröde", "C6"): "Turnhalle",
        ("Altenröde", "B8"): "Chor",
        ("Anleitung", "B2"): "12.11.2026",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"line": "bakery:3"},
        {"line": "pharmacy"},
        {"field": "weekday"},
        {"place": "Döbelitz"},
        {"block": "clubs", "line": "+3", "field": "name"},
        {"block": COVER, "place": "", "field": "ags"},
    ],
)
def test_what_the_workbook_does_not_have_is_told_and_nothing_is_written(sent: Path, wrong: dict[str, str]) -> None:
    """All missing cells are told together; no copy appears."""
    target = sent.with_name("kopie.xlsx")
    with pytest.raises(InputError) as error:
        type_into(sent, target, [ANSWER, replace(ANSWER, **wrong), replace(ANSWER, **wrong)])
    assert [p.code for p in error.value.problems] == ["typed_cell_missing"] * 2
    assert not target.exists()


def test_without_a_workbook_the_sample_says_what_to_do(tmp_path: Path) -> None:
    """A project without workbooks has nothing to fill in."""
    with pytest.raises(InputError) as error:
        write_sample_answers(tmp_path)
    assert [p.code for p in error.value.problems] == ["sample_no_inquiry"]


def test_the_answers_of_the_sample_name_offices_and_no_persons() -> None:
    """Each municipality that answers has an office; every cell names its column; nothing is typed twice."""
    cells = read_typed_cells(_TABLE)
    offices = {c.municipality: c.text for c in cells if c.block == COVER and c.field == "office"}
    assert set(offices) == {c.municipality for c in cells} == {"15999010", "15999023"}
    assert all("," in office for office in offices.values())
    assert len({replace(c, text="") for c in cells}) == len(cells)
