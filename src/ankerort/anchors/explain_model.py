"""What an explanation of an anchor says, in numbers and ids; the sentences are made in `ankerort.documents`.

Persons of a function are persons of its group. One who has several functions counts once in each; `anyone` counts each once.
"""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float, float]  # low, mid, high; EUR per year


@dataclass(frozen=True)
class PersonsChange:
    """Persons who gain or lose one function.

    Parameters
    ----------
    function
        Service or ``core:<id>``.
    persons, without_car, old
        Persons of the function's group; of them without a car; of them 65 or older.
    places
        (place_id, persons) where they live, most persons first; "" = outside of all places.
    """

    function: str
    persons: float
    without_car: float
    old: float
    places: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Change:
    """Who gains, or who loses: by function, most persons first.

    Parameters
    ----------
    functions
        One row per function with at least half a person.
    summed
        Persons over all functions (one person counts in each).
    anyone, without_car, old
        Persons with at least one of the functions, each once (in a demand row the largest group counts, so it is a lower bound);
        of them without a car, 65 or older.
    places
        (place_id, persons) of `anyone`.
    """

    functions: tuple[PersonsChange, ...] = ()
    summed: float = 0.0
    anyone: float = 0.0
    without_car: float = 0.0
    old: float = 0.0
    places: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Reach:
    """Inhabitants within reach of the place itself.

    Parameters
    ----------
    persons
        Inhabitants.
    others_persons
        Of them from other municipalities; NaN = the municipality of the place is not known.
    others
        (municipality key, persons), most first.
    """

    persons: float
    others_persons: float
    others: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Gain:
    """What an anchor brings against today, whatever else the plan does.

    Parameters
    ----------
    served
        Persons who have the function within the standard by what opens here and do not have it today.
    person_minutes
        Minutes of one way that people save against today by what opens here, summed over persons and functions.
    shorter_persons
        Persons with a shorter way, summed over functions.
    new, moved, kept
        Functions that open, move here, stay (recorded ones).
    cost_eur
        Of the anchor and all that opens here, with subsidies, less what bundles here and closed origins save.
    presumed
        Functions that are expected in a place of its size and recorded nowhere: they hold a core item, nothing else is known of them.
    unknown
        Functions that open although it is not known that there is none.
    """

    served: Change
    person_minutes: float
    shorter_persons: float
    new: tuple[str, ...]
    moved: tuple[str, ...]
    kept: tuple[str, ...]
    cost_eur: Range
    presumed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """The plan against another one.

    Parameters
    ----------
    found
        False: no plan was found that keeps all rules; then only `broken` counts.
    proven
        The other plan is proven the best of its kind; else it is the best that the heuristic found.
    comes, leaves
        Places that are anchors only in the other plan; only in this one (without the place in question).
    points, share
        Value of this plan less that of the other; as a share of this one's (NaN where that is 0).
    loses, gains
        Who is served in this plan only; who in the other only.
    person_minutes
        Minutes saved by this plan less those saved by the other, one way, summed over persons and functions.
    cost_eur
        Cost of the other less cost of this one.
    broken
        Rules (`Fault.rule`) that a plan without the place breaks, where none was found.
    """

    found: bool
    proven: bool = False
    comes: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    points: float = float("nan")
    share: float = float("nan")
    loses: Change = Change()
    gains: Change = Change()
    person_minutes: float = float("nan")
    cost_eur: Range = (float("nan"),) * 3
    broken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Binding:
    """A rule that keeps the plan from more, or the place from being an anchor.

    Parameters
    ----------
    rule
        max_anchors (one more), budget (a share more), area_share (without it), spacing (without it, or too near), legal (without it),
        viability (of a function here), core (an item that nothing here can hold), at_least (items short), forbid (asked for),
        value (nothing forbids it, others are worth more).
    function
        For viability and core; "" = none.
    persons
        For viability: persons that the catchment misses. For re-solved rules: persons served more, summed over functions.
    points
        Value that the plan gains where the rule is relaxed; NaN = not re-solved.
    eur
        For budget: EUR per year more that are allowed; else NaN.
    cost_eur
        Cost that the plan has more (low, mid, high) where the rule is relaxed; NaN = not re-solved.
    places
        Anchors that come where the rule is relaxed; for spacing the chosen places that are too near.
    amount
        For budget the share more; for spacing the distance in metres; for at_least the items short; else NaN.
    """

    rule: str
    function: str = ""
    persons: float = float("nan")
    points: float = float("nan")
    eur: float = float("nan")
    cost_eur: Range = (float("nan"),) * 3
    places: tuple[str, ...] = ()
    amount: float = float("nan")


@dataclass(frozen=True)
class Flip:
    """What would have to change for the other plan of an `Exchange` to be worth as much, all else as it is.

    Parameters
    ----------
    kind
        persons (more people where the other plan serves better), cost (the other plan cheaper), component (factor of the objective),
        function (weight of a function).
    id
        Component or function; "" for persons and cost.
    now, then
        Value today and value from which on the other plan is worth more. persons: inhabitants in those homes; cost: EUR per year of the
        other plan, mid.
    places
        For persons: (place_id, inhabitants) of those homes, most first.
    """

    kind: str
    id: str
    now: float
    then: float
    places: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class PlaceExplanation:
    """Why a place is an anchor of a plan, or why not.

    Parameters
    ----------
    place_id, partner_id
        The place; of a pair the second one ("" = none).
    level
        Level in the plan; for a place that is not chosen the level that it would have ("" = it cannot be one).
    chosen
        It is an anchor of the plan.
    reach
        Inhabitants within reach.
    gain
        What it brings; of a place that is not chosen what it would bring in the plan with it.
    drop
        The plan without it, the other anchors kept; None for a place that is not chosen.
    exchange
        The best plan found with the place forbidden (the runner-up); for a place that is not chosen the best plan found with it.
    binding
        Rules at the place.
    flips
        What would have to change for the plan of `exchange`.
    """

    place_id: str
    partner_id: str
    level: str
    chosen: bool
    reach: Reach
    gain: Gain | None
    drop: Exchange | None
    exchange: Exchange
    binding: tuple[Binding, ...]
    flips: tuple[Flip, ...]


@dataclass(frozen=True)
class PlanExplanation:
    """Explanations of all asked places, and the rules that bind the plan as a whole.

    Parameters
    ----------
    places
        Chosen anchors in order of the places, then those asked for by name.
    binding
        Rules whose relaxation would make the plan better, the most valuable first.
    """

    places: tuple[PlaceExplanation, ...]
    binding: tuple[Binding, ...]
