"""Persons of a group from the age bands of the cells."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.catalogue.model import Group


def band_shares(first_age: int, last_age: int, ages: NDArray[np.float64]) -> dict[str, float]:
    """Share of each age band that belongs to the ages asked for.

    Parameters
    ----------
    first_age, last_age
        Both ages included; 120 = open.
    ages
        Persons by age 0..100 of the Land (shape (101,), persons); the last entry holds 100 and older.

    Returns
    -------
    dict
        Column of ``cells`` -> share in (0, 1]; bands without a share are left out. A band that the group straddles gets
        sum(persons of the common ages) / sum(persons of the band).
    """
    shares: dict[str, float] = {}
    for column, low, high in AGE_BANDS:
        first, last = max(first_age, low), min(last_age, high)
        if first > last:
            continue
        if first == low and last == high:
            shares[column] = 1.0
            continue
        share = float(ages[first : last + 1].sum() / ages[low : high + 1].sum())
        if share > 0:
            shares[column] = share
    return shares


def group_persons(cells: pd.DataFrame, group: Group) -> pd.Series:
    """Persons of a group in each row.

    Parameters
    ----------
    cells
        Table with the age-band columns of ``cells`` (persons, fractions stay).
    group
        The group.

    Returns
    -------
    Series of float64
        Index of `cells`; sum over bands of persons x share. For the group of all ages it is the sum of the bands.
    """
    return weighted_persons(cells, group.band_shares)


def weighted_persons(cells: pd.DataFrame, shares: Mapping[str, float]) -> pd.Series:
    """Sum over age bands of persons x share, in the order of the bands."""
    total = np.zeros(len(cells))
    for column, share in shares.items():
        total += cells[column].to_numpy(dtype=np.float64) * share
    return pd.Series(total, index=cells.index, name="persons")
