"""Street search against scipy: same graph, same answers, one thread, interleaved runs, CPU time, medians of ratios.

    python benchmarks/bench_streets.py [--quick]

Prints a table and writes benchmarks/results/streets.json. Regions of ../shared/data are skipped with a message where missing.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numba import njit
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.network.build_streets import build_street_ways
from ankerort.network.hierarchy import build_hierarchy
from ankerort.network.kernels.hierarchy import search_hierarchy
from ankerort.network.kernels.streets import FAR, mark_dead_ends, search
from ankerort.network.streets import BUCKET_SHIFT, PLAIN_MEAN_EDGES, StreetWays, Workspace
from ankerort.region.read_osm_streets import read_osm_streets
from street_worlds import road_graph

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY.parent / "shared" / "data"
BOUND_S = 900


@njit(nogil=True)
def _room(values, needed):
    if needed <= values.size:
        return values
    bigger = np.empty(max(needed, 2 * values.size), np.int32)
    bigger[: values.size] = values
    return bigger


@njit(nogil=True)
def search_all(
    plain, ptr, adjacency, core, level, levels, a, b, c, d, e, f, g, h, node_of, rank_of,
    sources, limit, shift, bucket, pool, distance, touched, following,
):  # fmt: skip
    """Many searches in a row as `columns_chunk` does them: all (node, distance) pairs one after the other, and where each begins."""
    zero = np.zeros(1, np.int32)
    begin = np.zeros(sources.size + 1, np.int64)
    node = np.empty(1024, np.int32)
    found = np.empty(1024, np.int32)
    seed = np.empty(1, np.int32)
    size = 0
    for s in range(sources.size):
        if plain:
            seed[0] = sources[s]
            count, pool = search(ptr, adjacency, seed, zero, limit, shift, bucket, pool, distance, touched)
        else:
            seed[0] = rank_of[sources[s]]
            count, pool = search_hierarchy(
                core, level, levels, a, b, c, d, e, f, g, h, seed, zero, limit,
                shift, bucket, pool, distance, touched, following,
            )  # fmt: skip
        node = _room(node, size + count)
        found = _room(found, size + count)
        for k in range(count):
            node[size] = touched[k] if plain else node_of[touched[k]]
            found[size] = distance[touched[k]]
            distance[touched[k]] = FAR
            size += 1
        begin[s + 1] = size
    return begin, node[:size], found[:size]


class Ours:
    """The search of `StreetWays.columns` with one reused workspace, chosen by its rule; the answers are pairs of node and distance."""

    def __init__(self, ptr: np.ndarray, adjacency: np.ndarray, shift: int) -> None:
        self.ptr, self.marked = ptr, mark_dead_ends(ptr, adjacency)
        self.short = PLAIN_MEAN_EDGES * adjacency[:, 1].mean() if adjacency.size else 0.0
        start = time.process_time()
        self.tree = build_hierarchy(ptr, adjacency)
        self.build_s = time.process_time() - start
        self.shift = shift
        graph = self.tree.forward
        largest = max(int(adjacency[:, 1].max(initial=0)), graph.largest_cost + graph.largest_climb)
        self.space = Workspace.of(ptr.size - 1, 0, largest, shift=shift)

    def is_plain(self, limit: int) -> bool:
        """As `StreetWays.searches_plain`."""
        return bool(limit < self.short)

    def run(self, sources: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Searches from all sources."""
        w, tree, graph = self.space, self.tree, self.tree.forward
        parts = (*graph.core, *graph.up, *graph.pull, *graph.down, tree.node, tree.rank)
        spaces = (w.bucket, w.pool, w.distance, w.touched, w.following)
        head = (self.is_plain(limit), self.ptr, self.marked, tree.core_nodes, tree.level, tree.levels)
        return search_all(*head, *parts, sources.astype(np.int32), limit, self.shift, *spaces)


def compare(
    name: str, ptr: np.ndarray, adjacency: np.ndarray, bound: int, runs: int, batch: int, shift: int
) -> list[dict]:
    """Rows of the table: unbounded and bounded. Both sides get the same batch of sources in one call."""
    nodes = ptr.size - 1
    matrix = csr_matrix((adjacency[:, 1].astype(np.float64), adjacency[:, 0], ptr), shape=(nodes, nodes))
    build_hierarchy(ptr[:2] * 0, adjacency[:0])  # compile or load before the clock starts
    ours = Ours(ptr, adjacency, shift)
    rng = np.random.default_rng(7)
    rows = []
    for label, limit in (("unbounded", int(FAR) - 1), (f"bounded {BOUND_S} s", bound)):
        theirs_limit = np.inf if label == "unbounded" else float(limit)
        ratios, own_ms, scipy_ms, different, reached = [], [], [], 0, []
        ours.run(rng.integers(0, nodes, batch), limit)  # warm caches, grown workspaces
        dijkstra(matrix, indices=0, limit=theirs_limit)
        for _ in range(runs):
            sources = rng.integers(0, nodes, batch)
            start = time.process_time()
            begin, node, found = ours.run(sources, limit)
            middle = time.process_time()
            peer = dijkstra(matrix, indices=sources, limit=theirs_limit)
            end = time.process_time()
            for k in range(batch):
                mine = np.full(nodes, np.inf)
                mine[node[begin[k] : begin[k + 1]]] = found[begin[k] : begin[k + 1]]
                different += int((mine != peer[k]).sum())
            reached.append((begin[-1]) / batch)
            own_ms.append((middle - start) * 1000 / batch)
            scipy_ms.append((end - middle) * 1000 / batch)
            ratios.append((end - middle) / max(middle - start, 1e-9))
        rows.append(
            {
                "graph": name,
                "search": label,
                "kind": "graph itself" if ours.is_plain(limit) else "eliminated",
                "nodes": nodes,
                "edges": int(adjacency.shape[0]),
                "reached_median": int(statistics.median(reached)),
                "ankerort_ms": round(statistics.median(own_ms), 3),
                "scipy_ms": round(statistics.median(scipy_ms), 3),
                "ratio_median": round(statistics.median(ratios), 2),
                "differing_nodes": different,
                "searches": runs * batch,
                "core_nodes": ours.tree.core_nodes,
                "eliminate_s": round(ours.build_s, 2),
            }
        )
    for row in rows:
        print(" | ".join(f"{k} {v}" for k, v in row.items()), flush=True)
    return rows


def read_region(name: str) -> tuple[dict[str, StreetWays], dict]:
    """A real region's graphs and how long reading and building took."""
    path = next((DATA / name / "osm").glob("*.osm.pbf"))
    start = time.process_time()
    raw = read_osm_streets(path, source_id="osm", problems=Problems())
    middle = time.process_time()
    ways = build_street_ways(raw, catalogue=read_catalogue(), crs="EPSG:25832")
    build_s = time.process_time() - middle
    return ways, {"read_s": round(middle - start, 2), "build_s": round(build_s, 2), "segments": int(raw.segment_m.size)}


def columns_time(ways: StreetWays, targets: int, homes: int, limit: int) -> dict:
    """Whole columns: milliseconds of CPU per target, all steps included."""
    rng = np.random.default_rng(3)
    box = [np.percentile(v, [2, 98]) for v in (ways.node_x, ways.node_y)]
    place: Callable[[int], list[np.ndarray]] = lambda n: [rng.uniform(lo, hi, n) for lo, hi in box]  # noqa: E731
    t, h = ways.prepare(*place(targets)), ways.prepare(*place(homes))
    ways.columns(t, h, limit=limit, threads=1)
    start = time.process_time()
    found = ways.columns(t, h, limit=limit, threads=1)
    seconds = time.process_time() - start
    return {"ms_per_target": round(seconds * 1000 / targets, 3), "pairs": int(found.home.size)}


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer searches, a generated graph of 100,000 nodes")
    parser.add_argument("--shift", type=int, default=BUCKET_SHIFT, help="bucket width as a power of two")
    options = parser.parse_args()
    rows: list[dict] = []
    regions: dict[str, dict] = {}
    few = 3 if options.quick else 7
    for name in ("stockheim", "heidelberg"):
        if not DATA.is_dir():
            print(f"{name}: skipped, {DATA} is missing")
            continue
        ways, regions[name] = read_region(name)
        for mode, limit in (("foot", 5000), ("bike", 15000), ("car", 3600)):
            regions[name][f"columns_{mode}"] = columns_time(ways[mode], 100, 5000, limit)
        rows += compare(f"{name} car", *ways["car"].reverse[:2], BOUND_S * 10, few, 64, options.shift)
        walked = round(BOUND_S * 1.25 * 10)
        rows += compare(f"{name} foot", *ways["foot"].reverse[:2], walked, few, 64, options.shift)
    size = 100_000 if options.quick else 1_000_000
    for reorder in (True,) if options.quick else (True, False):
        _, reverse, _, _ = road_graph(size, reorder=reorder)
        name = f"generated {size:,}" + ("" if reorder else ", nodes shuffled")
        rows += compare(name, *reverse, BOUND_S * 10, few, 2, options.shift)

    head = (
        "graph",
        "search",
        "kind",
        "nodes",
        "reached_median",
        "ankerort_ms",
        "scipy_ms",
        "ratio_median",
        "differing_nodes",
        "eliminate_s",
    )
    print(" | ".join(head))
    for row in rows:
        print(" | ".join(str(row[k]) for k in head))
    print(json.dumps(regions, indent=1))
    out = REPOSITORY / "benchmarks" / "results" / "streets.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "quick": options.quick}
    out.write_text(json.dumps({"machine": machine, "rows": rows, "regions": regions}, indent=1) + "\n")


if __name__ == "__main__":
    main()
