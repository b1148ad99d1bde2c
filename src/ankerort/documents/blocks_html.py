"""Blocks as HTML for the report page: the same words in the same order as in PDF and DOCX, everything escaped."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from ankerort.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Heading,
    Lines,
    PageBreak,
    Paragraph,
    Picture,
    PictureRow,
    Table,
)
from ankerort.documents.blocks_check import alignments, as_cell, checked_blocks
from ankerort.documents.pictures import data_uri
from ankerort.text import Language

_DEEPEST = 6


def blocks_html(blocks: Iterable[Block], lang: Language, *, top: int = 2, under: int = 0) -> Markup:
    """Blocks as a piece of HTML.

    Parameters
    ----------
    blocks
        What to show.
    lang
        Language of the words, as an attribute for reading programs.
    top
        Level of HTML (h1 to h6) that a heading of level 1 gets.

    under
        Level of the heading of the page that the blocks stand under; 0 = they begin with a heading of level 1.

    Raises
    ------
    ValueError
        As `blocks_check.checked_blocks`.
    """
    inside = Markup("\n").join(_block(b, top) for b in checked_blocks(blocks, under=under))
    return Markup('<div class="blocks" lang="{}">\n{}\n</div>').format(lang, inside)


def _block(block: Block, top: int) -> Markup:
    match block:
        case Heading():
            anchor = Markup(' id="{}"').format(block.anchor) if block.anchor else ""
            level = min(block.level + top - 1, _DEEPEST)
            return Markup("<h{0}{1}>{2}</h{0}>").format(level, anchor, _lines(block.text))
        case Paragraph():
            style = "" if block.style == "body" else Markup(' class="b-{}"').format(block.style)
            return Markup("<p{}>{}</p>").format(style, _lines(block.text))
        case Bullets():
            return Markup("<ul>{}</ul>").format(
                Markup().join(Markup("<li>{}</li>").format(_lines(i)) for i in block.items)
            )
        case Table():
            return _table(block)
        case Picture():
            return _picture(block)
        case PictureRow():
            return Markup('<div class="b-row">{}</div>').format(Markup().join(map(_picture, block.pictures)))
        case Lines():
            rules = Markup('<div class="b-line" aria-hidden="true"></div>') * block.count
            return Markup('<div class="b-lines"><p>{}</p>{}</div>').format(_lines(block.label), rules)
        case PageBreak():
            return Markup('<div class="b-page"></div>')


def _picture(picture: Picture) -> Markup:
    caption = Markup("<figcaption>{}</figcaption>").format(_lines(picture.caption)) if picture.caption else ""
    return Markup('<figure><img src="{}" alt="{}" style="width:{}mm">{}</figure>').format(
        data_uri(picture.png), picture.alt, f"{picture.width_mm:g}", caption
    )


def _table(table: Table) -> Markup:
    align = alignments(table)
    caption = Markup("<caption>{}</caption>").format(_lines(table.caption)) if table.caption else ""
    columns = Markup()
    if table.widths:
        total = sum(table.widths)
        columns = Markup("<colgroup>{}</colgroup>").format(
            Markup().join(Markup('<col style="width:{}%">').format(f"{100 * w / total:.2f}") for w in table.widths)
        )
    head = Markup().join(
        Markup('<th scope="col"{}>{}</th>').format(
            _classes("turn" if table.turned_head and k else "", _ALIGN[align[k]]),
            Markup("<span>{}</span>").format(_lines(name)) if table.turned_head and k else _lines(name),
        )
        for k, name in enumerate(table.head)
    )
    body = Markup("\n").join(_row(table, row, align) for row in table.rows)
    style = _classes(
        "small" if table.small else "", "fixed" if table.widths else "", "turned" if table.turned_head else ""
    )
    return Markup(
        '<div class="scroll"><table{}>{}{}<thead><tr>{}</tr></thead>\n<tbody>{}</tbody></table></div>'
    ).format(style, caption, columns, head, body)


_ALIGN = {"left": "", "right": "n", "center": "c"}


def _row(table: Table, row: tuple[str | Cell, ...], align: tuple[str, ...]) -> Markup:
    if len(row) < len(table.head):
        spanning = Markup('<tr class="group"><th colspan="{}" scope="rowgroup">{}</th></tr>')
        return spanning.format(len(table.head), _lines(as_cell(row[0]).text))
    cells = (_cell(as_cell(c), align[k], row_head=table.row_head and k == 0) for k, c in enumerate(row))
    return Markup("<tr>{}</tr>").format(Markup().join(cells))


def _cell(cell: Cell, align: str, *, row_head: bool) -> Markup:
    fill = Markup(' style="background:{};color:{}"').format(cell.fill, cell.ink) if cell.fill else ""
    text = Markup("<b>{}</b>").format(_lines(cell.text)) if cell.bold else _lines(cell.text)
    tag, scope = ("th", Markup(' scope="row"')) if row_head else ("td", "")
    return Markup("<{0}{1}{2}{3}>{4}</{0}>").format(tag, scope, _classes(_ALIGN[align]), fill, text)


def _classes(*names: str) -> Markup:
    chosen = " ".join(n for n in names if n)
    return Markup(' class="{}"').format(chosen) if chosen else Markup()


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
