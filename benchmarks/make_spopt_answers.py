"""Asks spopt for the values of small generated location problems: writes tests/anchors/data/spopt_values.json.

    python benchmarks/make_spopt_answers.py SPOPT_PYTHON

The instances are made from their seed in `instance`; the test makes them again and holds `ankerort.anchors.classic` against the values.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
SEEDS = range(12)


def instance(seed: int) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Whole metres (points, sites), weights, radius that covers every point from some site, number of sites."""
    rng = np.random.default_rng([5, seed])
    points, sites = rng.uniform(0, 1000, (60 + 5 * seed, 2)), rng.uniform(0, 1000, (20 + seed, 2))
    metres = np.round(np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)))
    radius = int(max(metres.min(axis=1).max(), 150 + 10 * (seed % 4)))
    return metres, rng.integers(1, 50, len(points)).astype(float), radius, 3 + seed % 4


def main() -> int:
    """Ask for each instance and problem."""
    worker = subprocess.Popen(
        [sys.argv[1], str(REPOSITORY / "benchmarks" / "spopt_worker.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert worker.stdin is not None and worker.stdout is not None
    made_by = json.loads(worker.stdout.readline())
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            metres, weights, radius, sites = instance(seed)
            paths = {"cost": str(Path(folder) / "cost.npy"), "weights": str(Path(folder) / "weights.npy")}
            np.save(paths["cost"], metres)
            np.save(paths["weights"], weights)
            for kind in ("mclp", "lscp", "p_median", "p_center"):
                # The cover of most weight is a question only where the radius does not reach everybody.
                reach = radius * 2 // 3 if kind == "mclp" else radius
                worker.stdin.write(json.dumps({"kind": kind, "radius": reach, "sites": sites, **paths}) + "\n")
                worker.stdin.flush()
                answer = json.loads(worker.stdout.readline())
                if answer["status"] != "Optimal":
                    raise RuntimeError(f"spopt says {answer['status']} for {kind} of seed {seed}")
                rows.append(
                    {"seed": seed, "kind": kind, "radius": reach, "sites": sites, "value": round(answer["value"], 6)}
                )
    worker.stdin.close()
    worker.wait()
    target = REPOSITORY / "tests" / "anchors" / "data" / "spopt_values.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join("  " + json.dumps(r) for r in rows)
    target.write_text(f'{{"made_by": {json.dumps(made_by)}, "values": [\n{lines}\n]}}\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
