"""Small random anchor problems in which every rule and component can be switched on in turn."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.problem import (
    FIXED,
    JOINT,
    MOVED,
    NEW,
    OWN,
    RECRUIT,
    REMOVABLE,
    AnchorProblem,
    Bundles,
    CoreSlot,
    Demand,
    Function,
    Level,
    Limits,
    Objective,
    Offers,
    Travel,
    Units,
)

SIDE_M: Final = 20_000.0

FEATURES: Final = (
    "variants", "hosts", "rooms", "bundles", "cores", "at_least", "levels", "pairs", "removable", "moved", "viability",
    "subsidy", "capacity", "spacing", "keep", "forbid", "budget", "min_people", "area_share", "legal_hard",
    "legal_priced", "new_anywhere", "minutes", "own_minutes", "worst", "together", "unit_costs", "buffer_people", "exactly", "order",
    "backup",
)  # fmt: skip
"""Names of what can be switched on. ``subsidy`` sharpens ``viability`` (and needs ``cores``), ``moved`` needs ``removable``: the generator
switches on what a feature needs. ``viability``, ``capacity`` are the features in which the model's bound is that of a relaxation."""

RELAXED: Final = frozenset({"viability", "subsidy", "capacity"})


def _travel(rng: np.random.Generator, sites: NDArray[np.float64], homes: NDArray[np.float64], limit_s: int) -> Travel:
    """Times by distance in steps of ten seconds (so that equal times occur), in the table up to 1.7 times the standard."""
    metres = np.hypot(*(sites[:, None, :] - homes[None, :, :]).transpose(2, 0, 1))
    seconds = (np.round(metres * rng.uniform(0.9, 1.3, metres.shape) / 120.0) * 10 + 60).astype(np.int64)
    inside = seconds <= 1.7 * limit_s
    ptr = np.concatenate([[0], np.cumsum(inside.sum(axis=1))]).astype(np.int64)
    row = np.concatenate([np.flatnonzero(k) for k in inside]) if len(sites) else np.empty(0)
    value = seconds[inside]
    return Travel(ptr, row.astype(np.int32), value.astype(np.int32), value <= limit_s)


def _levels(rng: np.random.Generator, features: frozenset[str], functions: int) -> tuple[Level, ...]:
    """One or two levels, nested, with as many core items as there are functions at most."""
    slots: list[CoreSlot] = []
    if "cores" in features:
        for f in rng.permutation(functions)[: rng.integers(1, functions + 1)].tolist():
            others = (int(rng.integers(functions)),) if rng.random() < 0.3 else ()
            slots.append(CoreSlot(tuple(sorted({f, *others})), bool(rng.random() < 0.6)))
        if "at_least" not in features and not any(s.required for s in slots):
            slots[0] = CoreSlot(slots[0].functions, True)
    full = tuple(slots)
    least = int(rng.integers(1, len(full) + 1)) if "at_least" in features and full else 0
    if "levels" not in features:
        return (Level("basic", full, least),)
    return (Level("basic", full[: len(full) // 2], min(least, len(full) // 2)), Level("full", full, least))


def _units(
    rng: np.random.Generator, features: frozenset[str], places: int, levels: int, xy: NDArray[np.float64]
) -> Units:
    """Every place at every level; with pairs the two closest pairs of places too, at the highest level."""
    rows = [(level, j, -1) for level in range(levels) for j in range(places)]
    if "pairs" in features:
        near = sorted(itertools.combinations(range(places), 2), key=lambda p: float(np.hypot(*(xy[p[0]] - xy[p[1]]))))
        rows += [(levels - 1, a, b) for a, b in near[:2]]
    level, first, second = (np.array(c) for c in zip(*rows, strict=True))
    mid = rng.uniform(5.0, 40.0, len(rows)) * (1 + level) if "unit_costs" in features else np.zeros(len(rows))
    cost = np.round(mid[:, None] * np.array([0.6, 1.0, 1.4]), 2)
    return Units(level.astype(np.int8), first.astype(np.int32), second.astype(np.int32), cost)


def _offers(
    rng: np.random.Generator, features: frozenset[str], functions: int, places: int, facilities: list[int]
) -> Offers:
    """Existing offers of each function (some in places), then per function and place the variants, then what may move."""
    rows: list[dict[str, float]] = []
    plain: dict[str, float] = {
        "origin": -1, "variant": -1, "quality": 1.0, "cost": 0.0, "viable": 0.0, "subsidy": np.inf, "capacity": np.inf,
        "host": -1, "hours": 0.0,
    }  # fmt: skip
    limited = "capacity" in features
    for f in range(functions):
        for k in range(facilities[f]):
            state = REMOVABLE if "removable" in features and rng.random() < 0.6 else FIXED
            rows.append(
                plain
                | {
                    "function": f, "site": k, "place": int(rng.integers(-1, places)), "state": state,
                    "quality": 1.0 if rng.random() < 0.7 else 0.8,
                    "cost": float(rng.uniform(10, 60)) if state == REMOVABLE else 0.0,
                    "capacity": float(rng.integers(20, 90)) if limited and rng.random() < 0.6 else np.inf,
                }
            )  # fmt: skip
        for j in range(places):
            variants = int(rng.integers(1, 3)) if "variants" in features else 1
            for v in range(variants):
                quality = (1.0, 0.6)[v] if "variants" in features else 1.0
                host = -1
                if "hosts" in features and functions > 1 and rng.random() < 0.5:
                    host = int((f + rng.integers(1, functions)) % functions)
                rows.append(
                    plain
                    | {
                        "function": f, "site": facilities[f] + j, "place": j, "state": NEW, "variant": v, "quality": quality,
                        "cost": float(rng.uniform(20, 80) * quality**2), "host": host,
                        "viable": float(rng.integers(15, 110) * quality) if "viability" in features else 0.0,
                        "subsidy": float(rng.uniform(0.05, 0.6)) if "subsidy" in features and rng.random() < 0.7 else np.inf,
                        "capacity": float(rng.integers(20, 120)) if limited and rng.random() < 0.6 else np.inf,
                        "hours": float(rng.integers(2, 12)) if "rooms" in features and rng.random() < 0.7 else 0.0,
                    }
                )  # fmt: skip
    if "moved" in features:
        for o in [k for k, r in enumerate(rows) if r["state"] == REMOVABLE]:
            old = rows[o]
            for j in rng.permutation(places)[:2].tolist():
                rows.append(
                    old
                    | {
                        "site": facilities[int(old["function"])] + j, "place": j, "state": MOVED, "origin": o, "variant": 9,
                        "cost": old["cost"] * 1.2, "quality": 1.0,
                        "viable": float(rng.integers(10, 60)) if "viability" in features else 0.0,
                    }
                )  # fmt: skip

    def column(name: str) -> NDArray[np.float64]:
        return np.array([r[name] for r in rows], dtype=np.float64)

    whole = {n: column(n).astype(np.int32) for n in ("function", "site", "place", "variant", "origin", "host")}
    return Offers(
        **whole,
        state=column("state").astype(np.int8),
        quality=column("quality"),
        cost_eur=np.round(column("cost")[:, None] * np.array([0.7, 1.0, 1.3]), 2),
        viable_persons=column("viable"),
        subsidy_eur=column("subsidy"),
        capacity_persons=column("capacity"),
        decides=rng.choice(np.array([OWN, JOINT, RECRUIT], dtype=np.int8), len(rows)),
        room_hours=column("hours"),
    )


def _bundles(rng: np.random.Generator, features: frozenset[str], places: int, offers: Offers) -> Bundles:
    """Up to three bundles of two or three slots; a slot is filled by any offer of one function in the place."""
    place: list[int] = []
    slots: list[list[list[int]]] = []
    for j in rng.permutation(places)[:3].tolist() if "bundles" in features else []:
        held = sorted(set(offers.function[offers.place == j].tolist()))
        if len(held) < 2:
            continue
        chosen = sorted(rng.permutation(held)[: rng.integers(2, 4)].tolist())
        place.append(j)
        slots.append([np.flatnonzero((offers.place == j) & (offers.function == f)).tolist() for f in chosen])
    flat = [s for b in slots for s in b]
    return Bundles(
        np.array(place, dtype=np.int32),
        np.round(rng.uniform(5, 40, len(place))[:, None] * np.array([0.8, 1.0, 1.2]), 2),
        np.round(rng.uniform(0, 30, len(place)), 2),
        np.concatenate([[0], np.cumsum([len(b) for b in slots])]).astype(np.int64),
        np.concatenate([[0], np.cumsum([len(s) for s in flat])]).astype(np.int64),
        np.array([o for s in flat for o in s], dtype=np.int32),
    )


def random_problem(
    seed: int, *, functions: int = 2, places: int = 4, rows: int = 15, features: frozenset[str] | set[str] = frozenset()
) -> tuple[AnchorProblem, Objective, Limits]:
    """A small random instance; the same seed and features give the same.

    Parameters
    ----------
    seed
        Of the world.
    functions, places, rows
        Sizes.
    features
        Of `FEATURES`; without any: people served by at most two anchors, no cost.
    """
    unknown = set(features) - set(FEATURES)
    if unknown:
        raise ValueError(f"no such feature: {sorted(unknown)}")
    on = set(features)
    if on & {"subsidy", "at_least"}:
        on.add("cores")
    if "subsidy" in on:
        on.add("viability")
    if "moved" in on:
        on.add("removable")
    if "own_minutes" in on:
        on.add("minutes")
    have = frozenset(on)
    rng = np.random.default_rng([seed, functions, places, rows])
    place_xy = rng.uniform(0, SIDE_M, (places, 2))
    homes = rng.uniform(0, SIDE_M, (rows, 2))
    facilities = [int(rng.integers(1 if "removable" in have else 0, 3)) for _ in range(functions)]
    persons = rng.integers(1, 40, rows).astype(np.float64)
    weight = rng.choice(np.array([1.0, 1.0, 1.5]), rows)
    if "buffer_people" in have:
        weight[rng.random(rows) < 0.3] = 0.0
    area = np.where(
        rng.random(rows) < 0.1, -1, (homes[:, 0] > SIDE_M / 2).astype(np.int64) + (homes[:, 1] > SIDE_M / 2)
    )
    parts = []
    for f in range(functions):
        sites = np.concatenate([rng.uniform(0, SIDE_M, (facilities[f], 2)), place_xy])
        need = np.where(rng.random(rows) < 0.15, 0.0, np.round(persons * rng.uniform(0.2, 1.0), 1))
        limit_s = int(rng.choice(np.array([500, 700, 900])))
        legal = f == 0 and bool(have & {"legal_hard", "legal_priced"})
        parts.append(
            Function(f"f{f}", float(rng.choice([0.5, 1.0, 2.0])), _travel(rng, sites, homes, limit_s), need, legal)
        )
    levels = _levels(rng, have, functions)
    offers = _offers(rng, have, functions, places, facilities)
    if "own_minutes" in have:
        offers = replace(offers, saves_minutes=rng.random(len(offers)) < 0.6)
        parts = [replace(p, minute_weight=float(rng.choice([0.0, 0.3, 1.5]))) for p in parts]
    if "backup" in have:
        parts = [replace(p, backup_share=float(rng.choice([0.0, 0.3, 1.0]))) for p in parts]
    problem = AnchorProblem(
        place_count=places,
        place_x=place_xy[:, 0],
        place_y=place_xy[:, 1],
        demand=Demand(persons, weight, area.astype(np.int32)),
        functions=tuple(parts),
        offers=offers,
        levels=levels,
        units=_units(rng, have, places, len(levels), place_xy),
        bundles=_bundles(rng, have, places, offers),
        anchor_travel=_travel(rng, place_xy, homes, 600),
        together_weight=np.array([0.1, 0.25])[: len(levels)],
        room_hours=rng.integers(4, 16, places).astype(np.float64),
        minute_weight=float(rng.choice([0.05, 0.1])),
        step_s=int(rng.choice([60, 300])),
    )
    return problem, _objective(rng, have), _limits(rng, have, problem)


def _objective(rng: np.random.Generator, have: frozenset[str]) -> Objective:
    """Factors of those components that are on; cost counts wherever money plays a part."""
    money = bool(have & {"unit_costs", "bundles", "removable", "legal_priced", "subsidy", "variants"})
    names = ["people", *[n for n in ("minutes", "together", "worst") if n in have], *(["cost"] if money else [])]
    order = tuple(rng.permutation(names)[:3].tolist()) if "order" in have else ()
    return Objective(
        people=1.0,
        minutes=1.0 if "minutes" in have else 0.0,
        together=1.0 if have & {"together", "bundles"} else 0.0,
        cost=float(rng.choice([0.1, 0.5])) if money else 0.0,
        worst=30.0 if "worst" in have else 0.0,
        order=order,
    )


def _limits(rng: np.random.Generator, have: frozenset[str], problem: AnchorProblem) -> Limits:
    """Limits that bind often and seldom forbid everything."""
    places = rng.permutation(problem.place_count).tolist()
    apart = np.hypot(
        np.subtract.outer(problem.place_x, problem.place_x), np.subtract.outer(problem.place_y, problem.place_y)
    )
    apart = np.sort(apart[np.triu_indices(problem.place_count, 1)])
    return Limits(
        max_anchors=problem.place_count if "legal_hard" in have else int(rng.integers(1, 4)),
        exactly="exactly" in have,
        budget_eur=float(rng.integers(30, 250)) if "budget" in have else None,
        min_people=float(rng.uniform(0.1, 0.5)) if "min_people" in have else 0.0,
        keep=(places[0],) if "keep" in have else (),
        forbid=(places[1],) if "forbid" in have else (),
        spacing_m=float(apart[len(apart) // 2]) if "spacing" in have else 0.0,
        new_only_in_anchors="new_anywhere" not in have,
        area_share=float(rng.uniform(0.02, 0.2)) if "area_share" in have else 0.0,
        legal="hard" if "legal_hard" in have else "priced" if "legal_priced" in have else "off",
        legal_price_eur=float(rng.uniform(0.2, 2.0)) if "legal_priced" in have else 0.0,
        viability="viability" in have,
    )
