"""Runs VROOM and PyVRP (in an environment of their own) for `bench_mobile.py`: JSON lines in and out.

    python -m venv FOLDER && FOLDER/bin/pip install pyvroom pyvrp

First line out: {"vroom": ..., "pyvrp": ...}. Then per line in {"peer": vroom | pyvrp, "world": path of an .npz, "seconds": s, "seed": n} one line out:
{"cost": seconds of driving or null, "routes": stops of each route, "wall_s": ..., "cpu_s": ...}.

The world has travel (nodes x nodes, s; the depot is the last node), service, begin and end of the hours in which a visit lies wholly, vehicles (one
for each van and day), shift (begin, end). Both peers minimise driving time.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from importlib.metadata import version

import numpy as np
import pyvrp
import vroom
from pyvrp.stop import MaxRuntime


def by_vroom(world: dict[str, np.ndarray], seconds: float) -> tuple[float | None, list[list[int]]]:
    """One run of VROOM with its most thorough setting and one thread; it may end before its time."""
    travel, service = world["travel"], world["service"]
    depot = len(travel) - 1
    problem = vroom.Input()
    problem.set_durations_matrix(profile="car", matrix_input=travel.astype(np.uint32))
    shift = [int(t) for t in world["shift"]]
    for number in range(int(world["vehicles"])):
        problem.add_vehicle(vroom.Vehicle(number, start=depot, end=depot, time_window=shift))
    for stop in range(depot):
        latest = int(world["end"][stop] - service[stop])
        window = vroom.TimeWindow(int(world["begin"][stop]), latest)
        problem.add_job(vroom.Job(stop, location=stop, default_service=int(service[stop]), time_windows=[window]))
    found = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    if found.summary.unassigned:
        return None, []
    table = found.routes
    jobs = table[table["type"] == "job"]
    return float(found.summary.cost), [list(map(int, rows["id"])) for _, rows in jobs.groupby("vehicle_id")]


def by_pyvrp(world: dict[str, np.ndarray], seconds: float, seed: int) -> tuple[float | None, list[list[int]]]:
    """One run of PyVRP for all of its time."""
    travel, service = world["travel"], world["service"]
    last = len(travel) - 1
    model = pyvrp.Model()
    depot = model.add_depot(model.add_location(0, 0))
    shift = [int(t) for t in world["shift"]]
    model.add_vehicle_type(
        int(world["vehicles"]), start_depot=depot, end_depot=depot, tw_early=shift[0], tw_late=shift[1]
    )
    locations = [model.locations[0]]
    for stop in range(last):
        place = model.add_location(0, 0)
        locations.append(place)
        model.add_client(
            place,
            service_duration=int(service[stop]),
            tw_early=int(world["begin"][stop]),
            tw_late=int(world["end"][stop] - service[stop]),
        )
    nodes = [last, *range(last)]
    for i, a in enumerate(locations):
        for j, b in enumerate(locations):
            if i != j:
                between = int(travel[nodes[i], nodes[j]])
                model.add_edge(a, b, distance=between, duration=between)
    found = model.solve(MaxRuntime(seconds), seed=seed, display=False)
    if not found.is_feasible():
        return None, []
    return float(found.cost()), [[int(a.idx) for a in route if a.is_client()] for route in found.best.routes()]


def main() -> None:
    """Answer until the input ends."""
    print(json.dumps({"vroom": version("pyvroom"), "pyvrp": version("pyvrp")}), flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        with np.load(task["world"]) as stored:
            world = {name: stored[name] for name in stored.files}
        begin, cpu = time.perf_counter(), time.process_time()
        if task["peer"] == "vroom":
            cost, routes = by_vroom(world, task["seconds"])
        else:
            cost, routes = by_pyvrp(world, task["seconds"], task["seed"])
        told = {
            "cost": cost,
            "routes": routes,
            "wall_s": time.perf_counter() - begin,
            "cpu_s": time.process_time() - cpu,
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
