"""Stops as people see them: platforms of one name together, how often something leaves, and the category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.pt_classes import CATEGORIES, MODE_GROUPS, PtClassTable
from ankerort.network.model import DayTimetable, Timetable
from ankerort.network.timetable.merge_stops import normalise_stop_name
from ankerort.reach.known import stops_of_silent_feeds

_HOUR_S = 3600
_METRO = frozenset({1, 12, *range(400, 405), 405})
_RAIL = frozenset({2, *range(100, 200)})
_TRAM = frozenset({0, 5, *range(900, 907)})


def mode_group(route_type: int) -> str:
    """A for railways and metros, B for trams, C for buses and all that remains (ferries, lifts, route types nobody knows)."""
    if route_type in _RAIL or route_type in _METRO:
        return "A"
    return "B" if route_type in _TRAM else "C"


@dataclass(frozen=True)
class StopGroups:
    """Platforms that are one stop: `group` per row of Timetable.stops; `first`, `platforms` per group."""

    group: NDArray[np.int32]
    first: NDArray[np.int32]
    platforms: NDArray[np.int32]

    @property
    def count(self) -> int:
        """How many stops there are."""
        return len(self.first)


def group_stops(stops: pd.DataFrame, *, within_m: float) -> StopGroups:
    """Platforms of the same (normalised) name that lie within `within_m` of one another, chains included, are one stop.

    Parameters
    ----------
    stops
        `Timetable.stops`.
    within_m
        Figure ``pt_class.same_stop_m``.
    """
    count = len(stops)
    if not count:
        none = np.zeros(0, np.int32)
        return StopGroups(none, none, none)
    names = pd.factorize(stops["name"].map(normalise_stop_name))[0]
    pairs = cKDTree(stops[["x", "y"]].to_numpy(float)).query_pairs(within_m, output_type="ndarray")
    pairs = pairs[names[pairs[:, 0]] == names[pairs[:, 1]]]
    graph = coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    _, first, group, platforms = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return StopGroups(rank[group], first[order].astype(np.int32), platforms[order].astype(np.int32))


@dataclass(frozen=True)
class StopDay:
    """What one day type gives at each stop (arrays per stop group, columns as in PT_STOPS).

    `found` is the category by what the timetables tell, empty = none; at a stop that is not `known` the true one may be better.
    """

    departures: NDArray[np.int32]
    departures_demand: NDArray[np.int32]
    window_departures: NDArray[np.int32]
    interval_min: NDArray[np.float64]
    mode_group: NDArray[np.object_]
    found: NDArray[np.object_]
    pairs: NDArray[np.int32]
    booking_lead_min: NDArray[np.float64]
    known: NDArray[np.bool_]
    boardings: NDArray[np.int64]
    boardings_demand: NDArray[np.int64]

    @property
    def category(self) -> NDArray[np.object_]:
        """I to VII, none, unknown."""
        return np.where(self.known, np.where(self.found == "", "none", self.found), "unknown")

    @property
    def demand(self) -> NDArray[np.bool_]:
        """Stops at which trips on demand can be boarded."""
        return self.departures_demand > self.departures


def stop_day(day: DayTimetable, groups: StopGroups, catalogue: Catalogue) -> StopDay:
    """Departures, category and pairs of every stop on one day type.

    A trip counts once at a stop, from whichever platform it leaves. The category is that of the best mode group by its own departures alone:
    ``interval = 2 x window / departures`` with the departures of both directions. `boardings` are ``trip x groups + group`` for every
    trip and stop, without and with Rufbus.
    """
    table, count = day.timetable, groups.count
    boards = table.can_board
    group = groups.group[table.from_stop].astype(np.int64)
    key = table.trip.astype(np.int64) * max(count, 1) + group
    demand = table.on_demand if len(table.trips) else np.zeros(0, bool)
    begin = catalogue.value("pt_class.window_start_h") * _HOUR_S
    end = catalogue.value("pt_class.window_end_h") * _HOUR_S
    inside = (table.dep_s >= begin) & (table.dep_s < end)

    def trips_at(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.unique(key[chosen & boards])

    def per_stop(keys: NDArray[np.int64]) -> NDArray[np.int32]:
        return np.bincount(keys % max(count, 1), minlength=count).astype(np.int32)

    fixed, both = trips_at(~demand), trips_at(np.ones(len(demand), bool))
    kinds = table.trips["route_type"].map(mode_group).to_numpy(object)[table.trip]
    interval, decides, category = _categories(
        {mode: per_stop(trips_at(~demand & inside & (kinds == mode))) for mode in MODE_GROUPS},
        (end - begin) / 60,
        catalogue.pt_classes,
    )
    known = np.ones(count, bool)
    known[groups.group[stops_of_silent_feeds(day)]] = False
    lead = np.full(count, np.nan)
    booked = np.flatnonzero(boards & demand)
    notice = table.trips["booking_lead_min"].to_numpy(float)[table.trip[booked]]
    np.fmin.at(lead, group[booked], notice)
    return StopDay(
        departures=per_stop(fixed),
        departures_demand=per_stop(both),
        window_departures=per_stop(trips_at(~demand & inside)),
        interval_min=interval,
        mode_group=decides,
        found=category,
        pairs=return_pairs(table, groups),
        booking_lead_min=lead,
        known=known,
        boardings=fixed,
        boardings_demand=both,
    )


def _categories(
    departures: Mapping[str, NDArray[np.int32]], window_min: float, table: PtClassTable
) -> tuple[NDArray[np.float64], NDArray[np.object_], NDArray[np.object_]]:
    """Interval, mode group and category per stop: the best category, of equals the shortest interval, then the better group."""
    count = len(next(iter(departures.values())))
    interval = np.full(count, np.nan)
    decides, category = np.full(count, None, dtype=object), np.full(count, "", dtype=object)
    for k in range(count):
        offers = []
        for mode, found in departures.items():
            if found[k]:
                minutes = 2 * window_min / int(found[k])
                name = table.category(mode, minutes)
                rank = CATEGORIES.index(name) if name else len(CATEGORIES)
                offers.append((rank, minutes, mode, name))
        if offers:
            _, interval[k], decides[k], category[k] = min(offers)
    return interval, decides, category


def return_pairs(table: Timetable, groups: StopGroups) -> NDArray[np.int32]:
    """Per stop the largest number of trips there and back with one and the same other stop, without changing.

    For each other stop the smaller of the trips that go there and of those that come from there; then the largest of these. Fixed trips only,
    the whole service day. (Departures and arrivals alone would count every trip through a stop of a line twice.)
    """
    count = groups.count
    pairs = np.zeros(count, np.int32)
    if not len(table.dep_s):
        return pairs
    rows = np.flatnonzero(~table.on_demand)
    rows = rows[np.argsort(table.trip[rows], kind="stable")]
    trip = table.trip[rows].astype(np.int64)
    start, end = groups.group[table.from_stop[rows]], groups.group[table.to_stop[rows]]
    boards, alights = table.can_board[rows], table.can_alight[rows]
    found = []
    for lag in range(int(np.bincount(trip).max(initial=0))):
        last = len(rows) - lag
        fits = (trip[:last] == trip[lag:]) & boards[:last] & alights[lag:] & (start[:last] != end[lag:])
        at = np.flatnonzero(fits)
        found.append((trip[at] * count + start[at]) * count + end[at + lag])
    keys = np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)
    keys = keys[np.append(True, np.diff(keys) > 0)[: len(keys)]]  # a trip counts once per pair of stops
    ways, trips = np.unique(keys % (count * count), return_counts=True)
    back = (ways % count) * count + ways // count
    at = np.minimum(np.searchsorted(ways, back), max(len(ways) - 1, 0))
    both = np.where(ways[at] == back, np.minimum(trips, trips[at]), 0) if len(ways) else np.zeros(0, np.int64)
    np.maximum.at(pairs, (ways // count).astype(np.int64), both.astype(np.int32))
    return pairs
