"""How far people have to the nearest fixed office of a service today."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Reach
from ankerort.region.model import Region


def office_metres(
    region: Region, reach: Reach, catalogue: Catalogue, services: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Metres from each cell to the office that is nearest by car: straight line times the detour figure.

    Returns
    -------
    dict
        Mobile service -> float64 (cells,); NaN where no office is known within the search limit.
    """
    detour = catalogue.value("detour.car")
    x, y = (region.cells[c].to_numpy(np.float64) for c in ("x", "y"))
    fx, fy = (region.facilities[c].to_numpy(np.float64) for c in ("x", "y"))
    found = {}
    for mobile in services:
        nearest = reach.nearest.get((catalogue.mobile.services[mobile].service, "car", "any"))
        metres = np.full(len(x), np.nan)
        if nearest is not None:
            known = nearest.facility >= 0
            row = nearest.facility[known]
            metres[known] = np.hypot(x[known] - fx[row], y[known] - fy[row]) * detour
        found[mobile] = metres
    return found
