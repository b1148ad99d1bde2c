"""Demand against capacity in three places, derived by hand.

Two practices: g1 in Adorf (0, 0), g2 in Cstadt (10000, 0). By car at 15 m/s and 120 s parking: Adorf - g1 120 and 140 s, Bdorf to both 454 and
456 s, Cstadt - g2 120 and 187 s; Adorf - g2 and Cstadt - g1 767 to 790 s, x1 - g2 320 s, x1 - g1 987 s. So all are within 30 minutes, and the zone
of 10 minutes (weight 1) parts Adorf from g2, Cstadt and x1 from g1 (weight 0.68).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.areas import AreaIndex
from ankerort.supply.capacity import ServiceCapacity, area_capacity, assess_capacity, capacity_ratio
from worlds import tiny_region as world

GP = "general_practitioner"
KNOWN = np.full(7, 1e6)
SITES = (("g1", GP, world.A, 0.0, 0.0, "certain"), ("g2", GP, world.C, 10000.0, 0.0, "certain"))


def _world(capacity: dict[str, float], *more: tuple) -> tuple[Region, Reach]:
    region = world.region(facilities=(*SITES, *more))
    facilities = region.facilities.copy()
    facilities["capacity"] = facilities["facility_id"].map(capacity).astype(float)
    region = replace(region, facilities=facilities)
    return region, compute_reach(region, world.network(), world.catalogue(), threads=1)


@pytest.fixture(scope="module")
def two() -> tuple[Region, Reach]:
    """1 and 2 seats."""
    return _world({"g1": 1.0, "g2": 2.0})


@pytest.fixture(scope="module")
def scarce() -> tuple[Region, Reach]:
    """0.05 seats = 80.8 people, 0.1 seats = 161.6 people, for 390."""
    return _world({"g1": 0.05, "g2": 0.1})


def _assess(of: tuple[Region, Reach], known: NDArray = KNOWN, **options) -> ServiceCapacity:
    region, reach = of
    return assess_capacity(GP, region, reach, world.catalogue(), known, **options)


def test_score_by_hand(two: tuple[Region, Reach]) -> None:
    """g1: 1 / (140 + 0.68 x 250), g2: 2 / (290 + 0.68 x 100); Bdorf has both in full."""
    first, second = 1 / 310, 2 / 358
    found = _assess(two)
    assert found.score[[0, 2, 4]] == pytest.approx([first + 0.68 * second, first + second, 0.68 * first + second])
    assert (found.method, found.ways.mode, found.ways.limit, found.score_is_least.tolist()) == (
        "e2sfca",
        "car",
        1800,
        [False] * 7,
    )
    assert found.demand.per_cell @ found.score == pytest.approx(3.0)


def test_facilities_by_hand(scarce: tuple[Region, Reach]) -> None:
    """Catchments 140 (Adorf, Bdorf by the tie) and 250. g1 takes a1's 60 and 20.8 of a2; g2 takes c1's 100 and 61.6 of c2."""
    table = _assess(scarce).facilities.set_index("facility_id")
    assert table["demand"].to_list() == [140.0, 250.0]
    assert table["capacity_per_100"].to_list() == pytest.approx([100 * 0.05 / 140, 100 * 0.1 / 250])
    assert table["adequacy"].to_list() == pytest.approx([80.8 / 140, 161.6 / 250])
    for bound in ("low", "high"):
        assert table[f"assigned_{bound}"].to_list() == pytest.approx([80.8, 161.6])
        assert table[f"utilisation_{bound}"].to_list() == pytest.approx([1.0, 1.0])
    # a2's 19.2, b1 and b2 ask g1 (and g2), c2's 38.4 and x1 ask g2 and g1
    rest = 19.2 + 30 + 10 + 38.4 + 50
    assert table["turned_away_high"].to_list() == pytest.approx([rest, rest])


def test_areas_by_hand(scarce: tuple[Region, Reach]) -> None:
    """Without a place: 19.2 in Adorf, 40 in Bdorf, 38.4 in Cstadt; capacity per 100 of the people inside."""
    region, _ = scarce
    index = AreaIndex(region, world.catalogue())
    table = area_capacity(_assess(scarce), region, index, world.catalogue()).set_index(["level", "area_id"])
    short = table["unserved_high"]
    assert [short["place", p] for p in "abc"] == pytest.approx([19.2, 40.0, 38.4])
    assert short["study", "*"] == pytest.approx(97.6)
    assert table["unserved_low"].to_list() == pytest.approx(short.to_list())
    assert table["no_place_high"].to_list() == pytest.approx(short.to_list())
    assert table["capacity_per_100"]["place", "a"] == pytest.approx(0.05)
    assert table["facilities"]["place", "b"] == 0 and table["capacity_per_100"]["place", "b"] == 0.0
    assert (table["reason"] == "").all()
    # a1's 60 at 120 s and 20.8 of a2 at 140 s
    assert table["minutes"]["place", "a"] == pytest.approx((60 * 120 + 20.8 * 140) / 80.8 / 60)
    assert np.isnan(table["minutes"]["place", "b"])


def test_score_of_areas(two: tuple[Region, Reach]) -> None:
    """Mean, least and median are per 100 of demand and weighted by it; SPAR is against the whole region (3 seats for 390)."""
    region, _ = two
    index = AreaIndex(region, world.catalogue())
    result = _assess(two)
    table = area_capacity(result, region, index, world.catalogue()).set_index(["level", "area_id"])
    of_b = 100 * (1 / 310 + 2 / 358)
    assert table.loc[("place", "b"), ["score_mean", "score_min", "score_median"]].to_list() == pytest.approx([of_b] * 3)
    assert table["spar"]["place", "b"] == pytest.approx(of_b / (100 * 3 / 390))
    low = 100 * min(result.score[:6])
    assert table["score_min"]["study", "*"] == pytest.approx(low)


def test_unknown_capacity_is_unknown_and_not_zero() -> None:
    """One of two capacities known is less than 80 %: no score, no places, a reason; the catchment's demand is still told."""
    of = _world({"g1": 1.0})
    found = _assess(of)
    assert (found.reason_score, found.reason_places) == ("capacity_unknown", "capacity_unknown")
    assert np.isnan(found.score).all() and np.isnan(found.unserved_high).all()
    assert found.facilities["demand"].to_list() == [140.0, 250.0]
    assert found.facilities["reason"].to_list() == ["capacity_unknown"] * 2
    assert np.isnan(found.facilities["adequacy"].to_numpy())[1]
    index = AreaIndex(of[0], world.catalogue())
    table = area_capacity(found, of[0], index, world.catalogue()).set_index(["level", "area_id"])
    assert np.isnan(table["unserved_low"]["study", "*"])
    assert np.isnan(table["capacity_per_100"]["place", "c"]) and np.isnan(table["capacity"]["place", "c"])
    assert table["capacity_per_100"]["place", "a"] == 1.0


def test_a_few_unknown_capacities_are_bounds() -> None:
    """Four of five known: the score is a least one; people short lie between everybody and nobody getting a place at the fifth."""
    more = tuple((f"h{n}", GP, world.B, 5000.0, 0.0, "certain") for n in range(3))
    of = _world({"g1": 0.01, "g2": 0.01, "h0": 0.01, "h1": 0.01}, *more)
    found = _assess(of)
    assert found.score_is_least.all() and found.reason_score == ""
    assert found.unserved_high.sum() == pytest.approx(390 - 4 * 16.16)
    assert found.unserved_low.sum() == 0.0
    table = found.facilities.set_index("facility_id")
    assert table["reason"].to_dict() == {"g1": "", "g2": "", "h0": "", "h1": "", "h2": "capacity_unknown"}
    assert np.isnan(table["assigned_high"]["h2"]) and table["assigned_high"]["g1"] == pytest.approx(16.16)


def test_a_facility_that_is_only_probable_serves_nobody_for_certain() -> None:
    """g2 is probable: at most all its people are short too, at least only those that both cannot take."""
    of = _world({"g1": 0.05, "p2": 1.0}, ("p2", GP, world.B, 5000.0, 0.0, "probable"))
    region, _ = of
    facilities = region.facilities[region.facilities["facility_id"] != "g2"].reset_index(drop=True)
    region = replace(region, facilities=facilities)
    of = (region, compute_reach(region, world.network(), world.catalogue(), threads=1))
    found = _assess(of)
    assert found.unserved_high.sum() == pytest.approx(390 - 80.8)
    assert found.unserved_low.sum() == 0.0
    table = found.facilities.set_index("facility_id")
    assert np.isnan(table["assigned_high"]["p2"]) and table["assigned_low"]["p2"] > 0


def test_where_absence_is_not_known_nobody_is_short_for_certain(scarce: tuple[Region, Reach]) -> None:
    """Only Adorf is surely without another practice in reach: if all others have one elsewhere, g2 has room for a2's 19.2 people."""
    known = np.where(np.arange(7) < 2, 1e6, 0.0)
    found = _assess(scarce, known)
    assert found.score_is_least.tolist() == [False, False, True, True, True, True, True]
    index = AreaIndex(scarce[0], world.catalogue())
    table = area_capacity(found, scarce[0], index, world.catalogue()).set_index(["level", "area_id"])
    assert np.isnan(table["capacity_per_100"]["place", "b"]) and table["capacity_per_100"]["place", "c"] == 0.05
    assert found.unserved_high.sum() == pytest.approx(390 - 242.4)
    assert found.unserved_low.sum() == 0.0
    assert (found.unserved_low <= found.unserved_high).all()


def test_no_facility_leaves_everybody_short_where_that_is_known(region: Region, reach: Reach) -> None:
    """No practice at all: all 390 may be short, for certain only where absence is known; there is no score."""
    found = assess_capacity(GP, region, reach, world.catalogue(), KNOWN)
    assert found.reason_score == "no_facilities"
    assert (found.unserved_high.sum(), found.unserved_low.sum(), found.no_place_high.sum()) == (390.0, 390.0, 0.0)
    unsure = assess_capacity(GP, region, reach, world.catalogue(), np.zeros(7))
    assert (unsure.unserved_high.sum(), unsure.unserved_low.sum()) == (390.0, 0.0)


def test_a_service_without_demand_record_or_unit_says_so(region: Region, reach: Reach) -> None:
    """Fire stations have no demand per head; supermarkets no unit that says how many people a square metre serves."""
    fire = assess_capacity("fire_station", region, reach, world.catalogue(), KNOWN)
    assert (fire.reason_score, np.isnan(fire.facilities["demand"]).all()) == ("no_rate", True)
    facilities = region.facilities.assign(
        capacity=np.where(region.facilities["service"] == "supermarket", 900.0, np.nan)
    )
    sized = replace(region, facilities=facilities)
    market = assess_capacity("supermarket", sized, reach, world.catalogue(), KNOWN)
    assert (market.reason_score, market.reason_places) == ("", "no_unit")
    assert market.demand.per_cell @ np.nan_to_num(market.score) == pytest.approx(900.0)


def test_the_usual_capacity_only_where_it_is_asked_for() -> None:
    """Off by default; asked for, it is marked as assumed and the capacity stays not known."""
    of = _world({"g1": 1.0})
    found = _assess(of, assume_usual=True)
    table = found.facilities.set_index("facility_id")
    assert found.reason_score == ""
    assert table["capacity"]["g2"] == 1.2
    assert table["assumed"].to_list() == [False, True] and table["capacity_known"].to_list() == [True, False]


def test_on_foot_the_catchment_ends_earlier(two: tuple[Region, Reach]) -> None:
    """30 minutes at 1.25 m/s are 2,250 m: Adorf reaches g1 only, Bdorf nothing."""
    found = _assess(two, mode="foot")
    assert found.ways.limit == 2250
    assert found.score[0] > 0 and found.score[2] == 0.0
    assert found.unserved_high[2] == 30.0 and found.no_place_high[2] == 0.0


def test_every_method_and_mode_gives_a_score_or_a_reason(two: tuple[Region, Reach]) -> None:
    """Rules are records: each method and decay may be asked for, public transport as well."""
    catalogue = world.catalogue()
    for method in ("gravity", "gravity_competition", "2sfca", "e2sfca", "3sfca", "mh3sfca"):
        for decay in ("binary", "linear", "exponential", "gaussian", "power", "logistic", "zones:sharp"):
            rule = replace(catalogue.access_rules["*"], method=method, decay=decay)
            other = replace(catalogue, access_rules={"*": rule})
            found = assess_capacity(GP, *two, other, KNOWN, mode="pt" if decay == "binary" else "car")
            assert found.reason_score == "" and np.isfinite(found.score).any()


def test_ratio_for_the_quality_of_facilities(scarce: tuple[Region, Reach]) -> None:
    """80.8 of 140 and 161.6 of 250; plenty counts as 1; what is not known is empty."""
    region, reach = scarce
    found = capacity_ratio((GP, "supermarket"), region, reach, world.catalogue())
    assert found[["g1", "g2"]].to_list() == pytest.approx([80.8 / 140, 161.6 / 250])
    assert np.isnan(found["market"])
    plenty = _world({"g1": 5.0})
    found = capacity_ratio((GP,), *plenty, world.catalogue())
    assert found["g1"] == 1.0 and np.isnan(found["g2"])
    assert capacity_ratio((), region, reach, world.catalogue()).empty
