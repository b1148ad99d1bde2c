"""Sums over (cell, site) pairs, and places given out pair by pair: what all measures of supply and competition are made of.

Pairs lie in columns, one per site (`ankerort.network.model.SparseColumns`). Values are whole metres or seconds, so a weight that
depends on the way alone is looked up in a table with one entry per unit: any decay function costs the same.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def sort_pairs(
    cell: NDArray[np.int32],
    site: NDArray[np.int32],
    value: NDArray[np.int32],
    cells: int,
    sites: int,
    home: NDArray[np.int32],
    sorted_value: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Put pairs in any order into columns: by site, within a site by cell, else in the order given.

    One counting pass over all pairs by site (few sites, so it writes in few places at a time), then each column by cell in two
    counting passes that stay in the cache.

    Parameters
    ----------
    cell, site, value
        int32, shape (pairs,); cells 0 .. `cells` - 1, sites 0 .. `sites` - 1.
    home, sorted_value
        int32, shape (pairs,): filled with cells and values in their new order. (Given, because numpy takes large pages for them.)

    Returns
    -------
    ndarray
        ptr int64 (sites + 1,); empty if a cell or site is out of range.
    """
    pairs = cell.size
    ptr = np.zeros(sites + 1, np.int64)
    # as unsigned numbers negative ones are out of range too
    all_sites, all_cells = np.uint32(sites), np.uint32(cells)
    faults = 0
    for k in range(pairs):
        at_site = np.uint32(site[k])
        if at_site >= all_sites or np.uint32(cell[k]) >= all_cells:
            faults += 1
        ptr[min(at_site + np.uint32(1), all_sites)] += 1
    if faults:
        return np.empty(0, np.int64)
    longest = 0
    for s in range(sites):
        longest = max(longest, ptr[s + 1])
        ptr[s + 1] += ptr[s]
    room = ptr[:-1].copy()
    for k in range(pairs):
        at = room[site[k]]
        room[site[k]] = at + 1
        home[at] = cell[k]
        sorted_value[at] = value[k]
    bits = 1
    while (1 << (2 * bits)) < cells:
        bits += 1
    size = 1 << bits
    mask, shift, half = np.uint32(size - 1), np.uint32(bits), np.uint64(32)
    packed = np.empty(longest, np.uint64)
    begin_low, begin_high = np.empty(size, np.int32), np.empty(size, np.int32)
    for s in range(sites):
        first, last = ptr[s], ptr[s + 1]
        begin_low[:] = 0
        begin_high[:] = 0
        for k in range(first, last):
            h = np.uint32(home[k])
            begin_low[h & mask] += 1
            begin_high[h >> shift] += 1
        at_low, at_high = 0, 0
        for d in range(size):
            count_low, count_high = begin_low[d], begin_high[d]
            begin_low[d], begin_high[d] = at_low, at_high
            at_low += count_low
            at_high += count_high
        for k in range(first, last):
            h = np.uint32(home[k])
            at = begin_low[h & mask]
            begin_low[h & mask] = at + 1
            packed[at] = (np.uint64(h) << half) | np.uint64(np.uint32(sorted_value[k]))
        for k in range(last - first):
            h = np.uint32(packed[k] >> half)
            at = begin_high[h >> shift]
            begin_high[h >> shift] = at + 1
            home[first + at] = np.int32(h)
            sorted_value[first + at] = np.int32(np.uint32(packed[k]))
    return ptr


@njit(nogil=True, cache=True)
def sum_to_sites(
    ptr: NDArray[np.int64],
    home: NDArray[np.int32],
    value: NDArray[np.int32],
    weight: NDArray[np.float64],
    factor: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Per site the sum over its cells of factor[cell] x weight[value].

    Parameters
    ----------
    weight
        float64, one entry per whole unit; the last one is the weight of all values beyond and of negative ones (0, as a rule).
    factor
        float64, shape (cells,).

    Returns
    -------
    ndarray
        float64, shape (sites,).
    """
    sites = ptr.size - 1
    out = np.zeros(sites)
    end = np.uint32(weight.size - 1)
    for s in range(sites):
        total = 0.0
        for k in range(ptr[s], ptr[s + 1]):
            # as unsigned number a negative value is beyond the end
            total += factor[home[k]] * weight[min(np.uint32(value[k]), end)]
        out[s] = total
    return out


@njit(nogil=True, cache=True)
def sum_to_cells(
    ptr: NDArray[np.int64],
    home: NDArray[np.int32],
    value: NDArray[np.int32],
    weight: NDArray[np.float64],
    factor: NDArray[np.float64],
    cells: int,
) -> NDArray[np.float64]:
    """Per cell the sum over its sites, in their order, of factor[site] x weight[value]; as `sum_to_sites`, shape (cells,)."""
    out = np.zeros(cells)
    end = np.uint32(weight.size - 1)
    for s in range(ptr.size - 1):
        here = factor[s]
        if here == 0.0:
            continue
        for k in range(ptr[s], ptr[s + 1]):
            out[home[k]] += here * weight[min(np.uint32(value[k]), end)]
    return out


@njit(nogil=True, cache=True)
def sum_pairs(
    to: NDArray[np.int32],
    come: NDArray[np.int32],
    value: NDArray[np.int32],
    weight: NDArray[np.float64],
    factor: NDArray[np.float64],
    count: int,
) -> NDArray[np.float64]:
    """Sum over pairs in any order, to each `to` factor[come] x weight[value]: to sites from cells, or to cells from sites.

    Parameters
    ----------
    to, come
        int32, shape (pairs,); `to` 0 .. `count` - 1, `come` 0 .. len(`factor`) - 1; both are checked.
    value, weight
        As in `sum_to_sites`.

    Returns
    -------
    ndarray
        float64, shape (count,); empty if a number is out of range.
    """
    out = np.zeros(count)
    end = np.uint32(weight.size - 1)
    all_to, all_come = np.uint32(count), np.uint32(factor.size)
    for k in range(value.size):
        t, c = np.uint32(to[k]), np.uint32(come[k])
        if t >= all_to or c >= all_come:
            return np.empty(0)
        out[t] += factor[c] * weight[min(np.uint32(value[k]), end)]
    return out


@njit(nogil=True, cache=True)
def give_places(
    ptr: NDArray[np.int64],
    home: NDArray[np.int32],
    value: NDArray[np.int32],
    limit: int,
    demand: NDArray[np.float64],
    capacity: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give out places pair by pair, the nearest pair first; ties by site, then by cell.

    Parameters
    ----------
    limit
        Pairs with a larger (or negative) value are no choice.
    demand
        float64, shape (cells,), not negative.
    capacity
        float64, shape (sites,), in units of the demand; infinity = no limit.

    Returns
    -------
    tuple
        flow float64 (pairs,), the demand of the pair's cell that the pair's site takes; left float64 (cells,), the demand without a
        place; turned_away float64 (sites,), the demand that asked there and got no place.
    """
    pairs = home.size
    begin = np.zeros(limit + 2, np.int64)
    count = 0
    for k in range(pairs):
        if 0 <= value[k] <= limit:
            begin[value[k] + 1] += 1
            count += 1
    for v in range(limit + 1):
        begin[v + 1] += begin[v]
    order = np.empty(count, np.int64)
    site_of = np.empty(count, np.int32)
    for s in range(ptr.size - 1):
        for k in range(ptr[s], ptr[s + 1]):
            v = value[k]
            if 0 <= v <= limit:
                order[begin[v]] = k
                site_of[begin[v]] = s
                begin[v] += 1
    flow = np.zeros(pairs)
    left = demand.copy()
    free = capacity.copy()
    turned_away = np.zeros(capacity.size)
    for n in range(count):
        k = order[n]
        cell = home[k]
        want = left[cell]
        if want <= 0.0:
            continue
        s = site_of[n]
        taken = min(want, free[s])
        flow[k] = taken
        left[cell] = want - taken
        free[s] -= taken
        turned_away[s] += want - taken
    return flow, left, turned_away
