"""Day tours by PyVRP: which vehicle visits which stops on which weekday and in which order, with windows, stays and shifts.

PyVRP (Wouda, Lan and Kool, INFORMS Journal on Computing 36 (2024)) plans days; rhythms, common clock times, breaks and limits of driving are not its
business. What it proposes is laid by `hand_day` over all weeks and only kept where it keeps every rule and is worth more.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyvrp
import pyvrp.exceptions
from numpy.typing import NDArray
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.hand_day import HandDay, LaidDay, Visit, openings, ways_of
from ankerort.mobile.hand_rule import empty_decision
from ankerort.mobile.problem import NEVER, Decision, MobileProblem, Objective

_SCALE = 100_000
"""PyVRP counts in whole numbers: hundred-thousandths of a EUR."""
_BLOCKED = 1 << 40
_ITERATIONS_PER_VISIT = 40
_WEEK_ITERATIONS = 20_000


@dataclass(frozen=True)
class Task:
    """A visit to be planned, and the (vehicle, weekday) on which it may be."""

    visit: Visit
    slots: frozenset[tuple[int, int]]
    prize_eur: float | None = None


@dataclass(frozen=True)
class Tour:
    """A day of a vehicle in the order of the visits; `start_s` are PyVRP's clock times, before breaks."""

    vehicle: int
    day: int
    visits: tuple[Visit, ...]
    start_s: tuple[int, ...]


def day_tours(
    problem: MobileProblem,
    stops: Sequence[Visit],
    slots: Sequence[tuple[int, int]],
    *,
    prizes: Mapping[int, float] | None = None,
    iterations: int = _WEEK_ITERATIONS,
    seconds: float = 30.0,
    seed: int = 1,
) -> tuple[Tour, ...] | None:
    """Plan visits on days of vehicles.

    Parameters
    ----------
    problem
        The problem.
    stops
        The visits; each may be on every day on which its stop has room in its hours and the vehicle fits.
    slots
        (vehicle, weekday) that can drive.
    prizes
        EUR by stop that are lost if it is not visited; stops without one must be visited. None = all must.
    iterations, seconds
        Limit of the search; the seconds are a safety net.
    seed
        Of the search.

    Returns
    -------
    tuple of Tour
        One for each day with visits, by vehicle and weekday; None = not all that must be visited has room.
    """
    prizes = prizes or {}
    tasks = [Task(visit, frozenset(_possible(problem, visit, slots)), prizes.get(visit.stop)) for visit in stops]
    for rest in breaks_of(problem):
        tours = _Days(problem, tasks, slots, rest).plan((), iterations=iterations, seconds=seconds, seed=seed)
        if tours is not None:
            return tours
    return None


def week_tours(
    problem: MobileProblem,
    stops: Sequence[tuple[int, int]],
    *,
    iterations: int = _WEEK_ITERATIONS,
    seconds: float = 30.0,
    seed: int = 1,
) -> Decision | None:
    """Plan one visit of each stop in a week: day, vehicle, order and clock times.

    Parameters
    ----------
    problem
        A problem with one week.
    stops
        Stops with their rhythms; each has patterns of this rhythm with a single part.
    iterations, seconds, seed
        As in `day_tours`.

    Returns
    -------
    Decision
        None = no tours were found in which all have room.

    Raises
    ------
    ValueError
        For more weeks than one, or a stop without such a pattern.
    """
    if problem.weeks != 1:
        raise ValueError("week_tours plans problems of one week")
    slots = [(v, d) for v in range(problem.vehicles.count) for d in range(problem.weekdays)]
    tasks = []
    for stop, rhythm in stops:
        days = {day for day, _ in _single_days(problem, stop, rhythm, 1)}
        if not days:
            raise ValueError(f"stop {stop} has no pattern with a single day")
        visit = _visit(problem, stop, rhythm, 0, 1)
        tasks.append(Task(visit, frozenset(s for s in _possible(problem, visit, slots) if s[1] in days)))
    rhythm_of = dict(stops)
    for rest in breaks_of(problem):
        tours = _Days(problem, tasks, slots, rest).plan((), iterations=iterations, seconds=seconds, seed=seed)
        found = None if tours is None else _week(problem, tours, rhythm_of)
        if found is not None:
            return found
    return None


def _week(problem: MobileProblem, tours: Sequence[Tour], rhythm_of: Mapping[int, int]) -> Decision | None:
    plan = _Plan(problem, empty_decision(problem))
    for tour in tours:
        for visit in tour.visits:
            days = dict(_single_days(problem, visit.stop, rhythm_of[visit.stop], 1))
            plan.pattern[visit.stop], plan.vehicle[visit.stop, 0] = days[tour.day], tour.vehicle
        if not plan.lay(tour.vehicle, tour.day, tour.visits):
            return None
    return plan.decision()


def improve_days(
    problem: MobileProblem, objective: Objective, decision: Decision, *, seed: int = 1, seconds: float = 10.0
) -> Decision:
    """Let PyVRP plan the weeks of a decision anew, one after the other, and keep what is worth more.

    Visits that are in this week only may go to another weekday on which their rhythm has a pattern; all others keep their weekday. With
    `one_vehicle`, stops with several parts keep their vehicle.

    Parameters
    ----------
    problem, objective
        The problem.
    decision
        Where it begins.
    seed
        Of PyVRP.
    seconds
        Safety net; the search ends when no week gets better any more.

    Returns
    -------
    Decision
        Never worse: no more broken rules, and at the same number no less value.
    """
    end = time.monotonic() + seconds
    rank, best = _rank(problem, objective, decision), decision
    asked = breaks_of(problem)
    todo, turn = _turns(problem, asked), 0
    quiet = 0
    while quiet < len(todo) and time.monotonic() < end:
        week, days, rest = todo[turn % len(todo)]
        turn += 1
        quiet += 1
        trial = _replan(problem, best, week, days, rest, seed=seed + turn, seconds=end - time.monotonic())
        if trial is None:
            continue
        now = _rank(problem, objective, trial)
        if now > rank:
            rank, best, quiet = now, trial, 0
    return best


def _turns(problem: MobileProblem, asked: Sequence[_Break]) -> list[tuple[int, tuple[int, ...], _Break]]:
    """Return what is planned anew, one after the other: each week whole, in two weekdays, in one weekday."""
    every = range(problem.weekdays)
    parts = [tuple(every)]
    if problem.weeks > 1:
        # The more of a week changes, the less of it fits the other weeks.
        parts += [(a, b) for a in every for b in every if a < b] + [(a,) for a in every]
    return [(week, days, rest) for days in parts for week in range(problem.weeks) for rest in asked]


def _rank(problem: MobileProblem, objective: Objective, decision: Decision) -> tuple[int, float]:
    found = evaluate(problem, decision, objective)
    return -len(found.faults), found.value


def _visit(problem: MobileProblem, stop: int, rhythm: int, part: int, weeks: int) -> Visit:
    return Visit(stop, part, weeks, int(problem.stay_s[stop, rhythm]), float(problem.load[stop, rhythm]))


def _possible(problem: MobileProblem, visit: Visit, slots: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return [
        (vehicle, day)
        for vehicle, day in slots
        if problem.vehicle_ok[vehicle, visit.stop] and openings(problem, visit.stop, day, visit.stay_s)
    ]


def _single_days(problem: MobileProblem, stop: int, rhythm: int, weeks: int) -> list[tuple[int, int]]:
    """Return (weekday, pattern) of the patterns of a rhythm with a single part in exactly these weeks, that the stop may have."""
    patterns = problem.patterns
    found = []
    for pattern in np.flatnonzero(problem.pattern_ok[stop] & (patterns.rhythm == rhythm)).tolist():
        first = int(patterns.ptr[pattern])
        if int(patterns.ptr[pattern + 1]) == first + 1 and int(patterns.weeks[first]) == weeks:
            found.append((int(patterns.day[first]), pattern))
    return found


def _replan(
    problem: MobileProblem,
    decision: Decision,
    week: int,
    weekdays: Sequence[int],
    rest: _Break,
    *,
    seed: int,
    seconds: float,
) -> Decision | None:
    """Return a decision whose visits of one week on some weekdays are planned anew; None if what comes out cannot be laid over all weeks."""
    plan = _Plan(problem, decision)
    slots = [(v, d) for v in range(problem.vehicles.count) for d in weekdays]
    tasks: list[Task] = []
    now: dict[tuple[int, int], list[Visit]] = {}
    for (vehicle, day), visits in plan.days().items():
        for visit in visits:
            if day not in weekdays or not visit.weeks >> week & 1:
                continue
            pattern = int(plan.pattern[visit.stop])
            several = int(problem.patterns.ptr[pattern + 1] - problem.patterns.ptr[pattern]) > 1
            days = {day}
            if visit.weeks == 1 << week and not several:
                rhythm = int(problem.patterns.rhythm[pattern])
                days |= {d for d, _ in _single_days(problem, visit.stop, rhythm, visit.weeks)}
            allowed = [slot for slot in _possible(problem, visit, slots) if slot[1] in days]
            if several and problem.one_vehicle:
                allowed = [slot for slot in allowed if slot[0] == vehicle]
            tasks.append(Task(visit, frozenset(allowed)))
            now.setdefault((vehicle, day), []).append(visit)
    if not tasks:
        return None
    start = [Tour(v, d, tuple(visits), tuple(plan.start(x) for x in visits)) for (v, d), visits in sorted(now.items())]
    iterations = _ITERATIONS_PER_VISIT * len(tasks)
    tours = _Days(problem, tasks, slots, rest).plan(start, iterations=iterations, seconds=seconds, seed=seed)
    if tours is None or not plan.adopt(tours):
        return None
    return plan.decision()


class _Plan:
    """A decision that can be changed tour by tour."""

    def __init__(self, problem: MobileProblem, decision: Decision) -> None:
        self._problem, self._ways = problem, ways_of(problem)
        self.pattern, self.vehicle = decision.pattern.copy(), decision.vehicle.copy()
        self.start_s, self.break_after = decision.start_s.copy(), decision.break_after.copy()

    def days(self) -> dict[tuple[int, int], list[Visit]]:
        """Return the visits of each (vehicle, weekday) in the order of their clock times."""
        patterns, found = self._problem.patterns, dict[tuple[int, int], list[Visit]]()
        for stop in np.flatnonzero(self.pattern != NEVER).tolist():
            pattern = int(self.pattern[stop])
            first = int(patterns.ptr[pattern])
            for part in range(int(patterns.ptr[pattern + 1]) - first):
                key = int(self.vehicle[stop, part]), int(patterns.day[first + part])
                weeks, rhythm = int(patterns.weeks[first + part]), int(patterns.rhythm[pattern])
                found.setdefault(key, []).append(_visit(self._problem, stop, rhythm, part, weeks))
        return {key: sorted(found[key], key=lambda visit: (self.start(visit), visit.stop)) for key in sorted(found)}

    def start(self, visit: Visit) -> int:
        """Return the clock time at which a visit begins now."""
        return int(self.start_s[visit.stop, visit.part])

    def adopt(self, tours: Sequence[Tour]) -> bool:
        """Take over the tours of a week and lay all weekdays that they touch; False = one of them has no room."""
        before = self.days()
        touched = {(tour.vehicle, tour.day) for tour in tours}
        for tour in tours:
            for visit, start in zip(tour.visits, tour.start_s, strict=True):
                pattern = int(self.pattern[visit.stop])
                if self._problem.patterns.day[self._problem.patterns.ptr[pattern] + visit.part] != tour.day:
                    rhythm = int(self._problem.patterns.rhythm[pattern])
                    days = dict(_single_days(self._problem, visit.stop, rhythm, visit.weeks))
                    self.pattern[visit.stop] = days[tour.day]
                self.vehicle[visit.stop, visit.part], self.start_s[visit.stop, visit.part] = tour.vehicle, start
        after = self.days()
        for key in sorted(set(before) | set(after)):
            if key not in after:
                self.break_after[key] = NEVER
            elif (key in touched or before.get(key) != after[key]) and not self.lay(*key, after[key]):
                return False
        return True

    def lay(self, vehicle: int, day: int, visits: Sequence[Visit]) -> bool:
        """Set clock times and breaks of a weekday of a vehicle; False = the visits have no room in this order."""
        laid: LaidDay | None = HandDay(self._problem, vehicle, day, self._ways).lay_in_order(visits)
        if laid is None:
            return False
        for visit, start in zip(laid.visits, laid.start_s, strict=True):
            self.start_s[visit.stop, visit.part] = start
        self.break_after[vehicle, day] = laid.break_after
        return True

    def decision(self) -> Decision:
        """Return what stands now."""
        return Decision(self.pattern, self.vehicle, self.start_s, self.break_after)


@dataclass(frozen=True)
class _Client:
    """A visit in one half-day; PyVRP's clock is `later_s` behind, the break being cut out of it."""

    task: int
    low_s: int
    high_s: int
    later_s: int = 0


@dataclass(frozen=True)
class _Break:
    """How PyVRP hears of breaks: the day is as long as its work, and half-days that begin after `noon_s` do so `break_s` earlier.

    So a break is taken between two half-days. It is a way of asking only: what comes out is laid with its true breaks.
    """

    break_s: int
    noon_s: int
    longest_s: tuple[int, ...]


def breaks_of(problem: MobileProblem) -> tuple[_Break, ...]:
    """Return the ways to ask, the likeliest first: with the usual break, with the long one, without any on short days."""
    crews = problem.vehicles
    tour, extra = crews.tour_max_s.astype(np.int64), crews.paid_extra_s.astype(np.int64)
    later = [int(begin) for begin in problem.halves_s[:, 0] if begin > crews.break_from_s.min()]
    noon = min(later, default=1 << 40)
    if (tour + extra <= crews.work_before_break_s).all():
        return (_Break(0, noon, tuple(tour.tolist())),)
    usual, long_ = int(crews.break_s.max()), int(np.maximum(crews.break_s, crews.long_break_s).max())
    asked = [_Break(usual, noon, tuple(np.minimum(tour - usual, crews.long_work_s - extra).tolist()))]
    if long_ > usual and (tour - long_ + extra > crews.long_work_s).any():
        asked.append(_Break(long_, noon, tuple((tour - long_).tolist())))
    asked.append(_Break(0, noon, tuple(np.minimum(tour, crews.work_before_break_s - extra).tolist())))
    return tuple(asked)


@dataclass
class _Days:
    """One question to PyVRP: visits, each once, on days of vehicles.

    Where a visit may lie in either half-day, it stands as two clients that exclude each other. Which vehicle may do what on which weekday is a
    matter of the ways: what is not allowed has none.
    """

    problem: MobileProblem
    tasks: Sequence[Task]
    slots: Sequence[tuple[int, int]]
    rest: _Break
    _clients: list[_Client] = field(default_factory=list, init=False)

    def plan(self, start: Sequence[Tour], *, iterations: int, seconds: float, seed: int) -> tuple[Tour, ...] | None:
        """Return tours, one for each day with visits; None = not all visits have room."""
        if any(not task.slots for task in self.tasks if task.prize_eur is None):
            return None
        windows = [sorted({o for _, d in task.slots for o in self._open(task, d)}) for task in self.tasks]
        self._clients = [
            _Client(k, low, high, self.rest.break_s if low >= self.rest.noon_s else 0)
            for k, found in enumerate(windows)
            for low, high in found
        ]
        if not self._clients:
            return ()
        data, slots_of = self._data()
        stop = MultipleCriteria([MaxIterations(iterations), MaxRuntime(max(seconds, 0.01))])
        first = self._warm(data, slots_of, start) if start else None
        with warnings.catch_warnings():
            # PyVRP warns where it finds no plan at once; whether there is one shows at the end.
            warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
            result = pyvrp.solve(data, stop, seed=seed, collect_stats=False, display=False, initial_solution=first)
        if not result.is_feasible():
            return None
        return self._tours(result.best, slots_of)

    def _open(self, task: Task, day: int) -> list[tuple[int, int]]:
        return openings(self.problem, task.visit.stop, day, task.visit.stay_s)

    def _data(self) -> tuple[pyvrp.ProblemData, list[list[tuple[int, int]]]]:
        """Return PyVRP's problem, and the (vehicle, weekday) of each of its kinds of vehicles."""
        crews = self.problem.vehicles
        depots = sorted({int(crews.depot[v]) for v, _ in self.slots})
        profiles: dict[bytes, int] = {}
        matrices: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        types: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for vehicle, day in self.slots:
            allowed = np.array([self._allowed(client, vehicle, day) for client in self._clients], bool)
            if not allowed.any():
                continue
            key = bytes([int(crews.kind[vehicle]) % 256]) + allowed.tobytes()
            if key not in profiles:
                profiles[key] = len(matrices)
                matrices.append(self._matrices(int(crews.kind[vehicle]), depots, allowed))
            types.setdefault(self._type(vehicle, profiles[key], depots), []).append((vehicle, day))
        groups, clients = self._grouped(len(depots))
        locations = [pyvrp.Location(0, 0) for _ in range(len(depots) + len(clients))]
        loads = bool(np.isfinite(crews.capacity).any())
        kinds = [
            pyvrp.VehicleType(
                num_available=len(slots),
                capacity=[capacity] if loads else [],
                start_depot=depot,
                end_depot=depot,
                fixed_cost=fixed,
                tw_early=early,
                tw_late=late,
                shift_duration=shift,
                unit_distance_cost=1,
                unit_duration_cost=hourly,
                profile=profile,
            )
            for (profile, depot, early, late, shift, fixed, hourly, capacity), slots in types.items()
        ]
        data = pyvrp.ProblemData(
            locations=locations,
            clients=clients,
            depots=[pyvrp.Depot(k) for k in range(len(depots))],
            vehicle_types=kinds,
            distance_matrices=[cost for cost, _ in matrices],
            duration_matrices=[seconds for _, seconds in matrices],
            groups=groups,
        )
        return data, list(types.values())

    def _allowed(self, client: _Client, vehicle: int, day: int) -> bool:
        task = self.tasks[client.task]
        return (vehicle, day) in task.slots and (client.low_s, client.high_s) in self._open(task, day)

    def _type(self, vehicle: int, profile: int, depots: Sequence[int]) -> tuple[int, ...]:
        crews = self.problem.vehicles
        capacity = float(crews.capacity[vehicle])
        return (
            profile,
            depots.index(int(crews.depot[vehicle])),
            int(crews.leave_from_s[vehicle]),
            int(crews.back_until_s[vehicle]) - self.rest.break_s,
            max(0, self.rest.longest_s[vehicle]),
            round(float(crews.eur_per_day[vehicle]) * _SCALE),
            round(float(crews.eur_per_h[vehicle]) / 3600 * _SCALE),
            round(capacity * 1000) if np.isfinite(capacity) else 1 << 40,
        )

    def _matrices(
        self, kind: int, depots: Sequence[int], allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return cost and seconds between depots and clients; what a vehicle may not visit has no way."""
        problem = self.problem
        nodes = np.array([*depots, *(self.tasks[client.task].visit.stop for client in self._clients)])
        seconds = problem.travel_s[kind][np.ix_(nodes, nodes)].astype(np.int64)
        cost = np.round(problem.drive_eur[kind][np.ix_(nodes, nodes)] * _SCALE).astype(np.int64)
        blocked = seconds < 0
        barred = np.concatenate([np.zeros(len(depots), bool), ~allowed])
        blocked |= barred[:, None] | barred[None, :]
        # Between stops, the next visit begins at a multiple of the grid: the drive lasts as long as that takes.
        inner = np.arange(len(nodes)) >= len(depots)
        grid = problem.grid_s
        seconds = np.where(inner[:, None] & inner[None, :], -(-seconds // grid) * grid, seconds)
        seconds[blocked], cost[blocked] = _BLOCKED, _BLOCKED
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(cost, 0)
        return cost, seconds

    def _grouped(self, depots: int) -> tuple[list[pyvrp.ClientGroup], list[pyvrp.Client]]:
        groups: list[pyvrp.ClientGroup] = []
        clients: list[pyvrp.Client] = []
        loads = bool(np.isfinite(self.problem.vehicles.capacity).any())
        members: dict[int, list[int]] = {}
        for number, client in enumerate(self._clients):
            members.setdefault(client.task, []).append(number)
        group_of: dict[int, int] = {}
        for k, numbers in members.items():
            if len(numbers) > 1:
                group_of[k] = len(groups)
                groups.append(pyvrp.ClientGroup(numbers, required=self.tasks[k].prize_eur is None))
        for number, client in enumerate(self._clients):
            task = self.tasks[client.task]
            extra: dict[str, Any] = {}
            if client.task in group_of:
                extra["group"] = group_of[client.task]
            clients.append(
                pyvrp.Client(
                    depots + number,
                    delivery=[round(task.visit.load * 1000)] if loads else [],
                    service_duration=task.visit.stay_s,
                    tw_early=max(0, client.low_s - client.later_s),
                    tw_late=client.high_s - client.later_s,
                    prize=0 if task.prize_eur is None else round(task.prize_eur * _SCALE),
                    required=task.prize_eur is None and client.task not in group_of,
                    **extra,
                )
            )
        return groups, clients

    def _warm(
        self, data: pyvrp.ProblemData, slots_of: list[list[tuple[int, int]]], start: Sequence[Tour]
    ) -> pyvrp.Solution | None:
        """Return the tours as they are as PyVRP's solution; None if they do not fit its problem."""
        number = {(client.task, client.low_s): k for k, client in enumerate(self._clients)}
        task_of = {task.visit: k for k, task in enumerate(self.tasks)}
        routes = []
        for tour in start:
            slot = (tour.vehicle, tour.day)
            kind = next((k for k, slots in enumerate(slots_of) if slot in slots), None)
            if kind is None:
                return None
            chosen = []
            for visit, begin in zip(tour.visits, tour.start_s, strict=True):
                task = task_of[visit]
                low = [low for low, high in self._open(self.tasks[task], tour.day) if low <= begin <= high]
                if not low:
                    return None
                chosen.append(number[task, low[0]])
            routes.append(pyvrp.Route(data, chosen, kind))
        return pyvrp.Solution(data, routes)

    def _tours(self, found: pyvrp.Solution, slots_of: list[list[tuple[int, int]]]) -> tuple[Tour, ...]:
        left = [list(slots) for slots in slots_of]
        tours = []
        for route in found.routes():
            visits, starts = [], []
            for activity in route.schedule():
                if activity.is_client():
                    client = self._clients[activity.idx]
                    visits.append(self.tasks[client.task].visit)
                    starts.append(int(activity.start_time) + client.later_s)
            if visits:
                vehicle, day = left[route.vehicle_type()].pop(0)
                tours.append(Tour(vehicle, day, tuple(visits), tuple(starts)))
        return tuple(sorted(tours, key=lambda tour: (tour.vehicle, tour.day)))
