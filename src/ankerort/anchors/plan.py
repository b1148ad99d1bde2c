"""The noun `AnchorPlan`: a proposal with cost, effect, proof and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ankerort.anchors.request import AnchorRequest

_CENT = 0.01


@dataclass(frozen=True)
class Proof:
    """How good a plan is: `Solution` without the decision; ``relaxed`` = the bound is that of the relaxation."""

    value: float
    bound: float
    gap: float
    seconds: float
    seed: int
    status: str
    relaxed: bool


@dataclass(frozen=True)
class RoomsShort:
    """A place whose buildings do not suffice for all that opens there.

    Parameters
    ----------
    place_id
        The place.
    variants
        Ways of provision that stand in other or new rooms than each would alone.
    more_low, more_mid, more_high
        What they cost more than alone, EUR per year.
    """

    place_id: str
    variants: tuple[str, ...]
    more_low: float
    more_mid: float
    more_high: float


@dataclass(frozen=True)
class AnchorPlan:
    """A proposal for anchor places and what is bundled there.

    Parameters
    ----------
    name
        As printed.
    region
        Name of the region.
    data_day
        Newest day of the data (ISO).
    request
        What was asked.
    proof
        How good it is.
    anchors, functions, costs, cases, left_out, front, robust
        Tables declared in `ankerort.anchors.schema`; front and robust are empty where they were not asked for.
    record
        What is needed to get the same plan again: key of the supply, hash of the catalogue, version.
    rooms_short
        Places whose buildings do not suffice for all that opens there; the tables tell the true prices. Not in the plan file: it is
        worked out again from the buildings.
    """

    name: str
    region: str
    data_day: str
    request: AnchorRequest
    proof: Proof
    anchors: pd.DataFrame = field(repr=False)
    functions: pd.DataFrame = field(repr=False)
    costs: pd.DataFrame = field(repr=False)
    cases: pd.DataFrame = field(repr=False)
    left_out: pd.DataFrame = field(repr=False)
    front: pd.DataFrame = field(repr=False)
    robust: pd.DataFrame = field(repr=False)
    record: Mapping[str, object] = field(default_factory=dict)
    rooms_short: tuple[RoomsShort, ...] = ()

    @property
    def over_budget_eur(self) -> float:
        """EUR per year (mid estimate) by which the plan is above the budget that was asked for; 0 = within it, or none was asked for."""
        if self.request.budget_eur is None or self.costs.empty:
            return 0.0
        over = float(self.costs["cost_mid"].sum()) - self.request.budget_eur
        return over if over > _CENT else 0.0
