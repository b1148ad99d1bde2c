"""Shortfall by area against a slow reference, and the verdict."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.supply.areas import AreaIndex
from ankerort.supply.shortfall import AreaSums, cell_shortfall, joined_shortfall, statement_numbers, verdict, weights
from ankerort.supply.status import BEYOND, UNKNOWN, WITHIN

LIMIT, SEARCH, NEAR = 600.0, 3600.0, 0.1
# status, seconds (None = none within the search), persons, area
CELLS = st.lists(
    st.tuples(
        st.sampled_from([BEYOND, UNKNOWN, WITHIN]),
        st.one_of(st.none(), st.integers(1, 3600)),
        st.integers(0, 50),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=12,
).map(lambda cells: [_possible(*cell) for cell in cells])
Cell = tuple[int, float, int, int]


def _possible(status: int, seconds: int | None, persons: int, area: int) -> Cell:
    """Who is within has a value within, who is beyond has none within."""
    if status == WITHIN:
        return status, float(min(seconds or 1, LIMIT)), persons, area
    if status == BEYOND and seconds is not None:
        return status, float(max(seconds, LIMIT + 1)), persons, area
    return status, np.nan if seconds is None else float(seconds), persons, area


def _slow(cells: list[Cell], area: int) -> dict[str, float]:
    """One area, cell by cell, after the definitions of docs/method/standards.md."""
    mine = [(status, x, p) for status, x, p, a in cells if a == area]
    persons = sum(p for _, _, p in mine)
    out = dict.fromkeys(("within_low", "short_low", "near_low", "near_high", "no_value", "fgt1", "fgt2"), 0.0)
    recorded_gap, recorded, excess, valued = 0.0, 0, 0.0, 0
    for status, x, p in mine:
        gap = (SEARCH if np.isnan(x) else x) / LIMIT - 1
        near = not np.isnan(x) and LIMIT < x <= LIMIT * (1 + NEAR) + 1e-9
        out["within_low"] += p * (status == WITHIN)
        out["near_high"] += p * (near and status != WITHIN)
        if status != UNKNOWN or not np.isnan(x):
            recorded += p
            recorded_gap += p * max(gap, 0.0) * (status != WITHIN)
        if status == BEYOND:
            out["short_low"] += p
            out["near_low"] += p * near
            out["no_value"] += p * bool(np.isnan(x))
            out["fgt1"] += p * gap
            out["fgt2"] += p * gap**2
            if not np.isnan(x):
                excess, valued = excess + p * (x - LIMIT) / 60, valued + p
    out["fgt1"], out["fgt2"] = (out[k] / persons if persons else np.nan for k in ("fgt1", "fgt2"))
    out["fgt1_recorded"] = recorded_gap / recorded if recorded else np.nan
    out["mean_shortfall_min"] = excess / valued if valued else np.nan
    return out | {"persons": persons, "short_high": persons - out["within_low"]}


@settings(max_examples=80, deadline=None)
@given(CELLS)
def test_the_sums_of_areas_equal_a_loop_over_cells(cells: list[Cell]) -> None:
    """Persons within, near and short, minutes and FGT of each area equal the definition, cell by cell."""
    status, seconds, persons, area = (np.array(c) for c in zip(*cells, strict=True))
    index = SimpleNamespace(cell=np.arange(len(cells)), area=area, rows=np.arange(len(cells)), count=3)
    one = cell_shortfall(
        status.astype(np.int8), seconds.astype(float), limit=LIMIT, search_limit=SEARCH, excess_per_unit=1 / 60
    )
    sums = AreaSums(cast(AreaIndex, index)).of(persons.astype(float), weights(one, NEAR))
    found = statement_numbers(sums, 0.8)
    for number in range(3):
        for name, expected in _slow(cells, number).items():
            assert found[name][number] == pytest.approx(expected, abs=1e-9, nan_ok=True), name


def test_of_several_ways_the_smallest_relative_gap_counts() -> None:
    """20 minutes for 15 by bus (a third over) beats 12 for 6 on foot (twice), though it is more minutes; nothing found is a lower bound."""
    far = np.array([BEYOND], np.int8)
    bus = cell_shortfall(far, np.array([20.0]), limit=15, search_limit=90, excess_per_unit=1)
    walk = cell_shortfall(far, np.array([12.0]), limit=6, search_limit=60, excess_per_unit=1)
    none = cell_shortfall(far, np.array([np.nan]), limit=10, search_limit=11, excess_per_unit=1)
    best = joined_shortfall([walk, bus], far)
    assert (best.gap[0], best.excess[0], best.has_value[0]) == (pytest.approx(1 / 3), 5, True)
    least = joined_shortfall([walk, bus, none], far)
    assert (least.gap[0], least.has_value[0]) == (pytest.approx(0.1), False)


@pytest.mark.parametrize(
    ("low", "high", "near", "expected"),
    [
        (80.0, 90.0, 90.0, "yes"),
        (79.0, 80.0, 80.0, "unknown"),
        (70.0, 79.0, 80.0, "near"),
        (70.0, 79.0, 79.0, "no"),
        (80.0 - 1e-12, 80.0, 80.0, "yes"),  # a rounding error decides nothing
    ],
)
def test_the_verdict_takes_the_known_first(low: float, high: float, near: float, expected: str) -> None:
    """80 are required: enough known, perhaps enough, enough with those a little over, or not."""
    assert verdict(np.array([low]), np.array([high]), np.array([near]), 80.0)[0] == expected
