"""The register of public charging points: devices at one site become one facility with the sum of their points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from math import isnan, nan

from ankerort.region.census_presets import PLAUSIBLE_LON_LAT as _GERMANY
from ankerort.region.lists.common import (
    PLACE_FIELDS,
    ListContext,
    ListResult,
    list_number,
    number_text,
    place_values,
)
from ankerort.region.lists.companies import company_or_nothing
from ankerort.region.lists.heads import Fields, ListRow, ListTable, find_list
from ankerort.region.table_files import RawTable
from ankerort.text import say

SERVICE = "ev_charging"
FIELDS: Fields = {
    "id": ("Ladeeinrichtungs-ID",),
    "operator": ("Betreiber",),
    "status": ("Status",),
    "kind": ("Art der Ladeeinrichtung", "Art der Ladeeinrichung"),
    "points": ("Anzahl Ladepunkte",),
    "power": ("Nennleistung Ladeeinrichtung [kW]", "Anschlussleistung"),
    "site": ("Standortbezeichnung",),
    "parking": ("Informationen zum Parkraum",),
    "hours": ("Öffnungszeiten",),
    "weekdays": ("Öffnungszeiten: Wochentage",),
    "times": ("Öffnungszeiten: Tageszeiten",),
    **PLACE_FIELDS,
}
_EXACT = ("id", "operator", "status", "points", "site", "hours", "weekdays", "times", *PLACE_FIELDS)
_NEEDED = (("points",), ("lon", "x", "address", "street"))
_RUNNING = "in betrieb"
_FREE_PARKING = ("", "keine beschränkung", "keine angabe")
_DAYS = {
    "montag": "Mo",
    "dienstag": "Tu",
    "mittwoch": "We",
    "donnerstag": "Th",
    "freitag": "Fr",
    "samstag": "Sa",
    "sonntag": "Su",
}
_TIME = re.compile(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})")


def read_charging_register(grid: RawTable, context: ListContext) -> ListResult | None:
    """Rows of the register (Ladesäulenregister), which stands below some lines of notes.

    One row of the register is a device with one to six points. Devices of one operator at one address or position are
    one site: its capacity is the sum of the points, not known if one of them is not. Devices that are not in operation
    are counted and left out, and what lies outside the project's rectangle. The operator is taken over only if it is surely no
    person.
    """
    table = find_list(
        grid,
        FIELDS,
        given=context.input.columns,
        needed=_NEEDED,
        problems=context.problems,
        headings=False,
        exact=_EXACT,
    )
    if table is None:
        return None
    result = ListResult(heads={"capacity": table.head("points"), "lon": table.head("lon"), "lat": table.head("lat")})
    running: list[tuple[tuple[str, ...], ListRow]] = []
    far = 0
    for row in table.rows:
        if _is_far(row, context.box):
            far += 1
            continue
        status = row.text("status")
        if status and status.casefold() != _RUNNING:
            result.ignored[status] += 1
            continue
        running.append((_site(row), row))
    if far:
        context.problems.add("list_far_away", "note", grid.name, count=far)
    order: dict[tuple[str, ...], int] = {}
    for key, _ in running:
        order.setdefault(key, len(order))
    running.sort(key=lambda item: order[item[0]])
    for _, of_site in groupby(running, key=lambda item: item[0]):
        rows = [row for _, row in of_site]
        result.rows.append((rows[0].number, _facility(rows, table, grid, context)))
    return result


def _is_far(row: ListRow, box: tuple[float, float, float, float] | None) -> bool:
    """Whether a row lies surely outside; one whose position cannot be read stays, so that it is reported."""
    if box is None:
        return False
    try:
        lon, lat = (float(row.text(name).replace(",", ".")) for name in ("lon", "lat"))
    except ValueError:
        return False
    west, south, east, north = box
    # swapped or impossible positions are faults that somebody has to see
    plausible = _GERMANY[0] <= lon <= _GERMANY[2] and _GERMANY[1] <= lat <= _GERMANY[3]
    return plausible and not (west <= lon <= east and south <= lat <= north)


def _site(row: ListRow) -> tuple[str, ...]:
    """What tells one site from another: the operator and the address, or the position where there is none."""
    operator = row.text("operator").casefold()
    address = (row.text("postcode"), row.text("place_name"), row.text("street"), row.text("house_number"))
    if row.text("street") and row.text("postcode"):
        return (operator, *(part.casefold() for part in address))
    return (operator, row.text("lon"), row.text("lat"), row.text("address").casefold())


def _facility(rows: Sequence[ListRow], table: ListTable, grid: RawTable, context: ListContext) -> dict[str, str]:
    points = [list_number(row, "points", table, context.problems, zero_words=False) for row in rows]
    powers = [_power(row) for row in rows]
    first = rows[0]
    hours = {charging_hours(row.text("hours"), row.text("weekdays"), row.text("times")) for row in rows}
    return {
        "service": SERVICE,
        "id": first.text("id") or context.key(first, grid),
        "name": first.text("site"),
        **place_values(first),
        "operator": company_or_nothing(first.text("operator")),
        "opening_hours": hours.pop() if len(hours) == 1 else "",
        "capacity": number_text(sum(points)),
        "note": _note(rows, [p for p in powers if not isnan(p)]),
    }


def _power(row: ListRow) -> float:
    text = row.text("power").replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return nan


def _note(rows: Sequence[ListRow], powers: Sequence[float]) -> str:
    parts = []
    if powers:
        parts.append(say("list.charging.power", "de", power_kw=number_text(max(powers)).replace(".", ",")))
    limits = dict.fromkeys(row.text("parking") for row in rows)
    parts += [limit for limit in limits if limit.casefold() not in _FREE_PARKING]
    return "; ".join(parts)


def charging_hours(hours: str, weekdays: str, times: str) -> str:
    """Opening hours in OSM's syntax; empty where nothing is given or the days and times do not pair.

    Parameters
    ----------
    hours
        ``247`` = always.
    weekdays, times
        Lists separated by semicolons, a time for each day.
    """
    if hours.replace("/", "").strip() == "247":
        return "24/7"
    days = [part.strip().casefold() for part in weekdays.split(";") if part.strip()]
    spans = [part.strip() for part in times.split(";") if part.strip()]
    if not days or len(days) != len(spans) or any(day not in _DAYS for day in days):
        return ""
    rules: list[str] = []
    for day, span in zip(days, spans, strict=True):
        match = _TIME.fullmatch(span)
        if match is None:
            return ""
        end = "24:00" if match[2] in ("23:59", "00:00", "0:00") else match[2]
        rules.append(f"{_DAYS[day]} {match[1].zfill(5)}-{end.zfill(5)}")
    if len(rules) == len(_DAYS) and all(rule.endswith(" 00:00-24:00") for rule in rules):
        return "24/7"
    return "; ".join(rules)
