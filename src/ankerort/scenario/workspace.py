"""A warm base, and answers that cost what a change touches."""

from __future__ import annotations

from dataclasses import dataclass, fields
from threading import RLock

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import Network
from ankerort.reach.compute import compute_reach
from ankerort.reach.footprint import FACILITY_SOURCES
from ankerort.reach.layers import ReachLayers
from ankerort.reach.model import Reach
from ankerort.reach.public_transport import STORED_GROUPS
from ankerort.reach.ready import Ready
from ankerort.reach.transit import MergeCount
from ankerort.reach.update import update_reach
from ankerort.region.model import Region
from ankerort.scenario.world import Answer, Touched, World
from ankerort.supply.parts import SupplyParts, assess_parts, update_parts

# Figures by which travel times are searched (a test asks which ones `compute_reach` reads): where one differs, all is searched again.
REACH_FIGURES = ("car_park_s", "detour.", "pt.", "round_trip.", "search_limit.", "stop.", "walk_limit.", "walk_speed.")
# Tables of the region by which travel times are searched or known; of cells and places the columns named.
_FRAME = ("settings", "footprints", "study_area")
_FRAME_COLUMNS = {"cells": ["x", "y"], "places": ["place_id", "in_study", "x", "y"]}
# Tables by which the supply of every service is counted; other tables are changed service by service.
_COUNTED = ("cells", "places", "municipalities", "absences")
# Parts of the catalogue that are compared value by value, or that no part of `SupplyParts` reads: demand and quality are told by `compare`.
_CATALOGUE_BY_PART = ("services", "figures", "content_hash", "problems", "demand_rates", "quality")


@dataclass(frozen=True)
class _Work:
    """What is to be computed anew: all travel times, all supply, public transport, or only these services."""

    reach: bool
    supply: bool
    timetable: bool
    services: frozenset[str]


class Workspace:
    """Keeps a base answer and all that is made once for it, and answers changes from there.

    Equal inputs give equal answers: every table and array of an answer is that of a full run on the changed world (held by tests),
    because everything is computed by the code of the full run, only for less. Answers share columns and tables with their
    base; several threads may ask at the same time.

    Parameters
    ----------
    world
        The base.
    reach, parts
        Its travel times and supply where they are at hand; else they are computed when first needed.
    groups
        Groups whose public-transport columns are kept.
    threads
        Worker threads; 0 = one per core. No result depends on it.
    """

    def __init__(
        self,
        world: World,
        *,
        reach: Reach | None = None,
        parts: SupplyParts | None = None,
        groups: tuple[str, ...] = STORED_GROUPS,
        threads: int = 0,
    ) -> None:
        self.world, self.groups, self.threads = world, groups, threads
        self._reach, self._parts = reach, parts
        self._base: Answer | None = None
        self._lock = RLock()

    @property
    def base(self) -> Answer:
        """The answer for the base itself, computed when first needed."""
        with self._lock:
            if self._base is None:
                self._base = self._whole(self.world, self._reach, self._parts)
            return self._base

    def warm(self) -> None:
        """Make everything that the first answers would otherwise wait for: attached homes, service days, cell-stop tables."""
        ready = self.base.ready
        ready.all_homes()
        top = self.base.layers.top
        if not top.pt:
            return
        ready.home_stops()
        if self.world.network.timetable is None:
            return
        for key in top.pt:
            group = key.group.partition("@")[0]
            ready.access(group)
            ready.day(group, with_demand=key.with_demand).side(key.direction)
        for day, _ in ready.days(tuple(top.round_trips)).values():
            day.side("out")
            day.side("home")

    def answer(self, world: World, touched: Touched, *, on: Answer | None = None) -> Answer:
        """Travel times and supply of a changed world.

        Parameters
        ----------
        world
            The changed world; what no change names is the same object as before.
        touched
            What the changes touched. What obviously differs (standards of a service, figures, cells, network) is found without it.
        on
            The answer that the changes build on; None = the base.
        """
        before = self.base if on is None else on
        work = _work(before.world, world, touched)
        if work.reach:
            return self._whole(world, None, None)
        ready = before.ready
        if work.timetable:
            ready = ready.with_network(world.network)
        update = update_reach(
            before.layers,
            world.region,
            world.catalogue,
            work.services,
            ready=ready,
            old_catalogue=before.world.catalogue,
            timetable=work.timetable,
            threads=self.threads,
        )
        if work.supply or not update.same_days:
            parts = assess_parts(world.region, update.layers.full(), world.catalogue)
        else:
            parts = update_parts(before.parts, update.services, world.region, update.part, world.catalogue)
        services = tuple(s for s in parts.services if parts.services[s] is not before.parts.services.get(s))
        return Answer(world, update.layers, parts, ready, services, update.merges)

    def _whole(self, world: World, reach: Reach | None, parts: SupplyParts | None) -> Answer:
        """A full run; whatever is given is taken."""
        if reach is None:
            reach = compute_reach(
                world.region, world.network, world.catalogue, groups=self.groups, threads=self.threads
            )
        if parts is None:
            parts = assess_parts(world.region, reach, world.catalogue)
        ready = Ready(world.region, world.network, world.catalogue, groups=self.groups)
        layers = ReachLayers.of_whole(reach, world.region)
        return Answer(world, layers, parts, ready, tuple(parts.services), MergeCount())


def _work(before: World, after: World, touched: Touched) -> _Work:
    old, new = before.catalogue, after.catalogue
    figures = {i for i in {*old.figures, *new.figures} if old.figures.get(i) != new.figures.get(i)}
    services = frozenset(touched.services & set(new.facility_services())) | _changed_services(old, new)
    return _Work(
        reach=touched.streets
        or _other_ways(before.network, after.network)
        or old.facility_services() != new.facility_services()
        or old.groups != new.groups
        or any(i.startswith(REACH_FIGURES) for i in figures)
        or _other_frame(before.region, after.region),
        supply=touched.population
        or bool(figures)
        or _dates(before.network) != _dates(after.network)
        or any(getattr(before.region, name) is not getattr(after.region, name) for name in _COUNTED)
        or any(
            getattr(old, f.name) is not getattr(new, f.name) for f in fields(old) if f.name not in _CATALOGUE_BY_PART
        ),
        timetable=touched.timetable
        or after.network.timetable is not before.network.timetable
        or after.network.stop_matrix is not before.network.stop_matrix
        or after.network.day_types is not before.network.day_types,
        services=services,
    )


def _changed_services(old: Catalogue, new: Catalogue) -> frozenset[str]:
    return frozenset(
        s for s, one in new.services.items() if one is not old.services.get(s) and one != old.services.get(s)
    )


def _dates(network: Network) -> dict[str, str]:
    return {day_type: day.date for day_type, day in network.day_types.items()}


def _other_ways(old: Network, new: Network) -> bool:
    return old.foot is not new.foot or old.bike is not new.bike or old.car is not new.car


def _other_frame(old: Region, new: Region) -> bool:
    """Whether homes, place centres or sources of facilities are others: then no travel time is taken over."""
    if old is new:
        return False
    if any(getattr(old, name) is not getattr(new, name) for name in _FRAME):
        return True
    for table, columns in _FRAME_COLUMNS.items():
        one, other = getattr(old, table), getattr(new, table)
        if one is not other and not (len(one) == len(other) and one[columns].equals(other[columns])):
            return True
    return _source_kinds(old) != _source_kinds(new)


def _source_kinds(region: Region) -> list[bool]:
    """Which footprints are those of sources of facilities, or of timetables."""
    kinds = dict(zip(region.sources["source_id"], region.sources["kind"], strict=True))
    counting = (*FACILITY_SOURCES, "gtfs", "stop_matrix")
    return [kinds.get(s) in counting for s in region.footprints["source_id"]]
