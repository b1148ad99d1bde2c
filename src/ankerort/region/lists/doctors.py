"""Doctors' lists of the associations of doctors: one row per doctor becomes one facility per practice and service."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ankerort.region.facility_presets import IGNORED
from ankerort.region.lists.common import (
    NOT_GIVEN,
    PLACE_FIELDS,
    PLACE_NEEDED,
    ListContext,
    ListResult,
    first_match,
    list_problem,
    number_text,
    own_service,
    place_values,
    wheelchair_word,
)
from ankerort.region.lists.heads import Fields, ListRow, ListTable, find_list, head_key
from ankerort.region.lists.practice_names import names_no_person, plain_words
from ankerort.region.lists.specialties import GENERAL_CARE, SERVICE_OF_FIELD
from ankerort.region.table_cells import parse_number
from ankerort.region.table_files import RawTable
from ankerort.text import say
from ankerort.text.counted import Counted

FIELDS: Fields = {
    "number": ("lfd. Nr.", "laufende Nummer"),
    "practice_id": ("BSNR", "Betriebsstättennummer", "Betriebsstätten-Nr.", "Praxis-ID", "Praxisnummer"),
    "name": ("Praxisname", "Name der Praxis", "Praxisbezeichnung", "Einrichtung", "Praxis"),
    "doctor": (
        *("Name des Arztes", "Name der Ärztin / des Arztes", "Arzt", "Ärztin/Arzt", "Nachname", "Name, Vorname"),
        *("Titel, Name", "Name"),
    ),
    "first_name": ("Vorname",),
    "field": (
        *("Fachgebiet", "Fachgruppe", "Arztgruppe", "Facharztbezeichnung", "Fachrichtung", "Gebietsbezeichnung"),
        *("Facharzt für", "Gebiet"),
    ),
    "care": ("Versorgungsbereich", "Versorgungsebene"),
    "seats": (
        *("Versorgungsauftrag", "Umfang des Versorgungsauftrags", "Tätigkeitsumfang", "Zulassungsumfang"),
        *("Anrechnungsfaktor", "Anteil Arztsitz", "Arztsitze", "Sitze", "Umfang"),
    ),
    "branch": (
        *("Art der Betriebsstätte", "Betriebsstättenart", "Haupt- / Nebenbetriebsstätte", "Zweigpraxis", "Praxisart"),
        *("Praxisform",),
    ),
    "wheelchair": ("barrierefrei", "Barrierefreiheit", "rollstuhlgerecht"),
    "opening_hours": ("Sprechzeiten", "Öffnungszeiten"),
    **PLACE_FIELDS,
}
_NEEDED = (("field",), PLACE_NEEDED)
_BRANCH = re.compile(r"zweig|neben|filial|^(ja|x)$", re.IGNORECASE)
_WORDS_OF_SEATS = (
    (r"drei ?viertel|¾", 0.75),
    (r"halb|hälfte|½|1/2", 0.5),
    (r"viertel|¼|1/4", 0.25),
    (r"voll|ganz", 1.0),
)
_PARTS = re.compile(r"^(\d)\s*/\s*(\d)$")
_MOST_SEATS = 1.5  # of one doctor; more is a slip or another unit
_PERCENT_FROM = 5.0  # 50 is half a seat where somebody forgot the sign


@dataclass
class _Practice:
    service: str
    key: str
    first: ListRow
    place: dict[str, str]
    names: list[str] = field(default_factory=list)
    wheelchair: str = ""
    opening_hours: str = ""
    doctors: int = 0
    branch: bool = False
    seats: list[float] = field(default_factory=list)


def read_doctors(grid: RawTable, context: ListContext) -> ListResult | None:
    """Rows of the doctors of one sheet as practices: capacity = sum of the seats, no name of a person.

    Doctors of one service are one practice if the list gives them the same number of practice, else if they have the same
    address; without either each row is a practice of its own. Where the seats of one of its doctors are not known, those
    of the practice are not known either.
    """
    table = find_list(grid, FIELDS, given=context.input.columns, needed=_NEEDED, problems=context.problems)
    if table is None:
        return None
    result = ListResult(heads={"capacity": table.head("seats")})
    practices: dict[tuple[str, ...], _Practice] = {}
    persons: set[str] = set()
    places: set[str] = set()
    for row in table.rows:
        persons |= plain_words(f"{row.text('doctor')} {row.text('first_name')}")
        place = place_values(row)
        places |= plain_words(f"{place['place_name']} {row.text('place_name')}")
        service = _service(row, context)
        if service == IGNORED:
            result.ignored[row.text("field")] += 1
            continue
        practice = practices.setdefault(
            _practice_key(row, place, service),
            _Practice(service, context.key(row, grid), row, place),
        )
        _add(practice, row, table, context)
    for practice in practices.values():
        result.rows.append((practice.first.number, _values(practice, context, places, persons)))
    return result


def _service(row: ListRow, context: ListContext) -> str:
    text = row.text("field")
    own = own_service(text, context)
    if own is not None:
        return own
    service = first_match(text, SERVICE_OF_FIELD)
    internist = service == "specialist" and re.search(r"inner(e|en) med|internist", text.casefold())
    if internist and first_match(f"{row.text('care')}", ((GENERAL_CARE, "x"),)):
        return "general_practitioner"
    return IGNORED if service is None else service


def _practice_key(row: ListRow, place: dict[str, str], service: str) -> tuple[str, ...]:
    number = row.text("practice_id")
    street = head_key(re.sub(r"(?i)str(\.|aße|asse)", "strasse", place["address"]))
    if number:
        # one number of practice may stand for several houses
        return (service, "number", number, street, head_key(place["place_name"]))
    if street:
        return (service, "address", street, place["postcode"], head_key(place["place_name"]))
    if place["lon"] or place["x"]:
        return (service, "position", *(place[name] for name in ("lon", "lat", "x", "y")))
    return (service, "row", str(row.number))


def _add(practice: _Practice, row: ListRow, table: ListTable, context: ListContext) -> None:
    practice.doctors += 1
    practice.branch |= bool(_BRANCH.search(row.text("branch")))
    practice.seats.append(_seats(row, table, context))
    if name := row.text("name"):
        practice.names.append(name)
    practice.wheelchair = practice.wheelchair or wheelchair_word(row.text("wheelchair"))
    practice.opening_hours = practice.opening_hours or row.text("opening_hours")


def _seats(row: ListRow, table: ListTable, context: ListContext) -> float:
    """Fraction of a seat; NaN if not given or not readable (then a warning)."""
    text = row.text("seats").casefold().removesuffix("versorgungsauftrag").strip()
    if text in NOT_GIVEN or text in ("-", "–"):
        return float("nan")
    percent = "%" in text or "%" in table.head("seats")
    number = parse_number(text.replace("%", ""))
    if number is None:
        if parts := _PARTS.match(text):
            number = int(parts[1]) / int(parts[2]) if int(parts[2]) else None
        else:
            word = first_match(text, tuple((pattern, str(value)) for pattern, value in _WORDS_OF_SEATS))
            number = None if word is None else float(word)
    elif percent or number >= _PERCENT_FROM:
        number /= 100.0
    if number is None or not 0 <= number <= _MOST_SEATS:
        list_problem(context.problems, "list_seats", "warning", table, row, "seats", value=row.text("seats"))
        return float("nan")
    return number


def _values(practice: _Practice, context: ListContext, places: set[str], persons: set[str]) -> dict[str, str]:
    unknown = sum(seats != seats for seats in practice.seats)
    total = float("nan") if unknown else sum(practice.seats)
    return {
        "id": practice.key,
        "service": practice.service,
        "name": _name(practice, context, places, persons),
        **practice.place,
        "capacity": number_text(total),
        "wheelchair": practice.wheelchair,
        "opening_hours": practice.opening_hours,
        "note": _note(practice, unknown),
    }


def _name(practice: _Practice, context: ListContext, places: set[str], persons: set[str]) -> str:
    names = list(dict.fromkeys(practice.names))
    if len(names) == 1 and names_no_person(names[0], place_words=places, person_words=persons):
        return names[0]
    label = context.catalogue.services[practice.service].label_de.partition(" (")[0]
    street = practice.place["address"] or practice.place["place_name"]
    return f"{label}, {street}" if street else label


def _note(practice: _Practice, unknown: int) -> str:
    kind = "branch" if practice.branch else "practice"
    parts = [say(f"list.doctors.{kind}", "de", n=Counted(practice.doctors, "de"))]
    if unknown and unknown < practice.doctors:
        parts.append(say("list.doctors.without_seats", "de", n=Counted(unknown, "de")))
    return "; ".join(parts)
