"""One service day made ready for the search: changes with their seconds, both directions as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ankerort.network.kernels.transit import build_arcs
from ankerort.network.model import SparseColumns, Timetable
from ankerort.reach.model import PtDirection, PtRules

FORBIDDEN = 3


def walk_seconds(metres: NDArray[np.integer] | int, speed_ms: float) -> NDArray[np.int32]:
    """ceil(metres / speed) in whole seconds, exact for speeds of at most three decimals.

    Parameters
    ----------
    metres
        Whole metres.
    speed_ms
        Metres per second.
    """
    speed_mm_s = round(speed_ms * 1000)
    if speed_mm_s <= 0:
        raise ValueError(f"walking speed {speed_ms} m/s is not positive")
    return (-(-np.asarray(metres, np.int64) * 1000 // speed_mm_s)).astype(np.int32)


@dataclass(frozen=True)
class Changes:
    """Allowed changes between stops: alighting at `from_stop`, boarding at `to_stop` `need_s` seconds later at the earliest.

    Sorted by (from_stop, to_stop); `metres` int32 is the walk between the two (0 at the same stop).
    """

    from_stop: NDArray[np.int32]
    to_stop: NDArray[np.int32]
    need_s: NDArray[np.int32]
    metres: NDArray[np.int32]


@dataclass(frozen=True)
class TransitSide:
    """One direction of a service day: connections sorted by departure, events of the stops, changes as arcs.

    For the way home all times are negated, ends swapped, boarding and alighting exchanged, changes turned round.

    Parameters
    ----------
    dep, arr, from_stop, to_stop
        int32 per connection (n).
    nxt
        int32: next connection of the same trip, n = none.
    alight
        bool: alighting at `to_stop` is allowed.
    event
        int32: the connection's event, -1 where boarding is not allowed.
    ev_ptr, ev_conn
        int64 (stops + 1,), int32: events (boardable departures) of each stop in time order; the last is a sentinel (-1).
    arc_ptr, arc_event
        int64 (n + 1,), int32: see `build_arcs`.
    row
        int64: row of the connection in the timetable.
    """

    dep: NDArray[np.int32]
    arr: NDArray[np.int32]
    from_stop: NDArray[np.int32]
    to_stop: NDArray[np.int32]
    nxt: NDArray[np.int32]
    alight: NDArray[np.bool_]
    event: NDArray[np.int32]
    ev_ptr: NDArray[np.int64]
    ev_conn: NDArray[np.int32]
    arc_ptr: NDArray[np.int64]
    arc_event: NDArray[np.int32]
    row: NDArray[np.int64]


@dataclass(frozen=True)
class TransitDay:
    """A service day for one group: its rules and both directions, each made when first asked for.

    Make it with `prepare_transit`.
    """

    timetable: Timetable
    rules: PtRules
    changes: Changes
    rows: NDArray[np.int64]

    @property
    def n_stops(self) -> int:
        """Number of stops."""
        return len(self.timetable.stops)

    @cached_property
    def out(self) -> TransitSide:
        """The way from the homes to a target."""
        board, alight = self.timetable.can_board[self.rows], self.timetable.can_alight[self.rows]
        return _build_side(self, self.rows, mirrored=False, board=board, alight=alight)

    @cached_property
    def home(self) -> TransitSide:
        """The way from a target to the homes, as the mirrored timetable."""
        board, alight = self.timetable.can_board[self.rows], self.timetable.can_alight[self.rows]
        arr = self.timetable.arr_s[self.rows]
        # Reversed first, so that connections of one moment come in the mirrored order of their trips.
        order = np.argsort(-arr[::-1], kind="stable")
        turned = (len(arr) - 1 - order).astype(np.int64)
        return _build_side(self, self.rows[turned], mirrored=True, board=alight[turned], alight=board[turned])

    def side(self, direction: PtDirection) -> TransitSide:
        """The arrays of one direction."""
        return self.out if direction == "out" else self.home


def prepare_transit(
    timetable: Timetable, *, rules: PtRules, with_demand: bool, stop_walks: SparseColumns, detour: float
) -> TransitDay:
    """Filter the day's connections and resolve which changes are allowed and how many seconds they need.

    Changes follow point 3 of docs/decisions/0002. Where several rows of transfers.txt name one pair (merged stops, rules for
    single trips), the largest need holds and a prohibition wins, so that no connection is promised too much.

    Parameters
    ----------
    timetable
        One service day, sorted by departure, then trip, then position in the trip.
    rules
        Change time, transfer walk, walking speed of the group and longest journey.
    with_demand
        Whether trips on demand run.
    stop_walks
        Metres on foot from stop `home` to stop `column`, at least up to `rules.transfer_walk_m`.
    detour
        Factor on the straight line for named changes without a known walk.

    Raises
    ------
    ValueError
        If connections are not sorted, arrive before they depart, or a trip goes back in time.
    """
    _check(timetable)
    keep = np.ones(len(timetable.dep_s), bool) if with_demand else ~timetable.on_demand
    return TransitDay(
        timetable=timetable,
        rules=rules,
        changes=resolve_changes(timetable, rules=rules, stop_walks=stop_walks, detour=detour),
        rows=np.flatnonzero(keep).astype(np.int64),
    )


def resolve_changes(timetable: Timetable, *, rules: PtRules, stop_walks: SparseColumns, detour: float) -> Changes:
    """The allowed changes with their seconds (docs/decisions/0002, point 3); parameters as in `prepare_transit`."""
    n = len(timetable.stops)
    stop = np.arange(n, dtype=np.int64)
    to = np.repeat(stop, np.diff(stop_walks.ptr))
    walk_key, walk_m = stop_walks.home.astype(np.int64) * n + to, stop_walks.value.astype(np.int64)
    order = np.argsort(walk_key, kind="stable")
    walk_key, walk_m = walk_key[order], walk_m[order]
    near = (walk_key // n != walk_key % n) & (walk_m <= rules.transfer_walk_m)
    near_need = walk_seconds(walk_m[near], rules.walk_speed_ms) + rules.min_change_s

    kind, a, b = timetable.transfer_kind, timetable.transfer_from, timetable.transfer_to
    known = (kind >= 0) & (kind <= FORBIDDEN)
    kind, own_s = kind[known], timetable.transfer_min_s[known]
    a, b = a[known].astype(np.int64), b[known].astype(np.int64)
    x, y = timetable.stops["x"].to_numpy(float), timetable.stops["y"].to_numpy(float)
    metres = np.ceil(np.hypot(x[a] - x[b], y[a] - y[b]) * detour).astype(np.int64)
    at = np.searchsorted(walk_key, a * n + b)
    if len(walk_key):
        at = np.minimum(at, len(walk_key) - 1)
        metres = np.where(walk_key[at] == a * n + b, walk_m[at], metres)
    metres = np.where(a == b, 0, metres)
    walk = walk_seconds(metres, rules.walk_speed_ms).astype(np.int64)
    barred = np.int64(1) << 40
    need = np.select(
        [kind == 0, kind == 1, kind == 2], [walk + rules.min_change_s, walk, own_s.astype(np.int64)], default=barred
    )
    order = np.lexsort((need, a * n + b))

    key = np.concatenate([stop * n + stop, walk_key[near], (a * n + b)[order]])
    all_need = np.concatenate([np.full(n, rules.min_change_s, np.int64), near_need.astype(np.int64), need[order]])
    all_m = np.concatenate([np.zeros(n, np.int64), walk_m[near], metres[order]])
    # The last row of each pair holds: named before near, and of several named rows the one that needs most.
    last = len(key) - 1 - np.unique(key[::-1], return_index=True)[1]
    last = last[all_need[last] < barred]
    return Changes(
        from_stop=(key[last] // n).astype(np.int32),
        to_stop=(key[last] % n).astype(np.int32),
        need_s=all_need[last].astype(np.int32),
        metres=all_m[last].astype(np.int32),
    )


def _check(timetable: Timetable) -> None:
    dep, arr, trip = timetable.dep_s, timetable.arr_s, timetable.trip
    if (np.diff(dep) < 0).any():
        raise ValueError("connections are not sorted by departure")
    if (arr <= dep).any():
        raise ValueError("a connection arrives at or before its departure")
    order = np.argsort(trip, kind="stable")
    same = np.diff(trip[order]) == 0
    if (np.diff(arr[order])[same] < 0).any():
        raise ValueError("a trip goes back in time: its arrivals fall")


def _build_side(
    day: TransitDay, rows: NDArray[np.int64], *, mirrored: bool, board: NDArray[np.bool_], alight: NDArray[np.bool_]
) -> TransitSide:
    timetable, changes = day.timetable, day.changes
    n, n_stops = len(rows), day.n_stops
    dep, arr = timetable.dep_s[rows].astype(np.int32), timetable.arr_s[rows].astype(np.int32)
    start, end = timetable.from_stop[rows].astype(np.int32), timetable.to_stop[rows].astype(np.int32)
    change_from, change_to, need = changes.from_stop, changes.to_stop, changes.need_s
    if mirrored:
        dep, arr, start, end = -arr, -dep, end, start
        order = np.lexsort((change_from, change_to))
        change_from, change_to, need = change_to[order], change_from[order], need[order]

    nxt = np.full(n, n, np.int32)
    by_trip = np.argsort(timetable.trip[rows], kind="stable")
    same = np.diff(timetable.trip[rows][by_trip]) == 0
    nxt[by_trip[:-1][same]] = by_trip[1:][same]

    boardable = np.flatnonzero(board)
    by_stop = boardable[np.argsort(start[boardable], kind="stable")]
    count = np.bincount(start[boardable], minlength=n_stops) + 1
    ev_ptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    ev_conn = np.full(ev_ptr[-1], -1, np.int32)
    event = np.full(n, -1, np.int32)
    slot = np.arange(len(by_stop)) + start[by_stop]
    ev_conn[slot] = by_stop
    event[by_stop] = slot

    tr_ptr = np.searchsorted(change_from, np.arange(n_stops + 1)).astype(np.int64)
    arc_ptr, arc_event = build_arcs(
        dep, arr, end, nxt, alight, ev_ptr, ev_conn, tr_ptr, change_to, need, day.rules.max_journey_s
    )
    return TransitSide(dep, arr, start, end, nxt, alight, event, ev_ptr, ev_conn, arc_ptr, arc_event, rows)
