"""Rates of car availability: what they make of an age band, and what is wrong with a user's file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue import read_catalogue
from ankerort.catalogue.car_availability import shares_without_car
from ankerort.catalogue.groups import band_shares


def test_the_share_of_a_band_weighs_ages_and_sexes() -> None:
    """75 to 84 in a village: every single year has the same rates, so the share is that of the two sexes alone."""
    catalogue = read_catalogue()
    women = catalogue.value("share_women.75_84")
    rate = {r.sex: r.rate.value for r in catalogue.car_rates if r.settlement == "village" and r.age_from == 75}
    expected = women * (1 - rate["f"]) + (1 - women) * (1 - rate["m"])
    assert catalogue.without_car["village", "75_plus"]["p_75_84"] == pytest.approx(expected)


def test_a_band_with_several_rates_is_weighed_by_single_years() -> None:
    """18 to 64 has three rates; with one person of each age the share is their mean by number of years."""
    catalogue = read_catalogue()
    ages = np.ones(101)
    half = dict.fromkeys(catalogue.groups["all"].band_shares, 0.5)
    found = shares_without_car(catalogue.car_rates, catalogue.groups["all"], "town", ages, half)
    of = {(r.sex, r.age_from): r.rate.value for r in catalogue.car_rates if r.settlement == "town"}
    years = {18: 7, 25: 20, 45: 20}
    expected = sum(n * (1 - (of["f", a] + of["m", a]) / 2) for a, n in years.items()) / 47
    assert found["p_18_64"] == pytest.approx(expected)


def test_children_never_drive_and_no_share_exceeds_the_group() -> None:
    """Under 18 everybody counts as without a car; a group never has more persons without a car than persons."""
    catalogue = read_catalogue()
    for (_, group), shares in catalogue.without_car.items():
        whole = band_shares(
            catalogue.groups[group].first_age, catalogue.groups[group].last_age, catalogue.single_year_ages["ST"]
        )
        for column, share in shares.items():
            assert share <= whole[column] + 1e-12
            if column in ("p_0_5", "p_6_9", "p_10_15", "p_16_17"):
                assert share == pytest.approx(whole[column])


def test_ages_that_do_not_join_are_told_with_file_and_row(tmp_path: Path) -> None:
    """A user's row that leaves a gap or overlaps names the file, the row and the column."""
    (tmp_path / "car_rates.csv").write_text(
        "settlement,sex,age_from,age_to,value,unit,source,legal_status,mark\nvillage,f,75,90,0.5,share,eigene Befragung,default,D\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as error:
        read_catalogue(tmp_path)
    codes = {(p.code, p.column) for p in error.value.problems}
    assert ("catalogue_ages_do_not_join", "age_from") in codes
