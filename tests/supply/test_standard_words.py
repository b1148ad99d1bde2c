"""What rows on standards and equity say, in both languages."""

from __future__ import annotations

import math
from typing import Any

import pytest

from ankerort.catalogue import read_catalogue
from ankerort.supply.standard_words import (
    Words,
    agreement_words,
    centre_words,
    comparison_words,
    equity_words,
    statement_words,
)
from ankerort.text import Language, say

CATALOGUE = read_catalogue()
STATEMENT: dict[str, Any] = {
    "set_id": "gba2019", "item": "general_practitioner", "mode": "car", "limit": 15.0, "unit": "min", "persons": 1234.0, "required_share": 0.8, "within_low": 612.0, "within_high": 1100.0,
    "near_low": 84.0, "near_high": 84.0, "short_low": 134.0, "short_high": 622.0, "no_value": 0.0, "mean_shortfall_min": 3.2,
    "fulfilled": "no", "agreed_by": "", "agreed_on": "",
}  # fmt: skip


def _said(words: list[Words], lang: Language = "de") -> str:
    return " ".join(say(id_, lang, **parameters) for id_, parameters in words)


def test_a_shipped_value_is_a_proposal_and_an_agreed_one_names_who_and_when() -> None:
    """Words of the word list: proposal, not agreed; agreed standard (working group, date)."""
    assert _said([agreement_words(STATEMENT, "de")]) == "Vorschlag, nicht vereinbart"
    agreed = STATEMENT | {"agreed_by": "AG Gesundheit", "agreed_on": "2026-10-01"}
    assert _said([agreement_words(agreed, "de")]) == "vereinbarter Richtwert (AG Gesundheit, 01.10.2026)"


@pytest.mark.parametrize(
    ("fulfilled", "expected"),
    [
        ("yes", "Eingehalten: 610 bis 1.100 von 1.230 Personen wohnen innerhalb (15 Minuten). Gefordert sind 80 %."),
        (
            "near",
            "Knapp darüber: 85 von 1.230 Personen liegen höchstens 10 % über dem Richtwert (15 Minuten). "
            "Ihr Weg ist im Mittel 4 Minuten länger als der Richtwert.",
        ),
        (
            "no",
            "Nicht eingehalten: 130 bis 620 von 1.230 Personen wohnen nicht innerhalb des Richtwerts (15 Minuten). "
            "Innerhalb sein sollen 80 %. Ihr Weg ist im Mittel 4 Minuten länger als der Richtwert.",
        ),
        (
            "unknown",
            "Nicht bekannt: sicher innerhalb des Richtwerts (15 Minuten) wohnen 610, möglich sind 1.100 von 1.230 Personen.",
        ),
        ("nobody", "Der Richtwert betrifft hier niemanden."),
    ],
)
def test_each_verdict_has_its_sentence(fulfilled: str, expected: str) -> None:
    """Persons are rounded, minutes rounded up, and shares have their base."""
    assert _said(statement_words(STATEMENT | {"fulfilled": fulfilled}, CATALOGUE, "de")) == expected


def test_joined_limits_and_the_end_of_the_search_are_told() -> None:
    """Several standards have no one number; those beyond the search are counted."""
    row = STATEMENT | {"limit": math.nan, "mean_shortfall_min": math.nan, "no_value": 47.0}
    words = _said(statement_words(row, CATALOGUE, "en"), "en")
    assert "(several standards)" in words and words.endswith(
        "For 45 of them the search ends before a service is found."
    )


def test_where_a_standard_holds_is_told() -> None:
    """The post's law speaks of large municipalities and of contiguous building, which the data do not show."""
    row = STATEMENT | {
        "set_id": "post",
        "item": "post_office",
        "mode": "foot",
        "limit": 2000.0,
        "unit": "m",
        "fulfilled": "unknown",
    }
    said = _said(statement_words(row, CATALOGUE, "de"))
    assert "Gemeinden mit mehr als 4.000 Einwohnern. Der Richtwert gilt nur in zusammenhängend bebauten" in said
    assert said.endswith("Wo das ist, zeigen die Daten nicht.")
    assert "Bedingung" not in _said(statement_words(STATEMENT, CATALOGUE, "de"))


def test_a_comparison_names_both_sets() -> None:
    """The labels of the sets, and how many more are short; nobody more is said too."""
    row = {"set_a": "catalogue", "set_b": "target", "more_short": 123.0}
    assert _said([comparison_words(row, CATALOGUE, "de")]) == (
        "Mit „Zielwerte des Katalogs“ statt „Mindestwerte des Katalogs“ wohnen 120 Personen mehr nicht innerhalb des Richtwerts."
    )
    assert comparison_words(row | {"more_short": 0.0}, CATALOGUE, "de")[0] == "comparison.same"


def test_a_centre_test_says_that_it_replaces_no_designation() -> None:
    """Bounds are a range; the row of all criteria carries the caveat, and the exception where the plan has one."""
    car = {
        "criterion": "car", "value_low": 0.74, "value_high": 0.8, "required": 0.9, "limit_min": 15.0, "fulfilled": "no", "exception": False,
    }  # fmt: skip
    assert _said(centre_words(car, "de")) == (
        "74 % bis 80 % des Einzugsbereichs erreichen den Ort in 15 Minuten mit dem Auto; gefordert sind 90 %: nicht eingehalten."
    )
    place = car | {"criterion": "persons_in_place", "value_low": 2996.0, "value_high": 2996.0, "required": 3000.0}
    place |= {"limit_min": math.nan, "fulfilled": "near"}
    assert _said(centre_words(place, "de")) == "Im Ort wohnen 2.990 Menschen; gefordert sind 3.000: knapp verfehlt."
    words = _said(centre_words(car | {"criterion": "all", "exception": True}, "de"))
    assert "dünn besiedelt" in words and words.endswith("ersetzt keine Festlegung der Regionalplanung.")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"reason": "", "between_share": 0.62, "known_share": 0.97, "persons": 1234.0, "sure_share": 0.9},
            "Rund 62 % der Ungleichheit liegen zwischen den Gemeinden, nicht in ihnen. Diesen Teil kann keine Gemeinde allein "
            "ausgleichen. Gerechnet für 97 % der 1.230 Personen, deren Weg bekannt ist. "
            "Bei 10 % dieser Personen kann ein näheres Angebot in den Daten fehlen.",
        ),
        (
            {"reason": "few_known", "between_share": math.nan, "known_share": 0.4, "persons": 1234.0},
            "Ungleichheit nicht berechnet: der Weg ist nur für 40 % der Personen bekannt.",
        ),
    ],
)
def test_what_cooperation_alone_can_fix(row: dict[str, Any], expected: str) -> None:
    """The share between municipalities in one sentence with its base, or why there is none."""
    assert _said(equity_words(row, "de")) == expected
    assert equity_words(row | {"reason": "nobody"}, "en")[0][0] == "equity.nobody"
