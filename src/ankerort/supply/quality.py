"""Quality of each facility: a weighted score with bounds, a grade where enough is known, and what to ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.quality import CRITERIA
from ankerort.region.model import Region
from ankerort.supply.quality_criteria import TIMETABLE, Measured, OpenHours, measure, open_hours
from ankerort.supply.quality_security import public_security
from ankerort.supply.schema_quality import FACILITY_CRITERIA, FACILITY_QUALITY

GRADES = ("A", "B", "C", "D", "E")
_BOUNDS = ("quality.grade_a", "quality.grade_b", "quality.grade_c", "quality.grade_d")
_BASIS_NAMES = np.array(["given", "usual", "none"], dtype=object)
# Sums of weights miss a share like 0.6 by rounding; so small a gap decides nothing.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class QualityTables:
    """`criteria` = FACILITY_CRITERIA, `quality` = FACILITY_QUALITY, of the same facilities."""

    criteria: pd.DataFrame
    quality: pd.DataFrame


def facility_quality(
    region: Region,
    catalogue: Catalogue,
    *,
    day: str,
    capacity_ratio: pd.Series | None = None,
    pt_class: pd.Series | None = None,
    catchment_persons: pd.Series | None = None,
    services: Collection[str] | None = None,
) -> QualityTables:
    """Score, bounds, grade and open questions of every facility that counts.

    With the weights `w` of the criteria that apply (sum 1) and the normalised values `x`:
    score = sum(w x) / sum(w) over what is known or assumed; low = sum(w x) over what is known; high = low + sum(w) over what
    is not (assumed hours included), so that the score lies between the bounds. A missing value is never 0.

    Parameters
    ----------
    region, catalogue
        Frozen inputs; the catalogue holds weights, scales and reference windows (`Catalogue.quality`).
    day
        ISO day: its week is the one whose opening hours count, holidays left out.
    capacity_ratio
        Capacity per demand of each facility, index facility_id; NaN or missing = not known. Over 1 counts as 1.
    pt_class
        Quality class of public transport at the site, index facility_id: a step of the scale ``pt`` (A to H, none);
        empty, ``unknown`` or missing = not known.
    catchment_persons
        Persons whose nearest facility it is, index facility_id (`ankerort.supply.quality_security.catchment_persons`).
    services
        Only these; None = all.

    Returns
    -------
    QualityTables
        Facilities that are open and not merged away, in study area and buffer, of services to which a criterion applies.
    """
    facilities = region.facilities
    counts = (facilities["state"] == "open") & (facilities["merged_into"] == "")
    criteria: list[pd.DataFrame] = []
    quality: list[pd.DataFrame] = []
    for service in catalogue.facility_services():
        weights = catalogue.quality.weights.get(service, {})
        if not weights or (services is not None and service not in services):
            continue
        rows = facilities[counts & (facilities["service"] == service)].reset_index(drop=True)
        if rows.empty:
            continue
        hours = open_hours(rows, service, catalogue, day=day)
        names = [c for c in CRITERIA if c in weights]
        found = [
            measure(c, rows, service, catalogue, hours=hours, capacity_ratio=capacity_ratio, pt_class=pt_class)
            for c in names
        ]
        weight = np.array([weights[c] for c in names])
        criteria.append(_criteria(rows, names, found, weight))
        scored = _quality(rows, names, found, weight, hours, catalogue)
        quality.append(scored.assign(**public_security(rows, service, catalogue, catchment_persons)))
    return QualityTables(
        FACILITY_CRITERIA.conform(pd.concat(criteria, ignore_index=True)) if criteria else FACILITY_CRITERIA.empty(),
        FACILITY_QUALITY.conform(pd.concat(quality, ignore_index=True)) if quality else FACILITY_QUALITY.empty(),
    )


def bounds_of(
    value: NDArray[np.float64], assumed: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Score, lower bound, upper bound and known share.

    Parameters
    ----------
    value
        Shape (facilities, criteria), 0..1, NaN = not known.
    assumed
        Same shape: the value stands in for one that is not known.
    weight
        Shape (criteria,), sum 1.
    """
    there = ~np.isnan(value)
    known = there & ~assumed
    filled = np.where(there, value, 0.0)
    weighed = there @ weight
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(weighed > 0, (filled * weight).sum(axis=1) / weighed, np.nan)
    low = (filled * known * weight).sum(axis=1)
    known_share = known @ weight
    return score, low, low + (~known) @ weight, known_share


def _criteria(rows: pd.DataFrame, names: list[str], found: list[Measured], weight: NDArray[np.float64]) -> pd.DataFrame:
    checked = rows["check_date"].where(rows["check_date"] != "", rows["confirmed_on"])
    dates = checked.where(checked != "", rows["source_date"])
    parts = []
    for name, measured, share in zip(names, found, weight, strict=True):
        there = ~np.isnan(measured.value)
        known = there & ~measured.assumed
        source = np.full(len(rows), TIMETABLE, object) if name == "pt" else rows["source_id"].to_numpy(object)
        date = np.full(len(rows), "", object) if name == "pt" else dates.to_numpy(object)
        parts.append(
            pd.DataFrame(
                {
                    "facility_id": rows["facility_id"],
                    "service": rows["service"],
                    "criterion": name,
                    "measured": measured.text,
                    "value": measured.value,
                    "weight": share,
                    "contribution": measured.value * share,
                    "known": known,
                    "assumed": measured.assumed,
                    "source_id": np.where(known, source, ""),
                    "source_date": np.where(known, date, ""),
                }
            )
        )
    table = pd.concat(parts)
    order = pd.Categorical(table["criterion"], list(CRITERIA), ordered=True)
    return (
        table.assign(_row=table.index, _order=order.codes)
        .sort_values(["_row", "_order"], kind="stable")
        .drop(columns=["_row", "_order"])
    )


def _quality(
    rows: pd.DataFrame,
    names: list[str],
    found: list[Measured],
    weight: NDArray[np.float64],
    hours: OpenHours,
    catalogue: Catalogue,
) -> pd.DataFrame:
    value = np.stack([m.value for m in found], axis=1)
    assumed = np.stack([m.assumed for m in found], axis=1)
    score, low, high, known_share = bounds_of(value, assumed, weight)
    enough = catalogue.value("quality.adequate_score")
    adequate = np.full(len(rows), "unknown", object)
    adequate[low >= enough - _ROUNDING] = "yes"
    adequate[high < enough - _ROUNDING] = "no"
    known = ~np.isnan(value) & ~assumed
    heaviest = sorted(range(len(names)), key=lambda k: -weight[k])
    return pd.DataFrame(
        {
            "facility_id": rows["facility_id"],
            "service": rows["service"],
            "place_id": rows["place_id"],
            "score": score,
            "score_low": low,
            "score_high": high,
            "known_share": known_share,
            "grade": grade_of(score, known_share, catalogue),
            "ask": [";".join(names[k] for k in heaviest if not known[row, k]) for row in range(len(rows))],
            "adequate": adequate,
            "hours_basis": _BASIS_NAMES[hours.basis],
            "hours_per_week": hours.per_week,
            "hours_share_65_plus": hours.share["65_plus"],
            "hours_share_workers": hours.share["workers"],
        }
    )


def grade_of(score: NDArray[np.float64], known_share: NDArray[np.float64], catalogue: Catalogue) -> NDArray[np.object_]:
    """A to E by the score, empty where less than ``quality.known_share`` of the weights is known."""
    bounds = [catalogue.value(figure) for figure in _BOUNDS]
    grade = np.full(len(score), GRADES[-1], object)
    for name, bound in reversed(list(zip(GRADES, bounds, strict=False))):
        grade[score >= bound - _ROUNDING] = name
    known = known_share >= catalogue.value("quality.known_share") - _ROUNDING
    return np.where(known & ~np.isnan(score), grade, "").astype(object)
