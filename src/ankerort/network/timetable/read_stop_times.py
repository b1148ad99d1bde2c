"""stop_times.txt: when each trip stops where, blank times filled, unusable trips left out and named."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.base.text_table import BAD_TIME, BLANK_TIME, TextTable
from ankerort.network.timetable.feed import StopTimes
from ankerort.network.timetable.feed_files import FeedFiles, report_rows
from ankerort.network.timetable.read_stops import Stops

_WINDOW = ("start_pickup_drop_off_window", "end_pickup_drop_off_window")
_AREAS = ("location_group_id", "location_id")


def read_stop_times(files: FeedFiles, trip_ids: pd.Index, stops: Stops) -> StopTimes | None:
    """Read the stop events of all usable trips.

    A trip is left out (and counted in a problem) if it has fewer than two stops, an unreadable time, no time at its first
    or last stop, or runs backwards in time. Blank times between are spread evenly over the stops between two known ones.

    Parameters
    ----------
    trip_ids
        Ids of trips.txt; the result names trips by their position here.
    """
    table = files.read("stop_times.txt", required=("trip_id", "stop_sequence"))
    if table is None:
        return None
    problems = files.problems
    flexible = table.has(_WINDOW[0])
    needed = ("stop_id", "arrival_time", "departure_time")
    missing = [c for c in needed if not table.has(c)]
    for column in missing:
        problems.add("gtfs_column_missing", "error", table.table, row=1, column=column)
    if missing:
        return None

    trip = _positions(table, "trip_id", {t: k for k, t in enumerate(trip_ids)})
    report_rows(problems, "gtfs_unknown_trip", "warning", table, trip < 0, column="trip_id")
    arr, dep = table.times_s("arrival_time"), table.times_s("departure_time")
    window = np.zeros(len(table), bool)
    for column in (*_WINDOW, *_AREAS):
        window |= table.mapped(column, bool, "bool")
    if flexible or window.any():
        _report_flexible(table, files, trip, window)

    stop_rows = {**dict.fromkeys(stops.dropped, -2), **stops.row_of}
    stop = _positions(table, "stop_id", stop_rows)
    report_rows(problems, "gtfs_unknown_stop", "warning", table, (stop == -1) & ~window, column="stop_id")
    sequence = table.whole("stop_sequence", blank=-1, bad=-1)
    disordered = (sequence < 0) & ~window
    report_rows(problems, "gtfs_sequence", "warning", table, disordered, column="stop_sequence")
    keep = (trip >= 0) & (stop >= 0) & ~window & ~disordered

    bad_trips = np.zeros(len(trip_ids), bool)
    for column, values in (("arrival_time", arr), ("departure_time", dep)):
        wrong = (values == BAD_TIME) & (trip >= 0)
        report_rows(problems, "gtfs_time_format", "warning", table, wrong, column=column)
        bad_trips[trip[wrong]] = True
    arr = np.where(arr == BLANK_TIME, dep, arr)
    dep = np.where(dep == BLANK_TIME, arr, dep)

    order = np.flatnonzero(keep)
    order = order[np.lexsort((sequence[order], trip[order]))]
    # lexsort is stable: of two events with one sequence number the first in the file stays
    again = np.zeros(len(order), bool)
    again[1:] = (trip[order][1:] == trip[order][:-1]) & (sequence[order][1:] == sequence[order][:-1])
    _report_events(problems, "gtfs_duplicate_sequence", table, order[again], "stop_sequence")
    order = order[~again]

    t, a, d = trip[order], arr[order], dep[order]
    first = np.ones(len(t), bool)
    first[1:] = t[1:] != t[:-1]
    last = np.roll(first, -1)
    single = first & last
    _report_events(problems, "gtfs_trip_one_stop", table, order[single], None)
    bad_trips[t[single]] = True
    open_ended = (first | last) & (a < 0) & ~bad_trips[t]
    _report_events(problems, "gtfs_trip_without_times", table, order[open_ended], "departure_time")
    bad_trips[t[open_ended]] = True

    usable = ~bad_trips[t]
    order, t, a, d, first = order[usable], t[usable], a[usable], d[usable], first[usable]
    blank = a < 0
    a, d = _fill_blanks(a, d)
    if blank.any():
        trips = len(np.unique(t[blank]))
        problems.add("gtfs_times_filled", "note", table.table, count=int(blank.sum()), trips=trips)
    backwards = d < a
    backwards[1:] |= ~first[1:] & (a[1:] < d[:-1])
    _report_events(problems, "gtfs_times_backwards", table, order[backwards], "arrival_time")
    bad_trips[t[backwards]] = True
    usable = ~bad_trips[t]
    order, t, a, d = order[usable], t[usable], a[usable], d[usable]

    pickup = _kind(table, files, "pickup_type")[order]
    drop_off = _kind(table, files, "drop_off_type")[order]
    booked, lead = _booking(files, table)
    return StopTimes(
        t.astype(np.int32),
        stop[order].astype(np.int32),
        a.astype(np.int32),
        d.astype(np.int32),
        pickup,
        drop_off,
        booked[order],
        lead[order],
    )


def _positions(table: TextTable, column: str, row_of: dict[str, int]) -> NDArray[np.int64]:
    return table.mapped(column, lambda v: row_of.get(v, -1), "int64")


def _kind(table: TextTable, files: FeedFiles, column: str) -> NDArray[np.int8]:
    kinds = table.whole(column, blank=0, bad=-1)
    odd = ~np.isin(kinds, (0, 1, 2, 3))
    report_rows(files.problems, "gtfs_boarding_kind", "warning", table, odd, column=column)
    return np.where(odd, 0, kinds).astype(np.int8)


def _report_events(
    problems: Problems, code: str, table: TextTable, rows: NDArray[np.int64], column: str | None
) -> None:
    mask = np.zeros(len(table), bool)
    mask[rows] = True
    report_rows(problems, code, "warning", table, mask, column=column, shown="trip_id")


def _fill_blanks(arr: NDArray[np.int32], dep: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Blank times evenly between the known ones around them; first and last event of every trip are known."""
    known = arr >= 0
    if known.all():
        return arr, dep
    at = np.arange(len(arr))
    before = np.maximum.accumulate(np.where(known, at, 0))
    after = np.minimum.accumulate(np.where(known, at, len(arr) - 1)[::-1])[::-1]
    span = np.maximum(after - before, 1)
    start = dep[before].astype(np.int64)
    between = start + (arr[after] - start) * (at - before) // span
    filled = between.astype(np.int32)
    return np.where(known, arr, filled), np.where(known, dep, filled)


def _report_flexible(table: TextTable, files: FeedFiles, trip: NDArray[np.int64], window: NDArray[np.bool_]) -> None:
    """GTFS-Flex: a time window or an area is no moment at a stop; what cannot become a ride is named."""
    if not window.any():
        return
    first = int(np.flatnonzero(window)[0])
    files.problems.add(
        "gtfs_flex_zone",
        "warning",
        table.table,
        row=int(table.lines[first]),
        count=int(window.sum()),
        trips=len(np.unique(trip[window & (trip >= 0)])),
        example=table.strings("trip_id")[first],
    )


def _booking(files: FeedFiles, table: TextTable) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Per event: whether booking_rules.txt governs the pickup, and the notice in minutes it asks for."""
    rules = files.read("booking_rules.txt", required=("booking_rule_id", "booking_type"), optional=True)
    if rules is None or not len(rules):
        return np.zeros(len(table), bool), np.full(len(table), np.nan, np.float32)
    kinds = rules.whole("booking_type", blank=-1, bad=-1)
    minutes = rules.numbers("prior_notice_duration_min")
    days = rules.numbers("prior_notice_last_day")
    # 0 = in real time, 1 = on the same day with a notice in minutes, 2 = up to some days before
    lead = np.select([kinds == 0, kinds == 1, kinds == 2], [np.zeros(len(rules)), minutes, days * 1440.0], np.nan)
    by_id = dict(zip(rules.strings("booking_rule_id"), lead, strict=True))
    booked = table.mapped("pickup_booking_rule_id", lambda v: v in by_id, "bool")
    return booked, table.mapped("pickup_booking_rule_id", lambda v: by_id.get(v, np.nan), "float32")
