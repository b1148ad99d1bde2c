"""A river with three bridges, and stops on both banks and on an island of weak bridges.

Metres east and north of the corner. The southern bank is a street from (0, 0) to (4,000, 0), the northern one from (0, 1,000) to
(4,000, 1,000). Bridges between them: at x = 1,000 a weak one (3.5 t), at x = 2,000 one under a low gate (3.2 m), at x = 4,000 a sound one.
From the northern bank a bridge of 2.8 t leads to a hamlet at (1,000, 2,000) to (1,500, 2,000). Cars drive 10 m/s.

- South (1,000, 0) to north (1,000, 1,000): 1,000 m by car; 3,000 + 1,000 + 3,000 = 7,000 m for what is neither light nor low;
  1,000 + 1,000 + 1,000 = 3,000 m for what is heavy but low.
- The hamlet is reached by cars, never by a vehicle above 2.8 t; it lies 1,000 m from every other street.
"""

from __future__ import annotations

from functools import cache

from ankerort.network.build_streets import build_street_ways
from ankerort.network.model import Network
from ankerort.region.model import RawStreets
from reference.streets import CRS, X0, Y0, Figures, raw_streets

SOUTH, NORTH, HAMLET, FIELD = (1000.0, 0.0), (1000.0, 1000.0), (1500.0, 2000.0), (2000.0, -2000.0)
_NODES = [
    *((0.0, 0.0), (1000.0, 0.0), (2000.0, 0.0), (4000.0, 0.0)),
    *((0.0, 1000.0), (1000.0, 1000.0), (2000.0, 1000.0), (4000.0, 1000.0)),
    *((1000.0, 2000.0), (1500.0, 2000.0)),
]
_WEAK, _LOW, _SOUND, _HAMLET = (1, 5), (2, 6), (3, 7), (5, 8)
_STREETS = ((0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7), (8, 9))


@cache
def streets() -> RawStreets:
    """The streets with their limits."""
    pairs = [*_STREETS, _WEAK, _LOW, _SOUND, _HAMLET]
    raw = raw_streets(_NODES, [{"a": a, "b": b} for a, b in pairs])
    raw.max_weight_t[pairs.index(_WEAK)] = 3.5
    raw.max_height_m[pairs.index(_LOW)] = 3.2
    raw.max_weight_t[pairs.index(_HAMLET)] = 2.8
    return raw


@cache
def network() -> Network:
    """Ways on foot, by bike and by car."""
    ways = build_street_ways(streets(), catalogue=Figures(), crs=CRS)  # type: ignore[arg-type]
    return Network(ways["foot"], ways["bike"], ways["car"], None, None)


def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
    """Projected metres."""
    return [(x + X0, y + Y0) for x, y in points]
