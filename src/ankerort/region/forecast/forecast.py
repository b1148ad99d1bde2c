"""Forecast of the people of each place by age and sex: cohorts, fitted to an official projection where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ankerort.base.problems import InputError, Problem, Problems
from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.paths import forecast_paths
from ankerort.region.forecast.stock import stock_years
from ankerort.region.forecast.tables import area_table, place_table
from ankerort.region.model import Region


@dataclass(frozen=True)
class Forecast:
    """A forecast; tables as declared in `ankerort.region.schema`.

    Parameters
    ----------
    base_year, ages_year
        Year that the cells' persons, and that their ages stand for.
    official_year
        Last year of the official projection, or None; what lies beyond is our own extrapolation.
    last_year
        Last year that can be asked for.
    years, variants
        What was asked for, in order.
    table
        FORECAST.
    areas
        FORECAST_AREAS: totals and indicators of places, municipalities, districts and the study area.
    problems
        Notes and warnings: targets that cannot be met, areas cut by the region's edge, ages that were moved on.
    """

    base_year: int
    ages_year: int
    official_year: int | None
    last_year: int
    years: tuple[int, ...]
    variants: tuple[str, ...]
    table: pd.DataFrame
    areas: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def forecast_population(
    region: Region,
    catalogue: Catalogue,
    *,
    years: Sequence[int] | None = None,
    variants: Sequence[str] | None = None,
    base_year: int | None = None,
) -> Forecast:
    """Forecast the people of each place by age and sex.

    The cohorts of each place are moved on year by year (`ankerort.region.forecast.cohort`). Where two stocks of the region with
    ages lie five or ten years apart, the method of Hamilton and Perry gives the trend instead. Where there is an official
    projection, the trend is raked to its totals; between its years the line is straight, and every other variant keeps its
    ratio to the trend. Beyond its last year the cohorts go on by themselves (``extrapolated``).

    Parameters
    ----------
    region
        Cells, places, PROJECTIONS, POPULATION_STOCKS.
    catalogue
        Rates, variants, figures ``forecast.*``.
    years
        Years wanted; by default the base year and every fifth year up to ``forecast.last_year``.
    variants
        Ids of variants; by default all.
    base_year
        Year of the cells where the settings do not say it.

    Returns
    -------
    Forecast

    Raises
    ------
    InputError
        If a year lies outside the forecast, a variant is unknown, or no input says of which year the people are.
    """
    problems = Problems()
    persons_year, ages_year = (base_year, base_year) if base_year is not None else stock_years(region)
    last = int(catalogue.value("forecast.last_year"))
    step = int(catalogue.value("forecast.step_years"))
    known = variants_by_id(catalogue.forecast_variants)
    asked = tuple(known) if variants is None else tuple(dict.fromkeys(variants))
    if not years:
        wanted = tuple(sorted({persons_year, last, *range(persons_year - persons_year % step + step, last + 1, step)}))
    else:
        wanted = tuple(sorted(set(years)))
    _check_asked(wanted, asked, first=persons_year, last=last, known=tuple(known), problems=problems)
    problems.raise_errors()
    if ages_year < persons_year:
        problems.add(
            "forecast_ages_moved",
            "note",
            "region.toml",
            ages=ages_year,
            year=persons_year,
            years=persons_year - ages_year,
        )
    paths = forecast_paths(
        region, catalogue, years=wanted, variants=asked, year=persons_year, ages_year=ages_year, problems=problems
    )
    table, ranges = place_table(paths, catalogue, years=wanted, variants=asked)
    areas = area_table(paths, ranges, region, catalogue, years=wanted, variants=asked)
    return Forecast(persons_year, ages_year, paths.official_year, last, wanted, asked, table, areas, problems.sorted())


def check_year(forecast: Forecast, year: int, variant: str) -> None:
    """Refuse a year or a variant that the forecast does not have.

    Raises
    ------
    InputError
        Named with the range, or with the variants that there are.
    """
    problems = Problems()
    first, last = forecast.years[0], forecast.years[-1]
    _check_asked([year], [variant], first=first, last=last, known=forecast.variants, problems=problems)
    if problems.has_errors:
        raise InputError(problems.sorted())


def _check_asked(
    years: Sequence[int], variants: Sequence[str], *, first: int, last: int, known: Sequence[str], problems: Problems
) -> None:
    for year in years:
        if not first <= year <= last:
            problems.add("forecast_year_outside", "error", "years", year=year, first=first, last=last)
    for variant in variants:
        if variant not in known:
            problems.add("forecast_variant_unknown", "error", "variants", variant=variant, known=", ".join(known))
