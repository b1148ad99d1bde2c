"""What a plan of mobile services is worth and which rules it breaks, worked out from its numbers alone (docs/method/mobile.md)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ankerort.mobile.problem import Decision, Evaluation, Fault, MobileProblem, Objective

_NEAR = 1e-6  # sums of metres, loads and EUR are rounded; less than this is no breach


@dataclass(frozen=True)
class DayTour:
    """One day of one vehicle as its clock times say.

    Parameters
    ----------
    vehicle, day, week
        Which day.
    stops
        Stops in the order of their clock times.
    start_s, end_s
        Begin and end of each visit.
    leave_s, back_s
        Departure from and return to the depot.
    break_after
        Position in `stops` after whose visit the break is taken; -1 = none.
    break_from_s, break_s
        When the break begins and how long it is; 0 = none.
    drive_s, drive_before_s
        Driving of the day, and up to the break (all of it without one).
    drive_m, drive_eur, load
        Way, cost of the drives without the crew, load.
    wait_s, paid_s
        Waiting at stops (and for the break); paid time.
    faults
        Rules that the day breaks.
    """

    vehicle: int
    day: int
    week: int
    stops: tuple[int, ...]
    start_s: tuple[int, ...]
    end_s: tuple[int, ...]
    leave_s: int
    back_s: int
    break_after: int
    break_from_s: int
    break_s: int
    drive_s: int
    drive_before_s: int
    drive_m: float
    drive_eur: float
    load: float
    wait_s: int
    paid_s: int
    faults: tuple[Fault, ...] = field(default=())


def break_needed_s(problem: MobileProblem, vehicle: int, work_s: int) -> int:
    """Length of the break that a day with so much work demands (rule 6), seconds; 0 = none."""
    vehicles = problem.vehicles
    if work_s > vehicles.long_work_s[vehicle]:
        return int(max(vehicles.long_break_s[vehicle], vehicles.break_s[vehicle]))
    return int(vehicles.break_s[vehicle]) if work_s > vehicles.work_before_break_s[vehicle] else 0


def break_demanded_s(problem: MobileProblem, vehicle: int, span_s: int, *, contains_break: bool) -> int:
    """Length of the break of a day with fixed clock times: the shortest with which its work demands none that is longer.

    Parameters
    ----------
    span_s
        From departure to return, `paid_extra_s` included.
    contains_break
        Whether the clock times hold the break, so that work = span - break; else the break comes on top and work = span.
    """
    if not contains_break:
        return break_needed_s(problem, vehicle, span_s)
    for rest in sorted({0, int(problem.vehicles.break_s[vehicle]), int(problem.vehicles.long_break_s[vehicle])}):
        if break_needed_s(problem, vehicle, span_s - rest) <= rest:
            return rest
    return break_needed_s(problem, vehicle, span_s)


def half_of(problem: MobileProblem, stop: int, rhythm: int, day: int, start_s: int) -> tuple[int, bool]:
    """Half-day in which a visit lies wholly.

    Returns
    -------
    tuple
        Half-day (-1 = none by its hours), and whether the stop may be visited then. Of several half-days the first that is allowed counts.
    """
    end = start_s + int(problem.stay_s[stop, rhythm])
    found = -1
    for half in range(len(problem.halves_s)):
        begin = max(int(problem.halves_s[half, 0]), int(problem.window_s[stop, half, 0]))
        until = min(int(problem.halves_s[half, 1]), int(problem.window_s[stop, half, 1]))
        if begin <= start_s and end <= until:
            if problem.slot_ok[stop, day, half]:
                return half, True
            found = half if found < 0 else found
    return found, False


def day_tours(problem: MobileProblem, decision: Decision) -> tuple[DayTour, ...]:
    """All days with a visit, by vehicle, weekday and week, with the rules that each breaks (rules 3 to 9)."""
    visits: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    patterns = problem.patterns
    for stop in np.flatnonzero(decision.pattern >= 0).tolist():
        pattern = int(decision.pattern[stop])
        if pattern >= patterns.count:
            continue
        first = int(patterns.ptr[pattern])
        for part in range(first, int(patterns.ptr[pattern + 1])):
            vehicle = int(decision.vehicle[stop, part - first])
            if not 0 <= vehicle < problem.vehicles.count:
                continue
            start = int(decision.start_s[stop, part - first])
            for week in range(problem.weeks):
                if int(patterns.weeks[part]) >> week & 1:
                    visits.setdefault((vehicle, int(patterns.day[part]), week), []).append((start, stop))
    return tuple(_day(problem, decision, key, sorted(visits[key])) for key in sorted(visits))


def _day(
    problem: MobileProblem, decision: Decision, key: tuple[int, int, int], visits: list[tuple[int, int]]
) -> DayTour:
    vehicle, day, week = key
    vehicles = problem.vehicles
    stops = [stop for _, stop in visits]
    starts = [start for start, _ in visits]
    rhythms = [int(problem.patterns.rhythm[decision.pattern[stop]]) for stop in stops]
    ends = [start + int(problem.stay_s[stop, r]) for start, stop, r in zip(starts, stops, rhythms, strict=True)]
    kind, depot = int(vehicles.kind[vehicle]), int(vehicles.depot[vehicle])
    nodes = [depot, *stops, depot]
    faults: list[Fault] = []

    def fault(rule: str, stop: int = -1, detail: float = 0.0) -> None:
        faults.append(Fault(rule, stop, vehicle, day, week, float(detail)))

    legs, drive_m, drive_eur = [], 0.0, 0.0
    for a, b in itertools.pairwise(nodes):
        seconds = int(problem.travel_s[kind, a, b])
        if seconds < 0:
            fault("way", b if b < problem.stops else a)
            seconds = 0
        else:
            drive_m += float(problem.travel_m[kind, a, b])
            drive_eur += float(problem.drive_eur[kind, a, b])
        legs.append(seconds)
    drive_s = sum(legs)

    leave = starts[0] - legs[0]
    chosen = int(decision.break_after[vehicle, day, week])
    position = stops.index(chosen) if chosen in stops else -1
    if chosen >= 0 and position < 0:
        fault("break", chosen)
    rest_from = max(ends[position], int(vehicles.break_from_s[vehicle])) if position >= 0 else 0
    last = position == len(stops) - 1
    end = (rest_from if last else ends[-1]) + legs[-1]
    extra = int(vehicles.paid_extra_s[vehicle])
    needed = break_demanded_s(problem, vehicle, end - leave + extra, contains_break=not last)
    if (needed > 0) != (position >= 0):
        fault("break", stops[position] if position >= 0 else -1, needed)
    rest = needed if position >= 0 else 0
    back = end + (rest if last else 0)
    if position >= 0 and rest > 0 and rest_from + rest > vehicles.break_until_s[vehicle]:
        fault("break", stops[position], rest_from + rest)

    for i in range(1, len(stops)):
        ready = rest_from + rest if i - 1 == position else ends[i - 1]
        if starts[i] < ready + legs[i]:
            fault("overlap", stops[i], ready + legs[i] - starts[i])
    if leave < vehicles.leave_from_s[vehicle]:
        fault("leave", detail=leave)
    if back > vehicles.back_until_s[vehicle]:
        fault("back", detail=back)
    if back - leave > vehicles.tour_max_s[vehicle]:
        fault("tour", detail=back - leave)
    before = sum(legs[: position + 1]) if position >= 0 else drive_s
    if drive_s > vehicles.drive_max_s[vehicle]:
        fault("drive", detail=drive_s)
    elif max(before, drive_s - before) > vehicles.drive_before_break_s[vehicle]:
        fault("drive", detail=max(before, drive_s - before))
    if drive_m > vehicles.range_m[vehicle] + _NEAR:
        fault("range", detail=drive_m)
    load = float(sum(problem.load[stop, r] for stop, r in zip(stops, rhythms, strict=True)))
    if load > vehicles.capacity[vehicle] + _NEAR:
        fault("load", detail=load)
    stays = sum(end - start for start, end in zip(starts, ends, strict=True))
    return DayTour(
        vehicle=vehicle,
        day=day,
        week=week,
        stops=tuple(stops),
        start_s=tuple(starts),
        end_s=tuple(ends),
        leave_s=leave,
        back_s=back,
        break_after=position,
        break_from_s=rest_from if position >= 0 else 0,
        break_s=rest,
        drive_s=drive_s,
        drive_before_s=before,
        drive_m=drive_m,
        drive_eur=drive_eur,
        load=load,
        wait_s=back - leave - drive_s - stays - rest,
        paid_s=back - leave - rest + extra,
        faults=tuple(faults),
    )


def _visit_faults(problem: MobileProblem, decision: Decision) -> list[Fault]:
    """Rules 1, 2, 9 and 10, visit by visit."""
    faults: list[Fault] = []
    patterns = problem.patterns
    for stop in range(problem.stops):
        pattern = int(decision.pattern[stop])
        if pattern < 0:
            if problem.must[stop]:
                faults.append(Fault("must", stop))
            continue
        if pattern >= patterns.count or not problem.pattern_ok[stop, pattern]:
            faults.append(Fault("pattern", stop, detail=pattern))
            if pattern >= patterns.count:
                continue
        first, last = int(patterns.ptr[pattern]), int(patterns.ptr[pattern + 1])
        used = decision.vehicle[stop, : last - first]
        if problem.one_vehicle and len(set(used.tolist())) > 1:
            faults.append(Fault("one_vehicle", stop))
        for part in range(first, last):
            vehicle, start = int(used[part - first]), int(decision.start_s[stop, part - first])
            day = int(patterns.day[part])
            if not 0 <= vehicle < problem.vehicles.count or not problem.vehicle_ok[vehicle, stop]:
                faults.append(Fault("vehicle", stop, vehicle, day))
            half, allowed = half_of(problem, stop, int(patterns.rhythm[pattern]), day, start)
            if half < 0:
                faults.append(Fault("window", stop, vehicle, day, detail=start))
            elif not allowed:
                faults.append(Fault("slot", stop, vehicle, day, detail=start))
            if start % problem.grid_s:
                faults.append(Fault("grid", stop, vehicle, day, detail=start))
    return faults


def stop_factor(problem: MobileProblem, stop: int, pattern: int, start_s: NDArray[np.int32]) -> NDArray[np.float64]:
    """Per kind of need what a stop with a pattern and its clock times gives a group that stands at its door, before `points`.

    Returns
    -------
    NDArray
        float64 (kinds,): ``benefit * served_share * mean over parts(preference * slot_factor)``; a part outside all half-days counts 0.
    """
    patterns, needs = problem.patterns, problem.needs
    rhythm, first = int(patterns.rhythm[pattern]), int(patterns.ptr[pattern])
    parts = int(patterns.ptr[pattern + 1]) - first
    total = np.zeros(needs.benefit.shape[0])
    for k in range(parts):
        day = int(patterns.day[first + k])
        half, _ = half_of(problem, stop, rhythm, day, int(start_s[k]))
        if half >= 0:
            total += needs.preference[:, day, half] * problem.slot_factor[stop, day, half]
    return np.asarray(needs.benefit[:, rhythm] * problem.served_share[stop, rhythm] * total / parts)


def best_factor(problem: MobileProblem) -> NDArray[np.float64]:
    """Per stop and kind of need the most that any allowed pattern at the best hours gives, before `points` and `factor`.

    Returns
    -------
    NDArray
        float64 (stops, kinds); 0 where nothing is possible.
    """
    needs, patterns = problem.needs, problem.patterns
    begin = np.maximum(problem.halves_s[None, :, 0], problem.window_s[:, :, 0])
    length = np.minimum(problem.halves_s[None, :, 1], problem.window_s[:, :, 1]) - begin
    best = np.zeros((problem.stops, needs.benefit.shape[0]))
    for rhythm in np.unique(patterns.rhythm).tolist():
        fits = (length >= problem.stay_s[:, [rhythm]])[:, None, :] & problem.slot_ok
        worth = np.where(fits, problem.slot_factor, 0.0)
        by_day = np.stack([(worth * kind[None]).max(axis=2) for kind in needs.preference], axis=1)
        possible = np.asarray(fits.any(axis=2))
        seen: dict[tuple[int, ...], NDArray[np.bool_]] = {}
        for pattern in np.flatnonzero(patterns.rhythm == rhythm).tolist():
            days = tuple(patterns.day[patterns.ptr[pattern] : patterns.ptr[pattern + 1]].tolist())
            seen[days] = seen.get(days, np.zeros(problem.stops, bool)) | problem.pattern_ok[:, pattern]
        for days, allowed in sorted(seen.items()):
            rows = np.flatnonzero(allowed & possible[:, list(days)].all(axis=1))
            value = by_day[rows][:, :, list(days)].mean(axis=2) * needs.benefit[None, :, rhythm]
            best[rows] = np.maximum(best[rows], value * problem.served_share[rows, rhythm][:, None])
    return best


def _best_of_groups(
    problem: MobileProblem, factor_of_stop: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Per group the stop that gives it most (ties: the lower number), and how much."""
    needs = problem.needs
    stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
    points = needs.points[needs.group] * needs.factor * factor_of_stop[stop_of, needs.kind[needs.group]]
    order = np.lexsort((stop_of, -points, needs.group))
    groups, at = np.unique(needs.group[order], return_index=True)
    served = np.full(len(needs.points), -1, np.int32)
    best = np.zeros(len(needs.points))
    chosen = order[at]
    some = points[chosen] > 0
    served[groups[some]] = stop_of[chosen[some]]
    best[groups[some]] = points[chosen[some]]
    return served, best


def covered_share(problem: MobileProblem, rhythm: NDArray[np.int64]) -> float:
    """Persons of the target near a stop that is served often enough, over those that could be; `rhythm` per stop, -1 = not served."""
    needs = problem.needs
    counts = needs.target & needs.target_group[needs.group]
    could = np.zeros(len(needs.points), bool)
    could[needs.group[counts]] = True
    total = float(needs.persons[could].sum())
    if total <= 0:
        return 1.0
    often: NDArray[np.bool_] = (rhythm >= 0) & needs.target_rhythm[np.maximum(rhythm, 0)]
    stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
    covered = np.zeros(len(needs.points), bool)
    covered[needs.group[counts & often[stop_of]]] = True
    return float(needs.persons[covered].sum()) / total


def evaluate(problem: MobileProblem, decision: Decision, objective: Objective) -> Evaluation:
    """Work out value, points, cost and broken rules of a plan by the rules of docs/method/mobile.md, to the letter and independent of the search.

    Faults have these rules: window, slot, grid, overlap, leave, back, tour, break, drive, range, load, vehicle, way, must, pattern, one_vehicle,
    budget, cover.
    """
    patterns, vehicles = problem.patterns, problem.vehicles
    served = (decision.pattern >= 0) & (decision.pattern < patterns.count)
    faults = _visit_faults(problem, decision)
    tours = day_tours(problem, decision)
    faults += [fault for tour in tours for fault in tour.faults]
    run = {(tour.vehicle, tour.day, tour.week) for tour in tours}
    for vehicle, day, week in np.argwhere(decision.break_after >= 0).tolist():
        if (vehicle, day, week) not in run:
            faults.append(Fault("break", int(decision.break_after[vehicle, day, week]), vehicle, day, week))

    used = sorted({tour.vehicle for tour in tours})
    cost = problem.cycles_per_year * sum(
        tour.drive_eur
        + tour.paid_s / 3600 * float(vehicles.eur_per_h[tour.vehicle])
        + float(vehicles.eur_per_day[tour.vehicle])
        for tour in tours
    )
    fixed = float(sum(vehicles.eur_per_year[vehicle] for vehicle in used))

    factor = np.zeros((problem.stops, problem.needs.benefit.shape[0]))
    for stop in np.flatnonzero(served).tolist():
        factor[stop] = stop_factor(problem, stop, int(decision.pattern[stop]), decision.start_s[stop])
    served_by, group_points = _best_of_groups(problem, factor)
    points = float(group_points.sum())
    _, possible = _best_of_groups(problem, np.maximum(best_factor(problem), factor))
    rhythm = np.full(problem.stops, -1, np.int64)
    rhythm[served] = patterns.rhythm[decision.pattern[served]]
    share = covered_share(problem, rhythm)

    if cost + fixed > objective.budget_eur * (1 + 1e-9) + _NEAR:
        faults.append(Fault("budget", detail=cost + fixed))
    if share < objective.cover_share - 1e-9:
        faults.append(Fault("cover", detail=share))
    value = objective.point_eur * points - cost if objective.kind == "need" else -(cost + fixed)
    return Evaluation(
        value=value,
        points=points,
        points_possible=float(possible.sum()),
        cost_eur=cost,
        fixed_eur=fixed,
        covered_share=share,
        drive_s=sum(tour.drive_s for tour in tours),
        drive_m=float(sum(tour.drive_m for tour in tours)),
        paid_s=sum(tour.paid_s for tour in tours),
        wait_s=sum(tour.wait_s for tour in tours),
        served_by=served_by,
        group_points=group_points,
        faults=tuple(faults),
    )
