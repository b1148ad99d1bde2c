"""What the answers of a survey weigh: need, preferred times and walk limits, each drawn towards its default where few answers exist."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

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
