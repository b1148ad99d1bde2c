"""What tables of registration offices write: headings, residences, sum rows, suppressed numbers, dates in titles."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ankerort.region.population_labels import ALL_AGES, heading, parse_age, parse_sex

# Headings of registers beyond those that projections use (lower case, letters only).
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "place": (
        *("ortsteil", "ortsteile", "ortsteilname", "ortsteilbezeichnung", "gemeindeteil", "wohnort", "ortsname"),
        *("bezirk", "stadtbezirk", "stadtteilname", "ortschaftsname", "ortsteilot"),
    ),
    "municipality": (
        *("gemeinde", "gemeindename", "mitgliedsgemeinde", "kommune", "stadt", "municipality", "stadtgemeinde"),
    ),
    "residence": ("wohnungsstatus", "wohnung", "wohnungsart", "hwnw", "wohnsitz", "wohnsitzart", "wohnungstyp"),
    "persons": ("personenzahl", "anzahlpersonen", "einwohnerinnen", "ew", "einw", "gemeldete", "anzahleinwohner"),
    "age": ("lebensjahr", "lebensalter", "altersklasse", "altersklassen", "altersstufe"),
    "sex": ("geschl", "gesch", "mw", "mwd"),
}
_RESIDENCES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("h", "hw", "hauptwohnung", "hauptwohnungen", "hauptwohnsitz", "alleinigewohnung", "einzigewohnung"),
            *("nurhauptwohnung", "haupt", "alleinige", "alleinigeoderhauptwohnung"),
        ),
        "main",
    ),
    **dict.fromkeys(
        ("n", "nw", "nebenwohnung", "nebenwohnungen", "nebenwohnsitz", "nurnebenwohnung", "neben"), "secondary"
    ),
    **dict.fromkeys(
        ("hunw", "hauptundnebenwohnung", "hwnw", "hwundnw", "hauptundnebenwohnungen", "hauptundnebenwohnsitz"), "both"
    ),
}
_SUMS = frozenset(
    (
        *(
            "insgesamt",
            "gesamt",
            "summe",
            "zusammen",
            "total",
            "gesamtsumme",
            "gesamtergebnis",
            "endsumme",
            "alle",
            "all",
        ),
        *("gemeindegesamt", "gemeindeinsgesamt", "gesamtstadt", "gesamtgemeinde", "stadtgesamt", "stadtinsgesamt", "σ"),
        *("übersicht", "summegemeinde", "summestadt", "alleortsteile", "ortsteileinsgesamt", "ortsteilegesamt"),
    )
)
_SUM_END = re.compile(r"(.+?)[\s,:–-]+(?:ergebnis|gesamt|insgesamt|summe|zusammen)", re.IGNORECASE)
_SUM_START = re.compile(r"(?:summe|gesamt|insgesamt|zusammen)[\s,:–-]+(.+)", re.IGNORECASE)
_SUPPRESSED = re.compile(r"[•·*/x.…]|\.{2,3}|\(\.\)|k\.?\s?a\.?|geheim|<\s*\d+|unter\s+\d", re.IGNORECASE)
_OTHER_SEX = frozenset(("d", "divers", "ohne angabe", "unbekannt", "divers/ohne angabe", "diverse"))
_NOT_PERSONS = re.compile(r"%|prozent|anteil|quote|quotient|durchschnitt|mittel|veränder|saldo|differenz|fläche", re.I)
_BELOW = re.compile(r"^\s*(?:darunter|davon|dar\.|dav\.|von)\s+", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_SEX_WORDS = r"männlich|maennlich|weiblich|insgesamt|gesamt|zusammen|divers|frauen|männer|[mwdfi]"
_AGE_THEN_SEX = re.compile(rf"(.+?)[\s_,/(-]+({_SEX_WORDS})\.?\)?", re.IGNORECASE)
_SEX_THEN_AGE = re.compile(rf"({_SEX_WORDS})[\s_,/:-]+(.+)", re.IGNORECASE)
_NAMED = re.compile(r"\s*(ortsteil|ortschaft|stadtteil|ot|ort)\s*[:\s]\s*(\S.*?)\s*", re.IGNORECASE)
_MUNICIPALITY = re.compile(
    r"(?:^|[\s,;(])(?i:einheitsgemeinde|mitgliedsgemeinde|gemeinde|stadt|markt)\s*:?\s+([A-ZÄÖÜ][\w.\- äöüßÄÖÜ]*?)(?=$|\s*[,;(|]|\s+(?:am|zum|nach|insgesamt|stand|stichtag|\d))"
)
_AGS = re.compile(r"(?:ags|schlüssel|gemeindekennziffer)\D{0,20}(\d{8}|\d{12})(?!\d)", re.IGNORECASE)


def letters_of(text: str) -> str:
    """Lower-case letters of a text, without blanks and punctuation."""
    return re.sub(r"[^a-zäöüßσ]", "", text.lower())


def column_name(text: str) -> str:
    """Ankerort's name of a heading of a register, or an empty string."""
    plain = letters_of(text)
    return heading(text) or next((name for name, words in _HEADINGS.items() if plain in words), "")


def parse_residence(text: str) -> str | None:
    """``main``, ``secondary`` or ``both`` of a word for the kind of residence; None if it is none."""
    return _RESIDENCES.get(letters_of(text.replace("+", "und").replace("&", "und")))


def is_sum(text: str) -> bool:
    """Whether a label stands for everything: insgesamt, Summe, Gesamtergebnis."""
    return letters_of(text) in _SUMS or text.strip() == "Σ"


def sum_of(text: str) -> str:
    """What a label sums up: ``Adorf Ergebnis`` and ``Summe Adorf`` give Adorf; empty if it is no such label."""
    found = _SUM_END.fullmatch(text.strip()) or _SUM_START.fullmatch(text.strip())
    return found[1].strip() if found else ""


def is_suppressed(text: str) -> bool:
    """Whether an entry says that the number is kept secret: a point, a bullet, a star, ``< 3``."""
    return _SUPPRESSED.fullmatch(text.strip()) is not None


def is_no_count(text: str) -> bool:
    """Whether a heading is of a share, a mean or a change, not of persons."""
    return _NOT_PERSONS.search(text) is not None


def register_age(text: str) -> tuple[int, int] | None:
    """As `parse_age`, also of ``Summe`` and ``darunter 80 und älter``."""
    return ALL_AGES if is_sum(text) else parse_age(_BELOW.sub("", text))


def register_sex(text: str) -> str | None:
    """As `parse_sex`, with ``d`` for divers and not told; an empty entry is none."""
    plain = _BELOW.sub("", text).strip().lower()
    if not plain:
        return None
    return "d" if plain in _OTHER_SEX else "all" if is_sum(plain) else parse_sex(plain)


def age_and_sex(text: str) -> tuple[tuple[int, int], str] | None:
    """Both of a heading such as ``0-2 m`` or ``weiblich 3 bis 5``; None if it is no such heading."""
    for pattern, age_at in ((_AGE_THEN_SEX, 1), (_SEX_THEN_AGE, 2)):
        found = pattern.fullmatch(text.strip())
        if found:
            age, sex = register_age(found[age_at]), register_sex(found[3 - age_at])
            if age is not None and sex is not None:
                return age, sex
    return None


def date_in(text: str) -> str:
    """ISO date of the first day in a text, else its year, else an empty string."""
    if found := _DATE.search(text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if found := _ISO.search(text):
        return found[0]
    found = _YEAR.search(text)
    return found[1] if found else ""


def named_place(text: str) -> str:
    """Adorf of ``Ortsteil: Adorf``; empty if the text does not name a place so."""
    found = _NAMED.fullmatch(text)
    return found[2] if found else ""


def named_municipality(text: str) -> str:
    """Bedorf of ``Einwohner der Gemeinde Bedorf am 31.12.2024``; empty if the text names none."""
    found = _MUNICIPALITY.search(text)
    return found[1].strip() if found else ""


def named_ags(text: str) -> str:
    """Key of a municipality that a title names after the word AGS or Schlüssel; empty if none."""
    found = _AGS.search(text)
    return found[1] if found else ""
