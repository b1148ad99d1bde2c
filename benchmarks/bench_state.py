"""The reach of a generated state: 25 services, 2,000 facilities, 200,000 cells, a million street nodes, 900,000 connections.

    python benchmarks/bench_state.py [--quick] [--threads N]

One group ("all"), one day, both directions, without Rufbus; the columns go to disk as in `ankerort assess`. The whole way of
`compute_reach` is measured on the machine's processors: wall and CPU time per step, peak memory of the process. ``--quick`` takes a
tenth of the facilities, cells, stops, connections and street nodes (a district). Writes benchmarks/results/state.json.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

import ankerort.reach.compute as compute
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.network.build_streets import build_street_ways
from ankerort.network.model import Network
from ankerort.reach.public_transport import pt_rules
from ankerort.reach.store import PtStore
from ankerort.reach.transit import Worker, home_access, prepare_transit
from ankerort.region.model import RawStreets, Region
from ankerort.region.schema import (
    ABSENCES,
    BUILDINGS,
    CELLS,
    FACILITIES,
    FOOTPRINTS,
    MOBILE_VISITS,
    MUNICIPALITIES,
    PLACES,
    REGISTERED_STOPS,
    SOURCES,
)
from ankerort.region.settings import RegionSettings
from ankerort.region.street_tags import CLASS_NAMES, SURFACE_NAMES
from bench_assess import Clock
from world_transit import TransitWorld, make_state

REPOSITORY = Path(__file__).resolve().parents[1]
CRS = "EPSG:25832"
CORNER = (600_000.0, 5_650_000.0)
SIDE_M = 140_000.0
SERVICES, FACILITIES_WANTED, CELLS_WANTED, NODES, STOPS, CONNECTIONS = 25, 2_000, 200_000, 1_000_000, 15_000, 900_000
WANTED_MIN, WANTED_GB = 15, 4.0


def positions(points: np.ndarray) -> dict[str, np.ndarray]:
    """Columns lon, lat, x, y of points in metres from the corner."""
    x, y = points[:, 0] + CORNER[0], points[:, 1] + CORNER[1]
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(x, y)
    return {"lon": lon, "lat": lat, "x": x, "y": y}


def streets(nodes: int, side_m: float, *, seed: int = 1) -> RawStreets:
    """A jittered grid of streets, 30 % of them missing; every 8th line a main road, every 40th a trunk road for cars only."""
    rng = np.random.default_rng(seed)
    side = round(nodes**0.5)
    gap = side_m / side
    row, column = np.divmod(np.arange(side * side), side)
    points = np.column_stack([column, row]) * gap + rng.uniform(-0.35, 0.35, (side * side, 2)) * gap
    right, up = np.flatnonzero(column < side - 1), np.flatnonzero(row < side - 1)
    start, end = np.concatenate([right, up]), np.concatenate([right + 1, up + side])
    line = np.concatenate([row[right], column[up]])
    kept = (line % 8 == 0) | (rng.random(start.size) > 0.3)
    start, end, line = start[kept], end[kept], line[kept]
    names = np.where(line % 40 == 0, "trunk", np.where(line % 8 == 0, "secondary", "residential"))
    names = np.where((names == "residential") & (rng.random(names.size) < 0.25), "unclassified", names)
    metres = np.hypot(*(points[end] - points[start]).T) * rng.uniform(1.0, 1.3, start.size)
    open_to_all = names != "trunk"
    both = (rng.random(start.size) > 0.06) | (line % 8 == 0)
    at = positions(points)
    nobody, unknown = np.zeros(row.size, bool), np.full(start.size, np.nan, np.float32)
    return RawStreets(
        node_lon=at["lon"], node_lat=at["lat"],
        node_blocked_car=nobody, node_blocked_bike=nobody, node_blocked_foot=nobody,
        segment_from=start.astype(np.int32), segment_to=end.astype(np.int32), segment_m=metres.astype(np.float32),
        segment_class=np.array([CLASS_NAMES.index(n) for n in names], np.uint8),
        segment_surface=np.full(start.size, SURFACE_NAMES.index(""), np.uint8),
        segment_way=np.arange(start.size, dtype=np.int64),
        foot=open_to_all, bike_forward=open_to_all, bike_backward=open_to_all & both,
        car_forward=np.ones(start.size, bool), car_backward=both,
        maxspeed_forward_kmh=unknown, maxspeed_backward_kmh=unknown, ferry_s=unknown,
        class_names=CLASS_NAMES, surface_names=SURFACE_NAMES,
    )  # fmt: skip


def services_of(catalogue: Catalogue) -> list[str]:
    """25 services of the catalogue with a standard by public transport, stops apart; filled up with others."""
    stops = ("bus_stop", "rail_station")
    named = [s for s in catalogue.facility_services() if s not in stops]
    with_pt = [s for s in named if "pt" in catalogue.services[s].standards]
    return [*with_pt, *(s for s in named if s not in with_pt)][:SERVICES]


def region_of(world: TransitWorld, catalogue: Catalogue, facilities: int, *, seed: int = 3) -> Region:
    """Cells and facilities in the towns and villages of the timetable's world; nobody is counted beyond."""
    rng = np.random.default_rng(seed)
    sites = world.stops[rng.choice(len(world.stops), facilities, replace=False)] + rng.normal(0, 300, (facilities, 2))
    services = services_of(catalogue)
    count = len(world.cells)
    area = shapely.box(*CORNER, CORNER[0] + SIDE_M, CORNER[1] + SIDE_M)
    cells = pd.DataFrame({"cell_id": np.arange(count).astype(str), "persons": 10.0, "p_18_64": 10.0, "in_study": True})
    table = pd.DataFrame(
        {
            "facility_id": [f"f{k:05}" for k in range(facilities)],
            "service": [services[k % len(services)] for k in range(facilities)],
            "certainty": "certain", "state": "open", "in_study": True, "source_id": "osm",
        }
    )  # fmt: skip
    bands = dict.fromkeys(("p_0_5", "p_6_9", "p_10_15", "p_16_17", "p_65_74", "p_75_84", "p_85_plus"), 0.0)
    empty = gpd.GeoDataFrame({"kind": []}, geometry=[], crs=CRS)
    print_ = pd.DataFrame([{"source_id": "osm", "services": "*", "complete": False, "rule": "given"}])
    return Region(
        settings=RegionSettings(Path(), "Generiertes Land", ("15",), buffer_km=0.0, crs=CRS, land="ST"),
        places=PLACES.empty(), municipalities=MUNICIPALITIES.empty(),
        cells=CELLS.conform(cells.assign(**bands, **positions(world.cells))),
        facilities=FACILITIES.conform(table.assign(**positions(sites))),
        absences=ABSENCES.empty(), mobile_visits=MOBILE_VISITS.empty(), buildings=BUILDINGS.empty(),
        registered_stops=REGISTERED_STOPS.empty(),
        sources=SOURCES.conform(pd.DataFrame({"source_id": ["osm"], "kind": ["osm"]})),
        footprints=gpd.GeoDataFrame(FOOTPRINTS.conform(print_), geometry=[area], crs=CRS),
        boundaries=empty, place_areas=empty, study_area=gpd.GeoDataFrame(geometry=[area], crs=CRS), barriers=empty,
        streets=None, gtfs_files=(), stop_matrix_files=None,
    )  # fmt: skip


def network_of(world: TransitWorld, raw: RawStreets, catalogue: Catalogue) -> Network:
    """Streets of the three modes and the world's timetable."""
    stops = world.timetable.stops.assign(
        **positions(world.stops),
        name=[f"Halt {k}" for k in range(len(world.stops))],
        departures=np.bincount(world.timetable.from_stop, minlength=len(world.stops)),
        demand_departures=0,
    )
    object.__setattr__(world.timetable, "stops", stops)
    world.timetable.trips["route_type"] = 3
    ways = build_street_ways(raw, catalogue=catalogue, crs=CRS)
    return Network(ways["foot"], ways["bike"], ways["car"], world.timetable, None)


def scan_and_merge(network: Network, walks: Any, cells: int, catalogue: Catalogue, *, targets: int = 60) -> list[dict]:
    """Scan and merge apart, CPU milliseconds per target on one thread, for every k-th target."""
    rules = pt_rules(catalogue, "all")
    assert network.timetable is not None
    detour = catalogue.value("detour.foot")
    day = prepare_transit(network.timetable, rules=rules, with_demand=False, stop_walks=walks.stop_walks, detour=detour)
    access = home_access(walks.home_stops, n_homes=cells, rules=rules)
    count = len(walks.target_stops.ptr) - 1
    rows = []
    for direction in ("out", "home"):
        worker = Worker(day.side(direction), direction, access, rules)
        scans, merges = [], []
        for k in range(0, count, max(1, count // targets)):
            a = time.thread_time()
            worker.scan(*walks.target_stops.column(k))
            b = time.thread_time()
            worker.merge(*walks.walks.column(k))
            scans.append(b - a)
            merges.append(time.thread_time() - b)
        scan, merge = 1e3 * np.array(scans), 1e3 * np.array(merges)
        rows.append(
            {
                "direction": direction, "targets": len(scan),
                "scan_ms_mean": round(float(scan.mean()), 1), "scan_ms_median": round(float(np.median(scan)), 1),
                "merge_ms_mean": round(float(merge.mean()), 1), "merge_ms_median": round(float(np.median(merge)), 1),
                "merge_ms_max": round(float(merge.max()), 1),
            }
        )  # fmt: skip
        print(json.dumps(rows[-1]), flush=True)
    return rows


def peak_gb() -> float:
    """Peak memory of this process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 2)


def main() -> None:
    """Generate, run, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--threads", type=int, default=0, help="0 = one per processor")
    parser.add_argument(
        "--facilities", type=int, default=FACILITIES_WANTED, help="fewer, to be scaled up by the reader"
    )
    options = parser.parse_args()
    part = 10 if options.quick else 1
    facilities = options.facilities // part
    catalogue = read_catalogue()
    world = make_state(n_stops=STOPS // part, n_connections=CONNECTIONS // part, n_cells=CELLS_WANTED // part)
    # the timetable's towns keep their density: a tenth of them stands on the whole square, so do the streets
    raw = streets(NODES // part, SIDE_M)
    region = region_of(world, catalogue, facilities)
    generated_gb = peak_gb()
    clock = Clock()
    network = clock.timed("build street graphs", network_of)(world, raw, catalogue)
    del raw
    peaks: dict[str, float] = {}
    kept: dict[str, Any] = {}

    def watched(name: str, label: str) -> None:
        inner = clock.timed(label, getattr(compute, name))

        def run(*args: Any, **given: Any) -> Any:
            found = inner(*args, **given)
            peaks[label] = peak_gb()
            kept[name] = found
            wall_s, cpu_s = clock.spent[label]
            print(f"{label}: {wall_s:.1f} s, CPU {cpu_s:.1f} s, peak {peaks[label]} GB", flush=True)
            return found

        setattr(compute, name, run)

    for name, label in (
        ("street_columns", "street columns"),
        ("nearest_by_street", "nearest by street"),
        ("pt_walks", "walks to stops"),
        ("nearest_by_pt", "nearest by public transport"),
        ("facility_edge_distances", "edges"),
    ):
        watched(name, label)
    with tempfile.TemporaryDirectory() as folder:
        run = clock.timed("public-transport columns", compute.compute_reach)
        begin = time.perf_counter(), time.process_time()
        reach = run(
            region, network, catalogue, groups=("all",), pt_store=PtStore(Path(folder)), threads=options.threads
        )
        wall_s, cpu_s = time.perf_counter() - begin[0], time.process_time() - begin[1]
        peak = peak_gb()
        pairs = {f"pt {k.group} {k.direction}": len(v.home) for k, v in reach.pt.items()}
        pairs |= {mode: len(getattr(reach, mode).home) for mode in ("foot", "bike", "car")}
        stored_gb = round(sum(f.stat().st_size for f in Path(folder).iterdir()) / 1024**3, 2)
        apart = scan_and_merge(network, kept["pt_walks"], len(region.cells), catalogue)
    build_s = clock.spent["build street graphs"]
    result = {
        "part": 1 / part, "facilities": facilities, "services": len(services_of(catalogue)), "cells": len(region.cells),
        "street_nodes_car": network.car.counts.nodes_used, "connections": len(world.timetable.dep_s), "stops": len(world.stops),
        "processors": len(os.sched_getaffinity(0)), "wall_s": round(wall_s + build_s[0], 1), "cpu_s": round(cpu_s + build_s[1], 1),
        "peak_gb": peak, "peak_gb_of_the_generator": generated_gb, "stored_gb": stored_gb,
        "met": wall_s + build_s[0] < WANTED_MIN * 60 and peak < WANTED_GB,
        "steps": {k: {"wall_s": round(w, 1), "cpu_s": round(c, 1), "peak_gb": peaks.get(k, peak)} for k, (w, c) in clock.spent.items()},
        "pairs": pairs, "scan_and_merge": apart,
    }  # fmt: skip
    print(json.dumps(result, indent=1))
    out = REPOSITORY / "benchmarks" / "results" / "state.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
