"""Runs spopt (in its own environment, with its own solver CBC) for `bench_anchors.py` and `make_spopt_answers.py`: JSON lines in and out.

    python -m venv FOLDER && FOLDER/bin/pip install spopt

First line out: {"version": ...}. Then per line in {"kind": mclp | lscp | p_median | p_center, "cost": path of an .npy, "weights": path, "radius": m,
"sites": n} one line out: {"value": ..., "build_s": ..., "solve_s": ..., "cpu_s": ..., "status": ...};
the CPU time is that of Python and of the solver, which is a process of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import pulp
import spopt
from spopt.locate import LSCP, MCLP, PCenter, PMedian


def built(task: dict[str, object], cost: np.ndarray, weights: np.ndarray) -> object:
    """The model of one task."""
    kind, radius, sites = task["kind"], task.get("radius"), task.get("sites")
    if kind == "mclp":
        return MCLP.from_cost_matrix(cost, weights, radius, p_facilities=sites)
    if kind == "lscp":
        return LSCP.from_cost_matrix(cost, radius)
    if kind == "p_median":
        return PMedian.from_cost_matrix(cost, weights, p_facilities=sites)
    return PCenter.from_cost_matrix(cost, p_facilities=sites)


def cpu_s() -> float:
    """CPU seconds of this process and its children."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(r.ru_utime + r.ru_stime for r in both)


def main() -> None:
    """Answer until the input ends."""
    print(json.dumps({"version": spopt.__version__, "pulp": pulp.__version__}), flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        cost = np.load(task["cost"])
        weights = np.load(task["weights"])
        begin, cpu = time.perf_counter(), cpu_s()
        model = built(task, cost, weights)
        between = time.perf_counter()
        model = model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1), results=False)
        end = time.perf_counter()
        answer = {
            "value": float(pulp.value(model.problem.objective)),
            "status": pulp.LpStatus[model.problem.status],
            "build_s": between - begin,
            "solve_s": end - between,
            "cpu_s": cpu_s() - cpu,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
