"""A generated state: 15,000 stops, about 900,000 connections, 200,000 cells, by seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ankerort.network.model import Timetable


@dataclass
class TransitWorld:
    """Timetable with stops and cells in projected metres."""

    timetable: Timetable
    stops: np.ndarray
    cells: np.ndarray


def make_state(
    *, seed: int = 7, n_stops: int = 15_000, n_connections: int = 900_000, n_cells: int = 200_000
) -> TransitWorld:
    """Towns of different size on 140 x 140 km, lines between neighbouring towns, half-hourly to two-hourly, 5 to 23 h."""
    rng = np.random.default_rng(seed)
    n_towns = n_stops // 12
    towns = rng.uniform(0, 140_000, (n_towns, 2))
    size = rng.pareto(1.2, n_towns) + 0.3
    town_of = np.sort(rng.choice(n_towns, n_stops, p=size / size.sum()))
    spread = 350 + 250 * np.sqrt(np.bincount(town_of, minlength=n_towns))
    stops = towns[town_of] + rng.normal(0, 1, (n_stops, 2)) * spread[town_of, None] / 2
    first = np.searchsorted(town_of, np.arange(n_towns + 1))
    inhabited = np.flatnonzero(np.diff(first) > 0)
    near = np.argsort(((towns[inhabited, None] - towns[None, inhabited]) ** 2).sum(-1), axis=1)[:, 1:7]

    rows: list[np.ndarray] = []
    trips = made = 0
    while made < n_connections:
        here = int(rng.choice(len(inhabited), p=size[inhabited] / size[inhabited].sum()))
        calls: list[int] = []
        for _ in range(int(rng.integers(2, 6))):
            local = np.arange(
                first[inhabited[here]], first[inhabited[here] + 1] if inhabited[here] + 1 <= n_towns else n_stops
            )
            chosen = rng.choice(local, min(len(local), int(rng.integers(2, 8))), replace=False)
            calls += chosen[np.argsort(stops[chosen] @ rng.normal(0, 1, 2))].tolist()
            here = int(rng.choice(near[here]))
        way = np.array(calls)
        headway = int(rng.choice([1800, 3600, 3600, 7200]))
        for path in (way, way[::-1]):
            metres = np.hypot(*(stops[path[1:]] - stops[path[:-1]]).T) * 1.3
            ride = np.maximum(45, metres / 11).astype(np.int64) + 15
            offset = np.concatenate([[0], np.cumsum(ride)])
            starts = np.arange(5 * 3600 + int(rng.integers(0, headway)), 23 * 3600, headway)
            dep = (starts[:, None] + offset[None, :-1]).ravel()
            trip = np.repeat(np.arange(trips, trips + len(starts)), len(ride))
            rows.append(
                np.column_stack(
                    [
                        dep,
                        dep + np.tile(ride, len(starts)),
                        np.tile(path[:-1], len(starts)),
                        np.tile(path[1:], len(starts)),
                        trip,
                    ]
                )
            )
            trips += len(starts)
            made += len(dep)
    table = np.concatenate(rows)
    table = table[np.lexsort((np.arange(len(table)), table[:, 4], table[:, 0]))].astype(np.int32)
    cells = stops[rng.integers(0, n_stops, n_cells)] + rng.normal(0, 700, (n_cells, 2))
    none = np.empty(0, np.int32)
    dep, arr, start, end, trip = (np.ascontiguousarray(table[:, k]) for k in range(5))
    timetable = Timetable(
        date="2026-06-09",
        stops=pd.DataFrame({"stop_ix": np.arange(n_stops), "x": stops[:, 0], "y": stops[:, 1]}),
        trips=pd.DataFrame({"trip_ix": np.arange(trips), "on_demand": np.zeros(trips, bool)}),
        dep_s=dep,
        arr_s=arr,
        from_stop=start,
        to_stop=end,
        trip=trip,
        can_board=np.ones(len(dep), bool),
        can_alight=np.ones(len(dep), bool),
        transfer_from=none,
        transfer_to=none,
        transfer_kind=none.astype(np.int8),
        transfer_min_s=none,
    )
    return TransitWorld(timetable, stops, cells)
