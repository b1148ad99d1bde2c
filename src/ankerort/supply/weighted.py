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
    order: NDArray[np.intp] | None = None,
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
    order
        `quantile_order` of the same areas and values, where several weights share it.

    Returns
    -------
    ndarray
        Shape (shares, count); NaN where an area has no weight.
    """
    out = np.full((len(shares), count), np.nan)
    if order is None:
        order = quantile_order(area, value)
    use = weight[order] > 0
    if not missing_is_far:
        use &= ~np.isnan(value[order])
    order = order[use]
    if not len(order):
        return out
    area, weight = area[order], weight[order]
    key = np.where(np.isnan(value[order]), np.inf, value[order])
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


def quantile_order(area: NDArray[np.int32], value: NDArray[np.float64]) -> NDArray[np.intp]:
    """Positions sorted by area, then value; missing values last."""
    return np.lexsort((value, area))


def sum_by(area: NDArray[np.int32], count: int, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of weights per area, shape (count,)."""
    return np.bincount(area, weights=weight, minlength=count).astype(np.float64)
