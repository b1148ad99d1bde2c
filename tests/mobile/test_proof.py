"""The planner against the verifier and the brute force of tests/reference/mobile.py, which share no code with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.evaluate import evaluate
from ankerort.mobile.hand_rule import hand_rule
from ankerort.mobile.problem import Decision, Evaluation, MobileProblem, Objective
from ankerort.mobile.solve import solve
from reference.mobile import Checked, brute_force, check, empty_decision
from worlds.mobile import (
    FEATURES,
    STREETS,
    make_patterns,
    random_decision,
    random_features,
    rural,
    tiny,
    tiny_objective,
)

NAMES = {"order": "overlap", "no_way": "way", "capacity": "load", "drive_block": "drive"}
BY_STOP = {"window", "slot", "grid", "vehicle", "must", "pattern", "one_vehicle"}
NUMBERS = ("value", "points", "cost_eur", "fixed_eur", "covered_share", "drive_s", "drive_m", "paid_s", "wait_s")

Told = set[tuple[str, int, int, int, int]]


def _told(faults: list[tuple[str, int, int, int, int]]) -> Told:
    """Faults by the planner's names; the stop counts only in rules of single visits."""
    out: Told = set()
    for rule, stop, vehicle, day, week in faults:
        name = "break" if rule.startswith("break") else NAMES.get(rule, rule)
        out.add((name, stop if name in BY_STOP else -1, vehicle, day, week))
    # On a day without a way, or with a wrong break, the clock times of what follows mean nothing.
    for name in ("way", "break"):
        days = {f[2:] for f in out if f[0] == name and f[4] >= 0}
        out = {f for f in out if f[2:] not in days or f[0] == name}
    if any(f[0] in ("way", "break") for f in out):
        out = {f for f in out if f[0] != "budget"}
    return out


def _same(seen: Evaluation, checked: Checked) -> None:
    mine = _told([(f.rule, f.stop, f.vehicle, f.day, f.week) for f in seen.faults])
    theirs = _told(list(checked.faults))
    assert mine == theirs
    if any(f[0] in ("way", "break", "window") for f in theirs):
        return
    for name in NUMBERS:
        assert getattr(seen, name) == pytest.approx(getattr(checked, name), rel=1e-9, abs=1e-6), name
    assert tuple(seen.served_by.tolist()) == checked.served_by
    assert np.allclose(seen.group_points, checked.group_points)


def _case(seed: int, **features: bool) -> tuple[MobileProblem, Objective]:
    problem = tiny(seed, **features)
    return problem, tiny_objective(seed, problem, **features)


@pytest.mark.parametrize("feature", FEATURES)
def test_evaluation_tells_what_the_verifier_tells(feature: str) -> None:
    """Broken rules, value, cost, times and serving stops of random decisions are the same by two independent codes, each rule in turn."""
    clean = 0
    for seed in range(6):
        problem, objective = _case(seed, **{feature: True})
        rng = np.random.default_rng(seed)
        for turn in range(12):
            decision = random_decision(problem, rng, wild=0.2 if turn % 2 else 0.02)
            checked = check(problem, decision, objective)
            _same(evaluate(problem, decision, objective), checked)
            clean += not checked.faults
    assert clean, "none of the decisions keeps all rules: the comparison says nothing"


def test_evaluation_tells_what_the_verifier_tells_with_all_rules_mixed() -> None:
    """The same with several rules at once; every rule of the page is broken by some decision."""
    broken: set[str] = set()
    for seed in range(150):
        features = random_features(seed)
        problem, objective = _case(seed, **features)
        rng = np.random.default_rng(seed)
        for turn in range(6):
            decision = random_decision(problem, rng, wild=0.2 if turn % 2 else 0.02)
            checked = check(problem, decision, objective)
            _same(evaluate(problem, decision, objective), checked)
            broken |= {name for name, *_ in _told(list(checked.faults))}
    assert broken == {
        "window", "slot", "grid", "overlap", "leave", "back", "tour", "break", "drive", "range", "load", "vehicle", "way", "must",
        "pattern", "one_vehicle", "budget", "cover",
    }  # fmt: skip


def test_the_best_plan_of_the_brute_force_keeps_all_rules() -> None:
    """Verifier and planner's evaluation both find no fault in the best plan by brute force, and its value."""
    found = 0
    for seed in range(25):
        problem, objective = _case(seed, **random_features(seed))
        best = brute_force(problem, objective)
        if best is None:
            continue
        found += 1
        checked = check(problem, best[1], objective)
        seen = evaluate(problem, best[1], objective)
        assert not checked.faults
        assert not seen.faults
        assert checked.value == pytest.approx(best[0])
        assert seen.value == pytest.approx(best[0])
    assert found > 15


def test_a_random_plan_is_never_better_than_the_brute_force() -> None:
    """Random decisions without faults have no greater value than the best plan; where there is none, all have faults."""
    compared = 0
    for seed in range(25):
        problem, objective = _case(seed, **random_features(seed))
        best = brute_force(problem, objective)
        rng = np.random.default_rng(seed)
        plans = [random_decision(problem, rng, wild=0.0) for _ in range(30)] + [empty_decision(problem)]
        for decision in plans:
            checked = check(problem, decision, objective)
            if checked.faults:
                continue
            compared += 1
            assert best is not None
            assert checked.value <= best[0] + 1e-6
    assert compared > 60


def _solved(seed: int, **features: bool) -> int:
    """Compare planner, bound and plan by hand with the brute force; 1 if there is a plan."""
    problem, objective = _case(seed, **features)
    best = brute_force(problem, objective)
    found = solve(problem, objective, seed=1, seconds=0.6)
    by_hand = check(problem, hand_rule(problem, objective), objective)
    assert by_hand.rules <= {"must", "cover", "budget"}
    if best is None:
        assert found.decision is None or check(problem, found.decision, objective).faults
        assert found.status in ("infeasible", "none")
        assert by_hand.faults
        return 0
    slack = 1e-6 * max(1.0, abs(best[0]))
    assert found.decision is not None
    checked = check(problem, found.decision, objective)
    assert not checked.faults
    assert found.value == pytest.approx(checked.value)
    assert checked.value == pytest.approx(best[0], rel=1e-9, abs=1e-6)
    assert found.bound >= best[0] - slack
    assert by_hand.faults or by_hand.value <= best[0] + slack
    return 1


@pytest.mark.parametrize("feature", STREETS)
def test_the_best_plan_is_found_with_each_rule(feature: str) -> None:
    """Plan and value of the planner are those of the brute force; its bound is never below them, the plan by hand never above."""
    assert _solved(3, **{feature: True}) + _solved(8, **{feature: True}), (
        "neither world has a plan: the test says nothing"
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_best_plan_is_found_with_rules_mixed(seed: int) -> None:
    """The same with two to seven rules at once."""
    _solved(seed, **random_features(seed, among=STREETS))


def test_stops_that_pay_only_together_are_found() -> None:
    """Two far stops of which each costs more than it brings, but both by one tour do not, are served."""
    problem, objective = _case(303, kinds=True)
    best = brute_force(problem, objective)
    assert best is not None
    served = np.flatnonzero(best[1].pattern >= 0)
    assert len(served) == 2
    for stop in served:
        alone = replace(problem, pattern_ok=problem.pattern_ok & (np.arange(problem.stops) == stop)[:, None])
        only = brute_force(alone, objective)
        assert only is not None
        assert only[0] == 0.0
    assert solve(problem, objective, seed=1, seconds=0.6).value == pytest.approx(best[0])


def test_a_rural_plan_keeps_all_rules_and_is_better_than_by_hand() -> None:
    """Thirty villages, two vehicles, four weeks, breaks, half-days and hours: the verifier finds no fault, and the plan by hand is worth less."""
    problem = rural(1, stops=30)
    objective = Objective(kind="need", point_eur=8.0)
    found = solve(problem, objective, seed=1, seconds=3.0)
    assert found.decision is not None
    checked = check(problem, found.decision, objective)
    assert not checked.faults
    assert (found.decision.pattern >= 0).sum() > 10
    assert (found.decision.break_after >= 0).any()
    assert found.value == pytest.approx(checked.value)
    assert found.bound >= found.value
    served = np.flatnonzero(found.decision.pattern >= 0)
    rhythm = problem.patterns.rhythm[found.decision.pattern[served]]
    by_hand = check(
        problem,
        hand_rule(problem, objective, serve=list(zip(served.tolist(), rhythm.tolist(), strict=True))),
        objective,
    )
    assert by_hand.rules <= {"must", "cover", "budget"}
    assert by_hand.value < checked.value


def _two_visits(problem: MobileProblem, first_s: int, second_s: int, after: int = -1) -> Decision:
    decision = empty_decision(problem)
    for stop, start in ((0, first_s), (1, second_s)):
        decision.pattern[stop], decision.vehicle[stop, 0], decision.start_s[stop, 0] = 0, 0, start
    decision.break_after[0, 0, 0] = after
    return decision


def _line() -> MobileProblem:
    """Depot and two stops on a line, 1,000 s and 20 km from one to the next; one day; work of more than 2 h needs half an hour of break."""
    problem = tiny(1, stops=3, vehicles=1)
    count = len(problem.needs.group)
    at = np.array([1, 2, 3, 0])
    steps = np.abs(at[:, None] - at[None])
    vehicles = {
        name: np.array([number])
        for name, number in {
            "leave_from_s": 6 * 3600, "back_until_s": 15 * 3600, "tour_max_s": 9 * 3600, "drive_max_s": 9 * 3600,
            "drive_before_break_s": 9 * 3600, "work_before_break_s": 2 * 3600, "break_s": 1800, "long_work_s": 9 * 3600,
            "long_break_s": 2700, "break_from_s": 0, "break_until_s": 86_400, "paid_extra_s": 600, "eur_per_h": 36.0, "eur_per_day": 5.0,
        }.items()
    }  # fmt: skip
    return replace(
        problem,
        weeks=1,
        cycles_per_year=52.0,
        grid_s=900,
        pattern_ok=np.ones((3, 2), bool),
        stay_s=np.full((3, 1), 3600, np.int32),
        travel_s=(1000 * steps).astype(np.int32)[None],
        travel_m=20_000.0 * steps[None],
        drive_eur=10.0 * steps[None],
        patterns=make_patterns([(0, [(0, 1)]), (0, [(1, 1)])]),
        vehicles=replace(problem.vehicles, **vehicles),
        needs=replace(
            problem.needs,
            benefit=np.ones((2, 1)),
            target_rhythm=np.ones(1, bool),
            target=np.zeros(count, bool),
        ),
        served_share=np.ones((3, 1)),
        load=np.zeros((3, 1)),
    )


def test_a_day_by_hand() -> None:
    """Two visits of an hour each: paid time, waiting, break and cost are those worked out by hand."""
    problem, objective = _line(), Objective(kind="cost")
    # Leave 7:43:20, 8:00-9:00, 1,000 s of driving and 1,700 s of waiting, 9:45-10:45, back 11:18:20: 12,900 s, work 13,500 s > 2 h.
    without = check(problem, _two_visits(problem, 28_800, 35_100), objective)
    assert without.rules == {"break_missing"}
    after_last = check(problem, _two_visits(problem, 28_800, 35_100, after=1), objective)
    assert not after_last.faults
    assert (after_last.drive_s, after_last.drive_m, after_last.paid_s, after_last.wait_s) == (
        4000,
        80_000.0,
        13_500,
        1700,
    )
    # 40 EUR of driving, 3.75 h of 36 EUR, 5 EUR of the day, 52 times.
    assert after_last.value == pytest.approx(-52 * (40 + 135 + 5))
    # Between the visits only 1,700 s are left for 1,800 s of break.
    between = check(problem, _two_visits(problem, 28_800, 35_100, after=0), objective)
    assert between.rules == {"order"}
    later = check(problem, _two_visits(problem, 28_800, 36_000, after=0), objective)
    assert not later.faults
    assert (later.paid_s, later.wait_s) == (13_500 + 900 - 1800, 800)
    for decision in (_two_visits(problem, 28_800, 35_100, after=k) for k in (-1, 0, 1)):
        _same(evaluate(problem, decision, objective), check(problem, decision, objective))


def test_an_empty_plan_serves_nobody_and_costs_nothing() -> None:
    """Without visits there are no points and no cost, and only stops that must be served are missing."""
    problem = replace(tiny(1, stops=3, vehicles=1), must=np.array([True, False, False]))
    checked = check(problem, empty_decision(problem), Objective(kind="need", point_eur=1.0))
    assert checked.rules == {"must"}
    assert (checked.value, checked.points, checked.cost_eur, checked.fixed_eur) == (0.0, 0.0, 0.0, 0.0)
