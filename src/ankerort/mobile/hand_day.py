"""The day of a vehicle as a planner lays it by hand: from each stop to the one that can be begun next, the break where it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ankerort.mobile.evaluate import break_demanded_s
from ankerort.mobile.problem import NEVER, MobileProblem

_ROUNDS = 4
_PAUSES = ("noon", "early", "late")
"""When a break is taken: before the first visit of the afternoon, as soon as it may be, as late as it may be."""


@dataclass(frozen=True)
class Visit:
    """A part of a stop's pattern on a weekday: number of the part in the pattern, weeks as bits, length of the visit in seconds."""

    stop: int
    part: int
    weeks: int
    stay_s: int
    load: float


@dataclass(frozen=True)
class LaidDay:
    """A weekday of a vehicle over all weeks.

    Parameters
    ----------
    visits, start_s
        In the order of the clock times.
    break_after
        Per week the stop after which the break is taken; -1 = none.
    drive_s
        Driving of each week.
    """

    visits: tuple[Visit, ...]
    start_s: tuple[int, ...]
    break_after: tuple[int, ...]
    drive_s: tuple[int, ...]


def openings(problem: MobileProblem, stop: int, day: int, stay_s: int) -> list[tuple[int, int]]:
    """Return the first and last clock time at which a visit of this length may begin, per half-day in which it can lie."""
    found = []
    grid = problem.grid_s
    for half in range(len(problem.halves_s)):
        if not problem.slot_ok[stop, day, half]:
            continue
        low = max(int(problem.halves_s[half, 0]), int(problem.window_s[stop, half, 0]))
        high = min(int(problem.halves_s[half, 1]), int(problem.window_s[stop, half, 1])) - stay_s
        low = -(-low // grid) * grid
        high = high // grid * grid
        if low <= high:
            found.append((low, high))
    return sorted(found)


Ways = list[tuple[list[list[int]], list[list[float]]]]


def ways_of(problem: MobileProblem) -> Ways:
    """Return driving seconds and metres per kind of vehicle as nested lists, which are read faster than arrays one element at a time."""
    return [
        (seconds.tolist(), metres.tolist()) for seconds, metres in zip(problem.travel_s, problem.travel_m, strict=True)
    ]


class HandDay:
    """Lays weekdays of one vehicle.

    Parameters
    ----------
    problem
        The problem.
    vehicle, day
        Whose day.
    ways
        Of `ways_of`.
    """

    def __init__(self, problem: MobileProblem, vehicle: int, day: int, ways: Ways) -> None:
        crews = problem.vehicles
        self._problem, self._vehicle, self._day = problem, vehicle, day
        self._travel, self._way = ways[int(crews.kind[vehicle])]
        self._capacity = float(crews.capacity[vehicle])
        self._opened: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._depot = int(crews.depot[vehicle])
        self._leave, self._back = int(crews.leave_from_s[vehicle]), int(crews.back_until_s[vehicle])
        self._tour, self._drive = int(crews.tour_max_s[vehicle]), int(crews.drive_max_s[vehicle])
        self._drive_block = int(crews.drive_before_break_s[vehicle])
        self._pause = int(crews.break_from_s[vehicle]), int(crews.break_until_s[vehicle])
        self._noon = min((int(b) for b in problem.halves_s[:, 0] if b > self._pause[0]), default=self._pause[0])

    def openings(self, visit: Visit) -> list[tuple[int, int]]:
        """Return `openings` of a visit on this day."""
        key = visit.stop, visit.stay_s
        if key not in self._opened:
            self._opened[key] = openings(self._problem, visit.stop, self._day, visit.stay_s)
        return self._opened[key]

    def lay(self, visits: Sequence[Visit]) -> tuple[LaidDay | None, list[Visit]]:
        """Lay a day.

        Returns
        -------
        tuple
            The day with the visits that have room, None without any; the visits that have none.
        """
        found: tuple[LaidDay | None, list[Visit]] = None, list(visits)
        for pause in _PAUSES[:2]:
            laid, left = self._fill(visits, pause)
            if len(left) < len(found[1]) or found[0] is None:
                found = laid, left
            if not left:
                break
        return found

    def _fill(self, visits: Sequence[Visit], pause: str) -> tuple[LaidDay | None, list[Visit]]:
        todo, left = list(visits), list[Visit]()
        while todo:
            attempt, wrong = self._attempt(todo, pause, keep_order=False)
            if not attempt.order:
                return None, list(visits)
            left += attempt.left
            if wrong < 0:
                return attempt.laid(), left
            todo = list(attempt.order)
            if not attempt.left:
                # A day that is too long, or whose break does not settle, gives up its last visit.
                last = next((v for v in reversed(todo) if v.weeks >> wrong & 1), todo[-1])
                left.append(last)
                todo.remove(last)
        return None, left

    def lay_in_order(self, visits: Sequence[Visit]) -> LaidDay | None:
        """Lay a day in a given order, each visit as early as it can be, then with as little waiting as that leaves; None = it has no room."""
        if not visits:
            return None
        best: _Attempt | None = None
        for pause in _PAUSES:
            attempt, wrong = self._attempt(visits, pause, keep_order=True)
            if wrong < 0 and not attempt.left and (best is None or attempt.paid_s() < best.paid_s()):
                best = attempt
            if not any(attempt.breaks):
                break
        return None if best is None else best.laid()

    def _attempt(self, visits: Sequence[Visit], pause: str, *, keep_order: bool) -> tuple[_Attempt, int]:
        """Lay the day, with breaks where the work demands them; also return a week that breaks a limit (-1 = none)."""
        breaks = [0] * self._problem.weeks
        wrong = 0
        for _ in range(_ROUNDS):
            attempt = _Attempt(self, breaks, pause)
            attempt.fill(visits, keep_order=keep_order)
            attempt.tighten()
            limit, demand = attempt.check()
            if demand == breaks or limit >= 0:
                return attempt, limit
            wrong = next(week for week, now in enumerate(demand) if now != breaks[week])
            breaks = demand
        return attempt, wrong


class _Attempt:
    """One way through the visits with fixed breaks per week."""

    def __init__(self, frame: HandDay, breaks: Sequence[int], pause: str) -> None:
        problem = frame._problem
        self._frame, self._problem = frame, problem
        self.breaks, self._pause = list(breaks), pause
        self._at = [frame._depot] * problem.weeks
        self._free = [frame._leave] * problem.weeks
        self._leaves = [NEVER] * problem.weeks
        self._driven = [0] * problem.weeks
        self._load = [0.0] * problem.weeks
        self.break_after = [NEVER] * problem.weeks
        self.order: list[Visit] = []
        self.start_s: list[int] = []
        self._limit: list[int] = []
        self.left: list[Visit] = []

    def fill(self, visits: Sequence[Visit], *, keep_order: bool) -> None:
        """Go on to the visit that can be begun next, or that is next in order, until none has room."""
        frame = self._frame
        open_at = {v: frame.openings(v) for v in visits}
        todo = list(visits)
        while todo:
            best: tuple[int, int, int] | None = None
            for place, visit in enumerate(todo[:1] if keep_order else todo):
                found = self._fit(visit, open_at[visit])
                if found is not None and (best is None or (found[0], found[1], place) < best):
                    best = (found[0], found[1], place)
            if best is None:
                break
            self._take(todo.pop(best[2]), best[0], open_at)
        self.left = todo
        for week, need in enumerate(self.breaks):
            if need and self.break_after[week] == NEVER and self._at[week] != frame._depot:
                self.break_after[week] = self._at[week]

    def _ready(self, week: int, visit: Visit, openings_s: Sequence[tuple[int, int]]) -> tuple[int, bool]:
        """Return when the vehicle can be at the visit, and whether it takes its break before."""
        frame, need = self._frame, self.breaks[week]
        free, drive = self._free[week], frame._travel[self._at[week]][visit.stop]
        if not need or self.break_after[week] != NEVER or self._at[week] == frame._depot:
            return free + drive, False
        begin, end = frame._pause
        start = _first(openings_s, free + drive, self._problem.grid_s)
        if start is not None and start + visit.stay_s + need <= end:
            wait = {"noon": start < frame._noon, "early": free < begin, "late": True}[self._pause]
            if wait:
                return free + drive, False
        return max(free, begin) + need + drive, True

    def _fit(self, visit: Visit, openings_s: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        """Return the clock time at which the visit can begin now and the driving to it; None = it has no room."""
        frame = self._frame
        ready, driving = frame._leave, 0
        weeks = [week for week in range(self._problem.weeks) if visit.weeks >> week & 1]
        for week in weeks:
            drive = frame._travel[self._at[week]][visit.stop]
            home = frame._travel[visit.stop][frame._depot]
            if drive < 0 or home < 0 or self._driven[week] + drive + home > frame._drive:
                return None
            if self._load[week] + visit.load > frame._capacity:
                return None
            ready = max(ready, self._ready(week, visit, openings_s)[0])
            driving += drive
        start = _first(openings_s, ready, self._problem.grid_s)
        if start is None:
            return None
        end = start + visit.stay_s
        for week in weeks:
            home = frame._travel[visit.stop][frame._depot]
            need, pause_until = self.breaks[week], frame._pause[1]
            taken = self.break_after[week] != NEVER or self._ready(week, visit, openings_s)[1]
            if need and not taken:
                pause = max(end, frame._pause[0]) + need
                if pause > pause_until:
                    return None
                back = pause + home
            else:
                back = end + home
            leave = self._leaves[week]
            if leave == NEVER:
                leave = start - frame._travel[frame._depot][visit.stop]
            if back > frame._back or back - leave > frame._tour + self._slack(week):
                return None
        return start, driving

    def _slack(self, week: int) -> int:
        """Return by how much the departure can still move to a later time (waiting so far that tightening may remove)."""
        first = next((k for k, v in enumerate(self.order) if v.weeks >> week & 1), None)
        return 0 if first is None else max(0, self._limit[first] - self.start_s[first])

    def _take(self, visit: Visit, start: int, open_at: dict[Visit, list[tuple[int, int]]]) -> None:
        frame = self._frame
        for week in range(self._problem.weeks):
            if not visit.weeks >> week & 1:
                continue
            if self._ready(week, visit, open_at[visit])[1]:
                self.break_after[week] = self._at[week]
            drive = frame._travel[self._at[week]][visit.stop]
            if self._leaves[week] == NEVER:
                self._leaves[week] = start - drive
            self._driven[week] += drive
            self._load[week] += visit.load
            self._at[week], self._free[week] = visit.stop, start + visit.stay_s
        self.order.append(visit)
        self.start_s.append(start)
        self._limit.append(next(high for low, high in open_at[visit] if low <= start <= high))

    def tighten(self) -> None:
        """Move each visit that is the last of no week as late as the next ones allow: less waiting, the same way."""
        frame, grid = self._frame, self._problem.grid_s
        following: list[tuple[int, int] | None] = [None] * self._problem.weeks
        for place in range(len(self.order) - 1, -1, -1):
            visit, late, last = self.order[place], self._limit[place], False
            for week in range(self._problem.weeks):
                if not visit.weeks >> week & 1:
                    continue
                after = following[week]
                if after is None:
                    last = True
                    continue
                need = self.breaks[week] if self.break_after[week] == visit.stop else 0
                late = min(late, after[1] - frame._travel[visit.stop][after[0]] - need - visit.stay_s)
                if need:
                    late = min(late, frame._pause[1] - need - visit.stay_s)
            if not last:
                self.start_s[place] = max(self.start_s[place], late // grid * grid)
            for week in range(self._problem.weeks):
                if visit.weeks >> week & 1:
                    following[week] = (visit.stop, self.start_s[place])

    def check(self) -> tuple[int, list[int]]:
        """Return a week that breaks a limit of the day (-1 = none), and the break that each week demands."""
        frame, problem = self._frame, self._problem
        demand, wrong = [0] * problem.weeks, NEVER
        for week in range(problem.weeks):
            tour = [(v, s) for v, s in zip(self.order, self.start_s, strict=True) if v.weeks >> week & 1]
            if not tour:
                continue
            need = self.breaks[week]
            back_s, leave_s = self._span(week, tour)
            span_s = back_s - leave_s + int(problem.vehicles.paid_extra_s[frame._vehicle])
            last = self.break_after[week] == tour[-1][0].stop
            span_s -= need if last else 0
            demand[week] = break_demanded_s(problem, frame._vehicle, span_s, contains_break=not last)
            blocks, way = self._drives(week, tour)
            wrong_now = (
                back_s > frame._back
                or leave_s < frame._leave
                or back_s - leave_s > frame._tour
                or sum(blocks) > frame._drive
                or way > problem.vehicles.range_m[frame._vehicle]
                # Without a break, a later round may bring one that parts the driving.
                or (need == demand[week] and max(blocks) > frame._drive_block)
            )
            if wrong_now and wrong < 0:
                wrong = week
        return wrong, demand

    def paid_s(self) -> int:
        """Return the time from departure to return without breaks, all weeks together."""
        total = 0
        for week in range(self._problem.weeks):
            tour = [(v, s) for v, s in zip(self.order, self.start_s, strict=True) if v.weeks >> week & 1]
            if tour:
                back_s, leave_s = self._span(week, tour)
                total += back_s - leave_s - self.breaks[week]
        return total

    def _span(self, week: int, tour: Sequence[tuple[Visit, int]]) -> tuple[int, int]:
        frame = self._frame
        (first, start), (last, begin) = tour[0], tour[-1]
        end = begin + last.stay_s
        if self.break_after[week] == last.stop:
            end = max(end, frame._pause[0]) + self.breaks[week]
        return end + frame._travel[last.stop][frame._depot], start - frame._travel[frame._depot][first.stop]

    def _drives(self, week: int, tour: Sequence[tuple[Visit, int]]) -> tuple[list[int], float]:
        """Return the driving before and after the break, and the way in metres."""
        frame = self._frame
        blocks, way, at = [0], 0.0, frame._depot
        for visit, _ in tour:
            blocks[-1] += frame._travel[at][visit.stop]
            way += frame._way[at][visit.stop]
            at = visit.stop
            if self.break_after[week] == at:
                blocks.append(0)
        blocks[-1] += frame._travel[at][frame._depot]
        return blocks, way + frame._way[at][frame._depot]

    def laid(self) -> LaidDay:
        """Return the day as it stands."""
        drive_s = []
        for week in range(self._problem.weeks):
            tour = [(v, s) for v, s in zip(self.order, self.start_s, strict=True) if v.weeks >> week & 1]
            drive_s.append(sum(self._drives(week, tour)[0]) if tour else 0)
        return LaidDay(tuple(self.order), tuple(self.start_s), tuple(self.break_after), tuple(drive_s))


def _first(openings_s: Sequence[tuple[int, int]], ready_s: int, grid_s: int) -> int | None:
    ready_s = -(-ready_s // grid_s) * grid_s
    for low, high in openings_s:
        if max(low, ready_s) <= high:
            return max(low, ready_s)
    return None
