"""From region and network to travel times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network, SparseColumns
from ankerort.reach.assigned import assigned_facilities
from ankerort.reach.footprint import facility_edge_distances
from ankerort.reach.known import day_known, near_hollow_feed, within_pt_area
from ankerort.reach.model import PtColumns, PtKey, Reach, RoundTripColumns, SilentWays, TripKey
from ankerort.reach.public_transport import (
    STORED_GROUPS,
    compute_pt,
    nearest_by_pt,
    pt_keys,
    pt_target_rows,
    pt_walks,
    select_columns,
)
from ankerort.reach.round_trips import compute_round_trips, trip_keys, windows_of_days
from ankerort.reach.silent_ways import silent_keys, silent_ways
from ankerort.reach.stop_departures import stop_departures
from ankerort.reach.store import PtStore
from ankerort.reach.street_columns import MODES, nearest_by_street, street_columns, ways_of
from ankerort.reach.targets import list_targets, search_limits
from ankerort.region.model import Region


def compute_reach(
    region: Region,
    network: Network,
    catalogue: Catalogue,
    *,
    groups: tuple[str, ...] = STORED_GROUPS,
    pt_store: PtStore | None = None,
    threads: int = 0,
    progress: Progress = SILENT,
) -> Reach:
    """Travel times from every cell to every facility that counts and to every place centre of the study area.

    Parameters
    ----------
    region, network, catalogue
        Frozen inputs.
    groups
        Groups whose public-transport columns are kept.
    pt_store
        Where finished public-transport columns are kept as they come, so that an interrupted run goes on; None keeps
        them in memory only.
    threads
        Worker threads; 0 = one per core. The result does not depend on it.

    Returns
    -------
    Reach
        See `ankerort.reach.model.Reach`; public-transport times as defined in docs/method/public-transport.md.
    """
    cells = region.cells
    home_x, home_y = cells["x"].to_numpy(float), cells["y"].to_numpy(float)
    departures, demand_departures = stop_departures(region.facilities, network.timetable, catalogue)
    has_pt = network.timetable is not None or network.stop_matrix is not None
    targets = list_targets(
        region, catalogue, departures=departures, demand_departures=demand_departures, pt_known=has_pt
    )
    assigned = assigned_facilities(region, targets)
    limits = search_limits(catalogue)
    columns: dict[str, SparseColumns] = {}
    with progress.task("progress.streets", len(MODES)) as task:
        for mode in MODES:
            columns[mode] = street_columns(
                network, mode, targets, home_x, home_y, catalogue=catalogue, limits=limits, threads=threads
            )
            task.advance()
    nearest = nearest_by_street(
        network, targets, home_x, home_y, catalogue=catalogue, assigned=assigned, progress=progress
    )
    known: dict[str, NDArray[np.bool_]] = {}
    for mode in MODES:
        ways = ways_of(network, mode)
        known[mode] = ways.known(ways.prepare(home_x, home_y))

    pt_targets = pt_target_rows(targets, catalogue)
    pt: dict[PtKey, PtColumns] = {}
    round_trips: dict[TripKey, RoundTripColumns] = {}
    silent: dict[TripKey, SilentWays] = {}
    trips = trip_keys(network, groups)
    windows = windows_of_days(region, network, catalogue)
    known["pt"] = np.zeros(len(cells), dtype=bool)
    if has_pt:
        keys = pt_keys(network, groups)
        pt = {} if pt_store is None else pt_store.load(keys)
        missing = tuple(k for k in keys if k not in pt)
        there = {} if pt_store is None else pt_store.load_trips(trips)
        missing_trips = tuple(k for k in trips if k not in there)
        if missing or missing_trips or silent_keys(network, trips):
            walks = pt_walks(
                network, targets, pt_targets, columns["foot"], home_x, home_y, catalogue=catalogue, groups=groups
            )
            with progress.task("progress.public_transport", len(missing)) as task:
                for key, found in compute_pt(network, walks, missing, len(cells), catalogue=catalogue, threads=threads):
                    pt[key] = found if pt_store is None else pt_store.keep(key, found)
                    task.advance()
            with progress.task("progress.round_trips", len(missing_trips)) as task:
                for trip, paired in compute_round_trips(
                    region, network, targets, pt_targets, walks, missing_trips, windows=windows, catalogue=catalogue, threads=threads
                ):  # fmt: skip
                    there[trip] = paired if pt_store is None else pt_store.keep_trips(trip, paired)
                    task.advance()
            silent = silent_ways(network, walks, trips, len(cells), catalogue=catalogue, threads=threads)
        round_trips = {k: there[k] for k in trips}
        nearest.update(
            nearest_by_pt(
                targets,
                pt_targets,
                pt,
                select_columns(columns["foot"], pt_targets),
                len(cells),
                facility_ids=region.facilities["facility_id"].to_numpy(object),
                assigned=assigned,
            )
        )
        known["pt"] = known["foot"] & within_pt_area(region, network, home_x, home_y, catalogue)
    known["pt_whole"] = known["pt"] & ~near_hollow_feed(network, home_x, home_y, catalogue)

    return Reach(
        targets=targets,
        foot=columns["foot"],
        bike=columns["bike"],
        car=columns["car"],
        pt=pt,
        pt_targets=pt_targets,
        nearest=nearest,
        cell_known=known,
        estimated={
            **{mode: ways_of(network, mode).estimated for mode in MODES},
            "pt": network.timetable is None or network.foot.estimated,
        },
        limits=limits,
        edge_m=facility_edge_distances(region, catalogue.facility_services()),
        stop_departures=departures,
        stop_demand_departures=demand_departures,
        round_trips=round_trips,
        day_known=day_known(region, network, catalogue, foot_known=known["foot"]),
        opening_basis={day: of.basis for day, of in windows.items()},
        silent_ways=silent,
        assigned=assigned,
    )
