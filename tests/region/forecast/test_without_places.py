"""Registers that tell places and their municipality count nobody twice."""

from __future__ import annotations

import numpy as np

from ankerort.region.forecast.trend import without_places


def test_a_municipality_told_with_its_places_is_their_rest() -> None:
    """60 + 30 of 100: the municipality stands for the other 10; told in full it falls away; alone it stays."""

    def of(persons: float) -> np.ndarray:
        return np.full((2, 2), persons / 4)

    counts = {
        ("15001000", ""): of(100.0),
        ("15001000", "a"): of(60.0),
        ("15001000", "b"): of(30.0),
        ("15001001", ""): of(50.0),
        ("15001001", "c"): of(50.0),
        ("15002002", ""): of(70.0),
    }
    found = {key: round(float(persons.sum()), 9) for key, persons in without_places(counts).items()}
    assert found == {
        ("15001000", ""): 10.0,
        ("15001000", "a"): 60.0,
        ("15001000", "b"): 30.0,
        ("15001001", "c"): 50.0,
        ("15002002", ""): 70.0,
    }
