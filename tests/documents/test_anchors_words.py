"""Words of an anchor plan: money is a range, a proven distance is never rounded down."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from ankerort.documents.anchors_words import Money, percent


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (38_000, 61_000, "38–61 T€/Jahr"),
        (1_540, 2_360, "1,5–2,4 T€/Jahr"),
        (9_000, 12_000, "9–12 T€/Jahr"),
        (12_100, 12_300, "rund 12 T€/Jahr"),
        (-12_000, -8_000, "−12 bis −8 T€/Jahr"),
        (-8_000, -12_000, "−12 bis −8 T€/Jahr"),
        (-3_000, 4_000, "−3,0 bis 4,0 T€/Jahr"),
        (0, 0, "keine Mehrkosten"),
        (1_234_000, 2_000_000, "1.234–2.000 T€/Jahr"),
    ],
)
def test_money_is_a_range_in_thousands(low: float, high: float, text: str) -> None:
    """Never one number: from the smaller to the larger end; small sums have a decimal, with a minus a word parts the ends."""
    assert Money(low, (low + high) / 2, high).per_year("de") == text


def test_a_sum_adds_each_end_by_itself() -> None:
    """Low, mid and high of several rows are added end by end; a missing value counts nothing."""
    rows = pd.DataFrame({"cost_low": [1.0, 2.0], "cost_mid": [3.0, math.nan], "cost_high": [5.0, 6.0]})
    assert Money.of(rows) == Money(3.0, 3.0, 11.0)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.018, "1,8 %"), (0.01801, "1,9 %"), (0.0, "0,0 %"), (-0.1, "0,0 %"), (math.inf, "nicht bekannt")],
)
def test_a_distance_is_rounded_up(share: float, text: str) -> None:
    """A proven distance may not look smaller than it is; one that is not known is said to be so."""
    assert percent(share, "de") == text
