"""Who needs how much of a service, what one unit of capacity serves, and how accessibility is measured: dated records."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ankerort.base.provenance import DatedValue

DemandKind = Literal["quota", "frequency", "uniform"]
DEMAND_UNITS: Mapping[DemandKind, str] = {"quota": "places", "frequency": "visits per year", "uniform": "persons"}
RateSex = Literal["all", "f", "m"]
_OLDEST = 120
_ROUNDING = 0.005  # shares are written with two decimals


@dataclass(frozen=True)
class DemandRate:
    """What one person of an age and sex needs of a service, in some years.

    Parameters
    ----------
    service
        Id of the service.
    first_age, last_age
        Both included; 120 = open.
    sex
        f, m, or all.
    from_year, to_year
        Both included; None = open.
    kind
        quota: share of persons who need a place; frequency: visits per person and year; uniform: per head.
    value
        The dated record.
    market
        Services of one market divide its people among them: their rates of one age, sex and year sum to 1. Empty = none.
    band_shares
        Column of ``cells`` -> share of the band that has these ages.
    """

    service: str
    first_age: int
    last_age: int
    sex: RateSex
    from_year: int | None
    to_year: int | None
    kind: DemandKind
    value: DatedValue
    market: str
    band_shares: Mapping[str, float]

    def holds_in(self, year: int | None) -> bool:
        """Whether the rate holds in a year; None = no year is asked for: rates that are open at the end."""
        if year is None:
            return self.to_year is None
        return (self.from_year is None or self.from_year <= year) and (self.to_year is None or year <= self.to_year)


@dataclass(frozen=True)
class MarketFault:
    """Ages in which the rates of a market do not sum to 1: `total` as printed, `year` None where no rate names a year."""

    total: str
    first_age: int
    last_age: int
    year: int | None


def market_faults(rates: Sequence[DemandRate]) -> tuple[MarketFault, ...]:
    """For each age, sex and span of years that any rate of one market names, the rates of all its services sum to 1."""
    starts = {r.from_year for r in rates if r.from_year is not None}
    starts |= {r.to_year + 1 for r in rates if r.to_year is not None}
    # the years before the first change, and each span that begins with one
    years = [min(starts) - 1, *sorted(starts)] if starts else [None]
    named = np.zeros(_OLDEST + 1, bool)
    for rate in rates:
        named[rate.first_age : rate.last_age + 1] = True
    faults: dict[tuple[str, str, int | None], list[int]] = {}
    for year in years:
        for sex in ("f", "m"):
            total = np.zeros(_OLDEST + 1)
            for rate in rates:
                if rate.sex in ("all", sex) and rate.holds_in(year):
                    total[rate.first_age : rate.last_age + 1] += rate.value.value
            for age in np.flatnonzero(named & (np.abs(total - 1.0) > _ROUNDING)):
                faults.setdefault((f"{total[age]:.3g}", sex, year), []).append(int(age))
    return tuple(
        MarketFault(total_text, at[0], at[-1], year)
        for (total_text, sex, year), at in faults.items()
        # what holds for both sexes is told once
        if not (sex == "m" and faults.get((total_text, "f", year)) == at)
    )


@dataclass(frozen=True)
class CapacityUnit:
    """What the capacity of a service counts and how much demand one unit serves.

    `usual` is the usual capacity of one facility (NaN = none named): only for an assumption that is asked for, never filled in silently.
    """

    service: str
    unit: str
    demand_per_unit: DatedValue
    usual: float = math.nan


@dataclass(frozen=True)
class AccessRule:
    """How the accessibility score of a service is computed.

    `mode` "" = the service's own order (car, else foot). `decay` is a decay function or ``zones:<set>`` of `Catalogue.decay_zones`;
    `limit_min` the largest minutes of the catchment.
    """

    service: str
    mode: Literal["", "car", "foot", "bike", "pt"]
    method: str
    decay: str
    limit_min: DatedValue
