"""Builds dated records from checked rows: figures, standards, response times; and checks who agreed what was replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue, LegalStatus, Mark
from ankerort.catalogue.csv_rows import Row
from ankerort.catalogue.model import ConditionalRule, ResponseTime, Service, Standard, StandardMode

_LAW: LegalStatus = "law"
_DEFAULT: LegalStatus = "default"
_AGREEMENT = ("agreed_by", "agreed_on", "reason")
_SUBSTANCE = ("value", "unit", "legal_status")


def build_figures(rows: Sequence[Row], problems: Problems) -> dict[str, DatedValue]:
    """Figures by id; a changed unit is a fault, a change without agreement a warning."""
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
        figures[row["id"]] = dated(row, row["id"])
    return figures


def build_standards(
    rows: Sequence[Row], services: Mapping[str, Service], problems: Problems
) -> tuple[dict[str, dict[StandardMode, Standard]], tuple[ConditionalRule, ...]]:
    """General standards by service and mode, and apart from them the conditional rules."""
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
    if not agreement_complete(row, row["service"], problems):
        return None
    if not row["value"]:
        # In a user's folder an empty value drops the shipped standard; anywhere else it is a gap.
        if row.replaced is None:
            problems.add("catalogue_cell_empty", "error", row.table, row=row.line, column="value")
        return None
    return dated(row, f"{row['service']}.{row['mode']}.{row['kind']}")


def agreement_complete(row: Row, item: str, problems: Problems) -> bool:
    """Whether a standard says by whom, when and why it was agreed, if it changes a shipped one or says a part of that."""
    missing = [c for c in _AGREEMENT if not row[c]]
    if not missing:
        return True
    if _changed(row):
        problems.add(
            "catalogue_standard_not_agreed",
            "error",
            row.table,
            row=row.line,
            column=missing[0],
            service=item,
            missing=", ".join(missing),
        )
        return False
    if len(missing) < len(_AGREEMENT):
        problems.add(
            "catalogue_agreement_partial",
            "error",
            row.table,
            row=row.line,
            column=missing[0],
            item=item,
            missing=", ".join(missing),
        )
        return False
    return True


def build_response_times(
    rows: Sequence[Row], services: Mapping[str, Service], problems: Problems
) -> dict[str, ResponseTime]:
    """Response times by service; the drive budget must equal the minimum by car."""
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


def dated(row: Row, id_: str, *, column: str = "value", unit: str = "") -> DatedValue:
    """The dated record of a checked row with the columns of one; `column` holds the number, `unit` stands for a file without units."""
    return DatedValue(
        id=id_,
        value=row.number(column),
        unit=unit or row["unit"],
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


def warn_without_agreement(row: Row, substance: tuple[str, ...], id_: str, problems: Problems) -> None:
    """A shipped record that a project changes should say who agreed it, when and why."""
    if row.replaced is None or all(row[c] == row.replaced[c] for c in substance):
        return
    if missing := [c for c in _AGREEMENT if not row[c]]:
        problems.add(
            "catalogue_figure_not_agreed",
            "warning",
            row.table,
            row=row.line,
            column=missing[0],
            id=id_,
            missing=", ".join(missing),
        )
