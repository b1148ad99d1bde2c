"""Travel times after a change: only what it touched is searched again, by the code of the full run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ankerort.base.rows import move_rows, row_moves
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network, SparseColumns
from ankerort.reach.assigned import assigned_facilities
from ankerort.reach.known import day_known, near_hollow_feed, within_pt_area
from ankerort.reach.layers import ColumnKind, ReachLayers, Rows, TargetKeys, gather_columns
from ankerort.reach.model import Certainty, Nearest, NearestMode, Reach
from ankerort.reach.public_transport import nearest_by_pt, pt_target_rows, select_columns
from ankerort.reach.ready import Ready
from ankerort.reach.stop_departures import STOP_SERVICES, stop_departures
from ankerort.reach.street_columns import MODES, nearest_by_street, street_columns, street_direction
from ankerort.reach.targets import list_targets, search_limits
from ankerort.reach.transit import MergeCount
from ankerort.reach.update_transit import (
    Changed,
    update_opening_basis,
    update_pt,
    update_round_trips,
    update_silent_ways,
    windows_of,
)
from ankerort.region.model import Region

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
        Services of which anything was computed anew; more than were named where a stop lost or got its departures, or where the
        timetable changed.
    same_days
        Public transport is known where it was known before, and feeds without a day of a type may carry the same journeys: then the supply of all other services is that of before.
    merges
        Public-transport columns merged, and taken over since their profiles did not change.
    """

    layers: ReachLayers
    part: Reach
    services: frozenset[str]
    same_days: bool
    merges: MergeCount


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
    targets = list_targets(region, catalogue, departures=fixed, demand_departures=demand, pt_known=ready.has_pt)
    keys = TargetKeys.of(targets, region)
    found = base.keys.find(keys)
    change = Changed(
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
        assigned=assigned_facilities(region, targets),
        **_streets(change, origin),
    )
    layers = ReachLayers(base.whole, top, origin, keys, facility_ids)
    pt, origin["pt"], other_pt = update_pt(change, layers)
    layers = replace(layers, top=replace(top, pt=pt))
    moves = row_moves(base.facility_ids, facility_ids)
    opened = np.arange(len(region.facilities))
    if not timetable:
        opened = np.flatnonzero(region.facilities["service"].isin(touched).to_numpy(bool))
    windows = windows_of(change, opened)
    trips, origin["trips"], other_trips = update_round_trips(change, layers, windows)
    basis = update_opening_basis(change, windows, opened, moves)
    facts = _day_facts(change) if timetable else {}
    silent, same_silent = update_silent_ways(change, layers)
    layers = replace(
        layers, top=replace(layers.top, round_trips=trips, opening_basis=basis, silent_ways=silent, **facts)
    )
    other = targets["service"].to_numpy(object)[change.pt_targets[other_pt | other_trips]]
    changed = touched | frozenset(other)
    part = layers.of(changed)
    nearest = _nearest(change, part, touched, changed, moves)
    layers = replace(layers, top=replace(layers.top, nearest=nearest))
    same_days = same_silent and _same_days(base.top, layers.top)
    return Update(layers, replace(part, nearest=nearest), changed, same_days, change.merges)


def _same_days(before: Reach, now: Reach) -> bool:
    """Whether public transport is known where it was known, and the same days stand for the types of days."""

    def same(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
        return set(one) == set(other) and all(np.array_equal(one[k], other[k]) for k in one)

    return (
        dict(before.estimated) == dict(now.estimated)
        and same(before.cell_known, now.cell_known)
        and same(before.day_known, now.day_known)
        and set(before.pt) == set(now.pt)
        and set(before.round_trips) == set(now.round_trips)
    )


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
    before = found[same]
    other = same[(new.certainty[same] != old.certainty[before]) | (new.hours[same] != old.hours[before])]
    return frozenset(s for s in (*old.service[gone], *new.service[found < 0], *new.service[other]) if s)


def _streets(change: Changed, origin: dict[ColumnKind, Rows]) -> dict[str, Any]:
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


def _same_direction(change: Changed, service: str) -> bool:
    old = change.old_catalogue.services
    return not service or (
        service in old
        and street_direction(change.old_catalogue, service) == street_direction(change.catalogue, service)
    )


def _day_facts(change: Changed) -> dict[str, Any]:
    """Where public transport is known on the changed timetable."""
    base, network, region = change.base.top, change.network, change.region
    x, y = change.ready.home_x, change.ready.home_y
    known = dict(base.cell_known)
    known["pt"] = np.zeros(len(x), dtype=bool)
    if change.ready.has_pt:
        known["pt"] = known["foot"] & within_pt_area(region, network, x, y, change.catalogue)
    known["pt_whole"] = known["pt"] & ~near_hollow_feed(network, x, y, change.catalogue)
    return {
        "cell_known": known,
        "estimated": {**base.estimated, "pt": network.timetable is None or network.foot.estimated},
        "day_known": day_known(region, network, change.catalogue, foot_known=known["foot"]),
    }


def _nearest(
    change: Changed,
    part: Reach,
    touched: frozenset[str],
    changed: frozenset[str],
    moves: NDArray[np.int32] | None,
) -> dict[tuple[str, NearestMode, Certainty], Nearest]:
    ready = change.ready
    out: dict[tuple[str, NearestMode, Certainty], Nearest] = {}
    for key, nearest in change.base.top.nearest.items():
        if key[0] in touched or (key[0] in changed and key[1] in PT_MODES):
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
            assigned=part.assigned,
            only=touched,
            homes=ready.all_homes(),
        )
    if ready.has_pt:
        out |= nearest_by_pt(
            change.targets,
            change.pt_targets,
            part.pt,
            select_columns(part.foot, change.pt_targets),
            len(ready.home_x),
            facility_ids=change.region.facilities["facility_id"].to_numpy(object),
            only=changed,
            assigned=part.assigned,
        )
    return out
