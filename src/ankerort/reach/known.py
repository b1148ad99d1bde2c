"""Where public transport is known: inside the area of the timetables, and not near a feed that tells nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DayTimetable, DayType, Network
from ankerort.reach.stop_departures import stops_of_hollow_feeds
from ankerort.region.model import Region


def day_known(
    region: Region, network: Network, catalogue: Catalogue, *, foot_known: NDArray[np.bool_] | None = None
) -> dict[DayType, NDArray[np.bool_]]:
    """Per day type the cells at which public transport of that type is known.

    Known means: streets are near (known on foot), the timetables say something about the area, and no stop within
    ``walk_limit.all`` (straight line) belongs to a feed without a day of the type. Where it is known, nothing found is no service.

    Parameters
    ----------
    foot_known
        ``Reach.cell_known["foot"]`` where it is at hand; None asks the network.

    Returns
    -------
    dict of day type to bool array, shape (cells,)
        The types of ``network.day_types``.
    """
    x, y = region.cells["x"].to_numpy(float), region.cells["y"].to_numpy(float)
    if foot_known is None:
        foot_known = network.foot.known(network.foot.prepare(x, y))
    area = foot_known & within_pt_area(region, network, x, y, catalogue, all_day_types=True)
    return {t: area & ~near_silent_feeds(day, x, y, catalogue) for t, day in network.day_types.items()}


def near_silent_feeds(
    day: DayTimetable, x: NDArray[np.float64], y: NDArray[np.float64], catalogue: Catalogue
) -> NDArray[np.bool_]:
    """Which points lie within ``walk_limit.all`` of a stop of a feed that has no day of the type; also for facilities."""
    return _near(day.timetable.stops[stops_of_silent_feeds(day)], x, y, catalogue.value("walk_limit.all"))


def stops_of_silent_feeds(day: DayTimetable) -> NDArray[np.bool_]:
    """Which stops of the timetable belong to a feed that has no day of the type; shape (stops,)."""
    silent = set(day.silent_feeds)
    if not silent:
        return np.zeros(len(day.timetable.stops), bool)
    return day.timetable.stops["feeds"].map(lambda feeds: not silent.isdisjoint(str(feeds).split(";"))).to_numpy(bool)


def near_hollow_feed(
    network: Network, x: NDArray[np.float64], y: NDArray[np.float64], catalogue: Catalogue
) -> NDArray[np.bool_]:
    """Points within walking distance (straight line) of a stop whose timetable is hollow on the default day."""
    if network.timetable is None:
        return np.zeros(len(x), dtype=bool)
    stops = network.timetable.stops[stops_of_hollow_feeds(network.timetable)]
    return _near(stops, x, y, catalogue.value("walk_limit.all"))


def _near(stops: pd.DataFrame, x: NDArray[np.float64], y: NDArray[np.float64], within_m: float) -> NDArray[np.bool_]:
    if not len(stops):
        return np.zeros(len(x), dtype=bool)
    tree = cKDTree(stops[["x", "y"]].to_numpy(float))
    # the tree leaves out what lies exactly at its bound
    distance, _ = tree.query(np.column_stack([x, y]), distance_upper_bound=np.nextafter(within_m, np.inf))
    near: NDArray[np.bool_] = np.isfinite(distance)
    return near


def within_pt_area(
    region: Region,
    network: Network,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    catalogue: Catalogue,
    *,
    all_day_types: bool = False,
) -> NDArray[np.bool_]:
    """Points about whose public transport the timetable says something: inside the hull of its stops, widened.

    A given footprint of a timetable source replaces the hull.

    Parameters
    ----------
    all_day_types
        The hull holds the stops with a departure on the default day or on any day type, not only those of the default day. (The
        hull of the few stops served on Sundays would make villages without Sunday service unknown.)
    """
    kinds = dict(zip(region.sources["source_id"], region.sources["kind"], strict=True))
    given = [
        geometry
        for source, rule, geometry in zip(
            region.footprints["source_id"], region.footprints["rule"], region.footprints.geometry, strict=True
        )
        if kinds.get(source) in ("gtfs", "stop_matrix") and rule == "given"
    ]
    if given:
        area = shapely.union_all(given)
    else:
        if network.timetable is not None:
            stops = network.timetable.stops
            days = [network.timetable]
            if all_day_types:
                days += [d.timetable for d in network.day_types.values()]
            served = [((d.stops["departures"] > 0) | (d.stops["demand_departures"] > 0)).to_numpy(bool) for d in days]
            stops = stops[np.logical_or.reduce(served)]
        elif network.stop_matrix is not None:
            stops = network.stop_matrix.stops
        else:
            return np.zeros(len(x), dtype=bool)
        points = shapely.multipoints(np.column_stack([stops["x"].to_numpy(float), stops["y"].to_numpy(float)]))
        area = shapely.concave_hull(points, ratio=0.3).buffer(catalogue.value("pt.footprint_m"))
    shapely.prepare(area)
    return shapely.contains_xy(area, x, y)
