"""The table ``haltepunkte.xlsx`` to fill in, empty or with the stops that Ankerort found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import xlsxwriter

from ankerort.base.files import replacing
from ankerort.region.read_mobile_stops import TABLE_COLUMNS, TABLE_KINDS, TABLE_VALUES
from ankerort.region.schema_mobile import FEATURES
from ankerort.text import Language, say

_FILL_ROWS = 1000  # rows with drop-downs
_MADE = dt.datetime(2020, 1, 1)  # the same content gives the same file
_NUMBERS = ("lon", "lat")
_WIDE = ("name", "address", "note", "hours")


def write_stop_table(
    path: Path, *, places: pd.DataFrame, stops: pd.DataFrame | None = None, lang: Language = "de"
) -> None:
    """Write the table of stops; what it holds is read back without loss.

    Parameters
    ----------
    path
        XLSX; written beside and renamed.
    places
        Columns place_id, print_name, in_study: offered as drop-down, and the names of the stops' places.
    stops
        Rows to start from: STOP_TABLE, or the candidate stops of a plan (STOPS); None = an empty table.
    lang
        Language of heads and words. Both come back in.

    Raises
    ------
    PermissionError
        If the workbook is open in another program.
    """
    with replacing(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
        try:
            book.set_properties({"created": _MADE})
            page = book.add_worksheet(say("stop_table.sheet", lang))
            head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
            text, number = book.add_format({"num_format": "@"}), book.add_format({"num_format": "General"})
            listed = book.add_worksheet(say("template.sheet.places", lang))
            printed = places[places["in_study"].to_numpy(bool)]["print_name"].tolist()
            for row, name in enumerate(printed):
                listed.write_string(row, 0, str(name))
            listed.set_column(0, 0, 40)
            page.freeze_panes(1, 0)
            for at, column in enumerate(TABLE_COLUMNS):
                width = 30 if column in _WIDE else 16
                page.set_column(at, at, width, number if column in _NUMBERS else text)
                page.write_string(0, at, say(f"stop_table.column.{column}", lang), head)
                source = _choices(column, lang, listed.get_name(), len(printed))
                if source:
                    page.data_validation(
                        1, at, _FILL_ROWS, at, {"validate": "list", "source": source, "error_type": "warning"}
                    )
            for row, cells in enumerate(_rows(stops, places, lang), start=1):
                for at, value in enumerate(cells):
                    if isinstance(value, float):
                        page.write_number(row, at, value, number)
                    elif value:
                        page.write_string(row, at, value, text)
        finally:
            book.close()


def _choices(column: str, lang: Language, sheet: str, places: int) -> list[str] | str:
    if column in FEATURES:
        return [say(f"stop_table.value.{v}", lang) for v in TABLE_VALUES]
    if column == "allowed":
        return [say(f"stop_table.value.{v}", lang) for v in TABLE_VALUES[:2]]
    if column == "kind":
        return [say(f"stop_table.kind.{k}", lang) for k in TABLE_KINDS]
    return f"='{sheet}'!$A$1:$A${places}" if column == "place_name" and places else ""


def _rows(stops: pd.DataFrame | None, places: pd.DataFrame, lang: Language) -> list[list[str | float]]:
    if stops is None:
        return []
    printed = dict(zip(places["place_id"], places["print_name"], strict=True))
    rows: list[list[str | float]] = []
    for stop in stops.to_dict("records"):
        cells: dict[str, str | float] = {c: str(stop.get(c, "")) for c in ("name", "address", "hours", "note")}
        cells |= {"id": str(stop["stop_id"]).removeprefix("haltepunkte:"), "place_name": printed[stop["place_id"]]}
        cells |= {c: round(float(stop[c]), 6) for c in _NUMBERS}
        cells["kind"] = say(f"stop_table.kind.{stop['kind']}", lang)
        cells |= {f: say(f"stop_table.value.{stop[f]}", lang) if stop[f] else "" for f in FEATURES}
        cells["allowed"] = say(f"stop_table.value.{'yes' if stop.get('allowed', True) else 'no'}", lang)
        rows.append([cells.get(c, "") for c in TABLE_COLUMNS])
    return rows
