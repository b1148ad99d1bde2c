"""A printed document as a list of blocks, told once and written as HTML, PDF and DOCX.

Content modules make blocks out of figures and sentences; `blocks_html`, `blocks_pdf` and `blocks_docx` know nothing of the
figures. All three give the same words in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ankerort.text import Language

ParagraphStyle = Literal["body", "lead", "note", "small", "warn"]
Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 1 begins a chapter, `anchor` is its target for links (empty = none)."""

    text: str
    level: int = 1
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of plain text. `lead` is larger, `note` is set off, `small` holds sources, `warn` must be read first."""

    text: str
    style: ParagraphStyle = "body"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A table cell with a fill; the text tells the same as the fill, for copies in black and white."""

    text: str
    fill: str = ""
    ink: str = "#000000"
    bold: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    head
        Column names, repeated on each page.
    rows
        Cells as text or `Cell`; as many as `head`.
    align
        One per column; empty = the first left, all others left too.
    widths
        Relative widths; empty = by content.
    caption
        Title of the table, for reading programs too; empty = none.
    row_head
        The first column is a heading of its row.
    small
        Smaller type, for wide tables.
    turned_head
        Column names stand upright, for many narrow columns.
    roomy
        Rows of the PDF have room to write in by hand.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    align: tuple[Align, ...] = ()
    widths: tuple[float, ...] = ()
    caption: str = ""
    row_head: bool = True
    small: bool = False
    turned_head: bool = False
    roomy: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture (PNG) with the text that stands for it where it cannot be seen."""

    png: bytes
    alt: str
    width_mm: float
    caption: str = ""


@dataclass(frozen=True)
class PictureRow:
    """Pictures side by side, each as wide as its `width_mm` says; together no wider than the page."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Lines:
    """Empty ruled lines to write on, with the words that say what for."""

    label: str
    count: int = 4


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Picture | PictureRow | Lines | PageBreak


@dataclass(frozen=True)
class Printed:
    """A document.

    Parameters
    ----------
    title
        Title of the file and of its first page.
    header
        Stands on each page: the status of the work, for instance "Arbeitsstand 05.06.2026 – nicht abgestimmt".
    footer
        Stands on each page beside the page number: region, credit line.
    lang
        Language of the words.
    date
        Day (ISO) written into the file's properties, so that equal content gives equal bytes; empty = none.
    blocks
        The content.
    text_pt
        Size of the body text: 11 in general, 12 for the profile of a place, 14 for what old people fill in or read.
    """

    title: str
    header: str
    footer: str
    lang: Language
    date: str
    blocks: tuple[Block, ...]
    text_pt: float = 11.0
