"""What a cell of a user's table means: numbers, days, times, weekdays, kinds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

OPERATOR_KINDS = ("Gemeinde", "Landkreis", "Sparkasse", "Kirche", "Verein", "privat")
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_WEEKDAY_WORDS = {
    **{w.lower(): w for w in WEEKDAYS},
    "di": "Tu",
    "mi": "We",
    "do": "Th",
    "so": "Su",
    **dict(
        zip(("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"), WEEKDAYS, strict=True)
    ),
    "sonnabend": "Sa",
    **dict(zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), WEEKDAYS, strict=True)),
}
_STATES = {"": "open", "offen": "open", "open": "open", "geschlossen": "closed", "closed": "closed"}
_CERTAINTIES = {"sicher": "certain", "certain": "certain", "vermutlich": "probable", "probable": "probable"}
_WHEELCHAIR = {
    "ja": "yes",
    "yes": "yes",
    "teilweise": "limited",
    "eingeschränkt": "limited",
    "partial": "limited",
    "limited": "limited",
    "nein": "no",
    "no": "no",
    "designated": "designated",
}
_USES = {
    "leer": "vacant",
    "leerstand": "vacant",
    "vacant": "vacant",
    "mitnutzbar": "shareable",
    "shareable": "shareable",
}
ASSORTMENTS = ("full_range", "discount", "village", "automat", "mobile")
_ASSORTMENTS = {
    **{name: name for name in ASSORTMENTS},
    "full range": "full_range",
    "village shop": "village",
    "vollsortiment": "full_range",
    "discount-sortiment": "discount",
    "dorfladen-sortiment": "village",
    "automat oder box": "automat",
    "mobil": "mobile",
}
_SUCCESSION = {
    "ja": "yes",
    "yes": "yes",
    "nein": "no",
    "no": "no",
    "unbekannt": "",
    "nicht bekannt": "",
    "unknown": "",
    "": "",
}
_NUMBER_WITH_UNIT = re.compile(r"^[-+]?\d[\d.,\s]*\D")
_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(?:uhr)?$", re.IGNORECASE)
_DAY_PATTERNS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y%m%d")
_EXCEL_EPOCH = dt.date(1899, 12, 30)


def parse_number(text: str) -> float | None:
    """A number with point or comma as decimal sign; thousands signs are dropped; None if it is no finite number.

    Of ``.`` and ``,`` the one that stands last is the decimal sign; a sign that stands more than once parts thousands.
    """
    value = text.strip().replace("\u00a0", "").replace(" ", "")
    if "," in value and "." in value:
        thousands, decimal = (",", ".") if value.rfind(".") > value.rfind(",") else (".", ",")
        value = value.replace(thousands, "").replace(decimal, ".")
    elif value.count(",") == 1:
        value = value.replace(",", ".")
    elif value.count(".") > 1 or value.count(",") > 1:
        value = value.replace(".", "").replace(",", "")
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def parse_day(text: str) -> str | None:
    """An ISO day of a day in ISO or German notation or of Excel's day number; None if it is none."""
    value = text.strip()
    for pattern in _DAY_PATTERNS:
        try:
            return dt.datetime.strptime(value, pattern).date().isoformat()
        except ValueError:
            continue
    if re.fullmatch(r"\d{5}(?:\.0)?", value):
        return (_EXCEL_EPOCH + dt.timedelta(days=int(float(value)))).isoformat()
    return None


def parse_time(text: str) -> str | None:
    """``HH:MM`` of ``9``, ``9.30``, ``09:30 Uhr`` or Excel's fraction of a day; None if it is no time of day."""
    value = text.strip()
    if re.fullmatch(r"0?[.,]\d{3,}", value):
        minutes = round(float(value.replace(",", ".")) * 24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes < 24 * 60 else None
    found = _TIME.match(value)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute > 0):
        return None
    return f"{hour:02d}:{minute:02d}"


def parse_weekday(text: str) -> str | None:
    """``Mo`` to ``Su`` of a German or English name or short form; None if it is none."""
    return _WEEKDAY_WORDS.get(text.strip().rstrip(".").lower())


def parse_operator_kind(text: str) -> str | None:
    """One of `OPERATOR_KINDS` without regard to case; empty stays empty; None if it is none of them."""
    return _one_of({"": "", **{kind.lower(): kind for kind in OPERATOR_KINDS}}, text)


def parse_state(text: str) -> str | None:
    """``open`` (also of an empty cell) or ``closed``; None if it is neither."""
    return _one_of(_STATES, text)


def parse_certainty(text: str) -> str | None:
    """``certain`` or ``probable``; empty stays empty; None if it is neither."""
    return _one_of({"": "", **_CERTAINTIES}, text)


def parse_wheelchair(text: str) -> str | None:
    """``yes``, ``limited``, ``no``, ``designated``; empty stays empty; None if it is none of them."""
    return _one_of({"": "", **_WHEELCHAIR}, text)


def parse_assortment(text: str) -> str | None:
    """One of `ASSORTMENTS`; empty stays empty; None if it is none of them."""
    return _one_of({"": "", **_ASSORTMENTS}, text)


def parse_succession(text: str) -> str | None:
    """``yes`` or ``no``; empty and "not known" are empty; None if it is none of them."""
    return _one_of(_SUCCESSION, text)


def has_unit(text: str) -> bool:
    """Whether a text is a number with a unit behind it: ``50 Plätze``, ``12,5 m2``."""
    return bool(_NUMBER_WITH_UNIT.match(text.strip()))


def parse_use(text: str) -> str | None:
    """``vacant`` or ``shareable``; empty stays empty; None if it is neither."""
    return _one_of({"": "", **_USES}, text)


def _one_of(known: Mapping[str, str], text: str) -> str | None:
    return known.get(text.strip().lower())
