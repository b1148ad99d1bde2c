"""How many wishes of the survey a service fulfils: answers about weekday, half-day and spot, question by question."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

# spots of the questionnaire by kind of stop; a bus stop may stand at a square, so both are met by neither
_SPOT_OF_KIND: Mapping[str, str] = {
    "hall": "hall",
    "town_hall": "hall",
    "building": "hall",
    "bus_stop": "bus_stop",
    "church": "church",
    "square": "square",
    "car_park": "square",
}
_ANY = ("", "any")


@dataclass(frozen=True)
class Offered:
    """What a place is offered once: weekday (Mo ... Su), half-day (morning, afternoon) and kind of the stop."""

    weekday: str
    half: str
    kind: str


@dataclass(frozen=True)
class Wished:
    """Answered questions and how many of them are met; `answers` = answers that asked for anything."""

    met: int
    asked: int
    answers: int

    def __add__(self, other: Wished) -> Wished:
        """Both together."""
        return Wished(self.met + other.met, self.asked + other.asked, self.answers + other.answers)

    def share(self, least_answers: int) -> float:
        """Share of the questions that are met; NaN where nobody asked or fewer answers than may be told."""
        return self.met / self.asked if self.asked and self.answers >= least_answers else math.nan


NOTHING_ASKED = Wished(0, 0, 0)


def half_of_hours(start_s: float, end_s: float) -> str:
    """Half-day in which the middle of a visit lies."""
    return "morning" if (start_s + end_s) / 2 < 12.5 * 3600 else "afternoon"


def wishes_of_place(
    answers: pd.DataFrame, place_ids: Iterable[str], offered: Sequence[Offered], *, spots: bool = True
) -> Wished:
    """Wishes of the answers of some places, against what these places are offered.

    An answer asks for a weekday where it names some, for a half-day unless any suits, for a spot where it names one. Weekday and half-day
    are met by the same visit where both are asked for. Answers that ask for nothing count not.

    Parameters
    ----------
    answers
        WISHES.
    offered
        Visits of these places; empty = nothing is met.
    spots
        Whether the spot counts.
    """
    here = answers[answers["place_id"].isin(list(place_ids))]
    met = asked = told = 0
    for row in here.to_dict("records"):
        days = {d for d in str(row["weekdays"]).split(";") if d}
        half = str(row["half_day"])
        spot = str(row["spot"]) if spots else ""
        wants = (len(days) > 0) + (half not in _ANY) + (spot not in _ANY)
        if not wants:
            continue
        told += 1
        asked += wants
        best = 0
        for one in offered:
            day_met = bool(days) and one.weekday in days
            half_met = half not in _ANY and one.half == half
            spot_met = spot not in _ANY and _SPOT_OF_KIND.get(one.kind, one.kind) == spot
            best = max(best, day_met + half_met + spot_met)
        met += best
    return Wished(met, asked, told)
