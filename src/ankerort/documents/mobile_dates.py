"""On which days a mobile service comes: the cycle laid over a calendar, without holidays and days that a user cancelled."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ankerort.catalogue.calendar import public_holiday_name
from ankerort.region.read_mobile_contact import MobileContact, StopNote
from ankerort.text import Language, say

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HALF_YEAR_WEEKS = 26
_EVES = {(12, 24): "mobile_doc.christmas_eve", (12, 31): "mobile_doc.new_years_eve"}


@dataclass(frozen=True)
class CancelledDay:
    """A day on which somebody would come and does not; `reason` as printed, empty = only that it is so."""

    day: dt.date
    reason: str = ""


@dataclass(frozen=True)
class VisitDates:
    """Days of one visit of a plan, in order: those that are held, and those that are left out."""

    held: tuple[dt.date, ...]
    cancelled: tuple[CancelledDay, ...]

    @property
    def regular(self) -> tuple[dt.date, ...]:
        """All days of the rhythm, held or not."""
        return tuple(sorted((*self.held, *(c.day for c in self.cancelled))))


@dataclass(frozen=True)
class PlanCalendar:
    """The cycle of a plan over a span of days.

    Parameters
    ----------
    start
        Monday of the first week of the cycle.
    weeks
        Length of the cycle.
    first, last
        Days that are printed, both included.
    land
        Land whose public holidays hold.
    contact
        Which days are cancelled.
    lang
        Language of the names of holidays.
    """

    start: dt.date
    weeks: int
    first: dt.date
    last: dt.date
    land: str
    contact: MobileContact
    lang: Language

    def dates(self, weekday: str, weeks: Sequence[int], note: StopNote | None = None) -> VisitDates:
        """Days of a weekday in some weeks of the cycle.

        Parameters
        ----------
        weekday
            Mo ... Su.
        weeks
            Weeks of the cycle, from 1.
        note
            Note on the stop, for days on which only this stop is left out.
        """
        held, cancelled = [], []
        day = self.first + dt.timedelta(days=(WEEKDAYS.index(weekday) - self.first.weekday()) % 7)
        while day <= self.last:
            if self.week_of(day) in weeks:
                off = self.off(day, note)
                if off is None:
                    held.append(day)
                else:
                    cancelled.append(off)
            day += dt.timedelta(days=7)
        return VisitDates(tuple(held), tuple(cancelled))

    def week_of(self, day: dt.date) -> int:
        """Week of the cycle, from 1, in which a day lies; the cycle runs backwards too."""
        return (day - self.start).days // 7 % self.weeks + 1

    def off(self, day: dt.date, note: StopNote | None = None) -> CancelledDay | None:
        """Why nobody comes on a day; None = somebody comes."""
        if self.contact.holidays_off:
            name = public_holiday_name(self.land, day, self.lang)
            if name:
                return CancelledDay(day, name)
        if self.contact.eves_off and (day.month, day.day) in _EVES:
            return CancelledDay(day, say(_EVES[day.month, day.day], self.lang))
        own = (*self.contact.cancelled, *(note.cancelled if note is not None else ()))
        return CancelledDay(day) if day.isoformat() in own else None


def make_calendar(
    start: str, weeks: int, contact: MobileContact, land: str, lang: Language, *, first_day: str = ""
) -> PlanCalendar:
    """The calendar of the next half-year.

    Parameters
    ----------
    start
        First day of the cycle (ISO); its Monday counts.
    first_day
        First day that is printed (ISO), never before that Monday; empty = the Monday.
    """
    begin = dt.date.fromisoformat(start)
    monday = begin - dt.timedelta(days=begin.weekday())
    first = max(monday, dt.date.fromisoformat(first_day)) if first_day else monday
    last = first + dt.timedelta(weeks=HALF_YEAR_WEEKS, days=-1)
    return PlanCalendar(monday, weeks, first, last, land or "ST", contact, lang)


def weeks_of(text: str) -> tuple[int, ...]:
    """Weeks of the cycle from ``1;3``, ascending."""
    return tuple(sorted({int(w) for w in text.split(";") if w}))


def every_weeks(weeks: Sequence[int], cycle: int) -> int:
    """Weeks between two visits where they are evenly spread over the cycle; 0 where they are not."""
    if not weeks or cycle % len(weeks):
        return 0
    step = cycle // len(weeks)
    even = all(b - a == step for a, b in itertools.pairwise(weeks))
    return step if even else 0


def first_from(days: Iterable[dt.date], day: dt.date) -> dt.date | None:
    """The first of the days that is not before `day`; None if there is none."""
    return min((d for d in days if d >= day), default=None)


def collect_day(held: Iterable[dt.date], applied: dt.date, wait_weeks: float) -> dt.date | None:
    """The first visit after which a document that was applied for on `applied` can be collected: not before `wait_weeks` have passed."""
    days = max(1, -(-round(wait_weeks * 7, 6) // 1))
    return first_from(held, applied + dt.timedelta(days=int(days)))
