"""A printed document as a list of blocks, told once and written as HTML, PDF and DOCX.

Content modules make blocks out of figures and sentences; `blocks_html`, `blocks_pdf` and `blocks_docx` know nothing of the
figures. All three give the same words in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ankerort.text import Language

ParagraphStyle = Literal["body", "lead", "note", "small", "warn", "big", "hours"]
Paper = Literal["a4", "a3"]
Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 1 begins a chapter, `anchor` is its target for links (empty = none)."""

    text: str
    level: int = 1
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of plain text. `lead` is larger, `note` is set off, `small` holds sources, `warn` must be read first, `big`
    and `hours` are read from afar; `keep` holds it on the page of what follows."""

    text: str
    style: ParagraphStyle = "body"
    keep: bool = False


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
        Cells as text or `Cell`; as many as `head`. A row of one cell alone is the heading of the rows below it: it spans the
        table and never stands at the foot of a page.
    align
        One per column; empty = the first left, all others left too.
    widths
        Relative widths; empty = by content.
    caption
        Title of the table, for reading programs too; empty = none.
    row_head
        The first column is a heading of its row.
    small
        Smaller type (10 pt), for wide tables.
    text_pt
        Size of the type in points, with tight rows; 0 = that of the text, or small.
    turned_head
        Column names stand upright, for many narrow columns.
    roomy
        Rows of the PDF have room to write in by hand.
    whole
        A short table that is not divided between two pages.
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
    text_pt: float = 0.0
    whole: bool = False


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
    """Empty ruled lines to write on, with the words that say what for; `pitch_mm` from line to line, 0 = by the size of the text."""

    label: str
    count: int = 4
    pitch_mm: float = 0.0


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
    one_page
        Made for one page: lines stand closer, and the DOCX, whose type is not the one that was measured, has narrower margins.
    paper
        Size of the page of the PDF: a4, or a3 to hang up (margins, header and footer grow with it; choose a larger `text_pt`).
    """

    title: str
    header: str
    footer: str
    lang: Language
    date: str
    blocks: tuple[Block, ...]
    text_pt: float = 11.0
    one_page: bool = False
    paper: Paper = "a4"
