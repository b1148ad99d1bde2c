"""Standards that count facilities: at least so many in a municipality, at most so many km2 for each in a district."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from ankerort.catalogue.model import Catalogue, SetStandard
from ankerort.catalogue.standard_sets import find_set
from ankerort.region.model import Region
from ankerort.supply.recording import Knowledge
from ankerort.supply.schema_standards import FACILITY_COUNT

_PER_MUNICIPALITY, _PER_AREA = "facilities_in_municipality", "km2_per_facility"


def facility_counts(
    region: Region, catalogue: Catalogue, knowledge: Knowledge, *, set_ids: Collection[str] | None = None
) -> pd.DataFrame:
    """Facilities of each municipality (district) of the study area against the sets that ask for a number.

    Probable facilities, and all that may exist where absence is not known, stand in the upper bound. Districts of which the region holds
    municipalities outside the study area are left out, since they may be cut.

    Parameters
    ----------
    set_ids
        Sets in the order asked for; default all.

    Returns
    -------
    DataFrame
        FACILITY_COUNT.
    """
    towns = region.municipalities
    area_km2 = pd.Series(dtype=float)
    if len(region.boundaries):
        area_km2 = pd.Series(
            region.boundaries.geometry.area.to_numpy() / 1e6, index=region.boundaries["ags"].to_numpy()
        )
    towns = towns.assign(area_km2=towns["ags"].map(area_km2).astype(float))
    out: list[dict[str, object]] = []
    for set_id in catalogue.standard_sets if set_ids is None else set_ids:
        for row in find_set(catalogue, set_id).rows:
            if row.mode not in (_PER_MUNICIPALITY, _PER_AREA):
                continue
            counted = _counted(row.item, towns, region, knowledge)
            if row.mode == _PER_AREA:
                counted = _by_district(counted)
            else:
                least = row.municipality_over_persons if row.municipality_over_persons >= 0 else -1.0
                counted = counted[counted["in_study"] & (counted["persons"] > least)]
            out += [_result(set_id, row, one) for one in counted.to_dict("records")]
    return FACILITY_COUNT.conform(pd.DataFrame(out, columns=FACILITY_COUNT.names))


def _counted(service: str, towns: pd.DataFrame, region: Region, knowledge: Knowledge) -> pd.DataFrame:
    """Municipalities with facilities_low and facilities_high."""
    facilities = region.facilities
    counts = facilities[
        (facilities["state"] == "open") & (facilities["merged_into"] == "") & (facilities["service"] == service)
    ]
    probable = counts["certainty"] == "probable"
    certain = towns["ags"].map(counts.loc[~probable, "ags"].value_counts()).fillna(0.0).to_numpy(float)
    maybe = towns["ags"].map(counts.loc[probable, "ags"].value_counts()).fillna(0.0).to_numpy(float)
    unsure = region.cells.loc[~knowledge.absence_known[service], "ags"]
    whole = ~towns["ags"].isin(set(unsure)).to_numpy(bool) & towns["ags"].isin(set(region.cells["ags"])).to_numpy(bool)
    return towns.assign(
        area_id=towns["ags"],
        level="municipality",
        facilities_low=certain,
        facilities_high=np.where(whole, certain + maybe, np.inf),
    )


def _by_district(towns: pd.DataFrame) -> pd.DataFrame:
    """Sums of whole districts."""
    whole = towns.groupby("district_ags")["in_study"].transform("all").astype(bool)
    towns = towns[whole & (towns["district_ags"] != "")]
    sums = towns.groupby("district_ags", sort=True)[["persons", "facilities_low", "facilities_high"]].sum()
    sums["area_km2"] = towns.groupby("district_ags", sort=True)["area_km2"].sum(min_count=1)
    return sums.reset_index(names="area_id").assign(level="district")


def _result(set_id: str, row: SetStandard, one: dict[str, object]) -> dict[str, object]:
    low, high = float(str(one["facilities_low"])), float(str(one["facilities_high"]))
    limit = row.value.value
    if row.mode == _PER_MUNICIPALITY:
        value_low, value_high = low, high
        fulfilled = "yes" if low >= limit else "no" if high < limit else "unknown"
    else:
        area = float(str(one["area_km2"]))
        value_low = area / high if high > 0 else np.inf
        value_high = area / low if low > 0 else np.inf
        # an area that is not known is NaN and decides nothing
        fulfilled = "yes" if value_high <= limit else "no" if value_low > limit and not np.isnan(area) else "unknown"
    return {
        "set_id": set_id,
        "item": row.item,
        "measure": str(row.mode),
        "level": one["level"],
        "area_id": one["area_id"],
        "persons": one["persons"],
        "facilities_low": low,
        "facilities_high": high,
        "value_low": value_low,
        "value_high": value_high,
        "limit": limit,
        "unit": row.value.unit,
        "fulfilled": fulfilled,
        "legal_status": row.value.legal_status,
        "mark": row.value.mark,
        "agreed_by": row.value.agreed_by,
        "agreed_on": row.value.agreed_on,
    }
