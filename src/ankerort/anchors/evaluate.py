"""What a decision is worth, exactly, and which rules it breaks (docs/method/anchors.md); the truth for model and heuristic."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.evaluate_function import FunctionEffect, FunctionTable
from ankerort.anchors.evaluate_rules import Fault, faults_of
from ankerort.anchors.problem import FIXED, MOVED, NEW, REMOVABLE, AnchorProblem, Decision, Limits, Objective

__all__ = ["Evaluation", "Evaluator", "Fault", "evaluate", "served_rows"]


@dataclass(frozen=True)
class Evaluation:
    """A decision in numbers.

    Parameters
    ----------
    value
        The weighted sum of the components by the factors of the objective (also where `Objective.order` is set).
    people, minutes, together
        Points; `minutes` and `together` carry their own weights of the problem.
    people_possible
        Points for people if everybody were served at quality 1.
    cost_eur
        float64, shape (3,): low, mid, high per year.
    worst
        Least share of an area; 1 where no area has points.
    area_share
        float64, shape (areas,): share of each area's possible points; NaN where it has none.
    served
        float64, shape (functions,): persons of the study area (weight above 0) with an open offer within the standard.
    catchment
        float64, shape (offers,): persons whose closest open offer it is; 0 where closed.
    short
        float64, shape (offers,): persons that an open NEW or MOVED offer lacks of its least catchment; 0 where viability does not bind.
    bundles
        bool, shape (bundles,): active.
    faults
        Rules broken, by rule and number; empty = the plan keeps everything.
    """

    value: float
    people: float
    people_possible: float
    minutes: float
    together: float
    cost_eur: NDArray[np.float64]
    worst: float
    area_share: NDArray[np.float64] = field(repr=False)
    served: NDArray[np.float64] = field(repr=False)
    catchment: NDArray[np.float64] = field(repr=False)
    short: NDArray[np.float64] = field(repr=False)
    bundles: NDArray[np.bool_] = field(repr=False)
    faults: tuple[Fault, ...] = ()

    def component(self, name: str) -> float:
        """Component by its name in `Objective`; cost is mid and counts against (it is not negated here)."""
        return float(self.cost_eur[1]) if name == "cost" else float(getattr(self, name))


class Evaluator:
    """Evaluates many decisions on one problem; what a function's open offers effect is computed once per set of them.

    Parameters
    ----------
    problem, objective, limits
        As in `evaluate`.
    """

    def __init__(self, problem: AnchorProblem, objective: Objective, limits: Limits) -> None:
        self.problem, self.objective, self.limits = problem, objective, limits
        offers, units = problem.offers, problem.units
        demand = problem.demand
        self.areas = int(demand.area.max()) + 1 if len(demand) and demand.area.max() >= 0 else 0
        self.tables = [FunctionTable(problem, f, self.areas) for f in range(len(problem.functions))]
        self.people_possible = float(sum(t.possible for t in self.tables))
        self.area_possible = (
            np.sum([t.area_possible for t in self.tables], axis=0) if self.tables else np.zeros(self.areas)
        )
        self.charged = offers.state != FIXED
        self.removable_eur = offers.cost_eur[offers.state == REMOVABLE].sum(axis=0).reshape(3)
        self.is_new = (offers.state == NEW) | (offers.state == MOVED)
        self.core = core_functions(problem)
        self.weighted_persons = demand.persons * demand.weight
        self.anchor_rows = [
            _anchor_rows(problem, int(a), int(b)) for a, b in zip(units.first, units.second, strict=True)
        ]
        self._slot_of_entry = np.repeat(
            np.arange(len(problem.bundles.offer_ptr) - 1), np.diff(problem.bundles.offer_ptr)
        )
        self._has_slots = np.diff(problem.bundles.slot_ptr) > 0
        self._bundle_of_slot = np.repeat(np.arange(len(problem.bundles)), np.diff(problem.bundles.slot_ptr))
        self._effects: list[dict[bytes, FunctionEffect]] = [{} for _ in self.tables]

    def effect(self, f: int, is_open: NDArray[np.bool_], *, minutes: bool = True) -> FunctionEffect:
        """What the open offers of function `f` effect; `is_open` has shape (offers of the problem,); `minutes` NaN where not asked."""
        mask = is_open[self.tables[f].offers]
        key = np.packbits(mask).tobytes()
        known = self._effects[f]
        found = known.get(key)
        if found is None or (minutes and np.isnan(found.minutes)):
            if len(known) > 2_000:  # bounds the memory of long searches
                known.clear()
            found = known[key] = self.tables[f].effect(mask, minutes=minutes)
        return found

    def level_of_place(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Highest level of a chosen unit that holds the place, -1 = none; shape (places,)."""
        units = self.problem.units
        out = np.full(self.problem.place_count, -1, np.int64)
        for u in np.flatnonzero(chosen):
            for j in (units.first[u], units.second[u]):
                if j >= 0:
                    out[j] = max(out[j], units.level[u])
        return out

    def together_points(self, chosen: NDArray[np.bool_]) -> float:
        """Points for people within reach of chosen units, without bundles."""
        best = np.zeros(len(self.problem.demand))
        for u in np.flatnonzero(chosen):
            rows = self.anchor_rows[u]
            best[rows] = np.maximum(best[rows], self.problem.together_weight[self.problem.units.level[u]])
        return float(self.weighted_persons @ best)

    def active_bundles(self, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Bundles of which each slot holds an open offer; shape (bundles,)."""
        bundles = self.problem.bundles
        if not len(bundles):
            return np.zeros(0, bool)
        held = (
            np.bincount(self._slot_of_entry, weights=is_open[bundles.offer], minlength=len(bundles.offer_ptr) - 1) > 0
        )
        missing = np.bincount(self._bundle_of_slot[~held], minlength=len(bundles))
        return np.asarray((missing == 0) & self._has_slots)

    def may_be_short(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Offers whose shortfall may be subsidised where `chosen` units stand; shape (offers,)."""
        offers = self.problem.offers
        level = np.where(offers.place >= 0, self.level_of_place(chosen)[np.maximum(offers.place, 0)], -1)
        in_core = (level >= 0) & self.core[np.maximum(level, 0), offers.function]
        return np.asarray(self.is_new & in_core & np.isfinite(offers.subsidy_eur))

    def evaluate(self, decision: Decision, *, faults: bool = True) -> Evaluation:
        """Evaluate a decision; without `faults` the list of them stays empty (faster)."""
        problem, objective, limits = self.problem, self.objective, self.limits
        offers = problem.offers
        is_open, chosen = decision.open, decision.units
        effects = [self.effect(f, is_open) for f in range(len(self.tables))]
        catchment = np.zeros(len(offers))
        area_points = np.zeros(self.areas)
        for table, effect in zip(self.tables, effects, strict=True):
            catchment[table.offers] = effect.catchment
            area_points += effect.area_points
        people = float(sum(e.people for e in effects))
        minutes = float(sum(e.minutes for e in effects)) * problem.minute_weight
        bundles = self.active_bundles(is_open)
        together = self.together_points(chosen) + float(problem.bundles.benefit[bundles].sum())
        short = np.zeros(len(offers))
        cost = offers.cost_eur[is_open & self.charged].sum(axis=0).reshape(3) - self.removable_eur
        cost = cost + problem.units.cost_eur[chosen].sum(axis=0).reshape(3)
        cost = cost - problem.bundles.saving_eur[bundles].sum(axis=0).reshape(3)
        if limits.viability:
            at = is_open & self.is_new
            short[at] = np.maximum(offers.viable_persons[at] - catchment[at], 0.0)
            short[short <= 1e-6] = 0.0
            paid = (short > 0) & self.may_be_short(chosen)
            cost = cost + float((short[paid] * offers.subsidy_eur[paid]).sum())
        if limits.legal == "priced":
            unserved = sum(e.legal_unserved for e, f in zip(effects, problem.functions, strict=True) if f.legal)
            cost = cost + limits.legal_price_eur * unserved
        share = np.full(self.areas, np.nan)
        some = self.area_possible > 0
        share[some] = area_points[some] / self.area_possible[some]
        worst = float(share[some].min()) if some.any() else 1.0
        value = (
            objective.people * people
            + objective.minutes * minutes
            + objective.together * together
            - objective.cost * float(cost[1])
            + objective.worst * worst
        )
        out = Evaluation(
            value, people, self.people_possible, minutes, together, cost, worst, share,
            np.array([e.served for e in effects]), catchment, short, bundles,
        )  # fmt: skip
        if not faults:
            return out
        found = faults_of(problem, limits, decision, out, [e.legal_rows for e in effects], self.may_be_short(chosen))
        return Evaluation(**{**out.__dict__, "faults": found})


def core_functions(problem: AnchorProblem) -> NDArray[np.bool_]:
    """Functions in the core of each level; shape (levels, functions)."""
    out = np.zeros((max(len(problem.levels), 1), len(problem.functions)), bool)
    for level, row in zip(problem.levels, out, strict=False):
        for slot in level.core:
            row[list(slot.functions)] = True
    return out


def evaluate(problem: AnchorProblem, decision: Decision, objective: Objective, limits: Limits) -> Evaluation:
    """Evaluate one decision by the exact rules of docs/method/anchors.md.

    Parameters
    ----------
    problem, objective, limits
        The problem; `Objective.order` is not used here: `Evaluation.component` tells the components.
    decision
        Open offers and chosen units.

    Returns
    -------
    Evaluation
        With every broken rule in `faults`.
    """
    return Evaluator(problem, objective, limits).evaluate(decision)


def served_rows(problem: AnchorProblem, decision: Decision, f: int) -> NDArray[np.bool_]:
    """Demand rows that an open offer of function `f` serves within the standard, with or without need; shape (rows,)."""
    function = problem.functions[f]
    offers = problem.offers
    out = np.zeros(len(problem.demand), bool)
    for k in np.unique(offers.site[(offers.function == f) & decision.open]):
        part = function.travel.site(int(k))
        out[function.travel.row[part][function.travel.within[part]]] = True
    return out


def _anchor_rows(problem: AnchorProblem, first: int, second: int) -> NDArray[np.int32]:
    travel = problem.anchor_travel
    rows = travel.row[travel.site(first)][travel.within[travel.site(first)]]
    if second < 0:
        return rows
    other = travel.row[travel.site(second)][travel.within[travel.site(second)]]
    return np.intersect1d(rows, other, assume_unique=True)
