"""Age groups of a forecast: five-year groups, cut further where an age band of the cells begins or ends."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.catalogue.demography import SINGLE_AGES

OPEN_AGE = 120
_LAST_GROUP = 90


def _groups() -> tuple[tuple[int, int], ...]:
    starts = {*range(0, _LAST_GROUP + 1, 5), *(first for _, first, _ in AGE_BANDS)}
    edges = [*sorted(starts), OPEN_AGE + 1]
    return tuple((a, b - 1) for a, b in pairwise(edges))


# (first age, last age); the last is open. Both five-year groups and the bands of the cells are sums of these.
FORECAST_AGES: tuple[tuple[int, int], ...] = _groups()


def ages_in(first: int, last: int) -> slice:
    """Slice of the single ages 0 to 100 (100 and older stand together) for the ages `first` to `last`."""
    return slice(min(first, SINGLE_AGES - 1), min(last, SINGLE_AGES - 1) + 1)


def sum_ages(persons: NDArray[np.float64], groups: tuple[tuple[int, int], ...]) -> NDArray[np.float64]:
    """Sum single ages (last axis, 101) to disjoint groups; shape (..., groups)."""
    return np.stack([persons[..., ages_in(a, b)].sum(axis=-1) for a, b in groups], axis=-1)


def band_of_group() -> NDArray[np.int64]:
    """Index of the age band of the cells for each of `FORECAST_AGES`."""
    firsts = np.array([first for _, first, _ in AGE_BANDS])
    return np.searchsorted(firsts, [a for a, _ in FORECAST_AGES], side="right") - 1
