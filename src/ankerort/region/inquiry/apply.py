"""Lays the ledger of confirmations over the region: what an office confirmed goes over every source that nobody confirmed later."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pyproj import Transformer

from ankerort.base.problems import Problems
from ankerort.base.tables import Schema
from ankerort.catalogue.model import Catalogue
from ankerort.region.inquiry.differences import SUBJECT_TABLES, number_columns
from ankerort.region.inquiry.find_subject import FacilityFinder, find_row
from ankerort.region.inquiry.ledger import ADDED_SOURCE, LEDGER_FILE
from ankerort.region.inquiry.standing import (
    CLOSED,
    CONTRADICTED,
    IN_FORCE,
    OPEN,
    SUPERSEDED,
    WITHOUT_SUBJECT,
    contradictions,
    exists,
    is_whole,
    standing,
)
from ankerort.region.inquiry.subjects import separate_subjects
from ankerort.region.inquiry.table_absences import REFUTED
from ankerort.region.schema import ABSENCES, FACILITIES
from ankerort.region.schema_inquiry import CONFIRMATIONS
from ankerort.text import say

# Columns that an answer never sets.
_KEPT = frozenset(
    {
        *("facility_id", "visit_id", "building_id", "club_id", "service", "object_id", "ags", "place_id", "in_study"),
        *("x", "y", "lon", "lat", "state", "certainty", "confirmed_by", "confirmed_on", "source_id", "source_ref"),
        *("source_date", "merged_into", "merge_reason", "position_rule", "closed_year"),
    }
)


@dataclass(frozen=True)
class ConfirmedTables:
    """Tables of a region that confirmations change."""

    facilities: pd.DataFrame
    absences: pd.DataFrame
    mobile_visits: pd.DataFrame
    buildings: pd.DataFrame
    clubs: pd.DataFrame
    confirmations: pd.DataFrame


def settle_ledger(
    ledger: pd.DataFrame,
    places: pd.DataFrame,
    catalogue: Catalogue,
    *,
    merge_distance_m: float,
    problems: Problems,
) -> pd.DataFrame:
    """The ledger with its states, its places found again.

    Parameters
    ----------
    ledger
        CONFIRMATIONS as `read_ledger` gives them.
    places
        PLACES or the table of a `PlaceSet`.
    merge_distance_m
        How far a facility may stand from where it stood and still be the one asked about.
    problems
        Collects contradictions and places that are no more (warnings): these rows hold nothing, and are never dropped silently.
    """
    if not len(ledger):
        return ledger
    known = set(places["place_id"])
    by_name = {(str(p.ags), name): str(p.place_id) for p in places.itertuples() for name in (p.name, p.print_name)}
    found = [
        place if place in known else by_name.get((ags, name), "")
        for place, ags, name in ledger[["place_id", "ags", "place_name"]].itertuples(index=False)
    ]
    here = ledger.assign(place_id=pd.Series(found, index=ledger.index, dtype="str"))
    lost = here["place_id"] == ""
    for row in ledger[lost & (ledger["field"] == "")].itertuples():
        problems.add(
            "ledger_place_lost",
            "warning",
            LEDGER_FILE,
            place=row.place_name,
            by=row.confirmed_by,
            on=row.confirmed_on,
        )
    round_days = catalogue.value("inquiry.round_days")
    apart = separate_subjects(
        here[~lost], distance_m=merge_distance_m, similar_from=catalogue.value("merge.name_similarity")
    )
    rows = standing(apart, round_days=round_days)
    _tell_contradictions(rows, round_days, catalogue, problems)
    away = ledger[lost].assign(state=WITHOUT_SUBJECT)
    return CONFIRMATIONS.conform(pd.concat([rows, away], ignore_index=True)) if len(away) else rows


def new_facilities(rows: pd.DataFrame, places: pd.DataFrame, *, crs: str) -> pd.DataFrame:
    """Facilities that offices named: FACILITIES with place and `place_name`, without position unless one is given.

    What a later answer says of them (gone, absent) comes with `apply_confirmations`.
    """
    names = dict(zip(places["place_id"], places["print_name"], strict=True))
    to_metres = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    out: list[dict[str, object]] = []
    for subject_id, head in _named(rows, "facilities"):
        lon, lat = (_number(rows, subject_id, column) for column in ("lon", "lat"))
        x, y = (math.nan, math.nan) if math.isnan(lon + lat) else to_metres.transform(lon, lat)
        out.append(
            {
                **{c.name: math.nan if c.dtype == "float64" else "" for c in FACILITIES.columns},
                **_values(rows, "facilities", subject_id),
                "facility_id": subject_id,
                "object_id": subject_id,
                "service": head["service"],
                "ags": head["ags"],
                "place_id": head["place_id"],
                "in_study": False,
                "state": OPEN,
                "certainty": "certain",
                "lon": lon,
                "lat": lat,
                "x": x,
                "y": y,
                "place_name": names[head["place_id"]],
                **_told(head),
                "source_date": head["confirmed_on"],
            }
        )
    if not out:
        return FACILITIES.empty().assign(place_name=pd.Series(dtype="str"))
    frame = pd.DataFrame(out)
    return FACILITIES.conform(frame[FACILITIES.names]).assign(place_name=frame["place_name"].astype("str"))


def apply_confirmations(
    rows: pd.DataFrame, tables: ConfirmedTables, *, catalogue: Catalogue, merge_distance_m: float, problems: Problems
) -> ConfirmedTables:
    """Lay the rows in force over the tables.

    Parameters
    ----------
    rows
        As `settle_ledger` gives them.
    tables
        Merged facilities (those of `new_facilities` among them) and the other tables; `confirmations` is not looked at.
    merge_distance_m
        How far a facility may have moved in the data and still be the one asked about.
    problems
        Collects: subjects that the data no longer hold (warning), confirmations that a table of the user, confirmed later, goes over
        (note), facilities that a confirmed absence beats (note).

    Returns
    -------
    ConfirmedTables
        New tables; `confirmations` are the rows with their final states.
    """
    if not len(rows):
        return replace(tables, confirmations=CONFIRMATIONS.empty())
    rows = rows.copy()
    facilities = _Facilities(tables.facilities, catalogue, merge_distance_m, problems)
    facilities.apply_single(rows)
    facilities.refute(rows, catalogue)
    facilities.name_subjects(rows)
    absences = _absences(rows, tables.absences)
    others = {
        subject: _apply_plain(rows, subject, getattr(tables, subject), problems)
        for subject in ("mobile_visits", "buildings", "clubs")
    }
    return ConfirmedTables(
        facilities=facilities.table(), absences=absences, confirmations=CONFIRMATIONS.conform(rows), **others
    )


class _Facilities:
    """Facilities while the ledger is laid over them."""

    def __init__(self, table: pd.DataFrame, catalogue: Catalogue, distance_m: float, problems: Problems) -> None:
        self._frame = table.reset_index(drop=True).copy()
        self._finder = FacilityFinder(
            self._frame, distance_m=distance_m, similar_from=catalogue.value("merge.name_similarity")
        )
        self._problems = problems
        # confirmed in a table of the user's own, before the ledger speaks
        own = (self._frame["source_id"] != ADDED_SOURCE) | (self._frame["state"] == REFUTED)
        self._own_day = self._frame["confirmed_on"].where(own & (self._frame["confirmed_by"] != ""), "").to_list()

    def table(self) -> pd.DataFrame:
        return FACILITIES.conform(self._frame)

    def apply_single(self, rows: pd.DataFrame) -> None:
        """Answers about single facilities, the newest last."""
        held = rows[(rows["subject"] == "facilities") & (rows["subject_id"] != "") & (rows["state"] == IN_FORCE)]
        newest = held.groupby("subject_id")["confirmed_on"].max()
        for subject_id in sorted(newest.index, key=lambda s: (newest[s], s)):
            mine = held[held["subject_id"] == subject_id]
            k = self._finder.find(mine.iloc[-1])
            if k < 0:
                rows.loc[mine.index, "state"] = WITHOUT_SUBJECT
                _tell_lost(mine, self._problems)
            elif self._own_day[k] > newest[subject_id]:
                rows.loc[mine.index, "state"] = SUPERSEDED
                self._tell_older(mine.iloc[-1], k)
            else:
                self._apply(mine, k)

    def _apply(self, mine: pd.DataFrame, k: int) -> None:
        frame = self._frame
        for column, value in _values(mine, "facilities", mine.iloc[-1]["subject_id"]).items():
            frame.at[k, column] = f"{frame.at[k, 'note']}; {value}".strip("; ") if column == "note" else value
        heads = mine[mine["field"] == ""]
        if not len(heads):
            return
        head = heads.iloc[-1]
        if head["verdict"] == "wrong" and len(heads) == len(mine):
            # something is wrong, but not what is right: that confirms nothing
            frame.at[k, "note"] = f"{frame.at[k, 'note']}; {head['remark']}".strip("; ")
            return
        frame.at[k, "state"] = OPEN if exists(head) else CLOSED if head["new_value"] == CLOSED else REFUTED
        if frame.at[k, "state"] == CLOSED:
            frame.at[k, "closed_year"] = head["since_year"] or frame.at[k, "closed_year"]
        elif exists(head):
            frame.at[k, "closed_year"] = ""
        self._confirm(k, head)

    def _confirm(self, k: int, head: pd.Series) -> None:
        self._frame.at[k, "certainty"] = "certain"
        self._frame.at[k, "confirmed_by"] = head["confirmed_by"]
        self._frame.at[k, "confirmed_on"] = head["confirmed_on"]

    def refute(self, rows: pd.DataFrame, catalogue: Catalogue) -> None:
        """A confirmed "there is none here" beats every source that no office confirmed later."""
        frame = self._frame
        for at, row in _whole(rows).iterrows():
            here = frame.index[
                (frame["service"] == row["service"]) & (frame["place_id"] == row["place_id"]) & (frame["state"] == OPEN)
            ]
            if exists(row):
                if row["verdict"] == "correct":  # all stops of a place in one line
                    for k in here:
                        if max(self._own_day[k], frame.at[k, "confirmed_on"]) <= row["confirmed_on"]:
                            self._confirm(int(k), row)
                continue
            later = [k for k in here if self._own_day[k] > row["confirmed_on"]]
            if later:
                rows.at[at, "state"] = SUPERSEDED
                self._tell_older(row, later[0])
                continue
            beaten = []
            for k in here:
                frame.at[k, "state"] = REFUTED
                self._confirm(int(k), row)
                if frame.at[k, "merged_into"] == "":
                    beaten.append(str(frame.at[k, "name"]))
            if beaten:
                self._problems.add(
                    "ledger_beats",
                    "note",
                    LEDGER_FILE,
                    service=catalogue.services[row["service"]].label_de if row["service"] in catalogue.services else "",
                    names=", ".join(n or say("explain.no_name", "de") for n in beaten),
                    place=row["place_name"],
                    by=row["confirmed_by"],
                    on=row["confirmed_on"],
                )

    def name_subjects(self, rows: pd.DataFrame) -> None:
        """Give the rows the ids that their facilities bear now."""
        told = rows[(rows["subject"] == "facilities") & (rows["subject_id"] != "")]
        for _, mine in told.groupby("subject_id", sort=True):
            k = self._finder.find(mine.iloc[-1])
            if k >= 0:
                rows.loc[mine.index, "subject_id"] = self._frame.at[k, "facility_id"]

    def _tell_older(self, row: pd.Series, k: int) -> None:
        self._problems.add(
            "ledger_older",
            "note",
            LEDGER_FILE,
            name=self._frame.at[k, "name"] or row["subject_name"] or row["service"],
            place=row["place_name"],
            by=row["confirmed_by"],
            on=row["confirmed_on"],
            other_by=self._frame.at[k, "confirmed_by"],
            other_on=self._own_day[k],
        )


def _absences(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Absences of the tables that no office denied, and the confirmed ones."""
    keep = np.ones(len(table), bool)
    heads = rows[(rows["field"] == "") & (rows["state"] == IN_FORCE) & rows["subject"].isin(["facilities", "absences"])]
    named = heads[heads["new_value"] == OPEN]
    newest = named.groupby(["service", "place_id"])["confirmed_on"].max().to_dict()
    for k, row in enumerate(table.itertuples()):
        day = newest.get((row.service, row.place_id), "")
        keep[k] = not day or str(row.confirmed_on) > day
    added = [
        {"service": row["service"], "place_id": row["place_id"], "ags": row["ags"], **_told(row)}
        for _, row in _whole(rows).iterrows()
        if not exists(row)
    ]
    frame = table[keep].reset_index(drop=True)
    return ABSENCES.conform(pd.concat([frame, pd.DataFrame(added)], ignore_index=True)) if added else frame


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in force about all of a service in a place."""
    held = rows[(rows["field"] == "") & (rows["state"] == IN_FORCE)]
    return held[[is_whole(row) for _, row in held.iterrows()]] if len(held) else held


def _apply_plain(rows: pd.DataFrame, subject: str, table: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Visits, buildings, clubs: changed in place, added, or left out where they are gone."""
    schema, key = SUBJECT_TABLES[subject]
    frame = schema.conform(table).copy()
    added: list[dict[str, object]] = []
    for subject_id, head in _named(rows, subject):
        if subject_id in set(frame[key]):
            continue
        given = {**_values(rows, subject, subject_id), **_told(head)}
        given |= {key: subject_id, "place_id": head["place_id"], "service": head["service"]}
        if subject in ("mobile_visits", "buildings"):
            given["source_date"] = head["confirmed_on"]
        added.append({c.name: given.get(c.name, math.nan if c.dtype == "float64" else "") for c in schema.columns})
    if added:
        frame = schema.conform(pd.concat([frame, pd.DataFrame(added)], ignore_index=True))
    held = rows[(rows["subject"] == subject) & (rows["state"] == IN_FORCE)]
    gone: list[int] = []
    for _, mine in held.groupby("subject_id", sort=True):
        k = find_row(frame, key, mine.iloc[-1])
        if k < 0:
            rows.loc[mine.index, "state"] = WITHOUT_SUBJECT
            _tell_lost(mine, problems)
            continue
        newest = str(mine["confirmed_on"].max())
        if frame.at[k, "source_id"] != ADDED_SOURCE and frame.at[k, "confirmed_by"] and frame.at[k, "confirmed_on"] > newest:  # fmt: skip
            rows.loc[mine.index, "state"] = SUPERSEDED
            continue
        for column, value in _values(mine, subject, mine.iloc[-1]["subject_id"]).items():
            frame.at[k, column] = value
        heads = mine[mine["field"] == ""]
        if len(heads):
            head = heads.iloc[-1]
            frame.at[k, "confirmed_by"], frame.at[k, "confirmed_on"] = head["confirmed_by"], head["confirmed_on"]
            if not exists(head):
                gone.append(k)
    return schema.conform(frame.drop(index=gone).reset_index(drop=True))


def _named(rows: pd.DataFrame, subject: str) -> list[tuple[str, pd.Series]]:
    """Id and newest naming of what offices named newly and nobody contradicts, in order of the ids."""
    heads = rows[(rows["subject"] == subject) & (rows["verdict"] == "new") & (rows["field"] == "")]
    heads = heads[heads["state"].isin([IN_FORCE, SUPERSEDED])]
    return [(str(subject_id), mine.iloc[-1]) for subject_id, mine in heads.groupby("subject_id", sort=True)]


def _values(rows: pd.DataFrame, subject: str, subject_id: object) -> dict[str, object]:
    """Column -> value of the fields in force."""
    schema: Schema = SUBJECT_TABLES[subject][0]
    numbers = number_columns(subject)
    mine = rows[(rows["subject_id"] == subject_id) & (rows["state"] == IN_FORCE) & (rows["field"] != "")]
    out: dict[str, object] = {}
    for column, value in mine[["field", "new_value"]].itertuples(index=False):
        if column in numbers and column not in _KEPT:
            out[column] = float(value)
        elif column in schema.names and column not in _KEPT:
            out[column] = value
    return out


def _number(rows: pd.DataFrame, subject_id: str, column: str) -> float:
    mine = rows[(rows["subject_id"] == subject_id) & (rows["state"] == IN_FORCE) & (rows["field"] == column)]
    return float(mine.iloc[-1]["new_value"]) if len(mine) else math.nan


def _told(row: pd.Series) -> dict[str, object]:
    """Who confirmed, when, and where it stands."""
    where = ", ".join(part for part in (str(row["file"]), str(row["sheet"])) if part)
    return {
        "confirmed_by": row["confirmed_by"],
        "confirmed_on": row["confirmed_on"],
        "source_id": ADDED_SOURCE,
        "source_ref": f"{where}:{row['row']}",
    }


def _tell_lost(mine: pd.DataFrame, problems: Problems) -> None:
    row = mine.iloc[-1]
    problems.add(
        "ledger_subject_lost",
        "warning",
        LEDGER_FILE,
        name=row["subject_name"] or row["subject_id"],
        place=row["place_name"],
        by=row["confirmed_by"],
        on=row["confirmed_on"],
    )


def _tell_contradictions(rows: pd.DataFrame, round_days: float, catalogue: Catalogue, problems: Problems) -> None:
    for first, second in contradictions(rows, round_days=round_days):
        one, other = rows.loc[first], rows.loc[second]
        service = catalogue.services.get(str(one["service"]))
        name = one["subject_name"] or (service.label_de if service else one["subject_id"])
        shared = {
            "name": name,
            "place": one["place_name"],
            "by_1": one["confirmed_by"],
            "on_1": one["confirmed_on"],
            "by_2": other["confirmed_by"],
            "on_2": other["confirmed_on"],
        }
        if one["field"]:
            values = {"value_1": one["new_value"], "value_2": other["new_value"]}
            problems.add("ledger_contradiction_value", "warning", LEDGER_FILE, column=one["field"], **shared, **values)
        else:
            problems.add("ledger_contradiction", "warning", LEDGER_FILE, **shared)


def contradicted_ids(rows: pd.DataFrame) -> Iterable[str]:
    """Ids of the confirmations that contradict each other."""
    return rows.loc[rows["state"] == CONTRADICTED, "confirmation_id"]
