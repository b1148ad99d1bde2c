"""Stops of a local transport plan (Nahverkehrsplan): name, place, lines, and whether they are step-free."""

from __future__ import annotations

import re

from ankerort.region.lists.common import (
    NOT_GIVEN,
    PLACE_FIELDS,
    PLACE_NEEDED,
    ListContext,
    ListResult,
    place_values,
    wheelchair_word,
)
from ankerort.region.lists.heads import Fields, find_list, head_key
from ankerort.region.table_files import RawTable
from ankerort.text import say

FIELDS: Fields = {
    "number": ("lfd. Nr.", "laufende Nummer", "Nr."),
    "stop_id": ("DHID", "Haltestellen-ID", "IFOPT", "Haltestellennummer"),
    "name": ("Haltestelle", "Haltestellenname", "Name der Haltestelle", "Haltestellenbezeichnung", "Name"),
    "lines": ("Linien", "Linie", "Liniennummern", "bediente Linien", "Buslinien"),
    "wheelchair": (
        *("barrierefrei", "Barrierefreiheit", "barrierefrei ausgebaut", "Ausbauzustand", "Ausbaustand barrierefrei"),
        *("stufenfrei", "Zustand Barrierefreiheit"),
    ),
    "kind": ("Art", "Haltestellenart", "Verkehrsmittel"),
    "note": ("Bemerkung", "Bemerkungen"),
    **PLACE_FIELDS,
}
_NOT_SERVED = re.compile(r"aufgehoben|entfällt|stillgelegt|außer betrieb", re.IGNORECASE)


def read_transport_stops(grid: RawTable, context: ListContext) -> ListResult | None:
    """Stops of one sheet; poles of one name in one place are one stop, step-free as the least of them.

    The name takes its place in front, as timetables write it, so that the row joins the stop of the timetable. A row without a
    position is probable only: it proves no stop at the centre of its place.
    """
    needed = (("name",), PLACE_NEEDED)
    table = find_list(grid, FIELDS, given=context.input.columns, needed=needed, problems=context.problems)
    if table is None:
        return None
    result = ListResult(heads={"wheelchair": table.head("wheelchair")})
    found: dict[tuple[str, str], dict[str, str]] = {}
    first: dict[tuple[str, str], int] = {}
    for row in table.rows:
        if _NOT_SERVED.search(f"{row.text('note')} {row.text('kind')}"):
            result.ignored[say("list.stop.not_served", "de")] += 1
            continue
        place = place_values(row)
        name = _with_place(row.text("name"), place["place_name"])
        rail = (
            re.search(r"bahn|zug|spnv|schiene", row.text("kind").casefold())
            and "straßenbahn" not in row.text("kind").casefold()
        )
        service = "rail_station" if rail else "bus_stop"
        key = (service, head_key(name))
        lines = row.text("lines")
        wheelchair = wheelchair_word(row.text("wheelchair"))
        if key in found:
            one = found[key]
            one["wheelchair"] = _least(one["wheelchair"], wheelchair)
            one["lines"] = ", ".join(
                dict.fromkeys(part for part in (*one["lines"].split(", "), *_split(lines)) if part)
            )
            continue
        first[key] = row.number
        located = any(place[c] for c in ("lon", "x"))
        found[key] = {
            "id": context.key(row, grid),
            "service": service,
            "name": name,
            **place,
            "certainty": "" if located else "probable",
            "wheelchair": wheelchair,
            "lines": ", ".join(_split(lines)),
            "note": row.text("note"),
        }
    for key, values in found.items():
        lines = values.pop("lines")
        told = say("list.stop.lines", "de", lines=lines) if lines else ""
        values["note"] = "; ".join(part for part in (told, values["note"]) if part)
        result.rows.append((first[key], values))
    return result


def _with_place(name: str, place: str) -> str:
    return name if not place or head_key(place) in head_key(name) else f"{place}, {name}"


def _split(lines: str) -> list[str]:
    if lines.casefold() in NOT_GIVEN:
        return []
    return [part.strip().removesuffix(".0") for part in re.split(r"[,;/\n]|\s{2,}", lines) if part.strip()]


def _least(one: str, other: str) -> str:
    """Both poles alike say it of the stop; of different ones at most a part is step-free; with an unknown one it is not known."""
    if one == other:
        return one
    return "teilweise" if one and other else ""
