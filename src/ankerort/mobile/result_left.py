"""Places of the area without a visit, and why: told for each, with the stop that would be added next."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.mobile.evaluate import DayTour, best_factor, half_of
from ankerort.mobile.people_near import OLD_COLUMNS
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Decision, Evaluation
from ankerort.mobile.schema import PLAN_LEFT_PLACES
from ankerort.region.model import Region

_MOST = 0.5  # a place is served from elsewhere if more than half of its people can walk there


def left_places(
    prepared: Prepared, decision: Decision, evaluation: Evaluation, tours: tuple[DayTour, ...], region: Region
) -> pd.DataFrame:
    """PLAN_LEFT_PLACES: inhabited places of the area that no visit stops in, most people of 75 and older first.

    Reasons, the first that holds: forbidden (the question forbids it), fixed_near (more than half of its people walk to a fixed office and so
    need no visit), near_other (more than half of its people can walk to a stop of the plan),
    no_stop (no candidate), no_agreement (only a missing agreement keeps its people out), no_need (nobody near a candidate needs the
    services), no_time (with the clock times of the plan no vehicle has a gap for even the rarest rhythm), else too_dear.
    """
    cells = region.cells.iloc[prepared.area_cells]
    sums = cells.groupby("place_id", sort=True)[["persons", *OLD_COLUMNS]].sum()
    stop_places = prepared.stops["place_id"].astype(str).to_numpy()
    visited = set(stop_places[decision.pattern >= 0])
    judge = _Judge(prepared, decision, evaluation, tours, region)
    rows = []
    for place in sums.index.astype(str):
        persons = float(sums.at[place, "persons"])
        if place in visited or not place or persons <= 0:
            continue
        reason, stop = judge.why(place, persons)
        old = float(sums.loc[place, list(OLD_COLUMNS)].sum())
        rows.append(
            {
                "place_id": place,
                "persons": persons,
                "persons_75_plus": old,
                "reason": reason,
                "stop_id": stop,
            }
        )
    frame = pd.DataFrame(rows, columns=PLAN_LEFT_PLACES.names)
    order = frame.sort_values(["persons_75_plus", "persons", "place_id"], ascending=[False, False, True], kind="stable")
    return PLAN_LEFT_PLACES.conform(order.reset_index(drop=True))


class _Judge:
    """Finds the reason for one place."""

    def __init__(
        self,
        prepared: Prepared,
        decision: Decision,
        evaluation: Evaluation,
        tours: tuple[DayTour, ...],
        region: Region,
    ) -> None:
        problem = prepared.problem
        needs = problem.needs
        self._prepared, self._decision = prepared, decision
        self._ids = prepared.stops["stop_id"].astype(str).tolist()
        self._place = prepared.stops["place_id"].astype(str).to_numpy()
        self._tours: Mapping[tuple[int, int, int], DayTour] = {(t.vehicle, t.day, t.week): t for t in tours}
        self._stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
        worth = needs.points[needs.group] * needs.factor * best_factor(problem)[self._stop_of, needs.kind[needs.group]]
        gain = np.maximum(worth - evaluation.group_points[needs.group], 0.0)
        self._gain = np.bincount(self._stop_of, weights=gain, minlength=problem.stops)
        blocked = prepared.blocked
        blocked_of = np.repeat(np.arange(problem.stops), np.diff(blocked.ptr))
        lost = needs.points[blocked.group] * blocked.factor
        self._lost = np.bincount(blocked_of, weights=lost, minlength=problem.stops)
        self._group_place = region.cells["place_id"].astype(str).to_numpy()[prepared.need.cell]
        self._names = prepared.stops["name"].astype(str).str.casefold().tolist()
        self._forbidden = {f.casefold() for f in prepared.request.forbid}
        self._walk_to_office = any(p.code == "mobile_fixed_near" for p in prepared.problems)

    def why(self, place: str, persons: float) -> tuple[str, str]:
        """Reason and stop."""
        stops = np.flatnonzero(self._place == place)
        shut = [s for s in stops.tolist() if self._forbidden & {self._ids[s].casefold(), self._names[s]}]
        if place.casefold() in self._forbidden or (len(stops) and len(shut) == len(stops)):
            return "forbidden", ""
        if self._needy(place) < (1.0 - _MOST) * persons:
            return "fixed_near", ""
        other = self._served_from(place, persons)
        if other >= 0:
            return "near_other", self._ids[other]
        if not len(stops):
            return "no_stop", ""
        best = int(stops[np.argmax(self._gain[stops])])
        if self._gain[best] <= 0:
            most = int(stops[np.argmax(self._lost[stops])])
            return ("no_agreement", self._ids[most]) if self._lost[most] > 0 else ("no_need", "")
        return ("too_dear" if self._fits(best) else "no_time"), self._ids[best]

    def _needy(self, place: str) -> float:
        """Persons of a place who need the service that most of them need; all where nobody is left out for a fixed office."""
        if not self._walk_to_office:
            return float("inf")
        need = self._prepared.need
        mine = np.flatnonzero(self._group_place == place)
        by_service: dict[str, float] = {}
        for g in mine:
            by_service[need.service[g]] = by_service.get(need.service[g], 0.0) + float(need.persons[g])
        return max(by_service.values(), default=0.0)

    def _served_from(self, place: str, persons: float) -> int:
        """The stop of the plan that most of the place can walk to, if these are more than half of it; else -1."""
        needs, need = self._prepared.problem.needs, self._prepared.need
        mine = (self._group_place[needs.group] == place) & (self._decision.pattern[self._stop_of] >= 0)
        if not mine.any():
            return -1
        near = np.unique(needs.group[mine])
        # of several services the one that reaches most
        by_service: dict[str, float] = {}
        for g in near:
            by_service[need.service[g]] = by_service.get(need.service[g], 0.0) + float(need.persons[g])
        if max(by_service.values()) <= _MOST * persons:
            return -1
        count = np.bincount(self._stop_of[mine], weights=need.persons[needs.group[mine]])
        return int(np.argmax(count))

    def _fits(self, stop: int) -> bool:
        """Whether some vehicle has a gap for the stop in some pattern of its rarest rhythm, all other clock times as they are."""
        problem = self._prepared.problem
        patterns = problem.patterns
        allowed = np.flatnonzero(problem.pattern_ok[stop])
        if not len(allowed):
            return False
        weeks = np.array([self._prepared.rhythm_weeks[r] for r in patterns.rhythm[allowed]])
        for pattern in allowed[weeks == weeks.max()].tolist():
            for vehicle in np.flatnonzero(problem.vehicle_ok[:, stop]).tolist():
                parts = range(int(patterns.ptr[pattern]), int(patterns.ptr[pattern + 1]))
                if all(self._part_fits(stop, int(patterns.rhythm[pattern]), vehicle, part) for part in parts):
                    return True
        return False

    def _part_fits(self, stop: int, rhythm: int, vehicle: int, part: int) -> bool:
        problem = self._prepared.problem
        day, bits = int(problem.patterns.day[part]), int(problem.patterns.weeks[part])
        free: NDArray[np.bool_] | None = None
        times = np.arange(0, 86400, max(problem.grid_s, 300))
        for week in range(problem.weeks):
            if bits >> week & 1:
                here = self._free(stop, rhythm, vehicle, day, week, times)
                free = here if free is None else free & here
        if free is None:
            return False
        return any(half_of(problem, stop, rhythm, day, int(t))[1] for t in times[free])

    def _free(
        self, stop: int, rhythm: int, vehicle: int, day: int, week: int, times: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Clock times at which the stop fits between the visits of a day (its hours are not looked at), bool of the shape of `times`."""
        problem = self._prepared.problem
        vehicles = problem.vehicles
        kind, depot = int(vehicles.kind[vehicle]), int(vehicles.depot[vehicle])
        way = problem.travel_s[kind]
        stay = int(problem.stay_s[stop, rhythm])
        tour = self._tours.get((vehicle, day, week))
        out, home = int(way[depot, stop]), int(way[stop, depot])
        if out < 0 or home < 0:
            return np.zeros(len(times), bool)
        leave, back = times - out, times + stay + home
        drive, extra = out + home, 0
        good = np.ones(len(times), bool)
        if tour is not None:
            extra = tour.break_s
            for k, one in enumerate(tour.stops):
                rest = tour.break_s if k == tour.break_after else 0
                ready = max(tour.end_s[k], tour.break_from_s if rest else 0) + rest
                to, fro = int(way[one, stop]), int(way[stop, one])
                after = (times >= ready + to) & (to >= 0)
                before = (times + stay + fro <= tour.start_s[k]) & (fro >= 0)
                good &= after | before
            leave = np.where(times < tour.start_s[0], leave, tour.leave_s)
            back = np.where(times > tour.start_s[-1], back, tour.back_s)
            drive = tour.drive_s  # the detour is small beside it, and its place in the day is not known here
        span = back - leave
        needed = vehicles.paid_extra_s[vehicle] + span - extra > vehicles.work_before_break_s[vehicle]
        span = np.where(needed & (extra == 0), span + vehicles.break_s[vehicle], span)
        good &= (leave >= vehicles.leave_from_s[vehicle]) & (back <= vehicles.back_until_s[vehicle])
        good &= (span <= vehicles.tour_max_s[vehicle]) & (drive <= vehicles.drive_max_s[vehicle])
        return np.asarray(good, bool)
