"""The facility template: an XLSX that people fill in, and that comes back without loss."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from ankerort.base.files import replacing
from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.region.table_cells import ASSORTMENTS, OPERATOR_KINDS, WEEKDAYS, parse_day
from ankerort.region.table_files import RawTable, read_raw_tables
from ankerort.text import LANGUAGES, Language, read_sentences, say

_FILL_ROWS = 2000  # rows with drop-downs
_MADE = dt.datetime(2020, 1, 1)  # the same content gives the same file
_NUMBERS = frozenset(
    {
        *("lon", "lat", "capacity", "capacity_from_year", "capacity_to_year", "condition", "broadband_mbit"),
        *("operator_age", "lease_until_year", "turnover_eur_year", "rent_eur_m2", "rhythm_weeks", "area_m2"),
    }
)
_DAYS = frozenset({"check_date", "confirmed_on"})
_WIDE = frozenset({"service", "name", "address", "operator", "opening_hours", "note", "rooms", "stop_name"})
_CONFIRMED = ("confirmed_by", "confirmed_on")

TEMPLATE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "facilities": (
        "id",
        "service",
        "name",
        "address",
        "postcode",
        "place_name",
        "ags",
        "lon",
        "lat",
        "state",
        "certainty",
        "operator",
        "operator_kind",
        "owner",
        "rooms",
        "opening_hours",
        "wheelchair",
        "toilets_wheelchair",
        "capacity",
        "capacity_unit",
        "capacity_from_year",
        "capacity_to_year",
        "condition",
        "assortment",
        "broadband_mbit",
        "check_date",
        "closed_year",
        "note",
        *_CONFIRMED,
        "operator_age",
        "succession",
        "lease_until_year",
        "turnover_eur_year",
        "rent_eur_m2",
    ),
    "absences": ("service", "place_name", "ags", *_CONFIRMED),
    "mobile_visits": (
        "id",
        "service",
        "place_name",
        "ags",
        "stop_name",
        "lon",
        "lat",
        "weekday",
        "rhythm_weeks",
        "from_time",
        "to_time",
        "operator",
        "operator_kind",
        *_CONFIRMED,
    ),
    "buildings": (
        "id",
        "name",
        "address",
        "place_name",
        "ags",
        "lon",
        "lat",
        "use",
        "owner_kind",
        "area_m2",
        "condition",
        "step_free",
        "note",
        *_CONFIRMED,
    ),
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "state": ("open", "closed"),
    "certainty": ("certain", "probable"),
    "wheelchair": ("yes", "limited", "no"),
    "toilets_wheelchair": ("yes", "limited", "no"),
    "assortment": ASSORTMENTS,
    "succession": ("yes", "no"),
    "step_free": ("yes", "limited", "no"),
    "use": ("vacant", "shareable"),
    "weekday": WEEKDAYS,
}
_KINDS = frozenset({"operator_kind", "owner_kind"})


@dataclass(frozen=True)
class TemplateTable:
    """One sheet of a filled template: column ids as in `TEMPLATE_COLUMNS` (unknown heads stay as they are)."""

    table: str
    raw: RawTable
    columns: tuple[str, ...]


def write_template(
    path: Path, *, catalogue: Catalogue, lang: Language = "de", places: pd.DataFrame | None = None
) -> None:
    """Write the empty template.

    Parameters
    ----------
    path
        XLSX to write; written beside and renamed.
    catalogue
        Its facility services are listed and offered in the drop-downs.
    lang
        Language of sheets, heads, values and hints. Both languages come back in.
    places
        Optional table with `name` and `ags`: listed on a sheet and offered in the place columns.

    Raises
    ------
    PermissionError
        If the workbook is open in another program.
    """
    _write(path, {}, catalogue, lang, places)


def write_facilities_to_template(
    path: Path,
    *,
    catalogue: Catalogue,
    lang: Language = "de",
    facilities: pd.DataFrame | None = None,
    absences: pd.DataFrame | None = None,
    mobile_visits: pd.DataFrame | None = None,
    buildings: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
) -> None:
    """Write a template filled with tables of a region.

    Parameters
    ----------
    path, catalogue, lang
        As in `write_template`.
    facilities, absences, mobile_visits, buildings
        Tables with columns of the region's schema or of `TEMPLATE_COLUMNS`; missing columns stay empty. `id` is taken
        from `id`, else from the table's own key. The place is taken from `place_name`, else looked up by `place_id`.
        Merged rows are left out.
    places
        Table with `name`, `ags` and, to look up places by id, `place_id`.
    """
    names = (
        {} if places is None or "place_id" not in places else dict(zip(places["place_id"], places["name"], strict=True))
    )
    given = {"facilities": facilities, "absences": absences, "mobile_visits": mobile_visits, "buildings": buildings}
    keys = {"facilities": "facility_id", "mobile_visits": "visit_id", "buildings": "building_id"}
    tables = {}
    for table, frame in given.items():
        if frame is None:
            continue
        frame = frame.copy()
        if "merged_into" in frame:
            frame = frame[frame["merged_into"] == ""]
        if "place_name" not in frame and "place_id" in frame:
            frame["place_name"] = frame["place_id"].map(names).fillna("")
        key = keys.get(table)
        if "id" not in frame and key in frame:
            frame["id"] = frame[key]
        tables[table] = frame
    _write(path, tables, catalogue, lang, places)


def read_template(path: Path, *, problems: Problems) -> list[TemplateTable]:
    """Read the sheets of a filled template, each cell as it stands.

    Sheets are known by their German or English name, columns by their German or English head or by their id; the order
    of both and further sheets do not matter. Sheets without rows are left out.

    Parameters
    ----------
    path
        XLSX.
    problems
        Collects: unreadable file, no known sheet (errors).
    """
    heads = known_heads()
    tables = []
    known = 0
    before = len(problems)
    for raw in read_raw_tables(path, problems=problems, is_head=lambda text: text.lower() in heads):
        table = _sheet_tables().get(raw.sheet.strip().lower())
        if table is None:
            continue
        known += 1
        if table in TEMPLATE_COLUMNS and raw.rows:
            tables.append(TemplateTable(table, raw, tuple(heads.get(h.lower(), h) for h in raw.head)))
    if not known and len(problems) == before:
        problems.add("facility_sheets_unknown", "error", path.name)
    return tables


def is_template_sheet(name: str, heads: Iterable[str]) -> bool:
    """Whether a sheet of this name and these heads is a table of the template, in either language."""
    table = _sheet_tables().get(name.strip().lower(), "")
    known = {known_heads().get(h.strip().lower(), "") for h in heads}
    return table in TEMPLATE_COLUMNS and len(known & set(TEMPLATE_COLUMNS[table])) >= 3


@cache
def known_heads() -> Mapping[str, str]:
    """Column id by head in any language and by itself (lower case)."""
    return _by_text("template.column.")


@cache
def _sheet_tables() -> Mapping[str, str]:
    return _by_text("template.sheet.")


def _by_text(prefix: str) -> dict[str, str]:
    known = {}
    for text_id in read_sentences():
        if text_id.startswith(prefix):
            name = text_id.removeprefix(prefix)
            known[name.lower()] = name
            for lang in LANGUAGES:
                known[say(text_id, lang).lower()] = name
    return known


def _write(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    catalogue: Catalogue,
    lang: Language,
    places: pd.DataFrame | None,
) -> None:
    with replacing(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
        try:
            book.set_properties({"created": _MADE})
            sheet = _Sheets(book, catalogue, lang, places)
            for table, columns in TEMPLATE_COLUMNS.items():
                sheet.add_table(table, columns, tables.get(table))
            sheet.add_lists()
        finally:
            book.close()


class _Sheets:
    """The sheets of one workbook."""

    def __init__(
        self, book: xlsxwriter.Workbook, catalogue: Catalogue, lang: Language, places: pd.DataFrame | None
    ) -> None:
        self.book = book
        self.lang: Language = lang
        self.services = {s: catalogue.services[s].label(lang) for s in catalogue.facility_services()}
        self.places = places if places is not None and len(places) else None
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EEF2"}
        )
        self.text = book.add_format({"num_format": "@", "valign": "top"})
        self.day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
        self.number = book.add_format({"num_format": "General", "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def add_table(self, table: str, columns: tuple[str, ...], frame: pd.DataFrame | None) -> None:
        """One sheet to fill in, with drop-downs, and its rows if there are any."""
        page = self.book.add_worksheet(say(f"template.sheet.{table}", self.lang))
        page.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            page.set_column(number, number, 30 if column in _WIDE else 15, self._format(column))
            page.write_string(0, number, say(f"template.column.{column}", self.lang), self.head)
            self._add_choice(page, number, column)
            if frame is not None and column in frame:
                for row, value in enumerate(frame[column].to_list(), start=1):
                    self._write_cell(page, row, number, column, value)

    def add_lists(self) -> None:
        """The sheets that only tell: hints, services, places."""
        page = self.book.add_worksheet(say("template.sheet.hints", self.lang))
        page.set_column(0, 0, 100, self.wrapped)
        hints = sorted(text_id for text_id in read_sentences() if text_id.startswith("template.hint."))
        for row, text_id in enumerate(hints):
            page.write_string(row, 0, say(text_id, self.lang), self.wrapped)
        self._add_list("services", ("label", "service_id"), [(label, s) for s, label in self.services.items()])
        if self.places is not None:
            rows = [(str(n), str(a)) for n, a in zip(self.places["name"], self.places["ags"], strict=True)]
            self._add_list("places", ("place_name", "ags"), rows)

    def _add_list(self, table: str, columns: tuple[str, str], rows: list[tuple[str, str]]) -> None:
        page = self.book.add_worksheet(say(f"template.sheet.{table}", self.lang))
        page.freeze_panes(1, 0)
        page.set_column(0, 1, 40, self.text)
        for number, column in enumerate(columns):
            page.write_string(0, number, say(f"template.column.{column}", self.lang), self.head)
        for number, row in enumerate(rows, start=1):
            page.write_string(number, 0, row[0], self.text)
            page.write_string(number, 1, row[1], self.text)

    def _format(self, column: str) -> object:
        if column in _DAYS:
            return self.day
        return self.number if column in _NUMBERS else self.text

    def _add_choice(self, page: object, number: int, column: str) -> None:
        source: object
        if column in _CHOICES:
            source = [say(f"template.value.{value}", self.lang) for value in _CHOICES[column]]
        elif column in _KINDS:
            source = list(OPERATOR_KINDS)
        elif column == "service":
            source = f"='{say('template.sheet.services', self.lang)}'!$A$2:$A${len(self.services) + 1}"
        elif column == "place_name" and self.places is not None:
            source = f"='{say('template.sheet.places', self.lang)}'!$A$2:$A${len(self.places) + 1}"
        else:
            return
        # Several services in one cell and places not listed are allowed, so the drop-down helps and does not forbid.
        rule = {"validate": "list", "source": source, "error_type": "information", "ignore_blank": True}
        page.data_validation(1, number, _FILL_ROWS, number, rule)  # type: ignore[attr-defined]

    def _write_cell(self, page: object, row: int, number: int, column: str, value: object) -> None:
        if value is None or value == "" or (isinstance(value, float) and np.isnan(value)):
            return
        if isinstance(value, int | float | np.number):
            exact = float(f"{float(value):.16G}") == float(value)
            if exact:
                page.write_number(row, number, float(value), self._format(column))  # type: ignore[attr-defined]
            else:
                page.write_string(row, number, repr(float(value)), self.text)  # type: ignore[attr-defined]
            return
        text = str(value)
        if column in _DAYS and parse_day(text) == text and text >= "1900-03-01":
            page.write_datetime(row, number, dt.datetime.fromisoformat(text), self.day)  # type: ignore[attr-defined]
            return
        if column == "service":
            text = self.services.get(text, text)
        elif column in _CHOICES and text in _CHOICES[column]:
            text = say(f"template.value.{text}", self.lang)
        page.write_string(row, number, text, self.text)  # type: ignore[attr-defined]
