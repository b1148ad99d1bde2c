"""Quality of public transport: categories of stops, classes of homes and of places, per day type, without and with Rufbus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.pt_classes import CLASSES
from ankerort.network.model import DayType, Network, SparseColumns
from ankerort.network.timetable.feed import RAIL_TYPES
from ankerort.reach.known import day_known, near_silent_feeds, within_pt_area
from ankerort.region.model import Region
from ankerort.supply.pt_areas import pt_areas
from ankerort.supply.pt_stops import StopDay, StopGroups, group_stops, stop_day
from ankerort.supply.schema_pt_quality import PT_AREAS, PT_CELLS, PT_STOPS

NONE, UNKNOWN = "none", "unknown"
LETTERS = (*CLASSES, NONE)  # by rank: A = 0 ... H = 7, none = 8
_G, _H, _NONE = CLASSES.index("G"), CLASSES.index("H"), len(CLASSES)


@dataclass(frozen=True)
class PtQuality:
    """The tables `PT_STOPS`, `PT_CELLS`, `PT_AREAS`; without rows `reason` says why (no_timetable)."""

    stops: pd.DataFrame
    cells: pd.DataFrame
    areas: pd.DataFrame
    reason: str = ""


@dataclass(frozen=True)
class Ranks:
    """Class per point as a rank in `LETTERS`: `best` if all that is unknown were good, `least` by what is known.

    `metres` and `stop` (number of the stop group) belong to `least`; NaN and -1 without one.
    """

    best: NDArray[np.int8]
    least: NDArray[np.int8]
    metres: NDArray[np.float64]
    stop: NDArray[np.int32]

    @property
    def letters(self) -> NDArray[np.object_]:
        """The class, or unknown where both differ."""
        names = np.array(LETTERS, dtype=object)
        return np.where(self.best == self.least, names[self.least], UNKNOWN)


@dataclass(frozen=True)
class Walks:
    """Walks between points and stops: point, stop group and metres, each pair once, sorted by point."""

    point: NDArray[np.int32]
    group: NDArray[np.int32]
    metres: NDArray[np.int32]


class PtClassifier:
    """The stops of a network with what each day type gives there; it does not depend on homes.

    Raises
    ------
    ValueError
        If the network has no day types.
    """

    def __init__(self, network: Network, catalogue: Catalogue) -> None:
        if network.timetable is None or not network.day_types:
            raise ValueError("no day types in this network")
        self.catalogue = catalogue
        self.network = network
        self.stops = network.timetable.stops
        self.groups: StopGroups = group_stops(self.stops, within_m=catalogue.value("pt_class.same_stop_m"))
        self.days: dict[DayType, StopDay] = {
            t: stop_day(day, self.groups, catalogue) for t, day in network.day_types.items()
        }
        self.school_only = self._school_only()
        self.longest_m = int(max(catalogue.pt_classes.longest_m, catalogue.value("pt_class.rural_m")))

    def _school_only(self) -> NDArray[np.object_]:
        school, holiday = self.days.get("school"), self.days.get("holiday")
        out = np.full(self.groups.count, UNKNOWN, dtype=object)
        if school is None:
            return out
        out[school.known & (school.departures == 0)] = "no"
        if holiday is not None:
            out[holiday.departures > 0] = "no"
            out[school.known & holiday.known & (school.departures > 0) & (holiday.departures == 0)] = "yes"
        return out

    def walks(self, stop_walks: SparseColumns) -> Walks:
        """From one column per stop (points, metres) to the nearest platform of each stop per point."""
        stop = np.repeat(np.arange(len(stop_walks.ptr) - 1), np.diff(stop_walks.ptr))
        group = self.groups.group[stop]
        order = np.lexsort((stop_walks.value, group, stop_walks.home))
        point, group, metres = stop_walks.home[order], group[order], stop_walks.value[order]
        first = np.ones(len(point), bool)
        first[1:] = (point[1:] != point[:-1]) | (group[1:] != group[:-1])
        return Walks(point[first], group[first], metres[first])

    def ranks(self, day_type: DayType, walks: Walks, known: NDArray[np.bool_], *, with_demand: bool) -> Ranks:
        """Class of every point on a day type (docs/method/pt-quality.md).

        Parameters
        ----------
        known
            bool per point: public transport of the type is known there.
        """
        day = self.days[day_type]
        rural = walks.metres <= self.catalogue.value("pt_class.rural_m")
        rank = np.full(len(walks.point), _NONE, np.int8)
        found = day.found[walks.group]
        for category, steps in self.catalogue.pt_classes.classes.items():
            of = found == category
            for step in reversed(steps):
                near = walks.metres <= step.limit.value if step.included else walks.metres < step.limit.value
                rank[of & near] = CLASSES.index(step.result)
        served = day.departures[walks.group] > 0
        pairs = day.pairs[walks.group] >= self.catalogue.value("pt_class.pairs")
        if day_type == "school":
            pairs &= self.school_only[walks.group] != "yes"
        possible = np.zeros(len(known), bool)
        if with_demand:
            demand = day.demand[walks.group]
            lead = day.booking_lead_min[walks.group]
            pairs |= demand & (lead <= self.catalogue.value("pt_class.booking_lead_min"))
            served = served | demand
            possible[walks.point[rural & demand & np.isnan(lead)]] = True
        rank[rural & served] = np.minimum(rank[rural & served], _H)
        rank[rural & pairs & served] = np.minimum(rank[rural & pairs & served], _G)
        order = np.lexsort((walks.group, walks.metres, rank, walks.point))
        order = order[rank[order] < _NONE]
        point, place = np.unique(walks.point[order], return_index=True)
        at = order[place]
        least, stop = np.full(len(known), _NONE, np.int8), np.full(len(known), -1, np.int32)
        metres = np.full(len(known), np.nan)
        least[point], stop[point], metres[point] = rank[at], walks.group[at], walks.metres[at]
        best = np.where(possible, np.minimum(least, _G), least)
        return Ranks(np.where(known, best, 0).astype(np.int8), least, metres, stop)

    def stop_table(self) -> pd.DataFrame:
        """`PT_STOPS`."""
        rows = self.groups.first
        frames = [
            pd.DataFrame(
                {
                    "day_type": day_type,
                    "stop_ix": rows,
                    **{c: self.stops[c].to_numpy()[rows] for c in ("name", "lon", "lat")},
                    "platforms": self.groups.platforms,
                    "school_only": self.school_only,
                    **{
                        c: getattr(day, c)
                        for c in (
                            "departures",
                            "departures_demand",
                            "window_departures",
                            "interval_min",
                            "mode_group",
                            "category",
                            "pairs",
                            "booking_lead_min",
                            "known",
                        )
                    },
                }
            )
            for day_type, day in self.days.items()
        ]
        return PT_STOPS.conform(pd.concat(frames, ignore_index=True))


def stop_walks(network: Network, x: NDArray[np.float64], y: NDArray[np.float64], catalogue: Catalogue) -> SparseColumns:
    """Walks from points to the stops of the timetable: one column per stop, network metres up to the longest distance of a class."""
    if network.timetable is None:
        raise ValueError("no timetable in this network")
    stops = network.timetable.stops
    at_stops = network.foot.prepare(stops["x"].to_numpy(float), stops["y"].to_numpy(float))
    longest = max(
        catalogue.pt_classes.longest_m, catalogue.value("pt_class.rural_m"), catalogue.value("walk_limit.all")
    )
    return network.foot.columns(at_stops, network.foot.prepare(x, y), limit=int(longest))


def pt_quality(
    region: Region,
    network: Network,
    catalogue: Catalogue,
    *,
    known: Mapping[DayType, NDArray[np.bool_]] | None = None,
    home_stops: SparseColumns | None = None,
    classifier: PtClassifier | None = None,
) -> PtQuality:
    """Categories of stops, classes of cells, and persons by class in each place and municipality of the study area.

    Parameters
    ----------
    known
        ``Reach.day_known``; None computes it.
    home_stops
        One column per stop of the timetable: cells and metres, at least up to the longest distance of a class (`stop_walks`, or
        the columns of ``reach.public_transport.pt_walks`` for everybody); None searches them.
    classifier
        What does not depend on homes, where it is at hand.
    """
    if network.timetable is None or not network.day_types:
        return PtQuality(PT_STOPS.empty(), PT_CELLS.empty(), PT_AREAS.empty(), "no_timetable")
    x, y = region.cells["x"].to_numpy(float), region.cells["y"].to_numpy(float)
    classifier = classifier or PtClassifier(network, catalogue)
    walks = classifier.walks(stop_walks(network, x, y, catalogue) if home_stops is None else home_stops)
    known = day_known(region, network, catalogue) if known is None else known
    rail = rail_missing(region, network, x, y, within_m=classifier.longest_m)
    names = np.array(LETTERS, dtype=object)
    frames, areas = [], []
    for day_type in classifier.days:
        fixed, booked = (
            classifier.ranks(day_type, walks, known[day_type], with_demand=with_demand) for with_demand in (False, True)
        )
        frames.append(
            pd.DataFrame(
                {
                    "day_type": day_type,
                    "cell_id": region.cells["cell_id"].to_numpy(object),
                    "pt_class": fixed.letters,
                    "pt_class_demand": booked.letters,
                    "at_least": names[fixed.least],
                    "at_least_demand": names[booked.least],
                    "metres": fixed.metres,
                    "stop_ix": np.append(classifier.groups.first, -1)[fixed.stop],
                    "rail_missing": rail,
                }
            )
        )
        for ranks, with_demand in ((fixed, False), (booked, True)):
            areas.append(
                pt_areas(
                    region,
                    classifier.days[day_type],
                    (walks.point, walks.group, walks.metres),
                    (ranks.best, ranks.least, rail),
                    LETTERS,
                    within_m=catalogue.value("walk_limit.all"),
                    with_demand=with_demand,
                ).assign(day_type=day_type, with_demand=with_demand)
            )
    return PtQuality(
        classifier.stop_table(),
        PT_CELLS.conform(pd.concat(frames, ignore_index=True)),
        PT_AREAS.conform(pd.concat(areas, ignore_index=True)),
    )


def facility_pt_classes(
    region: Region,
    network: Network,
    catalogue: Catalogue,
    *,
    day_type: DayType = "school",
    classifier: PtClassifier | None = None,
) -> pd.DataFrame:
    """The class at each facility, for its quality: facility_id, pt_class, pt_class_demand, at_least, at_least_demand.

    Facilities without a position, and all without a timetable of the day type, are unknown, at least "none".
    """
    ids = region.facilities["facility_id"].to_numpy(object)
    columns = ("pt_class", "pt_class_demand", "at_least", "at_least_demand")
    out = {c: np.full(len(ids), UNKNOWN if k < 2 else NONE, dtype=object) for k, c in enumerate(columns)}
    rows = np.flatnonzero(region.facilities["x"].notna().to_numpy(bool))
    if day_type in network.day_types and len(rows):
        x, y = (region.facilities[c].to_numpy(float)[rows] for c in ("x", "y"))
        classifier = classifier or PtClassifier(network, catalogue)
        walks = classifier.walks(stop_walks(network, x, y, catalogue))
        known = network.foot.known(network.foot.prepare(x, y))
        known &= within_pt_area(region, network, x, y, catalogue, all_day_types=True)
        known &= ~near_silent_feeds(network.day_types[day_type], x, y, catalogue)
        for suffix, with_demand in (("", False), ("_demand", True)):
            ranks = classifier.ranks(day_type, walks, known, with_demand=with_demand)
            out[f"pt_class{suffix}"][rows] = ranks.letters
            out[f"at_least{suffix}"][rows] = np.array(LETTERS, dtype=object)[ranks.least]
    return pd.DataFrame({"facility_id": ids, **out})


def rail_missing(
    region: Region, network: Network, x: NDArray[np.float64], y: NDArray[np.float64], *, within_m: float
) -> NDArray[np.bool_]:
    """Points within `within_m` (straight line) of an open station, where no timetable holds trains."""
    near = np.zeros(len(x), bool)
    table = network.timetable
    if table is None or any(r.has_rail for r in table.reports) or table.trips["route_type"].isin(RAIL_TYPES).any():
        return near
    sites = region.facilities
    stations = sites[
        (sites["service"] == "rail_station")
        & (sites["state"] == "open")
        & (sites["merged_into"] == "")
        & sites["x"].notna()
    ]
    if len(stations):
        distance, _ = cKDTree(stations[["x", "y"]].to_numpy(float)).query(
            np.column_stack([x, y]), distance_upper_bound=within_m
        )
        near = np.isfinite(distance)
    return near
