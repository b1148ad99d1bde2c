"""The three places of `worlds.tiny_region` as a world that scenarios change."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest

from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Answer, World
from worlds import tiny_region


def tiny_world() -> World:
    """With municipalities as areas, so that positions get theirs: Adorf and Bdorf up to 7500 m east, Cstadt beyond."""
    shapes = gpd.GeoDataFrame(
        {"ags": ["15001000", "15002000"]},
        geometry=[tiny_region.box(-1000, -2000, 7500, 2000), tiny_region.box(7500, -2000, 11000, 2000)],
        crs=tiny_region.CRS,
    )
    areas = gpd.GeoDataFrame({"place_id": []}, geometry=[], crs=tiny_region.CRS)
    region = replace(tiny_region.region(), boundaries=shapes, place_areas=areas)
    return World(region, tiny_region.network(), tiny_region.catalogue())


@pytest.fixture(scope="session")
def world() -> World:
    """The base world; nobody writes into it."""
    return tiny_world()


@pytest.fixture(scope="session")
def workspace(world: World) -> Workspace:
    """Its figures, kept warm."""
    return Workspace(world, threads=1)


@pytest.fixture(scope="session")
def today(workspace: Workspace) -> Answer:
    """The base answer."""
    return workspace.base
