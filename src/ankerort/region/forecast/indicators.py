"""Indicators of an age structure (domain 8.3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.region.forecast.age_groups import OPEN_AGE, ages_in
from ankerort.region.forecast.rates import MEN, WOMEN

FloatArray = NDArray[np.float64]


def indicators(persons: FloatArray) -> dict[str, FloatArray]:
    """Indicators of areas; NaN where nobody is below the line.

    Parameters
    ----------
    persons
        float64, shape (areas, 2, 101), women first.

    Returns
    -------
    dict of float64, shape (areas,)
        ``youth_ratio`` = P(0-19) / P(20-64), ``old_age_ratio`` = P(65+) / P(20-64), ``greying`` = P(80+) / P(65+), all in per cent;
        ``billeter`` = (P(0-14) - P(50+)) / P(15-49); ``women_per_100_men`` of 18 to 34 years.
    """
    both = persons.sum(axis=1)

    def of(first: int, last: int) -> FloatArray:
        return both[:, ages_in(first, last)].sum(axis=1)

    young = slice(18, 35)
    return {
        "youth_ratio": 100.0 * _ratio(of(0, 19), of(20, 64)),
        "old_age_ratio": 100.0 * _ratio(of(65, OPEN_AGE), of(20, 64)),
        "greying": 100.0 * _ratio(of(80, OPEN_AGE), of(65, OPEN_AGE)),
        "billeter": _ratio(of(0, 14) - of(50, OPEN_AGE), of(15, 49)),
        "women_per_100_men": 100.0 * _ratio(persons[:, WOMEN, young].sum(axis=1), persons[:, MEN, young].sum(axis=1)),
    }


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
