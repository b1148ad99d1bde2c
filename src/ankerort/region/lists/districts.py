"""School districts: which place belongs to which school."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.region.facility_presets import IGNORED
from ankerort.region.lists.common import ListContext, ListResult
from ankerort.region.lists.heads import Fields, find_list
from ankerort.region.lists.schools import assigned_row, school_service
from ankerort.region.name_similarity import name_similarity_of, name_words
from ankerort.region.schema import ASSIGNED
from ankerort.region.table_files import RawTable

FIELDS: Fields = {
    "number": ("lfd. Nr.", "laufende Nummer"),
    "ags": ("AGS", "Gemeindeschlüssel", "Amtlicher Gemeindeschlüssel"),
    "place_name": ("Ortsteil", "Ort", "Ort / Ortsteil", "Ortschaft", "Ortsname", "Wohnort", "Gemeinde"),
    "school": (
        *("zuständige Grundschule", "zuständige Schule", "zugeordnete Schule", "Name der Schule", "Schule"),
        *("Grundschule", "Schulbezirk", "Schulbezirk der", "Sekundarschule", "Schulname"),
    ),
    "kind": ("Schulform", "Schulart"),
}
_SPLIT = re.compile(r"\s*[,;\n]\s*")
_SIMILAR_FROM = 0.6
# Words of a school's name that do not tell which one it is.
_KIND_WORDS = frozenset(
    """grundschule gs sekundarschule sks seks gemeinschaftsschule gesamtschule igs kgs oberschule regelschule
    gymnasium gym foerderschule schule schulbezirk staatliche evangelische freie""".split()  # noqa: SIM905
)


def read_school_districts(grid: RawTable, context: ListContext) -> ListResult | None:
    """Rows place -> school of one sheet; an empty cell of the school repeats the one above (merged cells).

    Without a kind of school in the row, its name or the sheet's, the option ``service`` says it, else primary schools are meant.
    """
    needed = (("place_name", "ags"), ("school",))
    table = find_list(
        grid, FIELDS, given=context.input.columns, needed=needed, problems=context.problems, headings=False
    )
    if table is None:
        return None
    result = ListResult()
    above = ""
    for row in table.rows:
        school = row.text("school") or above
        above = school
        if not school:
            context.problems.add(
                "district_no_school", "warning", table.name, row=row.number, column=table.head("school")
            )
            continue
        service = school_service(row.text("kind"), f"{school} {table.head('school')}", grid.sheet, context)
        service = "primary_school" if service == IGNORED else service
        for place in _SPLIT.split(row.text("place_name")) if row.text("place_name") else [""]:
            if place or row.text("ags"):
                result.assigned.append(assigned_row(place, row.text("ags"), school, service, row, grid, context))
    return result


def locate_assigned(
    rows: pd.DataFrame,
    facilities: pd.DataFrame,
    places: pd.DataFrame,
    *,
    files: dict[str, str],
    problems: Problems,
) -> pd.DataFrame:
    """ASSIGNED: the facility of each place that a district names.

    Parameters
    ----------
    rows
        Assigned rows whose place is found (`place_id`, empty = whole municipality `ags`), with the name of the school.
    facilities
        FACILITIES after merging.
    places
        PLACES, whose names stand for schools that are called after their place.
    files
        source_id -> file, for problems.
    problems
        Collects schools that are not found or not clear, and places that two rows give to two schools (the first counts).
    """
    if rows.empty:
        return ASSIGNED.empty()
    finder = Schools(facilities, places.set_index("place_id")["name"])
    out: list[dict[str, object]] = []
    taken: dict[tuple[str, str, str], str] = {}
    told: set[tuple[str, str]] = set()
    for row in rows.to_dict("records"):
        service, school = str(row["service"]), str(row["school"])
        file = files.get(str(row["source_id"]), str(row["source_id"]))
        found = finder.find(service, school, finder.at(str(row["place_id"])))
        if len(found) != 1:
            if (service, school) not in told:
                told.add((service, school))
                code = "district_school_several" if found else "district_school_unknown"
                similar = ", ".join(finder.names(service, found) if found else finder.similar(service, school)) or "–"
                problems.add(code, "warning", file, row=_number(row["source_ref"]), school=school, similar=similar)
            continue
        key = (service, str(row["place_id"]), str(row["ags"]))
        if key in taken:
            if taken[key] != found[0]:
                names = finder.names(service, [taken[key], found[0]])
                problems.add(
                    "district_twice", "warning", file, row=_number(row["source_ref"]),
                    place=str(row["place_name"]) or str(row["ags"]), schools=", ".join(names),
                )  # fmt: skip
            continue
        taken[key] = found[0]
        out.append(
            {
                **{
                    name: row[name] for name in ("service", "place_id", "ags", "source_id", "source_ref", "source_date")
                },
                "cell_id": "",
                "facility_id": found[0],
                "rule": "table",
            }
        )
    return ASSIGNED.conform(pd.DataFrame(out, columns=ASSIGNED.names)) if out else ASSIGNED.empty()


def _number(source_ref: object) -> int | None:
    digits = str(source_ref).rpartition(":")[2]
    return int(digits) if digits.isdigit() else None


class Schools:
    """Finds the school that a district names, among the facilities that count.

    Parameters
    ----------
    facilities
        FACILITIES after merging: a row that was merged into another is found by its own name and key, and stands for the other.
    place_names
        place_id -> name.
    """

    def __init__(self, facilities: pd.DataFrame, place_names: pd.Series) -> None:
        self._of: dict[str, list[_School]] = {}
        self._at: dict[str, set[str]] = {}
        self._label: dict[str, str] = {}
        places = facilities["place_id"].map(place_names).fillna("")
        for row, place in zip(facilities.to_dict("records"), places, strict=True):
            facility_id = str(row["facility_id"])
            target = str(row["merged_into"]) or facility_id
            own, with_place = _telling(str(row["name"])), _telling(f"{row['name']} {place}")
            label = str(row["name"]) or str(place)
            keys = frozenset({facility_id, facility_id.rpartition(":")[2], str(row["object_id"])} - {""})
            self._of.setdefault(str(row["service"]), []).append(_School(target, label, keys, own, with_place))
            if target == facility_id:
                self._at.setdefault(str(row["place_id"]), set()).add(facility_id)
                self._label[facility_id] = label

    def at(self, place_id: str) -> frozenset[str]:
        """Facilities that count in a place."""
        return frozenset(self._at.get(place_id, ()))

    def find(self, service: str, school: str, here: frozenset[str], *, key: str = "") -> list[str]:
        """Ids of the facilities that a name or key fits best; one, if it is clear.

        Parameters
        ----------
        service
            Id of the service.
        school
            Name as the district gives it.
        here
            Ids of the facilities in the district: of several that fit alike, the only one here is meant.
        key
            The school's number as the district gives it; it goes before the name.
        """
        among = self._of.get(service, [])
        by_key = _distinct(one.target for one in among if key and key in one.keys)
        if len(by_key) == 1:
            return by_key
        exact = _distinct(one.target for one in among if school and one.label.casefold() == school.casefold())
        if len(exact) == 1:
            return exact
        words = _telling(school)
        if not words:
            if not school:
                return []
            return [one for one in _distinct(one.target for one in among) if one in here] or _distinct(
                one.target for one in among
            )[:2]
        scores = self._scores(service, words)
        best = max(scores, default=0.0)
        if best < _SIMILAR_FROM:
            return []
        found = _distinct(one.target for one, score in zip(among, scores, strict=True) if np.isclose(score, best))
        return [one for one in found if one in here] if sum(one in here for one in found) == 1 else found

    def names(self, service: str, keys: Sequence[str]) -> list[str]:
        """Names of some schools of a service, at most five."""
        of_service = {one.target for one in self._of.get(service, [])}
        return sorted({self._label[key] for key in keys if key in of_service and key in self._label})[:5]

    def similar(self, service: str, school: str) -> list[str]:
        """Names of the schools of a service that are written most like a name, at most five, the best first."""
        among = self._of.get(service, [])
        scores = self._scores(service, _telling(school) or name_words(school))
        ranked = sorted(zip(scores, among, strict=True), key=lambda pair: (-pair[0], pair[1].label))
        return list(dict.fromkeys(one.label for _, one in ranked))[:5]

    def _scores(self, service: str, words: tuple[str, ...]) -> list[float]:
        return [
            max(name_similarity_of(words, one.own), name_similarity_of(words, one.with_place))
            for one in self._of.get(service, [])
        ]


@dataclass(frozen=True)
class _School:
    """Facility that counts for a row, the row's label and keys, its telling words, and these with its place's."""

    target: str
    label: str
    keys: frozenset[str]
    own: tuple[str, ...]
    with_place: tuple[str, ...]


def _distinct(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _telling(name: str) -> tuple[str, ...]:
    return tuple(word for word in name_words(name) if word not in _KIND_WORDS)
