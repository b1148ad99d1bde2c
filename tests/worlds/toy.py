"""Runs a tiny world through the real readers and kernels: files are written, read back, and searched.

Lengths are drawn half a metre short of the round number that a docstring names: every edge and every walk is rounded up,
so the round number comes out exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from ankerort.base.problems import Problems
from ankerort.catalogue import read_catalogue
from ankerort.network.build_streets import build_street_ways
from ankerort.network.model import Mode, Timetable
from ankerort.network.timetable import build_timetable
from ankerort.reach.model import PtDirection
from ankerort.reach.public_transport import pt_rules
from ankerort.reach.round_trips import Visits, round_trip_columns, trip_rules
from ankerort.reach.transit import home_access, prepare_transit, pt_columns
from ankerort.region.read_osm_streets import read_osm_streets
from ankerort.region.settings import InputSettings
from ankerort.sample.gtfs_builder import FeedBuilder
from ankerort.sample.world import ORIGIN_E_M, ORIGIN_N_M, PROJECTED, Feed, OsmMap, Point
from ankerort.sample.write_gtfs import write_gtfs
from ankerort.sample.write_osm import write_osm

SHORT_M = 0.4
FIRST_DAY, LAST_DAY = date(2026, 11, 2), date(2026, 12, 18)


@dataclass(frozen=True)
class Toy:
    """A tiny world: map, feed, homes and targets by name (world metres)."""

    osm: OsmMap
    feed: Feed | None
    homes: Mapping[str, Point]
    targets: Mapping[str, Point]


def toy_feed() -> FeedBuilder:
    """An empty feed over some school weeks in November and December 2026."""
    return FeedBuilder("feed", "toy", "Spielbus", FIRST_DAY, LAST_DAY)


@dataclass(frozen=True)
class PtSummary:
    """One row of `PtColumns`."""

    fastest_s: int
    typical_s: int
    waiting_median_s: int
    departures: int
    clock_s: int


class Run:
    """A toy, written and read back."""

    def __init__(self, toy: Toy, folder: Path) -> None:
        self.toy = toy
        self.catalogue = read_catalogue(land="ST")
        self.problems = Problems()
        write_osm(toy.osm, folder / "toy.osm.pbf")
        raw = read_osm_streets(folder / "toy.osm.pbf", source_id="osm", problems=self.problems)
        self.ways = build_street_ways(raw, catalogue=self.catalogue, crs=PROJECTED)
        self.folder = folder

    @cached_property
    def timetable(self) -> Timetable:
        """The service day that the day rule chooses."""
        assert self.toy.feed is not None
        path = self.folder / "feed.zip"
        write_gtfs(self.toy.feed, path)
        inputs = [InputSettings("gtfs", (path,), "bus")]
        return build_timetable(
            inputs, day="", land="ST", catalogue=self.catalogue, crs=PROJECTED, problems=self.problems
        )

    def _points(self, mode: Mode, named: Mapping[str, Point]) -> object:
        x = np.array([ORIGIN_E_M + p[0] for p in named.values()])
        y = np.array([ORIGIN_N_M + p[1] for p in named.values()])
        return self.ways[mode].prepare(x, y)

    def street(
        self, mode: Mode, home: str, target: str, direction: Literal["to_target", "from_target"] = "to_target"
    ) -> int:
        """Metres (foot, bike) or seconds (car) between a home and a target; -1 if there is no way."""
        columns = self.ways[mode].columns(
            self._points(mode, self.toy.targets), self._points(mode, self.toy.homes), limit=10_000, direction=direction
        )
        homes, values = columns.column(list(self.toy.targets).index(target))
        found = values[homes == list(self.toy.homes).index(home)]
        return int(found[0]) if found.size else -1

    def pt(
        self,
        home: str,
        target: str,
        direction: PtDirection = "out",
        *,
        with_demand: bool = False,
        window_h: tuple[float, float] = (6, 20),
    ) -> PtSummary | None:
        """Summary of the journeys between a home and a target for everybody; None if there is none."""
        start, end = (int(h * 3600) for h in window_h)
        rules = replace(pt_rules(self.catalogue, "all"), window_start_s=start, window_end_s=end)
        foot, stops = self.ways["foot"], self.timetable.stops
        at_stops = foot.prepare(stops["x"].to_numpy(float), stops["y"].to_numpy(float))
        at_homes, at_targets = self._points("foot", self.toy.homes), self._points("foot", self.toy.targets)
        day = prepare_transit(
            self.timetable,
            rules=rules,
            with_demand=with_demand,
            stop_walks=foot.columns(at_stops, at_stops, limit=rules.transfer_walk_m),
            detour=1.3,
        )
        found = pt_columns(
            day,
            direction=direction,
            target_stops=foot.columns(at_targets, at_stops, limit=rules.walk_limit_m),
            home_stops=foot.columns(at_stops, at_homes, limit=rules.walk_limit_m),
            walks=foot.columns(at_targets, at_homes, limit=5000),
            n_homes=len(self.toy.homes),
            rules=rules,
            threads=1,
        )
        column = list(self.toy.targets).index(target)
        part = slice(int(found.ptr[column]), int(found.ptr[column + 1]))
        rows = pd.DataFrame(
            {
                name: getattr(found, name)[part]
                for name in ("home", "fastest_s", "typical_s", "waiting_median_s", "departures", "clock_s")
            }
        )
        rows = rows[rows["home"] == list(self.toy.homes).index(home)]
        if rows.empty:
            return None
        return PtSummary(*(int(v) for v in rows.iloc[0].to_list()[1:]))

    def round_trip(
        self, home: str, target: str, *, hours: tuple[int, int], stay_min: int, with_demand: bool = False
    ) -> tuple[int, int, int, int, int] | None:
        """Pairs, time away, longer way, last way home and first way home in a pair of everybody on the day; None if there are none."""
        rules = pt_rules(self.catalogue, "all")
        foot, stops = self.ways["foot"], self.timetable.stops
        at_stops = foot.prepare(stops["x"].to_numpy(float), stops["y"].to_numpy(float))
        at_homes, at_targets = self._points("foot", self.toy.homes), self._points("foot", self.toy.targets)
        day = prepare_transit(
            self.timetable,
            rules=rules,
            with_demand=with_demand,
            stop_walks=foot.columns(at_stops, at_stops, limit=rules.transfer_walk_m),
            detour=1.3,
        )
        count = len(self.toy.targets)
        start, end = (np.full(count, moment, np.int32) for moment in hours)
        found = round_trip_columns(
            day,
            home_access(
                foot.columns(at_stops, at_homes, limit=rules.walk_limit_m), n_homes=len(self.toy.homes), rules=rules
            ),
            target_stops=foot.columns(at_targets, at_stops, limit=rules.walk_limit_m),
            walks=foot.columns(at_targets, at_homes, limit=5000),
            visits=Visits(np.arange(count + 1), start, end, np.full(count, stay_min * 60, np.int32)),
            rules=rules,
            trip=trip_rules(self.catalogue),
            threads=1,
        )
        column = list(self.toy.targets).index(target)
        for k in range(int(found.ptr[column]), int(found.ptr[column + 1])):
            if found.home[k] == list(self.toy.homes).index(home):
                last, first = int(found.last_home_s[k]), int(found.first_home_s[k])
                return int(found.pairs[k]), int(found.away_s[k]), int(found.way_s[k]), last, first
        return None
