"""Builds the Musterkreis: draws the design with seeded jitter, settles its people, hangs objects and buses onto it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, hypot, radians, sin

import numpy as np

from ankerort.sample.areas import draw_areas
from ankerort.sample.buses import STOPS, BusTime, build_feeds
from ankerort.sample.design import FIELD_NAMES, PLACES, RIVER_KM, RIVER_NAME, ROADS, TRACKS, PlaceDesign, RoadDesign
from ankerort.sample.facts import RoadFact
from ankerort.sample.lists import list_rows
from ankerort.sample.objects import OBJECTS, OsmObject
from ankerort.sample.people import settle
from ankerort.sample.settlement import Settlement, crossing, draw_settlement, road_points
from ankerort.sample.world import MapBuilder, Point, World

_JITTER_M = 110.0
_PLOT_STEP_M = 28.0
_TOWN_PLOT_STEP_M = 70.0
_TOWN_MAIN_STREET_M = 1500.0
_BRIDGE_HALF_M = 32.0


@dataclass(frozen=True)
class District:
    """The built district: its world and what is true of it by construction."""

    world: World
    places: tuple[PlaceDesign, ...]
    ages: Mapping[str, tuple[int, ...]]
    roads: tuple[RoadFact, ...]
    bus_times: tuple[BusTime, ...]


def build_district(seed: int) -> District:
    """Build the Musterkreis of a seed.

    Seeds move the places by up to 110 m, change their inhabitants by up to 5 % and bend other streets; names, roads,
    objects, lines and everything promised in `design` stay.
    """
    rng = np.random.default_rng([seed, 15999])
    osm = MapBuilder()
    places = tuple(
        replace(
            p,
            x_km=p.x_km + float(rng.uniform(-_JITTER_M, _JITTER_M)) / 1000,
            y_km=p.y_km + float(rng.uniform(-_JITTER_M, _JITTER_M)) / 1000,
            persons=round(p.persons * float(rng.uniform(0.95, 1.05))),
        )
        for p in PLACES
    )
    drawn = {p.key: _draw(osm, rng, p) for p in places}
    river = [(x * 1000, y * 1000) for x, y in RIVER_KM]
    osm.way([osm.node(x, y) for x, y in river], {"waterway": "river", "name": RIVER_NAME})
    roads = tuple(f for road in ROADS if (f := _draw_road(osm, rng, drawn, river, road)) is not None)
    for a, b in TRACKS:
        _draw_track(osm, rng, drawn, a, b)
    _draw_details(osm, drawn)
    farm = _draw_farm(osm, rng, drawn)
    for place in places:
        _draw_place_node(osm, drawn[place.key], place)
    for name, x, y in FIELD_NAMES:
        osm.node(x * 1000, y * 1000, {"place": "locality", "name": name})
    areas = draw_areas(osm, {p.key: osm.at(drawn[p.key].centre) for p in places}, river)
    poles = _draw_stops(osm, drawn)
    for thing in OBJECTS:
        _draw_object(osm, drawn[thing.place], thing)
    cells, ages = settle(osm, places, drawn, farm, seed)
    feeds, bus_times = build_feeds(poles)

    def plot(place: str, number: int) -> Point:
        return _plot(osm, drawn[place], number)

    world = World(osm.build(), feeds, cells, areas, list_rows(places, plot))
    return District(world, places, ages, roads, bus_times)


def _draw(osm: MapBuilder, rng: np.random.Generator, place: PlaceDesign) -> Settlement:
    return draw_settlement(
        osm,
        rng,
        x_m=place.x_km * 1000,
        y_m=place.y_km * 1000,
        bearing_deg=place.bearing_deg,
        persons=place.persons,
        main_class=place.main_class,
        main_name=place.main_street,
        main_tags=place.main_tags,
        is_town=place.kind == "town",
    )


def _gate(osm: MapBuilder, settlement: Settlement, other: Point) -> int:
    return min(settlement.gates, key=lambda n: hypot(osm.at(n)[0] - other[0], osm.at(n)[1] - other[1]))


def _draw_road(
    osm: MapBuilder,
    rng: np.random.Generator,
    drawn: Mapping[str, Settlement],
    river: list[Point],
    road: RoadDesign,
) -> RoadFact | None:
    """Draw one road with its bridge where it meets the river; its length between centres if both gates end main streets."""
    a, b = drawn[road.start], drawn[road.end]
    start, end = _gate(osm, a, osm.at(b.centre)), _gate(osm, b, osm.at(a.centre))
    line = [osm.at(start), *road_points(osm.at(start), osm.at(end), rng, bend=road.bend), osm.at(end)]
    tags = {"highway": road.highway, "maxspeed": road.maxspeed, "surface": road.surface}
    if road.ref:
        tags["ref"] = road.ref
    found = crossing(line, river)
    if found is None:
        nodes = [start, *(osm.node(x, y) for x, y in line[1:-1]), end]
        osm.way(nodes, tags)
    else:
        piece, (x, y) = found
        (xa, ya), (xb, yb) = line[piece], line[piece + 1]
        length = hypot(xb - xa, yb - ya)
        dx, dy = (xb - xa) / length * _BRIDGE_HALF_M, (yb - ya) / length * _BRIDGE_HALF_M
        before = [start, *(osm.node(*p) for p in line[1 : piece + 1])]
        left, right = osm.node(x - dx, y - dy), osm.node(x + dx, y + dy)
        after = [*(osm.node(*p) for p in line[piece + 1 : -1]), end]
        osm.way([*before, left], tags)
        osm.way([left, right], {**tags, "bridge": "yes", "layer": "1"})
        osm.way([right, *after], tags)
        nodes = [*before, left, right, *after]
    if road.cycleway:
        _draw_cycleway(osm, nodes)
    metres = osm.length_m(_inside(a, start)) + osm.length_m(nodes) + osm.length_m(_inside(b, end))
    if start not in (a.main[0], a.main[-1]) or end not in (b.main[0], b.main[-1]):
        return None
    return RoadFact(road.start, road.end, round(metres, 1))


def _inside(settlement: Settlement, gate: int) -> list[int]:
    """Nodes of the main street from its centre to a gate at its end."""
    middle = len(settlement.main) // 2
    if gate == settlement.main[0]:
        return list(settlement.main[: middle + 1])
    return list(settlement.main[middle:])


def _draw_cycleway(osm: MapBuilder, nodes: list[int]) -> None:
    """Lay a cycleway four metres beside a road, joined to both of its ends."""
    points = [osm.at(n) for n in nodes]
    beside = []
    for (xa, ya), (xb, yb) in pairwise(points):
        length = hypot(xb - xa, yb - ya)
        beside.append(osm.node((xa + xb) / 2 - (yb - ya) / length * 4, (ya + yb) / 2 + (xb - xa) / length * 4))
    tags = {"highway": "cycleway", "foot": "designated", "bicycle": "designated", "segregated": "no"}
    osm.way([nodes[0], *beside, nodes[-1]], {**tags, "surface": "asphalt"})


def _draw_track(osm: MapBuilder, rng: np.random.Generator, drawn: Mapping[str, Settlement], a: str, b: str) -> None:
    start, end = _gate(osm, drawn[a], osm.at(drawn[b].centre)), _gate(osm, drawn[b], osm.at(drawn[a].centre))
    inner = road_points(osm.at(start), osm.at(end), rng, bend=0.04, step_m=300.0)
    tags = {"highway": "track", "tracktype": "grade3", "surface": "ground", "motor_vehicle": "agricultural"}
    osm.way([start, *(osm.node(*p) for p in inner), end], tags)


def _draw_details(osm: MapBuilder, drawn: Mapping[str, Settlement]) -> None:
    """Steps, a footpath and a street closed by a bollard in the town."""
    town = drawn["muehlenstedt"]
    a, b = town.tips[1], town.tips[2]
    (xa, ya), (xb, yb) = osm.at(a), osm.at(b)
    half = [osm.node(xa + (xb - xa) * t, ya + (yb - ya) * t) for t in (0.45, 0.55)]
    osm.way([a, half[0]], {"highway": "footway", "surface": "compacted"})
    osm.way(half, {"highway": "steps", "step_count": "14"})
    osm.way([half[1], b], {"highway": "footway", "surface": "compacted"})
    c, d = town.tips[-3], town.tips[-2]
    (xa, ya), (xb, yb) = osm.at(c), osm.at(d)
    bollard = osm.node((xa + xb) / 2, (ya + yb) / 2, {"barrier": "bollard"})
    osm.way([c, bollard, d], {"highway": "residential", "name": "Am Stadtpark", "maxspeed": "30"})


def _draw_farm(osm: MapBuilder, rng: np.random.Generator, drawn: Mapping[str, Settlement]) -> int:
    """A farm far from every place, so that some people belong to no village; returns its street node."""
    start = _gate(osm, drawn["kleinwoerden"], (5300.0, -5600.0))
    x, y = 5300.0 + float(rng.uniform(-60, 60)), -5600.0 + float(rng.uniform(-60, 60))
    farm = osm.node(x, y)
    inner = road_points(osm.at(start), (x, y), rng, bend=0.05)
    osm.way([start, *(osm.node(*p) for p in inner), farm], {"highway": "unclassified", "surface": "concrete"})
    osm.node(x + 30, y + 10, {"place": "isolated_dwelling", "name": "Vorwerk Kreuzhorst"})
    return farm


def _draw_place_node(osm: MapBuilder, settlement: Settlement, place: PlaceDesign) -> None:
    x, y = osm.at(settlement.centre)
    osm.node(x + 4, y + 6, {"place": place.kind, "name": place.name, "population": str(place.persons)})


def _along(osm: MapBuilder, settlement: Settlement, share: float, aside_m: float) -> Point:
    """Point beside the main street; `share` -1 ... 1 from its beginning to its end."""
    position = (share + 1) / 2 * (len(settlement.main) - 1)
    k = min(int(position), len(settlement.main) - 2)
    (xa, ya), (xb, yb) = osm.at(settlement.main[k]), osm.at(settlement.main[k + 1])
    t, length = position - k, hypot(xb - xa, yb - ya)
    return (
        xa + t * (xb - xa) - (yb - ya) / length * aside_m,
        ya + t * (yb - ya) + (xb - xa) / length * aside_m,
    )


def _plot(osm: MapBuilder, settlement: Settlement, number: int) -> Point:
    """Building plot `number`: numbered from the centre outwards along the main street, both sides in turn."""
    total = osm.length_m(settlement.main)
    # Shops and schools of a town are spread along its whole main street.
    step = (number // 4 + 0.5) * (_TOWN_PLOT_STEP_M if total > _TOWN_MAIN_STREET_M else _PLOT_STEP_M)
    half = total / 2 - 10
    # What finds no room along the street stands in a second row behind it.
    row, step = divmod(step, half)
    share = step / half * (1 if number % 4 < 2 else -1) * 0.97
    return _along(osm, settlement, share, (18.0 + 32.0 * row) * (1 if number % 2 else -1))


def _draw_stops(osm: MapBuilder, drawn: Mapping[str, Settlement]) -> dict[str, tuple[Point, Point]]:
    """Both poles of every stop, one on each side of the main street."""
    poles = {}
    for stop in STOPS:
        pair = []
        for direction, aside in ((0, -6.0), (1, 6.0)):
            x, y = _along(osm, drawn[stop.place], stop.along * 0.98, aside)
            tags = {"highway": "bus_stop", "public_transport": "platform", "bus": "yes", "name": stop.name}
            if direction == 0 and stop.number % 3 == 0:
                tags |= {"shelter": "yes", "wheelchair": "yes"}
            osm.node(x, y, tags)
            pair.append((x, y))
        poles[stop.key] = (pair[0], pair[1])
    return poles


def _draw_object(osm: MapBuilder, settlement: Settlement, thing: OsmObject) -> None:
    x, y = _plot(osm, settlement, thing.plot)
    tags = dict(thing.tags)
    if thing.form in ("building", "both"):
        shop = tags.get("shop") == "supermarket"
        w, d = (28.0, 18.0) if shop else (13.0, 9.0)
        turn = radians(settlement.bearing_deg)
        corners = [
            (x + u * cos(turn) - v * sin(turn), y + u * sin(turn) + v * cos(turn))
            for u, v in ((-w, -d), (w, -d), (w, d), (-w, d))
        ]
        osm.area(corners, {"building": "retail" if shop else "yes", **tags})
    if thing.form == "both":
        # Somebody mapped the node first and somebody else the building later, with fewer tags on the node.
        osm.node(x + 3, y + 2, {k: v for k, v in tags.items() if k in ("shop", "name", "opening_hours")})
    if thing.form == "node":
        osm.node(x, y, tags)
