"""Collecting parts of an array."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.base.growing import GrowingInt32


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9000), max_size=8))
def test_parts_come_out_as_they_went_in(lengths):
    """However many parts of whatever length: the result is their concatenation, exactly as long, of type int32."""
    rng = np.random.default_rng(len(lengths))
    parts = [rng.integers(-(2**31), 2**31, n).astype(np.int32) for n in lengths]
    collected = GrowingInt32()
    for part in parts:
        collected.append(part)
    assert collected.size == sum(lengths)
    found = collected.finish()
    assert found.dtype == np.int32
    assert found.tolist() == np.concatenate([np.empty(0, np.int32), *parts]).tolist()
