"""Mobile services, vehicles, rhythms, concerns, rules of the driver, other ways of serving the same people: dated records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.provision import DatedRange

AuthorityLevel = Literal["municipality", "district", "none"]
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NO_DRIVER = DatedRange(0.0, 0.0, DatedValue("", 0.0, "EUR/h", source="", legal_status="default", mark="D"))
_NO_VALUE = DatedValue("", 0.0, "EUR", source="", legal_status="default", mark="D")


@dataclass(frozen=True)
class MobileService:
    """A service that comes by vehicle.

    Parameters
    ----------
    id
        Id of the mobile service: citizen_office, bank, doctor, library, shop ...
    service
        Id in ``Catalogue.services`` that a visit provides.
    authority
        Whose residents the staff may serve: each its own municipality's or association's, its district's, or anybody's (none).
    minutes_per_case
        Minutes of one case at the counter (weighted mean of the concerns where there are some).
    utilisation
        Share of a stay that is planned to be used.
    stay_min, stay_max
        Shortest and longest visit, minutes, setting up included.
    setup_min
        Setting up and closing at a stop, minutes (part of the stay).
    staff
        Persons of the service on board (the driver may be one of them).
    eur_per_h
        Cost of one of them per paid hour.
    it_eur_per_year
        Network, software, register access.
    vehicle
        Id of the kind of vehicle that it usually uses.
    rhythms
        Ids of rhythms that fit it.
    cases_per_year
        By group of people (id): cases per person and year that the service at the door would meet; default need.
    walk_m
        By group of people: longest walk.
    use_factor
        From stated use to expected use.
    weekdays
        On which it may come, in the order of the week.
    hours_min
        Hours before and after noon in which it may stand somewhere, minutes after midnight; (0, 0) = those of the figures
        ``mobile.morning_*`` and ``mobile.afternoon_*``.
    case_value_eur
        What a served case may cost.
    instead
        Services; who has an open facility of one of them within the walk does not need the vehicle.
    """

    id: str
    service: str
    label_de: str
    label_en: str
    authority: AuthorityLevel
    minutes_per_case: DatedValue
    utilisation: DatedValue
    stay_min: DatedValue
    stay_max: DatedValue
    setup_min: DatedValue
    staff: DatedValue
    eur_per_h: DatedRange
    it_eur_per_year: DatedRange
    vehicle: str
    rhythms: tuple[str, ...]
    cases_per_year: Mapping[str, DatedValue]
    walk_m: Mapping[str, DatedValue]
    use_factor: DatedRange
    weekdays: tuple[str, ...] = WEEKDAYS[:5]
    hours_min: tuple[tuple[int, int], ...] = ((0, 0), (0, 0))
    instead: tuple[str, ...] = ()
    case_value_eur: DatedValue = _NO_VALUE

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True)
class MobileVehicle:
    """A kind of vehicle: cost, size, licence.

    Parameters
    ----------
    driver_rules
        own (working-time law only) or eu561.
    speed_factor
        Its speed over that of a car on the same street.
    driver_eur_per_h
        Cost of a driver beside the staff; 0 = the staff drives.
    """

    id: str
    label_de: str
    label_en: str
    invest_eur: DatedRange
    lifetime_years: DatedValue
    eur_per_km: DatedRange
    fixed_eur_per_year: DatedRange
    weight_t: DatedValue
    height_m: DatedValue
    width_m: DatedValue
    licence: str
    driver_rules: str
    range_km: DatedValue
    speed_factor: DatedValue
    co2_kg_per_km: DatedValue
    driver_eur_per_h: DatedRange = _NO_DRIVER

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True)
class Rhythm:
    """How often: `every_weeks` between two visits (0.5 = twice a week), `benefit` = share of the need that it meets."""

    id: str
    label_de: str
    label_en: str
    every_weeks: float
    benefit: DatedValue

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True)
class Concern:
    """What people come for at a mobile service.

    Parameters
    ----------
    share
        Of all cases of the service, in [0, 1].
    minutes
        At the counter, all visits together.
    visits
        1, or 2 (applied for and collected).
    wait_weeks
        From the application until it can be handed over; 0 = at once.
    device
        What it needs on board; empty = nothing special.
    authority
        municipality, district or none.
    bring_de, bring_en
        What to bring.
    """

    id: str
    service: str
    label_de: str
    label_en: str
    share: DatedValue
    minutes: DatedValue
    visits: int
    wait_weeks: DatedValue
    device: str
    authority: AuthorityLevel
    bring_de: str
    bring_en: str

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en

    def handover_weeks(self, every_weeks: float) -> float:
        """Weeks from the application to the first visit at which it can be handed over: the least multiple of the rhythm of at least
        `wait_weeks`, and at least one; 0 = done in one visit."""
        if self.visits < 2:
            return 0.0
        return max(1, math.ceil(self.wait_weeks.value / every_weeks - 1e-9)) * every_weeks

    def bring(self, lang: str) -> str:
        """What to bring, in the language asked for."""
        return self.bring_de if lang == "de" else self.bring_en


@dataclass(frozen=True)
class StopFeature:
    """A feature of a stop (column of STOPS) and its weight in the suitability."""

    id: str
    label_de: str
    label_en: str
    weight: DatedValue

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True)
class MobileRecords:
    """All records of mobile services."""

    services: Mapping[str, MobileService] = field(default_factory=dict)
    vehicles: Mapping[str, MobileVehicle] = field(default_factory=dict)
    rhythms: Mapping[str, Rhythm] = field(default_factory=dict)
    concerns: tuple[Concern, ...] = ()
    features: tuple[StopFeature, ...] = ()

    def concerns_of(self, service: str) -> tuple[Concern, ...]:
        """Concerns of one mobile service, in the order of the file."""
        return tuple(c for c in self.concerns if c.service == service)

    def handover_weeks(self, service: str, every_weeks: float) -> float:
        """Longest time until a document of the service is handed over at a visit, weeks; 0 = nothing is handed over later."""
        return max((c.handover_weeks(every_weeks) for c in self.concerns_of(service)), default=0.0)

    def district_share(self, service: str) -> float:
        """Share of a service's cases that are tasks of the district although the service itself is not."""
        of = self.services.get(service)
        if of is None or of.authority == "district":
            return 0.0
        return sum(c.share.value for c in self.concerns_of(service) if c.authority == "district")
