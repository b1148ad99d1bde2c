"""Who gets there and home again by public transport: pairs of journeys per place, group and day (docs/decisions/0006)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DAY_TYPES
from ankerort.reach.model import ON_FOOT_ANY_TIME, PtColumns, PtKey, Reach, RoundTripColumns, TripKey
from ankerort.reach.round_trips import stay_seconds
from ankerort.region.model import Region
from ankerort.region.opening_hours import OpeningBasis
from ankerort.supply.area_order import AreaOrder
from ankerort.supply.areas import ALWAYS, AreaIndex
from ankerort.supply.recording import Knowledge
from ankerort.supply.schema_there_and_back import THERE_AND_BACK
from ankerort.supply.service_status import OLD_GROUP, is_old
from ankerort.supply.status import standard_limit, straight_radius_m
from ankerort.supply.weighted import weighted_quantiles
from ankerort.supply.without_car import persons_without_car

_FAR = np.iinfo(np.int32).max  # no pair
_UNKNOWN_MANY = float(ON_FOOT_ANY_TIME) + 1  # an unknown number of pairs, at its most


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
    there
        bool: within the public-transport standard on the way there to a certain facility that is open on the day.
    back_certain, back_any
        bool: at least one pair with a facility within the standard, certain or of any certainty.
    known
        bool: public transport of the day is known there.
    settled
        bool: nothing unknown could change it (the day is known there, and no unknown facility can lie within the standard).
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
    there: NDArray[np.bool_]
    back_certain: NDArray[np.bool_]
    back_any: NDArray[np.bool_]
    known: NDArray[np.bool_]
    settled: NDArray[np.bool_]
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
        self.area_ids = pd.CategoricalDtype(sorted(set(areas.id_of)))
        cores = [f"core:{item.id}" for item in catalogue.core]
        self.services = pd.CategoricalDtype([*catalogue.facility_services(), *cores])


def why_none(reach: Reach) -> str:
    """Why there are no round trips: no_timetable, stop_matrix, no_day_type; empty where there are some."""
    if reach.round_trips:
        return ""
    if not reach.pt:
        return "no_timetable"
    return "no_day_type" if any(k.direction == "home" for k in reach.pt) else "stop_matrix"


def there_and_back(
    region: Region, reach: Reach, catalogue: Catalogue, knowledge: Knowledge, areas: AreaIndex
) -> pd.DataFrame:
    """Round trips of all services and core functions, all areas, groups and day types.

    Returns
    -------
    pandas.DataFrame
        THERE_AND_BACK; services without a public-transport standard, without a stay or without any facility in the data have no
        rows. Empty without a timetable (`why_none`).
    """
    if not reach.round_trips:
        return THERE_AND_BACK.empty()
    persons = TripPersons(region, catalogue, areas)
    trips = {s: service_trips(s, reach, catalogue, knowledge.edge_m[s], persons) for s in catalogue.facility_services()}
    parts = [trip_rows(s, found, catalogue, persons) for s, found in trips.items()]
    for item in catalogue.core:
        united = union_trips([trips[s] for s in item.services])
        parts.append(trip_rows(f"core:{item.id}", united, catalogue, persons))
    parts = [p for p in parts if len(p)]
    return THERE_AND_BACK.conform(pd.concat(parts, ignore_index=True)) if parts else THERE_AND_BACK.empty()


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
            on_the_way[variant] = [_within(columns_there, int(c), limit_s, persons.position) for c in columns]
        known = reach.day_known[key.day_type] if key.day_type in reach.day_known else reach.cell_known["pt_whole"]
        basis = reach.opening_basis[key.day_type][rows] if key.day_type in reach.opening_basis else np.zeros(0, np.int8)
        here = np.asarray(known)[persons.areas.rows]
        out[key] = _best(trips, columns, certain, on_the_way[variant], here, here & ruled_out, basis, persons)
    return out


def _within(columns: PtColumns, column: int, limit_s: float, position: NDArray[np.int32]) -> NDArray[np.int32]:
    """Study cells that get there within the standard, typically, on the default day."""
    part = slice(columns.ptr[column], columns.ptr[column + 1])
    typical = columns.typical_s[part]
    at = position[columns.home[part][(typical >= 0) & (typical <= limit_s)]]
    return at[at >= 0]


def _best(
    trips: RoundTripColumns,
    columns: NDArray[np.intp],
    certain: NDArray[np.bool_],
    within: Sequence[NDArray[np.int32]],
    known: NDArray[np.bool_],
    settled: NDArray[np.bool_],
    basis: NDArray[np.int8],
    persons: TripPersons,
) -> BestTrips:
    cells = len(persons.areas.rows)
    pairs = [np.zeros(cells, np.int32), np.zeros(cells, np.int32)]
    last = [np.full(cells, -1, np.int32), np.full(cells, -1, np.int32)]
    back = [np.zeros(cells, bool), np.zeros(cells, bool)]
    away, way = np.full(cells, _FAR, np.int32), np.full(cells, _FAR, np.int32)
    there, near, has = np.zeros(cells, bool), np.zeros(cells, bool), np.zeros(cells, bool)
    visited = 0
    for k, column in enumerate(columns):
        # without hashes nothing tells a closed facility from one that nobody gets to
        if len(trips.profile_hash) and trips.profile_hash[column] == 0:
            continue
        visited += 1
        part = slice(trips.ptr[column], trips.ptr[column + 1])
        at = persons.position[trips.home[part]]
        inside = at >= 0
        at = at[inside]
        number = trips.pairs[part][inside].astype(np.int32)
        home_s = trips.last_home_s[part][inside]
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
        near[within[k]], has[at[some]] = False, False
    return BestTrips(
        pairs_certain=pairs[0],
        pairs_any=pairs[1],
        away_s=away,
        way_s=way,
        home_certain_s=last[0],
        home_any_s=last[1],
        there=there,
        back_certain=back[0],
        back_any=back[1],
        known=known,
        settled=settled,
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
        out[key] = BestTrips(
            pairs_certain=np.maximum.reduce([b.pairs_certain for b in of]),
            pairs_any=np.maximum.reduce([b.pairs_any for b in of]),
            away_s=np.minimum.reduce([b.away_s for b in of]),
            way_s=np.minimum.reduce([b.way_s for b in of]),
            home_certain_s=np.maximum.reduce([b.home_certain_s for b in of]),
            home_any_s=np.maximum.reduce([b.home_any_s for b in of]),
            there=np.logical_or.reduce([b.there for b in of]),
            back_certain=np.logical_or.reduce([b.back_certain for b in of]),
            back_any=np.logical_or.reduce([b.back_any for b in of]),
            known=np.logical_and.reduce([b.known for b in of]),
            settled=np.logical_and.reduce([b.settled for b in of]),
            facilities=sum(b.facilities for b in of),
            open_facilities=sum(b.open_facilities for b in of),
            basis=(sum(b.basis[0] for b in of), sum(b.basis[1] for b in of), sum(b.basis[2] for b in of)),
        )
    return out


def trip_rows(row_id: str, trips: ServiceTrips, catalogue: Catalogue, persons: TripPersons) -> pd.DataFrame:
    """THERE_AND_BACK rows of one service or core function; none where no facility of it is in the data."""
    if not trips or not next(iter(trips.values())).facilities:
        return THERE_AND_BACK.empty()
    blocks: list[pd.DataFrame] = []
    days = [d for d in DAY_TYPES if any(k.day_type == d for k in trips)]
    for day in days:
        for with_demand in sorted({k.with_demand for k in trips}):
            figures: dict[bool, _Figures] = {}
            for group in persons.groups:
                old = persons.old[group]
                key = TripKey(OLD_GROUP if old else "all", day, with_demand)
                if key not in trips:
                    continue
                if old not in figures:
                    figures[old] = _Figures(trips[key], catalogue, persons)
                blocks.append(_block(row_id, key, group, trips[key], figures[old], persons))
    return pd.concat(blocks, ignore_index=True) if blocks else THERE_AND_BACK.empty()


class _Figures:
    """What does not depend on the persons: masks per study cell, values and their order by area."""

    def __init__(self, best: BestTrips, catalogue: Catalogue, persons: TripPersons) -> None:
        wanted = catalogue.value("round_trip.wanted_pairs")
        evening_s = catalogue.value("evening.from_h") * 3600
        open_end = ~best.settled
        foot_certain, foot_any = (p == ON_FOOT_ANY_TIME for p in (best.pairs_certain, best.pairs_any))
        at_night = (best.home_any_s >= evening_s) | foot_any
        self.masks = {
            "one_pair_low": best.pairs_certain >= 1,
            "one_pair_high": (best.pairs_any >= 1) | open_end,
            "more_pairs_low": best.pairs_certain >= wanted,
            "more_pairs_high": (best.pairs_any >= wanted) | open_end,
            "evening_low": (best.home_certain_s >= evening_s) | foot_certain,
            "evening_high": at_night | open_end,
            "there": best.there,
            "stranded_low": best.there & ~best.back_any & best.settled,
            "stranded_high": best.there & ~best.back_certain,
        }
        found = best.pairs_any.astype(float)
        self.values = {
            "pairs": found,
            "pairs_high": np.where(~best.known & (best.pairs_any == 0), _UNKNOWN_MANY, found),
            "sure_low": best.pairs_certain.astype(float),
            "sure_high": np.where(open_end, _UNKNOWN_MANY, found),
            "away_min": _minutes(best.away_s),
            "way_min": _minutes(best.way_s),
            # no way home by vehicle is earlier than all others
            "last_home_s": best.home_any_s.astype(float),
        }
        orders = persons.order.by_area
        self.orders = {name: orders(values) for name, values in self.values.items() if name != "pairs_high"}
        same = (self.values["pairs_high"] == found).all()
        self.orders["pairs_high"] = self.orders["pairs"] if same else orders(self.values["pairs_high"])


def _minutes(seconds: NDArray[np.int32]) -> NDArray[np.float64]:
    return np.where(seconds == _FAR, np.nan, seconds / 60.0)


def _block(
    row_id: str, key: TripKey, group: str, best: BestTrips, figures: _Figures, persons: TripPersons
) -> pd.DataFrame:
    areas, count = persons.areas, persons.areas.count
    weight, no_car = areas.persons[group], persons.no_car[group]
    total = areas.sum(weight)
    data: dict[str, object] = {
        "level": pd.Categorical(areas.level_of, categories=[level.name for level in areas.levels]),
        "area_id": pd.Categorical(areas.id_of, dtype=persons.area_ids),
        "service": _constant(row_id, persons.services, count),
        "group": _constant(group, pd.CategoricalDtype(list(ALWAYS)), count),
        "day_type": _constant(key.day_type, pd.CategoricalDtype(list(DAY_TYPES)), count),
        "with_demand": key.with_demand,
        "persons": total,
        "persons_no_car": areas.sum(no_car),
    }
    for name, mask in figures.masks.items():
        data[name] = np.minimum(
            areas.sum(weight * mask), total
        )  # a sum of parts may exceed the whole by a rounding error
    for name in ("there", "stranded_low", "stranded_high"):
        full, _, bound = name.partition("_")
        data[f"{full}_no_car{'_' + bound if bound else ''}"] = areas.sum(no_car * figures.masks[name])
    medians = {
        name: weighted_quantiles(
            areas.area, count, values[areas.cell], weight[areas.cell], (0.5,), missing_is_far=True,
            order=figures.orders[name],
        )[0]
        for name, values in figures.values.items()
    }  # fmt: skip
    found, high = medians.pop("pairs"), medians.pop("pairs_high")
    data["on_foot"] = (found == high) & (found == ON_FOOT_ANY_TIME)
    data["pairs"] = np.where((found == high) & (found < ON_FOOT_ANY_TIME), found, np.nan)
    data["bound"] = medians.pop("sure_low") != medians.pop("sure_high")
    medians["last_home_s"] = np.where(medians["last_home_s"] < 0, np.nan, medians["last_home_s"])
    data |= medians
    given, usual, none = best.basis
    data |= {
        "facilities": best.facilities, "open_facilities": best.open_facilities,
        "hours_given": given, "hours_usual": usual, "hours_none": none,
    }  # fmt: skip
    return pd.DataFrame(data)


def _constant(value: str, dtype: pd.CategoricalDtype, count: int) -> pd.Categorical:
    code = list(dtype.categories).index(value)
    return pd.Categorical.from_codes(np.full(count, code), dtype=dtype)


def stranded_headline(table: pd.DataFrame, *, group: str = "65_plus") -> pd.DataFrame:
    """The headline: persons without a car who get there within the standard and do not get home, in the study area.

    Parameters
    ----------
    table
        THERE_AND_BACK.
    group
        Whose persons.

    Returns
    -------
    pandas.DataFrame
        Rows of THERE_AND_BACK by service, day type (school and holiday weekday), without and with Rufbus: service, day_type, with_demand,
        persons_no_car, there_no_car, stranded_no_car_low, stranded_no_car_high, facilities, open_facilities.
    """
    chosen = (table["level"] == "study") & (table["group"] == group) & table["day_type"].isin(["school", "holiday"])
    names = [
        "service", "day_type", "with_demand", "persons_no_car", "there_no_car", "stranded_no_car_low",
        "stranded_no_car_high", "facilities", "open_facilities",
    ]  # fmt: skip
    return table.loc[chosen, names].reset_index(drop=True)
