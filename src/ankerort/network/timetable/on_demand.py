"""Which trips run only when booked (Rufbus), and by which rule each was recognised.

Timetables promise such trips in several ways; some feeds do not mark them at all and flatten a whole area into one trip whose
stops lie a second apart. Taken literally, people would teleport.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.network.timetable.feed import Feed, StopTimes

DEMAND_ROUTE_TYPE = 715
NAMED, ROUTE_TYPE, ARRANGED, BOOKING_RULES, SHORT_HOPS, PART = (
    "named_by_user",
    "route_type_715",
    "pickup_by_arrangement",
    "booking_rules",
    "short_hops",
    "part_by_arrangement",
)


@dataclass(frozen=True)
class DemandTrips:
    """Per trip of a feed: on_demand (bool), rule (str, empty for fixed trips), lead_min (float, NaN = not known)."""

    on_demand: NDArray[np.bool_]
    rule: NDArray[np.object_]
    lead_min: NDArray[np.float64]


def find_demand_trips(
    feed: Feed,
    *,
    hops: int,
    hop_s: int,
    routes: Sequence[str] = (),
    lead_min: float = np.nan,
    problems: Problems,
) -> DemandTrips:
    """Recognise the trips that run only when booked; the first rule that fits is recorded.

    1. `named_by_user`: the route stands in `routes` (short name or id);
    2. `route_type_715`: demand and response bus;
    3. `pickup_by_arrangement`: every boarding, or every alighting, is by arrangement (2 or 3);
    4. `booking_rules`: every boarding stands under a rule of booking_rules.txt;
    5. `short_hops`: at least `hops` hops of `hop_s` seconds or less, an area flattened into a trip.

    Parameters
    ----------
    hops, hop_s
        Figures ``pt.on_demand_hops`` and ``pt.on_demand_hop_s``.
    routes
        Route short names or ids that the user names.
    lead_min
        Notice in minutes that the user names for all trips on demand; NaN = from the feed, else not known.
    problems
        Takes up named routes that the feed does not have, and lines that look like unmarked trips on demand.
    """
    trips, times = feed.trips, feed.times
    count = len(trips)
    first, last = first_and_last(times)
    boards = (times.pickup != 1) & ~last
    alights = (times.drop_off != 1) & ~first
    arranged_in = np.isin(times.pickup, (2, 3))
    arranged_out = np.isin(times.drop_off, (2, 3))

    def every(of: NDArray[np.bool_], such: NDArray[np.bool_]) -> NDArray[np.bool_]:
        some = np.bincount(times.trip[of], minlength=count)
        return (some > 0) & (some == np.bincount(times.trip[of & such], minlength=count))

    booked_lead = np.full(count, -np.inf)
    np.fmax.at(booked_lead, times.trip[times.booked], times.lead_min[times.booked].astype(np.float64))
    named = set(routes)
    short = short_hops(times, count, hop_s=hop_s)
    by_rule = (
        (NAMED, trips["route"].isin(named).to_numpy(bool) | trips["route_id"].isin(named).to_numpy(bool)),
        (ROUTE_TYPE, trips["route_type"].to_numpy() == DEMAND_ROUTE_TYPE),
        (ARRANGED, every(boards, arranged_in) | every(alights, arranged_out)),
        (BOOKING_RULES, every(boards, times.booked)),
        (SHORT_HOPS, short >= hops),
    )
    rule = np.full(count, "", dtype=object)
    for name, fits in by_rule:
        rule[fits & (rule == "")] = name
    on_demand = rule != ""
    lead = np.where(np.isfinite(booked_lead), booked_lead, np.nan)
    if not np.isnan(lead_min):
        lead = np.full(count, float(lead_min))
    _report(feed, named, on_demand, short, hops, problems)
    return DemandTrips(on_demand, rule, np.where(on_demand | np.isfinite(lead), lead, np.nan))


def first_and_last(times: StopTimes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per stop event: whether it is the first, the last of its trip."""
    first = np.ones(len(times), bool)
    first[1:] = times.trip[1:] != times.trip[:-1]
    last = np.ones(len(times), bool)
    last[:-1] = first[1:]
    return first, last


def short_hops(times: StopTimes, trips: int, *, hop_s: int) -> NDArray[np.int64]:
    """Per trip: hops between neighbouring stops that take `hop_s` seconds or less (departure to arrival)."""
    short = (times.trip[1:] == times.trip[:-1]) & (times.arr_s[1:] - times.dep_s[:-1] <= hop_s)
    return np.bincount(times.trip[:-1][short], minlength=trips).astype(np.int64)


def _report(
    feed: Feed, named: set[str], on_demand: NDArray[np.bool_], short: NDArray[np.int64], hops: int, problems: Problems
) -> None:
    known = set(feed.trips["route"]) | set(feed.trips["route_id"])
    for route in sorted(named - known):
        problems.add("gtfs_named_route_unknown", "warning", f"{feed.file}/routes.txt", route=route)
    # Half as many hops as the rule asks for: not enough to decide, enough to ask.
    suspect = ~on_demand & (2 * short >= hops)
    if suspect.any():
        lines = sorted(set(feed.trips["route"][suspect]))
        shown = ", ".join(lines[:12]) + (" ..." if len(lines) > 12 else "")
        problems.add(
            "gtfs_maybe_on_demand", "warning", f"{feed.file}/stop_times.txt", count=int(suspect.sum()), routes=shown
        )
