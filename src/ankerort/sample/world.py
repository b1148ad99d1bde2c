"""A world: frozen description of a generated region, and the small builder of its street map.

Positions are metres east and north of a fixed origin in UTM zone 32N. The origin lies where the scale of that projection
is 1, so that a street drawn 500 m long is 500 m long on the ground (to 0.1 per mille within 20 km): times in tests can be
derived by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import hypot

import pyproj

ORIGIN_E_M = 680_600.0
ORIGIN_N_M = 5_764_000.0
PROJECTED = "EPSG:25832"
CENSUS_PROJECTION = "EPSG:3035"

Point = tuple[float, float]
Row = Mapping[str, object]


@lru_cache(maxsize=4)
def _transformer(target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(PROJECTED, target, always_xy=True)


def lonlat(x_m: float, y_m: float) -> Point:
    """Longitude and latitude of a world position, rounded to OSM's 1e-7 degree."""
    lon, lat = _transformer("EPSG:4326").transform(ORIGIN_E_M + x_m, ORIGIN_N_M + y_m)
    return round(lon, 7), round(lat, 7)


def census_xy(x_m: float, y_m: float) -> Point:
    """Easting and northing of a world position in the census projection EPSG:3035, metres."""
    x, y = _transformer(CENSUS_PROJECTION).transform(ORIGIN_E_M + x_m, ORIGIN_N_M + y_m)
    return float(x), float(y)


@dataclass(frozen=True)
class OsmNode:
    """One OSM node; `x_m`, `y_m` in world metres."""

    id: int
    x_m: float
    y_m: float
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OsmWay:
    """One OSM way through existing nodes."""

    id: int
    nodes: tuple[int, ...]
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OsmRelation:
    """One OSM relation; members are (type ``n``/``w``/``r``, id, role)."""

    id: int
    members: tuple[tuple[str, int, str], ...]
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OsmMap:
    """All OSM objects of a world, sorted by type and id."""

    nodes: tuple[OsmNode, ...]
    ways: tuple[OsmWay, ...]
    relations: tuple[OsmRelation, ...] = ()


@dataclass(frozen=True)
class Feed:
    """One GTFS feed: file name (``stops.txt``) to column names and rows."""

    name: str
    tables: Mapping[str, tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]]


@dataclass(frozen=True)
class CensusCell:
    """One inhabited 100 m cell: its south-west corner in EPSG:3035 and the age of everyone in it."""

    east_m: int
    north_m: int
    ages: tuple[int, ...]


@dataclass(frozen=True)
class Area:
    """One administrative area; `ring` is a closed ring in world metres."""

    level: str  # municipality, association, district
    ags: str
    rs: str
    name: str
    kind: str
    ring: tuple[Point, ...]


@dataclass(frozen=True)
class World:
    """A generated region, ready to be written as files.

    `lists` holds the rows of the facility workbook by table name of `ankerort.region.schema` (facilities, absences,
    mobile_visits, buildings).
    """

    osm: OsmMap
    feeds: tuple[Feed, ...]
    cells: tuple[CensusCell, ...]
    areas: tuple[Area, ...]
    lists: Mapping[str, tuple[Row, ...]]


class MapBuilder:
    """Collects OSM objects and gives them ids in order."""

    def __init__(self, *, first_id: int = 1) -> None:
        self._next = first_id
        self._nodes: dict[int, OsmNode] = {}
        self._ways: dict[int, OsmWay] = {}
        self._relations: dict[int, OsmRelation] = {}

    def _new_id(self) -> int:
        self._next += 1
        return self._next - 1

    def node(self, x_m: float, y_m: float, tags: Mapping[str, str] | None = None) -> int:
        """Add a node (position kept to the centimetre) and return its id."""
        new = self._new_id()
        self._nodes[new] = OsmNode(new, round(x_m, 2), round(y_m, 2), dict(tags or {}))
        return new

    def tag(self, node: int, tags: Mapping[str, str]) -> None:
        """Add tags to an existing node."""
        old = self._nodes[node]
        self._nodes[node] = OsmNode(old.id, old.x_m, old.y_m, {**old.tags, **tags})

    def way(self, nodes: Sequence[int], tags: Mapping[str, str]) -> int:
        """Add a way through existing nodes."""
        new = self._new_id()
        self._ways[new] = OsmWay(new, tuple(nodes), dict(tags))
        return new

    def street(self, points: Iterable[Point], highway: str, tags: Mapping[str, str] | None = None) -> list[int]:
        """Add nodes and one street through them; returns the nodes."""
        nodes = [self.node(x, y) for x, y in points]
        self.way(nodes, {"highway": highway, **(tags or {})})
        return nodes

    def area(self, points: Sequence[Point], tags: Mapping[str, str]) -> int:
        """Add a closed way (a building)."""
        nodes = [self.node(x, y) for x, y in points]
        return self.way([*nodes, nodes[0]], tags)

    def relation(self, members: Sequence[tuple[str, int, str]], tags: Mapping[str, str]) -> int:
        """Add a relation of existing objects."""
        new = self._new_id()
        self._relations[new] = OsmRelation(new, tuple(members), dict(tags))
        return new

    def at(self, node: int) -> Point:
        """Position of a node in world metres."""
        found = self._nodes[node]
        return found.x_m, found.y_m

    def length_m(self, nodes: Sequence[int]) -> float:
        """Length of the line through nodes."""
        points = [self.at(n) for n in nodes]
        return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))

    def build(self) -> OsmMap:
        """Freeze what was collected."""
        return OsmMap(
            tuple(self._nodes[k] for k in sorted(self._nodes)),
            tuple(self._ways[k] for k in sorted(self._ways)),
            tuple(self._relations[k] for k in sorted(self._relations)),
        )
