"""Which trips run only when booked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reference.small_feed import build, codes, events, tables


def area(trip: str, hops: int, gap_s: int) -> list[dict[str, object]]:
    """Boardings a second or so apart, then one alighting half an hour later."""
    stops: list[tuple[str, str]] = []
    for k in range(hops + 1):
        moment = k * gap_s
        stops.append(("AB"[k % 2], f"8:{moment // 60:02d}:{moment % 60:02d}"))
    return events(trip, *stops, ("C", "8:45:00"))


@pytest.mark.parametrize(
    ("hops", "gap_s", "found"), [(10, 1, True), (10, 2, True), (12, 0, True), (9, 1, False), (10, 3, False)]
)
def test_ten_hops_of_two_seconds_make_a_trip_on_demand(tmp_path: Path, hops: int, gap_s: int, found: bool) -> None:
    """At least 10 hops of at most 2 s; nine are not enough, and three seconds are no such hop."""
    timetable, problems = build(tmp_path, tables(stop_times=area("t1", hops, gap_s)))
    assert timetable.trips["on_demand"].tolist() == [found]
    assert timetable.trips["on_demand_rule"].tolist() == ["short_hops" if found else ""]
    assert ("gtfs_maybe_on_demand" in codes(problems)) == (hops == 9)


BOOKED = events("t1", ("A", "6:00:00", "2", "1"), ("B", "6:10:00", "3", "0"), ("C", "6:20:00", "1", "0"))
ALIGHT = events("t1", ("A", "6:00:00", "0", "1"), ("B", "6:10:00", "1", "3"), ("C", "6:20:00", "1", "2"))
FIXED = events("t1", ("A", "6:00:00", "0", "1"), ("B", "6:10:00", "0", "0"), ("C", "6:20:00", "2", "0"))


@pytest.mark.parametrize(
    ("other", "options", "rule"),
    [
        ({"stop_times": BOOKED}, {}, "pickup_by_arrangement"),
        ({"stop_times": ALIGHT}, {}, "pickup_by_arrangement"),
        ({"stop_times": FIXED}, {}, ""),  # the pickup at the last stop is none
        ({"routes": [{"route_id": "r", "route_short_name": "F1", "route_type": 715}]}, {}, "route_type_715"),
        ({}, {"on_demand_routes": ["610"]}, "named_by_user"),
        ({}, {"on_demand_routes": "r, q"}, "named_by_user"),
        ({}, {"on_demand_routes": ["611"]}, ""),
    ],
)
def test_rule_is_recorded(tmp_path: Path, other: dict[str, Any], options: dict[str, Any], rule: str) -> None:
    """Arrangement at all boardings or all alightings, route type 715, or the user's word; the rule stands with the trip."""
    timetable, _ = build(tmp_path, tables(**other), options={"booking_lead_min": 60} | options)
    assert set(timetable.trips["on_demand_rule"]) == {rule}
    lead = timetable.trips["booking_lead_min"].to_numpy()
    assert (lead == 60).all() if rule else np.isnan(lead).all()


def test_unknown_named_route_is_told(tmp_path: Path) -> None:
    """A route that the user names but the feed lacks is a warning."""
    _, problems = build(tmp_path, tables(), options={"on_demand_routes": ["611"]})
    assert codes(problems) == {"gtfs_named_route_unknown": "warning"}


def test_booking_rules_give_the_notice(tmp_path: Path) -> None:
    """GTFS-Flex: all boardings under a booking rule make the trip on demand, with the rule's longest notice."""
    rows = events("t1", ("A", "6:00:00"), ("B", "6:10:00"), ("C", "6:20:00"))
    for row, rule in zip(rows, ("b1", "b2", ""), strict=True):
        row["pickup_booking_rule_id"] = rule
    rules = [
        {"booking_rule_id": "b1", "booking_type": 1, "prior_notice_duration_min": 30},
        {"booking_rule_id": "b2", "booking_type": 1, "prior_notice_duration_min": 90},
    ]
    timetable, _ = build(tmp_path, tables(stop_times=rows, booking_rules=rules))
    assert timetable.trips["on_demand_rule"].tolist() == ["booking_rules"]
    assert timetable.trips["booking_lead_min"].tolist() == [90]


def test_trip_on_demand_drives_straight_to_where_it_is_booked(tmp_path: Path) -> None:
    """Its riders need at least the straight line at 30 m/s, not the way past all stops of the area."""
    timetable, _ = build(tmp_path, tables(stop_times=area("t1", 12, 1)))
    last = timetable.arr_s[np.argmax(timetable.arr_s)]
    assert last == 8 * 3600 + 45 * 60
    assert timetable.stops["demand_departures"].tolist() == [1, 1, 0, 0]
    assert timetable.stops["departures"].sum() == 0
