"""Solve a mobile problem: search over whole plans, day tours by PyVRP and an integer program over weekday tours improve one another."""

from __future__ import annotations

import time

from ankerort.base.progress import SILENT, Progress
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.problem import Decision, MobileProblem, Objective, Solution
from ankerort.mobile.search import find


def solve(
    problem: MobileProblem,
    objective: Objective,
    *,
    seed: int = 1,
    seconds: float = 30.0,
    start: Decision | None = None,
    progress: Progress = SILENT,
) -> Solution:
    """Find a good plan and say how good it is."""
    begin = time.perf_counter()
    found = find(problem, objective, start=start, seed=seed, seconds=seconds, progress=progress)
    evaluation = evaluate(problem, found.decision, objective)
    bound = objective.point_eur * evaluation.points_possible if objective.kind == "need" else 0.0
    return Solution(
        decision=found.decision,
        value=evaluation.value,
        bound=bound,
        gap=(bound - evaluation.value) / max(abs(bound), 1e-9),
        bound_rule="capacity",
        seconds=time.perf_counter() - begin,
        seed=seed,
        status="infeasible" if evaluation.faults else "feasible",
    )
