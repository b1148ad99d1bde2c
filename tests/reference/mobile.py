"""Slow verifier and brute force of the mobile problem, straight from docs/method/mobile.md: loops over lists.

Shares nothing with ankerort.mobile but the frozen data. `check` tells which rules a decision breaks, what it is worth and what it costs;
`brute_force` finds the best decision of a tiny problem by trying every pattern, vehicle, half-day, clock time of the grid and break.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ankerort.mobile.problem import Decision, MobileProblem, Objective

EPS = 1e-6

RULES = (
    "pattern", "must", "one_vehicle", "vehicle", "window", "slot", "grid", "no_way", "order", "leave", "back", "tour", "break_missing",
    "break_needless", "break_place", "break_hours", "drive", "drive_block", "range", "capacity", "budget", "cover",
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """One tour: what it breaks as (rule, stop or -1), and its numbers."""

    faults: frozenset[tuple[str, int]]
    leave_s: int = 0
    back_s: int = 0
    break_s: int = 0
    drive_s: int = 0
    drive_m: float = 0.0
    drive_eur: float = 0.0
    paid_s: int = 0
    wait_s: int = 0


@dataclass(frozen=True)
class Checked:
    """What `check` finds. Faults are (rule, stop, vehicle, weekday, week), -1 = does not apply."""

    faults: frozenset[tuple[str, int, int, int, int]]
    value: float
    points: float
    cost_eur: float
    fixed_eur: float
    covered_share: float
    drive_s: int
    drive_m: float
    paid_s: int
    wait_s: int
    served_by: tuple[int, ...]
    group_points: tuple[float, ...]

    @property
    def rules(self) -> frozenset[str]:
        """Names of the broken rules."""
        return frozenset(f[0] for f in self.faults)


class Plain:
    """The problem as lists, which are quicker than arrays one element at a time."""

    def __init__(self, problem: MobileProblem) -> None:
        self.problem = problem
        self.travel_s = problem.travel_s.tolist()
        self.travel_m = problem.travel_m.tolist()
        self.drive_eur = problem.drive_eur.tolist()
        self.halves = problem.halves_s.tolist()
        self.window = problem.window_s.tolist()
        self.slot_ok = problem.slot_ok.tolist()
        self.slot_factor = problem.slot_factor.tolist()
        self.stay = problem.stay_s.tolist()
        self.load = problem.load.tolist()
        self.share = problem.served_share.tolist()
        v = problem.vehicles
        self.vehicles = [
            {name: getattr(v, name)[i].item() for name in v.__dataclass_fields__ if not name.startswith("_")}
            for i in range(v.count)
        ]
        p = problem.patterns
        ptr = p.ptr.tolist()
        self.parts = [[(int(p.day[k]), int(p.weeks[k])) for k in range(ptr[i], ptr[i + 1])] for i in range(p.count)]
        self.rhythm = p.rhythm.tolist()

    @cached_property
    def pairs(self) -> list[list[tuple[int, float, bool]]]:
        """Per stop: (group, factor, counts for the target)."""
        n = self.problem.needs
        return [
            [(int(n.group[k]), float(n.factor[k]), bool(n.target[k])) for k in range(int(n.ptr[i]), int(n.ptr[i + 1]))]
            for i in range(self.problem.stops)
        ]

    def half_of(self, stop: int, rhythm: int, start: int) -> int:
        """Half-day in which the visit lies wholly; -1 = none."""
        stay = self.stay[stop][rhythm]
        for h, (begin, end) in enumerate(self.halves):
            low, high = self.window[stop][h]
            if max(begin, low) <= start and start + stay <= min(end, high):
                return h
        return -1

    def drive(self, vehicle: int, a: int, b: int) -> tuple[int, float, float]:
        """Seconds, metres, EUR of a leg."""
        kind = self.vehicles[vehicle]["kind"]
        return self.travel_s[kind][a][b], self.travel_m[kind][a][b], self.drive_eur[kind][a][b]


def day_tour(plain: Plain, vehicle: int, visits: list[tuple[int, int, int]], after: int) -> Day:
    """One day of a vehicle.

    Parameters
    ----------
    visits
        (start, stop, rhythm), not empty, in any order.
    after
        Stop after which the break is taken; -1 = none.
    """
    car = plain.vehicles[vehicle]
    order = sorted(visits)
    stops = [stop for _, stop, _ in order]
    depot = car["depot"]
    nodes = [depot, *stops, depot]
    legs = [plain.drive(vehicle, a, b) for a, b in itertools.pairwise(nodes)]
    faults: set[tuple[str, int]] = set()
    if after >= 0 and after not in stops:
        faults.add(("break_place", after))
        after = -1
    for (seconds, _, _), a, b in zip(legs, nodes, nodes[1:], strict=False):
        if seconds < 0:
            faults.add(("no_way", b if b != depot else a))
    if any(rule == "no_way" for rule, _ in faults):
        return Day(frozenset(faults))

    stays = [plain.stay[stop][rhythm] for _, stop, rhythm in order]
    starts = [start for start, _, _ in order]
    leave = starts[0] - legs[0][0]

    def back_with(length: int) -> int:
        """Return to the depot with a break of this length at its place; the driver waits for its first hour."""
        end = starts[-1] + stays[-1]
        if stops[-1] == after:
            end = max(end, car["break_from_s"]) + length
        return end + legs[-1][0]

    def demanded(length: int) -> int:
        """Break that the work demands if the break taken is this long."""
        work = back_with(length) - leave - length + car["paid_extra_s"]
        if work > car["long_work_s"]:
            return car["long_break_s"]
        return car["break_s"] if work > car["work_before_break_s"] else 0

    # The break is the shortest of none, short and long that the work which is left asks for.
    taken = 0
    if after < 0:
        if demanded(0) > 0:
            faults.add(("break_missing", -1))
    else:
        taken = next((b for b in (0, car["break_s"], car["long_break_s"]) if demanded(b) <= b), car["long_break_s"])
        if taken == 0:
            faults.add(("break_needless", after))

    for k, stop in enumerate(stops):
        end = starts[k] + stays[k]
        if taken and stop == after:
            begin = max(end, car["break_from_s"])
            if begin + taken > car["break_until_s"]:
                faults.add(("break_hours", stop))
            end = begin + taken
        if k + 1 < len(stops) and starts[k + 1] < end + legs[k + 1][0]:
            faults.add(("order", stops[k + 1]))
    back = back_with(taken)
    if leave < car["leave_from_s"]:
        faults.add(("leave", -1))
    if back > car["back_until_s"]:
        faults.add(("back", -1))
    if back - leave > car["tour_max_s"]:
        faults.add(("tour", -1))
    driven = sum(leg[0] for leg in legs)
    before = sum(leg[0] for leg in legs[: stops.index(after) + 1]) if taken else driven
    if driven > car["drive_max_s"]:
        faults.add(("drive", -1))
    if max(before, driven - before) > car["drive_before_break_s"]:
        faults.add(("drive_block", -1))
    metres = sum(leg[1] for leg in legs)
    if metres > car["range_m"] + EPS:
        faults.add(("range", -1))
    if sum(plain.load[stop][rhythm] for _, stop, rhythm in order) > car["capacity"] + EPS:
        faults.add(("capacity", -1))
    return Day(
        frozenset(faults),
        leave_s=leave,
        back_s=back,
        break_s=taken,
        drive_s=driven,
        drive_m=metres,
        drive_eur=sum(leg[2] for leg in legs),
        paid_s=back - leave - taken + car["paid_extra_s"],
        wait_s=back - leave - taken - driven - sum(stays),
    )


def day_cost(plain: Plain, vehicle: int, day: Day) -> float:
    """EUR of one tour, without what a year or the vehicle costs."""
    car = plain.vehicles[vehicle]
    return float(day.drive_eur + day.paid_s / 3600.0 * car["eur_per_h"] + car["eur_per_day"])


def points_of(
    plain: Plain, served: dict[int, tuple[int, list[tuple[int, int]]]]
) -> tuple[list[float], list[int], float]:
    """Points and serving stop of each group, and share of the target that is covered.

    Parameters
    ----------
    served
        Stop -> (rhythm, (weekday, half) of each part).
    """
    needs = plain.problem.needs
    best = [0.0] * len(needs.points)
    by = [-1] * len(needs.points)
    covered: set[int] = set()
    for stop in sorted(served):
        rhythm, parts = served[stop]
        for group, factor, target in plain.pairs[stop]:
            kind = int(needs.kind[group])
            mean = sum(float(needs.preference[kind, d, h]) * plain.slot_factor[stop][d][h] for d, h in parts) / len(
                parts
            )
            worth = float(needs.points[group]) * factor * float(needs.benefit[kind, rhythm])
            worth *= plain.share[stop][rhythm] * mean
            if worth > best[group] + 1e-12:
                best[group], by[group] = worth, stop
            if target and needs.target_group[group] and needs.target_rhythm[rhythm]:
                covered.add(group)
    could = {g for pairs in plain.pairs for g, _, target in pairs if target and needs.target_group[g]}
    persons = sum(float(needs.persons[g]) for g in could)
    share = sum(float(needs.persons[g]) for g in covered) / persons if persons > 0 else 1.0
    return best, by, share


def check(problem: MobileProblem, decision: Decision, objective: Objective) -> Checked:
    """Every broken rule of a decision and what it is worth."""
    plain = Plain(problem)
    faults: set[tuple[str, int, int, int, int]] = set()
    days: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
    served: dict[int, tuple[int, list[tuple[int, int]]]] = {}
    for stop in range(problem.stops):
        pattern = int(decision.pattern[stop])
        if pattern < 0:
            if problem.must[stop]:
                faults.add(("must", stop, -1, -1, -1))
            continue
        rhythm = plain.rhythm[pattern]
        if not problem.pattern_ok[stop, pattern]:
            faults.add(("pattern", stop, -1, -1, -1))
        cars, halves = set(), []
        for k, (weekday, weeks) in enumerate(plain.parts[pattern]):
            car, start = int(decision.vehicle[stop, k]), int(decision.start_s[stop, k])
            cars.add(car)
            half = plain.half_of(stop, rhythm, start)
            halves.append((weekday, half))
            if half < 0:
                faults.add(("window", stop, car, weekday, -1))
            elif not plain.slot_ok[stop][weekday][half]:
                faults.add(("slot", stop, car, weekday, -1))
            if start % problem.grid_s:
                faults.add(("grid", stop, car, weekday, -1))
            if not problem.vehicle_ok[car, stop]:
                faults.add(("vehicle", stop, car, weekday, -1))
            for week in range(problem.weeks):
                if weeks >> week & 1:
                    days.setdefault((car, weekday, week), []).append((start, stop, rhythm))
        if problem.one_vehicle and len(cars) > 1:
            faults.add(("one_vehicle", stop, -1, -1, -1))
        # Points of a visit outside all hours are of no use to anybody; the faults say that.
        served[stop] = (rhythm, [(d, max(h, 0)) for d, h in halves])

    total = {"cost": 0.0, "drive_s": 0, "drive_m": 0.0, "paid": 0, "wait": 0}
    for (car, weekday, week), visits in sorted(days.items()):
        day = day_tour(plain, car, visits, int(decision.break_after[car, weekday, week]))
        faults |= {(rule, stop, car, weekday, week) for rule, stop in day.faults}
        total["cost"] += day_cost(plain, car, day)
        total["drive_s"] += day.drive_s
        total["drive_m"] += day.drive_m
        total["paid"] += day.paid_s
        total["wait"] += day.wait_s
    for car, weekday, week in np.argwhere(decision.break_after >= 0).tolist():
        if (car, weekday, week) not in days:
            faults.add(("break_place", int(decision.break_after[car, weekday, week]), car, weekday, week))
    cost = problem.cycles_per_year * total["cost"]
    fixed = sum(plain.vehicles[car]["eur_per_year"] for car in {car for car, _, _ in days})
    group_points, by, share = points_of(plain, served)
    value = worth(objective, sum(group_points), cost, fixed)
    if cost + fixed > objective.budget_eur + EPS:
        faults.add(("budget", -1, -1, -1, -1))
    if share < objective.cover_share - 1e-9:
        faults.add(("cover", -1, -1, -1, -1))
    return Checked(
        frozenset(faults),
        value=value,
        points=sum(group_points),
        cost_eur=cost,
        fixed_eur=fixed,
        covered_share=share,
        drive_s=int(total["drive_s"]),
        drive_m=total["drive_m"],
        paid_s=int(total["paid"]),
        wait_s=int(total["wait"]),
        served_by=tuple(by),
        group_points=tuple(group_points),
    )


def worth(objective: Objective, points: float, cost_eur: float, fixed_eur: float) -> float:
    """Value of the objective."""
    if objective.kind == "need":
        return objective.point_eur * points - cost_eur
    return -(cost_eur + fixed_eur)


Visit = tuple[int, int, int, int]
"""(stop, rhythm, weeks, half) of a visit on one weekday of one vehicle."""


class _Weekdays:
    """Least cost of a weekday of a vehicle, by trying every clock time; remembered."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self.known: dict[tuple[int, tuple[Visit, ...]], tuple[float, tuple[int, ...], tuple[int, ...]] | None] = {}
        self.least: dict[int, list[list[float]]] = {}
        self.tours: dict[tuple[int, tuple[tuple[int, int, int], ...]], tuple[float, int]] = {}

    def best(self, car: int, visits: tuple[Visit, ...]) -> tuple[float, tuple[int, ...], tuple[int, ...]] | None:
        """Cost per cycle, starts, break of each week; None = impossible. The weekday itself plays no part in it."""
        key = (car, visits)
        if key not in self.known:
            self.known[key] = self._search(car, visits)
        return self.known[key]

    def _times(self, stop: int, rhythm: int, half: int) -> list[int]:
        plain, grid = self.plain, self.plain.problem.grid_s
        low = max(plain.halves[half][0], plain.window[stop][half][0])
        high = min(plain.halves[half][1], plain.window[stop][half][1]) - plain.stay[stop][rhythm]
        return list(range(-(-low // grid) * grid, high + 1, grid))

    def _shortest(self, car: int) -> list[list[float]]:
        """Least seconds from node to node over any other nodes: no tour drives from one to the other in less."""
        kind = self.plain.vehicles[car]["kind"]
        if kind not in self.least:
            least = [[math.inf if s < 0 else float(s) for s in row] for row in self.plain.travel_s[kind]]
            nodes = range(len(least))
            for k in nodes:
                for i in nodes:
                    for j in nodes:
                        least[i][j] = min(least[i][j], least[i][k] + least[k][j])
            self.least[kind] = least
        return self.least[kind]

    def _search(self, car: int, visits: tuple[Visit, ...]) -> tuple[float, tuple[int, ...], tuple[int, ...]] | None:
        plain = self.plain
        stays = [plain.stay[stop][rhythm] for stop, rhythm, _, _ in visits]
        least, vehicle = self._shortest(car), plain.vehicles[car]
        depot = vehicle["depot"]
        times = [
            [
                start
                for start in self._times(stop, rhythm, half)
                if start - least[depot][stop] >= vehicle["leave_from_s"]
                and start + stay + least[stop][depot] <= vehicle["back_until_s"]
            ]
            for (stop, rhythm, _, half), stay in zip(visits, stays, strict=True)
        ]
        best: tuple[float, tuple[int, ...], tuple[int, ...]] | None = None
        chosen: list[int] = []

        def deeper(k: int) -> None:
            nonlocal best
            if k == len(visits):
                found = self._weeks(car, visits, tuple(chosen))
                if found is not None and (best is None or found[0] < best[0] - 1e-12):
                    best = (found[0], tuple(chosen), found[1])
                return
            for start in times[k]:
                clash = any(
                    visits[j][2] & visits[k][2]
                    and start < chosen[j] + stays[j] + least[visits[j][0]][visits[k][0]]
                    and chosen[j] < start + stays[k] + least[visits[k][0]][visits[j][0]]
                    for j in range(k)
                )
                if not clash:
                    chosen.append(start)
                    deeper(k + 1)
                    chosen.pop()

        deeper(0)
        return best

    def _weeks(
        self, car: int, visits: tuple[Visit, ...], starts: tuple[int, ...]
    ) -> tuple[float, tuple[int, ...]] | None:
        cost, breaks = 0.0, []
        for week in range(self.plain.problem.weeks):
            day = tuple(
                (start, stop, rhythm)
                for start, (stop, rhythm, weeks, _) in zip(starts, visits, strict=True)
                if weeks >> week & 1
            )
            if not day:
                breaks.append(-1)
                continue
            eur, after = self._tour(car, day)
            if math.isinf(eur):
                return None
            cost += eur
            breaks.append(after)
        return cost, tuple(breaks)

    def _tour(self, car: int, day: tuple[tuple[int, int, int], ...]) -> tuple[float, int]:
        key = (car, day)
        if key not in self.tours:
            best = (math.inf, -1)
            for after in (-1, *(stop for _, stop, _ in day)):
                tour = day_tour(self.plain, car, list(day), after)
                if not tour.faults:
                    best = min(best, (day_cost(self.plain, car, tour), after))
            self.tours[key] = best
        return self.tours[key]


def brute_force(problem: MobileProblem, objective: Objective) -> tuple[float, Decision] | None:
    """The best decision by trying all; None = there is none that keeps all rules.

    Exact for every grid: all its clock times are tried. Tiny problems with a coarse grid only.
    """
    plain = Plain(problem)
    weekdays = _Weekdays(plain)
    cars = range(problem.vehicles.count)
    halves = range(len(plain.halves))

    # Per stop: (pattern, vehicle and half-day of each part) that keep the rules of a single visit.
    options: list[list[tuple[int, tuple[tuple[int, int], ...]]]] = []
    for stop in range(problem.stops):
        mine: list[tuple[int, tuple[tuple[int, int], ...]]] = [] if problem.must[stop] else [(-1, ())]
        for pattern in range(problem.patterns.count):
            if not problem.pattern_ok[stop, pattern]:
                continue
            per_part = [
                [(c, h) for c in cars for h in halves if problem.vehicle_ok[c, stop] and plain.slot_ok[stop][day][h]]
                for day, _ in plain.parts[pattern]
            ]
            for chosen in itertools.product(*per_part):
                if not problem.one_vehicle or len({c for c, _ in chosen}) == 1:
                    mine.append((pattern, chosen))
        options.append(mine)

    best: tuple[float, tuple[tuple[int, tuple[tuple[int, int], ...]], ...]] | None = None
    gains: dict[object, tuple[float, float]] = {}
    for plan in itertools.product(*options):
        groups: dict[tuple[int, int], list[Visit]] = {}
        slots: dict[int, tuple[int, list[tuple[int, int]]]] = {}
        for stop, (pattern, chosen) in enumerate(plan):
            if pattern < 0:
                continue
            rhythm = plain.rhythm[pattern]
            slots[stop] = (rhythm, [])
            for (day, weeks), (car, half) in zip(plain.parts[pattern], chosen, strict=True):
                groups.setdefault((car, day), []).append((stop, rhythm, weeks, half))
                slots[stop][1].append((day, half))
        cost, possible = 0.0, True
        for (car, _), visits in groups.items():
            found = weekdays.best(car, tuple(visits))
            if found is None:
                possible = False
                break
            cost += found[0]
        if not possible:
            continue
        cost *= problem.cycles_per_year
        fixed = sum(plain.vehicles[car]["eur_per_year"] for car in {car for car, _ in groups})
        key = tuple((stop, rhythm, tuple(parts)) for stop, (rhythm, parts) in slots.items())
        if key not in gains:
            group_points, _, share = points_of(plain, slots)
            gains[key] = (sum(group_points), share)
        points, share = gains[key]
        if cost + fixed > objective.budget_eur + EPS or share < objective.cover_share - 1e-9:
            continue
        value = worth(objective, points, cost, fixed)
        if best is None or value > best[0] + 1e-9:
            best = (value, plan)
    if best is None:
        return None
    return best[0], _decision(plain, weekdays, best[1])


def _decision(plain: Plain, weekdays: _Weekdays, plan: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]) -> Decision:
    """The plan with the clock times and breaks that were found for it."""
    problem = plain.problem
    parts = max((len(p) for p in plain.parts), default=1)
    decision = empty_decision(problem, parts=parts)
    groups: dict[tuple[int, int], list[tuple[Visit, int]]] = {}
    for stop, (pattern, chosen) in enumerate(plan):
        decision.pattern[stop] = pattern
        if pattern < 0:
            continue
        for k, ((day, weeks), (car, half)) in enumerate(zip(plain.parts[pattern], chosen, strict=True)):
            decision.vehicle[stop, k] = car
            groups.setdefault((car, day), []).append(((stop, plain.rhythm[pattern], weeks, half), k))
    for (car, day), visits in groups.items():
        found = weekdays.best(car, tuple(visit for visit, _ in visits))
        assert found is not None
        for (visit, k), start in zip(visits, found[1], strict=True):
            decision.start_s[visit[0], k] = start
        for week, after in enumerate(found[2]):
            decision.break_after[car, day, week] = after
    return decision


def empty_decision(problem: MobileProblem, *, parts: int | None = None) -> Decision:
    """Nothing is served."""
    width = int(np.diff(problem.patterns.ptr).max(initial=1)) if parts is None else parts
    return Decision(
        np.full(problem.stops, -1, np.int32),
        np.full((problem.stops, width), -1, np.int32),
        np.full((problem.stops, width), -1, np.int32),
        np.full((problem.vehicles.count, problem.weekdays, problem.weeks), -1, np.int32),
    )
