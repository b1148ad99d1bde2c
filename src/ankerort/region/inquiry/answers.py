"""One answer of an office about one thing in one place, whatever sheet it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["correct", "wrong", "gone", "absent", "new"]
Subject = Literal["facilities", "absences", "mobile_visits", "buildings", "clubs"]


@dataclass(frozen=True)
class Asked:
    """Name and position (degrees; None = not known) of a row as a sheet asked about it: its id alone may mean another one by now."""

    name: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Answer:
    """What one filled line of an inquiry workbook or of a survey sheet says.

    Parameters
    ----------
    subject
        Table of the region that it is about; an absence is about a service in a place.
    verdict
        correct (stimmt), wrong (stimmt nicht: `values` hold what is right), gone (gibt es nicht mehr, `since_year`),
        absent (gibt es hier nicht), new (exists and was not listed: `values` hold what is known of it).
    ags, place_id
        Municipality and place of the sheet.
    service
        Service of the catalogue; empty for buildings and clubs.
    subject_id
        Id of the row that was asked about; empty for absent and new.
    values
        Columns of the subject's table -> value in its notation (opening hours in OSM syntax, yes/limited/no, ISO days).
        Empty cells of the sheet do not stand here: an empty cell says nothing.
    since_year
        Year in which it went, empty = not given.
    remark
        Free text of the office.
    confirmed_by, confirmed_on
        Office (never a person) and day (ISO) of the answer.
    file, sheet, row
        Where it stands, rows counted from 1.
    asked
        Name and position of what the sheet asked about; None in a sheet that does not say it.
    """

    subject: Subject
    verdict: Verdict
    ags: str
    place_id: str
    service: str
    subject_id: str
    confirmed_by: str
    confirmed_on: str
    file: str
    sheet: str
    row: int
    values: Mapping[str, str] = field(default_factory=dict)
    since_year: str = ""
    remark: str = ""
    asked: Asked | None = None
