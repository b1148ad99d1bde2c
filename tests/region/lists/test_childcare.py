"""Kita plans: licence and occupancy by group become day care and after-school care."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from worlds.district_lists import CHILDCARE, read, workbook


def test_capacities_by_service(tmp_path: Path) -> None:
    """Places under 3 and from 3 on are day care, those of the Hort after-school care of the same object."""
    tables, _ = read(workbook(tmp_path / "kita.xlsx", Plan=CHILDCARE), "childcare_plan")
    found = tables.facilities.set_index(["service", "name"])
    assert found["capacity"].drop(("kindergarten", "Waldkita")).to_dict() == {
        ("kindergarten", "Kita Spatzennest"): 60,
        ("after_school", "Kita Spatzennest"): 40,
        ("kindergarten", "Kita Am Bach"): 45,
        ("after_school", "Hort an der Grundschule"): 80,
    }
    both = found.xs("Kita Spatzennest", level="name")
    assert both["object_id"].nunique() == 1
    assert set(both["note"]) == {
        "unter 3 Jahren: 20 Plätze, 18 belegt; ab 3 Jahren: 40 Plätze, 41 belegt; Hort: 40 Plätze, 35 belegt"
    }
    assert set(both["operator"]) == {"Gemeinde Adorf"}


def test_an_open_group_leaves_the_capacity_open(tmp_path: Path) -> None:
    """Where one group and the total are not known, the capacity is not known: a part is no total."""
    tables, _ = read(workbook(tmp_path / "kita.xlsx", Plan=CHILDCARE), "childcare_plan")
    wald = tables.facilities[tables.facilities["name"] == "Waldkita"]
    assert list(wald["service"]) == ["kindergarten"]
    assert np.isnan(wald["capacity"].iloc[0])


def test_childminders_are_persons(tmp_path: Path) -> None:
    """Kindertagespflege is left out and counted; its name stands nowhere."""
    tables, problems = read(workbook(tmp_path / "kita.xlsx", Plan=CHILDCARE), "childcare_plan")
    assert dict(tables.ignored) == {"Kindertagespflege": 1}
    assert "Sommer" not in tables.facilities.to_csv() + "".join(str(p.params) for p in problems)


def test_occupancy_by_group(tmp_path: Path) -> None:
    """Places and occupied places by group stand in a table beside the facilities, with the day of the list."""
    tables, _ = read(workbook(tmp_path / "kita.xlsx", Plan=CHILDCARE), "childcare_plan")
    rows = tables.occupancy[tables.occupancy["facility_id"] == "kindergarten:liste:Plan:row4"]
    assert rows[["year", "period", "group", "places", "occupied"]].values.tolist()[:2] == [
        [2024, "2024-03-01", "under_3", 20, 18],
        [2024, "2024-03-01", "from_3", 40, 41],
    ]
    hort = tables.occupancy[tables.occupancy["facility_id"] == "after_school:liste:Plan:row4"]
    assert hort[["group", "places", "occupied"]].values.tolist() == [["after_school", 40, 35]]
    assert set(tables.occupancy["facility_id"]) <= set(tables.facilities["facility_id"])


def test_groups_that_do_not_add_up(tmp_path: Path) -> None:
    """Groups that have other places than the licence are a warning with row and head; the groups count."""
    path = tmp_path / "kita.csv"
    path.write_text("Kita;Ort;Kapazität;U3;Ü3;Hort\nA;Adorf;50;20;40;-\n", encoding="utf-8")
    tables, problems = read(path, "childcare_plan")
    assert [(p.code, p.row, p.column) for p in problems] == [("list_places_sum", 2, "Kapazität")]
    assert tables.facilities["capacity"].iloc[0] == 60
