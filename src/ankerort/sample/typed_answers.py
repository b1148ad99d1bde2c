"""Types answers into an exported inquiry workbook, cell by cell, as somebody in an office would."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from ankerort.base.files import replacing
from ankerort.base.problems import Problems
from ankerort.region.inquiry.grid import Grid, read_grids
from ankerort.region.inquiry.layout import ASKED, folded, labels, read_line_key
from ankerort.region.inquiry.read_lines import Head, find_heads

COVER = "cover"
_FREE = "+"


@dataclass(frozen=True)
class TypedCell:
    """One cell that somebody fills in.

    Parameters
    ----------
    municipality
        AGS of the municipality whose workbook it is.
    place
        Title of the sheet; empty for the first sheet.
    block
        Id of the block (asked, new, mobile, clubs, buildings), or ``cover``.
    line
        Block asked: id of the service, ``service:2`` = the second line of that service. Other blocks: the number that stands in front of the line,
        ``+1`` = the first free line. Cover: empty.
    field
        Id of the column (`ankerort.region.inquiry.layout`), on the cover the id of the label.
    text
        What is typed.
    """

    municipality: str
    place: str
    block: str
    line: str
    field: str
    text: str


def read_typed_cells(path: Path) -> tuple[TypedCell, ...]:
    """Cells from a table with the columns of `TypedCell`; comma, UTF-8, lines that begin with ``#`` are remarks."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple(TypedCell(**row) for row in rows)


def type_into(source: Path, target: Path, cells: Sequence[TypedCell]) -> None:
    """Write a copy of a workbook in which these cells are filled in.

    Parameters
    ----------
    source
        A workbook as ``ankerort inquiry`` writes it; it stays as it is.
    target
        The filled copy; replaced in one step.
    cells
        All of one workbook. Cells are typed as text.

    Raises
    ------
    InputError
        If the workbook cannot be read, or has no such sheet, line or column: all of them are told and nothing is written.
    """
    problems = Problems()
    grids = {grid.title: grid for grid in read_grids(source, problems)}
    problems.raise_errors()
    book = openpyxl.load_workbook(source)
    first = next(iter(grids))
    for cell in cells:
        title = cell.place or first
        where = _find(grids[title], cell) if title in grids else None
        if where is None:
            problems.add(
                "typed_cell_missing", "error", f"{source.name}/{title}", line=f"{cell.block} {cell.line}".strip()
            )
            continue
        sheet = book[title]
        assert isinstance(sheet, Worksheet)
        sheet.cell(*where).value = cell.text
    problems.raise_errors()
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as temporary:
        book.save(temporary)


def _find(grid: Grid, cell: TypedCell) -> tuple[int, int] | None:
    """Row and column (from 1) of a cell."""
    if cell.block == COVER:
        for row, texts in sorted(grid.rows.items()):
            for column, text in texts.items():
                if labels("cover").get(folded(text)) == cell.field:
                    return row, column + 1
        return None
    heads = [h for h in find_heads(grid) if h.block.id == cell.block]
    lines = [(row, head) for head, row in _lines(grid, heads)]
    found = _asked(grid, lines, cell.line) if cell.block == ASKED.id else _numbered(grid, lines, cell.line)
    if found is None or cell.field not in found[1].columns:
        return None
    return found[0], found[1].columns[cell.field]


def _lines(grid: Grid, heads: Iterable[Head]) -> list[tuple[Head, int]]:
    """Lines below the heads: those with a number in front."""
    ends = sorted(h.row for h in find_heads(grid))
    out = []
    for head in heads:
        end = next((row for row in ends if row > head.row), max(grid.rows) + 1)
        number = head.columns["number"]
        out += [(head, row) for row in range(head.row + 1, end) if grid.text(row, number).isdigit()]
    return out


def _asked(grid: Grid, lines: Sequence[tuple[int, Head]], line: str) -> tuple[int, Head] | None:
    service, _, nth = line.partition(":")
    keys = ((row, head, read_line_key(grid.text(row, head.columns["key"]))) for row, head in lines)
    found = [(row, head) for row, head, key in keys if key is not None and key.service == service]
    position = int(nth or 1) - 1
    return found[position] if position < len(found) else None


def _numbered(grid: Grid, lines: Sequence[tuple[int, Head]], line: str) -> tuple[int, Head] | None:
    if line.startswith(_FREE):
        free = [(row, head) for row, head in lines if len(grid.rows[row]) == 1]
        position = int(line.removeprefix(_FREE)) - 1
        return free[position] if position < len(free) else None
    return next(((row, head) for row, head in lines if grid.text(row, head.columns["number"]) == line), None)
