"""Demand per cell and capacity in a year, derived by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.base.provenance import DatedValue
from ankerort.catalogue.age_bands import AGE_COLUMNS
from ankerort.catalogue.demand import DemandKind, DemandRate, RateSex
from ankerort.catalogue.groups import band_shares
from ankerort.catalogue.model import Catalogue
from ankerort.region.model import Region
from ankerort.region.schema import CAPACITIES
from ankerort.supply.demand import capacity_of, demand_of
from worlds import tiny_region as world

EVEN = np.ones(101)  # as many people of each age


def _rate(
    first: int, last: int, value: float, *, sex: RateSex = "all", years: tuple[int | None, int | None] = (None, None),
    kind: DemandKind = "quota",
) -> DemandRate:  # fmt: skip
    dated = DatedValue("demand.test", value, "places", "test", "default", "D")
    return DemandRate("police", first, last, sex, *years, kind, dated, "", band_shares(first, last, EVEN))


def _catalogue(*rates: DemandRate) -> Catalogue:
    return replace(world.catalogue(), demand_rates=rates)


def _cells(**bands: float) -> pd.DataFrame:
    return pd.DataFrame({c: [bands.get(c, 0.0)] for c in AGE_COLUMNS})


def test_a_band_is_divided_by_ages() -> None:
    """120 children of 0 to 5, as many of each age: half are under three. 60 x 0.5 + 60 x 0.9 = 84 places."""
    found = demand_of(_cells(p_0_5=120.0), _catalogue(_rate(0, 2, 0.5), _rate(3, 5, 0.9)), "police")
    assert found.per_cell.tolist() == pytest.approx([84.0])
    assert (found.unit, found.kind, found.known) == ("places", "quota", True)


def test_sexes_have_their_own_rates() -> None:
    """1,000 people of 18 to 64, 49 % women (figure): 490 x 0.2 + 510 x 0.1 = 149; a rate of women alone leaves men without demand."""
    women, men = _rate(18, 64, 0.2, sex="f"), _rate(18, 64, 0.1, sex="m")
    cells = _cells(p_18_64=1000.0)
    assert world.catalogue().value("share_women.18_64") == 0.49
    assert demand_of(cells, _catalogue(women, men), "police").per_cell.tolist() == pytest.approx([149.0])
    assert demand_of(cells, _catalogue(women), "police").per_cell.tolist() == pytest.approx([98.0])


def test_rates_hold_in_their_years() -> None:
    """0.2 up to 2029, 0.3 from 2030; no year asked for = the rate without an end."""
    catalogue = _catalogue(_rate(65, 120, 0.2, years=(None, 2029)), _rate(65, 120, 0.3, years=(2030, None)))
    cells = _cells(p_75_84=100.0)
    found = [demand_of(cells, catalogue, "police", year=y).per_cell[0] for y in (2029, 2030, None)]
    assert found == pytest.approx([20.0, 30.0, 30.0])


def test_no_rate_is_unknown_and_not_zero() -> None:
    """A service without a record, and a year in which some ages have none, have no known demand and say why."""
    cells = _cells(p_75_84=100.0)
    none = demand_of(cells, _catalogue(), "police")
    assert (none.reason, np.isnan(none.per_cell).all()) == ("no_rate", True)
    catalogue = _catalogue(_rate(0, 64, 0.2), _rate(65, 120, 0.2, years=(None, 2029)))
    assert demand_of(cells, catalogue, "police", year=2035).reason == "no_rate_for_year"
    assert demand_of(cells, catalogue, "police", year=2029).known


def test_uniform_demand_of_all_is_the_inhabitants() -> None:
    """One per head: the demand of a cell is its people."""
    cells = world.region().cells
    found = demand_of(cells, world.catalogue(), "supermarket")
    np.testing.assert_allclose(found.per_cell, cells["persons"])
    assert found.unit == "persons"


def _with_capacities(*periods: tuple[str, float, float, float]) -> Region:
    region = world.region()
    facilities = region.facilities.copy()
    facilities.loc[facilities["facility_id"] == "pharmacy", "capacity"] = 3.0
    rows = pd.DataFrame(list(periods), columns=["facility_id", "capacity", "from_year", "to_year"])
    return replace(region, facilities=facilities, capacities=CAPACITIES.conform(rows))


def test_capacity_of_a_year() -> None:
    """Periods win over the table in their years; between them nothing is known; the pharmacy without periods keeps its 3."""
    region = _with_capacities(("maybe", 1.0, np.nan, 2027.0), ("maybe", 2.0, 2030.0, np.nan))
    ids = region.facilities["facility_id"].to_list()
    maybe, other = ids.index("maybe"), ids.index("pharmacy")
    found = {y: capacity_of(region, "pharmacy", year=y)[0] for y in (2026, 2028, 2030)}
    assert [found[y][other] for y in found] == [3.0, 3.0, 3.0]
    assert found[2026][maybe] == 1.0 and np.isnan(found[2028][maybe]) and found[2030][maybe] == 2.0


def test_capacity_of_other_services_and_unknown_ones() -> None:
    """No year: the facilities' table; other services' rows and empty cells are not known, never zero."""
    region = _with_capacities()
    values, known = capacity_of(region, "pharmacy")
    ids = region.facilities["facility_id"].to_list()
    assert known.sum() == 1 and values[ids.index("pharmacy")] == 3.0
    assert np.isnan(np.delete(values, ids.index("pharmacy"))).all()
