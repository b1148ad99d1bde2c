"""The forecast of a region: official totals, trend, variants, years, and the region of another year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.base.problems import InputError
from ankerort.catalogue.age_bands import AGE_BANDS, AGE_COLUMNS
from ankerort.region.forecast import Forecast, forecast_population, region_in_year
from ankerort.region.forecast.hamilton_perry import GROUPS
from ankerort.region.model import Region
from ankerort.region.schema import POPULATION_STOCKS, PROJECTIONS
from worlds import tiny_region

# ages by which the made-up projections are told
BANDS = ((0, 17), (18, 64), (65, 120))


def _projection(*rows: tuple[str, int, str, int, int, float]) -> pd.DataFrame:
    names = ["ags", "year", "sex", "age_from", "age_to", "persons"]
    return PROJECTIONS.conform(pd.DataFrame(list(rows), columns=names))


def _district(ags: str, year: int, persons: tuple[float, float, float]) -> list[tuple[str, int, str, int, int, float]]:
    return [
        (ags, year, sex, first, last, persons[k] * share)
        for sex, share in (("f", 0.55), ("m", 0.45))
        for k, (first, last) in enumerate(BANDS)
    ]


def _official() -> pd.DataFrame:
    """District 15001 (Adorf and Bdorf, 140 people) in 2025, 2030 and 2040; nothing of Cstadt."""
    return _projection(
        *_district("15001", 2025, (4.0, 100.0, 30.0)),
        *_district("15001", 2030, (6.0, 90.0, 34.0)),
        *_district("15001", 2040, (8.0, 70.0, 38.0)),
    )


def _stocks(rows: list[tuple[str, str, int, str, int, int, float]]) -> pd.DataFrame:
    names = ["ags", "place_id", "year", "sex", "age_from", "age_to", "persons"]
    return POPULATION_STOCKS.conform(pd.DataFrame(rows, columns=names))


def _forecast(region: Region, **options: object) -> Forecast:
    return forecast_population(region, tiny_region.catalogue(), base_year=2022, **options)  # type: ignore[arg-type]


def _sum(forecast: Forecast, year: int, *, variant: str = "trend", **where: object) -> float:
    rows = forecast.table[(forecast.table["year"] == year) & (forecast.table["variant"] == variant)]
    for column, value in where.items():
        rows = rows[rows[column].isin(value if isinstance(value, tuple) else (value,))]
    return float(rows["persons"].sum())


def test_official_totals_are_met_by_age_and_sex() -> None:
    """In every year of the projection, places of the district sum to it within a millionth; the others go their own way."""
    region = replace(tiny_region.region(), projections=_official())
    forecast = _forecast(region)
    plain = _forecast(tiny_region.region())
    for row in _official().itertuples():
        ages = tuple(range(row.age_from, row.age_to + 1))
        years = [y for y in forecast.years if y == row.year]
        for year in years:
            found = _sum(forecast, year, place_id=("a", "b"), sex=row.sex, age_from=ages)
            assert found == pytest.approx(row.persons, abs=1e-6)
    assert _sum(forecast, 2040, place_id="c") == pytest.approx(_sum(plain, 2040, place_id="c"))
    methods = forecast.table[forecast.table["year"] == 2030].groupby("place_id", observed=True)["method"].first()
    assert methods[["a", "b", "c"]].tolist() == ["raked", "raked", "cohort"]


def test_between_official_years_the_line_is_straight_and_beyond_it_is_ours() -> None:
    """2035 is the mean of 2030 and 2040; 2045 is marked as our own extrapolation and follows 2040 without a jump."""
    forecast = _forecast(replace(tiny_region.region(), projections=_official()))
    of = [_sum(forecast, y, place_id=("a", "b")) for y in (2030, 2035, 2040, 2045)]
    assert of[1] == pytest.approx((of[0] + of[2]) / 2)
    assert of[2] == pytest.approx(116.0) and 80 < of[3] < 116
    assert forecast.official_year == 2040
    official = forecast.table[forecast.table["place_id"].isin(["a", "b"])]
    marked = official.groupby("year")["extrapolated"].all()
    assert marked[marked].index.tolist() == [2045]
    assert not forecast.table.loc[forecast.table["place_id"] == "c", "extrapolated"].any()
    assert forecast.areas.loc[forecast.areas["extrapolated"], "year"].unique().tolist() == [2045]


def test_other_variants_keep_their_ratio_to_the_trend() -> None:
    """Where the projection halves a number, it halves it in each variant."""
    plain = _forecast(tiny_region.region())
    raked = _forecast(replace(tiny_region.region(), projections=_official()))
    for variant in ("natural", "family_influx"):
        keys = ["place_id", "year", "sex", "age_from"]
        frames = [
            f.table[(f.table["variant"] == v) & (f.table["year"] == 2030)].set_index(keys)["persons"]
            for f in (plain, raked)
            for v in (variant, "trend")
        ]
        known = (frames[1] > 1e-6).to_numpy()
        # groups of several single ages are raked age by age with one factor, so their ratio holds too
        ratio = (frames[0] / frames[1])[known]
        np.testing.assert_allclose((frames[2] / frames[3])[known], ratio, rtol=0.02)
    order = [_sum(raked, 2040, variant=v) for v in ("closure", "trend", "return", "family_influx")]
    assert order == sorted(order)


def test_an_area_cut_by_the_edge_gives_only_its_growth() -> None:
    """A district of 10,000 of whom 140 live here: a tenth less of everyone is a tenth less here, and it is told."""
    rows = [("15001", y, s, a, b, p) for y, s, a, b, p in _ten_percent_less()]
    forecast = _forecast(replace(tiny_region.region(), projections=_projection(*rows)), years=[2030])
    plain = _forecast(tiny_region.region(), years=[2025])
    assert _sum(forecast, 2030, place_id=("a", "b")) == pytest.approx(
        0.9 * _sum(plain, 2025, place_id=("a", "b")), rel=1e-6
    )
    assert [(p.code, p.params["ags"]) for p in forecast.problems] == [("forecast_area_partial", "15001")]


def _ten_percent_less() -> list[tuple[int, str, int, int, float]]:
    return [(y, s, 0, 120, n) for y, n in ((2025, 5000.0), (2030, 4500.0)) for s in ("f", "m")]


def test_an_area_whose_projection_ends_earlier_goes_on_without_a_jump() -> None:
    """15002 ends in 2030: in 2040 its cohorts go on from there, marked as our own; 15001 is official to 2040."""
    rows = [*_district("15002", 2025, (4.0, 120.0, 50.0)), *_district("15002", 2030, (10.0, 100.0, 30.0))]
    both = pd.concat([_official(), _projection(*rows)], ignore_index=True)
    forecast = _forecast(replace(tiny_region.region(), projections=both), variants=["trend"])
    only = _forecast(replace(tiny_region.region(), projections=_projection(*rows)), variants=["trend"])
    of = [_sum(forecast, y, place_id="c") for y in (2030, 2040)]
    assert of[0] == pytest.approx(140.0) and of[1] == pytest.approx(_sum(only, 2040, place_id="c"))
    marks = forecast.table.groupby(["place_id", "year"], observed=True)["extrapolated"].first()
    assert [bool(marks["c", y]) for y in (2030, 2040)] == [False, True] and not marks["a", 2040]
    areas = forecast.areas.set_index(["level", "area_id", "year"])["extrapolated"]
    assert areas["study_area", "", 2040] and not areas["district", "15001", 2040]


def test_a_projection_of_other_years_is_told() -> None:
    """A projection that ended before the stock is of no use; a warning says so."""
    old = _projection(*_district("15001", 2015, (4.0, 100.0, 30.0)))
    forecast = _forecast(replace(tiny_region.region(), projections=old), years=[2030])
    assert [p.code for p in forecast.problems] == ["forecast_projection_years"]
    assert not forecast.table["extrapolated"].any()


def test_what_nobody_can_match_is_told() -> None:
    """Cstadt has nobody of 100 and older in 2022: a target for them is named with what is there."""
    region = tiny_region.region()
    cells = region.cells.assign(p_75_84=0.0, p_85_plus=0.0, persons=region.cells["p_18_64"])
    rows = [("15002", 2022, "all", 0, 84, 160.0), ("15002", 2022, "all", 85, 120, 7.0)]
    forecast = _forecast(replace(region, cells=cells, projections=_projection(*rows)), years=[2022])
    told = [p for p in forecast.problems if p.code == "forecast_unmatched"]
    assert [(p.params["first"], p.params["total"], p.params["sum"]) for p in told] == [(85, 7, 0)]


def test_totals_of_two_years_set_the_level_of_moves() -> None:
    """A municipality that grew between two counts is forecast larger than without them, one that shrank smaller."""
    plain = _forecast(tiny_region.region(), years=[2030], variants=["trend"])
    rows = [
        (ags, "", year, "all", 0, 120, persons)
        for ags, counts in (("15001000", (100.0, 140.0)), ("15002000", (300.0, 200.0)))
        for year, persons in zip((2011, 2022), counts, strict=True)
    ]
    told = _forecast(replace(tiny_region.region(), population_stocks=_stocks(rows)), years=[2030], variants=["trend"])
    assert _sum(told, 2030, place_id=("a", "b")) > _sum(plain, 2030, place_id=("a", "b"))
    assert _sum(told, 2030, place_id="c") < _sum(plain, 2030, place_id="c")


def test_two_stocks_with_ages_give_the_method_of_hamilton_and_perry() -> None:
    """Equal counts five years apart: ratios near one within the limits, and the places are marked."""
    rows = [
        ("15002000", "", year, sex, first, last, 40.0)
        for year in (2017, 2022)
        for sex in ("f", "m")
        for first, last in GROUPS
    ]
    region = replace(tiny_region.region(), population_stocks=_stocks(rows))
    forecast = _forecast(region, years=[2027], variants=["trend"])
    methods = forecast.table.groupby("place_id", observed=True)["method"].first()
    assert methods[["a", "c"]].tolist() == ["cohort", "hamilton_perry"]
    # 40 of 40 of each cohort: the women of 18 to 64 of today are all there five years older
    now = _sum(_forecast(region, years=[2022]), 2022, place_id="c", age_from=(30, 35))
    later = _sum(forecast, 2027, place_id="c", age_from=(35, 40))
    assert later == pytest.approx(now, rel=0.01)
    off = _stocks([(*r[:2], 2015 if r[2] == 2017 else r[2], *r[3:]) for r in rows])
    warned = _forecast(replace(region, population_stocks=off), years=[2027])
    assert "forecast_stocks_step" in [p.code for p in warned.problems]


def test_small_places_have_ranges_and_few_people_are_flagged() -> None:
    """All three places have fewer than 500 people: limits are given, the same each time; under 10 is not printed."""
    forecast = _forecast(tiny_region.region(), years=[2022, 2040], variants=["trend"])
    again = _forecast(tiny_region.region(), years=[2022, 2040], variants=["trend"])
    pd.testing.assert_frame_equal(forecast.table, again.table)
    pd.testing.assert_frame_equal(forecast.areas, again.areas)
    assert forecast.table["low"].notna().all()
    assert (forecast.table["suppressed"] == (forecast.table["persons"] < 10)).all()
    places = forecast.areas[forecast.areas["level"] == "place"]
    assert (places["low"] <= places["persons"]).all() and (places["persons"] <= places["high"]).all()
    large = tiny_region.region()
    large = replace(large, cells=large.cells.assign(**{c: 10 * large.cells[c] for c in ("persons", *AGE_COLUMNS)}))
    table = _forecast(large, years=[2040], variants=["trend"]).table
    given = table.groupby("place_id", observed=True)["low"].count()
    assert given["b"] > 0 and given["a"] == given["c"] == 0


def test_areas_are_sums_of_places() -> None:
    """Municipality, district and study area sum up the table; a place's row equals its groups."""
    forecast = _forecast(tiny_region.region(), years=[2030], variants=["trend"])
    persons = forecast.areas.set_index(["level", "area_id"])["persons"]
    assert persons["municipality", "15001000"] == pytest.approx(_sum(forecast, 2030, place_id=("a", "b")))
    assert persons["district", "15002"] == pytest.approx(_sum(forecast, 2030, place_id="c"))
    assert persons["study_area", ""] == pytest.approx(_sum(forecast, 2030, place_id=("a", "b", "c")))
    assert persons["place", "a"] == pytest.approx(_sum(forecast, 2030, place_id="a"))


def test_years_and_variants_that_do_not_exist_are_named_together() -> None:
    """A year before the stock, one after 2045 and an unknown variant: all at once."""
    with pytest.raises(InputError) as found:
        _forecast(tiny_region.region(), years=[2010, 2046], variants=["boom"])
    assert [(p.code, p.params.get("year", p.params.get("variant"))) for p in found.value.problems] == [
        ("forecast_year_outside", 2010),
        ("forecast_year_outside", 2046),
        ("forecast_variant_unknown", "boom"),
    ]
    forecast = _forecast(tiny_region.region(), years=[2022, 2030], variants=["trend"])
    for year, variant in ((2031, "trend"), (2025, "natural")):
        with pytest.raises(InputError):
            region_in_year(tiny_region.region(), forecast, year, variant)


@pytest.mark.parametrize("year", [2022, 2033, 2045])
@pytest.mark.parametrize("variant", ["trend", "natural", "family_influx"])
def test_the_region_of_a_year_sums_to_the_forecast(year: int, variant: str) -> None:
    """Every band of every place, also where nobody was before; cells nowhere negative; places and municipalities agree."""
    region = tiny_region.region()
    forecast = _forecast(region)
    new = region_in_year(region, forecast, year, variant)
    near = [y for y in forecast.years if abs(y - year) <= 5 and (y == year or year not in forecast.years)]
    low, high = max(y for y in near if y <= year), min(y for y in near if y >= year)
    share = 0.0 if low == high else (year - low) / (high - low)
    for place in ("", "a", "b", "c"):
        cells = new.cells[new.cells["place_id"] == place]
        for name, first, last in AGE_BANDS:
            ages = tuple(range(first, last + 1))
            of = [_sum(forecast, y, variant=variant, place_id=place, age_from=ages) for y in (low, high)]
            assert cells[name].sum() == pytest.approx((1 - share) * of[0] + share * of[1], abs=1e-9)
    assert (new.cells[list(AGE_COLUMNS)].to_numpy() >= 0).all()
    np.testing.assert_allclose(new.cells[list(AGE_COLUMNS)].sum(axis=1), new.cells["persons"])
    by_place = new.cells.groupby("place_id")["persons"].sum()
    np.testing.assert_allclose(new.places["persons"], by_place[new.places["place_id"]])
    old = new.cells.groupby("place_id")[["p_65_74", "p_75_84", "p_85_plus"]].sum().sum(axis=1)
    np.testing.assert_allclose(new.places["persons_65_plus"], old[new.places["place_id"]])
    assert new.municipalities["persons"].sum() == pytest.approx(new.places["persons"].sum())
    assert set(new.cells["persons_rule"]) == {"forecast"}


def test_the_region_of_the_stock_year_is_the_region() -> None:
    """Nothing changes in the year of the count, cell by cell; unknown ages get known ones."""
    region = tiny_region.region()
    new = region_in_year(region, _forecast(region), 2022, "trend")
    for name in ("persons", "p_18_64"):
        np.testing.assert_allclose(new.cells[name], region.cells[name], atol=1e-9)
    blank = region.cells.copy()
    blank.loc[0, list(AGE_COLUMNS)] = np.nan
    part = replace(region, cells=blank)
    filled = region_in_year(part, _forecast(part), 2022, "trend").cells
    assert filled[list(AGE_COLUMNS)].notna().all().all()
    assert filled["persons"].sum() == pytest.approx(region.cells["persons"].sum())
