"""Columns in two layers: shared ones and own ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ankerort.network.model import SparseColumns
from ankerort.reach.compute import compute_reach
from ankerort.reach.layers import ReachLayers, TargetKeys, gather_columns, no_columns
from ankerort.reach.model import PtColumns
from worlds import tiny_region as world


def _columns(*columns: dict[int, int]) -> SparseColumns:
    ptr = np.concatenate([[0], np.cumsum([len(c) for c in columns])]).astype(np.int64)
    home = np.array([h for c in columns for h in c], np.int32)
    return SparseColumns(ptr, home, np.array([v for c in columns for v in c.values()], np.int32))


def _at(*rows: int) -> np.ndarray:
    return np.array(rows, np.intp)


def test_columns_of_two_sets_are_put_into_any_order() -> None:
    """Each named column stands where it is asked for; all others are empty."""
    one, other = _columns({0: 5, 3: 6}, {1: 1}), _columns({2: 9})
    found = gather_columns(4, [(_at(3, 0), one, _at(0, 1)), (_at(2), other, _at(0))], like=one)
    assert [dict(zip(*(a.tolist() for a in found.column(k)), strict=True)) for k in range(4)] == [
        {1: 1}, {}, {2: 9}, {0: 5, 3: 6},
    ]  # fmt: skip
    assert found.ptr.dtype == np.int64 and found.home.dtype == np.int32


def test_hashes_go_with_their_columns() -> None:
    """A column keeps its hash; empty columns and those of a set without hashes have 0."""
    home = np.array([4, 5, 6], np.int32)
    kept = PtColumns(np.array([0, 1, 3]), *(home for _ in range(6)), profile_hash=np.array([7, 8], np.uint64))
    bare = replace(kept, profile_hash=np.empty(0, np.uint64))
    found = gather_columns(3, [(_at(2), kept, _at(0)), (_at(0), bare, _at(1))], like=kept)
    assert found.profile_hash.tolist() == [0, 0, 7]
    assert found.clock_s.tolist() == [5, 6, 4]
    assert len(gather_columns(1, [(_at(0), bare, _at(0))], like=kept).profile_hash) == 0
    assert no_columns(kept, 2).ptr.tolist() == [0, 0, 0]


def test_a_target_is_the_same_only_at_its_place_for_its_service() -> None:
    """Moved, of another service or new: not the same; a facility and a place of one id are two."""
    region = world.region()
    reach = compute_reach(region, world.network(), world.catalogue(), threads=1)
    keys = TargetKeys.of(reach.targets, region)
    assert keys.find(keys).tolist() == list(range(len(reach.targets)))
    moved = replace(keys, x=keys.x + np.where(np.arange(len(keys.x)) == 1, 1.0, 0.0))
    assert keys.find(moved)[:3].tolist() == [0, -1, 2]
    service = keys.service.copy()
    service[0] = "bakery"
    assert keys.find(replace(keys, service=service))[0] == -1
    assert "facility market" in keys.ids and "place a" in keys.ids


def test_a_whole_reach_gives_back_its_own_columns() -> None:
    """Nothing is copied as long as nothing has changed; the columns of one service leave the others empty."""
    region = world.region()
    reach = compute_reach(region, world.network(), world.catalogue(), threads=1)
    layers = ReachLayers.of_whole(reach, region)
    assert layers.full().car is reach.car
    part = layers.of(["pharmacy"])
    mine = (reach.targets["service"] == "pharmacy").to_numpy(bool)
    assert (np.diff(part.foot.ptr)[~mine] == 0).all()
    for k in np.flatnonzero(mine):
        assert part.foot.column(int(k))[1].tolist() == reach.foot.column(int(k))[1].tolist()
    pd.testing.assert_frame_equal(part.targets, reach.targets)
