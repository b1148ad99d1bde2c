"""An answer is the full run on the changed world, for less: every table and array is equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, reduce

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.catalogue import read_catalogue
from ankerort.catalogue.model import Catalogue
from ankerort.network.build import build_network
from ankerort.network.model import DayTimetable, Network, Timetable
from ankerort.network.timetable.edit import remove_trips
from ankerort.reach.compute import compute_reach
from ankerort.region.model import Region
from ankerort.region.read_region import read_region
from ankerort.region.schema import ASSIGNED, FACILITIES, MOBILE_VISITS
from ankerort.sample import write_sample
from ankerort.scenario.workspace import REACH_FIGURES, Workspace
from ankerort.scenario.world import Answer, Touched, World
from worlds import tiny_region

from .full_run import assert_as_full_run, assert_same_reach, assert_same_supply

Changed = tuple[World, Touched]


def _with_region(world: World, **tables: object) -> World:
    return replace(world, region=replace(world.region, **tables))  # type: ignore[arg-type]


def patch(world: World, facility: str, **values: object) -> Changed:
    """Other values in the row of one facility."""
    table = world.region.facilities.copy()
    row = table.index[table["facility_id"] == facility][0]
    service = str(table.loc[row, "service"])
    for name, value in values.items():
        table.loc[row, name] = value
    return _with_region(world, facilities=FACILITIES.conform(table)), Touched(frozenset({service}))


def close(world: World, facility: str) -> Changed:
    """A facility closes."""
    return patch(world, facility, state="closed")


def move(world: World, facility: str, east_m: float, north_m: float) -> Changed:
    """A facility moves by metres."""
    row = world.region.facilities.set_index("facility_id").loc[facility]
    return patch(world, facility, x=row["x"] + east_m, y=row["y"] + north_m)


def open_like(world: World, facility: str, new_id: str, east_m: float, north_m: float, **values: object) -> Changed:
    """A facility opens some metres from another one."""
    table = world.region.facilities
    row = table[table["facility_id"] == facility].copy()
    row = row.assign(facility_id=new_id, state="open", x=row["x"] + east_m, y=row["y"] + north_m, **values)
    joined = FACILITIES.conform(pd.concat([table, row], ignore_index=True))
    return _with_region(world, facilities=joined), Touched(frozenset(row["service"]))


def drop(world: World, facility: str) -> Changed:
    """The row of a facility goes: all rows after it move up."""
    table = world.region.facilities
    gone = table["facility_id"] == facility
    left = FACILITIES.conform(table[~gone])
    return _with_region(world, facilities=left), Touched(frozenset(table.loc[gone, "service"]))


def visit(world: World, service: str, place: str) -> Changed:
    """A mobile service comes to a place every week."""
    row = MOBILE_VISITS.conform(
        pd.DataFrame([{"visit_id": "new", "service": service, "place_id": place, "rhythm_weeks": 1.0}])
    )
    joined = MOBILE_VISITS.conform(pd.concat([world.region.mobile_visits, row], ignore_index=True))
    return _with_region(world, mobile_visits=joined), Touched(frozenset({service}))


def standard(world: World, service: str, mode: str, factor: float) -> Changed:
    """Another minimum standard of one service."""
    one = world.catalogue.services[service]
    old = one.standards[mode]  # type: ignore[index]
    stricter = replace(old, minimum=replace(old.minimum, value=old.minimum.value * factor), target=None)
    changed = replace(one, standards={**one.standards, mode: stricter})
    services = {**world.catalogue.services, service: changed}
    return replace(world, catalogue=replace(world.catalogue, services=services)), Touched(frozenset({service}))


def figure(world: World, figure_id: str, factor: float) -> Changed:
    """Another value of a figure."""
    old = world.catalogue.figures[figure_id]
    figures = {**world.catalogue.figures, figure_id: replace(old, value=old.value * factor)}
    return replace(world, catalogue=replace(world.catalogue, figures=figures)), Touched()


def population(world: World, factor: float) -> Changed:
    """More or fewer people in every second cell."""
    cells = world.region.cells.copy()
    for column in [c for c in cells.columns if c == "persons" or c.startswith("p_")]:
        cells.loc[cells.index[::2], column] *= factor
    return _with_region(world, cells=cells), Touched(population=True)


def fewer_trips(world: World, rows: list[int]) -> Changed:
    """Trips are taken out of the default day and of every type of day."""
    network = world.network
    assert network.timetable is not None

    def without(timetable: Timetable) -> Timetable:
        return remove_trips(timetable, np.array([r % len(timetable.trips) for r in rows]))

    days = {d: replace(of, timetable=without(of.timetable)) for d, of in network.day_types.items()}
    changed = replace(network, timetable=without(network.timetable), day_types=days)
    return replace(world, network=changed), Touched(timetable=True)


def both(world: World, *changes: Callable[[World], Changed]) -> Changed:
    """Several changes one after the other, touched together."""
    touched = []
    for change in changes:
        world, one = change(world)
        touched.append(one)
    return world, reduce(lambda a, b: a | b, touched)


def few_services() -> Catalogue:
    """The shipped catalogue with ten services only, so that a full run takes no second."""
    whole = tiny_region.catalogue()
    names = {
        "supermarket", "discounter", "village_shop", "bakery", "pharmacy", "general_practitioner", "home_care", "fire_station", "bus_stop",
        "rail_station",
    }  # fmt: skip
    return replace(
        whole,
        services={s: one for s, one in whole.services.items() if s in names},
        core=tuple(item for item in whole.core if names.issuperset(item.services)),
        five=tuple(item for item in whole.five if names.issuperset(item.services)),
    )


@cache
def tiny_workspace() -> Workspace:
    """The three places of `worlds.tiny_region` with bus stops and a school day and a Sunday without the first bus."""
    region = tiny_region.region(
        facilities=(
            ("stop_a", "bus_stop", tiny_region.A, 20.0, 0.0, "certain"),
            ("stop_c", "bus_stop", tiny_region.C, 10000.0, 30.0, "certain"),
            ("doctor", "general_practitioner", tiny_region.C, 10000.0, 300.0, "certain"),
            ("shop", "village_shop", tiny_region.B, 5100.0, 0.0, "certain"),
        )
    )
    network = tiny_region.network()
    timetable = network.timetable
    assert timetable is not None
    sunday = remove_trips(timetable, np.array([0, 3, 4]))
    days = {
        "school": DayTimetable("school", timetable, "2026-11-24", {"gtfs": "2026-11-24"}, common=True),
        "sunday": DayTimetable("sunday", sunday, "2026-11-29", {"gtfs": "2026-11-29"}, common=True),
    }
    return Workspace(World(region, replace(network, day_types=days), few_services()), threads=1)


CHANGES: Mapping[str, Callable[[World], Changed]] = {
    "open": lambda w: open_like(w, "market", "new", -5000.0, 100.0),
    "open beside": lambda w: open_like(w, "pharmacy", "new", 0.0, 0.0),
    "close": lambda w: close(w, "pharmacy"),
    "close the only one": lambda w: close(w, "fire"),
    "close one of a core function": lambda w: close(w, "market"),
    "drop the row": lambda w: drop(w, "maybe"),
    "move": lambda w: move(w, "market", -4900.0, 20.0),
    "surer": lambda w: patch(w, "maybe", certainty="certain"),
    "resize": lambda w: patch(w, "care", capacity=12.0),
    "hours": lambda w: patch(w, "doctor", opening_hours="Mo-Fr 08:00-10:00"),
    "visit": lambda w: visit(w, "pharmacy", tiny_region.A),
    "close a stop": lambda w: close(w, "stop_a"),
    "open a stop": lambda w: open_like(w, "stop_a", "stop_b", 5000.0, 10.0),
    "open a station": lambda w: open_like(w, "stop_a", "station", 10.0, 10.0, service="rail_station"),
    "stricter on foot": lambda w: standard(w, "pharmacy", "walk", 0.5),
    "stricter by car": lambda w: standard(w, "pharmacy", "car", 0.4),
    "stricter by bus": lambda w: standard(w, "supermarket", "pt", 0.5),
    "more people": lambda w: population(w, 3.0),
    "fewer people": lambda w: population(w, 0.2),
    "a trip less": lambda w: fewer_trips(w, [5]),
    "no bus to Adorf": lambda w: fewer_trips(w, [0]),
    "no buses": lambda w: fewer_trips(w, list(range(29))),
    "slower walk": lambda w: figure(w, "walk_speed.all", 0.8),
    "less near": lambda w: figure(w, "state.at_place_walk_m", 0.5),
    "people and pharmacy": lambda w: both(w, lambda v: population(v, 2.0), lambda v: close(v, "pharmacy")),
    "trip and market": lambda w: both(w, lambda v: fewer_trips(v, [7]), lambda v: move(v, "market", 0.0, 900.0)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_the_tiny_region_is_answered_as_by_the_full_run(name: str) -> None:
    """Travel times, round trips, letters and shares after one change equal those computed from scratch."""
    workspace = tiny_workspace()
    world, touched = CHANGES[name](workspace.world)
    assert_as_full_run(workspace.answer(world, touched), world)


@cache
def district_workspace() -> Workspace:
    """Two schools, of which the far one is assigned to Adorf."""
    base = tiny_workspace().world
    region = tiny_region.region(
        facilities=(
            ("stop_a", "bus_stop", tiny_region.A, 20.0, 0.0, "certain"),
            ("school_a", "primary_school", tiny_region.A, 0.0, 100.0, "certain"),
            ("school_b", "primary_school", tiny_region.B, 5000.0, 200.0, "certain"),
        )
    )
    row = {"service": "primary_school", "place_id": tiny_region.A, "facility_id": "school_b"}
    region = replace(region, assigned=ASSIGNED.conform(pd.DataFrame([row])))
    whole = tiny_region.catalogue()
    names = {"primary_school", *few_services().services}
    catalogue = replace(whole, services={s: one for s, one in whole.services.items() if s in names}, core=(), five=())
    return Workspace(replace(base, region=region, catalogue=catalogue), threads=1)


@pytest.mark.parametrize(
    "change",
    [
        lambda w: close(w, "school_b"),
        lambda w: close(w, "school_a"),
        lambda w: drop(w, "school_a"),
        lambda w: drop(w, "school_b"),
        lambda w: move(w, "school_b", 300.0, 0.0),
        lambda w: open_like(w, "school_a", "new", 10.0, 10.0),
        lambda w: open_like(w, "stop_a", "stop_b", 5000.0, 10.0),
        lambda w: fewer_trips(w, [0, 5]),
        lambda w: both(w, lambda v: close(v, "school_b"), lambda v: fewer_trips(v, [7])),
    ],
)
def test_districts_are_answered_as_by_the_full_run(change: Callable[[World], Changed]) -> None:
    """Where a school is assigned, a change of schools, stops or trips is answered as by the full run."""
    workspace = district_workspace()
    world, touched = change(workspace.world)
    answer = workspace.answer(world, touched)
    assert_as_full_run(answer, world)
    again, more = patch(world, str(world.region.facilities["facility_id"].iloc[-1]), capacity=1.0)
    assert_as_full_run(workspace.answer(again, more, on=answer), again)


def test_the_base_is_the_full_run() -> None:
    """Without a change the workspace holds what a run computes."""
    workspace = tiny_workspace()
    assert_as_full_run(workspace.base, workspace.world)


@settings(max_examples=8)
@given(
    st.lists(st.sampled_from(sorted(set(CHANGES) - {"open", "open beside", "drop the row"})), min_size=2, max_size=4)
)
def test_changes_build_on_one_another(names: list[str]) -> None:
    """Any sequence of changes, each answered on the answer before, ends where one full run of all of them ends."""
    workspace = tiny_workspace()
    answer = workspace.base
    for name in dict.fromkeys(names):
        world, touched = CHANGES[name](answer.world)
        answer = workspace.answer(world, touched, on=answer)
    assert_as_full_run(answer, answer.world)


def test_a_facility_opens_moves_and_closes_again() -> None:
    """Columns that only an answer holds are carried on, replaced and dropped."""
    workspace = tiny_workspace()
    answer = workspace.base
    steps: list[Callable[[World], Changed]] = [
        lambda w: open_like(w, "market", "n1", -5000.0, 50.0),
        lambda w: open_like(w, "pharmacy", "n2", -9900.0, 50.0),
        lambda w: drop(w, "care"),
        lambda w: move(w, "n1", -4000.0, 0.0),
        lambda w: close(w, "n2"),
        lambda w: patch(w, "n2", state="open"),
    ]
    for step in steps:
        world, touched = step(answer.world)
        answer = workspace.answer(world, touched, on=answer)
        assert_as_full_run(answer, world)


def test_only_the_touched_service_is_computed() -> None:
    """All other services of an answer are the base's own objects, and so are its columns and its nearest."""
    workspace = tiny_workspace()
    base = workspace.base
    answer = workspace.answer(*close(workspace.world, "pharmacy"))
    assert answer.services == ("pharmacy",)
    assert answer.parts.service("supermarket") is base.parts.service("supermarket")
    assert answer.layers.whole is base.layers.whole
    assert (
        answer.layers.top.nearest["supermarket", "car", "any"] is base.layers.top.nearest["supermarket", "car", "any"]
    )
    assert len(answer.layers.top.car.home) == 0  # no column of its own


def test_a_stop_that_loses_its_buses_is_touched_though_nobody_named_it() -> None:
    """Without any bus the stop of Cstadt is no target any more."""
    workspace = tiny_workspace()
    world, _ = fewer_trips(workspace.world, list(range(29)))
    answer = workspace.answer(world, Touched(timetable=True))
    assert "bus_stop" in answer.services
    assert len(answer.reach.targets) == len(workspace.base.reach.targets) - 1


def test_columns_whose_profiles_did_not_change_are_not_merged_again() -> None:
    """A bus before the window and far from the targets leaves columns as they are: they are taken over, and counted."""
    workspace = tiny_workspace()
    answer = workspace.answer(*fewer_trips(workspace.world, [0]))
    assert answer.merges.skipped > 0


def test_ten_answers_side_by_side_share_the_base() -> None:
    """Ten scenarios on one base: each is right, and none holds more columns of its own than it opened facilities."""
    workspace = tiny_workspace()
    answers: list[Answer] = []
    for k in range(10):
        answers.append(workspace.answer(*open_like(workspace.world, "market", f"n{k}", -1000.0 * k, 40.0)))
    for k in (0, 4, 9):
        assert_as_full_run(answers[k], answers[k].world)
    for answer in answers:
        assert answer.layers.whole is workspace.base.layers.whole
        assert (np.diff(answer.layers.top.foot.ptr) > 0).sum() <= 1


def test_several_threads_may_ask_one_workspace() -> None:
    """A cold workspace answers three changes at the same time as it answers them one by one."""
    world = tiny_workspace().world
    names = ("close", "move", "a trip less")
    with ThreadPoolExecutor(3) as pool:
        cold = Workspace(world, threads=1)
        answers = list(pool.map(lambda name: cold.answer(*CHANGES[name](world)), names))
    for name, answer in zip(names, answers, strict=True):
        alone = tiny_workspace().answer(*CHANGES[name](world))
        assert_same_reach(answer.reach, alone.reach)
        assert_same_supply(answer.supply, alone.supply)


def test_every_figure_that_travel_times_read_makes_them_anew() -> None:
    """`compute_reach` asks for no figure that is not among `REACH_FIGURES`."""
    asked: set[str] = set()

    class Listening(dict):  # type: ignore[type-arg]
        def __getitem__(self, key: str) -> object:
            asked.add(key)
            return super().__getitem__(key)

    world = tiny_workspace().world
    catalogue = replace(world.catalogue, figures=Listening(world.catalogue.figures))
    compute_reach(world.region, world.network, catalogue, threads=1)
    assert asked
    assert {a for a in asked if not a.startswith(REACH_FIGURES)} == set()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample region: streets, two feeds, trips on demand, all types of days."""
    folder = tmp_path_factory.mktemp("sample") / "musterkreis"
    write_sample(folder, seed=1)
    catalogue: Catalogue = read_catalogue()
    region: Region = read_region(folder, catalogue=catalogue)
    network: Network = build_network(region, catalogue)
    workspace = Workspace(World(region, network, catalogue))
    workspace.warm()
    return workspace


def _first(workspace: Workspace, service: str) -> str:
    table = workspace.world.region.facilities
    mine = table[(table["service"] == service) & (table["state"] == "open") & (table["merged_into"] == "")]
    return str(mine["facility_id"].iloc[0])


@pytest.mark.parametrize("service", ["pharmacy", "bus_stop"])
def test_opening_moving_and_closing_in_the_sample_region(sample: Workspace, service: str) -> None:
    """One facility opens, another moves, a third closes, each on the answer before."""
    one = _first(sample, service)
    answer = sample.answer(*open_like(sample.world, one, "new", 1500.0, -700.0))
    assert_as_full_run(answer, answer.world)
    answer = sample.answer(*move(answer.world, one, 400.0, 250.0), on=answer)
    answer = sample.answer(*close(answer.world, "new"), on=answer)
    assert_as_full_run(answer, answer.world)
    assert service in answer.services


def test_trips_people_and_standards_of_the_sample_region(sample: Workspace) -> None:
    """Trips (also on demand) leave the timetable, people move away, a standard becomes stricter: equal to one full run."""
    trips = len(sample.world.network.timetable.trips)  # type: ignore[union-attr]
    answer = sample.answer(*fewer_trips(sample.world, [3, trips // 2, trips - 1]))
    assert answer.merges.skipped > 0
    assert_as_full_run(answer, answer.world)
    answer = sample.answer(*population(answer.world, 0.5), on=answer)
    answer = sample.answer(*standard(answer.world, "pharmacy", "car", 0.5), on=answer)
    assert_as_full_run(answer, answer.world)
