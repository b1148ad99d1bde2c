"""One plan against another: who is served in one only, what it costs, which places come."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.evaluate import Evaluation, Evaluator
from ankerort.anchors.explain_model import Change, Exchange, Gain, Range, Reach
from ankerort.anchors.explain_rows import Homes, Rows, by_name, change_of
from ankerort.anchors.explain_search import Effort, Found, chosen_places, places_of, worth
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import FIXED, MOVED, NEW, REMOVABLE, Decision


class Comparer:
    """A plan, against which others are told.

    Parameters
    ----------
    prepared
        The problem and its names.
    decision
        The plan.
    homes
        Where the people live.
    effort
        Of each search.
    """

    def __init__(self, prepared: Prepared, decision: Decision, homes: Homes, effort: Effort) -> None:
        self.prepared, self.decision, self.homes, self.effort = prepared, decision, homes, effort
        self.problem, self.objective, self.limits = prepared.problem, prepared.objective, prepared.limits
        self.rows = Rows(self.problem)
        self.evaluator = Evaluator(self.problem, self.objective, self.limits)
        self.evaluation = self.evaluator.evaluate(decision)
        self.state = self.rows.state(decision)
        self.chosen = chosen_places(self.problem, decision)

    def names(self, places: Collection[int]) -> tuple[str, ...]:
        """Ids of places, in order of the places."""
        return tuple(self.prepared.place_ids[j] for j in sorted(places))

    def money(self, decision: Decision, evaluation: Evaluation) -> NDArray[np.float64]:
        """Cost in EUR per year (low, mid, high) without the price of legal standards, which nobody pays."""
        cost = evaluation.cost_eur.copy()
        if self.limits.legal != "priced":
            return cost
        covered = self.rows.state(decision).covered
        could = self.rows.state(Decision(np.ones(len(self.problem.offers), bool), decision.units)).covered
        for f, function in enumerate(self.problem.functions):
            if function.legal:
                cost = cost - self.limits.legal_price_eur * float(function.need[could[f] & ~covered[f]].sum())
        return cost

    def against(self, other: Found | None, *, about: tuple[int, ...] = ()) -> Exchange:
        """The plan against another one.

        Parameters
        ----------
        other
            None = none was found.
        about
            Places that are the question: they are not told as leaving or coming.
        """
        if other is None:
            return Exchange(found=False)
        then = chosen_places(self.problem, other.decision)
        state = self.rows.state(other.decision)
        mine = worth(self.evaluation, self.objective)
        points = mine - worth(other.evaluation, self.objective)
        minutes = (self.rows.need * (state.time_s - self.state.time_s)).sum() / 60.0
        cost = self.money(other.decision, other.evaluation) - self.money(self.decision, self.evaluation)
        return Exchange(
            True,
            other.proven,
            self.names(then - self.chosen - set(about)),
            self.names(self.chosen - then - set(about)),
            points,
            points / abs(mine) if mine else float("nan"),
            self._change(self.state.covered, state.covered),
            self._change(state.covered, self.state.covered),
            float(minutes),
            _range(cost),
        )

    def broken_rules(self, decision: Decision) -> tuple[str, ...]:
        """Rules that a decision breaks (`Fault.detail`), each once, in order of the rules."""
        return tuple(dict.fromkeys(f.detail for f in self.evaluator.evaluate(decision).faults))

    def gain(self, decision: Decision, evaluation: Evaluation, unit: int) -> Gain:
        """What one anchor of a plan brings against today."""
        problem, offers = self.problem, self.problem.offers
        places = places_of(problem, unit)
        here = np.isin(offers.place, places) & decision.open
        opens = here & np.isin(offers.state, (NEW, MOVED))
        existing = np.isin(offers.state, (FIXED, REMOVABLE))
        state = self.rows.state(Decision(existing | opens, np.zeros(len(problem.units), bool)))
        today = self.rows.today
        saved = self.rows.need * np.maximum(today.time_s - state.time_s, 0.0) / 60.0
        evidence = self.prepared.offers["evidence"].to_numpy(object)
        recorded = self._functions(here & existing & (evidence != "presumed"))
        presumed = self._functions(here & existing & (evidence == "presumed"))
        return Gain(
            self._change(state.covered, today.covered),
            float(saved.sum()),
            float((self.rows.need * (saved > 0)).sum()),
            self._functions(here & (offers.state == NEW)),
            self._functions(here & (offers.state == MOVED)),
            recorded,
            self._cost_of(decision, evaluation, unit, opens),
            tuple(f for f in presumed if f not in recorded),
            self._functions(opens & (evidence == "unknown")),
        )

    def reach(self, places: tuple[int, ...]) -> Reach:
        """Inhabitants within reach of a place, of a pair within reach of both."""
        within = np.logical_and.reduce([self.rows.reached(j) for j in places])
        persons = np.where(within, self.problem.demand.persons, 0.0)
        own = {self.homes.anchor_municipality[j] for j in places}
        total = float(persons.sum())
        if "" in own:
            return Reach(total, float("nan"), ())
        names, number = np.unique(self.homes.municipality.astype(str), return_inverse=True)
        sums = np.bincount(number, weights=persons, minlength=len(names))
        others = {str(n): float(s) for n, s in zip(names, sums, strict=True) if n not in own}
        return Reach(total, sum(others.values()), by_name([n for n in sorted(others) if n], others))

    def _change(self, had: NDArray[np.bool_], has: NDArray[np.bool_]) -> Change:
        return change_of(self.rows, self.prepared, self.homes, had, has)

    def _functions(self, mask: NDArray[np.bool_]) -> tuple[str, ...]:
        numbers = np.unique(self.problem.offers.function[mask])
        return tuple(self.problem.functions[f].id for f in numbers)

    def _cost_of(self, decision: Decision, evaluation: Evaluation, unit: int, opens: NDArray[np.bool_]) -> Range:
        problem, offers = self.problem, self.problem.offers
        cost = problem.units.cost_eur[unit] + offers.cost_eur[opens].sum(axis=0).reshape(3)
        origins = offers.origin[opens & (offers.state == MOVED)]
        cost = cost - offers.cost_eur[origins].sum(axis=0).reshape(3)
        paid = opens & (evaluation.short > 0) & self.evaluator.may_be_short(decision.units)
        cost = cost + float((evaluation.short[paid] * offers.subsidy_eur[paid]).sum())
        bundled = evaluation.bundles & np.isin(problem.bundles.place, places_of(problem, unit))
        return _range(cost - problem.bundles.saving_eur[bundled].sum(axis=0).reshape(3))


def _range(cost: NDArray[np.float64]) -> Range:
    return float(cost[0]), float(cost[1]), float(cost[2])
