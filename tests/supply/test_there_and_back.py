"""Who gets there and home again, derived by hand in `worlds.tiny_days`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach, TripKey
from ankerort.region.model import Region
from ankerort.supply.area_order import AreaOrder
from ankerort.supply.areas import AreaIndex
from ankerort.supply.best_trips import union_trips
from ankerort.supply.recording import assess_recording
from ankerort.supply.schema_there_and_back import THERE_AND_BACK
from ankerort.supply.there_and_back import stranded_headline, there_and_back, there_and_back_rows, why_none
from ankerort.supply.weighted import quantile_order
from ankerort.supply.without_car import persons_without_car
from worlds import tiny_days
from worlds import tiny_region as world


@pytest.fixture(scope="module")
def reach(region: Region) -> Reach:
    """Travel times of the three places on three kinds of days."""
    return compute_reach(region, tiny_days.network(), world.catalogue(), threads=1)


def table_of(region: Region, reach: Reach) -> pd.DataFrame:
    """THERE_AND_BACK."""
    catalogue = world.catalogue()
    knowledge = assess_recording(region, reach, catalogue)
    return there_and_back(region, reach, catalogue, knowledge, AreaIndex(region, catalogue))


@pytest.fixture(scope="module")
def table(region: Region, reach: Reach) -> pd.DataFrame:
    """THERE_AND_BACK of the three kinds of days."""
    return table_of(region, reach)


def row_of(table: pd.DataFrame, **chosen: str) -> pd.Series:
    """The one row; level study, group all, school day, supermarket unless told otherwise."""
    chosen = {"level": "study", "group": "all", "day_type": "school", "service": "supermarket"} | chosen
    for column, value in chosen.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_pairs_of_the_school_day(table: pd.DataFrame) -> None:
    """Supermarket 8-20 h, 45 min. From Bdorf the buses of 8 to 17 h (arrive 8:11:20 ...) with those back at 9:30 to 18:30: ten pairs.

    The median person of Bdorf (b1) is away from 8:00 to 9:40, each way takes 11:20 min, and leaves the market at 19:28:40 at the latest,
    at 9:28:40 at the earliest (the visit of those who leave home at 8:00 is over at 8:56:20).
    Cstadt walks; Adorf has nothing.
    """
    b = row_of(table, level="place", area_id=world.B)
    assert (b["pairs"], b["on_foot"], b["bound"]) == (10.0, False, False)
    assert (b["away_min"], b["way_min"]) == pytest.approx((100.0, 680 / 60))
    assert b["last_home_s"] == 19 * 3600 + 28 * 60 + 40
    assert b["first_home_s"] == 9 * 3600 + 28 * 60 + 40
    c = row_of(table, level="place", area_id=world.C)
    assert np.isnan(c["pairs"])
    assert c["on_foot"]
    a = row_of(table, level="place", area_id=world.A)
    assert (a["pairs"], a["on_foot"]) == (0.0, False)
    assert np.isnan(a["away_min"])
    assert np.isnan(a["last_home_s"])
    assert np.isnan(a["first_home_s"])
    assert np.isnan(c["first_home_s"])


def test_persons_with_pairs_and_evenings(table: pd.DataFrame) -> None:
    """Of 340 persons 40 of Bdorf and 200 of Cstadt have a pair; after 20 h only those on foot get home."""
    study = row_of(table)
    assert (study["persons"], study["one_pair_low"], study["one_pair_high"]) == pytest.approx((340, 240, 240))
    assert (study["more_pairs_low"], study["more_pairs_high"]) == pytest.approx((240, 240))
    assert (study["evening_low"], study["evening_high"]) == pytest.approx((200, 200))


def test_who_gets_there_but_not_home(table: pd.DataFrame, region: Region) -> None:
    """On holidays two buses go to the market and none comes back: the 40 of Bdorf are stranded; of those from 65 on only the 10 of b1,
    since b2 is too far from the stop for them."""
    school, holiday = row_of(table), row_of(table, day_type="holiday")
    assert (school["there"], school["stranded_low"], school["stranded_high"]) == pytest.approx((240, 0, 0))
    assert (holiday["there"], holiday["stranded_low"], holiday["stranded_high"]) == pytest.approx((240, 40, 40))
    assert holiday["one_pair_low"] == pytest.approx(200)
    old = row_of(table, day_type="holiday", group="65_plus")
    assert (old["stranded_low"], old["stranded_high"]) == pytest.approx((10, 10))
    without = persons_without_car(region, world.catalogue(), groups=("65_plus",))["65_plus"]
    assert old["stranded_no_car_low"] == pytest.approx(without.iloc[2])
    assert 0 < old["stranded_no_car_high"] < 10
    headline = stranded_headline(table).set_index(["service", "day_type", "with_demand"])
    shown = headline.loc[("supermarket", "holiday", False)]
    assert shown["stranded_no_car_low"] == pytest.approx(without.iloc[2])
    assert set(stranded_headline(table)["day_type"]) == {"school", "holiday"}


def test_a_day_that_is_not_known_is_the_room_between_the_bounds(region: Region, reach: Reach) -> None:
    """Nobody knows Bdorf's holiday: its 40 may have pairs, may be stranded, and its median is not known."""
    known = reach.day_known["holiday"].copy()
    known[[2, 3]] = False
    table = table_of(region, replace(reach, day_known={**reach.day_known, "holiday": known}))
    study = row_of(table, day_type="holiday")
    assert (study["one_pair_low"], study["one_pair_high"]) == pytest.approx((200, 240))
    assert (study["stranded_low"], study["stranded_high"]) == pytest.approx((0, 40))
    b = row_of(table, day_type="holiday", level="place", area_id=world.B)
    assert np.isnan(b["pairs"])
    assert not b["on_foot"]
    assert b["bound"]


def test_probable_facilities_and_unknown_absence_widen_the_bounds(table: pd.DataFrame) -> None:
    """Pharmacy: Bdorf's is only probable (on foot), Cstadt's is certain, others are not known. On holidays the 40 may be stranded or not."""
    school, holiday = row_of(table, service="pharmacy"), row_of(table, service="pharmacy", day_type="holiday")
    assert (school["one_pair_low"], school["one_pair_high"]) == pytest.approx((240, 340))
    assert (holiday["stranded_low"], holiday["stranded_high"]) == pytest.approx((0, 40))
    b = row_of(table, service="pharmacy", day_type="holiday", level="place", area_id=world.B)
    assert b["on_foot"]
    assert b["bound"]


def test_a_closed_day_strands_nobody(table: pd.DataFrame) -> None:
    """On Sunday buses run, but the market is closed: nobody gets there, nobody is stranded, no pair."""
    sunday = row_of(table, day_type="sunday")
    assert (sunday["facilities"], sunday["open_facilities"], sunday["hours_usual"]) == (1, 0, 1)
    assert (sunday["there"], sunday["stranded_high"], sunday["one_pair_high"]) == (0, 0, 0)


def test_core_functions_take_the_best_of_their_services(table: pd.DataFrame) -> None:
    """Food market = supermarket or discounter: no discounter is in the data, so the known figures are those of the supermarket."""
    for day in ("school", "holiday", "sunday"):
        of_core, of_service = row_of(table, service="core:food_market", day_type=day), row_of(table, day_type=day)
        names = ["one_pair_low", "more_pairs_low", "evening_low", "there", "stranded_high", "facilities"]
        assert of_core[names].tolist() == of_service[names].tolist()


def test_bounds_and_levels_hold_together(table: pd.DataFrame) -> None:
    """Low never exceeds high, nor either the persons; the levels sum to the study area."""
    for name in ("one_pair", "more_pairs", "evening", "stranded"):
        assert (table[f"{name}_low"] <= table[f"{name}_high"] + 1e-9).all()
        assert (table[f"{name}_high"] <= table["persons"] + 1e-9).all()
    assert (table["stranded_high"] <= table["there"] + 1e-9).all()
    assert (table["more_pairs_low"] <= table["one_pair_low"] + 1e-9).all()
    keys = ["service", "group", "day_type", "with_demand"]
    counted = ["persons", "persons_no_car", "one_pair_low", "one_pair_high", "there", "stranded_no_car_high"]
    sums = table.groupby(["level", *keys], observed=True)[counted].sum()
    for level in ("place", "municipality", "district"):
        pd.testing.assert_frame_equal(sums.loc[level], sums.loc["study"])


def test_without_round_trips_there_is_a_reason(region: Region, reach: Reach) -> None:
    """No timetable: an empty table and why."""
    bare = compute_reach(region, world.network(with_timetable=False), world.catalogue(), threads=1)
    assert table_of(region, bare).empty
    assert why_none(bare) == "no_timetable"
    assert why_none(reach) == ""
    assert why_none(replace(reach, round_trips={})) == "no_day_type"
    assert union_trips([]) == {}


def test_order_by_area_equals_sorting() -> None:
    """Dealing sorted cells out to their areas gives the order of sorting by area and value, ties and missing values included."""
    areas = AreaIndex(world.region(), world.catalogue())
    rng = np.random.default_rng(7)
    order = AreaOrder(areas)
    for _ in range(20):
        value = rng.choice([1.0, 2.0, 3.0, np.nan], len(areas.rows))
        np.testing.assert_array_equal(order.by_area(value), quantile_order(areas.area, value[areas.cell]))


def test_with_rufbus_the_better_of_both_counts(region: Region, reach: Reach) -> None:
    """Columns with Rufbus that hold nothing leave what the fixed timetable gives; columns that hold more add to it."""
    more = {}
    for key, columns in reach.round_trips.items():
        more[key] = columns
        nothing = columns.pairs * (0 if key.day_type == "school" else 1)
        more[key._replace(with_demand=True)] = replace(columns, pairs=nothing.astype(np.int16))
    holiday = TripKey("all", "holiday", True)
    more[holiday] = more[TripKey("all", "school", False)]
    table = table_of(region, replace(reach, round_trips=more))
    study = (table["level"] == "study") & (table["group"] == "all") & (table["service"] == "supermarket")
    shown = table[study].set_index(["day_type", "with_demand"])["one_pair_low"]
    assert shown["school", True] == shown["school", False] == pytest.approx(240)
    assert (shown["holiday", False], shown["holiday", True]) == pytest.approx((200, 240))


def test_first_ways_home_of_several_facilities_and_with_rufbus(region: Region, reach: Reach) -> None:
    """The earliest counts: with Rufbus homes leave an hour earlier (b 8:28:40) or later (then the 9:28:40 of the fixed buses stays)."""
    for earlier, expected in ((3600, 8), (-3600, 9)):
        more = dict(reach.round_trips)
        for key, columns in reach.round_trips.items():
            first = np.where(columns.first_home_s >= 0, columns.first_home_s - earlier, -1).astype(np.int32)
            more[key._replace(with_demand=True)] = replace(columns, first_home_s=first)
        table = table_of(region, replace(reach, round_trips=more))
        b = row_of(table[table["with_demand"]], level="place", area_id=world.B)
        assert b["first_home_s"] == expected * 3600 + 28 * 60 + 40


def test_a_first_way_home_is_told_only_with_a_last_one_that_is_later(region: Region, reach: Reach) -> None:
    """Ways home of the market: Adorf (100) one at 8:00, too early after any visit, c1 (100) one at 16:00, c2 (100) one at 10:00.

    Without Bdorf's 40 (none) the median of 340 persons leaves first at 16:00 (c2, c1: 200) and last at 10:00 (none, Adorf, c2: 240): they are not the
    same person, so no first way home is told. Cstadt alone: 100 of 200 persons leave at 10:00, both times. Adorf: a last one and no first.
    """
    key = TripKey("all", "school", False)
    columns = reach.round_trips[key]
    market = reach.targets["service"].to_numpy(object)[reach.pt_targets] == "supermarket"
    homes = {0: (-1, 8), 1: (-1, 8), 4: (16, 16), 5: (10, 10)}
    of_homes = {
        "home": list(homes),
        "pairs": [int(first > 0) for first, _ in homes.values()],
        "away_s": [0] * len(homes),
        "way_s": [0] * len(homes),
        "last_home_s": [3600 * last for _, last in homes.values()],
        "first_home_s": [3600 * first if first > 0 else -1 for first, _ in homes.values()],
    }
    ptr = np.concatenate([[0], np.cumsum(np.where(np.arange(len(market)) == np.flatnonzero(market)[0], len(homes), 0))])
    changed = replace(columns, ptr=ptr, **{name: np.array(v, np.int32) for name, v in of_homes.items()})
    table = table_of(region, replace(reach, round_trips={key: changed}))
    names = ["first_home_s", "last_home_s"]
    assert row_of(table)[names].tolist() == pytest.approx([np.nan, 36_000], nan_ok=True)
    c, a = (row_of(table, level="place", area_id=place) for place in (world.C, world.A))
    assert c[names].tolist() == [36_000, 36_000]
    assert a[names].tolist() == pytest.approx([np.nan, 28_800], nan_ok=True)
    told = table[table["first_home_s"].notna()]
    assert (told["first_home_s"] <= told["last_home_s"]).all()


def test_rows_of_one_service_are_those_of_the_whole_table(region: Region, reach: Reach, table: pd.DataFrame) -> None:
    """A service or a core function asked for alone gives the rows that it has in the table."""
    catalogue = world.catalogue()
    knowledge, areas = assess_recording(region, reach, catalogue), AreaIndex(region, catalogue)
    core = {f"core:{item.id}": item.services for item in catalogue.core}
    for row_id, services in {"pharmacy": ("pharmacy",), "core:food_market": core["core:food_market"]}.items():
        alone = there_and_back_rows(row_id, services, region, reach, catalogue, knowledge, areas)
        whole = table[table["service"] == row_id].reset_index(drop=True)
        pd.testing.assert_frame_equal(THERE_AND_BACK.conform(alone), whole)
