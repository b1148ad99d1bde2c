"""The classic location problems against enumeration of all choices of sites, and against small cases with known answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ankerort.anchors.classic import Located, backup, budgeted, capacitated, lscp, mclp, p_center, p_median

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

    def backed(self, sites: list[int], twice: float) -> float:
        """Weight covered, and `twice` times the weight that two sites cover."""
        near = (self.times[:, sites] <= LIMIT).sum(axis=1)
        return float(self.weight[near >= 1].sum() + twice * self.weight[near >= 2].sum())

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
    "backup": (
        lambda w: backup(w.times, LIMIT, w.weight, w.count + 1, twice=0.4),
        lambda w: max(w.backed(c, 0.4) for c in w.choices(w.count + 1)),
    ),
    "backup_as_much": (
        lambda w: backup(w.times, LIMIT, w.weight, w.count + 1, once=2.0, twice=2.0),
        lambda w: 2 * max(w.backed(c, 1.0) for c in w.choices(w.count + 1)),
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


def test_backup_by_hand() -> None:
    """Points at 0, 1, 2 and 9 with weights 10, 10, 10, 12, a site at each, reach 1, two sites.

    Once only (or twice for 0.5): site 1 covers 30, site 9 another 12: 42 points. Two of 0 to 2 cover 30 and two of the points twice: 30 + 0.5 x 20 = 40.
    Twice for 0.7: 44, so two of 0 to 2. With three sites at 0.5: 1, 9 and 0 or 2: 42 + 10 = 52.
    Where all must be covered, two sites have to be 1 and 9, whatever twice counts; one site cannot do it.
    """
    at = np.array([0, 1, 2, 9])
    times, weight = np.abs(np.subtract.outer(at, at)), np.array([10.0, 10.0, 10.0, 12.0])
    apart = backup(times, 1, weight, 2, twice=0.5)
    assert (apart.value, apart.sites.tolist()) == (pytest.approx(42), [1, 3])
    assert apart.twice is not None and not apart.twice.any()
    together = backup(times, 1, weight, 2, twice=0.7)
    assert together.value == pytest.approx(44) and 3 not in together.sites
    assert together.twice is not None and together.twice.sum() == 2 and together.covered.sum() == 3
    assert backup(times, 1, weight, 3, twice=0.5).value == pytest.approx(52)
    all_once = backup(times, 1, weight, 2, twice=1.0, all_once=True)
    assert (all_once.value, all_once.sites.tolist()) == (pytest.approx(42), [1, 3])
    assert backup(times, 1, weight, 1, all_once=True).status == "infeasible"


def test_all_once_equals_enumeration() -> None:
    """BACOP1: of the choices that cover every point which any site covers, the one that covers most weight twice; else infeasible."""
    solved = 0
    for seed in range(12):
        world = World(seed)
        able = world.covered(list(range(world.times.shape[1])))
        sizes = range(1, world.count + 3)
        values = [world.backed(c, 1.0) for c in world.choices(*sizes) if world.covered(c)[able].all()]
        found = backup(world.times, LIMIT, world.weight, world.count + 2, all_once=True)
        assert found.status == ("optimal" if values else "infeasible")
        if values:
            assert found.value == pytest.approx(max(values))
            solved += 1
    assert solved > 3


def test_a_second_site_counts_at_most_as_much_as_the_first() -> None:
    """Weights for which the rows would not be right are refused."""
    with pytest.raises(ValueError, match="at most as much"):
        backup(np.ones((2, 2)), 1, np.ones(2), 1, once=1.0, twice=1.5)
    with pytest.raises(ValueError, match="more than nothing"):
        backup(np.ones((2, 2)), 1, np.ones(2), 1, once=0.0, twice=0.0)


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
