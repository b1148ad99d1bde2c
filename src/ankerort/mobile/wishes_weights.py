"""From answers to weights, step by step; `ankerort.mobile.wishes.wish_weights` joins them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.region.read_wishes import Wishes
from ankerort.region.wishes_layout import CHOICES

_WEEKDAYS = CHOICES["weekdays"]
_HALF = {"morning": (True, False), "afternoon": (False, True), "any": (True, True), "": (True, True)}


def shrunk(mean: float, answers: float, default: float, k: float) -> float:
    """A mean drawn towards a default: ``(n * mean + k * default) / (n + k)``; the default where there is no answer."""
    return default if answers == 0 else (answers * mean + k * default) / (answers + k)


def stated_uses(wishes: Wishes, service: str, default_times: NDArray[np.float64]) -> NDArray[np.float64]:
    """How often a year each answer would use a service: 0 where it does not name it.

    Parameters
    ----------
    default_times
        float64 (answers,): default cases per person and year of the people who answered.

    Returns
    -------
    float64 (answers,)
        Where the service is ticked without a number, the mean of those who gave one; where nobody did, the default of the answer, but at least 1.
    """
    times = times_of(wishes, service)
    named = named_by(wishes, service)
    unsaid = named & np.isnan(times)
    said = named & ~np.isnan(times)
    fill = np.full(len(times), float(times[said].mean())) if said.any() else np.maximum(default_times, 1.0)
    return np.where(unsaid, fill, np.where(named, np.nan_to_num(times), 0.0))


def times_of(wishes: Wishes, service: str) -> NDArray[np.float64]:
    """Times a year by answer; NaN = the service is not named, or without a number."""
    own = wishes.services[wishes.services["service"] == service].set_index("answer_id")["times_year"]
    return wishes.answers["answer_id"].map(own).to_numpy(np.float64)


def named_by(wishes: Wishes, service: str) -> NDArray[np.bool_]:
    """Which answers name a service, bool (answers,)."""
    own = wishes.services.loc[wishes.services["service"] == service, "answer_id"]
    return wishes.answers["answer_id"].isin(set(own)).to_numpy(bool)


def slots_wanted(answers: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Times of the week that suit each answer.

    Returns
    -------
    tuple of (bool (answers, 7, 2), bool (answers,))
        Whether weekday and half-day suit; whether the answer says anything about them. Who names days only, takes both halves of them; who names a
        half only, takes it on all days.
    """
    halves = np.array([_HALF.get(h, _HALF[""]) for h in answers["half_day"]], bool).reshape(len(answers), 2)
    named = [set(filter(None, days.split(";"))) for days in answers["weekdays"]]
    days = np.array([[d in own or not own for d in _WEEKDAYS] for own in named], bool).reshape(len(answers), 7)
    says = np.array([bool(own) for own in named], bool) | (answers["half_day"] != "").to_numpy(bool)
    return days[:, :, None] & halves[:, None, :], says


def slot_factor(wanted: NDArray[np.bool_], k: float, other_time: float) -> NDArray[np.float64]:
    """Factor by weekday and half-day: share whom it suits, and of the others the share who come all the same; drawn towards 1.

    Parameters
    ----------
    wanted
        bool (answers, 7, 2) of those that say something.
    other_time
        Share of those who prefer another time that come all the same.
    """
    count = len(wanted)
    if not count:
        return np.ones((7, 2))
    suits = wanted.mean(axis=0)
    return np.asarray((count * (suits + (1 - suits) * other_time) + k) / (count + k), np.float64)


def walk_mean(walks: NDArray[np.float64], default_m: float, k: float) -> tuple[float, int]:
    """Mean of the longest walks said, drawn towards the default, and the number of answers."""
    said = walks[~np.isnan(walks)]
    mean = float(said.mean()) if said.size else math.nan
    return shrunk(mean, said.size, default_m, k), int(said.size)
