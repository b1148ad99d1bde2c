"""Rows of a table that has changed, found again by their ids."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def row_moves(old_ids: NDArray[np.object_], new_ids: NDArray[np.object_]) -> NDArray[np.int32] | None:
    """For each row of the old table its row in the new one, -1 where it is gone; None if all old rows stand where they stood.

    Parameters
    ----------
    old_ids, new_ids
        Ids, each unique.
    """
    if old_ids is new_ids:
        return None
    if len(old_ids) <= len(new_ids) and bool((old_ids == new_ids[: len(old_ids)]).all()):
        return None
    return pd.Index(new_ids, dtype=object).get_indexer(pd.Index(old_ids, dtype=object)).astype(np.int32)


def move_rows(rows: NDArray[np.int32], moves: NDArray[np.int32] | None) -> NDArray[np.int32]:
    """Rows of the old table as rows of the new one, see `row_moves`; negative ones (none) stay."""
    if moves is None or not len(moves):
        return rows
    return np.where(rows >= 0, moves[np.maximum(rows, 0)], rows).astype(np.int32)
