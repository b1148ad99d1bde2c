"""What a scenario changes and what it touches."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network
from ankerort.reach.layers import ReachLayers
from ankerort.reach.model import Reach
from ankerort.reach.ready import Ready
from ankerort.reach.transit import MergeCount
from ankerort.region.model import Region
from ankerort.supply.model import Supply
from ankerort.supply.parts import SupplyParts
from ankerort.supply.pt_quality import PtClassifier


@dataclass(frozen=True)
class Projection:
    """What the population of a region may be in other years.

    Parameters
    ----------
    first_year, last_year
        Years that can be asked for, both included.
    variants
        Ids of the variants.
    region_in_year
        (region, year, variant) -> the region with the persons of that year; all other tables are the same objects.
    """

    first_year: int
    last_year: int
    variants: tuple[str, ...]
    region_in_year: Callable[[Region, int, str], Region]


@dataclass(frozen=True)
class World:
    """Everything that a scenario may change; frozen, so applying a scenario gives a new one.

    `projection` is None where no forecast is at hand; then no scenario can ask for another year. `year` is the year of the people,
    of rates and capacities; None = today.
    """

    region: Region
    network: Network
    catalogue: Catalogue
    projection: Projection | None = None
    year: int | None = None


@dataclass(frozen=True)
class Touched:
    """What changes touched; everything that is not named here is the same object as in the base world.

    Parameters
    ----------
    services
        Services of which facilities, opening hours, qualities, capacities, visits, rates or standards changed.
    population
        Persons per cell changed.
    streets
        Ways on foot, by bike or by car changed.
    timetable
        Public transport of some day changed.
    """

    services: frozenset[str] = field(default=frozenset())
    population: bool = False
    streets: bool = False
    timetable: bool = False

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            self.services | other.services,
            self.population or other.population,
            self.streets or other.streets,
            self.timetable or other.timetable,
        )


@dataclass(frozen=True)
class Answer:
    """A world with its travel times and its supply, in parts that other answers share; `ankerort.scenario.workspace` makes them.

    Parameters
    ----------
    world
        The world answered for.
    layers
        Travel times; columns of targets that stand where they stood are those of the base.
    parts
        Supply by service (`SupplyParts`): a service that was not computed anew is the same object as before.
    ready
        Warm parts of the world's network.
    services
        Services computed anew; empty for a base.
    merges
        Public-transport columns merged, and taken over since their stop profiles did not change.
    """

    world: World
    layers: ReachLayers = field(repr=False)
    parts: SupplyParts = field(repr=False)
    ready: Ready = field(repr=False)
    services: tuple[str, ...] = ()
    merges: MergeCount = field(default_factory=MergeCount)

    def reach_of(self, services: Collection[str]) -> Reach:
        """The reach with the columns of some services only (the others are empty): enough for all that is told of them."""
        return self.layers.of(services)

    @property
    def reach(self) -> Reach:
        """The reach with all its columns; put together when asked for, and again once nobody holds it any more."""
        kept: weakref.ref[Reach] | None = self.__dict__.get("_reach")
        found = kept() if kept is not None else None
        if found is None:
            found = self.layers.full()
            self.__dict__["_reach"] = weakref.ref(found)
        return found

    @cached_property
    def pt_classifier(self) -> PtClassifier | None:
        """Stops with what each day type gives there, for the quality of facilities; None without day types."""
        network = self.world.network
        return PtClassifier(network, self.world.catalogue) if network.day_types else None

    @cached_property
    def supply(self) -> Supply:
        """All tables of supply, put together when first asked for."""
        return self.parts.supply()
