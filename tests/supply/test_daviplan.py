"""The ten indicators of daviplan, derived by hand in `worlds.tiny_region` with the two practices of `test_capacity`.

By car (minutes): a1 2, a2 140/60, b1 454/60, b2 456/60 to g1 (by the tie), c1 2, c2 187/60, x1 320/60 to g2. Demand: 60, 40, 30, 10, 100, 100, 50.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import NearestMode, Reach
from ankerort.region.model import Region
from ankerort.supply.areas import AreaIndex
from ankerort.supply.daviplan import daviplan_areas, daviplan_cells, daviplan_endowment, daviplan_facilities
from ankerort.supply.schema_daviplan import INDICATORS
from ankerort.text import LANGUAGES, read_sentences
from worlds import tiny_region as world

GP = "general_practitioner"
KNOWN = np.full(7, 1e6)
SITES = (("g1", GP, world.A, 0.0, 0.0, "certain"), ("g2", GP, world.C, 10000.0, 0.0, "certain"))
SECONDS = np.array([120, 140, 454, 456, 120, 187, 320]) / 60
PEOPLE = np.array([60.0, 40.0, 30.0, 10.0, 100.0, 100.0, 50.0])


@pytest.fixture(scope="module")
def practices() -> tuple[Region, Reach]:
    """g1 with 1 seat, g2 with 2."""
    region = world.region(facilities=SITES)
    seats = region.facilities["facility_id"].map({"g1": 1.0, "g2": 2.0}).astype(float)
    region = replace(region, facilities=region.facilities.assign(capacity=seats))
    return region, compute_reach(region, world.network(), world.catalogue(), threads=1)


def _index(region: Region) -> AreaIndex:
    return AreaIndex(region, world.catalogue())


def _of(table: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return table[table["indicator"] == indicator].set_index(["level", "area_id"])


def test_facilities(practices: tuple[Region, Reach]) -> None:
    """1 demand in the catchment 140 and 250; 3 mean time of it; 9 longest time: b2's and x1's."""
    table = daviplan_facilities(GP, *practices, world.catalogue(), mode="car")
    first, second = slice(0, 4), slice(4, 7)
    by = {i: _of(table, i)["value"].to_list() for i in ("demand_in_catchment", "mean_time_to_facility")}
    assert by["demand_in_catchment"] == pytest.approx([140.0, 250.0])
    assert by["mean_time_to_facility"] == pytest.approx(
        [np.average(SECONDS[s], weights=PEOPLE[s]) for s in (first, second)]
    )
    assert _of(table, "longest_time_to_facility")["value"].to_list() == pytest.approx([456 / 60, 320 / 60])
    assert (table["reason"] == "").all()


def test_times_of_areas(practices: tuple[Region, Reach]) -> None:
    """2 mean time in Adorf (60 x 120 + 40 x 140) s; 5 within 3 minutes: Adorf all, Bdorf nobody, Cstadt half, study 200 of 340."""
    region, reach = practices
    table = daviplan_areas(GP, region, reach, world.catalogue(), _index(region), KNOWN, mode="car", within_min=3.0)
    mean, share = _of(table, "mean_time_in_area"), _of(table, "share_within_minutes")
    assert mean["value"]["place", "a"] == pytest.approx((60 * 120 + 40 * 140) / 100 / 60)
    assert [share["value"]["place", p] for p in "abc"] == [1.0, 0.0, 0.5]
    assert share["value"]["study", "*"] == pytest.approx(200 / 340)
    assert share["low"].to_list() == share["value"].to_list() == share["high"].to_list()
    assert (share["within_min"] == 3.0).all() and (mean["coverage"] == 1.0).all()


def test_the_limit_is_the_standard_unless_another_is_asked_for(practices: tuple[Region, Reach]) -> None:
    """20 minutes by car for practices; a service without a standard by the mode has no share, and says so."""
    region, reach = practices
    table = daviplan_areas(GP, region, reach, world.catalogue(), _index(region), KNOWN, mode="car")
    assert (_of(table, "share_within_minutes")["within_min"] == 20.0).all()
    bare = replace(world.catalogue().services[GP], standards={})
    catalogue = replace(world.catalogue(), services={**world.catalogue().services, GP: bare})
    none = _of(daviplan_areas(GP, region, reach, catalogue, _index(region), KNOWN, mode="car"), "share_within_minutes")
    assert none["value"].isna().all() and (none["reason"] == "no_limit").all()


def test_where_absence_is_not_known_the_share_has_bounds(practices: tuple[Region, Reach]) -> None:
    """Nobody knows whether Bdorf has a practice within 3 minutes: none to all of its people."""
    region, reach = practices
    table = daviplan_areas(
        GP, region, reach, world.catalogue(), _index(region), np.zeros(7), mode="car", within_min=3.0
    )
    share = _of(table, "share_within_minutes")
    assert share.loc[("place", "b"), ["low", "value", "high"]].to_list() == [0.0, 0.0, 1.0]
    assert share.loc[("place", "c"), ["low", "value", "high"]].to_list() == [0.5, 0.5, 1.0]


def test_endowment_of_areas(practices: tuple[Region, Reach]) -> None:
    """4 capacity per 100: 1 seat for Adorf's 100, 2 for Cstadt's 200; 6, 7, 8 the other way round and by facility; Bdorf has none."""
    region, reach = practices
    table = daviplan_endowment(GP, region, reach, world.catalogue(), _index(region), KNOWN)
    value = {i: _of(table, i)["value"] for i in table["indicator"].unique()}
    assert [value["capacity_per_100_demand"]["place", p] for p in "abc"] == [1.0, 0.0, 1.0]
    assert [value["demand_per_capacity"]["place", p] for p in "ac"] == [100.0, 100.0]
    assert [value["demand_per_facility"]["place", p] for p in "ac"] == [100.0, 200.0]
    assert [value["facilities_per_100_demand"]["place", p] for p in "abc"] == [1.0, 0.0, 0.5]
    assert value["demand_per_facility"]["study", "*"] == 170.0
    reasons = {i: _of(table, i)["reason"]["place", "b"] for i in ("demand_per_capacity", "demand_per_facility")}
    assert set(reasons.values()) == {"no_facility_inside"}


def test_unknown_capacity_gives_no_figure_and_probable_facilities_bounds(region: Region, reach: Reach) -> None:
    """Pharmacies: no capacity known, so none per demand; Bdorf's is probable: 0 to 1 for its 40 people."""
    table = daviplan_endowment("pharmacy", region, reach, world.catalogue(), _index(region), KNOWN)
    per_100 = _of(table, "capacity_per_100_demand")
    assert np.isnan(per_100["value"]["place", "c"]) and per_100["reason"]["place", "c"] == "capacity_unknown"
    sites = _of(table, "facilities_per_100_demand").loc[("place", "b"), ["low", "value", "high"]]
    assert sites.to_list() == [0.0, 2.5, 2.5]
    unsure = daviplan_endowment("pharmacy", region, reach, world.catalogue(), _index(region), np.zeros(7))
    assert np.isnan(_of(unsure, "facilities_per_100_demand")["high"]["place", "b"])


def test_time_of_each_cell(practices: tuple[Region, Reach]) -> None:
    """10 minutes of each cell of the study area to the nearest."""
    region, reach = practices
    table = daviplan_cells(GP, region, reach, world.catalogue(), mode="car")
    assert table["minutes"].to_list() == pytest.approx(SECONDS[:6].tolist())
    assert table["cell_id"].to_list() == ["a1", "a2", "b1", "b2", "c1", "c2"]


def test_no_demand_record_and_no_facility_have_reasons(region: Region, reach: Reach) -> None:
    """Fire stations: nobody said what the demand is. Practices: none in the data, so no mean, and nobody within."""
    fire = daviplan_facilities("fire_station", region, reach, world.catalogue(), mode="car")
    assert fire["value"].isna().all() and set(fire["reason"]) == {"no_rate"}
    none = daviplan_areas(GP, region, reach, world.catalogue(), _index(region), KNOWN, mode="car")
    assert set(_of(none, "mean_time_in_area")["reason"]) == {"no_way"}
    assert (_of(none, "share_within_minutes")["value"] == 0.0).all()


def test_none_in_the_data_is_no_zero_where_absence_is_not_known(region: Region, reach: Reach) -> None:
    """No practice in the data, and nobody knows whether there is one: no share, no density, but bounds and a reason."""
    unsure = np.zeros(7)
    times = daviplan_areas(GP, region, reach, world.catalogue(), _index(region), unsure, mode="car")
    share = _of(times, "share_within_minutes")
    assert share["value"].isna().all() and set(share["reason"]) == {"no_way"}
    assert (share["low"] == 0.0).all() and (share["high"] == 1.0).all()
    density = _of(
        daviplan_endowment(GP, region, reach, world.catalogue(), _index(region), unsure), "facilities_per_100_demand"
    )
    assert density["value"].isna().all() and set(density["reason"]) == {"not_recorded"}


@pytest.mark.parametrize("mode", ["foot", "bike", "car", "pt", "pt_demand"])
def test_every_mode_has_its_indicators(practices: tuple[Region, Reach], mode: NearestMode) -> None:
    """All modes, public transport without and with Rufbus: without trips on demand both are the same."""
    region, reach = practices
    table = daviplan_areas(GP, region, reach, world.catalogue(), _index(region), KNOWN, mode=mode, within_min=30.0)
    share = _of(table, "share_within_minutes")["value"]
    assert share["place", "c"] == 1.0
    assert len(daviplan_facilities(GP, region, reach, world.catalogue(), mode=mode)) == 6


def test_each_indicator_has_its_name() -> None:
    """Ten indicators, named in both languages."""
    assert len(INDICATORS) == len(set(INDICATORS)) == 10
    sentences = read_sentences()
    for indicator in INDICATORS:
        for kind in ("daviplan", "daviplan_meaning"):
            assert all(sentences[f"{kind}.{indicator}"][language] for language in LANGUAGES)
