"""The six states of a service in a place: O, M, E, A, –, ?."""

from __future__ import annotations

from dataclasses import dataclass

AT_PLACE, MOBILE, REACHED, CAR_ONLY, NOT_REACHED, NOT_KNOWN = "O", "M", "E", "A", "–", "?"


@dataclass(frozen=True)
class PlaceFacts:
    """What the states of one place and service are decided on.

    Shares are of the place's people, 0 to 1; `*_high` counts the unknown as served. `has_standard` is False for services without
    any standard, `has_own_standard` for those without one by which somebody without a car could be served: being there or
    not is then all that can be said. `help_drives`: the service comes from its facility (fire brigade).
    """

    certain_inside: int
    probable_inside: int
    near_share: float
    near_share_high: float
    visits: bool
    comes_home_share: float
    comes_home_high: float
    without_car_low: float
    without_car_high: float
    with_car_low: float
    with_car_high: float
    confirmed_none: bool
    absence_known: bool
    has_standard: bool
    has_own_standard: bool
    has_car_standard: bool
    help_drives: bool = False
    inhabited: bool = True


@dataclass(frozen=True)
class Limits:
    """Shares of the dated records state.*."""

    at_place_share: float
    reached_share: float


def decide_state(facts: PlaceFacts, limits: Limits, *, with_car: bool) -> tuple[str, str]:
    """State letter and reason id (text: ``state_reason.<id>``), first hit wins.

    O: an open facility inside the place, or within 1,000 m on foot of at least half of its inhabitants. M: a regular
    mobile visit, or a service that comes home. E: at least 80 % within the standard without a car. A: 80 % with a car.
    –: neither, and nothing that is unknown could change it. ?: otherwise.
    """
    if facts.certain_inside:
        return AT_PLACE, "in_place"
    if facts.near_share >= limits.at_place_share:
        return AT_PLACE, "near_place"
    if facts.probable_inside:
        return AT_PLACE, "probable_in_place"
    if facts.visits:
        return MOBILE, "mobile_visit"
    if not facts.inhabited:
        return NOT_KNOWN, "no_inhabitants"
    if facts.comes_home_share >= limits.reached_share:
        return MOBILE, "comes_home"
    if facts.has_own_standard and facts.without_car_low >= limits.reached_share:
        return REACHED, "help_arrives" if facts.help_drives else "reached_without_car"
    rest_known = not facts.has_own_standard or facts.without_car_high < limits.reached_share
    if with_car and facts.has_car_standard and facts.with_car_low >= limits.reached_share:
        return CAR_ONLY, "car_only" if rest_known else "car_rest_unknown"
    if facts.near_share_high >= limits.at_place_share and not facts.confirmed_none:
        return NOT_KNOWN, "may_be_in_place"
    if facts.comes_home_high >= limits.reached_share:
        return NOT_KNOWN, "comes_home_unknown"
    if not (facts.has_standard if with_car else facts.has_own_standard):
        if facts.absence_known:
            return NOT_REACHED, "confirmed_none" if facts.confirmed_none else "none_no_standard"
        return NOT_KNOWN, "not_recorded"
    high = facts.with_car_high if with_car else facts.without_car_high
    if high >= limits.reached_share:
        return NOT_KNOWN, "not_recorded"
    return NOT_REACHED, "confirmed_none" if facts.confirmed_none else "too_far"
