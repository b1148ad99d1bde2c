"""The table of what a survey says, as it may be shown."""

from __future__ import annotations

from ankerort.base.tables import Column, Schema

# Hidden figures are NaN: fewer answers than the least number, or a figure that would give such a one away.
WISHES_RESULTS = Schema(
    "wishes_results",
    (
        Column(
            "question",
            "str",
            "answers (how many there are), service, given_up, household, filled_by, half_day, weekdays, spot, walk_m, wait_min, drives, hinders, phone_booking, company, online",
        ),
        Column("option", "str", "id of the mobile service, or value of the question; empty = not said"),
        Column("place_key", "str", "place that a group of places is named after; empty = the whole survey"),
        Column("age", "str", "all, under_65, 65_74, 75_84, 85_plus; empty = not said"),
        Column("answers", "float64", "answers that chose the option; NaN = not shown"),
        Column("of", "float64", "answers of these places and ages; NaN = not shown"),
        Column("stated_year", "float64", "cases a year that these answers state; NaN = not shown", "per year"),
        Column("expected_low", "float64", "the same times the low factor of use", "per year"),
        Column("expected_mid", "float64", "the same times the middle factor of use", "per year"),
        Column("expected_high", "float64", "the same times the high factor of use", "per year"),
    ),
    key=("question", "option", "place_key", "age"),
)
