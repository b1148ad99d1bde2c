"""What the open offers of one function do for people: closest assignment, catchments, points, minutes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.problem import FIXED, REMOVABLE, AnchorProblem

_NONE = np.iinfo(np.int64).max


@dataclass(frozen=True)
class FunctionEffect:
    """Effect of the open offers of one function.

    Parameters
    ----------
    people
        Points.
    minutes
        Points before the weight of the problem.
    served
        Persons with weight above 0 within the standard.
    legal_unserved
        Of a legal function: persons with need that some offer could serve and none does; else 0.
    legal_rows
        Rows of these persons.
    catchment
        float64, shape (offers of the function,).
    area_points
        float64, shape (areas,).
    """

    people: float
    minutes: float
    served: float
    legal_unserved: float
    legal_rows: NDArray[np.int64] = field(repr=False)
    catchment: NDArray[np.float64] = field(repr=False)
    area_points: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True)
class RowsNow:
    """State of the rows with need under a set of open offers.

    Parameters
    ----------
    key
        int64: time and number of the closest open offer in one; largest int64 = none.
    closest
        int64: closest open offer as its place in `FunctionTable.offers`, -1 = none.
    quality
        float64: quality that counts for people.
    second
        float64: best quality at any other site than the best one's, 0 = none; empty where no backup counts.
    steps
        int64: steps to any open offer in the table whose shorter ways count.
    catchment
        float64, shape (offers of the function,).
    """

    key: NDArray[np.int64] = field(repr=False)
    closest: NDArray[np.int64] = field(repr=False)
    quality: NDArray[np.float64] = field(repr=False)
    second: NDArray[np.float64] = field(repr=False)
    steps: NDArray[np.int64] = field(repr=False)
    catchment: NDArray[np.float64] = field(repr=False)


class FunctionTable:
    """One function's travel against the rows with need, ready for many sets of open offers.

    Parameters
    ----------
    problem
        The problem.
    f
        Number of the function.
    areas
        Number of areas.
    """

    def __init__(self, problem: AnchorProblem, f: int, areas: int) -> None:
        function, all_offers = problem.functions[f], problem.offers
        travel = function.travel
        self.areas = areas
        self.legal = function.legal
        self.offers = np.flatnonzero(all_offers.function == f)
        self.site = all_offers.site[self.offers].astype(np.int64)
        self.quality = all_offers.quality[self.offers]
        self.capacity = all_offers.capacity_persons[self.offers]
        self.limited = bool(np.isfinite(self.capacity).any())
        self.backup = 0.0 if self.limited else function.backup_share  # share of the points that a second offer counts
        self.rows = np.flatnonzero(function.need > 0)  # rows without need neither count nor fill
        self.need = function.need[self.rows]
        self.points = self.need * function.weight * problem.demand.weight[self.rows]
        self.minute_points = self.need * function.per_minute * problem.demand.weight[self.rows]
        self.inside = self.need * (problem.demand.weight[self.rows] > 0)
        self.area = problem.demand.area[self.rows]
        self.has_area = self.area >= 0
        most = self.points * (1.0 + self.backup)
        self.possible = float(most.sum())
        self.area_possible = self._by_area(most)
        compact = np.full(len(function.need), -1, np.int64)
        compact[self.rows] = np.arange(len(self.rows))
        row = compact[travel.row]
        site = np.repeat(np.arange(travel.site_count), np.diff(travel.ptr))
        keep = row >= 0
        self._all_ptr, self._all_row, seconds = _by_site(site, row, travel.seconds, keep, travel.site_count)
        steps = -(-seconds.astype(np.int64) // problem.step_s)
        longest = int(travel.seconds.max()) if len(travel.seconds) else 0
        self._farthest = -(-longest // problem.step_s)
        self._all_steps = steps
        self._step_min = problem.step_s / 60.0
        self.ptr, self.row, seconds = _by_site(site, row, travel.seconds, keep & travel.within, travel.site_count)
        self.seconds = seconds.astype(np.int64)
        state = all_offers.state[self.offers]
        self.saves = all_offers.counts_minutes[self.offers]
        self._today = self._steps_to((state == FIXED) | (state == REMOVABLE))
        reachable = np.zeros(len(self.rows), bool)
        reachable[self.row[gather(self.ptr, np.unique(self.site))[0]]] = True
        self.reachable = reachable

    def _by_area(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        if not self.areas:
            return np.zeros(0)
        shares = np.bincount(self.area[self.has_area], weights=points[self.has_area], minlength=self.areas)
        return np.asarray(shares, np.float64)

    def _steps_to(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        at, _ = gather(self._all_ptr, np.unique(self.site[mask & self.saves]))
        best = np.full(len(self.rows), _NONE, np.int64)
        np.minimum.at(best, self._all_row[at], self._all_steps[at])
        best[best == _NONE] = self._farthest
        return best

    def _keys(self, mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Closest key and best quality per row."""
        local = np.flatnonzero(mask)
        at, which = gather(self.ptr, self.site[local])
        row = self.row[at]
        key = np.full(len(self.rows), _NONE, np.int64)
        # one key for time and number: among equal times the smaller number wins
        np.minimum.at(key, row, self.seconds[at] * max(len(self.offers), 1) + local[which])
        best = np.zeros(len(self.rows))
        if not self.limited:
            np.maximum.at(best, row, self.quality[local][which])
        return key, best

    def _second(self, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Second best quality per row, each site counted with its best open offer."""
        second = np.zeros(len(self.rows))
        local = np.flatnonzero(mask)
        sites, number = np.unique(self.site[local], return_inverse=True)
        quality = np.zeros(len(sites))
        np.maximum.at(quality, number, self.quality[local])
        at, which = gather(self.ptr, sites)
        row, grade = self.row[at], quality[which]
        best = np.zeros(len(self.rows))
        np.maximum.at(best, row, grade)
        is_best = np.flatnonzero(grade == best[row])
        first = np.full(len(self.rows), -1)
        first[row[is_best]] = is_best  # of equal ones any
        others = np.ones(len(row), bool)
        others[first[first >= 0]] = False
        np.maximum.at(second, row[others], grade[others])
        return second

    def rows_now(self, mask: NDArray[np.bool_], *, steps: bool = True) -> RowsNow:
        """State of the rows where the offers in `mask` (bool, shape (offers of the function,)) are open.

        Parameters
        ----------
        mask
            Open offers of the function.
        steps
            Whether the time beyond the standard is needed, too; else zeros.
        """
        key, quality = self._keys(mask)
        closest = np.where(key == _NONE, -1, key % max(len(self.offers), 1))
        served = closest >= 0
        catchment = np.asarray(
            np.bincount(closest[served], weights=self.need[served], minlength=len(self.offers)), np.float64
        )
        if self.limited:
            share = np.minimum(1.0, self.capacity / np.maximum(catchment, 1e-300))
            quality[served] = (self.quality * share)[closest[served]]
        second = self._second(mask) if self.backup else np.zeros(0)
        return RowsNow(
            key, closest, quality, second, self._steps_to(mask) if steps else np.zeros(len(key), np.int64), catchment
        )

    def minutes_gained(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """Points (before the weight) that each site would save if it opened beside what leads to `steps`; shape (sites,)."""
        less = np.maximum(steps[self._all_row] - self._all_steps, 0) * self.minute_points[self._all_row]
        site = np.repeat(np.arange(len(self._all_ptr) - 1), np.diff(self._all_ptr))
        return np.asarray(np.bincount(site, weights=less, minlength=len(self._all_ptr) - 1) * self._step_min)

    def most_minutes(self) -> float:
        """Points (before the weight) if everybody's way took no time; an upper bound."""
        return float(self.minute_points @ self._today) * self._step_min

    def effect(self, mask: NDArray[np.bool_], *, minutes: bool = True) -> FunctionEffect:
        """Effect where the offers in `mask` (bool, shape (offers of the function,)) are open; `minutes` NaN where not asked."""
        now = self.rows_now(mask, steps=minutes)
        served = now.closest >= 0
        points = self.points * (now.quality + self.backup * now.second if self.backup else now.quality)
        missing = self.reachable & ~served if self.legal else np.zeros(len(served), bool)
        return FunctionEffect(
            float(points.sum()),
            float(self.minute_points @ (self._today - now.steps)) * self._step_min if minutes else np.nan,
            float(self.inside[served].sum()),
            float(self.need[missing].sum()),
            self.rows[missing],
            now.catchment,
            self._by_area(points),
        )


def gather(ptr: NDArray[np.int64], sites: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the entries of `sites` one after the other, and for each the number within `sites`."""
    start, length = ptr[sites], ptr[sites + 1] - ptr[sites]
    which = np.repeat(np.arange(len(sites)), length)
    before = np.cumsum(length) - length
    return np.arange(int(length.sum())) + (start - before)[which], which


def _by_site(
    site: NDArray[np.int64],
    row: NDArray[np.int64],
    seconds: NDArray[np.int32],
    keep: NDArray[np.bool_],
    site_count: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    ptr = np.zeros(site_count + 1, np.int64)
    np.cumsum(np.bincount(site[keep], minlength=site_count), out=ptr[1:])
    return ptr, row[keep], seconds[keep]
