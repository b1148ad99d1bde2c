"""Each criterion of quality, measured and normalised to 0..1, for the facilities of one service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.catalogue.quality import EVERYBODY
from ankerort.region.opening_hours import (
    OpeningBasis,
    ReferenceWindow,
    hours_and_basis,
    hours_per_week,
    reference_share,
)

_OLD_AGE = 65
_WORST_MARK, _MARK_SPAN = 5.0, 4.0
UNKNOWN = "unknown"  # class of public transport about which the timetables do not tell
TIMETABLE = "timetable"  # source of the link by public transport


@dataclass(frozen=True)
class Measured:
    """One criterion of the facilities of one service, row by row.

    `text` as the data have it (empty = not known), `value` 0..1 (NaN = not known), `assumed` where usual hours stand in.
    """

    text: NDArray[np.object_]
    value: NDArray[np.float64]
    assumed: NDArray[np.bool_]


@dataclass(frozen=True)
class OpenHours:
    """Opening hours of the facilities of one service: basis, hours per week and share of each reference window (NaN = not known)."""

    basis: NDArray[np.int8]
    rules: NDArray[np.object_]
    per_week: NDArray[np.float64]
    share: Mapping[str, NDArray[np.float64]]


def open_hours(facilities: pd.DataFrame, service: str, catalogue: Catalogue, *, day: str) -> OpenHours:
    """Hours of facilities in the week around a day; see `reference_share`."""
    windows = {
        name: tuple(ReferenceWindow(*window) for window in found) for name, found in catalogue.quality.windows.items()
    }
    count = len(facilities)
    basis = np.zeros(count, np.int8)
    rules = np.full(count, "", object)
    per_week = np.full(count, np.nan)
    share = {name: np.full(count, np.nan) for name in windows}
    for row, text in enumerate(facilities["opening_hours"]):
        rules[row], basis[row] = hours_and_basis(service, text, catalogue)
        if basis[row] == OpeningBasis.NONE:
            continue
        per_week[row] = hours_per_week(rules[row], day=day)
        for name, found in windows.items():
            share[name][row] = reference_share(rules[row], found, day=day)
    return OpenHours(basis, rules, per_week, share)


def window_set(service: str, catalogue: Catalogue) -> str:
    """Whose reference window counts for a service: those 65 and older if it is for them alone, else everybody's."""
    groups = [catalogue.groups[g] for g in catalogue.services[service].demand_groups]
    return "65_plus" if groups and all(g.first_age >= _OLD_AGE for g in groups) else EVERYBODY


def measure(
    criterion: str,
    facilities: pd.DataFrame,
    service: str,
    catalogue: Catalogue,
    *,
    hours: OpenHours,
    capacity_ratio: pd.Series | None,
    pt_class: pd.Series | None,
) -> Measured:
    """One criterion of the facilities of a service (docs/method/quality.md, domain.md 3.1).

    Parameters
    ----------
    criterion
        One of `ankerort.catalogue.quality.CRITERIA`.
    facilities
        Rows of FACILITIES of one service.
    hours
        Of the same rows.
    capacity_ratio, pt_class
        By facility_id, see `ankerort.supply.quality.facility_quality`.
    """
    count = len(facilities)
    certain = np.zeros(count, bool)
    rules = catalogue.quality
    if criterion == "hours":
        value = hours.share[window_set(service, catalogue)]
        text = np.where(np.isnan(value), "", hours.rules)
        return Measured(text, value, (hours.basis == OpeningBasis.USUAL) & ~np.isnan(value))
    if criterion == "step_free":
        return _step_free(facilities, catalogue)
    if criterion == "capacity":
        return _numbers(_by_id(capacity_ratio, facilities).astype(np.float64), lambda v: np.clip(v, 0.0, 1.0))
    if criterion == "condition":
        return _numbers(facilities["condition"].to_numpy(float), lambda v: (_WORST_MARK - v) / _MARK_SPAN)
    if criterion == "digital":
        steps = sorted((float(step), record.value) for step, record in rules.scales.get("digital", {}).items())
        return _numbers(facilities["broadband_mbit"].to_numpy(float), lambda v: _stepped(v, steps))
    if criterion == "range":
        named = facilities["assortment"].to_numpy(object)
        # the kind of shop says its range where nobody wrote it down
        by_service = f"service:{service}" if rules.scale("range", f"service:{service}") is not None else ""
        text = np.where(named != "", named, by_service).astype(object)
    elif criterion == "pt":
        found = _by_id(pt_class, facilities)
        text = np.where(pd.isna(found) | (found == UNKNOWN), "", found).astype(object)
    else:
        raise ValueError(criterion)
    return Measured(text, _scaled(text, criterion, catalogue), certain)


def _step_free(facilities: pd.DataFrame, catalogue: Catalogue) -> Measured:
    """Way in and, where it is known, the toilet."""
    door, toilet = (facilities[c].to_numpy(object) for c in ("wheelchair", "toilets_wheelchair"))
    value, of_toilet = (_scaled(text, "step_free", catalogue) for text in (door, toilet))
    share = catalogue.value("quality.toilet_share")
    both = np.where(np.isnan(of_toilet), value, (1 - share) * value + share * of_toilet)
    text = np.array([f"{d};toilet={t}" if d and t else d for d, t in zip(door, toilet, strict=True)], dtype=object)
    return Measured(text, both, np.zeros(len(door), bool))


def _scaled(text: NDArray[np.object_], criterion: str, catalogue: Catalogue) -> NDArray[np.float64]:
    found = [catalogue.quality.scale(criterion, str(step)) for step in text]
    return np.array([np.nan if value is None else value for value in found], dtype=np.float64)


def _numbers(found: NDArray[np.float64], normalise: object) -> Measured:
    assert callable(normalise)
    value = np.where(np.isnan(found), np.nan, normalise(found)).astype(np.float64)
    text = np.array(["" if np.isnan(v) else f"{v:.3g}" for v in found], dtype=object)
    return Measured(text, value, np.zeros(len(found), bool))


def _stepped(found: NDArray[np.float64], steps: list[tuple[float, float]]) -> NDArray[np.float64]:
    """Value of the highest step that is reached; below all steps 0."""
    value = np.zeros(len(found))
    for first, reached in steps:
        value = np.where(found >= first, reached, value)
    return value


def _by_id(values: pd.Series | None, facilities: pd.DataFrame) -> NDArray[np.object_]:
    """Values by facility_id, NaN where there is none."""
    if values is None:
        return np.full(len(facilities), np.nan, dtype=object)
    return values.astype(object).reindex(facilities["facility_id"]).to_numpy(object)
