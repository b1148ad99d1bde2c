"""Arrays on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ankerort.base.arrays import load_arrays, save_arrays


def test_arrays_come_back_with_type_and_shape_also_empty_ones(tmp_path: Path) -> None:
    """Types, shapes and emptiness are kept; large ones are mapped, not read."""
    arrays = {
        "empty": np.empty(0, np.int32),
        "flat": np.arange(5, dtype=np.int64),
        "table": np.ones((2, 3)),
        "flags": np.array([True, False]),
    }
    save_arrays(tmp_path / "new", "foot", arrays)
    found = load_arrays(tmp_path / "new", "foot")
    assert set(found) == set(arrays)
    for name, values in arrays.items():
        np.testing.assert_array_equal(found[name], values)
        assert found[name].dtype == values.dtype and found[name].shape == values.shape
    assert isinstance(found["flat"], np.memmap)


def test_names_that_begin_alike_are_kept_apart(tmp_path: Path) -> None:
    """``pt`` does not take the arrays of ``pt.more``; a missing name has none."""
    save_arrays(tmp_path, "pt", {"a": np.zeros(1)})
    save_arrays(tmp_path, "pt.more", {"a": np.ones(1)})
    assert [v.tolist() for v in load_arrays(tmp_path, "pt").values()] == [[0.0]]
    assert load_arrays(tmp_path, "car") == {}
