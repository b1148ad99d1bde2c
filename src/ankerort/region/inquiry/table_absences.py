"""What an office confirmed as absent in a table of the user's own goes over every source, as a confirmed absence of the ledger does."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ankerort.base.problems import Problems
from ankerort.catalogue.model import Catalogue
from ankerort.region.inquiry.ledger import ADDED_SOURCE
from ankerort.region.inquiry.standing import IN_FORCE, OPEN
from ankerort.region.schema import FACILITIES
from ankerort.text import say

REFUTED = "refuted"


def refute_by_tables(
    facilities: pd.DataFrame,
    absences: pd.DataFrame,
    rows: pd.DataFrame,
    *,
    catalogue: Catalogue,
    places: pd.DataFrame,
    municipalities: Mapping[str, str],
    files: Mapping[str, str],
    problems: Problems,
) -> pd.DataFrame:
    """Facilities with the state refuted where a table names them absent, with office and day.

    An absence without office or day confirms nothing and beats nothing. In each place it is beaten by what an office confirmed on a later day:
    a facility of the service in the ledger or in a table; the ledger goes before a table of the same day.

    Parameters
    ----------
    facilities
        FACILITIES, merged, before the ledger is laid over them.
    absences
        ABSENCES of the tables; an empty `place_id` stands for the whole municipality.
    rows
        CONFIRMATIONS with their states.
    places
        place_id, print_name.
    municipalities
        ags -> name.
    files
        source_id -> file name, for the problems.
    problems
        Collects facilities that an absence beats, and absences that a later confirmation beats (notes).

    Returns
    -------
    DataFrame
        FACILITIES; what is refuted bears office and day of the absence.
    """
    told = absences[(absences["confirmed_by"] != "") & (absences["confirmed_on"] != "")]
    if not len(told) or not len(facilities):
        return facilities
    frame = facilities.reset_index(drop=True).copy()
    day_of = frame["confirmed_on"].where(frame["confirmed_by"] != "", "")
    named = _named_since(rows)
    names = dict(zip(places["place_id"], places["print_name"], strict=True))
    # the newest first: a facility bears the last word on it
    order = told.sort_values(["confirmed_on", "source_id", "source_ref"], ascending=[False, True, True], kind="stable")
    for row in order.to_dict("records"):
        here = (frame["service"] == row["service"]) & (frame["state"] == OPEN)
        here &= frame["place_id"] == row["place_id"] if row["place_id"] else frame["ags"] == row["ags"]
        beaten: list[str] = []
        for place_id, part in frame[here].groupby("place_id", sort=True):
            if named.get((row["service"], place_id), "") >= row["confirmed_on"]:
                continue
            added = part["source_id"] == ADDED_SOURCE  # the ledger goes before a table of the same day
            later = part[
                (day_of[part.index] > row["confirmed_on"]) | (added & (day_of[part.index] == row["confirmed_on"]))
            ]
            if len(later):
                _tell_later(row, later.iloc[0], str(names.get(place_id, "")), catalogue, files, problems)
                continue
            frame.loc[part.index, "state"] = REFUTED
            frame.loc[part.index, "certainty"] = "certain"
            frame.loc[part.index, "confirmed_by"] = row["confirmed_by"]
            frame.loc[part.index, "confirmed_on"] = row["confirmed_on"]
            beaten += part.loc[part["merged_into"] == "", "name"].tolist()
        if beaten:
            problems.add(
                "table_absence_beats",
                "note",
                files.get(str(row["source_id"]), ""),
                service=_label(row, catalogue),
                names=", ".join(name or say("explain.no_name", "de") for name in beaten),
                place=names.get(row["place_id"]) or municipalities.get(str(row["ags"]), str(row["ags"])),
                by=row["confirmed_by"],
                on=row["confirmed_on"],
            )
    return FACILITIES.conform(frame)


def _named_since(rows: pd.DataFrame) -> dict[tuple[object, ...], str]:
    """(service, place) -> day of the newest answer in force that names a facility there."""
    heads = rows[(rows["field"] == "") & (rows["state"] == IN_FORCE) & rows["subject"].isin(["facilities", "absences"])]
    found = heads[heads["new_value"] == OPEN].groupby(["service", "place_id"])["confirmed_on"].max()
    return {tuple(key): str(day) for key, day in found.items()}


def _tell_later(
    row: Mapping[str, object],
    facility: pd.Series,
    place: str,
    catalogue: Catalogue,
    files: Mapping[str, str],
    problems: Problems,
) -> None:
    problems.add(
        "table_absence_older",
        "note",
        files.get(str(row["source_id"]), ""),
        service=_label(row, catalogue),
        name=facility["name"] or say("explain.no_name", "de"),
        place=place,
        by=row["confirmed_by"],
        on=row["confirmed_on"],
        other_by=facility["confirmed_by"],
        other_on=facility["confirmed_on"],
    )


def _label(row: Mapping[str, object], catalogue: Catalogue) -> str:
    service = str(row["service"])
    return catalogue.services[service].label_de if service in catalogue.services else service
