"""What a place of a size is expected to have, so that a hamlet is not scolded for having no bank."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.csv_rows import Row

Expected = Literal["yes", "useful", "no"]


@dataclass(frozen=True)
class Expectation:
    """Whether one item is expected in places of one class; `record` is dated, its value the lower limit of the class."""

    item: str
    expected: Expected
    record: DatedValue


@dataclass(frozen=True)
class SizeClass:
    """Places with `persons_from` or more and fewer than `persons_under` inhabitants (infinity for the largest)."""

    persons_from: float
    persons_under: float
    items: Mapping[str, Expectation]

    def expected(self, item: str) -> Expected:
        """yes, useful or no for a service or ``core:<id>``; what has no row is not expected."""
        found = self.items.get(item)
        return "no" if found is None else found.expected


@dataclass(frozen=True)
class PlaceExpectations:
    """Classes of size, ascending, without gap."""

    classes: tuple[SizeClass, ...] = field(default=())

    def of(self, persons: float) -> SizeClass | None:
        """Class of a place; None where there are no classes."""
        found = [c for c in self.classes if c.persons_from <= max(persons, 0.0) < c.persons_under]
        return found[0] if found else None

    @property
    def items(self) -> tuple[str, ...]:
        """All items of all classes, in the order of the file."""
        return tuple(dict.fromkeys(i for c in self.classes for i in c.items))


def build_expectations(
    records: Sequence[tuple[Row, DatedValue]], known: Collection[str], problems: Problems
) -> PlaceExpectations:
    """Classes from rows and their dated records.

    The rows of one `persons_from` are one class; it reaches up to the next. The smallest begins at 0, else a place could have none.
    """
    by_size: dict[float, dict[str, Expectation]] = {}
    for row, record in records:
        item = row["item"]
        if item not in known:
            problems.add("catalogue_service_unknown", "error", row.table, row=row.line, column="item", value=item)
            continue
        by_size.setdefault(record.value, {})[item] = Expectation(item, cast(Expected, row["expected"]), record)
    sizes = sorted(by_size)
    if sizes and sizes[0] != 0:
        problems.add(
            "catalogue_sizes_from", "error", records[0][0].table, column="persons_from", lowest=f"{sizes[0]:g}"
        )
    upper = [*sizes[1:], math.inf]
    return PlaceExpectations(
        tuple(SizeClass(size, under, by_size[size]) for size, under in zip(sizes, upper, strict=True))
    )
