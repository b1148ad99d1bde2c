"""From feeds to the connections of one day."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from reference import gtfs
from reference.small_feed import DAY, STOPS, build, calendar, codes, events, rides, tables

PROJECT = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
XY = {s: PROJECT.transform(*p) for s, p in STOPS.items()}


def clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@st.composite
def small_feeds(draw: st.DrawFn) -> dict:
    services = ["s0", "s1"]
    trips, stop_times, frequencies = [], [], []
    for k in range(draw(st.integers(1, 4))):
        trip = f"t{k}"
        trips.append({"route_id": "r", "service_id": draw(st.sampled_from(services)), "trip_id": trip})
        moment = draw(st.sampled_from([5 * 3600, 7 * 3600, 23 * 3600 + 3500, 24 * 3600 + 10, 47 * 3600 + 3590]))
        count = draw(st.integers(2, 14))
        wide = draw(st.booleans())
        kinds = st.sampled_from("000123" if draw(st.booleans()) else "0")
        for n in range(count):
            arr = moment + draw(st.sampled_from([0, 1, 2, 60, 300] if wide else [1, 2]))
            dep = arr + draw(st.sampled_from([0, 0, 30]))
            blank = 0 < n < count - 1 and draw(st.integers(0, 5)) == 0
            row = {"trip_id": trip, "stop_id": draw(st.sampled_from("ABCD")), "stop_sequence": n * 3}
            row |= {"arrival_time": "" if blank else clock(arr), "departure_time": "" if blank else clock(dep)}
            row |= {"pickup_type": draw(kinds), "drop_off_type": draw(kinds)}
            stop_times.append(row)
            moment = dep
        if draw(st.integers(0, 4)) == 0:
            frequencies.append(
                {
                    "trip_id": trip,
                    "start_time": "7:00:00",
                    "end_time": "8:01:00",
                    "headway_secs": 1800,
                    "exact_times": 0,
                }
            )
    days = st.text("01", min_size=7, max_size=7)
    dates = st.sampled_from(["20260607", "20260608", "20260609"])
    feed = tables(
        trips=trips,
        stop_times=draw(st.permutations(stop_times)),
        calendar=[calendar("s0", "1111111"), calendar("s1", draw(days))],
        calendar_dates=[
            {"service_id": s, "date": d, "exception_type": draw(st.sampled_from("12"))}
            for s, d in sorted(draw(st.sets(st.tuples(st.sampled_from(services), dates), max_size=4)))
        ]
        or "service_id,date,exception_type\n",
    )
    if frequencies:
        feed["frequencies"] = frequencies
    return feed


@settings(max_examples=50, deadline=None)
@given(small_feeds())
def test_connections_allow_the_same_rides_as_a_slow_reading(feed: dict) -> None:
    """Calendars, exceptions, blanks, frequencies, midnight, boarding rules: each possible ride is there once, with its times."""
    with tempfile.TemporaryDirectory() as folder:
        timetable, problems = build(Path(folder), feed)
        read = gtfs.read_tables(Path(folder) / "feed0.zip")
        expected = gtfs.rides(read, date.fromisoformat(DAY), XY)
        if "day_without_service" in codes(problems) or "gtfs_no_service" in codes(problems):
            assert not gtfs.trips_on(read, date.fromisoformat(DAY))
            return
        assert rides(timetable) == expected


@settings(max_examples=25, deadline=None)
@given(small_feeds())
def test_arrays_are_sorted_and_no_ride_is_shorter_than_three_seconds(feed: dict) -> None:
    """Connections stand by departure; each arrives at least 3 s after it departs; all are int32."""
    with tempfile.TemporaryDirectory() as folder:
        timetable, _ = build(Path(folder), feed)
    assert (np.diff(timetable.dep_s) >= 0).all()
    assert (timetable.arr_s - timetable.dep_s >= 3).all()
    for name in ("dep_s", "arr_s", "from_stop", "to_stop", "trip"):
        assert getattr(timetable, name).dtype == np.int32


def test_small_feed_gives_the_hand_written_rides(tmp_path: Path) -> None:
    """Two trips over three stops are six rides at their published times, also with one-digit hours."""
    timetable, problems = build(tmp_path, tables())
    assert codes(problems) == {}
    assert set(rides(timetable)) == {
        ("t1", "A", "B", 21900, 22200, False),
        ("t1", "A", "C", 21900, 22800, False),
        ("t1", "B", "C", 22200, 22800, False),
        ("t2", "C", "B", 57600, 58200, False),
        ("t2", "C", "A", 57600, 58500, False),
        ("t2", "B", "A", 58200, 58500, False),
    }
    assert timetable.date == DAY
    assert timetable.stops["departures"].tolist() == [1, 2, 1, 0]
    assert timetable.trips["route"].tolist() == ["610", "610"]


def test_trips_of_the_evening_before_run_on_after_midnight(tmp_path: Path) -> None:
    """A Monday trip that departs at 24:10 departs at 0:10 of the Tuesday; its own Tuesday run stays at 24:10."""
    late = tables(stop_times=events("t1", ("A", "23:50:00"), ("B", "24:10:00"), ("C", "24:30:00")))
    timetable, _ = build(tmp_path, late)
    assert set(rides(timetable)) == {
        ("t1", "B", "C", 600, 1800, False),
        ("t1", "A", "B", 85800, 87000, False),
        ("t1", "A", "C", 85800, 88200, False),
        ("t1", "B", "C", 87000, 88200, False),
    }


def test_no_boarding_and_no_alighting_are_kept(tmp_path: Path) -> None:
    """pickup_type 1 forbids boarding there, drop_off_type 1 alighting; riding through stays possible."""
    rule = events("t1", ("A", "6:00:00", "0", "1"), ("B", "6:10:00", "1", "1"), ("C", "6:20:00", "1", "0"))
    timetable, _ = build(tmp_path, tables(stop_times=rule))
    assert set(rides(timetable)) == {("t1", "A", "C", 21600, 22800, False)}


def test_loops_and_repeated_stops_are_kept(tmp_path: Path) -> None:
    """A trip may visit a stop twice."""
    loop = events("t1", ("A", "6:00:00"), ("B", "6:05:00"), ("A", "6:10:00"), ("C", "6:20:00"))
    timetable, _ = build(tmp_path, tables(stop_times=loop))
    assert ("t1", "A", "A", 21600, 22200, False) in rides(timetable)
    assert sum(rides(timetable).values()) == 6


def test_partly_bookable_trip_is_split_without_doubling_a_ride(tmp_path: Path) -> None:
    """Rides that touch a stop by arrangement are on demand, the others fixed, and each stands once."""
    part = events("t1", ("A", "6:00:00", "0", "0"), ("B", "6:10:00", "2", "3"), ("C", "6:20:00", "0", "0"))
    timetable, problems = build(tmp_path, tables(stop_times=part))
    assert codes(problems) == {}
    assert dict(rides(timetable)) == {
        ("t1", "A", "B", 21600, 22200, True): 1,
        ("t1", "A", "C", 21600, 22800, False): 1,
        ("t1", "B", "C", 22200, 22800, True): 1,
    }
    assert set(timetable.trips["on_demand_rule"]) == {"", "part_by_arrangement"}


def test_transfers_of_a_station_hold_for_its_platforms(tmp_path: Path) -> None:
    """A row for the station gives all pairs of its platforms; a row for a platform goes before it; types 4 and 5 are left out."""
    stops = [
        {"stop_id": "S", "stop_name": "Bahnhof", "stop_lat": 52.1, "stop_lon": 11.5, "location_type": 1},
        *(
            {
                "stop_id": s,
                "stop_name": f"Gleis {s}",
                "stop_lat": 52.1,
                "stop_lon": 11.5 + k / 1000,
                "parent_station": "S",
            }
            for k, s in enumerate("AB")
        ),
        {"stop_id": "C", "stop_name": "Ort, C", "stop_lat": 52.1, "stop_lon": 11.54},
    ]
    transfers = [
        {"from_stop_id": "S", "to_stop_id": "S", "transfer_type": 2, "min_transfer_time": 300},
        {"from_stop_id": "A", "to_stop_id": "B", "transfer_type": 1},
        {"from_stop_id": "C", "to_stop_id": "C", "transfer_type": 4},
        {"from_stop_id": "C", "to_stop_id": "X", "transfer_type": 1},
    ]
    timetable, problems = build(tmp_path, tables(stops=stops, transfers=transfers))
    assert timetable.stops["name"].tolist() == ["Bahnhof", "Bahnhof", "Ort, C"]
    pairs = zip(timetable.transfer_from, timetable.transfer_to, strict=True)
    found = {
        (int(a), int(b)): (int(k), int(s))
        for (a, b), k, s in zip(pairs, timetable.transfer_kind, timetable.transfer_min_s, strict=True)
    }
    assert found == {(0, 0): (2, 300), (0, 1): (1, 0), (1, 0): (2, 300), (1, 1): (2, 300)}
    assert codes(problems) == {"gtfs_transfer_seated": "warning", "gtfs_transfer_stop": "warning"}


def test_two_feeds_become_one_timetable(tmp_path: Path) -> None:
    """The same stops become one, trips keep their source, and each feed has its report."""
    timetable, problems = build(tmp_path, tables(), tables())
    assert codes(problems) == {}
    assert timetable.stops["feeds"].tolist() == ["f0;f1"] * 4
    assert timetable.trips["source_id"].tolist() == ["f0", "f0", "f1", "f1"]
    assert timetable.stops["departures"].tolist() == [2, 4, 2, 0]
    assert [r.day_trips for r in timetable.reports] == [2, 2]


@pytest.mark.parametrize(("day", "told"), [("2026-06-09", False), ("2026-07-14", True), ("2026-06-07", True)])
def test_a_day_asked_for_without_school_is_named(tmp_path: Path, day: str, told: bool) -> None:
    """A school Tuesday, a Tuesday in the summer holidays, a Sunday: who asks for a day is told if school buses rest."""
    _, problems = build(tmp_path, tables(calendar=[calendar("s", "1111111", end="20260731")]), day=day)
    assert ("day_free_of_school" in codes(problems)) is told


def test_a_day_without_service_is_an_error(tmp_path: Path) -> None:
    """The user's day is taken as it is; if nothing runs, the problem names the period of the feeds."""
    timetable, problems = build(tmp_path, tables(), day="2027-01-12")
    assert codes(problems)["day_without_service"] == "error"
    params = next(p.params for p in problems if p.code == "day_without_service")
    assert (params["first"], params["last"]) == ("2026-06-01", "2026-06-30")
    assert len(timetable.dep_s) == 0


@pytest.mark.parametrize("day", ["09.06.2026", "2026-13-01", "heute"])
def test_a_day_in_a_wrong_format_is_an_error(tmp_path: Path, day: str) -> None:
    """The day is an ISO date."""
    _, problems = build(tmp_path, tables(), day=day)
    assert codes(problems)["day_format"] == "error"


def test_hollow_feed_is_named(tmp_path: Path) -> None:
    """Where no day is whole for all feeds, the best is taken and each hollow feed named with its trips and its peak."""
    june = tables(calendar=[calendar(end="20260611")])
    july = tables(calendar=[calendar(start="20260616")])
    timetable, problems = build(tmp_path, june, july, day="")
    hollow = [p for p in problems if p.code == "gtfs_hollow"]
    assert timetable.date == "2026-06-02"
    assert [(p.table, p.params["trips"], p.params["peak_trips"], p.params["peak_day"]) for p in hollow] == [
        ("feed1.zip", 0, 2, "2026-06-16")
    ]


def test_unknown_land_and_options_are_errors(tmp_path: Path) -> None:
    """A Land without holidays and options of a wrong type are told, all together."""
    _, problems = build(
        tmp_path, tables(), land="XX", options={"on_demand_routes": 5, "booking_lead_min": "eine Stunde"}
    )
    assert codes(problems)["day_land_unknown"] == "error"
    assert [p.column for p in problems if p.code == "gtfs_option"] == ["on_demand_routes", "booking_lead_min"]
