"""Catchments of anchors: whose closest anchor it is, cell by cell, also across borders of municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.anchors.prepared import Prepared
from ankerort.documents.anchors_documents import AnchorDocuments

_FAR = np.iinfo(np.int64).max
NONE = -1


@dataclass(frozen=True)
class Catchments:
    """Who goes where.

    Parameters
    ----------
    place_ids
        Per anchor its place, in the order of ``plan.anchors``; a pair counts as one anchor.
    of_cell
        int64, shape (cells,): number of the anchor that most people of the cell have closest within the standard, `NONE` where nobody has any.
    persons
        Columns anchor, ags, persons: inhabitants within the standard of their closest anchor, by their municipality.
    without
        Columns ags, persons: inhabitants within the standard of none.
    place_anchor
        Columns place_id, anchor, persons, minutes: for each place the anchor that most of its people have closest, how many of them, and
        the mean of their minutes from door to door.
    """

    place_ids: tuple[str, ...]
    of_cell: NDArray[np.int64]
    persons: pd.DataFrame
    without: pd.DataFrame
    place_anchor: pd.DataFrame

    def total(self, anchor: int) -> float:
        """Inhabitants of a catchment."""
        return float(self.persons.loc[self.persons["anchor"] == anchor, "persons"].sum())


def catchments(documents: AnchorDocuments) -> Catchments:
    """Closest chosen anchor of each demand row, summed by cell, municipality and place; people of the study area only."""
    anchors, prepared, region = documents.plan.anchors, documents.prepared, documents.region
    pairs = [
        tuple(p for p in (str(a), str(b)) if p) for a, b in zip(anchors["place_id"], anchors["partner_id"], strict=True)
    ]
    seconds, within = _closest(prepared, pairs)
    count = len(prepared.problem.demand)
    if len(pairs):
        chosen = np.where(within, seconds, _FAR).argmin(axis=0)
        reached = within.any(axis=0)
    else:
        chosen, reached = np.zeros(count, np.int64), np.zeros(count, bool)
    anchor = np.where(reached, chosen, NONE)
    best = seconds[chosen, np.arange(count)] if len(pairs) else np.zeros(count)
    cells = region.cells
    rows = pd.DataFrame(
        {
            "cell": prepared.demand_cell,
            "anchor": anchor,
            "persons": prepared.problem.demand.persons,
            "seconds": best.astype(float),
        }
    )
    rows["ags"] = cells["ags"].to_numpy(object)[rows["cell"]]
    rows["place_id"] = cells["place_id"].to_numpy(object)[rows["cell"]]
    rows = rows[cells["in_study"].to_numpy(bool)[rows["cell"]]]
    inside = rows[rows["anchor"] != NONE]
    of_cell = np.full(len(cells), NONE, np.int64)
    most = _largest(inside, "cell")
    of_cell[most["cell"].to_numpy(int)] = most["anchor"].to_numpy(int)
    persons = inside.groupby(["anchor", "ags"], as_index=False)["persons"].sum()
    without = rows[rows["anchor"] == NONE].groupby("ags", as_index=False)["persons"].sum()
    return Catchments(tuple(p[0] for p in pairs), of_cell, persons, without, _places(inside))


def _closest(prepared: Prepared, pairs: Sequence[tuple[str, ...]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Seconds and whether within the standard, shape (anchors, demand rows).

    A pair is within the standard where both of its places are, as in ``plan.anchors``; it is as far as the nearer of both.
    """
    travel, count = prepared.problem.anchor_travel, len(prepared.problem.demand)
    number = {p: k for k, p in enumerate(prepared.place_ids)}
    seconds = np.full((len(pairs), count), _FAR)
    within = np.ones((len(pairs), count), bool)
    for k, places in enumerate(pairs):
        for place in places:
            one, near = np.full(count, _FAR), np.zeros(count, bool)
            if place in number:
                entries = travel.site(number[place])
                one[travel.row[entries]] = travel.seconds[entries]
                near[travel.row[entries]] = travel.within[entries]
            seconds[k] = np.minimum(seconds[k], one)
            within[k] &= near
    return seconds, within


def _largest(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Per key the anchor of most persons; among equals the smallest number."""
    sums = rows.groupby([key, "anchor"], as_index=False)["persons"].sum()
    sums = sums.sort_values([key, "persons", "anchor"], ascending=[True, False, True], kind="stable")
    return sums.drop_duplicates(key)


def _places(inside: pd.DataFrame) -> pd.DataFrame:
    named = inside[inside["place_id"] != ""]
    most = _largest(named, "place_id")[["place_id", "anchor"]]
    own = named.merge(most, on=["place_id", "anchor"])
    own["weighted"] = own["seconds"] * own["persons"]
    sums = own.groupby(["place_id", "anchor"], as_index=False)[["persons", "weighted"]].sum()
    minutes = np.divide(
        sums["weighted"], 60 * sums["persons"], out=np.zeros(len(sums)), where=sums["persons"].to_numpy() > 0
    )
    return sums.assign(minutes=minutes).drop(columns="weighted")
