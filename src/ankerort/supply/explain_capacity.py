"""What stands behind demand and capacity of one place: rates, units, the facility, and daviplan's indicators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.catalogue.demand import AccessRule, CapacityUnit, DemandRate
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.depth import Depth
from ankerort.supply.ways import access_rule


@dataclass(frozen=True)
class CapacityEvidence:
    """Demand and capacity of one service in one place.

    Parameters
    ----------
    rates
        Records of the demand per head that hold in the year.
    unit
        What the capacity counts and how much demand a unit serves; None = not set.
    rule
        Method, decay and catchment of the score.
    area
        The place's row of AREA_CAPACITY; None where there is none.
    facility, row
        The facility that is the nearest for most people by the mode of the table (row in ``Region.facilities``, -1 = none), and its row of
        FACILITY_CAPACITY.
    """

    rates: tuple[DemandRate, ...]
    unit: CapacityUnit | None
    rule: AccessRule
    area: pd.Series | None
    facility: int
    row: pd.Series | None


@dataclass(frozen=True)
class IndicatorEvidence:
    """Rows of DAVIPLAN: those of the place, and those of the facility that is the nearest for most people."""

    place: pd.DataFrame
    facility: int
    of_facility: pd.DataFrame


def explain_capacity(
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    depth: Depth,
    *,
    place_id: str,
    service: str,
    year: int | None = None,
) -> CapacityEvidence:
    """Rates, unit and rule of a service, with the rows of the place and of its facility."""
    rates = tuple(r for r in catalogue.demand_rates if r.service == service and r.holds_in(year))
    areas = depth.area_capacity
    mine = areas[(areas["level"] == "place") & (areas["area_id"] == place_id) & (areas["service"] == service)]
    area = mine.iloc[0] if len(mine) else None
    facility = _nearest_of_most(region, reach, place_id, service, "" if area is None else str(area["mode"]))
    row = None
    if facility >= 0:
        table = depth.facility_capacity
        facility_id = region.facilities["facility_id"].iloc[facility]
        of_facility = table[(table["service"] == service) & (table["facility_id"] == facility_id)]
        row = of_facility.iloc[0] if len(of_facility) else None
    return CapacityEvidence(
        rates, catalogue.capacity_units.get(service), access_rule(service, catalogue), area, facility, row
    )


def explain_daviplan(region: Region, reach: Reach, depth: Depth, *, place_id: str, service: str) -> IndicatorEvidence:
    """daviplan's indicators for the place and for the facility that is the nearest for most people by car, else on foot."""
    facility = _nearest_of_most(region, reach, place_id, service, "car")
    if facility < 0:
        facility = _nearest_of_most(region, reach, place_id, service, "foot")
    table = depth.daviplan[depth.daviplan["service"] == service]
    place = table[(table["level"] == "place") & (table["area_id"] == place_id)]
    facility_id = region.facilities["facility_id"].iloc[facility] if facility >= 0 else ""
    return IndicatorEvidence(place, facility, table[(table["level"] == "facility") & (table["area_id"] == facility_id)])


def _nearest_of_most(region: Region, reach: Reach, place_id: str, service: str, mode: str) -> int:
    """The facility that is the nearest by a mode for most people of the place, of equals the first; -1 = none."""
    nearest = next((n for (s, m, c), n in reach.nearest.items() if (s, m, c) == (service, mode, "any")), None)
    if nearest is None:
        return -1
    cells = np.flatnonzero((region.cells["place_id"] == place_id).to_numpy(bool))
    facility = np.asarray(nearest.facility)[cells]
    there = facility >= 0
    if not there.any():
        return -1
    persons = region.cells["persons"].to_numpy(float)[cells]
    return int(np.bincount(facility[there], weights=persons[there]).argmax())
