"""Small random timetables and their plain-Python twins, for the tests of the public-transport kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from ankerort.network.model import SparseColumns, Timetable
from ankerort.reach.model import PtRules
from reference import transit as slow

DETOUR = 1.3


def columns(rows, n):
    """SparseColumns with n columns from {(column, home): value}."""
    keys = sorted(rows)
    ptr = np.zeros(n + 1, np.int64)
    for column, _ in keys:
        ptr[column + 1] += 1
    return SparseColumns(
        np.cumsum(ptr), np.array([h for _, h in keys], np.int32), np.array([rows[k] for k in keys], np.int32)
    )


def make_timetable(n_stops, xy, trips, transfers):
    """Timetable from trips: (on_demand, [(stop, arrival, departure, can_board, can_alight), ...]).

    Point 12 of 0002: the earliest alighting is never less than 3 s after the previous one and after the departure.
    """
    rows = []
    for trip, (demand, calls) in enumerate(trips):
        earliest = None
        for i in range(len(calls) - 1):
            start, _, dep, board, _ = calls[i]
            end, arrival, _, _, alight = calls[i + 1]
            ride = max(3, int(np.ceil(np.hypot(xy[start][0] - xy[end][0], xy[start][1] - xy[end][1]) / 30)))
            before = dep if earliest is None else max(earliest, dep)
            # Trips on demand do not visit all stops: several may be reached in the same second.
            earliest = max(arrival, dep + 3, earliest or 0) if demand else max(arrival, before + ride)
            rows.append((dep, trip, i, earliest, start, end, board, alight))
    rows.sort(key=lambda r: r[:3])
    part = list(zip(*rows, strict=True)) if rows else [[]] * 8
    return Timetable(
        date="2026-06-09",
        stops=pd.DataFrame(
            {
                "stop_ix": range(n_stops),
                "name": [f"Halt {i}" for i in range(n_stops)],
                "x": [float(p[0]) for p in xy],
                "y": [float(p[1]) for p in xy],
            }
        ),
        trips=pd.DataFrame(
            {
                "trip_ix": range(len(trips)),
                "route": [str(i) for i in range(len(trips))],
                "headsign": ["" for _ in trips],
                "on_demand": [bool(t[0]) for t in trips],
                "booking_lead_min": [60.0 if t[0] else float("nan") for t in trips],
            }
        ),
        dep_s=np.array(part[0], np.int32),
        arr_s=np.array(part[3], np.int32),
        from_stop=np.array(part[4], np.int32),
        to_stop=np.array(part[5], np.int32),
        trip=np.array(part[1], np.int32),
        can_board=np.array(part[6], bool),
        can_alight=np.array(part[7], bool),
        transfer_from=np.array([t[0] for t in transfers], np.int32),
        transfer_to=np.array([t[1] for t in transfers], np.int32),
        transfer_kind=np.array([t[2] for t in transfers], np.int8),
        transfer_min_s=np.array([t[3] for t in transfers], np.int32),
    )


@dataclass
class Case:
    """One world: contract types for the kernel, dictionaries for the slow search."""

    timetable: Timetable
    rules: PtRules
    xy: list
    stop_walks: dict
    transfers: list
    target_stops: dict
    home_stops: dict
    walks: dict
    n_targets: int
    n_homes: int

    @property
    def n_stops(self):
        """Number of stops."""
        return len(self.xy)

    def slow_world(self, with_demand):
        """The twin for the exhaustive search."""
        t, r = self.timetable, self.rules
        runs = np.ones(len(t.dep_s), bool) if with_demand else ~t.on_demand
        connections = [
            tuple(row)
            for row in zip(
                t.dep_s[runs].tolist(),
                t.arr_s[runs].tolist(),
                t.from_stop[runs].tolist(),
                t.to_stop[runs].tolist(),
                t.trip[runs].tolist(),
                t.can_board[runs].tolist(),
                t.can_alight[runs].tolist(),
                strict=True,
            )
        ]
        need = slow.changes(
            self.n_stops,
            self.xy,
            {(a, b): m for (b, a), m in self.stop_walks.items()},
            self.transfers,
            speed_ms=r.walk_speed_ms,
            min_change_s=r.min_change_s,
            transfer_walk_m=r.transfer_walk_m,
            detour=DETOUR,
        )
        window = (r.window_start_s, r.window_end_s)
        return slow.World(connections, self.n_stops, need, r.walk_limit_m, r.walk_speed_ms, r.max_journey_s, window)

    def ends(self, direction, target, home):
        """(where the journey starts, where it ends, metres of walking all the way) as the slow search wants them."""
        at_target = {s: m for (t, s), m in self.target_stops.items() if t == target}
        at_home = {s: m for (s, h), m in self.home_stops.items() if h == home}
        walk = self.walks.get((target, home))
        return (at_home, at_target, walk) if direction == "out" else (at_target, at_home, walk)


@st.composite
def cases(draw):
    """Random stops, trips (loops, same stop twice, zero hops, overnight), transfers of each type, walks, homes, targets."""
    n_stops = draw(st.integers(2, 6))
    xy = [(draw(st.integers(0, 1200)), draw(st.integers(0, 1200))) for _ in range(n_stops)]
    base = draw(st.sampled_from([0, 21_000, 71_000, 85_000]))
    trips = []
    for _ in range(draw(st.integers(0, 9))):
        now = base + draw(st.integers(0, 5400))
        calls = []
        for _ in range(draw(st.integers(2, 6))):
            arrival = now
            now += draw(st.sampled_from([0, 0, 0, 30, 120]))
            flags = draw(st.sampled_from([(True, True)] * 4 + [(False, True), (True, False), (False, False)]))
            calls.append((draw(st.integers(0, n_stops - 1)), arrival, now, *flags))
            now += draw(st.sampled_from([0, 1, 60, 120, 300, 611]))
        trips.append((draw(st.integers(0, 3)) == 0, calls))
    stop = st.integers(0, n_stops - 1)
    transfers = draw(
        st.lists(st.tuples(stop, stop, st.integers(0, 3), st.sampled_from([0, 1, 60, 300, 900])), max_size=5)
    )
    metres = st.sampled_from([0, 1, 50, 125, 300, 499, 500, 501, 700])
    far = st.sampled_from([0, 10, 333, 600, 601, 999, 1000, 1001, 1500])
    stop_walks = {}
    for a in range(n_stops):
        for b in range(n_stops):
            if a != b and draw(st.booleans()):
                stop_walks[b, a] = draw(metres)
    n_targets, n_homes = draw(st.integers(1, 2)), draw(st.integers(1, 4))
    target_stops = {(t, s): draw(far) for t in range(n_targets) for s in range(n_stops) if draw(st.booleans())}
    home_stops = {(s, h): draw(far) for s in range(n_stops) for h in range(n_homes) if draw(st.booleans())}
    walks = {
        (t, h): draw(st.sampled_from([0, 400, 1000, 1001, 2500]))
        for t in range(n_targets)
        for h in range(n_homes)
        if draw(st.booleans())
    }
    start = base + 60 * draw(st.integers(0, 60)) - base % 60
    rules = PtRules(
        walk_limit_m=draw(st.sampled_from([600, 1000])),
        walk_speed_ms=draw(st.sampled_from([1.25, 1.1, 0.9, 0.7])),
        min_change_s=draw(st.sampled_from([0, 120])),
        max_journey_s=draw(st.sampled_from([5400, 2000, 1200])),
        window_start_s=start,
        window_end_s=start + 60 * draw(st.integers(0, 90)) + draw(st.sampled_from([0, 0, 17])),
    )
    return Case(
        make_timetable(n_stops, xy, trips, transfers), rules, xy, stop_walks, transfers, target_stops, home_stops,
        walks, n_targets, n_homes,
    )  # fmt: skip


def dense_case(seed):
    """A fuller random world by seed: lines with several runs, so that homes have many journeys with changes."""
    rng = np.random.default_rng(seed)
    n_stops = int(rng.integers(4, 10))
    xy = [(int(x), int(y)) for x, y in rng.integers(0, 4000, (n_stops, 2))]
    base = int(rng.choice([0, 21_600, 79_200]))
    trips = []
    for _ in range(int(rng.integers(2, 7))):
        line = rng.integers(0, n_stops, int(rng.integers(2, 7)))
        hops = rng.choice([0, 1, 2, 60, 120, 240], len(line))
        stands = rng.choice([0, 0, 0, 60], len(line))
        flags = rng.choice([0, 0, 0, 0, 0, 0, 1, 2, 3], len(line))
        demand = bool(rng.integers(0, 4) == 0)
        headway = int(rng.choice([180, 420, 900, 1800]))
        first = base + int(rng.integers(0, 1800))
        for run in range(int(rng.integers(1, 14))):
            now = first + run * headway + int(rng.choice([0, 0, 0, 45]))
            calls = []
            for stop, hop, stand, flag in zip(line, hops, stands, flags, strict=True):
                calls.append((int(stop), now, now + int(stand), flag not in (1, 3), flag not in (2, 3)))
                now += int(stand + hop + rng.choice([0, 0, 60, 200]))
            trips.append((demand, calls))
    transfers = [
        (int(a), int(b), int(k), int(own))
        for a, b, k, own in zip(
            rng.integers(0, n_stops, 4), rng.integers(0, n_stops, 4), rng.integers(0, 4, 4), rng.choice([0, 60, 600], 4),
            strict=True,
        )
    ]  # fmt: skip
    stop_walks = {
        (b, a): int(rng.integers(0, 700))
        for a in range(n_stops) for b in range(n_stops) if a != b and rng.random() < 0.3
    }  # fmt: skip
    n_targets, n_homes = 2, 4
    target_stops = {(t, s): int(rng.integers(0, 1100)) for t in range(2) for s in range(n_stops) if rng.random() < 0.2}
    home_stops = {(s, h): int(rng.integers(0, 1100)) for s in range(n_stops) for h in range(4) if rng.random() < 0.25}
    walks = {(t, h): int(rng.integers(500, 4000)) for t in range(2) for h in range(4) if rng.random() < 0.5}
    start = base + 60 * int(rng.integers(0, 30))
    rules = PtRules(
        walk_limit_m=int(rng.choice([600, 1000])),
        walk_speed_ms=float(rng.choice([1.25, 1.1, 0.9, 0.7])),
        max_journey_s=int(rng.choice([5400, 2700])),
        window_start_s=start,
        window_end_s=start + 60 * int(rng.integers(1, 90)),
    )
    return Case(
        make_timetable(n_stops, xy, trips, transfers), rules, xy, stop_walks, transfers, target_stops, home_stops,
        walks, n_targets, n_homes,
    )  # fmt: skip
