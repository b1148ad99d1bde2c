"""Which rules keep a plan from more, and a place from being an anchor."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from ankerort.anchors.evaluate import Evaluator
from ankerort.anchors.explain_compare import Comparer
from ankerort.anchors.explain_model import Binding
from ankerort.anchors.explain_search import best_plan, limits_demanding, places_of, worth
from ankerort.anchors.problem import MOVED, NEW, AnchorProblem, Decision, Limits

_LEAST: Final = 1e-6  # of the plan's value: less is no gain


def plan_limits(comparer: Comparer, *, budget_share: float) -> tuple[Binding, ...]:
    """Rules of the plan as a whole whose relaxation makes it better, the most valuable first.

    Parameters
    ----------
    comparer
        The plan.
    budget_share
        Share by which the budget is raised.
    """
    limits, found = comparer.limits, []
    for rule, relaxed, amount, eur in _relaxed(limits, int(comparer.decision.units.sum()), budget_share):
        other = best_plan(
            comparer.problem,
            comparer.objective,
            relaxed,
            (comparer.decision,),
            comparer.effort,
            evaluator=comparer.evaluator,
        )
        if other is None:
            continue
        points = worth(other.evaluation, comparer.objective) - worth(comparer.evaluation, comparer.objective)
        if points <= _LEAST * max(1.0, abs(worth(comparer.evaluation, comparer.objective))):
            continue
        change = comparer.against(other)
        found.append(
            Binding(
                rule,
                persons=change.gains.summed - change.loses.summed,
                points=points,
                eur=eur,
                cost_eur=change.cost_eur,
                places=change.comes,
                amount=amount,
            )
        )
    return tuple(sorted(found, key=lambda b: (-b.points, b.rule)))


def _relaxed(limits: Limits, chosen: int, budget_share: float) -> list[tuple[str, Limits, float, float]]:
    nan = float("nan")
    found = []
    if limits.max_anchors is not None and chosen == limits.max_anchors:
        found.append(("max_anchors", replace(limits, max_anchors=chosen + 1), nan, nan))
    if limits.budget_eur is not None:
        more = abs(limits.budget_eur) * budget_share
        found.append(("budget", replace(limits, budget_eur=limits.budget_eur + more), budget_share, more))
    if limits.area_share > 0:
        found.append(("area_share", replace(limits, area_share=0.0), limits.area_share, nan))
    if limits.spacing_m > 0:
        found.append(("spacing", replace(limits, spacing_m=0.0), limits.spacing_m, nan))
    if limits.legal == "hard":
        found.append(("legal", replace(limits, legal="off"), nan, nan))
    return found


def starved(comparer: Comparer, decision: Decision, places: tuple[int, ...]) -> tuple[Binding, ...]:
    """Functions that nothing holds at these places and whose catchment there would be too small, fewest persons missing first.

    Each is opened alone in the plan, in the variant that misses the fewest persons.
    """
    problem, limits = comparer.problem, comparer.limits
    if not limits.viability:
        return ()
    offers = problem.offers
    here = np.isin(offers.place, places)
    held = set(offers.function[here & decision.open].tolist())
    judge = Evaluator(problem, comparer.objective, limits)
    allowed = judge.may_be_short(decision.units)
    misses: dict[int, float] = {}
    for o in np.flatnonzero(here & np.isin(offers.state, (NEW, MOVED)) & ~decision.open):
        f = int(offers.function[o])
        if f in held:
            continue
        is_open = decision.open.copy()
        is_open[o] = True
        if offers.origin[o] >= 0:
            is_open[offers.origin[o]] = False
        short = judge.evaluate(Decision(is_open, decision.units), faults=False).short[o]
        missing = 0.0 if allowed[o] else float(short)
        misses[f] = min(misses.get(f, np.inf), missing)
    found = [
        Binding("viability", function=problem.functions[f].id, persons=persons)
        for f, persons in misses.items()
        if persons >= 0.5
    ]
    return tuple(sorted(found, key=lambda b: (b.persons, b.function)))


def standing_against(comparer: Comparer, place: int) -> tuple[Binding, ...]:
    """Rules that keep a place that is not chosen from being an anchor of this plan, and its value as one more anchor."""
    problem, limits = comparer.problem, comparer.limits
    name = comparer.prepared.place_ids
    found = []
    if place in limits.forbid:
        found.append(Binding("forbid"))
    found.extend(_core_missing(problem, place))
    near = _too_near(comparer, place)
    if near:
        least = min(metres for metres, _ in near)
        found.append(Binding("spacing", places=tuple(name[j] for _, j in sorted(near)), amount=least))
    if limits.max_anchors is not None:
        found.extend(_as_one_more(comparer, place))
    return tuple(found)


def _as_one_more(comparer: Comparer, place: int) -> list[Binding]:
    chosen = int(comparer.decision.units.sum())
    if chosen != comparer.limits.max_anchors:
        return []
    more = replace(limits_demanding(comparer.limits, place), max_anchors=chosen + 1)
    kept = tuple(sorted({*more.keep, *comparer.chosen}))
    starts = tuple(
        Decision(comparer.decision.open, comparer.decision.units | only)
        for only in _units_of(comparer.problem, place)[:1]
    )
    other = best_plan(
        comparer.problem,
        comparer.objective,
        replace(more, keep=kept),
        starts,
        comparer.effort,
        evaluator=comparer.evaluator,
    )
    if other is None:
        return []
    points = worth(other.evaluation, comparer.objective) - worth(comparer.evaluation, comparer.objective)
    if points <= _LEAST * max(1.0, abs(worth(comparer.evaluation, comparer.objective))):
        return []
    change = comparer.against(other)
    persons = change.gains.summed - change.loses.summed
    return [Binding("max_anchors", persons=persons, points=points, cost_eur=change.cost_eur, places=change.comes)]


def _units_of(problem: AnchorProblem, place: int) -> list[np.ndarray]:
    """Single units of a place, the lowest level first, each as a mask of the units."""
    units = problem.units
    own = np.flatnonzero((units.first == place) & (units.second < 0))
    own = own[np.argsort(units.level[own], kind="stable")]
    return [np.arange(len(units)) == u for u in own]


def _core_missing(problem: AnchorProblem, place: int) -> list[Binding]:
    """Items of the lowest level that nothing at the place can hold, with the partner of any pair; the unit that lacks least."""
    offers, units = problem.offers, problem.units
    best: list[Binding] | None = None
    for u in np.flatnonzero((units.first == place) | (units.second == place)):
        at = np.isin(offers.place, places_of(problem, int(u)))
        can = set(offers.function[at].tolist())
        level = problem.levels[units.level[u]]
        lacks = [s for s in level.core if not can & set(s.functions)]
        found = [Binding("core", function=problem.functions[s.functions[0]].id) for s in lacks if s.required]
        short = level.at_least - (len(level.core) - len(lacks))
        if short > 0:
            found.append(Binding("at_least", amount=float(short)))
        if best is None or len(found) < len(best):
            best = found
    return best or []


def _too_near(comparer: Comparer, place: int) -> list[tuple[float, int]]:
    problem = comparer.problem
    if comparer.limits.spacing_m <= 0:
        return []
    metres = np.hypot(problem.place_x - problem.place_x[place], problem.place_y - problem.place_y[place])
    return [(float(metres[j]), j) for j in sorted(comparer.chosen) if metres[j] < comparer.limits.spacing_m]
