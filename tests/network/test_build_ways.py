"""Which ways a region gets, and what the real regions' streets become."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from ankerort.base.problems import Problems
from ankerort.network.build_streets import build_street_ways
from ankerort.network.build_ways import build_ways
from ankerort.region.read_osm_streets import read_osm_streets
from reference.streets import CRS, Figures, raw_streets


def test_streets_where_there_are_any():
    """A region with streets moves on them; one without, or with an empty extract, moves in straight lines and says so."""
    streets = raw_streets([(0, 0), (100, 0)], [{"a": 0, "b": 1}])
    empty = raw_streets([(0, 0), (100, 0)], [{"a": 0, "b": 1}])
    empty = type(empty)(**{**vars(empty), "segment_m": np.zeros(0, np.float32)})
    for raw, estimated in ((streets, False), (None, True), (empty, True)):
        region = SimpleNamespace(streets=raw, barriers=None, settings=SimpleNamespace(crs=CRS))
        ways = build_ways(region, catalogue=Figures())
        assert [w.mode for w in ways] == ["foot", "bike", "car"]
        assert [w.estimated for w in ways] == [estimated] * 3


@pytest.mark.golden
@pytest.mark.parametrize(
    ("region", "edges", "nodes", "used"),
    [
        ("stockheim", (10695, 10379, 4359), (7631, 7624, 3744), (10641, 10203, 4081)),
        ("heidelberg", (34457, 32666, 13028), (24696, 24992, 10682), (33929, 31085, 12181)),
    ],
)
def test_real_regions(shared_data, region, edges, nodes, used):
    """The real regions' graphs have as many edges, junctions, and edges in the largest component as when they were reviewed."""
    path = next((shared_data / region / "osm").glob("*.osm.pbf"))
    raw = read_osm_streets(path, source_id="osm", problems=Problems())
    counts = [w.counts for w in build_street_ways(raw, catalogue=Figures(), crs=CRS).values()]
    assert tuple(c.edges for c in counts) == edges
    assert tuple(c.nodes for c in counts) == nodes
    assert tuple(c.edges_used for c in counts) == used
    assert all(c.share_used > 0.93 for c in counts)
