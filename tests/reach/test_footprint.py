"""Distance from the cells to the edge of what is known."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.reach.footprint import edge_distances, facility_edge_distances
from worlds import tiny_region as world

X = np.array([0.0, 4000.0, 9000.0]) + world.ORIGIN[0]
Y = np.zeros(3) + world.ORIGIN[1]


def test_distance_to_the_edge_of_the_union_of_all_sources() -> None:
    """Two maps side by side, -5 to 5 km and 5 to 8 km, both 20 km high: from 0 to the west edge 5 km, from 4 km to the east edge 4 km (the seam is no
    edge), outside 0."""
    areas = world.footprints(
        ("osm", "*", False, "given", world.box(-5000, -10000, 5000, 10000)),
        ("list", "butcher;bakery", False, "given", world.box(5000, -10000, 8000, 10000)),
    )
    found = edge_distances(areas, ("butcher", "pharmacy"), X, Y)
    assert found["butcher"] == pytest.approx([5000.0, 4000.0, 0.0])
    assert found["pharmacy"] == pytest.approx([5000.0, 1000.0, 0.0])


def test_sources_may_be_ignored_or_only_complete_ones_asked_for() -> None:
    """Without the map nothing is left for pharmacies; complete is only the list of butchers."""
    areas = world.footprints(
        ("osm", "*", False, "given", world.box(-5000, -10000, 5000, 10000)),
        ("list", "butcher", True, "given", world.box(-1000, -1000, 1000, 1000)),
    )
    assert not edge_distances(areas, ("pharmacy",), X, Y, ignore=("osm",))["pharmacy"].any()
    complete = edge_distances(areas, ("butcher", "pharmacy"), X, Y, complete=True)
    assert complete["butcher"] == pytest.approx([1000.0, 0.0, 0.0])
    assert not complete["pharmacy"].any()


def test_no_footprint_at_all() -> None:
    """Nothing is known anywhere."""
    areas = world.whole_map().iloc[:0]
    assert edge_distances(areas, ("butcher",), X, Y)["butcher"].tolist() == [0.0, 0.0, 0.0]


def test_derived_footprints_end_where_reading_ended() -> None:
    """Study area -1 to 11 km with a buffer of 3 km: a map derived from its content is cut at -4 km, one that its owner declares is not."""
    for rule, expected in (("derived", 4000.0), ("header", 4000.0), ("given", 50_000.0)):
        areas = world.footprints(("osm", "*", False, rule, world.box(-50_000, -80_000, 80_000, 80_000)))
        region = world.region(areas=areas, buffer_km=3.0)
        assert facility_edge_distances(region, ("pharmacy",))["pharmacy"][0] == pytest.approx(expected, rel=1e-3)


def test_a_census_knows_no_facilities() -> None:
    """The footprint of a population grid says nothing about any service."""
    areas = world.footprints(("census", "*", True, "given", world.box(-5e4, -5e4, 5e4, 5e4)))
    assert not facility_edge_distances(world.region(areas=areas), ("pharmacy",))["pharmacy"].any()
