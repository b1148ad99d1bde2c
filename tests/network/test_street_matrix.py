"""Tests of the matrix of times and metres between points, and of the streets that a vehicle fits on."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.mobile import MobileVehicle
from ankerort.catalogue.provision import DatedRange
from ankerort.network.build_streets import build_street_ways, build_vehicle_ways, vehicle_fits
from ankerort.network.street_matrix import street_matrix
from reference.streets import CRS, X0, Y0, Figures, raw_streets

CAR_SPEED_MS = 10.0


def _one(value: float, name: str = "x") -> DatedValue:
    return DatedValue(name, value, "", "", "default", "D", "2026-01-01", "2026-01-01")


def vehicle(*, weight_t: float = 7.5, height_m: float = 3.3, width_m: float = 2.5, speed: float = 1.0) -> MobileVehicle:
    """A lorry of the given size."""
    none = DatedRange(0.0, 0.0, _one(0.0))
    return MobileVehicle(
        "truck", "Lkw", "truck", none, _one(10.0), none, none, _one(weight_t), _one(height_m), _one(width_m),
        "C1", "own", _one(300.0), _one(speed), _one(0.5),
    )  # fmt: skip


# A square of 1,000 m; the direct street from 0 to 1 has a bridge in the middle (node 4 to 5), the way round takes the three other sides.
_NODES = [(0.0, 0.0), (1000.0, 0.0), (1000.0, 1000.0), (0.0, 1000.0), (450.0, 0.0), (550.0, 0.0)]


def _square(**bridge: float):
    parts = [{"a": 0, "b": 4}, {"a": 4, "b": 5}, {"a": 5, "b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 3}, {"a": 3, "b": 0}]
    raw = raw_streets(_NODES, parts)
    for name, limit in bridge.items():
        getattr(raw, name)[1] = limit
    return raw


def _points(*xy: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p[0] + X0 for p in xy]), np.array([p[1] + Y0 for p in xy])


@pytest.mark.parametrize(
    ("limit", "closed"),
    [
        ({}, False),
        ({"max_weight_t": 7.5}, False),
        ({"max_weight_t": 3.5}, True),
        ({"max_height_m": 3.3}, False),
        ({"max_height_m": 3.2}, True),
        ({"max_width_m": 2.5}, False),
        ({"max_width_m": 2.3}, True),
    ],
)
def test_a_vehicle_goes_round_a_weak_low_or_narrow_bridge(limit: dict[str, float], closed: bool) -> None:
    """A limit below the vehicle's size closes the segment, an equal one does not: 1,000 m directly or 3,000 m round at 10 m/s."""
    raw = _square(**limit)
    ways = build_vehicle_ways(raw, vehicle(), catalogue=Figures(), crs=CRS)
    value, metres = street_matrix(ways, ways.prepare(*_points((0.0, 0.0), (1000.0, 0.0))))
    way_m = 3000.0 if closed else 1000.0
    assert metres[0, 1] == pytest.approx(way_m, rel=1e-3)
    assert value[0, 1] == pytest.approx(way_m / CAR_SPEED_MS, abs=2)
    assert vehicle_fits(raw, vehicle()).sum() == (5 if closed else 6)


def test_a_slower_vehicle_takes_longer_for_the_same_way() -> None:
    """Seconds grow by one over the factor of speed, metres stay; parking is no part of a drive between stops."""
    raw = _square()
    points = _points((0.0, 0.0), (1000.0, 0.0))
    fast, slow = (build_vehicle_ways(raw, vehicle(speed=s), catalogue=Figures(), crs=CRS) for s in (1.0, 0.8))
    fast_s, fast_m = street_matrix(fast, fast.prepare(*points))
    slow_s, slow_m = street_matrix(slow, slow.prepare(*points))
    car = build_street_ways(raw, catalogue=Figures(), crs=CRS)["car"]
    assert car.extra_s == 120
    assert fast_s[0, 1] == 100
    assert slow_s[0, 1] == 125
    assert np.allclose(fast_m, slow_m)


@pytest.mark.parametrize("seed", range(12))
def test_the_matrix_says_what_single_traces_say(seed: int) -> None:
    """Seconds and metres of each pair are those of the trace between them; points on one edge, one-way streets and islands included."""
    rng = np.random.default_rng(seed)
    side = 6
    nodes = [
        (400.0 * i + rng.uniform(-90, 90), 400.0 * j + rng.uniform(-90, 90)) for j in range(side) for i in range(side)
    ]
    parts = []
    for j in range(side):
        for i in range(side):
            for di, dj in ((1, 0), (0, 1)):
                if i + di < side and j + dj < side and rng.random() > 0.1:
                    parts.append(
                        {"a": j * side + i, "b": (j + dj) * side + i + di, "car": rng.choice(["both"] * 5 + ["ahead"]),
                             "cls": rng.choice(["tertiary", "residential"])}
                    )  # fmt: skip
    raw = raw_streets(nodes, parts)
    ways = build_vehicle_ways(raw, vehicle(speed=0.9), catalogue=Figures(), crs=CRS)
    x, y = rng.uniform(-900, 2600, 25) + X0, rng.uniform(-300, 2300, 25) + Y0
    x[1], y[1] = x[0] + 20.0, y[0]
    points = ways.prepare(x, y)
    value, metres = street_matrix(ways, points)
    seen = 0
    for i in range(len(x)):
        for j in range(len(x)):
            trace = ways.trace(points, j, points, i)
            if trace is None:
                assert value[i, j] == -1 and metres[i, j] == -1
            elif i == j:
                assert value[i, j] == 0 and metres[i, j] == 0
            else:
                seen += 1
                assert value[i, j] == trace.value
                assert metres[i, j] == pytest.approx(trace.metres, abs=1e-6)
    assert seen > 100


def test_a_vehicle_that_fits_nowhere_has_no_way() -> None:
    """Where every street is closed to it no point is attached and no drive exists; without points there is an empty matrix."""
    raw = _square()
    raw.max_weight_t[:] = 3.5
    ways = build_vehicle_ways(raw, vehicle(), catalogue=Figures(), crs=CRS)
    points = ways.prepare(*_points((0.0, 0.0), (1000.0, 0.0)))
    assert not ways.known(points).any()
    value, metres = street_matrix(ways, points)
    assert (value == -1).all()
    assert (metres == -1).all()
    free = build_vehicle_ways(_square(), vehicle(), catalogue=Figures(), crs=CRS)
    value, metres = street_matrix(free, free.prepare(np.zeros(0), np.zeros(0)))
    assert value.shape == metres.shape == (0, 0)
