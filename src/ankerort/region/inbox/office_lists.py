"""Recognises what offices keep in their own layouts: lists of schools, Kitas and doctors, registers, addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ankerort.catalogue.input_kinds import InputKind
from ankerort.region import read_broadband
from ankerort.region.addresses.read_addresses import has_address_heads, is_headless
from ankerort.region.broadband_heads import rate_of_head
from ankerort.region.inbox.layouts import Fit, Layout
from ankerort.region.inbox.peek import TablePeek
from ankerort.region.lists import care, charging, childcare, districts, doctors, fire, school_register, schools, stops
from ankerort.region.lists.heads import Fields, head_key
from ankerort.region.register_sheets import Grid, find_head

_HEAD_ROWS = 15
_BOTH = ("text", "xlsx")
_PLACE = ("place_name", "district", "ags", "address", "street", "postcode")
# preset -> heads of its reader, and of which groups of fields one each must be there to tell it from any other list.
_LISTS: Mapping[str, tuple[Fields, tuple[tuple[str, ...], ...]]] = {
    "doctors_list": (doctors.FIELDS, (("field",), ("seats", "doctor", "practice_id", "care", "branch"), _PLACE)),
    "childcare_plan": (
        childcare.FIELDS,
        (("name",), ("under_3", "from_3", "after_school", "occupied", "occupied_under_3", "occupied_from_3"), _PLACE),
    ),
    "school_plan": (schools.FIELDS, (("name",), ("kind", "grade", "pupils"), (*_PLACE, "grade"))),
    "fire_plan": (
        fire.FIELDS,
        (
            ("name", "place_name", "district"),
            ("day", "night", "breathing"),
            ("active", "vehicles", "breathing", "night"),
        ),
    ),
    "transport_stops": (stops.FIELDS, (("name",), ("lines",), ("wheelchair",), _PLACE)),
    "school_districts": (districts.FIELDS, (("place_name", "ags"), ("school",))),
    "care_providers": (care.FIELDS, (("name",), _PLACE)),
    "charging_register": (charging.FIELDS, (("points",), ("power", "operator"), ("lon", *_PLACE))),
    "jedeschule": (school_register.FIELDS, (("id",), ("name",), ("kind",), ("lon", "location"))),
}
# Heads that only a list of assigned schools has; "Schule" and "Ort" alone stand in any list of schools.
_ASSIGNED = ("zuständige", "zugeordnete")
_BROADBAND_WHERE = ("ags", "ars", "grid_id", "place_name", "municipality")
_LEAST_VALUES = 3
# The reader leaves the names of persons out; the rows themselves often may not be passed on.
_OPTIONS: Mapping[str, Mapping[str, object]] = {"doctors_list": {"internal": True}}


def fit_office_table(table: TablePeek) -> list[Fit]:
    """What a table is that no layout with fixed heads knows; empty if nobody knows it either.

    Asked last, since these readers are generous with heads.
    """
    lists = [found for preset in _LISTS if (found := _fit_list(table, preset)) is not None]
    if lists:
        return lists
    if _is_broadband(table):
        return [_whole("broadband", 3, _BOTH)]
    if _is_addresses(table):
        return [_whole("addresses", 3, ("text",))]
    return [_whole("population", 2, _BOTH, role="register")] if _is_register(table) else []


def _whole(kind: InputKind, score: int, formats: tuple[str, ...], *, preset: str = "", role: str = "") -> Fit:
    options = _OPTIONS.get(preset, {})
    return Fit(Layout(kind, (), preset, options, formats=formats, role=role), score, ())


def _fit_list(table: TablePeek, preset: str) -> Fit | None:
    fields, needed = _LISTS[preset]
    wanted = {field: {head_key(head) for head in heads} for field, heads in fields.items()}
    best = 0
    for row in table.rows[:_HEAD_ROWS]:
        keys = {head_key(text) for text in row if text}
        there = {field for field, heads in wanted.items() if heads & keys}
        if preset == "school_districts" and not any(text.lower().startswith(_ASSIGNED) for text in row):
            continue
        if preset == "care_providers" and not _speaks_of_care(table, there):
            continue
        if all(there & set(group) for group in needed):
            best = max(best, len(there))
    return _whole("facilities", best, _BOTH, preset=preset) if best else None


def _speaks_of_care(table: TablePeek, fields: set[str]) -> bool:
    """Columns of places by kind of care, or such kinds in the rows; name and place alone stand in any list."""
    told = sum(any(care.care_services(cell) for cell in row) for row in table.rows)
    return "places_home" in fields or "places_day" in fields or told >= _LEAST_VALUES


def _is_broadband(table: TablePeek) -> bool:
    """Shares of households by rate of their fixed lines, or a list of places with their class of broadband."""
    where = {head_key(head) for name in _BROADBAND_WHERE for head in read_broadband.FIELDS[name]}
    named = {head_key(head) for head in ("Breitband", "Bandbreite", "Bandbreitenklasse")}
    for at, row in enumerate(table.rows[:_HEAD_ROWS]):
        below = table.rows[at + 1] if at + 1 < len(table.rows) else ()
        keys = {head_key(text) for text in (*row, *below) if text}
        if not where & keys:
            continue
        rates = [rate for text in row if (rate := rate_of_head(text)) is not None]
        # a technology alone may be anything's: only a rate tells a table of broadband
        if any(rate.class_mbit > 0 for rate in rates) or named & {head_key(text) for text in row if text}:
            return True
    return False


def _is_addresses(table: TablePeek) -> bool:
    first = table.rows[0] if table.rows else ()
    return is_headless(list(first)) or has_address_heads(first)


def _is_register(table: TablePeek) -> bool:
    """Persons by age or sex and a place: a table of a registration office in whatever layout."""
    rows = [list(row) for row in table.rows]
    width = max((len(row) for row in rows), default=0)
    head = find_head(Grid("", table.sheet, [row + [""] * (width - len(row)) for row in rows]), {})
    if head is None or not head.values or head.end >= len(rows):
        return False
    aged: Sequence[object] = [v for v in head.values if v.age is not None]
    by_age = len(aged) >= _LEAST_VALUES or "age" in head.keys
    return by_age and bool({"place", "ags", "municipality"} & set(head.keys) or table.sheet)
