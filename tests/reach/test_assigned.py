"""School districts: where a facility is assigned it counts, though another one is nearer."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from ankerort.catalogue.model import Catalogue
from ankerort.network.model import DayTimetable, Network, SparseColumns
from ankerort.reach.assigned import assigned_facilities, edge_of, keep_assigned
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.reach.store import load_reach, save_reach
from ankerort.region.model import Region
from ankerort.region.schema import ASSIGNED
from ankerort.supply.assess import assess
from ankerort.supply.parts import assess_parts
from ankerort.supply.there_and_back import there_and_back
from worlds import tiny_region

SCHOOL = "primary_school"
NEAR = ("school_a", SCHOOL, tiny_region.A, 0.0, 100.0, "certain")
FAR = ("school_b", SCHOOL, tiny_region.B, 5000.0, 200.0, "certain")


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue with few services only."""
    whole = tiny_region.catalogue()
    names = {SCHOOL, "bus_stop", "fire_station", "pharmacy", "supermarket", "home_care"}
    return replace(whole, services={s: one for s, one in whole.services.items() if s in names}, core=(), five=())


@cache
def network() -> Network:
    made = tiny_region.network()
    assert made.timetable is not None
    day = DayTimetable("school", made.timetable, "2026-11-24", {"gtfs": "2026-11-24"}, common=True)
    return replace(made, day_types={"school": day})


def world(*rows: dict[str, str], near: bool = True, areas_m: float = 100_000.0) -> Region:
    """Both schools, or only the far one; `rows` are rows of ASSIGNED."""
    sites = (NEAR, FAR) if near else (FAR,)
    table = ASSIGNED.conform(pd.DataFrame([{"service": SCHOOL, **row} for row in rows], columns=ASSIGNED.names))
    return replace(
        tiny_region.region(facilities=sites, areas=tiny_region.whole_map(areas_m)),
        assigned=table.fillna("") if len(rows) else ASSIGNED.empty(),
    )


def reach_of(region: Region) -> Reach:
    return compute_reach(region, network(), catalogue())


def rows_of(region: Region, *ids: str) -> list[int]:
    return [int(np.flatnonzero(region.facilities["facility_id"] == i)[0]) for i in ids]


def test_the_assigned_school_takes_the_place_of_the_nearest() -> None:
    """Cells of Adorf have the way to the far school as if the near one were not there; all other cells stay as they were."""
    region = world({"place_id": tiny_region.A, "facility_id": "school_b"})
    given, free, without = reach_of(region), reach_of(world()), reach_of(world(near=False))
    mine = (region.cells["place_id"] == tiny_region.A).to_numpy(bool)
    far_row, lone_row = rows_of(region, "school_b")[0], rows_of(world(near=False), "school_b")[0]
    modes = {mode for service, mode, _ in given.nearest if service == SCHOOL}
    assert modes == {"foot", "bike", "car", "pt", "pt_demand"}
    for key in [k for k in given.nearest if k[0] == SCHOOL]:
        found, alone, before = given.nearest[key], without.nearest[key], free.nearest[key]
        np.testing.assert_array_equal(found.value[mine], alone.value[mine], err_msg=str(key))
        np.testing.assert_array_equal(found.facility[mine] == far_row, alone.facility[mine] == lone_row)
        np.testing.assert_array_equal(found.value[~mine], before.value[~mine], err_msg=str(key))
        np.testing.assert_array_equal(found.facility[~mine], before.facility[~mine])
    ridden = given.nearest[SCHOOL, "bike", "certain"].value
    assert ridden[0] > np.hypot(5000, 200)  # longer than the straight line
    assert free.nearest[SCHOOL, "bike", "certain"].value[0] < 200
    # the assigned school is too far to walk: none, not the near one
    assert given.nearest[SCHOOL, "foot", "certain"].facility[0] == -1


def test_round_trips_go_to_the_assigned_school() -> None:
    """There and back counts buses to the assigned school only."""
    tables = []
    for region in (world({"place_id": tiny_region.A, "facility_id": "school_b"}), world(near=False), world()):
        reach = reach_of(region)
        parts = assess_parts(region, reach, catalogue())
        table = there_and_back(region, reach, catalogue(), parts.knowledge(), parts.areas)
        rows = table[(table["level"] == "place") & (table["area_id"] == tiny_region.A) & (table["service"] == SCHOOL)]
        tables.append(rows.drop(columns=["facilities", "open_facilities", *[c for c in rows if "basis" in c]]))
    given, without, free = (
        t.drop(columns=[c for c in t if c.startswith(("given", "usual", "hours"))]).reset_index(drop=True)
        for t in tables
    )
    assert len(given)
    pd.testing.assert_frame_equal(given, without, check_categorical=False)
    assert not given["pairs"].equals(free["pairs"])


def test_the_balance_names_the_assigned_school() -> None:
    """`nearest` and the balance of a place name the assigned school."""
    region = world({"place_id": tiny_region.A, "facility_id": "school_b"})
    supply = assess(region, reach_of(region), catalogue())
    row = supply.place_service.query("place_id == @tiny_region.A and service == @SCHOOL").iloc[0]
    assert row["nearest_facility_id"] == "school_b"
    cells = supply.nearest.query("service == @SCHOOL and cell_id in ['a1', 'a2']")
    assert set(cells["facility_id"].dropna()) == {"school_b"}


def test_the_narrower_rule_counts() -> None:
    """A cell's own row goes before that of its place, and this before that of its municipality."""
    region = world(
        {"ags": "15001000", "facility_id": "school_b"},
        {"ags": "15001000", "place_id": tiny_region.A, "facility_id": "school_a"},
        {"cell_id": "a2", "facility_id": "school_b"},
    )
    near, far = rows_of(region, "school_a", "school_b")
    found = assigned_facilities(region, reach_of(world()).targets)[SCHOOL]
    by_cell = dict(zip(region.cells["cell_id"], found.tolist(), strict=True))
    assert by_cell == {"a1": near, "a2": far, "b1": far, "b2": far, "c1": -1, "c2": -1, "x1": -1}


@pytest.mark.parametrize("change", [{"state": "closed"}, {"merged_into": "school_b"}])
def test_a_school_that_does_not_count_is_not_assigned(change: dict[str, str]) -> None:
    """Where the assigned school is closed the nearest counts."""
    region = world({"place_id": tiny_region.A, "facility_id": "school_a"})
    table = region.facilities.copy()
    row = rows_of(region, "school_a")[0]
    for name, value in change.items():
        table.loc[row, name] = value
    changed = replace(region, facilities=table)
    reach = reach_of(changed)
    assert (reach.assigned[SCHOOL] < 0).all()
    assert set(reach.nearest[SCHOOL, "car", "any"].facility.tolist()) == set(rows_of(changed, "school_b"))


def test_an_assigned_way_is_no_bound() -> None:
    """An unknown school beyond the edge of the data could not be the assigned one: the minutes of assigned cells are no bound."""
    region = world({"place_id": tiny_region.A, "facility_id": "school_b"}, areas_m=6000.0)
    reach = reach_of(region)
    assert np.isinf(edge_of(reach, SCHOOL)[:2]).all()
    assert np.isfinite(edge_of(reach, SCHOOL)[2:]).all()
    nearest = (
        assess(region, reach, catalogue()).nearest.query("service == @SCHOOL and mode == 'car'").set_index("cell_id")
    )
    assert not nearest.loc["a1", "bound"]


def test_columns_without_homes_of_others() -> None:
    """An assigned home stands in the column of its facility only."""
    columns = SparseColumns(
        np.array([0, 3, 5]), np.array([0, 1, 2, 0, 1], np.int32), np.array([5, 6, 7, 8, 9], np.int32)
    )
    kept = keep_assigned(columns, np.array([10, 11], np.int32), np.array([11, -1, 10], np.int32))
    assert [kept.column(k)[0].tolist() for k in (0, 1)] == [[1, 2], [0, 1]]
    assert [kept.column(k)[1].tolist() for k in (0, 1)] == [[6, 7], [8, 9]]


def test_assigned_rows_survive_the_store(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """What is written is read again."""
    reach = reach_of(world({"place_id": tiny_region.A, "facility_id": "school_b"}))
    save_reach(reach, tmp_path)
    np.testing.assert_array_equal(load_reach(tmp_path).assigned[SCHOOL], reach.assigned[SCHOOL])
