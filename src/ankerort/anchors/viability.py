"""From a decision that breaks rules (the relaxation's, or one carried over) to one that keeps all, with little loss.

Catchments are true ones: people go to the closest open offer. What stays below its least catchment is closed, exchanged for another variant or
place in reach, relieved of a competitor, or its anchor moves to a neighbouring place, whichever loses least; subsidies that the rules allow
are paid where that is worth it. Then the usual exchange wins back what the closing freed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ankerort.anchors.evaluate import Evaluator
from ankerort.anchors.heuristic_exchange import allowed_offers, exchange, exchange_offers, swaps
from ankerort.anchors.heuristic_fill import Clock, Moves
from ankerort.anchors.heuristic_judge import Judge, Trial
from ankerort.anchors.heuristic_order import working_objective
from ankerort.anchors.problem import AnchorProblem, Decision, Limits, Objective

_RIVALS = 3  # nearest offers of the same function that are tried as the ones to close
_NEIGHBOURS = 4  # units near a broken one that are tried in its place


def repair(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    decision: Decision,
    *,
    seed: int = 1,
    seconds: float = 60.0,
    held: Mapping[str, float] | None = None,
    evaluator: Evaluator | None = None,
) -> Decision | None:
    """Mend a decision.

    Parameters
    ----------
    problem, objective, limits
        As in `ankerort.anchors.evaluate.evaluate`.
    decision
        It may break any rule.
    seed
        Not used: mending has no choice by chance.
    seconds
        Safety stop.
    held
        Least value of components (of ``cost``: the most EUR).
    evaluator
        A ready one for the same problem and limits.

    Returns
    -------
    Decision or None
        Without faults; None where none was found.
    """
    clock = Clock(seconds)
    judge = Judge(problem, working_objective(problem, objective), limits, held=held, evaluator=evaluator)
    moves = Moves(judge, clock)
    trial = judge.start(decision)
    trial = feed_starving(moves, trial)
    trial = exchange(moves, trial, rounds=3)
    if trial.violation > 0:
        trial = exchange(moves, _replace_broken(moves, trial), rounds=2)
    return trial.decision() if trial.violation == 0 else None


def feed_starving(moves: Moves, trial: Trial) -> Trial:
    """Mend offers below their least catchment one by one, those that lack most first."""
    judge, offers = moves.judge, moves.problem.offers
    while not moves.clock.over():
        starving = judge.starving(trial)
        if not len(starving):
            break
        lacks = 1 - trial.catchment[starving] / offers.viable_persons[starving]
        before = trial
        for o in starving[np.argsort(-lacks, kind="stable")]:
            if not trial.open[o] or o not in judge.starving(trial):
                continue
            best = max(_remedies(moves, trial, int(o)), key=lambda t: (-t.violation, t.worth))
            if best.beats(trial):
                trial = best
        if trial is before:
            break
    return trial


def _remedies(moves: Moves, trial: Trial, o: int) -> list[Trial]:
    """Close it, exchange it, close a rival so that it lives, or move its unit to a neighbouring place."""
    judge, problem = moves.judge, moves.problem
    offers = problem.offers
    allowed = allowed_offers(moves, trial)
    without = moves.close(trial, o)
    out = [without]
    out += [moves.open(without, k) for k in swaps(moves, trial, o, allowed)]
    rivals = np.flatnonzero(trial.open & (offers.function == offers.function[o]) & ~judge.fixed & (offers.place >= 0))
    rivals = rivals[rivals != o]
    if offers.place[o] >= 0 and len(rivals):
        for k in rivals[np.argsort(_far(moves, int(offers.place[o]), offers.place[rivals]), kind="stable")][:_RIVALS]:
            out.append(moves.close(trial, int(k)))
            # both give way to one between them
            both = moves.close(without, int(k)) if without.open[k] else without
            out += [moves.open(both, v) for v in swaps(moves, trial, o, allowed, near=2)]
    mended = min(t.violation for t in out)
    if mended < trial.violation or offers.place[o] < 0:
        return out
    units = np.flatnonzero(trial.units & (judge.unit_places == offers.place[o]).any(axis=1))
    for u in units:
        out += _neighbours(moves, trial, int(u))
    return out


def _far(moves: Moves, place: int, others: np.ndarray) -> np.ndarray:
    problem = moves.problem
    return np.asarray(
        np.hypot(problem.place_x[others] - problem.place_x[place], problem.place_y[others] - problem.place_y[place])
    )


def _neighbours(moves: Moves, trial: Trial, u: int) -> list[Trial]:
    """Without the unit, and with a unit near it in its place."""
    judge = moves.judge
    without = moves.without_unit(trial, u)
    gain = moves.gains.units(without)
    may = np.flatnonzero(np.isfinite(gain) & (np.arange(len(gain)) != u))
    far = _far(moves, int(judge.unit_places[u, 0]), judge.unit_places[may, 0])
    near = may[np.argsort(far, kind="stable")][: 4 * _NEIGHBOURS]
    near = near[np.argsort(-gain[near], kind="stable")][:_NEIGHBOURS]
    return [without, *(moves.with_unit(without, int(v)) for v in near)]


def _replace_broken(moves: Moves, trial: Trial) -> Trial:
    """Where single exchanges do not mend: replace or drop the units one by one as long as less is broken."""
    for u in np.flatnonzero(trial.units):
        if trial.violation == 0 or moves.clock.over():
            break
        best = max(_neighbours(moves, trial, int(u)), key=lambda t: (-t.violation, t.worth))
        if best.beats(trial):
            trial = feed_starving(moves, best)
    return exchange_offers(moves, trial)
