"""Covering rows count what the method page counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ankerort.anchors.complete import served
from ankerort.anchors.model_rows import build_model
from ankerort.anchors.problem import FIXED, NEW, REMOVABLE, AnchorProblem, Decision, Limits, Objective
from ankerort.anchors.rows import LEGAL, MINUTES, PEOPLE, TOGETHER, cover_rows
from reference.anchors import check
from worlds.anchor_line import Of, line_problem
from worlds.anchors import random_problem

_ALL = frozenset(
    {
        "variants",
        "levels",
        "pairs",
        "removable",
        "moved",
        "minutes",
        "together",
        "buffer_people",
        "legal_priced",
        "new_anywhere",
        "backup",
    }
)


def _decision(rng: np.random.Generator, problem: AnchorProblem) -> Decision:
    is_open = rng.random(len(problem.offers)) < rng.choice([0.1, 0.3, 0.6])
    is_open |= problem.offers.state == FIXED
    return Decision(is_open, rng.random(len(problem.units)) < 0.3)


def _sums(problem: AnchorProblem, objective: Objective, limits: Limits, decision: Decision) -> np.ndarray:
    """People, minutes, together and minus the unserved persons by the covering rows."""
    cover = cover_rows(problem, objective, limits, all_components=True)
    both = np.concatenate((decision.open, decision.units))
    z = np.zeros(len(cover))
    for r in range(len(cover)):
        chain = r
        while chain >= 0:
            columns = cover.column[cover.ptr[chain] : cover.ptr[chain + 1]]
            z[r] = max(z[r], float(both[columns].any()))
            chain = int(cover.previous[chain])
    for r in np.flatnonzero(cover.most > 1):
        chain, sites = int(r), set()
        while chain >= 0:
            columns = cover.column[cover.ptr[chain] : cover.ptr[chain + 1]]
            sites |= set(problem.offers.site[columns[both[columns]]].tolist())
            chain = int(cover.previous[chain])
        z[r] = min(len(sites), 2)
    return cover.constant + np.bincount(cover.component, cover.weight * z, 4)


@pytest.mark.parametrize("seed", range(25))
def test_rows_count_what_the_method_page_counts(seed: int) -> None:
    """Rule: constant + sum of weight x z is exactly people, minutes, together (without bundles) and the legal persons not served."""
    problem, objective, limits = random_problem(seed, rows=25, features=_ALL)
    rng = np.random.default_rng(seed)
    for _ in range(4):
        decision = _decision(rng, problem)
        _, parts, _ = check(problem, decision, objective, limits)
        free = Limits(legal="off")
        _, unpriced, _ = check(problem, decision, objective, free)
        sums = _sums(problem, objective, limits, decision)
        assert sums[PEOPLE] == pytest.approx(parts["people"])
        assert sums[MINUTES] == pytest.approx(parts["minutes"])
        assert sums[TOGETHER] == pytest.approx(parts["together"])
        priced = Limits(legal="priced", legal_price_eur=1.0, viability=False)
        _, dear, _ = check(problem, decision, objective, priced)
        _, cheap, _ = check(problem, decision, objective, Limits(viability=False))
        assert -sums[LEGAL] == pytest.approx(dear["cost"] - cheap["cost"])
        assert unpriced["people"] == pytest.approx(parts["people"])


@pytest.mark.parametrize("seed", range(10))
def test_rows_by_area_count_the_share_of_each_area(seed: int) -> None:
    """Rule: where areas are asked for, the least share by rows is the component worst."""
    problem, objective, limits = random_problem(seed, rows=25, features={"worst", "removable", "variants"})
    decision = _decision(np.random.default_rng(seed), problem)
    cover = cover_rows(problem, objective, limits)
    model = build_model(problem, objective, limits)
    assert model.layout.worst >= 0
    both = np.concatenate((decision.open, decision.units)).astype(np.float64)
    z = np.zeros(len(cover))
    for r in range(len(cover)):
        chain = r
        while chain >= 0:
            z[r] = max(z[r], both[cover.column[cover.ptr[chain] : cover.ptr[chain + 1]]].max(initial=0.0))
            chain = int(cover.previous[chain])
    hit = (cover.component == PEOPLE) & (cover.area >= 0)
    points = cover.area_constant + np.bincount(cover.area[hit], (cover.weight * z)[hit], len(cover.area_constant))
    has = cover.area_possible > 0
    worst = float((points[has] / cover.area_possible[has]).min())
    assert worst == pytest.approx(check(problem, decision, objective, limits)[1]["worst"])


def test_equal_cover_sets_are_one_row() -> None:
    """Rule: demand rows that the same offers serve are one row, whose weight is their sum."""
    problem, objective, limits = random_problem(3, places=2, rows=60)
    cover = cover_rows(problem, objective, limits)
    assert len(cover) <= 2 * 4
    whole = sum(float((f.need * f.weight * problem.demand.weight).sum()) for f in problem.functions)
    assert cover.people_possible == pytest.approx(whole)


def test_second_offers_have_rows_only_where_two_sites_can_be_open() -> None:
    """Homes at 0, 2, 9 km, places there, standard 2 km: two rows of one set (0 and 2 km) become one that counts one and one that counts two
    sites, each at half of the points; 9 km has one site only.

    With a FIXED offer at 0 km the first is certain for 0 and 2 km, and the second is the offer at 2 km alone: its own column.
    """
    both = [Of(0, 0), Of(0, 1), Of(0, 2)]
    problem = line_problem([0, 2, 9], [0, 2, 9], [10, 20, 40], both)
    plain = cover_rows(problem, Objective(), Limits())
    assert len(plain) == 2 and (plain.most == 1).all()
    backed = replace(problem, functions=(replace(problem.functions[0], backup_share=0.5),))
    cover = cover_rows(backed, Objective(), Limits())
    told = [
        (k, cover.column[cover.ptr[r] : cover.ptr[r + 1]].tolist(), w)
        for r, (k, w) in enumerate(zip(cover.most, cover.weight, strict=True))
    ]
    assert told == [(1, [0, 1], 15.0), (1, [2], 40.0), (2, [0, 1], 15.0)]
    fixed = replace(
        backed, offers=replace(backed.offers, state=np.array([FIXED, NEW, NEW], np.int8), variant=np.array([-1, 0, 0]))
    )
    cover = cover_rows(fixed, Objective(), Limits())
    assert (cover.most == 1).all() and cover.constant[PEOPLE] == pytest.approx(30)
    assert sorted(zip(cover.column.tolist(), cover.weight.tolist(), strict=True)) == [(1, 15.0), (2, 40.0)]


def test_second_offers_need_a_site_each() -> None:
    """Rule: two offers of one site that could both be open cannot be told from two sites by the rows; they are refused, named."""
    problem = line_problem([0, 2], [0, 2], [10, 20], [Of(0, 0, REMOVABLE), Of(0, 0), Of(0, 1)])
    assert len(cover_rows(problem, Objective(), Limits()))
    backed = replace(problem, functions=(replace(problem.functions[0], backup_share=0.5),))
    with pytest.raises(ValueError, match="offers 0 and 1 share site 0"):
        cover_rows(backed, Objective(), Limits())
    variants = replace(backed, offers=replace(backed.offers, state=np.full(3, NEW, np.int8)))
    assert len(cover_rows(variants, Objective(), Limits()))


def test_no_row_for_what_nothing_asks_for() -> None:
    """Rule: components without a factor, limit or place in the order have no rows."""
    problem, _, limits = random_problem(1, features={"minutes", "together"})
    only = cover_rows(problem, Objective(people=1.0, together=0.0), limits)
    assert set(only.component.tolist()) == {PEOPLE}
    ordered = cover_rows(problem, Objective(people=1.0, together=0.0, order=("minutes",)), limits)
    assert MINUTES in ordered.component


def test_chains_by_doubling_equal_chains_step_by_step() -> None:
    """Rule: `served` knows of every row before a row, however long the chain."""
    problem, objective, limits = random_problem(5, places=6, rows=20, features={"minutes", "removable", "new_anywhere"})
    model = build_model(problem, objective, limits)
    decision = _decision(np.random.default_rng(5), problem)
    both = np.concatenate((decision.open & model.reduced.offers, decision.units)).astype(np.float64)
    fast = served(model, both)
    for r in range(len(model.cover)):
        chain, slow = r, 0.0
        while chain >= 0:
            slow = max(
                slow, both[model.cover.column[model.cover.ptr[chain] : model.cover.ptr[chain + 1]]].max(initial=0.0)
            )
            chain = int(model.cover.previous[chain])
        assert fast[r] == slow
