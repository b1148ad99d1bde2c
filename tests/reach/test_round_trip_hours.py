"""From the text of opening hours to pairs, derived by hand in `worlds.tiny_days`.

The buses of b1 (Bdorf) reach the market at 11:20 past every hour from 6 to 19; a visit takes 45 minutes; the buses home are reached by
leaving the market at 28:40 past (7 to 19 h; who leaves at 18:28:40 is back at 18:40). c1 (Cstadt) walks 80 seconds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.network.model import DayType
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import ON_FOOT_ANY_TIME, Reach, TripKey
from ankerort.region.opening_hours import OpeningBasis
from worlds import tiny_days
from worlds import tiny_region as world

B1, C1 = 2, 4


def reach_with(hours: str, *, service: str = "supermarket") -> Reach:
    """Travel times with these hours of the market, which may be another service."""
    region = world.region()
    table = region.facilities.copy()
    market = table["facility_id"] == "market"
    table.loc[market, "opening_hours"] = hours
    table.loc[market, "service"] = service
    region = replace(region, facilities=table)
    return compute_reach(region, tiny_days.network(), world.catalogue(), threads=1)


def values(reach: Reach, home: int, day: DayType = "school") -> tuple[int, int] | None:
    """(pairs, last way home) of a home and the market, None without any; and the market's column must exist."""
    rows = reach.targets["row"].to_numpy()[reach.pt_targets]
    column = int(np.flatnonzero(world.region().facilities["facility_id"].to_numpy()[rows] == "market")[0])
    trips = reach.round_trips[TripKey("all", day, False)]
    part = slice(trips.ptr[column], trips.ptr[column + 1])
    at = np.flatnonzero(trips.home[part] == home)
    if not len(at):
        return None
    return int(trips.pairs[part][at[0]]), int(trips.last_home_s[part][at[0]])


LAST = 19 * 3600 + 28 * 60 + 40


@pytest.mark.parametrize(
    ("hours", "pairs"),
    [
        ("Mo-Fr 14:00-18:00", 4),  # afternoon only: arrive 14:11:20 to 17:11:20
        ("Mo-Fr 08:00-12:00,14:00-18:00", 8),  # over lunch nobody begins a visit: not at 12 and 13 h
        ("Mo-Fr 08:00-11:57", 4),  # the visit of 11:11:20 ends at 11:56:20
        ("Mo-Fr 08:00-11:56", 3),  # it is 20 seconds too long
        ("Mo-Fr 08:12-11:57", 3),  # who arrives at 8:11:20 stands before the door
        ("Mo-Fr 08:00-08:30", 0),  # a stay longer than the opening
        ("Mo-Fr 08:00-08:30,08:40-09:30", 0),  # no visit goes over a break, however short
        ("Mo-Su 18:00-02:00", 0),  # open into the night, but the bus of 19:30 is home after 19 h
        ("Mo-Su 08:00-02:00", 10),  # the end after midnight bounds nothing: as the usual hours
        ("", 10),  # the usual hours, 8 to 20 h
        ("nach Vereinbarung", 10),  # no times: the usual hours
    ],
)
def test_hours_of_the_facility_bound_the_pairs(hours: str, pairs: int) -> None:
    """Each visit lies within one opening from its begin to its end; a facility that is open at all has a last way home."""
    assert values(reach_with(hours), B1) == (pairs, LAST)


def test_who_walks_needs_an_opening_too() -> None:
    """c1 walks at any time while a visit fits; a stay longer than the opening is no visit for walkers either."""
    open_all = values(reach_with("Mo-Fr 08:00-12:00"), C1)
    assert open_all is not None
    assert open_all[0] == ON_FOOT_ANY_TIME
    assert values(reach_with("Mo-Fr 08:00-08:30"), C1) is None


def test_a_facility_closed_on_the_day_gives_nothing_to_walkers_either() -> None:
    """Closed on Sundays, closed in the school holidays: no pair, not "as often as one likes", and no last way home."""
    weekdays = reach_with("Mo-Sa 08:00-20:00")
    assert values(weekdays, C1, "sunday") is None
    assert values(weekdays, B1, "sunday") is None
    in_school_time = reach_with("Mo-Fr 08:00-20:00; SH off")
    assert values(in_school_time, C1, "holiday") is None
    assert values(in_school_time, C1, "school") is not None


def test_a_school_rests_in_the_holidays() -> None:
    """The usual hours of a primary school end with "SH off": round trips on school days only, marked as usual hours."""
    reach = reach_with("", service="primary_school")
    assert values(reach, C1, "school") is not None
    assert values(reach, C1, "holiday") is None
    row = int(np.flatnonzero(world.region().facilities["facility_id"] == "market")[0])
    assert reach.opening_basis["holiday"][row] == OpeningBasis.USUAL


def test_without_any_hours_the_whole_day_counts() -> None:
    """A pool is open "Saison": no hours are known, all buses between 7 and 19 h count (stay 150 minutes)."""
    reach = reach_with("", service="swimming")
    row = int(np.flatnonzero(world.region().facilities["facility_id"] == "market")[0])
    assert reach.opening_basis["school"][row] == OpeningBasis.NONE
    # there at 7 to 15 h (over at 17:41:20), back at 10:28:40 to 18:28:40
    assert values(reach, B1) == (9, LAST)
