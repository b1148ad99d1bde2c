"""What a mobile plan costs a year, item by item, with the dated record behind each."""

from __future__ import annotations

import pandas as pd

from ankerort.anchors.costs import CostRange, annuity_range, range_of
from ankerort.catalogue.mobile import MobileService
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.prepared import Prepared
from ankerort.mobile.schema import PLAN_MOBILE_COSTS

ENDS = ("low", "mid", "high")


def crew_of(services: list[MobileService], *, one_staff: bool) -> list[MobileService]:
    """Services whose staff is on board: all, or with one person for all the dearest."""
    return [max(services, key=lambda s: s.eur_per_h.mid)] if one_staff and services else services


def plan_costs(
    prepared: Prepared, catalogue: Catalogue, vehicle: str, *, vehicles: int, drive_km: float, paid_h: float
) -> pd.DataFrame:
    """PLAN_MOBILE_COSTS; the columns low, mid and high sum to the cost of the plan.

    Parameters
    ----------
    vehicle
        Id of the kind of vehicle.
    vehicles
        Vehicles that drive at all.
    drive_km, paid_h
        Per year, all vehicles.
    """
    one = catalogue.mobile.vehicles[vehicle]
    services = [catalogue.mobile.services[s] for s in prepared.request.services]
    rate = catalogue.value("anchors.interest_rate")
    rows: list[dict[str, object]] = []

    def entry(item: str, amount: float, unit: str, cost: CostRange, record: str) -> None:
        told = {f"cost_{end}": value for end, value in zip(ENDS, cost.array().tolist(), strict=True)}
        rows.append({"item": item, "amount": float(amount), "unit": unit, **told, "record": record})

    if vehicles:
        spread = annuity_range(range_of(one.invest_eur), one.lifetime_years.value, rate)
        entry("vehicle", vehicles, "vehicles", spread.times(vehicles), one.invest_eur.record.id)
        fixed = range_of(one.fixed_eur_per_year)
        entry("fixed", vehicles, "vehicles", fixed.times(vehicles), one.fixed_eur_per_year.record.id)
        for service in services:
            yearly = range_of(service.it_eur_per_year).times(vehicles)
            entry("it", vehicles, "vehicles", yearly, service.it_eur_per_year.record.id)
        entry("drive", drive_km, "km", range_of(one.eur_per_km).times(drive_km), one.eur_per_km.record.id)
        for service in crew_of(services, one_staff=prepared.request.one_staff):
            hours = paid_h * service.staff.value
            entry("staff", hours, "h", range_of(service.eur_per_h).times(hours), service.eur_per_h.record.id)
        if one.driver_eur_per_h.high > 0:
            entry("driver", paid_h, "h", range_of(one.driver_eur_per_h).times(paid_h), one.driver_eur_per_h.record.id)
    return PLAN_MOBILE_COSTS.conform(pd.DataFrame(rows, columns=PLAN_MOBILE_COSTS.names))


def total_cost(costs: pd.DataFrame) -> CostRange:
    """Sum of the items."""
    return CostRange(*(float(costs[f"cost_{end}"].sum()) for end in ENDS))
