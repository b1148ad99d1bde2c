"""Each cell against each standard: within, beyond, or not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue, Service, StandardMode
from ankerort.reach.assigned import edge_of
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

    `limit` metres (foot, bike) or seconds, None without a standard; `status` BEYOND, UNKNOWN or WITHIN, None without a
    standard; `minutes`, `metres` of the nearest (NaN = none found); `facility` row in Region.facilities or -1; `bound` True where
    a nearer one may lie beyond the edge of the data.
    """

    limit: float | None
    status: NDArray[np.int8] | None
    minutes: NDArray[np.float64]
    metres: NDArray[np.float64]
    facility: NDArray[np.int32]
    bound: NDArray[np.bool_]


def mode_speed_ms(mode: NearestMode, catalogue: Catalogue, *, old: bool = False) -> float:
    """Metres per second that turn a stored distance on foot or by bike into time, under or over 65."""
    if mode == "foot":
        return catalogue.value("walk_speed.65_74" if old else "walk_speed.all")
    return catalogue.value("bike_speed.65_plus" if old else "bike_speed.all") / 3.6


def standard_limit(service: Service, mode: NearestMode, catalogue: Catalogue, *, old: bool = False) -> float | None:
    """The service's minimum standard in the unit of the mode's column: metres (foot, bike) or seconds; None if there is none.

    A standard by bike is in minutes; it becomes metres by the cycling speed of those under or over 65 (`old`).
    """
    standard = service.standards.get(STANDARD_MODE[mode])
    if standard is None:
        return None
    value = standard.minimum.value
    if mode == "foot":
        return value
    if mode == "bike":
        return value * 60.0 * mode_speed_ms("bike", catalogue, old=old)
    return value * 60.0


def search_limit(mode: NearestMode, catalogue: Catalogue) -> float:
    """How far the nearest is searched: metres (foot, bike) or seconds; beyond it "none found" says nothing."""
    if mode in ("foot", "bike"):
        return catalogue.value(f"search_limit.{mode}_m")
    return catalogue.value("search_limit.car_s") if mode == "car" else catalogue.value("pt.max_journey_min") * 60.0


def mode_status(
    service: Service,
    mode: NearestMode,
    reach: Reach,
    catalogue: Catalogue,
    known_edge_m: NDArray[np.float64],
    *,
    old: bool = False,
    nearest: Nearest | None = None,
    nearest_certain: Nearest | None = None,
) -> ModeStatus:
    """Compare the nearest facility of each cell with the standard.

    Within: a certain facility lies within the limit. Beyond: none does, and wherever one could be that is within the limit,
    absence is known. Otherwise unknown (also where only a probable facility lies within, where the cell is not joined to the
    mode's streets, and where the limit is longer than the search).

    Parameters
    ----------
    known_edge_m
        Per cell metres to the edge of the area in which absence is known, see `Knowledge`.
    old
        Cycling speed of those of 65 and older.
    nearest, nearest_certain
        Other columns than the stored ones (another group).
    """
    cells = len(known_edge_m)
    key = service.id
    any_nearest = nearest or reach.nearest.get((key, mode, "any"))
    certain = nearest_certain or reach.nearest.get((key, mode, "certain"))
    nothing = np.full(cells, -1, dtype=np.int32)
    value = (any_nearest.value if any_nearest else nothing).astype(np.float64)
    value_certain = (certain.value if certain else nothing).astype(np.float64)
    facility = any_nearest.facility if any_nearest else nothing
    known = reach.cell_known["pt" if mode in ("pt", "pt_demand") else mode]
    value[(value < 0) | ~known] = np.nan
    value_certain[(value_certain < 0) | ~known] = np.nan
    minutes, metres = to_minutes(value, mode, catalogue, old=old)
    found = ~np.isnan(value)
    # help that drives to the home does not look for a space, see `ankerort.reach.street_columns.parking_s`
    parked_s = 0.0 if service.direction == "from_facility" else catalogue.value("car_park_s")
    bound = found & (edge_of(reach, key) < straight_radius_m(value, mode, catalogue, parked_s=parked_s))
    limit = standard_limit(service, mode, catalogue, old=old)
    status: NDArray[np.int8] | None = None
    if limit is not None:
        status = np.full(cells, UNKNOWN, dtype=np.int8)
        ruled_out = known_edge_m >= straight_radius_m(np.full(cells, limit), mode, catalogue, parked_s=parked_s)
        too_far = value > limit if limit > search_limit(mode, catalogue) else ~(value <= limit)
        # near a hollow timetable a missing journey may only be missing in the data
        whole = reach.cell_known.get("pt_whole", known) if mode in ("pt", "pt_demand") else known
        status[known & whole & too_far & ruled_out] = BEYOND
        status[known & (value_certain <= limit)] = WITHIN
    return ModeStatus(limit, status, minutes, metres, np.where(found, facility, -1), bound)


def to_minutes(
    value: NDArray[np.float64], mode: NearestMode, catalogue: Catalogue, *, old: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Minutes and, on foot and by bike, metres of a stored value (metres or seconds)."""
    if mode in ("foot", "bike"):
        return value / mode_speed_ms(mode, catalogue, old=old) / 60.0, value
    return value / 60.0, np.full(len(value), np.nan)


def straight_radius_m(
    value: NDArray[np.float64], mode: NearestMode, catalogue: Catalogue, *, parked_s: float
) -> NDArray[np.float64]:
    """How far, in a straight line, a facility with this value can be at most (metres).

    Figures ``bound.car_kmh`` and ``bound.pt_kmh``; a car moves for its value without the parking in it (`parked_s`).
    """
    if mode in ("foot", "bike"):
        return value
    if mode == "car":
        return np.maximum(value - parked_s, 0) * catalogue.value("bound.car_kmh") / 3.6
    return value * catalogue.value("bound.pt_kmh") / 3.6


def combine(parts: list[NDArray[np.int8]], cells: int) -> NDArray[np.int8] | None:
    """Any way within -> within; else any unknown -> unknown; else beyond. None if there is no part."""
    if not parts:
        return None
    return np.max(np.stack(parts), axis=0).astype(np.int8)
