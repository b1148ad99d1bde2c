"""Builds the typed catalogue from checked rows, and checks what no single cell shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue, LegalStatus, Mark
from ankerort.catalogue import columns
from ankerort.catalogue.csv_rows import Row
from ankerort.catalogue.groups import band_shares
from ankerort.catalogue.model import (
    Catalogue,
    ConditionalRule,
    CoreItem,
    Group,
    ResponseTime,
    SchoolHoliday,
    Service,
    ServiceDirection,
    Standard,
    StandardMode,
    TagClause,
)
from ankerort.catalogue.tag_rules import RuleError, parse_rule

_AGES = 101
_LAW: LegalStatus = "law"
_DEFAULT: LegalStatus = "default"
_AGREEMENT = ("agreed_by", "agreed_on", "reason")
_SUBSTANCE = ("value", "unit", "legal_status")


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
    figures = _figures(tables[columns.FIGURES.name], problems)
    ages = _ages(tables[columns.SINGLE_YEAR_AGES.name], problems)
    groups = _groups(tables[columns.GROUPS.name], figures, _ages_of(land, ages, problems), problems)
    services = _services(tables[columns.SERVICES.name], groups, problems)
    standards, conditional = _standards(tables[columns.STANDARDS.name], services, problems)
    services = {id_: replace(s, standards=standards.get(id_, {})) for id_, s in services.items()}
    return Catalogue(
        services=services,
        groups=groups,
        figures=figures,
        core=_unions(tables[columns.CORE.name], services, problems),
        five=_unions(tables[columns.FIVE.name], services, problems),
        school_holidays=_school_holidays(tables[columns.SCHOOL_HOLIDAYS.name], problems),
        single_year_ages=ages,
        content_hash=content_hash,
        conditional_rules=conditional,
        response_times=_response_times(tables[columns.RESPONSE_PARTS.name], services, problems),
        problems=tuple(p for p in problems if p.severity != "error"),
    )


def _dated(row: Row, id_: str) -> DatedValue:
    return DatedValue(
        id=id_,
        value=row.number("value"),
        unit=row["unit"],
        source=row["source"],
        legal_status=cast(LegalStatus, row["legal_status"]),
        mark=cast(Mark, row["mark"]),
        valid_from=row["valid_from"],
        checked_on=row["checked_on"],
        agreed_by=row["agreed_by"],
        agreed_on=row["agreed_on"],
        reason=row["reason"],
    )


def _changed(row: Row) -> bool:
    """Whether a user's row changes the substance of a shipped one; an unchanged copy needs no agreement."""
    if row.replaced is None:
        return False
    old = Row(row.replaced, row.table, row.line)
    if row["value"] and old["value"] and row.number("value") == old.number("value"):
        return any(row[c] != old[c] for c in _SUBSTANCE[1:])
    return any(row[c] != old[c] for c in _SUBSTANCE)


def _figures(rows: Sequence[Row], problems: Problems) -> dict[str, DatedValue]:
    figures: dict[str, DatedValue] = {}
    for row in rows:
        missing = [c for c in _AGREEMENT if not row[c]]
        if _changed(row):
            assert row.replaced is not None
            if row["unit"] != row.replaced["unit"]:
                problems.add(
                    "catalogue_unit_wrong",
                    "error",
                    row.table,
                    row=row.line,
                    column="unit",
                    value=row["unit"],
                    unit=row.replaced["unit"],
                )
                continue
            if missing:
                problems.add(
                    "catalogue_figure_not_agreed",
                    "warning",
                    row.table,
                    row=row.line,
                    column=missing[0],
                    id=row["id"],
                    missing=", ".join(missing),
                )
        figures[row["id"]] = _dated(row, row["id"])
    return figures


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
    if land not in columns.LAENDER:
        problems.add(
            "catalogue_land_unknown",
            "error",
            "region.toml",
            column="land",
            value=land,
            allowed=", ".join(columns.LAENDER),
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


def _standards(
    rows: Sequence[Row], services: Mapping[str, Service], problems: Problems
) -> tuple[dict[str, dict[StandardMode, Standard]], tuple[ConditionalRule, ...]]:
    values: dict[tuple[str, StandardMode], dict[str, tuple[Row, DatedValue]]] = {}
    conditional: list[ConditionalRule] = []
    for row in rows:
        value = _standard_value(row, services, problems)
        if value is None:
            continue
        mode = cast(StandardMode, row["mode"])
        if row["condition"]:
            conditional.append(ConditionalRule(row["service"], mode, value, row["condition"]))
        else:
            values.setdefault((row["service"], mode), {})[row["kind"]] = (row, value)
    standards: dict[str, dict[StandardMode, Standard]] = {}
    for (service, mode), kinds in values.items():
        target_row, target = kinds.get("target", (None, None))
        if "minimum" not in kinds:
            assert target_row is not None
            problems.add("catalogue_target_alone", "error", target_row.table, row=target_row.line, column="kind")
            continue
        _, minimum = kinds["minimum"]
        if target is not None and target_row is not None and target.value > minimum.value:
            problems.add(
                "catalogue_target_weaker",
                "error",
                target_row.table,
                row=target_row.line,
                column="value",
                target=f"{target.value:g}",
                minimum=f"{minimum.value:g}",
            )
        standards.setdefault(service, {})[mode] = Standard(mode, minimum, target)
    return standards, tuple(conditional)


def _standard_value(row: Row, services: Mapping[str, Service], problems: Problems) -> DatedValue | None:
    if row["service"] not in services:
        problems.add(
            "catalogue_service_unknown", "error", row.table, row=row.line, column="service", value=row["service"]
        )
        return None
    unit = "m" if row["mode"] == "walk" else "min"
    if row["unit"] != unit:
        problems.add(
            "catalogue_unit_wrong", "error", row.table, row=row.line, column="unit", value=row["unit"], unit=unit
        )
        return None
    missing = [c for c in _AGREEMENT if not row[c]]
    if _changed(row) and missing:
        problems.add(
            "catalogue_standard_not_agreed",
            "error",
            row.table,
            row=row.line,
            column=missing[0],
            service=row["service"],
            missing=", ".join(missing),
        )
        return None
    if not row["value"]:
        # In a user's folder an empty value drops the shipped standard; anywhere else it is a gap.
        if row.replaced is None:
            problems.add("catalogue_cell_empty", "error", row.table, row=row.line, column="value")
        return None
    return _dated(row, f"{row['service']}.{row['mode']}.{row['kind']}")


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


def _response_times(
    rows: Sequence[Row], services: Mapping[str, Service], problems: Problems
) -> dict[str, ResponseTime]:
    times: dict[str, ResponseTime] = {}
    for row in rows:
        service = services.get(row["service"])
        if service is None:
            problems.add(
                "catalogue_service_unknown", "error", row.table, row=row.line, column="service", value=row["service"]
            )
            continue
        limit, turn_out = (
            DatedValue(
                id=f"{service.id}.{part}",
                value=row.number(part),
                unit="min",
                source=row[f"{part.removesuffix('_min')}_source"],
                legal_status=status,
                mark=cast(Mark, row[f"{part.removesuffix('_min')}_mark"]),
                checked_on=row["checked_on"],
            )
            for part, status in (
                ("limit_min", _LAW),
                ("turn_out_min", _DEFAULT),
            )
        )
        time = ResponseTime(
            service.id, limit, turn_out, row["starting_event_de"], row["starting_event_en"], row.number("share")
        )
        standard = service.standards.get("car")
        if standard is None or standard.minimum.value != time.drive_budget_min:
            problems.add(
                "catalogue_drive_budget",
                "error",
                row.table,
                row=row.line,
                column="turn_out_min",
                service=service.id,
                budget=f"{time.drive_budget_min:g}",
                standard="-" if standard is None else f"{standard.minimum.value:g}",
            )
        times[service.id] = time
    return times
