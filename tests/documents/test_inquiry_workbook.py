"""The workbook that goes to a municipality, and the survey sheet of a facility."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankerort.base.problems import InputError
from ankerort.documents.blocks import Heading, PageBreak, Table
from ankerort.documents.blocks_pdf import write_pdf
from ankerort.documents.inquiry_workbook import lines_of, sheet_titles
from ankerort.documents.survey_choice import choose_surveys, find_municipalities
from ankerort.documents.survey_sheet import survey_document, write_survey_workbook
from ankerort.region.inquiry.layout import HIDDEN_SHEET
from worlds import tiny_region
from worlds.inquiry_world import AGS, OTHER_AGS, A, Clerk, codes, find, read, region, sheets, write


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The empty workbook of Amtsdorf; nobody writes into it."""
    return write(tmp_path_factory.mktemp("abfrage") / "abfrage.xlsx")


def test_sheets_of_the_workbook(book: Path) -> None:
    """Cover, one sheet per place by name, and a very hidden sheet that the reader knows."""
    opened = openpyxl.load_workbook(book)
    assert opened.sheetnames == ["Anleitung", "Adorf", "Bdorf", HIDDEN_SHEET]
    assert opened[HIDDEN_SHEET].sheet_state == "veryHidden"


def test_the_most_important_question_stands_first(book: Path) -> None:
    """Lines stand by rank, with the number of people they concern, rounded."""
    (adorf, _) = sheets()
    assert [line.service for line in adorf.asked][:4] == [
        "general_practitioner",
        "fire_station",
        "bakery",
        "supermarket",
    ]
    assert adorf.asked[0].persons == "betrifft rund 140 Menschen"
    assert sum(line.service == "bus_stop" for line in adorf.asked) == 1


def test_only_answers_are_free(book: Path) -> None:
    """What we assume is locked, without a password; answers, the office and the day are free."""
    opened = openpyxl.load_workbook(book)
    sheet = opened["Adorf"]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    head = find(sheet, "Antwort")
    assert not sheet.cell(head.row + 1, head.column).protection.locked
    assert sheet.cell(head.row + 1, 3).protection.locked
    cover = opened["Anleitung"]
    for label in ("Amt oder Stelle", "ausgefüllt am"):
        cell = find(cover, label)
        assert not cover.cell(cell.row, cell.column + 1).protection.locked


def test_answers_fit_their_line(book: Path) -> None:
    """A listed facility offers three answers, a line without one two others."""
    opened = openpyxl.load_workbook(book)
    sheet, hidden = opened["Adorf"], opened[HIDDEN_SHEET]
    head = find(sheet, "Antwort")
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        cells = {(c.min_row, c.min_col) for c in rule.sqref.ranges}
        for row in (head.row + 1, head.row + 2):
            if (row, head.column) in cells:
                area = rule.formula1.split("!")[1].replace("$", "")
                offered[row] = [c[0].value for c in hidden[area]]
    assert offered[head.row + 1] == ["gibt es hier nicht", "fehlt"]
    assert offered[head.row + 2] == ["stimmt", "stimmt nicht", "gibt es nicht mehr"]


def test_print_setup(book: Path) -> None:
    """A4 landscape, one page wide, the name of the place on each page, 11 pt at least."""
    opened = openpyxl.load_workbook(book)
    sheet = opened["Adorf"]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes is not None
    assert min(c.font.size for r in sheet.iter_rows() for c in r if c.value) >= 11


def test_equal_content_gives_equal_bytes(book: Path, tmp_path: Path) -> None:
    """The clock does not enter the file."""
    assert write(tmp_path / "noch-einmal.xlsx").read_bytes() == book.read_bytes()


def test_texts_never_become_formulas(tmp_path: Path) -> None:
    """A facility whose name begins with = + - or @ is written as text."""
    survey = choose_surveys(region(), tiny_region.catalogue(), facility="fire")[0]
    for sign in "=+-@":
        name = f"{sign}HYPERLINK('x')"
        path = tmp_path / "bogen.xlsx"
        write_survey_workbook(
            path, [type(survey)(**{**survey.__dict__, "believed": (name,)})], tiny_region.catalogue(), lang="de"
        )
        with zipfile.ZipFile(path) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert any(
            c.value and name in str(c.value) for r in openpyxl.load_workbook(path).worksheets[0].iter_rows() for c in r
        )


@given(st.lists(st.text(min_size=0, max_size=60), max_size=8))
def test_titles_of_sheets_are_allowed_and_unique(names: list[str]) -> None:
    """At most 31 characters, none of ``[]:*?/\\``, each once whatever its case."""
    titles = sheet_titles(names, ("Anleitung", HIDDEN_SHEET))
    assert len(titles) == len(names)
    folded = [t.casefold() for t in titles]
    assert len(set(folded)) == len(folded)
    assert "anleitung" not in folded
    for title in titles:
        assert 0 < len(title) <= 31
        assert not set(title) & set("[]:*?/\\")
        assert title.strip("'") == title


@pytest.mark.parametrize(
    ("text", "width", "lines"), [("kurz", 10, 1), ("zwei Wörter", 6, 2), ("x" * 25, 10, 3), ("", 5, 1)]
)
def test_heights_count_wrapped_lines(text: str, width: float, lines: int) -> None:
    """Words wrap, words longer than the column are broken."""
    assert lines_of(text, width) == lines


# Survey sheets


def test_each_survey_sheet_has_a_page_of_its_own(tmp_path: Path) -> None:
    """As many headings as facilities, page breaks between them, 14 pt; the PDF has as many pages."""
    import pypdf

    chosen = choose_surveys(region(), tiny_region.catalogue(), whole=True, municipalities=["Amtsdorf"])
    assert [s.service for s in chosen] == ["bakery", "fire_station", "pharmacy"]
    printed = survey_document(chosen, tiny_region.catalogue(), region="Drei Orte", data_date="2026-01-01", lang="de")
    assert printed.text_pt == 14
    assert sum(isinstance(b, Heading) for b in printed.blocks) == 3
    assert sum(isinstance(b, PageBreak) for b in printed.blocks) == 2
    assert sum(isinstance(b, Table) for b in printed.blocks) == 6
    write_pdf(printed, tmp_path / "bogen.pdf")
    assert len(pypdf.PdfReader(tmp_path / "bogen.pdf").pages) == 3


def _survey(tmp_path: Path, **choice: str) -> Clerk:
    path = tmp_path / "bogen.xlsx"
    chosen = choose_surveys(region(), tiny_region.catalogue(), **choice)
    write_survey_workbook(path, chosen, tiny_region.catalogue(), lang="de")
    return Clerk(path)


def _fill(clerk: Clerk, **cells: object) -> Clerk:
    sheet = clerk.book.worksheets[0]
    labels = {str(c.value).split("\n")[0]: c for r in sheet.iter_rows() for c in r if c.value}
    for label, value in {"Amt oder Stelle": "Bauamt", "ausgefüllt am": "01.10.2026", **cells}.items():
        cell = labels[label]
        sheet.cell(cell.row, cell.column + 1).value = value
    return clerk


def test_a_filled_survey_sheet_is_read_back(tmp_path: Path) -> None:
    """Hours by weekday, step-free, size, mark and toilet of a listed facility; days left empty are closed."""
    clerk = _fill(_survey(tmp_path, facility="fire"), stufenfrei="teilweise", Größe="12", Bemerkung="gut")
    _fill(clerk, **{"Zustand des Gebäudes": "2", "Rollstuhl-WC": "nein", "Straße oder Lage": "Ring 1"})
    sheet = clerk.book.worksheets[0]
    row = find(sheet, "Montag").row
    for c, value in enumerate(("8", "12:00", "14.00", "18"), start=2):
        sheet.cell(row, c).value = value
    sheet.cell(row + 2, 2).value, sheet.cell(row + 2, 3).value = "9", "11"
    answers, problems = read(clerk.save())
    assert codes(problems) == []
    (answer,) = answers
    assert (answer.verdict, answer.subject_id, answer.ags, answer.place_id) == ("wrong", "fire", AGS, A)
    assert answer.remark == "gut"
    assert dict(answer.values) == {
        "wheelchair": "limited",
        "toilets_wheelchair": "no",
        "capacity": "12",
        "condition": "2",
        "address": "Ring 1",
        "opening_hours": "Mo 08:00-12:00,14:00-18:00; We 09:00-11:00",
    }


def test_survey_sheets_of_something_new_and_of_nothing(tmp_path: Path) -> None:
    """A blank sheet for a place and service: fehlt names something new, gibt es hier nicht is an absence."""
    clerk = _fill(
        _survey(tmp_path, place="Adorf", service="Apotheke"), Antwort="fehlt", **{"richtiger Name": "Neue Apotheke"}
    )
    answers, problems = read(clerk.save())
    assert codes(problems) == []
    assert [(a.subject, a.verdict, a.values.get("name")) for a in answers] == [("facilities", "new", "Neue Apotheke")]
    clerk = _fill(_survey(tmp_path, place="Adorf", service="pharmacy"), Antwort="gibt es hier nicht")
    answers, _ = read(clerk.save())
    assert [(a.subject, a.verdict, a.service) for a in answers] == [("absences", "absent", "pharmacy")]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Größe": "1.2"}, "inquiry_amount_unread"),
        ({"Zustand des Gebäudes": "9"}, "inquiry_mark_unread"),
        ({"stufenfrei": "bisschen"}, "inquiry_choice_unknown"),
        ({"Antwort": "stimmt nicht"}, "inquiry_wrong_without"),
        ({"Amt oder Stelle": None, "stufenfrei": "ja"}, "inquiry_office_missing"),
        ({"ausgefüllt am": "Okt. 2026", "stufenfrei": "ja"}, "inquiry_day_month"),
    ],
)
def test_survey_sheets_with_faults(tmp_path: Path, cells: dict[str, object], code: str) -> None:
    """What is not clear is asked back."""
    _, problems = read(_fill(_survey(tmp_path, facility="fire"), **cells).save())
    assert codes(problems) == [code]


def test_an_empty_survey_sheet_says_nothing(tmp_path: Path) -> None:
    """Office and day alone are no answer."""
    answers, problems = read(_fill(_survey(tmp_path, facility="fire")).save())
    assert (answers, [p.severity for p in problems]) == ((), ["note"])


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({}, "inquiry_sheet_none"),
        ({"facility": "fires"}, "inquiry_sheet_facility"),
        ({"place": "Adorff", "service": "pharmacy"}, "inquiry_sheet_place"),
        ({"place": "Adorf", "service": "Apoteke"}, "inquiry_sheet_service"),
    ],
)
def test_what_cannot_be_chosen_names_the_nearest(choice: dict[str, str], code: str) -> None:
    """Unknown ids, places and services."""
    with pytest.raises(InputError) as caught:
        choose_surveys(region(), tiny_region.catalogue(), **choice)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert choice == {} or problem.params["near"] != "–"


def test_municipalities_by_name_or_key() -> None:
    """Name in any case, key, or all; unknown ones are told all together with the nearest."""
    both = [(AGS, "Amtsdorf"), (OTHER_AGS, "Beistadt")]
    assert find_municipalities(region(), []) == both
    assert find_municipalities(region(), ["beistadt", AGS]) == both[::-1]
    with pytest.raises(InputError) as caught:
        find_municipalities(region(), ["Amtsdorff", "Nirgends"])
    first, second = caught.value.problems
    assert "Amtsdorf" in str(first.params["near"])
    assert "Beistadt" in str(second.params["near"])
