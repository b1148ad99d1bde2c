"""Round trips on a day on which the city's feed is silent, derived by hand in `worlds.silent_city`."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.supply.areas import AreaIndex
from ankerort.supply.recording import assess_recording
from ankerort.supply.there_and_back import there_and_back
from worlds import silent_city as world
from worlds import tiny_region


def reach_of(**buses: bool | int) -> Reach:
    """Travel times of the world."""
    return compute_reach(world.region(), world.network(**buses), tiny_region.catalogue(), threads=1)


def holiday(reach: Reach, *, area: str, service: str = "hospital") -> pd.Series:
    """The holiday's row of a place, for everybody."""
    region, catalogue = world.region(), tiny_region.catalogue()
    table = there_and_back(
        region, reach, catalogue, assess_recording(region, reach, catalogue), AreaIndex(region, catalogue)
    )
    chosen = (table["day_type"] == "holiday") & (table["group"] == "all") & (table["service"] == service)
    found = table[chosen & (table["level"] == "place") & (table["area_id"] == area)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_missing_way_into_a_silent_city_is_not_proven() -> None:
    """Bdorf's 40 get to the hospital on school days; on holidays they get to Cstadt and home, and nobody knows the city's buses.

    They may be stranded or not. Without the silent ways they all counted as stranded for certain.
    """
    reach = reach_of()
    b = holiday(reach, area=tiny_region.B)
    assert (b["there"], b["stranded_low"], b["stranded_high"]) == pytest.approx((40, 0, 40))
    assert (b["one_pair_low"], b["one_pair_high"]) == pytest.approx((0, 40))
    blind = holiday(replace(reach, silent_ways={}), area=tiny_region.B)
    assert blind["stranded_low"] == pytest.approx(40)


def test_a_missing_way_home_from_the_city_is_proven() -> None:
    """Without any bus from Cstadt to Bdorf on holidays the city's buses bring nobody home: all 40 are stranded for certain."""
    b = holiday(reach_of(back=False), area=tiny_region.B)
    assert (b["there"], b["stranded_low"], b["stranded_high"]) == pytest.approx((40, 40, 40))


def test_a_silent_feed_on_the_way_to_somewhere_else_counts_too() -> None:
    """With the hospital at Land only, the city's buses are the connection in between: not proven either. If the known bus beyond takes
    85 minutes, no journey of 90 minutes is left, and on school days nobody gets there."""
    region, catalogue = world.region(), tiny_region.catalogue()
    only = replace(region, facilities=region.facilities[region.facilities["facility_id"] != "clinic"])
    only = replace(only, facilities=only.facilities.reset_index(drop=True))

    def row(land_s: int) -> pd.Series:
        reach = compute_reach(only, world.network(land_s=land_s), catalogue, threads=1)
        known = assess_recording(only, reach, catalogue)
        table = there_and_back(only, reach, catalogue, known, AreaIndex(only, catalogue))
        chosen = (table["day_type"] == "holiday") & (table["group"] == "all") & (table["service"] == "hospital")
        return table[chosen & (table["level"] == "place") & (table["area_id"] == tiny_region.B)].iloc[0]

    near, far = row(600), row(5100)
    assert (near["there"], near["stranded_low"], near["stranded_high"]) == pytest.approx((40, 0, 40))
    assert (far["there"], far["stranded_low"], far["stranded_high"]) == pytest.approx((0, 0, 0))


def test_what_needs_no_city_bus_stays_known() -> None:
    """The market of Cstadt is reached by known buses; a pair that is found counts in both bounds."""
    b = holiday(reach_of(), area=tiny_region.B, service="supermarket")
    assert (b["one_pair_low"], b["stranded_low"], b["stranded_high"]) == pytest.approx((40, 0, 0))
