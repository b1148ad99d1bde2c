"""Who can drive a car himself: dated rates by age, sex and type of settlement, and what they make of each age band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.catalogue.age_bands import AGE_BANDS
from ankerort.catalogue.build_records import dated
from ankerort.catalogue.csv_rows import Row
from ankerort.catalogue.model import CarRate, Group, Settlement, Sex

SETTLEMENTS: tuple[Settlement, ...] = ("village", "town", "large_city")
SEXES: tuple[Sex, ...] = ("f", "m")
_OLDEST = 120


def build_car_rates(rows: Sequence[Row], problems: Problems) -> tuple[CarRate, ...]:
    """Rates from checked rows; ages of one settlement and sex must join without gap or overlap from 0 to 120."""
    rates: list[CarRate] = []
    tables: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        first, last = int(row.number("age_from")), int(row.number("age_to"))
        if first > last:
            problems.add(
                "catalogue_ages_reversed", "error", row.table, row=row.line, column="age_to", first=first, last=last
            )
            continue
        tables.setdefault((row["settlement"], row["sex"]), []).append(row)
        id_ = f"car_rate.{row['settlement']}.{row['sex']}.{first}"
        rates.append(CarRate(cast(Settlement, row["settlement"]), cast(Sex, row["sex"]), first, last, dated(row, id_)))
    for of_table in tables.values():
        expected = 0
        for row in sorted(of_table, key=lambda r: r.number("age_from")):
            first = int(row.number("age_from"))
            if first != expected:
                problems.add(
                    "catalogue_ages_do_not_join",
                    "error",
                    row.table,
                    row=row.line,
                    column="age_from",
                    first=first,
                    expected=expected,
                )
            expected = int(row.number("age_to")) + 1
        if expected != _OLDEST + 1:
            row = max(of_table, key=lambda r: r.number("age_to"))
            problems.add(
                "catalogue_ages_do_not_join",
                "error",
                row.table,
                row=row.line,
                column="age_to",
                first=expected - 1,
                expected=_OLDEST,
            )
    return tuple(rates)


def shares_without_car(
    rates: Sequence[CarRate],
    group: Group,
    settlement: Settlement,
    ages: NDArray[np.float64],
    share_women: Mapping[str, float],
) -> dict[str, float]:
    """Share of each age band that belongs to the group and cannot drive a car itself, both sexes together.

    Parameters
    ----------
    ages
        Persons by single year of age 0..100 of the Land, shape (101,): weights within a band; the last holds 100 and older.
    share_women
        Share of women per age band (column of ``cells``).

    Returns
    -------
    dict
        Column of ``cells`` -> share in 0..1: sum over the ages a of the band and the group, and over the sexes s, of
        n_a / n_band x w_s x (1 - rate_as). Bands without any such person are left out.
    """
    of_sex = {sex: _by_age(rates, settlement, sex) for sex in SEXES}
    shares: dict[str, float] = {}
    for column, low, high in AGE_BANDS:
        first, last = max(group.first_age, low), min(group.last_age, high)
        if first > last:
            continue
        of_band, asked = slice(low, high + 1), slice(first, last + 1)
        women = share_women[column]
        without = women * (1.0 - of_sex["f"]) + (1.0 - women) * (1.0 - of_sex["m"])
        share = float((ages[asked] * without[: len(ages)][asked]).sum() / ages[of_band].sum())
        if share > 0:
            shares[column] = share
    return shares


def _by_age(rates: Sequence[CarRate], settlement: Settlement, sex: Sex) -> NDArray[np.float64]:
    """The rate of every single year of age 0..120."""
    out = np.zeros(_OLDEST + 1)
    for one in rates:
        if one.settlement == settlement and one.sex == sex:
            out[one.age_from : one.age_to + 1] = one.rate.value
    return out
