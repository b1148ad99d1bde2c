"""Weighted sums and quantiles by area, without a loop over areas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def weighted_quantiles(
    area: NDArray[np.int32],
    count: int,
    value: NDArray[np.float64],
    weight: NDArray[np.float64],
    shares: tuple[float, ...],
    *,
    missing_is_far: bool = False,
) -> NDArray[np.float64]:
    """The value at which the given share of an area's weight is reached (the median person for 0.5).

    Parameters
    ----------
    area
        int32, shape (cells,): index of the area, 0 .. `count` - 1.
    value
        Shape (cells,); NaN = no value.
    weight
        Persons, shape (cells,), not negative.
    shares
        Shares in (0, 1].
    missing_is_far
        True: persons without a value count as farther than all others, and a quantile that falls on them is NaN.
        False: they are left out.

    Returns
    -------
    ndarray
        Shape (shares, count); NaN where an area has no weight.
    """
    out = np.full((len(shares), count), np.nan)
    use = weight > 0
    if not missing_is_far:
        use &= ~np.isnan(value)
    area, value, weight = area[use], value[use], weight[use]
    if not len(area):
        return out
    key = np.where(np.isnan(value), np.inf, value)
    order = np.lexsort((key, area))
    area, key, weight = area[order], key[order], weight[order]
    total = np.bincount(area, weights=weight, minlength=count)
    first = np.searchsorted(area, np.arange(count), side="left")
    running = np.cumsum(weight)
    before = np.concatenate([[0.0], running])[first]
    for row, share in enumerate(shares):
        # the smallest value whose running weight reaches the share; a hair below, so that rounding does not skip it
        goal = before + total * share * (1 - 1e-12)
        position = np.minimum(np.searchsorted(running, goal, side="left"), len(key) - 1)
        has = total > 0
        found = key[position]
        out[row, has] = np.where(np.isinf(found), np.nan, found)[has]
    return out


def sum_by(area: NDArray[np.int32], count: int, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of weights per area, shape (count,)."""
    return np.bincount(area, weights=weight, minlength=count).astype(np.float64)
