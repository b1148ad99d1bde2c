"""What is true of the sample by construction, for tests that run the whole way from the files to the balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ankerort.sample.buses import BusTime

ServiceState = Literal["open", "closed", "unknown", "confirmed_none"]


@dataclass(frozen=True)
class RoadFact:
    """Length of the road between the centres of two places, along the road's own line."""

    start: str
    end: str
    metres: float


@dataclass(frozen=True)
class SampleFacts:
    """What holds in the written files.

    Parameters
    ----------
    seed
        The seed that made them.
    place_names
        Key of a place -> (name, AGS).
    persons, persons_65_plus
        Key of a place -> inhabitants drawn for its streets. The files show them rounded and partly secret, as the
        census does; cells at the edge of a place may be counted to a neighbour by its area.
    outlying_persons
        People who live farther than 2 km from every place.
    district_persons
        Inhabitants of the study area (AGS 15999), the outlying ones included.
    services
        (key of a place, service) -> what the files say about it, for the services named there.
    roads
        Lengths between neighbouring places whose shortest way is that road.
    bus_times
        Rides on every school Tuesday and Thursday.
    no_boarding_stop, demand_lines, school_line, night_line
        Names that tests ask for.
    files
        Names of the written files, relative to the folder.
    """

    seed: int
    place_names: Mapping[str, tuple[str, str]]
    persons: Mapping[str, int]
    persons_65_plus: Mapping[str, int]
    outlying_persons: int
    district_persons: int
    services: Mapping[tuple[str, str], ServiceState]
    roads: tuple[RoadFact, ...]
    bus_times: tuple[BusTime, ...]
    no_boarding_stop: str
    demand_lines: tuple[str, ...]
    school_line: str
    night_line: str
    files: tuple[str, ...]


def _states(service: str, state: ServiceState, *places: str) -> dict[tuple[str, str], ServiceState]:
    return {(place, service): state for place in places}


# By hand from `objects`: not by the catalogue's rules, so that those rules are tested by it.
SERVICES: Mapping[tuple[str, str], ServiceState] = {
    **_states("supermarket", "open", "muehlenstedt", "werbenau"),
    **_states("discounter", "open", "muehlenstedt", "werbenau"),
    **_states("supermarket", "closed", "altenroede"),
    **_states("supermarket", "confirmed_none", "grossboelsdorf"),
    **_states("village_shop", "open", "langenwoerden"),
    **_states("village_shop", "confirmed_none", "grossboelsdorf", "doebelitz"),
    **_states("village_shop", "unknown", "huettelsdorf", "hoehenziepel", "neudorf_ost", "kleinwoerden"),
    **_states("bakery", "open", "muehlenstedt", "altenroede", "langenwoerden", "werbenau"),
    **_states("bakery", "confirmed_none", "grossboelsdorf", "hoehenziepel"),
    **_states("bakery", "unknown", "huettelsdorf", "suelzberg"),
    **_states("bank_branch", "open", "muehlenstedt", "werbenau"),
    **_states("bank_branch", "closed", "suelzberg"),
    **_states("bank_branch", "unknown", "faehrdorf", "doebelitz"),
    **_states("atm", "open", "muehlenstedt", "langenwoerden"),
    **_states("post_office", "open", "muehlenstedt", "langenwoerden", "suelzberg", "werbenau"),
    **_states("general_practitioner", "open", "muehlenstedt", "altenroede", "langenwoerden", "suelzberg", "werbenau"),
    **_states("general_practitioner", "confirmed_none", "grossboelsdorf"),
    **_states("general_practitioner", "unknown", "huettelsdorf", "hoehenziepel"),
    **_states("pharmacy", "open", "muehlenstedt", "langenwoerden", "werbenau"),
    **_states("kindergarten", "open", "muehlenstedt", "altenroede", "grossboelsdorf", "huettelsdorf", "suelzberg"),
    **_states("kindergarten", "confirmed_none", "doebelitz"),
    **_states("primary_school", "open", "muehlenstedt", "altenroede", "langenwoerden", "werbenau"),
    **_states("secondary_school", "open", "muehlenstedt"),
    **_states("grammar_school", "open", "werbenau"),
    **_states("hospital", "open", "werbenau"),
    **_states("citizen_office", "open", "muehlenstedt", "langenwoerden", "werbenau"),
    **_states("village_hall", "open", "muehlenstedt", "altenroede", "grossboelsdorf", "doebelitz", "hoehenziepel"),
    **_states("fire_station", "open", "muehlenstedt", "faehrdorf", "doebelitz", "neudorf_ost", "werbenau"),
}
