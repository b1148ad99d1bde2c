"""Working groups by infrastructure area, and the data that they usually ask for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ankerort.base.problems import Problems
from ankerort.catalogue.csv_rows import Row


@dataclass(frozen=True)
class OwedData:
    """Data that a working group usually needs, and the office that usually has them."""

    data_de: str
    data_en: str
    office_de: str
    office_en: str

    def data(self, lang: str) -> str:
        """What is owed."""
        return self.data_de if lang == "de" else self.data_en

    def office(self, lang: str) -> str:
        """Who owes it."""
        return self.office_de if lang == "de" else self.office_en


@dataclass(frozen=True)
class WorkingGroup:
    """A working group; `areas` are those of the services it works on, `owed` what it usually asks for."""

    id: str
    label_de: str
    label_en: str
    areas: tuple[str, ...]
    owed: tuple[OwedData, ...] = ()

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


def build_working_groups(
    rows: Sequence[Row], owed: Sequence[Row], areas: Collection[str], problems: Problems
) -> tuple[WorkingGroup, ...]:
    """Working groups in the order of the file; an area of no service, one given to two groups, or data of an unknown group is a fault."""
    groups: list[WorkingGroup] = []
    of_area: dict[str, str] = {}
    known = {row["id"] for row in rows}
    for row in owed:
        if row["group"] not in known:
            problems.add(
                "catalogue_working_group_unknown", "error", row.table, row=row.line, column="group", value=row["group"]
            )
    for row in rows:
        own = tuple(part.strip() for part in row["areas"].split(";") if part.strip())
        for area in own:
            if area not in areas:
                problems.add("catalogue_area_unknown", "error", row.table, row=row.line, column="areas", value=area)
            elif area in of_area:
                problems.add(
                    "catalogue_area_twice",
                    "error",
                    row.table,
                    row=row.line,
                    column="areas",
                    value=area,
                    other=of_area[area],
                )
            of_area[area] = row["id"]
        data = tuple(
            OwedData(o["data_de"], o["data_en"], o["office_de"], o["office_en"])
            for o in owed
            if o["group"] == row["id"]
        )
        groups.append(WorkingGroup(row["id"], row["label_de"], row["label_en"], own, data))
    return tuple(groups)
