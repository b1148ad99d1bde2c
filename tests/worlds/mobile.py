"""Small random mobile problems in which every rule can be switched on in turn, and a believable rural case."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ankerort.mobile.problem import Decision, MobileProblem, Needs, Objective, Patterns, Vehicles

HOUR: Final = 3600

FEATURES: Final = (
    "windows", "halves", "slots", "breaks", "late_break", "two_parts", "one_vehicle", "must", "cover", "cost", "budget", "capacity",
    "range", "kinds", "vehicle_ok", "grid", "islands", "no_way", "drive", "tour", "fixed", "two_weeks", "depots", "shares",
)  # fmt: skip
"""Names of what can be switched on in `tiny` and `tiny_objective`. ``late_break`` switches ``breaks`` on, ``one_vehicle`` ``two_parts``.
``no_way`` takes ways out at random, so that a stop may be reached only over another one; ``islands`` takes out all ways of a stop, as a weak
bridge does on real streets."""

STREETS: Final = tuple(name for name in FEATURES if name != "no_way")
"""Features in which a drive over a third stop is possible only where the direct one is."""

RHYTHMS: Final = ("weekly", "fortnightly", "twice a week", "alternating")


def tiny(seed: int, *, stops: int | None = None, vehicles: int | None = None, **features: bool) -> MobileProblem:
    """A problem that `tests/reference/mobile.brute_force` solves in well under a second.

    Parameters
    ----------
    seed
        Equal seeds and features give equal problems.
    stops, vehicles
        3 or 4 and 1 or 2 by chance, if not given.
    features
        Names of `FEATURES`.
    """
    unknown = set(features) - set(FEATURES)
    if unknown:
        raise ValueError(f"no such features: {sorted(unknown)}")
    on = {name for name, yes in features.items() if yes}
    if "late_break" in on:
        on.add("breaks")
    if "one_vehicle" in on:
        on.add("two_parts")
    rng = np.random.default_rng([seed, 5])
    stops = int(rng.integers(3, 5)) if stops is None else stops
    cars = int(rng.integers(1, 3)) if vehicles is None else vehicles
    weeks = 2 if "two_weeks" in on or rng.random() < 0.5 else 1
    weekdays = int(rng.integers(2, 4))
    kinds = 2 if "kinds" in on else 1
    depots = 2 if "depots" in on else 1
    grid = int(rng.choice([1500, 2700])) if "grid" in on else int(rng.choice([1800, 3600]))
    halves = (
        np.array([[8 * HOUR, 11 * HOUR], [12 * HOUR, 15 * HOUR]])
        if "halves" in on
        else np.array([[8 * HOUR, 13 * HOUR]])
    )
    number = len(halves)
    patterns = _patterns(weeks, weekdays, two_parts="two_parts" in on)
    rhythms = int(patterns.rhythm.max()) + 1

    stay = rng.integers(1, 3, (stops, rhythms)) * grid
    window = np.repeat(halves[None], stops, axis=0)
    if "windows" in on:
        window[:, :, 0] += rng.integers(0, 5, (stops, number)) * 900
        window[:, :, 1] -= rng.integers(0, 5, (stops, number)) * 900
    slot_ok = np.ones((stops, weekdays, number), bool)
    slot_factor = np.ones(slot_ok.shape)
    if "slots" in on:
        slot_ok = rng.random(slot_ok.shape) < 0.75
        slot_factor = rng.choice([0.5, 1.0, 1.0, 1.3], slot_ok.shape)
    pattern_ok = np.zeros((stops, patterns.count), bool)
    for stop in range(stops):
        keep = min(patterns.count, int(rng.integers(2, 4)))
        pattern_ok[stop, rng.choice(patterns.count, keep, replace=False)] = True
    if "two_parts" in on:
        long = np.flatnonzero(np.diff(patterns.ptr) > 1)
        pattern_ok[rng.integers(stops), rng.choice(long)] = True
    must = rng.random(stops) < (0.4 if "must" in on else 0.0)
    if "cost" in on:
        must |= rng.random(stops) < 0.7

    xy = rng.uniform(0, 14_000, (stops + depots, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    # Streets bend: the way there and the way back differ, and a detour may be quicker than the direct way.
    metres = np.round(metres * rng.uniform(1.1, 1.7, metres.shape))
    np.fill_diagonal(metres, 0.0)
    travel_m = np.stack([metres] * kinds)
    speed = np.array([12.5, 17.0])[:kinds]
    travel_s = np.ceil(travel_m / speed[:, None, None]).astype(np.int32)
    drive_eur = travel_m / 1000.0 * np.array([0.4, 0.3])[:kinds, None, None]
    if "islands" in on:
        alone = rng.random((kinds, stops)) < 0.3
        for kind, stop in np.argwhere(alone):
            travel_s[kind, stop], travel_s[kind, :, stop] = -1, -1
            travel_s[kind, stop, stop] = 0
    if "no_way" in on:
        blocked = rng.random(travel_s.shape) < 0.15
        travel_s[blocked & ~np.eye(stops + depots, dtype=bool)[None]] = -1

    return MobileProblem(
        weeks=weeks,
        weekdays=weekdays,
        cycles_per_year=52.0 / weeks,
        grid_s=grid,
        halves_s=halves.astype(np.int32),
        window_s=window.astype(np.int32),
        slot_ok=slot_ok,
        slot_factor=slot_factor,
        pattern_ok=pattern_ok,
        must=must,
        stay_s=stay.astype(np.int32),
        served_share=rng.uniform(0.5, 1.0, (stops, rhythms)) if "shares" in on else np.ones((stops, rhythms)),
        load=rng.integers(1, 6, (stops, rhythms)).astype(np.float64),
        vehicle_ok=rng.random((cars, stops)) < (0.7 if "vehicle_ok" in on else 1.1),
        one_vehicle="one_vehicle" in on,
        travel_s=travel_s,
        travel_m=travel_m,
        drive_eur=drive_eur,
        patterns=patterns,
        vehicles=_vehicles(rng, cars, stops, depots, kinds, on, halves),
        needs=_needs(rng, stops, weekdays, number, rhythms),
    )


def _patterns(weeks: int, weekdays: int, *, two_parts: bool) -> Patterns:
    """Weekly and (two weeks) fortnightly on every weekday; with `two_parts` twice a week, and alternating weekdays."""
    listed: list[tuple[int, list[tuple[int, int]]]] = []
    every = (1 << weeks) - 1
    for day in range(weekdays):
        listed.append((0, [(day, every)]))
        if weeks > 1:
            listed += [(1, [(day, 1 << week)]) for week in range(weeks)]
    if two_parts:
        for first in range(weekdays):
            for second in range(first + 1, weekdays):
                listed.append((2, [(first, every), (second, every)]))
                if weeks > 1:
                    listed.append((3, [(first, 1), (second, 2)]))
    return make_patterns(listed)


def make_patterns(listed: list[tuple[int, list[tuple[int, int]]]]) -> Patterns:
    """Patterns from (rhythm, [(weekday, weeks as bits)])."""
    ptr = np.concatenate(([0], np.cumsum([len(parts) for _, parts in listed])))
    flat = [part for _, parts in listed for part in parts]
    return Patterns(
        rhythm=np.array([rhythm for rhythm, _ in listed], np.int16),
        ptr=ptr.astype(np.int32),
        day=np.array([day for day, _ in flat], np.int16),
        weeks=np.array([weeks for _, weeks in flat], np.int32),
    )


def _vehicles(
    rng: np.random.Generator, cars: int, stops: int, depots: int, kinds: int, on: set[str], halves: NDArray[np.int64]
) -> Vehicles:
    def whole(values: object) -> NDArray[np.int32]:
        return np.broadcast_to(np.asarray(values, np.int32), cars).copy()

    def real(values: object) -> NDArray[np.float64]:
        return np.broadcast_to(np.asarray(values, np.float64), cars).copy()

    tight = rng.random(cars)
    work = 24 * HOUR
    return Vehicles(
        kind=np.arange(cars, dtype=np.int16) % kinds,
        depot=whole(stops + np.arange(cars) % depots),
        leave_from_s=whole(6.5 * HOUR + 1800 * rng.integers(0, 4, cars)),
        back_until_s=whole(13 * HOUR + 1800 * rng.integers(0, 6, cars)),
        tour_max_s=whole(2 * HOUR + tight * 5 * HOUR) if "tour" in on else whole(12 * HOUR),
        drive_max_s=whole(0.6 * HOUR + tight * 1.5 * HOUR) if "drive" in on else whole(9 * HOUR),
        drive_before_break_s=whole(0.4 * HOUR + tight * HOUR) if "drive" in on else whole(4.5 * HOUR),
        work_before_break_s=whole(1.5 * HOUR + tight * 2 * HOUR) if "breaks" in on else whole(work),
        break_s=whole(1800),
        long_work_s=whole(4 * HOUR + tight * HOUR) if "breaks" in on else whole(work),
        long_break_s=whole(2700),
        break_from_s=whole(10.5 * HOUR) if "late_break" in on else whole(0),
        break_until_s=whole(13 * HOUR) if "late_break" in on else whole(24 * HOUR),
        range_m=real(15_000 + tight * 40_000) if "range" in on else real(np.inf),
        capacity=real(rng.integers(4, 9, cars)) if "capacity" in on else real(np.inf),
        paid_extra_s=whole(900 * rng.integers(0, 3, cars)),
        eur_per_h=real(rng.uniform(20, 45, cars)),
        eur_per_day=real(rng.uniform(0, 40, cars)),
        eur_per_year=real(rng.uniform(500, 6_000, cars)) if "fixed" in on else real(0.0),
    )


def _needs(rng: np.random.Generator, stops: int, weekdays: int, halves: int, rhythms: int) -> Needs:
    """Groups with one to three stops near them; two kinds of need."""
    groups = int(rng.integers(stops, 2 * stops + 1))
    near = [np.sort(rng.choice(stops, int(rng.integers(1, min(3, stops) + 1)), replace=False)) for _ in range(groups)]
    pairs = sorted((int(stop), group) for group, those in enumerate(near) for stop in those)
    per_stop = np.bincount([stop for stop, _ in pairs], minlength=stops)
    # Weekly, fortnightly, twice a week, alternating: more often serves more, but less and less of it.
    benefit = np.sort(rng.uniform(0.2, 1.0, (2, 4)), axis=1)[:, [2, 0, 3, 1]]
    return Needs(
        points=rng.uniform(20.0, 400.0, groups),
        persons=rng.integers(5, 60, groups).astype(np.float64),
        kind=rng.integers(0, 2, groups).astype(np.int32),
        benefit=benefit[:, :rhythms],
        preference=rng.uniform(0.5, 1.0, (2, weekdays, halves)),
        ptr=np.concatenate(([0], np.cumsum(per_stop))).astype(np.int64),
        group=np.array([group for _, group in pairs], np.int32),
        factor=rng.uniform(0.3, 1.0, len(pairs)),
        target=rng.random(len(pairs)) < 0.7,
        target_group=rng.random(groups) < 0.7,
        target_rhythm=rng.random(rhythms) < 0.8,
    )


def tiny_objective(seed: int, problem: MobileProblem, **features: bool) -> Objective:
    """What a plan of the tiny problem is for: need, unless ``cover`` or ``cost`` is on."""
    rng = np.random.default_rng([seed, 6])
    share = float(rng.uniform(0.2, 1.0))
    if features.get("cost"):
        return Objective(kind="cost")
    if features.get("cover"):
        return Objective(kind="cover", cover_share=share)
    budget = float(rng.uniform(5_000, 40_000)) if features.get("budget") else float("inf")
    return Objective(
        kind="need",
        point_eur=float(rng.uniform(10.0, 150.0)),
        budget_eur=budget,
        cover_share=share if features.get("must") and rng.random() < 0.5 else 0.0,
    )


def random_features(seed: int, *, among: tuple[str, ...] = FEATURES) -> dict[str, bool]:
    """Two to seven features at once."""
    rng = np.random.default_rng([seed, 7])
    return dict.fromkeys(rng.choice(among, int(rng.integers(2, 8)), replace=False).tolist(), True)


def random_decision(problem: MobileProblem, rng: np.random.Generator, *, wild: float = 0.2) -> Decision:
    """A decision that mostly keeps the rules of single visits; with chance `wild` each number is any number.

    Visits of a day follow one another by chance; some keep all rules, most break some.
    """
    parts = int(np.diff(problem.patterns.ptr).max(initial=1))
    cars, stops = problem.vehicles.count, problem.stops
    pattern = np.full(stops, -1, np.int32)
    vehicle = np.full((stops, parts), -1, np.int32)
    start = np.full((stops, parts), -1, np.int32)
    after = np.full((cars, problem.weekdays, problem.weeks), -1, np.int32)
    on_day: dict[tuple[int, int, int], list[int]] = {}
    for stop in range(stops):
        allowed = np.flatnonzero(problem.pattern_ok[stop])
        if rng.random() < 0.3 or not len(allowed):
            continue
        chosen = int(rng.integers(problem.patterns.count) if rng.random() < wild else rng.choice(allowed))
        pattern[stop] = chosen
        rhythm = int(problem.patterns.rhythm[chosen])
        first = int(problem.patterns.ptr[chosen])
        car = int(rng.integers(cars))
        for k in range(int(problem.patterns.ptr[chosen + 1]) - first):
            day, weeks = int(problem.patterns.day[first + k]), int(problem.patterns.weeks[first + k])
            if not problem.one_vehicle or rng.random() < wild:
                car = int(rng.integers(cars))
            half = int(rng.integers(len(problem.halves_s)))
            low = max(int(problem.halves_s[half, 0]), int(problem.window_s[stop, half, 0]))
            high = min(int(problem.halves_s[half, 1]), int(problem.window_s[stop, half, 1]))
            high -= int(problem.stay_s[stop, rhythm])
            grid = problem.grid_s
            if rng.random() < wild or high < low:
                at = int(rng.integers(7 * HOUR, 16 * HOUR) // 300 * 300)
            else:
                at = int(rng.integers(-(-low // grid), max(high // grid, -(-low // grid)) + 1)) * grid
            vehicle[stop, k], start[stop, k] = car, at
            for week in range(problem.weeks):
                if weeks >> week & 1:
                    on_day.setdefault((car, day, week), []).append(stop)
    for day_key, those in on_day.items():
        demanded = problem.vehicles.work_before_break_s[day_key[0]] < 12 * HOUR
        if rng.random() < (0.4 if demanded else wild / 10):
            after[day_key] = rng.choice(those)
    if rng.random() < wild / 4:
        after[tuple(rng.integers(after.shape))] = rng.integers(stops)
    return Decision(pattern, vehicle, start, after)


def rural(seed: int, *, stops: int = 90, vehicles: int = 2, weeks: int = 4) -> MobileProblem:
    """A rural district: villages round small towns, two halves of the day, clock times on the quarter of an hour, lunch breaks.

    Rhythms: weekly, fortnightly, monthly; benefit concave. Straight-line ways with a detour factor; one depot in the largest town.
    """
    rng = np.random.default_rng([seed, 8])
    towns = rng.uniform(6_000, 44_000, (5, 2))
    home = rng.integers(0, 5, stops)
    far = rng.gamma(2.0, 3_500, stops)
    turn = rng.uniform(0, 2 * np.pi, stops)
    xy = towns[home] + far[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    persons = np.round(np.exp(rng.normal(4.6, 0.8, stops)))
    return rural_from(xy, persons, depot_xy=towns[:1], vehicles=vehicles, weeks=weeks, seed=seed)


def rural_from(
    xy: NDArray[np.float64],
    persons: NDArray[np.float64],
    *,
    depot_xy: NDArray[np.float64],
    vehicles: int = 2,
    weeks: int = 4,
    seed: int = 1,
    walk_m: float = 1_500.0,
) -> MobileProblem:
    """A rural case from places of stops (metres) and the persons of 65 and more that live round each.

    Persons are split into two kinds of need; a stop also serves the groups of other stops within `walk_m`, less the farther they are.
    """
    rng = np.random.default_rng([seed, 9])
    stops, weekdays = len(xy), 5
    all_weeks = (1 << weeks) - 1
    listed: list[tuple[int, list[tuple[int, int]]]] = [(0, [(day, all_weeks)]) for day in range(weekdays)]
    if weeks >= 2:
        fortnights = [sum(1 << w for w in range(first, weeks, 2)) for first in range(2)]
        listed += [(1, [(day, bits)]) for day in range(weekdays) for bits in fortnights]
    if weeks >= 4:
        listed += [(2, [(day, 1 << week)]) for day in range(weekdays) for week in range(weeks)]
    patterns = make_patterns(listed)
    rhythms = int(patterns.rhythm.max()) + 1
    halves = np.array([[8 * HOUR, 12.5 * HOUR], [13 * HOUR, 18 * HOUR]]).astype(np.int32)

    nodes = np.concatenate([xy, depot_xy])
    metres = np.round(1.3 * np.hypot(*(nodes[:, None] - nodes[None]).transpose(2, 0, 1)))
    travel_s = np.ceil(metres / (50 / 3.6)).astype(np.int32) + 60
    np.fill_diagonal(travel_s, 0)

    # Small stops stay half an hour, large ones an hour and a half.
    stay = np.select([persons < 80, persons < 200], [1800, 3600], 5400)
    kind_share = np.array([0.7, 0.3])
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    pair_stop, pair_home = np.nonzero(apart <= walk_m)
    factor = np.maximum(0.1, np.exp(-apart[pair_stop, pair_home] / 700.0))
    pair_stop2, pair_group = np.repeat(pair_stop, 2), np.repeat(2 * pair_home, 2) + np.tile([0, 1], len(pair_home))
    per_stop = np.bincount(pair_stop2, minlength=stops)
    needs = Needs(
        points=np.repeat(persons, 2) * np.tile(kind_share, stops) * 4.0,
        persons=np.repeat(persons, 2) * np.tile(kind_share, stops),
        kind=np.tile(np.array([0, 1], np.int32), stops),
        benefit=np.array([[1.0, 0.8, 0.5], [1.0, 0.7, 0.35]])[:, :rhythms],
        preference=np.stack([np.tile([1.0, 0.7], (weekdays, 1)), np.tile([0.9, 1.0], (weekdays, 1))]),
        ptr=np.concatenate(([0], np.cumsum(per_stop))).astype(np.int64),
        group=pair_group.astype(np.int32),
        factor=np.repeat(factor, 2),
        target=np.repeat(apart[pair_stop, pair_home] <= 600.0, 2),
        target_group=np.tile([False, True], stops),
        target_rhythm=np.array([True, True, False])[:rhythms],
    )
    window = np.repeat(halves[None], stops, axis=0)
    shut = rng.random(stops) < 0.2
    window[shut, 0, 0] += 3600
    slot_ok = np.ones((stops, weekdays, 2), bool)
    slot_ok[rng.random(stops) < 0.1, 4, 1] = False  # no visit on Friday afternoon
    slot_factor = np.where(rng.random(slot_ok.shape) < 0.05, 1.15, 1.0)

    def whole(value: float) -> NDArray[np.int32]:
        return np.full(vehicles, int(value), np.int32)

    def real(value: float) -> NDArray[np.float64]:
        return np.full(vehicles, value)

    fleet = Vehicles(
        kind=np.zeros(vehicles, np.int16),
        depot=(stops + np.arange(vehicles) % len(depot_xy)).astype(np.int32),
        leave_from_s=whole(7 * HOUR),
        back_until_s=whole(18.5 * HOUR),
        tour_max_s=whole(9.5 * HOUR),
        drive_max_s=whole(9 * HOUR),
        drive_before_break_s=whole(4.5 * HOUR),
        work_before_break_s=whole(6 * HOUR),
        break_s=whole(1800),
        long_work_s=whole(9 * HOUR),
        long_break_s=whole(2700),
        break_from_s=whole(11 * HOUR),
        break_until_s=whole(14.5 * HOUR),
        range_m=real(300_000.0),
        capacity=real(np.inf),
        paid_extra_s=whole(1800),
        eur_per_h=real(38.0),
        eur_per_day=real(20.0),
        eur_per_year=real(24_000.0),
    )
    return MobileProblem(
        weeks=weeks,
        weekdays=weekdays,
        cycles_per_year=52.0 / weeks,
        grid_s=900,
        halves_s=halves,
        window_s=window,
        slot_ok=slot_ok,
        slot_factor=slot_factor,
        pattern_ok=np.ones((stops, patterns.count), bool),
        must=np.zeros(stops, bool),
        stay_s=np.repeat(stay[:, None], rhythms, axis=1).astype(np.int32),
        served_share=np.ones((stops, rhythms)),
        load=np.zeros((stops, rhythms)),
        vehicle_ok=np.ones((vehicles, stops), bool),
        one_vehicle=False,
        travel_s=travel_s[None],
        travel_m=metres[None],
        drive_eur=(metres * 0.00045)[None],
        patterns=patterns,
        vehicles=fleet,
        needs=needs,
    )


def same_service(problem: MobileProblem, *, seed: int = 1) -> MobileProblem:
    """The problem in which every stop must be served, in a rhythm fixed by its size: what a plan costs for the same service.

    Largest tenth weekly, next third fortnightly, the rest monthly.
    """
    size = np.bincount(
        np.repeat(np.arange(problem.stops), np.diff(problem.needs.ptr)),
        weights=problem.needs.points[problem.needs.group] * problem.needs.factor,
        minlength=problem.stops,
    )
    rank = np.argsort(np.argsort(-size, kind="stable"), kind="stable") / problem.stops
    wanted = np.select([rank < 0.1, rank < 0.43], [0, 1], 2)
    wanted = np.minimum(wanted, int(problem.patterns.rhythm.max()))
    return replace(
        problem,
        pattern_ok=problem.pattern_ok & (problem.patterns.rhythm[None] == wanted[:, None]),
        must=np.ones(problem.stops, bool),
    )
