"""Builds the typed catalogue from checked rows, and checks what no single cell shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue import columns, columns_places
from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.catalogue.build_demand import (
    build_access_rules,
    build_capacity_units,
    build_decay_zones,
    build_demand_rates,
)
from ankerort.catalogue.build_mobile import build_mobile
from ankerort.catalogue.build_provision import build_provision
from ankerort.catalogue.build_records import (
    build_figures,
    build_response_times,
    build_standards,
    dated,
    warn_without_agreement,
)
from ankerort.catalogue.car_availability import SETTLEMENTS, build_car_rates, shares_without_car
from ankerort.catalogue.csv_rows import Row
from ankerort.catalogue.demography import build_rates, build_variants
from ankerort.catalogue.downloads import build_downloads
from ankerort.catalogue.expectations import PlaceExpectations, build_expectations
from ankerort.catalogue.groups import band_shares
from ankerort.catalogue.layout import LAENDER
from ankerort.catalogue.model import (
    CarRate,
    Catalogue,
    CoreItem,
    Group,
    SchoolHoliday,
    Service,
    ServiceDirection,
    Settlement,
    TagClause,
)
from ankerort.catalogue.nouns import build_nouns
from ankerort.catalogue.pt_classes import PtClassTable, build_pt_classes
from ankerort.catalogue.quality import QualityRules, ServiceLike, build_quality_rules, missing_agreement
from ankerort.catalogue.standard_sets import build_standard_sets
from ankerort.catalogue.tag_rules import RuleError, parse_rule
from ankerort.catalogue.working_groups import build_working_groups

_AGES = 101


def build_catalogue(tables: Mapping[str, Sequence[Row]], land: str, content_hash: str, problems: Problems) -> Catalogue:
    """Build the catalogue; every fault goes into `problems`, and what has one is left out.

    Parameters
    ----------
    tables
        Rows by file name.
    land
        Land whose age structure splits the bands.
    content_hash
        Hash of all files used.
    """
    figures = build_figures(tables[columns.FIGURES.name], problems)
    ages = _ages(tables[columns.SINGLE_YEAR_AGES.name], problems)
    of_land = _ages_of(land, ages, problems)
    groups = _groups(tables[columns.GROUPS.name], figures, of_land, problems)
    car_rates = build_car_rates(tables[columns.CAR_RATES.name], problems)
    services = _services(tables[columns.SERVICES.name], groups, problems)
    standards, conditional = build_standards(tables[columns.STANDARDS.name], services, problems)
    services = {id_: replace(s, standards=standards.get(id_, {})) for id_, s in services.items()}
    sets = build_standard_sets(tables[columns.STANDARD_SETS.name], services, conditional, problems)
    quality = _quality(tables, services, problems)
    zones = build_decay_zones(tables[columns.DECAY_ZONES.name], problems)
    core = _unions(tables[columns.CORE.name], services, problems)
    named = {*services, *(f"core:{item.id}" for item in core)}
    return Catalogue(
        services=services,
        groups=groups,
        figures=figures,
        core=core,
        five=_unions(tables[columns.FIVE.name], services, problems),
        school_holidays=_school_holidays(tables[columns.SCHOOL_HOLIDAYS.name], problems),
        single_year_ages=ages,
        content_hash=content_hash,
        conditional_rules=conditional,
        standard_sets=sets,
        response_times=build_response_times(tables[columns.RESPONSE_PARTS.name], services, problems),
        car_rates=car_rates,
        demographic_rates=build_rates(tables[columns.DEMOGRAPHIC_RATES.name], problems),
        forecast_variants=build_variants(tables[columns.FORECAST_VARIANTS.name], problems),
        without_car=_without_car(car_rates, groups, of_land, figures),
        demand_rates=build_demand_rates(tables[columns.DEMAND_RATES.name], services, of_land, problems),
        capacity_units=build_capacity_units(tables[columns.CAPACITY_UNITS.name], services, problems),
        decay_zones=zones,
        access_rules=build_access_rules(tables[columns.ACCESS_RULES.name], services, zones, problems),
        quality=quality,
        pt_classes=_pt_classes(tables[columns.PT_CLASSES.name], problems),
        nouns=build_nouns(tables[columns_places.NOUNS.name], named, problems),
        place_expectations=_expectations(tables[columns_places.PLACE_EXPECTATIONS.name], named, problems),
        downloads=build_downloads(tables[columns_places.DOWNLOADS.name], LAENDER, problems),
        working_groups=build_working_groups(
            tables[columns_places.WORKING_GROUPS.name],
            tables[columns_places.WORKING_GROUP_DATA.name],
            {s.area for s in services.values()},
            problems,
        ),
        provision=build_provision(tables, services, {f"core:{item.id}" for item in core}, problems),
        mobile=build_mobile(tables, services, groups, problems),
        # the last one: all that is built above has told its problems
        problems=tuple(p for p in problems if p.severity != "error"),
    )


def _pt_classes(rows: Sequence[Row], problems: Problems) -> PtClassTable:
    for row in rows:
        warn_without_agreement(
            row, ("limit", "included", "result"), f"{row['part']} {row['of']} {row['limit']}", problems
        )
    records = [(row, dated(row, f"pt_class.{row['part']}.{row['of']}.{row['limit']}", column="limit")) for row in rows]
    return build_pt_classes(records, problems)


def _expectations(rows: Sequence[Row], named: set[str], problems: Problems) -> PlaceExpectations:
    for row in rows:
        warn_without_agreement(row, ("expected",), f"{row['persons_from']} {row['item']}", problems)
    records = [
        (
            row,
            dated(row, f"place_expectation.{row['persons_from']}.{row['item']}", column="persons_from", unit="persons"),
        )
        for row in rows
    ]
    return build_expectations(records, named, problems)


def _quality(tables: Mapping[str, Sequence[Row]], services: Mapping[str, Service], problems: Problems) -> QualityRules:
    def records(file: str, first: str, second: str) -> list[tuple[Row, DatedValue]]:
        for row in tables[file]:
            if missing := missing_agreement(row):
                problems.add(
                    "catalogue_figure_not_agreed",
                    "warning",
                    row.table,
                    row=row.line,
                    column=missing[0],
                    id=f"{row[first]} {row[second]}",
                    missing=", ".join(missing),
                )
        return [(row, dated(row, f"quality.{row[first]}.{row[second]}")) for row in tables[file]]

    return build_quality_rules(
        records(columns.QUALITY_WEIGHTS.name, "service", "criterion"),
        records(columns.QUALITY_SCALES.name, "criterion", "step"),
        tables[columns.QUALITY_WINDOWS.name],
        [ServiceLike(s.id, s.area) for s in services.values()],
        problems,
    )


def _without_car(
    rates: Sequence[CarRate],
    groups: Mapping[str, Group],
    ages: NDArray[np.float64],
    figures: Mapping[str, DatedValue],
) -> dict[tuple[Settlement, str], dict[str, float]]:
    women = {column: figures[f"share_women.{column.removeprefix('p_')}"].value for column in AGE_COLUMNS}
    return {
        (settlement, group.id): shares_without_car(rates, group, settlement, ages, women)
        for settlement in SETTLEMENTS
        for group in groups.values()
    }


def _ages(rows: Sequence[Row], problems: Problems) -> dict[str, NDArray[np.float64]]:
    persons: dict[str, NDArray[np.float64]] = {}
    last: dict[str, Row] = {}
    for row in rows:
        persons.setdefault(row["land"], np.full(_AGES, np.nan))[int(row.number("age"))] = row.number("persons")
        last[row["land"]] = row
    for land, ages in list(persons.items()):
        unknown = np.flatnonzero(np.isnan(ages))
        if unknown.size or not ages.sum() > 0:
            row = last[land]
            problems.add(
                "catalogue_ages_incomplete", "error", row.table, row=row.line, column="age", land=land, count=_AGES
            )
            del persons[land]
        else:
            ages.setflags(write=False)
    return persons


def _ages_of(land: str, ages: Mapping[str, NDArray[np.float64]], problems: Problems) -> NDArray[np.float64]:
    if land not in LAENDER:
        problems.add(
            "catalogue_land_unknown",
            "error",
            "region.toml",
            column="land",
            value=land,
            allowed=", ".join(LAENDER),
        )
    elif land not in ages:
        problems.add("catalogue_land_without_ages", "warning", columns.SINGLE_YEAR_AGES.name, land=land)
    return ages.get(land, ages.get("DE", np.ones(_AGES)))


def _groups(
    rows: Sequence[Row], figures: Mapping[str, DatedValue], ages: NDArray[np.float64], problems: Problems
) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for row in rows:
        first, last = int(row.number("first_age")), int(row.number("last_age"))
        if first > last:
            problems.add(
                "catalogue_ages_reversed", "error", row.table, row=row.line, column="last_age", first=first, last=last
            )
        for column in ("walk_speed", "walk_limit"):
            if row[column] not in figures:
                problems.add(
                    "catalogue_figure_unknown", "error", row.table, row=row.line, column=column, value=row[column]
                )
        groups[row["id"]] = Group(
            id=row["id"],
            label_de=row["label_de"],
            label_en=row["label_en"],
            first_age=first,
            last_age=last,
            walk_speed=row["walk_speed"],
            walk_limit=row["walk_limit"],
            band_shares=band_shares(first, last, ages),
        )
    return groups


def _services(rows: Sequence[Row], groups: Mapping[str, Group], problems: Problems) -> dict[str, Service]:
    services: dict[str, Service] = {}
    for row in rows:
        clauses: tuple[TagClause, ...] = ()
        try:
            clauses = parse_rule(row["osm"])
        except RuleError as fault:
            problems.add(fault.code, "error", row.table, row=row.line, column="osm", part=fault.part)
        for group in row.parts("demand_groups"):
            if group not in groups:
                problems.add(
                    "catalogue_group_unknown", "error", row.table, row=row.line, column="demand_groups", value=group
                )
        services[row["id"]] = Service(
            id=row["id"],
            label_de=row["label_de"],
            label_en=row["label_en"],
            area=row["area"],
            level=row["level"],
            clauses=clauses,
            demand_groups=row.parts("demand_groups"),
            standards={},
            direction=cast(ServiceDirection, row["direction"]),
            stay_min=row.number("stay_min"),
            decides=row["decides"],
            task_type=row["task_type"],
            ref_inhabitants_per_facility=row.number("ref_inhabitants_per_facility"),
            osm_absence_means="missing" if row["osm_absence_means"] == "missing" else "unknown",
            default_hours=row["default_hours"],
            data_note=row["data_note"],
            viability_pop=row.number("viability_pop"),
            capacity_rule=row["capacity_rule"],
            mobile=() if row["mobile"] == "no" else row.parts("mobile"),
            digital=row["digital"],
            capex_eur=row["capex_eur"],
            opex_eur_year=row["opex_eur_year"],
            std_status=row["std_status"],
            mark=row["mark"],
            comes_home=row.yes("comes_home"),
        )
    return services


def _unions(rows: Sequence[Row], services: Mapping[str, Service], problems: Problems) -> tuple[CoreItem, ...]:
    items: list[CoreItem] = []
    for row in rows:
        for service in row.parts("services"):
            if service not in services:
                problems.add(
                    "catalogue_service_unknown", "error", row.table, row=row.line, column="services", value=service
                )
        items.append(CoreItem(row["id"], row["label_de"], row["label_en"], row.parts("services")))
    return tuple(items)


def _school_holidays(rows: Sequence[Row], problems: Problems) -> tuple[SchoolHoliday, ...]:
    records: list[SchoolHoliday] = []
    for row in rows:
        first, last = row["first_day"], row["last_day"]
        if last < first or not first.startswith(row["year"]):
            problems.add(
                "catalogue_days_reversed",
                "error",
                row.table,
                row=row.line,
                column="last_day" if last < first else "year",
                first=first,
                last=last,
                year=row["year"],
            )
        records.append(
            SchoolHoliday(row["land"], row["name"], first, last, row["source"], row["mark"], row["checked_on"])
        )
    return tuple(sorted(records, key=lambda r: (r.land, r.first_day, r.name)))
