"""The arrays behind a forecast: cohorts of each variant, the trend fitted to an official projection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.demography import variants_by_id
from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.cohort import run_cohorts
from ankerort.region.forecast.raking import rake_to_targets
from ankerort.region.forecast.rates import Rates, migration_of, rates_of
from ankerort.region.forecast.stock import Stock, base_stock
from ankerort.region.forecast.targets import Area, areas_of, complete_years, target_sets
from ankerort.region.forecast.trend import hamilton_perry_path, migration_levels
from ankerort.region.model import Region

FloatArray = NDArray[np.float64]
TREND = "trend"
_NAMED = 20


@dataclass(frozen=True)
class Paths:
    """Persons of the years asked for.

    Parameters
    ----------
    stock
        Where it starts.
    persons
        (variant, year) -> float64, shape (places, 2, 101).
    method
        (place, year) -> cohort, hamilton_perry or raked, by year.
    official_year
        Last year of the official projection, or None.
    official_last
        int64, shape (places,): last year that it tells for each place, 0 = none.
    """

    stock: Stock
    persons: Mapping[tuple[str, int], FloatArray]
    method: Mapping[int, NDArray[np.object_]]
    official_year: int | None
    official_last: NDArray[np.int64]


def forecast_paths(
    region: Region,
    catalogue: Catalogue,
    *,
    years: Sequence[int],
    variants: Sequence[str],
    year: int,
    ages_year: int,
    problems: Problems,
) -> Paths:
    """The arrays behind `forecast_population`; parameters as there.

    Parameters
    ----------
    year, ages_year
        Years of the stock.
    problems
        Takes up notes and warnings.
    """
    rates = rates_of(catalogue, region.settings.land)
    stock = base_stock(region, catalogue, rates, year=year, ages_year=ages_year)
    structure = stock.persons.sum(axis=0)
    level = migration_levels(region, stock, rates, catalogue)
    records = variants_by_id(catalogue.forecast_variants)
    projection = region.projections
    nodes = sorted(
        int(y) for y in projection["year"].unique() if year <= y <= int(catalogue.value("forecast.last_year"))
    )
    needed = sorted({*years, *nodes, year})
    moves = {v: migration_of(rates, records[v], level, structure) for v in {TREND, *variants}}
    own = {v: run_cohorts(stock.persons, rates, moves[v], first_year=year, years=needed) for v in moves}
    trend = dict(own[TREND])
    method = {y: np.full(len(stock.place_id), "cohort", dtype=object) for y in needed}
    ratios = hamilton_perry_path(region, stock, rates, catalogue, own=own[TREND], problems=problems)
    for y, (path, used) in ratios.items():
        trend[y] = path
        method[y][used] = "hamilton_perry"
    official = nodes[-1] if nodes else None
    official_last = np.zeros(len(stock.place_id), dtype=np.int64)
    if len(projection) and not nodes:
        told = projection["year"]
        problems.add(
            "forecast_projection_years",
            "warning",
            "projection",
            first=int(told.min()),
            last=int(told.max()),
            year=year,
        )
    if nodes:
        trend, official_last = _raked(
            projection, stock, trend, rates, moves[TREND], nodes, needed, catalogue, method, problems
        )
    persons: dict[tuple[str, int], FloatArray] = {}
    for v in variants:
        for y in years:
            base = own[TREND][y]
            if v == TREND:
                persons[v, y] = trend[y]
                continue
            ratio = np.divide(trend[y], base, out=np.ones_like(base), where=base > 0)
            persons[v, y] = own[v][y] * ratio
    return Paths(stock, persons, method, official, official_last)


def _raked(
    projection: pd.DataFrame,
    stock: Stock,
    trend: Mapping[int, FloatArray],
    rates: Rates,
    moves: FloatArray,
    nodes: Sequence[int],
    needed: Sequence[int],
    catalogue: Catalogue,
    method: Mapping[int, NDArray[np.object_]],
    problems: Problems,
) -> tuple[dict[int, FloatArray], NDArray[np.int64]]:
    """The trend fitted to the projection: exactly in its years, straight in between, by cohorts beyond; last year by place."""
    first = nodes[0]
    start = complete_years(projection, nodes)
    areas = areas_of(
        start,
        stock.ags,
        trend[first].sum(axis=(1, 2)),
        cover_share=catalogue.value("forecast.cover_share"),
        problems=problems,
    )
    at_nodes: dict[int, FloatArray] = {}
    last = np.zeros(len(stock.place_id), dtype=np.int64)
    for node in nodes:
        sets, names = target_sets(start, areas, year=node, own=trend, places=len(stock.place_id))
        told = (
            np.any([(s.label >= 0).any(axis=(1, 2)) for s in sets], axis=0) if sets else np.zeros(len(last), dtype=bool)
        )
        ended = (last > 0) & ~told
        seed = trend[node]
        if ended.any():
            before = max(at_nodes)
            moved = run_cohorts(at_nodes[before], rates, moves, first_year=before, years=[node])[node]
            seed = np.where(ended[:, None, None], moved, seed)
        last[told] = node
        raked = rake_to_targets(seed, sets)
        at_nodes[node] = raked.persons
        for k, t, total in raked.unmatched[:_NAMED]:
            key, sex, young, old = names[k][t]
            problems.add(
                "forecast_unmatched",
                "warning",
                "projection",
                ags=key,
                year=node,
                sex=sex,
                first=young,
                last=old,
                total=round(float(sets[k].persons[t])),
                sum=round(total),
            )
    covered = _covered(areas, len(stock.place_id))
    known = dict(at_nodes)
    known.setdefault(stock.year, stock.persons)
    marks = sorted(known)
    out: dict[int, FloatArray] = {}
    beyond = [y for y in needed if y > nodes[-1]]
    later = run_cohorts(at_nodes[nodes[-1]], rates, moves, first_year=nodes[-1], years=beyond) if beyond else {}
    for y in needed:
        if y > nodes[-1]:
            fitted = later[y]
        elif y in known:
            fitted = known[y]
        else:
            before = max(m for m in marks if m < y)
            after = min(m for m in marks if m > y)
            share = (y - before) / (after - before)
            fitted = (1.0 - share) * known[before] + share * known[after]
        # Places that no area of the projection covers keep their own path.
        out[y] = np.where(covered[:, None, None], fitted, trend[y])
        if stock.year < y <= nodes[-1] or y in at_nodes:
            method[y][covered & (y <= last)] = "raked"
    return out, last


def _covered(areas: Sequence[Area], places: int) -> NDArray[np.bool_]:
    covered = np.zeros(places, dtype=bool)
    for area in areas:
        covered[area.places] = True
    return covered
