"""The classic periodic vehicle routing problem as a mobile problem: search, evaluation and bound are those of the mobile services.

Every customer has sets of days of which one is chosen; each day's customers are visited by vehicles with a capacity and a longest tour, so that
all days together have the least distance (docs/method/mobile-classic.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ankerort.mobile.problem import MobileProblem, Needs, Objective, Patterns, Vehicles

LEAST_DISTANCE: Final = Objective(kind="cost")
"""What a classic periodic problem asks for; the value of a plan is minus its distance."""

_PER_UNIT: Final = 1000


def periodic(
    distance: ArrayLike,
    *,
    depot: Sequence[int],
    days: int,
    day_sets: Sequence[Sequence[int]],
    load: ArrayLike,
    capacity: float = float("inf"),
    service: ArrayLike = 0.0,
    longest: float = float("inf"),
) -> MobileProblem:
    """A periodic vehicle routing problem; with several depots it is the multi-depot one.

    Parameters
    ----------
    distance
        Shape (nodes, nodes), also the driving time; customers first, then depots.
    depot
        Node of the depot of each vehicle; every vehicle may drive each day.
    days
        Length of the period.
    day_sets
        Per customer: the sets of days that may be chosen, as bits, bit 0 = first day.
    load
        Shape (customers,) or a number: what each visit takes.
    capacity
        Of each vehicle and day.
    service
        Shape (customers,) or a number: length of a visit, in the unit of the distance.
    longest
        Longest tour (distance and service), inf = any.

    Returns
    -------
    MobileProblem
        With one week of `days` days. Solved with `LEAST_DISTANCE`, its value is minus the distance of the period. Where `longest` is given times are
        rounded up to thousandths of the unit, so that no tour is too long; the distance itself is not rounded.

    Raises
    ------
    ValueError
        A customer has no set of days, a set with other days than those of the period or with none, or shapes do not fit.

    Notes
    -----
    Christofides, Beasley (1984): The period routing problem. Networks 14(2). Cordeau, Gendreau, Laporte (1997): A tabu search heuristic
    for periodic and multi-depot vehicle routing problems. Networks 30(2).
    """
    metres = np.asarray(distance, dtype=np.float64)
    customers, cars = len(day_sets), len(depot)
    if metres.ndim != 2 or metres.shape[0] != metres.shape[1] or len(metres) <= customers:
        raise ValueError("distances need the shape (nodes, nodes), and a depot after the customers")
    if not cars or not all(customers <= node < len(metres) for node in depot):
        raise ValueError("each vehicle needs a depot, which stands after the customers")
    for number, sets in enumerate(day_sets):
        if not sets or not all(0 < bits < 1 << days for bits in sets):
            raise ValueError(f"customer {number} needs sets of days of the period, none of them empty")
    loads = np.broadcast_to(np.asarray(load, dtype=np.float64), customers)
    stays = np.broadcast_to(np.asarray(service, dtype=np.float64), customers)

    known = sorted({bits for sets in day_sets for bits in sets})
    number_of = {bits: k for k, bits in enumerate(known)}
    allowed = np.zeros((customers, len(known)), dtype=bool)
    for customer, sets in enumerate(day_sets):
        allowed[customer, [number_of[bits] for bits in sets]] = True

    # Clock times are whole numbers. Without a longest tour they decide nothing and only put the visits in order.
    scale = _PER_UNIT if np.isfinite(longest) else 1
    travel = np.ceil(metres * scale - 1e-9).astype(np.int64)
    stay = np.ceil(stays * scale - 1e-9).astype(np.int64)
    day_end = (
        int(longest * scale) if np.isfinite(longest) else int(travel.max(axis=1).sum() + stay.sum() + travel.max())
    )
    if day_end > np.iinfo(np.int32).max // 4:
        raise ValueError("distances are too great; use a larger unit")
    return MobileProblem(
        weeks=1,
        weekdays=days,
        cycles_per_year=1.0,
        grid_s=1,
        halves_s=np.array([[0, day_end]], dtype=np.int32),
        window_s=np.tile(np.array([0, day_end], dtype=np.int32), (customers, 1, 1)),
        slot_ok=np.ones((customers, days, 1), dtype=bool),
        slot_factor=np.ones((customers, days, 1)),
        pattern_ok=allowed,
        must=np.ones(customers, dtype=bool),
        stay_s=stay.astype(np.int32)[:, None],
        served_share=np.ones((customers, 1)),
        load=loads[:, None].copy(),
        vehicle_ok=np.ones((cars, customers), dtype=bool),
        one_vehicle=False,
        travel_s=travel.astype(np.int32)[None],
        travel_m=metres[None],
        drive_eur=metres[None],
        patterns=_patterns(known, days),
        vehicles=_vehicles(np.asarray(depot, dtype=np.int32), day_end, capacity),
        needs=_no_needs(customers, days),
    )


def _patterns(known: list[int], days: int) -> Patterns:
    """One pattern per set of days, one part per day; the cycle has one week."""
    of_set = [[day for day in range(days) if bits >> day & 1] for bits in known]
    flat = [day for those in of_set for day in those]
    return Patterns(
        rhythm=np.zeros(len(known), dtype=np.int16),
        ptr=np.concatenate(([0], np.cumsum([len(those) for those in of_set]))).astype(np.int32),
        day=np.array(flat, dtype=np.int16),
        weeks=np.ones(len(flat), dtype=np.int32),
    )


def _vehicles(depot: NDArray[np.int32], day_end: int, capacity: float) -> Vehicles:
    """Vehicles that cost nothing but their way and rest when they like."""
    cars = len(depot)

    def all_alike(value: int) -> NDArray[np.int32]:
        return np.full(cars, value, dtype=np.int32)

    never, nothing = all_alike(day_end + 1), np.zeros(cars)
    return Vehicles(
        kind=np.zeros(cars, dtype=np.int16),
        depot=depot,
        leave_from_s=all_alike(0),
        back_until_s=all_alike(day_end),
        tour_max_s=all_alike(day_end),
        drive_max_s=all_alike(day_end),
        drive_before_break_s=all_alike(day_end),
        work_before_break_s=never,
        break_s=all_alike(0),
        long_work_s=never,
        long_break_s=all_alike(0),
        break_from_s=all_alike(0),
        break_until_s=all_alike(day_end),
        range_m=np.full(cars, np.inf),
        capacity=np.full(cars, capacity),
        paid_extra_s=all_alike(0),
        eur_per_h=nothing,
        eur_per_day=nothing,
        eur_per_year=nothing,
    )


def _no_needs(customers: int, days: int) -> Needs:
    """Nobody: all customers must be visited anyway."""
    return Needs(
        points=np.zeros(0),
        persons=np.zeros(0),
        kind=np.zeros(0, dtype=np.int32),
        benefit=np.ones((1, 1)),
        preference=np.ones((1, days, 1)),
        ptr=np.zeros(customers + 1, dtype=np.int64),
        group=np.zeros(0, dtype=np.int32),
        factor=np.zeros(0),
        target=np.zeros(0, dtype=bool),
        target_group=np.zeros(0, dtype=bool),
        target_rhythm=np.ones(1, dtype=bool),
    )
