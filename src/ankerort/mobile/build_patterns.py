"""Rhythms of a question and the patterns of visits that they allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.mobile import WEEKDAYS, MobileService, Rhythm
from ankerort.catalogue.model import Catalogue
from ankerort.mobile.problem import Patterns

_TWICE = 0.5
_APART_DAYS = 2  # two visits of a week lie at least so many days apart, over the weekend too


@dataclass(frozen=True)
class RhythmChoice:
    """Rhythms of a problem, the most frequent first."""

    rhythms: tuple[Rhythm, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(r.id for r in self.rhythms)

    @property
    def weeks(self) -> tuple[float, ...]:
        """Weeks between two visits."""
        return tuple(r.every_weeks for r in self.rhythms)

    @property
    def benefit(self) -> NDArray[np.float64]:
        """Share of the need that each one meets."""
        return np.array([r.benefit.value for r in self.rhythms])


def choose_rhythms(
    services: Sequence[MobileService], asked: Sequence[float], catalogue: Catalogue, problems: Problems
) -> RhythmChoice:
    """Rhythms asked for, else those that fit all services; where none fits all, those of any of them (with a warning)."""
    known = sorted(catalogue.mobile.rhythms.values(), key=lambda r: r.every_weeks)
    if asked:
        return RhythmChoice(tuple(r for r in known if r.every_weeks in asked))
    common = [r for r in known if all(r.id in s.rhythms for s in services)]
    if not common:
        common = [r for r in known if any(r.id in s.rhythms for s in services)]
        labels = ", ".join(s.label_de for s in services)
        problems.add("mobile_no_common_rhythm", "warning", "--service", services=labels)
    return RhythmChoice(tuple(common))


def common_weekdays(services: Sequence[MobileService], asked: Sequence[str], problems: Problems) -> tuple[str, ...]:
    """Weekdays on which all services come, those asked for among them; none is an error."""
    days = [d for d in WEEKDAYS if all(d in s.weekdays for s in services)]
    if not days:
        problems.add("mobile_no_common_weekday", "error", "--service", services=", ".join(s.label_de for s in services))
        return ()
    chosen = tuple(d for d in days if not asked or d in asked)
    if not chosen:
        problems.add("mobile_weekdays_none", "error", "--weekday", value=", ".join(asked), known=", ".join(days))
    elif asked and len(chosen) < len(asked):
        left = ", ".join(d for d in asked if d not in chosen)
        problems.add("mobile_weekdays_left", "warning", "--weekday", value=left, known=", ".join(days))
    return chosen


def make_patterns(weeks_between: Sequence[float], weekdays: Sequence[str], *, cycle_weeks: int) -> Patterns:
    """All patterns of some rhythms on some weekdays.

    Twice a week: pairs of weekdays at least two days apart in every week. Every ``w`` weeks: one weekday, and each of the ``w`` ways to
    begin within the cycle. A rhythm that does not divide the cycle has no pattern.

    Parameters
    ----------
    weeks_between
        Weeks between two visits, by rhythm.
    weekdays
        Mo ... Su.
    cycle_weeks
        Length of the cycle.
    """
    days = [WEEKDAYS.index(d) for d in weekdays]
    every = (1 << cycle_weeks) - 1
    made: list[tuple[int, list[tuple[int, int]]]] = []
    for rhythm, between in enumerate(weeks_between):
        if between == _TWICE:
            made.extend(
                (rhythm, [(a, every), (b, every)])
                for a in days
                for b in days
                if b - a >= _APART_DAYS and len(WEEKDAYS) - (b - a) >= _APART_DAYS
            )
            continue
        step = int(between)
        if step != between or step < 1 or cycle_weeks % step:
            continue
        bits = [sum(1 << w for w in range(first, cycle_weeks, step)) for first in range(step)]
        made.extend((rhythm, [(day, weeks)]) for day in days for weeks in bits)
    parts = [part for _, of in made for part in of]
    return Patterns(
        rhythm=np.array([r for r, _ in made], np.int16),
        ptr=np.concatenate([[0], np.cumsum([len(of) for _, of in made])]).astype(np.int32),
        day=np.array([d for d, _ in parts], np.int16),
        weeks=np.array([w for _, w in parts], np.int32),
    )
