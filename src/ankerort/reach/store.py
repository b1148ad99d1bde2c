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
from ankerort.reach.model import (
    Certainty,
    Nearest,
    NearestMode,
    PtColumns,
    PtKey,
    Reach,
    RoundTripColumns,
    SilentWays,
    TripKey,
)

_STREET = ("foot", "bike", "car")
_SILENT = ("home_out_s", "home_back_s", "target_out_s", "target_back_s")


def _pt_name(key: PtKey) -> str:
    return f"pt-{key.group}-{key.direction}-{'mit' if key.with_demand else 'ohne'}-rufbus"


def _trip_name(key: TripKey) -> str:
    return f"trips-{key.group}-{key.day_type}-{'mit' if key.with_demand else 'ohne'}-rufbus"


class PtStore:
    """Finished public-transport columns in a folder, one set of arrays per `PtKey` or `TripKey`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, key: PtKey, columns: PtColumns) -> PtColumns:
        """Write the columns and return them memory-mapped."""
        self._write(_pt_name(key), columns)
        return PtColumns(**load_arrays(self.folder, _pt_name(key)))

    def keep_trips(self, key: TripKey, columns: RoundTripColumns) -> RoundTripColumns:
        """Write round trips and return them memory-mapped."""
        self._write(_trip_name(key), columns)
        return RoundTripColumns(**load_arrays(self.folder, _trip_name(key)))

    def load(self, keys: Iterable[PtKey]) -> dict[PtKey, PtColumns]:
        """The columns that are there in full."""
        return {k: PtColumns(**load_arrays(self.folder, _pt_name(k))) for k in keys if self._whole(_pt_name(k))}

    def load_trips(self, keys: Iterable[TripKey]) -> dict[TripKey, RoundTripColumns]:
        """The round trips that are there in full."""
        names = {k: _trip_name(k) for k in keys}
        return {k: RoundTripColumns(**load_arrays(self.folder, n)) for k, n in names.items() if self._whole(n)}

    def _write(self, name: str, columns: PtColumns | RoundTripColumns) -> None:
        save_arrays(self.folder, name, {f.name: getattr(columns, f.name) for f in fields(columns)})
        (self.folder / f"{name}.ok").touch()

    def _whole(self, name: str) -> bool:
        return (self.folder / f"{name}.ok").is_file()


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
    trips_there = store.load_trips(reach.round_trips)
    for trip_key, trips in reach.round_trips.items():
        if trip_key not in trips_there:
            store.keep_trips(trip_key, trips)
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
    arrays |= {f"day_known_{day}": values for day, values in reach.day_known.items()}
    arrays |= {f"opening_{day}": values for day, values in reach.opening_basis.items()}
    for trip, ways in reach.silent_ways.items():
        arrays |= {f"silent_{_trip_name(trip)}_{name}": getattr(ways, name) for name in _SILENT}
    arrays |= {f"assigned_{service}": rows for service, rows in reach.assigned.items()}
    save_arrays(folder, "reach", arrays)
    pd.DataFrame(reach.edge_m).to_parquet(folder / "edge_m.parquet")
    (folder / "reach.json").write_text(
        json.dumps(
            {
                "nearest": nearest_keys,
                "pt": [list(k) for k in reach.pt],
                "round_trips": [list(k) for k in reach.round_trips],
                "day_known": list(reach.day_known),
                "opening_basis": list(reach.opening_basis),
                "silent_ways": [[list(k), ways.longest_s] for k, ways in reach.silent_ways.items()],
                "assigned": list(reach.assigned),
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
        round_trips=PtStore(folder).load_trips(TripKey(*k) for k in described["round_trips"]),
        day_known={day: arrays[f"day_known_{day}"] for day in described["day_known"]},
        opening_basis={day: arrays[f"opening_{day}"] for day in described["opening_basis"]},
        silent_ways={
            TripKey(*k): SilentWays(
                **{name: arrays[f"silent_{_trip_name(TripKey(*k))}_{name}"] for name in _SILENT}, longest_s=longest_s
            )
            for k, longest_s in described["silent_ways"]
        },
        assigned={service: arrays[f"assigned_{service}"] for service in described["assigned"]},
        edge_m={service: edge[service].to_numpy(float) for service in edge.columns},
    )
