"""``schwerpunktorte.xlsx``: anchors, places x functions, costs, cases, gains, what is left out, front, robustness, proof."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ankerort.documents import anchors_sheets as made
from ankerort.documents.anchors_parts import AnchorParts
from ankerort.documents.anchors_words import WHAT
from ankerort.documents.paper import status_line
from ankerort.region.paper_status import newest_day
from ankerort.text import Language, say

_FIXED_DATE = dt.datetime(2000, 1, 1)  # Excel wants a creation date; a fixed one keeps equal content equal
_FONT = {"font_name": "Arial", "font_size": 11}
_LINE_PT, _AID_LETTERS = 15.0, 105
_MANY_COLUMNS = 16  # more are printed on two pages side by side
MATRIX = "anchor_matrix"
# sheet -> its table; the matrix has a sheet of its own kind, written after the first
SHEETS: dict[str, Callable[[AnchorParts], pd.DataFrame]] = {
    "anchors": made.anchors_sheet,
    "anchor_functions": made.functions_sheet,
    "anchor_costs": made.costs_sheet,
    "anchor_cases": made.cases_sheet,
    "anchor_gains": made.gains_sheet,
    "anchor_gain_places": made.gain_places_sheet,
    "anchor_catchments": made.catchments_sheet,
    "anchor_left_out": made.left_out_sheet,
    "anchor_front": made.front_sheet,
    "anchor_robust": made.robust_sheet,
    "anchor_regret": made.regret_sheet,
    "anchor_proof": made.proof_sheet,
}
ORDER = ("anchors", MATRIX, *list(SHEETS)[1:])
_WIDE = {"place": 26, "municipality": 22, "service": 30, "anchor_function": 28, "anchor_how": 34, "facility": 30, "anchor_what_for": 30,
         "anchor_item": 36, "anchor_decides": 30, "anchor_partner_who": 40, "anchor_task": 24, "cost_record": 34, "cost_source": 60,
         "reason": 60, "anchor_ask": 60, "anchor_case": 42, "anchor_names": 50, "anchor_name": 30, "area": 26, "mode": 22, "uses_now": 36,
         "anchor_tier": 44, "anchor_level": 20, "anchor_verdict": 30, "anchor_topic": 26, "anchor_demand": 40, "anchor_value": 90,
         "anchor_population": 26, "anchor_evidence": 34}  # fmt: skip
_WRAPPED = ("cost_source", "reason", "anchor_ask", "anchor_value", "anchor_tier", "anchor_partner_who")


def write_anchor_workbook(parts: AnchorParts, path: Path) -> None:
    """Write the workbook to `path` (the caller renames it into place)."""
    lang = parts.lang
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": say("anchors.title", lang), "created": _FIXED_DATE})
        formats = _Formats(workbook)
        _reading_aid(workbook, formats, parts)
        for name in ORDER:
            if name == MATRIX:
                _matrix(workbook, formats, parts)
            else:
                _table(workbook, formats, name, SHEETS[name](parts), lang)
        status = status_line(parts.documents.paper, newest_day(parts.documents.region), lang)
        for sheet in workbook.worksheets():
            sheet.set_header(f'&L&"Arial"{status.replace("&", "&&")}')


class _Formats:
    def __init__(self, workbook: Workbook) -> None:
        head = {**_FONT, "bold": True, "bg_color": "#e8eef2", "text_wrap": True}
        self.plain: Format = workbook.add_format({**_FONT, "valign": "top"})
        self.wrap: Format = workbook.add_format({**_FONT, "valign": "top", "text_wrap": True})
        self.head: Format = workbook.add_format({**head, "bottom": 1, "valign": "top"})
        self.turned: Format = workbook.add_format({**head, "rotation": 90, "align": "center"})
        self.title: Format = workbook.add_format({**_FONT, "font_size": 16, "bold": True})
        self.share: Format = workbook.add_format({**_FONT, "num_format": "0.0%", "valign": "top"})
        self.whole: Format = workbook.add_format({**_FONT, "num_format": "#,##0", "valign": "top"})
        self.number: Format = workbook.add_format({**_FONT, "num_format": "#,##0.##", "valign": "top"})
        self.what: dict[str, Format] = {
            what: workbook.add_format(
                {**_FONT, "align": "center", "bold": True, "bg_color": fill, "font_color": ink, "border": 1, "border_color": "#ffffff"}
            )
            for what, (fill, ink) in WHAT.items()
        }  # fmt: skip


def _reading_aid(workbook: Workbook, formats: _Formats, parts: AnchorParts) -> None:
    lang = parts.lang
    sheet = workbook.add_worksheet(say("sheet.aid", lang))
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 110)
    sheet.write(0, 0, say("anchors.title_region", lang, region=parts.documents.region.settings.name), formats.title)
    sheet.write(1, 1, say("anchors.no_designation", lang), formats.wrap)
    row = 3
    for what in WHAT:
        sheet.write(row, 0, say(f"anchors.letter.{what}", lang), formats.what[what])
        sheet.write(row, 1, say(f"anchors.what.{what}", lang), formats.wrap)
        row += 1
    row += 1
    aids = [
        say("anchors.cost_about", lang, frame=parts.frame),
        say("anchors.cost_frame_source", lang),
        say("anchors.cases_note", lang),
        say("workbook.persons", lang),
    ]
    if parts.plan.request.assume_complete:
        aids.insert(0, say("anchors.assume_complete", lang))
    for line in aids:
        sheet.set_row(
            row, _LINE_PT * -(-len(line) // _AID_LETTERS)
        )  # not every program fits the height to wrapped text
        sheet.write(row, 1, line, formats.wrap)
        row += 1
    row += 1
    for name in ORDER:
        title = say(f"sheet.{name}", lang)
        sheet.write_url(row, 1, f"internal:'{title}'!A1", string=f"{title}: {say(f'sheet_about.{name}', lang)}")
        row += 1
    _print_setup(sheet)


def _matrix(workbook: Workbook, formats: _Formats, parts: AnchorParts) -> None:
    lang = parts.lang
    frame, columns = made.matrix_sheet(parts)
    sheet = workbook.add_worksheet(say(f"sheet.{MATRIX}", lang))
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 170)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, max(2, len(columns) + 1), 5)
    for k, key in enumerate(("place", "municipality")):
        sheet.write(0, k, say(f"column.{key}", lang), formats.head)
    for k, function in enumerate(columns, 2):
        sheet.write(0, k, parts.words.function(function), formats.turned)
    for row, values in enumerate(frame.itertuples(index=False), 1):
        for column, value in enumerate(values):
            if column < 2:
                sheet.write_string(row, column, str(value), formats.plain)
            elif value:
                sheet.write_string(row, column, say(f"anchors.letter.{value}", lang), formats.what[str(value)])
    if frame.empty:
        sheet.write(1, 0, say("sheet.empty", lang), formats.plain)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(columns) + 1, 1))
    _print_setup(sheet, repeat=True)


def _table(workbook: Workbook, formats: _Formats, name: str, frame: pd.DataFrame, lang: Language) -> None:
    sheet = workbook.add_worksheet(say(f"sheet.{name}", lang))
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 48)
    for column, key in enumerate(map(str, frame.columns)):
        sheet.write(0, column, say(f"column.{key}", lang), formats.head)
        sheet.set_column(column, column, _WIDE.get(key, 15))
    for row, values in enumerate(frame.itertuples(index=False), 1):
        for column, (key, value) in enumerate(zip(map(str, frame.columns), values, strict=True)):
            if isinstance(value, str):
                sheet.write_string(row, column, value, formats.wrap if key in _WRAPPED else formats.plain)
            elif not math.isnan(value):
                sheet.write_number(row, column, float(value), _style(formats, key))
    if frame.empty:
        sheet.write(1, 0, say("sheet.empty", lang), formats.plain)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(frame.columns) - 1, 0))
    _print_setup(sheet, repeat=True, pages_wide=2 if len(frame.columns) > _MANY_COLUMNS else 1)


def _style(formats: _Formats, key: str) -> Format:
    if key.endswith("_share"):
        return formats.share
    return formats.number if key in ("hours_week", "run_value", "run_plan_value") else formats.whole


def _print_setup(sheet: Worksheet, *, repeat: bool = False, pages_wide: int = 1) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(pages_wide, 0)
    if repeat:
        sheet.repeat_rows(0)
