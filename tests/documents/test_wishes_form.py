"""The questionnaire keeps its promise of two pages; what is typed into the entry form comes back from the reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from ankerort.base.problems import Problems
from ankerort.documents.form_pdf import write_form
from ankerort.documents.wishes_entry import QUESTIONS, write_entry_csv, write_entry_workbook
from ankerort.documents.wishes_form import callback_slip, questionnaire
from ankerort.region.read_wishes import read_answers
from ankerort.region.wishes_layout import CHOICES, FIELDS, OFFERED_WEEKDAYS, choice_word
from ankerort.text import LANGUAGES, Language, say
from worlds.tiny_region import catalogue, region

A4_PT = (595.28, 841.89)


def _services() -> tuple:  # type: ignore[type-arg]
    return tuple(catalogue().mobile.services.values())


def _text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_services_fit_on_two_pages_with_the_notice(tmp_path: Path, lang: Language) -> None:
    """The PDF read back: exactly two pages of A4, all questions with all their answers, and the notice."""
    notice = say("wishes_form.notice", lang, least=5)
    made = questionnaire(_services(), notice=notice, region="Testkreis", lang=lang)
    assert (made.pages, made.notice_apart, made.form.text_pt) == (2, False, 14.0)
    path = tmp_path / "bogen.pdf"
    write_form(made.form, path)
    reader = PdfReader(path)
    assert len(reader.pages) == 2
    for page in reader.pages:
        assert [round(float(v), 1) for v in page.mediabox[2:]] == pytest.approx(A4_PT, abs=0.2)
    text = _text(path)
    for field in FIELDS:
        if field.id not in ("number", "given_up"):
            assert say(f"wishes_form.{field.id}", lang).split("?")[0] in text, field.id
    for kind in (
        "age",
        "household",
        "filled_by",
        "half_day",
        "spot",
        "walk_m",
        "wait_min",
        "drives",
        "hinders",
        "online",
    ):
        for value in CHOICES[kind]:
            assert choice_word(kind, value, lang) in text, (kind, value)
    for day in OFFERED_WEEKDAYS:
        assert choice_word("weekdays", day, lang) in text
    for service in _services():
        assert service.label(lang) in text
    assert " ".join(notice.split())[:60] in text


def test_a_long_notice_goes_to_a_page_of_its_own(tmp_path: Path) -> None:
    """Four hundred words more: the questions stay on two pages, the notice is the third, page 2 says so."""
    made = questionnaire(_services(), notice="Sehr wichtig ist uns das. " * 80, region="Testkreis", lang="de")
    assert (made.pages, made.notice_apart) == (3, True)
    write_form(made.form, tmp_path / "bogen.pdf")
    pages = PdfReader(tmp_path / "bogen.pdf").pages
    assert "Seite 3" in pages[1].extract_text()
    assert "Sehr wichtig" in pages[2].extract_text()


def test_too_many_services_are_seen() -> None:
    """Twenty services need a third page: the form says so instead of shrinking its type."""
    one = _services()[0]
    many = [replace(one, id=f"s{k}") for k in range(20)]
    assert questionnaire(many, notice="", region="Testkreis", lang="de").pages > 2


def test_equal_forms_are_equal_files(tmp_path: Path) -> None:
    """Written twice, the PDF and the workbook have the same bytes."""
    made = questionnaire(_services(), notice="x", region="Testkreis", lang="de")
    for name in ("a", "b"):
        write_form(made.form, tmp_path / f"{name}.pdf")
        write_entry_workbook(tmp_path / f"{name}.xlsx", _services(), ["Adorf"], region="Testkreis", lang="de")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_slip_is_one_page_and_says_that_it_is_not_entered(tmp_path: Path, lang: Language) -> None:
    """The slip has name and phone and stands apart; the questionnaire asks for neither."""
    write_form(callback_slip(region="Testkreis", lang=lang), tmp_path / "zettel.pdf")
    assert len(PdfReader(tmp_path / "zettel.pdf").pages) == 1
    assert say("wishes_slip.apart", lang) in _text(tmp_path / "zettel.pdf")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_typed_comes_back(tmp_path: Path, lang: Language) -> None:
    """A row typed by the words of the drop-downs is read without any problem, each choice as its value."""
    path = tmp_path / "erfassung.xlsx"
    write_entry_workbook(path, _services(), list(region().places["print_name"]), region="Testkreis", lang=lang)
    book = openpyxl.load_workbook(path)
    sheet = book[say("wishes_entry.sheet", lang)]
    heads = {str(cell.value): cell.column for cell in sheet[2]}
    typed = {
        "number": "12", "place": "Bdorf", "age": choice_word("age", "85_plus", lang), "household": choice_word("household", "alone", lang),
        "filled_by": choice_word("filled_by", "carer", lang), "half_day": choice_word("half_day", "any", lang), "spot": choice_word("spot", "home", lang),
        "walk_m": choice_word("walk_m", "steps", lang), "wait_min": choice_word("wait_min", "none", lang), "company": choice_word("yes_no", "yes", lang),
    }  # fmt: skip
    for field, word in typed.items():
        sheet.cell(3, heads[say(f"wishes_field.{field}", lang)]).value = word
    for head, column in heads.items():
        if head.startswith(f"{say('wishes_field.services', lang)}: "):
            sheet.cell(3, column).value = choice_word("times", "monthly", lang)
        elif head.startswith((f"{say('wishes_field.hinders', lang)}: ", f"{say('wishes_field.given_up', lang)}: ")):
            sheet.cell(3, column).value = "x"
    book.save(path)
    problems = Problems()
    found = read_answers([path], region(), catalogue(), problems)
    assert list(problems) == []
    row = found.answers.iloc[0]
    assert (row.answer_id, row.place_id, row.age, row.filled_by) == ("erfassung-12", "b", "85_plus", "carer")
    assert (row.half_day, row.spot, row.walk_m, row.wait_min, row.company) == ("any", "home", 50.0, 0.0, "yes")
    assert row.hinders.split(";") == list(CHOICES["hinders"])
    assert row.given_up.split(";") == [s.id for s in _services()]
    assert list(found.services["times_year"]) == [12.0] * len(_services())


def test_the_empty_form_has_no_answers_and_the_csv_has_the_same_heads(tmp_path: Path) -> None:
    """Nothing is prefilled that would be read as an answer; XLSX and CSV have the same columns; every field knows its question."""
    write_entry_workbook(tmp_path / "a.xlsx", _services(), ["Adorf"], region="T", lang="de")
    write_entry_csv(tmp_path / "a.csv", _services(), lang="de")
    problems = Problems()
    assert read_answers([tmp_path / "a.xlsx"], region(), catalogue(), problems).count == 0
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Erfassung"]
    heads = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").strip().replace('"', "").split(";")
    assert [cell.value for cell in sheet[2]] == heads
    assert {f.id for f in FIELDS} - set(QUESTIONS) == {"number"}
