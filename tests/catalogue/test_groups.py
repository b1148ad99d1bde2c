"""Persons of a group from the age bands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankerort.catalogue import group_persons, read_catalogue
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.catalogue.groups import band_shares

CATALOGUE = read_catalogue()


def _cells(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({name: [value] for name, value in zip(AGE_COLUMNS, values, strict=True)}, index=[7])


def test_all_people_are_the_sum_of_the_bands() -> None:
    """The group of all ages takes each band whole, and keeps the index of the cells."""
    persons = group_persons(_cells([1, 2, 3, 4, 50.5, 6, 7, 8]), CATALOGUE.groups["all"])
    assert persons.loc[7] == 81.5


def test_whole_bands_need_no_estimate() -> None:
    """65 and older is the sum of three whole bands."""
    assert CATALOGUE.groups["65_plus"].band_shares == {"p_65_74": 1, "p_75_84": 1, "p_85_plus": 1}
    assert group_persons(_cells([0, 0, 0, 0, 9, 1, 2, 4]), CATALOGUE.groups["65_plus"]).loc[7] == 7


def test_a_straddled_band_is_split_by_the_state() -> None:
    """80 and older takes of 75-84 the share that the Land's 80 to 84 have in it, and 85+ whole."""
    ages = CATALOGUE.single_year_ages["ST"]
    share = ages[80:85].sum() / ages[75:85].sum()
    assert group_persons(_cells([0] * 6 + [100, 10]), CATALOGUE.groups["80_plus"]).loc[7] == pytest.approx(
        100 * share + 10
    )
    assert 0.4 < share < 0.7


def test_the_land_changes_the_split() -> None:
    """Each Land splits by its own age structure; one without records takes Germany's and says so."""
    own = CATALOGUE.groups["80_plus"].band_shares["p_75_84"]
    other = read_catalogue(land="BW").groups["80_plus"].band_shares["p_75_84"]
    assert own != other
    borrowed = read_catalogue(land="NI")
    ages = borrowed.single_year_ages["DE"]
    assert borrowed.groups["80_plus"].band_shares["p_75_84"] == pytest.approx(ages[80:85].sum() / ages[75:85].sum())
    assert [p.code for p in borrowed.problems] == ["catalogue_land_without_ages"]


@given(
    st.lists(st.integers(1, 1000), min_size=101, max_size=101),
    st.integers(0, 100),
    st.integers(0, 120),
)
def test_shares_rebuild_the_state(persons: list[int], first: int, last: int) -> None:
    """Applied to the state itself, the shares give back exactly the persons of the ages asked for."""
    ages = np.array(persons, dtype=np.float64)
    bands = {name: ages[low : high + 1].sum() for name, low, high in AGE_BANDS}
    shares = band_shares(first, last, ages)
    assert all(0 < share <= 1 for share in shares.values())
    assert sum(bands[name] * share for name, share in shares.items()) == pytest.approx(ages[first : last + 1].sum())


@given(st.integers(1, 100))
def test_groups_side_by_side_sum_to_all(border: int) -> None:
    """Two groups that share no age and leave none out have together all persons."""
    ages = CATALOGUE.single_year_ages["HE"]
    young, old = band_shares(0, border - 1, ages), band_shares(border, 120, ages)
    for column in AGE_COLUMNS:
        assert young.get(column, 0) + old.get(column, 0) == pytest.approx(1)
