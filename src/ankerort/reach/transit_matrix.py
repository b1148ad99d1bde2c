"""Public transport where only a stop-to-stop matrix of times is known: no timetable, no departures, no way home."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns, StopMatrix
from ankerort.reach.model import UNREACHED, PtColumns, PtRules
from ankerort.reach.transit_day import walk_seconds

FAR = np.int64(1) << 40


def matrix_columns(
    stop_matrix: StopMatrix,
    *,
    target_stops: SparseColumns,
    home_stops: SparseColumns,
    walks: SparseColumns,
    n_homes: int,
    rules: PtRules,
) -> PtColumns:
    """Access walk + time of the matrix + egress walk, the smallest over all pairs of different stops, one way only.

    ``fastest_s = typical_s`` = the smaller of that time, where it is at most the longest journey and below the known walk,
    and the walk, where it lies within the group's limit. Departures, waiting and clock are unknown (-1).

    Parameters
    ----------
    stop_matrix
        Seconds between stops, one column per stop of destination.
    target_stops, home_stops, walks, n_homes, rules
        As in `pt_columns`.
    """
    n_targets, n_stops = len(target_stops.ptr) - 1, len(stop_matrix.stops)
    access_stop = np.repeat(np.arange(n_stops), np.diff(home_stops.ptr))
    near = home_stops.value <= rules.walk_limit_m
    access_stop, access_home = access_stop[near], home_stops.home[near]
    access_s = walk_seconds(home_stops.value[near], rules.walk_speed_ms).astype(np.int64)
    homes: list[NDArray[np.int32]] = []
    values: list[NDArray[np.int32]] = []
    for target in range(n_targets):
        best = np.full(n_stops, FAR)
        stops, metres = target_stops.column(target)
        close = metres <= rules.walk_limit_m
        for stop, egress in zip(stops[close], walk_seconds(metres[close], rules.walk_speed_ms), strict=True):
            origin, ride = stop_matrix.times.column(int(stop))
            other = origin != stop
            np.minimum.at(best, origin[other], ride[other].astype(np.int64) + int(egress))
        total = np.full(n_homes, FAR)
        np.minimum.at(total, access_home, access_s + best[access_stop])
        total[total > rules.max_journey_s] = FAR
        walk_home, walk_m = walks.column(target)
        walk_s = walk_seconds(walk_m, rules.walk_speed_ms).astype(np.int64)
        total[walk_home] = np.where(total[walk_home] < walk_s, total[walk_home], FAR)
        counts = (walk_m <= rules.walk_limit_m) & (walk_s <= rules.max_journey_s)
        total[walk_home[counts]] = np.minimum(total[walk_home[counts]], walk_s[counts])
        reached = np.flatnonzero(total < FAR)
        homes.append(reached.astype(np.int32))
        values.append(total[reached].astype(np.int32))
    ptr = np.concatenate([[0], np.cumsum([len(h) for h in homes], dtype=np.int64)]).astype(np.int64)
    home = np.concatenate([np.empty(0, np.int32), *homes])
    value = np.concatenate([np.empty(0, np.int32), *values])
    unknown = np.full(len(home), UNREACHED, np.int32)
    return PtColumns(ptr, home, value, value.copy(), unknown, unknown.copy(), unknown.copy())
