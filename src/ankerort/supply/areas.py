"""Shares, means and quantiles per place, municipality, association, district and study area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue import group_persons
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.schema import AREA_SERVICE
from ankerort.supply.service_status import ServiceStatus, is_old
from ankerort.supply.status import MODES, STANDARD_MODE, UNKNOWN, WITHIN, ModeStatus
from ankerort.supply.weighted import sum_by, weighted_quantiles

ALWAYS = ("all", "65_plus", "75_plus")


@dataclass(frozen=True)
class Level:
    """One level of areas: `ids` by number and the number of each study cell's area."""

    name: str
    ids: tuple[str, ...]
    of_cell: NDArray[np.int32]


class AreaIndex:
    """Study cells by level, with persons of each group."""

    def __init__(self, region: Region, catalogue: Catalogue) -> None:
        cells = region.cells
        self.rows = np.flatnonzero(cells["in_study"].to_numpy(bool))
        study = cells.iloc[self.rows]
        municipality = region.municipalities.set_index("ags")
        ags = study["ags"]
        self.levels = (
            _level("place", study["place_id"]),
            _level("municipality", ags),
            _level("association", ags.map(municipality["association_id"]).fillna("")),
            _level("district", ags.map(municipality["district_ags"]).fillna("")),
            Level("study", ("*",), np.zeros(len(study), np.int32)),
        )
        self.persons = {
            group: np.asarray(group_persons(study, catalogue.groups[group]), dtype=float) for group in catalogue.groups
        }


def _level(name: str, keys: pd.Series) -> Level:
    ids = tuple(sorted(k for k in keys.unique() if k))
    number = {k: n for n, k in enumerate(ids)}
    # cells of the study area without a key (no municipality) belong to no area of this level
    return Level(name, ids, keys.map(number).fillna(-1).to_numpy(np.int32))


def area_rows(
    service_id: str, status: ServiceStatus, reach: Reach, catalogue: Catalogue, index: AreaIndex
) -> pd.DataFrame:
    """AREA_SERVICE rows of one service, all levels, groups and modes."""
    service = catalogue.services[service_id]
    groups = tuple(dict.fromkeys((*ALWAYS, *(g for g in service.demand_groups if g in catalogue.groups))))
    parts: list[pd.DataFrame] = []
    for group in groups:
        age = "old" if is_old(catalogue.groups[group]) else "young"
        table = status.modes_old if age == "old" else status.modes
        persons = index.persons[group]
        for mode in MODES:
            one = table[mode]
            if one.limit is None and not np.isfinite(one.minutes).any():
                continue
            standard = service.standards.get(STANDARD_MODE[mode])
            described: dict[str, object] = {
                "mode": mode,
                "standard": standard.minimum.value if standard else np.nan,
                "standard_unit": standard.minimum.unit if standard else "",
                "standard_status": standard.minimum.legal_status if standard else "",
                "standard_mark": standard.minimum.mark if standard else "",
                "estimated": reach.estimated["pt" if mode in ("pt", "pt_demand") else mode],
            }
            parts.extend(_rows(index, persons, one.status, one, described | {"group": group}))
        for on_own, by_age in (("without_car", status.without_car), ("with_car", status.with_car)):
            if by_age[age] is None and by_age["young"] is None and by_age["old"] is None:
                continue
            described = {"mode": on_own, "group": group, "estimated": any(reach.estimated.values())}
            parts.extend(_rows(index, persons, _mixed(by_age, group, index, age), None, described))
    if not parts:
        return AREA_SERVICE.empty()
    return AREA_SERVICE.conform(pd.concat(parts, ignore_index=True).assign(service=service_id))


def _mixed(
    by_age: dict[str, NDArray[np.int8] | None], group: str, index: AreaIndex, age: str
) -> tuple[NDArray[np.int8] | None, NDArray[np.int8] | None, NDArray[np.float64]] | NDArray[np.int8] | None:
    """For the group "all" both age statuses with the share of the old; else the one of its age."""
    if group != "all":
        return by_age[age]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(index.persons["all"] > 0, index.persons["65_plus"] / index.persons["all"], 0.0)
    return by_age["young"], by_age["old"], np.clip(share, 0, 1)


def _rows(
    index: AreaIndex,
    persons: NDArray[np.float64],
    status: tuple[NDArray[np.int8] | None, NDArray[np.int8] | None, NDArray[np.float64]] | NDArray[np.int8] | None,
    one: ModeStatus | None,
    described: dict[str, object],
) -> list[pd.DataFrame]:
    rows = index.rows
    low, high = _served(status, rows, persons)
    minutes = one.minutes[rows] if one is not None else np.full(len(rows), np.nan)
    has = ~np.isnan(minutes)
    out: list[pd.DataFrame] = []
    for level in index.levels:
        in_level = level.of_cell >= 0
        area = level.of_cell[in_level]
        count = len(level.ids)
        total = sum_by(area, count, persons[in_level])
        with_value = sum_by(area, count, (persons * has)[in_level])
        frame: dict[str, object] = {
            "level": level.name,
            "area_id": list(level.ids),
            "persons": total,
            "with_value": with_value,
            **described,
        }
        with np.errstate(invalid="ignore", divide="ignore"):
            if low is not None and high is not None:
                for bound, persons_served in (("low", low), ("high", high)):
                    served = sum_by(area, count, persons_served[in_level])
                    frame[f"served_{bound}"] = served
                    frame[f"share_{bound}"] = np.minimum(served / total, 1.0)
            if one is not None:
                weighted = np.where(has, minutes, 0.0) * persons
                frame["mean_min"] = sum_by(area, count, weighted[in_level]) / with_value
                median, p90 = weighted_quantiles(area, count, minutes[in_level], persons[in_level], (0.5, 0.9))
                frame["median_min"], frame["p90_min"] = median, p90
        out.append(pd.DataFrame(frame))
    return out


def _served(
    status: tuple[NDArray[np.int8] | None, NDArray[np.int8] | None, NDArray[np.float64]] | NDArray[np.int8] | None,
    rows: NDArray[np.intp],
    persons: NDArray[np.float64],
) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
    if status is None:
        return None, None
    if isinstance(status, tuple):
        young, old, share = status
        low, high = np.zeros(len(rows)), np.zeros(len(rows))
        for found, weight in ((young, 1.0 - share), (old, share)):
            if found is None:
                high = high + persons * weight
                continue
            low = low + persons * weight * (found[rows] == WITHIN)
            high = high + persons * weight * (found[rows] >= UNKNOWN)
        return low, high
    return persons * (status[rows] == WITHIN), persons * (status[rows] >= UNKNOWN)
