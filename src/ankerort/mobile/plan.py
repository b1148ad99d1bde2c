"""The noun `MobilePlan`: a proposal for a mobile service with stops, rhythm, tours, cost, effect and proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ankerort.mobile.request import MobileRequest


@dataclass(frozen=True)
class MobileProof:
    """How good a plan is: `Solution` without the decision."""

    value: float
    bound: float
    gap: float
    bound_rule: str
    seconds: float
    seed: int
    status: str


@dataclass(frozen=True)
class MobileEffect:
    """What the plan does, in figures that are printed.

    Parameters
    ----------
    persons, persons_75_plus
        Persons within their walk of a stop, and of them 75 and older.
    area_persons, area_persons_75_plus
        All persons of the area.
    target_share
        Share of the target's persons that are covered; NaN = no target asked.
    cases_low, cases, cases_high
        Expected cases per year by the factor of use.
    stated_cases
        Cases per year if everybody came as often as they say.
    wishes_met
        Share of the answers about weekday, half-day and spot that the plan meets; NaN = no answers.
    answers
        Answers of the survey that count; 0 = defaults only.
    drive_km, drive_h, paid_h
        Per year.
    person_km_saved
        Kilometres that people save per year against the way to the nearest fixed office; NaN = none known.
    estimated
        Travel times are straight lines times a detour factor.
    """

    persons: float
    persons_75_plus: float
    area_persons: float
    area_persons_75_plus: float
    target_share: float
    cases_low: float
    cases: float
    cases_high: float
    stated_cases: float
    wishes_met: float
    answers: int
    drive_km: float
    drive_h: float
    paid_h: float
    person_km_saved: float
    estimated: bool


@dataclass(frozen=True)
class MobilePlan:
    """A proposal for a mobile service.

    Parameters
    ----------
    name
        As printed.
    region
        Name of the region.
    data_day
        Newest day of the data (ISO).
    request
        What was asked.
    proof, effect
        How good it is, and what it does.
    vehicle
        Id of the kind of vehicle in ``Catalogue.mobile.vehicles``.
    weeks
        Length of the cycle, weeks.
    first_day
        Monday of the first week of the cycle (ISO); printed dates count from it.
    depots
        Per vehicle the place_id or stop_id of its depot.
    stops
        STOPS: all stops that the plan serves.
    rows, visits, legs, costs, authorities, left
        PLAN_STOPS, PLAN_VISITS, PLAN_LEGS, PLAN_MOBILE_COSTS, PLAN_AUTHORITIES, PLAN_LEFT_PLACES.
    record
        What is needed to get the same plan again: key of the stages, hash of the catalogue, version.
    """

    name: str
    region: str
    data_day: str
    request: MobileRequest
    proof: MobileProof
    effect: MobileEffect
    vehicle: str
    weeks: int
    first_day: str
    depots: tuple[str, ...]
    stops: pd.DataFrame = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    visits: pd.DataFrame = field(repr=False)
    legs: pd.DataFrame = field(repr=False)
    costs: pd.DataFrame = field(repr=False)
    authorities: pd.DataFrame = field(repr=False)
    left: pd.DataFrame = field(repr=False)
    record: Mapping[str, object] = field(default_factory=dict)
