"""How far the forecast of a small place may be off: chance, and the place's own drift."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FloatArray = NDArray[np.float64]
_SUMMED_UP_TO = 100.0


def ranges_of(
    persons: FloatArray, *, years_ahead: int, drift_per_year: float, share: float
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limits of expected numbers.

    Few people are a matter of chance (Poisson), and places go their own way: their number is multiplied by a gamma factor with mean 1
    and variance ``v = drift_per_year ** 2 x years``. Together that is a negative binomial with mean m and variance ``m + v m ** 2``; the
    limits are its quantiles, which a bootstrap of these draws would approach. The sum of several groups of a place has the same
    distribution with the sum of their means.

    Parameters
    ----------
    persons
        float64, any shape: expected numbers.
    years_ahead
        Years since the stock; 0 = no range.
    drift_per_year
        Standard deviation of the growth factor after one year.
    share
        Share of the outcomes between the limits.

    Returns
    -------
    low, high
        float64, same shape; the expected number lies between them.
    """
    if years_ahead <= 0 or not persons.size:
        return persons.copy(), persons.copy()
    variance = drift_per_year**2 * years_ahead
    limits = [
        _quantile(persons.ravel(), variance, tail).reshape(persons.shape)
        for tail in ((1.0 - share) / 2.0, (1.0 + share) / 2.0)
    ]
    low, high = (np.where(persons > 0, limit, 0.0) for limit in limits)
    return np.minimum(low, persons), np.maximum(high, persons)


def _quantile(mean: FloatArray, variance: float, tail: float) -> FloatArray:
    """Quantile of the negative binomial with mean m and variance ``m + variance m ** 2`` (Poisson for 0); shape (numbers,)."""
    out = np.zeros(len(mean))
    large = mean > _SUMMED_UP_TO
    if variance > 0:
        size = 1.0 / variance
        out[large] = stats.nbinom.ppf(tail, size, size / (size + mean[large]))
    else:
        out[large] = stats.poisson.ppf(tail, mean[large])
    # Most groups of a small place are small: adding up their few probabilities is ten times as fast as the library.
    rows = np.flatnonzero(~large)
    m = mean[rows]
    probability = np.exp(-m) if variance == 0 else (1.0 + variance * m) ** (-1.0 / variance)
    total = probability.copy()
    k = 0
    while len(rows):
        open_ = total < tail
        out[rows[~open_]] = k
        rows, m, probability, total = rows[open_], m[open_], probability[open_], total[open_]
        probability = probability * m * (1.0 + variance * k) / ((k + 1.0) * (1.0 + variance * m))
        total = total + probability
        k += 1
    return out
