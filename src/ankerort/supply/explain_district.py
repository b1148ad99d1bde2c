"""Which school a place is assigned to, by which list, and which one would be the nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.network.model import Network
from ankerort.reach.model import Reach
from ankerort.reach.targets import DEMAND
from ankerort.region.model import Region
from ankerort.supply.explain_points import position


@dataclass(frozen=True)
class DistrictEvidence:
    """The facility that most people of a place are assigned to.

    Parameters
    ----------
    facility
        Row in ``Region.facilities``.
    counts
        It is open and counts; else the nearest does.
    source_id, source_ref, source_date
        The list that says so.
    nearest
        Row of the facility with the shortest way by car from the same cell, whoever it belongs to; -1 = none within the search.
    nearest_s
        Seconds by car to it, parking included.
    """

    facility: int
    counts: bool
    source_id: str
    source_ref: str
    source_date: str
    nearest: int
    nearest_s: int


def explain_district(
    region: Region, network: Network, reach: Reach, service: str, cells: NDArray[np.intp], *, limit_s: int
) -> DistrictEvidence | None:
    """The district of some cells of one place; None without one.

    Parameters
    ----------
    cells
        Rows of ``Region.cells``, all of one place.
    limit_s
        How far the nearest is searched by car.
    """
    table = region.assigned[region.assigned["service"] == service]
    own = region.cells.iloc[cells]
    # districts drawn as areas have a row per cell: without this every cell would be searched in all of them
    table = table[
        np.where(table["cell_id"] != "", table["cell_id"].isin(own["cell_id"]), table["ags"].isin(own["ags"]))
    ]
    if not len(table) or not len(cells):
        return None
    number = {str(key): k for k, key in enumerate(region.facilities["facility_id"])}
    persons: dict[str, float] = {}
    first: dict[str, tuple[int, int, float]] = {}
    for cell, home in zip(cells.tolist(), own.to_dict("records"), strict=True):
        for found in (
            table["cell_id"] == home["cell_id"],
            (table["cell_id"] == "") & (table["place_id"] == home["place_id"]),
            (table["cell_id"] == "") & (table["place_id"] == "") & (table["ags"] == home["ags"]),
        ):
            rows = np.flatnonzero(found.to_numpy(bool))
            if len(rows):
                row = int(rows[0])
                school, people = str(table["facility_id"].iloc[row]), float(home["persons"])
                persons[school] = persons.get(school, 0.0) + people
                if school not in first or people > first[school][2]:
                    first[school] = (row, cell, people)
                break
    if not persons:
        return None
    row, cell, _ = first[max(sorted(persons), key=lambda key: persons[key])]
    told = table.iloc[row]
    facility = number.get(str(told["facility_id"]), -1)
    if facility < 0:
        return None
    nearest, nearest_s = _nearest(region, network, reach, service, cell, limit_s)
    return DistrictEvidence(
        facility,
        bool(reach.assigned[service][cell] == facility) if service in reach.assigned else False,
        str(told["source_id"]),
        str(told["source_ref"]),
        str(told["source_date"]),
        nearest,
        nearest_s,
    )


def _nearest(region: Region, network: Network, reach: Reach, service: str, cell: int, limit_s: int) -> tuple[int, int]:
    targets = reach.targets
    sites = targets[(targets["service"] == service) & (targets["certainty"] != DEMAND)]
    if not len(sites):
        return -1, -1
    points = network.car.prepare(sites["x"].to_numpy(float), sites["y"].to_numpy(float))
    home = network.car.prepare(*position(region.cells, cell))
    index, value = network.car.nearest(points, home, limit=limit_s, direction="to_target")
    if index[0] < 0:
        return -1, -1
    return int(sites["row"].to_numpy()[index[0]]), int(value[0])
