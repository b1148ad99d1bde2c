"""How often one can leave from each stop and station of the facility table on the service day."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Timetable
from ankerort.network.timetable.feed import RAIL_TYPES
from ankerort.network.timetable.merge_stops import normalise_stop_name

STOP_SERVICES = ("bus_stop", "rail_station")


def stop_departures(
    facilities: pd.DataFrame, timetable: Timetable | None, catalogue: Catalogue
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Departures by fixed trips and by trips on demand, per facility; none where no trip of the day lets anybody alight.

    A stop of the timetable belongs to a facility within ``stop.same_name_m`` under the same name, or within ``stop.same_place_m``
    under any. For a station only
    trains count; where no timetable holds trains, nothing is known about stations. A stop without departures that belongs to a
    timetable which is hollow on the day (far below its own peak) is not known either: its buses may only be missing in the data.

    Returns
    -------
    tuple of int32 arrays, shape (facilities,)
        Departures without and only with booking; -1 for facilities that are no stops, for stations if no timetable holds trains, for
        silent stops of a hollow timetable,
        and for all without a timetable (then nothing is known about departures).
    """
    fixed = np.full(len(facilities), -1, dtype=np.int32)
    demand = np.full(len(facilities), -1, dtype=np.int32)
    if timetable is None or not len(timetable.stops):
        return fixed, demand
    stops = timetable.stops
    tree = cKDTree(stops[["x", "y"]].to_numpy(float))
    stop_names = stops["name"].map(normalise_stop_name).to_numpy()
    rail_trip = timetable.trips["route_type"].isin(RAIL_TYPES).to_numpy(bool)
    on_demand = timetable.on_demand
    trains_told = bool(rail_trip.any()) or any(r.has_rail for r in timetable.reports)
    for service in STOP_SERVICES:
        if service == "rail_station" and not trains_told:
            continue
        rows = np.flatnonzero(
            (facilities["service"] == service).to_numpy(bool) & facilities["x"].notna().to_numpy(bool)
        )
        if not len(rows):
            continue
        boards = timetable.can_board & (rail_trip[timetable.trip] if service == "rail_station" else True)
        by_stop = [
            np.bincount(timetable.from_stop[boards & kind], minlength=len(stops)) for kind in (~on_demand, on_demand)
        ]
        alights = timetable.can_alight & (rail_trip[timetable.trip] if service == "rail_station" else True)
        arrives = [
            np.bincount(timetable.to_stop[alights & kind], minlength=len(stops)) > 0
            for kind in (~on_demand, on_demand | ~on_demand)
        ]
        names = facilities["name"].iloc[rows].map(normalise_stop_name).to_numpy()
        points = facilities[["x", "y"]].to_numpy(float)[rows]
        near = tree.query_ball_point(points, catalogue.value("stop.same_name_m"))
        close = tree.query_ball_point(points, catalogue.value("stop.same_place_m"))
        hollow_stop = stops_of_hollow_feeds(timetable)
        for k, row in enumerate(rows):
            mine = [s for s in near[k] if stop_names[s] == names[k]]
            mine = sorted(set(mine) | set(close[k]))
            # who leaves must be able to come back: a stop where nobody may alight is none
            fixed[row] = by_stop[0][mine].sum() if arrives[0][mine].any() else 0
            demand[row] = by_stop[1][mine].sum() if arrives[1][mine].any() else 0
            if fixed[row] == 0 and demand[row] == 0 and hollow_stop[mine].any():
                fixed[row] = demand[row] = -1
    return fixed, demand


def stops_of_hollow_feeds(timetable: Timetable) -> NDArray[np.bool_]:
    """Which stops of the timetable belong to a feed that is hollow on the service day; shape (stops,)."""
    hollow = {r.source_id for r in timetable.reports if r.hollow}
    if not hollow or "feeds" not in timetable.stops:
        return np.zeros(len(timetable.stops), bool)
    return timetable.stops["feeds"].map(lambda feeds: bool(hollow & set(str(feeds).split(";")))).to_numpy(bool)


def service_unproven(
    services: NDArray[np.object_], departures: NDArray[np.int32], *, pt_known: bool
) -> NDArray[np.bool_]:
    """Stops and stations that stand there, but of which nothing says that anything stops: they are probable only.

    Stations, where the timetables hold buses but no trains; silent stops of a hollow timetable; all of them, where there is no
    public-transport data at all.

    Parameters
    ----------
    services, departures
        Service, and departures as `stop_departures` gives them, per facility.
    pt_known
        There is a timetable or a matrix of stop-to-stop times.
    """
    if not pt_known:
        return np.isin(services, np.array(STOP_SERVICES, dtype=object))
    is_stop = np.isin(services, np.array(STOP_SERVICES, dtype=object))
    return is_stop & (departures < 0) & bool((departures >= 0).any())
