"""How numbers are printed."""

from __future__ import annotations

import math

import pytest

from ankerort.text.numbers import (
    format_clock,
    format_date,
    format_decimal,
    format_minutes,
    format_persons,
    format_share,
    round_persons,
)


@pytest.mark.parametrize(
    ("persons", "printed"), [(0, 0), (2.4, 0), (2.5, 5), (97.4, 95), (99, 100), (104, 100), (105, 110), (1234, 1230)]
)
def test_persons_are_rounded_to_ten_and_under_a_hundred_to_five(persons: float, printed: int) -> None:
    """Persons are rounded to 10, under 100 to 5; halves go up."""
    assert round_persons(persons) == printed


def test_unknown_persons_are_never_printed_as_a_number() -> None:
    """Unknown is not zero."""
    with pytest.raises(ValueError, match="unknown"):
        round_persons(math.nan)


def test_german_and_english_separators() -> None:
    """German writes 12.340 and 1.234,5, English 12,340 and 1,234.5."""
    assert format_persons(12338, "de") == "12.340"
    assert format_persons(12338, "en") == "12,340"
    assert format_decimal(1234.56, "de") == "1.234,6"
    assert format_decimal(1234.56, "en") == "1,234.6"
    assert format_share(0.474, "de") == "47 %"


def test_minutes_are_whole_and_rounded_up() -> None:
    """14 min 1 s are printed as 15 minutes, exactly 14 min as 14; unknown is empty."""
    assert format_minutes(14 + 1 / 60) == "15"
    assert format_minutes(14.0) == "14"
    assert format_minutes(math.nan) == ""


def test_dates_and_clock_times() -> None:
    """Dates are German style in German only; after midnight the clock starts again."""
    assert format_date("2026-06-05", "de") == "05.06.2026"
    assert format_date("2026-06-05", "en") == "2026-06-05"
    assert format_date("2020", "de") == "2020"
    assert format_clock(24 * 3600 + 600) == "00:10"
