"""Stops of the register or timetable as facilities; OSM's stops count only where there is neither."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from ankerort.base.problems import Problems
from ankerort.region.schema import FACILITIES

_SERVICE = {"stop": "bus_stop", "station": "rail_station"}


def stop_facilities(stops: pd.DataFrame, dates: Mapping[str, str]) -> pd.DataFrame:
    """FACILITIES of service ``bus_stop`` or ``rail_station``, one per registered stop or platform.

    Platforms of one stop are merged later, by name.

    Parameters
    ----------
    stops
        REGISTERED_STOPS of a register or timetable.
    dates
        source_id -> date of the content.
    """
    if stops.empty:
        return FACILITIES.empty()
    service = stops["kind"].map(_SERVICE).fillna("bus_stop")
    ident = service + ":" + stops["source_id"] + ":" + stops["stop_id"]
    number = ident.groupby(ident).cumcount()
    ident = ident.where(number == 0, ident + "#" + (number + 1).astype("str"))
    frame = stops[["name", "lon", "lat", "x", "y", "ags", "source_id"]].assign(
        facility_id=ident,
        service=service,
        object_id=stops["source_id"] + ":" + stops["stop_id"],
        state="open",
        certainty="certain",
        position_rule="given",
        source_ref=stops["stop_id"],
        source_date=[dates.get(source_id, "") for source_id in stops["source_id"]],
    )
    return FACILITIES.conform(frame)


def without_osm_stops(facilities: pd.DataFrame, stops: pd.DataFrame, problems: Problems, *, file: str) -> pd.DataFrame:
    """OSM facilities without the stops that lie where a register or timetable tells the stops.

    Rail stations stay unless the register holds stations; what lies outside the hull of the register's stops stays too.
    """
    kinds = set(stops["kind"])
    services = [service for kind, service in _SERVICE.items() if kind in kinds]
    if not services or facilities.empty:
        return facilities
    area = shapely.convex_hull(shapely.multipoints(shapely.points(stops["x"], stops["y"])))
    inside = shapely.intersects_xy(area, facilities["x"].to_numpy(), facilities["y"].to_numpy())
    replaced = np.isin(facilities["service"].to_numpy(dtype=object), services) & inside
    if replaced.any():
        problems.add("osm_stops_replaced", "note", file, count=int(replaced.sum()))
    return facilities[~replaced].reset_index(drop=True)
