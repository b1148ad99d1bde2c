"""Drives between stops and depots on streets fit for the vehicle, walks to stops, and the lines of drives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.mobile import MobileVehicle
from ankerort.catalogue.model import Catalogue
from ankerort.network.build_streets import build_vehicle_ways
from ankerort.network.model import Network, SparseColumns, Trace, Ways
from ankerort.network.straight import StraightWays
from ankerort.network.street_matrix import street_matrix
from ankerort.network.streets import StreetWays
from ankerort.region.model import Region

Access = Literal["ok", "off_streets", "not_fit", "no_way"]
OK: Access = "ok"
_LONGEST_S = 100 * 3600  # straight lines: beyond any drive


@dataclass(frozen=True)
class Matrices:
    """Drives of one kind of vehicle between all nodes; nodes = stops, then depots.

    Parameters
    ----------
    travel_s
        int32 (nodes, nodes): seconds from row to column; -1 = no way.
    travel_m
        float64 (nodes, nodes): metres along the same way; -1 = no way.
    known
        bool (nodes,): lies within ``snap_m`` of a street that cars may use.
    vehicle_ok
        bool (nodes,): the vehicle gets there and back.
    reason
        Per node ``ok``; ``off_streets`` (no street for cars near); ``not_fit`` (cars get there, this vehicle does not: weight, height or
        width); ``no_way`` (not to be reached from most of the other nodes).
    estimated
        Straight lines times a detour, since the region has no streets.
    """

    travel_s: NDArray[np.int32]
    travel_m: NDArray[np.float64]
    known: NDArray[np.bool_]
    vehicle_ok: NDArray[np.bool_]
    reason: tuple[Access, ...]
    estimated: bool


def vehicle_ways(region: Region, network: Network, catalogue: Catalogue, vehicle: MobileVehicle) -> Ways:
    """Ways of one kind of vehicle in seconds, without parking.

    Where the region has streets those on which it fits, else straight lines at the speed of cars times its ``speed_factor``.
    """
    if isinstance(network.car, StraightWays):
        return replace(network.car, speed_ms=network.car.speed_ms * vehicle.speed_factor.value, extra_s=0)
    if region.streets is None:
        raise ValueError("streets without a region that holds them")
    return build_vehicle_ways(region.streets, vehicle, catalogue=catalogue, crs=region.settings.crs)


def travel_matrices(
    region: Region,
    network: Network,
    catalogue: Catalogue,
    stops_xy: NDArray[np.float64],
    depots_xy: NDArray[np.float64],
    vehicle: MobileVehicle,
    *,
    ways: Ways | None = None,
) -> Matrices:
    """Seconds and metres between all stops and depots for a kind of vehicle.

    Parameters
    ----------
    region, network
        `network` was built from `region`.
    catalogue
        Figures ``snap_m`` and ``mobile.stand_beside_m``.
    stops_xy, depots_xy
        float64 (stops, 2) and (depots, 2): projected metres.
    vehicle
        Its weight, height, width and pace.
    ways
        Of `vehicle_ways`, if at hand.

    Returns
    -------
    Matrices
        A node counts as reached by the vehicle if its street is no more than ``mobile.stand_beside_m`` farther away than the nearest street
        of cars: else it would be driven to across a field.
    """
    xy = np.vstack([stops_xy.reshape(-1, 2), depots_xy.reshape(-1, 2)]).astype(np.float64)
    if ways is None:
        ways = vehicle_ways(region, network, catalogue, vehicle)
    points = ways.prepare(xy[:, 0], xy[:, 1])
    reason = access(network, catalogue, xy, ways)
    known = reason != "off_streets"
    if isinstance(ways, StreetWays):
        seconds, metres = street_matrix(ways, points)
    else:
        seconds, metres = _straight_matrix(ways, points, len(xy))
    reason[(reason == OK) & _cut_off(seconds, reason == OK)] = "no_way"
    lost = reason != OK
    seconds[lost], metres[lost] = -1, -1.0
    seconds[:, lost], metres[:, lost] = -1, -1.0
    return Matrices(seconds, metres, known, ~lost, tuple(reason.tolist()), ways.estimated)


def access(network: Network, catalogue: Catalogue, xy: NDArray[np.float64], ways: Ways) -> NDArray[np.object_]:
    """Whether a vehicle can come to points at all: ``ok``, ``off_streets`` or ``not_fit`` (see `Matrices`); ways to other points aside.

    Parameters
    ----------
    xy
        float64 (points, 2): projected metres.
    ways
        Of `vehicle_ways`.
    """
    reason = np.full(len(xy), OK, dtype=object)
    points = ways.prepare(xy[:, 0], xy[:, 1])
    if isinstance(ways, StreetWays):
        cars = network.car.prepare(xy[:, 0], xy[:, 1])
        known = network.car.known(cars)
        beside_m = catalogue.value("mobile.stand_beside_m")
        reason[known & ~(ways.known(points) & (points.connector_m <= cars.connector_m + beside_m))] = "not_fit"
    else:
        known = ways.known(points)
    reason[~known] = "off_streets"
    return reason


def walks_to_stops(
    region: Region,
    network: Network,
    catalogue: Catalogue,
    stops: pd.DataFrame,
    cells: NDArray[np.int32],
    *,
    limit_m: float,
    threads: int = 0,
) -> SparseColumns:
    """Metres on foot from cells to stops.

    Parameters
    ----------
    stops
        Columns x, y: one column of the result per row.
    cells
        int32: rows of ``Region.cells`` from which people walk, ascending.
    limit_m
        Longest walk.

    Returns
    -------
    SparseColumns
        `home` = row of ``Region.cells`` (ascending), `value` = metres, rounded up.
    """
    rows = np.asarray(cells, np.int32)
    place = region.cells[["x", "y"]].to_numpy(np.float64)[rows]
    foot = network.foot
    targets = foot.prepare(stops["x"].to_numpy(np.float64), stops["y"].to_numpy(np.float64))
    homes = foot.prepare(place[:, 0], place[:, 1])
    found = foot.columns(targets, homes, limit=int(limit_m), threads=threads)
    return SparseColumns(found.ptr, rows[found.home], found.value)


def trace_leg(ways: Ways, from_xy: tuple[float, float], to_xy: tuple[float, float]) -> Trace | None:
    """One drive in detail: its line as (lon, lat), metres and seconds; None if there is no way.

    Parameters
    ----------
    ways
        From `vehicle_ways`; its time and metres are those of `travel_matrices`.
    from_xy, to_xy
        Projected metres.
    """
    points = ways.prepare(np.array([from_xy[0], to_xy[0]]), np.array([from_xy[1], to_xy[1]]))
    return ways.trace(points, 1, points, 0)


def _straight_matrix(ways: Ways, points: object, count: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Line x detour in seconds, and in metres as a mode that counts metres has them."""
    if not isinstance(ways, StraightWays):
        raise TypeError(type(ways).__name__)
    seconds = _dense(ways.columns(points, points, limit=_LONGEST_S), count)  # type: ignore[arg-type]
    in_metres = replace(ways, mode="foot")
    metres = _dense(in_metres.columns(points, points, limit=round(_LONGEST_S * ways.speed_ms)), count)  # type: ignore[arg-type]
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(metres, 0)
    return seconds, metres.astype(np.float64)


def _dense(columns: SparseColumns, count: int) -> NDArray[np.int32]:
    """From row to column; -1 where there is none."""
    dense = np.full((count, count), -1, np.int32)
    target = np.repeat(np.arange(count), np.diff(columns.ptr))
    dense[columns.home, target] = columns.value
    return dense


def _cut_off(seconds: NDArray[np.int32], usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Nodes outside the largest set whose members all reach one another (equal ones: that with the smallest node)."""
    both = (seconds >= 0) & (seconds.T >= 0) & usable[:, None] & usable[None, :]
    group = np.full(len(seconds), -1)
    for node in np.flatnonzero(usable).tolist():
        if group[node] < 0:
            group[(group < 0) & both[node]] = node
    if not usable.any():
        return ~usable
    ids, size = np.unique(group[usable], return_counts=True)
    cut: NDArray[np.bool_] = group != ids[np.argmax(size)]
    return cut
