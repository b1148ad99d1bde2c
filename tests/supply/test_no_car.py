"""Of the persons without a car those within the standard."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.supply.no_car import no_car_services
from ankerort.supply.parts import SupplyParts, assess_parts
from worlds import tiny_days, tiny_region

KEY = ["level", "area_id", "service", "group"]


@pytest.fixture(scope="module")
def parts() -> SupplyParts:
    """Supply of `worlds.tiny_days`."""
    region, catalogue = tiny_region.region(), tiny_region.catalogue()
    reach = compute_reach(region, tiny_days.network(), catalogue, threads=1)
    return assess_parts(region, reach, catalogue)


def _table(parts: SupplyParts, catalogue) -> pd.DataFrame:
    return no_car_services(tiny_region.region(), parts, catalogue).astype(dict.fromkeys(KEY, str)).set_index(KEY)


def test_if_nobody_had_a_car_it_counts_everybody(parts: SupplyParts) -> None:
    """With a rate of 0 the figures are those of area_service without a car, group by group and area by area."""
    catalogue = tiny_region.catalogue()
    nobody = {key: catalogue.groups[key[1]].band_shares for key in catalogue.without_car}
    found = _table(parts, replace(catalogue, without_car=nobody))
    whole = pd.concat([parts.area_rows(s) for s in parts.services]).set_index([*KEY, "mode"])
    compared = 0
    for mode, name in (("without_car", "served"), ("without_car_demand", "served_demand")):
        expected = whole.xs(mode, level="mode")
        mine = found.loc[expected.index]
        for end in ("low", "high"):
            pd.testing.assert_series_equal(mine[f"{name}_{end}"], expected[f"served_{end}"], check_names=False)
        pd.testing.assert_series_equal(mine["persons_no_car"], mine["persons"], check_names=False)
        compared += len(expected)
    assert compared > 100


def test_rates_weigh_the_persons(parts: SupplyParts) -> None:
    """Half of each band without a car gives half of the persons, served and not."""
    catalogue = tiny_region.catalogue()
    shares = {key: catalogue.groups[key[1]].band_shares for key in catalogue.without_car}
    half = {key: {b: s / 2 for b, s in bands.items()} for key, bands in shares.items()}
    every = _table(parts, replace(catalogue, without_car=shares))
    found = _table(parts, replace(catalogue, without_car=half))
    for column in ("persons_no_car", "served_low", "served_demand_high"):
        assert (found[column] - every[column] / 2).abs().max() < 1e-9
    assert (found["persons"] == every["persons"]).all()


def test_bounds_and_sums_hold(parts: SupplyParts) -> None:
    """Low is never above high, nor high above all without a car; places add up to the study area; Rufbus takes nothing away."""
    found = _table(parts, tiny_region.catalogue())
    assert (found["served_low"] <= found["served_high"] + 1e-9).all()
    assert (found["served_high"] <= found["persons_no_car"] + 1e-9).all()
    assert (found["served_low"] <= found["served_demand_low"] + 1e-9).all()
    places = found.xs("place", level="level").groupby(["service", "group"])["served_low"].sum()
    study = found.xs("study", level="level").droplevel("area_id")["served_low"]
    assert (places - study.loc[places.index]).abs().max() < 1e-9
    assert any(s.startswith("core:") for s in found.index.get_level_values("service"))


def test_all_persons_of_a_group_are_counted_too(parts: SupplyParts) -> None:
    """within_* is area_service without a car, whoever has one; with a rate of 0 it is the same as served_*."""
    catalogue = tiny_region.catalogue()
    found = _table(parts, catalogue)
    whole = pd.concat([parts.area_rows(s) for s in parts.services]).set_index([*KEY, "mode"])
    expected = whole.xs("without_car", level="mode")
    mine = found.loc[expected.index]
    assert len(expected) > 50
    for end in ("low", "high"):
        pd.testing.assert_series_equal(mine[f"within_{end}"], expected[f"served_{end}"], check_names=False)
    nobody = {key: catalogue.groups[key[1]].band_shares for key in catalogue.without_car}
    every = _table(parts, replace(catalogue, without_car=nobody))
    assert (every["within_low"] - every["served_low"]).abs().max() < 1e-9
    core = every[every.index.get_level_values("service").str.startswith("core:")]
    assert len(core)
    assert (core["within_high"] <= core["persons"] + 1e-9).all()
