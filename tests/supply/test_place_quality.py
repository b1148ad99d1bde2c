"""Quality in the balance of places: grades, nearest adequate facility, bounds from the unknown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.network.model import SparseColumns
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.place_quality import nearest_of, place_quality
from ankerort.supply.quality import facility_quality
from ankerort.supply.recording import assess_recording
from worlds import tiny_region

CATALOGUE = tiny_region.catalogue()


def _tables(region: Region, reach: Reach, **adequate: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    quality = facility_quality(region, CATALOGUE, day="2026-06-16").quality
    for facility, value in adequate.items():
        quality.loc[quality["facility_id"] == facility, "adequate"] = value
        quality.loc[quality["facility_id"] == facility, "grade"] = {"yes": "B", "no": "E"}.get(value, "")
    edge = assess_recording(region, reach, CATALOGUE).edge_m
    return place_quality(region, reach, CATALOGUE, quality, edge)


def test_grades_are_counted_by_place(region: Region, reach: Reach) -> None:
    """Each place counts its own facilities by grade; the nearest one is named with its grade."""
    places, _ = _tables(region, reach, market="yes", pharmacy="no")
    market = places[places["service"] == "supermarket"].set_index("place_id")
    assert market.loc[tiny_region.C, ["facilities", "grade_b", "ungraded", "best_grade"]].tolist() == [1, 1, 0, "B"]
    assert market.loc[tiny_region.A, ["facilities", "best_grade"]].tolist() == [0, ""]
    assert set(market["nearest_facility_id"]) == {"market"}
    pharmacy = places[(places["service"] == "pharmacy") & (places["place_id"] == tiny_region.B)].iloc[0]
    assert (pharmacy["facilities"], pharmacy["ungraded"]) == (1, 1)


def test_an_adequate_market_serves_as_any_market(region: Region, reach: Reach) -> None:
    """If the only market is adequate for certain, the adequate figures equal the plain ones."""
    places, ways = _tables(region, reach, market="yes")
    own = ways[ways["service"] == "supermarket"]
    assert len(own)
    np.testing.assert_allclose(own["minutes_adequate_high"], own["minutes_nearest"])
    np.testing.assert_allclose(own["within_adequate_low"], own["within_low"])
    share = places.loc[places["service"] == "supermarket"]
    assert (share["nearest_adequate_low"] <= share["nearest_adequate_high"]).all()


def test_an_unknown_market_is_only_in_the_high_values(region: Region, reach: Reach) -> None:
    """Unknown adequacy: nobody is served for certain, everybody may be."""
    places, ways = _tables(region, reach, market="unknown")
    own = ways[(ways["service"] == "supermarket") & (ways["mode"] == "car")]
    assert (own["within_adequate_low"] == 0).all()
    assert (own["within_adequate_high"] >= own["within_low"]).all()
    assert own["minutes_adequate_high"].isna().all()
    np.testing.assert_allclose(own["minutes_adequate_low"], own["minutes_nearest"])
    assert (places.loc[places["service"] == "supermarket", "nearest_adequate_low"] == 0).all()
    assert (places.loc[places["service"] == "supermarket", "nearest_adequate_high"] > 0).any()


def test_an_inadequate_market_serves_nobody(region: Region, reach: Reach) -> None:
    """Where the map is complete and its only market is not adequate, nobody has an adequate one."""
    complete = replace(region, footprints=tiny_region.whole_map(complete=True))
    _, ways = _tables(complete, reach, market="no")
    own = ways[(ways["service"] == "supermarket") & (ways["mode"] == "foot")]
    assert (own["within_adequate_low"] == 0).all()
    assert (own["within_adequate_high"] == 0).any()
    assert own["minutes_adequate_low"].isna().all()


def test_a_stop_with_booked_trips_only_is_not_the_nearest(region: Region, reach: Reach) -> None:
    """What only booked trips serve is left out of the ways without booking, as in the balance."""
    targets = reach.targets.copy()
    targets.loc[targets["service"] == "supermarket", "certainty"] = "demand"
    _, ways = _tables(region, replace(reach, targets=targets), market="yes")
    own = ways[ways["service"] == "supermarket"]
    assert own["minutes_adequate_low"].isna().all()
    assert (own["within_adequate_low"].fillna(0) == 0).all()


def test_bounds_never_cross(region: Region, reach: Reach) -> None:
    """For every service, place and mode: low within high, adequate within any, and minutes in their order."""
    places, ways = _tables(region, reach, market="yes", pharmacy="no", maybe="unknown")
    assert (ways["within_adequate_low"].fillna(0) <= ways["within_adequate_high"].fillna(0) + 1e-9).all()
    assert (ways["within_adequate_low"].fillna(0) <= ways["within_low"].fillna(0) + 1e-9).all()
    near, low, high = (
        ways[c].fillna(np.inf) for c in ("minutes_nearest", "minutes_adequate_low", "minutes_adequate_high")
    )
    assert ((near <= low) & (low <= high)).all()
    assert (places["nearest_adequate_low"] <= places["nearest_adequate_high"] + 1e-9).all()


def test_the_nearest_of_columns_is_the_smallest_value() -> None:
    """Of the chosen columns the smallest value counts, of equals the first; undefined values do not count."""
    columns = SparseColumns(
        np.array([0, 2, 4, 6]), np.array([0, 1, 1, 2, 0, 2], np.int32), np.array([5, 9, 9, -1, 3, 7], np.int32)
    )
    found = nearest_of(columns, np.array([0, 1, 2]), np.array([10, 11, 12]), 4)
    assert found.value.tolist() == [3, 9, 7, -1]
    assert found.facility.tolist() == [12, 10, 12, -1]
    assert nearest_of(columns, np.array([0]), np.array([10]), 4).value.tolist() == [5, 9, -1, -1]


@pytest.mark.parametrize("service", ["pharmacy", "supermarket"])
def test_one_service_alone_equals_its_part(region: Region, reach: Reach, service: str) -> None:
    """What a scenario recomputes for one service equals the rows of the full run."""
    quality = facility_quality(region, CATALOGUE, day="2026-06-16").quality
    edge = assess_recording(region, reach, CATALOGUE).edge_m
    whole = place_quality(region, reach, CATALOGUE, quality, edge)
    part = place_quality(region, reach, CATALOGUE, quality, edge, services={service})
    for full, own in zip(whole, part, strict=True):
        pd.testing.assert_frame_equal(own, full[full["service"] == service].reset_index(drop=True))
