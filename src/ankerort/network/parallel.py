"""Running kernels over chunks of targets by threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from ankerort.network.model import SparseColumns

CHUNK = 32  # targets per call of a kernel
Part = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]


def worker_count(threads: int, targets: int) -> int:
    """Threads to use: `threads`, or one per processor if 0; never more than there are chunks."""
    if threads <= 0:
        threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(threads, -(-targets // CHUNK)))


def columns_of_chunks(chunk: Callable[[int, int], Part], targets: int, workers: int) -> SparseColumns:
    """Join the chunks' (counts, homes, values) in target order; the kernels release the GIL."""
    bounds = [(k, min(k + CHUNK, targets)) for k in range(0, targets, CHUNK)]
    if workers == 1:
        parts = [chunk(*b) for b in bounds]
    else:
        with ThreadPoolExecutor(workers) as pool:
            parts = list(pool.map(lambda b: chunk(*b), bounds))
    ptr = np.zeros(targets + 1, np.int64)
    if not parts:
        return SparseColumns(ptr, np.zeros(0, np.int32), np.zeros(0, np.int32))
    np.cumsum(np.concatenate([p[0] for p in parts]), out=ptr[1:])
    home, value = np.empty(ptr[-1], np.int32), np.empty(ptr[-1], np.int32)
    parts.reverse()
    size = 0
    while parts:  # each part is dropped once it is copied, so that the columns never stand in memory twice
        _, part_home, part_value = parts.pop()
        home[size : size + part_home.size] = part_home
        value[size : size + part_home.size] = part_value
        size += part_home.size
    return SparseColumns(ptr, home, value)
