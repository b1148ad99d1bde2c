"""What need not be decided: offers and units that no good plan opens, and the most people that an offer can get."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ankerort.anchors.entries import free_entries
from ankerort.anchors.problem import FIXED, MOVED, NEW, AnchorProblem, Limits


@dataclass(frozen=True)
class Reduced:
    """What remains to be decided.

    Parameters
    ----------
    offers
        bool, shape (offers,): to be decided: not FIXED and not dropped. Dropped ones are closed.
    units
        bool, shape (units,): may be chosen.
    potential
        float64, shape (offers,): persons who can have it as their closest offer, next to the FIXED ones: the most that its catchment can be.
    subsidised
        bool, shape (offers,): may be short of its least catchment at a price, in some unit that may be chosen.
    instead
        int64, shape (offers,): the offer that stands for a dominated one, else its own number.
    """

    offers: NDArray[np.bool_]
    units: NDArray[np.bool_]
    potential: NDArray[np.float64]
    subsidised: NDArray[np.bool_]
    instead: NDArray[np.int64]


def core_functions(problem: AnchorProblem) -> NDArray[np.bool_]:
    """Whether the core of a level holds a function, shape (levels, functions)."""
    out = np.zeros((len(problem.levels), len(problem.functions)), dtype=bool)
    for number, level in enumerate(problem.levels):
        for slot in level.core:
            out[number, list(slot.functions)] = True
    return out


def potential_persons(problem: AnchorProblem) -> NDArray[np.float64]:
    """Most persons that each offer can have as its catchment, shape (offers,).

    Demand rows within the standard less those whose closest FIXED offer is closer (or as close, with a smaller number).
    """
    out = np.zeros(len(problem.offers))
    for f, function in enumerate(problem.functions):
        entries = free_entries(problem, f)
        out += np.bincount(entries.column, function.need[entries.row], len(out))
    return out


def reduced(problem: AnchorProblem, limits: Limits) -> Reduced:
    """Offers and units that remain to be decided.

    Dropped are, with an equally good plan left in each case:

    - units that hold a `forbid` place;
    - NEW and MOVED offers that stand in no place of a remaining unit, where new ones stand in anchors only;
    - NEW and MOVED offers whose potential is below their least catchment and that no subsidy can help;
    - MOVED offers whose origin is not REMOVABLE (it never closes);
    - NEW and MOVED offers for more hours than the room of their place has;
    - dominated NEW offers (`_dominated`).
    """
    offers, units = problem.offers, problem.units
    barred = np.zeros(problem.place_count + 1, dtype=bool)  # one more: place -1
    barred[list(limits.forbid)] = True
    can_unit = ~barred[units.first] & ~(barred[units.second] & (units.second >= 0))
    opens = offers.state >= NEW
    potential = potential_persons(problem)
    core = core_functions(problem)
    held = np.zeros((len(problem.levels) + 1, problem.place_count + 1), dtype=bool)
    for places in (units.first, units.second):
        hit = can_unit & (places >= 0)
        held[units.level[hit], places[hit]] = True
    held[:, problem.place_count] = False
    place = offers.place
    in_core = np.zeros(len(offers), dtype=bool)
    for level in range(len(problem.levels)):
        in_core |= held[level, place] & core[level, offers.function]
    in_core &= place >= 0
    subsidised = opens & in_core & np.isfinite(offers.subsidy_eur)
    can = offers.state != FIXED
    if limits.new_only_in_anchors:
        chosen = np.asarray(held.any(axis=0))
        can &= ~opens | (chosen[place] & (place >= 0))
    if limits.viability:
        can &= ~opens | subsidised | (potential >= offers.viable_persons * (1 - 1e-12))
    moved = np.flatnonzero(offers.state == MOVED)
    can[moved[offers.state[offers.origin[moved]] == FIXED]] = False
    room = np.append(problem.room_hours, np.inf)
    can &= ~opens | (offers.room_hours <= room[place] * (1 + 1e-12))
    instead = _dominated(problem, can, potential)
    can &= instead == np.arange(len(offers))
    return Reduced(can, can_unit, potential, subsidised, instead)


def _dominated(problem: AnchorProblem, can: NDArray[np.bool_], potential: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each offer a better one that stands for it, else itself.

    NEW offer a stands for NEW offer b of the same function, place and site (so neither people's ways nor cores, hosts for others or
    minutes change) if shorter ways to it count where those to b do; its quality, capacity and potential are not smaller; cost, least catchment, price of a missing
    person and room hours not greater; it needs no host, or the same one; and it fills each slot of a bundle that b fills. Of two equal ones the
    smaller number stays. Replacing b by a in any plan breaks no row of the model and does not lower its value, under all limits.
    """
    offers, bundles = problem.offers, problem.bundles
    instead = np.arange(len(offers))
    new = np.flatnonzero(can & (offers.state == NEW) & (offers.place >= 0))
    if not len(new):
        return instead
    key = np.lexsort((new, offers.place[new], offers.function[new]))
    new = new[key]
    same = (offers.place[new][1:] == offers.place[new][:-1]) & (offers.function[new][1:] == offers.function[new][:-1])
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    slot_of = np.repeat(np.arange(len(bundles.offer_ptr) - 1), np.diff(bundles.offer_ptr))
    slots: dict[int, set[int]] = {}
    for offer, slot in zip(bundles.offer.tolist(), slot_of.tolist(), strict=True):
        slots.setdefault(offer, set()).add(slot)
    none: set[int] = set()
    least = np.column_stack(
        (
            -offers.quality,
            -offers.capacity_persons,
            -potential,
            (~offers.counts_minutes).astype(np.float64),
            offers.cost_eur[:, 1],
            offers.viable_persons,
            offers.subsidy_eur,
            offers.room_hours,
        )
    )
    for group in np.split(new, starts[1:]):
        if len(group) < 2:
            continue
        better = (least[group][:, None, :] <= least[group][None, :, :]).all(axis=2)
        better &= offers.site[group][:, None] == offers.site[group][None, :]
        better &= (offers.host[group][:, None] < 0) | (offers.host[group][:, None] == offers.host[group][None, :])
        np.fill_diagonal(better, False)
        gone = np.zeros(len(group), dtype=bool)
        for a, b in np.argwhere(better).tolist():
            if gone[a] or gone[b] or (better[b, a] and group[a] > group[b]):
                continue
            if slots.get(int(group[b]), none) <= slots.get(int(group[a]), none):
                gone[b] = True
                instead[group[b]] = group[a]
    while (instead != instead[instead]).any():
        instead = instead[instead]
    return instead
