"""Day types from the feeds themselves: which date stands for school weekday, holiday weekday, Saturday and Sunday.

The rules stand in docs/method/day-types.md. A calendar that goes on after its trips have ended (hollow) must not pass for a village
without buses, and a village without buses on Sundays must not pass for a hole in the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue import is_public_holiday, school_holiday, school_holidays_known
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DAY_TYPES, DayType, FeedDay

_ONE_DAY = np.timedelta64(1, "D")
_TUESDAY, _THURSDAY, _SATURDAY, _SUNDAY = 1, 3, 5, 6
_SPECIAL_DAYS = frozenset({(12, 24), (12, 31)})  # no public holidays, but timetables treat them as days of their own

Kinds = Mapping[DayType, NDArray[np.bool_]]


@dataclass(frozen=True)
class DayTypePlan:
    """The date of one day type, for all feeds and per feed; `date` is empty where no feed has a day of the type."""

    day_type: DayType
    date: str
    common: bool
    feeds: tuple[FeedDay, ...]


@dataclass(frozen=True)
class _Normal:
    """What one feed normally runs on one day type; `counts` marks the days of the type that can be taken seriously."""

    state: Literal["served", "no_service", "outside", "hollow"]
    trips: int
    counts: NDArray[np.bool_]
    served: NDArray[np.bool_]

    @property
    def silent(self) -> bool:
        """Nothing is known about this feed on such days."""
        return self.state in ("outside", "hollow")

    def closeness(self, trips: NDArray[np.int64]) -> NDArray[np.float64]:
        """Per day how near the feed runs to its normal: the smaller over the larger of both, 0 on days that do not count."""
        if not self.trips:
            return np.where(trips == 0, 1.0, 0.0)
        share = trips / self.trips
        return np.where(self.counts, np.minimum(share, 1 / np.maximum(share, 1e-9)), 0.0)


def kinds_of_days(
    first: np.datetime64, days: int, school: NDArray[np.bool_], land: str, catalogue: Catalogue
) -> tuple[Kinds, bool]:
    """Which days belong to which type.

    Holiday weekdays are Mondays to Fridays in school holidays on record. Public holidays, 24 and 31 December belong to no type.

    Parameters
    ----------
    first, days
        The days: `first` and those that follow.
    school
        bool, shape (days,): school Tuesdays and Thursdays as `choose_day` compares them.

    Returns
    -------
    kinds : mapping of day type to bool array, shape (days,)
    holidays_known : bool
        School holidays are on record for some of the days.
    """
    kinds: dict[DayType, NDArray[np.bool_]] = {t: np.zeros(days, bool) for t in DAY_TYPES}
    kinds["school"] = school
    known = False
    weekday = _weekdays(first, days)
    for k in range(days):
        day = (first + k * _ONE_DAY).astype(date)
        if (day.month, day.day) in _SPECIAL_DAYS or _is_public_holiday(land, day):
            continue
        if weekday[k] == _SATURDAY:
            kinds["saturday"][k] = True
        elif weekday[k] == _SUNDAY:
            kinds["sunday"][k] = True
        elif school_holidays_known(catalogue, land, day):
            known = True
            kinds["holiday"][k] = school_holiday(catalogue, land, day) is not None
    return kinds, known


def day_type_of(day: date, land: str, catalogue: Catalogue) -> DayType:
    """By which day type a date is measured: public holidays run like Sundays, 24 and 31 December like Saturdays."""
    if _is_public_holiday(land, day) or day.weekday() == _SUNDAY:
        return "sunday"
    if day.weekday() == _SATURDAY or (day.month, day.day) in _SPECIAL_DAYS:
        return "saturday"
    return "school" if school_holiday(catalogue, land, day) is None else "holiday"


def _is_public_holiday(land: str, day: date) -> bool:
    try:
        return is_public_holiday(land, day)
    except NotImplementedError:  # an unknown Land is an error that the choice of the default day tells
        return False


def _weekdays(first: np.datetime64, days: int) -> NDArray[np.int64]:
    return (int(first.astype("datetime64[D]").astype(np.int64)) + 3 + np.arange(days)) % 7


def find_day_types(
    trips: NDArray[np.int64],
    covered: NDArray[np.bool_],
    first: np.datetime64,
    kinds: Kinds,
    source_ids: Sequence[str],
    *,
    near_share: float,
    typical_share: float,
    holiday_share: float,
) -> tuple[DayTypePlan, ...]:
    """Find the date of each day type.

    A feed's normal is found by `_normals`. A date is common if every feed that is not silent runs near its own normal (share between
    `near_share` and its inverse; a feed that normally runs nothing runs nothing). Of several dates: for holidays Tuesday to
    Thursday first, then the largest smallest closeness, the most trips, the earliest. Without a common date each feed takes its own by
    the same order.

    Parameters
    ----------
    trips
        int64, shape (feeds, days): trips per day, day 0 = `first`.
    covered
        bool, same shape: the day lies within the feed's calendar.
    kinds
        From `kinds_of_days`.
    source_ids
        Id per feed.
    near_share, typical_share, holiday_share
        Figures ``day.hollow_share``, ``day.typical_share``, ``day.holiday_min_share``.

    Returns
    -------
    tuple of DayTypePlan
        One per type, in the order of `DAY_TYPES`.
    """
    normals = [
        _normals(row, cover, first, kinds, near_share, typical_share, holiday_share)
        for row, cover in zip(trips, covered, strict=True)
    ]
    return tuple(_plan(t, trips, first, kinds[t], source_ids, [n[t] for n in normals], near_share) for t in DAY_TYPES)


def _normals(
    trips: NDArray[np.int64],
    covered: NDArray[np.bool_],
    first: np.datetime64,
    kinds: Kinds,
    near_share: float,
    typical_share: float,
    holiday_share: float,
) -> dict[DayType, _Normal]:
    """What one feed normally runs on each type.

    The feed's well-served weeks reach from the first to the last school Tuesday or Thursday on which it runs near its busiest one (of a
    feed without such days: the first type that it serves). School days, Saturdays and Sundays count inside these weeks. Holiday
    weekdays lie outside them as a rule: they count where the Saturday or Sunday of the week is near its normal; of a feed
    without service at weekends, inside the well-served weeks or with at least `holiday_share` of its busiest school day.
    """
    nothing = np.zeros(len(trips), bool)
    reference = next((t for t in DAY_TYPES if (kinds[t] & covered & (trips > 0)).any()), None)
    if reference is None:
        return {t: _Normal("outside", 0, nothing, nothing) for t in DAY_TYPES}
    peak = int(trips[kinds[reference]].max())
    near = np.flatnonzero(kinds[reference] & (trips >= near_share * peak) & (trips > 0))
    weekday = _weekdays(first, len(trips))
    begin, end = near[0] - weekday[near[0]], near[-1] - weekday[near[-1]] + 7
    weeks = covered & (np.arange(len(trips)) >= begin) & (np.arange(len(trips)) < end)

    def usual(counts: NDArray[np.bool_], candidates: NDArray[np.bool_]) -> _Normal:
        served = counts & (trips > 0)
        if not counts.any():
            state: Literal["outside", "hollow"] = "hollow" if candidates.any() else "outside"
            return _Normal(state, _lower_median(trips[candidates & (trips > 0)]), counts, served)
        if served.sum() < typical_share * counts.sum() or not served.any():
            return _Normal("no_service", 0, counts, served)
        return _Normal("served", _lower_median(trips[served]), counts, served)

    of: dict[DayType, _Normal] = {}
    for day_type in ("school", "saturday", "sunday"):
        of[day_type] = usual(kinds[day_type] & weeks, kinds[day_type] & covered)
    if reference == "school":  # as the default day measures it
        of["school"] = _Normal("served", peak, of["school"].counts, of["school"].served)
    alive, judged = _weekends(trips, covered, weekday, (of["saturday"], of["sunday"]), kinds, near_share)
    holiday = kinds["holiday"] & covered
    school_peak = int(trips[kinds["school"]].max(initial=0))
    level = weeks | (trips >= max(1.0, holiday_share * school_peak))
    of["holiday"] = usual(holiday & np.where(judged, alive, level), holiday)
    return of


def _weekends(
    trips: NDArray[np.int64],
    covered: NDArray[np.bool_],
    weekday: NDArray[np.int64],
    normals: tuple[_Normal, _Normal],
    kinds: Kinds,
    near_share: float,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per day: whether Saturday or Sunday of its week runs near its normal, and whether there is one that can tell."""
    alive, judged = np.zeros(len(trips), bool), np.zeros(len(trips), bool)
    day = np.arange(len(trips))
    for normal, day_type, number in zip(normals, ("saturday", "sunday"), (_SATURDAY, _SUNDAY), strict=True):
        if normal.state != "served":
            continue
        at = day - weekday + number
        inside = at < len(trips)
        at = np.minimum(at, len(trips) - 1)
        tells = inside & (kinds["saturday"] if day_type == "saturday" else kinds["sunday"])[at] & covered[at]
        judged |= tells
        alive |= tells & (trips[at] >= near_share * normal.trips)
    return alive, judged


def _lower_median(values: NDArray[np.int64]) -> int:
    return int(np.sort(values)[(len(values) - 1) // 2]) if len(values) else 0


def _plan(
    day_type: DayType,
    trips: NDArray[np.int64],
    first: np.datetime64,
    kind: NDArray[np.bool_],
    source_ids: Sequence[str],
    normals: Sequence[_Normal],
    near_share: float,
) -> DayTypePlan:
    preferred = np.ones(len(kind), bool)
    if day_type == "holiday":
        weekday = _weekdays(first, len(kind))
        preferred = (weekday >= _TUESDAY) & (weekday <= _THURSDAY)
    told = [k for k, n in enumerate(normals) if not n.silent]
    running = [k for k in told if normals[k].trips]
    closeness = np.stack([n.closeness(row) for n, row in zip(normals, trips, strict=True)])

    def best(feeds: Sequence[int], days: NDArray[np.bool_]) -> int:
        """The day for these feeds; -1 if none of `days` is near the normal of all."""
        smallest = np.where(days, closeness[feeds].min(axis=0), 0.0)
        near = np.flatnonzero(smallest >= near_share)
        if not len(near):
            return -1
        order = np.lexsort((near, -trips[feeds][:, near].sum(axis=0), -smallest[near], ~preferred[near]))
        return int(near[order[0]])

    chosen = np.full(len(normals), -1)
    common = bool(told)
    if running:
        shared = best(told, kind)
        if shared >= 0:
            chosen[told] = shared
        else:
            common = False
            for k in told:
                chosen[k] = best([k], kind & normals[k].counts) if normals[k].trips else _first(normals[k].counts)
    elif told:
        chosen[told] = min(_first(normals[k].counts) for k in told)
    on_day = [int(trips[k, c]) if c >= 0 else 0 for k, c in enumerate(chosen)]
    lead = max(told, key=lambda k: (on_day[k], -k)) if told else -1
    feeds = tuple(
        FeedDay(
            source_id=source,
            date=str(first + int(c) * _ONE_DAY) if c >= 0 else "",
            trips=count,
            normal_trips=n.trips,
            share=count / n.trips if c >= 0 and n.trips else float("nan"),
            days=int(n.counts.sum()),
            served_days=int(n.served.sum()),
            state=n.state,
        )
        for source, c, count, n in zip(source_ids, chosen, on_day, normals, strict=True)
    )
    return DayTypePlan(day_type, feeds[lead].date if told else "", common, feeds)


def _first(days: NDArray[np.bool_]) -> int:
    return int(np.flatnonzero(days)[0])


def report_day_types(
    plans: Sequence[DayTypePlan],
    files: Mapping[str, str],
    problems: Problems,
    *,
    land: str,
    holidays_known: bool,
) -> None:
    """Tell types without a day, feeds without a day of a type, and types for which each feed takes its own date.

    Parameters
    ----------
    files
        File name per source id.
    holidays_known
        From `kinds_of_days`.
    """
    for plan in plans:
        if plan.day_type == "holiday" and not holidays_known:
            problems.add("day_type_holidays_unknown", "warning", "region.toml", column="land", land=land)
            continue
        if not plan.date:
            problems.add(f"day_type_none_{plan.day_type}", "warning", ", ".join(files[f.source_id] for f in plan.feeds))
            continue
        for feed in plan.feeds:
            if feed.state == "hollow":
                problems.add(
                    f"day_type_hollow_{plan.day_type}", "warning", files[feed.source_id], trips=feed.normal_trips
                )
            elif feed.state == "outside":
                problems.add(f"day_type_outside_{plan.day_type}", "warning", files[feed.source_id])
            elif not plan.common:
                problems.add(
                    f"day_type_own_{plan.day_type}",
                    "note",
                    files[feed.source_id],
                    day=feed.date,
                    trips=feed.trips,
                    normal_trips=feed.normal_trips,
                )
