"""Tests of central places and ways to them, derived by hand in `worlds.tiny_region`.

Cars drive 15 m/s and park 120 s; the place centres lie at 0, 5,000 and 10,000 m, so a1 needs 787 s to Cstadt and b1 454 s to both others.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import UNREACHED, Reach, RoundTripColumns
from ankerort.region.model import Region
from ankerort.region.schema import CENTRAL_PLACES, PLACES
from ankerort.supply.areas import AreaIndex
from ankerort.supply.centre_tests import centre_tests, tier_status
from ankerort.supply.parts import nearest_for_the_old
from ankerort.supply.recording import assess_recording
from ankerort.supply.schema_standards import CENTRE_TEST
from ankerort.supply.standards import standard_statements
from worlds import tiny_region as world

HEAD = "set_id,label_de,label_en,item,mode,kind,value,unit,tolerance_share,source,legal_status,mark\n"
TEST = """own,E,O,centre:GZ,persons_in_place,minimum,150,persons,,x,plan,S
own,,,centre:GZ,persons_in_catchment,minimum,200,persons,,x,plan,S
own,,,centre:GZ,car,minimum,10,min,0.1,x,plan,S
own,,,centre:GZ,pt,minimum,30,min,0.1,x,plan,S
own,,,centre:GZ,density_exception,minimum,70,persons/km2,,x,plan,S
ways,W,W,tier:GZ,car,minimum,5,min,,x,guideline,S
ways,,,tier:GZ,pt,minimum,30,min,,x,guideline,S
ways,,,tier:MZ,car,minimum,5,min,,x,guideline,S
"""


@pytest.fixture
def own(tmp_path: Path) -> Catalogue:
    """Small numbers for a small world: candidates from 30 inhabitants on."""
    (tmp_path / "standard_sets.csv").write_text(HEAD + TEST, encoding="utf-8")
    (tmp_path / "figures.csv").write_text(
        "id,value,agreed_by,agreed_on,reason\nstandard.centre_candidate_persons,30,AG,2026-10-01,Probe\n",
        encoding="utf-8",
    )
    return read_catalogue(tmp_path)


def _designated(region: Region, **tiers: str) -> Region:
    named = pd.DataFrame({"place_id": list(tiers), "tier": list(tiers.values()), "plan": "Plan"})
    return replace(region, central_places=CENTRAL_PLACES.conform(named))


def _trips(**seconds: dict[int, int]) -> RoundTripColumns:
    """Round trips to A, B, C: cell row -> seconds of the longer way."""
    columns = [seconds.get(place, {}) for place in (world.A, world.B, world.C)]
    ptr = np.concatenate([[0], np.cumsum([len(c) for c in columns])])
    way = np.array([s for c in columns for _, s in sorted(c.items())], np.int32)
    homes = np.array([h for c in columns for h in sorted(c)], np.int32)
    return RoundTripColumns(ptr, homes, np.where(way == UNREACHED, 0, 1).astype(np.int16), way, way, way, way)


def _table(region: Region, reach: Reach, catalogue: Catalogue, **more: object) -> pd.DataFrame:
    table = centre_tests(region, reach, catalogue, set_ids=["own"], **more)  # type: ignore[arg-type]
    assert list(table.columns) == CENTRE_TEST.names
    return table.set_index(["place_id", "criterion"])


def test_the_only_centre_has_everybody_for_catchment(region: Region, reach: Reach, own: Catalogue) -> None:
    """Cstadt alone has 150: all seven cells, the buffer's too, are nearest to it (390); 100 of Adorf need over 10 minutes."""
    table = _table(region, reach, own)
    catchment, car = table.loc[world.C, "persons_in_catchment"], table.loc[world.C, "car"]
    assert (catchment["value_low"], catchment["value_high"], catchment["fulfilled"]) == (390, 390, "yes")
    assert car["value_low"] == car["value_high"] == pytest.approx(290 / 390)
    assert (car["persons_beyond_low"], car["persons_beyond_high"], car["fulfilled"]) == (100, 100, "no")
    assert car["missing_low"] == pytest.approx(0.9 - 290 / 390)
    assert (table.loc[world.C, "pt"]["fulfilled"], table.loc[world.C, "all"]["fulfilled"]) == ("unknown", "no")


def test_another_place_is_tested_as_if_it_became_a_centre(region: Region, reach: Reach, own: Catalogue) -> None:
    """Adorf takes its own 100 (Bdorf has equal ways to both and stays with the existing centre); Bdorf would take Adorf too: 140."""
    table = _table(region, reach, own)
    assert table.loc[world.A, "persons_in_catchment"]["value_high"] == 100
    assert table.loc[world.B, "persons_in_catchment"]["value_high"] == 140
    missing = table.loc[world.A, "persons_in_place"]
    assert (missing["value_low"], missing["missing_low"], missing["fulfilled"]) == (100, 50, "no")


def test_designated_places_share_the_catchments(region: Region, reach: Reach, own: Catalogue) -> None:
    """With Adorf designated: of equal ways the first place gets the cell, so Adorf 140, Cstadt 250, and Bdorf only its own 40."""
    table = _table(_designated(region, **{world.A: "GZ"}), reach, own)
    high = table.xs("persons_in_catchment", level="criterion")["value_high"]
    assert high.to_dict() == {world.A: 140, world.B: 40, world.C: 250}
    assert table.loc[(world.A, "car"), "designated"] == "GZ" and table.loc[(world.C, "car"), "designated"] == ""


def test_a_place_with_functions_of_a_centre_is_none(region: Region, reach: Reach, own: Catalogue) -> None:
    """GZ_part is a candidate but takes no catchment from others."""
    table = _table(_designated(region, **{world.A: "GZ_part"}), reach, own)
    assert table.loc[world.C, "persons_in_catchment"]["value_high"] == 390


def test_a_centre_outside_the_study_area_leaves_bounds(region: Region, reach: Reach, own: Catalogue) -> None:
    """A town of 500 at 13,000 m has no column: a1, a2 and x1 may be nearer to it, 240 are Cstadt's for certain.

    At a straight 80 km/h beside the parking a1's 787 s reach 14,822 m, b1's 454 s 7,422 m of 8,000. By car 240 are within for certain and
    100 may be beyond: between 240 / 340 and 1.
    """
    town = {"place_id": "t", "print_name": "Tstadt", "in_study": False, "persons": 500.0}
    added = pd.DataFrame({**town, **world.positions([13_000.0], [0.0])})
    wider = replace(region, places=PLACES.conform(pd.concat([region.places, added], ignore_index=True)))
    table = _table(wider, reach, own)
    catchment, car = table.loc[world.C, "persons_in_catchment"], table.loc[world.C, "car"]
    assert (catchment["value_low"], catchment["value_high"]) == (240, 390)
    assert (car["value_low"], car["value_high"]) == (pytest.approx(240 / 340), 1)
    assert (car["persons_beyond_low"], car["persons_beyond_high"], car["fulfilled"]) == (0, 100, "unknown")
    assert "t" not in table.index.get_level_values("place_id")


def test_beyond_the_edge_of_the_data_nothing_is_sure(reach: Reach, own: Catalogue) -> None:
    """Without a buffer only c1 at the centre itself (100) is Cstadt's for certain."""
    table = _table(world.region(buffer_km=0.0), reach, own)
    catchment = table.loc[world.C, "persons_in_catchment"]
    assert (catchment["value_low"], catchment["value_high"], catchment["fulfilled"]) == (100, 390, "unknown")


def test_public_transport_counts_both_ways_and_the_unknown(region: Region, reach: Reach, own: Catalogue) -> None:
    """b1 (30) and c1 (100) get to Cstadt and back within 30 minutes, c2 takes 31; of x1 (50) nothing is known."""
    known = np.array([True] * 6 + [False])
    table = _table(region, reach, own, trips=_trips(c={2: 1800, 4: 600, 5: 1860, 0: UNREACHED}), pt_known=known)
    pt = table.loc[world.C, "pt"]
    assert (pt["value_low"], pt["value_high"]) == (pytest.approx(130 / 390), pytest.approx(180 / 390))
    assert (pt["persons_beyond_low"], pt["persons_beyond_high"], pt["fulfilled"]) == (210, 260, "no")


def test_sparse_municipalities_may_be_excepted(region: Region, reach: Reach, own: Catalogue) -> None:
    """140 people on 10 km2 are 14 per km2, below 70; Cstadt's 200 on 1 km2 are not. Without boundaries nothing is excepted."""
    towns = region.municipalities.assign(persons=[140.0, 200.0])
    shapes = gpd.GeoDataFrame(
        {"ags": ["15001000", "15002000"]},
        geometry=[world.box(0, 0, 5000, 2000), world.box(9500, 0, 10500, 1000)],
        crs=world.CRS,
    )
    table = _table(replace(region, municipalities=towns, boundaries=shapes), reach, own)
    excepted = table.xs("all", level="criterion")["exception"]
    assert excepted.to_dict() == {world.A: True, world.B: True, world.C: False}
    assert not _table(region, reach, own)["exception"].any()


def test_what_is_no_place_is_not_tested(region: Region, reach: Reach, own: Catalogue) -> None:
    """The rest of a municipality outside its places is no candidate; a whole municipality is an upper bound for its largest place."""
    places = region.places.assign(kind=["outlying", "village", "whole_municipality"])
    table = _table(replace(region, places=places), reach, own)
    assert world.A not in table.index.get_level_values("place_id")
    inside = table.loc[world.C, "persons_in_place"]
    assert (inside["value_low"], inside["value_high"], inside["fulfilled"]) == (0, 200, "unknown")


def test_quarters_of_a_large_city_are_no_candidates(region: Region, reach: Reach, own: Catalogue) -> None:
    """With 100,000 people in c1 Cstadt is a quarter of a large city: not tested unless a plan names it, but still the centre of its people."""
    people = region.cells["persons"].to_numpy(float).copy()
    people[4] = 100_000.0
    city = replace(region, cells=region.cells.assign(persons=people))
    plain = _table(city, reach, own)
    assert set(plain.index.get_level_values("place_id")) == {world.A, world.B}
    assert set(_table(_designated(city, c="GZ"), reach, own).index.get_level_values("place_id")) >= {world.C}
    before = _table(region, reach, own)
    at = (world.A, "persons_in_catchment")
    assert plain.loc[at, "value_high"] == before.loc[at, "value_high"]


def test_the_way_to_the_nearest_centre(region: Region, reach: Reach, own: Catalogue) -> None:
    """Tier GZ is Adorf or the higher Cstadt: Bdorf (40) needs 454 and 456 s of 300. Tier MZ is Cstadt alone: Adorf is beyond too."""
    named = _designated(region, **{world.A: "GZ", world.C: "MZ"})
    tiers = tier_status("ways", named, reach, own)
    knowledge = assess_recording(named, reach, own)
    table = standard_statements(
        "ways", named, reach, own, knowledge, AreaIndex(named, own), nearest_for_the_old(named, reach), tiers=tiers
    )
    study = table[(table["level"] == "study") & (table["group"] == "all")].set_index(["item", "mode"])
    near, high = study.loc[("tier:GZ", "car")], study.loc[("tier:MZ", "car")]
    assert (near["within_low"], near["short_low"], near["fulfilled"]) == (300, 40, "yes")
    assert near["mean_shortfall_min"] == pytest.approx((30 * 154 + 10 * 156) / 40 / 60)
    assert (high["within_low"], high["short_low"], high["fulfilled"]) == (200, 140, "no")
    # no timetable: nobody is known to be within or beyond
    assert study.loc[("tier:GZ", "pt")]["short_high"] == 340 and study.loc[("tier:GZ", "pt")]["short_low"] == 0


def test_without_a_list_of_central_places_there_is_no_way_to_one(region: Region, reach: Reach, own: Catalogue) -> None:
    """No list, no statement, rather than everybody beyond."""
    assert tier_status("ways", region, reach, own) == {}
