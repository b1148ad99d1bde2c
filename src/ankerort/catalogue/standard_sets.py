"""Named sets of standards: resolved against standards.csv, checked, and put in place of the catalogue's own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from ankerort.base.problems import InputError, Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.build_records import agreement_complete, dated
from ankerort.catalogue.csv_rows import Row
from ankerort.catalogue.model import (
    Catalogue,
    ConditionalRule,
    Service,
    SetMeasure,
    SetReference,
    SetStandard,
    Standard,
    StandardMode,
    StandardSet,
)

SHIPPED_SET = "catalogue"
TIERS = ("GZ", "MZ", "OZ")  # from the lowest; a central place serves as one of every lower tier too
TIER, CENTRE = "tier:", "centre:"
_MODES: tuple[StandardMode, ...] = ("walk", "bike", "car", "pt")
_UNITS = {
    "walk": "m",
    "bike": "min",
    "car": "min",
    "pt": "min",
    "persons_in_place": "persons",
    "persons_in_catchment": "persons",
    "density_exception": "persons/km2",
    "facilities_in_municipality": "facilities",
    "km2_per_facility": "km2",
}
_FACILITY_MEASURES = ("facilities_in_municipality", "km2_per_facility")
_CENTRE_MODES = ("car", "pt", "persons_in_place", "persons_in_catchment", "density_exception")


def build_standard_sets(
    rows: Sequence[Row],
    services: Mapping[str, Service],
    conditional: Sequence[ConditionalRule],
    problems: Problems,
) -> dict[str, StandardSet]:
    """Sets by id; a row without a value takes it from standards.csv, so that no number stands twice.

    Parameters
    ----------
    services
        With their standards.
    conditional
        Conditional rules of standards.csv, for rows of kind ``conditional``.
    """
    sets: dict[str, list[SetStandard]] = {}
    all_of: dict[str, SetReference] = {}
    labels: dict[str, list[str]] = {}
    first: dict[str, Row] = {}
    for row in rows:
        id_ = row["set_id"]
        first.setdefault(id_, row)
        _label(row, labels.setdefault(id_, ["", ""]), problems)
        sets.setdefault(id_, []).extend(_standards(row, services, conditional, problems))
        if row["item"] == "*" and row["mode"] == "*":
            all_of[id_] = "target" if row["kind"] == "target" else "minimum"
    for id_, (german, english) in labels.items():
        for column, text in (("label_de", german), ("label_en", english)):
            if not text:
                row = first[id_]
                problems.add("catalogue_cell_empty", "error", row.table, row=row.line, column=column)
    return {
        id_: StandardSet(id_, labels[id_][0], labels[id_][1], tuple(found), all_of.get(id_, ""))
        for id_, found in sets.items()
    }


def with_standard_set(catalogue: Catalogue, set_id: str) -> Catalogue:
    """The catalogue whose minimum standards are those of a set, so that a whole run can be made with it.

    A service and mode that the set does not name keeps its standard. Rows for central places, numbers of facilities and parts
    of the area (`municipality_over_persons`, `condition`) are no general standards and are left out. The other sets keep their values, so
    that they can stand beside it; the set itself follows later changes of its standards. The hash of the content covers the set.

    Raises
    ------
    InputError
        If there is no such set.
    """
    if set_id == SHIPPED_SET:
        return catalogue
    standards = {id_: dict(service.standards) for id_, service in catalogue.services.items()}
    chosen = find_set(catalogue, set_id)
    for item, by_mode in general_standards(chosen).items():
        standards[item] |= by_mode
    kept = {id_: _fixed(find_set(catalogue, id_)) for id_ in catalogue.standard_sets}
    kept[set_id] = replace(
        chosen, rows=tuple(replace(r, refers="minimum" if _is_general(r) else "") for r in chosen.rows), all_of=""
    )
    return replace(_with_standards(catalogue, standards, set_id), standard_sets=kept)


def only_standard_set(catalogue: Catalogue, set_id: str) -> Catalogue:
    """The catalogue with the standards of a set and no others: what a statement about this set compares with.

    Rows that hold in a part of the area only are in it; whoever compares must count the people of that part alone.
    """
    standards: dict[str, dict[StandardMode, Standard]] = {id_: {} for id_ in catalogue.services}
    for row in find_set(catalogue, set_id).rows:
        if row.mode in _MODES and row.item in standards:
            standards[row.item][row.mode] = Standard(row.mode, row.value)
    return _with_standards(catalogue, standards, f"only {set_id}")


def find_set(catalogue: Catalogue, set_id: str) -> StandardSet:
    """The set with this id, with the present standards of the services where it refers to them.

    Raises
    ------
    InputError
        If there is none.
    """
    found = catalogue.standard_sets.get(set_id)
    if found is None:
        problems = Problems()
        problems.add(
            "standard_set_unknown",
            "error",
            "region.toml",
            column="standard_set",
            value=set_id,
            known=", ".join(catalogue.standard_sets),
        )
        raise InputError(problems)
    rows = [r for row in found.rows if (r := _present(row, catalogue.services)) is not None]
    if found.all_of:
        rows = [*_all_of(found.all_of, catalogue.services), *(r for r in rows if not r.refers)]
    return replace(found, rows=tuple(rows))


def _present(row: SetStandard, services: Mapping[str, Service]) -> SetStandard | None:
    """The row with the value that it refers to; None if the service has it no more."""
    if not row.refers:
        return row
    standard = services[row.item].standards.get(cast(StandardMode, row.mode)) if row.item in services else None
    if standard is None:
        return None
    value = standard.minimum if row.refers == "minimum" else standard.target
    return None if value is None else replace(row, value=value)


def _fixed(one: StandardSet) -> StandardSet:
    """The set with the values that it has now, whatever becomes of the standards."""
    return replace(one, rows=tuple(replace(r, refers="") for r in one.rows), all_of="")


def _is_general(row: SetStandard) -> bool:
    """Whether it is the standard of a service that holds everywhere."""
    return row.mode in _MODES and ":" not in row.item and not row.municipality_over_persons >= 0 and not row.condition


def general_standards(one: StandardSet) -> dict[str, dict[StandardMode, Standard]]:
    """Standards of services that hold everywhere, by service and mode."""
    found: dict[str, dict[StandardMode, Standard]] = {}
    for row in one.rows:
        if _is_general(row) and row.mode in _MODES:
            found.setdefault(row.item, {})[row.mode] = Standard(row.mode, row.value)
    return found


def _with_standards(
    catalogue: Catalogue, standards: Mapping[str, Mapping[StandardMode, Standard]], name: str
) -> Catalogue:
    return replace(
        catalogue,
        services={id_: replace(s, standards=standards[id_]) for id_, s in catalogue.services.items()},
        content_hash=hashlib.sha256(f"{catalogue.content_hash} {name}".encode()).hexdigest(),
    )


def _label(row: Row, label: list[str], problems: Problems) -> None:
    for number, column in enumerate(("label_de", "label_en")):
        # an own row without a label keeps the shipped one
        text = row[column] or (row.replaced or {}).get(column, "")
        if label[number] and text and text != label[number]:
            problems.add(
                "catalogue_set_label",
                "error",
                row.table,
                row=row.line,
                column=column,
                value=text,
                other=label[number],
            )
        label[number] = label[number] or text


def _standards(
    row: Row, services: Mapping[str, Service], conditional: Sequence[ConditionalRule], problems: Problems
) -> list[SetStandard]:
    if not _fits(row, services, problems) or not agreement_complete(row, row["item"], problems):
        return []
    if row["item"] == "*":
        return _all_of(row["kind"], services)
    if row.replaced is not None and row.replaced["value"] and not row["value"]:
        return []  # as in standards.csv: an empty value in an own file drops the shipped row
    value = _own_value(row, problems) if row["value"] else _shipped_value(row, services, conditional, problems)
    if value is None:
        return []
    condition = row["condition"]
    if row["kind"] == "conditional":
        condition = next(r.condition for r in conditional if (r.service, r.mode) == (row["item"], row["mode"]))
    return [
        SetStandard(
            row["item"],
            cast("StandardMode | SetMeasure", row["mode"]),
            value,
            row.number("tolerance_share"),
            row.number("municipality_over_persons"),
            condition,
            "" if row["value"] or row["kind"] == "conditional" else "target" if row["kind"] == "target" else "minimum",
        )
    ]


def _fits(row: Row, services: Mapping[str, Service], problems: Problems) -> bool:
    """Whether the item exists and the mode belongs to it."""
    item, mode = row["item"], row["mode"]
    tier = item.removeprefix(TIER).removeprefix(CENTRE)
    if item == "*":
        allowed: tuple[str, ...] = ("*",)
    elif item in services:
        allowed = (*_MODES, *_FACILITY_MEASURES)
    elif tier in TIERS and item.startswith(TIER):
        allowed = ("car", "pt")
    elif tier in TIERS and item.startswith(CENTRE):
        allowed = _CENTRE_MODES
    else:
        problems.add(
            "catalogue_set_item_unknown",
            "error",
            row.table,
            row=row.line,
            column="item",
            value=item,
            tiers=", ".join(p + t for p in (TIER, CENTRE) for t in TIERS),
        )
        return False
    if mode not in allowed:
        problems.add(
            "catalogue_not_allowed",
            "error",
            row.table,
            row=row.line,
            column="mode",
            value=mode,
            allowed=", ".join(allowed),
        )
        return False
    return True


def _all_of(kind: str, services: Mapping[str, Service]) -> list[SetStandard]:
    """All of standards.csv; as targets only services that have one, their other modes with the minimum."""
    found: list[SetStandard] = []
    for service in services.values():
        standards = service.standards.values()
        if kind == "minimum":
            found += [SetStandard(service.id, s.mode, s.minimum, refers="minimum") for s in standards]
        elif any(s.target is not None for s in standards):
            found += [
                SetStandard(service.id, s.mode, s.target, refers="target")
                if s.target is not None
                else SetStandard(service.id, s.mode, s.minimum, refers="minimum")
                for s in standards
            ]
    return found


def _own_value(row: Row, problems: Problems) -> DatedValue | None:
    empty = [c for c in ("unit", "source", "legal_status", "mark") if not row[c]]
    for column in empty:
        problems.add("catalogue_cell_empty", "error", row.table, row=row.line, column=column)
    unit = _UNITS[row["mode"]]
    if row["unit"] and row["unit"] != unit:
        problems.add(
            "catalogue_unit_wrong", "error", row.table, row=row.line, column="unit", value=row["unit"], unit=unit
        )
        return None
    if empty:
        return None
    return dated(row, f"{row['set_id']}.{row['item']}.{row['mode']}.{row['kind']}")


def _shipped_value(
    row: Row, services: Mapping[str, Service], conditional: Sequence[ConditionalRule], problems: Problems
) -> DatedValue | None:
    """The value of standards.csv that a row without one refers to."""
    service = services.get(row["item"])
    if row["kind"] == "conditional":
        found = [r.value for r in conditional if (r.service, r.mode) == (row["item"], row["mode"])]
        if found:
            return found[0]
    elif service is not None and row["mode"] in service.standards:
        standard = service.standards[cast(StandardMode, row["mode"])]
        value = standard.minimum if row["kind"] == "minimum" else standard.target
        if value is not None:
            return value
    problems.add(
        "catalogue_set_no_standard",
        "error",
        row.table,
        row=row.line,
        column="value",
        item=row["item"],
        mode=row["mode"],
        kind=row["kind"],
    )
    return None
