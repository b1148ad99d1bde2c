"""How many of the persons without a car are within the standard of each service and core function."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.groups import weighted_persons
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region
from ankerort.supply.areas import ALWAYS, OLD_BANDS, AreaIndex
from ankerort.supply.parts import SupplyParts
from ankerort.supply.schema_no_car import NO_CAR_SERVICE
from ankerort.supply.service_status import ServiceStatus, union_status
from ankerort.supply.status import UNKNOWN, WITHIN
from ankerort.supply.without_car import settlement_of_cells


def no_car_services(region: Region, parts: SupplyParts, catalogue: Catalogue) -> pd.DataFrame:
    """Persons without a car of their own to drive, and those of them within the standard on foot, by bike (under 65) or by public transport.

    Per cell: persons of the group without a car x status of the cell, those under and over 65 by their own walk (`ServiceStatus`).
    Public transport counts one way, as in ``area_service``.

    Returns
    -------
    pandas.DataFrame
        NO_CAR_SERVICE for all services and core functions with a standard without a car, all levels; groups: everybody, 65 and older,
        75 and older, and the groups that the service is for.
    """
    index = parts.areas
    persons = _NoCar(region, catalogue, index)
    blocks: list[pd.DataFrame] = []
    for row_id, services, status in _rows(parts, catalogue):
        if status.without_car["young"] is None and status.without_car["old"] is None:
            continue
        own = (g for s in services for g in catalogue.services[s].demand_groups if g in catalogue.groups)
        for group in dict.fromkeys((*ALWAYS, *own)):
            blocks.append(_block(row_id, group, status, index, persons))
    if not blocks:
        return NO_CAR_SERVICE.empty()
    return NO_CAR_SERVICE.conform(pd.concat(blocks, ignore_index=True))


def _rows(parts: SupplyParts, catalogue: Catalogue) -> Iterator[tuple[str, tuple[str, ...], ServiceStatus]]:
    statuses = {s: parts.status(s) for s in parts.services}
    for service, status in statuses.items():
        yield service, (service,), status
    for item in catalogue.core:
        yield f"core:{item.id}", item.services, union_status([statuses[s] for s in item.services])


class _NoCar:
    """Persons without a car per study cell and group, and of them those of 65 and older."""

    def __init__(self, region: Region, catalogue: Catalogue, index: AreaIndex) -> None:
        study = region.cells.iloc[index.rows]
        settlement = settlement_of_cells(region, catalogue)[index.rows]
        self.all = {g: np.zeros(len(study)) for g in catalogue.groups}
        self.old = {g: np.zeros(len(study)) for g in catalogue.groups}
        for (kind, group), shares in catalogue.without_car.items():
            mine = settlement == kind
            of_old = {band: share for band, share in shares.items() if band in OLD_BANDS}
            self.all[group][mine] = weighted_persons(study[mine], shares).to_numpy(float)
            self.old[group][mine] = weighted_persons(study[mine], of_old).to_numpy(float)


def _block(row_id: str, group: str, status: ServiceStatus, index: AreaIndex, persons: _NoCar) -> pd.DataFrame:
    old = persons.old[group]
    young = np.maximum(persons.all[group] - old, 0.0)  # the parts may exceed the whole by a rounding error
    total = index.sum(young + old)
    every_old = index.old[group]
    every_young = np.maximum(index.persons[group] - every_old, 0.0)
    every = index.sum(index.persons[group])

    def served(by_age: dict[str, NDArray[np.int8] | None], least: int) -> NDArray[np.float64]:
        return np.minimum(_within(index, by_age, least, young, old), total)

    def within(least: int) -> NDArray[np.float64]:
        return np.minimum(_within(index, status.without_car, least, every_young, every_old), every)

    return pd.DataFrame(
        {
            "level": index.level_of,
            "area_id": index.id_of,
            "service": row_id,
            "group": group,
            "persons": every,
            "persons_no_car": total,
            "served_low": served(status.without_car, WITHIN),
            "served_high": served(status.without_car, UNKNOWN),
            "served_demand_low": served(status.without_car_demand, WITHIN),
            "served_demand_high": served(status.without_car_demand, UNKNOWN),
            "within_low": within(WITHIN),
            "within_high": within(UNKNOWN),
        }
    )


def _within(
    index: AreaIndex,
    by_age: dict[str, NDArray[np.int8] | None],
    least: int,
    young: NDArray[np.float64],
    old: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Persons per area whose cell has at least the status `least` for their age; `young`, `old`: persons per study cell."""
    found = np.zeros(len(index.rows))
    for weight, codes in ((young, by_age["young"]), (old, by_age["old"])):
        # as in area_service, those of an age without a standard cannot be within it
        if codes is not None:
            found += weight * (codes[index.rows] >= least)
    return np.asarray(index.sum(found), dtype=float)
