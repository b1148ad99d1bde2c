"""Whether a function's people are served, unserved or not known: the statuses of the balance, with a way home."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.build_demand import OLD, YOUNG
from ankerort.anchors.build_sites import ServiceSites
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import NearestMode
from ankerort.supply.parts import SupplyParts
from ankerort.supply.status import BEYOND, UNKNOWN, WITHIN, combine, standard_limit, straight_radius_m


def function_status(
    services: tuple[str, ...], sites: Mapping[str, ServiceSites], parts: SupplyParts, catalogue: Catalogue
) -> tuple[NDArray[np.int8] | None, ...]:
    """Status of each cell per kind of people (young, old, young with car, old with car); None without any standard.

    The status of the balance (`ServiceStatus`, without booked trips), of several services the best. Where only public transport leads
    there and no certain facility within the standard has a way home, the way by public transport is beyond the standard, or unknown
    where another facility may be there.
    """
    return tuple(_of_kind(kind, services, sites, parts, catalogue) for kind in range(4))


def _of_kind(
    kind: int,
    services: tuple[str, ...],
    sites: Mapping[str, ServiceSites],
    parts: SupplyParts,
    catalogue: Catalogue,
) -> NDArray[np.int8] | None:
    age, with_car = kind % 2, kind >= 2
    found: list[NDArray[np.int8]] = []
    cells = 0
    for service_id in services:
        status = parts.status(service_id)
        table = status.modes_old if age == OLD else status.modes
        modes: list[NearestMode] = ["foot"]
        if age == YOUNG:
            modes.append("bike")
        if with_car or catalogue.services[service_id].direction == "from_facility":
            modes.append("car")
        for mode in modes:
            if (one := table[mode].status) is not None:
                found.append(one)
        if (by_pt := table["pt"].status) is not None:
            found.append(_with_way_home(by_pt, service_id, age, sites[service_id], parts, catalogue))
        cells = len(table["foot"].minutes)
    return combine(found, cells)


def _with_way_home(
    status: NDArray[np.int8],
    service_id: str,
    age: int,
    sites: ServiceSites,
    parts: SupplyParts,
    catalogue: Catalogue,
) -> NDArray[np.int8]:
    if not sites.there_and_back:
        return status
    lost = (status == WITHIN) & ~sites.pt_within(sites.certain, age)
    if not lost.any():
        return status
    limit = standard_limit(catalogue.services[service_id], "pt", catalogue)
    radius_m = straight_radius_m(np.array([limit or 0.0]), "pt", catalogue, parked_s=0.0)[0]
    ruled_out = parts.service(service_id).knowledge.edge_m >= radius_m
    settled = ruled_out & ~sites.pt_within(sites.probable, age)
    out = status.copy()
    out[lost] = np.where(settled[lost], BEYOND, UNKNOWN)
    return out
