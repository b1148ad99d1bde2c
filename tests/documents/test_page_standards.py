"""Page "richtwerte" and its sheets: what is kept, for whom not, agreed or not, and the tests of central places."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from ankerort.base.provenance import DatedValue
from ankerort.documents import sheets_standards
from ankerort.documents.assessment import Assessment
from ankerort.documents.page_standards import standards_content
from ankerort.documents.pages import PAGES, render_pages
from ankerort.documents.standard_lines import core_services, persons_between, run_set, run_statements
from ankerort.text import say
from ankerort.text.numbers import format_persons, round_persons

PAGE = tuple(p for p in PAGES if p.anchor == "richtwerte")


def _html(assessment: Assessment, lang: str = "de") -> str:
    return render_pages(assessment, lang, PAGE)[0]["html"]


def _with_depth(assessment: Assessment, **tables: pd.DataFrame) -> Assessment:
    return dataclasses.replace(assessment, depth=dataclasses.replace(assessment.depth, **tables))


def test_counts_of_municipalities_are_those_of_the_statements(assessment: Assessment) -> None:
    """Per service and mode the four letters add up to the municipalities with people of the group, with the verdicts of the table."""
    content = standards_content(assessment, "de")
    table = run_statements(assessment)
    rows = table[
        (table["item"] == "supermarket")
        & (table["mode"] == "without_car")
        & (table["group"] == "all")
        & (table["level"] == "municipality")
    ]
    shown = content["joined"][0]["without_car"]["municipalities"]
    expected = rows["fulfilled"].astype(str).value_counts().to_dict()
    assert {v["letter"]: int(v["count"]) for v in shown} == {
        say(f"standards.letter.{k}", "de"): n for k, n in expected.items()
    }


def test_persons_short_stand_with_their_bounds(assessment: Assessment) -> None:
    """What is known and what is possible are told apart; equal bounds are one number; bounds that say nothing are not known."""
    assert persons_between(0.0, 0.0, "de") == "niemand"
    assert persons_between(0.0, 430.0, "de") == "höchstens 430"
    assert persons_between(120.0, 430.0, "de") == "120 bis 430"
    assert persons_between(2001.0, 2004.0, "de") == format_persons(2001.0, "de")
    assert persons_between(0.0, 430.0, "de", persons=430.0) == "nicht bekannt"
    assert persons_between(float("nan"), 430.0, "de") == "nicht bekannt"


def test_each_letter_is_explained_and_stands_beside_its_colour(assessment: Assessment) -> None:
    """No coloured field is without a letter: councils get black-and-white copies."""
    html = _html(assessment)
    marks = re.findall(r'<b class="k k-[a-zA-Z]+" title="([^"]+)">(.)</b>', html)
    assert len(marks) == html.count('<b class="k ')
    assert {letter for _, letter in marks} == {"J", "K", "N", "?"}
    assert all(meaning for meaning, _ in marks)


def test_proposals_and_agreed_standards_are_told_apart(assessment: Assessment) -> None:
    """Shipped values: "Vorschlag, nicht vereinbart"; an agreed one is named with office and day."""
    assert say("standards.none_agreed", "de") in _html(assessment)
    catalogue = assessment.catalogue
    service = catalogue.services["pharmacy"]
    old = service.standards["car"].minimum
    assert isinstance(old, DatedValue)
    agreed = dataclasses.replace(old, agreed_by="AG Daseinsvorsorge", agreed_on="2026-05-04")
    standard = dataclasses.replace(service.standards["car"], minimum=agreed)
    changed = dataclasses.replace(service, standards={**service.standards, "car": standard})
    edited = dataclasses.replace(
        assessment,
        catalogue=dataclasses.replace(catalogue, services={**catalogue.services, "pharmacy": changed}),
    )
    html = _html(edited)
    assert say("standards.none_agreed", "de") not in html
    assert "vereinbarter Richtwert (AG Daseinsvorsorge, 04.05.2026)" in html


def test_a_little_over_is_named_by_municipality(assessment: Assessment) -> None:
    """Each municipality with the verdict "near" stands in the list, once per service, most people first."""
    table = run_statements(assessment)
    rows = table[
        (table["level"] == "municipality")
        & (table["fulfilled"] == "near")
        & table["mode"].isin(["without_car", "with_car"])
        & table["item"].isin(core_services(assessment))
        & (table["group"] == "all")
    ]
    near = standards_content(assessment, "de")["near"]
    assert len(rows)
    assert near["count"] == len(rows.drop_duplicates(["item", "area_id"]))
    assert all("Knapp darüber" in row["text"] for row in near["rows"])


def test_if_nothing_is_known_the_page_says_so_and_shows_no_table(assessment: Assessment) -> None:
    """All statements unknown: one sentence with the reason in place of rows of question marks."""
    table = assessment.depth.standard_statement.copy()
    table["fulfilled"] = "unknown"
    for column in ("within_low", "short_low", "near_low"):
        table[column] = 0.0
    content = standards_content(_with_depth(assessment, standard_statement=table), "de")
    assert content["joined"] == []
    assert content["unknown"].startswith("Nicht bekannt, weil")
    assert content["short"]["rows"] == [] and content["near"]["rows"] == []
    assert say("standards.no_none", "de") in _html(_with_depth(assessment, standard_statement=table))


def test_without_any_statement_the_page_still_speaks(assessment: Assessment) -> None:
    """No statement, no comparison, no test: sentences, no empty tables."""
    depth = assessment.depth
    empty = _with_depth(
        assessment,
        standard_statement=pd.DataFrame(),
        set_comparison=depth.set_comparison.iloc[:0],
        centre_test=depth.centre_test.iloc[:0],
        facility_count=depth.facility_count.iloc[:0],
    )
    html = _html(empty)
    assert "<table" not in html
    assert say("standards.no_statement", "de") in html
    assert say("standards.centre_none", "de") in html
    assert not len(sheets_standards.statements(empty, "de"))
    assert not len(sheets_standards.centre_tests(empty, "de"))


def test_the_comparison_tells_what_the_target_values_cost(assessment: Assessment) -> None:
    """A service whose stricter limit leaves 430 more people outside says so in the table and in a sentence."""
    table = assessment.depth.set_comparison.copy()
    row = (
        (table["item"] == "general_practitioner")
        & (table["mode"] == "car")
        & (table["group"] == "all")
        & (table["level"] == "study")
    )
    table.loc[row, "more_short"] = 430.0
    content = standards_content(_with_depth(assessment, set_comparison=table), "de")
    shown = next(r for r in content["compare"] if r["more"] == "430")
    assert (shown["a"], shown["b"]) == ("20 min", "15 min")
    assert any("430 Personen mehr" in line for line in content["compare_sentences"])


def test_all_sets_are_named_with_the_way_to_choose_one(assessment: Assessment) -> None:
    """Each set of the catalogue stands there with its id; the run's is marked; the option is named."""
    html = _html(assessment)
    for id_ in assessment.catalogue.standard_sets:
        assert f"<code>{id_}</code>" in html
    assert "standard_set =" in html
    chosen = [r["id"] for r in standards_content(assessment, "de")["sets"] if r["chosen"]]
    assert chosen == [run_set(assessment)]


def test_another_set_takes_its_statements_and_keeps_the_shipped_ones_else(assessment: Assessment) -> None:
    """With standard_set = target, a service of that set is told by it, all others by the minimum values."""
    settings = dataclasses.replace(assessment.region.settings, standard_set="target")
    edited = dataclasses.replace(assessment, region=dataclasses.replace(assessment.region, settings=settings))
    table = run_statements(edited)
    assert set(table.loc[table["item"] == "general_practitioner", "set_id"]) == {"target"}
    assert set(table.loc[table["item"] == "supermarket", "set_id"]) == {"catalogue"}
    assert not table.duplicated(["item", "mode", "group", "level", "area_id"]).any()
    assert say("standards.rest_shipped", "de") in _html(edited)


def test_the_test_of_central_places_replaces_no_designation(assessment: Assessment) -> None:
    """The disclaimer stands there; each criterion has its verdict; narrow misses are named; the plan's tier is shown."""
    html = _html(assessment)
    assert "ersetzt keine Festlegung der Regionalplanung" in html
    content = standards_content(assessment, "de")
    place = next(r for r in content["centre"]["rows"] if r["place"] == "Mühlenstedt")
    assert place["designated"] == "Grundzentrum"
    tests = assessment.depth.centre_test
    mine = tests[tests["set_id"] == "gz_magdeburg"].set_index("criterion")
    assert place["cells"][0]["letter"] == say(f"standards.letter.{mine.loc['persons_in_place', 'fulfilled']}", "de")
    near = tests[(tests["fulfilled"] == "near") & (tests["criterion"] != "all")]
    assert len(content["centre_near"]) == min(len(near), 10)


def test_a_year_of_the_forecast_is_named(assessment: Assessment) -> None:
    """People of another year are never taken for today's."""
    edited = dataclasses.replace(assessment, year=2035, variant="trend")
    html = _html(edited)
    assert "2035" in html
    assert say("standards.people_today", "de") not in html


@pytest.mark.parametrize("lang", ["de", "en"])
def test_sheets_have_labels_and_rounded_persons(assessment: Assessment, lang: str) -> None:
    """Each column has its heading in both languages, services stand by their name, persons are rounded, places are cut to the core."""
    for make in (
        sheets_standards.statements,
        sheets_standards.statement_places,
        sheets_standards.set_comparison,
        sheets_standards.centre_tests,
        sheets_standards.facility_counts,
        sheets_standards.equity,
    ):
        frame = make(assessment, lang)
        assert len(frame), make
        for column in frame:
            assert say(f"column.{column}", lang)
        if "persons" in frame:
            assert all(np.isnan(p) or p == round_persons(p) for p in frame["persons"])
    statements = sheets_standards.statements(assessment, "de")
    assert set(statements["level"]) == {"Region", "Landkreis", "Verbands- oder Einheitsgemeinde", "Gemeinde"}
    places = sheets_standards.statement_places(assessment, "de")
    assert "Mühlenstedt" in set(places["area"]) and len(places) < len(statements)
    assert "nobody" not in set(statements["verdict"])
