"""How functions can be provided, what that costs, what an anchor of a level holds, what sharing saves: dated records for `ankerort.anchors`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ankerort.base.provenance import DatedValue

VariantKind = Literal["branch", "house", "hours", "agency", "visit", "desk"]
Decides = Literal["own", "joint", "recruit"]
Task = Literal["duty", "voluntary", "other"]
_NONE = DatedValue("", 0.0, "", source="", legal_status="default", mark="D")


@dataclass(frozen=True)
class DatedRange:
    """A range that a user may argue about; `record.value` is the mid estimate."""

    low: float
    high: float
    record: DatedValue

    @property
    def mid(self) -> float:
        """The mid estimate."""
        return self.record.value


@dataclass(frozen=True)
class Variant:
    """One way in which a service is provided at a place.

    Parameters
    ----------
    kind
        branch (full), house (in a multi-function house), hours (hours a week in a shared room), agency (in a shop), visit (mobile), desk
        (digital desk).
    quality
        Share of the need that it meets, in (0, 1].
    invest_eur
        Investment once, without rooms; rooms are priced by `room_m2`.
    lifetime_years
        Over which the investment is spread.
    operation_eur
        Per year, what the public has to carry (net of what users pay).
    viable_persons
        Least persons of the service's group in its catchment; value 0 = none.
    capacity_persons
        Persons that it serves; value 0 = no limit.
    room_m2
        Rooms that it needs; value 0 = none.
    hours_week
        Hours a week in a shared room; value 0 = a room of its own or none.
    hosts
        Services of which one must be in the place (agency in a shop); empty = none.
    capacity
        Places, seats or what else `Catalogue.capacity_units` counts for the service; value 0 = not known.
    every_weeks
        How often a visit comes: 1 = weekly, 2 = every 14 days, 0.5 = twice a week; value 0 = it is no visit.
    """

    id: str
    service: str
    kind: VariantKind
    label_de: str
    label_en: str
    quality: DatedValue
    invest_eur: DatedRange
    lifetime_years: DatedValue
    operation_eur: DatedRange
    viable_persons: DatedValue
    capacity_persons: DatedValue
    room_m2: DatedValue
    hours_week: DatedValue
    hosts: tuple[str, ...] = ()
    capacity: DatedValue = _NONE
    every_weeks: DatedValue = _NONE


@dataclass(frozen=True)
class LevelItem:
    """An item of a level's core catalogue: a service or ``core:<id>``; `required` = an anchor without it is none."""

    item: str
    required: bool
    record: DatedValue


@dataclass(frozen=True)
class AnchorLevel:
    """A level of anchors; `at_least` items of its core must be held. Levels ascend and are nested."""

    id: str
    label_de: str
    label_en: str
    items: tuple[LevelItem, ...]
    at_least: DatedValue
    cost_eur: DatedRange


@dataclass(frozen=True)
class BundleRule:
    """What sharing saves where all `members` (services or ``core:<id>``) stand in one place by a variant of one of `kinds` (empty = any, also existing)."""

    id: str
    label_de: str
    label_en: str
    sharing: Literal["building", "staff", "hours"]
    members: tuple[str, ...]
    kinds: tuple[VariantKind, ...]
    saving_eur: DatedRange


@dataclass(frozen=True)
class DecisionRule:
    """Who decides on a service: own, joint, recruit; its task; whether the planning body may close or move existing ones at all."""

    service: str
    decides: Decides
    task: Task
    partner_de: str
    partner_en: str
    may_close: bool


@dataclass(frozen=True)
class WeekSlot:
    """Hours of a week in which a shared room is open; `weekday` 0 = Monday, minutes since midnight.

    Parameters
    ----------
    optional
        Only where the others do not suffice and the planner allows it (Saturday morning).
    """

    weekday: int
    from_min: int
    to_min: int
    optional: bool
    record: DatedValue

    @property
    def hours(self) -> float:
        """Length."""
        return (self.to_min - self.from_min) / 60


@dataclass(frozen=True)
class Provision:
    """All records of provision.

    Parameters
    ----------
    weights
        Value of one person served, by service or ``core:<id>``; what has no row counts 1.
    group_weights
        Factor of one person by kind of people: young, old, young_car, old_car.
    uses
        Ways there and back of one person a year, by service or ``core:<id>``; what has no row counts once a week.
    rooms
        What rooms cost, by kind (new, vacant_1 to vacant_5 by condition, vacant_unknown, shareable, running) and quantity:
        ``invest_eur_m2`` once, ``eur_m2_year`` per year.
    slots
        Half-days of a week in which a shared room is open, in the order of the week.
    """

    variants: Mapping[str, Variant] = field(default_factory=dict)
    levels: tuple[AnchorLevel, ...] = ()
    bundles: tuple[BundleRule, ...] = ()
    decisions: Mapping[str, DecisionRule] = field(default_factory=dict)
    weights: Mapping[str, DatedValue] = field(default_factory=dict)
    group_weights: Mapping[str, DatedValue] = field(default_factory=dict)
    uses: Mapping[str, DatedValue] = field(default_factory=dict)
    rooms: Mapping[tuple[str, str], DatedRange] = field(default_factory=dict)
    slots: tuple[WeekSlot, ...] = ()

    @property
    def room_hours_week(self) -> float:
        """Hours a week of a shared room, without the optional ones."""
        return sum(s.hours for s in self.slots if not s.optional)
