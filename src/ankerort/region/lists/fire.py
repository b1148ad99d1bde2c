"""Fire brigade plans (Risikoanalyse): stations with their strength by day and night and their vehicles."""

from __future__ import annotations

import re
from math import isnan

from ankerort.region.lists.common import (
    NOT_GIVEN,
    PLACE_FIELDS,
    PLACE_NEEDED,
    ListContext,
    ListResult,
    list_number,
    number_text,
    place_values,
)
from ankerort.region.lists.heads import Fields, find_list
from ankerort.region.table_files import RawTable
from ankerort.text import say
from ankerort.text.counted import Counted

FIELDS: Fields = {
    "number": ("lfd. Nr.", "laufende Nummer", "Nr."),
    "name": ("Ortsfeuerwehr", "Feuerwehr", "Standort der Feuerwehr", "Feuerwehrhaus", "Name", "Wehr"),
    "day": (
        *("Tagesverfügbarkeit", "Einsatzkräfte tagsüber", "Tagesbereitschaft", "Tagesstärke", "verfügbar tagsüber"),
        *("Stärke tags", "Stärke tagsüber", "tagsüber", "Tag", "werktags 6-18 Uhr"),
    ),
    "night": ("Nachtverfügbarkeit", "Einsatzkräfte nachts", "Stärke nachts", "nachts", "Nacht"),
    "active": (
        "aktive Mitglieder",
        "Aktive",
        "Einsatzkräfte gesamt",
        "Einsatzkräfte",
        "Mitglieder der Einsatzabteilung",
    ),
    "breathing": ("Atemschutzgeräteträger", "AGT", "Atemschutz"),
    "vehicles": ("Fahrzeuge", "Fahrzeug", "Fahrzeugbestand"),
    "condition": ("Gebäudezustand", "Zustand", "Zustandsnote"),
    "note": ("Bemerkung", "Bemerkungen"),
    **PLACE_FIELDS,
}
_WORKS = re.compile(r"werk(s)?feuerwehr", re.IGNORECASE)
_MARK = re.compile(r"[1-5](?:[.,]\d)?")


def read_fire_plan(grid: RawTable, context: ListContext) -> ListResult | None:
    """Stations of one sheet: the strength by day is the capacity; night, members, breathing apparatus and vehicles stand in the note.

    The balance does not weigh the strength: no unit of demand belongs to it. Works' own brigades are left out.
    """
    needed = (("name", "place_name", "district"), PLACE_NEEDED, ("day", "night", "active", "vehicles"))
    table = find_list(grid, FIELDS, given=context.input.columns, needed=needed, problems=context.problems)
    if table is None:
        return None
    result = ListResult(heads={"capacity": table.head("day")})
    for row in table.rows:
        name = row.text("name")
        if _WORKS.search(name):
            result.ignored[say("list.fire.works", "de")] += 1
            continue
        place = place_values(row)
        if not place["place_name"] and not place["lon"] and not place["x"] and not place["ags"]:
            place["place_name"] = re.sub(r"(?i)^(orts)?(feuer)?wehr\s+|^ff\s+", "", name)
        day = list_number(row, "day", table, context.problems)
        notes = []
        for field in ("day", "night", "active", "breathing"):
            number = day if field == "day" else list_number(row, field, table, context.problems)
            if not isnan(number):
                notes.append(say(f"list.fire.{field}", "de", n=Counted(number, "de")))
        vehicles = row.text("vehicles")
        if vehicles.casefold() not in NOT_GIVEN:
            notes.append(say("list.fire.vehicles", "de", vehicles=vehicles))
        notes.append(row.text("note"))
        condition = row.text("condition")
        result.rows.append(
            (
                row.number,
                {
                    "id": context.key(row, grid),
                    "service": "fire_station",
                    "name": name or say("list.fire.name", "de", place=place["place_name"]),
                    **place,
                    "capacity": number_text(day),
                    "capacity_unit": say("list.fire.unit", "de") if not isnan(day) else "",
                    "condition": condition if _MARK.fullmatch(condition) else "",
                    "note": "; ".join(note for note in notes if note),
                },
            )
        )
    return result
