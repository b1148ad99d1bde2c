"""What the answers of a survey weigh: need, preferred times and walk limits, each drawn towards its default where few answers exist."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ankerort.catalogue.mobile import MobileService
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.wishes_groups import belongs, key_of_places, merge_places
from ankerort.mobile.wishes_weights import named_by as answers_that_name
from ankerort.mobile.wishes_weights import shrunk, slot_factor, slots_wanted, stated_uses, walk_mean
from ankerort.region.model import Region
from ankerort.region.read_wishes import Wishes

WEEKDAYS = 7
HALVES = 2  # 0 = morning, 1 = afternoon


@dataclass(frozen=True)
class NeedWeight:
    """What one group of people says it would use, over the default.

    Parameters
    ----------
    factor
        Multiplies the default need ``MobileService.cases_per_year[people]``; 1 = as the default.
    stated
        Mean of what the answers state, cases per person and year; NaN = no answer.
    answers
        Answers behind `stated`.
    """

    factor: float
    stated: float
    answers: int


@dataclass(frozen=True)
class SlotWeight:
    """How well the times of a week suit: float64 (7 weekdays, 2 half-days) in (0, 1], and the answers behind it; all 1 = default."""

    factor: NDArray[np.float64]
    answers: int


@dataclass(frozen=True)
class WalkWeight:
    """Longest walk in metres, and the answers behind it (0 = default)."""

    walk_m: float
    answers: int


@dataclass(frozen=True)
class WishWeights:
    """Weights from the survey; without any answer each is its default and has 0 answers.

    All figures are drawn towards their default: with ``n`` answers the weight of what they say is ``n / (n + k)``, where ``k`` is the figure
    ``mobile.shrinkage_answers``. Need has two steps: the answers of all other places are drawn towards the age-based default, the answers of the
    place towards the result. Stated use is not use: no factor here holds ``MobileService.use_factor``; who wants expected cases multiplies.

    Parameters
    ----------
    merged
        By place the key of its group: places with few answers are counted with a neighbour. The key is the id of the place that the group is
        named after.
    need
        By (key of a group, mobile service, group of people).
    need_elsewhere
        By (mobile service, group of people): that of all answers, for places without any.
    slots
        By (mobile service, group of people).
    walks
        By (mobile service, group of people).
    answers_total
        Answers of the survey.
    shrinkage
        ``k``.
    """

    merged: Mapping[str, str] = field(default_factory=dict)
    need: Mapping[tuple[str, str, str], NeedWeight] = field(default_factory=dict)
    need_elsewhere: Mapping[tuple[str, str], NeedWeight] = field(default_factory=dict)
    slots: Mapping[tuple[str, str], SlotWeight] = field(default_factory=dict)
    walks: Mapping[tuple[str, str], WalkWeight] = field(default_factory=dict)
    answers_total: int = 0
    shrinkage: float = math.nan

    def need_of(self, place_id: str, service: str, people: str) -> NeedWeight:
        """Need of a group of people of a place; factor 1 and 0 answers where the survey says nothing.

        Where the place and those merged with it have no answer of this group of people, it is that of all answers.
        """
        own = self.need.get((self.merged.get(place_id, ""), service, people))
        return own or self.need_elsewhere.get((service, people)) or NeedWeight(1.0, math.nan, 0)

    def need_factor(self, place_id: str, service: str, people: str) -> float:
        """Factor on the default cases per person and year of this group of people; above 0."""
        return self.need_of(place_id, service, people).factor

    def answers(self, place_id: str, service: str, people: str) -> int:
        """Answers behind `need_factor`; 0 = default."""
        return self.need_of(place_id, service, people).answers

    def preference(self, service: str, people: str) -> NDArray[np.float64]:
        """Factor in (0, 1] by weekday (7, 0 = Monday) and half-day (2, 0 = morning); all 1 without answers."""
        found = self.slots.get((service, people))
        return np.ones((WEEKDAYS, HALVES)) if found is None else found.factor

    def walk_m(self, service: str, people: str, default_m: float) -> float:
        """Longest walk in metres; `default_m` (that of the service's record) where the survey says nothing."""
        found = self.walks.get((service, people))
        return default_m if found is None else found.walk_m


def wish_weights(wishes: Wishes, region: Region, catalogue: Catalogue) -> WishWeights:
    """Weights of all mobile services of the catalogue from the answers of a survey.

    Parameters
    ----------
    wishes
        The answers; may be empty.
    region
        Its places: those with few answers are counted with a neighbour (figure ``mobile.wishes_least_answers``).
    catalogue
        Mobile services with their default need and walk limits by group of people, and the figures ``mobile.*``.

    Returns
    -------
    WishWeights
        Equal answers in any order give equal weights.

    Notes
    -----
    With ``d`` the default cases per person and year, ``o`` the mean of those stated in a place by ``n`` answers, and ``O``, ``N`` the same of all other
    places: ``r = (N * O / d + k) / (N + k)``, ``factor = (n * o / d + k * r) / (n + k)``. Without answers elsewhere ``r`` is 1.
    """
    answers = wishes.answers
    if not len(answers):
        return WishWeights()
    k = catalogue.value("mobile.shrinkage_answers")
    counts = answers["place_id"].value_counts(sort=False).to_dict()
    groups = merge_places(counts, region.places, least=int(catalogue.value("mobile.wishes_least_answers")))
    merged = key_of_places(groups)
    found = _Found(wishes, answers["place_id"].map(merged).fillna("").to_numpy(object), k)
    for service in catalogue.mobile.services.values():
        for people, record in service.cases_per_year.items():
            inside = belongs(answers["age"], catalogue.groups[people])
            found.need_of(service.id, people, record.value, inside)
            found.times_of(service, people, inside, catalogue.value("mobile.other_time"))
    return WishWeights(
        merged=merged,
        need=found.need,
        need_elsewhere=found.need_elsewhere,
        slots=found.slots,
        walks=found.walks,
        answers_total=len(answers),
        shrinkage=k,
    )


class _Found:
    """Collects the weights of one survey; `keys` is the group of places of each answer."""

    def __init__(self, wishes: Wishes, keys: NDArray[np.object_], k: float) -> None:
        self.wishes, self.keys, self.k = wishes, keys, k
        self.wanted, self.says = slots_wanted(wishes.answers)
        self.walk = wishes.answers["walk_m"].to_numpy(np.float64)
        self.need: dict[tuple[str, str, str], NeedWeight] = {}
        self.need_elsewhere: dict[tuple[str, str], NeedWeight] = {}
        self.slots: dict[tuple[str, str], SlotWeight] = {}
        self.walks: dict[tuple[str, str], WalkWeight] = {}

    def need_of(self, service: str, people: str, default: float, inside: NDArray[np.bool_]) -> None:
        """Need of one group of people in all groups of places."""
        if not inside.any() or default <= 0:
            return
        uses = stated_uses(self.wishes, service, np.full(len(inside), default))
        mean = _mean(uses[inside])
        count = int(inside.sum())
        self.need_elsewhere[service, people] = NeedWeight(shrunk(mean / default, count, 1.0, self.k), mean, count)
        for key in sorted({str(g) for g in self.keys[inside]}):
            here = inside & (self.keys == key)
            others = inside & ~here
            base = shrunk(_mean(uses[others]) / default, int(others.sum()), 1.0, self.k)
            own, n = _mean(uses[here]), int(here.sum())
            self.need[key, service, people] = NeedWeight(shrunk(own / default, n, base, self.k), own, n)

    def times_of(self, service: MobileService, people: str, inside: NDArray[np.bool_], other_time: float) -> None:
        """Times of those who would use the service, and walks of all of the group."""
        said = inside & self.says & answers_that_name(self.wishes, service.id)
        if said.any():
            factor = slot_factor(self.wanted[said], self.k, other_time)
            self.slots[service.id, people] = SlotWeight(factor, int(said.sum()))
        default_m = service.walk_m.get(people)
        if default_m is not None:
            walk_m, answers = walk_mean(self.walk[inside], default_m.value, self.k)
            if answers:
                self.walks[service.id, people] = WalkWeight(walk_m, answers)


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else math.nan
