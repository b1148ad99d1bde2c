"""Stations and registered stops without any departure: usually a feed that nobody gave."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.network.model import Timetable
from ankerort.network.timetable.feed import RAIL_TYPES
from ankerort.network.timetable.merge_stops import normalise_stop_name

_STATION = "station"


def stops_without_departures(
    timetable: Timetable,
    registered_stops: pd.DataFrame,
    *,
    within_m: float,
    same_name_m: float,
) -> pd.DataFrame:
    """Registered stops at which nothing can be boarded on the service day, not even on demand.

    A registered stop has a departure if a stop of the timetable with a departure lies within `within_m`, or one of the same name
    within `same_name_m`. For a station only departures by rail count: the bus before it is no train.

    Parameters
    ----------
    registered_stops
        Table `ankerort.region.schema.REGISTERED_STOPS`.

    Returns
    -------
    pandas.DataFrame
        The rows of `registered_stops` without a departure, in their order and with their index.
    """
    if not len(registered_stops):
        return registered_stops
    rail_trip = timetable.trips["route_type"].isin(RAIL_TYPES).to_numpy(bool)
    boards = timetable.can_board
    served_any = np.zeros(len(timetable.stops), bool)
    served_any[timetable.from_stop[boards]] = True
    served_rail = np.zeros(len(timetable.stops), bool)
    if len(rail_trip):
        served_rail[timetable.from_stop[boards & rail_trip[timetable.trip]]] = True
    station = (registered_stops["kind"] == _STATION).to_numpy(bool)
    found = np.zeros(len(registered_stops), bool)
    for chosen, served in ((~station, served_any), (station, served_rail)):
        found[chosen] = _near(registered_stops[chosen], timetable.stops[served], within_m, same_name_m)
    return registered_stops[~found]


def _near(registered: pd.DataFrame, served: pd.DataFrame, within_m: float, same_name_m: float) -> NDArray[np.bool_]:
    found = np.zeros(len(registered), bool)
    if not len(registered) or not len(served):
        return found
    points = registered[["x", "y"]].to_numpy(float)
    placed = np.flatnonzero(np.isfinite(points).all(axis=1))
    tree = cKDTree(served[["x", "y"]].to_numpy(float))
    if not len(placed):
        return found
    distance, _ = tree.query(points[placed])
    found[placed] = distance <= within_m
    names = registered["name"].map(normalise_stop_name).to_numpy(object)
    served_names = served["name"].map(normalise_stop_name).to_numpy(object)
    open_rows = placed[(distance > within_m) & (distance <= same_name_m)]
    for row, near in zip(open_rows, tree.query_ball_point(points[open_rows], same_name_m), strict=True):
        found[row] = any(served_names[k] == names[row] for k in near)
    return found
