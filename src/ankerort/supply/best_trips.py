"""The best round trips of each cell to the facilities of a service (docs/decisions/0006)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.reach.assigned import may_use
from ankerort.reach.model import PtColumns, PtKey, Reach, RoundTripColumns, SilentWays, TripKey
from ankerort.reach.round_trips import stay_seconds
from ankerort.region.model import Region
from ankerort.region.opening_hours import OpeningBasis
from ankerort.supply.area_order import AreaOrder
from ankerort.supply.areas import ALWAYS, AreaIndex
from ankerort.supply.service_status import is_old
from ankerort.supply.status import standard_limit, straight_radius_m
from ankerort.supply.without_car import persons_without_car

NO_PAIR = np.iinfo(np.int32).max  # seconds of a home without any pair


@dataclass(frozen=True)
class BestTrips:
    """The best round trips of each study cell to the facilities of one service, for one `TripKey`; shape (study cells,) each.

    Parameters
    ----------
    pairs_certain, pairs_any
        int32: most pairs with one facility, among the certain ones, and among all.
    away_s, way_s
        int32: shortest time away and least longer way among all; int32 maximum = none.
    home_certain_s, home_any_s
        int32: latest way home, -1 = none by vehicle.
    first_home_s
        int32: earliest way home in a pair among all; int32 maximum = none by vehicle.
    there
        bool: within the public-transport standard on the way there to a certain facility that is open on the day.
    back_certain, back_any
        bool: at least one pair with a facility within the standard, certain or of any certainty.
    known
        bool: public transport of the day is known there.
    settled
        bool: nothing unknown could change it (the day is known there, and no unknown facility can lie within the standard).
    silent_any, silent_back
        bool: a feed that is silent on the day may carry journeys to or from any facility, or one within the standard (`SilentWays`).
    facilities, open_facilities
        Number in the data, and open on the day.
    basis
        Number of facilities by `OpeningBasis`.
    """

    pairs_certain: NDArray[np.int32]
    pairs_any: NDArray[np.int32]
    away_s: NDArray[np.int32]
    way_s: NDArray[np.int32]
    home_certain_s: NDArray[np.int32]
    home_any_s: NDArray[np.int32]
    first_home_s: NDArray[np.int32]
    there: NDArray[np.bool_]
    back_certain: NDArray[np.bool_]
    back_any: NDArray[np.bool_]
    known: NDArray[np.bool_]
    settled: NDArray[np.bool_]
    silent_any: NDArray[np.bool_]
    silent_back: NDArray[np.bool_]
    facilities: int
    open_facilities: int
    basis: tuple[int, int, int]


ServiceTrips = dict[TripKey, BestTrips]


class TripPersons:
    """Study cells, areas and persons, with and without a car, made once for all services."""

    def __init__(self, region: Region, catalogue: Catalogue, areas: AreaIndex) -> None:
        self.areas = areas
        self.cell_count = len(region.cells)
        self.groups = tuple(g for g in ALWAYS if g in catalogue.groups)
        self.old = {g: is_old(catalogue.groups[g]) for g in self.groups}
        without = persons_without_car(region, catalogue, groups=self.groups)
        self.no_car = {g: without[g].to_numpy(float)[areas.rows] for g in self.groups}
        self.order = AreaOrder(areas)
        self.position = np.full(self.cell_count, -1, np.int32)
        self.position[areas.rows] = np.arange(len(areas.rows))
        self.level = pd.Categorical(areas.level_of, categories=[level.name for level in areas.levels])
        self.area_id = pd.Categorical(areas.id_of, categories=sorted(set(areas.id_of)))
        cores = [f"core:{item.id}" for item in catalogue.core]
        self.services = pd.CategoricalDtype([*catalogue.facility_services(), *cores])


def service_trips(
    service_id: str, reach: Reach, catalogue: Catalogue, known_edge_m: NDArray[np.float64], persons: TripPersons
) -> ServiceTrips:
    """The best round trips of each study cell to one service, for all keys of the reach.

    Parameters
    ----------
    known_edge_m
        Per cell metres to the edge of the area in which absence is known, see `Knowledge`.

    Returns
    -------
    dict
        Empty for a service without a public-transport standard or without a stay.
    """
    limit_s = standard_limit(catalogue.services[service_id], "pt", catalogue)
    if limit_s is None or stay_seconds(service_id, catalogue) < 0:
        return {}
    columns = np.flatnonzero((reach.targets["service"] == service_id).to_numpy(bool)[reach.pt_targets])
    targets = reach.pt_targets[columns]
    certain = (reach.targets["certainty"] == "certain").to_numpy(bool)[targets]
    rows = reach.targets["row"].to_numpy(np.int64)[targets]
    theirs = reach.assigned.get(service_id)
    radius_m = straight_radius_m(np.array([limit_s]), "pt", catalogue, parked_s=0.0)[0]
    ruled_out = (known_edge_m >= radius_m)[persons.areas.rows]
    on_the_way: dict[tuple[str, bool], list[NDArray[np.int32]]] = {}
    out: ServiceTrips = {}
    for key, trips in reach.round_trips.items():
        variant = (key.group, key.with_demand)
        if variant not in on_the_way:
            columns_there = reach.pt.get(PtKey(key.group, "out", key.with_demand))
            if columns_there is None:
                columns_there = reach.pt[PtKey(key.group, "out", False)]
            on_the_way[variant] = [
                _within(columns_there, int(c), limit_s, persons.position, theirs, int(row))
                for c, row in zip(columns, rows, strict=True)
            ]
        known = reach.day_known[key.day_type] if key.day_type in reach.day_known else reach.cell_known["pt_whole"]
        basis = reach.opening_basis[key.day_type][rows] if key.day_type in reach.opening_basis else np.zeros(0, np.int8)
        here = np.asarray(known)[persons.areas.rows]
        silent = reach.silent_ways.get(key)
        out[key] = _best(
            trips, columns, certain, on_the_way[variant], here, here & ruled_out, basis, silent, persons, theirs, rows
        )
    # Nobody has to book: with Rufbus the better of both counts (a faster journey can take the place of two others).
    fixed = {key: best for key, best in out.items() if not key.with_demand}
    return {
        key: _best_of([best, fixed[f]]) if (f := key._replace(with_demand=False)) in fixed else best
        for key, best in out.items()
    }


def _within(
    columns: PtColumns,
    column: int,
    limit_s: float,
    position: NDArray[np.int32],
    assigned: NDArray[np.int32] | None,
    row: int,
) -> NDArray[np.int32]:
    """Study cells that get there within the standard, typically, on the default day."""
    part = slice(columns.ptr[column], columns.ptr[column + 1])
    typical, home = columns.typical_s[part], columns.home[part]
    at = position[home[(typical >= 0) & (typical <= limit_s) & may_use(assigned, home, row)]]
    return at[at >= 0]


def _best(
    trips: RoundTripColumns,
    columns: NDArray[np.intp],
    certain: NDArray[np.bool_],
    within: Sequence[NDArray[np.int32]],
    known: NDArray[np.bool_],
    settled: NDArray[np.bool_],
    basis: NDArray[np.int8],
    silent: SilentWays | None,
    persons: TripPersons,
    assigned: NDArray[np.int32] | None,
    rows: NDArray[np.int64],
) -> BestTrips:
    cells = len(persons.areas.rows)
    pairs = [np.zeros(cells, np.int32), np.zeros(cells, np.int32)]
    last = [np.full(cells, -1, np.int32), np.full(cells, -1, np.int32)]
    back = [np.zeros(cells, bool), np.zeros(cells, bool)]
    away, way, first = (np.full(cells, NO_PAIR, np.int32) for _ in range(3))
    silent_any, silent_back, homeward = np.zeros(cells, bool), np.zeros(cells, bool), np.zeros(cells, bool)
    there, near, has = np.zeros(cells, bool), np.zeros(cells, bool), np.zeros(cells, bool)
    visited = 0
    for k, column in enumerate(columns):
        # without hashes nothing tells a closed facility from one that nobody gets to
        if len(trips.profile_hash) and trips.profile_hash[column] == 0:
            continue
        visited += 1
        part = slice(trips.ptr[column], trips.ptr[column + 1])
        at = persons.position[trips.home[part]]
        inside = (at >= 0) & may_use(assigned, trips.home[part], int(rows[k]))
        at = at[inside]
        number = trips.pairs[part][inside].astype(np.int32)
        home_s = trips.last_home_s[part][inside]
        first_s = trips.first_home_s[part][inside]
        rides = first_s >= 0
        first[at[rides]] = np.minimum(first[at[rides]], first_s[rides])
        some = number > 0
        away[at[some]] = np.minimum(away[at[some]], trips.away_s[part][inside][some])
        way[at[some]] = np.minimum(way[at[some]], trips.way_s[part][inside][some])
        near[within[k]], has[at[some]] = True, True
        if certain[k]:
            there[within[k]] = True
        for which in (0, 1) if certain[k] else (1,):
            pairs[which][at] = np.maximum(pairs[which][at], number)
            last[which][at] = np.maximum(last[which][at], home_s)
            back[which] |= near & has
        if silent is not None:
            mine = may_use(assigned, persons.areas.rows, int(rows[k]))
            outward, backward = silent.may_use(int(column))
            # a pair needs a way home too: one that is known, or one that may use the silent feed
            homeward[at[some | (home_s >= 0)]] = True
            may = mine & (backward[persons.areas.rows] | (outward[persons.areas.rows] & homeward))
            homeward[at] = False
            silent_any |= may
            silent_back |= may & near
        near[within[k]], has[at[some]] = False, False
    return BestTrips(
        pairs_certain=pairs[0],
        pairs_any=pairs[1],
        away_s=away,
        way_s=way,
        home_certain_s=last[0],
        home_any_s=last[1],
        first_home_s=first,
        there=there,
        back_certain=back[0],
        back_any=back[1],
        known=known,
        settled=settled,
        silent_any=silent_any,
        silent_back=silent_back,
        facilities=len(columns),
        open_facilities=visited,
        basis=(
            int((basis == OpeningBasis.GIVEN).sum()),
            int((basis == OpeningBasis.USUAL).sum()),
            int((basis == OpeningBasis.NONE).sum()),
        ),
    )


def union_trips(parts: Sequence[ServiceTrips]) -> ServiceTrips:
    """Round trips of a function that any of several services fulfils: per cell the best of them, settled where all are settled."""
    parts = [p for p in parts if p]
    if len(parts) <= 1:
        return parts[0] if parts else {}
    out: ServiceTrips = {}
    for key in parts[0]:
        of = [p[key] for p in parts]
        out[key] = replace(
            _best_of(of),
            facilities=sum(b.facilities for b in of),
            open_facilities=sum(b.open_facilities for b in of),
            basis=(sum(b.basis[0] for b in of), sum(b.basis[1] for b in of), sum(b.basis[2] for b in of)),
        )
    return out


def _best_of(of: Sequence[BestTrips]) -> BestTrips:
    """Per cell the best of several; numbers of facilities are those of the first."""
    return replace(
        of[0],
        pairs_certain=np.maximum.reduce([b.pairs_certain for b in of]),
        pairs_any=np.maximum.reduce([b.pairs_any for b in of]),
        away_s=np.minimum.reduce([b.away_s for b in of]),
        way_s=np.minimum.reduce([b.way_s for b in of]),
        home_certain_s=np.maximum.reduce([b.home_certain_s for b in of]),
        home_any_s=np.maximum.reduce([b.home_any_s for b in of]),
        first_home_s=np.minimum.reduce([b.first_home_s for b in of]),
        there=np.logical_or.reduce([b.there for b in of]),
        back_certain=np.logical_or.reduce([b.back_certain for b in of]),
        back_any=np.logical_or.reduce([b.back_any for b in of]),
        known=np.logical_and.reduce([b.known for b in of]),
        settled=np.logical_and.reduce([b.settled for b in of]),
        silent_any=np.logical_or.reduce([b.silent_any for b in of]),
        silent_back=np.logical_or.reduce([b.silent_back for b in of]),
    )
