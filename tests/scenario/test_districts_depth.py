"""Where schools have districts, what a scenario tells of capacity, quality and round trips is that of the full run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
import pytest

from ankerort.catalogue import read_catalogue
from ankerort.network.build import build_network
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.reach.public_transport import STORED_GROUPS
from ankerort.region.read_region import read_region
from ankerort.region.schema import ASSIGNED, FACILITIES
from ankerort.sample import write_sample
from ankerort.scenario.compare import compare
from ankerort.scenario.compare_trips import compare_trips
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Answer, Touched, World
from ankerort.supply.depth import Depth, assess_depth
from ankerort.supply.parts import SupplyParts, assess_parts

SCHOOL = "primary_school"
SERVICES = {SCHOOL, "bus_stop", "post_office"}  # a post office: a rule of the catalogue counts them


@dataclass(frozen=True)
class Full:
    """A world computed from scratch."""

    reach: Reach
    parts: SupplyParts
    depth: Depth


def _depth(world: World, reach: Reach, parts: SupplyParts) -> Depth:
    assert world.network.timetable is not None
    day = world.network.timetable.date
    return assess_depth(world.region, world.network, reach, parts, world.catalogue, day=day, threads=1)


def _full(world: World) -> Full:
    reach = compute_reach(world.region, world.network, world.catalogue, groups=STORED_GROUPS)
    parts = assess_parts(world.region, reach, world.catalogue)
    return Full(reach, parts, _depth(world, reach, parts))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample region with schools and stops only; half of the places that have a nearest school go to another one."""
    folder = tmp_path_factory.mktemp("musterkreis")
    write_sample(folder, seed=1)
    whole = read_catalogue()
    catalogue = replace(
        whole, services={s: one for s, one in whole.services.items() if s in SERVICES}, core=(), five=()
    )
    region = read_region(folder, catalogue=whole)
    facilities = region.facilities[region.facilities["service"].isin(SERVICES)].reset_index(drop=True)
    schools = _schools(facilities)
    places = region.places.loc[region.places["in_study"], "place_id"].tolist()
    facilities.loc[facilities["facility_id"].isin(schools), "capacity"] = 90.0
    rows = [
        {"service": SCHOOL, "place_id": place, "facility_id": schools[k % 2], "rule": "table"}
        for k, place in enumerate(places[::2])
    ]
    region = replace(region, facilities=facilities, assigned=ASSIGNED.conform(pd.DataFrame(rows)))
    return Workspace(World(region, build_network(region, catalogue), catalogue), threads=1)


def _schools(facilities: pd.DataFrame) -> list[str]:
    """The schools that count; the first two have districts."""
    counts = (facilities["service"] == SCHOOL) & (facilities["merged_into"] == "") & (facilities["state"] == "open")
    return facilities.loc[counts & facilities["in_study"], "facility_id"].tolist()


@pytest.fixture(scope="module")
def before(workspace: Workspace) -> Full:
    return _full(workspace.world)


def _patched(world: World, **values: object) -> World:
    table = world.region.facilities.copy()
    row = table.index[table["facility_id"] == _schools(table)[0]][0]
    for name, value in values.items():
        table.loc[row, name] = value
    return replace(world, region=replace(world.region, facilities=FACILITIES.conform(table)))


def _moved(world: World) -> World:
    own = world.region.facilities.set_index("facility_id").loc[_schools(world.region.facilities)[0]]
    return _patched(world, x=own["x"] + 2500.0, y=own["y"] - 1500.0)


def _opened(world: World) -> World:
    """A second school beside the first: nobody of its district may choose it."""
    table = world.region.facilities
    like = table[table["facility_id"] == _schools(table)[0]]
    added = like.assign(facility_id="neu", name="Neue Schule", x=like["x"] + 400.0, capacity=50.0)
    table = FACILITIES.conform(pd.concat([table, added], ignore_index=True))
    return replace(world, region=replace(world.region, facilities=table))


CHANGES: dict[str, Callable[[World], World]] = {
    "close": lambda w: _patched(w, state="closed"),
    "open": _opened,
    "move": _moved,
    "resize": lambda w: _patched(w, capacity=20.0),
    "quality": lambda w: _patched(w, wheelchair="yes", condition=1.0, opening_hours="Mo-Fr 07:30-10:00"),
}


def _differing(one: pd.DataFrame, two: pd.DataFrame, keys: list[str], values: list[str]) -> pd.DataFrame:
    joined = one.merge(two, on=keys, how="outer", suffixes=("_before", "_after"))
    differs = np.zeros(len(joined), bool)
    for name in values:
        a, b = joined[f"{name}_before"], joined[f"{name}_after"]
        differs |= ((a != b) & ~(a.isna() & b.isna())).to_numpy(bool)
    return joined[differs].sort_values(keys).reset_index(drop=True)


@pytest.mark.parametrize("name", CHANGES)
def test_depth_tables_are_those_of_the_full_run(workspace: Workspace, before: Full, name: str) -> None:
    """All further tables of an answer, and every row that a comparison tells of them, equal those computed from scratch."""
    world = CHANGES[name](workspace.world)
    answer: Answer = workspace.answer(world, Touched(frozenset({SCHOOL})))
    after = _full(world)
    own = _depth(world, answer.reach, answer.parts)
    for field in fields(Depth):
        pd.testing.assert_frame_equal(
            getattr(own, field.name), getattr(after.depth, field.name), check_exact=True, obj=field.name
        )
    found = compare(workspace.base, answer)
    capacity = ["demand", "capacity", "capacity_per_100", "unserved_low", "unserved_high"]
    keys = ["level", "area_id", "service"]
    wanted = _differing(before.depth.area_capacity, after.depth.area_capacity, keys, capacity)
    told = found.depth.capacity.sort_values(keys).reset_index(drop=True)
    columns = [*keys, *(f"{c}_{when}" for c in capacity for when in ("before", "after"))]
    pd.testing.assert_frame_equal(told[columns], wanted[columns], check_dtype=False)
    grades = ["grade", "adequate", "score_low", "score_high"]
    graded = _differing(before.depth.facility_quality, after.depth.facility_quality, ["facility_id"], grades)
    assert sorted(found.depth.quality["facility_id"]) == sorted(graded["facility_id"])
    trips = compare_trips([SCHOOL], before.reach, after.reach, after.parts.areas)
    pd.testing.assert_frame_equal(found.trips.reset_index(drop=True), trips)
    if name in ("close", "resize"):
        assert len(told)
    if name in ("close", "move"):
        assert len(trips)
    if name == "quality":
        assert len(graded)
