"""Solve a mobile problem: search over whole plans, day tours by PyVRP and an integer program over weekday tours improve one another."""

from __future__ import annotations

import math
import time

import numpy as np

from ankerort.base.progress import SILENT, Progress, Task
from ankerort.mobile.bound import upper_bound
from ankerort.mobile.columns import ColumnPool, recombine
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.hand_rule import hand_rule
from ankerort.mobile.problem import Decision, Evaluation, MobileProblem, Objective, Solution
from ankerort.mobile.search import find, step_count
from ankerort.mobile.tours import improve_days, week_tours

# Shares of the time: the first search from nothing, each later one near the best plan, PyVRP and integer program of each round, the bound.
_FIRST, _LATER, _DAYS, _WHOLE, _BOUND = 0.45, 0.12, 0.06, 0.06, 0.12
_ROUNDS = 2
_WEEK = 0.45
"""Share of the time for PyVRP alone where each stop is visited once in a single week: there is no rhythm to choose."""
_WEEK_US = 13.0
"""Microseconds of an iteration of PyVRP per stop on a slow computer."""
_WARM = 0.15
_NEAR = 1e-6


class _Best:
    """The best plan so far: fewest broken rules first, then most value."""

    def __init__(self, problem: MobileProblem, objective: Objective) -> None:
        self._problem, self._objective = problem, objective
        self.decision: Decision | None = None
        self.evaluation: Evaluation | None = None

    def offer(self, decision: Decision | None) -> bool:
        """Take a plan if it is better; returns whether it was."""
        if decision is None:
            return False
        evaluation = evaluate(self._problem, decision, self._objective)
        if self.evaluation is not None:
            slack = _NEAR * max(1.0, abs(self.evaluation.value)) if not evaluation.faults else 0.0
            if _rank(evaluation) <= (*_rank(self.evaluation)[:-1], self.evaluation.value + slack):
                return False
        self.decision, self.evaluation = decision, evaluation
        return True


def _rank(evaluation: Evaluation) -> tuple[int, float, float]:
    """Greater is better: fewest broken rules, then most of the target, then value."""
    share = evaluation.covered_share if evaluation.faults else 0.0
    return -len(evaluation.faults), share, evaluation.value


def solve(
    problem: MobileProblem,
    objective: Objective,
    *,
    seed: int = 1,
    seconds: float = 30.0,
    start: Decision | None = None,
    progress: Progress = SILENT,
) -> Solution:
    """Find a good plan and say how good it is.

    Parameters
    ----------
    problem, objective
        What is asked.
    seed
        Two runs with the same seed give the same plan, unless the computer is so slow that `seconds` end a step.
    seconds
        How long it may take. Numbers of steps follow from it, for a slow computer; small problems need less.
    start
        A plan to begin with, for instance one that a person wrote.
    progress
        Told what is done.

    Returns
    -------
    Solution
        status optimal: no plan is better by more than a millionth; feasible; infeasible: must, target or budget cannot be kept, or no way was found;
        then `decision` is the plan that breaks fewest rules (`evaluate` names them).
    """
    begin = time.perf_counter()
    best, pool = _Best(problem, objective), ColumnPool()
    steps = step_count(problem, seconds)
    with progress.task("progress.mobile_solve", total=3 + 4 * _ROUNDS) as task:
        visits = _one_visit_each(problem, objective) if start is None else None
        if visits is not None:
            many = max(100, int(_WEEK * seconds * 1e6 / (_WEEK_US * problem.stops)))
            start = week_tours(problem, visits, iterations=many, seconds=_WEEK * seconds, seed=seed)
            best.offer(start)
        if start is not None:
            best.offer(find(problem, objective, start=start, steps=0, seed=seed, seconds=seconds).decision)
        best.offer(
            find(
                problem,
                objective,
                start=start,
                seed=seed,
                seconds=max(0.1 * seconds, 0.55 * seconds - (time.perf_counter() - begin)),
                steps=int(_FIRST * steps),
                pool=pool,
                heat=1.0 if start is None else 0.5,
                progress=progress,
            ).decision
        )
        if best.evaluation is None or best.evaluation.faults:
            # a search that counts cost alone may stay below a target that whoever plans by hand reaches
            best.offer(hand_rule(problem, objective, seed=seed))
        task.advance()
        for turn in range(_ROUNDS):
            if not _round(problem, objective, best, pool, task, seed=seed + turn, seconds=seconds, steps=steps):
                break
            if time.perf_counter() - begin > 0.85 * seconds:
                break
        bound, rule = upper_bound(problem, objective, seconds=max(1.0, _BOUND * seconds))
        task.advance()
    return _solution(best, bound, rule, time.perf_counter() - begin, seed)


def _one_visit_each(problem: MobileProblem, objective: Objective) -> list[tuple[int, int]] | None:
    """Stops with their rhythm if all must be visited exactly once in a single week at least cost, else None."""
    patterns = problem.patterns
    if objective.kind != "cost" or problem.weeks != 1 or not problem.stops or not problem.must.all():
        return None
    out = []
    for stop, allowed in enumerate(problem.pattern_ok):
        rhythms = set(patterns.rhythm[allowed].tolist())
        if len(rhythms) != 1 or (np.diff(patterns.ptr)[allowed] != 1).any():
            return None
        out.append((stop, int(rhythms.pop())))
    return out


def _round(
    problem: MobileProblem,
    objective: Objective,
    best: _Best,
    pool: ColumnPool,
    task: Task,
    *,
    seed: int,
    seconds: float,
    steps: int,
) -> bool:
    """PyVRP, integer program, search near the best plan; returns whether anything got better."""
    better = False
    decision, evaluation = best.decision, best.evaluation
    if decision is not None and evaluation is not None and not evaluation.faults:
        better |= best.offer(improve_days(problem, objective, decision, seed=seed, seconds=_DAYS * seconds))
        if better and best.decision is not None:
            pool.add(problem, best.decision)
    task.advance()
    better |= best.offer(recombine(problem, objective, pool, seconds=max(1.0, _WHOLE * seconds)))
    task.advance()
    found = find(
        problem,
        objective,
        start=best.decision,
        seed=seed + 1000,
        seconds=2 * _LATER * seconds,
        steps=int(_LATER * steps),
        pool=pool,
        heat=_WARM,
    )
    better |= best.offer(found.decision)
    task.advance()
    better |= best.offer(recombine(problem, objective, pool, seconds=max(1.0, _WHOLE * seconds)))
    task.advance()
    return better


def _solution(best: _Best, bound: float, rule: str, seconds: float, seed: int) -> Solution:
    if best.decision is None or best.evaluation is None:
        return Solution(None, math.nan, bound, math.nan, rule, seconds, seed, "none")
    value = best.evaluation.value
    if best.evaluation.faults:
        return Solution(best.decision, value, bound, math.nan, rule, seconds, seed, "infeasible")
    bound = max(bound, value)
    gap = (bound - value) / max(abs(bound), 1e-9)
    if gap <= _NEAR:
        return Solution(best.decision, value, bound, max(gap, 0.0), "optimal", seconds, seed, "optimal")
    return Solution(best.decision, value, bound, gap, rule, seconds, seed, "feasible")
