"""A decision is worth what docs/method/anchors.md says, and every broken rule is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.anchors.evaluate import Evaluator, evaluate, served_rows
from ankerort.anchors.problem import FIXED, MOVED, REMOVABLE, AnchorProblem, Decision, Limits, Objective
from worlds.anchor_line import Of, line_problem


def decide(problem: AnchorProblem, is_open: set[int], units: set[int] = frozenset()) -> Decision:
    """Decision from the numbers of open offers and chosen units."""
    return Decision(
        np.isin(np.arange(len(problem.offers)), list(is_open)), np.isin(np.arange(len(problem.units)), list(units))
    )


def rules(problem: AnchorProblem, decision: Decision, **limits: object) -> set[tuple[int, int, str]]:
    """Broken rules as (rule, number, detail)."""
    found = evaluate(problem, decision, Objective(), Limits(**limits)).faults  # type: ignore[arg-type]
    return {(fault.rule, fault.number, fault.detail) for fault in found}


def test_people_take_the_best_quality_and_catchments_the_closest() -> None:
    """Homes at 0, 1, 3 km (10, 20, 40 people); full offer at 0, half at 2 km, standard 2 km.

    0 km: only the full one reaches both ends: Q = 1, closest the full one (0 < 2 km). 1 km: both 1 km away, Q = 1, the smaller number (the full
    one) wins the tie. 3 km: only the half one: Q = 0.5. People 10 + 20 + 20 = 50 of 70; catchments 30 and 40.
    """
    problem = line_problem([0, 2], [0, 1, 3], [10, 20, 40], [Of(0, 0), Of(0, 1, quality=0.5)])
    out = evaluate(problem, decide(problem, {0, 1}, {0, 1}), Objective(), Limits())
    assert out.people == pytest.approx(50)
    assert out.people_possible == pytest.approx(70)
    assert out.catchment.tolist() == [30, 40]
    assert out.served.tolist() == [70]
    assert out.faults == ()


def test_a_second_offer_counts_at_another_site() -> None:
    """Backup counts half. Homes at 0, 2, 9 km (10, 20, 40 people), standard 2 km; offers at 0 km (1.0 and, in the same place, 0.8), 2 km (0.6), 9 km.

    0 km: best 1.0 at 0 km, second 0.6 at 2 km; the 0.8 at 0 km is no second site: 10 x (1 + 0.3) = 13. 2 km the same: 20 x 1.3 = 26.
    9 km: one offer alone: 40. Possible are 1.5 x 70. Two areas (0 and 2 km; 9 km): 39 of 45 and 40 of 60.
    """
    offers = [Of(0, 0), Of(0, 0, quality=0.8), Of(0, 1, quality=0.6), Of(0, 2)]
    problem = line_problem([0, 2, 9], [0, 2, 9], [10, 20, 40], offers, area=[0, 0, 1])
    backed = replace(problem, functions=(replace(problem.functions[0], backup_share=0.5),))
    out = evaluate(backed, decide(backed, {0, 1, 2, 3}, {0, 1, 2}), Objective(), Limits())
    assert out.people == pytest.approx(79)
    assert out.people_possible == pytest.approx(105)
    assert out.area_share.tolist() == pytest.approx([39 / 45, 40 / 60])
    assert out.worst == pytest.approx(2 / 3)
    assert out.served.tolist() == [70]
    assert evaluate(backed, decide(backed, {0, 1}, {0}), Objective(), Limits()).people == pytest.approx(30)


def test_a_second_offer_does_not_count_beside_a_limited_capacity() -> None:
    """Where some offer of the function has a limited capacity neither points nor possible points hold a second offer."""
    problem = line_problem([0, 2], [0], [10], [Of(0, 0), Of(0, 1, capacity=50)])
    backed = replace(problem, functions=(replace(problem.functions[0], backup_share=0.5),))
    out = evaluate(backed, decide(backed, {0, 1}, {0, 1}), Objective(), Limits())
    assert (out.people, out.people_possible) == (pytest.approx(10), pytest.approx(10))


@pytest.mark.parametrize("share", [-0.1, 1.01, float("nan")])
def test_a_second_offer_never_counts_more_than_the_first(share: float) -> None:
    """A share outside of 0 to 1 is refused with the function and the figure; the weight of a second offer follows that of the first."""
    function = line_problem([0], [0], [1], [Of(0, 0)], weights=[3.0]).functions[0]
    with pytest.raises(ValueError, match=r"function 'f0'.*at most as much"):
        replace(function, backup_share=share)
    assert replace(function, backup_share=0.5).backup_weight == pytest.approx(1.5)
    assert replace(function, backup_share=0.5, weight=2.0).backup_weight == pytest.approx(1.0)


def test_limited_capacity_sends_people_to_the_closest() -> None:
    """With a capacity of 20 at 2 km (quality 0.5, catchment 40 + 20 as the tie goes to the smaller number 0 there).

    Closest of 0 and 1 km is the offer at 0 (number 1) only for 0 km; 1 km is a tie and goes to number 0 at 2 km: catchment 60, share 20 / 60.
    People 10 + 60 x 0.5 / 3 = 20.
    """
    problem = line_problem([0, 2], [0, 1, 3], [10, 20, 40], [Of(0, 1, quality=0.5, capacity=20), Of(0, 0)])
    out = evaluate(problem, decide(problem, {0, 1}, {0, 1}), Objective(), Limits())
    assert out.catchment.tolist() == [60, 10]
    assert out.people == pytest.approx(20)


def test_minutes_are_saved_in_whole_steps_also_beyond_the_standard() -> None:
    """A FIXED offer at 0 km, a new one at 10 km; steps of 5 min; homes at 6 km (2 people) and 30 km (1 person, beyond the table of 25 km).

    6 km: 6 min rounds to 10 today, 4 min to 5 with the plan: saves 5 x 2. The table holds 6, 4 and 20 min (10 to 30 km).
    30 km: nothing today, so its largest time, 20; with the plan 20: saves 0. Minutes 10, weight 0.5: 5.
    """
    problem = line_problem(
        [0, 10], [6, 30], [2, 1], [Of(0, 0, FIXED), Of(0, 1)], table_km=25, minute_weight=0.5, step_s=300
    )
    out = evaluate(problem, decide(problem, {0, 1}, {1}), Objective(people=0, together=0, minutes=2), Limits())
    assert out.minutes == pytest.approx(5)
    assert out.value == pytest.approx(10)


def test_cost_counts_what_opens_and_closes_and_bundles_and_legal_gaps() -> None:
    """Opening for 100, closing a REMOVABLE of 30, a unit for 7, a bundle saves 20; 5 persons of the legal function are not served at 3 EUR each.

    Mid: 100 - 30 + 7 - 20 + 15 = 72; low 0.8 x 57 + 15 = 60.6; high 1.2 x 57 + 15 = 83.4. Nobody could reach the home at 50 km: it is not priced.
    """
    problem = line_problem(
        [0, 10],
        [0, 10, 50],
        [4, 5, 8],
        [Of(0, 0, cost=100), Of(0, 1, REMOVABLE, cost=30)],
        unit_cost=7,
        bundles=[(0, 20, 2.5, [[0]]), (1, 99, 99, [[1]])],
        legal=[True],
    )
    out = evaluate(problem, decide(problem, {0}, {0}), Objective(), Limits(legal="priced", legal_price_eur=3))
    assert out.cost_eur == pytest.approx([60.6, 72, 83.4])
    assert out.together == pytest.approx(2.5)
    assert out.bundles.tolist() == [True, False]
    assert rules(problem, decide(problem, {0}, {0}), legal="hard") == {(10, 0, "legal")}


def test_together_takes_the_highest_level_and_pairs_need_both_places() -> None:
    """Level 0 is worth 1, level 1 worth 3. A single unit of level 1 at 0 km and a pair (2, 3 km) of level 0, standard 2 km.

    1 km: reaches both units (3 km is 2 km away): 3. 4 km reaches 2 and 3 km: 1. 5 km reaches 3 km only: 0. 10 x 3 + 20 x 1 = 50; a home with
    weight 0 (outside) adds nothing.
    """
    problem = line_problem(
        [0, 2, 3],
        [1, 4, 5, 0],
        [10, 20, 40, 99],
        [],
        person_weight=[1, 1, 1, 0],
        units=[(1, 0, -1), (0, 1, 2)],
        together=[1.0, 3.0],
    )
    assert evaluate(problem, decide(problem, set(), {0, 1}), Objective(), Limits()).together == pytest.approx(50)


def test_worst_area_and_people_outside() -> None:
    """Area 0 has 10 of 10 served, area 1 20 of 80, area 2 only people outside (weight 0, no points): worst 0.25; they fill the catchment."""
    problem = line_problem(
        [0], [0, 1, 9, 1], [10, 20, 60, 5], [Of(0, 0)], person_weight=[1, 1, 1, 0], area=[0, 1, 1, 2]
    )
    out = evaluate(problem, decide(problem, {0}, {0}), Objective(worst=4), Limits(area_share=0.5))
    assert out.worst == pytest.approx(0.25)
    assert out.catchment.tolist() == [35]
    assert out.value == pytest.approx(30 + 1)
    assert out.served.tolist() == [30]
    assert [(f.rule, f.number, f.detail) for f in out.faults] == [(9, 1, "area")]


def test_viability_is_short_subsidised_or_a_fault() -> None:
    """Least catchment 50, catchment 30: 20 short. In the core at 2 EUR it costs 40; without a finite subsidy, or outside a core, a fault."""
    offers = [Of(0, 0, viable=50, subsidy=2)]
    core = line_problem([0], [0], [30], offers, core=[((0,), True)])
    out = evaluate(core, decide(core, {0}, {0}), Objective(), Limits())
    assert out.short.tolist() == [20]
    assert out.cost_eur.tolist() == [40, 40, 40]
    assert out.faults == ()
    bare = line_problem([0], [0], [30], offers)
    assert rules(bare, decide(bare, {0}, {0})) == {(11, 0, "viability")}
    assert rules(bare, decide(bare, {0}, {0}), viability=False) == set()
    assert evaluate(bare, decide(bare, {0}, {0}), Objective(), Limits(viability=False)).cost_eur.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("is_open", "units", "limits", "expected"),
    [
        (set(), set(), {}, {(1, 0, "closed_fixed")}),
        ({0, 1, 2}, {1}, {}, {(1, 2, "two_variants")}),
        ({0, 3, 4}, {2}, {}, {(2, 4, "origin_open")}),
        ({0, 4, 5}, {1, 2}, {}, {(2, 5, "two_moves")}),
        ({0, 6}, {1}, {}, {(3, 6, "host")}),
        ({0, 1, 6}, {1}, {}, set()),
        ({0, 2, 6}, {1}, {}, {(4, 1, "room_hours")}),
        ({0}, {1, 3}, {}, {(5, 1, "two_units")}),
        ({0}, {1, 2}, {"max_anchors": 1}, {(5, -1, "too_many")}),
        ({0}, set(), {"max_anchors": 1, "exactly": True}, {(5, -1, "too_few")}),
        ({0}, {1}, {"keep": (0,), "forbid": (1,)}, {(5, 0, "keep"), (5, 1, "forbid")}),
        ({0}, {1, 2}, {"spacing_m": 5000.0}, {(6, 1, "spacing")}),
        ({0}, {3}, {"spacing_m": 5000.0}, set()),
        ({0, 1}, set(), {}, {(7, 1, "not_in_anchor")}),
        ({0, 1}, set(), {"new_only_in_anchors": False}, set()),
        ({0, 1}, {1}, {"budget_eur": 5.0}, {(9, -1, "budget")}),
        ({0}, set(), {"min_people": 0.9}, {(9, -1, "min_people")}),
    ],
)
def test_each_rule_is_named(
    is_open: set[int], units: set[int], limits: dict[str, object], expected: set[tuple[int, int, str]]
) -> None:
    """Rules 1 to 7 and 9, one broken at a time, each with the offer, place or plan that it is about."""
    problem = line_problem(
        [0, 10, 12],
        [0, 10, 12],
        [10, 10, 10],
        [
            Of(0, 0, FIXED),
            Of(0, 1, cost=40),
            Of(0, 1, cost=10, hours=5),
            Of(1, 0, REMOVABLE, cost=30),
            Of(1, 2, MOVED, origin=3),
            Of(1, 1, MOVED, origin=3),
            Of(2, 1, host=0, hours=4),
        ],
        functions=3,
        units=[(0, 0, -1), (0, 1, -1), (0, 2, -1), (0, 1, 2)],
        room_hours=[9, 8, 9],
    )
    assert rules(problem, decide(problem, is_open, units), **limits) == expected


def test_core_items_are_held_in_either_place_of_a_pair() -> None:
    """Required: function 0 or 1, and function 2; optional: 3; at least 3 of them. A pair holds what either place holds."""
    problem = line_problem(
        [0, 1],
        [0],
        [10],
        [Of(1, 0, FIXED), Of(2, 1, FIXED), Of(3, 0)],
        functions=4,
        core=[((0, 1), True), ((2,), True), ((3,), False)],
        at_least=3,
        units=[(0, 0, -1), (0, 0, 1)],
    )
    assert rules(problem, decide(problem, {0, 1}, {0})) == {(8, 0, "core_item"), (8, 0, "core_count")}
    assert rules(problem, decide(problem, {0, 1}, {1})) == {(8, 1, "core_count")}
    assert rules(problem, decide(problem, {0, 1, 2}, {1})) == set()


def test_equals_a_plain_loop_on_random_decisions() -> None:
    """People, catchments, minutes and the worst area equal a loop over rows and offers, with and without capacities."""
    rng = np.random.default_rng(4)
    for case in range(30):
        places, homes = rng.uniform(0, 12, 5), rng.uniform(0, 12, 9)
        offers = [
            Of(
                int(rng.integers(2)),
                int(rng.integers(5)),
                int(rng.choice([FIXED, REMOVABLE, 2, MOVED])),
                quality=float(rng.choice([0.3, 0.6, 1.0])),
                capacity=float(rng.choice([20, np.inf])) if case % 2 else np.inf,
            )
            for _ in range(8)
        ]
        persons = rng.integers(0, 30, 9)
        problem = line_problem(
            places, homes, persons, offers, functions=2, weights=[1, 2], area=list(rng.integers(-1, 2, 9)), table_km=4
        )
        evaluator = Evaluator(problem, Objective(), Limits())
        for _ in range(4):
            is_open = rng.random(8) < 0.6
            out = evaluator.evaluate(Decision(is_open, np.zeros(len(problem.units), bool)))
            people, minutes, catchment, share = _slowly(problem, is_open)
            assert out.people == pytest.approx(people)
            assert out.minutes == pytest.approx(minutes)
            assert out.catchment == pytest.approx(catchment)
            assert out.worst == pytest.approx(share)


def _slowly(problem: AnchorProblem, is_open: np.ndarray) -> tuple[float, float, np.ndarray, float]:
    offers, demand = problem.offers, problem.demand
    catchment = np.zeros(len(offers))
    closest: dict[tuple[int, int], int] = {}
    best: dict[tuple[int, int], float] = {}
    minutes = 0.0
    for f, function in enumerate(problem.functions):
        travel = function.travel
        mine = [o for o in range(len(offers)) if offers.function[o] == f]

        def steps(i: int, which: list[int], travel=travel) -> float:
            times = [
                int(s)
                for o in which
                for r, s in zip(
                    travel.row[travel.site(offers.site[o])], travel.seconds[travel.site(offers.site[o])], strict=True
                )
                if r == i
            ]
            return float(np.ceil(min(times, default=int(travel.seconds.max())) / problem.step_s))

        for i in range(len(demand)):
            near = []
            for o in mine:
                part = travel.site(offers.site[o])
                for r, s, ok in zip(travel.row[part], travel.seconds[part], travel.within[part], strict=True):
                    if r == i and ok and is_open[o]:
                        near.append((int(s), o))
            if near and function.need[i] > 0:
                closest[f, i] = min(near)[1]
                best[f, i] = max(offers.quality[o] for _, o in near)
                catchment[closest[f, i]] += function.need[i]
            today = [o for o in mine if offers.state[o] in (FIXED, REMOVABLE)]
            saved = steps(i, today) - steps(i, [o for o in mine if is_open[o]])
            minutes += function.need[i] * function.weight * demand.weight[i] * saved * problem.step_s / 60
    points = np.zeros(len(demand))
    possible = np.zeros(len(demand))
    for f, function in enumerate(problem.functions):
        limited = np.isfinite(offers.capacity_persons[offers.function == f]).any()
        for i in range(len(demand)):
            a = function.need[i] * function.weight * demand.weight[i]
            possible[i] += a
            if (f, i) in closest:
                o = closest[f, i]
                share = min(1.0, offers.capacity_persons[o] / catchment[o])
                points[i] += a * (offers.quality[o] * share if limited else best[f, i])
    shares = [
        points[demand.area == k].sum() / possible[demand.area == k].sum()
        for k in range(2)
        if possible[demand.area == k].sum() > 0
    ]
    return float(points.sum()), minutes * problem.minute_weight, catchment, min(shares, default=1.0)


def test_served_rows_count_rows_without_need_too() -> None:
    """Rows within the standard of an open offer are served, whoever lives there."""
    problem = line_problem([0, 9], [0, 2, 9], [1, 0, 1], [Of(0, 0), Of(0, 1)])
    assert served_rows(problem, decide(problem, {0}), 0).tolist() == [True, True, False]
