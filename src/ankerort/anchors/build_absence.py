"""Where it is known that a place has nothing of a function: what nobody recorded may still be there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ankerort.region.model import Region
from ankerort.supply.parts import SupplyParts

_MOST = 0.5


class Absence:
    """Where it is known that a place has nothing of a function.

    Parameters
    ----------
    region, parts
        Cells and what is known about absence there.
    places
        Rows of ``Region.places``.
    assumed
        What is not recorded counts as not there (`AnchorRequest.assume_complete`).
    """

    def __init__(self, region: Region, parts: SupplyParts, places: NDArray[np.int32], *, assumed: bool) -> None:
        self._parts, self._assumed = parts, assumed
        number = {p: k for k, p in enumerate(region.places["place_id"].iloc[places])}
        cells = region.cells[["place_id", "persons"]]
        self._cell = np.flatnonzero(cells["place_id"].isin(number).to_numpy(bool))
        self._place = cells["place_id"].iloc[self._cell].map(number).to_numpy(np.int64)
        self._persons = np.maximum(cells["persons"].to_numpy(float)[self._cell], 1e-9)
        self._count = len(places)
        self._known: dict[tuple[str, ...], NDArray[np.bool_]] = {}

    def known(self, services: tuple[str, ...], place: int) -> bool:
        """Whether the absence of all services is known for most people of a place."""
        if self._assumed:
            return True
        if services not in self._known:
            known = np.ones(len(self._cell), bool)
            for service in services:
                known &= self._parts.service(service).knowledge.absence_known[self._cell]
            of_all = np.bincount(self._place, self._persons, self._count)
            of_known = np.bincount(self._place, self._persons * known, self._count)
            self._known[services] = of_known > _MOST * of_all
        return bool(self._known[services][place])
