"""The balance of places, derived by hand in `worlds.tiny_region`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.assess import assess
from ankerort.supply.model import Supply
from ankerort.supply.places import PlaceIndex, demand_group
from worlds import tiny_region as world


def _rows(supply: Supply, service: str) -> pd.DataFrame:
    table = supply.place_service
    return table[table["service"] == service].set_index("place_id")


def _assess(region: Region) -> Supply:
    return assess(region, compute_reach(region, world.network(), world.catalogue(), threads=1), world.catalogue())


def test_median_persons_and_shares_of_a_place(supply: Supply) -> None:
    """Supermarket, Bdorf: 30 people at b1, 10 at b2, so the median person lives at b1. By car 5,001 m / 15 m/s + 120 s = 454 s; by bus 10 minutes
    and 100 m (80 s): 680 s, 14 departures. Without a car all but the 5 old people of b2 are within: 35 of 40."""
    row = _rows(supply, "supermarket").loc[world.B]
    assert row["car_min"] * 60 == pytest.approx(454)
    assert row["pt_min"] * 60 == pytest.approx(680)
    assert row["pt_departures"] == 14
    assert np.isnan(row["walk_m"])
    assert (row["without_car_low"], row["without_car_high"]) == (0.875, 0.875)
    assert (row["persons"], row["group"], row["group_persons"]) == (40.0, "all", 40.0)
    assert row["nearest_facility_id"] == "market"


def test_the_median_person_is_missing_where_most_have_no_value(supply: Supply) -> None:
    """Nobody in Adorf has a supermarket within 5,000 m on foot or a bus in the window: no minutes, not 0."""
    row = _rows(supply, "supermarket").loc[world.A]
    assert row[["walk_min", "pt_min", "pt_departures"]].isna().all()


def test_facilities_inside_are_counted_with_the_probable_among_them(supply: Supply) -> None:
    """Pharmacy: one in Bdorf, probable; one in Cstadt, certain."""
    rows = _rows(supply, "pharmacy")
    assert rows["facilities"].tolist() == [0, 1, 1]
    assert rows["probable"].tolist() == [0, 1, 0]


def test_visits_count_if_they_are_known_to_be_regular(supply: Supply) -> None:
    """The bakery comes weekly: M. How often the butcher comes nobody knows: that is no M."""
    assert _rows(supply, "bakery").loc[world.A, "state"] == "M"
    assert _rows(supply, "butcher").loc[world.B, "state"] == "?"


@pytest.mark.parametrize(("weeks", "state"), [(4.0, "M"), (5.0, "?")])
def test_a_visit_every_four_weeks_is_just_enough(region: Region, reach: Reach, weeks: float, state: str) -> None:
    """Four weeks count, five do not."""
    visits = region.mobile_visits.assign(rhythm_weeks=weeks)
    changed = assess(replace(region, mobile_visits=visits), reach, world.catalogue())
    assert _rows(changed, "bakery").loc[world.A, "state"] == state


def test_near_means_within_1000_m_of_half_of_the_people(region: Region) -> None:
    """A supermarket east of Adorf's area, 1,010 m from a1 (60 people) and 710 m from a2 (40): 40 % are near, no O. At 1,000 m from a1 all are."""
    for x, letter in ((1010.0, "E"), (1000.0, "O")):
        more = world.region(facilities=(("edge", "supermarket", "", x, 0.0, "certain"),))
        assert _rows(_assess(more), "supermarket").loc[world.A, "state"] == letter


def test_a_probable_facility_nearby_is_not_ruled_out(region: Region) -> None:
    """A supermarket just outside Adorf that is probable only: whether Adorf has one near is not known."""
    more = world.region(facilities=(("edge", "supermarket", "", 500.0, 0.0, "probable"),))
    row = _rows(_assess(more), "supermarket").loc[world.A]
    assert (row["state"], row["reason"]) == ("?", "may_be_in_place")


def test_only_open_facilities_that_count_are_in_a_place(region: Region, reach: Reach) -> None:
    """A closed one and one that was merged into another do not make an O."""
    facilities = region.facilities
    market = facilities["facility_id"] == "market"
    for change in ({"state": np.where(market, "closed", "open")}, {"merged_into": np.where(market, "pharmacy", "")}):
        index = PlaceIndex(replace(region, facilities=facilities.assign(**change)), reach)
        assert "supermarket" not in set(index.facility_service)


def test_a_place_without_inhabitants_is_not_called_unreachable(region: Region) -> None:
    """Without people in Adorf no share can be formed: ?, with its reason."""
    cells = region.cells.copy()
    people = ["persons", "p_18_64", "p_75_84"]
    cells.loc[cells["place_id"] == world.A, people] = 0.0
    row = _rows(_assess(replace(region, cells=cells)), "supermarket").loc[world.A]
    assert (row["state"], row["reason"]) == ("?", "no_inhabitants")


def test_core_functions_unite_their_services(supply: Supply) -> None:
    """Food market = supermarket or discounter: Cstadt O. Adorf: the discounter is not ruled out, so ? where the supermarket alone is –."""
    assert _rows(supply, "core:food_market")["state"].tolist() == ["?", "E", "O"]
    assert _rows(supply, "supermarket")["state"].tolist() == ["–", "E", "O"]


def test_values_at_the_edge_of_the_data_are_bounds(region: Region) -> None:
    """The map ends 8 km west of Adorf: its drive of 13.1 minutes (14.8 km at 80 km/h) reaches farther, so the value is a bound and "too
    far" is not certain. From Bdorf (13 km to the edge) the bus of 11.3 minutes reaches 11.3 km."""
    areas = world.footprints(("osm", "*", False, "given", world.box(-8000, -30000, 40000, 30000)))
    rows = _rows(_assess(world.region(areas=areas)), "supermarket")
    assert rows["bound"].tolist() == [True, False, False]
    assert (rows.loc[world.A, "state"], rows.loc[world.A, "reason"]) == ("?", "not_recorded")


def test_people_a_service_is_for() -> None:
    """The first demand group; everybody where several services differ."""
    catalogue = world.catalogue()
    assert demand_group(("kindergarten",), catalogue) == "0_6"
    assert demand_group(("supermarket", "discounter"), catalogue) == "all"
    assert demand_group(("village_hall", "meeting_point_senior"), catalogue) == "all"


def test_a_service_without_standard_has_no_shares(supply: Supply) -> None:
    """No standard without a car: the shares are not known to be 0, there are none."""
    assert _rows(supply, "fuel")[["without_car_low", "without_car_high"]].isna().all(axis=None)
    assert _rows(supply, "fuel")["with_car_low"].notna().all()
