"""Slow and obvious street searches, and small street worlds."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

import numpy as np
from pyproj import Transformer

from ankerort.region.model import RawStreets
from ankerort.region.street_tags import CLASS_NAMES, SURFACE_NAMES

Arc = tuple[int, int, float]
CRS = "EPSG:25832"
X0, Y0 = 500_000.0, 5_700_000.0  # on the central meridian: scale 0.9996

FIGURES = {
    "walk_speed.all": 1.25,
    "bike_speed.all": 18.0,
    "car_speed.unpaved": 20.0,
    "car_speed.ferry": 7.2,
    "car_park_s": 120.0,
    "car_connector_kmh": 20.0,
    "ferry_wait_s": 600.0,
    "snap_m": 500.0,
    "detour.foot": 1.5,
    "detour.bike": 1.5,
    "detour.car": 1.5,
    "straight_speed.car": 36.0,
    "straight.crossing_m": 100.0,
}


class Figures:
    """A catalogue with round numbers: classes drive 36 km/h (10 m/s), residential 18 km/h (5 m/s)."""

    def value(self, figure_id: str) -> float:
        if figure_id in FIGURES:
            return FIGURES[figure_id]
        assert figure_id.startswith("car_speed.")
        return 18.0 if figure_id.endswith("residential") else 36.0


def dijkstra(arcs: Iterable[Arc], seeds: Iterable[tuple[int, float]], limit: float = float("inf")) -> dict[int, float]:
    """Distances from weighted seeds by a heap, only up to `limit`."""
    out: dict[int, list[tuple[int, float]]] = {}
    for tail, head, cost in arcs:
        out.setdefault(tail, []).append((head, cost))
    best: dict[int, float] = {}
    heap = [(cost, node) for node, cost in seeds if 0 <= cost <= limit]
    heapq.heapify(heap)
    while heap:
        cost, node = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = cost
        for head, step in out.get(node, []):
            if head not in best and cost + step <= limit:
                heapq.heappush(heap, (cost + step, head))
    return best


def csr_of(nodes: int, arcs: Sequence[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """CSR with parallel arcs and loops kept."""
    order = sorted(arcs, key=lambda a: a[0])
    ptr = np.zeros(nodes + 1, np.int32)
    for tail, _, _ in order:
        ptr[tail + 1] += 1
    adjacency = np.array([(h, c) for _, h, c in order], np.int32).reshape(-1, 2)
    return np.cumsum(ptr).astype(np.int32), np.ascontiguousarray(adjacency)


def raw_streets(nodes: Sequence[tuple[float, float]], segments: Sequence[dict]) -> RawStreets:
    """Streets from points (metres from the world's corner) and segments.

    A segment has ``a``, ``b`` and may have ``cls``, ``surface``, ``foot``, ``bike``, ``car`` (``both``, ``ahead``, ``no``), ``kmh``, ``m``,
    ``ferry_s``. Node flags: ``{"block": node, "modes": "car bike"}`` entries of `segments`.
    """
    blocks = [s for s in segments if "block" in s]
    parts = [s for s in segments if "block" not in s]
    x = np.array([n[0] for n in nodes]) + X0
    y = np.array([n[1] for n in nodes]) + Y0
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(x, y)

    def blocked(mode: str) -> np.ndarray:
        flags = np.zeros(len(nodes), bool)
        flags[[b["block"] for b in blocks if mode in b["modes"]]] = True
        return flags

    def use(mode: str, *words: str) -> np.ndarray:
        return np.array([s.get(mode, "both") in words for s in parts], bool)

    a = np.array([s["a"] for s in parts], np.int32)
    b = np.array([s["b"] for s in parts], np.int32)
    metres = np.array([s.get("m", np.hypot(x[s["a"]] - x[s["b"]], y[s["a"]] - y[s["b"]])) for s in parts])
    kmh = np.array([s.get("kmh", np.nan) for s in parts], np.float32)
    return RawStreets(
        node_lon=np.asarray(lon),
        node_lat=np.asarray(lat),
        node_blocked_car=blocked("car"),
        node_blocked_bike=blocked("bike"),
        node_blocked_foot=blocked("foot"),
        segment_from=a,
        segment_to=b,
        segment_m=metres.astype(np.float32),
        segment_class=np.array([CLASS_NAMES.index(s.get("cls", "tertiary")) for s in parts], np.uint8),
        segment_surface=np.array([SURFACE_NAMES.index(s.get("surface", "")) for s in parts], np.uint8),
        segment_way=np.arange(len(parts), dtype=np.int64),
        foot=use("foot", "both"),
        bike_forward=use("bike", "both", "ahead"),
        bike_backward=use("bike", "both"),
        car_forward=use("car", "both", "ahead"),
        car_backward=use("car", "both"),
        maxspeed_forward_kmh=kmh,
        maxspeed_backward_kmh=kmh,
        ferry_s=np.array([s.get("ferry_s", np.nan) for s in parts], np.float32),
        class_names=CLASS_NAMES,
        surface_names=SURFACE_NAMES,
    )
