"""Supply: how each cell, place and municipality stands with each service."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ankerort.base.problems import Problem


@dataclass(frozen=True)
class Supply:
    """Result of `assess`; the columns are declared in `ankerort.supply.schema`."""

    recording: pd.DataFrame
    nearest: pd.DataFrame
    place_service: pd.DataFrame
    area_service: pd.DataFrame
    bundle_of_five: pd.DataFrame
    problems: tuple[Problem, ...] = field(default=())
