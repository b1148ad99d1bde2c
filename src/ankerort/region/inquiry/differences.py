"""What answers change: beside each what was believed before, from which source and day; shown before anything is taken over."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ankerort.base.problems import Problems
from ankerort.base.tables import Schema
from ankerort.region.inquiry.answers import Answer, Asked
from ankerort.region.inquiry.find_subject import FacilityFinder
from ankerort.region.inquiry.ledger import ADDED_SOURCE, confirmations_of, content_id, with_id
from ankerort.region.inquiry.standing import (
    ABSENT,
    CLOSED,
    CONTRADICTED,
    IN_FORCE,
    OPEN,
    SUPERSEDED,
    standing,
)
from ankerort.region.inquiry.subjects import separate_subjects
from ankerort.region.model import Region
from ankerort.region.name_similarity import name_words
from ankerort.region.schema import BUILDINGS, FACILITIES, MOBILE_VISITS
from ankerort.region.schema_inquiry import CLUBS
from ankerort.region.table_cells import parse_number

DifferenceKind = Literal["new", "changed", "confirmed", "closed", "absent", "older", "contradicted", "nothing"]
# Table of the region -> its schema and the column of its id.
SUBJECT_TABLES: dict[str, tuple[Schema, str]] = {
    "facilities": (FACILITIES, "facility_id"),
    "mobile_visits": (MOBILE_VISITS, "visit_id"),
    "buildings": (BUILDINGS, "building_id"),
    "clubs": (CLUBS, "club_id"),
}
_NOBODY = "\x00"  # id of nothing: what was asked about is no more, and its id means another one
# What tells one thing of its kind from another in the same place.
_TELLING = {
    "facilities": ("name",),
    "mobile_visits": ("weekday", "from_time", "stop_name"),
    "buildings": ("name",),
    "clubs": ("name",),
}


@dataclass(frozen=True)
class Difference:
    """One row that an answer adds to the ledger, and what it changes.

    Parameters
    ----------
    row
        Of the ledger, with what was believed (`old_value`, `old_source_id`, `old_source_date`).
    kind
        new, changed, confirmed, closed, absent; older (something newer holds already), contradicted (another office, or the
        same day, says otherwise), nothing (in the ledger already).
    """

    row: dict[str, object]
    kind: DifferenceKind


def find_differences(
    answers: Sequence[Answer],
    region: Region,
    ledger: pd.DataFrame,
    *,
    imported_on: str,
    round_days: float,
    similar_from: float,
    problems: Problems,
) -> tuple[Difference, ...]:
    """Every difference between what offices say and what is believed, in the order of the answers.

    Parameters
    ----------
    answers
        Of one or several files.
    region
        What is believed, the ledger so far laid over it.
    ledger
        CONFIRMATIONS so far.
    imported_on
        ISO day of taking over.
    round_days
        See `ankerort.region.inquiry.standing.standing`.
    similar_from
        Share from which two names are alike: what was asked about is found again by name and position, not by its id alone.
    problems
        Collects answers about unknown places and of days to come (error), about things that the data no longer hold (warning), and values that are no
        numbers (error).
    """
    believed = _Believed(region, similar_from)
    rows: list[dict[str, object]] = []
    for answer, key in zip(answers, _keys_of_new(answers), strict=True):
        rows += _rows(answer, key, believed, imported_on, problems)
    there = {content_id(row) for row in ledger.to_dict("records")}
    first: dict[str, dict[str, object]] = {}
    for row in rows:
        first.setdefault(content_id(row), row)
    added = [row for said, row in first.items() if said not in there]
    together = (
        pd.concat([ledger, confirmations_of(added)], ignore_index=True) if len(ledger) else confirmations_of(added)
    )
    if len(together):
        together = separate_subjects(together, distance_m=region.settings.merge_distance_m, similar_from=similar_from)
        together = standing(together, round_days=round_days)
    # what a row says stands at the begin of its id
    state_of = dict(zip(together["confirmation_id"].str.split("-").str[0], together["state"], strict=True))
    return tuple(
        Difference(row, "nothing" if said in there else _kind(row, state_of[said])) for said, row in first.items()
    )


def new_rows(differences: Iterable[Difference]) -> list[dict[str, object]]:
    """The rows that the ledger does not hold yet."""
    return [d.row for d in differences if d.kind != "nothing"]


def _kind(row: dict[str, object], state: str) -> DifferenceKind:
    if state == CONTRADICTED:
        return "contradicted"
    if state == SUPERSEDED:
        return "older"
    if row["verdict"] == "new":
        return "new"
    if row["field"]:
        return "confirmed" if row["old_value"] == row["new_value"] else "changed"
    if row["new_value"] == ABSENT:
        return "absent"
    if row["verdict"] == "gone":
        return "closed"
    return "changed" if row["verdict"] == "wrong" else "confirmed"


def _keys_of_new(answers: Sequence[Answer]) -> list[str]:
    """Id given to what an answer names newly: the same thing in the same place has the same id in every sheet.

    What has no name is told apart by its number among the nameless ones of its sheet.
    """
    nameless: dict[tuple[str, ...], int] = {}
    keys = []
    for answer in answers:
        if answer.verdict != "new" or answer.subject == "absences":
            keys.append("")
            continue
        parts = [_plain(answer.values.get(column, "")) for column in _TELLING[answer.subject]]
        whose = (answer.file, answer.sheet, answer.subject, answer.service, answer.place_id)
        number = 0
        if not any(parts):
            number = nameless[whose] = nameless.get(whose, 0) + 1
        told = "\x1f".join([answer.subject, answer.service, answer.place_id, *parts, str(number)])
        digest = hashlib.sha256(told.encode()).hexdigest()[:10]
        keys.append(f"{answer.service or answer.subject}:{ADDED_SOURCE}:{digest}")
    return keys


def _plain(text: str) -> str:
    return " ".join(name_words(text))


def _rows(
    answer: Answer, new_id: str, believed: _Believed, imported_on: str, problems: Problems
) -> list[dict[str, object]]:
    table = f"{answer.file}/{answer.sheet}" if answer.sheet else answer.file
    place = believed.place_name(answer.place_id)
    if not place:
        problems.add("returned_place_unknown", "error", table, row=answer.row, place=answer.place_id)
        return []
    if answer.confirmed_on > imported_on:
        problems.add("returned_future", "error", table, row=answer.row, on=answer.confirmed_on)
        return []
    thing = believed.thing(answer, new_id)
    if answer.subject_id and not thing.known:
        name = answer.asked.name if answer.asked is not None else ""
        problems.add(
            "returned_subject_gone", "warning", table, row=answer.row, place=place, subject=name or answer.subject_id
        )
    common: dict[str, object] = {
        "subject": answer.subject,
        "subject_id": new_id or answer.subject_id,
        **_subject(answer, thing),
        "service": answer.service,
        "ags": answer.ags,
        "place_id": answer.place_id,
        "place_name": place,
        "verdict": answer.verdict,
        "confirmed_by": answer.confirmed_by,
        "confirmed_on": answer.confirmed_on,
        "imported_on": imported_on,
        "file": answer.file,
        "sheet": answer.sheet,
        "row": answer.row,
    }
    head = {
        **common,
        "field": "",
        "old_value": thing.state,
        "old_source_id": thing.source_id,
        "old_source_date": thing.source_date,
        "new_value": _says(answer, thing),
        "since_year": answer.since_year,
        "remark": answer.remark,
    }
    rows = [with_id(head)]
    if answer.verdict in ("gone", "absent"):
        return rows
    numbers = number_columns(answer.subject)
    for column, value in sorted(answer.values.items(), key=_reading_order):
        if value == "":
            continue
        if column in numbers and not _is_number(value):
            problems.add("returned_number", "error", table, row=answer.row, column=column, value=value)
            continue
        old, source_id, source_date = thing.value(column)
        rows.append(
            with_id(
                {
                    **common,
                    "field": column,
                    "old_value": old,
                    "old_source_id": source_id,
                    "old_source_date": source_date,
                    "new_value": number_text(float(parse_number(value) or 0.0)) if column in numbers else value,
                    "since_year": "",
                    "remark": "",
                }
            )
        )
    return rows


# As one says it: on Wednesdays from 9:30 to 9:50, every week, at the church.
_FIRST = ("name", "address", "weekday", "from_time", "to_time", "rhythm_weeks", "stop_name")


def _reading_order(item: tuple[str, str]) -> tuple[int, str]:
    column = item[0]
    return (_FIRST.index(column) if column in _FIRST else len(_FIRST), column)


def _subject(answer: Answer, thing: _Thing) -> dict[str, object]:
    """Name, object and position by which what was asked about is found again: those of the sheet, where it says them."""
    asked = answer.asked if answer.asked is not None else Asked()
    given = asked.lon is not None and asked.lat is not None
    return {
        "subject_name": asked.name or thing.name or answer.values.get("name", ""),
        "object_id": thing.object_id,
        "lon": asked.lon if given else thing.lon,
        "lat": asked.lat if given else thing.lat,
    }


def number_columns(subject: str) -> frozenset[str]:
    """Columns of the subject's table that hold numbers; none for an absence."""
    if subject not in SUBJECT_TABLES:
        return frozenset()
    return frozenset(c.name for c in SUBJECT_TABLES[subject][0].columns if c.dtype == "float64")


def _is_number(text: str) -> bool:
    number = parse_number(text)
    return number is not None and math.isfinite(number)


def _says(answer: Answer, thing: _Thing) -> str:
    """What an answer says of the thing as a whole: open, closed or absent."""
    if answer.subject == "absences":
        return OPEN if answer.verdict in ("wrong", "new") else ABSENT
    if answer.verdict == "absent":
        return ABSENT
    if answer.verdict == "gone":
        return CLOSED
    return CLOSED if answer.verdict == "correct" and thing.state == CLOSED else OPEN


def number_text(value: float) -> str:
    """A number without needless decimals; empty if it is not known."""
    return "" if math.isnan(value) else f"{value:.10g}"


@dataclass(frozen=True)
class _Thing:
    """What is believed of the thing that an answer is about."""

    known: bool = False
    name: str = ""
    object_id: str = ""
    lon: float = math.nan
    lat: float = math.nan
    state: str = ""
    source_id: str = ""
    source_date: str = ""
    fields: dict[str, tuple[str, str, str]] | None = None

    def value(self, column: str) -> tuple[str, str, str]:
        """Value, source and its date of one column."""
        return (self.fields or {}).get(column, ("", "", ""))


class _Believed:
    """What a region believes, by id."""

    def __init__(self, region: Region, similar_from: float) -> None:
        self._region = region
        self._finder = FacilityFinder(
            region.facilities.reset_index(drop=True),
            distance_m=region.settings.merge_distance_m,
            similar_from=similar_from,
        )
        self._places = dict(zip(region.places["place_id"], region.places["print_name"], strict=True))
        self._rows: dict[tuple[str, str], pd.Series] = {}
        for subject, (_, key) in SUBJECT_TABLES.items():
            if subject != "facilities":  # there are too many of them, and few are asked about
                frame: pd.DataFrame = getattr(region, subject)
                self._rows |= {(subject, str(row[key])): row for _, row in frame.iterrows()}
        facilities = region.facilities
        self._position = {str(f): k for k, f in enumerate(facilities["facility_id"])}
        self._open_in = facilities[(facilities["state"] == OPEN) & (facilities["merged_into"] == "")].groupby(
            ["service", "place_id"], sort=False
        )
        held = region.confirmations[region.confirmations["state"] == IN_FORCE]
        self._told = {(r["subject"], r["subject_id"], r["field"]): r for r in held.to_dict("records")}
        self._former = {(r["subject"], r["subject_id"]): r for r in region.confirmations.to_dict("records")}
        self._dates = dict(zip(region.sources["source_id"], region.sources["date"], strict=True))

    def place_name(self, place_id: str) -> str:
        return str(self._places.get(place_id, ""))

    def thing(self, answer: Answer, new_id: str) -> _Thing:
        if answer.subject in SUBJECT_TABLES and (answer.subject_id or new_id):
            return self._one(answer.subject, self._id_now(answer) or answer.subject_id or new_id)
        return self._all(answer.service, answer.place_id)

    def _id_now(self, answer: Answer) -> str:
        """Id that the facility asked about bears now; empty if the sheet does not say what it asked about, or there is none."""
        asked = answer.asked
        if asked is None or answer.subject != "facilities" or not answer.subject_id:
            return ""
        row = pd.Series(
            {
                "subject_id": answer.subject_id,
                "subject_name": asked.name,
                "object_id": "",
                "service": answer.service,
                "place_id": answer.place_id,
                "lon": math.nan if asked.lon is None else asked.lon,
                "lat": math.nan if asked.lat is None else asked.lat,
            }
        )
        k = self._finder.find(row)
        return str(self._region.facilities["facility_id"].iloc[k]) if k >= 0 else _NOBODY

    def _one(self, subject: str, subject_id: str) -> _Thing:
        row = self._row(subject, subject_id)
        if row is None:
            former = self._former.get((subject, subject_id))
            if former is None:
                return _Thing()
            return _Thing(
                known=True,
                name=str(former["subject_name"]),
                object_id=str(former["object_id"]),
                lon=float(former["lon"]),
                lat=float(former["lat"]),
                state=CLOSED,
            )
        source_id = str(row["source_id"])
        date = str(row.get("source_date", "")) or str(self._dates.get(source_id, ""))
        told = self._told.get((subject, subject_id, ""))
        state = str(row.get("state", OPEN))
        fields = {
            c.name: (_value_text(row[c.name]), *self._origin(subject, subject_id, c.name, source_id, date))
            for c in SUBJECT_TABLES[subject][0].columns
        }
        return _Thing(
            known=True,
            name=str(row["stop_name"] if subject == "mobile_visits" else row["name"]),
            object_id=str(row.get("object_id", "")),
            lon=float(row.get("lon", math.nan)),
            lat=float(row.get("lat", math.nan)),
            state={"refuted": ABSENT}.get(state, state),
            source_id=ADDED_SOURCE if told is not None else source_id,
            source_date=str(told["confirmed_on"]) if told is not None else date,
            fields=fields,
        )

    def _origin(self, subject: str, subject_id: str, column: str, source_id: str, date: str) -> tuple[str, str]:
        told = self._told.get((subject, subject_id, column))
        return (source_id, date) if told is None else (ADDED_SOURCE, str(told["confirmed_on"]))

    def _row(self, subject: str, subject_id: str) -> pd.Series | None:
        if subject != "facilities":
            return self._rows.get((subject, subject_id))
        k = self._position.get(subject_id)
        if k is None:
            return None
        row = self._region.facilities.iloc[k]
        return self._region.facilities.iloc[self._position[row["merged_into"]]] if row["merged_into"] else row

    def _all(self, service: str, place_id: str) -> _Thing:
        """All of a service in a place, as an absence denies them."""
        if (service, place_id) in self._open_in.groups:
            rows = self._open_in.get_group((service, place_id))
            sources = dict.fromkeys(rows["source_id"])
            return _Thing(
                known=True,
                name="; ".join(n for n in rows["name"] if n),
                state=OPEN,
                source_id="; ".join(sources),
                source_date=str(rows["source_date"].max()),
            )
        absences = self._region.absences
        hit = absences[(absences["service"] == service) & (absences["place_id"] == place_id)]
        if len(hit):
            first = hit.iloc[0]
            return _Thing(
                known=True, state=ABSENT, source_id=str(first["source_id"]), source_date=str(first["confirmed_on"])
            )
        return _Thing(known=True)


def _value_text(value: object) -> str:
    return number_text(float(value)) if isinstance(value, float) else str(value)
