"""Changes of the timetable and of the streets."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from ankerort.network.model import DAY_TYPES
from ankerort.scenario.change import Change, ChangeFaults, parse_clock

STREET_MODES = ("foot", "bike", "car")


@dataclass(frozen=True)
class DayChange(Change):
    """A change of public transport on some types of days.

    Parameters
    ----------
    days
        school, holiday, saturday, sunday; empty = all types of days.
    """

    days: tuple[str, ...] = ()

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        for day in self.days:
            faults.one_of("days", day, DAY_TYPES)


@dataclass(frozen=True)
class AddTrip(DayChange):
    """One more trip.

    Parameters
    ----------
    line
        Name of the line, as printed.
    stops
        Its stops in order, by name or id.
    times
        Departure at each stop as HH:MM, at the last one the arrival.
    on_demand
        It runs only when booked.
    booking_min
        Minutes before departure by which one must book.
    """

    kind: ClassVar[str] = "add_trip"
    line: str = ""
    stops: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    on_demand: bool = False
    booking_min: float | None = None

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.not_negative("booking_min", self.booking_min)
        if len(self.stops) < 2:
            faults.add("scenario_trip_short", "stops")
        if len(self.stops) != len(self.times):
            faults.add("scenario_trip_times", "times", stops=len(self.stops), times=len(self.times))
        for time in self.times:
            faults.clock("times", time)
        seconds = [s for s in (parse_clock(t) for t in self.times) if s is not None]
        if any(b < a for a, b in pairwise(seconds)):
            faults.add("scenario_trip_backwards", "times", times=", ".join(self.times))


@dataclass(frozen=True)
class RemoveTrip(DayChange):
    """A trip no longer runs.

    Parameters
    ----------
    trip
        Id of the trip in the feed; or, without it,
    line, stop, time
        the line, a stop of the trip and its departure there as HH:MM.
    """

    kind: ClassVar[str] = "remove_trip"
    trip: str = ""
    line: str = ""
    stop: str = ""
    time: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.clock("time", self.time)
        if not self.trip and not (self.line and self.stop and self.time):
            faults.add("scenario_trip_not_named", "trip")


@dataclass(frozen=True)
class AddLine(DayChange):
    """A line is added from a GTFS file that holds only this line.

    Parameters
    ----------
    gtfs
        File or folder, relative to the scenario file.
    """

    kind: ClassVar[str] = "add_line"
    gtfs: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.needs("gtfs", self.gtfs)


@dataclass(frozen=True)
class RemoveLine(DayChange):
    """All trips of a line no longer run.

    Parameters
    ----------
    line
        Name of the line, as printed.
    """

    kind: ClassVar[str] = "remove_line"
    line: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.needs("line", self.line)


@dataclass(frozen=True)
class AddStop(Change):
    """A new stop; trips through it are added by `AddTrip`.

    Parameters
    ----------
    name
        Its name.
    lon, lat
        Position in degrees; empty = centre of the place.
    place
        Place (printed name or id).
    """

    kind: ClassVar[str] = "add_stop"
    name: str
    lon: float | None = None
    lat: float | None = None
    place: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        faults.needs("name", self.name)
        faults.position(self.lon, self.lat)
        if not self.place and self.lon is None and self.lat is None:
            faults.add("scenario_position_missing", "place")


@dataclass(frozen=True)
class RemoveStop(Change):
    """No trip stops there any more.

    Parameters
    ----------
    stop
        Name or id of the stop.
    """

    kind: ClassVar[str] = "remove_stop"
    stop: str

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        faults.needs("stop", self.stop)


@dataclass(frozen=True)
class AddStreet(Change):
    """A new street, path or bridge, joined to the streets at its ends.

    Where a region has no streets but straight lines, it is a crossing of a barrier at the middle of the line.

    Parameters
    ----------
    line
        Points [lon, lat] in degrees, at least two.
    street_class
        OSM value of highway: residential, tertiary, cycleway, footway ...
    modes
        foot, bike, car: who may use it; empty = everybody whom the class allows.
    one_way
        Bikes and cars only in the direction of the line.
    max_speed_kmh
        Limit for cars; empty = the speed of the class.
    """

    kind: ClassVar[str] = "add_street"
    line: tuple[tuple[float, float], ...]
    street_class: str = "residential"
    modes: tuple[str, ...] = ()
    one_way: bool = False
    max_speed_kmh: float | None = None

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        if len(self.line) < 2:
            faults.add("scenario_line_short", "line")
        for point in self.line:
            if len(point) != 2:
                faults.add("scenario_point", "line", value=str(list(point)))
            else:
                faults.position(*point)
        for mode in self.modes:
            faults.one_of("modes", mode, STREET_MODES)
        if self.max_speed_kmh is not None and not 0 < self.max_speed_kmh <= 130:
            faults.add(
                "scenario_range", "max_speed_kmh", field="max_speed_kmh", value=self.max_speed_kmh, low=1, high=130
            )
