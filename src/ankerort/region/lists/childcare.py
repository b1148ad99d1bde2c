"""Kita plans: places by licence and occupied, under 3, from 3 on and Hort, become day care and after-school care."""

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
    place_values,
    wheelchair_word,
)
from ankerort.region.lists.companies import company_or_nothing
from ankerort.region.lists.heads import Fields, ListRow, ListTable, find_list
from ankerort.region.table_cells import parse_day
from ankerort.region.table_files import RawTable
from ankerort.text import say

FIELDS: Fields = {
    "number": ("lfd. Nr.", "laufende Nummer", "Nr."),
    "name": ("Name der Einrichtung", "Einrichtung", "Kita", "Kindertageseinrichtung", "Bezeichnung", "Name"),
    "kind": ("Art der Einrichtung", "Einrichtungsart", "Betreuungsform", "Art"),
    "operator": ("Träger", "Träger der Einrichtung"),
    "licensed": (
        *("Plätze laut Betriebserlaubnis", "Plätze lt. BE", "Betriebserlaubnis", "Kapazität laut BE", "Kapazität"),
        *("genehmigte Plätze", "Plätze gesamt", "Plätze insgesamt", "Gesamtkapazität", "Plätze"),
    ),
    "under_3": (
        *("Plätze U3", "U3", "Krippe", "Krippenplätze", "Plätze unter 3 Jahre", "unter 3 Jahre", "0 - 3 Jahre"),
        *("Betriebserlaubnis U3", "Kapazität U3"),
    ),
    "from_3": (
        *("Plätze Ü3", "Ü3", "Kindergarten", "Kindergartenplätze", "Plätze über 3 Jahre", "ab 3 Jahre", "3 - 6 Jahre"),
        *("Betriebserlaubnis Ü3", "Kapazität Ü3", "3 Jahre bis Schuleintritt"),
    ),
    "after_school": ("Plätze Hort", "Hort", "Hortplätze", "Schulkinder", "Betriebserlaubnis Hort", "Kapazität Hort"),
    "occupied": (
        *("belegte Plätze", "belegt", "Belegung", "betreute Kinder", "Belegung gesamt", "belegt gesamt"),
        *("belegt insgesamt", "Ist-Belegung", "angemeldete Kinder"),
    ),
    "occupied_under_3": ("belegt U3", "Belegung U3", "Kinder U3", "belegte Plätze U3", "betreute Kinder U3"),
    "occupied_from_3": ("belegt Ü3", "Belegung Ü3", "Kinder Ü3", "belegte Plätze Ü3", "betreute Kinder Ü3"),
    "occupied_after_school": (
        *("belegt Hort", "Belegung Hort", "Kinder Hort", "belegte Plätze Hort", "betreute Kinder Hort"),
    ),
    "day": ("Stichtag", "Stand"),
    "wheelchair": ("barrierefrei", "Barrierefreiheit"),
    "opening_hours": ("Öffnungszeiten",),
    "note": ("Bemerkung", "Bemerkungen", "Hinweis"),
    **PLACE_FIELDS,
}
_NEEDED = (("name",), ("licensed", "under_3", "from_3", "after_school"), PLACE_NEEDED)
# People who look after children at home are persons; the catalogue has no such service.
_CHILDMINDER = re.compile(
    r"kindertagespflege|tagesmutter|tagesvater|tagespflegeperson|tagespflegestelle", re.IGNORECASE
)
GROUPS = ("under_3", "from_3", "after_school")


def read_childcare(grid: RawTable, context: ListContext) -> ListResult | None:
    """Rows of one sheet of a Kita plan.

    A house is day care with the places under 3 and from 3 on, and after-school care with those of the Hort: two services of
    one object. The licence's total fills what a group leaves open; a group that stays open leaves its service's capacity
    unknown. Childminders are left out: they are persons.
    """
    table = find_list(grid, FIELDS, given=context.input.columns, needed=_NEEDED, problems=context.problems)
    if table is None:
        return None
    result = ListResult(heads={"capacity": table.head("licensed")})
    for row in table.rows:
        if _CHILDMINDER.search(f"{row.text('kind')} {row.text('name')}"):
            result.ignored[say("list.childcare.childminder", "de")] += 1
            continue
        _add(row, table, grid, context, result)
    return result


def _add(row: ListRow, table: ListTable, grid: RawTable, context: ListContext, result: ListResult) -> None:
    key = context.key(row, grid)
    places = {name: list_number(row, name, table, context.problems) for name in (*GROUPS, "licensed")}
    taken = {name: list_number(row, f"occupied_{name}", table, context.problems) for name in GROUPS}
    taken["all"] = list_number(row, "occupied", table, context.problems)
    _check_total(row, table, places, context)
    only_hort = "hort" in row.text("kind").casefold() and "kita" not in row.text("kind").casefold()
    care, hort = _capacities(places, only_hort=only_hort or _is_hort(row, places))
    common = {
        "id": key,
        "name": row.text("name"),
        **place_values(row),
        "operator": company_or_nothing(row.text("operator")),
        "opening_hours": row.text("opening_hours"),
        "wheelchair": wheelchair_word(row.text("wheelchair")),
        "note": "; ".join(part for part in (_note(places, taken), row.text("note")) if part),
    }
    services = []
    if care is not None:
        services.append(("kindergarten", care))
    if hort is not None:
        services.append(("after_school", hort))
    for service, capacity in services:
        result.rows.append((row.number, {"service": service, **common, "capacity": number_text(capacity)}))
    _occupancy(row, grid, context, result, key, dict(services), places, taken)


def _is_hort(row: ListRow, places: dict[str, float]) -> bool:
    """A house called Hort that has no places of other groups."""
    others = [places["under_3"], places["from_3"]]
    return bool(re.match(r"(?i)\s*(schul)?hort\b", row.text("name"))) and all(isnan(n) or n == 0 for n in others)


def _check_total(row: ListRow, table: ListTable, places: dict[str, float], context: ListContext) -> None:
    parts = [places[name] for name in GROUPS]
    known = [n for n in parts if not isnan(n)]
    complete = len(known) == len(parts)
    total = places["licensed"]
    if isnan(total) or not known:
        return
    if sum(known) > total or (complete and sum(known) != total):
        list_problem(
            context.problems, "list_places_sum", "warning", table, row, "licensed",
            total=number_text(total), groups=number_text(sum(known)),
        )  # fmt: skip


def _capacities(places: dict[str, float], *, only_hort: bool) -> tuple[float | None, float | None]:
    """Places of day care and of the Hort: None = has no such service, NaN = has it, number not known."""
    under, over, hort, total = (places[name] for name in (*GROUPS, "licensed"))
    if only_hort:
        return None, total if isnan(hort) else hort
    own_hort = None if isnan(hort) or hort == 0 else hort
    given = [n for n in (under, over) if not isnan(n)]
    if len(given) == 2:
        care = under + over
    elif not isnan(total):
        care = max(total - (own_hort or 0.0), 0.0)
    else:
        care = nan
    if care == 0:
        return None, own_hort
    if own_hort is None and isnan(hort) and len(given) == 2 and total > care:
        own_hort = total - care  # what the licence has beyond both groups
    return care, own_hort


def _note(places: dict[str, float], taken: dict[str, float]) -> str:
    parts = []
    for name in GROUPS:
        if not isnan(places[name]) and places[name] > 0:
            label = say(f"list.childcare.{name}", "de")
            if isnan(taken[name]):
                parts.append(say("list.childcare.places", "de", group=label, places=number_text(places[name])))
            else:
                parts.append(
                    say(
                        "list.childcare.places_taken", "de",
                        group=label, places=number_text(places[name]), taken=number_text(taken[name]),
                    )
                )  # fmt: skip
    if not isnan(taken["all"]):
        parts.append(say("list.childcare.taken", "de", taken=number_text(taken["all"])))
    return "; ".join(parts)


def _occupancy(
    row: ListRow,
    grid: RawTable,
    context: ListContext,
    result: ListResult,
    key: str,
    services: dict[str, float],
    places: dict[str, float],
    taken: dict[str, float],
) -> None:
    day = parse_day(row.text("day")) or context.input.date
    year = int(day[:4]) if day[:4].isdigit() else 0
    ref = f"{grid.sheet}:{row.number}" if grid.sheet else str(row.number)
    main = "kindergarten" if "kindergarten" in services else "after_school"
    lines = [(("after_school" if name == "after_school" else "kindergarten"), name) for name in GROUPS]
    values = [(service, name, places[name], taken[name]) for service, name in lines if service in services]
    values.append((main, "all", places["licensed"], taken["all"]))
    for service, group, offered, used in values:
        if isnan(offered) and isnan(used):
            continue
        result.occupancy.append(
            {
                "facility_id": context.facility_id(service, key),
                "year": year,
                "period": day,
                "group": group,
                "places": offered,
                "occupied": used,
                "source_id": context.input.source_id,
                "source_ref": ref,
            }
        )
