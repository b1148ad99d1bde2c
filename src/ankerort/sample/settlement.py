"""Draws a settlement: a bent main street, side streets, links between them; and the roads from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, pi, radians, sin, sqrt

import numpy as np

from ankerort.sample.world import MapBuilder, Point

_MAIN_STEP_M = 60.0
_SIDE_STEP_M = 70.0

STREET_NAMES = (
    "Am Anger", "Gartenstraße", "Schulstraße", "Kirchstraße", "Lindenweg", "Feldstraße", "Mühlenweg", "Bergstraße",
    "Am Sportplatz", "Friedensstraße", "Neue Straße", "Birkenweg", "Ahornweg", "Wiesengrund", "Am Teich", "Siedlung",
    "Kastanienallee", "Bahnhofstraße", "Goethestraße", "Schillerstraße", "Karl-Liebknecht-Straße", "Rosenweg",
    "Am Friedhof", "Gutshof", "Hirtenweg", "Schmiedegasse", "Backhausgasse", "Steinweg", "Poststraße", "Nordstraße",
    "Südstraße", "Am Mühlgraben", "Fliederweg", "Akazienweg", "Tannenweg", "Thomas-Müntzer-Straße", "Puschkinstraße",
    "Straße der Einheit", "Am Bruch", "Weinberg", "Ziegeleiweg", "Jahnstraße", "Drosselweg", "Amselweg", "Meisenweg",
    "Am Stadtgraben", "Burgstraße", "Klosterhof", "Petersilienstraße", "Sackgasse", "Grüner Weg", "Landwehr",
)  # fmt: skip


@dataclass(frozen=True)
class Settlement:
    """Street nodes of one settlement.

    Parameters
    ----------
    main
        Nodes of the main street from end to end; `centre` is the middle one.
    gates
        Nodes at which roads from outside arrive.
    inhabited
        Street nodes along which people live, the main street included.
    tips
        Outer ends of the side streets.
    bearing_deg
        Direction of the main street, counter-clockwise from east.
    """

    main: tuple[int, ...]
    gates: tuple[int, ...]
    inhabited: tuple[int, ...]
    tips: tuple[int, ...]
    bearing_deg: float

    @property
    def centre(self) -> int:
        """The middle node of the main street."""
        return self.main[len(self.main) // 2]


def draw_settlement(
    osm: MapBuilder,
    rng: np.random.Generator,
    *,
    x_m: float,
    y_m: float,
    bearing_deg: float,
    persons: float,
    main_class: str,
    main_name: str,
    main_tags: dict[str, str],
    is_town: bool = False,
) -> Settlement:
    """Draw the streets of a settlement whose size follows its inhabitants.

    The main street is about 36 m times the root of the inhabitants long and gently bent; side streets leave it every
    120 m and are linked to each other where the settlement is deep enough, so that blocks of unequal size arise.
    """
    length = 36.0 * sqrt(persons)
    angle = radians(bearing_deg)
    along, across = (cos(angle), sin(angle)), (-sin(angle), cos(angle))
    half = max(2, round(length / 2 / _MAIN_STEP_M))
    bend = float(rng.uniform(12, 28)) * (1 if rng.random() < 0.5 else -1)
    main = []
    for k in range(-half, half + 1):
        s = k * _MAIN_STEP_M + (float(rng.uniform(-8, 8)) if abs(k) not in (0, half) else 0.0)
        t = bend * sin(pi * k / half) + (float(rng.uniform(-3, 3)) if k else 0.0)
        main.append(osm.node(x_m + s * along[0] + t * across[0], y_m + s * along[1] + t * across[1]))
    osm.way(main, {"highway": main_class, "name": main_name, "maxspeed": "50", "surface": "asphalt", **main_tags})

    names = list(rng.permutation(np.array(STREET_NAMES)))
    depth_m = max(90.0, 0.22 * length)
    sides: dict[tuple[int, int], list[int]] = {}
    middle = len(main) // 2
    first = middle % 2
    for side in (1, -1):
        for index in range(first, len(main), 2):
            reach = depth_m * float(rng.uniform(0.65, 1.25))
            # Villages are deepest at their middle; a town is deep along its whole length.
            reach *= 1.0 if is_town else 1.15 - 0.5 * abs(index - middle) / max(1, middle)
            levels = max(1, round(reach / _SIDE_STEP_M))
            if index in (0, len(main) - 1) and not is_town:
                continue
            sides[side, index] = _side_street(osm, rng, main[index], along, across, side, levels)
    cross = {(1, middle), (-1, middle)} if is_town else set()
    tips, inhabited = [], list(main)
    for key in sorted(sides):
        nodes = sides[key]
        name = str(names.pop()) if names else "Gasse"
        if key in cross:
            osm.way(nodes, {"highway": "tertiary", "name": "Brauhausstraße", "maxspeed": "50", "surface": "asphalt"})
        else:
            osm.way(nodes, _side_tags(rng, name, len(nodes), is_town))
        tips.append(nodes[-1])
        inhabited += nodes[1:]
    _link_sides(osm, rng, sides, names, is_town=is_town)
    gates = [main[0], main[-1], *(sides[key][-1] for key in sorted(cross) if key in sides)]
    return Settlement(tuple(main), tuple(gates), tuple(inhabited), tuple(tips), bearing_deg)


def _side_street(
    osm: MapBuilder, rng: np.random.Generator, start: int, along: Point, across: Point, side: int, levels: int
) -> list[int]:
    x, y = osm.at(start)
    lean = float(rng.uniform(-0.22, 0.22))
    nodes = [start]
    for _ in range(levels):
        step = _SIDE_STEP_M * float(rng.uniform(0.85, 1.15))
        x += side * step * (across[0] + lean * along[0])
        y += side * step * (across[1] + lean * along[1])
        nodes.append(osm.node(x, y))
    return nodes


def _side_tags(rng: np.random.Generator, name: str, nodes: int, is_town: bool) -> dict[str, str]:
    draw = float(rng.random())
    tags = {"highway": "residential", "name": name}
    if draw < 0.12:
        tags |= {"highway": "living_street", "surface": "paving_stones"}
    elif draw < 0.30:
        tags |= {"surface": "sett", "maxspeed": "30"}
    elif draw < 0.45:
        tags |= {"maxspeed": "30", "surface": "asphalt"}
    elif draw < 0.52 and nodes <= 3:
        tags |= {"highway": "service"}
    if not is_town and 0.75 < draw < 0.83:
        tags |= {"surface": "gravel"}
    return tags


def _link_sides(
    osm: MapBuilder,
    rng: np.random.Generator,
    sides: dict[tuple[int, int], list[int]],
    names: list[str],
    *,
    is_town: bool,
) -> None:
    """Join neighbouring side streets at every second level; the first two links of a town are one-way streets."""
    one_way_left = 2 if is_town else 0
    for side, index in sorted(sides):
        right = sides.get((side, index + 2))
        left = sides[side, index]
        if right is None:
            continue
        for level in range(2, min(len(left), len(right)), 2):
            if rng.random() > 0.8:
                continue
            tags = {"highway": "residential", "name": str(names.pop()) if names else "Querstraße"}
            if one_way_left:
                tags |= {"oneway": "yes", "maxspeed": "30"}
                one_way_left -= 1
            elif rng.random() < 0.15:
                tags = {"highway": "footway", "surface": "compacted"}
            osm.way([left[level], right[level]], tags)


def road_points(
    start: Point, end: Point, rng: np.random.Generator, *, bend: float, step_m: float = 240.0
) -> list[Point]:
    """Points between two gates on a gently swinging line, the gates themselves left out.

    `bend` is the largest deviation as a share of the straight distance; its sign is the side.
    """
    dx, dy = end[0] - start[0], end[1] - start[1]
    distance = hypot(dx, dy)
    pieces = max(2, round(distance / step_m))
    points = []
    for k in range(1, pieces):
        t = k / pieces
        off = bend * distance * (sin(pi * t) + 0.25 * sin(3 * pi * t)) + float(rng.uniform(-6, 6))
        points.append((start[0] + t * dx - off * dy / distance, start[1] + t * dy + off * dx / distance))
    return points


def crossing(line: Sequence[Point], river: Sequence[Point]) -> tuple[int, Point] | None:
    """First crossing of `line` with `river`: index of the piece of `line` and the point, or None."""
    for i, (a, b) in enumerate(pairwise(line)):
        for c, d in pairwise(river):
            den = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
            if den == 0:
                continue
            t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / den
            u = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / den
            if 0 <= t <= 1 and 0 <= u <= 1:
                return i, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
    return None
