"""Demands that cannot be met together: the smallest conflicting set found, and what would work."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ankerort.anchors.evaluate import Evaluator
from ankerort.anchors.model import MipResult, solve_relaxation
from ankerort.anchors.prepared import Prepared
from ankerort.anchors.problem import AnchorProblem, CoreSlot, Limits, Objective
from ankerort.base.problems import Phrase, Problem
from ankerort.base.progress import SILENT, Progress
from ankerort.text import Language
from ankerort.text.numbers import format_decimal, format_share, format_whole

_STEP_EUR = 1000.0
_MOST_MORE = 12  # anchors more than asked for that are tried
_TRIES = 4
_EUR_SHARE = 1e-4  # a rounded answer needs no better proof


@dataclass(frozen=True)
class Demand:
    """One demand of a request.

    Parameters
    ----------
    kind
        budget, max, keep, forbid, spacing, legal, area_share, cover, core, viability.
    detail
        Number or name, as printed.
    drop
        (problem, limits) -> the same without it.
    """

    kind: str
    detail: str
    drop: Callable[[AnchorProblem, Limits], tuple[AnchorProblem, Limits]]


@dataclass(frozen=True)
class Conflict:
    """Demands that contradict each other.

    Parameters
    ----------
    demands
        No part of them can be left out without the contradiction being gone, as far as the time allowed to prove it.
    proven
        Together they are proven to be impossible; False = no plan was found in time.
    problems
        The same as sentences, with the nearest demands that can be met.
    """

    demands: tuple[Demand, ...]
    proven: bool
    problems: tuple[Problem, ...]


def find_conflict(
    prepared: Prepared,
    *,
    names: Mapping[str, str],
    labels: Mapping[str, str] | None = None,
    seconds: float = 5.0,
    seed: int = 1,
    lang: Language = "de",
    progress: Progress = SILENT,
) -> Conflict:
    """Find out which demands contradict each other, by leaving out one after the other.

    A demand whose absence does not help is left out for good; what remains is a smallest set (deletion filter: Chinneck and Dravnieks,
    ORSA Journal on Computing 3 (1991) 157-168). All is done on the relaxation: what is impossible there is impossible.

    Parameters
    ----------
    prepared
        The problem without a plan.
    names
        Printed name by place_id.
    labels
        Label by function; None = ids.
    seconds
        Most wall time of each of the solves.
    lang
        Of the numbers in the problems.
    """
    tester = _Tester(prepared, seconds, seed)
    demands = list(demands_of(prepared, names, lang))
    problem, limits = prepared.problem, prepared.limits
    proven = tester.impossible(problem, limits)
    kept: list[Demand] = []
    with progress.task("progress.anchors_conflict", len(demands)) as task:
        for demand in demands:
            fewer = demand.drop(problem, limits)
            if proven and tester.impossible(*fewer):
                problem, limits = fewer
            else:
                kept.append(demand)
            task.advance()
    if not proven:
        return Conflict((), False, (Problem("anchors_no_plan", "error", "ankerort anchors"),))
    problems = [_told(kept)]
    for demand in kept:
        problems += _nearest(demand, tester, prepared, lang)
    if any(d.kind == "core" for d in kept):
        asked = {d.detail for d in kept if d.kind == "keep"}
        problems += core_lacks(prepared, names, labels or {}, asked)
    return Conflict(tuple(kept), True, tuple(problems))


def _told(kept: list[Demand]) -> Problem:
    parts = tuple((f"anchors_demand.{d.kind}", d.detail) for d in kept)
    code = "anchors_conflict_one" if len(kept) == 1 else "anchors_conflict" if kept else "anchors_conflict_none"
    return Problem(code, "error", "ankerort anchors", params={"demands": Phrase(parts)} if kept else {})


class _Tester:
    """Solves relaxations with a short time limit."""

    def __init__(self, prepared: Prepared, seconds: float, seed: int) -> None:
        self._seconds, self._seed, self._objective = seconds, seed, prepared.objective

    def solve(self, problem: AnchorProblem, limits: Limits, objective: Objective) -> MipResult:
        return solve_relaxation(
            problem, objective, limits, seconds=self._seconds, seed=self._seed, tolerance=_EUR_SHARE
        )

    def impossible(self, problem: AnchorProblem, limits: Limits) -> bool:
        """Proven that no plan keeps the limits."""
        if limits.keep and set(limits.keep) & set(limits.forbid):
            return True
        # the best for people is found soon, and any plan at all is an answer
        found = solve_relaxation(
            problem, Objective(people=1.0, together=0.0), limits, seconds=self._seconds, seed=self._seed, tolerance=1.0
        )
        return found.status == "infeasible"


def demands_of(prepared: Prepared, names: Mapping[str, str], lang: Language) -> list[Demand]:
    """All demands; what is tried first is the first to go, so that demands asked for by number are named rather than rules."""
    limits = prepared.limits
    found: list[Demand] = []

    def add(kind: str, detail: str, **less: object) -> None:
        found.append(Demand(kind, detail, lambda p, old: (p, replace(old, **less))))  # type: ignore[arg-type]

    def name(place: int) -> str:
        return names.get(prepared.place_ids[place], prepared.place_ids[place])

    if limits.viability and (prepared.problem.offers.viable_persons > 0).any():
        add("viability", "", viability=False)
    if limits.legal == "hard":
        add("legal", "", legal="off")
    if limits.spacing_m > 0:
        add("spacing", f"{format_decimal(limits.spacing_m / 1000.0, lang)} km", spacing_m=0.0)
    for place in limits.forbid:
        found.append(Demand("forbid", name(place), _without("forbid", place)))
    for place in limits.keep:
        found.append(Demand("keep", name(place), _without("keep", place)))
    if any(level.at_least or any(s.required for s in level.core) for level in prepared.problem.levels):
        found.append(Demand("core", "", _no_core))
    if limits.area_share > 0:
        add("area_share", _share(limits.area_share, lang), area_share=0.0)
    if limits.min_people > 0:
        add("cover", _share(limits.min_people, lang), min_people=0.0)
    if limits.max_anchors is not None:
        add("max", str(limits.max_anchors), max_anchors=None, exactly=False)
    if limits.budget_eur is not None:
        add("budget", f"{format_whole(limits.budget_eur, lang)} EUR", budget_eur=None)
    return found


def _without(field: str, place: int) -> Callable[[AnchorProblem, Limits], tuple[AnchorProblem, Limits]]:
    def drop(problem: AnchorProblem, limits: Limits) -> tuple[AnchorProblem, Limits]:
        left = tuple(p for p in getattr(limits, field) if p != place)
        return problem, replace(limits, **{field: left})  # type: ignore[arg-type]

    return drop


def _no_core(problem: AnchorProblem, limits: Limits) -> tuple[AnchorProblem, Limits]:
    return replace(problem, levels=tuple(replace(level, core=(), at_least=0) for level in problem.levels)), limits


def _nearest(demand: Demand, tester: _Tester, prepared: Prepared, lang: Language) -> list[Problem]:
    """What would work in place of a demand, all other demands of the request kept; nothing where it is not known."""
    problem, limits = demand.drop(prepared.problem, prepared.limits)
    if demand.kind == "budget":
        found = tester.solve(problem, limits, Objective(people=0.0, together=0.0, cost=1.0))
        if found.decision is None:
            return []
        judge = Evaluator(problem, prepared.objective, limits)
        needed = float(judge.evaluate(found.decision, faults=False).cost_eur[1])
        rounded = format_whole(math.ceil(max(needed, 0.0) / _STEP_EUR) * _STEP_EUR, lang)
        return [_note("anchors_conflict_budget", asked=demand.detail, eur=rounded)]
    if demand.kind in ("cover", "area_share"):
        goal = (
            Objective(people=1.0, together=0.0)
            if demand.kind == "cover"
            else Objective(people=0.0, together=0.0, worst=1.0)
        )
        found = tester.solve(problem, limits, goal)
        if found.decision is None:
            return []
        told = Evaluator(problem, goal, limits).evaluate(found.decision, faults=False)
        share = told.people / max(told.people_possible, 1e-9) if demand.kind == "cover" else told.worst
        return [_note(f"anchors_conflict_{demand.kind}", asked=demand.detail, share=_floor_share(share, lang))]
    if demand.kind == "max":
        asked = prepared.limits.max_anchors or 0
        for more in range(asked + 1, asked + 1 + _MOST_MORE):
            enough = replace(prepared.limits, max_anchors=more)
            if tester.solve(prepared.problem, enough, Objective(people=1.0, together=0.0)).decision is not None:
                return [_note("anchors_conflict_max", asked=str(asked), count=more)]
        return []
    if demand.kind == "spacing":
        for part in np.arange(1, _TRIES)[::-1] / _TRIES:
            metres = float(prepared.limits.spacing_m * part)
            closer = replace(prepared.limits, spacing_m=metres)
            if tester.solve(prepared.problem, closer, Objective(people=1.0, together=0.0)).decision is not None:
                km = format_decimal(metres / 1000.0, lang)
                return [_note("anchors_conflict_spacing", asked=demand.detail, km=km)]
        return []
    if demand.kind in ("keep", "forbid", "legal", "viability") and not tester.impossible(problem, limits):
        notes = [_note(f"anchors_conflict_{demand.kind}", place=demand.detail)]
        anywhere = replace(prepared.limits, new_only_in_anchors=False)
        if (
            demand.kind == "legal"
            and prepared.limits.new_only_in_anchors
            and tester.solve(prepared.problem, anywhere, Objective(people=1.0, together=0.0)).decision is not None
        ):
            notes.append(_note("anchors_conflict_legal_anywhere"))
        return notes
    return []


def core_lacks(
    prepared: Prepared, names: Mapping[str, str], labels: Mapping[str, str], asked: Collection[str]
) -> list[Problem]:
    """Given places that no unit can hold as an anchor, since items of the lowest core are not there and cannot open.

    Parameters
    ----------
    asked
        Printed names of the places in question.
    """
    problem, found = prepared.problem, []
    units, offers = problem.units, problem.offers
    pairs = list(zip(units.level.tolist(), units.first.tolist(), units.second.tolist(), strict=True))

    def missing(level: int, places: set[int]) -> list[CoreSlot]:
        held = set(offers.function[np.isin(offers.place, sorted(places))].tolist())
        lacks = [slot for slot in problem.levels[level].core if not held & set(slot.functions)]
        required = [slot for slot in lacks if slot.required]
        enough = len(problem.levels[level].core) - len(lacks) >= problem.levels[level].at_least
        return required if required or enough else lacks

    for place in prepared.limits.keep:
        name = names.get(prepared.place_ids[place], prepared.place_ids[place])
        holding = [(level, {a, b} - {-1}) for level, a, b in pairs if place in (a, b)]
        if name not in asked or not holding or not all(missing(*unit) for unit in holding):
            continue
        lacks = missing(*min(holding, key=lambda unit: (unit[0], len(unit[1]))))
        ids = [problem.functions[slot.functions[0]].id for slot in lacks]
        found.append(_note("anchors_conflict_core", place=name, functions=", ".join(labels.get(i, i) for i in ids)))
    return found


def _floor_share(share: float, lang: Language) -> str:
    """A share that can surely be reached: rounded down to tenths of a per cent."""
    return _share(math.floor(share * 1000.0 + 1e-9) / 1000.0, lang)


def _share(share: float, lang: Language) -> str:
    """A share as people write it: 98 %, or 98,3 %."""
    if abs(share * 100.0 - round(share * 100.0)) < 1e-9:
        return format_share(share, lang)
    return format_decimal(share * 100.0, lang) + (" %" if lang == "de" else "%")


def _note(code: str, **params: object) -> Problem:
    return Problem(code, "note", "ankerort anchors", params=params)
