"""Who needs how much of a service, what one unit of capacity serves, and how accessibility is measured: dated records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ankerort.base.provenance import DatedValue

DemandKind = Literal["quota", "frequency", "uniform"]
DEMAND_UNITS: Mapping[DemandKind, str] = {"quota": "places", "frequency": "visits per year", "uniform": "persons"}
RateSex = Literal["all", "f", "m"]


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
