"""The people a forecast starts from: each place's cells, split to single ages and sexes, at the year that they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import InputError, Problem
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.catalogue.demography import SINGLE_AGES
from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.age_groups import ages_in
from ankerort.region.forecast.cohort import run_cohorts
from ankerort.region.forecast.rates import MEN, WOMEN, Rates, survival
from ankerort.region.model import Region

FloatArray = NDArray[np.float64]
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


@dataclass(frozen=True)
class Stock:
    """People by place, sex and single age.

    Parameters
    ----------
    place_id, ags
        str, shape (places,): sorted by place_id; the empty id stands for cells outside all known municipalities.
    persons
        float64, shape (places, 2, 101), women first; 100 and older stand together.
    year
        Year that the persons stand for.
    ages_year
        Year of the count of ages; earlier than `year` if cells were scaled to later totals. The cohorts were then moved on.
    """

    place_id: NDArray[np.object_]
    ags: NDArray[np.object_]
    persons: FloatArray
    year: int
    ages_year: int


def stock_years(region: Region) -> tuple[int, int]:
    """Year of the persons and year of the ages of a region's cells.

    Where registers lead for more than half of the people, both are their year. Else the census input's date is the year of its ages. If its cells were scaled, the persons are those of the option
    ``stock_year``, else of the table of totals, else of the latest year that the input's title names.

    Raises
    ------
    InputError
        If no census input has a date.
    """
    register = _register_year(region)
    if register:
        return register, register
    inputs = region.settings.inputs_of("census")
    counts = [i for i in inputs if i.options.get("totals") is not True]
    dated = [int(i.date[:4]) for i in counts if re.match(r"\d{4}", i.date)]
    named = [[int(y) for y in _YEAR.findall(" ".join([i.title, i.preset, *(p.name for p in i.files)]))] for i in counts]
    known = dated or [min(years) for years in named if years]
    if not known:
        raise InputError([Problem("forecast_stock_year", "error", "region.toml", column="date")])
    ages = max(known)
    asked = [y for i in counts if isinstance(y := i.options.get("stock_year"), int) and not isinstance(y, bool)]
    if asked:
        return max(asked), min(ages, max(asked))
    scaled = region.cells["persons_rule"] == "scaled"
    if not (region.cells.loc[scaled, "persons"].sum() > region.cells["persons"].sum() / 2):
        return ages, ages
    totals = [i for i in inputs if i.options.get("totals") is True and re.match(r"\d{4}", i.date)]
    later = [int(i.date[:4]) for i in totals] if region.settings.scale_to_totals else []
    later = later or [max(years) for years in named if years]
    return max([ages, *later]), ages


def _register_year(region: Region) -> int:
    """Year of the registers that lead for more than half of the people of the study area; 0 if none do."""
    rows = region.population_sources
    rows = rows[(rows["leading"] == "register") & (rows["age_band"] == "all") & rows["in_study"]]
    rows = rows[rows["kind"] != "nowhere"]
    everybody = float(region.cells.loc[region.cells["in_study"], "persons"].sum())
    if rows.empty or rows["register_persons"].sum() * 2 <= everybody:
        return 0
    # Of municipalities that counted in different years the year of most people.
    years = rows.groupby(rows["register_date"].str[:4])["register_persons"].sum()
    return int(years.idxmax())


def base_stock(
    region: Region,
    catalogue: Catalogue,
    rates: Rates,
    *,
    year: int,
    ages_year: int,
    structure: FloatArray | None = None,
) -> Stock:
    """The people of each place by sex and single age.

    Bands of the cells are split by the single ages of the Land (moved back by survival to `ages_year`) and by the share of women
    per band. If the ages are older than the persons, the cohorts are moved on by deaths and births, and each place
    is scaled to its persons.

    Parameters
    ----------
    region, catalogue, rates
        Cells; single ages, shares of women; rates of a year.
    year, ages_year
        As `stock_years` says.
    structure
        Persons by single age, shape (101,), that split the bands; by default those of the Land, moved back to `ages_year`.
    """
    cells = region.cells
    place_id = np.array(sorted(set(region.places["place_id"]) | set(cells["place_id"])), dtype=object)
    code = np.searchsorted(place_id.astype(str), cells["place_id"].to_numpy(dtype=str))
    if structure is None:
        structure = moved_back(single_ages(catalogue, region.settings.land), rates, years=year - ages_year)
    bands = filled_bands(cells, structure)
    count = len(place_id)
    sums: FloatArray = np.zeros((count, len(AGE_BANDS)))
    for k in range(len(AGE_BANDS)):
        sums[:, k] = np.bincount(code, weights=bands[:, k], minlength=count)
    persons = split_bands(sums, structure, catalogue)
    total = sums.sum(axis=1)
    if year > ages_year:
        # The structure moved back holds only who stayed until `year`: moves would count the leavers twice.
        persons = run_cohorts(persons, rates, np.zeros_like(persons[0]), first_year=ages_year, years=[year])[year]
        now = persons.sum(axis=(1, 2))
        persons = persons * np.divide(total, now, out=np.zeros_like(total), where=now > 0)[:, None, None]
    ags_of = dict(zip(region.places["place_id"], region.places["ags"], strict=True))
    ags = np.array([ags_of.get(p, "") for p in place_id], dtype=object)
    return Stock(place_id, ags, persons, year, ages_year)


def single_ages(catalogue: Catalogue, land: str) -> FloatArray:
    """Persons by single age of the Land, else of Germany; shape (101,)."""
    ages = catalogue.single_year_ages
    return np.asarray(ages.get(land, ages.get("DE", np.ones(SINGLE_AGES))), dtype=np.float64)


def moved_back(land: FloatArray, rates: Rates, *, years: int) -> FloatArray:
    """The age structure that survived to `land`: ``N(a) = land(a + years) / survival(a)``; the oldest by the life table."""
    if years <= 0:
        return land
    alive = survival(rates.deaths, years).mean(axis=0)
    last = SINGLE_AGES - 1 - years
    out = np.zeros_like(land)
    # The open group is no single year, so the last age that has an heir of its own is the one before.
    out[:last] = land[years : SINGLE_AGES - 1] / alive[:last]
    level = out[last - 1]
    for age in range(last, SINGLE_AGES):
        level *= 1.0 - float(rates.deaths[:, age - 1].mean())
        out[age] = level
    return out


def filled_bands(cells: pd.DataFrame, ages: FloatArray) -> FloatArray:
    """Persons of each cell by band; a cell without ages gets the structure `ages`. Shape (cells, bands)."""
    bands = cells[list(AGE_COLUMNS)].to_numpy(dtype=np.float64, copy=True)
    persons = np.nan_to_num(cells["persons"].to_numpy(dtype=np.float64))
    unknown = np.isnan(bands).any(axis=1)
    share = np.array([ages[ages_in(a, b)].sum() for _, a, b in AGE_BANDS])
    bands[unknown] = persons[unknown, None] * (share / share.sum())[None, :]
    return bands


def split_bands(sums: FloatArray, ages: FloatArray, catalogue: Catalogue) -> FloatArray:
    """Persons by sex and single age, shape (places, 2, 101), of persons by band, shape (places, bands)."""
    out = np.zeros((len(sums), 2, SINGLE_AGES))
    for k, (name, first, last) in enumerate(AGE_BANDS):
        within = ages_in(first, last)
        weights = ages[within] if ages[within].sum() > 0 else np.ones_like(ages[within])
        weights = weights / weights.sum()
        women = catalogue.value(f"share_women.{name.removeprefix('p_')}")
        out[:, WOMEN, within] = sums[:, k, None] * weights * women
        out[:, MEN, within] = sums[:, k, None] * weights * (1.0 - women)
    return out
