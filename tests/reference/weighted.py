"""Weighted quantiles, one person after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence


def slow_quantile(
    values: Sequence[float], weights: Sequence[float], share: float, *, missing_is_far: bool = False
) -> float:
    """Walk through the people from the nearest to the farthest until the share of them is reached."""
    people = [(v, w) for v, w in zip(values, weights, strict=True) if w > 0 and (missing_is_far or not math.isnan(v))]
    people.sort(key=lambda p: math.inf if math.isnan(p[0]) else p[0])
    total = math.fsum(w for _, w in people)
    running = 0.0
    for value, weight in people:
        running += weight
        if running >= total * share - 1e-9:
            return value
    return math.nan
