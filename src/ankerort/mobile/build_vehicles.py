"""Vehicles with their crews and depots, and what a day of them costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.costs import annuity_range, range_of
from ankerort.base.problems import Problems
from ankerort.catalogue.mobile import MobileService, MobileVehicle
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.problem import Vehicles
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.result_costs import crew_of
from ankerort.region.model import Region

_HOUR_S, _MINUTE_S = 3600, 60
EU561 = "eu561"
_OFFICE = "citizen_office"
DEPOT_COLUMNS = ["place_id", "name", "lon", "lat", "x", "y"]


@dataclass(frozen=True)
class VehicleCost:
    """Mid estimates, EUR: per paid hour of the crew, per year and vehicle, per kilometre."""

    eur_per_h: float
    eur_per_year: float
    eur_per_km: float


def vehicle_cost(
    services: Sequence[MobileService], vehicle: MobileVehicle, catalogue: Catalogue, *, one_staff: bool
) -> VehicleCost:
    """What a vehicle with its crew costs.

    The staff of all services is on board, or with one person for all that of the dearest; a driver comes on top where the vehicle needs one.
    Per year: annuity of the investment, insurance and tax, IT of the services.
    """
    crew = sum(s.staff.value * s.eur_per_h.mid for s in crew_of(list(services), one_staff=one_staff))
    spread = annuity_range(
        range_of(vehicle.invest_eur), vehicle.lifetime_years.value, catalogue.value("anchors.interest_rate")
    )
    it = sum(s.it_eur_per_year.mid for s in services)
    return VehicleCost(
        eur_per_h=crew + vehicle.driver_eur_per_h.mid,
        eur_per_year=spread.mid + vehicle.fixed_eur_per_year.mid + it,
        eur_per_km=vehicle.eur_per_km.mid,
    )


def vehicle_count(request: MobileRequest, cost: VehicleCost, catalogue: Catalogue) -> int:
    """Vehicles among which a plan may choose: those asked for; with a budget or a target only as many as the budget can pay for at all, at
    most ``mobile.vehicles_most``; else one."""
    if request.vehicles is not None:
        return request.vehicles
    if request.budget_eur is None and request.cover is None:
        return max(1, len(request.depots))
    most = max(int(catalogue.value("mobile.vehicles_most")), len(request.depots))
    if request.budget_eur is not None and cost.eur_per_year > 0:
        most = min(most, max(1, math.floor(request.budget_eur / cost.eur_per_year)))
    return most


def find_depots(
    request: MobileRequest, region: Region, area_cells: NDArray[np.int32], problems: Problems
) -> pd.DataFrame:
    """Where the vehicles stand: the places asked for; else a place of the area with a town hall (citizen office): that of the operator, else the
    one with most people; else the largest place.

    In a place with a town hall the vehicle stands there, else at its centre.

    Returns
    -------
    DataFrame
        One row per different depot: place_id, name, lon, lat, x, y.
    """
    offices = region.facilities
    ok = (
        (offices["service"] == _OFFICE)
        & (offices["state"] == "open")
        & (offices["merged_into"] == "")
        & offices["x"].notna()
    )
    offices = offices[ok].sort_values("facility_id", kind="stable").drop_duplicates("place_id").set_index("place_id")
    places = region.places.set_index("place_id")
    wanted = list(dict.fromkeys(request.depots))
    if not wanted:
        cells = region.cells.iloc[area_cells]
        persons = cells[cells["place_id"] != ""].groupby("place_id", sort=True)["persons"].sum()
        seats = persons[persons.index.isin(offices.index)]
        own = seats[seats.index.isin(_places_of(request.operator, region))]
        largest = own if len(own) else seats if len(seats) else persons
        if not len(largest):
            return pd.DataFrame(columns=DEPOT_COLUMNS)
        wanted = [str(largest.idxmax())]
        name = str(places.at[wanted[0], "print_name"])
        problems.add("mobile_depot_chosen", "note", "--depot", place=name)
    rows = []
    for place in wanted:
        at = offices.loc[place] if place in offices.index else places.loc[place]
        rows.append(
            {
                "place_id": place,
                "name": str(places.at[place, "print_name"]),
                **{c: float(at[c]) for c in ("lon", "lat", "x", "y")},
            }
        )
    return pd.DataFrame(rows, columns=DEPOT_COLUMNS)


def _places_of(authority: str, region: Region) -> set[str]:
    """Places of an association, municipality or district."""
    towns = region.municipalities
    hit = (towns["association_id"] == authority) | (towns["ags"] == authority) | (towns["district_ags"] == authority)
    return (
        set(region.places.loc[region.places["ags"].isin(set(towns.loc[hit, "ags"])), "place_id"])
        if authority
        else set()
    )


def make_vehicles(
    count: int,
    vehicle: MobileVehicle,
    cost: VehicleCost,
    catalogue: Catalogue,
    *,
    depot_nodes: Sequence[int],
) -> Vehicles:
    """Vehicles of one kind in numbers.

    Working time: breaks above 6 and 9 hours of work, at most 10 hours of driving; where driving times are regulated (``eu561``) 9 hours of
    driving and 45 minutes of break after 4.5 hours too. The tour may last ``mobile.tour_max_min`` and its break.

    Parameters
    ----------
    depot_nodes
        Node of the depot of each vehicle, or one for all.
    """

    def hours(figure: str) -> int:
        return round(catalogue.value(f"mobile.{figure}") * _HOUR_S)

    def minutes(figure: str) -> int:
        return round(catalogue.value(f"mobile.{figure}") * _MINUTE_S)

    regulated = vehicle.driver_rules == EU561
    work, rest = hours("break_after_h"), minutes("break_min")
    drive, before = hours("drive_max_h"), hours("drive_max_h")
    if regulated:
        drive, before = hours("eu_drive_max_h"), hours("eu_drive_before_break_h")
        rest = max(rest, minutes("eu_break_min"))

    def every(value: int) -> NDArray[np.int32]:
        return np.full(count, value, np.int32)

    depots = [depot_nodes[v] if len(depot_nodes) > 1 else depot_nodes[0] for v in range(count)]
    return Vehicles(
        kind=np.zeros(count, np.int16),
        depot=np.array(depots, np.int32),
        leave_from_s=every(hours("leave_from_h")),
        back_until_s=every(hours("back_until_h")),
        tour_max_s=every(minutes("tour_max_min") + rest),
        drive_max_s=every(drive),
        drive_before_break_s=every(before),
        work_before_break_s=every(work),
        break_s=every(rest),
        long_work_s=every(hours("long_break_after_h")),
        long_break_s=every(max(rest, minutes("long_break_min"))),
        break_from_s=every(hours("break_from_h")),
        break_until_s=every(hours("break_until_h")),
        range_m=np.full(count, vehicle.range_km.value * 1000.0),
        capacity=np.full(count, np.inf),
        paid_extra_s=every(minutes("prepare_min") + minutes("close_min")),
        eur_per_h=np.full(count, cost.eur_per_h),
        eur_per_day=np.zeros(count),
        eur_per_year=np.full(count, cost.eur_per_year),
    )
