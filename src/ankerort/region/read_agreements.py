"""Agreements between authorities: whose residents the staff of another one may serve."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ankerort.base.problems import Problems, Severity
from ankerort.catalogue.model import Catalogue
from ankerort.region.areas import Area, AreaLevel, find_areas, known_areas
from ankerort.region.inquiry.near import nearest_words
from ankerort.region.model import Region
from ankerort.region.schema_wishes import AGREEMENTS
from ankerort.region.table_cells import parse_day
from ankerort.region.table_files import RawTable, read_raw_tables

STEM = "absprachen"
_SUFFIXES = (".csv", ".xlsx")
_HEADS: Mapping[str, tuple[str, ...]] = {
    "service": ("dienst", "service"),
    "authority_id": ("leistet", "by", "traeger", "träger"),
    "for_authority_id": ("fuer", "für", "for"),
    "kind": ("art", "kind"),
    "valid_from": ("gueltig_ab", "gültig ab", "gueltig ab", "valid_from"),
    "valid_until": ("gueltig_bis", "gültig bis", "gueltig bis", "valid_until"),
}
_NEEDED = ("authority_id", "for_authority_id")
_OF = {head: column for column, heads in _HEADS.items() for head in heads}
_ALL = ("", "alle", "all", "*")
_LEVELS: tuple[AreaLevel, ...] = ("association", "municipality", "district")


def agreements_file(folder: Path) -> Path | None:
    """The file of the project folder that holds agreements; None if there is none. A workbook goes before a text file."""
    found = [path for suffix in reversed(_SUFFIXES) if (path := folder / f"{STEM}{suffix}").is_file()]
    return found[0] if found else None


def read_agreements(folder: Path, region: Region, catalogue: Catalogue, problems: Problems) -> pd.DataFrame:
    """Read ``absprachen.csv`` or ``absprachen.xlsx`` of a project folder.

    Parameters
    ----------
    folder
        The project folder; without such a file there are no agreements.
    region
        Names and keys of the authorities, and the newest day of the data, on which an agreement must be valid.
    catalogue
        Mobile services.
    problems
        Collects, each with its row: unknown services and authorities with the nearest names, names that may mean several, days that are
        none, periods that end before they begin, authorities that agree with themselves, agreements that are written twice, and (as a
        note) agreements that are not valid on the day of the data. Rows with a fault are left out; the others count.

    Returns
    -------
    DataFrame
        AGREEMENTS, only those that are valid, in the order of the file. A municipality that belongs to an association stands under the
        association, whose task it is.
    """
    path = agreements_file(folder)
    if path is None:
        return AGREEMENTS.empty()
    if path.suffix == ".xlsx" and (folder / f"{STEM}.csv").is_file():
        problems.add("agreements_two_files", "warning", path.name, other=f"{STEM}.csv")
    tables = read_raw_tables(path, problems=problems, is_head=lambda text: _plain(text) in _OF)
    if not tables:
        return AGREEMENTS.empty()
    rows = _Rows(tables[0], region, catalogue, problems)
    return AGREEMENTS.conform(pd.DataFrame(rows.read(), columns=AGREEMENTS.names))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip().casefold())


class _Rows:
    """Reads the rows of one table."""

    def __init__(self, table: RawTable, region: Region, catalogue: Catalogue, problems: Problems) -> None:
        self._table, self._problems = table, problems
        self._areas = known_areas(region)
        self._association = dict(
            zip(
                region.municipalities["ags"].astype(str),
                region.municipalities["association_id"].astype(str),
                strict=True,
            )
        )
        self._day = max((str(d)[:10] for d in region.sources["date"] if d), default="")
        self._services = {
            _plain(t): s.id for s in catalogue.mobile.services.values() for t in (s.label_de, s.label_en, s.id)
        }
        self._labels = [s.label_de for s in catalogue.mobile.services.values()]
        self._at: dict[str, int] = {}
        self._seen: dict[tuple[str, ...], int] = {}

    def read(self) -> list[dict[str, object]]:
        if not self._columns():
            return []
        return [row for line, cells in self._table.rows if (row := self._row(line, cells)) is not None]

    def _columns(self) -> bool:
        for number, head in enumerate(self._table.head):
            column = _OF.get(_plain(head))
            if column:
                self._at.setdefault(column, number)
            elif head.strip():
                known = ", ".join(heads[0] for heads in _HEADS.values())
                self._problems.add("agreements_column_unknown", "warning", self._table.name, column=head, known=known)
        missing = [_HEADS[c][0] for c in _NEEDED if c not in self._at]
        for head in missing:
            self._problems.add("agreements_column_missing", "error", self._table.name, column=head)
        return not missing

    def _row(self, line: int, cells: tuple[str, ...]) -> dict[str, object] | None:
        def cell(column: str) -> str:
            at = self._at.get(column, -1)
            return cells[at].strip() if 0 <= at < len(cells) else ""

        before = len(self._problems)
        service = self._service(line, cell("service"))
        by = self._authority(line, "authority_id", cell("authority_id"))
        whom = self._authority(line, "for_authority_id", cell("for_authority_id"))
        first = self._date(line, "valid_from", cell("valid_from"))
        last = self._date(line, "valid_until", cell("valid_until"))
        if by and by == whom:
            self._fault(line, "for_authority_id", "agreements_with_itself", value=cell("for_authority_id"))
        if first and last and last < first:
            self._fault(line, "valid_until", "agreements_days_reversed", first=first, last=last)
        if len(self._problems) > before:
            return None
        key = (service, by, whom, first, last)
        if key in self._seen:
            self._fault(line, "for_authority_id", "agreements_twice", first=self._seen[key])
            return None
        self._seen[key] = line
        if self._day and ((first and first > self._day) or (last and last < self._day)):
            code = "agreements_ended" if last and last < self._day else "agreements_not_yet"
            column = "valid_until" if code == "agreements_ended" else "valid_from"
            self._fault(line, column, code, severity="note", day=self._day)
            return None
        ref = f"{self._table.sheet} {line}".strip()
        return {
            "service": service,
            "authority_id": by,
            "for_authority_id": whom,
            "kind": cell("kind"),
            "valid_from": first,
            "valid_until": last,
            "source_id": STEM,
            "source_ref": f"{self._table.name}, {ref}",
        }

    def _fault(self, line: int, column: str, code: str, *, severity: Severity = "warning", **params: object) -> None:
        """A row that cannot be used never stops a plan: the others count."""
        head = self._table.head[self._at[column]] if column in self._at else column
        self._problems.add(code, severity, self._table.name, row=line, column=head, **params)

    def _service(self, line: int, text: str) -> str:
        if _plain(text) in _ALL:
            return ""
        found = self._services.get(_plain(text), "")
        if not found:
            self._fault(
                line, "service", "agreements_service_unknown", value=text, near=nearest_words(text, self._labels)
            )
        return found

    def _authority(self, line: int, column: str, text: str) -> str:
        if not text:
            self._fault(line, column, "agreements_cell_empty")
            return ""
        hits = find_areas(text, self._areas, levels=_LEVELS)
        if not hits:
            near = nearest_words(text, (a.name for a in self._areas if a.level in _LEVELS))
            self._fault(line, column, "agreements_authority_unknown", value=text, near=near)
            return ""
        if len(hits) > 1:
            self._fault(line, column, "agreements_authority_ambiguous", value=text, names=_told(hits))
            return ""
        return self._association.get(hits[0].key, hits[0].key) if hits[0].level == "municipality" else hits[0].key

    def _date(self, line: int, column: str, text: str) -> str:
        if not text:
            return ""
        day = parse_day(text)
        if day is None:
            self._fault(line, column, "agreements_day", value=text)
        return day or ""


def _told(hits: tuple[Area, ...]) -> str:
    return ", ".join(f"{a.name} ({a.key})" for a in hits)
