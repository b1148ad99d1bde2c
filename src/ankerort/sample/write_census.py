"""Writes inhabited cells as grid CSVs in the official layouts of the Zensus 2022.

Four files as published: inhabitants at 100 m and 1 km, ages in ten-year classes at 100 m, ages in five classes at 1 km.
Semicolons, UTF-8, cell mid points in EPSG:3035, "–" (en dash) for a value kept secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from ankerort.base.files import replacing
from ankerort.sample.world import CensusCell

SECRET = "–"
TEN_YEAR_CLASSES = (
    "Unter10",
    "a10bis19",
    "a20bis29",
    "a30bis39",
    "a40bis49",
    "a50bis59",
    "a60bis69",
    "a70bis79",
    "a80undaelter",
)
FIVE_CLASSES = (("Unter18", 0), ("a18bis29", 18), ("a30bis49", 30), ("a50bis64", 50), ("a65undaelter", 65))
_SECRET_BELOW = 3

FILES = (
    "Zensus2022_Bevoelkerungszahl_100m-Gitter.csv",
    "Zensus2022_Bevoelkerungszahl_1km-Gitter.csv",
    "Zensus2022_Alter_in_10er-Jahresgruppen_100m-Gitter.csv",
    "Zensus2022_Alter_in_5_Altersklassen_1km-Gitter.csv",
)


def write_census(cells: Iterable[CensusCell], folder: Path, *, seed: int) -> tuple[Path, ...]:
    """Write the four files into `folder` and return their paths.

    A 100 m cell with fewer than 3 persons keeps its count secret and has no row in the age file; an age class with fewer
    than 3 persons is secret. The other age classes are perturbed by at most one person, as the census does, so that
    they need not add up to the cell's total. Counts at 1 km are exact.
    """
    rng = np.random.default_rng([seed, 2022])
    fine = sorted(cells, key=lambda c: (c.north_m, c.east_m))
    coarse: dict[tuple[int, int], list[int]] = {}
    persons_100, ages_100 = [], []
    for cell in fine:
        coarse.setdefault((cell.north_m // 1000 * 1000, cell.east_m // 1000 * 1000), []).extend(cell.ages)
        head = _head(cell.north_m, cell.east_m, 100)
        count = len(cell.ages)
        persons_100.append([*head, count if count >= _SECRET_BELOW else SECRET])
        if count >= _SECRET_BELOW:
            classes = [sum(1 for a in cell.ages if min(a // 10, 8) == k) for k in range(9)]
            shown = [_perturbed(value, rng) for value in classes]
            # Brackets mark cells whose values the office calls uncertain.
            ages_100.append([*head, count, *shown, "KLAMMERN" if count < 2 * _SECRET_BELOW else ""])
    persons_1000, ages_1000 = [], []
    for (north, east), ages in sorted(coarse.items()):
        head = _head(north, east, 1000)
        starts = [start for _, start in FIVE_CLASSES] + [1000]
        classes = [sum(1 for a in ages if first <= a < end) for first, end in pairwise(starts)]
        persons_1000.append([*head, len(ages)])
        ages_1000.append([*head, len(ages), *(v if v >= _SECRET_BELOW else SECRET for v in classes), ""])
    tables = (
        (_columns("100m", "Einwohner"), persons_100),
        (_columns("1km", "Einwohner"), persons_1000),
        (_columns("100m", "Insgesamt_Bevoelkerung", *TEN_YEAR_CLASSES, "werterlaeuternde_Zeichen"), ages_100),
        (
            _columns("1km", "Insgesamt_Bevoelkerung", *(n for n, _ in FIVE_CLASSES), "werterlaeuternde_Zeichen"),
            ages_1000,
        ),
    )
    paths = []
    for name, (columns, rows) in zip(FILES, tables, strict=True):
        paths.append(folder / name)
        _write(folder / name, columns, rows)
    return tuple(paths)


def _head(north_m: int, east_m: int, size_m: int) -> list[object]:
    return [f"CRS3035RES{size_m}mN{north_m}E{east_m}", east_m + size_m // 2, north_m + size_m // 2]


def _columns(size: str, *values: str) -> list[str]:
    return [f"GITTER_ID_{size}", f"x_mp_{size}", f"y_mp_{size}", *values]


def _perturbed(value: int, rng: np.random.Generator) -> object:
    step = int(rng.choice((-1, 0, 0, 0, 0, 0, 0, 0, 1)))
    if value < _SECRET_BELOW:
        return SECRET
    return max(_SECRET_BELOW, value + step)


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    lines = [";".join(columns), *(";".join(str(v) for v in row) for row in rows)]
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\r\n")
