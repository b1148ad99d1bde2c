"""Builds the records of demand, capacity units and accessibility rules from checked rows, and checks that rates fit together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.build_records import dated, warn_without_agreement
from ankerort.catalogue.csv_rows import Row
from ankerort.catalogue.demand import (
    DEMAND_UNITS,
    AccessRule,
    CapacityUnit,
    DemandKind,
    DemandRate,
    RateSex,
    market_faults,
)
from ankerort.catalogue.groups import band_shares
from ankerort.catalogue.model import Service

_OLDEST = 120
ANY_SERVICE = "*"


def build_demand_rates(
    rows: Sequence[Row], services: Mapping[str, Service], ages: NDArray[np.float64], problems: Problems
) -> tuple[DemandRate, ...]:
    """Rates from checked rows; faulty ones are named and left out.

    Checked beyond single cells: ages and years in order, the unit of the kind, quotas of at most 1, one kind per service, no two rates of a
    service for the same age, sex and year, and rates of one market that sum to 1.
    """
    rates: list[tuple[Row, DemandRate]] = []
    for row in rows:
        if (rate := _rate(row, services, ages, problems)) is not None:
            rates.append((row, rate))
    by_service: dict[str, list[tuple[Row, DemandRate]]] = {}
    for row, rate in rates:
        by_service.setdefault(rate.service, []).append((row, rate))
    for of_service in by_service.values():
        _check_service(of_service, problems)
    markets: dict[str, list[tuple[Row, DemandRate]]] = {}
    for row, rate in rates:
        if rate.market:
            markets.setdefault(rate.market, []).append((row, rate))
    for market, of_market in markets.items():
        _check_market(market, of_market, problems)
    return tuple(rate for _, rate in rates)


def _rate(
    row: Row, services: Mapping[str, Service], ages: NDArray[np.float64], problems: Problems
) -> DemandRate | None:
    before = len(problems)

    def report(code: str, column: str, **params: object) -> None:
        problems.add(code, "error", row.table, row=row.line, column=column, **params)

    if row["service"] not in services:
        report("catalogue_service_unknown", "service", value=row["service"])
    first, last = int(row.number("age_from")), int(row.number("age_to"))
    if first > last:
        report("catalogue_ages_reversed", "age_to", first=first, last=last)
    from_year, to_year = (int(row.number(c)) if row[c] else None for c in ("from_year", "to_year"))
    if from_year is not None and to_year is not None and from_year > to_year:
        report("catalogue_years_reversed", "to_year", first=from_year, last=to_year)
    kind = cast(DemandKind, row["kind"])
    if row["unit"] != DEMAND_UNITS[kind]:
        report("catalogue_unit_wrong", "unit", value=row["unit"], unit=DEMAND_UNITS[kind])
    if kind == "quota" and row.number("value") > 1:
        report("catalogue_quota_too_large", "value", value=row["value"])
    if row["market"] and kind == "frequency":
        report("catalogue_market_of_visits", "market", market=row["market"])
    if len(problems) > before:
        return None
    id_ = f"demand.{row['service']}.{first}.{row['sex']}" + (f".{from_year}" if from_year is not None else "")
    warn_without_agreement(row, ("age_to", "to_year", "kind", "value", "market"), id_, problems)
    return DemandRate(
        service=row["service"],
        first_age=first,
        last_age=last,
        sex=cast(RateSex, row["sex"]),
        from_year=from_year,
        to_year=to_year,
        kind=kind,
        value=dated(row, id_),
        market=row["market"],
        band_shares=band_shares(first, last, ages),
    )


def _check_service(of_service: Sequence[tuple[Row, DemandRate]], problems: Problems) -> None:
    first_row, first_rate = of_service[0]
    for row, rate in of_service:
        if rate.kind != first_rate.kind:
            problems.add(
                "catalogue_demand_kinds_mixed",
                "error",
                row.table,
                row=row.line,
                column="kind",
                service=rate.service,
                kind=rate.kind,
                other=first_rate.kind,
                first=first_row.line,
            )
    for (row, rate), (other_row, other) in combinations(of_service, 2):
        ages = rate.first_age <= other.last_age and other.first_age <= rate.last_age
        sexes = rate.sex == other.sex or "all" in (rate.sex, other.sex)
        years = _before(rate.from_year, other.to_year) and _before(other.from_year, rate.to_year)
        if ages and sexes and years:
            problems.add(
                "catalogue_demand_overlaps",
                "error",
                other_row.table,
                row=other_row.line,
                column="age_from",
                service=rate.service,
                first=max(rate.first_age, other.first_age),
                last=min(rate.last_age, other.last_age),
                other=row.line,
            )


def _before(start: int | None, end: int | None) -> bool:
    return start is None or end is None or start <= end


def _check_market(market: str, of_market: Sequence[tuple[Row, DemandRate]], problems: Problems) -> None:
    """For each age, sex and span of years that any rate of the market names, the rates of all its services sum to 1."""
    for fault in market_faults([rate for _, rate in of_market]):
        row = next(row for row, rate in of_market if rate.first_age <= fault.first_age <= rate.last_age)
        problems.add(
            "catalogue_market_does_not_sum",
            "error",
            row.table,
            row=row.line,
            column="value",
            market=market,
            sum=fault.total,
            first=fault.first_age,
            last=fault.last_age,
            year="-" if fault.year is None else fault.year,
        )


def build_capacity_units(
    rows: Sequence[Row], services: Mapping[str, Service], problems: Problems
) -> dict[str, CapacityUnit]:
    """What the capacity of each service counts."""
    units: dict[str, CapacityUnit] = {}
    for row in rows:
        service = row["service"]
        if service not in services:
            problems.add("catalogue_service_unknown", "error", row.table, row=row.line, column="service", value=service)
            continue
        if not row.number("demand_per_unit") > 0:
            problems.add(
                "catalogue_number_too_small",
                "error",
                row.table,
                row=row.line,
                column="demand_per_unit",
                value=row["demand_per_unit"],
                lowest="> 0",
            )
            continue
        warn_without_agreement(row, ("unit", "demand_per_unit", "usual_capacity"), f"capacity.{service}", problems)
        per_unit = dated(row, f"capacity.{service}", column="demand_per_unit")
        units[service] = CapacityUnit(service, row["unit"], per_unit, row.number("usual_capacity"))
    return units


def build_decay_zones(rows: Sequence[Row], problems: Problems) -> dict[str, tuple[tuple[float, float], ...]]:
    """Zones by set: (up to minutes, weight), ascending; a farther zone may not weigh more."""
    sets: dict[str, list[Row]] = {}
    for row in rows:
        sets.setdefault(row["set_id"], []).append(row)
    zones: dict[str, tuple[tuple[float, float], ...]] = {}
    for set_id, of_set in sets.items():
        for row in of_set:
            warn_without_agreement(row, ("weight",), f"zones.{set_id}", problems)
        ordered = sorted(of_set, key=lambda r: r.number("up_to_min"))
        for nearer, farther in pairwise(ordered):
            if farther.number("weight") > nearer.number("weight"):
                problems.add(
                    "catalogue_zone_rises", "error", farther.table, row=farther.line, column="weight", set=set_id
                )
        zones[set_id] = tuple((r.number("up_to_min"), r.number("weight")) for r in ordered)
    return zones


def build_access_rules(
    rows: Sequence[Row],
    services: Mapping[str, Service],
    zones: Mapping[str, tuple[tuple[float, float], ...]],
    problems: Problems,
) -> dict[str, AccessRule]:
    """How accessibility is measured, per service; ``*`` stands for all services without a row of their own."""
    rules: dict[str, AccessRule] = {}
    for row in rows:
        service, decay = row["service"], row["decay"]
        if service != ANY_SERVICE and service not in services:
            problems.add("catalogue_service_unknown", "error", row.table, row=row.line, column="service", value=service)
            continue
        allowed = ("binary", "linear", "exponential", "gaussian", "power", "logistic", *(f"zones:{z}" for z in zones))
        if decay not in allowed:
            problems.add(
                "catalogue_not_allowed",
                "error",
                row.table,
                row=row.line,
                column="decay",
                value=decay,
                allowed=", ".join(allowed),
            )
            continue
        warn_without_agreement(row, ("mode", "method", "decay", "limit_min"), f"access.{service}", problems)
        rules[service] = AccessRule(
            service=service,
            mode=cast(Literal["", "car", "foot", "bike", "pt"], row["mode"]),
            method=row["method"],
            decay=decay,
            limit_min=dated(row, f"access.{service}.limit_min", column="limit_min", unit="min"),
        )
    return rules
