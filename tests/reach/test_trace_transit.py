"""The rebuilt journey against the columns and against the timetable itself."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankerort.reach.trace_transit import trace_journey
from ankerort.reach.transit import prepare_transit, pt_columns
from reference import transit as slow
from reference.transit_worlds import DETOUR, cases, columns, dense_case


def check_legs(case, world, journey, access, egress):
    """A journey is possible on the timetable: rides exist, changes keep their seconds, walks their metres."""
    by_trip = {}
    for c in world.connections:
        by_trip.setdefault(c[4], []).append(c)
    legs = journey.legs
    assert [leg.start_s for leg in legs] == sorted(leg.start_s for leg in legs)
    assert legs[0].start_s == journey.leave_s
    assert legs[-1].end_s == journey.arrive_s
    rides = [leg for leg in legs if leg.kind == "ride"]
    assert journey.changes == len(rides) - 1
    for leg in rides:
        sits = [c for c in by_trip[leg.trip] if c[0] >= leg.start_s and c[1] <= leg.end_s]
        assert any((c[0], c[2], c[5]) == (leg.start_s, leg.from_stop, True) for c in sits)
        assert any((c[1], c[3], c[6]) == (leg.end_s, leg.to_stop, True) for c in sits)
    for before, after in itertools.pairwise(rides):
        assert after.start_s >= before.end_s + world.need[before.to_stop, after.from_stop]
    first, last = rides[0], rides[-1]
    assert first.start_s == journey.leave_s + slow.walk_seconds(access[first.from_stop], world.speed_ms)
    assert journey.arrive_s == last.end_s + slow.walk_seconds(egress[last.to_stop], world.speed_ms)
    assert legs[0].metres == access[first.from_stop]
    assert legs[-1].metres == egress[last.to_stop]
    assert journey.on_demand == any(case.timetable.trips["on_demand"].iloc[leg.trip] for leg in rides)
    assert journey.booking_lead_min == (60.0 if journey.on_demand else None)


def check_case(case, direction, with_demand):
    """Trace every pair of a world; returns how many rebuilt journeys changed vehicles."""
    rules, world, changed = case.rules, case.slow_world(with_demand), 0
    day = prepare_transit(
        case.timetable,
        rules=rules,
        with_demand=with_demand,
        stop_walks=columns(case.stop_walks, case.n_stops),
        detour=DETOUR,
    )
    targets, homes = columns(case.target_stops, case.n_targets), columns(case.home_stops, case.n_stops)
    found = pt_columns(
        day, direction=direction, target_stops=targets, home_stops=homes,
        walks=columns(case.walks, case.n_targets), n_homes=case.n_homes, rules=rules, threads=1,
    )  # fmt: skip
    for target in range(case.n_targets):
        part = slice(found.ptr[target], found.ptr[target + 1])
        row_of = {int(h): k for k, h in enumerate(found.home[part])}
        for home in range(case.n_homes):
            access, egress, walk_m = case.ends(direction, target, home)
            stops = {s: m for (s, h), m in case.home_stops.items() if h == home}
            trace = trace_journey(
                day, direction=direction, target_stops=targets.column(target),
                home_stops=(np.array(sorted(stops), np.int32), np.array([stops[s] for s in sorted(stops)], np.int32)),
                walk_m=walk_m, rules=rules,
            )  # fmt: skip
            every = slow.useful_journeys(world, access, egress, walk_m)
            inside = [j for j in every if world.window[0] <= j[0] < world.window[1]]
            assert list(trace.departures) == inside
            k = row_of.get(home)
            for name in ("typical", "fastest"):
                journey = getattr(trace, name)
                column = -1 if k is None else int(getattr(found, f"{name}_s")[part][k])
                assert (journey.duration_s if journey else -1) == column
                if journey and journey.changes >= 0:
                    assert (journey.leave_s, journey.arrive_s) in inside
                    check_legs(case, world, journey, access, egress)
                    changed += journey.changes > 0
                elif journey:
                    assert [leg.metres for leg in journey.legs] == [walk_m]
    return changed


@pytest.mark.parametrize("direction", ["out", "home"])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases(), with_demand=st.booleans())
def test_trace_equals_columns_in_small_worlds(direction, case, with_demand):
    """The rebuilt journeys have the columns' durations, stand in the list of departures and can be made as told."""
    check_case(case, direction, with_demand)


@pytest.mark.parametrize("direction", ["out", "home"])
def test_trace_equals_columns_with_changes(direction):
    """The same in fuller worlds, where journeys change vehicles (and some do)."""
    assert sum(check_case(dense_case(seed), direction, seed % 2 == 0) for seed in range(100, 130)) > 5
