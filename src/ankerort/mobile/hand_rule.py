"""The plan that a sensible planner makes by hand: sectors around the depot by vehicle and weekday, in each the nearest stop next.

It is the peer with which the search is compared. The stops are sorted by their angle around the depot (sweep, Gillett and Miller, Operations
Research 22 (1974)), the circle is cut into sectors of equal work, one for each weekday of each vehicle, and within a sector into the weeks of the
cycle, so that neighbours are visited in one week. What has no room in its sector goes where it costs least additional driving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.hand_day import HandDay, LaidDay, Visit, ways_of
from ankerort.mobile.problem import NEVER, Decision, MobileProblem, Objective

_MOST_LEFT = 0.5
"""A planner who cannot place a greater share of the stops in their sectors takes another day instead of squeezing them in."""
_CHOICES = 3
_FEWEST, _MOST = 0.9, 2.5
_SHARES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1)


def hand_rule(
    problem: MobileProblem,
    objective: Objective,
    *,
    serve: Sequence[tuple[int, int]] | None = None,
    seed: int = 1,
) -> Decision:
    """Plan as a sensible planner does by hand.

    Parameters
    ----------
    problem, objective
        The problem.
    serve
        Stops with their rhythms that are to be served, so that two plans can be compared for the same service; None = the planner chooses: one
        rhythm for all stops (kept stops: the one that they must have), the stops by the need that no earlier one serves, as many as pay.
    seed
        1 = the sweep begins at the widest gap between two stops, 2 = at the second widest, and so on.

    Returns
    -------
    Decision
        The best of the plans with 1, 2, ... weekdays of vehicles. All rules of a day are kept. What has no room stays unserved; then rules about what must be
        served (`must`, target, budget) may be broken, which `evaluate` tells. With `serve`, the plan that serves most of it comes first.
    """
    judge = _Judge(problem, objective, seed, first_served=serve is not None)
    if serve is not None:
        chosen = [tuple((int(stop), int(rhythm)) for stop, rhythm in serve)]
    else:
        few = range(1, problem.weekdays)
        for days in (*few, *(problem.weekdays * (v + 1) for v in range(problem.vehicles.count))):
            for choice in _choices(problem, objective):
                judge.look(choice, days, problem.weeks, most_left=_MOST_LEFT / 2)
        chosen = judge.promising(_CHOICES)
    most = problem.vehicles.count * problem.weekdays
    for days in range(1, most + 1):
        for weeks in range(1, problem.weeks + 1):
            if problem.weeks % weeks == 0:
                for choice in chosen:
                    judge.look(choice, days, weeks, most_left=1.0 if days == most else _MOST_LEFT)
    return judge.decision


class _Judge:
    """Keeps the best of the plans that the planner tries."""

    def __init__(self, problem: MobileProblem, objective: Objective, seed: int, *, first_served: bool) -> None:
        self._problem, self._objective, self._seed, self._first_served = problem, objective, seed, first_served
        ways = ways_of(problem)
        self._days = {
            (v, d): HandDay(problem, v, d, ways) for v in range(problem.vehicles.count) for d in range(problem.weekdays)
        }
        self.decision = empty_decision(problem)
        self._rank = self._worth((), self.decision)
        self._best_of: dict[tuple[tuple[int, int], ...], tuple[float, float, float]] = {}

    def look(self, choice: tuple[tuple[int, int], ...], days: int, weeks: int, *, most_left: float) -> None:
        """Plan the choice on so many weekdays of vehicles with so many different weeks, and keep the plan if it is better.

        Far too few days for the stays are not tried, nor far more than they need.
        """
        asked, needed = days * weeks, self._needed(choice)
        most = self._problem.vehicles.count * self._problem.weekdays * self._problem.weeks
        if asked < most and not _FEWEST * needed <= asked <= _MOST * needed + self._problem.weeks:
            return
        decision = _Sweep(self._problem, self._days, days, weeks, self._seed).plan(choice, most_left)
        rank = self._worth(choice, decision)
        self._best_of[choice] = max(rank, self._best_of.get(choice, rank))
        if rank > self._rank:
            self._rank, self.decision = rank, decision

    def _needed(self, choice: tuple[tuple[int, int], ...]) -> float:
        """Return how many days of a vehicle the stays fill."""
        problem = self._problem
        visits = {int(r): _visits(problem, int(r)) for r in set(problem.patterns.rhythm.tolist())}
        stays = sum(visits[rhythm] * int(problem.stay_s[stop, rhythm]) for stop, rhythm in choice)
        return stays / max(float((problem.halves_s[:, 1] - problem.halves_s[:, 0]).sum()), 1.0)

    def promising(self, count: int) -> list[tuple[tuple[int, int], ...]]:
        """Return the choices with the best plans so far."""
        return sorted(self._best_of, key=lambda choice: self._best_of[choice], reverse=True)[:count]

    def _worth(self, choice: tuple[tuple[int, int], ...], decision: Decision) -> tuple[float, float, float]:
        found = evaluate(self._problem, decision, self._objective)
        served = sum(decision.pattern[stop] != NEVER for stop, _ in choice) if self._first_served else 0
        return float(served), -float(len(found.faults)), found.value


def empty_decision(problem: MobileProblem) -> Decision:
    """Return the plan that serves nothing."""
    parts = max(1, int(np.diff(problem.patterns.ptr).max(initial=0)))
    return Decision(
        np.full(problem.stops, NEVER, np.int32),
        np.full((problem.stops, parts), NEVER, np.int32),
        np.full((problem.stops, parts), NEVER, np.int32),
        np.full((problem.vehicles.count, problem.weekdays, problem.weeks), NEVER, np.int32),
    )


def served_pairs(problem: MobileProblem, decision: Decision) -> tuple[tuple[int, int], ...]:
    """Return the stops that a plan serves with their rhythms, as `hand_rule` takes them."""
    served = np.flatnonzero(decision.pattern != NEVER)
    return tuple((int(stop), int(problem.patterns.rhythm[decision.pattern[stop]])) for stop in served)


def _choices(problem: MobileProblem, objective: Objective) -> list[tuple[tuple[int, int], ...]]:
    """Return lists of stops with rhythms that a planner would try: one rhythm for all, the most needed stops first, shorter and shorter."""
    rhythms = [frozenset(problem.patterns.rhythm[ok].tolist()) for ok in problem.pattern_ok]
    lists: dict[tuple[tuple[int, int], ...], None] = {}
    for rhythm in sorted(set(problem.patterns.rhythm.tolist())):
        must = tuple(
            (stop, rhythm if rhythm in rhythms[stop] else min(rhythms[stop]))
            for stop in np.flatnonzero(problem.must).tolist()
            if rhythms[stop]
        )
        ranked = [] if objective.kind == "cost" else _ranked(problem, objective, rhythm, rhythms, dict(must))
        for share in _SHARES:
            lists.setdefault((*must, *((stop, rhythm) for stop in ranked[: int(np.ceil(share * len(ranked)))])))
    return list(lists) or [()]


def _visits(problem: MobileProblem, rhythm: int) -> int:
    """Return the most visits in a cycle that a pattern of the rhythm makes."""
    ptr, weeks = problem.patterns.ptr, problem.patterns.weeks
    patterns = np.flatnonzero(problem.patterns.rhythm == rhythm).tolist()
    return max((sum(int(w).bit_count() for w in weeks[ptr[p] : ptr[p + 1]]) for p in patterns), default=1)


def _ranked(
    problem: MobileProblem, objective: Objective, rhythm: int, rhythms: Sequence[frozenset[int]], kept: dict[int, int]
) -> list[int]:
    """Return stops by what they bring that no earlier one brings; for the kind cover only as far as the target asks."""
    needs = problem.needs
    cover = objective.kind == "cover"
    open_ = np.where(needs.target_group, needs.persons, 0.0) if cover else needs.points.astype(float)
    weight = needs.target.astype(float) if cover else needs.factor
    best = np.zeros(len(open_))
    total, want = _coverable(problem), objective.cover_share if cover else np.inf
    todo = [stop for stop in range(problem.stops) if rhythm in rhythms[stop] and stop not in kept]
    order: list[int] = []
    for stop in kept:
        pairs = slice(int(needs.ptr[stop]), int(needs.ptr[stop + 1]))
        np.maximum.at(best, needs.group[pairs], weight[pairs])
    while todo and (not cover or float(best @ open_) < want * total - 1e-9):
        gains = np.zeros(len(todo))
        for place, stop in enumerate(todo):
            pairs = slice(int(needs.ptr[stop]), int(needs.ptr[stop + 1]))
            group = needs.group[pairs]
            gains[place] = (open_[group] * np.maximum(weight[pairs] - best[group], 0.0)).sum()
            gains[place] /= max(1.0, float(problem.stay_s[stop, rhythm])) ** 0.5
        place = int(gains.argmax())
        if gains[place] <= 0.0:
            break
        stop = todo.pop(place)
        pairs = slice(int(needs.ptr[stop]), int(needs.ptr[stop + 1]))
        np.maximum.at(best, needs.group[pairs], weight[pairs])
        order.append(stop)
    return order


def _coverable(problem: MobileProblem) -> float:
    """Return the persons of the target groups that some stop could cover."""
    needs = problem.needs
    reached = np.zeros(len(needs.points), bool)
    reached[needs.group[needs.target]] = True
    return float(needs.persons[reached & needs.target_group].sum())


@dataclass
class _Slot:
    """A weekday of a vehicle."""

    vehicle: int
    day: int
    visits: list[Visit] = field(default_factory=list)
    laid: LaidDay | None = None


class _Sweep:
    """Lays sectors around the depots: so many weekdays of vehicles, in each so many different weeks."""

    def __init__(
        self, problem: MobileProblem, hands: dict[tuple[int, int], HandDay], days: int, weeks: int, seed: int
    ) -> None:
        self._problem, self._hands, self._seed, self._weeks = problem, hands, seed, weeks
        self._count = -(-days // problem.weekdays)
        self._days = [days // self._count + (v < days % self._count) for v in range(self._count)]
        self._slots = {(v, d): _Slot(v, d) for v in range(self._count) for d in range(problem.weekdays)}
        ptr, patterns = problem.patterns.ptr, problem.patterns
        self._parts = [
            [(int(patterns.day[k]), int(patterns.weeks[k])) for k in range(ptr[p], ptr[p + 1])]
            for p in range(patterns.count)
        ]
        self._pattern: dict[int, int] = {}
        self._crew: dict[int, list[int]] = {}

    def plan(self, serve: Sequence[tuple[int, int]], most_left: float) -> Decision:
        """Return the plan with as many of the stops as have room; where a greater share than `most_left` has none in its sector, it stays out."""
        left = self._sectors(serve)
        left += self._settle()
        rhythm = dict(serve)
        for stop in left if len(left) <= most_left * len(serve) else []:
            self._insert(stop, rhythm[stop])
        return self._decision()

    # Sectors

    def _sectors(self, serve: Sequence[tuple[int, int]]) -> list[int]:
        problem = self._problem
        left: list[int] = []
        depots: dict[int, list[int]] = {}
        for vehicle in range(self._count):
            depots.setdefault(int(problem.vehicles.depot[vehicle]), []).append(vehicle)
        of_depot: dict[int, list[tuple[int, int]]] = {depot: [] for depot in depots}
        for stop, rhythm in serve:
            ways = [(self._there_and_back(v, stop), v) for v in range(self._count) if problem.vehicle_ok[v, stop]]
            ways = [way for way in ways if way[0] >= 0]
            if not ways:
                left.append(stop)
            else:
                of_depot[int(problem.vehicles.depot[min(ways)[1]])].append((stop, rhythm))
        xy = _map(problem)
        for depot, vehicles in depots.items():
            left += self._cut(depot, vehicles, of_depot[depot], xy)
        return left

    def _there_and_back(self, vehicle: int, stop: int) -> int:
        depot = int(self._problem.vehicles.depot[vehicle])
        travel = self._problem.travel_s[int(self._problem.vehicles.kind[vehicle])]
        there, back = int(travel[depot, stop]), int(travel[stop, depot])
        return there + back if there >= 0 and back >= 0 else NEVER

    def _cut(
        self, depot: int, vehicles: Sequence[int], serve: Sequence[tuple[int, int]], xy: NDArray[np.float64]
    ) -> list[int]:
        """Cut the circle around a depot into sectors of equal work: vehicles, in them weekdays, in them weeks."""
        problem, left = self._problem, list[int]()
        if not serve:
            return left
        order = _around(xy[depot], xy[[stop for stop, _ in serve]], self._seed)
        slots = [(vehicle, day) for vehicle in vehicles for day in range(self._days[vehicle])]
        work = np.array([self._work(*serve[k], vehicles[0]) for k in order], float)
        # The middle of a stop's work decides in which sector it lies.
        share = (np.cumsum(work) - work / 2.0) / max(float(work.sum()), 1.0)
        for k, position in zip(order, share.tolist(), strict=True):
            stop, rhythm = serve[k]
            position *= len(slots)
            vehicle, day = slots[min(int(position), len(slots) - 1)]
            week = min(int(position % 1.0 * self._weeks), self._weeks - 1)
            pattern = self._choose(stop, rhythm, vehicle, day, week)
            if pattern is None or not problem.vehicle_ok[vehicle, stop]:
                left.append(stop)
            else:
                self._put(stop, pattern, [vehicle] * len(self._parts[pattern]))
        return left

    def _work(self, stop: int, rhythm: int, vehicle: int) -> float:
        """Return the work of a stop in a cycle: its stays, and a share of the way that grows slowly with the distance from the depot."""
        visits = _visits(self._problem, rhythm)
        way = max(self._there_and_back(vehicle, stop), 0)
        return visits * (float(self._problem.stay_s[stop, rhythm]) + way / 4.0)

    def _choose(self, stop: int, rhythm: int, vehicle: int, day: int, week: int) -> int | None:
        """Return the pattern of the rhythm that is on this weekday in this week, else near it; of several the one on the emptiest days."""
        best: tuple[float, ...] | None = None
        for pattern in self._allowed(stop, rhythm):
            parts = self._parts[pattern]
            if not all(bool(self._problem.slot_ok[stop, d].any()) for d, _ in parts):
                continue
            here = min((0 if weeks >> week & 1 else 1) + 2 * abs(d - day) for d, weeks in parts)
            full = sum(sum(v.stay_s for v in self._slots[vehicle, d].visits) for d, _ in parts)
            rank = (float(here), float(full), float(pattern))
            if best is None or rank < best:
                best = rank
        return None if best is None else int(best[2])

    def _allowed(self, stop: int, rhythm: int) -> list[int]:
        problem = self._problem
        return np.flatnonzero(problem.pattern_ok[stop] & (problem.patterns.rhythm == rhythm)).tolist()

    # Days

    def _visit_of(self, stop: int, pattern: int, part: int) -> Visit:
        problem, rhythm = self._problem, int(self._problem.patterns.rhythm[pattern])
        weeks = self._parts[pattern][part][1]
        return Visit(stop, part, weeks, int(problem.stay_s[stop, rhythm]), float(problem.load[stop, rhythm]))

    def _put(self, stop: int, pattern: int, crew: list[int]) -> None:
        self._pattern[stop], self._crew[stop] = pattern, crew
        for part, vehicle in enumerate(crew):
            self._slots[vehicle, self._parts[pattern][part][0]].visits.append(self._visit_of(stop, pattern, part))

    def _drop(self, stop: int) -> set[tuple[int, int]]:
        pattern, touched = self._pattern.pop(stop), set()
        for part, vehicle in enumerate(self._crew.pop(stop)):
            slot = self._slots[vehicle, self._parts[pattern][part][0]]
            slot.visits = [visit for visit in slot.visits if visit.stop != stop]
            touched.add((slot.vehicle, slot.day))
        return touched

    def _settle(self) -> list[int]:
        """Lay all days; a stop that has no room on one of its days is taken off all of them."""
        left, todo = list[int](), set(self._slots)
        while todo:
            key = min(todo)
            todo.remove(key)
            slot = self._slots[key]
            slot.laid, out = self._lay(slot.vehicle, slot.day, slot.visits)
            for visit in out:
                todo |= self._drop(visit.stop)
                left.append(visit.stop)
        return left

    def _lay(self, vehicle: int, day: int, visits: Sequence[Visit]) -> tuple[LaidDay | None, list[Visit]]:
        return self._hands[vehicle, day].lay(visits) if visits else (None, [])

    def _insert(self, stop: int, rhythm: int) -> None:
        """Serve a stop on the days on which it costs least additional driving, if it has room at all."""
        best: tuple[float, int, list[int], list[tuple[tuple[int, int], LaidDay]]] | None = None
        for pattern in self._allowed(stop, rhythm):
            for vehicle in range(self._count):
                crew = [vehicle] * len(self._parts[pattern])
                trial = self._try(stop, pattern, crew)
                if trial is not None and (best is None or trial[0] < best[0]):
                    best = trial[0], pattern, crew, trial[1]
        if best is not None:
            self._put(stop, best[1], best[2])
            for key, laid in best[3]:
                self._slots[key].laid = laid

    def _try(
        self, stop: int, pattern: int, crew: Sequence[int]
    ) -> tuple[float, list[tuple[tuple[int, int], LaidDay]]] | None:
        more, days = 0.0, list[tuple[tuple[int, int], LaidDay]]()
        for part, vehicle in enumerate(crew):
            if not self._problem.vehicle_ok[vehicle, stop]:
                return None
            slot = self._slots[vehicle, self._parts[pattern][part][0]]
            visit = self._visit_of(stop, pattern, part)
            if self._full(slot, visit):
                return None
            laid, out = self._lay(vehicle, slot.day, [*slot.visits, visit])
            if laid is None or out:
                return None
            more += sum(laid.drive_s) - (sum(slot.laid.drive_s) if slot.laid is not None else 0)
            days.append(((vehicle, slot.day), laid))
        return more, days

    def _full(self, slot: _Slot, visit: Visit) -> bool:
        """Tell at a glance that a visit has no room: the stays and the way to it alone are longer than a tour may be."""
        crews, halves = self._problem.vehicles, self._problem.halves_s
        shift = int(crews.back_until_s[slot.vehicle]) - int(crews.leave_from_s[slot.vehicle])
        longest = min(shift, int(crews.tour_max_s[slot.vehicle]))
        indoors = int((halves[:, 1] - halves[:, 0]).sum())
        alone = self._there_and_back(slot.vehicle, visit.stop)
        for week in range(self._problem.weeks):
            if not visit.weeks >> week & 1:
                continue
            stays = visit.stay_s + sum(v.stay_s for v in slot.visits if v.weeks >> week & 1)
            # One more stop hardly makes the way shorter.
            drive = max(alone, slot.laid.drive_s[week] if slot.laid is not None else 0)
            if stays > indoors or stays + drive > longest:
                return True
        return False

    def _decision(self) -> Decision:
        empty = empty_decision(self._problem)
        pattern, vehicle, start_s, break_after = (
            empty.pattern.copy(),
            empty.vehicle.copy(),
            empty.start_s.copy(),
            empty.break_after.copy(),
        )
        for stop, number in self._pattern.items():
            pattern[stop] = number
        for (crew, day), slot in self._slots.items():
            if slot.laid is None:
                continue
            for visit, start in zip(slot.laid.visits, slot.laid.start_s, strict=True):
                vehicle[visit.stop, visit.part], start_s[visit.stop, visit.part] = crew, start
            break_after[crew, day] = slot.laid.break_after
        return Decision(pattern, vehicle, start_s, break_after)


def _around(centre: NDArray[np.float64], xy: NDArray[np.float64], seed: int) -> list[int]:
    """Return the points by angle around the centre, beginning after the seed-th widest gap."""
    angle = np.arctan2(xy[:, 1] - centre[1], xy[:, 0] - centre[0])
    order = np.argsort(angle, kind="stable")
    gaps = np.diff(angle[order], append=angle[order[:1]] + 2 * np.pi)
    widest = np.argsort(-gaps, kind="stable")
    begin = int(widest[(seed - 1) % len(order)]) + 1
    return np.roll(order, -begin).tolist()


def _map(problem: MobileProblem) -> NDArray[np.float64]:
    """Return coordinates of all nodes on a map of the driving times (classical scaling, Torgerson, Psychometrika 17 (1952))."""
    return _scaled(
        problem.travel_s[int(problem.vehicles.kind[0])].astype(np.int32).tobytes(), problem.travel_s.shape[1]
    )


@lru_cache(maxsize=4)
def _scaled(raw: bytes, nodes: int) -> NDArray[np.float64]:
    travel = np.frombuffer(raw, np.int32).reshape(nodes, nodes).astype(float)
    known = travel >= 0
    far = float(travel.max(initial=1.0))
    travel = np.where(known, travel, far)
    square = ((travel + travel.T) / 2.0) ** 2
    middle = square - square.mean(0) - square.mean(1)[:, None] + square.mean()
    values, vectors = np.linalg.eigh(-middle / 2.0)
    axes = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0.0))
    # The sign of an axis is arbitrary: the point farthest out lies on its positive side.
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return axes * np.where(signs == 0.0, 1.0, signs)
