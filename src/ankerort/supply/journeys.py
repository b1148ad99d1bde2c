"""Journeys of each cell to the facility that is nearest by public transport: what the balance prints beside the typical time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.reach.model import UNREACHED, NearestMode, PtKey, Reach
from ankerort.reach.public_transport import ERRANDS
from ankerort.supply.service_status import ServiceStatus, nearest_part

PT_MODES: tuple[tuple[NearestMode, bool], ...] = (("pt", False), ("pt_demand", True))


@dataclass(frozen=True)
class Journeys:
    """Fields of `PtColumns` for the nearest facility of one service, group all.

    `values`: (mode, name) -> int32 per cell, `UNREACHED` where undefined. Names: errand, waiting, first_arrival, last_return,
    departures. Empty where the service has no public-transport columns.
    """

    values: Mapping[tuple[NearestMode, str], NDArray[np.int32]]

    def value(self, mode: NearestMode, name: str) -> NDArray[np.float64] | None:
        """One field with NaN where it is undefined; None if there is none of any cell."""
        found = self.values.get((mode, name))
        if found is None:
            return None
        value = found.astype(np.float64)
        value[found < 0] = np.nan
        return value


def service_journeys(service: str, reach: Reach, status: ServiceStatus, cells: int) -> Journeys:
    """The journeys of one service.

    Parameters
    ----------
    cells
        Number of cells of the region.
    """
    chosen = np.flatnonzero((reach.targets["service"] == service).to_numpy(bool)[reach.pt_targets])
    row_of = reach.targets["row"].to_numpy(np.int32)[reach.pt_targets]
    values: dict[tuple[NearestMode, str], NDArray[np.int32]] = {}
    if not len(chosen):
        return Journeys(values)
    for mode, with_demand in PT_MODES:
        facility = status.modes[mode].facility
        for key, fields in (
            (PtKey(ERRANDS, "out", with_demand), {"errand": "typical_s"}),
            (
                PtKey("all", "out", with_demand),
                {"waiting": "waiting_median_s", "first_arrival": "clock_s", "departures": "departures"},
            ),
            (PtKey("all", "home", with_demand), {"last_return": "clock_s"}),
        ):
            columns = reach.pt.get(key) or reach.pt.get(key._replace(with_demand=False))
            if columns is None:
                continue
            out = {name: np.full(cells, UNREACHED, np.int32) for name in fields}
            for column in chosen:
                part = slice(columns.ptr[column], columns.ptr[column + 1])
                home = np.asarray(columns.home[part])
                mine = np.flatnonzero(facility[home] == row_of[column])
                for name, field in fields.items():
                    out[name][home[mine]] = getattr(columns, field)[part][mine]
            values |= {(mode, name): found for name, found in out.items()}
    return Journeys(values)


def union_journeys(parts: list[Journeys], statuses: list[ServiceStatus]) -> Journeys:
    """Journeys to the nearest of several services, the one that `union_status` takes."""
    if len(parts) == 1:
        return parts[0]
    values: dict[tuple[NearestMode, str], NDArray[np.int32]] = {}
    for mode, _ in PT_MODES:
        nearest = nearest_part([s.modes[mode] for s in statuses])
        for name in dict.fromkeys(n for part in parts for m, n in part.values if m == mode):
            nothing = np.full(len(nearest), UNREACHED, np.int32)
            stacked = np.stack([part.values.get((mode, name), nothing) for part in parts])
            values[mode, name] = stacked[nearest, np.arange(len(nearest))]
    return Journeys(values)
