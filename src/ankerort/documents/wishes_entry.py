"""The entry form of the survey of wishes: one row per sheet of paper, with drop-downs, as XLSX and as CSV."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ankerort.catalogue.mobile import MobileService
from ankerort.documents.inquiry_workbook import Formats, text, workbook_options
from ankerort.region.wishes_layout import FIELDS, TICK, EntryColumn, entry_columns, head_of, offered_words
from ankerort.text import Language, say

LISTS_SHEET = "_listen"
# Rows that are ready to be filled in; more may be typed below them.
ROWS = 1000
_FIXED_DATE = dt.datetime(2000, 1, 1)  # a fixed date of creation keeps equal content equal
_WIDTHS = {"number": 9, "place": 26, "age": 14, "text": 60, "services": 15, "given_up": 12}
_TICK_WIDTH = 11
_CHOICE_WIDTH = 16
_HEAD_HEIGHT = 78
_AID_LINES = 9
# Numbers of the questions on the sheet, by field.
QUESTIONS: Mapping[str, str] = {
    "place": "1", "age": "2", "household": "3", "filled_by": "4", "services": "5", "given_up": "5", "half_day": "6",
    "weekdays": "7", "spot": "8", "walk_m": "9", "wait_min": "10", "drives": "11", "hinders": "12", "phone_booking": "13", "company": "14",
    "online": "15", "text": "16",
}  # fmt: skip


def write_entry_workbook(
    path: Path, services: Sequence[MobileService], places: Sequence[str], *, region: str, lang: Language
) -> None:
    """Write the entry form to `path` (the caller renames it into place).

    Parameters
    ----------
    services
        As on the questionnaire.
    places
        Names of the places of the study area, as printed.
    """
    with xlsxwriter.Workbook(str(path), workbook_options()) as workbook:
        workbook.set_properties({"title": say("wishes_entry.title", lang, region=region), "created": _FIXED_DATE})
        formats = Formats(workbook)
        aid = workbook.add_worksheet(say("wishes_entry.sheet_aid", lang))
        entry = workbook.add_worksheet(say("wishes_entry.sheet", lang))
        lists = _lists(workbook.add_worksheet(LISTS_SHEET), places, lang)
        _aid(aid, formats, region, lang)
        _entry(workbook, entry, formats, services, lists, lang)
        entry.activate()


def write_entry_csv(path: Path, services: Sequence[MobileService], *, lang: Language) -> None:
    """Write the heads of the entry form as CSV (semicolon, UTF-8 with mark, as Excel likes it)."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerow(_heads(services, lang))


def _heads(services: Sequence[MobileService], lang: Language) -> list[str]:
    labels = {s.id: s.label(lang) for s in services}
    return [head_of(c, labels, lang) for c in entry_columns(tuple(labels))]


def _aid(sheet: Worksheet, formats: Formats, region: str, lang: Language) -> None:
    sheet.set_column(0, 0, 84)
    text(sheet, 0, 0, say("wishes_entry.title", lang, region=region), formats.title)
    sheet.set_row(0, 26)
    for number in range(1, _AID_LINES + 1):
        text(sheet, number + 1, 0, say(f"wishes_entry.aid_{number}", lang), formats.plain)
        sheet.set_row(number + 1, 46)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def _lists(sheet: Worksheet, places: Sequence[str], lang: Language) -> Mapping[str, str]:
    """Fill the hidden sheet of the drop-downs; returns their ranges by name."""
    words: dict[str, Sequence[str]] = {"place": places, "tick": (TICK,)}
    words |= {kind: offered_words(kind, lang) for kind in sorted({f.choices for f in FIELDS if f.choices})}
    ranges = {}
    for column, (name, values) in enumerate(words.items()):
        for row, value in enumerate(values):
            sheet.write_string(row, column, value)
        letter = xl_col_to_name(column)
        ranges[name] = f"='{LISTS_SHEET}'!${letter}$1:${letter}${max(len(values), 1)}"
    sheet.very_hidden()
    return ranges


def _entry(
    workbook: Workbook,
    sheet: Worksheet,
    formats: Formats,
    services: Sequence[MobileService],
    lists: Mapping[str, str],
    lang: Language,
) -> None:
    columns = entry_columns(tuple(s.id for s in services))
    answer = workbook.add_format(
        {"font_name": "Arial", "font_size": 11, "font_scheme": "none", "num_format": "@", "border": 1, "border_color": "#b0b0b0"}
    )  # fmt: skip
    for k, (column, head) in enumerate(zip(columns, _heads(services, lang), strict=True)):
        sheet.set_column(k, k, _width(column), answer)
        question = QUESTIONS.get(column.field.id, "")
        text(sheet, 0, k, say("wishes_entry.question", lang, number=question) if question else "", formats.head)
        text(sheet, 1, k, head, formats.head)
        source = _source(column, lists)
        if source:
            _drop_down(sheet, k, source, column, lang)
        elif column.field.id == "number":
            _no_double(sheet, k, lang)
    sheet.set_row(1, _HEAD_HEIGHT)
    sheet.freeze_panes(2, 2)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_paper(8)
    sheet.set_landscape()
    sheet.fit_to_pages(4, 0)
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0, 1)


def _width(column: EntryColumn) -> float:
    if column.field.kind == "ticks":
        return _TICK_WIDTH
    return _WIDTHS.get(column.field.id, _CHOICE_WIDTH)


def _source(column: EntryColumn, lists: Mapping[str, str]) -> str:
    if column.field.kind in ("ticks", "service_ticks"):
        return lists["tick"]
    if column.field.kind == "place":
        return lists["place"]
    return lists[column.field.choices] if column.field.choices else ""


def _drop_down(sheet: Worksheet, column: int, source: str, entry: EntryColumn, lang: Language) -> None:
    """A list to choose from; a number may be typed after a warning where the reader takes one."""
    numbers = entry.field.kind in ("age", "services", "metres", "minutes")
    message = say("wishes_entry.choose_or_number" if numbers else "wishes_entry.choose", lang)
    sheet.data_validation(
        2, column, ROWS + 1, column,
        {"validate": "list", "source": source, "error_type": "information" if numbers else "warning", "error_message": message},
    )  # fmt: skip


def _no_double(sheet: Worksheet, column: int, lang: Language) -> None:
    letter = xl_col_to_name(column)
    sheet.data_validation(
        2, column, ROWS + 1, column,
        {
            "validate": "custom",
            "value": f"=COUNTIF(${letter}$3:${letter}${ROWS + 2},{letter}3)<=1",
            "error_type": "warning",
            "error_message": say("wishes_entry.double", lang),
        },
    )  # fmt: skip
