"""The six states: each one, the order in which they are decided, and unknown apart from absent."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from ankerort.supply.states import Limits, PlaceFacts, decide_state
from ankerort.text import LANGUAGES, read_sentences

LIMITS = Limits(at_place_share=0.5, reached_share=0.8)
# all is known, nothing is near: the state is "–"
FAR = PlaceFacts(
    certain_inside=0,
    probable_inside=0,
    near_share=0.0,
    near_share_high=0.0,
    visits=False,
    comes_home_share=0.0,
    comes_home_high=0.0,
    without_car_low=0.0,
    without_car_high=0.0,
    with_car_low=0.0,
    with_car_high=0.0,
    confirmed_none=False,
    absence_known=True,
    has_standard=True,
    has_own_standard=True,
    has_car_standard=True,
)
# each of these facts alone decides the state; in the order of wording.md
HITS: tuple[tuple[dict[str, object], str, str], ...] = (
    ({"certain_inside": 1}, "O", "in_place"),
    ({"near_share": 0.5, "near_share_high": 0.5}, "O", "near_place"),
    ({"probable_inside": 1}, "O", "probable_in_place"),
    ({"visits": True}, "M", "mobile_visit"),
    ({"comes_home_share": 0.8, "comes_home_high": 0.8}, "M", "comes_home"),
    (
        {"without_car_low": 0.8, "without_car_high": 0.8, "with_car_low": 0.8, "with_car_high": 0.8},
        "E",
        "reached_without_car",
    ),
    ({"with_car_low": 0.8, "with_car_high": 0.8}, "A", "car_only"),
    ({"near_share_high": 0.5}, "?", "may_be_in_place"),
    ({"comes_home_high": 0.8}, "?", "comes_home_unknown"),
    ({"without_car_high": 0.8, "with_car_high": 0.8}, "?", "not_recorded"),
    ({}, "–", "too_far"),
)


@pytest.mark.parametrize(("facts", "letter", "reason"), HITS)
def test_each_state_has_its_fact(facts: dict[str, object], letter: str, reason: str) -> None:
    """One fact on top of "all known and too far" gives its state and reason; shares at the limit count."""
    assert decide_state(replace(FAR, **facts), LIMITS, with_car=True) == (letter, reason)  # type: ignore[arg-type]


def test_the_first_hit_wins() -> None:
    """Of any two facts the one that stands first in the order decides: O before M before E before A."""
    positive = [h for h in HITS if h[1] in "OMEA"]
    for first, second in itertools.combinations(positive, 2):
        both = replace(FAR, **{**second[0], **first[0]})  # type: ignore[arg-type]
        assert decide_state(both, LIMITS, with_car=True)[0] == first[1]


@pytest.mark.parametrize(
    ("facts", "letter"),
    [
        ({"near_share": 0.49, "near_share_high": 0.49}, "–"),
        ({"without_car_low": 0.79, "without_car_high": 0.79}, "–"),
        ({"with_car_low": 0.79, "with_car_high": 0.79}, "–"),
        ({"comes_home_share": 0.79, "comes_home_high": 0.79}, "–"),
    ],
)
def test_shares_below_the_limit_do_not_count(facts: dict[str, object], letter: str) -> None:
    """49 % near, 79 % within the standard: not enough."""
    assert decide_state(replace(FAR, **facts), LIMITS, with_car=True)[0] == letter  # type: ignore[arg-type]


def test_without_a_car_there_is_no_a() -> None:
    """80 % by car only: A for those with a car, – for those without; ? if a way without a car is not ruled out."""
    known = replace(FAR, with_car_low=0.8, with_car_high=0.8)
    assert decide_state(known, LIMITS, with_car=False) == ("–", "too_far")
    open_question = replace(known, without_car_high=0.8)
    assert decide_state(open_question, LIMITS, with_car=True) == ("A", "car_rest_unknown")
    assert decide_state(open_question, LIMITS, with_car=False) == ("?", "not_recorded")


def test_unknown_is_not_absent() -> None:
    """If the unknown people could lift the share over the limit, the state is ?; if not even they could, it is –."""
    assert decide_state(replace(FAR, with_car_low=0.5, with_car_high=0.8), LIMITS, with_car=True)[0] == "?"
    assert decide_state(replace(FAR, with_car_low=0.5, with_car_high=0.79), LIMITS, with_car=True)[0] == "–"


def test_a_confirmed_absence_answers_whether_there_is_one_in_the_place() -> None:
    """What may be near is no question any more once the municipality has said that there is none; the reason says so."""
    asked = replace(FAR, near_share_high=1.0)
    assert decide_state(asked, LIMITS, with_car=True) == ("?", "may_be_in_place")
    assert decide_state(replace(asked, confirmed_none=True), LIMITS, with_car=True) == ("–", "confirmed_none")


def test_without_any_standard_only_presence_counts() -> None:
    """A service without standard: – where its absence is known, ? where it is not."""
    bare = replace(FAR, has_standard=False, has_own_standard=False, has_car_standard=False)
    assert decide_state(bare, LIMITS, with_car=True) == ("–", "none_no_standard")
    assert decide_state(replace(bare, confirmed_none=True), LIMITS, with_car=True) == ("–", "confirmed_none")
    assert decide_state(replace(bare, absence_known=False), LIMITS, with_car=True) == ("?", "not_recorded")


def test_a_service_with_a_standard_by_car_only_is_not_unknown_to_those_without_a_car() -> None:
    """A petrol station too far to be in the place, its absence known: – without a car, not ?."""
    nan = float("nan")
    fuel = replace(
        FAR, has_own_standard=False, without_car_low=nan, without_car_high=nan, with_car_low=1, with_car_high=1
    )
    assert decide_state(fuel, LIMITS, with_car=True) == ("A", "car_only")
    assert decide_state(fuel, LIMITS, with_car=False) == ("–", "none_no_standard")


def test_help_that_drives_out_reaches_those_without_a_car() -> None:
    """The fire brigade within its standard is E with a reason of its own."""
    fire = replace(FAR, without_car_low=1, without_car_high=1, with_car_low=1, with_car_high=1, help_drives=True)
    assert decide_state(fire, LIMITS, with_car=False) == ("E", "help_arrives")


def test_nobody_lives_there() -> None:
    """A place without inhabitants has no share: ?, unless a facility stands in it."""
    empty = replace(FAR, inhabited=False)
    assert decide_state(empty, LIMITS, with_car=True) == ("?", "no_inhabitants")
    assert decide_state(replace(empty, certain_inside=1), LIMITS, with_car=True)[0] == "O"


def test_every_reason_has_its_sentence() -> None:
    """Each reason of the cases above is said in both languages."""
    sentences = read_sentences()
    for reason in {h[2] for h in HITS} | {
        "car_rest_unknown",
        "confirmed_none",
        "none_no_standard",
        "help_arrives",
        "no_inhabitants",
    }:
        assert set(sentences[f"state_reason.{reason}"]) >= set(LANGUAGES)
