"""The day that stands for all: a school-day Tuesday or Thursday on which every feed runs whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DayRule = Literal["given", "whole", "hollow", "no_school_day"]
_ONE_DAY = np.timedelta64(1, "D")
_TUESDAY, _THURSDAY = 1, 3


@dataclass(frozen=True)
class DayChoice:
    """The service day and what it is measured by.

    Parameters
    ----------
    day
        The day.
    rule
        given (by the user), whole (every feed runs whole), hollow (the best there is), no_school_day (the feeds cover no school
        Tuesday or Thursday, so all days were compared).
    trips, peak_trips
        int64 per feed: trips on the day, and on the busiest of the days compared.
    peak_day
        datetime64 per feed: the first such day.
    hollow
        bool per feed: runs less than the share of its peak.
    whole_days
        All compared days on which no feed is hollow.
    """

    day: np.datetime64
    rule: DayRule
    trips: NDArray[np.int64]
    peak_trips: NDArray[np.int64]
    peak_day: NDArray[np.datetime64]
    hollow: NDArray[np.bool_]
    whole_days: tuple[str, ...]


def align_trips_per_day(
    firsts: Sequence[np.datetime64], counts: Sequence[NDArray[np.int64]]
) -> tuple[np.datetime64, NDArray[np.int64]]:
    """Trips per feed and day on one common axis; no trips outside a feed's own range.

    Returns
    -------
    first : numpy.datetime64
        Day of column 0.
    trips : int64, shape (feeds, days)
    """
    first = min(firsts)
    offsets = [int((f - first) / _ONE_DAY) for f in firsts]
    table = np.zeros((len(counts), max(o + len(c) for o, c in zip(offsets, counts, strict=True))), np.int64)
    for row, (offset, values) in enumerate(zip(offsets, counts, strict=True)):
        table[row, offset : offset + len(values)] = values
    return first, table


def school_tuesdays_thursdays(
    first: np.datetime64, days: int, is_school_day: Callable[[date], bool]
) -> NDArray[np.bool_]:
    """bool, shape (days,): Tuesdays and Thursdays on which school is held."""
    weekday = (int(first.astype("datetime64[D]").astype(np.int64)) + 3 + np.arange(days)) % 7
    eligible = (weekday == _TUESDAY) | (weekday == _THURSDAY)
    for k in np.flatnonzero(eligible):
        eligible[k] = is_school_day((first + k * _ONE_DAY).astype(date))
    return eligible


def choose_day(
    trips: NDArray[np.int64],
    first: np.datetime64,
    eligible: NDArray[np.bool_],
    *,
    whole_share: float,
    asked: np.datetime64 | None = None,
) -> DayChoice:
    """Choose the service day.

    A feed's share of a day is its trips on the day over its trips on its busiest eligible day. The day with the largest smallest
    share is taken; ties: the most trips in all, then the earliest. If that share reaches `whole_share`, the day is whole.
    A feed without trips on any eligible day does not take part in the choice.

    Parameters
    ----------
    trips
        int64, shape (feeds, days): trips per day, day 0 = `first`.
    eligible
        bool, shape (days,): school Tuesdays and Thursdays.
    whole_share
        Figure ``day.hollow_share``.
    asked
        Day that the user wants instead.
    """
    rule: DayRule = "whole"
    compared = eligible & (trips.sum(axis=0) > 0)
    if not compared.any():
        compared = trips.sum(axis=0) > 0
        rule = "no_school_day"
    columns = np.flatnonzero(compared)
    among = trips[:, columns]
    peak = among.max(axis=1) if len(columns) else np.zeros(len(trips), np.int64)
    peak_at = columns[among.argmax(axis=1)] if len(columns) else np.zeros(len(trips), np.int64)
    share = np.where(peak[:, None] > 0, among / np.maximum(peak, 1)[:, None], 1.0)
    smallest = share.min(axis=0)
    whole = columns[smallest >= whole_share]
    if asked is not None:
        rule = "given"
        at = int((asked - first) / _ONE_DAY)
        on_day = trips[:, at] if 0 <= at < trips.shape[1] else np.zeros(len(trips), np.int64)
        day = asked
    else:
        best = np.lexsort((columns, -among.sum(axis=0), -smallest))[0]
        day, on_day = first + columns[best] * _ONE_DAY, among[:, best]
        if rule == "whole" and smallest[best] < whole_share:
            rule = "hollow"
    return DayChoice(
        day=day,
        rule=rule,
        trips=on_day.astype(np.int64),
        peak_trips=peak.astype(np.int64),
        peak_day=first + peak_at * _ONE_DAY,
        hollow=on_day < whole_share * peak,
        whole_days=tuple(str(first + c * _ONE_DAY) for c in whole),
    )


def trips_per_week(
    trips: NDArray[np.int64], first: np.datetime64, eligible: NDArray[np.bool_]
) -> tuple[tuple[str, float], ...]:
    """Activity curve of one feed: (ISO Monday, mean trips of the week's school Tuesdays and Thursdays); other weeks are left out.

    Parameters
    ----------
    trips
        int64, shape (days,).
    """
    columns = np.flatnonzero(eligible)
    if not len(columns):
        return ()
    day_number = int(first.astype("datetime64[D]").astype(np.int64)) + columns
    monday = day_number - (day_number + 3) % 7
    weeks, inverse = np.unique(monday, return_inverse=True)
    mean = np.bincount(inverse, weights=trips[columns]) / np.bincount(inverse)
    return tuple((str(np.datetime64(int(w), "D")), float(m)) for w, m in zip(weeks, mean, strict=True))
