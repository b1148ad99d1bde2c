"""The table of the nearest facility per cell, service and mode."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.region.model import Region
from ankerort.supply.schema import NEAREST
from ankerort.supply.service_status import ServiceStatus
from ankerort.supply.status import MODES, STATUS_NAMES


def nearest_table(
    region: Region, rows: NDArray[np.intp], estimated: Mapping[str, bool], statuses: Mapping[str, ServiceStatus]
) -> pd.DataFrame:
    """NEAREST: rows of all services, of the modes that say something, for the study cells.

    Parameters
    ----------
    rows
        Rows of the study cells in ``Region.cells``.
    estimated
        See `Reach`.
    statuses
        Per service; facilities are rows of ``region.facilities``.
    """
    made = _NearestTable(region, rows, estimated, tuple(statuses))
    for service, status in statuses.items():
        made.add(service, status)
    return made.table()


class _NearestTable:
    """Collects NEAREST rows; all parts share the same categories, so that joining them copies codes only."""

    def __init__(
        self, region: Region, rows: NDArray[np.intp], estimated: Mapping[str, bool], services: tuple[str, ...]
    ) -> None:
        self.rows = rows
        self.estimated = estimated
        self.cell = pd.Categorical(region.cells["cell_id"].to_numpy()[self.rows])
        self.facility = pd.CategoricalDtype(region.facilities["facility_id"].to_numpy())
        self.certainties = pd.CategoricalDtype(["certain", "probable"])
        self.certain = (region.facilities["certainty"] != "certain").to_numpy(np.int8)
        self.services = pd.CategoricalDtype(list(services))
        self.modes = pd.CategoricalDtype(list(MODES))
        self.statuses = pd.CategoricalDtype(list(STATUS_NAMES))
        self.parts: list[pd.DataFrame] = []

    def add(self, service: str, status: ServiceStatus) -> None:
        """Rows of one service, all modes that say something."""
        count = len(self.rows)
        for mode in MODES:
            one = status.modes[mode]
            facility = np.asarray(one.facility[self.rows])
            if not (facility >= 0).any() and one.status is None:
                continue
            certainty = np.where(facility >= 0, self.certain[facility] if len(self.certain) else 0, -1)
            code = one.status[self.rows] if one.status is not None else np.full(count, -1)
            self.parts.append(
                pd.DataFrame(
                    {
                        "cell_id": self.cell,
                        "service": _constant(service, self.services, count),
                        "mode": _constant(mode, self.modes, count),
                        "facility_id": pd.Categorical.from_codes(facility, dtype=self.facility),
                        "certainty": pd.Categorical.from_codes(certainty, dtype=self.certainties),
                        "minutes": one.minutes[self.rows],
                        "metres": one.metres[self.rows],
                        "bound": one.bound[self.rows],
                        "estimated": self.estimated["pt" if mode in ("pt", "pt_demand") else mode],
                        "status": pd.Categorical.from_codes(code, dtype=self.statuses),
                    }
                )
            )

    def table(self) -> pd.DataFrame:
        """All rows."""
        if not self.parts:
            return NEAREST.empty()
        return NEAREST.conform(pd.concat(self.parts, ignore_index=True))


def _constant(value: str, dtype: pd.CategoricalDtype, count: int) -> pd.Categorical:
    code = list(dtype.categories).index(value)
    return pd.Categorical.from_codes(np.full(count, code), dtype=dtype)
