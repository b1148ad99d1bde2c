"""Shares, means and quantiles per place, municipality, association, district and study area."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.groups import group_persons, weighted_persons
from ankerort.catalogue.model import Catalogue, Group
from ankerort.reach.model import NearestMode, Reach
from ankerort.region.model import Region
from ankerort.supply.schema import AREA_SERVICE
from ankerort.supply.service_status import ServiceStatus, is_old
from ankerort.supply.status import MODES, STANDARD_MODE, UNKNOWN, WITHIN, ModeStatus
from ankerort.supply.weighted import quantile_order, sum_by, weighted_quantiles

ALWAYS = ("all", "65_plus", "75_plus")
OLD_BANDS = ("p_65_74", "p_75_84", "p_85_plus")


@dataclass(frozen=True)
class Level:
    """One level of areas: `ids` by number and the number of each study cell's area."""

    name: str
    ids: tuple[str, ...]
    of_cell: NDArray[np.int32]


class AreaIndex:
    """Study cells by level, with persons of each group.

    All levels lie one after the other: `cell` (position among the study cells) and `area` (number of the area, over all levels)
    have one entry per cell and level, `level_of`, `id_of` one per area.
    """

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
        cell_parts: list[NDArray[np.intp]] = []
        area_parts: list[NDArray[np.int32]] = []
        count = 0
        for level in self.levels:
            has = np.flatnonzero(level.of_cell >= 0)
            cell_parts.append(has)
            area_parts.append((level.of_cell[has] + count).astype(np.int32))
            count += len(level.ids)
        self.count = count
        self.cell = np.concatenate(cell_parts)
        self.area = np.concatenate(area_parts)
        self.level_of = np.repeat([level.name for level in self.levels], [len(level.ids) for level in self.levels])
        self.id_of = np.array([i for level in self.levels for i in level.ids], dtype=object)
        self.persons = {
            group: np.asarray(group_persons(study, catalogue.groups[group]), dtype=float) for group in catalogue.groups
        }
        # of them those of 65 and older, who walk and cycle otherwise
        self.old = {
            group: weighted_persons(study, {c: s for c, s in one.band_shares.items() if c in OLD_BANDS}).to_numpy(float)
            for group, one in catalogue.groups.items()
        }

    def sum(self, per_cell: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the study cells of each area of all levels."""
        return sum_by(self.area, self.count, per_cell[self.cell])


def _level(name: str, keys: pd.Series) -> Level:
    ids = tuple(sorted(k for k in keys.unique() if k))
    number = {k: n for n, k in enumerate(ids)}
    # cells of the study area without a key (no municipality) belong to no area of this level
    return Level(name, ids, keys.map(number).fillna(-1).to_numpy(np.int32))


@dataclass(frozen=True)
class AreaBlock:
    """Figures of one service, group and mode for all areas; `numbers` by column, shape (areas,) each."""

    constant: dict[str, object]
    numbers: dict[str, NDArray[np.float64]] = field(default_factory=dict)


def area_blocks(
    service_id: str, status: ServiceStatus, reach: Reach, catalogue: Catalogue, index: AreaIndex
) -> list[AreaBlock]:
    """Figures of one service: all levels, groups and modes that say something.

    Groups: everybody, 65 and older, 75 and older, and the service's demand groups. Minutes on foot and by bike are at the group's own
    speed. Public transport is that of the group "all" or, for groups from 65 on, of the stored older group (docs/method/supply.md).
    """
    service = catalogue.services[service_id]
    groups = tuple(dict.fromkeys((*ALWAYS, *(g for g in service.demand_groups if g in catalogue.groups))))
    blocks: list[AreaBlock] = []
    for mode in MODES:
        orders: dict[bool, NDArray[np.intp]] = {}
        for group in groups:
            old = is_old(catalogue.groups[group])
            one = (status.modes_old if old else status.modes)[mode]
            if one.status is None and np.isnan(one.minutes).all():
                continue
            minutes = _minutes(one, mode, catalogue.groups[group], catalogue)[index.rows]
            # within a mode all groups of one age have the same order of cells: their speeds only stretch it
            if old not in orders:
                orders[old] = quantile_order(index.area, minutes[index.cell])
            constant: dict[str, object] = {
                "service": service_id,
                "group": group,
                "mode": mode,
                "estimated": reach.estimated["pt" if mode in ("pt", "pt_demand") else mode],
            }
            if (standard := service.standards.get(STANDARD_MODE[mode])) is not None:
                constant |= {
                    "standard": standard.minimum.value,
                    "standard_unit": standard.minimum.unit,
                    "standard_status": standard.minimum.legal_status,
                    "standard_mark": standard.minimum.mark,
                }
            numbers = _served(index, group, one.status, one.status)
            numbers |= _times(index, group, minutes, orders[old])
            blocks.append(AreaBlock(constant, numbers))
    own = any(reach.estimated[m] for m in ("foot", "bike", "pt"))
    for name, by_age, estimated in (
        ("without_car", status.without_car, own),
        ("without_car_demand", status.without_car_demand, own),
        ("with_car", status.with_car, own or reach.estimated["car"]),
    ):
        if by_age["young"] is None and by_age["old"] is None:
            continue
        for group in groups:
            constant = {"service": service_id, "group": group, "mode": name, "estimated": estimated}
            nobody = np.zeros(index.count)
            numbers = _served(index, group, by_age["young"], by_age["old"]) | {"with_value": nobody}
            blocks.append(AreaBlock(constant, numbers))
    return blocks


def area_table(blocks: list[AreaBlock], index: AreaIndex) -> pd.DataFrame:
    """AREA_SERVICE rows of all blocks, in their order."""
    if not blocks:
        return AREA_SERVICE.empty()
    count = index.count
    data: dict[str, object] = {
        "level": np.tile(index.level_of, len(blocks)),
        "area_id": np.tile(index.id_of, len(blocks)),
    }
    nothing = np.full(count, np.nan)
    for column in AREA_SERVICE.columns[2:]:
        if any(column.name in b.numbers for b in blocks):
            data[column.name] = np.concatenate([b.numbers.get(column.name, nothing) for b in blocks])
        else:
            empty: object = "" if column.dtype == "str" else np.nan
            values = [b.constant.get(column.name, empty) for b in blocks]
            if column.dtype == "str":
                codes, names = pd.factorize(np.array(values, dtype=object))
                data[column.name] = pd.Series(names, dtype="str").take(np.repeat(codes, count)).reset_index(drop=True)
            else:
                data[column.name] = np.repeat(np.array(values), count)
    return AREA_SERVICE.conform(pd.DataFrame(data))


def _minutes(one: ModeStatus, mode: NearestMode, group: Group, catalogue: Catalogue) -> NDArray[np.float64]:
    if mode == "foot":
        return one.metres / catalogue.value(group.walk_speed) / 60.0
    return one.minutes


def _times(
    index: AreaIndex, group: str, minutes: NDArray[np.float64], order: NDArray[np.intp]
) -> dict[str, NDArray[np.float64]]:
    persons = index.persons[group]
    has = ~np.isnan(minutes)
    with_value = index.sum(persons * has)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = index.sum(np.where(has, minutes, 0.0) * persons) / with_value
    median, p90 = weighted_quantiles(
        index.area, index.count, minutes[index.cell], persons[index.cell], (0.5, 0.9), order=order
    )
    return {"with_value": with_value, "mean_min": mean, "median_min": median, "p90_min": p90}


def _served(
    index: AreaIndex, group: str, young: NDArray[np.int8] | None, old: NDArray[np.int8] | None
) -> dict[str, NDArray[np.float64]]:
    """Known and possible persons within the standard; an age without a standard cannot be within it."""
    persons = index.persons[group]
    total = index.sum(persons)
    numbers = {"persons": total}
    if young is None and old is None:
        return numbers
    of_old = index.old[group]
    for bound, least in (("low", WITHIN), ("high", UNKNOWN)):
        served = np.zeros(len(persons))
        for status, weight in ((young, persons - of_old), (old, of_old)):
            if status is not None:
                served += weight * (status[index.rows] >= least)
        # a sum of parts may exceed the whole by a rounding error
        per_area = np.minimum(index.sum(served), total)
        numbers[f"served_{bound}"] = per_area
        with np.errstate(invalid="ignore", divide="ignore"):
            numbers[f"share_{bound}"] = per_area / total
    return numbers
