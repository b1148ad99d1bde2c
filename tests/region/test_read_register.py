"""Tables of registration offices in the layouts that offices keep, and what is named when they are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ankerort.base.problems import Problem, Problems
from ankerort.region.population_labels import parse_age
from ankerort.region.read_projection import read_population_tables
from ankerort.region.register_labels import (
    age_and_sex,
    date_in,
    is_sum,
    is_suppressed,
    named_municipality,
    named_place,
    parse_residence,
    sum_of,
)
from ankerort.region.settings import InputSettings

Row = list[object]


def _read(path: Path, **settings: object) -> tuple[pd.DataFrame, list[Problem]]:
    problems = Problems()
    source = InputSettings("population", (path,), "r", **settings)  # type: ignore[arg-type]
    return read_population_tables([source], problems=problems), list(problems)


def _csv(folder: Path, text: str, encoding: str = "cp1252") -> Path:
    """As German Excel writes it."""
    file = folder / "einwohner.csv"
    file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return file


def _book(folder: Path, sheets: Mapping[str, list[Row]], merged: Mapping[str, list[str]] | None = None) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in (merged or {}).get(name, []):
            sheet.merge_cells(area)
    book.save(folder / "einwohner.xlsx")
    return folder / "einwohner.xlsx"


def _sums(rows: pd.DataFrame) -> dict[str, float]:
    return {str(k): float(v) for k, v in rows.groupby("place")["persons"].sum().items()}


LONG = """Gemeinde Ahausen;;;;
Einwohner am 31.12.2024;;;;
;;;;
Ortsteil;Alter;Geschlecht;Wohnungsstatus;Anzahl
Adorf;0 - 5;m;HW;1.005
;;w;HW;3
;6 u. älter;m;HW;20
;;w;HW;25
;;w;NW;2
Adorf Ergebnis;;;;1.053
Bedorf;0 - 5;m;HW;4
;;w;HW;0
;6 u. älter;m;HW;9
;;w;HW;8
Gesamtergebnis;;;;1.074
* nur Personen mit Hauptwohnung
"""


def test_a_long_export_with_pivot_rows(tmp_path: Path) -> None:
    """Title, blanks that mean the row above, sums of places and of all, points for thousands, secondary residences kept out."""
    rows, problems = _read(_csv(tmp_path, LONG), preset="register_long")
    assert _sums(rows) == {"": 1074.0, "Adorf": 1053.0, "Bedorf": 21.0}
    assert set(rows["municipality"]) == {"Ahausen"}
    assert set(rows["stock_date"]) == {"2024-12-31"}
    old = rows[(rows["place"] == "Adorf") & (rows["sex"] == "f") & (rows["age_from"] == 6)].iloc[0]
    assert (old["persons"], old["age_to"], old["row"]) == (25.0, 120, 8)
    assert [(p.code, dict(p.params)) for p in problems] == [
        ("table_encoding", {}),
        ("register_secondary", {"persons": 2}),
    ]


def test_a_sum_that_differs_is_named_and_the_parts_count(tmp_path: Path) -> None:
    """1.054 instead of 1.053: one person is enough for a warning, and nothing counts twice."""
    rows, problems = _read(_csv(tmp_path, LONG.replace("1.053", "1.054"), "utf-8-sig"))
    found = [p for p in problems if p.code == "projection_sexes_total"]
    assert [(p.params["total"], p.params["sum"]) for p in found] == [("1054", "1053")]
    assert _sums(rows)["Adorf"] == 1053.0


def _wide(folder: Path) -> Path:
    return _book(
        folder,
        {
            "Ortsteile": [
                ["Stadt Ahausen, Einwohner mit Hauptwohnung, Stand: 30.06.2025"],
                [],
                ["Ortsteil", "männlich", None, None, "weiblich", None, None, "insgesamt", "Fläche in ha"],
                [
                    None,
                    "unter 18",
                    "18 bis unter 65",
                    "65 u. ä.",
                    "unter 18",
                    "18 bis unter 65",
                    "65 u. ä.",
                    None,
                    None,
                ],
                ["Adorf", 5, 20, "•", 4, 22, 9, 68, 310],
                ["01 Bedorf", 1, 2, 3, 4, 5, 6, 21, 120],
                ["Summe", 6, 22, 11, 8, 27, 15, 89, 430],
                ["Quelle: Einwohnermeldeamt"],
            ]
        },
        {"Ortsteile": ["A1:H1", "B3:D3", "E3:G3", "A3:A4", "H3:H4"]},
    )


def test_age_groups_under_merged_heads(tmp_path: Path) -> None:
    """Sex over ages in merged cells; the suppressed number follows from total and other sex; the area is no number of people."""
    rows, problems = _read(_wide(tmp_path), preset="register_age_groups")
    assert _sums(rows) == {"": 89.0, "01 Bedorf": 21.0, "Adorf": 68.0}
    hidden = rows[(rows["place"] == "Adorf") & (rows["sex"] == "m") & (rows["age_from"] == 65)]
    assert hidden["persons"].tolist() == [8.0]
    assert [(p.code, p.row) for p in problems] == [("register_columns_ignored", 4), ("register_suppressed", 5)]
    assert problems[0].params["names"] == "Fläche in ha"


def test_single_years_with_both_sexes_and_their_sum(tmp_path: Path) -> None:
    """Single years over m, w and gesamt: 3 of each year, no total twice; year and municipality from the options."""
    ages: list[object] = [*range(6), "6 und älter"]
    head: Row = ["Ortsteil", *[x for a in ages for x in (a, None, None)]]
    below: Row = [None, *["m", "w", "gesamt"] * 7]
    path = _book(tmp_path, {"Tabelle1": [head, below, ["Adorf", *[1, 2, 3] * 7], ["Bedorf", *[0, 2, 2] * 7]]})
    rows, problems = _read(path, preset="register_single_years", options={"year": 2024, "ags": "15001000"})
    assert _sums(rows) == {"Adorf": 21.0, "Bedorf": 14.0}
    assert rows["age_from"].max() == 6 and rows["age_to"].max() == 120
    assert set(rows["ags"]) == {"15001000"} and set(rows["year"]) == {2024}
    assert problems == []


def test_one_sheet_per_ortsteil(tmp_path: Path) -> None:
    """The tab is the place, the sheet Gesamt the sum; of 65 and older the part below 80 is kept; divers are half to each sex."""
    sheets: dict[str, list[Row]] = {}
    for name, k in (("Adorf", 1), ("Bedorf", 2), ("Gesamt", 3)):
        ages: list[Row] = [
            [a, 3 * k * n, 4 * k * n, 2 * k * n, 9 * k * n]
            for a, n in (("0-17", 1), ("18-64", 2), ("65 und älter", 2), ("darunter 80 und älter", 1))
        ]
        sheets[name] = [["Stand 31.12.2024"], [], ["Alter", "männlich", "weiblich", "divers", "gesamt"], *ages]
        sheets[name].append(["Summe", 15 * k, 20 * k, 10 * k, 45 * k])
    rows, problems = _read(_book(tmp_path, sheets), preset="register_sheets")
    assert _sums(rows) == {"": 135.0, "Adorf": 45.0, "Bedorf": 90.0}
    adorf = rows[(rows["place"] == "Adorf") & (rows["sex"] == "f")]
    assert adorf[["age_from", "age_to", "persons"]].to_numpy().tolist() == [
        *([0, 17, 5.0], [18, 64, 10.0], [65, 79, 5.0], [80, 120, 5.0])
    ]
    assert [p.code for p in problems] == ["register_other_sex"]


def test_sheets_that_are_years_and_a_sheet_without_table(tmp_path: Path) -> None:
    """Each year stands for itself; a sheet of remarks is named, not read."""
    sheets: dict[str, list[Row]] = {
        "2019": [["Ortsteil", "Einwohner"], ["Adorf", 1100], ["Bedorf", 300]],
        "2024": [["Ortsteil", "Einwohner"], ["Adorf", 1200], ["Bedorf", 290]],
        "Hinweise": [["Bitte vertraulich behandeln."]],
    }
    rows, problems = _read(_book(tmp_path, sheets))
    assert rows.groupby("year")["persons"].sum().to_dict() == {2019: 1400.0, 2024: 1490.0}
    assert [(p.code, p.table) for p in problems] == [("register_no_table", "einwohner.xlsx/Hinweise")]


def test_both_residences_in_columns(tmp_path: Path) -> None:
    """Main residence counts; the column of both together stands beside it and falls away."""
    text = "Ortsteil;Hauptwohnung;Nebenwohnung;Gesamt\nAdorf;100;7;107\nBedorf;50;1;51\n"
    rows, problems = _read(_csv(tmp_path, text, "utf-8"), options={"year": 2024})
    assert _sums(rows) == {"Adorf": 100.0, "Bedorf": 50.0}
    assert [(p.code, p.params["persons"]) for p in problems] == [("register_secondary", 8)]


def test_only_both_residences_together_are_used_with_a_warning(tmp_path: Path) -> None:
    """Where nothing better is told, the number counts and the double counting is named."""
    text = "Ortsteil;Haupt- und Nebenwohnung\nAdorf;107\n"
    rows, problems = _read(_csv(tmp_path, text, "utf-8"), options={"year": 2024})
    assert _sums(rows) == {"Adorf": 107.0}
    assert [p.code for p in problems] == ["register_both_residences"]


def test_everything_that_is_wrong_is_named_with_sheet_and_row(tmp_path: Path) -> None:
    """An age that Excel made a date, a word for a number, a row without numbers: all at once."""
    rows: list[Row] = [
        ["Ortsteil", "Alter", "Anzahl"],
        ["Adorf", "2025-09-05", 3],
        ["Adorf", "0-17", "viele"],
        ["Adorf", "18+", 30],
        ["Bedorf", "0-17", None],
        ["Bedorf", "18+", 9],
    ]
    _, problems = _read(_book(tmp_path, {"Juni": rows}), options={"year": 2024})
    told = {(p.code, p.table, p.row) for p in problems}
    assert {
        ("projection_age", "einwohner.xlsx/Juni", 2),
        ("register_row_empty", "einwohner.xlsx/Juni", 3),
        ("register_row_empty", "einwohner.xlsx/Juni", 5),
    } <= told


def test_columns_that_mean_the_same_and_unknown_layouts_are_errors(tmp_path: Path) -> None:
    """Two columns of men: the table does not count; a preset that does not exist names those that do."""
    _, problems = _read(_csv(tmp_path, "Ortsteil;m;männlich;w\nA;1;2;3\n", "utf-8"), options={"year": 2024})
    assert [(p.code, p.severity) for p in problems] == [("register_columns_alike", "error")]
    _, problems = _read(
        _csv(tmp_path, "Ortsteil;Anzahl\nA;1\n", "utf-8"), preset="register_lang", options={"year": 2024}
    )
    assert [(p.code, p.params["suggestion"]) for p in problems] == [("register_preset", "register_long")]
    _, problems = _read(_csv(tmp_path, "Siedlung;Kopf\nA;1\n", "utf-8"), columns={"place": "Siedlung"})
    assert [p.code for p in problems] == ["register_no_table"]


def test_a_mapped_column_counts_and_a_missing_one_is_named(tmp_path: Path) -> None:
    """[input.columns] names headings that nobody could guess."""
    path = _csv(tmp_path, "Siedlung;Koepfe\nAdorf;12\n", "utf-8")
    rows, problems = _read(path, columns={"place": "Siedlung", "persons": "Koepfe"}, options={"year": 2024})
    assert _sums(rows) == {"Adorf": 12.0} and problems == []
    path = _csv(tmp_path, "Ortsteil;Anzahl\nAdorf;12\n", "utf-8")
    _, problems = _read(path, columns={"place": "Dorf"}, options={"year": 2024})
    assert ("register_column", 1, "Dorf") in [(p.code, p.row, p.column) for p in problems]


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("100 u. älter", (100, 120)),
        ("unter 3", (0, 2)),
        ("3 bis u. 6", (3, 5)),
        ("ab 80", (80, 120)),
        ("bis 17", (0, 17)),
        ("65 u.m.", (65, 120)),
    ],
)
def test_ages_as_offices_write_them(text: str, ages: tuple[int, int]) -> None:
    """Short forms of registration offices."""
    assert parse_age(text) == ages


def test_labels_of_registers() -> None:
    """Sums, residences, suppressed numbers, dates, places and municipalities in titles."""
    assert [is_sum(t) for t in ("Insgesamt", "Gesamtstadt", "Σ", "Adorf")] == [True, True, True, False]
    assert [sum_of(t) for t in ("Adorf Ergebnis", "Summe Adorf", "Adorf")] == ["Adorf", "Adorf", ""]
    assert [is_suppressed(t) for t in ("•", ".", "< 3", "k. A.", "0", "-")] == [True] * 4 + [False] * 2
    residences = ("alleinige Wohnung", "NW", "HW + NW", "Straße")
    assert [parse_residence(t) for t in residences] == ["main", "secondary", "both", None]
    assert [age_and_sex(t) for t in ("0-2 m", "weiblich 3 bis 5", "0-2")] == [((0, 2), "m"), ((3, 5), "f"), None]
    assert [date_in(t) for t in ("Stand: 1.7.2025", "2025-06-30", "Jahr 2024", "Liste")] == [
        *("2025-07-01", "2025-06-30", "2024", "")
    ]
    assert [named_place(t) for t in ("Ortsteil: Adorf", "OT Bad Adorf", "Adorf")] == ["Adorf", "Bad Adorf", ""]
    titles = ("Einwohner der Gemeinde Bad Bedorf am 31.12.2024", "Stadt Ahausen", "Stadtteile")
    assert [named_municipality(t) for t in titles] == ["Bad Bedorf", "Ahausen", ""]
