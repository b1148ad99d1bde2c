"""Public transport from all homes to each target and back: one backward search per target, summaries per home."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.base.growing import GrowingInt32
from ankerort.base.progress import SILENT, Progress
from ankerort.network.kernels.transit import INF, profiles, rank_arrivals, scan
from ankerort.network.kernels.transit_merge import merge_homes
from ankerort.network.model import SparseColumns
from ankerort.reach.model import PtColumns, PtDirection, PtRules
from ankerort.reach.transit_day import TransitDay, TransitSide, prepare_transit, walk_seconds
from ankerort.reach.transit_matrix import matrix_columns

__all__ = ["Access", "TransitDay", "home_access", "matrix_columns", "prepare_transit", "pt_columns", "walk_seconds"]


@dataclass(frozen=True)
class Access:
    """The cell-stop table of one group: per home its stops within the limit, in seconds on foot.

    Parameters
    ----------
    ptr
        int64 (homes + 1,).
    stop, walk_s
        int32: stops of each home, ascending, and seconds of walking.
    stop_ptr, stop_home
        int64 (stops + 1,), int32: the homes of each stop.
    least_s
        int32 per stop: shortest walk of any home, `INF` where no home uses the stop.
    """

    ptr: NDArray[np.int64]
    stop: NDArray[np.int32]
    walk_s: NDArray[np.int32]
    stop_ptr: NDArray[np.int64]
    stop_home: NDArray[np.int32]
    least_s: NDArray[np.int32]


def home_access(home_stops: SparseColumns, *, n_homes: int, rules: PtRules) -> Access:
    """Turn the columns per stop (homes within the limit, metres) into a table per home; once per group.

    Parameters
    ----------
    home_stops
        One column per stop: homes and whole metres; metres over the group's limit are left out.
    n_homes
        Number of homes.
    rules
        Walking limit and speed of the group.
    """
    stop = np.repeat(np.arange(len(home_stops.ptr) - 1, dtype=np.int32), np.diff(home_stops.ptr))
    near = home_stops.value <= rules.walk_limit_m
    home, stop = home_stops.home[near], stop[near]
    walk_s = walk_seconds(home_stops.value[near], rules.walk_speed_ms)
    order = np.argsort(home, kind="stable")
    n_stops = len(home_stops.ptr) - 1
    ptr = np.concatenate([[0], np.cumsum(np.bincount(home, minlength=n_homes))]).astype(np.int64)
    stop_ptr = np.concatenate([[0], np.cumsum(np.bincount(stop, minlength=n_stops))]).astype(np.int64)
    least_s = np.full(n_stops, INF, np.int32)
    np.minimum.at(least_s, stop, walk_s)
    return Access(ptr, stop[order], walk_s[order], stop_ptr, home, least_s)


def pt_columns(
    day: TransitDay,
    *,
    direction: PtDirection,
    target_stops: SparseColumns,
    home_stops: SparseColumns | Access,
    walks: SparseColumns,
    n_homes: int,
    rules: PtRules,
    threads: int = 2,
    progress: Progress = SILENT,
) -> PtColumns:
    """Summaries of the useful journeys between all homes and each target, exact to the second (docs/decisions/0002).

    Parameters
    ----------
    day
        The service day made ready for the same group (`prepare_transit`).
    direction
        ``out`` = home to target, ``home`` = target to home; the window is that of leaving.
    target_stops
        One column per target: stops (as `home`) within the walking limit, metres.
    home_stops
        One column per stop: homes within the walking limit, metres; or the table made of it once with `home_access`.
    walks
        One column per target: homes and metres of walking all the way, as far as known.
    n_homes
        Number of homes.
    rules
        Rules of the group; only the window may differ from those of `day`.
    threads
        Targets worked on at the same time; the result is the same for any number.
    progress
        Listener, one part per target.

    Returns
    -------
    PtColumns
        A home stands in a column if at least one of its summaries is defined.
        ``fastest_s``, ``typical_s`` are -1 where no journey leaves in the window and the walk does not count.

    Raises
    ------
    ValueError
        If `rules` differ from those of `day` in more than the window, or the shapes do not fit.
    """
    _check_rules(day.rules, rules)
    n_targets = len(target_stops.ptr) - 1
    if len(walks.ptr) - 1 != n_targets:
        raise ValueError(f"{n_targets} targets have stops, but {len(walks.ptr) - 1} have walks")
    access = home_stops if isinstance(home_stops, Access) else home_access(home_stops, n_homes=n_homes, rules=rules)
    if len(access.ptr) - 1 != n_homes or len(access.least_s) != day.n_stops:
        raise ValueError("the cell-stop table does not fit the number of homes or stops")
    side = day.side(direction)
    counts: list[int] = []
    fields = [GrowingInt32() for _ in range(6)]
    free = deque(Worker(side, direction, access, rules) for _ in range(max(1, min(threads, n_targets))))

    def work(target: int) -> NDArray[np.int32]:
        worker = free.pop()
        try:
            return worker.column(*target_stops.column(target), *walks.column(target))
        finally:
            free.append(worker)

    def collect(found: Future[NDArray[np.int32]]) -> None:
        part = found.result()
        counts.append(part.shape[1])
        for field, values in zip(fields, part, strict=True):
            field.append(values)

    with progress.task("progress.transit", n_targets) as task, ThreadPoolExecutor(len(free)) as pool:
        waiting: deque[Future[NDArray[np.int32]]] = deque()
        for target in range(n_targets):
            waiting.append(pool.submit(work, target))
            if len(waiting) > 4 * max(1, threads):
                collect(waiting.popleft())
                task.advance()
        while waiting:
            collect(waiting.popleft())
            task.advance()
    ptr = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)
    return PtColumns(ptr, *(field.finish() for field in fields))


class Worker:
    """Scratch arrays of one thread for one direction; used by one thread at a time."""

    def __init__(self, side: TransitSide, direction: PtDirection, access: Access, rules: PtRules) -> None:
        self.side, self.access, self.rules, self.mirrored = side, access, rules, direction == "home"
        n, n_stops, n_events = len(side.dep), len(side.ev_ptr) - 1, len(side.ev_conn)
        self.value = np.empty(n + 1, np.int32)
        self.suffix = np.empty(n_events, np.int32)
        self.egress_s = np.empty(n_stops, np.int32)
        self.prof_ptr = np.zeros(n_stops + 1, np.int64)
        self.prof_dep, self.prof_arr, self.prof_rank = (np.empty(n_events, np.int32) for _ in range(3))
        self.out = np.empty((6, len(access.ptr) - 1), np.int32)
        start, end, longest = rules.window_start_s, rules.window_end_s, rules.max_journey_s
        if self.mirrored:
            last_s = int(-side.arr.min()) if n else start
            self.lo, self.hi = 0, int(np.searchsorted(side.dep, -start))
            self.leave_from, self.arrive_to = -INF, -start
            self.base, span = -max(last_s, start), max(last_s, start) - start
        else:
            self.lo, self.hi = (int(i) for i in np.searchsorted(side.dep, [start, end + longest]))
            self.leave_from, self.arrive_to = start, end + longest - 1
            self.base, span = start, end + longest - start
        self.rank_of = np.zeros(max(span, 0) + 1, np.int32)
        self.arrivals = np.empty(len(self.rank_of), np.int32)
        self.shift = max(0, longest.bit_length() - 7)

    def scan(self, stop: NDArray[np.int32], metres: NDArray[np.int32]) -> None:
        """Search backwards from a target with these stops and metres; fills `value` and `suffix`."""
        near = metres <= self.rules.walk_limit_m
        self.egress_s[:] = INF
        self.egress_s[stop[near]] = walk_seconds(metres[near], self.rules.walk_speed_ms)
        s = self.side
        scan(
            self.lo, self.hi, s.dep, s.arr, s.to_stop, s.nxt, s.alight, s.event, s.arc_ptr, s.arc_event,
            self.egress_s, self.rules.max_journey_s, self.value, self.suffix,
        )  # fmt: skip

    def profiles(self) -> int:
        """Useful (departure, arrival) pairs of the homes' stops: fills `prof_*`, returns their number."""
        s = self.side
        return profiles(
            s.dep, s.ev_ptr, s.ev_conn, self.suffix, self.access.least_s, self.leave_from, self.arrive_to,
            self.rules.max_journey_s, self.prof_ptr, self.prof_dep, self.prof_arr,
        )  # fmt: skip

    def merge(self, walk_home: NDArray[np.int32], walk_m: NDArray[np.int32]) -> int:
        """Lay the stops' profiles over the homes; fills `out` and returns its number of rows."""
        rules, access = self.rules, self.access
        n = self.profiles()
        ranks = rank_arrivals(n, self.prof_arr, self.base, self.rank_of, self.prof_rank, self.arrivals)
        walk_s = walk_seconds(walk_m, rules.walk_speed_ms)
        counts = (walk_m <= rules.walk_limit_m) & (walk_s <= rules.max_journey_s)
        return merge_homes(
            access.ptr, access.stop, access.walk_s, access.stop_ptr, access.stop_home, self.prof_ptr, self.prof_dep, self.prof_rank, self.arrivals, ranks,
            walk_home, walk_s, counts, self.mirrored, rules.window_start_s, rules.window_end_s, rules.max_journey_s,
            self.shift, self.out,
        )  # fmt: skip

    def column(
        self,
        stop: NDArray[np.int32],
        metres: NDArray[np.int32],
        walk_home: NDArray[np.int32],
        walk_m: NDArray[np.int32],
    ) -> NDArray[np.int32]:
        """Summaries for one target, int32 (6, rows): home, fastest, typical, waiting, departures, clock."""
        self.scan(stop, metres)
        rows = self.merge(walk_home, walk_m)
        return self.out[:, :rows].copy()


def _check_rules(made_for: PtRules, rules: PtRules) -> None:
    for name in ("walk_limit_m", "walk_speed_ms", "min_change_s", "transfer_walk_m", "max_journey_s"):
        if getattr(made_for, name) != getattr(rules, name):
            raise ValueError(f"the day was made ready for another {name}")
    if rules.window_end_s < rules.window_start_s:
        raise ValueError("the window ends before it starts")
