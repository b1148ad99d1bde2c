"""Names, dates and rows that all documents of a mobile plan share in one language."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ankerort.catalogue.mobile import Concern
from ankerort.documents.anchors_map import letter_of
from ankerort.documents.mobile_dates import WEEKDAYS, PlanCalendar, VisitDates, every_weeks, make_calendar, weeks_of
from ankerort.documents.mobile_documents import MobileDocuments
from ankerort.documents.paper import status_line
from ankerort.region.paper_status import newest_day
from ankerort.region.read_mobile_contact import StopNote
from ankerort.text import Language, say
from ankerort.text.grammar import capital, in_place, join_words


@dataclass(frozen=True)
class Visit:
    """One part of a stop's rhythm: a weekday with its hours, weeks and dates."""

    stop_id: str
    part: int
    services: tuple[str, ...]
    vehicle: int
    weekday: str
    weeks: tuple[int, ...]
    from_time: str
    to_time: str
    dates: VisitDates


@dataclass(frozen=True)
class Stop:
    """One stop with its visits, in the order of the week; `letter` as on the map."""

    letter: str
    stop_id: str
    place_id: str
    name: str
    place: str
    row: pd.Series
    figures: pd.Series
    visits: tuple[Visit, ...]
    note: StopNote

    @property
    def services(self) -> tuple[str, ...]:
        """Services that come here, each once."""
        return tuple(dict.fromkeys(s for v in self.visits for s in v.services))

    @property
    def held(self) -> tuple[dt.date, ...]:
        """All days on which somebody comes."""
        return tuple(sorted({d for v in self.visits for d in v.dates.held}))


class MobileParts:
    """Words, stops and dates of one plan."""

    def __init__(self, documents: MobileDocuments, lang: Language) -> None:
        self.documents, self.plan, self.lang = documents, documents.plan, lang
        self.contact = documents.contact
        self._places = documents.region.places.set_index("place_id")

    @cached_property
    def calendar(self) -> PlanCalendar:
        """The dates of the next half-year."""
        land = self.documents.region.settings.land
        first = self.documents.first_day
        return make_calendar(self.plan.first_day, self.plan.weeks, self.contact, land, self.lang, first_day=first)

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """All stops that are served, by place and name."""
        figures = self.plan.rows.set_index("stop_id")
        rows = [r for _, r in self.plan.stops.iterrows() if r["stop_id"] in set(self.plan.visits["stop_id"])]
        order = sorted(rows, key=lambda r: (sort_key(self.place(r["place_id"])), sort_key(r["name"]), r["stop_id"]))
        return tuple(self._stop(letter_of(k), row, figures) for k, row in enumerate(order))

    def _stop(self, letter: str, row: pd.Series, figures: pd.DataFrame) -> Stop:
        stop_id, name, place = str(row["stop_id"]), str(row["name"]), self.place(str(row["place_id"]))
        note = self.contact.note_of(stop_id, name, place)
        mine = self.plan.visits[self.plan.visits["stop_id"] == stop_id]
        visits = [
            Visit(
                stop_id=stop_id,
                part=int(v["part"]),
                services=tuple(s for s in str(v["services"]).split(";") if s),
                vehicle=int(v["vehicle"]),
                weekday=str(v["weekday"]),
                weeks=weeks_of(str(v["weeks"])),
                from_time=str(v["from_time"]),
                to_time=str(v["to_time"]),
                dates=self.calendar.dates(str(v["weekday"]), weeks_of(str(v["weeks"])), note),
            )
            for v in mine.to_dict("records")
        ]
        visits.sort(key=lambda v: (WEEKDAYS.index(v.weekday), v.from_time))
        found = figures.loc[stop_id] if stop_id in figures.index else pd.Series(dtype="float64")
        return Stop(letter, stop_id, str(row["place_id"]), name, place, row, found, tuple(visits), note)

    def stop(self, stop_id: str) -> Stop | None:
        """A stop by its id; None for the depot."""
        return self._by_id.get(stop_id)

    @cached_property
    def _by_id(self) -> dict[str, Stop]:
        return {s.stop_id: s for s in self.stops}

    def stops_of(self, place_id: str) -> tuple[Stop, ...]:
        """Stops of one place."""
        return tuple(s for s in self.stops if s.place_id == place_id)

    @cached_property
    def served_places(self) -> tuple[str, ...]:
        """Ids of the places with a stop, in order of their names."""
        return tuple(dict.fromkeys(s.place_id for s in self.stops))

    # ---- names

    def place(self, place_id: str) -> str:
        """Printed name of a place."""
        return str(self._places.at[place_id, "print_name"]) if place_id in self._places.index else place_id

    def in_place(self, place_id: str) -> str:
        """The place after a preposition: in Adorf, im Ortsteil Alte Neustadt."""
        kind = str(self._places.at[place_id, "kind"]) if place_id in self._places.index else ""
        return in_place(self.place(place_id), kind, self.lang)

    def service(self, service: str) -> str:
        """Label of a mobile service."""
        found = self.documents.catalogue.mobile.services.get(service)
        return found.label(self.lang) if found else service

    def concerns(self, service: str, place_id: str = "") -> tuple[Concern, ...]:
        """Concerns that the staff of a service may deal with in a place: without tasks of a district that agreed to nothing."""
        mobile = self.documents.catalogue.mobile
        found = mobile.concerns_of(service)
        if service not in mobile.services or mobile.services[service].authority != "municipality":
            return found
        rows = self.plan.authorities
        missing = set(
            rows.loc[(rows["service"] == service) & (rows["agreed"] == "missing"), "authority_id"].astype(str)
        )
        mine = {self._district_of(place_id)} if place_id else set(self._districts.values())
        return tuple(c for c in found if c.authority != "district" or not missing & mine)

    def other_level(self, service: str) -> set[str]:
        """Keys of the districts where a service is the municipalities': they are missing for some concerns, not for some people."""
        found = self.documents.catalogue.mobile.services.get(service)
        return set(self._districts.values()) if found is not None and found.authority == "municipality" else set()

    @cached_property
    def _districts(self) -> dict[str, str]:
        towns = self.documents.region.municipalities
        return {str(a): str(d) for a, d in zip(towns["ags"], towns["district_ags"], strict=True) if d}

    def _district_of(self, place_id: str) -> str:
        ags = str(self._places.at[place_id, "ags"]) if place_id in self._places.index else ""
        return self._districts.get(ags, "")

    def services(self, services: Iterable[str]) -> str:
        """Labels in a sentence."""
        return join_words([self.service(s) for s in services], self.lang)

    @property
    def vehicle_kind(self) -> str:
        """Label of the kind of vehicle."""
        found = self.documents.catalogue.mobile.vehicles.get(self.plan.vehicle)
        return found.label(self.lang) if found else self.plan.vehicle

    @property
    def plan_title(self) -> str:
        """What comes where: Mobiles Bürgerbüro: Drei Orte."""
        names = capital(self.services(self.plan.request.services))
        return say("mobile_doc.title_region", self.lang, services=names, region=self.plan.region)

    @property
    def header(self) -> str:
        """Status of the paper."""
        return status_line(self.documents.paper, newest_day(self.documents.region), self.lang)

    @cached_property
    def footer(self) -> str:
        """Region and credit lines, each holder once."""
        named = [a for a in dict.fromkeys(map(str, self.documents.region.sources["attribution"])) if a]
        credits_ = [a for a in named if not any(a != other and a in other for other in named)]
        return " · ".join([self.plan.region, *credits_])

    @property
    def date(self) -> str:
        """Day for the properties of files."""
        return newest_day(self.documents.region)

    # ---- times

    def weekday(self, weekday: str) -> str:
        """Weekday in words."""
        return say(f"mobile_doc.day.{weekday}", self.lang)

    def rhythm(self, visit: Visit) -> str:
        """How often, with the weekday: ``jede zweite Woche am Dienstag``."""
        step = every_weeks(visit.weeks, self.plan.weeks)
        day = self.weekday(visit.weekday)
        if step in (1, 2):
            return say(f"mobile_doc.every_{step}", self.lang, day=day)
        if step:
            return say("mobile_doc.every_n", self.lang, day=day, n=step)
        return say("mobile_doc.every_listed", self.lang, day=day)

    def hours(self, from_time: str, to_time: str) -> str:
        """From and to: ``9:00 bis 11:30 Uhr``."""
        return say("mobile_doc.hours", self.lang, start=clock(from_time), end=clock(to_time))

    def long_day(self, day: dt.date, *, weekday: bool = True) -> str:
        """A day in words: ``Dienstag, 12. Januar``."""
        said = say("mobile_doc.day_month", self.lang, day=day.day, month=self.month(day))
        if not weekday:
            return said
        return say("mobile_doc.weekday_day", self.lang, weekday=self.weekday(WEEKDAYS[day.weekday()]), day=said)

    def month(self, day: dt.date) -> str:
        """Name of the month."""
        return say(f"mobile_doc.month.{day.month}", self.lang)

    def days(self, days: Iterable[dt.date]) -> str:
        """Days in short: ``12.01., 26.01.``."""
        return ", ".join(
            say("mobile_doc.day_short", self.lang, day=f"{d.day:02d}", month=f"{d.month:02d}") for d in days
        )


def clock(time: str) -> str:
    """A clock time without a leading nought: 9:00."""
    return time.lstrip("0") if time[:2] != "00" else time[1:]


def minutes_of(time: str) -> int:
    """Minutes after midnight of HH:MM."""
    hours, _, minutes = time.partition(":")
    return 60 * int(hours) + int(minutes)


def sort_key(name: object) -> str:
    """Names in the order of a German telephone book, near enough: umlauts as their letters."""
    return "".join(c for c in unicodedata.normalize("NFKD", str(name)) if not unicodedata.combining(c)).casefold()
