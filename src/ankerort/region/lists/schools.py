"""School development plans: schools with pupils by grade and year, and the places that belong to a school."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan, nan

from ankerort.region.facility_presets import IGNORED
from ankerort.region.lists.common import (
    NOT_GIVEN,
    PLACE_FIELDS,
    PLACE_NEEDED,
    ListContext,
    ListResult,
    first_match,
    list_number,
    number_text,
    own_service,
    place_values,
    wheelchair_word,
)
from ankerort.region.lists.companies import company_or_nothing
from ankerort.region.lists.heads import Fields, ListRow, ListTable, find_list
from ankerort.region.table_cells import parse_number
from ankerort.region.table_files import RawTable
from ankerort.text import say
from ankerort.text.counted import Counted

# Kind or name of a school (lower case) -> service; the first that is found counts. The user's `service_map` goes before.
SERVICE_OF_SCHOOL: tuple[tuple[str, str], ...] = (
    (r"förder|sonderschul|\bfös\b|\blb-?schule", "special_school"),
    (r"berufs|\bbbs\b", "vocational_school"),
    (r"musikschule|volkshochschule|\bvhs\b", "adult_music_school"),
    (r"gymnasi|\bgym\b", "grammar_school"),
    (r"grundschul|\bgs\b|primar", "primary_school"),
    (
        r"sekundar|\bsks\b|\bseks\b|gemeinschaftssch|gesamtschul|\bigs\b|\bkgs\b|oberschul|regelschul|realschul|"
        r"hauptschul|mittelschul|werkreal|regionale schule",
        "secondary_school",
    ),
)
FIELDS: Fields = {
    "number": ("lfd. Nr.", "laufende Nummer"),
    "name": ("Name der Schule", "Schulname", "Schule", "Bezeichnung", "Einrichtung"),
    "kind": ("Schulform", "Schulart", "Schultyp"),
    "operator": ("Schulträger", "Träger"),
    "capacity": (
        *("Schülerkapazität", "Aufnahmekapazität", "Kapazität", "Schülerplätze", "maximale Schülerzahl", "Plätze"),
    ),
    "year": ("Schuljahr", "Jahr"),
    "grade": ("Klassenstufe", "Klasse", "Jahrgangsstufe", "Jahrgang", "Schuljahrgang"),
    "pupils": ("Schülerzahl", "Schüler", "Anzahl Schüler", "Schülerinnen und Schüler", "SuS"),
    "district_places": ("Schulbezirk", "Schuleinzugsbereich", "Einzugsbereich", "Einzugsgebiet"),
    "wheelchair": ("barrierefrei", "Barrierefreiheit"),
    "note": ("Bemerkung", "Bemerkungen"),
    **PLACE_FIELDS,
}
_EXACT = ("year", "grade", "pupils", "name")
_YEAR = re.compile(r"\b(20\d\d)\s*(?:[/–-]\s*(\d{4}|\d{2}))?(?!\d)")
_GRADE = re.compile(
    r"(?:kl(?:asse|assenstufe|\.)?|jg\.?|jahrgang|stufe)\s*\.?\s*(\d{1,2})\b|\b(\d{1,2})\.\s*(?:kl|j)|\s(\d{1,2})$"
)
_ALL = re.compile(r"gesamt|summe|insgesamt|schüler|∑", re.IGNORECASE)
_SCHOOL_YEAR_STARTS = 8  # month
_SPLIT = re.compile(r"\s*[,;\n/]\s*|\s+und\s+")


@dataclass
class _School:
    row: ListRow
    key: str
    service: str
    capacity: float = nan
    pupils: dict[tuple[int, str, str], float] = field(default_factory=dict)  # (year, period, group)


def read_school_plan(grid: RawTable, context: ListContext) -> ListResult | None:
    """Schools of one sheet: wide (years and grades side by side) or long (one row per school, year and grade).

    The capacity is that of the plan; pupils are kept by year and grade in the table of occupancy, their present number stands
    in the note. A column with the places of the school's district assigns these places to it.
    """
    table = find_list(
        grid,
        FIELDS,
        given=context.input.columns,
        needed=(("name",), PLACE_NEEDED),
        problems=context.problems,
        also_head=_YEAR,
        exact=_EXACT,
    )
    if table is None:
        return None
    wide = [(at, slot) for at, head in table.others() if (slot := _slot(head)) is not None]
    result = ListResult(heads={"capacity": table.head("capacity")})
    schools: dict[tuple[str, ...], _School] = {}
    above = ""
    for row in table.rows:
        name = row.text("name") or above
        above = name
        place = place_values(row)
        service = school_service(row.text("kind"), name, grid.sheet, context)
        if service == IGNORED:
            result.ignored[row.text("kind") or name] += 1
            continue
        school = schools.setdefault((service, name), _School(row, context.key(row, grid), service))
        capacity = list_number(row, "capacity", table, context.problems, zero_words=False)
        school.capacity = capacity if isnan(school.capacity) else school.capacity
        _add_pupils(school, row, table, wide, context)
        _add_district(row, name, place, service, grid, context, result)
    for (service, name), school in schools.items():
        _add_school(school, service, name, grid, context, result)
    return result


def school_service(kind: str, name: str, sheet: str, context: ListContext) -> str:
    """Service of a school by the option ``service``, its kind, its name, the sheet's name; ``IGNORED`` if none tells."""
    given = str(context.input.options.get("service", ""))
    if given:
        return given
    for text in (kind, name, sheet):
        own = own_service(text, context)
        found = own if own is not None else first_match(text, SERVICE_OF_SCHOOL)
        if found is not None:
            return found
    return IGNORED


def school_year(text: str) -> tuple[int, str] | None:
    """Year in which a school year begins, and how it is written: ``2024/25``; None if there is none."""
    found = _YEAR.search(text)
    if found is None:
        return None
    year = int(found[1])
    return year, f"{year}/{(year + 1) % 100:02d}"


def _slot(head: str) -> tuple[int, str, str] | None:
    """(year, period, group) of a head such as ``Schuljahr 2024/25 Klasse 1``, ``Klasse 1`` (year 0) or ``2024/25``."""
    year = school_year(head)
    rest = _YEAR.sub("", head.casefold())
    found = _GRADE.search(rest)
    if found:
        number = next(n for n in found.groups() if n)
        group = f"grade_{int(number)}" if 1 <= int(number) <= 13 else ""
    else:
        group = "all" if _ALL.search(rest) or year is not None else ""
    if not group:
        return None
    return (*(year or (0, "")), group)


def _add_pupils(
    school: _School,
    row: ListRow,
    table: ListTable,
    wide: list[tuple[int, tuple[int, str, str]]],
    context: ListContext,
) -> None:
    own_year = (
        school_year(row.text("year")) or school_year(context.input.date and _of_date(context.input.date)) or (0, "")
    )
    for at, (year, period, group) in wide:
        text = row.cells[at].strip()
        number = _pupils(text)
        if number is None:
            context.problems.add(
                "list_number", "warning", table.name, row=row.number, column=table.heads[at], value=text
            )
            continue
        slot = (year, period, group) if year else (*own_year, group)
        if not isnan(number):
            school.pupils[slot] = number
    if table.has("pupils") and not any(group == "all" and not year for _, (year, _, group) in wide):
        number = list_number(row, "pupils", table, context.problems)
        found = re.search(r"\d{1,2}", row.text("grade"))
        group = f"grade_{int(found[0])}" if found else "all"
        if not isnan(number):
            school.pupils[(*own_year, group)] = number


def _pupils(text: str) -> float | None:
    """Number of a cell; NaN where nothing is given; None if it is no number."""
    if text.casefold() in NOT_GIVEN:
        return nan
    if text in ("-", "–", "—"):
        return 0.0
    number = parse_number(text)
    return None if number is None or number < 0 else number


def _of_date(date: str) -> str:
    year = int(date[:4])
    return str(year if int(date[5:7] or 1) >= _SCHOOL_YEAR_STARTS else year - 1)


def _add_district(
    row: ListRow,
    name: str,
    place: Mapping[str, str],
    service: str,
    grid: RawTable,
    context: ListContext,
    result: ListResult,
) -> None:
    for text in _SPLIT.split(row.text("district_places")):
        if text and text.casefold() not in NOT_GIVEN:
            result.assigned.append(assigned_row(text, place["ags"], name, service, row, grid, context))


def assigned_row(
    place: str, ags: str, school: str, service: str, row: ListRow, grid: RawTable, context: ListContext
) -> dict[str, object]:
    """One row of a table of school districts."""
    return {
        "service": service,
        "place_name": place,
        "ags": ags,
        "school": school,
        "source_id": context.input.source_id,
        "source_ref": f"{grid.sheet}:{row.number}" if grid.sheet else str(row.number),
        "source_date": context.input.date,
    }


def _add_school(
    school: _School, service: str, name: str, grid: RawTable, context: ListContext, result: ListResult
) -> None:
    row = school.row
    _add_sums(school.pupils)
    now = _present(school.pupils, context.input.date)
    notes = []
    if now is not None:
        year, period = now
        count = Counted(school.pupils[year, period, "all"], "de")
        notes.append(say("list.school.pupils" if period else "list.school.pupils_undated", "de", n=count, year=period))
    notes.append(row.text("note"))
    result.rows.append(
        (
            row.number,
            {
                "id": school.key,
                "service": service,
                "name": name,
                **place_values(row),
                "operator": company_or_nothing(row.text("operator")),
                "capacity": number_text(school.capacity),
                "wheelchair": wheelchair_word(row.text("wheelchair")),
                "note": "; ".join(note for note in notes if note),
            },
        )
    )
    for (year, period, group), number in sorted(school.pupils.items()):
        result.occupancy.append(
            {
                "facility_id": context.facility_id(service, school.key),
                "year": year,
                "period": period,
                "group": group,
                "places": school.capacity if group == "all" and (year, period) == now else nan,
                "occupied": number,
                "source_id": context.input.source_id,
                "source_ref": f"{grid.sheet}:{row.number}" if grid.sheet else str(row.number),
            }
        )


def _add_sums(pupils: dict[tuple[int, str, str], float]) -> None:
    """The school's total of each year where the plan gives only grades."""
    for year, period in sorted({(year, period) for year, period, _ in pupils}):
        if (year, period, "all") not in pupils:
            pupils[year, period, "all"] = sum(n for (y, p, _), n in list(pupils.items()) if (y, p) == (year, period))


def _present(pupils: Mapping[tuple[int, str, str], float], date: str) -> tuple[int, str] | None:
    """The school year of the plan's date, else the last one before it; without a date the first one of the plan."""
    years = sorted({(year, period) for year, period, _ in pupils})
    if not years:
        return None
    if not date:
        return years[0]
    begins = int(_of_date(date))
    return next((slot for slot in reversed(years) if slot[0] <= begins), years[0])
