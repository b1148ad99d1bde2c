"""What a scenario changes and what it touches."""

from __future__ import annotations

from dataclasses import dataclass, field

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.model import Supply


@dataclass(frozen=True)
class World:
    """Everything that a scenario may change; frozen, so applying a scenario gives a new one."""

    region: Region
    network: Network
    catalogue: Catalogue


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
    """A world with its travel times and its supply."""

    world: World
    reach: Reach
    supply: Supply
