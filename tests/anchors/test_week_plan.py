"""The week of a shared room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations, product
from random import Random

import pytest

from ankerort.anchors.week_plan import WeekNeed, WeekPlan, opening_hours, plan_week, week_need
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.provision import WeekSlot

CATALOGUE = read_catalogue()
SLOTS = CATALOGUE.provision.slots


def hours(needs: Sequence[WeekNeed], *, optional: bool = False) -> dict[str, str]:
    """Opening hours of all needs; there must be a plan."""
    answer = plan_week(needs, SLOTS, optional=optional)
    assert answer.plan is not None
    return {n.id: opening_hours(answer.plan, n.id) for n in needs}


def faults(plan: WeekPlan, needs: Sequence[WeekNeed], slots: Sequence[WeekSlot]) -> list[str]:
    """What a plan breaks, found anew: sums, slots, overlaps, one session a day, afternoons."""
    found = []
    for need in needs:
        mine = [s for s in plan.sessions if s.need == need.id]
        if sum(s.to_min - s.from_min for s in mine) != need.hours * 60:
            found.append(f"sum {need.id}")
        if max(Counter(s.weekday for s in mine).values()) > 1:
            found.append(f"twice {need.id}")
        if need.afternoon and any(s.from_min < 720 for s in mine):
            found.append(f"morning {need.id}")
    for s in plan.sessions:
        if s.from_min >= s.to_min or not any(
            s.weekday == t.weekday and t.from_min <= s.from_min and s.to_min <= t.to_min for t in slots
        ):
            found.append(f"outside {s}")
    for a, b in permutations(plan.sessions, 2):
        if a.weekday == b.weekday and a.from_min <= b.from_min < a.to_min:
            found.append(f"overlap {a} {b}")
    return found


def test_whole_half_days_at_the_same_time() -> None:
    """Twelve hours are three mornings, two days apart; three hours after noon are one whole afternoon."""
    assert hours([WeekNeed("doctor", 12)]) == {"doctor": "Mo,We,Fr 08:00-12:00"}
    assert hours([WeekNeed("club", 3, afternoon=True)]) == {"club": "Mo 14:00-17:00"}
    assert hours([WeekNeed("youth", 9, afternoon=True)]) == {"youth": "Mo,We,Fr 14:00-17:00"}


def test_old_people_have_one_day() -> None:
    """Doctor in the morning and meeting in the afternoon of the longest day, Thursday; the library keeps away."""
    needs = [WeekNeed("doctor", 4, old=True), WeekNeed("meeting", 3, old=True, afternoon=True), WeekNeed("books", 4)]
    found = hours(needs)
    assert found["doctor"] == "Th 08:00-12:00"
    assert found["meeting"] == "Th 14:00-17:00"
    assert not found["books"].startswith("Th")
    answer = plan_week(needs, SLOTS)
    assert answer.plan is not None
    assert answer.plan.focus_day == 3


def test_a_half_day_is_shared_one_after_the_other() -> None:
    """Two needs of two hours each share one morning of a room that opens on one morning only."""
    one = [s for s in SLOTS if s.weekday == 1 and s.from_min == 480]
    answer = plan_week([WeekNeed("a", 2), WeekNeed("b", 2)], one)
    assert answer.plan is not None
    assert [(s.need, s.from_min, s.to_min) for s in answer.plan.sessions] == [("a", 480, 600), ("b", 600, 720)]


def test_the_order_of_needs_does_not_matter() -> None:
    """The same week whoever is named first."""
    needs = [
        WeekNeed("a", 8),
        WeekNeed("b", 4, old=True),
        WeekNeed("c", 6, afternoon=True),
        WeekNeed("d", 12, old=True),
    ]
    weeks = {plan_week(order, SLOTS).plan for order in permutations(needs)}
    assert len(weeks) == 1


def test_too_many_hours_are_told() -> None:
    """40 hours do not fit into 36; with the Saturday morning 39 do fit."""
    answer = plan_week([WeekNeed(f"n{k}", 4) for k in range(10)], SLOTS)
    assert (answer.plan, answer.fault, answer.needed_hours, answer.open_hours) == (None, "hours", 40, 36)
    needs = [WeekNeed("m", 24), WeekNeed("n", 15)]
    assert plan_week(needs, SLOTS).fault == "hours"
    assert plan_week(needs, SLOTS, optional=True).fault in ("", "no_order")


def test_too_many_afternoons_are_told() -> None:
    """18 hours after noon do not fit into four afternoons of 3 and one of 4 hours."""
    answer = plan_week([WeekNeed("a", 9, afternoon=True), WeekNeed("b", 9, afternoon=True)], SLOTS)
    assert (answer.plan, answer.fault, answer.needed_hours, answer.open_hours) == (None, "afternoon", 18, 16)


def test_nothing_needs_an_empty_week() -> None:
    """No need, no session, no day for old people."""
    answer = plan_week([], SLOTS)
    assert answer.plan == WeekPlan((), -1)


@pytest.mark.parametrize("seed", range(40))
def test_every_week_keeps_the_rules(seed: int) -> None:
    """Random needs: a plan breaks no rule, checked by code of its own."""
    draw = Random(seed)
    needs = [
        WeekNeed(f"n{k}", draw.choice([2, 3, 4, 6, 8, 9, 12]), old=draw.random() < 0.5, afternoon=draw.random() < 0.3)
        for k in range(draw.randint(1, 7))
    ]
    answer = plan_week(needs, SLOTS)
    if answer.plan is None:
        after_noon = sum(n.hours for n in needs if n.afternoon)
        assert sum(n.hours for n in needs) > 24 or after_noon > 12, "a week that is a third empty has room"
    else:
        assert faults(answer.plan, needs, SLOTS) == []


@pytest.mark.parametrize("seed", range(40))
def test_a_week_is_found_where_whole_half_days_suffice(seed: int) -> None:
    """Against a slow reference: where some needs of a half-day each find whole half-days, a week is found."""
    draw = Random(seed)
    slots = sorted(draw.sample([s for s in SLOTS if not s.optional], 4), key=lambda s: (s.weekday, s.from_min))
    needs = [
        WeekNeed(f"n{k}", draw.choice([2, 3, 4]), afternoon=draw.random() < 0.3) for k in range(draw.randint(2, 4))
    ]
    possible = any(
        len(set(chosen)) == len(needs)
        and all(
            slots[c].hours >= n.hours and (not n.afternoon or slots[c].from_min >= 720)
            for c, n in zip(chosen, needs, strict=True)
        )
        for chosen in product(range(4), repeat=len(needs))
    )
    answer = plan_week(needs, slots)
    if possible:
        assert answer.plan is not None
    if answer.plan is not None:
        assert faults(answer.plan, needs, slots) == []


def test_needs_of_shipped_variants() -> None:
    """Young people come after noon; old people use the doctor; the office is for all."""
    made = {
        v.id: week_need(v, CATALOGUE.services[v.service])
        for v in CATALOGUE.provision.variants.values()
        if v.kind == "hours"
    }
    assert made["youth_club_hours"].afternoon
    assert not made["youth_club_hours"].old
    assert made["general_practitioner_hours"].old
    assert not made["general_practitioner_hours"].afternoon
    assert not made["citizen_office_hours"].old


def test_all_shipped_services_of_the_afternoon_fit_into_one_week() -> None:
    """Youth club, library, meeting of old people and courses share the 16 hours after noon: a plan that holds them all finds its week."""
    variants = [v for v in CATALOGUE.provision.variants.values() if v.kind == "hours"]
    needs = [n for n in (week_need(v, CATALOGUE.services[v.service]) for v in variants) if n.afternoon]
    assert len(needs) == 4
    answer = plan_week(needs, SLOTS)
    assert answer.plan is not None
    assert faults(answer.plan, needs, SLOTS) == []


def test_hours_on_other_days_stand_apart() -> None:
    """Unequal sessions are two rules in OpenStreetMap's syntax."""
    one = [s for s in SLOTS if (s.weekday, s.from_min) in ((0, 480), (1, 840))]
    answer = plan_week([WeekNeed("a", 7)], one)
    assert answer.plan is not None
    assert opening_hours(answer.plan, "a") == "Mo 08:00-12:00; Tu 14:00-17:00"
