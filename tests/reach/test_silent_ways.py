"""Where a feed that is silent on the day may carry journeys, derived by hand in `worlds.silent_city`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ankerort.network.model import Network
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import UNREACHED, Reach, SilentWays, TripKey
from ankerort.reach.store import load_reach, save_reach
from reference.same_reach import assert_same
from worlds import silent_city as world
from worlds import tiny_region

HOLIDAY = TripKey("all", "holiday", False)


def reach_of(network: Network) -> Reach:
    """Travel times of the world."""
    return compute_reach(world.region(), network, tiny_region.catalogue(), threads=1)


def column_of(reach: Reach, facility: str) -> int:
    """The public-transport column of a facility."""
    rows = reach.targets["row"].to_numpy()[reach.pt_targets]
    return int(np.flatnonzero(world.region().facilities["facility_id"].to_numpy()[rows] == facility)[0])


def test_only_days_with_a_silent_feed_have_silent_ways() -> None:
    """School days speak; holidays do not, for both groups."""
    assert set(reach_of(world.network()).silent_ways) == {HOLIDAY, HOLIDAY._replace(group="75_84")}


def test_seconds_to_and_from_the_silent_feed() -> None:
    """b1 rides ten minutes to the city feed's first stop, b2 walks 480 s more; c1 stands at it; Adorf's only bus is too early.

    The hospital at Mitte stands at a stop of the city feed; that at Land is 20 minutes by bus from it.
    """
    reach = reach_of(world.network())
    ways = reach.silent_ways[HOLIDAY]
    assert ways.home_out_s.tolist() == [UNREACHED, UNREACHED, 600, 1080, 0, 800, UNREACHED]
    assert ways.home_back_s.tolist() == [UNREACHED, UNREACHED, 600, 1080, 0, 800, UNREACHED]
    clinic, land = column_of(reach, "clinic"), column_of(reach, "land")
    assert (ways.target_out_s[clinic], ways.target_back_s[clinic]) == (0, 0)
    assert (ways.target_out_s[land], ways.target_back_s[land]) == (1200, 1200)
    assert ways.longest_s == 5400
    out, back = ways.may_use(land)
    assert out.tolist() == back.tolist() == [False, False, True, True, True, True, False]


def test_what_takes_too_long_on_known_feeds_alone_is_no_journey() -> None:
    """80 minutes from Mitte to Land leave ten for all before: b1 fits in to the second, b2 and c2 (800 s on foot) do not."""
    reach = reach_of(world.network(land_s=4800))
    out, back = reach.silent_ways[HOLIDAY].may_use(column_of(reach, "land"))
    assert out.tolist() == back.tolist() == [False, False, True, False, True, False, False]


def test_without_a_bus_home_only_the_way_out_may_exist() -> None:
    """No bus leads from Cstadt to Bdorf: whatever the city buses do, nobody gets home to Bdorf with them."""
    reach = reach_of(world.network(back=False))
    out, back = reach.silent_ways[HOLIDAY].may_use(column_of(reach, "clinic"))
    assert out[2:4].tolist() == [True, True]
    assert back[2:4].tolist() == [False, False]


def test_a_target_that_nothing_joins_to_the_feed() -> None:
    """Without a way between target and silent feed no home may have one."""
    one = np.array([0], np.int32)
    ways = SilentWays(one, one, np.array([UNREACHED], np.int32), np.array([UNREACHED], np.int32), 5400)
    out, back = ways.may_use(0)
    assert not out.any()
    assert not back.any()


def test_silent_ways_are_kept(tmp_path: Path) -> None:
    """What is written is read again."""
    reach = reach_of(world.network())
    save_reach(reach, tmp_path)
    assert_same(load_reach(tmp_path), reach)
