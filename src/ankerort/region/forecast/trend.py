"""What earlier stocks tell of the trend: the level of moves of each municipality, and its cohort change ratios."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.age_groups import sum_ages
from ankerort.region.forecast.cohort import run_cohorts
from ankerort.region.forecast.hamilton_perry import GROUPS, cohort_ratios, project
from ankerort.region.forecast.rates import MEN, WOMEN, Rates, migration_of, survival
from ankerort.region.forecast.stock import Stock
from ankerort.region.model import Region

FloatArray = NDArray[np.float64]
_LOOK_AHEAD = 5
_STEPS = (2, 1)  # ten years tell more than five
_OPEN = 120


def migration_levels(region: Region, stock: Stock, rates: Rates, catalogue: Catalogue) -> FloatArray:
    """Balance of moves per person and year that each municipality had above the average schedule.

    From totals of two years: ``r_i = ln(P2 / P1) / (t2 - t1) - g_i``, where ``g_i`` is the yearly growth that the average schedule gives
    the municipality's age structure; shrunk to its district, ``(n r_i + k r_0) / (n + k)`` with n inhabitants and k from
    ``forecast.shrink_persons``. Municipalities of a district without any stock have 0.

    Returns
    -------
    float64, shape (places,)
    """
    totals = _totals(region.population_stocks)
    out = np.zeros(len(stock.place_id))
    if totals.empty:
        return out
    keys = np.array(sorted(set(stock.ags)), dtype=object)
    sums = np.stack([stock.persons[stock.ags == k].sum(axis=0) for k in keys])
    now = pd.Series(sums.sum(axis=(1, 2)), index=keys)
    growth = pd.Series(average_growth(sums, rates, catalogue), index=keys)
    totals = totals[totals.index.isin(now.index[now > 0])]
    level = np.log(totals["last"] / totals["first"]) / totals["years"] - growth[totals.index]
    persons = now[totals.index]
    shrunk = shrink(level, persons, totals.index.str[:5], catalogue.value("forecast.shrink_persons"))
    district = (level * persons).groupby(totals.index.str[:5]).sum() / persons.groupby(totals.index.str[:5]).sum()
    for k, ags in enumerate(stock.ags):
        out[k] = shrunk.get(ags, district.get(str(ags)[:5], 0.0))
    return out


def average_growth(persons: FloatArray, rates: Rates, catalogue: Catalogue) -> FloatArray:
    """Yearly growth (logarithm) that deaths, births and the average schedule of moves give each area in the next years.

    Parameters
    ----------
    persons
        float64, shape (areas, 2, 101).

    Returns
    -------
    float64, shape (areas,)
        0 where nobody lives.
    """
    average = variants_by_id(catalogue.forecast_variants)["trend"]
    moves = migration_of(rates, average, np.zeros(1), persons.sum(axis=0))
    later = run_cohorts(persons, rates, moves, first_year=0, years=[_LOOK_AHEAD])[_LOOK_AHEAD]
    now, then = persons.sum(axis=(1, 2)), later.sum(axis=(1, 2))
    ratio = np.divide(then, now, out=np.ones_like(now), where=(now > 0) & (then > 0))
    return np.log(ratio) / _LOOK_AHEAD


def shrink(values: pd.Series, persons: pd.Series, district: pd.Index, weight: float) -> pd.Series:
    """Empirical Bayes: ``(n r_i + k r_0) / (n + k)``; r_0 is the mean of the district, weighted by persons."""
    common = (values * persons).groupby(district).transform("sum") / persons.groupby(district).transform("sum")
    return (persons * values + weight * common) / (persons + weight)


def hamilton_perry_path(
    region: Region,
    stock: Stock,
    rates: Rates,
    catalogue: Catalogue,
    *,
    own: Mapping[int, FloatArray],
    problems: Problems,
) -> dict[int, tuple[FloatArray, NDArray[np.bool_]]]:
    """The trend by the method of Hamilton and Perry, where two stocks with ages lie five or ten years apart.

    Between the steps the line is straight; within a five-year group the single ages are those of `own`.

    Parameters
    ----------
    own
        Cohort forecast: year -> float64, shape (places, 2, 101).
    problems
        Takes up stocks whose distance does not fit (warning).

    Returns
    -------
    dict
        Year -> persons (places without ratios as in `own`) and which places have ratios; empty without such stocks.
    """
    counts = _counts(region.population_stocks, catalogue)
    found = _pair(counts, problems)
    if found is None:
        return {}
    first, second, steps = found
    counts = {year: without_places(counts[year]) for year in (first, second)}
    keys = sorted(set(counts[first]) & set(counts[second]))
    districts = sorted({ags[:5] for ags, _ in keys})
    ratios = cohort_ratios(
        np.stack([counts[first][k] for k in keys]),
        np.stack([counts[second][k] for k in keys]),
        np.array([districts.index(ags[:5]) for ags, _ in keys]),
        steps=steps,
        survivors=_survivors(rates, steps, stock.persons.sum(axis=0)),
        shrink_persons=catalogue.value("forecast.shrink_persons"),
        lowest=catalogue.value("forecast.ccr_min"),
        highest=catalogue.value("forecast.ccr_max"),
    )
    row = {key: k for k, key in enumerate(keys)}
    area = np.array(
        [row.get((a, p), row.get((a, ""), -1)) for a, p in zip(stock.ags, stock.place_id, strict=True)], dtype=np.int64
    )
    used = area >= 0
    of_places = type(ratios)(ratios.ccr[area[used]], ratios.child_woman[area[used]], steps)
    span = 5 * steps
    states = [sum_ages(stock.persons[used], GROUPS)]
    last = max(own)
    while stock.year + span * (len(states) - 1) < last:
        states.append(project(states[-1], of_places))
    out: dict[int, tuple[FloatArray, NDArray[np.bool_]]] = {}
    for year, persons in own.items():
        before, rest = divmod(year - stock.year, span)
        share = rest / span
        groups = states[before] if rest == 0 else (1 - share) * states[before] + share * states[before + 1]
        path = persons.copy()
        path[used] = _within_groups(persons[used], groups)
        out[year] = (path, used)
    return out


def without_places(counts: Mapping[tuple[str, str], FloatArray]) -> dict[tuple[str, str], FloatArray]:
    """Municipalities less their places, where both are told: nobody counts twice, and the rest keeps a ratio of its own.

    Parameters
    ----------
    counts
        (ags, place_id) -> persons; an empty place_id is the municipality. One that has no rest is left out.
    """
    out = {key: persons for key, persons in counts.items() if key[1]}
    inside: dict[str, FloatArray] = {}
    for (ags, _), persons in out.items():
        inside[ags] = inside[ags] + persons if ags in inside else persons
    for (ags, place_id), persons in counts.items():
        if place_id:
            continue
        rest = np.clip(persons - inside[ags], 0.0, None) if ags in inside else persons
        # Less than a person in a hundred thousand is what adding up leaves.
        if rest.sum() > 1e-5 * persons.sum():
            out[ags, place_id] = rest
    return out


def _within_groups(persons: FloatArray, groups: FloatArray) -> FloatArray:
    """Single ages scaled so that they sum to five-year groups; a group without anyone is spread evenly."""
    out = persons.copy()
    for k, (first, last) in enumerate(GROUPS):
        ages = slice(first, min(last, persons.shape[2] - 1) + 1)
        part = persons[:, :, ages]
        total = part.sum(axis=2, keepdims=True)
        share = np.divide(part, total, out=np.full_like(part, 1.0 / part.shape[2]), where=total > 0)
        out[:, :, ages] = share * groups[:, :, k, None]
    return out


def _survivors(rates: Rates, steps: int, structure: FloatArray) -> FloatArray:
    """Share of each cohort that survives, by the group at the end; the youngest groups are 1."""
    alive = survival(rates.deaths, 5 * steps)
    start = sum_ages(structure, GROUPS)
    living = sum_ages(structure * alive, GROUPS)
    share = np.divide(living, start, out=np.ones_like(living), where=start > 0)
    out = np.ones_like(share)
    last = len(GROUPS) - 1
    out[:, steps:last] = share[:, : last - steps]
    tail, alive_tail = start[:, last - steps :].sum(axis=1), living[:, last - steps :].sum(axis=1)
    out[:, last] = np.divide(alive_tail, tail, out=np.ones(2), where=tail > 0)
    return out


def _totals(stocks: pd.DataFrame) -> pd.DataFrame:
    """Municipalities with totals of two years or more: first, last, years between them."""
    whole = stocks[(stocks["place_id"] == "") & (stocks["ags"].str.len() == 8)]
    sums = whole.groupby(["ags", "year"])["persons"].sum()
    sums = sums[sums > 0].reset_index().sort_values(["ags", "year"], kind="stable")
    ends = sums.groupby("ags").agg(
        first=("persons", "first"), last=("persons", "last"), start=("year", "first"), end=("year", "last")
    )
    ends["years"] = ends["end"] - ends["start"]
    return ends[ends["years"] > 0]


def _counts(stocks: pd.DataFrame, catalogue: Catalogue) -> dict[int, dict[tuple[str, str], FloatArray]]:
    """Year -> (ags, place_id) -> persons by sex and five-year group; only stocks whose ages nest in the groups."""
    out: dict[int, dict[tuple[str, str], FloatArray]] = {}
    women = catalogue.value("share_women.18_64")
    starts = np.array([a for a, _ in GROUPS])
    for (ags, place_id, year), rows in stocks.groupby(["ags", "place_id", "year"], sort=True):
        group = np.searchsorted(starts, rows["age_from"].to_numpy(), side="right") - 1
        last = np.array([b for _, b in GROUPS])[group]
        nested = np.minimum(rows["age_to"].to_numpy(), _OPEN) <= last
        if not nested.all() or len(set(group)) < len(GROUPS) or len(str(ags)) != 8:
            continue
        table = np.zeros((2, len(GROUPS)))
        for sex, k, persons in zip(rows["sex"], group, rows["persons"], strict=True):
            for row, share in {"f": ((WOMEN, 1.0),), "m": ((MEN, 1.0),)}.get(sex, ((WOMEN, women), (MEN, 1.0 - women))):
                table[row, k] += share * persons
        out.setdefault(int(year), {})[str(ags), str(place_id)] = table
    return out


def _pair(
    counts: Mapping[int, Mapping[tuple[str, str], FloatArray]], problems: Problems
) -> tuple[int, int, int] | None:
    """The latest year with ages, one that lies ten or five years earlier, and the five-year steps between them."""
    years = sorted(counts)
    if len(years) < 2:
        return None
    second = years[-1]
    for steps in _STEPS:
        if second - 5 * steps in counts and set(counts[second - 5 * steps]) & set(counts[second]):
            return second - 5 * steps, second, steps
    problems.add(
        "forecast_stocks_step",
        "warning",
        "region.toml",
        first=years[-2],
        second=second,
        years=second - years[-2],
    )
    return None
