"""What would have to change for another plan to be worth as much: computed from the two plans, all else as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.evaluate import Evaluation, evaluate
from ankerort.anchors.explain_model import Flip
from ankerort.anchors.explain_rows import Homes, Rows
from ankerort.anchors.problem import AnchorProblem, Decision, Limits, Objective

_COMPONENTS: Final = ("people", "minutes", "together", "cost", "worst")
_FUNCTIONS: Final = 2  # as many weights of functions are told, those that need the smallest change
_MOST_TIMES: Final = 10.0  # more than so many times the people is no change that a council can imagine


def flips(
    rows: Rows,
    homes: Homes,
    objective: Objective,
    limits: Limits,
    plan: tuple[Decision, Evaluation],
    other: tuple[Decision, Evaluation],
) -> tuple[Flip, ...]:
    """Changes after which `other` is worth as much as `plan`, each alone.

    Parameters
    ----------
    plan, other
        The plan and the one that is worth less, under the same objective.

    Returns
    -------
    tuple of Flip
        People, cost, components, then functions. Empty where `other` is worth as much already, or where the objective is an order.

    Notes
    -----
    With :math:`\\Delta` the points between the plans: people of the homes where the other one has more points (by :math:`S` in all) would
    have to grow by :math:`\\Delta/S`; the other plan would have to cost :math:`\\Delta/F_c` less; the factor of a component in which the plans
    differ by :math:`d` would have to be :math:`F - \\Delta/d`, alike the weight of a function.
    """
    gap = plan[1].value - other[1].value
    if objective.order or gap <= 1e-9 * max(1.0, abs(plan[1].value)):
        return ()
    found = [_people_flip(rows, homes, objective, limits, plan[0], other[0], gap)]
    if objective.cost > 0:
        now = float(other[1].cost_eur[1])
        found.append(Flip("cost", "", now, now - gap / objective.cost))
    for name in _COMPONENTS:
        sign = -1.0 if name == "cost" else 1.0
        differs = sign * (plan[1].component(name) - other[1].component(name))
        now = float(getattr(objective, name))
        then = now - gap / differs if differs else -1.0
        if then >= 0:
            found.append(Flip("component", name, now, then))
    found.extend(_function_flips(rows, objective, plan[0], other[0], gap))
    return tuple(f for f in found if f is not None)


def _people_flip(
    rows: Rows, homes: Homes, objective: Objective, limits: Limits, plan: Decision, other: Decision, gap: float
) -> Flip | None:
    """Growth of all homes alike in which the other plan has more points; proven by evaluating both plans with these people."""
    more = rows.row_points(rows.state(other), objective) - rows.row_points(rows.state(plan), objective)
    here = more > 1e-9
    gained = float(more[here].sum())
    if gained <= 0:
        return None

    def differs(growth: float) -> float:
        grown = with_people(rows.problem, here, 1.0 + growth)
        first, second = (evaluate(grown, d, objective, limits).value for d in (plan, other))
        return second - first

    growth = gap / gained
    slack = 1e-6 * max(1.0, gap)
    if growth > _MOST_TIMES - 1:
        return None
    if abs(differs(growth)) > slack:  # capacities, catchments or the worst area bend the line
        low, high = 0.0, _MOST_TIMES - 1
        if differs(high) < 0:
            return None
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (low, middle) if differs(middle) >= 0 else (middle, high)
        growth = high
    persons = rows.problem.demand.persons * here
    now = float(persons.sum())
    return Flip("persons", "", now, now * (1.0 + growth), homes.spread(persons))


def with_people(problem: AnchorProblem, rows: NDArray[np.bool_], factor: float) -> AnchorProblem:
    """The problem with the people of some demand rows multiplied, in each function's group alike."""
    times = np.where(rows, factor, 1.0)
    return replace(
        problem,
        demand=replace(problem.demand, persons=problem.demand.persons * times),
        functions=tuple(replace(f, need=f.need * times) for f in problem.functions),
    )


def _function_flips(rows: Rows, objective: Objective, plan: Decision, other: Decision, gap: float) -> list[Flip]:
    """Weights of functions; none where the worst area counts, since shares do not follow weights in a line."""
    if objective.worst > 0:
        return []
    one, two = rows.state(plan), rows.state(other)
    people = (rows.people_points(one) - rows.people_points(two)).sum(axis=1)
    minutes = (rows.minutes_points(one) - rows.minutes_points(two)).sum(axis=1)
    # minutes with a weight of their own stay as they are when the weight of a served person changes
    follows = np.array([f.minute_weight is None for f in rows.problem.functions])
    differs = objective.people * people + objective.minutes * np.where(follows, minutes, 0.0)
    found = []
    for f, function in enumerate(rows.problem.functions):
        if function.weight <= 0 or abs(differs[f]) < 1e-9:
            continue
        then = function.weight * (1.0 - gap / float(differs[f]))
        if then >= 0:
            found.append(Flip("function", function.id, function.weight, then))
    found.sort(key=lambda flip: (abs(flip.then / flip.now - 1.0), flip.id))
    return found[:_FUNCTIONS]
