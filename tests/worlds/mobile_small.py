"""Small random mobile problems with every rule in play, for the tests of search and evaluation."""

from __future__ import annotations

import numpy as np

from ankerort.mobile.problem import MobileProblem, Needs, Objective, Patterns, Vehicles

HOUR = 3600


def rural_patterns(weeks: int, weekdays: int, *, pairs: bool = True) -> tuple[Patterns, np.ndarray]:
    """Patterns of rhythms twice a week, weekly, fortnightly, monthly; and the rhythms' share of the need."""
    rhythm: list[int] = []
    parts: list[list[tuple[int, int]]] = []
    every = (1 << weeks) - 1
    for a in range(weekdays if pairs else 0):
        for b in range(a + 2, weekdays):
            rhythm.append(0)
            parts.append([(a, every), (b, every)])
    for day in range(weekdays):
        rhythm.append(1)
        parts.append([(day, every)])
    for index, step in ((2, 2), (3, 4)):
        for day in range(weekdays if weeks >= step else 0):
            for phase in range(step):
                rhythm.append(index)
                parts.append([(day, sum(1 << week for week in range(phase, weeks, step)))])
    ptr = np.cumsum([0, *[len(p) for p in parts]]).astype(np.int32)
    flat = [part for p in parts for part in p]
    patterns = Patterns(
        np.array(rhythm, np.int16),
        ptr,
        np.array([day for day, _ in flat], np.int16),
        np.array([mask for _, mask in flat], np.int32),
    )
    return patterns, np.array([1.0, 0.85, 0.6, 0.4])


def small_world(
    seed: int,
    *,
    stops: int = 8,
    vehicles: int = 2,
    weeks: int = 4,
    weekdays: int = 3,
    groups_per_stop: int = 3,
    size_km: float = 25.0,
    must: float = 0.0,
    plain: bool = False,
) -> MobileProblem:
    """A random rural world: villages in a square, two half-days, tight shifts, breaks, some forbidden slots (none if `plain`)."""
    rng = np.random.default_rng(seed)
    patterns, benefit = rural_patterns(weeks, weekdays)
    depots = min(vehicles, 2)
    xy = rng.uniform(0, size_km * 1000, (stops + depots, 2))
    metres = np.round(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * 1.3)
    one_way = 1 + 0.1 * rng.random(metres.shape)
    seconds = np.round(metres / (55 / 3.6) * one_way).astype(np.int32)
    if not plain:
        seconds[rng.random(seconds.shape) < 0.01] = -1
    np.fill_diagonal(seconds, 0)
    halves = np.array([[8 * HOUR, 12 * HOUR + 1800], [13 * HOUR, 17 * HOUR]], np.int32)
    window = np.broadcast_to(halves, (stops, 2, 2)).copy()
    slot_ok = np.ones((stops, weekdays, 2), bool)
    if not plain:
        late = rng.random((stops, 2)) < 0.3
        window[..., 0] += np.where(late, 3600, 0)
        slot_ok = rng.random((stops, weekdays, 2)) > 0.15
    rhythms = len(benefit)
    stay = (900 * rng.integers(2, 7, stops))[:, None].repeat(rhythms, 1)
    if not plain:
        stay[:, 3] += 900
    count = stops * groups_per_stop
    kinds = 3
    pair_ptr, pair_group, factor, target = [0], [], [], []
    for stop in range(stops):
        own = list(range(stop * groups_per_stop, (stop + 1) * groups_per_stop))
        near = rng.integers(0, count, 2).tolist()
        for group in sorted({*own, *near}):
            pair_group.append(group)
            factor.append(float(rng.uniform(0.5, 1) if group in own else rng.uniform(0.2, 0.6)))
            target.append(group in own)
        pair_ptr.append(len(pair_group))
    needs = Needs(
        points=np.round(rng.gamma(2, 40, count), 1),
        persons=np.round(rng.gamma(2, 30, count)),
        kind=rng.integers(0, kinds, count).astype(np.int32),
        benefit=np.clip(benefit[None] * rng.uniform(0.9, 1.1, (kinds, rhythms)), 0, 1),
        preference=rng.uniform(0.8, 1, (kinds, weekdays, 2)),
        ptr=np.array(pair_ptr, np.int64),
        group=np.array(pair_group, np.int32),
        factor=np.array(factor),
        target=np.array(target),
        target_group=rng.random(count) < 0.6,
        target_rhythm=np.array([True, True, True, False]),
    )

    def each(value: float, dtype: type) -> np.ndarray:
        return np.full(vehicles, value, dtype)

    crews = Vehicles(
        kind=np.zeros(vehicles, np.int16),
        depot=(stops + np.arange(vehicles) % depots).astype(np.int32),
        leave_from_s=each(7 * HOUR, np.int32),
        back_until_s=each(18 * HOUR, np.int32),
        tour_max_s=each(9.5 * HOUR, np.int32),
        drive_max_s=each(4 * HOUR, np.int32),
        drive_before_break_s=each(2.5 * HOUR, np.int32),
        work_before_break_s=each(6 * HOUR, np.int32),
        break_s=each(1800, np.int32),
        long_work_s=each(9 * HOUR, np.int32),
        long_break_s=each(2700, np.int32),
        break_from_s=each(11 * HOUR, np.int32),
        break_until_s=each(14 * HOUR, np.int32),
        range_m=each(160_000, np.float64),
        capacity=each(np.inf, np.float64),
        paid_extra_s=each(1800, np.int32),
        eur_per_h=each(32, np.float64),
        eur_per_day=each(15, np.float64),
        eur_per_year=each(9000, np.float64),
    )
    pattern_ok = np.ones((stops, patterns.count), bool)
    if not plain:
        pattern_ok &= rng.random(pattern_ok.shape) > 0.1
    return MobileProblem(
        weeks=weeks,
        weekdays=weekdays,
        cycles_per_year=13.0,
        grid_s=900,
        halves_s=halves,
        window_s=window.astype(np.int32),
        slot_ok=slot_ok,
        slot_factor=np.where(rng.random(slot_ok.shape) < 0.1, 1.2, 1.0),
        pattern_ok=pattern_ok,
        must=rng.random(stops) < must,
        stay_s=stay.astype(np.int32),
        served_share=np.tile(np.array([1.0, 1.0, 0.95, 0.8]), (stops, 1)),
        load=np.zeros((stops, rhythms)),
        vehicle_ok=(rng.random((vehicles, stops)) > (0 if plain else 0.1)),
        one_vehicle=True,
        travel_s=seconds[None],
        travel_m=metres[None],
        drive_eur=metres[None] * 0.0005,
        patterns=patterns,
        vehicles=crews,
        needs=needs,
    )


NEED = Objective("need", point_eur=12.0)
