"""A mobile problem together with what its numbers stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problem
from ankerort.mobile.problem import MobileProblem, Objective
from ankerort.mobile.request import MobileRequest


@dataclass(frozen=True)
class MobileNeed:
    """Groups of people and what they need: one row per group of `Needs`, in its order.

    Parameters
    ----------
    cell
        int32 (groups,): row of ``Region.cells``.
    service, people
        Per group its service and group of people (id of ``Catalogue.groups``).
    authority
        Per group the key of the authority that is competent for its residents.
    persons, cases_low, cases, cases_high, stated_cases
        float64 (groups,): persons, and cases per year by the factor of use, before rhythm and walk.
    walk_m
        float64 (groups,): longest walk.
    answers
        int32 (groups,): answers of the survey behind its figures; 0 = default.
    """

    cell: NDArray[np.int32]
    service: tuple[str, ...]
    people: tuple[str, ...]
    authority: tuple[str, ...]
    persons: NDArray[np.float64]
    cases_low: NDArray[np.float64]
    cases: NDArray[np.float64]
    cases_high: NDArray[np.float64]
    stated_cases: NDArray[np.float64]
    walk_m: NDArray[np.float64]
    answers: NDArray[np.int32]


@dataclass(frozen=True)
class BlockedPairs:
    """Pairs of stop and group that only a missing agreement forbids: CSR over stops, as in `Needs`."""

    ptr: NDArray[np.int64]
    group: NDArray[np.int32]
    factor: NDArray[np.float64]


@dataclass(frozen=True)
class Prepared:
    """A problem, and what its rows are.

    Parameters
    ----------
    problem, objective
        In numbers.
    request
        As asked, names replaced by ids.
    stops
        STOPS of the candidates, row number = stop.
    depots
        One row per depot node: place_id, name, lon, lat, x, y.
    need
        One row per group of the problem's needs. Groups that nobody may serve stand there with their blocked pairs only.
    blocked
        What missing agreements cost.
    rhythm_ids, rhythm_weeks
        Per rhythm of the problem its id and its weeks.
    half_ids
        Per half-day its id: morning, afternoon; or day.
    operators
        Keys of the authorities that send the staff.
    area_cells
        int32: rows of ``Region.cells`` that belong to the area asked for.
    estimated
        Travel times are straight lines times a detour factor.
    problems
        Warnings and notes.
    concern_share
        float64 (pairs of the problem's needs,): share of the cases that the staff may deal with; the rest are tasks of the district without
        an agreement. It is part of the pair's factor. Empty = all.
    together
        What else is at a stop and when: market, doctor, bus, visit -> bool (stops, weekdays, halves).
    """

    problem: MobileProblem
    objective: Objective
    request: MobileRequest
    stops: pd.DataFrame = field(repr=False)
    depots: pd.DataFrame = field(repr=False)
    need: MobileNeed = field(repr=False)
    blocked: BlockedPairs = field(repr=False)
    rhythm_ids: tuple[str, ...] = ()
    rhythm_weeks: tuple[float, ...] = ()
    half_ids: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    area_cells: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32), repr=False)
    estimated: bool = False
    problems: tuple[Problem, ...] = ()
    concern_share: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0), repr=False)
    together: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict, repr=False)
