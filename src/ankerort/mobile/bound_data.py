"""What the bounds of mobile plans count with: the least that a visit, a drive and a day cost, and the most that a stop can give."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ankerort.mobile.problem import MobileProblem

NEIGHBOURS = 20
MOST_CHOICES = 8000
_MOST_HALVES = 16
_Key = tuple[int, int, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class Choices:
    """Stops with the rhythms that they can have at all, and on which weekdays and half-days; one row each.

    Parameters
    ----------
    stop, rhythm
        int64 (choices,).
    visits
        int64 (choices,): fewest visits per cycle.
    stay_s
        int64 (choices,): of one visit.
    load
        float64 (choices,): of one visit.
    worth
        float64 (choices, kinds of need): benefit of the rhythm, share served, mean of the weekdays and half-days.
    slots
        Per choice (weekday, half-day, visits there); empty where weekdays and half-days are not told apart, then `worth` is that of the best.
    """

    stop: NDArray[np.int64]
    rhythm: NDArray[np.int64]
    visits: NDArray[np.int64]
    stay_s: NDArray[np.int64]
    load: NDArray[np.float64]
    worth: NDArray[np.float64]
    slots: tuple[tuple[tuple[int, int, int], ...], ...]


@dataclass(frozen=True)
class Edges:
    """Drives between nodes in either direction, at the least that any vehicle needs.

    Nodes are the stops, then one node for all depots. Of two stops, the drives to the nearest `NEIGHBOURS` stand singly; all longer ones of a stop
    are one half-drive to anywhere (`b` = -1), at half the cost of the cheapest of them.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    seconds: NDArray[np.float64]
    eur: NDArray[np.float64]


@dataclass(frozen=True)
class Day:
    """The most and the least of any vehicle: longest work of a day in seconds, least costs, capacity."""

    work_s: float
    extra_s: float
    eur_per_h: float
    eur_per_day: float
    eur_per_year: float
    capacity: float


def longest_day(problem: MobileProblem) -> Day:
    """Return what no day of any vehicle exceeds or costs less than; work is the tour without its break (rule 6)."""
    crews = problem.vehicles
    longest = 0.0
    for v in range(crews.count):
        shift = int(crews.back_until_s[v]) - int(crews.leave_from_s[v])
        tour, extra = min(int(crews.tour_max_s[v]), shift), int(crews.paid_extra_s[v])
        rest = int(crews.break_s[v])
        long_rest = max(int(crews.long_break_s[v]), rest)
        short = min(tour, int(crews.work_before_break_s[v]) - extra)
        usual = min(tour - rest, int(crews.long_work_s[v]) - extra)
        longest = max(longest, short, usual, tour - long_rest)
    return Day(
        work_s=longest,
        extra_s=float(crews.paid_extra_s.min()),
        eur_per_h=float(crews.eur_per_h.min()),
        eur_per_day=float(crews.eur_per_day.min()),
        eur_per_year=float(crews.eur_per_year.min()),
        capacity=float(crews.capacity.max(initial=0.0)),
    )


def choices_of(problem: MobileProblem, *, split: bool) -> Choices:
    """Return the stops with the rhythms for which there is an allowed pattern with room in the hours of the stop on each of its days.

    Weekdays and half-days are told apart if `split`, unless there are more than `MOST_CHOICES`.
    """
    found = _choices(problem, split=True) if split else None
    return found if found is not None else _choices(problem, split=False) or _choices_of({}, problem)


def _choices(problem: MobileProblem, *, split: bool) -> Choices | None:
    """Return the choices; None = too many."""
    patterns, needs = problem.patterns, problem.needs
    rows: dict[_Key, tuple[int, tuple[int, ...], NDArray[np.float64]]] = {}
    for stop in np.flatnonzero(problem.vehicle_ok.any(axis=0)).tolist():
        seen: dict[tuple[int, int], list[tuple[int, NDArray[np.float64]]]] = {}
        for pattern in np.flatnonzero(problem.pattern_ok[stop]).tolist():
            rhythm = int(patterns.rhythm[pattern])
            parts = range(int(patterns.ptr[pattern]), int(patterns.ptr[pattern + 1]))
            halves = [_halves(problem, stop, rhythm, int(patterns.day[k]), seen, split=split) for k in parts]
            if split and np.prod([len(h) for h in halves]) > _MOST_HALVES:
                return None
            share = needs.benefit[:, rhythm] * problem.served_share[stop, rhythm]
            weeks = tuple(int(patterns.weeks[k]).bit_count() for k in parts)
            for chosen in product(*halves) if parts else ():
                worth = np.mean([factor for _, factor in chosen], axis=0) * share
                slots = tuple((int(patterns.day[k]), half) for k, (half, _) in zip(parts, chosen, strict=True))
                key = stop, rhythm, slots if split else ()
                visits, each = sum(weeks), weeks
                before = rows.get(key)
                if before is not None:
                    visits, worth = min(visits, before[0]), np.maximum(worth, before[2])
                    each = tuple(map(min, each, before[1])) if split else ()
                rows[key] = visits, each, worth
        if split and len(rows) > MOST_CHOICES:
            return None
    return _choices_of(rows, problem)


def _choices_of(rows: dict[_Key, tuple[int, tuple[int, ...], NDArray[np.float64]]], problem: MobileProblem) -> Choices:
    keys = sorted(rows)
    stop_of = np.array([key[0] for key in keys], np.int64)
    rhythm_of = np.array([key[1] for key in keys], np.int64)
    return Choices(
        stop_of,
        rhythm_of,
        np.array([rows[key][0] for key in keys], np.int64),
        problem.stay_s[stop_of, rhythm_of].astype(np.int64),
        problem.load[stop_of, rhythm_of].astype(float),
        np.array([rows[key][2] for key in keys]).reshape(len(keys), problem.needs.benefit.shape[0]),
        tuple(tuple((*slot, n) for slot, n in zip(key[2], rows[key][1], strict=False)) for key in keys),
    )


def _halves(
    problem: MobileProblem,
    stop: int,
    rhythm: int,
    day: int,
    seen: dict[tuple[int, int], list[tuple[int, NDArray[np.float64]]]],
    *,
    split: bool,
) -> list[tuple[int, NDArray[np.float64]]]:
    """Return the half-days of a weekday in which a visit has room, with its factor per kind of need; not split: one, with the best factors."""
    key = rhythm, day
    if key not in seen:
        found = []
        stay = int(problem.stay_s[stop, rhythm])
        for half in range(len(problem.halves_s)):
            low = max(int(problem.halves_s[half, 0]), int(problem.window_s[stop, half, 0]))
            high = min(int(problem.halves_s[half, 1]), int(problem.window_s[stop, half, 1]))
            if problem.slot_ok[stop, day, half] and low + stay <= high:
                found.append((half, problem.needs.preference[:, day, half] * problem.slot_factor[stop, day, half]))
        if found and not split:
            found = [(0, np.max([factor for _, factor in found], axis=0))]
        seen[key] = found
    return seen[key]


def edges_of(problem: MobileProblem) -> Edges:
    """Return the drives between stops and to the depots."""
    kinds = sorted(set(problem.vehicles.kind.tolist()))
    depots = sorted(set(problem.vehicles.depot.tolist()))
    n = problem.stops
    seconds, eur = _least(problem.travel_s, problem.travel_s, kinds), _least(problem.drive_eur, problem.travel_s, kinds)
    a, b, time_s, cost = [], [], [], []
    for stop in range(n):
        if np.isfinite(seconds[stop, depots]).any():
            a.append(stop)
            b.append(n)
            time_s.append(float(seconds[stop, depots].min()))
            cost.append(float(eur[stop, depots].min()))
    between_s, between = seconds[:n, :n].copy(), eur[:n, :n].copy()
    if _on_grid(problem):
        # Visits begin and end, and breaks last, multiples of the grid: so do the gaps between visits, the break taken off.
        between_s = np.ceil(between_s / problem.grid_s) * problem.grid_s
    np.fill_diagonal(between, np.inf)
    np.fill_diagonal(between_s, np.inf)
    near: set[tuple[int, int]] = set()
    # Near by time or by cost: what stands singly may be any choice, it only sharpens the bound.
    for matrix in (between_s, between):
        order = np.argsort(matrix, axis=1, kind="stable")[:, : NEIGHBOURS + 1]
        near |= {(min(i, int(j)), max(i, int(j))) for i in range(n) for j in order[i, :NEIGHBOURS] if i != j}
    listed = np.zeros((n, n), bool)
    for i, j in sorted(near):
        listed[i, j] = listed[j, i] = True
        if np.isfinite(between_s[i, j]):
            a.append(i)
            b.append(j)
            time_s.append(float(between_s[i, j]))
            cost.append(float(between[i, j]))
    rest_s, rest = np.where(listed, np.inf, between_s), np.where(listed, np.inf, between)
    for stop in range(n):
        if np.isfinite(rest_s[stop]).any():
            a.append(stop)
            b.append(-1)
            time_s.append(float(rest_s[stop].min()) / 2.0)
            cost.append(float(rest[stop].min()) / 2.0)
    return Edges(np.array(a, np.int64), np.array(b, np.int64), np.array(time_s), np.array(cost))


def _on_grid(problem: MobileProblem) -> bool:
    crews, grid = problem.vehicles, problem.grid_s
    return not any((lengths % grid).any() for lengths in (problem.stay_s, crews.break_s, crews.long_break_s))


def packings(problem: MobileProblem, choices: Choices, edges: Edges, half: int | None) -> list[NDArray[np.float64]]:
    """Return per choice the share of a half-day (None = of the longest) that a visit takes, in valid ways; all visits of one take at most 1.

    A half-day of length L holds stays and the drives between them, each at least d: sum of (stay + d) <= L + d. Of the sizes
    ``x = (stay + d) / (L + d)`` also ``floor((k + 1) x) / k`` (x where (k + 1) x is whole) may be added up (dual feasible functions, Fekete and
    Schepers, Mathematical Programming 91 (2001)).
    """
    inner = (edges.b >= 0) & (edges.b < problem.stops)
    gap = float(edges.seconds[inner].min(initial=np.inf))
    gap = gap if np.isfinite(gap) else 0.0
    lengths = problem.halves_s[:, 1] - problem.halves_s[:, 0]
    length = float(lengths.max() if half is None else lengths[half]) + gap
    size = np.asarray((choices.stay_s + gap) / max(length, 1.0), np.float64)
    found = [size]
    for k in range(1, 7):
        whole = (k + 1) * size
        exact = np.abs(whole - np.round(whole)) < 1e-9
        found.append(np.where(exact, size, np.floor(whole) / k).astype(np.float64))
    return found


def _least(
    values: NDArray[np.float64] | NDArray[np.int32], seconds: NDArray[np.int32], kinds: list[int]
) -> NDArray[np.float64]:
    """Return the least of all kinds of vehicles and both directions; inf = no way."""
    known = np.where(seconds[kinds] >= 0, values[kinds].astype(float), np.inf).min(axis=0)
    return np.minimum(known, known.T)
