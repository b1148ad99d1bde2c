"""Edits: what a resolved change does to a world; each gives a new world and says what it touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from ankerort.base.provenance import DatedValue
from ankerort.base.tables import Schema
from ankerort.catalogue.model import StandardMode
from ankerort.region import schema
from ankerort.region.model import Region
from ankerort.scenario.world import Touched, World

SOURCE_ID = "scenario"
_TABLES: Mapping[str, Schema] = {
    one.name: one for one in (schema.FACILITIES, schema.MOBILE_VISITS, schema.SOURCES, schema.REGISTERED_STOPS)
}


class Edit(Protocol):
    """One step of a resolved change."""

    @property
    def touched(self) -> Touched:
        """What it touches."""

    def apply(self, world: World) -> World:
        """The world after it; tables that it does not name are the same objects."""


@dataclass(frozen=True)
class AppendRow:
    """A row at the end of a table of the region; `services` are those it touches."""

    table: str
    values: Mapping[str, object]
    services: frozenset[str] = frozenset()

    @property
    def touched(self) -> Touched:
        """See `Edit`."""
        return Touched(self.services)

    def apply(self, world: World) -> World:
        """See `Edit`."""
        frame: pd.DataFrame = getattr(world.region, self.table)
        declared = _TABLES[self.table]
        row = declared.conform(pd.DataFrame([dict(self.values)]))
        return _with_region(world, **{self.table: declared.conform(pd.concat([frame, row], ignore_index=True))})


@dataclass(frozen=True)
class PatchRow:
    """New values in one row of a table of the region; the row keeps its place."""

    table: str
    row_id: str
    values: Mapping[str, object]
    services: frozenset[str] = frozenset()

    @property
    def touched(self) -> Touched:
        """See `Edit`."""
        return Touched(self.services)

    def apply(self, world: World) -> World:
        """See `Edit`."""
        frame: pd.DataFrame = getattr(world.region, self.table).copy()
        rows = frame.index[frame[_TABLES[self.table].key[0]] == self.row_id]
        for column, value in self.values.items():
            frame.loc[rows, column] = value
        return _with_region(world, **{self.table: frame})


@dataclass(frozen=True)
class SetCapacity:
    """Another capacity of a facility: from a year on (what held before, ends then), or for all years (`from_year` NaN)."""

    facility_id: str
    capacity: float
    from_year: float
    services: frozenset[str]

    @property
    def touched(self) -> Touched:
        """See `Edit`."""
        return Touched(self.services)

    def apply(self, world: World) -> World:
        """See `Edit`."""
        region = world.region
        own = (region.capacities["facility_id"] == self.facility_id).to_numpy(bool)
        if np.isnan(self.from_year):
            facilities = region.facilities.copy()
            facilities.loc[facilities["facility_id"] == self.facility_id, "capacity"] = self.capacity
            kept = region.capacities if not own.any() else region.capacities[~own].reset_index(drop=True)
            return _with_region(world, facilities=facilities, capacities=kept)
        last = self.from_year - 1
        periods = region.capacities.copy()
        periods.loc[own & ~(periods["to_year"] <= last).to_numpy(bool), "to_year"] = last
        periods = periods[~(own & (periods["from_year"] > last).to_numpy(bool))]
        added = [{"facility_id": self.facility_id, "capacity": self.capacity, "from_year": self.from_year}]
        present = float(region.facilities.loc[region.facilities["facility_id"] == self.facility_id, "capacity"].iloc[0])
        if not own.any() and not np.isnan(present):
            added.insert(0, {"facility_id": self.facility_id, "capacity": present, "to_year": last})
        rows = schema.CAPACITIES.conform(pd.DataFrame(added).assign(source_id=SOURCE_ID))
        joined = pd.concat([periods, rows], ignore_index=True)
        return _with_region(world, capacities=schema.CAPACITIES.conform(joined))


@dataclass(frozen=True)
class SetStandard:
    """Another minimum or target of one service and mode."""

    service: str
    mode: StandardMode
    level: str
    value: DatedValue

    @property
    def touched(self) -> Touched:
        """See `Edit`."""
        return Touched(frozenset({self.service}))

    def apply(self, world: World) -> World:
        """See `Edit`."""
        service = world.catalogue.services[self.service]
        old = service.standards[self.mode]
        new = replace(old, minimum=self.value) if self.level == "minimum" else replace(old, target=self.value)
        changed = replace(service, standards={**service.standards, self.mode: new})
        services = {**world.catalogue.services, self.service: changed}
        return replace(world, catalogue=replace(world.catalogue, services=services))


@dataclass(frozen=True)
class SetFigure:
    """Another value of a figure of the catalogue; `touched` is what is computed from it."""

    value: DatedValue
    touched: Touched

    def apply(self, world: World) -> World:
        """See `Edit`."""
        figures = {**world.catalogue.figures, self.value.id: self.value}
        return replace(world, catalogue=replace(world.catalogue, figures=figures))


@dataclass(frozen=True)
class SetDemandRate:
    """Another value of a demand rate, found by its id."""

    service: str
    value: DatedValue

    @property
    def touched(self) -> Touched:
        """See `Edit`."""
        return Touched(frozenset({self.service}))

    def apply(self, world: World) -> World:
        """See `Edit`."""
        rates = tuple(
            replace(r, value=self.value) if r.value.id == self.value.id else r for r in world.catalogue.demand_rates
        )
        return replace(world, catalogue=replace(world.catalogue, demand_rates=rates))


@dataclass(frozen=True)
class SetWeight:
    """Another weight of a criterion of quality for all services that take it from one record."""

    services: frozenset[str]
    criterion: str
    value: DatedValue

    @property
    def touched(self) -> Touched:
        """See `Edit`."""
        return Touched(self.services)

    def apply(self, world: World) -> World:
        """See `Edit`."""
        quality = world.catalogue.quality.with_record(sorted(self.services), self.criterion, self.value)
        return replace(world, catalogue=replace(world.catalogue, quality=quality))


@dataclass(frozen=True)
class UseRegion:
    """The region with other tables, made by a function of another room (the population of another year)."""

    tables: Mapping[str, object]
    touched: Touched
    year: int | None = None

    def apply(self, world: World) -> World:
        """See `Edit`."""
        return replace(_with_region(world, **self.tables), year=self.year)


def scenario_source(title: str) -> AppendRow:
    """The source row that rows added by a scenario name."""
    return AppendRow("sources", {"source_id": SOURCE_ID, "kind": "user", "title": title, "rows": 0})


def _with_region(world: World, **tables: object) -> World:
    region: Region = replace(world.region, **tables)  # type: ignore[arg-type]
    return replace(world, region=region)
