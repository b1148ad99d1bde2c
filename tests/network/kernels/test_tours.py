"""Clock times of a weekday: common to all weeks, as late as is free, with breaks where the work demands them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.evaluate import day_tours, evaluate
from ankerort.mobile.problem import Decision, MobileProblem
from ankerort.mobile.state import decision_of, empty_decision, plan_of, tour_data
from worlds.mobile_small import HOUR, NEED, small_world


def _line(minutes: list[int], *, stay_min: int = 30, **crew: int) -> MobileProblem:
    """Stops on a road that begins at the depot; `minutes` of driving from the depot to each; one vehicle, one weekday, four weeks."""
    problem = small_world(1, stops=len(minutes), vehicles=1, weekdays=1, plain=True)
    place = np.array([*minutes, 0])
    seconds = (60 * np.abs(place[:, None] - place[None])).astype(np.int32)
    crews = replace(problem.vehicles, **{name: np.array([value], np.int32) for name, value in crew.items()})
    return replace(
        problem,
        travel_s=seconds[None],
        travel_m=seconds[None] * 15.0,
        drive_eur=seconds[None] * 0.01,
        stay_s=np.full_like(problem.stay_s, 60 * stay_min),
        vehicles=crews,
    )


def _planned(problem: MobileProblem, weeks: list[int]) -> Decision:
    """The stops in their order, each in these weeks, with the clock times that the kernel finds."""
    patterns = problem.patterns
    decision = empty_decision(problem)
    for stop, mask in enumerate(weeks):
        decision.pattern[stop] = int(np.flatnonzero(patterns.weeks[patterns.ptr[:-1]] == mask)[0])
        decision.vehicle[stop, 0] = 0
        decision.start_s[stop, 0] = 9 * HOUR + stop
    planned = decision_of(problem, plan_of(problem, tour_data(problem, NEED), decision))
    assert not evaluate(problem, planned, NEED).faults
    return planned


def test_a_clock_time_suits_the_week_that_arrives_last() -> None:
    """A stop that is visited in all weeks begins when the fullest week arrives; where the vehicle waits, the day begins later."""
    problem = _line([15, 30, 45])
    planned = _planned(problem, [0b0101, 0b1111, 0b1111])
    starts = planned.start_s[:, 0]
    assert starts[1] >= starts[0] + 30 * 60 + 15 * 60
    assert starts[2] == starts[1] + 45 * 60
    leave = {tour.week: tour.leave_s for tour in day_tours(problem, planned)}
    assert leave[1] == leave[3] == starts[1] - 30 * 60
    assert leave[0] == leave[2] == starts[0] - 15 * 60


def test_the_first_visit_moves_up_to_the_second() -> None:
    """A stop that opens late draws those before it to its hour, so that nobody waits and is paid for it."""
    problem = _line([15, 30])
    window = problem.window_s.copy()
    window[1, 0, 0] = 11 * HOUR
    planned = _planned(replace(problem, window_s=window), [0b1111, 0b1111])
    assert planned.start_s[:, 0].tolist() == [11 * HOUR - 45 * 60, 11 * HOUR]
    assert all(tour.wait_s == 0 for tour in day_tours(problem, planned))


def test_a_single_visit_stays_at_its_earliest_hour() -> None:
    """Where moving saves nothing, a visit is early."""
    planned = _planned(_line([15]), [0b0001])
    assert planned.start_s[0, 0] == 8 * HOUR


@pytest.mark.parametrize("stops", [8, 10])
def test_a_long_day_has_its_break_within_its_hours(stops: int) -> None:
    """Work of more than six hours has a break, of more than nine a longer one, within the hours of breaks; shorter days have none."""
    problem = _line([10 + 2 * k for k in range(stops)])
    planned = _planned(problem, [0b1111] * (stops - 4) + [0b0101] * 4)
    tours = {tour.week: tour for tour in day_tours(problem, planned)}
    for week in range(4):
        tour = tours[week]
        assert (tour.break_s > 0) == (tour.paid_s > 6 * HOUR)
        if tour.break_s:
            assert tour.break_from_s >= 11 * HOUR
            assert tour.break_from_s + tour.break_s <= 14 * HOUR
    assert tours[0].break_s > 0


def test_a_day_that_is_too_long_loses_its_last_stop() -> None:
    """Of a plan for whose days no times are found the search begins with the stops that fit."""
    problem = _line([30, 60, 85, 119], drive_before_break_s=4 * HOUR)
    decision = empty_decision(problem)
    weekly = int(np.flatnonzero(problem.patterns.weeks[problem.patterns.ptr[:-1]] == 0b1111)[0])
    decision.pattern[:] = weekly
    decision.vehicle[:, 0] = 0
    decision.start_s[:, 0] = [9 * HOUR, 10 * HOUR, 11 * HOUR, 12 * HOUR]
    tight = replace(problem, vehicles=replace(problem.vehicles, drive_max_s=np.array([3 * HOUR + 60], np.int32)))
    planned = decision_of(tight, plan_of(tight, tour_data(tight, NEED), decision))
    assert (planned.pattern >= 0).tolist() == [True, True, True, False]
    assert not evaluate(tight, planned, NEED).faults
