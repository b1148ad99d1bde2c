"""One census file in memory, and how its cells overlap those of another file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

_KEY = np.int64(1) << np.int64(31)


@dataclass(frozen=True)
class AgeClass:
    """One age class of a file: first and last age (120 = open-ended), and whether it is a share of the persons."""

    first: int
    last: int
    share: bool = False


@dataclass(frozen=True)
class CensusGrid:
    """What one census file says, suppressed values as NaN.

    Parameters
    ----------
    table
        File as the user knows it.
    sources
        str, shape (cells,): id of the source of each cell.
    size_m
        Edge length of the cells; 0 for points.
    ids
        str, shape (cells,).
    x, y
        float64, shape (cells,): centres in EPSG:3035, metres.
    persons
        float64, shape (cells,), or None if the file has none; NaN = suppressed.
    scale
        float64, shape (cells,): factor from `persons` to the file's own updated number; NaN = none given.
    ags
        str, shape (cells,): municipality key as the file gives it, or empty.
    classes
        Age classes of the file.
    ages
        float64, shape (cells, classes): persons, or share 0..1 where the class is a share; NaN = suppressed.
    """

    table: str
    sources: NDArray[np.object_]
    size_m: float
    ids: NDArray[np.object_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    persons: NDArray[np.float64] | None
    scale: NDArray[np.float64]
    ags: NDArray[np.object_]
    classes: tuple[AgeClass, ...]
    ages: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> CensusGrid:
        """The grid with only these rows."""
        return CensusGrid(
            self.table,
            self.sources[rows],
            self.size_m,
            self.ids[rows],
            self.x[rows],
            self.y[rows],
            None if self.persons is None else self.persons[rows],
            self.scale[rows],
            self.ags[rows],
            self.classes,
            self.ages[rows],
        )


def grid_ids(x: NDArray[np.float64], y: NDArray[np.float64], size_m: float) -> NDArray[np.object_]:
    """INSPIRE ids of cells by their centres in EPSG:3035: size, northing and easting of the lower left corner."""
    half = size_m / 2
    north = np.round(y - half).astype(np.int64).astype(str)
    east = np.round(x - half).astype(np.int64).astype(str)
    head = np.full(len(x), f"CRS3035RES{size_m:.0f}mN")
    return np.char.add(np.char.add(head, north), np.char.add("E", east)).astype(object)


def overlap(small: CensusGrid, large: CensusGrid) -> csr_array:
    """Share of each small cell's area that lies in each large cell.

    Both are axis-parallel squares in EPSG:3035 and the large ones lie on one raster, which may be shifted against that
    of the small ones. A point (size 0) belongs wholly to the cell that holds it.

    Returns
    -------
    csr_array
        Shape (small, large); rows sum to at most 1, to less where no large cell covers the small one.

    Raises
    ------
    ValueError
        If `large` has smaller cells than `small`, or is a table of points.
    """
    if large.size_m <= 0 or large.size_m < small.size_m:
        raise ValueError("overlap needs the coarser grid second")
    shape = (len(small), len(large))
    if not all(shape):
        return csr_array(shape, dtype=np.float64)
    size = large.size_m
    origin_x = (large.x[0] - size / 2) % size
    origin_y = (large.y[0] - size / 2) % size
    column = np.round((large.x - size / 2 - origin_x) / size).astype(np.int64)
    row = np.round((large.y - size / 2 - origin_y) / size).astype(np.int64)
    keys = column * _KEY + row
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]

    low_x, share_x = _spans(small.x, small.size_m, size, origin_x)
    low_y, share_y = _spans(small.y, small.size_m, size, origin_y)
    rows, columns, shares = [], [], []
    for step_x in (0, 1):
        for step_y in (0, 1):
            share = share_x[step_x] * share_y[step_y]
            wanted = (low_x + step_x) * _KEY + (low_y + step_y)
            at = np.minimum(np.searchsorted(sorted_keys, wanted), len(keys) - 1)
            hit = (sorted_keys[at] == wanted) & (share > 0)
            rows.append(np.flatnonzero(hit))
            columns.append(order[at[hit]])
            shares.append(share[hit])
    triple = (np.concatenate(shares), (np.concatenate(rows), np.concatenate(columns)))
    return csr_array(triple, shape=shape)


def _spans(
    centre: NDArray[np.float64], small_m: float, large_m: float, origin: float
) -> tuple[NDArray[np.int64], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """First raster line that each small cell touches, and its shares in that line and in the next."""
    begin = (centre - small_m / 2 - origin) / large_m
    line = np.floor(begin + 1e-9).astype(np.int64)
    if small_m == 0:
        return line, (np.ones(len(centre)), np.zeros(len(centre)))
    first = np.clip((line + 1 - begin) * large_m / small_m, 0.0, 1.0)
    first[first > 1 - 1e-9] = 1.0
    return line, (first, 1.0 - first)
