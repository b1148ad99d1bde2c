"""What vehicles and candidates allow: who lives too far, how many vehicles a target needs, the most that can be covered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.feasible import coverable, coverage_problem, far_places, kept, least_vehicles, most_covered
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.problem import Objective
from ankerort.mobile_desk import with_vehicles
from worlds.mobile_planned import HOUR, decision, prepared, region, solution


def _everybody_near(hours: float = 8.0, vehicles: int = 1) -> Prepared:
    """All three places can be covered weekly only; a vehicle has so many hours on one day of the week."""
    base = prepared()
    problem = base.problem
    needs = replace(
        problem.needs, ptr=np.array([0, 1, 2, 3], np.int64), group=np.array([0, 1, 2], np.int32), factor=np.ones(3),
        target=np.ones(3, bool), target_rhythm=np.array([True, False]),
    )  # fmt: skip
    slot = np.zeros_like(problem.slot_ok)
    slot[:, 1] = True
    cars = {name: np.repeat(getattr(problem.vehicles, name), vehicles) for name in problem.vehicles.__dict__}
    cars["tour_max_s"] = np.full(vehicles, round(hours * HOUR), np.int32)
    return replace(
        base,
        problem=replace(
            problem, needs=needs, slot_ok=slot, vehicles=replace(problem.vehicles, **cars),
            vehicle_ok=np.ones((vehicles, 3), bool),
        ),
        objective=Objective("cover", 40.0, float("inf"), 1.0),
    )  # fmt: skip


def test_those_who_live_far_from_every_candidate_are_named() -> None:
    """Only Adorf and Bdorf have a pair of the target: 20 of 60 can be covered, the 40 of Cstadt are named."""
    found = coverable(prepared(), region())
    assert (found.persons, found.near) == (60.0, 20.0)
    assert found.share == pytest.approx(1 / 3)
    assert far_places(found) == "Cstadt"
    assert found.far["persons"].tolist() == [40.0]


def test_a_rhythm_that_is_too_rare_covers_nobody() -> None:
    """A candidate that can only be served more rarely than the target asks is as good as none."""
    base = _everybody_near()
    rare = base.problem.pattern_ok.copy()
    rare[2, :5] = False
    found = coverable(replace(base, problem=replace(base.problem, pattern_ok=rare)), region())
    assert found.share == pytest.approx(20 / 60)


def test_points_of_the_coverage_problem_are_covered_persons() -> None:
    """A plan's points there are the persons of the target whom it covers often enough; a pair that is no pair of the target counts nothing."""
    base = _everybody_near()
    found = evaluate(coverage_problem(base.problem), decision(), Objective("need", 1.0))
    assert found.points == pytest.approx(10.0)  # Adorf weekly; Bdorf fortnightly is too rare
    no_target = replace(base.problem, needs=replace(base.problem.needs, target=np.array([False, True, True])))
    assert evaluate(coverage_problem(no_target), decision(), Objective("need", 1.0)).points == 0.0


def test_the_most_that_a_short_shift_covers_leaves_the_smaller_place_out() -> None:
    """With 2 h 30 min a day the van reaches two of three places beside a stay of an hour each: Cstadt (40) and Bdorf or Adorf (10)."""
    share, _ = most_covered(_everybody_near(hours=2.5), seed=1, seconds=5.0)
    assert share == pytest.approx(50 / 60)
    share, _ = most_covered(_everybody_near(hours=8.0), seed=1, seconds=5.0)
    assert share == pytest.approx(1.0)


def test_the_fewest_vehicles_are_found_one_after_the_other() -> None:
    """What one vehicle cannot reach in its short shift two can; where no number suffices the last try is returned and breaks the target."""
    two = _everybody_near(hours=2.5, vehicles=3)
    tried: list[int] = []

    def prepare_for(count: int) -> Prepared:
        tried.append(count)
        return with_vehicles(two, count)

    chosen, found, count = least_vehicles(prepare_for, most=3, seconds=5.0)
    assert (count, tried) == (2, [1, 2])
    assert chosen.problem.vehicles.count == 2
    assert chosen.problem.vehicle_ok.shape == (2, 3)
    assert kept(chosen, found)
    never = _everybody_near(hours=1.2, vehicles=2)
    chosen, found, count = least_vehicles(lambda c: with_vehicles(never, c), most=2, seconds=3.0)
    assert count == 2
    assert not kept(chosen, found)


def test_a_plan_that_breaks_a_rule_is_none() -> None:
    """The plan of the three places keeps all rules of its problem; with a target beyond it it does not."""
    assert kept(prepared(), solution())
    assert not kept(replace(_everybody_near(), objective=Objective("cover", 40.0, float("inf"), 1.0)), solution())
    assert not kept(prepared(), replace(solution(), decision=None))
