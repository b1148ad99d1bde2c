"""How the columns of the catalogue's files are declared, and the columns that many of them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CellKind = Literal["text", "number", "integer", "date", "choice", "yes_no"]

LEGAL_STATUS = ("law", "plan", "guideline", "practice", "default")
MARKS = ("S", "M", "D", "S/M", "S/D", "D/M")
SET_MODES = (
    "walk",
    "bike",
    "car",
    "pt",
    "persons_in_place",
    "persons_in_catchment",
    "density_exception",
    "facilities_in_municipality",
    "km2_per_facility",
    "*",
)
SET_UNITS = ("m", "min", "persons", "persons/km2", "facilities", "km2")
LAENDER = ("BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH")


@dataclass(frozen=True)
class FileColumn:
    """One column of a catalogue file; `required` = no cell may be empty."""

    name: str
    meaning: str
    kind: CellKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class FileLayout:
    """One file: its columns and those that identify a row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[FileColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)


AGREEMENT = (
    FileColumn("valid_from", "day from which it holds", "date"),
    FileColumn("checked_on", "day of the last check", "date"),
    FileColumn("agreed_by", "who agreed a replaced value"),
    FileColumn("agreed_on", "day of the agreement", "date"),
    FileColumn("reason", "why it was replaced"),
)
STATUS = (
    FileColumn("source", "source of the value", required=True),
    FileColumn("legal_status", "law, plan, guideline, practice, default", "choice", True, LEGAL_STATUS),
    FileColumn(
        "mark", "S source found, M from memory, D default of Ankerort; two marks with a stroke", "choice", True, MARKS
    ),
)
LABELS = (
    FileColumn("label_de", "German label", required=True),
    FileColumn("label_en", "English label", required=True),
)
