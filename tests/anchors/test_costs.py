"""Annuities and costs of offers, against numbers derived by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from ankerort.anchors.costs import NO_ROOM, CostRange, RoomPrice, annuity, annuity_range, offer_cost, sum_ranges
from ankerort.catalogue import read_catalogue

CATALOGUE = read_catalogue()


def test_annuity_by_hand() -> None:
    """10,000 EUR over two years at 10 %: A = 10000 x 0.1 x 1.21 / 0.21 = 5761.90."""
    assert annuity(10_000, 2, 0.1) == pytest.approx(5_761.904762)


@pytest.mark.parametrize(("years", "rate"), [(1, 0.025), (5, 0.025), (10, 0.0), (50, 0.05), (12.5, 0.01)])
def test_annuity_repays_the_investment(years: float, rate: float) -> None:
    """The payments' present value is the investment; without interest it is divided by the years."""
    paid = annuity(1_000, years, rate)
    if years == int(years):
        assert sum(paid / (1 + rate) ** k for k in range(1, int(years) + 1)) == pytest.approx(1_000)
    else:
        assert paid * (1 - (1 + rate) ** -years) / rate == pytest.approx(1_000)


@pytest.mark.parametrize("arguments", [(-1, 10, 0.02), (100, 0, 0.02), (100, 10, -0.01)])
def test_annuity_refuses_what_is_no_annuity(arguments: tuple[float, float, float]) -> None:
    """Negative sums, no years and negative rates are faults of the caller, not zero."""
    with pytest.raises(ValueError, match="annuity of"):
        annuity(*arguments)


def test_ranges_sum_low_with_low() -> None:
    """Sums keep the ends apart; a sum of nothing is zero."""
    a, b = CostRange(1, 2, 4), CostRange(10, 20, 40)
    assert sum_ranges([a, b]) == CostRange(11, 22, 44)
    assert sum_ranges([]) == CostRange(0, 0, 0)
    assert a.times(3) == CostRange(3, 6, 12)
    with pytest.raises(ValueError, match="< 0"):
        a.times(-1)


def test_cost_of_an_offer_by_hand() -> None:
    """Citizen office by the hour at 0 %: 12,000 EUR over 5 years + 22,000 operation; rooms 5,000 over 25 years + 100: 2,400 + 22,000 + 300."""
    variant = CATALOGUE.provision.variants["citizen_office_hours"]
    room = RoomPrice("b1", CostRange(2_500, 5_000, 7_500), 25, CostRange(0, 100, 200), "room:vacant_3.invest_eur_m2")
    cost = offer_cost(variant, room, 0.0)
    assert {i.kind: i.cost.mid for i in cost.items} == pytest.approx(
        {"invest": 2_400, "operation": 22_000, "room": 300}
    )
    assert cost.annual.mid == pytest.approx(24_700)
    assert cost.annual.low == pytest.approx(8_000 / 5 + 18_000 + 100)
    assert cost.annual.high == pytest.approx(20_000 / 5 + 28_000 + 300 + 200)
    assert cost.invest_once == CostRange(10_500, 17_000, 27_500)
    assert {i.record for i in cost.items} == {
        "citizen_office_hours.invest_eur", "citizen_office_hours.operation_eur", "room:vacant_3.invest_eur_m2",
    }  # fmt: skip


def test_items_without_cost_are_left_out() -> None:
    """An agency that carries its operation itself shows no item of zero EUR; a way that costs nothing is zero, not unknown."""
    agency = CATALOGUE.provision.variants["post_agency"]
    assert agency.operation_eur.high == 0
    assert [i.kind for i in offer_cost(agency, NO_ROOM, 0.025).items] == ["invest"]
    free = replace(agency, invest_eur=agency.operation_eur)
    cost = offer_cost(free, NO_ROOM, 0.025)
    assert cost.items == ()
    assert cost.annual == CostRange(0, 0, 0)


def test_a_range_stays_in_order() -> None:
    """low <= mid <= high for all shipped variants without rooms."""
    for variant in CATALOGUE.provision.variants.values():
        annual = offer_cost(variant, NO_ROOM, CATALOGUE.value("anchors.interest_rate")).annual
        assert 0 <= annual.low <= annual.mid <= annual.high < math.inf, variant.id
    assert annuity_range(CostRange(1, 2, 3), 1, 0.0) == CostRange(1, 2, 3)
