"""Places with few answers are counted with a named neighbour; groups of people take the answers of the ages within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Group

# Ages of the classes of an answer; a grown-up fills in the sheet.
ANSWER_AGES: Mapping[str, tuple[int, int]] = {
    "under_65": (18, 64),
    "65_74": (65, 74),
    "75_84": (75, 84),
    "85_plus": (85, 120),
    "": (18, 120),
}


@dataclass(frozen=True)
class MergedPlaces:
    """Places that are told together.

    Parameters
    ----------
    key
        Id of the place that the group is named after: that with most answers (then most inhabitants, then the id).
    members
        Ids of its places that have answers, `key` first, the others by their number of answers.
    answers
        Answers of all of them.
    """

    key: str
    members: tuple[str, ...]
    answers: int


def merge_places(counts: Mapping[str, int], places: pd.DataFrame, *, least: int) -> tuple[MergedPlaces, ...]:
    """Merge places with fewer answers than `least` with the nearest place that has answers, until each group has enough.

    Parameters
    ----------
    counts
        Answers by place; places without answers may be missing.
    places
        PLACES of the region.
    least
        Fewest answers of a group.

    Returns
    -------
    tuple of MergedPlaces
        By the position of their key in `places`. With fewer than `least` answers in all there is one group that is too small.

    Notes
    -----
    The group with fewest answers joins the one that has the nearest of its places, straight line between the places; ties go to the place that
    stands first in `places`. So the result does not depend on the order of the answers.
    """
    order = {p: k for k, p in enumerate(places["place_id"])}
    x, y = places["x"].to_numpy(np.float64), places["y"].to_numpy(np.float64)
    persons = places["persons"].to_numpy(np.float64)
    ids = sorted((p for p, n in counts.items() if n > 0 and p in order), key=order.__getitem__)
    groups: list[list[str]] = [[p] for p in ids]

    def total(group: list[str]) -> int:
        return sum(counts[p] for p in group)

    def apart(one: list[str], other: list[str]) -> tuple[float, int]:
        rows, columns = [order[p] for p in one], [order[p] for p in other]
        away = np.hypot(x[rows][:, None] - x[columns][None, :], y[rows][:, None] - y[columns][None, :])
        away = np.where(np.isnan(away), np.inf, away)
        return float(away.min()), min(columns)

    while len(groups) > 1:
        small = min(groups, key=lambda g: (total(g), order[g[0]]))
        if total(small) >= least:
            break
        others = [g for g in groups if g is not small]
        nearest = min(others, key=lambda g: apart(small, g))
        groups.remove(small)
        nearest += small
        nearest.sort(key=order.__getitem__)
    merged = []
    for group in groups:
        ranked = sorted(group, key=lambda p: (-counts[p], -np.nan_to_num(persons[order[p]]), order[p]))
        merged.append(MergedPlaces(ranked[0], tuple(ranked), total(group)))
    return tuple(sorted(merged, key=lambda g: order[g.key]))


def key_of_places(groups: tuple[MergedPlaces, ...]) -> dict[str, str]:
    """Place with answers -> key of its group."""
    return {place: group.key for group in groups for place in group.members}


def belongs(ages: pd.Series, group: Group) -> NDArray[np.bool_]:
    """Which answers count for a group of people: those whose whole age class lies within the ages of the group.

    Parameters
    ----------
    ages
        Age classes of answers (WISHES.age).
    """
    inside = {a for a, (first, last) in ANSWER_AGES.items() if group.first_age <= first and last <= group.last_age}
    return ages.isin(inside).to_numpy(bool)
