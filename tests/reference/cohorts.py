"""The cohort-component method person group by person group, and raking number by number: slow and obvious."""

from __future__ import annotations

from collections.abc import Sequence


def next_year(
    persons: Sequence[Sequence[float]],
    deaths: Sequence[Sequence[float]],
    births: Sequence[float],
    migration: Sequence[Sequence[float]],
    boys_share: float,
) -> list[list[float]]:
    """One place a year later; lists by sex (women, men) and single age, the last age open."""
    last = len(births) - 1
    out = [[0.0] * (last + 1) for _ in range(2)]
    for sex in range(2):
        for age in range(last + 1):
            moves = max(migration[sex][age], -1.0) * persons[sex][age]
            alive = max((persons[sex][age] + moves / 2) * (1 - deaths[sex][age]) + moves / 2, 0.0)
            out[sex][min(age + 1, last)] += alive
    born = sum(births[a] * (persons[0][a] + out[0][a]) / 2 for a in range(last + 1))
    out[0][0] = born * (1 - boys_share) * (1 - deaths[0][0])
    out[1][0] = born * boys_share * (1 - deaths[1][0])
    return out


def rake(table: list[list[float]], rows: Sequence[float], columns: Sequence[float]) -> list[list[float]]:
    """A table scaled in turn to its row and column sums, two thousand times."""
    out = [list(r) for r in table]
    for _ in range(2000):
        for i, target in enumerate(rows):
            total = sum(out[i])
            out[i] = [v * target / total for v in out[i]]
        for j, target in enumerate(columns):
            total = sum(r[j] for r in out)
            for r in out:
                r[j] *= target / total
    return out
