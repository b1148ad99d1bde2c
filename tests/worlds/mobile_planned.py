"""A mobile plan on the three places of `worlds.tiny_region`, small enough to derive every figure by hand.

One van stands in Bdorf (x 5000). Candidates: Adorf hall (0), Bdorf church (5000), Cstadt square (10000). All lie 5 km or 10 km apart; driving
takes 600 s for 5 km and 1200 s for 10 km, 0.10 EUR a km. Rhythms: weekly on one weekday (benefit 1), fortnightly (0.5), cycle 4 weeks, 12 cycles a year.
Stays are an hour, weekly and fortnightly. Half-days 8 to 12 and 13 to 17. Paid extra half an hour, 40 EUR/h.
Groups of citizen_office: a1 10 people of 75_84, b1 10, c2 40; cases 100, 100, 200 a year at need. c2 is walked to with factor 0.5.
Cstadt is another municipality without an agreement: its group is blocked.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.plan import MobilePlan
from ankerort.mobile.prepared import BlockedPairs, MobileNeed, Prepared
from ankerort.mobile.problem import Decision, MobileProblem, Needs, Objective, Patterns, Solution, Vehicles
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.result import make_mobile_plan
from ankerort.mobile.schema import STOPS
from ankerort.region.model import Region
from ankerort.region.schema import SOURCES
from worlds import tiny_region

HOUR = 3600
TUESDAY, THURSDAY = 1, 3
WEEKLY, FORTNIGHTLY = 0, 1


def patterns() -> Patterns:
    """Weekly on each of five weekdays (0 to 4), then fortnightly from week 1 (5 to 9) and from week 2 (10 to 14)."""
    days = list(range(5))
    return Patterns(
        rhythm=np.array([WEEKLY] * 5 + [FORTNIGHTLY] * 10, np.int16),
        ptr=np.arange(16, dtype=np.int32),
        day=np.array(days * 3, np.int16),
        weeks=np.array([0b1111] * 5 + [0b0101] * 5 + [0b1010] * 5, np.int32),
    )


def problem() -> MobileProblem:
    """See the module."""
    metres = np.abs(np.subtract.outer([0.0, 5000.0, 10000.0, 5000.0], [0.0, 5000.0, 10000.0, 5000.0]))
    halves = np.array([[8 * HOUR, 12 * HOUR], [13 * HOUR, 17 * HOUR]], np.int32)

    def one(value: float, kind: type) -> np.ndarray:
        return np.array([value], kind)

    return MobileProblem(
        weeks=4,
        weekdays=5,
        cycles_per_year=12.0,
        grid_s=300,
        halves_s=halves,
        window_s=np.repeat(halves[None], 3, axis=0),
        slot_ok=np.ones((3, 5, 2), bool),
        slot_factor=np.ones((3, 5, 2)),
        pattern_ok=np.ones((3, 15), bool),
        must=np.zeros(3, bool),
        stay_s=np.full((3, 2), HOUR, np.int32),
        served_share=np.ones((3, 2)),
        load=np.zeros((3, 2)),
        vehicle_ok=np.ones((1, 3), bool),
        one_vehicle=True,
        travel_s=(metres * 0.12).astype(np.int32)[None],
        travel_m=metres[None],
        drive_eur=metres[None] * 1e-4,
        patterns=patterns(),
        vehicles=Vehicles(
            kind=one(0, np.int16),
            depot=one(3, np.int32),
            leave_from_s=one(7 * HOUR, np.int32),
            back_until_s=one(18 * HOUR, np.int32),
            tour_max_s=one(8 * HOUR, np.int32),
            drive_max_s=one(4 * HOUR, np.int32),
            drive_before_break_s=one(4 * HOUR, np.int32),
            work_before_break_s=one(6 * HOUR, np.int32),
            break_s=one(1800, np.int32),
            long_work_s=one(9 * HOUR, np.int32),
            long_break_s=one(2700, np.int32),
            break_from_s=one(11 * HOUR, np.int32),
            break_until_s=one(15 * HOUR, np.int32),
            range_m=one(np.inf, np.float64),
            capacity=one(np.inf, np.float64),
            paid_extra_s=one(1800, np.int32),
            eur_per_h=one(40.0, np.float64),
            eur_per_day=one(0.0, np.float64),
            eur_per_year=one(10_000.0, np.float64),
        ),
        needs=Needs(
            points=np.array([100.0, 100.0, 200.0]),
            persons=np.array([10.0, 10.0, 40.0]),
            kind=np.zeros(3, np.int32),
            benefit=np.array([[1.0, 0.5]]),
            preference=np.ones((1, 5, 2)),
            ptr=np.array([0, 1, 2, 2], np.int64),
            group=np.array([0, 1], np.int32),
            factor=np.array([1.0, 1.0]),
            target=np.array([True, True]),
            target_group=np.ones(3, bool),
            target_rhythm=np.array([True, True]),
        ),
    )


def stops() -> pd.DataFrame:
    """Candidates."""
    frame = pd.DataFrame(
        {
            "stop_id": ["osm:n1", "osm:n2", "osm:n3"],
            "name": ["Dorfgemeinschaftshaus", "Kirche", "Markt"],
            "place_id": ["a", "b", "c"],
            "ags": ["15001000", "15001000", "15002000"],
            "kind": ["hall", "church", "square"],
            "level_stand": ["yes", "", "no"],
            "suitability": [0.8, 0.5, 0.4],
            "known_share": [0.4, 0.0, 0.2],
            "hours": ["", "Mo-Fr 08:00-12:00", ""],
            "source_id": "osm",
            "source_date": "2026-11-01",
            **tiny_region.positions([0.0, 5000.0, 10000.0], [0.0, 0.0, 0.0]),
        }
    )
    return STOPS.conform(frame)


@cache
def region() -> Region:
    """The three places, data of Friday, 20 November 2026."""
    base = tiny_region.region()
    sources = base.sources.assign(date=["2026-11-20", "2026-10-01", ""])
    return replace(base, sources=SOURCES.conform(sources))


def prepared(*, request: MobileRequest | None = None) -> Prepared:
    """The problem with its names."""
    need = MobileNeed(
        cell=np.array([0, 2, 5], np.int32),
        service=("citizen_office",) * 3,
        people=("75_84",) * 3,
        authority=("150010000", "150010000", "150020000"),
        persons=np.array([10.0, 10.0, 40.0]),
        cases_low=np.array([50.0, 50.0, 100.0]),
        cases=np.array([100.0, 100.0, 200.0]),
        cases_high=np.array([175.0, 175.0, 350.0]),
        stated_cases=np.array([250.0, 250.0, 500.0]),
        walk_m=np.array([400.0, 400.0, 400.0]),
        answers=np.zeros(3, np.int32),
    )
    depots = pd.DataFrame({"place_id": ["b"], "name": ["Bdorf"], **tiny_region.positions([5000.0], [0.0])})
    return Prepared(
        problem=problem(),
        objective=Objective("need", 40.0),
        request=request or MobileRequest(services=("citizen_office",), vehicles=1),
        stops=stops(),
        depots=depots,
        need=need,
        blocked=BlockedPairs(np.array([0, 0, 0, 1], np.int64), np.array([2], np.int32), np.array([0.5])),
        rhythm_ids=("weekly", "fortnightly"),
        rhythm_weeks=(1.0, 2.0),
        half_ids=("morning", "afternoon"),
        operators=("150010000",),
        area_cells=np.arange(6, dtype=np.int32),
    )


def decision() -> Decision:
    """Adorf weekly on Tuesday at 9:00, Bdorf fortnightly (weeks 1 and 3) on Tuesday at 10:30; Cstadt not."""
    return Decision(
        pattern=np.array([TUESDAY, 5 + TUESDAY, -1], np.int32),
        vehicle=np.array([[0], [0], [-1]], np.int32),
        start_s=np.array([[9 * HOUR], [10 * HOUR + 1800], [-1]], np.int32),
        break_after=np.full((1, 5, 4), -1, np.int32),
    )


def solution() -> Solution:
    """The decision as if it was found; the bound is made up."""
    found = prepared()
    value = evaluate(found.problem, decision(), found.objective).value
    return Solution(decision(), value, value + 100.0, 100.0 / (value + 100.0), "capacity", 1.5, 7, "feasible")


def planned(**more: object) -> MobilePlan:
    """The plan with all tables."""
    return make_mobile_plan(
        prepared(), solution(), region(), tiny_region.catalogue(), name="Drei Orte", record={"key": "abc", "n": 1}, **more  # type: ignore[arg-type]
    )  # fmt: skip
