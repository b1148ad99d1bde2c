"""Back-test: how well would the forecast have met a later count, against "no change" and "straight line"?

Measures (Tayman and Swanson 1999), with the error ``e = (forecast - actual) / actual`` of each area: MAPE is the mean of ``|e|``, MALPE
the mean of ``e`` (the bias), the weighted MAPE is ``sum |forecast - actual| / sum actual``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.cohort import run_cohorts
from ankerort.region.forecast.rates import Rates, migration_of
from ankerort.region.forecast.trend import average_growth, shrink

FloatArray = NDArray[np.float64]
# Methods that see the later count of other areas of the district, never of the area itself.
CROSS_VALIDATED = ("district_line", "district_cohort")


@dataclass(frozen=True)
class Backtest:
    """Result of a back-test.

    Parameters
    ----------
    forecasts
        One row per area: actual, and a column per method.
    measures
        Per method: areas, mape, malpe, weighted_mape (per cent), cross_validated.
    not_possible
        Methods for which the data do not suffice.
    """

    forecasts: pd.DataFrame
    measures: pd.DataFrame
    not_possible: tuple[str, ...]


def backtest(
    persons: FloatArray,
    actual: FloatArray,
    district: NDArray[np.int64],
    *,
    rates: Rates,
    catalogue: Catalogue,
    years: int,
    earlier: tuple[FloatArray, int] | None = None,
) -> Backtest:
    """Forecast a later count from an earlier one and measure the errors.

    Methods: ``no_change``; where there is an earlier count, ``straight_line`` through it and the first, and ``trend`` (cohorts with the
    level of moves between these two, shrunk to the district: what `forecast_population` does); ``natural`` (cohorts with births and deaths only)
    and ``average`` (cohorts with the average schedule of moves), which see nothing of the later count; ``district_line`` (growth of the
    other areas of the district) and ``district_cohort`` (births and deaths of the area, balance of moves of the other areas of the
    district), which are leave-one-out cross-validations.

    Parameters
    ----------
    persons
        float64, shape (areas, 2, 101): the first count.
    actual
        float64, shape (areas,): totals of the later count.
    district
        int, shape (areas,).
    rates, catalogue
        Rates and variants.
    years
        Years between the counts.
    earlier
        Totals of a count before the first, and how many years before.
    """
    first = persons.sum(axis=(1, 2))
    structure = persons.sum(axis=0)
    variants = variants_by_id(catalogue.forecast_variants)
    none = np.zeros(len(persons))
    totals: dict[str, FloatArray] = {"no_change": first}
    if earlier is not None:
        totals["straight_line"] = np.maximum(first + (first - earlier[0]) * years / earlier[1], 0.0)
        level = _levels(persons, earlier, district, rates=rates, catalogue=catalogue)
        moves = migration_of(rates, variants["trend"], level, structure)
        totals["trend"] = run_cohorts(persons, rates, moves, first_year=0, years=[years])[years].sum(axis=(1, 2))
    for method, variant in (("natural", "natural"), ("average", "trend")):
        moves = migration_of(rates, variants[variant], none, structure)
        totals[method] = run_cohorts(persons, rates, moves, first_year=0, years=[years])[years].sum(axis=(1, 2))
    others = _others(actual, first, district)
    totals["district_line"] = first * others
    # What the others gained by moving, as a share of what births and deaths alone would have left of them.
    totals["district_cohort"] = totals["natural"] * _others(actual, totals["natural"], district)
    forecasts = pd.DataFrame({"actual": actual, **totals})
    rows = []
    for method, found in totals.items():
        error = (found - actual) / actual
        rows.append(
            {
                "method": method,
                "areas": len(actual),
                "mape": 100.0 * float(np.abs(error).mean()),
                "malpe": 100.0 * float(error.mean()),
                "weighted_mape": 100.0 * float(np.abs(found - actual).sum() / actual.sum()),
                "cross_validated": method in CROSS_VALIDATED,
            }
        )
    return Backtest(forecasts, pd.DataFrame(rows), () if earlier is not None else ("straight_line", "trend"))


def _levels(
    persons: FloatArray,
    earlier: tuple[FloatArray, int],
    district: NDArray[np.int64],
    *,
    rates: Rates,
    catalogue: Catalogue,
) -> FloatArray:
    """Balance of moves above the average schedule between the earlier and the first count."""
    first = pd.Series(persons.sum(axis=(1, 2)))
    growth = average_growth(persons, rates, catalogue)
    level = np.log(first / earlier[0]) / earlier[1] - growth
    weight = catalogue.value("forecast.shrink_persons")
    return shrink(level, first, pd.Index(district), weight).to_numpy()


def _others(above: FloatArray, below: FloatArray, district: NDArray[np.int64]) -> FloatArray:
    """Ratio of the sums of all other areas of the district; of all other areas where the district has no other."""
    count = int(district.max()) + 1 if len(district) else 0
    sums = [np.bincount(district, weights=v, minlength=count)[district] - v for v in (above, below)]
    whole = [v.sum() - v for v in (above, below)]
    everywhere = np.divide(whole[0], whole[1], out=np.ones_like(above), where=whole[1] > 0)
    alone = np.bincount(district, minlength=count)[district] < 2
    return np.where(alone, everywhere, np.divide(sums[0], sums[1], out=everywhere.copy(), where=sums[1] > 0))
