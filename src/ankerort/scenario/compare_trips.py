"""There and back by public transport, before and after."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.reach.assigned import may_use
from ankerort.reach.model import ON_FOOT_ANY_TIME, Reach, TripKey
from ankerort.scenario.schema import COMPARISON_TRIPS
from ankerort.supply.areas import AreaIndex


def compare_trips(services: Sequence[str], base: Reach, other: Reach, index: AreaIndex) -> pd.DataFrame:
    """COMPARISON_TRIPS rows in which somebody gains or loses the way there and back, or has more or fewer pairs.

    A home counts the facility of the service with most pairs; homes whose day type is not known on either side are left out.
    """
    rows: list[pd.DataFrame] = []
    for key in other.round_trips:
        if key not in base.round_trips or key.group not in index.persons:
            continue
        known = base.day_known[key.day_type] & other.day_known[key.day_type]
        for service in services:
            before, after = (_pairs(reach, key, service, len(known)) for reach in (base, other))
            block = _block(key, before, after, known, index)
            if block is not None:
                rows.append(block.assign(service=service))
    if not rows:
        return COMPARISON_TRIPS.empty()
    return COMPARISON_TRIPS.conform(pd.concat(rows, ignore_index=True))


def _pairs(reach: Reach, key: TripKey, service: str, homes: int) -> NDArray[np.int16]:
    """Per home the pairs with the facility of the service that has most; with the assigned one where there is one."""
    columns = reach.round_trips[key]
    of_service = reach.targets["service"].to_numpy(object)[reach.pt_targets] == service
    rows = reach.targets["row"].to_numpy(np.int64)[reach.pt_targets]
    best = np.zeros(homes, np.int16)
    for k in np.flatnonzero(of_service):
        part = slice(columns.ptr[k], columns.ptr[k + 1])
        theirs = may_use(reach.assigned.get(service), columns.home[part], int(rows[k]))
        homes_of = columns.home[part][theirs]
        best[homes_of] = np.maximum(best[homes_of], columns.pairs[part][theirs])
    return best


def _block(
    key: TripKey,
    before: NDArray[np.int16],
    after: NDArray[np.int16],
    known: NDArray[np.bool_],
    index: AreaIndex,
) -> pd.DataFrame | None:
    if np.array_equal(before[known], after[known]):
        return None
    rows = index.rows
    persons = index.persons[key.group] * known[rows]
    was, now = before[rows], after[rows]
    gain, lose = index.sum(persons * ((was == 0) & (now > 0))), index.sum(persons * ((was > 0) & (now == 0)))
    rides = persons * ((was < ON_FOOT_ANY_TIME) & (now < ON_FOOT_ANY_TIME))
    total = index.sum(rides)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [np.where(total > 0, index.sum(rides * np.minimum(p, 999)) / total, np.nan) for p in (was, now)]
    changed = np.flatnonzero((gain > 0) | (lose > 0) | (np.nan_to_num(means[0]) != np.nan_to_num(means[1])))
    if not len(changed):
        return None
    return pd.DataFrame(
        {
            "level": index.level_of[changed],
            "area_id": index.id_of[changed],
            "group": key.group,
            "day_type": key.day_type,
            "with_demand": key.with_demand,
            "persons": index.sum(index.persons[key.group])[changed],
            "pairs_before": means[0][changed],
            "pairs_after": means[1][changed],
            "gain": gain[changed],
            "lose": lose[changed],
        }
    )
