"""One service over all cells: by each mode, without and with a car, for those under and over 65."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue, Group
from ankerort.reach.model import Certainty, Nearest, NearestMode, Reach
from ankerort.supply.status import MODES, ModeStatus, combine, mode_status

OLD_GROUP = "75_84"  # the stored group whose walk stands for everyone of 65 and older (see docs/method/supply.md)
OLD_AGE = 65


@dataclass(frozen=True)
class ServiceStatus:
    """Status of one service per cell; `modes_old` differs from `modes` in the walk of public transport and the speed by bike.

    `without_car`, `without_car_demand` (with Rufbus) and `with_car` are BEYOND, UNKNOWN, WITHIN or None without a standard.
    """

    modes: dict[NearestMode, ModeStatus]
    modes_old: dict[NearestMode, ModeStatus]
    without_car: dict[str, NDArray[np.int8] | None]
    without_car_demand: dict[str, NDArray[np.int8] | None]
    with_car: dict[str, NDArray[np.int8] | None]


def is_old(group: Group) -> bool:
    """Whether a group walks and cycles as those of 65 and older do."""
    return group.first_age >= OLD_AGE


def service_status(
    service_id: str,
    reach: Reach,
    catalogue: Catalogue,
    known_edge_m: NDArray[np.float64],
    nearest_old: dict[tuple[str, NearestMode, Certainty], Nearest],
) -> ServiceStatus:
    """All statuses of one service.

    Without a car: on foot, by public transport, and by bike for those under 65; with a car: these or the car. Help that drives
    to the home (direction ``from_facility``) reaches those without a car too.

    Parameters
    ----------
    known_edge_m
        See `Knowledge`.
    nearest_old
        Nearest by public transport for the group `OLD_GROUP`.
    """
    service = catalogue.services[service_id]
    modes = {m: mode_status(service, m, reach, catalogue, known_edge_m) for m in MODES}
    modes_old = modes | {"bike": mode_status(service, "bike", reach, catalogue, known_edge_m, old=True)}
    pt_modes: tuple[NearestMode, ...] = ("pt", "pt_demand")
    for mode in pt_modes:
        if (service_id, mode, "any") in nearest_old:
            modes_old[mode] = mode_status(
                service,
                mode,
                reach,
                catalogue,
                known_edge_m,
                nearest=nearest_old[service_id, mode, "any"],
                nearest_certain=nearest_old[service_id, mode, "certain"],
            )
    foot_demand: NDArray[np.int8] | None = None
    if (service_id, "foot_demand", "any") in reach.nearest:
        booked_too = reach.nearest[service_id, "foot_demand", "any"]
        foot_demand = mode_status(
            service, "foot", reach, catalogue, known_edge_m, nearest=booked_too, nearest_certain=booked_too
        ).status
    without: dict[str, NDArray[np.int8] | None] = {}
    without_demand: dict[str, NDArray[np.int8] | None] = {}
    with_car: dict[str, NDArray[np.int8] | None] = {}
    for age, table in (("young", modes), ("old", modes_old)):
        on_own: tuple[NearestMode, ...] = ("foot", "bike") if age == "young" else ("foot",)
        if service.direction == "from_facility":
            on_own = (*on_own, "car")
        without[age] = _combined(table, (*on_own, "pt"), len(known_edge_m))
        without_demand[age] = _combined(table, (*on_own, "pt", "pt_demand"), len(known_edge_m), foot_demand)
        with_car[age] = _combined(table, (*on_own, "pt", "car"), len(known_edge_m))
    return ServiceStatus(modes, modes_old, without, without_demand, with_car)


def _combined(
    table: dict[NearestMode, ModeStatus],
    modes: tuple[NearestMode, ...],
    cells: int,
    more: NDArray[np.int8] | None = None,
) -> NDArray[np.int8] | None:
    parts = [status for m in modes if (status := table[m].status) is not None]
    if more is not None:
        parts.append(more)
    return combine(parts, cells)


def union_status(parts: list[ServiceStatus]) -> ServiceStatus:
    """Status of a function that any of several services fulfils: the nearest of all, within if any is within.

    Beyond only where all are beyond; a service without a standard for a mode says nothing about it.
    """
    if len(parts) == 1:
        return parts[0]
    cells = len(parts[0].modes["foot"].minutes)

    def of_tables(tables: list[dict[NearestMode, ModeStatus]]) -> dict[NearestMode, ModeStatus]:
        return {mode: _union_mode([t[mode] for t in tables], cells) for mode in MODES}

    def of_ages(tables: list[dict[str, NDArray[np.int8] | None]]) -> dict[str, NDArray[np.int8] | None]:
        return {age: combine([f for t in tables if (f := t[age]) is not None], cells) for age in ("young", "old")}

    return ServiceStatus(
        of_tables([p.modes for p in parts]),
        of_tables([p.modes_old for p in parts]),
        of_ages([p.without_car for p in parts]),
        of_ages([p.without_car_demand for p in parts]),
        of_ages([p.with_car for p in parts]),
    )


def nearest_part(parts: list[ModeStatus]) -> NDArray[np.intp]:
    """Per cell the part with the smallest minutes, of equals the first."""
    return np.argmin(np.stack([np.where(np.isnan(p.minutes), np.inf, p.minutes) for p in parts]), axis=0)


def _union_mode(parts: list[ModeStatus], cells: int) -> ModeStatus:
    nearest = nearest_part(parts)
    cell = np.arange(cells)

    def pick(values: list[NDArray]) -> NDArray:
        return np.stack(values)[nearest, cell]

    limits = [p.limit for p in parts if p.limit is not None]
    return ModeStatus(
        limit=max(limits) if limits else None,
        status=combine([p.status for p in parts if p.status is not None], cells),
        minutes=pick([p.minutes for p in parts]),
        metres=pick([p.metres for p in parts]),
        facility=pick([p.facility for p in parts]),
        bound=pick([p.bound for p in parts]),
    )
