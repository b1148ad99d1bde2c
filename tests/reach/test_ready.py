"""What is made once and kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankerort.network.timetable.edit import add_stop, remove_trips
from ankerort.reach.ready import Ready, stop_positions
from worlds import tiny_region as world


def test_everything_is_made_once() -> None:
    """The second asking gets the object of the first."""
    ready = Ready(world.region(), world.network(), world.catalogue())
    assert ready.homes("foot") is ready.homes("foot")
    assert ready.day("all", with_demand=False) is ready.day("all", with_demand=False)
    assert ready.access("all") is not ready.access("75_84")


def test_another_timetable_keeps_homes_and_walks_but_no_day() -> None:
    """Same stops: attached homes, walks and cell-stop tables stay; the service day is another one."""
    network = world.network()
    ready = Ready(world.region(), network, world.catalogue())
    kept, day, walks = ready.homes("foot"), ready.day("all", with_demand=False), ready.home_stops()
    assert network.timetable is not None
    other = ready.with_network(replace(network, timetable=remove_trips(network.timetable, [0])))
    assert other.homes("foot") is kept
    assert other.home_stops() is walks
    assert other.day("all", with_demand=False) is not day


def test_another_stop_makes_the_walks_anew() -> None:
    """Only what does not depend on stops is taken over."""
    network = world.network()
    ready = Ready(world.region(), network, world.catalogue())
    kept, walks = ready.homes("foot"), ready.home_stops()
    assert network.timetable is not None
    at = network.timetable.stops.iloc[0]
    longer = add_stop(
        network.timetable, name="Neu", stop_id="n", lon=at["lon"], lat=at["lat"], x=at["x"] + 50.0, y=at["y"]
    )
    other = ready.with_network(replace(network, timetable=longer))
    assert other.homes("foot") is kept
    assert len(other.home_stops().ptr) == len(walks.ptr) + 1


def test_without_public_transport_there_are_no_stops() -> None:
    """Asking for stops of a network without any is a fault of the code."""
    network = world.network(with_timetable=False)
    ready = Ready(world.region(), network, world.catalogue())
    assert not ready.has_pt
    with pytest.raises(ValueError, match="no public transport"):
        stop_positions(network)
