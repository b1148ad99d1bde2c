"""Chapter 4: who is not within the standard, by municipality: persons, those of 65 and older, those who cannot drive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ankerort.documents import findings
from ankerort.documents.assessment import Assessment
from ankerort.documents.blocks import Block, Heading, Paragraph, Table
from ankerort.documents.labels import row_label
from ankerort.documents.no_car_lines import FEW, between, rate_marks
from ankerort.documents.report_rows import unserved_counts
from ankerort.documents.tables import study_places
from ankerort.text import Language, say
from ankerort.text.numbers import format_persons

_NAMED_PLACES = 3
_OLD_AGE = 65
_ONE_STEP = 7.5  # persons; fewer are printed as 5 at most


def unserved_blocks(assessment: Assessment, by_municipality: Sequence[Block], lang: Language) -> list[Block]:
    """How many people of the region are outside, per core function, then `municipality_blocks`."""
    core = findings.core_findings(assessment)
    labels = {i.id: row_label(f"core:{i.id}", assessment.catalogue, lang) for i in assessment.catalogue.core}
    keys = ("column.function", "council.outside", "council.outside_unknown", "council.counted")
    return [
        Paragraph(say("report.unserved_about", lang)),
        Table(
            tuple(say(key, lang) for key in keys),
            tuple((labels[f.item_id], *unserved_counts(assessment, f, lang)) for f in core),
            align=("left", "right", "right", "left"),
            widths=(3.2, 2.2, 2.2, 3.4),
        ),
        *by_municipality,
    ]


def municipality_blocks(assessment: Assessment, lang: Language) -> list[Block]:
    """Heading and table of each municipality of the study area, in reading order."""
    outside = _Outside(assessment, lang)
    blocks: list[Block] = [
        Heading(say("council.by_municipality", lang), 2),
        Paragraph(say("council.by_municipality_about", lang, marks=rate_marks(assessment))),
    ]
    places = study_places(assessment)
    for (ags, name), rows in places.groupby(["ags", "municipality"], sort=False):
        persons = float(rows["persons"].sum())
        if persons < FEW:
            continue
        title = say("council.municipality", lang, name=str(name), persons=format_persons(persons, lang))
        blocks.append(Heading(title, 3))
        blocks += outside.of(str(ags))
    return blocks


@dataclass(frozen=True)
class _Count:
    """Persons outside the standard: known, and at most."""

    low: float
    high: float
    persons: float

    @property
    def unknown(self) -> bool:
        return self.low < FEW and self.high > self.persons - FEW

    def text(self, lang: Language) -> str:
        return say("word.unknown", lang) if self.unknown else between(self.low, self.high, lang)


class _Outside:
    def __init__(self, assessment: Assessment, lang: Language) -> None:
        self.lang, self.catalogue = lang, assessment.catalogue
        balance = assessment.supply.place_service
        core = balance["service"].str.startswith("core:")
        rows = balance[core & (balance["persons"] > 0)].copy()
        for end, other in (("low", "high"), ("high", "low")):
            rows[f"outside_{end}"] = rows["group_persons"] * (1 - rows[f"without_car_{other}"])
        places = study_places(assessment).set_index("place_id")
        rows["ags"] = rows["place_id"].map(places["ags"])
        rows["name"] = rows["place_id"].map(places["print_name"])
        rows["settled"] = rows["place_id"].map(places["kind"]) != "outlying"
        self.rows = rows
        table = assessment.depth.no_car_service
        table = table[table["level"] == "municipality"]
        self.no_car_all = table
        self.no_car = table.set_index(
            [table["area_id"].astype(str), table["service"].astype(str), table["group"].astype(str)]
        )

    def of(self, ags: str) -> list[Block]:
        mine = self.rows[self.rows["ags"] == ags]
        told: list[tuple[str, ...]] = []
        within: list[str] = []
        nearly: list[str] = []
        nearly_known: list[str] = []
        unknown: list[str] = []
        for item in self.catalogue.core:
            rows = mine[mine["service"] == f"core:{item.id}"]
            label = row_label(f"core:{item.id}", self.catalogue, self.lang)
            count = _Count(
                float(rows["outside_low"].sum()), float(rows["outside_high"].sum()), float(rows["group_persons"].sum())
            )
            if count.persons < FEW:
                continue
            if count.high < FEW:
                within.append(label)
            elif count.high < _ONE_STEP:
                (nearly_known if count.low < FEW else nearly).append(label)
            elif count.unknown:
                unknown.append(label)
            else:
                group = str(rows["group"].iloc[0])
                told.append(
                    (
                        label,
                        self._of_group(count, group),
                        self._old(ags, item.id, group),
                        self._no_car(ags, item.id, group),
                        self._places(rows),
                    )
                )
        others = {
            "all_within": within,
            "nearly_all_known": nearly_known,
            "nearly_all_within": nearly,
            "nothing_known": unknown,
        }
        return self._blocks(told, others, self._head(ags))

    def _head(self, ags: str) -> tuple[str, ...]:
        """Column names with the persons that each counts of."""
        rows = self.no_car_all[self.no_car_all["area_id"].astype(str) == ags]
        everybody, old = (rows[rows["group"].astype(str) == group] for group in ("all", "65_plus"))
        bases = (
            ("council.persons_of", everybody, "persons"),
            ("council.old_of", old, "persons"),
            ("council.no_car_of", everybody, "persons_no_car"),
        )
        named = (
            say(key, self.lang, of=format_persons(float(found[column].max()), self.lang) if len(found) else "–")
            for key, found, column in bases
        )
        return (say("column.function", self.lang), *named, say("council.mostly_in", self.lang))

    def _of_group(self, count: _Count, group: str) -> str:
        """The count, with its own base where the service is for one group only."""
        text = count.text(self.lang)
        if group == "all" or count.unknown:
            return text
        return say("council.count_of", self.lang, number=text, of=format_persons(count.persons, self.lang))

    def _blocks(self, told: list[tuple[str, ...]], others: dict[str, list[str]], head: tuple[str, ...]) -> list[Block]:
        blocks: list[Block] = []
        if told:
            align = ("left", "right", "right", "right", "left")
            blocks.append(Table(head, tuple(told), align=align, widths=(3.1, 2.6, 2.4, 2.5, 3.4)))  # type: ignore[arg-type]
        for sentence, names in others.items():
            if names:
                blocks.append(Paragraph(say(f"council.{sentence}", self.lang, functions=", ".join(names)), "small"))
        return blocks

    def _old(self, ags: str, item_id: str, group: str) -> str:
        """Those of 65 and older; a service for the young has none."""
        if (
            self.catalogue.groups[group].last_age < _OLD_AGE
            or (ags, f"core:{item_id}", "65_plus") not in self.no_car.index
        ):
            return "–"
        row = self.no_car.loc[(ags, f"core:{item_id}", "65_plus")]
        persons = float(row["persons"])
        return _Count(persons - float(row["within_high"]), persons - float(row["within_low"]), persons).text(self.lang)

    def _no_car(self, ags: str, item_id: str, group: str) -> str:
        """Those who cannot drive; help that drives out is no question of having a car, nor is a way that parents make."""
        services = next(i.services for i in self.catalogue.core if i.id == item_id)
        walked = all(self.catalogue.services[s].direction == "there_back" for s in services)
        grown = self.catalogue.groups[group].last_age >= _OLD_AGE
        if not (walked and grown) or (ags, f"core:{item_id}", group) not in self.no_car.index:
            return "–"
        row = self.no_car.loc[(ags, f"core:{item_id}", group)]
        persons = float(row["persons_no_car"])
        count = _Count(persons - float(row["served_high"]), persons - float(row["served_low"]), persons)
        return self._of_group(count, group)

    def _places(self, rows: pd.DataFrame) -> str:
        """The places where most of those known to be outside live; without any, those where it may be."""
        named = rows[rows["settled"]]
        certain = named[named["outside_low"] >= FEW]
        column = "outside_low" if len(certain) else "outside_high"
        chosen = named[named[column] >= FEW].sort_values([column, "place_id"], ascending=[False, True], kind="stable")
        return ", ".join(chosen["name"].head(_NAMED_PLACES))
