"""Demand per cell and service, and the capacity of facilities in a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.catalogue.demand import DEMAND_UNITS, DemandKind, DemandRate
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region


@dataclass(frozen=True)
class Demand:
    """Demand of one service.

    Parameters
    ----------
    per_cell
        float64 (cells,), in `unit`; NaN in all cells where the demand is not known.
    unit
        places, visits per year, persons; "" where not known.
    kind
        quota, frequency, uniform; None where not known.
    reason
        "" or why it is not known: no_rate (the service has no record), no_rate_for_year (ages of the service have records, but none that
        holds in the year).
    """

    per_cell: NDArray[np.float64]
    unit: str
    kind: DemandKind | None
    reason: str

    @property
    def known(self) -> bool:
        """Whether there is a demand to compute with."""
        return not self.reason


def demand_of(cells: pd.DataFrame, catalogue: Catalogue, service: str, *, year: int | None = None) -> Demand:
    """Demand of one service in each cell: sum over its rates of persons of the ages and sex x rate.

    Persons of an age range come from the age bands by the Land's single years (`ankerort.catalogue.groups`), women and men by the share
    of women in the band (figures ``share_women.*``). Ages and sexes for which the service has no rate in any year have no demand.

    Parameters
    ----------
    cells
        Table with the age bands of ``cells``, of the region or of a forecast.
    year
        Year whose rates count; None = the rates without an end. A year in which an age has no rate, but has one in other years, makes the
        demand unknown, not zero.
    """
    rates = [r for r in catalogue.demand_rates if r.service == service]
    if not rates:
        return Demand(np.full(len(cells), np.nan), "", None, "no_rate")
    holding = [r for r in rates if r.holds_in(year)]
    for sex in ("f", "m"):
        if _ages(rates, sex) != _ages(holding, sex):
            return Demand(np.full(len(cells), np.nan), "", None, "no_rate_for_year")
    total = np.zeros(len(cells))
    for column, factor in demand_per_head(holding, catalogue).items():
        total += cells[column].to_numpy(np.float64) * factor
    kind = rates[0].kind
    return Demand(total, DEMAND_UNITS[kind], kind, "")


def demand_per_head(rates: list[DemandRate], catalogue: Catalogue) -> dict[str, float]:
    """Demand per inhabitant of each age band: sum over the rates of share of the band x share of the sex x rate."""
    heads = dict.fromkeys(AGE_COLUMNS, 0.0)
    for rate in rates:
        for column, share in rate.band_shares.items():
            of_sex = 1.0
            if rate.sex != "all":
                women = catalogue.value(f"share_women.{column.removeprefix('p_')}")
                of_sex = women if rate.sex == "f" else 1.0 - women
            heads[column] += share * of_sex * rate.value.value
    return {column: head for column, head in heads.items() if head > 0}


def _ages(rates: list[DemandRate], sex: str) -> set[int]:
    return {a for r in rates if r.sex in ("all", sex) for a in range(r.first_age, r.last_age + 1)}


def capacity_of(
    region: Region, service: str, *, year: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Capacity of each facility row for one service, and whether it is known.

    A year: the capacity of ``Region.capacities`` that holds in it; a facility with such rows of which none holds in the year is unknown,
    one without such rows keeps the capacity of the facilities' table. No year: the facilities' table, which holds what holds today.

    Parameters
    ----------
    year
        Year asked for; None = today's.

    Returns
    -------
    tuple
        float64 (facilities,), in the unit of the service's capacity rule, NaN where not known and for other services; bool.
    """
    facilities = region.facilities
    of_service = (facilities["service"] == service).to_numpy(bool)
    values = np.where(of_service, facilities["capacity"].to_numpy(np.float64), np.nan)
    if year is not None and len(region.capacities):
        periods = region.capacities
        row_of = {f: n for n, f in enumerate(facilities["facility_id"]) if of_service[n]}
        at = periods["facility_id"].map(row_of)
        mine = at.notna().to_numpy(bool)
        rows = at[mine].to_numpy(np.int64)
        part = periods[mine]
        # comparison with NaN is False, so an open end never excludes
        outside = (part["from_year"] > year).to_numpy(bool) | (part["to_year"] < year).to_numpy(bool)
        values[rows] = np.nan
        values[rows[~outside]] = part["capacity"].to_numpy(np.float64)[~outside]
    values[values < 0] = np.nan
    return values, ~np.isnan(values)
