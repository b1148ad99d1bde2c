"""Slow and obvious measures of inequality: every pair, every person."""

from __future__ import annotations

import math


def gini(values: list[float], persons: list[float]) -> float:
    """Sum over all pairs of P_i P_j |x_i - x_j| / (2 m P^2)."""
    total = sum(persons)
    mean = sum(x * p for x, p in zip(values, persons, strict=True)) / total
    pairs = sum(
        p * q * abs(x - y) for x, p in zip(values, persons, strict=True) for y, q in zip(values, persons, strict=True)
    )
    return pairs / (2 * mean * total**2)


def palma(values: list[float], persons: list[int]) -> float:
    """Persons one by one in a row, each ten times, so that tenths of them can be cut."""
    row = sorted(x for x, p in zip(values, persons, strict=True) for _ in range(10 * p))
    count = len(row)
    return sum(row[count - count // 10 :]) / sum(row[: 4 * count // 10])


def theil(values: list[float], persons: list[float]) -> float:
    """Sum of (P_i/P)(x_i/m) ln(x_i/m)."""
    total = sum(persons)
    mean = sum(x * p for x, p in zip(values, persons, strict=True)) / total
    return sum(
        p / total * x / mean * math.log(x / mean) for x, p in zip(values, persons, strict=True) if x > 0 and p > 0
    )


def theil_within(values: list[float], persons: list[float], part: list[int]) -> float:
    """Sum over parts of the share of the total that they hold times their own Theil index."""
    held = sum(x * p for x, p in zip(values, persons, strict=True))
    within = 0.0
    for one in sorted(set(part)):
        mine = [(x, p) for x, p, k in zip(values, persons, part, strict=True) if k == one and p > 0]
        own = sum(x * p for x, p in mine)
        if own > 0:
            within += own / held * theil([x for x, _ in mine], [p for _, p in mine])
    return within
