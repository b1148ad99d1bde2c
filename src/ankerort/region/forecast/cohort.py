"""Cohort-component method: everybody grows a year older, some die, some move, women give birth.

Domain of small areas in single years of age (Smith, Tayman and Swanson 2013): half of those who move are exposed to the risk of
dying, ``P[a+1, t+1] = (P[a, t] + M / 2) (1 - q[a]) + M / 2``; the open group keeps its own survivors; births
``B = sum over a of f[a] (P[a, women, t] + P[a, women, t+1]) / 2``, of which ``B (1 - q[0])`` are there at the end of the year.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ankerort.region.forecast.rates import MEN, WOMEN, Rates

FloatArray = NDArray[np.float64]


def next_year(persons: FloatArray, rates: Rates, migration: FloatArray) -> FloatArray:
    """The population a year later.

    Parameters
    ----------
    persons
        float64, shape (places, 2, 101).
    rates
        Deaths and births.
    migration
        float64, shape (places, 2, 101) or (2, 101): balance of moves per person.

    Returns
    -------
    float64, shape (places, 2, 101)
        Nowhere negative.
    """
    # Nobody can leave who is not there.
    moves = np.maximum(migration, -1.0) * persons
    alive = (persons + moves / 2.0) * (1.0 - rates.deaths) + moves / 2.0
    alive = np.maximum(alive, 0.0)
    out = np.zeros_like(persons)
    out[..., 1:] = alive[..., :-1]
    out[..., -1] += alive[..., -1]
    mothers = (persons[:, WOMEN] + out[:, WOMEN]) / 2.0
    births = mothers @ rates.births
    share = np.zeros(2)
    share[WOMEN], share[MEN] = 1.0 - rates.boys_share, rates.boys_share
    out[:, :, 0] = births[:, None] * (share * (1.0 - rates.deaths[:, 0]))[None, :]
    return out


def run_cohorts(
    persons: FloatArray, rates: Rates, migration: FloatArray, *, first_year: int, years: Iterable[int]
) -> dict[int, FloatArray]:
    """Populations of the years asked for, starting with `persons` in `first_year`.

    Raises
    ------
    ValueError
        If a year lies before `first_year`.
    """
    wanted = sorted(set(years))
    if wanted and wanted[0] < first_year:
        raise ValueError(f"{wanted[0]} lies before {first_year}")
    found: dict[int, FloatArray] = {}
    state = persons
    for year in range(first_year, (wanted[-1] if wanted else first_year) + 1):
        if year > first_year:
            state = next_year(state, rates, migration)
        if year in wanted:
            found[year] = state
    return found
