"""Straight lines between points, with barriers that only crossing points lead over."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

# Barrier segments (segments, 4), cells of the grid and their members, west, south, cell width, columns, rows.
Grid: TypeAlias = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int32], float, float, float, int, int]


@njit(nogil=True, cache=True)
def _hit(
    px: float, py: float, qx: float, qy: float, ax: float, ay: float, bx: float, by: float
) -> tuple[bool, float, float]:
    """Whether two segments meet (touching counts), and where."""
    rx, ry, sx, sy = qx - px, qy - py, bx - ax, by - ay
    cross = rx * sy - ry * sx
    if cross == 0.0:
        return False, 0.0, 0.0  # parallel: whoever walks along a bank does not cross it
    t = ((ax - px) * sy - (ay - py) * sx) / cross
    u = ((ax - px) * ry - (ay - py) * rx) / cross
    return 0.0 <= t <= 1.0 and 0.0 <= u <= 1.0, px + t * rx, py + t * ry


@njit(nogil=True, cache=True)
def blocked_line(
    px: float,
    py: float,
    qx: float,
    qy: float,
    p_open: bool,
    q_open: bool,
    tolerance_m: float,
    grid: Grid,
) -> bool:
    """Whether the line p-q meets a barrier; near an open end (a crossing point) within `tolerance_m` it may.

    `grid`: barriers float64 (segments, 4), then the grid over them, `ptr` and `member`, from `ankerort.network.kernels.snap.grid_of_segments`, of segments widened by
    a margin, so that walking from cell to cell misses none.
    """
    barrier, ptr, member, west, south, cell_m, columns, rows = grid
    # Clip to the grid (Liang and Barsky), then walk its cells (Amanatides and Woo).
    dx, dy = qx - px, qy - py
    t0, t1 = 0.0, 1.0
    for side in range(4):
        if side == 0:
            p, q = -dx, px - west
        elif side == 1:
            p, q = dx, west + columns * cell_m - px
        elif side == 2:
            p, q = -dy, py - south
        else:
            p, q = dy, south + rows * cell_m - py
        if p == 0.0:
            if q < 0.0:
                return False
        elif p < 0.0:
            t0 = max(t0, q / p)
        else:
            t1 = min(t1, q / p)
    if t0 > t1:
        return False
    x, y = px + t0 * dx - west, py + t0 * dy - south
    c = min(max(int(x // cell_m), 0), columns - 1)
    r = min(max(int(y // cell_m), 0), rows - 1)
    step_c = 1 if dx > 0 else -1
    step_r = 1 if dy > 0 else -1
    next_x = np.inf if dx == 0.0 else (((c + (1 if dx > 0 else 0)) * cell_m + west) - px) / dx
    next_y = np.inf if dy == 0.0 else (((r + (1 if dy > 0 else 0)) * cell_m + south) - py) / dy
    wide_x = np.inf if dx == 0.0 else cell_m / abs(dx)
    wide_y = np.inf if dy == 0.0 else cell_m / abs(dy)
    near = tolerance_m * tolerance_m
    while 0 <= c < columns and 0 <= r < rows:
        cell = r * columns + c
        for k in range(ptr[cell], ptr[cell + 1]):
            s = member[k]
            hit, hx, hy = _hit(px, py, qx, qy, barrier[s, 0], barrier[s, 1], barrier[s, 2], barrier[s, 3])
            if not hit:
                continue
            if p_open and (hx - px) ** 2 + (hy - py) ** 2 <= near:
                continue
            if q_open and (hx - qx) ** 2 + (hy - qy) ** 2 <= near:
                continue
            return True
        if min(next_x, next_y) > t1:
            break
        if next_x < next_y:
            c += step_c
            next_x += wide_x
        else:
            r += step_r
            next_y += wide_y
    return False


@njit(nogil=True, cache=True)
def legs_to_crossings(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    cx: NDArray[np.float64],
    cy: NDArray[np.float64],
    from_open: bool,
    tolerance_m: float,
    grid: Grid,
) -> NDArray[np.float64]:
    """Length of the free straight lines to the crossing points, float64 (points, crossings), infinite where a barrier lies between."""
    legs = np.full((x.size, cx.size), np.inf)
    for k in range(x.size):
        if not (np.isfinite(x[k]) and np.isfinite(y[k])):
            continue
        for c in range(cx.size):
            if not blocked_line(x[k], y[k], cx[c], cy[c], from_open, True, tolerance_m, grid):
                legs[k, c] = np.hypot(cx[c] - x[k], cy[c] - y[k])
    return legs


@njit(nogil=True, cache=True)
def over_crossings(legs: NDArray[np.float64], between: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shortest way from every crossing point to every point, over at most one further crossing point."""
    best = legs.copy()
    for k in range(legs.shape[0]):
        for c in range(legs.shape[1]):
            for d in range(legs.shape[1]):
                best[k, c] = min(best[k, c], between[c, d] + legs[k, d])
    return best


@njit(nogil=True, cache=True)
def line_m(
    tx: float,
    ty: float,
    hx: float,
    hy: float,
    over_t: NDArray[np.float64],
    legs_h: NDArray[np.float64],
    longest_m: float,
    grid: Grid,
) -> float:
    """Length of the way between a target and a home; infinite if above `longest_m` or if no crossing point leads over."""
    straight = np.sqrt((tx - hx) ** 2 + (ty - hy) ** 2)
    if not straight <= longest_m:
        return np.inf
    if grid[0].shape[0] == 0 or not blocked_line(hx, hy, tx, ty, False, False, 0.0, grid):
        return straight
    best = np.inf
    for c in range(legs_h.size):
        best = min(best, legs_h[c] + over_t[c])
    return best if best <= longest_m else np.inf


@njit(nogil=True, cache=True)
def straight_columns(
    first: int,
    last: int,
    tx: NDArray[np.float64],
    ty: NDArray[np.float64],
    over_t: NDArray[np.float64],
    hx: NDArray[np.float64],
    hy: NDArray[np.float64],
    legs_h: NDArray[np.float64],
    limit: NDArray[np.int64],
    per_m: float,
    extra: float,
    grid: Grid,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Columns of the targets ``first .. last - 1``: value = ceil(line x `per_m` + `extra`), only values up to the limit."""
    counts = np.zeros(last - first, np.int64)
    home = np.empty(4096, np.int32)
    value = np.empty(4096, np.int32)
    size = 0
    for t in range(first, last):
        begin = size
        longest = (limit[t] - extra) / per_m + 1e-3
        if longest < 0.0:
            continue
        for h in range(hx.size):
            # Most homes lie too far or need no test against barriers: no call for these.
            dx, dy = tx[t] - hx[h], ty[t] - hy[h]
            squared = dx * dx + dy * dy
            if not squared <= longest * longest * (1.0 + 1e-9):
                continue
            if grid[0].shape[0] == 0:
                away = np.sqrt(squared)
            else:
                away = line_m(tx[t], ty[t], hx[h], hy[h], over_t[t], legs_h[h], longest, grid)
            if away == np.inf:
                continue
            units = int(np.ceil(away * per_m + extra - 1e-6))
            if units > limit[t]:
                continue
            if size == home.size:
                more_home = np.empty(2 * size, np.int32)
                more_value = np.empty(2 * size, np.int32)
                more_home[:size] = home
                more_value[:size] = value
                home = more_home
                value = more_value
            home[size] = h
            value[size] = units
            size += 1
        counts[t - first] = size - begin
    return counts, home[:size].copy(), value[:size].copy()


@njit(nogil=True, cache=True)
def straight_nearest(
    tx: NDArray[np.float64],
    ty: NDArray[np.float64],
    over_t: NDArray[np.float64],
    hx: NDArray[np.float64],
    hy: NDArray[np.float64],
    legs_h: NDArray[np.float64],
    limit: int,
    per_m: float,
    extra: float,
    grid: Grid,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Per home the target of the smallest value (ties: smaller index) and the value; -1 where none is within `limit`."""
    who = np.full(hx.size, -1, np.int32)
    value = np.full(hx.size, -1, np.int32)
    for h in range(hx.size):
        best = limit + 1
        # Only a line shorter than the best so far is tested against the barriers; no way is shorter than its line.
        longest = (best - 1 - extra) / per_m + 1e-3
        for t in range(tx.size):
            dx, dy = tx[t] - hx[h], ty[t] - hy[h]
            if longest < 0.0 or dx * dx + dy * dy > longest * longest:
                continue
            away = line_m(tx[t], ty[t], hx[h], hy[h], over_t[t], legs_h[h], longest, grid)
            if away == np.inf:
                continue
            units = int(np.ceil(away * per_m + extra - 1e-6))
            if units < best:
                best = units
                who[h] = t
                value[h] = units
                longest = (best - 1 - extra) / per_m + 1e-3
    return who, value
