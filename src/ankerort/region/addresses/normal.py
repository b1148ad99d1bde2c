"""Streets and house numbers in one notation, so that "Hauptstr. 12 A" finds "Hauptstraße 12a"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SHORT = (
    (re.compile(r"str\.?(?=\s|$)"), "strasse"),
    (re.compile(r"(?<=\w)pl\.(?=\s|$)"), "platz"),
    (re.compile(r"\bst\.(?=\s|$)"), "sankt"),
    (re.compile(r"\bdr\.(?=\s|$)"), "doktor"),
)
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
# A number at the end, with letter, fraction or range: 12, 12a, 12 A, 12 1/2, 12-14, 12/14.
_AT_END = re.compile(
    r"^(?P<street>.*?\D)\s*(?P<number>\d{1,4}\s*(?:[a-zA-Z](?![a-zA-Z]))?(?:\s*[-–/+]\s*\d{1,4}\s*(?:[a-zA-Z](?![a-zA-Z]))?)?)\s*$"
)
_FIRST = re.compile(r"(\d+)\s*([a-zA-Z]?)")


@lru_cache(maxsize=100_000)
def street_key(street: str) -> str:
    """The street as letters and digits only: ``Hauptstr.`` and ``Haupt-Straße`` give ``hauptstrasse``."""
    text = unicodedata.normalize("NFC", street).lower().strip()
    for pattern, full in _SHORT:
        text = pattern.sub(full, text)
    text = text.translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return _NOT_A_LETTER.sub("", text)


def number_key(number: str) -> tuple[int, str] | None:
    """First number and its letter: ``12 A-14`` gives (12, "a"); None without a number."""
    found = _FIRST.match(number.strip())
    return None if found is None else (int(found.group(1)), found.group(2).lower())


def split_address(text: str) -> tuple[str, str]:
    """Street and house number of a line; the number is empty if the line ends without one.

    A line may go on after a comma with postcode and town, which are left out: ``Hauptstr. 3, 39397 Gröningen``.
    """
    line = text.split(",")[0].strip()
    found = _AT_END.match(line)
    if found is None:
        return line, ""
    return found.group("street").strip(), re.sub(r"\s+", "", found.group("number"))
