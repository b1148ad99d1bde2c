"""There and back, and statements, before and after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ankerort.reach.model import ON_FOOT_ANY_TIME, Reach, RoundTripColumns, TripKey
from ankerort.scenario.apply import apply_scenario
from ankerort.scenario.changes import OpenFacility
from ankerort.scenario.compare import compare
from ankerort.scenario.compare_trips import compare_trips
from ankerort.scenario.resolve import resolve
from ankerort.scenario.scenario import Scenario
from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Answer, World

KEY = TripKey("all", "school", False)


def _with_pairs(reach: Reach, service: str, pairs: dict[int, int], *, known: tuple[int, ...] = ()) -> Reach:
    """The reach with these pairs (row of the cell -> pairs) for the first target of a service; `known` cells only if given."""
    of_service = reach.targets["service"].to_numpy(object)[reach.pt_targets] == service
    first = int(np.flatnonzero(of_service)[0])
    ptr = np.zeros(len(reach.pt_targets) + 1, np.int64)
    ptr[first + 1 :] = len(pairs)
    home = np.array(sorted(pairs), np.int32)
    nothing = np.zeros(len(pairs), np.int32)
    count = np.array([pairs[int(h)] for h in home], np.int16)
    day = np.ones(len(reach.cell_known["foot"]), bool)
    if known:
        day[:] = False
        day[list(known)] = True
    columns = RoundTripColumns(ptr, home, count, nothing, nothing, nothing, nothing)
    return replace(reach, round_trips={KEY: columns}, day_known={"school": day})


def test_who_gets_there_and_back_now(today: Answer) -> None:
    """Cell b1 (30 people) had no pair and has two, c1 (100) had one and has none, c2 (100) walks: 30 gain, 100 lose."""
    before = _with_pairs(today.reach, "supermarket", {4: 1, 5: ON_FOOT_ANY_TIME})
    after = _with_pairs(today.reach, "supermarket", {2: 2, 5: ON_FOOT_ANY_TIME})
    rows = compare_trips(["supermarket", "pharmacy"], before, after, today.parts.areas)
    assert set(rows["service"]) == {"supermarket"}
    study = rows[rows["level"] == "study"].iloc[0]
    assert (study["gain"], study["lose"], study["persons"]) == (30.0, 100.0, 340.0)
    # the 240 who do not walk: 100 of them had one pair, then 30 have two
    np.testing.assert_allclose([study["pairs_before"], study["pairs_after"]], [100 / 240, 60 / 240])
    assert set(rows.loc[rows["level"] == "place", "area_id"]) == {"b", "c"}


def test_pairs_with_the_school_of_another_district_do_not_count(today: Answer) -> None:
    """Cell b1 (30 people) gets two pairs with a facility: it gains if that is the one assigned to it, else nothing changes."""
    after = _with_pairs(today.reach, "supermarket", {2: 2})
    of_service = today.reach.targets["service"].to_numpy(object)[today.reach.pt_targets] == "supermarket"
    row = int(today.reach.targets["row"].to_numpy()[today.reach.pt_targets][np.flatnonzero(of_service)[0]])
    before = _with_pairs(today.reach, "supermarket", {})
    for assigned, gain in ((row, [30.0]), (row + 1, [])):
        theirs = np.full(len(today.reach.cell_known["foot"]), -1, np.int32)
        theirs[2] = assigned
        rows = compare_trips(
            ["supermarket"], before, replace(after, assigned={"supermarket": theirs}), today.parts.areas
        )
        assert rows.loc[rows["level"] == "study", "gain"].tolist() == gain


def test_what_is_not_known_on_the_day_is_left_out(today: Answer) -> None:
    """Only cell c1 is known on both sides: the gain of b1 does not count."""
    before = _with_pairs(today.reach, "supermarket", {4: 1}, known=(2, 4))
    after = _with_pairs(today.reach, "supermarket", {2: 2}, known=(4,))
    rows = compare_trips(["supermarket"], before, after, today.parts.areas)
    study = rows[rows["level"] == "study"].iloc[0]
    assert (study["gain"], study["lose"]) == (0.0, 100.0)
    assert compare_trips(["supermarket"], before, before, today.parts.areas).empty


def test_standards_that_are_met_now(world: World, workspace: Workspace) -> None:
    """A market in Bdorf: on foot Bdorf meets the standard (40 people were short); by car Adorf's municipality does (100 were)."""
    changed, touched = apply_scenario(
        world, resolve(Scenario("Plan", (OpenFacility("supermarket", place="Bdorf"),)), world)
    )
    rows = compare(workspace.base, workspace.answer(changed, touched)).statements
    rows = rows[(rows["set_id"] == "catalogue") & (rows["group"] == "all")].set_index(["mode", "level", "area_id"])
    assert rows.loc[("foot", "place", "b"), ["before", "after", "short_before", "short_after"]].tolist() == [
        "no",
        "yes",
        40.0,
        0.0,
    ]
    assert rows.loc[("car", "municipality", "15001000"), ["before", "after", "short_before"]].tolist() == [
        "no",
        "yes",
        100.0,
    ]
    assert (rows["service"] == "supermarket").all()
