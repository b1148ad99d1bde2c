"""Half-days, hours of stops within them, and what else is in the place at that time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ankerort.base.problems import Problems
from ankerort.catalogue.mobile import WEEKDAYS, MobileService
from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network
from ankerort.region.model import Region
from ankerort.region.opening_hours import hours_and_basis, open_week, parse_hours

HALF_IDS = ("morning", "afternoon")
_MINUTE_S, _HOUR_S = 60, 3600
_SEEN: dict[str, tuple[str, ...]] = {"market": ("weekly_market",), "doctor": ("general_practitioner",)}
_WORKING_DAYS = 5
_ANY_WEEK = "2026-01-05"


def common_halves(services: Sequence[MobileService], catalogue: Catalogue, problems: Problems) -> NDArray[np.int32]:
    """Hours before and after noon that all services have, seconds, int32 (2, 2); begin = end where they have none in common.

    An error if they have no hour in common at all.
    """
    usual = [(f"mobile.{half}_from_h", f"mobile.{half}_to_h") for half in HALF_IDS]
    halves = np.zeros((len(HALF_IDS), 2), np.int32)
    for number, (first, last) in enumerate(usual):
        spans = []
        for service in services:
            own = service.hours_min[number]
            hours = [round(catalogue.value(f) * _HOUR_S) for f in (first, last)]
            spans.append([t * _MINUTE_S for t in own] if own != (0, 0) else hours)
        begin, end = max(s[0] for s in spans), min(s[1] for s in spans)
        halves[number] = (begin, max(begin, end))
    if (halves[:, 0] == halves[:, 1]).all():
        problems.add("mobile_no_common_hours", "error", "--service", services=", ".join(s.label_de for s in services))
    return halves


def stop_windows(
    hours: Sequence[str], halves_s: NDArray[np.int32], weekdays: Sequence[str]
) -> tuple[NDArray[np.int32], NDArray[np.bool_], list[int]]:
    """Hours of stops within the half-days.

    A visit has one clock time on all weeks but the hours of a stop may differ by weekday: of the spans of the weekdays the one counts that
    gives most hours a week, on those weekdays that hold it.

    Parameters
    ----------
    hours
        Per stop in OSM's syntax or as usually written in German; empty or unreadable = any time.
    halves_s
        int32 (halves, 2).
    weekdays
        On which visits may be.

    Returns
    -------
    window_s, ok, unreadable
        int32 (stops, halves, 2), bool (stops, 7, halves), numbers of the stops whose hours cannot be read.
    """
    count = len(hours)
    window = np.broadcast_to(halves_s, (count, *halves_s.shape)).astype(np.int32).copy()
    ok = np.zeros((count, len(WEEKDAYS), len(halves_s)), bool)
    days = [WEEKDAYS.index(d) for d in weekdays]
    ok[:, days] = halves_s[:, 0] < halves_s[:, 1]
    unreadable: list[int] = []
    for stop, text in enumerate(hours):
        if not text:
            continue
        read = parse_hours(text)
        if not read.rules or read.fault:
            unreadable.append(stop)
            continue
        week = open_week(read.rules, day=_ANY_WEEK)
        for half, (begin, end) in enumerate(halves_s.tolist()):
            spans = {
                day: [(max(begin, a), min(end, b)) for a, b in week[day] if min(end, b) > max(begin, a)] for day in days
            }
            options = sorted({s for of in spans.values() for s in of})
            ok[stop, :, half] = False
            if not options:
                continue

            def held(span: tuple[int, int], of: dict[int, list[tuple[int, int]]] = spans) -> list[int]:
                return [d for d, own in of.items() if any(a <= span[0] and span[1] <= b for a, b in own)]

            best = max(options, key=lambda s: ((s[1] - s[0]) * len(held(s)), -s[0]))
            window[stop, half] = best
            ok[stop, held(best), half] = True
    return window, ok, unreadable


def coincidence_factor(
    region: Region,
    network: Network,
    catalogue: Catalogue,
    stops: pd.DataFrame,
    halves_s: NDArray[np.int32],
    *,
    seek: Sequence[str],
    avoid: Sequence[str],
) -> NDArray[np.float64]:
    """What coincides with a visit counts: float64 (stops, 7, halves), 1 = nothing that was asked for.

    Each thing sought that is there multiplies by ``mobile.seek_factor``, each thing to be avoided by ``mobile.avoid_factor``.
    """
    factor = np.ones((len(stops), len(WEEKDAYS), len(halves_s)))
    for words, figure in ((seek, "mobile.seek_factor"), (avoid, "mobile.avoid_factor")):
        for word in words:
            factor[presence(word, region, network, catalogue, stops, halves_s)] *= catalogue.value(figure)
    return factor


def presence(
    word: str,
    region: Region,
    network: Network,
    catalogue: Catalogue,
    stops: pd.DataFrame,
    halves_s: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """When something else is at the place of a stop: bool (stops, 7, halves).

    ``market``: a weekly market or a sales van; ``doctor``: opening hours of a GP, or his visit; ``visit``: any other mobile service;
    ``bus``: on Monday to Friday a bus without booking brings people to a stop within ``mobile.bus_near_m`` in the hour before or
    within the half-day, and another one takes them away within it or in the hour after.

    Parameters
    ----------
    stops
        Columns place_id, x, y.
    """
    if word == "bus":
        return _bus(network, catalogue, stops, halves_s)
    found: dict[str, NDArray[np.bool_]] = {}

    def mark(place: str, day: int, begin: int, end: int) -> None:
        here = found.setdefault(place, np.zeros((len(WEEKDAYS), len(halves_s)), bool))
        here[day] |= (halves_s[:, 0] < end) & (begin < halves_s[:, 1])

    services = _SEEN.get(word)
    if services:
        fixed = region.facilities
        ok = fixed["service"].isin(services) & (fixed["state"] == "open") & (fixed["merged_into"] == "")
        for row in fixed[ok].itertuples(index=False):
            rules, _ = hours_and_basis(str(row.service), str(row.opening_hours), catalogue)
            for day, windows in enumerate(open_week(rules, day=_ANY_WEEK) if rules else ()):
                for begin, end in windows:
                    mark(str(row.place_id), day, begin, end)
    for row in region.mobile_visits.itertuples(index=False):
        if (services and row.service not in services) or row.weekday not in WEEKDAYS:
            continue
        begin, end = _seconds(str(row.from_time), 0), _seconds(str(row.to_time), 24 * _HOUR_S)
        mark(str(row.place_id), WEEKDAYS.index(str(row.weekday)), begin, end)
    none = np.zeros((len(WEEKDAYS), len(halves_s)), bool)
    there = [found.get(str(p), none) if p else none for p in stops["place_id"]]
    return np.array(there, bool).reshape(len(stops), *none.shape)


def _seconds(text: str, default: int) -> int:
    hour, sign, minute = text.partition(":")
    return int(hour) * _HOUR_S + int(minute) * _MINUTE_S if sign and hour.isdigit() and minute.isdigit() else default


def _bus(network: Network, catalogue: Catalogue, stops: pd.DataFrame, halves_s: NDArray[np.int32]) -> NDArray[np.bool_]:
    there = np.zeros((len(stops), len(WEEKDAYS), len(halves_s)), bool)
    table = network.timetable
    if table is None or not len(table.stops) or not len(stops):
        return there
    fixed = ~table.on_demand
    tree = cKDTree(table.stops[["x", "y"]].to_numpy(np.float64))
    near = tree.query_ball_point(stops[["x", "y"]].to_numpy(np.float64), catalogue.value("mobile.bus_near_m"))
    for half, (begin, end) in enumerate(halves_s.tolist()):
        comes = fixed & table.can_alight & (table.arr_s >= begin - _HOUR_S) & (table.arr_s < end)
        goes = fixed & table.can_board & (table.dep_s > begin) & (table.dep_s <= end + _HOUR_S)
        brings = np.bincount(table.to_stop[comes], minlength=len(table.stops)) > 0
        takes = np.bincount(table.from_stop[goes], minlength=len(table.stops)) > 0
        for stop, mine in enumerate(near):
            there[stop, :_WORKING_DAYS, half] = bool(brings[mine].any() and takes[mine].any())
    return there
