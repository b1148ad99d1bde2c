"""What a planner asks for, in names as printed or ids; `ankerort.mobile.build` turns it into numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MobileRequest:
    """One question for a mobile service.

    Parameters
    ----------
    services
        Ids of mobile services of the catalogue (``Catalogue.mobile.services``) that come on one vehicle.
    vehicles
        How many vehicles; None = as many as budget or target ask for.
    vehicle
        Id of the kind of vehicle; empty = that of the first service's record.
    depots
        Places (names as printed) where the vehicles stand, one per vehicle or one for all; empty = the town hall or the largest place of
        the area.
    budget_eur
        Most cost per year, mid estimate; None = none.
    case_value_eur
        What one more served case may cost, EUR; None = that of the services' records.
    cover
        Target: share of the persons, for instance 1.0; None = not asked.
    cover_group, cover_m, cover_weeks
        Of the target: group of people, longest walk, longest time between two visits.
    area
        Municipalities, associations or places to be served, names as printed or keys; empty = the whole study area.
    operator
        Authority that sends the staff (association or municipality, name or key); empty = that of `area` if it is one, else each its own.
    staff
        with_agreements: residents of the own authority and of those with an agreement; own: only its own; all: as if all agreed.
    rhythms
        Rhythms in weeks that are allowed (0.5, 1, 2, 4); empty = those of the services' records.
    keep, forbid
        Stops or places that must or may not be served.
    seek, avoid
        What a visit should coincide with or not: market, doctor, bus, visit.
    weekdays
        Mo ... Su; empty = those of the records.
    one_staff
        One person serves all services on board, one after the other (else each has its own).
    use_factor
        Factor from stated to expected use; None = that of the records.
    wishes
        Whether the answers of the survey count.
    year, variant
        People of a year and a variant of the forecast; None = those of the region.
    seed, seconds
        Of the search.
    """

    services: tuple[str, ...]
    vehicles: int | None = None
    vehicle: str = ""
    depots: tuple[str, ...] = ()
    budget_eur: float | None = None
    case_value_eur: float | None = None
    cover: float | None = None
    cover_group: str = "75_plus"
    cover_m: float = 400.0
    cover_weeks: float = 2.0
    area: tuple[str, ...] = ()
    operator: str = ""
    staff: str = "with_agreements"
    rhythms: tuple[float, ...] = ()
    keep: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    seek: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    one_staff: bool = False
    use_factor: float | None = None
    wishes: bool = True
    year: int | None = None
    variant: str = "trend"
    seed: int = 1
    seconds: float = 30.0
