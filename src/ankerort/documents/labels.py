"""Names that several documents share: services, places, sources, letters and their colours."""

from __future__ import annotations

from ankerort.catalogue.model import Catalogue
from ankerort.text import Language, say
from ankerort.text.grammar import nearest
from ankerort.text.numbers import format_share

# Letter -> (fill colour, text id of its meaning). Black or white print on them has a contrast of at least 4.5 to 1.
LETTERS: dict[str, tuple[str, str]] = {
    "O": ("#12783c", "letter.O"),
    "M": ("#91cf60", "letter.M"),
    "E": ("#c7e9b4", "letter.E"),
    "A": ("#fee08b", "letter.A"),
    "–": ("#d73027", "letter.none"),
    "?": ("#d9d9d9", "letter.unknown"),
}
DARK_LETTERS = ("O", "–")  # white print on these fills
# Mark of a place too close to others for its letter: shapes differ, since councils get black-and-white copies.
SHAPES: dict[str, str] = {"O": "o", "M": "s", "E": "^", "A": "D", "–": "X", "?": "."}


def row_label(service: str, catalogue: Catalogue, lang: Language) -> str:
    """Label of a service or of a core function (``core:<id>``), with a capital as it begins a line."""
    if service.startswith("core:"):
        label = next(i.label(lang) for i in catalogue.core if i.id == service.removeprefix("core:"))
    else:
        label = catalogue.services[service].label(lang)
    return label[:1].upper() + label[1:]


def short_label(service: str, catalogue: Catalogue, lang: Language) -> str:
    """The noun of a service or core function as a short heading; its label where the catalogue has no noun."""
    noun = catalogue.nouns.get(service)
    if noun is None:
        return row_label(service, catalogue, lang)
    name = noun.one(lang)
    return name[:1].upper() + name[1:]


def nearest_function(function: str, catalogue: Catalogue, lang: Language, *, of_known: bool = False) -> str:
    """The nearest one of a function that has a noun: ``die nächste Apotheke``; of a core function with nouns of two genders each has its
    own article: ``die nächste Bankfiliale oder der nächste Geldautomat``.
    """
    noun = catalogue.nouns[function]
    whole = nearest(noun.one(lang), noun.gender, lang, of_known=of_known)
    if lang != "de" or " oder " not in noun.noun_de:
        return whole
    services = next((i.services for i in catalogue.core if f"core:{i.id}" == function), ())
    nouns = [catalogue.nouns[s] for s in services if s in catalogue.nouns]
    if len({n.gender for n in nouns}) < 2:
        return whole
    return " oder ".join(nearest(n.one(lang), n.gender, lang, of_known=of_known) for n in nouns)


def share_label(share: float, lang: Language) -> str:
    """A share as whole per cent; what is not all is never printed as 100 %, and what is not nothing never as 0 %."""
    if 0.995 <= share < 1 - 1e-9:
        return say("word.nearly_all", lang)
    if 1e-9 < share < 0.005:
        return say("word.nearly_none", lang)
    return format_share(share, lang)


def verdict(state: str, state_no_car: str) -> str:
    """One letter where only one has room: "nur mit Auto" is said only if it is known that there is no other way."""
    return "?" if state == "A" and state_no_car == "?" else state


def letter_meaning(letter: str, lang: Language) -> str:
    """What a letter says."""
    return say(LETTERS[letter][1], lang)
