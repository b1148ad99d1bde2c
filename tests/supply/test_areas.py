"""Shares, means and quantiles per area, derived by hand in `worlds.tiny_region`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.region.model import Region
from ankerort.supply.areas import AreaIndex, area_blocks, area_table
from ankerort.supply.assess import assess
from ankerort.supply.model import Supply
from ankerort.supply.schema import AREA_SERVICE
from ankerort.supply.service_status import service_status
from worlds import tiny_region as world


def _rows(supply: Supply, **chosen: str) -> pd.DataFrame:
    table = supply.area_service
    for column, value in chosen.items():
        table = table[table[column] == value]
    return table.set_index("area_id")


def test_known_shares_have_equal_bounds(supply: Supply) -> None:
    """Supermarket by car, 10 minutes, absence known: Bdorf (40) and Cstadt (200) are within, Adorf (100) is not: 240 of 340."""
    row = _rows(supply, service="supermarket", group="all", mode="car", level="study").loc["*"]
    assert (row["persons"], row["served_low"], row["served_high"]) == pytest.approx((340.0, 240.0, 240.0))
    assert (row["share_low"], row["share_high"]) == pytest.approx((240 / 340, 240 / 340))
    assert (row["standard"], row["standard_unit"]) == (10.0, "min")


def test_unknown_is_the_room_between_the_bounds(supply: Supply) -> None:
    """Pharmacy on foot, 1,000 m, absence unknown: Cstadt's 200 are known to be within; Bdorf's is only probable, Adorf's not known: 200 ... 340."""
    row = _rows(supply, service="pharmacy", group="all", mode="foot", level="study").loc["*"]
    assert (row["served_low"], row["served_high"]) == pytest.approx((200.0, 340.0))
    assert (row["share_low"], row["share_high"]) == pytest.approx((200 / 340, 1.0))


def test_every_level_adds_up_to_the_study_area(supply: Supply) -> None:
    """Persons, persons served and persons with a value of places, municipalities, associations and districts sum to those of the study
    area; shares lie between 0 and 1, low below high."""
    table = supply.area_service
    sums = table.groupby(["service", "group", "mode", "level"])[
        ["persons", "served_low", "served_high", "with_value"]
    ].sum()
    for level in ("place", "municipality", "association", "district"):
        part = sums.xs(level, level="level")
        pd.testing.assert_frame_equal(part, sums.xs("study", level="level").loc[part.index])
    shares = table[["share_low", "share_high"]].dropna()
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)
    assert (shares["share_low"] <= shares["share_high"]).all()


def test_levels_name_their_areas(supply: Supply) -> None:
    """Three places, two municipalities, two associations, two districts, one study area; the buffer is nowhere."""
    rows = _rows(supply, service="supermarket", group="all", mode="car").reset_index()
    found = rows.groupby("level")["area_id"].apply(list).to_dict()
    assert found == {
        "place": ["a", "b", "c"],
        "municipality": ["15001000", "15002000"],
        "association": ["150010000", "150020000"],
        "district": ["15001", "15002"],
        "study": ["*"],
    }


def test_means_and_quantiles_count_people_with_a_value(supply: Supply) -> None:
    """Supermarket on foot: 100 people at 100 m, 100 at 900 m, nobody else within 5,000 m. Mean (100 + 900) / 2 m = 6.67 minutes, median 100 m,
    90 % 900 m at 1.25 m/s."""
    row = _rows(supply, service="supermarket", group="all", mode="foot", level="study").loc["*"]
    assert row["with_value"] == 200.0
    assert (row["mean_min"], row["median_min"], row["p90_min"]) == pytest.approx((500 / 75, 100 / 75, 900 / 75))


def test_each_group_walks_and_cycles_at_its_own_speed(supply: Supply) -> None:
    """The 40 old people of c2, 900 m away: 65 and older at 1.1 m/s, 75 and older at 0.9 m/s; by bike 11 km/h instead of 14."""
    for group, speed in (("65_plus", 1.1), ("75_plus", 0.9)):
        row = _rows(supply, service="supermarket", group=group, mode="foot", level="place").loc[world.C]
        assert row["median_min"] == pytest.approx(900 / speed / 60)
    bike = _rows(supply, service="supermarket", group="65_plus", mode="bike", level="place").loc[world.C]
    assert bike["median_min"] == pytest.approx(900 / (11 / 3.6) / 60)


def test_public_transport_of_the_old_is_that_of_the_stored_older_group(supply: Supply) -> None:
    """Supermarket, Bdorf: b1's 10 old people reach it (100 m = 112 s at 0.9 m/s + 600 s), b2's 5 do not (600 m to the stop, limit 400 m); everybody: 40."""
    old = _rows(supply, service="supermarket", group="65_plus", mode="pt", level="place").loc[world.B]
    everybody = _rows(supply, service="supermarket", group="all", mode="pt", level="place").loc[world.B]
    assert (old["persons"], old["served_low"], old["median_min"] * 60) == pytest.approx((15.0, 10.0, 712.0))
    assert everybody["served_low"] == pytest.approx(40.0)


def test_everybody_is_young_and_old_people_together(supply: Supply) -> None:
    """Without a car: the 25 under 65 of Bdorf are within, of the 15 old ones 10: 35 of 40 for "all", 10 of 15 for those of 65 and older."""
    for group, persons, served in (("all", 40.0, 35.0), ("65_plus", 15.0, 10.0)):
        row = _rows(supply, service="supermarket", group=group, mode="without_car", level="place").loc[world.B]
        assert (row["persons"], row["served_low"], row["served_high"]) == pytest.approx((persons, served, served))


def test_demand_groups_of_the_service_are_added(supply: Supply) -> None:
    """Primary school: 6 to 10 years beside the groups that every service has; nobody of that age lives here, so there is no share."""
    rows = _rows(supply, service="primary_school", mode="foot", level="study")
    assert set(rows["group"]) == {"all", "65_plus", "75_plus", "6_10"}
    assert rows.loc[rows["group"] == "6_10", "share_low"].isna().all()


def test_modes_that_say_nothing_are_left_out(supply: Supply) -> None:
    """Public toilet: no standard, none found. Fire station: no standard on foot, but minutes."""
    assert _rows(supply, service="public_toilet").empty
    foot = _rows(supply, service="fire_station", mode="foot", group="all", level="place")
    assert foot["share_low"].isna().all() and foot["standard"].isna().all()
    assert foot.loc[world.A, "median_min"] == pytest.approx(100 / 75)


def test_cells_without_a_municipality_count_in_the_study_area_only(region: Region, reach: Reach) -> None:
    """A cell that no municipality and place holds is in no area below the study area, and lost nowhere else."""
    cells = region.cells.copy()
    cells.loc[cells["cell_id"] == "a2", ["ags", "place_id"]] = ""
    table = assess(replace(region, cells=cells), reach, world.catalogue()).area_service
    rows = table[(table["service"] == "supermarket") & (table["mode"] == "car") & (table["group"] == "all")]
    assert rows.groupby("level")["persons"].sum().to_dict() == pytest.approx(
        {"place": 300.0, "municipality": 300.0, "association": 300.0, "district": 300.0, "study": 340.0}
    )


def test_no_service_makes_an_empty_table(region: Region) -> None:
    """Without blocks the table has its columns and no rows."""
    index = AreaIndex(region, world.catalogue())
    assert list(area_table([], index).columns) == AREA_SERVICE.names


def test_blocks_without_a_timetable_say_estimated_only_for_what_was_estimated(region: Region) -> None:
    """Straight ways are estimated; so are the shares that rest on them."""
    catalogue = world.catalogue()
    reach = compute_reach(region, world.network(), catalogue, threads=1)
    index = AreaIndex(region, catalogue)
    status = service_status("supermarket", reach, catalogue, np.full(7, 1e6), {})
    blocks = area_blocks("supermarket", status, reach, catalogue, index)
    combined = {"without_car", "without_car_demand", "with_car"}
    assert {b.constant["mode"] for b in blocks} == {"foot", "bike", "car", "pt", "pt_demand", *combined}
    assert all(b.constant["estimated"] for b in blocks)
