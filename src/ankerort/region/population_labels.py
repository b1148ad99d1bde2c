"""What official tables of population write: ages, sexes, years, keys and numbers of persons in words and codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

OPEN_AGE = 120
ALL_AGES = (0, OPEN_AGE)

# Ankerort's name -> headings that mean it (lower case, without blanks and punctuation).
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "ags": (
        *("ags", "gemeindeschlüssel", "gemeindeschluessel", "kreisschlüssel", "kreisschluessel", "schlüssel"),
        *("schluessel", "amtlichergemeindeschlüssel", "regionalschlüssel", "ars", "gebietsschlüssel", "kreisnummer"),
    ),
    "place": ("ort", "ortsteil", "ortschaft", "place", "placename", "stadtteil"),
    "year": ("jahr", "year", "stichtag", "zeit", "time", "prognosejahr", "datum"),
    "sex": ("geschlecht", "sex", "gender"),
    "age": ("alter", "altersgruppe", "altersgruppen", "altersjahr", "altersjahre", "age", "alterinjahren"),
    "age_from": ("altervon", "agefrom", "vonalter"),
    "age_to": ("alterbis", "ageto", "bisalter"),
    "persons": (
        *("personen", "einwohner", "anzahl", "bevölkerung", "bevoelkerung", "persons", "wert", "value"),
        *("bevölkerungsstand", "population", "einwohnerzahl"),
    ),
}
_SEXES: Mapping[str, str] = {
    **dict.fromkeys(("f", "w", "weiblich", "female", "frauen", "frau", "women", "gesw"), "f"),
    **dict.fromkeys(("m", "männlich", "maennlich", "male", "männer", "maenner", "mann", "men", "gesm"), "m"),
    **dict.fromkeys(("", "i", "insgesamt", "zusammen", "alle", "all", "total", "gesamt", "gest", "beide"), "all"),
}
_ALL_AGES = ("insgesamt", "zusammen", "alle", "all", "total", "gesamt", "alle altersgruppen", "alle altersjahre")
_NOISE = re.compile(r"[-\s]*(?:jährigen?|jaehrigen?|jahren|jahre|jahr|years?|j\.)\s*")
_AGE_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"alt(\d{3})b(\d{2,3})"), "below"),
    (re.compile(r"alt(\d{3})um"), "open"),
    (re.compile(r"alt(\d{3})(?:b)?"), "single"),
    (re.compile(r"(?:unter|u)\s*(\d+)"), "first"),
    (re.compile(r"bis\s*(\d+)"), "up_to"),
    (re.compile(r"(\d+)\s*(?:bis|[-–—])\s*(?:unter\s*|u\.\s*|<\s*)(\d+)"), "below"),
    (re.compile(r"(\d+)\s*(?:bis|[-–—])\s*(\d+)"), "range"),
    (re.compile(r"ab\s*(\d+)"), "open"),
    (
        re.compile(
            r"(\d+)\s*(?:(?:und|u\.?)\s*(?:mehr|älter|aelter|darüber|older|over)|u\.?\s*m\.?|u\.?\s*ä\.?|\+|plus)"
        ),
        "open",
    ),
    (re.compile(r"(\d+)(?:\.0)?"), "single"),
)
_YEAR = re.compile(r"(?:\d{1,2}\.\d{1,2}\.)?((?:19|20|21)\d{2})(?:\.0)?(?:-\d{2}-\d{2}(?: 00:00:00)?)?")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_NOTHING = ("-", "–", "—")


def heading(text: str) -> str:
    """Ankerort's name of a heading, or an empty string."""
    plain = re.sub(r"[^a-zäöüß]", "", text.lower())
    return next((name for name, words in HEADINGS.items() if plain in words), "")


def parse_age(text: str) -> tuple[int, int] | None:
    """First and last age of an age or age group; (0, 120) for all ages; None if it is none.

    ``unter 1``, ``0 bis unter 5 Jahre``, ``5-9``, ``7``, ``85 und mehr``, ``100+``, ``Insgesamt`` and the codes of
    GENESIS (``ALT005B10``, ``ALT085UM``). A year of age above 120 is none.
    """
    plain = text.strip().lower().replace("\u00a0", " ")
    if plain in _ALL_AGES:
        return ALL_AGES
    plain = _NOISE.sub(" ", plain).strip()
    for pattern, form in _AGE_FORMS:
        found = pattern.fullmatch(plain)
        if found is None:
            continue
        first = int(found[1])
        if form == "first":
            first, last = 0, first - 1
        elif form == "up_to":
            first, last = 0, first
        elif form == "single":
            last = first
        elif form == "open":
            last = OPEN_AGE
        else:
            last = int(found[2]) - (form == "below")
        return (first, last) if 0 <= first <= last <= OPEN_AGE else None
    return None


def parse_sex(text: str) -> str | None:
    """``f``, ``m`` or ``all`` (also of an empty cell); None if it is none of them."""
    return _SEXES.get(text.strip().lower())


def parse_year(text: str) -> int | None:
    """Year of ``2030``, ``31.12.2030`` or ``2030-12-31``."""
    found = _YEAR.fullmatch(text.strip())
    return int(found[1]) if found else None


def parse_ags(text: str) -> tuple[str, bool] | None:
    """Key of a Land (2), district (5) or municipality (8 digits), and whether a lost leading zero was put back.

    Regional keys of 12 digits are shortened. None if it is no key.
    """
    plain = text.strip().removesuffix(".0").replace(" ", "")
    if not plain.isascii() or not plain.isdigit():
        return None
    repaired = len(plain) in (1, 4, 7, 11)
    plain = "0" + plain if repaired else plain
    if len(plain) == 12:
        plain = plain[:5] + plain[9:]
    return (plain, repaired) if len(plain) in (2, 5, 8) else None


def has_thousands_points(texts: Iterable[str]) -> bool:
    """Whether the points of a column of numbers part thousands: all that have one have it before three digits."""
    dotted = [t.strip() for t in texts if "." in t.strip().strip(".")]
    return bool(dotted) and all(_THOUSANDS.fullmatch(t) for t in dotted)


def parse_persons(text: str, *, thousands: bool) -> float | None:
    """A number of persons; a dash is zero (nothing there, as official tables write it); None if it is none or secret."""
    plain = text.strip().replace("\u00a0", "").replace(" ", "")
    if plain in _NOTHING:
        return 0.0
    plain = plain.replace(".", "") if thousands else plain
    try:
        number = float(plain.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None
