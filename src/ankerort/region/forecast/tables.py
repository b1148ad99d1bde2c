"""A forecast as tables: one row per place, year, variant, sex and age group; totals and indicators per area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.model import Catalogue
from ankerort.region.forecast.age_groups import FORECAST_AGES, OPEN_AGE, ages_in, sum_ages
from ankerort.region.forecast.indicators import indicators
from ankerort.region.forecast.paths import Paths
from ankerort.region.forecast.ranges import ranges_of
from ankerort.region.model import Region
from ankerort.region.schema import FORECAST, FORECAST_AREAS

FloatArray = NDArray[np.float64]
Ranges = Mapping[tuple[str, int], tuple[FloatArray, FloatArray]]
_SEXES = ("f", "m")
METHODS = ("cohort", "hamilton_perry", "raked")


def place_table(
    paths: Paths, catalogue: Catalogue, *, years: Sequence[int], variants: Sequence[str]
) -> tuple[pd.DataFrame, Ranges]:
    """FORECAST, and the limits of the totals of places, shape (places,), by variant and year (NaN = no range given)."""
    stock = paths.stock
    places, groups = len(stock.place_id), len(FORECAST_AGES)
    small = np.flatnonzero(stock.persons.sum(axis=(1, 2)) < catalogue.value("forecast.band_below_persons"))
    fewest = catalogue.value("forecast.print_from_persons")
    drift, share = catalogue.value("forecast.drift_per_year"), catalogue.value("forecast.band_share")
    ranges: dict[tuple[str, int], tuple[FloatArray, FloatArray]] = {}
    blocks: list[dict[str, NDArray]] = []
    of_place = np.repeat(np.arange(places), 2 * groups)
    of_sex = np.tile(np.repeat(np.arange(2), groups), places)
    of_age = np.tile(np.arange(groups), places * 2)
    for v, variant in enumerate(variants):
        for year in years:
            persons = sum_ages(paths.persons[variant, year], FORECAST_AGES).reshape(places, -1)
            low, high = np.full_like(persons, np.nan), np.full_like(persons, np.nan)
            total_low, total_high = np.full(places, np.nan), np.full(places, np.nan)
            ahead = year - stock.year
            expected = persons[small]
            low[small], high[small] = ranges_of(expected, years_ahead=ahead, drift_per_year=drift, share=share)
            total_low[small], total_high[small] = ranges_of(
                expected.sum(axis=1), years_ahead=ahead, drift_per_year=drift, share=share
            )
            ranges[variant, year] = total_low, total_high
            codes = np.array([METHODS.index(m) for m in paths.method[year]])
            blocks.append(
                {
                    "year": np.full(persons.size, year),
                    "variant": np.full(persons.size, v),
                    "persons": persons.ravel(),
                    "low": low.ravel(),
                    "high": high.ravel(),
                    "extrapolated": _beyond(paths, year)[of_place],
                    "method": codes[of_place],
                }
            )
    columns = {name: np.concatenate([b[name] for b in blocks]) for name in blocks[0]} if blocks else {}
    if not columns:
        return FORECAST.empty(), ranges
    count = len(blocks)
    ages = np.array(FORECAST_AGES)[np.tile(of_age, count)]
    table = pd.DataFrame(
        {
            "place_id": pd.Categorical.from_codes(np.tile(of_place, count), [str(p) for p in stock.place_id]),
            "year": columns["year"],
            "variant": pd.Categorical.from_codes(columns["variant"], list(variants)),
            "sex": pd.Categorical.from_codes(np.tile(of_sex, count), list(_SEXES)),
            "age_from": ages[:, 0],
            "age_to": ages[:, 1],
            "persons": columns["persons"],
            "low": columns["low"],
            "high": columns["high"],
            "extrapolated": columns["extrapolated"].astype(bool),
            "suppressed": columns["persons"] < fewest,
            "method": pd.Categorical.from_codes(columns["method"], list(METHODS)),
        }
    )
    return FORECAST.conform(table), ranges


def area_table(
    paths: Paths,
    ranges: Ranges,
    region: Region,
    catalogue: Catalogue,
    *,
    years: Sequence[int],
    variants: Sequence[str],
) -> pd.DataFrame:
    """FORECAST_AREAS: places, municipalities and districts of the region, and the study area."""
    stock = paths.stock
    known = np.flatnonzero(stock.ags != "")
    study = dict(zip(region.places["place_id"], region.places["in_study"], strict=True))
    levels: list[tuple[str, NDArray[np.object_], NDArray[np.int64]]] = [
        ("place", stock.place_id[known], known),
        ("municipality", stock.ags[known], known),
        ("district", np.array([a[:5] for a in stock.ags[known]], dtype=object), known),
    ]
    inside = np.flatnonzero([bool(study.get(p, False)) for p in stock.place_id])
    levels.append(("study_area", np.full(len(inside), "", dtype=object), inside))
    fewest = catalogue.value("forecast.print_from_persons")
    frames = []
    for level, ids, rows in levels:
        if not len(rows):
            continue
        areas, code = np.unique(ids.astype(str), return_inverse=True)
        for variant in variants:
            for year in years:
                persons = np.zeros((len(areas), *paths.persons[variant, year].shape[1:]))
                np.add.at(persons, code, paths.persons[variant, year][rows])
                total = persons.sum(axis=(1, 2))
                nothing = np.full(len(areas), np.nan)
                # Places come in the order of their ids on both sides.
                limits = [r[rows] for r in ranges[variant, year]] if level == "place" else [nothing, nothing]
                frames.append(
                    pd.DataFrame(
                        {
                            "level": level,
                            "area_id": areas,
                            "year": year,
                            "variant": variant,
                            "persons": total,
                            "low": limits[0],
                            "high": limits[1],
                            "persons_0_17": persons[:, :, ages_in(0, 17)].sum(axis=(1, 2)),
                            "persons_65_plus": persons[:, :, ages_in(65, OPEN_AGE)].sum(axis=(1, 2)),
                            "persons_80_plus": persons[:, :, ages_in(80, OPEN_AGE)].sum(axis=(1, 2)),
                            **indicators(persons),
                            "extrapolated": np.bincount(code, weights=_beyond(paths, year)[rows]) > 0,
                            "suppressed": total < fewest,
                        }
                    )
                )
    return FORECAST_AREAS.conform(pd.concat(frames, ignore_index=True)) if frames else FORECAST_AREAS.empty()


def _beyond(paths: Paths, year: int) -> NDArray[np.bool_]:
    """Places for which the official projection has ended."""
    return (paths.official_last > 0) & (year > paths.official_last)
