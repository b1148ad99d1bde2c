"""The sheet Auslastung tells what Kita plans and school plans say of places and of those who take them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from ankerort.documents.public import public_assessment
from ankerort.documents.sheets import FURTHER_SHEETS
from ankerort.documents.sheets_occupancy import group_name, occupancy
from ankerort.region.schema import OCCUPANCY
from ankerort.text import LANGUAGES, say


def _with(assessment, rows, *, internal: bool = False):
    """The sample with rows of occupancy of the list `plan` (facility, year, period, group, places, occupied)."""
    region = assessment.region
    names = ("facility_id", "year", "period", "group", "places", "occupied")
    records = [{**dict(zip(names, row, strict=True)), "source_id": "plan", "source_ref": "4"} for row in rows]
    table = OCCUPANCY.conform(pd.DataFrame(records))
    source = region.sources.iloc[[0]].assign(source_id="plan", title="Kitaplan", date="2024-03-01", internal=internal)
    sources = pd.concat([region.sources, source], ignore_index=True)
    return dataclasses.replace(assessment, region=dataclasses.replace(region, occupancy=table, sources=sources))


def _ids(assessment, service: str, *, in_study: bool = True) -> list[str]:
    table = assessment.region.facilities
    counts = (table["service"] == service) & (table["merged_into"] == "") & (table["in_study"] == in_study)
    return table.loc[counts, "facility_id"].tolist()


def test_groups_stand_in_order_with_their_share(assessment) -> None:
    """U3 before Ü3 before the total, classes by number and years in order; a share only where both numbers are known."""
    kita, school = _ids(assessment, "kindergarten")[0], _ids(assessment, "primary_school")[0]
    sheet = occupancy(
        _with(
            assessment,
            [
                (kita, 2024, "01.03.2024", "all", 60.0, 54.0),
                (kita, 2024, "01.03.2024", "from_3", 40.0, np.nan),
                (kita, 2024, "01.03.2024", "under_3", 20.0, 15.0),
                (school, 2024, "2024/25", "grade_10", np.nan, 18.0),
                (school, 2024, "2024/25", "grade_2", np.nan, 20.0),
                (school, 2023, "2023/24", "all", 0.0, 3.0),
            ],
        ),
        "de",
    )
    of_kita = sheet[sheet["facility_id"] == kita]
    assert of_kita["occupancy_group"].tolist() == ["unter 3 Jahren (U3)", "3 Jahre bis Schuleintritt (Ü3)", "insgesamt"]
    np.testing.assert_allclose(of_kita["occupancy_share"].to_numpy(float), [0.75, np.nan, 0.9])
    of_school = sheet[sheet["facility_id"] == school]
    assert of_school["occupancy_group"].tolist() == ["insgesamt", "Klasse 2", "Klasse 10"]
    assert of_school["occupancy_period"].tolist() == ["2023/24", "2024/25", "2024/25"]
    assert of_school["occupancy_share"].isna().all()
    assert set(sheet["source"]) == {"Kitaplan"}
    assert set(sheet["source_date"]) == {"01.03.2024"}


def test_nothing_of_the_buffer_and_of_lists_that_are_not_public(assessment) -> None:
    """The sheet is about the study area, and rows of a list with internal = true stay out of it."""
    inside, outside = _ids(assessment, "kindergarten")[0], _ids(assessment, "kindergarten", in_study=False)
    rows = [(key, 2024, "", "all", 60.0, 54.0) for key in [inside, *outside[:1]]]
    assert occupancy(_with(assessment, rows), "de")["facility_id"].tolist() == [inside]
    hidden = public_assessment(_with(assessment, rows, internal=True), "de")
    assert occupancy(hidden, "de").empty


def test_every_group_and_head_is_said(assessment) -> None:
    """Each group of the table and each column of the sheet has words in both languages, and the sheet is in the workbook."""
    told = occupancy(assessment, "de")
    for lang in LANGUAGES:
        for group in ("under_3", "from_3", "after_school", "all", "grade_13"):
            assert group_name(group, lang)
        for column in told.columns:
            assert say(f"column.{column}", lang)
    assert any(sheet.name == "occupancy" and sheet.make is occupancy for sheet in FURTHER_SHEETS)
