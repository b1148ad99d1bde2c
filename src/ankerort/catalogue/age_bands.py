"""Age bands of the population cells: the one place where they are named."""

from __future__ import annotations

# (column of `cells`, first age, last age); 85+ is open-ended.
AGE_BANDS: tuple[tuple[str, int, int], ...] = (
    ("p_0_5", 0, 5),
    ("p_6_9", 6, 9),
    ("p_10_15", 10, 15),
    ("p_16_17", 16, 17),
    ("p_18_64", 18, 64),
    ("p_65_74", 65, 74),
    ("p_75_84", 75, 84),
    ("p_85_plus", 85, 120),
)
AGE_COLUMNS: tuple[str, ...] = tuple(name for name, _, _ in AGE_BANDS)
