"""What stands behind the central position of a place and its link by public transport."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.depth import Depth
from ankerort.supply.explain_points import median_cell
from ankerort.supply.places import PlaceIndex
from ankerort.supply.pt_quality import LETTERS


@dataclass(frozen=True)
class PositionEvidence:
    """Central position of a place.

    `row` of CENTRALITY; `catchment` rows of PLACE_CATCHMENT; `rarest` services of which the place has a facility with their number in the
    place and in the study area, the rarest first: what the index adds up.
    """

    row: pd.Series
    catchment: pd.DataFrame
    rarest: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class TransportDay:
    """Class of the median person on one day type.

    Parameters
    ----------
    row
        Of PT_AREAS.
    cell
        Row in ``Region.cells`` of the median person, by what is known at least; -1 = nobody lives there.
    cell_row, stop_row
        Of PT_CELLS, and of PT_STOPS for the stop that decides; None = no stop gives a class.
    """

    row: pd.Series
    cell: int
    cell_row: pd.Series | None
    stop_row: pd.Series | None


def explain_position(
    region: Region, reach: Reach, catalogue: Catalogue, depth: Depth, *, place_id: str
) -> PositionEvidence:
    """Endowment, index and catchment of a place."""
    row = depth.centrality[depth.centrality["place_id"] == place_id].iloc[0]
    index = PlaceIndex(region, reach)
    here = index.facility_place == int(np.flatnonzero((index.places["place_id"] == place_id).to_numpy(bool))[0])
    found: list[tuple[str, int, int]] = []
    for service in catalogue.facility_services():
        of_service = index.facility_service == service
        if catalogue.services[service].level != "area" and (of_service & here).any():
            found.append((service, int((of_service & here).sum()), int(of_service.sum())))
    catchment = depth.place_catchment[depth.place_catchment["place_id"] == place_id]
    return PositionEvidence(row, catchment, tuple(sorted(found, key=lambda f: -f[1] / f[2])))


def explain_transport(region: Region, depth: Depth, *, place_id: str) -> tuple[TransportDay, ...]:
    """Class per day type, without and with Rufbus, with the stop that decides; empty without day types."""
    areas = depth.pt_areas
    mine = areas[(areas["level"] == "place") & (areas["area_id"] == place_id)]
    cells = np.flatnonzero((region.cells["place_id"] == place_id).to_numpy(bool))
    ids = region.cells["cell_id"].to_numpy(object)[cells]
    persons = region.cells["persons"].to_numpy(float)[cells]
    found: list[TransportDay] = []
    for _, row in mine.iterrows():
        of_day = depth.pt_cells[depth.pt_cells["day_type"] == row["day_type"]]
        of_day = of_day[of_day["cell_id"].isin(ids)].set_index("cell_id").loc[ids]
        least = of_day["at_least_demand" if row["with_demand"] else "at_least"].astype(object)
        rank = np.array([LETTERS.index(str(v)) for v in least], dtype=float)
        cell = median_cell(cells, rank, persons)
        if cell is None:
            found.append(TransportDay(row, -1, None, None))
            continue
        cell_row = of_day.iloc[int(np.flatnonzero(cells == cell)[0])]
        stop_row = None
        # the table names the stop of the class without Rufbus
        if not row["with_demand"] and cell_row["stop_ix"] >= 0:
            stops = depth.pt_stops[depth.pt_stops["day_type"] == row["day_type"]]
            stop_row = stops[stops["stop_ix"] == cell_row["stop_ix"]].iloc[0]
        found.append(TransportDay(row, cell, cell_row, stop_row))
    return tuple(found)
