"""How a plan stands where people, weights and costs are other than assumed (docs/method/anchor-explanations.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ankerort.anchors.evaluate import Evaluator
from ankerort.anchors.explain_search import chosen_places, rank, worth
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import FIXED, Decision, Limits
from ankerort.anchors.robust_variants import (
    AS_RECORDED,
    COSTS,
    RobustRun,
    RunsMade,
    at_cost,
    robust_runs,
    runs_made,
    varied,
)
from ankerort.anchors.schema import PLAN_ROBUST
from ankerort.anchors.solve import solve
from ankerort.anchors.viability import repair
from ankerort.base.progress import SILENT, Progress

__all__ = [
    "AS_RECORDED",
    "COSTS",
    "PlanKeys",
    "RobustRun",
    "Robustness",
    "RunResult",
    "RunsMade",
    "at_cost",
    "carry_over",
    "plan_keys",
    "robust_runs",
    "robustness",
    "runs_made",
    "solve_run",
    "varied",
]

_DECIDED = ("optimal", "infeasible")

UnitKey = tuple[str, str, str]  # level, place, partner
OfferKey = tuple[str, str, str, str]  # function, facility or place, variant, facility that moves


@dataclass(frozen=True)
class PlanKeys:
    """A plan by names, so that it can be carried over to another problem.

    Parameters
    ----------
    units
        Chosen units.
    offers
        Open offers.
    """

    units: frozenset[UnitKey]
    offers: frozenset[OfferKey]


@dataclass(frozen=True)
class RunResult:
    """What one run yields.

    Parameters
    ----------
    number
        Of the run.
    anchors
        Place ids of the anchors of its own best plan, in order of the places; of a pair both.
    value, plan_value
        Points of its own best plan, and of the best one with the anchors of the proposed plan; NaN = there is none.
    proven
        Both are proven best.
    """

    number: int
    anchors: tuple[str, ...]
    value: float
    plan_value: float
    proven: bool


@dataclass(frozen=True)
class Robustness:
    """A plan over all runs.

    Parameters
    ----------
    share
        Share of the runs that choose a place, for every place that some run or the plan chooses; runs without a plan count as not choosing.
    no_regret
        Places of the plan whose share reaches the asked one, in order of the places.
    unsolved
        Runs for which no plan was found.
    unproven
        Runs whose plans are not proven best, the unsolved ones too.
    table
        PLAN_ROBUST.
    """

    share: Mapping[str, float]
    no_regret: tuple[str, ...]
    unsolved: int
    unproven: int
    table: pd.DataFrame = field(repr=False)


def robustness(
    runs: Sequence[RobustRun],
    plan: Decision,
    prepared: Prepared,
    *,
    spread: float,
    no_regret_share: float,
    seed: int = 1,
    seconds: float = 5.0,
    executor: Executor | None = None,
    progress: Progress = SILENT,
) -> Robustness:
    """Try a plan over runs.

    Parameters
    ----------
    runs
        Made by `robust_runs`.
    plan, prepared
        The proposed plan and the problem for which it was made.
    spread
        Of the drawn weights (figure ``anchors.weight_spread``).
    no_regret_share
        Share of the runs that must choose an anchor to call it right in almost every case (``anchors.no_regret_share``).
    seed
        Of draws and heuristic.
    seconds
        Safety stop of each of the two searches of a run. A run that is proven ended before, and is the same anywhere; one that is cut off may not.
    executor
        Where the runs go; None = one after the other in this process.

    Raises
    ------
    ValueError
        If there are no runs.
    """
    if not runs:
        raise ValueError("robustness needs at least one run")
    keys = plan_keys(prepared, plan)
    asked = [(run, keys, spread, seed, seconds) for run in runs]
    results = []
    with progress.task("progress.anchors_robust", len(asked)) as task:
        if executor is None:
            for parts in asked:
                results.append(solve_run(*parts))
                task.advance()
        else:
            for future in [executor.submit(solve_run, *parts) for parts in asked]:
                results.append(future.result())
                task.advance()
    order = {p: k for k, p in enumerate(prepared.place_ids)}
    proposed = [prepared.place_ids[j] for j in sorted(chosen_places(prepared.problem, plan))]
    known = sorted({*proposed, *(p for r in results for p in r.anchors)}, key=lambda p: (order.get(p, len(order)), p))
    share = {p: sum(p in r.anchors for r in results) / len(results) for p in known}
    return Robustness(
        share,
        tuple(p for p in proposed if share[p] >= no_regret_share - 1e-9),
        sum(np.isnan(r.value) for r in results),
        sum(not r.proven for r in results),
        PLAN_ROBUST.conform(pd.DataFrame([_row(run, r) for run, r in zip(runs, results, strict=True)])),
    )


def solve_run(run: RobustRun, plan: PlanKeys, spread: float, seed: int, seconds: float) -> RunResult:
    """Solve one run and tell what the proposed plan is worth in it; a function of its own, so that processes can be sent it."""
    prepared = varied(run.prepared, weights=run.weights, costs=run.costs, spread=spread, seed=seed)
    problem, objective, limits = prepared.problem, prepared.objective, prepared.limits
    judge = Evaluator(problem, objective, limits)
    # not started from the proposed plan: a search cut off by time would only find that one again and call it robust
    solution = solve(problem, objective, limits, seed=seed, seconds=seconds, polish=False)
    own = solution.decision
    carried, best_kept = _kept(prepared, judge, carry_over(prepared, plan), seed, seconds)
    if carried is not None:
        plan_value = judge.evaluate(carried, faults=False)
        if own is None or rank(plan_value, objective) > rank(judge.evaluate(own, faults=False), objective):
            own = carried  # its own best is never worse than a plan that is known
    names = () if own is None else tuple(prepared.place_ids[j] for j in sorted(chosen_places(problem, own)))
    nan = float("nan")
    return RunResult(
        run.number,
        names,
        nan if own is None else worth(judge.evaluate(own, faults=False), objective),
        nan if carried is None else worth(judge.evaluate(carried, faults=False), objective),
        best_kept and solution.status in _DECIDED,
    )


def plan_keys(prepared: Prepared, decision: Decision) -> PlanKeys:
    """A plan by names."""
    return PlanKeys(
        frozenset(k for k, chosen in zip(_unit_keys(prepared), decision.units, strict=True) if chosen),
        frozenset(k for k, is_open in zip(_offer_keys(prepared), decision.open, strict=True) if is_open),
    )


def carry_over(prepared: Prepared, plan: PlanKeys) -> Decision:
    """A plan in the numbers of another problem; what is not known there is left out, what always is open is open."""
    units = np.array([k in plan.units for k in _unit_keys(prepared)], bool)
    is_open = np.array([k in plan.offers for k in _offer_keys(prepared)], bool)
    return Decision(is_open | (prepared.problem.offers.state == FIXED), units)


def _kept(
    prepared: Prepared, judge: Evaluator, decision: Decision, seed: int, seconds: float
) -> tuple[Decision | None, bool]:
    """The best plan with the anchors of a decision, None where they cannot stay; and whether that is proven."""
    problem, objective, limits = prepared.problem, prepared.objective, prepared.limits
    kept = _same_anchors(limits, chosen_places(problem, decision), int(decision.units.sum()))
    found = solve(problem, objective, kept, seed=seed, seconds=seconds, polish=False)
    if found.status in _DECIDED:
        return found.decision, True
    mended: Decision | None = decision
    if judge.evaluate(decision).faults:
        mended = repair(problem, objective, kept, decision, seed=seed, seconds=seconds / 2)
    known = [d for d in (found.decision, mended) if d is not None and not judge.evaluate(d).faults]
    best = max(known, key=lambda d: rank(judge.evaluate(d, faults=False), objective), default=None)
    return best, False


def _same_anchors(limits: Limits, places: frozenset[int], count: int) -> Limits:
    return replace(limits, keep=tuple(sorted({*limits.keep, *places})), max_anchors=count)


def _unit_keys(prepared: Prepared) -> list[UnitKey]:
    problem, name = prepared.problem, prepared.place_ids
    return [
        (problem.levels[level].id, name[first], name[second] if second >= 0 else "")
        for level, first, second in zip(problem.units.level, problem.units.first, problem.units.second, strict=True)
    ]


def _offer_keys(prepared: Prepared) -> list[OfferKey]:
    problem, name = prepared.problem, prepared.place_ids
    facility = prepared.offers["facility_id"].astype(str).tolist()
    variant = prepared.offers["variant"].astype(str).tolist()
    offers = problem.offers
    keys = []
    for o in range(len(offers)):
        place, origin = int(offers.place[o]), int(offers.origin[o])
        keys.append(
            (
                problem.functions[offers.function[o]].id,
                facility[o] or (name[place] if place >= 0 else ""),
                variant[o],
                f"{facility[origin]} {name[place] if place >= 0 else ''}" if origin >= 0 else "",
            )
        )
    return keys


def _row(run: RobustRun, result: RunResult) -> dict[str, object]:
    loss = result.value - result.plan_value
    regret = 0.0 if abs(loss) < 1e-12 else loss / abs(result.value) if result.value else float("nan")
    return {
        "run": run.number,
        "variant": run.variant,
        "weights": run.weights,
        "costs": run.costs,
        "anchors": ";".join(result.anchors),
        "value": result.value,
        "plan_value": result.plan_value,
        "regret": regret,
        "proven": result.proven,
    }
