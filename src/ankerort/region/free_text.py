"""Names and numbers in what people write freely: found and replaced by marks, so that the text can be read by more than one office.

A search by patterns finds most, never all; that is why free text stays internal all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from ankerort.region.stop_places import place_key

Found = Literal["name", "phone", "mail", "number"]
FOUND: tuple[Found, ...] = ("name", "phone", "mail", "number")
MARKS: dict[Found, str] = {"name": "[Name]", "phone": "[Telefon]", "mail": "[E-Mail]", "number": "[Nummer]"}

_UPPER = "A-ZÄÖÜÀ-ÖØ-Þ"
_WORD = rf"[{_UPPER}][\w'’]*(?:-[{_UPPER}]?[\w'’]+)*"
_PARTICLE = r"(?:von|van|vom|zu|zur|de|der|den|dos|del|la|al|el)"
_INITIAL = rf"[{_UPPER}]\.(?:\s?-?\s?[{_UPPER}]\.)*"
_NAME = rf"(?:{_INITIAL}\s*)?(?:{_PARTICLE}\s+){{0,2}}{_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_WORD}){{0,2}}"

_MAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\s?\d{2}(?:\s?[\dA-Z]{4}){3,7}(?:\s?[\dA-Z]{1,3})?\b")
_BIRTH = re.compile(r"\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b")
_BIRTH_WORDS = re.compile(
    r"\b\d{1,2}\.\s?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\s+\d{2,4}\b"
    r"|(?<=geboren )\d{4}\b|(?<=Jahrgang )\d{2,4}\b|(?<=geb\. )\d{4}\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w,.])(?:\+|00?)\s?[\d(](?:[\s/().-]{0,3}\d){4,14}(?!\w)")
_STREET_WORD = r"(?:stra(?:ß|ss)e|str\.?|weg|platz|gasse|ring|allee|damm|ufer|anger|chaussee|hof|berg|winkel|siedlung|markt|graben|steig|wall|feld|breite)"
_ADDRESS = re.compile(
    rf"\b(?:[{_UPPER}][\w.-]*\s+)?[\w-]*{_STREET_WORD}\s+\d{{1,4}}(?:\s?[a-z])?\b"
    rf"|\b(?:Am|An der|An den|Im|In der|In den|Zum|Zur|Auf dem|Auf der|Hinter der|Hinterm|Vor dem)\s+{_WORD}\s+\d{{1,4}}(?:\s?[a-z])?\b"
    r"|\b(?:Hausnummer|Haus-Nr\.|Haus Nr\.|Nr\.)\s*\d{1,4}(?:\s?[a-z])?\b",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<!\w)[A-Z]{0,2}\d(?:[ -]?\d){4,}(?!\w)")
_TITLES = r"(?:Herrn?|Hr\.|Frau|Fr\.|Fräulein|Familie|Fam\.|Dr\.|Prof\.|Pfarrer(?:in)?|Schwester|Bruder|Dokter|Doktor|Bürgermeister(?:in)?|Mr\.?|Mrs\.?|Ms\.?)"
_KIN = (
    r"(?:Tante|Onkel|Oma|Opa|Nachbar(?:in|n)?|Enkel(?:in)?|Tochter|Sohn|Schwager|Schwägerin|Nichte|Neffe|Mann|Ehemann|Ehefrau|Freund(?:in)?"
    r"|Betreuer(?:in)?|Pfleger(?:in)?)"
)
_AFTER_TITLE = re.compile(rf"\b(?P<keep>{_TITLES}\s+(?:{_TITLES}\s+)*)(?P<name>{_NAME})")
_AFTER_KIN = re.compile(rf"\b(?P<keep>{_KIN}\s+)(?P<name>{_NAME})")
# Typed without capitals: a word after a title typed small is a name, unless it is one of the words that often follow.
_SMALL_TITLE = re.compile(r"\b(?P<keep>(?:herrn?|frau|familie)\s+)(?P<name>[a-zäöüß]{3,}(?:-[a-zäöüß]+)?)")
_SMALL_WORDS = frozenset(
    """aber auch bei bin braucht darf das dass der die ein eine einen fährt für geht hat hatte ich ihr immer ist kann kein keine kommt lebt mag mehr
    mit muss nach nicht noch nur ohne oder schon sehr selbst sie sind und von war weil wenn wir wird wohnt zum zur""".split()  # noqa: SIM905
)
_I_AM = re.compile(
    rf"\b(?P<keep>(?:[Ii]ch heiße|[Mm]ein Name(?: ist)?:?|gez\.|gezeichnet|Name:|[Mm]y name is|[Gg]rüßen?,?|[Gg]ruß,?|I am called|c/o)\s+)(?P<name>{_NAME})"
)
_WITH_INITIAL = re.compile(rf"(?<!\w)(?P<keep>)(?P<name>{_INITIAL}\s*{_WORD})")
_PAIR = re.compile(rf"(?<![\w\]])(?P<first>{_WORD})\s+(?P<second>{_WORD})(?!\w)")
_NO_NAMES = frozenset({"Sie", "Ihnen", "Ihr", "Ihre", "Ihrem", "Ihren", "Ihrer", "Uhr", "Euro", "Minuten", "Meter"})
_TITLE_OR_KIN = re.compile(rf"{_TITLES}|{_KIN}|Dr|Prof|Fam")
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\n„\"(–-]\s*)$")
# Words with a capital at the head of a sentence that are no first names.
_BEGINNINGS = frozenset(
    """Aber Alle Allein Alles Als Am An Auch Auf Aus Bei Beim Bis Bitte Da Dafür Damit Dann Das Dass Dem Den Der Des Die Diese Dieser Dort Durch Ein Eine
    Einen Einer Einmal Er Es Etwas Für Ganz Gern Gerne Gut Gute Haben Habe Hier Ich Ihr Ihre Im Immer In Ins Ist Jede Jeden Jeder Jetzt Kann Kein Keine
    Keinen Leider Mal Man Manche Mein Meine Meinem Meinen Meiner Mehr Mit Nach Nicht Noch Nur Ob Oder Ohne Oft Schon Sehr Seit Selbst Sie Sind So Sonst
    Statt Sollte Trotz Über Um Und Uns Unser Unsere Unter Viel Viele Vielen Vom Von Vor War Warum Was Weil Wegen Wenn Wer Wie Wir Wird Wo Zu Zum Zur Zwei
    The My Our We It If A An For No There This When With Please""".split()  # noqa: SIM905
)


def clean_text(text: str, *, places: Collection[str] = ()) -> tuple[str, tuple[Found, ...]]:
    """Replace names and numbers in a text by marks.

    Parameters
    ----------
    text
        As somebody wrote it.
    places
        Names of places; they are no names of people.

    Returns
    -------
    tuple of (str, tuple of str)
        The text with marks, and what was found, in the order of `FOUND`.

    Notes
    -----
    Found are: mail addresses; bank accounts, days and years of birth, addresses with a house number and numbers of five and more digits (as number);
    phone numbers; words with a capital after a title (Herr, Frau, Dr.), after a relation (Tochter, Nachbar), after "ich heiße", behind an initial; and
    two words with capitals in a row that are no place. Rather one word too many than a name too few: the answer itself lies in the other columns.
    """
    known = {place_key(p) for p in places}
    found: set[Found] = set()

    def mark(kind: Found, pattern: re.Pattern[str], value: str) -> str:
        new, count = pattern.subn(MARKS[kind], value)
        if count:
            found.add(kind)
        return new

    def name(match: re.Match[str]) -> str:
        if _is_place(match["name"], known) or match["name"].casefold() in _SMALL_WORDS:
            return match[0]
        found.add("name")
        return match["keep"] + MARKS["name"]

    def pair(match: re.Match[str]) -> str:
        first, second = match["first"], match["second"]
        begins = bool(_SENTENCE_END.search(match.string[: match.start()]))
        parts = (first, second, f"{first} {second}")
        if _TITLE_OR_KIN.fullmatch(first) or _TITLE_OR_KIN.fullmatch(second):
            return match[0]
        if any(_is_place(p, known) for p in parts) or (begins and first in _BEGINNINGS) or second in _NO_NAMES:
            return match[0]
        found.add("name")
        return MARKS["name"]

    out = mark("mail", _MAIL, text)
    out = mark("number", _IBAN, out)
    out = mark("number", _BIRTH, out)
    out = mark("number", _BIRTH_WORDS, out)
    out = mark("phone", _PHONE, out)
    out = mark("number", _ADDRESS, out)
    out = mark("number", _LONG_NUMBER, out)
    for pattern in (_I_AM, _AFTER_TITLE, _AFTER_KIN, _SMALL_TITLE, _WITH_INITIAL):
        out = pattern.sub(name, out)
    out = _PAIR.sub(pair, out)
    return out, tuple(f for f in FOUND if f in found)


def _is_place(words: str, known: Collection[str]) -> bool:
    return place_key(words) in known
