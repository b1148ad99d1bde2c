"""An anchor problem together with what its numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.problem import AnchorProblem, Limits, Objective
from ankerort.anchors.request import AnchorRequest
from ankerort.base.tables import Column, Schema

OFFER_INFO = Schema(
    "offer_info",
    (
        Column("facility_id", "str", "existing facility; empty = new"),
        Column("service", "str", "service that is there or opens"),
        Column("variant", "str", "id of the variant; empty = existing"),
        Column("building_id", "str", "building that it goes into; empty = none or priced as new"),
        Column("task", "str", "duty, voluntary, other"),
        Column("decides_by", "str", "who decides, as in the catalogue"),
        Column("record", "str", "id of the dated record of its cost"),
        Column("invest_once_low", "float64", "investment, low", "EUR once"),
        Column("invest_once_mid", "float64", "investment, mid", "EUR once"),
        Column("invest_once_high", "float64", "investment, high", "EUR once"),
        Column("invest_low", "float64", "annuity of the investment, low", "EUR per year"),
        Column("invest_mid", "float64", "annuity, mid", "EUR per year"),
        Column("invest_high", "float64", "annuity, high", "EUR per year"),
        Column("hours_week", "float64", "hours a week in a shared room; NaN = all week", "h"),
    ),
)


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
