"""The rebuilt pairs against the columns and against the definition of a pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankerort.reach.round_trips import TripRules, Visits, round_trip_columns
from ankerort.reach.trace_round_trip import trace_round_trip
from ankerort.reach.transit import home_access, prepare_transit
from reference.round_trips import visit_over, with_near_stops
from reference.transit_worlds import DETOUR, cases, columns, dense_case

DAY_S = 172_800


def check_case(case, windows, stay, trip, with_demand):
    """Trace every home and target of a world; returns how many pairs there are."""
    day = prepare_transit(
        case.timetable, rules=case.rules, with_demand=with_demand,
        stop_walks=columns(case.stop_walks, case.n_stops), detour=DETOUR,
    )  # fmt: skip
    targets = columns(case.target_stops, case.n_targets)
    n, count = case.n_targets, len(windows)
    visits = Visits(
        np.arange(n + 1, dtype=np.int64) * count,
        np.tile(np.array([w[0] for w in windows], np.int32), n),
        np.tile(np.array([w[1] for w in windows], np.int32), n),
        np.full(n, stay, np.int32),
    )
    found = round_trip_columns(
        day, home_access(columns(case.home_stops, case.n_stops), n_homes=case.n_homes, rules=case.rules),
        target_stops=targets, walks=columns(case.walks, n), visits=visits, rules=case.rules, trip=trip, threads=1,
    )  # fmt: skip
    listed = 0
    for target in range(n):
        part = slice(found.ptr[target], found.ptr[target + 1])
        names = ("pairs", "away_s", "way_s", "last_home_s", "first_home_s")
        rows = {int(h): tuple(int(getattr(found, f)[part][k]) for f in names) for k, h in enumerate(found.home[part])}
        for home in range(case.n_homes):
            stops = {s: m for (s, h), m in case.home_stops.items() if h == home}
            trace = trace_round_trip(
                day, target_stops=targets.column(target),
                home_stops=(np.array(sorted(stops), np.int32), np.array([stops[s] for s in sorted(stops)], np.int32)),
                walk_m=case.walks.get((target, home)), windows=tuple(windows), stay_s=stay, rules=case.rules, trip=trip,
            )  # fmt: skip
            assert trace.values == rows.get(home, (0, -1, -1, -1, -1))
            rides = [leg for p in trace.pairs for j in (p.out, p.home) for leg in j.legs if leg.kind == "ride"]
            boarded = [(leg.trip, leg.from_stop, leg.start_s) for leg in rides]
            for pair in (*trace.pairs, *(p for p in (trace.on_foot, trace.shortest, trace.nearest) if p)):
                assert pair.out.leave_s >= trip.leave_from_s
                assert pair.home.arrive_s <= trip.back_by_s
                assert pair.home.leave_s >= pair.over_s == pair.begin_s + stay
                if pair.out.changes >= 0:
                    assert visit_over(pair.out.arrive_s, windows, stay, trip.early_s) == pair.over_s
            # no journey stands in two pairs
            moments = [
                (j is p.out, j.leave_s, j.arrive_s) for p in trace.pairs for j in (p.out, p.home) if j.changes >= 0
            ]
            assert len(moments) == len(set(moments))
            assert len(boarded) >= len(moments)
            listed += len(trace.pairs)
    return listed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases(), with_demand=st.booleans(), stay=st.sampled_from([0, 300, 1200, -1]), half=st.integers(0, 6000))
def test_trace_equals_columns_in_small_worlds(case, with_demand, stay, half):
    """The traced pairs have the columns' values and keep hours and stay."""
    base = case.rules.window_start_s
    trip = TripRules(base, base + 9000, 300)
    check_case(case, [(base + 600, base + 600 + half), (base + 7000, base + 8500)], stay, trip, with_demand)


def test_trace_equals_columns_in_fuller_worlds():
    """The same with lines of many runs, all day, with and without walks that count."""
    pairs = 0
    for seed in range(300, 312):
        case = with_near_stops(dense_case(seed))
        if seed % 2:
            case = replace(case, walks={key: 500 + 100 * key[1] for key in case.walks})
        base = max(0, case.rules.window_start_s - 1800)
        pairs += check_case(case, [(0, DAY_S)], 300, TripRules(base, base + 20_000, 0), seed % 3 == 0)
    assert pairs > 10
