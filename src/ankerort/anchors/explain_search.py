"""Plans under other rules, found quickly from a plan at hand: without a place, with it, with a rule relaxed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ankerort.anchors.evaluate import Evaluation, Evaluator
from ankerort.anchors.heuristic import construct, improve
from ankerort.anchors.problem import MOVED, NEW, AnchorProblem, Decision, Limits, Objective
from ankerort.anchors.solve import solve
from ankerort.anchors.viability import repair


@dataclass(frozen=True)
class Effort:
    """How hard other plans are searched for.

    Parameters
    ----------
    seconds
        Most wall time of one search. A search that ends by itself gives the same plan on every machine.
    seed
        Of the heuristic.
    exact
        Solve with proof instead of by the heuristic alone.
    """

    seconds: float = 1.0
    seed: int = 1
    exact: bool = False


@dataclass(frozen=True)
class Found:
    """A plan under certain rules.

    Parameters
    ----------
    decision, evaluation
        The plan and its numbers.
    proven
        No other is better.
    """

    decision: Decision
    evaluation: Evaluation
    proven: bool


def worth(evaluation: Evaluation, objective: Objective) -> float:
    """Points by which plans are compared: the value, of an ordered objective its first component (cost counts against)."""
    if not objective.order:
        return evaluation.value
    first = objective.order[0]
    return -evaluation.component(first) if first == "cost" else evaluation.component(first)


def rank(evaluation: Evaluation, objective: Objective) -> tuple[float, ...]:
    """What is compared in turn, greater is better."""
    if not objective.order:
        return (evaluation.value,)
    parts = [(-1.0 if c == "cost" else 1.0) * evaluation.component(c) for c in objective.order]
    return tuple(round(p, 6) for p in parts)  # sums in another order of terms must not decide before the next component


def places_of(problem: AnchorProblem, unit: int) -> tuple[int, ...]:
    """Places of a unit: one or two."""
    first, second = int(problem.units.first[unit]), int(problem.units.second[unit])
    return (first,) if second < 0 else (first, second)


def chosen_places(problem: AnchorProblem, decision: Decision) -> frozenset[int]:
    """Places in chosen units."""
    return frozenset(j for u in np.flatnonzero(decision.units) for j in places_of(problem, int(u)))


def without_places(problem: AnchorProblem, decision: Decision, places: tuple[int, ...]) -> Decision:
    """The plan with units at these places given up and what opens there closed; origins of what moved there open again."""
    offers, units = problem.offers, problem.units
    here = np.isin(offers.place, places)
    shut = decision.open & here & np.isin(offers.state, (NEW, MOVED))
    is_open = decision.open & ~shut
    origins = offers.origin[shut & (offers.state == MOVED)]
    is_open[origins[origins >= 0]] = True
    chosen = decision.units & ~(np.isin(units.first, places) | np.isin(units.second, places))
    return Decision(is_open, chosen)


def limits_without(problem: AnchorProblem, limits: Limits, decision: Decision, places: tuple[int, ...]) -> Limits:
    """Rules of the plan without these places, in which all other anchors stay and none takes their stead."""
    others = sorted((chosen_places(problem, decision) | set(limits.keep)) - set(places))
    fewer = int(decision.units.sum()) - 1
    return replace(
        limits,
        keep=tuple(others),
        forbid=tuple(sorted({*limits.forbid, *places})),
        max_anchors=fewer,
    )


def limits_forbidding(limits: Limits, places: tuple[int, ...]) -> Limits:
    """The same rules with these places forbidden."""
    return replace(
        limits,
        keep=tuple(j for j in limits.keep if j not in places),
        forbid=tuple(sorted({*limits.forbid, *places})),
    )


def limits_demanding(limits: Limits, place: int) -> Limits:
    """The same rules with this place demanded."""
    return replace(
        limits,
        keep=tuple(sorted({*limits.keep, place})),
        forbid=tuple(j for j in limits.forbid if j != place),
    )


def best_plan(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    starts: tuple[Decision, ...],
    effort: Effort,
) -> Found | None:
    """Search the best plan under `limits`.

    Parameters
    ----------
    starts
        Decisions that need not keep the rules; each is repaired and improved, and one more is built from nothing.

    Returns
    -------
    Found or None
        None where no plan was found that keeps all rules.
    """
    judge = Evaluator(problem, objective, limits)
    best: Found | None = None
    share = effort.seconds / (len(starts) + 1)
    for start in starts:
        repaired = repair(problem, objective, limits, start, seed=effort.seed, seconds=share)
        best = _better(best, _improved(problem, objective, limits, repaired, judge, effort, share), objective)
    built = construct(problem, objective, limits, seed=effort.seed, seconds=share)
    best = _better(best, _improved(problem, objective, limits, built, judge, effort, share), objective)
    if not effort.exact:
        return best
    solved = solve(
        problem,
        objective,
        limits,
        seed=effort.seed,
        seconds=effort.seconds,
        start=None if best is None else best.decision,
    )
    exact = _judged(solved.decision, judge, proven=solved.status == "optimal")
    if exact is not None and (best is None or exact.proven):
        return exact
    return _better(best, exact, objective)


def _improved(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    start: Decision | None,
    judge: Evaluator,
    effort: Effort,
    seconds: float,
) -> Found | None:
    if start is None:
        return None
    better = improve(problem, objective, limits, start, seed=effort.seed, seconds=seconds)
    return _judged(better, judge, proven=False)


def _judged(decision: Decision | None, judge: Evaluator, *, proven: bool) -> Found | None:
    if decision is None:
        return None
    evaluation = judge.evaluate(decision)
    return None if evaluation.faults else Found(decision, evaluation, proven)


def _better(one: Found | None, other: Found | None, objective: Objective) -> Found | None:
    if one is None or other is None:
        return one if other is None else other
    return other if rank(other.evaluation, objective) > rank(one.evaluation, objective) else one
