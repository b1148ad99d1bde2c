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
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from ankerort.base.problems import Problems  # noqa: E402
from ankerort.catalogue import read_catalogue  # noqa: E402
from ankerort.network.model import SparseColumns, Timetable  # noqa: E402
from ankerort.network.timetable.build_timetable import build_timetable  # noqa: E402
from ankerort.reach.model import PtRules  # noqa: E402
from ankerort.reach.transit import Worker, home_access, prepare_transit, pt_columns  # noqa: E402
from ankerort.region.settings import InputSettings  # noqa: E402
from common_definition import without_named_changes, write_gtfs  # noqa: E402
from reference.transit_real import read_real_region, straight_walks  # noqa: E402
from world_transit import make_state  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
STUDY = ("15003", "15083", "15086", "15089")
RULES = PtRules(walk_limit_m=1000, walk_speed_ms=1.25)


def sites(region: str, stops: np.ndarray, cells: np.ndarray, persons: np.ndarray) -> np.ndarray:
    """60 sites of a food service: the region's Lidl markets with a stop within the limit, filled up with inhabited cells that have one."""
    table = pd.read_csv(DATA / region / "einrichtungen" / "lidl_osm_2024.csv")
    x, y = Transformer.from_crs(4326, 25832, always_xy=True).transform(table["lon"].to_numpy(), table["lat"].to_numpy())
    share = persons / persons.sum()
    more = cells[np.random.default_rng(4).choice(len(cells), 400, replace=False, p=share)]
    points = np.concatenate([np.column_stack([x, y]), more])
    return points[np.diff(straight_walks(points, stops, RULES.walk_limit_m).ptr) > 0][:60]


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


class Peer:
    """cafein in its own process; answers one JSON line per JSON line."""

    def __init__(self, python: str, setup: dict) -> None:
        script = str(ROOT / "benchmarks" / "cafein_worker.py")
        self.process = subprocess.Popen([python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = self.ask(setup)

    def ask(self, message: dict) -> dict:
        """Send one message and wait for its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        """End the process and wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def against_cafein(setting: Setting, date: str, *, rounds: int, batch: int) -> dict | None:
    """All homes to all sites over the whole day: per-target searches here, one search per home there, taking turns.

    There a home is one stop, searched on a sample and scaled to all homes. A real home has several stops, and its walks would have to
    be searched too; here both are part of the measured time. So the ratio is a lower bound.
    """
    python = os.environ.get("ANKERORT_CAFEIN_PYTHON", "")
    if not python:
        print("comparison skipped: ANKERORT_CAFEIN_PYTHON names no Python with cafein")
        return None
    feeds = sorted(str(p) for p in (DATA / "magdeburg" / "gtfs").glob("*.zip"))
    peer = Peer(python, {"feeds": feeds, "date": date, "walks_m": 500, "detour": 1.3, "speed_ms": 1.25})
    ask, ready = peer.ask, peer.ready
    rng = np.random.default_rng(11)
    served = list(ready["stops"])
    n_sites, n_homes = len(setting.targets), len(setting.cells)
    ours, theirs, theirs_60 = [], [], []
    for _ in range(rounds):
        ours.append(columns_cpu_s(setting, n_sites))
        origins = [served[i] for i in rng.choice(len(served), batch, replace=False)]
        theirs.append(ask({"origins": origins, "start": "06:00", "minutes": 840})["cpu_s"] / batch)
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
    peer.close()
    result["agreement"] = agreement(python)
    return result


def agreement(python: str) -> dict:
    """Waiting median between 60 stops of the Magdeburg feed under a definition that both programs share, to the second.

    What the two define differently is made equal beforehand: no named changes, no change time, no walks between stops (not even at
    one point), departures not before the earliest alighting (cafein lets people out after 0 seconds), the lower median on
    both sides, values over 90 minutes left out (cafein has no limit; a median within it is the same under both).
    """
    feed = InputSettings("gtfs", (DATA / "magdeburg" / "gtfs" / "gtfs_mvb_std_kn.zip",), "mvb")
    timetable = without_named_changes(
        build_timetable(
            [feed], day="", land="ST", catalogue=read_catalogue(land="ST"), crs="EPSG:25832", problems=Problems()
        )
    )
    rules = PtRules(walk_limit_m=1, walk_speed_ms=1.25, min_change_s=0)
    n, rng = len(timetable.stops), np.random.default_rng(0)
    picked = np.sort(rng.choice(np.unique(timetable.from_stop), 60, replace=False)).astype(np.int32)
    zero = np.zeros(n, np.int32)
    no_walks = SparseColumns(np.zeros(n + 1, np.int64), zero[:0], zero[:0])
    day = prepare_transit(timetable, rules=rules, with_demand=True, stop_walks=no_walks, detour=1.3)
    found = pt_columns(
        day, direction="out", threads=1, n_homes=n, rules=rules,
        target_stops=SparseColumns(np.arange(len(picked) + 1), picked, zero[: len(picked)]),
        home_stops=SparseColumns(np.arange(n + 1), np.arange(n, dtype=np.int32), zero),
        walks=SparseColumns(np.zeros(len(picked) + 1, np.int64), zero[:0], zero[:0]),
    )  # fmt: skip
    own = np.full((n, len(picked)), -1)
    for k in range(len(picked)):
        part = slice(found.ptr[k], found.ptr[k + 1])
        own[found.home[part], k] = found.waiting_median_s[part]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "common.zip"
        write_gtfs(timetable, path)
        peer = Peer(
            python, {"feeds": [str(path)], "date": timetable.date, "walks_m": 0, "detour": 1.3, "speed_ms": 1.25}
        )
        answer = peer.ask(
            {"origins": [str(s) for s in picked], "start": "06:00", "minutes": 840, "values": True, "max_rides": 20}
        )
        column = {int(stop): k for k, stop in enumerate(peer.ready["stops"])}
        peer.close()
    theirs = np.array(answer["median_s"])[:, [column[int(s)] for s in picked]]
    mine, other = own[picked], ~np.eye(len(picked), dtype=bool)
    within = (theirs <= rules.max_journey_s) & other
    here = (mine >= 0) & other
    gap = (mine - theirs)[within & here]
    return {
        "pairs": int(other.sum()), "both_within_90_min": int((within & here).sum()), "equal": int((gap == 0).sum()),
        "here_later": int((gap > 0).sum()), "here_earlier": int((gap < 0).sum()),
        "only_cafein_within_90_min": int((within & ~here).sum()), "only_here_within_90_min": int((here & ~within).sum()),
    }  # fmt: skip


def main() -> None:
    """Run all parts, print and store them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="real regions only, few rounds")
    quick = parser.parse_args().quick
    results: dict = {"scan_and_merge": [], "cafein": None}
    if DATA.is_dir():
        region = read_real_region(DATA, "magdeburg", "ST")
        study = np.isin([a[:5] for a in region.ags], STUDY)
        markets = sites("magdeburg", region.stops, region.cells[study], region.persons[study])
        small = Setting(region.timetable, region.stops, region.cells[study], markets)
        results["scan_and_merge"] += apart(small, "magdeburg, study area")
        results["scan_and_merge"] += apart(
            Setting(region.timetable, region.stops, region.cells, markets), "magdeburg, clip"
        )
        other = read_real_region(DATA, "heidelberg", "BW")
        results["scan_and_merge"] += apart(
            Setting(
                other.timetable, other.stops, other.cells, sites("heidelberg", other.stops, other.cells, other.persons)
            ),
            "heidelberg",
        )
        results["cafein"] = against_cafein(small, region.timetable.date, rounds=3 if quick else 7, batch=20)
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
