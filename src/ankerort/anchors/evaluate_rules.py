"""Which rules a decision breaks: the eleven rules of docs/method/anchors.md, all faults, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.problem import FIXED, MOVED, NEW, AnchorProblem, Decision, Limits

if TYPE_CHECKING:
    from ankerort.anchors.evaluate import Evaluation

TOLERANCE = 1e-6  # of the size of the number that is compared, at least absolute


@dataclass(frozen=True, order=True)
class Fault:
    """A broken rule.

    Parameters
    ----------
    rule
        1 to 11 as in docs/method/anchors.md.
    number
        What it is about: the offer (1, 2, 3, 7, 11), place (4, 5 and 6), unit (8), function (10), area (9 ``area``), -1 = the plan.
    detail
        Which part of the rule: closed_fixed, two_variants, origin_open, two_moves, host, room_hours, two_units, too_many, too_few,
        keep, forbid, spacing, not_in_anchor, core_item, core_count, budget, min_people, area, legal, viability.
    amount
        By how much it is off, in the unit of what the rule compares (persons, EUR, hours, m, a share, a count).
    """

    rule: int
    number: int
    detail: str
    amount: float = 0.0


def faults_of(
    problem: AnchorProblem,
    limits: Limits,
    decision: Decision,
    evaluation: Evaluation,
    legal_rows: list[NDArray[np.int64]],
    may_be_short: NDArray[np.bool_],
) -> tuple[Fault, ...]:
    """Return all broken rules, sorted.

    Parameters
    ----------
    problem, limits, decision
        As in `ankerort.anchors.evaluate.evaluate`.
    evaluation
        Its numbers.
    legal_rows
        Per function the rows with need that some offer could serve and none does.
    may_be_short
        bool, shape (offers,): offers whose shortfall may be subsidised.
    """
    parts: tuple[Iterable[Fault], ...] = (
        _offers(problem, limits, decision),
        _rooms(problem, decision),
        _units(problem, limits, decision),
        _core(problem, decision),
        _sums(limits, evaluation),
        _legal(problem, limits, legal_rows),
        _viable(limits, evaluation, may_be_short),
    )
    return tuple(sorted(fault for part in parts for fault in part))


def _repeated(numbers: NDArray[np.int64], keys: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Number and count of what comes after the first one with the same key."""
    order = np.lexsort((numbers, keys))
    same = keys[order][1:] == keys[order][:-1]
    for o in numbers[order][1:][same]:
        yield int(o), 1


def _offers(problem: AnchorProblem, limits: Limits, decision: Decision) -> Iterator[Fault]:
    offers, is_open = problem.offers, decision.open
    for o in np.flatnonzero((offers.state == FIXED) & ~is_open):
        yield Fault(1, int(o), "closed_fixed", 1.0)
    new = np.flatnonzero(((offers.state == NEW) | (offers.state == MOVED)) & is_open)
    placed = new[offers.place[new] >= 0]
    keys = offers.function[placed].astype(np.int64) * max(problem.place_count, 1) + offers.place[placed]
    for again, count in _repeated(placed, keys):
        yield Fault(1, again, "two_variants", count)
    moved = np.flatnonzero((offers.state == MOVED) & is_open)
    for o in moved[is_open[offers.origin[moved]]]:
        yield Fault(2, int(o), "origin_open", 1.0)
    for again, count in _repeated(moved, offers.origin[moved].astype(np.int64)):
        yield Fault(2, again, "two_moves", count)
    held = held_at(problem, is_open)
    for o in np.flatnonzero(is_open & (offers.host >= 0)):
        if offers.place[o] < 0 or not held[offers.place[o], offers.host[o]]:
            yield Fault(3, int(o), "host", 1.0)
    if limits.new_only_in_anchors:
        inside = np.zeros(problem.place_count + 1, bool)
        for u in np.flatnonzero(decision.units):
            inside[[problem.units.first[u], problem.units.second[u]]] = True
        inside[-1] = False
        for o in new[~inside[offers.place[new]]]:
            yield Fault(7, int(o), "not_in_anchor", 1.0)


def held_at(problem: AnchorProblem, is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Functions held in each place by open offers; shape (places, functions)."""
    offers = problem.offers
    out = np.zeros((problem.place_count, len(problem.functions)), bool)
    at = np.flatnonzero(is_open & (offers.place >= 0))
    out[offers.place[at], offers.function[at]] = True
    return out


def _rooms(problem: AnchorProblem, decision: Decision) -> Iterator[Fault]:
    offers = problem.offers
    at = np.flatnonzero(decision.open & (offers.place >= 0) & (offers.room_hours > 0))
    used = np.bincount(offers.place[at], weights=offers.room_hours[at], minlength=problem.place_count)
    over = used - problem.room_hours
    for j in np.flatnonzero(over > TOLERANCE):
        yield Fault(4, int(j), "room_hours", float(over[j]))


def _units(problem: AnchorProblem, limits: Limits, decision: Decision) -> Iterator[Fault]:
    units = problem.units
    chosen = np.flatnonzero(decision.units)
    held = np.concatenate([units.first[chosen], units.second[chosen]]).astype(np.int64)
    owner = np.concatenate([chosen, chosen])[held >= 0]
    held = held[held >= 0]
    count = np.bincount(held, minlength=problem.place_count)
    for j in np.flatnonzero(count > 1):
        yield Fault(5, int(j), "two_units", float(count[j] - 1))
    if limits.max_anchors is not None:
        if len(chosen) > limits.max_anchors:
            yield Fault(5, -1, "too_many", float(len(chosen) - limits.max_anchors))
        if limits.exactly and len(chosen) < limits.max_anchors:
            yield Fault(5, -1, "too_few", float(limits.max_anchors - len(chosen)))
    for place in sorted(set(limits.keep)):
        if not count[place]:
            yield Fault(5, int(place), "keep", 1.0)
    for place in sorted(set(limits.forbid)):
        if count[place]:
            yield Fault(5, int(place), "forbid", 1.0)
    if limits.spacing_m > 0 and len(held):
        far = np.hypot(
            problem.place_x[held][:, None] - problem.place_x[held][None, :],
            problem.place_y[held][:, None] - problem.place_y[held][None, :],
        )
        # one place in two units breaks rule 5; it is not too near to itself
        two = (owner[:, None] != owner[None, :]) & (held[:, None] != held[None, :])
        near = (far < limits.spacing_m - TOLERANCE) & two
        for a, b in zip(*np.nonzero(np.triu(near)), strict=True):
            yield Fault(6, int(held[a]), "spacing", float(limits.spacing_m - far[a, b]))


def _core(problem: AnchorProblem, decision: Decision) -> Iterator[Fault]:
    held = held_at(problem, decision.open)
    for u in np.flatnonzero(decision.units):
        level = problem.levels[problem.units.level[u]]
        here = held[problem.units.first[u]]
        if problem.units.second[u] >= 0:
            here = here | held[problem.units.second[u]]
        items = [bool(here[list(slot.functions)].any()) for slot in level.core]
        missing = sum(slot.required and not has for slot, has in zip(level.core, items, strict=True))
        if missing:
            yield Fault(8, int(u), "core_item", float(missing))
        if sum(items) < level.at_least:
            yield Fault(8, int(u), "core_count", float(level.at_least - sum(items)))


def _sums(limits: Limits, evaluation: Evaluation) -> Iterator[Fault]:
    cost = float(evaluation.cost_eur[1])
    if limits.budget_eur is not None and cost > limits.budget_eur + TOLERANCE * max(1.0, abs(limits.budget_eur)):
        yield Fault(9, -1, "budget", cost - limits.budget_eur)
    least = limits.min_people * evaluation.people_possible
    if evaluation.people < least - TOLERANCE * max(1.0, least):
        yield Fault(9, -1, "min_people", least - evaluation.people)
    if limits.area_share > 0:
        for a in np.flatnonzero(evaluation.area_share < limits.area_share - TOLERANCE):
            yield Fault(9, int(a), "area", float(limits.area_share - evaluation.area_share[a]))


def _legal(problem: AnchorProblem, limits: Limits, legal_rows: list[NDArray[np.int64]]) -> Iterator[Fault]:
    if limits.legal != "hard":
        return
    for f, (function, rows) in enumerate(zip(problem.functions, legal_rows, strict=True)):
        if function.legal and len(rows):
            yield Fault(10, f, "legal", float(function.need[rows].sum()))


def _viable(limits: Limits, evaluation: Evaluation, may_be_short: NDArray[np.bool_]) -> Iterator[Fault]:
    if not limits.viability:
        return
    for o in np.flatnonzero((evaluation.short > 0) & ~may_be_short):
        yield Fault(11, int(o), "viability", float(evaluation.short[o]))
