"""Which demand rows an offer reaches: the travel tables of the functions, unrolled per offer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.problem import FIXED, AnchorProblem, Travel

_FAR = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Entries:
    """Pairs of a column (offer or unit) and a demand row that reaches it. Shape (pairs,) each, sorted by column, then row.

    Parameters
    ----------
    column
        int64: number of the offer or unit.
    row
        int32: demand row.
    seconds
        int32: door to door.
    within
        bool: within the standard.
    """

    column: NDArray[np.int64]
    row: NDArray[np.int32]
    seconds: NDArray[np.int32]
    within: NDArray[np.bool_]

    def only(self, mask: NDArray[np.bool_]) -> Entries:
        """Those of a mask over the pairs."""
        return Entries(self.column[mask], self.row[mask], self.seconds[mask], self.within[mask])


def unroll(travel: Travel, columns: NDArray[np.int64], sites: NDArray[np.int64]) -> Entries:
    """Entries of columns that stand at sites of one travel table.

    Parameters
    ----------
    travel
        The table.
    columns, sites
        int64, same shape: number of each column and its row in the table.
    """
    start = travel.ptr[sites]
    size = travel.ptr[sites + 1] - start
    ends = np.cumsum(size)
    at = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(start - (ends - size), size)
    return Entries(np.repeat(columns, size), travel.row[at], travel.seconds[at], travel.within[at])


def offers_of(problem: AnchorProblem, function: int, mask: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Numbers of the offers of one function, ascending; `mask` (offers,) narrows them."""
    hit = problem.offers.function == function
    return np.flatnonzero(hit if mask is None else hit & mask)


def offer_entries(problem: AnchorProblem, function: int, mask: NDArray[np.bool_] | None = None) -> Entries:
    """Entries of the offers of one function; `mask` (offers,) narrows them."""
    numbers = offers_of(problem, function, mask)
    return unroll(problem.functions[function].travel, numbers, problem.offers.site[numbers].astype(np.int64))


def closest(entries: Entries, row_count: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Closest column of each row: least seconds, among equals the smallest number.

    Returns
    -------
    tuple
        int64 and int32, shape (rows,): column (-1 = none) and its seconds (largest int32 = none).
    """
    order = np.lexsort((entries.column, entries.seconds, entries.row))
    row = entries.row[order]
    first = order[np.concatenate(([True], row[1:] != row[:-1]))] if len(order) else order
    column = np.full(row_count, -1, dtype=np.int64)
    seconds = np.full(row_count, _FAR, dtype=np.int32)
    column[entries.row[first]] = entries.column[first]
    seconds[entries.row[first]] = entries.seconds[first]
    return column, seconds


def free_entries(problem: AnchorProblem, function: int) -> Entries:
    """Entries within the standard that an offer keeps against every other FIXED offer of its function.

    A row whose closest FIXED offer is closer (or as close, with a smaller number) never goes to this offer, since FIXED offers
    are open in every plan.
    """
    entries = offer_entries(problem, function)
    entries = entries.only(entries.within)
    fixed = entries.only(problem.offers.state[entries.column] == FIXED)
    number, seconds = closest(fixed, len(problem.demand))
    at = seconds[entries.row]
    keeps = (entries.seconds < at) | ((entries.seconds == at) & (entries.column <= number[entries.row]))
    return entries.only(keeps)
