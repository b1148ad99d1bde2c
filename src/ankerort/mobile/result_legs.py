"""What a vehicle does on its days, step by step: prepare, drive, wait, visit, break, close."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ankerort.mobile.evaluate import DayTour
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.schema import PLAN_LEGS
from ankerort.scenario.change import WEEKDAYS

_DAY_S = 86400


def clock(seconds: float) -> str:
    """HH:MM of seconds after midnight, to the minute before; what lies before midnight or after it is told on the same day."""
    minutes = int(min(max(seconds, 0), _DAY_S + 6 * 3600)) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def plan_legs(prepared: Prepared, tours: Sequence[DayTour], *, prepare_share: float) -> pd.DataFrame:
    """PLAN_LEGS of all days, in the order of vehicle, weekday and week.

    Parameters
    ----------
    prepare_share
        Share of ``paid_extra_s`` that lies before the departure; the rest is closing after the return.
    """
    rows = [row for tour in tours for row in _day(prepared, tour, prepare_share)]
    return PLAN_LEGS.conform(pd.DataFrame(rows, columns=PLAN_LEGS.names))


def _day(prepared: Prepared, tour: DayTour, prepare_share: float) -> list[dict[str, object]]:
    problem = prepared.problem
    kind, depot = int(problem.vehicles.kind[tour.vehicle]), int(problem.vehicles.depot[tour.vehicle])
    ids = prepared.stops["stop_id"].tolist()
    rows: list[dict[str, object]] = []

    def step(what: str, stop: int, start_s: int, end_s: int, drive_s: float = 0.0, drive_m: float = 0.0) -> None:
        row: dict[str, object] = {
            "vehicle": tour.vehicle + 1,
            "weekday": WEEKDAYS[tour.day],
            "week": tour.week + 1,
            "number": len(rows) + 1,
            "what": what,
            "stop_id": "" if stop < 0 else str(ids[stop]),
            "from_time": clock(start_s),
            "to_time": clock(end_s),
            "drive_s": float(drive_s),
            "drive_m": float(drive_m),
            "estimated": prepared.estimated and what == "drive",
        }
        rows.append(row)

    def drive(start: int, end: int, leave_s: int) -> int:
        seconds = max(int(problem.travel_s[kind, start, end]), 0)
        metres = max(float(problem.travel_m[kind, start, end]), 0.0)
        step("drive", end if end < problem.stops else -1, leave_s, leave_s + seconds, seconds, metres)
        return leave_s + seconds

    extra = int(problem.vehicles.paid_extra_s[tour.vehicle])
    before = round(extra * prepare_share / 60) * 60
    if before:
        step("prepare", -1, tour.leave_s - before, tour.leave_s)
    now, here = tour.leave_s, depot
    for position, stop in enumerate(tour.stops):
        now = drive(here, stop, now)
        if tour.start_s[position] > now:
            step("wait", stop, now, tour.start_s[position])
        step("visit", stop, tour.start_s[position], tour.end_s[position])
        now, here = tour.end_s[position], stop
        if position == tour.break_after and tour.break_s > 0:
            if tour.break_from_s > now:
                step("wait", stop, now, tour.break_from_s)
            step("break", stop, tour.break_from_s, tour.break_from_s + tour.break_s)
            now = tour.break_from_s + tour.break_s
    drive(here, depot, now)
    if extra > before:
        step("close", -1, tour.back_s, tour.back_s + extra - before)
    return rows
