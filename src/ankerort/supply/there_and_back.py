"""Who gets there and home again by public transport: pairs of journeys per place, group and day (docs/decisions/0006)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DAY_TYPES
from ankerort.reach.model import ON_FOOT_ANY_TIME, Reach, TripKey
from ankerort.region.model import Region
from ankerort.supply.areas import ALWAYS, AreaIndex
from ankerort.supply.best_trips import NO_PAIR, BestTrips, ServiceTrips, TripPersons, service_trips, union_trips
from ankerort.supply.recording import Knowledge
from ankerort.supply.schema_there_and_back import THERE_AND_BACK
from ankerort.supply.service_status import OLD_GROUP
from ankerort.supply.weighted import sum_by, weighted_quantiles

_UNKNOWN_MANY = float(ON_FOOT_ANY_TIME) + 1  # an unknown number of pairs, at its most


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


def there_and_back_rows(
    row_id: str,
    services: tuple[str, ...],
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    knowledge: Knowledge,
    areas: AreaIndex,
    *,
    persons: TripPersons | None = None,
) -> pd.DataFrame:
    """The rows of one service, or of a core function that any of several services fulfils; as `there_and_back` gives them.

    Parameters
    ----------
    row_id
        What stands in the column ``service``: the service's id or ``core:<id>``.
    services
        The services that count; `reach` holds the columns of these at least.
    persons
        Made once for several calls; None makes it here.
    """
    if not reach.round_trips:
        return THERE_AND_BACK.empty()
    persons = persons or TripPersons(region, catalogue, areas)
    trips = union_trips([service_trips(s, reach, catalogue, knowledge.edge_m[s], persons) for s in services])
    return trip_rows(row_id, trips, catalogue, persons)


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
        open_end = ~best.settled | best.silent_any
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
            "stranded_low": best.there & ~best.back_any & best.settled & ~best.silent_back,
            "stranded_high": best.there & ~best.back_certain,
        }
        found = best.pairs_any.astype(float)
        self.values = {
            "pairs": found,
            "pairs_certain": best.pairs_certain.astype(float),
            "away_min": _minutes(best.away_s),
            "way_min": _minutes(best.way_s),
            # no way home by vehicle is earlier than all others
            "last_home_s": best.home_any_s.astype(float),
            "first_home_s": np.where(best.first_home_s == NO_PAIR, np.nan, best.first_home_s),
        }
        # the most that they may be: where the day is not known, and where anything is not
        self.most = {
            "pairs": np.where((~best.known | best.silent_any) & (best.pairs_any == 0), _UNKNOWN_MANY, found),
            "pairs_certain": np.where(open_end, _UNKNOWN_MANY, found),
        }
        self.orders = {name: persons.order.by_area(values) for name, values in self.values.items()}


def _minutes(seconds: NDArray[np.int32]) -> NDArray[np.float64]:
    return np.where(seconds == NO_PAIR, np.nan, seconds / 60.0)


def _block(
    row_id: str, key: TripKey, group: str, best: BestTrips, figures: _Figures, persons: TripPersons
) -> pd.DataFrame:
    areas, count = persons.areas, persons.areas.count
    weight, no_car = areas.persons[group], persons.no_car[group]
    total = areas.sum(weight)
    data: dict[str, object] = {
        "level": persons.level,
        "area_id": persons.area_id,
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
    found = medians.pop("pairs")
    known = _holds(found, figures.most["pairs"], weight, total, areas)
    data["on_foot"] = known & (found == ON_FOOT_ANY_TIME)
    data["pairs"] = np.where(known & (found < ON_FOOT_ANY_TIME), found, np.nan)
    data["bound"] = ~_holds(medians.pop("pairs_certain"), figures.most["pairs_certain"], weight, total, areas) & (
        total > 0
    )
    medians["last_home_s"] = np.where(medians["last_home_s"] < 0, np.nan, medians["last_home_s"])
    # Two medians may belong to two persons: a first way home after the last one, or without one, tells nothing.
    in_order = medians["first_home_s"] <= medians["last_home_s"]
    medians["first_home_s"] = np.where(in_order, medians["first_home_s"], np.nan)
    data |= medians
    given, usual, none = best.basis
    data |= {
        "facilities": best.facilities, "open_facilities": best.open_facilities,
        "hours_given": given, "hours_usual": usual, "hours_none": none,
    }  # fmt: skip
    return pd.DataFrame(data)


def _holds(
    median: NDArray[np.float64],
    most: NDArray[np.float64],
    weight: NDArray[np.float64],
    total: NDArray[np.float64],
    areas: AreaIndex,
) -> NDArray[np.bool_]:
    """Whether the median of each area stays what it is if each cell has the most that it may have: half of the persons have no more."""
    no_more = most[areas.cell] <= median[areas.area]
    reached = sum_by(areas.area, areas.count, weight[areas.cell] * no_more)
    return (total > 0) & (reached >= 0.5 * total * (1 - 1e-12))


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
