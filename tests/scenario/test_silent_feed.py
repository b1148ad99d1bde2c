"""Answers in a world in which a feed is silent on holidays: what it may carry is that of the full run."""

from __future__ import annotations

from functools import cache

import pytest

from ankerort.scenario.workspace import Workspace
from ankerort.scenario.world import Touched, World
from worlds import silent_city, tiny_region

from .full_run import assert_as_full_run
from .test_workspace import Changed, close, fewer_trips, move, open_like


@cache
def workspace() -> Workspace:
    """The world of `worlds.silent_city`."""
    return Workspace(World(silent_city.region(), silent_city.network(), tiny_region.catalogue()))


CHANGES = {
    "nothing": lambda w: (w, Touched()),
    "a hospital closes": lambda w: close(w, "land"),
    "a hospital opens at Cstadt": lambda w: open_like(w, "clinic", "new", -6000.0, 0.0),
    "a hospital moves away from the stop": lambda w: move(w, "clinic", 2000.0, 0.0),
    "a bus less": lambda w: fewer_trips(w, [3]),
    "no bus but one": lambda w: fewer_trips(w, list(range(1, 56))),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_answer_is_the_full_run(name: str) -> None:
    """Ways to and from the silent feed follow each change; where they differ for homes, all services are told anew."""
    base = workspace()
    changed: Changed = CHANGES[name](base.world)
    assert_as_full_run(base.answer(*changed), changed[0])


def test_answers_build_on_one_another() -> None:
    """A facility that opened in an answer keeps its ways to the silent feed in the next one."""
    base = workspace()
    answer = base.answer(*open_like(base.world, "clinic", "new", -6000.0, 0.0))
    world, touched = fewer_trips(answer.world, [3])
    answer = base.answer(world, touched, on=answer)
    assert_as_full_run(answer, world)
    world, touched = close(world, "clinic")
    assert_as_full_run(base.answer(world, touched, on=answer), world)
