"""Rows of the catalogue's CSV files: read with their line, checked cell by cell, a user's rows laid over the shipped ones."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ankerort.base.problems import Problems
from ankerort.catalogue.layout import FileColumn, FileLayout

_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_YES = {"yes": True, "ja": True, "no": False, "nein": False}


@dataclass(frozen=True)
class Row:
    """One row: cells as text (dates already ISO), the file as the user knows it, and the line in it."""

    cells: Mapping[str, str]
    table: str
    line: int
    replaced: Mapping[str, str] | None = field(default=None)  # the shipped cells that a user's row replaced

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def number(self, column: str) -> float:
        """The cell as a number, NaN if empty; the cell has been checked before."""
        return parse_number(self.cells[column])

    def yes(self, column: str) -> bool:
        """The cell as yes or no."""
        return _YES[self.cells[column].lower()]

    def parts(self, column: str) -> tuple[str, ...]:
        """The members of a list separated by ``;``."""
        return tuple(p.strip() for p in self.cells[column].split(";") if p.strip())


def parse_number(text: str) -> float:
    """A number with decimal point or comma; NaN if empty.

    Raises
    ------
    ValueError
        If the text is no finite number.
    """
    if not text:
        return math.nan
    number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def parse_day(text: str) -> str:
    """An ISO date from ``2026-11-22`` or ``22.11.2026`` (a spreadsheet writes that); empty stays empty.

    Raises
    ------
    ValueError
        If the text is no date.
    """
    if not text:
        return ""
    if match := _GERMAN_DATE.fullmatch(text):
        day, month, year = (int(g) for g in match.groups())
        return date(year, month, day).isoformat()
    return date.fromisoformat(text).isoformat()


def parse_rows(content: bytes, layout: FileLayout, table: str, problems: Problems, *, whole: bool) -> list[Row]:
    """Read one CSV file; rows with a fault are reported and left out.

    Comma or semicolon, UTF-8 (with or without mark) or Windows-1252, decimal point or comma, ISO or German dates:
    what a spreadsheet program makes of the file when a planner saves it.

    Parameters
    ----------
    whole
        All columns must be there (shipped files); otherwise only those that identify a row.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [h.strip() for h in next(reader, [])]
    if not any(header):
        problems.add("catalogue_file_empty", "error", table)
        return []
    columns = {c.name: c for c in layout.columns}
    for name in header:
        if name not in columns:
            problems.add("catalogue_column_unknown", "error", table, row=1, column=name, known=", ".join(columns))
    must = set(layout.names) if whole else {k for k in layout.key if columns[k].required}
    for name in layout.names:
        if name in must and name not in header:
            problems.add("catalogue_column_missing", "error", table, row=1, column=name)
    twice = sorted({name for name in header if header.count(name) > 1})
    for name in twice:
        problems.add("catalogue_column_twice", "error", table, row=1, column=name)
    if twice or not must <= set(header):
        return []
    rows: list[Row] = []
    seen: dict[tuple[str, ...], int] = {}
    line = reader.line_num + 1
    for cells in reader:
        here, line = line, reader.line_num + 1
        if not any(c.strip() for c in cells):
            continue
        if len(cells) > len(header):
            problems.add("catalogue_row_too_long", "error", table, row=here, cells=len(cells), columns=len(header))
            continue
        raw = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in columns}
        row = _check_cells(raw, columns.values(), table, here, problems)
        if row is None:
            continue
        key = tuple(row.get(k, "") for k in layout.key)
        if key in seen:
            problems.add("catalogue_duplicate", "error", table, row=here, key=" / ".join(key), first=seen[key])
            continue
        seen[key] = here
        rows.append(Row(row, table, here))
    return rows


def _check_cells(
    raw: Mapping[str, str], columns: Iterable[FileColumn], table: str, line: int, problems: Problems
) -> dict[str, str] | None:
    clean: dict[str, str] = {}
    before = len(problems)
    for column in columns:
        if column.name not in raw:
            continue
        text = raw[column.name]
        if not text:
            # An empty key cell or label is a fault; whether an absent column is one, the overlay decides.
            if column.required:
                problems.add("catalogue_cell_empty", "error", table, row=line, column=column.name)
            clean[column.name] = ""
            continue
        clean[column.name] = _check_cell(text, column, table, line, problems)
    return clean if len(problems) == before else None


def _check_cell(text: str, column: FileColumn, table: str, line: int, problems: Problems) -> str:
    def report(code: str, **params: object) -> None:
        problems.add(code, "error", table, row=line, column=column.name, value=text, **params)

    if column.kind in ("number", "integer"):
        try:
            number = parse_number(text)
        except ValueError:
            report("catalogue_not_a_number")
            return text
        if column.kind == "integer" and number != int(number):
            report("catalogue_not_a_whole_number")
        elif column.lowest is not None and number < column.lowest:
            report("catalogue_number_too_small", lowest=f"{column.lowest:g}")
        elif column.highest is not None and number > column.highest:
            report("catalogue_number_too_large", highest=f"{column.highest:g}")
        return f"{int(number)}" if column.kind == "integer" and number == int(number) else text
    if column.kind == "date":
        try:
            return parse_day(text)
        except ValueError:
            report("catalogue_not_a_date")
            return text
    if column.kind == "choice" and text not in column.choices:
        report("catalogue_not_allowed", allowed=", ".join(column.choices))
    if column.kind == "yes_no" and text.lower() not in _YES:
        report("catalogue_not_allowed", allowed="yes, no")
    return text


def overlay(shipped: Iterable[Row], own: Iterable[Row], layout: FileLayout, problems: Problems) -> list[Row]:
    """Lay a user's rows over the shipped ones: same key replaces (absent columns keep the shipped cell), else it is added.

    Shipped order first, then added rows in the user's order.
    """

    def key(row: Row) -> tuple[str, ...]:
        return tuple(row.cells.get(k, "") for k in layout.key)

    rows = {key(row): row for row in shipped}
    for row in own:
        old = rows.get(key(row))
        if old is not None:
            rows[key(row)] = Row({**old.cells, **row.cells}, row.table, row.line, replaced=old.cells)
            continue
        absent = [c.name for c in layout.columns if c.required and c.name not in row.cells]
        for name in absent:
            problems.add("catalogue_cell_empty", "error", row.table, row=row.line, column=name)
        if not absent:
            rows[key(row)] = Row({n: row.cells.get(n, "") for n in layout.names}, row.table, row.line)
    return list(rows.values())
