"""The classic location problems by the same code as the anchors: LSCP, MCLP, p-median, p-center, capacitated, budgeted, backup coverage.

Each builds an `AnchorProblem` with one function whose sites are the candidate places; model, evaluation and search are those of the anchors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ankerort.anchors.evaluate import evaluate
from ankerort.anchors.model import solve_relaxation
from ankerort.anchors.problem import (
    NEW,
    OWN,
    AnchorProblem,
    Bundles,
    CoreSlot,
    Decision,
    Demand,
    Function,
    Level,
    Limits,
    Objective,
    Offers,
    Solution,
    Travel,
    Units,
)
from ankerort.anchors.solve import WrongValueError, solve

_MINUTE_S: Final = 60


@dataclass(frozen=True)
class Located:
    """Sites that a classic problem chooses.

    Parameters
    ----------
    sites
        int64: numbers of the chosen sites, ascending; empty where there is no solution.
    value
        What the problem makes great or small (number of sites, covered weight, weighted seconds, largest seconds); NaN without solution.
    bound
        No solution is better.
    status
        optimal, feasible, infeasible or none, as in `ankerort.anchors.problem.Solution`.
    covered
        bool, shape (demand points,): within the limit of a chosen site (p-median and p-center: reached at all).
    solution
        Of the anchor problem (of p-center: the last one solved), None where none was asked.
    twice
        bool, shape (demand points,): within the limit of two chosen sites or more; None where there is no limit or no solution.
    """

    sites: NDArray[np.int64]
    value: float
    bound: float
    status: str
    covered: NDArray[np.bool_]
    solution: Solution | None
    twice: NDArray[np.bool_] | None = None


def lscp(
    times_s: ArrayLike, limit_s: float, *, keep: Sequence[int] = (), seed: int = 1, seconds: float = 60.0
) -> Located:
    """Location set covering problem: the fewest sites so that every demand point has one within the limit.

    Parameters
    ----------
    times_s
        Shape (demand points, sites): whole seconds (or metres), inf or negative = not reached.
    limit_s
        Standard, in the unit of the times.
    keep
        Sites that must be chosen.
    seed, seconds
        As in `ankerort.anchors.solve.solve`.

    Notes
    -----
    Points that no site reaches within the limit cannot be covered; they are left out and stand as not covered.
    Toregas, Swain, ReVelle, Bergman (1971): The location of emergency service facilities. Operations Research 19(6).
    """
    times = _whole(times_s)
    problem = _problem(times, limit_s, np.ones(len(times)), legal=True, unit_cost=np.ones(times.shape[1]))
    limits = Limits(keep=tuple(keep), legal="hard", viability=False)
    found = _solved(problem, Objective(people=0.0, together=0.0, cost=1.0), limits, seed=seed, seconds=seconds)
    # A number of sites is whole, so the bound may be rounded up.
    return _located(found, times, limit_s, value=-found.value, bound=float(np.ceil(-found.bound - 1e-6)))


def mclp(
    times_s: ArrayLike,
    limit_s: float,
    weights: ArrayLike,
    sites: int,
    *,
    keep: Sequence[int] = (),
    seed: int = 1,
    seconds: float = 60.0,
    tolerance: float = 0.0,
) -> Located:
    """Maximal covering location problem: at most so many sites that cover the most weight within the limit.

    Parameters
    ----------
    times_s, limit_s, keep, seed
        As in `lscp`.
    weights
        Shape (demand points,): persons.
    sites
        Most sites that may be chosen.
    seconds, tolerance
        As in `ankerort.anchors.solve.solve`.

    Notes
    -----
    Church, ReVelle (1974): The maximal covering location problem. Papers of the Regional Science Association 32.
    """
    times = _whole(times_s)
    problem = _problem(times, limit_s, _weights(weights, times))
    limits = Limits(max_anchors=sites, keep=tuple(keep), viability=False)
    found = _solved(problem, Objective(together=0.0), limits, seed=seed, seconds=seconds, tolerance=tolerance)
    return _located(found, times, limit_s, value=found.value, bound=found.bound)


def budgeted(
    times_s: ArrayLike,
    limit_s: float,
    weights: ArrayLike,
    cost_eur: ArrayLike,
    budget_eur: float,
    *,
    keep: Sequence[int] = (),
    seed: int = 1,
    seconds: float = 60.0,
) -> Located:
    """Budgeted MCLP: sites that cover the most weight and cost no more than the budget.

    Parameters
    ----------
    times_s, limit_s, weights, keep, seed, seconds
        As in `mclp`.
    cost_eur
        Shape (sites,).
    budget_eur
        Most that the chosen sites may cost together.

    Notes
    -----
    Khuller, Moss, Naor (1999): The budgeted maximum coverage problem. Information Processing Letters 70(1).
    """
    times = _whole(times_s)
    problem = _problem(times, limit_s, _weights(weights, times), unit_cost=np.asarray(cost_eur, dtype=np.float64))
    limits = Limits(budget_eur=budget_eur, keep=tuple(keep), viability=False)
    found = _solved(problem, Objective(together=0.0), limits, seed=seed, seconds=seconds)
    return _located(found, times, limit_s, value=found.value, bound=found.bound)


def backup(
    times_s: ArrayLike,
    limit_s: float,
    weights: ArrayLike,
    sites: int,
    *,
    once: float = 1.0,
    twice: float = 1.0,
    all_once: bool = False,
    keep: Sequence[int] = (),
    seed: int = 1,
    seconds: float = 60.0,
) -> Located:
    """Backup coverage: at most so many sites with the most weight within the limit of one of them, and again within that of a second one.

    Parameters
    ----------
    times_s, limit_s, weights, sites, keep, seed, seconds
        As in `mclp`.
    once
        What covered weight counts; above 0.
    twice
        What weight that is covered twice counts besides; from 0 to `once`.
    all_once
        Every point that any site reaches within the limit must be covered (BACOP1); else it need not be (BACOP2).

    Raises
    ------
    ValueError
        `twice` is greater than `once`, or one of them too small.

    Notes
    -----
    A site counts once, so the second one stands elsewhere. Hogan, ReVelle (1986): Concepts and applications of backup coverage.
    Management Science 32(11).
    """
    if not once > 0:
        raise ValueError("covered weight must count more than nothing")
    times = _whole(times_s)
    problem = _problem(times, limit_s, _weights(weights, times), legal=all_once, once=once, backup_share=twice / once)
    limits = Limits(max_anchors=sites, keep=tuple(keep), legal="hard" if all_once else "off", viability=False)
    found = _solved(problem, Objective(together=0.0), limits, seed=seed, seconds=seconds)
    return _located(found, times, limit_s, value=found.value, bound=found.bound)


def capacitated(
    times_s: ArrayLike,
    limit_s: float,
    weights: ArrayLike,
    capacity: ArrayLike,
    sites: int,
    *,
    seed: int = 1,
    seconds: float = 60.0,
) -> Located:
    """Capacitated MCLP where people use the closest chosen site: weight beyond a site's capacity is not served.

    Parameters
    ----------
    times_s, limit_s, weights, sites, seed, seconds
        As in `mclp`.
    capacity
        Shape (sites,): persons; inf = no limit.

    Notes
    -----
    The textbook's variant assigns people to any site with room; nobody can order them to go there, so here they go to the closest one
    (docs/method/anchors.md). The bound is that of the relaxation in which they may be assigned, so it bounds both variants.
    Current, Storbeck (1988): Capacitated covering models. Environment and Planning B 15(2).
    """
    times = _whole(times_s)
    problem = _problem(times, limit_s, _weights(weights, times), capacity=np.asarray(capacity, dtype=np.float64))
    limits = Limits(max_anchors=sites, viability=False)
    found = _solved(problem, Objective(together=0.0), limits, seed=seed, seconds=seconds)
    return _located(found, times, limit_s, value=found.value, bound=found.bound)


def p_median(times_s: ArrayLike, weights: ArrayLike, sites: int, *, seed: int = 1, seconds: float = 60.0) -> Located:
    """p-median problem: exactly so many sites with the least sum of weight times the way to the closest one.

    Parameters
    ----------
    times_s
        Shape (demand points, sites): whole seconds (or metres), all reached.
    weights, sites, seed, seconds
        As in `mclp`.

    Raises
    ------
    ValueError
        A point does not reach every site, or there are fewer sites than are to be chosen.

    Notes
    -----
    Time saved against the longest way of the table is made great; each point's ways are a chain of grades (radius formulation), so
    there are no assignment variables. Hakimi (1964): Optimum locations of switching centers and the absolute centers and medians of a
    graph. Operations Research 12(3). Elloumi (2010): A tighter formulation of the p-median problem. Journal of Combinatorial Optimization 19.
    """
    times = _whole(times_s)
    if (times < 0).any():
        raise ValueError("p-median needs the way from every demand point to every site")
    if not 1 <= sites <= times.shape[1]:
        raise ValueError(f"{sites} of {times.shape[1]} sites cannot be chosen")
    weight = _weights(weights, times)
    problem = _problem(times, float(times.max(initial=0)), weight, all_ways=True)
    limits = Limits(max_anchors=sites, exactly=True, viability=False)
    objective = Objective(people=0.0, minutes=1.0, together=0.0)
    found = _solved(problem, objective, limits, seed=seed, seconds=seconds)
    longest = float(weight.sum() * times.max(initial=0))
    return _located(found, times, np.inf, value=longest - found.value, bound=longest - found.bound)


def p_center(times_s: ArrayLike, sites: int, *, seed: int = 1, seconds: float = 60.0) -> Located:
    """p-center problem: at most so many sites with the least longest way of any demand point to its closest one.

    Parameters
    ----------
    times_s, sites, seed
        As in `p_median`.
    seconds
        For each of the set covering problems that are asked.

    Notes
    -----
    Bisection over the distinct times; each step asks whether the points can be covered by so many sites within that time. The status is optimal
    where every step was decided. Minieka (1970): The m-center problem. SIAM Review 12(1).
    """
    times = _whole(times_s)
    reached = np.where(times < 0, np.iinfo(np.int64).max, times)
    if not times.size or (times.max(axis=1) < 0).any():
        return Located(np.zeros(0, np.int64), np.nan, np.nan, "infeasible", np.zeros(len(times), bool), None)
    radii = np.unique(times[times >= reached.min(axis=1).max()])
    low, high = 0, len(radii)  # the optimum is not below radii[low]; radii[high] is known to suffice
    best: Located | None = None
    proven = True
    while low < high:
        middle = (low + high) // 2
        found = _within(times, float(radii[middle]), sites, seed, seconds)
        if found.status in ("optimal", "feasible"):
            # What was found may be shorter than what was asked for.
            reach = float(reached[:, found.sites].min(axis=1).max())
            best, high = found, int(np.searchsorted(radii, reach))
        else:
            proven &= found.status == "infeasible"
            low = middle + 1
    if best is None:
        return Located(
            np.zeros(0, np.int64), np.nan, np.nan, "infeasible" if proven else "none", np.zeros(len(times), bool), None
        )
    value = float(reached[:, best.sites].min(axis=1).max())
    bound = value if proven else float(radii[0])
    return Located(
        best.sites, value, bound, "optimal" if proven else "feasible", np.ones(len(times), bool), best.solution
    )


def _within(times: NDArray[np.int64], radius: float, sites: int, seed: int, seconds: float) -> Located:
    """Any choice of so many sites that covers every point within the radius."""
    problem = _problem(times, radius, np.ones(len(times)), legal=True, unit_cost=np.ones(times.shape[1]))
    limits = Limits(max_anchors=sites, legal="hard", viability=False)
    found = solve(
        problem, Objective(people=0.0, together=0.0, cost=1.0), limits, seed=seed, seconds=seconds, tolerance=1.0
    )
    return _located(found, times, radius, value=-found.value, bound=-found.bound)


def _solved(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    *,
    seed: int,
    seconds: float,
    tolerance: float = 0.0,
) -> Solution:
    """Ask the solver at once where nothing is relaxed: most classic problems are proven before the exchange would end.

    What is not proven in half of the time goes on with `ankerort.anchors.solve.solve` from what was found.
    """
    if np.isfinite(problem.offers.capacity_persons).any():
        return solve(problem, objective, limits, seed=seed, seconds=seconds, tolerance=tolerance)
    given = (problem, objective, limits)
    found = solve_relaxation(*given, seconds=seconds / 2, tolerance=tolerance, seed=seed, sub_searches=False)
    left = max(seconds - found.seconds, 0.5)
    if found.decision is None or found.status != "optimal":
        return solve(*given, seed=seed, seconds=left, tolerance=tolerance, start=found.decision)
    exact = evaluate(problem, found.decision, objective, limits)
    if exact.faults or abs(exact.value - found.value) > 1e-6 * max(1.0, abs(found.value)):
        raise WrongValueError(f"the solver's optimum is {found.value!r}, the decision's exact value {exact.value!r}")
    bound = max(found.bound, exact.value)
    gap = (bound - exact.value) / max(abs(bound), 1e-9)
    steps = (("exact", found.seconds, exact.value, bound),)
    return Solution(found.decision, exact.value, bound, gap, found.seconds, seed, "optimal", False, steps)


def _whole(times_s: ArrayLike) -> NDArray[np.int64]:
    """Times as whole numbers, -1 = not reached."""
    times = np.asarray(times_s, dtype=np.float64)
    if times.ndim != 2:
        raise ValueError("times need the shape (demand points, sites)")
    out = np.where(np.isfinite(times) & (times >= 0), times, -1.0)
    if (out != np.round(out)).any():
        raise ValueError("times must be whole numbers; round them up first")
    return out.astype(np.int64)


def _weights(weights: ArrayLike, times: NDArray[np.int64]) -> NDArray[np.float64]:
    weight = np.asarray(weights, dtype=np.float64)
    if weight.shape != (len(times),) or not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError("weights need the shape (demand points,) and values of at least 0")
    return weight


def _travel(times: NDArray[np.int64], limit_s: float) -> Travel:
    """Ways per site within the limit."""
    near = times <= limit_s
    site, row = np.nonzero(((times >= 0) & near).T)
    seconds = times[row, site]
    ptr = np.concatenate(([0], np.cumsum(np.bincount(site, minlength=times.shape[1])))).astype(np.int64)
    return Travel(ptr, row.astype(np.int32), seconds.astype(np.int32), np.ones(len(row), bool))


def _problem(
    times: NDArray[np.int64],
    limit_s: float,
    weight: NDArray[np.float64],
    *,
    legal: bool = False,
    unit_cost: NDArray[np.float64] | None = None,
    capacity: NDArray[np.float64] | None = None,
    all_ways: bool = False,
    once: float = 1.0,
    backup_share: float = 0.0,
) -> AnchorProblem:
    """One function, a place per site, one level whose core is the function: a chosen place holds it.

    With `all_ways` the component `minutes` counts each second of a way, also beyond the limit.
    """
    points, count = times.shape
    number = np.arange(count, dtype=np.int32)
    none = np.full(count, -1, dtype=np.int32)
    cost = np.zeros(count) if unit_cost is None else unit_cost
    if cost.shape != (count,):
        raise ValueError("costs need the shape (sites,)")
    if capacity is not None and capacity.shape != (count,):
        raise ValueError("capacities need the shape (sites,)")
    offers = Offers(
        function=np.zeros(count, dtype=np.int32),
        site=number,
        place=number,
        variant=np.zeros(count, dtype=np.int32),
        state=np.full(count, NEW, dtype=np.int8),
        origin=none,
        quality=np.ones(count),
        cost_eur=np.zeros((count, 3)),
        viable_persons=np.zeros(count),
        subsidy_eur=np.full(count, np.inf),
        capacity_persons=np.full(count, np.inf) if capacity is None else capacity,
        decides=np.full(count, OWN, dtype=np.int8),
        host=none,
        room_hours=np.zeros(count),
    )
    no_one = Travel(np.zeros(count + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, bool))
    start = np.zeros(1, dtype=np.int64)
    return AnchorProblem(
        place_count=count,
        place_x=np.zeros(count),
        place_y=np.zeros(count),
        demand=Demand(weight, np.ones(points), np.full(points, -1, dtype=np.int32)),
        functions=(
            Function(
                "site",
                once,
                _travel(times, np.inf if all_ways else limit_s),
                weight,
                legal,
                backup_share=backup_share,
            ),
        ),
        offers=offers,
        levels=(Level("site", (CoreSlot((0,), required=True),), 0),),
        units=Units(np.zeros(count, dtype=np.int8), number, none, np.repeat(cost[:, None], 3, axis=1)),
        bundles=Bundles(np.zeros(0, np.int32), np.zeros((0, 3)), np.zeros(0), start, start, np.zeros(0, np.int32)),
        anchor_travel=no_one,
        together_weight=np.zeros(1),
        room_hours=np.zeros(count),
        minute_weight=float(_MINUTE_S),
        step_s=1 if all_ways else 300,
    )


def _located(found: Solution, times: NDArray[np.int64], limit_s: float, *, value: float, bound: float) -> Located:
    """Chosen sites of a solution."""
    decision: Decision | None = found.decision
    if decision is None:
        return Located(np.zeros(0, np.int64), np.nan, bound, found.status, np.zeros(len(times), bool), found)
    sites = np.flatnonzero(decision.open)
    near = times[:, sites]
    count = ((near >= 0) & (near <= limit_s)).sum(axis=1)
    return Located(sites, value, bound, found.status, count > 0, found, count > 1 if np.isfinite(limit_s) else None)
