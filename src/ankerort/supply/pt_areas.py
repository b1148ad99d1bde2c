"""Persons by class of public transport, and departures, in each place and municipality."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.region.model import Region
from ankerort.supply.pt_stops import StopDay
from ankerort.supply.weighted import sum_by, weighted_quantiles

_LEVELS = (("place", "place_id"), ("municipality", "ags"))


def pt_areas(
    region: Region,
    day: StopDay,
    walks: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    ranks: tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.bool_]],
    letters: tuple[str, ...],
    *,
    within_m: float,
    with_demand: bool,
) -> pd.DataFrame:
    """Rows of `PT_AREAS` of one day type, without or with Rufbus.

    Parameters
    ----------
    walks
        Cell, stop group, metres: each pair once.
    ranks
        Per cell the best possible class, the class at least, and whether trains are missing near.
    letters
        Classes by rank, "none" last.
    within_m
        Figure ``walk_limit.all``: stops so near to an inhabited cell serve its area.
    """
    cells = region.cells
    best, least, rail = ranks
    persons = cells["persons"].to_numpy(float)
    frames = []
    for level, column in _LEVELS:
        keys = cells[column].where(cells["in_study"], "")
        ids = sorted(k for k in keys.unique() if k)
        number = {k: n for n, k in enumerate(ids)}
        of_cell = keys.map(number).fillna(-1).to_numpy(np.int32)
        rows = np.flatnonzero(of_cell >= 0)
        area, weight, count = of_cell[rows], persons[rows], len(ids)
        low, high = best[rows], least[rows]
        sure = low == high
        out: dict[str, object] = {"level": level, "area_id": ids, "persons": sum_by(area, count, weight)}
        for rank, letter in enumerate(letters):
            out[f"persons_{letter.lower()}"] = sum_by(area, count, weight * (sure & (high == rank)))
        out["persons_unknown"] = sum_by(area, count, weight * ~sure)
        out["persons_rail_missing"] = sum_by(area, count, weight * rail[rows])
        middle = [weighted_quantiles(area, count, rank.astype(np.float64), weight, (0.5,))[0] for rank in (low, high)]
        named = [np.array([*letters, None], dtype=object)[_index(m, len(letters))] for m in middle]
        out["median_class_best"], out["median_class_worst"] = named
        out["median_class"] = np.where(_index(middle[0], -1) == _index(middle[1], -1), named[1], "unknown")
        departures, known = _departures(day, walks, of_cell, persons, count, within_m, with_demand)
        # where nothing is known of a home (its class could be anything), it may have stops that no timetable names
        known[area[(weight > 0) & (low == 0) & ~sure]] = False
        frames.append(pd.DataFrame({**out, "departures": departures, "departures_known": known}))
    return pd.concat(frames, ignore_index=True)


def _index(median: NDArray[np.float64], missing: int) -> NDArray[np.int64]:
    """Rank as an index; areas without inhabitants have none."""
    return np.where(np.isnan(median), missing, median).astype(np.int64)


def _departures(
    day: StopDay,
    walks: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    of_cell: NDArray[np.int32],
    persons: NDArray[np.float64],
    count: int,
    within_m: float,
    with_demand: bool,
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Different trips that can be boarded at the stops of each area, and whether all of these stops are known."""
    cell, group, metres = walks
    stops = len(day.known)
    near = (metres <= within_m) & (of_cell[cell] >= 0) & (persons[cell] > 0)
    served = np.unique(of_cell[cell[near]].astype(np.int64) * max(stops, 1) + group[near])
    area, stop = served // max(stops, 1), served % max(stops, 1)
    known = np.ones(count, bool)
    known[area[~day.known[stop]]] = False
    boardings = day.boardings_demand if with_demand else day.boardings
    at = boardings % max(stops, 1)
    order = np.argsort(at, kind="stable")
    trip = (boardings // max(stops, 1))[order]
    begin, end = (np.searchsorted(at[order], stop, side=side) for side in ("left", "right"))
    length = end - begin
    place = np.repeat(begin - np.cumsum(length) + length, length) + np.arange(length.sum())
    trips = int(trip.max(initial=0)) + 1
    pairs = np.unique(np.repeat(area, length) * trips + trip[place])
    return np.bincount(pairs // trips, minlength=count).astype(np.int32), known
