"""Whether an answer is that of the full run: every table and every array."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np
import pandas as pd

from ankerort.reach.compute import compute_reach
from ankerort.reach.model import Reach
from ankerort.reach.public_transport import STORED_GROUPS
from ankerort.scenario.world import Answer, World
from ankerort.supply.assess import assess
from ankerort.supply.model import Supply


def assert_as_full_run(answer: Answer, world: World, *, groups: tuple[str, ...] = STORED_GROUPS) -> None:
    """The answer's reach and supply are those computed from scratch."""
    reach = compute_reach(world.region, world.network, world.catalogue, groups=groups)
    assert_same_reach(answer.reach, reach)
    assert_same_supply(answer.supply, assess(world.region, reach, world.catalogue))


def assert_same_reach(one: Reach, other: Reach) -> None:
    """All tables and arrays, of all keys."""
    for field in fields(Reach):
        _assert_same(getattr(one, field.name), getattr(other, field.name), field.name)


def assert_same_supply(one: Supply, other: Supply) -> None:
    """All tables, exactly."""
    for field in fields(Supply):
        _assert_same(getattr(one, field.name), getattr(other, field.name), field.name)


def _assert_same(one: object, other: object, name: str) -> None:
    if isinstance(other, pd.DataFrame):
        assert isinstance(one, pd.DataFrame), name
        pd.testing.assert_frame_equal(one, other, check_exact=True, obj=name)
    elif isinstance(other, np.ndarray):
        assert isinstance(one, np.ndarray) and one.dtype == other.dtype, name
        np.testing.assert_array_equal(one, other, err_msg=name)
    elif isinstance(other, Mapping):
        assert isinstance(one, Mapping) and set(one) == set(other), name
        for key, value in other.items():
            _assert_same(one[key], value, f"{name} {key}")
    elif is_dataclass(other) and not isinstance(other, type):
        assert type(one) is type(other), name
        for field in fields(other):
            _assert_same(getattr(one, field.name), getattr(other, field.name), f"{name}.{field.name}")
    else:
        assert one == other, name
