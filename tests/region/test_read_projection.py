"""Projections and stocks as offices write them, and everything that can be wrong with them at once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ankerort.base.problems import Problems
from ankerort.region.population_labels import (
    has_thousands_points,
    heading,
    parse_age,
    parse_ags,
    parse_persons,
    parse_sex,
    parse_year,
)
from ankerort.region.read_projection import read_population_tables
from ankerort.region.settings import InputSettings


def _read(path: Path, text: str, **settings: object) -> tuple[pd.DataFrame, list[tuple[str, int | None]]]:
    file = path / "tabelle.csv"
    file.write_text(text, encoding="utf-8")
    problems = Problems()
    source = InputSettings("projection", (file,), "p", **settings)  # type: ignore[arg-type]
    rows = read_population_tables([source], problems=problems)
    return rows, [(p.code, p.row) for p in problems]


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("unter 1 Jahr", (0, 0)),
        ("0 bis unter 5 Jahre", (0, 4)),
        ("5-9", (5, 9)),
        ("10 – 14", (10, 14)),
        ("7", (7, 7)),
        ("7-Jährige", (7, 7)),
        ("85 und mehr", (85, 120)),
        ("100 Jahre und älter", (100, 120)),
        ("90+", (90, 120)),
        ("Insgesamt", (0, 120)),
        ("ALT005B10", (5, 9)),
        ("ALT085UM", (85, 120)),
        ("05. Sep", None),
        ("2026-09-05", None),
        ("9-5", None),
        ("", None),
    ],
)
def test_ages_in_words_and_codes(text: str, ages: tuple[int, int] | None) -> None:
    """German words, ranges and the codes of GENESIS are read; what Excel made a date is none."""
    assert parse_age(text) == ages


def test_other_entries_in_words_and_codes() -> None:
    """Sexes, years, keys, headings and numbers as they are written in practice."""
    assert [parse_sex(t) for t in ("männlich", "W", "GESM", "", "Insgesamt", "divers")] == [
        *("m", "f", "m", "all", "all", None)
    ]
    assert [parse_year(t) for t in ("2030", "31.12.2030", "2030-12-31", "2030.0", "30")] == [
        2030,
        2030,
        2030,
        2030,
        None,
    ]
    assert [parse_ags(t) for t in ("15083", "150830001", "1058", "150835051040", "x")] == [
        *(("15083", False), None, ("01058", True), ("15083040", False), None)
    ]
    assert [heading(t) for t in ("Schlüssel", "Alter (in Jahren)", "Anzahl", "Kreisname")] == [
        "ags",
        "age",
        "persons",
        "",
    ]
    assert has_thousands_points(["1.234", "980", "12.345"]) and not has_thousands_points(["1.5", "1.234"])
    assert parse_persons("12.345", thousands=True) == 12345.0
    assert parse_persons("12,5", thousands=False) == 12.5
    assert parse_persons("–", thousands=False) == 0.0
    assert parse_persons(".", thousands=False) is None


def test_long_table_with_totals(tmp_path: Path) -> None:
    """German headings, decimal comma; totals over ages and sexes are checked and left out."""
    text = (
        "Schlüssel;Jahr;Geschlecht;Alter;Personen\n"
        "15001;2030;männlich;unter 20;10,5\n15001;2030;männlich;20 und mehr;20\n15001;2030;männlich;Insgesamt;30,5\n"
        "15001;2030;weiblich;unter 20;11\n15001;2030;weiblich;20 und mehr;21\n"
        "15001;2030;insgesamt;Insgesamt;62,5\n"
    )
    rows, problems = _read(tmp_path, text)
    assert problems == []
    assert list(zip(rows["sex"], rows["age_from"], rows["age_to"], rows["persons"], strict=True)) == [
        ("f", 0, 19, 11.0),
        ("f", 20, 120, 21.0),
        ("m", 0, 19, 10.5),
        ("m", 20, 120, 20.0),
    ]
    assert rows["row"].tolist() == [5, 6, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "AGS;Geschlecht;Alter;2025;31.12.2030\n15001;m;Insgesamt;1.234;1.100\n15001;w;Insgesamt;1.300;1.250\n",
        "AGS;Jahr;Alter;männlich;weiblich\n15001;2025;Insgesamt;1.234;1.300\n15001;2030;Insgesamt;1.100;1.250\n",
        "AGS;Jahr;Geschlecht;Insgesamt\n15001;2025;m;1.234\n15001;2025;w;1.300\n15001;2030;m;1.100\n15001;2030;w;1.250\n",
    ],
)
def test_wide_tables(tmp_path: Path, text: str) -> None:
    """Wide in years, sexes or ages, with points for thousands: the same rows."""
    rows, problems = _read(tmp_path, text)
    assert problems == []
    found = rows.set_index(["year", "sex"])["persons"].sort_index()
    assert found.to_dict() == {(2025, "f"): 1300, (2025, "m"): 1234, (2030, "f"): 1250, (2030, "m"): 1100}


def test_flat_file_of_genesis(tmp_path: Path) -> None:
    """Features with code and label in pairs of columns; codes decide, their empty total is the total."""
    head = (
        "Statistik_Code;Zeit;1_Merkmal_Code;1_Auspraegung_Code;1_Auspraegung_Label;2_Merkmal_Code;2_Auspraegung_Code;"
        "2_Auspraegung_Label;3_Merkmal_Code;3_Auspraegung_Code;3_Auspraegung_Label;BEVSTD__Bevoelkerung__Anzahl\n"
    )
    body = "".join(
        f"12421;31.12.2030;KREISE;15083;Börde;GES;{sex};x;ALTX20;{age};y;{n}\n"
        for sex, age, n in (
            *(("GESM", "ALT000B20", 5), ("GESM", "ALT020UM", 7), ("GESM", "", 12)),
            *(("GESW", "ALT000B20", 6), ("GESW", "ALT020UM", 8), ("GESW", "", 14)),
        )
    )
    rows, problems = _read(tmp_path, head + body)
    assert problems == []
    assert rows[["ags", "year", "sex", "age_from", "age_to", "persons"]].to_numpy().tolist() == [
        ["15083", 2030, "f", 0, 19, 6.0],
        ["15083", 2030, "f", 20, 120, 8.0],
        ["15083", 2030, "m", 0, 19, 5.0],
        ["15083", 2030, "m", 20, 120, 7.0],
    ]


def test_all_unreadable_cells_are_named_at_once(tmp_path: Path) -> None:
    """Key, year, sex, age and number: each with its row; the good rows are still read."""
    text = (
        "ags;jahr;geschlecht;alter;personen\n"
        "Börde;2030;m;5;1\n15001;30;m;5;1\n15001;2030;divers;5;1\n15001;2030;m;05. Sep;1\n15001;2030;m;6;x\n"
        "15001;2030;all;Insgesamt;9\n"
    )
    rows, problems = _read(tmp_path, text)
    assert problems == [
        ("projection_ags", 2),
        ("projection_year", 3),
        ("projection_sex", 4),
        ("projection_age", 5),
        ("projection_persons", 6),
    ]
    assert rows["persons"].tolist() == [9.0]


def test_all_contradictions_are_named_at_once(tmp_path: Path) -> None:
    """Overlap, gap, missing end, negative, twice, totals that differ, a sex alone, missing years: each with its row."""
    text = (
        "ags;jahr;geschlecht;alter;personen\n"
        "15001;2030;all;0-19;100\n15001;2030;all;15-64;100\n15001;2030;all;70+;100\n"  # 3 overlap, 4 gap
        "15002;2030;all;0-64;100\n15002;2040;all;Insgesamt;90\n"  # 5 end; the others lack 2040
        "15003;2030;all;Insgesamt;-5\n15003;2030;all;Insgesamt;50\n15003;2030;all;Insgesamt;60\n"  # 7 negative, 9 twice
        "15004;2030;m;0-64;400\n15004;2030;m;65+;100\n15004;2030;m;Insgesamt;900\n15004;2030;w;Insgesamt;500\n"  # 12 ages
        "15004;2030;all;Insgesamt;1500\n"  # 14 sexes: 500 + 500
        "15005;2030;m;Insgesamt;5\n"  # 15 alone
    )
    rows, problems = _read(tmp_path, text)
    assert sorted(problems, key=lambda p: (p[1] or 0, p[0])) == [
        ("projection_years", 2),
        ("projection_age_overlap", 3),
        ("projection_age_gap", 4),
        ("projection_age_end", 5),
        ("projection_negative", 7),
        ("projection_years", 8),
        ("projection_twice", 9),
        ("projection_sexes_total", 10),
        ("projection_years", 10),
        ("projection_ages_total", 12),
        ("projection_sex_alone", 15),
        ("projection_years", 15),
    ]
    assert rows[rows["ags"] == "15004"]["persons"].sum() == 1000.0


def test_missing_columns_and_wrong_options(tmp_path: Path) -> None:
    """Without key and number nothing is read; a unit other than 1 or 1000 is refused; a mapping and a fixed year help."""
    rows, problems = _read(tmp_path, "gebiet;jahr\nx;2030\n")
    assert rows.empty and [p[0] for p in problems] == ["projection_column", "projection_column"]
    _, problems = _read(tmp_path, "ags;jahr;personen\n15001;2030;5\n", options={"unit_persons": 100})
    assert [p[0] for p in problems] == ["projection_unit_option"]
    rows, problems = _read(
        tmp_path,
        "kr;n\n15001;5,25\n",
        columns={"ags": "kr", "persons": "n"},
        options={"unit_persons": 1000, "year": 2030},
    )
    assert problems == [] and rows[["year", "persons"]].to_numpy().tolist() == [[2030, 5250.0]]
    _, problems = _read(tmp_path, "kr;n\n15001;5\n", columns={"ags": "kreis", "persons": "n"})
    assert "vector_column" in [p[0] for p in problems]


def test_a_lost_leading_zero_is_put_back(tmp_path: Path) -> None:
    """Excel drops the zero of 01058; it is put back and told once."""
    rows, problems = _read(tmp_path, "ags;jahr;personen\n1058;2030;5\n1059;2030;6\n")
    assert rows["ags"].tolist() == ["01058", "01059"] and problems == [("projection_ags_zero", 2)]
