"""Every block is checked and cleaned before a writer sees it, so that the three writers print the same words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from ankerort.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Heading,
    Lines,
    Paragraph,
    Picture,
    PictureRow,
    Printed,
    Table,
)

DEEPEST_LEVEL = 4
TEXT_WIDTH_MM = 170.0  # A4 less the margins that the writers share
GAP_MM = 4.0  # between pictures side by side
_PNG = b"\x89PNG\r\n\x1a\n"


def checked(printed: Printed) -> Printed:
    """The document with clean texts.

    Raises
    ------
    ValueError
        If the title is empty, or a block could not be read by everybody; see `checked_blocks`.
    """
    title = clean(printed.title)
    if not title:
        raise ValueError("a printed document needs a title")
    return replace(
        printed,
        title=title,
        header=clean(printed.header),
        footer=clean(printed.footer),
        blocks=checked_blocks(printed.blocks),
    )


def checked_blocks(blocks: Iterable[Block], *, under: int = 0) -> tuple[Block, ...]:
    """The blocks with clean texts; `under` is the level of the heading that they stand under (0 = none).

    Raises
    ------
    ValueError
        If a heading skips a level, a picture has no alternative text or is no PNG, or a table row is not as long as its head.
    """
    out: list[Block] = []
    level = under
    for block in blocks:
        if isinstance(block, Heading):
            _check_heading(block, level)
            level = block.level
            out.append(replace(block, text=clean(block.text)))
        elif isinstance(block, Paragraph):
            out.append(replace(block, text=clean(block.text)))
        elif isinstance(block, Bullets):
            out.append(Bullets(tuple(clean(item) for item in block.items)))
        elif isinstance(block, Lines):
            out.append(replace(block, label=clean(block.label)))
        elif isinstance(block, Picture):
            out.append(_checked_picture(block))
        elif isinstance(block, PictureRow):
            out.append(_checked_row(block))
        elif isinstance(block, Table):
            out.append(_checked_table(block))
        else:
            out.append(block)
    return tuple(out)


def clean(text: str) -> str:
    r"""Text without invisible characters; ``\n`` stays and breaks the line, all other space is one blank."""
    lines = unicodedata.normalize("NFC", str(text)).replace("\r\n", "\n").split("\n")
    # only plain blanks are joined: a no-break blank is meant
    return "\n".join(" ".join(filter(None, "".join(map(_visible, line)).split(" "))) for line in lines).strip("\n")


def shows_title(printed: Printed) -> bool:
    """Whether the title is printed above the blocks: not if the first heading says the same."""
    first = printed.blocks[0] if printed.blocks else None
    return not (isinstance(first, Heading) and first.text == printed.title)


def lowered(blocks: Iterable[Block], by: int) -> tuple[Block, ...]:
    """The same blocks with every heading `by` levels lower, to stand as a part of another document."""
    return tuple(replace(b, level=b.level + by) if isinstance(b, Heading) else b for b in blocks)


def as_cell(cell: str | Cell) -> Cell:
    """A plain text as a cell without fill."""
    return cell if isinstance(cell, Cell) else Cell(cell)


def alignments(table: Table) -> tuple[str, ...]:
    """One alignment per column."""
    return tuple(table.align) or ("left",) * len(table.head)


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zs", "Zl", "Zp"):
        # a no-break blank keeps number and unit together
        return char if char in "\u00a0\u202f" else " "
    return "" if category in ("Cf", "Cs") or ord(char) & 0xFFFE == 0xFFFE else char


def _check_heading(heading: Heading, before: int) -> None:
    if not clean(heading.text):
        raise ValueError("a heading needs words")
    if not 1 <= heading.level <= min(before + 1, DEEPEST_LEVEL):
        raise ValueError(
            f"heading {heading.text!r} of level {heading.level} follows level {before}: no level may be left out"
        )


def _checked_picture(picture: Picture) -> Picture:
    alt = clean(picture.alt)
    if not alt:
        raise ValueError("a picture needs the text that stands for it where it cannot be seen")
    if not picture.png.startswith(_PNG):
        raise ValueError(f"picture {alt!r} is no PNG")
    if picture.width_mm <= 0:
        raise ValueError(f"picture {alt!r} needs a width")
    return replace(picture, alt=alt, caption=clean(picture.caption), width_mm=min(picture.width_mm, TEXT_WIDTH_MM))


def _checked_row(row: PictureRow) -> PictureRow:
    if not row.pictures:
        raise ValueError("a row of pictures needs pictures")
    pictures = tuple(_checked_picture(p) for p in row.pictures)
    wide = sum(p.width_mm for p in pictures)
    room = TEXT_WIDTH_MM - GAP_MM * (len(pictures) - 1)
    return PictureRow(tuple(replace(p, width_mm=p.width_mm * min(1.0, room / wide)) for p in pictures))


def _checked_table(table: Table) -> Table:
    name = table.caption or " | ".join(table.head)
    columns = len(table.head)
    if not columns or not any(clean(h) for h in table.head):
        raise ValueError(f"table {name!r} needs column names")
    for row in table.rows:
        if len(row) not in (columns, 1):
            raise ValueError(f"table {name!r}: a row has {len(row)} cells under {columns} column names")
    for given, what in ((table.align, "alignments"), (table.widths, "widths")):
        if given and len(given) != columns:
            raise ValueError(f"table {name!r}: {len(given)} {what} for {columns} columns")
    return replace(
        table,
        head=tuple(clean(h) for h in table.head),
        caption=clean(table.caption),
        rows=tuple(
            tuple(replace(c, text=clean(c.text)) if isinstance(c, Cell) else clean(c) for c in row)
            for row in table.rows
        ),
    )
