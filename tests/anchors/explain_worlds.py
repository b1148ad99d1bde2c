"""Hand-made and random worlds for explanations: problems with the names behind their numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ankerort.anchors.explain_rows import Homes
from ankerort.anchors.prepared import OFFER_INFO, Prepared
from ankerort.anchors.problem import (
    NEW,
    AnchorProblem,
    Bundles,
    Demand,
    Function,
    Level,
    Limits,
    Objective,
    Offers,
    Solution,
    Travel,
    Units,
)
from ankerort.anchors.request import AnchorRequest
from ankerort.anchors.solve import solve
from worlds.anchors import random_problem


def named(problem: AnchorProblem, objective: Objective, limits: Limits) -> Prepared:
    """A problem with made-up names: places P0, P1 ..., existing facilities x<offer>."""
    offers = problem.offers
    count = len(offers)
    info = pd.DataFrame({c.name: [""] * count if c.dtype == "str" else [0.0] * count for c in OFFER_INFO.columns})
    info["facility_id"] = [f"x{o}" if offers.variant[o] < 0 else "" for o in range(count)]
    info["variant"] = ["" if v < 0 else f"v{v}" for v in offers.variant]
    rows = np.arange(len(problem.demand))
    return Prepared(
        problem,
        objective,
        limits,
        AnchorRequest(),
        tuple(f"P{j}" for j in range(problem.place_count)),
        tuple(f"A{a}" for a in range(int(problem.demand.area.max(initial=-1)) + 1)),
        OFFER_INFO.conform(info),
        tuple(f"B{b}" for b in range(len(problem.bundles))),
        rows.astype(np.int32),
        (rows % 4).astype(np.int8),
        pd.DataFrame(),
    )


def homes_by_row(prepared: Prepared, places: int) -> Homes:
    """Row i lives in home place H(i modulo places), all in municipality M0; candidate place j lies in M(j modulo 2)."""
    rows = np.arange(len(prepared.problem.demand))
    return Homes(
        tuple(f"H{k}" for k in range(places)),
        (rows % places).astype(np.int32),
        np.array(["M0"] * len(rows), object),
        tuple(f"M{j % 2}" for j in range(len(prepared.place_ids))),
    )


def line_world(
    persons: tuple[float, ...],
    *,
    limits: Limits,
    cost_eur: tuple[float, ...] | None = None,
    viable: float = 0.0,
    cost_factor: float = 0.0,
) -> Prepared:
    """One function; home i is served from place i only, which has one NEW offer; no core, every place a unit of one level."""
    n = len(persons)
    travel = Travel(np.arange(n + 1), np.arange(n, dtype=np.int32), np.full(n, 300, np.int32), np.ones(n, bool))
    mid = np.array(cost_eur or (0.0,) * n)
    whole = np.arange(n, dtype=np.int32)
    none = np.full(n, -1, np.int32)
    offers = Offers(
        function=np.zeros(n, np.int32),
        site=whole,
        place=whole,
        variant=np.zeros(n, np.int32),
        state=np.full(n, NEW, np.int8),
        origin=none,
        quality=np.ones(n),
        cost_eur=mid[:, None] * np.array([0.5, 1.0, 2.0]),
        viable_persons=np.full(n, viable),
        subsidy_eur=np.full(n, np.inf),
        capacity_persons=np.full(n, np.inf),
        decides=np.zeros(n, np.int8),
        host=none,
        room_hours=np.zeros(n),
    )
    people = np.array(persons)
    problem = AnchorProblem(
        n,
        np.arange(n) * 1000.0,
        np.zeros(n),
        Demand(people, np.ones(n), np.zeros(n, np.int32)),
        (Function("bank_branch", 1.0, travel, people),),
        offers,
        (Level("basic", (), 0),),
        Units(np.zeros(n, np.int8), whole, none, np.zeros((n, 3))),
        Bundles(
            np.zeros(0, np.int32),
            np.zeros((0, 3)),
            np.zeros(0),
            np.zeros(1, np.int64),
            np.zeros(1, np.int64),
            np.zeros(0, np.int32),
        ),
        travel,
        np.zeros(1),
        np.zeros(n),
    )
    return named(problem, Objective(together=0.0, cost=cost_factor), limits)


def solved(prepared: Prepared) -> Solution:
    """The proven best plan."""
    return solve(prepared.problem, prepared.objective, prepared.limits, seconds=20.0)


def random_prepared(seed: int, features: set[str]) -> Prepared:
    """A small random problem with names."""
    return named(*random_problem(seed, features=features))
