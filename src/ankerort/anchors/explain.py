"""Why a place is an anchor of a plan, or why not: in numbers (docs/method/anchor-explanations.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ankerort.anchors.explain_compare import Comparer
from ankerort.anchors.explain_flip import flips
from ankerort.anchors.explain_limits import plan_limits, standing_against, starved
from ankerort.anchors.explain_model import Binding, Exchange, Flip, PlaceExplanation, PlanExplanation
from ankerort.anchors.explain_rows import Homes
from ankerort.anchors.explain_search import (
    Effort,
    Found,
    best_plan,
    limits_demanding,
    limits_forbidding,
    limits_without,
    places_of,
    without_places,
)
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import Decision, Solution
from ankerort.base.progress import SILENT, Progress

_WEAKEST: Final = 3  # anchors in whose stead a place is tried, besides the nearest one

__all__ = ["Effort", "Homes", "PlaceExplanation", "PlanExplanation", "explain_places"]


def explain_places(
    prepared: Prepared,
    solution: Solution,
    homes: Homes,
    *,
    places: Sequence[str] | None = None,
    others: Sequence[str] = (),
    effort: Effort | None = None,
    budget_share: float = 0.1,
    progress: Progress = SILENT,
) -> PlanExplanation:
    """Explain anchors of a plan, and places that are none.

    Parameters
    ----------
    prepared
        Problem and names.
    solution
        The plan.
    homes
        Where people live (`Homes.of`).
    places
        Chosen places to explain, by id; None = all anchors. A pair is told once, for whichever of its places is named.
    others
        Candidate places that are not chosen and shall be explained too.
    effort
        Of each search for another plan; there are two for an anchor, two for another place and one for each rule of the plan.
    budget_share
        Share by which the budget is raised to tell what more money buys (``anchors.budget_more_share``).

    Returns
    -------
    PlanExplanation
        Numbers and ids; sentences are made of it by `ankerort.documents.anchors_explain_words`.

    Raises
    ------
    ValueError
        If there is no plan, or a place is no candidate.
    """
    decision = solution.decision
    if decision is None:
        raise ValueError("there is no plan to explain")
    number = {p: j for j, p in enumerate(prepared.place_ids)}
    unknown = [p for p in (*(places or ()), *others) if p not in number]
    if unknown:
        raise ValueError(f"no candidate places: {', '.join(unknown)}")
    comparer = Comparer(prepared, decision, homes, effort or Effort())
    asked = {number[p] for p in (*(places or ()), *others)} if places is not None else {number[p] for p in others}
    units = [
        int(u)
        for u in np.flatnonzero(decision.units)
        if places is None or asked & set(places_of(prepared.problem, int(u)))
    ]
    units.sort(key=lambda u: places_of(prepared.problem, u))
    left = sorted(asked - comparer.chosen)
    told = []
    with progress.task("progress.anchors_explain", len(units) + len(left) + 1) as task:
        for u in units:
            told.append(_explain_anchor(comparer, u))
            task.advance()
        for j in left:
            told.append(_explain_other(comparer, j))
            task.advance()
        binding = plan_limits(comparer, budget_share=budget_share)
        task.advance()
    return PlanExplanation(tuple(told), binding)


def _explain_anchor(comparer: Comparer, unit: int) -> PlaceExplanation:
    problem, objective, limits = comparer.problem, comparer.objective, comparer.limits
    decision = comparer.decision
    places = places_of(problem, unit)
    shut = without_places(problem, decision, places)
    fewer = best_plan(
        problem,
        objective,
        limits_without(problem, limits, decision, places),
        (shut,),
        comparer.effort,
        evaluator=comparer.evaluator,
    )
    drop = _broken(comparer, comparer.against(fewer, about=places), shut)
    starts = (shut,) if fewer is None else (fewer.decision,)
    runner_up = best_plan(
        problem, objective, limits_forbidding(limits, places), starts, comparer.effort, evaluator=comparer.evaluator
    )
    runner_up = _better_of(comparer, runner_up, fewer)
    exchange = _broken(comparer, comparer.against(runner_up, about=places), shut)
    names = comparer.prepared.place_ids
    return PlaceExplanation(
        names[places[0]],
        names[places[1]] if len(places) > 1 else "",
        problem.levels[problem.units.level[unit]].id,
        True,
        comparer.reach(places),
        comparer.gain(decision, comparer.evaluation, unit),
        drop,
        exchange,
        starved(comparer, decision, places),
        _flips(comparer, runner_up),
    )


def _explain_other(comparer: Comparer, place: int) -> PlaceExplanation:
    """A place that is not chosen: the best plan found with it, and what stands against it."""
    problem, objective = comparer.problem, comparer.objective
    limits = limits_demanding(comparer.limits, place)
    starts = tuple(_swapped(comparer, place))
    found = best_plan(problem, objective, limits, starts, comparer.effort, evaluator=comparer.evaluator)
    against = list(standing_against(comparer, place))
    units = problem.units
    gain, level, partner = None, "", ""
    if found is not None:
        holds = (units.first == place) | (units.second == place)
        unit = int(np.flatnonzero(found.decision.units & holds)[0])
        gain = comparer.gain(found.decision, found.evaluation, unit)
        level = problem.levels[units.level[unit]].id
        partner = next((comparer.prepared.place_ids[j] for j in places_of(problem, unit) if j != place), "")
        against.extend(starved(comparer, found.decision, places_of(problem, unit)))
    elif starts:
        against.extend(starved(comparer, starts[0], (place,)))
    if not against:
        against.append(Binding("value"))
    exchange = comparer.against(found, about=(place,))
    if found is None and starts:
        exchange = _broken(comparer, exchange, starts[0])
    return PlaceExplanation(
        comparer.prepared.place_ids[place],
        partner,
        level,
        False,
        comparer.reach((place,)),
        gain,
        None,
        exchange,
        tuple(against),
        _flips(comparer, found),
    )


def _swapped(comparer: Comparer, place: int) -> list[Decision]:
    """The plan with the place at its lowest level in the stead of the nearest anchor, and of those without which the plan loses least.

    Anchors that were asked for stay. Where one more is allowed, none leaves.
    """
    problem, units = comparer.problem, comparer.problem.units
    own = np.flatnonzero((units.first == place) & (units.second < 0))
    if not len(own):
        return []
    unit = own[np.argmin(units.level[own])]
    metres = np.hypot(problem.place_x - problem.place_x[place], problem.place_y - problem.place_y[place])
    full = comparer.limits.max_anchors is not None and comparer.decision.units.sum() >= comparer.limits.max_anchors
    free = [
        places_of(problem, int(u))
        for u in np.flatnonzero(comparer.decision.units)
        if not set(places_of(problem, int(u))) & set(comparer.limits.keep)
    ]
    starts = [comparer.decision]
    if full and free:
        nearest = min(free, key=lambda p: (min(metres[j] for j in p), p))
        shut = {p: without_places(problem, comparer.decision, p) for p in free}
        value = {p: comparer.evaluator.evaluate(d, faults=False).value for p, d in shut.items()}
        weakest = sorted(free, key=lambda p: (-value[p], p))[:_WEAKEST]
        starts = [shut[p] for p in dict.fromkeys([nearest, *weakest])]
    only = np.arange(len(units)) == unit
    return [Decision(start.open, start.units | only) for start in starts]


def _better_of(comparer: Comparer, one: Found | None, other: Found | None) -> Found | None:
    """The plan without the place and without any in its stead is a plan with the place forbidden too, unless a number is exact."""
    if one is None:
        return None if comparer.limits.exactly else other
    if other is None or comparer.limits.exactly or one.evaluation.value >= other.evaluation.value:
        return one
    return other if not comparer.objective.order else one


def _broken(comparer: Comparer, exchange: Exchange, shut: Decision) -> Exchange:
    """Names the rules that the plan breaks without the place, where no other plan was found."""
    if exchange.found:
        return exchange
    return replace(exchange, broken=comparer.broken_rules(shut))


def _flips(comparer: Comparer, other: Found | None) -> tuple[Flip, ...]:
    if other is None:
        return ()
    return flips(
        comparer.rows,
        comparer.homes,
        comparer.objective,
        comparer.limits,
        (comparer.decision, comparer.evaluation),
        (other.decision, other.evaluation),
    )
