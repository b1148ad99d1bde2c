"""A problem of mobile services in numbers: frozen arrays that know no region. The truth about its meaning is docs/method/mobile.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

ObjectiveKind = Literal["need", "cover", "cost"]
NEVER = -1


@dataclass(frozen=True)
class Patterns:
    """On which days a stop can be visited.

    A pattern has one part per weekday that it uses; all visits of a part have the same clock time. A classic periodic problem has one week
    whose weekdays are its days.

    Parameters
    ----------
    rhythm
        int16 (patterns,): rhythm of the pattern.
    ptr
        int32 (patterns + 1,): parts of pattern `p` are ``ptr[p]:ptr[p+1]``.
    day
        int16 (parts,): weekday, 0 = Monday (or day of a classic horizon); ascending within a pattern.
    weeks
        int32 (parts,): weeks of the cycle as bits, bit 0 = first week.
    """

    rhythm: NDArray[np.int16]
    ptr: NDArray[np.int32]
    day: NDArray[np.int16]
    weeks: NDArray[np.int32]

    @property
    def count(self) -> int:
        """Number of patterns."""
        return len(self.rhythm)


@dataclass(frozen=True)
class Vehicles:
    """Vehicles with their crews; all times in seconds after midnight, all arrays of shape (vehicles,).

    Parameters
    ----------
    kind
        int16: index into the first axis of `MobileProblem.travel_s`.
    depot
        int32: node of the depot (a row of the travel matrices, at or after the stops).
    leave_from_s, back_until_s
        int32: earliest departure from and latest return to the depot.
    tour_max_s
        int32: longest time from departure to return, breaks included.
    drive_max_s, drive_before_break_s
        int32: longest driving of a day, and longest driving without a break.
    work_before_break_s, break_s
        int32: a tour that lasts longer than this (work = departure to return without breaks, plus `paid_extra_s`) needs one break of at
        least `break_s`.
    long_work_s, long_break_s
        int32: the same with a longer break.
    break_from_s, break_until_s
        int32: the break lies within these hours.
    range_m
        float64: longest way of a day; inf = none.
    capacity
        float64: what it can load a day (classic problems); inf = none.
    paid_extra_s
        int32: preparation and closing of a day with a tour.
    eur_per_h
        float64: of paid time.
    eur_per_day
        float64: of a day with a tour.
    eur_per_year
        float64: fixed, if it is used at all.
    """

    kind: NDArray[np.int16]
    depot: NDArray[np.int32]
    leave_from_s: NDArray[np.int32]
    back_until_s: NDArray[np.int32]
    tour_max_s: NDArray[np.int32]
    drive_max_s: NDArray[np.int32]
    drive_before_break_s: NDArray[np.int32]
    work_before_break_s: NDArray[np.int32]
    break_s: NDArray[np.int32]
    long_work_s: NDArray[np.int32]
    long_break_s: NDArray[np.int32]
    break_from_s: NDArray[np.int32]
    break_until_s: NDArray[np.int32]
    range_m: NDArray[np.float64]
    capacity: NDArray[np.float64]
    paid_extra_s: NDArray[np.int32]
    eur_per_h: NDArray[np.float64]
    eur_per_day: NDArray[np.float64]
    eur_per_year: NDArray[np.float64]

    @property
    def count(self) -> int:
        """Number of vehicles."""
        return len(self.kind)


@dataclass(frozen=True)
class Needs:
    """Who needs what, and which stops are near enough.

    Parameters
    ----------
    points
        float64 (groups,): cases per year that the group would bring if the service came at the best rhythm to the door.
    persons
        float64 (groups,): persons of the group.
    kind
        int32 (groups,): kind of need (service and age), row of `benefit` and `preference`.
    benefit
        float64 (kinds, rhythms): share of the need that a rhythm meets, in [0, 1].
    preference
        float64 (kinds, weekdays, halves): factor in (0, 1] by weekday and half-day.
    ptr, group, factor, target
        Pairs by stop, CSR over stops: int64 (stops + 1,), int32, float64 in (0, 1] (walk, suitability), bool (counts for the target:
        near enough by the target's own limit).
    target_group
        bool (groups,): the coverage target counts its persons.
    target_rhythm
        bool (rhythms,): often enough for the target.
    """

    points: NDArray[np.float64]
    persons: NDArray[np.float64]
    kind: NDArray[np.int32]
    benefit: NDArray[np.float64]
    preference: NDArray[np.float64]
    ptr: NDArray[np.int64]
    group: NDArray[np.int32]
    factor: NDArray[np.float64]
    target: NDArray[np.bool_]
    target_group: NDArray[np.bool_]
    target_rhythm: NDArray[np.bool_]


@dataclass(frozen=True)
class MobileProblem:
    """Stops, patterns, vehicles, needs and ways of one question.

    Parameters
    ----------
    weeks, weekdays
        Length of the cycle in weeks and days of a week; classic problems: 1 week, as many weekdays as days.
    cycles_per_year
        How often the cycle runs in a year.
    grid_s
        Clock times are multiples of it, seconds; 1 = any.
    halves_s
        int32 (halves, 2): opening of the half-days; a visit lies wholly within one. Classic problems: one half that is the whole day.
    window_s
        int32 (stops, halves, 2): hours of the stop within the half-day.
    slot_ok
        bool (stops, weekdays, halves): whether a visit may be then.
    slot_factor
        float64 (stops, weekdays, halves): what coincides with it there (market, doctor, bus, another visit); 1 = nothing.
    pattern_ok
        bool (stops, patterns).
    must
        bool (stops,): must be served (kept stops, classic problems).
    stay_s
        int32 (stops, rhythms): length of a visit, setting up included; a multiple of `grid_s` where that is over 1.
    served_share
        float64 (stops, rhythms): share of the need near it that fits the longest stay, in (0, 1].
    load
        float64 (stops, rhythms): what a visit takes of a vehicle's capacity; 0 in real problems.
    vehicle_ok
        bool (vehicles, stops): the stop can be reached on streets fit for the vehicle.
    one_vehicle
        All visits of a stop by one vehicle.
    travel_s
        int32 (kinds of vehicles, nodes, nodes): driving seconds from row to column; nodes = stops, then depots. Negative = no way.
    travel_m
        float64 (kinds, nodes, nodes): metres.
    drive_eur
        float64 (kinds, nodes, nodes): cost of the drive without the crew; classic problems: the distance.
    patterns, vehicles, needs
        See there.
    """

    weeks: int
    weekdays: int
    cycles_per_year: float
    grid_s: int
    halves_s: NDArray[np.int32]
    window_s: NDArray[np.int32]
    slot_ok: NDArray[np.bool_]
    slot_factor: NDArray[np.float64]
    pattern_ok: NDArray[np.bool_]
    must: NDArray[np.bool_]
    stay_s: NDArray[np.int32]
    served_share: NDArray[np.float64]
    load: NDArray[np.float64]
    vehicle_ok: NDArray[np.bool_]
    one_vehicle: bool
    travel_s: NDArray[np.int32] = field(repr=False)
    travel_m: NDArray[np.float64] = field(repr=False)
    drive_eur: NDArray[np.float64] = field(repr=False)
    patterns: Patterns = field(repr=False)
    vehicles: Vehicles = field(repr=False)
    needs: Needs = field(repr=False)

    @property
    def stops(self) -> int:
        """Number of stops."""
        return len(self.must)


@dataclass(frozen=True)
class Objective:
    """What a plan is for.

    Parameters
    ----------
    kind
        need: most ``point_eur * points - cost`` (cost per year without the fixed cost of vehicles, unless a budget is given); cover: the
        target first, then least cost; cost: least cost with all `must` stops served (classic problems).
    point_eur
        What a served case is worth, EUR.
    budget_eur
        Most cost per year, fixed cost of the vehicles used included; inf = none.
    cover_share
        Least share of the persons of the target groups that are near some pair of the target, in [0, 1]; 0 = no target.
    """

    kind: ObjectiveKind = "need"
    point_eur: float = 0.0
    budget_eur: float = float("inf")
    cover_share: float = 0.0


@dataclass(frozen=True)
class Decision:
    """A plan in numbers.

    Parameters
    ----------
    pattern
        int32 (stops,): pattern of each stop; -1 = not served.
    vehicle
        int32 (stops, parts): vehicle of each part of its pattern; parts = most parts of a pattern; -1 where there is none.
    start_s
        int32 (stops, parts): clock time at which the visit begins, the same in all weeks of the part; -1 where there is none.
    break_after
        int32 (vehicles, weekdays, weeks): stop after which the break of the day is taken, at that stop; -1 = no break.
    """

    pattern: NDArray[np.int32]
    vehicle: NDArray[np.int32]
    start_s: NDArray[np.int32]
    break_after: NDArray[np.int32]


@dataclass(frozen=True)
class Fault:
    """A rule that a plan breaks, with its numbers: stop, vehicle, weekday, week (-1 = none)."""

    rule: str
    stop: int = -1
    vehicle: int = -1
    day: int = -1
    week: int = -1
    detail: float = 0.0


@dataclass(frozen=True)
class Evaluation:
    """What a plan is worth, worked out from its numbers alone.

    Parameters
    ----------
    value
        Of the objective; more is better (kinds cover and cost: minus the cost).
    points
        Served cases per year after benefit of rhythm, preference, walk and capacity.
    points_possible
        The most that all stops at the best rhythm and hour could serve, ignoring vehicles.
    cost_eur
        Per year: drives, paid hours, days; with the fixed cost of the vehicles used in `fixed_eur`.
    fixed_eur
        Fixed cost of the vehicles used, per year.
    covered_share
        Persons of the target that are covered over those that could be.
    drive_s, drive_m, paid_s, wait_s
        Per cycle.
    served_by
        int32 (groups,): stop that serves the group best; -1 = none.
    group_points
        float64 (groups,): served cases per year.
    faults
        Rules that are broken; empty = the plan can be driven.
    """

    value: float
    points: float
    points_possible: float
    cost_eur: float
    fixed_eur: float
    covered_share: float
    drive_s: int
    drive_m: float
    paid_s: int
    wait_s: int
    served_by: NDArray[np.int32]
    group_points: NDArray[np.float64]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Solution:
    """A plan, its worth and how good it is.

    Parameters
    ----------
    decision
        None if no plan was found.
    value
        Of the objective.
    bound
        No plan is better: upper limit of `value`.
    gap
        (bound - value) / max(abs(bound), 1e-9).
    bound_rule
        How the bound was found: capacity (time of the vehicles), tours (least drives), columns (column generation), optimal.
    seconds, seed
        Time and seed of the search.
    status
        optimal, feasible, infeasible, none.
    """

    decision: Decision | None
    value: float
    bound: float
    gap: float
    bound_rule: str
    seconds: float
    seed: int
    status: str
