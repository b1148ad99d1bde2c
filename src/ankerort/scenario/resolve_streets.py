"""Resolves new streets, and crossings where a region has straight lines instead of streets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ankerort.region.edit_streets import add_street as add_to_streets
from ankerort.region.edit_streets import class_use, find_joint, street_classes
from ankerort.scenario.changes import AddStreet
from ankerort.scenario.edits import Edit
from ankerort.scenario.lookup import Draft, find_site
from ankerort.scenario.nearest import nearest_names
from ankerort.scenario.world import Touched, World


@dataclass(frozen=True)
class InsertStreet:
    """A new street in ``Region.streets``; the graphs are built again when all changes are applied."""

    change: AddStreet
    way: int
    within_m: float

    @property
    def touched(self) -> Touched:
        """See `Edit`."""
        return Touched(streets=True)

    def apply(self, world: World) -> World:
        """See `Edit`."""
        raw = world.region.streets
        if raw is None:
            raise ValueError("a region without streets has no ends to join")
        change = self.change
        streets = add_to_streets(
            raw,
            change.line,
            street_class=change.street_class,
            modes=change.modes,
            one_way=change.one_way,
            max_speed_kmh=change.max_speed_kmh,
            way=self.way,
            within_m=self.within_m,
        )
        return replace(world, region=replace(world.region, streets=streets))


@dataclass(frozen=True)
class InsertCrossing:
    """A crossing of a barrier, projected metres."""

    x: float
    y: float

    @property
    def touched(self) -> Touched:
        """See `Edit`."""
        return Touched(streets=True)

    def apply(self, world: World) -> World:
        """See `Edit`."""
        old = world.region.barriers
        row = gpd.GeoDataFrame({"kind": ["crossing"]}, geometry=[shapely.Point(self.x, self.y)], crs=old.crs)
        barriers = gpd.GeoDataFrame(pd.concat([old, row], ignore_index=True), geometry="geometry", crs=old.crs)
        return replace(world, region=replace(world.region, barriers=barriers))


def add_street(draft: Draft, change: AddStreet) -> tuple[Edit, ...] | None:
    """A street whose ends meet streets within ``scenario.street_join_m``; without streets a crossing of a barrier."""
    sites = [find_site(draft, "", lon, lat) for lon, lat in change.line]  # all of them, to tell all problems
    good = all(site is not None for site in sites)
    classes = street_classes()
    if change.street_class not in classes:
        near = nearest_names(change.street_class, classes)
        draft.report("scenario_street_class", "street_class", value=change.street_class, near=near)
        good = False
    elif not any(class_use(change.street_class, modes=change.modes, one_way=change.one_way)):
        draft.report("scenario_street_unused", "street_class", value=change.street_class)
        good = False
    if not good:
        return None
    raw = draft.world.region.streets
    if raw is None or not raw.segment_m.size:
        return _crossing(draft, change)
    within_m = draft.world.catalogue.value("scenario.street_join_m")
    for end, (lon, lat) in (("1", change.line[0]), (str(len(change.line)), change.line[-1])):
        if find_joint(raw, lon, lat, within_m=within_m) is None:
            draft.report("scenario_street_loose", "line", point=end, lon=lon, lat=lat, metres=round(within_m))
            good = False
    return (InsertStreet(change, -draft.number, within_m),) if good else None


def _crossing(draft: Draft, change: AddStreet) -> tuple[Edit, ...] | None:
    region = draft.world.region
    line = np.array(change.line, dtype=np.float64)
    x, y = Transformer.from_crs("EPSG:4326", region.settings.crs, always_xy=True).transform(line[:, 0], line[:, 1])
    way = shapely.LineString(np.column_stack([x, y]))
    barriers = region.barriers
    lines = barriers.geometry[(barriers["kind"] == "barrier").to_numpy(bool)].to_numpy() if len(barriers) else []
    met = shapely.intersection(way, shapely.union_all(lines)) if len(lines) else shapely.Point()
    if shapely.is_empty(met):
        draft.report("scenario_no_barrier", "line")
        return None
    centre = shapely.centroid(met)
    return (InsertCrossing(float(centre.x), float(centre.y)),)
