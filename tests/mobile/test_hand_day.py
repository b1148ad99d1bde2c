"""Tests of a day laid by hand."""

from dataclasses import replace

import numpy as np
import pytest

from ankerort.mobile.hand_day import HandDay, Visit, openings, ways_of
from ankerort.mobile.problem import MobileProblem
from worlds.mobile_small import HOUR, small_world


def line(stay_s: int = 2 * HOUR) -> MobileProblem:
    """Three villages on a road, 20, 40 and 60 minutes from the depot; mornings 8 to 12:30, afternoons 13 to 17 o'clock."""
    problem = small_world(0, stops=3, vehicles=1, weeks=1, weekdays=1, plain=True)
    at = np.array([20, 40, 60, 0]) * 60
    travel = np.abs(at[:, None] - at[None]).astype(np.int32)
    return replace(
        problem,
        travel_s=travel[None],
        travel_m=travel[None] * 10.0,
        stay_s=np.full_like(problem.stay_s, stay_s),
        slot_ok=np.ones_like(problem.slot_ok),
    )


def visits(problem: MobileProblem, *stops: int) -> list[Visit]:
    return [Visit(stop, 0, 1, int(problem.stay_s[stop, 0]), 0.0) for stop in stops]


def test_the_nearest_comes_next_with_a_break_at_noon() -> None:
    """From the depot outwards: 8 o'clock, then 10:30, then after a break of half an hour 13:15; the third visit ends at 15:15."""
    problem = line()
    laid, left = HandDay(problem, 0, 0, ways_of(problem)).lay(visits(problem, 2, 0, 1))
    assert laid is not None
    assert not left
    assert [v.stop for v in laid.visits] == [0, 1, 2]
    # The first visit waits for nobody: it begins as late as the second one allows.
    assert laid.start_s == (8 * HOUR, 10.5 * HOUR, 13.5 * HOUR)
    assert laid.break_after == (1,)
    assert laid.drive_s == (2 * 3600,)


def test_a_given_order_is_kept_or_refused() -> None:
    """Outwards and back in the order asked for; with stays of four hours only two visits have room, and the order is refused."""
    problem = line()
    laid = HandDay(problem, 0, 0, ways_of(problem)).lay_in_order(visits(problem, 2, 1, 0))
    assert laid is not None
    assert [v.stop for v in laid.visits] == [2, 1, 0]
    long = line(4 * HOUR)
    assert HandDay(long, 0, 0, ways_of(long)).lay_in_order(visits(long, 0, 1, 2)) is None
    filled, left = HandDay(long, 0, 0, ways_of(long)).lay(visits(long, 0, 1, 2))
    assert filled is not None
    assert len(filled.visits) + len(left) == 3
    assert left


def test_openings_are_half_days_with_room() -> None:
    """A visit of two hours may begin from 8 to 10:30 and from 13 to 15 o'clock; a forbidden half-day has no opening."""
    problem = line()
    assert openings(problem, 0, 0, 2 * HOUR) == [(8 * HOUR, 10.5 * HOUR), (13 * HOUR, 15 * HOUR)]
    slot_ok = problem.slot_ok.copy()
    slot_ok[0, 0, 0] = False
    assert openings(replace(problem, slot_ok=slot_ok), 0, 0, 2 * HOUR) == [(13 * HOUR, 15 * HOUR)]
    assert openings(problem, 0, 0, 5 * HOUR) == []


def test_a_common_clock_time_holds_in_all_weeks() -> None:
    """A weekly stop after a stop of the first week only: its clock time is the one that the first week allows."""
    problem = replace(line(HOUR), weeks=2)
    first = Visit(0, 0, 0b01, HOUR, 0.0)
    weekly = Visit(1, 0, 0b11, HOUR, 0.0)
    laid = HandDay(problem, 0, 0, ways_of(problem)).lay_in_order([first, weekly])
    assert laid is not None
    assert laid.start_s[1] == pytest.approx(9.5 * HOUR)
    assert laid.drive_s == ((20 + 20 + 40) * 60, 2 * 40 * 60)
