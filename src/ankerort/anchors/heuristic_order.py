"""Objectives in an order: the components one by one, and one weighted sum that comes near the order for the heuristic."""

from __future__ import annotations

from ankerort.anchors.problem import AnchorProblem, Objective

COMPONENTS = ("people", "minutes", "together", "cost", "worst")


def only(component: str) -> Objective:
    """Objective that counts one component alone."""
    return Objective(**{**dict.fromkeys(COMPONENTS, 0.0), component: 1.0})  # type: ignore[arg-type]


def working_objective(problem: AnchorProblem, objective: Objective) -> Objective:
    """Objective by factors: itself, or for an order factors that fall by a thousand from one component to the next.

    Parameters
    ----------
    problem
        For the size of the components.
    objective
        As asked.
    """
    if not objective.order:
        return objective
    people = sum(float((f.need * f.weight * problem.demand.weight).sum()) for f in problem.functions)
    size = {
        "people": people,
        "minutes": people * problem.minute_weight * 10,
        "together": float(problem.demand.persons.sum()) * float(problem.together_weight.max(initial=0.0)),
        "cost": float(problem.offers.cost_eur[:, 1].sum() + problem.units.cost_eur[:, 1].sum()),
        "worst": 1.0,
    }
    factors = dict.fromkeys(COMPONENTS, 0.0)
    for rank, name in enumerate(objective.order):
        factors[name] = 1e6 * 1e-3**rank / max(size[name], 1e-9)
    return Objective(**factors)  # type: ignore[arg-type]
