"""Agreements between authorities: what is understood, what is left out, and that all of it is told with its row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ankerort.base.problems import Problems
from ankerort.region.areas import Area, area_cells, area_name, find_areas, known_areas
from ankerort.region.read_agreements import read_agreements
from ankerort.text.problems import describe_problem, repair_of
from worlds import mobile_question as world
from worlds import tiny_region

HEAD = "Dienst;leistet;für;Art;gültig ab;gültig bis\n"
AREAS = known_areas(world.region())


def _read(folder: Path, text: str) -> tuple[pd.DataFrame, Problems]:
    (folder / "absprachen.csv").write_text(HEAD + text, encoding="utf-8")
    problems = Problems()
    return read_agreements(folder, world.region(), tiny_region.catalogue(), problems), problems


def test_without_a_file_there_are_no_agreements(tmp_path: Path) -> None:
    """A project folder need not have the table."""
    problems = Problems()
    assert not len(read_agreements(tmp_path, world.region(), tiny_region.catalogue(), problems)) and not len(problems)


def test_names_and_keys_become_keys(tmp_path: Path) -> None:
    """A municipality of an association stands for the association; no service means all; days are read in German and ISO."""
    found, problems = _read(
        tmp_path,
        "Mobiles Bürgerbüro;Adorf;Gemeinde Cstadt;mandatierend;1.1.2020;2030-12-31\n"
        ";Verbandsgemeinde Abtal;Landkreis Nordkreis;;;\n"
        "alle;150020000;Abtal;;;\n",
    )
    assert not len(problems)
    assert found[["service", "authority_id", "for_authority_id"]].to_numpy().tolist() == [
        ["citizen_office", world.ABTAL, world.CSTADT],
        ["", world.ABTAL, world.NORD],
        ["", world.CSTADT, world.ABTAL],
    ]
    assert found["valid_until"].tolist() == ["2030-12-31", "", ""] and found["kind"].iat[0] == "mandatierend"
    assert found["source_ref"].iat[2].endswith("4")


def test_all_faults_of_all_rows_are_told(tmp_path: Path) -> None:
    """Each fault has its row and column; the good row counts all the same."""
    found, problems = _read(
        tmp_path,
        "Bus;Adorf;Nirgends;;32.1.2020;\n"
        "bank;Adorf;Abtal;;;\n"
        "bank;Adorf;;;5.5.2025;1.1.2024\n"
        "bank;Adorf;Cstadt;;;\n"
        "bank;Abtal;Cstadt;;;\n",
    )
    assert [(p.code, p.row) for p in problems] == [
        ("agreements_service_unknown", 2),
        ("agreements_authority_unknown", 2),
        ("agreements_day", 2),
        ("agreements_with_itself", 3),
        ("agreements_cell_empty", 4),
        ("agreements_days_reversed", 4),
        ("agreements_twice", 6),
    ]
    assert {p.severity for p in problems} == {"warning"}
    assert len(found) == 1
    for problem in problems:
        for lang in ("de", "en"):
            assert describe_problem(problem, lang) and repair_of(problem, lang)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "code"),
    [("1.1.2020;19.11.2026", "agreements_ended"), ("21.11.2026;", "agreements_not_yet"), ("20.11.2026;20.11.2026", "")],
)
def test_only_what_is_valid_on_the_day_of_the_data_counts(tmp_path: Path, days: str, code: str) -> None:
    """The data are of 20 November 2026: both ends of a period belong to it."""
    found, problems = _read(tmp_path, f";Abtal;Cstadt;;{days}\n")
    assert [p.code for p in problems] == ([code] if code else [])
    assert len(found) == (0 if code else 1)


def test_a_workbook_goes_before_a_text_file(tmp_path: Path) -> None:
    """English heads in a workbook under a title; the text file beside it is told."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Agreements of the district"], ["by", "for"], ["Abtal", "Cstadt"]):
        sheet.append(row)
    book.save(tmp_path / "absprachen.xlsx")
    found, problems = _read(tmp_path, "")
    assert len(found) == 1 and [p.code for p in problems] == ["agreements_two_files"]


def test_a_table_without_the_authorities_cannot_be_used(tmp_path: Path) -> None:
    """Missing columns are told, unknown ones too."""
    (tmp_path / "absprachen.csv").write_text("Dienst;leistet;Bemerkung\nbank;Abtal;x\n", encoding="utf-8")
    problems = Problems()
    assert not len(read_agreements(tmp_path, world.region(), tiny_region.catalogue(), problems))
    assert [(p.code, p.severity) for p in problems] == [
        ("agreements_column_unknown", "warning"), ("agreements_column_missing", "error"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "level", "key"),
    [("Cstadt", "association", "150020000"), ("Gemeinde Cstadt", "municipality", "15002000"), ("Ort Cstadt", "place", "c"),
     ("bdorf", "place", "b"), ("VG Abtal", "association", "150010000"), ("Nordkreis", "district", "15001"),
     ("Landkreis Südkreis", "district", "15002"), ("15001000", "municipality", "15001000"), ("a", "place", "a")],
)  # fmt: skip
def test_areas_by_name(name: str, level: str, key: str) -> None:
    """The larger area of a name counts; a title names the level; keys do as well."""
    found = find_areas(name, AREAS)
    assert [(a.level, a.key) for a in found] == [(level, key)]


def test_areas_that_are_not_there_and_names_of_several() -> None:
    """An unknown name gives nothing, a name of two municipalities both."""
    assert find_areas("Zdorf", AREAS) == ()
    twice = (Area("municipality", "1", "Berge"), Area("municipality", "2", "Berge"))
    assert find_areas("Berge", twice) == twice
    assert area_name("150010000", world.region()) == "Verbandsgemeinde Abtal" and area_name("x", world.region()) == "x"


def test_cells_of_areas() -> None:
    """Inhabited cells of the study area: of a place, an association, a district, all; the buffer never."""
    region = world.region()
    assert area_cells(region, ("b",)).tolist() == [2, 3]
    assert area_cells(region, (world.ABTAL,)).tolist() == [0, 1, 2, 3]
    assert area_cells(region, ("15002", "a")).tolist() == [0, 1, 4, 5]
    assert area_cells(region, ()).tolist() == [0, 1, 2, 3, 4, 5]
