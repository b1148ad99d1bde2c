"""Sheets of tables of people as grids of text, and where in them the head stands and what each column means."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import openpyxl

from ankerort.base.problems import Problems
from ankerort.region.population_labels import parse_age, parse_year
from ankerort.region.register_labels import (
    age_and_sex,
    column_name,
    is_no_count,
    is_sum,
    is_suppressed,
    parse_residence,
    register_age,
    register_sex,
)

_HEAD_WITHIN = 40  # rows
_MOST_HEAD_ROWS = 4
_SERIES = 3  # whole numbers in a row that count up are ages or years, not persons
_DIMENSIONS = ("age", "sex", "year", "residence")


@dataclass(frozen=True)
class Grid:
    """One sheet: `rows` of cells as text, row 1 first; merged cells hold their text everywhere; `sheet` is empty for CSV."""

    file: str
    sheet: str
    rows: list[list[str]]

    @property
    def name(self) -> str:
        """As problems name it."""
        return f"{self.file}/{self.sheet}" if self.sheet else self.file


@dataclass(frozen=True)
class ValueColumn:
    """A column of persons: what its headings say of age, sex, year and residence."""

    at: int
    title: str
    age: tuple[int, int] | None = None
    sex: str | None = None
    year: str | None = None
    residence: str | None = None


@dataclass(frozen=True)
class Head:
    """Where a table begins (row index of its first data row), its key columns, columns of persons and others."""

    first: int
    end: int
    keys: Mapping[str, int]
    values: tuple[ValueColumn, ...]
    ignored: tuple[str, ...] = field(default=())
    alike: tuple[str, str] | None = None


def read_grids(path: Path, problems: Problems) -> list[Grid]:
    """All visible sheets of a workbook, or the one table of a text file; problems name what cannot be read."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path, problems)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.add("table_encoding", "note", path.name)
        text = content.decode("cp1252", errors="replace")
    lines = text.splitlines()[:_HEAD_WITHIN]
    delimiter = max(";\t,", key=lambda d: max((line.count(d) for line in lines), default=0))
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    if not any(any(row) for row in rows):
        problems.add("table_empty", "error", path.name)
        return []
    return [Grid(path.name, "", rows)]


def _workbook(path: Path, problems: Problems) -> list[Grid]:
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        problems.add("table_unreadable", "error", path.name)
        return []
    grids = []
    for sheet in book.worksheets:
        rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        if sheet.sheet_state != "visible":
            if any(any(row) for row in rows):
                problems.add("register_hidden_sheet", "warning", f"{path.name}/{sheet.title}")
            continue
        for merged in sheet.merged_cells.ranges:
            text = rows[merged.min_row - 1][merged.min_col - 1]
            for r in range(merged.min_row - 1, min(merged.max_row, len(rows))):
                for c in range(merged.min_col - 1, min(merged.max_col, len(rows[r]))):
                    rows[r][c] = text
        if any(any(row) for row in rows):
            grids.append(Grid(path.name, sheet.title, rows))
    if not grids:
        problems.add("table_empty", "error", path.name)
    return grids


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def find_head(grid: Grid, mapping: Mapping[str, str]) -> Head | None:
    """The head of the table of a sheet; None if it has none.

    Parameters
    ----------
    grid
        The sheet.
    mapping
        Ankerort's name -> heading in the file, which goes before what is recognised.
    """
    best: tuple[int, int, int] | None = None
    row = 0
    while row < min(len(grid.rows), _HEAD_WITHIN):
        if _meaning(grid.rows[row], mapping) < 1:
            row += 1
            continue
        end = row
        while end < min(len(grid.rows), row + _MOST_HEAD_ROWS) and _heads(grid.rows[end], mapping, goes_on=end > row):
            end += 1
        width = sum(any(_kind(text, mapping) for text in column) for column in _columns(grid.rows[row:end]))
        width = max(width, max(_meaning(r, mapping) for r in grid.rows[row:end]))
        if width >= 2 and (best is None or width > best[0]):
            best = (width, row, end)
        row = end
    return None if best is None else _head(grid, best[1], best[2], mapping)


def _heads(row: list[str], mapping: Mapping[str, str], *, goes_on: bool) -> bool:
    """Whether a row belongs to the head; below its first row one that begins with a name is data."""
    first = next((t for t in row if t), "")
    named = bool(first) and not first.isdigit() and not _kind(first, mapping)
    return _meaning(row, mapping) >= 1 and not (goes_on and named)


def _columns(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [[row[k] if k < len(row) else "" for row in rows] for k in range(width)]


def _kind(text: str, mapping: Mapping[str, str]) -> str:
    """What a cell is in a head; empty if it is nothing that heads a column. Whole numbers are asked by `_series`."""
    if not text or text.isdigit():
        return ""
    if text in mapping.values() or column_name(text):
        return "key"
    if is_sum(text) or register_sex(text) is not None:
        return "sex"
    if parse_age(text) is not None or register_age(text) is not None or age_and_sex(text) is not None:
        return "age"
    return "year" if parse_year(text) is not None else "residence" if parse_residence(text) else ""


def _series(row: list[str]) -> bool:
    """Whether the whole numbers of a row count up by one: single years of age or calendar years, not persons."""
    numbers = [int(t) for t in row if t.isdigit() and len(t) < 5]
    known = sorted(set(numbers))
    years = bool(known) and known[0] >= 1900 and known[-1] < 2200 and numbers == sorted(numbers)
    counted = len(known) >= _SERIES and known == list(range(known[0], known[-1] + 1)) and known[0] <= 1
    # The head of the second sex begins again at 0.
    falls = sum(b < a for a, b in pairwise(numbers))
    return years or (counted and falls <= 3 and len(numbers) % len(known) == 0)


def _meaning(row: list[str], mapping: Mapping[str, str]) -> int:
    """Cells of a row that head a column; 0 if the row holds numbers of persons."""
    series = _series(row)
    numbers = [t for t in row if t and ((t[0].isdigit() and not _kind(t, mapping)) or t in ("-", "–"))]
    numbers += [t for t in row if t and not _kind(t, mapping) and is_suppressed(t)]
    if (numbers and not series) or any(t in ("-", "–", "•") for t in row):
        return 0
    return sum(bool(_kind(t, mapping)) or (series and t.isdigit()) for t in row)


def _head(grid: Grid, start: int, end: int, mapping: Mapping[str, str]) -> Head:
    own = {theirs: name for name, theirs in mapping.items()}
    rows = [list(row) for row in grid.rows[start:end]]
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    for row in rows[:-1]:
        _fill_right(row, rows[-1])
    keys: dict[str, int] = {}
    values: list[ValueColumn] = []
    ignored: list[str] = []
    for at, texts in enumerate(_columns(rows)):
        parts = [t for k, t in enumerate(texts) if t and t not in texts[:k]]
        if not parts:
            continue
        title = " ".join(parts)
        mapped = own.get(title) or next((own[t] for t in reversed(parts) if t in own), "")
        value = _value_column(at, title, parts) if not mapped else None
        name = mapped or next((n for t in reversed(parts) if (n := column_name(t))), "")
        if value is not None:
            values.append(value)
        elif name == "persons" and not is_no_count(title):
            values.append(ValueColumn(at, title))
        elif name and name != "persons":
            if name == "place" and "place" in keys and "municipality" not in keys and column_name(parts[-1]) == "place":
                # "Ort" beside "Ortsteil": the wider one is the municipality.
                name = _narrower(grid, keys, at, rows)
            keys.setdefault(name, at)
        else:
            ignored.append(title)
    if "age" in keys:  # a total over ages cannot stand in a column of its own then
        values = [v for v in values if v.age is None] or values
    seen: dict[tuple[object, ...], str] = {}
    alike = None
    for value in values:
        key = (value.age, value.sex or "all", value.year, value.residence)
        if key in seen and alike is None:
            alike = (seen[key], value.title)
        seen.setdefault(key, value.title)
    return Head(end, end, keys, tuple(values), tuple(ignored), alike)


def _narrower(grid: Grid, keys: dict[str, int], at: int, rows: list[list[str]]) -> str:
    """Of two columns with places the one headed Ort is the municipality; the name for the column `at`."""
    if rows[-1][keys["place"]].strip().lower() == "ort":
        keys["municipality"] = keys["place"]
        keys["place"] = at
        return "place"
    return "municipality" if rows[-1][at].strip().lower() == "ort" else "place"


def _fill_right(row: list[str], last: list[str]) -> None:
    """Headings over several columns that were not merged: they hold until the next one."""
    carried = ""
    for k, text in enumerate(row):
        if text:
            carried = text if not column_name(text) or register_age(text) is not None else ""
        elif carried and last[k] and not column_name(last[k]):
            row[k] = carried


def _value_column(at: int, title: str, parts: list[str]) -> ValueColumn | None:
    """A column whose headings name ages, sexes, years, residences or a total; None if they name none of them."""
    if is_no_count(title):
        return None
    found: dict[str, object] = {}
    total = False
    unknown = False
    for text in parts:
        both = age_and_sex(text)
        if is_sum(text):
            total = True
        elif (text.isdigit() and len(text) == 4) or (parse_year(text) is not None and register_age(text) is None):
            found["year"] = text
        elif (age := register_age(text)) is not None:
            found["age"] = age
        elif (sex := register_sex(text)) is not None:
            found["sex"] = sex
        elif (residence := parse_residence(text)) is not None:
            found["residence"] = residence
        elif both is not None:
            found["age"], found["sex"] = both
        else:
            unknown = unknown or not column_name(text)
    if not found and (not total or unknown):
        return None
    return ValueColumn(at, title, **found)  # type: ignore[arg-type]
