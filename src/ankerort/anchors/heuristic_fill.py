"""Single changes of a decision with what they bring along: an offer with its host, a move with its origin, a unit with its bundle."""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.heuristic_gain import Gains
from ankerort.anchors.heuristic_judge import Judge, Trial
from ankerort.anchors.problem import MOVED


class Clock:
    """Safety stop of a search.

    Parameters
    ----------
    seconds
        From now.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(self._end - time.monotonic(), 0.0)


class Moves:
    """Changes of decisions under one judge.

    Parameters
    ----------
    judge
        Of the search.
    clock
        When to stop.
    gains
        Ready ones for the same objective and price.
    """

    def __init__(self, judge: Judge, clock: Clock, gains: Gains | None = None) -> None:
        self.judge, self.clock, self.problem = judge, clock, judge.problem
        self.gains = gains or Gains(judge)
        limited = np.array([t.limited for t in judge.evaluator.tables], bool)
        self.inexact = limited[self.problem.offers.function]

    def opening(self, is_open: NDArray[np.bool_], o: int) -> tuple[set[int], set[int]]:
        """Offers to open and to close so that `o` may open: its host with it, another variant and the origin of a move closed."""
        offers, judge = self.problem.offers, self.judge
        on, off = {o}, set()
        queue = [o]
        while queue:
            k = queue.pop()
            if offers.place[k] < 0:
                continue
            here = judge.offers_at[offers.place[k]]
            off |= {int(v) for v in here if v != k and is_open[v] and offers.function[v] == offers.function[k]}
            if offers.state[k] == MOVED:
                origin = int(offers.origin[k])
                off |= {origin} | {int(m) for m in judge.moved if m != k and is_open[m] and offers.origin[m] == origin}
            host = int(offers.host[k])
            if host < 0 or len(on) > 4:
                continue
            same = (offers.place == offers.place[k]) & (offers.function == host)
            if (same & is_open).any() or any(same[v] for v in on):
                continue
            options = np.flatnonzero(same & (judge.is_new | judge.removable))
            if len(options):
                cheapest = int(options[np.argmin(judge.mid_eur[options])])
                on.add(cheapest)
                queue.append(cheapest)
        return on, off - on

    def closing(self, is_open: NDArray[np.bool_], o: int) -> tuple[set[int], set[int]]:
        """Offers to open and to close so that `o` may close: a moved one returns, who lives with it closes too."""
        offers, judge = self.problem.offers, self.judge
        on: set[int] = {int(offers.origin[o])} if offers.state[o] == MOVED else set()
        off = {o}
        queue = [o]
        while queue:
            k = queue.pop()
            if offers.place[k] < 0 or not len(judge.hosted):
                continue
            same = (offers.place == offers.place[k]) & is_open
            same[list(off)] = False
            if (same & (offers.function == offers.function[k])).any():
                continue
            lost = np.flatnonzero(same & (offers.host == offers.function[k]) & ~judge.fixed)
            off |= set(lost.tolist())
            queue += lost.tolist()
        return on - off, off

    def open(self, trial: Trial, o: int) -> Trial:
        """Judge `trial` with offer `o` open."""
        on, off = self.opening(trial.open, o)
        return self.judge.change(trial, on, off)

    def close(self, trial: Trial, o: int) -> Trial:
        """Judge `trial` with offer `o` closed."""
        on, off = self.closing(trial.open, o)
        return self.judge.change(trial, on, off)

    def fill(self, trial: Trial, places: Iterable[int], *, rounds: int = 2) -> Trial:
        """Open what is worth it in `places`, the best first; what the core lacks comes in as it mends a broken rule."""
        here = [int(o) for j in sorted(set(places)) for o in self.judge.offers_at[j]]
        for _ in range(rounds):
            before = trial
            tried = []
            hopeful = self._hopeful(trial)
            for o in here:
                if trial.open[o] or not hopeful[o] or self.clock.over():
                    continue
                after = self.open(trial, o)
                if after.beats(trial):
                    tried.append((after.violation, -after.worth, o, after))
            tried.sort(key=lambda t: t[:3])
            for n, (_, _, o, first) in enumerate(tried):
                after = first if n == 0 else self.open(trial, o)
                if after.beats(trial):
                    trial = after
            trial = self.bundles(trial, places)
            if trial is before:
                break
        return trial

    def _hopeful(self, trial: Trial) -> NDArray[np.bool_]:
        """Closed offers that may be worth opening alone; all where the estimate does not see what they are for; shape (offers,)."""
        judge, offers = self.judge, self.problem.offers
        if judge.objective.worst or judge.held_at_least or (trial.violation > 0 and not self._core_only(trial)):
            return np.ones(len(offers), bool)
        level = np.where(judge.placed, trial.chosen.level[np.maximum(offers.place, 0)], -1)
        out = self.inexact.copy()
        for k in np.unique(level):
            mine = level == k
            out[mine] |= self.gains.net(trial, int(k))[mine] > 0
        if trial.violation > 0:
            out |= (level >= 0) & judge.evaluator.core[np.maximum(level, 0), offers.function]
        return out

    def _core_only(self, trial: Trial) -> bool:
        """Whether nothing but missing core items can be what is broken."""
        limits = self.judge.limits
        return not (limits.min_people > 0 or limits.area_share > 0 or limits.legal == "hard" or len(self.judge.hosted))

    def bundles(self, trial: Trial, places: Iterable[int]) -> Trial:
        """Complete bundles in `places` where that is worth it."""
        for j in sorted(set(places)):
            for b in self.judge.new_bundles[j]:
                slots = self.judge.members[b]
                missing = [slot for slot in slots if not trial.open[slot].any()]
                if not missing or len(missing) > 3:
                    continue
                after = trial
                for slot in missing:
                    options = [self.open(after, int(o)) for o in slot]
                    after = max(options, key=lambda t: (-t.violation, t.worth))
                if after.beats(trial):
                    trial = after
        return trial

    def without_unit(self, trial: Trial, u: int) -> Trial:
        """Judge `trial` without unit `u` and without what was new in its places; moved offers return."""
        offers = self.problem.offers
        places = [int(j) for j in self.judge.unit_places[u] if j >= 0]
        off = [int(o) for j in places for o in self.judge.offers_at[j] if trial.open[o]]
        on = [int(offers.origin[o]) for o in off if offers.state[o] == MOVED]
        return self.judge.change(trial, on, off, (), (u,))

    def with_unit(self, trial: Trial, u: int) -> Trial:
        """Judge `trial` with unit `u` and its best bundle."""
        places = [int(j) for j in self.judge.unit_places[u] if j >= 0]
        return self.fill(self.judge.change(trial, (), (), (u,)), places)

    def best_units(self, trial: Trial, count: int, *, per_cost: bool = False) -> list[int]:
        """Units that promise most, the best first; `per_cost` by points per EUR."""
        gain = self.gains.units(trial)
        if per_cost:
            gain = np.where(gain > 0, gain / np.maximum(self.problem.units.cost_eur[:, 1], 1.0), gain)
        order = np.argsort(-gain, kind="stable")[:count]
        return [int(u) for u in order if np.isfinite(gain[u])]

    def make_room(self, trial: Trial) -> Trial:
        """Close what loses least per EUR until the budget is kept, if nothing else is broken by it."""
        limits, judge = self.judge.limits, self.judge
        if limits.budget_eur is None:
            return trial
        tried: list[tuple[float, int]] = []
        for o in np.flatnonzero(trial.open & (judge.is_new | judge.removable) & (judge.mid_eur > 0)):
            after = self.close(trial, int(o))
            saved = trial.cost_eur - after.cost_eur
            if saved > 0 and after.violation <= trial.violation:
                tried.append(((trial.worth - after.worth) / saved, int(o)))
        for _, cheapest in sorted(tried):
            if trial.cost_eur <= limits.budget_eur or self.clock.over():
                break
            after = self.close(trial, cheapest)
            if after.violation <= trial.violation:
                trial = after
        return trial
