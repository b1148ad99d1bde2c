"""Single homes and targets behind the figures of a place."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns
from ankerort.supply.weighted import weighted_quantiles


def median_cell(cells: NDArray[np.intp], value: NDArray[np.float64], persons: NDArray[np.float64]) -> int | None:
    """The cell of the median person, as the tables count it; None where that person has no value, or nobody lives there.

    Parameters
    ----------
    cells
        Rows of ``Region.cells``.
    value, persons
        Of these cells; NaN = no value, farther than all others.
    """
    middle = weighted_quantiles(np.zeros(len(cells), np.int32), 1, value, persons, (0.5,), missing_is_far=True)[0, 0]
    if np.isnan(middle):
        return None
    return int(cells[np.flatnonzero((value == middle) & (persons > 0))[0]])


def position(frame: pd.DataFrame, row: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres east and north of one row, shape (1,) each."""
    one = frame.iloc[row]
    return np.array([float(one["x"])]), np.array([float(one["y"])])


def stops_of_one_home(columns: SparseColumns) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """One column per stop with a single home, turned round: the stops and their metres."""
    stops = np.flatnonzero(np.diff(columns.ptr)).astype(np.int32)
    return stops, np.asarray(columns.value, dtype=np.int32)
