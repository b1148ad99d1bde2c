"""Sheets of a workbook as text by row and column, whatever program saved it."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from ankerort.base.problems import Problems
from ankerort.region.table_files import cell_text

# A sheet for one village has some hundred rows; formats dragged down to the last row of the program do not count.
_MOST_ROWS, _MOST_COLUMNS = 20_000, 500


@dataclass(frozen=True)
class Grid:
    """One sheet.

    Parameters
    ----------
    title
        Title of the sheet.
    rows
        Row (from 1) -> column (from 1) -> text without blanks at its ends; only cells with content.
    merged_down
        (row, column) -> first row of the merged range, for cells of ranges that span several rows.
    """

    title: str
    rows: Mapping[int, Mapping[int, str]]
    merged_down: Mapping[tuple[int, int], int]

    def text(self, row: int, column: int) -> str:
        """Text of a cell; of a cell merged with those above it that of the first one."""
        first = self.merged_down.get((row, column), row)
        return self.rows.get(first, {}).get(column, "")

    def right_of(self, row: int, column: int) -> str:
        """The first text to the right of a cell."""
        return next((text for c, text in sorted(self.rows.get(row, {}).items()) if c > column), "")


def read_grids(path: Path, problems: Problems) -> tuple[Grid, ...]:
    """All sheets of a workbook, hidden ones too; empty with an error if it cannot be read."""
    if not path.is_file():
        problems.add("inquiry_file_missing", "error", path.name)
        return ()
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        problems.add("inquiry_file_format", "error", path.name, suffix=path.suffix or path.name)
        return ()
    try:
        with warnings.catch_warnings():
            # openpyxl warns of drop-downs and styles that it cannot keep; reading loses nothing by them.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, data_only=True)
        return tuple(_grid(sheet) for sheet in book.worksheets)
    except PermissionError:
        problems.add("inquiry_file_held", "error", path.name)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        problems.add("inquiry_file_broken", "error", path.name, reason=str(error) or type(error).__name__)
    return ()


def _grid(sheet: Worksheet) -> Grid:
    rows: dict[int, dict[int, str]] = {}
    last_row, last_column = min(sheet.max_row, _MOST_ROWS), min(sheet.max_column, _MOST_COLUMNS)
    for cells in sheet.iter_rows(max_row=last_row, max_col=last_column):
        for cell in cells:
            if cell.value is not None and isinstance(cell, Cell):
                text = _text(cell)
                if text:
                    rows.setdefault(cell.row, {})[cell.column] = text
    merged: dict[tuple[int, int], int] = {}
    for area in sheet.merged_cells.ranges:
        if area.max_row > area.min_row:
            last = min(area.max_row, last_row)
            merged |= {(row, area.min_col): area.min_row for row in range(area.min_row, last + 1)}
    return Grid(sheet.title, rows, merged)


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, dt.datetime) and "d" not in cell.number_format.lower().split(";")[0]:
        # "Okt. 2026" became the first of October, which nobody wrote.
        return f"{value.month:02d}.{value.year}"
    return cell_text(value).strip()
