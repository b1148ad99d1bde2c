"""Supply service by service."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.assess import assess
from ankerort.supply.model import Supply
from ankerort.supply.parts import assess_parts, assess_status, update_parts
from worlds import tiny_region as world


def _assert_same(one: Supply, other: Supply) -> None:
    for field in fields(Supply):
        found = getattr(other, field.name)
        if isinstance(found, pd.DataFrame):
            pd.testing.assert_frame_equal(getattr(one, field.name), found, check_exact=True)


def test_parts_put_together_are_the_supply(region: Region, reach: Reach, supply: Supply) -> None:
    """All tables of `assess` come from the parts; the area rows of a service are those of the table."""
    parts = assess_parts(region, reach, world.catalogue())
    _assert_same(parts.supply(), supply)
    rows = supply.area_service[supply.area_service["service"] == "pharmacy"].reset_index(drop=True)
    pd.testing.assert_frame_equal(parts.area_rows("pharmacy"), rows)
    assert parts.service("pharmacy").place_rows["place_id"].tolist() == ["a", "b", "c"]


def test_status_alone_is_that_of_the_whole(region: Region, reach: Reach) -> None:
    """Without the balance each service has the same status and knowledge; tables are refused rather than empty."""
    catalogue = world.catalogue()
    whole, alone = assess_parts(region, reach, catalogue), assess_status(region, reach, catalogue)
    assert list(alone.services) == list(whole.services)
    for service in whole.services:
        one, other = whole.service(service), alone.service(service)
        np.testing.assert_array_equal(one.knowledge.absence_known, other.knowledge.absence_known)
        np.testing.assert_array_equal(one.knowledge.edge_m, other.knowledge.edge_m)
        for modes, again in ((one.status.modes, other.status.modes), (one.status.modes_old, other.status.modes_old)):
            assert list(modes) == list(again)
            for mode, status in modes.items():
                for field in fields(status):
                    np.testing.assert_array_equal(getattr(status, field.name), getattr(again[mode], field.name))
    with pytest.raises(ValueError, match="no balance"):
        alone.supply()
    with pytest.raises(ValueError, match="without a balance"):
        update_parts(alone, ["pharmacy"], region, reach, catalogue)


def test_facilities_are_found_again_after_a_row_has_gone(region: Region, reach: Reach) -> None:
    """The first row goes: statuses of untouched services name their facilities by the new rows, as a full run does."""
    catalogue = world.catalogue()
    before = assess_parts(region, reach, catalogue)
    changed = replace(region, facilities=region.facilities.iloc[1:].reset_index(drop=True))
    after = compute_reach(changed, world.network(), catalogue, threads=1)
    parts = update_parts(before, ["fire_station"], changed, after, catalogue)
    assert parts.service("pharmacy") is before.service("pharmacy")
    whole = assess(changed, after, catalogue)
    _assert_same(parts.supply(), whole)
    ids = changed.facilities["facility_id"].to_numpy(object)
    nearest = parts.status("supermarket").modes["car"].facility
    assert set(ids[nearest[nearest >= 0]]) == {"market"}
