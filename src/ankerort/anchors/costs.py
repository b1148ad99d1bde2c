"""What an offer costs a year: annuity of the investment, operation, rooms; always as a range. Formulas: docs/method/anchor-costs.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.provision import DatedRange, Variant

CostKind = Literal["invest", "operation", "room"]


@dataclass(frozen=True)
class CostRange:
    """Low, mid and high estimate in EUR (once or per year, as the name of the field that holds it says)."""

    low: float
    mid: float
    high: float

    def __add__(self, other: CostRange) -> CostRange:
        """Low with low, high with high: the ranges are taken to err together, so the sum is never too narrow."""
        return CostRange(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def times(self, factor: float) -> CostRange:
        """Each estimate times a factor of 0 or more.

        Raises
        ------
        ValueError
            If the factor is negative: low and high would change places.
        """
        if factor < 0:
            raise ValueError(f"factor {factor} < 0")
        return CostRange(self.low * factor, self.mid * factor, self.high * factor)

    def array(self) -> NDArray[np.float64]:
        """float64, shape (3,): low, mid, high."""
        return np.array([self.low, self.mid, self.high], np.float64)


NOTHING = CostRange(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class RoomPrice:
    """Rooms of an offer.

    Parameters
    ----------
    building_id
        Building that it goes into; empty = priced as new, or no rooms needed.
    invest_once
        EUR once.
    lifetime_years
        Over which that is spread.
    yearly
        Rent and running cost, EUR per year.
    record
        Id of the dated record of the investment per m2; empty = no rooms needed.
    """

    building_id: str
    invest_once: CostRange
    lifetime_years: float
    yearly: CostRange
    record: str

    def annual(self, rate: float) -> CostRange:
        """Annuity, rent and running cost, EUR per year."""
        return annuity_range(self.invest_once, self.lifetime_years, rate) + self.yearly


NO_ROOM = RoomPrice("", NOTHING, 1.0, NOTHING, "")


@dataclass(frozen=True)
class CostItem:
    """One item of an offer, EUR per year, with the id of the dated record behind it."""

    kind: CostKind
    cost: CostRange
    record: str


@dataclass(frozen=True)
class OfferCost:
    """Cost of an offer.

    Parameters
    ----------
    invest_once
        Investment with rooms, EUR once.
    items
        EUR per year: invest (annuity of the equipment), operation, room (annuity, rent and running cost).
    """

    invest_once: CostRange
    items: tuple[CostItem, ...]

    @property
    def annual(self) -> CostRange:
        """Sum of the items, EUR per year."""
        return sum_ranges(i.cost for i in self.items)


def annuity(invest_eur: float, years: float, rate: float) -> float:
    """Equal yearly payments that repay an investment with interest.

    ``A = I r (1 + r)^n / ((1 + r)^n - 1)``, for r = 0 ``I / n``.

    Parameters
    ----------
    invest_eur
        EUR once, 0 or more.
    years
        Lifetime, above 0.
    rate
        Interest rate a year as a share (0.025 = 2.5 %), 0 or more.

    Raises
    ------
    ValueError
        If an argument lies outside of its range.
    """
    if invest_eur < 0 or years <= 0 or rate < 0:
        raise ValueError(f"annuity of {invest_eur} EUR over {years} years at {rate}")
    if rate == 0:
        return invest_eur / years
    growth = (1 + rate) ** years
    return invest_eur * rate * growth / (growth - 1)


def annuity_range(invest: CostRange, years: float, rate: float) -> CostRange:
    """Annuity of each estimate, EUR per year."""
    return CostRange(*(annuity(one, years, rate) for one in (invest.low, invest.mid, invest.high)))


def range_of(value: DatedRange) -> CostRange:
    """The numbers of a dated range."""
    return CostRange(value.low, value.mid, value.high)


def sum_ranges(ranges: Iterable[CostRange]) -> CostRange:
    """Low with low, mid with mid, high with high; of nothing zero."""
    total = NOTHING
    for one in ranges:
        total = total + one
    return total


def offer_cost(variant: Variant, room: RoomPrice, rate: float) -> OfferCost:
    """Cost of a variant in a room, itemised; items that cost nothing are left out.

    Parameters
    ----------
    rate
        Interest rate a year as a share.
    """
    invest = range_of(variant.invest_eur)
    items = (
        CostItem("invest", annuity_range(invest, variant.lifetime_years.value, rate), variant.invest_eur.record.id),
        CostItem("operation", range_of(variant.operation_eur), variant.operation_eur.record.id),
        CostItem("room", room.annual(rate), room.record),
    )
    return OfferCost(invest + room.invest_once, tuple(i for i in items if i.cost.high > 0))
