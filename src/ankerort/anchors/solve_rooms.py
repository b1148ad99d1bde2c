"""A plan that keeps its budget at the prices of the rooms that all of it finds together."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from ankerort.anchors.evaluate import Evaluation, evaluate
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import Decision, Objective, Solution
from ankerort.anchors.settle_rooms import settled
from ankerort.anchors.solve import ORDER_TOLERANCE, solve
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region

_ROUNDS = 4
_LEAST_EUR = 0.005
_SAME = 1e-6
_LEAST_SECONDS = 2.0


@dataclass(frozen=True)
class _Tried:
    """A solution, and what its decision is worth at true prices."""

    solution: Solution
    decision: Decision
    true: Evaluation


def solve_with_rooms(
    prepared: Prepared,
    region: Region,
    catalogue: Catalogue,
    *,
    seed: int = 1,
    seconds: float = 60.0,
    progress: Progress = SILENT,
) -> Solution:
    """The best plan found when what opens in a place has to share its buildings.

    Each offer is priced as if it were alone in its place. Where a plan gives a building twice, the offers that lose it get their true
    price, and the problem is solved again from there, until no plan is dearer than thought, at most four times more. Of all plans
    the best one at true prices is taken, first of all one that keeps its budget. The bound is that of the first problem: no true price is lower,
    so it holds for every plan. Without buildings that are used twice this is `ankerort.anchors.solve.solve`.

    Parameters
    ----------
    prepared
        The problem, each offer priced alone.
    region, catalogue
        With the buildings and the prices of rooms.
    seed, seconds, progress
        As in `ankerort.anchors.solve.solve`; `seconds` counts for all rounds together.

    Returns
    -------
    Solution
        Value and gap as evaluated on `prepared`; `ankerort.anchors.result.make_plan` tells them at true prices.
    """
    begin = time.monotonic()
    objective, limits = prepared.objective, prepared.limits
    first = solve(prepared.problem, objective, limits, seed=seed, seconds=seconds, progress=progress)
    if first.decision is None:
        return first
    found, current, best = first, prepared, None
    for number in range(1 + _ROUNDS):
        if found.decision is None:  # not to be met at these prices
            break
        true = settled(prepared, found.decision, region, catalogue)
        one = _Tried(found, found.decision, evaluate(true.problem, found.decision, objective, limits))
        if best is None or _better(one, best, objective):
            best = one
        raised = _raised(current, true, found.decision)
        if raised is current or number == _ROUNDS:
            break
        current = raised
        left = max(seconds - (time.monotonic() - begin), _LEAST_SECONDS)
        found = solve(
            current.problem, objective, limits, seed=seed, seconds=left, start=found.decision, progress=progress
        )
    assert best is not None  # the first plan was tried
    if best.solution is first:
        return replace(first, seconds=time.monotonic() - begin)
    return _as_solution(best, first, prepared, time.monotonic() - begin)


def _raised(current: Prepared, true: Prepared, decision: Decision) -> Prepared:
    """`current` with the true prices of those offers of a decision that cost more than it thinks; itself if none does."""
    offers = current.problem.offers
    up = decision.open & (true.problem.offers.cost_eur[:, 1] > offers.cost_eur[:, 1] + _LEAST_EUR)
    if not up.any():
        return current
    cost = np.where(up[:, None], true.problem.offers.cost_eur, offers.cost_eur)
    return replace(current, problem=replace(current.problem, offers=replace(offers, cost_eur=cost)))


def _better(one: _Tried, other: _Tried, objective: Objective) -> bool:
    """Whether a plan is better at true prices: first without faults (the budget), then by its value or by the components in their order."""
    good, known = not one.true.faults, not other.true.faults
    if good != known:
        return good
    if not good:  # neither keeps the rules: the one nearer to them
        return sum(f.amount for f in one.true.faults) < sum(f.amount for f in other.true.faults)
    if not objective.order:
        return one.true.value > other.true.value
    for name in objective.order:
        sign = -1.0 if name == "cost" else 1.0
        now, was = sign * one.true.component(name), sign * other.true.component(name)
        if abs(now - was) > ORDER_TOLERANCE * max(1.0, abs(was)):
            return now > was
    return False


def _as_solution(best: _Tried, first: Solution, prepared: Prepared, seconds: float) -> Solution:
    """A plan of a later round, told by the prices of the first problem and its bound."""
    objective = prepared.objective
    found = evaluate(prepared.problem, best.decision, objective, prepared.limits)
    value = found.value
    if objective.order:
        name = objective.order[0]
        value = -found.component(name) if name == "cost" else found.component(name)
    bound = max(first.bound, value)
    gap = (bound - value) / max(abs(bound), 1e-9)
    proven = first.status == "optimal" and not objective.order and gap <= _SAME
    return replace(
        first,
        decision=best.decision,
        value=value,
        bound=bound,
        gap=gap,
        seconds=seconds,
        status="optimal" if proven else "feasible",
        steps=(*first.steps, *best.solution.steps),
    )
