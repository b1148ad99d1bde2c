"""Fixed anchor problems for the benchmarks: a made-up rural region of two districts, and single-service covers for the comparison with spopt.

    large_problem(): 20 functions x 150 places x 3,000 demand rows, with towns, villages, variants, bundles, two levels, budget.
    cover_world(): 10,000 demand points x 500 sites.

Figures are plausible, not records: costs and least catchments are of the order that docs/method/figures.md carries, people live as in
two districts of 60 km x 60 km with about 150,000 inhabitants. Nothing here reads the catalogue, so a change of a record moves no benchmark.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.problem import (
    FIXED,
    JOINT,
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

SIDE_M: Final = 60_000.0
TOWNS: Final = 14
SMALL_CENTRES: Final = 26

# minutes of the standard, weight, share of persons with a need, share of (towns, small centres, villages) that hold it today,
# annual cost in EUR, least catchment in persons of the need, cheap variant (quality; its cost and catchment are shares of the full one's)
_KINDS: Final = (
    ("general_practitioner", 15, 1.5, 1.00, (1.0, 0.6, 0.05), 60_000, 1_200, 0.6),
    ("dentist", 20, 1.0, 1.00, (1.0, 0.4, 0.02), 55_000, 1_500, 0.0),
    ("pharmacy", 15, 1.2, 1.00, (1.0, 0.4, 0.02), 70_000, 2_800, 0.5),
    ("care_advice", 20, 0.8, 0.25, (0.7, 0.1, 0.00), 30_000, 250, 0.7),
    ("day_care_old", 20, 0.8, 0.12, (0.9, 0.3, 0.02), 160_000, 220, 0.0),
    ("physiotherapy", 20, 0.7, 0.60, (1.0, 0.5, 0.05), 40_000, 900, 0.0),
    ("midwife", 25, 0.5, 0.05, (0.7, 0.1, 0.00), 15_000, 60, 0.0),
    ("supermarket", 10, 1.3, 1.00, (1.0, 0.7, 0.04), 120_000, 2_500, 0.5),
    ("bakery", 10, 0.6, 1.00, (1.0, 0.9, 0.15), 35_000, 600, 0.6),
    ("post_agency", 15, 0.6, 0.90, (1.0, 0.7, 0.04), 12_000, 500, 0.7),
    ("bank_counter", 20, 0.6, 0.85, (1.0, 0.6, 0.03), 45_000, 1_500, 0.5),
    ("citizens_office", 25, 0.7, 0.85, (0.9, 0.3, 0.00), 90_000, 2_000, 0.6),
    ("library", 20, 0.4, 0.60, (0.9, 0.2, 0.01), 40_000, 800, 0.6),
    ("youth_centre", 15, 0.6, 0.10, (0.9, 0.3, 0.03), 70_000, 120, 0.7),
    ("kindergarten", 10, 1.0, 0.05, (1.0, 1.0, 0.40), 180_000, 60, 0.0),
    ("primary_school", 15, 1.0, 0.05, (1.0, 0.8, 0.08), 250_000, 80, 0.0),
    ("meeting_room", 10, 0.5, 0.70, (0.8, 0.5, 0.20), 18_000, 300, 0.6),
    ("co_working", 20, 0.3, 0.30, (0.5, 0.0, 0.00), 25_000, 400, 0.0),
    ("repair_workshop", 25, 0.2, 0.50, (0.3, 0.0, 0.00), 15_000, 400, 0.0),
    ("adult_education", 25, 0.3, 0.60, (0.8, 0.1, 0.00), 35_000, 900, 0.6),
)

# kind of people: share, speed in km/h from door to door, minutes of walking and waiting, loss of time off a town's line
_PEOPLE: Final = ((0.66, 40.0, 3.0, 1.0), (0.19, 35.0, 4.0, 1.0), (0.07, 22.0, 8.0, 1.8), (0.08, 20.0, 10.0, 1.8))


def _travel(sites: NDArray[np.float64], on_line: NDArray[np.bool_], world: _World, limit_s: int) -> Travel:
    """By distance and kind of people, kept up to twice the standard."""
    home, kind = world.home, world.kind
    metres = np.hypot(sites[:, None, 0] - home[None, :, 0], sites[:, None, 1] - home[None, :, 1]) * 1.3
    speed, wait, loss = (np.array([p[k] for p in _PEOPLE])[kind] for k in (1, 2, 3))
    seconds = (metres / (speed * 1000 / 3600)) * np.where(on_line[:, None], 1.0, loss) + wait * 60
    whole = np.ceil(seconds).astype(np.int64)
    near = whole <= 2 * limit_s
    return Travel(
        np.concatenate([[0], np.cumsum(near.sum(axis=1))]).astype(np.int64),
        np.nonzero(near)[1].astype(np.int32),
        whole[near].astype(np.int32),
        whole[near] <= limit_s,
    )


class _World:
    """Where places lie and people live."""

    def __init__(self, rng: np.random.Generator, places: int, rows: int) -> None:
        # Towns keep apart from one another; villages lie anywhere, as in a settlement net grown over centuries.
        xy = [rng.uniform(0, SIDE_M, 2)]
        while len(xy) < places:
            least_m = 11_000.0 if len(xy) < TOWNS else 4_500.0 if len(xy) < TOWNS + SMALL_CENTRES else 2_200.0
            tries = rng.uniform(0, SIDE_M, (400, 2))
            apart = np.hypot(*(tries[:, None, :] - np.array(xy)[None, :, :]).transpose(2, 0, 1)).min(axis=1)
            xy.append(tries[int(np.argmax(apart >= least_m)) if (apart >= least_m).any() else int(np.argmax(apart))])
        self.place = np.array(xy)
        rank = np.arange(places)
        self.rank = np.where(rank < TOWNS, 0, np.where(rank < TOWNS + SMALL_CENTRES, 1, 2))
        low, high = (np.array(v)[self.rank] for v in ((3_500.0, 1_000.0, 150.0), (9_000.0, 2_500.0, 900.0)))
        self.inhabitants = np.round(rng.uniform(low, high))
        homes = rows // len(_PEOPLE)
        share = np.sqrt(self.inhabitants)  # towns are cut into more parts, each of them larger
        at = np.concatenate([np.arange(places), rng.choice(places, max(homes - places, 0), p=share / share.sum())])[
            :homes
        ]
        spread_m = np.array([900.0, 700.0, 1_100.0])[self.rank][at]
        point = np.clip(self.place[at] + rng.normal(0, 1, (homes, 2)) * spread_m[:, None], 0, SIDE_M)
        part = rng.uniform(0.5, 1.5, homes)
        part *= self.inhabitants[at] / np.bincount(at, weights=part, minlength=places)[at]
        self.home = np.repeat(point, len(_PEOPLE), axis=0)
        self.kind = np.tile(np.arange(len(_PEOPLE)), homes)
        self.persons = np.round((part[:, None] * np.array([p[0] for p in _PEOPLE])).ravel(), 2)
        self.area = ((self.home[:, 0] // 15_000) * 4 + self.home[:, 1] // 15_000).clip(0, 15).astype(np.int32)
        # A fifth of the villages and all towns and small centres lie on a bus line.
        self.on_line = (self.rank < 2) | (rng.random(places) < 0.2)


def large_problem(
    seed: int = 1, *, functions: int = 20, places: int = 150, rows: int = 3000, viability: bool = True
) -> tuple[AnchorProblem, Objective, Limits]:
    """The fixed instance of the size benchmark.

    Parameters
    ----------
    seed
        1 in the benchmark.
    functions, places, rows
        Its size; `rows` a multiple of four (kinds of people per home).
    viability
        Whether least catchments bind; the world is the same.

    Notes
    -----
    Existing facilities are FIXED, those of the library, the citizens' office and the meeting room may close. Twelve functions have a second, smaller variant.
    Each place has a bundle of health, one of the shop with agencies and one of the town hall. The basic core has four items, the full one
    eight. At most 20 anchors; about 6 million EUR a year.
    """
    rng = np.random.default_rng([seed, functions, places, rows])
    world = _World(rng, places, rows)
    kinds = [_KINDS[k % len(_KINDS)] for k in range(functions)]
    parts: list[Function] = []
    cols: dict[str, list[float]] = {
        n: []
        for n in ("function", "site", "place", "variant", "state", "quality", "cost", "viable", "subsidy", "decides")
    }

    def add(**row: float) -> None:
        for name, values in cols.items():
            values.append(row[name])

    for f, (name, minutes, weight, share, today, cost, least, cheap) in enumerate(kinds):
        holds = np.flatnonzero(rng.random(places) < np.array(today)[world.rank])
        sites = np.concatenate([world.place[holds] + rng.normal(0, 250, (len(holds), 2)), world.place])
        line = np.concatenate([world.on_line[holds], world.on_line])
        need = world.persons * share * rng.uniform(0.9, 1.1, len(world.persons))
        parts.append(Function(f"{name}_{f}", weight, _travel(sites, line, world, minutes * 60), np.round(need, 2)))
        own = name in ("citizens_office", "library", "meeting_room")
        hand = OWN if own or name == "youth_centre" else JOINT if cost >= 150_000 else RECRUIT
        for k, j in enumerate(holds.tolist()):
            closing = cost * rng.uniform(0.8, 1.2)
            add(function=f, site=k, place=j, variant=-1, state=REMOVABLE if own else FIXED, quality=1.0,
                cost=closing if own else 0.0, viable=0.0, subsidy=np.inf, decides=hand)  # fmt: skip
        for j in range(places):
            factor = rng.uniform(0.85, 1.15)
            add(function=f, site=len(holds) + j, place=j, variant=0, state=NEW, quality=1.0, cost=cost * factor,
                viable=least, subsidy=60.0 if hand == RECRUIT else 40.0, decides=hand)  # fmt: skip
            if cheap:
                add(function=f, site=len(holds) + j, place=j, variant=1, state=NEW, quality=cheap, cost=0.4 * cost * factor,
                    viable=0.35 * least, subsidy=40.0, decides=hand)  # fmt: skip
    offers = _as_offers(cols)
    order = list(range(functions))
    basic = tuple(CoreSlot((f,), required=f in (0, 8)) for f in order if f in (0, 8, 9, 16))
    full = basic + tuple(CoreSlot((f,), required=f == 2) for f in order if f in (2, 5, 10, 11))
    problem = AnchorProblem(
        place_count=places,
        place_x=world.place[:, 0],
        place_y=world.place[:, 1],
        demand=Demand(world.persons, np.array([1.0, 1.2, 1.3, 1.5])[world.kind], world.area),
        functions=tuple(parts),
        offers=offers,
        levels=(Level("basic", basic, min(3, len(basic))), Level("full", full, min(6, len(full)))),
        units=_all_units(rng, world, places),
        bundles=_all_bundles(offers, places, functions),
        anchor_travel=_travel(world.place, world.on_line, world, 900),
        together_weight=np.array([0.15, 0.3]),
        room_hours=np.full(places, 40.0),
        minute_weight=0.01,
    )
    limits = Limits(max_anchors=20, budget_eur=6_000_000.0, spacing_m=2_500.0, viability=viability)
    return problem, Objective(people=1.0, together=1.0, cost=0.002), limits


def _as_offers(cols: dict[str, list[float]]) -> Offers:
    """Columns as arrays."""
    value = {n: np.array(v, dtype=np.float64) for n, v in cols.items()}
    n = len(value["function"])
    whole = {k: value[k].astype(np.int32) for k in ("function", "site", "place", "variant")}
    return Offers(
        **whole,
        state=value["state"].astype(np.int8),
        origin=np.full(n, -1, dtype=np.int32),
        quality=value["quality"],
        cost_eur=np.round(value["cost"][:, None] * np.array([0.7, 1.0, 1.4])),
        viable_persons=value["viable"],
        subsidy_eur=value["subsidy"],
        capacity_persons=np.full(n, np.inf),
        decides=value["decides"].astype(np.int8),
        host=np.full(n, -1, dtype=np.int32),
        # The second variant of a service comes by the hour into the shared room.
        room_hours=np.where(value["variant"] == 1, 8.0, 0.0),
    )


def _all_units(rng: np.random.Generator, world: _World, places: int) -> Units:
    """Each place at both levels; pairs of villages less than 4.5 km apart at the full level."""
    apart = np.hypot(*(world.place[:, None, :] - world.place[None, :, :]).transpose(2, 0, 1))
    a, b = np.nonzero(np.triu((apart < 4_500.0) & (world.rank[:, None] > 0) & (world.rank[None, :] > 0), 1))
    level = np.concatenate([np.zeros(places), np.ones(places), np.ones(len(a))]).astype(np.int8)
    first = np.concatenate([np.arange(places), np.arange(places), a]).astype(np.int32)
    second = np.concatenate([np.full(2 * places, -1), b]).astype(np.int32)
    mid = np.array([45_000.0, 110_000.0])[level] * rng.uniform(0.8, 1.2, len(level)) * np.where(second >= 0, 1.2, 1.0)
    return Units(level, first, second, np.round(mid[:, None] * np.array([0.7, 1.0, 1.4])))


def _all_bundles(offers: Offers, places: int, functions: int) -> Bundles:
    """Health (doctor, pharmacy, physiotherapy), shop (bakery, post), town hall (citizens' office, library, meeting room)."""
    kinds = [k for k in (((0, 2, 5), 22_000.0), ((8, 9), 9_000.0), ((11, 12, 16), 25_000.0)) if max(k[0]) < functions]
    at: dict[tuple[int, int], list[int]] = {}
    for o, key in enumerate(zip(offers.place.tolist(), offers.function.tolist(), strict=True)):
        at.setdefault(key, []).append(o)
    place: list[int] = []
    mid: list[float] = []
    slots: list[list[int]] = []
    counts: list[int] = []
    for j in range(places):
        for members, saving in kinds:
            place.append(j)
            mid.append(saving)
            counts.append(len(members))
            slots += [at[j, f] for f in members]
    return Bundles(
        np.array(place, dtype=np.int32),
        np.array(mid)[:, None] * np.array([0.7, 1.0, 1.3]),
        np.full(len(place), 40.0),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([[0], np.cumsum([len(s) for s in slots])]).astype(np.int64),
        np.array([o for s in slots for o in s], dtype=np.int32),
    )


def cover_world(
    seed: int = 1, *, points: int = 10_000, sites: int = 500
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres from demand points to sites, shape (points, sites), and people per point: clustered points in a square of 100 km."""
    rng = np.random.default_rng([seed, points, sites])
    centre = rng.uniform(0, 100_000.0, (60, 2))
    where = rng.choice(60, points, p=rng.dirichlet(np.ones(60)))
    point = np.clip(centre[where] + rng.normal(0, 5_000.0, (points, 2)), 0, 100_000.0)
    point[: points // 4] = rng.uniform(0, 100_000.0, (points // 4, 2))
    site = np.concatenate(
        [point[rng.permutation(points)[: sites // 2]], rng.uniform(0, 100_000.0, (sites - sites // 2, 2))]
    )
    metres = np.round(np.hypot(*(point[:, None, :] - site[None, :, :]).transpose(2, 0, 1)))
    return metres, rng.integers(1, 100, points).astype(np.float64)
