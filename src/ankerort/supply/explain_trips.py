"""What stands behind there and back: the pairs of a place's median person, day type by day type, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.groups import group_persons
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DAY_TYPES, DayType, Network, SparseColumns
from ankerort.reach.assigned import may_use
from ankerort.reach.model import UNREACHED, PtColumns, PtKey, PtRules, Reach, TripKey
from ankerort.reach.public_transport import pt_rules
from ankerort.reach.round_trips import TripRules, stay_seconds, trip_rules
from ankerort.reach.trace_round_trip import RoundTripTrace, trace_round_trip
from ankerort.reach.trace_transit import trace_journey
from ankerort.reach.transit import prepare_transit
from ankerort.reach.transit_day import TransitDay
from ankerort.region.model import Region
from ankerort.region.opening_hours import OpeningBasis, Windows, open_windows
from ankerort.supply.explain_points import median_cell, position, stops_of_one_home
from ankerort.supply.service_status import OLD_GROUP, is_old
from ankerort.supply.status import standard_limit
from ankerort.supply.there_and_back import why_none

_END_OF_DAY_S = 2 * 86_400


@dataclass(frozen=True)
class DayTrips:
    """There and back of the median person on one day type, without or with Rufbus.

    Parameters
    ----------
    row
        The place's row of THERE_AND_BACK; None where the table has none.
    cell, facility, service
        Home, and the facility with the most pairs from there (row in ``Region.facilities``, -1 = none) with its service.
    on_demand
        Booked trips were searched too; False in a day with Rufbus where the journeys without it are the better ones.
    stored
        Pairs, away_s, way_s, last_home_s, first_home_s of the columns.
    trace
        The journeys; its `values` equal `stored`.
    windows, basis, stay_s
        Hours of the facility on the day, whence they come, length of the visit.
    reason
        Why there is no pair: no_day_type, nobody, day_unknown, no_facility, closed, no_way_there, not_in_hours, no_way_home,
        home_too_late, no_pair; empty where there is one.
    over_s, leave_s, arrive_s
        Of a reason: when the first visit is over; the journey that fails (the first way there that meets no hours, the last way home,
        the first way home that is back too late); -1 = none.
    """

    day_type: DayType
    date: str
    feed_dates: tuple[tuple[str, str], ...]
    with_demand: bool
    row: pd.Series | None
    reason: str = ""
    cell: int = -1
    facility: int = -1
    service: str = ""
    on_demand: bool = False
    stored: tuple[int, int, int, int, int] | None = None
    trace: RoundTripTrace | None = None
    windows: Windows = ()
    basis: OpeningBasis | None = None
    stay_s: int = -1
    over_s: int = -1
    leave_s: int = -1
    arrive_s: int = -1


@dataclass(frozen=True)
class TripsEvidence:
    """There and back of one place and service; `reason` says why there are no days: no_timetable, stop_matrix, no_day_type,
    no_standard, no_stay."""

    group: str
    days: tuple[DayTrips, ...]
    reason: str = ""


def explain_trips(
    region: Region,
    network: Network,
    reach: Reach,
    catalogue: Catalogue,
    table: pd.DataFrame,
    *,
    place_id: str,
    row_id: str,
    services: tuple[str, ...],
    group: str = "all",
) -> TripsEvidence:
    """Rebuild the pairs behind the rows of THERE_AND_BACK of one place.

    Parameters
    ----------
    table
        THERE_AND_BACK.
    row_id, services
        Service or ``core:<id>``, and the services that count.
    group
        all, 65_plus or 75_plus.
    """
    if missing := why_none(reach):
        return TripsEvidence(group, (), missing)
    with_standard = [s for s in services if standard_limit(catalogue.services[s], "pt", catalogue) is not None]
    counted = tuple(s for s in with_standard if stay_seconds(s, catalogue) >= 0)
    if not counted:
        return TripsEvidence(group, (), "no_stay" if with_standard else "no_standard")
    finder = _Finder(region, network, reach, catalogue, place_id, counted, group)
    chosen = table[(table["level"] == "place") & (table["area_id"] == place_id)]
    chosen = chosen[(chosen["service"] == row_id) & (chosen["group"] == group)]
    days: list[DayTrips] = []
    for day_type in DAY_TYPES:
        for with_demand in sorted({k.with_demand for k in reach.round_trips}):
            mine = chosen[(chosen["day_type"] == day_type) & (chosen["with_demand"] == with_demand)]
            days.append(finder.day(day_type, with_demand, mine.iloc[0] if len(mine) else None))
    return TripsEvidence(group, tuple(days))


@dataclass(frozen=True)
class _Best:
    """The best column of each cell of the place; column -1 = no pair with any."""

    pairs: NDArray[np.int32]
    column: NDArray[np.int64]
    on_demand: NDArray[np.bool_]


class _Finder:
    """Looks up the columns of one place, and rebuilds the journeys of one home."""

    def __init__(
        self,
        region: Region,
        network: Network,
        reach: Reach,
        catalogue: Catalogue,
        place_id: str,
        services: tuple[str, ...],
        group: str,
    ) -> None:
        self.region, self.network, self.reach, self.catalogue = region, network, reach, catalogue
        self.cells = np.flatnonzero((region.cells["place_id"] == place_id).to_numpy(bool))
        self.persons = group_persons(region.cells, catalogue.groups[group]).to_numpy(float)[self.cells]
        self.group = OLD_GROUP if is_old(catalogue.groups[group]) else "all"
        self.rules: PtRules = pt_rules(catalogue, self.group)
        self.trip: TripRules = trip_rules(catalogue)
        targets = reach.targets.iloc[reach.pt_targets]
        self.columns = np.flatnonzero(targets["service"].isin(services).to_numpy(bool))
        self.facility = targets["row"].to_numpy(np.int64)
        self.service = targets["service"].to_numpy(object)
        self._stop_walks: SparseColumns | None = None
        self._ready: dict[tuple[DayType, bool], TransitDay] = {}

    def day(self, day_type: DayType, with_demand: bool, row: pd.Series | None) -> DayTrips:
        """One day type, without or with Rufbus."""
        if day_type not in self.network.day_types:
            return DayTrips(day_type, "", (), with_demand, row, "no_day_type")
        of = self.network.day_types[day_type]
        dates = () if of.common else tuple(sorted(of.feed_dates.items()))
        told = DayTrips(day_type, of.date, dates, with_demand, row)
        if not self.persons.sum() > 0:
            return replace(told, reason="nobody")
        keys = [k for d in (False, True) if (k := TripKey(self.group, day_type, d)) in self.reach.round_trips]
        keys = [k for k in keys if with_demand or not k.with_demand]
        if not len(self.columns):
            return replace(told, reason="no_facility")
        best = self._best(keys)
        cell = median_cell(self.cells, best.pairs.astype(float), self.persons)
        if cell is None:
            return replace(told, reason="nobody")
        at = int(np.flatnonzero(self.cells == cell)[0])
        if best.pairs[at] == 0 and day_type in self.reach.day_known and not self.reach.day_known[day_type][cell]:
            return replace(told, cell=cell, reason="day_unknown")
        column, on_demand = int(best.column[at]), bool(best.on_demand[at])
        if column < 0:
            on_demand = keys[-1].with_demand
            column = self._nearest_open(TripKey(self.group, day_type, on_demand), cell)
        if column < 0:
            return replace(told, cell=cell, reason="closed")
        return self._traced(replace(told, cell=cell, on_demand=on_demand), column)

    def _open(self, key: TripKey, column: int) -> bool:
        hashes = self.reach.round_trips[key].profile_hash
        return not len(hashes) or bool(hashes[column] != 0)

    def _assigned(self, column: int) -> NDArray[np.int32] | None:
        return self.reach.assigned.get(str(self.service[column]))

    def _best(self, keys: list[TripKey]) -> _Best:
        """Per cell the column with the most pairs; of equals the shortest time away, then without Rufbus, then the first."""
        count = len(self.cells)
        pairs, column = np.zeros(count, np.int32), np.full(count, -1, np.int64)
        away, booked = np.full(count, np.iinfo(np.int32).max), np.zeros(count, bool)
        for key in keys:
            trips = self.reach.round_trips[key]
            for c in self.columns:
                if not self._open(key, int(c)):
                    continue
                part = slice(trips.ptr[c], trips.ptr[c + 1])
                _, at, of = np.intersect1d(self.cells, trips.home[part], return_indices=True)
                mine = may_use(self._assigned(int(c)), self.cells[at], int(self.facility[c]))
                at, of = at[mine], of[mine]
                number, time = trips.pairs[part][of].astype(np.int32), trips.away_s[part][of]
                better = (number > pairs[at]) | ((number == pairs[at]) & (number > 0) & (time < away[at]))
                chosen, new = at[better], of[better]
                pairs[chosen], away[chosen] = trips.pairs[part][new], trips.away_s[part][new]
                column[chosen], booked[chosen] = c, key.with_demand
        return _Best(pairs, column, booked)

    def _nearest_open(self, key: TripKey, cell: int) -> int:
        """The open facility with the shortest typical way there, else the nearest as the crow flies; -1 = all are closed."""
        home_row = np.array([cell])
        open_ones = [
            int(c)
            for c in self.columns
            if self._open(key, int(c)) and may_use(self._assigned(int(c)), home_row, int(self.facility[c]))[0]
        ]
        found = self.reach.pt.get(PtKey(self.group, "out", key.with_demand))
        found = found if found is not None else self.reach.pt[PtKey(self.group, "out", False)]
        frame, home = self.region.facilities, self.region.cells.iloc[cell]

        def rank(column: int) -> tuple[float, float]:
            one = frame.iloc[self.facility[column]]
            metres = float(np.hypot(float(one["x"]) - float(home["x"]), float(one["y"]) - float(home["y"])))
            return _typical(found, column, cell), metres

        return min(open_ones, key=rank, default=-1)

    def _traced(self, told: DayTrips, column: int) -> DayTrips:
        """The journeys to one facility; where there is no pair, why."""
        facility, service = int(self.facility[column]), str(self.service[column])
        day = self._transit(told.day_type, told.on_demand)
        hours = open_windows(
            self.region.facilities.iloc[[facility]],
            self.catalogue,
            day=self.network.day_types[told.day_type].date,
            land=self.region.settings.land,
        )
        windows: Windows = tuple((int(a), int(b)) for a, b in zip(hours.start_s, hours.end_s, strict=True))
        ways, limit = self.network.foot, self.rules.walk_limit_m
        stops = day.timetable.stops
        at_stops = ways.prepare(stops["x"].to_numpy(float), stops["y"].to_numpy(float))
        at_home = ways.prepare(*position(self.region.cells, told.cell))
        at_target = ways.prepare(*position(self.region.facilities, facility))
        target_stops = ways.columns(at_target, at_stops, limit=limit).column(0)
        home_stops = stops_of_one_home(ways.columns(at_stops, at_home, limit=limit))
        homes, metres = self.reach.foot.column(int(self.reach.pt_targets[column]))
        walk = metres[homes == told.cell]
        walk_m = int(walk[0]) if len(walk) else None
        stay_s = stay_seconds(service, self.catalogue)
        trace = trace_round_trip(
            day,
            target_stops=target_stops,
            home_stops=home_stops,
            walk_m=walk_m,
            windows=windows,
            stay_s=stay_s,
            rules=self.rules,
            trip=self.trip,
        )
        key = TripKey(self.group, told.day_type, told.on_demand)
        found = replace(
            told,
            facility=facility,
            service=service,
            stored=_stored(self.reach, key, column, told.cell),
            trace=trace,
            windows=windows,
            basis=OpeningBasis(int(hours.basis[0])),
            stay_s=stay_s,
        )
        if trace.pairs or trace.on_foot:
            return found
        whole = replace(self.rules, window_start_s=self.trip.leave_from_s, window_end_s=_END_OF_DAY_S)
        outs, backs = (
            trace_journey(
                day,
                direction=direction,
                target_stops=target_stops,
                home_stops=home_stops,
                walk_m=walk_m,
                rules=whole,
            ).departures
            for direction in ("out", "home")
        )
        reason, over_s, leave_s, arrive_s = _why_no_pair(outs, backs, windows, stay_s, self.trip)
        return replace(found, reason=reason, over_s=over_s, leave_s=leave_s, arrive_s=arrive_s)

    def _transit(self, day_type: DayType, on_demand: bool) -> TransitDay:
        timetable = self.network.day_types[day_type].timetable
        if (day_type, on_demand) not in self._ready:
            if self._stop_walks is None:
                stops, ways = timetable.stops, self.network.foot
                at_stops = ways.prepare(stops["x"].to_numpy(float), stops["y"].to_numpy(float))
                self._stop_walks = ways.columns(at_stops, at_stops, limit=self.rules.transfer_walk_m)
            self._ready[day_type, on_demand] = prepare_transit(
                timetable,
                rules=self.rules,
                with_demand=on_demand,
                stop_walks=self._stop_walks,
                detour=self.catalogue.value("detour.foot"),
            )
        return self._ready[day_type, on_demand]


def _typical(columns: PtColumns, column: int, cell: int) -> float:
    part = slice(columns.ptr[column], columns.ptr[column + 1])
    found = columns.typical_s[part][columns.home[part] == cell]
    return float(found[0]) if len(found) and found[0] != UNREACHED else np.inf


def _stored(reach: Reach, key: TripKey, column: int, cell: int) -> tuple[int, int, int, int, int]:
    """What the columns say of one home and one target; a home that does not stand there has no pair."""
    trips = reach.round_trips[key]
    part = slice(trips.ptr[column], trips.ptr[column + 1])
    at = np.flatnonzero(trips.home[part] == cell)
    if not len(at):
        return 0, UNREACHED, UNREACHED, UNREACHED, UNREACHED
    k = int(at[0])
    return (
        int(trips.pairs[part][k]),
        int(trips.away_s[part][k]),
        int(trips.way_s[part][k]),
        int(trips.last_home_s[part][k]),
        int(trips.first_home_s[part][k]),
    )


def _why_no_pair(
    outs: tuple[tuple[int, int], ...],
    backs: tuple[tuple[int, int], ...],
    windows: Windows,
    stay_s: int,
    trip: TripRules,
) -> tuple[str, int, int, int]:
    """Reason, over_s, leave_s, arrive_s of `DayTrips`, from the journeys (leave, arrive) of the whole day out and home."""
    if not outs:
        return "no_way_there", -1, -1, -1
    begins = [
        max(arrive, start)
        for _, arrive in outs
        for start, end in windows
        if arrive >= start - trip.early_s and max(arrive, start) + stay_s <= end
    ]
    if not begins:
        return "not_in_hours", -1, *outs[0]
    over = min(begins) + stay_s
    if not backs:
        return "no_way_home", over, -1, -1
    later = [(leave, arrive) for leave, arrive in backs if leave >= over]
    if not later:
        return "no_way_home", over, *backs[-1]
    if later[0][1] > trip.back_by_s:
        return "home_too_late", over, *later[0]
    return "no_pair", over, -1, -1
