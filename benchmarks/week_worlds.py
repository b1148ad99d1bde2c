"""A week of two vans with many stops, hours and visits of different length: the question that day-tour software answers, too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ankerort.mobile.classic import periodic
from ankerort.mobile.problem import MobileProblem

SHIFT_S = (8 * 3600, 17 * 3600)
DAYS = 5


@dataclass(frozen=True)
class Week:
    """Each stop once in the week, on any day, wholly within its hours; the depot is the last node."""

    travel_s: NDArray[np.int64]
    service_s: NDArray[np.int64]
    begin_s: NDArray[np.int64]
    end_s: NDArray[np.int64]
    vans: int

    def save(self, path: Path) -> None:
        """For `tours_worker.py`: a van on a day is a vehicle there."""
        np.savez(
            path, travel=self.travel_s, service=self.service_s, begin=self.begin_s, end=self.end_s, shift=np.array(SHIFT_S),
            vehicles=self.vans * DAYS,
        )  # fmt: skip

    def problem(self) -> MobileProblem:
        """The week as a mobile problem; its value with `LEAST_DISTANCE` is minus the seconds of driving."""
        stops = len(self.service_s)
        given = periodic(
            self.travel_s,
            depot=[stops] * self.vans,
            days=DAYS,
            day_sets=[[1 << day for day in range(DAYS)]] * stops,
            load=0.0,
            service=self.service_s,
        )
        vehicles = given.vehicles
        return replace(
            given,
            halves_s=np.array([SHIFT_S], np.int32),
            window_s=np.column_stack([self.begin_s, self.end_s]).astype(np.int32)[:, None],
            vehicles=replace(
                vehicles,
                leave_from_s=np.full(self.vans, SHIFT_S[0], np.int32),
                back_until_s=np.full(self.vans, SHIFT_S[1], np.int32),
                tour_max_s=np.full(self.vans, SHIFT_S[1] - SHIFT_S[0], np.int32),
            ),
        )


def week(seed: int, *, stops: int = 150, vans: int = 2) -> Week:
    """Villages round small towns; three of five stops have hours of two to four hours, visits last 10 to 25 minutes."""
    rng = np.random.default_rng([seed, 11])
    towns = rng.uniform(8_000, 42_000, (6, 2))
    xy = towns[rng.integers(0, 6, stops)] + rng.normal(0, 4_500, (stops, 2))
    nodes = np.concatenate([xy, [[25_000.0, 25_000.0]]])
    metres = 1.3 * np.hypot(*(nodes[:, None] - nodes[None]).transpose(2, 0, 1))
    travel = np.ceil(metres / (50 / 3.6)).astype(np.int64)
    service = rng.integers(2, 6, stops) * 300
    begin, end = np.full(stops, SHIFT_S[0]), np.full(stops, SHIFT_S[1])
    timed = rng.random(stops) < 0.6
    length = rng.integers(8, 17, stops) * 900
    first = SHIFT_S[0] + rng.integers(0, 21, stops) * 900
    # The van comes from the depot first and must get home.
    begin[timed] = np.clip(first, SHIFT_S[0], SHIFT_S[1] - length)[timed]
    end[timed] = (begin + length)[timed]
    return Week(travel, service, begin, end, vans)
