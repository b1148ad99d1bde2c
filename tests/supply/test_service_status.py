"""One service over all cells, and functions that several services fulfil."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.parts import nearest_for_the_old
from ankerort.supply.service_status import ServiceStatus, is_old, service_status, union_status
from ankerort.supply.status import BEYOND, UNKNOWN, WITHIN
from worlds import tiny_region as world

KNOWN = np.full(7, 1e6)


def _status(region: Region, reach: Reach, service: str, known: NDArray[np.float64] = KNOWN) -> ServiceStatus:
    return service_status(service, reach, world.catalogue(), known, nearest_for_the_old(region, reach))


def test_old_people_walk_less_to_the_bus_and_do_not_cycle(region: Region, reach: Reach) -> None:
    """Supermarket, b2 is 600 m from the bus stop: within for those under 65 (19.3 of 20 minutes), beyond for those of 65 and
    older (400 m at most); b1 at the stop: within for both."""
    found = _status(region, reach, "supermarket")
    young, old = found.without_car["young"], found.without_car["old"]
    assert young is not None and old is not None
    assert young[2:4].tolist() == [WITHIN, WITHIN]
    assert old[2:4].tolist() == [WITHIN, BEYOND]


def test_a_bike_serves_only_those_under_65(region: Region, reach: Reach) -> None:
    """A supermarket 2,000 m from a1, without its bus: 8.6 minutes by bike, too far on foot."""
    more = world.region(facilities=(("near", "supermarket", world.A, 0.0, 2000.0, "certain"),))
    there = compute_reach(more, world.network(), world.catalogue(), threads=1)
    found = _status(more, there, "supermarket")
    young, old = found.without_car["young"], found.without_car["old"]
    assert young is not None and old is not None
    assert (young[0], old[0]) == (WITHIN, BEYOND)


def test_a_car_adds_to_the_ways_without_one(region: Region, reach: Reach) -> None:
    """Bdorf - supermarket 7.6 minutes by car: with a car b2's old people are within; Adorf (13.1 minutes) is beyond for all."""
    with_car = _status(region, reach, "supermarket").with_car["old"]
    assert with_car is not None
    assert with_car[:6].tolist() == [BEYOND, BEYOND, WITHIN, WITHIN, WITHIN, WITHIN]


def test_help_drives_to_those_without_a_car_and_does_not_look_for_parking(region: Region, reach: Reach) -> None:
    """Fire station to b1: 4,900 m at 15 m/s = 327 s, within 6 minutes (with 120 s of parking it would not be); c1 660 s is beyond."""
    found = _status(region, reach, "fire_station")
    without = found.without_car["old"]
    assert without is not None
    assert found.modes["car"].minutes[2] * 60 == 327
    assert without[[2, 4]].tolist() == [WITHIN, BEYOND]


def test_a_service_without_a_standard_has_no_status(region: Region, reach: Reach) -> None:
    """Public toilets have no standard; fuel has one by car only."""
    toilet, fuel = _status(region, reach, "public_toilet"), _status(region, reach, "fuel")
    assert toilet.with_car == {"young": None, "old": None}
    assert fuel.without_car == {"young": None, "old": None}
    assert fuel.with_car["young"] is not None


def test_without_a_timetable_public_transport_is_unknown(region: Region) -> None:
    """No timetable: nobody knows whether a bus goes, so Adorf is unknown without a car, and beyond with one only if the bus were."""
    bare = compute_reach(region, world.network(with_timetable=False), world.catalogue(), threads=1)
    found = service_status("supermarket", bare, world.catalogue(), KNOWN, {})
    without = found.without_car["young"]
    assert without is not None
    assert without[[0, 4]].tolist() == [UNKNOWN, WITHIN]


def test_a_union_is_within_if_any_is_and_beyond_only_if_all_are(region: Region, reach: Reach) -> None:
    """Supermarket (absence known) or discounter (unknown, none found): c1 within by the supermarket, a1 no longer beyond but unknown;
    alone, the supermarket says beyond."""
    market = _status(region, reach, "supermarket")
    unknown = _status(region, reach, "discounter", np.zeros(7))
    both = union_status([market, unknown])
    alone, together = market.modes["foot"].status, both.modes["foot"].status
    assert alone is not None and together is not None
    assert alone[[0, 4]].tolist() == [BEYOND, WITHIN]
    assert together[[0, 4]].tolist() == [UNKNOWN, WITHIN]
    assert union_status([market]) is market


def test_a_union_names_the_nearest_of_all(region: Region, reach: Reach) -> None:
    """Pharmacy or supermarket, c2 (10000, 1000): the supermarket (900 m) is nearer than the pharmacy (1,000 m); c1: the pharmacy (0 m)."""
    ids = region.facilities["facility_id"].to_numpy()
    both = union_status([_status(region, reach, "pharmacy"), _status(region, reach, "supermarket")])
    assert ids[both.modes["foot"].facility[[4, 5]]].tolist() == ["pharmacy", "market"]
    assert both.modes["foot"].metres[[4, 5]].tolist() == [0.0, 900.0]


def test_a_service_without_standard_for_a_mode_says_nothing_about_it(region: Region, reach: Reach) -> None:
    """Fuel has no standard on foot: united with the supermarket only the supermarket decides."""
    united = union_status([_status(region, reach, "supermarket"), _status(region, reach, "fuel")])
    expected, found = _status(region, reach, "supermarket").modes["foot"].status, united.modes["foot"].status
    assert expected is not None and found is not None
    assert found.tolist() == expected.tolist()


def test_who_counts_as_old() -> None:
    """Groups that begin at 65 walk and cycle as the old do; groups that only reach beyond 65 do not."""
    groups = world.catalogue().groups
    assert [is_old(groups[g]) for g in ("65_plus", "75_plus", "all", "18_65")] == [True, True, False, False]


def test_rufbus_counts_only_in_its_own_column(region: Region, reach: Reach) -> None:
    """Without trips on demand both columns are the same."""
    found = _status(region, reach, "supermarket")
    fixed, demand = found.without_car["young"], found.without_car_demand["young"]
    assert fixed is not None and demand is not None
    assert fixed.tolist() == demand.tolist()
    changed = replace(
        reach,
        nearest={**reach.nearest, ("supermarket", "pt_demand", "certain"): reach.nearest["supermarket", "car", "any"]},
    )
    more = _status(region, changed, "supermarket").without_car_demand["young"]
    assert more is not None
    assert more[0] == WITHIN
