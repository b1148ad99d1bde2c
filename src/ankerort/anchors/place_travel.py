"""Travel to the centres of candidate places as if a facility stood there: what `compute_reach` would find for it."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.progress import SILENT, Progress
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DayType, Network, SparseColumns
from ankerort.reach.model import PtColumns, PtKey, Reach, RoundTripColumns
from ankerort.reach.public_transport import PtWalks, compute_pt, pt_rules, pt_walks, select_columns
from ankerort.reach.round_trips import Visits, round_trip_columns, stay_seconds, trip_rules
from ankerort.reach.street_columns import street_columns, street_direction
from ankerort.reach.targets import PLACE, search_limits
from ankerort.reach.transit import home_access, prepare_transit
from ankerort.region.model import Region
from ankerort.region.opening_hours import open_windows
from ankerort.region.schema import FACILITIES
from ankerort.supply.service_status import OLD_GROUP

YOUNG_GROUP = "all"
AGE_GROUPS = (YOUNG_GROUP, OLD_GROUP)
SCHOOL_DAY: DayType = "school"
ERRANDS = ""  # in place of a service: several errands in one trip
_NIGHT_S = 2 * 86_400


@dataclass(frozen=True)
class PlaceTravel:
    """Ways to place centres that `Reach` does not hold.

    Parameters
    ----------
    places
        int32: rows of ``Region.places``, ascending.
    services
        Services for which it was made.
    pt
        Per group of `AGE_GROUPS` one column per place, on the way there, without booked trips; empty without public transport.
    trips
        Per group there and back on the school day; column ``hours_of[service] * len(places) + k``. Empty without such a day.
    hours_of
        Per service with round trips the number of its usual hours and stay; `ERRANDS` is a stay of ``round_trip.place_stay_min`` at any hour.
    car_home
        One column per place: seconds by car from it to the homes, without parking (help that drives out). None where no service needs it.
    """

    places: NDArray[np.int32]
    services: tuple[str, ...]
    pt: Mapping[str, PtColumns] = field(default_factory=dict)
    trips: Mapping[str, RoundTripColumns] = field(default_factory=dict)
    hours_of: Mapping[str, int] = field(default_factory=dict)
    car_home: SparseColumns | None = None

    def numbers_of(self, places: NDArray[np.int32]) -> NDArray[np.int32]:
        """Numbers of some places here.

        Raises
        ------
        ValueError
            If it was not made for one of them.
        """
        at = np.searchsorted(self.places, places).astype(np.int32)
        if len(places) and (at.max() >= len(self.places) or (self.places[at] != places).any()):
            raise ValueError("travel was made for other places")
        return at


def place_targets(reach: Reach, places: NDArray[np.int32]) -> NDArray[np.int32]:
    """Rows of ``Reach.targets`` of the centres of some places (rows of ``Region.places`` that have one)."""
    targets = reach.targets
    at = np.flatnonzero((targets["kind"] == PLACE).to_numpy(bool))
    row_of = dict(zip(targets["row"].to_numpy(np.int64)[at].tolist(), at.tolist(), strict=True))
    return np.array([row_of[int(p)] for p in places], dtype=np.int32)


def travel_to_places(
    region: Region,
    network: Network,
    reach: Reach,
    catalogue: Catalogue,
    places: NDArray[np.int32],
    services: Collection[str],
    *,
    threads: int = 0,
    progress: Progress = SILENT,
) -> PlaceTravel:
    """Public transport to the centres of some places, and drives from them, by the code of the full run.

    Parameters
    ----------
    places
        Rows of ``Region.places`` in the study area with a centre, ascending.
    services
        Services that may open there: a new facility has the usual hours and the stay of its service.
    threads
        Worker threads; 0 = one per core. The result does not depend on it.
    """
    ordered = tuple(s for s in catalogue.facility_services() if s in services)
    rows = place_targets(reach, places)
    car_home = _drives_out(region, network, reach, catalogue, rows, ordered, threads)
    by_pt = tuple(s for s in ordered if "pt" in catalogue.services[s].standards)
    groups = tuple(g for g in AGE_GROUPS if PtKey(g, "out", False) in reach.pt)
    if not groups or not len(rows):
        return PlaceTravel(places, ordered, car_home=car_home)
    cells = region.cells
    walks = pt_walks(
        network,
        reach.targets,
        rows,
        reach.foot,
        cells["x"].to_numpy(float),
        cells["y"].to_numpy(float),
        catalogue=catalogue,
        groups=groups,
    )
    keys = tuple(PtKey(g, "out", False) for g in groups)
    with progress.task("progress.anchor_travel", 2 * len(keys)) as task:
        pt: dict[str, PtColumns] = {}
        for key, found in compute_pt(network, walks, keys, len(cells), catalogue=catalogue, threads=threads):
            pt[key.group] = found
            task.advance()
        trips: dict[str, RoundTripColumns] = {}
        visits, hours_of = _visits(region, network, catalogue, by_pt, len(rows))
        if visits is not None:
            for group in groups:
                trips[group] = _round_trips(region, network, catalogue, walks, visits, group, threads)
                task.advance()
    return PlaceTravel(places, ordered, pt, trips, hours_of, car_home)


def _drives_out(
    region: Region,
    network: Network,
    reach: Reach,
    catalogue: Catalogue,
    rows: NDArray[np.int32],
    services: tuple[str, ...],
    threads: int,
) -> SparseColumns | None:
    limits = search_limits(catalogue)
    driving = [s for s in services if street_direction(catalogue, s) == "from_target" and (s, "car") in limits]
    if not driving:
        return None
    farthest = max(driving, key=lambda s: limits[s, "car"])
    targets = reach.targets.iloc[rows].assign(service=farthest).reset_index(drop=True)
    cells = region.cells
    return street_columns(
        network,
        "car",
        targets,
        cells["x"].to_numpy(float),
        cells["y"].to_numpy(float),
        catalogue=catalogue,
        limits=limits,
        threads=threads,
    )


def _visits(
    region: Region, network: Network, catalogue: Catalogue, services: tuple[str, ...], count: int
) -> tuple[Visits | None, dict[str, int]]:
    """Usual hours and stay of each service on the school day, equal ones once, repeated for each place."""
    staying = [s for s in services if stay_seconds(s, catalogue) >= 0]
    if SCHOOL_DAY not in network.day_types:
        return None, {}
    made_up = FACILITIES.conform(pd.DataFrame({"facility_id": staying, "service": staying}))
    windows = open_windows(made_up, catalogue, day=network.day_types[SCHOOL_DAY].date, land=region.settings.land)
    number: dict[tuple[int, ...], int] = {}
    hours_of: dict[str, int] = {}
    lengths: list[int] = []
    stays: list[int] = []
    starts: list[NDArray[np.int32]] = []
    ends: list[NDArray[np.int32]] = []
    for k, service in enumerate((*staying, ERRANDS)):
        if service == ERRANDS:
            start, end = np.array([0], np.int32), np.array([_NIGHT_S], np.int32)
            stay = round(catalogue.value("round_trip.place_stay_min") * 60)
        else:
            part = slice(windows.ptr[k], windows.ptr[k + 1])
            start, end = windows.start_s[part].astype(np.int32), windows.end_s[part].astype(np.int32)
            stay = stay_seconds(service, catalogue)
        key = (stay, *start.tolist(), -1, *end.tolist())
        if key not in number:
            number[key] = len(number)
            lengths += [len(start)] * count
            stays += [stay] * count
            starts += [start] * count
            ends += [end] * count
        hours_of[service] = number[key]
    ptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    none = [np.empty(0, np.int32)]
    visits = Visits(ptr, np.concatenate(none + starts), np.concatenate(none + ends), np.array(stays, np.int32))
    return visits, hours_of


def _round_trips(
    region: Region,
    network: Network,
    catalogue: Catalogue,
    walks: PtWalks,
    visits: Visits,
    group: str,
    threads: int,
) -> RoundTripColumns:
    rules = pt_rules(catalogue, group)
    day = prepare_transit(
        network.day_types[SCHOOL_DAY].timetable,
        rules=rules,
        with_demand=False,
        stop_walks=walks.stop_walks,
        detour=catalogue.value("detour.foot"),
    )
    count = len(walks.target_stops.ptr) - 1
    repeated = np.tile(np.arange(count, dtype=np.int32), len(visits.stay_s) // count)
    return round_trip_columns(
        day,
        home_access(walks.home_stops, n_homes=len(region.cells), rules=rules),
        target_stops=select_columns(walks.target_stops, repeated),
        walks=select_columns(walks.walks, repeated),
        visits=visits,
        rules=rules,
        trip=trip_rules(catalogue),
        threads=threads or os.cpu_count() or 1,
    )
