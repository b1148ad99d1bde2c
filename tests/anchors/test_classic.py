"""The classic location problems against enumeration of all choices of sites, and against small cases with known answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ankerort.anchors.classic import Located, budgeted, capacitated, lscp, mclp, p_center, p_median

LIMIT = 30


class World:
    """Points and sites in a square, with weights, costs and capacities."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        points, sites = (
            rng.uniform(0, 100, (int(rng.integers(8, 25)), 2)),
            rng.uniform(0, 100, (int(rng.integers(5, 9)), 2)),
        )
        self.times: NDArray[np.int64] = np.round(np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1))).astype(
            int
        )
        self.weight = rng.integers(1, 30, len(points)).astype(float)
        self.cost = rng.integers(1, 20, len(sites)).astype(float)
        self.capacity = rng.integers(10, 100, len(sites)).astype(float)
        self.count = int(rng.integers(1, 4))

    def choices(self, *sizes: int) -> list[list[int]]:
        """All choices of so many sites."""
        return [list(c) for n in sizes for c in itertools.combinations(range(self.times.shape[1]), n)]

    def covered(self, sites: list[int]) -> NDArray[np.bool_]:
        """Points within the limit of one of the sites."""
        return np.asarray(self.times[:, sites].min(axis=1) <= LIMIT)

    def any_number(self) -> list[list[int]]:
        """All choices of one or more sites."""
        return self.choices(*range(1, self.times.shape[1] + 1))

    def served(self, sites: list[int]) -> float:
        """Weight that sites of limited capacity serve where each point uses the closest one."""
        closest, near = self.times[:, sites].argmin(axis=1), self.covered(sites)
        return sum(min(self.weight[near & (closest == k)].sum(), self.capacity[s]) for k, s in enumerate(sites))


def fewest(w: World) -> float:
    """LSCP: points that no site covers are left out."""
    able = w.covered(list(range(w.times.shape[1])))
    return min(len(c) for c in w.any_number() if w.covered(c)[able].all())


CASES: dict[str, tuple[Callable[[World], Located], Callable[[World], float]]] = {
    "lscp": (lambda w: lscp(w.times, LIMIT), fewest),
    "mclp": (
        lambda w: mclp(w.times, LIMIT, w.weight, w.count),
        lambda w: max(w.weight[w.covered(c)].sum() for c in w.choices(w.count)),
    ),
    "budgeted": (
        lambda w: budgeted(w.times, LIMIT, w.weight, w.cost, 25.0),
        lambda w: max(w.weight[w.covered(c)].sum() for c in w.any_number() if w.cost[c].sum() <= 25),
    ),
    "capacitated": (
        lambda w: capacitated(w.times, LIMIT, w.weight, w.capacity, w.count),
        lambda w: max(w.served(c) for c in w.choices(*range(1, w.count + 1))),
    ),
    "p_median": (
        lambda w: p_median(w.times, w.weight, w.count),
        lambda w: min((w.weight * w.times[:, c].min(axis=1)).sum() for c in w.choices(w.count)),
    ),
    "p_center": (
        lambda w: p_center(w.times, w.count),
        lambda w: min(w.times[:, c].min(axis=1).max() for c in w.choices(w.count)),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_equals_enumeration(name: str) -> None:
    """Each problem's value is the best of all choices of sites; it is proven except where capacity is relaxed in the model."""
    solver, reference = CASES[name]
    for seed in range(12):
        world = World(seed)
        found = solver(world)
        assert found.value == pytest.approx(reference(world))
        if name == "capacitated":
            assert found.bound >= found.value - 1e-6
        else:
            assert found.status == "optimal"
            assert found.bound == pytest.approx(found.value)


def test_line_of_five() -> None:
    """Five points one apart: two sites with reach 1 cover all (LSCP); the median of one site is the middle, sum 6; its center 2."""
    times = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    assert lscp(times, 1).value == 2
    assert p_median(times, np.ones(5), 1).sites.tolist() == [2]
    assert p_median(times, np.ones(5), 1).value == pytest.approx(6)
    assert p_center(times, 1).value == 2
    assert p_center(times, 2).value == 1
    assert mclp(times, 1, np.array([1, 1, 1, 1, 10]), 1).value == pytest.approx(12)


def test_kept_sites_are_chosen() -> None:
    """A site that must be kept is chosen though another one would cover more."""
    times = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    found = mclp(times, 1, np.ones(5), 1, keep=[0])
    assert found.sites.tolist() == [0]
    assert found.value == pytest.approx(2)


def test_points_out_of_reach() -> None:
    """A point that no site covers is left out of the cover and named; a center problem with one has no solution."""
    times = np.array([[1, 9], [9, 1], [np.inf, -1]])
    found = lscp(times, 3)
    assert found.value == 2
    assert found.covered.tolist() == [True, True, False]
    assert p_center(times, 2).status == "infeasible"
    with pytest.raises(ValueError, match="every site"):
        p_median(times, np.ones(3), 1)


def test_fewer_sites_than_needed() -> None:
    """A budget below the cheapest site covers nobody: the best plan is the empty one."""
    found = budgeted(np.array([[1, 2]]), 5, np.array([10.0]), np.array([7.0, 8.0]), 5.0)
    assert found.value == 0
    assert not len(found.sites)


def test_wrong_shapes_are_refused() -> None:
    """Weights, costs and times of wrong shape or fractions of a second are refused with the reason."""
    times = np.ones((3, 2))
    with pytest.raises(ValueError, match="weights"):
        mclp(times, 1, np.ones(2), 1)
    with pytest.raises(ValueError, match="costs"):
        budgeted(times, 1, np.ones(3), np.ones(3), 1.0)
    with pytest.raises(ValueError, match="whole"):
        mclp(times * 0.5, 1, np.ones(3), 1)
    with pytest.raises(ValueError, match="cannot be chosen"):
        p_median(times, np.ones(3), 5)
