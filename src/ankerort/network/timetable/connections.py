"""Connections of the service day: sorted rides from one stop to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.network.timetable.feed import StopTimes
from ankerort.network.timetable.on_demand import first_and_last

SHORTEST_RIDE_S = 3
"""No one rides from stop to stop in two seconds or less (docs/decisions/0002, point 12)."""


@dataclass(frozen=True)
class Rides:
    """Rides from one stop to the next, one entry each.

    `trip` numbers the rows of the caller's trip table, `position` the ride within its trip; the rest as in `Timetable`.
    """

    dep_s: NDArray[np.int32]
    arr_s: NDArray[np.int32]
    from_stop: NDArray[np.int32]
    to_stop: NDArray[np.int32]
    trip: NDArray[np.int32]
    position: NDArray[np.int32]
    can_board: NDArray[np.bool_]
    can_alight: NDArray[np.bool_]

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Rides:
        """The rides of these rows, in their order."""
        return Rides(
            self.dep_s[rows],
            self.arr_s[rows],
            self.from_stop[rows],
            self.to_stop[rows],
            self.trip[rows],
            self.position[rows],
            self.can_board[rows],
            self.can_alight[rows],
        )


def earliest_alighting_s(
    times: StopTimes,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    max_speed_ms: float,
    direct: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Per stop event the earliest moment at which one can step out.

    Fixed trips visit all their stops: ``e(k) = max(arr(k), b(k-1) + m(k-1, k))`` with ``b(k) = max(dep(k), e(k))`` and ``m(i, k) =
    max(3 s, straight line / fastest vehicle)``, rounded up. Whoever boards at its published departure needs at least `m` to the
    next stop, and so does whoever is on board.

    Trips on demand drive only where someone booked: ``e(k) = max(arr(k), dep(k-1) + 3 s, e(k-1), dep(i) + m(i, k))`` over all stops
    i < k where one may board. (Visiting all stops of an area in the order of its list would take up to half an hour more.)

    Parameters
    ----------
    x, y
        Projected metres of the stops that `times` names.
    max_speed_ms
        Figure ``pt.max_vehicle_speed_ms``.
    direct
        bool per trip: on demand.
    """
    if not len(times):
        return np.zeros(0, np.int32)
    first, _ = first_and_last(times)

    def ride_s(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
        a, b = times.stop[start], times.stop[end]
        line = np.hypot(x[b] - x[a], y[b] - y[a])
        return np.maximum(SHORTEST_RIDE_S, np.ceil(line / max_speed_ms)).astype(np.int64)

    every = np.arange(len(times))
    least = np.zeros(len(times), np.int64)
    least[1:] = ride_s(every[:-1], every[1:])
    least[first] = 0
    # b(k) - M(k) = max over j <= k of dep(j) - M(j), M the running sum of m
    run = np.cumsum(least)
    b = _running_max(times.dep_s.astype(np.int64) - run, first) + run
    earliest = times.arr_s.astype(np.int64)
    earliest[1:] = np.where(first[1:], earliest[1:], np.maximum(earliest[1:], b[:-1] + least[1:]))

    rows = np.flatnonzero(direct[times.trip])
    if len(rows):
        earliest[rows] = _direct_alighting_s(times, rows, ride_s)
    return earliest.astype(np.int32)


def _direct_alighting_s(
    times: StopTimes,
    rows: NDArray[np.int64],
    ride_s: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]],
) -> NDArray[np.int64]:
    """`earliest_alighting_s` of the stop events `rows`, which are all events of some trips."""
    trip = times.trip[rows]
    first = np.ones(len(rows), bool)
    first[1:] = trip[1:] != trip[:-1]
    position = np.arange(len(rows)) - np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))
    dep = times.dep_s[rows].astype(np.int64)
    earliest = times.arr_s[rows].astype(np.int64)
    later = np.flatnonzero(~first)
    earliest[later] = np.maximum(earliest[later], dep[later - 1] + SHORTEST_RIDE_S)
    boards = times.pickup[rows] != 1
    for lag in range(1, int(position.max()) + 1):
        later = later[position[later] >= lag]
        pair = later[boards[later - lag]]
        need = dep[pair - lag] + ride_s(rows[pair - lag], rows[pair])
        earliest[pair] = np.maximum(earliest[pair], need)
    return _running_max(earliest, first)


def _running_max(values: NDArray[np.int64], first: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Running maximum that begins anew at each `first`: kept apart by an offset larger than any difference."""
    offset = (np.cumsum(first) - 1) * (int(values.max() - values.min()) + 1)
    return np.maximum.accumulate(values + offset) - offset


def rides_between_stops(times: StopTimes, earliest_s: NDArray[np.int32]) -> Rides:
    """The ride from each stop event to the next of its trip; boarding and alighting where nothing forbids it."""
    first, last = first_and_last(times)
    start = np.flatnonzero(~last)
    position = np.arange(len(times)) - np.maximum.accumulate(np.where(first, np.arange(len(times)), 0))
    return Rides(
        dep_s=times.dep_s[start],
        arr_s=earliest_s[start + 1],
        from_stop=times.stop[start],
        to_stop=times.stop[start + 1],
        trip=times.trip[start],
        position=position[start].astype(np.int32),
        can_board=times.pickup[start] != 1,
        can_alight=times.drop_off[start + 1] != 1,
    )


def in_order(rides: Rides) -> NDArray[np.int64]:
    """Rows sorted by departure, then trip, then position in the trip."""
    return np.lexsort((rides.position, rides.trip, rides.dep_s))
