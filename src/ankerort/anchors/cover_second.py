"""Covering rows for backup coverage: what counts from the second open offer on, at another site than the first.

Let q_1 >= q_2 be the best two qualities of open offers within the standard, one per site. The second one counts the share b of what the first one
does: points x (q_1 + b q_2). Grade by grade, with n the number of sites with an open offer of at least the grade, this is the step of the
grade times [n >= 1] + b [n >= 2] = (1 - b) min(1, n) + b min(2, n). For 0 <= b <= 1 both weights are at least 0, and min(2, n) is a covering row like
min(1, n), only with 2 as its greatest value. So nothing is relaxed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.cover_chains import Chains, chain_rows
from ankerort.anchors.entries import Entries
from ankerort.anchors.problem import FIXED, NEW, Offers


def check_sites(offers: Offers, columns: NDArray[np.int64], function: str) -> None:
    """Make sure that columns of one site never count as two.

    Parameters
    ----------
    offers
        All offers.
    columns
        Numbers of those of one function that may be open; repeated ones do no harm.
    function
        Its name, for the message.

    Raises
    ------
    ValueError
        Two offers that are not FIXED share a site and could both be open. NEW and MOVED ones of one place exclude one another.
    """
    mine = np.unique(columns)
    mine = mine[offers.state[mine] != FIXED]
    place = np.where(offers.state[mine] >= NEW, offers.place[mine], -1)
    order = np.lexsort((mine, offers.site[mine]))
    site, place, mine = offers.site[mine][order], place[order], mine[order]
    wrong = (site[1:] == site[:-1]) & ((place[1:] < 0) | (place[1:] != place[:-1]))
    if wrong.any():
        k = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"function {function!r}: offers {mine[k]} and {mine[k + 1]} share site {site[k]} and could both be open; "
            "backup coverage needs a site for each"
        )


def with_second(chains: Chains, site: NDArray[np.int32], share: float) -> Chains:
    """Chains with one more row for each row whose columns stand at two sites or more: it counts two open ones.

    Rows of grades that a FIXED offer has too are no part of these chains; they are the matter of `beside_fixed`.

    Parameters
    ----------
    chains
        Of a function without limited capacity.
    site
        int32, shape (offers,).
    share
        What the second offer counts of the first one.
    """
    rows = len(chains.previous)
    if not rows:
        return chains
    starts = np.cumsum(chains.size) - chains.size  # every row of such a chain has a column of its own
    low = np.minimum.reduceat(site[chains.column], starts)
    high = np.maximum.reduceat(site[chains.column], starts)
    previous = chains.previous.copy()
    while (previous >= 0).any():  # doubling: after k rounds a row knows of 2^k rows before it
        has = np.flatnonzero(previous >= 0)
        before = previous[has]
        low[has], high[has] = np.minimum(low[has], low[before]), np.maximum(high[has], high[before])
        previous[has] = previous[before]
    two = low < high
    first = np.flatnonzero(two)
    # The row before is that of two sites; where it has one site only, that one's.
    number = np.append(np.where(two, rows + np.cumsum(two) - 1, np.arange(rows)), -1)
    return Chains(
        previous=np.append(chains.previous, number[chains.previous[first]]),
        size=np.append(chains.size, chains.size[first]),
        column=np.append(chains.column, chains.column[np.repeat(two, chains.size)]),
        weight=np.append(np.where(two, 1.0 - share, 1.0) * chains.weight, share * chains.weight[first]),
        persons=np.append(chains.persons, np.zeros(len(first))),
        area=np.append(chains.area, chains.area[first]),
        always=np.append(chains.always, np.zeros(len(first), bool)),
        constant=chains.constant,
        most=np.append(np.ones(rows, np.int64), np.full(len(first), 2)),
    )


def beside_fixed(
    entries: Entries,
    grade: NDArray[np.float64],
    fixed: NDArray[np.bool_],
    site: NDArray[np.int32],
    signs: NDArray[np.uint64],
    points: NDArray[np.float64],
    persons: NDArray[np.float64],
    area: NDArray[np.int64],
) -> Chains:
    """Chains of what any other site adds to the best FIXED offer of a demand row, up to that one's quality.

    The best FIXED site (of equal ones the smallest number) is always the first, so one more open site at a grade that it has is the second.

    Parameters
    ----------
    entries, grade, fixed, signs, persons, area
        As in `ankerort.anchors.cover_chains.chain_rows`; the grade is the quality.
    site
        int32, shape (offers,).
    points
        float64, shape (demand rows,): for a second offer of quality 1.
    """
    row = entries.row
    best = np.zeros(len(points))
    np.maximum.at(best, row[fixed], grade[fixed])
    is_best = fixed & (grade == best[row])
    first = np.full(len(points), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(first, row[is_best], site[entries.column[is_best]])
    keep = (best[row] > 0) & (site[entries.column] != first[row])
    capped = np.minimum(grade, best[row])[keep]
    return chain_rows(entries.only(keep), capped, fixed[keep], signs, points, persons, area)
