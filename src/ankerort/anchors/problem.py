"""The anchor problem in numbers: frozen arrays that model, heuristic and checker share; it knows no region.

All persons are persons, all money is EUR per year, all times are seconds from door to door. The meaning of each term stands in
docs/method/anchors.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

FIXED: Final = 0  # there today, open in every plan
REMOVABLE: Final = 1  # there today, may close
NEW: Final = 2  # not there today
MOVED: Final = 3  # not there today; opens only where its origin (a REMOVABLE offer) closes

OWN: Final = 0  # the planning body decides alone
JOINT: Final = 1  # together with others
RECRUIT: Final = 2  # in the hand of others: it can only be invited


@dataclass(frozen=True)
class Travel:
    """From each site to the demand rows, one column per site: sparse, sorted by row within a site.

    Parameters
    ----------
    ptr
        int64, shape (sites + 1,).
    row
        int32: demand rows that reach the site at all in the table (at least all within the standard).
    seconds
        int32: door to door by the best way that the row's people have.
    within
        bool: within the standard.
    """

    ptr: NDArray[np.int64]
    row: NDArray[np.int32]
    seconds: NDArray[np.int32]
    within: NDArray[np.bool_]

    @property
    def site_count(self) -> int:
        """Number of sites."""
        return len(self.ptr) - 1

    def site(self, k: int) -> slice:
        """Entries of one site."""
        return slice(int(self.ptr[k]), int(self.ptr[k + 1]))


@dataclass(frozen=True)
class Function:
    """A function that places hold: a service, or a core item that any of several services fulfils.

    Parameters
    ----------
    id
        Service, or ``core:<id>``.
    weight
        Value of one person served.
    travel
        Its sites (existing facilities and candidate places) against the demand rows.
    need
        float64, shape (demand rows,): persons of the function's group; 0 where supply is not known (unknown is no gap).
    legal
        A legal minimum standard: every row with need that some offer can reach must be served (`Limits.legal`).
    minute_weight
        Weight of one minute saved for one person; None = `weight`.
    backup_share
        Points for a second open offer at another site within the standard (backup coverage), as a share of `weight`, 0 to 1; 0 = it does not
        count. It never counts where some offer of the function has a limited capacity. As a share it follows the weight where weights vary.

    Raises
    ------
    ValueError
        `backup_share` is not between 0 and 1: a second offer that counts more than the first cannot be written as linear rows.
    """

    id: str
    weight: float
    travel: Travel
    need: NDArray[np.float64]
    legal: bool = False
    minute_weight: float | None = None
    backup_share: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.backup_share <= 1.0:
            raise ValueError(
                f"function {self.id!r}: a second offer may count at most as much as the first and not less than nothing, "
                f"not {self.backup_share!r} times as much"
            )

    @property
    def backup_weight(self) -> float:
        """Points for one person who has a second open offer at another site within the standard, beyond those for the first one."""
        return self.weight * self.backup_share

    @property
    def per_minute(self) -> float:
        """Weight of one minute saved for one person."""
        return self.weight if self.minute_weight is None else self.minute_weight


@dataclass(frozen=True)
class Offers:
    """Ways in which a function is held at a site, one row each; a decision says which are open. All arrays have shape (offers,).

    Parameters
    ----------
    function, site
        int32: function, and its row in ``Function.travel``.
    place
        int32: candidate place in which it stands, -1 = in none.
    variant
        int32: number of the variant (for people; offers of one function at one place exclude one another unless they exist), -1 = existing.
    state
        int8: FIXED, REMOVABLE, NEW, MOVED.
    origin
        int32: of a MOVED offer the REMOVABLE offer that closes for it, else -1.
    quality
        float64 in (0, 1]: share of the need that it meets.
    cost_eur
        float64, shape (offers, 3): low, mid, high per year, investment annuity and operation; FIXED ones cost 0 (no plan changes them).
    viable_persons
        float64: least catchment, 0 = none (FIXED and REMOVABLE ones are exempt: 0).
    subsidy_eur
        float64: price of each person short of it where the function is in the core of the open anchor's level; inf = no subsidy.
    capacity_persons
        float64: persons that it can serve, inf = no limit.
    decides
        int8: OWN, JOINT, RECRUIT.
    host
        int32: function of which some offer must be open in the same place, -1 = none.
    room_hours
        float64: hours a week of the place's shared room, 0 = needs none.
    saves_minutes
        bool: shorter ways to it count as minutes saved; they always count to what exists. None = to all.
    """

    function: NDArray[np.int32]
    site: NDArray[np.int32]
    place: NDArray[np.int32]
    variant: NDArray[np.int32]
    state: NDArray[np.int8]
    origin: NDArray[np.int32]
    quality: NDArray[np.float64]
    cost_eur: NDArray[np.float64]
    viable_persons: NDArray[np.float64]
    subsidy_eur: NDArray[np.float64]
    capacity_persons: NDArray[np.float64]
    decides: NDArray[np.int8]
    host: NDArray[np.int32]
    room_hours: NDArray[np.float64]
    saves_minutes: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.function)

    def limited(self, functions: int) -> NDArray[np.bool_]:
        """Functions of which some offer has a limited capacity, shape (functions,)."""
        out = np.zeros(functions, dtype=bool)
        out[self.function[np.isfinite(self.capacity_persons)]] = True
        return out

    @property
    def counts_minutes(self) -> NDArray[np.bool_]:
        """Offers to which shorter ways count; bool, shape (offers,)."""
        exists = (self.state == FIXED) | (self.state == REMOVABLE)
        return exists | (np.ones(len(self), bool) if self.saves_minutes is None else self.saves_minutes)


@dataclass(frozen=True)
class CoreSlot:
    """One item of a level's core catalogue: held where an open offer of any of `functions` stands in the unit's places.

    Parameters
    ----------
    functions
        Numbers of functions.
    required
        Must be held; else it counts towards `Level.at_least` only.
    """

    functions: tuple[int, ...]
    required: bool


@dataclass(frozen=True)
class Level:
    """A level of anchors; levels are nested: the core of a higher one holds that of the lower.

    Parameters
    ----------
    id
        basic, full.
    core
        Its items.
    at_least
        Items (required or not) that an anchor of the level must hold.
    """

    id: str
    core: tuple[CoreSlot, ...]
    at_least: int


@dataclass(frozen=True)
class Units:
    """What may be chosen as an anchor: a place, or a pair of neighbouring places, at a level. Shape (units,) each.

    Parameters
    ----------
    level
        int8: row of the levels.
    first, second
        int32: places; `second` is -1 for a single place. Of all units that hold a place at most one is chosen.
    cost_eur
        float64, shape (units, 3): low, mid, high per year of the anchor itself.
    """

    level: NDArray[np.int8]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    cost_eur: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.level)


@dataclass(frozen=True)
class Bundles:
    """What sharing a building, staff or hours saves: active where each of its slots holds an open offer. Shape (bundles,) each.

    Parameters
    ----------
    place
        int32.
    saving_eur
        float64, shape (bundles, 3): low, mid, high per year.
    benefit
        float64: points of the component `together`.
    slot_ptr, offer_ptr, offer
        int64, int64, int32: slots of bundle b are ``slot_ptr[b]:slot_ptr[b+1]``; offers that fill slot k are
        ``offer[offer_ptr[k]:offer_ptr[k+1]]``.
    """

    place: NDArray[np.int32]
    saving_eur: NDArray[np.float64]
    benefit: NDArray[np.float64]
    slot_ptr: NDArray[np.int64]
    offer_ptr: NDArray[np.int64]
    offer: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class Demand:
    """People, one row per home and kind of people (with or without a car, under or over 65). Shape (demand rows,) each.

    Parameters
    ----------
    persons
        float64: inhabitants.
    weight
        float64: value of one person of the row's group.
    area
        int32: municipality or association for shares by area, -1 = none.
    """

    persons: NDArray[np.float64]
    weight: NDArray[np.float64]
    area: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.persons)


@dataclass(frozen=True)
class AnchorProblem:
    """All that may be decided, and what follows from it.

    Parameters
    ----------
    place_count
        Candidate places.
    place_x, place_y
        float64, shape (places,): metres, for the spacing.
    demand, functions, offers, levels, units, bundles
        See there.
    anchor_travel
        From each candidate place to the demand rows: who can run several errands there in one trip.
    together_weight
        float64, shape (levels,): points for one person within reach of an anchor of at least the level; not decreasing.
    minute_weight
        Points for one person-minute saved (`step_s`).
    step_s
        Minutes saved count in steps of so many seconds against the best way of today.
    room_hours
        float64, shape (places,): hours a week of the shared room of a place.
    """

    place_count: int
    place_x: NDArray[np.float64]
    place_y: NDArray[np.float64]
    demand: Demand
    functions: tuple[Function, ...]
    offers: Offers
    levels: tuple[Level, ...]
    units: Units
    bundles: Bundles
    anchor_travel: Travel
    together_weight: NDArray[np.float64]
    room_hours: NDArray[np.float64]
    minute_weight: float = 1.0
    step_s: int = 300


@dataclass(frozen=True)
class Objective:
    """What is to be great: the weighted sum of components, or one after the other.

    Parameters
    ----------
    people
        Factor of the points for people served (persons x weight of function x weight of group x quality).
    minutes
        Factor of the points for minutes saved.
    together
        Factor of the points for people within reach of an anchor, and for bundles.
    cost
        Points per EUR of additional cost per year (mid), counted against.
    worst
        Factor of the share of points for people reached in the worst-served area.
    order
        Names of components, the most important first; then the factors are not used. Cost counts against.
    """

    people: float = 1.0
    minutes: float = 0.0
    together: float = 1.0
    cost: float = 0.0
    worst: float = 0.0
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What every plan must keep.

    Parameters
    ----------
    max_anchors
        At most so many units; None = any number.
    exactly
        Exactly `max_anchors` units (classic problems).
    budget_eur
        Most additional cost per year (mid).
    min_people
        Least share of the points for people (of all points that there are).
    keep, forbid
        Places that must be, or may not be, in a chosen unit.
    spacing_m
        Places of different units lie at least so far apart; 0 = anywhere.
    new_only_in_anchors
        NEW and MOVED offers stand in chosen units only.
    area_share
        Least share of the points for people of every area; 0 = none.
    legal
        hard: rows of legal functions that any offer can reach must be served; priced: each person not served costs `legal_price_eur`
        per year in the component cost and in the budget's sum; off.
    legal_price_eur
        EUR per person and year.
    viability
        Whether least catchments bind.
    """

    max_anchors: int | None = None
    exactly: bool = False
    budget_eur: float | None = None
    min_people: float = 0.0
    keep: tuple[int, ...] = ()
    forbid: tuple[int, ...] = ()
    spacing_m: float = 0.0
    new_only_in_anchors: bool = True
    area_share: float = 0.0
    legal: str = "off"
    legal_price_eur: float = 0.0
    viability: bool = True


@dataclass(frozen=True)
class Decision:
    """Which offers are open and which units are chosen: bool, shapes (offers,) and (units,)."""

    open: NDArray[np.bool_]
    units: NDArray[np.bool_]


@dataclass(frozen=True)
class Solution:
    """A decision with the proof of how good it is.

    Parameters
    ----------
    decision
        None where no plan was found.
    value
        Its objective, by `ankerort.anchors.evaluate` (with the exact rules of viability and capacity).
    bound
        No plan is better; from the relaxation where viability or capacity bind.
    gap
        (bound - value) / max(|bound|, 1e-9).
    seconds
        Wall time.
    seed
        Of the heuristic.
    status
        optimal (gap within the tolerance), feasible, infeasible, none (no plan found in time; nothing proven).
    relaxed
        The bound is that of the relaxation.
    steps
        (name of the stage, seconds, value, bound) in order.
    """

    decision: Decision | None
    value: float
    bound: float
    gap: float
    seconds: float
    seed: int
    status: str
    relaxed: bool = False
    steps: tuple[tuple[str, float, float, float], ...] = field(default=())
