"""Where public transport of a day type is known, on three places whose answers are derived by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ankerort.network.model import DayTimetable, Network
from ankerort.reach.known import day_known, near_silent_feeds, stops_of_silent_feeds
from worlds import tiny_region as world


def network(feed_dates: dict[str, str], *, sunday_buses: bool = True) -> Network:
    """The buses of the world; the stop of Bdorf belongs to a second feed too. Sundays as given."""
    base = world.network()
    timetable = base.timetable
    assert timetable is not None
    timetable = replace(timetable, stops=timetable.stops.assign(feeds=["gtfs", "gtfs;city", "gtfs"]))
    none = timetable.stops.assign(departures=0)
    sunday = timetable if sunday_buses else replace(timetable, stops=none)
    days = {
        "school": DayTimetable("school", timetable, "2026-11-24", {"gtfs": "2026-11-24", "city": "2026-11-24"}, True),
        "sunday": DayTimetable("sunday", sunday, "2026-11-29", feed_dates, True),
    }
    return replace(base, timetable=timetable, day_types=days)


def test_near_a_silent_feed_nothing_is_known() -> None:
    """The stop of Bdorf also belongs to a feed without a Sunday: b1 (at it) and b2 (600 m) are unknown on Sundays, a1 to c2 are known;
    x1 lies on the edge of the area and is unknown on all days."""
    net = network({"gtfs": "2026-11-29", "city": ""})
    known = day_known(world.region(), net, world.catalogue())
    assert known["school"].tolist() == [True] * 6 + [False]
    assert known["sunday"].tolist() == [True, True, False, False, True, True, False]
    day = net.day_types["sunday"]
    assert stops_of_silent_feeds(day).tolist() == [False, True, False]
    x, y = (
        day.timetable.stops["x"].to_numpy(float)[1] + np.array([999.0, 1001.0]),
        day.timetable.stops["y"].to_numpy(float)[1:],
    )
    assert near_silent_feeds(day, x, y, world.catalogue()).tolist() == [True, False]


def test_a_day_without_any_bus_is_known() -> None:
    """Feeds that run nothing on Sundays say so: the villages stay inside the area of the timetables."""
    net = network({"gtfs": "2026-11-29", "city": "2026-11-29"}, sunday_buses=False)
    known = day_known(world.region(), net, world.catalogue())
    assert known["sunday"].tolist() == [True] * 6 + [False]


def test_without_day_types_there_is_no_answer() -> None:
    """A network without timetable has no day types."""
    assert day_known(world.region(), world.network(with_timetable=False), world.catalogue()) == {}
