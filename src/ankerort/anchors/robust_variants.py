"""Runs over which a plan is tried: populations, weights and costs, made from prepared problems."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
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


@dataclass(frozen=True)
class RunsMade:
    """How many runs there are, and what is other in them than in the plan.

    Parameters
    ----------
    total
        All, with the one of the plan itself.
    people, costs, weights
        Only this is other.
    joint
        Two or all three are other at once.
    """

    total: int
    people: int
    costs: int
    weights: int
    joint: int


def robust_runs(populations: Sequence[tuple[str, Prepared]], *, draws: int, joint: int = 0) -> tuple[RobustRun, ...]:
    """Each assumption alone, then all at once: what turns a choice shows in the first runs, what only works together in the last ones.

    In this order: the plan's own problem; each other population; low and high costs; `draws` draws of the weights; `joint` runs, each with
    a further draw of the weights, where populations and ends of the costs take turns, so that each occurs (as far as can be) equally often,
    and together with one another. All combinations would be many more runs that say little more.

    Parameters
    ----------
    populations
        (label, prepared problem); the first one is the population for which the plan was made.
    draws
        Draws of the weights with all else as recorded.
    joint
        Runs in which all is varied.
    """
    if not populations:
        return ()
    own, many = populations[0], len(populations)
    made = [(own, AS_RECORDED, "mid"), *((one, AS_RECORDED, "mid") for one in populations[1:])]
    made += [(own, AS_RECORDED, end) for end in COSTS if end != "mid"]
    made += [(own, str(k + 1), "mid") for k in range(draws)]
    for k in range(joint):
        turn, which = divmod(k, many)
        # with the people of the plan, mid costs would leave only the weights to vary
        end = ("low", "high")[turn % 2] if which == 0 else COSTS[(which + turn) % len(COSTS)]
        made.append((populations[which], str(draws + k + 1), end))
    return tuple(RobustRun(k + 1, one[0], weights, end, one[1]) for k, (one, weights, end) in enumerate(made))


def runs_made(table: pd.DataFrame) -> RunsMade:
    """Count the runs of a table PLAN_ROBUST by what is varied; its first run is the plan's own problem."""
    if table.empty:
        return RunsMade(0, 0, 0, 0, 0)
    people = table["variant"].astype(str).to_numpy() != str(table["variant"].iloc[0])
    costs = table["costs"].astype(str).to_numpy() != "mid"
    weights = table["weights"].astype(str).to_numpy() != AS_RECORDED
    varied_at_once = people.astype(int) + costs + weights
    alone = varied_at_once == 1
    return RunsMade(
        len(table),
        int((people & alone).sum()),
        int((costs & alone).sum()),
        int((weights & alone).sum()),
        int((varied_at_once > 1).sum()),
    )


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
