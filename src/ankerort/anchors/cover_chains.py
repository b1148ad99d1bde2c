"""Covering rows of one function: demand rows with the same sets of columns merged, grades of benefit as chains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.entries import Entries


@dataclass(frozen=True)
class Chains:
    """Rows of one component and function, before they are put one after the other (as in `ankerort.anchors.rows.CoverRows`).

    Parameters
    ----------
    constant
        float64, shape (demand rows,): what every plan has of a demand row.
    most
        int64: 2 where two open sites count, else 1; None = 1 everywhere.
    """

    previous: NDArray[np.int64]
    size: NDArray[np.int64]
    column: NDArray[np.int64]
    weight: NDArray[np.float64]
    persons: NDArray[np.float64]
    area: NDArray[np.int64]
    always: NDArray[np.bool_]
    constant: NDArray[np.float64]
    most: NDArray[np.int64] | None = None


def column_signs(count: int) -> NDArray[np.uint64]:
    """Two 64-bit signs per column; sums of them tell sets of columns apart (an error once in 10^20 tables)."""
    return np.random.default_rng(20240501).integers(1, 2**63, size=(count, 2), dtype=np.uint64)


def chain_rows(
    entries: Entries,
    grade: NDArray[np.float64],
    fixed: NDArray[np.bool_],
    signs: NDArray[np.uint64],
    points: NDArray[np.float64],
    persons: NDArray[np.float64],
    area: NDArray[np.int64],
    *,
    limited: bool = False,
) -> Chains:
    """Covering rows of one function: demand rows with equal sets merged, grades as chains.

    Parameters
    ----------
    entries
        Pairs of column and demand row.
    grade
        float64 > 0 per pair: what one point is worth where the column is the best one that is open.
    fixed
        bool per pair: the column is open in every plan.
    signs
        Per column.
    points, persons
        float64, shape (demand rows,).
    area
        int64, shape (demand rows,): only demand rows of one area are merged.
    limited
        Some offer has a limited capacity: a FIXED offer then does not make a row a constant, and only demand rows with the same whole
        chain and the same points per person are merged. (Else a row of a chain could be served to a smaller share than
        the next one, which the chain forbids.)
    """
    row_count = len(points)
    keep = (grade > 0) & (points[entries.row] > 0)
    column, row, grade, fixed = entries.column[keep], entries.row[keep].astype(np.int64), grade[keep], fixed[keep]
    always = np.zeros(row_count)  # grade of the best FIXED column
    np.maximum.at(always, row[fixed], grade[fixed])
    keep = ~fixed & (grade > always[row])
    column, row, grade = column[keep], row[keep], grade[keep]
    if limited:  # a link of its own for the FIXED ones, at the end of each chain
        held = np.flatnonzero(always > 0)
        column = np.concatenate((column, np.full(len(held), -1)))
        row, grade = np.concatenate((row, held)), np.concatenate((grade, always[held]))
    order = np.lexsort((column, -grade, row))
    column, row, grade = column[order], row[order], grade[order]
    count = len(row)
    if not count:
        none = np.zeros(0, dtype=np.int64)
        return Chains(none, none, none, np.zeros(0), np.zeros(0), none, none.astype(bool), points * always)
    new_row = np.concatenate(([True], row[1:] != row[:-1]))
    new_link = new_row | np.concatenate(([True], grade[1:] != grade[:-1]))
    link = np.flatnonzero(new_link)
    size = np.diff(np.append(link, count))
    link_row, link_grade, first_of_row = row[link], grade[link], new_row[link]
    next_grade = np.where(
        np.append(first_of_row[1:], True), 0.0 if limited else always[link_row], np.append(link_grade[1:], 0.0)
    )
    step = link_grade - next_grade
    # Sign of all columns up to the link: running sums (modulo 2^64) less what stood before the demand row's first entry.
    sums = np.cumsum(signs[column], axis=0, dtype=np.uint64)
    before = np.concatenate((np.zeros((1, 2), dtype=np.uint64), sums))
    start = np.maximum.accumulate(np.where(new_row, np.arange(count), 0))[link]
    sign = sums[link + size - 1] - before[start]
    keys = [area[link_row].astype(np.uint64), sign[:, 1], sign[:, 0]]
    if limited:
        keys += _whole_chain(link_row, link_grade, first_of_row, sign, points, persons)
    by_key = np.lexsort(keys)
    differs = np.zeros(len(link), dtype=bool)
    differs[0] = True
    for key in keys:
        differs[1:] |= key[by_key][1:] != key[by_key][:-1]
    first = by_key[differs]  # lexsort is stable: the first link of each set
    merged = np.empty(len(link), dtype=np.int64)
    merged[by_key] = np.cumsum(differs) - 1
    rank = np.argsort(np.argsort(first))  # numbers in the order of the demand rows, not of the signs
    merged, first = rank[merged], np.sort(first)
    earlier = np.where(first_of_row, -1, np.concatenate(([-1], merged[:-1])))
    total = len(first)
    takes = np.zeros(len(link), dtype=bool)
    takes[first] = True
    of_first = np.repeat(takes, size) & (column >= 0)
    always_link = limited & (column[link] < 0)
    return Chains(
        previous=np.where(always_link[first], -1, earlier[first]),
        size=np.where(always_link[first], 0, size[first]),
        column=column[of_first],
        weight=np.bincount(merged, points[link_row] * step, total).astype(np.float64),
        persons=np.bincount(merged, persons[link_row] * step, total).astype(np.float64),
        area=area[link_row[first]],
        always=always_link[first],
        constant=np.zeros(row_count) if limited else points * always,
    )


def _whole_chain(
    link_row: NDArray[np.int64],
    link_grade: NDArray[np.float64],
    first_of_row: NDArray[np.bool_],
    sign: NDArray[np.uint64],
    points: NDArray[np.float64],
    persons: NDArray[np.float64],
) -> list[NDArray[np.uint64]]:
    """Signs that are equal for links of demand rows with the same whole chain, grades and points per person."""
    bits = link_grade.view(np.uint64)
    mixed = (sign[:, 0] ^ (bits * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9) ^ sign[:, 1]
    starts = np.flatnonzero(first_of_row)
    whole = np.add.reduceat(mixed, starts)
    per_link = np.repeat(whole, np.diff(np.append(starts, len(link_row))))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(persons > 0, points / persons, 0.0)
    return [per_link, share[link_row].view(np.uint64), bits]
