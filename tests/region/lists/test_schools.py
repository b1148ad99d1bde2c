"""School development plans and school districts: pupils by grade and year, and which place belongs to which school."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from worlds.district_lists import read, workbook

WIDE: list[list[object]] = [
    ["Schulentwicklungsplan der Musterstadt"],
    ["lfd.\nNr.", "Schule", "Ort", "Kapazität", "Schuljahr 2023/24", "", "", "", "Schuljahr 2024/25 (Prognose)", "", "", ""],
    ["", "", "", "", "Kl. 1", "Kl. 2", "Kl. 3", "Kl. 4", "Kl. 1", "Kl. 2", "Kl. 3", "Kl. 4"],
    [1, "Grundschule Am Bach", "Adorf", 120, 20, 25, 22, 18, 21, 20, 25, "-"],
    [2, "GS Beheim", "Beheim", "k. A.", 10, 11, 12, 13, 9, 10, 11, 12],
    [3, "Sekundarschule Adorf", "Adorf", 300, "", "", "", "", "", "", "", ""],
    [4, "Haus der Jugend", "Adorf", 30, "", "", "", "", "", "", "", ""],
    ["", "Gesamt", "", 450, 30, 36, 34, 31, 30, 30, 36, 12],
]  # fmt: skip


def test_wide_plan(tmp_path: Path) -> None:
    """Years and grades side by side become one row each; totals are added up; the present year is that of the plan's date."""
    tables, problems = read(workbook(tmp_path / "sep.xlsx", Plan=WIDE), "school_plan", date="2024-03-01")
    found = tables.facilities.set_index("name")
    assert found["service"].to_dict() == {
        "Grundschule Am Bach": "primary_school",
        "GS Beheim": "primary_school",
        "Sekundarschule Adorf": "secondary_school",
    }
    assert found["capacity"]["Grundschule Am Bach"] == 120
    assert np.isnan(found["capacity"]["GS Beheim"])
    assert found["note"]["Grundschule Am Bach"] == "85 Schülerinnen und Schüler im Schuljahr 2023/24"
    assert found["note"]["Sekundarschule Adorf"] == ""
    rows = tables.occupancy[tables.occupancy["facility_id"] == "primary_school:liste:Plan:row4"]
    assert rows[rows["group"] == "grade_4"][["year", "period", "occupied"]].values.tolist() == [
        [2023, "2023/24", 18],
        [2024, "2024/25", 0],
    ]
    sums = rows[rows["group"] == "all"]
    assert sums["occupied"].tolist() == [85, 66]
    assert sums["places"].tolist()[0] == 120
    assert np.isnan(sums["places"].tolist()[1])
    assert dict(tables.ignored) == {"Haus der Jugend": 1}
    assert "facility_values_ignored" in {p.code for p in problems}


@pytest.mark.parametrize(
    "text",
    [
        "Schulname;Schulform;Ort;Schuljahr;Klasse;Schülerzahl\nAm Bach;GS;Adorf;2023/24;1;20\nAm Bach;GS;Adorf;2023/24;2;25\n",
        "Schulname;Schulform;Ort;Schuljahr;Klasse 1;Klasse 2\nAm Bach;Grundschule;Adorf;2023/2024;20;25\n",
    ],
)
def test_long_plan(tmp_path: Path, text: str) -> None:
    """One row per school and year, or per school, year and grade, is the same plan."""
    path = tmp_path / "sep.csv"
    path.write_text(text, encoding="utf-8")
    tables, _ = read(path, "school_plan")
    assert tables.facilities[["service", "name"]].values.tolist() == [["primary_school", "Am Bach"]]
    rows = tables.occupancy.set_index("group")["occupied"].to_dict()
    assert rows == {"grade_1": 20, "grade_2": 25, "all": 45}
    assert set(tables.occupancy["period"]) == {"2023/24"}


def test_districts_in_the_plan_and_in_their_own_table(tmp_path: Path) -> None:
    """A column with the places of a school, or a table place by place with merged cells, gives the same rows."""
    plan = tmp_path / "sep.csv"
    plan.write_text("Schule;Ort;Schulbezirk\nGrundschule Am Bach;Adorf;Adorf, Cedorf und Dedorf\n", encoding="utf-8")
    own = workbook(
        tmp_path / "bezirke.xlsx",
        Bezirke=[
            ["Schulbezirke der Grundschulen"],
            ["Ort", "zuständige Schule"],
            ["Adorf", "Grundschule Am Bach"],
            ["Cedorf", ""],
            ["Dedorf", ""],
        ],
    )
    rows = [read(path, preset)[0].assigned for path, preset in ((plan, "school_plan"), (own, "school_districts"))]
    for found in rows:
        assert found[["service", "place_name", "school"]].values.tolist() == [
            ["primary_school", place, "Grundschule Am Bach"] for place in ("Adorf", "Cedorf", "Dedorf")
        ]
    pd.testing.assert_series_equal(rows[0]["source_date"], rows[1]["source_date"])
