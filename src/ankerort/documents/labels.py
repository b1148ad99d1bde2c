"""Names that several documents share: services, places, sources, letters and their colours."""

from __future__ import annotations

from ankerort.catalogue.model import Catalogue
from ankerort.text import Language, say

# Letter -> (fill colour, text id of its meaning). Colours keep their order in a black-and-white copy: the darker, the worse.
LETTERS: dict[str, tuple[str, str]] = {
    "O": ("#1a9850", "letter.O"),
    "M": ("#91cf60", "letter.M"),
    "E": ("#c7e9b4", "letter.E"),
    "A": ("#fee08b", "letter.A"),
    "–": ("#d73027", "letter.none"),
    "?": ("#d9d9d9", "letter.unknown"),
}
DARK_LETTERS = ("O", "–")  # white print on these fills


def row_label(service: str, catalogue: Catalogue, lang: Language) -> str:
    """Label of a service or of a core function (``core:<id>``)."""
    if service.startswith("core:"):
        return next(i.label(lang) for i in catalogue.core if i.id == service.removeprefix("core:"))
    return catalogue.services[service].label(lang)


def letter_meaning(letter: str, lang: Language) -> str:
    """What a letter says."""
    return say(LETTERS[letter][1], lang)
