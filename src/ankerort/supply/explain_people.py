"""What stands behind the people of a place: who has no car, and what the forecast rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.catalogue.groups import group_persons
from ankerort.catalogue.model import CarRate, Catalogue
from ankerort.region.forecast import Forecast
from ankerort.region.model import Region
from ankerort.supply.areas import ALWAYS
from ankerort.supply.without_car import persons_without_car, settlement_of_cells


@dataclass(frozen=True)
class CarEvidence:
    """People without a car of their own to drive.

    `settlement` village, town or large_city; `groups` per group id persons and of them those without a car; `rates` the records of the
    type of settlement.
    """

    settlement: str
    groups: tuple[tuple[str, float, float], ...]
    rates: tuple[CarRate, ...]


@dataclass(frozen=True)
class ForecastEvidence:
    """Forecast of one place.

    Parameters
    ----------
    forecast
        Base year, end of the official projection.
    rows
        Of FORECAST_AREAS, by variant and year.
    methods
        Methods per variant and year that stand in FORECAST.
    sources
        ``Region.sources`` ids of the projections that hold for the place.
    """

    forecast: Forecast
    rows: pd.DataFrame
    methods: tuple[tuple[int, str], ...]
    sources: tuple[str, ...]


def explain_car(region: Region, catalogue: Catalogue, *, place_id: str) -> CarEvidence:
    """Persons without a car of a place, by group, with the rates used."""
    cells = np.flatnonzero((region.cells["place_id"] == place_id).to_numpy(bool))
    groups = tuple(g for g in ALWAYS if g in catalogue.groups)
    without = persons_without_car(region, catalogue, groups=groups)
    kinds = settlement_of_cells(region, catalogue)[cells]
    settlement = str(kinds[0]) if len(kinds) else "village"
    return CarEvidence(
        settlement,
        tuple(
            (
                g,
                float(group_persons(region.cells, catalogue.groups[g]).to_numpy(float)[cells].sum()),
                float(without[g].to_numpy(float)[cells].sum()),
            )
            for g in groups
        ),
        tuple(r for r in catalogue.car_rates if r.settlement == settlement),
    )


def explain_forecast(region: Region, forecast: Forecast, *, place_id: str) -> ForecastEvidence:
    """Totals of one place by year and variant, with methods and sources."""
    rows = forecast.areas[(forecast.areas["level"] == "place") & (forecast.areas["area_id"] == place_id)]
    table = forecast.table[forecast.table["place_id"] == place_id]
    methods = sorted({(int(y), str(m)) for y, m in zip(table["year"], table["method"], strict=True)})
    ags = str(region.places.loc[region.places["place_id"] == place_id, "ags"].iloc[0])
    keys = region.projections["ags"].astype(str)
    of_place = region.projections[np.array([bool(k) and ags.startswith(k) for k in keys], dtype=bool)]
    return ForecastEvidence(forecast, rows, tuple(methods), tuple(sorted(set(of_place["source_id"].astype(str)))))
