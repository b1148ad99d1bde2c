"""Lists of care providers: home care, day care of old people, nursing homes, assisted living, advice."""

from __future__ import annotations

import re
from math import isnan, nan

from ankerort.region.lists.common import (
    PLACE_FIELDS,
    PLACE_NEEDED,
    ListContext,
    ListResult,
    list_number,
    list_problem,
    number_text,
    own_service,
    place_values,
    wheelchair_word,
)
from ankerort.region.lists.companies import company_or_nothing
from ankerort.region.lists.heads import Fields, ListRow, ListTable, find_list
from ankerort.region.table_files import RawTable
from ankerort.text import say

FIELDS: Fields = {
    "number": ("lfd. Nr.", "laufende Nummer", "Nr."),
    "name": (
        *("Name der Einrichtung", "Einrichtung", "Name des Pflegedienstes", "Pflegeeinrichtung", "Pflegedienst"),
        *("Anbieter", "Bezeichnung", "Name"),
    ),
    "kind": (
        *("Art der Einrichtung", "Einrichtungsart", "Versorgungsform", "Angebotsform", "Leistungsart", "Angebot"),
        *("Pflegeart", "Art der Pflege", "Art", "Leistung"),
    ),
    "operator": ("Träger der Einrichtung", "Träger"),
    "places": ("Plätze", "Anzahl Plätze", "Platzzahl", "Kapazität", "Plätze gesamt", "Zahl der Plätze"),
    "places_home": (
        *("Plätze vollstationär", "vollstationäre Plätze", "vollstationär", "Dauerpflege", "Plätze Dauerpflege"),
        *("Pflegeheimplätze", "Plätze Pflegeheim"),
    ),
    "places_day": ("Plätze Tagespflege", "Tagespflegeplätze", "Tagespflege", "teilstationär", "Plätze teilstationär"),
    "places_short": ("Plätze Kurzzeitpflege", "Kurzzeitpflegeplätze", "Kurzzeitpflege"),
    "flats": ("Wohnungen", "Wohneinheiten", "Anzahl Wohnungen"),
    "area": ("Einzugsgebiet", "Einzugsbereich", "Versorgungsgebiet"),
    "wheelchair": ("barrierefrei", "Barrierefreiheit"),
    "opening_hours": ("Öffnungszeiten", "Sprechzeiten"),
    "note": ("Bemerkung", "Bemerkungen", "Hinweis"),
    **PLACE_FIELDS,
}
_NEEDED = (("name",), PLACE_NEEDED)
_CHILDREN = re.compile(r"kindertagespflege|kinderpflege|tagesmutter|tagesvater", re.IGNORECASE)
# What is looked for in the kind of a row, else in its name; a house may be several of them.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "home_care",
        re.compile(
            r"ambulant\w*\s+(kranken|pflege|alten)|^\s*ambulant\w*\s*$|pflegedienst|sozialstation"
            r"|häusliche\s+(kranken|pflege|alten)",
            re.I,
        ),
    ),
    ("day_care_elderly", re.compile(r"tagespflege|teilstationär", re.I)),
    (
        "nursing_home",
        re.compile(r"pflegeheim|vollstationär|dauerpflege|seniorenheim|altenheim|alten- und pflege", re.I),
    ),
    ("assisted_living", re.compile(r"betreutes wohnen|betreute wohn|servicewohnen|service-wohnen", re.I)),
    ("care_advice", re.compile(r"pflegeberatung|pflegestützpunkt|sozialberatung", re.I)),
)
_SERVICES = tuple(service for service, _ in _KINDS)
_PLACES = {"day_care_elderly": "places_day", "nursing_home": "places_home", "assisted_living": "flats"}
# What "places" may count; home care and advice have none.
_WITH_PLACES = ("day_care_elderly", "nursing_home", "assisted_living")


def read_care_providers(grid: RawTable, context: ListContext) -> ListResult | None:
    """Rows of one sheet of a list of care providers.

    The kind of a row says its services, without such a column or word its name; columns of places by kind add the services
    that they have places for. A house with several services is one object. ``Plätze`` counts for the only service that has
    places; with several and no columns by kind their capacities are not known. Tagespflege is the day care of old people;
    Kindertagespflege is left out. Kurzzeitpflege and Nachtpflege alone are no service of the catalogue.
    """
    table = find_list(grid, FIELDS, given=context.input.columns, needed=_NEEDED, problems=context.problems)
    if table is None:
        return None
    result = ListResult(heads={"capacity": table.head("places")})
    for row in table.rows:
        text = f"{row.text('kind')} {row.text('name')}"
        if _CHILDREN.search(text):
            result.ignored[say("list.care.children", "de")] += 1
            continue
        places = {service: _places(row, head, table, context) for service, head in _PLACES.items()}
        services = _services(row, places, context)
        if not services:
            result.ignored[row.text("kind") or row.heading or say("list.care.no_kind", "de")] += 1
            continue
        _add(row, services, places, table, grid, context, result)
    return result


def care_services(text: str) -> tuple[str, ...]:
    """Services that a description of a care provider names, in the order of the catalogue."""
    return tuple(service for service, pattern in _KINDS if pattern.search(text))


def _services(row: ListRow, places: dict[str, float], context: ListContext) -> list[str]:
    own = own_service(row.text("kind"), context)
    if own is not None:
        return [own] if own else []
    named = care_services(row.text("kind")) or care_services(row.heading) or care_services(row.text("name"))
    by_places = [service for service, number in places.items() if number > 0]
    return [service for service in _SERVICES if service in named or service in by_places]


def _places(row: ListRow, head: str, table: ListTable, context: ListContext) -> float:
    return list_number(row, head, table, context.problems) if table.has(head) else nan


def _add(
    row: ListRow,
    services: list[str],
    places: dict[str, float],
    table: ListTable,
    grid: RawTable,
    context: ListContext,
    result: ListResult,
) -> None:
    total = _places(row, "places", table, context)
    countable = [service for service in services if service in _WITH_PLACES]
    short = _places(row, "places_short", table, context)
    if not isnan(total) and len(countable) > 1 and all(isnan(places[service]) for service in countable):
        list_problem(
            context.problems, "list_care_places_shared", "warning", table, row, "places", places=number_text(total)
        )
    notes = [
        say("list.care.short", "de", places=number_text(short)) if short > 0 else "",
        say("list.care.area", "de", area=row.text("area")) if row.text("area") else "",
        row.text("note"),
    ]
    common = {
        "id": context.key(row, grid),
        "name": row.text("name"),
        **place_values(row),
        "operator": company_or_nothing(row.text("operator")),
        "opening_hours": row.text("opening_hours"),
        "wheelchair": wheelchair_word(row.text("wheelchair")),
        "note": "; ".join(note for note in notes if note),
    }
    for service in services:
        capacity = places.get(service, nan)
        if isnan(capacity) and countable == [service]:
            capacity = total
        result.rows.append((row.number, {"service": service, **common, "capacity": number_text(capacity)}))
