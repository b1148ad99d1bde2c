"""Each trap of the data notes is held by a test; the table in docs/method/traps.md names it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from ankerort.network.model import Timetable
from reference.small_feed import build, codes, tables

REPOSITORY = Path(__file__).resolve().parents[2]
TABLE = (REPOSITORY / "docs" / "method" / "traps.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)


def test_every_trap_has_a_test() -> None:
    """No row of the table is without a test."""
    rows = [line for line in TABLE.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 30
    assert len(NAMED) == len(rows)


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_named_test_exists(file: str, name: str) -> None:
    """The function stands in the file that the table names."""
    tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders."""
    folders = (tmp_path / "a", tmp_path / "b")
    for folder in folders:
        folder.mkdir()
    return folders


def _same(one: Timetable, other: Timetable) -> None:
    assert len(one.dep_s) > 0
    for field in ("from_stop", "to_stop", "dep_s", "arr_s", "trip", "can_board", "can_alight"):
        assert np.array_equal(getattr(one, field), getattr(other, field)), field
    assert one.trips.equals(other.trips)
    assert one.stops.equals(other.stops)


def test_shapes_of_a_feed_change_nothing(two: tuple[Path, Path]) -> None:
    """Shapes that are straight lines (or nonsense) are no road geometry: the timetable is the same without them."""
    shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nx,52.1,11.5,0\nx,0,0,kaputt\n"
    plain, before = build(two[0], tables())
    drawn, after = build(two[1], tables(shapes=shapes))
    _same(plain, drawn)
    assert codes(before) == codes(after) == {}


def test_frequencies_without_rows_change_nothing(two: tuple[Path, Path]) -> None:
    """A header alone is a file that says nothing; it is no problem."""
    header = "trip_id,start_time,end_time,headway_secs,exact_times\n"
    plain, before = build(two[0], tables())
    headed, after = build(two[1], tables(frequencies=header))
    _same(plain, headed)
    assert codes(before) == codes(after) == {}
