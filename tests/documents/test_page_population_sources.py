"""The page and the sheet that set census and register side by side."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.documents.assessment import Assessment
from ankerort.documents.evidence_people import people_line
from ankerort.documents.page_population_sources import change_text, population_content
from ankerort.documents.pages import PAGES, render_pages
from ankerort.documents.sheets_population import population_sources
from ankerort.region.schema import POPULATION_SOURCES
from ankerort.region.settings import InputSettings

PAGE = tuple(p for p in PAGES if p.anchor == "einwohnerquellen")
CENSUS = (8.0, 6.0, 10.0, 4.0, 120.0, 30.0, 15.0, 7.0)
REGISTER = (12.0, 6.0, 10.0, 2.0, 140.0, 30.0, 20.0, 0.0)


def _with_register(assessment: Assessment, *, leading: str = "census", internal: bool = False) -> Assessment:
    """The first place of the study area has 200 people in the census, 220 in the register."""
    region = assessment.region
    place = region.places[region.places["in_study"]].iloc[0]
    rows = []
    for band, c, r in zip(("all", *AGE_COLUMNS), (sum(CENSUS), *CENSUS), (sum(REGISTER), *REGISTER), strict=True):
        rows.append(
            {
                "ags": place["ags"],
                "place_id": place["place_id"],
                "label": "01 Ort",
                "kind": "place",
                "age_band": band,
                "census_persons": c,
                "totals_persons": float("nan"),
                "register_persons": r,
                "difference_persons": r - c,
                "difference_share": r / c - 1,
                "census_date": "2022-05-15",
                "totals_date": "",
                "register_date": "2024-12-31",
                "leading": leading,
                "in_study": True,
                "source_id": "melde",
                "source_ref": "m.xlsx/Orte: 5",
            }
        )
    source = InputSettings("population", (), "melde", options={"internal": internal})
    settings = dataclasses.replace(region.settings, population=leading, inputs=(*region.settings.inputs, source))
    sources = POPULATION_SOURCES.conform(pd.DataFrame(rows))
    return dataclasses.replace(
        assessment, region=dataclasses.replace(region, population_sources=sources, settings=settings)
    )


def _html(assessment: Assessment) -> str:
    return render_pages(assessment, "de", PAGE)[0]["html"]


def test_without_a_register_the_page_says_who_leads_and_whom_to_ask(assessment: Assessment) -> None:
    """One sentence on the census, one on the registration office; the sheet is empty."""
    bare = dataclasses.replace(
        assessment, region=dataclasses.replace(assessment.region, population_sources=POPULATION_SOURCES.empty())
    )
    html = _html(bare)
    assert "rechnen mit den Einwohnern des Zensus" in html and "Einwohnermeldeamt" in html
    assert "<table" not in html and population_sources(bare, "de").empty


def test_both_sources_stand_side_by_side_with_their_difference(assessment: Assessment) -> None:
    """200 and 220: +10 %; ages of the old; why they differ."""
    found = population_content(_with_register(assessment), "de")
    assert [(r["census"], r["register"], r["change"]) for r in found["municipalities"]] == [("200", "220", "+10 %")]
    assert [(r["register"], r["change"]) for r in found["ages"]] == [
        *(("30", "+7 %"), ("140", "+17 %"), ("50", "−4 %"), ("20", "−9 %"))
    ]
    html = _html(_with_register(assessment))
    assert "220 Menschen in 1 Ort." in html and "Stichtage" in html and "Hauptwohnung" in html and "Heime" in html


@pytest.mark.parametrize("leading", ["census", "register"])
def test_page_sheet_and_evidence_name_the_source_that_counts(assessment: Assessment, leading: str) -> None:
    """The same word in all three."""
    with_register = _with_register(assessment, leading=leading)
    word, whose = ("Melderegister", "des Melderegisters") if leading == "register" else ("Zensus", "des Zensus")
    assert f"Einwohnern {whose} (" in population_content(with_register, "de")["lead"][0]
    assert set(population_sources(with_register, "de")["leading_source"]) == {word}
    place_id = with_register.region.population_sources["place_id"].iloc[0]
    assert people_line(with_register.region, place_id, "de").startswith(f"Einwohner: {word}")


def test_few_people_are_not_printed(assessment: Assessment) -> None:
    """2 people of 16-17 are left out with their difference, nobody of 85 and older is no secret; ages are bands, never sexes."""
    table = population_sources(_with_register(assessment), "de").set_index("register_ages")
    assert table["register_persons"].isna()["16 bis 17"] and table["register_difference"].isna()["16 bis 17"]
    assert table.at["85 und älter", "register_persons"] == 0
    assert table.at["alle", "register_persons"] == 220 and table.at["alle", "register_share"] == pytest.approx(0.1)
    # a share of a handful would tell the handful
    assert table["register_share"].isna()["0 bis 5"]


def test_an_internal_register_is_in_no_document(assessment: Assessment) -> None:
    """Neither page nor sheet nor evidence gives its numbers; the page says that there is one."""
    hidden = _with_register(assessment, internal=True)
    html = _html(hidden)
    assert "intern" in html and "220" not in html
    assert population_sources(hidden, "de").empty
    assert "220" not in people_line(hidden.region, hidden.region.population_sources["place_id"].iloc[0], "de")


def test_changes_in_words() -> None:
    """Whole per cent with a sign; nobody in the census has none."""
    assert [change_text(*n) for n in ((110, 100), (99.9, 100), (80, 100), (5, 0))] == ["+10 %", "±0 %", "−20 %", "–"]
