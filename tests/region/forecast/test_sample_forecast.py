"""The whole way with real files: the Musterkreis, its projection and its stocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.region.forecast import forecast_population, region_in_year
from ankerort.region.read_region import read_region
from ankerort.sample import write_sample


def test_the_sample_is_forecast_to_its_official_totals(tmp_path: Path) -> None:
    """Read from wide tables with points and totals; every total is met, 2045 is ours, the region of 2035 has the people."""
    write_sample(tmp_path, seed=1)
    region = read_region(tmp_path)
    stock = region.population_stocks[region.population_stocks["year"] == 2022].groupby("ags")["persons"].sum()
    persons = region.municipalities.set_index("ags")["persons"]
    np.testing.assert_allclose(stock, persons[stock.index], rtol=0.002)
    forecast = forecast_population(region, read_catalogue(), variants=["trend", "natural"])
    assert (forecast.base_year, forecast.ages_year, forecast.official_year) == (2022, 2022, 2040)
    assert [p.code for p in forecast.problems] == []
    table = forecast.table[forecast.table["variant"] == "trend"]
    district = dict(zip(region.places["place_id"], region.places["ags"].str[:5], strict=True))
    table = table.assign(district=table["place_id"].astype("str").map(district))
    for key, persons_told in region.projections.set_index(["ags", "year", "sex", "age_from", "age_to"])[
        "persons"
    ].items():
        ags, year, sex, first, last = key  # type: ignore[misc]
        rows = table[(table["district"] == ags) & (table["year"] == year) & (table["sex"] == sex)]
        inside = rows[(rows["age_from"] >= first) & (rows["age_to"] <= last)]
        assert inside["persons"].sum() == pytest.approx(persons_told, abs=1e-6), key
    assert table.groupby("year")["extrapolated"].any().to_dict() == {
        **dict.fromkeys((2022, 2025, 2030, 2035, 2040), False),
        2045: True,
    }
    later = region_in_year(region, forecast, 2035, "trend")
    told = region.projections[region.projections["year"] == 2035].groupby("ags")["persons"].sum()
    found = later.municipalities.groupby("district_ags")["persons"].sum()
    np.testing.assert_allclose(found[told.index], told)
