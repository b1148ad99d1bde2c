"""Which facilities get columns, by which modes, and how far the search goes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue, Service
from ankerort.reach.stop_departures import service_unproven
from ankerort.region.model import Region

PLACE = "place"
FACILITY = "facility"
DEMAND = "demand"  # in place of a certainty: served by booked trips only


def list_targets(
    region: Region,
    catalogue: Catalogue,
    *,
    departures: NDArray[np.int32] | None = None,
    demand_departures: NDArray[np.int32] | None = None,
    pt_known: bool = True,
) -> pd.DataFrame:
    """All targets in order: the facilities that count (open, not merged away), then the place centres.

    Parameters
    ----------
    departures, demand_departures
        Departures of the stops, see `ankerort.reach.stop_departures`; a stop without any does not count, a station about whose
        trains no timetable says anything is probable.
    pt_known
        There is a timetable or a stop matrix; without both every stop is probable.

    Returns
    -------
    pandas.DataFrame
        target_ix, kind, row (row in the region's table), service, certainty (certain, probable, or demand for a stop that only
        booked trips serve), lon, lat, x, y.
    """
    facilities = region.facilities
    services = set(catalogue.facility_services())
    counts = (
        (facilities["state"] == "open") & (facilities["merged_into"] == "") & facilities["service"].isin(services)
    ).to_numpy(bool)
    booked_only = np.zeros(len(facilities), bool)
    certainty = facilities["certainty"].to_numpy(object)
    if departures is not None and demand_departures is not None:
        counts = counts & ~((departures == 0) & (demand_departures == 0))
        booked_only = (departures == 0) & (demand_departures > 0)
        unsure = service_unproven(facilities["service"].to_numpy(object), departures, pt_known=pt_known)
        certainty = np.where(unsure, "probable", certainty)
    rows = np.flatnonzero(counts & facilities["x"].notna().to_numpy(bool))
    part = facilities.iloc[rows]
    of_facilities = pd.DataFrame(
        {
            "kind": FACILITY,
            "row": rows,
            "service": part["service"].to_numpy(),
            "certainty": np.where(booked_only[rows], DEMAND, certainty[rows]),
            "lon": part["lon"].to_numpy(float),
            "lat": part["lat"].to_numpy(float),
            "x": part["x"].to_numpy(float),
            "y": part["y"].to_numpy(float),
        }
    )
    places = region.places
    centred = np.flatnonzero(places["in_study"].to_numpy(bool) & places["x"].notna().to_numpy(bool))
    centres = places.iloc[centred]
    of_places = pd.DataFrame(
        {
            "kind": PLACE,
            "row": centred,
            "service": "",
            "certainty": "certain",
            "lon": centres["lon"].to_numpy(float),
            "lat": centres["lat"].to_numpy(float),
            "x": centres["x"].to_numpy(float),
            "y": centres["y"].to_numpy(float),
        }
    )
    targets = pd.concat([of_facilities, of_places], ignore_index=True)
    targets.insert(0, "target_ix", np.arange(len(targets), dtype=np.int32))
    return targets


def search_limits(catalogue: Catalogue) -> Mapping[tuple[str, str], int]:
    """How far columns reach, per (service, mode); "" stands for place centres.

    Foot columns go to ``search_limit.foot_m`` for every service, because walking all the way is compared with every journey.
    Bike and car columns exist where the service has a standard for the mode; a car column goes to twice its largest
    standard and at most to ``search_limit.car_s``, so that "a little too far" keeps its minutes. Beyond, the search for the
    nearest (one per service, to the mode's whole limit) still gives a value.

    Returns
    -------
    dict
        Metres (foot, bike) or seconds (car); pairs without a column are left out.
    """
    foot, bike, car = (int(catalogue.value(f"search_limit.{k}")) for k in ("foot_m", "bike_m", "car_s"))
    limits: dict[tuple[str, str], int] = {("", "foot"): foot, ("", "bike"): bike, ("", "car"): car}
    for service_id in catalogue.facility_services():
        service = catalogue.services[service_id]
        limits[service_id, "foot"] = foot
        if "bike" in service.standards:
            limits[service_id, "bike"] = bike
        if "car" in service.standards:
            limits[service_id, "car"] = min(car, int(2 * _largest_minutes(service) * 60))
    return limits


def _largest_minutes(service: Service) -> float:
    standard = service.standards["car"]
    values = [standard.minimum.value]
    if standard.target is not None:
        values.append(standard.target.value)
    return max(values)
