"""Public-transport columns for all facilities that have a public-transport standard."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network, SparseColumns
from ankerort.reach.assigned import may_use
from ankerort.reach.model import Certainty, Nearest, NearestMode, PtColumns, PtDirection, PtKey, PtRules
from ankerort.reach.transit import TransitDay, matrix_columns, prepare_transit, pt_columns

STORED_GROUPS = ("all", "75_84")
ERRANDS = "all@errands"  # stored for the way there only


def pt_rules(catalogue: Catalogue, group: str) -> PtRules:
    """The dated records that define a public-transport time for one group, as numbers.

    Parameters
    ----------
    group
        Id of a group, or `ERRANDS`: everybody, in the window for errands (``pt.errand_*``) instead of the day's.
    """
    errands = group == ERRANDS
    of = catalogue.groups["all" if errands else group]
    window = "errand" if errands else "window"
    return PtRules(
        walk_limit_m=int(catalogue.value(of.walk_limit)),
        walk_speed_ms=catalogue.value(of.walk_speed),
        min_change_s=int(catalogue.value("pt.min_change_s")),
        transfer_walk_m=int(catalogue.value("pt.transfer_walk_m")),
        max_journey_s=int(catalogue.value("pt.max_journey_min") * 60),
        window_start_s=int(catalogue.value(f"pt.{window}_start_h") * 3600),
        window_end_s=int(catalogue.value(f"pt.{window}_end_h") * 3600),
    )


def pt_target_rows(targets: pd.DataFrame, catalogue: Catalogue) -> NDArray[np.int32]:
    """Targets that get public-transport columns: facilities of services with a public-transport standard."""
    wanted = {s for s in catalogue.facility_services() if "pt" in catalogue.services[s].standards}
    return np.flatnonzero(targets["service"].isin(wanted)).astype(np.int32)


@dataclass(frozen=True)
class PtWalks:
    """The walks that join homes, stops and targets, for the longest walk of any group.

    `home_stops`: one column per stop, homes; `stop_walks`: one column per stop, stops; `target_stops`: one column per
    target, stops; `walks`: one column per target, homes (walking all the way). Metres.
    """

    home_stops: SparseColumns
    stop_walks: SparseColumns
    target_stops: SparseColumns
    walks: SparseColumns


def pt_walks(
    network: Network,
    targets: pd.DataFrame,
    rows: NDArray[np.int32],
    foot: SparseColumns,
    home_x: NDArray[np.float64],
    home_y: NDArray[np.float64],
    *,
    catalogue: Catalogue,
    groups: tuple[str, ...],
) -> PtWalks:
    """Search the walks between homes, stops and targets once; groups only shorten them."""
    stops = network.timetable.stops if network.timetable is not None else None
    if stops is None:
        if network.stop_matrix is None:
            raise ValueError("no public transport in this network")
        stops = network.stop_matrix.stops
    longest = max(pt_rules(catalogue, g).walk_limit_m for g in groups)
    ways = network.foot
    at_stops = ways.prepare(stops["x"].to_numpy(float), stops["y"].to_numpy(float))
    at_homes = ways.prepare(home_x, home_y)
    at_targets = ways.prepare(targets["x"].to_numpy(float)[rows], targets["y"].to_numpy(float)[rows])
    return PtWalks(
        home_stops=ways.columns(at_stops, at_homes, limit=longest),
        stop_walks=ways.columns(at_stops, at_stops, limit=int(catalogue.value("pt.transfer_walk_m"))),
        target_stops=ways.columns(at_targets, at_stops, limit=longest),
        walks=select_columns(foot, rows),
    )


def select_columns(columns: SparseColumns, rows: NDArray[np.int32]) -> SparseColumns:
    """The columns of some targets only, in the order of `rows`."""
    lengths = np.diff(columns.ptr)[rows]
    ptr = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(lengths, out=ptr[1:])
    place = np.repeat(columns.ptr[:-1][rows] - ptr[:-1], lengths) + np.arange(ptr[-1])
    return SparseColumns(ptr, np.asarray(columns.home[place]), np.asarray(columns.value[place]))


def pt_keys(network: Network, groups: tuple[str, ...]) -> tuple[PtKey, ...]:
    """Which columns there are to compute; without trips on demand both variants are the same."""
    if network.timetable is None:
        return tuple(PtKey(group, "out", False) for group in groups)
    demand = (False, True) if bool(network.timetable.trips["on_demand"].any()) else (False,)
    directions: tuple[PtDirection, ...] = ("out", "home")
    keys: list[PtKey] = []
    for group in groups:
        for with_demand in demand:
            keys.extend(PtKey(group, direction, with_demand) for direction in directions)
            if group == "all":
                keys.append(PtKey(ERRANDS, "out", with_demand))
    return tuple(keys)


def compute_pt(
    network: Network,
    walks: PtWalks,
    keys: tuple[PtKey, ...],
    home_count: int,
    *,
    catalogue: Catalogue,
    threads: int = 0,
    progress: Progress = SILENT,
) -> Iterator[tuple[PtKey, PtColumns]]:
    """Compute the columns key by key, so that each can be stored and an interrupted run goes on with the next."""
    days: dict[tuple[str, bool], TransitDay] = {}
    for key in keys:
        rules = pt_rules(catalogue, key.group)
        if network.timetable is None:
            if network.stop_matrix is None:
                raise ValueError("no public transport in this network")
            yield (
                key,
                matrix_columns(
                    network.stop_matrix,
                    target_stops=walks.target_stops,
                    home_stops=walks.home_stops,
                    walks=walks.walks,
                    n_homes=home_count,
                    rules=rules,
                ),
            )
            continue
        # the window for errands is searched on the day made ready for everybody
        variant = (key.group.partition("@")[0], key.with_demand)
        if variant not in days:
            days.clear()
            days[variant] = prepare_transit(
                network.timetable,
                rules=rules,
                with_demand=key.with_demand,
                stop_walks=walks.stop_walks,
                detour=catalogue.value("detour.foot"),
            )
        yield (
            key,
            pt_columns(
                days[variant],
                direction=key.direction,
                target_stops=walks.target_stops,
                home_stops=walks.home_stops,
                walks=walks.walks,
                n_homes=home_count,
                rules=rules,
                threads=threads or os.cpu_count() or 1,
                progress=progress,
            ),
        )


def nearest_by_pt(
    targets: pd.DataFrame,
    pt_targets: NDArray[np.int32],
    pt: Mapping[PtKey, PtColumns],
    walks: SparseColumns,
    home_count: int,
    *,
    facility_ids: NDArray[np.object_],
    group: str = "all",
    only: Collection[str] | None = None,
    assigned: Mapping[str, NDArray[np.int32]] | None = None,
) -> dict[tuple[str, NearestMode, Certainty], Nearest]:
    """The facility with the smallest typical time per service and cell; ties by the shorter walk, then by id.

    Parameters
    ----------
    walks
        Column per public-transport target: homes and metres of walking all the way; no value counts as far.
    facility_ids
        Id per row of ``Region.facilities``, for the last tie.
    only
        The services asked for; None = all.
    assigned
        Per service with districts the assigned facility of each cell: only it counts there.
    """
    out: dict[tuple[str, NearestMode, Certainty], Nearest] = {}
    services = targets["service"].to_numpy()[pt_targets]
    certain = (targets["certainty"] == "certain").to_numpy(bool)[pt_targets]
    rows = targets["row"].to_numpy(np.int32)[pt_targets]
    for mode, with_demand in (("pt", False), ("pt_demand", True)):
        columns = pt.get(PtKey(group, "out", with_demand))
        if columns is None:
            columns = pt.get(PtKey(group, "out", False))
        if columns is None:
            continue
        for service in dict.fromkeys(services):
            if only is not None and service not in only:
                continue
            of_service = np.flatnonzero(services == service)
            ordered = of_service[np.argsort(facility_ids[rows[of_service]].astype(str), kind="stable")]
            for certainty in ("any", "certain"):
                chosen = ordered if certainty == "any" else ordered[certain[ordered]]
                theirs = None if assigned is None else assigned.get(service)
                nearest = _smallest_typical(columns, walks, chosen, rows, home_count, theirs)
                out[service, "pt" if mode == "pt" else "pt_demand", "any" if certainty == "any" else "certain"] = (
                    nearest
                )
    return out


def _smallest_typical(
    columns: PtColumns,
    walks: SparseColumns,
    chosen: NDArray[np.intp],
    rows: NDArray[np.int32],
    home_count: int,
    assigned: NDArray[np.int32] | None,
) -> Nearest:
    far = np.iinfo(np.int32).max
    best = np.full(home_count, far, dtype=np.int64)
    best_walk = np.full(home_count, far, dtype=np.int64)
    facility = np.full(home_count, -1, dtype=np.int32)
    walk = np.full(home_count, far, dtype=np.int64)
    for column in chosen:
        part = slice(columns.ptr[column], columns.ptr[column + 1])
        home = columns.home[part]
        typical = columns.typical_s[part].astype(np.int64)
        walked, metres = walks.column(int(column))
        walk[walked] = metres
        better = (typical >= 0) & ((typical < best[home]) | ((typical == best[home]) & (walk[home] < best_walk[home])))
        better &= may_use(assigned, home, int(rows[column]))
        taken = home[better]
        best[taken] = typical[better]
        best_walk[taken] = walk[taken]
        facility[taken] = rows[column]
        walk[walked] = far
    return Nearest(facility, np.where(facility >= 0, best, -1).astype(np.int32))
