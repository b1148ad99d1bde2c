"""What each closed offer and each unit would add to a decision: a vectorised estimate that ranks, the judge decides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.evaluate_function import FunctionTable, gather
from ankerort.anchors.heuristic_judge import Judge, Trial

_NONE = np.iinfo(np.int64).max


class Gains:
    """Estimates for one problem.

    Parameters
    ----------
    judge
        Of the search.
    """

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.problem = judge.problem
        self.tables = [_Entries(judge, table, f) for f, table in enumerate(judge.evaluator.tables)]
        rows = judge.evaluator.anchor_rows
        self._unit = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
        self._row = np.concatenate(rows) if rows else np.zeros(0, np.int64)
        self._cache: dict[tuple[int, bytes], tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]] = {}

    def offers(self, trial: Trial) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        """Points that each closed NEW or MOVED offer would add, the catchment that it would have, and whether it starves another.

        Returns
        -------
        points, catchment, starves
            Shape (offers,) each; points are -inf for all other offers.
        """
        points = np.full(len(self.problem.offers), -np.inf)
        catchment = np.zeros(len(self.problem.offers))
        starves = np.zeros(len(self.problem.offers), bool)
        pressed = trial.violation > 0 and self._pressed(trial)
        for f, entries in enumerate(self.tables):
            mask = trial.open[entries.table.offers]
            key = (f, np.packbits(mask).tobytes() + bytes([pressed]))
            found = self._cache.get(key)
            if found is None:
                if len(self._cache) > 400:
                    self._cache.clear()
                found = self._cache[key] = entries.gains(mask, pressed)
            points[entries.mine], catchment[entries.mine], starves[entries.mine] = found
        return points, catchment, starves

    def _pressed(self, trial: Trial) -> bool:
        """Whether a least share of people, of an area or a legal standard is missed: then people count whatever the objective says."""
        limits = self.judge.limits
        return limits.min_people > 0 or limits.area_share > 0 or limits.legal == "hard"

    def net(self, trial: Trial, level: int) -> NDArray[np.float64]:
        """Points of each closed new offer less its cost, in a unit of `level`; -inf where it would not be viable; shape (offers,)."""
        judge, offers = self.judge, self.problem.offers
        points, catchment, starves = self.offers(trial)
        price = judge.objective.cost + judge.price_eur
        net = points - price * judge.mid_eur
        if judge.limits.viability:
            short = np.maximum(offers.viable_persons - catchment, 0.0)
            core = judge.evaluator.core[level, offers.function] if level >= 0 else np.zeros(len(offers), bool)
            paid = core & np.isfinite(offers.subsidy_eur)
            fee = np.where(short > 0, np.where(paid, short * np.where(paid, offers.subsidy_eur, 0.0), np.inf), 0.0)
            net = net - np.where(np.isinf(fee), np.inf, price * np.where(np.isinf(fee), 0.0, fee))
            net[starves] = -np.inf
        return np.asarray(net)

    def units(self, trial: Trial) -> NDArray[np.float64]:
        """Points that each unit would add with its best offers; -inf where it cannot be chosen next to the chosen ones; shape (units,)."""
        judge, problem = self.judge, self.problem
        units = problem.units
        best = np.zeros(len(problem.demand))
        for u in np.flatnonzero(trial.units):
            rows = judge.evaluator.anchor_rows[u]
            best[rows] = np.maximum(best[rows], problem.together_weight[units.level[u]])
        more = np.maximum(problem.together_weight[units.level[self._unit]] - best[self._row], 0.0)
        points = np.bincount(
            self._unit, weights=more * judge.evaluator.weighted_persons[self._row], minlength=len(units)
        )
        out = judge.objective.together * points
        out -= (judge.objective.cost + judge.price_eur) * units.cost_eur[:, 1]
        held = judge.held(trial.open)
        for level in range(len(problem.levels)):
            mine = np.flatnonzero(units.level == level)
            if not len(mine):
                continue
            table = np.full((problem.place_count, judge.functions), -np.inf)
            new = np.flatnonzero(judge.is_new & judge.placed)
            np.maximum.at(table, (problem.offers.place[new], problem.offers.function[new]), self.net(trial, level)[new])
            first, second = judge.unit_places[mine].T
            pair = (second >= 0)[:, None]
            gain = np.maximum(table[first], np.where(pair, table[second], -np.inf))
            here = held[first] | (held[second] & pair)
            out[mine] += np.maximum(gain, 0.0).sum(axis=1) + self._core_loss(level, gain, here)
        out[self._blocked(trial)] = -np.inf
        return np.asarray(out, np.float64)

    def _core_loss(self, level: int, gain: NDArray[np.float64], here: NDArray[np.bool_]) -> NDArray[np.float64]:
        """What core items cost that do not pay for themselves (at most 0)."""
        items, required = self.judge.core_items[level]
        if not len(items):
            return np.zeros(len(gain))
        per_item = np.stack([np.where(item[None, :], gain, -np.inf).max(axis=1) for item in items], axis=1)
        held = np.stack([(here & item[None, :]).any(axis=1) for item in items], axis=1)
        loss = np.where(held, 0.0, np.minimum(per_item, 0.0))
        must = loss[:, required].sum(axis=1)
        free = np.sort(loss[:, ~required], axis=1)[:, ::-1]
        more = max(self.problem.levels[level].at_least - int(required.sum()), 0)
        return np.asarray(must + free[:, :more].sum(axis=1))

    def _blocked(self, trial: Trial) -> NDArray[np.bool_]:
        judge = self.judge
        taken = judge.forbidden.copy()
        chosen = judge.unit_places[trial.units]
        held = chosen[chosen >= 0]
        taken[held] = True
        if judge.limits.spacing_m > 0 and len(held):
            taken |= judge.too_near(np.arange(self.problem.place_count), held).any(axis=1)
        first, second = judge.unit_places.T
        return np.asarray(trial.units | taken[first] | (taken[second] & (second >= 0)))


class _Entries:
    """Entries of a function's NEW and MOVED offers within the standard, laid out by offer."""

    def __init__(self, judge: Judge, table: FunctionTable, f: int) -> None:
        self.table = table
        self.people = judge.objective.people
        self.minutes = judge.objective.minutes * judge.problem.minute_weight
        self.legal = judge.problem.functions[f].legal and judge.limits.legal != "off"
        self.price = judge.limits.legal_price_eur * (judge.objective.cost + judge.price_eur)
        self.hard = judge.limits.legal == "hard"
        self.viability = judge.limits.viability
        self.viable = judge.problem.offers.viable_persons[table.offers]
        self.is_new = judge.is_new[table.offers]
        self.local = np.flatnonzero(self.is_new)
        self.mine = table.offers[self.local]
        at, self.which = gather(table.ptr, table.site[self.local])
        self.row = table.row[at]
        self.key = table.seconds[at] * max(len(table.offers), 1) + self.local[self.which]
        self.quality = table.quality[self.local][self.which]

    def gains(
        self, mask: NDArray[np.bool_], pressed: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        """Points, catchment and whether another starves, per NEW or MOVED offer of the function; points of open ones are -inf."""
        table, n = self.table, len(self.local)
        now = table.rows_now(mask, steps=self.minutes != 0)
        closer = self.key < now.key[self.row]
        own = np.bincount(self.which[closer], weights=table.need[self.row[closer]], minlength=n)
        if table.limited:
            share = np.minimum(1.0, table.capacity[self.local] / np.maximum(own, 1e-9))
            more = np.where(closer, self.quality * share[self.which] - now.quality[self.row], 0.0)
        else:
            more = np.maximum(self.quality - now.quality[self.row], 0.0)
            if table.backup:  # the lesser of the offer and what is best now comes second, unless they stand at one site
                lesser = np.minimum(self.quality, now.quality[self.row])
                elsewhere = ~np.isin(table.site[self.local], table.site[mask])
                more += table.backup * np.maximum(lesser - now.second[self.row], 0.0) * elsewhere[self.which]
        gained = np.bincount(self.which, weights=table.points[self.row] * more, minlength=n)
        points = gained * (self.people + (1e3 if pressed else 0.0))
        if self.minutes:
            points = points + self.minutes * (table.minutes_gained(now.steps)[table.site] * table.saves)[self.local]
        if self.legal:
            unserved = now.key[self.row] == _NONE
            persons = np.bincount(self.which[unserved], weights=table.need[self.row[unserved]], minlength=n)
            points = points + persons * (1e6 if self.hard else self.price)
        points[mask[self.local]] = -np.inf
        starves = np.zeros(n, bool)
        if self.viability:
            victims = np.flatnonzero(mask & self.is_new & (self.viable > 0))
            number = np.full(len(mask) + 1, -1, np.int64)
            number[victims] = np.arange(len(victims))
            victim = number[now.closest[self.row]]
            hit = closer & (victim >= 0)
            lost = np.bincount(
                self.which[hit] * max(len(victims), 1) + victim[hit],
                weights=table.need[self.row[hit]],
                minlength=n * max(len(victims), 1),
            ).reshape(n, max(len(victims), 1))
            if len(victims):
                spare = now.catchment[victims] - self.viable[victims]
                starves = np.asarray(((spare >= -1e-6) & (lost > 0) & (spare - lost < -1e-6)).any(axis=1))
        return np.asarray(points, np.float64), np.asarray(own, np.float64), starves
