"""Quality, capacity by year and confidential columns of facility lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ankerort.base.problems import Problem, Problems
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.region.facility_tables import FacilityTables
from ankerort.region.read_facilities import read_facility_table
from ankerort.region.settings import InputSettings
from ankerort.region.template import write_facilities_to_template
from ankerort.text import LANGUAGES, Language
from ankerort.text.problems import describe_problem, repair_of


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def _read(
    folder: Path, catalogue: Catalogue, head: str, *rows: str, preset: str = "", date: str = ""
) -> tuple[FacilityTables, list[Problem]]:
    path = folder / "liste.csv"
    lines = [f"service;name;place_name;{head}", *(f"bakery;B;Dorf;{row}" for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems = Problems()
    given = InputSettings("facilities", (path,), "liste", preset=preset, columns={}, options={}, date=date)
    return read_facility_table(given, catalogue=catalogue, crs="EPSG:25832", problems=problems), list(problems)


@pytest.mark.parametrize(
    ("head", "cell", "code"),
    [
        ("capacity", "-3", "facility_negative"),
        ("capacity", "50 Plätze", "facility_unit"),
        ("capacity", "12,5 m2", "facility_unit"),
        ("condition", "0", "facility_range"),
        ("condition", "7", "facility_range"),
        ("broadband_mbit", "100 Mbit/s", "facility_unit"),
        ("capacity_from_year", "20222", "facility_range"),
        ("capacity_to_year", "2022,5", "facility_range"),
        ("operator_age", "200", "facility_confidential_number"),
        ("operator_age", "Mitte 60", "facility_confidential_number"),
        ("turnover_eur_year", "-1", "facility_confidential_number"),
        ("lease_until_year", "20222", "facility_confidential_number"),
        ("succession", "vielleicht", "facility_confidential"),
    ],
)
def test_values_that_cannot_be_are_errors(
    tmp_path: Path, catalogue: Catalogue, head: str, cell: str, code: str
) -> None:
    """A value that cannot be is an error with file, row, column and repair; the value counts as unknown."""
    _, problems = _read(tmp_path, catalogue, head, cell)
    assert [(p.code, p.severity, p.table, p.row, p.column) for p in problems] == [(code, "error", "liste.csv", 2, head)]
    for lang in LANGUAGES:
        assert repair_of(problems[0], lang)


def test_all_faults_are_told_at_once(tmp_path: Path, catalogue: Catalogue) -> None:
    """Every fault of every row is told, and the good rows are read."""
    tables, problems = _read(
        tmp_path, catalogue, "capacity;condition;operator_age", "-1;0;200", "50 Plätze;3;40", "20;2;41"
    )
    assert [(p.row, p.column) for p in problems] == [
        (2, "capacity"),
        (2, "condition"),
        (2, "operator_age"),
        (3, "capacity"),
    ]
    assert tables.facilities["condition"].tolist()[1:] == [3, 2]
    assert np.isnan(tables.facilities["condition"].iloc[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fault_in_a_confidential_column_names_no_value(tmp_path: Path, catalogue: Catalogue, lang: Language) -> None:
    """What is confidential stands in no message, and its faults stop the run."""
    head = "operator_age;succession;lease_until_year;turnover_eur_year;rent_eur_m2"
    _, problems = _read(tmp_path, catalogue, head, "777;Neffe;77777;77 TEUR;-77")
    assert len(problems) == 5
    for problem in problems:
        assert problem.severity == "error"
        assert "77" not in describe_problem(problem, lang) and "Neffe" not in describe_problem(problem, lang)


def test_capacities_of_years_come_from_several_rows(tmp_path: Path, catalogue: Catalogue) -> None:
    """Rows of one id name capacities of different years; the present one is that of the source's year."""
    head = "id;capacity;capacity_from_year;capacity_to_year;capacity_unit"
    rows = ("7;20;;2027;Plätze", "7;30;2028;;Plätze", "8;9;;;")
    tables, problems = _read(tmp_path, catalogue, head, *rows, date="2026-01-01")
    assert problems == []
    assert tables.facilities["capacity"].tolist() == [20, 9]
    found = tables.capacities[["facility_id", "capacity", "unit", "from_year", "to_year"]]
    expected = pd.DataFrame(
        {
            "facility_id": ["bakery:liste:7"] * 2,
            "capacity": [20.0, 30.0],
            "unit": ["Plätze"] * 2,
            "from_year": [np.nan, 2028.0],
            "to_year": [2027.0, np.nan],
        }
    ).astype(found.dtypes)
    pd.testing.assert_frame_equal(found, expected)


def test_without_a_date_the_present_capacity_is_unknown(tmp_path: Path, catalogue: Catalogue) -> None:
    """A capacity of some years is not taken for the present one where nobody says which year the list tells of."""
    tables, _ = _read(tmp_path, catalogue, "id;capacity;capacity_to_year", "7;20;2027")
    assert np.isnan(tables.facilities["capacity"].iloc[0])
    assert len(tables.capacities) == 1


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (("7;20;2030;2027",), "facility_years_order"),
        (("7;20;2020;2027", "7;30;2027;"), "facility_years_overlap"),
        (("7;20;;", "7;30;;"), "facility_duplicate_id"),
    ],
)
def test_contradictory_years_are_errors(tmp_path: Path, catalogue: Catalogue, rows: tuple[str, ...], code: str) -> None:
    """Years that run backwards, years that overlap, and a second row without years are errors."""
    _, problems = _read(tmp_path, catalogue, "id;capacity;capacity_from_year;capacity_to_year", *rows)
    assert [(p.code, p.severity) for p in problems] == [(code, "error")]


def test_opening_hours_that_cannot_be_read_stay_as_text(tmp_path: Path, catalogue: Catalogue) -> None:
    """Unreadable hours are kept, told with row and column, and are no error; replaced hours are told too."""
    rows = ("werktags", "Mo-Fr 8-12 Uhr", "nach Vereinbarung", '"Mo-Fr 08:00-12:00; Mo 14:00-18:00"')
    tables, problems = _read(tmp_path, catalogue, "opening_hours", *rows)
    assert tables.facilities["opening_hours"].tolist() == [*rows[:3], rows[3].strip('"')]
    assert [(p.code, p.severity, p.row, p.column) for p in problems] == [
        ("opening_hours_unreadable", "warning", 2, "opening_hours"),
        ("opening_hours_replaced", "warning", 5, "opening_hours"),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_brings_back_all_columns(tmp_path: Path, catalogue: Catalogue, lang: Language) -> None:
    """Quality, years of capacity and confidential columns go out in the template and come back."""
    row = {
        "id": "7",
        "service": "village_shop",
        "place_name": "Dorf",
        "toilets_wheelchair": "limited",
        "capacity": 120.0,
        "capacity_unit": "m²",
        "capacity_from_year": 2020.0,
        "capacity_to_year": 2030.0,
        "condition": 2.5,
        "assortment": "village",
        "broadband_mbit": 250.0,
        "operator_age": 61.0,
        "succession": "no",
        "lease_until_year": 2029.0,
        "turnover_eur_year": 412345.5,
        "rent_eur_m2": 5.75,
    }
    path = tmp_path / "voll.xlsx"
    write_facilities_to_template(path, catalogue=catalogue, lang=lang, facilities=pd.DataFrame([row]))
    problems = Problems()
    given = InputSettings("facilities", (path,), "liste", preset="template", date="2026-01-01")
    tables = read_facility_table(given, catalogue=catalogue, crs="EPSG:25832", problems=problems)
    assert list(problems) == []
    for column in ("toilets_wheelchair", "capacity", "condition", "assortment", "broadband_mbit"):
        assert tables.facilities[column].iloc[0] == row[column], column
    for column in ("operator_age", "succession", "lease_until_year", "turnover_eur_year", "rent_eur_m2"):
        assert tables.confidential[column].iloc[0] == row[column], column
        assert column not in tables.facilities
    period = tables.capacities.iloc[0]
    assert [period[c] for c in ("capacity", "unit", "from_year", "to_year")] == [120, "m²", 2020, 2030]
