"""There and back by public transport: journeys out and home paired per home and target (docs/decisions/0006)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.growing import GrowingInt32
from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.kernels.round_trips import ON_FOOT, hash_columns, merge_round_trips
from ankerort.network.model import DAY_TYPES, DayType, Network, SparseColumns
from ankerort.reach.columns_in_order import columns_in_order
from ankerort.reach.model import ON_FOOT_ANY_TIME, PtRules, RoundTripColumns, TripKey
from ankerort.reach.public_transport import PtWalks, pt_rules
from ankerort.reach.transit import Access, MergeCount, TransitDay, Worker, home_access, prepare_transit
from ankerort.region.model import Region
from ankerort.region.opening_hours import OpenWindows, open_windows

assert ON_FOOT == ON_FOOT_ANY_TIME  # the kernel knows no classes

ReadyDays = Mapping[tuple[str, bool, DayType], tuple[TransitDay, Access]]


@dataclass(frozen=True)
class TripRules:
    """The dated records of a round trip, in seconds: hours of leaving home and of being back, longest wait for the door."""

    leave_from_s: int
    back_by_s: int
    early_s: int


@dataclass(frozen=True)
class Visits:
    """When and how long one visits each target on one day.

    Parameters
    ----------
    ptr
        int64 (targets + 1,): windows of target `k` are rows ``ptr[k]:ptr[k+1]``; none if it is closed, or has no round trips.
    open_s, close_s
        int32 seconds after midnight, ascending, not overlapping.
    stay_s
        int32 (targets,): length of a visit; negative where the service has no round trips, whatever its windows.
    """

    ptr: NDArray[np.int64]
    open_s: NDArray[np.int32]
    close_s: NDArray[np.int32]
    stay_s: NDArray[np.int32]

    def of(self, target: int) -> tuple[NDArray[np.int32], NDArray[np.int32], int]:
        """Begin and end of the windows of one target, and its stay."""
        part = slice(self.ptr[target], self.ptr[target + 1])
        return self.open_s[part], self.close_s[part], int(self.stay_s[target])


def trip_rules(catalogue: Catalogue) -> TripRules:
    """Figures ``round_trip.*`` in seconds."""
    return TripRules(
        leave_from_s=round(catalogue.value("round_trip.leave_from_h") * 3600),
        back_by_s=round(catalogue.value("round_trip.back_by_h") * 3600),
        early_s=round(catalogue.value("round_trip.early_min") * 60),
    )


def stay_seconds(service_id: str, catalogue: Catalogue) -> int:
    """Length of a visit; -1 where a service has no round trips (help drives out, no stay given)."""
    service = catalogue.services[service_id]
    if service.direction not in ("there_back", "to_facility") or not service.stay_min >= 0:
        return -1
    return round(service.stay_min * 60)


def visits_of_targets(
    targets: pd.DataFrame, rows: NDArray[np.int32], windows: OpenWindows, catalogue: Catalogue
) -> Visits:
    """Windows and stays of some targets on one day.

    Parameters
    ----------
    targets, rows
        Table of `ankerort.reach.targets.list_targets` and the rows asked for, all of them facilities.
    windows
        Of all rows of ``Region.facilities`` on the day.
    """
    services = targets["service"].to_numpy(object)[rows]
    facility = targets["row"].to_numpy(np.int64)[rows]
    stay = {s: stay_seconds(s, catalogue) for s in dict.fromkeys(services)}
    stay_s = np.array([stay[s] for s in services], np.int32)
    lengths = np.where(stay_s >= 0, windows.ptr[facility + 1] - windows.ptr[facility], 0)
    ptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    place = np.repeat(windows.ptr[facility] - ptr[:-1], lengths) + np.arange(ptr[-1])
    return Visits(ptr, windows.start_s[place].astype(np.int32), windows.end_s[place].astype(np.int32), stay_s)


def windows_of_days(region: Region, network: Network, catalogue: Catalogue) -> dict[DayType, OpenWindows]:
    """Opening hours of all facilities on the representative date of each day type."""
    land = region.settings.land
    return {
        day: open_windows(region.facilities, catalogue, day=of.date, land=land) for day, of in network.day_types.items()
    }


def trip_keys(network: Network, groups: tuple[str, ...]) -> tuple[TripKey, ...]:
    """Which round trips there are to compute; none without a timetable, without Rufbus only where no day has booked trips."""
    days = [d for d in DAY_TYPES if d in network.day_types]
    booked = any(bool(network.day_types[d].timetable.trips["on_demand"].any()) for d in days)
    demand = (False, True) if booked else (False,)
    return tuple(TripKey(group, day, with_demand) for group in groups for day in days for with_demand in demand)


def compute_round_trips(
    region: Region,
    network: Network,
    targets: pd.DataFrame,
    rows: NDArray[np.int32],
    walks: PtWalks,
    keys: tuple[TripKey, ...],
    *,
    windows: Mapping[DayType, OpenWindows],
    catalogue: Catalogue,
    threads: int = 0,
    ready: ReadyDays | None = None,
    known: Mapping[TripKey, RoundTripColumns] | None = None,
    count: MergeCount | None = None,
    progress: Progress = SILENT,
) -> Iterator[tuple[TripKey, RoundTripColumns]]:
    """Compute the round trips key by key, so that each can be stored and an interrupted run goes on with the next.

    Parameters
    ----------
    region
        Its cells are the homes.
    network
        ``day_types`` holds the timetables asked for.
    targets, rows
        All targets, and those to compute (rows of facilities): the columns come in their order.
    walks
        Walks between homes, stops and these targets (`ankerort.reach.public_transport.pt_walks`).
    keys
        See `trip_keys`.
    windows
        Opening hours of all facilities, per day type.
    threads
        Worker threads; 0 = one per core. The result does not depend on it.
    ready
        Days made ready before, with the homes' walks to the stops, by group, with Rufbus, day type; others are made here.
    known
        Columns of the same targets and homes on other timetables, see `round_trip_columns`.
    count
        Filled: columns merged and taken over.

    Yields
    ------
    tuple
        Key and columns, in the order of `keys`.
    """
    access: dict[str, Access] = {}
    for key in keys:
        rules = pt_rules(catalogue, key.group)
        made = (ready or {}).get((key.group, key.with_demand, key.day_type))
        if made is None:
            if key.group not in access:
                access.clear()
                access[key.group] = home_access(walks.home_stops, n_homes=len(region.cells), rules=rules)
            day = prepare_transit(
                network.day_types[key.day_type].timetable,
                rules=rules,
                with_demand=key.with_demand,
                stop_walks=walks.stop_walks,
                detour=catalogue.value("detour.foot"),
            )
            made = (day, access[key.group])
        yield (
            key,
            round_trip_columns(
                made[0],
                made[1],
                target_stops=walks.target_stops,
                walks=walks.walks,
                visits=visits_of_targets(targets, rows, windows[key.day_type], catalogue),
                rules=rules,
                trip=trip_rules(catalogue),
                threads=threads or os.cpu_count() or 1,
                known=(known or {}).get(key),
                count=count,
                progress=progress,
            ),
        )


def round_trip_columns(
    day: TransitDay,
    access: Access,
    *,
    target_stops: SparseColumns,
    walks: SparseColumns,
    visits: Visits,
    rules: PtRules,
    trip: TripRules,
    threads: int = 2,
    known: RoundTripColumns | None = None,
    count: MergeCount | None = None,
    progress: Progress = SILENT,
) -> RoundTripColumns:
    """Pairs of useful journeys between all homes and each target (docs/decisions/0006).

    Parameters
    ----------
    day, access
        The service day made ready for the group, and the homes' walks to the stops (`home_access`).
    target_stops
        One column per target: stops (as `home`) within the walking limit, metres.
    walks
        One column per target: homes and metres of walking all the way, as far as known.
    visits
        Windows and stay of each target.
    rules, trip
        Rules of the group (their window does not matter) and of the round trip.
    threads
        Targets worked on at the same time; the result is the same for any number.
    known
        Columns of the same targets and homes: where the hash of a target is the same, its column is taken over and not merged. The
        hash covers profiles, walks, hours, stay and rules, all that a column depends on but the numbering of the homes.
    count
        Filled: columns merged and taken over (a target without a visit counts as neither).

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    n_targets = len(target_stops.ptr) - 1
    if len(walks.ptr) - 1 != n_targets or len(visits.stay_s) != n_targets:
        raise ValueError(f"{n_targets} targets have stops, but {len(walks.ptr) - 1} walks, {len(visits.stay_s)} hours")
    if len(access.least_s) != day.n_stops:
        raise ValueError("the cell-stop table does not fit the number of stops")
    if known is not None and not len(known.ptr) - 1 == len(known.profile_hash) == n_targets:
        known = None
    fields = [GrowingInt32() for _ in range(6)]
    counts: list[int] = []
    hashes: list[np.uint64] = []
    nothing = np.empty((6, 0), np.int32)

    def work(worker: TripWorker, target: int) -> tuple[np.uint64, NDArray[np.int32] | None]:
        open_s, close_s, stay_s = visits.of(target)
        if not len(open_s) or stay_s < 0:
            return np.uint64(0), nothing
        walk = walks.column(target)
        digest = worker.scan(*target_stops.column(target), *walk, open_s, close_s, stay_s)
        if known is not None and known.profile_hash[target] == digest:
            return digest, None
        return digest, worker.pair(*walk, open_s, close_s, stay_s)

    def make() -> TripWorker:
        return TripWorker(day, access, rules, trip)

    with progress.task("progress.transit", n_targets) as task:
        for target, (digest, part) in enumerate(columns_in_order(make, work, n_targets, threads)):
            if count is not None and part is not nothing:
                count.merged += part is not None
                count.skipped += part is None
            found = _known_part(known, target) if part is None else part
            counts.append(found.shape[1])
            hashes.append(digest)
            for field, values in zip(fields, found, strict=True):
                field.append(values)
            task.advance()
    ptr = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)
    home, pairs, away_s, way_s, last_s, first_s = (field.finish() for field in fields)
    return RoundTripColumns(
        ptr, home, pairs.astype(np.int16), away_s, way_s, last_s, first_s, profile_hash=np.array(hashes, np.uint64)
    )


def _known_part(known: RoundTripColumns | None, target: int) -> NDArray[np.int32]:
    assert known is not None  # only then a column is not merged
    part = slice(known.ptr[target], known.ptr[target + 1])
    names = ("home", "pairs", "away_s", "way_s", "last_home_s", "first_home_s")
    return np.stack([getattr(known, name)[part].astype(np.int32) for name in names])


class TripWorker:
    """Scratch arrays of one thread for both directions; used by one thread at a time."""

    def __init__(self, day: TransitDay, access: Access, rules: PtRules, trip: TripRules) -> None:
        self.trip, self.access, self.longest = trip, access, rules.max_journey_s
        # The way out leaves from `leave_from` on and arrives by `back_by`; the way home leaves on the whole rest of the day.
        last = max(trip.leave_from_s, trip.back_by_s - self.longest + 1)
        inside = replace(rules, window_start_s=trip.leave_from_s, window_end_s=last)
        self.out = Worker(day.side("out"), "out", access, inside)
        self.home = Worker(day.side("home"), "home", access, inside)
        self.rows = np.empty((6, len(access.ptr) - 1), np.int32)
        self._n = (0, 0)

    def scan(
        self,
        stop: NDArray[np.int32],
        metres: NDArray[np.int32],
        walk_home: NDArray[np.int32],
        walk_m: NDArray[np.int32],
        open_s: NDArray[np.int32],
        close_s: NDArray[np.int32],
        stay_s: int,
    ) -> np.uint64:
        """Search both ways of one target; returns the hash of all that its round trips depend on."""
        trip, out, home = self.trip, self.out, self.home
        # Who arrives in time leaves home within the longest journey before; what dominates leaves no earlier.
        out.leave_from = max(trip.leave_from_s, int(open_s[0]) - trip.early_s - self.longest)
        out.arrive_to = min(trip.back_by_s, int(close_s.max())) - stay_s
        out.scan(stop, metres)
        home.scan(stop, metres)
        self._n = (out.profiles(), home.profiles())
        told = np.concatenate(
            [
                [trip.leave_from_s, trip.back_by_s, trip.early_s, stay_s],
                open_s,
                close_s,
                np.array([out.fingerprint(walk_home, walk_m), home.fingerprint(walk_home, walk_m)]).view(np.int64),
            ]
        ).astype(np.int64)
        return np.uint64(hash_columns(np.array([0, len(told)]), told, told)[0])

    def pair(
        self,
        walk_home: NDArray[np.int32],
        walk_m: NDArray[np.int32],
        open_s: NDArray[np.int32],
        close_s: NDArray[np.int32],
        stay_s: int,
    ) -> NDArray[np.int32]:
        """Lay both profiles over the homes, after `scan`: int32 (6, rows), the values of `RoundTripColumns` from `home` on."""
        out, home, access, trip = self.out, self.home, self.access, self.trip
        out_ranks, home_ranks = out.rank(self._n[0]), home.rank(self._n[1])
        walk_s, counts = out.walk_counts(walk_m)
        rows = merge_round_trips(
            access.ptr, access.stop, access.walk_s, access.stop_ptr, access.stop_home,
            out.prof_ptr, out.prof_dep, out.prof_rank, out.arrivals, out_ranks,
            home.prof_ptr, home.prof_dep, home.prof_rank, home.arrivals, home_ranks,
            walk_home, walk_s, counts, open_s, close_s, stay_s, trip.early_s, trip.leave_from_s, trip.back_by_s, self.longest,
            self.rows,
        )  # fmt: skip
        return self.rows[:, :rows].copy()
