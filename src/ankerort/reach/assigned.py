"""Cells that belong to one facility by rule (school districts): there the assigned facility counts, not the nearest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns
from ankerort.reach.model import Reach
from ankerort.reach.targets import DEMAND, FACILITY
from ankerort.region.model import Region

Rows = NDArray[np.int32]


def assigned_facilities(region: Region, targets: pd.DataFrame) -> dict[str, Rows]:
    """Per service with districts and cell the assigned facility.

    Parameters
    ----------
    region
        Its `assigned`: a row for a cell goes before one for its place, and that before one for its municipality.
    targets
        As `ankerort.reach.targets.list_targets` gives them.

    Returns
    -------
    dict
        int32 (cells,) per service: row in ``Region.facilities``; -1 where nothing is assigned, or the assigned facility does not
        count (closed, or gone): there the nearest counts.
    """
    table = region.assigned
    if not len(table):
        return {}
    counts = targets[(targets["kind"] == FACILITY) & (targets["certainty"] != DEMAND)]
    ids = region.facilities["facility_id"].to_numpy(object)
    target_rows = counts["row"].to_numpy(np.int32)
    row_of = {(service, str(ids[row])): int(row) for service, row in zip(counts["service"], target_rows, strict=True)}
    cells = region.cells
    out: dict[str, Rows] = {}
    for service, rows in table.groupby("service", sort=True):
        found = np.full(len(cells), -1, dtype=np.int32)
        # the wider rule first, so that the narrower one overwrites it
        for column, chosen in (
            ("ags", rows[(rows["place_id"] == "") & (rows["cell_id"] == "")]),
            ("place_id", rows[(rows["place_id"] != "") & (rows["cell_id"] == "")]),
            ("cell_id", rows[rows["cell_id"] != ""]),
        ):
            target = {
                key: row_of.get((str(service), str(facility)), -1)
                for key, facility in zip(chosen[column], chosen["facility_id"], strict=True)
            }
            if target:
                named = cells[column].isin(target).to_numpy(bool)
                found[named] = cells[column][named].map(target).to_numpy(np.int32)
        out[str(service)] = found
    return out


def edge_of(reach: Reach, service: str) -> NDArray[np.float64]:
    """``Reach.edge_m`` of a service; infinite for assigned cells: an unknown facility could not be theirs."""
    return beyond_doubt(reach.edge_m[service], reach, service)


def beyond_doubt(edge_m: NDArray[np.float64], reach: Reach, service: str) -> NDArray[np.float64]:
    """Metres to the edge of what is known, infinite for assigned cells."""
    assigned = reach.assigned.get(service)
    return edge_m if assigned is None else np.where(assigned >= 0, np.inf, edge_m)


def may_use(assigned: Rows | None, home: NDArray[np.integer[Any]], row: int) -> NDArray[np.bool_]:
    """Which of some homes may use a facility: those without an assigned one, and those that it is assigned to."""
    if assigned is None:
        return np.ones(len(home), dtype=bool)
    return np.asarray((assigned[home] < 0) | (assigned[home] == row))


def keep_assigned(columns: SparseColumns, rows: Rows, assigned: Rows | None) -> SparseColumns:
    """Columns without the homes that are assigned to another facility.

    Parameters
    ----------
    columns
        One column per facility.
    rows
        Row in ``Region.facilities`` of each column.
    assigned
        Of one service, see `assigned_facilities`; None = no districts.
    """
    if assigned is None:
        return columns
    of_pair = np.repeat(rows, np.diff(columns.ptr))
    theirs = assigned[columns.home]
    keep = (theirs < 0) | (theirs == of_pair)
    kept = np.concatenate([[0], np.cumsum(keep)])
    return SparseColumns(kept[columns.ptr].astype(np.int64), columns.home[keep], columns.value[keep])
