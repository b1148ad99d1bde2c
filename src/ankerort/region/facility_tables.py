"""What a list of facilities holds, before anything is assigned to places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ankerort.region.schema import CAPACITIES, CONFIDENTIAL


@dataclass(frozen=True)
class FacilityTables:
    """What a facility list holds; places are not assigned yet.

    Parameters
    ----------
    facilities, absences, mobile_visits, buildings
        Columns of the region's schema, and beside them `place_name` and `ags` as the source gives them (empty = not
        given). `place_id` is empty. Where only a place is given, lon, lat, x, y are NaN.
    ignored
        Rows that are no service of the catalogue, by the value that says so.
    capacities, confidential
        Tables of the region's schema: capacities that hold for some years only, and what must stay confidential.
    """

    facilities: pd.DataFrame
    absences: pd.DataFrame
    mobile_visits: pd.DataFrame
    buildings: pd.DataFrame
    ignored: Mapping[str, int] = field(default_factory=dict)
    capacities: pd.DataFrame = field(default_factory=CAPACITIES.empty)
    confidential: pd.DataFrame = field(default_factory=CONFIDENTIAL.empty)
