"""Who drives a car, and how much more a service at the door counts for those who do not."""

from __future__ import annotations

from ankerort.catalogue.model import Catalogue


def car_share(catalogue: Catalogue, people: str) -> float:
    """Share of a group of people in villages that drives a car itself: mean of the records over its ages and both sexes, up to 95 years."""
    group = catalogue.groups.get(people)
    first, last = (group.first_age, min(group.last_age, 95)) if group is not None else (18, 95)
    rates = []
    for sex in ("f", "m"):
        for one in catalogue.car_rates:
            if one.settlement == "village" and one.sex == sex:
                years = min(last, one.age_to) - max(first, one.age_from) + 1
                if years > 0:
                    rates.append((years, one.rate.value))
    total = sum(y for y, _ in rates)
    return sum(y * r for y, r in rates) / total if total else 0.0


def dependence(catalogue: Catalogue, people: str) -> float:
    """How much a case of a group counts: 1 for those without a car of their own, ``mobile.weight_with_car`` for those who drive, in (0, 1].

    ``1 - (1 - weight_with_car) * car_share``: a mobile service is first for those who cannot drive to the office.
    """
    return 1.0 - (1.0 - catalogue.value("mobile.weight_with_car")) * car_share(catalogue, people)
