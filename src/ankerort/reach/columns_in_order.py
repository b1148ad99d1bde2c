"""Columns computed by several threads, handed over in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Scratch = TypeVar("Scratch")
Part = TypeVar("Part")


def columns_in_order(
    make: Callable[[], Scratch], work: Callable[[Scratch, int], Part], targets: int, threads: int
) -> Iterator[Part]:
    """Yield ``work(scratch, target)`` for each target in order; few parts are ahead of the one that is asked for.

    Parameters
    ----------
    make
        Makes the scratch arrays of one thread; each is used by one thread at a time.
    work
        Computes one target; the kernels release the GIL.
    targets
        Number of targets.
    threads
        Targets worked on at the same time.
    """
    free = deque(make() for _ in range(max(1, min(threads, targets))))

    def one(target: int) -> Part:
        scratch = free.pop()
        try:
            return work(scratch, target)
        finally:
            free.append(scratch)

    with ThreadPoolExecutor(len(free)) as pool:
        waiting: deque[Future[Part]] = deque()
        for target in range(targets):
            waiting.append(pool.submit(one, target))
            if len(waiting) > 4 * max(1, threads):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
