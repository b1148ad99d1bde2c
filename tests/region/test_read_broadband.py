"""Tables of broadband: heads of the atlas and of offices, shares as people write them, and what is not known stays so."""

from __future__ import annotations

import math
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ankerort.base.problems import Problem, Problems
from ankerort.region.broadband_heads import Rate, rate_of_cell, rate_of_head, share_of_cell
from ankerort.region.read_broadband import read_broadband
from ankerort.region.settings import InputSettings
from ankerort.text import LANGUAGES, say


def read(
    path: Path, *, columns: dict[str, str] | None = None, date: str = "", **options: object
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read one table; every problem must have its sentences in both languages."""
    problems = Problems()
    given = InputSettings("broadband", (path,), "netz", columns=columns or {}, options=options, date=date)
    rows = read_broadband([given], reach=None, crs="EPSG:25832", problems=problems)
    for problem in problems:
        for lang in LANGUAGES:
            assert say(f"problem.{problem.code}", lang, **problem.params)
            assert say(f"repair.{problem.code}", lang, **problem.params)
    return rows, list(problems)


def book(path: Path, **sheets: list[list[object]]) -> Path:
    """A workbook with one sheet per keyword."""
    found = openpyxl.Workbook()
    found.remove(found.active)
    for title, rows in sheets.items():
        page = found.create_sheet(title)
        for row in rows:
            page.append(row)
    found.save(path)
    return path


def shares(rows: pd.DataFrame, *, by: str = "ags") -> dict[tuple[object, ...], tuple[float, float]]:
    """(who, class, technology) -> bounds."""
    return {
        (r[by], r["class_mbit"], r["technology"]): (round(r["share_low"], 4), round(r["share_high"], 4))
        for r in rows.to_dict("records")
    }


@pytest.mark.parametrize(
    ("head", "rate"),
    [
        (">= 100 Mbit/s", Rate(100.0, "any")),
        ("Anteil der Haushalte mit mind. 50 Mbit/s in %", Rate(50.0, "any")),
        ("≥ 1.000 Mbit/s", Rate(1000.0, "any")),
        ("ab 1 Gbit/s", Rate(1000.0, "any")),
        ("FTTB/H ≥ 1000 Mbit/s", Rate(1000.0, "fibre")),
        ("Glasfaserquote", Rate(0.0, "fibre")),
        ("mind. 30 Mbit/s (alle Technologien, Stand 06/2026)", Rate(30.0, "any")),
        ("down_fn_hh_alle_100", Rate(100.0, "any")),
        ("down_fn_hh_ftthb_1000", Rate(1000.0, "fibre")),
        ("down_fn_hh_hfc_400", Rate(400.0, "cable")),
        ("down_fn_hh_fttc_50", Rate(50.0, "copper")),
        ("leitungsg_technologien_gtoe_100_mbits", Rate(100.0, "any")),
        ("50 bis unter 100 Mbit/s", Rate(100.0, "any", bounded=True)),
        ("unter 30 Mbit/s", Rate(30.0, "any", bounded=True)),
        ("down_fn_gew_alle_100", None),
        ("Schulen mit ≥ 100 Mbit/s", None),
        ("Mobilfunk 4G", None),
        ("Upload ≥ 50 Mbit/s", None),
        ("Einwohner 2025", None),
        ("Fläche", None),
    ],
)
def test_heads_say_what_is_counted(head: str, rate: Rate | None) -> None:
    """Households by fixed line count, by least rate and technology; firms, schools, mobile networks and upload do not."""
    assert rate_of_head(head) == rate


@pytest.mark.parametrize(
    ("text", "low", "high", "percent"),
    [
        ("92,3", 92.3, 92.3, False),
        ("0.923", 0.923, 0.923, False),
        ("92,3 %", 92.3, 92.3, True),
        ("> 75 bis 95 %", 75.0, 95.0, True),
        ("75–95", 75.0, 95.0, True),
        (">95", 95.0, 100.0, True),
        ("unter 10 %", 0.0, 10.0, True),
    ],
)
def test_shares_as_people_write_them(text: str, low: float, high: float, percent: bool) -> None:
    """A share is a number with or without a sign, or a span."""
    found = share_of_cell(text)
    assert found is not None
    assert (found.low, found.high, found.percent) == (low, high, percent)


def test_a_cell_without_share_is_not_zero() -> None:
    """Dashes and empty cells are not known; words are no share."""
    for text in ("", "-", "k. A.", "x"):
        found = share_of_cell(text)
        assert found is not None
        assert math.isnan(found.low)
    assert share_of_cell("gut") is None
    assert share_of_cell("-5") is None


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("mind. 100 Mbit/s", Rate(100.0, "any")),
        ("50-100", Rate(50.0, "any")),
        ("1 Gbit/s", Rate(1000.0, "any")),
        ("Glasfaser", Rate(0.0, "fibre")),
        ("100 Glasfaser", Rate(100.0, "fibre")),
        ("unter 30 Mbit/s", None),
        ("unbekannt", None),
        ("gut versorgt", None),
    ],
)
def test_classes_of_places(text: str, rate: Rate | None) -> None:
    """A class is a least rate or a technology; what only names an upper limit tells no least rate."""
    assert rate_of_cell(text) == rate


def test_the_table_of_municipalities(tmp_path: Path) -> None:
    """Title lines, German decimals and sheets of explanations do not matter; the day of the title counts; empty stays unknown."""
    path = book(
        tmp_path / "atlas.xlsx",
        Hinweise=[["Erläuterungen zum Breitbandatlas"], ["Angaben in Prozent der Haushalte"]],
        Länder=[["Bundesland", "≥ 50 Mbit/s"], ["Sachsen-Anhalt", 90]],
        Gemeinden=[
            ["Breitbandverfügbarkeit der Haushalte, Stand: 30.06.2026"],
            [],
            ["AGS", "Gemeinde", "≥ 50 Mbit/s", "≥ 100 Mbit/s", "≥ 1.000 Mbit/s", "FTTB/H", "Mobilfunk 5G", "Gewerbe ≥ 50 Mbit/s"],
            ["15001000", "Ahausen", 98.5, "92,3", 40, "31,0", 99, 50],
            [15001001, "Bedorf", "88,0", "", "k. A.", 0, 99, 50],
            ["Gesamt", "", 90, 90, 30, 20, 99, 50],
        ],
    )  # fmt: skip
    rows, problems = read(path)
    assert shares(rows) == {
        ("15001000", 50.0, "any"): (0.985, 0.985),
        ("15001000", 100.0, "any"): (0.923, 0.923),
        ("15001000", 1000.0, "any"): (0.4, 0.4),
        ("15001000", 0.0, "fibre"): (0.31, 0.31),
        ("15001001", 50.0, "any"): (0.88, 0.88),
        ("15001001", 0.0, "fibre"): (0.0, 0.0),
    }
    assert set(rows["date"]) == {"2026-06-30"}
    assert set(rows["source_ref"]) == {"Gemeinden:4", "Gemeinden:5"}
    assert problems == []


@pytest.mark.parametrize("values", [("0,923", "1"), ("92,3 %", "100 %"), ("92,3", "100")])
def test_fractions_and_per_cent(tmp_path: Path, values: tuple[str, str]) -> None:
    """0.923, 92.3 and 92.3 % are the same share; the numbers of the table tell which is meant. A key without its zero gets it back."""
    path = tmp_path / "netz.csv"
    lines = ["ags;gemeinde;down_fn_hh_alle_100", f"7001000;Ahausen;{values[0]}", f"7001001;Bedorf;{values[1]}"]
    path.write_bytes(("\ufeff" + "\r\n".join(lines)).encode("utf-8"))
    rows, problems = read(path, date="2025-12-31")
    assert shares(rows) == {("07001000", 100.0, "any"): (0.923, 0.923), ("07001001", 100.0, "any"): (1.0, 1.0)}
    assert set(rows["date"]) == {"2025-12-31"}
    assert problems == []


def test_only_ones_are_asked_about(tmp_path: Path) -> None:
    """A table of 0 and 1 alone could be either; it is read as shares with a warning, and the option settles it."""
    path = tmp_path / "netz.csv"
    path.write_text("ags;gemeinde;>= 100 Mbit/s\n15001000;Ahausen;1\n15001001;Bedorf;0\n", encoding="utf-8")
    rows, problems = read(path)
    assert rows["share_low"].to_list() == [1.0, 0.0]
    assert [p.code for p in problems] == ["broadband_scale"]
    rows, problems = read(path, unit="percent")
    assert rows["share_low"].to_list() == [0.01, 0.0]
    assert problems == []


def test_regional_keys_and_own_heads(tmp_path: Path) -> None:
    """A regional key gives the municipality key; columns that the user maps need no known head."""
    path = tmp_path / "netz.csv"
    path.write_text("ARS;schnell;gf\n150015001001;75;12\n", encoding="utf-8")
    rows, _ = read(path, columns={"share_100": "schnell", "share_fibre": "gf"})
    assert shares(rows) == {("15001001", 100.0, "any"): (0.75, 0.75), ("15001001", 0.0, "fibre"): (0.12, 0.12)}


def test_long_tables_and_plain_lists(tmp_path: Path) -> None:
    """Class and share may stand in rows; a list place -> class tells no share, and an unreadable class is named with its row."""
    long = book(tmp_path / "lang.xlsx", Blatt=[
        ["Gemeinde", "Ortsteil", "Bandbreite", "Anteil der Haushalte", "Technologie"],
        ["Ahausen", "Einsam", "mind. 50 Mbit/s", "> 75 bis 95 %", "DSL"],
        ["Ahausen", "Einsam", "mind. 1 Gbit/s", 12, "FTTH"],
    ])  # fmt: skip
    rows, problems = read(long)
    assert shares(rows, by="place_name") == {
        ("Einsam", 50.0, "copper"): (0.75, 0.95),
        ("Einsam", 1000.0, "fibre"): (0.12, 0.12),
    }
    assert problems == []
    plain = book(
        tmp_path / "liste.xlsx",
        Blatt=[["Ort", "Breitband"], ["Einsam", "mind. 100 Mbit/s"], ["Berge", "mittel"], ["Aheim", ""]],
    )
    rows, problems = read(plain)
    assert rows[["place_name", "class_mbit"]].to_numpy().tolist() == [["Einsam", 100.0]]
    assert rows["share_low"].isna().all()
    assert [(p.code, p.row, p.column) for p in problems] == [("broadband_class", 3, "Breitband")]


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Words, shares over 100 and columns between two rates are named with row and head; the rest counts."""
    path = tmp_path / "netz.csv"
    lines = [
        "ags;gemeinde;>= 100 Mbit/s;50 bis unter 100 Mbit/s",
        "15001000;Ahausen;gut;5",
        "15001001;Bedorf;140;5",
        "15002002;Cestadt;80;5",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows, problems = read(path)
    assert shares(rows) == {("15002002", 100.0, "any"): (0.8, 0.8)}
    assert sorted((p.code, p.row, p.column) for p in problems if p.row) == [
        ("broadband_share", 2, ">= 100 Mbit/s"),
        ("broadband_share", 3, ">= 100 Mbit/s"),
    ]
    assert [p.column for p in problems if p.code == "broadband_between"] == ["50 bis unter 100 Mbit/s"]


def test_another_table_is_an_error(tmp_path: Path) -> None:
    """A file without shares or classes stops the run and says what is needed; a wrong unit too."""
    path = tmp_path / "anders.csv"
    path.write_text("ags;gemeinde;einwohner\n15001000;Ahausen;500\n", encoding="utf-8")
    _, problems = read(path)
    assert [(p.code, p.severity) for p in problems] == [("broadband_no_table", "error")]
    _, problems = read(path, unit="promille")
    assert "broadband_unit" in {p.code for p in problems}


def test_grid_cells(tmp_path: Path) -> None:
    """Long and short ids of cells give their corner in metres."""
    path = tmp_path / "raster.csv"
    path.write_text(
        "raster_id;ags;hh_ges;down_fn_hh_alle_100\nCRS3035RES100mN3205300E4438200;15001000;4;50\n1kmN3205E4438;15001000;;80\n",
        encoding="utf-8",
    )
    rows, _ = read(path)
    assert rows[["grid_x", "grid_y", "grid_size_m"]].to_numpy().tolist() == [
        [4438200.0, 3205300.0, 100.0],
        [4438000.0, 3205000.0, 1000.0],
    ]
    assert rows["households"].to_list()[0] == 4.0
    assert math.isnan(rows["households"].to_list()[1])
