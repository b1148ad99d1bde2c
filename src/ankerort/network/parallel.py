"""Running kernels over chunks of targets by threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from ankerort.base.growing import GrowingInt32
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
    ptr = np.zeros(targets + 1, np.int64)
    home, value = GrowingInt32(), GrowingInt32()

    def collect(parts: Iterable[Part]) -> None:
        for (first, last), (counts, part_home, part_value) in zip(bounds, parts, strict=True):
            ptr[first + 1 : last + 1] = counts
            home.append(part_home)
            value.append(part_value)

    if workers == 1:
        collect(chunk(*b) for b in bounds)
    else:
        with ThreadPoolExecutor(workers) as pool:
            collect(pool.map(lambda b: chunk(*b), bounds))
    np.cumsum(ptr, out=ptr)
    return SparseColumns(ptr, home.finish(), value.finish())
