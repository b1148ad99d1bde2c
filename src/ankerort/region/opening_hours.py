"""Opening hours: the only home of the library that reads OSM's opening_hours syntax."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class OpeningBasis(IntEnum):
    """Whence the opening hours of a facility come."""

    GIVEN = 0  # the facility's own
    USUAL = 1  # the service's default hours ("übliche Zeiten angenommen")
    NONE = 2  # neither is known (by arrangement, season): the whole day counts


@dataclass(frozen=True)
class OpenWindows:
    """When each facility is open on one day.

    Parameters
    ----------
    ptr
        int64, shape (facilities + 1,): windows of facility `k` are rows ``ptr[k]:ptr[k+1]``, none if it is closed on the day.
    start_s, end_s
        int32 seconds after midnight, ascending, not overlapping; the end may lie after midnight (over 86,400).
    basis
        int8 `OpeningBasis` per facility.
    """

    ptr: NDArray[np.int64]
    start_s: NDArray[np.int32]
    end_s: NDArray[np.int32]
    basis: NDArray[np.int8]
