"""The page and the sheets on quality: what is graded, what to ask, what is near and adequate, and never bad for unknown."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from ankerort.catalogue.quality import CRITERIA
from ankerort.documents import sheets_quality
from ankerort.documents.page_quality import between, core_quality, quality_content
from ankerort.documents.pages import PAGES, render_pages
from ankerort.supply.quality import GRADES
from ankerort.text import say
from ankerort.text.numbers import format_persons

if TYPE_CHECKING:
    from ankerort.documents.assessment import Assessment


def _with(assessment: Assessment, **tables: pd.DataFrame) -> Assessment:
    return dataclasses.replace(assessment, depth=dataclasses.replace(assessment.depth, **tables))


def _html(assessment: Assessment, lang: Any = "de") -> str:
    page = tuple(p for p in PAGES if p.anchor == "qualitaet")
    return render_pages(assessment, lang, page)[0]["html"]


def test_every_facility_of_the_core_functions_is_counted_once(assessment) -> None:
    """Grades and "too little known" of a row sum to its facilities, those of all rows to the facilities of the lead."""
    content = quality_content(assessment, "de")
    number = {"·": 0}
    total = 0
    for row in content["functions"]:
        counted = sum(number.get(c, 0) if c == "·" else int(c) for c in (*row["grades"], row["ungraded"]))
        assert counted == int(row["facilities"]), row["label"]
        lights = sum(0 if c == "·" else int(c) for c in row["lights"])
        assert lights == counted
        total += counted
    inside = assessment.region.facilities.set_index("facility_id")["in_study"]
    quality = assessment.depth.facility_quality
    core = [s for item in assessment.catalogue.core for s in item.services]
    expected = quality[quality["service"].isin(core) & quality["facility_id"].map(inside)]
    assert total == len(expected)
    graded = int((expected["grade"] != "").sum())
    assert say("quality.page_graded", "de", total=total, graded=graded, rest=total - graded) == content["lead"][0]


def test_what_to_ask_most_stands_first_with_the_people_concerned(assessment) -> None:
    """Criteria by the number of facilities without them; people are counted once, and only those of the study area."""
    content = quality_content(assessment, "de")
    missing = [int(row["facilities"].split(" ")[0]) for row in content["ask"]]
    assert missing == sorted(missing, reverse=True)
    criteria = assessment.depth.facility_criteria
    of_page = criteria[criteria["facility_id"].isin(core_quality(assessment)["facility_id"])]
    unknown = of_page[~of_page["known"]].groupby("criterion").size()
    assert missing == sorted(unknown.tolist(), reverse=True)
    cells = assessment.region.cells
    everybody = float(cells.loc[cells["in_study"], "persons"].sum())
    for row in content["ask"]:
        persons = float(row["persons"].replace(".", ""))
        assert 0 < persons <= float(format_persons(everybody, "de").replace(".", ""))


def test_a_service_is_in_the_table_of_adequate_ones_or_named_as_unclear(assessment) -> None:
    """Where nothing is adequate for certain and nothing is ruled out the service is named in a sentence, else it has its row."""
    content = quality_content(assessment, "de")
    table = assessment.depth.place_adequate
    labels = {row["label"] for row in content["adequate"]}
    assert labels
    inside = assessment.region.places.set_index("place_id")["in_study"]
    for service in {s for item in assessment.catalogue.core for s in item.services}:
        rows = table[(table["service"] == service) & table["limit"].notna() & table["place_id"].map(inside)]
        if rows.empty:
            continue
        label = assessment.catalogue.services[service].label("de")
        label = label[:1].upper() + label[1:]
        assert (label in labels) != (label in content["unclear"]), label


def test_nobody_is_within_the_standard_of_a_facility_of_unknown_quality_for_certain(assessment) -> None:
    """All adequacy unknown: no table, one sentence with all services; unknown is neither adequate nor bad."""
    table = assessment.depth.place_adequate.copy()
    table["within_adequate_low"] = 0.0
    table["within_adequate_high"] = table["persons"]
    content = quality_content(_with(assessment, place_adequate=table), "de")
    assert content["adequate"] == []
    assert "nicht, ob die erreichbaren Einrichtungen angemessen sind" in content["unclear"]


def test_the_weakest_stand_by_name_with_what_costs_them_points(assessment) -> None:
    """Fewest points first; each reason says contribution and weight in points as the criteria have them, largest loss first."""
    content = quality_content(assessment, "de")
    facilities = core_quality(assessment)
    weak = facilities[facilities["grade"].isin(["D", "E"])].sort_values("score")
    assert len(content["weakest"]) == len(weak) == 2
    assert [row["grade"] for row in content["weakest"]] == weak["grade"].tolist()
    first = content["weakest"][0]
    assert "Zweigpraxis Sülzberg" in first["name"]
    assert "15.10.2026" in first["source"]
    criteria = assessment.depth.facility_criteria
    of_it = criteria[(criteria["facility_id"] == weak.iloc[0]["facility_id"]) & criteria["value"].notna()]
    lost = (of_it["weight"] - of_it["contribution"]).sort_values(ascending=False)
    worst = of_it.loc[lost.index[0]]
    points, weight = round(100 * worst["contribution"]), round(100 * worst["weight"])
    reason = say("quality.page_reason", "de", criterion="Öffnungszeiten", points=points, weight=weight)
    assert worst["criterion"] == "hours"
    assert first["reasons"].startswith(reason)


def test_what_is_not_known_is_never_a_reason_for_a_weak_grade(assessment) -> None:
    """Only criteria with a finding or usual hours are named; one that is not known costs no points."""
    criteria = assessment.depth.facility_criteria.copy()
    weak = core_quality(assessment).query("grade in ['D', 'E']")["facility_id"]
    chosen = criteria["facility_id"].isin(weak) & (criteria["criterion"] == "pt")
    criteria.loc[chosen, ["value", "contribution"]] = np.nan
    criteria.loc[chosen, "known"] = False
    content = quality_content(_with(assessment, facility_criteria=criteria), "de")
    assert all("Anschluss an Bus und Bahn" not in row["reasons"] for row in content["weakest"])


@pytest.mark.parametrize("lang", ["de", "en"])
def test_without_a_single_grade_the_page_says_so_and_calls_nobody_weak(assessment, lang) -> None:
    """All unknown: one sentence, no columns of grades, no weak facility; what to ask stays."""
    quality = assessment.depth.facility_quality.assign(grade="", adequate="unknown")
    edited = _with(assessment, facility_quality=quality)
    content = quality_content(edited, lang)
    assert content["grades"] == ()
    assert content["weakest"] == []
    assert content["weakest_about"] == say("quality.page_no_grades", lang)
    assert content["lead"][0] == say(
        "quality.page_none_graded", lang, total=len(core_quality(edited)), graded=0, rest=0
    )
    assert content["ask"]
    html = _html(edited, lang)
    assert all(f">{grade}</th>" not in html for grade in GRADES)


def test_without_any_facility_the_page_is_one_sentence(assessment) -> None:
    """No open facility of the core functions in the area: the page says so, and no empty table follows."""
    edited = _with(assessment, facility_quality=assessment.depth.facility_quality.iloc[:0])
    html = _html(edited)
    assert say("quality.page_nothing", "de") in html
    assert "<table" not in html


def test_the_light_tells_its_weakness_and_is_left_out_where_nothing_is_known(assessment) -> None:
    """Beside the light stands that unrecorded competitors make it too favourable; without any light a sentence stands for it."""
    assert say("quality.page_security_weak", "de") in _html(assessment)
    quality = assessment.depth.facility_quality.assign(security="unknown")
    html = _html(_with(assessment, facility_quality=quality))
    assert say("quality.page_security_none", "de") in html
    assert say("security.green", "de") not in html


def test_bounds_that_print_the_same_are_one_number() -> None:
    """Between 41 and 42 people is 40 people: the rounding leaves one number."""
    assert between(41, 42, "de") == "40"
    assert between(0, 55, "de") == "zwischen 0 und 55"


def test_the_sheet_of_facilities_has_each_criterion_with_its_status_and_source(assessment) -> None:
    """One row per open facility of the area; what is known has a source, what is not has no value, what is usual is marked."""
    sheet = sheets_quality.quality_facilities(assessment, "de").set_index("facility_id")
    inside = assessment.region.facilities.set_index("facility_id")["in_study"]
    quality = assessment.depth.facility_quality
    assert set(sheet.index) == set(quality.loc[quality["facility_id"].map(inside), "facility_id"])
    known, unknown = say("quality.status_known", "de"), say("word.unknown", "de")
    seen = set()
    for criterion in CRITERIA:
        status, value = sheet[f"quality_{criterion}_status"], sheet[f"quality_{criterion}_value"]
        seen |= set(status)
        assert (sheet.loc[status == known, f"quality_{criterion}_source"] != "").all()
        assert value[status == unknown].isna().all()
        assert value[status == known].between(0, 1).all()
    assert seen == {"", known, unknown, say("quality.hours_assumed", "de")}
    short = sheet["quality_grade"] == say("quality.too_little_known", "de")
    assert short.any()
    assert (sheet.loc[short, "quality_ask"] != "").all()


def test_the_sheet_of_places_has_bounds_in_order(assessment) -> None:
    """People within the standard of a facility adequate for certain are never more than of one that may be."""
    sheet = sheets_quality.quality_places(assessment, "en")
    assert len(sheet) > 100
    for mode in ("car", "foot", "pt"):
        low, high = sheet[f"quality_{mode}_within_adequate_low"], sheet[f"quality_{mode}_within_adequate_high"]
        assert low.notna().any()
        assert (low.dropna() <= high[low.notna()]).all()
        assert (high.dropna() <= sheet.loc[high.notna(), "persons"]).all()
