"""Deaths, births and moves by age, and the variants of a population forecast: dated records of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from ankerort.base.problems import Problems
from ankerort.base.provenance import DatedValue, LegalStatus, Mark
from ankerort.catalogue.csv_rows import Row

Quantity = Literal["deaths", "births", "net_migration", "moves"]
QUANTITIES: tuple[Quantity, ...] = ("deaths", "births", "net_migration", "moves")
SINGLE_AGES = 101  # ages 0 to 99, and 100 and older
_OPEN = 120
_SEXES = {"births": ("f",)}


@dataclass(frozen=True)
class AgeRate:
    """Yearly rate per 1,000 persons of one sex and age group.

    Parameters
    ----------
    quantity
        deaths (probability to die within a year), births (per woman), net_migration (balance of moves in an average
        municipality), moves (how a balance that is above or below that average spreads over the ages).
    land
        Abbreviation of the Land, or DE.
    """

    quantity: Quantity
    land: str
    sex: str
    age_from: int
    age_to: int
    value: DatedValue


@dataclass(frozen=True)
class ForecastVariant:
    """One variant of the forecast.

    Parameters
    ----------
    net_migration_factor
        By what the balance of moves is multiplied; 0 = natural change only.
    extra
        Age groups that gain or lose moreover: (first age, last age, persons per 1,000 and year).
    """

    id: str
    label_de: str
    label_en: str
    net_migration_factor: DatedValue
    extra: tuple[tuple[int, int, DatedValue], ...]

    def label(self, lang: str) -> str:
        """Label in the language asked for."""
        return self.label_de if lang == "de" else self.label_en


def build_rates(rows: Sequence[Row], problems: Problems) -> tuple[AgeRate, ...]:
    """Rates from checked rows; the ages of one quantity, Land and sex must join from 0 to 120, births from any age on."""
    rates: list[AgeRate] = []
    tables: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if not _ages_in_order(row, problems):
            continue
        if row["sex"] not in _SEXES.get(row["quantity"], ("f", "m")):
            problems.add(
                "catalogue_not_allowed", "error", row.table, row=row.line, column="sex", value="m", allowed="f"
            )
            continue
        tables.setdefault((row["quantity"], row["land"], row["sex"]), []).append(row)
        first = int(row.number("age_from"))
        id_ = f"{row['quantity']}.{row['land']}.{row['sex']}.{first}"
        rates.append(
            AgeRate(
                cast(Quantity, row["quantity"]),
                row["land"],
                row["sex"],
                first,
                int(row.number("age_to")),
                _dated(row, id_, "value"),
            )
        )
    for (quantity, _, _), of_table in tables.items():
        ordered = sorted(of_table, key=lambda r: r.number("age_from"))
        expected = 0 if quantity != "births" else int(ordered[0].number("age_from"))
        for row in ordered:
            first = int(row.number("age_from"))
            if first != expected:
                _not_joined(row, "age_from", first, expected, problems)
            expected = int(row.number("age_to")) + 1
        if quantity != "births" and expected != _OPEN + 1:
            _not_joined(ordered[-1], "age_to", expected - 1, _OPEN, problems)
    return tuple(rates)


def build_variants(rows: Sequence[Row], problems: Problems) -> tuple[ForecastVariant, ...]:
    """Variants from checked rows: all rows of one id make one variant."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        if _ages_in_order(row, problems):
            grouped.setdefault(row["id"], []).append(row)
    variants: list[ForecastVariant] = []
    for id_, of_variant in grouped.items():
        head = of_variant[0]
        for row in of_variant[1:]:
            if row.number("net_migration_factor") != head.number("net_migration_factor"):
                problems.add(
                    "catalogue_variant_factor",
                    "error",
                    row.table,
                    row=row.line,
                    column="net_migration_factor",
                    id=id_,
                    first=head.line,
                )
        extra = tuple(
            (
                int(row.number("age_from")),
                int(row.number("age_to")),
                _dated(row, f"forecast_variant.{id_}.{row['age_from']}", "extra_per_1000"),
            )
            for row in of_variant
            if row.number("extra_per_1000") != 0
        )
        factor = _dated(head, f"forecast_variant.{id_}", "net_migration_factor")
        variants.append(ForecastVariant(id_, head["label_de"], head["label_en"], factor, extra))
    return tuple(variants)


def rate_per_age(rates: Sequence[AgeRate], quantity: Quantity, *, land: str) -> NDArray[np.float64]:
    """Yearly rate per person, by sex and single age.

    Deaths are interpolated on the logarithm between the middles of the groups, all others are constant in a group.

    Parameters
    ----------
    rates
        `Catalogue.demographic_rates`.
    quantity
        What is asked for.
    land
        Land; one without own records uses those of Germany (DE).

    Returns
    -------
    float64, shape (2, 101)
        First women, then men; ages 0 to 100 and older. Quantities of one sex are 0 for the other.
    """
    of_quantity = [r for r in rates if r.quantity == quantity]
    own = land if any(r.land == land for r in of_quantity) else "DE"
    out = np.zeros((2, SINGLE_AGES))
    for k, sex in enumerate(("f", "m")):
        groups = sorted((r for r in of_quantity if r.land == own and r.sex == sex), key=lambda r: r.age_from)
        if quantity == "deaths" and groups:
            middle = [(r.age_from + min(r.age_to, SINGLE_AGES + 4)) / 2 for r in groups]
            level = [np.log(max(r.value.value, 1e-6) / 1000.0) for r in groups]
            out[k] = np.minimum(np.exp(np.interp(np.arange(SINGLE_AGES), middle, level)), 1.0)
            continue
        for rate in groups:
            out[k, rate.age_from : rate.age_to + 1] = rate.value.value / 1000.0
    return out


def variants_by_id(variants: Sequence[ForecastVariant]) -> Mapping[str, ForecastVariant]:
    """The variants by their id, in order."""
    return {v.id: v for v in variants}


def _ages_in_order(row: Row, problems: Problems) -> bool:
    first, last = int(row.number("age_from")), int(row.number("age_to"))
    if first > last:
        problems.add(
            "catalogue_ages_reversed", "error", row.table, row=row.line, column="age_to", first=first, last=last
        )
    return first <= last


def _not_joined(row: Row, column: str, first: int, expected: int, problems: Problems) -> None:
    problems.add(
        "catalogue_ages_do_not_join", "error", row.table, row=row.line, column=column, first=first, expected=expected
    )


def _dated(row: Row, id_: str, column: str) -> DatedValue:
    return DatedValue(
        id=id_,
        value=row.number(column),
        unit="factor" if column == "net_migration_factor" else "per 1000 persons and year",
        source=row["source"],
        legal_status=cast(LegalStatus, row["legal_status"]),
        mark=cast(Mark, row["mark"]),
        valid_from=row["valid_from"],
        checked_on=row["checked_on"],
        agreed_by=row["agreed_by"],
        agreed_on=row["agreed_on"],
        reason=row["reason"],
    )
