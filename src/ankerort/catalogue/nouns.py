"""The noun of each service: its gender, number and mark on maps, so that sentences and legends agree with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from ankerort.base.problems import Problems
from ankerort.catalogue.csv_rows import Row

Gender = Literal["m", "f", "n"]


@dataclass(frozen=True)
class Noun:
    """How one service or core function (``core:<id>``) is called within a sentence.

    Parameters
    ----------
    gender
        Of the German noun: der (m), die (f), das (n).
    mark
        Letter on maps; empty = not drawn with a letter.
    """

    id: str
    gender: Gender
    noun_de: str
    plural_de: str
    noun_en: str
    plural_en: str
    mark: str = ""

    def one(self, lang: str) -> str:
        """One of them, nominative."""
        return self.noun_de if lang == "de" else self.noun_en

    def many(self, lang: str) -> str:
        """Several, nominative."""
        return self.plural_de if lang == "de" else self.plural_en


def build_nouns(rows: Sequence[Row], known: Collection[str], problems: Problems) -> dict[str, Noun]:
    """Nouns by id of the service or ``core:<id>``; one of nothing known, or a mark given twice, is a fault."""
    nouns: dict[str, Noun] = {}
    marks: dict[str, str] = {}
    for row in rows:
        key, mark = row["id"], row["mark"]
        if key not in known:
            problems.add("catalogue_service_unknown", "error", row.table, row=row.line, column="id", value=key)
            continue
        if mark and mark in marks:
            problems.add(
                "catalogue_mark_twice", "error", row.table, row=row.line, column="mark", mark=mark, other=marks[mark]
            )
            continue
        if mark:
            marks[mark] = key
        nouns[key] = Noun(
            key,
            cast(Gender, row["gender_de"]),
            row["noun_de"],
            row["plural_de"],
            row["noun_en"],
            row["plural_en"],
            mark,
        )
    return nouns
