"""Runs over which a plan is tried: populations, weights and costs, made from prepared problems."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.explain_rows import KINDS
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import AnchorProblem

COSTS: Final = ("low", "mid", "high")
AS_RECORDED: Final = "recorded"


@dataclass(frozen=True)
class RobustRun:
    """One run: which population, which weights, which end of the costs.

    Parameters
    ----------
    number
        From 1.
    variant
        Label of the population.
    weights
        "recorded", or the number of the draw.
    costs
        low, mid, high.
    prepared
        The problem with the population; weights and costs are applied in the run (`varied`).
    """

    number: int
    variant: str
    weights: str
    costs: str
    prepared: Prepared


def robust_runs(
    populations: Sequence[tuple[str, Prepared]], *, draws: int, costs: Sequence[str] = COSTS
) -> tuple[RobustRun, ...]:
    """All combinations of populations, weights (as recorded and drawn) and ends of the costs.

    Parameters
    ----------
    populations
        (label, prepared problem); the first one is the population for which the plan was made.
    draws
        Number of draws of the weights besides the recorded ones.
    costs
        Ends of the cost ranges.
    """
    weights = (AS_RECORDED, *(str(k + 1) for k in range(draws)))
    made = [(label, w, c, prepared) for label, prepared in populations for w in weights for c in costs]
    return tuple(RobustRun(k + 1, *parts) for k, parts in enumerate(made))


def varied(prepared: Prepared, *, weights: str, costs: str, spread: float, seed: int) -> Prepared:
    """A prepared problem with drawn weights and one end of the costs as its mid estimate.

    Parameters
    ----------
    weights
        "recorded" or the number of a draw.
    costs
        low, mid, high.
    spread
        Each weight is multiplied by a factor between 1 - spread and 1 + spread, all alike probable.
    seed
        Of the draws. A function or kind of people has the same factor in a draw whatever else takes part in the problem.

    Raises
    ------
    ValueError
        If the spread is not in [0, 1), or the end of the costs is unknown.
    """
    if not 0 <= spread < 1:
        raise ValueError(f"the spread of weights must be in [0, 1), not {spread}")
    problem = prepared.problem
    if weights != AS_RECORDED:
        problem = _drawn(problem, prepared.demand_kind, int(weights), spread, seed)
    return replace(prepared, problem=at_cost(problem, costs))


def at_cost(problem: AnchorProblem, end: str) -> AnchorProblem:
    """The problem with one end of all cost ranges in the stead of the mid estimates."""
    k = COSTS.index(end)
    if end == "mid":
        return problem

    def shifted(cost: NDArray[np.float64]) -> NDArray[np.float64]:
        made = cost.copy()
        made[:, 1] = cost[:, k]
        return made

    return replace(
        problem,
        offers=replace(problem.offers, cost_eur=shifted(problem.offers.cost_eur)),
        units=replace(problem.units, cost_eur=shifted(problem.units.cost_eur)),
        bundles=replace(problem.bundles, saving_eur=shifted(problem.bundles.saving_eur)),
    )


def _drawn(problem: AnchorProblem, kind: NDArray[np.int8], draw: int, spread: float, seed: int) -> AnchorProblem:
    functions = tuple(
        replace(f, weight=f.weight * _factor(f"function {f.id}", draw, spread, seed)) for f in problem.functions
    )
    of_kind = np.array([_factor(f"people {k}", draw, spread, seed) for k in KINDS])
    demand = replace(problem.demand, weight=problem.demand.weight * of_kind[kind])
    return replace(problem, functions=functions, demand=demand)


def _factor(name: str, draw: int, spread: float, seed: int) -> float:
    rng = np.random.default_rng([seed, draw, zlib.crc32(name.encode())])
    return float(rng.uniform(1.0 - spread, 1.0 + spread))
