"""Streets from an OSM extract: ways with ``highway`` or ``route=ferry``, cut at every node, with the tags' meaning."""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from ankerort.base.problems import InputError, Problems
from ankerort.base.progress import SILENT, Progress
from ankerort.region.model import RawStreets
from ankerort.region.street_tags import (
    CLASS_NAMES,
    FERRY,
    SURFACE_NAMES,
    barrier_blocks,
    class_of,
    parse_duration_s,
    speed_limits_kmh,
    street_use,
    surface_of,
    vehicle_limits,
)

_CLASS = {name: k for k, name in enumerate(CLASS_NAMES)}
_SURFACE = {name: k for k, name in enumerate(SURFACE_NAMES)}
_NO_PLACE = 2147483647  # coordinate of a node that the file does not hold
_PER_DEGREE = 1e7
_WGS84_A_M = 6378137.0
_WGS84_E2 = 0.00669437999014


class _Ways:
    """Growing lists of what the file says; one entry per way or per node of a way."""

    def __init__(self) -> None:
        self.blocked: dict[int, tuple[bool, bool, bool]] = {}
        self.restrictors: dict[int, tuple[float, float, float]] = {}
        self.refs = array("q")
        self.lon = array("i")
        self.lat = array("i")
        self.nodes = array("i")
        self.way = array("q")
        self.street_class = array("B")
        self.surface = array("B")
        self.use = array("B")
        self.limit_forward = array("f")
        self.limit_backward = array("f")
        self.duration = array("f")
        self.limits = array("f")  # tonnes, metres of height and of width, by turns

    def add(self, way: osmium.osm.Way) -> None:
        tags = {t.k: t.v for t in way.tags}
        use = street_use(tags)
        street_class = class_of(tags)
        if use is None or street_class is None:
            return
        nodes = way.nodes
        self.refs.extend([n.ref for n in nodes])
        self.lon.extend([n.x for n in nodes])
        self.lat.extend([n.y for n in nodes])
        self.nodes.append(len(nodes))
        self.way.append(way.id)
        self.street_class.append(_CLASS[street_class])
        self.surface.append(_SURFACE[surface_of(tags)])
        self.use.append(sum(1 << k for k, allowed in enumerate(use) if allowed))
        forward, backward = speed_limits_kmh(tags)
        self.limit_forward.append(forward)
        self.limit_backward.append(backward)
        self.limits.extend(vehicle_limits(tags))
        self.duration.append(parse_duration_s(tags.get("duration", "")) if street_class == FERRY else np.nan)


def segment_length_m(
    lon_a: NDArray[np.float64], lat_a: NDArray[np.float64], lon_b: NDArray[np.float64], lat_b: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Length of short lines on the WGS 84 ellipsoid.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b
        Degrees, shape (segments,).

    Returns
    -------
    float64, shape (segments,), metres. With the radii of curvature M (meridian) and N (prime vertical) at the middle latitude f:
    ``sqrt((M df)^2 + (N cos f dl)^2)``; within 1 cm of the geodesic up to 5 km, within 1 m up to 30 km.
    """
    middle = np.radians((lat_a + lat_b) / 2)
    d_lat = np.radians(lat_b - lat_a)
    d_lon = np.radians(lon_b - lon_a)
    w2 = 1 - _WGS84_E2 * np.sin(middle) ** 2
    prime = _WGS84_A_M / np.sqrt(w2)
    meridian = prime * (1 - _WGS84_E2) / w2
    return np.hypot(meridian * d_lat, prime * np.cos(middle) * d_lon)


def read_osm_streets(path: Path, *, source_id: str, problems: Problems, progress: Progress = SILENT) -> RawStreets:
    """Read the streets of an OSM extract.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm.gz``, ``.osm.bz2`` or ``.osm``, ordered nodes before ways as all extracts are.
    source_id
        Id of the source, named in problems.
    problems
        Collects what is wrong: ``osm_unreadable`` (error), ``osm_no_streets`` (error), ``osm_nodes_missing`` (note).
    progress
        Listener; the task ``progress.read_streets`` advances once per 1,000 ways.

    Returns
    -------
    RawStreets
        Nodes in the order of their OSM ids, segments in the order of the file's ways. Empty arrays if there are no streets.

    Raises
    ------
    InputError
        If the file cannot be read at all; it is also in `problems`.
    """
    ways = _Ways()
    key_filter = osmium.filter.KeyFilter("highway", "route", "barrier")
    try:
        reader = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        with progress.task("progress.read_streets") as task:
            for k, entity in enumerate(reader.with_filter(key_filter)):
                if entity.is_way():
                    ways.add(entity)
                elif entity.is_node() and "barrier" in entity.tags:
                    tags = {t.k: t.v for t in entity.tags}
                    blocks = barrier_blocks(tags)
                    if any(blocks):
                        ways.blocked[entity.id] = blocks
                    limits = vehicle_limits(tags)
                    if any(v == v for v in limits):
                        ways.restrictors[entity.id] = limits
                if k % 1000 == 999:
                    task.advance()
    except (RuntimeError, OSError) as fault:
        problems.add("osm_unreadable", "error", path.name, source=source_id, detail=str(fault))
        raise InputError(problems.sorted()) from fault
    return _to_arrays(ways, path.name, source_id, problems)


def _to_arrays(ways: _Ways, table: str, source_id: str, problems: Problems) -> RawStreets:
    refs = np.frombuffer(ways.refs, np.int64) if ways.refs else np.zeros(0, np.int64)
    x = np.array(ways.lon, np.int64)
    y = np.array(ways.lat, np.int64)
    per_way = np.array(ways.nodes, np.int64)
    placed = (x != _NO_PLACE) & (y != _NO_PLACE)
    missing = int(np.unique(refs[~placed]).size)
    if missing:
        problems.add("osm_nodes_missing", "note", table, source=source_id, count=missing)

    ids, first, node_of = np.unique(refs, return_index=True, return_inverse=True)
    lon, lat = x[first] / _PER_DEGREE, y[first] / _PER_DEGREE
    way_of = np.repeat(np.arange(per_way.size), per_way)
    keep = (way_of[:-1] == way_of[1:]) & placed[:-1] & placed[1:] & (node_of[:-1] != node_of[1:])
    a, b, way = node_of[:-1][keep], node_of[1:][keep], way_of[:-1][keep]

    # Nodes that no segment touches (outside of the extract) are left out.
    used = np.zeros(ids.size, bool)
    used[a] = used[b] = True
    new = np.cumsum(used, dtype=np.int64) - 1
    a, b, ids, lon, lat = new[a], new[b], ids[used], lon[used], lat[used]
    if a.size == 0:
        problems.add("osm_no_streets", "error", table, source=source_id)

    length = segment_length_m(lon[a], lat[a], lon[b], lat[b])
    blocked = np.zeros((ids.size, 3), bool)
    barrier_ids = np.fromiter(ways.blocked, np.int64, len(ways.blocked))
    if barrier_ids.size and ids.size:
        at = np.minimum(np.searchsorted(ids, barrier_ids), ids.size - 1)
        hit = ids[at] == barrier_ids
        blocked[at[hit]] = np.array(list(ways.blocked.values()), bool)[hit]

    use = np.array(ways.use, np.uint8)[way]
    duration = np.array(ways.duration, np.float64)[way]
    total = np.bincount(way, weights=length, minlength=per_way.size)[way]
    share = np.divide(length, total, out=np.zeros_like(length), where=total > 0)
    limits = np.array(ways.limits, np.float32).reshape(-1, 3)[way]
    for (
        node_id,
        restricted,
    ) in ways.restrictors.items():  # a bar across the road: both segments at it are as low as it is
        node = int(np.searchsorted(ids, node_id))
        if node < ids.size and ids[node] == node_id:
            at_node = (a == node) | (b == node)
            limits[at_node] = np.fmin(limits[at_node], np.array(restricted, np.float32))
    flags = [(use >> k & 1).astype(bool) for k in range(5)]
    return RawStreets(
        node_lon=lon,
        node_lat=lat,
        node_blocked_car=blocked[:, 0].copy(),
        node_blocked_bike=blocked[:, 1].copy(),
        node_blocked_foot=blocked[:, 2].copy(),
        segment_from=a.astype(np.int32),
        segment_to=b.astype(np.int32),
        segment_m=length.astype(np.float32),
        segment_class=np.array(ways.street_class, np.uint8)[way],
        segment_surface=np.array(ways.surface, np.uint8)[way],
        segment_way=np.array(ways.way, np.int64)[way],
        foot=flags[0],
        bike_forward=flags[1],
        bike_backward=flags[2],
        car_forward=flags[3],
        car_backward=flags[4],
        maxspeed_forward_kmh=np.array(ways.limit_forward, np.float32)[way],
        maxspeed_backward_kmh=np.array(ways.limit_backward, np.float32)[way],
        ferry_s=(duration * share).astype(np.float32),
        class_names=CLASS_NAMES,
        surface_names=SURFACE_NAMES,
        max_weight_t=limits[:, 0].copy(),
        max_height_m=limits[:, 1].copy(),
        max_width_m=limits[:, 2].copy(),
    )
