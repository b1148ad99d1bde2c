"""Order of cells by value within each area of all levels, for weighted quantiles of many values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.supply.areas import AreaIndex


class AreaOrder:
    """Gives what `quantile_order` gives, faster: cells are sorted once by value and then only dealt out to their areas."""

    def __init__(self, areas: AreaIndex) -> None:
        self._areas = areas
        count = len(areas.rows)
        levels = len(areas.levels)
        # entry of each cell at each level, -1 where the cell belongs to no area of the level
        self._entry = np.full((levels, count), -1, np.int64)
        first = 0
        for k, level in enumerate(areas.levels):
            has = np.flatnonzero(level.of_cell >= 0)
            self._entry[k, has] = first + np.arange(len(has))
            first += len(has)
        # numbers of 16 bits are sorted by counting
        self._dtype = np.uint16 if areas.count <= np.iinfo(np.uint16).max else np.int32

    def by_area(self, value: NDArray[np.float64]) -> NDArray[np.intp]:
        """Entries of ``AreaIndex.cell`` and ``area`` sorted by area, then value; NaN last in each area.

        Parameters
        ----------
        value
            Shape (study cells,).
        """
        cells = np.argsort(value, kind="stable")
        parts: list[NDArray[np.intp]] = []
        for entry in self._entry:
            mine = entry[cells]
            mine = mine[mine >= 0]
            area = self._areas.area[mine].astype(self._dtype)
            parts.append(mine[np.argsort(area, kind="stable")])
        return np.concatenate(parts)
