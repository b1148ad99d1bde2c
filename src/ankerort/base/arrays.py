"""Arrays on disk, one ``.npy`` per array, memory-mapped when read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def save_arrays(folder: Path, name: str, arrays: Mapping[str, NDArray]) -> None:
    """Write ``<name>.<array>.npy`` for each array."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, values in arrays.items():
        np.save(folder / f"{name}.{key}.npy", values, allow_pickle=False)


def load_arrays(folder: Path, name: str) -> dict[str, NDArray]:
    """Read what `save_arrays` wrote, memory-mapped; empty arrays are read whole."""
    out: dict[str, NDArray] = {}
    for path in sorted(folder.glob(f"{name}.*.npy")):
        key = path.name[len(name) + 1 : -len(".npy")]
        if "." in key:
            continue
        try:
            out[key] = np.load(path, mmap_mode="r", allow_pickle=False)
        except ValueError:  # an empty array cannot be mapped
            out[key] = np.load(path, allow_pickle=False)
    return out
