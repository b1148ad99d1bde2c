"""Straight-line ways: detour, rivers and bridges by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.network.straight import build_straight_ways
from reference.streets import CRS, X0, Y0, Figures

RIVER = ((-5000, 0), (5000, 0))


def ways_of(lines=(), crossings=()):
    geometry = [shapely.LineString([(x + X0, y + Y0) for x, y in line]) for line in lines]
    geometry += [shapely.Point(x + X0, y + Y0) for x, y in crossings]
    kind = ["barrier"] * len(lines) + ["crossing"] * len(crossings)
    frame = gpd.GeoDataFrame({"kind": kind}, geometry=geometry, crs=CRS)
    return build_straight_ways(frame, catalogue=Figures(), crs=CRS)


def at(ways, *points):
    return ways.prepare(np.array([p[0] for p in points]) + X0, np.array([p[1] for p in points]) + Y0)


def value(ways, home, target, limit=100_000):
    """One value or None; checks that column, nearest and trace say the same, both ways."""
    h, t = at(ways, home), at(ways, target)
    found = [ways.columns(*pair, limit=limit).value.tolist() for pair in ((t, h), (h, t))]
    assert found[0] == found[1]
    trace = ways.trace(t, 0, h, 0)
    who, best = ways.nearest(t, h, limit=limit)
    if not found[0]:
        assert who[0] == best[0] == -1
        assert trace is None or trace.value > limit
        return None
    assert found[0] == [trace.value] == best.tolist()
    return found[0][0]


def test_line_times_detour():
    """Figures of the test: detour 1.5, car 36 km/h and 2 minutes to park; 1,000 m -> 1,500 m and 150 + 120 s."""
    ways = ways_of()
    assert value(ways["foot"], (0, 0), (600, 800)) == 1500
    assert value(ways["bike"], (0, 0), (600, 800)) == 1500
    assert value(ways["car"], (0, 0), (600, 800)) == 150 + 120
    assert value(ways["foot"], (0, 0), (600, 800), limit=1500) == 1500
    assert value(ways["foot"], (0, 0), (600, 800), limit=1499) is None
    assert value(ways["car"], (0, 0), (600, 800), limit=269) is None
    assert all(w.estimated for w in ways.values())


def test_river_with_two_bridges():
    """Bridges at 400 m to the west and 300 m to the east: from bank to bank (300 m each) the eastern one is nearer."""
    ways = ways_of([RIVER], [(-400, 0), (300, 0)])["foot"]
    over_east = 2 * np.hypot(300, 300)
    assert value(ways, (0, -300), (0, 300)) == int(np.ceil(over_east * 1.5))
    # On the same bank nothing is in the way.
    assert value(ways, (0, 300), (0, 700)) == 600
    # West of the western bridge one takes that one.
    assert value(ways, (-400, -300), (-400, 300)) == 900
    trace = ways.trace(at(ways, (0, 300)), 0, at(ways, (0, -300)), 0)
    assert len(trace.line) == 3
    assert trace.metres == pytest.approx(over_east * 1.5)


def test_two_rivers_need_two_bridges():
    """Between two rivers the ways over one bridge each are chained: 300 + 400 + 300 m, not more than two in a row."""
    lines = [RIVER, ((-5000, 400), (5000, 400)), ((-5000, 800), (5000, 800))]
    ways = ways_of(lines, [(0, 0), (0, 400), (0, 800)])["foot"]
    assert value(ways, (0, -300), (0, 600)) == 900 * 1.5
    assert value(ways, (0, -300), (0, 1100)) is None
    assert value(ways, (100, -300), (0, 600)) == int(np.ceil((np.hypot(100, 300) + 400 + 200) * 1.5))
    assert len(ways.trace(at(ways, (0, 600)), 0, at(ways, (100, -300)), 0).line) == 4


def test_river_without_bridge():
    """A barrier without crossing point is never crossed; round its end one may go straight."""
    ways = ways_of([RIVER])["foot"]
    assert value(ways, (0, -300), (0, 300)) is None
    assert value(ways, (6000, -300), (6000, 300)) == 900


def test_a_bridge_point_may_lie_beside_the_line():
    """A bridge's point 60 m off the river's line still leads over; the point is passed all the same."""
    ways = ways_of([RIVER], [(0, 60)])["foot"]
    assert value(ways, (0, -300), (0, 300)) == 900


def test_lake_as_area():
    """An area is a barrier by its outline."""
    lake = shapely.box(X0 - 100, Y0 - 100, X0 + 100, Y0 + 100)
    frame = gpd.GeoDataFrame({"kind": ["barrier"]}, geometry=[lake], crs=CRS)
    ways = build_straight_ways(frame, catalogue=Figures(), crs=CRS)["foot"]
    assert value(ways, (-300, 0), (300, 0)) is None
    assert value(ways, (-300, 200), (300, 200)) == 900


def test_everything_with_coordinates_is_known():
    """Straight lines know every point but those without coordinates, which stand in no column."""
    ways = ways_of()["foot"]
    points = at(ways, (0, 0), (np.nan, 0), (90_000, 0))
    assert ways.known(points).tolist() == [True, False, True]
    columns = ways.columns(points, points, limit=1000)
    assert [columns.column(k)[0].tolist() for k in range(3)] == [[0], [], [2]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_grid_of_barriers_equals_shapely(seed):
    """On random rivers and bridges: every value equals the one found by shapely's intersections, pair by pair."""
    rng = np.random.default_rng(seed)
    river = [tuple(p) for p in np.column_stack([np.linspace(-4000, 4000, 9), rng.uniform(-1500, 1500, 9)])]
    bridges = [tuple(p) for p in rng.uniform(-3000, 3000, (int(rng.integers(0, 4)), 2))]
    ways = ways_of([river], bridges)["foot"]
    homes, targets = rng.uniform(-4500, 4500, (12, 2)), rng.uniform(-4500, 4500, (40, 2))
    columns = ways.columns(at(ways, *targets), at(ways, *homes), limit=9000, threads=2)
    who, best = ways.nearest(at(ways, *targets), at(ways, *homes), limit=9000)
    water = shapely.LineString(river)

    def leg(a, b, open_ends):
        hit = shapely.intersection(shapely.LineString([a, b]), water)
        places = shapely.get_coordinates(hit)
        free = all(any(np.hypot(*(p - np.array(e))) <= 100 for e in open_ends) for p in places)
        return np.hypot(*np.subtract(a, b)) if free else np.inf

    slow = np.full((len(targets), len(homes)), -1)
    for k, t in enumerate(targets):
        for h, home in enumerate(homes):
            line = leg(home, t, [])
            if np.isinf(line):
                one = [leg(home, c, [c]) + leg(c, t, [c]) for c in bridges]
                two = [leg(home, c, [c]) + leg(c, d, [c, d]) + leg(d, t, [d]) for c in bridges for d in bridges]
                line = min([*one, *two], default=np.inf)
            metres = np.ceil(line * 1.5 - 1e-6)
            slow[k, h] = metres if metres <= 9000 else -1
        home, values = columns.column(k)
        assert home.tolist() == np.flatnonzero(slow[k] >= 0).tolist()
        assert values.tolist() == slow[k][slow[k] >= 0].tolist()
    masked = np.where(slow < 0, 10**9, slow)
    assert best.tolist() == np.where(masked.min(0) == 10**9, -1, masked.min(0)).tolist()
    assert who.tolist() == np.where(masked.min(0) == 10**9, -1, masked.argmin(0)).tolist()
