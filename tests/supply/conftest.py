"""Fixtures of the supply tests."""

from __future__ import annotations

import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.assess import assess
from ankerort.supply.model import Supply
from worlds import tiny_region


@pytest.fixture(scope="session")
def region() -> Region:
    """The three places of `worlds.tiny_region`."""
    return tiny_region.region()


@pytest.fixture(scope="session")
def reach(region: Region) -> Reach:
    """Their travel times."""
    return compute_reach(region, tiny_region.network(), tiny_region.catalogue(), threads=1)


@pytest.fixture(scope="session")
def supply(region: Region, reach: Reach) -> Supply:
    """Their balance."""
    return assess(region, reach, tiny_region.catalogue())
