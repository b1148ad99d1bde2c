"""All further tables of one assessment hang together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankerort.reach.compute import compute_reach
from ankerort.supply.depth import DEPTH_TABLES, Depth, assess_depth
from ankerort.supply.parts import assess_parts
from worlds import tiny_days, tiny_region


@pytest.fixture(scope="module")
def depth() -> Depth:
    """Of `worlds.tiny_days`."""
    return _depth(with_days=True)


def _depth(*, with_days: bool) -> Depth:
    region, catalogue = tiny_region.region(), tiny_region.catalogue()
    network = tiny_days.network()
    if not with_days:
        network = replace(network, day_types={}, timetable=None)
    reach = compute_reach(region, network, catalogue, threads=1)
    parts = assess_parts(region, reach, catalogue)
    return assess_depth(region, network, reach, parts, catalogue, day="2026-11-24", threads=1)


def test_centres_are_reached_there_and_back(depth: Depth) -> None:
    """By bus both ways within 30 minutes Cstadt has its own 200 and the 40 of Bdorf, who are its only people from elsewhere."""
    table = depth.place_catchment.set_index(["place_id", "mode", "minutes", "group"])
    reached = table.loc[("c", "pt", 30.0, "all")]
    assert reached["persons_low"] == pytest.approx(240)
    assert reached["from_others_share"] == pytest.approx(40 / 240)


def test_statements_count_the_same_people_as_there_and_back(depth: Depth) -> None:
    """Tables made by different modules tell of the same persons in the study area."""
    stated = depth.standard_statement
    stated = stated[(stated["level"] == "study") & (stated["group"] == "all") & (stated["item"] == "pharmacy")]
    trips = depth.there_and_back
    trips = trips[(trips["level"] == "study") & (trips["group"] == "all") & (trips["service"] == "pharmacy")]
    assert set(stated["persons"].round(6)) == set(trips["persons"].round(6)) == {340.0}


def test_the_stricter_set_never_has_fewer_people_short(depth: Depth) -> None:
    """Zielwerte are not weaker than minimum standards, so at least as many people are known to be beyond."""
    assert (depth.set_comparison["more_short"].dropna() >= -1e-9).all()


def test_without_a_timetable_every_table_is_there() -> None:
    """No public transport: its tables are empty with their columns, all others are made."""
    depth = _depth(with_days=False)
    for name in DEPTH_TABLES:
        assert len(getattr(depth, name).columns), name
    assert depth.there_and_back.empty
    assert depth.pt_stops.empty
    assert set(depth.place_catchment["mode"]) == {"car"}
    assert len(depth.standard_statement)
    assert len(depth.centrality) == 3
