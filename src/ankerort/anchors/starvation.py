"""Viability as linear rows: what offers that open together leave to one another.

Catchments of open offers of one function are disjoint, and each lies in the potential of its offer (see
`ankerort.anchors.entries.free_entries`). All rows below follow from this; with h the exact shortfall every plan that keeps the exact rule keeps them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ankerort.anchors.entries import Entries, free_entries
from ankerort.anchors.linear import LinearRows
from ankerort.anchors.model_places import unit_places
from ankerort.anchors.problem import NEW, AnchorProblem
from ankerort.anchors.reduce import Reduced, core_functions

# Rounding alone may not forbid a plan: so many persons may miss.
_SLACK = 1e-5
# Shares of a catchment that have to lie in the middle one's for an offer to join its set.
_OVERLAPS = (0.999, 0.6, 0.3)


def starvation_rows(
    rows: LinearRows,
    problem: AnchorProblem,
    less: Reduced,
    offer: NDArray[np.int64],
    unit: NDArray[np.int64],
    short: NDArray[np.int64],
) -> None:
    """All rows of viability.

    Parameters
    ----------
    offer, unit, short
        Columns of offers, units, and shortfalls; -1 = none.
    """
    _shortfall_rows(rows, problem, less, offer, unit, short)
    asks = (offer >= 0) & (problem.offers.state >= NEW) & (problem.offers.viable_persons > 0)
    for f in range(len(problem.functions)):
        numbers = np.flatnonzero(asks & (problem.offers.function == f))
        if not len(numbers):
            continue
        entries = free_entries(problem, f)
        usable = entries.only(offer[entries.column] >= 0)
        need = problem.functions[f].need
        usable = usable.only(need[usable.row] > 0)
        _union_rows(rows, problem, need, usable, numbers, offer, short)
        _pair_rows(rows, problem, need, usable, numbers, offer, short)


def _shortfall_rows(
    rows: LinearRows,
    problem: AnchorProblem,
    less: Reduced,
    offer: NDArray[np.int64],
    unit: NDArray[np.int64],
    short: NDArray[np.int64],
) -> None:
    """(v - potential) x <= h <= v x, and h <= v times the chosen units at the place in whose core the function is."""
    numbers = np.flatnonzero(short >= 0)
    count = len(numbers)
    if not count:
        return
    offers, at = problem.offers, np.arange(count)
    viable = offers.viable_persons[numbers]
    ones = np.ones(count)
    rows.add(
        np.concatenate((at, at)),
        np.concatenate((short[numbers], offer[numbers])),
        np.concatenate((ones, -viable)),
        upper=0.0,
        count=count,
    )
    lacks = viable - less.potential[numbers] - _SLACK
    hit = np.flatnonzero(lacks > 0)
    rows.add(
        np.concatenate((np.arange(len(hit)), np.arange(len(hit)))),
        np.concatenate((short[numbers[hit]], offer[numbers[hit]])),
        np.concatenate((np.ones(len(hit)), -lacks[hit])),
        lower=0.0,
        count=len(hit),
    )
    core = core_functions(problem)
    of_unit, place = unit_places(problem)
    keep = unit[of_unit] >= 0
    of_unit, place = of_unit[keep], place[keep]
    by_place = np.argsort(place, kind="stable")
    of_unit, place = of_unit[by_place], place[by_place]
    start = np.searchsorted(place, offers.place[numbers])
    size = np.searchsorted(place, offers.place[numbers], side="right") - start
    row = np.repeat(at, size)
    units_here = of_unit[np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size) + np.repeat(start, size)]
    holds = core[problem.units.level[units_here], offers.function[numbers[row]]]
    rows.add(
        np.concatenate((at, row[holds])),
        np.concatenate((short[numbers], unit[units_here[holds]])),
        np.concatenate((ones, -viable[row[holds]])),
        upper=0.0,
        count=count,
    )


def _union_rows(
    rows: LinearRows,
    problem: AnchorProblem,
    need: NDArray[np.float64],
    usable: Entries,
    numbers: NDArray[np.int64],
    offer: NDArray[np.int64],
    short: NDArray[np.int64],
) -> None:
    """Sum of (v x - h) over a set of offers <= need in the union of their potentials.

    Valid for every set: an open offer has v - h <= its catchment, a closed one v x - h = 0, and catchments are disjoint subsets of the union.
    Sets are, around each offer, those whose potential lies in its own to a share of 99.9, 60 or 30 percent.
    """
    position = np.full(len(offer), -1)
    position[numbers] = np.arange(len(numbers))
    mine = usable.only(position[usable.column] >= 0)
    if not len(mine.row):
        return
    at = position[mine.column]
    shape = (len(numbers), len(need))
    reach = csr_array((np.ones(len(at)), (at, mine.row)), shape=shape)
    persons = csr_array((need[mine.row], (at, mine.row)), shape=shape)
    potential = np.bincount(at, need[mine.row], len(numbers))
    overlap = (persons @ reach.T).toarray()  # persons of row offer who also reach the column offer
    viable = problem.offers.viable_persons[numbers]
    sites = np.unique(problem.offers.site[numbers], return_index=True)[1]
    sets: list[NDArray[np.bool_]] = []
    for share in _OVERLAPS:
        inside = overlap >= share * potential[:, None] - 1e-9
        sets.append(inside[:, sites].T | np.eye(len(numbers), dtype=bool)[sites])
    sets.append(np.ones((1, len(numbers)), dtype=bool))
    members = np.unique(np.concatenate(sets), axis=0)
    union = (csr_array(members.astype(np.float64)) @ reach).tocsr()
    union.data[:] = 1.0
    room = union @ need
    # Of the variants of one place one is open at most: a row that even all places together keep says nothing.
    place = np.where(problem.offers.place[numbers] >= 0, problem.offers.place[numbers], -1 - numbers)
    order = np.lexsort((viable, place))
    of_place = np.split(order, np.flatnonzero(np.diff(place[order])) + 1)
    most = np.column_stack([np.where(members[:, g], viable[g], 0.0).max(axis=1) for g in of_place]).sum(axis=1)
    members, room = members[most > room + _SLACK], room[most > room + _SLACK]
    row, which = np.nonzero(members)
    rows.add(
        np.concatenate((row, row)),
        np.concatenate((offer[numbers[which]], short[numbers[which]])),
        np.concatenate((viable[which], -np.ones(len(which)))),
        upper=room + _SLACK,
        count=len(room),
    )


def _pair_rows(
    rows: LinearRows,
    problem: AnchorProblem,
    need: NDArray[np.float64],
    usable: Entries,
    numbers: NDArray[np.int64],
    offer: NDArray[np.int64],
    short: NDArray[np.int64],
) -> None:
    """An offer j next to a group k of variants at one place: h_j >= (v_j - what k leaves of j's potential) (x_j + x_k - 1).

    Where j cannot be subsidised this is the conflict x_j + x_k <= 1. What k leaves is counted with all ties going to j, so it is the most
    that j can have while some offer of k is open.
    """
    if not len(usable.row):
        return
    offers = problem.offers
    keys = np.where(
        (offers.state[usable.column] >= NEW) & (offers.place[usable.column] >= 0),
        offers.site[usable.column].astype(np.int64) * (problem.place_count + 1) + offers.place[usable.column] + 1,
        -1 - usable.column,
    )
    groups, group = np.unique(keys, return_inverse=True)
    # One column of a group stands for all: they share the site, so rows and seconds are the same but for ties with FIXED offers.
    by_group = np.lexsort((usable.seconds, usable.row, group))
    g, r, s = group[by_group], usable.row[by_group], usable.seconds[by_group]
    first = np.concatenate(([True], (g[1:] != g[:-1]) | (r[1:] != r[:-1])))
    g, r, s = g[first], r[first], s[first]
    by_row = np.lexsort((g, r))
    row_ptr = np.searchsorted(r[by_row], np.arange(len(need) + 1))
    group_of = np.full(len(offer), -1)
    group_of[usable.column] = group
    members = [np.zeros(0, dtype=np.int64)] * len(groups)
    pairs = np.unique(np.column_stack((group, usable.column)), axis=0)
    cuts = np.flatnonzero(np.diff(pairs[:, 0])) + 1
    for part in np.split(pairs, cuts):
        members[int(part[0, 0])] = part[:, 1]
    group_ptr = np.searchsorted(g, np.arange(len(groups) + 1))
    conflicts: dict[int, list[int]] = {}
    for k in np.unique(group_of[numbers[group_of[numbers] >= 0]]).tolist():
        own = slice(int(group_ptr[k]), int(group_ptr[k + 1]))
        own_rows, own_seconds = r[own], s[own]
        size = row_ptr[own_rows + 1] - row_ptr[own_rows]
        at = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size) + np.repeat(row_ptr[own_rows], size)
        others = by_row[at]
        lost = s[others] < np.repeat(own_seconds, size)
        taken = np.bincount(g[others[lost]], need[r[others[lost]]], len(groups))
        leaves = need[own_rows].sum() - taken
        for j in members[k].tolist():
            lacks = offers.viable_persons[j] - leaves - _SLACK
            alone = offers.viable_persons[j] - need[own_rows].sum()
            for other in np.flatnonzero((lacks > 0) & (taken > 0)).tolist():
                if short[j] < 0:
                    conflicts.setdefault(j, []).append(other)
                elif lacks[other] > max(alone, 0.0):
                    columns = np.concatenate(([short[j], offer[j]], offer[members[other]]))
                    values = np.concatenate(([1.0], np.full(len(columns) - 1, -lacks[other])))
                    rows.add(np.zeros(len(columns)), columns, values, lower=-lacks[other], count=1)
    _conflict_rows(rows, offer, members, group_of, conflicts)


def _conflict_rows(
    rows: LinearRows,
    offer: NDArray[np.int64],
    members: list[NDArray[np.int64]],
    group_of: NDArray[np.int64],
    conflicts: dict[int, list[int]],
) -> None:
    """x_j + sum of x over the group k <= 1, one row for all j of one group that conflict with k."""
    together: dict[tuple[int, int], list[int]] = {}
    for j, others in conflicts.items():
        for other in others:
            together.setdefault((int(group_of[j]), other), []).append(j)
    for (_, other), mine in sorted(together.items()):
        columns = offer[np.concatenate((np.array(mine, dtype=np.int64), members[other]))]
        rows.add(np.zeros(len(columns)), columns, 1.0, upper=1.0, count=1)
