"""Where one more shop or practice would find enough people beside those that are there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.anchors.build_demand import People
from ankerort.anchors.build_sites import FAR, dense
from ankerort.anchors.place_travel import place_targets
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.status import standard_limit


class Market:
    """Persons and facilities within the drive of a service's standard around each candidate place.

    Of n facilities there, one more finds room if (n + 1) times its least catchment is at most the persons of the service's groups there.
    The drive of a facility is that of the inhabited cell next to it.

    Parameters
    ----------
    places
        Rows of ``Region.places``.
    """

    def __init__(
        self, region: Region, reach: Reach, catalogue: Catalogue, people: People, places: NDArray[np.int32]
    ) -> None:
        self._region, self._catalogue, self._people = region, catalogue, people
        self._drives = dense(reach.car, reach.car.value, place_targets(reach, places), len(region.cells))
        cells = region.cells
        self._lived_in = np.flatnonzero((cells["persons"] > 0).to_numpy(bool))
        self._tree = cKDTree(cells[["x", "y"]].to_numpy(float)[self._lived_in]) if len(self._lived_in) else None
        self._seen: dict[tuple[tuple[str, ...], str], tuple[NDArray[np.float64], NDArray[np.int64]]] = {}

    def room(self, services: tuple[str, ...], service: str, least_persons: float, place: int) -> bool:
        """Whether one more facility of `service` finds `least_persons` beside those of `services` around a place.

        True where the service has no standard for the car: then nobody says how far people drive to it.
        """
        if standard_limit(self._catalogue.services[service], "car", self._catalogue) is None or self._tree is None:
            return True
        key = (services, service)
        if key not in self._seen:
            self._seen[key] = self._around(services, service)
        persons, facilities = self._seen[key]
        return bool(least_persons * (facilities[place] + 1) <= persons[place] * (1 + 1e-9))

    def _around(self, services: tuple[str, ...], service: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        limit_s = standard_limit(self._catalogue.services[service], "car", self._catalogue)
        near = (self._drives != FAR) & (self._drives <= (limit_s or 0.0))
        groups = tuple(dict.fromkeys(g for s in services for g in self._catalogue.services[s].demand_groups))
        persons = near @ self._people.by_kind(groups).sum(axis=0)
        facilities = self._region.facilities
        counts = (
            (facilities["state"] == "open") & (facilities["merged_into"] == "") & facilities["service"].isin(services)
        )
        at = facilities.loc[counts, ["x", "y"]].to_numpy(float)
        assert self._tree is not None
        cell = self._lived_in[self._tree.query(at)[1]] if len(at) else np.empty(0, np.int64)
        return persons, near[:, cell].sum(axis=1).astype(np.int64)
