"""Runs cafein (in its own environment) for `bench_transit.py`: JSON lines in, JSON lines out.

First line: {"feeds": [...], "date": "...", "walks_m": 500, "detour": 1.3, "speed_ms": 1.25}.
Then lines {"origins": [stop ids], "minutes": n}; an answer holds CPU seconds and, per origin, median seconds to all stops.
"""

from __future__ import annotations

import json
import sys
import time

import cafein
import numpy as np
from scipy.spatial import cKDTree


def main() -> None:
    """Build once, then answer until the input ends."""
    setup = json.loads(sys.stdin.readline())
    started = time.process_time()
    network = cafein.TransportNetwork.from_gtfs(setup["feeds"], trip_distances=False)
    ids = [s[0] for s in network.stops]
    lat, lon = (np.array([s[k] for s in network.stops], float) for k in (1, 2))
    points = np.column_stack([lon * 111_320 * np.cos(np.radians(lat.mean())), lat * 111_320])
    pairs = cKDTree(points).query_pairs(setup["walks_m"] / setup["detour"], output_type="ndarray")
    if setup["walks_m"] <= 0:  # no walks between stops, not even between those at one point
        pairs = pairs[:0]
    metres = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) * setup["detour"]
    walks = []
    for (a, b), m in zip(pairs.tolist(), metres.tolist(), strict=True):
        seconds = int(np.ceil(m / setup["speed_ms"]))
        walks += [(ids[a], ids[b], seconds, m), (ids[b], ids[a], seconds, m)]
    network.set_transfers(walks)
    network.compute_tbtr_transfers(setup["date"])
    print(
        json.dumps({"version": cafein.__version__, "stops": ids, "build_cpu_s": time.process_time() - started}),
        flush=True,
    )
    for line in sys.stdin:
        task = json.loads(line)
        begin = time.process_time()
        # 49.9 of 840 minutes is element 419, the lower median of docs/decisions/0002; 50 would be element 420.
        times = network.travel_time_matrix(
            task["origins"],
            f"{setup['date']} {task['start']}",
            departure_time_window=task["minutes"],
            percentiles=[49.9],
            router="tbtr",
            workers=1,
            max_rides=task.get("max_rides", 8),
        )
        cpu_s = time.process_time() - begin
        answer = {"cpu_s": cpu_s}
        if task.get("values"):
            answer["median_s"] = np.asarray(times)[:, :, 0].astype(int).tolist()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
