"""Rows are found again by their ids."""

from __future__ import annotations

import numpy as np

from ankerort.base.rows import move_rows, row_moves


def _ids(*names: str) -> np.ndarray:
    return np.array(names, dtype=object)


def test_rows_added_at_the_end_move_nothing() -> None:
    """Where all old rows stand where they stood there is nothing to translate."""
    assert row_moves(_ids("a", "b"), _ids("a", "b", "c")) is None
    rows = np.array([1, -1], np.int32)
    assert move_rows(rows, None) is rows


def test_a_row_taken_out_moves_those_after_it() -> None:
    """Rows after a lost one move up; who named the lost one names none; none stays none."""
    moves = row_moves(_ids("a", "b", "c"), _ids("a", "c", "d"))
    assert moves is not None
    assert moves.tolist() == [0, -1, 1]
    assert move_rows(np.array([2, 1, -1, 0], np.int32), moves).tolist() == [1, -1, -1, 0]


def test_a_shorter_table_and_an_empty_one() -> None:
    """The last row goes; nobody has a row in an empty table."""
    moves = row_moves(_ids("a", "b"), _ids("a"))
    assert moves is not None and moves.tolist() == [0, -1]
    gone = row_moves(_ids("a"), _ids())
    assert move_rows(np.array([0], np.int32), gone).tolist() == [-1]
