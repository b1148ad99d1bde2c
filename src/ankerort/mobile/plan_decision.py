"""From the visits of a plan, edited by hand or not, back to a decision that can be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ankerort.base.problems import Problem, Problems
from ankerort.mobile.evaluate import day_tours
from ankerort.mobile.plan import MobilePlan
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import NEVER, Decision, MobileProblem
from ankerort.scenario.change import WEEKDAYS, parse_clock
from ankerort.scenario.nearest import nearest_names


def decision_of(plan: MobilePlan, prepared: Prepared, table: str) -> tuple[Decision, tuple[Problem, ...]]:
    """What a plan decides, in the numbers of a problem.

    Only the visits count: rhythm and length of a stay follow from weekdays and weeks. The break of a day is the one of the plan's legs where the
    day still keeps the rules with it, else the first position with which it keeps most. Visits that fit nothing are told and passed over,
    so that the rest can be worked out.

    Parameters
    ----------
    table
        File as problems name it.
    """
    problem = prepared.problem
    problems = Problems()
    parts = int(np.diff(problem.patterns.ptr).max(initial=1))
    decision = Decision(
        np.full(problem.stops, NEVER, np.int32),
        np.full((problem.stops, parts), NEVER, np.int32),
        np.full((problem.stops, parts), NEVER, np.int32),
        np.full((problem.vehicles.count, problem.weekdays, problem.weeks), NEVER, np.int32),
    )
    stops = _stop_numbers(prepared)
    by_stop: dict[int, list[Mapping[Any, Any]]] = {}
    for row in plan.visits.to_dict("records"):
        stop = stops.get(str(row["stop_id"]).casefold())
        if stop is None:
            near = nearest_names(str(row["stop_id"]), prepared.stops["name"])
            problems.add("mobile_plan_no_stop", "error", table, stop=str(row["stop_id"]), near=near)
        else:
            by_stop.setdefault(stop, []).append(row)
    patterns = _patterns(problem)
    for stop, rows in sorted(by_stop.items()):
        _place(stop, rows, patterns, prepared, decision, problems, table)
    return with_breaks(problem, decision, _breaks(plan, stops, problem)), problems.sorted()


def _stop_numbers(prepared: Prepared) -> dict[str, int]:
    """Stop by id, and by name where only one has it; small letters."""
    ids = prepared.stops["stop_id"].astype(str).str.casefold()
    names = prepared.stops["name"].astype(str).str.casefold()
    single = ~names.duplicated(keep=False)
    found = {name: k for k, (name, one) in enumerate(zip(names, single, strict=True)) if one and name}
    return found | {i: k for k, i in enumerate(ids)}


def _patterns(problem: MobileProblem) -> dict[tuple[tuple[int, int], ...], int]:
    """Pattern by its parts (weekday, weeks as bits)."""
    patterns = problem.patterns
    return {
        tuple(
            (int(patterns.day[k]), int(patterns.weeks[k]))
            for k in range(int(patterns.ptr[p]), int(patterns.ptr[p + 1]))
        ): p
        for p in reversed(range(patterns.count))
    }


def _place(
    stop: int,
    rows: list[Mapping[Any, Any]],
    patterns: Mapping[tuple[tuple[int, int], ...], int],
    prepared: Prepared,
    decision: Decision,
    problems: Problems,
    table: str,
) -> None:
    """Write the visits of one stop into the decision."""
    problem = prepared.problem
    name = str(prepared.stops["name"].iat[stop])
    told = sorted(rows, key=lambda r: (WEEKDAYS.index(r["weekday"]), str(r["from_time"])))
    key = tuple((WEEKDAYS.index(r["weekday"]), _bits(str(r["weeks"]))) for r in told)
    pattern = patterns.get(key)
    if pattern is None:
        said = "; ".join(f"{r['weekday']} {str(r['weeks']).replace(';', ', ')}" for r in told)
        problems.add("mobile_plan_no_pattern", "error", table, stop=name, days=said)
        return
    late = [r for r in told if not 1 <= int(r["vehicle"] or 1) <= problem.vehicles.count]
    for row in late:
        vehicle, vehicles = str(row["vehicle"]), str(problem.vehicles.count)
        problems.add("mobile_plan_no_vehicle", "error", table, stop=name, vehicle=vehicle, vehicles=vehicles)
    if late:
        return
    decision.pattern[stop] = pattern
    stay = int(problem.stay_s[stop, problem.patterns.rhythm[pattern]])
    for k, row in enumerate(told):
        start = parse_clock(str(row["from_time"]))
        assert start is not None
        decision.vehicle[stop, k] = int(row["vehicle"] or 1) - 1
        decision.start_s[stop, k] = start
        end = parse_clock(str(row["to_time"]))
        if end is not None and end - start != stay:
            told_min, stay_min = str((end - start) // 60), str(stay // 60)
            problems.add("mobile_plan_stay", "warning", table, stop=name, told=told_min, stay=stay_min)


def _bits(weeks: str) -> int:
    return sum(1 << (int(w) - 1) for w in {w.strip() for w in weeks.split(";")})


def _breaks(plan: MobilePlan, stops: Mapping[str, int], problem: MobileProblem) -> dict[tuple[int, int, int], int]:
    """Stop after which a break is taken, by vehicle, weekday and week, as the legs say."""
    taken = plan.legs[plan.legs["what"] == "break"]
    found = {}
    for row in taken.to_dict("records"):
        stop = stops.get(str(row["stop_id"]).casefold(), NEVER)
        key = (int(row["vehicle"]) - 1, WEEKDAYS.index(row["weekday"]), int(row["week"]) - 1)
        if key[0] < problem.vehicles.count and key[1] < problem.weekdays and key[2] < problem.weeks:
            found[key] = stop
    return found


def with_breaks(
    problem: MobileProblem, decision: Decision, asked: Mapping[tuple[int, int, int], int] | None = None
) -> Decision:
    """A decision with a break on each day that demands one: as asked where that breaks no rule, else where the fewest are broken."""
    none = np.full_like(decision.break_after, NEVER)
    best = none.copy()
    bare = day_tours(problem, replace(decision, break_after=none))
    # position k of all days is tried at once: days do not touch one another
    options: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
    longest = max((len(t.stops) for t in bare), default=0)
    for k in range(-2, longest):
        trial = none.copy()
        for tour in bare:
            key = (tour.vehicle, tour.day, tour.week)
            if k == -2:
                stop = (asked or {}).get(key, NEVER)
                trial[key] = stop if stop in tour.stops else NEVER
            elif 0 <= k < len(tour.stops):
                trial[key] = tour.stops[k]
        for tour in day_tours(problem, replace(decision, break_after=trial)):
            key = (tour.vehicle, tour.day, tour.week)
            options.setdefault(key, []).append((len(tour.faults), len(options.get(key, ())), int(trial[key])))
    for key, tried in options.items():
        best[key] = min(tried)[2]
    return replace(decision, break_after=best)
