"""Accessibility with competition against PySAL `access`: same pairs, same numbers, CPU time, medians of ratios.

    python benchmarks/bench_access.py [--quick]

100,000 cells x 500 sites, 2 million pairs in random order. Both start from the same three arrays (cell, site,
seconds). Ankerort is measured twice: on the pairs as they are (it needs no order), and with sorting them into columns first, as a project
keeps them. Both run in turns in one process, one thread. Prints a table and writes benchmarks/results/access.json.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import access
import numpy as np
import pandas as pd
from access import fca
from access.weights import step_fn

from ankerort.supply.assign import assign_places
from ankerort.supply.competition import METHODS, Method, Pairs, access_scores, columns_of_pairs, huff_shares
from ankerort.supply.decay import Decay, zone_decay

REPOSITORY = Path(__file__).resolve().parents[1]
ZONES = ((10.0, 1.0), (20.0, 0.68), (30.0, 0.22))
LIMIT_MIN = 30.0
TARGET = 10.0


def make_world(cells: int, sites: int, pairs: int) -> dict[str, np.ndarray]:
    """Each cell with the same number of different sites, times of 0 to 33 minutes, in random order."""
    rng = np.random.default_rng(3)
    each = pairs // cells
    site = (rng.integers(0, sites, cells)[:, None] + np.arange(each) * (sites // each)) % sites
    order = rng.permutation(cells * each)
    return {
        "cell": np.repeat(np.arange(cells), each).astype(np.int32)[order],
        "site": site.ravel().astype(np.int32)[order],
        "value": rng.integers(0, 2000, cells * each).astype(np.int32),
        "demand": rng.integers(1, 60, cells).astype(float),
        "capacity": rng.uniform(1.0, 100.0, sites),
    }


def ours(world: dict[str, np.ndarray], method: Method, *, in_columns: bool) -> np.ndarray:
    """From pairs in random order, directly or sorted into columns first."""
    demand, capacity = world["demand"], world["capacity"]
    pairs = Pairs(world["cell"], world["site"], world["value"])
    ways = columns_of_pairs(pairs, cells=len(demand), sites=len(capacity)) if in_columns else pairs
    return access_scores(method, ways, demand, capacity, zone_decay(ZONES, LIMIT_MIN)).score


def theirs(world: dict[str, np.ndarray], people: pd.DataFrame, places: pd.DataFrame, method: Method) -> pd.Series:
    """The same by PySAL; the small tables of people and places are ready made."""
    cost = pd.DataFrame({"origin": world["cell"], "dest": world["site"], "cost": world["value"] / 60.0})
    step = step_fn(dict(ZONES))
    if method == "gravity":
        return fca.weighted_catchment(
            places, cost, LIMIT_MIN, cost_source="dest", cost_dest="origin", loc_value="supply", weight_fn=step
        )
    if method == "3sfca":
        return fca.three_stage_fca(people, places[["supply"]], cost, LIMIT_MIN, weight_fn=step)
    weight = step if method == "e2sfca" else None
    return fca.two_stage_fca(people, places[["supply"]], cost, LIMIT_MIN, weight_fn=weight)


def cpu_s(call: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds of the process, all threads."""
    begin = time.process_time()
    result = call()
    return time.process_time() - begin, result


def main() -> int:
    """Run and write; 1 if a ratio misses the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the pairs")
    options = parser.parse_args()
    cells, sites, pairs = (10_000, 500, 200_000) if options.quick else (100_000, 500, 2_000_000)
    rounds = 5
    world = make_world(cells, sites, pairs)
    people = pd.DataFrame({"geoid": np.arange(cells), "demand": world["demand"]}).set_index("geoid", drop=False)
    places = pd.DataFrame({"geoid": np.arange(sites), "supply": world["capacity"]}).set_index("geoid", drop=False)
    people.index.name = places.index.name = None
    for method in METHODS:  # compiled before it is timed
        ours(world, method, in_columns=True)
        ours(world, method, in_columns=False)
    rows: list[dict[str, object]] = []
    warnings.simplefilter("ignore")
    peers: tuple[Method, ...] = ("gravity", "2sfca", "e2sfca", "3sfca")
    for method in METHODS:
        times: dict[str, list[float]] = {"pairs": [], "sorted": [], "pysal": []}
        apart = 0.0
        for _ in range(rounds):
            one, score = cpu_s(lambda m=method: ours(world, m, in_columns=False))
            two, _ = cpu_s(lambda m=method: ours(world, m, in_columns=True))
            times["pairs"].append(one)
            times["sorted"].append(two)
            if method in peers:
                other, found = cpu_s(lambda m=method: theirs(world, people, places, m))
                times["pysal"].append(other)
                apart = max(apart, float(np.max(np.abs(score[found.index] / found.to_numpy() - 1.0))))
        row: dict[str, object] = {"method": method}
        row |= {f"{k}_ms": round(statistics.median(v) * 1000, 1) for k, v in times.items() if v}
        if times["pysal"]:
            for kind in ("pairs", "sorted"):
                ratios = [a / b for a, b in zip(times["pysal"], times[kind], strict=True)]
                row[f"ratio_{kind}"] = round(statistics.median(ratios), 1)
            row["largest_relative_difference"] = apart
        rows.append(row)
    columns = columns_of_pairs(Pairs(world["cell"], world["site"], world["value"]), cells=cells, sites=sites)
    for name, call in (
        ("sorting alone", lambda: columns_of_pairs(Pairs(world["cell"], world["site"], world["value"]), cells=cells, sites=sites)),
        ("huff", lambda: huff_shares(
            columns, world["demand"], world["capacity"], Decay("power", LIMIT_MIN, beta=2.0, shortest_min=1.0))),
        ("places given out", lambda: assign_places(columns, world["demand"], world["capacity"], limit=1800)),
    ):  # fmt: skip
        call()
        rows.append(
            {
                "method": name,
                "sorted_ms": round(statistics.median(cpu_s(call)[0] for _ in range(rounds)) * 1000, 1),
            }
        )
    head = ("method", "pairs_ms", "sorted_ms", "pysal_ms", "ratio_pairs", "ratio_sorted", "largest_relative_difference")
    print(" | ".join(head))
    for row in rows:
        print(" | ".join(str(row.get(k, "")) for k in head))
    least = {k: min(float(str(r[k])) for r in rows if k in r) for k in ("ratio_pairs", "ratio_sorted")}
    print(
        f"{cells:,} cells, {sites} sites, {pairs:,} pairs: at least {least['ratio_pairs']:g} times as fast as PySAL from"
    )
    print(f"unsorted pairs, {least['ratio_sorted']:g} times with sorting them into columns first")
    out = REPOSITORY / "benchmarks" / "results" / "access.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    machine = {
        "python": platform.python_version(), "machine": platform.machine(), "quick": options.quick,
        "pysal_access": access.__version__,
    }  # fmt: skip
    size = {"cells": cells, "sites": sites, "pairs": pairs, "rounds": rounds}
    out.write_text(json.dumps({"machine": machine, "world": size, "rows": rows, "least": least}, indent=1) + "\n")
    return int(least["ratio_pairs"] < TARGET and not options.quick)


if __name__ == "__main__":
    raise SystemExit(main())
