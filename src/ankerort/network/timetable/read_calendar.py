"""Calendars of a feed: calendar.txt and calendar_dates.txt as one matrix of services and days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Severity
from ankerort.base.text_table import TextTable
from ankerort.network.timetable.feed_files import FeedFiles, report_rows

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_DAYS = 36_525  # a century: an end date such as 99991231 means "until further notice"
_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Calendars:
    """`services` names the rows of `active` (bool, services x days from `first_day` on)."""

    services: pd.Index
    first_day: np.datetime64
    active: NDArray[np.bool_]


def read_calendars(files: FeedFiles) -> Calendars | None:
    """Read both calendar files; either alone is enough.

    Returns
    -------
    Calendars or None
        None if neither gives any day; the problems are noted.
    """
    problems = files.problems
    weekly, exceptions = None, None
    if not files.has("calendar.txt") and not files.has("calendar_dates.txt"):
        problems.add("gtfs_calendar_missing", "error", files.path.name)
        return None
    if files.has("calendar.txt"):
        weekly = files.read(
            "calendar.txt", required=("service_id", *_WEEKDAYS, "start_date", "end_date"), optional=True
        )
    if files.has("calendar_dates.txt"):
        exceptions = files.read("calendar_dates.txt", required=("service_id", "date", "exception_type"), optional=True)
    ranges = _weekly_ranges(weekly, files) if weekly is not None else _NO_RANGES
    dated = _dated(exceptions, files) if exceptions is not None else _NO_DATES
    starts, ends, days, ids = ranges
    dates, kinds, dated_ids = dated
    every = np.concatenate([starts, ends, dates])
    if not len(every):
        problems.add("gtfs_no_service", "error", files.path.name)
        return None
    first = every.min()
    length = int((every.max() - first) / _ONE_DAY) + 1
    if length > _LONGEST_DAYS:
        problems.add("gtfs_calendar_long", "note", files.table_name("calendar.txt"), last=str(every.max()))
        length = _LONGEST_DAYS
    services = pd.Index(pd.unique(np.concatenate([ids, dated_ids])))
    active = np.zeros((len(services), length), dtype=bool)
    weekday = (first.astype("datetime64[D]").astype(np.int64) + 3 + np.arange(length)) % 7  # 1970-01-01 was a Thursday
    for row, start, end, pattern in zip(
        services.get_indexer(ids), _column(starts, first), _column(ends, first), days, strict=True
    ):
        part = slice(start, min(end + 1, length))
        active[row, part] |= pattern[weekday[part]]
    column = _column(dates, first)
    within = column < length
    rows = services.get_indexer(dated_ids)
    for kind, value in ((1, True), (2, False)):
        chosen = within & (kinds == kind)
        active[rows[chosen], column[chosen]] = value
    if not active.any():
        problems.add("gtfs_no_service", "error", files.path.name)
    return Calendars(services, first, active)


_Ranges = tuple[NDArray[np.datetime64], NDArray[np.datetime64], NDArray[np.bool_], NDArray[np.object_]]
_Dates = tuple[NDArray[np.datetime64], NDArray[np.int64], NDArray[np.object_]]
_NO_DAY = np.array([], dtype="datetime64[D]")
_NO_ID = np.array([], dtype=object)
_NO_RANGES: _Ranges = (_NO_DAY, _NO_DAY, np.zeros((0, 7), bool), _NO_ID)
_NO_DATES: _Dates = (_NO_DAY, np.array([], dtype=np.int64), _NO_ID)


def _column(days: NDArray[np.datetime64], first: np.datetime64) -> NDArray[np.int64]:
    return ((days - first) / _ONE_DAY).astype(np.int64)


def _weekly_ranges(table: TextTable, files: FeedFiles) -> _Ranges:
    problems = files.problems
    starts, ends = table.dates("start_date"), table.dates("end_date")
    bad = np.zeros(len(table), bool)
    for name, values in (("start_date", starts), ("end_date", ends)):
        wrong = np.isnat(values)
        report_rows(problems, "gtfs_date_format", "error" if wrong.all() else "warning", table, wrong, column=name)
        bad |= wrong
    backwards = ~bad & (ends < starts)
    report_rows(problems, "gtfs_calendar_backwards", "warning", table, backwards, column="end_date")
    flags = np.stack([table.whole(d, blank=-1, bad=-1) for d in _WEEKDAYS], axis=1)
    for k, name in enumerate(_WEEKDAYS):
        report_rows(problems, "gtfs_weekday_flag", "warning", table, ~np.isin(flags[:, k], (0, 1)), column=name)
    ids = table.strings("service_id")
    double = pd.Series(ids).duplicated().to_numpy(bool)
    report_rows(problems, "gtfs_duplicate_id", "warning", table, double, column="service_id")
    keep = ~bad & ~backwards
    return starts[keep], ends[keep], flags[keep] == 1, ids[keep]


def _dated(table: TextTable, files: FeedFiles) -> _Dates:
    problems = files.problems
    dates = table.dates("date")
    wrong = np.isnat(dates)
    severity: Severity = "error" if len(table) and wrong.all() else "warning"
    report_rows(problems, "gtfs_date_format", severity, table, wrong, column="date")
    kinds = table.whole("exception_type", blank=-1, bad=-1)
    odd = ~np.isin(kinds, (1, 2))
    report_rows(problems, "gtfs_exception_type", "warning", table, odd, column="exception_type")
    keep = ~wrong & ~odd
    return dates[keep], kinds[keep], table.strings("service_id")[keep]
