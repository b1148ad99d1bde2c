"""Public transport from all homes to each target and back: one backward search per target, summaries per home."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.base.growing import GrowingInt32
from ankerort.base.progress import SILENT, Progress
from ankerort.network.kernels.round_trips import hash_columns, hash_profiles
from ankerort.network.kernels.transit import INF, profiles, rank_arrivals, scan
from ankerort.network.kernels.transit_merge import merge_homes
from ankerort.network.model import SparseColumns
from ankerort.reach.columns_in_order import columns_in_order
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
    stop_key
        uint64 per stop: hash of its homes and their seconds, which stands for the stop in `PtColumns.profile_hash`.
    """

    ptr: NDArray[np.int64]
    stop: NDArray[np.int32]
    walk_s: NDArray[np.int32]
    stop_ptr: NDArray[np.int64]
    stop_home: NDArray[np.int32]
    least_s: NDArray[np.int32]
    stop_key: NDArray[np.uint64]


@dataclass
class MergeCount:
    """How many columns were merged, and how many were taken over because nothing they depend on had changed."""

    merged: int = 0
    skipped: int = 0


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
    return Access(ptr, stop[order], walk_s[order], stop_ptr, home, least_s, hash_columns(stop_ptr, home, walk_s))


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
    known: PtColumns | None = None,
    count: MergeCount | None = None,
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
    known
        Columns of the same targets and homes on another timetable: where the hash of a target is the same, its column is
        taken over and not merged. The hash covers all that a column depends on but the numbering of the homes.
    count
        Filled: columns merged and taken over.
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
    if known is not None and not len(known.ptr) - 1 == len(known.profile_hash) == n_targets:
        known = None
    counts: list[int] = []
    hashes: list[np.uint64] = []
    fields = [GrowingInt32() for _ in range(6)]

    def work(worker: Worker, target: int) -> tuple[np.uint64, NDArray[np.int32] | None]:
        worker.scan(*target_stops.column(target))
        walk_home, walk_m = walks.column(target)
        profiles = worker.profiles()
        digest = worker.fingerprint(walk_home, walk_m)
        if known is not None and known.profile_hash[target] == digest:
            return digest, None
        return digest, worker.out[:, : worker.lay(profiles, walk_home, walk_m)].copy()

    def make() -> Worker:
        return Worker(side, direction, access, rules)

    with progress.task("progress.transit", n_targets) as task:
        for target, (digest, part) in enumerate(columns_in_order(make, work, n_targets, threads)):
            if count is not None:
                count.merged += part is not None
                count.skipped += part is None
            found = _known_part(known, target) if part is None else part
            counts.append(found.shape[1])
            hashes.append(digest)
            for field, values in zip(fields, found, strict=True):
                field.append(values)
            task.advance()
    ptr = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)
    home, fastest_s, typical_s, waiting_s, departures, clock_s = (field.finish() for field in fields)
    return PtColumns(
        ptr, home, fastest_s, typical_s, waiting_s, departures, clock_s, profile_hash=np.array(hashes, np.uint64)
    )


def _known_part(known: PtColumns | None, target: int) -> NDArray[np.int32]:
    assert known is not None  # only then a column is not merged
    part = slice(known.ptr[target], known.ptr[target + 1])
    names = ("home", "fastest_s", "typical_s", "waiting_median_s", "departures", "clock_s")
    return np.stack([getattr(known, name)[part] for name in names])


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

    def fingerprint(self, walk_home: NDArray[np.int32], walk_m: NDArray[np.int32]) -> np.uint64:
        """Hash of the profiles, the rules and the walks: of all that the summaries depend on, after `profiles`."""
        rules = self.rules
        walks = hash_columns(np.array([0, len(walk_home)]), walk_home, walk_m)
        told = (
            self.mirrored, rules.walk_limit_m, round(rules.walk_speed_ms * 1000), rules.max_journey_s,
            rules.window_start_s, rules.window_end_s, len(self.access.ptr),
        )  # fmt: skip
        rest = np.array(told, np.int64)
        start = hash_columns(np.array([0, len(rest)]), rest, rest)
        return np.uint64(
            hash_profiles(start[0] ^ walks[0], self.access.stop_key, self.prof_ptr, self.prof_dep, self.prof_arr)
        )

    def rank(self, n: int) -> int:
        """Number the arrivals of `n` profile pairs: fills `prof_rank` and `arrivals`, returns how many differ."""
        return rank_arrivals(n, self.prof_arr, self.base, self.rank_of, self.prof_rank, self.arrivals)

    def walk_counts(self, walk_m: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Seconds of walking all the way, and whether it counts as a journey."""
        walk_s = walk_seconds(walk_m, self.rules.walk_speed_ms)
        return walk_s, (walk_m <= self.rules.walk_limit_m) & (walk_s <= self.rules.max_journey_s)

    def merge(self, walk_home: NDArray[np.int32], walk_m: NDArray[np.int32]) -> int:
        """Lay the stops' profiles over the homes; fills `out` and returns its number of rows."""
        return self.lay(self.profiles(), walk_home, walk_m)

    def lay(self, n: int, walk_home: NDArray[np.int32], walk_m: NDArray[np.int32]) -> int:
        """`merge` of `n` profile pairs that are there already."""
        rules, access = self.rules, self.access
        ranks = self.rank(n)
        walk_s, counts = self.walk_counts(walk_m)
        return merge_homes(
            access.ptr, access.stop, access.walk_s, access.stop_ptr, access.stop_home, self.prof_ptr, self.prof_dep, self.prof_rank, self.arrivals, ranks,
            walk_home, walk_s, counts, self.mirrored, rules.window_start_s, rules.window_end_s, rules.max_journey_s,
            self.shift, self.out,
        )  # fmt: skip


def _check_rules(made_for: PtRules, rules: PtRules) -> None:
    for name in ("walk_limit_m", "walk_speed_ms", "min_change_s", "transfer_walk_m", "max_journey_s"):
        if getattr(made_for, name) != getattr(rules, name):
            raise ValueError(f"the day was made ready for another {name}")
    if rules.window_end_s < rules.window_start_s:
        raise ValueError("the window ends before it starts")
