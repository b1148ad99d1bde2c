"""How unequally people are served: Gini, Palma, Theil between and within municipalities, Atkinson.

All are of persons: a cell counts as often as people live in it. Textbook formulas, see docs/method/equity.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import NearestMode
from ankerort.supply.areas import ALWAYS, AreaIndex, Level
from ankerort.supply.schema_equity import EQUITY
from ankerort.supply.service_status import ServiceStatus, is_old
from ankerort.supply.status import MODES, ModeStatus, straight_radius_m

LEVELS = ("association", "district", "study")
_HIGHEST, _LOWEST = 0.1, 0.4


@dataclass(frozen=True)
class Inequality:
    """Measures of one distribution; NaN with a `reason` (nobody, few_known, all_zero) where there is none."""

    persons: float
    known_share: float
    parts: int
    mean: float = np.nan
    gini: float = np.nan
    palma: float = np.nan
    theil: float = np.nan
    theil_between: float = np.nan
    theil_within: float = np.nan
    atkinson: float = np.nan
    reason: str = ""

    @property
    def between_share(self) -> float:
        """Share of the inequality that lies between the parts; NaN where there is none at all."""
        return self.theil_between / self.theil if self.theil > 0 else np.nan


def inequality(
    value: NDArray[np.float64],
    persons: NDArray[np.float64],
    part: NDArray[np.int32],
    *,
    min_known_share: float,
    atkinson_epsilon: float,
) -> Inequality:
    """All measures of one distribution, over the persons with a known value, in O(n log n).

    Parameters
    ----------
    value
        Shape (n,), not negative; NaN = not known.
    persons
        Shape (n,), not negative.
    part
        Shape (n,): number of the municipality, -1 = none (such persons form one part of their own).
    min_known_share
        Below this share of persons with a value there are no figures.
    atkinson_epsilon
        Aversion to inequality, positive.

    Raises
    ------
    ValueError
        If a value or a number of persons is negative or infinite: a fault of the code.
    """
    known = ~np.isnan(value) & (persons > 0)
    if (value[known] < 0).any() or not np.isfinite(value[known]).all():
        raise ValueError("values must be finite and not negative")
    if (persons < 0).any() or not np.isfinite(persons).all():
        raise ValueError("persons must be finite and not negative")
    total = float(persons.sum())
    x, p, of = value[known], persons[known], part[known]
    share = float(p.sum()) / total if total > 0 else 0.0
    parts = len(np.unique(of))
    if total <= 0:
        return Inequality(total, np.nan, 0, reason="nobody")
    if share < min_known_share or share == 0:
        return Inequality(total, share, parts, reason="few_known")
    mean = float((x * p).sum() / p.sum())
    if mean <= 0:
        return Inequality(total, share, parts, mean=0.0, reason="all_zero")
    order = np.argsort(x, kind="stable")
    theil, between = _theil(x, p, of, mean)
    return Inequality(
        total,
        share,
        parts,
        mean,
        _gini(x[order], p[order]),
        _palma(x[order], p[order]),
        theil,
        between,
        theil - between,
        _atkinson(x, p, mean, atkinson_epsilon),
    )


def _gini(x: NDArray[np.float64], p: NDArray[np.float64]) -> float:
    """1 - sum (F_k - F_k-1)(L_k + L_k-1) over values in rising order; F, L cumulated shares of persons and of the total."""
    f = p / p.sum()
    lorenz = np.concatenate([[0.0], np.cumsum(p * x) / (p * x).sum()])
    return max(0.0, float(1.0 - (f * (lorenz[1:] + lorenz[:-1])).sum()))


def _palma(x: NDArray[np.float64], p: NDArray[np.float64]) -> float:
    """Share of the total that the highest 10 % hold over that of the lowest 40 %; a cell may be cut. NaN if those hold nothing."""
    persons = np.concatenate([[0.0], np.cumsum(p)])
    held = np.concatenate([[0.0], np.cumsum(p * x)])
    lowest = float(np.interp(_LOWEST * persons[-1], persons, held))
    highest = float(held[-1] - np.interp((1 - _HIGHEST) * persons[-1], persons, held))
    return highest / lowest if lowest > 0 else np.nan


def _theil(x: NDArray[np.float64], p: NDArray[np.float64], part: NDArray[np.int32], mean: float) -> tuple[float, float]:
    """Sum of (P_i/P)(x_i/m) ln(x_i/m), and its part between the means of the parts."""
    _, number = np.unique(part, return_inverse=True)
    of_part = np.bincount(number, weights=p).astype(np.float64)
    mean_of_part = np.bincount(number, weights=p * x).astype(np.float64) / of_part

    def index(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
        ratio = values / mean
        logarithm = np.log(ratio, out=np.zeros_like(ratio), where=ratio > 0)  # 0 ln 0 = 0
        return max(0.0, float((weights * ratio * logarithm).sum() / weights.sum()))

    total = index(x, p)
    return total, min(total, index(mean_of_part, of_part))


def _atkinson(x: NDArray[np.float64], p: NDArray[np.float64], mean: float, epsilon: float) -> float:
    """1 - [sum (P_i/P)(x_i/m)^(1-e)]^(1/(1-e)); for e = 1 by the geometric mean."""
    ratio, weight = x / mean, p / p.sum()
    if (ratio == 0).any() and epsilon >= 1:
        return 1.0
    if epsilon == 1:
        return max(0.0, 1.0 - float(np.exp((weight * np.log(ratio)).sum())))
    return max(0.0, 1.0 - float((weight * ratio ** (1 - epsilon)).sum() ** (1 / (1 - epsilon))))


def equity_of_minutes(
    service: str,
    status: ServiceStatus,
    catalogue: Catalogue,
    known_edge_m: NDArray[np.float64],
    index: AreaIndex,
    *,
    levels: Collection[str] = LEVELS,
) -> pd.DataFrame:
    """Inequality of the minutes to the nearest facility of one service, by mode, group and area.

    Minutes on foot are a distance at one speed per group, so their inequality is that of the metres.

    Parameters
    ----------
    status
        Of the service, see `service_status`.
    known_edge_m
        Per cell metres to the edge of the area in which absence is known, see `ankerort.supply.recording.Knowledge`.
    levels
        Levels of areas, of association, district, study.

    Returns
    -------
    DataFrame
        EQUITY; modes for which nobody has a value are left out.
    """
    groups = tuple(dict.fromkeys((*ALWAYS, *catalogue.services[service].demand_groups)))
    values: dict[tuple[str, str], NDArray[np.float64]] = {}
    sure: dict[tuple[str, str], NDArray[np.bool_]] = {}
    drives = catalogue.services[service].direction == "from_facility"
    parked_s = 0.0 if drives else catalogue.value("car_park_s")
    for mode in MODES:
        for group in groups:
            one = (status.modes_old if is_old(catalogue.groups[group]) else status.modes)[mode]
            minutes = _minutes(one, mode, group, catalogue)[index.rows]
            if np.isnan(minutes).all():
                continue
            way = one.metres if mode in ("foot", "bike") else one.minutes * 60.0
            radius_m = straight_radius_m(way[index.rows], mode, catalogue, parked_s=parked_s)
            values[mode, group] = minutes
            sure[mode, group] = known_edge_m[index.rows] >= radius_m
    return equity_table("minutes", service, values, catalogue, index, levels=levels, sure=sure)


def equity_table(
    measure: str,
    service: str,
    values: Mapping[tuple[str, str], NDArray[np.float64]],
    catalogue: Catalogue,
    index: AreaIndex,
    *,
    levels: Collection[str] = LEVELS,
    sure: Mapping[tuple[str, str], NDArray[np.bool_]] | None = None,
) -> pd.DataFrame:
    """Inequality of any values, for instance of access scores.

    Parameters
    ----------
    measure
        Name of what is measured.
    values
        By (mode, group) a value per study cell, in the order of ``index.rows``; NaN = not known.

    sure
        By (mode, group) the study cells whose value is no upper bound, for `sure_share`.

    Returns
    -------
    DataFrame
        EQUITY, in the order of `values`.
    """
    by_name = {level.name: level for level in index.levels}
    municipality = by_name["municipality"].of_cell
    limits = {
        "min_known_share": catalogue.value("equity.min_known_share"),
        "atkinson_epsilon": catalogue.value("equity.atkinson_epsilon"),
    }
    rows: list[dict[str, object]] = []
    for (mode, group), value in values.items():
        persons = index.persons[group]
        known = np.where(np.isnan(value), 0.0, persons)
        firm = known * sure[mode, group] if sure is not None else np.full(len(known), np.nan)
        for name in levels:
            for area_id, cells in _areas(by_name[name]):
                found = inequality(value[cells], persons[cells], municipality[cells], **limits)
                rows.append(
                    {
                        "measure": measure,
                        "service": service,
                        "mode": mode,
                        "group": group,
                        "level": name,
                        "area_id": area_id,
                        "persons": found.persons,
                        "known_share": found.known_share,
                        "sure_share": _share(firm[cells], known[cells]),
                        "municipalities": found.parts,
                        "mean": found.mean,
                        "gini": found.gini,
                        "palma": found.palma,
                        "theil": found.theil,
                        "theil_between": found.theil_between,
                        "theil_within": found.theil_within,
                        "between_share": found.between_share,
                        "atkinson": found.atkinson,
                        "reason": found.reason,
                    }
                )
    return EQUITY.conform(pd.DataFrame(rows, columns=EQUITY.names))


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> float:
    total = float(whole.sum())
    return float(np.minimum(1.0, part.sum() / total)) if total > 0 else np.nan


def _areas(level: Level) -> list[tuple[str, NDArray[np.intp]]]:
    """Cells of each area."""
    order = np.argsort(level.of_cell, kind="stable")
    first = np.searchsorted(level.of_cell[order], np.arange(len(level.ids) + 1))
    return [(area_id, order[first[n] : first[n + 1]]) for n, area_id in enumerate(level.ids)]


def _minutes(one: ModeStatus, mode: NearestMode, group: str, catalogue: Catalogue) -> NDArray[np.float64]:
    if mode == "foot":
        return one.metres / catalogue.value(catalogue.groups[group].walk_speed) / 60.0
    return one.minutes
