"""The noun `AnchorPlan`: a proposal with cost, effect, proof and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ankerort.anchors.request import AnchorRequest


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
