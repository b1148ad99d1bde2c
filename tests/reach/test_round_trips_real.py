"""Round trips on the real feeds against one forward search per second of leaving and a maximum matching."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.reach.model import PtRules
from ankerort.reach.round_trips import TripRules, Visits, round_trip_columns
from ankerort.reach.trace_round_trip import trace_round_trip
from ankerort.reach.transit import home_access, prepare_transit
from reference import round_trips as slow
from reference.transit_real import ForwardSearch, read_real_region, straight_walks

HOUR = 3600
FIELDS = ("pairs", "away_s", "way_s", "last_home_s", "first_home_s")


@pytest.mark.golden
@pytest.mark.parametrize(
    ("name", "land", "with_demand", "speed", "limit"),
    [("heidelberg", "BW", False, 1.25, 1000), ("magdeburg", "ST", True, 0.9, 400)],
)
def test_real_feeds_equal_forward_searches(shared_data, name, land, with_demand, speed, limit):
    """A seeded sample of cells has no differing value, and its rebuilt pairs agree too: a practice with a noon break, a shop, a clinic."""
    region = read_real_region(shared_data, name, land)
    rng = np.random.default_rng(606)
    served = np.diff(straight_walks(region.cells, region.stops[np.unique(region.timetable.from_stop)], 600).ptr) > 0
    share = region.persons * served / (region.persons * served).sum()
    targets = region.cells[rng.choice(len(region.cells), 3, replace=False, p=share)] + 37.0
    rules = PtRules(walk_limit_m=limit, walk_speed_ms=speed)
    trip = TripRules(7 * HOUR, 19 * HOUR, 300)
    hours = [((8 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR)), ((8 * HOUR, 20 * HOUR),), ((0, 48 * HOUR),)]
    stays = [5400, 2700, 7200]
    visits = Visits(
        np.array([0, 2, 3, 4]), np.array([w[0] for part in hours for w in part], np.int32),
        np.array([w[1] for part in hours for w in part], np.int32), np.array(stays, np.int32),
    )  # fmt: skip
    stop_walks = straight_walks(region.stops, region.stops, 500)
    target_stops = straight_walks(targets, region.stops, limit)
    home_stops = straight_walks(region.stops, region.cells, limit)
    walks = straight_walks(targets, region.cells, 5000)
    day = prepare_transit(region.timetable, rules=rules, with_demand=with_demand, stop_walks=stop_walks, detour=1.3)
    found = round_trip_columns(
        day, home_access(home_stops, n_homes=len(region.cells), rules=rules), target_stops=target_stops, walks=walks,
        visits=visits, rules=rules, trip=trip,
    )  # fmt: skip
    search = ForwardSearch(
        region.timetable,
        replace(rules, window_start_s=trip.leave_from_s, window_end_s=trip.back_by_s),
        stop_walks,
        with_demand,
    )
    stop_of = np.repeat(np.arange(len(region.stops)), np.diff(home_stops.ptr))
    several = 0
    for target in range(len(targets)):
        part = slice(found.ptr[target], found.ptr[target + 1])
        rows = {int(h): k for k, h in enumerate(found.home[part], found.ptr[target])}
        sample = {int(h) for h in rng.choice(home_stops.home, 3)} | {int(h) for h in rng.choice(found.home[part], 6)}
        at_target = {int(s): int(m) for s, m in zip(*target_stops.column(target), strict=True)}
        on_foot = {int(h): int(m) for h, m in zip(*walks.column(target), strict=True)}
        for home in sorted(sample):
            near = home_stops.home == home
            at_home = dict(zip(stop_of[near].tolist(), home_stops.value[near].tolist(), strict=True))
            walk_m = on_foot.get(home)
            walk = None if walk_m is None or walk_m > limit else search.walk(walk_m)
            expected = slow.round_trip(
                search.journeys(at_home, at_target, None if walk is None else walk_m, all_day=False),
                search.journeys(at_target, at_home, None if walk is None else walk_m, all_day=True), walk, hours[target],
                stay=stays[target], early=trip.early_s, leave_from=trip.leave_from_s, back_by=trip.back_by_s,
            )  # fmt: skip
            k = rows.get(home)
            assert (None if k is None else tuple(int(getattr(found, f)[k]) for f in FIELDS)) == expected
            trace = trace_round_trip(
                day, target_stops=target_stops.column(target),
                home_stops=(stop_of[near].astype(np.int32), home_stops.value[near]), walk_m=walk_m, windows=hours[target],
                stay_s=stays[target], rules=rules, trip=trip,
            )  # fmt: skip
            assert trace.values == (expected or (0, -1, -1, -1, -1))
            several += expected is not None and 1 < expected[0] < slow.ANY
    assert several > 3
