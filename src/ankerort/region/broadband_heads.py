"""What a head or a cell of a table of broadband says: download rate, technology, date, share of the households."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ankerort.region.table_cells import parse_day, parse_number

TECHNOLOGIES = ("any", "fibre", "cable", "copper", "wireless")
_MOBILE = re.compile(r"mobil|satellit|\blte\b|\b[2345]g\b|umts|down_mf|_mf_", re.IGNORECASE)
_NOT_HOUSEHOLDS = re.compile(
    r"gewerb|unternehm|betrieb|schule|krankenh|_gew_|_sch_|_kh_|upload|upstream|^up_|rückgang|zuwachs|veränder|kosten|ziel",
    re.IGNORECASE,
)
_TECHNOLOGY: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("fibre", re.compile(r"ftt[bh]|glasfaser|fib(re|er)", re.IGNORECASE)),
    ("cable", re.compile(r"\bhfc|_hfc|catv|koax|coax|kabelnetz|kabel-?tv|tv-?kabel|docsis|^kabel$", re.IGNORECASE)),
    ("copper", re.compile(r"dsl|fttc|kupfer", re.IGNORECASE)),
    ("wireless", re.compile(r"funk|fwa|drahtlos|wireless", re.IGNORECASE)),
)
_RATE = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+(?:[.,]\d+)?)\s*-?(m|g)bit", re.IGNORECASE)
_UNIT = re.compile(r"(m|g)bit", re.IGNORECASE)
_BARE = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+|\d+)(?![\d.,])")
_MACHINE = re.compile(r"^down_[a-z0-9]+_hh_[a-z0-9]+_(\d+)$|^[a-z_]+_gtoe_(\d+)_mbits$|^[a-z_]*hh[a-z_]*_(\d{2,4})$")
_BELOW = re.compile(r"<|≤|\bunter\b|\bbis (zu )?\d|weniger|\bbelow\b|\bunder\b|maximal|höchstens", re.IGNORECASE)
_BETWEEN = re.compile(r"\d\s*(?:[mg]bit(?:/s)?)?\s*(?:bis|und|[-–])\s*(?:unter|<|≤)?\s*\d+\s*-?[mg]bit", re.IGNORECASE)
_STAND = re.compile(r"(?:stand|datum|date)\D{0,20}?(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_LEAST_MBIT, _MOST_MBIT = 1.0, 100_000.0
_NOT_KNOWN = frozenset(
    {
        "",
        "-",
        "–",
        "—",
        "/",
        "x",
        "k.a.",
        "k. a.",
        "keine angabe",
        "unbekannt",
        "nicht bekannt",
        "?",
        "n/a",
        "null",
        "nan",
    }
)


@dataclass(frozen=True)
class Rate:
    """A class of broadband: households that have at least `class_mbit` (0 = whatever the rate) by a technology.

    `bounded`: the head names an upper limit too, so that the classes do not hold each other.
    """

    class_mbit: float
    technology: str
    bounded: bool = False


def rate_of_head(head: str) -> Rate | None:
    """What a column of shares counts; None if it counts no households by fixed line (mobile, firms, upload, years)."""
    text = " ".join(head.split())
    if not text or _MOBILE.search(text) or _NOT_HOUSEHOLDS.search(text):
        return None
    technology = _technology(text)
    machine = _MACHINE.match(text.casefold())
    if machine:
        return _checked(float(next(n for n in machine.groups() if n)), technology)
    rates = [_mbit(number, unit) for number, unit in _RATE.findall(text)]
    if not rates:
        return Rate(0.0, technology) if technology != "any" else None
    return _checked(rates[0], technology, bounded=bool(_BETWEEN.search(text) or _BELOW.search(text)))


def rate_of_cell(text: str) -> Rate | None:
    """The class that a cell gives a place: ``mind. 100 Mbit/s``, ``50-100``, ``Glasfaser``; None if it says no least rate."""
    text = " ".join(text.split())
    if text.casefold() in _NOT_KNOWN or _MOBILE.search(text):
        return None
    technology = _technology(text)
    unit = found[1] if (found := _UNIT.search(text)) else "m"
    numbers = [_mbit(number, unit) for number in _BARE.findall(text)]
    if not numbers:
        return Rate(0.0, technology) if technology != "any" else None
    if len(numbers) == 1 and _BELOW.search(text):
        return None
    return _checked(min(numbers), technology)


def _technology(text: str) -> str:
    return next((name for name, pattern in _TECHNOLOGY if pattern.search(text)), "any")


def _mbit(number: str, unit: str) -> float:
    plain = number.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", number) else number.replace(",", ".")
    return float(plain) * (1000.0 if unit.casefold() == "g" else 1.0)


def _checked(class_mbit: float, technology: str, *, bounded: bool = False) -> Rate | None:
    return Rate(class_mbit, technology, bounded) if _LEAST_MBIT <= class_mbit <= _MOST_MBIT else None


@dataclass(frozen=True)
class ShareCell:
    """A share as it is written: its bounds as numbers, and whether a sign says that they are per cent."""

    low: float
    high: float
    percent: bool


def share_of_cell(text: str) -> ShareCell | None:
    """The share of a cell: ``92,3``, ``0.923``, ``92,3 %``, ``> 75 bis 95 %``, ``>95``; NaN bounds where none is given.

    Returns
    -------
    ShareCell or None
        None if the cell holds anything else.
    """
    plain = text.strip()
    if plain.casefold() in _NOT_KNOWN:
        return ShareCell(float("nan"), float("nan"), False)
    percent = "%" in plain or "prozent" in plain.casefold()
    bare = re.sub(r"%|prozent|v\.\s?h\.", " ", plain, flags=re.IGNORECASE).strip()
    number = parse_number(bare)
    if number is not None:
        return ShareCell(number, number, percent) if number >= 0 else None
    top = 100.0
    one = re.fullmatch(r"(≥|>=|>|über|mindestens|mind\.|mehr als|ab)\s*(\d+(?:[.,]\d+)?)", bare, re.IGNORECASE)
    if one:
        return ShareCell(float(one[2].replace(",", ".")), top, True)
    less = re.fullmatch(r"(≤|<=|<|unter|bis|bis zu|höchstens|weniger als)\s*(\d+(?:[.,]\d+)?)", bare, re.IGNORECASE)
    if less:
        return ShareCell(0.0, float(less[2].replace(",", ".")), True)
    two = re.fullmatch(
        r"(?:≥|>=|>|über|ab|von)?\s*(\d+(?:[.,]\d+)?)\s*(?:-|–|bis)\s*(?:≤|<=|<|unter)?\s*(\d+(?:[.,]\d+)?)",
        bare,
        re.IGNORECASE,
    )
    if two:
        low, high = (float(n.replace(",", ".")) for n in two.groups())
        return ShareCell(low, high, True) if low <= high else None
    return None


def day_of_title(text: str) -> str:
    """ISO day of a title line such as ``Stand: 30.06.2026``; empty if it names none."""
    found = _STAND.search(text)
    return (parse_day(found[1]) or "") if found else ""
