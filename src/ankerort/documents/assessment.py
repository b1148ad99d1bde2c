"""What the documents of a run are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from ankerort.base.problems import Problem
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DayType, FeedDay, FeedReport
from ankerort.reach.model import Reach
from ankerort.region.forecast import Forecast
from ankerort.region.model import Region
from ankerort.region.paper_status import PaperStatus
from ankerort.region.working_groups import WorkingGroups
from ankerort.supply.depth import Depth
from ankerort.supply.model import Supply


@dataclass(frozen=True)
class DayFacts:
    """One day type of the timetables: its date for print, whether all feeds share it, and what each feed runs (`FeedDay`)."""

    day_type: DayType
    date: str
    common: bool
    feeds: tuple[FeedDay, ...]


@dataclass(frozen=True)
class PtFacts:
    """What is known about public transport.

    Parameters
    ----------
    kind
        timetable, matrix (stop-to-stop times only) or none.
    date
        Service day (ISO), empty without a timetable.
    stops
        As `Timetable.stops`.
    trips
        As `Timetable.trips`, only the trips of the day.
    reports
        One per feed.
    silent_stops
        Registered stops and stations without any departure (REGISTERED_STOPS columns).
    days
        The day types that the timetables know; empty without a timetable.
    """

    kind: Literal["timetable", "matrix", "none"]
    date: str
    stops: pd.DataFrame
    trips: pd.DataFrame
    reports: tuple[FeedReport, ...]
    silent_stops: pd.DataFrame
    days: tuple[DayFacts, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """One finished run.

    Parameters
    ----------
    depth
        There and back, quality, standards, capacity, equity, central position.
    forecast
        People of other years; None where the data allow none.
    year, variant
        Whose people are counted: those of a year and a variant of the forecast; None and empty = the region as read.
    paper
        What holds of the paper: work in progress, draft, agreed, decided; no figure depends on it.
    problems
        All problems of all floors, in order of severity.
    groups
        Working groups: offices, data owed, agreed standards.
    record
        Content of ``run.json``: inputs with hashes, versions, parameters, date of the data.
    """

    catalogue: Catalogue
    region: Region
    reach: Reach
    supply: Supply
    depth: Depth
    forecast: Forecast | None
    pt: PtFacts
    problems: tuple[Problem, ...]
    record: Mapping[str, object]
    year: int | None = None
    variant: str = ""
    paper: PaperStatus = field(default_factory=PaperStatus)
    groups: WorkingGroups = field(default_factory=WorkingGroups)
