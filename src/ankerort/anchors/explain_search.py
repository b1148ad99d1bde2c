"""Plans under other rules, found quickly from a plan at hand: without a place, with it, with a rule relaxed."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ankerort.anchors.evaluate import Evaluation, Evaluator
from ankerort.anchors.heuristic import construct, improve
from ankerort.anchors.heuristic_exchange import exchange, exchange_offers
from ankerort.anchors.heuristic_fill import Clock, Moves
from ankerort.anchors.heuristic_judge import Judge
from ankerort.anchors.heuristic_order import working_objective
from ankerort.anchors.problem import MOVED, NEW, AnchorProblem, Decision, Limits, Objective
from ankerort.anchors.solve import solve
from ankerort.anchors.viability import feed_starving, repair

_TRIED: Final = 6  # units that are tried in the stead of one
_SMALL: Final = 10_000  # offers times units up to which units are exchanged too


@dataclass(frozen=True)
class Effort:
    """How hard other plans are searched for.

    Parameters
    ----------
    seconds
        Most wall time of one search, a safety stop: most searches end by themselves and give the same plan on every machine.
    seed
        Of the heuristic.
    exact
        Solve with proof instead of by the heuristic alone.
    """

    seconds: float = 3.0
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
    *,
    evaluator: Evaluator | None = None,
) -> Found | None:
    """Search the best plan under `limits`.

    Parameters
    ----------
    starts
        Decisions that need not keep the rules. Where none leads to a plan, one is built from nothing.
    evaluator
        Of the same problem under any limits: what it has computed is used.

    Returns
    -------
    Found or None
        None where no plan was found that keeps all rules.
    """
    judge = Evaluator(problem, objective, limits) if evaluator is None else copy.copy(evaluator)
    judge.objective, judge.limits = objective, limits  # effects of open offers do not depend on the rules
    best: Found | None = None
    for start in starts:
        best = _better(best, _searched(problem, objective, limits, start, judge, effort), objective)
    if best is None:
        seed, seconds = effort.seed, effort.seconds
        built = construct(problem, objective, limits, seconds=seconds, seed=seed, evaluator=judge)
        if built is not None and _is_small(problem):
            built = improve(problem, objective, limits, built, seconds=seconds, seed=seed, evaluator=judge)
        best = _judged(built, judge, proven=False)
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


def _searched(
    problem: AnchorProblem, objective: Objective, limits: Limits, start: Decision, judge: Evaluator, effort: Effort
) -> Found | None:
    """From a start: first units in the stead of those that left, then offers; units are exchanged in small problems only.

    Work is limited by size, so that the clock is a safety stop and the plan does not depend on the machine.
    """
    rules = Judge(problem, working_objective(problem, objective), limits, evaluator=judge)
    moves = Moves(rules, Clock(effort.seconds))
    trial = feed_starving(moves, rules.start(start))
    while limits.max_anchors is None or int(trial.units.sum()) < limits.max_anchors:
        options = [moves.with_unit(trial, v) for v in moves.best_units(trial, _TRIED)]
        best = max(options, key=lambda t: (-t.violation, t.worth), default=trial)
        if not best.beats(trial) or moves.clock.over():
            break
        trial = best
    if _is_small(problem):
        trial = exchange(moves, trial)
    else:
        trial = exchange_offers(moves, trial, rounds=1)
    decision = trial.decision()
    if trial.violation > 0:
        mended = repair(problem, objective, limits, decision, seed=effort.seed, seconds=effort.seconds, evaluator=judge)
        return _judged(mended, judge, proven=False)
    return _judged(decision, judge, proven=False)


def _is_small(problem: AnchorProblem) -> bool:
    return len(problem.offers) * len(problem.units) <= _SMALL


def _judged(decision: Decision | None, judge: Evaluator, *, proven: bool) -> Found | None:
    if decision is None:
        return None
    evaluation = judge.evaluate(decision)
    return None if evaluation.faults else Found(decision, evaluation, proven)


def _better(one: Found | None, other: Found | None, objective: Objective) -> Found | None:
    if one is None or other is None:
        return one if other is None else other
    return other if rank(other.evaluation, objective) > rank(one.evaluation, objective) else one
