"""Nothing is dropped that a best plan needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.anchors.complete import catchments
from ankerort.anchors.problem import FIXED, NEW, AnchorProblem
from ankerort.anchors.reduce import potential_persons, reduced
from reference.anchors import Reference
from worlds.anchors import random_problem


def _twice(problem: AnchorProblem, offer: int, **changes: float) -> AnchorProblem:
    """The problem with a copy of an offer at its end."""
    columns = {n: np.append(getattr(problem.offers, n), getattr(problem.offers, n)[offer]) for n in
               ("function", "site", "place", "variant", "state", "origin", "quality", "viable_persons", "subsidy_eur",
                "capacity_persons", "decides", "host", "room_hours")}  # fmt: skip
    cost = np.vstack((problem.offers.cost_eur, problem.offers.cost_eur[offer]))
    for name, value in changes.items():
        if name == "cost":
            cost[-1] = value
        else:
            columns[name][-1] = value
    return replace(problem, offers=replace(problem.offers, cost_eur=cost, **columns))


@pytest.mark.parametrize("seed", range(20))
def test_no_catchment_is_greater_than_the_potential(seed: int) -> None:
    """Rule: whatever is open, C_o is at most the potential of the offer."""
    problem, _, _ = random_problem(seed, rows=30, features={"removable", "moved", "variants"})
    most = potential_persons(problem)
    rng = np.random.default_rng(seed)
    for _ in range(5):
        is_open = (rng.random(len(problem.offers)) < 0.3) | (problem.offers.state == FIXED)
        assert (catchments(problem, is_open) <= most + 1e-9).all()


@pytest.mark.parametrize("seed", range(10))
def test_the_potential_of_a_lone_offer_is_its_catchment_next_to_the_fixed_ones(seed: int) -> None:
    """Rule: the potential is reached where only the FIXED offers are open besides."""
    problem, objective, limits = random_problem(seed, rows=30)
    world = Reference(problem, objective, limits)
    most = potential_persons(problem)
    for o in range(len(problem.offers)):
        f = int(problem.offers.function[o])
        fixed = {k for k in world.offers_of[f] if problem.offers.state[k] == FIXED}
        assert world.part(f, frozenset(fixed | {o})).catchment[o] == pytest.approx(most[o])


def test_a_dearer_copy_is_dominated_and_the_cheaper_one_stands_for_it() -> None:
    """Rule: of two NEW offers that differ in cost only, the cheaper one remains; of two equal ones the first."""
    problem, _, limits = random_problem(2, features={"new_anywhere"})
    new = int(np.flatnonzero(problem.offers.state == NEW)[0])
    dear = reduced(_twice(problem, new, cost=1e6), limits)
    assert not dear.offers[-1] and dear.instead[-1] == new and dear.offers[new]
    equal = reduced(_twice(problem, new), limits)
    assert not equal.offers[-1] and equal.instead[-1] == new


@pytest.mark.parametrize(
    "better", [{"quality": 0.99}, {"cost": -1.0}, {"viable_persons": -1.0}, {"subsidy_eur": 0.5}, {"room_hours": -1.0}]
)
def test_a_copy_that_is_better_in_one_thing_remains(better: dict[str, float]) -> None:
    """Rule: an offer is dominated only by one that is nowhere worse."""
    problem, _, limits = random_problem(2, features={"new_anywhere"})
    new = int(np.flatnonzero(problem.offers.state == NEW)[0])
    lesser = _twice(_twice(problem, new, quality=0.5, cost=10.0), new, **({"quality": 0.4, "cost": 20.0} | better))
    first = len(problem.offers)
    keep = replace(
        lesser, offers=replace(lesser.offers, quality=np.where(np.arange(first + 2) == new, 0.1, lesser.offers.quality))
    )
    assert reduced(keep, limits).offers[-1]


def test_an_offer_that_can_never_live_is_dropped_unless_a_subsidy_may_help() -> None:
    """Rule: potential below the least catchment closes an offer for good, except where its function is in a core and a price stands."""
    problem, _, limits = random_problem(4, features={"cores", "viability", "subsidy"})
    offers = problem.offers
    starved = np.where(offers.state == NEW, potential_persons(problem) + 1.0, 0.0)
    priced = replace(problem, offers=replace(offers, viable_persons=starved, subsidy_eur=np.ones(len(offers))))
    unpriced = replace(
        problem, offers=replace(offers, viable_persons=starved, subsidy_eur=np.full(len(offers), np.inf))
    )
    assert not reduced(unpriced, limits).offers[offers.state == NEW].any()
    in_core = {f for level in problem.levels for slot in level.core for f in slot.functions}
    left = reduced(priced, limits).offers
    assert left.any()
    assert {int(f) for f in offers.function[left & (offers.state == NEW)]} <= in_core
    assert reduced(unpriced, replace(limits, viability=False)).offers.any()


def test_units_of_forbidden_places_are_dropped_with_the_offers_there() -> None:
    """Rule: no unit with a forbidden place, and no new offer there where new ones stand in anchors only."""
    problem, _, limits = random_problem(6, features={"forbid", "pairs"})
    barred = limits.forbid[0]
    left = reduced(problem, limits)
    touches = (problem.units.first == barred) | (problem.units.second == barred)
    assert not left.units[touches].any() and left.units[~touches].all()
    assert not left.offers[(problem.offers.place == barred) & (problem.offers.state == NEW)].any()
    anywhere = reduced(problem, replace(limits, new_only_in_anchors=False))
    assert anywhere.offers[(problem.offers.place == barred) & (problem.offers.state == NEW)].any()
