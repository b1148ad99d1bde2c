"""The cycle of a mobile plan laid over a calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.documents.mobile_dates import WEEKDAYS, collect_day, every_weeks, make_calendar, weeks_of
from ankerort.region.read_mobile_contact import MobileContact, StopNote

OPEN = MobileContact(holidays_off=False, eves_off=False)


@settings(max_examples=150, deadline=None)
@given(
    st.dates(dt.date(2024, 1, 1), dt.date(2030, 1, 1)),
    st.integers(0, 400),
    st.sampled_from([1, 2, 3, 4, 8]),
    st.sampled_from(WEEKDAYS),
    st.data(),
)
def test_days_are_those_counted_one_by_one(start: dt.date, shift: int, cycle: int, weekday: str, data) -> None:
    """Every day of the half-year is asked for its weekday and its week of the cycle, counted from the first Monday."""
    weeks = data.draw(st.sets(st.integers(1, cycle), min_size=1))
    first = start + dt.timedelta(days=shift)
    calendar = make_calendar(start.isoformat(), cycle, OPEN, "ST", "de", first_day=first.isoformat())
    monday = start - dt.timedelta(days=start.weekday())
    expected = []
    for k in range(26 * 7):
        day = first + dt.timedelta(days=k)
        if WEEKDAYS[day.weekday()] == weekday and (day - monday).days // 7 % cycle + 1 in weeks:
            expected.append(day)
    found = calendar.dates(weekday, sorted(weeks))
    assert list(found.held) == expected
    assert found.cancelled == ()


def test_holidays_of_the_land_are_left_out_and_named() -> None:
    """Epiphany 2027 is a Wednesday, free in Sachsen-Anhalt and not in Hessen; its name has the language of the paper."""
    for land, lang, expected in (("ST", "de", "Heilige Drei Könige"), ("ST", "en", "Epiphany"), ("HE", "de", "")):
        calendar = make_calendar("2027-01-04", 1, MobileContact(), land, lang)
        told = {c.day: c.reason for c in calendar.dates("We", (1,)).cancelled}
        assert told.get(dt.date(2027, 1, 6), "") == expected


def test_christmas_eve_counts_as_a_holiday_unless_a_user_says_otherwise() -> None:
    """24 and 31 December are working days by law; the sheet leaves them out with their names."""
    for eves, reasons in ((True, ["Heiligabend", "Silvester"]), (False, [])):
        calendar = make_calendar("2026-12-21", 1, MobileContact(eves_off=eves), "ST", "de")
        found = calendar.dates("Th", (1,))
        assert [c.reason for c in found.cancelled if c.day.month == 12] == reasons


def test_a_day_of_one_stop_leaves_out_that_stop_only() -> None:
    """A note on a stop holds there; a day of the office holds everywhere; regular has both kinds of days."""
    contact = MobileContact(cancelled=("2027-01-12",))
    calendar = make_calendar("2027-01-04", 1, contact, "ST", "de")
    everywhere, here = calendar.dates("Tu", (1,)), calendar.dates("Tu", (1,), StopNote("x", cancelled=("2027-01-19",)))
    assert [c.day.day for c in everywhere.cancelled if c.day.month == 1] == [12]
    assert [c.day.day for c in here.cancelled if c.day.month == 1] == [12, 19]
    assert here.regular == everywhere.regular


@pytest.mark.parametrize(
    ("weeks", "cycle", "step"),
    [("1;2;3;4", 4, 1), ("1;3", 4, 2), ("2;4", 4, 2), ("2", 4, 4), ("1;2", 4, 0), ("1;2;3", 4, 0), ("1", 1, 1)],
)
def test_even_weeks_have_a_step(weeks: str, cycle: int, step: int) -> None:
    """Weeks evenly spread over the cycle are an interval; all others are told day by day."""
    assert every_weeks(weeks_of(weeks), cycle) == step


@settings(max_examples=100, deadline=None)
@given(st.sets(st.dates(dt.date(2027, 1, 1), dt.date(2027, 12, 31)), min_size=1), st.floats(0, 12))
def test_a_document_is_collected_at_the_first_visit_when_it_is_ready(held: set[dt.date], wait: float) -> None:
    """Never before its weeks have passed, never on the day of the application, and at no later visit than needed."""
    applied = min(held)
    found = collect_day(held, applied, wait)
    ready = [d for d in sorted(held) if d > applied and (d - applied).days >= wait * 7 - 1e-6]
    assert found == (ready[0] if ready else None)
