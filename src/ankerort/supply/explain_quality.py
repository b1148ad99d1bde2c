"""What stands behind the quality of the facility that is the nearest for most people of a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region
from ankerort.supply.depth import Depth


@dataclass(frozen=True)
class CriterionEvidence:
    """One row of FACILITY_CRITERIA with the dated record of its weight (before scaling to the criteria that apply)."""

    row: pd.Series
    record: DatedValue


@dataclass(frozen=True)
class QualityEvidence:
    """Quality of one facility.

    Parameters
    ----------
    place
        Row of PLACE_QUALITY; None where the service has no quality.
    facility
        Row in ``Region.facilities``; -1 = none.
    quality
        Row of FACILITY_QUALITY; None likewise.
    criteria
        In the order of the table.
    reason
        no_weights (no criterion applies to the service), no_nearest; empty where there is a facility.
    """

    place: pd.Series | None
    facility: int
    quality: pd.Series | None
    criteria: tuple[CriterionEvidence, ...]
    reason: str = ""


def explain_quality(
    region: Region, catalogue: Catalogue, depth: Depth, *, place_id: str, service: str
) -> QualityEvidence:
    """Criteria, score and traffic light of the facility that is the nearest for most people of a place."""
    nothing = QualityEvidence(None, -1, None, (), "no_weights")
    if service not in catalogue.quality.weights:
        return nothing
    table = depth.place_quality
    rows = table[(table["place_id"] == place_id) & (table["service"] == service)]
    if not len(rows) or not rows["nearest_facility_id"].iloc[0]:
        return QualityEvidence(rows.iloc[0] if len(rows) else None, -1, None, (), "no_nearest")
    place = rows.iloc[0]
    facility_id = str(place["nearest_facility_id"])
    quality = depth.facility_quality
    criteria = depth.facility_criteria[depth.facility_criteria["facility_id"] == facility_id]
    return QualityEvidence(
        place,
        int(np.flatnonzero((region.facilities["facility_id"] == facility_id).to_numpy(bool))[0]),
        quality[quality["facility_id"] == facility_id].iloc[0],
        tuple(
            CriterionEvidence(row, catalogue.quality.records[service, str(row["criterion"])])
            for _, row in criteria.iterrows()
        ),
    )
