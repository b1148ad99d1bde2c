"""Tells filled workbooks and survey sheets of the inquiry, which are no input but answers."""

from __future__ import annotations

from collections.abc import Sequence

from ankerort.region.inbox.peek import TablePeek
from ankerort.region.inquiry.grid import Grid
from ankerort.region.inquiry.layout import HIDDEN_SHEET, folded, labels
from ankerort.region.inquiry.read_lines import find_heads
from ankerort.region.inquiry.read_survey import is_survey

_COVER = frozenset({"office", "filled_on"})


def is_returned(tables: Sequence[TablePeek]) -> bool:
    """Whether the sheets of a workbook are an inquiry.

    It has the hidden sheet, or is a survey sheet, or asks for office and day on one sheet and has the heads of a block on any: the heads alone
    are those of many a list.
    """
    if any(t.sheet == HIDDEN_SHEET for t in tables):
        return True
    grids = [_grid(t) for t in tables]
    if any(is_survey(g) for g in grids):
        return True
    return any(_labels(g) >= _COVER for g in grids) and any(find_heads(g) for g in grids)


def _grid(table: TablePeek) -> Grid:
    rows = {
        number: {column: text for column, text in enumerate(cells, start=1) if text}
        for number, cells in enumerate(table.rows, start=1)
    }
    return Grid(table.sheet, {number: cells for number, cells in rows.items() if cells}, {})


def _labels(grid: Grid) -> set[str]:
    known = labels("cover")
    found = {known.get(folded(text.split("\n", 1)[0])) for cells in grid.rows.values() for text in cells.values()}
    return {name for name in found if name is not None}
