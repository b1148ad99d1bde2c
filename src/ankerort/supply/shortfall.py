"""How far beyond a standard people live: per cell, and summed by area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ankerort.supply.areas import AreaIndex
from ankerort.supply.status import BEYOND, UNKNOWN, WITHIN

# columns of the weights that are summed by area
PERSONS, WITHIN_LOW, WITHIN_HIGH, NEAR_LOW, NEAR_HIGH, SHORT, WITH_VALUE, GAP, GAP_SQUARED = range(9)
RECORDED, RECORDED_SHORT, RECORDED_GAP, RECORDED_GAP_SQUARED, EXCESS, RECORDED_EXCESS = range(9, 15)
EXCESSES = slice(EXCESS, RECORDED_EXCESS + 1)
_COLUMNS = 15
# a sum of parts may miss the whole by a rounding error
_ROUNDING = 1e-9


@dataclass(frozen=True)
class CellShortfall:
    """One way of reaching a service against its limit, per study cell.

    `status` BEYOND, UNKNOWN, WITHIN; `gap` (x - z)/z of the nearest known, at the end of the search where there is none; `excess` what
    it is over the limit (minutes, on foot metres); `has_value` False where none was found.
    """

    status: NDArray[np.int8]
    gap: NDArray[np.float64]
    excess: NDArray[np.float64]
    has_value: NDArray[np.bool_]


def cell_shortfall(
    status: NDArray[np.int8],
    value: NDArray[np.float64],
    *,
    limit: float,
    search_limit: float,
    excess_per_unit: float,
) -> CellShortfall:
    """Compare values with a limit, both in the same unit.

    Parameters
    ----------
    value
        NaN = none within `search_limit`; such a cell gets the gap of the search limit, a lower bound.
    excess_per_unit
        What one unit over the limit counts as (1/60 turns seconds into minutes).
    """
    has = ~np.isnan(value)
    over = np.where(has, value, max(search_limit, limit)) - limit
    return CellShortfall(status, over / limit, over * excess_per_unit, has)


def joined_shortfall(parts: Sequence[CellShortfall], status: NDArray[np.int8]) -> CellShortfall:
    """Several ways of which one suffices: the one with the smallest relative gap counts, of equals the first."""
    least = np.argmin(np.stack([p.gap for p in parts]), axis=0)
    cell = np.arange(len(status))
    return CellShortfall(
        status,
        np.stack([p.gap for p in parts])[least, cell],
        np.stack([p.excess for p in parts])[least, cell],
        np.stack([p.has_value for p in parts])[least, cell],
    )


def weights(cells: CellShortfall, near_share: float) -> NDArray[np.float64]:
    """What each person of a cell adds to the sums of its areas; shape (cells, 15)."""
    beyond = cells.status == BEYOND
    near = (cells.gap > 0) & (cells.gap <= near_share) & cells.has_value
    gap = np.where(beyond, cells.gap, 0.0)
    valued = beyond & cells.has_value
    # as if nothing existed but what is recorded; a probable facility within the limit leaves no gap
    recorded = beyond | ((cells.status == UNKNOWN) & cells.has_value & (cells.gap > 0))
    recorded_gap = np.where(recorded, cells.gap, 0.0)
    recorded_valued = recorded & cells.has_value
    out = np.empty((len(cells.status), _COLUMNS))
    out[:, PERSONS] = 1.0
    out[:, WITHIN_LOW] = cells.status == WITHIN
    out[:, WITHIN_HIGH] = cells.status >= UNKNOWN
    out[:, NEAR_LOW] = beyond & near
    out[:, NEAR_HIGH] = near & (cells.status != WITHIN)
    out[:, SHORT] = beyond
    out[:, WITH_VALUE] = valued
    out[:, GAP] = gap
    out[:, GAP_SQUARED] = gap * gap
    out[:, RECORDED] = (cells.status != UNKNOWN) | cells.has_value
    out[:, RECORDED_SHORT] = recorded_valued
    out[:, RECORDED_GAP] = recorded_gap
    out[:, RECORDED_GAP_SQUARED] = recorded_gap * recorded_gap
    out[:, EXCESS] = np.where(valued, cells.excess, 0.0)
    out[:, RECORDED_EXCESS] = np.where(recorded_valued, cells.excess, 0.0)
    return out


def nobody_within(cells: int) -> NDArray[np.float64]:
    """Weights of an age for which the set has no limit at all: short, without minutes (as in area_service)."""
    out = np.zeros((cells, _COLUMNS))
    out[:, PERSONS] = out[:, SHORT] = out[:, RECORDED] = 1.0
    return out


class AreaSums:
    """Sums of weights over the study cells of every area of all levels."""

    def __init__(self, index: AreaIndex) -> None:
        ones = np.ones(len(index.cell))
        self._matrix = csr_array((ones, (index.area, index.cell)), shape=(index.count, len(index.rows)))

    def of(self, persons: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (areas, 15): persons x weight, summed."""
        return np.asarray(self._matrix @ (persons[:, None] * weight))


def statement_numbers(sums: NDArray[np.float64], required_share: float) -> dict[str, NDArray[np.float64]]:
    """The columns of a statement from the sums of its areas.

    FGT_a = (1/P) sum over those beyond of P_i ((x_i - z)/z)^a (Foster, Greer, Thorbecke 1984), P all persons of the area. Known: those
    known to be beyond. Recorded: also those of whom it is not known, at their nearest recorded facility, over all that have one.
    """
    persons = sums[:, PERSONS]
    low, short = np.minimum(sums[:, WITHIN_LOW], persons), np.minimum(sums[:, SHORT], persons)
    high = np.minimum(sums[:, WITHIN_HIGH], persons)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "persons": persons,
            "within_low": low,
            "within_high": high,
            "near_low": sums[:, NEAR_LOW],
            "near_high": sums[:, NEAR_HIGH],
            "short_low": short,
            "short_high": persons - low,
            "no_value": np.maximum(short - sums[:, WITH_VALUE], 0.0),
            "mean_shortfall_min": sums[:, EXCESS] / sums[:, WITH_VALUE],
            "recorded_shortfall_min": sums[:, RECORDED_EXCESS] / sums[:, RECORDED_SHORT],
            "fgt0_low": short / persons,
            "fgt0_high": (persons - low) / persons,
            "fgt1": sums[:, GAP] / persons,
            "fgt1_recorded": sums[:, RECORDED_GAP] / sums[:, RECORDED],
            "fgt2": sums[:, GAP_SQUARED] / persons,
            "fgt2_recorded": sums[:, RECORDED_GAP_SQUARED] / sums[:, RECORDED],
            "margin_low": low / persons - required_share,
            "margin_high": high / persons - required_share,
        }


def verdict(
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    high_with_near: NDArray[np.float64],
    required: NDArray[np.float64] | float,
) -> NDArray[np.object_]:
    """yes, unknown, near or no: whether bounds reach what is required, and whether those a little over would do.

    Known enough -> yes; else what is unknown could make it up -> unknown; else those a little over the limit could -> near;
    else no.
    """
    least = np.asarray(required) * (1 - _ROUNDING)
    out = np.full(len(low), "no", dtype=object)
    out[high_with_near >= least] = "near"
    out[high >= least] = "unknown"
    out[low >= least] = "yes"
    return out
