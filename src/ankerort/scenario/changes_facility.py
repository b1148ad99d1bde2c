"""Changes of facilities and of mobile visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ankerort.scenario.change import ASSORTMENTS, STEP_FREE, WEEKDAYS, Change, ChangeFaults


@dataclass(frozen=True)
class OpenFacility(Change):
    """A facility opens: at coordinates, or at the centre of a place.

    Parameters
    ----------
    service
        Service, by id or label.
    name
        Its name, as printed.
    place
        Place (printed name or id); without coordinates the facility stands at its centre.
    lon, lat
        Position in degrees.
    opening_hours
        In the syntax of OpenStreetMap.
    step_free
        yes, limited, no or designated.
    capacity
        In the unit of the service's capacity rule.
    operator
        Who runs it.
    """

    kind: ClassVar[str] = "open_facility"
    service: str
    name: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    opening_hours: str = ""
    step_free: str = ""
    capacity: float | None = None
    operator: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        faults.needs("service", self.service)
        faults.position(self.lon, self.lat)
        if not self.place and self.lon is None and self.lat is None:
            faults.add("scenario_position_missing", "place")
        faults.one_of("step_free", self.step_free, STEP_FREE)
        faults.not_negative("capacity", self.capacity)


@dataclass(frozen=True)
class FacilityChange(Change):
    """A change of one facility that is there.

    Parameters
    ----------
    facility
        Id of the facility; or, without it,
    service, name, place
        as many of these as are needed to name exactly one.
    """

    facility: str = ""
    service: str = ""
    name: str = ""
    place: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        if not self.facility and not self.service:
            faults.add("scenario_facility_not_named", "facility")


@dataclass(frozen=True)
class CloseFacility(FacilityChange):
    """A facility closes; its row stays, with the state closed.

    Parameters
    ----------
    year
        Year of closing, for print.
    """

    kind: ClassVar[str] = "close_facility"
    year: int | None = None


@dataclass(frozen=True)
class MoveFacility(FacilityChange):
    """A facility moves and keeps its id.

    Parameters
    ----------
    to_place
        New place; without coordinates at its centre.
    lon, lat
        New position in degrees.
    """

    kind: ClassVar[str] = "move_facility"
    to_place: str = ""
    lon: float | None = None
    lat: float | None = None

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.position(self.lon, self.lat)
        if not self.to_place and self.lon is None and self.lat is None:
            faults.add("scenario_position_missing", "to_place")


@dataclass(frozen=True)
class ResizeFacility(FacilityChange):
    """A facility gets another capacity.

    Parameters
    ----------
    capacity
        In the unit of the service's capacity rule.
    from_year
        First year in which it holds; empty = from now on.
    """

    kind: ClassVar[str] = "resize_facility"
    capacity: float | None = None
    from_year: int | None = None

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.needs("capacity", self.capacity)
        faults.not_negative("capacity", self.capacity)


@dataclass(frozen=True)
class ChangeHours(FacilityChange):
    """A facility gets other opening hours.

    Parameters
    ----------
    opening_hours
        In the syntax of OpenStreetMap: ``Mo-Fr 08:00-18:00; Sa 08:00-12:00``.
    """

    kind: ClassVar[str] = "change_hours"
    opening_hours: str = ""

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.needs("opening_hours", self.opening_hours)


@dataclass(frozen=True)
class ChangeQuality(FacilityChange):
    """A facility becomes better or worse.

    Parameters
    ----------
    step_free
        yes, limited, no or designated.
    toilets_step_free
        Toilet for wheelchairs: yes, limited, no or designated.
    condition
        School mark of the building, 1 (new) to 5.
    assortment
        full_range, discount, village, automat or mobile.
    broadband_mbit
        Download rate at the site.
    """

    kind: ClassVar[str] = "change_quality"
    step_free: str = ""
    toilets_step_free: str = ""
    condition: float | None = None
    assortment: str = ""
    broadband_mbit: float | None = None

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.one_of("step_free", self.step_free, STEP_FREE)
        faults.one_of("toilets_step_free", self.toilets_step_free, STEP_FREE)
        faults.one_of("assortment", self.assortment, ASSORTMENTS)
        faults.not_negative("broadband_mbit", self.broadband_mbit)
        if self.condition is not None and not 1 <= self.condition <= 5:
            faults.add("scenario_range", "condition", field="condition", value=self.condition, low=1, high=5)
        texts = (self.step_free, self.toilets_step_free, self.assortment)
        if not any(texts) and self.condition is None and self.broadband_mbit is None:
            faults.add("scenario_nothing_changed", "step_free")


@dataclass(frozen=True)
class AddService(FacilityChange):
    """A facility offers one more service at the same address (a parcel counter in the village shop).

    Parameters
    ----------
    new_service
        The service that is added.
    opening_hours
        Hours of the new service; empty = those of the facility.
    capacity
        Capacity of the new service.
    """

    kind: ClassVar[str] = "add_service"
    new_service: str = ""
    opening_hours: str = ""
    capacity: float | None = None

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        super().check(faults)
        faults.needs("new_service", self.new_service)
        faults.not_negative("capacity", self.capacity)


@dataclass(frozen=True)
class AddVisit(Change):
    """A mobile service comes to a place.

    Parameters
    ----------
    service
        The service that comes.
    place
        The place visited.
    weekday
        Mo, Tu, We, Th, Fr, Sa or Su.
    every_weeks
        Rhythm: 1 = weekly, 2 = every other week, 0.5 = twice a week.
    from_time, to_time
        Hours as HH:MM.
    stop_name
        Where it stops.
    lon, lat
        Position of the stop; empty = centre of the place.
    """

    kind: ClassVar[str] = "add_visit"
    service: str
    place: str
    weekday: str = ""
    every_weeks: float = 1.0
    from_time: str = ""
    to_time: str = ""
    stop_name: str = ""
    lon: float | None = None
    lat: float | None = None

    def check(self, faults: ChangeFaults) -> None:
        """See `Change.check`."""
        faults.needs("service", self.service)
        faults.needs("place", self.place)
        faults.one_of("weekday", self.weekday, WEEKDAYS)
        faults.clock("from_time", self.from_time)
        faults.clock("to_time", self.to_time)
        faults.position(self.lon, self.lat)
        if not self.every_weeks > 0:
            faults.add("scenario_rhythm", "every_weeks", value=self.every_weeks)
        if self.from_time and self.to_time and self.from_time >= self.to_time:
            faults.add("scenario_hours_turned", "to_time", start=self.from_time, end=self.to_time)
