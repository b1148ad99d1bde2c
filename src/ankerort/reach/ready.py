"""What stays the same from answer to answer, made when first asked for: attached homes, walks to stops, service days."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DayType, Mode, Network, SparseColumns, Timetable
from ankerort.reach.model import PtRules, TripKey
from ankerort.reach.public_transport import STORED_GROUPS, pt_rules
from ankerort.reach.street_columns import MODES, ways_of
from ankerort.reach.transit import Access, TransitDay, home_access, prepare_transit
from ankerort.region.model import Region

Made = TypeVar("Made")


class Ready:
    """Warm parts of a network for the homes of a region.

    Memory: the attached homes (about 60 bytes a cell and mode), the cell-stop tables (16 bytes a pair and group) and the service
    days (about 150 bytes a connection, group and direction, trips on demand counted twice). All is made once, under a lock,
    and only read afterwards, so that several threads may ask.

    Parameters
    ----------
    region
        Its cells are the homes.
    network, catalogue
        As for `compute_reach`; nothing that they hold may change.
    groups
        Groups of the public-transport columns; the longest walk of any of them bounds the walks to stops.
    """

    def __init__(
        self, region: Region, network: Network, catalogue: Catalogue, *, groups: tuple[str, ...] = STORED_GROUPS
    ) -> None:
        self.network, self.catalogue, self.groups = network, catalogue, groups
        self.home_x = region.cells["x"].to_numpy(float)
        self.home_y = region.cells["y"].to_numpy(float)
        self._made: dict[tuple[object, ...], Any] = {}
        self._lock = RLock()

    def with_network(self, network: Network) -> Ready:
        """The same for another timetable on the same ways: what does not depend on the timetable is taken over."""
        other = object.__new__(Ready)
        other.network, other.catalogue, other.groups = network, self.catalogue, self.groups
        other.home_x, other.home_y = self.home_x, self.home_y
        other._lock = RLock()
        kept = {"homes"}
        if _same_stops(self.network, network):
            kept |= {"stops", "home_stops", "stop_walks", "access"}
        with self._lock:
            other._made = {key: made for key, made in self._made.items() if key[0] in kept}
        return other

    @property
    def has_pt(self) -> bool:
        """There is a timetable or a stop matrix."""
        return self.network.timetable is not None or self.network.stop_matrix is not None

    def _once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            made: Made = self._made[key]
            return made

    def homes(self, mode: Mode) -> Any:
        """The homes attached to the ways of one mode."""
        return self._once(("homes", mode), lambda: ways_of(self.network, mode).prepare(self.home_x, self.home_y))

    def all_homes(self) -> dict[Mode, Any]:
        """The homes attached to the ways of each mode."""
        return {mode: self.homes(mode) for mode in MODES}

    def rules(self, group: str) -> PtRules:
        """The rules of one group, see `pt_rules`."""
        return pt_rules(self.catalogue, group)

    @property
    def longest_walk_m(self) -> int:
        """The longest walk of any group, as in `pt_walks`."""
        return max(self.rules(group).walk_limit_m for group in self.groups)

    def stops(self) -> Any:
        """The stops attached to the ways on foot."""

        def make() -> Any:
            x, y = stop_positions(self.network)
            return self.network.foot.prepare(x, y)

        return self._once(("stops",), make)

    def home_stops(self) -> SparseColumns:
        """One column per stop: homes, metres."""
        return self._once(
            ("home_stops",),
            lambda: self.network.foot.columns(self.stops(), self.homes("foot"), limit=self.longest_walk_m),
        )

    def stop_walks(self) -> SparseColumns:
        """One column per stop: stops, metres."""
        limit = int(self.catalogue.value("pt.transfer_walk_m"))
        return self._once(("stop_walks",), lambda: self.network.foot.columns(self.stops(), self.stops(), limit=limit))

    def target_stops(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> SparseColumns:
        """One column per target: stops, metres; not kept."""
        return self.network.foot.columns(self.network.foot.prepare(x, y), self.stops(), limit=self.longest_walk_m)

    def access(self, group: str) -> Access:
        """The cell-stop table of one group."""
        return self._once(
            ("access", group),
            lambda: home_access(self.home_stops(), n_homes=len(self.home_x), rules=self.rules(group)),
        )

    def day(self, group: str, *, with_demand: bool, day_type: DayType | None = None) -> TransitDay:
        """A service day made ready for one group; without a day type the default day."""

        def make() -> TransitDay:
            timetable = self.timetable(day_type)
            if timetable is None:
                raise ValueError("no timetable in this network")
            return prepare_transit(
                timetable,
                rules=self.rules(group),
                with_demand=with_demand,
                stop_walks=self.stop_walks(),
                detour=self.catalogue.value("detour.foot"),
            )

        return self._once(("day", group, with_demand, day_type), make)

    def days(self, keys: tuple[TripKey, ...]) -> dict[tuple[str, bool, DayType], tuple[TransitDay, Access]]:
        """The days of some round trips with the cell-stop tables, as `compute_round_trips` takes them."""
        return {
            (k.group, k.with_demand, k.day_type): (
                self.day(k.group, with_demand=k.with_demand, day_type=k.day_type),
                self.access(k.group),
            )
            for k in keys
        }

    def timetable(self, day_type: DayType | None) -> Timetable | None:
        """The timetable of a day type, or of the default day."""
        return self.network.timetable if day_type is None else self.network.day_types[day_type].timetable


def stop_positions(network: Network) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Projected metres of the stops of the timetable or of the stop matrix.

    Raises
    ------
    ValueError
        If the network has neither.
    """
    source = network.timetable if network.timetable is not None else network.stop_matrix
    if source is None:
        raise ValueError("no public transport in this network")
    return source.stops["x"].to_numpy(float), source.stops["y"].to_numpy(float)


def _same_stops(one: Network, other: Network) -> bool:
    try:
        return all(np.array_equal(a, b) for a, b in zip(stop_positions(one), stop_positions(other), strict=True))
    except ValueError:
        return False
