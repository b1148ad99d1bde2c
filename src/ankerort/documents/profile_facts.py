"""What the profile of a place says, as typed facts without a word."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ankerort.catalogue.expectations import Expected, SizeClass

DayState = Literal["time", "on_foot", "closed", "none", "unknown"]
PROFILE_DAYS = ("school", "holiday", "saturday")


@dataclass(frozen=True)
class PeopleFacts:
    """Who lives there, who lived there, who is expected.

    Parameters
    ----------
    persons, under_18, over_65, over_80
        Inhabitants; the ages are NaN where too few live there to be printed.
    past_year, past_persons
        Earliest year known of the place; None and NaN where none is.
    area_from_year, area_to_year, area_change
        The municipality instead, where only its people of the past are known: share gained or lost.
    later_year, later_persons, later_low, later_high, later_base
        Expected people, the smallest and largest figure of all variants and ranges, and the forecast's own figure of `base_year`;
        None and NaN without a forecast for the place.
    variant
        Id of the variant that `later_persons` belongs to.
    extrapolated
        `later_year` lies beyond the official projection.
    """

    persons: float
    under_18: float = math.nan
    over_65: float = math.nan
    over_80: float = math.nan
    past_year: int | None = None
    past_persons: float = math.nan
    area_from_year: int | None = None
    area_to_year: int | None = None
    area_change: float = math.nan
    base_year: int | None = None
    later_year: int | None = None
    later_persons: float = math.nan
    later_low: float = math.nan
    later_high: float = math.nan
    later_base: float = math.nan
    variant: str = ""
    extrapolated: bool = False

    @property
    def few(self) -> bool:
        """So few that their ages are not printed."""
        return math.isnan(self.under_18)


@dataclass(frozen=True)
class OnSite:
    """A function that is there: a core function (``core:<id>``) or another service.

    Parameters
    ----------
    count, probable
        Open facilities in the place, and how many of them are not certain.
    names
        Their names, each once, in the order of the table.
    source_ids, source_date
        Sources, and the newest date of these facilities (ISO), empty = not known.
    confirmed, confirmed_by, confirmed_on
        How many an office confirmed, the office and day of the newest confirmation.
    next_door, walk_min
        Where there is none in the place itself: place of the one that at least half of its people have within reach on foot.
    """

    item: str
    count: int
    probable: int = 0
    names: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    source_date: str = ""
    confirmed: int = 0
    confirmed_by: str = ""
    confirmed_on: str = ""
    next_door: str = ""
    next_door_kind: str = ""
    walk_min: float = math.nan


@dataclass(frozen=True)
class Visit:
    """A mobile offer that comes to the place."""

    service: str
    weekday: str
    from_time: str
    to_time: str
    stop_name: str
    rhythm_weeks: float
    confirmed_by: str
    confirmed_on: str
    source_id: str


@dataclass(frozen=True)
class WayHome:
    """First and last usable ride home on one type of day; Rufbus only where it makes the last one later, or is the only one.

    Parameters
    ----------
    first_s, last_s
        Setting out from the facility, in seconds of the day; NaN = not known.
    demand_first_s, demand_s
        The same with Rufbus.
    """

    day_type: str
    state: DayState
    last_s: float = math.nan
    demand_s: float = math.nan
    first_s: float = math.nan
    demand_first_s: float = math.nan


@dataclass(frozen=True)
class Missing:
    """An expected item that is not in the place, and how far the nearest known one is.

    Parameters
    ----------
    absence
        confirmed (by an office), known (absence in the data is absence), unknown.
    expected
        For places of this size.
    comes
        It comes to the village at times.
    town, town_kind
        Place of the nearest known facility; empty = none is known.
    pt_known
        Public transport of the school day is known there, so that no minutes mean no journey.
    """

    item: str
    absence: Literal["confirmed", "known", "unknown"]
    expected: Expected
    comes: bool
    town: str
    town_kind: str
    car_min: float
    car_bound: bool
    pt_min: float
    pt_bound: bool
    pt_demand_min: float
    pt_known: bool
    walk_min: float
    estimated: bool
    home: tuple[WayHome, ...] = ()

    @property
    def lacking(self) -> bool:
        """Expected in places of this size, and neither there nor coming."""
        return self.expected == "yes" and not self.comes


@dataclass(frozen=True)
class DayDepartures:
    """Departures at the stops of a place on one type of day, without and with Rufbus."""

    day_type: str
    departures: int
    with_demand: int
    known: bool


@dataclass(frozen=True)
class StopFacts:
    """Stops in the place and what leaves there; `days` is empty without a timetable."""

    names: tuple[str, ...]
    days: tuple[DayDepartures, ...]


@dataclass(frozen=True)
class Evidence:
    """How sure all of this is: facilities by proof, services of which it is not known whether there is one."""

    facilities: int
    confirmed: int
    confirmed_by: str
    confirmed_on: str
    probable: int
    unknown_services: int
    services: int
    confirmed_none: int


@dataclass(frozen=True)
class Lost:
    """What there was: service, and year of closing or empty."""

    service: str
    year: str


@dataclass(frozen=True)
class PlaceProfile:
    """The facts of one place.

    Parameters
    ----------
    size_class
        None for the rest of a municipality, which is no place, and without expectations in the catalogue.
    on_site, others
        Items of the catalogue's expectations that are there, and all other services with a facility.
    missing
        Items that are not there, in the order of the catalogue.
    pt_kind
        timetable, matrix or none.
    trips_known
        There is a table of rides there and back.
    """

    place_id: str
    name: str
    kind: str
    municipality: str
    municipality_kind: str
    association: str
    association_kind: str
    district: str
    people: PeopleFacts
    size_class: SizeClass | None
    on_site: tuple[OnSite, ...]
    others: tuple[OnSite, ...]
    visits: tuple[Visit, ...]
    missing: tuple[Missing, ...]
    stops: StopFacts
    evidence: Evidence
    lost: tuple[Lost, ...]
    pt_kind: str
    trips_known: bool
    booking_lead_min: float
