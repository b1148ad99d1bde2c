"""Real feeds with straight-line walks, and a forward search per second of leaving that is fast enough for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numba import njit
from pyproj import Transformer
from scipy.spatial import cKDTree

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.network.model import SparseColumns, Timetable
from ankerort.network.timetable.build_timetable import build_timetable
from ankerort.reach.model import PtRules
from ankerort.region.settings import InputSettings

DETOUR = 1.3
NEVER = 1 << 30


@dataclass
class RealRegion:
    """Timetable, cells (projected metres), persons and AGS per cell."""

    timetable: Timetable
    stops: np.ndarray
    cells: np.ndarray
    persons: np.ndarray
    ags: np.ndarray


def read_real_region(shared_data: Path, name: str, land: str) -> RealRegion:
    """One of the real regions, with its chosen service day."""
    feeds = [InputSettings("gtfs", (path,), path.stem) for path in sorted((shared_data / name / "gtfs").glob("*.zip"))]
    timetable = build_timetable(
        feeds, day="", land=land, catalogue=read_catalogue(land=land), crs="EPSG:25832", problems=Problems()
    )
    cells = pd.read_csv(shared_data / name / "zensus" / "zensus2011_200m.csv", dtype={"ags": str})
    x, y = Transformer.from_crs(4326, 25832, always_xy=True).transform(cells.lon.to_numpy(), cells.lat.to_numpy())
    return RealRegion(
        timetable,
        timetable.stops[["x", "y"]].to_numpy(float),
        np.column_stack([x, y]),
        cells["einwohner_2011"].to_numpy(float).clip(0),
        cells["ags"].fillna("").to_numpy(str),
    )


def straight_walks(targets: np.ndarray, homes: np.ndarray, limit_m: float) -> SparseColumns:
    """Straight line x 1.3 in whole metres, one column per target."""
    near = cKDTree(homes).query_ball_point(targets, limit_m / DETOUR)
    ptr = np.concatenate([[0], np.cumsum([len(ids) for ids in near])]).astype(np.int64)
    home = np.concatenate([np.empty(0, np.int32), *[np.sort(np.array(ids, np.int32)) for ids in near]]).astype(np.int32)
    target = np.repeat(np.arange(len(targets)), np.diff(ptr))
    metres = np.ceil(np.hypot(*(targets[target] - homes[home]).T) * DETOUR).astype(np.int32)
    return SparseColumns(ptr, home, metres)


@njit
def arrivals_of(
    leaves, dep, arr, start, end, trip, board, alight, n_trips, tr_ptr, tr_to, tr_need, access_s, egress_s, longest
):
    """Earliest arrival for each second of leaving, each by its own forward search over the connections (NEVER = none)."""
    found = np.full(len(leaves), NEVER, np.int64)
    for k in range(len(leaves)):
        ready = access_s + leaves[k]
        on_board = np.zeros(n_trips, np.bool_)
        c = np.searchsorted(dep, leaves[k])
        while c < len(dep) and dep[c] <= leaves[k] + longest:
            if on_board[trip[c]] or (board[c] and dep[c] >= ready[start[c]]):
                on_board[trip[c]] = True
                if alight[c]:
                    found[k] = min(found[k], arr[c] + egress_s[end[c]])
                    for j in range(tr_ptr[end[c]], tr_ptr[end[c] + 1]):
                        ready[tr_to[j]] = min(ready[tr_to[j]], arr[c] + tr_need[j])
            c += 1
    return found


class ForwardSearch:
    """Useful journeys between two sets of stops by one forward search per second of leaving."""

    def __init__(self, timetable: Timetable, rules: PtRules, stop_walks: SparseColumns, with_demand: bool) -> None:
        self.rules, n = rules, len(timetable.stops)
        runs = np.ones(len(timetable.dep_s), bool) if with_demand else ~timetable.on_demand
        self.rides = [
            getattr(timetable, f)[runs]
            for f in ("dep_s", "arr_s", "from_stop", "to_stop", "trip", "can_board", "can_alight")
        ]
        self.n_trips = len(timetable.trips)
        need = {(a, a): rules.min_change_s for a in range(n)}
        metres = {}
        for b in range(n):
            for a, m in zip(*stop_walks.column(b), strict=True):
                metres[int(a), b] = int(m)
                if a != b and m <= rules.transfer_walk_m:
                    need[int(a), b] = self.walk(int(m)) + rules.min_change_s
        named = {}
        for a, b, kind, own in zip(
            timetable.transfer_from.tolist(), timetable.transfer_to.tolist(), timetable.transfer_kind.tolist(),
            timetable.transfer_min_s.tolist(), strict=True,
        ):  # fmt: skip
            m = 0 if a == b else metres.get((a, b))
            if m is None:
                pa, pb = timetable.stops.loc[[a, b], ["x", "y"]].to_numpy(float)
                m = int(np.ceil(np.hypot(*(pa - pb)) * DETOUR))
            seconds = {0: self.walk(m) + rules.min_change_s, 1: self.walk(m), 2: own, 3: NEVER}[kind]
            named[a, b] = max(named.get((a, b), 0), seconds)
        need.update(named)
        pairs = sorted(pair for pair, seconds in need.items() if seconds < NEVER)
        self.tr_ptr = np.searchsorted([a for a, _ in pairs], np.arange(n + 1))
        self.tr_to = np.array([b for _, b in pairs], np.int64)
        self.tr_need = np.array([need[pair] for pair in pairs], np.int64)

    def walk(self, metres: int) -> int:
        """Seconds on foot."""
        return int(-(-metres * 1000 // round(self.rules.walk_speed_ms * 1000)))

    def journeys(self, access: dict, egress: dict, walk_m: int | None, *, all_day: bool) -> list[tuple[int, int]]:
        """Useful (leave, arrive), in time order, as far as they can matter for the window (or all from its start on)."""
        dep, start, board = self.rides[0], self.rides[2], self.rides[5]
        n = len(self.tr_ptr) - 1
        access_s, egress_s = np.full(n, NEVER, np.int64), np.full(n, NEVER, np.int64)
        leaves = [np.empty(0, np.int64)]
        for stop, m in access.items():
            if m <= self.rules.walk_limit_m:
                access_s[stop] = self.walk(m)
                leaves.append(dep[(start == stop) & board].astype(np.int64) - self.walk(m))
        for stop, m in egress.items():
            if m <= self.rules.walk_limit_m:
                egress_s[stop] = self.walk(m)
        moments = np.unique(np.concatenate(leaves))
        until = NEVER if all_day else self.rules.window_end_s + self.rules.max_journey_s
        moments = moments[(moments >= self.rules.window_start_s) & (moments < until)]
        arrivals = arrivals_of(
            moments, *self.rides, self.n_trips, self.tr_ptr, self.tr_to, self.tr_need, access_s, egress_s,
            self.rules.max_journey_s,
        )  # fmt: skip
        limit = self.rules.max_journey_s
        if walk_m is not None:
            limit = min(limit, self.walk(walk_m) - 1)
        good = [(int(x), int(y)) for x, y in zip(moments, arrivals, strict=True) if y - x <= limit]
        return [(x, y) for x, y in good if not any(p >= x and q <= y and (p, q) != (x, y) for p, q in good)]
