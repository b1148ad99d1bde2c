"""Iterative proportional fitting of places to official totals (Deming and Stephan 1940)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ITERATIONS = 2000
TOLERANCE = 1e-9  # relative to the target


@dataclass(frozen=True)
class TargetSet:
    """Official totals of disjoint groups of persons.

    Parameters
    ----------
    label
        int64, any shape: index of the target that each number of the table belongs to, -1 = none.
    persons
        float64, shape (targets,).
    """

    label: NDArray[np.int64]
    persons: FloatArray


@dataclass(frozen=True)
class Raked:
    """Table that meets its targets, and (set, target, sum) of those that it cannot meet."""

    persons: FloatArray
    unmatched: tuple[tuple[int, int, float], ...]


def rake_to_targets(seed: FloatArray, sets: Sequence[TargetSet]) -> Raked:
    """Scale a table in turn to every set of targets until all are met.

    Parameters
    ----------
    seed
        float64, any shape, nowhere negative. What is zero stays zero.
    sets
        Targets; where they contradict one another, the last set is met.

    Returns
    -------
    Raked
        All targets are met within a millionth of a person or of the target, but those named.
    """
    out = seed.astype(np.float64).ravel().copy()
    flat = [(s.label.ravel(), s.persons) for s in sets]
    members = [np.flatnonzero(label >= 0) for label, _ in flat]
    for _ in range(ITERATIONS if len(sets) > 1 else 1):
        worst = 0.0
        for (label, target), rows in zip(flat, members, strict=True):
            sums = np.bincount(label[rows], weights=out[rows], minlength=len(target))
            factor = np.divide(target, sums, out=np.ones_like(target), where=sums > 0)
            reachable = sums > 0
            if reachable.any():
                error = np.abs(sums - target)[reachable] / np.maximum(target[reachable], 1.0)
                worst = max(worst, float(error.max()))
            out[rows] *= factor[label[rows]]
        if worst <= TOLERANCE:
            break
    unmatched = []
    for k, ((label, target), rows) in enumerate(zip(flat, members, strict=True)):
        sums = np.bincount(label[rows], weights=out[rows], minlength=len(target))
        missed = np.abs(sums - target) > 1e-6 * np.maximum(target, 1.0)
        unmatched += [(k, int(t), float(sums[t])) for t in np.flatnonzero(missed)]
    return Raked(out.reshape(seed.shape), tuple(unmatched))
