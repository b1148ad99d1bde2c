"""A good decision in seconds: greedy units with their best bundles, then exchange of offers and units until nothing gains.

Units and offers come in by what they gain (`heuristic_gain` ranks, `heuristic_judge` decides by the exact rules, viability included). Where
a budget binds, money gets a price so that it goes where it does most (Lagrange); exchange follows Teitz and Bart, Operations Research 16 (1968).
Work is limited by the size of the problem, so equal inputs give equal plans; the clock is a safety stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ankerort.anchors.evaluate import Evaluator
from ankerort.anchors.heuristic_exchange import exchange
from ankerort.anchors.heuristic_fill import Clock, Moves
from ankerort.anchors.heuristic_judge import Judge, Trial
from ankerort.anchors.heuristic_order import only, working_objective
from ankerort.anchors.problem import AnchorProblem, Decision, Limits, Objective

_PRICES = 4


def construct(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    *,
    seed: int = 1,
    seconds: float = 60.0,
    held: Mapping[str, float] | None = None,
    evaluator: Evaluator | None = None,
) -> Decision | None:
    """Build a decision from what is there today.

    Parameters
    ----------
    problem, objective, limits
        As in `ankerort.anchors.evaluate.evaluate`.
    seed
        Not used by the greedy choice; stands in the signature for `improve`.
    seconds
        Safety stop.
    held
        Least value of components (of ``cost``: the most EUR).
    evaluator
        A ready one for the same problem and limits.

    Returns
    -------
    Decision or None
        None where no decision without faults was found.
    """
    clock = Clock(seconds)
    judge = Judge(problem, working_objective(problem, objective), limits, held=held, evaluator=evaluator)
    best = greedy(judge, clock)
    return best.decision() if best.violation == 0 else None


def improve(
    problem: AnchorProblem,
    objective: Objective,
    limits: Limits,
    decision: Decision,
    *,
    seed: int = 1,
    seconds: float = 60.0,
    held: Mapping[str, float] | None = None,
    evaluator: Evaluator | None = None,
) -> Decision:
    """Exchange offers and units while it gains; never worse than `decision`.

    Parameters
    ----------
    problem, objective, limits, seconds, held, evaluator
        As in `construct`.
    decision
        To begin with; it may break rules (then mending comes first).
    seed
        Of the kicks that leave a local best.
    """
    clock = Clock(seconds)
    judge = Judge(problem, working_objective(problem, objective), limits, held=held, evaluator=evaluator)
    first = judge.start(decision)
    moves = Moves(judge, clock)
    best = exchange(moves, first)
    rng = np.random.default_rng(seed)
    # small problems get many kicks, large ones few: about equal work
    kicks = int(np.clip(20_000 / max(len(problem.offers), 1), 2, 12))
    for _ in range(kicks):
        if clock.over():
            break
        kicked = exchange(moves, _kick(moves, best, rng), rounds=2)
        if kicked.beats(best):
            best = kicked
    return best.decision()


def greedy(judge: Judge, clock: Clock) -> Trial:
    """Best of some greedy decisions: where money or people are limited, with a price that halving finds."""
    if judge.limits.min_people > 0:
        best = _for_share(judge, clock)
    elif judge.limits.budget_eur is not None:
        best = _for_budget(judge, clock)
    else:
        best = _greedy(judge, clock)
    if best.violation > 0 and not clock.over():
        after = _greedy(judge, clock, per_cost=True)
        best = after if after.beats(best) else best
    # money that is left over goes to what gains most at no price
    moves = Moves(judge, clock)
    places = sorted({int(j) for u in np.flatnonzero(best.units) for j in judge.unit_places[u] if j >= 0})
    return moves.fill(best, places, rounds=1)


def _for_budget(judge: Judge, clock: Clock) -> Trial:
    """Raise the price of money while all of it is spent, lower it while some is left."""
    budget = judge.limits.budget_eur
    assert budget is not None  # asked for a budget only
    price, low, high = _first_price(judge), 0.0, np.inf
    best: Trial | None = None
    for step in range(_PRICES + 1):
        trial = _greedy(judge.with_price(price), clock)
        again = judge.again(trial)
        best = again if best is None or again.beats(best) else best
        if clock.over():
            break
        if again.violation > 0 or again.cost_eur > 0.97 * budget:
            low = max(price, high / 64) if np.isfinite(high) else price
            price = 3 * price if np.isinf(high) else (low * high) ** 0.5
        else:
            high, price = price, (low * price) ** 0.5 if low > 0 else price / 8 if step else 0.0
            if high == 0.0:
                break  # money does not bind
        if low > 0 and high / low < 1.2:
            break
    assert best is not None  # at least one step
    return best


def _for_share(judge: Judge, clock: Clock) -> Trial:
    """Give people a price that is just high enough for the share that is asked for, so that each EUR does much for them."""
    least = judge.limits.min_people * judge.evaluator.people_possible
    free = replace(judge.limits, min_people=0.0)
    price, low, high = (judge.objective.cost or 1.0) / max(_first_price(judge, people=True), 1e-12), 0.0, np.inf
    best = _greedy(judge, clock)
    for _ in range(2 * _PRICES):
        if clock.over():
            break
        goal = replace(judge.objective, people=judge.objective.people + price, cost=judge.objective.cost or 1.0)
        priced = Judge(judge.problem, goal, free, held=judge.held_at_least, evaluator=judge.evaluator)
        trial = _greedy(priced, clock)
        again = judge.again(trial)
        best = again if again.beats(best) else best
        if sum(e.people for e in trial.effects) >= least:
            high, price = price, (low * price) ** 0.5 if low > 0 else price / 4
        else:
            low, price = price, 4 * price if np.isinf(high) else (price * high) ** 0.5
        if low > 0 and high / low < 1.1:
            break
    return best


def _first_price(judge: Judge, *, people: bool = False) -> float:
    """Points per EUR of a middling offer, from which the search for a price begins; `people`: of points for people alone."""
    if people:
        judge = Judge(judge.problem, only("people"), replace(judge.limits, min_people=0.0), evaluator=judge.evaluator)
    moves = Moves(judge, Clock(1e9))
    points, _, _ = moves.gains.offers(judge.start())
    paid = np.isfinite(points) & (points > 0) & (judge.mid_eur > 0)
    if not paid.any():
        return 1e-6
    return float(np.median(points[paid] / judge.mid_eur[paid]))


def _greedy(judge: Judge, clock: Clock, *, per_cost: bool = False) -> Trial:
    """Add units one by one, each with its best bundle, then what opens or closes beside them."""
    moves = Moves(judge, clock)
    trial = judge.start()
    limits = judge.limits
    for j in judge.keep:
        trial = _with_place(moves, trial, int(j))
    most = limits.max_anchors if limits.max_anchors is not None else judge.problem.place_count
    if not limits.new_only_in_anchors:
        trial = moves.fill(trial, range(judge.problem.place_count), rounds=1)
    while int(trial.units.sum()) < most and not clock.over():
        candidates = moves.best_units(trial, 3, per_cost=per_cost)
        options = [moves.with_unit(trial, u) for u in candidates]
        options = [t for t in options if t.beats(trial)]
        if not options:
            break
        trial = max(options, key=lambda t: (-t.violation, t.worth))
    return trial


def _with_place(moves: Moves, trial: Trial, place: int) -> Trial:
    """Add the best unit that holds a place."""
    judge = moves.judge
    if any(place in judge.unit_places[u] for u in np.flatnonzero(trial.units)):
        return trial
    gain = moves.gains.units(trial)
    holds = np.flatnonzero((judge.unit_places == place).any(axis=1))
    order = holds[np.argsort(-gain[holds], kind="stable")][:4]
    options = [moves.with_unit(trial, int(u)) for u in order]
    return max(options, key=lambda t: (-t.violation, t.worth), default=trial)


def _kick(moves: Moves, trial: Trial, rng: np.random.Generator) -> Trial:
    """Leave a local best: drop one or two units with their bundles, or some offers where there are no units."""
    judge = moves.judge
    chosen = np.flatnonzero(trial.units)
    if len(chosen):
        for u in rng.permutation(chosen)[: min(2, len(chosen))]:
            trial = moves.without_unit(trial, int(u))
        gain = moves.gains.units(trial)
        options = np.argsort(-gain, kind="stable")[:12]
        options = options[np.isfinite(gain[options])]
        if len(options):
            trial = moves.with_unit(trial, int(rng.choice(options)))
    loose = np.flatnonzero(trial.open & (judge.is_new | judge.removable))
    for o in rng.permutation(loose)[: max(1, len(loose) // 10)]:
        if trial.open[o]:
            trial = moves.close(trial, int(o))
    return trial
