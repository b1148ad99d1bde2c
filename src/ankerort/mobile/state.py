"""Between the problem's arrays and those of the search kernels: data, plans, decisions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ankerort.mobile.problem import Decision, MobileProblem, Objective
from ankerort.network.kernels.tours import START, STOP, Clock, Day, new_day
from ankerort.network.kernels.tours_state import (
    W_AFTER,
    Choice,
    Need,
    Plan,
    new_plan,
    put,
    refresh,
    reschedule,
    resum,
    settle,
)

THOROUGH_STOPS = 12  # up to so many stops every day is scheduled with all breaks and shifts tried


def most_parts(problem: MobileProblem) -> int:
    """Most parts of a pattern; 1 if there are no patterns."""
    return int(np.diff(problem.patterns.ptr).max(initial=1))


def empty_decision(problem: MobileProblem) -> Decision:
    """Return the plan that serves nobody."""
    parts = most_parts(problem)
    return Decision(
        pattern=np.full(problem.stops, -1, np.int32),
        vehicle=np.full((problem.stops, parts), -1, np.int32),
        start_s=np.full((problem.stops, parts), -1, np.int32),
        break_after=np.full((problem.vehicles.count, problem.weekdays, problem.weeks), -1, np.int32),
    )


def target_persons(problem: MobileProblem, share: float) -> float:
    """Persons that must be covered for a share of the target; 0 if there is no target."""
    needs = problem.needs
    counts = needs.target & needs.target_group[needs.group]
    could = np.unique(needs.group[counts])
    return float(needs.persons[could].sum()) * share * (1 - 1e-10)


def _sorts(problem: MobileProblem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sort of each part, and weeks and rhythm of each sort."""
    patterns = problem.patterns
    rhythm = np.repeat(patterns.rhythm.astype(np.int64), np.diff(patterns.ptr))
    pairs, number = np.unique(np.column_stack([patterns.weeks.astype(np.int64), rhythm]), axis=0, return_inverse=True)
    return _ints(number.reshape(-1)), _ints(pairs)


def _keys(problem: MobileProblem) -> NDArray[np.int64]:
    """Per pattern a number that patterns of the same rhythm and weekdays share."""
    patterns = problem.patterns
    seen: dict[tuple[int, ...], int] = {}
    keys = []
    for p in range(patterns.count):
        days = patterns.day[patterns.ptr[p] : patterns.ptr[p + 1]].tolist()
        keys.append(seen.setdefault((int(patterns.rhythm[p]), *days), len(seen)))
    return np.array(keys, np.int64)


def _is_plain(problem: MobileProblem) -> bool:
    """Whether neither hours nor breaks bind, so that the detour alone says what a visit costs."""
    vehicles = problem.vehicles
    if problem.weeks != 1 or len(problem.halves_s) != 1 or problem.grid_s != 1 or problem.stops == 0:
        return False
    begin = np.maximum(problem.halves_s[None, :, 0], problem.window_s[:, :, 0])
    until = np.minimum(problem.halves_s[None, :, 1], problem.window_s[:, :, 1])
    return bool(
        problem.slot_ok.all()
        and begin.max() <= vehicles.leave_from_s.min()
        and until.min() >= vehicles.back_until_s.max()
        and (vehicles.work_before_break_s - vehicles.paid_extra_s >= vehicles.tour_max_s).all()
        and (vehicles.drive_before_break_s >= np.minimum(vehicles.drive_max_s, vehicles.tour_max_s)).all()
    )


@dataclass(frozen=True)
class TourData:
    """The problem as the kernels take it."""

    clock: Clock
    need: Need
    choice: Choice


# Copies: a read-only or strided array would have the kernels compiled a second time.
def _ints(values: ArrayLike) -> NDArray[np.int64]:
    return np.array(values, np.int64, order="C")


def _bools(values: ArrayLike) -> NDArray[np.bool_]:
    return np.array(values, np.bool_, order="C")


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.array(values, np.float64, order="C")


def tour_data(problem: MobileProblem, objective: Objective) -> TourData:
    """Return the problem as the kernels take it."""
    return TourData(_clock(problem), _need(problem, objective), _choice(problem, objective))


def _clock(problem: MobileProblem) -> Clock:
    vehicles = problem.vehicles
    begin = np.maximum(problem.halves_s[None, :, 0], problem.window_s[:, :, 0])
    until = np.minimum(problem.halves_s[None, :, 1], problem.window_s[:, :, 1])
    limits = (
        vehicles.leave_from_s,
        vehicles.back_until_s,
        vehicles.tour_max_s,
        vehicles.drive_max_s,
        vehicles.drive_before_break_s,
        vehicles.work_before_break_s,
        vehicles.break_s,
        vehicles.long_work_s,
        vehicles.long_break_s,
        vehicles.break_from_s,
        vehicles.break_until_s,
        vehicles.paid_extra_s,
        vehicles.kind,
        vehicles.depot,
    )
    money = (vehicles.eur_per_h, vehicles.eur_per_day, vehicles.eur_per_year, vehicles.range_m, vehicles.capacity)
    return Clock(
        weeks=int(problem.weeks),
        weekdays=int(problem.weekdays),
        cycles=float(problem.cycles_per_year),
        grid_s=int(problem.grid_s),
        thorough=problem.stops <= THOROUGH_STOPS,
        hours=_ints(np.stack([begin, until], axis=2)),
        allowed=_bools(problem.slot_ok),
        stay_s=_ints(problem.stay_s),
        load=_floats(problem.load),
        travel_s=_ints(problem.travel_s),
        way=_floats(np.stack([problem.travel_m, problem.drive_eur], axis=3)),
        limits=_ints(np.column_stack(limits)),
        money=_floats(np.column_stack(money)),
    )


def _need(problem: MobileProblem, objective: Objective) -> Need:
    needs = problem.needs
    stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
    order = np.lexsort((stop_of, needs.group))
    target = needs.target & needs.target_group[needs.group]
    return Need(
        point_eur=float(objective.point_eur) if objective.kind == "need" else 0.0,
        cover_persons=target_persons(problem, objective.cover_share),
        group=_floats(np.column_stack([needs.points, needs.persons])),
        kind=_ints(needs.kind),
        benefit=_floats(needs.benefit),
        preference=_floats(needs.preference),
        slot_factor=_floats(problem.slot_factor),
        served_share=_floats(problem.served_share),
        pair_ptr=_ints(needs.ptr),
        pair_group=_ints(needs.group),
        pair_factor=_floats(needs.factor),
        group_ptr=_ints(np.searchsorted(needs.group[order], np.arange(len(needs.points) + 1))),
        by_group=_ints(np.column_stack([stop_of[order], target[order]])),
        group_factor=_floats(needs.factor[order]),
    )


def _choice(problem: MobileProblem, objective: Objective) -> Choice:
    patterns, stops = problem.patterns, problem.stops
    there = problem.travel_s[0, :stops, :stops].astype(np.int64)
    there = np.where(there < 0, 10**7, there)
    np.fill_diagonal(there, -1)
    sort_of_part, sort = _sorts(problem)
    key = _keys(problem)
    return Choice(
        plain=_is_plain(problem),
        one_vehicle=bool(problem.one_vehicle),
        fixed_counts=objective.kind != "need",
        budget_eur=float(objective.budget_eur),
        keys=max(int(key.max(initial=-1)) + 1, 1),
        pattern=_ints(np.column_stack([patterns.rhythm, patterns.ptr[:-1], patterns.ptr[1:], key])),
        part=_ints(np.column_stack([patterns.day, patterns.weeks, sort_of_part])),
        sort=sort,
        pattern_ok=_bools(problem.pattern_ok),
        must=_bools(problem.must),
        vehicle_ok=_bools(problem.vehicle_ok),
        target_rhythm=_bools(problem.needs.target_rhythm),
        near=_ints(np.argsort(there + there.T, axis=1, kind="stable")),
    )


def empty_plan(problem: MobileProblem) -> Plan:
    """Room for a plan of the search."""
    rows = problem.vehicles.count * problem.weekdays
    kinds, groups = problem.needs.benefit.shape[0], len(problem.needs.points)
    return new_plan(problem.stops, rows, problem.weeks, most_parts(problem), kinds, groups)


def room_for(problem: MobileProblem) -> Day:
    """Room for one weekday."""
    return new_day(problem.stops + 1, problem.weeks)


def plan_of(problem: MobileProblem, data: TourData, decision: Decision) -> Plan:
    """Return a decision as a plan of the search: the order by clock time stays, the clock times are found anew.

    A stop for which no clock times are found is left out. So is one whose pattern or vehicle is not allowed.
    """
    plan, room = empty_plan(problem), room_for(problem)
    patterns = problem.patterns
    rows: dict[int, list[tuple[int, int, int]]] = {}
    for stop in np.flatnonzero(decision.pattern >= 0).tolist():
        pattern = int(decision.pattern[stop])
        parts = range(int(patterns.ptr[pattern]), int(patterns.ptr[pattern + 1]))
        vehicles = decision.vehicle[stop, : len(parts)].tolist()
        if not problem.pattern_ok[stop, pattern] or not all(v >= 0 and problem.vehicle_ok[v, stop] for v in vehicles):
            continue
        if problem.one_vehicle and len(set(vehicles)) > 1:
            continue
        plan.pattern[stop] = pattern
        for k, part in enumerate(parts):
            row = vehicles[k] * problem.weekdays + int(patterns.day[part])
            plan.vehicle[stop, k] = vehicles[k]
            rows.setdefault(row, []).append((int(decision.start_s[stop, k]), stop, part))
    clock, need, choice = data.clock, data.need, data.choice
    for row, visits in sorted(rows.items()):
        for at, (start, stop, part) in enumerate(sorted(visits)):
            rhythm = int(patterns.rhythm[plan.pattern[stop]])
            inside = (clock.hours[stop, :, 0] <= start) & (
                start + clock.stay_s[stop, rhythm] <= clock.hours[stop, :, 1]
            )
            halves = np.flatnonzero(inside & clock.allowed[stop, row % problem.weekdays])
            half = int(halves[0]) if len(halves) else 0
            put(plan, row, at, stop, int(patterns.weeks[part]), rhythm, half)
            plan.half[stop, part - int(patterns.ptr[plan.pattern[stop]])] = half
    for stop in np.flatnonzero(plan.pattern >= 0).tolist():
        refresh(need, choice, plan, stop)
    stale = np.zeros(len(plan.filled), bool)
    for row in sorted(rows):
        if not reschedule(clock, need, choice, plan, row, room):
            stale[row] = True
    settle(clock, need, choice, plan, stale, room)
    resum(need, plan)
    return plan


def decision_of(problem: MobileProblem, plan: Plan) -> Decision:
    """Return a plan of the search as a decision."""
    decision = empty_decision(problem)
    decision.pattern[:] = plan.pattern[: problem.stops]
    patterns = problem.patterns
    for row in np.flatnonzero(plan.filled).tolist():
        vehicle, day = divmod(row, problem.weekdays)
        count = int(plan.filled[row])
        for week in np.flatnonzero(plan.week[row, :, W_AFTER] >= 0).tolist():
            decision.break_after[vehicle, day, week] = plan.cell[row, plan.week[row, week, W_AFTER], STOP]
        for i in range(count):
            stop = int(plan.cell[row, i, STOP])
            first = int(patterns.ptr[plan.pattern[stop]])
            last = int(patterns.ptr[plan.pattern[stop] + 1])
            k = int(np.flatnonzero(patterns.day[first:last] == day)[0])
            decision.vehicle[stop, k] = vehicle
            decision.start_s[stop, k] = plan.cell[row, i, START]
    return decision
