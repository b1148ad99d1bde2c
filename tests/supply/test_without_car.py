"""Persons without a car per cell: type of settlement and age decide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.supply.without_car import persons_without_car, settlement_of_cells
from worlds import tiny_region


def test_the_type_of_settlement_follows_municipality_and_place() -> None:
    """A place of 5,000 is a town; all places of a municipality of 100,000 are large city; the rest is village."""
    region = tiny_region.region()
    catalogue = read_catalogue()
    cells = region.cells
    assert set(settlement_of_cells(region, catalogue)) == {"village"}
    first = cells["place_id"].iloc[0]
    grown = cells.assign(persons=np.where(cells["place_id"] == first, 6_000.0, cells["persons"]))
    kinds = settlement_of_cells(replace(region, cells=grown), catalogue)
    assert set(kinds[(cells["place_id"] == first).to_numpy(bool)]) == {"town"}
    huge = cells.assign(persons=np.where(cells["place_id"] == first, 200_000.0, cells["persons"]))
    ags = cells["ags"].iloc[0]
    kinds = settlement_of_cells(replace(region, cells=huge), catalogue)
    assert set(kinds[(cells["ags"] == ags).to_numpy(bool)]) == {"large_city"}


def test_persons_without_a_car_are_the_bands_times_their_share() -> None:
    """By hand: 65_plus in a village = 65-74 x share + 75-84 x share + 85+ x share of the dated rates."""
    region = tiny_region.region()
    catalogue = read_catalogue()
    found = persons_without_car(region, catalogue, groups=("65_plus",))
    share = catalogue.without_car["village", "65_plus"]
    expected = sum(region.cells[band].to_numpy(float) * share[band] for band in ("p_65_74", "p_75_84", "p_85_plus"))
    assert found.columns.tolist() == ["65_plus"]
    assert found["65_plus"].to_numpy() == pytest.approx(expected)
    everybody = region.cells[["p_65_74", "p_75_84", "p_85_plus"]].sum(axis=1)
    assert (found["65_plus"] <= everybody + 1e-9).all()
