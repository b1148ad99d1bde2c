"""The people a forecast starts from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.region.forecast.age_groups import FORECAST_AGES, ages_in, band_of_group
from ankerort.region.forecast.rates import rates_of, survival
from ankerort.region.forecast.stock import base_stock, moved_back, stock_years
from ankerort.region.model import Region
from ankerort.region.settings import InputSettings
from worlds import tiny_region


def _with_inputs(region: Region, *inputs: InputSettings, scaled: bool = False) -> Region:
    rule = "scaled" if scaled else "counted"
    settings = replace(region.settings, inputs=inputs)
    return replace(region, settings=settings, cells=region.cells.assign(persons_rule=rule))


def test_groups_of_the_forecast_fit_five_years_and_bands() -> None:
    """The groups join from 0 to 120, and both five-year groups and the bands of the cells are sums of them."""
    assert [a for a, _ in FORECAST_AGES[1:]] == [b + 1 for _, b in FORECAST_AGES[:-1]]
    assert FORECAST_AGES[0][0] == 0 and FORECAST_AGES[-1] == (90, 120)
    starts = {a for a, _ in FORECAST_AGES}
    assert starts >= set(range(0, 91, 5)) and starts >= {a for _, a, _ in AGE_BANDS}
    for (first, last), band in zip(FORECAST_AGES, band_of_group(), strict=True):
        assert AGE_BANDS[band][1] <= first and last <= AGE_BANDS[band][2]


def test_stock_has_the_bands_of_the_cells() -> None:
    """Split by age and sex, each place still has its people of every band."""
    region, catalogue = tiny_region.region(), tiny_region.catalogue()
    stock = base_stock(region, catalogue, rates_of(catalogue, "ST"), year=2022, ages_year=2022)
    assert stock.place_id.tolist() == ["", "a", "b", "c"]
    for name, first, last in AGE_BANDS:
        expected = region.cells.groupby("place_id")[name].sum().reindex(stock.place_id).to_numpy()
        np.testing.assert_allclose(stock.persons[:, :, ages_in(first, last)].sum(axis=(1, 2)), expected)


def test_cells_without_ages_get_the_structure_of_the_land() -> None:
    """A cell of unknown ages keeps its persons; its bands are those of the Land."""
    region, catalogue = tiny_region.region(), tiny_region.catalogue()
    blank = region.cells.assign(**dict.fromkeys(AGE_COLUMNS, np.nan))
    stock = base_stock(replace(region, cells=blank), catalogue, rates_of(catalogue, "ST"), year=2022, ages_year=2022)
    ages = catalogue.single_year_ages["ST"]
    a = stock.persons[1].sum(axis=0)
    assert a.sum() == pytest.approx(100.0)
    assert a[65:].sum() == pytest.approx(100.0 * ages[65:].sum() / ages.sum())


def test_older_ages_are_moved_on_and_scaled_to_the_persons() -> None:
    """Ages of 2011 with persons of 2022: the totals of places stay, their people are older."""
    region, catalogue = tiny_region.region(), tiny_region.catalogue()
    rates = rates_of(catalogue, "ST")
    then = base_stock(region, catalogue, rates, year=2022, ages_year=2022)
    now = base_stock(region, catalogue, rates, year=2022, ages_year=2011)
    np.testing.assert_allclose(now.persons.sum(axis=(1, 2)), then.persons.sum(axis=(1, 2)))
    # Cstadt has nobody under 18 in the count, so nobody of 18 to 28 eleven years later but by birth
    assert now.persons[3, :, 11:28].sum() < then.persons[3, :, 18:28].sum()
    assert now.persons[3, :, :11].sum() > 0


def test_moving_back_is_undone_by_survival() -> None:
    """Who survived eleven years is again as many as the Land has."""
    catalogue = tiny_region.catalogue()
    rates = rates_of(catalogue, "ST")
    land = catalogue.single_year_ages["ST"]
    back = moved_back(land, rates, years=11)
    alive = survival(rates.deaths, 11).mean(axis=0)
    np.testing.assert_allclose((back * alive)[:89], land[11:100])
    assert (back > 0).all() and (np.diff(back[89:]) < 0).all()
    assert moved_back(land, rates, years=0) is land


def test_years_of_the_stock() -> None:
    """The census date is the year of the ages; scaled cells stand for the year that option, totals or title name."""
    region = tiny_region.region()
    census = InputSettings("census", (Path("z.csv"),), "z", date="2011-05-09", title="auf 2022 skaliert")
    totals = InputSettings("census", (Path("t.csv"),), "t", date="2019-12-31", options={"totals": True})
    assert stock_years(_with_inputs(region, census)) == (2011, 2011)
    assert stock_years(_with_inputs(region, census, scaled=True)) == (2022, 2011)
    option = replace(census, options={"stock_year": 2020})
    assert stock_years(_with_inputs(region, option, scaled=True)) == (2020, 2011)
    scaled = _with_inputs(region, census, totals, scaled=True)
    assert stock_years(replace(scaled, settings=replace(scaled.settings, scale_to_totals=True))) == (2019, 2011)
    official = InputSettings("census", (Path("Zensus2022_Bevoelkerungszahl_100m-Gitter.csv"),), "z")
    assert stock_years(_with_inputs(region, official)) == (2022, 2022)
    undated = _with_inputs(region, InputSettings("census", (Path("einwohner.csv"),), "z"))
    with pytest.raises(InputError) as found:
        stock_years(undated)
    assert [p.code for p in found.value.problems] == ["forecast_stock_year"]
