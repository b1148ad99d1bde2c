"""A mobile plan on three places whose every figure is derived by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.anchors.costs import annuity
from ankerort.mobile.problem import Decision
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.result import handover_weeks, make_mobile_plan, monday_after
from ankerort.mobile.result_costs import total_cost
from ankerort.region.schema_wishes import WISHES
from worlds.mobile_planned import HOUR, planned, prepared, region, solution
from worlds.tiny_region import catalogue


def test_rows_hold_rhythm_stay_and_cases_of_each_stop() -> None:
    """Adorf weekly serves 100 cases of 100, Bdorf fortnightly (benefit 0.5) 50 of 100; low and high by the factors of use."""
    rows = planned().rows.set_index("stop_id")
    assert rows.loc["osm:n1", ["rhythm", "every_weeks", "stay_min"]].tolist() == ["weekly", 1.0, 60.0]
    assert rows.loc["osm:n2", ["rhythm", "every_weeks"]].tolist() == ["fortnightly", 2.0]
    assert rows["persons_near"].tolist() == [10.0, 10.0]
    assert rows["cases"].tolist() == [100.0, 50.0]
    assert rows["cases_low"].tolist() == [50.0, 25.0]
    assert rows["cases_high"].tolist() == [175.0, 87.5]


def test_visits_tell_weekday_weeks_and_hours() -> None:
    """Both on Tuesday: Adorf 9 to 10 in all four weeks, Bdorf 10:30 to 11:30 in weeks 1 and 3."""
    visits = planned().visits
    assert visits["weekday"].tolist() == ["Tu", "Tu"]
    assert visits["weeks"].tolist() == ["1;2;3;4", "1;3"]
    assert visits["from_time"].tolist() == ["09:00", "10:30"]
    assert visits["to_time"].tolist() == ["10:00", "11:30"]
    assert visits["vehicle"].tolist() == [1, 1]


def test_legs_of_a_day_follow_one_another() -> None:
    """Week 1: leave Bdorf at 8:50, Adorf 9 to 10, back in Bdorf at 10:10, wait until 10:30, visit, home at once, half an hour of extra time."""
    legs = planned().legs
    day = legs[legs["week"] == 1]
    assert day["what"].tolist() == ["prepare", "drive", "visit", "drive", "wait", "visit", "drive", "close"]
    drives = day[day["what"] == "drive"]
    assert drives["from_time"].tolist() == ["08:50", "10:00", "11:30"]
    assert drives["drive_m"].tolist() == [5000.0, 5000.0, 0.0]
    assert drives["stop_id"].tolist() == ["osm:n1", "osm:n2", ""]
    assert (day["from_time"].iloc[1:].to_numpy() == day["to_time"].iloc[:-1].to_numpy()).all()
    alone = legs[legs["week"] == 2]
    assert alone["what"].tolist() == ["prepare", "drive", "visit", "drive", "close"]


def test_a_break_stands_where_it_is_taken() -> None:
    """A day whose work exceeds six hours has a break after the visit that the decision names, and waiting before it where it begins later."""
    long = Decision(
        pattern=np.array([1, 1, -1], np.int32),
        vehicle=np.array([[0], [0], [-1]], np.int32),
        start_s=np.array([[9 * HOUR], [15 * HOUR], [-1]], np.int32),
        break_after=np.full((1, 5, 4), -1, np.int32),
    )
    long.break_after[0, 1, :] = 0
    plan = make_mobile_plan(prepared(), replace(solution(), decision=long), region(), catalogue(), name="Pause")
    day = plan.legs[plan.legs["week"] == 1]
    assert day["what"].tolist() == [
        "prepare", "drive", "visit", "wait", "break", "drive", "wait", "visit", "drive", "close",
    ]  # fmt: skip
    rest = day[day["what"] == "break"].iloc[0]
    assert (rest["from_time"], rest["to_time"], rest["stop_id"]) == ("11:00", "11:30", "osm:n1")


def test_effect_counts_kilometres_hours_and_people_once() -> None:
    """Four days a cycle of 10 km each, 12 cycles: 480 km. Paid: two days 2 h 40 min + 30 min, two days 1 h 20 min + 30 min: 10 h a cycle."""
    effect = planned().effect
    assert effect.drive_km == pytest.approx(480.0)
    assert effect.drive_h == pytest.approx(12 * 4 * 1200 / 3600)
    assert effect.paid_h == pytest.approx(120.0)
    assert (effect.persons, effect.persons_75_plus) == (20.0, 20.0)
    assert (effect.area_persons, effect.area_persons_75_plus) == (340.0, 65.0)
    assert (effect.cases_low, effect.cases, effect.cases_high) == (75.0, 150.0, 262.5)
    assert effect.stated_cases == pytest.approx(375.0)
    assert np.isnan(effect.target_share)
    assert np.isnan(effect.wishes_met)
    assert effect.answers == 0


def test_the_target_is_told_where_it_is_asked_for() -> None:
    """Both groups that can be covered are served: share 1."""
    asked = prepared(request=MobileRequest(services=("citizen_office",), vehicles=1, cover=0.9))
    plan = make_mobile_plan(asked, solution(), region(), catalogue(), name="Ziel")
    assert plan.effect.target_share == pytest.approx(1.0)


def test_saved_kilometres_are_cases_times_the_way_there_and_back() -> None:
    """100 cases from Adorf over 5 km and 50 from Bdorf over 2 km, both ways: 1200 km; cells without a known office count nothing."""
    metres = np.full(7, np.nan)
    metres[0], metres[2] = 5000.0, 2000.0
    assert planned(office_m={"citizen_office": metres}).effect.person_km_saved == pytest.approx(1200.0)
    assert np.isnan(planned(office_m={"citizen_office": np.full(7, np.nan)}).effect.person_km_saved)


def test_costs_are_items_of_dated_records() -> None:
    """Annuity of one van, its fixed cost, IT, 480 km and 120 paid hours, each with its record; low, mid and high add up."""
    plan, cat = planned(), catalogue()
    van, office = cat.mobile.vehicles["van"], cat.mobile.services["citizen_office"]
    costs = plan.costs.set_index("item")
    assert costs.index.tolist() == ["vehicle", "fixed", "it", "drive", "staff"]
    rate = cat.value("anchors.interest_rate")
    assert costs.at["vehicle", "cost_mid"] == pytest.approx(annuity(van.invest_eur.mid, van.lifetime_years.value, rate))
    assert costs.at["drive", "cost_high"] == pytest.approx(480.0 * van.eur_per_km.high)
    assert costs.at["staff", "cost_low"] == pytest.approx(120.0 * office.staff.value * office.eur_per_h.low)
    assert costs.at["staff", "amount"] == pytest.approx(120.0 * office.staff.value)
    assert all(costs["record"].str.startswith("mobile."))
    total = total_cost(plan.costs)
    assert total.low < total.mid < total.high
    assert total.mid == pytest.approx(float(costs["cost_mid"].sum()))


def test_first_day_is_the_monday_after_the_data() -> None:
    """Data of Friday, 20 November 2026: the cycle begins on Monday, 23 November; after a Monday comes the next one."""
    assert planned().data_day == "2026-11-20"
    assert planned().first_day == "2026-11-23"
    assert monday_after("2026-11-23") == "2026-11-30"
    assert monday_after("") == "2026-01-05"


def test_a_place_without_a_stop_has_a_reason() -> None:
    """Cstadt: only the missing agreement keeps its people out, which outweighs all else; its candidate is named."""
    left = planned().left
    assert left[["place_id", "reason", "stop_id"]].values.tolist() == [["c", "no_agreement", "osm:n3"]]
    assert left["persons_75_plus"].tolist() == [40.0]


@pytest.mark.parametrize(
    ("change", "reason", "stop"),
    [
        ("forbid", "forbidden", ""),
        ("dear", "too_dear", "osm:n3"),
        ("time", "no_time", "osm:n3"),
        ("none", "no_need", ""),
    ],
)
def test_other_reasons(change: str, reason: str, stop: str) -> None:
    """Forbidden by the question; with an agreement too dear as there is time; no time where no vehicle may come; nobody who needs it."""
    base = prepared()
    needs = base.problem.needs
    agreed = replace(
        needs, ptr=np.array([0, 1, 2, 3], np.int64), group=np.array([0, 1, 2], np.int32), factor=np.array([1.0, 1.0, 0.5]),
        target=np.array([True, True, True]),
    )  # fmt: skip
    no_block = replace(base.blocked, ptr=np.zeros(4, np.int64), group=np.zeros(0, np.int32), factor=np.zeros(0))
    changed = {
        "forbid": replace(base, request=replace(base.request, forbid=("c",))),
        "dear": replace(base, blocked=no_block, problem=replace(base.problem, needs=agreed)),
        "time": replace(
            base, blocked=no_block,
            problem=replace(base.problem, needs=agreed, vehicle_ok=np.array([[True, True, False]])),
        ),
        "none": replace(base, blocked=no_block),
    }[change]  # fmt: skip
    left = make_mobile_plan(changed, solution(), region(), catalogue(), name="x").left
    assert left[["place_id", "reason", "stop_id"]].values.tolist() == [["c", reason, stop]]


def test_no_gap_between_visits_is_no_time() -> None:
    """A stop whose hours are all taken by the clock times of the others gets no visit for want of time, though the vehicle may go there."""
    base = prepared()
    agreed = replace(
        base.problem.needs, ptr=np.array([0, 1, 2, 3], np.int64), group=np.array([0, 1, 2], np.int32),
        factor=np.ones(3), target=np.ones(3, bool),
    )  # fmt: skip
    window = base.problem.window_s.copy()
    window[2] = [[9 * HOUR, 10 * HOUR], [0, 0]]  # just while the van is in Adorf
    slot = base.problem.slot_ok.copy()
    slot[2] = False
    slot[2, 1] = True  # Tuesday
    none = replace(base.blocked, ptr=np.zeros(4, np.int64), group=np.zeros(0, np.int32), factor=np.zeros(0))
    tight = replace(base, blocked=none, problem=replace(base.problem, needs=agreed, window_s=window, slot_ok=slot))
    left = make_mobile_plan(tight, solution(), region(), catalogue(), name="x").left
    assert left["reason"].tolist() == ["no_time"]
    slot[2, 2] = True  # Wednesday is free
    left = make_mobile_plan(tight, solution(), region(), catalogue(), name="x").left
    assert left["reason"].tolist() == ["too_dear"]


def test_wishes_met_are_counted_question_by_question() -> None:
    """Five of Adorf: Tuesday morning at the hall meets what four ask and one half of another; four answers tell nothing."""
    asked = pd.DataFrame(
        {
            "answer_id": [f"x{k}" for k in range(6)],
            "place_id": ["a"] * 5 + ["c"],
            "weekdays": ["Tu", "Tu;We", "", "Mo", "", "Tu"],
            "half_day": ["morning", "any", "afternoon", "morning", "", ""],
            "spot": ["", "", "", "", "hall", ""],
        }
    )
    answers = WISHES.conform(asked)
    plan = planned(answers=answers)
    # Adorf: asked 2 + 1 + 1 + 2 + 1 = 7, met 2 + 1 + 0 + 1 + 1 = 5; Cstadt has no visit: 1 asked, 0 met
    assert plan.rows.set_index("stop_id").at["osm:n1", "wishes_met"] == pytest.approx(5 / 7)
    assert plan.rows.set_index("stop_id").at["osm:n1", "answers"] == 5
    assert plan.effect.wishes_met == pytest.approx(5 / 8)
    assert plan.effect.answers == 6
    few = planned(answers=answers[:4])
    assert few.rows["wishes_met"].isna().all()
    assert few.rows["answers"].tolist() == [0, 0]
    assert np.isnan(few.effect.wishes_met)


def test_a_document_is_handed_over_at_the_next_visit() -> None:
    """An identity card is applied for and collected: with a visit every four weeks it is handed over after whole cycles of four weeks."""
    waits = [c.wait_weeks.value for c in catalogue().mobile.concerns_of("citizen_office") if c.visits > 1]
    assert waits
    for every in (1.0, 2.0, 4.0):
        found = handover_weeks(("citizen_office",), every, catalogue())
        assert found % every == pytest.approx(0.0)
        assert max(waits) <= found < max(waits) + every or found == every
    assert np.isnan(handover_weeks(("library",), 4.0, catalogue()))
