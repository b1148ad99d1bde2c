"""Arrays that grow at their end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class GrowingInt32:
    """An int32 array that grows in place, so that collecting parts never needs the memory of all of them twice.

    Large arrays are moved by the operating system without being copied; at most a quarter of the array stands empty.
    """

    def __init__(self) -> None:
        self._values = np.empty(1 << 12, np.int32)
        self.size = 0

    def append(self, part: NDArray[np.int32]) -> None:
        """Put `part`, int32 (any,), behind what is there."""
        size = self.size + part.size
        if size > self._values.size:
            self._values.resize(max(size, self._values.size * 5 // 4), refcheck=False)  # no view of it was given away
        self._values[self.size : size] = part
        self.size = size

    def finish(self) -> NDArray[np.int32]:
        """All parts in one array; the collection must not be used afterwards."""
        values = self._values
        values.resize(self.size, refcheck=False)
        self._values = np.empty(0, np.int32)
        self.size = 0
        return values
