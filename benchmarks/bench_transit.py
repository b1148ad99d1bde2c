"""Public transport: scan and merge apart, and all homes to up to 60 sites against one search per home (cafein).

Usage: ``python benchmarks/bench_transit.py [--quick]``. The comparison needs ``ANKERORT_CAFEIN_PYTHON`` (a Python with cafein).
CPU time of one thread; the machine may be shared, so medians. Results: benchmarks/results/transit.json.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from ankerort.network.model import SparseColumns, Timetable  # noqa: E402
from ankerort.reach.model import PtRules  # noqa: E402
from ankerort.reach.transit import Worker, home_access, prepare_transit, pt_columns  # noqa: E402
from reference.transit_real import RealRegion, read_real_region, straight_walks  # noqa: E402
from world_transit import make_state  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
STUDY = ("15003", "15083", "15086", "15089")
RULES = PtRules(walk_limit_m=1000, walk_speed_ms=1.25)


def sites(region: str) -> np.ndarray:
    """The region's Lidl markets, projected."""
    table = pd.read_csv(DATA / region / "einrichtungen" / "lidl_osm_2024.csv")
    x, y = Transformer.from_crs(4326, 25832, always_xy=True).transform(table["lon"].to_numpy(), table["lat"].to_numpy())
    return np.column_stack([x, y])[:60]


class Setting:
    """One world made ready: the day, the tables of walks."""

    def __init__(self, timetable: Timetable, stops: np.ndarray, cells: np.ndarray, targets: np.ndarray) -> None:
        self.timetable, self.cells, self.targets = timetable, cells, targets
        self.target_stops = straight_walks(targets, stops, RULES.walk_limit_m)
        self.walks = straight_walks(targets, cells, 5000)
        self.home_stops = straight_walks(stops, cells, RULES.walk_limit_m)
        self.stop_walks = straight_walks(stops, stops, RULES.transfer_walk_m)
        begin = time.process_time()
        self.day = prepare_transit(timetable, rules=RULES, with_demand=False, stop_walks=self.stop_walks, detour=1.3)
        self.access = home_access(self.home_stops, n_homes=len(cells), rules=RULES)
        self.sides = {d: self.day.side(d) for d in ("out", "home")}
        self.prepare_s = time.process_time() - begin


def apart(setting: Setting, name: str) -> list[dict]:
    """Scan and merge per target and direction, one thread, CPU time."""
    rows = []
    for direction in ("out", "home"):
        worker = Worker(setting.sides[direction], direction, setting.access, RULES)
        scans, merges, reached = [], [], []
        for k in [0, *range(len(setting.targets))]:  # the first one twice: warm caches
            a = time.thread_time()
            worker.scan(*setting.target_stops.column(k))
            b = time.thread_time()
            reached.append(worker.merge(*setting.walks.column(k)))
            scans.append(b - a)
            merges.append(time.thread_time() - b)
        scan, merge = 1e3 * np.array(scans[1:]), 1e3 * np.array(merges[1:])
        rows.append(
            {
                "world": name, "homes": len(setting.cells), "connections": len(setting.sides[direction].dep),
                "arcs": len(setting.sides[direction].arc_event), "targets": len(setting.targets), "direction": direction,
                "prepare_both_s": round(setting.prepare_s, 2),
                "scan_ms_median": round(float(np.median(scan)), 2), "scan_ms_max": round(float(scan.max()), 2),
                "merge_ms_median": round(float(np.median(merge)), 2), "merge_ms_mean": round(float(merge.mean()), 2),
                "merge_ms_max": round(float(merge.max()), 2), "homes_reached_mean": int(np.mean(reached[1:])),
            }
        )  # fmt: skip
        print(json.dumps(rows[-1]), flush=True)
    return rows


def columns_cpu_s(setting: Setting, targets: int, direction: str = "out") -> float:
    """CPU seconds of `pt_columns` for the first targets, one thread."""

    def part(c: SparseColumns) -> SparseColumns:
        return SparseColumns(c.ptr[: targets + 1], c.home[: c.ptr[targets]], c.value[: c.ptr[targets]])

    begin = time.process_time()
    pt_columns(
        setting.day, direction=direction, target_stops=part(setting.target_stops), home_stops=setting.access,
        walks=part(setting.walks), n_homes=len(setting.cells), rules=RULES, threads=1,
    )  # fmt: skip
    return time.process_time() - begin


def against_cafein(setting: Setting, region: RealRegion, *, rounds: int, batch: int) -> dict | None:
    """All homes to all sites over the whole day: per-target searches here, one search per home there, taking turns."""
    python = os.environ.get("ANKERORT_CAFEIN_PYTHON", "")
    if not python:
        print("comparison skipped: ANKERORT_CAFEIN_PYTHON names no Python with cafein")
        return None
    worker = subprocess.Popen(
        [python, str(ROOT / "benchmarks" / "cafein_worker.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None

    def ask(message: dict) -> dict:
        worker.stdin.write(json.dumps(message) + "\n")
        worker.stdin.flush()
        return json.loads(worker.stdout.readline())

    feeds = sorted(str(p) for p in (DATA / "magdeburg" / "gtfs").glob("*.zip"))
    ready = ask({"feeds": feeds, "date": region.timetable.date, "walks_m": 500, "detour": 1.3, "speed_ms": 1.25})
    rng = np.random.default_rng(11)
    served = list(ready["stops"])
    n_sites, n_homes = len(setting.targets), len(setting.cells)
    ours, theirs, theirs_60, few = [], [], [], []
    for _ in range(rounds):
        ours.append(columns_cpu_s(setting, n_sites))
        origins = [served[i] for i in rng.choice(len(served), batch, replace=False)]
        theirs.append(ask({"origins": origins, "start": "06:00", "minutes": 840})["cpu_s"] / batch)
        few.append(columns_cpu_s(setting, 1))
        theirs_60.append(ask({"origins": origins, "start": "08:00", "minutes": 60})["cpu_s"] / batch)
    own, other, other_60 = float(np.median(ours)), float(np.median(theirs)), float(np.median(theirs_60))
    result = {
        "cafein": ready["version"], "homes": n_homes, "sites": n_sites,
        "ankerort_all_homes_cpu_s": round(own, 3), "ankerort_per_site_ms": round(1e3 * own / n_sites, 2),
        "cafein_per_origin_840_minutes_ms": round(1e3 * other, 2), "cafein_per_origin_60_minutes_ms": round(1e3 * other_60, 2),
        "cafein_all_homes_cpu_s": round(other * n_homes, 1),
        "times_as_fast": round(other * n_homes / own), "times_as_fast_if_it_searched_60_minutes_only": round(other_60 * n_homes / own),
        "break_even_sites": round(other * n_homes / (own / n_sites)),
        "break_even_sites_if_it_searched_60_minutes_only": round(other_60 * n_homes / (own / n_sites)),
    }  # fmt: skip
    result["agreement"] = agreement(region, ready["stops"], ask, rng)
    worker.stdin.close()
    worker.wait()
    return result


def agreement(region: RealRegion, their_stops: list[str], ask, rng: np.random.Generator) -> dict:
    """Waiting median from stop to stop, all trips, no change time on either side; differences sorted by their cause.

    Differences that the definitions make: cafein knows no limit of 90 minutes; here nobody rides faster than 30 m/s (or in less
    than 3 s), merged stops are one stop, forbidden and named changes hold, and only 500 m are walked between rides.
    """
    timetable = region.timetable
    rules = PtRules(walk_limit_m=1, walk_speed_ms=1.25, min_change_s=0)
    row_of = {}
    for row, ids in enumerate(timetable.stops["stop_ids"]):
        row_of.update({stop.split(":")[-1]: row for stop in str(ids).split(";")})
    both = [(k, row_of[s.split(":")[-1]]) for k, s in enumerate(their_stops) if s.split(":")[-1] in row_of]
    picked = [both[i] for i in rng.choice(len(both), 60, replace=False)]
    n = len(timetable.stops)
    stop_walks = straight_walks(region.stops, region.stops, 500)
    day = prepare_transit(timetable, rules=rules, with_demand=True, stop_walks=stop_walks, detour=1.3)
    targets = np.array([row for _, row in picked], np.int32)
    nothing = np.zeros(len(picked) + 1, np.int64)
    found = pt_columns(
        day, direction="out", threads=1, n_homes=n, rules=rules,
        target_stops=SparseColumns(np.arange(len(picked) + 1), targets, np.zeros(len(picked), np.int32)),
        home_stops=SparseColumns(np.arange(n + 1), np.arange(n, dtype=np.int32), np.zeros(n, np.int32)),
        walks=SparseColumns(nothing, targets[:0], targets[:0]),
    )  # fmt: skip
    own = np.full((n, len(picked)), -1)
    for k in range(len(picked)):
        part = slice(found.ptr[k], found.ptr[k + 1])
        own[found.home[part], k] = found.waiting_median_s[part]
    origins = [both[i] for i in rng.choice(len(both), 60, replace=False)]
    answer = ask({"origins": [their_stops[k] for k, _ in origins], "start": "06:00", "minutes": 840, "values": True})
    theirs = np.array(answer["median_s"])[:, [k for k, _ in picked]]
    mine = own[[row for _, row in origins]]
    limit = (theirs <= 5400) & (theirs > 0)
    pair = limit & (mine > 0)
    gap = (mine - theirs)[pair]
    return {
        "pairs_both": int(pair.sum()),
        "equal_within_3_s": round(float((np.abs(gap) <= 3).mean()), 3) if pair.any() else None,
        "equal_within_60_s": round(float((np.abs(gap) <= 60).mean()), 3) if pair.any() else None,
        "here_later_by_more": round(float((gap > 60).mean()), 3) if pair.any() else None,
        "here_earlier_by_more": round(float((gap < -60).mean()), 3) if pair.any() else None,
        "median_gap_s": float(np.median(gap)) if pair.any() else None,
        "only_cafein_within_90_min": int((limit & (mine < 0)).sum()),
        "only_here": int(((mine > 0) & ~limit).sum()),
    }


def main() -> None:
    """Run all parts, print and store them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="real regions only, few rounds")
    quick = parser.parse_args().quick
    results: dict = {"scan_and_merge": [], "cafein": None}
    if DATA.is_dir():
        region = read_real_region(DATA, "magdeburg", "ST")
        study = np.isin([a[:5] for a in region.ags], STUDY)
        small = Setting(region.timetable, region.stops, region.cells[study], sites("magdeburg"))
        results["scan_and_merge"] += apart(small, "magdeburg, study area")
        results["scan_and_merge"] += apart(
            Setting(region.timetable, region.stops, region.cells, sites("magdeburg")), "magdeburg, clip"
        )
        other = read_real_region(DATA, "heidelberg", "BW")
        results["scan_and_merge"] += apart(
            Setting(other.timetable, other.stops, other.cells, sites("heidelberg")), "heidelberg"
        )
        results["cafein"] = against_cafein(small, region, rounds=3 if quick else 7, batch=20)
        print(json.dumps(results["cafein"], indent=1))
    else:
        print("real regions skipped: ../shared/data is missing")
    if not quick:
        world = make_state()
        rng = np.random.default_rng(3)
        targets = world.stops[rng.choice(len(world.stops), 40, replace=False)] + rng.normal(0, 250, (40, 2))
        results["scan_and_merge"] += apart(
            Setting(world.timetable, world.stops, world.cells, targets), "generated state"
        )
    results["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    target = ROOT / "benchmarks" / "results" / "transit.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(pd.DataFrame(results["scan_and_merge"]).to_string(index=False))


if __name__ == "__main__":
    main()
