"""Periodic vehicle routing problems of the literature: rings by their rule, others from files in Cordeau's format.

The instances p14 to p23 of Chao, Golden and Wasil (1995) are points on rings with a rule for places, demands and sets of days, so they are made
here. p01 to p10 (Christofides and Beasley 1984) are read from files named by ``ANKERORT_PVRP``, which are not part of this repository.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ankerort.mobile.classic import periodic
from ankerort.mobile.problem import MobileProblem

BEST_KNOWN = {
    "p01": 524.61, "p02": 1322.87, "p03": 524.61, "p04": 835.26, "p05": 2024.96, "p06": 835.26, "p07": 826.14, "p08": 2022.47,
    "p09": 826.14, "p10": 1593.43, "p14": 954.81, "p15": 1862.63, "p16": 2875.24, "p17": 1597.75, "p18": 3131.09, "p19": 4834.34,
    "p20": 8367.40, "p21": 2170.61, "p22": 4193.95, "p23": 6420.71,
}  # fmt: skip
"""Best known distances as listed by Vidal, Crainic, Gendreau, Lahrichi and Rei (2012), Operations Research 60(3), 611-624."""

# Spokes, rings, capacity.
_RINGS = {
    "p14": (2, 1, 20), "p15": (2, 2, 30), "p16": (2, 3, 40), "p17": (4, 1, 20), "p18": (4, 2, 30), "p19": (4, 3, 40), "p20": (4, 5, 60),
    "p21": (6, 1, 20), "p22": (6, 2, 30), "p23": (6, 3, 40),
}  # fmt: skip


@dataclass(frozen=True)
class Instance:
    """One instance: the depot is the last node."""

    name: str
    days: int
    vehicles: int
    capacity: float
    longest: float
    xy: NDArray[np.float64]
    load: NDArray[np.float64]
    service: NDArray[np.float64]
    day_sets: tuple[tuple[int, ...], ...]

    def problem(self) -> MobileProblem:
        """The instance as a mobile problem."""
        distance = np.hypot(*(self.xy[:, None] - self.xy[None]).transpose(2, 0, 1))
        return periodic(
            distance,
            depot=[len(self.day_sets)] * self.vehicles,
            days=self.days,
            day_sets=self.day_sets,
            load=self.load,
            capacity=self.capacity,
            service=self.service,
            longest=self.longest,
        )


def rings(name: str) -> Instance:
    """An instance of Chao, Golden and Wasil.

    Customers visited on all four days stand on the spokes at 10, 50, 90, ...; on every other day at 20, 40, ... beside them, once at 30, 70, ...
    """
    spokes, level, capacity = _RINGS[name]
    turn = 360.0 / spokes
    groups = (
        (5, ((15,),) * 1, [10.0 + 40.0 * k for k in range(level + 1)], (0.0,)),
        (2, ((5, 10),), [20.0 * (k + 1) for k in range(2 * level)], (60.0 / spokes, -60.0 / spokes)),
        (
            1,
            ((1, 2, 4, 8),),
            [30.0 + 40.0 * k for k in range(level)],
            tuple(a / spokes for a in (30.0, 90.0, -30.0, -90.0)),
        ),
    )
    xy: list[tuple[float, float]] = []
    load: list[float] = []
    sets: list[tuple[int, ...]] = []
    for demand, (choice,), radii, beside in groups:
        for radius in radii:
            for spoke in range(spokes):
                for angle in beside:
                    at = np.radians(spoke * turn + angle)
                    xy.append((round(radius * np.cos(at), 3), round(radius * np.sin(at), 3)))
                    load.append(demand)
                    sets.append(choice)
    return Instance(
        name,
        4,
        spokes,
        float(capacity),
        float("inf"),
        np.array([*xy, (0.0, 0.0)]),
        np.array(load),
        np.zeros(len(load)),
        tuple(sets),
    )


def read_cordeau(path: Path) -> Instance:
    """A file in the format of Cordeau, Gendreau and Laporte (1997).

    Type, vehicles, customers, days; per day longest tour (0 = any) and capacity; the depot and the customers with number, place, service, demand,
    frequency, number of sets of days and the sets as whole numbers.
    """
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    vehicles, customers, days = (int(word) for word in lines[0][1:4])
    longest, capacity = (float(word) for word in lines[1][:2])
    rows = [[float(word) for word in line] for line in lines[1 + days : 2 + days + customers]]
    depot, clients = rows[0], rows[1:]
    return Instance(
        path.stem,
        days,
        vehicles,
        capacity if capacity > 0 else float("inf"),
        longest if longest > 0 else float("inf"),
        np.array([[row[1], row[2]] for row in [*clients, depot]]),
        np.array([row[4] for row in clients]),
        np.array([row[3] for row in clients]),
        tuple(tuple(int(word) for word in row[7 : 7 + int(row[6])]) for row in clients),
    )


def generated(seed: int) -> Instance:
    """An instance like those of the literature: 50 to 150 customers, visited once, twice or on all of four to six days."""
    rng = np.random.default_rng([seed, 10])
    customers, days = int(rng.integers(50, 151)), int(rng.integers(4, 7))
    often = rng.choice([1, 2, days], customers, p=[0.5, 0.35, 0.15])
    twice = tuple((1 << k) | (1 << (k + days // 2)) for k in range(days - days // 2))
    sets = {1: tuple(1 << k for k in range(days)), 2: twice, days: ((1 << days) - 1,)}
    load = rng.integers(1, 40, customers).astype(np.float64)
    per_day = float((load * often).sum()) / days
    vehicles = int(rng.integers(2, 6))
    return Instance(
        f"g{seed:02d}",
        days,
        vehicles,
        float(np.ceil(per_day / vehicles * 1.25)),
        float("inf"),
        rng.uniform(0, 100, (customers + 1, 2)),
        load,
        np.zeros(customers),
        tuple(sets[int(k)] for k in often),
    )
