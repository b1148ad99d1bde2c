"""Persons who gain or lose a standard, minutes gained and lost: per area, group and mode, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.scenario.schema import COMPARISON_AREAS
from ankerort.supply.areas import ALWAYS, AreaIndex
from ankerort.supply.service_status import ServiceStatus, is_old
from ankerort.supply.status import BEYOND, MODES, UNKNOWN, WITHIN

_COMBINED = ("without_car", "without_car_demand", "with_car")
_LEAST_PERSONS = 1e-9
_MINUTE_COLUMNS = (
    "faster_persons",
    "faster_mean_min",
    "faster_max_min",
    "slower_persons",
    "slower_mean_min",
    "slower_max_min",
    "new_persons",
    "gone_persons",
)
_CHANGED = (
    "gain_low",
    "gain_high",
    "lose_low",
    "lose_high",
    "faster_persons",
    "slower_persons",
    "new_persons",
    "gone_persons",
)
Status = NDArray[np.int8] | None


def compare_service(
    service: str,
    groups: tuple[str, ...],
    before: ServiceStatus,
    after: ServiceStatus,
    base: AreaIndex,
    other: AreaIndex,
    catalogues: tuple[Catalogue, Catalogue],
) -> pd.DataFrame:
    """COMPARISON_AREAS rows of one service or core item; only rows in which somebody gains, loses, or has another way.

    Parameters
    ----------
    service
        What stands in the column.
    groups
        Ids of the groups.
    before, after
        Status per cell of both worlds; the cells are the same, in the same order.
    base, other
        Areas with the persons of both worlds. Gains and losses count the persons of `other`.
    catalogues
        Of both worlds: walking speeds may differ.
    """
    rows: list[pd.DataFrame] = []
    for group in groups:
        old = is_old(catalogues[0].groups[group])
        for mode, pairs, minutes in _modes(before, after, old, group, catalogues):
            block = _block(group, pairs, minutes, base, other)
            if block is None:
                continue
            changed = np.zeros(other.count, bool)
            for column in _CHANGED:
                changed |= np.nan_to_num(block[column]) > _LEAST_PERSONS
            chosen = np.flatnonzero(changed)
            rows.append(
                pd.DataFrame(
                    {
                        "level": other.level_of[chosen],
                        "area_id": other.id_of[chosen],
                        "service": service,
                        "group": group,
                        "mode": mode,
                        **{name: values[chosen] for name, values in block.items()},
                    }
                )
            )
    if not rows:
        return COMPARISON_AREAS.empty()
    return COMPARISON_AREAS.conform(pd.concat(rows, ignore_index=True))


def groups_of(demand_groups: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """Everybody, 65 and older, 75 and older, and the service's own groups."""
    return tuple(dict.fromkeys((*ALWAYS, *(g for g in demand_groups if g in catalogue.groups))))


def _modes(
    before: ServiceStatus,
    after: ServiceStatus,
    old: bool,
    group: str,
    catalogues: tuple[Catalogue, Catalogue],
) -> Iterator[tuple[str, tuple[tuple[Status, Status], ...], tuple[NDArray[np.float64], NDArray[np.float64]] | None]]:
    """Each mode with (before, after) for those under 65 and those of 65 and older, and the minutes."""
    for mode in MODES:
        one, two = ((s.modes_old if old else s.modes)[mode] for s in (before, after))
        if mode == "foot":
            speeds = [c.value(c.groups[group].walk_speed) * 60.0 for c in catalogues]
            minutes = (one.metres / speeds[0], two.metres / speeds[1])
        else:
            minutes = (one.minutes, two.minutes)
        yield mode, ((one.status, two.status), (one.status, two.status)), minutes
    for name in _COMBINED:
        first, second = getattr(before, name), getattr(after, name)
        yield name, tuple((first[age], second[age]) for age in ("young", "old")), None


def _block(
    group: str,
    pairs: tuple[tuple[Status, Status], ...],
    minutes: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
    base: AreaIndex,
    other: AreaIndex,
) -> dict[str, NDArray[np.float64]] | None:
    """Columns of one group and mode, shape (areas,) each; None if nothing differs for anybody."""
    same_status = all(
        (a is None and b is None) or (a is not None and b is not None and np.array_equal(a, b)) for a, b in pairs
    )
    same_minutes = minutes is None or np.array_equal(minutes[0], minutes[1], equal_nan=True)
    if same_status and same_minutes:
        return None
    block = {"persons_before": base.sum(base.persons[group]), "persons": other.sum(other.persons[group])}
    block |= _served(group, [a for a, _ in pairs], base, "before")
    block |= _served(group, [b for _, b in pairs], other, "after")
    block |= _crossed(group, pairs, other)
    if minutes is None:
        nobody = np.zeros(other.count)
        block |= {c: nobody if c.endswith("persons") else np.full(other.count, np.nan) for c in _MINUTE_COLUMNS}
    else:
        rows = other.rows
        block |= _minutes(other.persons[group], minutes[0][rows], minutes[1][rows], other)
    return block


def _weights(index: AreaIndex, group: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    old = index.old[group]
    return index.persons[group] - old, old


def _served(group: str, statuses: list[Status], index: AreaIndex, when: str) -> dict[str, NDArray[np.float64]]:
    if all(s is None for s in statuses):
        return {f"served_{when}_{end}": np.full(index.count, np.nan) for end in ("low", "high")}
    out = {}
    for end, least in (("low", WITHIN), ("high", UNKNOWN)):
        served = np.zeros(len(index.rows))
        for status, weight in zip(statuses, _weights(index, group), strict=True):
            if status is not None:
                served += weight * (status[index.rows] >= least)
        out[f"served_{when}_{end}"] = index.sum(served)
    return out


def _crossed(group: str, pairs: tuple[tuple[Status, Status], ...], index: AreaIndex) -> dict[str, NDArray[np.float64]]:
    """Who crosses the standard. An age without a standard is never within it; a standard that is new or gone counts as that."""
    names = ("gain_low", "gain_high", "lose_low", "lose_high")
    if all(a is None and b is None for a, b in pairs):
        return {name: np.full(index.count, np.nan) for name in names}
    cells = {name: np.zeros(len(index.rows)) for name in names}
    for (one, two), weight in zip(pairs, _weights(index, group), strict=True):
        if one is None and two is None:
            continue
        was = np.full(len(index.rows), BEYOND) if one is None else one[index.rows]
        now = np.full(len(index.rows), BEYOND) if two is None else two[index.rows]
        cells["gain_low"] += weight * ((was == BEYOND) & (now == WITHIN))
        cells["gain_high"] += weight * (now > was)
        cells["lose_low"] += weight * ((was == WITHIN) & (now == BEYOND))
        cells["lose_high"] += weight * (now < was)
    return {name: index.sum(values) for name, values in cells.items()}


def _minutes(
    persons: NDArray[np.float64], before: NDArray[np.float64], after: NDArray[np.float64], index: AreaIndex
) -> dict[str, NDArray[np.float64]]:
    had, has = ~np.isnan(before), ~np.isnan(after)
    gain = np.where(had & has, before - after, 0.0)
    out: dict[str, NDArray[np.float64]] = {}
    for name, sign in (("faster", 1.0), ("slower", -1.0)):
        amount = np.maximum(sign * gain, 0.0)
        people = persons * (amount > 0)
        total = index.sum(people)
        largest = np.zeros(index.count)
        np.maximum.at(largest, index.area, np.where(people > 0, amount, 0.0)[index.cell])
        with np.errstate(invalid="ignore", divide="ignore"):
            out[f"{name}_mean_min"] = np.where(total > 0, index.sum(people * amount) / total, np.nan)
        out[f"{name}_persons"] = total
        out[f"{name}_max_min"] = np.where(total > 0, largest, np.nan)
    out["new_persons"] = index.sum(persons * (~had & has))
    out["gone_persons"] = index.sum(persons * (had & ~has))
    return out
