"""Persons near stops count once; offices are measured along the detour; wishes are met question by question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.mobile.fulfilled import Offered, Wished, half_of_hours, wishes_of_place
from ankerort.mobile.offices import office_metres
from ankerort.mobile.people_near import PeopleNear
from ankerort.mobile.prepared import Prepared
from ankerort.reach.compute import compute_reach
from ankerort.region.schema_wishes import WISHES
from worlds import tiny_region
from worlds.mobile_planned import prepared, region


def _two_services() -> Prepared:
    """Cell c2: the citizen office needs 60 people under 65 and 40 of 75_84, the library the 40 only; both near stop 2."""
    base = prepared()
    need = replace(
        base.need, cell=np.array([5, 5, 5], np.int32), service=("citizen_office", "citizen_office", "library"),
        people=("18_65", "75_84", "75_84"), persons=np.array([60.0, 40.0, 40.0]),
    )  # fmt: skip
    needs = replace(
        base.problem.needs, ptr=np.array([0, 0, 1, 3], np.int64), group=np.array([2, 0, 1], np.int32), factor=np.ones(3),
        target=np.ones(3, bool),
    )  # fmt: skip
    return replace(base, need=need, problem=replace(base.problem, needs=needs))


def test_a_person_counts_once_whatever_services_come() -> None:
    """100 people near stop 2 for two services, 40 near stop 1 for one; together still 100, of them 40 of 75 and older."""
    people = PeopleNear(_two_services(), region(), tiny_region.catalogue())
    assert people.persons(people.groups_of([2])) == pytest.approx(100.0)
    assert people.persons(people.groups_of([1])) == pytest.approx(40.0)
    both = people.groups_of([1, 2])
    assert both.tolist() == [0, 1, 2]
    assert people.persons(both) == pytest.approx(100.0)
    assert people.persons_75_plus(both) == pytest.approx(40.0)
    assert people.persons(people.groups_of([])) == 0.0


def test_shares_of_groups_count_in_part() -> None:
    """Half of the 60 and a quarter of the 40: 40 persons, 10 of them old."""
    people = PeopleNear(_two_services(), region(), tiny_region.catalogue())
    share = np.array([0.5, 0.25, 0.0])
    assert people.persons_share(share) == pytest.approx(40.0)
    assert people.persons_75_plus_share(share) == pytest.approx(10.0)


def test_the_way_to_an_office_is_a_straight_line_with_detour() -> None:
    """A citizen office in Bdorf: 5 km from Adorf, none from the cell in Bdorf; a service without any office is not known anywhere."""
    office = ("rathaus", "citizen_office", "b", 5000.0, 0.0, "certain")
    found = tiny_region.region(facilities=(office,))
    reach = compute_reach(found, tiny_region.network(), tiny_region.catalogue(), threads=1)
    metres = office_metres(found, reach, tiny_region.catalogue(), ("citizen_office", "bank"))
    detour = tiny_region.catalogue().value("detour.car")
    assert metres["citizen_office"][0] == pytest.approx(5000.0 * detour)
    assert metres["citizen_office"][2] == pytest.approx(0.0)
    assert np.isnan(metres["bank"]).all()


def test_weekday_and_half_day_must_be_met_by_one_visit() -> None:
    """Who asks for Tuesday morning gets one of two by Tuesday afternoon and Monday morning, both by Tuesday morning; who asks for nothing is no answer."""
    answers = WISHES.conform(
        pd.DataFrame({"answer_id": ["x", "y"], "place_id": "a", "weekdays": ["Tu", ""], "half_day": ["morning", "any"]})
    )
    apart = [Offered("Tu", "afternoon", "hall"), Offered("Mo", "morning", "hall")]
    assert wishes_of_place(answers, ["a"], apart) == Wished(1, 2, 1)
    assert wishes_of_place(answers, ["a"], [*apart, Offered("Tu", "morning", "hall")]) == Wished(2, 2, 1)
    assert wishes_of_place(answers, ["b"], apart) == Wished(0, 0, 0)
    assert Wished(1, 2, 1).share(1) == pytest.approx(0.5)
    assert np.isnan(Wished(1, 2, 1).share(5))


def test_a_town_hall_is_a_hall_and_a_car_park_a_square() -> None:
    """The spot of the questionnaire is met by kinds of stops that mean the same to people."""
    answers = WISHES.conform(pd.DataFrame({"answer_id": ["x"], "place_id": "a", "spot": ["hall"]}))
    for kind, met in (("hall", 1), ("town_hall", 1), ("church", 0), ("bus_stop", 0)):
        assert wishes_of_place(answers, ["a"], [Offered("Mo", "morning", kind)]).met == met
    assert half_of_hours(9 * 3600, 12 * 3600) == "morning"
    assert half_of_hours(12 * 3600, 14 * 3600) == "afternoon"
