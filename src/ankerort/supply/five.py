"""The BBSR bundle of five: how many of five basic functions lie within 1 km."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.catalogue.model import Catalogue, CoreItem
from ankerort.reach.model import Reach
from ankerort.reach.targets import DEMAND
from ankerort.region.model import Region
from ankerort.supply.areas import AreaIndex
from ankerort.supply.recording import Knowledge
from ankerort.supply.schema import BUNDLE_OF_FIVE
from ankerort.supply.weighted import sum_by

MEASURES = ("straight", "network")


@dataclass(frozen=True)
class FiveItem:
    """One of the five per study cell, straight and by network: a certain facility within the radius, and any that may be there."""

    reached: Mapping[str, NDArray[np.bool_]]
    possible: Mapping[str, NDArray[np.bool_]]


def five_item(
    item: CoreItem,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    knowledge: Knowledge,
    index: AreaIndex,
) -> FiveItem:
    """Where one of the five lies within 1 km.

    An item counts as known to be reached only with a certain facility; as known not to be reached only where its absence is known
    and 1 km around the cell lies inside the data.
    """
    found = {m: _item(item, m, region, reach, catalogue, knowledge, index.rows) for m in MEASURES}
    return FiveItem({m: low for m, (low, _) in found.items()}, {m: high for m, (_, high) in found.items()})


def bundle_of_five(items: list[FiveItem], index: AreaIndex) -> pd.DataFrame:
    """Share of people with 5 to 0 of the five within 1 km: straight line (as the BBSR counts) and network beside it.

    Returns
    -------
    pandas.DataFrame
        BUNDLE_OF_FIVE rows.
    """
    parts: list[pd.DataFrame] = []
    for measure in MEASURES:
        low = np.zeros(len(index.rows), np.int64)
        high = np.zeros(len(index.rows), np.int64)
        for item in items:
            low += item.reached[measure]
            high += item.possible[measure]
        parts.extend(_count(index, measure, low, high, len(items)))
    return BUNDLE_OF_FIVE.conform(pd.concat(parts, ignore_index=True))


def _item(
    item: CoreItem,
    measure: str,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    knowledge: Knowledge,
    rows: NDArray[np.intp],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    radius = catalogue.value("bundle_five.radius_m")
    cells = region.cells.iloc[rows]
    points = cells[["x", "y"]].to_numpy(float)
    reached, ruled_out = np.zeros(len(rows), bool), np.ones(len(rows), bool)
    for service in item.services:
        of_service = reach.targets[(reach.targets["service"] == service) & (reach.targets["certainty"] != DEMAND)]
        certain = of_service[of_service["certainty"] == "certain"]
        if measure == "straight":
            found, any_found = (_within(points, t[["x", "y"]].to_numpy(float), radius) for t in (certain, of_service))
            located = np.ones(len(rows), bool)
        else:
            found, any_found = (_by_foot(reach, service, c, rows, radius) for c in ("certain", "any"))
            located = reach.cell_known["foot"][rows]
        reached |= found
        ruled_out &= (knowledge.edge_m[service][rows] >= radius) & located & ~any_found
    return reached, reached | ~ruled_out


def _within(points: NDArray[np.float64], sites: NDArray[np.float64], radius: float) -> NDArray[np.bool_]:
    if not len(sites):
        return np.zeros(len(points), bool)
    distance, _ = cKDTree(sites).query(points, distance_upper_bound=radius * (1 + 1e-9))
    return np.asarray(distance <= radius)


def _by_foot(reach: Reach, service: str, certainty: str, rows: NDArray[np.intp], radius: float) -> NDArray[np.bool_]:
    nearest = reach.nearest.get((service, "foot", "certain" if certainty == "certain" else "any"))
    if nearest is None:
        return np.zeros(len(rows), bool)
    return (nearest.value[rows] >= 0) & (nearest.value[rows] <= radius)


def _count(
    index: AreaIndex, measure: str, low: NDArray[np.int64], high: NDArray[np.int64], items: int
) -> list[pd.DataFrame]:
    persons = index.persons["all"]
    out: list[pd.DataFrame] = []
    for level in index.levels:
        use = level.of_cell >= 0
        area, count = level.of_cell[use], len(level.ids)
        for reached in range(items + 1):

            def total(mask: NDArray[np.bool_], area: NDArray = area, count: int = count, use: NDArray = use) -> NDArray:
                return sum_by(area, count, (persons * mask)[use])

            out.append(
                pd.DataFrame(
                    {
                        "level": level.name,
                        "area_id": list(level.ids),
                        "measure": measure,
                        "reached": reached,
                        "persons_known": total((low == reached) & (high == reached)),
                        "persons_at_least": total(low >= reached),
                        "persons_at_most": total(high >= reached),
                        "persons": total(np.ones(len(persons), bool)),
                    }
                )
            )
    return out
