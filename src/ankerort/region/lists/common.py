"""What the readers of offices' lists share: where a row lies, numbers and words of cells, and what they hand over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ankerort.base.problems import Problems, Severity
from ankerort.catalogue.model import Catalogue
from ankerort.region.lists.heads import Fields, ListRow, ListTable
from ankerort.region.settings import InputSettings
from ankerort.region.table_cells import parse_number
from ankerort.region.table_files import RawTable

PLACE_FIELDS: Fields = {
    "ags": ("AGS", "Gemeindeschlüssel", "Amtlicher Gemeindeschlüssel", "GKZ", "Gemeindekennziffer"),
    "district": ("Ortsteil", "Ortschaft", "OT"),
    "place_name": ("Ort", "Ort / Ortsteil", "Ortsname", "Praxisort", "Standort", "Sitz", "Gemeinde", "Stadt/Gemeinde"),
    "postcode": ("PLZ", "Postleitzahl"),
    "address": (
        "Anschrift",
        "Adresse",
        "Praxisanschrift",
        "Straße und Hausnummer",
        "Straße, Hausnummer",
        "Straße, Nr.",
        "Straße Hausnr.",
    ),
    "street": ("Straße", "Strasse"),
    "house_number": ("Hausnummer", "Haus-Nr.", "Hausnr.", "HNR"),
    "lon": ("lon", "Länge", "Längengrad", "geografische Länge"),
    "lat": ("lat", "Breite", "Breitengrad", "geografische Breite"),
    "x": ("x", "Rechtswert", "Ostwert", "East", "UTM Ost"),
    "y": ("y", "Hochwert", "Nordwert", "North", "UTM Nord"),
}
PLACE_NEEDED = ("place_name", "district", "address", "ags", "lon", "x")
_POSTCODE = re.compile(r"\b(\d{5})\b")
_WHEELCHAIR = {
    "ja": (
        *("ja", "j", "x", "✓", "vollständig", "voll", "barrierefrei", "vollständig barrierefrei", "ausgebaut", "1"),
        *("uneingeschränkt", "rollstuhlgerecht", "stufenfrei"),
    ),
    "teilweise": (
        *("teilweise", "teilw.", "tw.", "eingeschränkt", "bedingt", "teilweise barrierefrei", "z. t.", "z.t."),
        *("bedingt barrierefrei", "teils", "einseitig", "eine richtung"),
    ),
    "nein": ("nein", "n", "nicht", "nicht barrierefrei", "ohne", "keine", "0"),
}
_WHEELCHAIR_OF = {word: value for value, words in _WHEELCHAIR.items() for word in words}
NOT_GIVEN = frozenset({"", "k.a.", "k. a.", "ka", "keine angabe", "?", "n.n.", "unbekannt", "nicht bekannt"})
NONE_WORDS = frozenset({"-", "–", "—", "/", "entfällt", "keine"})


@dataclass(frozen=True)
class ListContext:
    """What a reader of a list is told.

    `input`: the ``[[input]]``; `file_mark`: goes before the ids of rows where several files are read; `box`: rectangle of the
    project in degrees (west, south, east, north), or None.
    """

    input: InputSettings
    catalogue: Catalogue
    problems: Problems
    file_mark: str = ""
    box: tuple[float, float, float, float] | None = None

    def key(self, row: ListRow, grid: RawTable) -> str:
        """Id of a row that is made of its sheet and number."""
        sheet = f"{grid.sheet}:" if grid.sheet else ""
        return f"{self.file_mark}{sheet}row{row.number}"

    def facility_id(self, service: str, key: str) -> str:
        """Id of the facility that the reader of facility lists makes of a row with this id."""
        return f"{service}:{self.input.source_id}:{key}"


@dataclass
class ListResult:
    """What a list holds.

    Parameters
    ----------
    rows
        (row of the sheet, values by the columns of the facility template); every row names its service and its id.
    heads
        Column of the template -> head in the file, for what is said about it.
    ignored
        Rows that are no service, by the value that says so.
    occupancy
        Rows of ``ankerort.region.schema.OCCUPANCY``.
    assigned
        Rows of a table of school districts: place_name, ags, school and where it stands.
    """

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    ignored: Counter[str] = field(default_factory=Counter)
    occupancy: list[dict[str, object]] = field(default_factory=list)
    assigned: list[dict[str, object]] = field(default_factory=list)

    def table(self, grid: RawTable) -> RawTable:
        """The rows as a table with the columns of the template."""
        names = tuple(dict.fromkeys(name for _, values in self.rows for name in values))
        body = tuple((number, tuple(values.get(name, "") for name in names)) for number, values in self.rows)
        return RawTable(grid.name, grid.sheet, names, body)


ListReader = Callable[[RawTable, ListContext], ListResult | None]


def place_values(row: ListRow) -> dict[str, str]:
    """Columns of the template that say where a row lies; a postcode inside an address is taken out of it."""
    address = row.text("address")
    if not address:
        address = " ".join(part for part in (row.text("street"), row.text("house_number")) if part)
    postcode = row.text("postcode").removesuffix(".0")
    place = row.text("district") or row.text("place_name")
    if not postcode and (found := _POSTCODE.search(address)):
        postcode = found[1]
        address, _, behind = address.partition(found[0])
        address = address.rstrip(" ,;")
        place = place or behind.strip(" ,;")
    if not place and _POSTCODE.match(row.text("place_name")):
        place = _POSTCODE.sub("", row.text("place_name"))
    values = {
        "address": address,
        "postcode": postcode.zfill(5) if postcode.isdigit() else postcode,
        "place_name": _POSTCODE.sub("", place).strip(" ,") or row.heading,
        "ags": row.text("ags"),
    }
    for name in ("lon", "lat", "x", "y"):
        values[name] = row.text(name)
    return values


def list_number(row: ListRow, name: str, table: ListTable, problems: Problems, *, zero_words: bool = True) -> float:
    """Number of a cell; NaN where nothing is given, 0 where a dash says none; NaN and a warning of anything else.

    Parameters
    ----------
    zero_words
        A dash means none; else it means not given.
    """
    text = row.text(name).strip()
    if text.casefold() in NOT_GIVEN:
        return float("nan")
    if text.casefold() in NONE_WORDS:
        return 0.0 if zero_words else float("nan")
    number = parse_number(re.sub(r"\*+$", "", text))
    if number is None or number < 0:
        list_problem(problems, "list_number", "warning", table, row, name, value=text)
        return float("nan")
    return number


def list_problem(
    problems: Problems, code: str, severity: Severity, table: ListTable, row: ListRow, name: str, **params: object
) -> None:
    """Note what is wrong with a cell, by the file's own head."""
    problems.add(code, severity, table.name, row=row.number, column=table.head(name), **params)


def wheelchair_word(text: str) -> str:
    """ja, teilweise or nein of the words that offices use; anything else as it is."""
    return _WHEELCHAIR_OF.get(text.casefold().strip(), "" if text.casefold().strip() in NOT_GIVEN else text)


def number_text(number: float) -> str:
    """A number as the reader of facility lists takes it; empty for NaN."""
    return "" if number != number else f"{number:.10g}"


def first_match(text: str, patterns: Sequence[tuple[str, str]]) -> str | None:
    """Value of the first pattern found in a text (without regard to case); None if none is."""
    folded = text.casefold()
    return next((value for pattern, value in patterns if re.search(pattern, folded)), None)


def own_service(text: str, context: ListContext) -> str | None:
    """What the user's option ``service_map`` says of a value; None if it says nothing."""
    given = context.input.options.get("service_map", {})
    if not isinstance(given, Mapping):
        return None
    found = {str(key).casefold(): str(value) for key, value in given.items()}.get(text.casefold())
    return "" if found == "-" else found
