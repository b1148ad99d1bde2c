"""Need of mobile services on three places in a row (tests/worlds/tiny_region.py), derived by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.mobile.need import band_shares, mobile_need, use_of
from ankerort.mobile.prepared import MobileNeed
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.wishes import NeedWeight, WalkWeight, WishWeights
from ankerort.region.areas import area_cells
from worlds import mobile_question as world

CATALOGUE = read_catalogue()
OFFICE = MobileRequest(services=("citizen_office",))


def _need(request: MobileRequest = OFFICE, wishes: WishWeights | None = None, *facilities: tuple) -> MobileNeed:  # type: ignore[type-arg]
    region = world.region(*facilities)
    return mobile_need(region, CATALOGUE, request, wishes=wishes, area_cells=area_cells(region, request.area))


def test_persons_and_cases_of_each_cell_and_age() -> None:
    """Six cells of the study area; a1 has 50 of working age (55 cases at 1.1) and 10 of 75 to 84 (8 cases at 0.8); 0.4 of them are expected."""
    need = _need()
    assert need.cell.tolist() == [0, 0, 1, 2, 2, 3, 3, 4, 5, 5]
    assert need.people[:3] == ("18_65", "75_84", "18_65")
    assert need.persons[:3] == pytest.approx([50, 10, 40])
    assert need.stated_cases[:2] == pytest.approx([55, 8])
    assert need.cases[:2] == pytest.approx([22, 3.2])
    assert need.cases_low[:2] == pytest.approx([11, 1.6]) and need.cases_high[:2] == pytest.approx([38.5, 5.6])
    assert need.walk_m[:2].tolist() == [1000, 400]
    assert not need.answers.any()
    assert need.authority[0] == world.ABTAL and need.authority[-1] == world.CSTADT


def test_no_person_counts_twice() -> None:
    """People of 65 belong to "18 to 65" and to "65 to 74": the second has all of the band 65 to 74, the first all of 18 to 64."""
    shares = band_shares(("18_65", "65_74", "75_84", "85_plus"), CATALOGUE)
    total = dict(zip(AGE_COLUMNS, np.sum(shares, axis=0), strict=True))
    assert [total[c] for c in ("p_18_64", "p_65_74", "p_75_84", "p_85_plus")] == pytest.approx([1, 1, 1, 1])
    assert total["p_0_5"] == 0
    assert shares[1][AGE_COLUMNS.index("p_65_74")] == 1 and shares[0][AGE_COLUMNS.index("p_65_74")] == 0


def test_who_walks_to_an_open_office_does_not_need_the_vehicle() -> None:
    """An office at 350 m from a1: those of working age (1,000 m) and of 75 to 84 (400 m) of a1 are left out; a probable office changes nothing."""
    asked = replace(OFFICE, cover=1.0)
    sure = _need(asked, None, ("o", "citizen_office", "a", -350.0, 0.0, "certain"))
    assert sure.cell.tolist() == [2, 2, 3, 3, 4, 5, 5]  # a2 lies 650 m off, and only people of working age live there
    probable = _need(asked, None, ("o", "citizen_office", "a", -350.0, 0.0, "probable"))
    assert len(probable.cell) == 10
    far = _need(asked, None, ("o", "citizen_office", "a", -450.0, 0.0, "certain"))
    assert (far.cell[0], far.people[0]) == (0, "75_84")


def test_a_place_with_an_office_needs_no_vehicle() -> None:
    """An office anywhere in the place of a1 and a2 leaves out all its people, unless a target names everybody within a walk."""
    office = ("o", "citizen_office", "a", -2000.0, 0.0, "certain")
    assert _need(OFFICE, None, office).cell.tolist() == [2, 2, 3, 3, 4, 5, 5]
    assert len(_need(replace(OFFICE, cover=1.0), None, office).cell) == 10


def test_another_service_at_the_door_changes_nothing() -> None:
    """The supermarket of Cstadt stands in for the mobile shop, not for the mobile office."""
    assert 4 in _need(OFFICE).cell
    shop = _need(MobileRequest(services=("shop",), cover=1.0))
    assert 4 not in shop.cell  # c1 lies 100 m from the supermarket
    assert 5 in shop.cell and "75_84" in shop.people  # c2 lies 900 m off: too far for old people


def test_several_services_have_groups_of_their_own() -> None:
    """Each cell has its groups of the first service, then of the second."""
    need = _need(MobileRequest(services=("bank", "post"), area=("a",)))
    assert list(zip(need.cell.tolist(), need.service, need.people, strict=True)) == [
        (0, "bank", "18_65"), (0, "bank", "75_84"), (0, "post", "18_65"), (0, "post", "75_84"),
        (1, "bank", "18_65"), (1, "post", "18_65"),
    ]  # fmt: skip
    assert set(need.authority) == {""}  # anybody may be served


def test_answers_move_need_and_walks() -> None:
    """A factor of 1.5 for the old people of Adorf, and a walk of 500 m: 10 x 0.8 x 1.5 = 12 stated, 4.8 expected; the others stay."""
    wishes = WishWeights(
        merged={"a": "a"},
        need={("a", "citizen_office", "75_84"): NeedWeight(1.5, 2.0, 6)},
        walks={("citizen_office", "75_84"): WalkWeight(500.0, 6)},
        answers_total=6,
        shrinkage=10.0,
    )
    need = _need(OFFICE, wishes)
    assert need.stated_cases[1] == pytest.approx(12) and need.cases[1] == pytest.approx(4.8)
    assert need.answers[1] == 6 and need.walk_m[1] == 500
    assert need.answers[0] == 0 and need.stated_cases[0] == pytest.approx(55)
    b1 = need.cell.tolist().index(2) + 1
    assert need.stated_cases[b1] == pytest.approx(8)  # no answer from Bdorf


def test_a_factor_of_use_that_is_asked_replaces_the_record() -> None:
    """The mid estimate is the one asked for; the range of the record stays, and reaches as far as it."""
    record = CATALOGUE.mobile.services["citizen_office"].use_factor
    assert use_of(record, None) == (0.2, 0.4, 0.7)
    assert use_of(record, 0.5) == (0.2, 0.5, 0.7)
    assert use_of(record, 0.1) == (0.1, 0.1, 0.7)
    assert use_of(record, 0.9) == (0.2, 0.9, 0.9)


def test_an_area_without_people_has_no_groups() -> None:
    """Nobody lives in an area that is not there; the buffer is no part of any area."""
    assert len(_need(MobileRequest(services=("citizen_office",), area=("nowhere",))).cell) == 0
    assert 6 not in area_cells(world.region(), ())
