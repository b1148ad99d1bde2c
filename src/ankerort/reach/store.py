"""Keeps a reach on disk: parquet for tables, one ``.npy`` per array, memory-mapped when read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ankerort.base.arrays import load_arrays, save_arrays
from ankerort.network.model import SparseColumns
from ankerort.reach.model import Certainty, Nearest, NearestMode, PtColumns, PtKey, Reach

_STREET = ("foot", "bike", "car")


def _pt_name(key: PtKey) -> str:
    return f"pt-{key.group}-{key.direction}-{'mit' if key.with_demand else 'ohne'}-rufbus"


class PtStore:
    """Finished public-transport columns in a folder, one set of arrays per `PtKey`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, key: PtKey, columns: PtColumns) -> PtColumns:
        """Write the columns and return them memory-mapped."""
        save_arrays(self.folder, _pt_name(key), {f.name: getattr(columns, f.name) for f in fields(columns)})
        (self.folder / f"{_pt_name(key)}.ok").touch()
        return self._read(key)

    def load(self, keys: Iterable[PtKey]) -> dict[PtKey, PtColumns]:
        """The columns that are there in full."""
        return {key: self._read(key) for key in keys if (self.folder / f"{_pt_name(key)}.ok").is_file()}

    def _read(self, key: PtKey) -> PtColumns:
        return PtColumns(**load_arrays(self.folder, _pt_name(key)))


def save_reach(reach: Reach, folder: Path) -> None:
    """Write all of a reach into a folder (public-transport columns included, unless a `PtStore` there has them)."""
    folder.mkdir(parents=True, exist_ok=True)
    reach.targets.to_parquet(folder / "targets.parquet")
    for mode in _STREET:
        columns: SparseColumns = getattr(reach, mode)
        save_arrays(folder, mode, {"ptr": columns.ptr, "home": columns.home, "value": columns.value})
    store = PtStore(folder)
    there = store.load(reach.pt)
    for key, pt_columns in reach.pt.items():
        if key not in there:
            store.keep(key, pt_columns)
    nearest_keys = list(reach.nearest)
    arrays: dict[str, NDArray] = {
        "pt_targets": reach.pt_targets,
        "stop_departures": reach.stop_departures,
        "stop_demand_departures": reach.stop_demand_departures,
    }
    if nearest_keys:
        arrays["nearest_facility"] = np.stack([reach.nearest[k].facility for k in nearest_keys])
        arrays["nearest_value"] = np.stack([reach.nearest[k].value for k in nearest_keys])
    arrays |= {f"known_{mode}": values for mode, values in reach.cell_known.items()}
    save_arrays(folder, "reach", arrays)
    pd.DataFrame(reach.edge_m).to_parquet(folder / "edge_m.parquet")
    (folder / "reach.json").write_text(
        json.dumps(
            {
                "nearest": nearest_keys,
                "pt": [list(k) for k in reach.pt],
                "estimated": dict(reach.estimated),
                "limits": [[*k, v] for k, v in reach.limits.items()],
            }
        ),
        encoding="utf-8",
    )


def load_reach(folder: Path) -> Reach:
    """Read what `save_reach` wrote; the large arrays stay on disk until touched."""
    described = json.loads((folder / "reach.json").read_text(encoding="utf-8"))
    arrays = load_arrays(folder, "reach")
    nearest: dict[tuple[str, NearestMode, Certainty], Nearest] = {
        (service, mode, certainty): Nearest(arrays["nearest_facility"][k], arrays["nearest_value"][k])
        for k, (service, mode, certainty) in enumerate(described["nearest"])
    }
    edge = pd.read_parquet(folder / "edge_m.parquet")
    return Reach(
        targets=pd.read_parquet(folder / "targets.parquet"),
        foot=SparseColumns(**load_arrays(folder, "foot")),
        bike=SparseColumns(**load_arrays(folder, "bike")),
        car=SparseColumns(**load_arrays(folder, "car")),
        pt=PtStore(folder).load(PtKey(*k) for k in described["pt"]),
        pt_targets=arrays["pt_targets"],
        nearest=nearest,
        cell_known={k[len("known_") :]: v for k, v in arrays.items() if k.startswith("known_")},
        estimated=described["estimated"],
        limits={(service, mode): value for service, mode, value in described["limits"]},
        stop_departures=arrays["stop_departures"],
        stop_demand_departures=arrays["stop_demand_departures"],
        edge_m={service: edge[service].to_numpy(float) for service in edge.columns},
    )
