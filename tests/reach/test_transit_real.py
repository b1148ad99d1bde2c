"""Public-transport columns on the real feeds against one forward search per second of leaving."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.reach.model import PtRules
from ankerort.reach.trace_transit import trace_journey
from ankerort.reach.transit import prepare_transit, pt_columns
from reference import transit as slow
from reference.transit_real import ForwardSearch, read_real_region, straight_walks

FIELDS = ("fastest_s", "typical_s", "waiting_median_s", "departures", "clock_s")


@pytest.mark.golden
@pytest.mark.parametrize(
    ("name", "land", "with_demand", "speed", "limit"),
    [("heidelberg", "BW", False, 1.25, 1000), ("magdeburg", "ST", False, 1.25, 1000), ("magdeburg", "ST", True, 0.9, 400)],
)  # fmt: skip
def test_real_feeds_equal_forward_searches(shared_data, name, land, with_demand, speed, limit):
    """A seeded sample of targets and cells has no differing value, out and home, and its rebuilt journeys agree too."""
    region = read_real_region(shared_data, name, land)
    rng = np.random.default_rng(2026)
    served = np.diff(straight_walks(region.cells, region.stops[np.unique(region.timetable.from_stop)], 600).ptr) > 0
    share = region.persons * served / (region.persons * served).sum()
    targets = region.cells[rng.choice(len(region.cells), 4, replace=False, p=share)] + 37.0
    rules = PtRules(walk_limit_m=limit, walk_speed_ms=speed)
    stop_walks = straight_walks(region.stops, region.stops, 500)
    target_stops = straight_walks(targets, region.stops, limit)
    home_stops = straight_walks(region.stops, region.cells, limit)
    walks = straight_walks(targets, region.cells, 5000)
    day = prepare_transit(region.timetable, rules=rules, with_demand=with_demand, stop_walks=stop_walks, detour=1.3)
    search = ForwardSearch(region.timetable, rules, stop_walks, with_demand)
    world = slow.World([], 0, {}, limit, speed, rules.max_journey_s, (rules.window_start_s, rules.window_end_s))
    compared = 0
    stop_of = np.repeat(np.arange(len(region.stops)), np.diff(home_stops.ptr))
    for direction in ("out", "home"):
        found = pt_columns(
            day, direction=direction, target_stops=target_stops, home_stops=home_stops, walks=walks,
            n_homes=len(region.cells), rules=rules,
        )  # fmt: skip
        for target in range(len(targets)):
            part = slice(found.ptr[target], found.ptr[target + 1])
            rows = {int(h): k for k, h in enumerate(found.home[part], found.ptr[target])}
            sample = {int(h) for h in rng.choice(home_stops.home, 6)}
            if rows:
                sample |= {int(h) for h in rng.choice(found.home[part], 12)}
            at_target = {int(s): int(m) for s, m in zip(*target_stops.column(target), strict=True)}
            on_foot = {int(h): int(m) for h, m in zip(*walks.column(target), strict=True)}
            for home in sorted(sample):
                near = home_stops.home == home
                at_home = dict(zip(stop_of[near].tolist(), home_stops.value[near].tolist(), strict=True))
                access, egress = (at_home, at_target) if direction == "out" else (at_target, at_home)
                walk_m = on_foot.get(home)
                journeys = search.journeys(access, egress, walk_m, all_day=direction == "home")
                expected = slow.summarise(journeys, world, walk_m, direction)
                k = rows.get(home)
                assert (None if k is None else tuple(int(getattr(found, f)[k]) for f in FIELDS)) == expected
                trace = trace_journey(
                    day, direction=direction, target_stops=target_stops.column(target),
                    home_stops=(stop_of[near].astype(np.int32), home_stops.value[near]), walk_m=walk_m, rules=rules,
                )  # fmt: skip
                inside = [j for j in journeys if rules.window_start_s <= j[0] < rules.window_end_s]
                assert list(trace.departures) == inside
                for journey, value in ((trace.fastest, 0), (trace.typical, 1)):
                    assert (journey.duration_s if journey else -1) == (expected or (-1, -1))[value]
                    if journey and journey.changes >= 0:
                        assert (journey.leave_s, journey.arrive_s) in inside
                compared += expected is not None and expected[3] > 0
    assert compared > 20
