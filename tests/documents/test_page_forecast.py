"""The page and the sheets on the people of tomorrow."""

from __future__ import annotations

import dataclasses
import re

import pytest

from ankerort.base.problems import Problem
from ankerort.documents.assessment import Assessment
from ankerort.documents.forecast_chart import change_class
from ankerort.documents.page_forecast import forecast_content, horizon_of, shown_years
from ankerort.documents.pages import PAGES, render_pages
from ankerort.documents.sheets_forecast import forecast_ages, forecast_areas
from ankerort.text.numbers import format_persons, round_persons

PAGE = tuple(p for p in PAGES if p.anchor == "morgen")


def _html(assessment: Assessment) -> str:
    return render_pages(assessment, "de", PAGE)[0]["html"]


def test_the_page_names_the_base_year_and_marks_what_lies_beyond_the_official_years(assessment: Assessment) -> None:
    """Base year and each fifth year; 2045 bears a star, explained with the last official year; 2040 bears none."""
    found = forecast_content(assessment, "de")
    assert found["years"] == ["2022", "2030", "2035", "2040", "2045 *"]
    assert found["horizon"] == "2040"
    assert "eigene Fortschreibung jenseits der amtlichen Vorausberechnung, die 2040 endet" in found["star"]
    assert found["star"] in _html(assessment)


def test_numbers_are_those_of_the_forecast_rounded_with_the_range_of_the_variants(assessment: Assessment) -> None:
    """Everybody in the study area 2040: trend as main number, smallest and largest of all variants below."""
    forecast = assessment.forecast
    assert forecast is not None
    rows = forecast.areas[(forecast.areas["level"] == "study_area") & (forecast.areas["year"] == 2040)]
    trend = float(rows.loc[rows["variant"] == "trend", "persons"].iloc[0])
    value, span = forecast_content(assessment, "de")["study"][0]["cells"][3]
    assert value == format_persons(trend, "de")
    low, high = rows["persons"].min(), rows["persons"].max()
    assert span == f"{format_persons(low, 'de')}–{format_persons(high, 'de')}"


def test_every_municipality_of_the_study_area_is_there(assessment: Assessment) -> None:
    """Municipalities by name, none of the buffer."""
    named = {r["name"] for r in forecast_content(assessment, "de")["municipalities"]}
    rows = assessment.region.municipalities
    assert named == set(rows.loc[rows["in_study"], "name"])
    assert {r["name"] for r in forecast_content(assessment, "de")["ages"]} == named


def test_the_page_names_its_method_its_marks_and_how_far_to_trust_it(assessment: Assessment) -> None:
    """Official totals by the title of their source, the look back, and marks at every variant."""
    found = forecast_content(assessment, "de")
    title = assessment.region.settings.inputs_of("projection")[0].title
    assert title and title in found["method"][0]
    assert any("Rückschau" in line for line in found["method"])
    assert all(re.search(r"\[[SMD/]+\]", line) for line in found["variants"])


def test_without_official_totals_the_page_says_so(assessment: Assessment) -> None:
    """Rates with their marks, and that the projection is missing; the horizon is the last but one year shown."""
    forecast = assessment.forecast
    assert forecast is not None
    own = dataclasses.replace(
        forecast,
        official_year=None,
        table=forecast.table.assign(method="cohort", extrapolated=False),
        areas=forecast.areas.assign(extrapolated=False),
    )
    found = forecast_content(dataclasses.replace(assessment, forecast=own), "de")
    assert "[M]" in found["method"][0] and "[D]" in found["method"][0]
    assert any("amtliche Vorausberechnung ist nicht eingelesen" in line for line in found["method"])
    assert found["star"] == ""
    assert horizon_of(own) == shown_years(own)[-2] == 2040


def test_small_places_have_a_range_and_too_few_people_are_not_printed(assessment: Assessment) -> None:
    """A place under 500 reads "zwischen X und Y"; a number under 10 is never printed."""
    found = forecast_content(assessment, "de")
    small = [p for p in found["places"] if p["later"].startswith("zwischen")]
    assert small
    forecast = assessment.forecast
    assert forecast is not None
    few = forecast.areas["persons"] * 0.0 + 7.0
    areas = forecast.areas.assign(persons_80_plus=few, suppressed=False)
    changed = dataclasses.replace(assessment, forecast=dataclasses.replace(forecast, areas=areas))
    row = forecast_content(changed, "de")["study"][3]
    assert [value for value, _ in row["cells"]] == ["unter 10"] * 5
    assert all(span == "" for _, span in row["cells"])


def test_without_a_forecast_the_page_says_why(assessment: Assessment) -> None:
    """One sentence and the problem with its repair; no table, no picture; the sheets are empty with their columns."""
    problem = Problem("forecast_stock_year", "warning", "region.toml", column="date")
    without = dataclasses.replace(assessment, forecast=None, problems=(problem,))
    html = _html(without)
    assert "keine Vorausschätzung" in html
    assert "aus welchem Jahr" in html
    assert "Tragen Sie bei der Eingabe date ein" in html
    assert "<table" not in html and "<img" not in html
    assert forecast_areas(without, "de").empty and len(forecast_areas(without, "de").columns) > 10
    assert forecast_ages(without, "de").empty


def test_pictures_are_told_in_words(assessment: Assessment) -> None:
    """Chart and map have an alternative text with numbers; every sign of the map stands in the legend with its count."""
    html = _html(assessment)
    texts = re.findall(r'<img [^>]*alt="([^"]*)"', html)
    assert len(texts) == 2
    assert all(re.search(r"\d", text) for text in texts)
    found = forecast_content(assessment, "de")
    assert sum(c["count"] for c in found["classes"]) >= len(found["places"])


@pytest.mark.parametrize(
    ("base", "later", "low", "high", "sign"),
    [
        (1000.0, 1040.0, float("nan"), float("nan"), "+"),
        (1000.0, 1010.0, float("nan"), float("nan"), "="),
        (1000.0, 950.0, float("nan"), float("nan"), "1"),
        (1000.0, 850.0, float("nan"), float("nan"), "2"),
        (1000.0, 700.0, float("nan"), float("nan"), "3"),
        (200.0, 150.0, 110.0, 205.0, "~"),
        (200.0, 150.0, 110.0, 190.0, "3"),
    ],
)
def test_the_sign_of_a_place(base: float, later: float, low: float, high: float, sign: str) -> None:
    """Growth from 3 %, nearly the same, tens of per cent lost; open where the range of a small place holds today's number."""
    assert change_class(base, later, low, high) == sign


def test_the_sheets_hold_all_years_variants_and_municipalities(assessment: Assessment) -> None:
    """Study area, municipalities and places x years x variants; ages of the trend add up to the municipality."""
    forecast = assessment.forecast
    assert forecast is not None
    areas = forecast_areas(assessment, "de")
    per_area = len(forecast.years) * len(forecast.variants)
    named = assessment.region.municipalities["in_study"].sum()
    places = assessment.region.places["in_study"].sum()
    assert len(areas) == per_area * (1 + named + places)
    assert not (areas["persons"] < 10).any()
    assert set(areas.loc[areas["forecast_year"] == 2045, "forecast_basis"]) == {
        "eigene Fortschreibung jenseits der amtlichen Vorausberechnung"
    }
    ages = forecast_ages(assessment, "de")
    assert ages["women"].isna().equals(ages["men"].isna())
    one = ages[(ages["municipality"] == "Mühlenstedt") & (ages["forecast_year"] == 2040)]
    rows = forecast.areas[(forecast.areas["level"] == "municipality") & (forecast.areas["area_id"] == "15999010")]
    total = rows.loc[(rows["year"] == 2040) & (rows["variant"] == "trend"), "persons"].iloc[0]
    assert one["persons"].sum() == pytest.approx(round_persons(total), abs=5 * len(one))


def test_the_page_is_the_same_when_another_year_is_assessed(assessment: Assessment) -> None:
    """The forecast starts from today's people, whoever the run counts."""
    other = dataclasses.replace(assessment, year=2035, variant="natural")
    assert _html(other) == _html(assessment)
