"""From a solution to the noun `MobilePlan`: stops with rhythm and hours, legs, cost, effect, authorities, places left out."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.mobile.authorities import authorities_table
from ankerort.mobile.evaluate import DayTour, day_tours, evaluate, half_of
from ankerort.mobile.fulfilled import NOTHING_ASKED, Offered, Wished, half_of_hours, wishes_of_place
from ankerort.mobile.people_near import OLD_COLUMNS, PeopleNear
from ankerort.mobile.plan import MobileEffect, MobilePlan, MobileProof
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Decision, Evaluation, Solution
from ankerort.mobile.result_costs import plan_costs
from ankerort.mobile.result_left import left_places
from ankerort.mobile.result_legs import clock, plan_legs
from ankerort.mobile.schema import PLAN_STOPS, PLAN_VISITS, STOPS
from ankerort.region.model import Region
from ankerort.region.schema_wishes import WISHES
from ankerort.scenario.change import WEEKDAYS

_EPOCH_MONDAY = "2026-01-05"


@dataclass(frozen=True)
class Cases:
    """Cases per year by the factor of use, and if everybody came as often as they say; float64, one per pair or summed."""

    low: NDArray[np.float64]
    mid: NDArray[np.float64]
    high: NDArray[np.float64]
    stated: NDArray[np.float64]


def make_mobile_plan(
    prepared: Prepared,
    solution: Solution,
    region: Region,
    catalogue: Catalogue,
    *,
    name: str,
    answers: pd.DataFrame | None = None,
    office_m: Mapping[str, NDArray[np.float64]] | None = None,
    first_day: str = "",
    record: Mapping[str, object] | None = None,
) -> MobilePlan:
    """All tables of a solution.

    Parameters
    ----------
    prepared, solution
        Problem and its solution.
    region, catalogue
        As prepared with.
    name
        As printed.
    answers
        WISHES of the survey; None = no survey.
    office_m
        Per service float64 (cells,): metres from a cell to the nearest fixed office; NaN = not known.
    first_day
        Monday of the first week (ISO); empty = the first Monday after the newest day of the data.
    record
        What is needed to get the same plan again.

    Raises
    ------
    ValueError
        If the solution holds no decision.
    """
    decision = solution.decision
    if decision is None:
        raise ValueError("a plan needs a decision")
    problem = prepared.problem
    evaluation = evaluate(problem, decision, prepared.objective)
    tours = day_tours(problem, decision)
    served = np.flatnonzero(decision.pattern >= 0)
    visits = _visits(prepared, decision, served)
    wishes = WISHES.empty() if answers is None else answers
    cases = served_cases(prepared, decision, evaluation)
    rows = _rows(prepared, decision, evaluation, served, cases, wishes, region, catalogue)
    data_day = max((str(d)[:10] for d in region.sources["date"] if d), default="")
    vehicle = vehicle_of(prepared, catalogue)
    used = sorted({t.vehicle for t in tours})
    drive_km = evaluation.drive_m * problem.cycles_per_year / 1000.0
    paid_h = evaluation.paid_s * problem.cycles_per_year / 3600.0
    depots = prepared.depots["place_id"].astype(str).tolist()
    return MobilePlan(
        name=name,
        region=region.settings.name,
        data_day=data_day,
        request=prepared.request,
        proof=MobileProof(
            solution.value,
            solution.bound,
            solution.gap,
            solution.bound_rule,
            solution.seconds,
            solution.seed,
            solution.status,
        ),
        effect=_effect(prepared, decision, evaluation, tours, cases, wishes, region, catalogue, office_m or {}),
        vehicle=vehicle,
        weeks=problem.weeks,
        first_day=first_day or monday_after(data_day),
        depots=tuple(depots[int(problem.vehicles.depot[v]) - problem.stops] for v in range(problem.vehicles.count)),
        stops=STOPS.conform(prepared.stops.iloc[served].reset_index(drop=True)),
        rows=rows,
        visits=visits,
        legs=plan_legs(prepared, tours, prepare_share=_prepare_share(catalogue)),
        costs=plan_costs(prepared, catalogue, vehicle, vehicles=len(used), drive_km=drive_km, paid_h=paid_h),
        authorities=authorities_table(prepared, decision, evaluation, region, catalogue),
        left=left_places(prepared, decision, evaluation, tours, region),
        record=dict(record or {}),
    )


def monday_after(day: str) -> str:
    """The first Monday after a day (ISO); a fixed one where the day is not known."""
    try:
        told = dt.date.fromisoformat(day[:10])
    except ValueError:
        return _EPOCH_MONDAY
    return (told + dt.timedelta(days=7 - told.weekday())).isoformat()


def vehicle_of(prepared: Prepared, catalogue: Catalogue) -> str:
    """Id of the kind of vehicle of a plan."""
    return prepared.request.vehicle or catalogue.mobile.services[prepared.request.services[0]].vehicle


def served_cases(prepared: Prepared, decision: Decision, evaluation: Evaluation) -> Cases:
    """Expected cases per year of each group at the stop that serves it: need x walk and suitability x benefit of rhythm x what fits the stay.

    The hour weighs in points, not here: who needs an identity card comes in the afternoon too.
    """
    problem, need = prepared.problem, prepared.need
    needs = problem.needs
    stop_of = np.repeat(np.arange(problem.stops), np.diff(needs.ptr))
    mine = evaluation.served_by[needs.group] == stop_of
    group, stop = needs.group[mine], stop_of[mine]
    rhythm = problem.patterns.rhythm[decision.pattern[stop]]
    share = np.zeros(len(needs.points))
    share[group] = needs.factor[mine] * needs.benefit[needs.kind[group], rhythm] * problem.served_share[stop, rhythm]
    return Cases(*(np.asarray(n * share) for n in (need.cases_low, need.cases, need.cases_high, need.stated_cases)))


def _visits(prepared: Prepared, decision: Decision, served: NDArray[np.int64]) -> pd.DataFrame:
    problem = prepared.problem
    patterns = problem.patterns
    services = ";".join(prepared.request.services)
    rows = []
    for stop in served.tolist():
        pattern = int(decision.pattern[stop])
        first = int(patterns.ptr[pattern])
        for part in range(first, int(patterns.ptr[pattern + 1])):
            start = int(decision.start_s[stop, part - first])
            stay = int(problem.stay_s[stop, patterns.rhythm[pattern]])
            weeks = [str(w + 1) for w in range(problem.weeks) if int(patterns.weeks[part]) >> w & 1]
            rows.append(
                {
                    "stop_id": str(prepared.stops["stop_id"].iat[stop]),
                    "part": part - first + 1,
                    "services": services,
                    "vehicle": int(decision.vehicle[stop, part - first]) + 1,
                    "weekday": WEEKDAYS[int(patterns.day[part])],
                    "weeks": ";".join(weeks),
                    "from_time": clock(start),
                    "to_time": clock(start + stay),
                }
            )
    return PLAN_VISITS.conform(pd.DataFrame(rows, columns=PLAN_VISITS.names))


def offered_at(prepared: Prepared, decision: Decision, stop: int) -> list[Offered]:
    """What a stop of the plan offers, part by part."""
    problem = prepared.problem
    patterns = problem.patterns
    pattern = int(decision.pattern[stop])
    first = int(patterns.ptr[pattern])
    offered = []
    for part in range(first, int(patterns.ptr[pattern + 1])):
        start = int(decision.start_s[stop, part - first])
        half = half_of_hours(start, start + int(problem.stay_s[stop, patterns.rhythm[pattern]]))
        offered.append(Offered(WEEKDAYS[int(patterns.day[part])], half, str(prepared.stops["kind"].iat[stop])))
    return offered


def _rows(
    prepared: Prepared,
    decision: Decision,
    evaluation: Evaluation,
    served: NDArray[np.int64],
    cases: Cases,
    answers: pd.DataFrame,
    region: Region,
    catalogue: Catalogue,
) -> pd.DataFrame:
    problem, stops = prepared.problem, prepared.stops
    people = PeopleNear(prepared, region, catalogue)
    least = int(catalogue.value("mobile.wishes_least_answers"))
    rows = []
    for stop in served.tolist():
        rhythm = int(problem.patterns.rhythm[decision.pattern[stop]])
        mine = evaluation.served_by == stop
        wished = wishes_of_place(answers, [str(stops["place_id"].iat[stop])], offered_at(prepared, decision, stop))
        weeks = float(prepared.rhythm_weeks[rhythm])
        rows.append(
            {
                "stop_id": str(stops["stop_id"].iat[stop]),
                "place_id": str(stops["place_id"].iat[stop]),
                "rhythm": prepared.rhythm_ids[rhythm],
                "every_weeks": weeks,
                "stay_min": float(problem.stay_s[stop, rhythm]) / 60.0,
                "persons_near": people.persons(people.groups_of([stop])),
                "points": float(evaluation.group_points[mine].sum()),
                "cases_low": float(cases.low[mine].sum()),
                "cases": float(cases.mid[mine].sum()),
                "cases_high": float(cases.high[mine].sum()),
                "wishes_met": wished.share(least),
                "answers": wished.answers if wished.answers >= least else 0,
                "together": _together(prepared, decision, stop),
                "handover_weeks": handover_weeks(prepared.request.services, weeks, catalogue),
            }
        )
    return PLAN_STOPS.conform(pd.DataFrame(rows, columns=PLAN_STOPS.names))


def _together(prepared: Prepared, decision: Decision, stop: int) -> str:
    """What else is there at the hour of any visit: words of ``Prepared.together``."""
    problem, patterns = prepared.problem, prepared.problem.patterns
    pattern = int(decision.pattern[stop])
    first, rhythm = int(patterns.ptr[pattern]), int(patterns.rhythm[pattern])
    slots = []
    for part in range(first, int(patterns.ptr[pattern + 1])):
        day = int(patterns.day[part])
        half, _ = half_of(problem, stop, rhythm, day, int(decision.start_s[stop, part - first]))
        if half >= 0:
            slots.append((day, half))
    return ";".join(word for word, there in prepared.together.items() if any(there[stop, d, h] for d, h in slots))


def handover_weeks(services: tuple[str, ...], every_weeks: float, catalogue: Catalogue) -> float:
    """Weeks from application to handover at a stop: of the slowest concern with two visits, at the first visit when it is ready.

    NaN where nothing is handed over.
    """
    waits = [
        max(math.ceil(c.wait_weeks.value / every_weeks - 1e-9), 1) * every_weeks
        for s in services
        for c in catalogue.mobile.concerns_of(s)
        if c.visits > 1
    ]
    return float(max(waits)) if waits else math.nan


def plan_wishes(prepared: Prepared, decision: Decision, answers: pd.DataFrame, region: Region) -> Wished:
    """Wishes of the area that a plan meets; those of places without a visit are not met."""
    area = set(region.cells["place_id"].astype(str).iloc[prepared.area_cells])
    places = prepared.stops["place_id"].astype(str).to_numpy()
    offered: dict[str, list[Offered]] = {}
    for stop in np.flatnonzero(decision.pattern >= 0).tolist():
        offered.setdefault(str(places[stop]), []).extend(offered_at(prepared, decision, stop))
    total = NOTHING_ASKED
    for place in sorted(area & set(answers["place_id"].astype(str))):
        total = total + wishes_of_place(answers, [place], offered.get(place, []))
    return total


def _effect(
    prepared: Prepared,
    decision: Decision,
    evaluation: Evaluation,
    tours: tuple[DayTour, ...],
    cases: Cases,
    answers: pd.DataFrame,
    region: Region,
    catalogue: Catalogue,
    office_m: Mapping[str, NDArray[np.float64]],
) -> MobileEffect:
    problem = prepared.problem
    people = PeopleNear(prepared, region, catalogue)
    near = people.groups_of(np.flatnonzero(decision.pattern >= 0).tolist())
    area = region.cells.iloc[prepared.area_cells]
    wished = plan_wishes(prepared, decision, answers, region)
    least = int(catalogue.value("mobile.wishes_least_answers"))
    asked = prepared.request.cover is not None
    return MobileEffect(
        persons=people.persons(near),
        persons_75_plus=people.persons_75_plus(near),
        area_persons=float(area["persons"].sum()),
        area_persons_75_plus=float(area[list(OLD_COLUMNS)].sum().sum()),
        target_share=evaluation.covered_share if asked else math.nan,
        cases_low=float(cases.low.sum()),
        cases=float(cases.mid.sum()),
        cases_high=float(cases.high.sum()),
        stated_cases=float(cases.stated.sum()),
        wishes_met=wished.share(least),
        answers=int(answers["place_id"].astype(str).isin(set(area["place_id"].astype(str))).sum()),
        drive_km=evaluation.drive_m * problem.cycles_per_year / 1000.0,
        drive_h=evaluation.drive_s * problem.cycles_per_year / 3600.0,
        paid_h=evaluation.paid_s * problem.cycles_per_year / 3600.0,
        person_km_saved=saved_km(prepared, cases.mid, office_m),
        estimated=prepared.estimated,
    )


def saved_km(prepared: Prepared, cases: NDArray[np.float64], office_m: Mapping[str, NDArray[np.float64]]) -> float:
    """Kilometres that people save per year: cases x the way to the nearest fixed office and back; NaN where no way is known.

    The short walk to the stop is not taken off. Groups whose way is not known save nothing here, so the figure is rather too low.
    """
    need = prepared.need
    total, known = 0.0, False
    for service in sorted(set(need.service)):
        metres = office_m.get(service)
        if metres is None:
            continue
        mine = np.array([s == service for s in need.service])
        way = metres[need.cell[mine]]
        told = np.isfinite(way)
        known = known or bool(told.any())
        total += float((cases[mine][told] * way[told]).sum()) * 2.0 / 1000.0
    return total if known else math.nan


def _prepare_share(catalogue: Catalogue) -> float:
    before, after = catalogue.value("mobile.prepare_min"), catalogue.value("mobile.close_min")
    return before / (before + after) if before + after > 0 else 0.0
