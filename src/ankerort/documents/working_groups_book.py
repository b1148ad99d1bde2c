"""Writes ``arbeitsgruppen.xlsx`` for a new project, with drop-downs and the data that are usually owed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import xlsxwriter

from ankerort.base.files import replacing
from ankerort.catalogue.model import Catalogue
from ankerort.region.working_groups import KINDS, MODES, SHEETS
from ankerort.text import Language, say

_MADE = dt.datetime(2020, 1, 1)  # the same content gives the same file
_ROWS = 300
_WIDTHS = {"members": 44, "data": 44, "office": 26, "lead": 28, "service": 26, "reason": 26, "remark": 26, "group": 20}
_DAYS = ("due_on", "delivered_on", "agreed_on")


def write_working_groups(path: Path, *, catalogue: Catalogue, lang: Language = "de") -> None:
    """Write the workbook.

    Each sheet begins with its heads in the first row; groups, services, modes and kinds have drop-downs. Offices and days are empty: nobody
    is told to deliver before a working group has agreed on it.

    Raises
    ------
    PermissionError
        If the workbook is open in another program.
    """
    groups = catalogue.working_groups
    with replacing(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
        try:
            book.set_properties({"created": _MADE, "title": say("groups.sheet.members", lang)})
            head = book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E8EEF2"}
            )
            text = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "font_size": 11})
            day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "border": 1, "align": "left"})
            soft = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "font_color": "#555555"})
            rows: dict[str, list[dict[str, str]]] = {
                "members": [{"group": g.label(lang)} for g in groups],
                "owed": [
                    {"group": g.label(lang), "data": o.data(lang), "office": "", "remark": o.office(lang) + "?"}
                    for g in groups
                    for o in g.owed
                ],
                "standards": [],
            }
            services = [catalogue.services[s].label(lang) for s in catalogue.facility_services()]
            for sheet, columns in SHEETS.items():
                page = book.add_worksheet(say(f"groups.sheet.{sheet}", lang))
                page.set_landscape()
                page.set_paper(9)
                page.fit_to_pages(1, 0)
                page.repeat_rows(0)
                page.set_row(0, 48)
                page.freeze_panes(1, 0)
                filled = len(rows[sheet])
                for number, column in enumerate(columns):
                    page.set_column(number, number, _WIDTHS.get(column, 13))
                    page.write_string(0, number, say(f"groups.column.{column}", lang), head)
                    choices = {
                        "group": [g.label(lang) for g in groups],
                        "mode": [say(f"groups.mode.{m}", lang) for m in MODES],
                        "kind": [say(f"groups.kind.{k}", lang) for k in KINDS],
                        "service": "=_Angebote!$A$1:$A$%d" % len(services),  # noqa: UP031 - a cell range, no sentence
                    }.get(column)
                    if choices is not None:
                        rule = {"validate": "list", "source": choices, "error_type": "warning", "ignore_blank": True}
                        page.data_validation(1, number, _ROWS, number, rule)
                    style = day if column in _DAYS else soft if column == "remark" else text
                    for row in range(1, max(filled + 4, 14) + 1):
                        page.set_row(row, 33)  # two lines: a spreadsheet does not grow rows that a program wrote
                        value = rows[sheet][row - 1].get(column, "") if row <= filled else ""
                        if value:
                            page.write_string(row, number, value, style)
                        else:
                            page.write_blank(row, number, None, style)
                page.set_footer(f"&L{say('groups.hint', lang)}&R&P")
            lists = book.add_worksheet("_Angebote")
            for row, label in enumerate(services):
                lists.write_string(row, 0, label)
            lists.hide()
        finally:
            book.close()
