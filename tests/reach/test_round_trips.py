"""There and back: against the exhaustive search with a maximum matching, and in worlds with pairs derived by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankerort.catalogue import read_catalogue
from ankerort.network.kernels.round_trips import pair_journeys
from ankerort.reach.model import ON_FOOT_ANY_TIME, PtRules
from ankerort.reach.round_trips import TripRules, Visits, round_trip_columns, stay_seconds
from ankerort.reach.transit import MergeCount, home_access, prepare_transit
from reference import round_trips as slow
from reference.transit_worlds import DETOUR, Case, cases, columns, dense_case, make_timetable

FIELDS = ("pairs", "away_s", "way_s", "last_home_s", "first_home_s")
HOUR = 3600
DAY = TripRules(leave_from_s=7 * HOUR, back_by_s=19 * HOUR, early_s=0)


def as_visits(visits):
    """`Visits` from {target: (windows, stay)}."""
    windows = [sorted(visits[t][0]) if visits[t][1] >= 0 else [] for t in sorted(visits)]
    flat = [w for part in windows for w in part]
    return Visits(
        np.cumsum([0, *(len(w) for w in windows)]).astype(np.int64),
        np.array([w[0] for w in flat], np.int32),
        np.array([w[1] for w in flat], np.int32),
        np.array([visits[t][1] for t in sorted(visits)], np.int32),
    )


def compute(case, with_demand, visits, trip, threads=1, known=None, count=None):
    """The columns of a case by the kernel."""
    day = prepare_transit(
        case.timetable,
        rules=case.rules,
        with_demand=with_demand,
        stop_walks=columns(case.stop_walks, case.n_stops),
        detour=DETOUR,
    )
    return round_trip_columns(
        day,
        home_access(columns(case.home_stops, case.n_stops), n_homes=case.n_homes, rules=case.rules),
        target_stops=columns(case.target_stops, case.n_targets),
        walks=columns(case.walks, case.n_targets),
        visits=as_visits(visits),
        rules=case.rules,
        trip=trip,
        threads=threads,
        known=known,
        count=count,
    )


def as_dict(found):
    """{(target, home): the five values}."""
    return {
        (target, int(found.home[k])): tuple(int(getattr(found, f)[k]) for f in FIELDS)
        for target in range(len(found.ptr) - 1)
        for k in range(found.ptr[target], found.ptr[target + 1])
    }


@st.composite
def days(draw, n_targets, base):
    """Hours and stays of each target, hours of leaving and being back, around the second `base`."""
    visits = {}
    for target in range(n_targets):
        edges = sorted(draw(st.lists(st.integers(0, 9000), min_size=4, max_size=4, unique=True)))
        windows = [(base + edges[0], base + edges[1]), (base + edges[2], base + edges[3])]
        windows = draw(st.sampled_from([windows, windows[:1], [(0, 172_800)], []]))
        visits[target] = (windows, draw(st.sampled_from([0, 0, 60, 300, 1200, -1])))
    leave_from = base + draw(st.sampled_from([-9000, 0, 600, 2400]))
    trip = TripRules(
        leave_from_s=max(0, leave_from),
        back_by_s=max(0, leave_from) + draw(st.sampled_from([3000, 6000, 12_000, 30_000])),
        early_s=draw(st.sampled_from([0, 0, 300, 1800])),
    )
    return visits, trip


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases(), with_demand=st.booleans(), data=st.data())
def test_equals_exhaustive_search(case, with_demand, data):
    """Pairs (a maximum matching), time away, longer way, last way home and first way home in a pair equal the exhaustive search."""
    visits, trip = data.draw(days(case.n_targets, case.rules.window_start_s))
    found = as_dict(compute(case, with_demand, visits, trip))
    assert found == slow.expected(case, with_demand, visits, trip)
    assert all(first <= last for *_, last, first in found.values())


def dense_day(case, seed):
    """Hours of a fuller world by seed."""
    rng = np.random.default_rng(seed)
    base = case.rules.window_start_s - 1800
    visits = {}
    for target in range(case.n_targets):
        edges = np.sort(rng.integers(0, 12_000, 4)) + base
        windows = [(int(edges[0]), int(edges[1])), (int(edges[2]) + 1, int(edges[3]) + 2)][: int(rng.integers(1, 3))]
        visits[target] = (windows if rng.random() < 0.6 else [(0, 172_800)], int(rng.choice([0, 300, 900])))
    leave_from = max(0, base)
    return visits, TripRules(leave_from, leave_from + int(rng.choice([6000, 20_000])), int(rng.choice([0, 600])))


def test_equals_exhaustive_search_in_fuller_worlds():
    """The same in worlds with lines of many runs; several homes have several pairs, with and without a walk."""
    several = mixed = later = 0
    for seed in range(24):
        case = slow.with_near_stops(dense_case(seed))
        if seed % 3 == 0:  # short known walks: useful rides beat them, and they count
            case = replace(case, walks={key: 500 + 40 * (key[1] + 1) * (key[0] + 1) for key in case.walks})
        visits, trip = dense_day(case, seed)
        found = as_dict(compute(case, seed % 2 == 0, visits, trip))
        assert found == slow.expected(case, seed % 2 == 0, visits, trip), seed
        several += sum(1 < row[0] < ON_FOOT_ANY_TIME for row in found.values())
        mixed += sum(row[0] == ON_FOOT_ANY_TIME for row in found.values())
        later += sum(0 <= row[4] < row[3] for row in found.values())
    assert several > 20
    assert mixed > 5
    assert later > 20


def journeys(steps):
    """Useful journeys, leaving and arrival rising, from (gap, gap) steps."""
    leave, arrive = [], []
    for ahead, later in steps:
        leave.append((leave[-1] if leave else 0) + ahead)
        arrive.append(max(leave[-1] + 1, (arrive[-1] if arrive else 0) + later))
    return leave, arrive


STEPS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=14)


@settings(max_examples=500, deadline=None)
@given(
    out=STEPS, back=STEPS, walk=st.sampled_from([-1, -1, 0, 5, 30]), stay=st.sampled_from([0, 5, 20]),
    early=st.sampled_from([0, 0, 10]), edges=st.lists(st.integers(0, 400), min_size=6, max_size=6, unique=True),
    leave_from=st.integers(0, 150), back_by=st.integers(0, 500),
)  # fmt: skip
def test_greedy_pairs_are_a_maximum_matching(out, back, walk, stay, early, edges, leave_from, back_by):
    """On any useful journeys, hours and walks the greedy number is that of a maximum matching, and the minima are those of all pairs."""
    (out_leave, out_arrive), (back_leave, back_arrive) = journeys(out), journeys(back)
    edges = sorted(edges)
    windows = list(zip(edges[::2], edges[1::2], strict=True))
    found = np.empty(4, np.int32)

    def ints(values):
        return np.array(values, np.int32)

    pair_journeys(
        len(out_leave), ints(out_leave), ints(out_arrive), len(back_leave), ints(back_leave), ints(back_arrive), walk,
        ints(edges[::2]), ints(edges[1::2]), stay, early, leave_from, back_by, np.empty(len(back_leave) + 1, np.int32), found,
    )  # fmt: skip
    expected = slow.round_trip(
        list(zip(out_leave, out_arrive, strict=True)),
        list(zip(back_leave, back_arrive, strict=True)),
        None if walk < 0 else walk, windows, stay=stay, early=early, leave_from=leave_from, back_by=back_by,
    )  # fmt: skip
    assert tuple(found.tolist()) == ((*expected[:3], expected[4]) if expected else (0, -1, -1, -1))


def test_number_of_threads_changes_nothing():
    """One thread and two give the same arrays."""
    case = dense_case(5)
    visits, trip = dense_day(case, 5)
    one, two = compute(case, True, visits, trip, threads=1), compute(case, True, visits, trip, threads=2)
    for name in ("ptr", "home", *FIELDS, "profile_hash"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def buses(out, back, ride=600):
    """Trips of `ride` seconds from the village (stop 0) at `out`, and to it at `back`."""
    there = [(False, [(0, t, t, True, True), (1, t + ride, t + ride, True, True)]) for t in out]
    return there + [(False, [(1, t, t, True, True), (0, t + ride, t + ride, True, True)]) for t in back]


def pairs_of(trips, windows, stay_min, *, trip=DAY, walk=None, with_demand=False):
    """The five values of one home (100 s from its stop) and one target (200 s from its own), None if there are none."""
    rules = PtRules(walk_limit_m=1000, walk_speed_ms=1.25)
    xy = [(0, 0), (6000, 0)]
    case = Case(
        make_timetable(2, xy, trips, []), rules, xy, {}, [], {(0, 1): 250}, {(0, 0): 125},
        {} if walk is None else {(0, 0): walk}, 1, 1,
    )  # fmt: skip
    return as_dict(compute(case, with_demand, {0: (windows, stay_min * 60)}, trip)).get((0, 0))


def test_two_buses_there_and_two_back():
    """Doctor 8-12 and 14-17 h, 90 min. There 8:00 and 13:45 (arrive 8:13:20 and 13:58:20), back 10:00 and 17:00.

    The first pair: over at 9:43:20, the bus of 10:00 is left for at 9:56:40: away 7:58:20 to 10:11:40 = 8,000 s. Who comes at 13:58:20 stands before
    a closed door: one pair. If one may wait ten minutes, the visit is over at 15:30 and the bus of 17:00 makes the second pair. The first way
    home leaves at 9:56:40 in both cases, the last at 16:56:40.
    """
    hours = [(8 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR)]
    trips = buses([8 * HOUR, 13 * HOUR + 2700], [10 * HOUR, 17 * HOUR])
    assert pairs_of(trips, hours, 90) == (1, 8000, 900, 17 * HOUR - 200, 10 * HOUR - 200)
    waiting = replace(DAY, early_s=600)
    assert pairs_of(trips, hours, 90, trip=waiting) == (2, 8000, 900, 17 * HOUR - 200, 10 * HOUR - 200)


def test_a_bus_there_but_none_back():
    """One gets there, and the only bus back leaves before the visit is over: no pair, but a last way home."""
    assert pairs_of(buses([8 * HOUR], [9 * HOUR]), [(8 * HOUR, 12 * HOUR)], 90) == (0, -1, -1, 9 * HOUR - 200, -1)
    assert pairs_of(buses([8 * HOUR], []), [(8 * HOUR, 12 * HOUR)], 90) is None


def test_each_journey_is_in_one_pair_only():
    """Three buses there and one back are one pair; one there and three back are one pair, the first of them the shortest time away."""
    day = [(0, 24 * HOUR)]
    assert pairs_of(buses([8 * HOUR, 9 * HOUR, 10 * HOUR], [12 * HOUR]), day, 30)[0] == 1
    found = pairs_of(buses([8 * HOUR], [10 * HOUR, 12 * HOUR, 14 * HOUR]), day, 30)
    assert found == (1, 2 * HOUR + 600 + 100 + 100, 900, 14 * HOUR - 200, 10 * HOUR - 200)


def test_hours_of_leaving_and_being_back_are_kept_to_the_second():
    """Leaving at 7:00:00 and being back at 19:00:00 is in time, a second before or after is not."""
    day = [(0, 24 * HOUR)]
    leave, back = 7 * HOUR + 100, 19 * HOUR - 700
    assert pairs_of(buses([leave], [back]), day, 60)[0] == 1
    assert pairs_of(buses([leave - 1], [back]), day, 60)[0] == 0
    assert pairs_of(buses([leave], [back + 1]), day, 60) == (0, -1, -1, back + 1 - 200, -1)


def test_the_last_way_home_may_be_at_night():
    """The bus at ten past midnight is the last way home and in no pair."""
    trips = buses([8 * HOUR], [10 * HOUR, 24 * HOUR + 600])
    pairs, _, _, last, first = pairs_of(trips, [(0, 48 * HOUR)], 30)
    assert (pairs, last, first) == (1, 24 * HOUR + 400, 10 * HOUR - 200)


def test_the_first_way_home_follows_the_earliest_visit():
    """Shop 8-12 h, 30 min. There 7:30 (arrive 7:43:20, the door is closed) and 8:30 (8:43:20, over at 9:13:20).

    Back: the bus of 9:00 (left for at 8:56:40) is too early, that of 10:00 is the first, that of 11:00 as usable and later. Who may wait 20 min for
    the door comes at 7:43:20, is done at 8:30 and takes the bus of 9:00. Who walks (1,000 m = 800 s, leaving at 7:00) is done at 8:30 too.
    """
    shop, trips = [(8 * HOUR, 12 * HOUR)], buses([7 * HOUR + 1800, 8 * HOUR + 1800], [9 * HOUR, 10 * HOUR, 11 * HOUR])
    assert pairs_of(trips, shop, 30)[3:] == (11 * HOUR - 200, 10 * HOUR - 200)
    assert pairs_of(trips, shop, 30, trip=replace(DAY, early_s=1200))[3:] == (11 * HOUR - 200, 9 * HOUR - 200)
    faster = buses([8 * HOUR + 1800], [8 * HOUR + 1200, 9 * HOUR, 10 * HOUR], ride=300)
    assert pairs_of(faster, shop, 30, walk=1000)[3:] == (10 * HOUR - 200, 9 * HOUR - 200)


def test_who_rides_there_and_can_only_walk_home_has_no_bus_home():
    """Out by bus at 8:00, back on foot only (800 s): a pair, but neither a first nor a last bus home."""
    found = pairs_of(buses([8 * HOUR], [], ride=300), [(8 * HOUR, 12 * HOUR)], 30, walk=1000)
    assert found[3:] == (-1, -1)


def test_rufbus_counts_only_where_it_is_asked_for():
    """Out by the scheduled bus, back by a booked one: a pair with Rufbus, none without."""
    trips = buses([8 * HOUR], [])
    trips.append((True, [(1, 10 * HOUR, 10 * HOUR, True, True), (0, 10 * HOUR + 600, 10 * HOUR + 600, True, True)]))
    day = [(0, 24 * HOUR)]
    assert pairs_of(trips, day, 30) is None
    assert pairs_of(trips, day, 30, with_demand=True)[0] == 1


def test_on_foot_both_ways_any_time():
    """500 m = 400 s each way, half an hour at the shop: away 2,600 s, as often as one likes; a faster bus shortens the longer way."""
    shop = [(8 * HOUR, 12 * HOUR)]
    assert pairs_of([], shop, 30, walk=500) == (ON_FOOT_ANY_TIME, 2600, 400, -1, -1)
    assert pairs_of([], shop, 241, walk=500) is None  # longer than the shop is open
    assert pairs_of([], [], 30, walk=500) is None  # closed on the day
    assert pairs_of([], [(18 * HOUR + 1401, 20 * HOUR)], 30, walk=500) is None  # back at 19:00:01 at the earliest
    # 1,000 m = 800 s; the buses take 600 s: 300 + 100 + 200
    both = buses([9 * HOUR], [10 * HOUR], ride=300)
    assert pairs_of(both, shop, 30, walk=1000) == (
        ON_FOOT_ANY_TIME,
        600 + 1800 + 800,
        600,
        10 * HOUR - 200,
        10 * HOUR - 200,
    )


def test_a_walk_that_is_too_long_takes_no_bus_away():
    """1,001 m are too far to walk, though 801 s would be faster than the buses (900 s): the buses make a pair. 1,000 m are walked."""
    trips, shop = buses([8 * HOUR], [10 * HOUR]), [(0, 24 * HOUR)]
    assert pairs_of(trips, shop, 30, walk=1001)[0] == 1
    assert pairs_of(trips, shop, 30, walk=1000) == (ON_FOOT_ANY_TIME, 1800 + 1600, 800, -1, -1)


def test_one_way_on_foot_counts_where_both_ways_do_not_fit():
    """Be back by 8:21:40 from a visit of 60 min. On foot (800 s) it is over at 8:13:20 at the earliest, and one is back at 8:26:40.

    A bus home in 200 + 200 + 100 s that is left for at 8:13:20 is in time, one that is left for at 8:10:17 leaves too early.
    """
    trip = TripRules(leave_from_s=7 * HOUR, back_by_s=8 * HOUR + 1300, early_s=0)
    found = pairs_of(buses([], [8 * HOUR + 817], ride=283), [(0, 24 * HOUR)], 60, trip=trip, walk=1000)
    assert found == (0, -1, -1, 8 * HOUR + 617, -1)
    found = pairs_of(buses([], [8 * HOUR + 1000], ride=200), [(0, 24 * HOUR)], 60, trip=trip, walk=1000)
    assert found == (1, HOUR + 1300, 800, 8 * HOUR + 800, 8 * HOUR + 800)


def test_services_without_a_stay_or_that_drive_out_have_none():
    """Fire brigade: help drives; a stay that is not known: none; a shop has its stay in seconds."""
    catalogue = read_catalogue()
    assert stay_seconds("fire_station", catalogue) == -1
    assert stay_seconds("supermarket", catalogue) == 45 * 60
    services = dict(catalogue.services)
    services["supermarket"] = replace(services["supermarket"], stay_min=float("nan"))
    assert stay_seconds("supermarket", replace(catalogue, services=services)) == -1


def test_columns_are_taken_over_only_where_nothing_changed():
    """Another run of one line: targets whose profiles, walks and hours are the same are not merged, and the result is that of a full run."""
    skipped = merged = 0
    for seed in range(12):
        case = dense_case(seed)
        visits, trip = dense_day(case, seed)
        before = compute(case, True, visits, trip)
        count = MergeCount()
        same = compute(case, True, visits, trip, known=before, count=count)
        assert count.merged == 0
        assert as_dict(same) == as_dict(before)
        # the first target opens at other hours: it alone is merged again
        other_hours = {**visits, 0: ([(0, 90_000)], 60)}
        count = MergeCount()
        after = compute(case, True, other_hours, trip, known=before, count=count)
        assert as_dict(after) == as_dict(compute(case, True, other_hours, trip))
        assert (count.merged, count.skipped) == (1, 1)
        timetable = case.timetable
        later = replace(case, timetable=replace(timetable, arr_s=timetable.arr_s + (timetable.trip == 0) * np.int32(1)))
        count = MergeCount()
        changed = compute(later, True, visits, trip, known=before, count=count)
        assert as_dict(changed) == as_dict(compute(later, True, visits, trip))
        skipped, merged = skipped + count.skipped, merged + count.merged
    assert skipped > 2
    assert merged > 2
