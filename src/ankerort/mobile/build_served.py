"""Which patterns of a stop any vehicle can serve at all, and what is told of stops that none can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.mobile.problem import MobileProblem
from ankerort.mobile.travel import Matrices

_TOLD = 5
_ON_STREETS = "ok"


def served_patterns(
    problem: MobileProblem, drives: Matrices, stops: pd.DataFrame, problems: Problems
) -> NDArray[np.bool_]:
    """Patterns of which every weekday has a half-day in which some vehicle can drive to the stop, stay there and return; bool (stops, patterns).

    Stops that are left without a pattern are told with the reason: no street near, streets not fit for the vehicle, no way, hours too
    short for a visit, too far for a shift. Stops that must be served are errors, and so is a question of which none is left.
    """
    patterns = problem.patterns
    fits, in_hours = _visits_that_fit(problem)
    ok = np.ones((problem.stops, patterns.count), bool)
    for pattern in range(patterns.count):
        days = patterns.day[patterns.ptr[pattern] : patterns.ptr[pattern + 1]]
        ok[:, pattern] = fits[:, int(patterns.rhythm[pattern])][:, days].all(axis=1)
    reasons: dict[str, list[int]] = {}
    for stop in np.flatnonzero(~ok.any(axis=1)).tolist():
        reason: str = drives.reason[stop]
        if reason == _ON_STREETS:
            reached = problem.vehicle_ok[:, stop].any() and _has_way(problem, stop)
            reason = ("shift" if in_hours[stop].any() else "hours") if reached else "no_way"
        reasons.setdefault(str(reason), []).append(stop)
    names = stops["name"].astype(str).tolist()
    for reason, mine in sorted(reasons.items()):
        _tell(f"mobile_stops_{reason}", [s for s in mine if problem.must[s]], names, problems, must=True)
        _tell(f"mobile_stops_{reason}", [s for s in mine if not problem.must[s]], names, problems, must=False)
    if problem.stops and not ok.any():
        problems.add("mobile_no_stop_left", "error", "haltepunkte", count=problem.stops)
    return ok


def _tell(code: str, stops: Sequence[int], names: Sequence[str], problems: Problems, *, must: bool) -> None:
    if stops:
        told = ", ".join(names[s] for s in stops[:_TOLD]) + (" ..." if len(stops) > _TOLD else "")
        problems.add(code, "error" if must else "warning", "haltepunkte", count=len(stops), names=told)


def _has_way(problem: MobileProblem, stop: int) -> bool:
    return any(
        problem.travel_s[k, d, stop] >= 0 and problem.travel_s[k, stop, d] >= 0
        for k, d in zip(problem.vehicles.kind, problem.vehicles.depot, strict=True)
    )


def _visits_that_fit(problem: MobileProblem) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether a visit alone on its day can be driven by some vehicle, and whether it fits the hours at all.

    Returns
    -------
    fits, in_hours
        bool (stops, rhythms, weekdays), bool (stops, rhythms).
    """
    vehicles = problem.vehicles
    begin = np.maximum(problem.window_s[:, None, :, 0], problem.halves_s[:, 0])
    end = np.minimum(problem.window_s[:, None, :, 1], problem.halves_s[:, 1])
    stay = problem.stay_s[:, :, None]
    first = -(-begin // problem.grid_s) * problem.grid_s
    inside = first + stay <= end  # stops, rhythms, halves
    able: NDArray[np.bool_] = np.zeros(inside.shape, bool)
    for v in range(vehicles.count):
        kind, depot = int(vehicles.kind[v]), int(vehicles.depot[v])
        out = problem.travel_s[kind, depot, : problem.stops].astype(np.int64)[:, None, None]
        home = problem.travel_s[kind, : problem.stops, depot].astype(np.int64)[:, None, None]
        way = problem.travel_m[kind, depot, : problem.stops] + problem.travel_m[kind, : problem.stops, depot]
        work = out + stay + home + int(vehicles.paid_extra_s[v])
        rest = np.where(work > vehicles.long_work_s[v], vehicles.long_break_s[v], vehicles.break_s[v])
        tour = out + stay + home + np.where(work > vehicles.work_before_break_s[v], rest, 0)
        start = np.maximum(first, -(-(int(vehicles.leave_from_s[v]) + out) // problem.grid_s) * problem.grid_s)
        last = np.minimum(end - stay, int(vehicles.back_until_s[v]) - (tour - out))
        last = last // problem.grid_s * problem.grid_s
        good = (out >= 0) & (home >= 0) & problem.vehicle_ok[v][:, None, None]
        good = good & (start <= last) & (tour <= vehicles.tour_max_s[v]) & (out + home <= vehicles.drive_max_s[v])
        able |= good & (way <= vehicles.range_m[v])[:, None, None]
    able &= inside
    fits = able[:, :, None, :] & problem.slot_ok[:, None, :, :]
    open_at_all = np.any(problem.slot_ok, axis=1, keepdims=True)
    return np.asarray(fits.any(axis=3), np.bool_), np.asarray((inside & open_at_all).any(axis=2), np.bool_)
