"""Is there enough of it? Demand against capacity per facility and area, one service at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import NearestMode, Reach
from ankerort.reach.public_transport import select_columns
from ankerort.region.model import Region
from ankerort.supply.areas import AreaIndex
from ankerort.supply.assign import Assignment, assign_places
from ankerort.supply.competition import LOWER_WITHOUT_SITES, Method, access_scores
from ankerort.supply.demand import Demand, capacity_of, demand_of
from ankerort.supply.schema_capacity import AREA_CAPACITY, FACILITY_CAPACITY
from ankerort.supply.status import straight_radius_m
from ankerort.supply.ways import ServiceWays, access_rule, known_cells, rule_decay, service_ways
from ankerort.supply.weighted import weighted_quantiles


@dataclass(frozen=True)
class ServiceCapacity:
    """Demand against capacity of one service.

    Parameters
    ----------
    ways, demand
        What it rests on.
    facilities
        FACILITY_CAPACITY rows, in the order of ``ways.rows``.
    method
        Method of the score.
    score
        float64 (cells,): capacity per unit of demand; NaN where not known.
    score_is_least
        bool (cells,): facilities with unknown capacity are left out of it, or one may lie in reach that the data do not hold.
    absence_known
        bool (cells,): a facility that is not in the data is not there.
    unserved_low, unserved_high, no_place_high
        float64 (cells,): demand without a place within the catchment, and that part of the high bound that reaches full facilities only.
    minutes
        float64 (cells,): mean minutes of those of the cell who get a place, full facilities overflowing (as in the high bound); NaN where nobody
        does.
    reason_score, reason_places
        Why there is no score, why nobody was given a place; "" where there is.
    """

    service: str
    year: int | None
    ways: ServiceWays
    demand: Demand
    facilities: pd.DataFrame
    method: Method
    score: NDArray[np.float64]
    score_is_least: NDArray[np.bool_]
    absence_known: NDArray[np.bool_]
    unserved_low: NDArray[np.float64]
    unserved_high: NDArray[np.float64]
    no_place_high: NDArray[np.float64]
    minutes: NDArray[np.float64]
    reason_score: str
    reason_places: str


@dataclass(frozen=True)
class _Bounds:
    """Places given out in three ways: unknown capacities take nobody (nor do probable facilities), or everybody; and what is
    short in any case."""

    high: Assignment
    low: Assignment
    surely: Assignment


def assess_capacity(
    service: str,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    known_edge_m: NDArray[np.float64],
    *,
    year: int | None = None,
    mode: NearestMode | None = None,
    assume_usual: bool = False,
) -> ServiceCapacity:
    """Demand against capacity of one service, in the whole region.

    Results are given only where at least ``capacity.known_share`` of the facilities have a known capacity. Unknown ones are bounds: the
    score leaves them out (a lower bound, for methods in which a further site can only add), places are given out with them taking
    nobody (high, probable facilities too) and everybody (low). `unserved_low` moreover counts only cells where no unrecorded facility can lie within the
    catchment, and lets the demand of all other cells vanish: by the monotony of `assign_places` nothing unknown can make it smaller.

    Parameters
    ----------
    known_edge_m
        See `Knowledge.edge_m` of the service: how far around each cell absence is known.
    year
        Year of rates and capacities; None = today's. For another year's people pass that year's region.
    mode
        Default: the mode of the service's rule, else car, else foot.
    assume_usual
        Unknown capacities count as the service's usual one (``usual_capacity``), marked in `assumed`: a sensitivity, never the default.
    """
    ways = service_ways(service, region, reach, catalogue, mode=mode)
    demand = demand_of(region.cells, catalogue, service, year=year)
    unit = catalogue.capacity_units.get(service)
    capacity = capacity_of(region, service, year=year)[0][ways.rows]
    assumed = np.isnan(capacity) & (assume_usual and unit is not None and not np.isnan(unit.usual))
    if unit is not None:
        capacity = np.where(assumed, unit.usual, capacity)
    known = ~np.isnan(capacity)
    per_unit = unit.demand_per_unit.value if unit is not None else np.nan
    reason = _reason(demand, known, catalogue)
    rule = access_rule(service, catalogue)
    method = cast(Method, rule.method)
    reason_score = reason or ("capacity_incomplete" if not known.all() and method not in LOWER_WITHOUT_SITES else "")
    cells = len(region.cells)
    cell_known = known_cells(reach, ways.mode)
    ruled_out = cell_known & (known_edge_m >= _radius_m(service, ways, catalogue))
    score = np.full(cells, np.nan)
    if not reason_score:
        used = select_columns(ways.columns, np.flatnonzero(known).astype(np.int32))
        decay = rule_decay(rule, ways.limit_min, catalogue)
        found = access_scores(
            method, used, demand.per_cell, capacity[known], decay, minutes_per_unit=ways.minutes_per_unit
        )
        score = np.where(cell_known, found.score, np.nan)
    # without any facility nobody has a place: that needs neither capacity nor unit
    reason_places = (
        reason if reason and reason != "no_facilities" else ("no_unit" if len(known) and np.isnan(per_unit) else "")
    )
    short = [np.full(cells, np.nan)] * 4
    bounds: _Bounds | None = None
    if not reason_places:
        bounds = _give_places(ways, demand.per_cell, capacity * per_unit, ruled_out, _probable(region, ways))
        short = [bounds.surely.unserved, bounds.high.unserved, bounds.high.no_place]
        short.append(bounds.high.value * ways.minutes_per_unit)
    return ServiceCapacity(
        service=service,
        year=year,
        ways=ways,
        demand=demand,
        facilities=_facilities(
            service, region, reach, ways, demand, capacity, assumed, per_unit, year, reason_places, bounds, catalogue
        ),
        method=method,
        score=score,
        score_is_least=~np.isnan(score) & ~(ruled_out & known.all()),
        absence_known=known_edge_m > 0,
        unserved_low=short[0],
        unserved_high=short[1],
        no_place_high=short[2],
        minutes=short[3],
        reason_score=reason_score,
        reason_places=reason_places,
    )


def _reason(demand: Demand, known: NDArray[np.bool_], catalogue: Catalogue) -> str:
    if not demand.known:
        return demand.reason
    if not len(known):
        return "no_facilities"
    # a share of 4 in 5 is 0.8, also where the division says a hair less
    return "capacity_unknown" if known.mean() < catalogue.value("capacity.known_share") - 1e-9 else ""


def _radius_m(service: str, ways: ServiceWays, catalogue: Catalogue) -> float:
    parked_s = 0.0 if catalogue.services[service].direction == "from_facility" else catalogue.value("car_park_s")
    return float(straight_radius_m(np.array([float(ways.limit)]), ways.mode, catalogue, parked_s=parked_s)[0])


def _probable(region: Region, ways: ServiceWays) -> NDArray[np.bool_]:
    return (region.facilities["certainty"] == "probable").to_numpy(bool)[ways.rows]


def _give_places(
    ways: ServiceWays,
    demand: NDArray[np.float64],
    capacity: NDArray[np.float64],
    ruled_out: NDArray[np.bool_],
    probable: NDArray[np.bool_],
) -> _Bounds:
    def run(people: NDArray[np.float64], unknown: float) -> Assignment:
        places = np.where(np.isnan(capacity), unknown, capacity)
        if unknown == 0.0:
            places[probable] = 0.0  # it may not be there
        return assign_places(ways.columns, people, places, limit=ways.limit)

    high = run(demand, 0.0)
    low = run(demand, np.inf) if (np.isnan(capacity) | probable).any() else high
    surely = low if ruled_out.all() else run(np.where(ruled_out, demand, 0.0), np.inf)
    return _Bounds(high, low, surely)


def _facilities(
    service: str,
    region: Region,
    reach: Reach,
    ways: ServiceWays,
    demand: Demand,
    capacity: NDArray[np.float64],
    assumed: NDArray[np.bool_],
    per_unit: float,
    year: int | None,
    reason: str,
    bounds: _Bounds | None,
    catalogue: Catalogue,
) -> pd.DataFrame:
    rows = ways.rows
    unit = catalogue.capacity_units.get(service)
    catchment = catchment_demand(service, reach, demand, ways.mode, len(region.facilities))[rows]
    serves = capacity * per_unit
    nothing = np.full(len(rows), np.nan)
    has = ~np.isnan(capacity)
    columns: dict[str, object] = {
        "service": service,
        "facility_id": region.facilities["facility_id"].to_numpy(object)[rows],
        "mode": ways.mode,
        "year": np.nan if year is None else float(year),
        "demand_unit": demand.unit,
        "unit": unit.unit if unit is not None else "",
        "capacity": capacity,
        "capacity_known": has & ~assumed,
        "assumed": assumed,
        "demand": catchment,
        "capacity_per_100": 100.0 * _divide(capacity, catchment),
        "adequacy": _adequacy(serves, catchment),
    }
    for bound in ("low", "high"):
        result = None if bounds is None else (bounds.low if bound == "low" else bounds.high)
        # what a facility that may not be there takes at most, nobody can say
        told = has & ~_probable(region, ways) if bound == "high" else has
        assigned = nothing if result is None else np.where(told, result.assigned, np.nan)
        columns[f"assigned_{bound}"] = assigned
        columns[f"utilisation_{bound}"] = _divide(assigned, serves)
        columns[f"turned_away_{bound}"] = nothing if result is None else np.where(told, result.turned_away, np.nan)
    columns["reason"] = np.where(has | bool(reason), reason, "capacity_unknown")
    return FACILITY_CAPACITY.conform(pd.DataFrame(columns, index=range(len(rows))))


def catchment_demand(
    service: str, reach: Reach, demand: Demand, mode: NearestMode, facilities: int
) -> NDArray[np.float64]:
    """Demand of the people to whom each facility row is the nearest of its service by a mode, near or far; NaN where not known."""
    nearest = reach.nearest.get((service, mode, "any"))
    if nearest is None or not demand.known:
        return np.full(facilities, np.nan)
    has = np.asarray(nearest.facility) >= 0
    return np.bincount(nearest.facility[has], weights=demand.per_cell[has], minlength=facilities).astype(np.float64)


def capacity_ratio(
    services: Iterable[str], region: Region, reach: Reach, catalogue: Catalogue, *, year: int | None = None
) -> pd.Series:
    """min(1, demand that the capacity can serve / demand of the catchment) of each facility of some services.

    The criterion "capacity" of `ankerort.supply.quality`, without giving out places. A catchment without demand has enough of it (1).

    Returns
    -------
    Series of float64
        Index facility_id; NaN where capacity, demand, unit or ways are not known.
    """
    parts: list[pd.Series] = []
    for service in services:
        ways = service_ways(service, region, reach, catalogue)
        unit = catalogue.capacity_units.get(service)
        demand = demand_of(region.cells, catalogue, service, year=year)
        catchment = catchment_demand(service, reach, demand, ways.mode, len(region.facilities))[ways.rows]
        serves = capacity_of(region, service, year=year)[0][ways.rows] * (
            unit.demand_per_unit.value if unit is not None else np.nan
        )
        ids = region.facilities["facility_id"].to_numpy(object)[ways.rows]
        parts.append(pd.Series(_adequacy(serves, catchment), index=ids, dtype=np.float64))
    return pd.concat(parts) if parts else pd.Series(dtype=np.float64)


def _adequacy(serves: NDArray[np.float64], demand: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(serves >= demand, 1.0, _divide(serves, demand))


def area_capacity(result: ServiceCapacity, region: Region, index: AreaIndex, catalogue: Catalogue) -> pd.DataFrame:
    """AREA_CAPACITY rows of one service: every area of all levels."""
    study = index.rows
    demand, score = result.demand.per_cell[study], result.score[study]
    unit = catalogue.capacity_units.get(result.service)
    # cells whose score is not known are left out of mean, least and median
    weight = np.where(np.isnan(score), 0.0, np.nan_to_num(demand))
    mean = _divide(index.sum(np.nan_to_num(score) * weight), index.sum(weight))
    least = np.full(index.count, np.inf)
    counted = weight[index.cell] > 0
    np.minimum.at(least, index.area[counted], score[index.cell][counted])
    median = weighted_quantiles(index.area, index.count, score[index.cell], weight[index.cell], (0.5,))[0]
    everywhere = np.where(np.isnan(result.score), 0.0, np.nan_to_num(result.demand.per_cell))
    of_region = _divide(np.array([np.nan_to_num(result.score) @ everywhere]), np.array([everywhere.sum()]))
    served = np.where(np.isnan(result.minutes), 0.0, result.demand.per_cell - result.unserved_high)[study]
    minutes = _divide(index.sum(np.nan_to_num(result.minutes[study]) * served), index.sum(served))
    capacity = result.facilities["capacity"].to_numpy(np.float64)
    area, site = areas_of_facilities(region, index, result.ways.rows)
    known = ~np.isnan(capacity)
    inside = np.bincount(area, minlength=index.count)
    inside_known = np.bincount(area, weights=known[site], minlength=index.count)
    held = np.bincount(area, weights=np.nan_to_num(capacity)[site], minlength=index.count).astype(np.float64)
    total = index.sum(demand)
    # nothing in the data is nothing there only where absence is known in the whole area
    unsure = (inside == 0) & (index.sum((~result.absence_known[study]).astype(np.float64)) > 0)
    enough = ~unsure & (inside_known >= catalogue.value("capacity.known_share") * inside - 1e-9)
    return AREA_CAPACITY.conform(
        pd.DataFrame(
            {
                "level": index.level_of,
                "area_id": index.id_of,
                "service": result.service,
                "mode": result.ways.mode,
                "method": result.method,
                "year": np.nan if result.year is None else float(result.year),
                "limit_min": result.ways.limit_min,
                "demand_unit": result.demand.unit,
                "unit": unit.unit if unit is not None else "",
                "demand": total,
                "facilities": inside,
                "facilities_known": inside_known.astype(np.int64),
                "capacity": np.where(unsure | ((inside > 0) & (inside_known == 0)), np.nan, held),
                "capacity_per_100": np.where(enough, 100.0 * _divide(held, total), np.nan),
                "score_mean": 100.0 * mean,
                "score_min": 100.0 * np.where(np.isinf(least), np.nan, least),
                "score_median": 100.0 * median,
                "spar": mean / of_region[0] if of_region[0] > 0 else np.full(index.count, np.nan),
                "score_is_least": index.sum(result.score_is_least[study].astype(np.float64)) > 0,
                "unserved_low": index.sum(result.unserved_low[study]),
                "unserved_high": index.sum(result.unserved_high[study]),
                "no_place_high": index.sum(result.no_place_high[study]),
                "minutes": minutes,
                "reason": result.reason_score or result.reason_places,
            }
        )
    )


def areas_of_facilities(
    region: Region, index: AreaIndex, rows: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Areas of all levels in which facilities lie: number of the area and position in `rows`, one entry per facility and level."""
    part = region.facilities.iloc[rows]
    ags = part["ags"].reset_index(drop=True)
    municipality = region.municipalities.set_index("ags")
    in_study = part["in_study"].to_numpy(bool)
    key_of = {
        "place": part["place_id"].reset_index(drop=True),
        "municipality": ags,
        "association": ags.map(municipality["association_id"]),
        "district": ags.map(municipality["district_ags"]),
        "study": pd.Series(np.where(in_study, "*", "")),
    }
    areas: list[NDArray[np.int32]] = []
    sites: list[NDArray[np.int64]] = []
    begin = 0
    for level in index.levels:
        number = {k: n for n, k in enumerate(level.ids)}
        of_site = key_of[level.name].map(number).fillna(-1).to_numpy(np.int64)
        # only what is reported: a place in the study area has no facility outside
        has = np.flatnonzero((of_site >= 0) & in_study)
        areas.append((of_site[has] + begin).astype(np.int32))
        sites.append(has)
        begin += len(level.ids)
    return np.concatenate(areas), np.concatenate(sites)


def _divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
