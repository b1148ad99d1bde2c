"""Connections of the service day: sorted rides from one stop to the next."""

from __future__ import annotations

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
    times: StopTimes, x: NDArray[np.float64], y: NDArray[np.float64], *, max_speed_ms: float
) -> NDArray[np.int32]:
    """Per stop event the earliest moment at which one can step out.

    Along a trip ``e(k) = max(arr(k), b(k-1) + m(k))`` with ``b(k) = max(dep(k), e(k))`` and ``m(k) = max(3 s, straight line /
    fastest vehicle)``, rounded up: whoever boards at its published departure needs at least `m` to the next stop, and so does
    whoever is on board.

    Parameters
    ----------
    x, y
        Projected metres of the stops that `times` names.
    max_speed_ms
        Figure ``pt.max_vehicle_speed_ms``.
    """
    count = len(times)
    if not count:
        return np.zeros(0, np.int32)
    first, _ = first_and_last(times)
    line = np.zeros(count)
    line[1:] = np.hypot(x[times.stop[1:]] - x[times.stop[:-1]], y[times.stop[1:]] - y[times.stop[:-1]])
    least = np.maximum(SHORTEST_RIDE_S, np.ceil(line / max_speed_ms)).astype(np.int64)
    least[first] = 0
    # b(k) - M(k) = max over j <= k of dep(j) - M(j), M the running sum of m: one running maximum, kept apart per trip by an
    # offset larger than any value.
    run = np.cumsum(least)
    value = times.dep_s.astype(np.int64) - run
    offset = (np.cumsum(first) - 1) * (int(value.max() - value.min()) + 1)
    b = np.maximum.accumulate(value + offset) - offset + run
    earliest = times.arr_s.astype(np.int64)
    earliest[1:] = np.where(first[1:], earliest[1:], np.maximum(earliest[1:], b[:-1] + least[1:]))
    return earliest.astype(np.int32)


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
