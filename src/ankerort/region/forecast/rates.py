"""What happens in a year: deaths, births and moves by sex and single age, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.demography import ForecastVariant, rate_per_age
from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.age_groups import ages_in

FloatArray = NDArray[np.float64]
WOMEN, MEN = 0, 1


@dataclass(frozen=True)
class Rates:
    """Yearly rates per person; float64, shape (2, 101), women first, unless said otherwise.

    Parameters
    ----------
    deaths
        Probability to die within a year.
    births
        Births per woman, shape (101,).
    net_migration
        Balance of moves in an average municipality.
    moves
        How a balance above or below that average spreads over the ages; any scale.
    boys_share
        Share of boys among the newborn.
    """

    deaths: FloatArray
    births: FloatArray
    net_migration: FloatArray
    moves: FloatArray
    boys_share: float


def rates_of(catalogue: Catalogue, land: str) -> Rates:
    """The rates of a Land; one without own records uses those of Germany."""
    rates = catalogue.demographic_rates
    return Rates(
        deaths=rate_per_age(rates, "deaths", land=land),
        births=rate_per_age(rates, "births", land=land)[WOMEN],
        net_migration=rate_per_age(rates, "net_migration", land=land),
        moves=rate_per_age(rates, "moves", land=land),
        boys_share=catalogue.value("forecast.boys_share"),
    )


def migration_of(rates: Rates, variant: ForecastVariant, level: FloatArray, structure: FloatArray) -> FloatArray:
    """Balance of moves per person and year.

    ``m = factor x (net + level_i x moves / mean of moves) + extra``; the mean is taken over `structure`, so that `level` is the
    balance per inhabitant that a municipality has above the average schedule.

    Parameters
    ----------
    rates
        Rates.
    variant
        Variant.
    level
        float64, shape (places,): balance per person and year on top of the average.
    structure
        float64, shape (2, 101): persons of the region.

    Returns
    -------
    float64, shape (places, 2, 101)
    """
    total = structure.sum()
    mean = float((rates.moves * structure).sum() / total) if total > 0 else 0.0
    profile = rates.moves / mean if mean > 0 else np.ones_like(rates.moves)
    factor = variant.net_migration_factor.value
    out = factor * (rates.net_migration[None] + level[:, None, None] * profile[None])
    for first, last, extra in variant.extra:
        out[..., ages_in(first, last)] += extra.value / 1000.0
    return out


def survival(deaths: FloatArray, years: int) -> FloatArray:
    """Share of persons of each age who are alive `years` later; shape (2, 101)."""
    alive = 1.0 - deaths
    out = np.ones_like(deaths)
    for k in range(years):
        out *= alive[:, np.minimum(np.arange(deaths.shape[1]) + k, deaths.shape[1] - 1)]
    return out
