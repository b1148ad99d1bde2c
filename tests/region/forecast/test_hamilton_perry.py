"""Cohort change ratios between two counts."""

from __future__ import annotations

import numpy as np
import pytest

from ankerort.region.forecast.hamilton_perry import GROUPS, CohortRatios, cohort_ratios, project

N = len(GROUPS)


def _ratios(
    first: np.ndarray, second: np.ndarray, *, k: float = 0.0, low: float = 0.0, high: float = 99.0
) -> CohortRatios:
    return cohort_ratios(
        first,
        second,
        np.zeros(len(first), dtype=np.int64),
        steps=1,
        survivors=np.ones((2, N)),
        shrink_persons=k,
        lowest=low,
        highest=high,
    )


def test_ratios_and_projection_by_hand() -> None:
    """100 women of 20 to 24 become 90 of 25 to 29 (0.9); 40 boys and 50 women of 15 to 49 make 0.8 boys per woman."""
    first, second = np.zeros((1, 2, N)), np.zeros((1, 2, N))
    first[0, 0, 4] = 100.0
    second[0, 0, 5] = 90.0
    second[0, 1, 0] = 45.0
    # the open group: 30 of 80 to 84 and 10 of 85 and older become 20
    first[0, 1, 16], first[0, 1, 17], second[0, 1, 17] = 30.0, 10.0, 20.0
    ratios = _ratios(first, second)
    assert ratios.ccr[0, 0, 5] == pytest.approx(0.9)
    assert ratios.ccr[0, 1, 17] == pytest.approx(0.5)
    assert ratios.child_woman[0, 1, 0] == pytest.approx(0.5)
    later = project(first, ratios)
    assert later[0, 0, 5] == pytest.approx(90.0)
    assert later[0, 1, 17] == pytest.approx(20.0)
    assert later[0, 1, 0] == pytest.approx(45.0)


def test_projecting_the_first_count_gives_the_second() -> None:
    """Without shrinkage and limits the ratios reproduce the second count, in steps of five and of ten years."""
    rng = np.random.default_rng(3)
    first, second = rng.uniform(10, 90, (2, 4, 2, N))
    for steps in (1, 2):
        ratios = cohort_ratios(
            first,
            second,
            np.zeros(4, dtype=np.int64),
            steps=steps,
            survivors=np.ones((2, N)),
            shrink_persons=0.0,
            lowest=0.0,
            highest=1e9,
        )
        np.testing.assert_allclose(project(first, ratios), second)


def test_small_areas_are_drawn_to_their_district() -> None:
    """n = 10 and k = 30: a quarter of the own ratio 2.0 and three quarters of the district's (20 + 90) / (10 + 90)."""
    first, second = np.zeros((2, 2, N)), np.zeros((2, 2, N))
    first[:, 0, 4] = 10.0, 90.0
    second[:, 0, 5] = 20.0, 90.0
    ratios = _ratios(first, second, k=30.0)
    assert ratios.ccr[0, 0, 5] == pytest.approx(0.25 * 2.0 + 0.75 * 1.1)


def test_limits_are_relative_to_survival() -> None:
    """A ratio of 0.3 where half survive stays above 0.8 x 0.5; one of 2 where all survive stays below 1.25."""
    first, second = np.zeros((1, 2, N)), np.zeros((1, 2, N))
    first[0, 0, [4, 14]] = 100.0
    second[0, 0, [5, 15]] = 200.0, 30.0
    survivors = np.ones((2, N))
    survivors[:, 15] = 0.5
    ratios = cohort_ratios(
        first,
        second,
        np.zeros(1, dtype=np.int64),
        steps=1,
        survivors=survivors,
        shrink_persons=0.0,
        lowest=0.8,
        highest=1.25,
    )
    assert ratios.ccr[0, 0, 5] == pytest.approx(1.25)
    assert ratios.ccr[0, 0, 15] == pytest.approx(0.4)
