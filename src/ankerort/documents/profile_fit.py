"""How much room the blocks of a profile take on one page A4, and what goes first where it is too little.

The measure follows the page of ``templates/printed.typ``; a test holds it against the PDF. It needs no PDF, so that the report and the
single profile say the same.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.ft2font import FT2Font, LoadFlags

from ankerort.documents.blocks import Block, Bullets, Cell, Heading, Lines, Paragraph, Picture, Table

TEXT_PT = 12.0
TABLE_PT = 11.0  # nothing in a profile is smaller
LINE_MM = 8.0  # between lines to write on
ROOM_MM = 252.0  # 250 mm between header and footer; the gap behind the last block needs none
_WIDTH_MM = 170.0
_PT_MM = 25.4 / 72
_LEADING = 0.5  # between lines, in em
_BOLD = 1.05  # bold letters are wider


@dataclass(frozen=True)
class Shortening:
    """How much of each part is shown; what is left out is counted or said, and its place named."""

    remark_lines: int
    names: int
    others: int
    visits: int
    stops: int
    lost: int
    rows: int | None  # of what is not there
    demand: bool = True  # Rufbus behind a fixed bus


# Least important first: room for remarks, lists of names, Rufbus beside a fixed bus, and only then rows, those first that nobody expects in such a place.
SHORTENINGS: tuple[Shortening, ...] = (
    Shortening(4, 2, 99, 6, 6, 6, None),
    Shortening(3, 2, 14, 6, 6, 6, None),
    Shortening(2, 2, 14, 6, 6, 6, None),
    Shortening(2, 1, 10, 5, 4, 4, None),
    Shortening(2, 1, 10, 5, 4, 4, None, demand=False),
    Shortening(2, 1, 6, 4, 3, 3, None, demand=False),
    Shortening(2, 1, 4, 3, 2, 2, None, demand=False),
    *(Shortening(2, 1, 3, 3, 2, 2, rows, demand=False) for rows in range(11, 5, -1)),
    *(Shortening(2, 1, 2, 2, 1, 1, rows, demand=False) for rows in range(5, -1, -1)),
)


def height_mm(blocks: Iterable[Block]) -> float:
    """Height of the blocks one below the other, in millimetres, at 12 pt."""
    return sum(_height(b) for b in blocks)


def _height(block: Block) -> float:
    em = TEXT_PT * _PT_MM
    gap = 0.85 * em
    match block:
        case Heading():
            return 2.0 * em  # first on its page: nothing above it
        case Paragraph():
            size = max(TABLE_PT, TEXT_PT * {"small": 0.85, "lead": 1.12}.get(block.style, 1.0))
            lines = _lines(block.text, _WIDTH_MM, size)
            return (0.66 * lines + _LEADING * (lines - 1)) * size * _PT_MM + gap
        case Bullets():
            return sum(_height(Paragraph(i)) for i in block.items)
        case Picture():
            caption = 0.0
            if block.caption:
                caption = (0.65 + (0.66 + _LEADING) * _lines(block.caption, _WIDTH_MM, TEXT_PT * _BOLD)) * em
            return block.width_mm * _aspect(block.png) + caption + gap
        case Table():
            return _table_height(block) + gap
        case Lines():
            return 0.66 * em + (block.pitch_mm or 7.5 + gap) * block.count + gap
        case _:
            return 0.0


def _table_height(table: Table) -> float:
    size = table.text_pt or TEXT_PT
    inset_x, inset_y = (2.5, 2.5) if table.text_pt else (4.0, 3.5)
    total = sum(table.widths) or float(len(table.head))
    widths = table.widths or (1.0,) * len(table.head)
    room = [w / total * _WIDTH_MM - 2 * inset_x * _PT_MM for w in widths]
    height = 0.0
    for k, row in enumerate((table.head, *table.rows)):
        lines = 1
        for c, cell in enumerate(row):
            text = cell.text if isinstance(cell, Cell) else cell
            bold = k == 0 or (c == 0 and table.row_head)
            lines = max(lines, _lines(text, room[c], size * (_BOLD if bold else 1.0)))
        height += (0.66 * lines + 0.45 * (lines - 1)) * size * _PT_MM + (2 * inset_y + 0.4) * _PT_MM
    if table.caption:
        lines = _lines(table.caption, _WIDTH_MM, TEXT_PT * _BOLD)
        height += (0.65 + 0.66 * lines + _LEADING * (lines - 1)) * TEXT_PT * _PT_MM
    return height


def _lines(text: str, width_mm: float, size_pt: float) -> int:
    """Lines that a text takes, broken at blanks; a word that is too long breaks within."""
    room = width_mm / _PT_MM / size_pt
    lines, used = 1, 0.0
    for word in text.split():
        wide = sum(_advance(c) for c in word)
        if used and used + _advance(" ") + wide > room:
            lines, used = lines + 1, 0.0
        used += wide + (_advance(" ") if used else 0.0)
        while used > room:
            lines, used = lines + 1, used - room
    return lines


@functools.cache
def _font() -> FT2Font:
    spec = importlib.util.find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("font_source_sans_pro")
    font = FT2Font(str(Path(spec.origin).parent / "files" / "SourceSansPro-Regular.ttf"))
    font.set_size(100, 72)
    return font


@functools.cache
def _advance(char: str) -> float:
    """Width of a letter in em."""
    return float(_font().load_char(ord(char), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 100


def _aspect(png: bytes) -> float:
    """Height over width of a PNG, from its header."""
    return int.from_bytes(png[20:24], "big") / int.from_bytes(png[16:20], "big")
