"""Opening hours in words."""

from __future__ import annotations

import pytest

from ankerort.region.hours_words import hours_in_words
from ankerort.region.opening_hours import open_week, parse_hours

_DAY = "2026-06-03"


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("Mo-Fr 08:00-18:00; Sa 08:00-12:30", "Mo–Fr 8–18 Uhr, Sa 8–12:30 Uhr"),
        ("Mo-Fr 08:00-12:00,14:00-18:00; We off", "Mo–Fr 8–12 und 14–18 Uhr, Mi geschlossen"),
        ("24/7", "rund um die Uhr"),
        ("10:00-18:00", "täglich 10–18 Uhr"),
        ("Mo-Su,PH 09:00-17:00", "Mo–So, Feiertage 9–17 Uhr"),
        ("", ""),
    ],
)
def test_weekdays_and_times_are_put_into_words(rules: str, words: str) -> None:
    """As people write them: days and hours in German, minutes only where there are any."""
    assert hours_in_words(rules, "de") == words


@pytest.mark.parametrize(
    "rules",
    ["Apr-Oct: Mo-Fr 08:00-12:00", "Mo[1] 10:00-12:00", "Mo-Fr 08:00-12:00; Mo 14:00-18:00", "nach Vereinbarung"],
)
def test_what_has_no_sure_words_stays_as_given(rules: str) -> None:
    """Seasons, weeks of the month, and rules that replace others would say something else in words."""
    assert hours_in_words(rules, "de") == rules


@pytest.mark.parametrize(
    "rules",
    ["Mo-Fr 08:00-18:00; Sa 08:00-12:30", "Mo-Fr 08:00-12:00,14:00-18:00; We off", "Tu 09:30-10:15, Th 14:00-16:00"],
)
def test_words_read_back_mean_the_same(rules: str) -> None:
    """An office that copies our words into its answer tells the same hours."""
    again = parse_hours(hours_in_words(rules, "de")).rules
    assert open_week(again, day=_DAY) == open_week(rules, day=_DAY)
