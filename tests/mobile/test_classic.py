"""The classic periodic problem as a mobile problem."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from ankerort.mobile.classic import LEAST_DISTANCE, periodic
from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.problem import Decision, MobileProblem
from ankerort.mobile.solve import solve
from reference.mobile import check, empty_decision

World = tuple[NDArray[np.float64], list[list[int]], NDArray[np.float64]]


def _world(seed: int, *, customers: int = 6, days: int = 3) -> World:
    """Distances (depot last), sets of days, loads."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 100, (customers + 1, 2))
    sets = [
        [list(range(1, 1 << days)), [1 << k for k in range(days)], [(1 << days) - 1]][rng.integers(3)]
        for _ in range(customers)
    ]
    return np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)), sets, rng.integers(1, 5, customers).astype(float)


def _least(world: World, *, days: int, vehicles: int, capacity: float, longest: float) -> float:
    """Least distance by trying all sets of days, all splits of a day among the vehicles and all orders; inf = none."""
    distance, sets, load = world
    depot = len(distance) - 1

    def tour(those: tuple[int, ...]) -> float:
        if sum(load[c] for c in those) > capacity:
            return float("inf")
        ways = (
            sum(distance[a, b] for a, b in itertools.pairwise((depot, *order, depot)))
            for order in itertools.permutations(those)
        )
        best = min(ways) if those else 0.0
        return best if best <= longest else float("inf")

    tours: dict[tuple[int, ...], float] = {}
    day_best: dict[tuple[int, ...], float] = {}

    def day(those: tuple[int, ...]) -> float:
        if those not in day_best:
            best = float("inf")
            for split in itertools.product(range(vehicles), repeat=len(those)):
                total = 0.0
                for car in range(vehicles):
                    part = tuple(c for c, s in zip(those, split, strict=True) if s == car)
                    if part not in tours:
                        tours[part] = tour(part)
                    total += tours[part]
                best = min(best, total)
            day_best[those] = best
        return day_best[those]

    return min(
        sum(day(tuple(c for c, bits in enumerate(plan) if bits >> d & 1)) for d in range(days))
        for plan in itertools.product(*sets)
    )


def _problem(
    world: World, *, vehicles: int, capacity: float = float("inf"), longest: float = float("inf")
) -> MobileProblem:
    distance, sets, load = world
    return periodic(
        distance, depot=[len(sets)] * vehicles, days=3, day_sets=sets, load=load, capacity=capacity, longest=longest
    )


def _by_order(problem: MobileProblem, orders: dict[tuple[int, int], list[int]], chosen: list[int]) -> Decision:
    """A plan from the order of the customers of each (vehicle, day) and the set of days of each customer."""
    decision = empty_decision(problem)
    patterns = problem.patterns
    for (car, day), stops in orders.items():
        clock, before = 0, problem.stops
        for stop in stops:
            clock += int(problem.travel_s[0, before, stop])
            first = int(patterns.ptr[chosen[stop]])
            part = int(np.flatnonzero(patterns.day[first : patterns.ptr[chosen[stop] + 1]] == day)[0])
            decision.pattern[stop] = chosen[stop]
            decision.vehicle[stop, part], decision.start_s[stop, part] = car, clock
            clock, before = clock + int(problem.stay_s[stop, 0]), stop
    return decision


def test_the_value_of_a_plan_is_minus_its_distance() -> None:
    """Two customers on two days: evaluation and verifier tell the distance worked out by hand, and no fault."""
    xy = np.array([[3.0, 4.0], [3.0, 0.0], [0.0, 0.0]])
    distance = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    problem = periodic(distance, depot=[2], days=2, day_sets=[[3], [1, 2]], load=[1.0, 1.0])
    # Sets in ascending order: 1 = first day, 2 = second day, 3 = both.
    decision = _by_order(problem, {(0, 0): [0, 1], (0, 1): [0]}, [2, 0])
    seen, checked = evaluate(problem, decision, LEAST_DISTANCE), check(problem, decision, LEAST_DISTANCE)
    assert not seen.faults
    assert not checked.faults
    assert seen.value == pytest.approx(-(5 + 4 + 3 + 5 + 5))
    assert checked.value == pytest.approx(seen.value)


def test_capacity_and_longest_tour_are_rules() -> None:
    """The same tours break the capacity and the longest tour by a little, and keep them at exactly that much."""
    xy = np.array([[3.0, 4.0], [3.0, 0.0], [0.0, 0.0]])
    distance = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    for capacity, longest, rules in ((4.0, 14.0, set()), (3.9, 14.0, {"load"}), (4.0, 13.99, {"back", "tour"})):
        problem = periodic(
            distance, depot=[2], days=1, day_sets=[[1], [1]], load=2.0, capacity=capacity, longest=longest, service=1.0
        )
        decision = _by_order(problem, {(0, 0): [0, 1]}, [0, 0])
        assert {f.rule for f in evaluate(problem, decision, LEAST_DISTANCE).faults} - {"window"} == rules


@pytest.mark.parametrize("seed", range(12))
def test_the_least_distance_of_small_periods_is_found(seed: int) -> None:
    """Periods of six customers are solved to the least distance by trying all, with and without capacity and longest tour."""
    world = _world(seed)
    rng = np.random.default_rng(seed)
    vehicles = int(rng.integers(1, 3))
    capacity = float(rng.integers(6, 14)) if seed % 2 else float("inf")
    longest = float(rng.integers(220, 420)) if seed % 3 else float("inf")
    least = _least(world, days=3, vehicles=vehicles, capacity=capacity, longest=longest)
    problem = _problem(world, vehicles=vehicles, capacity=capacity, longest=longest)
    found = solve(problem, LEAST_DISTANCE, seed=1, seconds=2.0)
    if np.isinf(least):
        assert found.decision is None or check(problem, found.decision, LEAST_DISTANCE).faults
        return
    assert found.decision is not None
    checked = check(problem, found.decision, LEAST_DISTANCE)
    assert not checked.faults
    assert -checked.value == pytest.approx(least)
    assert found.bound >= -least - 1e-6


def test_a_second_depot_saves_its_way() -> None:
    """With a depot at each of two far groups of customers no vehicle drives from one to the other."""
    xy = np.array([[0.0, 1.0], [0.0, 2.0], [90.0, 1.0], [90.0, 2.0], [0.0, 0.0], [90.0, 0.0]])
    distance = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    problem = periodic(distance, depot=[4, 5], days=1, day_sets=[[1]] * 4, load=1.0)
    found = solve(problem, LEAST_DISTANCE, seed=1, seconds=2.0)
    assert found.value == pytest.approx(-8.0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day_sets": [[1], []]}, "customer 1"),
        ({"day_sets": [[1], [4]]}, "customer 1"),
        ({"day_sets": [[0], [1]]}, "customer 0"),
        ({"depot": []}, "depot"),
        ({"depot": [0]}, "depot"),
        ({"distance": np.zeros((2, 2))}, "distances"),
        ({"distance": np.full((3, 3), 1e12)}, "too great"),
    ],
)
def test_what_is_no_periodic_problem_is_refused(change: dict[str, object], said: str) -> None:
    """Sets of days that do not fit the period, missing depots and wrong shapes raise a ValueError that names them."""
    given: dict[str, object] = {
        "distance": np.ones((3, 3)),
        "depot": [2],
        "days": 2,
        "day_sets": [[1], [2]],
        "load": 1.0,
    }
    with pytest.raises(ValueError, match=said):
        periodic(**(given | change))  # type: ignore[arg-type]
