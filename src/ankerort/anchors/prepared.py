"""An anchor problem together with what its numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.problem import AnchorProblem, Limits, Objective
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.schema import OFFER_INFO

__all__ = ["OFFER_INFO", "Prepared"]


@dataclass(frozen=True)
class Prepared:
    """A problem, and what its rows are.

    Parameters
    ----------
    problem, objective, limits
        In numbers.
    request
        As asked.
    place_ids
        Per candidate place its place_id.
    area_ids
        Per area of the demand its municipality key.
    offers
        OFFER_INFO, one row per offer (row number = offer).
    bundle_ids
        Per bundle the id of its record.
    demand_cell, demand_kind
        Per demand row its row in ``Region.cells`` and its kind of people (young or old, without or with a car).
    left_out
        PLAN_LEFT_OUT.
    unknown_persons
        Per function of the problem the persons of the study area whose supply is not known: they count neither as served nor as a gap.
    too_small, beyond_most
        Places that are no candidates: too few inhabitants, and after the most that take part.
    no_centre
        Ids of places that are large enough but have no centre in the data or are the rest of a municipality: they are not tried.
    too_little
        Candidate places that hold too little of a core today, alone and with every neighbour, to be tried as an anchor.
    """

    problem: AnchorProblem
    objective: Objective
    limits: Limits
    request: AnchorRequest
    place_ids: tuple[str, ...]
    area_ids: tuple[str, ...]
    offers: pd.DataFrame = field(repr=False)
    bundle_ids: tuple[str, ...]
    demand_cell: NDArray[np.int32] = field(repr=False)
    demand_kind: NDArray[np.int8] = field(repr=False)
    left_out: pd.DataFrame = field(repr=False)
    unknown_persons: tuple[float, ...] = ()
    too_small: int = 0
    beyond_most: int = 0
    no_centre: tuple[str, ...] = ()
    too_little: int = 0
