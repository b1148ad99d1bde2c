"""When "not in the data" may be read as "not there"."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.region.model import Region
from ankerort.supply.recording import Knowledge, assess_recording
from worlds import tiny_region as world

PERSONS = 390.0  # 340 in the study area and 50 in the buffer


def _knowledge(region: Region) -> Knowledge:
    catalogue = world.catalogue()
    return assess_recording(region, compute_reach(region, world.network(), catalogue, threads=1), catalogue)


def _row(knowledge: Knowledge, service: str) -> pd.Series:
    return knowledge.recording.set_index("service").loc[service]


def test_a_high_rate_makes_absence_known() -> None:
    """Supermarkets (OSM absence means missing, one for 5,000): 1 found, 390 / 5000 expected, rate 1: absent is missing
    wherever the map reaches, and its edge counts."""
    knowledge = _knowledge(world.region())
    row = _row(knowledge, "supermarket")
    assert (row["found"], row["certain"], row["probable"]) == (1, 1, 0)
    assert row["expected"] == pytest.approx(PERSONS / 5000)
    assert (row["rate"], row["absence"], row["reason"]) == (1.0, "missing", "rate_high")
    assert knowledge.absence_known["supermarket"].all()
    assert knowledge.edge_m["supermarket"][0] == pytest.approx(world.MAP_HALF_M)


def test_a_low_rate_keeps_absence_unknown() -> None:
    """No discounter is found where 390 / 6000 are expected: rate 0, unknown."""
    knowledge = _knowledge(world.region())
    assert tuple(_row(knowledge, "discounter")[["absence", "reason"]]) == ("unknown", "rate_low")
    assert not knowledge.absence_known["discounter"].any()
    assert not knowledge.edge_m["discounter"].any()


def test_probable_facilities_alone_prove_no_absence() -> None:
    """The one supermarket is only probable: found 1 of 0.1 expected, but nobody has confirmed it, so absence stays unknown."""
    region = world.region()
    doubted = region.facilities.assign(certainty="probable")
    row = _row(_knowledge(replace(region, facilities=doubted)), "supermarket")
    assert (row["found"], row["certain"], row["rate"]) == (1, 0, 1.0)
    assert (row["absence"], row["reason"]) == ("unknown", "rate_probable")


def test_the_limit_of_the_rate_is_a_dated_record() -> None:
    """400 supermarkets for 400 x 5000 people times 1.25: a rate of exactly 0.8 is enough, a person more is too many."""
    region = world.region()
    people = region.cells["persons"].to_numpy()
    for factor, verdict in ((1.0, "missing"), (1.001, "unknown")):
        cells = region.cells.assign(persons=people * (factor * 5000 / 0.8 / PERSONS))
        assert _row(_knowledge(replace(region, cells=cells)), "supermarket")["absence"] == verdict


def test_where_osm_is_no_proof_absence_stays_unknown() -> None:
    """Pharmacies: found 2 (one probable), rate 1, but their absence in OSM means unknown."""
    knowledge = _knowledge(world.region())
    row = _row(knowledge, "pharmacy")
    assert (row["found"], row["certain"], row["probable"], row["rate"]) == (2, 1, 1, 1.0)
    assert (row["absence"], row["reason"]) == ("unknown", "osm_unknown")
    assert not knowledge.absence_known["pharmacy"].any()


def test_a_complete_list_settles_absence_inside_its_area_only() -> None:
    """A list of butchers, declared complete for x < 8000: Adorf and Bdorf are settled, Cstadt is not; the edge is the list's own (8000
    from a1, 3000 from b1), although the map reaches farther."""
    areas = world.footprints(
        ("osm", "*", False, "given", world.box(-1e5, -1e5, 1e5, 1e5)),
        ("list", "butcher", True, "given", world.box(-9e4, -9e4, 8000, 9e4)),
    )
    knowledge = _knowledge(world.region(areas=areas))
    assert _row(knowledge, "butcher")["absence"] == "unknown"
    assert knowledge.absence_known["butcher"].tolist() == [True] * 4 + [False] * 3
    assert knowledge.edge_m["butcher"][[0, 2]] == pytest.approx([8000.0, 3000.0])


def test_a_complete_list_over_the_study_area_says_missing() -> None:
    """Declared complete for all cells of the study area (the buffer's x1 at 13,000 m is outside)."""
    areas = world.footprints(("list", "butcher", True, "given", world.box(-5000, -5000, 12000, 5000)))
    knowledge = _knowledge(world.region(areas=areas))
    row = _row(knowledge, "butcher")
    assert (row["absence"], row["reason"], row["persons"]) == ("missing", "declared_complete", 340.0)
    assert knowledge.absence_known["butcher"].tolist() == [True] * 6 + [False]


def test_an_absence_is_confirmed_for_a_place_or_a_whole_municipality() -> None:
    """Village shop: confirmed for Bdorf (its two cells). Butcher: for the municipality of Adorf and Bdorf (four cells)."""
    absences = (
        {"service": "village_shop", "place_id": world.B, "ags": "15001000"},
        {"service": "butcher", "place_id": "", "ags": "15001000"},
    )
    knowledge = _knowledge(world.region(absences=absences))
    assert np.flatnonzero(knowledge.absence_known["village_shop"]).tolist() == [2, 3]
    assert np.flatnonzero(knowledge.absence_known["butcher"]).tolist() == [0, 1, 2, 3]
    assert np.flatnonzero(knowledge.edge_m["butcher"]).tolist() == [0, 1, 2, 3]


def test_without_a_source_nothing_is_known() -> None:
    """The only footprint is that of another service, and that of a census does not count."""
    areas = world.footprints(
        ("list", "butcher", False, "given", world.box(-1e5, -1e5, 1e5, 1e5)),
        ("census", "*", True, "given", world.box(-1e5, -1e5, 1e5, 1e5)),
    )
    knowledge = _knowledge(world.region(areas=areas))
    row = _row(knowledge, "supermarket")
    assert (row["absence"], row["reason"], row["found"], row["persons"]) == ("unknown", "no_source", 0, 0.0)
    assert not knowledge.absence_known["supermarket"].any()


def test_without_a_reference_there_is_no_rate() -> None:
    """A user's service without ref_inhabitants: the rate is undefined, and undefined is not high."""
    catalogue = world.catalogue()
    bare = replace(catalogue.services["supermarket"], ref_inhabitants_per_facility=0.0)
    region = world.region()
    reach = compute_reach(region, world.network(), catalogue, threads=1)
    changed = replace(catalogue, services={**catalogue.services, "supermarket": bare})
    row = _row(assess_recording(region, reach, changed), "supermarket")
    assert np.isnan(row["rate"])
    assert (row["absence"], row["reason"]) == ("unknown", "no_reference")


def test_closed_facilities_are_counted_apart() -> None:
    """A closed supermarket is no find, but it is told."""
    region = world.region()
    facilities = region.facilities.assign(
        state=np.where(region.facilities["facility_id"] == "market", "closed", "open")
    )
    row = _row(_knowledge(replace(region, facilities=facilities)), "supermarket")
    assert (row["found"], row["closed"]) == (0, 1)
