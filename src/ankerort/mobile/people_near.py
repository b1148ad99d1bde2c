"""How many people stops reach: a person counts once, however many groups, services and stops are near."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.prepared import Prepared
from ankerort.region.model import Region

_OLD = 75
OLD_COLUMNS: tuple[str, ...] = tuple(name for name, first, _ in AGE_BANDS if first >= _OLD)


class PeopleNear:
    """Persons of the groups of a problem, counted once each.

    The groups of one service are parts of the people of a cell. People of two services in one cell overlap: the larger number counts.
    """

    def __init__(self, prepared: Prepared, region: Region, catalogue: Catalogue) -> None:
        need = prepared.need
        self._needs = prepared.problem.needs
        services = sorted(set(need.service))
        code = {s: k for k, s in enumerate(services)}
        self._service = np.array([code[s] for s in need.service], np.int64)
        self._services, self._cell = len(services), need.cell.astype(np.int64)
        self._persons = need.persons.astype(np.float64)
        self._old = np.zeros(len(self._persons))
        for people in sorted(set(need.people)):
            shares = catalogue.groups[people].band_shares if people in catalogue.groups else {}
            mine = np.array([p == people for p in need.people])
            for column in OLD_COLUMNS:
                self._old[mine] += region.cells[column].to_numpy(np.float64)[self._cell[mine]] * shares.get(column, 0.0)
        self._old = np.minimum(self._old, self._persons)

    def groups_of(self, stops: Iterable[int]) -> NDArray[np.int64]:
        """Groups within their walk of any of some stops, ascending."""
        needs = self._needs
        parts = [needs.group[needs.ptr[s] : needs.ptr[s + 1]] for s in stops]
        return np.unique(np.concatenate(parts)).astype(np.int64) if parts else np.zeros(0, np.int64)

    def persons(self, groups: NDArray[np.int64]) -> float:
        """Persons of some groups."""
        return self._once(self._persons, groups)

    def persons_share(self, share: NDArray[np.float64]) -> float:
        """Persons, where of each group only a share counts; float64 (groups,)."""
        return self._once(self._persons * share, np.flatnonzero(share > 0))

    def persons_75_plus_share(self, share: NDArray[np.float64]) -> float:
        """Persons of 75 and older, where of each group only a share counts; float64 (groups,)."""
        return self._once(self._old * share, np.flatnonzero(share > 0))

    def persons_75_plus(self, groups: NDArray[np.int64]) -> float:
        """Persons of 75 and older of some groups."""
        return self._once(self._old, groups)

    def _once(self, counted: NDArray[np.float64], groups: NDArray[np.int64]) -> float:
        if not len(groups):
            return 0.0
        cells, at = np.unique(self._cell[groups], return_inverse=True)
        by_service = np.zeros((len(cells), self._services))
        np.add.at(by_service, (at, self._service[groups]), counted[groups])
        return float(by_service.max(axis=1).sum())
