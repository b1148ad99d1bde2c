"""Stops and stations of the facility table get the departures of the timetable's stops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ankerort.catalogue import read_catalogue
from ankerort.network.model import FeedReport, Timetable
from ankerort.reach.stop_departures import service_unproven, stop_departures, stops_of_hollow_feeds

CATALOGUE = read_catalogue()


def _timetable() -> Timetable:
    """Three stops in a row, 1 km apart, and one far away: a bus from 0 to 1 (twice), a booked bus from 1 to 2, a train from 0 to 2;
    a bus and a train come from far away to 0."""
    stops = pd.DataFrame(
        {
            "name": ["Dorf, Markt", "Dorf, Schule", "Weiler", "Fern"],
            "x": [0.0, 1000.0, 2000.0, 90_000.0],
            "y": [0.0, 0.0, 0.0, 0.0],
        }
    )
    trips = pd.DataFrame({"route_type": [3, 3, 715, 2, 3, 2], "on_demand": [False, False, True, False, False, False]})
    return Timetable(
        date="2026-06-09",
        stops=stops,
        trips=trips,
        dep_s=np.array([100, 200, 300, 400, 500, 600], np.int32),
        arr_s=np.array([150, 250, 350, 450, 550, 650], np.int32),
        from_stop=np.array([0, 0, 1, 0, 3, 3], np.int32),
        to_stop=np.array([1, 1, 2, 2, 0, 0], np.int32),
        trip=np.array([0, 1, 2, 3, 4, 5], np.int32),
        can_board=np.ones(6, bool),
        can_alight=np.ones(6, bool),
        transfer_from=np.empty(0, np.int32),
        transfer_to=np.empty(0, np.int32),
        transfer_kind=np.empty(0, np.int8),
        transfer_min_s=np.empty(0, np.int32),
    )


def _facilities() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "service": ["bus_stop", "bus_stop", "bus_stop", "bus_stop", "rail_station", "pharmacy", "bus_stop"],
            "name": ["Dorf, Markt", "Dorf, Schule", "Weiler", "Anderer Name", "Bahnhof", "Apotheke", "Dorf, Markt"],
            "x": [120.0, 1000.0, 2010.0, 1040.0, 30.0, 0.0, 700.0],
            "y": [0.0] * 7,
        }
    )


def test_departures_belong_to_the_same_name_within_150_m_or_any_name_within_50_m() -> None:
    """By hand: Markt 120 m off, same name: two buses and the train board there (3). Schule: only the booked bus. Weiler: nothing
    leaves. Another name 40 m from Schule: the same stop. A Markt 700 m away is another stop: nothing."""
    fixed, demand = stop_departures(_facilities(), _timetable(), CATALOGUE)
    assert fixed.tolist() == [3, 0, 0, 0, 1, -1, 0]
    assert demand.tolist() == [0, 1, 0, 1, 0, -1, 0]


def test_only_trains_count_for_a_station() -> None:
    """A bus in front of the station is no train: the station has one departure, the train's."""
    fixed, _ = stop_departures(_facilities(), _timetable(), CATALOGUE)
    assert fixed[4] == 1


def test_without_a_timetable_nothing_is_known_about_departures() -> None:
    """Unknown is -1, never 0."""
    fixed, demand = stop_departures(_facilities(), None, CATALOGUE)
    assert (fixed == -1).all()
    assert (demand == -1).all()


def test_without_trains_in_any_timetable_nothing_is_known_about_stations() -> None:
    """No rail feed is no proof that no train stops: the station has -1 departures, the bus stops keep theirs; it counts as unsure."""
    timetable = _timetable()
    buses = replace(timetable, trips=timetable.trips.assign(route_type=[3, 3, 715, 3, 3, 3]))
    fixed, demand = stop_departures(_facilities(), buses, CATALOGUE)
    assert fixed.tolist() == [3, 0, 0, 0, -1, -1, 0]
    assert demand[4] == -1
    services = _facilities()["service"].to_numpy(object)
    assert service_unproven(services, fixed, pt_known=True).tolist() == [False, False, False, False, True, False, False]
    assert not service_unproven(services, stop_departures(_facilities(), timetable, CATALOGUE)[0], pt_known=True).any()
    assert not service_unproven(services, stop_departures(_facilities(), None, CATALOGUE)[0], pt_known=True).any()


def test_a_stop_from_which_one_leaves_but_never_comes_back_is_none() -> None:
    """Nobody may alight at the Markt: its three departures count for nothing."""
    timetable = _timetable()
    one_way = replace(timetable, can_alight=timetable.to_stop != 0)
    fixed, _ = stop_departures(_facilities(), one_way, CATALOGUE)
    assert fixed.tolist() == [0, 0, 0, 0, 0, -1, 0]


def test_without_any_public_transport_data_every_stop_is_probable_only() -> None:
    """A sign at the road is no bus: with neither timetable nor matrix no stop is proven; a matrix proves that buses run."""
    fixed, _ = stop_departures(_facilities(), None, CATALOGUE)
    services = _facilities()["service"].to_numpy(object)
    assert service_unproven(services, fixed, pt_known=False).tolist() == [True, True, True, True, True, False, True]


def test_a_silent_stop_of_a_hollow_timetable_is_not_known() -> None:
    """The feed of stops 1 and 2 runs far below its peak: Schule's booked bus still counts, the silent Weiler is unknown, not absent;
    the Markt of the whole feed keeps its departures."""
    timetable = _timetable()
    report = FeedReport("thin", "", "", "", 0, 0, 0, 1, "2026-06-11", 9, True, (), True)
    stops = timetable.stops.assign(feeds=["whole", "thin", "thin;whole", "whole"])
    hollow = replace(timetable, stops=stops, reports=(report,))
    assert stops_of_hollow_feeds(hollow).tolist() == [False, True, True, False]
    fixed, demand = stop_departures(_facilities(), hollow, CATALOGUE)
    assert fixed.tolist() == [3, 0, -1, 0, 1, -1, 0]
    assert demand.tolist() == [0, 1, -1, 1, 0, -1, 0]
    services = _facilities()["service"].to_numpy(object)
    assert service_unproven(services, fixed, pt_known=True).tolist() == [False, False, True, False, False, False, False]
