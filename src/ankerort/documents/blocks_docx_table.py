"""Tables of a DOCX: a head that repeats on each page, rows that stay together, fills as shading."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell as DocxCell

from ankerort.documents.blocks import Cell, Table
from ankerort.documents.blocks_check import TEXT_WIDTH_MM, alignments, as_cell

_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
_HEAD_FILL = "EBEBEB"
_GROUP_FILL = "F5F5F5"
_LETTER_MM = 0.205  # width of a letter of Calibri Bold per point of its size, with some room for wide ones
_LINE_MM = 0.43  # height of a line per point
_PADDING_MM = 3.0
_UPRIGHT_MOST_MM = 52.0
_SMALL_PT = 10.0
_TIGHT = 1.08  # height of a line in a tight table, of the size of its type
_WIDE_LETTERS = 38  # a column asks for no more than a line of this length; longer texts wrap


def add_table(document: Document, table: Table, text_pt: float) -> None:
    """Add a table at the end of the document."""
    size = table.text_pt or (_SMALL_PT if table.small else text_pt)
    rows = [tuple(as_cell(c) for c in row) for row in table.rows]
    grid = document.add_table(rows=1 + len(rows), cols=len(table.head))
    grid.alignment = WD_TABLE_ALIGNMENT.LEFT
    grid.autofit = False
    _table_properties(grid._tbl.tblPr, table)
    widths = _widths_mm(table, rows, size)
    align = alignments(table)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    # cells are taken row by row from the XML: python-docx would build the whole grid anew for each
    for number, line in enumerate(grid._tbl.tr_lst):
        keep_together(line)
        if number == 0:
            line.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            cells = tuple(Cell(name, bold=not table.turned_head or k == 0) for k, name in enumerate(table.head))
        else:
            cells = rows[number - 1]
        if len(cells) < len(table.head):
            _spanning(line, grid, cells[0], size)
            continue
        for k, (element, cell) in enumerate(zip(line.tc_lst, cells, strict=True)):
            element.width = Mm(widths[k])
            upright = number == 0 and table.turned_head and k > 0
            bold = cell.bold or (number > 0 and table.row_head and k == 0)
            _fill(
                DocxCell(element, grid),
                cell,
                size,
                bold=bold,
                align="left" if upright else align[k],
                tight=table.text_pt > 0,
            )
            cell_properties = element.get_or_add_tcPr()
            if number == 0:
                shaded(cell_properties, _HEAD_FILL)
            elif cell.fill:
                shaded(cell_properties, cell.fill.lstrip("#"))
            if upright:
                _turn(cell_properties)
            if number == 0 and table.turned_head and not upright:
                DocxCell(element, grid).vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
    if table.turned_head:
        head = grid.rows[0]
        wanted = max(_upright_mm(name, size) for name in table.head[1:])
        head.height, head.height_rule = Mm(min(wanted, _UPRIGHT_MOST_MM)), WD_ROW_HEIGHT_RULE.EXACTLY
    if table.whole:
        for line in grid._tbl.tr_lst[:-1]:
            for element in line.tc_lst:
                DocxCell(element, grid).paragraphs[0].paragraph_format.keep_with_next = True
    space_after(document, size)


def _spanning(line: Any, grid: Any, cell: Cell, size_pt: float) -> None:
    """One cell over the whole row, the heading of the rows below: it stays with the next."""
    first, *others = line.tc_lst
    for element in others:
        line.remove(element)
    first.grid_span = len(others) + 1
    first.width = Mm(TEXT_WIDTH_MM)
    shaded(first.get_or_add_tcPr(), _GROUP_FILL)
    holder = DocxCell(first, grid)
    _fill(holder, cell, size_pt, bold=True, align="left", tight=False)
    holder.paragraphs[0].paragraph_format.space_before = Pt(size_pt * 0.3)
    holder.paragraphs[0].paragraph_format.keep_with_next = True


def keep_together(line: Any) -> None:
    """Keep a row (XML) on one page."""
    line.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def shaded(properties: Any, fill: str | None) -> None:
    """Give cell or paragraph properties a fill (hex); None takes borders and fill away."""
    if fill is None:
        for name in ("w:pBdr", "w:shd"):
            for old in properties.findall(qn(name)):
                properties.remove(old)
        return
    shading = OxmlElement("w:shd")
    for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", fill)):
        shading.set(qn(key), value)
    properties.append(shading)


_BORDER_ORDER = ("top", "left", "bottom", "right", "between")
_BEFORE_BORDERS = tuple(
    qn(f"w:{name}")
    for name in (
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
    )
)


def framed(holder: Any, side: str, colour: str, *, eighths: int = 4) -> None:
    """A line of `eighths` of a point at one side of a paragraph or of the paragraphs of a style."""
    element = getattr(holder, "_p", None)
    properties = (holder.element if element is None else element).get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        before = [child for child in properties if child.tag in _BEFORE_BORDERS]
        properties.insert(len(before), borders)  # the order is part of the format
    line = OxmlElement(f"w:{side}")
    for key, value in (("w:val", "single"), ("w:sz", str(eighths)), ("w:space", "4"), ("w:color", colour)):
        line.set(qn(key), value)
    borders.append(line)
    borders[:] = sorted(borders, key=lambda b: _BORDER_ORDER.index(b.tag.split("}")[1]))


def _table_properties(properties: Any, table: Table) -> None:
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "808080")):
            line.set(qn(key), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    high = 0 if table.text_pt else 12
    for side, twips in (("top", high), ("left", 60), ("bottom", high), ("right", 60)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    look = OxmlElement("w:tblLook")
    for key, value in (("val", "04A0" if table.row_head else "0420"), ("firstRow", "1"), ("noVBand", "1")):
        look.set(qn(f"w:{key}"), value)
    look.set(qn("w:firstColumn"), "1" if table.row_head else "0")
    layout = properties.find(qn("w:tblLayout"))
    if layout is None:
        properties.append(borders)
    else:
        layout.addprevious(borders)  # the order is part of the format
    properties.append(margins)
    properties.append(look)
    if table.caption:
        caption = OxmlElement("w:tblCaption")
        caption.set(qn("w:val"), table.caption)
        properties.append(caption)


def _fill(docx_cell: DocxCell, cell: Cell, size_pt: float, *, bold: bool, align: str, tight: bool) -> None:
    paragraph = docx_cell.paragraphs[0]
    paragraph.alignment = _ALIGN[align]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(size_pt * _TIGHT) if tight else 1.0
    if not cell.text:
        return
    run = paragraph.add_run(cell.text)
    run.font.size = Pt(size_pt)
    if bold:
        run.bold = True
    if cell.ink.lower() not in ("", "#000000"):
        run.font.color.rgb = RGBColor.from_string(cell.ink.lstrip("#").upper())


def _turn(properties: Any) -> None:
    direction = OxmlElement("w:textDirection")
    direction.set(qn("w:val"), "btLr")
    properties.append(direction)


def _widths_mm(table: Table, rows: list[tuple[Cell, ...]], size_pt: float) -> list[float]:
    """Widths of the columns: those asked for over the whole page, else by content and no wider than the page."""
    if table.widths:
        return [TEXT_WIDTH_MM * w / sum(table.widths) for w in table.widths]
    letter = size_pt * _LETTER_MM
    wanted, least = [], []
    for k, name in enumerate(table.head):
        texts = [row[k].text for row in rows if len(row) > 1] + ([] if table.turned_head and k else [name])
        longest = max((len(line) for text in texts for line in text.split("\n")), default=1)
        word = max((len(w) for text in texts for w in text.split()), default=1)
        # an upright name that is too long goes on in a second line
        lines = -(-_upright_mm(name, size_pt) // _UPRIGHT_MOST_MM) if table.turned_head and k else 1
        narrowest = max(2 * letter, lines * size_pt * _LINE_MM) + _PADDING_MM
        wanted.append(max(narrowest, min(longest, _WIDE_LETTERS) * letter + _PADDING_MM))
        least.append(max(narrowest, min(word, _WIDE_LETTERS // 2) * letter + _PADDING_MM))
    if sum(wanted) <= TEXT_WIDTH_MM:
        return wanted
    if sum(least) >= TEXT_WIDTH_MM:
        return [TEXT_WIDTH_MM * w / sum(least) for w in least]
    rest = (TEXT_WIDTH_MM - sum(least)) / (sum(wanted) - sum(least))
    return [low + rest * (high - low) for low, high in zip(least, wanted, strict=True)]


def _upright_mm(name: str, size_pt: float) -> float:
    return len(name) * size_pt * _LETTER_MM + _PADDING_MM


def space_after(document: Document, size_pt: float) -> None:
    """Two tables in a row would grow together."""
    gap = document.add_paragraph()
    gap.paragraph_format.space_after = Pt(0)
    gap.paragraph_format.line_spacing = Pt(size_pt * 0.5)


def drop_space(document: Document) -> None:
    """Take away the space behind a table that ends a page: on a full page it would make an empty one."""
    body = [e for e in document.element.body if e.tag != qn("w:sectPr")]
    if len(body) > 1 and body[-1].tag == qn("w:p") and body[-2].tag == qn("w:tbl") and not body[-1].findall(qn("w:r")):
        body[-1].getparent().remove(body[-1])
