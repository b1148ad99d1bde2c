"""The workbook that goes to a municipality: how to fill it in, and one sheet per place."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ankerort.catalogue.model import Catalogue
from ankerort.documents.inquiry_lines import PlaceSheet, persons_words
from ankerort.documents.labels import row_label
from ankerort.region.inquiry.layout import (
    ANSWERS_LISTED,
    ANSWERS_NONE,
    ASKED,
    BLOCKS,
    CHOICES,
    FORMAT,
    HIDDEN_SHEET,
    Block,
    Field,
    choice_word,
    verdict_word,
)
from ankerort.text import Language, say
from ankerort.text.counted import Counted
from ankerort.text.numbers import format_date

_FIXED_DATE = dt.datetime(2000, 1, 1)  # a fixed date of creation keeps equal content equal
_LONGEST = 30_000  # a cell holds 32,767 signs
_TITLE_LENGTH = 31
# Widths in digits of Arial 11 of the columns A to K; together they fill A4 landscape at 11 pt. The key follows, hidden.
_WIDTHS = (3.5, 17.0, 19.0, 13.4, 13.4, 11.0, 8.5, 11.0, 13.4, 8.5, 10.5)
_MOST_COLUMNS = len(_WIDTHS)
_LEAST_HEIGHT = 33.0  # room to write by hand
_LINE_HEIGHT = 13.8
_SIGNS_PER_WIDTH = 1.03  # letters are narrower than digits
# What a page of A4 landscape holds below its repeated first row; a head is repeated where a new page begins.
_PAGE_HEIGHT = 490.0
_ANSWER_FILL = "#fffbe6"


def write_inquiry_workbook(
    path: Path,
    sheets: Sequence[PlaceSheet],
    catalogue: Catalogue,
    *,
    municipality: str,
    ags: str,
    run_key: str,
    data_date: str,
    lang: Language,
) -> None:
    """Write the workbook of one municipality to `path` (the caller renames it into place).

    Answers are free to fill in, what we assume is locked without a password. Lines are known by hidden keys, sheets by a hidden sheet and by the
    name of the place at their head. All texts are written as text, so that nothing that begins with ``=`` becomes a formula.

    Parameters
    ----------
    sheets
        Sheets of its places, in order.
    run_key
        Key of the run that it was written from.
    data_date
        Newest day of the data (ISO), empty = not known.
    """
    with xlsxwriter.Workbook(str(path), workbook_options()) as workbook:
        title = say("inquiry.title", lang, municipality=municipality)
        workbook.set_properties({"title": title, "created": _FIXED_DATE})
        formats = Formats(workbook)
        cover = workbook.add_worksheet(say("inquiry.sheet_cover", lang))
        titles = sheet_titles([s.name for s in sheets], (cover.get_name(), HIDDEN_SHEET))
        pages = [workbook.add_worksheet(t) for t in titles]
        hidden = workbook.add_worksheet(HIDDEN_SHEET)
        lists = write_hidden(
            hidden,
            catalogue,
            [
                ("format", FORMAT),
                ("ags", ags),
                ("run", run_key),
                ("lang", lang),
                *((("sheet", t, s.place_id)) for t, s in zip(titles, sheets, strict=True)),
            ],
            lang,
        )
        _cover(
            cover,
            formats,
            titles,
            sheets,
            title=title,
            municipality=municipality,
            ags=ags,
            data_date=data_date,
            lang=lang,
        )
        for page, sheet in zip(pages, sheets, strict=True):
            _PlacePage(page, formats, catalogue, lists, lang).write(sheet, municipality=municipality, ags=ags)
        cover.activate()


def workbook_options() -> dict[str, object]:
    """Options of the workbooks that municipalities fill in; made anew, for the library changes what it is given.

    Widths of columns count in digits of the default font: Arial, of which every desk has a twin of the same width. Without `font_scheme`
    Excel would print its own font in place of it.
    """
    return {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": "Arial", "font_size": 11, "font_scheme": "none"},
    }


def sheet_titles(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Titles of sheets that Excel takes: at most 31 characters, without ``[]:*?/\\``, each only once."""
    seen = {t.casefold() for t in taken} | {"history"}
    titles = []
    for name in names:
        bare = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).split()).strip("'") or "-"
        title, number = bare[:_TITLE_LENGTH].strip(" '"), 1
        while title.casefold() in seen:
            number += 1
            ending = f" ({number})"
            title = bare[: _TITLE_LENGTH - len(ending)].strip() + ending
        seen.add(title.casefold())
        titles.append(title)
    return titles


class Formats:
    """Formats of the workbooks that municipalities fill in."""

    def __init__(self, workbook: Workbook) -> None:
        font = {"font_name": "Arial", "font_size": 11, "font_scheme": "none", "valign": "top", "text_wrap": True}
        line = {**font, "border": 1, "border_color": "#8a8a8a"}
        self.plain: Format = workbook.add_format(font)
        self.line_free: Format = workbook.add_format({**font, "text_wrap": False})
        self.bold: Format = workbook.add_format({**font, "bold": True, "text_wrap": False})
        self.title: Format = workbook.add_format({**font, "font_size": 16, "bold": True, "text_wrap": False})
        self.block: Format = workbook.add_format({**font, "font_size": 13, "bold": True, "text_wrap": False})
        self.head: Format = workbook.add_format({**line, "bold": True, "bg_color": "#e8eef2"})
        self.told: Format = workbook.add_format(line)
        # text, so that the program makes no date of "8-12" and no number of "1.200"
        self.answer: Format = workbook.add_format(
            {**line, "bg_color": _ANSWER_FILL, "locked": False, "num_format": "@"}
        )
        self.key: Format = workbook.add_format({**font, "text_wrap": False, "hidden": True, "font_color": "#8a8a8a"})


def text(sheet: Worksheet, row: int, column: int, value: str, style: Format) -> None:
    """Write a text as text: never a formula, a link or a number, and never too long for a cell."""
    if value:
        sheet.write_string(row, column, value[:_LONGEST], style)
    else:
        sheet.write_blank(row, column, None, style)


def write_hidden(
    sheet: Worksheet, catalogue: Catalogue, rows: Sequence[Sequence[str]], lang: Language
) -> Mapping[str, str]:
    """Fill the hidden sheet: what the workbook is, and the lists of the drop-downs; returns their ranges by name."""
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            sheet.write_string(row, column, value)
    labels = sorted((row_label(s, catalogue, lang) for s in catalogue.facility_services()), key=str.casefold)
    lists = {
        "listed": [verdict_word(v, lang) for v in ANSWERS_LISTED],
        "none": [verdict_word(v, lang) for v in ANSWERS_NONE],
        "service": labels,
        "marks": ["1", "2", "3", "4", "5"],
        **{kind: [choice_word(kind, v, lang) for v in values] for kind, values in CHOICES.items()},
    }
    ranges = {}
    for number, (name, values) in enumerate(lists.items()):
        column = 5 + number
        for row, value in enumerate(values):
            sheet.write_string(row, column, value)
        letter = xlsxwriter.utility.xl_col_to_name(column)
        ranges[name] = f"='{HIDDEN_SHEET}'!${letter}$1:${letter}${len(values)}"
    sheet.very_hidden()
    return ranges


def drop_down(sheet: Worksheet, row: int, column: int, source: str, lang: Language) -> None:
    """A list to choose from; something else may be typed after a warning, the reader tells what it does not understand."""
    sheet.data_validation(
        row,
        column,
        row,
        column,
        {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_message": say("inquiry.choose", lang),
        },
    )


def protect(sheet: Worksheet) -> None:
    """Lock what we assume, without a password: rows and columns may be added, sized and sorted."""
    sheet.protect(
        "",
        {
            "format_cells": True,
            "format_columns": True,
            "format_rows": True,
            "insert_rows": True,
            "insert_columns": True,
            "sort": True,
            "autofilter": True,
            "select_locked_cells": True,
            "select_unlocked_cells": True,
        },
    )
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _cover(
    sheet: Worksheet,
    formats: Formats,
    titles: Sequence[str],
    sheets: Sequence[PlaceSheet],
    *,
    title: str,
    municipality: str,
    ags: str,
    data_date: str,
    lang: Language,
) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 42)
    sheet.set_column(2, 2, 62)
    text(sheet, 0, 0, title, formats.title)
    sheet.set_row(0, 26)
    row = 2
    for label, value in (("municipality", municipality), ("ags", ags)):
        text(sheet, row, 0, say(f"inquiry_label.{label}", lang), formats.head)
        text(sheet, row, 1, value, formats.told)
        row += 1
    row += 1
    text(sheet, row, 0, say("inquiry.cover_fill", lang), formats.bold)
    row += 1
    for label, hint in (("office", "cover_office_hint"), ("filled_on", "cover_day_hint")):
        text(sheet, row, 0, say(f"inquiry_label.{label}", lang), formats.head)
        text(sheet, row, 1, "", formats.answer)
        text(sheet, row + 1, 1, say(f"inquiry.{hint}", lang), formats.plain)
        sheet.set_row(row, 28)
        row += 2
    row += 1
    for number in (1, 2, 3, 4, 5):
        text(sheet, row, 0, f"{number}.  {say(f'inquiry.cover_{number}', lang)}", formats.line_free)
        sheet.set_row(row, 20)
        row += 1
    row += 1
    more = ["cover_paper", "cover_confirm"]
    for name in more:
        text(sheet, row, 0, say(f"inquiry.{name}", lang), formats.line_free)
        row += 1
    if data_date:
        text(sheet, row, 0, say("inquiry.cover_data", lang, date=format_date(data_date, lang)), formats.line_free)
        row += 1
    row += 1
    text(sheet, row, 0, say("inquiry.cover_places", lang, n=Counted(len(sheets), lang)), formats.bold)
    for one, page in zip(sheets, titles, strict=True):
        row += 1
        quoted = page.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{quoted}'!A1", string=one.name[:_LONGEST])
        text(sheet, row, 1, persons_words(one.persons, lang), formats.line_free)
    protect(sheet)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)


class _PlacePage:
    """Writes the sheet of one place from top to bottom."""

    def __init__(
        self, sheet: Worksheet, formats: Formats, catalogue: Catalogue, lists: Mapping[str, str], lang: Language
    ) -> None:
        self.sheet, self.formats, self.catalogue, self.lists, self.lang = sheet, formats, catalogue, lists, lang
        self.row = 0
        self.used = 0.0  # height used on the printed page
        self.breaks: list[int] = []

    def write(self, place: PlaceSheet, *, municipality: str, ags: str) -> None:
        """All blocks of a place."""
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        self.sheet.set_column(_MOST_COLUMNS, _MOST_COLUMNS, 4, None, {"hidden": True})
        for label, value, style in (
            ("place", place.name, self.formats.title),
            ("municipality", f"{municipality} ({ags})", self.formats.line_free),
            ("persons", persons_words(place.persons, self.lang), self.formats.line_free),
        ):
            text(self.sheet, self.row, 0, say(f"inquiry_label.{label}", self.lang), self.formats.bold)
            text(self.sheet, self.row, 2, value, style)
            self._next(24.0 if label == "place" else 16.0)
        text(self.sheet, self.row, 0, say("inquiry.no_names", self.lang), self.formats.line_free)
        self._next(16.0)
        for block in BLOCKS:
            self._block(block, place)
        protect(self.sheet)
        self.sheet.freeze_panes(1, 2)
        self.sheet.repeat_rows(0)
        self.sheet.set_paper(9)
        self.sheet.set_landscape()
        self.sheet.set_margins(left=0.25, right=0.25, top=0.4, bottom=0.55)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.print_area(0, 0, self.row - 1, _MOST_COLUMNS - 1)
        self.sheet.set_h_pagebreaks(self.breaks)
        name = say("inquiry.footer", self.lang, municipality=municipality).replace("&", "&&")
        page = say("inquiry.page", self.lang, page="&P", pages="&N")
        self.sheet.set_footer(f'&L&"Arial"&11{name}&R&"Arial"&11{page}')

    def _block(self, block: Block, place: PlaceSheet) -> None:
        rows = self._rows(block, place)
        first = self._height(rows[0][0]) if rows else 0.0
        self._next(8.0)
        if self.used + 24.0 + 48.0 + first > _PAGE_HEIGHT:
            self._break()
        text(self.sheet, self.row, 0, say(f"inquiry_block.{block.id}", self.lang), self.formats.block)
        self._next(22.0)
        self._head(block)
        for number, (cells, filled, answers) in enumerate(rows, start=1):
            height = self._height(cells)
            if self.used + height > _PAGE_HEIGHT:
                self._break()
                self._head(block)
            self._line(block, {**cells, "number": str(number)}, filled, answers)
            self._next(height)

    def _rows(self, block: Block, place: PlaceSheet) -> list[tuple[dict[str, str], bool, str]]:
        """Texts by field, whether the line is prefilled, and the name of its list of answers."""
        rows: list[tuple[dict[str, str], bool, str]] = []
        if block is ASKED:
            for one in place.asked:
                label = f"{one.label}\n{one.persons}" if one.persons else one.label
                cells = {
                    "service": label,
                    "believed": one.believed,
                    "known_hours": one.hours,
                    "source": one.source,
                    "key": one.key,
                }
                rows.append((cells, True, "listed" if one.answers == ANSWERS_LISTED else "none"))
        for own in place.own.get(block.id, ()):
            rows.append(({**own.texts, "key": own.key}, True, "listed"))
        return rows + [({}, False, "listed")] * block.blank_lines

    def _head(self, block: Block) -> None:
        heads = {f.id: f.head(block.id, self.lang) for f in block.fields}
        for one in block.fields:
            style = self.formats.key if one.kind == "key" else self.formats.head
            text(self.sheet, self.row, column_of(block, one), heads[one.id], style)
        self._next(self._height({k: v for k, v in heads.items() if k != "key"}, block, least=30.0))

    def _line(self, block: Block, cells: Mapping[str, str], filled: bool, answers: str) -> None:
        for one in block.fields:
            column = column_of(block, one)
            value = cells.get(one.id, "")
            if one.kind == "key":
                if value:
                    text(self.sheet, self.row, column, value, self.formats.key)
                continue
            locked = one.kind == "told" or (one.kind == "service" and filled)
            text(self.sheet, self.row, column, value, self.formats.told if locked else self.formats.answer)
            source = self._list(one, filled, answers)
            if source and not locked:
                drop_down(self.sheet, self.row, column, source, self.lang)

    def _list(self, one: Field, filled: bool, answers: str) -> str:
        if one.kind == "answer":
            return self.lists[answers] if filled else ""
        if one.kind == "choice":
            return self.lists[one.choices]
        if one.kind == "mark":
            return self.lists["marks"]
        return self.lists[one.kind] if one.kind in ("service", "weekday") else ""

    def _height(self, cells: Mapping[str, str], block: Block = ASKED, *, least: float = _LEAST_HEIGHT) -> float:
        """Height of a row that shows all its texts, in points."""
        most = 1
        for field_id, value in cells.items():
            if field_id in ("key", "number") or field_id not in {f.id for f in block.fields}:
                continue
            width = _WIDTHS[min(column_of(block, block.field(field_id)), _MOST_COLUMNS - 1)] * _SIGNS_PER_WIDTH
            most = max(most, sum(lines_of(part, width) for part in value.split("\n")))
        return max(least, most * _LINE_HEIGHT + 4.0)

    def _next(self, height: float) -> None:
        self.sheet.set_row(self.row, min(height, 400.0))
        self.row += 1
        self.used += height

    def _break(self) -> None:
        self.breaks.append(self.row)
        self.used = 0.0


def column_of(block: Block, one: Field) -> int:
    """Column of a field: one after the other, the key behind the last printed one."""
    if one.kind == "key":
        return _MOST_COLUMNS
    order = [f.id for f in block.fields if f.kind != "key"]
    return order.index(one.id)


def lines_of(value: str, width: float) -> int:
    """Lines that a text takes in a column of so many signs, broken between words."""
    lines, used = 1, 0.0
    for word in value.split(" "):
        length = float(len(word))
        if used and used + 1 + length > width:
            lines, used = lines + 1, 0.0
        if length > width:
            more = math.ceil(length / width) - 1
            lines, used = lines + more, length - more * width
        else:
            used += length + (1 if used else 0)
    return lines
