"""From problem to proven plan: heuristic, HiGHS on the relaxation, exact repair, and the better of both with a valid bound."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ankerort.anchors.evaluate import Evaluator
from ankerort.anchors.heuristic_order import COMPONENTS, only
from ankerort.anchors.problem import FIXED, REMOVABLE, AnchorProblem, Decision, Limits, Objective, Solution
from ankerort.anchors.solve_run import Run, WrongValueError
from ankerort.base.progress import SILENT, Progress

__all__ = ["ORDER_TOLERANCE", "WrongValueError", "pareto_front", "solve", "today"]

ORDER_TOLERANCE = 1e-6
"""Share of its size by which an earlier component of an order may fall behind its best when a later one is made great."""


def solve(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    *,
    seed: int = 1,
    seconds: float = 60.0,
    tolerance: float = 0.0,
    start: Decision | None = None,
    threads: int = 1,
    polish: bool = True,
    progress: Progress = SILENT,
) -> Solution:
    """Find the best plan that can be found in time, and a bound that no plan exceeds.

    Parameters
    ----------
    problem, objective, limits
        The problem.
    seed
        Of the heuristic and of the solver.
    seconds
        Wall time in which to end.
    tolerance
        Relative gap at which a plan counts as optimal (at least 1e-6) and the solver may stop.
    start
        A decision to begin with; it may break rules.
    threads
        Of the solver.
    polish
        Exchange before the solver begins, for the best plan in a short time. Without it, a plan that the solver proves comes sooner; exchange
        follows where it proves none.
    progress
        Listener.

    Returns
    -------
    Solution
        With an order of components, `value`, `bound` and `gap` are those of the first one (cost negated) and the status is optimal only
        where each one's is; each earlier one is held at its best within `ORDER_TOLERANCE`.

    Raises
    ------
    WrongValueError
        Where model and exact evaluation disagree.
    """
    begin = time.monotonic()
    if not objective.order:
        run = Run(problem, objective, limits, seed, tolerance, threads, progress, polish=polish)
        return run.solve(begin, seconds, start)
    held: dict[str, float] = {}
    first: Solution | None = None
    decision, proven = start, True
    steps: tuple[tuple[str, float, float, float], ...] = ()
    for rank, name in enumerate(objective.order):
        left = seconds - (time.monotonic() - begin)
        share = max(left / (len(objective.order) - rank), 0.5)
        run = Run(problem, only(name), limits, seed, tolerance, threads, progress, held, polish)
        found = run.solve(time.monotonic(), share, decision)
        first = first or found
        steps = (*steps, *((f"{name}:{n}", s, v, b) for n, s, v, b in found.steps))
        proven &= found.status == "optimal"
        if found.decision is None:
            break
        decision = found.decision
        best = run.evaluator.evaluate(decision, faults=False).component(name)
        slack = ORDER_TOLERANCE * max(1.0, abs(best))
        held[name] = best + slack if name == "cost" else best - slack
    assert first is not None  # an order has at least one component
    status = first.status if first.decision is None else "optimal" if proven else "feasible"
    return replace(
        first,
        decision=None if first.decision is None else decision,
        seconds=time.monotonic() - begin,
        status=status,
        steps=steps,
    )


def today(problem: AnchorProblem) -> Decision:
    """Return the decision to do nothing: what is there stays, no unit is chosen."""
    state = problem.offers.state
    return Decision((state == FIXED) | (state == REMOVABLE), np.zeros(len(problem.units), bool))


def pareto_front(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    components: Sequence[str],
    *,
    points: int = 8,
    seed: int = 1,
    seconds: float = 120.0,
    tolerance: float = 0.0,
    progress: Progress = SILENT,
) -> tuple[Solution, ...]:
    """Find plans between which no one is better in both of two components, by epsilon constraint.

    The first component is held to a limit that loosens in even steps from its best to what the best second component needs; the second is
    made great, each time beginning with the plan before. Haimes, Lasdon and Wismer, IEEE Transactions on Systems, Man, and Cybernetics 1 (1971).

    Parameters
    ----------
    problem, objective, limits
        The factors of the objective do not count here.
    components
        Two different ones of people, minutes, together, cost, worst; for instance ``("cost", "people")``.
    points
        Most plans, today not counted.
    seed, tolerance, progress
        As in `solve`.
    seconds
        Wall time for all.

    Returns
    -------
    tuple of Solution
        First what is there today (`today`, also where it breaks a limit or is dominated; its bound is its value), then the plans that none
        dominates, by the first component. `value` and `bound` are those of the second component at the limit (cost negated).

    Raises
    ------
    ValueError
        For other components than two different known ones.
    """
    names = tuple(components)
    if len(names) != 2 or len(set(names)) != 2 or not set(names) <= set(COMPONENTS):
        raise ValueError(f"two different components of {COMPONENTS} are needed, not {names}")
    first, second = names
    begin = time.monotonic()
    evaluator = Evaluator(problem, objective, limits)

    def at(decision: Decision) -> tuple[float, float]:
        found = evaluator.evaluate(decision, faults=False)
        return _signed(found.component(first), first), _signed(found.component(second), second)

    share = seconds / (points + 2)
    found: list[tuple[float, float, Solution]] = []
    with progress.task("progress.anchors_front", points + 1) as task:
        ends: list[Solution] = []
        for order in ((second, first), (first, second)):
            ends.append(
                solve(
                    problem,
                    Objective(order=order),
                    limits,
                    seed=seed,
                    seconds=share,
                    tolerance=tolerance,
                    start=None if not ends else ends[0].decision,
                )
            )
            task.advance()
        if all(end.decision is not None for end in ends):
            far, near = (at(end.decision) for end in ends if end.decision is not None)
            # the far end is proven in the second component as it is; the near one is the best second at the best first
            found.append((*far, ends[0]))
            start = ends[1].decision
            # so little of the first that it only breaks ties: no plan spends what does not help
            tie = 1e-6 * max(far[1] - near[1], 1e-9) / max(near[0] - far[0], 1e-9)
            goal = replace(only(second), **{first: tie})  # type: ignore[arg-type]
            for limit in np.linspace(near[0], far[0], points)[:-1]:
                held = {first: _signed(float(limit), first) + (1 if first == "cost" else -1) * ORDER_TOLERANCE}
                left = seconds - (time.monotonic() - begin)
                run = Run(problem, goal, limits, seed, tolerance, 1, SILENT, held)
                one = run.solve(time.monotonic(), max(min(share, left), 0.2), start)
                task.advance()
                if one.decision is not None:
                    x, y = at(one.decision)
                    bound = max(one.bound - tie * float(limit), y)
                    gap = (bound - y) / max(abs(bound), 1e-9)
                    found.append((x, y, replace(one, value=y, bound=bound, gap=gap)))
                    start = one.decision
    now = today(problem)
    value = at(now)[1]
    none = Solution(now, value, value, 0.0, 0.0, seed, "feasible")
    return (none, *_undominated(found))


def _signed(value: float, name: str) -> float:
    """Component so that more is better."""
    return -value if name == "cost" else value


def _undominated(found: list[tuple[float, float, Solution]]) -> list[Solution]:
    """Plans that none dominates, from the best to the worst first component; of equal ones the first."""
    out: list[Solution] = []
    best = -np.inf
    for _, y, solution in sorted(found, key=lambda f: (-f[0], -f[1])):
        if y > best + ORDER_TOLERANCE * max(1.0, abs(y)):
            out.append(solution)
            best = y
    return out
