"""Raking meets its targets, keeps zeros, and names what it cannot meet."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ankerort.region.forecast.raking import TargetSet, rake_to_targets
from reference import cohorts as reference


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_two_margins_converge_to_the_reference(seed: int) -> None:
    """Rows and columns of a positive table are met within a millionth, and the table is that of the slow reference."""
    rng = np.random.default_rng(seed)
    table = rng.uniform(0.5, 5, (4, 3))
    goal = rng.uniform(0.5, 5, (4, 3))
    rows, columns = goal.sum(axis=1), goal.sum(axis=0)
    sets = [
        TargetSet(np.repeat(np.arange(4)[:, None], 3, axis=1), rows),
        TargetSet(np.repeat(np.arange(3)[None], 4, axis=0), columns),
    ]
    raked = rake_to_targets(table, sets)
    assert raked.unmatched == ()
    np.testing.assert_allclose(raked.persons.sum(axis=1), rows, rtol=1e-6)
    np.testing.assert_allclose(raked.persons.sum(axis=0), columns, rtol=1e-6)
    np.testing.assert_allclose(raked.persons, reference.rake(table.tolist(), rows, columns), rtol=1e-6)


def test_one_set_is_met_exactly_and_others_stay() -> None:
    """Numbers without target stay as they are."""
    raked = rake_to_targets(np.array([1.0, 3.0, 7.0]), [TargetSet(np.array([0, 0, -1]), np.array([8.0]))])
    assert raked.persons.tolist() == [2.0, 6.0, 7.0]


def test_a_target_without_people_is_named() -> None:
    """Nobody can be scaled to five: the target and what is there are told."""
    raked = rake_to_targets(np.array([0.0, 2.0]), [TargetSet(np.array([0, 1]), np.array([5.0, 4.0]))])
    assert raked.persons.tolist() == [0.0, 4.0]
    assert raked.unmatched == ((0, 0, 0.0),)


def test_of_contradicting_targets_the_last_set_is_met() -> None:
    """Municipalities say 3 + 3, the district says 10: the district counts, the municipalities are named."""
    sets = [
        TargetSet(np.array([0, 1]), np.array([3.0, 3.0])),
        TargetSet(np.array([0, 0]), np.array([10.0])),
    ]
    raked = rake_to_targets(np.array([1.0, 1.0]), sets)
    np.testing.assert_allclose(raked.persons, [5.0, 5.0])
    assert [(k, t) for k, t, _ in raked.unmatched] == [(0, 0), (0, 1)]
