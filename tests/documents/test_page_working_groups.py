"""Page "arbeitsgruppen": who owes what, who sits where, which standards were agreed."""

from __future__ import annotations

import dataclasses

import pytest

from ankerort.documents.assessment import Assessment
from ankerort.documents.page_working_groups import working_groups_content
from ankerort.documents.pages import PAGES, render_pages
from ankerort.region.working_groups import Agreed, GroupMembers, Owed, WorkingGroups
from ankerort.text import Language

PAGE = tuple(p for p in PAGES if p.anchor == "arbeitsgruppen")
GROUPS = WorkingGroups(
    True,
    members=(GroupMembers("mobility", "Aufgabenträger", ("Fachdienst 1", "VG Nord"), ""),),
    owed=(
        Owed("mobility", "Nahverkehrsplan", "Aufgabenträger", "2027-01-15", "", "", 2),
        Owed("education", "Schulbezirke", "Schulverwaltung", "2026-12-01", "2026-11-20", "", 3),
    ),
    agreed=(Agreed("health_care", "general_practitioner", "car", "minimum", 12.0, "2026-10-01", "", 2),),
)


def test_open_data_stand_with_office_and_day(assessment: Assessment) -> None:
    """Only what is not delivered stands in the table; the sentence counts both, with the right forms."""
    content = working_groups_content(dataclasses.replace(assessment, groups=GROUPS), "de")
    assert content["about"] == "1 Lieferung steht noch aus, 1 ist da."
    assert content["owed"] == [
        {"office": "Aufgabenträger", "data": "Nahverkehrsplan", "group": "Mobilität", "due": "15.01.2027"}
    ]
    assert content["members"] == ["Mobilität: Federführung Aufgabenträger; Fachdienst 1, VG Nord."]
    assert content["standards"] == [
        "Hausarztpraxis, Auto: 12 min (Mindestwert), vereinbarter Richtwert (AG Gesundheit und Pflege, 01.10.2026)."
    ]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_without_a_table_one_sentence_says_how_to_make_it(assessment: Assessment, lang: Language) -> None:
    """No empty table, no empty heading."""
    html = render_pages(dataclasses.replace(assessment, groups=WorkingGroups()), lang, PAGE)[0]["html"]
    assert "ankerort groups" in html
    assert "<table" not in html
    assert "<h3" not in html


def test_when_all_is_delivered_the_page_says_so(assessment: Assessment) -> None:
    """Delivered data leave one sentence and no table."""
    groups = dataclasses.replace(GROUPS, owed=GROUPS.owed[1:])
    html = render_pages(dataclasses.replace(assessment, groups=groups), "de", PAGE)[0]["html"]
    assert "Alle vereinbarten Daten sind geliefert." in html
    assert "<table" not in html
