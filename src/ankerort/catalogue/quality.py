"""Rules of facility quality: weights, scales and reference windows, all dated records that a project may replace."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.csv_rows import Row

CRITERIA = ("hours", "step_free", "capacity", "condition", "range", "pt", "digital")
WINDOW_SETS = ("65_plus", "workers")
EVERYBODY = "all"  # the union of the window sets
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DEFAULT = "*"
_AREA = "area:"
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_ROUNDING = 1e-6
_AGREEMENT = ("agreed_by", "agreed_on", "reason")


@dataclass(frozen=True)
class ServiceLike:
    """What the weights need to know of a service."""

    id: str
    area: str


@dataclass(frozen=True)
class QualityRules:
    """How the quality of a facility is measured.

    Parameters
    ----------
    weights
        Service -> criterion -> share, summing to 1; criteria that do not apply are missing. A service to which none applies
        is missing.
    records
        (Service, criterion) -> the record behind the weight before it was scaled to the criteria that apply.
    scales
        Criterion -> step -> record with the value from 0 to 1. Steps of ``digital`` are numbers: from so many Mbit/s on.
    windows
        Window set (``65_plus``, ``workers``, ``all``) -> windows (weekday 0 = Monday, first second, last second), not
        overlapping; ``all`` is the union.
    """

    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    records: Mapping[tuple[str, str], DatedValue] = field(default_factory=dict)
    scales: Mapping[str, Mapping[str, DatedValue]] = field(default_factory=dict)
    windows: Mapping[str, tuple[tuple[int, int, int], ...]] = field(default_factory=dict)

    def scale(self, criterion: str, step: str) -> float | None:
        """Value of a step, None if the scale does not know it."""
        record = self.scales.get(criterion, {}).get(step)
        return None if record is None else record.value

    def with_record(self, of: Collection[str], criterion: str, record: DatedValue) -> QualityRules:
        """The rules with another weight of a criterion for some services; 0 = it does not apply, the others are scaled to 1."""
        records = {**self.records, **{(service, criterion): record for service in of}}
        weights = dict(self.weights)
        for service in of:
            given = {c: records[service, c].value for c in CRITERIA if (service, c) in records}
            total = sum(given.values())
            weights[service] = {c: value / total for c, value in given.items() if value > 0} if total > 0 else {}
        return replace(self, records=records, weights={s: w for s, w in weights.items() if w})

    def default_sum(self) -> float:
        """Sum of the weights of the rows of ``*`` that any service takes."""
        prefix = f"quality.{DEFAULT}."
        return sum({r.id: r.value for r in self.records.values() if r.id.startswith(prefix)}.values())


def build_quality_rules(
    weights: Sequence[tuple[Row, DatedValue]],
    scales: Sequence[tuple[Row, DatedValue]],
    windows: Sequence[Row],
    services: Sequence[ServiceLike],
    problems: Problems,
) -> QualityRules:
    """The rules from checked rows; faults go into `problems`.

    The weight of a criterion for a service is that of the row of the service, else of its area (``area:health``), else of
    ``*``. A weight of 0 says that the criterion does not apply; the others are scaled to sum to 1. The rows of ``*`` must
    sum to 1 themselves.
    """
    given = {(row["service"], row["criterion"]): value for row, value in weights}
    _check_weights(weights, services, problems)
    of_service: dict[str, dict[str, float]] = {}
    records: dict[tuple[str, str], DatedValue] = {}
    for service in services:
        found = {}
        for criterion in CRITERIA:
            keys = ((service.id, criterion), (f"{_AREA}{service.area}", criterion), (DEFAULT, criterion))
            record = next((given[key] for key in keys if key in given), None)
            if record is not None and record.value > 0:
                found[criterion] = record.value
                records[service.id, criterion] = record
        total = sum(found.values())
        if total > 0:
            of_service[service.id] = {criterion: value / total for criterion, value in found.items()}
    steps: dict[str, dict[str, DatedValue]] = {}
    for row, value in scales:
        if row["criterion"] == "digital" and not _is_number(row["step"]):
            problems.add("quality_step_number", "error", row.table, row=row.line, column="step", value=row["step"])
            continue
        steps.setdefault(row["criterion"], {})[row["step"]] = value
    return QualityRules(of_service, records, steps, _windows(windows, problems))


def _check_weights(
    weights: Sequence[tuple[Row, DatedValue]], services: Sequence[ServiceLike], problems: Problems
) -> None:
    known = {s.id for s in services} | {f"{_AREA}{s.area}" for s in services} | {DEFAULT}
    for row, _ in weights:
        if row["service"] not in known:
            problems.add(
                "catalogue_service_unknown", "error", row.table, row=row.line, column="service", value=row["service"]
            )
    default = [(row, value.value) for row, value in weights if row["service"] == DEFAULT]
    total = sum(value for _, value in default)
    if default and abs(total - 1) > _ROUNDING:
        changed = [row for row, _ in default if row.replaced is not None]
        row = (changed or [row for row, _ in default])[0]
        problems.add("quality_weights_sum", "error", row.table, row=row.line, column="value", total=f"{total:g}")


def _windows(rows: Sequence[Row], problems: Problems) -> dict[str, tuple[tuple[int, int, int], ...]]:
    found: dict[str, list[tuple[int, int, int]]] = {}
    for row in rows:
        first, last = (_seconds(row[column]) for column in ("from_time", "to_time"))
        if first is None or last is None or first >= last:
            problems.add(
                "quality_window_times",
                "error",
                row.table,
                row=row.line,
                column="to_time",
                first=row["from_time"],
                last=row["to_time"],
            )
            continue
        found.setdefault(row["window"], []).append((WEEKDAYS.index(row["weekday"]), first, last))
    sets = {name: _joined(windows) for name, windows in found.items()}
    sets[EVERYBODY] = _joined([w for windows in found.values() for w in windows])
    return sets


def _joined(windows: Sequence[tuple[int, int, int]]) -> tuple[tuple[int, int, int], ...]:
    """Windows that overlap or touch as one."""
    joined: list[tuple[int, int, int]] = []
    for day, first, last in sorted(windows):
        if joined and joined[-1][0] == day and joined[-1][2] >= first:
            joined[-1] = (day, joined[-1][1], max(joined[-1][2], last))
        else:
            joined.append((day, first, last))
    return tuple(joined)


def _seconds(text: str) -> int | None:
    match = _TIME.fullmatch(text)
    if match is None or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > 24 * 60:
        return None
    return int(match[1]) * 3600 + int(match[2]) * 60


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.\d+)?", text))


def missing_agreement(row: Row) -> tuple[str, ...]:
    """What a row that replaces a shipped value does not say: by whom, when, why."""
    if row.replaced is None or all(row[c] == row.replaced[c] for c in ("value", "unit")):
        return ()
    return tuple(c for c in _AGREEMENT if not row[c])
