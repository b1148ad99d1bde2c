"""The region as a forecast sees it in a year: the same cells and places with other people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.region.forecast.age_groups import FORECAST_AGES, band_of_group
from ankerort.region.forecast.forecast import Forecast, check_year
from ankerort.region.model import Region

FloatArray = NDArray[np.float64]
_OLD = [name for name, first, _ in AGE_BANDS if first >= 65]


def region_in_year(region: Region, forecast: Forecast, year: int, variant: str) -> Region:
    """The region with the people of a year and variant.

    Each age band of a cell is multiplied by the growth of that band in its place. Where a place has nobody of a band today,
    its people of that band are spread like all its people; a place without anyone stays empty. The sums over a place are those
    of the forecast.

    Parameters
    ----------
    region
        The region that was forecast.
    forecast
        The forecast; between two of its years the line is straight.
    year, variant
        What is asked for.

    Returns
    -------
    Region
        New cells (persons, bands, ``persons_rule`` and ``ages_rule`` = forecast), places and municipalities.

    Raises
    ------
    InputError
        If the year lies outside the forecast, or it has no such variant.
    """
    check_year(forecast, year, variant)
    place_id, target = _bands(forecast, year, variant)
    cells = region.cells
    row = {p: k for k, p in enumerate(place_id)}
    code = np.array([row.get(p, -1) for p in cells["place_id"]], dtype=np.int64)
    if (code < 0).any():
        raise ValueError("the forecast is of another region")
    bands = cells[list(AGE_COLUMNS)].to_numpy(dtype=np.float64)
    persons = np.nan_to_num(cells["persons"].to_numpy(dtype=np.float64))
    # A cell without known ages is taken to have its share of its place's people in every band.
    unknown = np.isnan(bands).any(axis=1)
    bands = np.where(unknown[:, None], 0.0, bands)
    count = len(place_id)
    total = np.bincount(code, weights=persons, minlength=count)
    share = np.divide(persons, total[code], out=np.zeros_like(persons), where=total[code] > 0)
    new = np.zeros_like(bands)
    blank = np.bincount(code, weights=np.where(unknown, persons, 0.0), minlength=count)
    part = np.divide(blank, total, out=np.zeros(count), where=total > 0)
    for k in range(len(AGE_BANDS)):
        known = np.bincount(code, weights=bands[:, k], minlength=count)
        rest = target[:, k] * (1.0 - part)
        factor = np.divide(rest, known, out=np.zeros(count), where=known > 0)
        nobody = known <= 0
        new[:, k] = bands[:, k] * factor[code]
        new[:, k] += np.where(unknown & ~nobody[code], share * target[code, k], 0.0)
        new[:, k] += np.where(nobody[code], share * target[code, k], 0.0)
    changed = cells.assign(
        **{name: new[:, k] for k, name in enumerate(AGE_COLUMNS)},
        persons=new.sum(axis=1),
        persons_rule="forecast",
        ages_rule="forecast",
    )
    return replace(
        region,
        cells=changed,
        places=_summed(region.places, changed, "place_id", old="persons_65_plus"),
        municipalities=_summed(region.municipalities, changed, "ags"),
    )


def _bands(forecast: Forecast, year: int, variant: str) -> tuple[list[str], FloatArray]:
    """Places, and their people by band; straight between the years of the forecast."""
    years = forecast.years
    if year in years:
        weights = {year: 1.0}
    else:
        before, after = max(y for y in years if y < year), min(y for y in years if y > year)
        share = (year - before) / (after - before)
        weights = {before: 1.0 - share, after: share}
    table = forecast.table[forecast.table["variant"] == variant]
    band = dict(zip((a for a, _ in FORECAST_AGES), band_of_group(), strict=True))
    places = [str(p) for p in table["place_id"].cat.categories]
    out = np.zeros((len(places), len(AGE_BANDS)))
    for y, weight in weights.items():
        rows = table[table["year"] == y]
        np.add.at(
            out,
            (rows["place_id"].cat.codes.to_numpy(), rows["age_from"].map(band).to_numpy()),
            weight * rows["persons"].to_numpy(),
        )
    return places, out


def _summed(table: pd.DataFrame, cells: pd.DataFrame, key: str, *, old: str = "") -> pd.DataFrame:
    sums = cells.assign(_old=cells[_OLD].sum(axis=1)).groupby(key)[["persons", "_old"]].sum()
    out = table.assign(persons=table[key].map(sums["persons"]).fillna(0.0).astype(float))
    return out.assign(**{old: table[key].map(sums["_old"]).fillna(0.0).astype(float)}) if old else out
