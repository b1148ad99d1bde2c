"""A reach on disk: nothing is lost, and finished columns are not computed again."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from ankerort.reach import compute
from ankerort.reach.compute import compute_reach
from ankerort.reach.model import PtKey, Reach, TripKey
from ankerort.reach.store import PtStore, load_reach, save_reach
from reference.same_reach import assert_same
from worlds import tiny_days
from worlds import tiny_region as world


@pytest.fixture(scope="module")
def reach() -> Reach:
    """Travel times of the three places."""
    return compute_reach(world.region(), world.network(), world.catalogue(), threads=1)


def test_a_stored_reach_comes_back_whole(reach: Reach, tmp_path: Path) -> None:
    """Every field of a reach is the same after writing and reading."""
    save_reach(reach, tmp_path)
    assert_same(reach, load_reach(tmp_path))


def test_a_reach_without_public_transport_comes_back_too(tmp_path: Path) -> None:
    """No timetable: empty columns and no keys survive."""
    bare = compute_reach(world.region(), world.network(with_timetable=False), world.catalogue(), threads=1)
    save_reach(bare, tmp_path)
    assert_same(bare, load_reach(tmp_path))


def test_columns_finished_before_an_interruption_are_not_computed_again(
    reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of four keys are in the store: only the other two are asked for, and the result is that of a whole run."""
    store = PtStore(tmp_path)
    keys = list(reach.pt)
    for key in keys[:2]:
        store.keep(key, reach.pt[key])
    asked: list[PtKey] = []
    whole = compute.compute_pt

    def watched(network, walks, missing, *rest, **options):  # type: ignore[no-untyped-def]
        asked.extend(missing)
        return whole(network, walks, missing, *rest, **options)

    monkeypatch.setattr(compute, "compute_pt", watched)
    again = compute_reach(world.region(), world.network(), world.catalogue(), pt_store=store, threads=1)
    assert asked == keys[2:]
    assert_same(reach, again)


def test_round_trips_are_stored_and_not_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Round trips, days known and hours come back whole; of six keys two are in the store, and only the others are asked for."""
    region, network, catalogue = world.region(), tiny_days.network(), world.catalogue()
    whole = compute_reach(region, network, catalogue, threads=1)
    assert len(whole.round_trips) == 6
    assert any((columns.pairs > 0).any() for columns in whole.round_trips.values())
    save_reach(whole, tmp_path / "saved")
    assert_same(whole, load_reach(tmp_path / "saved"))
    store = PtStore(tmp_path / "store")
    keys = list(whole.round_trips)
    for key in keys[:2]:
        store.keep_trips(key, whole.round_trips[key])
    asked: list[TripKey] = []
    every = compute.compute_round_trips

    def watched(region, network, targets, rows, walks, missing, **options):  # type: ignore[no-untyped-def]
        asked.extend(missing)
        return every(region, network, targets, rows, walks, missing, **options)

    monkeypatch.setattr(compute, "compute_round_trips", watched)
    assert_same(whole, compute_reach(region, network, catalogue, pt_store=store, threads=1))
    assert asked == keys[2:]


def test_half_written_columns_do_not_count(reach: Reach, tmp_path: Path) -> None:
    """Arrays without their mark are those of an interrupted run."""
    store = PtStore(tmp_path)
    key = next(iter(reach.pt))
    store.keep(key, reach.pt[key])
    assert list(store.load([key])) == [key]
    next(tmp_path.glob("*.ok")).unlink()
    assert store.load([key]) == {}


def test_empty_columns_are_kept(reach: Reach, tmp_path: Path) -> None:
    """A key without any home is there, with no rows."""
    key, columns = next(iter(reach.pt.items()))
    none = np.empty(0, np.int32)
    empty = replace(columns, ptr=np.zeros(1, np.int64), **{f.name: none for f in fields(columns) if f.name != "ptr"})
    kept = PtStore(tmp_path).keep(key, empty)
    assert kept.ptr.tolist() == [0]
    assert len(kept.home) == 0
