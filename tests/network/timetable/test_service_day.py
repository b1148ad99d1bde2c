"""The choice of the service day, on calendars made by hand."""

from __future__ import annotations

from datetime import date

import numpy as np

from ankerort.network.timetable.service_day import (
    align_trips_per_day,
    choose_day,
    school_tuesdays_thursdays,
    trips_per_week,
)

MONDAY = np.datetime64("2026-06-01")


def eligible(days: int) -> np.ndarray:
    return school_tuesdays_thursdays(MONDAY, days, lambda d: d != date(2026, 6, 9))


def counts(*feeds: dict[int, int], days: int = 21, base: int = 0) -> np.ndarray:
    table = np.full((len(feeds), days), base, np.int64)
    for row, feed in enumerate(feeds):
        for day, trips in feed.items():
            table[row, day] = trips
    return table


def test_only_school_tuesdays_and_thursdays_count() -> None:
    """A Tuesday without school is left out; so are all other weekdays."""
    days = [str(MONDAY + k) for k in np.flatnonzero(eligible(14))]
    assert days == ["2026-06-02", "2026-06-04", "2026-06-11"]


def test_whole_day_needs_nine_tenths_of_every_feed() -> None:
    """The first day has one feed at 89 %, the second both at 90 % or more: it is taken."""
    trips = counts({1: 100, 3: 90, 10: 10}, {1: 89, 3: 95, 10: 100})
    choice = choose_day(trips, MONDAY, eligible(21), whole_share=0.9)
    assert (str(choice.day), choice.rule, choice.whole_days) == ("2026-06-04", "whole", ("2026-06-04",))
    assert choice.hollow.tolist() == [False, False]
    assert choice.peak_trips.tolist() == [100, 100]


def test_best_day_has_the_largest_smallest_share() -> None:
    """Without a whole day the feed that suffers most decides; hollow feeds are named."""
    trips = counts({1: 100, 3: 80, 10: 20}, {1: 10, 3: 50, 10: 100})
    choice = choose_day(trips, MONDAY, eligible(21), whole_share=0.9)
    assert (str(choice.day), choice.rule) == ("2026-06-04", "hollow")
    assert choice.hollow.tolist() == [True, True]
    assert choice.trips.tolist() == [80, 50]
    assert [str(d) for d in choice.peak_day] == ["2026-06-02", "2026-06-11"]


def test_ties_go_to_more_trips_then_to_the_earlier_day() -> None:
    """Equal smallest shares: the larger sum; equal sums: the earlier day."""
    more = counts({1: 50, 3: 50, 10: 100}, {1: 60, 3: 70, 10: 10})
    assert str(choose_day(more, MONDAY, eligible(21), whole_share=0.9).day) == "2026-06-04"
    same = counts({1: 50, 3: 50, 10: 50})
    assert str(choose_day(same, MONDAY, eligible(21), whole_share=0.9).day) == "2026-06-02"


def test_saturdays_and_busy_holidays_are_no_peak() -> None:
    """A day that is not eligible neither is chosen nor raises the peak."""
    trips = counts({1: 50, 5: 500, 8: 400})
    choice = choose_day(trips, MONDAY, eligible(21), whole_share=0.9)
    assert (str(choice.day), choice.peak_trips.tolist()) == ("2026-06-02", [50])


def test_feed_without_trips_on_eligible_days_does_not_decide() -> None:
    """A weekend bus is neither hollow nor in the way."""
    choice = choose_day(counts({1: 50}, {6: 9}), MONDAY, eligible(21), whole_share=0.9)
    assert (str(choice.day), choice.rule, choice.hollow.tolist()) == ("2026-06-02", "whole", [False, False])


def test_without_any_school_day_all_days_are_compared() -> None:
    """Feeds of the holidays still give a day, marked as such."""
    choice = choose_day(counts({8: 4, 6: 9}), MONDAY, np.zeros(21, bool), whole_share=0.9)
    assert (str(choice.day), choice.rule) == ("2026-06-07", "no_school_day")


def test_asked_day_is_taken_and_its_hollow_feeds_named() -> None:
    """The user's day overrides the rule, also outside the calendars."""
    trips = counts({1: 100, 5: 20})
    choice = choose_day(trips, MONDAY, eligible(21), whole_share=0.9, asked=np.datetime64("2026-06-06"))
    assert (choice.rule, choice.trips.tolist(), choice.hollow.tolist()) == ("given", [20], [True])
    outside = choose_day(trips, MONDAY, eligible(21), whole_share=0.9, asked=np.datetime64("2027-06-06"))
    assert (outside.trips.tolist(), outside.hollow.tolist()) == ([0], [True])


def test_feeds_of_different_periods_share_one_axis() -> None:
    """Outside its own period a feed has no trips."""
    first, trips = align_trips_per_day([MONDAY + 2, MONDAY], [np.array([5, 6]), np.array([1, 2, 3])])
    assert (str(first), trips.tolist()) == ("2026-06-01", [[0, 0, 5, 6], [1, 2, 3, 0]])


def test_activity_curve_is_the_mean_of_school_tuesday_and_thursday() -> None:
    """Each week with such a day has one value; weeks of holidays are left out."""
    curve = trips_per_week(counts({1: 10, 3: 30, 10: 7})[0], MONDAY, eligible(14).repeat(1)[:14])
    assert curve == (("2026-06-01", 20.0), ("2026-06-08", 7.0))
    assert trips_per_week(np.zeros(14, np.int64), MONDAY, np.zeros(14, bool)) == ()
