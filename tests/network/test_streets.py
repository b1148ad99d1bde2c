"""Streets: worlds with ways derived by hand, and random worlds against the uncontracted graph."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.network.build_streets import build_street_ways
from ankerort.network.streets import StreetWays
from reference.streets import CRS, X0, Y0, Figures, raw_streets


def ways_of(nodes, segments) -> dict[str, StreetWays]:
    return build_street_ways(raw_streets(nodes, segments), catalogue=Figures(), crs=CRS)


def at(ways: StreetWays, *points: tuple[float, float]):
    return ways.prepare(np.array([p[0] for p in points]) + X0, np.array([p[1] for p in points]) + Y0)


def value(ways: StreetWays, home, target, limit=100_000, direction="to_target") -> int | None:
    """One value; None where there is none. Checks that column, nearest and trace say the same."""
    h, t = at(ways, home), at(ways, target)
    column = ways.columns(t, h, limit=limit, direction=direction, threads=1)
    who, best = ways.nearest(t, h, limit=limit, direction=direction)
    trace = ways.trace(t, 0, h, 0, direction=direction)
    if column.home.size == 0:
        assert who[0] == best[0] == -1
        assert trace is None or trace.value > limit
        return None
    assert column.home.tolist() == [0]
    assert who[0] == 0
    assert best[0] == column.value[0] == trace.value
    return int(column.value[0])


def grid_town(side=5, gap=100.0):
    nodes = [(c * gap, r * gap) for r in range(side) for c in range(side)]
    segments = [{"a": r * side + c, "b": r * side + c + 1} for r in range(side) for c in range(side - 1)]
    segments += [{"a": r * side + c, "b": (r + 1) * side + c} for r in range(side - 1) for c in range(side)]
    return nodes, segments


def test_grid_town():
    """In a grid one walks the sum of both differences; cars drive 10 m/s and park for 2 minutes."""
    ways = ways_of(*grid_town())
    assert value(ways["foot"], (0, 0), (400, 300)) == 700
    assert value(ways["foot"], (50, 0), (400, 330 - 30)) == 650
    assert value(ways["car"], (0, 0), (400, 300)) == 70 + 120
    # 5 m aside on foot: 5 m more; by car 5 m at 20 km/h are 0.9 s.
    assert value(ways["foot"], (50, 5), (350, 0)) == 305
    assert value(ways["car"], (50, 5), (350, 0)) == 31 + 120


def test_both_points_on_one_edge():
    """Two points on the same edge go directly along it; the connectors count."""
    ways = ways_of([(0, 0), (1000, 0), (1000, 500), (0, 500)], [{"a": k, "b": (k + 1) % 4} for k in range(4)])
    assert value(ways["foot"], (200, 10), (300, -20)) == 10 + 100 + 20
    assert value(ways["foot"], (300, 0), (200, 0)) == 100
    # Around the corner 300 m, the other way round 2,700 m.
    assert value(ways["foot"], (900, 0), (1000, 200)) == 300


def test_one_way_on_one_edge():
    """On a one-way street the car may go ahead only; back it goes round the block, feet do not."""
    nodes = [(0, 0), (1000, 0), (1000, 500), (0, 500)]
    segments = [{"a": 0, "b": 1, "car": "ahead"}, {"a": 1, "b": 2}, {"a": 2, "b": 3}, {"a": 3, "b": 0}]
    ways = ways_of(nodes, segments)
    assert value(ways["car"], (200, 0), (700, 0)) == 50 + 120
    assert value(ways["car"], (700, 0), (200, 0)) == (300 + 500 + 1000 + 500 + 200) / 10 + 120
    assert value(ways["car"], (700, 0), (200, 0), direction="from_target") == 50 + 120
    assert value(ways["foot"], (700, 0), (200, 0)) == 500


def test_valley_with_one_bridge():
    """North and south bank are 100 m apart, the bridge is 1,000 m off: 2,100 m; the one-way road makes only cars go round."""
    nodes = [(0, 0), (1000, 0), (1000, 100), (0, 100), (1500, 0), (1500, 100)]
    segments = [
        {"a": 0, "b": 1},
        {"a": 1, "b": 2, "car": "ahead"},  # bridge, northwards for cars
        {"a": 3, "b": 2},
        {"a": 1, "b": 4},
        {"a": 4, "b": 5},
        {"a": 5, "b": 2},
    ]
    ways = ways_of(nodes, segments)
    assert value(ways["foot"], (0, 0), (0, 100)) == 2100
    assert value(ways["car"], (0, 0), (0, 100)) == 210 + 120
    assert value(ways["car"], (0, 100), (0, 0)) == (1000 + 500 + 100 + 500 + 1000) / 10 + 120
    assert value(ways["car"], (0, 0), (0, 100), direction="from_target") == 310 + 120


def test_steps_and_bollard():
    """Steps stop bikes, a bollard stops cars: they go round by 300 m instead of 100 m."""
    nodes = [(0, 0), (50, 0), (100, 0), (100, 100), (0, 100)]
    way_round = [{"a": 2, "b": 3}, {"a": 3, "b": 4}, {"a": 4, "b": 0}]
    steps = [{"a": 0, "b": 1, "cls": "steps", "bike": "no", "car": "no"}, {"a": 1, "b": 2}]
    ways = ways_of(nodes, steps + way_round)
    assert value(ways["foot"], (0, 0), (100, 0)) == 100
    assert value(ways["bike"], (0, 0), (100, 0)) == 300
    ways = ways_of(nodes, [{"a": 0, "b": 1}, {"a": 1, "b": 2}, {"block": 1, "modes": "car"}, *way_round])
    assert value(ways["car"], (0, 0), (100, 0)) == 30 + 120
    assert value(ways["bike"], (0, 0), (100, 0)) == 100
    # On both sides of the bollard cars get home.
    assert value(ways["car"], (40, 0), (60, 0)) == (40 + 300 + 40) / 10 + 120


def test_ferry():
    """A ferry costs crossing and waiting time; on foot these are metres walked meanwhile. Nobody attaches to it."""
    nodes = [(0, 0), (1000, 0), (1100, 0), (1200, 0), (2200, 0)]
    ferry = {"cls": "ferry", "ferry_s": 60.0}
    segments = [{"a": 0, "b": 1}, {"a": 1, "b": 2, **ferry}, {"a": 2, "b": 3, **ferry}, {"a": 3, "b": 4}]
    ways = ways_of(nodes, segments)
    assert value(ways["car"], (0, 0), (2200, 0)) == 100 + 120 + 600 + 100 + 120
    assert value(ways["foot"], (0, 0), (2200, 0)) == 1000 + (120 + 600) * 1.25 + 1000
    walked = ways["foot"].trace(at(ways["foot"], (2200, 0)), 0, at(ways["foot"], (0, 0)), 0)
    assert walked.metres == pytest.approx(2200, abs=0.1)
    assert walked.seconds == pytest.approx(2000 / 1.25 + 720, abs=0.1)
    on_water = at(ways["foot"], (1090, 0))
    assert on_water.connector_m[0] == pytest.approx(90, abs=0.01)


def test_ferry_without_duration_sails_at_its_speed():
    """Without a tagged duration: 720 m at 7.2 km/h are 360 s, plus 600 s wait."""
    nodes = [(0, 0), (100, 0), (820, 0), (920, 0)]
    ways = ways_of(nodes, [{"a": 0, "b": 1}, {"a": 1, "b": 2, "cls": "ferry"}, {"a": 2, "b": 3}])
    assert value(ways["car"], (0, 0), (920, 0)) == 10 + 360 + 600 + 10 + 120


def test_car_speed_is_the_least_of_limit_class_and_surface():
    """1,000 m: class 36 km/h 100 s; limit 50 does not speed up; limit 18 200 s; gravel 20 km/h 180 s; residential 200 s."""
    for more, seconds in (({}, 100), ({"kmh": 50}, 100), ({"kmh": 18}, 200), ({"surface": "gravel"}, 180)):
        ways = ways_of([(0, 0), (1000, 0)], [{"a": 0, "b": 1, **more}])
        assert value(ways["car"], (0, 0), (1000, 0)) == seconds + 120
    ways = ways_of([(0, 0), (1000, 0)], [{"a": 0, "b": 1, "cls": "residential"}])
    assert value(ways["car"], (0, 0), (1000, 0)) == 200 + 120


def test_beyond_500_m_is_unknown():
    """A point 499 m beside the street is attached, one 501 m away and one without coordinates are unknown."""
    ways = ways_of([(0, 0), (1000, 0)], [{"a": 0, "b": 1}])["foot"]
    points = at(ways, (500, 499), (500, 501), (1501, 0), (np.nan, 0))
    assert ways.known(points).tolist() == [True, False, False, False]
    assert value(ways, (500, 501), (0, 0)) is None
    assert value(ways, (0, 0), (500, 501)) is None
    assert value(ways, (500, 499), (0, 0)) == 999


def test_island_is_attached_to_the_main_component_or_unknown():
    """A house at an isolated street counts from the main network where that is within 500 m, else it is unknown."""
    nodes = [(0, 0), (1000, 0), (2000, 0), (0, 300), (100, 300), (0, 900), (100, 900)]
    segments = [
        {"a": 0, "b": 1},
        {"a": 1, "b": 2, "cls": "residential", "car": "no"},
        {"a": 3, "b": 4},
        {"a": 5, "b": 6},
    ]
    ways = ways_of(nodes, segments)["foot"]
    assert value(ways, (50, 300), (0, 0)) == 350
    assert ways.known(at(ways, (50, 900))).tolist() == [False]


def test_one_way_dead_end_is_not_joined():
    """Whoever cannot come back from a street is not attached to it: it lies outside of the strong component."""
    nodes = [(0, 0), (1000, 0), (1000, 200)]
    ways = ways_of(nodes, [{"a": 0, "b": 1}, {"a": 1, "b": 2, "car": "ahead"}])
    assert at(ways["car"], (1000, 150)).connector_m[0] == pytest.approx(150, abs=0.01)
    assert at(ways["foot"], (1000, 150)).connector_m[0] == pytest.approx(0, abs=0.01)


def test_nobody_joins_a_motorway():
    """A house beside a motorway attaches to the farm road behind it."""
    nodes = [(0, 0), (1000, 0), (1000, 300), (0, 300)]
    segments = [{"a": 0, "b": 1, "cls": "motorway"}, {"a": 1, "b": 2}, {"a": 2, "b": 3}, {"a": 3, "b": 0}]
    ways = ways_of(nodes, segments)["car"]
    assert at(ways, (500, 10)).connector_m[0] == pytest.approx(290, abs=0.01)


def test_limit_is_inclusive():
    """A value equal to the limit stands in the column, one more does not; parking counts towards it."""
    ways = ways_of(*grid_town())
    assert value(ways["foot"], (0, 0), (400, 300), limit=700) == 700
    assert value(ways["foot"], (0, 0), (400, 300), limit=699) is None
    assert value(ways["car"], (0, 0), (400, 300), limit=190) == 190
    assert value(ways["car"], (0, 0), (400, 300), limit=189) is None


def test_no_streets_at_all():
    """A mode without streets knows no point and answers with empty columns."""
    ways = ways_of([(0, 0), (100, 0)], [{"a": 0, "b": 1, "car": "no"}])["car"]
    points = at(ways, (0, 0), (50, 0))
    assert not ways.known(points).any()
    assert ways.columns(points, points, limit=1000).ptr.tolist() == [0, 0, 0]
    assert ways.nearest(points, points, limit=1000)[0].tolist() == [-1, -1]


def test_a_ring_without_junction():
    """A ring road alone has no junction; both ways round are found."""
    nodes = [(0, 0), (300, 0), (300, 300), (0, 300)]
    ways = ways_of(nodes, [{"a": k, "b": (k + 1) % 4} for k in range(4)])["foot"]
    assert ways.counts.edges == ways.counts.nodes == 1
    assert value(ways, (0, 100), (100, 0)) == 200
    assert value(ways, (100, 0), (300, 100)) == 300
    assert value(ways, (0, 50), (0, 250)) == 200


WORLD = st.integers(0, 10**6)


def random_world(seed: int):
    """Few points close together, many streets: parallel ones, blocked points, one-ways, islands, ends that nobody gets back from."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 16))
    nodes = [(float(a), float(b)) for a, b in rng.integers(0, 30, (count, 2)) * 40]
    segments = []
    for _ in range(int(rng.integers(1, 30))):
        a, b = (int(k) for k in rng.integers(0, count, 2))
        if a != b and nodes[a] != nodes[b]:
            car = str(rng.choice(["both", "both", "ahead", "no"]))
            bike = str(rng.choice(["both", "both", "ahead"]))
            segments.append({"a": a, "b": b, "car": car, "bike": bike, "kmh": float(rng.choice([10, 20, 30]))})
    if rng.random() < 0.3:
        segments.append({"block": int(rng.integers(0, count)), "modes": "car"})
    points = [(float(a), float(b)) for a, b in rng.integers(0, 1300, (12, 2))] + nodes[:6]
    return nodes, segments or [{"a": 0, "b": 1}], points


@settings(max_examples=60, deadline=None)
@given(WORLD, st.sampled_from(["foot", "bike", "car"]), st.sampled_from(["to_target", "from_target"]))
def test_columns_nearest_and_traces_agree(seed, mode, direction):
    """On any world: columns ascending and within the limit, nearest = minimum of the columns, every trace = its column, threads alike."""
    nodes, segments, points = random_world(seed)
    ways = ways_of(nodes, segments)[mode]
    limit = 1500 if mode != "car" else 300
    targets, homes = at(ways, *points[:7]), at(ways, *points)
    many = at(ways, *(points[:7] * 11))
    columns = ways.columns(targets, homes, limit=limit, direction=direction, threads=1)
    both = ways.columns(many, homes, limit=limit, direction=direction, threads=2)
    assert np.array_equal(both.home, np.tile(columns.home, 11))
    assert np.array_equal(both.value, np.tile(columns.value, 11))
    best = np.full(len(points), 10**9)
    for k in range(7):
        home, values = columns.column(k)
        assert (np.diff(home) > 0).all()
        assert (values <= limit).all()
        best[home] = np.minimum(best[home], values)
        for h in range(len(points)):
            trace = ways.trace(targets, k, homes, h, direction=direction)
            found = dict(zip(home.tolist(), values.tolist(), strict=True)).get(h)
            assert (trace.value if trace is not None and trace.value <= limit else None) == found
    who, nearest = ways.nearest(targets, homes, limit=limit, direction=direction)
    assert nearest.tolist() == np.where(best == 10**9, -1, best).tolist()
    for h in np.flatnonzero(who >= 0):
        assert nearest[h] == dict(zip(*map(np.ndarray.tolist, columns.column(who[h])), strict=True))[h]


@settings(max_examples=80, deadline=None)
@given(WORLD, st.sampled_from(["foot", "bike", "car"]))
def test_contraction_keeps_distances(seed, mode):
    """Between street corners of the main component the value is networkx's on the uncontracted graph, but for rounding up."""
    nodes, segments, _ = random_world(seed)
    segments = [s for s in segments if "block" not in s]
    ways = ways_of(nodes, segments)[mode]
    graph = nx.MultiDiGraph()
    for s in segments:
        metres = float(np.hypot(*np.subtract(nodes[s["a"]], nodes[s["b"]])))
        # Two points at one place are two nodes: never joined by coordinates.
        cost = metres if mode != "car" else metres / (min(s["kmh"], 36.0) / 3.6)
        use = s["car"] if mode == "car" else s["bike"] if mode == "bike" else "both"
        if use != "no":
            graph.add_edge(s["a"], s["b"], weight=cost)
        if use == "both":
            graph.add_edge(s["b"], s["a"], weight=cost)
    main = set(ways.chains.point_node.tolist())
    if not main:
        return
    assert any(main <= set(c) for c in nx.strongly_connected_components(graph))
    # Points whose place several streets cross attach to any of them: only places of their own are compared.
    apart = [n for n in sorted(main) if clear(nodes, segments, n)]
    if not apart:
        return
    points = at(ways, *[nodes[n] for n in apart])
    columns = ways.columns(points, points, limit=10**6, threads=1)
    for k, target in enumerate(apart):
        home, values = columns.column(k)
        assert home.size == len(apart)
        for h, found in zip(home, values, strict=True):
            true = nx.dijkstra_path_length(graph, apart[h], target) + ways.extra_s
            assert true - 1e-3 <= found <= true + 1 + 0.1 * (len(segments) + 2)


@settings(max_examples=25, deadline=None)
@given(WORLD, st.sampled_from(["foot", "car"]), st.sampled_from(["to_target", "from_target"]))
def test_both_searches_give_the_same_columns(seed, mode, direction):
    """Whether the graph itself or the eliminated one is searched, by limit or by force: equal columns, also in one call."""
    rng = np.random.default_rng(seed)
    nodes, segments = grid_town(side=11)
    segments = [{**s, "car": str(rng.choice(["both", "ahead"]))} for s in segments if rng.random() < 0.85]
    ways = ways_of(nodes, segments)[mode]
    targets, homes = (at(ways, *[(float(a), float(b)) for a, b in rng.uniform(-50, 1050, (n, 2))]) for n in (6, 60))
    limits = np.array([80, 250, 500, 1000, 1400, 4000], np.int32) // (1 if mode == "foot" else 4)
    chosen = ways.searches_plain(limits.astype(np.int64) * 10 - ways.extra_s * 10)
    assert chosen.any()
    assert not chosen.all()
    found = ways.columns(targets, homes, limit=limits, direction=direction, threads=1)
    for edges in (0.0, float("inf")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ankerort.network.streets.PLAIN_MEAN_EDGES", edges)
            forced = ways.columns(targets, homes, limit=limits, direction=direction, threads=1)
        assert forced.ptr.tolist() == found.ptr.tolist()
        assert forced.home.tolist() == found.home.tolist()
        assert forced.value.tolist() == found.value.tolist()


def test_short_limits_eliminate_nothing():
    """Where all limits are short the graph with eliminated junctions is not even built."""
    ways = ways_of(*grid_town(side=11))["foot"]
    points = at(ways, (0, 0), (300, 0))
    assert ways.columns(points, points, limit=500).value.tolist() == [0, 300, 300, 0]
    assert "hierarchy" not in vars(ways)
    assert ways.columns(points, points, limit=2000).value.tolist() == [0, 300, 300, 0]
    assert "hierarchy" in vars(ways)


def clear(nodes, segments, n) -> bool:
    """No street runs through the place of node `n` without ending there."""
    p = np.array(nodes[n])
    for s in segments:
        a, b = np.array(nodes[s["a"]]), np.array(nodes[s["b"]])
        if n in (s["a"], s["b"]):
            continue
        t = np.clip(np.dot(p - a, b - a) / np.dot(b - a, b - a), 0, 1)
        if np.hypot(*(a + t * (b - a) - p)) < 0.5:
            return False
    return True
