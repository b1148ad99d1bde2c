"""People go to the nearest facility with a free place: full facilities overflow to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.network.kernels.access import give_places
from ankerort.network.model import SparseColumns


@dataclass(frozen=True)
class Assignment:
    """What `assign_places` gives; sites in the order of the columns.

    Parameters
    ----------
    flow
        float64 (pairs,): demand of the pair's cell that its site takes, in the order of the columns.
    assigned
        float64 (sites,): demand that the site takes; never more than its capacity.
    turned_away
        float64 (sites,): demand that asked there and got no place; who is turned away twice counts at both.
    value
        float64 (cells,): mean value (metres or seconds) of the ways of those who got a place; NaN where nobody did.
    no_place
        float64 (cells,): demand that reaches sites within the limit, all of them full.
    beyond
        float64 (cells,): demand that reaches no site within the limit.
    """

    flow: NDArray[np.float64]
    assigned: NDArray[np.float64]
    turned_away: NDArray[np.float64]
    value: NDArray[np.float64]
    no_place: NDArray[np.float64]
    beyond: NDArray[np.float64]

    @property
    def unserved(self) -> NDArray[np.float64]:
        """Demand without a place, per cell."""
        return self.no_place + self.beyond


def assign_places(
    columns: SparseColumns,
    demand: NDArray[np.float64],
    capacity: NDArray[np.float64],
    *,
    limit: int,
    site_order: NDArray[np.intp] | None = None,
) -> Assignment:
    """Give out places pair by pair, the nearest pair first.

    All pairs (cell, site) within the limit stand in one queue by value, ties by site in `site_order`, then by cell. Each pair in turn takes
    what is left of the cell's demand, as far as the site has places. So nearness decides who gets a place in a full
    facility, a cell may be divided, and the result is the one stable assignment: nobody could go to a nearer site without displacing
    somebody who lives nearer to it. A further place anywhere makes nobody worse off (used for the bounds in `ankerort.supply.capacity`).
    Without limits of capacity everybody is at the nearest site.

    Parameters
    ----------
    columns
        Whole metres or seconds, one column per site; negative values are no way.
    demand
        float64 (cells,), finite, not negative.
    capacity
        float64 (sites,) in units of the demand, not negative; infinity = no limit.
    limit
        Largest value that is a choice, itself included.
    site_order
        Sites by precedence in ties (a permutation); default the order of the columns.

    Raises
    ------
    ValueError
        If demand or capacity is negative or unknown, or has the wrong shape.
    """
    sites = len(capacity)
    if len(columns.ptr) != sites + 1 or (len(columns.home) and int(columns.home.max()) >= len(demand)):
        raise ValueError("as many capacities as columns, as many demands as cells")
    if not (np.isfinite(demand) & (demand >= 0)).all() or not (capacity >= 0).all():
        raise ValueError("demand and capacity must be known and not negative")
    if limit < 0:
        raise ValueError("the limit must not be negative")
    order = np.arange(sites) if site_order is None else site_order
    lengths = np.diff(columns.ptr)[order]
    ptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    place = np.repeat(columns.ptr[:-1][order] - ptr[:-1], lengths) + np.arange(ptr[-1])
    home = np.ascontiguousarray(columns.home[place])
    value = np.ascontiguousarray(columns.value[place])
    top = int(min(limit, value.max(initial=0)))
    given, left, away = give_places(
        ptr, home, value, top, demand.astype(np.float64), capacity[order].astype(np.float64)
    )
    flow, turned_away = np.empty_like(given), np.empty_like(away)
    flow[place], turned_away[order] = given, away
    site = np.repeat(np.arange(sites), np.diff(columns.ptr))
    within = (columns.value >= 0) & (columns.value <= limit)
    reaches = np.zeros(len(demand), bool)
    reaches[columns.home[within]] = True
    of_cell = np.bincount(columns.home, weights=flow, minlength=len(demand))
    ways = np.bincount(columns.home, weights=flow * columns.value, minlength=len(demand))
    return Assignment(
        flow=flow,
        # a sum of parts may exceed the whole by a rounding error
        assigned=np.minimum(np.bincount(site, weights=flow, minlength=sites), capacity),
        turned_away=turned_away,
        value=np.divide(ways, of_cell, out=np.full(len(demand), np.nan), where=of_cell > 0),
        no_place=np.where(reaches, left, 0.0),
        beyond=np.where(reaches, 0.0, left),
    )
