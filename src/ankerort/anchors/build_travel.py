"""Travel tables of a function and of the anchors, without what no plan could use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.build_demand import OLD, YOUNG, DemandRows
from ankerort.anchors.build_sites import FAR, Block, ServiceSites, dense, seconds_of
from ankerort.anchors.place_travel import AGE_GROUPS, ERRANDS, SCHOOL_DAY, PlaceTravel, place_targets
from ankerort.anchors.problem import Travel
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import SparseColumns
from ankerort.reach.model import Reach
from ankerort.supply.status import mode_speed_ms

_BLOCK = 64  # sites against all cells at a time


@dataclass
class _Entries:
    """Entries of the table as they come."""

    site: list[NDArray[np.int32]] = field(default_factory=list)
    row: list[NDArray[np.int32]] = field(default_factory=list)
    seconds: list[NDArray[np.int32]] = field(default_factory=list)
    within: list[NDArray[np.bool_]] = field(default_factory=list)

    def add(
        self, site: NDArray[np.int32], row: NDArray[np.int32], seconds: NDArray[np.int32], within: NDArray[np.bool_]
    ) -> None:
        self.site.append(site.astype(np.int32))
        self.row.append(row.astype(np.int32))
        self.seconds.append(seconds)
        self.within.append(within)

    def table(self, sites: int) -> Travel:
        site = np.concatenate([np.empty(0, np.int32), *self.site])
        row = np.concatenate([np.empty(0, np.int32), *self.row])
        order = np.lexsort((row, site))
        ptr = np.concatenate([[0], np.cumsum(np.bincount(site, minlength=sites))]).astype(np.int64)
        seconds = np.concatenate([np.empty(0, np.int32), *self.seconds])[order]
        within = np.concatenate([np.empty(0, np.bool_), *self.within])[order]
        return Travel(ptr, row[order], seconds, within)


def no_travel(sites: int) -> Travel:
    """A table without entries."""
    return _Entries().table(sites)


def function_travel(
    existing: Sequence[tuple[str, int, bool]],
    centres: Sequence[tuple[str, int]],
    of_service: Mapping[str, ServiceSites],
    rows: DemandRows,
    need: NDArray[np.float64],
) -> Travel:
    """From each site to the rows that have a need.

    Left out is what no plan can use: of facilities that never close only the closest of each row stays, and the closest within the
    standard; of all other sites what is neither closer than them nor within the standard and closer than those within.

    Parameters
    ----------
    existing
        (service, target row or -1 for a site that serves nobody for sure, whether it never closes), in the order of the sites.
    centres
        (service, candidate place) of the sites after them.
    """
    cells = rows.row_of.shape[1]
    asked = np.where(rows.row_of >= 0, need[np.maximum(rows.row_of, 0)] > 0, False)
    entries = _Entries()
    any_s = np.full((4, cells), FAR, np.int32)
    any_site = np.full((4, cells), -1, np.int32)
    in_s, in_site = any_s.copy(), any_site.copy()
    sited = [(k, service, target) for k, (service, target, _) in enumerate(existing) if target >= 0]
    lasting = [one for one in sited if existing[one[0]][2]]
    for numbers, block in _existing_blocks(lasting, of_service):
        _keep_least(any_s, any_site, block.seconds, numbers)
        _keep_least(in_s, in_site, np.where(block.within, block.seconds, FAR), numbers)
    # the closest of all that is within its standard is the closest of those within, too
    kind, cell = np.nonzero((any_site >= 0) & asked)
    of_any = any_site[kind, cell]
    entries.add(of_any, rows.row_of[kind, cell], any_s[kind, cell], in_site[kind, cell] == of_any)
    kind, cell = np.nonzero((in_site >= 0) & (in_site != any_site) & asked)
    entries.add(in_site[kind, cell], rows.row_of[kind, cell], in_s[kind, cell], np.ones(len(kind), bool))
    for numbers, block in _existing_blocks([one for one in sited if not existing[one[0]][2]], of_service):
        _add_useful(entries, numbers, block, rows, asked, any_s, in_s)
    first = len(existing)
    for service in dict.fromkeys(s for s, _ in centres):
        mine = np.array([k for k, (s, _) in enumerate(centres) if s == service], np.int32)
        places = np.array([centres[k][1] for k in mine], np.int32)
        for part in _parts(len(mine)):
            block = of_service[service].centres(places[part])
            _add_useful(entries, first + mine[part], block, rows, asked, any_s, in_s)
    return entries.table(len(existing) + len(centres))


def _parts(count: int) -> list[NDArray[np.intp]]:
    return [np.arange(k, min(k + _BLOCK, count)) for k in range(0, count, _BLOCK)]


def _existing_blocks(
    sites: Sequence[tuple[int, str, int]], of_service: Mapping[str, ServiceSites]
) -> Iterator[tuple[NDArray[np.int32], Block]]:
    for service in dict.fromkeys(s for _, s, _ in sites):
        mine = [(k, t) for k, s, t in sites if s == service]
        for part in _parts(len(mine)):
            numbers = np.array([mine[int(p)][0] for p in part], np.int32)
            targets = np.array([mine[int(p)][1] for p in part], np.int32)
            yield numbers, of_service[service].facilities(targets)


def _keep_least(
    best_s: NDArray[np.int32], best_site: NDArray[np.int32], seconds: NDArray[np.int32], numbers: NDArray[np.int32]
) -> None:
    """Of equally close sites the one with the smallest number: blocks come in their order."""
    first = seconds.argmin(axis=1)
    least = np.take_along_axis(seconds, first[:, None, :], axis=1)[:, 0, :]
    better = (least < best_s) | ((least == best_s) & (least < FAR) & (numbers[first] < best_site))
    best_s[better] = least[better]
    best_site[better] = numbers[first][better]


def _add_useful(
    entries: _Entries,
    numbers: NDArray[np.int32],
    block: Block,
    rows: DemandRows,
    asked: NDArray[np.bool_],
    any_s: NDArray[np.int32],
    in_s: NDArray[np.int32],
) -> None:
    seconds, within = block.seconds, block.within
    useful = (seconds < any_s[:, None, :]) | (within & (seconds < in_s[:, None, :]))
    useful &= asked[:, None, :] & (seconds < FAR)
    kind, site, cell = np.nonzero(useful)
    entries.add(numbers[site], rows.row_of[kind, cell], seconds[kind, site, cell], within[kind, site, cell])


def anchor_travel(
    reach: Reach,
    catalogue: Catalogue,
    places: NDArray[np.int32],
    rows: DemandRows,
    travel: PlaceTravel | None,
    *,
    there_and_back: bool,
) -> Travel:
    """From each candidate place to the rows whose people can run several errands there in one trip.

    Within ``anchors.reach_car_min`` by car, ``anchors.reach_pt_min`` by public transport (with a way home after
    ``round_trip.place_stay_min``), and ``anchors.reach_self_min`` on foot or, under 65, by bike.
    """
    cells = rows.row_of.shape[1]
    car_s = catalogue.value("anchors.reach_car_min") * 60
    pt_s = catalogue.value("anchors.reach_pt_min") * 60
    self_s = catalogue.value("anchors.reach_self_min") * 60
    entries = _Entries()
    targets = place_targets(reach, places)
    numbers = None if travel is None else travel.numbers_of(places)

    def street(mode: str, part: NDArray[np.intp]) -> NDArray[np.int32]:
        columns: SparseColumns = getattr(reach, mode)
        found = dense(columns, columns.value, targets[part], cells)
        found[:, ~reach.cell_known[mode]] = FAR
        return found

    for part in _parts(len(places)):
        foot, bike, car = (street(mode, part) for mode in ("foot", "bike", "car"))
        car[car > car_s] = FAR
        for age in (YOUNG, OLD):
            best = seconds_of(foot, mode_speed_ms("foot", catalogue, old=age == OLD))
            if age == YOUNG:
                best = np.minimum(best, seconds_of(bike, mode_speed_ms("bike", catalogue)))
            best[best > self_s] = FAR
            if travel is not None and numbers is not None:
                ride = _rides(reach, travel, numbers[part], age, cells, there_and_back=there_and_back)
                best = np.minimum(best, np.where(ride > pt_s, FAR, ride))
            for kind in (age, age + 2):
                seconds = best if kind < 2 else np.minimum(best, car)
                site, cell = np.nonzero((seconds < FAR) & (rows.row_of[kind] >= 0)[None, :])
                entries.add(
                    part[site].astype(np.int32), rows.row_of[kind, cell], seconds[site, cell], np.ones(len(site), bool)
                )
    return entries.table(len(places))


def _rides(
    reach: Reach, travel: PlaceTravel, numbers: NDArray[np.int32], age: int, cells: int, *, there_and_back: bool
) -> NDArray[np.int32]:
    group = AGE_GROUPS[age]
    columns = travel.pt.get(group, travel.pt.get(AGE_GROUPS[0]))
    if columns is None:
        return np.full((len(numbers), cells), FAR, np.int32)
    seconds = dense(columns, columns.typical_s, numbers, cells)
    trips = travel.trips.get(group)
    if there_and_back and trips is not None:
        back = dense(trips, trips.pairs, numbers + travel.hours_of[ERRANDS] * len(travel.places), cells)
        day = reach.day_known.get(SCHOOL_DAY, reach.cell_known["pt"])
        seconds[((back == FAR) | (back < 1)) & day[None, :]] = FAR
    seconds[:, ~reach.cell_known["pt"]] = FAR
    return seconds
