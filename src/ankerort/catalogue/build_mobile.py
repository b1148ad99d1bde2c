"""Builds the records of mobile services from checked rows: services, vehicles, rhythms, concerns, features of stops."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import cast

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue import columns_mobile as files
from ankerort.catalogue.build_records import dated, warn_without_agreement
from ankerort.catalogue.csv_rows import Row
from ankerort.catalogue.mobile import (
    WEEKDAYS,
    AuthorityLevel,
    Concern,
    MobileRecords,
    MobileService,
    MobileVehicle,
    Rhythm,
    StopFeature,
)
from ankerort.catalogue.model import Group
from ankerort.catalogue.provision import DatedRange

_SERVICE = {
    "minutes_per_case": "min",
    "utilisation": "share",
    "stay_min": "min",
    "stay_max": "min",
    "setup_min": "min",
    "staff": "persons",
    "eur_per_h": "EUR/h",
    "it_eur_per_year": "EUR/a",
    "use_factor": "share",
    "case_value_eur": "EUR",
}
_VEHICLE = {
    "invest_eur": "EUR",
    "lifetime_years": "years",
    "eur_per_km": "EUR/km",
    "fixed_eur_per_year": "EUR/a",
    "weight_t": "t",
    "height_m": "m",
    "width_m": "m",
    "range_km": "km",
    "speed_factor": "share",
    "co2_kg_per_km": "kg/km",
    "driver_eur_per_h": "EUR/h",
}
_CONCERN = {"share": "share", "minutes": "min", "wait_weeks": "weeks"}
_CASES, _WALK = "cases_per_year.", "walk_m."
_OF_GROUP = {_CASES: "cases", _WALK: "m"}
# a number that may not be zero, and one that is a share
_POSITIVE = ("minutes_per_case", "utilisation", "stay_min", "stay_max", "staff", "lifetime_years", "speed_factor", "weight_t",
             "height_m", "width_m", "range_km", "benefit")  # fmt: skip
_SHARES = ("utilisation", "use_factor", "share", "benefit", "weight")
_RHYTHMS = (0.5, 1.0, 2.0, 4.0)
_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_SUM_TOLERANCE = 1e-6

_Figures = Mapping[tuple[str, str], DatedRange]


def build_mobile(
    tables: Mapping[str, Sequence[Row]], services: Collection[str], groups: Mapping[str, Group], problems: Problems
) -> MobileRecords:
    """All records; every fault goes into `problems`, and what has one is left out.

    Parameters
    ----------
    tables
        Rows by file name.
    services
        Ids of the services.
    groups
        The groups of people; those of a service stand in the order of their ages.
    """
    figures = _figures(tables, groups, problems)
    concerns = _concerns(tables[files.MOBILE_CONCERNS.name], tables, figures, problems)
    rhythms = _rhythms(tables[files.MOBILE_RHYTHMS.name], figures, problems)
    vehicles = _vehicles(tables[files.MOBILE_VEHICLES.name], figures, problems)
    return MobileRecords(
        services=_services(
            tables[files.MOBILE_SERVICES.name], services, groups, rhythms, vehicles, concerns, figures, problems
        ),
        vehicles=vehicles,
        rhythms=rhythms,
        concerns=concerns,
        features=_features(tables[files.MOBILE_FEATURES.name], figures, problems),
    )


def _figures(
    tables: Mapping[str, Sequence[Row]], groups: Collection[str], problems: Problems
) -> dict[tuple[str, str], DatedRange]:
    of_service = {**_SERVICE, **{start + g: unit for start, unit in _OF_GROUP.items() for g in groups}}
    owners: dict[str, Mapping[str, str]] = {
        **{row["id"]: of_service for row in tables[files.MOBILE_SERVICES.name]},
        **{f"vehicle:{row['id']}": _VEHICLE for row in tables[files.MOBILE_VEHICLES.name]},
        **{f"rhythm:{row['id']}": {"benefit": "share"} for row in tables[files.MOBILE_RHYTHMS.name]},
        **{f"concern:{row['service']}:{row['id']}": _CONCERN for row in tables[files.MOBILE_CONCERNS.name]},
        **{f"feature:{row['id']}": {"weight": "share"} for row in tables[files.MOBILE_FEATURES.name]},
    }
    found: dict[tuple[str, str], DatedRange] = {}
    for row in tables[files.MOBILE_FIGURES.name]:
        made = _figure(row, owners, problems)
        if made is not None:
            found[row["of"], row["quantity"]] = made
    return found


def _figure(row: Row, owners: Mapping[str, Mapping[str, str]], problems: Problems) -> DatedRange | None:
    owner, quantity = row["of"], row["quantity"]

    def fault(code: str, column: str, **params: object) -> None:
        problems.add(code, "error", row.table, row=row.line, column=column, **params)

    units = owners.get(owner)
    if units is None:
        fault("mobile_owner_unknown", "of", value=owner)
        return None
    if quantity not in units:
        allowed = [q for q in units if "." not in q] + (
            [_CASES + "…", _WALK + "…"] if len(units) > len(_VEHICLE) else []
        )
        fault("mobile_quantity_misplaced", "quantity", value=quantity, of=owner, allowed=", ".join(allowed))
        return None
    if row["unit"] != units[quantity]:
        fault("catalogue_unit_wrong", "unit", value=row["unit"], unit=units[quantity])
        return None
    record = dated(row, f"mobile.{owner}.{quantity}")
    low, high = (row.number(c) if row[c] else record.value for c in ("low", "high"))
    if not low <= record.value <= high:
        fault("provision_range_reversed", "value", low=f"{low:g}", mid=f"{record.value:g}", high=f"{high:g}")
        return None
    if (quantity in _POSITIVE and low <= 0) or (quantity in _SHARES and high > 1):
        fault("mobile_number_range", "value", value=f"{record.value:g}", quantity=quantity)
        return None
    warn_without_agreement(row, ("low", "value", "high", "legal_status"), f"{owner} {quantity}", problems)
    return DatedRange(low, high, record)


def _missing(row: Row, owner: str, quantities: Collection[str], figures: _Figures, problems: Problems) -> bool:
    missing = [q for q in quantities if (owner, q) not in figures]
    if missing:
        problems.add(
            "mobile_figure_missing", "error", row.table, row=row.line, column="id",
            of=owner, missing=", ".join(missing),
        )  # fmt: skip
    return bool(missing)


def _unknown(row: Row, column: str, named: Sequence[str], known: Collection[str], problems: Problems) -> bool:
    """Whether any of the ids is not known; each one is a fault."""
    strange = [n for n in named if n not in known]
    for name in strange:
        problems.add(
            "mobile_id_unknown", "error", row.table, row=row.line, column=column, value=name, known=", ".join(known)
        )
    return bool(strange)


def _rhythms(rows: Sequence[Row], figures: _Figures, problems: Problems) -> dict[str, Rhythm]:
    found: dict[str, Rhythm] = {}
    for row in rows:
        weeks = row.number("every_weeks")
        if weeks not in _RHYTHMS:
            allowed = ", ".join(f"{w:g}" for w in _RHYTHMS)
            problems.add(
                "catalogue_not_allowed", "error", row.table, row=row.line, column="every_weeks",
                value=row["every_weeks"], allowed=allowed,
            )  # fmt: skip
            continue
        if _missing(row, f"rhythm:{row['id']}", ("benefit",), figures, problems):
            continue
        benefit = figures[f"rhythm:{row['id']}", "benefit"].record
        found[row["id"]] = Rhythm(row["id"], row["label_de"], row["label_en"], weeks, benefit)
    return found


def _vehicles(rows: Sequence[Row], figures: _Figures, problems: Problems) -> dict[str, MobileVehicle]:
    found: dict[str, MobileVehicle] = {}
    for row in rows:
        owner = f"vehicle:{row['id']}"
        if _missing(row, owner, _VEHICLE, figures, problems):
            continue
        of = {q: figures[owner, q] for q in _VEHICLE}
        found[row["id"]] = MobileVehicle(
            id=row["id"],
            label_de=row["label_de"],
            label_en=row["label_en"],
            invest_eur=of["invest_eur"],
            lifetime_years=of["lifetime_years"].record,
            eur_per_km=of["eur_per_km"],
            fixed_eur_per_year=of["fixed_eur_per_year"],
            weight_t=of["weight_t"].record,
            height_m=of["height_m"].record,
            width_m=of["width_m"].record,
            licence=row["licence"],
            driver_rules=row["driver_rules"],
            range_km=of["range_km"].record,
            speed_factor=of["speed_factor"].record,
            co2_kg_per_km=of["co2_kg_per_km"].record,
            driver_eur_per_h=of["driver_eur_per_h"],
        )
    return found


def _concerns(
    rows: Sequence[Row], tables: Mapping[str, Sequence[Row]], figures: _Figures, problems: Problems
) -> tuple[Concern, ...]:
    known = [row["id"] for row in tables[files.MOBILE_SERVICES.name]]
    found: list[Concern] = []
    last: dict[str, Row] = {}
    for row in rows:
        owner = f"concern:{row['service']}:{row['id']}"
        visits = int(row.number("visits"))
        needed = ("share", "minutes", "wait_weeks") if visits == 2 else ("share", "minutes")
        faults = (
            _unknown(row, "service", [row["service"]], known, problems),
            _missing(row, owner, needed, figures, problems),
        )
        if any(faults):
            continue
        last[row["service"]] = row
        wait = figures[owner, "wait_weeks"].record if (owner, "wait_weeks") in figures else _at_once(owner)
        found.append(
            Concern(
                id=row["id"],
                service=row["service"],
                label_de=row["label_de"],
                label_en=row["label_en"],
                share=figures[owner, "share"].record,
                minutes=figures[owner, "minutes"].record,
                visits=visits,
                wait_weeks=wait,
                device=row["device"],
                authority=cast(AuthorityLevel, row["authority"]),
                bring_de=row["bring_de"],
                bring_en=row["bring_en"],
            )
        )
    for service, row in last.items():
        total = sum(c.share.value for c in found if c.service == service)
        if abs(total - 1.0) > _SUM_TOLERANCE:
            problems.add(
                "mobile_concern_shares", "error", row.table, row=row.line, column="id", of=service, total=f"{total:.3g}"
            )
    return tuple(found)


def _at_once(owner: str) -> DatedValue:
    """What is done in one visit waits for nothing: no figure that anyone could argue about."""
    return DatedValue(
        f"mobile.{owner}.wait_weeks", 0.0, "weeks", source=files.MOBILE_CONCERNS.name, legal_status="default", mark="D"
    )


def _services(
    rows: Sequence[Row],
    services: Collection[str],
    groups: Mapping[str, Group],
    rhythms: Mapping[str, Rhythm],
    vehicles: Mapping[str, MobileVehicle],
    concerns: Sequence[Concern],
    figures: _Figures,
    problems: Problems,
) -> dict[str, MobileService]:
    found: dict[str, MobileService] = {}
    for row in rows:
        id_ = row["id"]
        mine = [c for c in concerns if c.service == id_]
        needed = [q for q in _SERVICE if not (q == "minutes_per_case" and mine)]
        cases = sorted((g for g in groups if (id_, _CASES + g) in figures), key=lambda g: groups[g].first_age)
        hours = (_hours(row, "morning", problems), _hours(row, "afternoon", problems))
        faults = (
            _unknown(row, "service", [row["service"]], services, problems),
            _unknown(row, "instead", row.parts("instead"), services, problems),
            _unknown(row, "vehicle", [row["vehicle"]], tuple(vehicles), problems),
            _unknown(row, "rhythms", row.parts("rhythms"), tuple(rhythms), problems),
            _unknown(row, "weekdays", row.parts("weekdays"), WEEKDAYS, problems),
            _missing(
                row, id_, [*needed, *(_WALK + g for g in cases)] + ([] if cases else [_CASES + "…"]), figures, problems
            ),
            None in hours,
        )
        if any(faults):
            continue
        of = {q: figures[id_, q] for q in _SERVICE if (id_, q) in figures}
        if of["stay_max"].mid < of["stay_min"].mid or of["setup_min"].mid >= of["stay_min"].mid:
            problems.add("mobile_stay_reversed", "error", row.table, row=row.line, column="id", of=id_)
            continue
        found[id_] = MobileService(
            id=id_,
            service=row["service"],
            label_de=row["label_de"],
            label_en=row["label_en"],
            authority=cast(AuthorityLevel, row["authority"]),
            minutes_per_case=of["minutes_per_case"].record if "minutes_per_case" in of else _mean_minutes(id_, mine),
            utilisation=of["utilisation"].record,
            stay_min=of["stay_min"].record,
            stay_max=of["stay_max"].record,
            setup_min=of["setup_min"].record,
            staff=of["staff"].record,
            eur_per_h=of["eur_per_h"],
            it_eur_per_year=of["it_eur_per_year"],
            vehicle=row["vehicle"],
            rhythms=row.parts("rhythms"),
            cases_per_year={g: figures[id_, _CASES + g].record for g in cases},
            walk_m={g: figures[id_, _WALK + g].record for g in cases},
            use_factor=of["use_factor"],
            case_value_eur=of["case_value_eur"].record,
            weekdays=tuple(d for d in WEEKDAYS if d in row.parts("weekdays")),
            hours_min=tuple(h for h in hours if h is not None),
            instead=row.parts("instead"),
        )
    return found


def _hours(row: Row, column: str, problems: Problems) -> tuple[int, int] | None:
    """Minutes after midnight; (0, 0) = those of the figures; None = a fault."""
    if not row[column]:
        return (0, 0)
    match = _HOURS.fullmatch(row[column].replace("–", "-").replace(" ", ""))
    if match:
        first, last = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if first < last <= 24 * 60:
            return first, last
    problems.add("mobile_hours", "error", row.table, row=row.line, column=column, value=row[column])
    return None


def _mean_minutes(service: str, concerns: Sequence[Concern]) -> DatedValue:
    """Mean of the concerns by their shares; as sure as the least sure of them."""
    total = sum(c.share.value for c in concerns)
    minutes = sum(c.share.value * c.minutes.value for c in concerns) / total if total > 0 else 1.0
    return DatedValue(
        f"mobile.{service}.minutes_per_case",
        minutes,
        "min",
        source=files.MOBILE_CONCERNS.name,
        legal_status="default",
        mark="D",
    )


def _features(rows: Sequence[Row], figures: _Figures, problems: Problems) -> tuple[StopFeature, ...]:
    found: list[StopFeature] = []
    for row in rows:
        owner = f"feature:{row['id']}"
        if not _missing(row, owner, ("weight",), figures, problems):
            found.append(StopFeature(row["id"], row["label_de"], row["label_en"], figures[owner, "weight"].record))
    return tuple(found)
