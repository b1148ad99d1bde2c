"""The page and the sheets on capacity: figures where they are known, and for each other service the reason and what to ask."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ankerort.documents import sheets_capacity
from ankerort.documents.labels import row_label
from ankerort.documents.page_capacity import amount, capacity_content, has_figures, marks_of, unit_label
from ankerort.documents.pages import PAGES, render_pages
from ankerort.supply.schema_daviplan import INDICATORS
from ankerort.text import say

if TYPE_CHECKING:
    import pandas as pd

    from ankerort.documents.assessment import Assessment


def _with(assessment: Assessment, **tables: pd.DataFrame) -> Assessment:
    return dataclasses.replace(assessment, depth=dataclasses.replace(assessment.depth, **tables))


def _of_study(assessment: Assessment) -> pd.DataFrame:
    table = assessment.depth.area_capacity
    return table[table["level"] == "study"]


def test_each_service_has_a_row_or_stands_in_one_reason(assessment) -> None:
    """No service is left out silently and none is told twice."""
    content = capacity_content(assessment, "de")
    rows = [row["label"] for row in content["services"]]
    counted = len(rows) + sum(int(re.search(r": (\d+) \(", reason["what"])[1]) for reason in content["reasons"])
    assert counted == len(_of_study(assessment))
    for service in _of_study(assessment)["service"]:
        label = row_label(service, assessment.catalogue, "de")
        told = [r["what"] for r in content["reasons"] if re.search(rf"[(, ]{re.escape(label)}[,)]", r["what"])]
        assert (label in rows) + len(told) == 1, label


def test_the_row_of_a_service_tells_its_table(assessment) -> None:
    """After-school care of the sample: 2 of 2 capacities known, 160 places, unserved between its bounds, marks visible."""
    content = capacity_content(assessment, "de")
    row = next(r for r in content["services"] if r["label"] == "Hort")
    table = _of_study(assessment).set_index("service").loc["after_school"]
    assert row["capacity"] == "160 Plätze"
    assert row["known"] == "2 von 2"
    assert row["marks"] == marks_of(assessment, "after_school") != ""
    assert row["unserved"].startswith("zwischen 0 und ")
    assert table["unserved_low"] == 0 < table["unserved_high"]
    assert row["per_100"] == f"{table['capacity_per_100']:.1f}".replace(".", ",")


def test_what_to_ask_names_the_unit(assessment) -> None:
    """Of services with a unit the page asks for that unit, in words, with the services behind it."""
    asked = " ".join(r["ask"] for r in capacity_content(assessment, "de")["reasons"])
    for unit in ("Arztsitze", "Betten", "Plätze"):
        assert f"{unit} (" in asked
    assert "physician" not in asked


@pytest.mark.parametrize("lang", ["de", "en"])
def test_without_any_capacity_a_sentence_stands_for_the_table(assessment, lang) -> None:
    """All unknown: the sentence and the reasons, no table."""
    table = assessment.depth.area_capacity.copy()
    table["reason"] = "capacity_unknown"
    bounds = ["unserved_low", "unserved_high", "no_place_high", "minutes"]
    table[bounds] = np.nan
    edited = _with(assessment, area_capacity=table)
    page = tuple(p for p in PAGES if p.anchor == "kapazitaet")
    html = render_pages(edited, lang, page)[0]["html"]
    assert say("capacity.page_nothing", lang) in html
    assert "<table" not in html
    assert capacity_content(edited, lang)["services"] == []


def test_certain_absence_is_a_figure_and_unknown_absence_is_not(assessment) -> None:
    """A service of which the data hold no facility has a row only if somebody is without it for certain."""
    table = assessment.depth.area_capacity.copy()
    none = table["reason"] == "no_facilities"
    assert none.any()
    assert not has_figures(table[none & (table["unserved_low"] < 1)]).any()
    service = table.loc[none, "service"].iloc[0]
    chosen = (table["service"] == service) & (table["level"] == "study")
    table.loc[chosen, ["demand", "unserved_low", "unserved_high"]] = [100.0, 40.0, 60.0]
    rows = capacity_content(_with(assessment, area_capacity=table), "de")["services"]
    row = next(r for r in rows if r["label"] == row_label(service, assessment.catalogue, "de"))
    assert row["unserved"] == "zwischen 40 und 60"
    assert row["capacity"] == say("capacity.page_none_here", "de")


def test_full_facilities_and_short_municipalities_stand_by_name_the_worst_first(assessment) -> None:
    """Where demand is turned away or without a place for certain, names follow; at most twelve, and the page says of how many."""
    table = assessment.depth.area_capacity.copy()
    short = (table["level"] == "municipality") & (table["service"] == "after_school")
    table.loc[short, "unserved_low"] = np.arange(short.sum()) * 10.0
    table.loc[short, "unserved_high"] = np.arange(short.sum()) * 10.0
    content = capacity_content(_with(assessment, area_capacity=table), "de")
    amounts = [float(r["unserved"]) for r in content["municipalities"]]
    assert amounts == sorted(amounts, reverse=True)
    assert len(amounts) == int(short.sum()) - 1
    assert [r["about"].split(",")[0] for r in content["full"]] == ["Hort", "Hort"]
    assert content["full_more"] == ""


def test_a_run_of_another_year_names_the_year(assessment) -> None:
    """The demand is that of the people of the year asked for, and the page says so."""
    later = dataclasses.replace(assessment, year=2035, variant="trend")
    assert "2035" in capacity_content(later, "de")["about"][0]
    assert "2035" not in capacity_content(assessment, "de")["about"][0]


def test_units_and_amounts_are_printed_in_words(assessment) -> None:
    """A quarter of a doctor's seat keeps its decimals; a unit of a user's own stays as written; every unit shipped has a word."""
    assert (amount(0.25, "de"), amount(1200.0, "de"), amount(float("nan"), "de")) == ("0,25", "1.200", "nicht bekannt")
    assert unit_label("Betreuungsstunden", "de") == "Betreuungsstunden"
    for unit in assessment.catalogue.capacity_units.values():
        assert unit_label(unit.unit, "de") != unit.unit


def test_the_sheets_have_no_ids_and_no_place_rows_without_figures(assessment) -> None:
    """Places stand among the areas only for services with figures; indicators of daviplan stand under their names, no places."""
    areas = sheets_capacity.capacity_areas(assessment, "de")
    assert set(areas.loc[areas["level"] == say("level.place", "de"), "service"]) == {"Hort"}
    table = sheets_capacity.daviplan(assessment, "de")
    assert say("level.place", "de") not in set(table["level"])
    assert set(table["daviplan_indicator"]) <= {say(f"daviplan.{i}", "de") for i in INDICATORS}
    assert table["daviplan_indicator"].nunique() == 9
    assert (table["area"] != "").all()
    facilities = sheets_capacity.capacity_facilities(assessment, "de")
    assert "Hort" in set(facilities["service"])
    assert not facilities["service"].isin(list(assessment.catalogue.services)).any()


@pytest.mark.parametrize("room", ["page_quality", "page_capacity", "internal"])
def test_german_sentences_are_short(room) -> None:
    """No German sentence of these pages has more than 20 words."""
    text = (files("ankerort.text") / "sentences" / f"{room}.toml").read_text(encoding="utf-8")
    for key, value in tomllib.loads(text).items():
        for sentence in re.split(r"(?<=[.:;?!]) ", value["de"]):
            words = [w for w in sentence.split() if re.search(r"\w", w)]
            assert len(words) <= 20, (key, sentence)
