"""Exchange until nothing gains: offers (add, drop, swap, close, move), then units (drop, add, swap, another level)."""

from __future__ import annotations

import numpy as np

from ankerort.anchors.heuristic_fill import Moves
from ankerort.anchors.heuristic_judge import Trial

_NEAR = 5  # places to which an offer may be swapped
_TRIED = 4  # units that are tried in place of one


def exchange(moves: Moves, trial: Trial, *, rounds: int = 6) -> Trial:
    """Return a local best of offers and units.

    Parameters
    ----------
    moves
        Changes under a judge.
    trial
        To begin with.
    rounds
        Most rounds; each goes once through all units.
    """
    trial = exchange_offers(moves, trial)
    for _ in range(rounds):
        after = exchange_offers(moves, exchange_units(moves, trial))
        if not after.beats(trial):
            break
        trial = after
        if moves.clock.over():
            break
    return trial


def exchange_offers(moves: Moves, trial: Trial, *, rounds: int = 4) -> Trial:
    """Return a local best of offers with the units as they are."""
    for _ in range(rounds):
        before = trial
        trial = _drop_or_swap(moves, trial)
        trial = _add(moves, trial)
        trial = _today(moves, trial)
        if not trial.beats(before) or moves.clock.over():
            break
    return trial


def allowed_offers(moves: Moves, trial: Trial) -> np.ndarray:
    """NEW and MOVED offers that the chosen units allow; bool, shape (offers,)."""
    judge = moves.judge
    if not judge.limits.new_only_in_anchors:
        return judge.is_new
    level = judge.evaluator.level_of_place(trial.units)
    offers = moves.problem.offers
    return np.asarray(judge.is_new & judge.placed & (level[np.maximum(offers.place, 0)] >= 0))


def swaps(moves: Moves, trial: Trial, o: int, allowed: np.ndarray, *, near: int = _NEAR) -> list[int]:
    """Closed offers of the same function in the same place or near ones (places, the closest first)."""
    offers, problem = moves.problem.offers, moves.problem
    options = np.flatnonzero(allowed & ~trial.open & (offers.function == offers.function[o]) & (offers.place >= 0))
    if not len(options) or offers.place[o] < 0:
        return [int(k) for k in options[: 2 * near]]
    places = np.unique(offers.place[options])
    j = offers.place[o]
    far = np.hypot(problem.place_x[places] - problem.place_x[j], problem.place_y[places] - problem.place_y[j])
    nearest = places[np.argsort(far, kind="stable")[: near + 1]]
    return [int(k) for k in options[np.isin(offers.place[options], nearest)]]


def _drop_or_swap(moves: Moves, trial: Trial) -> Trial:
    judge = moves.judge
    allowed = allowed_offers(moves, trial)
    for o in np.flatnonzero(trial.open & judge.is_new):
        if moves.clock.over():
            break
        if not trial.open[o]:
            continue
        without = moves.close(trial, int(o))
        options = [without]
        options += [moves.open(without, k) for k in swaps(moves, trial, int(o), allowed)]
        best = max(options, key=lambda t: (-t.violation, t.worth))
        if best.beats(trial):
            trial = best
    return trial


def _add(moves: Moves, trial: Trial) -> Trial:
    judge, offers = moves.judge, moves.problem.offers
    level = judge.evaluator.level_of_place(trial.units)
    net = np.full(len(offers), -np.inf)
    at = np.where(judge.placed, level[np.maximum(offers.place, 0)], -1)
    for k in np.unique(at):
        mine = at == k
        net[mine] = moves.gains.net(trial, int(k))[mine]
    wanted = allowed_offers(moves, trial) & ~trial.open & (net > 0)
    order = np.flatnonzero(wanted)
    order = order[np.argsort(-net[order], kind="stable")]
    room = 6  # how often closing others for one that gains more is tried
    for o in order:
        if moves.clock.over():
            return trial
        after = moves.open(trial, int(o))
        if not after.beats(trial) and after.worth > trial.worth and _over_budget(moves, after) and room:
            room -= 1
            after = moves.make_room(after)
        if after.beats(trial):
            trial = after
    places = sorted({int(j) for u in np.flatnonzero(trial.units) for j in judge.unit_places[u] if j >= 0})
    if trial.violation > 0:
        trial = moves.fill(trial, places, rounds=1)
    return moves.bundles(trial, places if judge.limits.new_only_in_anchors else range(moves.problem.place_count))


def _over_budget(moves: Moves, trial: Trial) -> bool:
    budget = moves.judge.limits.budget_eur
    return budget is not None and trial.cost_eur > budget


def _today(moves: Moves, trial: Trial) -> Trial:
    """Close or open again what is there today and may close."""
    judge = moves.judge
    for o in np.flatnonzero(judge.removable):
        if moves.clock.over():
            break
        if trial.open[o]:
            after = moves.close(trial, int(o))
        else:
            off = [int(m) for m in judge.moved if trial.open[m] and moves.problem.offers.origin[m] == o]
            after = judge.change(trial, (int(o),), off)
        if after.beats(trial):
            trial = after
    return trial


def exchange_units(moves: Moves, trial: Trial) -> Trial:
    """Go once through the chosen units: drop, or swap for what promises most; then add what fits."""
    judge, limits = moves.judge, moves.judge.limits
    for u in np.flatnonzero(trial.units):
        if moves.clock.over():
            return trial
        if not trial.units[u]:
            continue
        without = moves.without_unit(trial, int(u))
        best = without if without.beats(trial) else trial
        same = np.flatnonzero((judge.unit_places[:, 0] == judge.unit_places[u, 0]) & (np.arange(len(trial.units)) != u))
        tried = [v for v in moves.best_units(without, _TRIED + 1) if v != u][:_TRIED]
        gain = moves.gains.units(without)
        tried += [int(v) for v in same if v not in tried and np.isfinite(gain[v])][:2]
        for v in tried:
            after = moves.with_unit(without, v)
            if _over_budget(moves, after):
                after = moves.make_room(after)
            if after.beats(best):
                best = after
        trial = best
    while limits.max_anchors is None or int(trial.units.sum()) < limits.max_anchors:
        options = [moves.with_unit(trial, v) for v in moves.best_units(trial, 2)]
        best = max(options, key=lambda t: (-t.violation, t.worth), default=trial)
        if not best.beats(trial) or moves.clock.over():
            break
        trial = best
    return trial
