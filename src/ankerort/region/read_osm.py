"""Reads the features of an OSM extract: facilities, places, administrative areas, stops, and the area it covers.

Streets are read by `ankerort.region.read_osm_streets`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon

from ankerort.base.problems import Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue import TagMatcher
from ankerort.catalogue.model import Catalogue
from ankerort.region import osm_geometry, osm_rules, osm_tables
from ankerort.region.opening_hours import parse_hours, replaces_hours
from ankerort.region.schema import FACILITIES
from ankerort.region.table_cells import parse_number

SUFFIXES = (".osm.pbf", ".osm.gz", ".osm.bz2", ".osm", ".pbf")
PLACE_KINDS = ("city", "town", "suburb", "village", "hamlet")
ADMIN_LEVELS = ("8", "9", "10")
_AREA_TYPES = ("multipolygon", "boundary")
_AGS_KEYS = ("de:amtlicher_gemeindeschluessel", "de:AGS")
# Nodes with these keys are parts of ways, and a complete way may leave the extract; all other nodes lie inside it.
_ON_WAYS = frozenset({"highway", "railway", "public_transport", "power", "barrier", "waterway", "entrance", "building"})
_NO_TIME = dt.datetime(1970, 12, 31, tzinfo=dt.UTC)  # objects without metadata bear the start of the epoch
_NAMES_SHOWN = 5


@dataclass(frozen=True)
class OsmExtract:
    """What an OSM file holds besides its streets.

    Parameters
    ----------
    facilities
        Columns of `ankerort.region.schema.FACILITIES`; `ags`, `place_id`, `in_study` not yet known, nothing merged.
    places
        Columns `ankerort.region.osm_tables.PLACE_COLUMNS`: settlements by ``place=city|town|suburb|village|hamlet`` with a name.
    admin_areas
        Columns ref, name, admin_level (int), ags_tagged, geometry in `crs`: levels 8, 9 and 10 with a closed ring.
    registered_stops
        Columns of `ankerort.region.schema.REGISTERED_STOPS`: living stops and stations, not merged.
    footprint
        Area in `crs` beyond whose edge nothing is known; None if there is neither a box nor a street.
    footprint_rule
        ``given`` (box in the header) or ``derived`` (see `ankerort.region.osm_geometry.covered_area`).
    date
        ISO day of the header's replication timestamp, else of the newest object read; empty if unknown.
    counts
        Objects read by kind, and what was left out: facilities, closed, places, admin_areas, broken_areas,
        unnamed_places, without_position.
    """

    facilities: pd.DataFrame
    places: pd.DataFrame
    admin_areas: gpd.GeoDataFrame
    registered_stops: pd.DataFrame
    footprint: Polygon | MultiPolygon | None
    footprint_rule: str
    date: str
    counts: Mapping[str, int]


@dataclass
class _Found:
    """What the passes over the file have gathered so far."""

    facilities: list[dict[str, object]] = field(default_factory=list)
    places: list[dict[str, object]] = field(default_factory=list)
    areas: list[dict[str, object]] = field(default_factory=list)
    broken_areas: list[str] = field(default_factory=list)
    street_points: list[tuple[float, float]] = field(default_factory=list)
    lone_points: list[tuple[float, float]] = field(default_factory=list)
    newest: str = ""
    objects: int = 0
    unnamed_places: int = 0
    without_position: int = 0


@dataclass(frozen=True)
class _Relation:
    """A relation whose members are needed to know where it lies."""

    id: int
    tags: dict[str, str]
    day: str
    ways: tuple[tuple[int, str], ...]
    nodes: tuple[int, ...]


class _Reader:
    def __init__(self, path: Path, catalogue: Catalogue, source_id: str) -> None:
        self.path = path
        self.source_id = source_id
        self.matcher = TagMatcher(catalogue)
        triggers = self.matcher.relevant_keys
        former = {p + key for p in osm_rules.FORMER_PREFIXES for key in triggers & osm_rules.MAIN_KEYS}
        self.keys = sorted(triggers | former | {"place", "boundary", "highway"})
        self.relation_keys = [key for key in self.keys if key != "name"]
        self.found = _Found()

    def read(self, progress: Progress) -> None:
        with progress.task("progress.read_osm", total=3) as task:
            relations = self._relations()
            task.advance()
            locations = self._nodes_and_ways()
            task.advance()
            self._place_relations(relations, locations)
            task.advance()

    def _relations(self) -> list[_Relation]:
        relations = []
        keys = osmium.filter.KeyFilter(*self.relation_keys)
        for relation in osmium.FileProcessor(str(self.path), osmium.osm.RELATION).with_filter(keys):
            tags = _tags(relation)
            if self._is_area(tags) or tags.get("place") in PLACE_KINDS or osm_rules.hits_of(tags, self.matcher):
                members = list(relation.members)
                relations.append(
                    _Relation(
                        relation.id,
                        tags,
                        _day(relation),
                        tuple((m.ref, m.role) for m in members if m.type == "w"),
                        tuple(m.ref for m in members if m.type == "n"),
                    )
                )
        return relations

    def _nodes_and_ways(self) -> Any:
        processor = (
            osmium.FileProcessor(str(self.path), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.KeyFilter(*self.keys))
        )
        newest = _NO_TIME
        for item in processor:
            tags = _tags(item)
            self.found.objects += 1
            newest = max(newest, item.timestamp)
            if item.is_node():
                place = (item.location.lon, item.location.lat) if item.location.valid() else None
                self._take(tags, f"n{item.id}", _day(item), [place] if place else [])
                if place and not tags.keys() & _ON_WAYS:
                    self.found.lone_points.append(place)
                continue
            hits = osm_rules.hits_of(tags, self.matcher)
            is_street = "highway" in tags and not hits
            is_area = self._is_area(tags)
            # The points of a way are dear; most buildings and paths with a name are of no interest here.
            if not (hits or is_street or is_area or tags.get("place") in PLACE_KINDS):
                continue
            nodes = item.nodes
            if is_street and len(nodes):
                ends = (nodes[0], nodes[len(nodes) // 2], nodes[-1])
                self.found.street_points += [(n.lon, n.lat) for n in ends if n.location.valid()]
                if not (is_area or "place" in tags):
                    continue
            points = _way_points(item)
            if is_area:
                self._take_area(tags, f"w{item.id}", [(item.id, "outer")], {item.id: points})
            self._take(tags, f"w{item.id}", _day(item), points, hits=hits)
        self.found.newest = _day_of(newest)
        return processor.node_location_storage

    def _place_relations(self, relations: list[_Relation], locations: Any) -> None:
        wanted = sorted({way for relation in relations for way, _ in relation.ways})
        lines: dict[int, list[tuple[float, float]]] = {}
        if wanted:
            ids = osmium.filter.IdFilter(wanted)
            for way in osmium.FileProcessor(str(self.path), osmium.osm.WAY).with_filter(ids):
                lines[way.id] = _stored_points((n.ref for n in way.nodes), locations)
        for relation in relations:
            self.found.objects += 1
            self.found.newest = max(self.found.newest, relation.day)
            ref = f"r{relation.id}"
            area = None
            if relation.tags.get("type") in _AREA_TYPES:
                area = osm_geometry.area_of_members(relation.ways, lines)
            if self._is_area(relation.tags):
                self._note_area(relation.tags, ref, area)
            if area is not None:
                self._take(relation.tags, ref, relation.day, [(area.centroid.x, area.centroid.y)])
                continue
            centres = [osm_geometry.centre_of_line(lines[way]) for way, _ in relation.ways if lines.get(way)]
            centres += _stored_points(relation.nodes, locations)
            if relation.tags.get("type") != "boundary":
                self._take(relation.tags, ref, relation.day, [osm_geometry.mean_point(centres)] if centres else [])

    @staticmethod
    def _is_area(tags: Mapping[str, str]) -> bool:
        return tags.get("boundary") == "administrative" and tags.get("admin_level") in ADMIN_LEVELS

    def _take_area(
        self,
        tags: Mapping[str, str],
        ref: str,
        members: list[tuple[int, str]],
        lines: Mapping[int, list[tuple[float, float]]],
    ) -> None:
        line = next(iter(lines.values()))
        # An open way with boundary tags is a piece of a relation's ring, no area of its own.
        if len(line) >= 4 and line[0] == line[-1]:
            self._note_area(tags, ref, osm_geometry.area_of_members(members, lines))

    def _note_area(self, tags: Mapping[str, str], ref: str, area: Polygon | MultiPolygon | None) -> None:
        name = tags.get("name", "")
        if area is None:
            self.found.broken_areas.append(name or ref)
            return
        self.found.areas.append(
            {
                "ref": ref,
                "name": name,
                "admin_level": int(tags["admin_level"]),
                "ags_tagged": _ags(tags),
                "geometry": area,
            }
        )

    def _take(
        self,
        tags: Mapping[str, str],
        ref: str,
        day: str,
        points: list[tuple[float, float]],
        *,
        hits: list[osm_rules.ServiceHit] | None = None,
    ) -> None:
        """Note what the object is: a settlement, facilities, or nothing of interest."""
        is_place = tags.get("place") in PLACE_KINDS
        hits = osm_rules.hits_of(tags, self.matcher) if hits is None else hits
        if not hits and not is_place:
            return
        if not points:
            self.found.without_position += 1
            return
        lon, lat = points[0] if len(points) == 1 else osm_geometry.centre_of_line(points)
        if is_place:
            self._take_place(tags, ref, lon, lat)
        for hit in hits:
            self.found.facilities.append(self._facility(hit, ref, day, lon, lat))

    def _take_place(self, tags: Mapping[str, str], ref: str, lon: float, lat: float) -> None:
        if not tags.get("name"):
            self.found.unnamed_places += 1
            return
        persons = parse_number(tags.get("population", ""))
        self.found.places.append(
            {
                "ref": ref,
                "name": tags["name"],
                "kind": tags["place"],
                "lon": lon,
                "lat": lat,
                "persons_tagged": np.nan if persons is None else persons,
                "ags_tagged": _ags(tags),
                "source_id": self.source_id,
            }
        )

    def _facility(self, hit: osm_rules.ServiceHit, ref: str, day: str, lon: float, lat: float) -> dict[str, object]:
        tags = hit.tags
        return {
            "facility_id": f"{hit.service}:{self.source_id}:{ref}" + ("" if hit.state == "open" else ":closed"),
            "service": hit.service,
            "object_id": f"osm:{ref}",
            "name": tags.get("name", "") or tags.get("brand", ""),
            "lon": lon,
            "lat": lat,
            "state": hit.state,
            "certainty": hit.certainty,
            "operator": tags.get("operator", ""),
            "operator_kind": osm_rules.operator_kind(tags, hit.service),
            "opening_hours": tags.get("opening_hours", "").strip(),
            "address": osm_rules.address(tags),
            "postcode": tags.get("addr:postcode", ""),
            "position_rule": "given",
            "wheelchair": osm_rules.wheelchair(tags),
            "toilets_wheelchair": osm_rules.wheelchair(tags, "toilets:wheelchair"),
            "capacity": osm_rules.capacity(tags),
            "check_date": osm_rules.check_date(tags),
            "closed_year": osm_rules.closed_year(tags) if hit.state == "closed" else "",
            "source_id": self.source_id,
            "source_ref": ref,
            "source_date": day,
        }


def read_osm(
    path: Path,
    *,
    catalogue: Catalogue,
    source_id: str,
    crs: str,
    problems: Problems,
    progress: Progress = SILENT,
) -> OsmExtract:
    """Read facilities, places, administrative areas and stops of an OSM file.

    Objects are filtered by key before Python sees them; a facility is a node, a way (its centre) or a relation
    (centre of its area, else mean of its members' centres) that a tag rule of the catalogue matches.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm.gz``, ``.osm.bz2`` or ``.osm``.
    catalogue
        Its services hold the tag rules.
    source_id
        Id of the source; part of the facility ids.
    crs
        Projected system for all metres.
    problems
        Collects: an unreadable, truncated or empty file (error); broken boundaries, objects whose nodes are
        missing, unnamed settlements (warning or note).

    Returns
    -------
    OsmExtract
        Empty tables where the file could not be read; what stands before a break is not used.
    """
    reader = _Reader(path, catalogue, source_id)
    date = ""
    box = None
    if not str(path).lower().endswith(SUFFIXES):
        problems.add("osm_format", "error", path.name, suffix=path.suffix)
    elif not path.is_file():
        problems.add("osm_missing", "error", path.name)
    else:
        try:
            date, box = _header(path)
            reader.read(progress)
        except (RuntimeError, OSError, ValueError, UnicodeDecodeError) as error:
            problems.add("osm_broken", "error", path.name, reason=str(error))
            reader.found = _Found()
            box = None
        else:
            _report(reader.found, path, problems)
    found = reader.found
    to_crs = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    facilities = FACILITIES.conform(osm_tables.add_metres(pd.DataFrame(found.facilities), to_crs))
    facilities = facilities.sort_values("facility_id", kind="stable").reset_index(drop=True)
    places = osm_tables.places_table(found.places, to_crs)
    areas = osm_tables.admin_areas_table(found.areas, crs, to_crs)
    footprint, rule = osm_tables.footprint_of(box, found.street_points, found.lone_points, to_crs)
    return OsmExtract(
        facilities=facilities,
        places=places,
        admin_areas=areas,
        registered_stops=osm_tables.stops_table(facilities),
        footprint=footprint,
        footprint_rule=rule,
        date=date or found.newest,
        counts={
            "objects": found.objects,
            "facilities": int((facilities["state"] == "open").sum()),
            "closed": int((facilities["state"] == "closed").sum()),
            "places": len(places),
            "admin_areas": len(areas),
            "broken_areas": len(found.broken_areas),
            "unnamed_places": found.unnamed_places,
            "without_position": found.without_position,
        },
    )


def _header(path: Path) -> tuple[str, tuple[float, float, float, float] | None]:
    header = osmium.FileProcessor(str(path)).header
    box = header.box()
    corners = (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat) if box.valid() else None
    return header.get("osmosis_replication_timestamp", "")[:10], corners


def _report(found: _Found, path: Path, problems: Problems) -> None:
    if not found.objects:
        problems.add("osm_empty", "error", path.name)
    if found.broken_areas:
        names = sorted(found.broken_areas)
        shown = ", ".join(names[:_NAMES_SHOWN]) + (" …" if len(names) > _NAMES_SHOWN else "")
        problems.add("osm_broken_areas", "warning", path.name, count=len(names), names=shown)
    if found.without_position:
        problems.add("osm_without_position", "warning", path.name, count=found.without_position)
    if found.unnamed_places:
        problems.add("osm_unnamed_places", "note", path.name, count=found.unnamed_places)
    _report_hours(found, path, problems)


def _report_hours(found: _Found, path: Path, problems: Problems) -> None:
    """Objects whose opening hours cannot be read, or lose hours by a later rule: each once, whatever its services."""
    texts = {str(f["source_ref"]): str(f["opening_hours"]) for f in found.facilities if f["opening_hours"]}
    for ref, text in sorted(texts.items()):
        hours = parse_hours(text)
        if hours.fault == "unreadable":
            problems.add("osm_hours_unreadable", "warning", path.name, ref=ref, value=text)
        elif hours.rules and replaces_hours(hours.rules):
            problems.add("osm_hours_replaced", "note", path.name, ref=ref, value=text)


def _tags(item: Any) -> dict[str, str]:
    return {tag.k: tag.v for tag in item.tags}


def _day(item: Any) -> str:
    return _day_of(item.timestamp)


def _day_of(stamp: dt.datetime) -> str:
    return "" if stamp <= _NO_TIME else stamp.date().isoformat()


def _ags(tags: Mapping[str, str]) -> str:
    return next((tags[key].replace(" ", "") for key in _AGS_KEYS if tags.get(key)), "")


def _way_points(way: Any) -> list[tuple[float, float]]:
    return [(node.lon, node.lat) for node in way.nodes if node.location.valid()]


def _stored_points(refs: Iterable[int], locations: Any) -> list[tuple[float, float]]:
    points = []
    for ref in refs:
        try:
            location = locations.get(ref)
        except KeyError:
            continue
        if location.valid():
            points.append((location.lon, location.lat))
    return points
