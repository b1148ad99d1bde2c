"""Two small municipalities for the round: what is listed in their places, a workbook of one of them, and how a clerk fills it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from ankerort.base.problems import Problem, Problems
from ankerort.documents.inquiry_lines import PlaceSheet, place_sheets
from ankerort.documents.inquiry_workbook import write_inquiry_workbook
from ankerort.region.inquiry.answers import Answer
from ankerort.region.inquiry.layout import folded
from ankerort.region.inquiry.read_answers import read_answers
from ankerort.region.model import Region
from ankerort.region.schema import BUILDINGS, MOBILE_VISITS
from ankerort.region.schema_inquiry import CLUBS
from ankerort.supply.schema_questions import QUESTIONS
from worlds import tiny_region

AGS, OTHER_AGS = "15001000", "15002000"
A, B, C = tiny_region.A, tiny_region.B, tiny_region.C
# place, service, facility, kind, persons
_QUESTIONS = (
    (A, "general_practitioner", "", "unknown", 140.0),
    (A, "fire_station", "fire", "believed", 100.0),
    (A, "bakery", "baker", "probable", 60.0),
    (A, "supermarket", "", "absent", 40.0),
    (A, "bus_stop", "stop1", "believed", 5.0),
    (A, "bus_stop", "stop2", "believed", 4.0),
    (A, "bus_stop", "stop3", "believed", 3.0),
    (A, "bus_stop", "stop4", "believed", 2.0),
    (B, "pharmacy", "maybe", "probable", 40.0),
    (B, "village_shop", "", "absent", 0.0),
    (C, "supermarket", "market", "believed", 200.0),
    (C, "pharmacy", "pharmacy", "believed", 200.0),
)


def region() -> Region:
    """`tiny_region` with names, a bakery, four stops, and one line each of what comes, of a club and of a building in Adorf."""
    more = (
        ("baker", "bakery", A, 50.0, 200.0, "probable"),
        *((f"stop{k}", "bus_stop", A, 10.0 * k, 0.0, "certain") for k in range(1, 5)),
    )
    base = tiny_region.region(facilities=more)
    names = {
        "fire": "Feuerwehr Adorf",
        "baker": "Bäckerei Krume",
        "maybe": "Rosen-Apotheke",
        "market": "Kaufmarkt",
        "pharmacy": "Stadt-Apotheke",
        **{f"stop{k}": f"Halt {k}" for k in range(1, 5)},
    }
    facilities = base.facilities.assign(
        name=base.facilities["facility_id"].map(names).fillna(""),
        opening_hours=base.facilities["facility_id"].map({"baker": "Mo-Fr 06:00-12:00"}).fillna(""),
        ags=base.facilities["place_id"].map({A: AGS, B: AGS, C: OTHER_AGS}),
        source_date="2024-05-01",
    )
    visits = pd.DataFrame(
        {
            "visit_id": ["van"],
            "service": ["bakery"],
            "place_id": [A],
            "stop_name": ["Dorfplatz"],
            "weekday": ["Tu"],
            "rhythm_weeks": [1.0],
            "from_time": ["09:00"],
            "to_time": ["09:30"],
        }
    )
    clubs = pd.DataFrame(
        {"club_id": ["choir"], "name": ["Chor"], "place_id": [A], "rooms": ["Saal"], "members_class": ["20_49"]}
    )
    buildings = pd.DataFrame(
        {
            "building_id": ["school"],
            "name": ["Alte Schule"],
            "place_id": [A],
            "use": ["vacant"],
            "condition": [2.5],
            "area_m2": [1200.0],
            "step_free": ["no"],
        }
    )
    municipalities = base.municipalities.assign(name=["Amtsdorf", "Beistadt"])
    return replace(
        base,
        facilities=facilities,
        municipalities=municipalities,
        mobile_visits=MOBILE_VISITS.conform(visits),
        clubs=CLUBS.conform(clubs),
        buildings=BUILDINGS.conform(buildings),
    )


def questions() -> pd.DataFrame:
    """The questions above, in their order."""
    frame = pd.DataFrame(_QUESTIONS, columns=["place_id", "service", "facility_id", "kind", "persons"])
    return QUESTIONS.conform(frame.assign(asked=True, rank=range(1, len(frame) + 1)))


def sheets(ags: str = AGS) -> tuple[PlaceSheet, ...]:
    """What stands on the sheets of a municipality."""
    return place_sheets(region(), questions(), tiny_region.catalogue(), ags=ags, lang="de")


def write(path: Path, *, ags: str = AGS) -> Path:
    """The empty workbook of a municipality."""
    name = {AGS: "Amtsdorf", OTHER_AGS: "Beistadt"}[ags]
    write_inquiry_workbook(
        path,
        sheets(ags),
        tiny_region.catalogue(),
        municipality=name,
        ags=ags,
        run_key="run",
        data_date="2026-01-01",
        lang="de",
    )
    return path


class Clerk:
    """Fills in cells by what stands beside them, as a person does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def cover(self, office: object = "Bauamt", day: object = "01.10.2026") -> Clerk:
        """Fill in office and day."""
        sheet = self.book["Anleitung"]
        for label, value in (("Amt oder Stelle", office), ("ausgefüllt am", day)):
            cell = find(sheet, label)
            sheet.cell(cell.row, cell.column + 1).value = value
        return self

    def sheet(self, title: str = "Adorf") -> Worksheet:
        """A sheet by its title."""
        found = self.book[title]
        assert isinstance(found, Worksheet)
        return found

    def line(self, what: str, *, title: str = "Adorf", **cells: object) -> Clerk:
        """Fill in cells of the line in which some cell begins with `what`, by the head above it (folded)."""
        sheet = self.sheet(title)
        row = next(c.row for r in sheet.iter_rows() for c in r if str(c.value or "").startswith(what))
        return self.fill(row, title=title, **cells)

    def fill(self, row: int, *, title: str = "Adorf", **cells: object) -> Clerk:
        """Fill in cells of a row by the heads above."""
        sheet = self.sheet(title)
        for head, value in cells.items():
            sheet.cell(row, column(sheet, row, head)).value = value
        return self

    def blank(self, block: str, number: int = 1, *, title: str = "Adorf", **cells: object) -> Clerk:
        """Fill in a blank line of the block whose title begins with a digit."""
        sheet = self.sheet(title)
        start = next(c.row for c in sheet["A"] if str(c.value or "").startswith(block + "  "))
        empty = [
            r
            for r in range(start + 2, sheet.max_row + 1)
            if sheet.cell(r, 1).value and all(not sheet.cell(r, c).value for c in range(2, 13))
        ]
        return self.fill(empty[number - 1], title=title, **cells)

    def save(self) -> Path:
        """Save the workbook in place."""
        self.book.save(self.path)
        return self.path


def find(sheet: Worksheet, text: str) -> openpyxl.cell.cell.Cell:
    """The first cell with a text."""
    return next(c for r in sheet.iter_rows() for c in r if folded(str(c.value or "")) == folded(text))


def column(sheet: Worksheet, row: int, head: str) -> int:
    """Column whose head, in the nearest head row above, folds to `head`."""
    for above in range(row - 1, 0, -1):
        for c in range(1, sheet.max_column + 1):
            if folded(str(sheet.cell(above, c).value or "")) == folded(head):
                return c
    raise AssertionError(head)


def read(path: Path) -> tuple[tuple[Answer, ...], list[Problem]]:
    """Answers and problems of a file."""
    problems = Problems()
    answers = read_answers(path, region(), tiny_region.catalogue(), problems=problems)
    return answers, list(problems)


def filled(path: Path, fill: Callable[[Clerk], object]) -> tuple[tuple[Answer, ...], list[Problem]]:
    """Answers and problems of a workbook of Amtsdorf with office and day, otherwise filled in by `fill`."""
    clerk = Clerk(write(path)).cover()
    fill(clerk)
    return read(clerk.save())


def codes(problems: list[Problem], severity: str = "error") -> list[str]:
    """Codes of the problems of a severity."""
    return [p.code for p in problems if p.severity == severity]
