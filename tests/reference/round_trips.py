"""Round trips by trying everything, straight from docs/decisions/0006.

Journeys come from the exhaustive forward search of `reference.transit`; the largest number of pairs is a maximum matching of
networkx; shortest time away and longer way are minima over all possible pairs.
"""

from __future__ import annotations

from dataclasses import replace

import networkx as nx

from reference import transit as slow

ANY = 32_767  # pairs on foot: as often as one likes


def with_near_stops(case):
    """The world with homes and targets at many stops, so that many have ways both ways."""
    targets = {(t, s): 400 + s for t in range(case.n_targets) for s in range(case.n_stops) if (s + t) % 3 == 0}
    homes = {(s, h): 300 + h for h in range(case.n_homes) for s in range(case.n_stops) if (s + h) % 3 == 1}
    return replace(case, target_stops=targets, home_stops=homes)


def visit_over(arrive, windows, stay, early):
    """Points 4: end of the visit of somebody who arrives at `arrive`; None if no window fits."""
    for start, end in sorted(windows):
        begin = max(arrive, start)
        if arrive >= start - early and begin + stay <= end:
            return begin + stay
    return None


def walk_begins(walk, windows, stay, leave_from):
    """Intervals [first, last] of the begin of a visit of somebody who comes on foot."""
    found = []
    for start, end in windows:
        first, last = max(start, leave_from + walk), end - stay
        if first <= last:
            found.append((first, last))
    return found


def round_trip(outs, homes, walk, windows, *, stay, early, leave_from, back_by):
    """(pairs, time away, longer way, last way home, first way home in a pair) of one home and target; None if nothing is defined.

    `outs`, `homes`: useful journeys by vehicle of the whole day; `walk`: seconds where walking counts, else None.
    """
    homes = [j for j in homes if j[0] >= leave_from]
    last_home = max((x for x, _ in homes), default=-1)
    if not windows:
        return None
    outs = [
        (x, y, over) for x, y in outs if x >= leave_from and (over := visit_over(y, windows, stay, early)) is not None
    ]
    homes = [j for j in homes if j[1] <= back_by]
    away, ways, firsts = [], [], []
    graph = nx.Graph()
    tops = []
    for i, (x, y, over) in enumerate(outs):
        for j, (p, q) in enumerate(homes):
            if p >= over:
                graph.add_edge(("out", i), ("home", j))
                firsts.append(p)
                away.append(q - x)
                ways.append(max(y - x, q - p))
        tops.append(("out", i))
    on_foot = False
    if walk is not None:
        begins = walk_begins(walk, windows, stay, leave_from)
        for i, (x, y, over) in enumerate(outs):
            if over + walk <= back_by:
                # a walk is never used up: each way out has one of its own
                graph.add_edge(("out", i), ("walk home", i))
                away.append(over + walk - x)
                ways.append(max(y - x, walk))
        for j, (p, q) in enumerate(homes):
            possible = [min(last, p - stay) for first, last in begins if p - stay >= first]
            if possible:
                graph.add_edge(("walk out", j), ("home", j))
                tops.append(("walk out", j))
                firsts.append(p)
                away.append(q - (max(possible) - walk))
                ways.append(max(walk, q - p))
        if any(first + stay + walk <= back_by for first, _ in begins):
            on_foot = True
            away.append(stay + 2 * walk)
            ways.append(walk)
    graph.add_nodes_from(tops)
    matching = nx.bipartite.maximum_matching(graph, top_nodes=tops) if graph.edges else {}
    pairs = ANY if on_foot else len(matching) // 2
    if pairs == 0 and last_home < 0:
        return None
    return pairs, min(away, default=-1), min(ways, default=-1), last_home, min(firsts, default=-1)


def expected(case, with_demand, visits, trip):
    """{(target, home): the five values} of a world; `visits` {target: (windows, stay)}; `trip` a `TripRules`."""
    world = case.slow_world(with_demand)
    rows = {}
    for target in range(case.n_targets):
        windows, stay = visits[target]
        if stay < 0:
            continue
        for home in range(case.n_homes):
            walk_m = case.walks.get((target, home))
            walk = None
            if walk_m is not None and walk_m <= world.walk_limit_m:
                walk = slow.walk_seconds(walk_m, world.speed_ms)
                if walk > world.max_journey_s:
                    walk = None
            found = {}
            for direction in ("out", "home"):
                access, egress, _ = case.ends(direction, target, home)
                # a walk that does not count takes no journey away
                found[direction] = slow.useful_journeys(world, access, egress, None if walk is None else walk_m)
            value = round_trip(
                found["out"], found["home"], walk, windows,
                stay=stay, early=trip.early_s, leave_from=trip.leave_from_s, back_by=trip.back_by_s,
            )  # fmt: skip
            if value is not None:
                rows[target, home] = value
    return rows
