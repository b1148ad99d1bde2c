"""An integer program over the weekday tours of good plans: the best plan that can be put together from them.

A column is the weekday of a vehicle over all weeks of the cycle, with its clock times and breaks, so that every rule of a day is kept by every
choice of columns; what the program decides is which columns agree about the patterns of the stops, serve most and cost least (set partitioning,
Balinski and Quandt, Operations Research 12 (1964)).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from ankerort.mobile.bound_rows import Rows
from ankerort.mobile.evaluate import day_tours, evaluate, half_of, stop_factor
from ankerort.mobile.problem import NEVER, Decision, MobileProblem, Objective
from ankerort.mobile.state import empty_decision

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_MOST_COLUMNS = 6000
_MOST_SHARES = 60_000


@dataclass(frozen=True, order=True)
class Part:
    """A part of a stop's pattern in a column: pattern and number of the part, clock time of its visits."""

    stop: int
    pattern: int
    part: int
    start_s: int


@dataclass(frozen=True)
class Column:
    """A weekday of a vehicle of a class.

    Parameters
    ----------
    crew
        Class of vehicles (`ColumnPool.classes`).
    day
        Weekday.
    parts
        By clock time.
    break_after
        Stop per week; -1 = none.
    cost_eur
        Per year, without the fixed cost of the vehicle.
    """

    crew: int
    day: int
    parts: tuple[Part, ...]
    break_after: tuple[int, ...]
    cost_eur: float


class ColumnPool:
    """Weekday tours of feasible plans; the oldest go when there are too many.

    Parameters
    ----------
    most
        Most columns.
    """

    def __init__(self, *, most: int = _MOST_COLUMNS) -> None:
        self._most = most
        self._columns: dict[tuple[int, int, tuple[Part, ...], tuple[int, ...]], Column] = {}
        self._several: dict[tuple[tuple[Part, ...], int], None] = {}
        self._classes: tuple[int, ...] = ()

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._columns)

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, the newest last."""
        return tuple(self._columns.values())

    @property
    def several(self) -> tuple[tuple[tuple[Part, ...], int], ...]:
        """Parts of patterns with several parts as they stood together in a plan, with the class of the vehicles (-1 = of several)."""
        return tuple(self._several)

    def add(self, problem: MobileProblem, decision: Decision) -> None:
        """Collect the weekday tours of a feasible plan."""
        self._classes = self._classes or vehicle_classes(problem)
        patterns = problem.patterns
        days: dict[tuple[int, int], list[Part]] = {}
        for stop in np.flatnonzero(decision.pattern != NEVER).tolist():
            pattern = int(decision.pattern[stop])
            first, count = int(patterns.ptr[pattern]), int(patterns.ptr[pattern + 1] - patterns.ptr[pattern])
            parts = tuple(Part(stop, pattern, k, int(decision.start_s[stop, k])) for k in range(count))
            crews = {self._classes[int(decision.vehicle[stop, k])] for k in range(count)}
            if count > 1:
                key = parts, min(crews) if len(crews) == 1 else NEVER
                self._several.pop(key, None)
                self._several[key] = None
            for k, part in enumerate(parts):
                days.setdefault((int(decision.vehicle[stop, k]), int(patterns.day[first + k])), []).append(part)
        for vehicle, day in sorted(days):
            self._add_day(problem, decision, vehicle, day, days[vehicle, day])
        _keep_newest(self._columns, self._most)
        _keep_newest(self._several, self._most)

    def _add_day(self, problem: MobileProblem, decision: Decision, vehicle: int, day: int, parts: list[Part]) -> None:
        order = tuple(sorted(parts, key=lambda part: (part.start_s, part.stop)))
        breaks = tuple(int(stop) for stop in decision.break_after[vehicle, day])
        key = self._classes[vehicle], day, order, breaks
        known = self._columns.pop(key, None)
        self._columns[key] = known or Column(*key, _cost(problem, vehicle, day, order, breaks))


def vehicle_classes(problem: MobileProblem) -> tuple[int, ...]:
    """Return per vehicle the first one that can stand for it: all the same numbers and stops.

    With `one_vehicle` and patterns of several parts each vehicle stands for itself, for its days are then bound together.
    """
    crews = problem.vehicles
    if problem.one_vehicle and (np.diff(problem.patterns.ptr) > 1).any():
        return tuple(range(crews.count))
    seen: dict[tuple[object, ...], int] = {}
    classes = []
    for v in range(crews.count):
        key = (*(getattr(crews, f.name)[v].item() for f in fields(crews)), problem.vehicle_ok[v].tobytes())
        classes.append(seen.setdefault(key, v))
    return tuple(classes)


def recombine(
    problem: MobileProblem, objective: Objective, pool: ColumnPool, *, seconds: float = 10.0, seed: int = 1
) -> Decision | None:
    """Put the best plan together from the columns of a pool.

    Parameters
    ----------
    problem, objective
        The problem.
    pool
        The columns.
    seconds
        Of the solver.
    seed
        Which columns stay first where the program would be too large: the newest (1), else every `seed`-th beginning with the newest.

    Returns
    -------
    Decision
        Feasible by `evaluate`; None if none was found in time.
    """
    if not len(pool):
        return None
    program = _Program(problem, objective, pool.columns, pool.several, vehicle_classes(problem), seed)
    decision = program.solve(seconds)
    if decision is None or evaluate(problem, decision, objective).faults:
        return None
    return decision


def _keep_newest(items: dict[_Key, _Value], most: int) -> None:
    for key in list(items)[: max(0, len(items) - most)]:
        del items[key]


def _alone(problem: MobileProblem, vehicle: int, day: int, parts: Iterable[Part], breaks: tuple[int, ...]) -> Decision:
    """Return a plan with one weekday of one vehicle only."""
    decision = empty_decision(problem)
    for part in parts:
        decision.pattern[part.stop] = part.pattern
        decision.vehicle[part.stop, part.part], decision.start_s[part.stop, part.part] = vehicle, part.start_s
    decision.break_after[vehicle, day] = breaks
    return decision


def _cost(problem: MobileProblem, vehicle: int, day: int, parts: tuple[Part, ...], breaks: tuple[int, ...]) -> float:
    """Return the cost per year of a weekday of a vehicle."""
    crews = problem.vehicles
    return problem.cycles_per_year * sum(
        tour.drive_eur + tour.paid_s / 3600.0 * float(crews.eur_per_h[vehicle]) + float(crews.eur_per_day[vehicle])
        for tour in day_tours(problem, _alone(problem, vehicle, day, parts, breaks))
    )


class _Program:
    """Columns, then options (a pattern of a stop with its half-days), vehicles of classes, shares of groups, covered groups."""

    def __init__(
        self,
        problem: MobileProblem,
        objective: Objective,
        columns: tuple[Column, ...],
        several: tuple[tuple[tuple[Part, ...], int], ...],
        classes: tuple[int, ...],
        seed: int,
    ) -> None:
        self._problem, self._objective, self._classes = problem, objective, classes
        newest = list(reversed(columns))
        self._columns = newest if seed <= 1 else sorted(newest, key=lambda c: newest.index(c) % seed)
        self._rows = Rows()
        self._options: dict[tuple[tuple[tuple[int, ...], ...], int], int] = {}
        self._parts: list[tuple[Part, ...]] = []
        self._collect(several)
        self._crews = sorted({column.crew for column in self._columns})
        self._count = len(self._columns) + len(self._parts) + len(self._crews)
        self._gain: dict[int, float] = {}
        self._agree()
        self._crew_rows()
        if objective.kind == "need":
            self._shares()
        if objective.cover_share > 0.0:
            self._target()

    def _collect(self, several: tuple[tuple[tuple[Part, ...], int], ...]) -> None:
        """Find the options: what a column says of a stop with one part, and what stood together in a plan."""
        patterns = self._problem.patterns
        for column in self._columns:
            for part in column.parts:
                if int(patterns.ptr[part.pattern + 1] - patterns.ptr[part.pattern]) == 1:
                    self._option((part,), NEVER)
        for parts, crew in several:
            if not self._problem.one_vehicle or crew != NEVER:
                self._option(parts, crew if self._problem.one_vehicle else NEVER)

    def _option(self, parts: tuple[Part, ...], crew: int) -> None:
        key = tuple(self._key(part) for part in parts), crew
        if key not in self._options:
            self._options[key] = len(self._parts)
            self._parts.append(parts)

    def _key(self, part: Part) -> tuple[int, ...]:
        """Return what an option asks of a column: stop, pattern, part, half-day."""
        problem = self._problem
        day = int(problem.patterns.day[problem.patterns.ptr[part.pattern] + part.part])
        half, _ = half_of(problem, part.stop, int(problem.patterns.rhythm[part.pattern]), day, part.start_s)
        return part.stop, part.pattern, part.part, half

    def _agree(self) -> None:
        """Columns and options agree part by part; a stop has one option."""
        first = len(self._columns)
        rows: dict[tuple[tuple[int, ...], int], tuple[list[int], list[int]]] = {}
        of_stop: dict[int, list[int]] = {}
        crew_matters = {keys for keys, crew in self._options if crew != NEVER}
        bound_parts = {key for keys in crew_matters for key in keys}
        for number, column in enumerate(self._columns):
            for part in column.parts:
                key = self._key(part)
                rows.setdefault((key, column.crew if key in bound_parts else NEVER), ([], []))[0].append(number)
        for (keys, crew), option in self._options.items():
            of_stop.setdefault(keys[0][0], []).append(first + option)
            for key in keys:
                rows.setdefault((key, crew), ([], []))[1].append(first + option)
        for columns, options in rows.values():
            self._rows.add(
                np.array(columns + options), np.concatenate([np.ones(len(columns)), -np.ones(len(options))]), 0.0, 0.0
            )
        for stop in range(self._problem.stops):
            options = of_stop.get(stop, [])
            must = bool(self._problem.must[stop])
            if options or must:
                self._rows.add(np.array(options, np.int64), np.ones(len(options)), 1.0 if must else 0.0, 1.0)

    def _crew_rows(self) -> None:
        """Each vehicle of a class drives one column a weekday, and costs its year if it drives at all."""
        days: dict[tuple[int, int], list[int]] = {}
        for number, column in enumerate(self._columns):
            days.setdefault((column.crew, column.day), []).append(number)
        for (crew, _), numbers in sorted(days.items()):
            used = len(self._columns) + len(self._parts) + self._crews.index(crew)
            self._rows.add(np.array([*numbers, used]), np.append(np.ones(len(numbers)), -1.0), -np.inf, 0.0)

    def _shares(self) -> None:
        """Groups are served by their best option; a group with one stop only needs no column of its own."""
        problem, needs, first = self._problem, self._problem.needs, len(self._columns)
        stops_of = np.bincount(needs.group, minlength=len(needs.points))
        shares: list[tuple[float, int, int]] = []
        for option, parts in enumerate(self._parts):
            stop, pattern = parts[0].stop, parts[0].pattern
            start_s = np.array([part.start_s for part in parts], np.int32)
            factor = stop_factor(problem, stop, pattern, start_s)
            pairs = slice(int(needs.ptr[stop]), int(needs.ptr[stop + 1]))
            group = needs.group[pairs]
            eur = self._objective.point_eur * needs.points[group] * needs.factor[pairs] * factor[needs.kind[group]]
            alone = stops_of[group] == 1
            self._gain[first + option] = self._gain.get(first + option, 0.0) + float(eur[alone].sum())
            found = zip(eur[~alone].tolist(), group[~alone].tolist(), strict=True)
            shares += [(gain, g, option) for gain, g in found if gain > 0.0]
        # The smallest shares count for nothing where there are too many; the plan is valued exactly afterwards.
        shares = sorted(shares, key=lambda s: (-s[0], s[1], s[2]))[:_MOST_SHARES]
        of_group: dict[int, list[int]] = {}
        for gain, served, option in shares:
            self._rows.add(np.array([self._count, first + option]), np.array([1.0, -1.0]), -np.inf, 0.0)
            of_group.setdefault(served, []).append(self._count)
            self._gain[self._count] = gain
            self._count += 1
        for numbers in of_group.values():
            self._rows.add(np.array(numbers), np.ones(len(numbers)), -np.inf, 1.0)

    def _target(self) -> None:
        problem, needs, first = self._problem, self._problem.needs, len(self._columns)
        counts = needs.target & needs.target_group[needs.group]
        could = np.unique(needs.group[counts])
        if not len(could):
            return
        near: dict[int, list[int]] = {int(group): [] for group in could}
        for option, parts in enumerate(self._parts):
            stop = parts[0].stop
            if needs.target_rhythm[problem.patterns.rhythm[parts[0].pattern]]:
                pairs = slice(int(needs.ptr[stop]), int(needs.ptr[stop + 1]))
                for group in needs.group[pairs][counts[pairs]].tolist():
                    near[group].append(first + option)
        columns = self._count + np.arange(len(could))
        self._count += len(could)
        for column, owners in zip(columns.tolist(), near.values(), strict=True):
            self._rows.add(np.array([column, *owners]), np.append(1.0, -np.ones(len(owners))), -np.inf, 0.0)
        persons = needs.persons[could]
        want = self._objective.cover_share * float(persons.sum())
        self._rows.add(columns, persons, want * (1.0 - 1e-12), np.inf)

    def solve(self, seconds: float) -> Decision | None:
        """Return the best choice as a plan; None if none was found."""
        crews, objective = self._problem.vehicles, self._objective
        first_crew = len(self._columns) + len(self._parts)
        cost = np.zeros(self._count)
        cost[: len(self._columns)] = [column.cost_eur for column in self._columns]
        cost[first_crew : first_crew + len(self._crews)] = crews.eur_per_year[self._crews]
        if np.isfinite(objective.budget_eur):
            used = np.flatnonzero(cost)
            self._rows.add(used, cost[used], -np.inf, objective.budget_eur)
        worth = -cost
        if objective.kind == "need":
            worth[first_crew : first_crew + len(self._crews)] = 0.0
        for column, gain in self._gain.items():
            worth[column] += gain
        high = np.ones(self._count)
        high[first_crew : first_crew + len(self._crews)] = [self._classes.count(crew) for crew in self._crews]
        whole = np.zeros(self._count)
        whole[: first_crew + len(self._crews)] = 1
        found = milp(
            -worth,
            integrality=whole,
            bounds=Bounds(np.zeros(self._count), high),
            constraints=LinearConstraint(self._rows.matrix(self._count), self._rows.low, self._rows.high),
            options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 1e-6},
        )
        if found.x is None:
            return None
        return self._decision(found.x)

    def _decision(self, point: NDArray[np.float64]) -> Decision:
        decision = empty_decision(self._problem)
        members = {crew: [v for v, c in enumerate(self._classes) if c == crew] for crew in self._crews}
        used: dict[tuple[int, int], int] = {}
        for number in np.flatnonzero(point[: len(self._columns)] > 0.5).tolist():
            column = self._columns[number]
            key = column.crew, column.day
            vehicle = members[column.crew][used.get(key, 0)]
            used[key] = used.get(key, 0) + 1
            for part in column.parts:
                decision.pattern[part.stop] = part.pattern
                decision.vehicle[part.stop, part.part] = vehicle
                decision.start_s[part.stop, part.part] = part.start_s
            decision.break_after[vehicle, column.day] = column.break_after
        return decision
