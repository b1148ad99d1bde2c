"""Public-transport times by exhaustive search, slow and obvious, straight from docs/decisions/0002.

Nothing is shared with the kernels: the search runs forwards in time, once per moment of leaving, over the set of
all places in vehicles (trip, position) that can be reached at all; the way home is searched forwards too, from the
target, on the same timetable. Only `fractions` decides how long a walk takes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

FORBIDDEN = None


def walk_seconds(metres: int, speed_ms: float) -> int:
    """Point 1: ceil(m / speed), with the speed as the decimal number that is written."""
    return math.ceil(Fraction(metres) / Fraction(str(speed_ms)))


@dataclass
class World:
    """A small world in plain Python: lists of rows of the timetable, dictionaries of metres."""

    connections: list[tuple]  # (dep, arr, from, to, trip, can_board, can_alight), only those that run
    n_stops: int
    need: dict[tuple[int, int], int]  # (alighting stop, boarding stop) -> seconds; missing = not allowed
    walk_limit_m: int
    speed_ms: float
    max_journey_s: int
    window: tuple[int, int]


def changes(n_stops, xy, stop_walks, transfers, *, speed_ms, min_change_s, transfer_walk_m, detour):
    """Point 3: seconds needed per pair. `stop_walks` {(a, b): metres}; `transfers` rows (a, b, kind, own seconds)."""
    need = {}
    for a in range(n_stops):
        for b in range(n_stops):
            rows = [(kind, own) for p, q, kind, own in transfers if (p, q) == (a, b)]
            metres = stop_walks.get((a, b))
            if a == b:
                base, on_foot = min_change_s, 0
            elif metres is not None and metres <= transfer_walk_m:
                on_foot = walk_seconds(metres, speed_ms)
                base = on_foot + min_change_s
            else:
                base = FORBIDDEN
                if metres is None:
                    metres = math.ceil(math.hypot(xy[a][0] - xy[b][0], xy[a][1] - xy[b][1]) * detour)
                on_foot = walk_seconds(metres, speed_ms)
            if any(kind == 3 for kind, _ in rows):
                continue
            if rows:  # of several rows the one that needs most
                base = max({0: on_foot + min_change_s, 1: on_foot, 2: own}[kind] for kind, own in rows)
            if base is not FORBIDDEN:
                need[a, b] = base
    return need


def earliest_arrival(world, leave, access, egress):
    """Earliest arrival of somebody who leaves at `leave`; access and egress {stop: metres}; None if there is none."""
    trips = {}
    for c in world.connections:
        trips.setdefault(c[4], []).append(c)
    for rides in trips.values():
        rides.sort(key=lambda c: c[1])  # arrivals rise along a trip
    waiting = []
    for stop, metres in access.items():
        if metres <= world.walk_limit_m:
            waiting.append((stop, leave + walk_seconds(metres, world.speed_ms)))
    seen = set()
    best = None
    while waiting:
        stop, ready = waiting.pop()
        for trip, rides in trips.items():
            for i, (dep, _, start, _, _, can_board, _) in enumerate(rides):
                if start != stop or dep < ready or not can_board or (trip, i) in seen:
                    continue
                seen.add((trip, i))
                for _, arr, _, end, _, _, can_alight in rides[i:]:
                    if not can_alight:
                        continue
                    if egress.get(end, world.walk_limit_m + 1) <= world.walk_limit_m:
                        there = arr + walk_seconds(egress[end], world.speed_ms)
                        best = there if best is None else min(best, there)
                    for other in range(world.n_stops):
                        if (end, other) in world.need:
                            waiting.append((other, arr + world.need[end, other]))
    return best


def useful_journeys(world, access, egress, walk_m):
    """Points 1-5: all useful journeys (leave, arrive) of the day, in time order."""
    leaves = set()
    for dep, _, start, _, _, can_board, _ in world.connections:
        if can_board and access.get(start, world.walk_limit_m + 1) <= world.walk_limit_m:
            leaves.add(dep - walk_seconds(access[start], world.speed_ms))
    journeys = []
    for leave in leaves:
        arrive = earliest_arrival(world, leave, access, egress)
        if arrive is not None and arrive - leave <= world.max_journey_s:
            journeys.append((leave, arrive))
    good = []
    for leave, arrive in journeys:
        dominated = any(x >= leave and y <= arrive and (x, y) != (leave, arrive) for x, y in journeys)
        beaten = walk_m is not None and arrive - leave >= walk_seconds(walk_m, world.speed_ms)
        if not dominated and not beaten:
            good.append((leave, arrive))
    return sorted(good)


def lower_median(values):
    """Element (n - 1) // 2 of the sorted values."""
    return sorted(values)[(len(values) - 1) // 2]


def summaries(world, access, egress, walk_m, direction):
    """Point 8: (fastest, typical, waiting median, departures, clock), -1 where undefined; None if all are undefined.

    `access` is where the journey starts: the home on the way out, the target on the way home.
    """
    return summarise(useful_journeys(world, access, egress, walk_m), world, walk_m, direction)


def summarise(every, world, walk_m, direction):
    """Point 8 for given useful journeys; `world` only for its rules."""
    start, end = world.window
    inside = [(x, y) for x, y in every if start <= x < end]
    durations = [y - x for x, y in inside]
    walk = None
    if walk_m is not None and walk_m <= world.walk_limit_m:
        walk = walk_seconds(walk_m, world.speed_ms)
        if walk > world.max_journey_s:
            walk = None
    with_walk = durations + ([walk] if walk is not None else [])
    fastest = min(with_walk) if with_walk else -1
    typical = lower_median(with_walk) if with_walk else -1
    waits = []
    for minute in range(start, end):
        if minute % 60:
            continue
        arrivals = [y for x, y in every if x >= minute]
        if walk is not None:
            arrivals.append(minute + walk)
        wait = min(arrivals) - minute if arrivals else math.inf
        waits.append(wait if wait <= world.max_journey_s else math.inf)
    median = lower_median(waits) if waits else math.inf
    waiting = -1 if median == math.inf else median
    if direction == "out":
        clock = min((y for _, y in inside), default=-1)
    else:
        clock = max((x for x, _ in every if x >= start), default=-1)
    if fastest < 0 and waiting < 0 and clock < 0:
        return None
    return fastest, typical, waiting, len(inside), clock
