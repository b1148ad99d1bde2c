"""The evidence behind one figure: which facility, which way, which departure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import InputError, Problem
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network, Trace
from ankerort.reach.model import Nearest, NearestMode, PtKey, Reach
from ankerort.reach.public_transport import pt_rules
from ankerort.reach.street_columns import street_direction, ways_of
from ankerort.reach.trace_transit import JourneyTrace, trace_journey
from ankerort.reach.transit import prepare_transit
from ankerort.region.model import Region
from ankerort.supply.explain_district import DistrictEvidence, explain_district
from ankerort.supply.explain_points import median_cell, position, stops_of_one_home
from ankerort.supply.model import Supply

STREET_MODES: tuple[NearestMode, ...] = ("foot", "bike", "car")


@dataclass(frozen=True)
class StreetEvidence:
    """One way of the place's median person.

    `facility` is the row in ``Region.facilities``, `value` the stored figure (metres on foot and by bike, seconds by car, parking
    included), `trace` the way itself.
    """

    mode: NearestMode
    cell: int
    facility: int
    value: int
    trace: Trace | None


@dataclass(frozen=True)
class PtEvidence:
    """One public-transport figure of the place's median person: journeys out and home, without or with Rufbus.

    `value` is the stored ``typical_s``; the trace's typical journey has the same duration. `home` is None where there is no timetable.
    """

    with_demand: bool
    cell: int
    facility: int
    value: int
    out: JourneyTrace | None
    home: JourneyTrace | None


@dataclass(frozen=True)
class Evidence:
    """All evidence for one place and service.

    `in_place` are rows in ``Region.facilities``; `departures` gives for stops among them the day's departures without and only with
    booking (-1 = not known).
    """

    place: pd.Series
    service: str
    balance: pd.Series
    in_place: NDArray[np.intp]
    departures: Mapping[int, tuple[int, int]]
    streets: tuple[StreetEvidence, ...]
    pt: tuple[PtEvidence, ...]
    district: DistrictEvidence | None = None


def explain(
    region: Region,
    network: Network,
    reach: Reach,
    supply: Supply,
    catalogue: Catalogue,
    *,
    place: str,
    service: str,
) -> Evidence:
    """Rebuild what stands behind the figures of one place and service.

    Parameters
    ----------
    place
        Printed name or id of a place of the study area.
    service
        Id of the service.

    Raises
    ------
    InputError
        If there is no such place or service; the problem names the nearest ones.
    """
    place_row = find_place(region, place)
    _check_service(service, catalogue)
    balance = supply.place_service
    row = balance[(balance["place_id"] == place_row["place_id"]) & (balance["service"] == service)].iloc[0]
    cells = np.flatnonzero((region.cells["place_id"] == place_row["place_id"]).to_numpy(bool))
    facilities = region.facilities
    inside = np.flatnonzero(
        (
            (facilities["place_id"] == place_row["place_id"])
            & (facilities["service"] == service)
            & (facilities["merged_into"] == "")
        ).to_numpy(bool)
    )
    streets = [
        evidence
        for mode in STREET_MODES
        if (evidence := _street(region, network, reach, catalogue, mode, service, cells)) is not None
    ]
    pt = [
        journeys
        for with_demand in (False, True)
        if (journeys := _pt(region, network, reach, catalogue, service, cells, with_demand=with_demand)) is not None
    ]
    departures = {int(k): (int(reach.stop_departures[k]), int(reach.stop_demand_departures[k])) for k in inside}
    limit_s = int(catalogue.value("search_limit.car_s"))
    district = explain_district(region, network, reach, service, cells, limit_s=limit_s)
    return Evidence(place_row, service, row, inside, departures, tuple(streets), tuple(pt), district)


def find_place(region: Region, name: str) -> pd.Series:
    """The row of a place of the study area by its printed name, its id or its plain name.

    Raises
    ------
    InputError
        If there is none, with the nearest names; if there are several, with all of them.
    """
    places = region.places[region.places["in_study"]]
    for column in ("print_name", "place_id", "name"):
        found = places[places[column].str.casefold() == name.casefold()]
        if len(found) == 1:
            return found.iloc[0]
        if len(found) > 1:
            names = ", ".join(found["print_name"])
            raise InputError(
                [Problem("explain_place_ambiguous", "error", "--place", params={"name": name, "places": names})]
            )
    near = difflib.get_close_matches(name, places["print_name"].tolist(), n=3, cutoff=0.5)
    raise InputError(
        [Problem("explain_place_unknown", "error", "--place", params={"name": name, "near": ", ".join(near) or "–"})]
    )


def find_services(service: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The services that count: one service by its id, or those of a core function ``core:<id>``.

    Raises
    ------
    InputError
        If there is no such service, with the nearest ids.
    """
    for item in catalogue.core:
        if service == f"core:{item.id}":
            return item.services
    _check_service(service, catalogue)
    return (service,)


def _check_service(service: str, catalogue: Catalogue) -> None:
    if service in catalogue.facility_services():
        return
    known = [*catalogue.facility_services(), *(f"core:{item.id}" for item in catalogue.core)]
    near = difflib.get_close_matches(service, known, n=3, cutoff=0.4)
    raise InputError(
        [
            Problem(
                "explain_service_unknown",
                "error",
                "--service",
                params={"service": service, "near": ", ".join(near) or "–"},
            )
        ]
    )


def _median_cell_of(region: Region, nearest: Nearest, cells: NDArray[np.intp]) -> int | None:
    """The cell of the place's median person; None where that person has no value."""
    value = np.asarray(nearest.value)[cells].astype(float)
    value[value < 0] = np.nan
    return median_cell(cells, value, region.cells["persons"].to_numpy(float)[cells])


def _street(
    region: Region,
    network: Network,
    reach: Reach,
    catalogue: Catalogue,
    mode: NearestMode,
    service: str,
    cells: NDArray[np.intp],
) -> StreetEvidence | None:
    nearest = reach.nearest.get((service, mode, "any"))
    cell = None if nearest is None else _median_cell_of(region, nearest, cells)
    if nearest is None or cell is None:
        return None
    facility = int(nearest.facility[cell])
    ways = ways_of(network, "foot" if mode == "foot" else "bike" if mode == "bike" else "car")
    target = ways.prepare(*position(region.facilities, facility))
    home = ways.prepare(*position(region.cells, cell))
    trace = ways.trace(target, 0, home, 0, direction=street_direction(catalogue, service))
    return StreetEvidence(mode, cell, facility, int(nearest.value[cell]), trace)


def _pt(
    region: Region,
    network: Network,
    reach: Reach,
    catalogue: Catalogue,
    service: str,
    cells: NDArray[np.intp],
    *,
    with_demand: bool,
) -> PtEvidence | None:
    if with_demand and PtKey("all", "out", True) not in reach.pt:
        return None
    nearest = reach.nearest.get((service, "pt_demand" if with_demand else "pt", "any"))
    cell = None if nearest is None else _median_cell_of(region, nearest, cells)
    if nearest is None or cell is None:
        return None
    facility = int(nearest.facility[cell])
    value = int(nearest.value[cell])
    if network.timetable is None:
        return PtEvidence(with_demand, cell, facility, value, None, None)
    rules = pt_rules(catalogue, "all")
    stops = network.timetable.stops
    ways = network.foot
    at_stops = ways.prepare(stops["x"].to_numpy(float), stops["y"].to_numpy(float))
    at_home = ways.prepare(*position(region.cells, cell))
    at_target = ways.prepare(*position(region.facilities, facility))
    limit = rules.walk_limit_m
    day = prepare_transit(
        network.timetable,
        rules=rules,
        with_demand=with_demand,
        stop_walks=ways.columns(at_stops, at_stops, limit=rules.transfer_walk_m),
        detour=catalogue.value("detour.foot"),
    )
    target_stops = ways.columns(at_target, at_stops, limit=limit).column(0)
    home_stops = stops_of_one_home(ways.columns(at_stops, at_home, limit=limit))
    walk = ways.columns(at_target, at_home, limit=int(catalogue.value("search_limit.foot_m")))
    walk_m = int(walk.value[0]) if len(walk.value) else None
    traces = [
        trace_journey(
            day, direction=direction, target_stops=target_stops, home_stops=home_stops, walk_m=walk_m, rules=rules
        )
        for direction in ("out", "home")
    ]
    return PtEvidence(with_demand, cell, facility, value, traces[0], traces[1])
