"""There and back: both searches and the pairing, against the two one-way columns of the same targets in the same run.

Usage: ``python benchmarks/bench_round_trips.py [--quick]``. CPU time of one thread, medians of several rounds that take turns; the machine may be
shared. Results: benchmarks/results/round_trips.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from ankerort.reach.round_trips import TripRules, TripWorker, Visits, round_trip_columns  # noqa: E402
from ankerort.reach.transit import MergeCount, Worker, pt_columns  # noqa: E402
from bench_transit import DATA, RULES, STUDY, Setting, sites  # noqa: E402
from reference.transit_real import read_real_region  # noqa: E402

HOUR = 3600
TRIP = TripRules(7 * HOUR, 19 * HOUR, 0)
HOURS = {
    "whole day, 120 min": ([(0, 48 * HOUR)], 7200),
    "8-20 h, 45 min": ([(8 * HOUR, 20 * HOUR)], 2700),
    "8-12 and 14-17 h, 90 min": ([(8 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR)], 5400),
}


def visits(targets: int, windows: list[tuple[int, int]], stay_s: int) -> Visits:
    """The same hours for all targets."""
    start, end = (np.tile(np.array([w[k] for w in windows], np.int32), targets) for k in (0, 1))
    return Visits(np.arange(targets + 1) * len(windows), start, end, np.full(targets, stay_s, np.int32))


def measure(setting: Setting, name: str, rounds: int) -> list[dict]:
    """Milliseconds per target of both one-way columns and of the round trips, for each kind of hours."""
    n = len(setting.targets)
    one_way = [Worker(setting.sides[d], d, setting.access, RULES) for d in ("out", "home")]
    trips = TripWorker(setting.day, setting.access, RULES, TRIP)
    rows = []
    for hours, (windows, stay_s) in HOURS.items():
        at = visits(n, windows, stay_s)
        both, paired, homes = [], [], 0
        for _ in range(rounds + 1):  # the first one warms the caches
            begin = time.thread_time()
            for k in range(n):
                for worker in one_way:
                    worker.scan(*setting.target_stops.column(k))
                    worker.merge(*setting.walks.column(k))
            middle = time.thread_time()
            homes = 0
            for k in range(n):
                walk = setting.walks.column(k)
                trips.scan(*setting.target_stops.column(k), *walk, *at.of(k))
                homes += trips.pair(*walk, *at.of(k)).shape[1]
            both.append(1e3 * (middle - begin) / n)
            paired.append(1e3 * (time.thread_time() - middle) / n)
        rows.append(
            {
                "world": name, "hours": hours, "targets": n, "homes_per_target": homes // n,
                "two_one_way_ms": round(float(np.median(both[1:])), 2), "round_trip_ms": round(float(np.median(paired[1:])), 2),
                "ratio": round(float(np.median(np.array(paired[1:]) / np.array(both[1:]))), 3),
            }
        )  # fmt: skip
        print(json.dumps(rows[-1]), flush=True)
    return rows


def taken_over(setting: Setting, name: str) -> list[dict]:
    """Columns of an unchanged timetable, computed and taken over."""
    n = len(setting.targets)
    at = visits(n, *HOURS["8-20 h, 45 min"])
    whole = {
        "day": setting.day,
        "target_stops": setting.target_stops,
        "walks": setting.walks,
        "rules": RULES,
        "threads": 1,
    }

    def one_way(known: object, count: MergeCount) -> object:
        return pt_columns(
            **whole, direction="out", home_stops=setting.access, n_homes=len(setting.cells), known=known, count=count
        )

    def there_and_back(known: object, count: MergeCount) -> object:
        return round_trip_columns(**whole, access=setting.access, visits=at, trip=TRIP, known=known, count=count)

    rows = []
    for what, columns in (("one way", one_way), ("there and back", there_and_back)):
        known = columns(None, MergeCount())
        count, times = MergeCount(), []
        for given in (None, known):
            begin = time.process_time()
            columns(given, count)
            times.append(time.process_time() - begin)
        rows.append(
            {
                "world": name, "columns": what, "merged": count.merged, "skipped": count.skipped,
                "full_ms": round(1e3 * times[0] / n, 2), "taken_over_ms": round(1e3 * times[1] / n, 2),
                "ratio": round(times[1] / times[0], 3),
            }
        )  # fmt: skip
        print(json.dumps(rows[-1]), flush=True)
    return rows


def main() -> None:
    """Run, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 3 if parser.parse_args().quick else 7
    results: dict = {"round_trips": [], "taken_over": []}
    if DATA.is_dir():
        region = read_real_region(DATA, "magdeburg", "ST")
        study = np.isin([a[:5] for a in region.ags], STUDY)
        cells, persons = region.cells[study], region.persons[study]
        setting = Setting(region.timetable, region.stops, cells, sites("magdeburg", region.stops, cells, persons))
        results["round_trips"] += measure(setting, "magdeburg, study area", rounds)
        results["taken_over"] += taken_over(setting, "magdeburg, study area")
        other = read_real_region(DATA, "heidelberg", "BW")
        points = sites("heidelberg", other.stops, other.cells, other.persons)
        setting = Setting(other.timetable, other.stops, other.cells, points)
        results["round_trips"] += measure(setting, "heidelberg", rounds)
    else:
        print("real regions skipped: ../shared/data is missing")
    target = ROOT / "benchmarks" / "results" / "round_trips.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
