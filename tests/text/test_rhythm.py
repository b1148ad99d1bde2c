"""How often a mobile service comes, as people say it."""

from __future__ import annotations

import math

import pytest

from ankerort.text import Language
from ankerort.text.rhythm import rhythm_words


@pytest.mark.parametrize(
    ("weeks", "lang", "told"),
    [
        (1.0, "de", "jede Woche"), (2.0, "de", "alle 14 Tage"), (3.0, "de", "alle 3 Wochen"), (4.0, "en", "every 4 weeks"),
        (0.5, "de", "2-mal je Woche"), (1 / 3, "de", "3-mal je Woche"), (0.2, "en", "5 times a week"), (2.5, "de", "alle 2,5 Wochen"),
        (0.7, "de", "alle 0,7 Wochen"), (math.nan, "de", "Rhythmus nicht bekannt"),
    ],
)  # fmt: skip
def test_rhythms_are_told_as_people_say_them(weeks: float, lang: Language, told: str) -> None:
    """Every other week is every 14 days; several times a week are counted; nothing is rounded to a rhythm that it is not."""
    assert rhythm_words(weeks, lang) == told


def test_what_never_comes_has_no_rhythm() -> None:
    """Zero weeks is a fault of the caller."""
    with pytest.raises(ValueError, match="every 0"):
        rhythm_words(0.0, "de")
