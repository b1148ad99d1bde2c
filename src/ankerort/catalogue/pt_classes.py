"""Stop categories and quality classes of public transport: a table of dated records that a project may replace."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.csv_rows import Row

MODE_GROUPS = ("A", "B", "C")
CATEGORIES = ("I", "II", "III", "IV", "V", "VI", "VII")
CLASSES = ("A", "B", "C", "D", "E", "F", "G", "H")
CATEGORY_TABLE, CLASS_TABLE = "category", "class"


@dataclass(frozen=True)
class ClassStep:
    """One cell of the table: for `of`, up to `limit.value` (`included`: the limit itself too), the result is `result`."""

    of: str
    limit: DatedValue
    included: bool
    result: str

    def holds(self, value: float) -> bool:
        """Whether a value lies within the limit."""
        return value <= self.limit.value if self.included else value < self.limit.value


@dataclass(frozen=True)
class PtClassTable:
    """Mode group and interval to category, category and metres to class; steps ascending.

    `categories` by mode group (minutes between two departures), `classes` by category (metres on foot).
    """

    categories: Mapping[str, tuple[ClassStep, ...]] = field(default_factory=dict)
    classes: Mapping[str, tuple[ClassStep, ...]] = field(default_factory=dict)

    def category(self, mode_group: str, interval_min: float) -> str:
        """Category of a stop; empty beyond the largest interval or without one (NaN)."""
        return _first(self.categories.get(mode_group, ()), interval_min)

    def quality_class(self, category: str, metres: float) -> str:
        """Class of a place so far from a stop of the category; empty beyond the largest distance."""
        return _first(self.classes.get(category, ()), metres)

    @property
    def longest_m(self) -> float:
        """The largest distance at which a class is given."""
        return max((s.limit.value for steps in self.classes.values() for s in steps), default=0.0)


def _first(steps: Sequence[ClassStep], value: float) -> str:
    return next((s.result for s in steps if not math.isnan(value) and s.holds(value)), "")


def build_pt_classes(rows: Sequence[tuple[Row, DatedValue]], problems: Problems) -> PtClassTable:
    """The table from checked rows; a row whose `of` or `result` is no word of its part goes into `problems`."""
    parts: dict[str, dict[str, list[ClassStep]]] = {CATEGORY_TABLE: {}, CLASS_TABLE: {}}
    allowed = {CATEGORY_TABLE: (MODE_GROUPS, CATEGORIES), CLASS_TABLE: (CATEGORIES, CLASSES)}
    for row, limit in rows:
        part = row["part"]
        for column, words in zip(("of", "result"), allowed[part], strict=True):
            if row[column] not in words:
                problems.add(
                    "catalogue_not_allowed",
                    "error",
                    row.table,
                    row=row.line,
                    column=column,
                    value=row[column],
                    allowed=", ".join(words),
                )
        parts[part].setdefault(row["of"], []).append(
            ClassStep(row["of"], limit, row["included"] == "yes", row["result"])
        )

    def ordered(of: Mapping[str, list[ClassStep]]) -> dict[str, tuple[ClassStep, ...]]:
        return {name: tuple(sorted(steps, key=lambda s: s.limit.value)) for name, steps in of.items()}

    return PtClassTable(ordered(parts[CATEGORY_TABLE]), ordered(parts[CLASS_TABLE]))
