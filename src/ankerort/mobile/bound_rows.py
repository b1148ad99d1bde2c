"""Rows of the linear and integer programs of mobile services."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix


@dataclass
class Rows:
    """Rows ``low <= A x <= high`` of a linear or integer program under construction."""

    i: list[NDArray[np.int64]] = field(default_factory=list)
    j: list[NDArray[np.int64]] = field(default_factory=list)
    v: list[NDArray[np.float64]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, columns: NDArray[np.int64], values: NDArray[np.float64], low: float, high: float) -> None:
        """Add one row."""
        self.i.append(np.full(len(columns), len(self.low), np.int64))
        self.j.append(np.asarray(columns, np.int64))
        self.v.append(np.asarray(values, float))
        self.low.append(low)
        self.high.append(high)

    def matrix(self, columns: int) -> csr_matrix:
        """Return A."""
        if not self.low:
            return csr_matrix((0, columns))
        parts = np.concatenate(self.v), (np.concatenate(self.i), np.concatenate(self.j))
        return csr_matrix(coo_matrix(parts, shape=(len(self.low), columns)))
