"""Public and school holidays of a Land."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

from ankerort.catalogue.model import Catalogue, SchoolHoliday

SATURDAY = 5
# Longer than any time between two school holidays of a Land (Hessen and Baden-Württemberg reach about 100 days).
LONGEST_TERM_DAYS = 120


def is_public_holiday(land: str, day: date) -> bool:
    """Whether `day` is a public holiday in the Land (abbreviation, for instance ST); rules of the `holidays` library.

    Raises
    ------
    NotImplementedError
        If there is no such Land.
    """
    return day in _public_holidays(land, day.year)


def public_holiday_name(land: str, day: date, lang: str) -> str:
    """Name of the public holiday of the Land in the language asked for (de or en); empty on all other days.

    Raises
    ------
    NotImplementedError
        If there is no such Land.
    """
    return _holiday_names(land, day.year, lang).get(day, "")


def school_holiday(catalogue: Catalogue, land: str, day: date) -> SchoolHoliday | None:
    """The school holidays in which `day` lies, or None if there are none **on record**.

    Ask `school_holidays_known` first: without records of that time, None does not mean a school day.
    """
    iso = day.isoformat()
    for record in catalogue.school_holidays:
        if record.land == land and record.first_day <= iso <= record.last_day:
            return record
    return None


def school_holidays_known(catalogue: Catalogue, land: str, day: date) -> bool:
    """Whether the records of the Land reach round `day`: some holidays end before it (or on it), some begin after (or on it).

    Gaps of more than 120 days between two records count as unknown, since no time between two holidays is so long.
    """
    iso = day.isoformat()
    before = [h.last_day for h in catalogue.school_holidays if h.land == land and h.first_day <= iso]
    after = [h.first_day for h in catalogue.school_holidays if h.land == land and h.last_day >= iso]
    if not before or not after:
        return False
    gap = date.fromisoformat(min(after)) - date.fromisoformat(max(before))
    return gap.days <= LONGEST_TERM_DAYS


def is_school_day(catalogue: Catalogue, land: str, day: date) -> bool:
    """Whether pupils of the Land go to school: Monday to Friday, no public holiday, no school holidays on record.

    Movable days off that a single school sets are not on record.
    """
    return (
        day.weekday() < SATURDAY and not is_public_holiday(land, day) and school_holiday(catalogue, land, day) is None
    )


@lru_cache(maxsize=64)
def _public_holidays(land: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv=land, years=year))


@lru_cache(maxsize=64)
def _holiday_names(land: str, year: int, lang: str) -> dict[date, str]:
    # without a language the library takes that of the machine
    language = "de" if lang == "de" else "en_US"
    return dict(holidays.country_holidays("DE", subdiv=land, years=year, language=language).items())
