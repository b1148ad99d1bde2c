"""Edits of the timetables of all day types: trips, lines and stops added or removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ankerort.network.model import DAY_TYPES, DayType, Network, Timetable
from ankerort.network.timetable.edit import NewTrip, add_stop, add_trip, find_trips, remove_stops, remove_trips
from ankerort.network.timetable.edit_line import LineSnippet, add_line, place_line
from ankerort.scenario.world import Touched, World

_ALL = Touched(timetable=True)
_SATURDAY, _SUNDAY = 5, 6


def type_of_default_day(network: Network) -> DayType:
    """Of which type the default day is: that of the same date, else by its weekday."""
    if network.timetable is None:
        raise ValueError("no timetable")
    for day_type, day in network.day_types.items():
        if day.timetable is network.timetable or day.date == network.timetable.date:
            return day_type
    weekday = dt.date.fromisoformat(network.timetable.date).weekday()
    return "saturday" if weekday == _SATURDAY else "sunday" if weekday == _SUNDAY else "school"


def chosen_days(days: tuple[str, ...]) -> tuple[DayType, ...]:
    """The day types that a change names; all where it names none."""
    return tuple(d for d in DAY_TYPES if not days or d in days)


def timetables(network: Network, days: tuple[str, ...]) -> tuple[tuple[DayType, Timetable], ...]:
    """The default day and the day types among `days`, each timetable once."""
    chosen = chosen_days(days)
    found = [(d, day.timetable) for d, day in network.day_types.items() if d in chosen]
    if network.timetable is not None and all(t is not network.timetable for _, t in found):
        default = type_of_default_day(network)
        if default in chosen:
            found.insert(0, (default, network.timetable))
    return tuple(found)


def edit_days(world: World, days: tuple[str, ...], edit: Callable[[DayType, Timetable], Timetable]) -> World:
    """The world with the timetables of these day types edited; the default day goes with its type."""
    network = world.network
    chosen = chosen_days(days)
    made: dict[DayType, Timetable] = {}
    day_types = dict(network.day_types)
    for day_type, day in network.day_types.items():
        if day_type in chosen:
            made[day_type] = edit(day_type, day.timetable)
            day_types[day_type] = replace(day, timetable=made[day_type])
    default = network.timetable
    if default is not None and (own := type_of_default_day(network)) in chosen:
        shared = own in network.day_types and network.day_types[own].timetable is default
        default = made[own] if shared else edit(own, default)
    return replace(world, network=replace(network, timetable=default, day_types=day_types))


@dataclass(frozen=True)
class InsertTrip:
    """One more trip on some day types."""

    trip: NewTrip
    days: tuple[str, ...]
    max_speed_ms: float
    touched: Touched = _ALL

    def apply(self, world: World) -> World:
        """See `Edit`."""

        # the evening before a school day is one too; before a Saturday or Sunday it is another type
        def edited(day_type: DayType, timetable: Timetable) -> Timetable:
            before = not self.days or day_type == "school"
            return add_trip(timetable, self.trip, max_speed_ms=self.max_speed_ms, day_before=before)

        return edit_days(world, self.days, edited)


@dataclass(frozen=True)
class DropTrips:
    """Trips that fit all that is given no longer run."""

    days: tuple[str, ...]
    trip_id: str = ""
    line: str = ""
    stop_ix: tuple[int, ...] = ()
    dep_s: int | None = None
    touched: Touched = _ALL

    def rows(self, timetable: Timetable) -> np.ndarray:
        """Rows of the trips in one timetable."""
        return find_trips(timetable, trip_id=self.trip_id, line=self.line, stop_ix=self.stop_ix, dep_s=self.dep_s)

    def apply(self, world: World) -> World:
        """See `Edit`."""
        return edit_days(world, self.days, lambda _, timetable: remove_trips(timetable, self.rows(timetable)))


@dataclass(frozen=True)
class InsertStop:
    """One more stop, at the end of the stops of all day types."""

    name: str
    stop_id: str
    lon: float
    lat: float
    x: float
    y: float
    touched: Touched = _ALL

    def apply(self, world: World) -> World:
        """See `Edit`."""

        def edited(_: DayType, timetable: Timetable) -> Timetable:
            return add_stop(
                timetable, name=self.name, stop_id=self.stop_id, lon=self.lon, lat=self.lat, x=self.x, y=self.y
            )

        return edit_days(world, (), edited)


@dataclass(frozen=True)
class DropStops:
    """No trip of any day calls at these stops."""

    stop_ix: tuple[int, ...]
    touched: Touched = _ALL

    def apply(self, world: World) -> World:
        """See `Edit`."""
        return edit_days(world, (), lambda _, timetable: remove_stops(timetable, self.stop_ix))


@dataclass(frozen=True, eq=False)
class InsertLine:
    """The trips of a line by the date that it runs by on each day type; its stops stand in the tables of all day types."""

    line: LineSnippet
    dates: Mapping[DayType, np.datetime64]
    max_m: float
    touched: Touched = _ALL

    def apply(self, world: World) -> World:
        """See `Edit`."""

        def edited(day_type: DayType, timetable: Timetable) -> Timetable:
            placed, rows = place_line(timetable, self.line, max_m=self.max_m)
            date = self.dates.get(day_type)
            return placed if date is None else add_line(placed, self.line, rows, date)

        return edit_days(world, (), edited)
