"""Patterns, hours, stays and vehicles of a mobile problem, each derived by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.mobile import MobileService
from ankerort.mobile.build_patterns import choose_rhythms, common_weekdays, make_patterns
from ankerort.mobile.build_stays import visit_lengths
from ankerort.mobile.build_vehicles import make_vehicles, vehicle_cost, vehicle_count
from ankerort.mobile.build_windows import coincidence_factor, common_halves, presence, stop_windows
from ankerort.mobile.request import MobileRequest
from ankerort.region.schema import MOBILE_VISITS
from worlds import mobile_question as world
from worlds import tiny_region

CATALOGUE = read_catalogue()
SERVICES = CATALOGUE.mobile.services
WEEK = ("Mo", "Tu", "We", "Th", "Fr")
HOUR = 3600
HALVES = np.array([[9 * HOUR, 12 * HOUR], [14 * HOUR, 17 * HOUR]], np.int32)


def _of(*ids: str) -> list[MobileService]:
    return [SERVICES[i] for i in ids]


def _codes(problems: Problems) -> list[tuple[str, str]]:
    return [(p.code, p.severity) for p in problems]


def test_patterns_of_each_rhythm() -> None:
    """On five days and four weeks: 6 pairs of days at least two apart, 5 weekly, 10 fortnightly, 20 every four weeks."""
    made = make_patterns((0.5, 1, 2, 4), WEEK, cycle_weeks=4)
    assert np.bincount(made.rhythm).tolist() == [6, 5, 10, 20]
    listed = [
        [(int(made.day[k]), int(made.weeks[k])) for k in range(made.ptr[p], made.ptr[p + 1])] for p in range(made.count)
    ]
    assert listed[0] == [(0, 15), (2, 15)]
    assert [(0, 15), (1, 15)] not in listed
    assert listed[6] == [(0, 15)]
    assert listed[11:13] == [[(0, 0b0101)], [(0, 0b1010)]]
    assert [p[0][1] for p in listed[21:25]] == [1, 2, 4, 8]


def test_two_visits_a_week_lie_apart_over_the_weekend_too() -> None:
    """Monday and Saturday are two days apart, Monday and Sunday are not."""
    made = make_patterns((0.5,), ("Mo", "Sa", "Su"), cycle_weeks=4)
    assert made.day.reshape(-1, 2).tolist() == [[0, 5]]


def test_a_rhythm_that_does_not_divide_the_cycle_has_no_pattern() -> None:
    """Every four weeks needs a cycle of four weeks."""
    assert make_patterns((4,), WEEK, cycle_weeks=2).count == 0


def test_rhythms_are_those_that_fit_all_services() -> None:
    """Office and library share two; office and bank none: then all of them count, with a warning; what is asked goes before both."""
    problems = Problems()
    assert choose_rhythms(_of("citizen_office", "library"), (), CATALOGUE, problems).ids == ("fortnightly", "monthly")
    assert not len(problems)
    mixed = choose_rhythms(_of("citizen_office", "bank"), (), CATALOGUE, problems)
    assert mixed.weeks == (0.5, 1, 2, 4)
    assert _codes(problems) == [("mobile_no_common_rhythm", "warning")]
    asked = choose_rhythms(_of("citizen_office"), (1.0, 4.0), CATALOGUE, Problems())
    assert asked.ids == ("weekly", "monthly") and asked.benefit.tolist() == [0.85, 0.45]


def test_weekdays_are_those_of_all_services() -> None:
    """The shop comes on Saturday, the office does not: together Monday to Friday; days asked for that are not among them are told."""
    assert common_weekdays(_of("shop", "citizen_office"), (), Problems()) == WEEK
    assert common_weekdays(_of("shop"), (), Problems()) == (*WEEK, "Sa")
    problems = Problems()
    assert common_weekdays(_of("citizen_office"), ("Tu", "Sa"), problems) == ("Tu",)
    assert common_weekdays(_of("citizen_office"), ("Sa",), problems) == ()
    never = replace(SERVICES["bank"], weekdays=("Su",))
    assert common_weekdays([SERVICES["post"], never], (), problems) == ()
    assert _codes(problems) == [
        ("mobile_weekdays_left", "warning"), ("mobile_weekdays_none", "error"), ("mobile_no_common_weekday", "error"),
    ]  # fmt: skip


def test_half_days_are_the_hours_that_all_services_have() -> None:
    """Office 9 to 12 and 14 to 17 (figures); GP bus 8:30 to 12 and 13:30 to 17; together those of the office."""
    assert common_halves(_of("citizen_office"), CATALOGUE, Problems()).tolist() == HALVES.tolist()
    both = common_halves(_of("citizen_office", "doctor"), CATALOGUE, Problems())
    assert both.tolist() == HALVES.tolist()
    alone = common_halves(_of("doctor"), CATALOGUE, Problems())
    assert alone.tolist() == [[30_600, 43_200], [48_600, 61_200]]
    problems = Problems()
    night = replace(SERVICES["shop"], hours_min=((300, 500), (1100, 1200)))
    assert (np.diff(common_halves([night, SERVICES["post"]], CATALOGUE, problems)) == 0).all()
    assert _codes(problems) == [("mobile_no_common_hours", "error")]


def test_hours_of_stops_cut_the_half_days() -> None:
    """Any time; mornings until 11 but not on Wednesday; a German text; only Sunday; something that nobody can read."""
    texts = ["", "Mo,Tu,Th,Fr 08:00-11:00", "Di 10-16 Uhr", "Su 10:00-12:00", "wenn jemand da ist"]
    window, ok, unreadable = stop_windows(texts, HALVES, WEEK)
    assert window[0].tolist() == HALVES.tolist() and ok[0, :5].all() and not ok[0, 5:].any()
    assert window[1, 0].tolist() == [9 * HOUR, 11 * HOUR]
    assert ok[1, :, 0].tolist() == [True, True, False, True, True, False, False] and not ok[1, :, 1].any()
    assert window[2].tolist() == [[10 * HOUR, 12 * HOUR], [14 * HOUR, 16 * HOUR]]
    assert ok[2].sum(axis=1).tolist() == [0, 2, 0, 0, 0, 0, 0]
    assert not ok[3].any()
    assert unreadable == [4] and ok[4, :5].all()


def test_hours_that_differ_by_weekday_give_the_window_that_brings_most() -> None:
    """Three hours on one day against two hours on three days: six hours a week win, on the days that hold them (Monday does too)."""
    window, ok, _ = stop_windows(["Mo 09:00-12:00; Tu-We 10:00-12:00"], HALVES, WEEK)
    assert window[0, 0].tolist() == [10 * HOUR, 12 * HOUR]
    assert ok[0, :, 0].tolist() == [True, True, True, False, False, False, False]


def _lengths(cases: list[float], *ids: str, visits: float = 12, longest: int = 10_800, **more: Any) -> tuple[Any, Any]:
    stay, share = visit_lengths(
        np.array(cases, float).reshape(1, -1, 1),
        _of(*ids),
        visits_per_year=np.array([visits]),
        longest_s=np.array([longest], np.int32),
        grid_s=300,
        **{"one_staff": False, **more},
    )
    return int(stay[0, 0]) // 60, float(share[0, 0])


def test_a_stay_follows_the_cases_of_a_visit() -> None:
    """72 cases in 12 visits: 6 x 14.04 / 0.8 = 105.3, so 106 minutes and 10 of setting up: 116, on the grid 120 minutes."""
    assert _lengths([72], "citizen_office") == (120, pytest.approx(1.0))


def test_a_stay_is_no_shorter_and_no_longer_than_allowed() -> None:
    """One case: the shortest hour. 240 cases: 3 hours; 170 minutes serve 170 * 0.8 / 14.04 = 9.687 of 20 cases."""
    assert _lengths([12], "citizen_office") == (60, pytest.approx(1.0))
    stay, share = _lengths([240], "citizen_office")
    assert stay == 180 and share == pytest.approx(170 * 0.8 / 14.04 / 20)
    assert _lengths([0], "citizen_office") == (60, 1.0)


def test_the_half_day_of_a_stop_limits_the_stay() -> None:
    """A stop that is open for 100 minutes: 90 of them serve 5.128 of 20 cases; one that is open for 30 holds no visit: the stay stays an hour."""
    stay, share = _lengths([240], "citizen_office", longest=6000)
    assert stay == 100 and share == pytest.approx(90 * 0.8 / 14.04 / 20)
    assert _lengths([12], "citizen_office", longest=1800)[0] == 60


def test_services_stand_side_by_side_or_share_one_person() -> None:
    """Bank 6 cases a visit (60 minutes), post 9 (5 + 45): side by side the longer, 60; with one person 10 + 50 + 40 = 100 minutes."""
    assert _lengths([72, 96], "bank", "post") == (60, pytest.approx(1.0))
    alone, share = _lengths([72, 96], "bank", "post", one_staff=True)
    assert alone == 100 and share == pytest.approx(1.0)


def test_one_person_cannot_do_what_two_can() -> None:
    """With 3 hours for bank and post the shares fall when one person serves both; the room is shared out as each would like it."""
    both, all_ = _lengths([480, 480], "bank", "post", longest=7200)
    one, part = _lengths([480, 480], "bank", "post", longest=7200, one_staff=True)
    assert both == one == 120 and part < all_ <= 1.0


def test_cost_of_a_vehicle_and_its_crew() -> None:
    """Van: annuity of 80,000 over 8 years at 2.5 %, 3,000 fixed, 8,000 IT; a clerk at 41. Book bus: its driver at 30 beside 36."""
    van = vehicle_cost(_of("citizen_office"), CATALOGUE.mobile.vehicles["van"], CATALOGUE, one_staff=False)
    annuity = 80_000 * 0.025 * 1.025**8 / (1.025**8 - 1)
    assert van.eur_per_h == 41 and van.eur_per_km == 0.55
    assert van.eur_per_year == pytest.approx(annuity + 11_000)
    bus = vehicle_cost(_of("library"), CATALOGUE.mobile.vehicles["book_bus"], CATALOGUE, one_staff=False)
    assert bus.eur_per_h == 66
    both = vehicle_cost(_of("bank", "post"), CATALOGUE.mobile.vehicles["van"], CATALOGUE, one_staff=False)
    one = vehicle_cost(_of("bank", "post"), CATALOGUE.mobile.vehicles["van"], CATALOGUE, one_staff=True)
    assert both.eur_per_h == 65 and one.eur_per_h == 42


def test_vehicles_that_a_plan_may_use() -> None:
    """Those asked for; one by default; with a target up to three, with a budget what it can pay for, at least one."""
    cost = vehicle_cost(_of("citizen_office"), CATALOGUE.mobile.vehicles["van"], CATALOGUE, one_staff=False)
    ask = MobileRequest(services=("citizen_office",))
    assert vehicle_count(replace(ask, vehicles=5), cost, CATALOGUE) == 5
    assert vehicle_count(ask, cost, CATALOGUE) == 1
    assert vehicle_count(replace(ask, depots=("a", "b")), cost, CATALOGUE) == 2
    assert vehicle_count(replace(ask, cover=1.0), cost, CATALOGUE) == 3
    assert vehicle_count(replace(ask, budget_eur=50_000.0), cost, CATALOGUE) == 2
    assert vehicle_count(replace(ask, budget_eur=5_000.0), cost, CATALOGUE) == 1


def test_rules_of_the_driver() -> None:
    """Own rules: 30 minutes above 6 hours of work, 45 above 9. Regulated driving: 45 minutes, 9 hours, 4.5 before the break. The tour has 6.5 hours and
    its break; 48 minutes of preparing and closing are paid."""
    made = {
        kind: make_vehicles(
            2, CATALOGUE.mobile.vehicles[kind],
            vehicle_cost(_of("shop"), CATALOGUE.mobile.vehicles[kind], CATALOGUE, one_staff=False),
            CATALOGUE, depot_nodes=nodes,
        )
        for kind, nodes in (("van", (7,)), ("truck", (7, 8)))
    }  # fmt: skip
    van, truck = made["van"], made["truck"]
    assert (van.break_s[0], van.long_break_s[0], van.work_before_break_s[0]) == (1800, 2700, 6 * HOUR)
    assert (truck.break_s[0], truck.drive_max_s[0], truck.drive_before_break_s[0]) == (2700, 9 * HOUR, 16_200)
    assert van.tour_max_s[0] == 7 * HOUR and truck.tour_max_s[0] == 6.5 * HOUR + 2700
    assert van.paid_extra_s.tolist() == [2880, 2880]
    assert van.depot.tolist() == [7, 7] and truck.depot.tolist() == [7, 8]
    assert van.range_m[0] == 250_000


def _seen(word: str, *, visits: pd.DataFrame | None = None, timetable: bool = False, **of: Any) -> np.ndarray:
    region = world.region(*of.get("facilities", ()))
    if visits is not None:
        region = replace(region, mobile_visits=MOBILE_VISITS.conform(visits))
    stops = world.table()
    return presence(word, region, tiny_region.network(with_timetable=timetable), CATALOGUE, stops, HALVES)


def test_what_coincides_with_a_visit() -> None:
    """A market in Bdorf on Thursday morning; a baker's van in Adorf on Tuesday at 11:30 is another visit, but no market."""
    visits = pd.DataFrame(
        {
            "visit_id": ["m", "b", "n"], "service": ["weekly_market", "bakery", "butcher"], "place_id": ["b", "a", "c"],
            "weekday": ["Th", "Tu", ""], "from_time": ["08:00", "11:30", ""], "to_time": ["12:00", "15:00", ""],
        }
    )  # fmt: skip
    market = _seen("market", visits=visits)
    assert np.argwhere(market).tolist() == [[1, 3, 0]]
    other = _seen("visit", visits=visits)
    assert np.argwhere(other).tolist() == [[0, 1, 0], [0, 1, 1], [1, 3, 0]]


def test_a_doctor_is_there_in_his_usual_hours() -> None:
    """Without hours of his own those of the catalogue: mornings from Monday to Friday, afternoons on Monday, Tuesday and Thursday."""
    doctor = _seen("doctor", facilities=(("d", "general_practitioner", "a", 0.0, 0.0, "certain"),))
    assert doctor[0, :5, 0].all() and doctor[0, :, 1].tolist() == [True, True, False, True, False, False, False]
    assert not doctor[1:].any()


def test_a_bus_brings_and_takes_people() -> None:
    """Bdorf and Cstadt have buses every hour in both directions, Adorf only one at five in the morning; without a timetable nothing is known."""
    bus = _seen("bus", timetable=True)
    assert not bus[0].any() and bus[1:, :5].all() and not bus[:, 5:].any()
    assert not _seen("bus").any()


def test_what_is_sought_counts_more_and_what_is_avoided_less() -> None:
    """Factors 1.15 and 0.7 where it is there, 1 elsewhere; two things at once multiply."""
    made = coincidence_factor(
        world.region(("d", "general_practitioner", "b", 5000.0, 0.0, "certain")),
        tiny_region.network(),
        CATALOGUE,
        world.table(),
        HALVES,
        seek=("bus",),
        avoid=("doctor",),
    )
    assert made[1, 0].tolist() == pytest.approx([1.15 * 0.7, 1.15 * 0.7])
    assert made[1, 2].tolist() == pytest.approx([1.15 * 0.7, 1.15])
    assert made[2, 2].tolist() == pytest.approx([1.15, 1.15]) and (made[0] == 1).all()
