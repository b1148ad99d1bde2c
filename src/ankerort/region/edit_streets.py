"""A street more: joined to the streets of the region at its ends."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ankerort.region.model import VEHICLE_LIMITS, RawStreets
from ankerort.region.read_osm_streets import segment_length_m
from ankerort.region.street_tags import CLASS_NAMES, FERRY, StreetUse, street_use

_NO_JOINT = ("motorway", "motorway_link", FERRY)  # nobody turns into them from a village street
_AT_NODE_M = 1.0  # a joint nearer than this to a node is the node
_PER_SEGMENT = (
    "segment_surface",
    "segment_class",
    "segment_way",
    "foot",
    "bike_forward",
    "bike_backward",
    "car_forward",
    "car_backward",
    "maxspeed_forward_kmh",
    "maxspeed_backward_kmh",
    *VEHICLE_LIMITS,
)


@dataclass(frozen=True)
class Joint:
    """Where the end of a new street meets a street: on `segment` at `share` of its length, `distance_m` from the end."""

    segment: int
    share: float
    distance_m: float


def street_classes() -> tuple[str, ...]:
    """Classes that a new street may have."""
    return tuple(c for c in CLASS_NAMES if c != FERRY)


def class_use(street_class: str, *, modes: tuple[str, ...] = (), one_way: bool = False) -> StreetUse:
    """Who may use a new street: as OSM's defaults for its class say, cut down to `modes` if any are given."""
    tags = {"highway": street_class} | ({"oneway": "yes"} if one_way else {})
    allowed = street_use(tags) or StreetUse(False, False, False, False, False)
    if not modes:
        return allowed
    foot, bike, car = (m in modes for m in ("foot", "bike", "car"))
    return StreetUse(foot, bike, bike and not one_way, car, car and not one_way)


def find_joint(raw: RawStreets, lon: float, lat: float, *, within_m: float) -> Joint | None:
    """The nearest point on a street; None if there is none within `within_m`.

    Motorways and ferries are left out. Of equally near ones the segment with the smaller number.
    """
    if not raw.segment_m.size:
        return None
    scale_y = 110_574.0 + 1_120.0 * np.sin(np.radians(lat)) ** 2  # metres per degree, good to 0.1 % over some 100 m
    scale_x = 111_320.0 * np.cos(np.radians(lat))
    near_lon, near_lat = 1.2 * within_m / scale_x, 1.2 * within_m / scale_y
    node_lon, node_lat = np.asarray(raw.node_lon), np.asarray(raw.node_lat)
    a, b = np.asarray(raw.segment_from), np.asarray(raw.segment_to)
    closed = np.isin(raw.segment_class, [k for k, c in enumerate(raw.class_names) if c in _NO_JOINT])
    beside = (
        (np.minimum(node_lon[a], node_lon[b]) <= lon + near_lon)
        & (np.maximum(node_lon[a], node_lon[b]) >= lon - near_lon)
        & (np.minimum(node_lat[a], node_lat[b]) <= lat + near_lat)
        & (np.maximum(node_lat[a], node_lat[b]) >= lat - near_lat)
        & ~closed
    )
    rows = np.flatnonzero(beside)
    if not rows.size:
        return None
    ax, ay = (node_lon[a[rows]] - lon) * scale_x, (node_lat[a[rows]] - lat) * scale_y
    bx, by = (node_lon[b[rows]] - lon) * scale_x, (node_lat[b[rows]] - lat) * scale_y
    dx, dy = bx - ax, by - ay
    square = np.maximum(dx * dx + dy * dy, 1e-12)
    share = np.clip(-(ax * dx + ay * dy) / square, 0.0, 1.0)
    distance = np.hypot(ax + share * dx, ay + share * dy)
    best = int(np.argmin(distance))
    if distance[best] > within_m:
        return None
    return Joint(int(rows[best]), float(share[best]), float(distance[best]))


def add_street(
    raw: RawStreets,
    line: tuple[tuple[float, float], ...],
    *,
    street_class: str,
    modes: tuple[str, ...] = (),
    one_way: bool = False,
    max_speed_kmh: float | None = None,
    way: int = -1,
    within_m: float,
) -> RawStreets:
    """The streets with one more, whose first and last point are joined to the nearest street within `within_m`.

    Parameters
    ----------
    line
        Points (lon, lat), at least two; the ends are replaced by their joints.
    way
        Id for evidence; negative ids do not exist in OSM.

    Raises
    ------
    ValueError
        If an end has no street within `within_m` (callers check with `find_joint`) or the class is not known.
    """
    if street_class not in street_classes():
        raise ValueError(street_class)
    raw, first = _node_at(raw, *line[0], within_m=within_m)
    raw, last = _node_at(raw, *line[-1], within_m=within_m)
    inner = np.array(line[1:-1], dtype=np.float64).reshape(-1, 2)
    count = raw.node_lon.size
    raw = _with_nodes(raw, inner)
    nodes = np.array([first, *range(count, count + len(inner)), last], dtype=np.int32)
    lon, lat = raw.node_lon[nodes], raw.node_lat[nodes]
    metres = segment_length_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    use = class_use(street_class, modes=modes, one_way=one_way)
    legs = len(nodes) - 1
    limit = np.nan if max_speed_kmh is None else max_speed_kmh
    values: dict[str, object] = {
        "segment_from": nodes[:-1],
        "segment_to": nodes[1:],
        "segment_m": metres,
        "segment_class": raw.class_names.index(street_class),
        "segment_surface": 0,
        "segment_way": way,
        "foot": use.foot,
        "bike_forward": use.bike_forward,
        "bike_backward": use.bike_backward,
        "car_forward": use.car_forward,
        "car_backward": use.car_backward,
        "maxspeed_forward_kmh": limit,
        "maxspeed_backward_kmh": limit,
        "ferry_s": np.nan,
        **dict.fromkeys(VEHICLE_LIMITS, np.nan),
    }
    return _with_segments(raw, {k: np.broadcast_to(np.asarray(v), (legs,)) for k, v in values.items()})


def _node_at(raw: RawStreets, lon: float, lat: float, *, within_m: float) -> tuple[RawStreets, int]:
    """The streets with a node at the joint (a segment is split there), and the node."""
    joint = find_joint(raw, lon, lat, within_m=within_m)
    if joint is None:
        raise ValueError((lon, lat))
    k = joint.segment
    a, b, metres = int(raw.segment_from[k]), int(raw.segment_to[k]), float(raw.segment_m[k])
    if joint.share * metres < _AT_NODE_M:
        return raw, a
    if (1 - joint.share) * metres < _AT_NODE_M:
        return raw, b
    spot = np.array([[raw.node_lon[j] for j in (a, b)], [raw.node_lat[j] for j in (a, b)]], dtype=np.float64)
    new = spot[:, 0] + joint.share * (spot[:, 1] - spot[:, 0])
    node = raw.node_lon.size
    raw = _with_nodes(raw, new.reshape(1, 2))
    to, length = np.array(raw.segment_to), np.array(raw.segment_m)
    to[k], length[k] = node, metres * joint.share
    rest: dict[str, NDArray] = {name: np.asarray(getattr(raw, name))[k : k + 1] for name in _PER_SEGMENT}
    rest |= {
        "segment_from": np.array([node]),
        "segment_to": np.array([b]),
        "segment_m": np.array([metres * (1 - joint.share)]),
        "ferry_s": np.array([np.nan]),
    }
    return _with_segments(replace(raw, segment_to=to, segment_m=length), rest), node


def _with_nodes(raw: RawStreets, points: NDArray[np.float64]) -> RawStreets:
    """More nodes (lon, lat), shape (nodes, 2), open for everybody."""
    open_ = np.zeros(len(points), bool)
    return replace(
        raw,
        node_lon=np.concatenate([raw.node_lon, points[:, 0]]),
        node_lat=np.concatenate([raw.node_lat, points[:, 1]]),
        node_blocked_car=np.concatenate([raw.node_blocked_car, open_]),
        node_blocked_bike=np.concatenate([raw.node_blocked_bike, open_]),
        node_blocked_foot=np.concatenate([raw.node_blocked_foot, open_]),
    )


def _with_segments(raw: RawStreets, values: dict[str, NDArray]) -> RawStreets:
    """More segments at the end; each column keeps its type."""
    made: dict[str, Any] = {}
    for one in fields(raw):
        if one.name in values:
            old = np.asarray(getattr(raw, one.name))
            made[one.name] = np.concatenate([old, values[one.name].astype(old.dtype)])
    return replace(raw, **made)


__all__ = ["Joint", "add_street", "class_use", "find_joint", "street_classes"]
