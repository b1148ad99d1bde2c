"""Which of the merged spots become candidate stops: a few per place that together reach most old people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.request import MobileRequest
from ankerort.mobile.travel import walks_to_stops
from ankerort.network.model import Network
from ankerort.region.model import Region
from ankerort.region.place_names import PlaceNames
from ankerort.text.numbers import round_persons

TABLE = "haltepunkte"  # where the user can put it right
_OLD = ("p_75_84", "p_85_plus")
_REST = (
    "outlying",
    "whole_municipality",
)  # no villages: scattered houses, or a municipality whose villages nobody named
_NAMES_SHOWN = 8
_PER_PERSON = 1e-3  # among stops that reach as many old people the one that reaches more people


@dataclass
class _Reached:
    """Who walks to which candidate: cells per candidate, weights per cell of the area."""

    cells: list[NDArray[np.int64]]
    weight: NDArray[np.float64]  # people of 75 and older, and a little for everybody
    old: NDArray[np.float64]
    place: NDArray[np.object_]


def choose_stops(
    region: Region,
    catalogue: Catalogue,
    stops: pd.DataFrame,
    area_cells: NDArray[np.int32],
    request: MobileRequest,
    network: Network | None,
    threads: int,
    problems: Problems,
) -> NDArray[np.int64]:
    """Rows of the chosen stops, ascending: the kept ones, one per place, then those that reach most further people.

    Parameters
    ----------
    stops
        STOPS with `kept` (asked for); of equals the first row is chosen.
    area_cells
        int32: rows of ``Region.cells``.
    problems
        Collects places without a stop, beyond the most stops, or without one within the walk, and how many people are reached.
    """
    reached = _reached(region, catalogue, stops, area_cells, request.cover_m, network, threads)
    factor = (1.0 + stops["suitability"].to_numpy(float)) / 2.0
    # a vehicle that stays for an hour or two stands in the way of the buses
    factor = np.where(stops["kind"] == "bus_stop", factor * catalogue.value("mobile.bus_stop_factor"), factor)
    of_place = stops["place_id"].to_numpy(object)
    most = round(catalogue.value("mobile.stops_most"))
    chosen = np.flatnonzero(stops["kept"].to_numpy(bool)).tolist()
    covered = np.zeros(len(reached.weight), bool)
    for k in chosen:
        covered[reached.cells[k]] = True
    served = set(of_place[chosen])
    without, beyond, far = [], [], []
    kind = dict(zip(region.places["place_id"], region.places["kind"], strict=True))
    for place in _places_by_need(region, reached, request):
        if place in served:
            continue
        own = np.flatnonzero(of_place == place)
        if not len(own):
            if kind.get(place) not in _REST:
                without.append(place)
            continue
        if len(chosen) >= most:
            beyond.append(place)
            continue
        here = [reached.cells[k][reached.place[reached.cells[k]] == place] for k in own]
        gain = np.array([reached.weight[cells].sum() for cells in here]) * factor[own]
        best = int(own[np.argmax(gain)])
        if gain.max() <= 0:
            best = _nearest_to_people(region, stops, own, reached, place, area_cells)
            if reached.old[reached.place == place].sum() >= 1:
                far.append(place)
        chosen.append(best)
        covered[reached.cells[best]] = True
    _add_further(catalogue, region, stops, reached, factor, covered, chosen, most)
    _tell(region, problems, reached, without, beyond, far, round(request.cover_m))
    problems.add(
        "mobile_stops_reach",
        "note",
        TABLE,
        near=round_persons(float(reached.old[covered].sum())),
        old=round_persons(float(reached.old.sum())),
        walk=round(request.cover_m),
    )
    return np.array(sorted(chosen), np.int64)


def _reached(
    region: Region,
    catalogue: Catalogue,
    stops: pd.DataFrame,
    area_cells: NDArray[np.int32],
    walk_m: float,
    network: Network | None,
    threads: int,
) -> _Reached:
    rows = np.sort(area_cells)
    cells = region.cells.iloc[rows]
    old = cells[list(_OLD)].to_numpy(float).sum(axis=1)
    old = np.nan_to_num(old)
    persons = np.nan_to_num(cells["persons"].to_numpy(float))
    if not len(stops):
        near: list[NDArray[np.int64]] = []
    elif network is not None:
        walks = walks_to_stops(region, network, catalogue, stops, rows, limit_m=walk_m, threads=threads)
        near = [np.searchsorted(rows, walks.column(k)[0]).astype(np.int64) for k in range(len(stops))]
    else:
        tree = cKDTree(cells[["x", "y"]].to_numpy(float))
        radius = walk_m / catalogue.value("detour.foot")
        balls = tree.query_ball_point(stops[["x", "y"]].to_numpy(float), radius)
        near = [np.array(sorted(ball), np.int64) for ball in balls]
    return _Reached(near, old + _PER_PERSON * persons, old, cells["place_id"].to_numpy(object))


def _places_by_need(region: Region, reached: _Reached, request: MobileRequest) -> list[str]:
    """Places of the area with inhabitants, most old people first; forbidden ones are left out."""
    total = pd.Series(reached.weight).groupby(reached.place).sum()
    names = PlaceNames(region.places)
    closed = {i for asked in request.forbid for i in names.find(asked)}
    places = [p for p, w in total.items() if p and w > 0 and p not in closed]
    return sorted(places, key=lambda p: (-total[p], p))


def _nearest_to_people(
    region: Region,
    stops: pd.DataFrame,
    own: NDArray[np.int64],
    reached: _Reached,
    place: str,
    area_cells: NDArray[np.int32],
) -> int:
    """Where nobody of the place is within the walk: the stop nearest to where most of its people live."""
    rows = np.flatnonzero(reached.place == place)
    weight = reached.weight[rows] / reached.weight[rows].sum()
    centre = (region.cells[["x", "y"]].to_numpy(float)[np.sort(area_cells)[rows]] * weight[:, None]).sum(axis=0)
    off = np.hypot(*(stops[["x", "y"]].to_numpy(float)[own] - centre).T)
    return int(own[np.argmin(off)])


def _add_further(
    catalogue: Catalogue,
    region: Region,
    stops: pd.DataFrame,
    reached: _Reached,
    factor: NDArray[np.float64],
    covered: NDArray[np.bool_],
    chosen: list[int],
    most: int,
) -> None:
    per_place = round(catalogue.value("mobile.stops_per_place"))
    least = catalogue.value("mobile.stop_gain_min")
    kind = dict(zip(region.places["place_id"], region.places["kind"], strict=True))
    of_place = stops["place_id"].to_numpy(object)
    count: dict[str, int] = {}
    for k in chosen:
        count[of_place[k]] = count.get(of_place[k], 0) + 1
    taken = set(chosen)
    at_cell: dict[int, list[int]] = {}
    for k, cells in enumerate(reached.cells):
        for cell in cells.tolist():
            at_cell.setdefault(cell, []).append(k)
    gain = np.zeros(len(stops))
    old = np.zeros(len(stops))
    stale = np.ones(len(stops), bool)
    while len(chosen) < most:
        for k in np.flatnonzero(stale).tolist():
            new = reached.cells[k][~covered[reached.cells[k]]]
            gain[k], old[k] = reached.weight[new].sum() * factor[k], reached.old[new].sum()
        stale[:] = False
        open_ = (old >= least) & (gain > 0)
        open_[list(taken)] = False
        for place, n in count.items():
            if n >= per_place and kind.get(place) not in _REST:
                open_ &= of_place != place
        if not open_.any():
            return
        best = int(np.argmax(np.where(open_, gain, -1.0)))
        chosen.append(best)
        taken.add(best)
        count[of_place[best]] = count.get(of_place[best], 0) + 1
        for cell in reached.cells[best][~covered[reached.cells[best]]].tolist():
            stale[at_cell[cell]] = True
        covered[reached.cells[best]] = True


def _tell(
    region: Region,
    problems: Problems,
    reached: _Reached,
    without: list[str],
    beyond: list[str],
    far: list[str],
    walk_m: int,
) -> None:
    names = PlaceNames(region.places)
    for code, places in (
        ("mobile_places_without_stop", without),
        ("mobile_places_beyond_most", beyond),
        ("mobile_places_far_stop", far),
    ):
        if places:
            old = round_persons(float(reached.old[np.isin(reached.place, places)].sum()))
            shown = ", ".join(names.printed(p) for p in places[:_NAMES_SHOWN])
            more = "" if len(places) <= _NAMES_SHOWN else " ..."
            if code == "mobile_places_far_stop":
                problems.add(code, "note", TABLE, n=len(places), old=old, names=shown + more, walk=walk_m)
            else:
                problems.add(code, "warning", TABLE, n=len(places), old=old, names=shown + more)
