"""The ten indicators of daviplan, one service and mode at a time, with what is not known said beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Certainty, NearestMode, Reach
from ankerort.region.model import Region
from ankerort.supply.areas import AreaIndex
from ankerort.supply.capacity import areas_of_facilities
from ankerort.supply.demand import Demand, capacity_of, demand_of
from ankerort.supply.schema_daviplan import BY_AREA, BY_FACILITY, DAVIPLAN, DAVIPLAN_CELL
from ankerort.supply.status import STANDARD_MODE, straight_radius_m
from ankerort.supply.ways import known_cells, minutes_per_unit, service_ways


@dataclass(frozen=True)
class _Times:
    """Minutes of each cell to the nearest facility (NaN = none), to the nearest certain one, and the row of the nearest (-1 = none)."""

    minutes: NDArray[np.float64]
    certain: NDArray[np.float64]
    facility: NDArray[np.int32]


def daviplan_facilities(
    service: str,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    *,
    mode: NearestMode,
    year: int | None = None,
    demand: Demand | None = None,
) -> pd.DataFrame:
    """DAVIPLAN rows of each facility: demand in its catchment, mean and longest time to it.

    The catchment of a facility are the cells to which it is the nearest of its service by the mode, in the whole region. Longest time: of the
    cells with demand.

    Parameters
    ----------
    demand
        Demand of the service, if it is there already.
    """
    demand = demand or demand_of(region.cells, catalogue, service, year=year)
    times = _times(service, mode, reach, catalogue)
    rows = service_ways(service, region, reach, catalogue, mode=mode).rows
    count = len(region.facilities)
    has = ~np.isnan(times.minutes)
    at, minutes, people = times.facility[has], times.minutes[has], demand.per_cell[has]
    total = np.bincount(at, weights=people, minlength=count)[rows].astype(np.float64)
    spent = np.bincount(at, weights=people * minutes, minlength=count)[rows].astype(np.float64)
    longest = np.full(count, -np.inf)
    np.maximum.at(longest, at[people > 0], minutes[people > 0])
    longest = np.where(np.isinf(longest), np.nan, longest)[rows]
    if not demand.known:
        total = np.full(len(rows), np.nan)
        longest = total
    nobody = "" if demand.known else demand.reason
    ids = region.facilities["facility_id"].to_numpy(object)[rows]
    parts = []
    for indicator, values, unit in zip(
        BY_FACILITY, (total, _divide(spent, total), longest), (demand.unit, "min", "min"), strict=True
    ):
        reason = np.where(np.isnan(values), nobody or "no_demand", "")
        parts.append(_rows(indicator, service, mode, "facility", ids, values, unit, reason, demand=total))
    return DAVIPLAN.conform(pd.concat(parts, ignore_index=True))


def daviplan_areas(
    service: str,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    index: AreaIndex,
    known_edge_m: NDArray[np.float64],
    *,
    mode: NearestMode,
    within_min: float | None = None,
    year: int | None = None,
    demand: Demand | None = None,
) -> pd.DataFrame:
    """DAVIPLAN rows of each area by a mode: mean time in the area, share of the demand within x minutes.

    Parameters
    ----------
    known_edge_m
        See `Knowledge.edge_m`: where no unrecorded facility can lie within x minutes, not reached is not reached.
    within_min
        x; default the service's minimum standard by the mode.
    """
    demand = demand or demand_of(region.cells, catalogue, service, year=year)
    times = _times(service, mode, reach, catalogue)
    minutes, people = times.minutes[index.rows], demand.per_cell[index.rows]
    has = ~np.isnan(minutes)
    total = index.sum(people)
    with_way = index.sum(np.where(has, people, 0.0))
    mean = _divide(index.sum(np.where(has, minutes, 0.0) * people), with_way)
    coverage = _divide(with_way, total)
    limit = _standard_min(service, mode, catalogue) if within_min is None else within_min
    shares = _shares_within(service, mode, times, limit, reach, catalogue, known_edge_m, index, people, total)
    nobody = np.where(np.isnan(total), demand.reason, "no_demand")
    no_value = np.where(total > 0, "no_way", nobody)
    # a mean says nothing of those without a way; a share counts them as not reached
    mean_reason = np.where(np.isnan(mean), no_value, "")
    # no way to any facility in the data is no "nobody within", unless it is known that there is none
    shares["value"] = np.where(has.any() | (shares["high"] == 0.0), shares["value"], np.nan)
    no_share = "no_limit" if limit is None else no_value
    share_reason = np.where(np.isnan(shares["value"]), no_share, "")
    at = (service, mode, index.level_of, index.id_of)
    parts = [
        _rows("mean_time_in_area", *at, mean, "min", mean_reason, demand=total, coverage=coverage),
        _rows(
            "share_within_minutes",
            *at,
            shares["value"],
            "share",
            share_reason,
            low=shares["low"],
            high=shares["high"],
            within_min=limit,
            demand=total,
            coverage=coverage,
        ),
    ]
    return DAVIPLAN.conform(pd.concat(parts, ignore_index=True))


def daviplan_endowment(
    service: str,
    region: Region,
    reach: Reach,
    catalogue: Catalogue,
    index: AreaIndex,
    known_edge_m: NDArray[np.float64],
    *,
    year: int | None = None,
    demand: Demand | None = None,
) -> pd.DataFrame:
    """DAVIPLAN rows of each area without a way: capacity and facilities inside against the demand inside.

    Values count all facilities in the data, the bounds only what is known: certain facilities at least; at most nothing more where
    absence is known in the whole area. A capacity per demand needs the capacity of `capacity.known_share` of the facilities inside.
    """
    demand = demand or demand_of(region.cells, catalogue, service, year=year)
    rows = service_ways(service, region, reach, catalogue, mode="foot").rows
    capacity = capacity_of(region, service, year=year)[0][rows]
    certain = (region.facilities["certainty"] == "certain").to_numpy(bool)[rows]
    area, site = areas_of_facilities(region, index, rows)

    def inside(weight: NDArray) -> NDArray[np.float64]:
        return np.bincount(area, weights=weight[site], minlength=index.count).astype(np.float64)

    count, sure, known = inside(np.ones(len(rows))), inside(certain), inside(~np.isnan(capacity))
    held = inside(np.nan_to_num(capacity))
    total = index.sum(demand.per_cell[index.rows])
    unsure = index.sum((known_edge_m[index.rows] <= 0).astype(np.float64)) > 0
    enough = known >= catalogue.value("capacity.known_share") * count - 1e-9
    # none in the data is none there only where absence is known
    none_known = (count == 0) & unsure
    enough &= ~none_known
    whole = ~unsure & (known == count)
    held = np.where(enough, held, np.nan)
    per_100, per_place = 100.0 * _divide(held, total), _divide(total, held)
    per_site, sites_per_100 = _divide(total, count), 100.0 * _divide(count, total)
    nobody = np.where(np.isnan(total), demand.reason, "no_demand")
    not_there = np.where(total > 0, np.where(none_known, "not_recorded", "no_facility_inside"), nobody)
    of_capacity = np.where(enough | none_known, not_there, "capacity_unknown")
    unknown = np.full(index.count, np.nan)
    values = {
        "capacity_per_100_demand": (per_100, per_100, np.where(whole, per_100, unknown), of_capacity),
        "demand_per_capacity": (per_place, np.where(whole, per_place, unknown), per_place, of_capacity),
        "demand_per_facility": (
            per_site,
            np.where(unsure, np.nan, per_site),
            _divide(total, sure),
            not_there,
        ),
        "facilities_per_100_demand": (
            np.where(none_known, np.nan, sites_per_100),
            100.0 * _divide(sure, total),
            np.where(unsure, np.nan, sites_per_100),
            not_there,
        ),
    }
    units = catalogue.capacity_units.get(service)
    place = units.unit if units is not None else "capacity"
    texts = (f"{place} / 100", f"{demand.unit} / {place}", demand.unit, "facilities / 100")
    parts = []
    for indicator, unit in zip(BY_AREA, texts, strict=True):
        value, low, high, why = values[indicator]
        reason = np.where(np.isnan(value), why, "")
        parts.append(
            _rows(
                indicator,
                service,
                "",
                index.level_of,
                index.id_of,
                value,
                unit,
                reason,
                low=low,
                high=high,
                demand=total,
            )
        )
    return DAVIPLAN.conform(pd.concat(parts, ignore_index=True))


def daviplan_cells(
    service: str, region: Region, reach: Reach, catalogue: Catalogue, *, mode: NearestMode
) -> pd.DataFrame:
    """DAVIPLAN_CELL rows: minutes of each cell of the study area to the nearest facility."""
    rows = np.flatnonzero(region.cells["in_study"].to_numpy(bool))
    return DAVIPLAN_CELL.conform(
        pd.DataFrame(
            {
                "cell_id": pd.Categorical(region.cells["cell_id"].to_numpy()[rows]),
                "service": pd.Categorical([service] * len(rows)),
                "mode": pd.Categorical([mode] * len(rows)),
                "minutes": _times(service, mode, reach, catalogue).minutes[rows],
            }
        )
    )


def _times(service: str, mode: NearestMode, reach: Reach, catalogue: Catalogue) -> _Times:
    known = known_cells(reach, mode)
    per_unit = minutes_per_unit(mode, catalogue)

    def of(certainty: Certainty) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        nearest = reach.nearest.get((service, mode, certainty))
        if nearest is None:
            return np.full(len(known), np.nan), np.full(len(known), -1, np.int32)
        minutes = np.where((nearest.value >= 0) & known, nearest.value * per_unit, np.nan)
        return minutes, np.where(np.isnan(minutes), -1, nearest.facility).astype(np.int32)

    minutes, facility = of("any")
    return _Times(minutes, of("certain")[0], facility)


def _standard_min(service: str, mode: NearestMode, catalogue: Catalogue) -> float | None:
    standard = catalogue.services[service].standards.get(STANDARD_MODE[mode])
    if standard is None:
        return None
    return standard.minimum.value * (minutes_per_unit(mode, catalogue) if mode == "foot" else 1.0)


def _shares_within(
    service: str,
    mode: NearestMode,
    times: _Times,
    limit_min: float | None,
    reach: Reach,
    catalogue: Catalogue,
    known_edge_m: NDArray[np.float64],
    index: AreaIndex,
    people: NDArray[np.float64],
    total: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    nothing = np.full(index.count, np.nan)
    if limit_min is None:
        return {"value": nothing, "low": nothing, "high": nothing}
    known = known_cells(reach, mode)
    if mode in ("pt", "pt_demand") and "pt_whole" in reach.cell_known:
        known = np.asarray(reach.cell_known["pt_whole"], dtype=bool)
    parked_s = 0.0 if catalogue.services[service].direction == "from_facility" else catalogue.value("car_park_s")
    value = np.array([limit_min / minutes_per_unit(mode, catalogue)])
    ruled_out = known_edge_m >= straight_radius_m(value, mode, catalogue, parked_s=parked_s)[0]
    within = times.minutes <= limit_min + 1e-9
    surely = times.certain <= limit_min + 1e-9
    # not reached for certain: no facility of any certainty in the data, and none outside them
    beyond = known & ruled_out & ~within

    def share(which: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.minimum(_divide(index.sum(np.where(which[index.rows], people, 0.0)), total), 1.0)

    return {"value": share(within), "low": share(surely), "high": share(~beyond)}


def _rows(
    indicator: str,
    service: str,
    mode: str,
    level: str | NDArray,
    ids: NDArray,
    value: NDArray[np.float64],
    unit: str,
    reason: NDArray,
    *,
    low: NDArray[np.float64] | None = None,
    high: NDArray[np.float64] | None = None,
    within_min: float | None = None,
    demand: NDArray[np.float64] | None = None,
    coverage: NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    nothing = np.full(len(ids), np.nan)
    return pd.DataFrame(
        {
            "indicator": indicator,
            "service": service,
            "mode": mode,
            "level": level,
            "area_id": ids,
            "value": value,
            "low": nothing if low is None else low,
            "high": nothing if high is None else high,
            "unit": unit,
            "within_min": np.nan if within_min is None else within_min,
            "demand": nothing if demand is None else demand,
            "coverage": nothing if coverage is None else coverage,
            "reason": reason,
        },
        index=range(len(ids)),
    )


def _divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
