"""Who drives, and how much a case of those who do not counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import CarRate, Catalogue
from ankerort.mobile.drivers import car_share, dependence


def _with(*rates: tuple[str, int, int, float]) -> Catalogue:
    shipped = read_catalogue()
    record = shipped.car_rates[0].rate
    rows = (CarRate("village", sex, first, last, replace(record, value=value)) for sex, first, last, value in rates)
    return replace(shipped, car_rates=tuple(rows))


def test_share_of_drivers_is_the_mean_over_years_and_sexes() -> None:
    """75 to 84: ten years of women at 0.4 and of men at 0.8 are 0.6; from 85 to 95 nobody drives."""
    catalogue = _with(("f", 75, 84, 0.4), ("m", 75, 84, 0.8), ("f", 85, 120, 0.0), ("m", 85, 120, 0.0))
    assert car_share(catalogue, "75_84") == pytest.approx(0.6)
    assert car_share(catalogue, "85_plus") == 0.0


def test_those_without_a_car_count_whole() -> None:
    """With a weight of 0.5, a group of which 60 % drive counts 1 - 0.5 x 0.6 = 0.7; one without drivers 1."""
    catalogue = _with(("f", 75, 84, 0.6), ("m", 75, 84, 0.6), ("f", 85, 120, 0.0), ("m", 85, 120, 0.0))
    assert catalogue.value("mobile.weight_with_car") == 0.5
    assert dependence(catalogue, "75_84") == pytest.approx(0.7)
    assert dependence(catalogue, "85_plus") == pytest.approx(1.0)
