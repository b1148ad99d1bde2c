"""Ways to and from the stops of feeds that are silent on a day type: where a journey may exist that no timetable shows.

A journey that uses a silent feed rides on known feeds (or walks) until it first boards there, and again after it last alights. So it
takes at least the fastest way from home to any stop of the feed, plus the fastest way from any of its stops to the facility, whatever the
feed runs. Where both together take longer than the longest journey, nothing is missing.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network, SparseColumns
from ankerort.reach.known import stops_of_silent_feeds
from ankerort.reach.model import UNREACHED, PtColumns, PtDirection, PtRules, SilentWays, TripKey
from ankerort.reach.public_transport import PtWalks, pt_rules
from ankerort.reach.round_trips import ReadyDays, trip_rules
from ankerort.reach.transit import Access, TransitDay, home_access, prepare_transit, pt_columns

_TWO_DAYS_S = 2 * 86_400  # the service day ends before


def silent_keys(network: Network, keys: tuple[TripKey, ...]) -> tuple[TripKey, ...]:
    """The round trips on days on which a feed is silent."""
    return tuple(k for k in keys if network.day_types[k.day_type].silent_feeds)


def silent_ways(
    network: Network,
    walks: PtWalks,
    keys: tuple[TripKey, ...],
    home_count: int,
    *,
    catalogue: Catalogue,
    threads: int = 0,
    ready: ReadyDays | None = None,
    of_homes: bool = True,
) -> dict[TripKey, SilentWays]:
    """Fastest ways between homes, silent stops and targets, for the keys on whose day a feed is silent.

    Parameters
    ----------
    network
        ``day_types`` holds the timetables.
    walks
        Walks between homes, stops and the targets asked for; the targets of the result come in their order.
    keys
        See `ankerort.reach.round_trips.trip_keys`.
    home_count
        Number of homes.
    threads
        Worker threads; 0 = one per core.
    ready
        Days made ready before, with the homes' walks to the stops; others are made here.
    of_homes
        False leaves the ways of the homes out (all `UNREACHED`), where only targets are new.
    """
    threads = threads or os.cpu_count() or 1
    target_stops = by_stop(walks.target_stops, len(walks.stop_walks.ptr) - 1)
    target_count = len(walks.target_stops.ptr) - 1
    out: dict[TripKey, SilentWays] = {}
    for key in silent_keys(network, keys):
        of_day = network.day_types[key.day_type]
        rules = pt_rules(catalogue, key.group)
        made = (ready or {}).get((key.group, key.with_demand, key.day_type))
        if made is None:
            day = prepare_transit(
                of_day.timetable,
                rules=rules,
                with_demand=key.with_demand,
                stop_walks=walks.stop_walks,
                detour=catalogue.value("detour.foot"),
            )
            made = (day, home_access(walks.home_stops, n_homes=home_count, rules=rules))
        silent = np.flatnonzero(stops_of_silent_feeds(of_day))
        around = _with_changes(silent, walks.stop_walks)
        whole_day = replace(rules, window_start_s=trip_rules(catalogue).leave_from_s, window_end_s=_TWO_DAYS_S)
        of_targets = home_access(target_stops, n_homes=target_count, rules=rules)
        none = np.full(home_count, UNREACHED, np.int32)
        homes = made[1], _nearest_walk(walks.home_stops, silent)
        targets = of_targets, _nearest_walk(target_stops, silent)
        out[key] = SilentWays(
            home_out_s=_fastest(made[0], "out", around, *homes, whole_day, threads) if of_homes else none,
            home_back_s=_fastest(made[0], "home", around, *homes, whole_day, threads) if of_homes else none,
            # the silent stops stand for the facility here, the target for the home
            target_out_s=_fastest(made[0], "home", around, *targets, whole_day, threads),
            target_back_s=_fastest(made[0], "out", around, *targets, whole_day, threads),
            longest_s=rules.max_journey_s,
        )
    return out


def by_stop(columns: SparseColumns, n_stops: int) -> SparseColumns:
    """Columns per target (stops, metres) as columns per stop (targets, metres)."""
    target = np.repeat(np.arange(len(columns.ptr) - 1, dtype=np.int32), np.diff(columns.ptr))
    order = np.argsort(columns.home, kind="stable")
    ptr = np.concatenate([[0], np.cumsum(np.bincount(columns.home, minlength=n_stops))]).astype(np.int64)
    return SparseColumns(ptr, target[order], np.asarray(columns.value)[order])


def _with_changes(silent: NDArray[np.intp], stop_walks: SparseColumns) -> SparseColumns:
    """The silent stops and those from which one changes to them, as the stops of one target; the change costs nothing (a bound)."""
    near = [silent.astype(np.int32), *(stop_walks.column(int(s))[0] for s in silent)]
    stops = np.unique(np.concatenate(near)).astype(np.int32)
    return SparseColumns(np.array([0, len(stops)], np.int64), stops, np.zeros(len(stops), np.int32))


def _nearest_walk(of_stops: SparseColumns, silent: NDArray[np.intp]) -> SparseColumns:
    """Per home the metres to the nearest silent stop, as one column."""
    parts = [of_stops.column(int(s)) for s in silent]
    home = np.concatenate([np.empty(0, np.int32), *(h for h, _ in parts)])
    metres = np.concatenate([np.empty(0, np.int32), *(m for _, m in parts)])
    order = np.lexsort((metres, home))
    first = np.ones(len(order), bool)
    first[1:] = np.diff(home[order]) > 0
    kept = order[first]
    return SparseColumns(np.array([0, len(kept)], np.int64), home[kept].astype(np.int32), metres[kept].astype(np.int32))


def _fastest(
    day: TransitDay,
    direction: PtDirection,
    around: SparseColumns,
    access: Access,
    walks: SparseColumns,
    rules: PtRules,
    threads: int,
) -> NDArray[np.int32]:
    n_homes = len(access.ptr) - 1
    found: PtColumns = pt_columns(
        day, direction=direction, target_stops=around, home_stops=access, walks=walks, n_homes=n_homes, rules=rules,
        threads=threads,
    )  # fmt: skip
    out = np.full(n_homes, UNREACHED, np.int32)
    out[found.home] = found.fastest_s
    return out
