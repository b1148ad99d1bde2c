"""How often a mobile service comes, in words."""

from __future__ import annotations

import math

from ankerort.text.numbers import format_decimal, format_whole
from ankerort.text.sentences_reader import Language, say

_NEAR = 0.01


def rhythm_words(weeks: float, lang: Language) -> str:
    """Every how many weeks something comes: ``jede Woche``, ``alle 14 Tage``, ``alle 3 Wochen``, ``2-mal je Woche``.

    Parameters
    ----------
    weeks
        1 = weekly, 2 = every other week, 0.5 = twice a week; NaN = not known.

    Raises
    ------
    ValueError
        If `weeks` is not above 0.
    """
    if math.isnan(weeks):
        return say("rhythm.unknown", lang)
    if weeks <= 0:
        raise ValueError(f"comes every {weeks} weeks")
    if abs(weeks - 1) < _NEAR:
        return say("rhythm.weekly", lang)
    if abs(weeks - 2) < _NEAR:
        return say("rhythm.fortnightly", lang)
    a_week = 1 / weeks
    if weeks < 1 and abs(a_week - round(a_week)) < _NEAR * a_week:
        return say("rhythm.times_a_week", lang, n=format_whole(a_week, lang))
    whole = abs(weeks - round(weeks)) < _NEAR
    return say("rhythm.weeks", lang, n=format_whole(weeks, lang) if whole else format_decimal(weeks, lang))
