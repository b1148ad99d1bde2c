"""Reach: travel times, one column per target, and the nearest per service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problem
from ankerort.network.model import DayType, SparseColumns

PtDirection = Literal["out", "home"]
NearestMode = Literal["foot", "bike", "car", "pt", "pt_demand", "foot_demand"]
Certainty = Literal["certain", "any"]
UNREACHED = -1  # no value within the search limit


class PtKey(NamedTuple):
    """Which public-transport columns: group id of the catalogue, direction, and whether on-demand trips count."""

    group: str
    direction: PtDirection
    with_demand: bool


class TripKey(NamedTuple):
    """Which round trips: group id of the catalogue, day type, and whether on-demand trips count."""

    group: str
    day_type: DayType
    with_demand: bool


ON_FOOT_ANY_TIME = np.iinfo(np.int16).max  # pairs of a home that can walk both ways: as often as it likes


@dataclass(frozen=True)
class RoundTripColumns:
    """There and back by public transport on one day, one column per target, in the order of ``Reach.pt_targets``.

    A home stands in a column if at least one of its values is defined; a known home that does not stand there has no pair.

    Parameters
    ----------
    ptr, home
        As in `SparseColumns`.
    pairs
        int16: largest number of disjoint pairs (way out, way home) with this target; `ON_FOOT_ANY_TIME` where one can walk
        both ways.
    away_s
        int32: shortest time from leaving home to being back, the stay included; `UNREACHED` without a pair.
    way_s
        int32: over all pairs the smallest of the longer of the two ways, one way, door to door; `UNREACHED` without a pair.
    last_home_s
        int32: last departure from the target that still gets home on the day, seconds after midnight, not limited by the hour of
        being back; `UNREACHED` if there is none, or only on foot.
    first_home_s
        int32: first departure from the target by vehicle in any possible pair, seconds after midnight: after the earliest visit, and
        back in time; `UNREACHED` if there is none, or only on foot. Never later than `last_home_s`.
    profile_hash
        uint64 per target: hash of all that its column depends on but the numbering of the homes; 0 = nobody can visit it on the day
        (closed, or no stay). Empty = not kept.
    """

    ptr: NDArray[np.int64]
    home: NDArray[np.int32]
    pairs: NDArray[np.int16]
    away_s: NDArray[np.int32]
    way_s: NDArray[np.int32]
    last_home_s: NDArray[np.int32]
    first_home_s: NDArray[np.int32]
    profile_hash: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))


@dataclass(frozen=True)
class SilentWays:
    """Fastest ways on known feeds to and from the stops of feeds that are silent on the day, see `ankerort.reach.silent_ways`.

    All int32 seconds, door to door, walks included, leaving at or after ``round_trip.leave_from_h``; `UNREACHED` = none.

    Parameters
    ----------
    home_out_s, home_back_s
        Per cell: from home to a silent stop (or a stop from which one changes to it), and back.
    target_out_s, target_back_s
        Per column of ``Reach.pt_targets``: from a silent stop to the target, and back.
    longest_s
        Longest journey.
    """

    home_out_s: NDArray[np.int32]
    home_back_s: NDArray[np.int32]
    target_out_s: NDArray[np.int32]
    target_back_s: NDArray[np.int32]
    longest_s: int

    def may_use(self, column: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Cells whose way out to a target, and whose way home from it, may use a silent feed; shape (cells,) each."""
        return (
            self._may(self.home_out_s, int(self.target_out_s[column])),
            self._may(self.home_back_s, int(self.target_back_s[column])),
        )

    def _may(self, home_s: NDArray[np.int32], target_s: int) -> NDArray[np.bool_]:
        if target_s == UNREACHED:
            return np.zeros(len(home_s), bool)
        return (home_s != UNREACHED) & (home_s <= self.longest_s - target_s)


@dataclass(frozen=True)
class PtRules:
    """The dated records that give a public-transport time its meaning, resolved to numbers.

    `walk_limit_m` and `walk_speed_ms` are those of the group; the rest holds for all groups.
    """

    walk_limit_m: int
    walk_speed_ms: float
    min_change_s: int = 120
    transfer_walk_m: int = 500
    max_journey_s: int = 5400
    window_start_s: int = 6 * 3600
    window_end_s: int = 20 * 3600


@dataclass(frozen=True)
class PtColumns:
    """Summaries of the useful journeys, one column per target, only homes with at least one journey or a walk within the limit.

    int32 seconds; `UNREACHED` where undefined (for instance `waiting_median_s` where more than half of the minutes have no
    journey). `departures` counts useful journeys by vehicle in the window. `clock_s` is the first arrival at the target
    (direction out) or the last departure from the target (direction home), seconds after midnight, `UNREACHED` if only walking.
    `profile_hash` uint64 per target: hash of all that its column depends on but the numbering of the homes (empty = not kept).
    """

    ptr: NDArray[np.int64]
    home: NDArray[np.int32]
    fastest_s: NDArray[np.int32]
    typical_s: NDArray[np.int32]
    waiting_median_s: NDArray[np.int32]
    departures: NDArray[np.int32]
    clock_s: NDArray[np.int32]
    profile_hash: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))


@dataclass(frozen=True)
class Nearest:
    """The nearest facility of one service by one mode, per cell.

    `facility` int32 row in ``Region.facilities`` (-1 = none within the search limit), `value` int32 metres (foot, bike) or
    seconds (car, pt: `typical_s`), -1 where none.
    """

    facility: NDArray[np.int32]
    value: NDArray[np.int32]


@dataclass(frozen=True)
class Reach:
    """Travel times of a region.

    Parameters
    ----------
    targets
        target_ix (= row), kind (facility, place), row (row in Region.facilities or Region.places), service ("" for places), lon, lat, x, y.
    foot, bike, car
        Columns per target: metres, metres, seconds; homes are rows of Region.cells.
    pt
        Summaries per `PtKey`; columns in the order of `pt_targets` (target_ix of each column).
    nearest
        Per (service, mode, certainty): certain = only facilities known for certain, any = also probable ones. Mode pt and
        pt_demand use `typical_s` of group all, direction out; foot_demand counts stops of booked trips too.
    cell_known
        Per mode foot, bike, car: the cell lies within 500 m of usable streets. For pt: foot known and public transport has data;
        pt_whole: and no timetable near it is hollow on the day, so that a missing journey is missing.
    estimated
        Per mode: True where straight lines or a stop matrix stand in.
    limits
        Search limit per (service, mode): metres or seconds. Beyond it nothing was searched.
    edge_m
        Per cell distance in metres to the edge of the data's footprint, per service: from there on an absence is no absence (a bound).
    stop_departures, stop_demand_departures
        Per row of Region.facilities: departures on the service day of a stop or station, without and only with booking; -1 elsewhere
        and where there is no timetable. A stop without any departure is no target; one with booked trips only counts in
        ``foot_demand`` alone (nearest stop on foot, Rufbus included).
    round_trips
        There and back per `TripKey`; empty without a timetable.
    day_known
        Per day type and cell: public transport of that day type is known there (a feed without a day of the type is unknown
        near its stops).
    opening_basis
        Per day type and row of Region.facilities: whence the opening hours of its round trips come (`OpeningBasis`).
    silent_ways
        Per `TripKey` on whose day a feed is silent: where journeys may exist that use it.
    assigned
        Per service with districts and cell the row in ``Region.facilities`` of the assigned facility, -1 = none: `nearest` then holds
        the assigned one, or nothing where there is no way to it (`ankerort.reach.assigned`).
    """

    targets: pd.DataFrame
    foot: SparseColumns
    bike: SparseColumns
    car: SparseColumns
    pt: Mapping[PtKey, PtColumns]
    pt_targets: NDArray[np.int32]
    nearest: Mapping[tuple[str, NearestMode, Certainty], Nearest]
    cell_known: Mapping[str, NDArray[np.bool_]]
    estimated: Mapping[str, bool]
    limits: Mapping[tuple[str, str], int]
    edge_m: Mapping[str, NDArray[np.float64]]
    stop_departures: NDArray[np.int32]
    stop_demand_departures: NDArray[np.int32]
    problems: tuple[Problem, ...] = field(default=())
    round_trips: Mapping[TripKey, RoundTripColumns] = field(default_factory=dict)
    day_known: Mapping[DayType, NDArray[np.bool_]] = field(default_factory=dict)
    opening_basis: Mapping[DayType, NDArray[np.int8]] = field(default_factory=dict)
    silent_ways: Mapping[TripKey, SilentWays] = field(default_factory=dict)
    assigned: Mapping[str, NDArray[np.int32]] = field(default_factory=dict)
