"""A week of a shared room: who is there when, without overlap, as regular as can be, with one day for old people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

from ankerort.catalogue.model import Service
from ankerort.catalogue.provision import Variant, WeekSlot

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NOON_MIN = 12 * 60
_STEP_MIN = 30
_SHORTEST_MIN = 120  # nobody drives to a village for less, unless less is all that is asked for
_PATTERNS = 40  # best patterns of a need that the search tries
_TRIES = 5_000  # of the search, for one day for old people
_TIME = re.compile(r"(\d{1,2}):(\d{2})\s*-")

WeekFault = Literal["hours", "afternoon", "no_order", ""]


@dataclass(frozen=True)
class WeekNeed:
    """What is to be there some hours a week.

    Parameters
    ----------
    old
        Old people use it: it is put on their day where that can be.
    afternoon
        It makes sense after noon only (young people are at school before).
    """

    id: str
    hours: float
    old: bool = False
    afternoon: bool = False

    @property
    def minutes(self) -> int:
        """The hours in minutes, rounded up to half an hour."""
        return -(-round(self.hours * 60) // _STEP_MIN) * _STEP_MIN


@dataclass(frozen=True)
class Session:
    """One presence: `weekday` 0 = Monday, minutes since midnight."""

    need: str
    weekday: int
    from_min: int
    to_min: int


@dataclass(frozen=True)
class WeekPlan:
    """Sessions in the order of the week; `focus_day` is the day for old people, -1 = nobody asked for one."""

    sessions: tuple[Session, ...]
    focus_day: int


@dataclass(frozen=True)
class WeekAnswer:
    """A plan, or why there is none.

    Parameters
    ----------
    fault
        hours (more hours than the room is open), afternoon (more hours after noon than it is open then), no_order (none found, although
        the hours would suffice); empty where there is a plan.
    needed_hours, open_hours
        What the fault speaks of.
    """

    plan: WeekPlan | None
    fault: WeekFault = ""
    needed_hours: float = 0.0
    open_hours: float = 0.0


def week_need(variant: Variant, service: Service) -> WeekNeed:
    """The need of a variant: old where a group of its service begins at 65 or later, afternoon where its usual hours begin after noon only."""
    starts = [int(h) * 60 + int(m) for h, m in _TIME.findall(service.default_hours)]
    old = any(re.match(r"(6[5-9]|[7-9]\d)_", group) for group in service.demand_groups)
    return WeekNeed(variant.id, variant.hours_week.value, old=old, afternoon=bool(starts) and min(starts) >= _NOON_MIN)


def plan_week(needs: Sequence[WeekNeed], slots: Sequence[WeekSlot], *, optional: bool = False) -> WeekAnswer:
    """A week in which all needs find their hours.

    A need is there in equal sessions on different days, at best whole half-days at the same time of day; several may share a half-day
    one after the other. Each day is tried as the day for old people; the plan with most regular needs (always the same time of day) is
    taken, then with most needs of old people on their day, then with fewest sessions, then with the longest such day. The same needs
    give the same week in any order.

    Parameters
    ----------
    optional
        Whether the optional slots (Saturday morning) may be used.

    Notes
    -----
    Backtracking over the best patterns of each need with a limit of tries: ``no_order`` is no proof that there is no week.
    """
    usable = sorted((s for s in slots if optional or not s.optional), key=lambda s: (s.weekday, s.from_min))
    ordered = sorted(needs, key=lambda n: (not n.afternoon, not n.old, -n.minutes, n.id))
    for fault, some, opened in (
        ("hours", ordered, usable),
        ("afternoon", [n for n in ordered if n.afternoon], [s for s in usable if s.from_min >= _NOON_MIN]),
    ):
        needed, there = sum(n.minutes for n in some) / 60, sum(s.hours for s in opened)
        if needed > there:
            return WeekAnswer(None, "hours" if fault == "hours" else "afternoon", needed, there)
    old = {n.id for n in ordered if n.old}
    length = {d: sum(s.hours for s in usable if s.weekday == d) for d in sorted({s.weekday for s in usable})}
    days = sorted(length, key=lambda d: (-length[d], d)) if old else [-1]
    best: tuple[tuple[int, int, int], WeekPlan] | None = None
    for day in days:
        found = _Search(usable, ordered, day).run()
        if found is None:
            continue
        on_day = {s.need for s in found if s.weekday == day} & old
        regular = sum(len({s.from_min for s in found if s.need == n.id}) == 1 for n in ordered)
        score = (-regular, -len(on_day), len(found))
        if best is None or score < best[0]:
            best = score, WeekPlan(tuple(sorted(found, key=lambda s: (s.weekday, s.from_min, s.need))), day)
    if best is None:
        return WeekAnswer(None, "no_order", sum(n.minutes for n in ordered) / 60, sum(s.hours for s in usable))
    return WeekAnswer(best[1])


def opening_hours(plan: WeekPlan, need: str) -> str:
    """Hours of a need in OpenStreetMap's syntax, for instance ``Tu,Th 08:00-12:00; Fr 14:00-16:00``."""
    at: dict[tuple[int, int], list[int]] = {}
    for s in plan.sessions:
        if s.need == need:
            at.setdefault((s.from_min, s.to_min), []).append(s.weekday)
    parts = [
        f"{','.join(_DAYS[d] for d in sorted(days))} {_clock(first)}-{_clock(last)}"
        for (first, last), days in sorted(at.items(), key=lambda one: (min(one[1]), one[0]))
    ]
    # a rule after a semicolon replaces the earlier one for its days; no need is there twice a day
    return "; ".join(parts)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


_Pattern = tuple[tuple[int, int], ...]  # (number of the slot, minutes) of each session


class _Search:
    """Depth first, each need by its best patterns."""

    def __init__(self, slots: Sequence[WeekSlot], needs: Sequence[WeekNeed], day: int) -> None:
        self.slots, self.needs, self.day = slots, needs, day
        self.used = [0] * len(slots)
        self.sessions: list[Session] = []
        self.tries = _TRIES

    def run(self) -> list[Session] | None:
        return list(self.sessions) if self._place(0) else None

    def _place(self, k: int) -> bool:
        if k == len(self.needs):
            return True
        for pattern in self._patterns(self.needs[k]):
            self.tries -= 1
            if self.tries < 0:
                return False
            for number, minutes in pattern:
                slot = self.slots[number]
                start = slot.from_min + self.used[number]
                self.sessions.append(Session(self.needs[k].id, slot.weekday, start, start + minutes))
                self.used[number] += minutes
            if self._place(k + 1):
                return True
            for number, minutes in pattern:
                self.used[number] -= minutes
            del self.sessions[-len(pattern) :]
        return False

    def _patterns(self, need: WeekNeed) -> list[_Pattern]:
        """Equal sessions on different days, the best first; then one of unequal sessions, if there is any."""
        free = [k for k, s in enumerate(self.slots) if not need.afternoon or s.from_min >= _NOON_MIN]
        found: list[_Pattern] = []
        for count in range(1, len(_DAYS) + 1):
            length, rest = divmod(need.minutes, count)
            if rest or length % _STEP_MIN or (length < _SHORTEST_MIN and count > 1):
                continue
            fit = [k for k in free if self._left(k) >= length]
            found += [tuple((k, length) for k in some) for some in self._on_days(fit, count)]
        found.sort(key=lambda p: self._rank(need, p))
        return [*found[:_PATTERNS], *self._unequal(need, free)]

    def _on_days(self, fit: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
        for some in combinations(fit, count):
            if len({self.slots[k].weekday for k in some}) == count:
                yield some

    def _unequal(self, need: WeekNeed, free: Sequence[int]) -> list[_Pattern]:
        """Fills what is left, the largest rest first: better than no week."""
        open_, days, made = need.minutes, set[int](), []
        for k in sorted(free, key=lambda k: (self.slots[k].weekday != self.day, -self._left(k), k)):
            take = min(self._left(k), open_)
            if not open_:
                break
            if take < min(_SHORTEST_MIN, open_) or self.slots[k].weekday in days:
                continue
            made.append((k, take))
            days.add(self.slots[k].weekday)
            open_ -= take
        return [tuple(sorted(made))] if open_ == 0 and made else []

    def _left(self, k: int) -> int:
        return self.slots[k].to_min - self.slots[k].from_min - self.used[k]

    def _rank(self, need: WeekNeed, pattern: _Pattern) -> tuple[bool, int, bool, int, int, _Pattern]:
        """Smaller is better: on the day of old people, few sessions, same time of day, half-days used up, days far apart."""
        days = sorted(self.slots[k].weekday for k, _ in pattern)
        gap = min((b - a for a, b in pairwise(days)), default=0)
        starts = {self.slots[k].from_min + self.used[k] for k, _ in pattern}
        rest = sum(self._left(k) - minutes for k, minutes in pattern)
        return need.old and self.day not in days, len(pattern), len(starts) > 1, rest, -gap, pattern
