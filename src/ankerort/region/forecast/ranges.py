"""How far the forecast of a small place may be off: draws of chance and of the place's own drift."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def draw_ranges(
    persons: FloatArray, *, years_ahead: int, drift_per_year: float, share: float, draws: int, seed: tuple[int, ...]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Lower and upper limits of the numbers of small places and of their sums.

    Parametric bootstrap of the negative binomial: each draw multiplies the place by a gamma factor (mean 1, variance
    ``drift_per_year ** 2 x years``: places go their own way) and counts each group by Poisson (few people are a matter of chance).

    Parameters
    ----------
    persons
        float64, shape (places, groups): expected numbers.
    years_ahead
        Years since the stock.
    drift_per_year
        Standard deviation of the growth factor after one year.
    share
        Share of the draws between the limits.
    draws
        Number of draws.
    seed
        Seed; the same one gives the same limits.

    Returns
    -------
    low, high
        float64, shape (places, groups).
    total_low, total_high
        float64, shape (places,).
    """
    variance = drift_per_year**2 * years_ahead
    tails = ((1.0 - share) / 2.0, (1.0 + share) / 2.0)
    low, high = persons.copy(), persons.copy()
    total_low, total_high = persons.sum(axis=1), persons.sum(axis=1)
    if years_ahead <= 0:
        return low, high, total_low, total_high
    for place in range(len(persons)):
        rng = np.random.default_rng([*seed, place])
        factor = rng.gamma(1.0 / variance, variance, size=draws) if variance > 0 else np.ones(draws)
        drawn = rng.poisson(factor[:, None] * persons[place][None, :]).astype(np.float64)
        low[place], high[place] = np.quantile(drawn, tails, axis=0)
        total_low[place], total_high[place] = np.quantile(drawn.sum(axis=1), tails)
    return low, high, total_low, total_high
