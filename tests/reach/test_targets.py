"""Targets and search limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ankerort.reach.targets import DEMAND, list_targets, search_limits
from worlds import tiny_region as world


def test_open_facilities_come_first_then_place_centres_of_the_study_area() -> None:
    """Closed ones, merged ones, unknown services and places of the buffer are no targets; rows point into the region's tables."""
    region = world.region()
    ids = region.facilities["facility_id"]
    facilities = region.facilities.assign(
        state=np.where(ids == "fire", "closed", "open"),
        merged_into=np.where(ids == "care", "pharmacy", ""),
        service=np.where(ids == "maybe", "broadband", region.facilities["service"]),
    )
    places = region.places.assign(in_study=[True, False, True])
    targets = list_targets(replace(region, facilities=facilities, places=places), world.catalogue())
    assert targets["target_ix"].tolist() == [0, 1, 2, 3]
    assert targets["kind"].tolist() == ["facility", "facility", "place", "place"]
    assert [ids[r] for r in targets["row"][:2]] == ["market", "pharmacy"]
    assert targets["row"][2:].tolist() == [0, 2]
    assert targets["service"].tolist() == ["supermarket", "pharmacy", "", ""]


def test_stops_without_departures_do_not_count_and_booked_ones_count_apart() -> None:
    """Of three stops one has departures, one only booked trips, one none at all."""
    stops = tuple((f"s{k}", "bus_stop", world.A, 10.0 * k, 0.0, "certain") for k in range(3))
    region = world.region(facilities=stops)
    fixed, demand = np.full(len(region.facilities), -1, np.int32), np.full(len(region.facilities), -1, np.int32)
    fixed[-3:], demand[-3:] = (2, 0, 0), (0, 3, 0)
    targets = list_targets(region, world.catalogue(), departures=fixed, demand_departures=demand)
    of_stops = targets[targets["service"] == "bus_stop"]
    assert of_stops["certainty"].tolist() == ["certain", DEMAND]


def test_a_station_without_any_rail_timetable_is_probable() -> None:
    """The bus stop has departures, of the station nothing is known (-1): it stays a target, but not a certain one."""
    stops = (("s", "bus_stop", world.A, 0.0, 0.0, "certain"), ("r", "rail_station", world.A, 10.0, 0.0, "certain"))
    region = world.region(facilities=stops)
    fixed, demand = np.full(len(region.facilities), -1, np.int32), np.full(len(region.facilities), -1, np.int32)
    fixed[-2], demand[-2] = 2, 0
    targets = list_targets(region, world.catalogue(), departures=fixed, demand_departures=demand)
    certainty = targets.set_index("service")["certainty"]
    assert certainty["bus_stop"] == "certain"
    assert certainty["rail_station"] == "probable"


def test_columns_exist_where_a_standard_asks_for_them() -> None:
    """Supermarket: foot 5 km, bike 15 km, car twice 10 minutes. GP: twice the larger of 20 and 15. Post box: on foot only. Specialist: twice 40
    minutes is more than the search. Place centres: all modes."""
    limits = search_limits(world.catalogue())
    assert [limits.get(("supermarket", m)) for m in ("foot", "bike", "car")] == [5000, 15000, 1200]
    assert limits["general_practitioner", "car"] == 2400
    assert [limits.get(("post_box", m)) for m in ("foot", "bike", "car")] == [5000, None, None]
    assert limits["specialist", "car"] == 3600
    assert [limits["", m] for m in ("foot", "bike", "car")] == [5000, 15000, 3600]
