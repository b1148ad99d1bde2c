"""Lists of care providers: Tagespflege is for old people, Kindertagespflege for children."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.region.lists.care import care_services
from worlds.district_lists import read, workbook

DATA = Path(__file__).resolve().parents[1] / "data"
LIST = DATA / "pflege.csv"


def test_each_provider_becomes_its_service() -> None:
    """The kind of a row says its service; its places are the capacity."""
    tables, _ = read(LIST, "care_providers")
    found = tables.facilities.set_index(["name", "service"])
    assert sorted(found.index) == [
        ("Haus Abendsonne", "nursing_home"),
        ("Haus Morgenlicht", "day_care_elderly"),
        ("Haus Morgenlicht", "nursing_home"),
        ("Pflegestützpunkt", "care_advice"),
        ("Sozialstation Musterdorf", "home_care"),
        ("Tagespflege am Bach", "day_care_elderly"),
        ("Wohnen am Park", "assisted_living"),
    ]
    assert found.loc[("Tagespflege am Bach", "day_care_elderly"), "capacity"] == 16
    assert found.loc[("Haus Abendsonne", "nursing_home"), "capacity"] == 84
    assert found.loc[("Tagespflege am Bach", "day_care_elderly"), "wheelchair"] == "yes"
    assert np.isnan(found.loc[("Sozialstation Musterdorf", "home_care"), "capacity"])
    assert found.loc[("Sozialstation Musterdorf", "home_care"), "note"] == "Einzugsgebiet: Musterdorf und Umgebung"


def test_kindertagespflege_is_not_tagespflege() -> None:
    """Child minding is left out and counted, also short-term care, which is no service of the catalogue; sums are no provider."""
    tables, problems = read(LIST, "care_providers")
    assert dict(tables.ignored) == {"Kindertagespflege": 1, "Kurzzeitpflege": 1}
    assert "Sonnenkäfer" not in tables.facilities.to_csv()
    assert "list_sums_left_out" in {p.code for p in problems}


def test_shared_places_are_not_given_to_one() -> None:
    """Places of a house with two services are nobody's until the list says whose; row and head are named."""
    tables, problems = read(LIST, "care_providers")
    both = tables.facilities[tables.facilities["name"] == "Haus Morgenlicht"]
    assert both["capacity"].isna().all()
    assert both["object_id"].nunique() == 1
    (problem,) = [p for p in problems if p.code == "list_care_places_shared"]
    assert (problem.row, problem.column, problem.severity) == (8, "Plätze", "warning")


def test_columns_by_kind(tmp_path: Path) -> None:
    """Columns of places by kind say which services a house has, and how many places of each; a dash means none."""
    rows: list[list[object]] = [
        ["Einrichtung", "Ort", "Plätze vollstationär", "Plätze Kurzzeitpflege", "Plätze Tagespflege"],
        ["Haus Abendsonne", "Adorf", 84, 4, "-"],
        ["Haus Morgenlicht", "Beheim", 40, "", 12],
    ]
    tables, problems = read(workbook(tmp_path / "pflege.xlsx", Heime=rows), "care_providers")
    found = tables.facilities.set_index(["name", "service"])
    assert found["capacity"].to_dict() == {
        ("Haus Abendsonne", "nursing_home"): 84,
        ("Haus Morgenlicht", "day_care_elderly"): 12,
        ("Haus Morgenlicht", "nursing_home"): 40,
    }
    assert found.loc[("Haus Abendsonne", "nursing_home"), "note"] == "Kurzzeitpflege: 4 Plätze"
    assert not problems


def test_the_heading_above_the_rows_counts(tmp_path: Path) -> None:
    """A list that stands below headings takes its kinds from them."""
    rows: list[list[object]] = [
        ["Name", "Straße", "PLZ", "Ort", "Plätze"],
        ["Ambulante Pflegedienste", "", "", "", ""],
        ["Hilfe daheim", "Weg 1", "39999", "Adorf", ""],
        ["Tagespflegen", "", "", "", ""],
        ["Haus am See", "Weg 2", "39999", "Adorf", 14],
    ]
    tables, _ = read(workbook(tmp_path / "pflege.xlsx", Liste=rows), "care_providers")
    assert tables.facilities.set_index("name")["service"].to_dict() == {
        "Hilfe daheim": "home_care",
        "Haus am See": "day_care_elderly",
    }


def test_the_user_may_say_what_a_kind_is(tmp_path: Path) -> None:
    """The option service_map goes before what the reader knows; a dash leaves a kind out."""
    rows: list[list[object]] = [
        ["Name", "Art", "Ort"],
        ["Haus A", "Typ 7", "Adorf"],
        ["Haus B", "Pflegeheim", "Adorf"],
    ]
    path = workbook(tmp_path / "pflege.xlsx", Liste=rows)
    tables, _ = read(path, "care_providers", service_map={"Typ 7": "nursing_home", "Pflegeheim": "-"})
    assert list(tables.facilities["name"]) == ["Haus A"]


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("ambulante Pflege", ("home_care",)),
        ("ambulanter Pflegedienst", ("home_care",)),
        ("Sozialstation", ("home_care",)),
        ("teilstationäre Pflege (Tagespflege)", ("day_care_elderly",)),
        ("Alten- und Pflegeheim", ("nursing_home",)),
        ("vollstationär", ("nursing_home",)),
        ("ambulanter Hospizdienst", ()),
        ("Kurzzeitpflege", ()),
        ("Nachtpflege", ()),
        ("Sanitätshaus", ()),
    ],
)
def test_words_of_the_kinds(text: str, services: tuple[str, ...]) -> None:
    """The words that offices use; what is no care service of the catalogue is none."""
    assert care_services(text) == services


def test_no_person_enters_from_the_columns_of_a_list(tmp_path: Path) -> None:
    """An operator that may be a person is left out; heads of persons and telephones are nobody's field, whatever they begin with."""
    rows: list[list[object]] = [
        [
            "Einrichtungsleitung",
            "Trägervertreter",
            "Träger",
            "Art",
            "Ort",
            "Anschrift Telefon",
            "Bezeichnung",
            "Bemerkung Ansprechpartner",
        ],
        [
            "Eva Stillmann",
            "Ina Zart",
            "AWO Kreisverband",
            "Tagespflege",
            "Adorf",
            "0123 45678",
            "Tagespflege am Bach",
            "Paul Verschwiegen",
        ],
        [
            "Eva Stillmann",
            "Ina Zart",
            "Anna Stillmann",
            "Sozialstation",
            "Adorf",
            "0123 45678",
            "Station Nord",
            "Paul Verschwiegen",
        ],
        ["Eva Stillmann", "Ina Zart", "privat", "Pflegeheim", "Adorf", "0123 45678", "Haus Abendsonne", ""],
    ]
    tables, _ = read(workbook(tmp_path / "pflege.xlsx", Liste=rows), "care_providers")
    found = tables.facilities.set_index("name")["operator"]
    assert found.to_dict() == {
        "Tagespflege am Bach": "AWO Kreisverband",
        "Station Nord": "",
        "Haus Abendsonne": "privat",
    }
    text = tables.facilities.to_csv()
    assert not [word for word in ("Stillmann", "Zart", "Verschwiegen", "0123") if word in text]


@pytest.mark.parametrize(
    ("preset", "rows"),
    [
        ("childcare_plan", [["Name der Einrichtung", "Träger", "Ort", "Krippe", "Kindergarten"], ["Kita Adorf", "Anna Stillmann", "Adorf", 10, 20]]),
        ("school_plan", [["Name der Schule", "Schulträger", "Ort", "Schulform", "Schüler"], ["Schule Adorf", "Anna Stillmann", "Adorf", "Grundschule", 80]]),
    ],
)  # fmt: skip
def test_operators_of_kitas_and_schools_are_no_persons(tmp_path: Path, preset: str, rows: list[list[object]]) -> None:
    """What holds for care providers holds for Kitas and private schools."""
    tables, _ = read(workbook(tmp_path / "liste.xlsx", Plan=rows), preset)
    assert len(tables.facilities) == 1
    assert tables.facilities["operator"].to_list() == [""]
