"""Day types from the feeds: which date stands for each, and what is unknown, what is no service."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.network.model import DAY_TYPES
from ankerort.network.timetable import build_timetables
from ankerort.network.timetable.build_timetable import TimetableDays
from ankerort.network.timetable.day_types import kinds_of_days
from ankerort.region.settings import InputSettings
from ankerort.text import read_sentences
from reference.gtfs import Rows, write_feed
from reference.small_feed import calendar, events, rides, tables

# Sachsen-Anhalt 2026: school until Friday 3 July, summer holidays 4 July to 14 August; feeds begin Monday 1 June.
ALL = "1111111"
SCHOOL, LATER = ("20260601", "20260705"), ("20260706", "20260816")


def feed(*services: tuple[int, str, str, str], **more: Rows) -> dict[str, Rows | str]:
    """A feed of services (trips, weekdays, first day, last day), one row of calendar.txt each; all trips run A to C."""
    trips, times, days = [], [], []
    for k, (count, weekdays, start, end) in enumerate(services):
        days.append(calendar(f"s{k}", weekdays, start, end))
        for n in range(count):
            trip = f"s{k}t{n}"
            trips.append({"route_id": "r", "service_id": f"s{k}", "trip_id": trip, "trip_headsign": "C"})
            times += events(trip, ("A", f"{6 + n // 60}:{n % 60:02d}:00"), ("C", f"{7 + n // 60}:{n % 60:02d}:00"))
    return tables(trips=trips, stop_times=times, calendar=days, **more)


def build(
    folder: Path, *feeds: dict[str, Rows | str], day: str = "", land: str = "ST"
) -> tuple[TimetableDays, Problems]:
    problems = Problems()
    inputs = []
    for k, one in enumerate(feeds):
        inputs.append(InputSettings("gtfs", (write_feed(folder / f"feed{k}.zip", one),), f"f{k}"))
    found = build_timetables(
        inputs, day=day, land=land, catalogue=read_catalogue(), crs="EPSG:25832", problems=problems
    )
    return found, problems


def dates(found: TimetableDays) -> dict[str, dict[str, str]]:
    """Date per day type and feed."""
    return {t: dict(d.feed_dates) for t, d in found.day_types.items()}


WHOLE = [(20, "1111100", *SCHOOL), (12, "1111100", *LATER), (6, "0000010", "20260601", "20260816")]


def test_a_feed_that_runs_on_all_types_gives_four_dates(tmp_path: Path) -> None:
    """School Tuesday, holiday Tuesday to Thursday, Saturday, Sunday: each the earliest of equal days, and its own connections."""
    found, problems = build(tmp_path, feed(*WHOLE, (3, "0000001", "20260601", "20260816")))
    assert {t: (d.date, d.common, len(d.timetable.dep_s)) for t, d in found.day_types.items()} == {
        "school": ("2026-06-02", True, 20),
        "holiday": ("2026-07-07", True, 12),
        "saturday": ("2026-06-06", True, 6),
        "sunday": ("2026-06-07", True, 3),
    }
    assert not [p for p in problems if p.code.startswith("day_type")]
    assert found.day_types["school"].timetable is found.timetable
    stops = [d.timetable.stops.drop(columns=["departures", "demand_departures"]) for d in found.day_types.values()]
    assert all(stops[0].equals(s) for s in stops[1:])
    assert [int(d.timetable.stops["departures"].sum()) for d in found.day_types.values()] == [20, 12, 6, 3]


def test_a_village_without_sunday_buses_has_no_service_and_that_is_known(tmp_path: Path) -> None:
    """The calendar covers Sundays inside the well-served weeks and no trip runs: no service, not unknown."""
    found, problems = build(tmp_path, feed(*WHOLE))
    sunday = found.day_types["sunday"]
    assert sunday.silent_feeds == ()
    assert sunday.date == "2026-06-07" and len(sunday.timetable.dep_s) == 0
    (row,) = sunday.feeds
    assert (row.state, row.trips, row.normal_trips, row.days, row.served_days) == ("no_service", 0, 0, 5, 0)
    assert np.isnan(row.share)
    assert not [p for p in problems if p.code.startswith("day_type")]


def test_two_special_sundays_make_no_sunday_service(tmp_path: Path) -> None:
    """A feed with trips on less than a quarter of its Sundays normally runs nothing on Sundays; the date chosen is an ordinary one."""
    special = [{"service_id": "s2", "date": "20260614", "exception_type": 1}]
    found, _ = build(tmp_path, feed(*WHOLE, calendar_dates=special))
    (row,) = found.day_types["sunday"].feeds
    assert (row.state, row.days, row.served_days, row.date) == ("no_service", 5, 1, "2026-06-07")


def test_a_hollow_calendar_is_unknown_in_the_holidays(tmp_path: Path) -> None:
    """A feed that falls on Saturdays too when the holidays begin is hollow: unknown on holiday weekdays; others stay."""
    city = feed((40, "1111100", *SCHOOL), (30, "0000011", *SCHOOL), (8, ALL, *LATER))
    found, problems = build(tmp_path, feed(*WHOLE), city)
    holiday = found.day_types["holiday"]
    assert holiday.silent_feeds == ("f1",)
    assert holiday.common and holiday.date == "2026-07-07"
    assert len(holiday.timetable.dep_s) == 12, "the remains of the hollow feed do not run"
    assert [(f.state, f.normal_trips) for f in holiday.feeds] == [("served", 12), ("hollow", 8)]
    assert [r.hollow for r in holiday.timetable.reports] == [False, True]
    (told,) = [p for p in problems if p.code == "day_type_hollow_holiday"]
    assert (told.table, told.params["trips"]) == ("feed1.zip", 8)
    assert found.day_types["saturday"].feeds[1].normal_trips == 30


def test_a_rural_feed_with_little_in_the_holidays_is_known(tmp_path: Path) -> None:
    """Two of twenty trips run in the holidays, but the Saturdays of these weeks are as ever: that is the service."""
    rural = feed((20, "1111100", *SCHOOL), (2, "1111100", *LATER), (6, "0000010", "20260601", "20260816"))
    found, _ = build(tmp_path, rural)
    assert [(f.state, f.trips, f.share) for f in found.day_types["holiday"].feeds] == [("served", 2, 1.0)]


def test_school_buses_that_rest_in_the_holidays_are_no_service_where_saturdays_prove_it(tmp_path: Path) -> None:
    """No trip on any holiday weekday, Saturdays as ever: known, no service."""
    found, _ = build(tmp_path, feed((20, "1111100", *SCHOOL), (6, "0000010", "20260601", "20260816")))
    (row,) = found.day_types["holiday"].feeds
    assert (row.state, row.trips, row.days) == ("no_service", 0, 30)


@pytest.mark.parametrize(("trips", "state"), [(0, "hollow"), (9, "hollow"), (10, "served")])
def test_without_weekend_service_the_level_of_school_days_decides(tmp_path: Path, trips: int, state: str) -> None:
    """After the last school day nothing proves that the calendar lives: half of the school-day trips are needed."""
    later = [(trips, "1111100", *LATER)] if trips else []
    covering = [(1, "0000000", "20260601", "20260816")]  # the calendar goes on, its trip never runs
    found, _ = build(tmp_path, feed((20, "1111100", *SCHOOL), *later, *covering), feed(*WHOLE))
    row = found.day_types["holiday"].feeds[0]
    assert (row.state, row.normal_trips) == (state, trips)


def test_holidays_between_two_school_times_are_known_without_weekend_service(tmp_path: Path) -> None:
    """School buses that run before and after the summer and not in it: no service in the holidays."""
    found, _ = build(tmp_path, feed((20, "1111100", *SCHOOL), (20, "1111100", "20260817", "20260904")))
    (row,) = found.day_types["holiday"].feeds
    assert (row.state, row.trips, row.days) == ("no_service", 0, 30)


def test_a_feed_that_ended_is_unknown_and_never_without_service(tmp_path: Path) -> None:
    """A calendar that ends with the school year covers no holiday weekday; no other date is made up for it."""
    found, problems = build(tmp_path, feed((20, "1111100", *SCHOOL), (5, "0000011", *SCHOOL)), feed(*WHOLE))
    holiday = found.day_types["holiday"]
    assert [f.state for f in holiday.feeds] == ["outside", "served"]
    assert holiday.feed_dates == {"f0": "", "f1": "2026-07-07"} and holiday.common
    assert [p.table for p in problems if p.code == "day_type_outside_holiday"] == ["feed0.zip"]


def test_feeds_of_different_times_each_take_their_own_date(tmp_path: Path) -> None:
    """One feed holds in June, one in September: no common Saturday; each runs on its own, and the report names both dates."""
    june = feed((20, "1111100", *SCHOOL), (5, "0000010", *SCHOOL))
    autumn = feed((10, "1111100", "20260817", "20260918"), (4, "0000010", "20260817", "20260918"))
    found, problems = build(tmp_path, june, autumn)
    saturday = found.day_types["saturday"]
    assert saturday.feed_dates == {"f0": "2026-06-06", "f1": "2026-08-22"}
    assert (saturday.common, saturday.date, len(saturday.timetable.dep_s)) == (False, "2026-06-06", 9)
    assert found.day_types["school"].feed_dates == {"f0": "2026-06-02", "f1": "2026-08-18"}
    assert found.timetable.date == "2026-06-02" and len(found.timetable.dep_s) == 20
    assert len(found.day_types["school"].timetable.dep_s) == 30
    told = [p for p in problems if p.code == "day_type_own_saturday"]
    assert [(p.table, p.params["day"], p.params["trips"]) for p in told] == [
        ("feed0.zip", "2026-06-06", 5),
        ("feed1.zip", "2026-08-22", 4),
    ]


def test_a_feed_that_does_not_know_some_holidays_counts_with_its_usual_ones(tmp_path: Path) -> None:
    """Autumn holidays run as school days in the feed (BördeBus does): the summer is its normal, autumn is not near it."""
    one = feed((20, "1111100", *SCHOOL), (12, "1111100", *LATER), (20, "1111100", "20260817", "20261120"))
    (row,) = build(tmp_path, one)[0].day_types["holiday"].feeds
    assert (row.normal_trips, row.date, row.trips) == (12, "2026-07-07", 12)


def test_the_day_of_the_user_leaves_the_day_types_alone(tmp_path: Path) -> None:
    """`day` in region.toml is the default day; the school day type stays the school day that the feeds show."""
    found, _ = build(tmp_path, feed(*WHOLE), day="2026-06-13")
    assert found.timetable.date == "2026-06-13" and len(found.timetable.dep_s) == 6
    school = found.day_types["school"]
    assert (school.date, len(school.timetable.dep_s)) == ("2026-06-02", 20)
    assert rides(school.timetable) == rides(build(tmp_path, feed(*WHOLE))[0].timetable)


def test_public_holidays_and_the_last_days_of_the_year_belong_to_no_type() -> None:
    """24, 25, 26, 31 December 2026 and 1 January 2027 are neither holiday weekday nor Saturday; 27 December is a Sunday."""
    first = np.datetime64("2026-12-24")
    kinds, known = kinds_of_days(first, 11, np.zeros(11, bool), "ST", read_catalogue())
    assert known
    of = {str(first + k)[5:]: [t for t in DAY_TYPES if kinds[t][k]] for k in range(11)}
    assert [d for d, types in of.items() if not types] == ["12-24", "12-25", "12-26", "12-31", "01-01"]
    assert of["12-27"] == ["sunday"] and of["12-28"] == ["holiday"] and of["01-02"] == ["saturday"]


def test_without_holidays_on_record_there_is_no_holiday_type(tmp_path: Path) -> None:
    """A time without school holidays on record gives no holiday weekday; a warning names the Land."""
    times = ("20350604", "20350801")
    found, problems = build(tmp_path, feed((20, "1111100", *times), (5, "0000010", *times)))
    assert set(found.day_types) == {"school", "saturday", "sunday"}
    (told,) = [p for p in problems if p.code.startswith("day_type")]
    assert (told.code, told.severity, told.params) == ("day_type_holidays_unknown", "warning", {"land": "ST"})


def test_a_type_that_no_feed_holds_is_left_out_with_a_warning(tmp_path: Path) -> None:
    """Feeds of June only: nothing is said about the holidays."""
    found, problems = build(tmp_path, feed((20, "1111100", *SCHOOL), (5, "0000011", *SCHOOL)))
    assert set(found.day_types) == {"school", "saturday", "sunday"}
    assert [p.code for p in problems if p.code.startswith("day_type")] == ["day_type_none_holiday"]


def test_a_weekend_feed_runs_nothing_on_school_days_and_that_is_known(tmp_path: Path) -> None:
    """Without school-day trips the first type served says where the feed is alive."""
    found, _ = build(tmp_path, feed((9, "0000011", "20260601", "20260705")), feed(*WHOLE))
    states = {t: d.feeds[0].state for t, d in found.day_types.items()}
    assert states == {"school": "no_service", "holiday": "outside", "saturday": "served", "sunday": "served"}
    assert found.day_types["school"].common


def test_all_sentences_of_the_day_types_exist() -> None:
    """Codes put together from a kind and a day type have their sentences."""
    codes = [f"day_type_{kind}_{t}" for kind in ("none", "hollow", "outside", "own") for t in DAY_TYPES]
    assert not [c for c in codes if f"problem.{c}" not in read_sentences() or f"repair.{c}" not in read_sentences()]


@pytest.mark.golden
def test_magdeburg_and_heidelberg(shared_data: Path) -> None:
    """The five feeds share all four dates; MVB alone has no holiday weekday: its calendar is hollow from 6 July on."""
    folder = shared_data / "magdeburg" / "gtfs"
    feeds = ("boerdebus", "kvg", "mvb", "njl", "pvgs")
    inputs = [InputSettings("gtfs", (folder / f"gtfs_{f}_std_kn.zip",), f) for f in feeds]
    inputs_bw = [InputSettings("gtfs", (shared_data / "heidelberg" / "gtfs" / "vrn_gtfs_cut.zip",), "vrn")]

    def found(inputs: list[InputSettings], land: str) -> dict[str, tuple[str, bool, tuple[str, ...], list[int]]]:
        days = build_timetables(
            inputs, day="", land=land, catalogue=read_catalogue(), crs="EPSG:25832", problems=Problems()
        )
        return {t: (d.date, d.common, d.silent_feeds, [f.trips for f in d.feeds]) for t, d in days.day_types.items()}

    assert found(inputs, "ST") == {
        "school": ("2026-06-09", True, (), [1344, 1102, 4239, 964, 3794]),
        "holiday": ("2026-07-08", True, ("mvb",), [1017, 808, 0, 698, 3779]),
        "saturday": ("2026-07-04", True, (), [458, 196, 3235, 400, 3638]),
        "sunday": ("2026-07-05", True, (), [448, 109, 2679, 386, 3541]),
    }
    assert found(inputs_bw, "BW") == {
        "school": ("2022-06-21", True, (), [748]),
        "holiday": ("2022-06-14", True, (), [739]),
        "saturday": ("2022-06-25", True, (), [572]),
        "sunday": ("2022-06-26", True, (), [376]),
    }
