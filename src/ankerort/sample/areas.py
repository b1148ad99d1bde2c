"""Administrative areas of the Musterkreis: every municipality is the land nearest to its places, the river divides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely
from shapely.geometry import MultiPoint, Polygon

from ankerort.sample.design import (
    DISTRICT_AGS,
    DISTRICT_NAME,
    EAST_KM,
    MUNICIPALITIES,
    NEIGHBOUR_AGS,
    NEIGHBOUR_KM,
    NEIGHBOUR_NAME,
    PLACES,
    TOWN_AGS,
    WERBENAU_AGS,
    WEST_KM,
)
from ankerort.sample.world import Area, MapBuilder, Point


def draw_areas(osm: MapBuilder, centres: Mapping[str, Point], river: Sequence[Point]) -> tuple[Area, ...]:
    """Areas for the boundary files, and OSM boundaries of level 8 (municipalities) and 9 (Ortschaften of the town).

    Parameters
    ----------
    osm
        Receives the boundary relations.
    centres
        Key of a place -> centre (world metres).
    river
        Line of the river from south to north; it is the border between the town and the Verbandsgemeinde.
    """
    west = Polygon([*river[::-1], *_metres(WEST_KM)])
    east = Polygon([*river, *_metres(EAST_KM)])
    neighbour = Polygon(_metres(NEIGHBOUR_KM))
    land = {p.key: west if p.ags == TOWN_AGS else neighbour if p.ags == WERBENAU_AGS else east for p in PLACES}
    local = {}
    for outline in (west, east, neighbour):
        keys = [k for k in centres if land[k] is outline]
        local.update(_nearest_land({k: centres[k] for k in keys}, outline))

    municipal = {m.ags: shapely.union_all([local[p.key] for p in PLACES if p.ags == m.ags]) for m in MUNICIPALITIES}
    areas = [Area("municipality", m.ags, m.rs, m.name, m.kind, _ring(municipal[m.ags])) for m in MUNICIPALITIES]
    for name in dict.fromkeys(m.association for m in MUNICIPALITIES):
        members = [m for m in MUNICIPALITIES if m.association == name]
        kind = "Verbandsgemeinde" if len(members) > 1 else "Einheitsgemeinde"
        shape = shapely.union_all([municipal[m.ags] for m in members])
        areas.append(Area("association", "", members[0].rs[:9], name, kind, _ring(shape)))
    for ags, name in ((DISTRICT_AGS, DISTRICT_NAME), (NEIGHBOUR_AGS, NEIGHBOUR_NAME)):
        shape = shapely.union_all([municipal[m.ags] for m in MUNICIPALITIES if m.ags.startswith(ags)])
        areas.append(Area("district", ags, ags, name, "Landkreis", _ring(shape)))

    for m in MUNICIPALITIES:
        tags = {"admin_level": "8", "name": m.name, "de:amtlicher_gemeindeschluessel": m.ags}
        _draw_boundary(osm, _ring(municipal[m.ags]), tags)
    for place in PLACES:
        if place.ags == TOWN_AGS:
            _draw_boundary(osm, _ring(local[place.key]), {"admin_level": "9", "name": place.name})
    return tuple(areas)


def _metres(points: Sequence[Point]) -> list[Point]:
    return [(x * 1000, y * 1000) for x, y in points]


def _nearest_land(centres: Mapping[str, Point], outline: Polygon) -> dict[str, Polygon]:
    """Split `outline` among the places: everybody gets the land nearest to its centre."""
    if len(centres) == 1:
        return dict.fromkeys(centres, outline)
    cells = shapely.voronoi_polygons(MultiPoint(list(centres.values())), extend_to=outline.buffer(5000))
    split = {}
    for key, centre in centres.items():
        cell = next(c for c in cells.geoms if c.contains(shapely.Point(centre)))
        split[key] = _largest(shapely.intersection(cell, outline))
    return split


def _largest(shape: shapely.Geometry) -> Polygon:
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return max(parts, key=lambda p: p.area)


def _ring(shape: shapely.Geometry) -> tuple[Point, ...]:
    """Outer ring, counter-clockwise, to the decimetre, from its smallest point on (so that it does not depend on the library)."""
    points = [(round(x, 1), round(y, 1)) for x, y in shapely.get_coordinates(_largest(shape).exterior)[:-1]]
    points = [p for p, q in zip(points, [points[-1], *points[:-1]], strict=True) if p != q]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))
    if area < 0:
        points.reverse()
    start = points.index(min(points))
    points = points[start:] + points[:start]
    return (*points, points[0])


def _draw_boundary(osm: MapBuilder, ring: Sequence[Point], tags: Mapping[str, str]) -> None:
    """A boundary relation of two ways, since boundaries in OSM seldom consist of one."""
    nodes = [osm.node(x, y) for x, y in ring[:-1]]
    half = len(nodes) // 2
    boundary = {"boundary": "administrative", "admin_level": tags["admin_level"]}
    ways = [osm.way(nodes[: half + 1], boundary), osm.way([*nodes[half:], nodes[0]], boundary)]
    osm.relation([("w", w, "outer") for w in ways], {"type": "boundary", **boundary, **tags})
