"""Seconds and standards from the sites of one service to all cells, by age and car: dense blocks of a few sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.build_demand import OLD, OLD_CAR, YOUNG, YOUNG_CAR
from ankerort.anchors.place_travel import SCHOOL_DAY, PlaceTravel, place_targets
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import SparseColumns
from ankerort.reach.model import PtColumns, PtKey, Reach, RoundTripColumns, TripKey
from ankerort.reach.round_trips import stay_seconds
from ankerort.reach.street_columns import parking_s, street_direction
from ankerort.reach.targets import FACILITY
from ankerort.supply.service_status import OLD_GROUP
from ankerort.supply.status import mode_speed_ms, standard_limit

FAR = np.iinfo(np.int32).max
_GROUPS = {YOUNG: "all", OLD: OLD_GROUP}


@dataclass(frozen=True)
class Block:
    """Some sites against all cells, for the kinds that have the mode; shape (kinds, sites, cells).

    `seconds` is `FAR` where there is no way within the table; `within` is by the service's standard.
    """

    seconds: NDArray[np.int32]
    within: NDArray[np.bool_]


class ServiceSites:
    """The ways to one service's facilities and, as if it opened there, to the centres of places.

    By the rules of the balance (`ankerort.supply.service_status`): on foot, by bike under 65, by public transport, with a car also by
    car; help that drives out comes by car to everybody. A mode counts where the cell is joined to it. Assigned cells use their own
    facility only. Public transport counts, where round trips of the school day are known, only with a way home (`there_and_back`).

    Parameters
    ----------
    largest_s
        Ways longer than this are left out.
    """

    def __init__(
        self,
        service_id: str,
        reach: Reach,
        catalogue: Catalogue,
        *,
        cells: int,
        travel: PlaceTravel | None,
        places: NDArray[np.int32],
        there_and_back: bool,
        largest_s: float,
    ) -> None:
        self.service = catalogue.services[service_id]
        self.reach, self.catalogue, self.cells = reach, catalogue, cells
        self.travel, self.there_and_back, self.largest_s = travel, there_and_back, largest_s
        self.assigned = reach.assigned.get(service_id)
        targets = reach.targets
        mine = (targets["kind"] == FACILITY).to_numpy(bool) & (targets["service"] == service_id).to_numpy(bool)
        certain = (targets["certainty"] == "certain").to_numpy(bool)
        self.certain = np.flatnonzero(mine & certain).astype(np.int32)
        self.probable = np.flatnonzero(mine & (targets["certainty"] == "probable").to_numpy(bool)).astype(np.int32)
        self.row = targets["row"].to_numpy(np.int32)
        self.place_targets = place_targets(reach, places)
        self._in_travel = None if travel is None else travel.numbers_of(places)
        self._pt_column = np.full(len(targets), -1, np.int32)
        self._pt_column[reach.pt_targets] = np.arange(len(reach.pt_targets), dtype=np.int32)
        self._returns = stay_seconds(service_id, catalogue) >= 0
        self._helps = street_direction(catalogue, service_id) == "from_target"

    def facilities(self, targets: NDArray[np.int32]) -> Block:
        """Ways to facilities (rows of ``Reach.targets``)."""
        block = self._streets(targets)
        if "pt" in self.service.standards:
            column = self._pt_column[targets]
            for age in (YOUNG, OLD):
                self._add(block, (age, age + 2), self._pt_facilities(column, age), self._limit_s("pt"))
        if self.assigned is not None:
            theirs = self.assigned[None, :]
            self._strike(block, (theirs >= 0) & (theirs != self.row[targets][:, None]))
        return block

    def centres(self, numbers: NDArray[np.int32]) -> Block:
        """Ways to place centres (numbers of the candidate places) as if the service were there."""
        block = self._streets(self.place_targets[numbers], numbers=numbers)
        if "pt" in self.service.standards and self.travel is not None:
            for age in (YOUNG, OLD):
                self._add(block, (age, age + 2), self._pt_centres(numbers, age), self._limit_s("pt"))
        if self.assigned is not None:  # a new school gets no district
            self._strike(block, np.broadcast_to(self.assigned >= 0, block.within.shape[1:]))
        return block

    def pt_within(self, targets: NDArray[np.int32], age: int) -> NDArray[np.bool_]:
        """Cells within the public-transport standard of any of some facilities, with a way home where that is asked for."""
        found = np.zeros(self.cells, bool)
        if "pt" not in self.service.standards or not len(targets):
            return found
        for part in np.array_split(targets, max(1, len(targets) // 200)):
            good = self._pt_facilities(self._pt_column[part], age) <= self._limit_s("pt")
            if self.assigned is not None:
                theirs = self.assigned[None, :]
                good &= (theirs < 0) | (theirs == self.row[part][:, None])
            found |= good.any(axis=0)
        return found & self.reach.cell_known["pt"]

    def _numbers(self, places: NDArray[np.int32]) -> NDArray[np.int32]:
        """Columns of ``PlaceTravel`` of some candidate places."""
        return places if self._in_travel is None else self._in_travel[places]

    def _limit_s(self, mode: str) -> float:
        limit = standard_limit(self.service, mode, self.catalogue)  # type: ignore[arg-type]
        return -1.0 if limit is None else limit

    def _streets(self, targets: NDArray[np.int32], *, numbers: NDArray[np.int32] | None = None) -> Block:
        shape = (4, len(targets), self.cells)
        block = Block(np.full(shape, FAR, np.int32), np.zeros(shape, bool))
        reach, catalogue = self.reach, self.catalogue
        if not self._helps or "walk" in self.service.standards:
            metres = dense(reach.foot, reach.foot.value, targets, self.cells)
            metres[:, ~reach.cell_known["foot"]] = FAR
            limit = standard_limit(self.service, "foot", catalogue)
            for old in (False, True):
                seconds = seconds_of(metres, mode_speed_ms("foot", catalogue, old=old))
                self._add(block, (int(old), 2 + int(old)), seconds, None)
            if limit is not None:
                block.within[:] |= metres <= limit
        if "bike" in self.service.standards:
            metres = dense(reach.bike, reach.bike.value, targets, self.cells)
            metres[:, ~reach.cell_known["bike"]] = FAR
            limit = standard_limit(self.service, "bike", catalogue)
            self._add(block, (YOUNG, YOUNG_CAR), seconds_of(metres, mode_speed_ms("bike", catalogue)), None)
            if limit is not None:
                block.within[[YOUNG, YOUNG_CAR]] |= metres <= limit
        if "car" in self.service.standards:
            if numbers is not None and self._helps and self.travel is not None and self.travel.car_home is not None:
                home = self.travel.car_home
                seconds = dense(home, home.value, self._numbers(numbers), self.cells)
            else:
                seconds = dense(reach.car, reach.car.value, targets, self.cells)
                if numbers is not None and (
                    parked := parking_s(catalogue, "car", "from_target" if self._helps else "to_target")
                ):
                    seconds = np.where(seconds == FAR, FAR, np.maximum(seconds - parked, 0)).astype(np.int32)
            seconds[:, ~reach.cell_known["car"]] = FAR
            limit_s = self._limit_s("car")
            seconds[(seconds > 2 * limit_s) & (seconds != FAR)] = FAR  # columns of facilities reach no farther
            kinds = (YOUNG, OLD, YOUNG_CAR, OLD_CAR) if self._helps else (YOUNG_CAR, OLD_CAR)
            self._add(block, kinds, seconds, limit_s)
        return block

    def _add(self, block: Block, kinds: tuple[int, ...], seconds: NDArray[np.int32], limit_s: float | None) -> None:
        """The better of what there is and a further mode."""
        within = None if limit_s is None else seconds <= limit_s
        cut = np.where(seconds > self.largest_s, FAR, seconds)
        for kind in kinds:
            np.minimum(block.seconds[kind], cut, out=block.seconds[kind])
            if within is not None:
                block.within[kind] |= within

    def _strike(self, block: Block, not_theirs: NDArray[np.bool_]) -> None:
        block.seconds[:, not_theirs] = FAR
        block.within[:, not_theirs] = False

    def _pt_facilities(self, column: NDArray[np.int32], age: int) -> NDArray[np.int32]:
        reach, group = self.reach, _GROUPS[age]
        columns = reach.pt.get(PtKey(group, "out", False)) or reach.pt.get(PtKey("all", "out", False))
        if columns is None:
            return np.full((len(column), self.cells), FAR, np.int32)
        seconds = dense(columns, columns.typical_s, column, self.cells)
        key = TripKey(group, "school", False)
        trips = reach.round_trips.get(key)
        if self.there_and_back and self._returns and trips is not None:
            back = dense(trips, trips.pairs, column, self.cells)
            silent = reach.silent_ways.get(key)
            stranded = (back == FAR) | (back < 1)
            day = reach.day_known.get(SCHOOL_DAY, reach.cell_known["pt"])
            for k, one in enumerate(column):
                unsure = ~day
                if silent is not None:
                    out, home = silent.may_use(int(one))
                    unsure = unsure | out | home
                if len(trips.profile_hash) and trips.profile_hash[one] == 0:  # closed on the day
                    unsure = np.zeros(self.cells, bool)
                stranded[k] &= ~unsure
            seconds[stranded] = FAR
        seconds[:, ~reach.cell_known["pt"]] = FAR
        return seconds

    def _pt_centres(self, numbers: NDArray[np.int32], age: int) -> NDArray[np.int32]:
        travel, group = self.travel, _GROUPS[age]
        columns = None if travel is None else travel.pt.get(group) or travel.pt.get("all")
        if travel is None or columns is None:
            return np.full((len(numbers), self.cells), FAR, np.int32)
        numbers = self._numbers(numbers)
        seconds = dense(columns, columns.typical_s, numbers, self.cells)
        trips = travel.trips.get(group)
        hours = travel.hours_of.get(self.service.id)
        if self.there_and_back and self._returns and trips is not None and hours is not None:
            back = dense(trips, trips.pairs, numbers + hours * len(travel.places), self.cells)
            day = self.reach.day_known.get(SCHOOL_DAY, self.reach.cell_known["pt"])
            seconds[((back == FAR) | (back < 1)) & day[None, :]] = FAR
        seconds[:, ~self.reach.cell_known["pt"]] = FAR
        return seconds


def dense(
    columns: SparseColumns | PtColumns | RoundTripColumns,
    value: NDArray[np.int32] | NDArray[np.int16],
    chosen: NDArray[np.int32],
    cells: int,
) -> NDArray[np.int32]:
    """Some columns as rows of a table, shape (chosen, cells); `FAR` where there is no (or an undefined) value."""
    ptr = columns.ptr
    lengths = np.diff(ptr)[chosen]
    start = np.concatenate([[0], np.cumsum(lengths)])
    at = np.repeat(ptr[:-1][chosen] - start[:-1], lengths) + np.arange(start[-1])
    out = np.full((len(chosen), cells), FAR, np.int32)
    found = np.asarray(value[at]).astype(np.int32)
    found[found < 0] = FAR
    out[np.repeat(np.arange(len(chosen)), lengths), np.asarray(columns.home[at])] = found
    return out


def seconds_of(metres: NDArray[np.int32], speed_ms: float) -> NDArray[np.int32]:
    far = metres == FAR
    return np.where(far, FAR, np.rint(np.where(far, 0, metres) / speed_ms)).astype(np.int32)
