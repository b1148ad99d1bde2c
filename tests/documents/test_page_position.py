"""Page "lage" and its sheets: who reaches a place, what it holds, what plans call it."""

from __future__ import annotations

import dataclasses

import pytest

from ankerort.documents import sheets_position
from ankerort.documents.assessment import Assessment
from ankerort.documents.page_position import largest_places, position_content
from ankerort.documents.pages import PAGES, render_pages
from ankerort.text import say
from ankerort.text.numbers import format_persons

PAGE = tuple(p for p in PAGES if p.anchor == "lage")


def test_the_largest_places_stand_first_and_no_outlying_land(assessment: Assessment) -> None:
    """At most twelve places, by inhabitants; what lies outside all places is none."""
    places = largest_places(assessment)
    assert 0 < len(places) <= 12
    assert places["persons"].is_monotonic_decreasing
    kinds = assessment.region.places.set_index("place_id")["kind"]
    assert not (places["place_id"].map(kinds) == "outlying").any()
    assert position_content(assessment, "de")["reach"][0]["place"] == "Mühlenstedt"


def test_numbers_are_those_of_the_catchments(assessment: Assessment) -> None:
    """By car in 10, 15, 20 minutes, by public transport in 30 and 45, without and with Rufbus; three groups."""
    content = position_content(assessment, "de")
    assert content["heads"][:5] == [
        "Auto 10 min",
        "Auto 15 min",
        "Auto 20 min",
        "Bus und Bahn 30 min",
        "Bus und Bahn 45 min",
    ]
    assert [h.startswith("mit Rufbus") for h in content["heads"][5:]] == [True, True]
    first = content["reach"][0]
    assert [g["label"] for g in first["groups"]] == ["alle", "65 und älter", "ohne eigenes Auto"]
    table = assessment.depth.place_catchment.set_index(["place_id", "mode", "minutes", "group"])
    place = largest_places(assessment)["place_id"].iloc[0]
    assert first["groups"][1]["cells"][0] == [
        format_persons(table.loc[(place, "car", 10.0, "65_plus"), "persons_low"], "de")
    ]


def test_designated_places_bear_tier_plan_and_date(assessment: Assessment) -> None:
    """What the list of central places says stands in the page and in the sheet; other places have a dash."""
    holds = {row["place"]: row for row in position_content(assessment, "de")["holds"]}
    assert holds["Mühlenstedt"]["tier"] == "Grundzentrum"
    assert holds["Mühlenstedt"]["plan"] == "Regionalplan Musterland (erfunden), 12.06.2024"
    assert holds["Langenwörden"]["tier"] == "Ort mit grundzentraler Teilfunktion"
    assert holds["Altenröde"]["tier"] == "–"
    sheet = sheets_position.centrality(assessment, "de").set_index("place")
    assert sheet.loc["Mühlenstedt", "plan_date"] == "12.06.2024"


def test_without_a_list_the_page_says_how_to_give_one(assessment: Assessment) -> None:
    """No list of central places: one sentence, no empty claim."""
    region = dataclasses.replace(assessment.region, central_places=assessment.region.central_places.iloc[:0])
    html = render_pages(dataclasses.replace(assessment, region=region), "de", PAGE)[0]["html"]
    assert say("position.no_list", "de") in html


def test_without_a_timetable_nothing_is_told_about_public_transport(assessment: Assessment) -> None:
    """No column of public transport and one sentence with the reason."""
    catchments = assessment.depth.place_catchment
    depth = dataclasses.replace(assessment.depth, place_catchment=catchments[catchments["mode"] == "car"])
    pt = dataclasses.replace(assessment.pt, kind="none", trips=assessment.pt.trips.iloc[:0])
    edited = dataclasses.replace(assessment, depth=depth, pt=pt)
    content = position_content(edited, "de")
    assert content["heads"] == ["Auto 10 min", "Auto 15 min", "Auto 20 min"]
    assert content["no_pt"] in render_pages(edited, "de", PAGE)[0]["html"]
    assert say("standards.pt_none", "de") in content["about"][1]


def test_the_page_says_that_it_depends_on_what_is_recorded(assessment: Assessment) -> None:
    """Of how many services it is not known stands beside the endowment, which has both bounds."""
    content = position_content(assessment, "de")
    table = largest_places(assessment)
    assert f"{table['functions_unknown'].min()} bis {table['functions_unknown'].max()} von" in content["depends"]
    low, high = table["endowment_low"].iloc[0], table["endowment_high"].iloc[0]
    assert low < high
    assert f"{round(low * 100)} % bis {round(high * 100)} %" == content["holds"][0]["endowment"]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_sheets_have_every_place_by_its_name(assessment: Assessment, lang: str) -> None:
    """One row per place of the study area; catchments with all modes and groups; headings in both languages."""
    places = assessment.region.places
    sheet = sheets_position.centrality(assessment, lang)
    assert sorted(sheet["place"]) == sorted(places.loc[places["in_study"], "print_name"])
    catchments = sheets_position.catchments(assessment, lang)
    assert len(catchments) == len(assessment.depth.place_catchment)
    for column in (*sheet, *catchments):
        assert say(f"column.{column}", lang)
