"""A printed document as DOCX, for the office that goes on writing in it.

Headings, lists, tables, header and footer are those of the program, so that contents, numbering and the office's own template
can be laid over. The type is Calibri: the office changes the text on machines that lack the font of the PDF, and Calibri is as narrow as that;
LibreOffice sets it in Carlito.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

from ankerort.documents.blocks import (
    Block,
    Bullets,
    Heading,
    Lines,
    PageBreak,
    Paragraph,
    Picture,
    PictureRow,
    Printed,
    Table,
)
from ankerort.documents.blocks_check import GAP_MM, TEXT_WIDTH_MM, checked, shows_title
from ankerort.documents.blocks_docx_table import add_table, drop_space, framed, keep_together, shaded, space_after
from ankerort.text import say

FONT = "Calibri"
_LOCALES = {"de": "de-DE", "en": "en-GB"}
_STYLES = {
    "lead": "Ankerort Lead",
    "note": "Ankerort Note",
    "small": "Ankerort Small",
    "warn": "Ankerort Warning",
    "big": "Ankerort Big",
    "hours": "Ankerort Hours",
}
_SCALE = {"lead": 1.12, "small": 0.85, "big": 1.4, "hours": 2.0}
_STRONG = ("warn", "big", "hours")
_HEADING_SCALE = {1: 1.4, 2: 1.2, 3: 1.05, 4: 1.0}
_RULED = "Ankerort Line"
_CLOSE = 0.94  # of the usual height of a line, where all must stand on one page


def write_docx(printed: Printed, path: Path) -> None:
    """Write a document as DOCX; equal content gives equal bytes.

    Parameters
    ----------
    printed
        The document.
    path
        Written to directly; the caller renames it into place.

    Raises
    ------
    ValueError
        If a picture has no alternative text, a heading skips a level or a table row has the wrong length.
    """
    printed = checked(printed)
    document = docx.Document()
    _styles(document, printed)
    _page(document, printed)
    _properties(document, printed)
    if shows_title(printed):
        document.add_paragraph(printed.title, style="Title")
    on_new_page = False
    for block in printed.blocks:
        if isinstance(block, PageBreak):
            on_new_page = True
            drop_space(document)
            continue
        first = _add(document, block, printed, on_new_page=on_new_page)
        if on_new_page and first is not None:
            first.paragraph_format.page_break_before = True
        on_new_page = False
    raw = io.BytesIO()
    document.save(raw)
    path.write_bytes(_without_clock(raw.getvalue()))


def _add(document: Document, block: Block, printed: Printed, *, on_new_page: bool) -> DocxParagraph | None:
    """Add a block; returns its first paragraph, None where there is none to break the page before."""
    match block:
        case Heading():
            return document.add_heading(block.text, level=block.level)
        case Paragraph():
            paragraph = document.add_paragraph(block.text, style=_STYLES.get(block.style, "Normal"))
            if block.keep:
                paragraph.paragraph_format.keep_with_next = True
            if printed.one_page:
                paragraph.paragraph_format.line_spacing = _CLOSE
            return paragraph
        case Bullets():
            added = [document.add_paragraph(item, style="List Bullet") for item in block.items]
            return added[0] if added else None
        case Table():
            if not block.caption and not on_new_page:
                add_table(document, block, printed.text_pt)
                return None
            first = document.add_paragraph(block.caption, style="Caption")
            first.paragraph_format.keep_with_next = True
            add_table(document, block, printed.text_pt)
            return first
        case Picture():
            return _picture(document, block)
        case PictureRow():
            return _picture_row(document, block, on_new_page=on_new_page)
        case Lines():
            return _lines(document, block)
        case PageBreak():
            return None


def _draw(paragraph: DocxParagraph, picture: Picture) -> None:
    inline = paragraph.add_run().add_picture(io.BytesIO(picture.png), width=Mm(picture.width_mm))._inline
    inline.docPr.set("descr", picture.alt)
    for side in "TBLR":
        inline.set(f"dist{side}", "0")  # else LibreOffice keeps 3 mm of air and moves the picture to the right


def _picture_row(document: Document, row: PictureRow, *, on_new_page: bool) -> DocxParagraph | None:
    """Pictures side by side in a table without lines, each with its caption below."""
    first = document.add_paragraph() if on_new_page else None
    grid = document.add_table(rows=1, cols=len(row.pictures))
    grid.autofit = False
    for cell, picture in zip(grid.rows[0].cells, row.pictures, strict=True):
        cell.width = Mm(picture.width_mm + GAP_MM)
        _draw(cell.paragraphs[0], picture)
        if picture.caption:
            cell.add_paragraph(picture.caption, style="Caption")
    keep_together(grid.rows[0]._tr)
    space_after(document, 6)
    return first


def _picture(document: Document, picture: Picture) -> DocxParagraph:
    paragraph = document.add_paragraph()
    _draw(paragraph, picture)
    if picture.caption:
        paragraph.paragraph_format.keep_with_next = True
        document.add_paragraph(picture.caption, style="Caption")
    return paragraph


def _lines(document: Document, lines: Lines) -> DocxParagraph:
    label = document.add_paragraph()
    label.add_run(lines.label).bold = True
    label.paragraph_format.keep_with_next = True
    for number in range(lines.count):
        ruled = document.add_paragraph("\t", style=_RULED)
        ruled.paragraph_format.keep_with_next = number < lines.count - 1
        if lines.pitch_mm:
            ruled.paragraph_format.space_before = Pt(0)
            ruled.paragraph_format.line_spacing = Mm(lines.pitch_mm)
    return label


def _page(document: Document, printed: Printed) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(22), Mm(18)
    section.top_margin, section.bottom_margin = (Mm(18), Mm(17)) if printed.one_page else (Mm(25), Mm(22))
    section.header_distance, section.footer_distance = (Mm(9), Mm(7)) if printed.one_page else (Mm(12), Mm(10))
    head = section.header.paragraphs[0]
    head.text = printed.header
    framed(head, "bottom", "808080")
    foot = section.footer.paragraphs[0]
    stops = foot.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    foot.paragraph_format.right_indent = Mm(0)
    foot.add_run(printed.footer + "\t")
    for part in _page_parts(printed):
        if part in ("PAGE", "NUMPAGES"):
            _field(foot, part)
        else:
            foot.add_run(part)


def _page_parts(printed: Printed) -> list[str]:
    words = say("printed.page", printed.lang, page="\x01PAGE\x01", pages="\x01NUMPAGES\x01")
    return [part for part in words.split("\x01") if part]


def _field(paragraph: DocxParagraph, name: str) -> None:
    """A field that the program fills: page number, number of pages."""
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind:
            char = OxmlElement("w:fldChar")
            char.set(qn("w:fldCharType"), kind)
            run._r.append(char)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run._r.append(instruction)


def _styles(document: Document, printed: Printed) -> None:
    size = printed.text_pt
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    for key in ("w:val", "w:eastAsia"):
        language.set(qn(key), _LOCALES[printed.lang])
    defaults.append(language)
    _type(styles["Normal"], size)
    spacing = styles["Normal"].paragraph_format
    spacing.space_after, spacing.line_spacing = Pt(size * 0.35), 1.0
    _type(styles["Title"], size * 1.7, bold=True)
    shaded(styles["Title"].element.get_or_add_pPr(), None)
    for level, scale in _HEADING_SCALE.items():
        _type(styles[f"Heading {level}"], size * scale, bold=True)
        styles[f"Heading {level}"].paragraph_format.space_before = Pt(size * 0.8)
        styles[f"Heading {level}"].paragraph_format.space_after = Pt(size * 0.3)
    _type(styles["Caption"], size, bold=True)
    _type(styles["List Bullet"], size)
    for name in ("Header", "Footer"):
        _type(styles[name], 9)
        for stop in list(styles[name].paragraph_format.tab_stops):
            stop._tab.getparent().remove(stop._tab)
    for kind, name in (*_STYLES.items(), ("", _RULED)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _type(style, max(11.0, size * _SCALE.get(kind, 1.0)), bold=kind in _STRONG)
    styles[_STYLES["note"]].paragraph_format.left_indent = Mm(3)
    framed(styles[_STYLES["note"]], "left", "808080", eighths=12)
    for side in ("top", "left", "bottom", "right"):
        framed(styles[_STYLES["warn"]], side, "000000", eighths=8)
    ruled = styles[_RULED]
    ruled.paragraph_format.space_before, ruled.paragraph_format.space_after = Mm(5), Pt(0)
    # a tab that is filled with a line: two equal paragraphs with borders would be drawn as one box
    ruled.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)


def _type(style: object, size_pt: float, *, bold: bool | None = None) -> None:
    font = style.font  # type: ignore[attr-defined]
    font.name, font.size, font.color.rgb, font.italic = FONT, Pt(round(size_pt * 2) / 2), RGBColor(0, 0, 0), False
    if bold is not None:
        font.bold = bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()  # type: ignore[attr-defined]
    for key in list(fonts.attrib):
        if "heme" in key:
            del fonts.attrib[key]  # the theme's font would win over the name
    for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(key), FONT)


def _properties(document: Document, printed: Printed) -> None:
    day = dt.date.fromisoformat(printed.date) if printed.date else dt.date(2000, 1, 1)
    moment = dt.datetime(day.year, day.month, day.day, 12)
    properties = document.core_properties
    properties.title, properties.subject, properties.language = printed.title, printed.header, _LOCALES[printed.lang]
    properties.author = properties.last_modified_by = "Ankerort"
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = moment
    properties.revision = 1


def _without_clock(raw: bytes) -> bytes:
    """The same package with a fixed time at each file, so that equal content gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, old.read(name))
    return out.getvalue()
