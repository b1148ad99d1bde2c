"""Persons who have no car of their own to drive, per cell and group; being driven counts as dependence."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.groups import weighted_persons
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region


def settlement_of_cells(region: Region, catalogue: Catalogue) -> NDArray[np.object_]:
    """Type of settlement of each cell: large_city, town or village; shape (cells,).

    A large city is a municipality of at least ``settlement.large_city_persons`` inhabitants, with all its places; a town is a place of at
    least ``settlement.town_persons``; all else is village. Municipalities and places are counted whole, also beyond the study area.
    """
    cells = region.cells
    of_municipality = cells["ags"].map(cells.groupby("ags")["persons"].sum()).to_numpy(float)
    of_place = cells["place_id"].map(cells.groupby("place_id")["persons"].sum()).to_numpy(float)
    no_municipality = (cells["ags"] == "").to_numpy(bool)
    no_place = (cells["place_id"] == "").to_numpy(bool)
    large = (of_municipality >= catalogue.value("settlement.large_city_persons")) & ~no_municipality
    town = (of_place >= catalogue.value("settlement.town_persons")) & ~no_place
    return np.where(large, "large_city", np.where(town, "town", "village")).astype(object)


def persons_without_car(region: Region, catalogue: Catalogue, *, groups: tuple[str, ...] = ()) -> pd.DataFrame:
    """Persons of each group who cannot drive a car themselves.

    Parameters
    ----------
    groups
        Groups asked for; empty = all of the catalogue.

    Returns
    -------
    pandas.DataFrame
        One column per group (persons), one row per cell in the order of ``Region.cells``. Formula: persons of each age band x share of the
        band without a car (`ankerort.catalogue.car_availability.shares_without_car`), by type of settlement.
    """
    settlement = settlement_of_cells(region, catalogue)
    wanted = groups or tuple(catalogue.groups)
    out = {group: np.zeros(len(region.cells)) for group in wanted}
    for (kind, group), shares in catalogue.without_car.items():
        if group in out:
            mine = settlement == kind
            out[group][mine] = weighted_persons(region.cells[mine], shares).to_numpy(float)
    return pd.DataFrame(out, index=region.cells.index)
