"""The Musterkreis's feeds through the real timetable room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ankerort.base.problems import Problems
from ankerort.catalogue import is_school_day, read_catalogue
from ankerort.network.model import Timetable
from ankerort.network.timetable import build_timetable
from ankerort.region.settings import InputSettings
from ankerort.sample import SampleFacts, write_sample
from ankerort.sample.world import PROJECTED

Read = tuple[Timetable, SampleFacts, Problems]


def _build(folder: Path, day: str) -> tuple[Timetable, Problems]:
    problems = Problems()
    inputs = [InputSettings("gtfs", (folder / "eingang" / f"{n}.zip",), n) for n in ("gtfs_kvm", "gtfs_svw")]
    catalogue = read_catalogue(land="ST")
    timetable = build_timetable(inputs, day=day, land="ST", catalogue=catalogue, crs=PROJECTED, problems=problems)
    return timetable, problems


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the written sample."""
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="module")
def read(folder: Path) -> Read:
    """The day that the rule chooses."""
    facts = write_sample(folder)
    timetable, problems = _build(folder, "")
    return timetable, facts, problems


def _trips_on(timetable: Timetable, route: str) -> list[int]:
    return timetable.trips.loc[timetable.trips["route"] == route, "trip_ix"].tolist()


def test_chosen_day_is_a_whole_school_day(read: Read) -> None:
    """A school Tuesday or Thursday inside the feeds' dates, on which no feed is hollow; no reader finds a fault."""
    timetable, _, problems = read
    day = date.fromisoformat(timetable.date)
    assert day.weekday() in (1, 3)
    assert is_school_day(read_catalogue(land="ST"), "ST", day)
    assert [r.hollow for r in timetable.reports] == [False, False]
    assert [p for p in problems if p.severity != "note"] == []


def test_rides_are_as_stated(read: Read) -> None:
    """Each stated ride stands in the timetable: a trip of the line leaves and arrives at these stops and seconds."""
    timetable, facts, _ = read
    name = timetable.stops["name"].to_numpy(str)
    route = timetable.trips["route"].to_numpy(str)[timetable.trip]
    starts = {
        (r, f, int(d)): int(t)
        for r, f, d, t in zip(route, name[timetable.from_stop], timetable.dep_s, timetable.trip, strict=True)
    }
    ends = {
        (int(t), s, int(a)) for t, s, a in zip(timetable.trip, name[timetable.to_stop], timetable.arr_s, strict=True)
    }
    assert len(facts.bus_times) > 60
    for ride in facts.bus_times:
        trip = starts[ride.line, ride.from_stop, ride.departure_s]
        assert (trip, ride.to_stop, ride.arrival_s) in ends, ride


def test_on_demand_trips_are_found(read: Read) -> None:
    """The marked Rufbus and the flattened area are on demand, nothing else; the Rufbus must be booked an hour before."""
    timetable, facts, _ = read
    trips = timetable.trips
    assert set(trips.loc[trips["on_demand"], "route"]) == set(facts.demand_lines)
    assert set(trips.loc[trips["route"].isin(facts.demand_lines), "on_demand"]) == {True}
    lead = trips.loc[trips["route"] == "190", "booking_lead_min"]
    assert set(lead) == {60.0}


def test_no_boarding_at_the_depot(read: Read) -> None:
    """Nobody boards at the depot; getting off is allowed."""
    timetable, facts, _ = read
    depot = timetable.stops.index[timetable.stops["name"] == facts.no_boarding_stop]
    assert len(depot) > 0
    leaving = np.isin(timetable.from_stop, depot)
    assert leaving.any()
    assert not timetable.can_board[leaving].any()
    assert timetable.can_alight[np.isin(timetable.to_stop, depot)].all()


def test_shared_stops_become_one(read: Read) -> None:
    """Stops of both feeds with the same name and place are one stop served by both."""
    stops = read[0].stops
    station = stops[stops["name"].isin(["Werbenau, Bahnhof", "Höhenziepel, Dorfplatz"])]
    both = station["feeds"].str.contains("gtfs_kvm") & station["feeds"].str.contains("gtfs_svw")
    assert set(station.loc[both, "name"]) == {"Werbenau, Bahnhof", "Höhenziepel, Dorfplatz"}


def test_night_bus_runs_on_both_sides_of_midnight(read: Read) -> None:
    """On a Tuesday or Thursday the 24:10 bus runs at the end of the day, and no night bus of a Friday spills into it."""
    timetable, facts, _ = read
    night = np.isin(timetable.trip, _trips_on(timetable, facts.night_line))
    assert timetable.dep_s[night].min() == 24 * 3600 + 600


def test_night_bus_of_friday_runs_on_saturday_morning(read: Read, folder: Path) -> None:
    """On a Saturday the 24:50 bus of Friday runs at 0:50, and again at the day's end."""
    timetable, _ = _build(folder, "2026-11-28")
    night = np.isin(timetable.trip, _trips_on(timetable, read[1].night_line))
    seconds = timetable.dep_s[night]
    assert 50 * 60 in seconds
    assert 24 * 3600 + 50 * 60 in seconds


def test_school_bus_rests_in_the_holidays(read: Read, folder: Path) -> None:
    """The school line runs on the chosen day and not on a Tuesday of the Christmas holidays."""
    timetable, facts, _ = read
    assert len(_trips_on(timetable, facts.school_line)) == 3
    holiday, _ = _build(folder, "2026-12-22")
    assert _trips_on(holiday, facts.school_line) == []
    assert len(_trips_on(holiday, "101")) > 0
