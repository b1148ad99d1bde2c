"""Decisions in a search: a decision with its merit, judged quickly after each change of some functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.evaluate import Evaluator
from ankerort.anchors.evaluate_function import FunctionEffect
from ankerort.anchors.problem import FIXED, MOVED, REMOVABLE, AnchorProblem, Decision, Limits, Objective

_SAME = 1e-9


@dataclass(frozen=True)
class ChosenUnits:
    """What follows from the chosen units alone: broken rules 5 and 6, points for errands together, cost, level of each place."""

    broken: float
    together: float
    cost_eur: float
    level: NDArray[np.int64] = field(repr=False)


@dataclass(frozen=True)
class Trial:
    """A decision that is being weighed.

    Parameters
    ----------
    open, units
        bool, shapes (offers,) and (units,).
    effects
        Per function what its open offers effect.
    catchment
        float64, shape (offers,).
    chosen
        What follows from the units alone.
    violation
        0 = keeps every rule; broken rules count 1 each, sums 1 + the share by which they are off.
    worth
        What the search makes great: the value, less the price of money.
    value
        By the factors of the objective.
    cost_eur
        Mid.
    """

    open: NDArray[np.bool_] = field(repr=False)
    units: NDArray[np.bool_] = field(repr=False)
    effects: tuple[FunctionEffect, ...] = field(repr=False)
    catchment: NDArray[np.float64] = field(repr=False)
    chosen: ChosenUnits = field(repr=False)
    violation: float
    worth: float
    value: float
    cost_eur: float

    def beats(self, other: Trial) -> bool:
        """Breaks less, or as much and is worth more."""
        if self.violation < other.violation - _SAME:
            return True
        if self.violation > other.violation + _SAME:
            return False
        return self.worth > other.worth + _SAME * max(1.0, abs(other.worth))

    def decision(self) -> Decision:
        """Return the decision alone."""
        return Decision(self.open.copy(), self.units.copy())


class Judge:
    """Judges decisions on one problem; agrees with `Evaluator` on the value and on whether any rule is broken.

    Parameters
    ----------
    problem, objective, limits
        As in `ankerort.anchors.evaluate.evaluate`.
    price_eur
        Points by which each EUR counts beyond the objective, so that money goes where it does most.
    held
        Least value of a component (of ``cost``: the most EUR) by its name; missing it counts like a broken rule.
    evaluator
        A ready one for the same problem and limits.
    """

    def __init__(
        self,
        problem: AnchorProblem,
        objective: Objective,
        limits: Limits,
        *,
        price_eur: float = 0.0,
        held: Mapping[str, float] | None = None,
        evaluator: Evaluator | None = None,
    ) -> None:
        self.problem, self.objective, self.limits = problem, objective, limits
        self.price_eur = price_eur
        self.held_at_least = dict(held or {})
        self.minutes_matter = objective.minutes != 0 or "minutes" in self.held_at_least
        self.evaluator = evaluator or Evaluator(problem, objective, limits)
        offers, units = problem.offers, problem.units
        self.functions = len(problem.functions)
        self.is_new = self.evaluator.is_new
        self.placed = offers.place >= 0
        self.slot_key = np.where(self.placed, offers.place, 0).astype(np.int64) * self.functions + offers.function
        self.hosted = np.flatnonzero(offers.host >= 0)
        self.roomy = np.flatnonzero((offers.room_hours > 0) & self.placed)
        self.moved = np.flatnonzero(offers.state == MOVED)
        self.fixed = offers.state == FIXED
        self.removable = offers.state == REMOVABLE
        self.mid_eur = np.where(self.fixed, 0.0, offers.cost_eur[:, 1])
        self.unit_places = np.stack([units.first, units.second], axis=1).astype(np.int64)
        self.core_items = [_items(problem, k) for k in range(len(problem.levels))]
        self.keep = np.array(sorted(set(limits.keep)), np.int64)
        self.forbidden = np.zeros(problem.place_count, bool)
        self.forbidden[list(limits.forbid)] = True
        self.largest_cost = max(1.0, float(self.mid_eur.sum()))
        self.offers_at = _offers_at(problem, self.is_new)
        self.new_bundles = _bundles_at(problem)
        self.members = _members(problem)

    def with_price(self, price_eur: float) -> Judge:
        """Return the same judge with another price of money."""
        return Judge(
            self.problem,
            self.objective,
            self.limits,
            price_eur=price_eur,
            held=self.held_at_least,
            evaluator=self.evaluator,
        )

    def start(self, decision: Decision | None = None) -> Trial:
        """Judge a decision; without one what is there today."""
        if decision is None:
            is_open, units = self.fixed | self.removable, np.zeros(len(self.problem.units), bool)
        else:
            is_open, units = decision.open | self.fixed, decision.units.copy()
        effects = tuple(self._effect(f, is_open) for f in range(self.functions))
        return self.judge(is_open, units, effects)

    def again(self, trial: Trial) -> Trial:
        """Judge a trial of another judge of the same problem."""
        effects = trial.effects
        if self.minutes_matter and any(np.isnan(e.minutes) for e in effects):
            effects = tuple(self._effect(f, trial.open) for f in range(self.functions))
        return self.judge(trial.open, trial.units, effects, trial.catchment, trial.chosen)

    def _effect(self, f: int, is_open: NDArray[np.bool_]) -> FunctionEffect:
        return self.evaluator.effect(f, is_open, minutes=self.minutes_matter)

    def change(
        self,
        trial: Trial,
        on: Iterable[int] = (),
        off: Iterable[int] = (),
        units_on: Iterable[int] = (),
        units_off: Iterable[int] = (),
    ) -> Trial:
        """Judge `trial` with offers and units opened (`on`) and closed (`off`); what is FIXED stays open."""
        is_open, units = trial.open.copy(), trial.units.copy()
        on, off = list(on), list(off)
        is_open[off] = False
        is_open[on] = True
        units[list(units_off)] = False
        units[list(units_on)] = True
        is_open |= self.fixed
        effects, catchment = trial.effects, trial.catchment
        touched = np.flatnonzero(is_open != trial.open)
        if len(touched):
            mutable, catchment = list(effects), catchment.copy()
            for f in set(self.problem.offers.function[touched].tolist()):
                mutable[f] = self._effect(f, is_open)
                catchment[self.evaluator.tables[f].offers] = mutable[f].catchment
            effects = tuple(mutable)
        same = np.array_equal(units, trial.units)
        return self.judge(is_open, units, effects, catchment, trial.chosen if same else None)

    def judge(
        self,
        is_open: NDArray[np.bool_],
        units: NDArray[np.bool_],
        effects: Sequence[FunctionEffect],
        catchment: NDArray[np.float64] | None = None,
        chosen: ChosenUnits | None = None,
    ) -> Trial:
        """Judge a decision whose effects are known."""
        if catchment is None:
            catchment = self._catchments(effects)
        if chosen is None:
            chosen = self._chosen(units)
        problem, objective, limits, ev = self.problem, self.objective, self.limits, self.evaluator
        people = sum(e.people for e in effects)
        value = objective.people * people
        hold = self.held_at_least
        minutes = 0.0
        if self.minutes_matter:
            minutes = problem.minute_weight * sum(e.minutes for e in effects)
            value += objective.minutes * minutes
        bundles = ev.active_bundles(is_open)
        cost = float(self.mid_eur[is_open].sum() - self.mid_eur[self.removable].sum())
        cost += chosen.cost_eur - float(problem.bundles.saving_eur[bundles, 1].sum())
        together = chosen.together + float(problem.bundles.benefit[bundles].sum())
        value += objective.together * together
        new = np.flatnonzero(is_open & self.is_new)
        broken = self._broken_offers(is_open, new) + chosen.broken
        broken += self._broken_core(is_open, units)
        at = np.where(self.placed[new], chosen.level[problem.offers.place[new]], -1)
        if limits.new_only_in_anchors:
            broken += int((at < 0).sum())
        if limits.viability:
            extra, lacking = self._short(new, at, catchment)
            cost += extra
            broken += lacking
        if limits.legal != "off":
            gap = sum(e.legal_unserved for e in effects)
            if limits.legal == "priced":
                cost += limits.legal_price_eur * gap
            elif gap > 0:
                broken += 1 + gap / max(float(problem.demand.persons.sum()), 1.0)
        if limits.budget_eur is not None and cost > limits.budget_eur + 1e-7 * max(1.0, abs(limits.budget_eur)):
            broken += 1 + (cost - limits.budget_eur) / self.largest_cost
        least = limits.min_people * ev.people_possible
        if people < least - 1e-7 * max(1.0, least):
            broken += 1 + (least - people) / max(ev.people_possible, 1e-9)
        worst = 1.0
        if objective.worst or limits.area_share > 0 or "worst" in hold:
            share = self._area_share(effects)
            worst = float(share.min()) if len(share) else 1.0
            value += objective.worst * worst
            low = share[share < limits.area_share - 1e-7]
            broken += len(low) + float((limits.area_share - low).sum())
        value -= objective.cost * cost
        now = {"people": people, "minutes": minutes, "together": together, "cost": -cost, "worst": worst}
        for name, least in hold.items():
            missing = (-least if name == "cost" else least) - now[name]
            if missing > 1e-7 * max(1.0, abs(least)):
                broken += 1 + missing / (missing + max(1.0, abs(least)))
        return Trial(
            is_open,
            units,
            tuple(effects),
            catchment,
            chosen,
            float(broken),
            value - self.price_eur * cost,
            value,
            cost,
        )

    def _area_share(self, effects: Sequence[FunctionEffect]) -> NDArray[np.float64]:
        possible = self.evaluator.area_possible
        points = np.sum([e.area_points for e in effects], axis=0) if effects else np.zeros(len(possible))
        return np.asarray(points[possible > 0] / possible[possible > 0])

    def _broken_offers(self, is_open: NDArray[np.bool_], new: NDArray[np.int64]) -> float:
        offers, problem = self.problem.offers, self.problem
        keys = self.slot_key[new[self.placed[new]]]
        broken = float(len(keys) - len(np.unique(keys)))
        if len(self.moved):
            moved = self.moved[is_open[self.moved]]
            origin = offers.origin[moved]
            broken += float(is_open[origin].sum()) + len(origin) - len(np.unique(origin))
        hosted = self.hosted[is_open[self.hosted]]
        if len(hosted):
            held = self.held(is_open)
            broken += float((~self.placed[hosted] | ~held[offers.place[hosted], offers.host[hosted]]).sum())
        roomy = self.roomy[is_open[self.roomy]]
        if len(roomy):
            used = np.bincount(offers.place[roomy], weights=offers.room_hours[roomy], minlength=problem.place_count)
            broken += float((used > problem.room_hours + 1e-7).sum())
        return broken

    def held(self, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Functions held in each place; shape (places, functions)."""
        out = np.zeros(self.problem.place_count * self.functions, bool)
        out[self.slot_key[is_open & self.placed]] = True
        return out.reshape(self.problem.place_count, self.functions)

    def _broken_units(self, units: NDArray[np.bool_]) -> float:
        problem, limits = self.problem, self.limits
        chosen = np.flatnonzero(units)
        places = self.unit_places[chosen]
        held = places[places >= 0]
        count = np.bincount(held, minlength=problem.place_count)
        broken = float(np.maximum(count - 1, 0).sum())
        if limits.max_anchors is not None:
            broken += max(0, len(chosen) - limits.max_anchors)
            if limits.exactly:
                broken += max(0, limits.max_anchors - len(chosen))
        broken += float((count[self.keep] == 0).sum() + (count[self.forbidden] > 0).sum())
        if limits.spacing_m > 0 and len(held) > 1:
            owner = np.broadcast_to(np.arange(len(chosen))[:, None], places.shape)[places >= 0]
            broken += float(self.too_near(held, held)[np.triu(owner[:, None] != owner[None, :])].sum())
        return broken

    def too_near(self, some: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Pairs of places nearer than the spacing; shape (some, others)."""
        x, y = self.problem.place_x, self.problem.place_y
        far = np.hypot(x[some][:, None] - x[others][None, :], y[some][:, None] - y[others][None, :])
        return np.asarray(far < self.limits.spacing_m - 1e-6)

    def _broken_core(self, is_open: NDArray[np.bool_], units: NDArray[np.bool_]) -> float:
        chosen = np.flatnonzero(units)
        if not len(chosen) or not any(len(items) for items, _ in self.core_items):
            return 0.0
        held = self.held(is_open)
        broken = 0.0
        for k, (items, required) in enumerate(self.core_items):
            mine = chosen[self.problem.units.level[chosen] == k]
            if not len(mine) or not len(items):
                continue
            first, second = self.unit_places[mine].T
            here = held[first] | (held[second] & (second >= 0)[:, None])
            has = here.astype(np.float32) @ items.T.astype(np.float32) > 0
            broken += float((~has[:, required]).sum())
            broken += float(np.maximum(self.problem.levels[k].at_least - has.sum(axis=1), 0).sum())
        return broken

    def _short(
        self, new: NDArray[np.int64], level: NDArray[np.int64], catchment: NDArray[np.float64]
    ) -> tuple[float, float]:
        offers = self.problem.offers
        new_level = level[offers.viable_persons[new] > 0]
        new = new[offers.viable_persons[new] > 0]
        short = np.maximum(offers.viable_persons[new] - catchment[new], 0.0)
        short[short <= 1e-6] = 0.0
        core = (new_level >= 0) & self.evaluator.core[np.maximum(new_level, 0), offers.function[new]]
        paid = core & np.isfinite(offers.subsidy_eur[new]) & (short > 0)
        return float((short[paid] * offers.subsidy_eur[new][paid]).sum()), float(((short > 0) & ~paid).sum())

    def _chosen(self, units: NDArray[np.bool_]) -> ChosenUnits:
        return ChosenUnits(
            self._broken_units(units),
            self.evaluator.together_points(units),
            float(self.problem.units.cost_eur[units, 1].sum()),
            self.evaluator.level_of_place(units),
        )

    def _catchments(self, effects: Sequence[FunctionEffect]) -> NDArray[np.float64]:
        """Persons whose closest open offer it is; shape (offers,)."""
        out = np.zeros(len(self.problem.offers))
        for table, effect in zip(self.evaluator.tables, effects, strict=True):
            out[table.offers] = effect.catchment
        return out

    def starving(self, trial: Trial) -> NDArray[np.int64]:
        """Open offers that break rule 11."""
        if not self.limits.viability:
            return np.zeros(0, np.int64)
        short = self.problem.offers.viable_persons - trial.catchment > 1e-6
        return np.flatnonzero(trial.open & self.is_new & short & ~self.evaluator.may_be_short(trial.units))


def _items(problem: AnchorProblem, level: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    core = problem.levels[level].core
    items = np.zeros((len(core), len(problem.functions)), bool)
    for slot, row in zip(core, items, strict=True):
        row[list(slot.functions)] = True
    return items, np.array([slot.required for slot in core], bool)


def _offers_at(problem: AnchorProblem, is_new: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """NEW and MOVED offers of each place."""
    new = np.flatnonzero(is_new & (problem.offers.place >= 0))
    order = new[np.argsort(problem.offers.place[new], kind="stable")]
    cuts = np.searchsorted(problem.offers.place[order], np.arange(1, problem.place_count))
    return np.split(order, cuts) if problem.place_count else []


def _bundles_at(problem: AnchorProblem) -> list[NDArray[np.int64]]:
    return [np.flatnonzero(problem.bundles.place == j) for j in range(problem.place_count)]


def _members(problem: AnchorProblem) -> list[list[NDArray[np.int32]]]:
    """Offers of each slot of each bundle."""
    b = problem.bundles
    return [
        [b.offer[b.offer_ptr[k] : b.offer_ptr[k + 1]] for k in range(int(b.slot_ptr[n]), int(b.slot_ptr[n + 1]))]
        for n in range(len(b))
    ]
