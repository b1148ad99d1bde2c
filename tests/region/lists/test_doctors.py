"""Doctors' lists: practices instead of persons, seats added up, nobody's name kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.region.lists.practice_names import names_no_person
from worlds.district_lists import DOCTORS, PERSONS, read, workbook


def test_practices_of_a_list(tmp_path: Path) -> None:
    """Doctors of one service at one address are one practice with the sum of their seats; sums and other fields do not count."""
    tables, problems = read(workbook(tmp_path / "kv.xlsx", Liste=DOCTORS), "doctors_list")
    found = tables.facilities.set_index(["service", "place_name"])
    assert sorted(found.index) == [
        ("dentist", "Adorf"),
        ("general_practitioner", "Adorf"),
        ("general_practitioner", "Beheim"),
        ("paediatrician", "Adorf"),
        ("specialist", "Adorf"),
    ]
    assert found.loc[("general_practitioner", "Adorf"), "capacity"] == 1.5
    assert found.loc[("paediatrician", "Adorf"), "capacity"] == 0.75
    assert found.loc[("specialist", "Adorf"), "capacity"] == 0.5
    main = found.loc[("general_practitioner", "Adorf")]
    assert (main["address"], main["postcode"], main["wheelchair"]) == ("Lange Straße 5", "39300", "yes")
    assert main["note"] == "2 Ärztinnen und Ärzte"
    assert dict(tables.ignored) == {"Psychologische Psychotherapie": 1}
    assert {p.code for p in problems} == {"facility_values_ignored", "list_sums_left_out"}


def test_a_branch_without_seats(tmp_path: Path) -> None:
    """A branch practice says so, and seats that the list does not give are not known, not zero."""
    tables, _ = read(workbook(tmp_path / "kv.xlsx", Liste=DOCTORS), "doctors_list")
    branch = tables.facilities[tables.facilities["place_name"] == "Beheim"].iloc[0]
    assert np.isnan(branch["capacity"])
    assert branch["note"] == "Zweigpraxis, 1 Ärztin oder Arzt"
    assert branch["name"] == "Hausarztpraxis Beheim"


def test_no_person_enters_the_tables(tmp_path: Path) -> None:
    """No word of the columns with persons stands anywhere in the tables; such practices are named by kind and street."""
    tables, problems = read(workbook(tmp_path / "kv.xlsx", Liste=DOCTORS), "doctors_list")
    text = tables.facilities.to_csv() + "".join(str(p.params) for p in problems)
    assert not [word for word in PERSONS if word in text]
    names = set(tables.facilities["name"])
    assert names == {
        "Hausarztpraxis, Lange Straße 5",
        "Hausarztpraxis Beheim",
        "Kinderarzt, Markt 2",
        "Zahnarzt, Markt 2",
        "Facharzt, Markt 2",
    }


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("Hausarztpraxis Ummendorf", True),
        ("MVZ am Markt GmbH", True),
        ("Praxis Dr. Muster", False),
        ("Praxis Muster", False),
        ("MVZ Muster GmbH", False),
        ("Gemeinschaftspraxis Muster & Beispiel", False),
        ("Dr. med. Ummendorf", False),
        ("", False),
    ],
)
def test_names_that_stay(name: str, stays: bool) -> None:
    """A name stays only if all its words tell a kind, a legal form or a place of the list, and none is a title."""
    assert names_no_person(name, place_words={"ummendorf"}) is stays


def test_a_person_called_like_a_place() -> None:
    """A word that a doctor of the list bears hides the name, though it is a place of the list too."""
    assert not names_no_person("Praxis Berge", place_words={"berge"}, person_words={"berge"})


@pytest.mark.parametrize(
    ("text", "seats"),
    [("0,25", 0.25), ("halber Versorgungsauftrag", 0.5), ("voll", 1), ("75", 0.75), ("dreiviertel", 0.75)],
)
def test_spellings_of_seats(tmp_path: Path, text: str, seats: float) -> None:
    """Fractions, words and percents of a seat are read alike."""
    path = tmp_path / "kv.csv"
    path.write_text(
        f"Fachgruppe;Tätigkeitsumfang;Anschrift\nHausarzt;{text};Dorfstr. 1, 39300 Adorf\n", encoding="cp1252"
    )
    tables, _ = read(path, "doctors_list")
    row = tables.facilities.iloc[0]
    assert (row["capacity"], row["postcode"], row["place_name"]) == (seats, "39300", "Adorf")


def test_a_seat_that_cannot_be(tmp_path: Path) -> None:
    """A share that cannot be is a warning with row and head, and the practice's seats are not known."""
    path = tmp_path / "kv.csv"
    path.write_text("Fachgruppe;Umfang;Straße;Ort\nHausarzt;3;Weg 1;Adorf\nHausarzt;1;Weg 1;Adorf\n", encoding="utf-8")
    tables, problems = read(path, "doctors_list")
    assert [(p.code, p.severity, p.row, p.column) for p in problems] == [("list_seats", "warning", 2, "Umfang")]
    assert np.isnan(tables.facilities["capacity"].iloc[0])
    assert tables.facilities["note"].iloc[0] == "2 Ärztinnen und Ärzte; 1 davon ohne Angabe des Versorgungsauftrags"


def test_own_columns_and_services(tmp_path: Path) -> None:
    """The user's columns and service_map go before what the preset knows."""
    path = tmp_path / "kv.csv"
    path.write_text("Sparte;Wo;Ort\nPsychotherapie;Weg 1;Adorf\nHausarzt;Weg 2;Adorf\n", encoding="utf-8")
    tables, problems = read(
        path,
        "doctors_list",
        columns={"field": "Sparte", "address": "Wo"},
        service_map={"Psychotherapie": "specialist", "hausarzt": "-"},
    )
    assert list(tables.facilities["service"]) == ["specialist"]
    assert list(tables.facilities["address"]) == ["Weg 1"]
    assert [p.code for p in problems] == ["facility_values_ignored"]


def test_not_such_a_list(tmp_path: Path) -> None:
    """A file without a head that is known is an error that names the preset; a list that lacks the field names its heads."""
    path = workbook(tmp_path / "kv.xlsx", Notiz=[["nur Text"], ["noch mehr Text"]])
    _, problems = read(path, "doctors_list")
    assert [(p.code, p.severity) for p in problems] == [("list_no_head", "note"), ("list_empty", "error")]
    path.unlink()
    _, problems = read(workbook(path, Liste=[["Arzt", "Ort"], ["X", "Adorf"]]), "doctors_list")
    assert [(p.code, p.severity) for p in problems] == [("facility_column_missing", "error")]
