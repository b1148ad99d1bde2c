"""Columns on foot, by bike and by car for all targets, and the nearest facility of each service."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Direction, Mode, Network, SparseColumns, Ways
from ankerort.reach.model import Certainty, Nearest, NearestMode
from ankerort.reach.targets import DEMAND

MODES: tuple[Mode, ...] = ("foot", "bike", "car")


def ways_of(network: Network, mode: Mode) -> Ways:
    """The network's ways of one mode."""
    return {"foot": network.foot, "bike": network.bike, "car": network.car}[mode]


def street_direction(catalogue: Catalogue, service: str) -> Direction:
    """Search direction of a service: help drives from the station to the home, people go to the facility."""
    if service and catalogue.services[service].direction == "from_facility":
        return "from_target"
    return "to_target"


def parking_s(catalogue: Catalogue, mode: Mode, direction: Direction) -> int:
    """Seconds of parking in a value of the car's ways that do not count: help that drives to a home does not look for a space."""
    return round(catalogue.value("car_park_s")) if mode == "car" and direction == "from_target" else 0


def street_columns(
    network: Network,
    mode: Mode,
    targets: pd.DataFrame,
    home_x: NDArray[np.float64],
    home_y: NDArray[np.float64],
    *,
    catalogue: Catalogue,
    limits: Mapping[tuple[str, str], int],
    threads: int = 0,
    homes: Any = None,
) -> SparseColumns:
    """One column per target (empty where the service has no column by this mode).

    Parameters
    ----------
    targets
        As `ankerort.reach.targets.list_targets` gives them.
    home_x, home_y
        Shape (cells,), projected metres.
    limits
        As `ankerort.reach.targets.search_limits` gives them.
    homes
        What the mode's ways prepared of `home_x`, `home_y` before.

    Returns
    -------
    SparseColumns
        Metres (foot, bike) or seconds (car, parking included where a person drives to the facility).
    """
    ways = ways_of(network, mode)
    homes = ways.prepare(home_x, home_y) if homes is None else homes
    services = targets["service"].to_numpy()
    limit = np.array([limits.get((s, mode), 0) for s in services], dtype=np.int32)
    backward = np.array([street_direction(catalogue, s) == "from_target" for s in services], dtype=bool)
    parts: list[tuple[NDArray[np.intp], SparseColumns]] = []
    directions: tuple[tuple[Direction, NDArray[np.bool_]], ...] = (("to_target", ~backward), ("from_target", backward))
    for direction, chosen in directions:
        rows = np.flatnonzero(chosen & (limit > 0))
        if not len(rows):
            continue
        points = ways.prepare(targets["x"].to_numpy(float)[rows], targets["y"].to_numpy(float)[rows])
        columns = ways.columns(
            points,
            homes,
            limit=limit[rows],
            direction=direction,
            threads=threads,
        )
        if parked := parking_s(catalogue, mode, direction):
            columns = replace(columns, value=np.maximum(columns.value - parked, 0).astype(np.int32))
        parts.append((rows, columns))
    return join_columns(len(targets), parts)


def join_columns(count: int, parts: list[tuple[NDArray[np.intp], SparseColumns]]) -> SparseColumns:
    """Put columns of disjoint sets of targets into one set of `count` columns; targets in no part get an empty one."""
    lengths = np.zeros(count, dtype=np.int64)
    for rows, columns in parts:
        lengths[rows] = np.diff(columns.ptr)
    ptr = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(lengths, out=ptr[1:])
    if len(parts) == 1 and (np.diff(parts[0][0]) > 0).all():
        return SparseColumns(ptr, parts[0][1].home, parts[0][1].value)
    home = np.empty(ptr[-1], dtype=np.int32)
    value = np.empty(ptr[-1], dtype=np.int32)
    for rows, columns in parts:
        for k, row in enumerate(rows):  # slice by slice: an index of all pairs would need more memory than they do
            home[ptr[row] : ptr[row + 1]], value[ptr[row] : ptr[row + 1]] = columns.column(k)
    return SparseColumns(ptr, home, value)


def nearest_by_street(
    network: Network,
    targets: pd.DataFrame,
    home_x: NDArray[np.float64],
    home_y: NDArray[np.float64],
    *,
    catalogue: Catalogue,
    assigned: Mapping[str, NDArray[np.int32]] | None = None,
    progress: Progress = SILENT,
    only: Collection[str] | None = None,
    homes: Mapping[Mode, Any] | None = None,
) -> dict[tuple[str, NearestMode, Certainty], Nearest]:
    """The nearest facility of each service by each street mode: one multi-source search each.

    Only modes that say something: services without any standard by car are still searched by car, since the balance
    prints its minutes. Search limits are the modes' own (``search_limit.*``).

    Parameters
    ----------
    assigned
        Per service with districts the assigned facility of each cell, see `ankerort.reach.assigned`: it takes the place of the nearest.
    only
        The services asked for; None = all.
    homes
        Per mode what its ways prepared of `home_x`, `home_y` before.
    """
    limit = {
        "foot": int(catalogue.value("search_limit.foot_m")),
        "bike": int(catalogue.value("search_limit.bike_m")),
        "car": int(catalogue.value("search_limit.car_s")),
    }
    services = [
        s for s in catalogue.facility_services() if (only is None or s in only) and (targets["service"] == s).any()
    ]
    out: dict[tuple[str, NearestMode, Certainty], Nearest] = {}
    with progress.task("progress.nearest", len(services) * len(MODES)) as task:
        for mode in MODES:
            ways = ways_of(network, mode)
            at_homes = ways.prepare(home_x, home_y) if homes is None else homes[mode]
            for service in services:
                all_sites = targets[targets["service"] == service]
                of_service = all_sites[all_sites["certainty"] != DEMAND]
                if mode == "foot" and len(of_service) < len(all_sites):
                    found = _nearest(ways, all_sites, at_homes, len(home_x), limit[mode], "to_target", catalogue)
                    out[service, "foot_demand", "any"] = out[service, "foot_demand", "certain"] = found
                for certainty in ("any", "certain"):
                    part = of_service if certainty == "any" else of_service[of_service["certainty"] == "certain"]
                    if certainty == "certain" and len(part) == len(of_service):
                        out[service, mode, "certain"] = out[service, mode, "any"]
                        continue
                    way = street_direction(catalogue, service)
                    found = _nearest(ways, part, at_homes, len(home_x), limit[mode], way, catalogue)
                    if assigned is not None and service in assigned:
                        found = _by_district(
                            found, assigned[service], ways, part, at_homes, limit[mode], way, catalogue
                        )
                    out[service, mode, "any" if certainty == "any" else "certain"] = found
                task.advance()
    return out


def _nearest(
    ways: Ways,
    part: pd.DataFrame,
    homes: object,
    home_count: int,
    limit: int,
    direction: Direction,
    catalogue: Catalogue,
) -> Nearest:
    if not len(part):
        nothing = np.full(home_count, -1, dtype=np.int32)
        return Nearest(nothing, nothing)
    points = ways.prepare(part["x"].to_numpy(float), part["y"].to_numpy(float))
    index, value = ways.nearest(points, homes, limit=limit, direction=direction)
    rows = part["row"].to_numpy(np.int32)
    facility = np.where(index >= 0, rows[np.maximum(index, 0)], -1).astype(np.int32)
    if parked := parking_s(catalogue, ways.mode, direction):
        value = np.where(index >= 0, np.maximum(value - parked, 0), value).astype(np.int32)
    return Nearest(facility, value)


def _by_district(
    nearest: Nearest,
    assigned: NDArray[np.int32],
    ways: Ways,
    part: pd.DataFrame,
    homes: object,
    limit: int,
    direction: Direction,
    catalogue: Catalogue,
) -> Nearest:
    """The assigned facility in place of the nearest; none where there is no way to it within the limit."""
    facility, value = nearest.facility.copy(), nearest.value.copy()
    facility[assigned >= 0] = value[assigned >= 0] = -1
    sites = part[part["row"].isin(np.unique(assigned[assigned >= 0]))]
    if not len(sites):
        return Nearest(facility, value)
    points = ways.prepare(sites["x"].to_numpy(float), sites["y"].to_numpy(float))
    limits = np.full(len(sites), limit, dtype=np.int32)
    columns = ways.columns(points, homes, limit=limits, direction=direction)
    parked = parking_s(catalogue, ways.mode, direction)
    for k, row in enumerate(sites["row"].to_numpy(np.int32)):
        home, found = columns.column(k)
        mine = assigned[home] == row
        facility[home[mine]] = row
        value[home[mine]] = np.maximum(found[mine] - parked, 0) if parked else found[mine]
    return Nearest(facility, value)
