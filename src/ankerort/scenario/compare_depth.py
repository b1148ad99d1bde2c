"""Capacity, quality and hours before and after, for the services that a scenario touched; where nothing is told, why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ankerort.base.tables import Schema
from ankerort.scenario.schema import COMPARISON_ADEQUATE, COMPARISON_CAPACITY, COMPARISON_QUALITY, NOT_TOLD
from ankerort.scenario.world import Answer, World
from ankerort.supply.capacity import area_capacity, assess_capacity, capacity_ratio
from ankerort.supply.demand import capacity_of, demand_of
from ankerort.supply.place_quality import place_quality
from ankerort.supply.pt_quality import PtClassifier, facility_pt_classes
from ankerort.supply.quality import facility_quality

_AREA = ["level", "area_id", "service"]
_CAPACITY = ("demand", "capacity", "capacity_per_100", "unserved_low", "unserved_high")
_QUALITY = ("wheelchair", "toilets_wheelchair", "condition", "assortment", "broadband_mbit")
# A week without holidays, where no timetable names a day.
_WEEK_WITHOUT_TIMETABLE = "2026-06-09"


@dataclass(frozen=True)
class DepthComparison:
    """COMPARISON_CAPACITY, COMPARISON_QUALITY, COMPARISON_ADEQUATE and NOT_TOLD."""

    capacity: pd.DataFrame
    quality: pd.DataFrame
    adequate: pd.DataFrame
    not_told: pd.DataFrame


def compare_depth(services: Sequence[str], base: Answer, other: Answer, trips: pd.DataFrame) -> DepthComparison:
    """What a scenario does to demand and capacity, and to the quality of facilities.

    Parameters
    ----------
    services
        Those of which anything was computed anew.
    base, other
        Both sides; each counts rates and capacities of its own year.
    trips
        COMPARISON_TRIPS of them: whether other hours tell anything.
    """
    capacities, reasons = [], {}
    for service in services:
        rows, reasons[service] = _capacity(service, base, other)
        capacities.append(rows)
    capacity = _joined(capacities, COMPARISON_CAPACITY.empty())
    quality, adequate = _quality(services, base, other)
    not_told = _not_told(services, base, other, reasons, (capacity, quality, trips))
    return DepthComparison(COMPARISON_CAPACITY.conform(capacity), quality, adequate, not_told)


def _capacity(service: str, base: Answer, other: Answer) -> tuple[pd.DataFrame, str]:
    """COMPARISON_CAPACITY rows that differ, and why there are none for the whole study area ("" = there could be)."""
    sides = []
    for answer in (base, other):
        reason = _no_capacity(service, answer.world)
        if reason:
            return COMPARISON_CAPACITY.empty(), reason
    for answer in (base, other):
        world, parts = answer.world, answer.parts
        reach = answer.reach_of((service,))
        edge_m = parts.knowledge().edge_m[service]
        found = assess_capacity(service, world.region, reach, world.catalogue, edge_m, year=world.year)
        sides.append(area_capacity(found, world.region, parts.areas, world.catalogue))
    joined = sides[0].merge(sides[1], on=_AREA, suffixes=("_before", "_after"))
    differs = np.zeros(len(joined), bool)
    for name in _CAPACITY:
        differs |= _differs(joined[f"{name}_before"], joined[f"{name}_after"])
    joined = joined.rename(columns={"unit_after": "unit", "demand_unit_after": "demand_unit"})
    reasons = sides[1].loc[sides[1]["level"] == "study", "reason"]
    return _rows_of(COMPARISON_CAPACITY, joined[differs]), str(reasons.iloc[0]) if len(reasons) else ""


def _no_capacity(service: str, world: World) -> str:
    """Why nothing can be said of demand and capacity at all, found without giving out places."""
    demand = demand_of(world.region.cells, world.catalogue, service, year=world.year)
    if not demand.known:
        return demand.reason
    if service not in world.catalogue.capacity_units:
        return "no_unit"
    facilities = world.region.facilities
    counts = ((facilities["service"] == service) & (facilities["state"] == "open")).to_numpy(bool)
    known = capacity_of(world.region, service, year=world.year)[1]
    return "capacity_unknown" if counts.any() and not (counts & known).any() else ""


def _quality(services: Collection[str], base: Answer, other: Answer) -> tuple[pd.DataFrame, pd.DataFrame]:
    chosen = [s for s in services if _quality_may_differ(s, base.world, other.world)]
    if not chosen:
        return COMPARISON_QUALITY.empty(), COMPARISON_ADEQUATE.empty()
    same_network = base.world.network is other.world.network
    tables = [
        _quality_of(answer, chosen, base.pt_classifier if same_network else answer.pt_classifier)
        for answer in (base, other)
    ]
    columns = ["facility_id", "service", "place_id", "grade", "adequate", "score_low", "score_high", "ask"]
    one, two = (t[0][columns] for t in tables)
    joined = one.merge(two, on="facility_id", how="outer", suffixes=("_before", "_after"), sort=True)
    for name in ("service", "place_id"):
        joined[name] = joined[f"{name}_after"].fillna(joined[f"{name}_before"])
    for name in ("grade", "adequate"):
        for when in ("before", "after"):
            joined[f"{name}_{when}"] = joined[f"{name}_{when}"].fillna("")
    joined["ask"] = joined["ask_after"].fillna("")
    differs = np.zeros(len(joined), bool)
    for name in ("grade", "adequate", "score_low", "score_high"):
        differs |= _differs(joined[f"{name}_before"], joined[f"{name}_after"])
    rows = joined[differs]
    order = {s: k for k, s in enumerate(chosen)}
    rows = rows.sort_values(
        ["service", "facility_id"], key=lambda c: c.map(order) if c.name == "service" else c, kind="stable"
    )
    return _rows_of(COMPARISON_QUALITY, rows), _adequate(tables[0][1], tables[1][1])


def _quality_of(
    answer: Answer, services: Sequence[str], classifier: PtClassifier | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    world = answer.world
    region, network, catalogue = world.region, world.network, world.catalogue
    of_services = region.facilities["service"].isin(services)
    classes = None
    if classifier is not None:
        few = replace(region, facilities=region.facilities[of_services].reset_index(drop=True))
        classes = facility_pt_classes(few, network, catalogue, classifier=classifier).set_index("facility_id")[
            "pt_class"
        ]
    reach = answer.reach_of(services)
    table = facility_quality(
        region,
        catalogue,
        day=network.timetable.date if network.timetable is not None else _WEEK_WITHOUT_TIMETABLE,
        capacity_ratio=capacity_ratio(services, region, reach, catalogue, year=world.year),
        pt_class=classes,
        services=services,
    ).quality
    parts = answer.parts
    places, _ = place_quality(
        region, reach, catalogue, table, parts.knowledge().edge_m, services=services, index=parts.places
    )
    return table, places


def _adequate(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """COMPARISON_ADEQUATE rows that differ; a service that only one side has there is left out: its facilities tell it."""
    joined = before.merge(after, on=["place_id", "service"], suffixes=("_before", "_after"))
    differs = np.zeros(len(joined), bool)
    for end in ("low", "high"):
        for when in ("before", "after"):
            joined[f"adequate_{end}_{when}"] = joined[f"nearest_adequate_{end}_{when}"] * joined[f"persons_{when}"]
        differs |= _differs(joined[f"adequate_{end}_before"], joined[f"adequate_{end}_after"])
    return _rows_of(COMPARISON_ADEQUATE, joined[differs].rename(columns={"persons_after": "persons"}))


def _quality_may_differ(service: str, base: World, other: World) -> bool:
    if base.catalogue.quality.weights.get(service) != other.catalogue.quality.weights.get(service):
        return True
    if base.network is not other.network or base.year != other.year:
        return True
    one, two = (w.region.facilities[w.region.facilities["service"] == service] for w in (base, other))
    return not (len(one) == len(two) and one.reset_index(drop=True).equals(two.reset_index(drop=True)))


def _not_told(
    services: Sequence[str],
    base: Answer,
    other: Answer,
    reasons: dict[str, str],
    told: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> pd.DataFrame:
    """NOT_TOLD rows: a capacity, a quality or hours were changed, and no table shows what it does."""
    rows = []
    capacity, quality, trips = ({*t["service"]} for t in told)
    for service in services:
        before, after = (_facilities(answer.world, service) for answer in (base, other))
        both = before.index.intersection(after.index)
        one, two = before.loc[both], after.loc[both]
        periods = _periods(base.world, service), _periods(other.world, service)
        if service not in capacity:
            added = after.loc[after.index.difference(before.index), "capacity"]
            if _differs(one["capacity"], two["capacity"]).any() or added.notna().any():
                rows.append((service, "capacity", reasons[service] or "same"))
            elif not periods[0].equals(periods[1]):
                rows.append((service, "capacity", reasons[service] or "later"))
        if service not in quality and any(_differs(one[c], two[c]).any() for c in _QUALITY):
            known = service in other.world.catalogue.quality.weights
            rows.append((service, "quality", "same" if known else "no_criteria"))
        if service not in trips and _differs(one["opening_hours"], two["opening_hours"]).any():
            rows.append((service, "hours", _no_trips(service, other)))
    return NOT_TOLD.conform(pd.DataFrame(rows, columns=["service", "topic", "reason"]))


def _no_trips(service: str, answer: Answer) -> str:
    if not answer.world.network.day_types:
        return "no_timetable"
    return "same" if answer.world.catalogue.services[service].stay_min > 0 else "no_stay"


def _facilities(world: World, service: str) -> pd.DataFrame:
    facilities = world.region.facilities
    return facilities[facilities["service"] == service].set_index("facility_id")


def _periods(world: World, service: str) -> pd.DataFrame:
    periods = world.region.capacities
    own = periods["facility_id"].isin(_facilities(world, service).index)
    return periods.loc[own, ["facility_id", "capacity", "from_year", "to_year"]].reset_index(drop=True)


def _differs(one: pd.Series, two: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = ((one != two) & ~(one.isna() & two.isna())).to_numpy(bool)
    return found


def _rows_of(schema: Schema, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the declared columns only."""
    return schema.conform(frame[[column.name for column in schema.columns]])


def _joined(tables: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    with_rows = [t for t in tables if len(t)]
    return pd.concat(with_rows, ignore_index=True) if with_rows else empty
