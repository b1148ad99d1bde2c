"""Public and school holidays."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from ankerort.catalogue import (
    is_public_holiday,
    is_school_day,
    public_holiday_name,
    read_catalogue,
    school_holiday,
    school_holidays_known,
)

CATALOGUE = read_catalogue()


def test_public_holidays_differ_between_laender() -> None:
    """Epiphany is free in Sachsen-Anhalt and Baden-Württemberg, not in Hessen; Reformation Day only in Sachsen-Anhalt."""
    assert [is_public_holiday(land, date(2026, 1, 6)) for land in ("ST", "BW", "HE")] == [True, True, False]
    assert [is_public_holiday(land, date(2025, 10, 31)) for land in ("ST", "BW", "HE")] == [True, False, False]


def test_a_public_holiday_has_its_name_in_the_language_asked_for() -> None:
    """Whatever the language of the machine; other days have none."""
    day = date(2027, 5, 6)
    assert public_holiday_name("ST", day, "de") == "Christi Himmelfahrt"
    assert public_holiday_name("ST", day, "en") == "Ascension Day"
    assert public_holiday_name("ST", date(2027, 5, 7), "de") == ""


def test_an_unknown_land_is_an_error() -> None:
    """A Land that does not exist must not pass as one without holidays."""
    with pytest.raises(NotImplementedError):
        is_public_holiday("XX", date(2026, 1, 6))


@pytest.mark.parametrize(
    ("land", "day", "name"),
    [
        ("ST", date(2022, 2, 15), "Winterferien"),
        ("ST", date(2025, 10, 13), "Herbstferien"),
        ("ST", date(2025, 10, 25), "Herbstferien"),
        ("ST", date(2027, 8, 20), "Sommerferien"),
        ("HE", date(2026, 10, 8), "Herbstferien"),
        ("BW", date(2026, 6, 2), "Pfingstferien"),
        ("BW", date(2025, 10, 31), "Herbstferien"),
    ],
)
def test_school_holidays_include_both_ends(land: str, day: date, name: str) -> None:
    """A day of the record, first and last included, is found with its name."""
    record = school_holiday(CATALOGUE, land, day)
    assert record is not None
    assert record.name == name
    assert record.mark in ("S", "M")
    assert not is_school_day(CATALOGUE, land, day)


@pytest.mark.parametrize(
    ("land", "day", "school"),
    [
        ("ST", date(2026, 11, 24), True),
        ("ST", date(2026, 11, 22), False),  # Sunday
        ("ST", date(2026, 5, 14), False),  # Ascension Day
        ("ST", date(2025, 10, 10), True),  # the last day before the holidays
        ("ST", date(2025, 10, 27), True),  # the first day after them
    ],
)
def test_school_days(land: str, day: date, school: bool) -> None:
    """School is on Monday to Friday outside public and school holidays."""
    assert is_school_day(CATALOGUE, land, day) is school


def test_what_is_not_on_record_is_unknown() -> None:
    """A time or a Land without records is unknown, not free of holidays."""
    assert school_holidays_known(CATALOGUE, "ST", date(2026, 11, 24))
    assert not school_holidays_known(CATALOGUE, "ST", date(2031, 3, 4))
    assert not school_holidays_known(CATALOGUE, "ST", date(2019, 3, 5))
    assert not school_holidays_known(CATALOGUE, "NI", date(2026, 11, 24))


@pytest.mark.parametrize("land", ["ST", "HE", "BW"])
def test_the_time_of_the_feeds_is_covered(land: str) -> None:
    """Every day of 2022 and from August 2025 to August 2027 is known in the three Länder."""
    for first, last in ((date(2022, 1, 10), date(2022, 12, 31)), (date(2025, 8, 1), date(2027, 8, 31))):
        day = first
        while day <= last:
            assert school_holidays_known(CATALOGUE, land, day), day
            day += timedelta(days=7)


@pytest.mark.parametrize("land", ["ST", "HE", "BW"])
def test_holidays_do_not_overlap_and_have_a_usual_length(land: str) -> None:
    """Records of one Land follow one another; summer takes about six weeks, others at most four."""
    records = [h for h in CATALOGUE.school_holidays if h.land == land]
    for earlier, later in itertools.pairwise(records):
        assert earlier.last_day < later.first_day
    for record in records:
        days = (date.fromisoformat(record.last_day) - date.fromisoformat(record.first_day)).days + 1
        assert 38 <= days <= 46 if record.name == "Sommerferien" else 1 <= days <= 28, record
