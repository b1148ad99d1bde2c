"""Statements on standards against numbers derived by hand in `worlds.tiny_region`, and sets side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.areas import AreaIndex
from ankerort.supply.model import Supply
from ankerort.supply.parts import nearest_for_the_old
from ankerort.supply.recording import assess_recording
from ankerort.supply.schema_standards import SET_COMPARISON, STANDARD_STATEMENT
from ankerort.supply.service_status import service_status
from ankerort.supply.standards import compare_sets, service_statements, standard_statements
from worlds import tiny_region as world

KEY = ["item", "mode", "group", "level", "area_id"]
HEAD = "set_id,label_de,label_en,item,mode,kind,value,unit,tolerance_share,municipality_over_persons,source,legal_status,mark,agreed_by,agreed_on,reason\n"


def _statements(set_id: str, region: Region, reach: Reach, catalogue: Catalogue) -> pd.DataFrame:
    knowledge = assess_recording(region, reach, catalogue)
    index = AreaIndex(region, catalogue)
    table = standard_statements(set_id, region, reach, catalogue, knowledge, index, nearest_for_the_old(region, reach))
    return table.astype(dict.fromkeys(KEY, "str")).set_index(KEY)


def _with_sets(folder: Path, *rows: str) -> Catalogue:
    (folder / "standard_sets.csv").write_text(HEAD + "".join(f"{r}\n" for r in rows), encoding="utf-8")
    return read_catalogue(folder)


@pytest.fixture(scope="module")
def shipped(region: Region, reach: Reach) -> pd.DataFrame:
    return _statements("catalogue", region, reach, world.catalogue())


def test_the_shortfall_by_car_is_derived_by_hand(shipped: pd.DataFrame) -> None:
    """Supermarket, 10 minutes: a1 (60 people) drives 10,000.5 m = 667 + 120 s, a2 (40) 647 + 120 s; the others are within.

    Over the limit 187 and 167 s; mean (60 x 187 + 40 x 167) / 100 = 179 s; FGT1 = (60 x 187 + 40 x 167) / 600 / 340.
    """
    row = shipped.loc["supermarket", "car", "all", "study", "*"]
    assert (row["persons"], row["within_low"], row["within_high"]) == (340, 240, 240)
    assert (row["short_low"], row["short_high"], row["no_value"]) == (100, 100, 0)
    assert row["mean_shortfall_min"] == pytest.approx(179 / 60)
    assert row["fgt0_low"] == pytest.approx(100 / 340)
    assert row["fgt1"] == pytest.approx((60 * 187 + 40 * 167) / 600 / 340)
    assert row["fgt2"] == pytest.approx((60 * 187**2 + 40 * 167**2) / 600**2 / 340)
    assert row["fulfilled"] == "no" and row["margin_high"] == pytest.approx(240 / 340 - 0.8)
    assert (row["limit"], row["unit"], row["legal_status"], row["agreed_by"]) == (10, "min", "default", "")
    assert shipped.loc["supermarket", "car", "all", "municipality", "15002000"]["fulfilled"] == "yes"


def test_where_the_search_finds_nothing_the_gap_is_a_lower_bound(shipped: pd.DataFrame) -> None:
    """On foot nobody of Adorf and Bdorf finds the market within 5,000 m: (5,000 - 1,000) / 1,000 = 4 for 140 of 340, no mean minutes."""
    row = shipped.loc["supermarket", "foot", "all", "study", "*"]
    assert (row["short_low"], row["no_value"]) == (140, 140)
    assert row["fgt1"] == pytest.approx(4 * 140 / 340)
    assert np.isnan(row["mean_shortfall_min"])


def test_minutes_on_foot_are_at_the_own_speed(region: Region, reach: Reach, tmp_path: Path) -> None:
    """Market within 500 m on foot: c2 walks 900 m, 400 m too far; 400 / 1.25 s for everybody, 400 / 1.1 s for those of 65."""
    table = _statements(
        "own", region, reach, _with_sets(tmp_path, "own,E,O,supermarket,walk,minimum,500,m,0,,x,default,D,,,")
    )
    for group, speed in (("all", 1.25), ("65_plus", 1.1), ("75_plus", 0.9)):
        row = table.loc["supermarket", "foot", group, "place", world.C]
        assert row["mean_shortfall_min"] == pytest.approx(400 / speed / 60, rel=1e-3)
        assert row["fulfilled"] == "no"


def test_without_a_car_the_smallest_gap_of_all_ways_counts(shipped: pd.DataFrame) -> None:
    """Adorf's 90 under 65 cycle: 10,000 m (a1) or 9,700 m (a2) where 10 minutes are the limit.

    The old of a1 (10) and b2 (5) neither walk nor cycle so far and reach no bus within 400 m: short, without a value.
    """
    row = shipped.loc["supermarket", "without_car", "all", "study", "*"]
    assert (row["within_low"], row["short_low"], row["no_value"]) == (235, 105, 15)
    metres_per_min = 14 / 3.6 * 60
    over = [(np.ceil(np.hypot(d, 100)) / metres_per_min - 10, p) for d, p in ((10_000, 50), (9_700, 40))]
    assert row["mean_shortfall_min"] == pytest.approx(sum(o * p for o, p in over) / 90, rel=1e-3)


def test_within_agrees_with_the_balance_of_areas(shipped: pd.DataFrame, supply: Supply) -> None:
    """For the catalogue's own set, persons within are those of area_service, row by row."""
    served = supply.area_service.rename(columns={"service": "item"}).astype(dict.fromkeys(KEY, "str"))
    both = shipped.join(served.set_index(KEY)[["served_low", "served_high"]], how="left")
    assert len(both) > 1000 and both["served_low"].notna().all()
    np.testing.assert_allclose(both["within_low"], both["served_low"], atol=1e-9)
    np.testing.assert_allclose(both["within_high"], both["served_high"], atol=1e-9)


def test_parts_add_up_and_bounds_are_ordered(shipped: pd.DataFrame) -> None:
    """within_low + short_high = persons = within_high + short_low; near lies within short; FGT falls with its power where gaps are below 1."""
    persons = shipped["persons"]
    np.testing.assert_allclose(shipped["within_low"] + shipped["short_high"], persons, atol=1e-9)
    np.testing.assert_allclose(shipped["within_high"] + shipped["short_low"], persons, atol=1e-9)
    assert (shipped["near_low"] <= shipped["short_low"] + 1e-9).all()
    assert (shipped["near_low"] <= shipped["near_high"] + 1e-9).all()
    assert (shipped["fgt0_low"].fillna(0) <= shipped["fgt0_high"].fillna(0) + 1e-12).all()


def test_unknown_is_no_shortfall_but_a_recorded_one(region: Region, reach: Reach, shipped: pd.DataFrame) -> None:
    """Pharmacy by car, 15 minutes: absence is not known (few are recorded), so nobody is known to be beyond; the probable one
    of Bdorf keeps Adorf and Bdorf unknown; recorded shortfall counts nobody, since it lies within."""
    row = shipped.loc["pharmacy", "car", "all", "study", "*"]
    assert row["short_low"] == 0 and row["fgt1"] == 0
    bakery = shipped.loc["bakery", "car", "all", "study", "*"]
    # no bakery is recorded at all: nothing can be said about minutes
    assert np.isnan(bakery["fgt1_recorded"]) and bakery["fulfilled"] == "unknown" and bakery["short_high"] == 340


@pytest.mark.parametrize(
    ("limit_min", "tolerance", "expected"),
    [
        (13.2, "0.1", "yes"),  # 13 min 7 s are within
        (12.0, "0.1", "near"),  # 12 x 1.1 = 13.2: a1 and a2 are a little over
        (11.0, "0.1", "no"),  # 11 x 1.1 = 12.1: too far for both
        (11.0, "0.3", "yes"),  # 240 of 340 are 71 %
        (11.7, "0.25", "near"),  # 12.87 takes a2 (767 s) in: 280 of 340 are 82 %
    ],
)
def test_a_little_over_the_limit_is_near(
    region: Region, reach: Reach, tmp_path: Path, limit_min: float, tolerance: str, expected: str
) -> None:
    """Over the limit by at most 10 %, and enough people with those: near; else no."""
    own = _with_sets(tmp_path, f"own,E,O,supermarket,car,minimum,{limit_min},min,{tolerance},,x,default,D,,,")
    row = _statements("own", region, reach, own).loc["supermarket", "car", "all", "study", "*"]
    assert row["fulfilled"] == expected
    assert row["required_share"] == pytest.approx(1 - float(tolerance))


def test_a_rule_for_large_municipalities_counts_their_people_only(region: Region, reach: Reach, tmp_path: Path) -> None:
    """Municipality 15002000 has 0 persons in the table of the world; with 1,000 in it, only its 200 count."""
    towns = region.municipalities.assign(persons=[140.0, 1000.0])
    own = _with_sets(tmp_path, "own,E,O,supermarket,walk,minimum,1000,m,0,500,x,law,S,,,")
    table = _statements("own", replace(region, municipalities=towns), reach, own)
    row = table.loc["supermarket", "foot", "all", "study", "*"]
    assert (row["persons"], row["fulfilled"]) == (200, "yes")
    assert table.loc["supermarket", "foot", "all", "municipality", "15001000"]["fulfilled"] == "nobody"


def test_an_agreed_value_is_named_in_its_statements(region: Region, reach: Reach, tmp_path: Path) -> None:
    """Who agreed and when stands in every row of the replaced standard."""
    (tmp_path / "standards.csv").write_text(
        "service,mode,kind,condition,value,unit,source,legal_status,mark,agreed_by,agreed_on,reason\n"
        "supermarket,car,minimum,,14,min,AG,practice,S,AG Nahversorgung,2026-10-01,weite Wege\n",
        encoding="utf-8",
    )
    row = _statements("catalogue", region, reach, read_catalogue(tmp_path)).loc[
        "supermarket", "car", "all", "study", "*"
    ]
    assert (row["agreed_by"], row["agreed_on"], row["limit"], row["fulfilled"]) == (
        "AG Nahversorgung",
        "2026-10-01",
        14,
        "yes",
    )


def test_two_sets_side_by_side_show_who_is_newly_short(region: Region, reach: Reach, tmp_path: Path) -> None:
    """12.8 instead of 13.2 minutes: a2 (767 s) stays within, the 60 people of a1 (787 s = 13.1 min) are short."""
    own = _with_sets(
        tmp_path,
        "wide,W,W,supermarket,car,minimum,13.2,min,0,,x,default,D,,,",
        "narrow,N,N,supermarket,car,minimum,12.8,min,0,,x,default,D,,,",
    )
    wide, narrow = (_statements(s, region, reach, own).reset_index() for s in ("wide", "narrow"))
    table = compare_sets(wide, narrow)
    assert list(table.columns) == SET_COMPARISON.names
    car = table[(table["mode"] == "car") & (table["group"] == "all")].set_index("area_id")
    assert car["more_short"].to_dict() == {
        "a": 60, "b": 0, "c": 0, "15001000": 60, "15002000": 0, "150010000": 60, "150020000": 0, "15001": 60, "15002": 0, "*": 60,
    }  # fmt: skip
    assert (car.loc["*", "fewer_within"], car.loc["*", "fulfilled_a"], car.loc["*", "fulfilled_b"]) == (
        60,
        "yes",
        "near",
    )


def test_the_statements_of_one_service_are_those_of_its_sets(region: Region, reach: Reach) -> None:
    """`service_statements` gives the rows that `standard_statements` gives for the service, set by set."""
    catalogue = world.catalogue()
    knowledge, index = assess_recording(region, reach, catalogue), AreaIndex(region, catalogue)
    old = nearest_for_the_old(region, reach)
    status = service_status("general_practitioner", reach, catalogue, knowledge.edge_m["general_practitioner"], old)
    edge = knowledge.edge_m["general_practitioner"]
    one = service_statements("general_practitioner", status, region, reach, catalogue, edge, index, old)
    whole = pd.concat(
        [
            standard_statements(s, region, reach, catalogue, knowledge, index, old, services=["general_practitioner"])
            for s in catalogue.standard_sets
        ],
        ignore_index=True,
    )
    assert set(one["set_id"].astype(str)) == {"catalogue", "target", "gba2019", "gba_expert2018"}
    pd.testing.assert_frame_equal(one, STANDARD_STATEMENT.conform(whole), check_categorical=False, check_dtype=False)


def test_a_changed_standard_shows_in_its_statements(region: Region, reach: Reach) -> None:
    """The supermarket at 13.2 minutes by car instead of 10: everybody is within, and the limit is the changed one, with a status given or not."""
    catalogue = world.catalogue()
    market = catalogue.services["supermarket"]
    car = market.standards["car"]
    new = replace(car, minimum=replace(car.minimum, value=13.2))
    services = {**catalogue.services, "supermarket": replace(market, standards={**market.standards, "car": new})}
    changed = replace(catalogue, services=services)
    knowledge, index = assess_recording(region, reach, changed), AreaIndex(region, changed)
    old, edge = nearest_for_the_old(region, reach), knowledge.edge_m["supermarket"]
    status = service_status("supermarket", reach, changed, edge, old)
    given = service_statements(
        "supermarket", status, region, reach, changed, edge, index, old, set_ids=["catalogue"], levels=["study"]
    )
    made = standard_statements(
        "catalogue", region, reach, changed, knowledge, index, old, services=["supermarket"], levels=["study"]
    )
    pd.testing.assert_frame_equal(given, made, check_categorical=False)
    row = made[(made["mode"] == "car") & (made["group"] == "all")].iloc[0]
    assert (row["limit"], row["within_low"], row["fulfilled"]) == (13.2, 340, "yes")


def test_levels_can_be_left_out(region: Region, reach: Reach) -> None:
    """Only the levels asked for are reported."""
    catalogue = world.catalogue()
    table = standard_statements(
        "gba2019",
        region,
        reach,
        catalogue,
        assess_recording(region, reach, catalogue),
        AreaIndex(region, catalogue),
        nearest_for_the_old(region, reach),
        levels=("district", "study"),
    )
    assert set(table["level"].astype(str)) == {"district", "study"}
