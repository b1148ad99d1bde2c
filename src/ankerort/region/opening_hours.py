"""Opening hours: the only home of the library that reads OSM's opening_hours syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Literal

import numpy as np
import opening_hours
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.calendar import is_public_holiday, school_holiday
from ankerort.catalogue.model import Catalogue
from ankerort.region.hours_text import DAYS, clean_text, from_german, is_by_arrangement, names_holidays, with_dates

DAY_S = 86_400
# What is open round the clock stays open until the last journey of the service day is over.
ROUND_THE_CLOCK = (0, 2 * DAY_S)
_YEAR_DAYS = 366
_ANY_DAY = date(2026, 1, 1)
_YEAR = re.compile(r"\b20\d\d\b")
_ALWAYS_CLOSED = re.compile(r'(?:24/7\s+)?(?:off|closed)(?:\s+"[^"]*")?', re.IGNORECASE)
_SUNDAY = 6

Windows = tuple[tuple[int, int], ...]


class OpeningBasis(IntEnum):
    """Whence the opening hours of a facility come."""

    GIVEN = 0  # the facility's own
    USUAL = 1  # the service's default hours ("übliche Zeiten angenommen")
    NONE = 2  # neither is known (by arrangement, season): the whole day counts


@dataclass(frozen=True)
class OpenWindows:
    """When each facility is open on one day.

    Parameters
    ----------
    ptr
        int64, shape (facilities + 1,): windows of facility `k` are rows ``ptr[k]:ptr[k+1]``, none if it is closed on the day.
    start_s, end_s
        int32 seconds after midnight, ascending, not overlapping; the end may lie after midnight (over 86,400).
    basis
        int8 `OpeningBasis` per facility.
    """

    ptr: NDArray[np.int64]
    start_s: NDArray[np.int32]
    end_s: NDArray[np.int32]
    basis: NDArray[np.int8]


@dataclass(frozen=True)
class Hours:
    """A text of opening hours, read.

    Parameters
    ----------
    text
        As given.
    rules
        OSM syntax, empty if there is a fault or no text.
    fault
        ``""`` (can be used, or nothing is given), ``"unreadable"``, ``"by_arrangement"`` (names no times).
    """

    text: str
    rules: str
    fault: Literal["", "unreadable", "by_arrangement"] = ""


@dataclass(frozen=True)
class ReferenceWindow:
    """A time of the week in which a group wants to find a facility open; `weekday` 0 = Monday."""

    weekday: int
    start_s: int
    end_s: int


@lru_cache(maxsize=65_536)
def parse_hours(text: str) -> Hours:
    """Read opening hours in OSM's syntax or in the usual German spellings.

    In OSM's syntax a later rule after ``;`` replaces the earlier one for its days, one after ``,`` adds to it; in German
    spellings (``Mo-Fr 8-12 Uhr und 14-18 Uhr``) rules always add up.

    Parameters
    ----------
    text
        As the source has it. What cannot be read stays as it is and counts as unknown.
    """
    cleaned = clean_text(text)
    if not cleaned:
        return Hours(text, "")
    if is_by_arrangement(cleaned):
        return Hours(text, "", "by_arrangement")
    rules = cleaned if "\n" not in cleaned and opening_hours.validate(cleaned) else from_german(cleaned) or ""
    if not rules or not opening_hours.validate(rules) or _replace_holidays(rules, ()) is None:
        return Hours(text, "", "unreadable")
    return Hours(text, rules, "by_arrangement" if _names_no_times(rules) else "")


def open_windows(facilities: pd.DataFrame, catalogue: Catalogue, *, day: str, land: str) -> OpenWindows:
    """When each facility is open on a day.

    The facility's own hours count as they stand (`OpeningBasis.GIVEN`). Where there are none, or none that can be read,
    the default hours of its service count (`USUAL`); on a public holiday that they do not name they are those of a
    Sunday. Where the service has none either ("nach Belegung"), the whole day counts (`NONE`): one window from midnight
    to the following midnight but one, as for what is open round the clock.

    Parameters
    ----------
    facilities
        With `service` and `opening_hours`; the rows of the result are its rows.
    catalogue
        Default hours of the services, school holidays.
    day
        ISO day.
    land
        Land (abbreviation) of the public and school holidays. Without records of that time no day is a school holiday.

    Returns
    -------
    OpenWindows
        Times that are open only perhaps (``unknown``, a comment without ``open``) are not open.
    """
    on = date.fromisoformat(day)
    known: dict[tuple[str, str], tuple[Windows, OpeningBasis]] = {}
    starts: list[int] = []
    ends: list[int] = []
    ptr = np.zeros(len(facilities) + 1, dtype=np.int64)
    basis = np.zeros(len(facilities), dtype=np.int8)
    given = facilities["opening_hours"].fillna("")
    for row, key in enumerate(zip(facilities["service"], given, strict=True)):
        if key not in known:
            known[key] = _on_day(*key, catalogue, on, land)
        windows, basis[row] = known[key]
        starts.extend(start for start, _ in windows)
        ends.extend(end for _, end in windows)
        ptr[row + 1] = len(starts)
    return OpenWindows(ptr, np.array(starts, dtype=np.int32), np.array(ends, dtype=np.int32), basis)


def replaces_hours(rules: str) -> bool:
    """Whether a later rule takes away hours of an earlier one that do not touch its own.

    ``Mo-Fr 08:00-12:00; Mo 14:00-18:00`` closes on Monday morning, which its writer hardly meant.
    """
    week = open_week(rules, day=_ANY_DAY.isoformat())
    added = open_week(rules.replace(";", ","), day=_ANY_DAY.isoformat())
    return any(now and set(now) < set(both) for now, both in zip(week, added, strict=True))


def hours_and_basis(service: str, text: str, catalogue: Catalogue) -> tuple[str, OpeningBasis]:
    """The rules that count for a facility (OSM syntax, empty for `NONE`), and whence they come."""
    own = parse_hours(text)
    if own.rules and not own.fault:
        return own.rules, OpeningBasis.GIVEN
    usual = parse_hours(catalogue.services[service].default_hours)
    if usual.rules and not usual.fault:
        return usual.rules, OpeningBasis.USUAL
    return "", OpeningBasis.NONE


def reference_share(rules: str, windows: Sequence[ReferenceWindow], *, day: str) -> float:
    """Share of reference windows in which a facility is open, in a week without holidays.

    Formula: seconds of the windows that are open / seconds of the windows, 0 to 1 (domain.md 3.1, ``h / h_ref``).

    Parameters
    ----------
    rules
        OSM syntax, as `hours_and_basis` gives it.
    windows
        Not overlapping.
    day
        ISO day: the week around it counts, so that hours of the season are those of that time of the year.
    """
    week = open_week(rules, day=day)
    asked = sum(w.end_s - w.start_s for w in windows)
    met = sum(max(0, min(w.end_s, end) - max(w.start_s, start)) for w in windows for start, end in week[w.weekday])
    return met / asked


def hours_per_week(rules: str, *, day: str) -> float:
    """Hours open in the week around a day, holidays left out; unit h."""
    return sum(min(end, DAY_S) - start for windows in open_week(rules, day=day) for start, end in windows) / 3600


@lru_cache(maxsize=65_536)
def open_week(rules: str, *, day: str) -> tuple[Windows, ...]:
    """Windows of Monday to Sunday of the week around a day, as if it had no holidays; ends at the latest at midnight."""
    on = date.fromisoformat(day)
    monday = on - timedelta(days=on.weekday())
    week = []
    for number in range(len(DAYS)):
        windows = _windows(rules, monday + timedelta(days=number), ())
        week.append(tuple((start, min(end, DAY_S)) for start, end in windows))
    return tuple(week)


def _on_day(service: str, text: str, catalogue: Catalogue, on: date, land: str) -> tuple[Windows, OpeningBasis]:
    rules, basis = hours_and_basis(service, text, catalogue)
    if basis == OpeningBasis.NONE:
        return (ROUND_THE_CLOCK,), basis
    if basis == OpeningBasis.USUAL and not names_public_holidays(rules) and is_public_holiday(land, on):
        on += timedelta(days=_SUNDAY - on.weekday())
    holidays = _holidays_round(catalogue, land, on) if names_holidays(rules) else ()
    return _windows(rules, on, holidays), basis


def names_public_holidays(rules: str) -> bool:
    """Whether the rules say something on public holidays."""
    return names_holidays(rules.replace("SH", ""))


def _holidays_round(catalogue: Catalogue, land: str, on: date) -> tuple[tuple[str, date], ...]:
    """Public and school holidays of the days round one; nine days, since rules may be shifted by some."""
    days = [on + timedelta(days=n) for n in range(-4, 5)]
    return tuple(
        (kind, day)
        for day in days
        for kind, found in (
            ("PH", is_public_holiday(land, day)),
            ("SH", school_holiday(catalogue, land, day) is not None),
        )
        if found
    )


@lru_cache(maxsize=65_536)
def _replace_holidays(rules: str, holidays: tuple[tuple[str, date], ...]) -> str | None:
    if not names_holidays(rules):
        return rules

    def dates(kind: str, shift_days: int) -> list[tuple[int, int, int]]:
        moved = [day + timedelta(days=shift_days) for known, day in holidays if known == kind]
        return [(day.year, day.month, day.day) for day in moved]

    def matches(selector: str, day: tuple[int, int, int]) -> bool:
        text = f"{selector} 00:00-24:00"
        return opening_hours.validate(text) and opening_hours.OpeningHours(text).is_open(datetime(*day, 12))

    written = with_dates(rules, dates, matches)
    return written if written is None or not written or opening_hours.validate(written) else None


@lru_cache(maxsize=65_536)
def _windows(rules: str, on: date, holidays: tuple[tuple[str, date], ...]) -> Windows:
    """Windows that begin on the day (or reach into it from the night before)."""
    dated = _replace_holidays(rules, holidays)
    if not dated:
        return ()
    found = _intervals(dated, on)
    if found and found[-1][1] == DAY_S and ";" in dated:
        # The rule of the next day cuts the night short in the library; a pub closes at two all the same.
        added = [(start, end) for start, end in _intervals(dated.replace(";", ","), on) if start < DAY_S < end]
        if added:
            found[-1] = (found[-1][0], added[0][1])
    return tuple(found)


def _intervals(rules: str, on: date) -> list[tuple[int, int]]:
    """Open times of the day in seconds, the last one as far as it reaches into the next day."""
    if not opening_hours.validate(rules):
        return []
    hours = opening_hours.OpeningHours(rules)
    found: list[tuple[int, int]] = []
    # One day per question: with fallback rules (``||``) the library leaves out days after the first.
    for number in (0, 1):
        midnight = datetime(on.year, on.month, on.day) + timedelta(days=number)
        for start, end, state, comment in hours.intervals(midnight, midnight + timedelta(days=1)):
            if state != opening_hours.State.OPEN or not _is_certain(rules, comment):
                continue
            first, last = (int((t - midnight).total_seconds()) + number * DAY_S for t in (start, end))
            if found and found[-1][1] == first:
                found[-1] = (found[-1][0], last)
            elif first < DAY_S:
                found.append((first, last))
    return found


def _is_certain(rules: str, comment: str) -> bool:
    """A comment without ``open`` before it makes the state unknown; the library calls it open."""
    return not comment or f'open "{comment}"' in rules


@lru_cache(maxsize=65_536)
def _names_no_times(rules: str) -> bool:
    """Whether the rules never open for certain, though they do not say that it is closed: they say nothing on when.

    ``PH off`` alone is such a text, and hours that all carry a comment ("by appointment").
    """
    if _ALWAYS_CLOSED.fullmatch(rules) or _YEAR.search(rules):
        return False
    return not any(
        _windows(rules, _ANY_DAY + timedelta(days=n), holidays)
        for n in range(_YEAR_DAYS)
        for holidays in ((), tuple((kind, _ANY_DAY + timedelta(days=n)) for kind in ("PH", "SH")))
    )
