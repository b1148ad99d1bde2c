"""Future security of facilities as a traffic light: by the catchment for everybody, with confidential figures for insiders."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import NearestMode, Reach
from ankerort.reach.targets import FACILITY
from ankerort.region.model import Region
from ankerort.supply.schema_quality import INTERNAL_SECURITY

_WORST_FIRST = ("red", "amber", "unknown", "green")


def catchment_persons(region: Region, reach: Reach, catalogue: Catalogue) -> pd.Series:
    """Persons whose nearest facility of a service it is: by car, where the car knows none on foot.

    Returns
    -------
    pandas.Series
        Index facility_id, every facility that is a target of the streets. Persons of cells that no mode reaches count
        nowhere.
    """
    persons = region.cells["persons"].to_numpy(float)
    totals = np.zeros(len(region.facilities))
    targets = reach.targets[reach.targets["kind"] == FACILITY]
    modes: tuple[NearestMode, ...] = ("foot", "car")
    for service in catalogue.facility_services():
        chosen = np.full(len(persons), -1)
        for mode in modes:
            nearest = reach.nearest.get((service, mode, "any"))
            if nearest is not None:
                chosen = np.where(nearest.facility >= 0, nearest.facility, chosen)
        there = chosen >= 0
        totals += np.bincount(chosen[there], weights=persons[there], minlength=len(totals))
    rows = targets["row"].to_numpy(int)
    return pd.Series(totals[rows], index=region.facilities["facility_id"].to_numpy(object)[rows], dtype="float64")


def public_security(
    facilities: pd.DataFrame, service: str, catalogue: Catalogue, catchments: pd.Series | None
) -> dict[str, object]:
    """Columns `viability`, `security`, `security_reason` of facilities of one service, without confidential figures.

    V = persons of the catchment / ``viability_pop`` of the service; green from ``security.viable_ratio``, red below
    ``security.critical_ratio``. In the buffer the catchment is cut off at the edge, so nothing is said.
    """
    needed = catalogue.services[service].viability_pop
    persons = (
        np.full(len(facilities), np.nan)
        if catchments is None
        else facilities["facility_id"].map(catchments).to_numpy(float)
    )
    inside = facilities["in_study"].to_numpy(bool)
    viability = np.where(inside, persons / needed, np.nan)
    security = np.full(len(facilities), "amber", object)
    security[viability >= catalogue.value("security.viable_ratio")] = "green"
    security[viability < catalogue.value("security.critical_ratio")] = "red"
    reason = np.full(len(facilities), "viability", object)
    reason[np.isnan(persons)] = "catchment_unknown"
    reason[~inside] = "outside_study_area"
    if np.isnan(needed):
        reason[:] = "no_viability_figure"
    security[np.isnan(viability)] = "unknown"
    return {"viability": viability, "security": security, "security_reason": reason}


def internal_security(region: Region, catalogue: Catalogue, quality: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """The traffic light with confidential figures: age without successor, end of the lease. Only for ``--internal``.

    Red: ``security.handover_age`` or older and no successor. Amber: that age and nothing known about a successor, or a lease
    that ends within ``security.lease_years``. The worst reason counts, the catchment among them.

    Parameters
    ----------
    region
        With its table `confidential`.
    quality
        FACILITY_QUALITY.
    year
        The present year.

    Returns
    -------
    pandas.DataFrame
        INTERNAL_SECURITY, the facilities of `quality` with a confidential entry.
    """
    table = quality[["facility_id", "security"]].merge(region.confidential, on="facility_id", validate="one_to_one")
    rows = []
    for row in table.itertuples():
        lights = [(str(row.security), "viability")] if row.security != "unknown" else []
        if row.operator_age >= catalogue.value("security.handover_age") and row.succession != "yes":
            lights.append(("red", "no_successor") if row.succession == "no" else ("amber", "successor_unknown"))
        if row.lease_until_year - year <= catalogue.value("security.lease_years"):
            lights.append(("amber", "lease_ends"))
        lights.sort(key=lambda light: _WORST_FIRST.index(light[0]))
        rows.append(
            {
                "facility_id": row.facility_id,
                "security": lights[0][0] if lights else "unknown",
                "reasons": ";".join(reason for _, reason in lights),
            }
        )
    return INTERNAL_SECURITY.conform(pd.DataFrame(rows)) if rows else INTERNAL_SECURITY.empty()
