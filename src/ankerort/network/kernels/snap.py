"""The nearest point on a street, by a grid over the segments."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def grid_of_segments(
    x0: NDArray[np.float64],
    y0: NDArray[np.float64],
    x1: NDArray[np.float64],
    y1: NDArray[np.float64],
    west: float,
    south: float,
    cell_m: float,
    columns: int,
    rows: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """CSR from grid cell (row by row) to the segments whose bounding box meets it, ascending."""
    ptr = np.zeros(columns * rows + 1, np.int64)
    for fill in range(2):
        if fill == 0:
            member = np.empty(0, np.int32)
        else:
            for c in range(columns * rows):
                ptr[c + 1] += ptr[c]
            member = np.empty(ptr[columns * rows], np.int32)
            cursor = ptr[:-1].copy()
        for s in range(x0.size):
            c0 = int((min(x0[s], x1[s]) - west) // cell_m)
            c1 = int((max(x0[s], x1[s]) - west) // cell_m)
            r0 = int((min(y0[s], y1[s]) - south) // cell_m)
            r1 = int((max(y0[s], y1[s]) - south) // cell_m)
            for r in range(max(r0, 0), min(r1, rows - 1) + 1):
                for c in range(max(c0, 0), min(c1, columns - 1) + 1):
                    cell = r * columns + c
                    if fill == 0:
                        ptr[cell + 1] += 1
                    else:
                        member[cursor[cell]] = s
                        cursor[cell] += 1
    return ptr, member


@njit(nogil=True, cache=True)
def snap_points(
    px: NDArray[np.float64],
    py: NDArray[np.float64],
    x0: NDArray[np.float64],
    y0: NDArray[np.float64],
    x1: NDArray[np.float64],
    y1: NDArray[np.float64],
    ptr: NDArray[np.int64],
    member: NDArray[np.int32],
    west: float,
    south: float,
    cell_m: float,
    columns: int,
    rows: int,
    within_m: float,
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """Nearest segment of every point.

    Returns
    -------
    tuple
        int32 segment (-1 = none within `within_m`), float64 share of the segment up to the nearest point (0 to 1), float64 distance in
        metres. Of equally near segments the one with the smaller number.
    """
    points = px.size
    segment = np.full(points, -1, np.int32)
    share = np.zeros(points, np.float64)
    distance = np.full(points, np.nan, np.float64)
    rings = int(np.ceil(within_m / cell_m))
    for p in range(points):
        if not (np.isfinite(px[p]) and np.isfinite(py[p])):
            continue
        best = within_m * within_m
        found = -1
        at = 0.0
        column = (px[p] - west) // cell_m
        row = (py[p] - south) // cell_m
        if column < -rings - 1 or row < -rings - 1 or column > columns + rings or row > rows + rings:
            continue
        c, r = int(column), int(row)
        for ring in range(rings + 1):
            # Whatever lies in this ring or farther out is at least (ring - 1) cells away.
            if ring > 0 and found >= 0 and best < ((ring - 1) * cell_m) ** 2:
                break
            for j in range(max(r - ring, 0), min(r + ring, rows - 1) + 1):
                edge_row = j == r - ring or j == r + ring
                step = 1 if edge_row or ring == 0 else 2 * ring
                for i in range(c - ring, c + ring + 1, step):
                    if i < 0 or i >= columns:
                        continue
                    cell = j * columns + i
                    for k in range(ptr[cell], ptr[cell + 1]):
                        s = member[k]
                        dx, dy = x1[s] - x0[s], y1[s] - y0[s]
                        square = dx * dx + dy * dy
                        t = 0.0
                        if square > 0:
                            t = ((px[p] - x0[s]) * dx + (py[p] - y0[s]) * dy) / square
                            t = min(1.0, max(0.0, t))
                        ex, ey = px[p] - x0[s] - t * dx, py[p] - y0[s] - t * dy
                        away = ex * ex + ey * ey
                        if away < best or (away == best and (found < 0 or s < found)):
                            best = away
                            found = s
                            at = t
        if found >= 0:
            segment[p] = found
            share[p] = at
            distance[p] = np.sqrt(best)
    return segment, share, distance
