"""Each cell against each standard: within, beyond, or not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue, Service, StandardMode
from ankerort.reach.model import Nearest, NearestMode, Reach

MODES: tuple[NearestMode, ...] = ("foot", "bike", "car", "pt", "pt_demand")
STANDARD_MODE: dict[NearestMode, StandardMode] = {
    "foot": "walk",
    "bike": "bike",
    "car": "car",
    "pt": "pt",
    "pt_demand": "pt",
}
BEYOND, UNKNOWN, WITHIN = 0, 1, 2
STATUS_NAMES = np.array(["beyond", "unknown", "within"])


@dataclass(frozen=True)
class ModeStatus:
    """One service by one mode, per cell.

    `limit` metres (foot) or seconds, None without a standard; `status` BEYOND, UNKNOWN or WITHIN, None without a standard;
    `minutes`, `metres` of the nearest (NaN = none found); `facility` row in Region.facilities or -1; `bound` True where a nearer one may
    lie beyond the edge of the data.
    """

    limit: float | None
    status: NDArray[np.int8] | None
    minutes: NDArray[np.float64]
    metres: NDArray[np.float64]
    facility: NDArray[np.int32]
    bound: NDArray[np.bool_]


def standard_limit(service: Service, mode: NearestMode) -> float | None:
    """The service's minimum standard for a mode: metres (foot) or seconds; None if there is none."""
    standard = service.standards.get(STANDARD_MODE[mode])
    if standard is None:
        return None
    value = standard.minimum.value
    return value if mode == "foot" else value * 60.0


def mode_status(
    service: Service,
    mode: NearestMode,
    reach: Reach,
    catalogue: Catalogue,
    absence_known: NDArray[np.bool_],
    *,
    nearest: Nearest | None = None,
    nearest_certain: Nearest | None = None,
) -> ModeStatus:
    """Compare the nearest facility of each cell with the standard.

    Within: a certain facility lies within the limit. Beyond: none does, absence is known there, and the search radius of the
    limit stays inside the data's footprint. Otherwise unknown (also where only a probable facility lies within, and where the
    cell is not joined to the mode's streets).

    Parameters
    ----------
    absence_known
        Per cell, see `Knowledge`.
    nearest, nearest_certain
        Other columns than the stored ones (another group).
    """
    cells = len(absence_known)
    key = service.id
    any_nearest = nearest or reach.nearest.get((key, mode, "any"))
    certain = nearest_certain or reach.nearest.get((key, mode, "certain"))
    nothing = np.full(cells, -1, dtype=np.int32)
    value = (any_nearest.value if any_nearest else nothing).astype(np.float64)
    value_certain = (certain.value if certain else nothing).astype(np.float64)
    facility = any_nearest.facility if any_nearest else nothing
    value[value < 0] = np.nan
    value_certain[value_certain < 0] = np.nan
    known = reach.cell_known["pt" if mode in ("pt", "pt_demand") else mode]
    value[~known] = np.nan
    value_certain[~known] = np.nan
    minutes, metres = to_minutes(value, mode, catalogue)
    edge = reach.edge_m[key]
    with np.errstate(invalid="ignore"):
        bound = ~np.isnan(value) & (edge < straight_radius_m(value, mode, catalogue)) & ~absence_known
        limit = standard_limit(service, mode)
        status: NDArray[np.int8] | None = None
        if limit is not None:
            status = np.full(cells, UNKNOWN, dtype=np.int8)
            inside = edge >= straight_radius_m(np.full(cells, limit), mode, catalogue)
            none_near = ~(value <= limit)
            status[known & none_near & absence_known & inside] = BEYOND
            status[known & (value_certain <= limit)] = WITHIN
    return ModeStatus(limit, status, minutes, metres, np.where(np.isnan(value), -1, facility), bound)


def to_minutes(
    value: NDArray[np.float64], mode: NearestMode, catalogue: Catalogue
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Minutes and, on foot and by bike, metres of a stored value (metres or seconds)."""
    if mode == "foot":
        return value / catalogue.value("walk_speed.all") / 60.0, value
    if mode == "bike":
        return value / (catalogue.value("bike_speed.all") / 3.6) / 60.0, value
    return value / 60.0, np.full(len(value), np.nan)


def straight_radius_m(value: NDArray[np.float64], mode: NearestMode, catalogue: Catalogue) -> NDArray[np.float64]:
    """How far, in a straight line, a facility with this value can be at most (metres)."""
    if mode in ("foot", "bike"):
        return value
    if mode == "car":
        moving = np.maximum(value - catalogue.value("car_park_s"), 0)
        return moving * catalogue.value("bound.car_kmh") / 3.6
    return value * catalogue.value("bound.pt_kmh") / 3.6


def combine(parts: list[NDArray[np.int8]], cells: int) -> NDArray[np.int8] | None:
    """Any way within -> within; else any unknown -> unknown; else beyond. None if there is no part."""
    if not parts:
        return None
    return np.max(np.stack(parts), axis=0).astype(np.int8)
