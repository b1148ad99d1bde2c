"""Weights from answers, worked out by hand."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from ankerort.mobile.wishes import WishWeights, wish_weights
from ankerort.mobile.wishes_groups import merge_places
from ankerort.region.read_wishes import Wishes
from worlds.survey import wishes
from worlds.tiny_region import catalogue, region

K = 10.0  # figure mobile.shrinkage_answers
DEFAULT = 12.0  # bank, 75 to 84


def _old(place: str, count: int, **more: object) -> list[dict[str, object]]:
    return [{"place_id": place, "age": "75_84", **more} for _ in range(count)]


def test_the_figures_are_those_of_the_catalogue() -> None:
    """The numbers of the tests below are those that the program uses."""
    assert catalogue().value("mobile.shrinkage_answers") == K
    assert catalogue().mobile.services["bank"].cases_per_year["75_84"].value == DEFAULT


def test_without_answers_all_is_default() -> None:
    """No survey: factor 1, no answers, all times suit, the walk of the record."""
    for weights in (WishWeights(), wish_weights(Wishes(), region(), catalogue())):
        assert (weights.need_factor("a", "bank", "75_84"), weights.answers("a", "bank", "75_84")) == (1.0, 0)
        assert weights.answers_total == 0
        assert (weights.preference("bank", "75_84") == 1).all()
        assert weights.walk_m("bank", "75_84", 400.0) == 400.0


def test_need_of_one_place_is_drawn_towards_the_default() -> None:
    """Six answers in one place, two of them 26 times a year: mean 52 / 6, weight 6 / 16."""
    found = wish_weights(wishes(_old("a", 6), [(0, "bank", 26.0), (1, "bank", 26.0)]), region(), catalogue())
    stated = 52 / 6
    weight = found.need_of("a", "bank", "75_84")
    assert weight.stated == pytest.approx(stated)
    assert weight.answers == 6
    assert weight.factor == pytest.approx((6 * stated / DEFAULT + K) / (6 + K))
    assert found.answers("a", "bank", "65_74") == 0
    assert found.need_factor("a", "bank", "65_74") == 1.0


def test_need_of_a_place_is_drawn_towards_that_of_the_other_places() -> None:
    """First the others towards the default, then the place towards the result; a place without answers has that of all."""
    answers = _old("a", 5) + _old("c", 20)
    found = wish_weights(wishes(answers, [(k, "bank", 24.0) for k in range(5, 25)]), region(), catalogue())
    others = (20 * 2.0 + K) / (20 + K)
    assert found.need_factor("a", "bank", "75_84") == pytest.approx((5 * 0.0 + K * others) / (5 + K))
    assert found.need_factor("b", "bank", "75_84") == pytest.approx((25 * (20 * 2.0 / 25) + K) / (25 + K))
    assert found.answers("b", "bank", "75_84") == 25


def test_a_tick_without_a_number_counts_as_the_mean_of_the_others() -> None:
    """Who ticks a service without saying how often, uses it as often as those who say; nobody says: as the default."""
    found = wish_weights(
        wishes(_old("a", 5), [(0, "bank", 4.0), (1, "bank", math.nan), (2, "library", math.nan)]), region(), catalogue()
    )
    assert found.need_of("a", "bank", "75_84").stated == pytest.approx(8 / 5)
    default = max(catalogue().mobile.services["library"].cases_per_year["75_84"].value, 1.0)
    assert found.need_of("a", "library", "75_84").stated == pytest.approx(default / 5)


def test_times_that_suit() -> None:
    """Four who would use the bank: two want Tuesday morning, one any time in the morning, one says nothing and does not count."""
    answers = [
        {"place_id": "a", "age": "75_84", "half_day": "morning", "weekdays": "Tu"},
        {"place_id": "a", "age": "75_84", "half_day": "morning", "weekdays": "Tu"},
        {"place_id": "a", "age": "75_84", "half_day": "morning"},
        {"place_id": "a", "age": "75_84"},
        {"place_id": "a", "age": "75_84", "half_day": "afternoon"},
    ]
    found = wish_weights(wishes(answers, [(k, "bank", 12.0) for k in range(4)]), region(), catalogue())
    factor = found.preference("bank", "75_84")
    assert factor.shape == (7, 2)
    assert factor[1, 0] == pytest.approx(1.0)
    assert factor[0, 0] == pytest.approx((3 * (1 / 3 + 2 / 3 * 0.5) + K) / (3 + K))
    assert factor[1, 1] == pytest.approx((3 * 0.5 + K) / (3 + K))
    assert ((factor > 0) & (factor <= 1)).all()
    assert (found.preference("library", "75_84") == 1).all()


def test_walks_are_drawn_towards_the_record() -> None:
    """Two who can walk 300 and 900 m, and one who says nothing: mean 600, weight 2 / 12."""
    answers = [{"place_id": "a", "age": "75_84", "walk_m": w} for w in (300.0, 900.0, math.nan)]
    found = wish_weights(wishes(answers), region(), catalogue())
    default = catalogue().mobile.services["bank"].walk_m["75_84"].value
    assert found.walk_m("bank", "75_84", -1.0) == pytest.approx((2 * 600 + K * default) / (2 + K))
    assert found.walk_m("bank", "85_plus", 250.0) == 250.0


def test_small_places_join_the_nearest_place_until_there_are_enough() -> None:
    """Adorf (2) joins Bdorf (3), 5 km away, not Cstadt (9), 10 km away; five are enough."""
    groups = merge_places({"a": 2, "b": 3, "c": 9}, region().places, least=5)
    assert [(g.key, g.members, g.answers) for g in groups] == [("b", ("b", "a"), 5), ("c", ("c",), 9)]


def test_too_few_answers_make_one_group() -> None:
    """Fewer answers than the least: one group that says how few it has."""
    groups = merge_places({"a": 1, "c": 2}, region().places, least=5)
    assert [(set(g.members), g.answers) for g in groups] == [({"a", "c"}, 3)]


def test_weights_do_not_depend_on_the_order_of_the_answers() -> None:
    """Answers shuffled give the same weights."""
    rng = random.Random(1)
    answers = [
        {"place_id": rng.choice("abc"), "age": rng.choice(["", "65_74", "75_84", "85_plus"]), "walk_m": rng.choice([50.0, 300.0])}
        for _ in range(30)
    ]  # fmt: skip
    used = [(k, "bank", 12.0) for k in range(0, 30, 3)]
    order = list(range(30))
    rng.shuffle(order)
    one = wish_weights(wishes(answers, used), region(), catalogue())
    at = {old: new for new, old in enumerate(order)}
    two = wish_weights(wishes([answers[k] for k in order], [(at[k], s, t) for k, s, t in used]), region(), catalogue())
    assert one.merged == two.merged
    assert one.need.keys() == two.need.keys()
    np.testing.assert_allclose([w.factor for w in one.need.values()], [w.factor for w in two.need.values()])
