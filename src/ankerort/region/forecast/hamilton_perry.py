"""Hamilton-Perry method: what became of each cohort between two counts is taken to go on (Hamilton and Perry 1962)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.region.forecast.rates import WOMEN

FloatArray = NDArray[np.float64]
# Five-year groups 0-4, ..., 80-84 and 85 and older.
GROUPS: tuple[tuple[int, int], ...] = (*((a, a + 4) for a in range(0, 85, 5)), (85, 120))
_MOTHERS = slice(3, 10)  # 15 to 49


@dataclass(frozen=True)
class CohortRatios:
    """Ratios of areas between two counts.

    Parameters
    ----------
    ccr
        float64, shape (areas, 2, groups): persons of a group over those of the group that they were `steps` groups before; the
        youngest `steps` groups are NaN, the open group stands for all who grew into it.
    child_woman
        float64, shape (areas, 2, steps): children of the youngest groups, by sex, per woman of 15 to 49.
    steps
        Number of five-year steps between the counts.
    """

    ccr: FloatArray
    child_woman: FloatArray
    steps: int


def cohort_ratios(
    first: FloatArray,
    second: FloatArray,
    district: NDArray[np.int64],
    *,
    steps: int,
    survivors: FloatArray,
    shrink_persons: float,
    lowest: float,
    highest: float,
) -> CohortRatios:
    """Ratios of each area, shrunk to its district and kept within limits.

    ``r = (n r_i + k r_0) / (n + k)`` with n persons of the cohort in the first count, ratio ``r_i`` of the area, ``r_0`` of
    the district and weight k. The limits are relative to survival, since of the oldest fewer than the lowest ratio survive.

    Parameters
    ----------
    first, second
        float64, shape (areas, 2, groups): the counts in `GROUPS`.
    district
        int, shape (areas,): district of each area, from 0.
    steps
        Five-year steps between the counts.
    survivors
        float64, shape (2, groups): share of the cohort that survives `steps` steps, by the group at the end.
    shrink_persons
        k.
    lowest, highest
        Limits, relative to `survivors`.
    """
    start, end = _cohorts(first, second, steps)
    ccr = np.full(first.shape, np.nan)
    own = _shrunk(end, start, district, shrink_persons)
    ccr[:, :, steps:] = np.clip(own, lowest * survivors[None, :, steps:], highest * survivors[None, :, steps:])
    mothers = second[:, WOMEN, _MOTHERS].sum(axis=1)
    children = second[:, :, :steps].reshape(len(second), -1)
    women = np.broadcast_to(mothers[:, None], children.shape)
    ratio = _shrunk(children, women, district, shrink_persons)
    return CohortRatios(ccr, ratio.reshape(len(second), 2, steps), steps)


def project(persons: FloatArray, ratios: CohortRatios) -> FloatArray:
    """The population `ratios.steps` five-year steps later; float64, shape (areas, 2, groups)."""
    steps = ratios.steps
    start, _ = _cohorts(persons, persons, steps)
    out = np.zeros_like(persons)
    out[:, :, steps:] = start * ratios.ccr[:, :, steps:]
    mothers = out[:, WOMEN, _MOTHERS].sum(axis=1)
    out[:, :, :steps] = ratios.child_woman * mothers[:, None, None]
    return out


def _cohorts(first: FloatArray, second: FloatArray, steps: int) -> tuple[FloatArray, FloatArray]:
    """Persons of each cohort at the start and at the end, by the group at the end (from group `steps` on)."""
    last = first.shape[2] - 1
    start = np.concatenate(
        [first[:, :, : last - steps], first[:, :, last - steps :].sum(axis=2, keepdims=True)], axis=2
    )
    return start, second[:, :, steps:]


def _shrunk(above: FloatArray, below: FloatArray, district: NDArray[np.int64], weight: float) -> FloatArray:
    """Ratio above / below of each area, drawn to that of its district where few people stand below."""
    shape = above.shape
    a, b = above.reshape(shape[0], -1), below.reshape(shape[0], -1)
    count = int(district.max()) + 1 if len(district) else 0
    sums = np.zeros((2, count, a.shape[1]))
    np.add.at(sums[0], district, a)
    np.add.at(sums[1], district, b)
    whole = np.divide(a.sum(axis=0), b.sum(axis=0), out=np.ones(a.shape[1]), where=b.sum(axis=0) > 0)
    common = np.where(sums[1] > 0, sums[0] / np.where(sums[1] > 0, sums[1], 1.0), whole)[district]
    # n r_i is the number above itself, so areas without anyone below need no ratio of their own.
    total = b + weight
    return np.divide(a + weight * common, total, out=common.copy(), where=total > 0).reshape(shape)
