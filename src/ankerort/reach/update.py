"""Travel times after a change: only what it touched is searched again, by the code of the full run."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.rows import move_rows, row_moves
from ankerort.catalogue.model import Catalogue, Service
from ankerort.network.model import DayType, Network, SparseColumns
from ankerort.reach.known import day_known, near_hollow_feed, within_pt_area
from ankerort.reach.layers import ColumnKind, Columns, ReachLayers, Rows, TargetKeys, gather_columns
from ankerort.reach.model import Certainty, Nearest, NearestMode, PtColumns, PtKey, Reach, RoundTripColumns, TripKey
from ankerort.reach.public_transport import PtWalks, nearest_by_pt, pt_keys, pt_target_rows, select_columns
from ankerort.reach.ready import Ready
from ankerort.reach.round_trips import compute_round_trips, trip_keys
from ankerort.reach.stop_departures import STOP_SERVICES, stop_departures
from ankerort.reach.street_columns import MODES, nearest_by_street, street_columns, street_direction
from ankerort.reach.targets import list_targets, search_limits
from ankerort.reach.transit import MergeCount, matrix_columns, pt_columns
from ankerort.region.model import Region
from ankerort.region.opening_hours import OpenWindows, open_windows

PT_MODES: tuple[NearestMode, ...] = ("pt", "pt_demand")


@dataclass(frozen=True)
class Update:
    """Travel times after a change.

    Parameters
    ----------
    layers
        All columns, those that did not change shared with the reach before.
    part
        The reach with the columns of `services` only.
    services
        Services of which anything was computed anew; more than were named where a stop lost or got its departures.
    merges
        Public-transport columns merged, and taken over since their profiles did not change.
    """

    layers: ReachLayers
    part: Reach
    services: frozenset[str]
    merges: MergeCount


@dataclass(frozen=True)
class _Change:
    """What the steps of an update share."""

    base: ReachLayers
    region: Region
    catalogue: Catalogue
    old_catalogue: Catalogue
    ready: Ready
    timetable: bool
    threads: int
    targets: pd.DataFrame
    keys: TargetKeys
    found: Rows  # per target its number in `base.top`, or -1
    pt_targets: NDArray[np.int32]
    merges: MergeCount

    @property
    def network(self) -> Network:
        return self.ready.network


def update_reach(
    base: ReachLayers,
    region: Region,
    catalogue: Catalogue,
    services: Collection[str],
    *,
    ready: Ready,
    old_catalogue: Catalogue,
    timetable: bool = False,
    threads: int = 0,
) -> Update:
    """Travel times after facilities, standards or the timetable changed; equal to `compute_reach` of the changed world.

    Columns of targets that stand where they stood are taken over, by mode and as long as the search limit of the service is the same. New
    targets get theirs by the code of the full run; the nearest of the changed services is searched anew.

    Parameters
    ----------
    base
        Travel times before the change.
    region, catalogue
        After the change. Cells, places, footprints and figures are those of before.
    services
        Services whose facilities, opening hours or standards changed.
    ready
        Warm parts of the changed network.
    old_catalogue
        Catalogue before the change.
    timetable
        The timetable changed: public transport is computed for all targets, columns whose stop profiles did not change are taken
        over.
    threads
        Worker threads; 0 = one per core. The result does not depend on it.
    """
    network = ready.network
    fixed, demand = _departures(base, region, network, catalogue, services, timetable=timetable)
    targets = list_targets(region, catalogue, departures=fixed, demand_departures=demand, pt_known=_has_pt(network))
    keys = TargetKeys.of(targets, region)
    found = base.keys.find(keys)
    change = _Change(
        base, region, catalogue, old_catalogue, ready, timetable, threads, targets, keys, found,
        pt_target_rows(targets, catalogue), MergeCount(),
    )  # fmt: skip
    touched = frozenset(services) | _services_of_changed_targets(base.keys, keys, found)
    facility_ids = region.facilities["facility_id"].to_numpy(object)
    origin: dict[ColumnKind, Rows] = {}
    top = replace(
        base.top,
        targets=targets,
        pt_targets=change.pt_targets,
        limits=search_limits(catalogue),
        stop_departures=fixed,
        stop_demand_departures=demand,
        **_streets(change, origin),
    )
    layers = ReachLayers(base.whole, top, origin, keys, facility_ids)
    pt, origin["pt"] = _public_transport(change, layers)
    layers = replace(layers, top=replace(top, pt=pt))
    moves = row_moves(base.facility_ids, facility_ids)
    opened = np.arange(len(region.facilities))
    if not timetable:
        opened = np.flatnonzero(region.facilities["service"].isin(touched).to_numpy(bool))
    windows = _windows(change, opened)
    trips, origin["trips"] = _round_trips(change, layers, windows)
    basis = _opening_basis(change, windows, opened, moves)
    layers = replace(layers, top=replace(layers.top, round_trips=trips, opening_basis=basis, **_day_facts(change)))
    part = layers.full() if timetable else layers.of(touched)
    nearest = _nearest(change, part, touched, moves)
    layers = replace(layers, top=replace(layers.top, nearest=nearest))
    return Update(layers, replace(part, nearest=nearest), touched, change.merges)


def _has_pt(network: Network) -> bool:
    return network.timetable is not None or network.stop_matrix is not None


def _departures(
    base: ReachLayers,
    region: Region,
    network: Network,
    catalogue: Catalogue,
    services: Collection[str],
    *,
    timetable: bool,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Departures per facility; those of stops are counted again only where a stop or the timetable changed."""
    if timetable or not set(STOP_SERVICES).isdisjoint(services):
        return stop_departures(region.facilities, network.timetable, catalogue)
    moves = row_moves(base.facility_ids, region.facilities["facility_id"].to_numpy(object))
    out: list[NDArray[np.int32]] = []
    for before in (base.top.stop_departures, base.top.stop_demand_departures):
        rows = move_rows(np.arange(len(before), dtype=np.int32), moves)
        now = np.full(len(region.facilities), -1, dtype=np.int32)
        now[rows[rows >= 0]] = before[rows >= 0]
        out.append(now)
    return out[0], out[1]


def _services_of_changed_targets(old: TargetKeys, new: TargetKeys, found: Rows) -> frozenset[str]:
    """Services of targets that are new, moved, gone, surer or less sure; all of them where the order changed (it decides ties)."""
    kept = found[found >= 0]
    if (np.diff(kept) < 0).any():
        return frozenset(s for s in (*old.service, *new.service) if s)
    gone = np.ones(len(old.ids), bool)
    gone[kept] = False
    same = np.flatnonzero(found >= 0)
    other = same[new.certainty[same] != old.certainty[found[same]]]
    return frozenset(s for s in (*old.service[gone], *new.service[found < 0], *new.service[other]) if s)


def _streets(change: _Change, origin: dict[ColumnKind, Rows]) -> dict[str, Any]:
    """Columns that are the change's own, per mode; fills `origin`."""
    base, targets, ready = change.base, change.targets, change.ready
    limits, before = search_limits(change.catalogue), base.top.limits
    services = targets["service"].to_numpy(object)
    out: dict[str, Any] = {}
    for mode in MODES:
        kept = {
            s: limits.get((s, mode), 0) == before.get((s, mode), 0) and _same_direction(change, s)
            for s in dict.fromkeys(services)
        }
        found = np.where(np.array([kept[s] for s in services], bool), change.found, -1)
        origin[mode] = np.where(found >= 0, base.origin[mode][found], -1)
        carried = np.flatnonzero((found >= 0) & (origin[mode] < 0))
        own: SparseColumns = getattr(base.top, mode)
        parts = [(carried, own, found[carried])]
        fresh = np.flatnonzero(found < 0)
        if len(fresh):
            searched = street_columns(
                ready.network,
                mode,
                targets.iloc[fresh].reset_index(drop=True),
                ready.home_x,
                ready.home_y,
                catalogue=change.catalogue,
                limits=limits,
                threads=change.threads,
                homes=ready.homes(mode),
            )
            parts.append((fresh, searched, np.arange(len(fresh))))
        out[mode] = gather_columns(len(targets), parts, like=own)
    return out


def _same_direction(change: _Change, service: str) -> bool:
    old = change.old_catalogue.services
    return not service or (
        service in old
        and street_direction(change.old_catalogue, service) == street_direction(change.catalogue, service)
    )


def _found_pt(change: _Change) -> Rows:
    """Per public-transport column its number before the change, or -1."""
    base = change.base
    number = np.full(len(base.top.targets), -1, dtype=np.intp)
    number[base.top.pt_targets] = np.arange(len(base.top.pt_targets))
    found = change.found[change.pt_targets]
    return np.where(found >= 0, number[found], -1)


def _walks(change: _Change, layers: ReachLayers, columns: Rows) -> PtWalks:
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


def _public_transport(change: _Change, layers: ReachLayers) -> tuple[dict[PtKey, PtColumns], Rows]:
    base, ready = change.base, change.ready
    count = len(change.pt_targets)
    found = _found_pt(change)
    if change.timetable:
        found_now = np.full(count, -1, dtype=np.intp)
        keys = pt_keys(ready.network, ready.groups) if _has_pt(ready.network) else ()
    else:
        found_now, keys = found, tuple(base.top.pt)
    origin = np.where(found_now >= 0, base.origin["pt"][found_now], -1)
    carried = np.flatnonzero((found_now >= 0) & (origin < 0))
    fresh = np.flatnonzero(found_now < 0)
    walks = _walks(change, layers, fresh) if len(fresh) and keys else None
    out: dict[PtKey, PtColumns] = {}
    for key in keys:
        parts: list[tuple[Rows, PtColumns, Rows]] = []
        if key in base.top.pt and len(carried):
            parts.append((carried, base.top.pt[key], found_now[carried]))
        if walks is not None:
            known = None
            if change.timetable and key in base.top.pt:
                known = _known_columns(base.pt(key, np.arange(len(base.origin["pt"]))), found)
            parts.append((fresh, _pt_columns(change, key, walks, known), np.arange(len(fresh))))
        if len(fresh) == count and len(parts) == 1:
            out[key] = parts[0][1]
        else:
            like = parts[0][1] if parts else base.top.pt[key]
            out[key] = gather_columns(count, parts, like=like)
    return out, origin


def _known_columns(before: Columns, found: Rows) -> Columns:
    """Columns before the change in the order of the new targets; empty, with hash 0, for those that are new."""
    has = np.flatnonzero(found >= 0)
    if len(has) == len(found) == len(before.ptr) - 1 and bool((found == np.arange(len(found))).all()):
        return before
    return gather_columns(len(found), [(has, before, found[has])], like=before)


def _pt_columns(change: _Change, key: PtKey, walks: PtWalks, known: PtColumns | None) -> PtColumns:
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


def _round_trips(
    change: _Change, layers: ReachLayers, windows: Mapping[DayType, OpenWindows]
) -> tuple[dict[TripKey, RoundTripColumns], Rows]:
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
        keys = trip_keys(ready.network, tuple(dict.fromkeys(k.group for k in base.top.round_trips)))
    origin = np.where(found_now >= 0, base.origin["trips"][found_now], -1)
    carried = np.flatnonzero((found_now >= 0) & (origin < 0))
    fresh = np.flatnonzero(found_now < 0)
    parts: dict[TripKey, list[tuple[Rows, RoundTripColumns, Rows]]] = {key: [] for key in keys}
    for key in keys:
        if key in base.top.round_trips and len(carried):
            parts[key].append((carried, base.top.round_trips[key], found_now[carried]))
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
    return out, origin


def _same_visits(change: _Change, service: str) -> bool:
    """Whether stay, direction and usual hours of a service are those of before."""

    def told(one: Service) -> tuple[object, ...]:
        return (str(one.stay_min), one.direction, one.default_hours)

    old = change.old_catalogue.services.get(service)
    return old is not None and told(old) == told(change.catalogue.services[service])


def _windows(change: _Change, rows: NDArray[np.intp]) -> dict[DayType, OpenWindows]:
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


def _opening_basis(
    change: _Change, windows: Mapping[DayType, OpenWindows], rows: NDArray[np.intp], moves: NDArray[np.int32] | None
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


def _day_facts(change: _Change) -> dict[str, Any]:
    """Where public transport is known."""
    base, network, region = change.base.top, change.network, change.region
    out: dict[str, Any] = {}
    if change.timetable:
        x, y = change.ready.home_x, change.ready.home_y
        known = dict(base.cell_known)
        known["pt"] = np.zeros(len(x), dtype=bool)
        if _has_pt(network):
            known["pt"] = known["foot"] & within_pt_area(region, network, x, y, change.catalogue)
        known["pt_whole"] = known["pt"] & ~near_hollow_feed(network, x, y, change.catalogue)
        out["cell_known"] = known
        out["estimated"] = {**base.estimated, "pt": network.timetable is None or network.foot.estimated}
        out["day_known"] = day_known(region, network, change.catalogue, foot_known=known["foot"])
    return out


def _nearest(
    change: _Change, part: Reach, touched: frozenset[str], moves: NDArray[np.int32] | None
) -> dict[tuple[str, NearestMode, Certainty], Nearest]:
    ready = change.ready
    out: dict[tuple[str, NearestMode, Certainty], Nearest] = {}
    for key, nearest in change.base.top.nearest.items():
        if key[0] in touched or (change.timetable and key[1] in PT_MODES):
            continue
        facility = move_rows(nearest.facility, moves)
        out[key] = nearest if moves is None else Nearest(facility, nearest.value)
    if touched:
        out |= nearest_by_street(
            ready.network,
            change.targets,
            ready.home_x,
            ready.home_y,
            catalogue=change.catalogue,
            only=touched,
            homes=ready.all_homes(),
        )
    if _has_pt(ready.network):
        out |= nearest_by_pt(
            change.targets,
            change.pt_targets,
            part.pt,
            select_columns(part.foot, change.pt_targets),
            len(ready.home_x),
            facility_ids=change.region.facilities["facility_id"].to_numpy(object),
            only=None if change.timetable else touched,
        )
    return out
