"""Tiny worlds with times derived by hand, through the real readers and kernels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from worlds import grid_town, midnight, no_boarding, rufbus, two_buses, valley
from worlds.toy import Run


def test_grid_town_with_a_bus_every_15_minutes(tmp_path: Path) -> None:
    """A regular bus gives the hand-derived duration, number of departures, first arrival and median with waiting."""
    run, expected = Run(grid_town.build(), tmp_path), grid_town.EXPECTED
    assert run.street("foot", "home", "doctor") == expected["walk_home_doctor_m"]
    found = run.pt("home", "doctor")
    assert found is not None
    assert found.fastest_s == expected["fastest_s"]
    assert found.typical_s == expected["typical_s"]
    assert found.waiting_median_s == expected["waiting_median_s"]
    assert found.departures == expected["departures"]
    assert found.clock_s == expected["first_arrival_s"]


def test_valley_has_one_bridge_and_a_one_way_road(tmp_path: Path) -> None:
    """A river is crossed at its bridge only; one-way roads bind cars and bikes in one direction and nobody on foot."""
    run, expected = Run(valley.build(), tmp_path), valley.EXPECTED
    assert run.street("foot", "home", "doctor") == expected["foot_m"]
    assert run.street("foot", "home", "doctor", "from_target") == expected["foot_m"]
    assert run.street("bike", "home", "doctor") == expected["bike_out_m"]
    assert run.street("bike", "home", "doctor", "from_target") == expected["bike_home_m"]
    # Tenths of a second are rounded up per street and at both ends: at most one second more.
    assert 0 <= run.street("car", "home", "doctor") - expected["car_out_s"] <= 1
    assert 0 <= run.street("car", "home", "doctor", "from_target") - expected["car_home_s"] <= 1


def test_village_with_two_buses_a_day(tmp_path: Path) -> None:
    """Two buses are two departures; the median with waiting is undefined where most minutes have no journey."""
    run, expected = Run(two_buses.build(), tmp_path), two_buses.EXPECTED
    out, home = run.pt("home", "doctor"), run.pt("home", "doctor", "home")
    assert out is not None
    assert home is not None
    for found in (out, home):
        assert found.fastest_s == found.typical_s == expected["duration_s"]
        assert found.departures == expected["departures"]
        assert found.waiting_median_s == expected["waiting_median_s"]
    assert out.clock_s == expected["first_arrival_s"]
    assert home.clock_s == expected["last_return_s"]


def test_trips_after_midnight_belong_to_both_days(tmp_path: Path) -> None:
    """A trip at 24:10 runs at the end of its own day and at the beginning of the next."""
    run, expected = Run(midnight.build(), tmp_path), midnight.EXPECTED
    assert np.sort(run.timetable.dep_s).tolist() == expected["departures_s"]
    night = run.pt("home", "doctor", "home", window_h=(22, 25))
    assert night is not None
    assert night.typical_s == expected["duration_s"]
    assert night.departures == expected["night_departures"]
    assert night.clock_s == expected["last_return_s"]
    day = run.pt("home", "doctor", "home")
    assert day is not None
    assert (day.typical_s, day.departures) == (-1, 0)
    assert day.clock_s == expected["last_return_s"]


def test_nobody_boards_where_boarding_is_not_allowed(tmp_path: Path) -> None:
    """pickup_type 1 forbids boarding and leaves alighting alone."""
    run, expected = Run(no_boarding.build(), tmp_path), no_boarding.EXPECTED
    out, home = run.pt("home", "doctor"), run.pt("home", "doctor", "home")
    assert out is not None
    assert home is not None
    assert out.typical_s == expected["out_s"]
    assert home.typical_s == expected["home_s"]


def test_trips_on_demand_count_only_when_booked(tmp_path: Path) -> None:
    """Marked and flattened on-demand trips are recognised, kept apart, and nobody crosses the area in seconds."""
    run, expected = Run(rufbus.build(), tmp_path), rufbus.EXPECTED
    assert int(run.timetable.trips["on_demand"].sum()) == expected["on_demand_trips"]
    assert run.pt("home", "doctor") is None
    booked = run.pt("home", "doctor", with_demand=True)
    assert booked is not None
    assert booked.fastest_s == expected["fastest_s"]
    assert booked.typical_s == expected["typical_s"]
    assert booked.departures == expected["departures"]
    rides = run.timetable.arr_s - run.timetable.dep_s
    assert rides.min() >= expected["least_ride_s"]


def test_two_buses_there_and_two_back_are_two_pairs(tmp_path: Path) -> None:
    """7:07:20 to 12:32:40 and 13:37:20 to 17:22:40 with an hour at the doctor's; open from 12 h on only the second: it is away 13,520 s.

    The ways home take 19 min: they are left for at 12:13:40 and 17:03:40.
    """
    run = Run(two_buses.build(), tmp_path)
    last, first = two_buses.EXPECTED["last_return_s"], 12 * 3600 + 13 * 60 + 40
    assert run.round_trip("home", "doctor", hours=(0, 86_400), stay_min=60) == (2, 13_520, 1140, last, first)
    assert run.round_trip("home", "doctor", hours=(43_200, 86_400), stay_min=60) == (1, 13_520, 1140, last, last)
    # 13:56:20 + 188 min is later than 17:03:40: only the first way there is left, with the second way home
    assert run.round_trip("home", "doctor", hours=(0, 86_400), stay_min=288) == (1, 36_920, 1140, last, last)


def test_night_buses_are_a_way_home_and_no_pair(tmp_path: Path) -> None:
    """Nobody gets to town by bus, and the way home at ten past midnight is the last of the day."""
    run = Run(midnight.build(), tmp_path)
    found = run.round_trip("home", "doctor", hours=(0, 86_400), stay_min=30)
    assert found == (0, -1, -1, midnight.EXPECTED["last_return_s"], -1)


def test_rufbus_there_without_a_way_home_is_no_round_trip(tmp_path: Path) -> None:
    """Booked trips lead to town and none back: no round trip, with or without booking."""
    run = Run(rufbus.build(), tmp_path)
    for with_demand in (False, True):
        assert run.round_trip("home", "doctor", hours=(0, 86_400), stay_min=30, with_demand=with_demand) is None
