"""The questions of the survey of wishes, the columns of its entry form and the words of its choices: told once for paper, screen and reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ankerort.region.inquiry.layout import folded
from ankerort.text import LANGUAGES, Language, say

FieldKind = Literal["text", "place", "age", "choice", "ticks", "services", "service_ticks", "metres", "minutes"]
# First and last age that a person who fills in the form can have.
AGE_FIRST, AGE_LAST = 14, 110
MOST_TIMES_YEAR = 366.0
MOST_WALK_M = 5000.0
MOST_WAIT_MIN = 120.0
TICK = "x"
UNKNOWN_TIMES = "yes"
# Times a year that a word of the form stands for; None = ticked without a number.
TIMES_YEAR: Mapping[str, float | None] = {
    "weekly": 52.0,
    "fortnightly": 26.0,
    "monthly": 12.0,
    "rarely": 4.0,
    "yes": None,
}
# What a box on the sheet stands for, in metres and minutes.
WALK_M: Mapping[str, float] = {"steps": 50.0, "five": 300.0, "ten": 600.0, "more": 900.0}
WAIT_MIN: Mapping[str, float] = {"none": 0.0, "five": 5.0, "ten": 10.0, "more": 20.0}

CHOICES: Mapping[str, tuple[str, ...]] = {
    "age": ("under_65", "65_74", "75_84", "85_plus"),
    "household": ("alone", "with_others"),
    "filled_by": ("self", "relative", "carer"),
    "times": tuple(TIMES_YEAR),
    "half_day": ("morning", "afternoon", "any"),
    "weekdays": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
    "spot": ("hall", "bus_stop", "church", "square", "shop", "home"),
    "walk_m": tuple(WALK_M),
    "wait_min": tuple(WAIT_MIN),
    "drives": ("self", "family", "neighbour", "bus", "taxi", "nobody"),
    "hinders": ("steps", "toilet", "bench", "carrying", "hearing", "seeing", "cash", "cold"),
    "yes_no": ("yes", "no"),
    "online": ("yes", "with_help", "no"),
}
# The sheet offers the days on which somebody works; the reader takes Sunday too.
OFFERED_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa")


@dataclass(frozen=True)
class Field:
    """One question.

    Parameters
    ----------
    id
        Column of `ankerort.region.schema_wishes.WISHES`, or number, services, given_up, text.
    choices
        Its words in `CHOICES`; empty = none.
    """

    id: str
    kind: FieldKind
    choices: str = ""


FIELDS: tuple[Field, ...] = (
    Field("number", "text"),
    Field("place", "place"),
    Field("age", "age", "age"),
    Field("household", "choice", "household"),
    Field("filled_by", "choice", "filled_by"),
    Field("services", "services", "times"),
    Field("given_up", "service_ticks"),
    Field("half_day", "choice", "half_day"),
    Field("weekdays", "ticks", "weekdays"),
    Field("spot", "choice", "spot"),
    Field("walk_m", "metres", "walk_m"),
    Field("wait_min", "minutes", "wait_min"),
    Field("drives", "ticks", "drives"),
    Field("hinders", "ticks", "hinders"),
    Field("phone_booking", "choice", "yes_no"),
    Field("company", "choice", "yes_no"),
    Field("online", "choice", "online"),
    Field("text", "text"),
)


@dataclass(frozen=True)
class EntryColumn:
    """One column of the entry form: a field, and of ticks and services the option that it asks for."""

    field: Field
    option: str = ""


def entry_columns(services: Sequence[str]) -> tuple[EntryColumn, ...]:
    """Columns of the entry form in the order of the sheet; `services` are ids of mobile services."""
    columns: list[EntryColumn] = []
    for one in FIELDS:
        if one.kind in ("services", "service_ticks"):
            columns += [EntryColumn(one, service) for service in services]
        elif one.kind == "ticks":
            options = OFFERED_WEEKDAYS if one.id == "weekdays" else CHOICES[one.choices]
            columns += [EntryColumn(one, option) for option in options]
        else:
            columns.append(EntryColumn(one))
    return tuple(columns)


def field_word(field_id: str, lang: Language) -> str:
    """Short name of a question, as the head of its column begins."""
    return say(f"wishes_field.{field_id}", lang)


def choice_word(kind: str, value: str, lang: Language) -> str:
    """How a choice is called on the sheet and in the drop-down."""
    return say(f"wishes_choice.{kind}.{value}", lang)


def head_of(column: EntryColumn, labels: Mapping[str, str], lang: Language) -> str:
    """Head of a column: ``Ort``, ``Hindernis: Stufen``, ``Dienst: Bank``.

    Parameters
    ----------
    labels
        Service id -> its label in the language asked for.
    """
    name = field_word(column.field.id, lang)
    if not column.option:
        return name
    option = (
        labels[column.option]
        if column.field.kind in ("services", "service_ticks")
        else choice_word(column.field.choices, column.option, lang)
    )
    return f"{name}: {option}"


def known_heads(labels_by_lang: Mapping[Language, Mapping[str, str]]) -> dict[str, EntryColumn]:
    """Folded head in each language, and by ids, -> column; a question with boxes may also stand in one column.

    Parameters
    ----------
    labels_by_lang
        By language: service id -> label.
    """
    found: dict[str, EntryColumn] = {}
    services = tuple(labels_by_lang[LANGUAGES[0]])
    sunday = EntryColumn(next(f for f in FIELDS if f.id == "weekdays"), "Su")
    for column in (*entry_columns(services), sunday):
        found[folded(f"{column.field.id}{column.option}")] = column
        for lang in LANGUAGES:
            found[folded(head_of(column, labels_by_lang[lang], lang))] = column
    for one in FIELDS:
        if one.kind in ("ticks", "service_ticks", "services"):
            for name in (one.id, *(field_word(one.id, lang) for lang in LANGUAGES)):
                found.setdefault(folded(name), EntryColumn(one))
    return found


@cache
def choice_words(kind: str) -> dict[str, str]:
    """Folded word in each language, and the value itself, -> value."""
    found = {folded(value): value for value in CHOICES[kind]}
    found |= {folded(choice_word(kind, value, lang)): value for value in CHOICES[kind] for lang in LANGUAGES}
    return found


def offered_words(kind: str, lang: Language) -> tuple[str, ...]:
    """Words of a drop-down in the order of the sheet."""
    return tuple(choice_word(kind, value, lang) for value in CHOICES[kind])


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, as the tables keep them."""
    return ";".join(values)
