"""Articles, cases and lists of words, so that generated sentences can be read aloud."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from ankerort.text.sentences_reader import Language

Gender = Literal["m", "f", "n"]

# Names that do not stand after a bare "in": "in Am Birnbaum", "in Alte Neustadt".
_INFLECTED = re.compile(
    r"^(am|an|auf|im|in|bei|beim|unter|über|zu|zum|zur|hinter|vor|der|die|das|alter?|altes|neuer?|neues)\s",
    re.IGNORECASE,
)
_REST_DE = re.compile(r",\s*übriges Gebiet$")
_NEXT = {"m": "der nächste", "f": "die nächste", "n": "das nächste"}
_NONE = {"m": "keiner", "f": "keine", "n": "keines"}
_ONE = {"m": "ein", "f": "eine", "n": "ein"}


def join_words(words: Sequence[str], lang: Language) -> str:
    """A list in a sentence: ``A``, ``A und B``, ``A, B und C``; empty for none."""
    link = " und " if lang == "de" else " and "
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + link + words[-1] if words else ""


def place_name(name: str, kind: str, lang: Language) -> str:
    """The name as a title: the rest of a municipality is no place and is called so in each language."""
    if kind != "outlying" or lang == "de":
        return name
    return f"{_REST_DE.sub('', name)}, rest of the area"


def in_place(name: str, kind: str, lang: Language) -> str:
    """Where: ``in Ummendorf``, ``im Ortsteil Alte Neustadt``, ``im übrigen Gebiet von Florstadt``.

    Parameters
    ----------
    name
        Printed name of the place.
    kind
        As in PLACES: suburbs and quarters stand after "Ortsteil", as do names that begin with an article, a preposition or an adjective.
    """
    if kind == "outlying":
        town = _REST_DE.sub("", name)
        return f"im übrigen Gebiet von {town}" if lang == "de" else f"in the rest of {town}"
    if kind in ("suburb", "listed") or _INFLECTED.match(name):
        return f"im Ortsteil {name}" if lang == "de" else f"in {name}"  # an English ear takes any name after "in"
    return f"in {name}"


def nearest(noun: str, gender: Gender, lang: Language, *, of_known: bool = False) -> str:
    """The nearest one: ``der nächste Hausarzt``, ``die nächste Apotheke``; `of_known`: ``das nächste bekannte Bürgerbüro``."""
    if lang == "de":
        return f"{_NEXT[gender]}{' bekannte' if of_known else ''} {noun}"
    return f"the nearest {'known ' if of_known else ''}{noun}"


def one_of(noun: str, gender: Gender, lang: Language) -> str:
    """One of them: ``eine Haltestelle``, ``ein Hausarzt``."""
    if lang == "de":
        return f"{_ONE[gender]} {noun}"
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def none_of(gender: Gender, lang: Language) -> str:
    """None, standing for a noun: keiner, keine, keines."""
    return _NONE[gender] if lang == "de" else "none"


def capital(text: str) -> str:
    """The text with a capital, as it begins a sentence."""
    return text[:1].upper() + text[1:]
