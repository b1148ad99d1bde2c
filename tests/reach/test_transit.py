"""Public-transport columns against the exhaustive search, and in worlds with times derived by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankerort.network.model import SparseColumns, StopMatrix
from ankerort.reach.model import PtRules
from ankerort.reach.transit import MergeCount, matrix_columns, prepare_transit, pt_columns
from reference import transit as slow
from reference.transit_worlds import DETOUR, Case, cases, columns, dense_case, make_timetable

FIELDS = ("fastest_s", "typical_s", "waiting_median_s", "departures", "clock_s")


def compute(case, direction, with_demand, threads=1, known=None, count=None):
    """The columns of a case by the kernel."""
    day = prepare_transit(
        case.timetable,
        rules=case.rules,
        with_demand=with_demand,
        stop_walks=columns(case.stop_walks, case.n_stops),
        detour=DETOUR,
    )
    return pt_columns(
        day,
        direction=direction,
        target_stops=columns(case.target_stops, case.n_targets),
        home_stops=columns(case.home_stops, case.n_stops),
        walks=columns(case.walks, case.n_targets),
        n_homes=case.n_homes,
        rules=case.rules,
        threads=threads,
        known=known,
        count=count,
    )


def assert_equal(one, two):
    """The same columns, hashes included."""
    for name in ("ptr", "home", *FIELDS, "profile_hash"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def as_dict(found, n_targets):
    """{(target, home): the five summaries}."""
    rows = {}
    for target in range(n_targets):
        for k in range(found.ptr[target], found.ptr[target + 1]):
            rows[target, int(found.home[k])] = tuple(int(getattr(found, f)[k]) for f in FIELDS)
    return rows


def expected(case, direction, with_demand):
    """The same by the exhaustive search."""
    world = case.slow_world(with_demand)
    rows = {}
    for target in range(case.n_targets):
        for home in range(case.n_homes):
            value = slow.summaries(world, *case.ends(direction, target, home), direction)
            if value is not None:
                rows[target, home] = value
    return rows


@pytest.mark.parametrize("direction", ["out", "home"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases(), with_demand=st.booleans())
def test_equals_exhaustive_search(direction, case, with_demand):
    """All five summaries equal the exhaustive search, out and home, with and without trips on demand."""
    found = as_dict(compute(case, direction, with_demand), case.n_targets)
    assert found == expected(case, direction, with_demand)


@pytest.mark.parametrize("direction", ["out", "home"])
def test_equals_exhaustive_search_in_fuller_worlds(direction):
    """The same in worlds with lines of many runs, where homes have several departures with changes."""
    departures = 0
    for seed in range(30):
        case = dense_case(seed)
        found = as_dict(compute(case, direction, seed % 2 == 0), case.n_targets)
        assert found == expected(case, direction, seed % 2 == 0), seed
        departures += sum(row[3] > 2 for row in found.values())
    assert departures > 20


@pytest.mark.parametrize("direction", ["out", "home"])
def test_window_equals_its_single_departures(direction):
    """The useful journeys of a window are those of one search per second of leaving, put together (a frontier walked down)."""
    for seed in range(200, 208):
        case = dense_case(seed)
        world = case.slow_world(True)
        found = as_dict(compute(case, direction, True), case.n_targets)
        start, end = world.window
        for target in range(case.n_targets):
            for home in range(case.n_homes):
                access, egress, walk_m = case.ends(direction, target, home)
                limit = world.max_journey_s
                if walk_m is not None:
                    limit = min(limit, slow.walk_seconds(walk_m, world.speed_ms) - 1)
                moments = sorted(
                    {
                        c[0] - slow.walk_seconds(m, world.speed_ms)
                        for c in world.connections
                        for s, m in access.items()
                        if s == c[2]
                    }
                )
                # The arrival as a function of the moment of leaving rises in steps; each step is one useful journey.
                arrivals = [slow.earliest_arrival(world, m, access, egress) for m in moments]
                journeys = [
                    (m, a)
                    for m, a, after in zip(moments, arrivals, [*arrivals, None][1:], strict=True)
                    if a is not None and (after is None or after > a) and a - m <= limit
                ]
                durations = [a - m for m, a in journeys if start <= m < end]
                row = found.get((target, home), (-1, -1, -1, 0, -1))
                assert row[3] == len(durations)
                if durations:
                    assert row[0] == min(durations)


def test_number_of_threads_changes_nothing():
    """One thread and two give the same arrays."""
    case = dense_case(5)
    one, two = compute(case, "out", True, threads=1), compute(case, "out", True, threads=2)
    for name in ("ptr", "home", *FIELDS):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


@pytest.mark.parametrize("direction", ["out", "home"])
def test_columns_are_taken_over_only_where_nothing_changed(direction):
    """Another timetable, other walks, another window: what is not merged is what a full run gives; some is taken over, some merged."""
    skipped = merged = 0
    for seed in range(16):
        case = dense_case(seed)
        before = compute(case, direction, True)
        count = MergeCount()
        assert_equal(compute(case, direction, True, known=before, count=count), before)
        assert (count.merged, count.skipped) == (0, case.n_targets)
        timetable, rules = case.timetable, case.rules
        later = timetable.arr_s + (timetable.trip == seed % 3) * np.int32(1)
        for other in (
            replace(case, timetable=replace(timetable, arr_s=later)),
            replace(case, home_stops={key: m + 1 for key, m in case.home_stops.items()}),
            replace(case, walks={key: m + 9 for key, m in case.walks.items()}),
            replace(case, rules=replace(rules, window_end_s=rules.window_end_s + 600)),
        ):
            count = MergeCount()
            found = compute(other, direction, True, known=before, count=count)
            assert_equal(found, compute(other, direction, True))
            skipped, merged = skipped + count.skipped, merged + count.merged
    assert skipped > 5
    assert merged > 5


def test_a_stop_counts_by_its_homes_and_not_by_its_number():
    """A stop put in front of all others renumbers them; columns are taken over all the same."""
    case = dense_case(3)
    t = case.timetable
    before = compute(case, "out", True)
    first = t.stops.iloc[[0]].assign(x=9e6, y=9e6)
    stops = pd.concat([first, t.stops], ignore_index=True).assign(stop_ix=range(len(t.stops) + 1))
    one = np.int32(1)
    moved = replace(
        case,
        timetable=replace(
            t, stops=stops, from_stop=t.from_stop + one, to_stop=t.to_stop + one,
            transfer_from=t.transfer_from + one, transfer_to=t.transfer_to + one,
        ),
        xy=[(0, 0), *case.xy],
        stop_walks={(b + 1, a + 1): m for (b, a), m in case.stop_walks.items()},
        target_stops={(k, s + 1): m for (k, s), m in case.target_stops.items()},
        home_stops={(s + 1, h): m for (s, h), m in case.home_stops.items()},
    )  # fmt: skip
    count = MergeCount()
    assert_equal(compute(moved, "out", True, known=before, count=count), before)
    assert (count.merged, count.skipped) == (0, case.n_targets)


def line(times, *, demand=False, board=(True, True), alight=(True, True), stops=(0, 1), ride=600):
    """Trips between two stops that leave at `times`."""
    return [
        (demand, [(stops[0], t, t, board[0], alight[0]), (stops[1], t + ride, t + ride, board[1], alight[1])])
        for t in times
    ]


def village(
    trips,
    *,
    window=(6, 20),
    walk=None,
    access_m=125,
    egress_m=250,
    transfers=(),
    stop_walks=None,
    xy=((0, 0), (6000, 0)),
):
    """One home at stop 0 (access_m), one target at stop 1 (egress_m); 1.25 m/s."""
    rules = PtRules(
        walk_limit_m=1000, walk_speed_ms=1.25, window_start_s=window[0] * 3600, window_end_s=window[1] * 3600
    )
    last = len(xy) - 1
    return Case(
        make_timetable(len(xy), xy, trips, list(transfers)), rules, list(xy), stop_walks or {}, list(transfers),
        {(0, last): egress_m}, {(0, 0): access_m}, {} if walk is None else {(0, 0): walk}, 1, 1,
    )  # fmt: skip


def test_bus_every_quarter_of_an_hour():
    """56 buses leave from 6:00 to 19:45; access 100 s, ride 600 s, egress 200 s: each journey lasts 900 s.

    Leaving is 100 s before the bus. The bus of 6:00 is left for at 5:58:20, before the window; that of 20:00 at 19:58:20,
    within it: 56 journeys. Of each 15 minutes the first 14 wait for the next leaving at second 800 (values 900 + 800, 740, ..., 20),
    the last one for the leaving after it (900 + 860): 920, 980, ..., 1760, each 56 times. Element 419 is the 8th of them: 1340 s.
    """
    trips = line(range(6 * 3600, 21 * 3600, 900))
    found = as_dict(compute(village(trips), "out", False), 1)
    assert found == {(0, 0): (900, 900, 1340, 56, 6 * 3600 + 900 + 600 + 200)}


def test_village_with_two_buses_a_day():
    """Two departures: typical is the shorter of the two (lower median), waiting undefined, first arrival that of the first."""
    trips = line([7 * 3600], ride=900) + line([13 * 3600], ride=600)
    found = as_dict(compute(village(trips), "out", False), 1)
    assert found == {(0, 0): (900, 900, -1, 2, 7 * 3600 + 900 + 200)}
    back = line([12 * 3600, 16 * 3600], stops=(1, 0))
    found = as_dict(compute(village(back), "home", False), 1)
    assert found == {(0, 0): (900, 900, -1, 2, 16 * 3600 - 200)}


def test_last_way_home_counts_after_the_window_and_after_midnight():
    """A bus at 0:10 (24:10) is the last departure from the target; it is no departure of the window 6-20 h."""
    back = line([86_400 + 600], stops=(1, 0))
    found = as_dict(compute(village(back), "home", False), 1)
    assert found == {(0, 0): (-1, -1, -1, 0, 86_400 + 600 - 200)}


def test_midnight_trip_stays_one_trip():
    """A trip from 23:50 to 24:20 is ridden through midnight when the window lies there."""
    trips = line([85_800], ride=1800)
    found = as_dict(compute(village(trips, window=(23, 25)), "out", False), 1)
    assert found[0, 0][:2] == (2100, 2100)


def test_stop_without_boarding():
    """Where boarding or alighting is forbidden nobody gets on or off."""
    assert as_dict(compute(village(line([36_000], board=(False, True))), "out", False), 1) == {}
    assert as_dict(compute(village(line([36_000], alight=(True, False))), "out", False), 1) == {}
    back = line([36_000], stops=(1, 0), board=(False, True))
    assert as_dict(compute(village(back), "home", False), 1) == {}


def test_rufbus_only():
    """A place with on-demand trips only has no journey without Rufbus and some with it."""
    trips = line([36_000, 40_000], demand=True)
    assert as_dict(compute(village(trips), "out", False), 1) == {}
    assert as_dict(compute(village(trips), "out", True), 1)[0, 0][3] == 2


@pytest.mark.parametrize(
    ("kind", "own", "wait", "possible"),
    [(None, 0, 119, False), (None, 0, 120, True), (0, 0, 119, False), (1, 0, 0, True), (2, 300, 299, False), (2, 300, 300, True), (3, 0, 900, False)],
)  # fmt: skip
def test_change_time_at_one_stop(kind, own, wait, possible):
    """120 s, or what transfers.txt says: type 0 as without, 1 none, 2 its own, 3 forbidden."""
    trips = line([36_000]) + line([36_600 + wait], stops=(1, 2))
    transfers = [] if kind is None else [(1, 1, kind, own)]
    case = village(trips, transfers=transfers, xy=((0, 0), (3000, 0), (6000, 0)))
    assert bool(as_dict(compute(case, "out", False), 1)) == possible


@pytest.mark.parametrize(
    ("metres", "kind", "wait", "possible"),
    [(500, None, 519, False), (500, None, 520, True), (501, None, 3000, False), (501, 0, 521, True), (501, 0, 520, False), (500, 1, 400, True), (500, 1, 399, False), (500, 3, 3000, False)],
)  # fmt: skip
def test_change_between_stops(metres, kind, wait, possible):
    """Up to 500 m on foot plus 120 s; named pairs may be farther; type 1 without the 120 s; type 3 forbids it."""
    trips = line([36_000]) + line([36_600 + wait], stops=(2, 3))
    transfers = [] if kind is None else [(1, 2, kind, 0)]
    case = village(
        trips, transfers=transfers, stop_walks={(2, 1): metres}, xy=((0, 0), (3000, 0), (3400, 0), (6000, 0))
    )
    assert bool(as_dict(compute(case, "out", False), 1)) == possible


def test_transfer_walks_do_not_chain():
    """From stop 1 over stop 2 to stop 3 is no change, though each walk of 400 m would be."""
    trips = line([36_000]) + line([40_000], stops=(3, 4))
    walks = {(2, 1): 400, (1, 2): 400, (3, 2): 400, (2, 3): 400}
    case = village(trips, stop_walks=walks, xy=((0, 0), (3000, 0), (3400, 0), (3800, 0), (6000, 0)))
    assert as_dict(compute(case, "out", False), 1) == {}


def test_first_boarding_needs_no_change_time():
    """Who reaches the stop in the very second of the departure gets on, and the access walk is rounded up."""
    found = as_dict(compute(village(line([21_700]), access_m=125), "out", False), 1)
    assert found[0, 0][3] == 1  # leaves at 6:00:00
    assert as_dict(compute(village(line([21_700]), access_m=126), "out", False), 1) == {}  # 101 s: leaves at 5:59:59


def test_walk_beats_slower_journeys_and_counts_once():
    """1,000 m on foot take 800 s: a journey of 900 s is not useful, and the walk alone stands in the column."""
    found = as_dict(compute(village(line([36_000]), walk=1000), "out", False), 1)
    assert found == {(0, 0): (800, 800, 800, 0, -1)}
    found = as_dict(compute(village(line([36_000]), walk=1001), "out", False), 1)
    assert found == {}  # 801 s is known and faster, but too far to count
    found = as_dict(compute(village(line([36_000], ride=300), walk=1000), "out", False), 1)
    assert found == {(0, 0): (600, 600, 800, 1, 36_500)}


def test_ninety_minutes_door_to_door():
    """5,400 s are a journey, 5,401 s are none."""
    assert as_dict(compute(village(line([36_000], ride=5100)), "out", False), 1)[0, 0][0] == 5400
    assert as_dict(compute(village(line([36_000], ride=5101)), "out", False), 1) == {}


def test_other_rules_than_the_day_are_refused():
    """Columns with another walking speed than the day's are an error, not a silent mixture."""
    case = village(line([36_000]))
    day = prepare_transit(case.timetable, rules=case.rules, with_demand=True, stop_walks=columns({}, 2), detour=1.3)
    other = PtRules(walk_limit_m=1000, walk_speed_ms=1.0)
    with pytest.raises(ValueError, match="walk_speed_ms"):
        pt_columns(
            day, direction="out", target_stops=columns({}, 1), home_stops=columns({}, 2), walks=columns({}, 1),
            n_homes=1, rules=other,
        )  # fmt: skip


def test_matrix_of_stops():
    """Access + matrix + egress, the smallest over all pairs of different stops; compared with the walk; no departures."""
    stops = pd.DataFrame({"stop_ix": [0, 1, 2]})
    times = SparseColumns(
        np.array([0, 1, 2, 4]), np.array([0, 0, 0, 1], np.int32), np.array([0, 600, 1200, 900], np.int32)
    )
    matrix = StopMatrix(stops, times, "m")
    rules = PtRules(walk_limit_m=1000, walk_speed_ms=1.25)
    # Homes: 0 at stop 0 (125 m = 100 s) and stop 1 (1,000 m = 800 s), 1 at stop 1 (0 s), 2 walks only (500 m = 400 s),
    # 3 at stop 0, but 1,100 m on foot (880 s, too far to count) beat its journey of 1,500 s. Target at stop 2 (250 m).
    home_stops = columns({(0, 0): 125, (1, 0): 1000, (1, 1): 0, (0, 3): 125}, 3)
    walks = columns({(0, 2): 500, (0, 3): 1100, (0, 1): 1375}, 1)
    found = matrix_columns(
        matrix,
        target_stops=columns({(0, 2): 250, (0, 0): 1001}, 1),
        home_stops=home_stops,
        walks=walks,
        n_homes=4,
        rules=rules,
    )
    # Home 1: 900 + 200 = 1,100 s is not below 1,375 m = 1,100 s.
    assert as_dict(found, 1) == {(0, 0): (1500, 1500, -1, -1, -1), (0, 2): (400, 400, -1, -1, -1)}
