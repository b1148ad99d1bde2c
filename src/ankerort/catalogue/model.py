"""The catalogue: what people need, how near it should be, how they move; every figure a dated record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problem
from ankerort.base.provenance import DatedValue
from ankerort.catalogue.demand import AccessRule, CapacityUnit, DemandRate
from ankerort.catalogue.demography import AgeRate, ForecastVariant
from ankerort.catalogue.downloads import Download
from ankerort.catalogue.expectations import PlaceExpectations
from ankerort.catalogue.mobile import MobileRecords
from ankerort.catalogue.nouns import Noun
from ankerort.catalogue.provision import Provision
from ankerort.catalogue.pt_classes import PtClassTable
from ankerort.catalogue.quality import QualityRules
from ankerort.catalogue.working_groups import WorkingGroup

ServiceDirection = Literal["there_back", "from_facility", "to_facility", "none"]
StandardMode = Literal["walk", "bike", "car", "pt"]
SetMeasure = Literal[
    "persons_in_place", "persons_in_catchment", "density_exception", "facilities_in_municipality", "km2_per_facility"
]
Settlement = Literal["village", "town", "large_city"]
Sex = Literal["f", "m"]

SetReference = Literal["", "minimum", "target"]


@dataclass(frozen=True)
class TagTest:
    """One test of a rule: key, operator and the alternative values (lower case)."""

    key: str
    operator: Literal["any", "absent", "equals", "differs", "contains", "lacks"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class TagClause:
    """Tests that must all hold; weak evidence makes the facility probable."""

    tests: tuple[TagTest, ...]
    weak: bool = False


@dataclass(frozen=True)
class Standard:
    """Minimum (Mindestwert) and target (Zielwert) of one service and mode; walk in metres, else minutes."""

    mode: StandardMode
    minimum: DatedValue
    target: DatedValue | None = None


@dataclass(frozen=True)
class Service:
    """One function of the catalogue (a row of services.csv, typed)."""

    id: str
    label_de: str
    label_en: str
    area: str
    level: str
    clauses: tuple[TagClause, ...]
    demand_groups: tuple[str, ...]
    standards: Mapping[StandardMode, Standard]
    direction: ServiceDirection
    stay_min: float
    decides: str
    task_type: str
    ref_inhabitants_per_facility: float
    osm_absence_means: Literal["missing", "unknown"]
    default_hours: str
    data_note: str
    viability_pop: float
    capacity_rule: str
    mobile: tuple[str, ...]
    digital: str
    capex_eur: str
    opex_eur_year: str
    std_status: str
    mark: str
    comes_home: bool  # the service comes to the home (home care): state M where its area covers the place

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True)
class Group:
    """A demand or mobility group: ages and how its members walk.

    `walk_speed` and `walk_limit` are ids of figures; age bands that straddle the group count by `band_shares`
    (column of `cells` -> share that belongs to the group).
    """

    id: str
    label_de: str
    label_en: str
    first_age: int
    last_age: int
    walk_speed: str
    walk_limit: str
    band_shares: Mapping[str, float]


@dataclass(frozen=True)
class CoreItem:
    """One of the council core functions: a union of services under one label."""

    id: str
    label_de: str
    label_en: str
    services: tuple[str, ...]

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True)
class SchoolHoliday:
    """One school holiday of a Land, both days included; a dated record."""

    land: str
    name: str
    first_day: str
    last_day: str
    source: str
    mark: str
    checked_on: str


@dataclass(frozen=True)
class ConditionalRule:
    """A threshold that holds only under a condition (post outlet within 2,000 m); never a general standard.

    `condition` is German text of the law's field of application, printed beside the value.
    """

    service: str
    mode: StandardMode
    value: DatedValue
    condition: str


@dataclass(frozen=True)
class ResponseTime:
    """Parts of a response time: what is left of the limit after dispatch and turn-out is the drive budget."""

    service: str
    limit_min: DatedValue
    turn_out_min: DatedValue
    starting_event_de: str
    starting_event_en: str
    share: float  # of cases in which the limit must be kept; NaN = none named

    @property
    def drive_budget_min(self) -> float:
        """Minutes left for the drive."""
        return self.limit_min.value - self.turn_out_min.value

    def starting_event(self, lang: str) -> str:
        """The event from which the limit counts."""
        return self.starting_event_de if lang == "de" else self.starting_event_en


@dataclass(frozen=True)
class CarRate:
    """Share of the persons of one sex and age in one type of settlement who can drive a car themselves.

    Licence and a car in the household; being driven by others is dependence, not availability.
    """

    settlement: Settlement
    sex: Sex
    age_from: int
    age_to: int
    rate: DatedValue


@dataclass(frozen=True)
class SetStandard:
    """One row of a named set of standards.

    Parameters
    ----------
    item
        Service, ``tier:GZ|MZ|OZ`` (way from home to the nearest central place of the tier or above) or ``centre:GZ|MZ|OZ`` (test of
        a place and its catchment).
    mode
        A mode, or for central places and numbers of facilities one of `SetMeasure`.
    value
        Metres on foot, minutes otherwise, or the measure's unit.
    tolerance_share
        Share of the persons that may miss it; NaN = none named.
    municipality_over_persons
        It holds only in municipalities with more inhabitants; NaN = everywhere.
    condition
        German text of a field of application that the data cannot show; printed beside the value.
    refers
        minimum or target: `value` is that of the service's standard; empty = the row's own.
    """

    item: str
    mode: StandardMode | SetMeasure
    value: DatedValue
    tolerance_share: float = math.nan
    municipality_over_persons: float = math.nan
    condition: str = ""
    refers: SetReference = ""


@dataclass(frozen=True)
class StandardSet:
    """A named set of standards; `rows` in the order of the files.

    Its values follow the standards of the services where a row `refers` to them, and where the set is `all_of` them: ask
    `ankerort.catalogue.standard_sets.find_set`, since a scenario may have changed a standard.
    """

    id: str
    label_de: str
    label_en: str
    rows: tuple[SetStandard, ...]
    all_of: SetReference = ""

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True)
class Catalogue:
    """Services, groups, figures and calendars; read by `ankerort.catalogue.read_catalogue`."""

    services: Mapping[str, Service]
    groups: Mapping[str, Group]
    figures: Mapping[str, DatedValue]
    core: tuple[CoreItem, ...]
    five: tuple[CoreItem, ...]  # BBSR bundle of five
    school_holidays: tuple[SchoolHoliday, ...]
    single_year_ages: Mapping[str, NDArray[np.float64]]  # Land -> persons by age 0..100
    content_hash: str = field(default="")
    conditional_rules: tuple[ConditionalRule, ...] = ()
    response_times: Mapping[str, ResponseTime] = field(default_factory=dict)
    standard_sets: Mapping[str, StandardSet] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()  # warnings about a user's folder; errors are raised
    car_rates: tuple[CarRate, ...] = ()
    demographic_rates: tuple[AgeRate, ...] = ()
    forecast_variants: tuple[ForecastVariant, ...] = ()
    # (settlement, group) -> column of `cells` -> share of the band that belongs to the group and has no car of its own to drive
    without_car: Mapping[tuple[Settlement, str], Mapping[str, float]] = field(default_factory=dict)

    quality: QualityRules = field(default_factory=QualityRules)
    demand_rates: tuple[DemandRate, ...] = ()
    capacity_units: Mapping[str, CapacityUnit] = field(default_factory=dict)
    decay_zones: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)  # (up to minutes, weight)
    access_rules: Mapping[str, AccessRule] = field(default_factory=dict)  # "*" = all services without their own

    pt_classes: PtClassTable = field(default_factory=PtClassTable)

    nouns: Mapping[str, Noun] = field(default_factory=dict)  # by service or core:<id>
    place_expectations: PlaceExpectations = field(default_factory=PlaceExpectations)
    downloads: tuple[Download, ...] = ()
    working_groups: tuple[WorkingGroup, ...] = ()
    provision: Provision = field(default_factory=Provision)
    mobile: MobileRecords = field(default_factory=MobileRecords)

    def value(self, figure_id: str) -> float:
        """The number of a dated record."""
        return self.figures[figure_id].value

    def facility_services(self) -> tuple[str, ...]:
        """Ids of the services that are facilities (broadband and mobile network are not)."""
        return tuple(s.id for s in self.services.values() if s.direction != "none")
