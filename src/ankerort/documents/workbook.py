"""``balance.xlsx``: places x functions with colours and letters, and everything behind them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ankerort.documents import tables
from ankerort.documents.assessment import Assessment
from ankerort.documents.labels import DARK_LETTERS, LETTERS, letter_meaning, row_label
from ankerort.documents.pt_colours import PT_CLASSES
from ankerort.documents.sheets import FURTHER_SHEETS, Sheet
from ankerort.documents.year import year_line
from ankerort.text import Language, say
from ankerort.text.numbers import format_date

_SHARE = ("share_low", "share_high", "without_car_low", "without_car_high", "without_car_demand_low", "without_car_demand_high", "with_car_low", "with_car_high", "rate",
          "share_known", "share_at_least", "share_at_most")  # fmt: skip
_WHOLE = ("persons", "walk_m", "rows", "stops", "trips", "day_trips", "peak_trips", "on_demand_trips")
_WRAPPED = ("problem", "repair", "note", "attribution", "source")
_STATE = ("state", "state_no_car", "state_demand")
_PT_CLASS = ("pt_class", "pt_class_best", "pt_class_worst")
_WIDE = {"place": 26, "municipality": 24, "service": 30, "name": 34, "reason": 60, "problem": 90, "repair": 70,
         "source": 40, "title": 46, "address": 28, "position_rule": 24, "note": 40, "attribution": 40, "area": 30, "nearest": 30, "file": 40,
         "figure": 26, "agreement": 30, "group": 18}  # fmt: skip
_FIXED_DATE = dt.datetime(2000, 1, 1)  # Excel wants a creation date; a fixed one keeps equal content equal


_SHEETS = (
    Sheet("ways", tables.ways, (1, 3)),
    Sheet("shares", tables.shares, (1, 3)),
    Sheet("facilities", tables.facilities, (1, 2)),
    Sheet("mobile", tables.mobile),
    Sheet("municipalities", tables.municipalities),
    Sheet("five", tables.five, (1, 2)),
    *FURTHER_SHEETS,
    Sheet("recording", tables.recording),
    Sheet("feeds", tables.feeds),
    Sheet("silent_stops", tables.silent_stops),
    Sheet("standards", tables.standards, (1, 2)),
    Sheet("figures", tables.figures),
    Sheet("sources", tables.sources),
    Sheet("problems", tables.problems),
)


def write_workbook(assessment: Assessment, path: Path, lang: Language) -> None:
    """Write the workbook to `path` (the caller renames it into place).

    Sheets: reading aid, core functions with and without a car, all services, ways, shares, facilities, mobile visits,
    municipalities, bundle of five, recording rates, timetables, standards, figures, sources, problems.
    """
    with xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True, "tmpdir": str(path.parent)},
    ) as workbook:
        workbook.set_properties({"title": say("workbook.title", lang), "created": _FIXED_DATE})
        formats = _Formats(workbook)
        _reading_aid(workbook, formats, assessment, lang)
        for name, state, core in (
            ("core", "state", True),
            ("core_no_car", "state_no_car", True),
            ("core_demand", "state_demand", True),
            ("all", "state", False),
            ("all_no_car", "state_no_car", False),
        ):
            _letter_sheet(workbook, formats, name, tables.letters(assessment, state, core=core), assessment, lang)
        for sheet in _SHEETS:
            _table_sheet(workbook, formats, sheet, sheet.make(assessment, lang), lang)


def write_plain_workbook(
    path: Path,
    *,
    title: str,
    lines: Sequence[str],
    sheets: Sequence[tuple[Sheet, pd.DataFrame]],
    lang: Language,
    mark: str = "",
) -> None:
    """Write a workbook of its own: a first sheet with lines to read, then tables.

    Parameters
    ----------
    title
        Heading of the first sheet, and of the document.
    mark
        Printed at the head of every sheet (confidential).
    """
    with xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True, "tmpdir": str(path.parent)},
    ) as workbook:
        workbook.set_properties({"title": title, "created": _FIXED_DATE})
        formats = _Formats(workbook)
        first = workbook.add_worksheet(say("sheet.aid", lang))
        first.set_column(0, 0, 110)
        first.write(0, 0, title, formats.title)
        for row, line in enumerate(lines, start=2):
            first.write(row, 0, line, formats.wrap)
        first.set_paper(9)
        first.fit_to_pages(1, 1)
        for sheet, frame in sheets:
            _table_sheet(workbook, formats, sheet, frame, lang)
        if mark:
            for worksheet in workbook.worksheets():
                worksheet.set_header(f'&R&"Arial,Bold"{mark}')


class _Formats:
    def __init__(self, workbook: Workbook) -> None:
        font = {"font_name": "Arial", "font_size": 11}
        self.plain: Format = workbook.add_format({**font, "valign": "top"})
        self.wrap: Format = workbook.add_format({**font, "valign": "top", "text_wrap": True})
        self.head: Format = workbook.add_format(
            {**font, "bold": True, "bg_color": "#e8eef2", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.turned: Format = workbook.add_format(
            {**font, "bold": True, "bg_color": "#e8eef2", "rotation": 90, "text_wrap": True, "align": "center"}
        )
        self.told: Format = workbook.add_format({**font, "bold": True, "text_wrap": True, "bg_color": "#fff6e0"})
        self.title: Format = workbook.add_format({**font, "font_size": 16, "bold": True})
        self.share: Format = workbook.add_format({**font, "num_format": "0%", "valign": "top"})
        self.whole: Format = workbook.add_format({**font, "num_format": "#,##0", "valign": "top"})
        self.letter: dict[str, Format] = {
            letter: workbook.add_format(
                {
                    **font,
                    "align": "center",
                    "bold": True,
                    "bg_color": colour,
                    "font_color": "#ffffff" if letter in DARK_LETTERS else "#000000",
                    "border": 1,
                    "border_color": "#ffffff",
                }
            )
            for letter, (colour, _) in LETTERS.items()
        }
        self.pt_class: dict[str, Format] = {
            letter: workbook.add_format({**font, "align": "center", "bold": True, "bg_color": fill, "font_color": ink})
            for letter, fill, ink in PT_CLASSES.values()
        }


def _reading_aid(workbook: Workbook, formats: _Formats, assessment: Assessment, lang: Language) -> None:
    sheet = workbook.add_worksheet(say("sheet.aid", lang))
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 110)
    sheet.write(0, 0, say("workbook.heading", lang, region=assessment.region.settings.name), formats.title)
    told = year_line(assessment, lang)
    if told:
        sheet.write(1, 1, told, formats.told)
    row = 2
    for letter in LETTERS:
        sheet.write(row, 0, letter, formats.letter[letter])
        sheet.write(row, 1, letter_meaning(letter, lang), formats.wrap)
        row += 1
    row += 1
    lines = [
        "workbook.unknown",
        "workbook.standards",
        "workbook.minutes",
        "workbook.persons",
        "workbook.bound",
        "workbook.shares",
    ]
    if assessment.reach.estimated.get("car"):
        lines.append("workbook.estimated")
    for line in lines:
        sheet.write(row, 1, say(line, lang), formats.wrap)
        row += 1
    pt = f"workbook.pt_{assessment.pt.kind}"
    sheet.write(row, 1, say(pt, lang, date=format_date(assessment.pt.date, lang)), formats.wrap)
    row += 2
    for name in ("core", "core_no_car", "core_demand", "all", "all_no_car", *(s.name for s in _SHEETS)):
        title = say(f"sheet.{name}", lang)
        sheet.write_url(row, 1, f"internal:'{title}'!A1", string=f"{title}: {say(f'sheet_about.{name}', lang)}")
        row += 1
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)


def _letter_sheet(
    workbook: Workbook,
    formats: _Formats,
    name: str,
    frame: pd.DataFrame,
    assessment: Assessment,
    lang: Language,
) -> None:
    sheet = workbook.add_worksheet(say(f"sheet.{name}", lang))
    sheet.freeze_panes(1, 3)
    sheet.set_row(0, 150)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 10)
    sheet.set_column(3, frame.shape[1], 4.5)
    for column, key in enumerate(frame.columns):
        if column < 3:
            sheet.write(0, column, say(f"column.{key}", lang), formats.head)
        else:
            sheet.write(0, column, row_label(key, assessment.catalogue, lang), formats.turned)
    for row, values in enumerate(frame.itertuples(index=False), start=1):
        sheet.write(row, 0, values[0], formats.plain)
        sheet.write(row, 1, values[1], formats.plain)
        sheet.write(row, 2, values[2], formats.whole)
        for column, letter in enumerate(values[3:], start=3):
            sheet.write(row, column, letter, formats.letter[letter])
    sheet.autofilter(0, 0, max(len(frame), 1), frame.shape[1] - 1)
    _print_setup(sheet, landscape=True)


def _table_sheet(workbook: Workbook, formats: _Formats, described: Sheet, frame: pd.DataFrame, lang: Language) -> None:
    sheet = workbook.add_worksheet(say(f"sheet.{described.name}", lang))
    sheet.freeze_panes(*described.freeze)
    styles: list[Format] = []
    sheet.set_row(0, 48)
    for column, key in enumerate(frame.columns):
        sheet.write(0, column, say(f"column.{key}", lang), formats.head)
        sheet.set_column(column, column, _WIDE.get(key, described.wide.get(key, 14)))
        styles.append(
            formats.share
            if key in _SHARE or key in described.shares
            else formats.whole
            if key in _WHOLE or key in described.whole
            else formats.wrap
            if key in _WRAPPED or key in described.wrapped
            else formats.plain
        )
    letters = [
        formats.letter if key in _STATE else formats.pt_class if key in _PT_CLASS else {} for key in frame.columns
    ]
    # row by row: the file is written as it grows and nothing of it is kept in memory
    for row, values in enumerate(zip(*(frame[key].tolist() for key in frame.columns), strict=True), start=1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                if value:
                    style = letters[column].get(value, styles[column])
                    sheet.write_string(row, column, value, style)
            elif value is not None and not (isinstance(value, float) and math.isnan(value)):
                sheet.write_number(row, column, value, styles[column])
    if not len(frame):
        sheet.write(1, 0, say("sheet.empty", lang), formats.plain)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(frame.columns) - 1, 0))
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # keys such as 15083 are names, not numbers
    _print_setup(sheet, landscape=True)


def _print_setup(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
