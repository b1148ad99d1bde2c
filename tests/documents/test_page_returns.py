"""The page of the answers: what came back, contradictions with both statements, words that a reader understands."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ankerort.base.problems import Problems
from ankerort.documents.assessment import Assessment
from ankerort.documents.evidence_words import facility_words
from ankerort.documents.page_returns import contradiction_lines, returns_content
from ankerort.documents.pages import PAGES, render_pages
from ankerort.documents.returns_words import ReturnWords
from ankerort.documents.sheets_returns import confirmations, difference_table
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.apply import settle_ledger
from ankerort.region.inquiry.differences import Difference, find_differences, new_rows
from ankerort.region.inquiry.ledger import confirmations_of
from ankerort.text import Language

OFFICE = "Gemeindeverwaltung Höhenziepel"


def _answer(verdict: str, service: str, place: str, **given: object) -> Answer:
    plain: dict[str, object] = {
        "subject": "facilities",
        "verdict": verdict,
        "ags": "15999023",
        "place_id": place,
        "service": service,
        "subject_id": "",
        "confirmed_by": OFFICE,
        "confirmed_on": "2026-11-20",
        "file": "zurueck.xlsx",
        "sheet": "Höhenziepel",
        "row": 9,
        **given,
    }
    return Answer(**plain)  # type: ignore[arg-type]


def _told(sample: Assessment) -> tuple[tuple[Difference, ...], Assessment]:
    """Differences of five answers and the assessment as it is with them in the ledger."""
    region, catalogue = sample.region, sample.catalogue
    butchers = region.facilities[(region.facilities["service"] == "butcher") & region.facilities["in_study"]]
    butcher = butchers[butchers["opening_hours"] != ""].iloc[0]
    place = str(butcher["place_id"])
    about = {"about": butcher["facility_id"]}
    answers = (
        _answer("wrong", "butcher", place, subject_id=about["about"], values={"opening_hours": "Th 08:00-18:00"}),
        _answer("absent", "pharmacy", place, subject="absences", remark="schon immer"),
        _answer("new", "atm", place, values={"name": "Automat Sparkasse"}),
        _answer("absent", "atm", place, subject="absences", confirmed_by="Landkreis"),
        _answer("gone", "butcher", "15999023-nirgends"),
    )[:4]
    problems = Problems()
    found = find_differences(
        answers,
        region,
        region.confirmations,
        imported_on="2026-11-23",
        round_days=365,
        similar_from=0.8,
        problems=problems,
    )
    assert not len(problems)
    rows = settle_ledger(
        confirmations_of(new_rows(found)), region.places, catalogue, merge_distance_m=150.0, problems=problems
    )
    facilities = region.facilities.copy()
    mine = facilities["facility_id"] == about["about"]
    facilities.loc[mine, ["confirmed_by", "confirmed_on"]] = [OFFICE, "2026-11-20"]
    return found, replace(sample, region=replace(region, confirmations=rows, facilities=facilities))


@pytest.mark.parametrize("lang", ["de", "en"])
def test_page_with_and_without_answers(assessment: Assessment, lang: Language) -> None:
    """Without an answer the page says so; with some it has both statements of a contradiction and a row per municipality."""
    page = tuple(p for p in PAGES if p.anchor == "ruecklauf")
    (empty,) = render_pages(assessment, lang, page)
    assert ("Bisher ist keine Antwort" in empty["html"]) == (lang == "de")
    _, told = _told(assessment)
    content = returns_content(told, lang)
    (fight,) = content["fights"]
    assert OFFICE in fight["first"]
    assert "Landkreis" in fight["second"]
    assert len(content["rows"]) == 5
    (html,) = render_pages(told, lang, page)
    assert "zurueck.xlsx" in html["html"]
    assert len(contradiction_lines(told.region, told.catalogue, lang)) == 1


def test_differences_are_those_that_differ(assessment: Assessment) -> None:
    """Shown are the changed hours in German words, the absence with its remark, the contradiction; not what stays the same."""
    found, told = _told(assessment)
    table = difference_table(found, assessment.region, told.catalogue, "de")
    assert table["returns_says"].tolist() == ["Do 8–18 Uhr", "nicht vorhanden", "vorhanden", "nicht vorhanden"]
    assert table["remark"].tolist() == ["", "schon immer", "", ""]
    assert table["returns_effect"].str.contains("WIDERSPRUCH").sum() == 2
    before = table.iloc[0]
    assert before["returns_before"].endswith("Uhr")
    assert before["returns_source"] != "–"


def test_every_confirmation_stands_in_the_workbook(assessment: Assessment) -> None:
    """One row per row of the ledger, with the state in words."""
    _, told = _told(assessment)
    sheet = confirmations(told, "de")
    assert len(sheet) == len(told.region.confirmations)
    assert set(sheet["returns_state"]) == {"gilt", "widersprüchlich: gilt bis zur Klärung nicht"}
    assert not len(confirmations(assessment, "de"))


@pytest.mark.parametrize("lang", ["de", "en"])
def test_evidence_names_office_file_and_former_value(assessment: Assessment, lang: Language) -> None:
    """The sentence of a confirmation and the words of a facility name who, when, where it stands, and what was believed before."""
    _, told = _told(assessment)
    words = ReturnWords(told.region, told.catalogue, lang)
    rows: pd.DataFrame = told.region.confirmations
    hours = rows[rows["field"] == "opening_hours"].iloc[0].to_dict()
    line = words.line(hours)
    assert OFFICE in line
    assert "zurueck.xlsx, Höhenziepel" in line
    assert ("Vorher: " if lang == "de" else "Before: ") in line
    k = told.region.facilities.index[told.region.facilities["confirmed_by"] == OFFICE][0]
    assert "zurueck.xlsx" in facility_words(told.region, int(k), lang)
