"""``arbeitsgruppen.xlsx``: who works on what, who owes which data until when, which standards were agreed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar, cast

from ankerort.base.problems import Problems, Severity
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.model import Catalogue, Standard, StandardMode
from ankerort.region.read_settings import nearest_name
from ankerort.region.table_cells import parse_day, parse_number
from ankerort.region.table_files import RawTable, read_raw_tables
from ankerort.text import LANGUAGES, say

FILE_NAME = "arbeitsgruppen.xlsx"
# Sheets with their columns; the words stand in text/sentences/working_groups.toml as groups.sheet.* and groups.column.*
SHEETS: Mapping[str, tuple[str, ...]] = {
    "members": ("group", "lead", "members", "remark"),
    "owed": ("group", "data", "office", "due_on", "delivered_on", "remark"),
    "standards": ("group", "service", "mode", "kind", "value", "agreed_on", "reason"),
}
MODES: tuple[StandardMode, ...] = ("walk", "bike", "car", "pt")
KINDS = ("minimum", "target")
# Words that betray a person where an office should stand.
_PERSON = re.compile(r"(^|[\s;,])(herrn?|frau|hr\.|fr\.)\s+\S|@", re.IGNORECASE)

Kind = Literal["minimum", "target"]
_T = TypeVar("_T")


@dataclass(frozen=True)
class GroupMembers:
    """Offices of one working group; `lead` calls the meetings."""

    group: str
    lead: str
    members: tuple[str, ...]
    remark: str


@dataclass(frozen=True)
class Owed:
    """Data that an office owes a working group; days in ISO notation, empty = not set, not delivered."""

    group: str
    data: str
    office: str
    due_on: str
    delivered_on: str
    remark: str
    row: int


@dataclass(frozen=True)
class Agreed:
    """A standard that a working group agreed: metres on foot, else minutes."""

    group: str
    service: str
    mode: StandardMode
    kind: Kind
    value: float
    agreed_on: str
    reason: str
    row: int


@dataclass(frozen=True)
class WorkingGroups:
    """The whole workbook; empty where there is none (`exists` is False then)."""

    exists: bool = False
    members: tuple[GroupMembers, ...] = ()
    owed: tuple[Owed, ...] = ()
    agreed: tuple[Agreed, ...] = field(default=())

    def open_items(self) -> tuple[Owed, ...]:
        """What is not delivered, the earliest day first, without a day last."""
        waiting = [o for o in self.owed if not o.delivered_on]
        return tuple(sorted(waiting, key=lambda o: (not o.due_on, o.due_on, o.office, o.group, o.row)))


def read_working_groups(folder: Path, *, catalogue: Catalogue, problems: Problems) -> WorkingGroups:
    """Read the workbook of a project folder.

    Parameters
    ----------
    folder
        Project folder.
    catalogue
        Knows working groups and services by their labels and ids.
    problems
        Collects: unreadable workbook, missing sheets or columns, unknown groups, services and modes, unreadable days and numbers (errors),
        owed data without an office or a day, cells that seem to name a person (warnings).

    Returns
    -------
    WorkingGroups
        With all rows that can be used.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return WorkingGroups()
    tables = read_raw_tables(path, problems=problems, is_head=lambda text: bool(_id_of("column", text)))
    by_sheet = {name: t for t in tables if (name := _id_of("sheet", t.sheet))}
    if tables and not by_sheet:
        problems.add(
            "groups_sheets", "error", path.name, known=", ".join(say(f"groups.sheet.{s}", "de") for s in SHEETS)
        )
    reader = _Reader(catalogue, problems)
    return WorkingGroups(
        exists=True,
        members=tuple(reader.rows(by_sheet.get("members"), "members", reader.member)),
        owed=tuple(reader.rows(by_sheet.get("owed"), "owed", reader.owed)),
        agreed=tuple(reader.rows(by_sheet.get("standards"), "standards", reader.agreed)),
    )


def with_agreed_standards(catalogue: Catalogue, groups: WorkingGroups) -> Catalogue:
    """The catalogue with the standards that the working groups agreed, the latest agreement last.

    A standard of law is not replaced by an agreement (`read_working_groups` names it). The hash of the content covers them.
    """
    if not groups.agreed:
        return catalogue
    standards = {id_: dict(service.standards) for id_, service in catalogue.services.items()}
    labels = {g.id: g.label_de for g in catalogue.working_groups}
    for one in sorted(groups.agreed, key=lambda a: (a.agreed_on, a.row)):
        before = standards[one.service].get(one.mode)
        value = DatedValue(
            id=f"{one.service}.{one.mode}.{one.kind}",
            value=one.value,
            unit="m" if one.mode == "walk" else "min",
            source=f"AG {labels[one.group]}",
            legal_status="default",
            mark="S",
            valid_from=one.agreed_on,
            checked_on=one.agreed_on,
            agreed_by=f"AG {labels[one.group]}",
            agreed_on=one.agreed_on,
            reason=one.reason,
        )
        if one.kind == "minimum":
            target = before.target if before is not None else None
            # a target weaker than the new minimum would contradict it
            kept = target if target is None or target.value <= one.value else None
            standards[one.service][one.mode] = Standard(one.mode, value, kept)
        elif before is not None:
            standards[one.service][one.mode] = replace(before, target=value)
    told = "; ".join(repr(a) for a in groups.agreed)
    return replace(
        catalogue,
        services={id_: replace(s, standards=standards[id_]) for id_, s in catalogue.services.items()},
        content_hash=hashlib.sha256(f"{catalogue.content_hash} {told}".encode()).hexdigest(),
    )


def _ids(part: str) -> tuple[str, ...]:
    names = (
        tuple(SHEETS) if part == "sheet" else tuple(dict.fromkeys(c for columns in SHEETS.values() for c in columns))
    )
    return tuple(f"groups.{part}.{name}" for name in names)


def _id_of(part: str, text: str) -> str:
    """Id of a sheet or column by its word in any language; empty if it is none."""
    wanted = text.strip().lower()
    for text_id in _ids(part):
        if any(say(text_id, lang).lower() == wanted for lang in LANGUAGES):
            return text_id.rpartition(".")[2]
    return ""


class _Reader:
    """Turns rows into records; every mistake is a problem with sheet, row and column as the user sees them."""

    def __init__(self, catalogue: Catalogue, problems: Problems) -> None:
        self.catalogue = catalogue
        self.problems = problems
        self.groups = {t.lower(): g.id for g in catalogue.working_groups for t in (g.id, g.label_de, g.label_en)}
        self.services = {t.lower(): s.id for s in catalogue.services.values() for t in (s.id, s.label_de, s.label_en)}
        self.modes = _choices("mode", MODES)
        self.kinds = _choices("kind", KINDS)
        self.table = ""
        self.heads: dict[str, str] = {}

    def rows(self, table: RawTable | None, sheet: str, make: Callable[[int, Mapping[str, str]], _T | None]) -> list[_T]:
        """The records of one sheet; a sheet that is not there has none."""
        if table is None:
            return []
        self.table = table.name
        columns = [_id_of("column", head) for head in table.head]
        self.heads = {c: h for c, h in zip(columns, table.head, strict=True) if c}
        missing = [c for c in SHEETS[sheet] if c not in columns and c not in ("remark", "reason", "delivered_on")]
        if missing:
            names = ", ".join(say(f"groups.column.{c}", "de") for c in missing)
            self.problems.add("groups_columns", "error", table.name, missing=names, known=", ".join(table.head))
            return []
        made = []
        for number, cells in table.rows:
            values = {c: v.strip() for c, v in zip(columns, cells, strict=True) if c}
            # the group's name alone is a line still to be filled in
            if any(v for c, v in values.items() if c != "group"):
                record = make(number, values)
                if record is not None:
                    made.append(record)
        return made

    def member(self, row: int, cells: Mapping[str, str]) -> GroupMembers | None:
        """A line of the sheet of members."""
        group = self._known(row, "group", cells["group"], self.groups)
        for column in ("lead", "members"):
            self._no_person(row, column, cells[column])
        members = tuple(m.strip() for m in re.split(r"[;\n]", cells["members"]) if m.strip())
        return None if not group else GroupMembers(group, cells["lead"], members, cells.get("remark", ""))

    def owed(self, row: int, cells: Mapping[str, str]) -> Owed | None:
        """A line of the sheet of data owed."""
        if not (cells["data"] or cells["office"] or cells["due_on"]):
            return None
        group = self._known(row, "group", cells["group"], self.groups)
        self._no_person(row, "office", cells["office"])
        if not cells["data"]:
            self._problem("groups_no_data", "error", row, "data")
        for column in ("office", "due_on"):
            # a line with neither is a suggestion that nobody has agreed on yet
            if not cells[column] and (cells["office"] or cells["due_on"]) and not cells.get("delivered_on"):
                self._problem(f"groups_no_{column}", "warning", row, column, data=cells["data"])
        due = self._day(row, "due_on", cells["due_on"])
        delivered = self._day(row, "delivered_on", cells.get("delivered_on", ""))
        if not group or not cells["data"] or due is None or delivered is None:
            return None
        return Owed(group, cells["data"], cells["office"], due, delivered, cells.get("remark", ""), row)

    def agreed(self, row: int, cells: Mapping[str, str]) -> Agreed | None:
        """A line of the sheet of agreed standards."""
        group = self._known(row, "group", cells["group"], self.groups)
        service = self._known(row, "service", cells["service"], self.services)
        mode = self._known(row, "mode", cells["mode"], self.modes)
        kind = self._known(row, "kind", cells["kind"], self.kinds)
        value = parse_number(cells["value"]) if cells["value"] else None
        if value is None or not value > 0:
            self._problem("groups_value", "error", row, "value", value=cells["value"] or "–")
        day = self._day(row, "agreed_on", cells["agreed_on"])
        if day == "":
            self._problem("groups_no_agreed_on", "error", row, "agreed_on")
        if not (group and service and mode and kind and day) or value is None or not value > 0:
            return None
        before = self.catalogue.services[service].standards.get(cast(StandardMode, mode))
        present = None if before is None else before.minimum if kind == "minimum" else before.target
        if kind == "target" and before is None:
            self._problem("groups_target_alone", "error", row, "kind")
            return None
        if present is not None and present.legal_status == "law" and value > present.value:
            self._problem(
                "groups_law", "error", row, "value", value=f"{value:g}", law=f"{present.value:g}", unit=present.unit
            )
            return None
        reason = cells.get("reason", "")
        return Agreed(group, service, cast(StandardMode, mode), cast(Kind, kind), value, day or "", reason, row)

    def _known(self, row: int, column: str, text: str, known: Mapping[str, str]) -> str:
        found = known.get(text.strip().lower(), "")
        if not found:
            similar = nearest_name(text.lower(), known) or "–"
            self._problem("groups_unknown", "error", row, column, value=text or "–", similar=similar)
        return found

    def _day(self, row: int, column: str, text: str) -> str | None:
        """ISO day, empty if none is given, None if it cannot be read."""
        day = parse_day(text) if text else ""
        if day is None:
            self._problem("groups_day", "error", row, column, value=text)
        return day

    def _no_person(self, row: int, column: str, text: str) -> None:
        if _PERSON.search(text):
            self._problem("groups_person", "warning", row, column, value=text)

    def _problem(self, code: str, severity: Severity, row: int, column: str, **params: object) -> None:
        self.problems.add(code, severity, self.table, row=row, column=self.heads.get(column, column), **params)


def _choices(part: str, ids: tuple[str, ...]) -> dict[str, str]:
    """Id by its word in any language and by itself, lower case."""
    return {say(f"groups.{part}.{i}", lang).lower(): i for i in ids for lang in LANGUAGES} | {i: i for i in ids}
