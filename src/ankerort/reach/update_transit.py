"""Public transport after a change: columns of new targets, or of all where the timetable changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.rows import move_rows
from ankerort.catalogue.model import Catalogue, Service
from ankerort.network.model import DayType, Network
from ankerort.reach.layers import ReachLayers, Rows, TargetKeys, gather_columns
from ankerort.reach.model import UNREACHED, PtColumns, PtKey, RoundTripColumns, SilentWays, TripKey
from ankerort.reach.public_transport import PtWalks, pt_keys, select_columns
from ankerort.reach.ready import Ready
from ankerort.reach.round_trips import compute_round_trips, trip_keys
from ankerort.reach.silent_ways import silent_keys, silent_ways
from ankerort.reach.transit import MergeCount, matrix_columns, pt_columns
from ankerort.region.model import Region
from ankerort.region.opening_hours import OpenWindows, open_windows

Timed = TypeVar("Timed", PtColumns, RoundTripColumns)


@dataclass(frozen=True)
class Changed:
    """What the steps of an update share.

    `targets`, `keys`, `pt_targets` are those of the changed region, `found` gives per target its number in ``base.top`` or -1; `merges` is filled.
    """

    base: ReachLayers
    region: Region
    catalogue: Catalogue
    old_catalogue: Catalogue
    ready: Ready
    timetable: bool
    threads: int
    targets: pd.DataFrame
    keys: TargetKeys
    found: Rows
    pt_targets: NDArray[np.int32]
    merges: MergeCount

    @property
    def network(self) -> Network:
        """The changed network."""
        return self.ready.network


def _found_pt(change: Changed) -> Rows:
    """Per public-transport column its number before the change, or -1."""
    base = change.base
    number = np.full(len(base.top.targets), -1, dtype=np.intp)
    number[base.top.pt_targets] = np.arange(len(base.top.pt_targets))
    found = change.found[change.pt_targets]
    return np.where(found >= 0, number[found], -1)


def _walks(change: Changed, layers: ReachLayers, columns: Rows) -> PtWalks:
    """The walks of some public-transport columns, as `pt_walks` searches them."""
    rows = change.pt_targets[columns]
    ready = change.ready
    x, y = change.targets["x"].to_numpy(float)[rows], change.targets["y"].to_numpy(float)[rows]
    return PtWalks(
        home_stops=ready.home_stops(),
        stop_walks=ready.stop_walks(),
        target_stops=ready.target_stops(x, y),
        walks=select_columns(layers.street("foot", rows.astype(np.intp)), rows),
    )


def update_pt(change: Changed, layers: ReachLayers) -> tuple[dict[PtKey, PtColumns], Rows, NDArray[np.bool_]]:
    """Columns that are the change's own per key, the columns of ``base.whole`` that stay, and which columns may differ from before."""
    base, ready = change.base, change.ready
    count = len(change.pt_targets)
    found = _found_pt(change)
    if change.timetable:
        found_now = np.full(count, -1, dtype=np.intp)
        keys = pt_keys(ready.network, ready.groups) if ready.has_pt else ()
    else:
        found_now, keys = found, tuple(base.top.pt)
    origin = np.where(found_now >= 0, base.origin["pt"][found_now], -1)
    carried = np.flatnonzero((found_now >= 0) & (origin < 0))
    fresh = np.flatnonzero(found_now < 0)
    walks = _walks(change, layers, fresh) if len(fresh) and keys else None
    differs = (found < 0) | (set(keys) != set(base.top.pt))
    out: dict[PtKey, PtColumns] = {}
    for key in keys:
        parts: list[tuple[Rows, PtColumns, Rows]] = []
        if key in base.top.pt and len(carried):
            parts.append((carried, base.top.pt[key], found_now[carried]))
        known = None
        if walks is not None:
            if change.timetable and key in base.top.pt:
                known = _known_columns(base.pt(key, np.arange(len(base.origin["pt"]))), found)
            parts.append((fresh, _pt_columns(change, key, walks, known), np.arange(len(fresh))))
        if len(fresh) == count and len(parts) == 1:
            out[key] = parts[0][1]
        else:
            like = parts[0][1] if parts else base.top.pt[key]
            out[key] = gather_columns(count, parts, like=like)
        if change.timetable:
            differs |= _other_hashes(known, out[key])
    return out, origin, differs


def _other_hashes(before: Timed | None, now: Timed) -> NDArray[np.bool_]:
    """Which columns are not known to be those of before."""
    if before is None or not len(before.profile_hash) == len(now.profile_hash) == len(now.ptr) - 1:
        return np.ones(len(now.ptr) - 1, bool)
    return before.profile_hash != now.profile_hash


def _known_columns(before: Timed, found: Rows) -> Timed:
    """Columns before the change in the order of the new targets; empty, with hash 0, for those that are new."""
    has = np.flatnonzero(found >= 0)
    if len(has) == len(found) == len(before.ptr) - 1 and bool((found == np.arange(len(found))).all()):
        return before
    return gather_columns(len(found), [(has, before, found[has])], like=before)


def _pt_columns(change: Changed, key: PtKey, walks: PtWalks, known: PtColumns | None) -> PtColumns:
    ready = change.ready
    rules = ready.rules(key.group)
    if ready.network.timetable is None:
        if ready.network.stop_matrix is None:
            raise ValueError("no public transport in this network")
        return matrix_columns(
            ready.network.stop_matrix,
            target_stops=walks.target_stops,
            home_stops=walks.home_stops,
            walks=walks.walks,
            n_homes=len(ready.home_x),
            rules=rules,
        )
    group = key.group.partition("@")[0]
    return pt_columns(
        ready.day(group, with_demand=key.with_demand),
        direction=key.direction,
        target_stops=walks.target_stops,
        home_stops=ready.access(group),
        walks=walks.walks,
        n_homes=len(ready.home_x),
        rules=rules,
        threads=change.threads or os.cpu_count() or 1,
        known=known,
        count=change.merges,
    )


def update_round_trips(
    change: Changed, layers: ReachLayers, windows: Mapping[DayType, OpenWindows]
) -> tuple[dict[TripKey, RoundTripColumns], Rows, NDArray[np.bool_]]:
    """As `update_pt`, for round trips; `windows` of the facilities whose services were touched."""
    base, ready = change.base, change.ready
    count = len(change.pt_targets)
    found = _found_pt(change)
    services = change.targets["service"].to_numpy(object)[change.pt_targets]
    same = np.array([_same_visits(change, s) for s in services], bool)
    has = np.flatnonzero(found >= 0)
    hours = np.zeros(count, bool)
    hours[has] = change.keys.hours[change.pt_targets[has]] == base.keys.hours[base.top.pt_targets[found[has]]]
    found_now = np.where(same & hours, found, -1)
    keys = tuple(base.top.round_trips)
    if change.timetable:
        found_now = np.full(count, -1, dtype=np.intp)
        keys = trip_keys(ready.network, ready.groups)
    origin = np.where(found_now >= 0, base.origin["trips"][found_now], -1)
    carried = np.flatnonzero((found_now >= 0) & (origin < 0))
    fresh = np.flatnonzero(found_now < 0)
    differs = (found_now < 0) if not change.timetable else (found < 0) | (set(keys) != set(base.top.round_trips))
    parts: dict[TripKey, list[tuple[Rows, RoundTripColumns, Rows]]] = {key: [] for key in keys}
    for key in keys:
        if key in base.top.round_trips and len(carried):
            parts[key].append((carried, base.top.round_trips[key], found_now[carried]))
    known: dict[TripKey, RoundTripColumns] = {}
    if len(fresh) and keys:
        before = np.arange(len(base.origin["trips"]))
        known = {
            key: _known_columns(base.trips(key, before), found)
            for key in keys
            if change.timetable and key in base.top.round_trips
        }
        rows = change.pt_targets[fresh]
        for key, columns in compute_round_trips(
            change.region,
            ready.network,
            change.targets,
            rows,
            _walks(change, layers, fresh),
            keys,
            windows=windows,
            catalogue=change.catalogue,
            threads=change.threads,
            ready=ready.days(keys),
            known=known,
            count=change.merges,
        ):
            parts[key].append((fresh, columns, np.arange(len(fresh))))
    out: dict[TripKey, RoundTripColumns] = {}
    for key, of_key in parts.items():
        if len(fresh) == count and len(of_key) == 1:
            out[key] = of_key[0][1]
        else:
            like = of_key[0][1] if of_key else base.top.round_trips[key]
            out[key] = gather_columns(count, of_key, like=like)
        if change.timetable:
            differs |= _other_hashes(known.get(key), out[key])
    return out, origin, differs


def update_silent_ways(change: Changed, layers: ReachLayers) -> tuple[dict[TripKey, SilentWays], bool]:
    """Ways to and from silent feeds: of new targets, or of all homes and targets where the timetable changed.

    Returns
    -------
    tuple
        The ways, and whether those of the homes and of the targets that stayed are the ways of before.
    """
    base, ready = change.base, change.ready
    before = base.top.silent_ways
    keys = silent_keys(ready.network, trip_keys(ready.network, ready.groups))
    if not keys:
        return {}, not before
    found = _found_pt(change)
    stayed = np.flatnonzero(found >= 0)
    fresh = np.arange(len(found)) if change.timetable else np.flatnonzero(found < 0)
    made: dict[TripKey, SilentWays] = {}
    if len(fresh):
        made = silent_ways(
            ready.network,
            _walks(change, layers, fresh),
            keys,
            len(ready.home_x),
            catalogue=change.catalogue,
            threads=change.threads,
            ready=ready.days(keys),
            of_homes=change.timetable,
        )
    if change.timetable:
        return made, set(made) == set(before) and all(_same_ways(before[k], made[k], found, stayed) for k in made)
    out: dict[TripKey, SilentWays] = {}
    for key in keys:
        of_targets: dict[str, Any] = {}
        for name in ("target_out_s", "target_back_s"):
            values = np.full(len(found), UNREACHED, np.int32)
            values[stayed] = getattr(before[key], name)[found[stayed]]
            if key in made:
                values[fresh] = getattr(made[key], name)
            of_targets[name] = values
        out[key] = replace(before[key], **of_targets)
    return out, True


def _same_ways(before: SilentWays, now: SilentWays, found: Rows, stayed: Rows) -> bool:
    of_targets = all(
        np.array_equal(getattr(before, name)[found[stayed]], getattr(now, name)[stayed])
        for name in ("target_out_s", "target_back_s")
    )
    return (
        of_targets
        and np.array_equal(before.home_out_s, now.home_out_s)
        and np.array_equal(before.home_back_s, now.home_back_s)
    )


def _same_visits(change: Changed, service: str) -> bool:
    """Whether stay, direction and usual hours of a service are those of before."""

    def told(one: Service) -> tuple[object, ...]:
        return (str(one.stay_min), one.direction, one.default_hours)

    old = change.old_catalogue.services.get(service)
    return old is not None and told(old) == told(change.catalogue.services[service])


def windows_of(change: Changed, rows: NDArray[np.intp]) -> dict[DayType, OpenWindows]:
    """Opening hours of some facilities per day type; all other facilities have none."""
    facilities = change.region.facilities
    chosen = facilities.iloc[rows].reset_index(drop=True)
    out: dict[DayType, OpenWindows] = {}
    for day_type, day in change.network.day_types.items():
        of = open_windows(chosen, change.catalogue, day=day.date, land=change.region.settings.land)
        lengths = np.zeros(len(facilities), np.int64)
        lengths[rows] = np.diff(of.ptr)
        basis = np.zeros(len(facilities), np.int8)
        basis[rows] = of.basis
        ptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        out[day_type] = OpenWindows(ptr, of.start_s, of.end_s, basis)
    return out


def update_opening_basis(
    change: Changed, windows: Mapping[DayType, OpenWindows], rows: NDArray[np.intp], moves: NDArray[np.int32] | None
) -> dict[DayType, NDArray[np.int8]]:
    """Whence the opening hours come: of the facilities in `rows` anew, of all others as before."""
    out: dict[DayType, NDArray[np.int8]] = {}
    for day_type, of in windows.items():
        basis = of.basis.copy()
        before = change.base.top.opening_basis.get(day_type)
        if before is not None:
            now = move_rows(np.arange(len(before), dtype=np.int32), moves)
            kept = (now >= 0) & ~np.isin(now, rows)
            basis[now[kept]] = before[kept]
        out[day_type] = basis
    return out
