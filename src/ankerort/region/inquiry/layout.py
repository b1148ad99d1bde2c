"""What an inquiry workbook asks: blocks with their columns, answers and choices, for the writer and for the reader.

Columns are known by their heads in either language, never by their position; words of answers and choices too. The heads stand in
``text`` under ``inquiry_head.<block>.<field>``, answers under ``inquiry_word.<verdict>``, choices under
``inquiry_choice.<kind>.<value>``.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ankerort.region.inquiry.answers import Asked, Subject, Verdict
from ankerort.text import LANGUAGES, Language, say

FORMAT = "1"
HIDDEN_SHEET = "_ankerort"
FieldKind = Literal[
    "told",  # prefilled, never read back
    "service",
    "text",
    "remark",
    "hours",
    "answer",
    "year",
    "choice",
    "weekday",
    "time",
    "weeks",
    "mark",
    "amount",
    "key",
]


@dataclass(frozen=True)
class Field:
    """One column of a block.

    Parameters
    ----------
    id
        Id of the head.
    kind
        How its cells are read.
    column
        Column of the subject's table that it fills; empty = none.
    needed
        Without this column the block cannot be read.
    choices
        For `choice`: kind of the choices (step_free, members, use, owner).
    """

    id: str
    kind: FieldKind
    column: str = ""
    needed: bool = False
    choices: str = ""

    def head(self, block: str, lang: Language) -> str:
        """Head of the column."""
        return say(f"inquiry_head.{block}.{self.id}", lang)


@dataclass(frozen=True)
class Block:
    """One block of an Ort sheet: rows of one kind under one head."""

    id: str
    subject: Subject
    fields: tuple[Field, ...]
    blank_lines: int = 0

    def field(self, field_id: str) -> Field:
        """A field by its id."""
        return next(f for f in self.fields if f.id == field_id)


_REMARK = Field("remark", "remark")
_KEY = Field("key", "key")
_STEP_FREE = Field("step_free", "choice", "wheelchair", choices="step_free")
_SINCE = Field("since", "year")

ASKED = Block(
    "asked",
    "facilities",
    (
        Field("number", "told"),
        Field("service", "service", needed=True),
        Field("believed", "told"),
        Field("known_hours", "told"),
        Field("source", "told"),
        Field("answer", "answer", needed=True),
        _SINCE,
        Field("name", "text", "name"),
        Field("hours", "hours", "opening_hours"),
        _STEP_FREE,
        _REMARK,
        _KEY,
    ),
)
NEW = Block(
    "new",
    "facilities",
    (
        Field("number", "told"),
        Field("service", "service", needed=True),
        Field("name", "text", "name"),
        Field("address", "text", "address"),
        Field("hours", "hours", "opening_hours"),
        Field("operator_kind", "choice", "operator_kind", choices="owner"),
        _STEP_FREE,
        _REMARK,
    ),
    blank_lines=6,
)
MOBILE = Block(
    "mobile",
    "mobile_visits",
    (
        Field("number", "told"),
        Field("service", "service", needed=True),
        Field("stop_name", "text", "stop_name"),
        Field("weekday", "weekday", "weekday", needed=True),
        Field("operator", "text", "operator"),
        Field("from_time", "time", "from_time"),
        Field("to_time", "time", "to_time"),
        Field("weeks", "weeks", "rhythm_weeks"),
        Field("answer", "answer"),
        _SINCE,
        _REMARK,
        _KEY,
    ),
    blank_lines=4,
)
CLUBS = Block(
    "clubs",
    "clubs",
    (
        Field("number", "told"),
        Field("name", "text", "name", needed=True),
        Field("rooms", "text", "rooms", needed=True),
        Field("members", "choice", "members_class", choices="members"),
        Field("answer", "answer"),
        _REMARK,
        _KEY,
    ),
    blank_lines=5,
)
BUILDINGS = Block(
    "buildings",
    "buildings",
    (
        Field("number", "told"),
        Field("use", "choice", "use", needed=True, choices="use"),
        Field("name", "text", "name", needed=True),
        Field("owner_kind", "choice", "owner_kind", choices="owner"),
        Field("condition", "mark", "condition"),
        Field("area", "amount", "area_m2"),
        Field("step_free", "choice", "step_free", choices="step_free"),
        Field("answer", "answer"),
        _REMARK,
        _KEY,
    ),
    blank_lines=4,
)
BLOCKS: tuple[Block, ...] = (ASKED, NEW, MOBILE, CLUBS, BUILDINGS)

# Which answers fit a line that lists something, and one that lists nothing.
ANSWERS_LISTED: tuple[Verdict, ...] = ("correct", "wrong", "gone")
ANSWERS_NONE: tuple[Verdict, ...] = ("absent", "new")
VERDICTS: tuple[Verdict, ...] = (*ANSWERS_LISTED, *ANSWERS_NONE)

CHOICES: dict[str, tuple[str, ...]] = {
    "step_free": ("yes", "limited", "no"),
    "members": ("under_20", "20_49", "50_99", "100_plus"),
    "use": ("vacant", "shareable"),
    "owner": ("Gemeinde", "Landkreis", "Sparkasse", "Kirche", "Verein", "privat"),
    "weekday": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}
# What a sheet is headed with, and what stands on the first sheet: label on the left, value on the right.
PLACE_LABELS = ("place", "municipality", "persons")
COVER_LABELS = ("municipality", "ags", "office", "filled_on")


def folded(text: str) -> str:
    """A head, label or word as it is compared: letters and digits only, lower case; ``u. g.`` equals ``ug``."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", plain)


def verdict_word(verdict: Verdict, lang: Language) -> str:
    """How an answer is called in the drop-down."""
    return say(f"inquiry_word.{verdict}", lang)


def choice_word(kind: str, value: str, lang: Language) -> str:
    """How a choice is called in the drop-down."""
    return say(f"inquiry_choice.{kind}.{value}", lang)


@cache
def verdict_words() -> dict[str, Verdict]:
    """Folded word in each language -> answer."""
    return {folded(verdict_word(v, lang)): v for v in VERDICTS for lang in LANGUAGES}


@cache
def choice_words(kind: str) -> dict[str, str]:
    """Folded word in each language, and the value itself -> value."""
    found = {folded(value): value for value in CHOICES[kind]}
    found |= {folded(choice_word(kind, value, lang)): value for value in CHOICES[kind] for lang in LANGUAGES}
    return found


@cache
def block_heads(block_id: str) -> dict[str, str]:
    """Folded head in each language -> field id."""
    block = next(b for b in BLOCKS if b.id == block_id)
    return {folded(f.head(block.id, lang)): f.id for f in block.fields for lang in LANGUAGES}


@cache
def labels(kind: Literal["place", "cover", "survey"]) -> dict[str, str]:
    """Folded label in each language -> its id."""
    names = {"place": PLACE_LABELS, "cover": COVER_LABELS, "survey": SURVEY_LABELS}[kind]
    return {folded(say(f"inquiry_label.{name}", lang)): name for name in names for lang in LANGUAGES}


SURVEY_LABELS = (
    "survey",
    "survey_service",
    "survey_name",
    "place",
    "municipality",
    "ags",
    "survey_there",
    "survey_since",
    "survey_right_name",
    "survey_address",
    "survey_step_free",
    "survey_capacity",
    "survey_condition",
    "survey_toilet",
    "survey_remark",
    "office",
    "filled_on",
    "survey_key",
)


def fingerprint(texts: Iterable[str]) -> str:
    """Short mark of the prefilled cells of a line, so that a changed cell is seen where nobody chose an answer."""
    return hashlib.sha256("\x1f".join(folded(t) for t in texts).encode()).hexdigest()[:8]


def line_key(
    *,
    place_id: str,
    service: str = "",
    ids: Sequence[str] = (),
    kind: str = "",
    mark: str = "",
    asked: Sequence[Asked] = (),
) -> str:
    """The hidden key of a line: what it is about.

    Parameters
    ----------
    place_id
        Place of the sheet.
    service
        Service asked about; empty for clubs and buildings.
    ids
        Rows of the subject's table; none = nothing is listed, several = a line for all of them.
    kind
        Kind of the question (unknown, probable, believed, absent).
    mark
        `fingerprint` of the prefilled cells that may be changed in place.
    asked
        Name and position of each of `ids`; none = not told. A list without ids numbers its rows anew when one is added: the number
        alone would hit another row then. Positions have five decimals (about 1 m).
    """
    told = [[one.name, *_degrees(one)] for one in asked]
    parts = {"p": place_id, "s": service, "i": list(ids), "k": kind, "m": mark, "a": told}
    return json.dumps({k: v for k, v in parts.items() if v}, ensure_ascii=False, separators=(",", ":"))


def _degrees(one: Asked) -> list[float]:
    return [] if one.lon is None or one.lat is None else [round(one.lon, 5), round(one.lat, 5)]


@dataclass(frozen=True)
class LineKey:
    """A hidden key, read; see `line_key`."""

    place_id: str = ""
    service: str = ""
    ids: tuple[str, ...] = ()
    kind: str = ""
    mark: str = ""
    asked: tuple[Asked, ...] = ()

    def asked_of(self, subject_id: str) -> Asked | None:
        """What the sheet asked about under an id; None if the key does not say it."""
        return dict(zip(self.ids, self.asked, strict=False)).get(subject_id)


def read_line_key(text: str) -> LineKey | None:
    """The key of a line; None if there is none or it was changed."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("i", []), list):
        return None
    parts = [str(found.get(k, "")) for k in ("p", "s", "k", "m")]
    ids = tuple(str(i) for i in found.get("i", []))
    asked = _read_asked(found.get("a", []))
    return LineKey(parts[0], parts[1], ids, parts[2], parts[3], asked if len(asked) == len(ids) else ())


def _read_asked(told: object) -> tuple[Asked, ...]:
    """Names and positions of a key; none at all if it was changed."""
    out: list[Asked] = []
    for one in told if isinstance(told, list) else ():
        if not isinstance(one, list) or len(one) not in (1, 3) or not isinstance(one[0], str):
            return ()
        if not all(isinstance(v, int | float) and not isinstance(v, bool) and abs(v) <= 180 for v in one[1:]):
            return ()
        out.append(Asked(one[0], *(float(v) for v in one[1:])))
    return tuple(out)
