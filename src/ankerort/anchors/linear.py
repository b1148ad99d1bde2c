"""Linear rows put together from arrays, without a loop over entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

# The solver's own infinity: a large number in its place once made a wrong optimum look proven.
INF: Final = float("inf")


@dataclass
class LinearRows:
    """Rows ``lower <= A x <= upper`` of one model, block by block."""

    row: list[NDArray[np.int64]] = field(default_factory=list)
    column: list[NDArray[np.int64]] = field(default_factory=list)
    value: list[NDArray[np.float64]] = field(default_factory=list)
    lower: list[NDArray[np.float64]] = field(default_factory=list)
    upper: list[NDArray[np.float64]] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        row: ArrayLike,
        column: ArrayLike,
        value: ArrayLike,
        *,
        lower: ArrayLike = -INF,
        upper: ArrayLike = INF,
        count: int,
    ) -> None:
        """Add `count` rows.

        Parameters
        ----------
        row, column
            Numbers of the rows within the block, and of the columns; entries with column -1 are left out, equal ones are added up.
        value
            One per entry, or one for all.
        lower, upper
            One per row, or one for all.
        """
        rows, columns = np.asarray(row, dtype=np.int64), np.asarray(column, dtype=np.int64)
        keep = columns >= 0
        values = np.broadcast_to(np.asarray(value, dtype=np.float64), rows.shape)
        self.row.append(rows[keep] + self.count)
        self.column.append(columns[keep])
        self.value.append(values[keep])
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)))
        self.count += count

    def matrix(self, columns: int) -> tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]:
        """All rows as (matrix, lower, upper)."""
        none = [np.zeros(0)]
        coordinates = (
            np.concatenate(self.row or none).astype(np.int64),
            np.concatenate(self.column or none).astype(np.int64),
        )
        values = np.concatenate(self.value or none)
        out = csr_array((values, coordinates), shape=(self.count, columns))
        out.sum_duplicates()
        return out, np.concatenate(self.lower or none), np.concatenate(self.upper or none)


def spread(ptr: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of the group of each entry of a table with pointers."""
    return np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
