"""What a facility list says on quality: condition, range, capacity by year, and what must stay confidential."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ankerort.base.problems import Severity
from ankerort.region import table_cells as cells
from ankerort.region.facility_rows import Row
from ankerort.region.opening_hours import parse_hours, replaces_hours

# School marks; years and ages that are no slips of the pen.
BEST_MARK, WORST_MARK = 1.0, 5.0
_YEARS = (1900.0, 2100.0)
_AGES = (15.0, 110.0)
CONFIDENTIAL_COLUMNS = ("operator_age", "succession", "lease_until_year", "turnover_eur_year", "rent_eur_m2")
_PERIOD = ("capacity_from_year", "capacity_to_year")


def read_quality(row: Row, *, fault: Severity) -> dict[str, object]:
    """Columns of FACILITIES on quality; what cannot be read or cannot be is unknown and told.

    Parameters
    ----------
    row
        Row of a facility list.
    fault
        How grave a value is that cannot be: an error in a list that the user fills in, a warning in an official one.
    """
    return {
        "toilets_wheelchair": row.choice("toilets_wheelchair", cells.parse_wheelchair, ("yes", "limited", "no")),
        "capacity": row.checked_number("capacity", fault=fault),
        "condition": row.checked_number("condition", BEST_MARK, WORST_MARK, fault=fault),
        "assortment": row.choice("assortment", cells.parse_assortment, cells.ASSORTMENTS),
        "broadband_mbit": row.checked_number("broadband_mbit", fault=fault),
    }


def read_opening_hours(row: Row) -> str:
    """Opening hours as they stand; a warning if they cannot be read, or if a rule takes away hours of another one."""
    text = row.text("opening_hours")
    hours = parse_hours(text)
    if hours.fault == "unreadable":
        row.problem("opening_hours_unreadable", "warning", row.head("opening_hours"), value=text)
    elif hours.rules and replaces_hours(hours.rules):
        row.problem("opening_hours_replaced", "warning", row.head("opening_hours"), value=text)
    return text


def read_capacity_period(row: Row, *, fault: Severity) -> dict[str, object] | None:
    """Columns of CAPACITIES (without ids) of a row that names years; None if it names none."""
    if not any(row.text(column) for column in _PERIOD):
        return None
    first, last = (row.checked_number(column, *_YEARS, whole=True, fault=fault) for column in _PERIOD)
    if first > last:
        told = {"first": int(first), "last": int(last)}
        row.problem("facility_years_order", fault, row.head(_PERIOD[1]), **told)
        return None
    return {"unit": row.text("capacity_unit"), "from_year": first, "to_year": last}


def read_confidential(row: Row) -> dict[str, object] | None:
    """Columns of CONFIDENTIAL (without ids); None if the row holds none of them.

    Every fault is an error and names no value: an error stops the run, so that nothing of it gets into a document.
    """
    if not any(row.text(column) for column in CONFIDENTIAL_COLUMNS):
        return None
    parse: Callable[[str], str | None] = cells.parse_succession
    succession = parse(row.text("succession"))
    if succession is None:
        row.problem("facility_confidential", "error", row.head("succession"))
    return {
        "operator_age": row.checked_number("operator_age", *_AGES, secret=True),
        "succession": succession or "",
        "lease_until_year": row.checked_number("lease_until_year", *_YEARS, whole=True, secret=True),
        "turnover_eur_year": row.checked_number("turnover_eur_year", secret=True),
        "rent_eur_m2": row.checked_number("rent_eur_m2", secret=True),
    }


def capacity_of_day(periods: list[dict[str, object]], day: str) -> float:
    """The capacity that holds on the day of the source; NaN without a day, or if no period holds then."""
    if not day:
        return np.nan
    year = int(day[:4])
    for period in periods:
        first, last = float(str(period["from_year"])), float(str(period["to_year"]))
        if not (first > year or last < year):
            return float(str(period["capacity"]))
    return np.nan


def periods_overlap(period: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two spans of years share one; an open end is NaN, which no comparison excludes."""
    first, last = (float(str(period[c])) for c in ("from_year", "to_year"))
    return not (first > float(str(other["to_year"])) or last < float(str(other["from_year"])))
