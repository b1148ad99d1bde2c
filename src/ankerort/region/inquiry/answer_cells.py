"""What a filled cell of an inquiry means; None where it cannot be told for certain."""

from __future__ import annotations

import re

from ankerort.region.inquiry.answers import Verdict
from ankerort.region.inquiry.layout import choice_words, folded, verdict_words
from ankerort.region.opening_hours import parse_hours
from ankerort.region.table_cells import parse_day, parse_operator_kind, parse_time, parse_weekday, parse_wheelchair

_MONTHS = (
    ("januar", "jan", "january"),
    ("februar", "feb", "february"),
    ("märz", "mär", "mrz", "march", "mar"),
    ("april", "apr"),
    ("mai", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "october", "oct"),
    ("november", "nov"),
    ("dezember", "dez", "december", "dec"),
)
_MONTH_NUMBER = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words}
_WORD_DAY = re.compile(r"^(\d{1,2})\.?\s*([a-zäöü]+)\.?\s*(\d{4}|\d{2})$")
_WORD_MONTH = re.compile(r"^(?:anfang|mitte|ende|early|mid|late)?\s*([a-zäöü]+)\.?\s*(\d{4}|\d{2})?$")
_NUMBER_MONTH = re.compile(r"^(\d{1,2}[./-])?(\d{4})$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_UNIT = re.compile(r"\s*(?:m²|m2|qm|quadratmeter|€|plätze|platz|places?)\.?$", re.IGNORECASE)
_THOUSANDS = re.compile(r"^\d{1,3}(?:[.\u00a0\u202f ']\d{3})+(?:,\d+)?$")
_PLAIN = re.compile(r"^\d+(?:,\d{1,2})?$")
_WEEKS_WORDS = {
    "wöchentlich": "1",
    "jedewoche": "1",
    "weekly": "1",
    "14tägig": "2",
    "vierzehntägig": "2",
    "14täglich": "2",
    "allezweiwochen": "2",
    "zweiwöchentlich": "2",
    "fortnightly": "2",
    "monatlich": "4",
    "monthly": "4",
}
_WEEKS = re.compile(r"^(?:alle|every)?\s*(\d{1,2})(?:[.,]0)?\.?\s*(?:wochen?|weeks?)?$")
_NOT_KNOWN = frozenset(folded(word) for word in ("nicht bekannt", "unbekannt", "not known", "unknown", "?", "-", "–"))
_SINCE = re.compile(r"\s*(?:seit|since)?\s*((?:19|20)\d\d)\s*$")


def is_unknown(text: str) -> bool:
    """Whether a cell says that nobody knows: it then says as little as an empty one."""
    return not text.strip() or folded(text) in _NOT_KNOWN or not folded(text)


def parse_answer(text: str) -> tuple[Verdict, str] | None:
    """The answer of a line and a year that stands behind it (``gibt es nicht mehr seit 2019``)."""
    found = _SINCE.search(text)
    bare = text[: found.start()] if found else text
    words = folded(bare).removesuffix("seit").removesuffix("since")
    verdict = verdict_words().get(words)
    return None if verdict is None else (verdict, found[1] if found else "")


def parse_answer_day(text: str) -> str | None:
    """ISO day of ``1.10.2026``, ``1. Oktober 2026``, ``2026-10-01`` or Excel's number of a day."""
    day = parse_day(text)
    if day is not None:
        return day
    found = _WORD_DAY.match(" ".join(text.strip().casefold().split()))
    month = _MONTH_NUMBER.get(found[2]) if found else None
    if found is None or month is None:
        return None
    return parse_day(f"{int(found[1])}.{month}.{found[3]}")


def is_month(text: str) -> bool:
    """Whether a text names a month or a year but no day: ``Okt. 2026``, ``10/2026``, ``2026``."""
    plain = " ".join(text.strip().casefold().split())
    if _NUMBER_MONTH.match(plain):
        return True
    found = _WORD_MONTH.match(plain)
    return bool(found and found[1] in _MONTH_NUMBER)


def parse_year(text: str) -> str | None:
    """The one year that a text names: ``2019``, ``Ende 2019``, ``31.12.2019``."""
    found = set(_YEAR.findall(text))
    return found.pop() if len(found) == 1 else None


def parse_amount(text: str) -> str | None:
    """A number in German form: ``1.200``, ``1.200,5``, ``120``, ``12,5``, ``120 m²``.

    Points part thousands only in groups of three; ``1.2`` and ``1,200`` could mean two things and are None.
    """
    value = _UNIT.sub("", text.strip())
    if _THOUSANDS.match(value):
        value = re.sub("[^0-9,]", "", value)
    elif not _PLAIN.match(value):
        return None
    number = float(value.replace(",", "."))
    return f"{number:g}" if number < 1e6 else f"{number:.0f}"


def parse_mark(text: str) -> str | None:
    """A school mark of 1 to 5: ``3``, ``2,5``, ``2-3``."""
    value = re.sub(r"^note\s*", "", text.strip().casefold())
    span = re.match(r"^([1-5])\s*(?:-|–|bis|to)\s*([1-5])$", value)
    if span:
        number = (int(span[1]) + int(span[2])) / 2
    elif re.match(r"^[1-5](?:[.,]\d)?$", value):
        number = float(value.replace(",", "."))
    else:
        return None
    return f"{number:g}" if 1 <= number <= 5 else None


def parse_weeks(text: str) -> str | None:
    """Every how many weeks: ``2``, ``alle 2 Wochen``, ``wöchentlich``, ``14-tägig``."""
    known = _WEEKS_WORDS.get(folded(text))
    if known:
        return known
    found = _WEEKS.match(" ".join(text.strip().casefold().split()))
    return str(int(found[1])) if found and int(found[1]) > 0 else None


def parse_choice(kind: str, text: str) -> str | None:
    """Value of a choice by its word in either language, or by the usual words for it."""
    found = choice_words(kind).get(folded(text))
    if found is None and kind == "step_free":
        found = parse_wheelchair(text) or None
    if found is None and kind == "owner":
        found = parse_operator_kind(text) or None
    return found


def parse_opening(text: str) -> str | None:
    """OSM syntax of opening hours in German words or in OSM's own; None if any of it is not understood."""
    found = parse_hours(text)
    return found.rules if found.rules and not found.fault else None


__all__ = [
    "is_month",
    "is_unknown",
    "parse_amount",
    "parse_answer",
    "parse_answer_day",
    "parse_choice",
    "parse_mark",
    "parse_opening",
    "parse_time",
    "parse_weekday",
    "parse_weeks",
    "parse_year",
]
