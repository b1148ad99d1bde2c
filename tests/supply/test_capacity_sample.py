"""Demand and capacity of all services of the sample region: what must hold whatever the data say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from ankerort.supply.areas import AreaIndex
from ankerort.supply.capacity import area_capacity, assess_capacity
from ankerort.supply.daviplan import daviplan_areas, daviplan_endowment, daviplan_facilities
from ankerort.supply.recording import Knowledge, assess_recording
from ankerort.supply.schema_capacity import AREA_CAPACITY, FACILITY_CAPACITY
from ankerort.supply.schema_daviplan import DAVIPLAN
from ankerort.text import say

if TYPE_CHECKING:
    from conftest import SampleRun


@pytest.fixture(scope="module")
def knowledge(sample_run: SampleRun) -> Knowledge:
    """What the sample's data allow to say about absence."""
    a = sample_run.assessment
    return assess_recording(a.region, a.reach, a.catalogue)


def test_bounds_and_sums_of_all_services(sample_run: SampleRun, knowledge: Knowledge) -> None:
    """0 <= low <= high <= demand; nobody over capacity; what gets a place and what does not is the demand; no figure without a reason."""
    a = sample_run.assessment
    index = AreaIndex(a.region, a.catalogue)
    facilities, areas = [], []
    for service in a.catalogue.facility_services():
        found = assess_capacity(service, a.region, a.reach, a.catalogue, knowledge.edge_m[service])
        sites = found.facilities
        if not found.reason_places:
            assert (found.unserved_low >= -1e-9).all() and (found.unserved_low <= found.unserved_high + 1e-9).all()
            assert (found.unserved_high <= found.demand.per_cell + 1e-9).all()
            if sites["capacity_known"].all():
                placed = sites["assigned_low"].sum() + found.unserved_high.sum()
                if (sites["assigned_low"] == sites["assigned_high"]).all():
                    assert placed == pytest.approx(found.demand.per_cell.sum())
        assert not (sites["utilisation_high"] > 1 + 1e-9).any()
        assert np.isfinite(found.score).any() == (found.reason_score == "")
        facilities.append(sites)
        areas.append(area_capacity(found, a.region, index, a.catalogue))
    table = AREA_CAPACITY.conform(pd.concat(areas, ignore_index=True))
    FACILITY_CAPACITY.conform(pd.concat(facilities, ignore_index=True))
    wanting = table["score_mean"].isna() & (table["demand"] > 0)
    assert (table["reason"][wanting] != "").all()
    places = table[table["level"] == "municipality"].groupby("service")["demand"].sum()
    study = table[table["level"] == "study"].set_index("service")["demand"]
    known = study.dropna().index
    np.testing.assert_allclose(places[known], study[known])


def test_daviplan_of_all_services(sample_run: SampleRun, knowledge: Knowledge) -> None:
    """low <= value <= high where they are told; shares lie in 0 to 1; each missing value has a reason that has a sentence."""
    a = sample_run.assessment
    index = AreaIndex(a.region, a.catalogue)
    parts = []
    for service in a.catalogue.facility_services():
        edge = knowledge.edge_m[service]
        parts.append(daviplan_facilities(service, a.region, a.reach, a.catalogue, mode="car"))
        parts.append(daviplan_areas(service, a.region, a.reach, a.catalogue, index, edge, mode="pt"))
        parts.append(daviplan_endowment(service, a.region, a.reach, a.catalogue, index, edge))
    table = DAVIPLAN.conform(pd.concat(parts, ignore_index=True))
    assert not (table["low"] > table["value"] + 1e-9).any() and not (table["value"] > table["high"] + 1e-9).any()
    assert table.loc[table["indicator"] == "share_within_minutes", "value"].dropna().between(0, 1).all()
    assert (table["value"].isna() == (table["reason"] != "")).all()
    for reason in set(table["reason"]) - {""}:
        assert say(f"capacity_reason.{reason}", "de")
