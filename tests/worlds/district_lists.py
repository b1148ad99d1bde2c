"""Small made-up lists as offices write them, and how the tests read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl

from ankerort.base.problems import Problem, Problems
from ankerort.catalogue import read_catalogue
from ankerort.region.facility_tables import FacilityTables
from ankerort.region.read_facilities import read_facility_table
from ankerort.region.settings import InputSettings
from ankerort.text import LANGUAGES, say

CATALOGUE = read_catalogue()


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """A workbook with one sheet per keyword."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path


def read(
    path: Path, preset: str, *, columns: dict[str, str] | None = None, date: str = "2024-03-01", **options: object
) -> tuple[FacilityTables, list[Problem]]:
    """Read one list; every problem must have its sentences in both languages."""
    problems = Problems()
    given = InputSettings(
        "facilities", (path,), "liste", preset=preset, columns=columns or {}, options=options, date=date
    )
    tables = read_facility_table(given, catalogue=CATALOGUE, crs="EPSG:25832", problems=problems)
    for problem in problems:
        for lang in LANGUAGES:
            assert say(f"problem.{problem.code}", lang, **problem.params)
            assert say(f"repair.{problem.code}", lang, **problem.params)
    return tables, list(problems)


DOCTORS: list[list[object]] = [
    ["Verzeichnis der Vertragsärztinnen und Vertragsärzte im Musterkreis"],
    ["Stand 01.03.2024"],
    [],
    [
        *("lfd.\nNr.", "Name des Arztes", "Praxisname", "Fachgebiet", "Versorgungs-\nbereich", "Versorgungs-\nauftrag"),
        *("Art der Betriebsstätte", "Straße", "Haus-Nr.", "PLZ", "Ort", "barrierefrei"),
    ],
    [1, "Dr. med. Geheimrat, Ulrike", "Praxis Dr. Geheimrat", "Allgemeinmedizin", "hausärztlich", "1,0", "Hauptbetriebsstätte", "Lange Straße", "5", "39300", "Adorf", "ja"],
    [2, "Verschwiegen, Paul", "Praxis Dr. Geheimrat", "Innere Medizin", "hausärztlich", "halber", "Hauptbetriebsstätte", "Lange Str.", "5", "39300", "Adorf", ""],
    [3, "Verschwiegen, Paul", "Hausarztpraxis Beheim", "Innere Medizin", "hausärztlich", "", "Zweigpraxis", "Kirchweg", "1", "39301", "Beheim", "nein"],
    [4, "Stillmann, Eva", "MVZ Stillmann GmbH", "Kinder- und Jugendmedizin", "", "3/4", "", "Markt", "2", "39300", "Adorf", "teilweise"],
    [5, "Zart, Ina", "", "Zahnärztin", "", "1", "", "Markt", "2", "39300", "Adorf", ""],
    [6, "Leise, Tom", "", "Innere Medizin und Kardiologie", "fachärztlich", "50 %", "", "Markt", "2", "39300", "Adorf", ""],
    [7, "Tief, Ole", "", "Psychologische Psychotherapie", "", "1", "", "Markt", "9", "39300", "Adorf", ""],
    ["", "Summe", "", "", "", "6", "", "", "", "", "", ""],
]  # fmt: skip
PERSONS = ("Geheimrat", "Verschwiegen", "Stillmann", "Zart", "Leise", "Tief", "Ulrike", "Paul", "Dr.")

CHILDCARE: list[list[object]] = [
    ["Kita-Bedarfsplan 2024", "", "", "", "", "", "", "", "", "", ""],
    ["Nr.", "Einrichtung", "Träger", "Ort", "Plätze lt. Betriebserlaubnis", "", "", "", "belegt", "", ""],
    ["", "", "", "", "gesamt", "U3", "Ü3", "Hort", "U3", "Ü3", "Hort"],
    ["1", "Kita Spatzennest", "Gemeinde Adorf", "Adorf", 100, 20, 40, 40, 18, 41, 35],
    ["2", "Kita Am Bach", "Kirchengemeinde", "Beheim", 45, 15, 30, "-", 12, 30, "-"],
    ["3", "Hort an der Grundschule", "Gemeinde Adorf", "Adorf", 80, "", "", 80, "", "", 66],
    ["4", "Waldkita", "Verein", "Cedorf", "k. A.", 10, "", "", "", "", ""],
    ["5", "Kindertagespflege Sommer", "", "Adorf", 5, 5, "", "", 4, "", ""],
    ["", "Insgesamt", "", "", 230, 50, 70, 120, 34, 71, 101],
]
