"""Between the problem's arrays and those of the search kernels: data, plans, decisions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.mobile.problem import Decision, MobileProblem, Objective
from ankerort.network.kernels.tours import Day, TourData, new_day
from ankerort.network.kernels.tours_state import Plan, new_plan, put, refresh, reschedule, resum, settle

_FAR = 2**60
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


def _classes(problem: MobileProblem) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Class per part, and weeks and rhythm per class."""
    patterns = problem.patterns
    rhythm = np.repeat(patterns.rhythm.astype(np.int64), np.diff(patterns.ptr))
    pairs, number = np.unique(np.column_stack([patterns.weeks.astype(np.int64), rhythm]), axis=0, return_inverse=True)
    return number.reshape(-1).astype(np.int64), pairs[:, 0].copy(), pairs[:, 1].copy()


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


def tour_data(problem: MobileProblem, objective: Objective) -> TourData:
    """Return the problem as the kernels take it."""
    vehicles, needs, patterns = problem.vehicles, problem.needs, problem.patterns
    stops = problem.stops
    i64, f64 = np.int64, np.float64

    def ints(values: NDArray[np.generic]) -> NDArray[np.int64]:
        return np.ascontiguousarray(values, i64)

    def floats(values: NDArray[np.generic]) -> NDArray[np.float64]:
        return np.ascontiguousarray(values, f64)

    stop_of = np.repeat(np.arange(stops), np.diff(needs.ptr))
    order = np.lexsort((stop_of, needs.group))
    groups = len(needs.points)
    target = needs.target & needs.target_group[needs.group]
    there = problem.travel_s[0, :stops, :stops].astype(i64)
    there = np.where(there < 0, 10**7, there)
    near = np.argsort(there + there.T, axis=1, kind="stable")
    part_class, class_weeks, class_rhythm = _classes(problem)
    key = _keys(problem)
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
    )
    return TourData(
        weeks=problem.weeks,
        weekdays=problem.weekdays,
        cycles=float(problem.cycles_per_year),
        grid_s=int(problem.grid_s),
        thorough=stops <= THOROUGH_STOPS,
        plain=_is_plain(problem),
        begin_s=ints(np.maximum(problem.halves_s[None, :, 0], problem.window_s[:, :, 0])),
        until_s=ints(np.minimum(problem.halves_s[None, :, 1], problem.window_s[:, :, 1])),
        allowed=np.ascontiguousarray(problem.slot_ok),
        slot_factor=floats(problem.slot_factor),
        pattern_ok=np.ascontiguousarray(problem.pattern_ok),
        must=np.ascontiguousarray(problem.must),
        stay_s=ints(problem.stay_s),
        served_share=floats(problem.served_share),
        load=floats(problem.load),
        vehicle_ok=np.ascontiguousarray(problem.vehicle_ok),
        one_vehicle=bool(problem.one_vehicle),
        travel_s=ints(problem.travel_s),
        travel_m=floats(problem.travel_m),
        drive_eur=floats(problem.drive_eur),
        rhythm=ints(patterns.rhythm),
        part_ptr=ints(patterns.ptr),
        part_day=ints(patterns.day),
        part_weeks=ints(patterns.weeks),
        part_class=part_class,
        class_weeks=class_weeks,
        class_rhythm=class_rhythm,
        key=key,
        keys=int(key.max(initial=-1)) + 1,
        kind=ints(vehicles.kind),
        depot=ints(vehicles.depot),
        limits_s=ints(np.column_stack(limits)),
        range_m=floats(vehicles.range_m),
        capacity=floats(vehicles.capacity),
        eur=floats(np.column_stack([vehicles.eur_per_h, vehicles.eur_per_day, vehicles.eur_per_year])),
        points=floats(needs.points),
        persons=floats(needs.persons),
        need_kind=ints(needs.kind),
        benefit=floats(needs.benefit),
        preference=floats(needs.preference),
        pair_ptr=ints(needs.ptr),
        pair_group=ints(needs.group),
        pair_factor=floats(needs.factor),
        group_ptr=ints(np.searchsorted(needs.group[order], np.arange(groups + 1))),
        group_stop=ints(stop_of[order]),
        group_factor=floats(needs.factor[order]),
        group_target=np.ascontiguousarray(target[order]),
        target_rhythm=np.ascontiguousarray(needs.target_rhythm),
        near=ints(near),
        point_eur=float(objective.point_eur) if objective.kind == "need" else 0.0,
        budget_eur=float(objective.budget_eur),
        cover_persons=target_persons(problem, objective.cover_share),
        fixed_counts=objective.kind != "need",
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
    for row, visits in sorted(rows.items()):
        for at, (start, stop, part) in enumerate(sorted(visits)):
            pattern = int(plan.pattern[stop])
            rhythm = int(patterns.rhythm[pattern])
            inside = (data.begin_s[stop] <= start) & (start + data.stay_s[stop, rhythm] <= data.until_s[stop])
            halves = np.flatnonzero(inside & data.allowed[stop, row % problem.weekdays])
            half = int(halves[0]) if len(halves) else 0
            put(plan, row, at, stop, int(patterns.weeks[part]), rhythm, half)
            plan.part_half[stop, part - int(patterns.ptr[pattern])] = half
    for stop in np.flatnonzero(plan.pattern >= 0).tolist():
        refresh(data, plan, stop)
    stale = np.zeros(len(plan.count), bool)
    for row in sorted(rows):
        if not reschedule(data, plan, row, room):
            stale[row] = True
    settle(data, plan, stale, room)
    resum(data, plan)
    return plan


def decision_of(problem: MobileProblem, plan: Plan) -> Decision:
    """Return a plan of the search as a decision."""
    decision = empty_decision(problem)
    decision.pattern[:] = plan.pattern[: problem.stops]
    patterns = problem.patterns
    for row in np.flatnonzero(plan.count).tolist():
        vehicle, day = divmod(row, problem.weekdays)
        count = int(plan.count[row])
        for week in np.flatnonzero(plan.after[row] >= 0).tolist():
            decision.break_after[vehicle, day, week] = plan.seq[row, plan.after[row, week]]
        for i in range(count):
            stop = int(plan.seq[row, i])
            first = int(patterns.ptr[plan.pattern[stop]])
            last = int(patterns.ptr[plan.pattern[stop] + 1])
            k = int(np.flatnonzero(patterns.day[first:last] == day)[0])
            decision.vehicle[stop, k] = vehicle
            decision.start_s[stop, k] = plan.start[row, i]
    return decision
